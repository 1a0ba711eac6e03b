"""Data: shipped, generated, and (MNIST alone) fetched.  Inputs are float32, labels are integers.

>>> import numpy as np
>>> from plainnet import data
>>> x, t = data.moons(100, np.random.default_rng(0))
>>> x.shape, t.shape
((100, 2), (100,))
"""

from plainnet.data.batches import minibatches, split
from plainnet.data.download import fashion_mnist, mnist
from plainnet.data.fonts import glyphs
from plainnet.data.pictures import Shapes, shapes
from plainnet.data.points import blobs, circles, moons, spirals, xor
from plainnet.data.sequences import analogies, echo, recall, sentences
from plainnet.data.shipped import challenger, digits

__all__ = [
    "Shapes", "analogies", "blobs", "challenger", "circles", "digits", "echo", "fashion_mnist", "glyphs",
    "minibatches", "mnist", "moons", "recall", "sentences", "shapes", "spirals", "split", "xor",
]  # fmt: skip
