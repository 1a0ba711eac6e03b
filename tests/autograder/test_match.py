"""Answers whose cells an editor stripped are found by the builder's comment, or left to a person; never guessed."""

import copy
import json
from dataclasses import replace

import nbformat
import pytest

from autograder.assignment import Cell
from autograder.author.build import load_checked
from autograder.author.notebooks import master_notebook
from autograder.author.released import release
from autograder.course import load_assignment
from autograder.exam.assemble import AMBIGUOUS, MISSING, UNTOUCHED, assemble
from autograder.exam.diagnose import UNCLEAR
from autograder.exam.engine import Graded, grade
from autograder.exam.known import Table
from autograder.exam.match import MARKER, match
from autograder.exam.notebook import read_notebook
from autograder.exam.sandbox import Sandbox
from autograder.results.feedback import feedback_page
from autograder.results.gradebook import Record
from autograder.verdicts import FAILED, PASSED, UNGRADED

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}


def own(source, cell_type="code"):
    return {"cell_type": cell_type, "metadata": {}, "source": source}


def stripped(notebook):
    """Return a notebook as an editor leaves it that keeps types and texts alone."""
    return {**notebook, "cells": [own(cell["source"], cell["cell_type"]) for cell in notebook["cells"]]}


@pytest.fixture
def marked(assignment):
    """The assignment as `build` makes it today: each answer begins with its marker."""

    def source(cell):
        return f"{MARKER.format(cell.exercise)}\n{cell.source}" if cell.kind == "solution" else cell.source

    notebook = copy.deepcopy(assignment.notebook)
    cells = tuple(replace(cell, source=source(cell)) for cell in assignment.cells)
    for raw, cell in zip(notebook["cells"], cells):
        raw["source"] = cell.source
    return replace(assignment, cells=cells, notebook=notebook)


def matched(assignment, *cells):
    """Return (answer of each cell, unclear answers) by name."""
    found = match(assignment, list(cells))
    names = [None if place is None else assignment.cells[place].grade_id for place in found.place]
    return names, {assignment.cells[place].grade_id: count for place, count in found.unclear.items()}


def test_the_marker_finds_an_answer_whatever_else_was_rewritten(marked):
    cells = [own("%%time\n#exercise:  Double \ndouble = lambda number: number + number"), own("def helper(x): pass")]
    assert matched(marked, *cells) == (["double", None], {})


def test_the_marker_goes_before_the_signature(marked):
    cells = [
        own("def double(x):\n    return 0  # a first try"),
        own("# exercise: double\ndef double(x):\n    return 2 * x"),
    ]
    assert matched(marked, *cells) == ([None, "double"], {})


def test_a_cell_marked_as_one_answer_is_no_other_one(marked):
    assert matched(marked, own("# exercise: square\ndef double(x):\n    return x * x")) == (["square"], {})


def test_without_marker_the_authors_line_and_then_the_names_decide(marked):
    assert matched(marked, own("def square(x):\n    return x * x")) == (["square"], {})
    assert matched(marked, own("def square(number):\n    return number**2")) == (["square"], {})
    assert matched(marked, own("square = lambda x: x * x")) == (["square"], {})
    assert matched(marked, own("print(square == 1)\nsquared = 2")) == ([None], {})


def test_two_cells_that_claim_one_answer_are_unclear(marked):
    first, second = own("# exercise: double\ndouble = 1"), own("# exercise: double\ndouble = 2")
    assert matched(marked, first, second) == ([None, None], {"double": 2})


def test_two_equal_cells_are_one_answer(marked):
    cell = own("# exercise: double\ndef double(x):\n    return 2 * x")
    assert matched(marked, cell, dict(cell)) == (["double", None], {})


def test_one_cell_that_claims_two_answers_is_unclear_for_both(marked):
    cell = own("# exercise: double\ndef double(x): return 2 * x\n# exercise: square\ndef square(x): return x * x")
    assert matched(marked, cell) == ([None], {"double": 1, "square": 1})


def test_a_grade_id_goes_before_every_marker(marked, solved):
    claim = own("# exercise: double\ndef double(x):\n    return 0")
    names, unclear = matched(marked, *solved["cells"], claim)
    assert (names[-1], unclear) == (None, {})


def test_a_function_that_is_asked_twice_is_matched_in_order(assignment):
    again = Cell("solution", "def double(x):\n    ### BEGIN SOLUTION\n    pass\n    ### END SOLUTION", "again", "again")
    twice = replace(assignment, cells=(*assignment.cells, again))
    twice.notebook["cells"].append(own("def double(x):\n    pass"))
    cells = [own("def double(x):\n    return 1"), own("def double(x):\n    return 2")]
    assert matched(twice, *cells) == (["double", "again"], {})
    assert matched(twice, cells[0]) == ([None], {"double": 1, "again": 1})


