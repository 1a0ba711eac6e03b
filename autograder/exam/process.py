"""One student process as the examiner controls it: its connection, its limits, and its end.

A watch thread looks at its CPU time, its resident memory and the clock every few milliseconds and ends it, with all
that it started, when one is used up. The process group is a pid namespace whose first process this is, so nothing
survives.
"""

import contextlib
import fcntl
import os
import select
import shutil
import signal
import tempfile
import threading
import time
from dataclasses import dataclass

from autograder.exam.boundary import Boundary, StudentGone
from autograder.exam.channel import Channel

TICK = 0.02  # seconds between two looks of the watch
F_SETPIPE_SZ, PIPE_SIZE = 1031, 1 << 20
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
LAST_BREATH = 500  # milliseconds from closing the connection to the end
STARTUP = 30.0  # seconds of wall time to become ready
WALL_FACTOR = 4.0  # wall time allowed for a second of CPU time
SIGNALS = {
    signal.SIGSEGV: "it crashed in compiled code",
    signal.SIGFPE: "it crashed in compiled code",
    signal.SIGKILL: "it took too long in all, or the system ran out of memory",
}


class StudentProcess:
    """A fresh student process; `boundary` asks it, `reason` says why it ended."""

    def __init__(self, sandbox, limits, forbidden, names):
        self.sandbox, self.limits = sandbox, limits
        self.reason = None
        self.peak_mb = 0.0
        self.used = 0.0  # CPU seconds in the last `within`
        self.budget = None  # (CPU seconds at which to end it, time at which to end it)
        self.guard = None  # called by the watch once the wall time of a test is over
        self.lock, self.over = threading.Lock(), threading.Event()
        self.folder = tempfile.mkdtemp(prefix="student-") if sandbox.trust_students else ""
        self.pid = self.pidfd = self.host_pid = self.status = None
        self.boundary = None
        self.fds = []
        try:
            self.connect(forbidden, names)
        except BaseException:
            self.close()
            raise

    def connect(self, forbidden, names):
        """Start the process and wait until it is shut off."""
        their_reader, our_writer = pipe()
        our_reader, their_writer = pipe()
        self.fds = [our_reader, our_writer]
        try:
            self.pid, self.pidfd = self.sandbox.fork(self.limits, forbidden, their_reader, their_writer, self.folder)
        finally:
            os.close(their_reader)
            os.close(their_writer)
        self.host_pid = pid_of(self.pidfd)
        self.watch = threading.Thread(target=self.keep_watch, daemon=True)
        self.watch.start()
        self.boundary = Boundary(Channel(our_reader, our_writer), names)
        try:
            with self.within(STARTUP, STARTUP):
                problem = self.boundary.wait_ready()
        except StudentGone as gone:
            problem = str(gone)
        if problem:
            self.sandbox.fail(problem)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def alive(self):
        """Whether the process can still be asked."""
        return self.reason is None

    @contextlib.contextmanager
    def within(self, cpu_seconds, wall_seconds=None, guard=None):
        """End the process if this block takes more CPU time, or much more wall time; StudentGone is raised then.

        Parameters
        ----------
        cpu_seconds : float
            Of all its processes, while the block runs.
        wall_seconds : float, optional
            By default four times as much, and the limits' `wall_grace`.
        guard : callable, optional
            Called once when the wall time is over, after the process was ended.
        """
        wall = WALL_FACTOR * cpu_seconds + self.limits.wall_grace if wall_seconds is None else wall_seconds
        start = self.cpu_time()
        with self.lock:
            self.budget = (start + cpu_seconds, time.monotonic() + wall)
            self.guard = guard
        try:
            yield
        except StudentGone as gone:
            if self.alive:
                self.end("it sent no answer" if gone.malformed else self.last_words())
            raise
        finally:
            self.used = max(0.0, self.cpu_time() - start)
            with self.lock:
                self.budget = self.guard = None

    def cpu_time(self):
        """Return the CPU seconds that the process, and all that it started, has used."""
        if self.limits.processes > 1:
            return sum(survey.cpu_seconds for survey in self.look())
        try:
            return time.clock_gettime(~self.host_pid << 3 | 2)  # the kernel's clock of another process
        except OSError:
            return 0.0

    def look(self):
        """Return a Survey of the process and of each that it started."""
        found, pids = [], [self.host_pid]
        for pid in pids:
            try:
                with open(f"/proc/{pid}/stat") as file:
                    found.append(Survey.read(file.read()))
                if self.limits.processes > 1:
                    pids += children_of(pid)
            except OSError:  # it has ended meanwhile
                continue
        return found

    def excess(self):
        """Return the limit that is exceeded, in words, or None."""
        surveys = self.look()
        memory = sum(survey.memory_mb for survey in surveys)
        self.peak_mb = max(self.peak_mb, memory)
        if memory > self.limits.memory_mb:
            return f"it used more than {self.limits.memory_mb} MB of memory"
        if len(surveys) > self.limits.processes:
            return "it started too many processes"
        if sum(survey.threads for survey in surveys) > self.limits.threads:  # root is bound by no RLIMIT_NPROC
            return "it started too many threads"
        return None

    def keep_watch(self):
        """Look at the limits until the process has ended."""
        while not self.over.wait(TICK):
            if excess := self.excess():
                self.end(excess)
            with self.lock:
                if self.budget is None:
                    continue
                cpu, wall = self.budget
                if self.cpu_time() > cpu or time.monotonic() > wall:
                    self.end("it took too long")
                if time.monotonic() > wall and self.guard is not None:
                    self.guard()
                    self.guard = None

    def end(self, reason):
        """End the process and all that it started."""
        if self.reason is None:
            self.reason = reason
        self.kill()

    def kill(self):
        """Send the signal that nothing survives."""
        if self.pidfd is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.pidfd, signal.SIGKILL)
                if self.sandbox.trust_students:  # no pid namespace that would go with it
                    os.killpg(self.host_pid, signal.SIGKILL)

    def last_words(self):
        """Return how a process ended that nobody ended."""
        poll = select.poll()
        poll.register(self.pidfd, select.POLLIN)
        if not poll.poll(LAST_BREATH):
            return "it closed its connection"
        status = self.wait_status()
        if os.WIFSIGNALED(status):
            return SIGNALS.get(os.WTERMSIG(status), f"it was ended by signal {os.WTERMSIG(status)}")
        return f"it ended itself with exit code {os.WEXITSTATUS(status)}"

    def wait_status(self):
        """End the process if it still lives, wait for that, and return its wait status."""
        if self.status is None:
            self.kill()
            self.status = self.sandbox.reap(self.pid) if self.sandbox.zygote is not None else 0
        return self.status

    def close(self):
        """End the process, and wait until it is gone."""
        self.excess()  # a last look at its memory: the watch may not have had one
        self.end("it was closed")
        self.over.set()
        if self.pidfd is not None:
            self.watch.join()
            self.wait_status()
            os.close(self.pidfd)
            self.pidfd = None
        for fd in self.fds:
            os.close(fd)
        self.fds = []
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Survey:
    """What the kernel counts for one process."""

    memory_mb: float
    threads: int
    cpu_seconds: float

    @classmethod
    def read(cls, stat):
        """Return the survey of a line of /proc/PID/stat; a name in it may hold any character but the last `)`."""
        fields = stat.rpartition(")")[2].split()  # the first is field 3 of the manual page
        return cls(int(fields[21]) * PAGE_MB, int(fields[17]), sum(map(int, fields[11:15])) / TICKS)


def children_of(pid):
    """Return the processes that one has started, by any of its threads."""
    found = []
    for task in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{task}/children") as file:
            found += [int(child) for child in file.read().split()]
    return found


def pipe():
    """Return a pipe (reader, writer) that takes a megabyte at once, where the system allows that."""
    reader, writer = os.pipe()
    with contextlib.suppress(OSError):
        fcntl.fcntl(writer, F_SETPIPE_SZ, PIPE_SIZE)
    return reader, writer


def pid_of(pidfd):
    """Return the pid, in this process's namespace, of what a pidfd refers to."""
    with open(f"/proc/self/fdinfo/{pidfd}") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pid:"))
