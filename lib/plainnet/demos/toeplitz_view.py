"""Convolution as a matrix: most of a dense layer's weights are set to 0, the others are made equal, and three are left.

The matrix is found with the library alone: its column j is what the layer answers to an input that is 1 at place j and
0 elsewhere. The gradient with respect to the input is the transposed matrix times the gradient that comes back.
"""

import numpy as np

from plainnet.conv import conv2d
from plainnet.demos import controls
from plainnet.demos.parts import heat_map, matrix
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number

LINE, IMAGE = "a line of pixels", "a square image"
MOST_NUMBERS = 12  # rows and columns that are shown as numbers; larger matrices are shown as colours
FEW_ROWS = 9
NOWHERE = np.array([-1, -1, 0, 0])


def record(signal=LINE, n=5, kernel_size=3, stride=1):
    """Record a convolutional layer as a matrix, from a dense one to the way back.

    Parameters
    ----------
    signal : str
        "a line of pixels" or "a square image".
    n : int in 3..8
        Pixels of the line, or of a side of the image.
    kernel_size : int
        1, 3 or 5; zeros are padded so that stride 1 keeps the size.
    stride : int
        The step from one window to the next.

    Returns
    -------
    Recording
    """
    if signal not in (LINE, IMAGE):
        raise ValueError(f"expected {LINE!r} or {IMAGE!r}; got {signal!r}")
    n, k, stride = int(n), int(kernel_size), int(stride)
    if k % 2 == 0:
        raise ValueError(f"expected an odd kernel size, so that the kernel has a middle; got {k}")
    shape = (n, n if signal == IMAGE else 1)
    w = kernel(signal, k)
    T = as_matrix(shape, w, stride)
    rng = np.random.default_rng(0)
    x = rng.integers(0, 4, size=shape) * 1.0
    y = forward(x, w, stride)
    g = rng.integers(-2, 3, size=y.shape) * 1.0
    grad_x = T.T @ g.ravel()
    weights = len(np.unique(T[T != 0]))  # entries of the kernel that ever lie on the signal
    return Recording(
        list(steps(T, x, y, g, grad_x, weights, rng)),
        title="Convolution as a matrix",
        description=f"A layer from {T.shape[1]} inputs to {T.shape[0]} outputs as a matrix of {T.size} places: dense, "
        f"then local, then with one kernel of {weights} weights for all outputs. Beside it the input, the "
        "output, the gradient that comes back, and what it becomes at the input.",
        parts=[[
            weights_part(T),
            [matrix("x", colour=True, title="Input x"),
             matrix("y", known="known", colour=True, title="Output y = T x")],
            [matrix("g", known="back", colour=True, title="Gradient g = ∂L/∂y"),
             matrix("grad_x", known="arrived", colour=True, title="∂L/∂x = Tᵀ g")],
        ]],
        static={"x": flat(x), "y": flat(y), "g": flat(g), "grad_x": flat(grad_x.reshape(shape))},
        asks=questions(T, weights, k),
    )  # fmt: skip


def weights_part(T):
    """Return what draws the matrix: numbers where there is room for them, else colours."""
    look = {"highlight": "framed", "title": "Weights: a row for each output", "width": 2.2}
    if max(T.shape) <= MOST_NUMBERS:
        return matrix("matrix", colour=True, **look)
    return heat_map("matrix", x="input (number)", y="output (number)", **look)


