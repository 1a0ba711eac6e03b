"""The answers that `prove` tries on a chapter, and what each of them must earn."""

import json
from dataclasses import dataclass, field

import nbformat

from autograder.author.adversaries import ADVERSARIES, adversary
from autograder.exam.known import REFERENCE, run_answers, solution_cells
from autograder.verdicts import CellResult

STUB = "stub"
SHARE_OF_LIMIT = 0.1  # what a right answer may take of a test's limit
REPEATS = 3


@dataclass(frozen=True)
class Case:
    """One answer: to one exercise, or (reference and stub) to all of them at once."""

    kind: str  # "reference", "stub", "mistake", "alternative" or "adversary"
    id: str
    exercise: str = ""
    answers: dict = field(default_factory=dict, repr=False, compare=False)  # exercise -> text

    @property
    def name(self):
        """Return how messages name it."""
        return self.kind if not self.exercise else f"{self.exercise}: {self.kind} {self.id}"


@dataclass(frozen=True)
class Outcome:
    """What a case earned on one variant."""

    case: Case
    variant: int
    cells: tuple[CellResult, ...]
    cpu_seconds: dict = field(default_factory=dict)  # of the answer's process, by grade id
    like_reference: bool = False  # an adversary that no test could tell from the reference, not even by its calls


def released_notebook(assignment):
    """Return the notebook that students get, as nbformat 4 JSON with texts for sources."""
    from autograder.author.released import release  # imports nbgrader, which takes a second

    master = nbformat.reads(json.dumps(assignment.notebook), as_version=4)
    return json.loads(json.dumps(release(master)))


def cases_of(assignment):
    """Return the cases of an assignment, in the order of its exercises."""
    released = released_notebook(assignment)
    stubs = {exercise: cell["source"] for exercise, cell in solution_cells(released).items()}
    cases = [Case("reference", REFERENCE), Case("stub", STUB, answers=stubs)]
    for cell in assignment.cells:
        if cell.kind != "solution":
            continue
        cases += [
            Case(answer.kind, answer.id, answer.exercise, {answer.exercise: answer.source})
            for answer in assignment.answers
            if answer.exercise == cell.exercise
        ]
        exports = assignment.exercises[cell.exercise].exports
        cases += [
            Case("adversary", kind, cell.exercise, {cell.exercise: adversary(kind, exports, cell.source)})
            for kind in ADVERSARIES
        ]
    return cases


def variants_of(case, assignment):
    """Return the variants that a case has to be tried on."""
    if case.exercise:
        return assignment.exercises[case.exercise].variants
    return sorted({variant for exercise in assignment.exercises.values() for variant in exercise.variants})


def try_case(case, variant, table, whole):
    """Examine a case on one variant; keep in the table what is a known answer.

    Parameters
    ----------
    case : Case
    variant : int
    table : Table
    whole : bool
        Run the tests of all exercises, or of those alone in which the case may lose points.

    Returns
    -------
    Outcome
    """
    only = None if whole else may_lose(case, table.assignment)
    run = run_answers(table.assignment, table.sandbox, case.answers, variant, only)
    cpu_seconds = run.cpu_seconds
    for _ in range(REPEATS):  # a busy machine makes the same work cost more: the least counts
        if case.kind in ("reference", "alternative") and any(slow_tests(run.cells, cpu_seconds, table.assignment)):
            again = run_answers(table.assignment, table.sandbox, case.answers, variant, only).cpu_seconds
            cpu_seconds = {name: min(taken, again.get(name, taken)) for name, taken in cpu_seconds.items()}
    if case.kind == "reference":
        for name, exercise in table.assignment.exercises.items():
            if variant in exercise.variants:
                table.store(name, REFERENCE, variant, run)
    elif case.kind in ("mistake", "alternative"):
        table.store(case.exercise, case.id, variant, run)
    like_reference = case.kind == "adversary" and run.of(case.exercise).behaves_like(
        table.run(case.exercise, REFERENCE, variant)
    )
    return Outcome(case, variant, run.cells, cpu_seconds, like_reference)


def faults_of(outcome, assignment):
    """Yield a sentence for everything that a case should not have earned, or should have."""
    case = outcome.case
    for cell in outcome.cells:
        if cell.verdict == "ungraded":
            yield f"{cell.grade_id} could not be graded: {cell.message}"
        elif cell.verdict == "failed" and case.kind in ("reference", "alternative"):
            yield f"{cell.grade_id} fails it: {cell.message or 'a right answer must keep full marks'}"
        elif cell.score and case.kind == "stub":
            yield f"{cell.grade_id} gives {cell.score:g} points to the released stub"
        elif cell.verdict == "failed" and cell.exercise not in may_lose(case, assignment):
            yield f"{cell.grade_id} fails it, a test of another exercise: say needs={case.exercise!r} there, or mend it"
    if case.kind in ("reference", "alternative"):
        yield from slow_tests(outcome.cells, outcome.cpu_seconds, assignment)
    if case.kind in ("mistake", "adversary") and not outcome.like_reference and not lost(outcome):
        yield "it survives: no test takes a point from it"


def slow_tests(cells, cpu_seconds, assignment):
    """Yield a sentence for every test that took a right answer more than its share of the limit."""
    for cell in cells:
        taken, limit = cpu_seconds.get(cell.grade_id, 0.0), assignment.exercises[cell.exercise].limit
        if taken > SHARE_OF_LIMIT * limit:
            yield f"{cell.grade_id} takes it {taken:.1f} s of {limit:g} s, more than a tenth: raise limit="


def may_lose(case, assignment):
    """Return the exercises in which a case may lose points: its own, and those that build on it."""
    if not case.exercise:
        return set(assignment.exercises)
    found = {case.exercise}
    while more := {e.name for e in assignment.exercises.values() if found & set(e.needs)} - found:
        found |= more
    return found


def lost(outcome):
    """Return whether a case lost points in its own exercise."""
    own = [cell for cell in outcome.cells if cell.exercise == outcome.case.exercise]
    return sum(cell.score for cell in own) < sum(cell.points for cell in own)
