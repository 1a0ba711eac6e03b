"""Losses by hand, at chance, for sequences, and with targets of the wrong kind."""

import math

import numpy as np
import pytest
from plainnet import Tensor, losses


def test_values_by_hand():
    y, t = Tensor(np.array([[1.0, 2.0], [3.0, 5.0]])), np.array([[0.0, 2.0], [5.0, 4.0]])
    assert losses.mse(y, t).item() == pytest.approx((1 + 0 + 4 + 1) / 4)
    assert losses.mae(y, t).item() == pytest.approx((1 + 0 + 2 + 1) / 4)
    s = Tensor(np.array([[3.2, 5.1, -1.7], [1.3, 4.9, 2.0]]))
    assert losses.hinge(s, np.array([0, 1])).item() == pytest.approx((2.9 + 0) / 2)
    assert losses.hinge(s, np.array([0, 1]), margin=4.0).item() == pytest.approx((5.9 + 0.4 + 1.1) / 2)


@pytest.mark.parametrize("num_classes", [2, 10, 1000])
def test_the_loss_at_chance(num_classes):
    z, t = Tensor(np.zeros((5, num_classes))), np.arange(5) % num_classes
    assert losses.cross_entropy(z, t).item() == pytest.approx(math.log(num_classes))
    assert losses.hinge(z, t).item() == pytest.approx(num_classes - 1)


def test_binary_cross_entropy_by_hand_and_without_overflow():
    z, t = Tensor(np.array([0.0, 1000.0, -1000.0, 1000.0])), np.array([1, 1, 0, 0])
    assert losses.binary_cross_entropy(z, t).item() == pytest.approx((math.log(2) + 0 + 0 + 1000) / 4)


def test_a_column_of_logits_goes_with_a_vector_of_targets():
    z, t = np.random.default_rng(0).normal(size=(6, 1)), np.array([0, 1, 1, 0, 1, 0])
    column = losses.binary_cross_entropy(Tensor(z), t)
    assert column.item() == pytest.approx(losses.binary_cross_entropy(Tensor(z[:, 0]), t).item())


def test_a_label_for_each_step_of_a_sequence():
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(2, 5, 3)), rng.integers(3, size=(2, 5))
    expected = losses.cross_entropy(Tensor(z.reshape(10, 3)), t.reshape(10)).item()
    assert losses.cross_entropy(Tensor(z), t).item() == pytest.approx(expected)


def test_the_batch_size_does_not_change_a_loss():
    rng = np.random.default_rng(0)
    z, t = rng.normal(size=(4, 3)), np.array([0, 1, 2, 1])
    for loss in (losses.cross_entropy, losses.hinge):
        once, thrice = loss(Tensor(z), t), loss(Tensor(np.tile(z, (3, 1))), np.tile(t, 3))
        assert once.item() == pytest.approx(thrice.item())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: losses.mse(Tensor(np.zeros((3, 1))), np.zeros(3)), "would broadcast"),
        (lambda: losses.cross_entropy(Tensor(np.zeros((3, 4))), np.array([0, 1, 4])), r"0\.\.3"),
        (lambda: losses.cross_entropy(Tensor(np.zeros((3, 4))), np.eye(4)[:3]), "integer labels"),
        (lambda: losses.binary_cross_entropy(Tensor(np.zeros((3, 2))), np.zeros(3)), "one shape"),
    ],
)
def test_targets_of_the_wrong_kind_are_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()
