"""Feature maps: a drawn digit on its way through a convolutional network, one kernel at a time.

The network is the trained one of `digit_reader`: two layers of 16 kernels, pooling, a dense layer. The last frame says
which of its maps speak for the digit that it reads, and which against.
"""

import numpy as np

from plainnet.autograd import no_grad
from plainnet.demos import controls
from plainnet.demos.digit_reader import CANVAS, FILTERS, SIZE, as_drawing, as_in_the_data, digit_reader
from plainnet.demos.draw_digit import examples
from plainnet.demos.parts import bars, heat_map, image_grid
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

SHARES = {"about a quarter": 0.25, "about a half": 0.5, "about three quarters": 0.75, "nearly all": 1.0}
HALF = SIZE // 2


def record(drawing, kernel=1):
    """Record a drawing on its way through the network, with one kernel of the first layer in close-up.

    Parameters
    ----------
    drawing : (16, 16) array_like
        Ink above zero.
    kernel : int in 1..16
        Which kernel of the first layer to look at.

    Returns
    -------
    Recording
    """
    drawing = as_drawing(drawing)
    f = int(kernel) - 1
    if not 0 <= f < FILTERS:
        raise ValueError(f"expected a kernel 1..{FILTERS}; got {kernel}")
    x = as_in_the_data(drawing > 0)
    first, second, pooled, z = layers(x)
    w = digit_reader().layers[0].w.data[:, :, 0, f]
    order = np.argsort(-z, kind="stable")
    voices = speak(pooled, order[0], order[1])
    frames = steps(x, w, first[f], first, second, pooled, voices, order)
    limit = float(np.abs(first[f]).max()) or 1.0
    return Recording(
        list(frames),
        title="Feature maps",
        description=f"A drawing of a digit, kernel {kernel} of the first layer with its map, the {FILTERS} maps of "
        "both layers after ReLU, what pooling leaves of them, and how much each pooled map speaks for the digit that "
        "is read against the next one.",
        parts=[
            [heat_map("drawing", edit="drawing", grey=True, limit=1, title="Draw here"),
             heat_map("x", grey=True, limit=1, title="What it sees"),
             heat_map("w", limit=float(np.abs(w).max()), title=f"Kernel {kernel}"),
             heat_map("map", limit=limit, title="Its map"),
             bars("voices", [str(k + 1) for k in range(FILTERS)], y="logit", title="For and against", width=1.5)],
            [image_grid("first", columns=6, title="First layer"),
             image_grid("second", columns=6, title="Second layer"),
             image_grid("pooled", columns=6, title="Pooled")],
        ],
        static={"drawing": (drawing > 0) * 1.0, "x": x, "w": w},
        asks=[question(second, pooled)],
        key_frame=-1,
    )  # fmt: skip


def layers(x):
    """Return the maps of the first layer before ReLU, of the second after it, and after pooling, and the logits."""
    y, seen = x[None, :, :, None].astype(np.float32), []
    with no_grad():
        for layer in digit_reader().layers:
            y = layer(y)
            seen.append(y.data[0])
    first, _, _, second, pooled = (maps.transpose(2, 0, 1).copy() for maps in seen[:5])
    return first, second, pooled, seen[-1]


def speak(pooled, best, second):
    """Return for each pooled map how much it adds to the best logit minus the second one: (16,)."""
    dense = digit_reader().layers[-1].w.data.reshape(HALF, HALF, FILTERS, 10)
    return np.einsum("fhw,hwf->f", pooled, dense[..., best] - dense[..., second])


def steps(x, w, own, first, second, pooled, voices, order):
    """Yield the frames; what is not computed yet is blank."""
    blank = {"map": np.zeros_like(own), "first": np.zeros_like(first), "second": np.zeros_like(second),
             "pooled": np.zeros_like(pooled), "voices": np.zeros(FILTERS)}  # fmt: skip
    yield {**blank, "text": f"The drawing becomes an image of {SIZE}×{SIZE} pixels, {np.count_nonzero(x)} with ink."}
    seen = blank | {"map": own}
    words = f"from {number(own.min(), 3)} to {number(own.max(), 3)}" if x.any() else "one number everywhere, its bias"
    yield {**seen, "text": f"One kernel slides over it: its map has {SIZE}×{SIZE} numbers, {words}."}
    after = np.maximum(own, 0)
    seen = seen | {"map": after}
    yield {**seen, "text": f"ReLU: {np.count_nonzero(after)} of {own.size} numbers of this map are left above 0."}
    seen = seen | {"first": np.maximum(first, 0)}
    yield {**seen, "text": f"All {FILTERS} kernels of the first layer: {FILTERS} maps of the same image, after ReLU."}
    seen = seen | {"second": second}
    yield {**seen, "text": f"The second layer reads all {FILTERS} maps at once, and makes {FILTERS} new ones."}
    seen = seen | {"pooled": pooled}
    kept = f"{pooled.size} of {second.size:,} numbers are left"
    yield {
        **seen,
        "text": f"Pooling keeps the largest of each 2×2: {kept}, with {share(second, pooled):.0%} of the sum.",
    }
    most = int(np.argmax(voices)) + 1
    yield {
        **seen, "voices": voices,
        "text": f"The dense layer reads a {order[0]}. Against a {order[1]}, the next, map {most} speaks loudest for "
        f"it: {number(voices.max(), 3)} of {number(voices.sum(), 3)}.",
    }  # fmt: skip


def share(second, pooled):
    """Return which part of the sum of all maps the pooled numbers hold."""
    total = float(second.sum())
    return float(pooled.sum()) / total if total else 0.0


def question(second, pooled):
    """Return the question before pooling: what is left of the sum?"""
    part = share(second, pooled)
    answer = int(np.argmin([abs(part - value) for value in SHARES.values()]))
    why = f"{part:.0%}: the largest of four numbers holds more than a quarter of their sum, unless all are equal."
    return Ask(5, "Pooling will keep a quarter of the numbers. What share of their sum?", list(SHARES), answer, why)


class FeatureMaps(Demo):
    """A drawing and what each layer of a trained network makes of it.

    Parameters
    ----------
    kernel : int in 1..16
        Which kernel of the first layer to look at.
    """

    def __init__(self, kernel=1):
        drawings = {name: values["drawing"] for name, values in examples().items()}
        start = drawings["a 3 from the data"]
        presets = {name: {"drawing": drawing, "kernel": kernel} for name, drawing in drawings.items()}
        presets |= {f"a 3, kernel {k}": {"drawing": start, "kernel": k} for k in (4, 8, 16)}
        presets["(clear)"] = {"drawing": np.zeros((CANVAS, CANVAS)).tolist(), "kernel": kernel}
        fields = [
            controls.hidden("drawing", start),
            controls.slider("kernel", 1, FILTERS, kernel, step=1, label="Kernel"),
        ]
        super().__init__(record, fields, presets)
