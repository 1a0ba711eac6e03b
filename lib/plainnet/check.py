"""Run a notebook as grading does, say what is done, and write the file to hand in.

    python -m plainnet.check exercises.ipynb

Save the notebook first: what counts is the file. Every cell runs from top to bottom in a fresh kernel, so that
nothing counts that only an earlier state of your notebook knew. For each exercise it says done, failing, untouched,
missing or doubled. Then it writes the file to hand in, without outputs, into the folder `handin` beside the notebook,
with a receipt that holds its hash and the time.

Exit codes: 0 all done; 1 something is left to do; 2 the notebook could not be read or run.
"""

import argparse
import copy
import hashlib
import logging
import os
import sys
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from plainnet.fresh_kernel import INSIDE, first_line, run

DONE, FAILING, UNTOUCHED, MISSING, DOUBLED = "done", "failing", "untouched", "missing", "doubled"
LIMIT = 60  # seconds for one cell
NOT_RUN = "it did not run"


@dataclass
class Exercise:
    """One exercise of a notebook: the cells for its answer, its visible tests, and what was found out about it."""

    name: str
    answers: list = field(default_factory=list)  # cells that carry its id: one, unless something went wrong
    tests: list = field(default_factory=list)
    lost: list = field(default_factory=list)  # ids of tests that the notebook should hold, and does not
    state: str = ""
    reason: str = ""


def main(words=None):
    """Check the notebooks that the words name; return the exit code."""
    for stream in (sys.stdout, sys.stderr):  # a console may know fewer letters than a notebook
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    summary, _, rest = __doc__.partition("\n\n")
    parser = argparse.ArgumentParser(
        "python -m plainnet.check",
        description=summary,
        epilog=rest,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("notebooks", nargs="+", metavar="NOTEBOOK", help="such as exercises.ipynb", type=Path)
    parser.add_argument("--limit", type=float, default=LIMIT, metavar="SECONDS", help="for one cell (default: 60)")
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


def check(path, limit=LIMIT):
    """Check one notebook, say what was found, and write the file to hand in.

    Parameters
    ----------
    path : Path
    limit : float, default 60
        Seconds that one cell may take.

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
    problem = run(notebook, path, limit)
    for exercise in exercises:
        exercise.state, exercise.reason = judge(exercise, limit)
    lines = report(exercises, [problem] if problem else other_errors(notebook, limit))
    print("\n".join([str(path), *lines]))
    handed = write_hand_in(notebook, path, lines)
    print(f"\nTo hand in: {handed}\nReceipt:    {handed.with_suffix('.receipt.txt')}")
    if problem:
        return 2
    return 0 if all(exercise.state == DONE for exercise in exercises) else 1


def read(path):
    """Return a notebook of any version as nbformat 4; raise ValueError in words where it is none."""
    import nbformat

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
    if not isinstance(cell.get("metadata"), dict):
        cell.metadata = type(cell)()
    if not isinstance(cell.get("source"), str):
        cell.source = ""
    if cell.get("cell_type") == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def find_exercises(notebook):
    """Return the exercises of a notebook in its order, those whose cells are missing last.

    The notebook's metadata say which tests belong to which exercise; without them, a test belongs to the answer
    before it.
    """
    said = _said_by(notebook)
    owner = {test: name for name, tests in said.items() for test in tests}
    exercises, last = {}, None
    for cell in notebook.cells:
        marks = marks_of(cell)
        if not marks:
            continue
        name = marks["grade_id"]
        if marks.get("solution") or marks.get("task"):
            exercises.setdefault(name, Exercise(name)).answers.append(cell)
            last = name
        elif marks.get("grade"):
            name = owner.get(name, last)
            if name:
                exercises.setdefault(name, Exercise(name)).tests.append(cell)
    for name, tests in said.items():
        exercise = exercises.setdefault(name, Exercise(name))
        present = {marks_of(test)["grade_id"] for test in exercise.tests}
        exercise.lost = [test for test in tests if test not in present]
    return list(exercises.values())


def _said_by(notebook):
    """Return what the notebook's metadata say of its exercises: name -> ids of its tests."""
    said = notebook.metadata.get("plainnet")
    said = said.get("exercises") if isinstance(said, dict) else None
    return {name: tests for name, tests in said.items() if isinstance(tests, list)} if isinstance(said, dict) else {}


def marks_of(cell):
    """Return nbgrader's metadata of a cell, or nothing where there are none."""
    marks = cell.metadata.get("nbgrader") if isinstance(cell.metadata, dict) else None
    return marks if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str) else {}


