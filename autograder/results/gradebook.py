"""nbgrader's own records: the gradebook's rows and the autograded notebooks, so that its formgrader goes on from there.

formgrader calls a submission graded if its folder under `autograded/` exists, its row exists, and the row's time equals
that of the submitted `timestamp.txt`. The rows of a batch are written in one transaction, then the files; all of it can
be written again, so a run that was killed leaves nothing that the next one doesn't mend. What a person gave (scores,
extra credit, comments) is never changed.
"""

import contextlib
import json
import os
import shutil
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from nbgrader import api
from nbgrader.utils import parse_utc
from sqlalchemy.exc import SQLAlchemyError

from autograder.exam.assemble import MISSING, UNTOUCHED
from autograder.results.files import write_atomically
from autograder.results.inert import inert_markdown
from autograder.results.nbgrader_config import without_password
from autograder.results.nbgrader_rows import rows_of
from autograder.results.notebook import grade_id_of
from autograder.results.receipt import write_receipt
from autograder.verdicts import GRADED, UNGRADED, SubmissionResult


class GradebookError(Exception):
    """The gradebook cannot be read or written; the message says why and what to do."""


@dataclass(frozen=True)
class Record:
    """What is recorded of one submission: its result, its timestamp's text, and for a graded one its notebook."""

    result: SubmissionResult
    timestamp: str = ""
    notebook: dict | None = None
    problems: dict[str, str] = field(default_factory=dict)  # as in Assembled
    extension: timedelta | None = None  # at least so much longer the student has
    secret: str = ""  # of the exchange, with which feedback is released


