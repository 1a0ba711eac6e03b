"""A real JupyterHub with three Unix users: students fetch and submit, an instructor grades, feedback comes back."""

import csv
import importlib.util
import io
import json
import shlex
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.author.stubs import without_markers
from autograder.course import load_assignment
from autograder.exam.known import with_answers

pytestmark = [pytest.mark.hub, pytest.mark.sandbox, pytest.mark.exhaustive, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
CHAPTER, MISTAKE = "01_graphs", ("numerical-gradient", "one-sided")
ADA, BOB, GRACE = "plainnet-ada", "plainnet-bob", "plainnet-grace"
PYTHON = Path(sys.executable)
GRADE = f"cd {shlex.quote(str(ROOT))} && {PYTHON} -m autograder grade"
COURSE = "--course ~/build/nbgrader --cache ~/known --jobs 1"


def local_hub():
    """Return the module beside this one."""
    spec = importlib.util.spec_from_file_location("local_hub", Path(__file__).with_name("local_hub.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def hub(hub_place):
    """The hub; its folder is not pytest's, which nobody but root may enter."""
    work = Path(tempfile.mkdtemp(prefix="plainnet-hub-"))
    work.chmod(0o755)
    try:
        with local_hub().LocalHub(hub_place, work, [ADA, BOB], [GRACE], "plainnet") as hub:
            yield hub
    finally:
        shutil.rmtree(work)


@pytest.fixture(scope="module")
def term(hub):
    """What happened: released, fetched, submitted (ada twice, bob once and once in ada's name), graded."""
    grace = hub.log_in(GRACE)
    grace.run(f"cd {shlex.quote(str(ROOT))} && {PYTHON} -m autograder build {CHAPTER} --course ~/course --out ~/build")
    grace.run(nbgrader("~/build/nbgrader", "generate_assignment", CHAPTER))
    grace.run(nbgrader("~/build/nbgrader", "release_assignment", CHAPTER))

    assignment = load_assignment(grace.home / "build" / "nbgrader", CHAPTER)
    right = {cell.exercise: without_markers(cell.source) for cell in assignment.cells if cell.kind == "solution"}
    wrong = next(one for one in assignment.answers if (one.exercise, one.id) == MISTAKE)
    ada, bob = hub.log_in(ADA), hub.log_in(BOB)
    for student in (ada, bob):
        assert [one["status"] for one in student.assignments()] == ["released"]
        student.assignments("fetch", CHAPTER)
    ada.assignments("submit", CHAPTER)  # nothing done yet
    for student, answers in ((ada, right | {wrong.exercise: wrong.source}), (bob, right)):
        notebook = student.open(f"{CHAPTER}/exercises.ipynb")
        student.save(f"{CHAPTER}/exercises.ipynb", with_answers(notebook, answers))
        student.assignments("submit", CHAPTER)
    forged = hub.exchange / "plainnet" / "inbound" / f"{ADA}+{CHAPTER}+2099-01-01 00:00:00.000000 UTC+x"
    bob.run(f"cp -r ~/{CHAPTER} {shlex.quote(str(forged))}")
    said = grace.run(f"{GRADE} {hub.exchange}/plainnet/inbound {COURSE} --out ~/graded")
    return SimpleNamespace(grace=grace, ada=ada, bob=bob, said=said, assignment=assignment)


def nbgrader(folder, *arguments):
    return f"cd {folder} && {PYTHON.with_name('nbgrader')} {shlex.join(arguments)}"


def results_of(folder):
    """Return what `grade` wrote: student -> result."""
    return {one["student"]: one for one in json.loads((folder / "results.json").read_text())["submissions"]}


def newest_feedback(student):
    """Return the page of the newest submission, after fetching as the assignment list does."""
    student.assignments("fetch_feedback", CHAPTER)
    folders = sorted(one["path"] for one in student.open(f"{CHAPTER}/feedback"))
    return student.open(f"{folders[-1]}/exercises.html")


def test_what_students_submit_on_the_hub_is_graded_by_their_instructor(term):
    results = results_of(term.grace.home / "graded")
    total = sum(cell.points for cell in term.assignment.cells if cell.kind in ("test", "hidden"))
    assert sorted(results) == [ADA, BOB]
    assert results[BOB]["score"] == total
    lost = [cell for cell in results[ADA]["cells"] if cell["score"] < cell["points"]]
    assert {cell["exercise"] for cell in lost} == {MISTAKE[0]}
    assert {cell["mistake"] for cell in lost} == {MISTAKE[1]}
    assert results[ADA]["score"] == total - sum(cell["points"] for cell in lost)


def test_a_folder_in_anothers_name_is_listed_and_not_taken(term):
    assert f"it belongs to the user {BOB}" in " ".join(term.said.split())


def test_nobody_reaches_anothers_server_or_home_or_list_of_submissions(term, hub):
    term.ada.ask("GET", "/api/contents", of=BOB, ok=(403,))
    term.ada.ask("GET", "/api/contents", of=GRACE, ok=(403,))
    term.ada.run(f"ls {term.grace.home}", code=2)
    term.ada.run(f"ls {hub.exchange}/plainnet/inbound", code=2)
    term.ada.run(f"ls {hub.exchange}/plainnet/feedback", code=2)


def test_feedback_is_released_and_each_student_fetches_their_own(term):
    term.grace.run(nbgrader("~/graded", "release_feedback", CHAPTER))
    hint = next(one.hint for one in term.assignment.answers if (one.exercise, one.id) == MISTAKE)
    page = newest_feedback(term.ada)
    assert hint.split("`")[0] in page
    assert "You handed in 2 times" in page
    assert hint.split("`")[0] not in newest_feedback(term.bob)


def test_what_nbgrader_collects_gets_the_same_marks(term):
    term.grace.run(nbgrader("~/build/nbgrader", "collect", CHAPTER))
    collected = term.grace.home / "build" / "nbgrader" / "submitted"
    term.grace.run(f"{GRADE} ~/build/nbgrader/submitted {COURSE} --student {BOB} --out ~/collected")
    assert (collected / BOB / CHAPTER / "submission_secret.txt").exists()
    assert (
        results_of(term.grace.home / "collected")[BOB]["score"] == results_of(term.grace.home / "graded")[BOB]["score"]
    )


def test_formgrader_on_the_hub_takes_a_mark_and_the_student_fetches_it(term, hub):
    config = 'c = get_config()\nload_subconfig("nbgrader_config.py", path="graded")\n'
    term.grace.run(f"printf {shlex.quote(config)} > ~/nbgrader_config.py")
    hub.log_out(GRACE)
    grace = hub.log_in(GRACE)
    (row,) = [one for one in grace.ask("GET", f"/formgrader/api/submissions/{CHAPTER}") if one["student"] == ADA]
    assert row["autograded"]
    (notebook,) = grace.ask("GET", f"/formgrader/api/student_notebook_submissions/{ADA}/{CHAPTER}")
    grades = grace.ask("GET", f"/formgrader/api/grades?submission_id={notebook['id']}")
    (written,) = [one for one in grades if one["name"] == "why-order"]
    grace.ask("PUT", f"/formgrader/api/grade/{written['id']}", {**written, "manual_score": 1.5})
    grace.run(nbgrader("~/graded", "generate_feedback", CHAPTER, "--force"))
    grace.run(nbgrader("~/graded", "release_feedback", CHAPTER))
    page = newest_feedback(term.ada)
    total = results_of(grace.home / "graded")[ADA]["score"] + 1.5
    assert f"Score: {total}" in page
    grace.run(nbgrader("~/graded", "export"))
    rows = csv.DictReader(io.StringIO((grace.home / "graded" / "grades.csv").read_text()))
    assert {row["student_id"]: float(row["score"]) for row in rows}[ADA] == total
