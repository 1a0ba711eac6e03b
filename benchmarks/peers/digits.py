"""Whole trainings on the digits that come with plainnet: how soon a dense and a convolutional network read 98 %."""

import functools
import statistics
import time

import numpy as np
from plainnet import augment, data, fit, losses, metrics, nn, optim, relu, schedules
from plainnet.train import evaluate

EPOCHS = {"MLP": 30, "CNN": 12}
WITHIN = {"MLP": 1.0, "CNN": 3.0}  # seconds, for 98 %


def network(name, rng):
    """Return the "MLP" or the "CNN"."""
    if name == "MLP":
        return nn.Sequential(
            nn.Flatten(),
            nn.Linear(64, 512, rng),
            nn.BatchNorm(512),
            relu,
            nn.Dropout(0.3, rng),
            nn.Linear(512, 10, rng),
        )

    def block(a, b):
        return nn.Conv2d(a, b, 3, rng, padding=1), nn.BatchNorm(b), relu

    return nn.Sequential(
        *block(1, 16), *block(16, 32), nn.MaxPool2d(2), *block(32, 32), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2, rng), nn.Linear(128, 10, rng),
    )  # fmt: skip


def trained(name, seed, clock=time.perf_counter):
    """Train on four fifths of the digits; return the accuracy on the fifth held out, and the seconds it took."""
    rng = np.random.default_rng(seed)
    x, t, x_held, t_held = data.split(*data.digits(), 0.2, rng, stratify=True)
    model, num_epochs = network(name, rng), EPOCHS[name]
    start = clock()
    fit(
        model, x, t, loss=losses.cross_entropy, optimizer=optim.Adam(model.parameters()), num_epochs=num_epochs,
        rng=rng, batch_size=64, schedule=schedules.cosine(4e-3, num_epochs), progress=False,
        augment=functools.partial(augment.random_shift, probability=0.5),
    )  # fmt: skip
    seconds = clock() - start
    return evaluate(model, x_held, t_held, losses.cross_entropy, [metrics.accuracy])["accuracy"], seconds


def measure(clock=time.perf_counter, seeds=3):
    """Return {network: mean accuracy and median seconds over the seeds, and the seconds that are the target}."""
    rows = {}
    for name, within in WITHIN.items():
        accuracies, seconds = zip(*[trained(name, seed, clock) for seed in range(seeds)])
        rows[name] = {"accuracy": float(np.mean(accuracies)), "seconds": statistics.median(seconds), "within": within}
    return rows
