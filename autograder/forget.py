"""`forget`: one person taken out of everything that grading keeps, and said from where.

Results, pages, notebooks, history, the gradebook's rows, practice rounds and what was kept for the next run go; the
audit log says a made-up name instead; reports are written anew. Then every file is searched for the id, byte by byte.
"""

import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer

from autograder.exam.intake import is_safe_id
from autograder.exam.journal import Busy, Journal
from autograder.results import forgotten
from autograder.results.gradebook import GradebookError
from autograder.results.nbgrader_config import gradebook_settings
from autograder.results.report import Pages, read_results
from autograder.results.rounds import RoundsError
from autograder.results.traces import Search, traces

PROBLEM, WRONG_USE, SOMETHING_LEFT = 1, 2, 3  # exit codes
CLASS_FILES = ("roster.csv", "times.csv", "times-*.csv", "extensions.csv", "groups.csv")  # in the course's folder


@dataclass
class Forgetting:
    """One person in one results folder.

    Parameters
    ----------
    student : str
    out : Path
        The results folder that `grade` wrote.
    course : Path
        The nbgrader course, with the files about the class.
    also : list of Path
        More places: folders of hand-ins, files about the class.

    Raises
    ------
    ValueError
        Where a folder is not there.
    """

    student: str
    out: Path
    course: Path
    also: list[Path] = field(default_factory=list)

    def __post_init__(self):
        if not is_safe_id(self.student):
            raise ValueError(f"{self.student!r} is no student's id: expected it as in results.json")
        if not self.out.is_dir():
            raise ValueError(f"{self.out} is no folder: name the one that `grade --out` wrote")
        for path in self.also:
            if not path.exists():
                raise ValueError(f"{path} does not exist: --also takes a folder of hand-ins, or a file about the class")
        self.others = _other_students(self.out, self.student)
        self.search = Search(self.student, self.others)

    def run(self, write):
        """Yield a line for each place from which the person is, or would be, removed."""
        out, student = self.out, self.student
        yield from forgotten.remove_results(out, student, write)
        yield from forgotten.remove_folders(out, student, write)
        yield from forgotten.remove_rounds(out, student, write)
        yield from forgotten.remove_known_results(out, self.search, write)
        db_url = gradebook_settings(out, self.course).get("db_url") or f"sqlite:///{out.resolve() / 'gradebook.db'}"
        yield from forgotten.remove_from_gradebook(db_url, student, write)
        for path in self.also:
            if path.is_dir():
                yield from forgotten.remove_hand_ins(path, student, write)
        for path in self._tables():
            yield from forgotten.remove_rows(path, student, write)
        for path in sorted(out.glob("*.log")) + sorted(out.glob(".*.log")):
            yield from forgotten.remove_lines(path, self.search, write)
        yield from forgotten.pseudonymise_log(out, student, write)

    def _tables(self):
        known = self._class_files()
        known += [path for path in self.also if path.is_file() and path.suffix.lower() in (".csv", ".tsv", ".txt")]
        return [path for path in [*sorted(self.out.glob("*.csv")), *known] if path.is_file()]

    def _class_files(self):
        return [path for name in CLASS_FILES for path in sorted(self.course.glob(name)) if path.is_file()]

    def rewrite_reports(self, write):
        """Write the reports in the results folder anew; yield a line for each."""
        folder = self.out / "report"
        for results in read_results(self.out) if any(self.out.glob("results*.json")) else ():
            pages = Pages(folder, self.course, (folder / f"{results['assignment']}-slide.html").exists())
            paths = pages.paths(results["assignment"])
            if any(path.exists() for path in paths.values()):
                if write:
                    pages.write(self.out, results)
                yield f"{', '.join(str(path) for path in paths.values())}: written anew"

    def left(self):
        """Return the files that name the person: in the results folder, in the places named, in the class's files."""
        return traces([self.out, *self.also, *self._class_files()], self.student, self.others)

    def handed_in(self):
        """Return where the person's work still lies among what was graded: the next `grade` would bring them back."""
        from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

        try:
            config = PyFileConfigLoader("nbgrader_config.py", str(self.out.resolve())).load_config()
        except ConfigFileNotFound:
            return []
        place = Path(config.GradeInSandbox.get("submitted") or self.out)
        if place.is_dir():
            return [line.split(": ")[0] for line in forgotten.remove_hand_ins(place, self.student, write=False)]
        return traces([place], self.student, self.others) if place.is_file() else []


