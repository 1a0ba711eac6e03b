"""Which cell of a submission is which cell of the master notebook.

What a cell says of itself decides. Some editors drop that; then an answer is found by the comment with which `build`
begins its cell, by what the author gave, or by the names that it defines. Where several cells could be one answer,
nothing is guessed: the answer is unclear, and a person decides. Whatever cell is chosen, its text is a student's.
"""

import re
from dataclasses import dataclass, field

from autograder.exam.regions import without_hidden, without_solution

MARKER = "# exercise: {}"  # the first line of an answer's cell, written by `build`
MARKED = re.compile(r"^[ \t]*#[ \t]*exercise:[ \t]*([a-z0-9-]+)[ \t]*$", re.MULTILINE | re.IGNORECASE)
SIGNATURE = re.compile(r"(?:async def|def|class)\s|[A-Za-z_]\w*\s*=")  # a line that says which answer a cell is
DEFINED = r"^(?:(?:async[ \t]+def|def|class)[ \t]+{0}\b|{0}[ \t]*(?::[^=\n]*)?=(?!=))"


@dataclass
class Matched:
    """What each of the student's cells is, and which answers cannot be told."""

    place: list  # for each of the student's cells the index of the author's cell that it is, or None
    unclear: dict[int, int] = field(default_factory=dict)  # index of an answer -> how many cells could be it


def match(assignment, given):
    """Return which of the author's cells each of the student's cells is.

    A grade id decides; several cells may claim the same one. Then, for author's cells that nothing claimed: the
    notebook's own cell id; the same text; and, for an answer whose cell lost its metadata, the first of these that any
    cell has: the comment `# exercise: softmax`, the line that the author gave (`def softmax(z):`), a definition of each
    of its names. A written answer is the prose that follows its question.

    Parameters
    ----------
    assignment : Assignment
    given : list of dict
        The student's cells, with `cell_type`, `source` and `metadata`.

    Returns
    -------
    Matched
    """
    by_grade_id = {cell.grade_id: index for index, cell in enumerate(assignment.cells) if cell.grade_id}
    place = [by_grade_id.get(grade_id(cell)) for cell in given]
    ids = [cell.get("id") for cell in assignment.notebook["cells"]]
    own_ids = {index: name for index, name in enumerate(ids) if name and ids.count(name) == 1}
    _match_by(given, place, own_ids, lambda cell: cell.get("id"))
    texts = {index: without_hidden(cell.source).strip() for index, cell in enumerate(assignment.cells)}
    _match_by(given, place, texts, lambda cell: cell["source"].strip())
    found = Matched(place)
    for looks_like in (_is_marked, _is_begun, _defines):
        _match_answers(assignment, given, found, looks_like)
    _match_written(assignment, given, place)
    return found


def grade_id(cell):
    """Return the grade id that a student's cell claims, or None."""
    name = _claims(cell).get("grade_id")
    return name if isinstance(name, str) and name else None


def is_locked(cell):
    """Return whether a student's cell says that an author gave it, locked: then it may be of an earlier release."""
    claims = _claims(cell)
    return grade_id(cell) is not None and claims.get("locked") is True and claims.get("solution") is not True


def _claims(cell):
    """Return what a student's cell says of itself in nbgrader's metadata."""
    metadata = cell.get("metadata")
    claims = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return claims if isinstance(claims, dict) else {}


def _match_by(given, place, keys, key_of):
    """Match what is still free on both sides by a key, in the notebook's order."""
    taken = set(place)
    free = {}
    for master, key in keys.items():
        if master not in taken and key:
            free.setdefault(key, []).append(master)
    for index, cell in enumerate(given):
        key = key_of(cell) if place[index] is None else None
        if isinstance(key, str) and free.get(key):
            place[index] = free[key].pop(0)


def _match_answers(assignment, given, found, looks_like):
    """Match answers that no cell claims by what cells look like; note those that several cells could be."""
    taken = {*found.place, *found.unclear}
    answers = [i for i, cell in enumerate(assignment.cells) if cell.kind == "solution" and i not in taken]
    free = [i for i, cell in enumerate(given) if found.place[i] is None and cell["cell_type"] == "code"]
    could = {answer: [i for i in free if looks_like(assignment, answer, given[i]["source"])] for answer in answers}
    claims = [i for cells in could.values() for i in cells]
    for answer, cells in could.items():
        alike = [other for other in could if could[other] == cells]  # a function that is written twice, as asked
        texts = {given[i]["source"].strip() for i in cells}
        if len(texts) == 1 and claims.count(cells[0]) == 1:
            found.place[cells[0]] = answer
        elif cells and len(alike) == len(cells) and all(claims.count(i) == len(alike) for i in cells):
            found.place[cells[alike.index(answer)]] = answer
        elif cells:
            found.unclear[answer] = len(cells)


def _is_marked(assignment, answer, text):
    return assignment.cells[answer].exercise in (name.lower() for name in MARKED.findall(text))


def _is_begun(assignment, answer, text):
    """Return whether a text, unless it is marked as another answer, has the line that the author gave."""
    lines = [line.rstrip() for line in without_solution(assignment.cells[answer].source).split("\n")]
    begins = next((line for line in lines if SIGNATURE.match(line)), None)
    return begins in [line.rstrip() for line in text.split("\n")] and not MARKED.search(text)


def _defines(assignment, answer, text):
    """Return whether a text, unless it is marked as another answer, defines each name that the answer is tested by."""
    exercise = assignment.exercises.get(assignment.cells[answer].exercise)
    names = exercise.exports if exercise else ()
    defined = [re.search(DEFINED.format(re.escape(name)), text, re.MULTILINE) for name in names]
    return bool(defined) and all(defined) and not MARKED.search(text)


def _match_written(assignment, given, place):
    """Match written answers that no cell claims: the student's prose between the question and the next given cell."""
    for answer, cell in enumerate(assignment.cells):
        asked = place.index(answer - 1) if answer - 1 in place else None
        if cell.kind != "manual" or cell.cell_type == "code" or answer in place or asked is None:
            continue
        if assignment.cells[answer - 1].cell_type == "code":
            continue
        for index in range(asked + 1, len(given)):
            if place[index] is not None or given[index]["cell_type"] == "code":
                break
            place[index] = answer
