"""The small convolutional network that reads drawn digits in demos: 5,050 weights, shipped trained.

It was trained with plainnet on the first 1,500 digits of the data and on redrawn copies of them; the other 297, by
other people, are for testing. `python -m plainnet.demos.digit_reader` trains it again, in some ten seconds, and writes
the file.
"""

import functools
from pathlib import Path

import numpy as np

from plainnet import augment, data, losses, nn, optim, schedules
from plainnet.activations import relu
from plainnet.checkpoint import load, save
from plainnet.train import fit

WEIGHTS = Path(__file__).with_name("digit_reader.npz")
TRAINED_ON = 1500  # the first digits of the data
SIZE, CANVAS, FILTERS, NUM_EPOCHS = 8, 16, 16, 16


def network(rng):
    """Return the network, untrained: images (N, 8, 8, 1) in 0..1 -> logits (N, 10)."""
    return nn.Sequential(
        nn.Conv2d(1, FILTERS, 3, rng, padding=1), relu, nn.Conv2d(FILTERS, FILTERS, 3, rng, padding=1), relu,
        nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.3, rng), nn.Linear(16 * FILTERS, 10, rng),
    )  # fmt: skip


@functools.cache
def digit_reader():
    """Return the network with its shipped weights, in eval mode."""
    model = network(np.random.default_rng(0))
    load(model, WEIGHTS)
    return model.eval()


def train(rng):
    """Return the network, trained on digits and on copies of them that were redrawn with other pens."""
    x, t = (array[:TRAINED_ON] for array in data.digits())
    redrawn = np.array([as_in_the_data(canvas(image, rng.uniform(0.25, 0.65))) for image in x], np.float32)[..., None]
    model = network(rng)
    fit(
        model, np.concatenate([x, redrawn]), np.concatenate([t, t]), loss=losses.cross_entropy,
        optimizer=optim.Adam(model.parameters()), num_epochs=NUM_EPOCHS, batch_size=32, rng=rng,
        schedule=schedules.cosine(5e-3, NUM_EPOCHS), augment=functools.partial(augment.random_shift, probability=0.5),
    )  # fmt: skip
    return model.eval()


def canvas(image, threshold=0.45):
    """Return an image (8, 8, 1) of the data as a drawing: (16, 16) of bool."""
    return np.kron(image[:, :, 0] > threshold, np.ones((2, 2), bool))


def as_drawing(cells):
    """Return the cells of a drawing as an array (16, 16) of float; any other shape is an error."""
    drawing = np.asarray(cells, float)
    if drawing.shape != (CANVAS, CANVAS):
        raise ValueError(f"a drawing has {CANVAS} by {CANVAS} cells; got shape {drawing.shape}")
    return drawing


def as_in_the_data(ink):
    """Return a drawing (H, W) of bool as the data has its digits: (8, 8) in 0..1.

    The ink is cut out and brought to the height of the image; then each pixel counts the ink in its 4x4 points.
    """
    if not ink.any():
        return np.zeros((SIZE, SIZE))
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    fine = 4 * SIZE
    height, width = (max(1, round(n * fine / max(cut.shape))) for n in cut.shape)
    picked = np.ix_(np.arange(height) * len(cut) // height, np.arange(width) * cut.shape[1] // width)
    page = np.zeros((fine, fine))
    top, left = (fine - height) // 2, (fine - width) // 2
    page[top : top + height, left : left + width] = cut[picked]
    return page.reshape(SIZE, 4, SIZE, 4).mean(axis=(1, 3))


if __name__ == "__main__":
    save(train(np.random.default_rng(0)), WEIGHTS)
