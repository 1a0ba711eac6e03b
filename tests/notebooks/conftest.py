"""What the tests of a chapter share: its source, its solved exercises, and its lecture after a run."""

import contextlib
import io
from pathlib import Path

import matplotlib
import pytest

from autograder.author.source import load_chapter
from autograder.author.stubs import without_markers

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"


@pytest.fixture(scope="module")
def folder(request):
    """Return the folder of the chapter that a module is about: it says which as `CHAPTER`."""
    return SOLUTIONS / request.module.CHAPTER


@pytest.fixture(scope="module")
def chapter(folder):
    """Return the source of the chapter."""
    return load_chapter(folder)


@pytest.fixture(scope="module")
def exercises(chapter):
    """Return the names of its exercises in their order, without the questions."""
    return list(dict.fromkeys(cell.exercise for cell in chapter.cells if cell.kind == "solution"))


@pytest.fixture(scope="module")
def solved(chapter):
    """Return the names of the solved exercise notebook, its tests left out."""
    names = {}
    for cell in chapter.cells:
        if cell.kind in ("instructor", "solution", "quiz"):
            exec(compile(without_markers(cell.source), cell.exercise or "given", "exec"), names)
    return names


@pytest.fixture(scope="module")
def lecture(chapter):
    """Return the names that the lecture's cells leave behind, and what they print."""
    matplotlib.use("agg")
    names, printed = {"__name__": "lecture"}, io.StringIO()
    with contextlib.redirect_stdout(printed), matplotlib.rc_context():
        for cell in chapter.lecture:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"lecture cell {cell.number}", "exec"), names)
    names["plt"].close("all")
    return names, printed.getvalue()
