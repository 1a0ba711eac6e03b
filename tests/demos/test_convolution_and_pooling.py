"""The convolution and pooling steppers: every number on screen is the library's, and the decks' numbers come out."""

import re

import numpy as np
import pytest
from plainnet.demos import convolution_stepper as convolution
from plainnet.demos import pooling_stepper as pooling


def final_map(recording):
    return recording.static["y"]


@pytest.mark.parametrize(
    ("preset", "first"),
    [("Curve meets its detector", 6600), ("The same, kernel turned", 3600), ("Another curve", 0)],
)
def test_the_lectures_curves_give_their_sums(preset, first):
    recording = convolution.record(**convolution.PRESETS[preset])
    assert final_map(recording)[0, 0] == first
    assert f"= {first}." in recording.frames[1]["text"]


@pytest.mark.parametrize("preset", convolution.PRESETS)
def test_no_name_of_a_preset_gives_the_answer_away(preset):
    (ask,) = convolution.record(**convolution.PRESETS[preset]).asks
    assert ask.choices[ask.answer] not in re.findall(r"\d+", preset)


def test_the_lectures_small_image_gives_its_map():
    assert final_map(convolution.record()).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]


@pytest.mark.parametrize("preset", convolution.PRESETS)
def test_products_under_the_kernel_sum_to_the_map(preset):
    recording = convolution.record(**convolution.PRESETS[preset]).validate()
    y = final_map(recording)
    for frame, (i, j) in zip(recording.frames[1:], np.ndindex(y.shape), strict=True):
        assert frame["products"].sum() == pytest.approx(y[i, j])
        top, left, height, width = frame["window"]
        window = frame["x"][top : top + height, left : left + width]
        assert np.array_equal(window * recording.static["w"], frame["products"])


def test_a_students_own_convolution_is_compared():
    def flips(x, w):
        w = w[::-1, ::-1]
        places = np.lib.stride_tricks.sliding_window_view(x, w.shape)
        return np.einsum("ijkl,kl->ij", places, w)

    example = convolution.PRESETS["Curve meets its detector"]
    assert "Your function says 3600 here." in convolution.record(**example, correlate=flips).frames[1]["text"]
    assert "Your function" not in convolution.record(correlate=flips).frames[1]["text"]  # a symmetric kernel hides it


def test_a_students_map_of_another_shape_is_named():
    with pytest.raises(ValueError, match="3 by 3 places"):
        convolution.record(correlate=lambda x, w: x)


def test_a_kernel_that_does_not_fit_is_named():
    with pytest.raises(ValueError, match="add padding"):
        convolution.record(x=np.ones((2, 2)))
    with pytest.raises(ValueError, match="square matrix of at most 7"):
        convolution.record(w=np.ones((2, 3)))


def test_the_lectures_pooling_gives_an_x_of_nines():
    recording = pooling.record()
    assert final_map(recording).tolist() == [[9, 2, 9], [3, 9, 3], [9, 2, 9]]
    assert recording.asks[0].question.startswith("7 of the 9 windows")
    assert pooling.record(pooling.LATER_SLIDE).static["y"].tolist() == [[9, 2, 9], [3, 9, 1], [9, 2, 9]]


@pytest.mark.parametrize("preset", pooling.PRESETS)
def test_as_much_gradient_arrives_as_was_sent(preset):
    recording = pooling.record(**pooling.PRESETS[preset]).validate()
    assert recording.frames[-1]["grad_x"].sum() == pytest.approx(final_map(recording).size)


def test_a_students_own_pooling_is_compared():
    def padded_with_zeros(x, k, stride):
        y = np.lib.stride_tricks.sliding_window_view(x, (k, k))[::stride, ::stride].max(axis=(2, 3))
        return np.maximum(y, 0)

    words = [frame["text"] for frame in pooling.record(pooling.BELOW_ZERO, pool=padded_with_zeros).frames]
    assert "Your function says 0 here." in words[1]
