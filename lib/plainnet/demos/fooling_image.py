"""A fooling image grows: from a grey sheet or from noise, small steps towards a class, until the network is sure.

Each step lowers the loss of the class by targeted FGSM; nothing draws, and nothing but the network says what to do.
"""

import numpy as np

from plainnet import adversarial
from plainnet.demos import controls
from plainnet.demos.digit_reader import SIZE, digit_reader
from plainnet.demos.draw_digit import NAMES
from plainnet.demos.epsilon_attack import chance, probabilities
from plainnet.demos.parts import bars, heat_map, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

STEPS, STEP_SIZE, SURE = 60, 0.01, 0.99
GREY, NOISE, PAPER = "grey sheet", "noise", "white paper"
STARTS = [GREY, NOISE, PAPER]


def record(digit=4, start=GREY):
    """Record sixty steps towards a digit.

    Parameters
    ----------
    digit : int
        The class that the network shall see.
    start : str
        "grey sheet" (0.5 everywhere), "noise" (0 to 1) or "white paper" (0 everywhere).

    Returns
    -------
    Recording
    """
    digit = int(digit)
    if not 0 <= digit <= 9:
        raise ValueError(f"a digit lies between 0 and 9; got {digit}")
    images = grow(digit, beginning(start))
    p = probabilities(images)
    frames = [shown(images, p, digit, k) for k in range(STEPS + 1)]
    return Recording(
        frames,
        title=f"A fooling image: towards {digit}, from {'a ' if start == GREY else ''}{start}",
        description=f"Left: the image after each of {STEPS} steps of {number(STEP_SIZE)}. Middle: how far each pixel "
        "has moved. Right: the network's probabilities, and that of the wanted digit over the steps.",
        parts=[[
            heat_map("image", grey=True, limit=1, title="The image"),
            heat_map("change", limit=STEPS * STEP_SIZE, title="What has changed"),
            bars("p", NAMES, y="probability", y_range=[0, 1], highlight="guess", title="What it reads", width=1.3),
            plot(
                line("steps", "wanted", f"the wanted digit, {digit}"), x="step (count)", y="probability",
                x_range=[0, STEPS], y_range=[0, 1], title="How sure it is", width=1.2,
            ),
        ]],
        asks=[question(p, digit)],
        rate=8,
    )  # fmt: skip


def beginning(start):
    """Return the image (1, 8, 8, 1) to begin with."""
    if start not in STARTS:
        raise ValueError(f"expected one of {STARTS}; got {start!r}")
    if start == NOISE:
        return np.random.default_rng(0).random((1, SIZE, SIZE, 1), dtype=np.float32)
    return np.full((1, SIZE, SIZE, 1), 0.5 if start == GREY else 0.0, np.float32)


def grow(digit, image):
    """Return the images (STEPS + 1, 8, 8, 1) of one walk."""
    images = [image]
    for _ in range(STEPS):
        images.append(adversarial.fgsm(digit_reader(), images[-1], np.array([digit]), STEP_SIZE, targeted=True))
    return np.concatenate(images)


def shown(images, p, digit, k):
    """Return the frame after k steps."""
    guess = int(np.argmax(p[k]))
    text = f"Step {k}: p {chance(p[k, digit], 4)} for {digit}."
    if guess != digit:
        text += f" It reads {'an' if guess == 8 else 'a'} {guess}, p = {number(p[k, guess], 2)}."
    elif p[k, digit] > SURE:
        text += " It is surer than 99 %."
    return {
        "text": text, "image": images[k, :, :, 0], "change": (images[k] - images[0])[:, :, 0], "p": p[k],
        "guess": np.array(guess), "steps": np.arange(k + 1), "wanted": p[: k + 1, digit],
    }  # fmt: skip


def question(p, digit):
    """Return the question before the first step: how many steps until the network is sure?"""
    sure = np.flatnonzero(p[:, digit] > SURE)
    needed = sure[0] if len(sure) else np.inf
    bounds = [5, 20, STEPS]
    choices = ["≤ 5", "6 to 20", f"21 to {STEPS}", f"> {STEPS}"]
    why = (
        f"{needed} steps: no pixel has moved by more than {number(needed * STEP_SIZE)}."
        if len(sure)
        else "Not in time."
    )
    return Ask(
        1, f"After how many steps of {number(STEP_SIZE)} is it 99 % sure to see {'an' if digit == 8 else 'a'} {digit}?",
        choices, int(np.searchsorted(bounds, needed)), why,
    )  # fmt: skip


class FoolingImage(Demo):
    """An image that grows out of nothing until the network is certain what it shows.

    Parameters
    ----------
    digit, start
        What to start with, as for `record`.
    """

    def __init__(self, *, digit=4, start=GREY):
        fields = [
            controls.choice("digit", {str(k): str(k) for k in range(10)}, str(digit), label="Towards"),
            controls.choice("start", STARTS, start, label="Begins as"),
        ]
        presets = {f"a {k} from a grey sheet": {"digit": str(k), "start": GREY} for k in (4, 0, 1, 7)}
        presets |= {
            "an 8 from a grey sheet": {"digit": "8", "start": GREY},
            "a 4 from noise": {"digit": "4", "start": NOISE},
            "a 1 from noise": {"digit": "1", "start": NOISE},
            "a 4 from white paper": {"digit": "4", "start": PAPER},
        }
        super().__init__(record, fields, presets)
