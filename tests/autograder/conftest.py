"""A small assignment and submissions of it, for every test of the path around the examiner."""

import copy
import json
import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import Answer, Assignment, Cell, Exercise

GIVEN = "def double(x):\n    '''Return twice x.'''\n"
DOUBLE = GIVEN + "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
SQUARE = "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION"
HIDDEN = "# Hidden tests.\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
TESTED = "assert double(2) == 4, 'double(2) should be 4.'"

CELLS = [  # kind, grade id, exercise, points, cell type, source
    ("markdown", "", "", 0, "markdown", "# Twice and square"),
    ("instructor", "", "", 0, "code", "import math"),
    ("solution", "double", "double", 0, "code", DOUBLE),
    ("test", "double-test-1", "double", 1, "code", TESTED),
    (
        "hidden",
        "double-hidden-1",
        "double",
        2,
        "code",
        HIDDEN.format("for x in (0, 3, -1.5):\n    assert double(x) == x + x"),
    ),
    ("solution", "square", "square", 0, "code", SQUARE),
    ("hidden", "square-hidden-1", "square", 3, "code", HIDDEN.format("for x in (0, 3):\n    assert square(x) == x**2")),
    ("manual", "why", "", 2, "markdown", "Why?\n\n### BEGIN MARK SCHEME\nBecause.\n### END MARK SCHEME"),
]
RELEASED = {
    "double": GIVEN + "    raise NotImplementedError('double: write your answer here')",
    "double-hidden-1": "# Hidden tests.",
    "square": "def square(x):\n    raise NotImplementedError('square: write your answer here')",
    "square-hidden-1": "# Hidden tests.",
    "why": "Why?",
}


def metadata(kind, grade_id, points):
    """Return nbgrader's metadata (schema 3) for one cell."""
    if not grade_id:
        return {}
    answer = kind in {"solution", "manual"}
    graded = {"points": points} if kind != "solution" else {}
    flags = {"grade": kind != "solution", "solution": answer, "locked": not answer, "task": False}
    return {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **flags, **graded}}


def notebook_of(sources):
    """Return a notebook with the assignment's cells and the given texts, as JupyterLab would save it."""
    cells = []
    for index, (kind, grade_id, _, points, cell_type, source) in enumerate(CELLS):
        cell = {"cell_type": cell_type, "id": f"cell-{index}", "metadata": metadata(kind, grade_id, points)}
        if cell_type == "code":
            cell |= {"execution_count": None, "outputs": []}
        cells.append(cell | {"source": sources.get(grade_id, source)})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def assignment():
    """Two exercises and a written question, 8 points."""
    cells = [
        Cell(kind, source, grade_id, exercise, float(points), cell_type)
        for kind, grade_id, exercise, points, cell_type, source in CELLS
    ]
    answers = (
        Answer("double", "triples", "mistake", "def double(x):\n    return 3 * x", hint="Twice means x + x."),
        Answer("double", "shift", "alternative", "def double(x):\n    return x + x"),
    )
    exercises = {"double": Exercise("double", ("double",)), "square": Exercise("square", ("square",))}
    return Assignment("01_mini", tuple(cells), exercises, answers, notebook_of({}))


@pytest.fixture
def released():
    """The notebook as students get it, as plain JSON to change at will."""
    return copy.deepcopy(notebook_of(RELEASED))


@pytest.fixture
def solved(released):
    """A submission with the right answers."""
    texts = {
        "double": GIVEN + "    return 2 * x",
        "square": "def square(x):\n    return x * x",
        "why": "Because of this.",
    }
    return answer(released, texts)


def answer(notebook, texts):
    """Return the notebook with the texts of some answers replaced."""
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = texts.get(grade_id, cell["source"])
    return notebook


@pytest.fixture
def answered(released):
    """Return a function that writes answers into a released notebook and gives its bytes."""
    return lambda **texts: json.dumps(answer(copy.deepcopy(released), texts)).encode()


@pytest.fixture(scope="session")
def empty_gradebook(tmp_path_factory):
    """nbgrader takes seconds to make one."""
    path = tmp_path_factory.mktemp("course") / "gradebook.db"
    from nbgrader import api

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # of alembic, which nbgrader starts
        api.Gradebook(f"sqlite:///{path}", "mini").close()
    return path


@pytest.fixture
def quick(assignment):
    """The assignment with time limits of a second."""
    exercises = {name: replace(exercise, limit=1.0) for name, exercise in assignment.exercises.items()}
    return replace(assignment, exercises=exercises)


@pytest.fixture
def mini_course(tmp_path, quick):
    """An nbgrader course with the assignment, as `build` writes it."""
    source = tmp_path / "course" / "source" / "01_mini"
    source.mkdir(parents=True)
    nbformat.write(nbformat.from_dict(quick.notebook), source / "exercises.ipynb")
    said = {
        "format": 1,
        "exercises": [vars(exercise) for exercise in quick.exercises.values()],
        "tests": {cell.grade_id: cell.exercise for cell in quick.cells if cell.kind in ("test", "hidden")},
        "answers": [vars(answer) for answer in quick.answers],
    }
    (tmp_path / "course" / "plainnet").mkdir()
    (tmp_path / "course" / "plainnet" / "01_mini.json").write_text(json.dumps(said))
    return tmp_path / "course"


@pytest.fixture
def out(tmp_path, empty_gradebook):
    """Where results go, with a gradebook, which takes nbgrader seconds to make."""
    (tmp_path / "out").mkdir()
    return Path(shutil.copy(empty_gradebook, tmp_path / "out")).parent


@pytest.fixture
def hand_in(tmp_path, answered):
    """Return a function that hands in a student's answers, or bytes of any kind."""

    def write(student, answers):
        folder = tmp_path / "submitted" / student / "01_mini"
        folder.mkdir(parents=True, exist_ok=True)
        data = answers if isinstance(answers, bytes) else answered(**answers)
        (folder / "exercises.ipynb").write_bytes(data)
        (folder / "timestamp.txt").write_text("2024-10-01 12:00:00 UTC")
        return folder.parent.parent

    return write
