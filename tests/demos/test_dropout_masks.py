"""Dropout masks: what is on screen is plainnet's own network; 256 masks have the promised mean before the sigmoid."""

import numpy as np
import pytest
from plainnet import Tensor, sigmoid, tanh
from plainnet.demos import dropout_masks as demo

pytestmark = pytest.mark.ch08


def test_a_masked_network_answers_what_the_library_computes():
    w1, b1, w2, b2 = demo.trained(0.5)
    x, kept = np.array(demo.INPUTS["on the upper moon"]), demo.MASKS[37]
    h = tanh(Tensor(x) @ w1 + b1) * (kept / 0.5)
    want = sigmoid(h @ w2 + b2).data
    sent, got = demo.answers(demo.trained(0.5), x, kept[None], 0.5)
    np.testing.assert_allclose(sent[0], h.data)
    np.testing.assert_allclose(got, want)


@pytest.mark.parametrize("p", [0.2, 0.5, 0.8])
def test_before_the_sigmoid_the_mean_of_all_masks_is_the_network_in_use(p):
    layers, x = demo.trained(0.5), demo.INPUTS["far outside"]
    chance = p ** (~demo.MASKS).sum(axis=1) * (1 - p) ** demo.MASKS.sum(axis=1)
    assert chance.sum() == pytest.approx(1)
    h, _ = demo.answers(layers, x, demo.MASKS, p)
    whole, _ = demo.answers(layers, x, np.ones((1, demo.HIDDEN)), 0.0)
    np.testing.assert_allclose(chance @ (h @ layers[2]), whole[0] @ layers[2])


def test_a_dropped_unit_sends_nothing_and_the_masks_differ():
    frames = demo.record().frames[1:-1]
    patterns = {tuple(frame["hidden"] != 0) for frame in frames}
    assert len(patterns) > demo.DRAWS / 2
    shares = np.mean([frame["hidden"] == 0 for frame in frames])
    assert 0.4 < shares < 0.6


def test_the_histogram_of_the_end_is_that_of_all_masks():
    recording = demo.record(p=0.3)
    assert recording.frames[-1]["counts"].sum() == pytest.approx(100)
    assert recording.frames[0]["counts"].sum() == 0


@pytest.mark.parametrize("settings", demo.DropoutMasks().presets.values(), ids=list(demo.DropoutMasks().presets))
def test_the_answer_compares_the_mean_with_the_network_in_use(settings):
    recording = demo.record(**settings).validate()
    (ask,) = recording.asks
    rows = dict(recording.frames[-1]["rows"])
    mean, in_use = (float(rows[name].replace("−", "-")) for name in ("mean of all 256 masks", "in use: no mask"))
    word = ["less", "the same", "more"][ask.answer]
    assert ask.choices[ask.answer].startswith(word)
    if word == "the same":
        assert abs(mean - in_use) < demo.CLOSE + 1e-3
    else:
        assert (mean < in_use) == (word == "less")


def test_dropout_in_training_makes_the_masked_networks_agree():
    spread = {
        p: np.std(demo.answers(demo.trained(p), demo.INPUTS["on the upper moon"], demo.MASKS, 0.5)[1])
        for p in (0.0, 0.5)
    }
    assert spread[0.5] < spread[0.0]


def test_an_unknown_place_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("nowhere")


def test_the_page_fits_and_works_without_a_kernel():
    assert "learned without dropout" in demo.DropoutMasks().to_html()
