"""`python -m plainnet.check`: what it says of each exercise, the file to hand in, and notebooks of every odd kind."""

import copy
import hashlib
import json
import re
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from plainnet.check import changed_given, main, other_errors, read, report, seconds_for, write_hand_in
from plainnet.exercise_states import find_exercises, judge_all
from plainnet.fresh_kernel import describe

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


def cell_of(notebook, grade_id):
    return notebook.cells[position_of(notebook, grade_id)]


def as_if_run(notebook):
    """Return a notebook in which every cell ran without an error."""
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count, cell.outputs = number, []
    return notebook


def failed(cell, ename, evalue):
    cell.outputs = [nbformat.v4.new_output("error", ename=ename, evalue=evalue, traceback=[])]


def found(notebook, values=None):
    """Return what is found out about each exercise: name -> (state, reason)."""
    exercises = find_exercises(notebook)
    judge_all(exercises, values)
    return {one.name: (one.state, one.reason) for one in exercises}


def states(notebook, values=None):
    return {name: state for name, (state, _) in found(notebook, values).items()}


@pytest.mark.slow
def test_each_exercise_is_named_with_its_state(released, tmp_path, capsys):
    cell_of(released, "softmax").source = RIGHT
    cell_of(released, "loss").source = WRONG
    del released.cells[position_of(released, "why-maximum")]
    released.cells.insert(2, new_code_cell("1 / 0  # a cell of my own"))
    inner = "import subprocess, sys\n"
    inner += "subprocess.run([sys.executable, '-m', 'plainnet.check', 'exercises.ipynb'], check=True)"
    released.cells.append(new_code_cell(inner))  # ends, though it checks itself
    path = written(released, tmp_path / "exercises.ipynb")

    assert main([str(path)]) == 1

    said = capsys.readouterr().out.split("\n")
    closing = "Visible tests passed: 1 of 2 exercises. Answered: 0 of 2 questions. "
    closing += "Hidden tests decide the rest when it is graded."
    assert said[:7] == [
        f"{path}: running (up to a minute) …",
        "Attention: Your own cell that begins with `1 / 0  # a cell of my own`: ZeroDivisionError: division by zero. "
        "It costs nothing.",
        "      softmax      visible tests passed (2 of 5 points)",
        "      loss         failing: loss-test-1: loss of two equal logits should be ln 2.",
        "      chance-loss  untouched: chance_loss is still None",
        "      why-maximum  missing: the cell for your answer is gone: take it from the original notebook",
        closing,
    ]
    handed = tmp_path / "handin" / "01_tiny" / "exercises.ipynb"
    assert f"To hand in: {handed} (incomplete, 3 of 4 left to do)" in said
    receipt = handed.with_suffix(".receipt.txt").read_text()
    assert hashlib.sha256(handed.read_bytes()).hexdigest() in receipt
    assert closing in receipt
    assert "status  incomplete, 3 of 4 left to do" in receipt
    assert re.search(r"^time    \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S.* \(UTC[+-]\d{4}\)$", receipt, re.MULTILINE)
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
    assert "Visible tests passed: 2 of 2 exercises. Answered: 2 of 2 questions. Hidden tests decide" in done.stdout
    assert "a person marks what is written in words" in done.stdout
    assert done.stderr == ""


@pytest.mark.slow
def test_loops_and_dead_kernels_end_in_a_sentence(released, tmp_path, capsys):
    at = position_of(released, "softmax")
    released.cells[at].source = "while True: pass"
    released.cells[position_of(released, "loss")].source = "import os\nos._exit(3)"
    released.cells[position_of(released, "chance-loss")].source = "chance_loss = 2.3"
    path = written(released, tmp_path / "exercises.ipynb")

    assert main([str(path), "--limit", "1"]) == 2

    said = capsys.readouterr().out
    assert "the kernel died in the cell that begins with 'import os'" in said
    assert "softmax      failing: your cell: it took longer than 1 seconds: an endless loop?" in said
    assert "loss         failing: your cell: the kernel died here" in said
    assert "chance-loss  not run: the run ended before it" in said
    assert (tmp_path / "handin" / "01_tiny" / "exercises.ipynb").exists()  # handing in does not depend on this machine


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
    assert found(released)["loss"] == ("missing", "its test loss-test-1 is gone: take it from the original notebook")


