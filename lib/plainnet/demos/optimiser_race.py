"""Optimiser race: six methods start at the same point of the same surface; whose path is the best?

All racers' gradients come from one backward pass over the rows of a (racers, 2) tensor; then each method of
`plainnet.optim` moves its own row.
"""

import numpy as np

from plainnet.autograd import Tensor
from plainnet.demos import controls
from plainnet.demos.parts import field, line, loss_curve, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.ops import sum
from plainnet.optim import SGD, Adagrad, Adam, Momentum, Nesterov, RMSprop

METHODS = {"SGD": SGD, "Momentum": Momentum, "Nesterov": Nesterov, "Adagrad": Adagrad, "RMSprop": RMSprop, "Adam": Adam}
OWN = "yours"
FRAMES, STEPS_PER_FRAME = 60, 2
MOST_POINTS = 30  # of a path on screen
SMALLEST = 1e-8  # what the loss axis shows at least
PALE = 2.5  # the surface's colours stand back behind the paths: its bands run from -1 to 1


class Surface:
    """A loss over two weights: its formula in tensors, the start, the picture, and a good rate for each method."""

    def __init__(self, loss, start, ranges, rates, floor=0.0, noise=0.0):
        self.loss, self.start, self.ranges, self.floor, self.noise = loss, start, ranges, floor, noise
        self.rates = dict(zip(METHODS, rates))


SURFACES = {
    "ravine": Surface(
        lambda x, y: 0.02 * (x + y) ** 2 + 0.5 * (x - y) ** 2, (-6.0, -3.0), ((-8, 4), (-5, 3)),
        (0.6, 0.1, 0.1, 1.0, 0.1, 0.4),
    ),
    "saddle": Surface(
        lambda x, y: 0.5 * x**2 - 0.5 * y**2 + 0.05 * y**4, (-3.0, 0.001), ((-4, 4), (-4, 4)),
        (0.1, 0.02, 0.02, 0.3, 0.05, 0.1), floor=-1.25,
    ),
    "Rosenbrock": Surface(
        lambda x, y: (1 - x) ** 2 + 20 * (y - x**2) ** 2, (-1.5, 2.0), ((-2, 2), (-1, 3)),
        (0.003, 0.001, 0.001, 0.3, 0.02, 0.1),
    ),
    "noisy bowl": Surface(
        lambda x, y: 0.5 * x**2 + 0.5 * y**2, (-3.0, 3.0), ((-4, 4), (-4, 4)),
        (0.1, 0.03, 0.03, 0.6, 0.08, 0.2), noise=1.0,
    ),
}  # fmt: skip


def record(surface="ravine", rate=1.0, momentum=0.9, own=None):
    """Record a race of 120 steps.

    Parameters
    ----------
    surface : str
        "ravine", "saddle", "Rosenbrock" or "noisy bowl" (each gradient with noise of standard deviation 1).
    rate : float, > 0
        Factor on every method's learning rate; at 1 each has a rate that suits it on this surface.
    momentum : float in [0, 1)
        Of Momentum and Nesterov.
    own : class, optional
        A student's own method, made as ``own([tensor], lr)`` with a ``step()``; it races with Adam's rate.

    Returns
    -------
    Recording
    """
    if surface not in SURFACES:
        raise ValueError(f"there is no surface {surface!r}; there are {', '.join(SURFACES)}")
    chosen = SURFACES[surface]
    names = [*METHODS, *([OWN] if own else [])]
    paths, losses, gone = race(chosen, rate, momentum, own)
    height = np.log10(np.maximum(losses - chosen.floor, SMALLEST))  # (steps + 1, racers)
    frames = [frame(names, paths, losses, height, gone, k * STEPS_PER_FRAME) for k in range(FRAMES + 1)]
    lines = [line(f"x{i}", f"y{i}", label=name, colour=i) for i, name in enumerate(names)]
    heads = [points(f"at{i}", colour=i, size=2.2 - 0.25 * i) for i in range(len(names))]  # they meet at the minimum
    return Recording(
        frames,
        title=f"Optimiser race: {surface}",
        description=f"{len(names)} optimisers start at the same point of the {surface} and take {len(paths) - 1} "
        "steps. Bands of colour are bands of the loss. Beside it stands each one's distance from the lowest loss, on a "
        "logarithmic axis.",
        parts=[[
            plot(field("z", *chosen.ranges, limit=PALE), *lines, *heads, x="weight 1", y="weight 2",
                 x_range=list(chosen.ranges[0]), y_range=list(chosen.ranges[1]), title="Paths", width=1.3),
            loss_curve(*[f"loss{i}" for i in range(len(names))], x="step", y="log₁₀(loss − lowest)", log=False,
                       labels=names, steps="step", title="How far each still has to go"),
        ]],
        static={"z": bands(chosen)},
        asks=[question(names, height)],
        rate=12,
    )  # fmt: skip


