"""Perceptron line: Rosenblatt's rule moves a line, mistake by mistake; where no line separates the points, for ever.

Every move is one that `plainnet.Perceptron.learn` makes.
"""

import numpy as np

from plainnet import data
from plainnet.demos import controls
from plainnet.demos.parts import field, line, loss_curve, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.perceptron import Perceptron

LOW, HIGH = -1.0, 2.0  # of both axes: the corners of the logical functions lie in the middle
PIXELS = 30
MOST_EPOCHS, MOST_MOVES = 200, 60  # how long we wait for the end; how many moves are shown
CORNERS = data.xor()[0]
OWN = "own points only"


def clouds(n, noise):
    """Return two clouds of points, left and right of the middle."""
    x, t = data.blobs(n, np.random.default_rng(3), noise=noise, num_classes=2)
    return x / 2 + np.float32(0.5), t


def stray():
    """Return two clouds with one point of class 0 in the midst of class 1."""
    x, t = clouds(24, 0.25)
    return np.vstack([x, x[t == 1].mean(axis=0)]), np.append(t, 0)


DATA = {
    "two clouds": lambda: clouds(24, 0.25),
    "clouds that touch": lambda: clouds(40, 0.42),
    "one stray point": stray,
    "AND": lambda: (CORNERS, np.array([0, 0, 0, 1])),
    "OR": lambda: (CORNERS, np.array([0, 1, 1, 1])),
    "XOR": data.xor,
    "XOR, many points": lambda: data.xor(32, np.random.default_rng(0), noise=0.12),
    OWN: lambda: (np.zeros((0, 2), np.float32), np.zeros(0, int)),
}


def record(own=(), point_class="1", dataset="two clouds"):
    """Record the rule at work on points of two classes.

    Parameters
    ----------
    own : list of [x, y, class]
        The audience's points, after those of the data set.
    point_class : str
        The class of the next point that a click adds: no influence on the recording.
    dataset : str
        One of `DATA`.

    Returns
    -------
    Recording
    """
    if dataset not in DATA:
        raise ValueError(f"there are no data called {dataset!r}; there are {', '.join(DATA)}")
    x, t = DATA[dataset]()
    own = np.array(own, np.float32).reshape(-1, 3)
    x, t = np.vstack([x, own[:, :2]]), np.concatenate([t, own[:, 2].astype(int)])
    if len(x) == 0:
        raise ValueError("there are no points to learn from: click into the plane, or choose data")
    model, frames = learn(x, t)
    return Recording(
        frames,
        title=f"Perceptron: {dataset}",
        description="Points of two classes in the plane, and the perceptron's line between the half-planes that it "
        "answers 0 (blue) and 1 (orange). Each step is one mistake: a point on the wrong side, towards which the line "
        "then moves. A curve counts the points on the wrong side after each move.",
        parts=[[
            plot(points("x0", label="class 0", colour=0), points("x1", label="class 1", colour=1),
                 points("now", label="this mistake", colour=2), line("line_x", "line_y", colour=3),
                 field("side", (LOW, HIGH), (LOW, HIGH), limit=1), x="input 1 (no unit)", y="input 2 (no unit)",
                 x_range=[LOW, HIGH], y_range=[LOW, HIGH], click="own", click_class="point_class", title="Its line"),
            loss_curve("wrong", steps="moves", x="mistakes so far (count)", y="on the wrong side (count)",
                       labels=["wrong side"], log=False, title="How many are wrong"),
        ]],
        static={"x0": x[t == 0], "x1": x[t == 1]},
        asks=[question(model)],
        rate=3,
    )  # fmt: skip


def learn(x, t):
    """Return the perceptron after its training, and the frames of its first moves and of its end."""
    model, moves, epochs = Perceptron(2), 0, 0
    words = f"{len(x)} points. w and b are zero: every score is 0, on nobody's side, and counts as a mistake."
    frames = [frame(model, x, t, moves, None, words)]
    clean = False
    while not clean and epochs < MOST_EPOCHS:
        clean = True
        epochs += 1
        for i in model.learn(x, t):
            clean = False
            moves += 1
            if moves <= MOST_MOVES:
                words = (
                    f"Epoch {epochs}, mistake {moves}: ({pair(x[i])}) belongs to class {t[i]} and did not lie there."
                )
                words += f" {'Add' if t[i] else 'Subtract'} it: w = ({pair(model.w)}), b = {number(model.b, 3)}."
                frames.append(frame(model, x, t, moves, i, words))
    model.converged, model.num_epochs, model.num_mistakes = clean, epochs, moves
    shown = min(moves, MOST_MOVES)  # the curve ends where we stopped looking
    frames.append(frame(model, x, t, shown, None, verdict(model)))
    return model, frames


def verdict(model):
    """Return in words how it ended."""
    if model.converged:
        return (
            f"Epoch {model.num_epochs} passes without a mistake: the line stays, after {model.num_mistakes} mistakes. "
            f"w = ({pair(model.w)}), b = {number(model.b, 3)}."
        )
    return (
        f"{model.num_epochs} epochs, {model.num_mistakes} mistakes, and still one in every epoch. "
        "Where no line separates the classes, the rule never stops."
    )


def frame(model, x, t, moves, i, text):
    """Return what is seen after a move that point `i` has caused."""
    score = np.where(t == 1, 1, -1) * (x @ model.w + model.b)
    line_x, line_y = line_of(model.w, model.b)
    across = np.linspace(LOW, HIGH, PIXELS)
    plane = model.w[0] * across + model.w[1] * across[::-1, None] + model.b  # the first row is the top
    return {
        "text": text, "moves": moves, "wrong": int((score <= 0).sum()), "side": 0.5 * np.sign(plane),
        "line_x": line_x, "line_y": line_y, "now": np.zeros((0, 2)) if i is None else x[i : i + 1],
    }  # fmt: skip


def line_of(w, b):
    """Return x and y of two points of the line x w + b = 0; without a line, the corner of the picture twice."""
    ends = np.array([LOW, HIGH])
    if not w.any():
        return np.full(2, LOW), np.full(2, LOW)
    if abs(w[1]) >= abs(w[0]):
        return ends, -(w[0] * ends + b) / w[1]
    return -(w[1] * ends + b) / w[0], ends


def pair(numbers):
    """Return two numbers in words."""
    return ", ".join(number(x, 3) for x in numbers)


def question(model):
    """Return the question before the first move: when will it stop, if ever?"""
    choices = ["5 or fewer", "6 to 20", "more", "never"]
    answer = sum(model.num_mistakes > most for most in (5, 20)) if model.converged else 3
    return Ask(1, "After how many mistakes will it stop?", choices, answer, verdict(model))


class PerceptronLine(Demo):
    """Rosenblatt's rule on points of two classes, the audience's own among them.

    Parameters
    ----------
    dataset : str
        What to start with, one of `DATA`.
    own : list of [x, y, class]
        Points besides.
    """

    def __init__(self, dataset="two clouds", own=()):
        fields = [
            controls.hidden("own", [list(point) for point in own]),
            controls.choice("dataset", list(DATA), dataset, label="Data"),
            controls.choice("point_class", {"0": "0 (blue)", "1": "1 (orange)"}, "1", label="A click adds"),
        ]
        presets = {name[0].upper() + name[1:]: {"dataset": name, "own": []} for name in DATA if name != OWN}
        super().__init__(record, fields, presets)
