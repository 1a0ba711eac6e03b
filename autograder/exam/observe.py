"""What a test looked at, put into its transcript besides what crossed: exports, checked numbers, where it ended.

Two answers with the same misconception may work differently inside, so that their calls differ; what the test found
does not.
"""

import functools

from autograder.exam.transcript import Event

EXPORT, SEEN, FAILED_AT = "export", "seen", "failed"  # kinds of events
OBSERVED = (EXPORT, SEEN, FAILED_AT)
WATCHED = ("assert_allclose", "assert_equal", "assert_answer")  # the helpers whose first argument is the student's


def watch(namespace, exports, boundary):
    """Record the exports of a test that begins, and from now on what its helpers look at.

    Parameters
    ----------
    namespace : dict
        The test's; its helpers are replaced by ones that record.
    exports : sequence of str
        Of the test's exercise.
    boundary : Boundary
        After its `begin`.
    """
    for name in exports:
        if name in namespace:
            boundary.transcript.add(Event(name, EXPORT, result=boundary.copy(namespace[name])))
        else:
            boundary.transcript.add(Event(name, EXPORT, error=("NameError", f"name '{name}' is not defined")))
    for name in WATCHED:
        if name in namespace:
            namespace[name] = _watched(namespace[name], name, boundary)


def _watched(helper, name, boundary):
    @functools.wraps(helper)
    def look(actual, *args, **options):
        boundary.transcript.add(Event(name, SEEN, boundary.copies((actual,))))
        return helper(actual, *args, **options)

    return look


def note_failure(transcript, error, filename):
    """Record the line of the test at which it failed, and the kind of error.

    Parameters
    ----------
    transcript : Transcript
    error : BaseException
    filename : str
        Under which the test was compiled.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != filename:
        trace = trace.tb_next
    line = trace.tb_lineno if trace is not None else 0
    transcript.events.append(Event("test", FAILED_AT, (line,), error=(type(error).__name__, "")))
