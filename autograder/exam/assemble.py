"""A submission rebuilt from the master notebook: the author's cells, with the text of the student's answers.

Nothing of a submission is believed but the text of its solution cells and of the cells that the student added. Those
run in the student process alone; the author's cells come from the master, whatever the submission made of them.
"""

from dataclasses import dataclass, field

# What can be wrong with an answer's cell, by its grade id in `Assembled.problems`. All of them are examined all the same.
MISSING, DUPLICATED, RETYPED, UNTOUCHED = "missing", "duplicated", "retyped", "untouched"


@dataclass(frozen=True)
class RunCell:
    """One code cell to run in the student process.

    kind is "instructor" (the author's text), "solution" (the student's text in a cell that the author gave), "added"
    (a cell of the student's own) or "test" (a visible test as the student has it, without its hidden regions).
    """

    kind: str
    source: str
    grade_id: str = ""
    exercise: str = ""
    index: int = -1  # where the cell stands in `Assembled.notebook["cells"]`


@dataclass
class Assembled:
    """What the student process runs, in order, and the notebook that it makes.

    `notebook` is the master with the student's answers and added cells, hidden tests included: for staff alone.
    """

    cells: list[RunCell]
    problems: dict[str, str] = field(default_factory=dict)  # grade id -> MISSING, DUPLICATED, RETYPED or UNTOUCHED
    notes: list[str] = field(default_factory=list)  # sentences on what was put right, for the student
    notebook: dict = field(default_factory=dict, repr=False)
