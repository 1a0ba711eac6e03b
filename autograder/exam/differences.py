"""What kind of difference a student's answer shows, in one sentence: what was seen, never what would have been right.

Looks at a test's transcript up to the call that failed, beside the reference's on the same draws, and names the first
event in which they differ.
"""

import itertools

import numpy as np

from autograder.exam.observe import EXPORT, FAILED_AT, SEEN
from autograder.exam.transcript import GONE, Instance, Opaque, same
from autograder.exam.views import calls, findings

MAX_MESSAGE = 200  # characters of a student's own error message
LOOSEST = 1e-6
TOLERANCES = (LOOSEST, 1e-9, 1e-12)  # a test may be stricter than the loosest

VERBS = {"call": "returned", EXPORT: "is"}
UNEXPECTED = "What the test then computed from your answer is not what it expects."
ENDS = {GONE: "gave no answer", "StudentExit": "came to no result"}  # the examiner's own words for an end


def agrees(have, want, rtol, view=calls):
    """Return whether two transcripts agree event by event in a view."""
    return first_difference(have, want, rtol, view) == (None, None)


def shows_difference(have, want, rtol, view=calls):
    """Return whether a transcript holds what the reference's does not: to have ended earlier is no such thing."""
    mine, _ = first_difference(have, want, rtol, view)
    return mine is not None and mine.kind != FAILED_AT


def same_event(mine, theirs, rtol):
    """Return whether two events agree: what was asked, with which values, what came of it; errors by class."""
    if (mine.error is None) != (theirs.error is None) or (mine.error and mine.error[0] != theirs.error[0]):
        return False
    if (mine.target, mine.kind) != (theirs.target, theirs.kind):
        return False
    return same(
        [mine.args, mine.kwargs, mine.result, once(mine.changed)],
        [theirs.args, theirs.kwargs, theirs.result, once(theirs.changed)],
        rtol,
    )


def once(values):
    """Return what follows each other without repeats: an object that a callback shows again stands in it again."""
    return [value for place, value in enumerate(values) if not place or not same(value, values[place - 1], 0.0)]


def first_difference(have, want, rtol=LOOSEST, view=calls):
    """Return the first event of one transcript that another's does not have, with its counterpart.

    Parameters
    ----------
    have, want : Transcript
    rtol : float
        Relative tolerance of numbers.
    view : callable
        What of a transcript counts: one of VIEWS.

    Returns
    -------
    (Event or None, Event or None)
        (None, None) where nothing differs; None for the one that has ended.
    """
    for mine, theirs in itertools.zip_longest(view(have), view(want)):
        if mine is None or theirs is None or not same_event(mine, theirs, rtol):
            return mine, theirs
    return None, None


def describe(have, want):
    """Return the sentence for a failed test.

    Parameters
    ----------
    have, want : Transcript
        The student's and the reference's.

    Returns
    -------
    str
    """
    if not len(have) and len(want):
        return "This test was not run: your code had been stopped before it."
    for rtol in TOLERANCES:
        mine, theirs = first_difference(have, want, rtol)
        if mine is None or is_free(mine, theirs):
            seen = first_difference(have, want, rtol, findings)
            mine, theirs = seen if mine is None or seen[0] is not None else (mine, theirs)
        if mine is not None and mine.kind != FAILED_AT:
            return sentence(mine, theirs)
    asked = calls(have)
    last = f"{subject(asked[-1])} did" if asked else "Your answer does"
    return f"{last} not give what the test expects."


def is_free(mine, theirs):
    """Return whether two models differ: their layers are the student's choice, what a test saw of them counts."""
    if theirs is None or not (isinstance(mine.result, Instance) and isinstance(theirs.result, Instance)):
        return False
    return mine.result.cls == theirs.result.cls == "plainnet.nn.Sequential"


def sentence(mine, theirs):
    """Return what was seen at one event; `theirs` is the reference's, or None."""
    what = subject(mine)
    if mine.kind == EXPORT and mine.error is not None:
        return f"{what} is not defined."
    if mine.kind == SEEN:
        unlike = difference_of_values(mine.args[0], theirs.args[0]) if theirs else None
        return f"What the test then computed from your answer is {unlike}." if unlike else UNEXPECTED
    if mine.error is not None:
        name, message = mine.error
        return f"{what} {ENDS[name]}: {message}." if name in ENDS else f"{what} raised {said(mine.error)}."
    if theirs is None or mine.target != theirs.target or mine.kind != theirs.kind:
        return f"{what} did not give what the test expects."
    if theirs.error is not None:
        return f"{what} accepted an argument that it should refuse with an error."
    unlike = difference_of_values(mine.result, theirs.result)
    if mine.changed and not theirs.changed:
        return f"{what} changed what it was given: work on a copy."
    if unlike:
        return f"{what} {VERBS.get(mine.kind, 'gave')} {unlike}."
    return f"{what} {difference_of_changes(mine, theirs)}"


