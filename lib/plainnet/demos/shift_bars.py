"""Shift by one: a digit moves pixel by pixel, and two trained networks say what they read.

The dense network has weights of its own for every pixel; the convolutional one shares them, and pools twice. Both learn
the same 1,200 digits when the demo starts, in about half a second, and are shown digits that they have not seen.
"""

import functools

import numpy as np

from plainnet import data, losses, nn, optim
from plainnet.activations import relu, softmax
from plainnet.demos import controls
from plainnet.demos.parts import bars, heat_map, loss_curve
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number
from plainnet.train import fit, predict

NAMES = [str(digit) for digit in range(10)]
DIRECTIONS = {"right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}
LEARNED, FARTHEST = 1200, 4


def dense_network(rng):
    """Return a network of 4,810 parameters with weights for every pixel."""
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64, rng), relu, nn.Linear(64, 10, rng))


def convolutional_network(rng):
    """Return a network of 2,986 parameters that pools twice, the second time over the whole map."""
    return nn.Sequential(
        nn.Conv2d(1, 12, 3, rng, padding=1), relu, nn.MaxPool2d(2),
        nn.Conv2d(12, 24, 3, rng, padding=1), relu, nn.MaxPool2d(4), nn.Flatten(), nn.Linear(24, 10, rng),
    )  # fmt: skip


@functools.cache
def digits():
    """Return (x, t) in a random order: the first 1,200 are for learning, the other 597 for showing."""
    x, t = data.digits()
    order = np.random.default_rng(0).permutation(len(x))
    return x[order], t[order]


@functools.cache
def trained():
    """Return both networks, trained on the same digits: {"dense": ..., "conv": ...}."""
    x, t = (array[:LEARNED] for array in digits())
    networks = {}
    for name, build, lr, num_epochs in [("dense", dense_network, 3e-3, 20), ("conv", convolutional_network, 5e-3, 10)]:
        rng = np.random.default_rng(0)
        model = networks[name] = build(rng)
        optimizer = optim.Adam(model.parameters(), lr=lr)
        fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=num_epochs, rng=rng, progress=False)
    return networks


def moved(x, down, right):
    """Return images (N, H, W, C) moved by whole pixels: what crosses the border is gone, paper opens behind."""
    H, W = x.shape[1:3]
    d = max(abs(down), abs(right))
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    return padded[:, d - down : d - down + H, d - right : d - right + W]


@functools.cache
def shares(direction):
    """Return, for 0 to 4 pixels, the share of unseen digits that each network reads: {"dense": [...], "conv": ...}."""
    x, t = (array[LEARNED:] for array in digits())
    down, right = DIRECTIONS[direction]
    return {
        name: [
            float(np.mean(predict(model, moved(x, k * down, k * right)).argmax(1) == t)) for k in range(FARTHEST + 1)
        ]
        for name, model in trained().items()
    }


@functools.cache
def example(digit):
    """Return the first unseen image (1, 8, 8, 1) of a digit that both networks read where it stands."""
    x, t = (array[LEARNED:] for array in digits())
    read = np.all([predict(model, x).argmax(1) == t for model in trained().values()], axis=0)
    return x[np.flatnonzero(read & (t == digit))[:1]]


