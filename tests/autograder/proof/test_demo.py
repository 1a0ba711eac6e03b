"""The demo on a small chapter: everything as expected, and a wrong mark is an error."""

import json

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author import demo

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def run(course, *options):
    arguments = ["demo", "--solutions", course / "solutions", "--course", course / "course", "--out", course / "build"]
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [str(argument) for argument in [*arguments, *options]])


def test_the_demo_proves_grades_and_finds_every_mark_as_expected(course):
    result = run(course, "--students", "13", "--variants", "1")
    assert result.exit_code == 0, result.output
    folder = course / "build" / "demo" / "07_centre"
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert len(results["submissions"]) == 13
    assert len(list((folder / "feedback").iterdir())) == 13
    for words in ("proven", "07_centre: marks", "misconceptions found", "of 13 students are as expected", "make lab"):
        assert words in result.output


def test_a_mark_that_is_not_as_expected_is_an_error(course, monkeypatch):
    grade = demo.grade_class

    def grade_wrongly(*args, **options):
        result = grade(*args, **options)
        result.submissions[0].score += 1
        return result

    monkeypatch.setattr(demo, "grade_class", grade_wrongly)
    result = run(course, "--students", "2", "--variants", "1")
    assert result.exit_code == 1
    assert "not as expected" in result.output


def test_an_unknown_chapter_is_wrong_use(course):
    result = run(course, "99_none")
    assert result.exit_code == 2
    assert "07_centre" in result.output
