"""The one writer of a run: feedback pages, nbgrader's records, the audit log and the history, as results come in."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor

from autograder.exam.intake import is_safe_id
from autograder.results.feedback import feedback_page
from autograder.results.files import write_atomically
from autograder.results.nbgrader_config import write_config
from autograder.results.receipt import write_receipt

BATCH = 50  # records in one transaction of the gradebook


class Recorder:
    """Writes what is graded, in a thread of its own: a feedback page each, gradebook rows in batches."""

    def __init__(self, plan, audit, cache):
        self.plan, self.audit, self.cache, self.batch, self.book = plan, audit, cache, [], None
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
        """Keep what was handed in, and the record for the next batch."""
        from autograder.results.gradebook import Record  # imports nbgrader, while the workers start

        result, plan = graded.result, self.plan
        submission = plan.by_student[result.student]
        record = Record(
            result,
            submission.timestamp,
            graded.notebook,
            graded.problems,
            extension=submission.extension,
            secret=submission.secret,
        )
        for one in plan.attempts.of[result.student]:
            plan.history.keep(one)
        notes = [*plan.attempts.note(submission), *submission.notes, *graded.notes]
        if is_safe_id(result.student) and submission.notebook is not None and plan.copies:
            folder = plan.out / plan.copies / result.student / plan.assignment.name  # formgrader looks for it
            write_atomically(folder / plan.notebook, submission.notebook)
            write_receipt(folder, submission)
        self.batch.append((record, notes))
        if len(self.batch) >= BATCH:
            self._flush()

    def _flush(self):
        """Write the batch to nbgrader's gradebook, then its pages: they tell what a late penalty takes off."""
        if self.book is None:
            self.book = self._open()
        self.book.write([record for record, _ in self.batch])
        for record, notes in self.batch:
            self._write_page(record, notes)
        plan, results = self.plan, [record.result for record, _ in self.batch]
        penalties = self.book.late.taken if self.book.late else None
        self.audit.add([(plan.by_student[one.student], one, plan.environment) for one in results], penalties)
        self.batch = []

    def _write_page(self, record, notes):
        student, plan = record.result.student, self.plan
        if is_safe_id(student):
            folder = plan.out / "feedback" / student / plan.assignment.name
            late = self.book.late.said.get(student, "") if self.book.late else ""
            write_atomically(folder / f"{plan.name}.html", feedback_page(plan.assignment, record, notes, late))
            write_receipt(folder, plan.by_student[student])  # `nbgrader release_feedback` asks for it

    def _close(self):
        if self.book is not None and self.book.late and (said := self.book.late.summary()):
            self.plan.class_files.notices.append(said)
        if self.book is not None:
            self.book.__exit__(None, None, None)

    def _open(self):
        from autograder.results.gradebook import Gradebook
        from autograder.results.late import late_penalties

        plan = self.plan
        late = late_penalties(plan.course)
        book = Gradebook(plan.out, plan.assignment, plan.name, late=late, **plan.settings).__enter__()
        write_config(plan, self.cache)
        if book.duedate is None and (late or plan.class_files.extensions):
            name = plan.assignment.name
            plan.class_files.notices.append(
                f"the gradebook has no due date of {name}, so nothing is late: in {plan.out} say "
                f"nbgrader db assignment add {name} --duedate='2026-11-30 23:59 UTC', then grade again"
            )
        return book
