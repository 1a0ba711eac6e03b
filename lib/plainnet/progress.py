"""One line of text that shows how far training is, and how long it still takes."""

import sys
import time


class Progress:
    """A bar such as ``[=====>    ] epoch 12/20  loss 0.0312  3 s left``, rewritten in place.

    Parameters
    ----------
    total : int
        The number of steps to come.
    every : float, seconds
        How often to write at most.  Writing goes to stdout: in a notebook, stderr looks like a failure.
    """

    def __init__(self, total, every=0.1):
        self.total, self.every, self.done = total, every, 0
        self.start = time.perf_counter()
        self.written_at, self.width = self.start, 0

    def advance(self, text):
        """Count one step, and show it if it is time."""
        self.done += 1
        now = time.perf_counter()
        if now - self.written_at >= self.every:
            self.written_at = now
            left = (now - self.start) * (self.total - self.done) / self.done
            self.write(f"[{'=' * (20 * self.done // self.total):20}] {text}  {duration(left)} left")

    def finish(self, text):
        """Leave a last line."""
        self.write(f"{text}  ({duration(time.perf_counter() - self.start)})")
        sys.stdout.write("\n")

    def write(self, line):
        sys.stdout.write("\r" + line.ljust(self.width))  # spaces cover what a longer line left
        sys.stdout.flush()
        self.width = len(line)


def duration(seconds):
    """Return a time span in words: 0.4 s, 75 s, 12 min, 3.1 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
