"""`grade`: a class's submissions to nbgrader's gradebook, feedback pages and `results.json`.

One process writes; workers grade. What is graded is kept at once, so the same command goes on after a kill.
"""

import contextlib
import os
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.classroom.class_files import ClassOptions
from autograder.course_check import warnings_about
from autograder.exam.cluster import Cluster
from autograder.exam.journal import Busy, Journal
from autograder.exam.notebook import Rejected
from autograder.exam.pool import CannotGrade, Pool
from autograder.exam.progress import ClassProgress
from autograder.exam.sandbox import Sandbox
from autograder.plan import Plan, renamed
from autograder.regrade import APPLY, COMPARE, REFUSE, Comparison, TestsChanged, require_same_tests
from autograder.results.audit import Audit
from autograder.results.recorder import Recorder
from autograder.results.results_file import write_results
from autograder.results.rounds import MOST as MOST_ROUNDS
from autograder.results.rounds import RoundsError
from autograder.results.summary import show_class, show_comparison, show_plan
from autograder.verdicts import BROKEN, SubmissionResult

IN_COURSE = "{}; {} in the course, if there."
PROBLEM, WRONG_USE, SOME_FAILED, MARKS_DIFFER, INTERRUPTED = 1, 2, 3, 4, 130  # exit codes


@dataclass
class ClassResult:
    """All results of one run, sorted by student."""

    assignment: str
    sandbox: str
    jobs: int
    seconds: float = 0.0
    path: Path | None = None  # of `results.json`
    gradebook: str = ""  # where nbgrader's is
    submissions: list[SubmissionResult] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)  # what lay among the submissions without being one
    notices: list[str] = field(default_factory=list)  # what the files about the class leave open
    known: int = 0  # how many were graded in an earlier run
    problems: list[str] = field(default_factory=list)  # faults of ours that are in no submission's status
    comparison: Comparison | None = None  # with what is on record, where that was asked for

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
    changed=REFUSE,
    policy=None,
    student=None,
    db_url=None,
    class_options=None,
):
    """Grade all submissions of an assignment, and record them.

    Parameters
    ----------
    submitted : Path
        An nbgrader `submitted` folder, an exchange's `inbound` folder, a Moodle or Canvas archive, or one notebook.
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
    changed : REFUSE, COMPARE or APPLY
        Where other tests gave marks on record: leave them and stop; compare and record nothing; or replace them.
    policy : LAST or BEST, optional
        Which of a student's submissions counts; by default as before, at first the last.
    student : str, optional
        Grade this one alone; `results.json` keeps the others as they are.
    db_url : str, optional
        nbgrader's gradebook, if it is not `gradebook.db` in `out`; a results folder remembers it.
    class_options : ClassOptions, optional
        Where the files about the class are, if they are not in the course.

    Returns
    -------
    ClassResult

    Raises
    ------
    ValueError, Rejected
        Where there is no such assignment, or nothing to grade.
    TestsChanged
        Where other tests gave marks on record, and `changed` is REFUSE.
    Busy, CannotGrade, gradebook.GradebookError, OSError
        Where grading cannot start or go on. What was graded is kept: run it again.
    """
    start = time.monotonic()
    options = {"student": student, "db_url": db_url, "class_options": class_options}
    plan = Plan(submitted, course, out, assignment, trust_students, policy, notebook, **options)
    console = console or Console(quiet=True)
    for sentence in warnings_about(plan.assignment):
        console.print(f"Warning: {sentence}", markup=False)
    jobs = jobs or os.cpu_count() or 1
    cache = Path(cache) if cache else plan.work / "known"
    result = ClassResult(plan.assignment.name, Sandbox(trust_students).name, jobs, ignored=plan.collected.ignored)
    result.notices = plan.class_files.notices
    progress = ClassProgress(console, len(plan.collected.submissions))
    with contextlib.ExitStack() as stack:
        journal = stack.enter_context(Journal(plan.work))
        recorder = _recorder(plan, changed, cache)
        workers = Pool(plan.assignment, jobs, plan.work, cache, trust_students)
        if cluster:
            workers = Cluster(plan.assignment, cluster, trust_students)
        pool = stack.enter_context(workers)
        stack.enter_context(progress)
        stack.enter_context(recorder)
        rest = {}

        def settle(one, graded, known):
            if counts := plan.attempts.settle(one, graded, known):
                one, graded, known = counts
                plan.by_student[one.student] = one
                recorder.add(graded)
                progress.add(graded.result, known)
                result.add(graded, known)

        for one in plan.attempts.to_grade():
            key, graded = plan.look_up(one, journal)
            if graded is None:
                rest.setdefault(key, []).append(one)  # several where a group shares one
            else:
                settle(one, graded, known=True)
        for key, graded in pool.run([(key, one.draws or one.student, one.notebook) for key, (one, *_) in rest.items()]):
            journal.put(key, graded)
            for one in rest[key]:
                settle(one, renamed(graded, one.student), known=False)
    result.problems = plan.attempts.problems
    result.submissions.sort(key=lambda one: one.student)
    result.seconds = time.monotonic() - start
    if changed == COMPARE:
        result.comparison = recorder
        return result
    result.path, result.gradebook = plan.results, plan.gradebook
    write_results(plan.results, result.as_dict(), keep_others=student is not None)
    return result


