"""The epsilon slider: a drawn digit is attacked with growing epsilon; what does the network read, and how sure is it?

Each frame is one epsilon, so that the timeline is the slider. The direction of the step is computed once, at the clean
image, by `plainnet.adversarial`; random signs of the same size are there to compare.
"""

import numpy as np

from plainnet import adversarial
from plainnet.activations import softmax
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.digit_reader import CANVAS, as_drawing, as_in_the_data, digit_reader
from plainnet.demos.draw_digit import NAMES, examples
from plainnet.demos.parts import bars, heat_map
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

EPSILONS = np.round(np.linspace(0, 0.4, 41), 2)
AWAY, NOISE, HELP = "away from the answer", "random signs", "wrong sign"
TOWARDS = {f"towards {digit}": digit for digit in range(10)}
ATTACKS = [AWAY, NOISE, HELP, *TOWARDS]


def record(drawing, attack=AWAY):
    """Record one step of every size on a drawn digit.

    Parameters
    ----------
    drawing : (16, 16) array_like
        Ink above zero.
    attack : str
        "away from the answer" (FGSM from the class that the network gives to the clean image), "towards 0" to
        "towards 9" (targeted FGSM), "wrong sign" (FGSM whose sign is mistaken) or "random signs".

    Returns
    -------
    Recording
    """
    drawing = as_drawing(drawing)
    if attack not in ATTACKS:
        raise ValueError(f"expected one of {ATTACKS}; got {attack!r}")
    x = as_in_the_data(drawing > 0).astype(np.float32)[None, :, :, None]
    clean = int(np.argmax(probabilities(x)))
    moved = np.clip(x + EPSILONS.astype(np.float32)[:, None, None, None] * direction(x, clean, attack), 0, 1)
    p = probabilities(moved)
    goal = TOWARDS.get(attack, clean)
    frames = [shown(x, moved[k], p, k, clean) for k in range(len(EPSILONS))]
    return Recording(
        frames,
        title=f"Epsilon on a drawn digit: {attack}",
        description="A drawn digit, the change that is added to it (one step of size epsilon in each pixel), the sum "
        "limited to the range from paper to ink, and the network's probability for each digit, for epsilon from 0 "
        f"to {number(EPSILONS[-1])}.",
        parts=[[
            heat_map("drawing", edit="drawing", grey=True, limit=1, title="Draw here"),
            heat_map("change", limit=float(EPSILONS[-1]), title="The change"),
            heat_map("image", grey=True, limit=1, title="What it sees"),
            bars("p", NAMES, y="probability", y_range=[0, 1], highlight="guess", title="What it reads", width=1.5),
        ]],
        static={"drawing": (drawing > 0) * 1.0},
        asks=[question(p, clean, goal, attack)],
        key_frame=15,
        rate=6,
    )  # fmt: skip


def direction(x, clean, attack):
    """Return the signs of the step, of the shape of x (1, 8, 8, 1)."""
    if attack == NOISE:
        return (2 * np.random.default_rng(0).integers(2, size=x.shape) - 1).astype(np.float32)
    g = adversarial.input_gradient(digit_reader(), x, np.array([TOWARDS.get(attack, clean)]))
    return np.sign(g if attack == AWAY else -g)


def probabilities(x):
    """Return (N, 10), how sure the network is of each digit."""
    with no_grad():
        return softmax(digit_reader()(Tensor(x))).data.astype(float)


def shown(x, image, p, k, clean):
    """Return the frame of the k-th epsilon."""
    guess = int(np.argmax(p[k]))
    text = f"ε = {EPSILONS[k]:.2f}: it reads {'an' if guess == 8 else 'a'} {guess}, p {chance(p[k, guess])}."
    if guess != clean:
        text += f" The {clean} that it read at ε = 0 has p = {number(p[k, clean], 2)} left."
    return {
        "text": text, "change": (image - x[0])[:, :, 0], "image": image[:, :, 0], "p": p[k], "guess": np.array(guess),
    }  # fmt: skip


def chance(p, digits=3):
    """Return a probability behind its sign: what would round to 1 is not 1."""
    most = 1 - 10.0**-digits
    return f"> {number(most, digits)}" if p > most else f"= {number(p, digits)}"


def question(p, clean, goal, attack):
    """Return the question before the first step: from which epsilon on does the answer change?"""
    changed = np.flatnonzero(p.argmax(axis=1) != clean)
    first = EPSILONS[changed[0]] if len(changed) else np.inf
    bounds = [0.05, 0.1, 0.2, EPSILONS[-1]]
    choices = ["≤ 0.05", "≤ 0.10", "≤ 0.20", f"≤ {EPSILONS[-1]:.2f}", "none"]
    why = f"At {first:.2f}." if len(changed) else f"It reads {clean} up to ε = {EPSILONS[-1]:.2f}."
    if attack == NOISE:
        why += " A change that large fools it, whoever chooses." if len(changed) else " Random signs mostly cancel."
    elif goal != clean or attack == AWAY:
        why += " Every pixel pulls in the same direction."
    return Ask(1, "At which ε does the answer change?", choices, int(np.searchsorted(bounds, first)), why)


class EpsilonAttack(Demo):
    """A drawn digit under attack, with the network's answer for each epsilon.

    Parameters
    ----------
    attack : str
        What to start with, as for `record`.
    """

    def __init__(self, *, attack=AWAY):
        drawn = examples()
        three, one = drawn["a 3 from the data"]["drawing"], drawn["a 1 from the data"]["drawing"]
        zero, seven = drawn["a 0 from the data"]["drawing"], drawn["a 7 from the data"]["drawing"]
        blank = np.zeros((CANVAS, CANVAS)).tolist()
        fields = [controls.hidden("drawing", three), controls.choice("attack", ATTACKS, attack, label="Step")]
        presets = {
            "a 3, away from 3": {"drawing": three, "attack": AWAY},
            "the 3, random signs": {"drawing": three, "attack": NOISE},
            "the 3, towards 8": {"drawing": three, "attack": "towards 8"},
            "the 3, wrong sign": {"drawing": three, "attack": HELP},
            "a 1, away from 1": {"drawing": one, "attack": AWAY},
            "a 0, towards 6": {"drawing": zero, "attack": "towards 6"},
            "a 7, away from 7": {"drawing": seven, "attack": AWAY},
            "the 7, random signs": {"drawing": seven, "attack": NOISE},
            "(clear)": {"drawing": blank, "attack": AWAY},
        }
        super().__init__(record, fields, presets)
