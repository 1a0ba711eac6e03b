"""Dropout masks: one input on its way through a trained network, under one random mask after the other.

With eight hidden units there are 256 masks, few enough to try all of them: their mean is what dropout promises, and
the network in use, all units and no mask, is the approximation that one computes instead.
"""

import functools
import itertools

import numpy as np

from plainnet import data, nn, optim
from plainnet.activations import sigmoid, tanh
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import histogram, network, table
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy

HIDDEN, POINTS, STEPS = 8, 200, 400
DRAWS = 24
MASKS = np.array(list(itertools.product([False, True], repeat=HIDDEN)))  # (256, HIDDEN), True is kept
INPUTS = {"between the moons": (0.35, 0.25), "on the upper moon": (0.0, 1.0), "far outside": (3.0, 1.5)}
EDGES = np.linspace(0, 1, 21)
CLOSE = 0.01


@functools.lru_cache(maxsize=16)
def trained(p):
    """Return (w1, b1, w2, b2) of a network that learned the moons with dropout `p` behind its hidden layer."""
    rng = np.random.default_rng(1)
    x, t = data.moons(POINTS, rng, noise=0.15)
    hidden, out = nn.Linear(2, HIDDEN, rng), nn.Linear(HIDDEN, 1, rng)
    model = nn.Sequential(hidden, tanh, nn.Dropout(p, rng), out)
    method = optim.Adam(model.parameters(), lr=0.03)
    for _ in range(STEPS):
        method.zero_grad()
        binary_cross_entropy(model(Tensor(x)), t).backward()
        method.step()
    return tuple(array.data.astype(float) for array in (hidden.w, hidden.b, out.w, out.b))


def answers(layers, x, masks, p):
    """Return (h, y): what the hidden units send (M, HIDDEN) under each of the masks, and the network's answers (M,)."""
    w1, b1, w2, b2 = layers
    h = tanh(Tensor(np.asarray(x, float)) @ w1 + b1).data * masks / (1 - p)
    return h, sigmoid(Tensor(h @ w2 + b2)).data[:, 0]


def record(place="between the moons", p=0.5, learned_with=0.5):
    """Record 24 random masks, then all 256.

    Parameters
    ----------
    place : str
        Where the input lies: "between the moons", "on the upper moon" or "far outside".
    p : float
        The probability to drop a hidden unit now, 0 < p < 1.
    learned_with : float
        The probability with which the network was trained; 0 is without dropout.

    Returns
    -------
    Recording
    """
    if place not in INPUTS:
        raise ValueError(f"expected one of {list(INPUTS)}; got {place!r}")
    layers, x = trained(float(learned_with)), INPUTS[place]
    chance = p ** (~MASKS).sum(axis=1) * (1 - p) ** MASKS.sum(axis=1)  # (256,)
    everything = answers(layers, x, MASKS, p)[1]
    in_use = answers(layers, x, np.ones((1, HIDDEN)), 0.0)
    drawn = np.random.default_rng(0).random((DRAWS, HIDDEN)) >= p
    sent, seen = answers(layers, x, drawn, p)
    mean = float(chance @ everything)
    frames = [first_frame(*in_use, place)]
    frames += [frame(k, sent[k], seen[: k + 1], drawn[k], in_use[1][0]) for k in range(DRAWS)]
    frames.append(last_frame(in_use, everything, chance, seen, mean))
    return Recording(
        frames,
        title=f"Dropout: one input, {2**HIDDEN} networks",
        description=f"Left: a network with {HIDDEN} hidden units, the numbers that they send for one input, and its "
        "answer; a dropped unit sends 0. Middle: how often each answer has come up under the masks so far. Right: the "
        "mean over the masks so far, the mean over all masks, and the answer of the network in use, without a mask.",
        parts=[[
            network(["w1", "w2"], activations=["input", "hidden", "output"], labels=["input", "hidden", "answer"],
                    title="Under this mask", width=1.4),
            histogram("counts", "edges", x="probability", y="share of the masks (%)", title="Answers so far"),
            table("rows", columns=["answer", "value"], highlight="row", title="Three answers"),
        ]],
        static={"w1": layers[0], "w2": layers[2], "input": np.array(x), "edges": EDGES},
        asks=[question(mean, in_use[1][0])],
        rate=3,
    )  # fmt: skip


