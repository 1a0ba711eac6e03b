"""Histograms with and without batch norm: two networks that differ in nothing else learn digits at one learning rate.

Beside the losses stands what enters the activation of each layer: spread out, shrunk to a line, or at the ends.
"""

from itertools import pairwise

import numpy as np

from plainnet import data, init, optim
from plainnet.activations import relu, sigmoid, tanh
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.parts import field, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.losses import cross_entropy
from plainnet.nn import BatchNorm, Linear

ACTIVATIONS = {"tanh": tanh, "ReLU": relu, "sigmoid": sigmoid}
SCALES = {"0.3": 0.3, "1": 1.0, "3": 3.0}  # times the weights of Xavier
RATES = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
DEPTH, WIDTH, IMAGES, BATCH = 5, 32, 512, 64
SHOWN = 96  # images measured: with more, BLAS wakes threads, and a busy computer answers late
FRAMES, STEPS_PER_FRAME = 16, 4
REACH, BINS = 5.0, 31  # the histograms run from -REACH to REACH
HIGHEST = 200.0  # of the loss axis
LEARNED = 0.7  # nats: well below log 10, the loss of guessing


class Network:
    """DEPTH layers of digits' features: linear, batch norm or nothing, activation; and a linear layer at the end."""

    def __init__(self, normalised, f, scale):
        rng = np.random.default_rng(0)
        start = lambda shape, rng: scale * init.xavier(shape, rng)  # noqa: E731
        fans = [64] + [WIDTH] * DEPTH
        self.layers = [Linear(*fan, rng, init_w=start) for fan in pairwise(fans)]
        self.norms = [BatchNorm(WIDTH) for _ in self.layers] if normalised else []
        self.out, self.f = Linear(WIDTH, 10, rng, init_w=init.xavier), f

    def parameters(self):
        return [p for layer in [*self.layers, *self.norms, self.out] for p in layer.parameters()]

    def __call__(self, x):
        """Return (logits, what enters each activation)."""
        y, entering = Tensor(x), []
        for k, layer in enumerate(self.layers):
            z = layer(y)
            z = self.norms[k](z) if self.norms else z
            entering.append(z.data)
            y = self.f(z)
        return self.out(y), entering


def record(lr=1.0, activation="tanh", scale="1"):
    """Record 64 steps of two networks, one of them with batch norm.

    Parameters
    ----------
    lr : float, > 0
        The learning rate of both.
    activation : str
        "tanh", "ReLU" or "sigmoid".
    scale : str
        By what Xavier's weights are multiplied at the start: "0.3", "1" or "3".

    Returns
    -------
    Recording
    """
    if activation not in ACTIVATIONS or scale not in SCALES:
        raise ValueError(f"expected one of {list(ACTIVATIONS)} and {list(SCALES)}; got {activation!r}, {scale!r}")
    with np.errstate(over="ignore", invalid="ignore"):  # a rate may be too large
        plain, normed = (list(training(Network(b, ACTIVATIONS[activation], SCALES[scale]), lr)) for b in (False, True))
    frames = [frame(k, plain, normed) for k in range(len(plain))]
    columns = {"x": "layer", "y": "z", "x_range": [0.5, DEPTH + 0.5], "y_range": [-REACH, REACH]}
    ranges = (0.5, DEPTH + 0.5), (-REACH, REACH)
    return Recording(
        frames,
        title=f"With and without batch norm: learning rate {number(lr, 3)}",
        description=f"Two networks of {DEPTH} layers of {WIDTH} units with {activation} learn {IMAGES} digits "
        f"with the learning rate {number(lr, 3)}; one has batch norm before each activation. One column for each "
        "layer, coloured where the numbers lie that enter the activation; what lies beyond counts at the edge. "
        f"Right: the loss of both, on {SHOWN} of the images.",
        parts=[[
            plot(field("without", *ranges, limit=0.45), title="z into the activation: without", **columns),
            plot(field("with_norm", *ranges, limit=0.45), title="The same with batch norm", **columns),
            plot(line("steps", "loss_with", label="with"), line("steps", "loss_without", label="without"),
                 x="step", y="loss (nats)", x_range=[0, FRAMES * STEPS_PER_FRAME], y_range=[0.01, HIGHEST], y_log=True,
                 title="Loss"),
        ]],
        asks=[question(lr, plain, normed)],
        rate=4,
    )  # fmt: skip


