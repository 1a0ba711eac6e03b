"""Early stopping: a network learns forty noisy points by heart, and a cursor says where one would have stopped.

Training goes on to the end, so that one sees what stopping would have saved, or missed. The decision is that of
`plainnet.regularize.EarlyStopping`, asked after every epoch.
"""

import functools

import numpy as np

from plainnet import data, nn, optim
from plainnet.activations import sigmoid, tanh
from plainnet.demos import controls
from plainnet.demos.parts import field, line, plot, points
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number
from plainnet.losses import binary_cross_entropy
from plainnet.regularize import EarlyStopping
from plainnet.train import History, evaluate, predict, updates

EPOCHS, EVERY = 160, 4  # epochs in all, and from frame to frame
HELD_OUT, HIDDEN = 400, 32
BOX, SIZE = (-2.2, 3.2, -1.8, 2.3), 25  # the plane, and its pixels along each side


@functools.lru_cache(maxsize=16)
def training(count, noise, seed):
    """Return (x, t, train, validation, maps): the points, the losses after each epoch, and what the network answers."""
    rng = np.random.default_rng(seed)
    x, t = data.moons(count, rng, noise=noise)
    held_out = data.moons(HELD_OUT, rng, noise=noise)
    model = nn.Sequential(
        nn.Linear(2, HIDDEN, rng), tanh, nn.Linear(HIDDEN, HIDDEN, rng), tanh, nn.Linear(HIDDEN, 1, rng)
    )
    method = optim.Adam(model.parameters(), lr=0.005)
    plane = np.stack(np.meshgrid(np.linspace(*BOX[:2], SIZE), np.linspace(*BOX[3:1:-1], SIZE)), axis=-1)
    plane = plane.reshape(-1, 2).astype(np.float32)
    train, validation, maps = [], [], []
    for epoch in range(1, EPOCHS + 1):
        for _ in updates(model, x, t, binary_cross_entropy, method, rng, batch_size=20):
            pass
        train.append(evaluate(model, x, t, binary_cross_entropy)["loss"])
        validation.append(evaluate(model, *held_out, binary_cross_entropy)["loss"])
        if epoch % EVERY == 0 or epoch == 1:
            maps.append(sigmoid(predict(model, plane)).data.reshape(SIZE, SIZE) * 2 - 1)
    return x, t, np.array(train), np.array(validation), maps


class Nothing:
    """A model without weights: the demo asks when to stop, and has nothing to give back."""

    def state(self):
        """Return no arrays."""
        return {}


def stopping(validation, patience):
    """Return (epoch of the stop or None, epoch of the best so far at that time), both counted from 1."""
    stopper, history = EarlyStopping(patience=patience), History()
    for epoch, value in enumerate(validation, 1):
        history.record(val_loss=float(value))
        if stopper.after_epoch(Nothing(), history):
            return epoch, stopper.best_epoch
    return None, stopper.best_epoch


def record(patience=10, count=40, noise=0.35, seed=1):
    """Record a training of 160 epochs, and where early stopping would have ended it.

    Parameters
    ----------
    patience : int
        Epochs without a new best validation loss after which to stop.
    count : int
        How many points the network learns from.
    noise : float
        How far the points scatter around their moons.
    seed : int
        Of the points and the network.

    Returns
    -------
    Recording
    """
    patience, count, seed = int(patience), int(count), int(seed)
    x, t, train, validation, maps = training(count, noise, seed)
    stop, best = stopping(validation, patience)
    shown = [1, *range(EVERY, EPOCHS + 1, EVERY)]
    frames = [frame(epoch, train, validation, seen, stop, best, patience) for epoch, seen in zip(shown, maps)]
    top = 1.05 * float(min(validation.max(), 3))
    return Recording(
        frames,
        title=f"Early stopping: patience {patience}",
        description=f"Left: {count} noisy points of two classes, and what a network of twice {HIDDEN} units answers "
        "over the plane. Right: its loss on these points and on 400 others, epoch by epoch; dots mark the best epoch "
        "so far and, once it has come, the epoch in which early stopping would have ended the training.",
        parts=[[
            plot(field("map", BOX[:2], BOX[2:], limit=1), points("points", classes="classes"), x="input x₁",
                 y="input x₂", x_range=list(BOX[:2]), y_range=list(BOX[2:]), title="What it answers"),
            plot(line("epochs", "train", label="training points", colour=0),
                 line("epochs", "validation", label="400 others", colour=1),
                 points("best", label="best so far", colour=2), points("stop", label="stop", colour=3),
                 x="epoch", y="loss (nats)", x_range=[0, EPOCHS],
                 y_range=[0, top], title="Losses", width=1.2),
        ]],
        static={"points": x, "classes": t},
        asks=question(validation, shown),
        key_frame=len(frames) - 1,
        rate=5,
    )  # fmt: skip


