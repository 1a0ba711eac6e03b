"""XOR network: the four inputs pass through a small network, unit by unit; what does each unit contribute?

The weights are set by hand, found by training with plainnet, or left as training must not start: all equal, all zero.
Every unit shows its number for the input on stage, and a map of its answers over the whole square.
"""

import functools

import numpy as np

from plainnet import data, optim
from plainnet.activations import relu, sigmoid, tanh
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import field, network, plot, points, table
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy
from plainnet.ops import linear

INPUTS, CLASSES = data.xor()
EDGE, PIXELS = (-0.25, 1.25), 24
STEPS, RATE = 1500, 0.05
HAND, LOGIC, TRAINED, BEFORE = "ReLU, by hand", "sigmoid, by hand", "sigmoid, trained", "sigmoid, before training"
EQUAL, ZERO, NONE = "equal weights, trained", "zeros, trained", "no hidden layer, trained"
SAYS = {
    HAND: "h₁ counts the ones; h₂ wakes up at two ones and takes back twice as much.",
    LOGIC: "h₁ is OR, h₂ is AND; the output is OR but not AND.",
    TRAINED: "Nobody chose these weights: gradient descent found a solution of its own.",
    BEFORE: "A network that has learned nothing yet.",
    EQUAL: "Four hidden units with equal weights got equal gradients, and are one unit still.",
    ZERO: "From zeros only the last bias can learn; in XOR even its gradient is 0, and nothing moves.",
    NONE: "One straight line can't part the two diagonals of the square.",
}


def logit(x):
    """Return x: the last layer of a network that was set by hand to give 0 and 1 by itself."""
    return x


@functools.cache
def weights_of(kind):
    """Return ([(w, b), ...], hidden activation with its name, output activation) of a network."""
    rng = np.random.default_rng(0)
    if kind == HAND:
        return [pair([[1, 1], [1, 1]], [0, -1]), pair([[1], [-2]], [0])], (relu, "relu"), logit
    if kind == LOGIC:
        return [pair([[20, 20], [20, 20]], [-10, -30]), pair([[20], [-20]], [-10])], (sigmoid, "sigmoid"), sigmoid
    if kind in (TRAINED, BEFORE):
        start = [pair(rng.normal(size=(2, 2)), np.zeros(2)), pair(rng.normal(size=(2, 1)), np.zeros(1))]
        return trained(start, sigmoid) if kind == TRAINED else start, (sigmoid, "sigmoid"), sigmoid
    if kind in (EQUAL, ZERO):
        value = 0.5 if kind == EQUAL else 0.0
        start = [pair(np.full((2, 4), value), np.zeros(4)), pair(np.full((4, 1), value), np.zeros(1))]
        return trained(start, tanh), (tanh, "tanh"), sigmoid
    if kind == NONE:
        return trained([pair(rng.normal(size=(2, 1)), np.zeros(1))], tanh), (tanh, "tanh"), sigmoid
    raise ValueError(f"expected one of {list(SAYS)}; got {kind!r}")


def pair(w, b):
    """Return a layer's arrays in float64."""
    return np.array(w, float), np.array(b, float)


def trained(start, activation):
    """Return the layers after training on the four rows of XOR with Adam and cross-entropy."""
    params = [[Tensor(array.copy(), requires_grad=True) for array in layer] for layer in start]
    optimizer = optim.Adam([p for layer in params for p in layer], lr=RATE)
    for _ in range(STEPS):
        optimizer.zero_grad()
        z = outputs(INPUTS.astype(float), params, activation, logit)[-1]
        binary_cross_entropy(z, CLASSES).backward()
        optimizer.step()
    return [tuple(p.data for p in layer) for layer in params]


def outputs(x, layers, activation, last):
    """Return the outputs of all stages, the inputs first."""
    found = [x if isinstance(x, Tensor) else Tensor(x)]
    for k, (w, b) in enumerate(layers):
        found.append((activation if k + 1 < len(layers) else last)(linear(found[-1], w, b)))
    return found


