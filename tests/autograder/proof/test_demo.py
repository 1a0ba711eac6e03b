"""The demo on small chapters: everything as expected, one class in all of them, and a wrong mark is an error."""

import json
import shutil

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author import demo

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def two_chapters(make_course):
    root = make_course()
    shutil.copytree(root / "solutions" / "07_centre", root / "solutions" / "08_again")
    return root


def run(course, *options):
    arguments = ["demo", "--solutions", course / "solutions", "--course", course / "course", "--out", course / "build"]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(argument) for argument in [*arguments, *options]])


def test_the_demo_proves_grades_and_finds_every_mark_as_expected(course):
    result = run(course, "--students", "13", "--variants", "1")
    assert result.exit_code == 0, result.output
    folder = course / "build" / "demo"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert len(results["submissions"]) == 13
    assert len(list((folder / "feedback").iterdir())) == 13
    for words in ("proven", "07_centre: marks", "misconceptions found", "of 13 students are as expected", "make lab"):
        assert words in result.output


def test_one_class_goes_through_all_chapters_into_one_gradebook(two_chapters):
    result = run(two_chapters, "--students", "4")
    assert result.exit_code == 0, result.output
    folder = two_chapters / "build" / "demo"
    first, second = (
        json.loads((folder / "classes" / name / "expected.json").read_text(encoding="utf-8"))["students"]
        for name in ("07_centre", "08_again")
    )
    assert {id: student["name"] for id, student in first.items()} == {
        id: student["name"] for id, student in second.items()
    }
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert {one.name for one in gradebook.assignments} == {"07_centre", "08_again"}
        totals = {student.id: student.score for student in gradebook.students}
    assert totals == {id: first[id]["score"] + second[id]["score"] for id in first}
    marks = sum(len(student["cells"]) for student in [*first.values(), *second.values()])
    for words in (
        "07_centre: marks",
        "08_again: proven, 5 of 5 mistakes caught",
        f"all 2 chapters are proven, all {marks} marks of 4 students",
    ):
        assert words in result.output
    assert "08_again: marks" not in result.output


def test_a_wrong_mark_and_a_chapter_that_is_not_proven_are_errors_and_are_shown(two_chapters, monkeypatch):
    mistakes = two_chapters / "solutions" / "08_again" / "mistakes.py"
    text = mistakes.read_text(encoding="utf-8")
    mistakes.write_text(text.replace("self.total = amount\n", "self.total += amount\n"), encoding="utf-8")
    grade = demo.grade_class

    def grade_wrongly(*args, **options):
        result = grade(*args, **options)
        if options["assignment"] == "08_again":
            result.submissions[0].score += 1
        return result

    monkeypatch.setattr(demo, "grade_class", grade_wrongly)
    result = run(two_chapters, "--students", "2")
    assert result.exit_code == 1
    for words in (
        "08_again: the tests, tested",
        "not as expected 08_again: ",
        "1 not as expected; not proven: 08_again",
    ):
        assert words in result.output


def test_an_unknown_chapter_is_wrong_use(course):
    result = run(course, "99_none")
    assert result.exit_code == 2
    assert "07_centre" in result.output


def test_a_folder_that_the_demo_did_not_write_is_left_alone(course, tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "thesis.txt").write_text("mine", encoding="utf-8")
    result = run(course, "--out", str(tmp_path))
    assert result.exit_code == 2
    assert "none of demo's" in result.output
    assert (tmp_path / "demo" / "thesis.txt").read_text(encoding="utf-8") == "mine"
