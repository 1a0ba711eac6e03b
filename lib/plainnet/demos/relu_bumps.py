"""ReLU bumps: a network with one hidden layer is built unit by unit until it draws a given curve or surface.

For one input each unit bends the curve at a knot, by as much as it takes to hit the next point; nothing is trained. For
two inputs each unit bends the surface along a random line, and least squares choose the weights of the output.
"""

import math

import numpy as np

from plainnet.activations import relu
from plainnet.demos import controls
from plainnet.demos.parts import heat_map, line, loss_curve, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.ops import linear


def first(x1, x2):
    """Return sqrt(x1) + x2 + exp(x1) x2: continuous where x1 >= 0."""
    return np.sqrt(x1) + x2 + np.exp(x1) * x2


def second(x1, x2):
    """Return sqrt(x1 x2) + x2 / x1 + x1 x2: it has a pole at x1 = 0."""
    return np.sqrt(x1 * x2) + x2 / x1 + x1 * x2


CURVES = {  # name: (function, lowest x, highest x)
    "sin x": (np.sin, 0.0, 2 * math.pi),
    "first function, x₂ = 1": (lambda x: first(x, 1.0), 0.0, 2.0),
    "second function, x₂ = 1": (lambda x: second(x, 1.0), 0.2, 2.0),
    "second function, close to its pole": (lambda x: second(x, 1.0), 0.002, 2.0),
    "a step: not continuous": (lambda x: np.where(x < 0, -1.0, 1.0), -1.0, 1.0),
}
SURFACES = {  # name: (function, lowest coordinate, highest coordinate)
    "first function, both inputs": (first, 0.0, 1.0),
    "second function, both inputs": (second, 0.2, 1.0),
}
SAMPLES, GRID = 241, 25  # points at which a curve, and each way a surface, is drawn and its error measured
RATIOS = {
    "about as large": 1.0,
    "about 0.7 of it": 0.7,
    "about half": 0.5,
    "about a third": 1 / 3,
    "about a quarter": 0.25,
}


def record(target="sin x", units=8):
    """Record how hidden units are added one by one, and then twice as many at once.

    Parameters
    ----------
    target : str
        A key of CURVES or of SURFACES.
    units : int
        The number of hidden ReLU units, at least 2.

    Returns
    -------
    Recording
    """
    if target in CURVES:
        return record_curve(target, *CURVES[target], int(units))
    if target in SURFACES:
        return record_surface(target, *SURFACES[target], int(units))
    raise ValueError(f"expected one of {[*CURVES, *SURFACES]}; got {target!r}")


def bent_curves(xs, ys):
    """Yield (w1, b1, w2, b2) after each unit: unit k bends the curve at knot k so that it hits the next point."""
    w1, b1, w2, b2 = np.ones((1, len(xs))), -xs, np.zeros((len(xs), 1)), ys[:1]
    beyond = np.append(xs[1:], xs[-1] + 1.0), np.append(ys[1:], ys[-1])  # behind the last knot the curve stays level
    for k, (x, y) in enumerate(zip(*beyond)):
        miss = y - network(np.array([[x]]), w1, b1, w2, b2)[0]
        w2[k, 0] = miss / (x - xs[k])
        yield w1, b1, w2.copy(), b2


def network(x, w1, b1, w2, b2):
    """Return the network's answers (N,) for inputs (N, D): one hidden layer of ReLU units, a linear output."""
    return linear(relu(linear(x, w1, b1)), w2, b2).data[:, 0]


def record_curve(target, F, low, high, units):
    """Record a curve that is bent knot by knot from the left."""
    x = np.linspace(low, high, SAMPLES)
    aim = F(x)
    xs = np.linspace(low, high, units)
    frames, words = [], f"No unit yet: the output is its bias, {number(F(xs)[0], 3)}, everywhere."
    seen = {"net": np.full(SAMPLES, F(xs)[0]), "unit": np.zeros(SAMPLES), "knots": np.zeros((0, 2)), "count": 0}
    frames.append({"text": words, **seen, "off": largest(seen["net"], aim)})
    for k, (w1, b1, w2, b2) in enumerate(bent_curves(xs, F(xs)), start=1):
        net, change = network(x[:, None], w1, b1, w2, b2), round(w2[k - 1, 0], 9)  # 1e-16 would be read as a number
        unit = linear(relu(linear(x[:, None], w1[:, k - 1 : k], b1[k - 1 : k])), w2[k - 1 : k], np.zeros(1)).data[:, 0]
        where = "so that the curve hits the next point" if k < units else "and from here on it stays level"
        words = f"Unit {k} bends at x = {number(xs[k - 1], 3)}: the slope changes by {number(change, 3)}, {where}."
        knots = np.stack([xs[:k], F(xs)[:k]], axis=1)
        frames.append({"text": words, "net": net, "unit": unit, "knots": knots, "count": k, "off": largest(net, aim)})
    twice = np.linspace(low, high, 2 * units)
    *_, last = bent_curves(twice, F(twice))
    net = network(x[:, None], *last)
    frames.append({
        "text": compared(units, frames[-1]["off"], largest(net, aim)), "net": net, "unit": np.zeros(SAMPLES),
        "knots": np.stack([twice, F(twice)], axis=1), "count": 2 * units, "off": largest(net, aim),
    })  # fmt: skip
    return Recording(
        frames,
        title=f"ReLU bumps: {target}",
        description=f"A network with one input, a hidden layer of {units} ReLU units and one output is built unit by "
        f"unit until it follows {target}. Each unit bends the curve at one knot. Left: the function, the network and "
        "the knots. Middle: what the newest unit adds. Right: the largest error, over the number of units.",
        parts=[[
            plot(line("x", "aim", label="function"), line("x", "net", label="network"), points("knots", label="knots"),
                 x="x", y="y", title="Function and network", width=1.4),
            plot(line("x", "unit", label="newest unit", colour=3), x="x", y="added to y",
                 title="What the newest unit adds"),
            loss_curve("off", steps="count", x="hidden units", y="largest error", labels=["error"], title="Error",
                       width=0.8),
        ]],
        static={"x": x, "aim": aim},
        asks=[question(frames, units)],
        key_frame=len(frames) // 2,  # the newest unit is seen to bend the curve
        rate=2,
    )  # fmt: skip