def _other_students(out, student):
    """Return the ids of all other students that the results folder knows."""
    found = {path.name for name in ("history", "feedback") for path in Path(out, name).glob("*")}
    for path in out.glob("results*.json"):
        with contextlib.suppress(ValueError, KeyError, TypeError):  # then the command stops there, with the reason
            found |= {one["student"] for one in json.loads(path.read_text(encoding="utf-8"))["submissions"]}
    return found - {student}


def command(
    student: Annotated[str, typer.Argument(help="The student's id, as in results.json.")],
    out: Annotated[Path, typer.Option(help="The results folder that grade wrote.")] = Path("build/graded"),
    course: Annotated[Path, typer.Option(help="The nbgrader course, with the files about the class.")] = Path(
        "build/nbgrader"
    ),
    also: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH", help="Also here: a folder of hand-ins, or a CSV file; may be given several times."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed; remove nothing.")] = False,
):
    """Remove one student everywhere, and say from where. It can't be undone, except from your backups.

    Results, pages, notebooks, history, the gradebook, practice rounds; files about the class in the course's folder
    lose their row. The audit log keeps what happened to marks, under a made-up name. Reports are written anew. Then all
    files are searched for the id: what still has it (another student's notebook, an archive) is listed for you.

    Exit codes: 0 nothing is left, 1 could not go on, or you said no; 2 wrong use, or nothing of this student is there;
    3 some files still have the id.

    Example: python -m autograder forget ada --out build/graded --also submitted --dry-run
    """
    try:
        forgetting = Forgetting(student, out, course, list(also or ()))
        planned = list(forgetting.run(write=False))
        if not planned and not forgetting.left():
            raise ValueError(f"{out} holds nothing of {student!r}")
        for line in [*planned, *(forgetting.rewrite_reports(write=False) if planned else ())]:
            typer.echo(f"would remove {line}" if "anew" not in line else f"and {line}")
        if dry_run:
            typer.echo("nothing was removed")
            return
        if not yes and planned and not typer.confirm(f"Remove {student} for good?"):
            typer.echo("nothing was removed")
            raise typer.Exit(PROBLEM)
        with contextlib.ExitStack() as stack:
            for work in (out / ".grading", out / "practice" / ".grading"):
                if work.is_dir():
                    stack.enter_context(Journal(work))
            for line in forgetting.run(write=True):
                typer.echo(f"removed {line}")
            for line in forgetting.rewrite_reports(write=True):
                typer.echo(line)
        _tell_left(forgetting)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except (Busy, GradebookError, RoundsError, OSError) as error:
        typer.echo(f"Stopped: {error}", err=True)
        typer.echo("The same command goes on from there.", err=True)
        raise typer.Exit(PROBLEM) from error


def _tell_left(forgetting):
    """Say what still names the person, and fail if anything does."""
    left, handed_in = forgetting.left(), forgetting.handed_in()
    for path in left:
        typer.echo(f"still has the id: {path}")
    for path in handed_in:
        typer.echo(f"still handed in: {path}; the next `grade` would bring them back: the same command with --also")
    backups = "backups, mail and the LMS are yours to look at"
    if left or handed_in:
        typer.echo(f"decide about these files yourself; {backups}")
        raise typer.Exit(SOMETHING_LEFT)
    typer.echo(f"no file of {forgetting.out} has the id any more; {backups}")
