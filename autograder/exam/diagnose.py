"""From a failed test to feedback: the hint of a known mistake that behaves alike, or the kind of difference seen.

A mistake is recognised by what crossed between the examiner and the student's code, and by what the test found. It
agrees with a student's answer when it fails the same tests of the exercise and, in each of them, the transcripts
agree: event by event at first, then without the links between objects, then in what the test checked alone
(`views.py`; numbers within a tolerance, errors by class). The first view in which any known mistake agrees decides.
Where several agree and their hints differ, those count that agree in the passed tests too; where their hints still
differ, there is no hint: a wrong one misleads.
"""

from dataclasses import replace

from autograder.exam.assemble import AMBIGUOUS, MISSING, UNTOUCHED
from autograder.exam.differences import LOOSEST, TOLERANCES, agrees, describe, shows_difference
from autograder.exam.known import REFERENCE, Run
from autograder.exam.transcript import GONE
from autograder.exam.views import VIEWS
from autograder.verdicts import FAILED, UNGRADED

STATES = {
    MISSING: "The cell for this answer is missing from the notebook.",
    UNTOUCHED: "Not started: the answer is still as it was handed out.",
}
UNCLEAR = (
    "Several cells of the notebook could be this answer, and none says that it is: a person decides which one counts."
)


def diagnose(assignment, examination, table, variant_of, problems=None):
    """Say for every failed test what was seen and, where a known mistake behaves alike, what its hint is.

    Parameters
    ----------
    assignment : Assignment
    examination : Examination or Run
        With `cells` and `transcripts`.
    table : Table
        What the known answers do.
    variant_of : callable
        Exercise -> the variant that was examined.
    problems : dict, optional
        Grade id of a solution cell -> what is wrong with it, as `assemble` found it.

    Returns
    -------
    list of CellResult
        The same verdicts and marks, but for tests that the author's own answer fails, and those of an answer whose cell
        cannot be told: these decide nothing.
    """
    unclear = {name for name, problem in (problems or {}).items() if problem == AMBIGUOUS}
    failed = {cell.exercise for cell in examination.cells if cell.verdict == FAILED} - unclear
    found = {}
    for name in failed:
        state = (problems or {}).get(name)
        needs = assignment.exercises[name].needs if name in assignment.exercises else ()
        needed = [other for other in needs if other in failed]
        run = Run(tuple(examination.cells), examination.transcripts).of(name)
        found[name] = _Finding(run, table, variant_of(name), state, needed)
    return [
        replace(cell, verdict=UNGRADED, score=0.0, message=UNCLEAR)
        if cell.exercise in unclear
        else found[cell.exercise].explain(cell)
        if cell.verdict == FAILED
        else cell
        for cell in examination.cells
    ]


class _Finding:
    """What is known of one exercise that failed."""

    def __init__(self, run, table, variant, state, needed):
        self.run, self.needed = run, needed
        self.state = STATES.get(state)
        self.reference = table.run(run.cells[0].exercise, REFERENCE, variant)
        self.mistakes = {} if self.state else recognise(run, table, variant)

    def explain(self, cell):
        """Return the result of a failed test with its message and, if there is one, the hint."""
        if not self.state and (why := self.author_fails(cell.grade_id)):
            return replace(cell, verdict=UNGRADED, score=0.0, message=why)
        gone = any(event.error and event.error[0] == GONE for event in self.run.transcripts[cell.grade_id])
        own = "" if gone else cell.message  # of a visible test; it does not know that the student process ended
        own = "It" + own[2:] if own.startswith("it ") else own  # an author's may begin with a name such as double(2)
        message = self.state or own or self.difference(cell.grade_id)
        if self.needed:
            message += f" This builds on {' and '.join(self.needed)}, which failed too: mend that first."
        mistake = self.mistakes.get(cell.grade_id)
        if mistake is None:
            return replace(cell, message=message)
        return replace(cell, message=message, mistake=mistake.again or mistake.id, hint=mistake.hint)

    def author_fails(self, grade_id):
        """Return why a failed test says nothing about an answer: the author's own fails it here too. Else None."""
        own = next((cell for cell in self.reference.cells if cell.grade_id == grade_id), None)
        if own is None or own.verdict != FAILED or own.score:
            return None
        return f"The author's own answer does not pass this test here{f' ({own.message})' if own.message else ''}."

    def difference(self, grade_id):
        """Return what kind of difference the test's transcript shows."""
        return describe(self.run.transcripts[grade_id], self.reference.transcripts[grade_id])


def recognise(run, table, variant, without=frozenset()):
    """Return for each failed test the known mistake that it shows.

    One mistake that fails the same tests alike explains them all. Where there is none, an answer may hold several: each
    that fails fewer tests, and those alike, explains them.

    Parameters
    ----------
    run : Run
        The tests of one exercise, some of them failed.
    table : Table
    variant : int
    without : set of str
        Ids of known mistakes that are left out, to measure how well the others do.

    Returns
    -------
    dict
        Grade id -> Answer, with its hint; of several with the same hint the first body. Tests that show no known
        mistake, or several with different hints, are not in it.
    """
    exercise = run.cells[0].exercise
    reference = table.run(exercise, REFERENCE, variant)
    known = [
        (answer, table.run(exercise, answer.id, variant))
        for answer in table.mistakes(exercise)
        if answer.id not in without
    ]
    failed = failures(run)
    whole = [(answer, other) for answer, other in known if failures(other) == failed]
    parts = [(answer, other) for answer, other in known if failures(other) and failures(other) < failed]
    for among in (whole, parts):
        for view in VIEWS:
            found = [(answer, other) for answer, other in among if _looks_like(run, other, reference, view)]
            if found:
                chosen = {grade_id: _choose(found, run, grade_id, table) for grade_id in failed}
                return {grade_id: answer for grade_id, answer in chosen.items() if answer is not None}
    return {}


def _looks_like(run, other, reference, view):
    """Return whether an answer looks in a view like a known one wherever that one fails, and unlike the reference."""
    shown = False
    for grade_id in failures(other):
        have, want = run.transcripts[grade_id], reference.transcripts[grade_id]
        differs = (rtol for rtol in TOLERANCES if shows_difference(have, want, rtol, view))
        rtol = next(differs, None)
        shown = shown or rtol is not None
        if not agrees(have, other.transcripts[grade_id], rtol or LOOSEST, view):
            return False
    return shown


def _choose(found, run, grade_id, table):
    """Return the mistake that explains a failed test, or None where several with different hints do."""
    found = [(answer, other) for answer, other in found if grade_id in failures(other)]
    if len({hint_of(answer, table) for answer, _ in found}) > 1:
        found = [(answer, other) for answer, other in found if run.behaves_like(other, LOOSEST)]
    if len({hint_of(answer, table) for answer, _ in found}) != 1:
        return None
    first = min((answer for answer, _ in found), key=lambda answer: bool(answer.again))
    return replace(first, hint=hint_of(first, table))


def hint_of(answer, table):
    """Return a mistake's hint; a second body has that of the first."""
    first = answer.again or answer.id
    return next(one.hint for one in table.mistakes(answer.exercise) if one.id == first)


def failures(run):
    """Return the grade ids of the tests that failed."""
    return {cell.grade_id for cell in run.cells if cell.verdict == FAILED}
