"""A value of a transcript in one line that a person can read: exact where it is short, its ends where it is long.

Of an object, attributes that are None or empty are left out.
"""

import itertools

import numpy as np

from autograder.exam.transcript import KIND, NUMBERS, SEQUENCES, Instance, Opaque, same
from autograder.results.inert import plain_text

MAX_ITEMS, MAX_DEPTH, MAX_TEXT, MAX_LINE, MAX_PATH, MAX_BITS = 8, 3, 80, 400, 8, 4096
OPAQUE = {"handle": "<{}>", "callback": "<a function of the test's>", "name": "{}", "large": "<{}, too large to keep>"}


def abbreviated(value, depth=0):
    """Return a value in one line.

    Parameters
    ----------
    value : plain value, as transcripts hold it
    depth : int
        How deep it stands in another; what is deeper than MAX_DEPTH shows as "...".

    Returns
    -------
    str
        At most MAX_LINE characters, all printable.
    """
    text = plain_text(_text(value, depth).replace("\n", " "))
    return text if len(text) <= MAX_LINE else f"{text[:MAX_LINE]} ..."


def _text(value, depth):
    if isinstance(value, Instance):
        name = value.cls.rpartition(".")[2]
        state = {key: part for key, part in value.state.items() if not _is_empty(part)}
        parts = (f"{key}={_text(part, depth + 1)}" for key, part in state.items())
        return f"{name}({_joined(parts, len(state), depth)})"
    if isinstance(value, Opaque):
        return OPAQUE.get(value.kind, "<{}, which cannot be kept>").format(value.label)
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, str | bytes):
        return repr(value) if len(value) <= MAX_TEXT else f"{value[:MAX_TEXT]!r}... ({len(value)} long)"
    if isinstance(value, np.number | np.bool_):
        return repr(value.item())
    if type(value) is int and value.bit_length() > MAX_BITS:
        return f"<a whole number of {value.bit_length()} bits>"
    if isinstance(value, np.random.Generator):
        return f"Generator({type(value.bit_generator).__name__})"
    if isinstance(value, dict):
        parts = (f"{_text(key, depth + 1)}: {_text(part, depth + 1)}" for key, part in value.items())
        return f"{{{_joined(parts, len(value), depth)}}}"
    if isinstance(value, (*SEQUENCES, set, frozenset)) and (value or type(value) is not set):
        left, right = {list: "[]", tuple: "()", set: "{}"}.get(type(value), (f"{type(value).__name__}([", "])"))
        comma = "," if type(value) is tuple and len(value) == 1 else ""
        return f"{left}{_joined((_text(part, depth + 1) for part in value), len(value), depth)}{comma}{right}"
    return repr(value)


def _joined(texts, count, depth):
    """Return the first of some texts, and how many more there are; texts are made as far as they are shown."""
    if depth >= MAX_DEPTH and count:
        return "..."
    more = [f"... {count - MAX_ITEMS} more"] if count > MAX_ITEMS else []
    return ", ".join([*itertools.islice(texts, MAX_ITEMS), *more])


def _is_empty(value):
    return value is None or (isinstance(value, (str, dict, *SEQUENCES)) and not value)


def _array(array):
    if not array.ndim:
        return f"{array.dtype}[] {array.item()!r}"
    numbers = np.array2string(array, threshold=12, edgeitems=2, precision=6, separator=", ", max_line_width=10_000)
    return f"{array.dtype}{list(array.shape)} {' '.join(numbers.split())}"


def where_they_differ(have, want, rtol=1e-6):
    """Return in words where a student's value first differs from the reference's, or "" where that says nothing.

    Parameters
    ----------
    have, want : plain values
        The student's and the reference's.
    rtol : float
        Numbers closer than that count as equal, relative to the larger one.
    """
    path = []
    while len(path) < MAX_PATH:
        step = _step(have, want, rtol)
        if step is None:
            break
        name, have, want = step
        path.append(name)
    words = _difference(have, want, rtol)
    return f"at {''.join(path)}: {words}" if path and words else words


def _step(have, want, rtol):
    """Return (name, part, its counterpart) for the first part that differs, or None where there is none to look at."""
    if type(have) is not type(want):
        return None
    if isinstance(have, Instance) and have.cls == want.cls and have.state.keys() == want.state.keys():
        parts = ((f".{name}", part, want.state[name]) for name, part in have.state.items())
    elif isinstance(have, dict) and have.keys() == want.keys():
        parts = ((f"[{name!r}]", part, want[name]) for name, part in have.items())
    elif isinstance(have, SEQUENCES) and len(have) == len(want):
        parts = ((f"[{place}]", *pair) for place, pair in enumerate(zip(have, want)))
    else:
        return None
    return next((step for step in parts if not same(*step[1:], rtol)), None)


def _difference(have, want, rtol):
    if isinstance(have, SEQUENCES) and type(have) is type(want) and len(have) != len(want):
        return f"length {len(have)}, the reference's is {len(want)}"
    if not all(isinstance(value, (np.ndarray, *NUMBERS)) for value in (have, want)):
        return "" if same(have, want, rtol) else f"{abbreviated(have, 2)}, the reference's is {abbreviated(want, 2)}"
    have, want = np.asarray(have), np.asarray(want)
    if have.shape != want.shape:
        return f"shape {have.shape}, the reference's is {want.shape}"
    if KIND.get(have.dtype.kind) != KIND.get(want.dtype.kind):
        return f"dtype {have.dtype}, the reference's is {want.dtype}"
    if not have.ndim or KIND.get(have.dtype.kind) not in ("whole", "real", "complex"):
        return "" if same(have, want, rtol) else f"{have.tolist()!r}, the reference's is {want.tolist()!r}"
    return _different_numbers(have, want, rtol)


def _different_numbers(have, want, rtol):
    with np.errstate(all="ignore"):
        gap = np.abs(np.subtract(have, want, dtype=np.result_type(have, want, float)))
        near = (
            (gap <= rtol * np.maximum(np.abs(have), np.abs(want))) | (have == want) | ((have != have) & (want != want))
        )
    if near.all():
        return f"all numbers agree to {rtol:g}"
    most = np.unravel_index(np.argmax(np.where(near, -1.0, np.nan_to_num(gap, nan=np.inf))), have.shape)
    at = ", ".join(map(str, most))
    return (
        f"{(~near).sum()} of {near.size} numbers differ, most at [{at}]: "
        f"{have[most].item()!r}, the reference's is {want[most].item()!r}"
    )
