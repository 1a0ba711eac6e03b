"""What an instructor sees while a class is graded: time left, verdicts so far, the slowest submissions."""

from collections import Counter

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.verdicts import BROKEN, GRADED, REJECTED

NAMES = {GRADED: "graded", REJECTED: "rejected", BROKEN: "failed"}
SLOWEST = 3


class ClassProgress:
    """A progress bar on a terminal, silent elsewhere; used as a context manager.

    Parameters
    ----------
    console : rich.console.Console
    total : int
        How many submissions there are.
    """

    def __init__(self, console, total):
        columns = (
            TextColumn("grading"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left:"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[note]}"),
        )
        self.bar = Progress(*columns, console=console, disable=not console.is_terminal)
        self.task = self.bar.add_task("", total=total, note="")
        self.counts, self.times = Counter(), []

    def __enter__(self):
        self.bar.start()
        return self

    def __exit__(self, *error):
        self.bar.stop()

    def add(self, result, known=False):
        """Count a result; `known` ones were graded in an earlier run."""
        self.counts[result.status] += 1
        if not known:
            self.times.append((result.seconds, result.student))
        self.bar.update(self.task, advance=1, note=self.note())

    def note(self):
        """Return the counts and the slowest submissions in a few words."""
        words = [f"{count} {NAMES[status]}" for status, count in sorted(self.counts.items())]
        slowest = sorted(self.times, reverse=True)[:SLOWEST]
        if slowest:
            words.append("slowest: " + ", ".join(f"{student} {seconds:.1f} s" for seconds, student in slowest))
        return " · ".join(words).replace("[", r"\[")  # rich reads brackets as markup