class Gradebook:
    """The gradebook and the `autograded/` folder of an nbgrader course, for one assignment.

    Parameters
    ----------
    root : Path
        The course's folder, with `gradebook.db` and `autograded/`; made where it doesn't exist.
    assignment : Assignment
    notebook : str
        The notebook's name in nbgrader: its file name without `.ipynb`.
    db_url : str, optional
        Another database.
    course_id : str
        nbgrader's id of the course.
    late : LatePenalties, optional
        What to do about late submissions; without, penalties stay as they are.

    Raises
    ------
    GradebookError
        Here and in `write`, where the database is locked, damaged or cannot be written.
    """

    def __init__(self, root, assignment, notebook="exercises", db_url=None, course_id="", late=None):
        self.root, self.assignment, self.name = Path(root), assignment, notebook
        self.db_url = db_url or f"sqlite:///{self.root.resolve() / 'gradebook.db'}"
        self.course_id, self.late = course_id or "default_course", late

    def __enter__(self):
        self.root.mkdir(parents=True, exist_ok=True)
        with explained(self.db_url):
            _find_alembic()
            self.book = api.Gradebook(self.db_url, self.course_id)
        self.session = self.book.db
        try:
            with self._transaction():
                self.notebook = self._write_assignment()
        except BaseException:
            self.book.close()
            raise
        return self

    def __exit__(self, *error):
        self.book.close()

    def write(self, records):
        """Write a batch of records: all rows in one transaction, then the autograded notebooks.

        Parameters
        ----------
        records : list of Record
        """
        with self._transaction():
            for record in records:
                if record.result.status == GRADED:
                    self._write_rows(record)
                else:
                    self._withdraw(record)
        for record in records:
            if record.result.status == GRADED:
                self._write_files(record)
            else:
                shutil.rmtree(self.folder(record.result.student), ignore_errors=True)

    @property
    def duedate(self):
        """When the assignment is due, or None; nbgrader itself fails over an extension of no due date."""
        return self.notebook.assignment.duedate

    def folder(self, student):
        """Return the folder of a student's autograded notebook."""
        return self.root / "autograded" / student / self.assignment.name

    @contextlib.contextmanager
    def _transaction(self):
        with explained(self.db_url):
            try:
                yield
                self.session.commit()
            except BaseException:
                self.session.rollback()
                raise

    def _write_assignment(self):
        """Write the assignment with its notebook and cells, and return the notebook's row."""
        assignment = self._one(api.Assignment, name=self.assignment.name)
        if assignment is None:
            assignment = self._add(api.Assignment(name=self.assignment.name, course_id=self.course_id))
        notebook = self._one(api.Notebook, name=self.name, assignment_id=assignment.id)
        if notebook is None:
            kernel = json.dumps(self.assignment.notebook["metadata"].get("kernelspec", {}))
            notebook = self._add(api.Notebook(name=self.name, assignment=assignment, kernelspec=kernel))
        for kind, rows in rows_of(self.assignment).items():
            present = {row.name: row for row in self.session.query(kind).filter(kind.notebook_id == notebook.id)}
            for name, values in rows.items():
                row = present.get(name) or self._add(kind(name=name, notebook=notebook, **values))
                for column, value in values.items():
                    setattr(row, column, value)
            for name in set(present) - set(rows):
                self._remove(present[name])
        return notebook

    def _remove(self, row):
        """Remove a cell that the assignment no longer has, with its grades; never a person's mark or comment."""
        grades, comments = (list(getattr(row, role, None) or ()) for role in ("grades", "comments"))
        by_hand = any(grade.manual_score is not None or grade.extra_credit is not None for grade in grades)
        if by_hand or any(comment.manual_comment is not None for comment in comments):
            raise GradebookError(
                f"{self.assignment.name} no longer has the cell {row.name}, and the gradebook holds marks or comments "
                f"that a person gave there: put the cell back, or remove them in formgrader first"
            )
        for one in [*grades, *comments, row]:
            self.session.delete(one)
        self.session.flush()

    def _write_rows(self, record):
        submission = self._submission(record.result.student, create=True)
        submission.timestamp = parsed_timestamp(record.timestamp)
        if record.extension and self.duedate:  # never shorter than what `grant_extension` gave
            submission.extension = max(submission.extension or record.extension, record.extension)
        notebook = self._one(api.SubmittedNotebook, assignment_id=submission.id, notebook_id=self.notebook.id)
        if notebook is None:
            notebook = self._add(api.SubmittedNotebook(notebook=self.notebook, assignment=submission))
        grades = {grade.cell_id: grade for grade in notebook.grades}
        comments = {comment.cell_id: comment for comment in notebook.comments}
        results = {result.grade_id: result for result in record.result.cells}
        changed = self._changed_answers(record)
        for cell in [*self.notebook.grade_cells, *self.notebook.task_cells]:
            grade = grades.get(cell.id) or self._later(api.Grade(cell_id=cell.id, notebook=notebook))
            score = _auto_score(results.get(cell.name), record.problems.get(cell.name))
            _set_score(grade, score, cell.name in changed)
        for cell in [*self.notebook.solution_cells, *self.notebook.task_cells]:
            comment = comments.get(cell.id) or self._later(api.Comment(cell_id=cell.id, notebook=notebook))
            comment.auto_comment = _comment(record.result, cell.name, record.problems.get(cell.name))
        if self.late:
            self.session.flush()
            for row in (submission, notebook):
                self.session.refresh(row)  # the score is the database's to sum up
            self.late.assign(submission, notebook)

    def _withdraw(self, record):
        """Take back the automatic scores of an earlier submission, where the newer one was not graded."""
        submission = self._submission(record.result.student, create=False)
        for notebook in submission.notebooks if submission else ():
            for grade in notebook.grades if notebook.notebook_id == self.notebook.id else ():
                grade.auto_score, grade.needs_manual_grade = None, True

    def _submission(self, student_id, create):
        student = self._one(api.Student, id=student_id)
        if student is None and create:
            student = self._add(api.Student(id=student_id))
        if student is None:
            return None
        assignment = self.notebook.assignment
        found = self._one(api.SubmittedAssignment, assignment_id=assignment.id, student_id=student.id)
        if found is None and create:
            found = self._add(api.SubmittedAssignment(assignment=assignment, student=student))
        return found

    def _write_files(self, record):
        folder = self.folder(record.result.student)
        write_atomically(
            folder / f"{self.name}.ipynb", json.dumps(record.notebook, indent=1, ensure_ascii=False) + "\n"
        )
        write_receipt(folder, record)  # `nbgrader generate_feedback` copies it

    def _changed_answers(self, record):
        """Return the grade ids of the cells whose text differs from what was autograded before."""
        path = self.folder(record.result.student) / f"{self.name}.ipynb"
        if not path.exists():
            return set()
        before = {grade_id_of(cell): cell["source"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}
        after = {grade_id_of(cell): cell["source"] for cell in record.notebook["cells"]}
        return {name for name, text in after.items() if "".join(before.get(name, "")) != text}  # lines, by nbformat

    def _one(self, kind, **values):
        return self.session.query(kind).filter_by(**values).one_or_none()

    def _add(self, row):
        self.session.add(row)
        self.session.flush()
        return row

    def _later(self, row):
        """Add a row that no other refers to: it is written together with others."""
        self.session.add(row)
        return row


def parsed_timestamp(text):
    """Return a `timestamp.txt`'s time as nbgrader keeps it (UTC), or None where there is none or it is no time."""
    try:
        return parse_utc(text) if text else None
    except (ValueError, OverflowError):
        return None


def _auto_score(result, problem):
    """Return the score of a graded cell; None where a person has to give it."""
    if result is not None:
        return None if result.verdict == UNGRADED else result.score
    return 0.0 if problem in (UNTOUCHED, MISSING) else None  # a written answer


def _set_score(grade, score, changed):
    """Set a cell's automatic score, and whether a person has to look.

    A person has to where there is no score, and where something changed behind a score that a person gave.
    """
    if grade.manual_score is None:
        grade.needs_manual_grade = score is None
    elif changed or score != grade.auto_score:
        grade.needs_manual_grade = True
    grade.auto_score = score


def _comment(result, grade_id, problem):
    """Return the comment on an answer: what its tests saw. nbgrader shows it as Markdown, beside the answer."""
    if problem in (UNTOUCHED, MISSING):
        return "No response."  # nbgrader's words
    lines = []
    for cell in result.cells:
        if cell.exercise == grade_id and cell.message:
            lines.append(f"- {cell.message}" + (f" Hint: {cell.hint}" if cell.hint else ""))
    return inert_markdown("\n".join(dict.fromkeys(lines))) or None


def _find_alembic():
    """Let nbgrader find the program that it asks for the version of a new gradebook's tables."""
    if shutil.which("alembic") is None:
        os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


@contextlib.contextmanager
def explained(db_url):
    """Say what to do about an error of the database, as a GradebookError."""
    try:
        yield
    except ModuleNotFoundError as error:  # SQLAlchemy looks for the driver when it is asked for the database
        raise GradebookError(
            f"the gradebook {without_password(db_url)} needs the Python package {error.name}: for PostgreSQL "
            f"python -m pip install 'psycopg[binary]'; then run the same command again"
        ) from error
    except SQLAlchemyError as error:
        raise GradebookError(
            f"the gradebook {without_password(db_url)} cannot be used: {str(error).splitlines()[0]}. If it is locked, "
            f"close the programs that have it open (formgrader, another run); if it is damaged, move it away or "
            f"restore a copy; if it is on a server, see whether that runs and lets you in; then run the same command "
            f"again: nothing was lost"
        ) from error
