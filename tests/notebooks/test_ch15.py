"""Chapter 15: its plan of points and known answers, and the numbers that its texts speak of."""

import itertools

import numpy as np
import plainnet
import pytest
from plainnet import adversarial, nn
from plainnet.demos import EpsilonAttack, epsilon_attack, noise_or_attack

CHAPTER = "15_adversarial"
pytestmark = pytest.mark.ch15


def random_network(sizes, rng):
    """Return the same ReLU network as params and as a model of plainnet."""
    params = [(rng.normal(size=fans), rng.normal(size=fans[1])) for fans in itertools.pairwise(sizes)]
    layers = []
    for w, b in params:
        layer = nn.Linear(*w.shape, rng).astype(float)
        layer.w.data[:], layer.b.data[:] = w, b
        layers += [layer, plainnet.relu]
    return params, nn.Sequential(*layers[:-1])


@pytest.mark.parametrize("sizes", [[4, 3], [5, 6, 3], [4, 4, 4, 4]])
def test_the_input_gradient_is_the_librarys(solved, sizes):
    rng = np.random.default_rng(0)
    params, model = random_network(sizes, rng)
    x, t = rng.normal(size=(6, sizes[0])), rng.integers(sizes[-1], size=6)
    want = adversarial.input_gradient(model, x, t)
    np.testing.assert_allclose(solved["input_gradient"](x, t, params), want, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("targeted", [False, True])
def test_attacks_are_the_librarys(solved, targeted):
    rng = np.random.default_rng(1)
    _, model = random_network([5, 6, 3], rng)
    x, t = rng.uniform(size=(7, 5)), rng.integers(3, size=7)

    def gradient(x, t):
        return adversarial.input_gradient(model, x, t)

    want = adversarial.fgsm(model, x, t, 0.2, targeted=targeted)
    np.testing.assert_allclose(solved["fgsm"](x, t, 0.2, gradient, targeted), want, atol=1e-12)
    want = adversarial.iterative_attack(model, x, t, 0.2, 0.07, num_steps=6, targeted=targeted)
    got = solved["iterated_attack"](x, t, 0.2, 0.07, 6, gradient, targeted)
    np.testing.assert_allclose(got, want, atol=1e-12)


def test_worked_numbers_of_the_exercises(solved):
    one_layer = [(np.array([[1.0, -1], [0, 1]]), np.zeros(2))]
    assert solved["input_gradient"](np.array([[1.0, 2]]), np.array([0]), one_layer).tolist() == [[-1, 0.5]]
    g = np.array([[3.0, -4], [0, 0], [0, 2]])
    assert solved["steepest_step"](g, 0.5, "max").tolist() == [[0.5, -0.5], [0, 0], [0, 0.5]]
    np.testing.assert_allclose(solved["steepest_step"](g, 0.5, "l2"), [[0.3, -0.4], [0, 0], [0, 0.5]])
    x, slope = np.array([[0.5, 0.95, 0.02, 0.4]]), lambda u, t: np.array([[2, 0.3, -7, 0]])
    np.testing.assert_allclose(solved["fgsm"](x, [0], 0.1, slope), [[0.6, 1, 0, 0.4]])
    np.testing.assert_allclose(solved["fgsm"](x, [0], 0.1, slope, targeted=True), [[0.4, 0.85, 0.12, 0.4]])


def test_a_steepest_step_raises_a_linear_loss_more_than_any_other_of_its_size(solved):
    rng = np.random.default_rng(2)
    g = rng.normal(size=(1, 8))
    others = rng.normal(size=(1000, 8))
    most = (g * solved["steepest_step"](g, 0.3, "max")).sum()
    assert most >= (g * 0.3 * others / np.abs(others).max(axis=1, keepdims=True)).sum(axis=1).max()
    most = (g * solved["steepest_step"](g, 0.3, "l2")).sum()
    assert most >= (g * 0.3 * others / np.linalg.norm(others, axis=1, keepdims=True)).sum(axis=1).max()


@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4])
def test_thresholds_hold_for_every_network_that_the_given_cell_may_train(solved, seed):
    model, x, t = solved["train_reader"](seed), solved["x_unseen"], solved["t_unseen"]

    def right(x):
        return np.mean(solved["probabilities"](x, model).argmax(axis=1) == t)

    def gradient(x, t):
        return adversarial.input_gradient(model, x, t)

    signs = 2 * np.random.default_rng(seed).integers(2, size=x.shape) - 1
    noise, attack = right(np.clip(x + 0.1 * signs, 0, 1)), right(adversarial.fgsm(model, x, t, 0.1))
    assert right(x) >= 0.94
    assert attack <= 0.75
    assert attack <= noise - 0.2
    assert right(adversarial.fgsm(model, x, t, -0.1)) >= 0.99
    for k in range(10):
        image = solved["fooling_image"](np.full(64, 0.5), k, gradient)
        assert solved["probabilities"](image[None], model)[0, k] > 0.999


