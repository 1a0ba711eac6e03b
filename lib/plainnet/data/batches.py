"""Samples in groups: a part held out for validation, and the mini-batches of an epoch."""

import numpy as np


def split(x, t, fraction, rng, stratify=False):
    """Hold out a fraction of the samples; return (x_train, t_train, x_held, t_held), both parts shuffled.

    Parameters
    ----------
    x, t : arrays (N, ...) and (N, ...)
    fraction : float in (0, 1)
        ``round(fraction * N)`` samples are held out.
    stratify : bool, default False
        Whether each class of t (N,) gives the same fraction, give or take one sample.
    """
    n = same_length(x, t)
    num_held = round(fraction * n)
    if not 0 < num_held < n:
        raise ValueError(f"fraction={fraction} of {n} samples leaves a part empty: use one in (0, 1), or more samples")
    order = rng.permutation(n)
    if stratify:  # sort by class, then hold out at even distances: every class gets its share
        order = order[np.argsort(np.asarray(t)[order], kind="stable")]
        positions = ((np.arange(num_held) + rng.random()) * n / num_held).astype(int)
        held, kept = rng.permutation(order[positions]), rng.permutation(np.delete(order, positions))
    else:
        held, kept = order[:num_held], order[num_held:]
    return x[kept], t[kept], x[held], t[held]


def minibatches(x, t, batch_size, rng=None):
    """Yield (x, t) of `batch_size` samples each, the last what remains; in random order if `rng` is given."""
    n = same_length(x, t)
    if batch_size < 1:
        raise ValueError(f"expected a batch_size of at least 1; got {batch_size}")
    order = np.arange(n) if rng is None else rng.permutation(n)
    for start in range(0, n, batch_size):
        batch = order[start : start + batch_size] if rng is not None else slice(start, start + batch_size)
        yield x[batch], t[batch]


def same_length(x, t):
    """Return the number of samples, or say that inputs and targets don't fit."""
    if len(x) != len(t) or len(x) == 0:
        raise ValueError(f"expected as many targets as inputs, at least one; got {len(x)} inputs and {len(t)} targets")
    return len(x)
