"""`grade`: a class's submissions to nbgrader's gradebook, feedback pages and `results.json`.

One process writes; workers grade. What is graded is kept at once, so the same command goes on after a kill.
"""

import contextlib
import json
import os
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.course import assignment_names, find_notebook, load_assignment
from autograder.course_check import warnings_about
from autograder.exam.cluster import Cluster
from autograder.exam.engine import Graded, environment_key, result_key, total_points
from autograder.exam.intake import assignments_in, collect, is_safe_id
from autograder.exam.journal import Busy, Journal
from autograder.exam.notebook import Rejected
from autograder.exam.pool import CannotGrade, Pool
from autograder.exam.progress import NAMES, ClassProgress
from autograder.exam.sandbox import Sandbox
from autograder.results.feedback import feedback_page
from autograder.results.files import write_atomically
from autograder.verdicts import BROKEN, GRADED, REJECTED, SubmissionResult

BATCH = 50  # records in one transaction of the gradebook
PROBLEM, WRONG_USE, SOME_FAILED = 1, 2, 3  # exit codes
CONFIG = '''"""nbgrader's config for these results: `nbgrader` and formgrader, started here, show them."""

c = get_config()  # noqa: F821
load_subconfig({config!r}, path={course!r})  # noqa: F821
c.CourseDirectory.root = {out!r}
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.submitted_directory = {submitted!r}
c.GenerateFeedback.preprocessors = [  # nbgrader's own feedback shows hidden tests
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "autograder.author.released.ClearRubrics",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
'''


@dataclass
class ClassResult:
    """All results of one run, sorted by student."""

    assignment: str
    sandbox: str
    jobs: int
    seconds: float = 0.0
    path: Path | None = None  # of `results.json`
    submissions: list[SubmissionResult] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # what lay among the submissions without being one
    known: int = 0  # how many were graded in an earlier run

    def add(self, graded, known=False):
        """Take in the result of one submission."""
        self.submissions.append(graded.result)
        self.known += known

    def as_dict(self):
        """Return what `results.json` holds."""
        engine = {"version": version("plainnet"), "sandbox": self.sandbox, "jobs": self.jobs}
        engine["seconds"] = round(self.seconds, 1)
        submissions = [result.as_dict() for result in self.submissions]
        return {"assignment": self.assignment, "engine": engine, "submissions": submissions}

    def count(self, status):
        """Return how many submissions have a status."""
        return sum(result.status == status for result in self.submissions)


def grade_class(
    submitted,
    course,
    out,
    assignment=None,
    *,
    notebook=None,
    jobs=None,
    cluster=None,
    cache=None,
    trust_students=False,
    console=None,
):
    """Grade all submissions of an assignment, and record them.

    Parameters
    ----------
    submitted : Path
        An nbgrader `submitted` folder, a Moodle or Canvas archive, or one notebook.
    course : Path
        The nbgrader course, with `source/`.
    out : Path
        Where `results.json`, `feedback/`, `autograded/` and `gradebook.db` are written. It may be the course.
    assignment : str, optional
        Its name; needed where the course has several.
    notebook : str, optional
        The file name of the notebook to grade; needed where the assignment has several and none is exercises.ipynb.
    jobs : int, optional
        Submissions at a time; one for each processor by default.
    cluster : str, optional
        The address of a Dask scheduler, whose workers then grade; `jobs` and `cache` say nothing.
    cache : Path, optional
        Where runs of known answers are kept: best the folder that `prove` filled.
    trust_students : bool
        Run their code without a sandbox.
    console : rich.console.Console, optional
        For the progress bar.

    Returns
    -------
    ClassResult

    Raises
    ------
    ValueError, Rejected
        Where there is no such assignment, or nothing to grade.
    Busy, CannotGrade, gradebook.GradebookError, OSError
        Where grading cannot start or go on. What was graded is kept: run it again.
    """
    start = time.monotonic()
    plan = Plan(submitted, course, out, assignment, trust_students, notebook)
    console = console or Console(quiet=True)
    for sentence in warnings_about(plan.assignment):
        console.print(f"Warning: {sentence}", markup=False)
    jobs = jobs or os.cpu_count() or 1
    cache = Path(cache) if cache else plan.work / "known"
    result = ClassResult(plan.assignment.name, Sandbox(trust_students).name, jobs, ignored=plan.collected.ignored)
    progress = ClassProgress(console, len(plan.collected.submissions))
    with contextlib.ExitStack() as stack:
        journal = stack.enter_context(Journal(plan.work))
        workers = Pool(plan.assignment, jobs, plan.work, cache, trust_students)
        if cluster:
            workers = Cluster(plan.assignment, cluster, trust_students)
        pool = stack.enter_context(workers)
        stack.enter_context(progress)
        recorder = stack.enter_context(Recorder(plan))
        rest = []
        for one in plan.collected.submissions:
            key, graded = plan.look_up(one, journal)
            if graded is None:
                rest.append((key, one.student, one.notebook))
                continue
            recorder.add(graded)
            progress.add(graded.result, known=True)
            result.add(graded, known=True)
        for key, graded in pool.run(rest):
            journal.put(key, graded)
            recorder.add(graded)
            progress.add(graded.result)
            result.add(graded)
    result.submissions.sort(key=lambda one: one.student)
    result.seconds = time.monotonic() - start
    text = json.dumps(result.as_dict(), indent=1, ensure_ascii=False)
    result.path = plan.results
    write_atomically(plan.results, text + "\n", sync=True)
    return result


