"""From logits to the loss: three scores become probabilities, a loss, and a gradient that pulls at the scores.

Probabilities, losses and gradients are plainnet's. Besides softmax as the library computes it, with the largest score
subtracted, there is the textbook's form, which breaks for large scores.
"""

import numpy as np

from plainnet.activations import softmax
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import bars, line, matrix, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.loss_ops import multiclass_hinge, softmax_cross_entropy
from plainnet.ops import exp, sum

NAMES = ["cat", "dog", "ship"]
ADDED = ["0", "50", "1000"]
STABLE, TEXTBOOK = "largest score subtracted", "as in the textbook"
ROWS = ["score", "shifted", "exp", "p", "p − t"]
START = {"cat": 2.0, "dog": 1.0, "ship": -1.0, "truth": "cat", "added": "0", "form": STABLE}
SHIFTED, EXPONENTIALS, PROBABILITIES, LOSS, GRADIENT, HINGE = range(1, 7)  # the frames
EDGE = 5.0  # the loss axis ends here


def record(cat=2.0, dog=1.0, ship=-1.0, truth="cat", added="0", form=STABLE):
    """Record the way of three scores to their loss and back.

    Parameters
    ----------
    cat, dog, ship : float
        The scores of the three classes.
    truth : str
        The true class: "cat", "dog" or "ship".
    added : float, or its text
        A number that is added to all three scores.
    form : str
        "largest score subtracted", or "as in the textbook".

    Returns
    -------
    Recording
    """
    if truth not in NAMES or form not in (STABLE, TEXTBOOK):
        raise ValueError(f"expected a truth of {NAMES} and a form of {[STABLE, TEXTBOOK]}; got {truth!r}, {form!r}")
    z = np.array([cat, dog, ship], float) + float(added)
    label = NAMES.index(truth)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # the textbook's form breaks: that is shown
        shifted, e, p, loss, grad_z = stable(z, label) if form == STABLE else textbook(z, label)
    hinge, grad_hinge = of(multiclass_hinge, z, label)
    numbers = np.array([z, shifted, e, p, grad_z])  # (rows, classes)
    words = sentences(z, shifted, e, p, loss, grad_z, hinge, grad_hinge, truth, form)
    frames = [frame(k, text, p, loss, label) for k, text in enumerate(words)]
    axis = np.linspace(np.exp(-EDGE), 1, 200)
    return Recording(
        frames,
        title="From logits to the loss",
        description="The scores of three classes, cat, dog and ship, their probabilities, and the loss −log p of the "
        f"true class, here {truth}, as a point on the curve of −log p. A table holds every number on the way, and the "
        "gradient with respect to each score.",
        parts=[[
            matrix("numbers", known="known", highlight="own", row_labels=ROWS, column_labels=NAMES,
                   title="Every number on the way", width=1.4),
            bars("p", NAMES, y="probability", y_range=[0, 1], highlight="label", title="Probabilities"),
            plot(line("axis", "curve"), points("here"), x="p of the truth", y="loss (nats)", x_range=[0, 1],
                 y_range=[0, EDGE], title="Loss −log p"),
        ]],
        static={
            "numbers": numbers, "label": np.array(label), "own": np.array([0, label, len(ROWS), 1]),
            "axis": axis, "curve": -np.log(axis),
        },
        asks=[question(p, loss, form)],
    )  # fmt: skip


def stable(z, label):
    """Return (shifted scores, exponentials, probabilities, loss, gradient), as plainnet computes them."""
    shifted = z - z.max()
    loss, grad_z = of(softmax_cross_entropy, z, label)
    return shifted, exp(Tensor(shifted)).data, softmax(Tensor(z)).data, loss, grad_z


def textbook(z, label):
    """Return the same by exp(z) / sum(exp(z)) and −log p as they stand, step by step, and what becomes of them."""
    e = exp(Tensor(z))
    p = (e / sum(e)).data
    return z, e.data, p, float(-np.log(p[label])), p - np.eye(len(z))[label]


def of(loss, z, label):
    """Return (loss, its gradient with respect to the scores) of one sample."""
    z = Tensor(z[None], requires_grad=True)  # (1, 3)
    value = loss(z, labels=np.array([label]))
    value.backward()
    return value.item(), z.grad[0]


