"""Training repeats itself, can be stopped and continued, and measures without learning."""

import math

import numpy as np
import plainnet
import pytest
from plainnet import data, losses, metrics, nn, optim, schedules
from plainnet.train import Callback, evaluate, fit, predict, updates


def problem(seed=0, n=90):
    rng = np.random.default_rng(seed)
    x, t = data.blobs(n, rng)
    model = nn.Sequential(nn.Linear(2, 8, rng), plainnet.tanh, nn.Dropout(0.2, rng), nn.Linear(8, 3, rng))
    return model, x, t, rng


def train(model, x, t, rng, num_epochs=5, **options):
    options = {"batch_size": 16, "progress": False, "metrics": [metrics.accuracy]} | options
    optimizer = options.pop("optimizer", None) or optim.Adam(model.parameters(), lr=0.02)
    return fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=num_epochs, rng=rng, **options)


def values(model):
    return np.concatenate([array.ravel() for array in model.state().values()])


class Interrupt(Callback):
    """Press the stop button in the middle of the third epoch."""

    count = 0

    def after_update(self, model):
        self.count += 1
        if self.count == 15:
            raise KeyboardInterrupt


def test_training_learns_and_the_history_has_a_value_per_epoch():
    model, x, t, rng = problem()
    history = train(model, x, t, rng, num_epochs=30, validation=(x, t))
    assert set(history) == {"loss", "accuracy", "val_loss", "val_accuracy", "lr"}
    assert {len(column) for column in history.values()} == {30}
    assert history["loss"][-1] < history["loss"][0] / 3
    assert history["val_accuracy"][-1] > 0.95
    assert history.stopped == "done"


def test_the_same_seed_gives_the_same_weights_and_history():
    runs = [(model, train(model, x, t, rng, validation=(x, t))) for model, x, t, rng in (problem(), problem())]
    np.testing.assert_array_equal(values(runs[0][0]), values(runs[1][0]))
    assert dict(runs[0][1]) == dict(runs[1][1])


def test_watching_validation_data_and_progress_changes_nothing_in_the_weights(capsys):
    quiet, *rest = problem()
    train(quiet, *rest)
    watched, *rest = problem()
    train(watched, *rest, validation=problem(seed=7)[1:3], progress=True)
    np.testing.assert_array_equal(values(quiet), values(watched))


def test_an_interruption_keeps_the_history_and_training_goes_on_from_it():
    model, x, t, rng = problem()
    history = train(model, x, t, rng, num_epochs=5, callbacks=[Interrupt()])
    assert history.stopped == "interrupted"
    assert len(history["loss"]) == 2
    history = train(model, x, t, rng, num_epochs=3, history=history)
    assert history.stopped == "done"
    assert len(history["loss"]) == 5


def test_continuing_is_the_same_as_never_having_stopped():
    whole, x, t, rng = problem()
    all_at_once = train(whole, x, t, rng, num_epochs=6, schedule=schedules.exponential(0.05, k=0.3))
    parts, x, t, rng = problem()
    optimizer = optim.Adam(parts.parameters(), lr=0.02)
    history = None
    for num_epochs in (2, 4):
        history = train(parts, x, t, rng, num_epochs=num_epochs, optimizer=optimizer, history=history,
                        schedule=schedules.exponential(0.05, k=0.3))  # fmt: skip
    np.testing.assert_array_equal(values(whole), values(parts))
    assert dict(history) == dict(all_at_once)


def test_the_schedule_gives_each_update_its_rate_and_the_history_that_of_the_epochs_start():
    model, x, t, rng = problem()
    optimizer, rates = optim.SGD(model.parameters(), lr=7.0), []
    step = optimizer.step
    optimizer.step = lambda: (rates.append(optimizer.lr), step())
    schedule = schedules.inverse_time(0.1, k=1)
    history = train(model, x, t, rng, num_epochs=2, schedule=schedule, optimizer=optimizer, batch_size=30)
    assert rates == pytest.approx([schedule(i / 3) for i in range(6)])
    assert history["lr"] == pytest.approx([0.1, 0.05])


def test_a_callback_stops_training_and_hears_of_the_end():
    calls = []

    class Second(Callback):
        def after_epoch(self, model, history):
            return len(history["loss"]) == 2

        def after_training(self, model, history):
            calls.append(len(history["loss"]))

    model, x, t, rng = problem()
    history = train(model, x, t, rng, callbacks=[Second(), Callback()])
    assert history.stopped == "Second"
    assert len(history["loss"]) == 2
    assert calls == [2]


def test_the_training_loss_is_the_mean_over_samples_also_with_a_short_last_batch():
    model, x, t, rng = problem(n=50)
    model.layers[2].p = 0.0
    frozen = optim.SGD(model.parameters(), lr=1e-30)
    history = train(model, x, t, rng, num_epochs=1, optimizer=frozen)
    expected = evaluate(model, x, t, losses.cross_entropy, [metrics.accuracy])
    assert history["loss"][0] == pytest.approx(expected["loss"], rel=1e-5)
    assert history["accuracy"][0] == pytest.approx(expected["accuracy"])


