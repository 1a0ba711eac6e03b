"""Trainings on real data: twenty digits by heart, a sequence task, XOR. The benchmark trains on all digits."""

import numpy as np
import plainnet
import pytest
from plainnet import data, losses, metrics, nn, optim, regularize
from plainnet.train import Callback, evaluate, fit


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
