"""Chapter 1: its plan of points and known answers, and the worked numbers of its texts."""

import math

import numpy as np
import pytest
from plainnet import Tensor

CHAPTER = "01_graphs"
pytestmark = pytest.mark.ch01


def test_known_answers_are_as_many_as_planned(chapter):
    assert sum(one.kind == "mistake" and not one.again for one in chapter.answers) >= 25
    assert sum(bool(one.again) for one in chapter.answers) >= 7
    assert sum(one.kind == "alternative" for one in chapter.answers) >= 10


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
