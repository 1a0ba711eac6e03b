"""Convolution stepper: a kernel slides over an image; products, their sum, and the map that grows from it.

What libraries call a convolution is the cross-correlation: the kernel is laid on the image as it is. The convolution
of mathematics turns the kernel by 180 degrees first. On the lecture's 7x7 curve the two give 6600 and 3600.
"""

import numpy as np

from plainnet.conv import conv2d
from plainnet.demos import controls
from plainnet.demos.parts import matrix
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

CURVE = np.zeros((7, 7))  # the lecture's curve detector
CURVE[[0, 1, 2, 3, 4, 5], [5, 4, 3, 3, 3, 3]] = 30
FITTING = np.zeros((7, 7))  # a part of an image that has such a curve
FITTING[0, 6], FITTING[1, 4:], FITTING[2, 3:5], FITTING[3:, 3:5] = 30, 50, (20, 50), 50
OTHER = np.zeros((7, 7))  # another part of the image, without it
OTHER[[1, 2, 2, 3, 3], [1, 0, 2, 0, 1]] = 40, 40, 40, 40, 20
OTHER[[4, 5, 6, 6, 6], [1, 2, 0, 1, 3]] = 50, 50, 25, 25, 50
SMALL = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
CROSS = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
CORNERS = np.array([[10, 0, -10], [0, 0, 0], [-10, 0, 10]])
SLOPE = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SQUARE = np.pad(np.ones((4, 4)), 2)
MOST_PIXELS, MOST_KERNEL, MOST_STACKED = 10, 7, 4


def example(x, w, **settings):
    """Return the values of all controls for an image and a kernel."""
    return {
        "x": np.asarray(x).tolist(),
        "w": np.asarray(w).tolist(),
        "flip": False,
        "stride": 1,
        "padding": 0,
        **settings,
    }


PRESETS = {
    "5×5 image, 3×3 kernel": example(SMALL, CROSS),
    "5×5 image, padding 1": example(SMALL, CROSS, padding=1),
    "5×5 image, stride 2": example(SMALL, CROSS, stride=2),
    "Curve meets its detector": example(FITTING, CURVE),
    "The same, kernel turned": example(FITTING, CURVE, flip=True),
    "Another curve": example(OTHER, CURVE),
    "Corners of a square": example(SQUARE, CORNERS),
    "Upright edges of a square": example(SQUARE, SLOPE),
    "8×8, stride 3": example(SQUARE, SLOPE, stride=3),
}


def record(x=SMALL, w=CROSS, flip=False, stride=1, padding=0, correlate=None):
    """Record a kernel on its way over an image.

    Parameters
    ----------
    x : (H, W) array_like of at most 10 x 10
        One image of one channel.
    w : (k, k) array_like, k at most 7
        The kernel.
    flip : bool
        Whether the kernel is turned by 180 degrees first: the convolution of mathematics.
    stride, padding : int
        As for `plainnet.conv2d`.
    correlate : function (x, w) -> array, optional
        A student's own cross-correlation of the padded image at stride 1; it is compared with the library's.

    Returns
    -------
    Recording
    """
    x, w, stride, padding = (
        grid_of("image", x, MOST_PIXELS),
        grid_of("kernel", w, MOST_KERNEL),
        int(stride),
        int(padding),
    )
    used = w[::-1, ::-1] if flip else w
    y = conv2d(x[None, :, :, None], used[:, :, None, None], np.zeros(1), stride=stride, padding=padding)
    y = y.data[0, :, :, 0]
    padded, k = np.pad(x, padding), len(w)
    own = None if correlate is None else student_map(correlate, padded, used, stride, y.shape)
    frames = [overview(x, y, k, stride, padding, padded)]
    for known, (i, j) in enumerate(np.ndindex(y.shape), start=1):
        top, left = i * stride, j * stride
        products = padded[top : top + k, left : left + k] * used
        words = f"Output row {i + 1}, column {j + 1}: {summed(products, y[i, j])}."
        if own is not None and not np.isclose(own[i, j], y[i, j]):
            words += f" Your function says {number(own[i, j], 6)} here."
        frames.append({
            "text": words, "x": padded, "window": np.array([top, left, k, k]), "products": products,
            "known": known, "multiplied": k * k, "here": np.array([i, j, 1, 1]),
        })  # fmt: skip
    return Recording(
        frames,
        title="Convolution" if flip else "Cross-correlation",
        description=f"A {k} by {k} kernel slides over an image of {x.shape[0]} by {x.shape[1]} pixels with stride "
        f"{stride} and padding {padding}. At each place the pixels under it are multiplied by its entries and summed: "
        f"one number of the {y.shape[0]} by {y.shape[1]} map.",
        parts=[panels(k, flip, padding)],
        static={"w": used, "y": y},
        asks=questions(x, w, flip, y, padded, stride),
        rate=1.5,
    )  # fmt: skip


