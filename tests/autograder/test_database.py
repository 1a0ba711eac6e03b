"""`grade --db`: nbgrader's gradebook on a server, and what is said where that can't be."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from nbgrader import api
from typer.testing import CliRunner

from autograder.grade import command, grade_class
from autograder.plan import Plan
from autograder.regrade import APPLY, COMPARE
from autograder.results.gradebook import Gradebook, GradebookError
from autograder.results.nbgrader_config import gradebook_settings, without_password, write_config

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
TRIPLE = "def double(x):\n    return 3 * x"


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.postgres
def test_a_class_is_graded_into_postgresql_and_nbgrader_goes_on_from_there(mini_course, hand_in, tmp_path, postgres):
    out = tmp_path / "out"
    hand_in("ada", RIGHT)
    hand_in("eve", b"no notebook")
    submitted = hand_in("bob", RIGHT | {"double": TRIPLE})
    grade_class(submitted, mini_course, out, jobs=1, db_url=postgres)
    with api.Gradebook(postgres) as book:
        assert {one.student_id: one.score for one in book.assignment_submissions("01_mini")} == {"ada": 6.0, "bob": 3.0}
        book.find_grade("why", "exercises", "01_mini", "bob").manual_score = 1.5
        book.db.commit()
    assert not (out / "gradebook.db").exists()

    hand_in("bob", RIGHT)  # the folder remembers its database
    assert grade_class(submitted, mini_course, out, jobs=1).known == 2
    nbgrader("export", out=out)
    with open(out / "grades.csv", newline="") as stream:
        assert {row["student_id"]: row["score"] for row in csv.DictReader(stream)} == {"ada": "6.0", "bob": "7.5"}
    nbgrader("autograde", "01_mini", "--student", "bob", "--force", out=out)
    nbgrader("generate_feedback", "01_mini", "--student", "bob", "--force", out=out)

    master = mini_course / "source" / "01_mini" / "exercises.ipynb"
    master.write_text(master.read_text().replace("should be 4.", "should be four."))
    compared = grade_class(submitted, mini_course, out, jobs=1, changed=COMPARE).comparison
    assert compared.by_hand == {("bob", "why"): 1.5}
    grade_class(submitted, mini_course, out, jobs=1, changed=APPLY)
    with api.Gradebook(postgres) as book:
        assert {one.student_id: one.score for one in book.assignment_submissions("01_mini")} == {"ada": 6.0, "bob": 7.5}


def nbgrader(*arguments, out):
    program = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run([program, *arguments], cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.postgres
def test_a_server_that_is_not_there_is_said(tmp_path, assignment):
    away = f"postgresql://ada:secret@/grades?host={tmp_path}"
    with pytest.raises(GradebookError, match="server") as caught, Gradebook(tmp_path, assignment, db_url=away):
        pass
    assert "secret" not in str(caught.value)


def test_a_driver_that_is_not_there_is_named(tmp_path, assignment):
    with (
        pytest.raises(GradebookError, match="needs the Python package MySQLdb"),
        Gradebook(tmp_path, assignment, db_url="mysql://ada@host/grades"),
    ):
        pass


def test_a_results_folder_goes_to_one_database(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.db_url = 'sqlite:////a.db'\n")
    assert gradebook_settings(tmp_path, tmp_path)["db_url"] == "sqlite:////a.db"
    assert gradebook_settings(tmp_path, tmp_path, "sqlite:////./a.db")["db_url"] == "sqlite:////a.db"
    with pytest.raises(ValueError, match="leave --db out"):
        gradebook_settings(tmp_path, tmp_path, "postgresql://ada:secret@host/grades")


def test_the_gradebook_in_the_folder_needs_no_mention(tmp_path):
    assert gradebook_settings(tmp_path, tmp_path, f"sqlite:///{tmp_path}/gradebook.db") == {}


def test_a_password_is_never_shown():
    assert without_password("postgresql://ada:secret@host/grades") == "postgresql://ada:***@host/grades"


def test_what_is_no_url_is_wrong_use(mini_course, hand_in, tmp_path):
    app = typer.Typer()
    app.command()(command)
    arguments = [hand_in("ada", RIGHT), "--course", mini_course, "--out", tmp_path / "out", "--db", "my database"]
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 2
    assert "no URL of a database" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_a_config_with_a_password_is_for_its_owner_alone(mini_course, hand_in, out):
    url = "postgresql://ada:secret@host/grades"
    plan = Plan(hand_in("ada", RIGHT), mini_course, out, db_url=url)
    write_config(plan, out / "known")
    path = out / "nbgrader_config.py"
    assert path.stat().st_mode & 0o077 == 0
    assert json.dumps(url).strip('"') in path.read_text()
