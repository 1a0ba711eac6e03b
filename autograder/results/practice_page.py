"""A student's page after practice: a verdict and a hint for each exercise. It has no points, and gives no test away."""

import base64
import hashlib
import re
from dataclasses import dataclass

from autograder.exam.assemble import AMBIGUOUS, MISSING, UNTOUCHED
from autograder.results.feedback import PROBLEMS, is_asked, style_of_pages, templates
from autograder.results.inert import plain_text
from autograder.verdicts import FAILED, GRADED, PASSED, UNGRADED

WORDS = {PASSED: "Passed", FAILED: "Not passed yet", UNGRADED: "Could not be judged: our fault, not yours"}
NOT_STARTED = "Not started"
# what a student's own error says could carry a hidden test's values out; its class tells enough
OWN_WORDS = re.compile(r"( raised \w+): .*", re.DOTALL)
# so could the size of what an answer gives: `np.zeros(int(1e6 * x))`
OWN_SIZES = re.compile(r" of (?:shape \([^()]*\)|length \d+)(?=, which is not the (shape|length) asked for)")


@dataclass(frozen=True)
class Advice:
    """One exercise, or one written question, as the page shows it."""

    name: str
    verdict: str  # "" for an answer that a person marks
    word: str
    seen: str = ""
    hint: str = ""


def practice_page(assignment, graded, notes, most, left):
    """Return the page of one round.

    Parameters
    ----------
    assignment : Assignment
    graded : engine.Graded
    notes : list of str
        Sentences on what was put right or not used.
    most, left : int
        Rounds of a day, and how many of today's are left.

    Returns
    -------
    str
        HTML that loads nothing and runs nothing.
    """
    result = graded.result
    style = style_of_pages()
    return (
        templates()
        .get_template("practice.html.j2")
        .render(
            assignment=assignment.name,
            student=result.student,
            reason="" if result.status == GRADED else plain_text(result.reason or ""),
            advice=advice_of(assignment, graded) if result.status == GRADED else [],
            notes=[plain_text(note) for note in notes],
            rounds=_rounds(most, left),
            verdicts=(PASSED, FAILED, UNGRADED),
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        )
    )


def advice_of(assignment, graded):
    """Return what to say about each exercise and written question, in the notebook's order."""
    names = dict.fromkeys(cell.exercise or cell.grade_id for cell in assignment.cells if is_asked(cell))
    return [_advice(assignment, graded, name) for name in names]


def _advice(assignment, graded, name):
    cells = [cell for cell in graded.result.cells if cell.exercise == name]
    problem = graded.problems.get(name)
    if not cells:
        answered = problem not in (MISSING, UNTOUCHED)
        return Advice(name, "" if answered else FAILED, "A person will read it" if answered else NOT_STARTED)
    verdict = next(one for one in (FAILED, UNGRADED, PASSED) if one in {cell.verdict for cell in cells})
    if problem == AMBIGUOUS:
        return Advice(name, UNGRADED, "Cannot be told", PROBLEMS[problem])
    if problem == UNTOUCHED:
        return Advice(name, FAILED, NOT_STARTED)
    if problem == MISSING or verdict == PASSED:
        return Advice(name, verdict, WORDS[verdict], PROBLEMS[problem] if problem else "")
    if verdict == UNGRADED:
        return Advice(name, verdict, WORDS[verdict])
    failed = [cell for cell in cells if cell.verdict == FAILED]
    kinds = {cell.grade_id: cell.kind for cell in assignment.cells}
    told = next((cell for cell in failed if cell.hint), failed[0])
    message = told.message or ""
    if kinds[told.grade_id] != "test":
        message = OWN_SIZES.sub(r" of a \1", OWN_WORDS.sub(r"\1.", message))
    return Advice(name, verdict, WORDS[verdict], plain_text(message, 40), plain_text(told.hint or "", 40))


def _rounds(most, left):
    a_day = f"{most} round{'s' if most > 1 else ''} a day"
    if not left:
        return f"This was your last round today ({a_day})."
    return f"You have {left} more round{'s' if left > 1 else ''} today ({a_day})."
