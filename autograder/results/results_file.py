"""`results.json`: what the last `grade` of a folder said. Other assignments' results stand beside it, nothing is lost.

A results folder may hold a whole term. Grading the next assignment puts `results.json` aside under the name of its
assignment, `results-01_graphs.json`; grading that one again brings it back.
"""

import json

from autograder.results.files import write_atomically


def write_results(path, results, keep_others=False):
    """Write the results of a run.

    Parameters
    ----------
    path : Path
        `results.json`.
    results : dict
        As `ClassResult.as_dict` gives it.
    keep_others : bool
        Keep what the file says of students whom the run did not grade.

    Raises
    ------
    ValueError
        Where the others were to be kept, and the file is damaged.
    """
    name = results["assignment"]
    before = _read(path)
    if keep_others and before is None and path.exists():
        raise ValueError(f"{path} is damaged: the same command without --student makes it again")
    if before is not None and before["assignment"] != name:
        _write(_aside(path, before["assignment"]), before)
        before = _read(_aside(path, name))
    if keep_others and before is not None:
        graded = {one["student"]: one for one in [*before["submissions"], *results["submissions"]]}
        results = {**before, "submissions": [graded[student] for student in sorted(graded)]}
    _write(path, results)
    _aside(path, name).unlink(missing_ok=True)


def _aside(path, assignment):
    return path.with_name(f"{path.stem}-{assignment}.json")


def _read(path):
    """Return what a results file holds; None where there is none, or it was damaged: `grade` can make it again."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return found if {"assignment", "submissions"} <= set(found) else None
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _write(path, results):
    write_atomically(path, json.dumps(results, indent=1, ensure_ascii=False) + "\n", sync=True)
