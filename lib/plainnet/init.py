"""Where weights start: random, to break the symmetry between units, and scaled, so that signals keep their size.

A weight has shape (..., fan in, fan out): (in_features, out_features) for a dense
layer, (kh, kw, C, F) for a convolution.  Values are drawn in float64 and then
rounded, so that a seed gives the same network in either precision.
"""

import math

import numpy as np

from plainnet.expect import generator, sizes


def fans(shape):
    """Return (fan_in, fan_out): how many inputs a unit reads, and how many units read an input.

    A convolution's unit reads ``kh * kw * C`` inputs; an input is read by ``kh * kw * F`` units.
    """
    if len(shape) < 2:
        raise ValueError(f"fans need a weight with at least 2 axes (in, out); the shape is {tuple(shape)}")
    window = math.prod(sizes(shape)[:-2])
    return window * shape[-2], window * shape[-1]


def zeros(shape, dtype=np.float32):
    """Return zeros: right for biases; weights that are all equal would stay equal for ever."""
    return np.zeros(sizes(shape), dtype)


def small_random(shape, rng, std=0.01, dtype=np.float32):
    """Return normal draws of standard deviation `std`: fine for one layer, signals die out in twenty."""
    return (std * generator(rng).standard_normal(sizes(shape))).astype(dtype)


def xavier(shape, rng, uniform=False, dtype=np.float32):
    """Return draws of variance 2 / (fan_in + fan_out), for tanh and sigmoid.

    The mean of both fans keeps the forward and the backward signal; some lectures
    call 1 / fan_in by this name.  ``uniform`` draws from +-sqrt(3) standard deviations.

    References
    ----------
    .. [1] X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
       feedforward neural networks", AISTATS 2010, eq. 16.
    """
    fan_in, fan_out = fans(shape)
    return draw(shape, math.sqrt(2 / (fan_in + fan_out)), rng, uniform, dtype)


def he(shape, rng, uniform=False, dtype=np.float32):
    """Return draws of variance 2 / fan_in, for ReLU, which lets through half of the variance.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015, arXiv:1502.01852.
    """
    return draw(shape, math.sqrt(2 / fans(shape)[0]), rng, uniform, dtype)


def draw(shape, std, rng, uniform, dtype):
    """Return draws of mean 0 and standard deviation `std`, normal or uniform."""
    generator(rng)
    if uniform:
        limit = math.sqrt(3) * std  # a uniform variable on [-a, a] has variance a^2 / 3
        return rng.uniform(-limit, limit, shape).astype(dtype)
    return (std * rng.standard_normal(shape)).astype(dtype)
