"""Runs an assignment's tests against a student process and decides each one: `examine` is the only maker of verdicts.

A verdict is "passed" only where a test ran to its end while the student process answered. What a student's code does
makes it "failed"; what is the author's or the examiner's own fault, "ungraded".
"""

import contextlib
import functools
import random
import time
from dataclasses import dataclass, field, replace

import numpy as np

from autograder.assignment import Exercise
from autograder.exam.boundary import OurFault, StudentGone, Uncrossable, readable
from autograder.exam.guard import Guard, TimeOver, bounded_memory
from autograder.exam.names import Names
from autograder.exam.observe import OBSERVED, note_failure, watch
from autograder.exam.partial import compiled, judged
from autograder.exam.sandbox import Limits
from autograder.exam.session import Session
from autograder.exam.transcript import GONE, Transcript
from autograder.exam.trusted import (
    Reference,
    Sides,
    fresh_namespace,
    imports_of,
    python_of,
    quiet,
    test_namespace,
    used_names,
)
from autograder.testing import TRUSTED
from autograder.verdicts import FAILED, PASSED, UNGRADED, CellResult

MAX_MESSAGE = 500
RESTARTED = "it waits for a test that has ended"


@dataclass
class Examination:
    """What an examination gives.

    cells : list of CellResult
        One for each test, in the notebook's order. A hidden test's message is empty.
    transcripts : dict of str to Transcript
        By grade id.
    cpu_seconds : dict of str to float
        By grade id: what the student's process took for a test.
    outputs : list of list of dict
        For each of the assembled cells what it showed, in nbformat's form.
    """

    cells: list = field(default_factory=list)
    transcripts: dict = field(default_factory=dict)
    cpu_seconds: dict = field(default_factory=dict)
    outputs: list = field(default_factory=list)
    seconds: float = 0.0
    peak_mb: float = 0.0


def examine(assignment, assembled, sandbox, variant_of, only=None, limits=None):
    """Run the tests of an assignment on a submission.

    Parameters
    ----------
    assignment : Assignment
    assembled : Assembled
        The submission's cells, rebuilt from the master.
    sandbox : Sandbox
        Entered already.
    variant_of : callable
        Exercise -> variant of the draws of its hidden tests.
    only : set of str, optional
        The exercises whose tests run; all by default. The student's own runs of the others' visible tests are left out.
    limits : Limits, optional

    Returns
    -------
    Examination

    Raises
    ------
    SandboxUnavailable
        Where a student process can't be shut off. Nothing is graded then.
    """
    start = time.monotonic()
    if only is not None:  # a training in another exercise's visible test took most of an examination
        needed = [cell for cell in assembled.cells if cell.kind != "test" or cell.exercise in only]
        assembled = replace(assembled, cells=needed)
    examiner = _Examiner(assignment, assembled, sandbox, variant_of, limits or Limits())
    random_before = random.getstate(), np.random.get_state()  # noqa: NPY002 - a foreign course may draw from them
    random.seed(0)
    np.random.seed(0)  # noqa: NPY002 - one grading is like the next, where its author sets no seed
    try:
        for index, cell in enumerate(assignment.cells):
            if cell.kind in ("test", "hidden") and (only is None or cell.exercise in only):
                examiner.examine_cell(cell)
            elif assignment.foreign:
                examiner.run_trusted(index)
        if only is None:
            examiner.session.process()  # for what the cells show, if no test asked for it
    finally:
        examiner.session.close()
        random.setstate(random_before[0])
        np.random.set_state(random_before[1])  # noqa: NPY002
    out = examiner.out
    out.outputs = examiner.session.outputs()
    out.peak_mb, out.seconds = examiner.session.peak_mb, time.monotonic() - start
    return out


@functools.cache
def names_without(forbidden):
    """Return the table of names that all submissions begin with: it takes 6 ms to make."""
    return Names(forbidden)


