"""Samples in groups: a part held out for validation, and the mini-batches of an epoch."""

from numbers import Real

import numpy as np

from plainnet.expect import check, count, generator, kind


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
    empty = f"fraction={fraction!r} of {n} samples leaves a part empty: use one in (0, 1), or more samples"
    check(isinstance(fraction, Real) and 0 < fraction < 1, empty)
    num_held = round(fraction * n)
    check(0 < num_held < n, empty)
    order = generator(rng).permutation(n)
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
    count(batch_size, "batch_size")
    order = np.arange(n) if rng is None else generator(rng).permutation(n)
    for start in range(0, n, batch_size):
        batch = order[start : start + batch_size] if rng is not None else slice(start, start + batch_size)
        yield x[batch], t[batch]


def same_length(x, t):
    """Return the number of samples, or say that inputs and targets don't fit."""
    for array in (x, t):
        kind(array, np.ndarray, "inputs and targets as arrays, such as np.array(x, np.float32) and np.array(t)")
    if x.ndim == 0 or t.ndim == 0 or len(x) != len(t) or len(x) == 0:
        raise ValueError(f"expected as many targets as inputs, at least one; got {len(x)} inputs and {len(t)} targets")
    return len(x)
