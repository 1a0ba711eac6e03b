"""Three small assignments of one course, and what a student's notebook for them looks like."""

import copy
import json
from dataclasses import dataclass

import nbformat

from autograder.author.stubs import TEXT_STUB

LINES, LISTS, POINTS = NAMES = ("01_lines", "02_lists", "03_points")
WRITTEN = "why"
PENALTY = """from nbgrader.plugins import BasePlugin
class PerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return -(-total_seconds_late // 86400)
"""
CONFIG = """import sys
from autograder.author.released import PREPROCESSORS
sys.path.append({root!r})
c = get_config()
c.CourseDirectory.course_id = "term"
c.AssignLatePenalties.plugin_class = "term_penalty.PerDay"
c.Exchange.timezone = "UTC"
c.GenerateAssignment.preprocessors = PREPROCESSORS
"""


@dataclass(frozen=True)
class Task:
    """One function to write: three points, of which the visible test gives one if there is one."""

    name: str
    head: str
    right: str
    hidden: str
    visible: str = ""
    mistake: str = ""  # a wrong body that is known, and its hint
    hint: str = ""

    def text(self, body):
        """Return the cell with a body, as a student has it."""
        return f"# exercise: {self.name}\n{self.head}\n    {body}"


TASKS = {
    LINES: [
        Task(
            "slope",
            "def slope(x0, y0, x1, y1):",
            "return (y1 - y0) / (x1 - x0)",
            "for up in (2, 5):\n    assert slope(1, 1, 3, 1 + up) == up / 2",
            "assert slope(0, 0, 2, 1) == 0.5, 'slope(0, 0, 2, 1) should be 0.5.'",
            "return (x1 - x0) / (y1 - y0)",
            "Up over right: you divided right by up.",
        ),
        Task(
            "at",
            "def at(x, w, b):",
            "return w * x + b",
            "for x in (0, 3):\n    assert at(x, 2, 0) == 2 * x",  # too weak: nobody notices a bias that is left out
            mistake="return (w + b) * x",
            hint="The bias is added once, whatever x is.",
        ),
    ],
    LISTS: [
        Task(
            "mean",
            "def mean(values):",
            "return sum(values) / len(values)",
            "assert mean([1, 2, 6]) == 3",
            "assert mean([2, 4]) == 3, 'mean([2, 4]) should be 3.'",
            "return sum(values)",
            "A mean is the sum divided by how many there are.",
        ),
        Task("spread", "def spread(values):", "return max(values) - min(values)", "assert spread([3, 1, 9]) == 8"),
    ],
    POINTS: [
        Task(
            "norm",
            "def norm(v):",
            "return sum(a * a for a in v) ** 0.5",
            "assert norm([2, 3, 6]) == 7",
            "assert norm([3, 4]) == 5, 'norm([3, 4]) should be 5.'",
            "return sum(a * a for a in v)",
            "The root is missing.",
        ),
        Task(
            "distance",
            "def distance(a, b):",
            "return sum((p - q) ** 2 for p, q in zip(a, b)) ** 0.5",
            "assert distance([1, 1], [4, 5]) == 5",
        ),
    ],
}
MENDED = "for x in (0, 3):\n    for b in (0, 1):\n        assert at(x, 2, b) == 2 * x + b"  # in place of the weak test


def master_of(assignment):
    """Return the author's notebook of an assignment, with solutions and hidden tests."""
    cells = [_markdown(f"# {assignment}")]
    for task in TASKS[assignment]:
        ours = f"### BEGIN SOLUTION\n    {task.right}\n    ### END SOLUTION"
        cells.append(_code(task.text(ours), task.name, solution=True))
        if task.visible:
            cells.append(_code(task.visible, f"{task.name}-test-1", points=1))
        hidden = f"# Hidden tests.\n### BEGIN HIDDEN TESTS\n{task.hidden}\n### END HIDDEN TESTS"
        cells.append(_code(hidden, f"{task.name}-hidden-1", points=2 if task.visible else 3))
    if assignment == LINES:
        rubric = "### BEGIN MARK SCHEME\nTwo numbers.\n### END MARK SCHEME"
        cells.append(_markdown(f"Why are two points enough for a line? Two sentences.\n\n{rubric}"))
        cells.append(_markdown(TEXT_STUB) | {"metadata": _said(WRITTEN, grade=True, solution=True, points=2)})
    cells = [{"id": f"cell-{place}", **cell} for place, cell in enumerate(cells)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def filled(released, texts):
    """Return a released notebook with the texts of some answers, as a student saves it."""
    notebook = copy.deepcopy(released)
    for cell in notebook["cells"]:
        grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = texts.get(grade_id, cell["source"])
    return notebook


def _said(grade_id, grade, solution, points=None):
    said = {"grade_id": grade_id, "schema_version": 3, "grade": grade, "solution": solution, "locked": not solution}
    return {"nbgrader": said | {"task": False} | ({} if points is None else {"points": points})}


def _code(source, grade_id, points=None, solution=False):
    about = _said(grade_id, grade=not solution, solution=solution, points=points)
    return {"cell_type": "code", "metadata": about, "source": source, "execution_count": None, "outputs": []}


def _markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def without_metadata(notebook):
    """Return a notebook as some editors save it: no metadata and no ids in any cell."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        del cell["id"]
    return notebook | {"nbformat_minor": 4}


def write_course(root):
    """Write an nbgrader course with the three assignments, as `build` does, and a late policy: one point a day."""
    (root / "plainnet").mkdir(parents=True)
    for name in NAMES:
        master = root / "source" / name / "exercises.ipynb"
        master.parent.mkdir(parents=True)
        nbformat.write(nbformat.from_dict(master_of(name)), master)
        (root / "plainnet" / f"{name}.json").write_text(json.dumps(_about(name)))
    (root / "term_penalty.py").write_text(PENALTY)
    (root / "nbgrader_config.py").write_text(CONFIG.format(root=str(root)))


def _about(name):
    tests = {f"{task.name}-{kind}-1": task.name for task in TASKS[name] for kind in ("test", "hidden")}
    known = [task for task in TASKS[name] if task.mistake]
    return {
        "format": 1,
        "exercises": [{"name": task.name, "exports": [task.name], "limit": 1.0} for task in TASKS[name]],
        "tests": tests,
        "answers": [
            {"exercise": one.name, "id": "usual", "kind": "mistake", "source": one.text(one.mistake), "hint": one.hint}
            for one in known
        ],
    }


def mend_the_test(root):
    """Replace the weak test of `at` in the master, as an author would."""
    master = root / "source" / LINES / "exercises.ipynb"
    notebook = nbformat.read(master, as_version=4)
    weak = next(task.hidden for task in TASKS[LINES] if task.name == "at")
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace(weak, MENDED)
    nbformat.write(notebook, master)
