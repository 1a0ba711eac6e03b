"""Late penalties, by nbgrader's own rule and plug-in: those that a course's configuration asks for."""

from pathlib import Path

from nbgrader.preprocessors import AssignLatePenalties
from traitlets import TraitError
from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

from autograder.results.nbgrader_config import LATE


class LatePenalties:
    """What nbgrader's Autograde does about late submissions.

    Parameters
    ----------
    config : traitlets.config.Config

    Attributes
    ----------
    taken : dict
        Student -> points taken off, of those who lost some.
    said : dict
        Student -> why, in a sentence for the student.
    """

    def __init__(self, config):
        self.taken, self.said = {}, {}
        self.rule = AssignLatePenalties(config=config)
        self.rule.init_plugin()

    def assign(self, submission, notebook):
        """Set a notebook's penalty; None where the submission was in time.

        Parameters
        ----------
        submission : nbgrader.api.SubmittedAssignment
        notebook : nbgrader.api.SubmittedNotebook
            Its score as it is in the database now.
        """
        penalty, late = None, submission.total_seconds_late if submission.assignment.duedate else 0
        if late > 0:
            penalty = self.rule.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
        notebook.late_submission_penalty = None if penalty is None else min(max(penalty, 0), notebook.score)
        if notebook.late_submission_penalty:
            self.taken[submission.student_id] = notebook.late_submission_penalty
            self.said[submission.student_id] = _sentence(submission, notebook.late_submission_penalty)

    def summary(self):
        """Return for staff in a sentence who lost how much; "" where nobody did."""
        lost = ", ".join(f"{student} -{points:g}" for student, points in sorted(self.taken.items()))
        return f"late penalties, not in the points by tests: {lost}" if lost else ""


def _sentence(submission, penalty):
    """Return what a late submission costs and why; times are in UTC, as nbgrader keeps them."""
    came, due = (f"{when:%Y-%m-%d %H:%M} UTC" for when in (submission.timestamp, submission.duedate))
    longer = ", your extension included" if submission.extension else ""
    points = "1 point" if penalty == 1 else f"{penalty:g} points"
    return f"Handed in {came}, due {due}{longer}: a late penalty of {points} is taken off your mark."


def late_penalties(course):
    """Return the LatePenalties that a course's `nbgrader_config.py` asks for, or None: then nothing is touched.

    Parameters
    ----------
    course : Path

    Raises
    ------
    ValueError
        Where its plug-in cannot be imported.
    """
    try:
        config = PyFileConfigLoader("nbgrader_config.py", str(Path(course).resolve())).load_config()
    except ConfigFileNotFound:
        return None
    try:
        return LatePenalties(config) if any(name in config for name in LATE) else None
    except TraitError as error:
        raise ValueError(
            f"the late penalties that the configuration in {course} asks for cannot be had: {error}. Put the plug-in "
            f"where Python finds it, then give the same command again: what was graded is kept"
        ) from error
