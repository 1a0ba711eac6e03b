"""Chapter 8: its plan of points and known answers, and the worked numbers of its texts and of the decks."""

import itertools

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, nn, regularize

CHAPTER = "08_regularisation"
pytestmark = pytest.mark.ch08


@pytest.mark.parametrize("kind", ["l1", "l2", "elastic"])
def test_penalties_and_gradients_are_the_librarys(solved, kind):
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=(3, 4)), rng.normal(size=5)]
    tensors = [Tensor(w, requires_grad=True) for w in weights]
    rules = {"l1": regularize.l1, "l2": regularize.l2, "elastic": lambda w, s: regularize.elastic_net(w, s, 0.3)}
    want = rules[kind](tensors, 0.7)
    want.backward()
    value, grads = solved["penalty"](weights, 0.7, kind, 0.3)
    assert value == pytest.approx(want.item())
    for grad, tensor in zip(grads, tensors):
        np.testing.assert_allclose(grad, tensor.grad)


def test_worked_numbers_of_penalties_and_max_norm(solved):
    w = np.array([3.0, 0.0, -4.0])
    for kind, value, grad in [
        ("l2", 1.25, [0.3, 0, -0.4]),
        ("l1", 0.7, [0.1, 0, -0.1]),
        ("elastic", 1.1125, [0.25, 0, -0.325]),
    ]:
        got, grads = solved["penalty"]([w], 0.1, kind, 0.25)
        assert got == pytest.approx(value)
        np.testing.assert_allclose(grads[0], grad)
    np.testing.assert_allclose(solved["max_norm"](np.array([[3, 0.3], [4, 0.4]]), 1.0), [[0.6, 0.3], [0.8, 0.4]])


def test_max_norm_is_the_librarys(solved):
    w = np.random.default_rng(0).normal(size=(5, 4))
    tensor = Tensor(w.copy(), requires_grad=True)
    regularize.max_norm([tensor], 1.5)
    np.testing.assert_allclose(solved["max_norm"](w, 1.5), tensor.data)


def test_worked_numbers_of_dropout_and_its_three_conventions(solved):
    layer = solved["Dropout"](0.25, np.random.default_rng(0))
    assert layer.forward(np.array([3.0, 6, 9, 12]), True).tolist() == [4, 8, 0, 0]
    np.testing.assert_allclose(layer.backward(np.array([1.0, 10, 100, 1000])), [4 / 3, 40 / 3, 0, 0])
    h, w, b = np.array([[2.0, 4.0]]), np.array([[1.0], [10.0]]), np.array([100.0])
    kept = np.array([[True, False]])
    for convention, training, use in [("keep", 102, 110.5), ("drop", 102, 131.5), ("inverted", 102 + 2 / 3, 142)]:
        assert solved["dropout_layer"](h, w, b, 0.25, convention, kept)[0, 0] == pytest.approx(training)
        assert solved["dropout_layer"](h, w, b, 0.25, convention)[0, 0] == pytest.approx(use)


def test_at_one_half_the_decks_conventions_are_its_division_by_two(solved):
    rng = np.random.default_rng(0)
    h, w, b = rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), rng.normal(size=2)
    for convention in ("keep", "drop"):
        np.testing.assert_allclose(solved["dropout_layer"](h, w, b, 0.5, convention), h @ (w / 2) + b)


@pytest.mark.parametrize("convention", ["keep", "drop", "inverted"])
def test_in_use_each_convention_is_the_mean_over_all_masks(solved, convention):
    rng = np.random.default_rng(1)
    h, w, b, p = rng.normal(size=(1, 5)), rng.normal(size=(5, 2)), rng.normal(size=2), 0.3
    keep, mean = p if convention == "keep" else 1 - p, 0.0
    for mask in itertools.product([False, True], repeat=5):
        chance = np.prod([keep if on else 1 - keep for on in mask])
        mean = mean + chance * solved["dropout_layer"](h, w, b, p, convention, np.array([mask]))
    np.testing.assert_allclose(solved["dropout_layer"](h, w, b, p, convention), mean)


def test_the_librarys_dropout_has_the_same_convention(solved):
    x = np.ones((1000, 8))
    mine = solved["Dropout"](0.3, np.random.default_rng(0)).forward(x, True)
    theirs = nn.Dropout(0.3, np.random.default_rng(0))(x)
    assert set(np.round(np.unique(theirs), 9)) == set(np.round(np.unique(mine), 9)) == {0.0, round(1 / 0.7, 9)}
    assert np.mean(mine == 0) == pytest.approx(np.mean(theirs == 0), abs=0.03)


def test_early_stopping_decides_as_the_library_does(solved):
    rng = np.random.default_rng(0)
    for _ in range(30):
        values, patience = rng.integers(0, 30, size=25) / 4.0, int(rng.integers(1, 6))
        mine = solved["EarlyStopping"](patience, 0.25)
        theirs = regularize.EarlyStopping(patience=patience, min_delta=0.25)
        model, history = nn.Linear(1, 1, rng), {"val_loss": []}
        for value in values:
            history["val_loss"].append(value)
            measured = {"train": 0.0, "validation": value, "test": 0.0}
            stop = mine.update(measured, [model.w.data])
            assert stop == theirs.after_epoch(model, history)
            assert (mine.best, mine.best_epoch) == (theirs.best, theirs.best_epoch)
            if stop:
                break


