"""A student's feedback: one HTML page that needs no script and no network, and gives no test away.

It shows marks by exercise, what each test saw, the hint that this deserves, and the student's own cells with their
outputs. Everything is escaped by the template; pictures are the raster ones that `inert` let through.
"""

import base64
import hashlib
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.exam.assemble import AMBIGUOUS, DUPLICATED, MISSING, RETYPED, UNTOUCHED
from autograder.results.inert import JOINER, plain_text
from autograder.results.notebook import grade_id_of
from autograder.verdicts import BROKEN, FAILED, GRADED, PASSED, REJECTED, UNGRADED

WORDS = {
    PASSED: "Passed",
    FAILED: "Not passed",
    UNGRADED: "Could not be graded: this is our fault, and your instructor is told",
}
BY_A_PERSON = "Not graded yet: a person decides"
STATES = {
    REJECTED: "Your file could not be graded",
    BROKEN: "Your submission could not be graded: this is our fault, and your instructor is told",
}
PROBLEMS = {
    MISSING: "The cell for this answer is missing from your notebook.",
    DUPLICATED: "The cell for this answer stands in your notebook more than once; all copies ran, in order.",
    RETYPED: "The cell for this answer had another type; it was read as what it was.",
    UNTOUCHED: "You have not changed this answer's cell yet.",
    AMBIGUOUS: "Several cells of your notebook could be this answer; see above, About your file.",
}


@dataclass(frozen=True)
class Test:
    """One test cell as the page shows it."""

    title: str
    verdict: str
    word: str
    score: float
    points: float
    message: str
    hint: str


@dataclass(frozen=True)
class Part:
    """One exercise, or one written question, with the student's cells."""

    name: str
    score: float
    points: float
    verdict: str  # "" for an answer that a person marks
    word: str
    problem: str
    tests: list[Test] = field(default_factory=list)
    cells: list[dict] = field(default_factory=list)


def feedback_page(assignment, record, notes=(), late=""):
    """Return the feedback page of one submission.

    Parameters
    ----------
    assignment : Assignment
    record : gradebook.Record
        Its notebook is an autograded one, with the student's texts made inert; None where it was not graded.
    notes : list of str
        Sentences on what was put right or not used.
    late : str
        What a late penalty takes off, and why; "" without one.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing; its content-security policy says so too.
    """
    result = record.result
    parts = _parts(assignment, record) if result.status == GRADED else []
    by_hand = sum(part.points for part in parts if not part.verdict)  # still to come
    left_open = sum(test.points for part in parts for test in part.tests if test.verdict == UNGRADED)
    return (
        templates()
        .get_template("feedback.html.j2")
        .render(
            assignment=assignment.name,
            student=result.student,
            state=STATES.get(result.status, ""),
            reason=plain_text(result.reason or ""),
            score=result.score,
            max_score=result.max_score,
            by_hand=by_hand,
            late=late,
            left_open=left_open,
            parts=parts,
            extra=_cells(record.notebook, "") if result.status == GRADED else [],
            notes=[plain_text(note) for note in notes],
            verdicts=(PASSED, FAILED, UNGRADED),
            style=style_of_pages(),
            style_hash=base64.b64encode(hashlib.sha256(style_of_pages().encode()).digest()).decode(),
        )
    )


def _parts(assignment, record):
    """Return the exercises and written questions in the notebook's order."""
    names = dict.fromkeys(cell.exercise or cell.grade_id for cell in assignment.cells if is_asked(cell))
    return [_exercise(assignment, record, name) or _question(assignment, record, name) for name in names]


def is_asked(cell):
    """Return whether a cell asks something of students, or tests what they gave."""
    return cell.kind in ("solution", "manual", "test", "hidden")


def _exercise(assignment, record, name):
    """Return an exercise with its tests, or None where there is nothing that a test decides."""
    kinds = {cell.grade_id: cell.kind for cell in assignment.cells}
    tests = [_test(cell, kinds[cell.grade_id]) for cell in record.result.cells if cell.exercise == name]
    if not tests:
        return None
    verdicts = {test.verdict for test in tests}
    verdict = next(verdict for verdict in (UNGRADED, FAILED, PASSED) if verdict in verdicts)
    passed = sum(test.verdict == PASSED for test in tests)
    word = "Passed" if passed == len(tests) else f"{passed} of {len(tests)} tests passed"
    score, points = (sum(getattr(test, key) for test in tests) for key in ("score", "points"))
    problem = PROBLEMS.get(record.problems.get(name), "")
    if record.problems.get(name) == AMBIGUOUS:
        word = BY_A_PERSON
        tests = [replace(test, word=BY_A_PERSON, message="") for test in tests]
    return Part(name, score, points, verdict, word, problem, tests, _cells(record.notebook, name))


def _question(assignment, record, name):
    """Return an answer that a person marks, if there is one."""
    cell = next(cell for cell in assignment.cells if cell.grade_id == name or cell.exercise == name)
    problem = record.problems.get(name)
    if problem in (MISSING, UNTOUCHED):  # then nobody has anything to mark: it has no points already
        return Part(name, 0.0, cell.points, FAILED, "Not answered", PROBLEMS[problem])
    answers = [_shown(one) for one in record.notebook["cells"] if grade_id_of(one) == name]
    return Part(name, 0.0, cell.points, "", "Marked by a person", PROBLEMS.get(problem, ""), [], answers)


def _test(result, kind):
    return Test(
        "Test in your notebook" if kind == "test" else "Hidden test",
        result.verdict,
        WORDS[result.verdict],
        result.score,
        result.points,
        plain_text(result.message or "", 40),
        plain_text(result.hint or "", 40),
    )


def _cells(notebook, exercise):
    """Return the student's code cells of an exercise; with "", those that belong to none."""
    found = []
    for cell in notebook["cells"]:
        about = cell["metadata"].get("plainnet")
        if about and about.get("exercise", "") == exercise and cell["cell_type"] == "code" and cell["source"].strip():
            found.append(_shown(cell))
    return found


def _shown(cell):
    """Return a cell's text and outputs as the page shows them."""
    outputs = []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        picture = next((kind for kind in data if kind.startswith("image/")), None)
        if picture:
            outputs.append(("picture", f"data:{picture};base64,{''.join(data[picture].split())}"))
        elif output["output_type"] == "error":
            outputs.append(("error", "\n".join(output["traceback"]) or f"{output['ename']}: {output['evalue']}"))
        else:
            outputs.append(("output", output.get("text") or data.get("text/plain", "")))
    text = plain_text(cell["source"].replace(JOINER, ""), 2000)
    return {"source": text, "css": "code" if cell["cell_type"] == "code" else "written", "outputs": outputs}


@cache
def templates():
    """Return the environment that reads the templates of this folder."""
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["points"] = lambda number: f"{number:g}"
    return environment


@cache
def style_of_pages():
    """Return the style sheet of the pages for students."""
    return Path(__file__).with_name("feedback.css").read_text(encoding="utf-8")