def training(network, lr):
    """Yield (loss on the first images, what enters each activation) before the first step and after every few."""
    x, t = data.digits()
    x, t = x[:IMAGES].reshape(IMAGES, -1), t[:IMAGES]
    method, rng = optim.SGD(network.parameters(), lr=lr), np.random.default_rng(1)
    for step in range(FRAMES * STEPS_PER_FRAME + 1):
        if step % STEPS_PER_FRAME == 0:
            with no_grad():
                logits, entering = network(x[:SHOWN])
            yield cross_entropy(logits, t[:SHOWN]).item(), entering
        batch = rng.choice(IMAGES, BATCH, replace=False)
        method.zero_grad()
        cross_entropy(network(x[batch])[0], t[batch]).backward()
        method.step()


def columns_of(entering):
    """Return the shares (BINS, DEPTH) of the numbers that enter each activation, the highest bin first."""
    columns = []
    for z in entering:
        z = np.clip(np.nan_to_num(z, nan=REACH, posinf=REACH, neginf=-REACH), -REACH, REACH)
        columns.append(np.histogram(z, BINS, (-REACH, REACH))[0] / z.size)
    return np.array(columns).T[::-1]


def shown(loss):
    """Return a loss as the axis can show it."""
    return float(np.clip(np.nan_to_num(loss, nan=HIGHEST, posinf=HIGHEST), 0.01, HIGHEST))


def frame(k, plain, normed):
    """Return what is seen after k times a few steps."""
    spreads = [number(np.std(run[k][1][-1]), 3) for run in (plain, normed)]
    text = (
        f"Step {k * STEPS_PER_FRAME}: loss {number(plain[k][0], 3)} without and {number(normed[k][0], 3)} with batch "
        f"norm. What enters layer {DEPTH}'s activation spreads by {spreads[0]} without, by {spreads[1]} with."
    )
    return {
        "text": text,
        "without": np.sqrt(columns_of(plain[k][1])),  # the root, so that a hundredth is still seen
        "with_norm": np.sqrt(columns_of(normed[k][1])),
        "steps": STEPS_PER_FRAME * np.arange(k + 1),
        "loss_without": np.array([shown(loss) for loss, _ in plain[: k + 1]]),
        "loss_with": np.array([shown(loss) for loss, _ in normed[: k + 1]]),
    }


def question(lr, plain, normed):
    """Return the question before the first step: who learns at this rate?"""
    ends = [run[-1][0] for run in (plain, normed)]
    learned = [end < LEARNED for end in ends]  # False for NaN
    answer = {(True, True): 0, (False, True): 1, (True, False): 2, (False, False): 3}[tuple(learned)]
    return Ask(
        1,
        f"Learning rate {number(lr, 3)}: which loss is below {LEARNED} after {FRAMES * STEPS_PER_FRAME} steps?",
        ["both", "only with batch norm", "only without", "neither"],
        answer,
        f"The losses are {number(ends[0], 3)} without and {number(ends[1], 3)} with batch norm; guessing has 2.303.",
    )


class NormHistograms(Demo):
    """What enters the activations of two networks while they learn: with and without batch norm.

    Parameters
    ----------
    lr, activation, scale
        What to start with, as for `record`.
    """

    def __init__(self, *, lr=1.0, activation="tanh", scale="1"):
        fields = [
            controls.slider("lr", 0.01, 10, lr, label="Learning rate", log=True),
            controls.choice("activation", list(ACTIVATIONS), activation, label="Activation"),
            controls.choice("scale", list(SCALES), scale, label="Xavier's weights times"),
        ]
        tanh_alone = {"activation": "tanh", "scale": "1"}
        presets = {f"tanh, learning rate {number(rate)}": {"lr": rate, **tanh_alone} for rate in RATES}
        presets |= {
            "ReLU, learning rate 1": {"lr": 1.0, "activation": "ReLU", "scale": "1"},
            "sigmoid, learning rate 1": {"lr": 1.0, "activation": "sigmoid", "scale": "1"},
            "tanh, weights times 0.3": {"lr": 0.1, "activation": "tanh", "scale": "0.3"},
            "tanh, weights times 3": {"lr": 0.1, "activation": "tanh", "scale": "3"},
        }
        super().__init__(record, fields, presets, recorded=grid(lr=RATES, activation=["tanh", "ReLU"], scale=["1"]))
