"""What was graded already, kept on disk as it is graded: a run that was killed goes on where it stopped.

A journal only saves work. One that is damaged is put aside and begun anew.
"""

import fcntl
import sqlite3
from pathlib import Path

from autograder.exam.engine import Graded


class Busy(Exception):
    """Another run is writing to the same place."""


class Journal:
    """The finished results of one output folder, by key; one process at a time may hold it.

    Parameters
    ----------
    folder : Path
        Where it lives; made where there is none.

    Raises
    ------
    Busy
        On entry, where another run holds it.
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.damaged = False  # whether an earlier journal had to be put aside

    def __enter__(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.lock = open(self.folder / "lock", "w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # a killed process gives it back
        except BlockingIOError:
            self.lock.close()
            raise Busy(
                f"another run is grading into {self.folder.parent}: wait for it, or give another --out"
            ) from None
        try:
            self._open()
        except sqlite3.DatabaseError:
            self._path.replace(self._path.with_suffix(".damaged"))
            self.damaged = True
            self._open()
        return self

    def __exit__(self, *error):
        self.database.close()
        self.lock.close()

    @property
    def _path(self):
        return self.folder / "journal.sqlite"

    def _open(self):
        self.database = sqlite3.connect(self._path)
        try:
            self.database.execute("PRAGMA journal_mode=WAL")
            self.database.execute("PRAGMA synchronous=NORMAL")
            self.database.execute("CREATE TABLE IF NOT EXISTS graded (key TEXT PRIMARY KEY, data BLOB NOT NULL)")
            self.database.commit()
        except sqlite3.DatabaseError:
            self.database.close()
            raise

    def get(self, key):
        """Return the Graded of a key, or None."""
        row = self.database.execute("SELECT data FROM graded WHERE key = ?", (key,)).fetchone()
        return Graded.from_bytes(row[0]) if row else None

    def put(self, key, graded):
        """Keep a result, at once and for good, if grading again would say the same."""
        if graded.is_final():
            self.database.execute("INSERT OR REPLACE INTO graded VALUES (?, ?)", (key, graded.to_bytes()))
            self.database.commit()