def test_augmentation_sees_training_batches_alone():
    seen = []

    def watch(x, t, rng):
        seen.append(len(x))
        return x

    model, x, t, rng = problem(n=50)
    train(model, x, t, rng, num_epochs=1, augment=watch, validation=(x, t))
    assert seen == [16, 16, 16, 2]


def test_prediction_is_in_eval_mode_without_a_graph_and_gives_the_mode_back():
    model, x, _, _ = problem()
    y = predict(model.train(), x, batch_size=7)
    assert model.training
    assert y.shape == (90, 3)
    np.testing.assert_allclose(y, predict(model.eval(), x), rtol=1e-5)  # batches of other sizes round differently
    assert not model.training


def test_after_training_the_model_is_ready_for_use():
    model, x, t, rng = problem()
    train(model, x, t, rng, num_epochs=1)
    assert not any(module.training for module in model.modules())


def test_a_demo_can_pause_between_updates():
    model, x, t, rng = problem()
    loop = updates(model, x, t, losses.cross_entropy, optim.SGD(model.parameters(), lr=0.1), rng, batch_size=45)
    before = values(model).copy()
    y, t_batch, loss = next(loop)
    assert y.shape == (45, 3)
    assert len(t_batch) == 45
    assert math.isfinite(loss)
    assert (values(model) != before).any()


def test_every_update_follows_the_gradient_of_its_own_batch():
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(9, 2)), rng.normal(size=(9, 1))
    model = nn.Linear(2, 1, rng).astype(float)
    w, b = model.w.data.copy(), model.b.data.copy()
    order = np.random.default_rng(3).permutation(9)
    for batch in (order[:4], order[4:8], order[8:]):
        error = 2 * (x[batch] @ w + b - t[batch]) / len(batch)
        w, b = w - 0.1 * x[batch].T @ error, b - 0.1 * error.sum(axis=0)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    for _ in updates(model, x, t, losses.mse, optimizer, np.random.default_rng(3), batch_size=4):
        pass
    np.testing.assert_allclose(model.w.data, w, rtol=1e-12)
    np.testing.assert_allclose(model.b.data, b, rtol=1e-12)


def test_values_that_are_not_finite_are_reported_when_asked():
    model, x, t, rng = problem()
    x[3, 1] = np.nan
    with pytest.raises(ValueError, match="x has 1 values"):
        train(model, x, t, rng, check_finite=True)


def test_a_loss_that_explodes_is_reported_when_asked_and_the_history_survives():
    model, x, t, rng = problem()
    history = plainnet.train.History()
    explode = {"schedule": lambda t: 1e-3 if t < 2 else 1e38, "history": history}
    with np.errstate(all="ignore"), pytest.raises(FloatingPointError, match=r"epoch \d.*smaller lr"):
        train(model, x, t, rng, optimizer=optim.SGD(model.parameters(), lr=0.1), check_finite=True, **explode)
    assert len(history["loss"]) >= 2


def test_the_progress_line_shows_epochs_loss_and_time_and_ends_with_the_measures(capsys):
    model, x, t, rng = problem()
    bar = plainnet.progress.Progress(total=4, every=0)
    for _ in range(3):
        bar.advance("epoch 1/1")
    assert "[===============     ] epoch 1/1" in capsys.readouterr().out
    train(model, x, t, rng, num_epochs=2, progress=True)
    captured = capsys.readouterr()
    assert "done after epoch 2: loss" in captured.out
    assert captured.err == ""


def test_the_time_left_is_what_the_steps_before_took(capsys):
    bar = plainnet.progress.Progress(total=4)
    bar.start -= 30  # as if the first step had taken 30 seconds
    bar.written_at -= 30
    bar.advance("working")
    assert "90 s left" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (75, "75 s"), (720, "12 min"), (11160, "3.1 h")]
)
def test_durations_read_well(seconds, text):
    assert plainnet.progress.duration(seconds) == text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda x, t: (x, t[:-1]), "90 inputs and 89 targets"),
        (lambda x, t: (x[:0], t[:0]), "at least one"),
        (lambda x, t: (x, t + 5), r"0\.\.2"),
        (lambda x, t: (x, t.astype(float)), "integer labels"),
        (lambda x, t: (x[:, :1], t), r"\(\.\.\., 2\)"),
    ],
)
def test_bad_data_are_refused_in_words(change, message):
    model, x, t, rng = problem()
    with pytest.raises(ValueError, match=message):
        train(model, *change(x, t), rng)


def test_a_callback_may_change_the_learning_rate():
    class Halve(Callback):
        def after_epoch(self, model, history):
            optimizer.lr /= 2

    model, x, t, rng = problem()
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    history = train(model, x, t, rng, num_epochs=3, optimizer=optimizer, callbacks=[Halve()])
    assert history["lr"] == [1.0, 0.5, 0.25]
