"""Noise against attack: the curves count what the library's attacks leave of a hundred unseen digits."""

import numpy as np
import pytest
from plainnet import adversarial, data
from plainnet.demos import noise_or_attack as demo
from plainnet.demos.digit_reader import digit_reader

pytestmark = [pytest.mark.ch15, pytest.mark.slow]


@pytest.fixture(scope="module")
def unseen():
    x, t = data.digits()
    return x[1500:1600], t[1500:1600]


def right(x, t):
    return np.sum(digit_reader()(x).data.argmax(axis=1) == t)


def test_counts_are_those_of_the_librarys_attacks(unseen):
    x, t = unseen
    frame = demo.record(demo.ONE_STEP, demo.FIVE_STEPS).validate().frames[5]
    eps = demo.EPSILONS[5]
    assert frame["first"][-1] == right(adversarial.fgsm(digit_reader(), x, t, eps), t)
    five = adversarial.iterative_attack(digit_reader(), x, t, np.float32(eps), eps / 3, num_steps=5)
    assert frame["second"][-1] == right(five, t)


def test_an_attack_of_a_tenth_does_what_noise_does_not():
    frame = demo.record(demo.NOISE, demo.ONE_STEP).frames[5]
    assert demo.EPSILONS[5] == 0.1
    assert frame["first"][-1] >= 94
    assert frame["second"][-1] <= 75


def test_several_steps_do_more_and_the_wrong_sign_helps():
    last = demo.record(demo.FIVE_STEPS, demo.HELP).frames[-1]
    one_step = demo.record(demo.NOISE, demo.ONE_STEP).frames[-1]["second"]
    assert last["first"][-1] < one_step[-1]
    assert last["second"][-1] >= last["second"][0]


@pytest.mark.parametrize("way", demo.WAYS)
def test_all_ways_stay_within_epsilon(unseen, way):
    for eps in (0.0, 0.2):
        moved = demo.moved_by(way, eps)
        assert np.abs(moved - unseen[0]).max() <= eps + 1e-6
        assert 0 <= moved.min() <= moved.max() <= 1


def test_the_answer_is_the_count_at_a_tenth():
    recording = demo.record()
    (ask,) = recording.asks
    left = recording.frames[5]["second"][-1]
    assert ask.why.startswith(f"{int(left)};")
    low, high = {"< 40": (0, 39), "40 to 79": (40, 79), "80 to 94": (80, 94), "≥ 95": (95, 100)}[
        ask.choices[ask.answer]
    ]
    assert low <= left <= high


def test_what_it_cannot_take_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("loud")
    with pytest.raises(ValueError, match="between 0 and 9"):
        demo.record(digit=10)
