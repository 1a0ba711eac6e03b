"""From a failed test to feedback: the hint of a known mistake that behaves alike, or the kind of difference seen.

A mistake is recognised by what crossed between the examiner and the student's code. It agrees with a student's answer
when it fails the same tests of the exercise and, in each of them, the transcripts agree event by event: calls,
arguments, results (numbers within a tolerance), errors by class, changed arguments. Where several agree and their
hints differ, those count that agree in the passed tests too; where their hints still differ, there is no hint: a
wrong one misleads.
"""

from dataclasses import replace

from autograder.exam.assemble import MISSING, UNTOUCHED
from autograder.exam.differences import LOOSEST, TOLERANCES, agrees, describe
from autograder.exam.known import REFERENCE, Run
from autograder.exam.transcript import GONE
from autograder.verdicts import FAILED

STATES = {
    MISSING: "The cell for this answer is missing from the notebook.",
    UNTOUCHED: "Not started: the answer is still as it was handed out.",
}


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
        The same verdicts and marks.
    """
    failed = {cell.exercise for cell in examination.cells if cell.verdict == FAILED}
    found = {}
    for name in failed:
        state = (problems or {}).get(name)
        needs = assignment.exercises[name].needs if name in assignment.exercises else ()
        needed = [other for other in needs if other in failed]
        run = Run(tuple(examination.cells), examination.transcripts).of(name)
        found[name] = _Finding(run, table, variant_of(name), state, needed)
    return [found[cell.exercise].explain(cell) if cell.verdict == FAILED else cell for cell in examination.cells]


class _Finding:
    """What is known of one exercise that failed."""

    def __init__(self, run, table, variant, state, needed):
        self.run, self.needed = run, needed
        self.state = STATES.get(state)
        self.reference = table.run(run.cells[0].exercise, REFERENCE, variant)
        self.mistake = None if self.state else recognise(run, table, variant)

    def explain(self, cell):
        """Return the result of a failed test with its message and, if there is one, the hint."""
        gone = any(event.error and event.error[0] == GONE for event in self.run.transcripts[cell.grade_id])
        own = "" if gone else cell.message  # of a visible test; it does not know that the student process ended
        message = self.state or own or self.difference(cell.grade_id)
        if self.needed:
            message += f" This builds on {' and '.join(self.needed)}, which failed too: mend that first."
        if self.mistake is None:
            return replace(cell, message=message)
        return replace(cell, message=message, mistake=self.mistake.again or self.mistake.id, hint=self.mistake.hint)

    def difference(self, grade_id):
        """Return what kind of difference the test's transcript shows."""
        return describe(self.run.transcripts[grade_id], self.reference.transcripts[grade_id])


def recognise(run, table, variant, without=frozenset()):
    """Return the known mistake that behaves like an answer, or None.

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
    Answer or None
        Of several with the same hint, the first body of the mistake.
    """
    exercise = run.cells[0].exercise
    failed = failures(run)
    tolerances = _tolerances(run, table.run(exercise, REFERENCE, variant), failed)
    if not any(tolerances.values()):
        return None  # nothing that the student's code did was unlike the reference
    candidates = []
    for answer in table.mistakes(exercise):
        if answer.id in without:
            continue
        known = table.run(exercise, answer.id, variant)
        if failures(known) == failed and all(
            agrees(run.transcripts[grade_id], known.transcripts[grade_id], tolerances[grade_id] or LOOSEST)
            for grade_id in failed
        ):
            candidates.append((answer, known))
    if len({hint_of(answer, table) for answer, _ in candidates}) > 1:
        candidates = [(answer, known) for answer, known in candidates if run.behaves_like(known, LOOSEST)]
    if len({hint_of(answer, table) for answer, _ in candidates}) != 1:
        return None
    first = min((answer for answer, _ in candidates), key=lambda answer: bool(answer.again))
    return replace(first, hint=hint_of(first, table))


def hint_of(answer, table):
    """Return a mistake's hint; a second body has that of the first."""
    first = answer.again or answer.id
    return next(one.hint for one in table.mistakes(answer.exercise) if one.id == first)


def failures(run):
    """Return the grade ids of the tests that failed."""
    return {cell.grade_id for cell in run.cells if cell.verdict == FAILED}


def _tolerances(run, reference, failed):
    """Return for each failed test the loosest tolerance at which it differs from the reference's, or None."""
    found = {}
    for grade_id in failed:
        have, want = run.transcripts[grade_id], reference.transcripts[grade_id]
        found[grade_id] = next((rtol for rtol in TOLERANCES if not agrees(have, want, rtol)), None)
    return found
