"""Layer histograms: what leaves every layer of a deep network, while the weights that it starts from grow.

The timeline is the standard deviation of the weights: from far too small, where all outputs are alike, to far too
large, where they lie at the ends of the activation or leave the picture. Beside it stands what comes back.
"""

import math

import numpy as np

from plainnet import init
from plainnet.demos import controls
from plainnet.demos.gradient_flow import ACTIVATIONS, SMALLEST, WIDTH, backward, forward
from plainnet.demos.parts import field, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

RANGES = {"sigmoid": (0, 1), "tanh": (-1, 1), "ReLU": (0, 4), "leaky ReLU": (-1, 4), "ELU": (-1, 4),
          "softplus": (0, 4), "none (linear)": (-4, 4)}  # fmt: skip
DEVIATIONS = np.geomspace(0.01, 1, 25)
BINS = 32
LOW, HIGH = 1e-12, 1e6  # the ends of the logarithmic axis
RULES = {"1/n": 1 / WIDTH, "1/√n": WIDTH**-0.5, "√(2/n)": (2 / WIDTH) ** 0.5, "4/√n": 4 / WIDTH**0.5}


def record(activation="tanh", depth=10):
    """Record one network for each of 25 standard deviations of its weights.

    Parameters
    ----------
    activation : str
        "sigmoid", "tanh", "ReLU", "leaky ReLU", "ELU", "softplus" or "none (linear)".
    depth : int
        The number of layers, of 64 units each.

    Returns
    -------
    Recording
    """
    if activation not in RANGES:
        raise ValueError(f"expected one of {list(RANGES)}; got {activation!r}")
    depth, (low, high) = int(depth), RANGES[activation]
    networks = [measured(activation, depth, std) for std in DEVIATIONS]
    change = [abs(math.log(max(norms[0], SMALLEST))) for _, _, norms in networks]
    best = int(np.argmin(change))  # where a gradient keeps its size
    frames = [frame(std, *network) for std, network in zip(DEVIATIONS, networks)]
    edge = (high - low) / BINS / 2
    return Recording(
        frames,
        title=f"Histograms per layer: {activation}",
        description=f"{depth} layers of {WIDTH} units with {activation}; from frame to frame the weights start larger. "
        "Left: one column for each layer, coloured where its outputs lie; what lies beyond counts at the edge. "
        "Right, on a logarithmic axis: the standard deviation of each layer's output, and the norm of the gradient "
        "that arrives there.",
        parts=[[
            plot(field("share", (0.5, depth + 0.5), (low - edge, high + edge), limit=0.7), x="layer", y="output",
                 x_range=[0.5, depth + 0.5], y_range=[low - edge, high + edge], title="Where the outputs lie"),
            plot(line("layers", "spread", label="forward: spread"), line("layers", "norm", label="back: gradient"),
                 x="layer", y="size", x_range=[1, max(depth, 2)], y_range=[LOW, HIGH], y_log=True,
                 title="How large they are"),
        ]],
        static={"layers": np.arange(1, depth + 1)},
        asks=[question(DEVIATIONS[best])],
        key_frame=best,
        rate=4,
    )  # fmt: skip


def measured(activation, depth, std):
    """Return (shares, spreads, norms) of a network whose weights start with this standard deviation.

    shares is (BINS, depth), the highest bin first; norms belong to layers 1 to depth, the last one is 1.
    """
    layers = forward(
        ACTIVATIONS[activation], lambda shape, rng: init.small_random(shape, rng, std=std, dtype=float), depth
    )
    norms = backward(layers)[1:]
    low, high = RANGES[activation]
    columns = [np.histogram(np.clip(layer.data, low, high), BINS, (low, high))[0] for layer in layers[1:]]
    shares = np.array(columns).T[::-1] / layers[0].data.size
    return shares, [float(layer.data.std()) for layer in layers[1:]], norms


def frame(std, shares, spreads, norms):
    """Return the frame of one network."""
    text = (
        f"Weights with σ = {number(std, 3)} = {number(std * WIDTH**0.5, 3)}/√n: layer 1 spreads by "
        f"{number(spreads[0], 2)}, layer {len(spreads)} by {number(spreads[-1], 2)}; "
        f"of a gradient of norm 1, {number(norms[0], 2)} comes back to layer 1."
    )
    return {
        "text": text, "share": np.sqrt(shares),  # the root, so that a hundredth is still seen
        "spread": np.clip(spreads, LOW, HIGH), "norm": np.clip(norms, LOW, HIGH),
    }  # fmt: skip


def question(best):
    """Return the question before the weights grow: which rule keeps the gradient's size?"""
    names = list(RULES)
    answer = min(range(len(names)), key=lambda i: abs(math.log(RULES[names[i]] / best)))
    return Ask(
        1,
        f"n = {WIDTH} inputs a unit. For which σ of the weights does a gradient keep its size through all layers?",
        [f"{name} = {number(value, 3)}" for name, value in RULES.items()],
        answer,
        f"Of the networks that follow, the one with σ = {number(best, 3)} changes it least.",
    )


class LayerHistograms(Demo):
    """Histograms of all layers side by side, for weights that start ever larger.

    Parameters
    ----------
    activation, depth
        What to start with, as for `record`.
    """

    def __init__(self, *, activation="tanh", depth=10):
        fields = [
            controls.choice("activation", list(RANGES), activation, label="Activation"),
            controls.slider("depth", 2, 20, depth, step=1, label="Layers"),
        ]
        presets = {
            f"{name}, {layers} layers": {"activation": name, "depth": layers}
            for name, layers in [
                ("tanh", 10), ("sigmoid", 10), ("ReLU", 10), ("ELU", 10), ("none (linear)", 10), ("tanh", 20),
                ("ReLU", 20), ("ReLU", 2),
            ]
        }  # fmt: skip
        super().__init__(record, fields, presets)
