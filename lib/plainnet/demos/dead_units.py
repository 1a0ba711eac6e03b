"""Dead units: a hidden layer learns digits, step by step; how many of its units still answer to anything?

A ReLU that is silent on every image receives no gradient, and stays silent. The demo counts both, silence and missing
gradients, after every few steps of a training: they are the same for ReLU, and not for its relatives.
"""

import numpy as np

from plainnet import data, optim
from plainnet.activations import elu, leaky_relu, relu
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import heat_map, loss_curve
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import cross_entropy
from plainnet.nn import Linear

ACTIVATIONS = {"ReLU": relu, "leaky ReLU": leaky_relu, "ELU": elu}
ROWS, COLUMNS = 6, 8
UNITS, IMAGES = ROWS * COLUMNS, 512
FRAMES, STEPS_PER_FRAME = 40, 5


def record(activation="ReLU", lr=3.0, bias=0.0):
    """Record 200 steps of gradient descent on 512 digits, in a network with 48 hidden units.

    Parameters
    ----------
    activation : str
        "ReLU", "leaky ReLU" or "ELU".
    lr : float, > 0
        The learning rate.
    bias : float
        What the hidden biases start from.

    Returns
    -------
    Recording
    """
    if activation not in ACTIVATIONS:
        raise ValueError(f"expected one of {list(ACTIVATIONS)}; got {activation!r}")
    f = ACTIVATIONS[activation]
    frames = [frame(step, *seen) for step, *seen in training(f, lr, bias)]
    return Recording(
        frames,
        title=f"Dead units: {activation}, learning rate {number(lr)}",
        description=f"A hidden layer of {UNITS} units learns {IMAGES} images of digits by gradient descent, its biases "
        f"start at {number(bias)}. Left: each unit's share of images on which it is active, from paper (none) to ink "
        "(all). Middle: how many units are silent on all images, and how many receive no gradient at all. Right: the "
        "loss.",
        parts=[[
            heat_map("active", grey=True, limit=1, title="Share of active images"),
            loss_curve("silent", "stuck", labels=["silent on all images", "no gradient at all"], y="units", log=False,
                       steps="step", title="Units that say nothing"),
            loss_curve("loss", steps="step", y="loss (nats)", title="Loss"),
        ]],
        asks=[question(frames)],
        key_frame=8,  # on paper: while some units are still alive
        rate=6,
    )  # fmt: skip


def training(f, lr, bias):
    """Yield (step, share of images on which each unit is active, units without gradient, loss) of one training."""
    rng = np.random.default_rng(0)
    x, t = data.digits()
    x, t = x[:IMAGES].reshape(IMAGES, -1), t[:IMAGES]
    hidden, out = Linear(x.shape[1], UNITS, rng), Linear(UNITS, 10, rng)
    hidden.b.data[:] = bias
    method = optim.SGD([*hidden.parameters(), *out.parameters()], lr=lr)
    for step in range(FRAMES * STEPS_PER_FRAME + 1):
        z = hidden(Tensor(x))
        loss = cross_entropy(out(f(z)), t)
        method.zero_grad()
        loss.backward()
        if step % STEPS_PER_FRAME == 0:
            stuck = np.count_nonzero(~np.any(hidden.w.grad, axis=0) & ~np.any(np.atleast_2d(hidden.b.grad), axis=0))
            yield step, (z.data > 0).mean(axis=0), stuck, loss.item()
        method.step()


def frame(step, active, stuck, loss):
    """Return what is seen after some steps."""
    silent = np.count_nonzero(active == 0)
    text = f"Step {step}: {silent} of {UNITS} units are silent on all images, {stuck} receive no gradient."
    text += f" Loss {number(loss)}."
    return {
        "text": text, "step": step, "active": active.reshape(ROWS, COLUMNS), "silent": silent, "stuck": stuck,
        "loss": loss,
    }  # fmt: skip


def question(frames):
    """Return the question before the first step: how many units will be left without a gradient?"""
    dead = int(frames[-1]["stuck"])
    bounds = [0, UNITS // 4, UNITS // 2, UNITS]
    choices = ["none", f"1 to {bounds[1]}", f"{bounds[1] + 1} to {bounds[2]}", f"more than {bounds[2]}"]
    return Ask(
        1,
        f"How many of the {UNITS} units will receive no gradient at all at the end?",
        choices,
        int(np.searchsorted(bounds, dead)),
        f"{dead}. A gradient of 0 moves no weight, so a unit that no image reaches can't come back by itself.",
    )


class DeadUnits(Demo):
    """A training with a count of the units that no image reaches any more.

    Parameters
    ----------
    activation, lr, bias
        What to start with, as for `record`.
    """

    def __init__(self, *, activation="ReLU", lr=3.0, bias=0.0):
        fields = [
            controls.choice("activation", list(ACTIVATIONS), activation, label="Activation"),
            controls.slider("lr", 0.03, 10, lr, label="Learning rate", log=True),
            controls.slider("bias", -6, 1, bias, step=0.5, label="Biases start at"),
        ]
        presets = {
            "ReLU, learning rate 3": {"activation": "ReLU", "lr": 3.0, "bias": 0.0},
            "ReLU, learning rate 0.3": {"activation": "ReLU", "lr": 0.3, "bias": 0.0},
            "ReLU, learning rate 1": {"activation": "ReLU", "lr": 1.0, "bias": 0.0},
            "leaky ReLU, learning rate 3": {"activation": "leaky ReLU", "lr": 3.0, "bias": 0.0},
            "ReLU, biases start at −2": {"activation": "ReLU", "lr": 1.0, "bias": -2.0},
            "leaky ReLU, biases start at −2": {"activation": "leaky ReLU", "lr": 1.0, "bias": -2.0},
            "ELU, biases start at −2": {"activation": "ELU", "lr": 1.0, "bias": -2.0},
        }
        super().__init__(record, fields, presets)
