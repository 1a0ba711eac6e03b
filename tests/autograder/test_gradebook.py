"""nbgrader itself reads what is recorded: its gradebook, its formgrader's API, its feedback and its export."""

import copy
import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.exam.assemble import assemble
from autograder.exam.notebook import read_notebook
from autograder.results.gradebook import Gradebook, GradebookError, Record, parsed_timestamp
from autograder.results.nbgrader_rows import rows_of
from autograder.results.notebook import autograded
from autograder.verdicts import FAILED, GRADED, PASSED, REJECTED, UNGRADED, CellResult, SubmissionResult

STAMP = "2024-10-01 12:00:00.000000 UTC"


@pytest.fixture
def course(tmp_path, empty_gradebook):
    shutil.copy(empty_gradebook, tmp_path)
    return tmp_path


def verdicts(double=PASSED, square=PASSED):
    """Return the three tests' results as the examiner gives them."""
    cells = [("double-test-1", "double", 1.0, double), ("double-hidden-1", "double", 2.0, double)]
    cells += [("square-hidden-1", "square", 3.0, square)]
    return [
        CellResult(grade_id, name, points, points * (verdict == PASSED), verdict, "" if verdict == PASSED else "Seen.")
        for grade_id, name, points, verdict in cells
    ]


def record_of(assignment, notebook, student="ada", timestamp=STAMP, cells=None, outputs=()):
    cells = verdicts() if cells is None else cells
    assembled = assemble(assignment, read_notebook(json.dumps(notebook).encode()))
    shown = [list(outputs) if cell.kind == "solution" else [] for cell in assembled.cells]
    score = sum(cell.score for cell in cells)
    result = SubmissionResult(student, GRADED, None, score, 6.0, 0.1, 50.0, cells)
    return Record(result, timestamp, autograded(assembled, shown, cells), assembled.problems)


def submit(root, student, notebook, timestamp=STAMP):
    folder = root / "submitted" / student / "01_mini"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "exercises.ipynb").write_text(json.dumps(notebook))
    (folder / "timestamp.txt").write_text(timestamp)


def reader(root):
    """Return nbgrader's own view of the course."""
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "mini"
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def grades(root, student="ada"):
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        notebook = book.find_submission_notebook("exercises", "01_mini", student)
        return {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade) for grade in notebook.grades
        }


def mark_by_hand(root, grade_id, score, student="ada"):
    """Give a score as formgrader does."""
    with api.Gradebook(f"sqlite:///{root}/gradebook.db") as book:
        grade = book.find_grade(grade_id, "exercises", "01_mini", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        book.db.commit()


def test_the_rows_of_an_assignment_are_nbgraders_own(course, assignment):
    source = course / "source" / "01_mini"
    source.mkdir(parents=True)
    foreign = copy.deepcopy(assignment.notebook)
    rubric = next(cell for cell in foreign["cells"] if "MARK SCHEME" in cell["source"])
    rubric["source"] = "Why?"
    (source / "exercises.ipynb").write_text(json.dumps(foreign))
    assert reader(course).generate_assignment("01_mini")["success"]
    object.__setattr__(assignment, "notebook", foreign)
    object.__setattr__(assignment, "foreign", True)
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        notebook = book.find_notebook("exercises", "01_mini")
        for kind, ours in rows_of(assignment).items():
            theirs = {
                row.name: {column: getattr(row, column) for column in ours.get(row.name, {})}
                for row in book.db.query(kind).filter(kind.notebook_id == notebook.id)
            }
            assert theirs == ours


def test_formgraders_api_sees_a_graded_submission(course, assignment, solved):
    submit(course, "ada", solved)
    with Gradebook(course, assignment, course_id="mini") as book:
        book.write([record_of(assignment, solved)])
    (seen,) = reader(course).get_submissions("01_mini")
    assert seen["autograded"]
    assert (seen["score"], seen["max_score"], seen["code_score"]) == (6.0, 8.0, 6.0)
    assert seen["needs_manual_grade"]  # the written answer


@pytest.mark.slow
def test_a_new_gradebook_needs_no_program_on_the_path(tmp_path, assignment, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with Gradebook(tmp_path, assignment):
        assert (tmp_path / "gradebook.db").exists()


def test_a_newer_submission_counts_as_not_graded(course, assignment, solved):
    submit(course, "ada", solved, timestamp="2024-10-02 12:00:00 UTC")
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved)])
    assert not reader(course).get_submissions("01_mini")[0]["autograded"]


