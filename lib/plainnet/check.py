"""Run a notebook as grading does, say what is done, and write the file to hand in.

    python -m plainnet.check exercises.ipynb

Save the notebook first: what counts is the file. Every cell runs from top to bottom in a fresh kernel, so that
nothing counts that only an earlier state of your notebook knew. For each exercise it says whether its visible tests
passed, and otherwise what is left to do. Then it writes the file to hand in, without outputs, into the folder `handin`
beside the notebook, with a receipt that holds its hash and the time. Hidden tests run only when it is graded.

Exit codes: 0 nothing left that can be seen here; 1 something is left to do; 2 the notebook could not be read or run.
"""

import argparse
import copy
import hashlib
import logging
import os
import re
import sys
import warnings
from datetime import datetime
from pathlib import Path

from plainnet.exercise_states import (
    TAKE,
    WAITS,
    ended_by_us,
    error_of,
    find_exercises,
    is_untouched,
    judge_all,
    marks_of,
    said_by,
    text_of,
)
from plainnet.fresh_kernel import INSIDE, first_line, run

CALL = "PLAINNET_CALL"  # how start.py was called, for the usage
LIMIT = 60  # seconds for a cell whose exercise names no limit
SLOWER = 4  # times slower than the grader's computer, and 10 seconds for what else runs here


def main(words=None):
    """Check the notebooks that the words name; return the exit code."""
    for stream in (sys.stdout, sys.stderr):  # a console may know fewer letters than a notebook
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    call = os.environ.get(CALL, "python -m plainnet.check")
    summary, _, rest = __doc__.replace("python -m plainnet.check", call).partition("\n\n")
    parser = argparse.ArgumentParser(
        call,
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as exercises.ipynb", type=Path)
    seconds = "for one cell (default: what its exercise allows, with time to spare, otherwise 60)"
    parser.add_argument("--limit", type=float, metavar="SECONDS", help=seconds)
    options = parser.parse_args(words)
    if os.environ.get(INSIDE):
        print("This notebook is being checked already.")
        return 0
    try:
        return max([check(path, options.limit) for path in options.notebooks])
    except KeyboardInterrupt:
        print("Stopped.")
    except Exception as error:  # whatever a notebook may hold, a student gets a sentence and no traceback
        print(f"The check itself failed, please tell your instructor: {type(error).__name__}: {first_line(error)}")
    return 2


def check(path, limit=None):
    """Check one notebook, say what was found, and write the file to hand in.

    Parameters
    ----------
    path : Path
    limit : float, optional
        Seconds that one cell may take; by default what its exercise allows, with time to spare.

    Returns
    -------
    int
        The exit code: see above.
    """
    try:
        notebook = read(path)
    except ValueError as error:
        print(error)
        return 2
    exercises = find_exercises(notebook)
    if not exercises:
        print(f"{path} holds no exercises: name the notebook with the exercises, such as exercises.ipynb.")
        return 2
    print(f"{path}: running (up to a minute) …", flush=True)
    names = [text_of(exercise.about, "name") for exercise in exercises]
    problem, values = run(notebook, path, seconds_for(exercises, limit), [name for name in names if name])
    judge_all(exercises, values)
    given = changed_given(notebook)
    lines = report(exercises, given + ([problem] if problem else other_errors(notebook)))
    left = sum(not exercise.is_done for exercise in exercises)
    status = f"incomplete, {left} of {len(exercises)} left to do" if left else "nothing left to do that shows here"
    print("\n".join(lines))
    handed, receipt = write_hand_in(notebook, path, [f"status  {status}", "", *lines])
    print(f"\nTo hand in: {handed} ({status})\nReceipt:    {receipt}\nHand in both where your lecturer says.")
    if problem:
        return 2
    return 1 if left or given else 0


def seconds_for(exercises, limit=None):
    """Return the function that says how many seconds a cell may take."""
    allowed = {}
    for exercise in exercises:
        seconds = exercise.about.get("limit")
        if type(seconds) in (int, float) and 0 < seconds <= 600:
            for cell in exercise.answers + exercise.tests:
                allowed[marks_of(cell)["grade_id"]] = SLOWER * seconds + 10
    return lambda cell: limit or allowed.get(marks_of(cell).get("grade_id"), LIMIT)


def read(path):
    """Return a notebook of any version as nbformat 4; raise ValueError in words where it is none."""
    import nbformat

    if Path(path).suffix.lower() != ".ipynb":
        raise ValueError(f"{path} is no notebook: name a file that ends in .ipynb, such as exercises.ipynb.")
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}. Is the name right, and the folder?") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{path} is not UTF-8 text: save it again from JupyterLab.") from error
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbformat complains there of what we mend
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            notebook = nbformat.reads(text, as_version=4)
        notebook.cells = [_mend(cell) for cell in notebook.cells]
    except Exception as error:  # whatever nbformat makes of a file that is no notebook
        raise ValueError(f"{path} is no notebook ({type(error).__name__}): save it again from JupyterLab.") from error
    if not isinstance(notebook.get("metadata"), dict):
        notebook.metadata = nbformat.NotebookNode()
    return notebook