class _Examiner:
    """One examination under way."""

    def __init__(self, assignment, assembled, sandbox, variant_of, limits):
        self.assignment, self.variant_of = assignment, variant_of
        self.problems = assembled.problems
        self.sides = Sides(assignment)
        forbidden = tuple(name for exercise in assignment.exercises.values() for name in exercise.forbid)
        self.names = names_without(forbidden).copy()
        self.reference = None if assignment.foreign else Reference(assignment, self.sides, self.names)
        self.shared = fresh_namespace("__main__").__dict__ if assignment.foreign else None
        self.trusted_cells = {index: (source, bound) for index, source, bound in self.sides.trusted}
        self.session = Session(assembled, assignment, sandbox, limits, forbidden, self.names, self.sides)
        self.missing = {}  # name that a failing instructor cell should have bound -> why
        self.lost = {}  # exercise -> why its remaining tests fail at once
        self.out = Examination()

    def run_trusted(self, index):
        """Run an instructor cell of a foreign course, or an answer's imports, in the namespace that tests share."""
        cell = self.assignment.cells[index]
        source, bound = self.trusted_cells.get(index, ("", ()))
        if cell.kind == "solution":
            source = imports_of(cell.source)
        with quiet(keeps_random=True):
            try:
                exec(compile(source, f"<cell {index}>", "exec"), self.shared)
            except Exception as error:
                self.missing |= dict.fromkeys(bound, f"the author's cell {index}: {type(error).__name__}: {error}")
        self.names.add_course(self.shared, bound)

    def examine_cell(self, cell):
        """Run one test and note its verdict."""
        self.partial = None
        verdict, message, transcript = self.verdict(cell)
        score = cell.points if verdict == PASSED else 0.0
        if verdict == PASSED and self.partial is not None:
            verdict, score, message = judged(self.partial, cell.points)
        shown = readable(message[:MAX_MESSAGE]) if cell.kind == "test" or verdict == UNGRADED else ""
        self.out.cells.append(CellResult(cell.grade_id, cell.exercise, cell.points, score, verdict, shown))
        self.out.transcripts[cell.grade_id] = transcript

    def verdict(self, cell):
        """Return (verdict, message, transcript) of one test."""
        if self.reference is not None and self.reference.problem:
            return UNGRADED, self.reference.problem, Transcript()
        if cell.exercise in self.lost:
            return FAILED, self.lost[cell.exercise], Transcript()
        process = self.session.process()
        if cell.exercise in self.session.stopped:
            return FAILED, self.session.stopped[cell.exercise], Transcript()
        exercise = self.assignment.exercises.get(cell.exercise) or Exercise(cell.exercise, ())
        try:
            code, last = compiled(python_of(cell.source), f"<{cell.grade_id}>", self.assignment.foreign)
        except SyntaxError as error:
            return UNGRADED, f"the test is no Python: {error}", Transcript()
        namespace = self.shared
        if namespace is None:
            variant = self.variant_of(cell.exercise)
            namespace = test_namespace(cell, code, self.sides, self.reference, variant)
        verdict, message = self.run(cell, code, last, namespace, process, exercise)
        self.out.cpu_seconds[cell.grade_id] = process.used
        transcript = process.boundary.transcript
        if not process.alive and verdict != UNGRADED and process.reason != RESTARTED:
            verdict, message = FAILED, f"your code was stopped: {process.reason}"
            self.lost[cell.exercise] = message
            if len(transcript) and transcript[-1].kind not in OBSERVED:  # the call that never came back
                transcript[-1].error = (GONE, process.reason)
        return verdict, message, transcript

    def run(self, cell, code, last, namespace, process, exercise):
        """Run a test's code, and the expression that it ends with; return (verdict, message)."""
        boundary, guard = process.boundary, Guard()
        try:
            with self.bounds(process, guard, exercise.limit):
                boundary.begin(namespace, self.exports(cell), self.sides.mixing(exercise), self.old_random(code))
                watch(namespace, exercise.exports, boundary)
                exec(code, namespace)
                value = eval(last, namespace) if last else None
                boundary.finish()
                self.partial = value if type(value) in (int, float) else None
        except StudentGone:
            return FAILED, ""  # its end says why
        except TimeOver:
            process.end("it took too long")
            return FAILED, ""
        except Uncrossable as error:
            process.end("the test could not go on")
            return UNGRADED, f"a value of the test {error}"
        except OurFault as error:
            process.end("the examiner failed")
            return UNGRADED, f"the examiner failed: {error}"
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            note_failure(boundary.transcript, error, code.co_filename)
            return self.after_failure(boundary, process, exercise, error)
        return PASSED, ""

    @contextlib.contextmanager
    def bounds(self, process, guard, limit):
        """Run a test within all limits, and without a trace."""
        quietly = quiet(keeps_random=self.assignment.foreign)
        with quietly, guard, bounded_memory(), process.within(limit, guard=guard):
            yield

    def exports(self, cell):
        """Return the names that a test reads from the student process; never what a hidden test has from us."""
        return [name for name in self.sides.exports if cell.kind != "hidden" or name not in TRUSTED]

    def old_random(self, code):
        """Return whether a test draws from NumPy's global generator, which our own tests never do."""
        return self.assignment.foreign and "random" in used_names(code)

    def after_failure(self, boundary, process, exercise, error):
        """Put the student process in order after a test that failed, and say what it said."""
        try:
            if boundary.depth:  # it still waits for a function of the test's
                process.end(RESTARTED)
            else:
                with process.within(exercise.limit):
                    boundary.finish()
        except StudentGone:
            process.end("it does not answer")
        if isinstance(error, NameError) and error.name in self.missing:
            return UNGRADED, self.missing[error.name]
        said = str(error)
        if isinstance(error, NameError) and error.name in self.sides.exports:
            why = self.session.problem_of(exercise.name)
            said = f"`{error.name}` is not defined" + (f": {why}" if why else "")
            return FAILED, said
        ours = type(error).__module__.startswith("autograder.")  # a class of ours means nothing to a student
        return FAILED, said if said and (
            ours or isinstance(error, AssertionError)
        ) else f"{type(error).__name__}: {said}"
