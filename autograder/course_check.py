"""What the author of a foreign course should know before it is graded here: names in tests that nobody answers for.

A course of ours is refused at build time for such a name. Of a course that was written for nbgrader, it is said.
"""

from autograder.author.names import bound_names, free_names
from autograder.exam.trusted import Sides, imports_of, names_in, python_of

GIVEN = {"get_ipython", "display", "exit", "quit", "In", "Out", "_"}  # by IPython, to every cell


def warnings_about(assignment):
    """Return sentences on the names of an assignment's tests that are neither trusted nor exports.

    Parameters
    ----------
    assignment : Assignment

    Returns
    -------
    list of str
        Each names a cell and a name; none for a course of ours, whose names were checked when it was built.
    """
    if not assignment.foreign:
        return []
    sides = Sides(assignment)
    exports = {name for exercise in assignment.exercises.values() for name in exercise.exports}
    trusted = {index: bound for index, _, bound in sides.trusted}
    known, found = set(GIVEN), []
    for index, cell in enumerate(assignment.cells):
        known.update(trusted.get(index, ()))
        if cell.kind == "solution":
            known.update(names_in(bound_names, imports_of(cell.source)))
        if cell.kind not in ("test", "hidden"):
            continue
        for name, line in _free(cell).items():
            if name in sides.dependent and name not in exports:
                found.append(
                    f"{cell.grade_id}, line {line}: {name} comes from a cell that runs the student's code, so its "
                    f"value is the student's word: work it out in the test, or in a function that the test calls"
                )
            elif name not in known and name not in exports:
                found.append(
                    f"{cell.grade_id}, line {line}: {name} is neither bound by a cell of yours nor by an answer of "
                    f"yours, so the test will not find it: bind it in the test or before it"
                )
        known.update(names_in(bound_names, cell.source))
    return found


def _free(cell):
    """Return the names that a test takes from outside, with the line of each; none where it is no Python."""
    try:
        return free_names(python_of(cell.source))
    except SyntaxError:
        return {}
