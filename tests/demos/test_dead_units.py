"""Dead units: silence and missing gradients are counted in the training that the library runs."""

import numpy as np
import pytest
from plainnet import Tensor, data, losses, nn, optim, relu
from plainnet.demos import dead_units as demo

pytestmark = [pytest.mark.ch05, pytest.mark.slow]


def last(activation, lr, bias=0.0):
    return demo.record(activation, lr, bias).validate().frames[-1]


def test_the_counts_are_those_of_a_plain_training():
    rng = np.random.default_rng(0)
    x, t = data.digits()
    x, t = x[: demo.IMAGES].reshape(demo.IMAGES, -1), t[: demo.IMAGES]
    hidden, out = nn.Linear(64, demo.UNITS, rng), nn.Linear(demo.UNITS, 10, rng)
    method = optim.SGD([*hidden.parameters(), *out.parameters()], lr=3.0)
    for _ in range(demo.STEPS_PER_FRAME):
        method.zero_grad()
        losses.cross_entropy(out(relu(hidden(Tensor(x)))), t).backward()
        method.step()
    z = hidden(Tensor(x)).data
    frame = demo.record("ReLU", 3.0).frames[1]
    assert frame["step"] == demo.STEPS_PER_FRAME
    assert frame["silent"] == np.sum(np.all(z <= 0, axis=0)) > 0
    np.testing.assert_allclose(frame["active"].ravel(), (z > 0).mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("lr", [0.3, 3.0])
def test_a_silent_relu_is_a_stuck_one(lr):
    assert all(frame["silent"] == frame["stuck"] for frame in demo.record("ReLU", lr).frames)


def test_a_small_rate_learns_and_a_large_one_kills_the_layer():
    small, large = last("ReLU", 0.3), last("ReLU", 3.0)
    assert small["stuck"] < 8
    assert small["loss"] < 0.2
    assert large["stuck"] > 40
    assert large["loss"] > 2  # as good as guessing: log 10 = 2.303


def test_relatives_leak_a_gradient_and_elu_wakes_up_most_units():
    relu_, leaky, elu = (last(name, 1.0, bias=-2.0) for name in demo.ACTIVATIONS)
    assert leaky["silent"] > 40  # a hundredth of the gradient is slow
    assert leaky["stuck"] == elu["stuck"] == 0 < relu_["stuck"]
    assert elu["silent"] < relu_["silent"] / 2


@pytest.mark.parametrize("lr", [0.3, 3.0])
def test_the_answer_counts_the_last_frame(lr):
    recording = demo.record("ReLU", lr)
    (ask,) = recording.asks
    dead = int(recording.frames[-1]["stuck"])
    assert ask.why.startswith(f"{dead}.")
    low, high = {"none": (0, 0), "1 to 12": (1, 12), "13 to 24": (13, 24), "more than 24": (25, 48)}[
        ask.choices[ask.answer]
    ]
    assert low <= dead <= high


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("step")
