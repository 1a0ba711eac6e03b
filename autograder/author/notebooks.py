"""The notebooks of a chapter: its lecture, and the master of its exercises with solutions and hidden tests.

Every cell that nbgrader knows carries its metadata (schema 3). Cell ids come from grade ids, otherwise from content.
"""

import hashlib
import re

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.author.about import about_exercises
from autograder.author.reference import reference_source
from autograder.author.source import question_id, quiz_test_id
from autograder.author.stubs import TEXT_STUB
from autograder.exam.match import MARKER
from autograder.testing import HELPERS, PRELUDE_BEGIN, PRELUDE_END

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def lecture_notebook(chapter):
    """Return the notebook of a lecture."""
    cells = []
    for raw in chapter.lecture:
        slide = {"slideshow": {"slide_type": raw.keys["slide"]}} if "slide" in raw.keys else {}
        cells.append(_cell(raw.cell_type, raw.source, slide))
    return _notebook(cells)


def master_notebook(chapter):
    """Return the master of a chapter's exercises: with solutions and hidden tests, as nbgrader wants it."""
    cells = []
    for cell in chapter.cells:
        cells += _MAKE[cell.kind](chapter, cell)
    notebook = _notebook(cells)
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = cell.id  # the same instructor cell may stand twice
    notebook.metadata["plainnet"] = about_exercises(chapter, notebook)
    return notebook


def new_page(cells):
    """Return a notebook of (cell type, text) pairs."""
    return _notebook([_cell(kind, text) for kind, text in cells])


def chapter_title(chapter):
    """Return a chapter's title: the first heading of its lecture or its exercises."""
    for _, cells in _pages(chapter):
        for cell in cells:
            if found := re.search(r"^#+ +(.+?)\s*$", cell.source, re.MULTILINE):
                return found[1]
    return chapter.name


def _pages(chapter):
    return ("lecture", chapter.lecture), ("exercises", chapter.cells)


def _markdown(chapter, cell):
    return [_cell("markdown", cell.source)]


def _instructor(chapter, cell):
    """A cell of ours is locked: a student's notebook keeps it, and nbgrader restores it."""
    return [_cell("code", cell.source, _nbgrader("given-" + _digest("code", cell.source), locked=True))]


def _solution(chapter, cell):
    """Begin it with a comment that names it, which stays where an editor drops a cell's metadata."""
    source = f"{MARKER.format(cell.grade_id)}\n{cell.source}"
    return [_cell("code", source, _nbgrader(cell.grade_id, solution=True))]


def _test(chapter, cell):
    return [_cell("code", cell.source, _nbgrader(cell.grade_id, grade=True, locked=True, points=cell.points))]


def _hidden(chapter, cell):
    return [_hidden_cell(chapter, cell.exercise, cell.grade_id, cell.points, cell.source)]


def _quiz(chapter, cell):
    name = chapter.exercises[cell.exercise].exports[0]
    test = f"assert_answer({name}, reference.{name}, rtol={cell.raw.keys.get('rtol', 1e-3)!r})"
    return [
        *_solution(chapter, cell),
        _hidden_cell(chapter, cell.exercise, quiz_test_id(cell), cell.points, test),
    ]


def _manual(chapter, cell):
    """Return the locked question with its rubric, which formgrader shows, and the cell for the answer."""
    question = _nbgrader(question_id(cell.grade_id), locked=True)
    answer = _nbgrader(cell.grade_id, grade=True, solution=True, points=cell.points)
    return [_cell("markdown", cell.source, question), _cell("markdown", TEXT_STUB, answer)]


_MAKE = {
    "markdown": _markdown,
    "instructor": _instructor,
    "solution": _solution,
    "test": _test,
    "hidden": _hidden,
    "quiz": _quiz,
    "manual": _manual,
}


def _hidden_cell(chapter, exercise, grade_id, points, test):
    """Return a hidden cell: a line that students see, then the prelude and the test between nbgrader's delimiters."""
    amount = f"{points:g} point" + ("" if points == 1 else "s")
    lines = [
        f"# Hidden tests of {exercise} ({amount}): they run when your notebook is graded.",
        "### BEGIN HIDDEN TESTS",
        *_prelude(chapter, exercise, grade_id, test),
        test,
        "pass  # nbgrader takes the value of a last expression for the grade",
        "### END HIDDEN TESTS",
    ]
    return _cell("code", "\n".join(lines), _nbgrader(grade_id, grade=True, locked=True, points=points))


def _prelude(chapter, exercise, grade_id, test):
    """Return the lines that bind what a hidden test counts on, so that nbgrader can run it."""
    source = reference_source(chapter, test).split("\n")
    return [
        PRELUDE_BEGIN,
        "import numpy as np",
        "import plainnet",
        f"from autograder.testing import {', '.join(['begin_hidden_test', *HELPERS])}",
        "rng, reference = begin_hidden_test(",
        f"    exercise={exercise!r},",
        f"    grade_id={grade_id!r},",
        f"    variants={chapter.exercises[exercise].variants!r},",
        "    source=(",
        *(f"        {line + chr(10)!r}" for line in source),
        "    ),",
        ")",
        PRELUDE_END,
    ]


def _nbgrader(grade_id, grade=False, solution=False, locked=False, points=None):
    """Return nbgrader's metadata of a cell, schema 3."""
    information = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    if points is not None:
        information["points"] = points
    return {"nbgrader": information}


def _cell(cell_type, source, metadata=None):
    make = new_code_cell if cell_type == "code" else new_markdown_cell
    return make(source=source, metadata=metadata or {}, id="pending")


def _notebook(cells):
    """Return a notebook whose cell ids come from grade ids, otherwise from content."""
    used = {}
    for cell in cells:
        base = cell.metadata.get("nbgrader", {}).get("grade_id") or _digest(cell.cell_type, cell.source)
        used[base] = used.get(base, 0) + 1
        cell.id = base if used[base] == 1 else f"{base}-{used[base]}"
    notebook = new_notebook(cells=cells, metadata=METADATA)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def _digest(*parts):
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def as_text(notebook):
    """Return a notebook as the text of its file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"
