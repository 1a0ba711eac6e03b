"""The fooling image: every frame is one targeted step of the library on, and it ends in certainty."""

import numpy as np
import pytest
from plainnet import adversarial
from plainnet.demos import fooling_image as demo
from plainnet.demos.digit_reader import digit_reader
from plainnet.demos.epsilon_attack import chance

pytestmark = [pytest.mark.ch15, pytest.mark.slow]


def test_each_frame_is_one_step_after_the_last():
    frames = demo.record(7, demo.NOISE).validate().frames
    for before, after in zip(frames[::20], frames[1::20]):
        x = before["image"].astype(np.float32)[None, :, :, None]
        want = adversarial.fgsm(digit_reader(), x, np.array([7]), 0.01, targeted=True)
        np.testing.assert_allclose(after["image"], want[0, :, :, 0], atol=1e-6)


@pytest.mark.parametrize("digit", range(10))
def test_every_digit_becomes_more_than_99_percent_sure(digit):
    frames = demo.record(digit).frames
    assert frames[0]["p"].max() < 0.9
    assert frames[-1]["p"][digit] > 0.99
    assert frames[-1]["wanted"][-1] == frames[-1]["p"][digit]


@pytest.mark.parametrize("start", demo.STARTS)
def test_no_pixel_goes_further_than_its_steps_or_off_the_paper(start):
    for k, frame in enumerate(demo.record(4, start).frames):
        assert np.abs(frame["change"]).max() <= k * demo.STEP_SIZE + 1e-5
        assert 0 <= frame["image"].min() <= frame["image"].max() <= 1


def test_the_answer_is_the_first_step_above_99_percent():
    recording = demo.record(4)
    (ask,) = recording.asks
    needed = next(k for k, frame in enumerate(recording.frames) if frame["p"][4] > 0.99)
    assert ask.why.startswith(f"{needed} steps")
    assert 21 <= needed <= 60
    assert ask.choices[ask.answer] == "21 to 60"


def test_what_it_cannot_take_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record(4, "black")
    with pytest.raises(ValueError, match="between 0 and 9"):
        demo.record(12)


def test_a_probability_is_never_said_to_be_one():
    assert chance(0.99951) == "> 0.999"
    assert chance(0.9994) == "> 0.999"
    assert chance(0.9989) == "= 0.999"
    assert chance(1.0, 4) == "> 0.9999"
    assert chance(0.5) == "= 0.5"
    assert "p > 0.9999 for 4" in demo.record(4).frames[-1]["text"]
