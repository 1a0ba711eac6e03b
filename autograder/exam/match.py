"""Which cell of a submission is which cell of the master notebook."""

from autograder.exam.regions import without_hidden, without_solution


def match(assignment, given):
    """Return for each of the student's cells the index of the author's cell that it is, or None.

    A grade id decides; several cells may claim the same one. Then, for author's cells that nothing claimed: the
    notebook's own cell id; the same text; and, for an answer whose cell lost its metadata, the first line that the
    author gave (`def softmax(z):`), where only one cell has it.

    Parameters
    ----------
    assignment : Assignment
    given : list of dict
        The student's cells, with `cell_type`, `source` and `metadata`.

    Returns
    -------
    list of int or None
    """
    by_grade_id = {cell.grade_id: index for index, cell in enumerate(assignment.cells) if cell.grade_id}
    place = [by_grade_id.get(grade_id(cell)) for cell in given]
    ids = [cell.get("id") for cell in assignment.notebook["cells"]]
    own_ids = {index: name for index, name in enumerate(ids) if name and ids.count(name) == 1}
    _match_by(given, place, own_ids, lambda cell: cell.get("id"))
    texts = {index: without_hidden(cell.source).strip() for index, cell in enumerate(assignment.cells)}
    _match_by(given, place, texts, lambda cell: cell["source"].strip())
    _match_by_marker(assignment, given, place)
    return place


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


def _match_by_marker(assignment, given, place):
    """Match answers whose cells lost their metadata by the first line that the author gave."""
    taken = set(place)
    markers, found = {}, {}
    for master, cell in enumerate(assignment.cells):
        lines = [line.rstrip() for line in without_solution(cell.source).split("\n") if line.strip()]
        if cell.kind == "solution" and master not in taken and lines:
            markers.setdefault(lines[0], []).append(master)
    for index, cell in enumerate(given):
        if place[index] is None and cell["cell_type"] == "code":
            for line in {line.rstrip() for line in cell["source"].split("\n")} & set(markers):
                found.setdefault(line, []).append(index)
    for line, masters in markers.items():
        if len(masters) == 1 and len(found.get(line, ())) == 1 and place[found[line][0]] is None:
            place[found[line][0]] = masters[0]
