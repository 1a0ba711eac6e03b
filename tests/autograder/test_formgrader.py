"""nbgrader's formgrader in a real JupyterLab in a real browser goes on from what `grade` wrote."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader import api
from nbgrader.utils import parse_utc

from autograder.grade import grade_class

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.slow]

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x"}
MATHJAX = """window.MathJax = {Hub: {
  Config() {}, Configured() {}, Queue() {}, Startup: {signal: {Interest(listen) { listen("End"); }}},
}};"""  # formgrader fetches the real one from a CDN, and does nothing without it
LOOKS_AROUND = """import os, socket
def double(x):
    seen = [name for name in ("{}", "/etc/passwd") if os.path.exists(name)]
    try:
        socket.socket()
    except OSError:
        return x + x if not seen else None"""
HOSTILE = "<script>document.title = 'owned'</script> <img src=x onerror=\"document.title = 'owned'\"> and an answer"


@pytest.fixture
def lab(out, tmp_path, monkeypatch):
    """JupyterLab, started in the folder of the results."""
    path = Path(__file__).parents[1] / "demos" / "lab.py"
    spec = importlib.util.spec_from_file_location("lab", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.chdir(out)
    with module.Lab(out, tmp_path / "lab") as lab:
        yield lab


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(30_000)
    page.route("**/mathjax/**", lambda route: route.fulfill(content_type="text/javascript", body=MATHJAX))
    yield page
    page.close()


@pytest.fixture
def graded(mini_course, hand_in, out):
    """A class of three: one right, one wrong with a hostile answer, one file that is no notebook."""
    hand_in("ada", RIGHT)
    hand_in("bob", {"double": "def double(x):\n    return 3 * x", "why": HOSTILE})
    submitted = hand_in("eve", b"no notebook")
    grade_class(submitted, mini_course, out, jobs=1)
    return submitted


def test_formgrader_shows_our_results_and_takes_a_mark_that_survives_a_regrade(
    graded, mini_course, hand_in, out, lab, page
):
    page.goto(f"{lab.url}/formgrader/manage_submissions/01_mini")
    page.get_by_text("ada", exact=True).wait_for()
    rows = {row.split("\t")[1]: row for row in page.locator("tbody tr", has_text="UTC").all_inner_texts()}
    assert "graded" in rows["ada"]
    assert "6 / 8" in rows["ada"]
    assert "needs manual grading" in rows["bob"]
    assert "needs autograding" in rows["eve"]

    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        submission = book.find_submission_notebook("exercises", "01_mini", "bob").id
    page.goto(f"{lab.url}/formgrader/submissions/{submission}/")
    page.wait_for_load_state("networkidle")  # it fetches marks and comments once it is there
    assert page.title() != "owned"
    assert "Twice means x + x." in page.inner_text("body")
    with page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url and answer.request.method == "PUT"):
        page.fill("#why", "1.5")
        page.press("#why", "Tab")
    with page.expect_response(lambda answer: "/formgrader/api/grade/" in answer.url and answer.request.method == "PUT"):
        page.fill("#why_extra_credit", "0.5")
        page.press("#why_extra_credit", "Tab")
    with page.expect_response(
        lambda answer: "/formgrader/api/comment/" in answer.url and answer.request.method == "PUT"
    ):
        page.fill("#why-comment", "Well said.")
        page.press("#why-comment", "Tab")

    hand_in("bob", RIGHT | {"why": HOSTILE})
    grade_class(graded, mini_course, out, jobs=1)
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        grades = {grade.name: grade for grade in book.find_submission_notebook("exercises", "01_mini", "bob").grades}
        assert grades["why"].manual_score == 1.5
        assert not grades["why"].needs_manual_grade
        assert sum(grade.score for grade in grades.values()) == 8.0
        assert grades["why"].extra_credit == 0.5
        assert book.find_comment("why", "exercises", "01_mini", "bob").comment == "Well said."


def marks_of(out, student):
    """Return what nbgrader's gradebook holds of a student's tests, and the comments on the answers."""
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        notebook = book.find_submission_notebook("exercises", "01_mini", student)
        grades = {grade.name: (grade.auto_score, grade.manual_score) for grade in notebook.grades}
        return grades, {comment.name: comment.auto_comment for comment in notebook.comments}


def record_of(out, student):
    """Return a student's line of results.json, without what a clock or a scale measured."""
    lines = json.loads((out / "results.json").read_text())["submissions"]
    return {**next(one for one in lines if one["student"] == student), "seconds": None, "peak_mb": None}


def autograded(out, student):
    return nbformat.read(out / "autograded" / student / "01_mini" / "exercises.ipynb", as_version=4)


def by_grade(submitted, mini_course, folder):
    """Return where the same class is graded by `grade` alone."""
    grade_class(submitted, mini_course, folder, jobs=1)
    return folder


