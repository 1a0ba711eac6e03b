"""What a mark depends on besides the submission, part by part, so that one can say what changed between two runs."""

import json
import platform
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import plainnet

from autograder.exam.engine import LIBRARIES

PACKAGE = Path(__file__).resolve().parent.parent


def facts_of(assignment, sandboxed=True):
    """Return what an assignment's results depend on, as short plain data.

    Parameters
    ----------
    assignment : Assignment
    sandboxed : bool

    Returns
    -------
    dict
        tests: grade id -> [digest of its source, points]; answers, given: digests of the solutions and known answers,
        and of the author's other cells; rules: of the exercises' exports, limits and variants; versions: name ->
        version; examiner: digest of this program's own sources; sandboxed: bool.
    """
    cells = assignment.cells
    tests = {one.grade_id: [_digest(one.source), one.points] for one in cells if one.kind in ("test", "hidden")}
    solutions = [one.source for one in cells if one.kind == "solution"]
    given = [one.source for one in cells if one.kind in ("instructor", "manual", "markdown")]
    examiner = [*PACKAGE.joinpath("exam").glob("*.py"), PACKAGE / "testing.py"]
    examiner += Path(plainnet.__file__).parent.rglob("*.py")
    return {
        "tests": tests,
        "answers": _digest([solutions, [vars(answer) for answer in assignment.answers]]),
        "given": _digest(given),
        "rules": _digest([vars(exercise) for exercise in assignment.exercises.values()]),
        "versions": {name: version(name) for name in LIBRARIES} | {"Python": platform.python_version()},
        "examiner": _digest([path.read_text(encoding="utf-8") for path in sorted(examiner)]),
        "sandboxed": sandboxed,
    }


def what_changed(before, after):
    """Return in words what differs between the facts of two runs.

    Parameters
    ----------
    before, after : dict
        As `facts_of` gives them.

    Returns
    -------
    list of str
    """
    old, new = before["tests"], after["tests"]
    words = [f"the test {name} is new" for name in new if name not in old]
    words += [f"the test {name} is gone" for name in old if name not in new]
    for name in new:
        if name in old and new[name][1] != old[name][1]:
            words.append(f"the test {name} gives {new[name][1]:g} points, not {old[name][1]:g}")
        if name in old and new[name][0] != old[name][0]:
            words.append(f"the test {name} is another")
    for part, said in (
        ("answers", "the author's solutions or known answers"),
        ("given", "cells that the author gives"),
        ("rules", "the exercises' exports, limits or variants"),
        ("examiner", "the examiner or plainnet"),
    ):
        if before[part] != after[part]:
            words.append(f"{said} changed")
    for name, number in after["versions"].items():
        if before["versions"].get(name) != number:
            words.append(f"{name} {before['versions'].get(name)} became {number}")
    if before["sandboxed"] != after["sandboxed"]:
        words.append("a sandbox is used now" if after["sandboxed"] else "no sandbox is used now")
    return words


def _digest(value):
    return blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=8).hexdigest()
