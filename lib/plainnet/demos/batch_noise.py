"""Batch-size noise: a line is fitted with mini-batches; how much of a gradient is chance?

Each step is one mini-batch and one step of `plainnet.optim.SGD`. Beside the path stands the gradient of a hundred other
batches at the same weights: what this step might have been as well.
"""

import math

import numpy as np

from plainnet import data, schedules
from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import field, line, loss_curve, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.losses import mse
from plainnet.ops import sum
from plainnet.optim import SGD

SAMPLES, STEPS, DRAWS = 256, 80, 100
STEPS_PER_FRAME = 2
SIZES = (1, 4, 16, 64, SAMPLES)
RANGES = ((-1, 7), (-1, 7))  # of slope and intercept on screen
HALVED_AFTER = 10  # steps, where the rate falls
SMALLEST = 1e-4  # what the loss axis shows at least
ALL = "all"


def samples(rng):
    """Return inputs (N,) and targets (N,) of the lecture's line t = 3 x + 4, with noise of standard deviation 1."""
    x = rng.normal(size=SAMPLES)
    return x, 3 * x + 4 + rng.normal(size=SAMPLES)


def loss(w, x, t):
    """Return the mean squared error of the line with slope w[0] and intercept w[1]."""
    return mse(w[0] * x + w[1], t)


def gradients_of_samples(w, x, t):
    """Return the gradient of each sample's own squared error at w: an array (N, 2)."""
    rows = Tensor(np.tile(w, (len(x), 1)), requires_grad=True)  # each sample has weights of its own
    sum((rows[:, 0] * x + rows[:, 1] - t) ** 2).backward()
    return rows.grad


def descend(x, t, batch_size, lr, falling, rng):
    """Return the path (STEPS + 1, 2) of mini-batch descent from (0, 0)."""
    w = Tensor(np.zeros(2), requires_grad=True)
    optimizer = SGD([w], lr)
    rate = schedules.inverse_time(lr, 1 / HALVED_AFTER) if falling else schedules.constant(lr)
    path, batches = [w.data.copy()], iter(())
    for step in range(STEPS):
        batch = next(batches, None)
        if batch is None:  # the next epoch
            batches = data.minibatches(x, t, batch_size, rng)
            batch = next(batches)
        optimizer.lr = rate(step)
        w.zero_grad()
        loss(w, *batch).backward()
        optimizer.step()
        path.append(w.data.copy())
    return np.array(path)


def record(batch_size="4", lr=0.1, falling=False):
    """Record 80 steps with mini-batches, beside 80 steps with all samples.

    Parameters
    ----------
    batch_size : str
        "1", "4", "16", "64" or "all" (256).
    lr : float, > 0
        The learning rate.
    falling : bool
        Whether it falls as lr / (1 + step / 10).

    Returns
    -------
    Recording
    """
    if batch_size not in names():
        raise ValueError(f"expected a batch size of {', '.join(names())}; got {batch_size!r}")
    size = SAMPLES if batch_size == ALL else int(batch_size)
    rng = np.random.default_rng(0)
    x, t = samples(rng)
    path, exact = descend(x, t, size, lr, falling, rng), descend(x, t, SAMPLES, lr, falling, rng)
    lowest = heights(np.polyfit(x, t, 1)[None], x, t)[0]
    above = [heights(weights, x, t) - lowest for weights in (path, exact)]
    frames = []
    for step in range(0, STEPS + 1, STEPS_PER_FRAME):
        single = gradients_of_samples(path[step], x, t)
        clouds = batch_gradients(single, size, rng)
        spread = float(np.linalg.norm(clouds.std(axis=0)))
        frames.append(
            {
                "text": words(step, size, single.mean(axis=0), spread),
                "step": step,
                "slope": path[: step + 1, 0],
                "intercept": path[: step + 1, 1],
                "exact_slope": exact[: step + 1, 0],
                "exact_intercept": exact[: step + 1, 1],
                "here": path[step][None],
                "cloud": clouds,
                "mean": single.mean(axis=0)[None],
                "noisy": math.log10(max(above[0][step], SMALLEST)),
                "smooth": math.log10(max(above[1][step], SMALLEST)),
            }
        )
    label = "all samples" if size == SAMPLES else f"{size} sample{'s' * (size > 1)} a step"
    return Recording(
        frames,
        title=f"Batch-size noise: {label}",
        description=f"Gradient descent fits slope and intercept of a line to {SAMPLES} points, with {label}. Left: its "
        "path over the loss, and the path with all samples. Middle: the gradients of a hundred batches of this size at "
        "the place reached, and the gradient of all samples. Right, on a logarithmic axis: how far the loss is above "
        "its lowest value.",
        parts=[[
            plot(field("z", *RANGES, limit=1), line("exact_slope", "exact_intercept", label="all samples", colour=1),
                 line("slope", "intercept", label=label if size < SAMPLES else "these steps", colour=0),
                 points("here", colour=0),
                 x="slope", y="intercept", x_range=list(RANGES[0]), y_range=list(RANGES[1]), title="Path"),
            plot(points("cloud", colour=0, label="batches"), points("mean", colour=1, label="all samples"),
                 x="∂L/∂slope", y="∂L/∂intercept", x_range=[-16, 12], y_range=[-18, 10],
                 title="Gradients here: 100 batches"),
            loss_curve("noisy", "smooth", labels=["these steps", "all samples"], steps="step", log=False, x="step",
                       y="log₁₀(loss − lowest), ≥ −4", title="How far the loss still is"),
        ]],
        static={"z": bands(x, t)},
        asks=[question(x, t, size)],
        rate=4,
    )  # fmt: skip


