"""Early stopping: losses are those of plainnet's training, the stop is that of plainnet's callback."""

import numpy as np
import pytest
from plainnet import data, losses, nn, optim, tanh
from plainnet.demos import early_stopping as demo
from plainnet.regularize import EarlyStopping
from plainnet.train import fit

pytestmark = [pytest.mark.ch08, pytest.mark.slow]


def test_the_curves_and_the_stop_are_those_of_fit():
    rng = np.random.default_rng(1)
    x, t = data.moons(40, rng, noise=0.35)
    held_out = data.moons(demo.HELD_OUT, rng, noise=0.35)
    model = nn.Sequential(nn.Linear(2, 32, rng), tanh, nn.Linear(32, 32, rng), tanh, nn.Linear(32, 1, rng))
    stopper = EarlyStopping(patience=10)
    history = fit(
        model, x, t, loss=losses.binary_cross_entropy, optimizer=optim.Adam(model.parameters(), lr=0.005), rng=rng,
        num_epochs=demo.EPOCHS, batch_size=20, validation=held_out, callbacks=[stopper], progress=False,
    )  # fmt: skip
    validation = demo.training(40, 0.35, 1)[3]
    stop, best = demo.stopping(validation, 10)
    assert (stop, best) == (len(history["val_loss"]), stopper.best_epoch)
    np.testing.assert_allclose(validation[:stop], history["val_loss"], rtol=1e-5)
    assert f"would have stopped in epoch {stop} and gone back to epoch {best}" in demo.record().frames[-1]["text"]


@pytest.mark.parametrize(("patience", "want"), [(1, (4, 3)), (2, (7, 5)), (9, (None, 5))])
def test_patience_counts_epochs_without_a_new_best(patience, want):
    assert demo.stopping([5.0, 4, 3, 3.5, 2.5, 2.6, 2.7], patience) == want


def test_the_network_learns_its_points_by_heart():
    _, _, train, validation, _ = demo.training(40, 0.35, 1)
    assert train[-1] < 0.1 < validation.min() < 0.75 * validation[-1]


@pytest.mark.parametrize(
    "settings", demo.EarlyStoppingCursor().presets.values(), ids=list(demo.EarlyStoppingCursor().presets)
)
def test_the_answer_says_whether_a_better_epoch_follows(settings):
    recording = demo.record(**settings).validate()
    _, _, _, validation, _ = demo.training(settings["count"], settings["noise"], settings["seed"])
    risen = int(np.argmax(np.diff(validation) > 0)) + 1
    (ask,) = recording.asks
    assert ask.answer == int(validation[risen + 1 :].min() < validation[: risen + 1].min())
    assert f"epoch {risen + 1} " in ask.question


def test_the_page_fits_and_works_without_a_kernel():
    assert "patience 40" in demo.EarlyStoppingCursor().to_html()
