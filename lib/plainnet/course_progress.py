"""How far a student is, for the start page: what is answered in each chapter, and what was checked for handing in."""

from pathlib import Path

from plainnet.check import read
from plainnet.exercise_states import find_exercises, is_untouched

__all__ = ["progress", "show"]


def show(folder="."):
    """Print a line for each chapter with exercises in a course's folder."""
    rows = [("chapter", "answered", "last check"), *progress(folder)]
    if len(rows) == 1:
        print(f"{Path(folder).resolve()} holds no chapters: open the start page in the folder `course`.")
        return
    for row in rows:
        print(f"{row[0]:24} {row[1]:10} {row[2]}")


def progress(folder="."):
    """Return (chapter, answered, last check) in words for each chapter of a course's folder."""
    found = []
    for path in sorted(Path(folder).glob("[0-9][0-9]_*/exercises.ipynb")):
        try:
            exercises = find_exercises(read(path))
        except ValueError as error:
            found.append((path.parent.name, "?", str(error)))
            continue
        answered = sum(not all(map(is_untouched, one.answers)) for one in exercises)
        found.append((path.parent.name, f"{answered} of {len(exercises)}", last_check(path)))
    return found


def last_check(path):
    """Return what the receipt of the file to hand in says, and whether the notebook was saved again since."""
    receipt = path.parent / "handin" / path.parent.name / f"{path.stem}.receipt.txt"
    if not receipt.exists():
        return "not yet"
    lines = receipt.read_text(encoding="utf-8", errors="replace").splitlines()
    said = dict(line.split(maxsplit=1) for line in lines if line.startswith(("time ", "status ")))
    later = "; saved again since: check it again" if path.stat().st_mtime > receipt.stat().st_mtime else ""
    return f"{said.get('time', '?')[:16]}: {said.get('status', '?')}{later}"
