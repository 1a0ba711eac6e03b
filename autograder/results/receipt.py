"""What nbgrader keeps beside a notebook: when it came, and the secret by which its student fetches the feedback.

`nbgrader submit` makes the secret up and keeps a copy with the student; `nbgrader release_feedback` calls the page by
the secret's hash, so that nobody else can ask for it.
"""

from autograder.exam.intake import SECRET, TIMESTAMP
from autograder.results.files import write_atomically


def write_receipt(folder, submission):
    """Write a submission's `timestamp.txt` and `submission_secret.txt` into a folder; remove those of another one.

    Parameters
    ----------
    folder : Path
    submission : Submission or gradebook.Record
    """
    for name, text in ((TIMESTAMP, submission.timestamp), (SECRET, submission.secret)):
        if text:
            write_atomically(folder / name, text)
        else:
            (folder / name).unlink(missing_ok=True)
