"""The marks that people gave in formgrader, read from nbgrader's gradebook without touching it."""

import contextlib
from pathlib import Path

from nbgrader import api
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

from autograder.results.gradebook import explained


def marks_by_hand(out, assignment, notebook="exercises", db_url=None):
    """Return the manual scores of a notebook of an assignment.

    Parameters
    ----------
    out : Path
        The results folder, with `gradebook.db`.
    assignment : str
    notebook : str
        Its name in nbgrader: without `.ipynb`.
    db_url : str, optional
        Another database, if the course has one.

    Returns
    -------
    dict
        (student, grade id) -> score.

    Raises
    ------
    GradebookError
        Where there is a gradebook and it cannot be read.
    """
    with reading(out, db_url) as session:
        if session is None:
            return {}
        rows = (
            session.query(api.SubmittedAssignment.student_id, api.BaseCell.name, api.Grade.manual_score)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
            .join(api.Grade, api.Grade.notebook_id == api.SubmittedNotebook.id)
            .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
            .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
            .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            .filter(
                api.Assignment.name == assignment,
                api.Notebook.name == notebook,
                api.Grade.manual_score.is_not(None),
            )
        )
        return {(student, name): score for student, name, score in rows}


@contextlib.contextmanager
def reading(out, db_url=None):
    """Open a gradebook to read from.

    Parameters
    ----------
    out : Path
        The results folder, with `gradebook.db`.
    db_url : str, optional
        Another database, if the course has one.

    Yields
    ------
    sqlalchemy.orm.Session or None
        None where there is no gradebook.

    Raises
    ------
    GradebookError
        Where it cannot be read.
    """
    path = Path(out).resolve() / "gradebook.db"
    if db_url is None and not path.exists():
        yield None
        return
    url = db_url or f"sqlite:///file:{path}?mode=ro&uri=true"
    with explained(url):
        engine = create_engine(url)
    try:
        with explained(url), sessionmaker(engine)() as session:
            yield session
    finally:
        engine.dispose()
