"""What nbgrader's gradebook holds of an assignment, whoever grades it: a row for each cell in each role that it has."""

import json

import nbformat
from nbgrader import api
from nbgrader.preprocessors import ClearSolutions
from nbgrader.utils import compute_checksum, is_grade, is_locked, is_solution, is_task

from autograder.author.released import WriteStubs


def rows_of(assignment):
    """Return the rows that an assignment's cells make, as nbgrader's generate_assignment writes them.

    Parameters
    ----------
    assignment : Assignment

    Returns
    -------
    dict
        For each of nbgrader's tables of cells: grade id -> values of the columns.
    """
    rows = {api.GradeCell: {}, api.SolutionCell: {}, api.TaskCell: {}, api.SourceCell: {}}
    for cell in _without_solutions(assignment):
        name = cell.metadata.nbgrader["grade_id"]
        graded = {"max_score": float(cell.metadata.nbgrader.get("points", 0)), "cell_type": cell.cell_type}
        if is_grade(cell):
            rows[api.GradeCell][name] = graded
        if is_solution(cell):
            rows[api.SolutionCell][name] = {}
        if is_task(cell):
            rows[api.TaskCell][name] = graded
        if is_grade(cell) or is_solution(cell) or is_locked(cell) or is_task(cell):
            rows[api.SourceCell][name] = {
                "cell_type": cell.cell_type,
                "locked": is_locked(cell),
                "source": cell.source,
                "checksum": compute_checksum(cell),
            }
    return rows


def _without_solutions(assignment):
    """Return the master's nbgrader cells as nbgrader keeps them: stubs for solutions, and the hidden tests."""
    clear = ClearSolutions() if assignment.foreign else WriteStubs()
    master = nbformat.reads(json.dumps(assignment.notebook), as_version=4)  # joins the lines of a text
    notebook, _ = clear.preprocess(master, {})
    return [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
