"""Chapter 4: its plan of points and known answers, and the worked numbers of its texts."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

CHAPTER = "04_mlp"
pytestmark = pytest.mark.ch04


def test_the_table_of_the_intro_tells_points_and_minutes(chapter, exercises):
    rows = [
        line.split("|") for line in chapter.cells[0].source.split("\n") if line.startswith("| ") and "---" not in line
    ]
    points = [int(row[3]) for row in rows[1:]]
    minutes = [int(row[4]) for row in rows[1:]]
    assert (sum(points), sum(minutes)) == (22, 120)
    by_exercise = Counter()
    for cell in chapter.cells:
        by_exercise[cell.exercise] += cell.points
    assert [by_exercise[name] for name in exercises] == points[:8]
    assert "120 minutes" in chapter.cells[0].source


def test_worked_numbers_of_a_layer(solved):
    layer = solved["Dense"](np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([0.0, 1.0, 2.0]))
    assert layer.forward(np.array([[1.0, 2.0]])).tolist() == [[5, 3, 1]]
    assert layer.backward(np.array([[1.0, 0.0, 2.0]])).tolist() == [[-1, 2]]
    assert (layer.grad_w.tolist(), layer.grad_b.tolist()) == ([[1, 0, 2], [2, 0, 4]], [1, 0, 2])


def test_worked_numbers_of_counting(solved):
    count = solved["count_params"]
    assert [count(sizes) for sizes in ([784, 500, 50, 10], [3072, 50, 10], [3072, 512, 128, 10])] == [
        418_060,
        154_160,
        1_640_330,
    ]
    assert [count([m, n]) for m, n in itertools.pairwise([784, 500, 50, 10])] == [392_500, 25_050, 510]
    N_I, Z, N_O = 784, 500, 10
    assert count([N_I, Z, Z, Z, N_O], bias=False) == N_I * Z + Z**2 + Z**2 + Z * N_O == 897_000
    assert count([224 * 224 * 3, 4096, 4096, 4096, 1000], bias=False) == 654_213_120


def test_worked_numbers_of_the_collapse_and_of_xor(solved):
    ws, bs = [np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0], [3.0]])], [np.array([1.0, 0.0]), np.array([-2.0])]
    w, b = solved["collapse_linear"](ws, bs)
    assert (w.tolist(), b.tolist()) == ([[7], [3]], [-1])
    params, relu, identity = solved["XOR_PARAMS"], solved["relu"], solved["identity"]
    _, hidden, answers = solved["mlp_forward"](solved["XOR_X"], params, [relu, identity])
    assert (hidden.tolist(), answers.ravel().tolist()) == ([[0, 0], [1, 0], [1, 0], [2, 1]], [0, 1, 1, 0])
    for x, first_w, first_b in [
        ((1.0, 1.0), [[1, -2], [1, -2]], [1, -2]),
        ((1.0, 0.0), [[1, 0], [0, 0]], [1, 0]),
        ((0.0, 1.0), [[0, 0], [1, 0]], [1, 0]),
    ]:
        outputs = solved["mlp_forward"](np.array([x]), params, [relu, identity])
        grads = solved["mlp_backward"](np.array([[1.0]]), outputs, params)
        assert (grads[0][0].tolist(), grads[0][1].tolist()) == (first_w, first_b)
    outputs = solved["mlp_forward"](np.array([[1.0, 1.0]]), params, [relu, identity])
    grads = solved["mlp_backward"](np.array([[1.0]]), outputs, params)
    assert (grads[1][0].tolist(), grads[1][1].tolist()) == ([[2], [1]], [1])


def test_worked_numbers_of_the_interpolator(solved):
    w1, b1, w2, b2 = solved["relu_interpolator"](np.array([0, 1, 3]), np.array([0, 2, 1]))
    assert w2.ravel().tolist() == [2, -2.5, 0.5]
    points = np.array([[0.5], [2.0], [-1.0], [10.0]])
    assert (np.maximum(points @ w1 + b1, 0) @ w2 + b2).ravel().tolist() == [1, 1.5, 0, 1]


def test_worked_number_of_the_training_loop(solved):
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(2400, 2)), rng.integers(2, size=2400)
    start = [(rng.normal(size=(2, 2)), np.zeros(2))]
    _, losses = solved["train_mlp"](start, x, t, lr=0.1, batch_size=128, num_epochs=30, rng=rng)
    assert len(losses) == 30 * 19 == 570
    assert 2400 - 18 * 128 == 96


def test_the_given_gradients_agree_with_the_way_back(solved):
    rng = np.random.default_rng(1)
    params = [(rng.normal(size=(3, 5)), rng.normal(size=5)), (rng.normal(size=(5, 4)), rng.normal(size=4))]
    x, t = rng.normal(size=(6, 3)), rng.integers(4, size=6)
    loss, grads = solved["loss_and_gradients"](params, x, t)
    outputs = solved["mlp_forward"](x, params, [solved["relu"], solved["identity"]])
    p = np.exp(outputs[-1]) / np.exp(outputs[-1]).sum(axis=1, keepdims=True)
    assert loss == pytest.approx(-np.log(p[np.arange(6), t]).mean(), rel=1e-12)
    by_hand = solved["mlp_backward"]((p - np.eye(4)[t]) / 6, outputs, params)
    for pair, other in zip(grads, by_hand):
        for one, two in zip(pair, other):
            np.testing.assert_allclose(one, two, rtol=1e-10, atol=1e-14)


@pytest.mark.slow
def test_twenty_points_drawn_by_lot_are_learned_with_room_to_spare(solved):
    grid = np.stack(np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4)), axis=-1).reshape(20, 2)
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x, t = grid + rng.uniform(-0.1, 0.1, size=grid.shape), rng.permutation(np.arange(20) % (2 + seed % 2))
        distances = np.linalg.norm(x[:, None] - x, axis=-1)[~np.eye(20, dtype=bool)]
        assert distances.min() > 0.2  # so that a network of this size can tell them apart
        loss, _ = solved["loss_and_gradients"](solved["overfit_small"](x, t, rng), x, t)
        assert loss < 0.0025  # half of what is asked for


def test_answers_to_the_questions_come_from_runs(solved):
    x = np.array(list(itertools.product([0.0, 1.0], repeat=3)))
    t = x.sum(axis=1).astype(int) % 2
    params = [(np.full((3, 8), 0.5), np.zeros(8)), (np.tile([0.5, -0.5], (8, 1)), np.zeros(2))]
    for _ in range(2000):
        _, grads = solved["loss_and_gradients"](params, x, t)
        params = [(w - 0.1 * grad_w, b - 0.1 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    loss, _ = solved["loss_and_gradients"](params, x, t)
    assert loss == pytest.approx(solved["loss_of_equal_units"], rel=1e-3)
    assert loss < math.log(2) * 0.99  # knowing nothing is not within the tolerance
    assert np.ptp(params[0][0], axis=1).max() == 0  # eight units are one

    points, errors = np.linspace(0, 2 * np.pi, 50_001), {}
    for n in (23, 24):
        knots = np.linspace(0, 2 * np.pi, n)
        w1, b1, w2, b2 = solved["relu_interpolator"](knots, np.sin(knots))
        net = (np.maximum(points[:, None] @ w1 + b1, 0) @ w2 + b2)[:, 0]
        errors[n] = np.abs(net - np.sin(points)).max()
    assert errors[24] < 0.0095  # no matter how finely one looks
    assert errors[23] > 0.0101
    assert solved["knots_for_a_sine"] == 24


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in ("418,060", "154,160", "1,640,330", "897,000", "1,638,400", "654,213,120", "2.303"):
        assert number in printed
    assert "start all zero  loss 0.6931, different hidden units: 1 of 4" in printed
    assert "different hidden units: 4 of 4" in printed
    assert [line.split() for line in printed.split("\n")[1:5]] == [
        ["0", "0", "0", "0", "0", "0"],
        ["0", "1", "1", "0", "1", "1"],
        ["1", "0", "1", "0", "1", "1"],
        ["1", "1", "2", "1", "0", "0"],
    ]


@pytest.mark.slow
def test_the_lecture_shows_what_it_claims(lecture):
    names, _ = lecture
    assert names["errors"][0] == pytest.approx(0.4, abs=0.05)
    assert names["errors"][-1] == pytest.approx(2e-5, rel=0.1)
    np.testing.assert_allclose(names["by_hand"], names["by_graph"], rtol=1e-12)
    np.testing.assert_allclose(names["by_hand"], names["by_differences"], rtol=1e-6, atol=1e-9)
    assert names["by_heart"]["loss"][-1] < 5e-3
    assert names["history"]["val_accuracy"][-1] >= 0.94
    for sign, climbs in ((-1.0, False), (1.0, True)):
        seen, _ = names["train"](names["random_start"], sign, steps=50)
        assert (seen[-1] > seen[0]) == climbs
    near_the_pole = names["surface_error"](names["second"], 320, 0.001, np.random.default_rng(0))
    away_from_it = names["surface_error"](names["second"], 320, 0.2, np.random.default_rng(0))
    assert away_from_it < 0.1 < 10 < near_the_pole


def test_the_glossary_and_the_lecture_have_the_same_words(chapter, folder):
    lines = (folder / "glossary.md").read_text(encoding="utf-8").splitlines()
    terms = [line.split("**")[1] for line in lines]
    words = next(cell.source for cell in chapter.lecture if "### Words" in cell.source)
    assert len(terms) >= 10
    assert all(line.startswith("**") and line.endswith(".") for line in lines)
    assert [term for term in terms if term.split(" (")[0] not in words] == []
