"""Printed digits, drawn from the fonts that matplotlib carries: clean, unlimited, and free of any download."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from plainnet.expect import count, generator

FONTS = (  # free licences: see LICENSE_DEJAVU and LICENSE_STIX beside the fonts
    "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique", "DejaVuSansMono", "DejaVuSerif", "DejaVuSerif-Bold",
    "DejaVuSerif-Italic", "STIXGeneral", "STIXGeneralBol", "STIXGeneralItalic",
)  # fmt: skip


def glyphs(n, rng, size=28, fonts=FONTS):
    """Draw digits in random fonts, heights (55 to 90 % of the image) and places.

    Parameters
    ----------
    n : int
    rng : numpy.random.Generator
    size : int, default 28
        Height and width of an image in pixels.
    fonts : sequence of str
        File names among matplotlib's TrueType fonts, without the ending; hold some out for a test set.

    Returns
    -------
    x : float32 (n, size, size, 1) in [0, 1], ink is 1
    t : int (n,) in 0..9
    """
    x, t = np.zeros((n, size, size, 1), np.float32), generator(rng).permutation(np.arange(count(n, "n")) % 10)
    font_of, height_of = rng.integers(len(fonts), size=n), rng.uniform(0.55, 0.9, n) * size
    for image, digit, font, height in zip(x, t, font_of, height_of):
        ink = draw_digit(int(digit), fonts[font], round(height))[:size, :size]
        top, left = (rng.integers(size - extent + 1) for extent in ink.shape)
        image[top : top + ink.shape[0], left : left + ink.shape[1], 0] = ink
    return x, t


@lru_cache(maxsize=1024)
def draw_digit(digit, font, height):
    """Return one digit (about `height`, about 0.6 of it wide) as float32 in [0, 1], cropped to its ink."""
    try:
        import matplotlib
        from matplotlib.ft2font import FT2Font
    except ImportError as error:
        error.add_note("data.glyphs draws with matplotlib's fonts: pip install matplotlib")
        raise
    path = Path(matplotlib.get_data_path(), "fonts", "ttf", f"{font}.ttf")
    if not path.is_file():
        raise ValueError(f"matplotlib has no font {font!r}: choose among data.glyphs.FONTS, or see {path.parent}")
    face = FT2Font(str(path))
    face.set_size(height / 0.73, 72)  # a digit is about 0.73 of its font's size high; 72 dpi: a point is a pixel
    face.set_text(str(digit))
    face.draw_glyphs_to_bitmap()
    bitmap = np.asarray(face.get_image()) / np.float32(255)
    rows, columns = bitmap.any(axis=1).nonzero()[0], bitmap.any(axis=0).nonzero()[0]
    ink = bitmap[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    ink.flags.writeable = False  # the cache hands out the same array again
    return ink
