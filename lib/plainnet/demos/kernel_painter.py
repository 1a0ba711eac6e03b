"""Kernel painter: a picture that the audience draws, a kernel that it edits, and the map that comes out.

One kernel of nine numbers decides what a map shows: upright edges, level edges, corners, blur. What a kernel answers to
an even area is the sum of its numbers, so kernels that sum to 0 see changes alone.
"""

import numpy as np

from plainnet import data
from plainnet.conv import conv2d
from plainnet.demos import controls
from plainnet.demos.convolution_stepper import CORNERS, SLOPE
from plainnet.demos.parts import heat_map, matrix
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

SIZE, KERNEL = 16, 3
row, column = np.indices((SIZE, SIZE))
SQUARE = ((row >= 4) & (row < 12) & (column >= 4) & (column < 12)) * 1.0
DISC = (np.hypot(row - 7.5, column - 7.5) < 6) * 1.0
STRIPES = (column // 2 % 2) * 1.0
MEAN = np.full((3, 3), 1 / 9)
FOUR_SIDES = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]])
SHARPEN = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]])
LEFT_NEIGHBOUR = np.array([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
NOWHERE = np.array([-1, -1, 0, 0])


def digit():
    """Return a handwritten 3 of the data, each of its 8x8 pixels drawn as 2x2: (16, 16) in 0..1."""
    x, t = data.digits()
    return np.kron(x[np.flatnonzero(t == 3)[1], :, :, 0], np.ones((2, 2)))


def example(drawing, w):
    """Return the values of the two controls."""
    return {"drawing": np.asarray(drawing, float).round(1).tolist(), "w": np.asarray(w, float).tolist()}


def presets():
    """Return pictures and kernels that show something together."""
    three = digit()
    return {
        "a 3, upright edges": example(three, SLOPE),
        "a 3, level edges": example(three, SLOPE.T),
        "a 3, mean of nine pixels": example(three, MEAN),
        "a 3, sharper": example(three, SHARPEN),
        "a 3, one pixel to the right": example(three, LEFT_NEIGHBOUR),
        "a square, upright edges": example(SQUARE, SLOPE),
        "a square, the deck's kernel": example(SQUARE, CORNERS),
        "a disc, the deck's kernel": example(DISC, CORNERS),
        "a disc, differences to four sides": example(DISC, FOUR_SIDES),
        "stripes, upright edges": example(STRIPES, SLOPE),
        "stripes, level edges": example(STRIPES, SLOPE.T),
        "(clear)": example(np.zeros((SIZE, SIZE)), SLOPE),
    }


def record(drawing=SQUARE, w=SLOPE):
    """Record what a kernel makes of a picture.

    Parameters
    ----------
    drawing : (16, 16) array_like in 0..1
        Paper is 0, ink is 1.
    w : (3, 3) array_like
        The kernel; it is not turned.

    Returns
    -------
    Recording
    """
    drawing, w = of_shape("drawing", drawing, SIZE), of_shape("kernel", w, KERNEL)
    y = conv2d(drawing[None, :, :, None], w[:, :, None, None], np.zeros(1)).data[0, :, :, 0]
    return Recording(
        list(steps(drawing, w, y)),
        title="Kernel painter",
        description=f"A picture of {SIZE} by {SIZE} pixels, a kernel of {KERNEL} by {KERNEL} numbers, and the map of "
        f"{len(y)} by {len(y)} numbers that the kernel gives on its way over the picture: orange above zero, blue "
        "below. Picture and kernel can be changed.",
        parts=[[
            heat_map("drawing", edit="drawing", grey=True, limit=1, highlight="window", width=1.4,
                     title=f"Draw here, {SIZE}×{SIZE}"),
            [matrix("w", edit="w", colour=True, title="Kernel"),
             matrix("products", known="multiplied", colour=True, title="Products under the frame")],
            heat_map("map", limit=float(np.abs(y).max()) or 1.0, highlight="here", width=1.4,
                     title=f"Map, {len(y)}×{len(y)}"),
        ]],
        static={"drawing": drawing, "w": w},
        asks=[question(w)],
        key_frame=3,  # on paper: the map with its largest number
        rate=0.5,
    )  # fmt: skip


def steps(drawing, w, y):
    """Yield the frames: an even area, the whole map, its two extremes, and what a ReLU leaves."""
    blank = {"window": NOWHERE, "here": NOWHERE, "products": np.zeros(w.shape), "multiplied": 0}
    yield {
        **blank, "map": np.zeros_like(y),
        "text": "Nine numbers slide over the picture. Each place gives one number: the sum of nine products.",
    }  # fmt: skip
    yield {
        **blank, "map": np.zeros_like(y), "products": w, "multiplied": w.size,
        "text": f"On even ink, nine pixels of 1, the products are the kernel itself: their sum is {number(w.sum())}.",
    }  # fmt: skip
    inked = np.count_nonzero(~np.isclose(y, 0))
    yield {**blank, "map": y, "text": f"At all {y.size} places: {inked} numbers of the map are not 0."}
    for word, at in (("largest", np.argmax(y)), ("smallest", np.argmin(y))):
        i, j = np.unravel_index(at, y.shape)
        yield {
            "map": y, "window": np.array([i, j, *w.shape]), "here": np.array([i, j, 1, 1]), "multiplied": w.size,
            "products": drawing[i : i + len(w), j : j + len(w)] * w,
            "text": f"The {word} number, {number(y[i, j])}, stands in row {i + 1}, column {j + 1}.",
        }  # fmt: skip
    left = np.count_nonzero(y > 1e-9)
    yield {**blank, "map": np.maximum(y, 0), "text": f"After a ReLU {left} of {y.size} numbers are left above 0."}


def of_shape(what, values, size):
    """Return a square matrix of numbers; a ValueError says what it should be."""
    array = np.asarray(values, float)
    if array.shape != (size, size):
        raise ValueError(f"the {what} has {size} by {size} numbers; got shape {array.shape}")
    return array


def question(w):
    """Return the question before an even area is shown: what does the kernel say there?"""
    guesses = [w.sum(), w.max(), np.abs(w).sum(), w[KERNEL // 2, KERNEL // 2], w.sum() + 1]
    choices = list(dict.fromkeys(number(guess) for guess in guesses))[:4]
    choices.sort(key=lambda words: float(words.replace("−", "-")))
    why = "All pixels are 1, so the sum of the products is the sum of the kernel's numbers."
    return Ask(
        1,
        "What does this kernel answer where all nine pixels are ink, 1?",
        choices,
        choices.index(number(w.sum())),
        why,
    )


class KernelPainter(Demo):
    """A drawing and a kernel of nine numbers, both open to change, with the map that they give.

    Parameters
    ----------
    drawing : (16, 16) array_like in 0..1, optional
        The picture to start with; a handwritten 3 by default.
    w : (3, 3) array_like
        The kernel to start with.
    """

    def __init__(self, drawing=None, w=SLOPE):
        start = example(digit() if drawing is None else drawing, w)
        fields = [controls.hidden("drawing", start["drawing"]), controls.hidden("w", start["w"])]
        super().__init__(record, fields, presets())