def test_the_autograde_button_grades_one_submission_as_grade_does(
    graded, mini_course, hand_in, out, empty_gradebook, tmp_path, lab, page
):
    untouched = marks_of(out, "ada")
    hand_in("bob", RIGHT | {"double": LOOKS_AROUND.format(out), "square": "def square(x):\n    return x + x"})
    page.goto(f"{lab.url}/formgrader/manage_submissions/01_mini")
    row = page.locator("tbody tr", has=page.get_by_text("bob", exact=True))
    row.wait_for()
    row.locator("td.autograde a").click()
    page.get_by_text("Successfully autograded").wait_for(timeout=120_000)
    page.get_by_role("button", name="OK").click()
    row.get_by_text("3 / 8").wait_for()
    page.locator(".modal-backdrop").wait_for(state="hidden")
    page.screenshot(path=tmp_path / "autograde.png")

    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(empty_gradebook, alone)
    by_grade(graded, mini_course, alone)
    assert marks_of(out, "bob") == marks_of(alone, "bob")
    assert marks_of(out, "bob")[0] == {
        "double-test-1": (1.0, None),
        "double-hidden-1": (2.0, None),  # it found no gradebook, no course and no network: it ran in the sandbox
        "square-hidden-1": (0.0, None),
        "why": (0.0, None),
    }
    assert record_of(out, "bob") == record_of(alone, "bob")
    assert autograded(out, "bob") == autograded(alone, "bob")
    pages = [folder / "feedback" / "bob" / "01_mini" / "exercises.html" for folder in (out, alone)]
    assert "2 times" in pages[0].read_text()
    assert marks_of(out, "ada") == untouched
    assert [one["student"] for one in json.loads((out / "results.json").read_text())["submissions"]] == [
        "ada",
        "bob",
        "eve",
    ]


def nbgrader(out, *arguments):
    program = Path(sys.executable).with_name("nbgrader")
    return subprocess.run([program, *arguments], cwd=out, capture_output=True, text=True, check=False)


def test_nbgrader_autograde_goes_the_same_way_and_leaves_marks_by_hand(graded, mini_course, hand_in, out):
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.find_grade("why", "exercises", "01_mini", "bob").manual_score = 1.5
        book.db.commit()
    hand_in("bob", RIGHT | {"double": LOOKS_AROUND.format(out), "why": HOSTILE})
    done = nbgrader(out, "autograde", "01_mini", "--student", "bob", "--force")
    assert done.returncode == 0, done.stderr
    assert marks_of(out, "bob")[0] == {
        "double-test-1": (1.0, None),
        "double-hidden-1": (2.0, None),
        "square-hidden-1": (3.0, None),
        "why": (None, 1.5),
    }
    assert "<script" not in json.dumps(autograded(out, "bob"))
    last = json.loads((out / "audit.jsonl").read_text().splitlines()[-1])
    assert (last["student"], last["command"], last["was"]["score"]) == ("bob", "grade --apply", 0.0)


def test_a_late_submission_has_the_penalty_that_nbgraders_plug_in_says_whoever_graded_it(mini_course, hand_in, out):
    (mini_course / "late_here.py").write_text(
        "from nbgrader.plugins import BasePlugin\n"
        "class PerDay(BasePlugin):\n"
        "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        "        return 2 * total_seconds_late // 86400\n"
    )
    (mini_course / "nbgrader_config.py").write_text(
        f"import sys\nsys.path.append({str(mini_course)!r})\n"
        "c = get_config()\nc.AssignLatePenalties.plugin_class = 'late_here.PerDay'\n"
    )
    hand_in("bob", {})
    submitted = hand_in("ada", RIGHT)
    (submitted / "bob" / "01_mini" / "timestamp.txt").write_text("2024-09-01 12:00:00 UTC")
    grade_class(submitted, mini_course, out, jobs=1)
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.find_assignment("01_mini").duedate = parse_utc("2024-09-30 12:00:00 UTC")
        book.db.commit()

    def penalties():
        with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
            found = [book.find_submission_notebook("exercises", "01_mini", student) for student in ("ada", "bob")]
            return [(one.score, one.late_submission_penalty) for one in found]

    grade_class(submitted, mini_course, out, jobs=1)
    assert penalties() == [(6.0, 2.0), (0.0, None)]
    (submitted / "ada" / "01_mini" / "timestamp.txt").write_text("2024-10-30 12:00:00 UTC")
    done = nbgrader(out, "autograde", "01_mini", "--force")
    assert done.returncode == 0, done.stderr
    by_nbgrader = penalties()
    assert by_nbgrader == [(6.0, 6.0), (0.0, None)]  # never more than the score
    grade_class(submitted, mini_course, out, jobs=1)
    assert penalties() == by_nbgrader


def test_nbgrader_autograde_says_why_a_submission_cannot_be_graded(graded, out):
    done = nbgrader(out, "autograde", "01_mini", "--student", "eve")
    assert done.returncode != 0
    (graded / "bob" / "01_mini" / "exercises.ipynb").write_text('{"cells": [], "metadata": {}, "nbformat": 9}')
    done = nbgrader(out, "autograde", "01_mini", "--student", "bob", "--force")
    assert done.returncode != 0
    assert "nbformat" in done.stderr or "format 9" in done.stderr
    assert marks_of(out, "ada")[0]["double-hidden-1"] == (2.0, None)


def test_nbgraders_own_feedback_gives_no_hidden_test_away(graded, mini_course, out):
    program = Path(sys.executable).with_name("nbgrader")
    done = subprocess.run(
        [program, "generate_feedback", "01_mini", "--force"], cwd=out, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    page = (out / "feedback" / "bob" / "01_mini" / "exercises.html").read_text()
    page = re.sub("<[^>]*>", "", page)  # every word of the code stands in a tag of its own
    assert "Twice means x + x." in page
    assert "for x in (0, 3, -1.5)" not in page
    assert "Because." not in page
