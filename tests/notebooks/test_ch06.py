"""Chapter 6: its plan of points and known answers, and the worked numbers of its texts."""

import math
import re
from collections import Counter

import numpy as np
import pytest
from plainnet import Tensor, optim, schedules

CHAPTER = "06_optimisers"
pytestmark = pytest.mark.ch06


def walk(step, w, gradients, **settings):
    """Return where a step function leads from w with these gradients."""
    w, state, path = np.array([w]), {}, []
    for g in gradients:
        w, state = step(w, g if callable(g) else np.array([float(g)]), state, **settings)
        path.append(float(w[0]))
    return path


def test_the_table_of_the_intro_has_the_points_of_the_cells(chapter, exercises):
    points = Counter()
    for cell in chapter.cells:
        points[cell.exercise] += cell.points
    rows = re.findall(r"^\| (\d) \| .* \| (\d) \| (\d+) \|$", chapter.cells[0].source, re.MULTILINE)
    assert [int(row[1]) for row in rows] == [points[name] for name in exercises]
    minutes = re.findall(r"\| (\d+) \|$", chapter.cells[0].source, re.MULTILINE)
    assert sum(map(int, minutes)) == 110


def test_worked_numbers_of_the_descent(solved):
    path = solved["descend"](lambda x: x, np.array([1.0]), 0.1, 3, momentum=0.9)
    assert path.ravel() == pytest.approx([1, 0.9, 0.72, 0.486], rel=1e-12)


def test_the_broken_code_has_the_four_faults(solved):
    start = np.array([1.0])
    path = solved["climb"](lambda x: x, start, 0.1, 3, momentum=0.5)
    assert np.all(path == path[0])  # changed in place: one array many times,
    assert start[0] == path[0, 0] > 1  # and the caller's start; upwards
    assert solved["climb"](lambda x: x, np.array([1.0]), 0.1, 1)[-1, 0] == 1  # the first step used the old velocity, 0
    assert solved["climb"](lambda x: x, np.array([1.0]), 0.1, 2, momentum=0.5)[-1, 0] == 1.05  # the second is damped


def test_worked_numbers_of_the_epoch(solved):
    sizes = []
    gradient = lambda w, x, t: sizes.append(len(x)) or np.ones(1)  # noqa: E731
    solved["sgd_epoch"](gradient, np.zeros(1), np.zeros((2400, 1)), np.zeros(2400), 0.1, 128, np.random.default_rng(0))
    assert sizes == 18 * [128] + [96]


def test_worked_numbers_of_the_steps(solved):
    nesterov = walk(solved["nesterov_step"], 1.0, 3 * [lambda w: w], lr=0.1, momentum=0.9)
    assert nesterov == pytest.approx([0.9, 0.729, 0.51759], rel=1e-12)
    assert walk(solved["adagrad_step"], 1.0, [1, 0.5], lr=0.1) == pytest.approx([0.9, 0.8553], abs=5e-5)
    assert walk(solved["adagrad_step"], 0.0, [1e-6], lr=0.001) == pytest.approx([-1.0e-5], rel=1e-3)
    g, eps = 1e-6, 1e-8
    assert 0.001 * g / (g + eps) == pytest.approx(9.9e-4, rel=1e-3)
    adadelta = walk(solved["adadelta_step"], 1.0, [1, 1, 1])
    assert adadelta == pytest.approx([0.9968377, 0.9935933, 0.9902925], abs=5e-8)


def test_worked_numbers_of_adam(solved):
    w = np.array([1.0])
    adam, path = solved["Adam"]([w], lr=0.1), []
    for g in (2.0, -1.0):
        adam.step([np.array([g])])
        path.append(float(w[0]))
    assert path == pytest.approx([0.9, 0.8733663], abs=5e-8)
    assert 0.001 * 0.1 / math.sqrt(0.001) == pytest.approx(0.00316, abs=5e-6)
    m, v = 0.9 * 0.1 * 2 - 0.1, 0.999 * 0.001 * 4 + 0.001  # of the visible test's message
    assert (m, v) == pytest.approx((0.08, 0.004996))


@pytest.mark.parametrize("name", ["adadelta_step", "Adam", "rmsprop_step"])
def test_methods_agree_with_the_librarys_where_the_conventions_do(solved, name):
    rng = np.random.default_rng(0)
    gradients, w = rng.normal(size=(6, 3)), rng.normal(size=3)
    p = Tensor(w.copy(), requires_grad=True)
    theirs = {
        "adadelta_step": optim.Adadelta([p]),
        "Adam": optim.Adam([p]),
        "rmsprop_step": optim.RMSprop([p], decay=0.9),
    }
    mine, state = w.copy(), {}
    method = solved[name]([mine]) if name == "Adam" else None
    for g in gradients:
        p.grad = g
        theirs[name].step()
        if method:
            method.step([g])
        else:
            mine, state = solved[name](mine, g, state)
    np.testing.assert_allclose(mine, p.data, rtol=1e-9)


def test_the_class_races_as_the_text_says(solved, chapter):
    text = next(cell.source for cell in chapter.cells if "OptimiserRace(own=Mine)" in cell.source)
    names = {"Adam": solved["Adam"]}
    exec(re.search(r"```\n(.*?)```", text, re.DOTALL).group(1).replace("OptimiserRace(own=Mine)", ""), names)
    recording = names["OptimiserRace"](own=names["Mine"]).recording
    last = recording.frames[-1]
    np.testing.assert_allclose(last["at6"], last["at5"], rtol=1e-9)  # the seventh racer is Adam, as is the sixth


