"""Chapter 9: its plan of points and known answers, and the worked numbers of its texts."""

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, nn
from plainnet.demos import norm_batch_size

CHAPTER = "09_batch_norm"
COLUMN = np.array([[1.0], [3.0], [5.0], [7.0]])
pytestmark = pytest.mark.ch09


def test_worked_numbers_of_a_batch_forward_and_backward(solved):
    y, x_hat, inv_std = solved["normalise_batch"](COLUMN, np.array([3.0]), np.array([10.0]), epsilon=4.0)
    np.testing.assert_allclose(y[:, 0], [7, 9, 11, 13])
    np.testing.assert_allclose(x_hat[:, 0], [-1, -1 / 3, 1 / 3, 1])
    np.testing.assert_allclose(inv_std, [1 / 3])
    g = np.array([[4.0], [0.0], [0.0], [0.0]])
    grad_x, grad_gamma, grad_beta = solved["bn_backward"](g, x_hat, np.array([3.0]), inv_std)
    np.testing.assert_allclose(grad_x[:, 0], [2, -4 / 3, -2 / 3, 0], atol=1e-12)
    np.testing.assert_allclose([grad_gamma[0], grad_beta[0]], [-4, 4])


@pytest.mark.parametrize(
    ("convention", "unbiased", "want"),
    [
        ("keep", False, (0.4, 1.4)),
        ("keep", True, (0.4, 1.5667)),
        ("replace", False, (3.6, 4.6)),
        ("replace", True, (3.6, 6.1)),
    ],
)
def test_worked_numbers_of_the_running_statistics(solved, convention, unbiased, want):
    got = solved["update_running"](np.zeros(1), np.ones(1), COLUMN, 0.9, convention, unbiased)
    np.testing.assert_allclose(np.ravel(got), want, atol=5e-5)


def test_worked_numbers_of_the_other_exercises(solved):
    state = {"mean": np.zeros(1), "variance": np.ones(1)}
    y = solved["bn_layer"](COLUMN, np.ones(1), np.zeros(1), state, True)
    np.testing.assert_allclose(y[:, 0], [-1.3416, -0.4472, 0.4472, 1.3416], atol=5e-5)
    assert (state["mean"][0], state["variance"][0]) == pytest.approx((0.4, 1.4))
    assert solved["bn_layer"](COLUMN[:1], np.ones(1), np.zeros(1), state, False)[0, 0] == pytest.approx(
        0.5071, abs=5e-5
    )
    assert np.ravel(solved["recover_identity"](COLUMN, 4.0)).tolist() == pytest.approx([3, 4])
    decks = solved["normalise_batch"](COLUMN, np.sqrt([5.0]), np.array([4.0]), 4.0)[0]
    np.testing.assert_allclose(decks[:, 0], [1.76, 3.25, 4.75, 6.24], atol=5e-3)
    pairs = [np.array(pair) for pair in ([2.0, 3.0], [1.0, 1.0], [1.0, 2.0], [5.0, 0.0])]
    w, b = solved["fold_into_dense"](np.array([[1.0, 2], [3, 4]]), np.array([1.0, 0]), *pairs, epsilon=4.0)
    np.testing.assert_allclose(w, [[2 / 3, 3], [2, 6]])
    np.testing.assert_allclose(b, [1, -2], atol=1e-12)
    images = COLUMN.reshape(2, 1, 2, 1)
    y = solved["normalise_images"](images, np.array([3.0]), np.array([10.0]), epsilon=4.0)
    np.testing.assert_allclose(y.ravel(), [7, 9, 11, 13])


@pytest.mark.parametrize("shape", [(6, 3), (2, 3, 4, 3)])
def test_forward_and_backward_agree_with_the_library(solved, shape):
    rng = np.random.default_rng(0)
    x, g = rng.normal(2, 3, size=shape), rng.normal(size=shape)
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    tensors = [Tensor(a, requires_grad=True) for a in (x, gamma, beta)]
    want = plainnet.batch_norm(*tensors, epsilon=0.01)
    want.backward(g)
    y, x_hat, inv_std = solved["normalise_batch"](x.reshape(-1, 3), gamma, beta, 0.01)
    np.testing.assert_allclose(y, want.data.reshape(-1, 3), rtol=1e-9)
    if len(shape) == 4:
        np.testing.assert_allclose(solved["normalise_images"](x, gamma, beta, 0.01), want.data, rtol=1e-9)
    grads = solved["bn_backward"](g.reshape(-1, 3), x_hat, gamma, inv_std)
    for got, tensor in zip(grads, tensors):
        np.testing.assert_allclose(got, tensor.grad.reshape(got.shape), rtol=1e-8, atol=1e-12)


def test_running_statistics_are_kept_as_the_librarys_layer_keeps_them(solved):
    x, layer = np.random.default_rng(0).normal(2, 3, size=(5, 4)), nn.BatchNorm(4)
    layer(x.astype(np.float32))
    mean, variance = solved["update_running"](np.zeros(4), np.ones(4), x, 0.9, "keep", unbiased=True)
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-5)
    np.testing.assert_allclose(layer.running_variance, variance, rtol=1e-5)


