"""What a hidden test may use besides NumPy, plainnet and its reference: helpers, and the draws of its variant.

`build` writes a prelude into every hidden cell that binds these names, so that nbgrader itself can run the cell; the
examiner strips the prelude and binds its own. A helper looks at values alone: what is no number, array or plain value
is refused, since an object of the student's own could answer every comparison as it likes.
"""

import contextlib
import hashlib
import io
import os
import types
import warnings
import zlib
from pathlib import Path

import numpy as np

PRELUDE_BEGIN = "# -- prelude: written by the builder --"
PRELUDE_END = "# -- end of prelude --"

HELPERS = ("assert_allclose", "assert_equal", "assert_answer", "assert_raises")
TRUSTED = ("rng", "reference", "np", "plainnet", *HELPERS)  # the names that a hidden test need not define


def assert_allclose(actual, desired, rtol=1e-7, atol=0.0, what="the result"):
    """Check that numbers agree within a tolerance, shapes included.

    Parameters
    ----------
    actual : number or array
        What the student's code gave.
    desired : number or array
        What is expected; a scalar is not broadcast.
    rtol, atol : float
        |actual - desired| <= atol + rtol * |desired| for every entry; NaN equals NaN.
    what : str
        How the message names it.

    Raises
    ------
    AssertionError
        Also where `actual` is no number or array of numbers.
    """
    have, want = as_numbers(actual, what), np.asarray(desired)
    if have.shape != want.shape:
        raise AssertionError(f"{what} should have the shape {want.shape}; it has {have.shape}")
    if not np.allclose(have, want, rtol=rtol, atol=atol, equal_nan=True):
        raise AssertionError(f"{what} has wrong values")


def assert_equal(actual, desired, what="the result"):
    """Check that a plain value equals another, types included.

    Plain are numbers, text, None, arrays, and lists, tuples, dicts and sets of these. A bool is no int here, and a
    list no tuple; an int and a float of the same value agree.
    """
    if not _same(actual, desired):
        raise AssertionError(f"{what} is wrong")


def assert_answer(actual, desired, rtol=1e-3, what="your answer"):
    """Check the answer to a quiz: a count exactly, numbers within a tolerance, text but for case and outer blanks."""
    if actual is None:
        raise AssertionError(f"{what} is missing: it is None")
    if isinstance(desired, str):
        if type(actual) is not str or actual.strip().casefold() != desired.strip().casefold():
            raise AssertionError(f"{what} is wrong")
    elif isinstance(desired, bool):
        if type(actual) is not bool or actual != desired:
            raise AssertionError(f"{what} is wrong")
    elif isinstance(desired, int | np.integer):  # a count is right or wrong
        if isinstance(actual, bool) or not isinstance(actual, int | float | np.number) or actual != desired:
            raise AssertionError(f"{what} is wrong")
    else:
        assert_allclose(actual, desired, rtol=rtol, what=what)


@contextlib.contextmanager
def assert_raises(*classes):
    """Check that a block raises one of these classes of exception.

    Examples
    --------
    >>> with assert_raises(ZeroDivisionError):
    ...     1 / 0
    """
    try:
        yield
    except classes:
        return
    raise AssertionError(f"this should raise {' or '.join(one.__name__ for one in classes)}; nothing was raised")


def as_numbers(value, what="the result"):
    """Return a number, an array of numbers, or nested lists of numbers as a plain array; refuse anything else."""
    if isinstance(value, np.ndarray):
        array = np.array(value, subok=False)
    elif type(value) in (list, tuple):
        array = np.array([as_numbers(part, what) for part in value])
    elif type(value) in (bool, int, float, complex) or isinstance(value, np.generic):
        array = np.array(value)
    else:
        raise AssertionError(f"{what} should be a number or an array; it is {_kind(value)}")
    if array.dtype.kind not in "biufc":
        raise AssertionError(f"{what} should hold numbers; its dtype is {array.dtype}")
    return array


def _same(actual, desired):
    """Say whether plain values agree; an object of another class never does."""
    if isinstance(desired, np.generic):
        desired = desired.item()
    if isinstance(actual, np.generic):
        actual = actual.item()
    if type(desired) in (list, tuple):
        return (
            type(actual) is type(desired)
            and len(actual) == len(desired)
            and all(_same(one, other) for one, other in zip(actual, desired))
        )
    if isinstance(desired, np.ndarray):
        return isinstance(actual, np.ndarray) and np.array_equal(
            as_numbers(actual), desired, equal_nan=desired.dtype.kind in "fc"
        )
    if type(desired) is dict:
        same_keys = type(actual) is dict and len(actual) == len(desired) and all(key in actual for key in desired)
        return same_keys and all(_same(actual[key], value) for key, value in desired.items())
    if type(desired) in (int, float):
        return type(actual) in (int, float) and (actual == desired or (actual != actual and desired != desired))
    return type(actual) is type(desired) and actual == desired


def _kind(value):
    """Return an object's class in words; None is named as such."""
    if value is None:
        return "None"
    return f"a {value.__name__} (a class)" if isinstance(value, type) else f"of the class {type(value).__name__}"


def draw_variant(student, exercise, variants):
    """Return the variant that a student meets in an exercise: fixed by both names, drawn from the proven ones.

    Parameters
    ----------
    student, exercise : str
    variants : sequence of int

    Returns
    -------
    int
    """
    digest = hashlib.blake2b(f"{student}\0{exercise}".encode(), digest_size=8).digest()
    return variants[int.from_bytes(digest, "big") % len(variants)]


def variant_rng(variant, grade_id):
    """Return the fresh generator of a hidden cell: seeded by the variant and the cell's id."""
    return np.random.default_rng([variant, zlib.crc32(grade_id.encode())])


def begin_hidden_test(exercise, grade_id, variants, source, student=None):
    """Return (rng, reference) for a hidden cell that nbgrader runs; a prelude calls it.

    Warnings are silenced from here on, because nbgrader gives no points to a test cell with anything on stderr.

    Parameters
    ----------
    exercise, grade_id : str
    variants : sequence of int
    source : str
        The author's solutions and the instructor's cells that `reference` needs.
    student : str, optional
        By default nbgrader's: it runs a submission in the folder `.../STUDENT/ASSIGNMENT`.

    Returns
    -------
    rng : numpy.random.Generator
    reference : module
    """
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    if student is None:
        student = os.environ.get("PLAINNET_STUDENT") or Path.cwd().parent.name
    return variant_rng(draw_variant(student, exercise, variants), grade_id), reference_of(source)


def reference_of(source):
    """Return a module in which this source has run; what it prints is dropped."""
    module = types.ModuleType("reference")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(source, "<reference>", "exec"), module.__dict__)
    return module


def without_prelude(source):
    """Return a hidden cell with its prelude blanked, line numbers kept."""
    lines, inside = [], False
    for line in source.split("\n"):
        inside = inside or line == PRELUDE_BEGIN
        lines.append("" if inside else line)
        inside = inside and line != PRELUDE_END
    return "\n".join(lines)