class Plan:
    """What is to be graded, and what of it was graded before."""

    def __init__(self, submitted, course, out, assignment=None, trust_students=False, notebook=None):
        self.submitted, self.course, self.out = Path(submitted), Path(course), Path(out)
        name = assignment or _only_assignment(self.submitted, self.course)
        self.notebook = find_notebook(self.course, name, notebook).name
        self.assignment = load_assignment(course, name, self.notebook)
        self.collected = collect(self.submitted, self.assignment.name, self.notebook)
        if not self.collected.submissions:
            raise Rejected(f"{submitted} holds no submission of {self.assignment.name}")
        self.by_student = {one.student: one for one in self.collected.submissions}
        self.environment = environment_key(self.assignment, sandboxed=not trust_students)
        self.max_score = total_points(self.assignment)

    @property
    def name(self):
        """The notebook's name in nbgrader."""
        return self.notebook.removesuffix(".ipynb")

    @property
    def results(self):
        """Where the results are written: `results.json`, with the notebook's name where the assignment has several."""
        several = len(list(Path(self.course, "source", self.assignment.name).glob("*.ipynb"))) > 1
        return self.out / (f"results-{self.name}.json" if several else "results.json")

    @property
    def work(self):
        """The folder for what only the next run needs."""
        return self.out / ".grading"

    def look_up(self, one, journal):
        """Return (key, Graded or None): what is known of a submission without grading it."""
        if one.rejected:
            return "", Graded(SubmissionResult(one.student, REJECTED, one.rejected, max_score=self.max_score))
        key = result_key(self.environment, one.student, one.notebook)
        return key, journal.get(key)


class Recorder:
    """Writes what is graded, in a thread of its own: a feedback page each, gradebook rows in batches."""

    def __init__(self, plan):
        self.plan, self.batch, self.book = plan, [], None
        self.thread, self.writing = ThreadPoolExecutor(1), deque()

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        if kind is None:
            self.writing.append(self.thread.submit(self._flush))
        self.writing.append(self.thread.submit(self._close))
        try:
            self._wait(0)
        finally:
            self.thread.shutdown(cancel_futures=True)

    def add(self, graded):
        """Have a result written; what went wrong with an earlier one is raised here."""
        self.writing.append(self.thread.submit(self._write, graded))
        self._wait(4 * BATCH)

    def _wait(self, most):
        """Raise what writing raised; wait until at most so many results are not written yet."""
        while self.writing and (len(self.writing) > most or self.writing[0].done()):
            self.writing.popleft().result()

    def _write(self, graded):
        """Write a student's feedback page, and keep the record for the next batch."""
        from autograder.results.gradebook import Record  # imports nbgrader, while the workers start

        result, plan = graded.result, self.plan
        submission = plan.by_student[result.student]
        record = Record(result, submission.timestamp, graded.notebook, graded.problems)
        page = feedback_page(plan.assignment, record, [*submission.notes, *graded.notes])
        if is_safe_id(result.student):
            below = Path(result.student, plan.assignment.name)
            write_atomically(plan.out / "feedback" / below / f"{plan.name}.html", page)
            if submission.notebook is not None and not plan.submitted.is_dir():  # formgrader looks for a folder
                write_atomically(plan.out / "submitted" / below / plan.notebook, submission.notebook)
        self.batch.append(record)
        if len(self.batch) >= BATCH:
            self._flush()

    def _flush(self):
        """Write the batch to nbgrader's gradebook."""
        if self.book is None:
            self.book = self._open()
        self.book.write(self.batch)
        self.batch = []

    def _close(self):
        if self.book is not None:
            self.book.__exit__(None, None, None)

    def _open(self):
        from autograder.results.gradebook import Gradebook

        plan = self.plan
        settings = nbgrader_settings(plan.course)
        book = Gradebook(plan.out, plan.assignment, plan.name, **settings).__enter__()
        config = plan.out / "nbgrader_config.py"
        if not config.exists():
            write_atomically(config, _config(plan))
        return book


def nbgrader_settings(course):
    """Return what the gradebook needs of a course's own `nbgrader_config.py`: its id and, if set, its database."""
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    try:
        directory = PyFileConfigLoader("nbgrader_config.py", str(Path(course).resolve())).load_config().CourseDirectory
    except ConfigFileNotFound:
        return {}
    names = {"course_id": "course_id", "db_url": "db_url"}
    return {ours: directory[theirs] for ours, theirs in names.items() if directory.get(theirs)}