def record(digit=3, direction="right"):
    """Record a digit that moves by 0 to 4 pixels, and the class probabilities of both networks.

    Parameters
    ----------
    digit : int in 0..9
    direction : str
        "right", "left", "down" or "up".

    Returns
    -------
    Recording
    """
    digit = int(digit)
    if digit not in range(10) or direction not in DIRECTIONS:
        raise ValueError(f"expected a digit 0..9 and one of {list(DIRECTIONS)}; got {digit} and {direction!r}")
    down, right = DIRECTIONS[direction]
    all_digits = shares(direction)
    frames = []
    for pixels in range(FARTHEST + 1):
        x = moved(example(digit), pixels * down, pixels * right)
        p = {name: softmax(predict(model, x)).data[0] for name, model in trained().items()}
        right_share = {name: all_digits[name][pixels] for name in p}
        frames.append({
            "text": sentence(digit, direction, pixels, p, right_share), "x": x[0, :, :, 0], "pixels": pixels,
            "dense": p["dense"], "dense_says": np.argmax(p["dense"]),
            "conv": p["conv"], "conv_says": np.argmax(p["conv"]),
            "dense_right": 100 * right_share["dense"], "conv_right": 100 * right_share["conv"],
        })  # fmt: skip
    options = {"y": "probability", "y_range": [0, 1], "width": 1.3}
    return Recording(
        frames,
        title=f"Shift by one: a {digit} moves {direction}",
        description=f"A {digit} of 8 by 8 pixels moves {direction} by up to {FARTHEST} pixels. Beside it the "
        "class probabilities of a dense and of a convolutional network, and the share of all unseen digits that "
        "each of them reads after the same shift.",
        parts=[
            [heat_map("x", grey=True, limit=1, title="What both see"),
             bars("dense", NAMES, highlight="dense_says", title="Dense network", **options),
             bars("conv", NAMES, highlight="conv_says", title="Convolutional network", **options),
             loss_curve("dense_right", "conv_right", labels=["dense", "convolutional"], steps="pixels", log=False,
                        x="shift (pixels)", y="read (%)", title="All 597 unseen digits", width=1.3)],
        ],
        asks=questions(digit, frames),
        key_frame=2,
    )  # fmt: skip


def sentence(digit, direction, pixels, p, share):
    """Return what is seen after a shift."""
    where = "Where it stands" if pixels == 0 else f"{pixels} pixel{'s' * (pixels > 1)} {direction}"
    says = [f"{words} a {p[name].argmax()}, p = {number(p[name].max(), 3)}"
            for name, words in (("dense", "the dense network reads"), ("conv", "the convolutional one"))]  # fmt: skip
    percent = [f"{100 * share[name]:.0f} %" for name in ("dense", "conv")]
    return f"{where}: {says[0]}; {says[1]}. Of all unseen digits they read {percent[0]} and {percent[1]}."


def questions(digit, frames):
    """Return the questions before the first step (how many are still read?) and the second (who reads this one?)."""
    share = frames[1]["dense_right"]
    choices = {"95 %": 95, "75 %": 75, "50 %": 50, "25 %": 25}
    nearest = int(np.argmin([abs(share - percent) for percent in choices.values()]))
    read = [bool(frames[2][name] == digit) for name in ("dense_says", "conv_says")]
    who = [[True, True], [False, True], [True, False], [False, False]]
    return [
        Ask(1, f"The dense network reads {frames[0]['dense_right']:.0f} % of unseen digits. After one pixel about ...",
            list(choices), nearest,
            f"{share:.0f} %: what it learned for a pixel says nothing about the next."),
        Ask(2, f"Another pixel. Who reads the {digit} now?",
            ["both", "convolutional alone", "dense alone", "neither"], who.index(read),
            f"Of all unseen digits, {frames[2]['dense_right']:.0f} % and {frames[2]['conv_right']:.0f} % are read."),
    ]  # fmt: skip


class ShiftBars(Demo):
    """A digit that moves pixel by pixel before a dense and a convolutional network.

    Parameters
    ----------
    digit, direction
        What to start with, as for `record`.
    """

    def __init__(self, digit=3, *, direction="right"):
        fields = [
            controls.slider("digit", 0, 9, digit, step=1, label="Digit"),
            controls.choice("direction", list(DIRECTIONS), direction, label="It moves"),
        ]
        presets = {
            f"a{'n' * (d == 8)} {d}, {way}": {"digit": d, "direction": way}
            for d, way in [(3, "right"), (0, "right"), (1, "left"), (4, "down"), (5, "left"), (7, "up"), (8, "down")]
        }
        recorded = grid(digit=range(10), direction=list(DIRECTIONS))
        super().__init__(record, fields, presets, recorded=recorded)