def test_a_written_answer_is_the_prose_below_its_question(assignment):
    question = Cell("markdown", "## Why?", "why-question", "", 0.0, "markdown")
    asked = replace(assignment, cells=(*assignment.cells[:-1], question, assignment.cells[-1]))
    cells = [own("## Why?", "markdown"), own("Because.", "markdown"), own("Also this.", "markdown"), own("x = 1")]
    assert matched(asked, *cells, own("later", "markdown"))[0] == ["why-question", "why", "why", None, None]


@pytest.fixture(scope="module", params=["01_graphs", "05_activations"])
def chapter(request):
    """A chapter of ours: its master and its released notebook."""
    from autograder.author.build import ROOT

    master = master_notebook(load_checked(ROOT / "solutions" / request.param))
    return master, release(master)


def test_every_answer_of_a_built_chapter_begins_with_its_marker_in_the_master_and_released(chapter):
    for notebook in chapter:
        answers = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("solution")]
        for cell in answers:
            if cell.cell_type == "code":
                assert cell.source.split("\n")[0] == MARKER.format(cell.metadata.nbgrader.grade_id)


def test_every_answer_of_a_stripped_chapter_is_found(chapter, tmp_path):
    master, released = chapter
    folder = tmp_path / "source" / "01_it"
    folder.mkdir(parents=True)
    nbformat.write(master, folder / "exercises.ipynb")
    assignment = load_assignment(tmp_path, "01_it")
    texts = {cell.metadata.nbgrader.grade_id: cell for cell in master.cells if "nbgrader" in cell.metadata}
    for cell in released.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            cell.source = texts[about.grade_id].source if cell.cell_type == "code" else "Because of this."
    rebuilt = assemble(assignment, read_notebook(json.dumps(stripped(released)).encode()))
    assert rebuilt.problems == {}
    assert rebuilt.notes == []
    solutions = {cell.grade_id for cell in rebuilt.cells if cell.kind == "solution"}
    assert solutions == {cell.grade_id for cell in assignment.cells if cell.kind == "solution"}


def test_a_stripped_notebook_that_nobody_touched_is_untouched(marked, released):
    released["cells"][2]["source"] = "# exercise: double\n" + released["cells"][2]["source"]
    problems = assemble(marked, read_notebook(json.dumps(stripped(released)).encode())).problems
    assert {problems[name] for name in ("double", "square")} == {UNTOUCHED}
    assert assemble(marked, {"cells": []}).problems["double"] == MISSING


@pytest.mark.sandbox
@pytest.mark.slow
class TestMarks:
    @pytest.fixture
    def graded(self, marked, tmp_path):
        """Return a function from a notebook to its Graded."""

        def run(notebook):
            with Sandbox() as sandbox:
                table = Table.load_or_make(marked, sandbox, tmp_path)
                return grade(json.dumps(notebook).encode(), marked, "ada", sandbox, table)

        return run

    def test_a_stripped_notebook_gets_the_marks_of_the_whole_one(self, graded, solved):
        assert graded(stripped(solved)).result.cells == graded(solved).result.cells
        assert graded(stripped(solved)).result.score == 6.0

    @pytest.mark.parametrize("order", [1, -1])
    def test_two_claims_earn_nothing_and_lose_nothing_and_the_reason_is_said(self, graded, solved, marked, order):
        notebook = stripped(solved)
        wrong, right = own("# exercise: double\ndef double(x):\n    return 0"), notebook["cells"][2]
        notebook["cells"][2:3] = [wrong, {**right, "source": f"# exercise: double\n{right['source']}"}][::order]
        found = graded(notebook)
        verdicts = {cell.grade_id: (cell.verdict, cell.score, cell.message) for cell in found.result.cells}
        assert verdicts["double-test-1"] == verdicts["double-hidden-1"] == (UNGRADED, 0.0, UNCLEAR)
        assert verdicts["square-hidden-1"] == (PASSED, 3.0, "")
        assert found.problems["double"] == AMBIGUOUS
        assert found.is_final()
        page = feedback_page(marked, Record(found.result, "", found.notebook, found.problems), found.notes)
        assert "a person decides" in page
        assert "our fault" not in page
        assert "3 of these points are not decided yet" in page

    def test_a_marked_cell_is_still_only_a_students_text(self, graded, solved):
        notebook = stripped(solved)
        notebook["cells"][2] = own(
            "# exercise: double\nclass Any:\n    __eq__ = lambda *_: True\ndouble = lambda x: Any()"
        )
        verdicts = {cell.grade_id: cell.verdict for cell in graded(notebook).result.cells}
        assert verdicts["double-test-1"] == verdicts["double-hidden-1"] == FAILED


def test_our_own_fault_is_tried_again(assignment):
    from autograder.verdicts import GRADED, CellResult, SubmissionResult

    cell = CellResult("double-test-1", "double", 1.0, 0.0, UNGRADED)
    assert not Graded(SubmissionResult("ada", GRADED, cells=[cell])).is_final()
