"""An assignment as the examiner knows it: a master notebook and what its author says about it.

`build` writes it, `course.load_assignment` reads it back. A course is an nbgrader course: `source/NAME/exercises.ipynb`
is the master, with solutions and hidden tests. A chapter of ours carries more than nbgrader knows (exports, mistakes,
limits); that stands in `plainnet/NAME.json` beside `source/`, so that any other nbgrader course loads the same way.
"""

from dataclasses import dataclass, field

VARIANTS = tuple(range(16))
LEAST_LIMIT = 5.0  # seconds of CPU time; no test cell gets less


@dataclass(frozen=True)
class Cell:
    """One cell of the master notebook.

    kind is "instructor" (code that runs on both sides), "solution", "test" (visible), "hidden", "manual" or "markdown".
    A quiz is a solution cell whose hidden test the builder wrote.
    """

    kind: str
    source: str
    grade_id: str = ""
    exercise: str = ""  # "" for instructor and markdown cells
    points: float = 0.0
    cell_type: str = "code"


@dataclass(frozen=True)
class Exercise:
    """One function or class to write, and how its tests may be run."""

    name: str
    exports: tuple[str, ...]
    needs: tuple[str, ...] = ()  # exercises whose mistakes may cost points here
    forbid: tuple[str, ...] = ()  # dotted names taken out of the student process
    variants: tuple[int, ...] = VARIANTS  # the proven ones; students draw from these alone
    limit: float = LEAST_LIMIT  # seconds of CPU time for one test cell


@dataclass(frozen=True)
class Answer:
    """A known answer to one exercise: a mistake with its hint, or an alternative that is right."""

    exercise: str
    id: str
    kind: str  # "mistake" or "alternative"
    source: str
    hint: str = ""
    again: str = ""  # the id of the mistake of which this is a second, differently written body


@dataclass(frozen=True)
class Assignment:
    """A master notebook with its exercises, known answers and instructor cells, in the notebook's order."""

    name: str
    cells: tuple[Cell, ...]
    exercises: dict[str, Exercise] = field(default_factory=dict)
    answers: tuple[Answer, ...] = ()
    notebook: dict = field(default_factory=dict, repr=False)  # the master as nbformat 4 JSON
    foreign: bool = False  # no course of ours: its tests share one namespace, in order, as its author expects
