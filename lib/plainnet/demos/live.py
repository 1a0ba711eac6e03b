"""A demo's line to its view in a notebook: answers changes, and pushes the frames of a run.

A run has a thread of its own, so that the notebook stays free; it stops when asked, when its cell runs again, and when
no page takes its frames any more.
"""

import threading
import time

import anywidget
import traitlets

from plainnet.demos.bundle import stylesheet, widget_module
from plainnet.demos.recording import Recording

FRAMES_PER_SECOND = 40
IN_FLIGHT = 4  # frames that the page has not acknowledged yet
PATIENCE = 3.0  # seconds without a sign of life from the page while the kernel is free to hear one


class Stage(anywidget.AnyWidget):
    """The widget: what the view reads when it opens; everything later goes by message."""

    _esm = widget_module()
    _css = stylesheet()
    config = traitlets.Dict().tag(sync=True)
    header = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)


class Channel:
    """The kernel's end of the line to one view."""

    def __init__(self, demo):
        header, data = demo.recording.encode()
        self.demo, self.run = demo, None
        self.values = dict(demo.values)
        self.widget = Stage(config=demo.config(), header=header, data=data)
        self.widget.on_msg(self.heard)
        self.cell = current_cell()
        if shell := ipython():
            shell.events.register("pre_run_cell", self.cell_starts)

    def heard(self, widget, message, buffers):
        """Answer a message of the view."""
        answers = {"change": self.change, "run": self.start, "stop": self.stop, "ack": self.acknowledge}
        answers[message.pop("kind")](**message)

    def change(self, serial, values):
        """Send the recording for new values; a failure goes back in words."""
        from plainnet.demos.stage import explain

        self.values.update(values)  # a run in progress reads them too
        try:
            header, data = self.demo.record(**self.values).encode()
        except Exception as error:  # of a student's function, or of values that make no sense
            self.widget.send({"kind": "error", "serial": serial, "words": explain(error)})
        else:
            self.widget.send({"kind": "recording", "serial": serial, "header": header}, [data])

    def start(self, values):
        """Start a run; the one before stops."""
        self.stop()
        self.values.update(values)
        self.run = Run(self.demo, self.values, self.widget.send)
        self.run.start()

    def stop(self):
        """Stop the run, if there is one, and wait until it has."""
        if self.run:
            self.run.stop()

    def acknowledge(self, run, serial):
        """The page has drawn a frame."""
        if self.run and self.run.number == run:
            self.run.acknowledge(serial)

    def cell_starts(self, info):
        """Stop when the cell that made this demo runs again: a new demo takes its place."""
        if info is not None and self.cell is not None and getattr(info, "cell_id", None) == self.cell:
            self.stop()
            ipython().events.unregister("pre_run_cell", self.cell_starts)


class Run(threading.Thread):
    """Pushes the frames of `demo.run` until it ends, fails, or nobody looks."""

    count = 0

    def __init__(self, demo, values, send):
        super().__init__(daemon=True, name="plainnet-demo-run")
        Run.count += 1
        self.number, self.demo, self.values, self.send = Run.count, demo, values, send
        self.stopping, self.room = threading.Event(), threading.Condition()
        self.sent = self.acknowledged = 0

    def run(self):
        """Push frames, at most `FRAMES_PER_SECOND`; the last one always."""
        from plainnet.demos.stage import explain

        words, due, last = "", 0.0, None
        try:
            for last in self.demo.run(self.values):
                if self.stopping.is_set():
                    break
                now = time.monotonic()
                if now >= due:
                    due = now + 1 / FRAMES_PER_SECOND
                    if not self.push(last):
                        break
                    last = None
                time.sleep(0)  # the notebook's own thread gets its turn
            if last is not None and not self.stopping.is_set():
                self.push(last)
        except Exception as error:  # shown on the stage
            words = explain(error)
        self.send({"kind": "ended", "run": self.number, "words": words})

    def push(self, frame):
        """Send one frame, once the page has room for it; return False when nobody takes it."""
        recording = self.recorded(frame() if callable(frame) else frame)
        header, data = recording.encode()
        with self.room:
            if not self.wait_for_room():
                return False
            self.sent += 1
        message = {"kind": "frame", "run": self.number, "serial": self.sent, "first": self.sent == 1, "header": header}
        self.send(message, [data])
        return True

    def recorded(self, frame):
        """Return a frame as a recording of its own, with the parts and the static values of the demo's."""
        like = self.demo.recording
        return Recording(
            [frame], title=like.title, description=like.description, parts=like.parts, rate=like.rate,
            static=like.static if self.sent == 0 else None,
        )  # fmt: skip

    def wait_for_room(self):
        """Wait until few frames are under way; a kernel that runs a cell can't hear the page, so that time is free."""
        silent = 0.0
        while self.sent - self.acknowledged >= IN_FLIGHT:
            heard = self.room.wait(timeout=0.1)
            silent = 0.0 if heard or kernel_is_busy() else silent + 0.1
            if self.stopping.is_set() or silent > PATIENCE:
                return False
        return not self.stopping.is_set()

    def acknowledge(self, serial):
        """Make room for another frame."""
        with self.room:
            self.acknowledged = max(self.acknowledged, serial)
            self.room.notify()

    def stop(self):
        """Ask the run to stop, and wait for it."""
        self.stopping.set()
        if self.is_alive():
            self.join(timeout=2)


def ipython():
    """Return the interactive shell, or None outside of one."""
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def current_cell():
    """Return the id of the notebook cell that is running, if the notebook says it."""
    kernel = getattr(ipython(), "kernel", None)
    if kernel is None:
        return None
    return kernel.get_parent("shell").get("metadata", {}).get("cellId")


def kernel_is_busy():
    """Return whether a cell is running right now."""
    shell = ipython()
    return bool(getattr(shell, "executing", False)) or bool(getattr(shell, "_executing", False))
