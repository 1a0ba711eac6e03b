"""One test of one student as staff read it in an appeal: verdict, source, and all that crossed, beside the reference's.

For staff alone: it shows hidden tests and right answers.
"""

from autograder.exam.differences import LOOSEST, TOLERANCES, first_difference, same_event
from autograder.exam.observe import EXPORT, FAILED_AT, SEEN
from autograder.exam.transcript import same
from autograder.exam.views import CALLBACK, findings
from autograder.results.abbreviated import abbreviated, where_they_differ
from autograder.results.inert import plain_text
from autograder.testing import without_prelude
from autograder.verdicts import PASSED

MARK = ">>"
KINDS = {"test": "visible", "hidden": "hidden"}
MAX_SHOWN = 60  # events of one test, besides those around the first difference
CONTEXT = 3


def lines_of_test(cell, result, have, want, events=MAX_SHOWN):
    """Return one test of a student's as lines of text.

    Parameters
    ----------
    cell : Cell
        The test.
    result : CellResult
        After diagnosis.
    have, want : Transcript
        The student's and the reference's, on the same draws.
    events : int
        How many of the first events are shown; those around the first difference always are.

    Returns
    -------
    list of str
    """
    lines = [
        f"{result.grade_id}: {result.verdict}, {result.score:g} of {result.points:g} points ({KINDS[cell.kind]} test)"
    ]
    said = {"seen": result.message, "misconception": result.mistake, "hint": result.hint}
    lines += [f"  {name}: {plain_text(text, 20)}" for name, text in said.items() if text]
    failed_at = next((event.args[0] for event in have if event.kind == FAILED_AT), 0)
    lines += ["  test:", *_source(cell, failed_at), "  what crossed:"]
    first = None if result.verdict == PASSED else first_of(have, want)
    pairs = beside(have, want)
    marked = next((place for place, (mine, _) in enumerate(pairs) if mine is first), None)
    for place, (mine, theirs) in enumerate(pairs):
        if place < events or (marked is not None and abs(place - marked) <= CONTEXT) or mine.kind == FAILED_AT:
            lines += _event(place + 1, mine, theirs, place == marked)
        elif place == events or (marked is not None and place == marked + CONTEXT + 1):
            lines.append("   ...")
    if not pairs:
        lines.append("   nothing: the test asked nothing of the student's code")
    if have.dropped:
        lines.append(f"   ... and {have.dropped} more, which were not kept")
    rest = len(want) - len(pairs)
    if result.verdict != PASSED and rest > 0:
        lines.append(f"   (the reference's test went on: {len(want)} events against {len(pairs)})")
    return lines


def first_of(have, want):
    """Return the student's first event that the reference's transcript does not have, or None."""
    shown = findings(have)  # copies; each stands for one of the events that the view keeps
    kept = [event for event in have if findings([event])]
    for rtol in TOLERANCES:
        mine, _ = first_difference(have, want, rtol)
        if mine is not None:
            return mine
        mine, _ = first_difference(have, want, rtol, lambda transcript: shown if transcript is have else findings(want))
        if mine is not None:
            return next(event for event, copy in zip(kept, shown, strict=True) if copy is mine)
    return None


def beside(have, want):
    """Return (student's event, the reference's event for the same question or None) for each of the student's."""
    pairs, free = [], list(want)
    for mine in have:
        place = next((place for place, theirs in enumerate(free) if _same_question(mine, theirs)), None)
        pairs.append((mine, None if place is None else free.pop(place)))
    return pairs


def _same_question(mine, theirs):
    if (mine.target, mine.kind) != (theirs.target, theirs.kind) or mine.kind == FAILED_AT:
        return False
    return mine.kind == SEEN or same([mine.args, mine.kwargs], [theirs.args, theirs.kwargs], LOOSEST)


def _source(cell, failed_at):
    lines = without_prelude(cell.source).split("\n")
    width = len(str(len(lines)))
    return [
        f"  {MARK if number == failed_at else '  '} {number:{width}} | {line}".rstrip()
        for number, line in enumerate(lines, 1)
        if line.strip() or number == failed_at
    ]


def _event(number, mine, theirs, marked):
    """Return the lines of one event: what was asked, what came, and what came of the reference."""
    head = f"  {MARK if marked else '  '} {number:2}. "
    if mine.kind == FAILED_AT:
        return [f"{head}the test failed at line {mine.args[0]} ({mine.error[0]})"]
    lines = [f"{head}{_question(mine)}", f"         gave       {_came(mine)}"]
    alike = theirs is not None and same_event(mine, theirs, TOLERANCES[-1])
    if alike and not marked:
        lines[-1] += " (the reference too)"
        return lines
    lines.append(f"         reference  {_came(theirs) if theirs else 'was not asked this'}")
    words = _where(mine, theirs)
    if marked:
        lines.append(f"         {MARK} the first difference" + (f": {words}" if words else ""))
    elif words:
        lines.append(f"         differs    {words}")
    return lines


def _where(mine, theirs):
    """Return in words where the values of two events differ, or ""."""
    if theirs is None or mine.error or theirs.error:
        return ""
    if mine.kind == SEEN:
        return where_they_differ(mine.args[0], theirs.args[0])
    return where_they_differ(mine.result, theirs.result) or where_they_differ(mine.changed, theirs.changed)


def _question(event):
    if event.kind == EXPORT:
        return f"the name {event.target}"
    if event.kind == SEEN:
        return f"{event.target} looked at a value"
    asked = [abbreviated(value) for value in event.args]
    asked += [f"{name}={abbreviated(value)}" for name, value in event.kwargs.items()]
    if event.kind == "call":
        return f"{event.target}({', '.join(asked)})"
    if event.kind == CALLBACK:
        return f"the student's code called a function of the test's with ({', '.join(asked)})"
    return f"{event.target} [{event.kind}{': ' if asked else ''}{', '.join(asked)}]"


def _came(event):
    if event.kind == SEEN:
        return abbreviated(event.args[0])
    if event.error is not None:
        return f"{event.error[0]}: {plain_text(str(event.error[1]), 3).strip()}"
    changed = (
        "; left behind in what it was given: " + ", ".join(map(abbreviated, event.changed)) if event.changed else ""
    )
    return abbreviated(event.result) + changed
