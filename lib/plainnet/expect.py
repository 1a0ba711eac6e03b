"""What a caller must pass, checked in one place: an error says what was expected, what came and what to do."""

import numpy as np


def check(condition, message):
    """Raise ValueError with `message` unless `condition` holds."""
    if not condition:
        raise ValueError(message)


def kind(value, kinds, remedy):
    """Return `value` if it is of one of the `kinds`, else raise TypeError; `remedy` says what was expected and how."""
    if not isinstance(value, kinds):
        came = f"the class {value.__name__}" if isinstance(value, type) else f"{type(value).__name__} {value!r:.40}"
        raise TypeError(f"expected {remedy}; got {came}")
    return value


def generator(rng):
    """Return `rng` if it is a generator of random numbers."""
    return kind(rng, np.random.Generator, "a numpy.random.Generator, made once with rng = np.random.default_rng(0)")


def function(f, remedy):
    """Return `f` if it can be called, and is no class."""
    if not callable(f) or isinstance(f, type):
        kind(f, (), remedy)
    return f


def count(value, name, least=1):
    """Return `value` if it is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"expected {name}, a whole number of at least {least}; got {value!r:.60}")
    return value


def sizes(shape):
    """Return `shape`, an int or a tuple, if all its lengths are whole numbers of at least 1."""
    for n in shape if isinstance(shape, tuple | list) else (shape,):
        if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
            raise ValueError(f"expected sizes that are whole numbers of at least 1; got {n!r:.60} in {shape!r:.60}")
    return shape


def images(x):
    """Return `x` if it has the four axes of images."""
    check(np.ndim(x) == 4, f"expected images (N, H, W, C); got shape {np.shape(x)}: x[..., None] adds a channel")
    return x
