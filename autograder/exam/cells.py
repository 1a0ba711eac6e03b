"""Runs the cells of a notebook in the student process: as IPython would, without a kernel.

Cells pass IPython's input transformer. Magics do nothing, but for those that run the code they are given. What a cell
prints is kept up to a limit; beyond it nothing is stored.
"""

import ast
import builtins
import io
import linecache
import sys
import traceback
import types

MAX_OUTPUT = 20_000  # characters of one cell
RUNNING_MAGICS = ("time", "capture", "prun", "memit", "mprun")


class Capped(io.TextIOBase):
    """A text stream that keeps the first characters and forgets the rest."""

    def __init__(self, limit):
        self.limit, self.parts, self.size, self.lost = limit, [], 0, 0

    def write(self, text):
        kept = text[: max(0, self.limit - self.size)]
        if kept:
            self.parts.append(kept)
            self.size += len(kept)
        self.lost += len(text) - len(kept)
        return len(text)

    def writable(self):
        return True

    def text(self):
        """Return what was kept, with a word on what was not."""
        return "".join(self.parts) + (f"\n[{self.lost} more characters]" if self.lost else "")


class Shell:
    """What `get_ipython()` gives: magics and shell commands that do nothing."""

    def __init__(self, notebook):
        self.notebook, self.user_ns = notebook, notebook.namespace

    def run_line_magic(self, name, line, *_, **__):
        if name in RUNNING_MAGICS and line.strip():
            self.notebook.execute(line, f"<%{name}>")

    def run_cell_magic(self, name, line, cell):
        if name in RUNNING_MAGICS:
            self.notebook.execute(cell, f"<%%{name}>")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


class Notebook:
    """The namespace in which a notebook's cells run."""

    def __init__(self):
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        sys.modules["__main__"] = self.module
        shell = Shell(self)
        self.namespace.update(__builtins__=builtins, get_ipython=lambda: shell, display=display, exit=leave, quit=leave)

    def run(self, source, name):
        """Run a cell; return (output, error) with error = None or (class, message, line)."""
        out = Capped(MAX_OUTPUT)
        sys.stdout, sys.stderr = out, out
        error = None
        try:
            self.execute(source, f"<{name}>")
        except BaseException as raised:  # SystemExit too ends the cell, not the process
            error = describe(raised, f"<{name}>")
        finally:
            close_figures()
            sys.stdout = sys.stderr = Capped(0)
        return out.text(), error

    def execute(self, source, filename):
        """Run code; show the value of a last expression."""
        from IPython.core.inputtransformer2 import TransformerManager

        source = TransformerManager().transform_cell(source)
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        tree = ast.parse(source, filename)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, filename, "exec"), self.namespace)
        if last is not None:
            value = eval(compile(last, filename, "eval"), self.namespace)
            if value is not None:
                display(value)


def display(*values, **_):
    """Show values as text."""
    for value in values:
        print(repr(value))


def leave(*_):
    """Do what `exit` does in a notebook that is being graded: nothing."""


def close_figures():
    """Close the figures of a cell, as Jupyter does after showing them."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        try:
            pyplot.close("all")
        except Exception as error:
            print(error)


def describe(error, filename):
    """Return (class, message, line in the cell) of an error."""
    try:
        message = str(error)[:2000]
    except Exception:
        message = ""
    if isinstance(error, SyntaxError):
        return [type(error).__name__, message, error.lineno]
    lines = [number for frame, number in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == filename]
    return [type(error).__name__, message, lines[-1] if lines else None]