def shares(values, weights=None):
    """Return the percentages of the values in each bin."""
    counts = np.histogram(np.clip(values, 0, 1), EDGES, weights=weights)[0]
    return 100 * counts / counts.sum()


def rows(drawn="", mean="", in_use=""):
    """Return the table's rows."""
    return [["mean of the masks so far", drawn], [f"mean of all {2**HIDDEN} masks", mean], ["in use: no mask", in_use]]


def first_frame(h, y, place):
    """Return the frame of the network in use."""
    return {
        "text": f"The network in use, for an input {place}: all {HIDDEN} hidden units send what they compute. "
        f"It answers {number(y[0], 3)}. Now one mask after the other.",
        "hidden": h[0], "output": y, "counts": np.zeros(len(EDGES) - 1), "rows": rows(in_use=number(y[0], 3)), "row": 2,
    }  # fmt: skip


def frame(k, h, seen, kept, in_use):
    """Return the frame of one mask."""
    dropped = ", ".join(str(i + 1) for i in np.flatnonzero(~kept)) or "none"
    return {
        "text": f"Mask {k + 1}: dropped are the units {dropped}. This network answers {number(seen[-1], 3)}; "
        f"the mean so far is {number(seen.mean(), 3)}.",
        "hidden": h, "output": seen[-1:], "counts": shares(seen),
        "rows": rows(number(seen.mean(), 3), in_use=number(in_use, 3)), "row": 0,
    }  # fmt: skip


def last_frame(in_use, everything, chance, seen, mean):
    """Return the frame of all masks."""
    h, y = in_use
    return {
        "text": f"All {2**HIDDEN} masks: their answers go from {number(everything.min(), 3)} to "
        f"{number(everything.max(), 3)}, their mean is {number(mean, 3)}. The network in use: {number(y[0], 3)}.",
        "hidden": h[0], "output": y, "counts": shares(everything, chance),
        "rows": rows(number(seen.mean(), 3), number(mean, 3), number(y[0], 3)), "row": 1,
    }  # fmt: skip


def question(mean, in_use):
    """Return the question before the last frame: what is the mean of all masks?"""
    difference = in_use - mean
    answer = 1 if abs(difference) <= CLOSE else 0 if mean < in_use else 2
    return Ask(
        DRAWS + 1,
        f"The network in use answers {number(in_use, 3)}. The mean of all {2**HIDDEN} masked networks is …",
        [f"less, by more than {CLOSE}", f"the same, to {CLOSE}", f"more, by more than {CLOSE}"],
        answer,
        f"{number(mean, 3)}. Before the last sigmoid the two agree exactly; behind it they need not.",
    )


class DropoutMasks(Demo):
    """An input under random masks, the histogram of the answers, and the network in use beside them.

    Parameters
    ----------
    place, p, learned_with
        What to start with, as for `record`.
    """

    def __init__(self, *, place="between the moons", p=0.5, learned_with=0.5):
        fields = [
            controls.choice("place", list(INPUTS), place, label="Input"),
            controls.slider("p", 0.05, 0.9, p, step=0.05, label="Drop with probability"),
            controls.slider("learned_with", 0, 0.8, learned_with, step=0.1, label="Learned with dropout"),
        ]
        start = {"place": "between the moons", "p": 0.5, "learned_with": 0.5}
        presets = {
            "between the moons": start,
            "on the upper moon": start | {"place": "on the upper moon"},
            "far outside": start | {"place": "far outside"},
            "drop one in ten": start | {"p": 0.1},
            "drop eight in ten": start | {"p": 0.8},
            "learned without dropout": start | {"learned_with": 0.0},
            "learned without, upper moon": start | {"learned_with": 0.0, "place": "on the upper moon"},
        }
        super().__init__(record, fields, presets)
