"""Pooling stepper: a window strides over an image and keeps one number; on the way back, gradients find their pixels.

The lecture's 6x6 example has ties in seven of its nine windows: of several largest values the first takes the whole
gradient, so that what arrives in all is what was sent, and not twice as much.
"""

import numpy as np

from plainnet.autograd import Tensor
from plainnet.conv import avg_pool2d, max_pool2d
from plainnet.demos import controls
from plainnet.demos.parts import matrix
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number

LECTURE = np.array([[9, 0, 2, 1, 0, 9],
                    [6, 9, 1, 2, 9, 0],
                    [3, 1, 9, 9, 2, 3],
                    [0, 2, 9, 9, 1, 0],
                    [1, 9, 2, 1, 9, 1],
                    [9, 3, 0, 2, 3, 9]])  # fmt: skip
LATER_SLIDE = LECTURE.copy()  # two slides on, its third row has other numbers
LATER_SLIDE[2, 4:] = 1
SHIFTED = np.pad(LECTURE[:, :-1], ((0, 0), (1, 0)))  # np.roll would bring the last column back on the left
RAMP = np.arange(1, 26).reshape(5, 5)
BELOW_ZERO = -LECTURE - 1
LARGEST, MEAN = "largest (max)", "mean (average)"
POOLS = {LARGEST: max_pool2d, MEAN: avg_pool2d}
MOST_PIXELS = 8


def example(x, **settings):
    """Return the values of all controls for an image."""
    return {"x": np.asarray(x).tolist(), "keeps": LARGEST, "kernel_size": 2, "stride": 2, **settings}


PRESETS = {
    "The lecture's 6×6": example(LECTURE),
    "The same, mean of each window": example(LECTURE, keeps=MEAN),
    "A later slide: another third row": example(LATER_SLIDE),
    "The lecture's image, one pixel to the right": example(SHIFTED),
    "Overlapping windows": example(LECTURE, kernel_size=3, stride=1),
    "5×5: what no window reaches": example(RAMP),
    "All below zero": example(BELOW_ZERO),
}


def record(x=LECTURE, keeps=LARGEST, kernel_size=2, stride=2, pool=None):
    """Record pooling of one image window by window, then its gradient on the way back.

    Parameters
    ----------
    x : (H, W) array_like of at most 8 x 8
        One image of one channel.
    keeps : str
        "largest (max)" or "mean (average)".
    kernel_size, stride : int
        As for `plainnet.max_pool2d`.
    pool : function (x, kernel_size, stride) -> array, optional
        A student's own pooling of a matrix; where it differs from the library's, the demo says so.

    Returns
    -------
    Recording
    """
    x, k, stride = np.asarray(x, float), int(kernel_size), int(stride)
    if x.ndim != 2 or max(x.shape) > MOST_PIXELS:
        raise ValueError(f"the image should be a matrix of at most {MOST_PIXELS} by {MOST_PIXELS}; got shape {x.shape}")
    if keeps not in POOLS:
        raise ValueError(f"a window keeps one of {list(POOLS)}; got {keeps!r}")
    image = Tensor(x[None, :, :, None], requires_grad=True)
    out = POOLS[keeps](image, kernel_size=k, stride=stride)
    y = out.data[0, :, :, 0]
    own = y if pool is None else student_map(pool, x, k, stride, y.shape)
    places = list(np.ndindex(y.shape))
    windows = [np.array([i * stride, j * stride, k, k]) for i, j in places]
    arrived = np.zeros_like(x)

    def frame(text, known, n=None, sent=0):
        nowhere = np.array([-1, -1, 0, 0])
        window = nowhere if n is None else windows[n]
        here = nowhere if n is None else np.array([*places[n], 1, 1])
        return {"text": text, "known": known, "window": window, "here": here, "grad_x": arrived, "sent": sent}

    frames = [frame("Each window keeps one number. Forward first.", known=0)]
    for n, (top, left, _, _) in enumerate(windows):
        words = kept(x[top : top + k, left : left + k], y[places[n]], keeps)
        if not np.isclose(own[places[n]], y[places[n]]):
            words += f" Your function says {number(own[places[n]])} here."
        frames.append(frame(words, known=n + 1, n=n))
    for n, share in enumerate(shares(image, out)):
        arrived = arrived + share
        frames.append(frame(routed(share, keeps), known=y.size, n=n, sent=n + 1))
    total = f"Sent back: {y.size} times 1. Arrived: {number(arrived.sum())} in all."
    frames.append(frame(total, known=y.size, sent=y.size))
    return Recording(
        frames,
        title="Max pooling" if keeps == LARGEST else "Average pooling",
        description=f"A window of {k} by {k} pixels with stride {stride} moves over an image of {x.shape[0]} by "
        f"{x.shape[1]} pixels and keeps the {keeps.split()[0]} of its numbers: {y.shape[0]} by {y.shape[1]} are left. "
        "Then a gradient of 1 goes back from each of them to the pixels that it came from.",
        parts=[[
            matrix("x", highlight="window", edit="x", colour=True, title="Image x"),
            [matrix("y", known="known", highlight="here", colour=True, title="Pooled y"),
             matrix("g", known="sent", highlight="here", title="Sent back: ∂L/∂y")],
            matrix("grad_x", highlight="window", colour=True, title="Arrives: ∂L/∂x"),
        ]],
        static={"x": x, "y": y, "g": np.ones(y.shape)},
        asks=[question(x, y, k, stride, keeps)],
        key_frame=len(places) + 1,
        rate=1.5,
    )  # fmt: skip


