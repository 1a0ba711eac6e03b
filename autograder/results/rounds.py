"""How often each student practised: counted across runs, on disk, one count for each file that was looked at.

A round is counted before the file is looked at and belongs to that file for good. So a run that was killed gives no
round away and takes none: the same file costs no second one. Days never go back: with the clock set back, rounds go on
being counted for the latest day on record.
"""

import contextlib
import sqlite3
from datetime import date
from pathlib import Path

NAME = "rounds.sqlite"
MOST = 3  # rounds a day, unless the instructor says otherwise


class RoundsError(Exception):
    """The rounds cannot be counted; the message says why and what to do."""


class Rounds:
    """The practice rounds of one results folder.

    Parameters
    ----------
    folder : Path
        `practice/` in the results folder.
    most : int
        Rounds of a student on a day, whatever the assignment.
    today : date, optional
        By default what the machine's clock says.
    dry_run : bool
        Count, and write nothing.

    Attributes
    ----------
    today : date
        The day for which rounds are counted.
    clock_behind : bool
        Whether the clock says an earlier day than a round on record.
    """

    def __init__(self, folder, most=MOST, today=None, dry_run=False):
        self.path, self.most, self.dry_run = Path(folder) / NAME, most, dry_run
        self._clock = today or date.today()

    def __enter__(self):
        exists = self.path.exists()
        if not (exists or self.dry_run):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        place = ":memory:" if self.dry_run and not exists else f"{self.path.resolve().as_uri()}"
        place += "?mode=ro" if self.dry_run and exists else ""
        with self._explained():
            self.database = sqlite3.connect(place, uri=True, isolation_level=None)
            try:
                self._prepare(reads_only=self.dry_run and exists)
            except sqlite3.Error:
                self.database.close()
                raise
        return self

    def __exit__(self, *error):
        self.database.close()

    def _prepare(self, reads_only):
        if not reads_only:
            self.database.execute("PRAGMA synchronous=FULL")
            self.database.execute("PRAGMA secure_delete=ON")  # a student who is forgotten leaves no bytes
            self.database.execute(
                "CREATE TABLE IF NOT EXISTS rounds "
                "(student TEXT NOT NULL, work TEXT NOT NULL, day TEXT NOT NULL, PRIMARY KEY (student, work))"
            )
        latest = self.database.execute("SELECT max(day) FROM rounds").fetchone()[0]
        self.today = max(self._clock, date.fromisoformat(latest)) if latest else self._clock
        self.clock_behind = self.today > self._clock

    def take(self, student, work):
        """Count a round, unless this very file has one already or none is left today.

        Parameters
        ----------
        student : str
        work : str
            What names the file: its assignment and the digest of its bytes.

        Returns
        -------
        bool
            Whether the file may be looked at.
        """
        with self._explained():
            if not self.dry_run:
                self.database.execute("BEGIN IMMEDIATE")
            try:
                if not self._has(student, work):
                    if self.used(student) >= self.most:
                        return False
                    if not self.dry_run:
                        row = (student, work, self.today.isoformat())
                        self.database.execute("INSERT INTO rounds VALUES (?, ?, ?)", row)
                return True
            finally:
                if self.database.in_transaction:
                    self.database.execute("COMMIT")

    def give_back(self, student, work):
        """Take a round off the count: its file was not looked at, so nothing was learned."""
        with self._explained():
            self.database.execute("DELETE FROM rounds WHERE student = ? AND work = ?", (student, work))

    def used(self, student):
        """Return how many rounds a student had today."""
        query = "SELECT count(*) FROM rounds WHERE student = ? AND day = ?"
        return self.database.execute(query, (student, self.today.isoformat())).fetchone()[0]

    def forget(self, student):
        """Remove a student's rounds; return how many there were."""
        with self._explained():
            count = self.database.execute("DELETE FROM rounds WHERE student = ?", (student,)).rowcount
            self.database.execute("VACUUM")
        return count

    def count(self, student):
        """Return how many rounds of a student are on record, on all days."""
        return self.database.execute("SELECT count(*) FROM rounds WHERE student = ?", (student,)).fetchone()[0]

    def _has(self, student, work):
        query = "SELECT 1 FROM rounds WHERE student = ? AND work = ?"
        return self.database.execute(query, (student, work)).fetchone() is not None

    @contextlib.contextmanager
    def _explained(self):
        try:
            yield
        except (sqlite3.Error, ValueError) as error:
            raise RoundsError(
                f"the count of practice rounds {self.path} cannot be used: {error}. If another program has it open, "
                f"close that; if the file is damaged, remove it: every student then begins today's rounds anew"
            ) from error