def test_an_answer_in_a_cell_of_another_type_is_told(released):
    cell = released.cells[position_of(released, "softmax")]
    cell.cell_type, cell.source = "markdown", RIGHT
    assert found(released)["softmax"] == ("failing", "your cell was turned into a markdown cell: turn it back")


@pytest.mark.parametrize(
    "source",
    [
        "",
        " \n",
        "# my notes",
        "chance_loss = None",
        "chance_loss = None  # write your answer here\n",
        "chance_loss=None # ?",
    ],
)
def test_a_quiz_without_a_value_is_untouched(released, source):
    cell_of(as_if_run(released), "chance-loss").source = source
    assert states(released)["chance-loss"] == "untouched"


@pytest.mark.parametrize(
    ("value", "want"),
    [
        (("unset", ""), ("not set", "the cell must set chance_loss")),
        (describe(None), ("untouched", "chance_loss is still None")),
        (describe("32"), ("failing", "a number is wanted; yours is the text '32'")),
        (describe([2.3]), ("failing", "a number is wanted; yours is a value of the type list")),
        (describe(True), ("failing", "a number is wanted; yours is True")),
        (describe(np.float32(2.5)), ("answered, not checked here", "")),
        (describe(np.array(2.5)), ("answered, not checked here", "")),
        (describe(0), ("answered, not checked here", "")),
    ],
)
def test_a_quiz_is_judged_by_the_value_after_the_run(released, value, want):
    cell_of(as_if_run(released), "chance-loss").source = "answer = something()"
    assert found(released, {"chance_loss": value})["chance-loss"] == want


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("z", ("failing", 'one of "a", "b" is wanted; yours is the text \'z\'')),
        (7, ("failing", "a text is wanted; yours is the number 7")),
        (" B ", ("answered, not checked here", "")),
    ],
)
def test_a_choice_is_one_of_those_in_the_questions_table(edited, value, want):
    quiz = "# The loss of a classifier that knows nothing, for ten classes.\n### BEGIN SOLUTION\n"
    quiz += "chance_loss = float(-np.log(0.1))"
    folder = edited(quiz, '### BEGIN SOLUTION\nchance_loss = "b"')
    path = folder / "exercises.py"
    table = '# %% [markdown]\nr"""\n## 7. Which?\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"""\n\n# %% quiz='
    path.write_text(path.read_text().replace("# %% quiz=", table).replace(" rtol=1e-2", ""))
    notebook = as_if_run(release(master_notebook(load_checked(folder))))
    cell_of(notebook, "chance-loss").source = "chance_loss = mine"
    assert found(notebook, {"chance_loss": describe(value)})["chance-loss"] == want
    assert "   7. chance-loss  " in "\n".join(report(find_exercises(notebook), []))


@pytest.mark.slow
def test_the_value_in_the_kernel_decides(released, tmp_path, capsys):
    cell_of(released, "chance-loss").source = 'answer = "c"'
    path = written(released, tmp_path / "exercises.ipynb")
    main([str(path)])
    assert "chance-loss  not set: the cell must set chance_loss" in capsys.readouterr().out
    cell_of(released, "chance-loss").source = "chance_loss = str(32)"
    main([str(written(released, path))])
    assert "chance-loss  failing: a number is wanted; yours is the text '32'" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text", ["", "  \n ", "*Write your answer here.* ", "\n*Write your answer here. *", "...", "* *"]
)
def test_an_explanation_without_words_is_untouched(released, text):
    cell_of(released, "why-maximum").source = text
    assert states(released)["why-maximum"] == "untouched"


