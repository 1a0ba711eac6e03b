"""`grade --practice`: what a student hears before the deadline. Verdict and hint for each exercise, and no points.

It examines a file exactly as `grade` would, and writes pages of its own kind and the count of rounds, all below
`practice/` in the results folder. Nothing else is touched: no mark, no history, no log, no gradebook.
"""

import hashlib
import os
from dataclasses import dataclass, field

from rich.console import Console

from autograder.exam.cluster import Cluster
from autograder.exam.engine import Graded
from autograder.exam.intake import is_safe_id
from autograder.exam.journal import Journal
from autograder.exam.pool import Pool
from autograder.exam.progress import ClassProgress
from autograder.plan import renamed
from autograder.results.files import write_atomically
from autograder.results.history import digest_of
from autograder.results.practice_page import practice_page
from autograder.results.rounds import MOST, Rounds
from autograder.verdicts import BROKEN, GRADED

FOLDER = "practice"  # in the results folder
SHORT = 12  # characters of a hash that a page shows


@dataclass
class Practice:
    """What a run of practice did, student by student."""

    folder: object  # Path
    most: int
    looked_at: list[Graded] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)  # students whose rounds of today are used up
    clock_behind: str = ""  # the day for which rounds are counted, where the clock says an earlier one

    def count(self, status):
        """Return how many files ended with a status."""
        return sum(one.result.status == status for one in self.looked_at)

    def lines(self, assignment):
        """Return the run in words."""
        shown = [one for one in self.looked_at if one.result.status != GRADED]
        lines = [f"{assignment}: practice, no marks: {len(self.looked_at) - len(shown)} looked at"]
        lines += [f"  {one.result.student}: {one.result.status}: {one.result.reason}" for one in shown]
        lines += [f"  {name}: no round left today ({self.most} a day); not looked at" for name in self.waiting]
        if self.clock_behind:
            lines.append(
                f"  This machine's clock is behind: rounds go on being counted for {self.clock_behind}, the latest day "
                f"on record. If that day was a fault, remove {self.folder / 'rounds.sqlite'}: all counts begin anew"
            )
        return [*lines, f"pages: {self.folder / 'feedback'}"]


def practise(plan, most=MOST, *, jobs=None, cluster=None, cache=None, trust_students=False, console=None, today=None):
    """Look at the newest submission of each student who has a round left today.

    Parameters
    ----------
    plan : plan.Plan
    most : int
        Rounds of a student on a day.
    jobs, cluster, cache, trust_students, console
        As of `grade_class`.
    today : date, optional

    Returns
    -------
    Practice

    Raises
    ------
    Busy, CannotGrade, RoundsError, OSError
        Where it cannot start or go on. The same command goes on, and costs nobody a second round.
    """
    done = Practice(plan.out / FOLDER, most)
    work = done.folder / ".grading"
    with Journal(work) as journal, Rounds(done.folder, most, today) as rounds:
        done.clock_behind = rounds.today.isoformat() if rounds.clock_behind else ""
        waiting = {}
        for one in plan.collected.submissions:
            key, graded = plan.look_up(one, journal)
            if one.rejected:
                _finish(plan, rounds, done, one, graded)
            elif not rounds.take(one.student, _name(plan, one)):
                done.waiting.append(one.student)
            elif graded is not None:
                _finish(plan, rounds, done, one, graded)
            else:
                waiting.setdefault(key, []).append(one)  # several where a group shares one
        workers = Pool(plan.assignment, jobs or os.cpu_count() or 1, work, cache or work / "known", trust_students)
        if cluster:
            workers = Cluster(plan.assignment, cluster, trust_students)
        with workers as pool, ClassProgress(console or Console(quiet=True), len(waiting)) as progress:
            tasks = [(key, one.draws or one.student, one.notebook) for key, (one, *_) in waiting.items()]
            for key, graded in pool.run(tasks):
                journal.put(key, graded)
                for one in waiting[key]:
                    _finish(plan, rounds, done, one, renamed(graded, one.student))
                    progress.add(graded.result)
    return done


def preview(plan, most=MOST, today=None):
    """Return what `practise` would do in lines, without doing it."""
    lines = [f"{plan.assignment.name}: practice, no marks, into {plan.out / FOLDER}; {most} rounds a day"]
    with Rounds(plan.out / FOLDER, most, today, dry_run=True) as rounds:
        for one in plan.collected.submissions:
            may = not one.rejected and rounds.take(one.student, _name(plan, one))
            said = "would be looked at" if may else "no round left today"
            lines.append(f"  {one.student}: {f'rejected: {one.rejected}' if one.rejected else said}")
    return lines


def _name(plan, submission):
    return f"{plan.assignment.name}/{plan.notebook}/{digest_of(submission.notebook)}"


def _finish(plan, rounds, done, submission, graded):
    """Write a student's page; a file that could not be looked at costs no round."""
    result = graded.result
    if result.status != GRADED and not submission.rejected:
        rounds.give_back(submission.student, _name(plan, submission))
    done.looked_at.append(graded)
    if not is_safe_id(result.student) or result.status == BROKEN:
        return
    left = max(rounds.most - rounds.used(result.student), 0)
    notes = [*_which_file(submission), *submission.notes, *graded.notes]
    page = practice_page(plan.assignment, graded, notes, rounds.most, left)
    write_atomically(done.folder / "feedback" / result.student / plan.assignment.name / f"{plan.name}.html", page)


def _which_file(submission):
    """Return in a sentence which of a student's files a page is about: as the receipt of `plainnet.check` names it."""
    if submission.notebook is None:
        return []
    when = f", handed in {submission.timestamp.strip()}" if submission.timestamp else ""
    short = hashlib.sha256(submission.notebook).hexdigest()[:SHORT]
    return [f"This page is about the file whose receipt says sha256 {short}...{when}."]