def test_scores_stand_cell_by_cell(course, assignment, solved):
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved, cells=verdicts(double=FAILED, square=UNGRADED))])
    assert grades(course) == {
        "double-test-1": (0.0, None, False),
        "double-hidden-1": (0.0, None, False),
        "square-hidden-1": (None, None, True),  # our fault: a person has to look
        "why": (None, None, True),
    }


def test_an_untouched_written_answer_needs_nobody(course, assignment, released):
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, released)])
    assert grades(course)["why"] == (0.0, None, False)


def test_marks_by_hand_survive_a_regrade(course, assignment, solved):
    record = record_of(assignment, solved)
    with Gradebook(course, assignment) as book:
        book.write([record])
        mark_by_hand(course, "why", 1.5)
        mark_by_hand(course, "double-hidden-1", 0.5)
    with Gradebook(course, assignment) as book:
        book.write([record])
    assert grades(course)["why"] == (None, 1.5, False)  # nothing new to look at
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved, cells=verdicts(double=FAILED))])
    assert grades(course)["double-hidden-1"] == (0.0, 0.5, True)  # the tests say something else now
    assert grades(course)["why"] == (None, 1.5, False)


def test_a_rewritten_answer_behind_a_mark_by_hand_is_looked_at_again(course, assignment, solved):
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved)])
        mark_by_hand(course, "why", 1.5)
        solved["cells"][-1]["source"] = "Another reason."
        book.write([record_of(assignment, solved)])
    assert grades(course)["why"] == (None, 1.5, True)


def test_comments_by_hand_survive_and_ours_say_what_was_seen(course, assignment, solved):
    cells = verdicts(double=FAILED)
    cells[0].message, cells[0].hint = "double(2) gave <b>5</b>.", "Twice means x + x."
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved, cells=cells)])
        with api.Gradebook(f"sqlite:///{course}/gradebook.db") as nbgrader:
            comment = nbgrader.find_comment("double", "exercises", "01_mini", "ada")
            assert "Hint: Twice means x + x." in comment.comment
            assert "<b>" not in comment.comment
            comment.manual_comment = "Well tried."
            nbgrader.db.commit()
        book.write([record_of(assignment, solved)])
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as nbgrader:
        assert nbgrader.find_comment("double", "exercises", "01_mini", "ada").comment == "Well tried."


def test_a_rejected_resubmission_keeps_no_old_marks_but_those_by_hand(course, assignment, solved):
    submit(course, "ada", solved)
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved)])
        mark_by_hand(course, "why", 2.0)
        book.write([Record(SubmissionResult("ada", REJECTED, "The file is not JSON."))])
    assert grades(course)["double-test-1"] == (None, None, True)
    assert grades(course)["why"] == (None, 2.0, True)
    assert not reader(course).get_submissions("01_mini")[0]["autograded"]


def test_a_rejected_first_submission_makes_no_row(course, assignment):
    with Gradebook(course, assignment) as book:
        book.write([Record(SubmissionResult("eve", REJECTED, "No notebook."))])
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book, pytest.raises(api.MissingEntry):
        book.find_student("eve")


def test_a_batch_is_written_whole_or_not_at_all(course, assignment, solved):
    good, bad = record_of(assignment, solved), record_of(assignment, solved, student="bob")
    bad.result.cells[0].score = "three"
    with Gradebook(course, assignment) as book, pytest.raises(GradebookError):
        book.write([good, bad])
    with api.Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        assert book.students == []
    assert not (course / "autograded").exists()


def test_writing_again_changes_nothing(course, assignment, solved):
    record = record_of(assignment, solved)
    dumps = []
    for _ in range(2):
        with Gradebook(course, assignment) as book:
            book.write([record])
        with sqlite3.connect(course / "gradebook.db") as database:
            dumps.append(list(database.iterdump()))
    assert dumps[0] == dumps[1]


def test_cells_that_left_the_assignment_leave_the_gradebook(course, assignment, solved):
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved)])
    shorter = without_square(assignment)
    with Gradebook(course, shorter) as book:
        book.write([record_of(shorter, solved, cells=verdicts()[:2])])
    assert set(grades(course)) == {"double-test-1", "double-hidden-1", "why"}


