"""More images from few, without changing what they show.  Images are (N, H, W, C).

Each is a function of (x, t, rng), as `fit(augment=...)` calls it on every training
batch, and on nothing else; set options with ``functools.partial``.
"""

import numpy as np

from plainnet.expect import count, generator, images


def random_shift(x, t, rng, pixels=1, fill=0.0, probability=1.0):
    """Return images moved by -pixels..pixels rows and columns; what enters is `fill`, never the other side.

    The same as a random crop from the padded image, one of (2 pixels + 1)².

    Parameters
    ----------
    x : array (N, H, W, C)
    pixels : int, default 1
    fill : float, default 0
        The background.
    probability : float, default 1
        The chance of an image to be moved; others stay as they are.
    """
    N, H, W, C = images(x).shape
    count(pixels, "pixels", least=0)
    padded = np.full((N, H + 2 * pixels, W + 2 * pixels, C), fill, x.dtype)
    padded[:, pixels : pixels + H, pixels : pixels + W] = x
    windows = np.lib.stride_tricks.sliding_window_view(padded, (H, W), axis=(1, 2))  # (N, rows, columns, C, H, W)
    corner = generator(rng).integers(2 * pixels + 1, size=(2, N))
    top, left = np.where(rng.random(N) < probability, corner, pixels)
    return np.ascontiguousarray(windows[np.arange(N), top, left].transpose(0, 2, 3, 1))  # (N, H, W, C)


def random_flip(x, t, rng, safe):
    """Return about half of the images mirrored left to right, of the classes in `safe` alone.

    Parameters
    ----------
    safe : collection of int
        The labels that stay right in a mirror: all for cats and dogs, 0 and 8 for digits.
    """
    flipped = np.isin(t, list(safe)) & (generator(rng).random(len(images(x))) < 0.5)
    x = x.copy()
    x[flipped] = x[flipped, :, ::-1]
    return x


def random_brightness(x, t, rng, amount=0.2):
    """Return every image times a factor in 1 - amount..1 + amount, limited to [0, 1]."""
    factor = generator(rng).uniform(1 - amount, 1 + amount, (len(images(x)), 1, 1, 1)).astype(x.dtype)
    return np.clip(x * factor, 0, 1)
