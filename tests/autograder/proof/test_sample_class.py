"""Sample classes: the same seed, the same bytes; every kind of submission; marks that the examiner then gives."""

import copy
import json

import nbformat
import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author import portraits
from autograder.author.cases import released_notebook
from autograder.author.sample_class import BLANK, SampleClass, differences, make_class
from autograder.exam.engine import grade
from autograder.exam.intake import collect
from autograder.exam.known import REFERENCE, Table, solution_cells, with_answers
from autograder.exam.sandbox import Sandbox

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
STUDENTS = 14


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def table(assignment, sandbox, cache):
    return Table.load_or_make(assignment, sandbox, cache)


@pytest.fixture(scope="module")
def students(assignment, table):
    return list(SampleClass(assignment, released_notebook(assignment), table, seed=3).draw(STUDENTS))


@pytest.fixture(scope="module")
def written(assignment, table, tmp_path_factory):
    """A class on disk: (its folder, what is expected of it)."""
    out = tmp_path_factory.mktemp("class")
    return out, make_class(assignment, table, out, STUDENTS, 3)


@pytest.fixture(scope="module")
def results(assignment, table, sandbox, written):
    """The class as the examiner grades it, in the form of results.json."""
    submissions = collect(written[0] / "submitted", assignment.name).submissions
    graded = [grade(one.notebook, assignment, one.student, sandbox, table).result for one in submissions]
    return json.loads(json.dumps({"submissions": [result.as_dict() for result in graded]}))


def test_the_examiner_gives_every_expected_mark_and_hint(written, results):
    assert differences(written[1], results) == []


def test_every_kind_of_submission_occurs(students):
    assert {student.kind for student in students} == set(portraits.KINDS)


def test_the_same_seed_makes_the_same_class(assignment, table, students):
    again = list(SampleClass(assignment, released_notebook(assignment), table, seed=3).draw(STUDENTS))
    other = list(SampleClass(assignment, released_notebook(assignment), table, seed=4).draw(STUDENTS))
    assert again == students
    assert [student.id for student in other] != [student.id for student in students]


def test_ids_are_unique_and_safe_in_a_large_class(assignment, table):
    students = list(SampleClass(assignment, released_notebook(assignment), table, seed=1).draw(400))
    ids = [student.id for student in students]
    assert len(set(ids)) == 400
    assert all(one.isascii() and one.isalnum() and one == one.lower() for one in ids)


def test_a_class_shows_every_known_answer(assignment, table):
    students = list(SampleClass(assignment, released_notebook(assignment), table, seed=1).draw(60))
    shown = {item for student in students for item in student.answers.items()}
    assert shown >= {(answer.exercise, answer.id) for answer in assignment.answers}


def test_right_and_blank_submissions_have_all_and_no_marks(written, assignment):
    by_kind = {student["kind"]: student for student in written[1]["students"].values()}
    assert by_kind["right"]["score"] == sum(cell.points for cell in assignment.cells)
    assert by_kind["blank"]["score"] == 0
    assert set(by_kind["blank"]["answers"].values()) == {BLANK}


def test_what_builds_on_a_wrong_answer_is_left_blank(students):
    for student in students:
        if student.answers["centre"] != REFERENCE:
            assert student.answers["spread"] == BLANK


def test_a_blank_submission_is_the_released_notebook(students, assignment):
    blank = next(student for student in students if student.kind == "blank")
    assert json.loads(blank.notebook) == released_notebook(assignment)


def test_the_layout_is_nbgraders(written, assignment):
    out, expected = written
    for student in expected["students"]:
        files = {path.name for path in (out / "submitted" / student / assignment.name).iterdir()}
        assert files == {"exercises.ipynb", "timestamp.txt"}
    rows = (out / "students.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "id,first_name,last_name"
    assert {row.split(",")[0] for row in rows[1:]} == set(expected["students"])
    assert json.loads((out / "expected.json").read_text(encoding="utf-8")) == expected


def test_faulty_files_are_what_they_say(students):
    by_kind = {student.kind: student for student in students}
    assert json.loads(by_kind["old-format"].notebook)["nbformat"] == 3
    with pytest.raises(json.JSONDecodeError):
        json.loads(by_kind["no-notebook"].notebook)
    assert len(solution_cells(json.loads(by_kind["missing-cell"].notebook))) == 2
    added = [cell for cell in json.loads(by_kind["exit-in-cell"].notebook)["cells"] if "os._exit" in cell["source"]]
    assert len(added) == 1
    broken = by_kind["syntax-error"]
    exercise = next(name for name, answer in broken.answers.items() if answer == "syntax-error")
    with pytest.raises(SyntaxError):
        compile(solution_cells(json.loads(broken.notebook))[exercise]["source"], "answer", "exec")


def test_sound_notebooks_are_valid(students):
    for student in students:
        if student.kind not in ("no-notebook", "old-format"):
            nbformat.validate(json.loads(student.notebook))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one["cells"][0].update(score=99.0), "99"),
        (lambda one: one.update(score=99.0), "score 99 instead of"),
        (lambda one: one.update(status="failed", reason="no"), "status failed (no) instead of graded"),
        (lambda one: one["cells"].pop(), "no verdict instead of"),
        (lambda one: one["cells"].append({**one["cells"][0], "grade_id": "new", "score": 1.0}), "no such cell"),
    ],
)
def test_a_difference_is_found(written, results, change, words):
    results = copy.deepcopy(results)
    change(next(one for one in results["submissions"] if one["status"] == "graded"))
    assert any(words in sentence for sentence in differences(written[1], results))


def test_a_wrong_hint_is_found(written, results):
    results = copy.deepcopy(results)
    for submission in results["submissions"]:
        for cell in submission["cells"]:
            cell["mistake"] = "another" if cell["mistake"] else None
    assert any("diagnosed as another instead of" in sentence for sentence in differences(written[1], results))


def test_a_missing_doubled_or_strange_submission_is_found(written, results):
    results = copy.deepcopy(results)
    gone = results["submissions"].pop(0)["student"]
    results["submissions"] += [results["submissions"][0], {**results["submissions"][1], "student": "stranger"}]
    found = differences(written[1], results)
    assert f"{gone}: not graded" in found
    assert "stranger: graded, but not in the class" in found
    assert any("graded 2 times" in sentence for sentence in found)


def test_an_answer_for_no_exercise_is_refused(assignment):
    with pytest.raises(ValueError, match="has no solution cell 'median'; it has centre, spread, counter"):
        with_answers(released_notebook(assignment), {"median": "x = 1"})


def test_the_command_writes_a_class(course, cache, tmp_path):
    arguments = ["sample-class", "07_centre", "--students", "3", "--seed", "5", "--out", tmp_path / "class"]
    arguments += ["--course", course / "build" / "nbgrader", "--cache", cache]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    expected = json.loads((tmp_path / "class" / "expected.json").read_text(encoding="utf-8"))
    assert len(expected["students"]) == len(list((tmp_path / "class" / "submitted").iterdir())) == 3
