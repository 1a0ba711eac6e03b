"""Points in the plane, the data on which one sees what a network does: XOR, moons, circles, spirals, blobs.

Each returns x (N, 2) float32, of the order of 1, and t (N,) int in random order,
the classes as equal in number as N allows.  `noise` is the standard deviation of what is added to each coordinate.
"""

import numpy as np

from plainnet.expect import check, count, generator


def xor(n=None, rng=None, noise=0.15):
    """Return the four rows of the XOR table, or `n` points around them: class 1 where the inputs differ."""
    corners = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], np.float32)
    if n is None:
        return corners, np.array([0, 1, 1, 0])
    corner = generator(rng).permutation(np.arange(count(n, "n")) % 4)
    return scatter(corners[corner], noise, rng), np.array([0, 1, 1, 0])[corner]


def moons(n, rng, noise=0.1):
    """Return two half circles that reach into each other."""
    t, angle = labels(n, 2, rng), np.pi * rng.random(n)
    upper, lower = np.stack([np.cos(angle), np.sin(angle)], 1), np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    return scatter(np.where(t[:, None] == 0, upper, lower), noise, rng), t


def circles(n, rng, noise=0.1, ratio=0.5):
    """Return a circle of radius 1 (class 0) around one of radius `ratio` (class 1)."""
    t, angle = labels(n, 2, rng), 2 * np.pi * rng.random(n)
    return scatter(polar(np.where(t == 0, 1, ratio), angle), noise, rng), t


def spirals(n, rng, noise=0.05, num_classes=2, turns=1.0):
    """Return spiral arms of radius up to 1 that wind around each other `turns` times."""
    t, radius = labels(n, num_classes, rng), np.sqrt(rng.random(n))  # the root spreads points evenly along an arm
    return scatter(polar(radius, 2 * np.pi * (turns * radius + t / num_classes)), noise, rng), t


def blobs(n, rng, noise=0.3, num_classes=3):
    """Return round clouds whose centres stand on a circle of radius 1."""
    t = labels(n, num_classes, rng)
    return scatter(polar(np.ones(n), 2 * np.pi * t / num_classes), noise, rng), t


def labels(n, num_classes, rng):
    """Return `n` labels in random order, each class as often as the others, give or take one."""
    enough = count(n, "n", least=0) >= num_classes
    check(enough, f"expected at least one point per class; got n={n} for {num_classes} classes")
    return generator(rng).permutation(np.arange(n) % num_classes)


def polar(radius, angle):
    """Return the points (N, 2) at these distances and directions from the origin."""
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def scatter(points, noise, rng):
    """Return the points in float32, each moved at random."""
    return (points + noise * rng.standard_normal(points.shape)).astype(np.float32)
