"""The autograded notebook: the rebuilt one with what the student's cells showed and what each test decided.

Staff open it in nbgrader's formgrader, so all that a student wrote is made inert. It holds the hidden tests.
"""

import copy

from autograder.results.inert import UNSEEN, inert_markdown, inert_outputs, inert_pictures, plain_text
from autograder.verdicts import PASSED


def autograded(assembled, outputs, cells):
    """Return the autograded notebook.

    Parameters
    ----------
    assembled : Assembled
    outputs : list of list of dict
        For each of the assembled cells, what it showed in the student process, in nbformat's form.
    cells : list of CellResult
        The verdicts.

    Returns
    -------
    dict
        A notebook of format 4. The cells of the student's own and their answers say in `metadata["plainnet"]` what they
        are ("added" or "solution") and to which exercise they belong.
    """
    notebook = copy.deepcopy(assembled.notebook)
    for cell in notebook["cells"]:
        if _is_students(cell):
            _make_inert(cell)
    for run, shown in zip(assembled.cells, outputs, strict=True):
        if run.kind in ("solution", "added"):
            cell = notebook["cells"][run.index]
            cell["outputs"] = inert_outputs(shown)
            cell["metadata"]["plainnet"] = {"kind": run.kind, "exercise": run.exercise}
    by_grade_id = {grade_id_of(cell): cell for cell in notebook["cells"] if grade_id_of(cell)}
    for result in cells:
        if result.verdict != PASSED:
            by_grade_id[result.grade_id]["outputs"] = [_verdict_output(result)]
    return notebook


def grade_id_of(cell):
    """Return the grade id of a cell of an autograded notebook, or ""."""
    return cell["metadata"].get("nbgrader", {}).get("grade_id", "")


def _is_students(cell):
    """Return whether a cell's text is the student's."""
    metadata = cell["metadata"]
    return "plainnet" in metadata or bool(metadata.get("nbgrader", {}).get("solution"))


def _make_inert(cell):
    pictures = {name: inert_pictures(bundle) for name, bundle in cell.pop("attachments", {}).items()}
    pictures = {name: bundle for name, bundle in pictures.items() if bundle}
    if cell["cell_type"] == "code":
        cell["source"] = UNSEEN.sub("\ufffd", cell["source"])
        return
    cell["source"] = inert_markdown(cell["source"], pictures)
    if pictures:
        cell["attachments"] = pictures


def _verdict_output(result):
    """Return what a test cell shows that was not passed."""
    lines = plain_text(result.message, 40).split("\n")
    if result.hint:
        lines.append(f"Hint: {result.hint}")
    return {"output_type": "error", "ename": result.verdict, "evalue": lines[0], "traceback": lines}
