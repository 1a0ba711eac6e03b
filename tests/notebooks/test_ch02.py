"""Chapter 2: its plan of points and known answers, and the worked numbers of its texts and of the decks."""

import numpy as np
import pytest
from plainnet import Perceptron, metrics

CHAPTER = "02_perceptron"
pytestmark = pytest.mark.ch02


def test_minutes_of_the_table_add_up(chapter):
    rows = [line.split("|") for line in chapter.cells[0].source.splitlines() if line.startswith("| ")]
    points, minutes = zip(*[(int(row[3]), int(row[4])) for row in rows if row[3].strip().isdigit()])
    assert (sum(points), sum(minutes)) == (22, 105)


def test_worked_example_of_the_perceptron(solved):
    rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    w, b, num_epochs, converged = solved["perceptron_fit"](rows, np.array([-1, -1, -1, 1]))
    assert (w.tolist(), b, num_epochs, converged) == ([3, 2], -4, 9, True)
    library = Perceptron(2).fit(rows, np.array([0, 0, 0, 1]))
    assert (library.w.tolist(), library.b, library.num_epochs) == ([3, 2], -4, 9)
    assert not solved["perceptron_fit"](rows, np.array([-1, 1, 1, -1]), 1000)[3]


def test_worked_numbers_of_sigmoid_and_loss(solved):
    p, slope = solved["sigmoid_and_slope"](np.array([0, np.log(3), 40]))
    assert p.tolist() == pytest.approx([0.5, 0.75, 1], rel=1e-12)
    assert p[2] == 1
    assert slope == pytest.approx([0.25, 0.1875, 4.248e-18], rel=1e-4)
    loss, grad_z = solved["logistic_loss"](np.array([0.0, 2.0]), np.array([1, 0]))
    assert loss == pytest.approx(1.410038, abs=1e-6)
    assert grad_z == pytest.approx([-0.25, 0.440399], abs=1e-6)
    assert solved["logistic_loss"](np.array([1000.0]), np.array([0]))[0] == 1000


def test_the_o_rings_as_statistics_programs_fit_them(solved):
    x, t = solved["temperature"], solved["damaged"]
    w, b = solved["fit_logistic"](x, t, 1.0, 1)
    assert (w[0], b) == pytest.approx((-0.037381, 2.404762), abs=1e-6)
    w, b = solved["fit_logistic"](x, t, 1.0, 2000)
    assert (w[0], b) == pytest.approx((-0.232163, 15.042902), abs=1e-6)
    score = x[:, 0] * w + b
    assert np.sum(np.logaddexp(0, score) - t * score) == pytest.approx(10.1576, abs=1e-4)
    assert 1 / (1 + np.exp(-(31 * w[0] + b))) == pytest.approx(0.9996, abs=5e-5)
    assert round(float((np.log(9) - b) / w[0]), 1) == solved["ninety_percent_temperature"]


def test_the_decks_straight_line(solved):
    x = np.arange(-5.0, 5.0)
    w, b, errors = solved["fit_line"](x, 3 * x + 4)
    assert errors[:3] == pytest.approx([370, 199.05, 108.6945])
    assert (w, b) == pytest.approx((2.999343, 3.985493), abs=1e-6)
    assert (f"{w:.2f}", f"{b:.2f}", f"{errors[-1]:.4f}") == ("3.00", "3.99", "0.0031")
    assert solved["max_stable_lr"](x) == pytest.approx(0.011719, abs=5e-7)
    above = np.diff(solved["fit_line"](x, 3 * x + 4, lr=0.012)[2])
    assert above[0] < 0 < above[1:].min()
    assert solved["above_the_border"] == "b"


def test_worked_numbers_of_the_metrics(solved):
    x, t = solved["temperature"], solved["damaged"]
    w, b = solved["fit_logistic"](x, t, 1.0, 2000)
    *counts, f1 = solved["f1_at"](1 / (1 + np.exp(-(x @ w + b))), t)
    assert counts == [4, 0, 3, 16]
    assert f1 == pytest.approx(8 / 11)
    assert x[(t == 1) & (x[:, 0] < 64.8), 0].tolist() == x[x[:, 0] < 64.8, 0].tolist()
    fpr, tpr, area = solved["roc_curve"](np.array([0.9, 0.8, 0.8, 0.3]), np.array([1, 1, 0, 0]))
    assert (fpr.tolist(), tpr.tolist(), area) == ([0, 0, 0.5, 1], [0, 0.5, 1, 1], 0.875)
    assert solved["roc_curve"](-x[:, 0], t)[2] == metrics.roc_auc(-x[:, 0], t) == 0.78125


def test_the_facts_of_the_question_in_words(solved):
    x, t = solved["temperature"][:, 0], solved["damaged"]
    assert (t.sum(), len(t), x.min(), x[t == 0].min()) == (7, 23, 53, 66)
    assert t[x < 65].tolist() == [1, 1, 1, 1]
    assert (np.sum(x > 65), t[x > 65].sum()) == (19, 3)


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for words in (
        "allows 51 mistakes on AND; the rule made 18",
        "errors: 370.0000, 199.0500, 108.6945",
        "w = 2.999343, b = 3.985493",
        "eigenvalues 19.34 and 170.66: stable below lr = 0.011719",
        "sigmoid(37) is exactly 1",
        "w = -0.23216 per °F, b = 15.0429",
        "half-way at 64.8 °F; ten degrees colder multiply the odds by 10.2",
        "at 31 °F: p = 0.9996; sum of the losses 10.1576",
        "31 °F: p = 0.9996, 95 % interval 0.482",
        "[[16, 0], [3, 4]]",
        "under the ROC curve: 0.78125",
    ):
        assert words in printed


@pytest.mark.slow
def test_the_lectures_descents_differ_as_it_says(lecture):
    names, _ = lecture
    best = names["standardised"][-1]
    assert names["standardised"][150] - best < 1e-9
    assert names["raw"][-1] - best > 0.1
    assert names["errors_of"](0.01)[-1] < 370e-7
    assert np.diff(names["errors_of"](0.013)).min() > 0


def test_every_term_of_the_glossary_is_one_sentence_and_every_word_of_the_lecture_stands_in_it(chapter, folder):
    lines = (folder / "glossary.md").read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("**") and "**: " in line and line.endswith(".") for line in lines)
    known = {term.strip() for line in lines for term in line.split("**")[1].split(",")}
    (words,) = [cell.source for cell in chapter.lecture if "### Words" in cell.source]
    used = {
        term.strip() for line in words.splitlines() if line.startswith("| ") for term in line.split("|")[1].split(",")
    }
    assert used - {"word"} <= known
