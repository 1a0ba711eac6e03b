"""A limit on a test's own time: an endless loop in the examiner ends, whatever a student's values made it do."""

import ctypes
import threading


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
