"""A submission rebuilt from the master notebook: the author's cells, with the text of the student's answers.

Nothing of a submission is believed but the text of its solution cells and of the cells that the student added. Those
run in the student process alone; the author's cells come from the master, whatever the submission made of them.
"""

import copy
from dataclasses import dataclass, field

from autograder.exam.match import MARKER, grade_id, is_locked, match
from autograder.exam.regions import code_lines, is_untouched, same_text, without_hidden

# What can be wrong with an answer's cell, by its grade id in `Assembled.problems`. It is examined all the same.
MISSING, DUPLICATED, RETYPED, UNTOUCHED = "missing", "duplicated", "retyped", "untouched"
AMBIGUOUS = "ambiguous"  # several cells could be the answer: it is left to a person


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

    `notebook` is the master with the student's answers and added cells, hidden tests included: for staff alone, and
    only once `results.notebook` has made the student's texts inert. A student's own cell says so in its metadata.
    """

    cells: list[RunCell]
    problems: dict[str, str] = field(default_factory=dict)  # grade id -> MISSING, DUPLICATED, ... AMBIGUOUS
    notes: list[str] = field(default_factory=list)  # sentences on what was put right, for the student
    notebook: dict = field(default_factory=dict, repr=False)


def assemble(assignment, submission):
    """Rebuild a submission from its assignment's master notebook.

    Parameters
    ----------
    assignment : Assignment
        Its `cells` are the cells of its `notebook`, in the same order.
    submission : dict
        A notebook as `intake.read_notebook` gives it: `cells` with `cell_type`, `source` (str), `metadata` and `id`.

    Returns
    -------
    Assembled
        The author's cells stand in the author's order. A cell of the student's own stands after the author's cell that
        it follows in the submission. Where an answer's cell was copied or split, its first part takes the answer's
        place and the other parts are cells of the student's own: all run in order, as they would in Jupyter.
    """
    if len(assignment.cells) != len(assignment.notebook["cells"]):
        raise ValueError(
            f"the assignment {assignment.name} lists {len(assignment.cells)} cells and its master notebook holds "
            f"{len(assignment.notebook['cells'])}: build it again"
        )
    rebuild = _Rebuild(assignment, submission["cells"])
    rebuild.add_own(-1)
    for index, cell in enumerate(assignment.cells):
        rebuild.add_master(index, cell)
        rebuild.add_own(index)
    return rebuild.out


class _Rebuild:
    """One walk over the master's cells that fills an Assembled."""

    def __init__(self, assignment, given):
        self.assignment, self.given = assignment, given
        self.out = Assembled([], notebook=copy.deepcopy({**assignment.notebook, "cells": []}))
        matched = match(assignment, given)
        self.place, self.unclear = matched.place, matched.unclear
        self.parts = {}  # index of an author's cell -> indices of the student's cells that are it
        self.own = {}  # index of an author's cell, -1 before the first -> the student's own cells that follow it
        anchor = -1
        for index, master in enumerate(self.place):
            if master is not None:
                self.parts.setdefault(master, []).append(index)
            if master is not None and self.parts[master] == [index]:
                anchor = master
            else:
                self.own.setdefault(anchor, []).append(index)

    def add_master(self, index, cell):
        """Append an author's cell, or the student's answer in its place."""
        json_cell = copy.deepcopy(self.assignment.notebook["cells"][index])
        given = [self.given[part] for part in self.parts.get(index, ())]
        if cell.kind == "solution" or (cell.kind == "manual" and _takes_answer(json_cell)):
            self.add_answer(cell, json_cell, given, self.unclear.get(index, 0))
            return
        self.append(json_cell, cell.source)
        if cell.cell_type == "code" and cell.kind != "hidden":
            kind = "test" if cell.kind == "test" else "instructor"
            self.run_cell(kind, without_hidden(cell.source), cell.grade_id, cell.exercise)
        if given and cell.cell_type == "code":
            self.note_changed(cell, given[0])

    def add_answer(self, cell, json_cell, given, could_be=0):
        """Append the student's text of an answer; say what is wrong with its cell."""
        text = given[0]["source"] if given else ""
        if could_be:
            self.out.problems[cell.grade_id] = AMBIGUOUS
            self.out.notes.append(_unclear_note(cell, could_be))
        elif not given:
            self.out.problems[cell.grade_id] = MISSING
        elif len(given) > 1:
            self.out.problems[cell.grade_id] = DUPLICATED
            self.out.notes.append(
                f"The cell {cell.grade_id} stands {len(given)} times in your notebook; all were read."
            )
        elif given[0]["cell_type"] != cell.cell_type:
            self.out.problems[cell.grade_id] = RETYPED
            self.out.notes.append(
                f"The cell {cell.grade_id} had become {given[0]['cell_type']}; its type was restored."
            )
        elif is_untouched(cell.source, text, written=cell.cell_type != "code" and not self.assignment.foreign):
            self.out.problems[cell.grade_id] = UNTOUCHED
        if cell.cell_type == "code":
            self.append(json_cell, text)
            self.run_cell("solution", text, cell.grade_id, cell.exercise)
        else:  # a person reads it: all that was written, in one place
            attachments = {name: bundle for part in given for name, bundle in part.get("attachments", {}).items()}
            self.append(json_cell, "\n\n".join(part["source"] for part in given), attachments)

    def add_own(self, anchor):
        """Append the student's own cells that follow an author's cell."""
        for index in self.own.get(anchor, ()):
            given, master = self.given[index], self.place[index]
            answer = None if master is None else self.assignment.cells[master]
            if answer is not None and (answer.kind != "solution" or answer.cell_type != "code"):
                continue  # a second copy of an author's cell, or a part of a written answer, which has its place
            if answer is None and is_locked(given):
                self.out.notes.append(f"The cell {grade_id(given)} is no part of this assignment; it was left out.")
                continue
            cell_type = given["cell_type"] if answer is None else "code"
            self.append(_own_cell(cell_type, f"added-{index}"), given["source"], given.get("attachments"))
            if cell_type == "code":
                self.run_cell("added", given["source"], "", answer.exercise if answer else "")

    def note_changed(self, cell, given):
        """Say whose text counts; a cell that was never locked runs as the student has it, after the author's."""
        text = given["source"]
        if cell.kind == "hidden":
            if code_lines(text) not in ([], code_lines(without_hidden(cell.source)), code_lines(cell.source)):
                self.out.notes.append(f"You wrote into the test cell {cell.grade_id}; the author's version was used.")
        elif same_text(text, without_hidden(cell.source)):
            return
        elif cell.grade_id:
            self.out.notes.append(f"You changed the cell {cell.grade_id}; the author's version was used.")
        else:
            self.out.notes.append(f"You changed a given cell ({_title(cell.source)}); it ran as given, then as yours.")
            self.append(_own_cell("code", f"changed-{len(self.out.notebook['cells'])}"), text)
            self.run_cell("added", text, "", "")

    def append(self, json_cell, source, attachments=None):
        """Append a cell to the notebook, without what an earlier run left in it."""
        json_cell["source"] = source
        json_cell.pop("attachments", None)
        if json_cell["cell_type"] == "code":
            json_cell |= {"execution_count": None, "outputs": []}
        elif attachments:
            json_cell["attachments"] = attachments
        self.out.notebook["cells"].append(json_cell)

    def run_cell(self, kind, source, grade_id, exercise):
        """Have the cell that was appended last run in the student process."""
        self.out.cells.append(RunCell(kind, source, grade_id, exercise, len(self.out.notebook["cells"]) - 1))


def _takes_answer(json_cell):
    """Return whether students write into a manually marked cell (a task cell of nbgrader's is the author's text)."""
    return bool(json_cell.get("metadata", {}).get("nbgrader", {}).get("solution"))


def _own_cell(cell_type, name):
    return {"cell_type": cell_type, "id": name, "metadata": {"plainnet": {"kind": "added"}}}


def _unclear_note(cell, could_be):
    cells = f"{could_be} cells of your notebook" if could_be > 1 else "A cell that could be another answer, too,"
    marker = MARKER.format(cell.grade_id)
    return (
        f"{cells} could be the answer {cell.grade_id}, and your editor dropped what tells them apart: a person decides "
        f"which one counts. If you can still hand in, leave one cell alone that begins with the line {marker}"
    )


def _title(source):
    """Return the first line of a cell, for a message."""
    line = next((line.strip() for line in source.split("\n") if line.strip()), "empty")
    return line if len(line) <= 50 else line[:47] + "..."
