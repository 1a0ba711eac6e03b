"""Draw a digit: what the audience draws runs through a small convolutional network, layer by layer, to ten scores.

The drawing becomes an 8x8 image in the way in which the data set was made: cut out, brought to one height, and the ink
counted in each cell. The network is that of `digit_reader`, or a student's own.
"""

import numpy as np

from plainnet import data, nn
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import controls
from plainnet.demos.digit_reader import CANVAS, SIZE, TRAINED_ON, as_drawing, as_in_the_data, canvas, digit_reader
from plainnet.demos.parts import bars, heat_map, image_grid
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo
from plainnet.demos.words import number

NAMES = [str(digit) for digit in range(10)]


def record(drawing, model=None):
    """Record a drawing on its way through the network.

    Parameters
    ----------
    drawing : (16, 16) array_like
        Ink above zero.
    model : callable, optional
        A student's own: images (1, 8, 8, 1) in 0..1 -> logits (1, 10). Layers of an `nn.Sequential` are shown.

    Returns
    -------
    Recording
    """
    drawing = as_drawing(drawing)
    model = model or digit_reader()
    x = as_in_the_data(drawing > 0)
    stages, logits = look_inside(model, x)
    p = np.exp(logits - logits.max())
    p /= p.sum()
    guess = int(np.argmax(p))
    order = np.argsort(-p, kind="stable")
    empty = not drawing.any()
    shape = f"{SIZE}×{SIZE}"
    texts = ["Nothing is drawn yet: draw a digit." if empty else f"The drawing becomes an image of {shape} pixels."]
    texts += [
        f"{len(maps)} maps, {name.lower()}: {' by '.join(map(str, maps.shape[1:]))} numbers each."
        for name, maps in stages
    ]
    texts.append(f"It reads a {guess}, p = {number(p[guess], 3)}; next {order[1]}, p = {number(p[order[1]], 3)}.")
    frames = [{"text": text, "shown": np.zeros(10), "guess": np.array(-1)} for text in texts]
    frames[-1] |= {"shown": p, "guess": np.array(guess)}
    maps = [image_grid(f"maps{k}", title=name) for k, (name, _) in enumerate(stages)]
    return Recording(
        frames,
        title="Draw a digit",
        description="A drawing of a digit, the small image that the network sees, the maps of its layers, and the "
        "probability that it gives to each of the ten digits.",
        parts=[[
            [heat_map("drawing", edit="drawing", grey=True, limit=1, title="Draw here", width=1.5),
             heat_map("x", grey=True, limit=1, title="What it sees")],
            *maps,
            bars("shown", NAMES, y="probability", y_range=[0, 1], highlight="guess", title="What it reads", width=1.6),
        ]],
        static={"drawing": (drawing > 0) * 1.0, "x": x, **{f"maps{k}": seen for k, (_, seen) in enumerate(stages)}},
        asks=[question(order, p, len(frames) - 1)],
    )  # fmt: skip


def look_inside(model, x):
    """Return [(name, maps (F, H, W))] of a network's layers that give images, and the logits (10,)."""
    y, stages = Tensor(x[None, :, :, None].astype(np.float32)), []
    with no_grad():
        if isinstance(model, nn.Sequential):
            for layer in model.layers:
                y = layer(y)
                if y.ndim == 4 and not isinstance(layer, nn.Conv2d):
                    name = "After pooling" if isinstance(layer, nn.MaxPool2d) else "After ReLU"
                    stages.append((name, y.data[0].transpose(2, 0, 1).copy()))
        else:
            y = model(y)
    logits = np.asarray(getattr(y, "data", y), float).reshape(-1)
    if logits.shape != (10,):
        raise ValueError(f"the model should give 10 logits for an image (1, 8, 8, 1); it gave {np.shape(logits)}")
    return stages[-2:], logits


def question(order, p, frame):
    """Return the question before the scores are shown: what will it read?"""
    offered = sorted(int(k) for k in order[:4])
    words = f"p = {number(p[order[0]], 3)}."
    return Ask(frame, "What will the network read?", [NAMES[k] for k in offered], offered.index(int(order[0])), words)


def examples():
    """Return one drawing for each digit, from the part of the data that the network has not seen."""
    x, t = (array[TRAINED_ON:] for array in data.digits())
    chosen = [np.flatnonzero(t == digit)[1] for digit in range(10)]
    return {
        f"{'an' if t[k] == 8 else 'a'} {t[k]} from the data": {"drawing": canvas(x[k]).astype(int).tolist()}
        for k in chosen
    }


class DrawDigit(Demo):
    """A drawing, read live by a convolutional network, with the maps of its layers.

    Parameters
    ----------
    model : callable, optional
        Your own network: images (1, 8, 8, 1) in 0..1 -> logits (1, 10).
    """

    def __init__(self, model=None):
        def record_with(drawing):
            return record(drawing, model)

        presets = examples()
        start = presets["a 3 from the data"]["drawing"]
        blank = np.zeros((CANVAS, CANVAS)).tolist()
        super().__init__(record_with, [controls.hidden("drawing", start)], {"(clear)": {"drawing": blank}, **presets})