def frame(epoch, train, validation, seen, stop, best, patience):
    """Return the frame after one epoch."""
    so_far = 1 + int(np.argmin(validation[:epoch]))
    text = f"Epoch {epoch}: loss {number(train[epoch - 1], 3)} on the training points, "
    text += f"{number(validation[epoch - 1], 3)} on the others; the best so far is {number(validation[so_far - 1], 3)} "
    text += f"in epoch {so_far}."
    if stop is not None and epoch >= stop:
        text += f" With patience {patience}, training would have stopped in epoch {stop} and gone back to epoch {best}."
        later = int(np.argmin(validation)) + 1
        if epoch == len(validation) and later != best:
            text += f" It would have missed epoch {later}, with {number(validation[later - 1], 3)}."
    epochs = np.arange(1, epoch + 1)
    marked = [] if stop is None or epoch < stop else [[stop, float(validation[stop - 1])]]
    return {
        "text": text, "map": seen, "epochs": epochs, "train": train[:epoch],
        "validation": np.minimum(validation[:epoch], 5),
        "best": np.array([[so_far, validation[so_far - 1]]]), "stop": np.array(marked).reshape(-1, 2),
    }  # fmt: skip


def question(validation, shown):
    """Return the question where the validation loss has first risen: has it seen its best?"""
    risen = next((k for k in range(1, len(validation)) if validation[k] > validation[k - 1]), None)
    if risen is None:
        return []
    at = next((k for k, epoch in enumerate(shown) if epoch > risen + 1), None)
    if at is None or at == 0:
        return []
    best = 1 + int(np.argmin(validation))
    better = validation[risen + 1 :].min() < validation[: risen + 1].min() if risen + 1 < len(validation) else False
    return [
        Ask(
            at,
            f"In epoch {risen + 1} the loss on the others has risen for the first time. Stop here?",
            ["yes: it has seen its best", "no: it will still become better"],
            int(better),
            f"The best of {EPOCHS} epochs is epoch {best}, with {number(validation[best - 1], 3)}. "
            "One rise says little: that is what patience is for.",
        )
    ]


class EarlyStoppingCursor(Demo):
    """A training with its two losses, and where early stopping would have ended it.

    Parameters
    ----------
    patience, count, noise, seed
        What to start with, as for `record`.
    """

    def __init__(self, *, patience=10, count=40, noise=0.35, seed=1):
        fields = [
            controls.slider("patience", 1, 40, patience, step=1, label="Patience", unit="epochs"),
            controls.slider("count", 10, 300, count, step=10, label="Training points"),
            controls.slider("noise", 0.05, 0.6, noise, step=0.05, label="Noise"),
            controls.slider("seed", 0, 9, seed, step=1, label="Draw number"),
        ]
        start = {"patience": 10, "count": 40, "noise": 0.35, "seed": 1}
        presets = {
            "patience 10": start,
            "patience 1, as a deck says": start | {"patience": 1},
            "another draw: patience 10 is too short": start | {"seed": 6},
            "the same draw, patience 40": start | {"seed": 6, "patience": 40},
            "300 training points": start | {"count": 300},
            "hardly any noise": start | {"noise": 0.1},
        }
        super().__init__(record, fields, presets)
