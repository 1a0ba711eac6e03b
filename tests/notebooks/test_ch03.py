"""Chapter 3: its plan of points and known answers, and the worked numbers of its texts."""

import re

import numpy as np
import pytest
from plainnet import data

CHAPTER = "03_softmax"
pytestmark = pytest.mark.ch03


def test_minutes_add_up(chapter):
    intro = chapter.cells[0].source
    assert sum(map(int, re.findall(r"\| (\d+) \|$", intro, re.MULTILINE))) == 118
    assert "118 minutes" in intro
    text = "\n".join(cell.source for cell in chapter.lecture)
    assert "118 minutes" in text


def test_time_limits_stand_in_the_text(chapter):
    assert "5 seconds of computing time, one of exercise 7 twenty" in " ".join(chapter.cells[0].source.split())


def test_worked_numbers_of_softmax_and_log_sum_exp(solved):
    softmax, logsumexp = solved["softmax"], solved["logsumexp"]
    assert softmax(np.array([2.0, 1.0, -1.0])) == pytest.approx([0.7054, 0.2595, 0.0351], abs=5e-5)
    assert softmax(np.array([1002, 1001, 999])) == pytest.approx([0.7054, 0.2595, 0.0351], abs=5e-5)
    assert logsumexp(np.array([2, 1, -1])) == pytest.approx(2.34901, abs=5e-6)
    assert logsumexp(np.zeros(10)) == pytest.approx(2.302585, abs=5e-7)
    for number, want in [(1000, 1000.693147), (-1000, -999.306853)]:
        assert logsumexp(np.full(2, number)) == pytest.approx(want, abs=5e-7)
    with np.errstate(over="ignore"):
        assert np.exp(710.0) == np.inf
    assert np.exp(-746.0) == 0


def test_worked_numbers_of_the_way_back_through_softmax(solved):
    p = np.array([[0.5, 0.25, 0.25]])
    assert solved["softmax_backward"](p, np.array([[1.0, 0, 0]])) == pytest.approx(np.array([[0.25, -0.125, -0.125]]))
    assert solved["softmax_backward"](p, np.ones((1, 3))) == pytest.approx(np.zeros((1, 3)), abs=1e-15)


def test_worked_numbers_of_cross_entropy_and_the_decks_loss_at_chance(solved):
    z = np.array([[2, 1, -1]])
    for label, want in enumerate([0.34901, 1.34901, 3.34901]):
        assert solved["cross_entropy"](z, np.array([label]))[0] == pytest.approx(want, abs=5e-6)
    gradient = solved["cross_entropy"](z, np.array([0]))[1]
    assert gradient == pytest.approx(np.array([[-0.2946, 0.2595, 0.0351]]), abs=5e-5)
    assert solved["cross_entropy"](np.array([[0.0, -1000.0]]), np.array([1]))[0] == 1000
    chance = solved["cross_entropy"](np.zeros((3, 10)), np.array([0, 4, 9]))[0]
    assert (f"{chance:.6f}", f"{chance:.3f}") == ("2.302585", "2.303")  # the slide's 2.302 is cut off


def test_worked_numbers_of_the_hinge_loss(solved):
    s = np.array([[2, 1, -1]])
    assert [solved["svm_loss"](s, np.array([label]))[0] for label in range(3)] == [0, 2, 7]
    assert solved["svm_loss"](s, np.array([2]))[1].tolist() == [[1, 1, -2]]
    loss, gradient = solved["svm_loss"](s, np.array([0]), 2.0)
    assert (loss, gradient.tolist()) == (1, [[-1, 1, 0]])
    assert solved["svm_loss"](np.zeros((5, 10)), np.arange(5))[0] == 9  # K - 1


def test_worked_numbers_of_accuracy_and_weight_images(solved):
    top = solved["top_k_accuracy"]
    for scores, label in [([0.1, 0.5, 0.4], 2), ([0.4, 0.4, 0.2], 0)]:
        assert [top(np.array([scores]), np.array([label]), k) for k in (1, 2)] == [0, 1]
    w = np.array([[1.0, -2], [0, -4], [3, 0], [-1, 0], [2, 0], [0, -1]])
    images = solved["weight_images"](w, (2, 3)).tolist()
    assert images == [[[0.25, 0, 0.75], [-0.25, 0.5, 0]], [[-0.5, -1, 0], [0, 0, -0.25]]]