def test_folding_gives_the_same_outputs_to_ten_digits(solved):
    rng = np.random.default_rng(0)
    w, b, x = rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=(20, 6))
    gamma, beta, mean = rng.normal(size=(3, 4))
    state = {"mean": mean, "variance": rng.uniform(0.1, 4, size=4)}
    want = solved["bn_layer"](x @ w + b, gamma, beta, state, False)
    w, b = solved["fold_into_dense"](w, b, gamma, beta, state["mean"], state["variance"])
    np.testing.assert_allclose(x @ w + b, want, rtol=0, atol=1e-10)


def test_the_recovered_identity_is_one_on_its_batch_alone(solved):
    first, second = np.random.default_rng(0).normal(3, 2, size=(2, 16, 3))
    scale = solved["recover_identity"](first, 0.1)
    np.testing.assert_allclose(solved["normalise_batch"](first, *scale, 0.1)[0], first, rtol=1e-12)
    assert np.abs(solved["normalise_batch"](second, *scale, 0.1)[0] - second).max() > 0.1


def test_answers_to_the_questions_come_from_runs(solved):
    start, after = solved["train"](steps=50)
    still = [name for name in start if np.abs(after[name] - start[name]).max() < 1e-9]
    assert still == ["b1"]
    assert {"a": "w1", "b": "b1", "c": "gamma", "d": "beta"}[solved["stays_in_place"]] == "b1"
    mean, count = 0.0, 0
    while mean <= 49.5:
        mean, count = 0.99 * mean + 0.01 * 50, count + 1
    assert count == solved["batches_until_there"]


def test_the_bonus_is_two_lines_and_agrees_with_the_library(solved):
    rng = np.random.default_rng(0)
    x, gamma, beta = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=6)

    def layer_norm(x, gamma, beta, epsilon=1e-5):
        _, x_hat, _ = solved["normalise_batch"](x.T, np.ones(len(x)), np.zeros(len(x)), epsilon)
        return gamma * x_hat.T + beta

    np.testing.assert_allclose(layer_norm(x, gamma, beta), plainnet.layer_norm(x, gamma, beta).data, rtol=1e-10)
    np.testing.assert_allclose(layer_norm(x[:1], gamma, beta), layer_norm(x, gamma, beta)[:1], rtol=1e-10)


def test_the_lecture_says_how_many_batches_the_demo_draws(chapter):
    assert any(f"in {norm_batch_size.DRAWS} random batches" in cell.source for cell in chapter.lecture)


@pytest.mark.slow
def test_spreads_move_as_the_lecture_says(lecture):
    names, _ = lecture
    runs = {lr: names["spreads_while_training"](lr) for lr in (0.1, 0.5, 2.0)}
    assert 1.5 < runs[0.1][40] / runs[0.1][0] < 2
    assert 3 < runs[0.5][40] / runs[0.5][0] < 4
    assert runs[2.0][40] < runs[2.0][0] < runs[2.0][10]


@pytest.mark.slow
def test_gradients_of_twenty_layers_vanish_without_and_grow_with_batch_norm(lecture):
    ratio = lecture[0]["second_to_last"]
    assert ratio(plainnet.sigmoid, False) < 1e-11
    assert 1 < ratio(plainnet.sigmoid, True) < 10
    assert ratio(plainnet.relu, True) == pytest.approx((np.pi / (np.pi - 1)) ** 9, rel=0.3)  # exact for wide layers


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for text in (
        "y = 3 x_hat + 10: [ 7.  9. 11. 13.]",
        "momentum 0.9, replace: mean 0 -> 3.6000, variance 1 -> 4.6000 or 6.1000",
        "grad x [ 2.     -1.3333 -0.6667  0.    ]",
        "g all ones: zeros off by 0.000, without the variance off by 0.000",
    ):
        assert text in printed


@pytest.mark.slow
def test_rates_and_starts_do_what_the_lecture_says(lecture):
    names, _ = lecture
    without, normed = (dict(zip(names["rates"], names["by_rate"][bn])) for bn in (False, True))
    assert all(normed[lr] < without[lr] for lr in names["rates"])
    assert min(without, key=without.get) == 0.3
    assert min(normed, key=normed.get) == 1.0
    assert max(normed[1.0], normed[3.0]) < 0.3 < 1 < without[1.0]
    assert without[3.0] > np.log(10)
    without, normed = (dict(zip(names["factors"], names["by_factor"][bn])) for bn in (False, True))
    assert without[0.1] > 2.25
    assert normed[0.1] < 0.4
    assert normed[10.0] > 3 * normed[1.0]
    assert all(0.7 < normed[factor] / without[factor] < 1 for factor in (3.0, 10.0))  # little is left of the lead
