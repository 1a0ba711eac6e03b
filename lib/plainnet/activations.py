"""Activation functions: what stands between two linear layers."""

import numpy as np

from plainnet.autograd import Tensor, op

__all__ = ["relu", "sigmoid", "softmax", "tanh"]


@op("tanh")
def tanh(x):
    """Return the hyperbolic tangent of x."""
    return np.tanh(x)


tanh.vjp(x=lambda g, y, x: g * (1 - y * y))


@op("sigmoid")
def sigmoid(x):
    """Return 1 / (1 + exp(-x)), without overflow for large negative x."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, e) / (1 + e)


sigmoid.vjp(x=lambda g, y, x: g * y * (1 - y))


@op("relu")
def relu(x):
    """Return max(x, 0); its slope at 0 is taken as 0."""
    return np.maximum(x, 0)


relu.vjp(x=lambda g, y, x: g * (y > 0))


@op("softmax")
def softmax(z, *, axis=-1):
    """Return exp(z) / sum(exp(z)) along `axis`: positive numbers that sum to 1."""
    e = np.exp(z - z.max(axis=axis, keepdims=True))  # the largest exponent is 0: no overflow
    return e / e.sum(axis=axis, keepdims=True)


softmax.vjp(z=lambda g, y, z, axis=-1: y * (g - (g * y).sum(axis=axis, keepdims=True)))


Tensor.tanh, Tensor.sigmoid, Tensor.relu = tanh, sigmoid, relu
