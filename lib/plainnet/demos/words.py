"""Numbers in words, the same in Python and on the stage (`number` in js/dom.js)."""

import math

import numpy as np

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def number(x, digits=4):
    """Return a number with `digits` significant digits and a true minus sign."""
    x = float(x)
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    rounded = float(f"{x:.{digits}g}")
    if rounded == 0:
        return "0"
    if 1e-4 <= abs(rounded) < 1e6:
        words = f"{rounded:.{digits + 6}f}".rstrip("0").rstrip(".")
    else:
        mantissa, exponent = f"{rounded:.{digits - 1}e}".split("e")
        words = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return words.replace("-", "−")


def values(array, most=3):
    """Return a short text for a tensor's values: the number, up to `most` numbers, or the shape."""
    array = np.asarray(array)
    if array.ndim == 0:
        return number(array)
    if array.ndim == 1 and array.size <= most:
        return "[" + " ".join(number(x, 3) for x in array) + "]"
    return "×".join(map(str, array.shape))


def subscript(n):
    """Return a whole number as an index: 12 -> ₁₂."""
    return str(n).translate(SUBSCRIPTS)