def _recorder(plan, changed, cache):
    """Return what takes the results: the Recorder, or what compares them with those on record."""
    command = "grade --apply" if changed == APPLY else "grade"
    audit = Audit(plan.out, plan.assignment.name, command, plan.facts, plan.notebook)  # this run alone writes now
    if changed == COMPARE:
        from autograder.results.by_hand import marks_by_hand

        by_hand = marks_by_hand(plan.out, plan.assignment.name, plan.name, plan.settings.get("db_url"))
        return Comparison(plan, audit, by_hand)
    if changed == REFUSE:
        require_same_tests(plan, audit)
    audit.policy = plan.attempts.policy
    return Recorder(plan, audit, cache)


def _practise(plan, rounds, dry_run, console, options):
    """Let a class practise, and return the exit code."""
    from autograder.practice import practise, preview

    done = None if dry_run else practise(plan, rounds, console=console, **options)
    for line in preview(plan, rounds) if dry_run else done.lines(plan.assignment.name):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    return SOME_FAILED if done and done.count(BROKEN) else 0


def command(
    submitted: Annotated[
        Path, typer.Argument(help="nbgrader's submitted/ or inbound/ folder, an LMS archive, or one notebook.")
    ],
    course: Annotated[Path, typer.Option(help="The nbgrader course, with source/.")] = Path("build/nbgrader"),
    out: Annotated[Path, typer.Option(help="Where the results go.")] = Path("build/graded"),
    assignment: Annotated[str | None, typer.Option(help="Which, where the course has several.")] = None,
    notebook: Annotated[str | None, typer.Option(help="Which file, where the assignment has several.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Submissions at a time.")] = None,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on a Dask cluster: its scheduler's address.")
    ] = None,
    cache: Annotated[Path, typer.Option(help="Where runs of known answers are kept.")] = Path("build/known"),
    student: Annotated[str | None, typer.Option(help="Grade this student alone; all else stays.")] = None,
    db: Annotated[
        str | None,
        typer.Option(metavar="URL", help="nbgrader's gradebook.", show_default="as before; OUT/gradebook.db"),
    ] = None,
    roster: Annotated[Path | None, typer.Option(help=IN_COURSE.format("Who is who in the LMS", "roster.csv"))] = None,
    times: Annotated[
        Path | None,
        typer.Option(
            help=IN_COURSE.format("When it came: Moodle's worksheet or a CSV", "times-ASSIGNMENT.csv or times.csv")
        ),
    ] = None,
    extensions: Annotated[Path | None, typer.Option(help=IN_COURSE.format("Who has longer", "extensions.csv"))] = None,
    groups: Annotated[Path | None, typer.Option(help=IN_COURSE.format("Who hands in together", "groups.csv"))] = None,
    timezone: Annotated[
        str | None, typer.Option(help="Of times that name none, as Europe/Berlin.", show_default="the course's")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be graded; write nothing.")] = False,
    policy: Annotated[
        str | None,
        typer.Option(help="Of several submissions count the 'last' or the 'best'.", show_default="as before; last"),
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Say whose marks would change; record nothing.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Replace marks on record that other tests gave.")] = False,
    trust_students: Annotated[
        bool, typer.Option("--trust-students", help="Run their code WITHOUT a sandbox, as your own user.")
    ] = False,
    practice: Annotated[
        bool, typer.Option("--practice", help="Before the deadline: verdicts and hints, no points; record no mark.")
    ] = False,
    rounds: Annotated[
        int, typer.Option(min=1, help="With --practice: how often a student is looked at on a day.")
    ] = MOST_ROUNDS,
):
    """Grade a class: marks, hints and reasons, into results.json, feedback pages and nbgrader's gradebook.

    Every submission ends graded, rejected (something is wrong with the file) or failed (our fault), with the reason.
    Killed or stopped, the same command goes on where it was. Where tests changed since marks were given, it stops:
    --diff shows whose marks would change and why, --apply writes them. What a person gave always stays.

    With --practice students hear verdicts and hints, on pages in OUT/practice/feedback: nothing else is written.

    Exit codes: 0 all graded or rejected (with --diff: no mark would change), 1 could not grade, 2 wrong use, 3 some
    failed for a fault of ours, 4 marks on record differ from today's tests and were left as they are.

    Example: python -m autograder grade submitted --course build/nbgrader --out build/graded --jobs 4
    """
    from autograder.results.gradebook import GradebookError

    console = Console()
    if diff and apply:
        raise typer.BadParameter("--diff records nothing and --apply does: give one of them")
    if practice and (diff or apply or db or policy):
        raise typer.BadParameter("--practice records no mark: leave --diff, --apply, --db and --policy out")
    class_options = ClassOptions(roster, times, extensions, groups, timezone)
    try:
        if practice:
            options = {"notebook": notebook, "student": student, "class_options": class_options}
            plan = Plan(submitted, course, out, assignment, trust_students, **options)
            options = {"jobs": jobs, "cluster": cluster, "cache": cache, "trust_students": trust_students}
            raise typer.Exit(_practise(plan, rounds, dry_run, console, options))
        if dry_run:
            options = {"student": student, "db_url": db, "class_options": class_options}
            show_plan(Plan(submitted, course, out, assignment, trust_students, policy, notebook, **options), console)
            return
        if trust_students:
            console.print("[bold]No sandbox:[/bold] students' code runs as your own user, and can do all that you can.")
        options = {
            "notebook": notebook,
            "jobs": jobs,
            "cluster": cluster,
            "cache": cache,
            "trust_students": trust_students,
            "policy": policy,
            "student": student,
            "db_url": db,
            "class_options": class_options,
            "changed": COMPARE if diff else APPLY if apply else REFUSE,
        }
        result = grade_class(submitted, course, out, assignment, console=console, **options)
    except (ValueError, Rejected) as error:
        raise typer.BadParameter(str(error)) from error
    except TestsChanged as error:
        console.print(f"Nothing was graded: {error}.", markup=False)
        raise typer.Exit(MARKS_DIFFER) from error
    except (Busy, CannotGrade, GradebookError, RoundsError, OSError) as error:
        console.print(f"Grading stopped: {error}", markup=False)
        console.print("What was graded until now is kept: the same command goes on from there.")
        raise typer.Exit(PROBLEM) from error
    except KeyboardInterrupt:
        console.print("\nStopped. What was graded until now is kept: the same command goes on from there.")
        raise typer.Exit(INTERRUPTED) from None
    if diff:
        show_comparison(result.comparison, console)
        raise typer.Exit(MARKS_DIFFER if result.comparison.changes else 0)
    show_class(result, out, console)
    raise typer.Exit(SOME_FAILED if result.count(BROKEN) or result.problems else 0)
