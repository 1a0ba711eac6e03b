"""What one run of `grade` is to do: which submissions, by which tests, into which files."""

from dataclasses import replace
from pathlib import Path

from autograder.classroom.class_files import ClassFiles, ClassOptions
from autograder.course import assignment_names, find_notebook, load_assignment
from autograder.exam.engine import Graded, environment_key, result_key, total_points
from autograder.exam.intake import Collected, assignments_in, collect, is_inbound
from autograder.exam.notebook import Rejected
from autograder.resubmissions import BEST, LAST, Attempts
from autograder.results.audit import Audit
from autograder.results.environment import facts_of
from autograder.results.files import as_folder
from autograder.results.history import History
from autograder.results.nbgrader_config import gradebook_settings, without_password
from autograder.verdicts import REJECTED, SubmissionResult


class Plan:
    """What is to be graded, and what of it was graded before."""

    def __init__(
        self,
        submitted,
        course,
        out,
        assignment=None,
        trust_students=False,
        policy=None,
        notebook=None,
        *,
        student=None,
        db_url=None,
        class_options=None,
    ):
        self.submitted, self.course, self.out = Path(submitted), Path(course), as_folder(out)
        self.student = student  # the only one to grade
        self.settings = gradebook_settings(self.out, self.course, db_url)
        if not self.submitted.exists():
            raise ValueError(f"{submitted} does not exist: say where the submissions are")
        _assignments_of(self.course)
        name = assignment or _only_assignment(self.submitted, self.course)
        self.notebook = find_notebook(self.course, name, notebook).name
        self.assignment = load_assignment(course, name, self.notebook)
        found = collect(self.submitted, self.assignment.name, self.notebook)
        self.class_files = ClassFiles(self.course, self.assignment.name, class_options or ClassOptions())
        self.collected = self.class_files.applied(found)
        self.is_as_found = _handed_in(self.collected) <= _handed_in(found)
        if student is not None:
            mine = [one for one in self.collected.submissions if one.student == student]
            self.collected = Collected(mine, [])
        if not self.collected.submissions:
            whose = f" by {student}" if student is not None else ""
            raise Rejected(f"{submitted} holds no submission of {self.assignment.name}{whose}")
        self.by_student = {one.student: one for one in self.collected.submissions}
        self.audit = Audit(self.out, self.assignment.name, facts=self.facts, notebook=self.notebook)
        self.history = History(self.out, self.assignment.name, self.notebook)
        self.attempts = Attempts(self.collected.submissions, self.history, policy or self.audit.policy or LAST)
        self.sandboxed = not trust_students
        self.environment = environment_key(self.assignment, self.sandboxed)
        self.max_score = total_points(self.assignment)

    @property
    def name(self):
        """The notebook's name in nbgrader."""
        return self.notebook.removesuffix(".ipynb")

    @property
    def gradebook(self):
        """Where nbgrader's gradebook is, as it may be shown."""
        db_url = self.settings.get("db_url")
        return without_password(db_url) if db_url else str(self.out / "gradebook.db")

    @property
    def results(self):
        """Where the results are written: `results.json`, with the notebook's name where the assignment has several."""
        several = len(list(Path(self.course, "source", self.assignment.name).glob("*.ipynb"))) > 1
        return self.out / (f"results-{self.name}.json" if several else "results.json")

    @property
    def work(self):
        """The folder for what only the next run needs."""
        return self.out / ".grading"

    @property
    def is_tree(self):
        """Whether formgrader finds submissions where they were handed in: in a `submitted` folder of nbgrader's."""
        return self.submitted.is_dir() and not is_inbound(self.submitted)

    @property
    def copies(self):
        """The folder of the results where formgrader finds what counts; "" where that is what was graded."""
        if not self.is_tree:
            return "submitted"
        return "counted" if self.attempts.policy == BEST or not self.is_as_found else ""

    def facts(self):
        """Return what the environment is, part by part."""
        return facts_of(self.assignment, self.sandboxed)

    def look_up(self, one, journal):
        """Return (key, Graded or None): what is known of a submission without grading it."""
        if one.rejected:
            return "", Graded(SubmissionResult(one.student, REJECTED, one.rejected, max_score=self.max_score))
        key = result_key(self.environment, one.draws or one.student, one.notebook)
        return key, renamed(journal.get(key), one.student)


def renamed(graded, student):
    """Return a result as that of a student; a group's members share one."""
    if graded is None or graded.result.student == student:
        return graded
    return replace(graded, result=replace(graded.result, student=student))


def _handed_in(collected):
    """Return what formgrader looks at of what was handed in: whose it is, its bytes and its time."""
    return {(one.student, one.notebook, one.timestamp) for one in collected.submissions}


def _only_assignment(submitted, course):
    """Return the assignment that is meant where none is named: the only one in both places."""
    names = _assignments_of(course)
    if submitted.is_dir():
        there = assignments_in(submitted)
        if not there:
            raise Rejected(f"{submitted} holds no submission: expected STUDENT/ASSIGNMENT/ folders in it")
        names = [name for name in names if name in there]
        if not names:
            raise ValueError(
                f"{submitted} holds submissions of {some_of(there)}, and {course} has none of these assignments, but "
                f"{some_of(_assignments_of(course))}: see --course, and whether the folder is that of the class"
            )
    if len(names) != 1:
        raise ValueError(f"{submitted} may hold submissions of {some_of(names)}: say which with --assignment NAME")
    return names[0]


def _assignments_of(course):
    names = assignment_names(course)
    if not names:
        raise ValueError(
            f"{course} is no nbgrader course: there is no {course}/source/NAME/*.ipynb; `python -m autograder build` "
            f"makes that of our chapters, --course names another one"
        )
    return names


def some_of(names, most=10):
    """Return names in a sentence: not thousands of them."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
