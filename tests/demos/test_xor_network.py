"""The XOR network shows what the library computes, and says of four inputs how many are right."""

import numpy as np
import pytest
from plainnet.demos import xor_network as demo

RIGHT = {demo.HAND: 4, demo.LOGIC: 4, demo.TRAINED: 4, demo.BEFORE: 2, demo.EQUAL: 3, demo.ZERO: 0, demo.NONE: 0}


@pytest.mark.parametrize(("weights", "right"), RIGHT.items())
def test_how_many_of_the_four_are_right(weights, right):
    assert demo.record(weights).frames[-1]["text"].startswith(f"{right} of 4 are right.")


def test_the_network_set_by_hand_passes_the_lectures_numbers_on():
    frames = demo.record(demo.HAND).frames
    assert [f["a1"].tolist() for f in frames[2::3]] == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert [float(f["a2"][0]) for f in frames[3::3]] == [0, 1, 1, 0]


@pytest.mark.parametrize("weights", list(demo.SAYS))
def test_numbers_and_maps_agree_at_the_corners(weights):
    recording = demo.record(weights)
    layers, (activation, _), last = demo.weights_of(weights)
    top = len(layers)
    corner = np.array([[demo.EDGE[0], demo.EDGE[1]]])  # the first pixel: top left
    stages = [a.data[0] for a in demo.outputs(corner, layers, activation, last)]
    for k in range(top):
        np.testing.assert_allclose(recording.static[f"map{k}"][:, 0, 0], stages[k], rtol=1e-9)
    assert recording.static["z"][0, 0] == pytest.approx(2 * stages[top][0] - 1)


def test_equal_units_stay_equal_and_zeros_move_nothing():
    (w1, b1), (w2, _) = demo.weights_of(demo.EQUAL)[0]
    assert np.ptp(w1, axis=1).max() == np.ptp(b1) == np.ptp(w2) == 0
    assert np.abs(w1 - 0.5).min() > 0.1  # they did learn
    for w, b in demo.weights_of(demo.ZERO)[0]:
        assert not w.any()
        assert not b.any()  # the last one too: the classes of XOR are equally frequent


@pytest.mark.parametrize("weights", list(demo.SAYS))
def test_the_question_comes_right_before_the_last_answer(weights):
    recording = demo.record(weights)
    (ask,) = recording.asks
    y = recording.frames[ask.frame][f"a{len(demo.weights_of(weights)[0])}"][0]
    assert ask.answer == (0 if y < 0.25 else 1 if y > 0.75 else 2)
    assert recording.frames[ask.frame]["text"].startswith("Output for (1, 1)")
    assert "Output for (1, 1)" not in recording.frames[ask.frame - 1]["text"]


def test_an_unknown_choice_of_weights_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("magic")
