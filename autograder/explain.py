"""`explain`: one student's exercise once more, on the student's own draws, with all that crossed: for an appeal.

Reads the results folder and the course; writes nothing.
"""

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.assignment import Assignment
from autograder.course import assignment_names, load_assignment
from autograder.exam.assemble import assemble
from autograder.exam.diagnose import diagnose
from autograder.exam.engine import environment_key, variants_of
from autograder.exam.examine import Examination, examine
from autograder.exam.known import REFERENCE, Table
from autograder.exam.notebook import Rejected, read_notebook
from autograder.exam.sandbox import Sandbox, SandboxUnavailable
from autograder.exam.transcript import Transcript
from autograder.results.audit import Audit
from autograder.results.history import NOTEBOOK, History
from autograder.results.inert import plain_text
from autograder.results.replayed import MAX_SHOWN, lines_of_test
from autograder.verdicts import GRADED

PROBLEM, WRONG_USE, OTHERWISE = 1, 2, 3  # exit codes


@dataclass
class Replay:
    """A student's exercise, examined once more."""

    assignment: Assignment
    student: str
    exercise: str
    variant: int
    entry: dict  # what is on record: a line of the audit log
    same_tests: bool  # whether it was graded by these tests and these versions
    answers: list[str]
    problem: str  # of the answer's cell, or ""
    cells: list = field(default_factory=list)  # of this exercise, after diagnosis
    have: dict = field(default_factory=dict)  # grade id -> Transcript
    want: dict = field(default_factory=dict)

    def differing(self):
        """Return {grade id: (verdict on record, verdict now)} where the two are not the same."""
        recorded = {name: cell[0] for name, cell in self.entry["cells"].items()}
        found = {cell.grade_id: (recorded.get(cell.grade_id, "none"), cell.verdict) for cell in self.cells}
        return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def replay(student, exercise, out, course, assignment=None, *, notebook=NOTEBOOK, cache=None, trust_students=False):
    """Examine a student's exercise again, as it is on record.

    Parameters
    ----------
    student, exercise : str
    out : Path
        The results folder that `grade` wrote.
    course : Path
        The nbgrader course, with `source/`.
    assignment : str, optional
        Needed where the exercise's name stands in several.
    notebook : str
        The file name under which it was graded.
    cache : Path, optional
        Where runs of known answers are kept; read, never written.
    trust_students : bool
        Run the student's code without a sandbox.

    Returns
    -------
    Replay

    Raises
    ------
    ValueError
        Where the student, the exercise or the submission is not there.
    SandboxUnavailable
    """
    assignment = _assignment_with(exercise, Path(course), assignment, None if notebook == NOTEBOOK else notebook)
    entry, submission = _on_record(student, Path(out), assignment.name, notebook)
    assembled = assemble(assignment, read_notebook(submission.notebook))

    variant_of = variants_of(assignment, entry.get("draws") or student)  # a group's are its own
    with Sandbox(trust_students) as sandbox, tempfile.TemporaryDirectory() as scratch:
        table = _table(assignment, sandbox, scratch, cache)
        # all tests, as when it was graded: one may leave something behind for the next
        examination = examine(assignment, assembled, sandbox, variant_of)
        cells = diagnose(assignment, _near(assignment, examination, exercise), table, variant_of, assembled.problems)
        reference = table.run(exercise, REFERENCE, variant_of(exercise))
    cells = [cell for cell in cells if cell.exercise == exercise]
    return Replay(
        assignment,
        student,
        exercise,
        variant_of(exercise),
        entry,
        entry["environment"] == environment_key(assignment, sandboxed=not trust_students),
        [cell.source for cell in assembled.cells if cell.kind == "solution" and cell.exercise == exercise],
        assembled.problems.get(exercise, ""),
        cells,
        {cell.grade_id: examination.transcripts.get(cell.grade_id, Transcript()) for cell in cells},
        {cell.grade_id: reference.transcripts.get(cell.grade_id, Transcript()) for cell in cells},
    )


def _assignment_with(exercise, course, name, notebook):
    """Return the assignment that has an exercise."""
    names = [name] if name else assignment_names(course)
    assignments = [load_assignment(course, one, notebook) for one in names]
    found = [one for one in assignments if exercise in one.exercises]
    if not found:
        there = (
            "; ".join(f"{one.name} has {', '.join(one.exercises)}" for one in assignments) or "there is no assignment"
        )
        raise ValueError(f"{course} has no exercise {exercise!r}: {there}")
    if len(found) > 1:
        raise ValueError(f"{exercise!r} stands in {', '.join(one.name for one in found)}: say which with --assignment")
    return found[0]


