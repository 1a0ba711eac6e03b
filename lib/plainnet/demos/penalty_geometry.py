"""Penalty geometry: where the minimum of a bowl goes when L1, L2 or both pull at it, in the plane and among twelve.

The timeline is the strength of the penalty. The minimum is found by proximal gradient descent: a step down the bowl,
then the penalty's own step, which for L1 cuts lambda off every weight and stops at 0.
"""

import numpy as np

from plainnet.demos import controls
from plainnet.demos.parts import bars, field, line, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

KINDS = {"l1": 1.0, "l2": 0.0, "elastic net": 0.5}  # the share of L1
NAMES = {"l1": "L1", "l2": "L2", "elastic net": "elastic net"}
STRENGTHS = np.concatenate([[0.0], np.geomspace(0.01, 3, 29)])
FREE = np.array([1.6, 0.5])  # the minimum without a penalty
REACH = 2.2  # the plane goes from -REACH to REACH upwards, and from -WIDE to WIDE across
WIDE = 1.7 * REACH  # the shape of the axes on screen: a circle looks like one
STEPS = 4000
NUM_WEIGHTS, NUM_SAMPLES = 12, 40


def bowl(tilt):
    """Return the (2, 2) curvature of a bowl in which the two weights depend on each other by `tilt`."""
    return np.array([[1.0, tilt], [tilt, 1.0]])


def regression():
    """Return (curvature, minimum) of the mean square error of a regression in which three of twelve inputs matter."""
    rng = np.random.default_rng(8)
    x, w = rng.normal(size=(NUM_SAMPLES, NUM_WEIGHTS)), np.zeros(NUM_WEIGHTS)
    w[[1, 4, 9]] = 1.5, -1.0, 0.8
    t = x @ w + 0.5 * rng.normal(size=NUM_SAMPLES)
    curvature = x.T @ x / NUM_SAMPLES
    return curvature, np.linalg.solve(curvature, x.T @ t / NUM_SAMPLES)


def minimum(curvature, free, strength, share):
    """Return the minimum of ½ (w - free)ᵀ curvature (w - free) + share · λ Σ|w| + (1 - share) · λ/2 Σ w²."""
    lr = 1 / np.linalg.eigvalsh(curvature)[-1]
    w = free.copy()
    for _ in range(STEPS):
        before = w
        w = w - lr * curvature @ (w - free)
        w = np.sign(w) * np.maximum(np.abs(w) - lr * strength * share, 0)  # L1: cut off, stop at 0
        w = w / (1 + lr * strength * (1 - share))
        if np.abs(w - before).max() < 1e-13:
            break
    return w


def record(kind="l1", tilt=0.3):
    """Record the minimum for each strength of the penalty.

    Parameters
    ----------
    kind : str
        "l1", "l2" or "elastic net".
    tilt : float
        How much the two weights of the plane depend on each other, between -0.9 and 0.9.

    Returns
    -------
    Recording
    """
    if kind not in KINDS:
        raise ValueError(f"expected one of {list(KINDS)}; got {kind!r}")
    share, twelve = KINDS[kind], regression()
    curvature = bowl(tilt)
    path = np.array([minimum(curvature, FREE, strength, share) for strength in STRENGTHS])
    many = np.array([minimum(*twelve, strength, share) for strength in STRENGTHS])
    frames = [frame(k, path, many, share, curvature) for k in range(len(STRENGTHS))]
    return Recording(
        frames,
        title=f"Where a penalty leads: {NAMES[kind]}",
        description="Left: a bowl over the plane of two weights, darker where the loss is larger, its minimum, and the "
        f"minimum with {NAMES[kind]} added, which moves as the penalty grows. Two closed lines touch there: the points "
        "of the same penalty, and those of the same loss. Right: the twelve weights of a regression in which three "
        "inputs matter, under the same penalty.",
        parts=[[
            plot(field("loss", (-WIDE, WIDE), (-REACH, REACH)),
                 line("ball_x", "ball_y", label="equal penalty", colour=2),
                 line("level_x", "level_y", label="equal loss", colour=1),
                 line("path_x", "path_y", label="path", colour=0),
                 points("free", label="no penalty", colour=3), points("now", label="minimum", colour=1),
                 x="weight w₁", y="weight w₂", x_range=[-WIDE, WIDE],
                 y_range=[-REACH, REACH], title="Two weights"),
            bars("many", [f"w{i}" for i in range(1, NUM_WEIGHTS + 1)], y="weight", y_range=[-1.3, 1.8],
                 title="Twelve weights"),
        ]],
        static={"loss": landscape(curvature), "free": FREE[None]},
        asks=[question(kind, many)],
        key_frame=int(np.searchsorted(STRENGTHS, 0.3)),
        rate=4,
    )  # fmt: skip