def difference_of_changes(mine, theirs):
    """Return in words how two calls with the same result differ in what they leave behind."""
    if same(once(mine.changed), once(theirs.changed), 0.0):
        return "did not give what the test expects."
    if any(isinstance(value, Opaque) and value.kind == "callback" for value in mine.args):
        return "left other numbers behind than the test expects: does it change what it is given?"
    if theirs.changed and not mine.changed:
        return "left what it was given as it was; it should be changed."
    return "left wrong values in what it was given."


def subject(event):
    """Return what was asked of the student's code, in words: a call with the shapes of its arrays, an attribute."""
    name = f"`{event.target}`"
    if event.kind != "call":
        return name
    shapes = [shape_of(value) for value in (*event.args, *event.kwargs.values()) if isinstance(value, np.ndarray)]
    if not shapes:
        return name
    return f"{name}, given {'an array of shape' if len(shapes) == 1 else 'arrays of shapes'} {', '.join(shapes)},"


def said(error):
    """Return an error's class and what it says, on one short line."""
    name, message = error
    message = " ".join(str(message).split())
    message = "".join(char for char in message if char.isprintable())
    if len(message) > MAX_MESSAGE:
        message = message[: MAX_MESSAGE - 1] + "…"
    return f"{name}: {message}" if message else name


def difference_of_values(have, want):
    """Return in words how a value differs in kind from the right one, which is not given away; None for equal ones."""
    if have is None and want is not None:
        return "None: is a `return` missing, or a value not set?"
    if kind_of(have) != kind_of(want):
        return f"{kind_of(have)}; another type is asked for"
    if isinstance(have, list | tuple | dict | set):
        return difference_of_collections(have, want)
    if isinstance(have, Instance):
        return difference_of_objects(have, want)
    if kind_of(have) not in ("an array", "a number"):
        return None if same(have, want, 0.0) else f"the wrong {kind_of(have).split(' ', 1)[1]}"
    have, want = np.asarray(have), np.asarray(want)
    if have.shape != want.shape:
        return f"an array of shape {shape_of(have)}, which is not the shape asked for"
    if have.dtype.kind != want.dtype.kind or (have.dtype.kind in "fc" and have.dtype != want.dtype):
        return f"numbers of dtype {have.dtype}; another dtype is asked for"
    if have.dtype.kind in "fc":
        for test, word in ((np.isnan, "NaN"), (np.isinf, "infinity")):
            if np.any(test(have) & ~test(want)):
                return f"{word} where a number is asked for"
    return None if same(have, want, 0.0) else f"{'wrong values' if have.ndim else 'a wrong value'}"


def difference_of_collections(have, want):
    """Return in words how a collection differs."""
    if len(have) != len(want):
        return f"{kind_of(have)} of length {len(have)}, which is not the length asked for"
    if isinstance(have, list) and any(isinstance(value, Instance) for value in want):
        agree = same(have, want, 0.0)
        return None if agree else "a list with other objects than it should hold, or in another order"
    if isinstance(have, list | tuple):
        pairs = zip(have, want)
    elif isinstance(have, dict) and set(have) == set(want):
        pairs = ((have[key], want[key]) for key in want)
    else:
        return f"{kind_of(have)} with wrong entries"
    inner = next(filter(None, (difference_of_values(one, other) for one, other in pairs)), None)
    return inner and f"{kind_of(have)} with {inner}"


def difference_of_objects(have, want):
    """Return in words how an object of a class that both sides know differs: the first attribute that does."""
    name_of_class = have.cls.rpartition(".")[2]
    if have.cls != want.cls:
        return f"an object of the class {name_of_class}; another class is asked for"
    for name in want.state:
        mine, theirs = have.state.get(name), want.state[name]
        if isinstance(theirs, Instance) or name.startswith("_") or same(mine, theirs, LOOSEST):
            continue
        inner = difference_of_values(mine, theirs)
        return inner and f"an object of the class {name_of_class} whose `{name}` differs: {inner}"
    return f"an object of the class {name_of_class} that was made in another way than the test expects"


def kind_of(value):
    """Return the kind of a value in words: lists and tuples differ, Python's and NumPy's numbers don't."""
    if value is None:
        return "None"
    if isinstance(value, bool | np.bool_):
        return "a truth value"
    if isinstance(value, int | float | complex | np.number):
        return "a number"
    if isinstance(value, np.ndarray):
        return "an array" if value.ndim else "a number"
    names = {str: "a text", bytes: "a bytes object", list: "a list", tuple: "a tuple", dict: "a dict", set: "a set"}
    return names.get(type(value), "an object")


def shape_of(array):
    """Return a shape as NumPy prints it."""
    return str(np.shape(array))
