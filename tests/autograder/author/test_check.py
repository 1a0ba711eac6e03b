"""`python -m plainnet.check`: what it says of each exercise, the file to hand in, and notebooks of every odd kind."""

import copy
import hashlib
import json
import subprocess
import sys

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from plainnet.check import find_exercises, judge, main, read, report, write_hand_in

from autograder.author.build import load_checked
from autograder.author.notebooks import as_text, master_notebook
from autograder.author.released import release

RIGHT = """def softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))"""
WRONG = "def loss(z, t):\n    return 1.0"


@pytest.fixture
def released(tiny):
    """The small chapter's exercises as a student gets them."""
    return release(master_notebook(load_checked(tiny)))


def position_of(notebook, grade_id):
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return ids.index(grade_id)


def written(notebook, path):
    path.write_text(as_text(notebook), encoding="utf-8")
    return path


def states(notebook, limit=60):
    return {one.name: judge(one, limit)[0] for one in find_exercises(notebook)}


@pytest.mark.slow
def test_each_exercise_is_named_with_its_state(released, tmp_path, capsys):
    released.cells[position_of(released, "softmax")].source = RIGHT
    released.cells[position_of(released, "loss")].source = WRONG
    del released.cells[position_of(released, "why-maximum")]
    released.cells.insert(2, new_code_cell("1 / 0  # a cell of my own"))
    inner = "import subprocess, sys\n"
    inner += "subprocess.run([sys.executable, '-m', 'plainnet.check', 'exercises.ipynb'], check=True)"
    released.cells.append(new_code_cell(inner))  # ends, though it checks itself
    path = written(released, tmp_path / "exercises.ipynb")

    assert main([str(path)]) == 1

    said = capsys.readouterr().out.split("\n")
    assert said[1:7] == [
        "Attention: the cell that begins with '1 / 0  # a cell of my own': ZeroDivisionError: division by zero",
        "  softmax      done",
        "  loss         failing    loss-test-1: loss of two equal logits should be ln 2.",
        "  chance-loss  untouched  write your answer",
        "  why-maximum  missing    the cell for your answer is gone: take it from the original notebook",
        "1 of 4 done. Hidden tests run when it is graded.",
    ]
    handed = tmp_path / "handin" / "exercises.ipynb"
    receipt = handed.with_suffix(".receipt.txt").read_text()
    assert hashlib.sha256(handed.read_bytes()).hexdigest() in receipt
    assert "1 of 4 done" in receipt
    assert [cell.source for cell in nbformat.read(handed, 4).cells] == [cell.source for cell in released.cells]
    assert all(not cell.get("outputs") for cell in nbformat.read(handed, 4).cells)


