"""nbgrader's exchange, both ways: what students submit is graded, and each fetches the page about it, and no other."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.exchange.default import ExchangeFetchFeedback, ExchangeSubmit
from traitlets.config import Config

from autograder.classroom.groups import shared
from autograder.exam.intake import Submission, collect
from autograder.grade import grade_class

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x"}
TRIPLE = "def double(x):\n    return 3 * x"


class Student:
    """A student's own folder, and nbgrader's commands in it."""

    def __init__(self, name, exchange, home, monkeypatch):
        self.home, self.monkeypatch, self.config = home, monkeypatch, Config()
        self.config.Exchange.root, self.config.Exchange.assignment_dir = str(exchange), str(home)
        self.config.Exchange.cache = str(home / "cache")
        self.config.CourseDirectory.course_id, self.config.CourseDirectory.root = "mini", str(home)
        self.config.CourseDirectory.student_id, self.config.CourseDirectory.assignment_id = name, "01_mini"

    def submit(self, data):
        work = self.home / "01_mini"
        work.mkdir(parents=True, exist_ok=True)
        (work / "exercises.ipynb").write_bytes(data)
        self._run(ExchangeSubmit)

    def fetch_feedback(self):
        """Return the newest page that there is for this student; "" for none."""
        self._run(ExchangeFetchFeedback)
        pages = sorted(self.home.glob("01_mini/feedback/*/exercises.html"))
        return pages[-1].read_text(encoding="utf-8") if pages else ""

    def _run(self, step):
        self.monkeypatch.chdir(self.home)
        api = NbGraderAPI(config=self.config)
        step(coursedir=api.coursedir, authenticator=api.authenticator, config=self.config).start()


@pytest.fixture
def exchange(tmp_path, mini_course):
    """The exchange's folder; the course's configuration names it, as a hub's would."""
    root = tmp_path / "exchange"
    for folder in ("inbound", "outbound/01_mini", "feedback"):
        (root / "mini" / folder).mkdir(parents=True)
    root.chmod(0o777)
    (mini_course / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'mini'\nc.Exchange.root = {str(root)!r}\n"
    )
    return root


@pytest.fixture
def student(exchange, tmp_path, monkeypatch):
    """Return a function that makes a student with a folder of their own."""

    def make(name):
        (tmp_path / "home" / name).mkdir(parents=True)
        return Student(name, exchange, tmp_path / "home" / name, monkeypatch)

    return make


def nbgrader(out, *arguments):
    program = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run([program, *arguments], cwd=out, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.sandbox
@pytest.mark.slow
def test_every_student_fetches_the_page_about_what_counts_and_no_other(
    mini_course, exchange, student, answered, out, tmp_path
):
    ada, bob, eve = student("ada"), student("bob"), student("eve")
    bob.submit(answered(**RIGHT | {"double": TRIPLE}))
    ada.submit(answered())
    ada.submit(answered(**RIGHT))
    eve.submit(b"no notebook")
    grade_class(exchange / "mini" / "inbound", mini_course, out, jobs=1)
    nbgrader(out, "release_feedback", "01_mini")
    assert "6 of 6" in ada.fetch_feedback()
    assert "Twice means x + x." in bob.fetch_feedback()
    assert "not JSON" in eve.fetch_feedback()  # rejected; the page says why
    assert "submission_secret" not in bob.fetch_feedback()

    nbgrader(out, "generate_feedback", "01_mini", "--force")
    nbgrader(out, "release_feedback", "01_mini")
    assert "Score: 3.0" in bob.fetch_feedback()  # nbgrader's own page, with what a person gave


def test_the_secret_comes_with_the_submission_and_is_no_file_of_the_students(exchange, student, answered):
    student("ada").submit(answered(**RIGHT))
    (one,) = collect(exchange / "mini" / "inbound", "01_mini").submissions
    (folder,) = (exchange / "mini" / "inbound").iterdir()
    assert one.secret == (folder / "submission_secret.txt").read_text()
    assert one.notes == ()


@pytest.mark.sandbox
@pytest.mark.slow
def test_of_the_best_of_several_the_page_is_released(mini_course, exchange, student, answered, out):
    ada = student("ada")
    ada.submit(answered(**RIGHT))
    inbound = exchange / "mini" / "inbound"
    grade_class(inbound, mini_course, out, jobs=1, policy="best")
    ada.submit(answered())
    grade_class(inbound, mini_course, out, jobs=1)
    secret = out / "feedback" / "ada" / "01_mini" / "submission_secret.txt"
    kept = {(folder / "submission_secret.txt").read_text() for folder in inbound.iterdir()}
    assert secret.read_text() in kept
    nbgrader(out, "release_feedback", "01_mini")
    assert "6 of 6" in ada.fetch_feedback()


def test_of_a_group_who_handed_in_fetches_the_page_and_no_page_replaces_another():
    one = Submission("ada", b"{}", secret="made up by nbgrader")
    (ada, bob), _ = shared([one], {"red": ["ada", "bob"]})
    assert ada.secret == one.secret
    assert bob.secret not in ("", one.secret)  # without one, `nbgrader release_feedback` would stop