def landscape(curvature, height=49, width=83):
    """Return (height, width): the root of the bowl's loss over the plane, its first row at the top."""
    across, upwards = np.linspace(-WIDE, WIDE, width), np.linspace(REACH, -REACH, height)
    w = np.stack(np.meshgrid(across, upwards), axis=-1) - FREE  # (height, width, 2)
    return np.sqrt(0.5 * np.einsum("hwi,ij,hwj->hw", w, curvature, w))


def ball(w, share):
    """Return (x, y) of the closed line on which the penalty, at strength 1, is what it is at `w`."""
    angle = np.linspace(0, 2 * np.pi, 121)
    direction = np.stack([np.cos(angle), np.sin(angle)])
    ones, squares = share * np.abs(direction).sum(axis=0), (1 - share) / 2 * np.ones(len(angle))
    value = share * np.abs(w).sum() + (1 - share) / 2 * (w @ w)
    # squares r² + ones r = value, for the radius r along each direction
    radius = 2 * value / (ones + np.sqrt(ones**2 + 4 * squares * value) + 1e-12)
    return radius * direction


def level(w, curvature):
    """Return (x, y) of the closed line on which the bowl's loss is what it is at `w`."""
    angle = np.linspace(0, 2 * np.pi, 121)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    root = np.linalg.cholesky(np.linalg.inv(curvature))  # takes a circle to a line of equal loss
    return FREE[:, None] + np.sqrt((w - FREE) @ curvature @ (w - FREE)) * (root @ circle)


def frame(k, path, many, share, curvature):
    """Return the frame of one strength."""
    w, zeros = path[k], int(np.count_nonzero(many[k] == 0))
    x, y = ball(w, share)
    level_x, level_y = level(w, curvature)
    strength = "Without a penalty" if k == 0 else f"λ = {number(STRENGTHS[k], 2)}"
    text = (
        f"{strength}: w = ({number(w[0], 3)}, {number(w[1], 3)}). Of the {NUM_WEIGHTS} weights {zeros} are exactly 0, "
    )
    text += f"the largest is {number(np.abs(many[k]).max(), 3)}."
    return {
        "text": text, "now": w[None], "path_x": path[: k + 1, 0], "path_y": path[: k + 1, 1], "ball_x": x, "ball_y": y,
        "level_x": level_x, "level_y": level_y, "many": many[k], "zeros": zeros,
    }  # fmt: skip


def question(kind, many):
    """Return the question before the penalty grows: how many weights will be exactly 0 on the way?"""
    k = int(np.searchsorted(STRENGTHS, 0.5))
    zeros = int(np.count_nonzero(many[k] == 0))
    why = {
        "l1": "L1 pulls with the same force however small a weight is, so it pulls the unimportant ones all the way",
        "l2": "L2 pulls in proportion to the weight: the closer to 0, the weaker",
        "elastic net": "The share of L1 makes zeros; the share of L2 shortens the rest",
    }[kind]
    return Ask(
        1,
        f"When λ has reached {number(STRENGTHS[k], 2)}, how many of the {NUM_WEIGHTS} weights will be exactly 0?",
        ["none", "1 to 4", "5 to 8", "9 or more"],
        int(np.searchsorted([1, 5, 9], zeros, side="right")),
        f"{zeros}. {why}.",
    )


class PenaltyGeometry(Demo):
    """The minimum of a bowl under L1, L2 or both, for a penalty that grows along the timeline.

    Parameters
    ----------
    kind, tilt
        What to start with, as for `record`.
    """

    def __init__(self, *, kind="l1", tilt=0.3):
        fields = [
            controls.choice("kind", NAMES, kind, label="Penalty"),
            controls.slider("tilt", -0.9, 0.9, tilt, step=0.1, label="Dependence of w₁ and w₂"),
        ]
        presets = {NAMES[name]: {"kind": name, "tilt": 0.3} for name in KINDS}
        presets |= {f"{NAMES[name]}, round bowl": {"kind": name, "tilt": 0.0} for name in KINDS}
        presets |= {
            "L1, a narrow valley": {"kind": "l1", "tilt": 0.9},
            "L2, a narrow valley": {"kind": "l2", "tilt": 0.9},
        }
        super().__init__(record, fields, presets)
