"""Grades on a Dask cluster what `pool` grades on one machine: the same function of bytes, the same interface.

A worker process makes a sandbox once and reads an assignment once, known by the hash of its content; nothing is read
from a shared disk. Submissions go out as workers are free for them, so that the scheduler never holds a whole class.
What a worker was at when it died is run again elsewhere, by Dask; a submission with which several died has failed.
"""

import os
import pickle
import signal
import tempfile
import threading
import traceback
from hashlib import blake2b
from pathlib import Path

from autograder.exam.engine import Graded, environment_key, grade, total_points
from autograder.exam.known import Table
from autograder.exam.pool import ATTEMPTS, ONE_THREAD, CannotGrade, seconds_for
from autograder.exam.sandbox import Sandbox, SandboxUnavailable
from autograder.verdicts import BROKEN, SubmissionResult

AHEAD = 4  # submissions at the scheduler for each worker: one that is done has the next at once
PATIENCE = 60  # seconds for the scheduler to answer, and then for a first worker to be there


class Cluster:
    """The workers of a Dask cluster, for one assignment; use it as `pool.Pool`.

    Parameters
    ----------
    assignment : Assignment
    address : str
        The scheduler's, such as `tcp://10.0.0.7:8786`.
    trust_students : bool
        Run their code without a sandbox.
    """

    def __init__(self, assignment, address, trust_students=False):
        self.address, self.max_score = address, total_points(assignment)
        self.packed = pickle.dumps(assignment)  # from us to our own workers; nothing of a student's is ever unpickled
        self.digest = blake2b(self.packed, digest_size=16).hexdigest()
        self.order = (self.digest, environment_key(assignment, not trust_students), seconds_for(assignment))
        self.trust = trust_students
        self.client = self.shipped = None

    def __enter__(self):
        try:
            from distributed import Client
        except ImportError as error:
            raise CannotGrade("--cluster needs Dask: pip install 'plainnet[cluster]'") from error
        try:
            self.client = Client(self.address, timeout=PATIENCE, set_as_default=False)
            self.client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError) as error:
            self.__exit__()
            raise CannotGrade(
                f"no Dask scheduler with a worker answers at {self.address} ({type(error).__name__}): start "
                f"`dask scheduler` and `dask worker {self.address} --nthreads 1`, or give another --cluster"
            ) from error
        # made by a task, so that it can be made again where all workers that held it have died
        self.shipped = self.client.submit(bytes, self.packed, key=f"assignment-{self.digest}")
        return self

    def __exit__(self, *error):
        if self.client is not None:
            self.client.close()
            self.client = self.shipped = None

    def run(self, submissions):
        """Grade submissions; yield (key, Graded) as they are done, in no fixed order.

        Parameters
        ----------
        submissions : list of (key, student, bytes)

        Raises
        ------
        CannotGrade
            If a worker has no sandbox, or other versions of what results depend on.
        """
        from distributed import as_completed

        waiting, tasks, running = iter(submissions), {}, as_completed(loop=self.client.loop)
        self._fill(waiting, tasks, running)
        for future in running:
            submission, attempt = tasks.pop(future.key)
            kind, content = outcome(future)
            if kind == "unfit":
                raise CannotGrade(content)
            if kind == "broken" and attempt < ATTEMPTS:
                self._submit(submission, attempt + 1, tasks, running)
            elif kind == "graded":
                yield submission[0], Graded.from_bytes(content)
            else:
                yield submission[0], Graded(SubmissionResult(submission[1], BROKEN, content, max_score=self.max_score))
            self._fill(waiting, tasks, running)

    def _fill(self, waiting, tasks, running):
        """Submit as many as the workers that are there now will soon want."""
        most = AHEAD * max(1, len(self.client.nthreads()))
        while len(tasks) < most and (submission := next(waiting, None)) is not None:
            self._submit(submission, 1, tasks, running)

    def _submit(self, submission, attempt, tasks, running):
        _, student, data = submission
        future = self.client.submit(grade_one, self.shipped, *self.order, student, data, self.trust, pure=False)
        tasks[future.key] = submission, attempt
        running.add(future)


def outcome(future):
    """Return (kind, content) of a task that is done: "graded", "broken" or "unfit", and the result or the reason."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker as error:
        return "killed", f"{error.allowed_failures + 1} workers in turn died while they graded this submission."
    except Exception as error:  # of Dask's own: a lost connection, a worker on which the grader is not installed
        return "broken", f"The cluster failed ({type(error).__name__}: {error})."


class OtherEnvironment(Exception):
    """This worker would not grade as the machine does on which `grade` was started."""


class _Kept:
    """What one worker process keeps between submissions: a sandbox, and what it knows of the last assignment."""

    def __init__(self):
        self.lock = threading.Lock()  # a sandbox serves one student at a time, whatever --nthreads says
        self.sandbox = self.table = self.digest = None
        self.folder = None

    def sandbox_of(self, trust):
        """Return the sandbox, made anew where its zygote has ended."""
        if self.sandbox is None or self.sandbox.trust_students != trust or self.sandbox.zygote.poll() is not None:
            self.drop()
            self.sandbox = Sandbox(trust_students=trust)
            self.sandbox.start()
        return self.sandbox

    def table_of(self, packed, digest, environment):
        """Return the table of an assignment, in a folder of this process's own."""
        if self.digest != digest:
            assignment = pickle.loads(packed)
            if environment_key(assignment, not self.sandbox.trust_students) != environment:
                raise OtherEnvironment(
                    "it has other versions of the grader or of Python's packages than the machine where `grade` was "
                    "started: install the same lock file on both"
                )
            self.folder = tempfile.TemporaryDirectory(prefix="plainnet-known-")
            self.table = Table.load_or_make(assignment, self.sandbox, Path(self.folder.name))
            self.digest = digest
        self.table.sandbox = self.sandbox
        return self.table

    def drop(self):
        """End the sandbox, with everything in it."""
        if self.sandbox is not None:
            self.sandbox.close()
        self.sandbox = None


_kept = _Kept()


def grade_one(packed, digest, environment, seconds, student, data, trust):
    """Grade one submission in a worker process: all that runs on the cluster.

    Returns
    -------
    tuple
        ("graded", the bytes of a Graded), ("unfit", why this worker cannot grade) or ("broken", what went wrong).
    """
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    with _kept.lock:
        signal.alarm(int(seconds))  # ends this process where it hangs, even in compiled code that holds Python's lock
        try:
            sandbox = _kept.sandbox_of(trust)
            table = _kept.table_of(packed, digest, environment)
            return "graded", grade(data, table.assignment, student, sandbox, table).to_bytes()
        except (SandboxUnavailable, OtherEnvironment) as error:
            _kept.drop()
            return "unfit", f"the worker on {os.uname().nodename} cannot grade: {error}"
        except Exception as error:  # no fault of the student's, and the sandbox can't be relied on any more
            traceback.print_exception(error)
            _kept.drop()
            return "broken", f"Grading this submission failed ({type(error).__name__}: {error})."
        finally:
            signal.alarm(0)
