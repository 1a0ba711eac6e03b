"""How far a student is, as the start page says it."""

import os

import nbformat
import pytest
from nbgrader.utils import compute_checksum
from plainnet.course_progress import progress, show

STUB, ANSWER = "raise NotImplementedError", "x = 1"


def write(folder, sources):
    """Write a chapter's notebook whose exercises hold these texts."""
    cells = []
    for name, source in sources.items():
        marks = {"grade_id": name, "solution": True, "grade": False, "locked": False, "schema_version": 3}
        cell = nbformat.v4.new_code_cell(STUB, metadata={"nbgrader": marks})
        marks["checksum"] = compute_checksum(cell)  # as it was handed out
        cells.append(nbformat.v4.new_code_cell(source, metadata={"nbgrader": marks}))
    folder.mkdir()
    path = folder / "exercises.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_answered_exercises_are_counted_and_a_broken_file_is_said(tmp_path):
    write(tmp_path / "01_graphs", {"a": STUB, "b": ANSWER, "c": ANSWER})
    (tmp_path / "02_perceptron").mkdir()
    (tmp_path / "02_perceptron" / "exercises.ipynb").write_text("{")
    rows = progress(tmp_path)
    assert rows[0] == ("01_graphs", "2 of 3", "not yet")
    assert rows[1][:2] == ("02_perceptron", "?")
    assert "no notebook" in rows[1][2]


@pytest.mark.parametrize(("later", "said"), [(-60, ""), (60, "; saved again since: check it again")])
def test_the_receipt_is_quoted(tmp_path, later, said):
    path = write(tmp_path / "01_graphs", {"a": ANSWER})
    receipt = path.parent / "handin" / "01_graphs" / "exercises.receipt.txt"
    receipt.parent.mkdir(parents=True)
    receipt.write_text("file    x\ntime    2026-11-21 10:00:00 UTC\nstatus  incomplete, 1 of 2 left to do\n")
    at = receipt.stat().st_mtime + later
    os.utime(path, (at, at))
    assert progress(tmp_path)[0][2] == f"2026-11-21 10:00: incomplete, 1 of 2 left to do{said}"


def test_a_folder_without_chapters_is_said(tmp_path, capsys):
    show(tmp_path)
    assert "holds no chapters" in capsys.readouterr().out
