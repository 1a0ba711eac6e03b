"""Augmentation moves pictures without wrapping round, flips only what may be flipped, and leaves its input alone."""

import numpy as np
import pytest
from plainnet import augment


def images(n=200, size=5):
    return np.random.default_rng(0).uniform(0.1, 1, (n, size, size, 2))


def shifted(image, dy, dx):
    """Return the image moved by dy rows and dx columns, zeros entering, written pixel by pixel."""
    out = np.zeros_like(image)
    H, W = image.shape[:2]
    for i in range(H):
        for j in range(W):
            if 0 <= i - dy < H and 0 <= j - dx < W:
                out[i, j] = image[i - dy, j - dx]
    return out


def test_shifts_are_the_nine_of_one_pixel_and_all_of_them_occur():
    x = images()
    y = augment.random_shift(x, None, np.random.default_rng(1))
    moves = [(dy, dx) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    found = [next(m for m in moves if (shifted(a, *m) == b).all()) for a, b in zip(x, y)]
    assert set(found) == set(moves)


def test_a_probability_leaves_others_in_place():
    x = images(1000)
    y = augment.random_shift(x, None, np.random.default_rng(1), probability=0.45)
    moved = (x != y).any(axis=(1, 2, 3)).mean()
    assert moved == pytest.approx(0.45 * 8 / 9, abs=0.06)  # a ninth of the shifts is none; four deviations


def test_only_safe_classes_are_flipped_and_about_half_of_them():
    x, t = images(1000), np.arange(1000) % 10
    y = augment.random_flip(x, t, np.random.default_rng(1), safe={0, 8})
    flipped = (x != y).any(axis=(1, 2, 3))
    np.testing.assert_array_equal(y[flipped], x[flipped, :, ::-1])
    assert set(t[flipped]) == {0, 8}
    assert 60 <= flipped.sum() <= 140  # of 200; more than five deviations


def test_brightness_stays_in_range():
    x = images()
    y = augment.random_brightness(x, None, np.random.default_rng(1), amount=0.5)
    assert y.min() >= 0
    assert y.max() <= 1
    ratio = (y / x)[:, 0, 0, 0]
    assert 0.5 <= ratio.min() < ratio.max() <= 1.5


@pytest.mark.parametrize(
    "change",
    [augment.random_shift, augment.random_brightness, lambda x, t, rng: augment.random_flip(x, t, rng, safe=range(10))],
)
def test_inputs_stay_and_types_too(change):
    x, t = images(30).astype(np.float32), np.arange(30) % 10
    before = x.copy()
    y = change(x, t, np.random.default_rng(0))
    np.testing.assert_array_equal(x, before)
    assert y.dtype == np.float32
    assert y.shape == x.shape
    np.testing.assert_array_equal(y, change(x, t, np.random.default_rng(0)))
