"""How the time of a step grows with depth, batch and image size, in plainnet and in torch."""

import numpy as np


def series(libraries):
    """Return {what grows: {size: {library: build}}} for those of "plainnet" and "torch" that are in `libraries`."""
    makers = {"plainnet": in_plainnet, "torch": in_torch}
    wanted = {name: make for name, make in makers.items() if name in libraries}

    def row(sizes, N=128, image=None):
        return {name: lambda make=make: make(sizes, N, image) for name, make in wanted.items()}

    return {
        "depth: layers of 128 units, batch 128": {depth: row([128] * (depth + 1)) for depth in (2, 8, 32, 128)},
        "batch: 784-512-128-10": {N: row([784, 512, 128, 10], N) for N in (1, 8, 64, 512)},
        "image: 3 to 16 channels, 3x3, pool, batch 16": {side: row([10], 16, side) for side in (8, 16, 32, 64)},
    }


def in_plainnet(sizes, N, image):
    from plainnet import losses, nn, relu

    from .plain import mlp, optim, training_step

    rng = np.random.default_rng(0)
    x = rng.normal(size=(N, image, image, 3) if image else (N, sizes[0])).astype(np.float32)
    if image:
        features = [nn.Conv2d(3, 16, 3, rng, padding=1), relu, nn.MaxPool2d(2), nn.Flatten()]
        model = nn.Sequential(*features, nn.Linear(image**2 * 4, 10, rng))
    else:
        model = mlp(sizes, relu)
    t = rng.integers(0, sizes[-1], N)
    return training_step(model, optim.SGD, lambda: losses.cross_entropy(model(x), t))


def in_torch(sizes, N, image):
    import torch
    from torch import nn

    from .with_torch import cross_entropy, mlp, training_step

    x = torch.randn(N, 3, image, image) if image else torch.randn(N, sizes[0])
    if image:
        features = [nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        model = nn.Sequential(*features, nn.Linear(image**2 * 4, 10))
    else:
        model = mlp(sizes, nn.ReLU)
    t = torch.randint(0, sizes[-1], (N,))
    return training_step(model, torch.optim.SGD, lambda: cross_entropy(model(x), t))
