"""A demo's line to its view in a notebook: answers changes, and pushes the frames of a run.

A run has a thread of its own, so that the notebook stays free; it stops when asked, when its cell runs again, and when
no page takes its frames any more.
"""

import functools
import threading
import time
import weakref
from dataclasses import asdict

import anywidget
import traitlets

from plainnet.demos.bundle import stylesheet, widget_module
from plainnet.demos.recording import Recording
from plainnet.demos.stage import explain

FRAMES_PER_SECOND = 40
BREATH = 0.001  # seconds
IN_FLIGHT = 4  # frames that the page has not acknowledged yet
PATIENCE = 5.0  # seconds without a sign of life from the page while the kernel is free to hear one


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
        self.cell = notebook().watch(self)

    def heard(self, widget, message, buffers):
        """Answer a message of the view."""
        answers = {"change": self.change, "run": self.start, "stop": self.stop, "ack": self.acknowledge}
        answers[message.pop("kind")](**message)

    def change(self, serial, values):
        """Send the recording for new values; a failure goes back in words."""
        self.values.update(values)
        if self.run and self.run.is_alive():  # it reads the values itself, at its next step
            self.widget.send({"kind": "noted", "serial": serial})
            return
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


class Run(threading.Thread):
    """Pushes the frames of `demo.run` until it ends, fails, or nobody looks."""

    count = 0

    def __init__(self, demo, values, send):
        super().__init__(daemon=True, name="plainnet-demo-run")
        Run.count += 1
        self.number, self.demo, self.values, self.send = Run.count, demo, values, send
        self.stopping, self.room = threading.Event(), threading.Condition()
        self.sent = self.acknowledged = 0
        self.like = None  # a recording with the values of this run: its parts draw the frames
        self.ask = None  # the question that holds the run at its first frame

    def run(self):
        """Push frames, at most `FRAMES_PER_SECOND`; the last one always."""
        words, frames = "", None
        try:
            self.like = self.demo.record(**self.values)
            self.ask = self.demo.question(self.values)
            frames = iter(self.demo.run(self.values))
            self.push_all(frames)
        except Exception as error:  # shown on the stage
            words = explain(error)
        finally:
            if hasattr(frames, "close"):
                frames.close()  # a generator runs its `finally` now, not when it is collected
            self.send({"kind": "ended", "run": self.number, "words": words})

    def push_all(self, frames):
        """Push frames at their pace until there are no more or nobody takes them.

        A frame is always shown; a function that makes one, only when a frame is due, and the last one always. This
        thread sleeps for a `BREATH` again and again: one that computes without a pause keeps Python's lock from the
        thread that hears and sends, which then gets it once in 5 ms, and the page sees 10 frames a second.
        """
        due, breathed, left_out = 0.0, time.monotonic(), None
        for frame in frames:
            early = due - time.monotonic()
            if early > 0 and callable(frame):
                left_out = frame
            else:
                self.stopping.wait(early)
                due = time.monotonic() + 1 / FRAMES_PER_SECOND
                if self.stopping.is_set() or not self.push(frame):
                    return
                left_out = None
            if time.monotonic() - breathed > 2 * BREATH:
                self.stopping.wait(BREATH)
                breathed = time.monotonic()
            if self.stopping.is_set():
                return
        if left_out is not None:
            self.push(left_out)

    def push(self, frame):
        """Send one frame, once the page has room for it; return False when nobody takes it."""
        like = self.like
        frame = frame() if callable(frame) else frame
        recording = Recording(
            [frame],
            title=like.title,
            description=like.description,
            parts=like.parts,
            rate=like.rate,
            static=like.static,
        )
        first = self.sent == 0
        header, data = recording.encode(static=first)
        if not self.wait_for_room(IN_FLIGHT):
            return False
        self.sent += 1
        message = {"kind": "frame", "run": self.number, "serial": self.sent, "first": first, "header": header}
        if first and self.ask:
            message["ask"] = asdict(self.ask)
        self.send(message, [data])
        return self.wait_for_room(1) if "ask" in message else True

    def wait_for_room(self, most):
        """Wait until fewer than `most` frames are under way; return False when nobody takes them any more.

        A page that holds a frame for a question gives a sign of life now and then. A kernel that runs a cell can't hear
        the page, so that time is free.
        """
        silent = 0.0
        with self.room:
            while self.sent - self.acknowledged >= most:
                heard = self.room.wait(timeout=0.1)
                silent = 0.0 if heard or notebook().busy else silent + 0.1
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


class Notebook:
    """What the notebook is doing: whether a cell runs, and which demos a cell has made."""

    def __init__(self, shell):
        self.shell, self.busy, self.channels = shell, shell is not None, []  # a cell is importing this
        if shell:
            shell.events.register("pre_run_cell", self.cell_starts)
            shell.events.register("post_run_cell", self.cell_ends)

    def watch(self, channel):
        """Remember which cell made a channel; return its id, or None outside of a notebook that tells it."""
        kernel = getattr(self.shell, "kernel", None)
        cell = kernel.get_parent("shell").get("metadata", {}).get("cellId") if kernel else None
        self.channels.append((cell, weakref.ref(channel)))
        return cell

    def cell_starts(self, info):
        """Stop the runs of the demos that this cell made the last time: new demos take their place."""
        self.busy = True
        again = getattr(info, "cell_id", None)
        for cell, reference in self.channels:
            channel = reference()
            if channel and cell is not None and cell == again:
                channel.stop()
        self.channels = [(cell, reference) for cell, reference in self.channels if reference() and cell != again]

    def cell_ends(self, result):
        """A cell has ended: the kernel hears the page again."""
        self.busy = False


@functools.cache
def notebook():
    """Return the notebook that this kernel serves; outside of IPython one that is never busy."""
    try:
        from IPython import get_ipython
    except ImportError:
        return Notebook(None)
    return Notebook(get_ipython())
