"""What runs is the author's notebook with the student's answers, whatever was done to the rest."""

import json

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.exam.assemble import AMBIGUOUS, DUPLICATED, MISSING, RETYPED, UNTOUCHED, assemble
from autograder.exam.notebook import read_notebook
from autograder.exam.regions import is_untouched, without_hidden


def rebuild(assignment, notebook):
    return assemble(assignment, read_notebook(json.dumps(notebook).encode()))


def find(notebook, grade_id):
    cells = notebook["cells"]
    return next(i for i, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def own(source, **changes):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None} | changes


def kinds(assembled):
    return [(cell.kind, cell.grade_id) for cell in assembled.cells]


def run(assembled):
    """Run the cells in one namespace, as a notebook would, past every error."""
    namespace = {}
    for cell in assembled.cells:
        try:
            exec(cell.source, namespace)
        except Exception as error:
            namespace.setdefault("errors", []).append(repr(error))
    return namespace


def test_answers_stand_between_the_authors_cells(assignment, solved):
    assembled = rebuild(assignment, solved)
    expected = [("instructor", ""), ("solution", "double"), ("test", "double-test-1"), ("solution", "square")]
    assert kinds(assembled) == expected
    assert assembled.problems == {}
    assert assembled.notes == []
    assert run(assembled)["double"](4) == 8


def test_no_hidden_test_and_no_solution_is_among_the_cells_to_run(assignment, released):
    text = "\n".join(cell.source for cell in rebuild(assignment, released).cells)
    for secret in ("x + x", "x**2", "return 2 * x", "Because"):
        assert secret not in text


def test_hidden_regions_of_a_visible_test_are_left_out():
    text = "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(7) == 49\n### END HIDDEN TESTS\nassert f(0) == 0"
    assert without_hidden(text) == "assert f(1) == 1\nassert f(0) == 0"
    assert "49" not in without_hidden("### BEGIN HIDDEN TESTS\nassert f(7) == 49")


def test_the_authors_cells_come_from_the_master(assignment, solved):
    solved["cells"][find(solved, "double-test-1")]["source"] = "assert True"
    solved["cells"][find(solved, "square-hidden-1")]["source"] = "import os; os._exit(0)"
    assembled = rebuild(assignment, solved)
    assert "assert True" not in [cell.source for cell in assembled.cells]
    assert not any("_exit" in cell.source for cell in assembled.cells)
    assert [note.split(";")[0] for note in assembled.notes] == [
        "You changed the cell double-test-1",
        "You wrote into the test cell square-hidden-1",
    ]