def test_a_stub_with_blank_lines_is_untouched(released):
    for name in ("softmax", "loss"):
        cell_of(released, name).source += "\n"
        assert states(released)[name] == "untouched"
        cell_of(released, name).source = "\r\n" + cell_of(released, name).source.replace("\n", " \r\n")
        assert states(released)[name] == "untouched"


def test_a_given_cell_that_is_gone_is_named(released):
    at = next(i for i, cell in enumerate(released.cells) if cell.source.startswith("import numpy"))
    assert changed_given(released) == []
    cell = released.cells[at]
    cell.source += "\nscores = 0"
    assert changed_given(released) == [
        "The given cell that begins with `import numpy as np` was changed; grading uses the original: "
        "take it from the original notebook."
    ]
    del released.cells[at]
    assert changed_given(released) == [
        "The given cell that begins with `import numpy as np` is gone: take it from the original notebook."
    ]


def test_an_exercise_that_meets_anothers_stub_waits_for_it(released):
    as_if_run(released)
    cell_of(released, "loss").source = "def loss(z, t): return softmax(z)"
    failed(cell_of(released, "loss-test-1"), "NotImplementedError", "softmax: replace this line by your answer")
    assert found(released)["loss"] == ("waits", "for exercise softmax")
    failed(cell_of(released, "loss-test-1"), "NotImplementedError", "loss: replace this line by your answer")
    assert states(released)["loss"] == "failing"


@pytest.mark.parametrize("file", ["3584353533.py", "<tokenize>", "<string>", "<ipython-input-3>"])
def test_a_syntax_error_shows_the_line_in_place_of_a_file(released, file):
    cell = cell_of(as_if_run(released), "softmax")
    cell.source = "x = 1\n  y = ("
    failed(cell, "SyntaxError", f"invalid syntax ({file}, line 2)")
    assert found(released)["softmax"][1] == "your cell: SyntaxError: invalid syntax, line 2 of your cell: `y = (`"


def test_a_cell_may_take_what_its_exercise_allows(released):
    seconds = seconds_for(find_exercises(released))
    assert seconds(cell_of(released, "loss")) == seconds(cell_of(released, "loss-test-1")) == 4 * 20 + 10
    assert seconds(new_code_cell("1")) == 60
    assert seconds_for(find_exercises(released), 3)(cell_of(released, "loss")) == 3


def test_what_did_not_run_is_not_called_failing(released):
    cell_of(released, "softmax").source = RIGHT
    assert states(released)["softmax"] == "not run"


def test_a_file_that_is_no_ipynb_is_refused_by_its_name(tmp_path, capsys):
    (tmp_path / "exercises.py").write_text("x = 1")
    assert main([str(tmp_path / "exercises.py")]) == 2
    assert "name a file that ends in .ipynb" in capsys.readouterr().out


@pytest.mark.parametrize("chapter", ["../../away", "", 7, "a/b", "C:"])
def test_a_chapter_that_is_no_folders_name_makes_none(released, tmp_path, chapter):
    released.metadata["plainnet"]["chapter"] = chapter
    handed, _ = write_hand_in(released, tmp_path / "exercises.ipynb", [])
    assert handed == tmp_path / "handin" / "exercises.ipynb"


def test_the_metadata_tell_no_answer(released):
    about = released.metadata["plainnet"]["about"]
    assert about["chance-loss"] == {"limit": 5.0, "name": "chance_loss", "kind": "number"}
    assert about["why-maximum"] == {}  # its only heading is the rubric's


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
    judge_all(exercises)
    assert all(seconds_for(exercises)(cell) > 0 for cell in mended.cells)
    lines = report(exercises, changed_given(mended) + other_errors(mended)) if exercises else []
    handed, receipt = write_hand_in(mended, path, lines)
    assert handed.exists()
    assert receipt.exists()
