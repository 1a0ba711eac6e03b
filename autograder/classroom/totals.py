"""What each student has for an assignment, as nbgrader adds it up: with manual marks, less late penalties."""

from dataclasses import dataclass

from nbgrader import api

from autograder.results.audit import Audit
from autograder.results.by_hand import reading
from autograder.verdicts import GRADED


@dataclass(frozen=True)
class Total:
    """One student's mark; `open` says why there is none yet."""

    student: str
    score: float = 0.0  # with what a person gave, less the late penalty: nbgrader's own total
    raw_score: float = 0.0
    late_penalty: float = 0.0
    max_score: float = 0.0
    open: str = ""


def totals_of(out, assignment=None, db_url=None):
    """Return an assignment's name and each student's Total.

    Parameters
    ----------
    out : Path
        The results folder, with `gradebook.db`.
    assignment : str, optional
        Needed where the gradebook has several.
    db_url : str, optional
        Another gradebook.

    Returns
    -------
    (str, dict)
        The name, and student -> Total.

    Raises
    ------
    ValueError
        Where there is no such assignment.
    GradebookError
        Where the gradebook cannot be read.
    """
    with reading(out, db_url) as session:
        names = (
            [name for (name,) in session.query(api.Assignment.name).order_by(api.Assignment.name)] if session else []
        )
        if not names:
            raise ValueError(f"{out} holds no marks: grade first, or give the folder that grade wrote with --out")
        name = assignment or (names[0] if len(names) == 1 else None)
        if name not in names:
            what = f"no assignment {assignment!r}" if assignment else "several assignments"
            raise ValueError(f"{out} has {what}: give --assignment with one of {', '.join(names)}")
        rows = session.query(api.SubmittedAssignment).join(api.Assignment).filter(api.Assignment.name == name)
        found = {row.student_id: _total(row) for row in rows}
        notebooks = session.query(api.Notebook.name).join(api.Assignment).filter(api.Assignment.name == name)
        for (notebook,) in notebooks.all():
            for student, reason in _not_graded(out, name, f"{notebook}.ipynb").items():
                found[student] = Total(student, open=reason)
    return name, found


def _total(row):
    """Return what a submission's row says."""
    penalty = row.late_submission_penalty or 0.0
    score = max(0.0, row.score - penalty)  # as nbgrader's export has it
    reason = "needs manual grading" if row.needs_manual_grade else "" if row.notebooks else "nothing was graded"
    return Total(row.student_id, score, row.score, penalty, row.max_score, reason)


def _not_graded(out, assignment, notebook):
    """Return whose submission on record was not graded, and why."""
    last = Audit(out, assignment, notebook=notebook).last
    return {
        student: f"{entry['status']}: {entry['reason']}" for student, entry in last.items() if entry["status"] != GRADED
    }
