"""Courses that nbgrader's users wrote: honest work gets the same marks here as from nbgrader itself, cell by cell.

Two courses: nbgrader's own quickstart, and one in the plain style of its users, three notebooks in one assignment
(`foreign/*.txt`). Three students each: one is right, one is wrong in every answer, one handed in what was released.
"""

import copy
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat import v4
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import get_partial_grade
from traitlets.config import Config

from autograder.course import load_assignment
from autograder.course_check import warnings_about
from autograder.exam.engine import grade
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox
from autograder.grade import grade_class
from autograder.verdicts import UNGRADED

FOLDER = Path(__file__).with_name("foreign")
NOTEBOOKS = ("functions", "classes", "numbers")
ROLES = {  # kind of a cell in the text files -> (type, grade, solution, locked, task)
    "locked": ("code", False, False, True, False),
    "solution": ("code", False, True, False, False),
    "test": ("code", True, False, True, False),
    "manual": ("markdown", True, True, False, False),
    "manual-code": ("code", True, True, False, False),
    "task": ("markdown", False, False, True, True),
}
MARKERS = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", re.M)
QUICKSTART_WRONG = {
    "squares": "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]",
    "sum_of_squares": "def sum_of_squares(n):\n    return sum(i ** 2 for i in range(1, n + 1))",
    "sum_of_squares_equation": "I don't know.",
    "sum_of_squares_application": "print('?')",
    "part-a": "It loops.",
}


def read_cells(name):
    """Return [(kind, grade id, points, text)] of a notebook's text file."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    cells = [part.split("\n", 1) for part in text.removeprefix("# %% ").split("\n# %% ")]
    return [(*[*header.split(), "", "0"][:3], body.strip("\n")) for header, body in cells]


def master_of(name):
    """Return the master notebook of a text file, and the wrong answers by grade id."""
    cells, wrong = [], {}
    for index, (kind, grade_id, points, text) in enumerate(read_cells(name)):
        if kind == "wrong":
            wrong[grade_id] = text
            continue
        cell_type, *flags = ROLES.get(kind, ("markdown" if kind == "markdown" else "code",))
        cell = (v4.new_code_cell if cell_type == "code" else v4.new_markdown_cell)(text, id=f"{name}-{index}")
        if flags:
            said = dict(zip(("grade", "solution", "locked", "task"), flags))
            said |= {"grade_id": grade_id, "schema_version": 3, "cell_type": cell_type}
            cell.metadata["nbgrader"] = said | ({"points": float(points)} if flags[0] or flags[3] else {})
        cells.append(cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), wrong


def with_texts(notebook, texts):
    """Return a notebook with the texts of some cells replaced, by grade id."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        cell.source = texts.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    return notebook


def right_answers(master):
    """Return the author's answers, as a student would have them."""
    said = [(cell.metadata.get("nbgrader", {}), cell) for cell in master.cells]
    return {one["grade_id"]: MARKERS.sub("", cell.source) for one, cell in said if one.get("solution")}


def released_by_nbgrader(root, name):
    """Have nbgrader make the release of an assignment; return its API for the course."""
    config = Config()
    config.CourseDirectory.root, config.CourseDirectory.course_id = str(root), "foreign"
    config.ExecutePreprocessor.timeout = 120
    course = NbGraderAPI(config=config)
    answer = course.generate_assignment(name)
    assert answer["success"], answer["log"]
    return course


def hand_in(root, name, wrong):
    """Hand in the work of the three students."""
    for path in (root / "release" / name).glob("*.ipynb"):
        release = nbformat.read(path, 4)
        master = nbformat.read(root / "source" / name / path.name, 4)
        texts = {"right": right_answers(master), "wrong": wrong, "blank": {}}
        for student, answers in texts.items():
            folder = root / "submitted" / student / name
            folder.mkdir(parents=True, exist_ok=True)
            nbformat.write(with_texts(release, answers), folder / path.name)


