"""Worker processes that grade submissions, each with a sandbox of its own; one that dies costs one submission at most.

A submission whose worker died, hung or gave up is tried once more in a new worker; after that it has failed, with the
reason, and the others go on.
"""

import contextlib
import multiprocessing
import os
import sys
import time
import traceback
from collections import deque
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path

from autograder.exam.engine import Graded, grade, total_points
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox, SandboxUnavailable
from autograder.verdicts import BROKEN, SubmissionResult

ATTEMPTS = 2
START = 180.0  # seconds for a worker to be ready, on a machine that is very busy
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")  # see DESIGN: outliers of 10-100x otherwise


@dataclass(frozen=True)
class Task:
    """A submission to grade."""

    key: str
    student: str
    data: bytes
    attempt: int = 1


class CannotGrade(Exception):
    """No worker can start: the message says what is missing."""


class Pool:
    """A pool of workers for one assignment.

    Parameters
    ----------
    assignment : Assignment
    jobs : int
        How many submissions are graded at a time.
    folder : Path
        For the workers' logs.
    cache : Path
        For what the assignment's known answers do; `prove` fills it too.
    trust_students : bool
        Run their code without a sandbox.
    """

    def __init__(self, assignment, jobs, folder, cache, trust_students=False):
        self.assignment, self.jobs, self.folder, self.cache = assignment, jobs, Path(folder), Path(cache)
        self.trust = trust_students
        self.max_score = total_points(assignment)
        self.deadline = seconds_for(assignment)
        self.workers = []

    def __enter__(self):
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        self.context = multiprocessing.get_context("forkserver")
        self.context.set_forkserver_preload([__name__])
        return self

    def __exit__(self, *error):
        for worker in self.workers:
            worker.stop()

    def run(self, submissions):
        """Grade submissions; yield (key, Graded) as they are done, in no fixed order.

        Parameters
        ----------
        submissions : list of (key, student, bytes)

        Raises
        ------
        CannotGrade
            If a worker cannot start, for instance for want of a sandbox.
        """
        waiting = deque(Task(*submission) for submission in submissions)
        self.workers = [self._start(number) for number in range(min(self.jobs, len(waiting)))]
        while waiting or any(worker.task for worker in self.workers):
            for worker in self.workers:
                if worker.ready and worker.task is None and waiting:
                    worker.give(waiting.popleft())
            for worker in self._with_news():
                kind, content = worker.news()
                if kind == "ready":
                    worker.ready = True
                elif kind == "graded":
                    task, worker.task = worker.task, None
                    yield task.key, Graded.from_bytes(content)
                elif not worker.ready:
                    raise CannotGrade(content)
                else:
                    yield from self._lost(worker, kind, content, waiting)

    def _lost(self, worker, kind, reason, waiting):
        """Replace a worker that ended or gave up; try its submission once more, or yield that it failed."""
        worker.stop()
        self.workers[worker.number] = self._start(worker.number)
        task = worker.task
        if task is not None and task.attempt < ATTEMPTS:
            waiting.appendleft(replace(task, attempt=task.attempt + 1))
        elif task is not None and kind == "no sandbox":
            raise CannotGrade(reason)
        elif task is not None:
            yield task.key, Graded(SubmissionResult(task.student, BROKEN, reason, max_score=self.max_score))

    def _with_news(self):
        """Return the workers that have something to say, have ended or have been at it for too long."""
        late = [worker for worker in self.workers if worker.seconds() > self._deadline_of(worker)]
        if late:
            for worker in late:
                worker.give_up(self._deadline_of(worker))
            return late
        ready = set(wait([part for worker in self.workers for part in (worker.connection, worker.sentinel)], timeout=1))
        return [worker for worker in self.workers if {worker.connection, worker.sentinel} & ready]

    def _deadline_of(self, worker):
        return self.deadline if worker.ready else START

    def _start(self, number):
        return _Worker(self.context, number, self.assignment, self.folder, self.cache, self.trust)


def seconds_for(assignment):
    """Return the seconds after which a worker hangs: every cell at its limit several times over takes less."""
    return 120 + 6 * sum(exercise.limit for exercise in assignment.exercises.values())


class _Worker:
    """The pool's side of one worker process."""

    def __init__(self, context, number, assignment, folder, *arguments):
        self.number, self.log = number, folder / f"worker-{number}.log"
        self.ready, self.task, self.late = False, None, ""
        self.since = time.monotonic()  # when it started, or was given its submission
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_work, args=(theirs, assignment, self.log, *arguments), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def sentinel(self):
        return self.process.sentinel

    def give(self, task):
        """Give a submission to the worker; if it has just died, its end is seen at the next look."""
        self.task, self.since = task, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send((task.student, task.data))

    def news(self):
        """Return (kind, content) of what the worker says: "ready", "graded", "broken", "no sandbox", or its end."""
        try:
            if not self.late and self.connection.poll():
                return self.connection.recv()
        except (EOFError, OSError):  # it ended in the middle of a word
            self.process.join()
        code = self.process.exitcode
        how = self.late or (f"ended by signal {-code}" if code and code < 0 else f"ended with code {code}")
        return "broken", f"The grading process {how}; see {self.log.name}."

    def seconds(self):
        """Return for how long the worker has been at its submission, or at starting."""
        return time.monotonic() - self.since if self.task or not self.ready else 0.0

    def give_up(self, deadline):
        """End a worker that hangs."""
        self.late = f"had not finished after {deadline:.0f} seconds"
        self.stop()

    def stop(self):
        """End the process, with everything that it started."""
        self.process.kill()
        self.process.join()
        self.connection.close()


def _work(connection, assignment, log, cache, trust):
    """Grade submissions until the pool goes away: the whole life of a worker process."""
    _log_to(log)
    with contextlib.closing(connection), contextlib.ExitStack() as stack:
        try:
            sandbox = stack.enter_context(Sandbox(trust_students=trust))
            table = Table.load_or_make(assignment, sandbox, cache)
        except Exception as error:
            connection.send(_problem(error, log))
            return
        connection.send(("ready", None))
        while True:
            try:
                student, data = connection.recv()
            except EOFError:
                return
            try:
                graded = grade(data, assignment, student, sandbox, table)
            except Exception as error:  # no fault of the student's, and nothing here can be relied on any more
                connection.send(_problem(error, log))
                return
            connection.send(("graded", graded.to_bytes()))


def _problem(error, log):
    """Log an error and return the message on it."""
    traceback.print_exception(error)
    if isinstance(error, SandboxUnavailable):
        return "no sandbox", str(error)
    return "broken", f"Grading this submission failed ({type(error).__name__}: {error}); see {log.name}."


def _log_to(path):
    """Send all that is printed here, by tests and by crashes, to a file: the terminal is the progress bar's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = open(path, "ab", buffering=0)  # noqa: SIM115 (stays open for the life of the process)
    os.dup2(stream.fileno(), 1)
    os.dup2(stream.fileno(), 2)
    sys.stdout, sys.stderr = (open(number, "w", buffering=1, closefd=False) for number in (1, 2))  # noqa: SIM115
