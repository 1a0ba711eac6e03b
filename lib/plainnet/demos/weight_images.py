"""Weight images: softmax regression learns ten digits, and all that it knows can be seen as ten pictures.

In a notebook the classifier trains in the kernel, update by update, with the values that the audience sets meanwhile; a
page without a kernel carries one recorded training for each preset.
"""

import functools

import numpy as np

from plainnet import data, init
from plainnet.demos import controls
from plainnet.demos.parts import image_grid, loss_curve
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import cross_entropy, hinge
from plainnet.nn import Linear
from plainnet.optim import SGD
from plainnet.regularize import l2
from plainnet.train import evaluate, updates

LOSSES = {"cross-entropy": cross_entropy, "hinge": hinge}
STARTS = {
    "zeros": lambda shape, rng: init.zeros(shape),
    "random, 0.01": init.small_random,
    "random, 1": lambda shape, rng: init.small_random(shape, rng, std=1.0),
}
BATCHES = {"1": 1, "8": 8, "32": 32, "128": 128, "512": 512}
START = {"loss": "cross-entropy", "lr": 0.5, "batch": "32", "strength": 0.0, "start": "zeros"}
EPOCH = 45  # updates with batches of 32
PAGE_STEPS = [0, 1, 2, 4, 8, 16, 30, EPOCH, 70, 2 * EPOCH, 135, 180, 270, 360, 540, 720, 900]
SEEN_ONCE = PAGE_STEPS.index(EPOCH)
LIVE_STEPS = 4000


@functools.cache
def digits():
    """Return (x, t) to learn from, 1,438 digits, and (x, t) held out, 359 digits."""
    x, t = data.digits()
    x, t, x_held, t_held = data.split(x.reshape(len(x), -1), t, 0.2, np.random.default_rng(0), stratify=True)
    return (x, t), (x_held, t_held)


class Player:
    """A linear classifier with its data and its optimiser, trained update by update and looked at in between."""

    def __init__(self, values):
        self.values, self.steps = values, 0
        self.rng = np.random.default_rng(0)
        self.learning, self.held = digits()
        self.model = Linear(64, 10, self.rng, init_w=STARTS[values["start"]])
        self.optimizer = SGD(self.model.parameters(), lr=values["lr"])
        self.stream = self.updates()

    def loss(self, z, t):
        """Return the loss that the controls name, without the penalty."""
        return LOSSES[self.values["loss"]](z, t)

    def penalised(self, z, t):
        """Return the loss with the penalty strength/2 · Σ w²."""
        strength = self.values["strength"]
        return self.loss(z, t) + l2([self.model.w], strength) if strength else self.loss(z, t)

    def updates(self):
        """Train without end, epoch by epoch; stop after every update."""
        while True:
            size = BATCHES[self.values["batch"]]
            yield from updates(self.model, *self.learning, self.penalised, self.optimizer, self.rng, size)

    def step(self):
        """Make one update with the values that the controls have now."""
        self.optimizer.lr = self.values["lr"]
        next(self.stream)
        self.steps += 1

    def frame(self):
        """Return what is seen now: the weights as images, both losses, the share of unseen digits that are right."""
        w = self.model.w.data
        images = w.T.reshape(10, 8, 8) / max(float(np.abs(w).max()), 1e-12)  # one scale for all: -1 .. 1
        learned, held = (evaluate(self.model, *part, self.loss, [right]) for part in (self.learning, self.held))
        share = 100 * held["right"]
        text = (
            f"After {self.steps} updates: loss {number(learned['loss'], 3)}, on unseen digits "
            f"{number(held['loss'], 3)}; {number(share, 3)} % of {len(self.held[1])} unseen digits are right."
        )
        return {"text": text, "step": self.steps, "images": images, "learned": learned["loss"], "unseen": held["loss"],
                "share": share}  # fmt: skip


def right(z, t):
    """Return the share of digits whose true class has a score above all others: a tie is not right."""
    others = np.where(np.arange(z.shape[1]) == t[:, None], -np.inf, z)
    return float(np.mean(z[np.arange(len(z)), t] > others.max(axis=1)))


def record(steps=(0,), **values):
    """Record a training at the numbers of updates in `steps`.

    Parameters
    ----------
    steps : sequence of int
        (0,): before the first update, as a live demo starts.
    values
        Of the controls; see `START`.

    Returns
    -------
    Recording
    """
    values = {**START, **values}
    player, frames = Player(values), []
    for step in steps:
        while player.steps < step:
            player.step()
        frames.append(player.frame())
    return Recording(
        frames,
        title=f"Weight images: {values['loss']}",
        description="A linear classifier learns ten digits of 8 by 8 pixels. The 64 weights of each class are shown as "
        "an image: orange where ink speaks for the digit, blue where it speaks against it. Beside them stand the loss "
        "on the digits that it learns from and on digits that it has not seen, and the share of these that are right.",
        parts=[[
            image_grid("images", columns=5, labels=[str(k) for k in range(10)], grey=False, limit=1, width=1.8,
                       title="Weights of each class (one scale for all)"),
            loss_curve("learned", "unseen", steps="step", x="update", labels=["learned from", "unseen"], log=False,
                       title="Loss"),
            loss_curve("share", steps="step", x="update", y="right (%)", log=False, labels=["unseen"],
                       title="Unseen digits"),
        ]],
        asks=[question(frames[SEEN_ONCE])] if len(frames) > SEEN_ONCE else [],
        rate=4,
    )  # fmt: skip


def record_training(**values):
    """Record a whole training, as a page without a kernel carries it."""
    return record(PAGE_STEPS, **values)


def question(frame):
    """Return the question before the recorded frame: how good is it when each digit was seen about once?"""
    edges = [30, 75, 97]
    return Ask(
        SEEN_ONCE,
        f"How many of the unseen digits will be right after {frame['step']} updates?",
        ["fewer than 30 %", "30 to 75 %", "75 to 97 %", "more than 97 %"],
        int(np.searchsorted(edges, frame["share"])),
        f"{number(frame['share'], 3)} %.",
    )


def run(values):
    """Train with the values as the audience changes them; yield a frame function after each update."""
    player = Player(values)
    yield player.frame
    for _ in range(LIVE_STEPS):
        player.step()
        yield player.frame


class WeightImages(Demo):
    """Softmax regression that learns digits live, its weights shown as images.

    Parameters
    ----------
    **start
        Values to start with, such as ``loss="hinge"`` or ``lr=0.05``; see `START`.
    """

    def __init__(self, **start):
        start = {**START, **start}
        fields = [
            controls.choice("loss", list(LOSSES), start["loss"], label="Loss"),
            controls.slider("lr", 0.001, 10, start["lr"], label="Learning rate", log=True),
            controls.choice("batch", list(BATCHES), start["batch"], label="Digits an update"),
            controls.slider("strength", 0, 0.2, start["strength"], step=0.005, label="Penalty on weights"),
            controls.choice("start", list(STARTS), start["start"], label="Weights start as"),
        ]
        presets = {
            "From zeros": {},
            "From random weights, deviation 1": {"start": "random, 1"},
            "Random start, with a penalty": {"start": "random, 1", "strength": 0.02},
            "Hinge loss": {"loss": "hinge", "lr": 0.1},
            "A rate that is too small": {"lr": 0.002},
            "A rate of 10: first up, then down": {"lr": 10.0},
            "One digit an update": {"batch": "1"},
        }
        presets = {name: {**START, **values} for name, values in presets.items()}
        super().__init__(record, fields, presets, run=run, rehearse=record_training)
