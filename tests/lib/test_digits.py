"""Whole trainings on real data: digits in a dense and in a convolutional network, a sequence task, XOR."""

import functools

import numpy as np
import plainnet
import pytest
from plainnet import augment, data, losses, metrics, nn, optim, regularize, schedules
from plainnet.train import Callback, evaluate, fit


def trained_accuracy(make, seed, num_epochs):
    """Return the accuracy on a fifth of the digits, held out, of a network trained on the others."""
    rng = np.random.default_rng(seed)
    x, t, x_held, t_held = data.split(*data.digits(), 0.2, rng, stratify=True)
    model = make(rng)
    fit(
        model, x, t, loss=losses.cross_entropy, optimizer=optim.Adam(model.parameters()), num_epochs=num_epochs,
        rng=rng, batch_size=64, schedule=schedules.cosine(4e-3, num_epochs), progress=False,
        augment=functools.partial(augment.random_shift, probability=0.5),
    )  # fmt: skip
    return evaluate(model, x_held, t_held, losses.cross_entropy, [metrics.accuracy])["accuracy"]


def dense(rng):
    return nn.Sequential(
        nn.Flatten(), nn.Linear(64, 512, rng), nn.BatchNorm(512), plainnet.relu, nn.Dropout(0.3, rng),
        nn.Linear(512, 10, rng),
    )  # fmt: skip


def convolutional(rng):
    def block(a, b):
        return nn.Conv2d(a, b, 3, rng, padding=1), nn.BatchNorm(b), plainnet.relu

    return nn.Sequential(
        *block(1, 16), *block(16, 32), nn.MaxPool2d(2), *block(32, 32), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.2, rng), nn.Linear(128, 10, rng),
    )  # fmt: skip


@pytest.mark.slow
def test_a_dense_network_reads_98_percent_of_the_digits():
    assert np.mean([trained_accuracy(dense, seed, 30) for seed in range(2)]) >= 0.98  # measured 0.988 +- 0.003


@pytest.mark.slow
def test_a_convolutional_network_reads_98_percent_of_the_digits():
    assert np.mean([trained_accuracy(convolutional, seed, 12) for seed in range(2)]) >= 0.98  # measured 0.988 +- 0.004


def test_twenty_samples_are_learned_by_heart():
    rng = np.random.default_rng(0)
    x, t = (array[:20] for array in data.digits())
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64, rng), plainnet.relu, nn.Linear(64, 10, rng))
    options = {"optimizer": optim.Adam(model.parameters(), lr=3e-3), "num_epochs": 300, "batch_size": 20}
    history = fit(model, x, t, loss=losses.cross_entropy, rng=rng, progress=False, **options)
    assert history["loss"][-1] < 5e-3


def test_every_optimiser_learns_xor():
    x, t = data.xor()
    for make in [
        lambda p: optim.SGD(p, 1.0), lambda p: optim.Momentum(p, 0.2), lambda p: optim.Nesterov(p, 0.2),
        lambda p: optim.Adagrad(p, 0.5), lambda p: optim.RMSprop(p, 0.02), lambda p: optim.Adadelta(p, 20.0),
        lambda p: optim.Adam(p, 0.05), lambda p: optim.AMSGrad(p, 0.05), lambda p: optim.AdaMax(p, 0.05),
        lambda p: optim.Nadam(p, 0.05),
    ]:  # fmt: skip
        rng = np.random.default_rng(0)
        model = nn.Sequential(nn.Linear(2, 8, rng, init_w=plainnet.init.xavier), plainnet.tanh, nn.Linear(8, 1, rng))
        optimizer = make(model.parameters())
        for _ in range(500):
            optimizer.zero_grad()
            loss = losses.binary_cross_entropy(model(x), t)
            loss.backward()
            optimizer.step()
        assert loss.item() < 0.1, type(optimizer).__name__


@pytest.mark.slow
def test_an_lstm_remembers_over_twenty_steps():
    rng = np.random.default_rng(0)
    x, t = data.recall(1500, rng, delay=20)
    model = nn.Sequential(nn.Embedding(8, 8, rng), nn.LSTM(8, 32, rng), lambda h: h[:, -1], nn.Linear(32, 4, rng))
    options = {"optimizer": optim.Adam(model.parameters(), lr=1e-2), "num_epochs": 15, "metrics": [metrics.accuracy]}
    history = fit(model, x, t, loss=losses.cross_entropy, rng=rng, progress=False, **options)
    assert history["accuracy"][-1] > 0.9


def test_regularisation_makes_weights_smaller_and_early_stopping_keeps_the_best():
    class Limit(Callback):
        def __init__(self, params):
            self.params = params

        def after_update(self, model):
            regularize.max_norm(self.params, 1.0)

    def training(penalty=0.0, limit=False):
        rng = np.random.default_rng(0)
        x, t, *validation = data.split(*data.moons(120, rng, noise=0.3), 0.5, rng)
        model = nn.Sequential(nn.Linear(2, 50, rng), plainnet.relu, nn.Linear(50, 2, rng))
        weights = [p for p in model.parameters() if p.ndim > 1]
        stopping = regularize.EarlyStopping(patience=20)
        history = fit(
            model, x, t, num_epochs=150, rng=rng, optimizer=optim.Adam(model.parameters(), 0.02), progress=False,
            loss=lambda y, t: losses.cross_entropy(y, t) + regularize.l2(weights, penalty),
            validation=validation, callbacks=[stopping, *[Limit(weights)] * limit],
        )  # fmt: skip
        measured = evaluate(
            model, *validation, lambda y, t: losses.cross_entropy(y, t) + regularize.l2(weights, penalty)
        )
        return history, stopping, measured["loss"], weights

    history, stopping, val_loss, free = training()
    assert history.stopped == "EarlyStopping"
    assert len(history["loss"]) == stopping.best_epoch + 20
    assert val_loss == stopping.best == min(history["val_loss"])
    *_, decayed = training(penalty=0.05)
    assert sum((w.data**2).sum() for w in decayed) < sum((w.data**2).sum() for w in free) / 2
    *_, limited = training(limit=True)
    assert all((np.linalg.norm(w.data, axis=0) <= 1 + 1e-6).all() for w in limited)
