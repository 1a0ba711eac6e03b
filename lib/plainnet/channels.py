"""Sums and products per channel, the last axis of an array.

NumPy's inner loops run along the last axis, and an image has few channels: so
these functions look at whole rows of an image at once, and leave sums to BLAS.
For 64 images of 32x32x32 a sum takes 0.09 ms instead of 0.93, adding a bias
0.33 instead of 0.51, for 6 channels 0.1 instead of 0.5.
"""

import numpy as np


def matrix(x):
    """Return x (..., D) with all its rows below each other: (N, D)."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-1])


def sum_per_channel(x):
    """Return the sum over all axes but the last: (..., C) -> (C,)."""
    x = matrix(x)
    ones = np.empty(len(x), x.dtype)
    ones.fill(1)  # a third of the time of np.ones, which counts for 4 samples
    return ones.dot(x)


def dot_per_channel(x, y):
    """Return the sum of x * y over all axes but the last: (..., C), (..., C) -> (C,)."""
    C = x.shape[-1]
    products = np.einsum("nc,nc->c", image_rows(x), image_rows(y))  # (W*C,)
    return products.reshape(-1, C).sum(axis=0)


def add_per_channel(x, v):
    """Add v (C,) to x (..., C), in place."""
    rows = image_rows(x)
    rows += np.resize(v, rows.shape[1])


def scale_per_channel(x, v):
    """Multiply x (..., C) by v (C,), in place."""
    rows = image_rows(x)
    rows *= np.resize(v, rows.shape[1])


def image_rows(x):
    """View images (N, H, W, C) as rows (N*H, W*C); leave a matrix as it is."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-2] * x.shape[-1])
