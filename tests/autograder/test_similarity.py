"""Copies stand out of a class, also renamed ones; honest classes, short answers and the author's text do not."""

import json
import re

import numpy as np
import pytest

from autograder.assignment import Assignment, Cell
from autograder.results.class_figures import class_figures
from autograder.results.report import NOT_COMPARED, staff_page
from autograder.results.similarity import FEWEST_ANSWERS, own_tokens, similar_submissions

GIVEN = 'def {0}(x, rng):\n    """Return what {0} asks."""\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION'
LINES = [
    "{0} = np.{5}({1})", "{0} = {1} {6} {2}", "for {3} in range({4}):\n        {0} = {1} {6} {3}",
    "{0} = [{3} {6} {4} for {3} in {1}]", "if {1} > {4}:\n        {0} = np.{5}({2})", "{0}, {1} = {1}, {2} {6} {4}",
    "{0} = np.{5}({1}, axis={4})", "assert {1} is not None", "while {1} < {4}:\n        {1} = {1} {6} {2}",
]  # fmt: skip


def answer(name, rng, lines=9):
    """Return an honest answer: a student's own choice of statements, names and functions."""
    body = []
    for _ in range(lines):
        names = rng.choice(list("abcdefgh"), 3).tolist() + [str(rng.choice(["i", "j", "k"])), str(rng.integers(2, 9))]
        names += [str(rng.choice(["exp", "log", "sum", "max", "mean", "sqrt"])), str(rng.choice(["+", "-", "*", "/"]))]
        body.append(str(rng.choice(LINES)).format(*names))
    return f'def {name}(x, rng):\n    """Return what {name} asks."""\n    ' + "\n    ".join(body) + "\n    return a"


def renamed(text):
    """Return a copy as people make them: other names, other comments."""
    for name in "abcdefgh":
        text = re.sub(rf"\b{name}\b", f"my_{name}2", text)
    return text.replace("\n    return", "  # mine\n\n    # now the result\n    return")


@pytest.fixture
def assignment():
    cells = [Cell("solution", GIVEN.format(name), name, name) for name in ("first", "second")]
    return Assignment("01_mini", tuple(cells))


@pytest.fixture
def compare(assignment, tmp_path):
    """Return a function that compares a class: student -> {exercise: text}."""

    def run(answers):
        for student, texts in answers.items():
            cells = [
                {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}}, "source": text}
                for name, text in texts.items()
            ]
            folder = tmp_path / "autograded" / student / "01_mini"
            folder.mkdir(parents=True)
            (folder / "exercises.ipynb").write_text(json.dumps({"cells": cells}))
        return similar_submissions(tmp_path, assignment, list(answers))

    return run


def honest_class(size=30, lines=9):
    rng = np.random.default_rng(1)
    names = ("first", "second")
    return {f"s{n:02d}": {name: answer(name, rng, lines) for name in names} for n in range(size)}


def test_an_honest_class_has_nobody_to_show(compare):
    found = compare(honest_class())
    assert (found.pairs, found.more, found.why_not) == ((), 0, "")
    assert found.compared == 30 * 29 // 2
    assert 0.2 < found.usual < 0.8


def test_a_renamed_copy_stands_out_and_nobody_else(compare):
    students = honest_class()
    students["s17"] = {name: renamed(text) for name, text in students["s04"].items()}
    found = compare(students)
    assert [pair.students for pair in found.pairs] == [("s04", "s17")]
    assert found.pairs[0].share > 0.95
    assert found.pairs[0].exercises == ("first", "second")


def test_what_the_author_gave_and_comments_and_docstrings_are_no_likeness(assignment):
    master = assignment.cells[0].source
    given = 'def first(x, rng):\n    """Return what first asks."""\n'
    text = given + '    # exercise\n    """Mine."""\n    y = np.exp(x)\n    return y'
    assert own_tokens(text, master) == ["name", "=", "name", ".", "exp", "(", "x", ")", "return", "name"]


def test_text_that_is_no_python_is_read_as_far_as_it_goes(assignment):
    for text in ("def first(x, rng):\n  y = (1", "a = 1\n   b = 2\n c", "x = '''", "\x00", "é = $"):
        assert isinstance(own_tokens(text, assignment.cells[0].source), list)


@pytest.mark.parametrize(("size", "lines"), [(FEWEST_ANSWERS - 1, 9), (30, 1)])
def test_few_or_short_answers_are_not_compared(compare, size, lines):
    assert "No exercise has" in compare(honest_class(size, lines)).why_not


def test_a_task_with_one_natural_answer_is_not_compared(compare):
    rng = np.random.default_rng(2)
    same = {name: answer(name, rng) for name in ("first", "second")}
    found = compare({f"s{n:02d}": same for n in range(20)})
    assert found.pairs == ()
    assert found.why_not


def test_the_staff_page_shows_pairs_with_a_caution_and_the_reason_where_there_are_none(compare):
    students = honest_class()
    students["s17"] = students["s04"]
    figures = class_figures({"assignment": "01_mini", "submissions": []})
    page = staff_page(figures, compare(students))
    assert "s04 and s17" in page
    assert "never proof" in page
    assert NOT_COMPARED.why_not in staff_page(figures)
