"""nbgrader's formgrader in a real JupyterLab in a real browser goes on from what `grade` wrote."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader import api

from autograder.grade import grade_class

pytestmark = [pytest.mark.browser, pytest.mark.sandbox, pytest.mark.slow]

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x"}
MATHJAX = """window.MathJax = {Hub: {
  Config() {}, Configured() {}, Queue() {}, Startup: {signal: {Interest(listen) { listen("End"); }}},
}};"""  # formgrader fetches the real one from a CDN, and does nothing without it
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

    hand_in("bob", RIGHT | {"why": HOSTILE})
    grade_class(graded, mini_course, out, jobs=1)
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        grades = {grade.name: grade for grade in book.find_submission_notebook("exercises", "01_mini", "bob").grades}
        assert grades["why"].manual_score == 1.5
        assert not grades["why"].needs_manual_grade
        assert sum(grade.score for grade in grades.values()) == 7.5


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
