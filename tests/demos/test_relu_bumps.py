"""The bent curves are the ones that NumPy draws through the same knots; the errors are what they say."""

from itertools import pairwise

import numpy as np
import pytest
from plainnet.demos import relu_bumps as demo


@pytest.mark.parametrize("target", list(demo.CURVES))
def test_every_knot_is_hit_and_lines_between_are_straight(target):
    F, low, high = demo.CURVES[target]
    for units in (2, 9):
        frame = demo.record(target, units).frames[-2]
        knots = np.linspace(low, high, units)
        want = np.interp(np.linspace(low, high, demo.SAMPLES), knots, F(knots))
        np.testing.assert_allclose(frame["net"], want, rtol=1e-9, atol=1e-9 * np.abs(want).max())
        assert frame["off"] == pytest.approx(np.abs(want - demo.record(target, units).static["aim"]).max())


def test_a_unit_changes_nothing_to_the_left_of_its_knot():
    recording = demo.record("sin x", 6)
    x = recording.static["x"]
    for before, after in zip(recording.frames[:-2], recording.frames[1:-1]):
        left = x <= after["knots"][-1, 0]
        np.testing.assert_allclose(after["net"][left], before["net"][left], atol=1e-12)
        np.testing.assert_allclose(after["net"] - before["net"], after["unit"], atol=1e-9)


def test_outside_of_the_knots_the_network_stays_level():
    knots = np.array([0.0, 1.0, 3.0])
    *_, last = demo.bent_curves(knots, np.array([0.0, 2.0, 1.0]))
    assert demo.network(np.array([[-1.0], [10.0]]), *last).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("target", "says"), [("sin x", "about a quarter"), ("a step: not continuous", "about as large")]
)
def test_the_answer_to_the_question_comes_from_the_errors(target, says):
    (ask,) = demo.record(target, 10).asks
    assert ask.choices[ask.answer] == says


def test_a_continuous_function_is_reached_and_a_pole_is_not():
    errors = {target: demo.record(target, 64).frames[-1]["off"] for target in demo.CURVES}
    assert errors["sin x"] < 0.002
    assert errors["first function, x₂ = 1"] < 0.05
    assert errors["second function, close to its pole"] > 100
    assert errors["a step: not continuous"] > 0.9


@pytest.mark.parametrize("target", list(demo.SURFACES))
def test_a_surface_is_the_best_one_for_its_lines(target):
    frames = demo.record(target, 40).frames
    F, low, high = demo.SURFACES[target]
    aim = demo.record(target, 2).static["aim"]
    assert aim[0, 0] == pytest.approx(F(low, high))  # top left: the lowest x1, the highest x2
    rms = [np.sqrt(np.mean(frame["difference"] ** 2)) for frame in frames]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(rms))  # more lines, the same ones first
    assert rms[-1] < 0.03


def test_an_unknown_function_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("cosine")