def names():
    """Return the batch sizes as the control offers them."""
    return [*[str(size) for size in SIZES[:-1]], ALL]


def batch_gradients(single, size, rng):
    """Return the mean gradients (DRAWS, 2) of random batches, from the gradients of single samples (N, 2)."""
    chosen = np.argsort(rng.random((DRAWS, len(single))), axis=1)[:, :size]
    return single[chosen].mean(axis=1)


def heights(path, x, t):
    """Return the mean squared error at each of the weights (n, 2)."""
    w = Tensor(path)
    errors = w[:, 0].reshape(-1, 1) * x + w[:, 1].reshape(-1, 1) - t
    return (errors.data**2).mean(axis=1)


def words(step, size, gradient, spread):
    """Return the sentence of a frame."""
    length, spread = number(np.linalg.norm(gradient), 3), number(spread, 3)
    seen = f"Step {step}, {step * size} samples seen: " if step else "At the start: "
    return f"{seen}the gradient of all samples has length {length}; those of batches of {size} scatter by {spread}."


def bands(x, t, columns=48, rows=48, levels=14):
    """Return the loss over slope and intercept as bands of equal share, pale so that paths show, first row on top."""
    slope, intercept = np.meshgrid(np.linspace(*RANGES[0], columns), np.linspace(*RANGES[1][::-1], rows))
    z = heights(np.stack([slope.ravel(), intercept.ravel()], 1), x, t).reshape(rows, columns)
    rank = np.searchsorted(np.quantile(z, np.linspace(0, 1, levels + 1)[1:-1]), z)
    return 0.5 * rank / (levels - 1)


def question(x, t, size):
    """Return the question before the first step: how much less than single samples do batches scatter?"""
    size = max(size, SIZES[1])  # about single samples there is nothing to ask
    single = gradients_of_samples(np.zeros(2), x, t)
    rng = np.random.default_rng(1)
    ratio = float(np.linalg.norm(batch_gradients(single, size, rng).std(axis=0)) / np.linalg.norm(single.std(axis=0)))
    factors = [1.0, size**-0.5, 1 / size, 0.0]
    right = 3 if ratio < 1e-9 else int(np.argmin(np.abs(np.log(factors[:3]) - math.log(ratio))))
    root, whole = number(1 / math.sqrt(size), 3), number(1 / size, 3)
    return Ask(
        1,
        f"The gradients of single samples scatter. How far do those of batches of {size} scatter, compared with them?",
        ["just as far", f"1/√{size} = {root} as far", f"1/{size} = {whole} as far", "not at all"],
        right,
        "There is only one batch of all samples, and so nothing that could differ."
        if right == 3
        else f"{number(ratio, 2)} as far: a mean of M samples drawn at random scatters like 1/√M.",
    )


class BatchNoise(Demo):
    """Mini-batch descent on a line's two weights, by batch size and learning rate.

    Parameters
    ----------
    batch_size, lr, falling
        What to start with, as for `record`.
    """

    def __init__(self, *, batch_size="4", lr=0.1, falling=False):
        fields = [
            controls.choice("batch_size", names(), batch_size, label="Batch size"),
            controls.slider("lr", 0.01, 0.4, lr, label="Learning rate", log=True),
            controls.toggle("falling", falling, label="Rate falls (1/t)"),
        ]
        sizes = {"1": "1 sample a step", "4": "4 samples", "16": "16 samples", "64": "64 samples", ALL: "all 256"}
        presets = {label: {"batch_size": size, "lr": 0.1, "falling": False} for size, label in sizes.items()}
        presets |= {
            "1 sample, rate falls": {"batch_size": "1", "lr": 0.1, "falling": True},
            "1 sample, a fifth of the rate": {"batch_size": "1", "lr": 0.02, "falling": False},
        }
        recorded = grid(batch_size=names(), falling=[False, True]) + grid(batch_size=["1", "4"], lr=[0.02, 0.3])
        super().__init__(record, fields, presets, recorded=recorded)
