"""Layer histograms: what is on screen is what the library computes; small weights vanish, He's and Xavier's do not."""

import numpy as np
import pytest
from plainnet import Tensor
from plainnet.demos import layer_histograms as demo
from plainnet.ops import linear

pytestmark = [pytest.mark.ch05, pytest.mark.slow]


def test_columns_and_sizes_are_those_of_a_plain_pass():
    recording = demo.record("tanh", depth=3)
    k = 16
    rng = np.random.default_rng(0)
    y, layers = Tensor(rng.normal(size=(128, 64)), requires_grad=True), []
    for _ in range(3):
        w = Tensor(demo.DEVIATIONS[k] * rng.standard_normal((64, 64)))
        y = demo.ACTIVATIONS["tanh"](linear(y, w, Tensor(np.zeros(64))))
        layers.append(y)
    g = np.random.default_rng(1).normal(size=y.shape)
    y.backward(g / np.linalg.norm(g))
    frame = recording.frames[k]
    assert frame["spread"] == pytest.approx([layer.data.std() for layer in layers], rel=1e-6)
    assert frame["norm"] == pytest.approx([np.linalg.norm(layer.grad) for layer in layers], rel=1e-6)
    upper_half = np.sum(frame["share"][: demo.BINS // 2] ** 2, axis=0)  # shares are shown by their root
    assert upper_half == pytest.approx([np.mean(layer.data >= 0) for layer in layers], rel=1e-6)


@pytest.mark.parametrize("activation", demo.RANGES)
def test_every_column_holds_all_outputs(activation):
    for frame in demo.record(activation, depth=4).validate().frames:
        assert np.sum(frame["share"] ** 2, axis=0) == pytest.approx(np.ones(4))


@pytest.mark.parametrize(
    ("activation", "rule"), [("ReLU", "√(2/n) = 0.177"), ("tanh", "1/√n = 0.125"), ("none (linear)", "1/√n = 0.125")]
)
def test_the_answer_is_the_rule_of_the_lecture(activation, rule):
    (ask,) = demo.record(activation, depth=10).asks
    assert ask.choices[ask.answer] == rule


def test_the_lectures_hundredth_ends_in_nothing_after_twenty_layers():
    frame = demo.record("ReLU", depth=20).frames[0]
    assert demo.DEVIATIONS[0] == pytest.approx(0.01)
    assert frame["spread"][-1] == frame["norm"][0] == demo.LOW  # cut off at the end of the axis


def test_weights_of_one_saturate_tanh():
    frame = demo.record("tanh", depth=10).frames[-1]
    outermost = frame["share"][[0, -1], -1] ** 2
    assert outermost.sum() > 0.5


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("step")