def marks(db_url, name):
    """Return {(student, notebook, cell): automatic score} of a gradebook."""
    with api.Gradebook(db_url) as book:
        return {
            (submission.student_id, notebook.name, grade.name): grade.auto_score
            for submission in book.assignment_submissions(name)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def marks_by_both(course, root, name, out):
    """Return the marks that nbgrader gives to the three students, and ours."""
    for student in ("right", "wrong", "blank"):
        answer = course.autograde(name, student)
        assert answer["success"], answer["log"]
    for path in sorted((root / "source" / name).glob("*.ipynb")):
        result = grade_class(root / "submitted", root, out, name, notebook=path.name, jobs=1)
        broken = [one.message for single in result.submissions for one in single.cells if one.verdict == UNGRADED]
        assert broken == []
    return marks(f"sqlite:///{root}/gradebook.db", name), marks(f"sqlite:///{out}/gradebook.db", name)


@pytest.fixture
def plain_course(tmp_path):
    """The course in `foreign/*.txt`, as its author has it: one assignment of three notebooks."""
    source = tmp_path / "course" / "source" / "ps"
    source.mkdir(parents=True)
    for name in NOTEBOOKS:
        nbformat.write(master_of(name)[0], source / f"{name}.ipynb")
    return tmp_path / "course"


@pytest.fixture
def course_of(tmp_path):
    """Return a function that makes a course of one notebook, given as (kind, grade id, points, text) each."""

    def make(*cells):
        source = tmp_path / "course" / "source" / "ps"
        source.mkdir(parents=True)
        notebook = v4.new_notebook()
        for kind, grade_id, points, text in cells:
            flags = ROLES.get(kind, ("code",))[1:]
            cell = v4.new_code_cell(text)
            if flags:
                said = dict(zip(("grade", "solution", "locked", "task"), flags))
                cell.metadata["nbgrader"] = said | {"grade_id": grade_id, "points": points, "schema_version": 3}
            notebook.cells.append(cell)
        nbformat.write(notebook, source / "ps.ipynb")
        return load_assignment(tmp_path / "course", "ps")

    return make


def verdicts_of(assignment, texts=None):
    """Grade the author's own answers, some of them replaced; return {cell: (verdict, score, message)}."""
    master = nbformat.reads(json.dumps(assignment.notebook), as_version=4)
    submission = with_texts(master, right_answers(master) | (texts or {}))
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as cache:
        table = Table.load_or_make(assignment, sandbox, cache)
        result = grade(nbformat.writes(submission).encode(), assignment, "ada", sandbox, table).result
    return {cell.grade_id: (cell.verdict, cell.score, cell.message) for cell in result.cells}


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.timeout(1200)  # nbgrader starts a kernel for each notebook of each student
class TestSameMarks:
    def test_a_course_in_plain_style_gets_nbgraders_marks(self, plain_course, tmp_path, empty_gradebook):
        shutil.copy(empty_gradebook, plain_course)
        wrong = {cell: text for name in NOTEBOOKS for cell, text in master_of(name)[1].items()}
        self.check(plain_course, "ps", wrong, tmp_path / "out", empty_gradebook, cells=49)

    def test_nbgraders_quickstart_gets_nbgraders_marks(self, tmp_path, empty_gradebook):
        nbgrader = Path(sys.executable).with_name("nbgrader")
        made = subprocess.run([nbgrader, "quickstart", "course"], cwd=tmp_path, capture_output=True, text=True)
        assert made.returncode == 0, made.stderr
        shutil.copy(empty_gradebook, tmp_path / "course")
        self.check(tmp_path / "course", "ps1", QUICKSTART_WRONG, tmp_path / "out", empty_gradebook, cells=9)

    @staticmethod
    def check(root, name, wrong, out, empty_gradebook, cells):
        out.mkdir()
        shutil.copy(empty_gradebook, out)
        course = released_by_nbgrader(root, name)
        hand_in(root, name, wrong)
        theirs, ours = marks_by_both(course, root, name, out)
        assert len(theirs) == 3 * cells
        assert ours == theirs


SQUARE = ("solution", "square", 0, "def square(x):\n    ### BEGIN SOLUTION\n    return x * x\n    ### END SOLUTION")


@pytest.mark.slow
@pytest.mark.sandbox
class TestCells:
    @pytest.mark.parametrize(
        ("last", "verdict", "score"),
        [
            ("1.5", "failed", 1.5),
            ("2", "passed", 2),
            ("square(1)", "failed", 1),
            ("1.5;", "passed", 2),
            ("False", "passed", 2),
            ("np.float64(0.5)", "passed", 2),
            ("[0.5]", "passed", 2),
            ("-1", "passed", 2),
            ("3", "ungraded", 0),
        ],
    )
    def test_a_last_number_is_partial_credit_as_in_nbgrader(self, course_of, last, verdict, score):
        found = verdicts_of(course_of(SQUARE, ("test", "t", 2, f"import numpy as np\nassert square(2) == 4\n{last}")))
        assert found["t"][:2] == (verdict, score)
        assert nbgraders_score(last, 2) == (score if verdict != "ungraded" else "gives up")

    def test_a_helper_of_the_authors_decides_on_the_trusted_side(self, course_of):
        helper = ("given", "", 0, "def check(n):\n    assert square(n) == n * n")
        forged = "def square(x): return 0\ndef check(n): pass\nimport builtins\nbuiltins.AssertionError = KeyError"
        assignment = course_of(SQUARE, helper, ("test", "t", 1, "check(3)"))
        assert verdicts_of(assignment)["t"][0] == "passed"
        assert verdicts_of(assignment, {"square": forged})["t"][0] == "failed"

    @pytest.mark.parametrize(
        "test",
        [
            "import inspect\nassert 'x * x' in inspect.getsource(square)",
            "assert open('numbers.csv').read() == '1'",
        ],
    )
    def test_a_test_that_works_in_one_process_alone_is_no_ones_zero(self, course_of, test):
        found = verdicts_of(course_of(SQUARE, ("test", "t", 1, test), ("test", "other", 1, "assert square(2) == 4")))
        assert found["t"][0] == "ungraded"
        assert found["t"][2].startswith("The author's own answer does not pass this test here")
        assert found["other"][0] == "passed"

    def test_a_test_before_the_first_answer_is_graded(self, course_of):
        found = verdicts_of(
            course_of(("test", "first", 1, "assert 1 + 1 == 3"), ("test", "second", 1, "x = 1"), SQUARE)
        )
        assert [found[name][0] for name in ("first", "second")] == ["ungraded", "passed"]


class TestWarnings:
    def test_names_that_nobody_answers_for_are_said_with_their_cell(self, course_of):
        assignment = course_of(
            ("given", "", 0, "import math\nlimit = 3"),
            SQUARE,
            ("given", "", 0, "table = [square(n) for n in range(3)]"),
            ("test", "good", 1, "x = square(limit)\nassert math.isclose(x, 9)\nmine = 1"),
            ("test", "bad", 1, "assert mine == 1\nassert squared(2) == 4\nassert table == [0, 1, 4]"),
        )
        said = warnings_about(assignment)
        assert [sentence.split(" ", 4)[:4] for sentence in said] == [
            ["bad,", "line", "2:", "squared"],
            ["bad,", "line", "3:", "table"],
        ]

    def test_a_course_of_nbgraders_own_style_has_few(self, plain_course):
        said = [
            one for name in NOTEBOOKS for one in warnings_about(load_assignment(plain_course, "ps", f"{name}.ipynb"))
        ]
        assert [sentence.split(":")[0] for sentence in said] == ["slope_residual, line 1"]


def test_an_assignment_of_several_notebooks_asks_which(plain_course):
    with pytest.raises(ValueError, match=r"--notebook: there are classes.ipynb, functions.ipynb, numbers.ipynb"):
        load_assignment(plain_course, "ps")


def nbgraders_score(last, points):
    """Return what nbgrader makes of a last line's value, as IPython shows it."""
    if last.endswith(";"):
        return points
    shown = repr(eval(last, {"np": np, "square": lambda x: x * x}))
    try:
        return get_partial_grade({"data": {"text/plain": shown}}, points)
    except ValueError:
        return "gives up"