def test_worked_numbers_of_ensembles_and_noise(solved):
    logits = np.array([[[4.0, 0, 0]], [[0.0, 1, 0]]])
    for temperature, want in [(1.0, [0.5883, 0.2969, 0.1148]), (4.0, [0.4403, 0.3015, 0.2582])]:
        p, labels = solved["soft_answers"](logits, temperature)
        np.testing.assert_allclose(p[0], want, atol=5e-5)
        assert labels.tolist() == [0]
    x, t, w = np.array([[1.0, 2], [3, 4]]), np.array([[1.0], [0]]), np.array([[1.0], [-1]])
    loss, grad = solved["noisy_loss"](x, t, w, 0.5)
    assert loss == pytest.approx(3.0)
    np.testing.assert_allclose(grad, [[-4.5], [-8.5]])


def test_noise_is_its_average(solved):
    rng = np.random.default_rng(0)
    x, t, w = rng.normal(size=(1, 3)), rng.normal(size=(1, 2)), rng.normal(size=(3, 2))
    noisy = regularize.noise(np.repeat(x, 200_000, axis=0), rng, std=0.4)
    drawn = np.mean(np.sum((noisy @ w - t) ** 2, axis=1))
    assert solved["noisy_loss"](x, t, w, 0.4)[0] == pytest.approx(drawn, rel=0.01)


def test_answers_to_the_questions_come_from_runs(solved):
    exponents = range(-10, 3)
    validation = [solved["errors"](10.0**k)[1] for k in exponents]
    assert exponents[int(np.argmin(validation))] == solved["best_k"]
    first, second = np.sort(validation)[:2]
    assert second > 1.1 * first  # no tie that another BLAS could turn
    small = {kind: np.abs(solved["descend"](kind)) for kind in ("l1", "l2")}
    assert np.sum(small["l1"] < 0.008) - np.sum(small["l2"] < 0.008) == solved["more_with_l1"]
    assert not any(np.any(np.abs(w - 0.008) < 0.001) for w in small.values())


def test_the_slides_pair_of_l1_does_not_belong_together():
    w, h = np.array([2.0, -3.0]), 1e-6
    up, down = (0.5 * np.abs(w + step).sum() for step in (np.array([h, 0]), np.array([-h, 0])))
    assert (up - down) / (2 * h) == pytest.approx(0.5)  # lambda = 1: half of sign(2)


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in (
        "2^4096 = 10^1233.02",
        "holds 5.9% of the mass",
        "adds up to 0.852, not to 1",
        "bias² + variance is the error: True",
        "norm, not squared, with λ w  claimed [ 0.3 -0.4], measured [ 0.06 -0.08]: they do NOT agree",
        "λ/2 Σ|w| with λ sign w       claimed [ 0.1 -0.1], measured [ 0.05 -0.05]: they do NOT agree",
    ):
        assert number in printed
    assert printed.count("they agree") == 2


@pytest.mark.slow
def test_the_lectures_trainings_end_as_it_says(lecture):
    names, _ = lecture
    train, new = {}, {}
    for lam, w in names["fits"].items():
        for errors, x, t in (
            (train, *names["sample"](16, np.random.default_rng(3))),
            (new, names["x_new"], names["t_new"]),
        ):
            errors[lam] = np.sqrt(np.mean((np.vander(x, 16) @ w - t) ** 2))
    assert train[0] < 1e-6 < train[1e-3] < train[10]
    assert new[1e-3] < 0.35 < new[10] < 1e3 < new[0]
    rates = {lam: values[2] for lam, values in names["rates"].items()}
    assert rates[0.01] < rates[0.0] < rates[0.1]
    history, stopped = names["history"]["val_loss"], names["stopped"]["val_loss"]
    assert len(stopped) < len(history)
    assert names["stopper"].best < history[-1]
    assert names["stopper"].best < history[names["rise"]]  # the decks' moment, the first rise, comes too early


@pytest.mark.slow
def test_a_growing_penalty_buys_less_variance_with_bias(lecture):
    names, _ = lecture
    assert np.all(np.diff(names["variance"]) < 0)
    assert names["bias2"][-1] > 0.5 > 0.01 > names["bias2"][0]
    best = int(np.argmin(names["error"]))
    assert 0 < best < len(names["error"]) - 1


@pytest.mark.slow
def test_false_labels_are_seen_through_first_and_learned_by_heart_later(lecture):
    names, _ = lecture
    learn, few, t, tired, false = (names[name] for name in ("learn", "few", "t", "tired", "false"))
    seen_through, by_heart = [], []
    for epochs in (40, 120):
        model, _ = learn(hidden=16, num_epochs=epochs, t=tired)
        answer = plainnet.predict(model, names["x"][few], batch_size=64).argmax(axis=1)
        seen_through.append(np.mean((answer == t[few])[false]))
        by_heart.append(np.mean((answer == tired[few])[false]))
    assert seen_through[0] > 0.6 > seen_through[1]
    assert by_heart[0] < by_heart[1]


@pytest.mark.slow
def test_the_loss_of_the_mean_is_at_most_the_mean_of_the_losses(lecture):
    names, _ = lecture
    assert names["cross_entropy"](names["mean"]) < names["cross_entropy"](names["softmax"](names["logits"]))


@pytest.mark.slow
def test_ensembles_and_pupils_are_better_on_average(lecture):
    names, _ = lecture
    wrong, x, t, test = names["wrong"], names["x"], names["t"], names["test"]
    together = np.mean(names["mean"][test].argmax(axis=1) != t[test])
    assert together < np.mean([wrong(model) for model in names["members"]])
    assert np.mean([wrong(pupil) for pupil in names["pupils"]]) < np.mean([wrong(model) for model in names["hard"]])
    assert len(x) == len(plainnet.predict(names["pupils"][0], x))