def _on_record(student, out, assignment, notebook):
    """Return the line on record of a student, and the submission that it is about."""
    audit = Audit(out, assignment, notebook=notebook)
    entry = audit.last.get(student)
    if entry is None:
        there = sorted(audit.last)
        known = ", ".join(there[:10]) + (f" and {len(there) - 10} more" if len(there) > 10 else "")
        raise ValueError(
            f"{out} holds no result of {student!r} for {assignment}: it holds those of {known or 'nobody'}"
        )
    if entry["status"] != GRADED:
        raise ValueError(f"{student}'s submission was not graded, so there is nothing to replay: {entry['reason']}")
    submission = History(out, assignment, notebook).find(student, entry["submission"])
    if submission is None:
        raise ValueError(f"{out}/history has lost {student}'s submission {entry['submission']}: grade it again")
    return entry, submission


def _table(assignment, sandbox, scratch, cache):
    """Return the table of known answers, which reads the cache and writes elsewhere."""
    table = Table.load_or_make(assignment, sandbox, scratch)
    for path in Path(cache, table.folder.name).glob("*.run") if cache else ():
        (table.folder / path.name).symlink_to(path.resolve())
    return table


def _near(assignment, examination, exercise):
    """Return the part of an examination that explains one exercise: its own tests and those of what it needs."""
    needs = assignment.exercises[exercise].needs
    cells = [cell for cell in examination.cells if cell.exercise in (exercise, *needs)]
    return Examination(cells, examination.transcripts)


def lines_of(found, events=MAX_SHOWN):
    """Return a replay as lines of text.

    Parameters
    ----------
    found : Replay
    events : int
        How many events of each test are shown.

    Returns
    -------
    list of str
    """
    entry, score = found.entry, sum(cell.score for cell in found.cells)
    points = sum(cell.points for cell in found.cells)
    handed_in = f", handed in {entry['handed_in']}" if entry["handed_in"] else ""
    lines = [
        f"{found.assignment.name}, {found.exercise}: {found.student}, {score:g} of {points:g} points by tests",
        f"draws: variant {found.variant} · submission {entry['submission']}{handed_in}",
        f"on record since {entry['when']}",
    ]
    if not found.same_tests:
        lines.append("NOTE: the tests or the software have changed since this was graded: this replays today's.")
    for name, (before, now) in found.differing().items():
        lines.append(f"NOTE: {name} is {before} on record and {now} in this replay.")
    if found.problem:
        lines.append(f"NOTE: the answer's cell is {found.problem}.")
    lines += ["", "the student's answer:"]
    for source in found.answers:
        lines += [f"  | {line}" for line in plain_text(source, 200).split("\n")]
    tests = {cell.grade_id: cell for cell in found.assignment.cells}
    for cell in found.cells:
        name = cell.grade_id
        lines += ["", *lines_of_test(tests[name], cell, found.have[name], found.want[name], events)]
    return lines


def command(
    student: Annotated[str, typer.Argument(help="The student's id, as in results.json.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's name, as in results.json.")],
    out: Annotated[Path, typer.Option(help="The results folder that grade wrote.")] = Path("build/graded"),
    course: Annotated[Path, typer.Option(help="The nbgrader course, with source/.")] = Path("build/nbgrader"),
    assignment: Annotated[str | None, typer.Option(help="Which, where several have such an exercise.")] = None,
    notebook: Annotated[str, typer.Option(help="The file name under which it was graded.")] = NOTEBOOK,
    cache: Annotated[Path, typer.Option(help="Where runs of known answers are kept; read only.")] = Path("build/known"),
    events: Annotated[int, typer.Option(min=1, help="How many events of each test are shown.")] = MAX_SHOWN,
    trust_students: Annotated[
        bool, typer.Option("--trust-students", help="Run the code WITHOUT a sandbox, as your own user.")
    ] = False,
):
    """Replay one student's exercise with the actual values, for an appeal. For staff: it shows hidden tests.

    For each test: the verdict, its source, every call with its arguments and result, what the reference gave for the
    same call, the first difference (marked >>), the misconception and the hint. Nothing is written.

    Exit codes: 0 explained, 1 could not run, 2 wrong use, 3 the replay decides otherwise than what is on record.

    Example: python -m autograder explain ada softmax --out build/graded --course build/nbgrader
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    options = {"notebook": notebook, "cache": cache, "trust_students": trust_students}
    try:
        found = replay(student, exercise, out, course, assignment, **options)
    except (ValueError, Rejected) as error:
        raise typer.BadParameter(str(error)) from error
    except (SandboxUnavailable, OSError) as error:
        console.print(f"It could not be replayed: {error}")
        raise typer.Exit(PROBLEM) from error
    for line in lines_of(found, events):
        console.print(line)
    raise typer.Exit(OTHERWISE if found.differing() else 0)
