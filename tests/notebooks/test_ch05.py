"""Chapter 5: its plan of points and known answers, and the worked numbers of its texts."""

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, gradcheck

CHAPTER = "05_activations"
pytestmark = pytest.mark.ch05


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "softplus", "relu", "leaky relu", "elu"])
def test_activations_agree_with_the_library_and_its_gradients(solved, kind):
    rng = np.random.default_rng(0)
    z, g = rng.normal(scale=3, size=(4, 5)), rng.normal(size=(4, 5))
    f = getattr(plainnet, kind.replace(" ", "_"))
    if kind == "leaky relu":
        f = lambda x: plainnet.leaky_relu(x, slope=0.2)  # noqa: E731
    elif kind == "elu":
        f = lambda x: plainnet.elu(x, alpha=0.2)  # noqa: E731
    gradcheck.check(f, z, rng=rng)
    x = Tensor(z, requires_grad=True)
    want = f(x)
    want.backward(g)
    smooth = kind in ("sigmoid", "tanh", "softplus")
    y, grad = solved["smooth_activation"](z, g, kind) if smooth else solved["rectifier"](z, g, kind, alpha=0.2)
    np.testing.assert_allclose(y, want.data, rtol=1e-12)
    np.testing.assert_allclose(grad, x.grad, rtol=1e-9, atol=1e-14)


def test_worked_numbers_of_the_activations(solved):
    y, grad = solved["smooth_activation"](np.array([0.0, 2.0]), np.array([1.0, -2.0]), "sigmoid")
    np.testing.assert_allclose([y, grad], [[0.5, 0.880797], [0.25, -0.209987]], atol=5e-7)
    z, g = np.array([-2.0, 0.0, 3.0]), np.array([10.0, 20.0, 30.0])
    np.testing.assert_allclose(solved["rectifier"](z, g, "leaky relu", 0.1), [[-0.2, 0, 3], [1, 2, 30]])
    np.testing.assert_allclose(solved["rectifier"](z, g, "elu", 0.1), [[-0.086466, 0, 3], [0.135335, 2, 30]], atol=5e-7)


def test_worked_numbers_of_the_other_exercises(solved):
    two_layers = [np.array([[1.0, 1], [1, -1]]), np.array([[1.0], [-1]])]
    stats = solved["layer_stats"](np.array([[1.0, -1], [1, 3]]), two_layers, lambda z: np.maximum(z, 0))
    np.testing.assert_allclose(stats, [[1.5, 1.6583], [2, 2]], atol=5e-5)
    norms = solved["gradient_norms"](
        np.array([[2.0]]), [np.array([[3.0]]), np.array([[0.5]])], np.square, lambda z: 2 * z, np.ones((1, 1))
    )
    assert norms.tolist() == [648, 18, 1]
    w, b = np.array([[1.0, -1, 2], [-1, -1, -3]]), np.array([0.0, 0, -2])
    assert solved["dead_fraction"](np.eye(2), w, b) == pytest.approx((2 / 3, 5 / 6))
    w1, w2 = np.array([[1.0, 1, 1, 2], [0, 0, 0, 3]]), np.array([[1.0], [1], [2], [1]])
    assert solved["distinct_units"](w1, np.zeros(4), w2) == 3


@pytest.mark.parametrize(("kind", "rule"), [("xavier", plainnet.init.xavier), ("he", plainnet.init.he)])
def test_weights_are_drawn_as_the_library_draws_them(solved, kind, rule):
    for distribution in ("normal", "uniform"):
        w, _ = solved["init_layer"](300, 100, f"{kind} {distribution}", np.random.default_rng(3))
        want = rule((300, 100), np.random.default_rng(3), uniform=distribution == "uniform", dtype=float)
        np.testing.assert_allclose(w, want, rtol=1e-12)


def test_gradient_norms_agree_with_backpropagation(solved):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=fans) for fans in [(3, 4), (4, 5), (5, 2)]]
    y = x = Tensor(rng.normal(size=(6, 3)), requires_grad=True)
    outputs = [x]
    for w in weights:
        y = plainnet.tanh(y @ Tensor(w))
        outputs.append(y)
    g = rng.normal(size=y.shape)
    y.backward(g)
    norms = solved["gradient_norms"](x.data, weights, np.tanh, lambda z: 1 - np.tanh(z) ** 2, g)
    assert norms == pytest.approx([np.linalg.norm(one.grad) for one in outputs], rel=1e-12)


def test_answers_to_the_questions_come_from_runs(solved):
    after = solved["train"](np.zeros((64, 16)), np.zeros(16), np.zeros((16, 10)), np.zeros(10))
    moved = [name for name, array in zip(("w1", "b1", "w2", "b2"), after) if np.any(array)]
    assert {"a": [], "b": ["b2"], "c": ["w2", "b2"], "d": ["w1", "b1", "w2", "b2"]}[solved["moved_from_zero"]] == moved
    rng = np.random.default_rng(5)
    x = rng.normal(size=(200, 100))
    weights = [0.01 * rng.normal(size=(100, 100)) for _ in range(20)]
    stds = solved["layer_stats"](x, weights, lambda z: np.maximum(z, 0))[:, 1]
    assert 1 + int(np.argmax(stds < 1e-10)) == solved["first_layer_below"]
    assert np.median(stds[1:] / stds[:-1]) == pytest.approx(0.01 * np.sqrt(100 / 2), rel=0.1)


def test_equal_units_stay_twins_while_they_train(solved):
    rng = np.random.default_rng(0)
    b2 = np.zeros(10)
    w1, b1, w2, _ = solved["train"](np.full((64, 16), 0.1), np.zeros(16), np.full((16, 10), 0.1), b2, steps=5)
    assert np.any(w1 != 0.1)
    assert solved["distinct_units"](np.round(w1, 9), np.round(b1, 9), np.round(w2, 9)) == 1
    w2 = rng.normal(size=(16, 10))  # the weights out alone tell the units apart
    w1, b1, w2, _ = solved["train"](np.full((64, 16), 0.1), np.zeros(16), w2, b2, steps=1)
    assert len(np.unique(w1, axis=1).T) == 16


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in (
        "at most 9.1e-13",
        "slope y (1 - y) = 0.00e+00",
        "zeros, sigmoid         largest |grad w1| 0.0000, |grad w2| 0.0",
        "equal gradients: True",
    ):
        assert number in printed


@pytest.mark.slow
def test_the_decks_ratios_hold_for_every_seed(lecture):
    names, _ = lecture
    bounds = {
        "sigmoid, Xavier": (1e-13, 1e-11),
        "tanh, Xavier": (0.1, 1),
        "tanh, std 1": (1e5, 1e8),
        "ReLU, He": (0.3, 3),
        "ReLU, Xavier": (3e-4, 3e-3),
        "ReLU, std 0.01": (1e-25, 1e-22),
    }
    for name, (low, high) in bounds.items():
        assert all(low < norm < high for norm in names["measured"][name]), name


@pytest.mark.slow
def test_the_lectures_trainings_end_as_it_says(lecture):
    names, _ = lecture
    last = {name: history["loss"][-1] for name, history in names["histories"].items()}
    assert max(last["ReLU, He"], last["tanh, Xavier"]) < 0.2
    assert min(last["ReLU, std 0.01"], last["sigmoid, Xavier"]) > 2.25
