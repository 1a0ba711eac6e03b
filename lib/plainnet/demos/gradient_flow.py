"""Activation and gradient flow: a signal runs through many layers, its gradient back; does anything arrive?

Each layer is `activation(linear(x, w, b))`. On the way forward the demo shows the standard deviation of what leaves a
layer; on the way back the norm of the gradient that arrives there, as `plainnet.autograd.backpropagate` yields it.
"""

import math

import numpy as np

from plainnet import init
from plainnet.activations import elu, leaky_relu, relu, sigmoid, softplus, tanh
from plainnet.autograd import Tensor, backpropagate
from plainnet.demos import controls
from plainnet.demos.parts import histogram, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.ops import linear, sum

ACTIVATIONS = {
    "sigmoid": sigmoid, "tanh": tanh, "ReLU": relu, "leaky ReLU": leaky_relu, "ELU": elu, "softplus": softplus,
    "none (linear)": lambda x: x * 1.0,
}  # fmt: skip
SMALL, XAVIER, HE, LARGE = "normal, 0.01", "Xavier/Glorot", "He", "normal, 1"
INITS = {
    SMALL: lambda shape, rng: init.small_random(shape, rng, dtype=float),
    XAVIER: lambda shape, rng: init.xavier(shape, rng, dtype=float),
    HE: lambda shape, rng: init.he(shape, rng, dtype=float),
    LARGE: lambda shape, rng: init.small_random(shape, rng, std=1.0, dtype=float),
}
OWN = "yours"
WIDTH, SAMPLES, BINS = 64, 128, 31
SMALLEST = 1e-30  # what a logarithmic axis shows at least
OVERFLOW = 308  # float64 ends there


def record(activation="sigmoid", weights=XAVIER, depth=20, own=None):
    """Record a signal on its way through a deep network, and the gradient on its way back.

    Parameters
    ----------
    activation : str
        "sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU", "softplus", "none (linear)" or "yours".
    weights : str
        How the weights start: "normal, 0.01", "Xavier/Glorot", "He" or "normal, 1".
    depth : int
        The number of layers, of 64 units each.
    own : function of a Tensor, optional
        A student's own activation, made of plainnet's functions: offered as "yours".

    Returns
    -------
    Recording
    """
    functions = {**ACTIVATIONS, **({OWN: own} if own else {})}
    if activation not in functions or weights not in INITS:
        raise ValueError(f"expected one of {list(functions)} and one of {list(INITS)}; got {activation!r}, {weights!r}")
    f, depth = functions[activation], int(depth)
    with np.errstate(over="ignore", invalid="ignore"):  # an explosion is what the audience came for
        layers = forward(f, INITS[weights], depth)
        norms = backward(layers)
        spreads = [float(layer.data.std()) for layer in layers]
    frames = [
        shown(
            layers,
            spreads,
            norms,
            depth,
            0,
            0,
            f"Layer 0 is the data. Each of {depth} layers: {activation} of x @ w + b.",
        )
    ]
    for k in range(1, depth + 1):
        spread = number(spreads[k], 3)
        frames.append(
            shown(
                layers, spreads, norms, depth, k, 0, f"Forward: what leaves layer {k} has standard deviation {spread}."
            )
        )
    for n in range(1, depth + 1):
        k = depth + 1 - n
        words = f"Back: at layer {k} the gradient has norm {number(norms[k], 3)}"
        frames.append(shown(layers, spreads, norms, depth, k, n, words + ("." if n > 1 else ", by choice.")))
    x = np.linspace(-5, 5, 101)
    z = Tensor(x, requires_grad=True)
    y = f(z)
    sum(y).backward()
    return Recording(
        frames,
        title=f"Gradient flow: {activation}, {weights}",
        description=f"{depth} layers of {WIDTH} units with {activation}, weights {weights}. Left: the function with "
        "its derivative. Middle: the distribution of what leaves the layer. Right, on a logarithmic axis: the standard "
        "deviation of each layer's output, and the norm of the gradient that arrives there.",
        parts=[[
            plot(line("z", "f", label="f(z)"), line("z", "slope", label="slope"), x="z", y="f(z)", title="Activation"),
            histogram("counts", "edges", x="output", y="count", title="What leaves the layer"),
            plot(line("forward", "spread", label="forward: spread"), line("back", "norm", label="back: gradient"),
                 x="layer", y="size", x_range=[0, depth], y_log=True, width=1.4, title="What is left of it",
                 y_range=log_range([*spreads, *norms[1:]])),
        ]],
        static={"z": x, "f": y.data, "slope": z.grad},
        asks=[question(norms, depth)],
        rate=6,
    )  # fmt: skip