def _config(plan):
    out, course = plan.out.resolve(), plan.course.resolve()
    return CONFIG.format(
        config="nbgrader_config.py",
        course=str(course),
        out=str(out),
        source=os.path.relpath(course / "source", out),
        submitted=os.path.relpath(plan.submitted.resolve(), out) if plan.submitted.is_dir() else "submitted",
    )


def _only_assignment(submitted, course):
    """Return the assignment that is meant where none is named: the only one in both places."""
    names = assignment_names(course)
    if submitted.is_dir():
        names = [name for name in names if name in assignments_in(submitted)]
    if len(names) != 1:
        found = ", ".join(names) or f"none of {course}'s"
        raise ValueError(f"{submitted} holds submissions of {found}: say which to grade with --assignment NAME")
    return names[0]


def command(
    submitted: Annotated[Path, typer.Argument(help="nbgrader's submitted/ folder, an LMS archive, or one notebook.")],
    course: Annotated[Path, typer.Option(help="The nbgrader course, with source/.")] = Path("build/nbgrader"),
    out: Annotated[Path, typer.Option(help="Where the results go.")] = Path("build/graded"),
    assignment: Annotated[str | None, typer.Option(help="Which, where the course has several.")] = None,
    notebook: Annotated[str | None, typer.Option(help="Which file, where the assignment has several.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time.")] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on a Dask cluster: its scheduler's address.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Where runs of known answers are kept.")] = Path("build/known"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be graded; write nothing.")] = False,
    trust_students: Annotated[
        bool, typer.Option("--trust-students", help="Run their code WITHOUT a sandbox, as your own user.")
    ] = False,
):
    """Grade a class: marks, hints and reasons, into results.json, feedback pages and nbgrader's gradebook.

    Every submission ends graded, rejected (something is wrong with the file) or failed (our fault), with the reason.
    Killed or stopped, the same command goes on where it was.

    Exit codes: 0 all graded or rejected, 1 could not grade, 2 wrong use, 3 some failed for a fault of ours.

    Example: python -m autograder grade submitted --course build/nbgrader --out build/graded --jobs 4
    """
    from autograder.results.gradebook import GradebookError

    console = Console()
    try:
        if dry_run:
            _show_plan(Plan(submitted, course, out, assignment, trust_students, notebook), console)
            return
        if trust_students:
            console.print("[bold]No sandbox:[/bold] students' code runs as your own user, and can do all that you can.")
        options = {
            "notebook": notebook,
            "jobs": jobs,
            "cluster": cluster,
            "cache": cache,
            "trust_students": trust_students,
        }
        result = grade_class(submitted, course, out, assignment, console=console, **options)
    except (ValueError, Rejected) as error:
        raise typer.BadParameter(str(error)) from error
    except (Busy, CannotGrade, GradebookError, OSError) as error:
        console.print(f"Grading stopped: {error}", markup=False)
        console.print("What was graded until now is kept: the same command goes on from there.")
        raise typer.Exit(PROBLEM) from error
    _show(result, out, console)
    raise typer.Exit(SOME_FAILED if result.count(BROKEN) else 0)


def _show_plan(plan, console):
    """Say what a run would do, without doing any of it."""
    submissions = plan.collected.submissions
    console.print(
        f"{plan.assignment.name}: {len(submissions)} submissions would be graded into {plan.out}", markup=False
    )
    for one in submissions:
        for sentence in [f"rejected: {one.rejected}"] if one.rejected else one.notes:
            console.print(f"  {one.student}: {sentence}", markup=False)
    for sentence in plan.collected.ignored:
        console.print(f"  not a submission: {sentence}", markup=False)


def _show(result, out, console):
    """Print the run in a few lines: counts, reasons, misconceptions, where everything is."""
    counts = Counter(one.status for one in result.submissions)
    words = ", ".join(f"{counts[status]} {name}" for status, name in NAMES.items() if counts[status])
    earlier = f" ({result.known} known from before)" if result.known else ""
    console.print(f"{result.assignment}: {words} in {result.seconds:.1f} s{earlier}", markup=False)
    graded = [one for one in result.submissions if one.status == GRADED]
    if graded:
        mean = sum(one.score for one in graded) / len(graded)
        console.print(f"mean {mean:.1f} of {graded[0].max_score:g} points", markup=False)
    for one in result.submissions:
        if one.status != GRADED:
            console.print(f"  {one.student}: {one.status}: {one.reason}", markup=False)
    for sentence in result.ignored:
        console.print(f"  not a submission: {sentence}", markup=False)
    mistakes = Counter((cell.exercise, cell.mistake) for one in graded for cell in one.cells if cell.mistake)
    for (exercise, mistake), count in mistakes.most_common(5):
        console.print(f"  {count} x {exercise}: {mistake}", markup=False)
    console.print(f"results: {result.path} · pages: {out}/feedback · gradebook: {out}/gradebook.db", markup=False)