def race(surface, rate, momentum, own):
    """Return paths (steps + 1, racers, 2), losses (steps + 1, racers), and the step at which each left the picture."""
    names = [*METHODS, *([OWN] if own else [])]
    w = Tensor(np.tile(surface.start, (len(names), 1)), requires_grad=True)
    racers = []
    for i, name in enumerate(names):
        p = Tensor(np.zeros(2), requires_grad=True)
        p.data = w.data[i]  # the racer's own row: a step moves it in place
        settings = {"momentum": momentum} if name in ("Momentum", "Nesterov") else {}
        method = own if name == OWN else METHODS[name]
        racers.append((p, method([p], rate * surface.rates.get(name, surface.rates["Adam"]), **settings)))
    rng = np.random.default_rng(0)
    paths, losses, gone = [w.data.copy()], [], {}
    far = 3 * np.max(np.abs(surface.ranges))
    for step in range(FRAMES * STEPS_PER_FRAME + 1):
        loss = surface.loss(w[:, 0], w[:, 1])
        losses.append(loss.data.copy())
        if step == FRAMES * STEPS_PER_FRAME:
            break
        w.zero_grad()
        sum(loss).backward()
        w.grad = w.grad + surface.noise * rng.normal(size=w.shape)
        for i, (p, method) in enumerate(racers):
            if i in gone:
                continue
            before = w.data[i].copy()
            p.grad = w.grad[i]
            method.step()
            if p.data is not w.data and not np.shares_memory(p.data, w.data):  # a method that binds a new array
                w.data[i] = p.data
                p.data = w.data[i]
            if not np.all(np.abs(w.data[i]) < far):
                w.data[i], gone[i] = before, step + 1
        paths.append(w.data.copy())
    return np.array(paths), np.array(losses), gone


def frame(names, paths, losses, height, gone, step):
    """Return the frame after `step` steps."""
    values = {"step": step}
    seen = np.unique(np.linspace(0, step, min(step + 1, MOST_POINTS)).astype(int))
    for i in range(len(names)):
        values[f"x{i}"], values[f"y{i}"] = paths[seen, i].T
        values[f"at{i}"] = paths[step, i][None]
        values[f"loss{i}"] = height[step, i]
    leader = int(np.argmin(height[step]))
    text = f"Step {step}: {names[leader]} is lowest, loss {number(losses[step, leader], 3)}."
    left = [names[i] for i, when in gone.items() if when <= step]
    if step == 0:
        text = f"All start at ({number(paths[0, 0, 0])}, {number(paths[0, 0, 1])}), loss {number(losses[0, 0])}."
    if left:
        text += f" Diverged, out of the picture: {', '.join(left)}."
    return {"text": text, **values}


def bands(surface, columns=96, rows=72, levels=14):
    """Return the surface as (rows, columns) bands of equal share, lowest -1, highest 1; first row at the top."""
    (left, right), (bottom, top) = surface.ranges
    x, y = np.meshgrid(np.linspace(left, right, columns), np.linspace(top, bottom, rows))
    z = surface.loss(Tensor(x), Tensor(y)).data
    rank = np.searchsorted(np.quantile(z, np.linspace(0, 1, levels + 1)[1:-1]), z)
    return 2 * rank / (levels - 1) - 1


def question(names, height):
    """Return the question before the start: who is lowest at the end?"""
    winner = int(np.argmin(height[-1]))
    return Ask(
        1,
        f"Who will be lowest after {len(height) - 1} steps?",
        names,
        winner,
        f"{names[winner]} comes within {number(10 ** height[-1, winner], 2)} of the lowest loss.",
    )


class OptimiserRace(Demo):
    """Six optimisers on one surface, with a slider for the learning rate and one for momentum.

    Parameters
    ----------
    own : class, optional
        Your own method, made as ``own([tensor], lr)`` with a ``step()`` that moves ``tensor.data``: it races too.
    surface, rate, momentum
        What to start with, as for `record`.
    """

    def __init__(self, own=None, *, surface="ravine", rate=1.0, momentum=0.9):
        def record_with(**settings):
            return record(**settings, own=own)

        fields = [
            controls.choice("surface", list(SURFACES), surface, label="Surface"),
            controls.slider("rate", 0.1, 10, rate, label="Learning rates times", log=True),
            controls.slider("momentum", 0, 0.99, momentum, step=0.01, label="Momentum"),
        ]
        presets = {
            **{name: {"surface": name, "rate": 1.0, "momentum": 0.9} for name in SURFACES},
            "ravine, rates doubled": {"surface": "ravine", "rate": 2.0, "momentum": 0.9},
            "ravine, without momentum": {"surface": "ravine", "rate": 1.0, "momentum": 0.0},
            "noisy bowl, small rates": {"surface": "noisy bowl", "rate": 0.2, "momentum": 0.9},
        }
        super().__init__(record_with, fields, presets)