def sentences(z, shifted, e, p, loss, grad_z, hinge, grad_hinge, truth, form):
    """Return the text of each frame."""
    own = number(p[NAMES.index(truth)])
    shift = f"The largest score, {number(z.max())}, is subtracted from all: the largest exponent is now 0."
    order, pull = "All positive, in the same order.", f"A step against it raises the {truth} and lowers the others."
    if form == TEXTBOOK:
        shift = "The textbook subtracts nothing: exponents are the scores themselves."
    if np.isinf(e).any():
        order = "float64 ends at about exp(709)."
    if np.isnan(p).any():
        pull = "With it every weight would become NaN."
    return [
        f"Three scores, and the truth: it is a {truth}. A score can be any number.",
        shift,
        f"Exponentials: {listed(e)}. {order} Their sum is {number(e.sum())}.",
        f"Divided by their sum: the probabilities {listed(p)}." + (" ∞ / ∞ is no number." if np.isnan(p).any() else ""),
        f"The loss is −log {own} = {number(loss)}. Equal scores would give log 3 = {number(np.log(3))}.",
        f"The gradient is p − t: {listed(grad_z)}. {pull}",
        f"For comparison, the hinge loss with margin 1: {number(hinge, 3)}, gradient {listed(grad_hinge)}. "
        + ("It is content and pulls no more." if hinge == 0 else "It counts classes, not how far they are."),
    ]


def frame(k, text, p, loss, label):
    """Return frame `k`: how many numbers are known by then, in reading order, and what is drawn of them."""
    since = [0, SHIFTED, EXPONENTIALS, PROBABILITIES, GRADIENT]  # the frame in which each row becomes known
    known = len(p) * int(np.sum(k >= np.array(since)))
    here = [[p[label], min(loss, EDGE)]] if k >= LOSS and np.isfinite(loss) else np.zeros((0, 2))
    bars_shown = p if k >= PROBABILITIES else np.zeros(len(p))
    return {"text": text, "known": np.array(known), "p": bars_shown, "here": np.reshape(here, (-1, 2))}


def question(p, loss, form):
    """Return the question before the deciding frame: what becomes of the division, or how large is the loss?"""
    if form == TEXTBOOK:
        return Ask(
            PROBABILITIES,
            "Without subtracting anything: what comes of the division?",
            ["three probabilities", "not a number (NaN)"],
            int(np.isnan(p).any()),
            "exp(709) is the last that float64 can hold; infinity divided by infinity is no number.",
        )
    edges = [np.log(2), np.log(3)]
    chance, coin = number(edges[1]), number(edges[0])
    return Ask(
        LOSS,
        f"Equal scores have the loss log 3 = {chance}. And these?",
        [f"below {coin}: p is above a half", f"{coin} to {chance}", f"above {chance}: worse than guessing"],
        int(loss >= edges[0]) + int(loss > edges[1] + 1e-12),
        f"−log p = {number(loss)}.",
    )  # fmt: skip


def listed(numbers):
    """Return numbers in words, separated by commas."""
    return ", ".join(map(number, numbers))


class LogitsToLoss(Demo):
    """Three sliders for three scores: probabilities, loss, gradient; and the textbook's form, which breaks.

    Parameters
    ----------
    **start
        Values to start with, such as ``truth="ship"``, ``ship=3`` or ``added="1000"``; see `START`.
    """

    def __init__(self, **start):
        start = {**START, **start}
        fields = [
            *[controls.slider(name, -10, 10, start[name], step=0.5, label=f"Score of {name}") for name in NAMES],
            controls.choice("truth", NAMES, start["truth"], label="Truth"),
            controls.choice("added", ADDED, start["added"], label="Added to all"),
            controls.choice("form", [STABLE, TEXTBOOK], start["form"], label="Softmax"),
        ]
        presets = {
            "(2, 1, −1), it is a cat": {},
            "The same scores, it is a ship": {"truth": "ship"},
            "Equal scores: chance": {"cat": 0.0, "dog": 0.0, "ship": 0.0},
            "Twice as far apart": {"cat": 4.0, "dog": 2.0, "ship": -2.0},
            "Sure and wrong": {"cat": 10.0, "dog": 0.0, "ship": -10.0, "truth": "ship"},
            "1000 added to all": {"added": "1000"},
            "1000 added, as in the textbook": {"added": "1000", "form": TEXTBOOK},
        }
        recorded = [setting for name in NAMES for setting in grid(**{name: map(float, range(-10, 11, 2))})]
        recorded += [*grid(truth=NAMES), *grid(added=ADDED, form=[STABLE, TEXTBOOK])]
        presets = {name: {**START, **values} for name, values in presets.items()}
        super().__init__(record, fields, presets, recorded=recorded)