def test_worked_numbers_of_training(solved):
    x, t = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 0])
    w, b, losses = solved["train_softmax"](x, t, 2, 1.0, 1, 3, 0.0, np.random.default_rng(0))
    assert w == pytest.approx(np.array([[1 / 3, -1 / 3], [-1 / 6, 1 / 6]]))
    assert b == pytest.approx([1 / 6, -1 / 6])
    assert losses[0] == pytest.approx(np.log(2))
    assert np.random.default_rng(0).permutation(3).tolist() == [2, 0, 1]
    w, b, losses = solved["train_softmax"](x, t, 2, 1.0, 1, 2, 0.1, np.random.default_rng(0))
    assert w == pytest.approx(np.array([[0.4, -0.4], [-0.73106, 0.73106]]), abs=1e-5)
    assert b == pytest.approx([-0.23106, 0.23106], abs=1e-5)
    assert losses == pytest.approx([0.69315, 0.54325], abs=1e-5)


@pytest.mark.slow
def test_training_reads_as_many_digits_as_the_text_says(solved):
    found = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        x, t, x_held, t_held = data.split(solved["digits_x"], solved["digits_t"], 0.2, rng, stratify=True)
        w, b, _ = solved["train_softmax"](x, t, 10, 0.5, 20, 32, 1e-4, np.random.default_rng(seed))
        found.append(np.mean((x_held @ w + b).argmax(axis=1) == t_held))
    assert min(found) >= 0.92
    assert f"{100 * found[0]:.0f}" == "96"  # the split of the visible test


def test_answers_to_the_questions_come_from_runs(solved):
    w = np.random.default_rng(3).normal(size=(64, 10))
    loss = solved["cross_entropy"](solved["digits_x"] @ w, solved["digits_t"])[0]
    assert solved["bad_start_loss"] == pytest.approx(loss, rel=1e-4)
    rng = np.random.default_rng(0)
    z, t, temperature = rng.normal(size=(4, 3)), np.eye(3)[[0, 2, 1, 1]], 2.0
    numerical = solved["numerical_gradient"](lambda z: solved["cross_entropy"](z / temperature, t)[0], z)
    p = solved["softmax"](z / temperature)
    choices = {
        "a": (p - t) / 4,
        "b": temperature * (p - t) / 4,
        "c": (p - t) / (temperature * 4),
        "d": (p / temperature - t) / 4,
    }
    fitting = [letter for letter, gradient in choices.items() if np.allclose(gradient, numerical)]
    assert fitting == [solved["gradient_with_temperature"]]


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in (
        *("  784 pixels:  7,850", " 3072 pixels: 30,730", "[0.7054 0.2595 0.0351]", "[nan nan nan]"),
        *("cat   0.34901", "ship  3.34901", "first loss 2.3026", "first loss 8.3946", "27.6", "1000.0"),
        *("[[-0.2946  0.2595  0.0351]]", "ship  7.0", "ten equal scores: 9.0", "before training: loss 2.3026"),
        *("14 of 359 wrong",),
    ):
        assert number in printed, number


@pytest.mark.slow
def test_the_lecture_measures_what_its_texts_say(lecture):
    names, _ = lecture
    history = names["history"]
    assert (f"{100 * history['accuracy'][-1]:.1f}", f"{100 * history['val_accuracy'][-1]:.1f}") == ("97.5", "96.1")
    assert (f"{history['loss'][-1]:.2f}", f"{history['val_loss'][-1]:.2f}") == ("0.13", "0.16")
    table = names["table"]
    assert table.trace() == 345
    assert table[3].sum() - table[3, 3] == 5
    assert table[8, 1] == 2
    shares = {
        name: np.mean(names["predict"](names["model"], x).argmax(1) == names["t_held"])
        for name, x in names["changed"].items()
    }
    assert shares.pop("as they are") > 0.96
    assert shares.pop("ink and paper swapped") == 0
    assert all(share < 0.5 for share in shares.values())


def test_every_word_of_the_lecture_stands_in_the_glossary(chapter, folder):
    glossary = (folder / "glossary.md").read_text(encoding="utf-8").lower()
    (words,) = [cell.source for cell in chapter.lecture if "### Words" in cell.source]
    terms = [term for line in words.splitlines()[4:] for term in line.split("|")[1].split(",")]
    assert len(terms) > 15
    for term in terms:
        assert f"**{term.strip().lower()}**:" in glossary, term
