"""Batch norm by batch size: one image in the company of others, and what the layer makes of it.

A network with batch norm has learned digits. Left in training mode, its answer to an image depends on the batch; the
demo draws many batches around one image, from 1 image a batch to 64.
"""

import functools

import numpy as np

from plainnet import data, norm, optim
from plainnet.activations import relu
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.parts import histogram, line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.losses import cross_entropy
from plainnet.nn import BatchNorm, Flatten, Linear, Sequential
from plainnet.train import fit

SIZES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
DRAWS, HELD_OUT, UNITS = 150, 384, 32
EDGES = np.linspace(-4, 4, 33)
SEED = 0


@functools.cache
def trained():
    """Return a network with batch norm that has learned digits, and 384 digits that it has not seen."""
    x, t = data.digits()
    x, t, x_held, t_held = data.split(x.reshape(len(x), -1), t, 0.25, np.random.default_rng(SEED), stratify=True)
    rng = np.random.default_rng(SEED)
    model = Sequential(Flatten(), Linear(64, UNITS, rng), BatchNorm(UNITS), relu, Linear(UNITS, 10, rng))
    method = optim.SGD(model.parameters(), lr=0.3)
    fit(model, x, t, loss=cross_entropy, optimizer=method, num_epochs=8, batch_size=64, rng=rng, progress=False)
    return model.eval(), x_held[:HELD_OUT], t_held[:HELD_OUT]


@functools.cache
def before_norm():
    """Return what enters the batch norm for each of the unseen digits: (384, 32)."""
    model, x, _ = trained()
    with no_grad():
        return model.layers[1](Tensor(x)).data


def by_batch(z):
    """Return batch norm's output for a batch z (N, D) in training mode; a batch of one has itself for a mean."""
    layer = trained()[0].layers[2]
    statistics = norm.batch_statistics(z) if len(z) > 1 else (z[0], np.zeros_like(z[0]))
    with no_grad():
        return norm.batch_norm(z, layer.gamma, layer.beta, epsilon=layer.epsilon, statistics=statistics).data


def by_running(z):
    """Return batch norm's output in evaluation mode."""
    with no_grad():
        return trained()[0].layers[2](Tensor(z)).data


def scattered(image, unit, size):
    """Return what one unit makes of an image in DRAWS random batches of this size."""
    z, rng = before_norm(), np.random.default_rng(size)
    others = np.delete(np.arange(len(z)), image)
    outputs = []
    for _ in range(DRAWS):
        batch = np.concatenate([[image], rng.choice(others, size - 1, replace=False)])
        outputs.append(by_batch(z[batch])[0, unit])
    return np.array(outputs, float)


@functools.cache
def accuracy(size):
    """Return the share of right answers on unseen digits if they come in batches of this size, in training mode."""
    z, t = before_norm(), trained()[2]
    outputs = np.concatenate([by_batch(z[i : i + size]) for i in range(0, HELD_OUT, size)])
    return right(outputs, t)


def right(outputs, t):
    """Return the share of right answers, in percent, from what leaves the batch norm."""
    with no_grad():
        logits = trained()[0].layers[4](relu(Tensor(outputs))).data
    return 100 * float(np.mean(logits.argmax(axis=1) == t))


def record(image=0, unit=0):
    """Record one image and one unit, for twelve batch sizes from 1 to 64.

    Parameters
    ----------
    image : int
        Which of the 384 unseen digits.
    unit : int
        Which of the 32 units.

    Returns
    -------
    Recording
    """
    image, unit = int(image), int(unit)
    if not (0 <= image < HELD_OUT and 0 <= unit < UNITS):
        raise ValueError(f"expected an image below {HELD_OUT} and a unit below {UNITS}; got {image} and {unit}")
    t = trained()[2]
    outputs = [scattered(image, unit, size) for size in SIZES]
    in_use = float(by_running(before_norm())[image, unit])
    best = right(by_running(before_norm()), t)
    rates = [accuracy(size) for size in SIZES]
    frames = [frame(k, outputs, in_use, rates, best) for k in range(len(SIZES))]
    return Recording(
        frames,
        title=f"Batch norm by batch size: a {t[image]}, unit {unit}",
        description="A network with batch norm has learned digits, and is left in training mode. "
        f"Left: what unit {unit} makes of one and the same image of a {t[image]} in {DRAWS} random batches; what lies "
        "beyond counts at the edge. Middle: how far these outputs scatter, by batch size. Right: the share of right "
        "answers to unseen digits, by batch size, and in evaluation mode.",
        parts=[[
            histogram("counts", "edges", x="output of the unit", y="batches", title="One image, many batches"),
            plot(line("sizes", "spread", label="spread"), x="batch size", y="spread of the output", x_log=True,
                 x_range=[1, 64], y_range=[0, 1.2], title="How far it scatters"),
            plot(line("sizes", "rates", label="training mode"), line("ends", "best", label="evaluation mode"),
                 x="batch size", y="right (%)", x_log=True, x_range=[1, 64], y_range=[0, 100], title="Right answers"),
        ]],
        static={"edges": EDGES, "ends": np.array([1.0, 64.0]), "best": np.array([best, best])},
        asks=[question(rates, best)],
        key_frame=3,
        rate=1,
    )  # fmt: skip


def frame(k, outputs, in_use, rates, best):
    """Return what is seen at the k-th batch size."""
    spreads = np.array([values.std() for values in outputs[: k + 1]])
    size = SIZES[k]
    seen = (
        f"this image's output scatters by {number(spreads[k], 2)}; in evaluation mode it is always {number(in_use, 3)}"
    )
    if size == 1:
        seen = "each is its own mean, so that every image gives beta"
    right_answers = f"Right answers: {number(rates[k], 3)} %, in evaluation mode {number(best, 3)} %."
    text = f"Batches of {size}: {seen}. {right_answers}"
    return {
        "text": text,
        "counts": np.histogram(np.clip(outputs[k], EDGES[0], EDGES[-1]), EDGES)[0],
        "sizes": np.array(SIZES[: k + 1], float), "spread": spreads, "rates": np.array(rates[: k + 1]),
    }  # fmt: skip


def question(rates, best):
    """Return the question before the first frame with company: how many are right in batches of two?"""
    bounds = [35, 65, 85]
    choices = ["below 35 %", "35 to 65 %", "65 to 85 %", "above 85 %"]
    return Ask(
        1,
        f"In evaluation mode {number(best, 3)} % are right. How many in training mode, in twos?",
        choices,
        int(np.searchsorted(bounds, rates[1])),
        f"{number(rates[1], 3)} %. Of two numbers, normalised, one becomes about −1 and the other about +1: "
        "which is larger is all that is left.",
    )


class NormBatchSize(Demo):
    """What a batch norm in training mode makes of one image, for batches of 1 to 64.

    Parameters
    ----------
    image, unit
        What to start with, as for `record`.
    """

    def __init__(self, *, image=0, unit=0):
        fields = [
            controls.slider("image", 0, 23, image, step=1, label="Image"),
            controls.slider("unit", 0, UNITS - 1, unit, step=1, label="Unit"),
        ]
        pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (3, 5)]
        presets = {f"image {i}, unit {u}": {"image": i, "unit": u} for i, u in pairs}
        recorded = grid(image=range(6), unit=[0]) + grid(image=[0], unit=range(6))
        super().__init__(record, fields, presets, recorded=recorded)