def forward(f, start, depth):
    """Return the outputs of all layers, the data first."""
    rng = np.random.default_rng(0)
    layers = [Tensor(rng.normal(size=(SAMPLES, WIDTH)), requires_grad=True)]
    for _ in range(depth):
        w = Tensor(start((WIDTH, WIDTH), rng))
        layers.append(f(linear(layers[-1], w, Tensor(np.zeros(WIDTH)))))
    return layers


def backward(layers):
    """Return the norm of the gradient at each layer; at the last one it is a random direction of norm 1."""
    g = np.random.default_rng(1).normal(size=layers[-1].shape)
    for _ in backpropagate(layers[-1], g / np.linalg.norm(g)):
        pass
    return [float(np.linalg.norm(layer.grad)) for layer in layers]


def shown(layers, spreads, norms, depth, k, n, text):
    """Return the frame at layer `k`, when the gradient has come back through `n` layers."""
    seen = depth if n else k
    values = layers[k].data
    counts, edges = np.histogram(values[np.isfinite(values)], bins=BINS)
    back = np.arange(depth, depth - n, -1)
    return {
        "text": text, "counts": counts, "edges": edges,
        "forward": np.arange(seen + 1), "spread": np.maximum(spreads[: seen + 1], SMALLEST),
        "back": back, "norm": np.maximum([norms[i] for i in back], SMALLEST),
    }  # fmt: skip


def log_range(values):
    """Return the ends of a logarithmic axis, at least two decades."""
    logs = np.log10(np.maximum([value for value in values if np.isfinite(value)], SMALLEST))
    return [float(10.0 ** math.floor(logs.min() - 0.5)), float(10.0 ** math.ceil(logs.max() + 0.5))]


def question(norms, depth):
    """Return the question before the gradient's way back: how much of it reaches the first layer?"""
    right = round(math.log10(max(norms[1], SMALLEST))) if math.isfinite(norms[1]) else OVERFLOW
    others = [e for e in (0, -3, 3, -12, -20) if abs(e - right) >= 2][:3]
    exponents = sorted([right, *others])
    return Ask(
        depth + 1,
        f"At layer {depth} the gradient has norm 1. What arrives at layer 1?",
        [f"about {10.0**e:g}" if abs(e) < 3 else f"about 1e{e}".replace("-", "−") for e in exponents],
        exponents.index(right),
        f"{number(norms[1], 3)}. Each layer multiplies by its weights and by the slope of its activation.",
    )


class GradientFlow(Demo):
    """A signal forward and a gradient back through many layers, by activation and initialisation.

    Parameters
    ----------
    own : function of a Tensor, optional
        Your own activation, made of plainnet's functions.
    activation, weights, depth
        What to start with, as for `record`.
    """

    def __init__(self, own=None, *, activation="sigmoid", weights=XAVIER, depth=20):
        def record_with(**settings):
            return record(**settings, own=own)

        names = [*ACTIVATIONS, *([OWN] if own else [])]
        fields = [
            controls.choice("activation", names, OWN if own else activation, label="Activation"),
            controls.choice("weights", list(INITS), weights, label="Weights start as"),
            controls.slider("depth", 2, 30, depth, step=1, label="Layers"),
        ]
        pairs = [
            ("sigmoid", XAVIER), ("tanh", XAVIER), ("ReLU", HE), ("ReLU", SMALL), ("tanh", LARGE), ("ReLU", LARGE),
            ("none (linear)", XAVIER), ("ELU", HE),
        ]  # fmt: skip
        presets = {f"{f}, {w}": {"activation": f, "weights": w, "depth": 20} for f, w in pairs}
        recorded = [{"activation": f, "weights": w, "depth": 20} for f in names for w in INITS]
        super().__init__(record_with, fields, presets, recorded=recorded)
