"""Read an assignment from an nbgrader course: ours, or anyone's.

nbgrader's metadata say what each cell of the master is. A course that `build` wrote says more in
`plainnet/NAME.json`: exports, needs, limits, known answers. Without it, a test belongs to the solution cell before
it, and what that cell binds is exported.
"""

import ast
import json
from pathlib import Path

from autograder.assignment import Answer, Assignment, Cell, Exercise
from autograder.author.names import bound_names

FORMAT = 1  # of plainnet/NAME.json
NOTEBOOK = "exercises.ipynb"


def load_assignment(course_dir, name, notebook=None):
    """Return an assignment of an nbgrader course.

    Parameters
    ----------
    course_dir : Path
        The course: the folder with `source/`.
    name : str
        The assignment: a folder of `source/`.
    notebook : str, optional
        The master's file name, where the assignment has several and none is exercises.ipynb.

    Returns
    -------
    Assignment

    Raises
    ------
    ValueError
        Where there is no such assignment, or its files do not fit together.
    """
    course_dir = Path(course_dir)
    path = find_notebook(course_dir, name, notebook)
    master = _read_json(path)
    said = _read_said(course_dir / "plainnet" / f"{name}.json")
    cells = _read_cells(master, said.get("tests", {}))
    exercises = {one["name"]: _exercise(one) for one in said.get("exercises", [])} or _guess_exercises(cells)
    answers = tuple(Answer(**one) for one in said.get("answers", []))
    _check(path, cells, exercises)
    return Assignment(name, cells, exercises, answers, master, foreign=not said)


def demos_of(course_dir, name):
    """Return which demo refutes what: "exercise" or "exercise/mistake" -> a demo's name; none in a foreign course."""
    return _read_said(Path(course_dir, "plainnet", f"{name}.json")).get("demos", {})


def assignment_names(course_dir):
    """Return the names of a course's assignments: the folders of `source/` that hold a notebook."""
    folders = sorted(Path(course_dir, "source").glob("*/"))
    return [folder.name for folder in folders if any(folder.glob("*.ipynb"))]


def find_notebook(course_dir, name, notebook=None):
    """Return the path of an assignment's master: the notebook of this file name, exercises.ipynb, or the only one."""
    source = Path(course_dir, "source")
    folder = source / name
    if not folder.is_dir():
        there = ", ".join(assignment_names(course_dir)) or "none: does `python -m autograder build` come first?"
        raise ValueError(f"there is no assignment {name!r} in {source}; there are {there}")
    found = sorted(path.name for path in folder.glob("*.ipynb"))
    wanted = notebook or (NOTEBOOK if NOTEBOOK in found or len(found) != 1 else found[0])
    if wanted not in found:
        there = ", ".join(found) or "none"
        raise ValueError(f"there is no notebook {wanted!r} in {folder}; say which with --notebook: there are {there}")
    return folder / wanted


def _read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} is no JSON in UTF-8: {error}") from error


def _read_said(path):
    """Return what `build` wrote about a chapter, or nothing for a course that it did not write."""
    if not path.exists():
        return {}
    said = _read_json(path)
    if said.get("format") != FORMAT:
        raise ValueError(
            f"{path} has format {said.get('format')}, this program reads {FORMAT}: build the chapter again"
        )
    return said


def _exercise(one):
    return Exercise(**{key: tuple(value) if isinstance(value, list) else value for key, value in one.items()})


def _read_cells(master, tests):
    cells, exercise = [], ""
    for cell in master["cells"]:
        source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
        said = cell.get("metadata", {}).get("nbgrader", {})
        kind = kind_of(cell["cell_type"], said, source)
        grade_id = said.get("grade_id", "") if kind != "markdown" else ""
        if kind == "solution":
            exercise = grade_id
        owner = grade_id if kind == "solution" else tests.get(grade_id, exercise) if kind in ("test", "hidden") else ""
        points = float(said.get("points") or 0.0)
        cells.append(Cell(kind, source, grade_id, owner, points, cell["cell_type"]))
    return tuple(cells)


def kind_of(cell_type, said, source):
    """Return the kind of a cell by nbgrader's metadata: see `assignment.Cell`.

    A cell that is graded by hand is "manual", be it prose or code (then `cell_type` says so, and it runs like a
    solution).
    """
    if said.get("task") or (said.get("grade") and said.get("solution")):
        return "manual"
    if cell_type != "code":
        return "markdown"
    if said.get("solution"):
        return "solution"
    if said.get("grade"):
        return "hidden" if "BEGIN HIDDEN TESTS" in source else "test"
    return "instructor"


def _guess_exercises(cells):
    """Return an exercise for each solution cell of a course that says no more; it exports all that it binds.

    What code that a person marks binds is the student's too: the exercise before it exports that, or the first one.
    """
    exports, owner = {cell.grade_id: [] for cell in cells if cell.kind == "solution"}, None
    for cell in cells:
        by_hand = cell.kind == "manual" and cell.cell_type == "code"
        owner = cell.grade_id if cell.kind == "solution" else owner or next(iter(exports), None)
        if cell.kind == "solution" or (by_hand and owner):
            exports[owner] += bound_names(_as_python(cell.source))
    return {name: Exercise(name, tuple(dict.fromkeys(names))) for name, names in exports.items()}


def _as_python(source):
    """Return a cell as Python, its magics turned into calls; empty where it is no Python even so."""
    from IPython.core.inputtransformer2 import TransformerManager

    source = TransformerManager().transform_cell(source)
    try:
        ast.parse(source)
    except SyntaxError:
        return ""  # a foreign course may ask for a repair: then there is nothing to export
    return source


def _check(path, cells, exercises):
    ids = [cell.grade_id for cell in cells if cell.grade_id]
    if doubled := sorted({one for one in ids if ids.count(one) > 1}):
        raise ValueError(f"{path}: the grade id {doubled[0]!r} stands in two cells")
    solutions = {cell.exercise for cell in cells if cell.kind == "solution"}
    if solutions != set(exercises):
        differ = ", ".join(sorted(solutions ^ set(exercises)))
        raise ValueError(f"{path} does not fit what is said about it ({differ}): build the chapter again")
