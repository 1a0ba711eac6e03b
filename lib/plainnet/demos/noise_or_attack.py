"""Noise against attack: how many unseen digits does a network still read when every pixel moves by epsilon?

The same step in every pixel, and the same hundred digits; only who chooses the signs differs: a coin, the gradient,
several gradients in a row, or somebody who got the sign wrong.
"""

import functools

import numpy as np

from plainnet import adversarial, data
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.digit_reader import TRAINED_ON, digit_reader
from plainnet.demos.parts import heat_map, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo

IMAGES = 100  # so that a count is a percentage
EPSILONS = np.round(np.linspace(0, 0.2, 11), 2)
NOISE, ONE_STEP, FIVE_STEPS, HELP = "random signs", "one step (FGSM)", "five steps", "FGSM, wrong sign"
WAYS = [NOISE, ONE_STEP, FIVE_STEPS, HELP]


def record(first=NOISE, second=ONE_STEP, digit=3):
    """Record how many digits are read right under two ways to choose the signs, epsilon by epsilon.

    Parameters
    ----------
    first, second : str
        "random signs", "one step (FGSM)", "five steps" or "FGSM, wrong sign".
    digit : int
        Which digit's first unseen image is shown under both.

    Returns
    -------
    Recording
    """
    digit = int(digit)
    for way in (first, second):
        if way not in WAYS:
            raise ValueError(f"expected one of {WAYS}; got {way!r}")
    if not 0 <= digit <= 9:
        raise ValueError(f"a digit lies between 0 and 9; got {digit}")
    one, other = curve(first), curve(second)
    names = [first, second]
    frames = [shown(names, (one, other), digit, k) for k in range(len(EPSILONS))]
    return Recording(
        frames,
        title="Noise against attack" if NOISE in (first, second) else "Two ways to choose the signs",
        description=f"Left: how many of {IMAGES} unseen digits a network reads right, over epsilon, "
        f"when all pixels move by epsilon, for two ways to choose the signs: {first} and {second}. Right: one image "
        "under both.",
        parts=[[
            plot(
                line("seen", "first", first), line("seen", "second", second), x="epsilon (share of paper to ink)",
                y="read right (of 100)", x_range=[0, float(EPSILONS[-1])], y_range=[0, 105],
                title="A hundred unseen digits", width=1.7,
            ),
            heat_map("first_image", grey=True, limit=1, title=first[0].upper() + first[1:]),
            heat_map("second_image", grey=True, limit=1, title=second[0].upper() + second[1:]),
        ]],
        asks=[question(names, one, other)],
        key_frame=8,
        rate=3,
    )  # fmt: skip


@functools.cache
def unseen():
    """Return a hundred digits that the network has not seen, as images and classes."""
    x, t = data.digits()
    return x[TRAINED_ON : TRAINED_ON + IMAGES], t[TRAINED_ON : TRAINED_ON + IMAGES]


@functools.cache
def signs(way):
    """Return the signs of a step that is chosen at the clean images."""
    x, t = unseen()
    if way == NOISE:
        return (2 * np.random.default_rng(0).integers(2, size=x.shape) - 1).astype(np.float32)
    g = adversarial.input_gradient(digit_reader(), x, t)
    return np.sign(-g if way == HELP else g)


@functools.cache
def moved_by(way, eps):
    """Return the unseen digits after a change of size eps."""
    x, t = unseen()
    if way == FIVE_STEPS:
        return adversarial.iterative_attack(digit_reader(), x, t, np.float32(eps), eps / 3, num_steps=5)
    return np.clip(x + np.float32(eps) * signs(way), 0, 1)


@functools.cache
def curve(way):
    """Return how many are read right for each epsilon, and what the network reads: (E,), (E, N)."""
    moved = [moved_by(way, eps) for eps in EPSILONS]
    with no_grad():
        read = np.array([digit_reader()(Tensor(x)).data.argmax(axis=1) for x in moved])
    return np.sum(read == unseen()[1], axis=1), read


def shown(names, curves, digit, k):
    """Return the frame of the k-th epsilon."""
    i = np.flatnonzero(unseen()[1] == digit)[0]
    right = [int(count[k]) for count, _ in curves]
    text = f"ε = {EPSILONS[k]:.2f}: {right[0]} of {IMAGES} right with {names[0]}, {right[1]} with {names[1]}."
    text += f" The {digit}: read as {curves[0][1][k, i]} and {curves[1][1][k, i]}."
    return {
        "text": text, "seen": EPSILONS[: k + 1], "first": curves[0][0][: k + 1], "second": curves[1][0][: k + 1],
        "first_image": moved_by(names[0], EPSILONS[k])[i, :, :, 0],
        "second_image": moved_by(names[1], EPSILONS[k])[i, :, :, 0],
    }  # fmt: skip


def question(names, one, other):
    """Return the question before the first step: what is left at epsilon 0.1 with the second way?"""
    k = int(np.flatnonzero(EPSILONS == 0.1)[0])
    bounds = [39, 79, 94]
    choices = ["< 40", "40 to 79", "80 to 94", "≥ 95"]
    return Ask(
        1,
        f"Clean, it reads {other[0][0]} of {IMAGES}. What is left at ε = 0.10 with {names[1]}?",
        choices,
        int(np.searchsorted(bounds, other[0][k])),
        f"{other[0][k]}; with {names[0]} {one[0][k]}.",
    )


class NoiseOrAttack(Demo):
    """Digits read right over epsilon, for two ways to choose the signs of a change.

    Parameters
    ----------
    first, second, digit
        What to start with, as for `record`.
    """

    def __init__(self, *, first=NOISE, second=ONE_STEP, digit=3):
        fields = [
            controls.choice("first", WAYS, first, label="Signs"),
            controls.choice("second", WAYS, second, label="against"),
            controls.choice("digit", {str(k): str(k) for k in range(10)}, str(digit), label="Image of a"),
        ]
        presets = {
            "random signs against FGSM": {"first": NOISE, "second": ONE_STEP, "digit": "3"},
            "one step against five": {"first": ONE_STEP, "second": FIVE_STEPS, "digit": "3"},
            "FGSM against the wrong sign": {"first": ONE_STEP, "second": HELP, "digit": "3"},
            "random signs against five steps": {"first": NOISE, "second": FIVE_STEPS, "digit": "3"},
            "random signs against FGSM, an 8": {"first": NOISE, "second": ONE_STEP, "digit": "8"},
            "random signs against FGSM, a 0": {"first": NOISE, "second": ONE_STEP, "digit": "0"},
            "one step against five, a 4": {"first": ONE_STEP, "second": FIVE_STEPS, "digit": "4"},
        }
        super().__init__(record, fields, presets)
