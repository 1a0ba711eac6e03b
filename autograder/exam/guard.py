"""Limits on a test's own time and memory: it runs in the examiner, but a student's values may make it do anything.

A loop in compiled code that holds Python's lock, such as `sum(range(10**18))`, is beyond both: who runs examinations
ends a process that takes far too long.
"""

import contextlib
import ctypes
import resource
import threading

HEADROOM = 4 << 30  # bytes of memory that a test may ask for


class TimeOver(BaseException):
    """The time of a test is over."""


class Guard:
    """Raises TimeOver in the thread that entered it, when another thread calls it; never after the block was left."""

    def __init__(self):
        self.thread = None
        self.fired = False
        self.lock = threading.Lock()

    def __enter__(self):
        self.thread = threading.get_ident()
        return self

    def __exit__(self, cls, *_):
        with self.lock:
            thread, self.thread = self.thread, None
            if self.fired and cls is not TimeOver:  # it may be on its way
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), None)

    def __call__(self):
        """Raise TimeOver in the guarded thread."""
        with self.lock:
            if self.thread is not None and not self.fired:
                self.fired = True
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.thread), ctypes.py_object(TimeOver))


@contextlib.contextmanager
def bounded_memory(headroom=HEADROOM):
    """Let a block ask for so much more memory than the process has, and not for all of the machine's."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    with open("/proc/self/statm") as file:
        limit = int(file.read().split()[0]) * resource.getpagesize() + headroom
    if soft == resource.RLIM_INFINITY or limit < soft:
        resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
