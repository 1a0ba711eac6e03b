"""Shift by one: probabilities and shares are the trained networks' own, and a digit moves by whole pixels."""

import numpy as np
import pytest
from plainnet import predict
from plainnet.demos import shift_bars as demo

pytestmark = pytest.mark.ch12


def test_a_digit_moves_and_paper_opens_behind():
    x = np.arange(1.0, 17.0).reshape(1, 4, 4, 1)
    assert demo.moved(x, 0, 1)[0, 0, :, 0].tolist() == [0, 1, 2, 3]
    assert demo.moved(x, 0, -1)[0, 0, :, 0].tolist() == [2, 3, 4, 0]
    assert demo.moved(x, 1, 0)[0, :, 0, 0].tolist() == [0, 1, 5, 9]
    assert demo.moved(x, -2, 0)[0, :, 0, 0].tolist() == [9, 13, 0, 0]
    assert demo.moved(x, 0, 0).tolist() == x.tolist()


@pytest.mark.slow
@pytest.mark.parametrize(("digit", "direction"), [(3, "right"), (8, "up"), (1, "left"), (0, "down")])
def test_bars_and_curves_are_the_networks_own(digit, direction):
    recording = demo.record(digit, direction).validate()
    x, t = (array[demo.LEARNED :] for array in demo.digits())
    down, right = demo.DIRECTIONS[direction]
    assert len(recording) == demo.FARTHEST + 1
    for pixels, frame in enumerate(recording.frames):
        for name, model in demo.trained().items():
            z = predict(model, frame["x"][None, :, :, None].astype(np.float32))[0].astype(float)
            np.testing.assert_allclose(frame[name], np.exp(z) / np.exp(z).sum(), rtol=1e-4, atol=1e-6)
            answers = predict(model, demo.moved(x, pixels * down, pixels * right)).argmax(axis=1)
            assert frame[f"{name}_right"] == pytest.approx(100 * np.mean(answers == t))


def test_unmoved_every_example_is_read_by_both_and_is_of_its_class():
    for digit in range(10):
        frame = demo.record(digit).frames[0]
        assert frame["dense_says"] == frame["conv_says"] == digit


def test_the_convolutional_network_stands_a_shift_better_in_every_direction():
    for direction in demo.DIRECTIONS:
        share = demo.shares(direction)
        assert min(share["dense"][0], share["conv"][0]) > 0.93
        assert share["conv"][1] > share["dense"][1] + 0.1
        assert share["conv"][2] > share["dense"][2]
    for direction in ("left", "right"):  # digits fill the height of an image: up and down they lose ink at once
        share = demo.shares(direction)
        assert share["conv"][2] > share["dense"][2] + 0.3


def test_two_pixels_to_the_left_the_first_stride_harm_less_than_one():
    share = demo.shares("left")["conv"]
    assert share[2] > share[1]
    read = [[100 * demo.shares(way)["conv"][d] for d in (1, 2)] for way in ("right", "left")]
    np.testing.assert_allclose(read, [[75, 74], [78, 86]], atol=3)  # as the lecture says; sums may round elsewhere


def test_answers_are_what_the_frames_show():
    for digit in range(10):
        recording = demo.record(digit, "left")
        first, second = recording.asks
        assert f"{recording.frames[1]['dense_right']:.0f} %" in first.why
        near = int(first.choices[first.answer].removesuffix(" %"))
        assert abs(near - recording.frames[1]["dense_right"]) <= 15
        read = [name for name in ("dense", "conv") if recording.frames[2][f"{name}_says"] == digit]
        words = {"both": ["dense", "conv"], "convolutional alone": ["conv"], "dense alone": ["dense"]}
        assert words.get(second.choices[second.answer], []) == read


def test_the_networks_are_of_the_sizes_that_the_lecture_names():
    sizes = {name: sum(p.data.size for p in model.parameters()) for name, model in demo.trained().items()}
    assert sizes == {"dense": 4_810, "conv": 2_986}


def test_an_unknown_direction_is_named():
    with pytest.raises(ValueError, match=r"expected a digit 0\.\.9 and one of"):
        demo.record(3, "sideways")


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_asks_twice_and_offers_all_digits(open_demo):
    page = open_demo(demo.ShiftBars())
    page.keyboard.press("End")
    assert "After one pixel about" in page.inner_text(".pn-ask")
    page.keyboard.press("Enter")
    page.keyboard.press("End")
    assert "Who reads the 3 now?" in page.inner_text(".pn-ask")
