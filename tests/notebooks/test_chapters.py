"""Every chapter as a student opens it: runs offline, stubs fail exactly their own tests, the solution passes all."""

import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from autograder.author.build import build

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.parent.name for path in (ROOT / "solutions").glob("[0-9][0-9]_*/lecture.py"))
EXERCISES = sorted(path.parent.name for path in (ROOT / "solutions").glob("[0-9][0-9]_*/exercises.py"))
SECONDS = 60  # what a whole notebook may take on two cores

RUN = """
import sys, nbformat
from nbclient import NotebookClient
source, result, go_on = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=go_on == "yes").execute()
nbformat.write(notebook, result)
"""


def run_offline(notebook, folder, go_on=False):
    """Run a notebook in a fresh kernel without a network; return it with its outputs, and the seconds it took."""
    source, result = folder / "source.ipynb", folder / "result.ipynb"
    source.write_bytes(Path(notebook).read_bytes())
    start = time.perf_counter()
    wall = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--chdir", str(folder)]
    command = [*wall, sys.executable, "-c", RUN, str(source), str(result), "yes" if go_on else "no"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(result, as_version=4), time.perf_counter() - start


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def failing(notebook):
    """Return the grade ids (or the sources, without one) of the cells that raised."""
    return {
        grade_id(cell) or cell.source
        for cell in notebook.cells
        if cell.cell_type == "code" and any(output.output_type == "error" for output in cell.outputs)
    }


@pytest.fixture(scope="module")
def masters(tmp_path_factory):
    """The nbgrader course of all chapters, built afresh."""
    out = tmp_path_factory.mktemp("built")
    build(ROOT / "solutions", out / "course", out)
    return out / "nbgrader"


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_lecture_runs_offline_within_a_minute(chapter, tmp_path):
    notebook, seconds = run_offline(ROOT / "course" / chapter / "lecture.ipynb", tmp_path)
    assert not failing(notebook)
    assert seconds < SECONDS


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("chapter", EXERCISES)
def test_stubs_fail_exactly_their_own_tests(chapter, tmp_path):
    released = ROOT / "course" / chapter / "exercises.ipynb"
    notebook, _ = run_offline(released, tmp_path, go_on=True)
    visible = {
        grade_id(cell)
        for cell in notebook.cells
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade") and "assert" in cell.source
    }
    assert visible, "a chapter without a visible test"
    assert failing(notebook) == visible


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("chapter", EXERCISES)
def test_solved_notebook_passes_everything_within_a_minute(chapter, masters, tmp_path):
    notebook, seconds = run_offline(masters / "source" / chapter / "exercises.ipynb", tmp_path)
    assert not failing(notebook)
    assert seconds < SECONDS
    errors = [output for cell in notebook.cells for output in cell.get("outputs", []) if output.get("name") == "stderr"]
    assert not errors, "stderr in a test cell costs all its points under stock nbgrader"


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_lecture_presents_as_slides(chapter):
    notebook = json.loads((ROOT / "course" / chapter / "lecture.ipynb").read_text(encoding="utf-8"))
    kinds = [cell["metadata"].get("slideshow", {}).get("slide_type") for cell in notebook["cells"]]
    assert kinds[0] == "slide"
    assert kinds.count("slide") >= 5
