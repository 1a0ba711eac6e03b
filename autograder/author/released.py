"""From the master to what students get, by nbgrader's own steps; the config that `build` writes names the same steps.

So what `nbgrader generate_assignment` releases is what stands in course/, to the byte.
"""

import copy

from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    ClearSolutions,
    ComputeChecksums,
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    SaveCells,
)
from traitlets import Bool, Unicode

from autograder.author.stubs import TEXT_STUB, solution_regions, stub_of


class WriteStubs(ClearSolutions):
    """Replaces solutions by stubs that name their exercise."""

    text_stub = Unicode(TEXT_STUB).tag(config=True)

    def preprocess_cell(self, cell, resources, cell_index):
        """Return the cell as a student gets it."""
        information = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and information.get("solution") and solution_regions(cell.source):
            cell.source = stub_of(cell.source, information["grade_id"])
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)


class ClearRubrics(ClearMarkScheme):
    """Removes rubrics, which stand in the locked cell with the question, above the cell for the answer."""

    enforce_metadata = Bool(False).tag(config=True)  # nbgrader has rubrics in "task" cells alone, which hold no answer


# as nbgrader.converters.GenerateAssignment has them, with the two above in place of their base classes
PREPROCESSORS = [
    IncludeHeaderFooter,
    InstantiateTests,
    LockCells,
    WriteStubs,
    ClearOutput,
    CheckCellMetadata,
    ComputeChecksums,
    SaveCells,
    ClearHiddenTests,
    ClearRubrics,
    ComputeChecksums,
    CheckCellMetadata,
]
NEEDS_A_COURSE = (IncludeHeaderFooter, InstantiateTests, SaveCells)  # none of them changes a notebook of ours


def release(notebook):
    """Return a master as students get it; the master is left alone.

    Parameters
    ----------
    notebook : nbformat.NotebookNode

    Returns
    -------
    nbformat.NotebookNode
    """
    notebook, resources = copy.deepcopy(notebook), {}
    for step in PREPROCESSORS:
        if step not in NEEDS_A_COURSE:
            notebook, resources = step().preprocess(notebook, resources)
    return notebook
