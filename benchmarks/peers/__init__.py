"""The same workloads in plainnet and in the libraries that it is compared with.

Each module offers ``workloads() -> {name: build}``, or raises ImportError where its library is
missing; ``build()`` returns a function that makes one training step.

W1 moons MLP 2-16-16-1, batch 100            W4 3x32x32: 2x(conv 32@3x3, batch norm, relu), pool,
W2 MLP 784-512-128-10, batch 128                conv 64@3x3, batch norm, relu, pool, dense; batch 64
W3 LeNet 1x28x28, batch 64                   W5 XOR MLP 2-4-1, 4 samples
                                             W6 LSTM 32-128, 64 steps, batch 32, dense on the last
"""

from itertools import pairwise

import numpy as np

NAMES = "W1", "W2", "W2 Adam", "W3", "W4", "W5", "W6"
LR = 0.01


def problem(name):
    """Return inputs and targets of a workload: float32, images (N, H, W, C), sequences (N, T, D)."""
    rng = np.random.default_rng(0)
    shape = {
        "W1": (100, 2), "W2": (128, 784), "W2 Adam": (128, 784), "W3": (64, 28, 28, 1), "W4": (64, 32, 32, 3),
        "W5": (4, 2), "W6": (32, 64, 32),
    }[name]  # fmt: skip
    if name == "W5":
        x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
        return x, (x.sum(axis=1, keepdims=True) == 1).astype(np.float32)
    x = rng.normal(size=shape).astype(np.float32)
    if name == "W1":
        return x, (x[:, :1] * x[:, 1:] > 0).astype(np.float32)
    return x, rng.integers(0, 10, shape[0])


def matmul_flops(name):
    """Return the floating-point operations of a step's matrix products: forward, dL/dw, and dL/dx but for the data."""
    dense = {"W1": [2, 16, 16, 1], "W2": [784, 512, 128, 10], "W2 Adam": [784, 512, 128, 10], "W5": [2, 4, 1]}
    if name in dense:
        sizes = dense[name]
        layers = [len(problem(name)[0]) * a * b for a, b in pairwise(sizes)]
    elif name == "W3":
        layers = [64 * n for n in (28 * 28 * 25 * 6, 10 * 10 * 150 * 16, 400 * 120, 120 * 84, 84 * 10)]
    elif name == "W4":
        layers = [64 * n for n in (1024 * 27 * 32, 1024 * 288 * 32, 256 * 288 * 64, 4096 * 10)]
    else:
        layers = [64 * 32 * 32 * 512, 64 * 32 * 128 * 512, 32 * 128 * 10]
    return 2 * (3 * sum(layers) - layers[0])
