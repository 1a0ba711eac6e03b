"""Playground: a small network learns to tell two classes of points apart, weight by weight, unit by unit.

In a notebook the network trains in the kernel, frame by frame, on whatever points the audience sets; a page without a
kernel carries one recorded training for each preset. Both train with plainnet alone.
"""

import itertools

import numpy as np

from plainnet import data, init, optim
from plainnet.activations import elu, relu, sigmoid, tanh
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.parts import field, loss_curve, network, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy
from plainnet.nn import Linear
from plainnet.regularize import l1, l2

ACTIVATIONS = {"tanh": tanh, "ReLU": relu, "sigmoid": sigmoid, "ELU": elu, "none (linear)": lambda x: x}
STARTS = {"ReLU": init.he, "ELU": init.he}  # Xavier for the others
METHODS = {"SGD": optim.SGD, "Momentum": optim.Momentum, "RMSprop": optim.RMSprop, "Adam": optim.Adam}
PENALTIES = {"none": None, "L1": l1, "L2": l2}
SAMPLES, EDGE = 120, 1.6
DATA = {
    "XOR": lambda rng, noise: scaled(data.xor(SAMPLES, rng, noise=noise / 2), 2, (0.5, 0.5)),
    "circles": lambda rng, noise: data.circles(SAMPLES, rng, noise=noise),
    "moons": lambda rng, noise: scaled(data.moons(SAMPLES, rng, noise=noise), 1, (0.5, 0.25)),
    "spirals": lambda rng, noise: scaled(data.spirals(SAMPLES, rng, noise=noise / 2), 1.3, (0, 0)),
    "own points only": lambda rng, noise: (np.zeros((0, 2), np.float32), np.zeros(0, int)),
}
START = {
    "points": [], "point_class": "0", "dataset": "XOR", "noise": 0.15, "depth": 1, "width": 4, "activation": "tanh",
    "method": "Adam", "lr": 0.03, "penalty": "none", "strength": 0.001, "seed": 0,
}  # fmt: skip
STEPS_PER_FRAME = 10
LIVE, PAGE = (40, 16), (28, 10)  # pixels of the output's map and of a unit's
LIVE_FRAMES, PAGE_FRAMES = 2000, 24


def scaled(points, factor, centre):
    """Return points moved to the middle of the picture."""
    x, t = points
    return ((x - np.array(centre, np.float32)) * np.float32(factor)), t


class Player:
    """A network with its data and its optimiser, trained step by step and looked at in between."""

    def __init__(self, values, pixels=LIVE):
        rng = np.random.default_rng(int(values["seed"]))
        x, t = DATA[values["dataset"]](rng, values["noise"])
        own = np.array(values["points"], np.float32).reshape(-1, 3)
        self.x, self.t = np.vstack([x, own[:, :2]]), np.concatenate([t, own[:, 2].astype(int)])
        if len(self.x) == 0:
            raise ValueError("there are no points to learn from: click into the plane, or choose data")
        self.activation = ACTIVATIONS[values["activation"]]
        sizes = [2, *[int(values["width"])] * int(values["depth"]), 1]
        start = STARTS.get(values["activation"], init.xavier)
        self.layers = [Linear(inputs, outputs, rng, init_w=start) for inputs, outputs in itertools.pairwise(sizes)]
        self.parameters = [p for layer in self.layers for p in layer.parameters()]
        self.weights = [layer.w for layer in self.layers]
        self.method = values["method"]
        self.optimizer = METHODS[self.method](self.parameters, lr=values["lr"])
        self.steps, self.values = 0, values
        self.planes = [plane(n) for n in pixels]

    def outputs(self, x):
        """Return the outputs of all layers of units, the inputs first and the logit last."""
        found = [x if isinstance(x, Tensor) else Tensor(x)]
        for layer in self.layers[:-1]:
            found.append(self.activation(layer(found[-1])))
        return [*found, self.layers[-1](found[-1])]

    def loss(self):
        """Return the loss on all points, without the penalty."""
        return binary_cross_entropy(self.outputs(self.x)[-1], self.t)

    def step(self):
        """Take one step on all points with the values that the controls have now."""
        self.optimizer.lr = self.values["lr"]
        loss = self.loss()
        if PENALTIES[self.values["penalty"]]:
            loss = loss + PENALTIES[self.values["penalty"]](self.weights, self.values["strength"])
        self.optimizer.zero_grad()
        loss.backward(keep=False)
        self.optimizer.step()
        self.steps += 1

    def frame(self):
        """Return what is seen now: the points, the output over the plane, each unit's map, the weights, the loss."""
        with no_grad():
            z = self.outputs(self.x)[-1].data[:, 0]
            loss = float(self.loss().data)
            output, units = (self.outputs(grid) for grid in self.planes)
        accuracy = float(np.mean((z > 0) == (self.t == 1)))
        # p = 0 .. 1 as -1 .. 1: the colour of the class, stronger where the network is surer
        seen = {f"map{k}": images(units[k].data) for k in range(len(units) - 1)}
        seen[f"map{len(units) - 1}"] = images(np.tanh(units[-1].data / 2))
        text = f"Step {self.steps}: loss {number(loss, 3)}, {accuracy:.0%} of {len(self.x)} points on their side."
        if not np.isfinite(loss):
            text = f"Step {self.steps}: the training has diverged. Lower the learning rate and run again."
        return {
            "text": text, "step": self.steps, "loss": loss, "x": self.x, "t": self.t,
            "z": np.tanh(images(output[-1].data)[0] / 2), **seen,
            **{f"w{k}": w.data.copy() for k, w in enumerate(self.weights)},
        }  # fmt: skip


