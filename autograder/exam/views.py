"""Three views of a transcript, from the closest to the most general: in which of them do two answers behave alike?"""

import numpy as np

from autograder.exam.observe import FAILED_AT, OBSERVED, SEEN
from autograder.exam.transcript import NUMBERS, Event, Instance

CALLBACK = "callback"  # how a student's code calls a test's functions is its own affair
EXACT = 2**53  # whole numbers up to here are floats, too
BARE = (type(None), str, bytes, np.ndarray, *NUMBERS)


def calls(transcript):
    """Return what the test asked of the student's code, all that crossed included."""
    return [event for event in transcript if event.kind not in (CALLBACK, SEEN, FAILED_AT)]


def surface(transcript):
    """Return calls and findings, of each object its numbers and texts alone: not what it is linked with; 0 is 0.0."""
    return [_bare_event(event) for event in transcript if event.kind != CALLBACK]


def findings(transcript):
    """Return the exports and what calls of them gave, the numbers that the test checked, and where it failed.

    What a test asks of the objects that it got is left out: the same value may be made in several ways.
    """
    return [
        _bare_event(event)
        for event in transcript
        if event.kind in OBSERVED or (event.kind == "call" and "." not in event.target)
    ]


VIEWS = (calls, surface, findings)


def _bare_event(event):
    kwargs = {name: _bare(value) for name, value in event.kwargs.items()}
    args, changed = (tuple(_bare(value) for value in values) for values in (event.args, event.changed))
    return Event(event.target, event.kind, args, kwargs, _bare(event.result), event.error, changed)


def _bare(value, depth=0):
    """Return a value whose objects have no links, and whose whole numbers are floats: who writes 0 for 0.0 errs alike.

    What is nested more than ten deep is left as it is.
    """
    if isinstance(value, Instance):
        return Instance(value.cls, {name: _bare(part) for name, part in value.state.items() if isinstance(part, BARE)})
    if isinstance(value, np.ndarray | np.generic):
        return value.astype(float) if value.dtype.kind in "iu" else value
    if type(value) is int and abs(value) < EXACT:
        return float(value)
    if type(value) in (list, tuple) and depth < 10:
        return type(value)(_bare(part, depth + 1) for part in value)
    return value