def record(weights=HAND):
    """Record the four inputs on their way through a network.

    Parameters
    ----------
    weights : str
        A key of SAYS.

    Returns
    -------
    Recording
    """
    layers, (activation, name), last = weights_of(weights)
    stages = [a.data for a in outputs(INPUTS.astype(float), layers, activation, last)]
    depth, hidden = len(layers), len(layers) > 1
    frames = [{"text": f"A network {'-'.join(str(a.shape[1]) for a in stages)}. Send the four inputs through it.",
               "rows": rows(stages, 0), "row": -1, "here": np.zeros((0, 2))}]  # fmt: skip
    for n, x in enumerate(INPUTS.astype(float)):
        given = f"({x[0]:.0f}, {x[1]:.0f})"
        shown = {"here": x[None], "rows": rows(stages, n), "row": n}
        frames.append({"text": f"Input {given}.", **shown, "a0": x})
        if hidden:
            frames.append({"text": sums(x, layers[0], stages[1][n], name), **shown, "a0": x, "a1": stages[1][n]})
        words = f"Output for {given}: {answer(stages, layers, n)}. XOR is {CLASSES[n]}: {verdict(stages[-1][n, 0], n)}."
        seen = {f"a{k}": stages[k][n] for k in range(depth + 1)}
        frames.append({"text": words, **shown, **seen, "rows": rows(stages, n + 1)})
    decided = len(frames) - 1
    right = sum(verdict(y, n) == "right" for n, y in enumerate(stages[-1][:, 0]))
    frames.append({**frames[-1], "text": f"{right} of 4 are right. {SAYS[weights]}"})
    return Recording(
        frames,
        title=f"XOR network: {weights}",
        description=f"A network with two inputs, {stages[1].shape[1] if hidden else 'no'} hidden units and one output; "
        f"weights: {weights}. The four inputs of XOR pass through it one after the other. Each unit shows its number, "
        "and as a picture its answers over the square of inputs; lines are weights, dashed where they are negative. In "
        "the plot the network answers more than 0.5 where it is orange.",
        parts=[[
            network([f"w{k}" for k in range(depth)], maps=[f"map{k}" for k in range(depth + 1)],
                    activations=[f"a{k}" for k in range(depth + 1)], title="Network", width=1.3,
                    labels=["inputs", *["hidden"] * hidden, "output"]),
            plot(field("z", EDGE, EDGE, limit=1), points("corners", classes="classes"),
                 points("here", label="this input", colour=2), x="input x₁", y="input x₂",
                 title="What it answers", width=1.3),
            table("rows", columns=["x₁", "x₂", "output", "XOR", "verdict"], highlight="row", title="Inputs and answers",
                  width=0.9),
        ]],
        static={"corners": INPUTS, "classes": CLASSES, **maps(layers, activation, last),
                **{f"w{k}": w for k, (w, b) in enumerate(layers)}},
        asks=[question(stages, decided, frames)],
        rate=1,
    )  # fmt: skip


def maps(layers, activation, last):
    """Return each unit's answers over the square, by stage, and the network's around one half as "z"."""
    across, up = np.meshgrid(np.linspace(*EDGE, PIXELS), np.linspace(*EDGE[::-1], PIXELS))
    square = np.stack([across.ravel(), up.ravel()], axis=1)
    stages = [a.data for a in outputs(square, layers, activation, last)]
    images = {f"map{k}": a.T.reshape(-1, PIXELS, PIXELS) for k, a in enumerate(stages)}
    around = 2 * images[f"map{len(layers)}"] - 1  # 0 .. 1 as -1 .. 1: white at one half
    return {**images, f"map{len(layers)}": around, "z": around[0]}


def rows(stages, known):
    """Return the rows of the table; the first `known` inputs have their answers."""
    found = []
    for n, x in enumerate(INPUTS):
        seen = [number(stages[-1][n, 0], 2), str(CLASSES[n]), verdict(stages[-1][n, 0], n)]
        found.append([f"{x[0]:.0f}", f"{x[1]:.0f}", *(seen if n < known else ["", str(CLASSES[n]), ""])])
    return found


def verdict(y, n):
    """Return whether the answer lies on the right side of one half; close to it, it lies on no side."""
    return "right" if abs(y - 0.5) > 1e-3 and (y > 0.5) == (CLASSES[n] == 1) else "wrong"


def sums(x, layer, a, name):
    """Return the sentence that computes the first two hidden units."""
    w, b = layer
    units = [f"h{'₁₂'[j]} = {name}({weighted(x, w[:, j], b[j])}) = {number(a[j], 3)}" for j in range(2)]
    more = f", and {len(a) - 2} units more" if len(a) > 2 else ""
    return f"Hidden units: {'; '.join(units)}{more}."


def answer(stages, layers, n):
    """Return the output's sum and value in words."""
    w, b = layers[-1]
    y = number(stages[-1][n, 0], 3)
    return f"{weighted(stages[-2][n], w[:, 0], b[0])} gives {y}" if len(w) <= 2 else y


def weighted(x, w, b):
    """Return x1·w1 + x2·w2 + b in words."""
    terms = [f"{number(a, 2)}·{number(c, 2) if c >= 0 else f'({number(c, 2)})'}" for a, c in zip(x, w)]
    return f"{' + '.join(terms)} {'+' if b >= 0 else '−'} {number(abs(b), 2)}"


def question(stages, frame, frames):
    """Return the question before the answer for (1, 1)."""
    y = stages[-1][3, 0]
    choice = 0 if y < 0.25 else 1 if y > 0.75 else 2
    choices = ["near 0: right", "near 1: wrong", "in between: it does not know"]
    return Ask(frame, "What will the network answer for (1, 1)?", choices, choice, frames[frame]["text"])


class XorNetwork(Demo):
    """The four inputs of XOR on their way through a small network.

    Parameters
    ----------
    weights : str
        What to start with, as for `record`.
    """

    def __init__(self, *, weights=HAND):
        fields = [controls.choice("weights", list(SAYS), weights, label="Weights")]
        super().__init__(record, fields, {f"{name[0].upper()}{name[1:]}": {"weights": name} for name in SAYS})
