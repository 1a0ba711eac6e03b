"""Penalties and their gradients, max-norm, noise, and early stopping that brings the best weights back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import Tensor, nn, regularize
from plainnet.train import History


def weights(*values):
    return [Tensor(np.array(v, float), requires_grad=True) for v in values]


def test_l2_is_half_the_squared_norm_and_its_gradient_is_the_weight():
    params = weights([[3.0, -4.0]], [2.0])
    penalty = regularize.l2(params, 0.1)
    penalty.backward()
    assert penalty.item() == pytest.approx(0.05 * (9 + 16 + 4))
    np.testing.assert_allclose(params[0].grad, [[0.3, -0.4]])


def test_l1_has_the_sign_as_gradient_and_zero_at_zero():
    (w,) = weights([3.0, -4.0, 0.0])
    penalty = regularize.l1([w], 0.1)
    penalty.backward()
    assert penalty.item() == pytest.approx(0.7)
    np.testing.assert_allclose(w.grad, [0.1, -0.1, 0])


def test_elastic_net_is_the_mixture():
    params = weights([3.0, -4.0], [[1.0]])
    mixture = regularize.elastic_net(iter(params), 0.2, l1_ratio=0.25)
    expected = 0.2 * (0.25 * 8 + 0.75 * 26 / 2)
    assert mixture.item() == pytest.approx(expected)


def test_a_float32_penalty_stays_float32():
    w = Tensor(np.ones(3, np.float32), requires_grad=True)
    assert regularize.elastic_net([w], 0.1).dtype == np.float32


def test_max_norm_shortens_long_columns_alone():
    w, b = weights([[3.0, 0.3], [4.0, 0.4]], [100.0, 100.0])
    regularize.max_norm([w, b], 1.0)
    np.testing.assert_allclose(w.data, [[0.6, 0.3], [0.8, 0.4]])
    np.testing.assert_array_equal(b.data, [100, 100])


@given(st.integers(0, 2**32 - 1), st.floats(0.01, 10))
def test_after_max_norm_no_filter_is_longer_than_the_limit(seed, limit):
    w = Tensor(np.random.default_rng(seed).normal(size=(3, 3, 2, 4)), requires_grad=True)
    before, array = w.data.copy(), w.data
    regularize.max_norm([w], limit)
    lengths = np.sqrt((w.data**2).sum(axis=(0, 1, 2)))
    assert (lengths <= limit * (1 + 1e-12)).all()
    inside = np.sqrt((before**2).sum(axis=(0, 1, 2))) <= limit
    np.testing.assert_array_equal(w.data[..., inside], before[..., inside])
    assert w.data is array


def test_max_norm_leaves_zero_weights_at_zero():
    (w,) = weights([[0.0], [0.0]])
    regularize.max_norm([w], 1.0)
    np.testing.assert_array_equal(w.data, 0)


def test_noise_has_its_deviation_and_keeps_type_and_input():
    x = np.zeros((100, 100), np.float32)
    noisy = regularize.noise(x, np.random.default_rng(0), std=0.3)
    assert noisy.dtype == np.float32
    assert noisy.std() == pytest.approx(0.3, rel=0.05)
    assert not x.any()


def test_noise_on_the_inputs_costs_a_linear_model_its_squared_weights():
    rng = np.random.default_rng(0)
    w, x, std = rng.normal(size=4), rng.normal(size=(1, 4)), 0.1
    noisy = regularize.noise(np.repeat(x, 200_000, axis=0), rng, std)
    assert ((noisy @ w - x @ w) ** 2).mean() == pytest.approx(std**2 * (w @ w), rel=0.02)  # its own deviation: 0.3 %


def stop(values, **options):
    """Run EarlyStopping over a history of values; the weight in epoch i is i. Return it, its model and the epochs."""
    model = nn.Sequential(nn.Linear(1, 1, np.random.default_rng(0)))
    stopping, history = regularize.EarlyStopping(**options), History()
    for epoch, value in enumerate(values, start=1):
        model.layers[0].w.data[:] = epoch
        history.record(val_loss=value, loss=1.0)
        if stopping.after_epoch(model, history):
            break
    stopping.after_training(model, history)
    return stopping, model.layers[0].w.item(), epoch


def test_early_stopping_waits_for_its_patience_and_restores_the_best_weights():
    stopping, weight, epoch = stop([5, 3, 2, 2.5, 2.2, 2.1, 9], patience=3)
    assert (epoch, weight, stopping.best, stopping.best_epoch) == (6, 3, 2, 3)


def test_the_best_weights_come_back_when_training_ends_before():
    _, weight, epoch = stop([5, 1, 4], patience=10)
    assert (epoch, weight) == (3, 2)


def test_an_improvement_below_min_delta_does_not_count():
    _, weight, epoch = stop([5, 4.95, 4.9, 4.85], patience=2, min_delta=0.5)
    assert (epoch, weight) == (3, 1)


def test_in_mode_max_larger_is_better():
    _, weight, epoch = stop([0.1, 0.9, 0.5, 0.6], patience=2, mode="max")
    assert (epoch, weight) == (4, 2)


def test_what_is_not_measured_cannot_be_watched():
    with pytest.raises(ValueError, match=r"'val_accuracy' is not measured.*validation"):
        stop([1], monitor="val_accuracy")


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="'smallest'"):
        regularize.EarlyStopping(mode="smallest")
