"""Pictures of squares, discs and crosses with their boxes and masks, for detection and segmentation."""

from typing import NamedTuple

import numpy as np

from plainnet.expect import generator

NAMES = ("square", "disc", "cross")


class Shapes(NamedTuple):
    """What `shapes` draws.

    Attributes
    ----------
    images : float32 (N, size, size, 1) in [0, 1]
    boxes : int (N, M, 4)
        Left, top, right, bottom of each object in pixels: columns left..right-1, rows top..bottom-1.
    labels : int (N, M)
        Index into NAMES, or -1 where a picture has fewer than M objects (its box is 0, 0, 0, 0).
    masks : int (N, size, size)
        The class of each pixel: 0 background, 1 + label on an object.
    """

    images: np.ndarray
    boxes: np.ndarray
    labels: np.ndarray
    masks: np.ndarray


def shapes(n, rng, size=32, max_objects=3, noise=0.05):
    """Draw `n` pictures, each with 1 to `max_objects` objects whose boxes don't touch.

    Objects are 5 pixels to a third of the picture wide and of different brightness.
    Where no free place is found in 20 tries, a picture has fewer objects.
    """
    if size < 15:
        raise ValueError(f"expected pictures of at least 15 pixels; got size={size}")
    generator(rng)
    drawn = Shapes(
        images=np.zeros((n, size, size, 1), np.float32),
        boxes=np.zeros((n, max_objects, 4), int),
        labels=np.full((n, max_objects), -1),
        masks=np.zeros((n, size, size), int),
    )
    for image, boxes, labels, mask in zip(*drawn):
        count, taken = 0, np.zeros((size, size), bool)
        for _ in range(rng.integers(1, max_objects + 1)):
            place = free_place(taken, rng)
            if place:
                left, top, width = place
                label = rng.integers(len(NAMES))
                window = np.s_[top : top + width, left : left + width]
                ink = stencil(NAMES[label], width)
                image[window][ink] = rng.uniform(0.5, 1)
                mask[window][ink], taken[window] = 1 + label, True
                boxes[count], labels[count] = (left, top, left + width, top + width), label
                count += 1
    noisy = drawn.images + noise * rng.standard_normal(drawn.images.shape)
    return drawn._replace(images=noisy.clip(0, 1).astype(np.float32))


def free_place(taken, rng):
    """Return (left, top, width) of a square that touches no box, or None after 20 tries."""
    size = len(taken)
    for _ in range(20):
        width = rng.integers(5, size // 3 + 1)
        left, top = rng.integers(size - width + 1, size=2)
        if not taken[max(top - 1, 0) : top + width + 1, max(left - 1, 0) : left + width + 1].any():
            return left, top, width
    return None


def stencil(name, width):
    """Return the object's pixels as bools (width, width); it touches all four sides."""
    if name == "square":
        return np.ones((width, width), bool)
    offset = np.abs(np.arange(width) - (width - 1) / 2)
    if name == "disc":
        return offset[:, None] ** 2 + offset**2 <= (width / 2) ** 2
    bar = offset <= width / 6
    return bar[:, None] | bar