@pytest.mark.slow
def test_a_solved_notebook_is_done_and_needs_no_nbgrader(released, tiny, tmp_path):
    master = master_notebook(load_checked(tiny))
    for name in ("softmax", "loss", "chance-loss"):
        released.cells[position_of(released, name)].source = master.cells[position_of(master, name)].source
    released.cells[position_of(released, "why-maximum")].source = "Because exp overflows."
    written(released, tmp_path / "Übung 1.ipynb")
    without = "import sys, runpy; sys.modules['nbgrader'] = None; sys.argv[0] = 'check'; "
    code = without + "runpy.run_module('plainnet.check', run_name='__main__')"
    command = [sys.executable, "-c", code, "Übung 1.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 of 4 done" in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_loops_and_dead_kernels_end_in_a_sentence(released, tmp_path, capsys):
    at = position_of(released, "softmax")
    released.cells[at].source = "while True: pass"
    released.cells[position_of(released, "loss")].source = "import os\nos._exit(3)"
    path = written(released, tmp_path / "exercises.ipynb")

    assert main([str(path), "--limit", "1"]) == 2

    said = capsys.readouterr().out
    assert "the kernel died in the cell that begins with 'import os'" in said
    assert "your cell: it took longer than 1 seconds" in said
    assert (tmp_path / "handin" / "exercises.ipynb").exists()  # handing in does not depend on this machine


@pytest.mark.slow
def test_a_cell_that_ignores_the_interrupt_is_ended(tmp_path, capsys):
    stubborn = "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass"
    marks = {"nbgrader": {"grade_id": "f", "solution": True, "grade": False}}
    path = written(new_notebook(cells=[new_code_cell(stubborn, metadata=marks)]), tmp_path / "exercises.ipynb")
    assert main([str(path), "--limit", "1"]) == 2
    assert "which would not stop" in capsys.readouterr().out


def test_the_notebook_as_handed_out_is_untouched_everywhere(released):
    assert set(states(released).values()) == {"untouched"}


def test_an_answer_that_was_copied_is_doubled(released):
    released.cells.append(copy.deepcopy(released.cells[position_of(released, "softmax")]))
    assert states(released)["softmax"] == "doubled"


def test_a_test_that_is_gone_is_missing(released):
    del released.cells[position_of(released, "loss-test-1")]
    found = {one.name: judge(one, 60) for one in find_exercises(released)}
    assert found["loss"] == ("missing", "its test loss-test-1 is gone: take it from the original notebook")


def test_an_answer_in_a_cell_of_another_type_is_told(released):
    cell = released.cells[position_of(released, "softmax")]
    cell.cell_type, cell.source = "markdown", RIGHT
    found = {one.name: judge(one, 60) for one in find_exercises(released)}
    assert found["softmax"] == ("failing", "your cell was turned into a markdown cell: turn it back")


def test_without_our_metadata_a_test_belongs_to_the_answer_before_it(released):
    del released.metadata["plainnet"]
    exercises = {one.name: [test.metadata.nbgrader.grade_id for test in one.tests] for one in find_exercises(released)}
    assert exercises["loss"] == ["loss-test-1", "loss-random"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is no notebook"),
        (b"{", "is no notebook"),
        (b"[]", "is no notebook"),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is no notebook"),
        (b'{"cells": [3], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "is no notebook"),
        (b'{"cells": [], "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "holds no exercises"),
        (b'{"cells": [{}], "nbformat": 4, "nbformat_minor": 5, "metadata": 7}', "is no notebook"),
        ("{'Größe'}".encode("latin-1"), "is not UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_is_no_notebook_gets_a_sentence(tmp_path, capsys, data, words):
    path = tmp_path / "exercises.ipynb"
    if data is not None:
        path.write_bytes(data)
    assert main([str(path)]) == 2
    said, complaints = capsys.readouterr()
    assert words in said
    assert "Traceback" not in said + complaints
    assert not (tmp_path / "handin").exists()


def test_an_old_notebook_format_reads(released, tmp_path):
    old = nbformat.convert(released, 3)
    path = tmp_path / "exercises.ipynb"
    path.write_text(nbformat.writes(old, version=nbformat.NO_CONVERT), encoding="utf-8-sig")
    assert set(states(read(path))) == {"softmax", "loss", "chance-loss", "why-maximum"}


odd = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just("\ud800")),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)
keys = st.sampled_from(["metadata", "source", "cell_type", "outputs", "id", "nbgrader", "plainnet"])


@pytest.fixture(scope="module")
def released_json(tiny_sources, tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd") / "01_tiny"
    folder.mkdir()
    for file, text in tiny_sources.items():
        (folder / file).write_text(text)
    return as_text(release(master_notebook(load_checked(folder)))), folder


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), keys, odd), min_size=1, max_size=4))
def test_whatever_stands_in_a_notebook_it_is_read_or_refused_in_words(released_json, changes):
    text, folder = released_json
    notebook = json.loads(text)
    for number, key, value in changes:
        target = notebook if number == 12 else notebook["cells"][number % len(notebook["cells"])]
        if key in ("nbgrader", "plainnet"):
            target = target["metadata"] if isinstance(target.get("metadata"), dict) else {}
        target[key] = value
    path = folder / "exercises.ipynb"
    path.write_text(json.dumps(notebook))
    try:
        mended = read(path)
    except ValueError as error:
        refused = str(error)
        assert "is no notebook" in refused
        return
    exercises = find_exercises(mended)
    for one in exercises:
        one.state, one.reason = judge(one, 60)
    lines = report(exercises, []) if exercises else []
    assert write_hand_in(mended, path, lines).exists()