def student_map(pool, x, k, stride, shape):
    """Return the map that a student's function gives; a ValueError says what is wrong with its shape."""
    own = np.asarray(pool(x.copy(), k, stride), float)
    if own.shape != shape:
        raise ValueError(f"your function returned the shape {own.shape}; windows of {k} by {k} make it {shape} here")
    return own


def shares(image, out):
    """Yield for each window the gradient (H, W) that a 1 sent back from it alone brings to the image."""
    for i, j in np.ndindex(out.shape[1:3]):
        g = np.zeros(out.shape)
        g[0, i, j, 0] = 1
        (_, share), = out.op.gradients(g, out)  # fmt: skip
        yield share[0, :, :, 0]


def kept(window, value, keeps):
    """Return in words what a window keeps, and why."""
    numbers = ", ".join(number(v) for v in window.ravel())
    if keeps == MEAN:
        return f"The mean of {numbers} is {number(value)}."
    ties = int(np.sum(window == value))
    return f"The largest of {numbers} is {number(value)}" + (f"; it stands here {ties} times." if ties > 1 else ".")


def routed(share, keeps):
    """Return in words where the gradient of one window went."""
    if keeps == MEAN:
        return f"Every pixel of the window had the same part in the mean: each receives {number(share.max())}."
    row, column = np.argwhere(share)[0] + 1
    return f"The 1 goes to the pixel that won, row {row}, column {column}; the first one, where several are largest."


def question(x, y, k, stride, keeps):
    """Return the question before the gradient's way back: who receives it where several are largest?"""
    first_back = y.size + 1
    if keeps == MEAN:
        choices = ["1 each", f"1/{k * k} each", "only the largest"]
        return Ask(
            first_back, "A 1 goes back to a window. Who receives how much?", choices, 1, "The mean divides by k²."
        )
    ties = sum(
        int(np.sum(x[i * stride : i * stride + k, j * stride : j * stride + k] == y[i, j]) > 1)
        for i, j in np.ndindex(y.shape)
    )
    if ties == 0:
        choices = [f"1/{k * k} each", "the largest, alone", "each the whole 1"]
        return Ask(first_back, "A 1 goes back to a window. Who receives how much?", choices, 1, "Only it reached y.")
    return Ask(
        first_back,
        f"{ties} of the {y.size} windows have more than one largest. Who receives the gradient?",
        ["each, whole", "the first", "each, a part"],
        1,
        "One of them has to: whole gradients for all would add up to more than was sent. plainnet takes the first.",
    )


class PoolingStepper(Demo):
    """A window that strides over an image, and gradients that find their way back.

    Parameters
    ----------
    x, keeps, kernel_size, stride
        What to start with, as for `record`.
    pool : function (x, kernel_size, stride) -> array, optional
        Your own max pooling of a matrix: where it differs from the library's, the demo says so.
    """

    def __init__(self, x=LECTURE, *, keeps=LARGEST, kernel_size=2, stride=2, pool=None):
        def record_with(**settings):
            return record(**settings, pool=pool)

        start = example(x, keeps=keeps, kernel_size=kernel_size, stride=stride)
        fields = [
            controls.hidden("x", start["x"]),
            controls.choice("keeps", list(POOLS), keeps, label="A window keeps the"),
            controls.slider("kernel_size", 2, 3, kernel_size, step=1, label="Window"),
            controls.slider("stride", 1, 3, stride, step=1, label="Stride"),
        ]
        recorded = grid(keeps=list(POOLS), kernel_size=[2, 3], stride=[1, 2, 3])
        super().__init__(record_with, fields, PRESETS, recorded=recorded)
