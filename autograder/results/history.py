"""Every submission that was graded, kept in the results folder: a later one replaces none.

`history/STUDENT/ASSIGNMENT/0001-DIGEST/` holds the notebook as it was handed in and, where there were such, its
`timestamp.txt` and the exchange's `submission_secret.txt`; of a group's, `draws.txt` says so. nbgrader's `submitted/`
tree holds the last one alone.
"""

from glob import escape
from hashlib import blake2b
from pathlib import Path

from autograder.exam.intake import SECRET, TIMESTAMP, Submission, is_safe_id
from autograder.results.files import write_atomically
from autograder.results.receipt import write_receipt

NOTEBOOK = "exercises.ipynb"
DRAWS = "draws.txt"  # beside a notebook that does not get its student's own draws


def digest_of(data):
    """Return what names a submission's bytes."""
    return blake2b(data, digest_size=8).hexdigest()


class History:
    """The submissions of one notebook of an assignment, by student.

    Parameters
    ----------
    out : Path
        The results folder.
    assignment : str
    notebook : str
        Its file name.
    """

    def __init__(self, out, assignment, notebook=NOTEBOOK):
        self.root, self.assignment, self.notebook = Path(out) / "history", assignment, notebook

    def keep(self, submission):
        """Keep a submission, if it has bytes and is not kept yet.

        Parameters
        ----------
        submission : Submission
        """
        if submission.notebook is None or not is_safe_id(submission.student):
            return
        folders = self._folders(submission.student)
        name = digest_of(submission.notebook)
        if any(_digest(folder) == name for folder in folders):
            return
        number = int(folders[-1].name.split("-")[0]) + 1 if folders else 1
        folder = self.root / submission.student / self.assignment / f"{number:04}-{name}"
        write_receipt(folder, submission)  # first: a submission is kept once its notebook is there
        if submission.draws:
            write_atomically(folder / DRAWS, submission.draws)
        write_atomically(folder / self.notebook, submission.notebook)

    def of(self, student):
        """Return what a student handed in, in the order in which it was kept.

        Parameters
        ----------
        student : str

        Returns
        -------
        list of Submission
        """
        return [self._read(student, folder) for folder in self._folders(student)]

    def find(self, student, digest):
        """Return the submission with a digest, or None."""
        found = (self._read(student, folder) for folder in self._folders(student) if _digest(folder) == digest)
        return next(found, None)

    def _folders(self, student):
        if not is_safe_id(student):
            return []
        below = self.root / student / self.assignment
        return sorted(path.parent for path in below.glob(f"*-*/{escape(self.notebook)}"))

    def _read(self, student, folder):
        timestamp, secret, draws = (_text(folder / name) for name in (TIMESTAMP, SECRET, DRAWS))
        data = (folder / self.notebook).read_bytes()
        return Submission(student, data, timestamp=timestamp, secret=secret, draws=draws)


def _text(path):
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _digest(folder):
    return folder.name.split("-")[1]