def is_untouched(cell):
    """Say whether a cell still holds what was handed out, by the checksum that nbgrader left in it."""
    marks = marks_of(cell)
    digest = hashlib.md5(usedforsecurity=False)
    is_solution, is_grade = marks.get("solution", False), marks.get("grade", False)
    is_locked = False if is_solution else True if is_grade else marks.get("locked", False)
    parts = [cell.source, cell.cell_type, is_grade, is_solution, is_locked, marks["grade_id"]]
    if is_grade:
        parts.append(_as_number(marks.get("points")))
    for part in parts:
        digest.update(str(part).encode("utf-8", "replace"))
    return marks.get("checksum") == digest.hexdigest()


def _as_number(points):
    try:
        return float(points)
    except (TypeError, ValueError):
        return points


def judge(exercise, limit):
    """Return the state of an exercise, and the reason for it."""
    if not exercise.answers:
        return MISSING, "the cell for your answer is gone: take it from the original notebook"
    if len(exercise.answers) > 1:
        return DOUBLED, f"its cell stands {len(exercise.answers)} times: keep one"
    if exercise.lost:
        return MISSING, f"its test {exercise.lost[0]} is gone: take it from the original notebook"
    answer = exercise.answers[0]
    if is_untouched(answer):
        return UNTOUCHED, "write your answer"
    if marks_of(answer).get("cell_type", answer.cell_type) != answer.cell_type:
        return FAILING, f"your cell was turned into a {answer.cell_type} cell: turn it back"
    if error := error_of(answer, limit):
        return FAILING, f"your cell: {error}"
    for test in exercise.tests:
        if error := error_of(test, limit):
            return FAILING, f"{test.metadata.nbgrader.grade_id}: {error}"
        if "checksum" in marks_of(test) and not is_untouched(test):
            return FAILING, f"{test.metadata.nbgrader.grade_id} was changed; grading uses the original"
    return DONE, ""


def error_of(cell, limit):
    """Return in a line what a code cell raised, or nothing."""
    if cell.cell_type != "code":
        return ""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            if output.ename == "KeyboardInterrupt":
                return f"it took longer than {limit:g} seconds"
            if output.ename == "AssertionError" and output.evalue:
                return first_line(output.evalue)
            return f"{output.ename}: {first_line(output.evalue)}".rstrip(": ")
    if cell.get("execution_count") is None and cell.source.strip():
        return NOT_RUN
    return ""


def other_errors(notebook, limit):
    """Return in a line each what the cells around the exercises raised: imports, and cells that a student added."""
    return [
        f"the cell that begins with {first_line(cell.source)[:60]!r}: {error}"
        for cell in notebook.cells
        if not (marks_of(cell).get("solution") or marks_of(cell).get("grade")) and (error := error_of(cell, limit))
    ]


def report(exercises, notes):
    """Return the lines that say what was found."""
    width = max(len(exercise.name) for exercise in exercises)
    done = sum(exercise.state == DONE for exercise in exercises)
    return [
        *(f"Attention: {note}" for note in notes),
        *(f"  {one.name:{width}}  {one.state:9}  {one.reason}".rstrip() for one in exercises),
        f"{done} of {len(exercises)} done. Hidden tests run when it is graded.",
    ]


def write_hand_in(notebook, path, lines):
    """Write the notebook without outputs, and its receipt, into the folder `handin`; return the notebook's path."""
    import nbformat

    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    folder = Path(path).resolve().parent / "handin"
    folder.mkdir(exist_ok=True)
    handed = folder / Path(path).name
    data = (nbformat.writes(notebook).rstrip("\n") + "\n").encode("utf-8", "replace")
    handed.write_bytes(data)
    receipt = [
        f"file    {handed.name}",
        f"sha256  {hashlib.sha256(data).hexdigest()}",
        f"bytes   {len(data)}",
        f"time    {datetime.now().astimezone().isoformat(timespec='seconds')}",
        "",
        *lines,
    ]
    handed.with_suffix(".receipt.txt").write_text("\n".join(receipt) + "\n", encoding="utf-8", newline="\n")
    return handed


if __name__ == "__main__":
    sys.exit(main())
