"""Histograms with and without batch norm: what is on screen is a training by plainnet; large rates need the norm."""

from itertools import pairwise

import numpy as np
import pytest
from plainnet import data, init, losses, nn, optim, tanh
from plainnet.demos import norm_histograms as demo

pytestmark = [pytest.mark.ch09, pytest.mark.slow]


def plain_training(normalised, lr, steps):
    """Return (model, loss on the images shown) after some steps, written with Sequential."""
    rng, fans, layers = np.random.default_rng(0), [64, *[demo.WIDTH] * demo.DEPTH], []
    for fan_in, fan_out in pairwise(fans):
        layers.append(nn.Linear(fan_in, fan_out, rng, init_w=init.xavier))
        layers += [nn.BatchNorm(fan_out), tanh] if normalised else [tanh]
    model = nn.Sequential(*layers, nn.Linear(demo.WIDTH, 10, rng, init_w=init.xavier))
    x, t = data.digits()
    x, t = x[: demo.IMAGES].reshape(demo.IMAGES, -1), t[: demo.IMAGES]
    method, rng = optim.SGD(model.parameters(), lr=lr), np.random.default_rng(1)
    for _ in range(steps):
        batch = rng.choice(demo.IMAGES, demo.BATCH, replace=False)
        method.zero_grad()
        losses.cross_entropy(model(x[batch]), t[batch]).backward()
        method.step()
    return losses.cross_entropy(model(x[: demo.SHOWN]), t[: demo.SHOWN]).item()


@pytest.mark.parametrize("normalised", [False, True])
def test_the_losses_are_those_of_a_plain_training(normalised):
    steps = 2 * demo.STEPS_PER_FRAME
    frame = demo.record(lr=0.1).frames[2]
    shown = frame["loss_with" if normalised else "loss_without"][-1]
    assert shown == pytest.approx(plain_training(normalised, 0.1, steps), rel=1e-3)


@pytest.mark.parametrize("activation", demo.ACTIVATIONS)
def test_every_column_holds_all_numbers(activation):
    for frame in demo.record(1.0, activation).validate().frames:
        for name in ("without", "with_norm"):
            assert np.sum(frame[name] ** 2, axis=0) == pytest.approx(np.ones(demo.DEPTH))


def test_the_norm_keeps_the_columns_together_at_the_start_whatever_the_weights():
    centre = slice(demo.BINS // 2 - 6, demo.BINS // 2 + 7)  # -2.1 to 2.1
    for scale in demo.SCALES:
        first = demo.record(0.1, "tanh", scale).frames[0]
        assert np.all(np.sum(first["with_norm"][centre] ** 2, axis=0) > 0.9)
    assert np.sum(first["without"][[0, -1]] ** 2) > 0.05  # weights times 3


@pytest.mark.parametrize(("lr", "answer"), [(0.1, "both"), (1.0, "only with batch norm"), (10.0, "neither")])
def test_the_answer_moves_with_the_rate(lr, answer):
    (ask,) = demo.record(lr).asks
    assert ask.choices[ask.answer] == answer


def test_an_unknown_setting_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record(activation="step")
