"""The workloads as functions of a list of parameters, for the two libraries that offer NumPy's names.

HIPS autograd traces them anew in each step; JAX compiles the whole step once.
"""

from itertools import pairwise

import numpy as np

from . import LR, problem


def functions(np_like, conv):
    """Return {name: (shapes of the parameters, loss(params, x, t))}."""

    def dense(params, x, activation):
        for i in range(0, len(params) - 2, 2):
            x = activation(x @ params[i] + params[i + 1])
        return x @ params[-2] + params[-1]

    def relu(x):
        return np_like.maximum(x, 0)

    def cross_entropy(z, t):
        z = z - np_like.max(z, axis=1, keepdims=True)
        return np_like.mean(np_like.log(np_like.sum(np_like.exp(z), axis=1)) - z[np.arange(len(z)), t])

    def binary(z, t):
        return np_like.mean(np_like.logaddexp(z, 0.0) - t * z)

    def pool(x):
        N, H, W, C = x.shape
        return np_like.max(x.reshape(N, H // 2, 2, W // 2, 2, C), axis=(2, 4))

    def lenet(params, x):
        x = pool(relu(conv(x, params[0], 2) + params[1]))
        x = pool(relu(conv(x, params[2], 0) + params[3]))
        return dense(params[4:], x.reshape(len(x), -1), relu)

    def lstm(params, x):
        w, b, u = params[:3]
        z = x @ w + b
        h = c = np.zeros((len(x), 128), np.float32)
        for t in range(x.shape[1]):
            a = z[:, t] + h @ u
            i, f, o = (1 / (1 + np_like.exp(-a[:, k * 128 : (k + 1) * 128])) for k in range(3))
            c = f * c + i * np_like.tanh(a[:, 384:])
            h = o * np_like.tanh(c)
        return h @ params[3] + params[4]

    def layers(*sizes):
        return [shape for a, b in pairwise(sizes) for shape in ((a, b), (b,))]

    convs = [(5, 5, 1, 6), (6,), (5, 5, 6, 16), (16,)]
    return {
        "W1": (layers(2, 16, 16, 1), lambda p, x, t: binary(dense(p, x, relu), t)),
        "W2": (layers(784, 512, 128, 10), lambda p, x, t: cross_entropy(dense(p, x, relu), t)),
        "W3": (convs + layers(400, 120, 84, 10), lambda p, x, t: cross_entropy(lenet(p, x), t)),
        "W5": (layers(2, 4, 1), lambda p, x, t: binary(dense(p, x, np_like.tanh), t)),
        "W6": ([(32, 512), (512,), (128, 512), (128, 10), (10,)], lambda p, x, t: cross_entropy(lstm(p, x), t)),
    }


def start(name, shapes):
    """Return the workload's inputs, targets and first parameters."""
    rng = np.random.default_rng(0)
    return (*problem(name), [rng.normal(scale=0.05, size=shape).astype(np.float32) for shape in shapes])


def descend(params, gradients):
    return [p - LR * g for p, g in zip(params, gradients)]