def kernel(signal, k):
    """Return a kernel (k, k) with the weights 1, 2, 3, ...; that of a line has them in its middle column."""
    if signal == IMAGE:
        return np.arange(1.0, k * k + 1).reshape(k, k)
    w = np.zeros((k, k))
    w[:, k // 2] = np.arange(1.0, k + 1)
    return w


def forward(x, w, stride):
    """Return the map of one image (H, W), padded so that stride 1 keeps its size."""
    y = conv2d(x[None, :, :, None], w[:, :, None, None], np.zeros(1), stride=stride, padding=len(w) // 2)
    return y.data[0, :, :, 0]


def as_matrix(shape, w, stride):
    """Return the layer as a matrix (outputs, inputs): column j is its answer to a single 1 at place j."""
    units = np.eye(shape[0] * shape[1]).reshape(-1, *shape)
    return np.stack([forward(unit, w, stride).ravel() for unit in units], axis=1)


def flat(x):
    """Return a line of pixels as one row, an image as it is."""
    return x.T if x.shape[1] == 1 else x


def steps(T, x, y, g, grad_x, weights, rng):
    """Yield the frames: dense, local, shared; then outputs, row by row; then the way back, column by column."""
    outputs, inputs = T.shape
    dense = rng.permutation(np.arange(1, T.size + 1)).reshape(T.shape) * 1.0
    here = {"framed": NOWHERE, "known": 0, "back": 0, "arrived": 0}
    yield {
        **here, "matrix": dense,
        "text": f"Dense: each of {outputs} outputs reads each of {inputs} inputs: {T.size} weights, all different.",
    }  # fmt: skip
    yield {
        **here, "matrix": np.where(T != 0, dense, 0),
        "text": f"Local: an output reads its neighbourhood alone. {np.count_nonzero(T)} weights are left, "
        f"{np.count_nonzero(T == 0)} are 0 for ever.",
    }  # fmt: skip
    yield {
        **here, "matrix": T,
        "text": f"Shared: all outputs use the same weights, so that they lie in diagonals. {weights} weights are left.",
    }  # fmt: skip
    for i in shown(outputs):
        total = number(y.flat[i], 6)
        yield {
            **here, "matrix": T, "framed": np.array([i, 0, 1, inputs]), "known": i + 1,
            "text": f"Output {i + 1}: row {i + 1} times the input, {summed(T[i], x.ravel())} = {total}.",
        }  # fmt: skip
    for j in shown(inputs):
        yield {
            "matrix": T, "framed": np.array([0, j, outputs, 1]), "known": outputs, "back": outputs, "arrived": j + 1,
            "text": f"The way back: input {j + 1} receives column {j + 1} times the gradient, "
            f"{summed(T[:, j], g.ravel())} = {number(grad_x[j], 6)}.",
        }  # fmt: skip


def shown(count):
    """Return the rows or columns that get a frame: all of a few, else the first ones and the last."""
    return [*range(min(count, FEW_ROWS) - 1), count - 1]


def summed(weights, values):
    """Return the products of weights that are not 0 with values, in words."""
    terms = [
        f"{number(w)}·{number(v)}" if v >= 0 else f"{number(w)}·({number(v)})"
        for w, v in zip(weights, values)
        if w != 0
    ]
    if len(terms) > 6:
        terms = [*terms[:4], "…", terms[-1]]
    return " + ".join(terms or ["0"])


def questions(T, weights, k):
    """Return the questions before the two steps from dense to convolutional."""
    kept = np.count_nonzero(T)
    local = list(dict.fromkeys(str(n) for n in sorted({T.size, kept, k * len(T) + kept // 2, weights, len(T)})))[:5]
    shared = list(dict.fromkeys(str(n) for n in sorted({kept, len(T), weights, weights + 1})))
    return [
        Ask(1, f"Each output keeps its neighbourhood alone. How many of the {T.size} weights are left?", local,
            local.index(str(kept)), "At the border a part of the neighbourhood lies outside."),
        Ask(2, "Now all outputs share their weights. How many are left?", shared, shared.index(str(weights)),
            "One for each entry of the kernel, however long the signal is."),
    ]  # fmt: skip


class ToeplitzView(Demo):
    """A convolutional layer as a matrix: dense, local, shared, and its way back.

    Parameters
    ----------
    signal, n, kernel_size, stride
        What to start with, as for `record`.
    """

    def __init__(self, signal=LINE, n=5, *, kernel_size=3, stride=1):
        fields = [
            controls.choice("signal", [LINE, IMAGE], signal, label="Input"),
            controls.slider("n", 3, 8, n, step=1, label="Pixels on a side"),
            controls.slider("kernel_size", 1, 5, kernel_size, step=2, label="Kernel size"),
            controls.slider("stride", 1, 3, stride, step=1, label="Stride"),
        ]
        presets = {
            "the deck: five pixels": {},
            "a kernel of 5": {"kernel_size": 5},
            "a kernel of 1": {"kernel_size": 1},
            "8 pixels": {"n": 8},
            "8 pixels, stride 2": {"n": 8, "stride": 2},
            "an image of 3×3": {"signal": IMAGE, "n": 3},
            "an image of 5×5": {"signal": IMAGE, "n": 5},
            "an image of 8×8": {"signal": IMAGE, "n": 8},
            "an image of 6×6, stride 2": {"signal": IMAGE, "n": 6, "stride": 2},
        }
        start = {"signal": LINE, "n": 5, "kernel_size": 3, "stride": 1}
        recorded = grid(signal=[LINE], n=range(3, 9), kernel_size=[1, 3, 5], stride=[1, 2])
        super().__init__(record, fields, {name: start | values for name, values in presets.items()}, recorded=recorded)