def test_edited_points_and_flags_change_nothing(assignment, solved):
    for cell in solved["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "solution": True, "grade": "yes"}
    rebuilt = rebuild(assignment, solved).notebook["cells"]
    masters = assignment.notebook["cells"]
    assert [cell["metadata"] for cell in rebuilt] == [cell["metadata"] for cell in masters]


def test_added_cells_run_where_they_stand(assignment, solved):
    solved["cells"].insert(find(solved, "double"), own("TWO = 2"))
    solved["cells"][find(solved, "double")]["source"] = "y = TWO\ndef double(x):\n    return y * x"
    solved["cells"].insert(0, own("first = 1"))
    assembled = rebuild(assignment, solved)
    assert [cell.source for cell in assembled.cells][:3] == ["first = 1", "import math", "TWO = 2"]
    assert run(assembled)["double"](3) == 6


def test_the_authors_order_holds_whatever_the_submissions(assignment, solved):
    solved["cells"].reverse()
    assert kinds(rebuild(assignment, solved))[:2] == [("instructor", ""), ("solution", "double")]


def test_a_changed_given_cell_runs_as_given_and_then_as_changed(assignment, solved):
    solved["cells"][1]["source"] = "import math, cmath"
    assembled = rebuild(assignment, solved)
    assert [cell.source for cell in assembled.cells][:2] == ["import math", "import math, cmath"]
    assert [cell.kind for cell in assembled.cells][:2] == ["instructor", "added"]
    assert len(assembled.notes) == 1


def test_a_missing_answer_is_said_and_leaves_the_others_alone(assignment, solved):
    del solved["cells"][find(solved, "double")]
    assembled = rebuild(assignment, solved)
    assert assembled.problems == {"double": MISSING}
    assert run(assembled)["square"](3) == 9


def test_a_locked_cell_of_an_earlier_release_is_left_out_and_said(assignment, solved):
    old = solved["cells"][find(solved, "double-test-1")]
    old["metadata"]["nbgrader"]["grade_id"], old["id"], old["source"] = "double-test-0", "old", "assert double(1) == 2"
    assembled = rebuild(assignment, solved)
    assert "added" not in [cell.kind for cell in assembled.cells]
    assert assembled.notes == ["The cell double-test-0 is no part of this assignment; it was left out."]


def test_a_missing_given_cell_comes_back(assignment, solved):
    del solved["cells"][1]
    assert kinds(rebuild(assignment, solved))[0] == ("instructor", "")


def test_a_split_answer_runs_as_it_was_split(assignment, solved):
    at = find(solved, "double")
    first, second = (json.loads(json.dumps(solved["cells"][at])) for _ in range(2))
    first["source"], second["source"] = "def helper(x):\n    return x", "def double(x):\n    return helper(x) * 2"
    solved["cells"][at : at + 1] = [first, own("unrelated = 1"), second]
    assembled = rebuild(assignment, solved)
    assert assembled.problems == {"double": DUPLICATED}
    assert run(assembled)["double"](3) == 6
    assert [cell.exercise for cell in assembled.cells][1:4] == ["double", "", "double"]


@pytest.mark.parametrize("later_is_right", [True, False])
def test_of_two_copies_the_later_counts_as_in_jupyter(assignment, solved, later_is_right):
    copy = json.loads(json.dumps(solved["cells"][find(solved, "double")]))
    copy["source"] = "def double(x):\n    return x + x" if later_is_right else "def double(x):\n    return 0"
    solved["cells"].append(copy)
    assert run(rebuild(assignment, solved))["double"](3) == (6 if later_is_right else 0)


@pytest.mark.parametrize("cell_type", ["markdown", "raw", "chapter"])
def test_a_retyped_answer_is_read_as_what_it_was(assignment, solved, cell_type):
    solved["cells"][find(solved, "double")]["cell_type"] = cell_type
    assembled = rebuild(assignment, solved)
    assert assembled.problems == {"double": RETYPED}
    assert run(assembled)["double"](3) == 6


@pytest.mark.parametrize("drop", [None, {}, "text", {"nbgrader": None}, {"nbgrader": {"grade_id": ["double"]}}])
@pytest.mark.parametrize("with_ids", [True, False])
def test_answers_whose_metadata_was_lost_are_found(assignment, solved, drop, with_ids):
    for cell in solved["cells"]:
        cell["metadata"] = drop
        if not with_ids:
            cell.pop("id")
    solved["cells"].insert(0, own("helper = 1"))
    assembled = rebuild(assignment, solved)
    expected = [("added", ""), ("instructor", ""), ("solution", "double"), ("test", "double-test-1")]
    assert kinds(assembled)[:4] == expected
    assert {problem for name, problem in assembled.problems.items() if name != "why"} == set()


def test_two_cells_that_could_be_the_answer_are_left_to_a_person_and_run_as_they_stand(assignment, solved):
    at = find(solved, "double")
    del solved["cells"][at]["metadata"]["nbgrader"], solved["cells"][at]["id"]
    solved["cells"].insert(at, own("def double(x):\n    pass"))
    assembled = rebuild(assignment, solved)
    assert assembled.problems == {"double": AMBIGUOUS}
    assert "2 cells of your notebook could be the answer double" in assembled.notes[0]
    assert run(assembled)["double"](3) == 6


def test_untouched_answers_are_said(assignment, released):
    assert rebuild(assignment, released).problems == dict.fromkeys(["double", "square", "why"], UNTOUCHED)


@pytest.mark.parametrize(
    ("text", "untouched"),
    [
        ("def f(x):\n    raise NotImplementedError()", True),
        ("def f(x):\n\n    # I do not know\n    pass\n", True),
        ("def f(x):\n    ...", True),
        ("def f(x):\n    return x", False),
        ("", False),
        ("def f(y):\n    pass", False),
    ],
)
def test_untouched_means_nothing_but_stubs(text, untouched):
    assert is_untouched("def f(x):\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION", text) is untouched


def test_a_written_answer_keeps_its_text_and_its_attachments(assignment, solved):
    solved["cells"][find(solved, "why")]["attachments"] = {"a.png": {"image/png": "iVBOR"}}
    written = rebuild(assignment, solved).notebook["cells"][-1]
    assert written["source"] == "Because of this."
    assert written["attachments"] == {"a.png": {"image/png": "iVBOR"}}


def test_the_parts_of_a_written_answer_are_read_together(assignment, solved):
    at = find(solved, "why")
    first, second = solved["cells"][at] | {"source": "One."}, solved["cells"][at] | {"source": "Two."}
    solved["cells"][at:] = [first, own("x = 1"), second]
    assembled = rebuild(assignment, solved)
    written = next(cell for cell in assembled.notebook["cells"] if cell["source"].startswith("One"))
    assert written["source"] == "One.\n\nTwo."
    assert assembled.problems == {"why": DUPLICATED}


def test_what_an_earlier_run_printed_is_gone(assignment, solved):
    for cell in solved["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "forged"}]
    assert "forged" not in json.dumps(rebuild(assignment, solved).notebook)


def test_every_cell_to_run_knows_its_place_in_a_valid_notebook(assignment, solved):
    solved["cells"].insert(3, own("a = 1"))
    solved["cells"].insert(5, {"cell_type": "markdown", "metadata": {"x": 1}, "source": "my notes"})
    assembled = rebuild(assignment, solved)
    nbformat.validate(assembled.notebook)
    for cell in assembled.cells:
        if cell.kind != "test":
            assert assembled.notebook["cells"][cell.index]["source"] == cell.source


def test_a_master_that_does_not_fit_its_cells_is_our_fault(assignment, solved):
    assignment.notebook["cells"].pop()
    with pytest.raises(ValueError, match="build it again"):
        rebuild(assignment, solved)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_shuffle_loss_and_doubling_of_cells_keeps_the_authors_cells(assignment, data):
    cells = json.loads(json.dumps(assignment.notebook["cells"]))
    picked = data.draw(st.lists(st.integers(0, len(cells) - 1), max_size=20))
    texts = data.draw(st.lists(st.sampled_from(["x = 1", "", "y = [1]"]), min_size=20, max_size=20))
    given = [{**cells[i], "source": text} for i, text in zip(picked, texts)]
    assembled = rebuild(assignment, {"cells": given})
    nbformat.validate(assembled.notebook)
    ours = [cell.source for cell in assignment.cells if cell.kind in {"instructor", "test"}]
    assert [cell.source for cell in assembled.cells if cell.kind in {"instructor", "test"}] == ours
    missing = {cell.grade_id for cell in assignment.cells if cell.kind in {"solution", "manual"}}
    missing -= {cells[i]["metadata"].get("nbgrader", {}).get("grade_id") for i in picked}
    found = {name for name, problem in assembled.problems.items() if problem == MISSING}
    assert found == missing