def test_answers_to_the_questions_come_from_runs(solved):
    x, t = solved["x_unseen"], solved["t_unseen"]
    step = 0.1 * np.sign(solved["digit_gradient"](x, t))
    first, second = (
        np.mean(solved["probabilities"](np.clip(x + step, 0, 1), model).argmax(axis=1) == t)
        for model in (solved["reader"], solved["second_reader"])
    )
    assert max(first, second) < 0.75
    assert round(100 * np.mean(solved["predict"](x) == t)) == 98  # as the texts say
    assert solved["passes_over"] == "c"
    helped = np.mean(solved["predict"](np.clip(x - step, 0, 1)) == t)
    assert helped >= 0.99
    assert solved["with_the_wrong_sign"] == "d"


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    names, printed = lecture
    curves, robust = names["curves"], names["robust"]
    at = {round(float(eps), 3): k for k, eps in enumerate(names["epsilons"])}
    assert curves["one step (FGSM)"][at[0.1]] < 0.5
    assert curves["one step (FGSM)"][at[0.2]] < 0.1
    assert curves["ten steps"][at[0.1]] < curves["one step (FGSM)"][at[0.1]]
    assert 0.7 < curves["random signs"][at[0.3]] < 0.85
    assert "with the wrong sign 100.0%" in printed
    assert min(robust["half attacked, 0.15"][2:]) > max(robust["usual training"][2:]) + 0.2
    assert "after 60 steps of 0.01: p from 1.0000 to 1.0000" in printed
    assert round(100 * robust["usual training"][0]) == 98
    assert robust["usual training"][0] - robust["half attacked, 0.15"][0] < 0.02  # clean digits suffer little
    assert names["sign_alone"] >= 0.99 > names["class_alone"] > 0.9


@pytest.mark.slow
def test_the_notes_on_the_demos_say_what_is_to_be_seen():
    drawing = EpsilonAttack().values["drawing"]
    read = {
        attack: np.array([int(frame["guess"]) for frame in epsilon_attack.record(drawing, attack).frames])
        for attack in (epsilon_attack.AWAY, epsilon_attack.NOISE, "towards 8")
    }
    eps = epsilon_attack.EPSILONS
    assert eps[read[epsilon_attack.AWAY] != 3][0] == 0.09
    assert np.all(read[epsilon_attack.NOISE] == 3)
    assert eps[read["towards 8"] == 8].tolist() == [eps[k] for k in range(25, 35)]
    assert read["towards 8"][-1] == 2
    last = noise_or_attack.record().frames
    assert [int(last[5]["first"][-1]), int(last[5]["second"][-1])] == [98, 67]
    assert [int(last[-1]["first"][-1]), int(last[-1]["second"][-1])] == [95, 13]


def test_the_twenty_minute_path_adds_up(chapter):
    rows = [line.split("|") for cell in chapter.lecture for line in cell.source.splitlines() if line.startswith("| ")]
    path = [row[3].split(":")[0].strip() for row in rows if len(row) > 4 and row[1].strip()[:1].isdigit()]
    assert sum(int(minutes) for minutes in path if minutes.isdigit()) == 20
