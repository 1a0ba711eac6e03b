"""Running statistics: how a batch norm layer gets to know its data, batch by batch, by momentum and convention.

The layer is `plainnet.nn.BatchNorm`, which keeps `momentum` of the old average. Other libraries replace that share: the
same number then means the opposite.
"""

import numpy as np

from plainnet.demos import controls
from plainnet.demos.parts import line, plot
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.nn import BatchNorm

MEAN, STD = 4.0, 3.0  # of the data
BATCHES = 60
NEAR = 0.25  # the running mean has arrived within this distance
MOMENTA = ("0.1", "0.5", "0.9", "0.99")
KEEP, REPLACE = "keep (plainnet, Keras)", "replace (PyTorch)"
SIZES = ("2", "8", "32")


def record(momentum="0.9", convention=KEEP, batch_size="8"):
    """Record 60 batches that pass through a layer in training mode.

    Parameters
    ----------
    momentum : str
        "0.1", "0.5", "0.9" or "0.99".
    convention : str
        Whether this share of the old average is kept or replaced: "keep (plainnet, Keras)" or "replace (PyTorch)".
    batch_size : str
        "2", "8" or "32".

    Returns
    -------
    Recording
    """
    if momentum not in MOMENTA or convention not in (KEEP, REPLACE) or batch_size not in SIZES:
        raise ValueError(
            f"expected one of {MOMENTA}, {KEEP!r} or {REPLACE!r}, and one of {SIZES}; "
            f"got {momentum!r}, {convention!r}, {batch_size!r}"
        )
    m = float(momentum)
    kept = m if convention == KEEP else 1 - m
    seen = batches(kept, int(batch_size))
    frames = [frame(k, *seen) for k in range(BATCHES + 1)]
    return Recording(
        frames,
        title=f"Running statistics: {momentum}, {convention.split()[0]}",
        description=f"Batches of {batch_size} numbers with mean {number(MEAN)} and variance {number(STD**2)} pass "
        f"through a batch norm layer. Left: the mean of each batch and the running mean. Right: the same for the "
        f"variance. At each batch {number(kept)} of the old average is kept.",
        parts=[[
            plot(line("k", "batch_mean", label="batch"), line("k", "mean", label="running"),
                 line("ends", "true_mean", label="data"), x="batch", y="mean (no unit)", x_range=[0, BATCHES],
                 y_range=[-1, 9], title="Mean"),
            plot(line("k", "batch_variance", label="batch"), line("k", "variance", label="running"),
                 line("ends", "true_variance", label="data"), x="batch", y="variance (no unit)", x_range=[0, BATCHES],
                 y_range=[0, 30], title="Variance"),
        ]],
        static={"ends": np.array([0.0, BATCHES]), "true_mean": np.full(2, MEAN), "true_variance": np.full(2, STD**2)},
        asks=[question(kept, seen[2])],
        rate=8,
    )  # fmt: skip


def batches(kept, size):
    """Return (means, variances, running means, running variances) of 60 batches; the running ones start one earlier."""
    rng, layer = np.random.default_rng(0), BatchNorm(1, momentum=kept)
    running = [(layer.running_mean[0], layer.running_variance[0])]
    single = []
    for _ in range(BATCHES):
        x = (MEAN + STD * rng.normal(size=(size, 1))).astype(np.float32)
        layer(x)
        single.append((x.mean(), x.var(ddof=1)))  # unbiased, as the layer averages it
        running.append((layer.running_mean[0], layer.running_variance[0]))
    return *np.array(single).T, *np.array(running).T


def frame(k, means, variances, running_means, running_variances):
    """Return what is seen after k batches."""
    at = np.arange(k + 1, dtype=float)
    shown = [np.concatenate([values[:1], values[:k]]) for values in (means, variances)]  # at 0 the first batch stands
    running = f"running mean {number(running_means[k], 3)}, running variance {number(running_variances[k], 3)}."
    text = f"At the start: {running} The data have {number(MEAN)} and {number(STD**2)}."
    if k:
        last = f"The last batch had {number(means[k - 1], 3)} and {number(variances[k - 1], 3)}."
        text = f"After batch {k}: {running} {last}"
    return {
        "text": text, "k": at, "batch_mean": shown[0], "batch_variance": shown[1],
        "mean": running_means[: k + 1], "variance": running_variances[: k + 1],
    }  # fmt: skip


def question(kept, running_means):
    """Return the question before the first batch: how long until the running mean has arrived?"""
    near = np.abs(running_means - MEAN) < NEAR
    first = int(np.argmax(near)) if near.any() else None
    bounds = [5, 20, BATCHES]
    when = f"After {first}." if first else f"After {BATCHES} it is at {number(running_means[-1], 3)}."
    why = f"{when} After k batches {number(kept)} to the power of k is left of the start."
    if kept < 0.5:
        why += " What forgets the start at once forgets every batch at once: the average jumps."
    return Ask(
        1,
        f"The running mean starts at 0; each batch, {number(kept)} of it is kept. After how many batches does it come "
        f"within {number(NEAR)} of {number(MEAN)} for the first time?",
        ["1 to 5", "6 to 20", f"21 to {BATCHES}", "later"],
        3 if first is None else int(np.searchsorted(bounds, first)),
        why,
    )


class RunningStatistics(Demo):
    """Running mean and variance of a batch norm layer, batch by batch.

    Parameters
    ----------
    momentum, convention, batch_size
        What to start with, as for `record`.
    """

    def __init__(self, *, momentum="0.9", convention=KEEP, batch_size="8"):
        fields = [
            controls.choice("momentum", list(MOMENTA), momentum, label="Momentum"),
            controls.choice("convention", [KEEP, REPLACE], convention, label="Convention"),
            controls.choice("batch_size", list(SIZES), batch_size, label="Batch size"),
        ]
        presets = {
            name: {"momentum": m, "convention": convention, "batch_size": size}
            for name, m, convention, size in [
                ("0.9, keep", "0.9", KEEP, "8"), ("0.1, keep", "0.1", KEEP, "8"), ("0.1, replace", "0.1", REPLACE, "8"),
                ("0.9, replace", "0.9", REPLACE, "8"), ("0.99, keep", "0.99", KEEP, "8"),
                ("0.9, keep, batches of 2", "0.9", KEEP, "2"), ("0.9, keep, batches of 32", "0.9", KEEP, "32"),
            ]
        }  # fmt: skip
        recorded = grid(momentum=MOMENTA, convention=[KEEP, REPLACE], batch_size=["8"])
        super().__init__(record, fields, presets, recorded=recorded)