def test_nesterov_with_the_point_is_the_librarys_with_the_look_ahead_point(solved):
    c, lr, rho = np.array([0.5, 2.0]), 0.1, 0.9
    w, state, p = np.array([1.0, -1.0]), {}, Tensor(np.array([1.0, -1.0]), requires_grad=True)
    library = optim.Nesterov([p], lr, rho)
    for _ in range(5):
        w, state = solved["nesterov_step"](w, lambda z: c * z, state, lr, rho)
        p.grad = c * p.data
        library.step()
        np.testing.assert_allclose(p.data, w - lr * rho * state["v"], rtol=1e-12)


def test_worked_numbers_of_the_schedules(solved):
    rate = solved["learning_rate"]
    assert rate("exponential", 2, 0.1, k=0.5) == pytest.approx(0.0367879, abs=5e-8)
    assert rate("inverse", 2, 0.1, k=0.5) == pytest.approx(0.05)
    assert rate("step", np.array([0, 1, 9, 10, 20]), 0.1) == pytest.approx([0.1, 0.1, 0.1, 0.05, 0.025])
    times = np.linspace(0, 150, 61)
    library = {
        "step": schedules.step(0.3, 10),
        "exponential": schedules.exponential(0.3, 0.5),
        "inverse": schedules.inverse_time(0.3, 0.5),
        "cosine": schedules.cosine(0.3, 100),
    }
    for kind, one in library.items():
        np.testing.assert_allclose(rate(kind, times, 0.3), [one(t) for t in times], atol=1e-12)


def test_worked_numbers_of_clipping(solved):
    clipped, norm = solved["clip_by_norm"]([np.array([3.0, 0.0]), np.array([4.0])], 1.0)
    assert norm == 5
    assert np.concatenate(clipped) == pytest.approx([0.6, 0, 0.8])


def test_the_answer_to_the_ravine_comes_from_a_run(solved):
    def gradient(w):
        return w * np.array([1.0, 100.0])

    counts = []
    for momentum in (0.0, 0.9):
        path = solved["descend"](gradient, np.array([1.0, 1.0]), 0.015, 500, momentum)
        outside = np.flatnonzero(np.hypot(*path.T) >= 0.01)
        counts.append(int(outside[-1]) + 1)
    assert counts == [305, solved["below_for_good_from"]]


def test_the_answer_about_the_loss_times_a_thousand_comes_from_a_run(solved):
    def end(name, scale):
        if name == "descend":
            return solved["descend"](lambda w: scale * w, np.array([1.0]), 0.001, 20, 0.9)[-1, 0]
        if name == "Adam":
            w = np.array([1.0])
            method = solved["Adam"]([w], lr=0.001)
            for _ in range(20):
                method.step([scale * w])
            return w[0]
        w, state = np.array([1.0]), {}
        for _ in range(20):
            if name == "nesterov_step":
                w, state = solved[name](w, lambda z: scale * z, state, 0.001)
            elif name == "adagrad_step":
                w, state = solved[name](w, scale * w, state, lr=0.001)
            else:
                w, state = solved[name](w, scale * w, state)
        return w[0]

    names = ("descend", "nesterov_step", "adagrad_step", "adadelta_step", "Adam")
    same = [name for name in names if np.isclose(end(name, 1.0), end(name, 1000.0), rtol=1e-4)]
    assert same == ["adagrad_step", "adadelta_step", "Adam"]
    assert solved["unmoved"] == "c"


def test_the_rubrics_numbers_are_right():
    assert 0.1 / math.sqrt(0.001) == pytest.approx(3.16, abs=0.005)
    assert 1 / math.sqrt(0.001) == pytest.approx(32, abs=0.5)


@pytest.mark.slow
def test_the_lecture_prints_the_decks_numbers(lecture):
    _, printed = lecture
    for number in (
        "370.0000, 199.0500, 108.6945",
        "w = 2.999, b = 3.985",
        "19 steps an epoch, the last with 96 samples",
        "30 epochs: 570 steps",
        "curvatures 19.34 and 170.66",
        "= 0.01172",
        "inside:  1e-05",
        "outside: 0.00099",
        "Adam's first step 0.001000, without correction 0.003162",
        "exponential: 0.0367879  1/t: 0.05",
        "step: [0.1, 0.1, 0.1, 0.05, 0.025]",
    ):
        assert number in printed


@pytest.mark.slow
def test_what_the_lecture_says_about_its_figures(lecture):
    names, printed = lecture
    assert "plus, as on the slide  370.0000, 2,153" in printed
    noise, exact = names["noise"], np.linalg.norm(names["exact"])
    assert noise[0] > 3 * exact > 3 * noise[3]  # one sample: several times as long; 64: shorter
    assert noise[2] == pytest.approx(noise[0] / 4, rel=0.25)
    constant, small, cosine = (names["final"][name][-5:] for name in names["final"])
    assert np.std(cosine) < 0.2 * np.std(constant)  # "the end is calm"
    assert cosine[-1] < 0.8 * min(constant[-1], small[-1])  # "lower than with either"
    ends = {name: np.linalg.norm(path[-1]) for name, (path, _, _) in names["runs"].items()}
    assert max(ends["momentum 0.8, lr 0.05"], ends["Nesterov 0.8, lr 0.05"]) < ends["plain, lr 0.09"]
    assert all(curve[15] < 0.5 * curve[0] for curve in names["curves"].values())  # "all of them work"


def test_every_term_of_the_glossary_is_in_the_lectures_words(chapter, folder):
    words = next(cell.source for cell in chapter.lecture if "### Words" in cell.source).lower()
    for line in (folder / "glossary.md").read_text(encoding="utf-8").splitlines():
        term = re.fullmatch(r"\*\*(.+?)\*\*: .+\.", line).group(1)
        assert term.split(",")[0].split(" (")[0].lower() in words
