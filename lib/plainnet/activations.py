"""Activation functions: what stands between two linear layers."""

import numpy as np

from plainnet.autograd import Tensor, op

__all__ = ["elu", "leaky_relu", "log_softmax", "relu", "sigmoid", "softmax", "softplus", "tanh"]


@op("tanh")
def tanh(x):
    """Return the hyperbolic tangent of x."""
    return np.tanh(x)


tanh.vjp(x=lambda g, y, x: g * (1 - y * y))


@op("sigmoid")
def sigmoid(x):
    """Return 1 / (1 + exp(-x))."""
    e = np.exp(-np.abs(x))  # at most 1: exp(-x) overflows for large negative x
    return np.where(x >= 0, 1, e) / (1 + e)


sigmoid.vjp(x=lambda g, y, x: g * y * (1 - y))


@op("relu")
def relu(x):
    """Return max(x, 0); its slope at 0 is taken as 0."""
    return np.maximum(x, 0)


relu.vjp(x=lambda g, y, x: g * (y > 0))


@op("leaky relu")
def leaky_relu(x, *, slope=0.01):
    """Return x where it is positive, and slope * x elsewhere."""
    return np.where(x > 0, x, slope * x)


leaky_relu.vjp(x=lambda g, y, x, slope=0.01: np.where(x > 0, g, slope * g))


@op("elu")
def elu(x, *, alpha=1.0):
    """Return x where it is positive, and alpha * (exp(x) - 1) elsewhere."""
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


elu.vjp(x=lambda g, y, x, alpha=1.0: np.where(x > 0, g, g * (y + alpha)))


@op("softplus")
def softplus(x):
    """Return log(1 + exp(x)), a smooth relu."""
    return np.logaddexp(x, 0)


softplus.vjp(x=lambda g, y, x: g * np.exp(x - y))


@op("softmax")
def softmax(z, *, axis=-1):
    """Return exp(z) / sum(exp(z)) along `axis`: positive numbers that sum to 1."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))  # the largest exponent is 0: no overflow
    return e / e.sum(axis=axis, keepdims=True)


softmax.vjp(z=lambda g, y, z, axis=-1: y * (g - (g * y).sum(axis=axis, keepdims=True)))


@op("log softmax")
def log_softmax(z, *, axis=-1):
    """Return log(softmax(z)), without the rounding to log(0)."""
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


log_softmax.vjp(z=lambda g, y, z, axis=-1: g - np.exp(y) * g.sum(axis=axis, keepdims=True))


Tensor.tanh, Tensor.sigmoid, Tensor.relu = tanh, sigmoid, relu