def panels(k, flip, padding):
    """Return the parts from left to right: a small kernel above its products, a large one beside them: legible."""
    image = matrix("x", highlight="window", edit=None if padding else "x", colour=True, width=1.5,
                   title="Image with its border of zeros" if padding else "Image")  # fmt: skip
    kernel = matrix("w", edit=None if flip else "w", colour=True, title="Kernel, turned by 180°" if flip else "Kernel")
    products = matrix("products", known="multiplied", colour=True, title="Products")
    sums = matrix("y", known="known", highlight="here", colour=True, width=1.2, title="Map: the sums")
    if k <= MOST_STACKED:
        return [image, [kernel, products], sums]
    return [{**image, "width": 1}, kernel, products, {**sums, "width": 0.5}]


def grid_of(what, values, most):
    """Return a matrix of numbers; a ValueError says what it should be."""
    array = np.asarray(values, float)
    if array.ndim != 2 or max(array.shape) > most or (what == "kernel" and array.shape[0] != array.shape[1]):
        square = "square " if what == "kernel" else ""
        raise ValueError(f"the {what} should be a {square}matrix of at most {most} by {most}; got shape {array.shape}")
    return array


def student_map(correlate, padded, used, stride, shape):
    """Return the map that a student's function gives; a ValueError says what is wrong with its shape."""
    own = np.asarray(correlate(padded.copy(), used.copy()), float)
    wanted = tuple(n - len(used) + 1 for n in padded.shape)
    if own.shape != wanted:
        raise ValueError(
            f"your function returned the shape {own.shape} for an image of {padded.shape} and a kernel of "
            f"{used.shape}; there are {wanted[0]} by {wanted[1]} places for the kernel"
        )
    return own[::stride, ::stride][: shape[0], : shape[1]]


def overview(x, y, k, stride, padding, padded):
    """Return the frame before the first step: how large the map will be, and why."""
    size = [f"⌊({n} + 2·{padding} − {k}) / {stride}⌋ + 1 = {m}" for n, m in zip(x.shape, y.shape)]
    left_over = [(n + 2 * padding - k) % stride for n in x.shape]
    words = f"How large is the map? {size[0]}" + (f" rows, {size[1]} columns." if size[0] != size[1] else " each way.")
    if any(left_over):
        sides = [f"{n} {side}{'s' * (n != 1)}" for n, side in zip(left_over, ("row", "column")) if n]
        words += f" The last {' and '.join(sides)} are never reached: the division is rounded down."
    return {
        "text": words, "x": padded, "window": np.array([-1, -1, 0, 0]), "products": np.zeros((k, k)),
        "known": 0, "multiplied": 0, "here": np.array([-1, -1, 0, 0]),
    }  # fmt: skip


def summed(products, total, most=6):
    """Return the sum of the products in words: those that are not zero."""
    terms = [number(p, 4) for p in products.ravel() if p != 0]
    if len(terms) < 2:
        terms = [*(terms or ["0"]), "0", "…"]
    elif len(terms) > most:
        terms = [*terms[: most - 1], "…", terms[-1]]
    return " + ".join(terms).replace("+ −", "− ") + f" = {number(total, 6)}"


def questions(x, w, flip, y, padded, stride):
    """Return the question before the first number of the map: a guess among results of likely slips."""
    k = len(w)
    right = y[0, 0]
    window = padded[:k, :k]
    guesses = [np.sum(window * (w if flip else w[::-1, ::-1])), np.sum(window), right + 1500 if k == 7 else right + 1]
    choices = list(dict.fromkeys(number(value, 6) for value in [*guesses, right]))
    choices.sort(key=lambda words: float(words.replace("−", "-")))
    why = "Each pixel under the kernel times the kernel's entry on top of it, all summed"
    why += ", after the kernel was turned." if flip else "; the kernel is not turned."
    return [Ask(1, "What is the first number of the map?", choices, choices.index(number(right, 6)), why)]


class ConvolutionStepper(Demo):
    """A kernel that slides over an image, with every product and sum.

    Parameters
    ----------
    x, w, flip, stride, padding
        What to start with, as for `record`.
    correlate : function (x, w) -> array, optional
        Your own cross-correlation of a matrix with a kernel: where it differs from the library's, the demo says so.
    """

    def __init__(self, x=SMALL, w=CROSS, *, flip=False, stride=1, padding=0, correlate=None):
        def record_with(**settings):
            return record(**settings, correlate=correlate)

        start = example(x, w, flip=flip, stride=stride, padding=padding)
        fields = [
            controls.hidden("x", start["x"]),
            controls.hidden("w", start["w"]),
            controls.toggle("flip", flip, label="Turn the kernel (true convolution)"),
            controls.slider("stride", 1, 3, stride, step=1, label="Stride"),
            controls.slider("padding", 0, 2, padding, step=1, label="Padding"),
        ]
        recorded = [
            example(SMALL, CROSS, flip=turned, stride=step, padding=border)
            for turned in (False, True)
            for step in (1, 2, 3)
            for border in (0, 1, 2)
        ]
        recorded += [{**PRESETS[name], "flip": True} for name in PRESETS]
        super().__init__(record_with, fields, PRESETS, recorded=recorded)
