"""An assignment read back from an nbgrader course: ours with what build said, a foreign one by its metadata."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.author.build import build, load_checked
from autograder.course import assignment_names, load_assignment


@pytest.fixture
def course(tiny, tmp_path):
    """The nbgrader course that build writes for the small chapter."""
    build(tiny.parent, tmp_path / "course", tmp_path / "build")
    return tmp_path / "build" / "nbgrader"


def test_what_was_built_reads_back(course, tiny):
    chapter = load_checked(tiny)
    assignment = load_assignment(course, "01_tiny")

    assert assignment.name == "01_tiny"
    assert assignment.exercises == chapter.exercises
    assert assignment.answers == chapter.answers
    assert [(cell.kind, cell.grade_id, cell.exercise, cell.points) for cell in assignment.cells if cell.grade_id][
        1:
    ] == [
        ("solution", "softmax", "softmax", 0.0),
        ("test", "softmax-test-1", "softmax", 2.0),
        ("hidden", "softmax-hidden-1", "softmax", 3.0),
        ("solution", "loss", "loss", 0.0),
        ("test", "loss-test-1", "loss", 1.0),
        ("hidden", "loss-random", "loss", 2.0),
        ("solution", "chance-loss", "chance-loss", 0.0),
        ("hidden", "chance-loss-hidden-1", "chance-loss", 1.0),
        ("manual", "why-maximum", "", 2.0),
    ]
    assert assignment.cells[1].kind == "instructor"
    assert assignment.notebook == json.loads((course / "source" / "01_tiny" / "exercises.ipynb").read_text())


def test_a_test_belongs_to_the_exercise_that_its_author_named_and_not_to_the_cell_before_it(write_chapter, tmp_path):
    header = '# %% test="softmax" points=2'
    from_tiny = (write_chapter() / "exercises.py").read_text()
    late = header.replace("2", "1") + ' id="softmax-late"\nassert softmax(scores) is not None\n\n# %% quiz='
    write_chapter(from_tiny.replace("# %% quiz=", late))
    build(tmp_path / "solutions", tmp_path / "course", tmp_path / "build")
    cells = {cell.grade_id: cell for cell in load_assignment(tmp_path / "build" / "nbgrader", "01_tiny").cells}
    assert cells["softmax-late"].exercise == "softmax"


def nbgrader_cell(make, source, grade_id, **flags):
    information = {
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": False,
        "schema_version": 3,
        **flags,
    }
    return make(source=source, metadata={"nbgrader": information})


@pytest.fixture
def foreign(tmp_path):
    """A course by an author who knows nothing of us."""
    cells = [
        new_markdown_cell("# Problem set 1"),
        nbgrader_cell(new_code_cell, "%matplotlib inline\nimport numpy as np", "setup", locked=True),
        nbgrader_cell(
            new_code_cell,
            "%time\nimport math\n_k = 1\ndef area(r):\n"
            "    ### BEGIN SOLUTION\n    return math.pi * r**2\n    ### END SOLUTION",
            "area",
            solution=True,
        ),
        nbgrader_cell(new_code_cell, "assert area(0) == 0", "test_area", grade=True, locked=True, points=1),
        nbgrader_cell(
            new_code_cell,
            "assert area(1) > 3\n### BEGIN HIDDEN TESTS\nassert area(2) > 12\n### END HIDDEN TESTS",
            "test_area_more",
            grade=True,
            locked=True,
            points=2,
        ),
        nbgrader_cell(new_markdown_cell, "Why?", "why", grade=True, solution=True, points=3),
        nbgrader_cell(new_code_cell, "plot(area)", "plot", grade=True, solution=True, points=4),
        nbgrader_cell(new_markdown_cell, "Do this.", "task", task=True, points=5),
        nbgrader_cell(new_code_cell, "repair this(", "broken", solution=True),
    ]
    folder = tmp_path / "foreign" / "source" / "ps1"
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=cells), folder / "problem1.ipynb")
    return tmp_path / "foreign"


def test_a_foreign_course_reads_by_nbgraders_metadata(foreign):
    assignment = load_assignment(foreign, "ps1")

    assert [(cell.kind, cell.exercise, cell.points, cell.cell_type) for cell in assignment.cells] == [
        ("markdown", "", 0.0, "markdown"),
        ("instructor", "", 0.0, "code"),
        ("solution", "area", 0.0, "code"),
        ("test", "area", 1.0, "code"),
        ("hidden", "area", 2.0, "code"),
        ("manual", "", 3.0, "markdown"),
        ("manual", "", 4.0, "code"),
        ("manual", "", 5.0, "markdown"),
        ("solution", "broken", 0.0, "code"),
    ]
    assert assignment.exercises["area"].exports == ("math", "_k", "area")
    assert assignment.exercises["broken"].exports == ()
    assert assignment.answers == ()


def test_a_text_in_lines_reads_as_one(foreign):
    path = foreign / "source" / "ps1" / "problem1.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][3]["source"] = ["assert area(0) == 0\n", "assert area(1)"]
    path.write_text(json.dumps(notebook))
    assert load_assignment(foreign, "ps1").cells[3].source == "assert area(0) == 0\nassert area(1)"


def test_an_assignment_with_several_notebooks_asks_which(foreign):
    folder = foreign / "source" / "ps1"
    (folder / "problem2.ipynb").write_bytes((folder / "problem1.ipynb").read_bytes())
    with pytest.raises(ValueError, match=r"problem1\.ipynb, problem2\.ipynb"):
        load_assignment(foreign, "ps1")
    assert load_assignment(foreign, "ps1", "problem2.ipynb").exercises["area"].exports == ("math", "_k", "area")


def test_a_missing_assignment_names_those_that_are_there(foreign, course):
    with pytest.raises(ValueError, match=r"there is no assignment 'ps2' in .*; there are ps1"):
        load_assignment(foreign, "ps2")
    assert assignment_names(course) == ["01_tiny"]


def test_a_master_that_does_not_fit_what_was_said_about_it_is_refused(course):
    path = course / "plainnet" / "01_tiny.json"
    said = json.loads(path.read_text())
    path.write_text(json.dumps(said | {"exercises": said["exercises"][1:]}))
    with pytest.raises(ValueError, match=r"does not fit .*\(softmax\): build the chapter again"):
        load_assignment(course, "01_tiny")
    path.write_text(json.dumps(said | {"format": 99}))
    with pytest.raises(ValueError, match="has format 99, this program reads 1"):
        load_assignment(course, "01_tiny")


def test_doubled_ids_and_broken_files_are_refused_with_their_path(foreign):
    path = foreign / "source" / "ps1" / "problem1.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"].append(notebook["cells"][2])
    path.write_text(json.dumps(notebook))
    with pytest.raises(ValueError, match=r"problem1.ipynb: the grade id 'area' stands in two cells"):
        load_assignment(foreign, "ps1")
    path.write_text("{")
    with pytest.raises(ValueError, match=r"problem1.ipynb is no JSON in UTF-8"):
        load_assignment(foreign, "ps1")
