"""The epsilon slider: each frame is one step of the library's attack, and the bars are the network's answer to it."""

import numpy as np
import pytest
from plainnet import adversarial
from plainnet.demos import epsilon_attack as demo
from plainnet.demos.digit_reader import as_in_the_data, digit_reader
from plainnet.demos.draw_digit import examples

pytestmark = [pytest.mark.ch15, pytest.mark.slow]
THREE = examples()["a 3 from the data"]["drawing"]


def image():
    return as_in_the_data(np.array(THREE) > 0).astype(np.float32)[None, :, :, None]


@pytest.mark.parametrize(
    ("attack", "t", "sign", "targeted"),
    [(demo.AWAY, 3, 1, False), (demo.HELP, 3, -1, False), ("towards 8", 8, 1, True)],
)
def test_a_frame_is_the_librarys_step_of_its_size(attack, t, sign, targeted):
    frames = demo.record(THREE, attack).validate().frames
    for k in (0, 7, 40):
        eps = sign * float(demo.EPSILONS[k])
        want = adversarial.fgsm(digit_reader(), image(), np.array([t]), eps, targeted=targeted)
        np.testing.assert_allclose(frames[k]["image"], want[0, :, :, 0], atol=1e-6)
        z = digit_reader()(want).data[0]
        np.testing.assert_allclose(frames[k]["p"], np.exp(z) / np.exp(z).sum(), rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("attack", demo.ATTACKS)
def test_no_pixel_moves_by_more_than_epsilon_or_leaves_the_paper(attack):
    for eps, frame in zip(demo.EPSILONS, demo.record(THREE, attack).frames):
        assert np.abs(frame["change"]).max() <= eps + 1e-6
        assert 0 <= frame["image"].min() <= frame["image"].max() <= 1


def test_random_signs_move_a_pixel_by_all_of_epsilon_where_there_is_room():
    frame = demo.record(THREE, demo.NOISE).frames[20]
    inside = (frame["image"] > 1e-6) & (frame["image"] < 1 - 1e-6)
    assert inside.any()
    np.testing.assert_allclose(np.abs(frame["change"][inside]), demo.EPSILONS[20], atol=1e-6)


@pytest.mark.parametrize("attack", [demo.AWAY, demo.NOISE])
def test_the_answer_is_where_the_reading_changes(attack):
    recording = demo.record(THREE, attack)
    (ask,) = recording.asks
    other = [eps for eps, frame in zip(demo.EPSILONS, recording.frames) if frame["guess"] != 3]
    if attack == demo.NOISE:
        assert other == []
        assert ask.choices[ask.answer] == "none"
    else:
        assert 0.05 < other[0] <= 0.1
        assert ask.choices[ask.answer] == "≤ 0.10"
        assert f"{other[0]:.2f}" in ask.why


def test_the_wrong_sign_makes_it_surer():
    p = [frame["p"][3] for frame in demo.record(THREE, demo.HELP).frames]
    assert p[-1] > p[0]


def test_an_empty_sheet_can_be_attacked():
    assert demo.record(np.zeros((16, 16))).validate()


def test_what_it_cannot_take_is_named():
    with pytest.raises(ValueError, match="16 by 16"):
        demo.record(np.eye(8))
    with pytest.raises(ValueError, match="expected one of"):
        demo.record(THREE, "sideways")