def _mend(cell):
    """Return a cell with what every cell has; other programs leave some of it out."""
    if not isinstance(cell.get("cell_type"), str):
        raise TypeError("a cell without a type: nbformat could not write it again")
    if not isinstance(cell.get("metadata"), dict):
        cell.metadata = type(cell)()
    if not isinstance(cell.get("source"), str):
        cell.source = ""
    if cell.get("cell_type") == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def changed_given(notebook):
    """Return in a line each which given cells are gone or changed."""
    given, found = said_by(notebook, "given", str), {}
    for cell in notebook.cells:
        marks = marks_of(cell)
        if marks.get("locked") and not marks.get("grade") and not marks.get("solution"):
            found.setdefault(marks["grade_id"], cell)
    lines = [
        f"The given cell that begins with `{first_line(line)}` is gone: {TAKE}."
        for name, line in given.items()
        if name not in found
    ]
    for name, cell in found.items():
        if "checksum" in marks_of(cell) and not is_untouched(cell):
            begins = first_line(given.get(name, cell.source))[:60]
            lines.append(f"The given cell that begins with `{begins}` was changed; grading uses the original: {TAKE}.")
    return lines


def other_errors(notebook):
    """Return in a line each what the cells around the exercises raised: imports, and cells that a student added."""
    lines = []
    for cell in notebook.cells:
        marks = marks_of(cell)
        if marks.get("solution") or marks.get("grade") or not (error := error_of(cell)):
            continue
        begins = f"cell that begins with `{first_line(cell.source)[:60]}`"
        costs = "" if ended_by_us(cell) else ". It costs nothing."  # an endless one may take the others with it
        lines.append(f"The given {begins}: {error}" if marks else f"Your own {begins}: {error}{costs}")
    return lines


def report(exercises, notes):
    """Return the lines that say what was found."""
    shown = [f"{one.number + '.' if one.number else '':>3} {one.name}" for one in exercises]
    width = max(map(len, shown))
    tested, asked = [[one for one in exercises if bool(one.visible) is kind] for kind in (True, False)]
    closing = [
        f"{said} {sum(one.is_done for one in some)} of {len(some)} {noun}."
        for said, some, noun in (("Visible tests passed:", tested, "exercises"), ("Answered:", asked, "questions"))
        if some
    ]
    rest = "Hidden tests decide the rest when it is graded"
    if any(one.is_in_words for one in exercises):
        rest += "; a person marks what is written in words"
    return [
        *(f"Attention: {note}" for note in notes),
        *(f"  {label:{width}}  {_found(one)}" for label, one in zip(shown, exercises, strict=True)),
        " ".join([*closing, rest + "."]),
    ]


def _found(exercise):
    """Return what was found out about an exercise, in words."""
    if exercise.state == WAITS:
        return f"{exercise.state} {exercise.reason}"
    if not exercise.is_done:
        return f"{exercise.state}: {exercise.reason}"
    visible, total = exercise.points
    points = f"{visible:g} of {total:g} points" if exercise.visible else f"{total:g} point{'s' * (total != 1)}"
    return f"{exercise.state} ({points})"


def write_hand_in(notebook, path, lines):
    """Write the notebook without outputs and its receipt into the chapter's folder in `handin`; return their paths."""
    import nbformat

    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    folder = Path(path).resolve().parent / "handin" / _chapter_of(notebook)
    folder.mkdir(parents=True, exist_ok=True)
    handed = folder / Path(path).name
    data = (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8", "replace")
    handed.write_bytes(data)
    now = datetime.now().astimezone()
    text = [
        f"file    {handed.name}",
        f"sha256  {hashlib.sha256(data).hexdigest()}",
        f"bytes   {len(data)}",
        f"time    {now:%Y-%m-%d %H:%M:%S} {now.tzname()} (UTC{now:%z})",
        *lines,
    ]
    receipt = handed.with_suffix(".receipt.txt")
    receipt.write_text("\n".join(text) + "\n", encoding="utf-8", errors="replace", newline="\n")
    return handed, receipt


def _chapter_of(notebook):
    """Return the name of a notebook's chapter, or "" where it names none that can be a folder."""
    said = notebook.metadata.get("plainnet")
    chapter = text_of(said, "chapter") if isinstance(said, dict) else ""
    return chapter if re.fullmatch(r"\d\d_[a-z0-9_]{1,60}", chapter) else ""


if __name__ == "__main__":
    sys.exit(main())
