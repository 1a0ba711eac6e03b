"""Who changed which marks, when and by what: `audit.jsonl` in the results folder, which only ever grows.

One JSON object a line, for each student whose result on record changed. The last line of a student says what stands:
that is what a regrade is compared with. Before the first result of an environment (tests, versions, examiner) stands a
line with `facts` that says what it is.
"""

import getpass
import json
import os
from datetime import UTC, datetime
from pathlib import Path

from autograder.results.history import NOTEBOOK, digest_of

NAME = "audit.jsonl"
STANDS = (
    "submission",
    "handed_in",  # a late penalty hangs on it
    "environment",
    "status",
    "score",
    "max_score",
    "cells",
)
OPTIONAL = ("draws", "late_penalty")  # a line that changes none of all these is not written


class Audit:
    """The audit log of one results folder, for one notebook of an assignment.

    Parameters
    ----------
    out : Path
        The results folder.
    assignment : str
    command : str
        What the log says of the changes that `add` writes.

    facts : callable, optional
        Gives the facts of an environment that is new, as `environment.facts_of` does.
    notebook : str
        Its file name.

    Attributes
    ----------
    last : dict
        Student -> the last line, as plain data.
    environments : dict
        Key -> facts.
    policy : str or None
        Which of several submissions counts, as the last result on record says.
    broken : int
        How many lines cannot be read: cut off by a full disk or a loss of power.
    """

    def __init__(self, out, assignment, command="grade", facts=None, notebook=NOTEBOOK):
        self.notebook = notebook
        self.path, self.assignment, self.command, self.facts = Path(out) / NAME, assignment, command, facts
        self.last, self.environments, self.broken, self.policy = {}, {}, 0, None
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else ():
            self._read(line)

    def _read(self, line):
        try:
            entry = json.loads(line)
        except ValueError:
            self.broken += bool(line)
            return
        if (entry["assignment"], entry["notebook"]) != (self.assignment, self.notebook):
            return
        if "facts" in entry:
            self.environments[entry["environment"]] = entry["facts"]
        else:
            self.last[entry["student"]] = entry
            self.policy = entry["policy"]

    def add(self, changes, penalties=None):
        """Append a line for each result that differs from the one on record, in one write that reaches the disk.

        Parameters
        ----------
        changes : list of (Submission, SubmissionResult, environment)
        penalties : dict, optional
            Student -> points that a late penalty takes off; None where this run leaves penalties as they are.
        """
        lines = []
        for submission, result, environment in changes:
            if self.facts is not None and environment not in self.environments:
                facts = self.environments[environment] = self.facts()
                lines.append(_line({**self._head(), "environment": environment, "facts": facts}))
            entry = self._entry(submission, result, environment)
            before = self.last.get(result.student)
            late = (before or {}).get("late_penalty") if penalties is None else penalties.get(result.student)
            entry |= {"late_penalty": late} if late else {}
            if before is not None and all(entry.get(key) == before.get(key) for key in (*STANDS, *OPTIONAL)):
                continue
            entry["was"] = before and _was(before, entry)
            lines.append(_line(entry))
            self.last[result.student] = entry
        if lines:
            self._append("".join(lines))

    def _head(self):
        when = datetime.now(UTC).isoformat(timespec="seconds")
        about = {"assignment": self.assignment, "notebook": self.notebook}
        return {"when": when, "who": _user(), "command": self.command, **about}

    def _entry(self, submission, result, environment):
        return {
            **self._head(),
            "student": result.student,
            "submission": digest_of(submission.notebook) if submission.notebook is not None else None,
            "handed_in": submission.timestamp,
            **({"draws": submission.draws} if submission.draws else {}),
            "policy": self.policy,
            "environment": environment,
            "status": result.status,
            "reason": result.reason,
            "score": result.score,
            "max_score": result.max_score,
            "cells": {cell.grade_id: [cell.verdict, cell.score, cell.points] for cell in result.cells},
        }

    def _append(self, text):
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with open(self.path, "ab+") as stream:
            if stream.seek(0, os.SEEK_END):
                stream.seek(-1, os.SEEK_END)
                text = text if stream.read(1) == b"\n" else "\n" + text  # after a line that was cut off
            stream.write(text.encode())
            stream.flush()
            os.fsync(stream.fileno())


def _line(values):
    return json.dumps(values, ensure_ascii=False) + "\n"


def _was(before, entry):
    """Return what of the line before differs: of its cells the changed ones alone."""
    cells = {name: cell for name, cell in before["cells"].items() if entry["cells"].get(name) != cell}
    kept = {key: before[key] for key in (*STANDS[:-1], *OPTIONAL) if key in before}
    return kept | {"when": before["when"], "cells": cells}


def _user():
    """Return the user's name; in a container there may be none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