def record_surface(target, F, low, high, units):
    """Record a surface that is bent along more and more random lines."""
    rng, axis = np.random.default_rng(0), np.linspace(low, high, GRID)
    x = np.stack(np.meshgrid(axis, axis[::-1]), axis=-1).reshape(-1, 2)  # row by row from the top
    aim = F(*x.T)
    w1 = rng.normal(size=(2, 2 * units))
    b1 = -np.sum(w1 * rng.uniform(low, high, size=(2, 2 * units)), axis=0)  # each line passes through the square
    frames = []
    for count in [*sorted({round(n) for n in np.geomspace(1, units, 8)}), 2 * units]:
        hidden = relu(linear(x, w1[:, :count], b1[:count])).data
        w2, b2 = least_squares(hidden, aim)
        net = network(x, w1[:, :count], b1[:count], w2, b2)
        words = f"{count} hidden unit{'s' * (count > 1)}: the surface is bent along {count} line{'s' * (count > 1)}."
        words += f" Largest error {number(largest(net, aim), 3)}."
        frames.append({
            "text": words, "net": net.reshape(GRID, GRID), "difference": (net - aim).reshape(GRID, GRID),
            "count": count, "off": largest(net, aim),
        })  # fmt: skip
    frames[-1]["text"] = compared(units, frames[-2]["off"], frames[-1]["off"])
    limit = float(np.abs(aim).max())
    return Recording(
        frames,
        title=f"ReLU bumps: {target}",
        description=f"A network with two inputs, a hidden layer of ReLU units and one output follows the {target}. "
        "Each unit bends the surface along a random line; the weights of the output are the best ones. From left to "
        "right: the function, the network, their difference, the largest error over the number of units.",
        parts=[[
            heat_map("aim", limit=limit, x=f"x₁ from {low:g} to {high:g}", title="Function, x₂ upwards"),
            heat_map("net", limit=limit, x=f"x₁ from {low:g} to {high:g}", title="Network"),
            heat_map("difference", limit=limit / 10, x=f"x₁ from {low:g} to {high:g}", title="Difference, 10 times"),
            loss_curve("off", steps="count", x="hidden units", y="largest error", labels=["error"], title="Error"),
        ]],
        static={"aim": aim.reshape(GRID, GRID)},
        asks=[question(frames, units)],
        rate=1,
    )  # fmt: skip


def least_squares(hidden, aim):
    """Return the output's weights (H, 1) and bias (1,) with the smallest sum of squared errors."""
    w = np.linalg.lstsq(np.hstack([hidden, np.ones((len(hidden), 1))]), aim, rcond=None)[0]
    return w[:-1, None], w[-1:]


def largest(net, aim):
    """Return the largest distance between network and function."""
    return float(np.abs(net - aim).max())


def compared(units, before, after):
    """Return the sentence that compares twice as many units with `units`."""
    return (
        f"{2 * units} units instead of {units}: largest error {number(after, 3)} instead of {number(before, 3)}, "
        f"{number(after / before, 2)} times as large."
    )


def question(frames, units):
    """Return the question before the last frame: how much do twice as many units help?"""
    ratio = frames[-1]["off"] / frames[-2]["off"]
    nearest = min(RATIOS.values(), key=lambda value: abs(math.log(ratio / value)))
    words = f"The largest error is {number(frames[-2]['off'], 3)} now. With {2 * units} units it will be"
    return Ask(len(frames) - 1, words, list(RATIOS), list(RATIOS.values()).index(nearest), frames[-1]["text"])


class ReluBumps(Demo):
    """One hidden layer draws a curve or a surface, unit by unit.

    Parameters
    ----------
    target, units
        What to start with, as for `record`.
    """

    def __init__(self, *, target="sin x", units=8):
        targets = [*CURVES, *SURFACES]
        fields = [
            controls.choice("target", targets, target, label="Function"),
            controls.slider("units", 2, 64, units, step=1, label="Hidden units"),
        ]
        presets = {
            "sin x, 8 units": {"target": "sin x", "units": 8},
            "sin x, 16 units": {"target": "sin x", "units": 16},
            **{f"{name[0].upper()}{name[1:]}": {"target": name, "units": 8} for name in list(CURVES)[1:]},
            **{f"{name[0].upper()}{name[1:]}": {"target": name, "units": 32} for name in SURFACES},
        }
        super().__init__(record, fields, presets, recorded=grid(target=targets, units=[8, 16, 32]))
