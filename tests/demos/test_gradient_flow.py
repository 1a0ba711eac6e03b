"""Gradient flow: what is on screen is what the library computes, and the measured facts of the lecture hold."""

import numpy as np
import pytest
from plainnet import Tensor
from plainnet.demos import gradient_flow as demo
from plainnet.ops import linear, sum


def test_norms_are_those_of_a_plain_backward_pass():
    recording = demo.record("tanh", demo.XAVIER, depth=3)
    rng = np.random.default_rng(0)
    x = Tensor(rng.normal(size=(demo.SAMPLES, demo.WIDTH)), requires_grad=True)
    y = x
    for _ in range(3):
        w = Tensor(demo.INITS[demo.XAVIER]((demo.WIDTH, demo.WIDTH), rng))
        y = demo.tanh(linear(y, w, Tensor(np.zeros(demo.WIDTH))))
    g = np.random.default_rng(1).normal(size=y.shape)
    sum(y * (g / np.linalg.norm(g))).backward()
    one_before = recording.frames[-1]["norm"][-1]  # at layer 1
    first = demo.backward(demo.forward(demo.tanh, demo.INITS[demo.XAVIER], 3))
    assert first[0] == pytest.approx(np.linalg.norm(x.grad), rel=1e-9)
    assert one_before == pytest.approx(first[1], rel=1e-9)


@pytest.mark.parametrize(
    ("activation", "weights", "low", "high"),
    [("sigmoid", demo.XAVIER, 0, 1e-9), ("tanh", demo.XAVIER, 1e-2, 10), ("ReLU", demo.HE, 1e-1, 10),
     ("ReLU", demo.SMALL, 0, 1e-18)],
)  # fmt: skip
def test_twenty_layers_pass_on_what_the_lecture_says(activation, weights, low, high):
    arrived = demo.record(activation, weights).frames[-1]["norm"][-1]
    assert low <= arrived <= high


@pytest.mark.parametrize("depth", [2, 30])
def test_every_depth_has_a_frame_per_layer_each_way(depth):
    assert len(demo.record("ReLU", demo.HE, depth=depth).validate()) == 2 * depth + 1


def test_a_students_own_activation_is_offered():
    recording = demo.record(demo.OWN, demo.XAVIER, own=lambda x: x * 0.5)
    assert recording.static["f"][0] == -2.5
    assert "yours" in recording.title


def test_an_activation_that_explodes_is_shown_and_said():
    recording = demo.record(demo.OWN, demo.LARGE, own=lambda x: x * x).validate()
    assert any("infinity" in words or "not a number" in words for words in recording.warnings().values())


def test_the_slope_is_the_derivative():
    recording = demo.record("sigmoid")
    f, slope, z = (recording.static[name] for name in ("f", "slope", "z"))
    np.testing.assert_allclose(np.gradient(f, z)[1:-1], slope[1:-1], atol=1e-3)


def test_an_unknown_activation_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("step")
