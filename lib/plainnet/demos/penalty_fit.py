"""Penalty fit: a polynomial that passes through every noisy point, and what a growing penalty makes of it.

The timeline is the strength of the penalty, from none to far too much. The fit is the exact minimum of
`losses.mse` plus `regularize.l2`: no training, so that nothing but the penalty changes from frame to frame.
"""

import numpy as np

from plainnet.demos import controls
from plainnet.demos.parts import line, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

STRENGTHS = np.concatenate([[0.0], 10.0 ** np.arange(-10, 2.25, 0.5)])
SHOWN = np.concatenate([[1e-11], STRENGTHS[1:]])  # a logarithmic axis has no 0
GRID = np.linspace(-1, 1, 201)
TALLEST = 100.0  # of the errors on screen
CLOSE = 1.05  # errors within 5 % count as equally good


def truth(x):
    """Return the curve that the points scatter around."""
    return np.sin(3 * x)


def draw(count, noise, seed):
    """Return (x, t, x_validation, t_validation): `count` training points, and 200 others."""
    rng = np.random.default_rng(seed)
    x, held_out = np.sort(rng.uniform(-1, 1, count)), np.linspace(-1, 1, 200)
    return x, truth(x) + noise * rng.normal(size=count), held_out, truth(held_out) + noise * rng.normal(size=200)


def powers(x, degree):
    """Return (N, degree + 1): 1, x, x^2, ..."""
    return np.vander(x, degree + 1, increasing=True)


def minimum(features, t, strength):
    """Return the weights that minimise mean((features w - t)^2) + strength/2 Σ w^2."""
    N, D = features.shape
    rows = np.vstack([features / np.sqrt(N), np.sqrt(strength / 2) * np.eye(D)])  # the penalty as D more samples
    return np.linalg.lstsq(rows, np.concatenate([t / np.sqrt(N), np.zeros(D)]), rcond=None)[0]


def rms(error):
    """Return the root of the mean square."""
    return float(np.sqrt(np.mean(error**2)))


def record(degree=15, count=16, noise=0.25, seed=3):
    """Record the fits for all strengths of the penalty.

    Parameters
    ----------
    degree : int
        Of the polynomial: it has one weight more.
    count : int
        How many points it learns from.
    noise : float
        The standard deviation of the noise on the targets.
    seed : int
        Which points are drawn.

    Returns
    -------
    Recording
    """
    degree, count, seed = int(degree), int(count), int(seed)
    x, t, held_out, t_held_out = draw(count, noise, seed)
    weights = [minimum(powers(x, degree), t, strength) for strength in STRENGTHS]
    train = np.array([rms(powers(x, degree) @ w - t) for w in weights])
    validation = np.array([rms(powers(held_out, degree) @ w - t_held_out) for w in weights])
    frames = [frame(k, weights[k], train, validation, degree) for k in range(len(STRENGTHS))]
    best = int(np.argmin(validation))
    return Recording(
        frames,
        title=f"A polynomial: {degree + 1} weights, {count} points",
        description=f"Left: {count} noisy points, the curve they come from, and the polynomial of degree {degree} "
        "with the smallest mean square error plus penalty. Right, on logarithmic axes: the error on these points and "
        "on 200 others, against the strength of the penalty, which grows from frame to frame.",
        parts=[[
            plot(line("grid", "fit", label="fit", colour=1), line("grid", "truth", label="truth", colour=2),
                 points("data", label="training points", colour=0), x="input x", y="target t", x_range=[-1, 1],
                 y_range=[-2.5, 2.5], title="The fit"),
            plot(line("strengths", "train", label="training points", colour=0),
                 line("strengths", "validation", label="200 others", colour=1), points("now", colour=1),
                 x="strength λ", y="root mean square error", x_log=True, y_log=True,
                 x_range=[SHOWN[0], SHOWN[-1]], y_range=[0.03, TALLEST], title="The errors"),
        ]],
        static={"grid": GRID, "truth": truth(GRID), "data": np.column_stack([x, t])},
        asks=[question(validation)],
        key_frame=best,
        rate=4,
    )  # fmt: skip


def frame(k, w, train, validation, degree):
    """Return the frame of one strength."""
    strength = "No penalty" if k == 0 else f"Penalty λ = {number(STRENGTHS[k], 2)}"
    text = f"{strength}: the weights have the length {number(np.linalg.norm(w), 3)}. Error on the training "
    text += f"points {number(train[k], 3)}, on 200 others {number(validation[k], 3)}."
    return {
        "text": text, "fit": np.clip(powers(GRID, degree) @ w, -1e4, 1e4), "strengths": SHOWN[: k + 1],
        "train": np.clip(train[: k + 1], 0.03, TALLEST), "validation": np.clip(validation[: k + 1], 0.03, TALLEST),
        "now": np.array([[SHOWN[k], np.clip(validation[k], 0.03, TALLEST)]]),
    }  # fmt: skip


def question(validation):
    """Return the question before the penalty grows: which strength does best on points that were not fitted?"""
    best = STRENGTHS[int(np.argmin(validation))]
    bounds = [1e-12, 1e-6, 1e-1]
    choices = ["none: 0", "less than 10⁻⁶", "10⁻⁶ to 0.1", "0.1 or more"]
    return Ask(
        1,
        "Which strength λ will have the smallest error on points that it was not fitted to?",
        choices,
        int(np.searchsorted(bounds, best, side="right")),
        f"{number(best, 2)} with {number(validation.min(), 3)}. The error on the training points grows all the way.",
    )


class PenaltyFit(Demo):
    """A wildly overfitted polynomial, and a penalty that grows along the timeline.

    Parameters
    ----------
    degree, count, noise, seed
        What to start with, as for `record`.
    """

    def __init__(self, *, degree=15, count=16, noise=0.25, seed=3):
        fields = [
            controls.slider("degree", 1, 20, degree, step=1, label="Degree"),
            controls.slider("count", 4, 200, count, step=1, label="Points"),
            controls.slider("noise", 0, 1, noise, step=0.05, label="Noise"),
            controls.slider("seed", 0, 9, seed, step=1, label="Draw number"),
        ]
        start = {"degree": 15, "count": 16, "noise": 0.25, "seed": 3}
        presets = {
            "16 weights, 16 points": start,
            "16 weights, 200 points": start | {"count": 200},
            "4 weights, 16 points": start | {"degree": 3},
            "16 weights, 16 points without noise": start | {"noise": 0.0},
            "16 weights, 16 very noisy points": start | {"noise": 1.0},
            "21 weights, 10 points": start | {"degree": 20, "count": 10},
            "2 weights: too stiff anyway": start | {"degree": 1},
        }
        super().__init__(record, fields, presets)
