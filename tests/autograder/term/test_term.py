"""A term with a class of sixty: released, practised, graded, marked, mended, exported, reported; one is forgotten.

The whole term runs once. Every mark is compared with what the student did (`the_class.py`).
"""

import json
import os
import re
import sys
from pathlib import Path

import pytest
import the_class
import the_course
from axe_playwright_python.sync_playwright import Axe
from the_course import LINES, LISTS, POINTS
from the_term import Term, words_of

# the term is set up once, in two minutes
pytestmark = [pytest.mark.slow, pytest.mark.sandbox, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def term(tmp_path_factory, empty_gradebook):
    """The term, up to the reports."""
    with pytest.MonkeyPatch.context() as patch:
        term = Term(tmp_path_factory.mktemp("term"), empty_gradebook.read_bytes())
        patch.chdir(term.root)
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)  # of alembic, which nbgrader starts
        term.release()
        term.practise()
        term.first_assignment()
        term.second_assignment()
        term.third_assignment()
        term.export()
        term.report()
        yield term


def reasons(assignment, marks, expected=lambda deed: deed.mark):
    """Return a sentence for each student whose mark is not what the deed has to earn."""
    found = []
    for deed in the_class.DEEDS[assignment]:
        have, want = marks.get(deed.student), expected(deed)
        if have != want:
            found.append(f"{deed.student} {deed.did}: {have} instead of {want} ({deed.why})")
    return found


def test_what_is_released_has_no_hidden_test_and_no_solution(term):
    for name in the_course.NAMES:
        text = json.dumps(term.released[name])
        for task in the_course.TASKS[name]:
            assert json.dumps(task.hidden)[1:-1] not in text
            assert task.right not in text
            assert "Two numbers." not in text
            assert task.head in text


def test_practice_names_the_misconception_counts_rounds_and_records_no_mark(term):
    hint = the_course.TASKS[LINES][0].hint
    assert hint in words_of(term.practised[0])
    assert "no round left today" not in term.said["practice 1"]  # the same file once more costs nothing
    assert "no round left today" not in term.said["practice 2"]
    assert f"{the_class.PRACTISED}: no round left today (2 a day)" in term.said["practice 3"]
    assert hint not in words_of(term.practised[2])
    assert term.practised[3] == term.practised[2]
    assert term.results_after_practice == ["gradebook.db", "practice"]


@pytest.mark.parametrize("assignment", the_course.NAMES)
def test_every_mark_has_its_cause(term, assignment):
    assert reasons(assignment, term.marks(assignment)) == []


def test_until_a_person_has_read_it_a_written_answer_has_no_mark(term):
    assert set(term.marks_before_a_person) == {"stu33"}  # who wrote nothing at all


def test_a_changed_test_is_refused_shown_and_applied(term):
    moved = [deed for deed in the_class.LINES if deed.before is not None]
    assert reasons(LINES, term.marks_before_the_change, lambda deed: deed.before or deed.mark) == []
    assert term.codes["changed"] == term.codes["diff"] == 4
    assert "--diff" in term.said["changed"]
    assert term.marks_after_the_diff == term.marks_before_the_change
    shown = {line.split(":")[0].strip() for line in term.said["diff"].splitlines() if " of 6 -> " in line}
    assert shown == {deed.student for deed in moved}
    assert f"{len(moved)} x at-hidden-1: passed -> failed" in term.said["diff"]
    assert (term.codes["apply"], term.codes["after"]) == (0, 0)
    log = [json.loads(line) for line in (term.out / "audit.jsonl").read_text().splitlines()]
    assert {line["student"] for line in log if line["command"] == "grade --apply" and "student" in line} >= shown


def test_marks_stand_in_canvass_gradebook_and_moodles_worksheet(term):
    for name, file, key, column, id_of in (
        (LINES, "canvas.csv", "ID", "01_lines (11)", the_class.canvas_id),
        (POINTS, "canvas.csv", "ID", "03_points (33)", the_class.canvas_id),
        (LISTS, "worksheet.csv", "Identifier", "Grade", lambda one: f"Participant {the_class.participant(one)}"),
    ):
        cells = term.column(file, key, column)
        marks = {one: float(cells[str(id_of(one))]) if cells[str(id_of(one))] else None for one in the_class.STUDENTS}
        assert reasons(name, marks) == []
        left_out = [deed.student for deed in the_class.DEEDS[name] if "picture" in deed.did]
        assert all(f"{student}: rejected" in term.said[f"marks {name}"] for student in left_out)


def test_the_page_for_staff_names_and_the_page_for_the_class_does_not(term):
    pages = {name: words_of(path.read_text(encoding="utf-8")) for name, path in term.pages().items()}
    assert set(pages) == {f"{name}-{kind}" for name in the_course.NAMES for kind in ("staff", "class", "slide")}
    for name, words in pages.items():
        assert bool(re.search(r"stu\d", words)) == name.endswith("-staff"), name
    hint = the_course.TASKS[LINES][0].hint
    assert all(hint in pages[f"{LINES}-{kind}"] for kind in ("staff", "class", "slide"))
    wrong = [deed.student for deed in the_class.LINES if "slope" in deed.wrong]
    assert all(student in pages[f"{LINES}-staff"] for student in wrong)
    graded = sum(deed.mark is not None for deed in the_class.LINES if deed.did != "does nothing")
    assert f"slope , {len(wrong)} of {graded}: {hint}" in pages[f"{LINES}-class"]
    for name, deeds in the_class.DEEDS.items():
        came = [deed for deed in deeds if deed.did != "does nothing"]
        graded = sum(deed.mark is not None for deed in came)
        assert f"{len(came)} submissions, {graded} of them graded" in pages[f"{name}-staff"]


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "media"), [("light", "screen"), ("dark", "screen"), ("dark", "print")])
def test_the_pages_can_be_read_light_dark_and_printed(term, browser, tmp_path, scheme, media):
    """In print the paper is white, whatever the screen was; axe-core looks at the contrast of every word."""
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 720}, bypass_csp=True)
    for name, path in sorted(term.pages().items()):
        page = context.new_page()
        page.emulate_media(media=media)
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{name} is wider than the screen"
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        is_light = sum(map(int, re.findall(r"\d+", ground)[:3])) > 3 * 128 or ground == "rgba(0, 0, 0, 0)"
        assert is_light == (scheme == "light" or media == "print"), f"{name}: {ground}"
        found = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
        assert not found, f"{name}: {[node['failureSummary'] for one in found for node in one['nodes']]}"
        page.screenshot(path=tmp_path / f"{name}-{scheme}-{media}.png", full_page=True)
        page.close()
    context.close()


def test_one_student_is_forgotten_and_nobody_elses_mark_changes(term):
    """The last one: it changes the term."""
    term.forget()
    left = [line for line in term.said["forget"].splitlines() if line.startswith("still has the id")]
    assert left == [f"still has the id: {term.root / 'worksheet.csv'}"]  # Moodle's words for a person are not the id
    assert term.codes["forget"] == 3
    for path in term.out.rglob("*"):
        assert the_class.FORGOTTEN not in path.name
        assert not path.is_file() or the_class.FORGOTTEN.encode() not in path.read_bytes(), path
    for name in the_course.NAMES:
        before = term.before_forgetting[name]
        before.pop(the_class.FORGOTTEN, None)
        assert term.marks(name) == before