def plane(n):
    """Return the points (n*n, 2) of a grid over the picture, row by row from the top."""
    x, y = np.meshgrid(np.linspace(-EDGE, EDGE, n), np.linspace(EDGE, -EDGE, n))
    return np.stack([x.ravel(), y.ravel()], 1).astype(np.float32)


def images(units):
    """Return outputs (n*n, units) as images (units, n, n)."""
    n = round(len(units) ** 0.5)
    return units.T.reshape(-1, n, n)


def record(frames=1, pixels=LIVE, **values):
    """Record the first frames of a training.

    Parameters
    ----------
    frames : int
        1: the network before its first step, as a live demo starts.
    pixels : (int, int)
        Of the output's map and of a unit's map, each way.
    values
        Of the controls; see `START`.

    Returns
    -------
    Recording
    """
    values = {**START, **values}
    player = Player(values, pixels)
    seen = [player.frame()]
    for _ in range(frames - 1):
        for _ in range(STEPS_PER_FRAME * (1 + len(seen) // 4)):  # the beginning is where most happens
            player.step()
        seen.append(player.frame())
    layers = len(player.layers)
    units = f"{values['depth']} hidden layer{'s' * (values['depth'] != 1)} of {values['width']}"
    return Recording(
        seen,
        title=f"Playground: {values['dataset']}",
        description=f"A network with two inputs, {units} {values['activation']} units and one output learns to tell "
        f"two classes of points apart ({values['dataset']}) with {values['method']}. Each unit shows what it answers "
        "over the plane of points; lines are weights, thick where they are large, dashed where they are negative.",
        parts=[[
            network([f"w{k}" for k in range(layers)], maps=[f"map{k}" for k in range(layers + 1)], title="Network",
                    labels=["inputs", *[""] * (layers - 1), "output"], width=1.2),
            plot(field("z", (-EDGE, EDGE), (-EDGE, EDGE), limit=1), points("x", classes="t"), x="input 1", y="input 2",
                 click="points", click_class="point_class", title="What it answers"),
            loss_curve("loss", steps="step", title="Loss", width=0.8),
        ]],
        asks=[question(seen)] if frames > 1 else [],
        rate=8,
    )  # fmt: skip


def record_training(**values):
    """Record a whole training, as a page without a kernel carries it."""
    return record(PAGE_FRAMES, PAGE, **values)


def question(seen):
    """Return the question before a recorded training: will it work?"""
    last = seen[-1]
    right = float(np.mean((interpolated(last) > 0) == (last["t"] == 1)))
    choices = ["nearly all", "about three quarters", "about half"]
    answer = 0 if right > 0.93 else 1 if right > 0.65 else 2
    words = f"How many points will be on their side after {last['step']} steps?"
    return Ask(1, words, choices, answer, last["text"])


def interpolated(frame):
    """Return the map's value at the pixel of each point."""
    n = len(frame["z"])
    column, row = ((frame["x"] * [1, -1] + EDGE) / (2 * EDGE) * (n - 1)).round().astype(int).clip(0, n - 1).T
    return frame["z"][row, column]


def run(values):
    """Train with the values as the audience changes them; yield a frame after every few steps, each to be seen."""
    player = Player(values)
    yield player.frame()
    for _ in range(LIVE_FRAMES):
        for _ in range(STEPS_PER_FRAME):
            player.step()
        yield player.frame()


class Playground(Demo):
    """A network that learns live: data, depth, width, activation, optimiser, learning rate, regularisation.

    Parameters
    ----------
    **start
        Values to start with, such as ``dataset="spirals"`` or ``width=6``; see `START`.
    """

    def __init__(self, **start):
        start = {**START, **start}
        fields = [
            controls.hidden("points", start["points"]),
            controls.choice("dataset", list(DATA), start["dataset"], label="Data"),
            controls.choice(
                "point_class", {"0": "0 (blue)", "1": "1 (orange)"}, start["point_class"], label="A click adds"
            ),
            controls.slider("noise", 0, 0.5, start["noise"], step=0.05, label="Noise"),
            controls.slider("depth", 0, 4, start["depth"], step=1, label="Hidden layers"),
            controls.slider("width", 1, 8, start["width"], step=1, label="Units"),
            controls.choice("activation", list(ACTIVATIONS), start["activation"], label="Activation"),
            controls.choice("method", list(METHODS), start["method"], label="Optimiser"),
            controls.slider("lr", 0.001, 3, start["lr"], label="Learning rate", log=True),
            controls.choice("penalty", list(PENALTIES), start["penalty"], label="Penalty"),
            controls.slider("strength", 1e-5, 0.1, start["strength"], label="Strength", log=True),
            controls.slider("seed", 0, 9, start["seed"], step=1, label="Seed"),
        ]
        presets = {
            "XOR, one hidden layer": {},
            "XOR, no hidden layer": {"depth": 0},
            "XOR, linear units": {"activation": "none (linear)", "depth": 2},
            "Circles, ReLU": {"dataset": "circles", "activation": "ReLU", "width": 8},
            "Moons, SGD": {"dataset": "moons", "method": "SGD", "lr": 0.3},
            "Spirals, two layers of 8": {"dataset": "spirals", "depth": 2, "width": 8},
            "Circles, a rate that is too large": {
                "dataset": "circles", "activation": "ReLU", "method": "Momentum", "lr": 3.0, "depth": 2, "width": 8,
            },
        }  # fmt: skip
        presets = {name: {**START, **values} for name, values in presets.items()}
        super().__init__(record, fields, presets, run=run, rehearse=record_training)
