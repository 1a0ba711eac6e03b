"""`python -m autograder`: one command for each thing that an author or an instructor does.

A command lives in the function `command` of the module that does the work; a module is imported when its command is
called, so that none waits for what another needs.
"""

import importlib
import importlib.util

import typer
from typer.core import TyperGroup

COMMANDS = {
    "build": "autograder.author.build",
    "prove": "autograder.author.prove",
    "release": "autograder.author.release",
    "sample-class": "autograder.author.sample_class",
    "grade": "autograder.grade",
    "explain": "autograder.explain",
    "marks": "autograder.classroom.marks",
    "hand-back": "autograder.classroom.hand_back",
    "report": "autograder.results.report",
    "forget": "autograder.forget",
    "lecture": "autograder.present.lecture",
    "gallery": "autograder.present.gallery",
    "site": "autograder.present.site",
    "demo": "autograder.author.demo",
}


class LazyCommands(TyperGroup):
    """Imports the module of a command when it is asked for."""

    def list_commands(self, ctx):
        """Return the commands' names in the order of the work."""
        return [name for name, module in COMMANDS.items() if importlib.util.find_spec(module)]

    def get_command(self, ctx, cmd_name):
        """Return a command, or None where there is no such name."""
        if cmd_name not in self.list_commands(ctx):
            return None
        one = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        one.command(cmd_name)(importlib.import_module(COMMANDS[cmd_name]).command)
        return typer.main.get_command(one)


app = typer.Typer(
    cls=LazyCommands,
    add_completion=False,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Build, prove, release and grade the chapters of a course.",
)


@app.callback()
def main():
    """Build, prove, release and grade the chapters of a course."""


if __name__ == "__main__":
    app(prog_name="python -m autograder")