def test_a_mark_by_hand_on_a_cell_that_left_is_not_dropped(course, assignment, solved):
    with Gradebook(course, assignment) as book:
        book.write([record_of(assignment, solved)])
    mark_by_hand(course, "square-hidden-1", 3.0)
    with pytest.raises(GradebookError, match="square-hidden-1"), Gradebook(course, without_square(assignment)):
        pass
    assert grades(course)["square-hidden-1"] == (3.0, 3.0, False)


def without_square(assignment):
    shorter = copy.deepcopy(assignment)
    kept = [index for index, cell in enumerate(assignment.cells) if cell.exercise != "square"]
    shorter.notebook["cells"] = [assignment.notebook["cells"][index] for index in kept]
    object.__setattr__(shorter, "cells", tuple(assignment.cells[index] for index in kept))
    return shorter


@pytest.mark.slow
def test_a_locked_gradebook_is_said_and_left_alone(course, assignment, solved):
    with Gradebook(course, assignment) as book:
        other = sqlite3.connect(course / "gradebook.db")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError, match="locked"):
            book.write([record_of(assignment, solved)])
        other.rollback()
        other.close()
        book.write([record_of(assignment, solved)])
    assert grades(course)["double-test-1"] == (1.0, None, False)


def test_a_damaged_gradebook_is_said(tmp_path, assignment):
    (tmp_path / "gradebook.db").write_bytes(b"no database at all" * 100)
    with pytest.raises(GradebookError, match="not a database"), Gradebook(tmp_path, assignment):
        pass


@pytest.mark.parametrize("text", ["", "yesterday", "9999999-01-01", "\x00"])
def test_a_timestamp_that_is_no_time_is_none(text):
    assert parsed_timestamp(text) is None


def test_the_autograded_notebook_is_valid_and_inert(course, assignment, solved):
    solved["cells"][-1]["source"] = "<script>alert(1)</script> ![x](http://evil/x.png) ![y](attachment:gone.png)"
    solved["cells"][-1]["attachments"] = {"ok.png": {"image/png": "AAAA", "image/svg+xml": "<svg/>"}, "bad": [1]}
    html = {"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>x</script>"}}
    ansi = {"output_type": "stream", "name": "stdout", "text": "\x1b[31mred\x1b[0m \x07\u202ereversed"}
    record = record_of(assignment, solved, outputs=[html, ansi])
    with Gradebook(course, assignment) as book:
        book.write([record])
    notebook = nbformat.read(course / "autograded" / "ada" / "01_mini" / "exercises.ipynb", as_version=4)
    nbformat.validate(notebook)
    text = json.dumps(notebook, ensure_ascii=False)
    for live in ("<script", "![x]", "![y]", "\x1b", "\x07", "\u202e", "svg"):
        assert live not in text
    assert "red \ufffd\ufffdreversed" in text


def test_nbgrader_shows_the_hostile_answer_without_giving_up(course, assignment, solved):
    solved["cells"][-1]["source"] = "![y](attachment:gone.png) <img src=x onerror=alert(1)> [a](javascript:alert(1))"
    submit(course, "ada", solved)
    with Gradebook(course, assignment, course_id="mini") as book:
        book.write([record_of(assignment, solved)])
    answer = reader(course).generate_feedback("01_mini", "ada")
    assert answer["success"], answer.get("log")
    page = (course / "feedback" / "ada" / "01_mini" / "exercises.html").read_text()
    assert "<img src=x" not in page
    assert 'href="javascript:alert' not in page


@pytest.mark.slow
def test_nbgraders_export_and_list_take_the_course(course, assignment, solved):
    submit(course, "ada", solved)
    with Gradebook(course, assignment, course_id="mini") as book:
        book.write([record_of(assignment, solved, cells=verdicts(double=FAILED))])
    (course / "exchange").mkdir(mode=0o777)
    (course / "exchange").chmod(0o777)

    def nbgrader(*arguments):
        program = Path(sys.executable).with_name("nbgrader")
        options = ["--course=mini", f"--Exchange.root={course / 'exchange'}"]
        done = subprocess.run([program, *arguments, *options], cwd=course, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    nbgrader("export")
    (row,) = (course / "grades.csv").read_text().splitlines()[1:]
    assert row.startswith("01_mini,,2024-10-01 12:00:00,ada")
    assert ",3.0,8.0" in row
    nbgrader("list")
