"""Chapter 1: its plan of points and known answers, and the worked numbers of its texts."""

import contextlib
import io
import math
from collections import Counter
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from plainnet import Tensor

from autograder.author.source import load_chapter
from autograder.author.stubs import without_markers

FOLDER = Path(__file__).resolve().parents[2] / "solutions" / "01_graphs"
EXERCISES = [
    "numerical-gradient",
    "forward-backward-e",
    "value-class",
    "topological-order",
    "backward",
    "unbroadcast",
    "taylor-sine",
]
pytestmark = pytest.mark.ch01


@pytest.fixture(scope="module")
def chapter():
    return load_chapter(FOLDER)


@pytest.fixture(scope="module")
def solved(chapter):
    """Return the names of the solved exercise notebook, its tests left out."""
    names = {}
    for cell in chapter.cells:
        if cell.kind in ("instructor", "solution", "quiz"):
            exec(compile(without_markers(cell.source), cell.exercise or "given", "exec"), names)
    return names


@pytest.fixture(scope="module")
def lecture(chapter):
    """Return the names that the lecture's cells leave behind, and what they print."""
    matplotlib.use("agg")
    names, printed = {"__name__": "lecture"}, io.StringIO()
    with contextlib.redirect_stdout(printed), matplotlib.rc_context():
        for cell in chapter.lecture:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"lecture cell {cell.number}", "exec"), names)
    names["plt"].close("all")
    return names, printed.getvalue()


def test_twenty_points_by_tests_and_two_by_hand(chapter):
    points = Counter()
    for cell in chapter.cells:
        points["hand" if cell.kind == "manual" else "tests"] += cell.points
    assert points == {"tests": 20, "hand": 2}


def test_the_seven_exercises_of_the_plan_in_its_order(chapter):
    assert [name for name in chapter.exercises if name in EXERCISES] == EXERCISES
    assert len(chapter.exercises) == 9  # two questions besides


def test_known_answers_are_as_many_as_planned(chapter):
    first = [one for one in chapter.answers if one.kind == "mistake" and not one.again]
    by_exercise = Counter(one.exercise for one in first)
    assert len(first) >= 25
    assert all(by_exercise[name] >= 3 for name in EXERCISES)
    assert sum(bool(one.again) for one in chapter.answers) >= 7
    assert sum(one.kind == "alternative" for one in chapter.answers) >= 10


def test_every_exercise_states_its_time_limit_once_for_all(chapter):
    assert {exercise.limit for exercise in chapter.exercises.values()} == {5.0}
    assert "5 seconds" in " ".join(chapter.cells[0].source.split())


def test_worked_numbers_of_the_exercises(solved):
    cubes = solved["numerical_gradient"](lambda x: float(np.sum(x**3)), np.array([1.0, 2.0]), h=0.1)
    assert cubes == pytest.approx([3.01, 12.01], rel=1e-12)
    assert solved["forward_backward_e"](2.0, 1.0) == (6.0, 2.0, 5.0)
    assert solved["value_and_slopes"](solved["Value"], lambda x: x * x + 3 / x, 2.0) == pytest.approx([5.5, 3.25])
    nodes = solved["diamond"]()
    solved["backward"](nodes["y"])
    assert {name: node.grad for name, node in nodes.items()} == dict(a=25, b=19, c=7, d=6, s=1, p=1, y=1)
    g = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    assert [solved["unbroadcast"](g, shape).tolist() for shape in [(3,), (2, 1), ()]] == [[5, 7, 9], [[6], [15]], 21]


def test_worked_number_of_the_taylor_sine(solved):
    x = Tensor(math.pi, requires_grad=True)
    y, passes = solved["taylor_sine"](x)
    y.backward()
    assert passes == 6
    assert (float(y.data), float(x.grad)) == pytest.approx((2.114e-5, -0.99989953), rel=1e-3)
    assert float(x.grad) == pytest.approx(-0.99989953, abs=5e-9)


def test_answers_to_the_questions_come_from_runs(solved):
    assert solved["taylor_sine"](Tensor(20.0))[1] == solved["passes_at_twenty"]
    far = float(solved["taylor_sine"](Tensor(40.0))[0].data)
    assert abs(far - math.sin(40)) > 1  # the text says that the sum is useless there
    rng = np.random.default_rng(0)
    X, W, G = rng.normal(size=(3, 3, 3))
    numerical = solved["numerical_gradient"](lambda w: float(np.sum(G * (X @ w))), W)
    choices = {"a": G @ X.T, "b": X @ G, "c": X.T @ G, "d": G.T @ X}
    fitting = [letter for letter, gradient in choices.items() if np.allclose(gradient, numerical)]
    assert fitting == [solved["gradient_of_w"]]


def test_the_path_sum_agrees_with_backward_on_random_graphs(solved):
    nodes = solved["random_graph"](np.random.default_rng(3), 12)
    solved["backward"](nodes[-1])
    want = [solved["sum_over_paths"](nodes[-1], node) for node in nodes]
    assert [node.grad for node in nodes] == pytest.approx(want)


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in ("e = 6.0,  de/da = 2.0,  de/db = 5.0", "-0.9998995297", "6 passes", "2,097,151 visits", "21 nodes"):
        assert number in printed
    table = [line.split("(", 1)[1] for line in printed.splitlines() if line.startswith(("naive ", "pre-o", "topol"))]
    assert [line[-9:].strip() for line in table] == ["(29, 22)", "(4, 3)", "(25, 19)"]


@pytest.mark.slow
def test_the_lecture_measures_reverse_mode_ahead_of_the_others(lecture):
    names, _ = lecture
    last = {name: times[-1] for name, times in names["measured"].items()}  # a thousand inputs
    assert last["reverse mode"] * 20 < min(last["numerical"], last["forward mode"])  # hundreds, on an idle machine
    x = np.linspace(-1, 1, 7)
    assert names["forward_mode"](x) == pytest.approx(names["reverse_mode"](x), rel=1e-12)


def test_cells_of_the_lecture_are_short(chapter):
    long = [
        cell.number
        for cell in chapter.lecture
        if cell.cell_type == "code" and sum(bool(line.strip()) for line in cell.source.split("\n")) > 15
    ]
    assert not long
