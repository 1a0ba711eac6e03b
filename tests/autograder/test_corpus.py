"""The corpus: what dishonest and honest people hand in, from its bytes to the page that they get back.

Dishonest answers are in `exam/attack.txt`, by the classes of threats, and honest ones in `exam/honest.txt`; documents
that are themselves the attack, or oddly saved, are made here. `make test` grades a sample; `make verify` all of them,
and prints the table (`pytest tests/autograder/test_corpus.py -m exhaustive -s`).
"""

import codecs
import functools
import json
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from autograder.assignment import Assignment, Cell, Exercise
from autograder.exam.engine import grade
from autograder.exam.examine import examine
from autograder.exam.known import Table
from autograder.exam.sandbox import Limits, Sandbox
from autograder.results.feedback import feedback_page
from autograder.results.gradebook import Record
from autograder.testing import PRELUDE_BEGIN, PRELUDE_END
from autograder.verdicts import GRADED, REJECTED

FOLDER = Path(__file__).with_name("exam")
DOCUMENTS, HONEST = "break the document", "honest"
SECRETS = ("zebraquagga", "okapigiraffe", "24690.5")  # of a hidden test, of the reference, and an expected value
LIVE = (
    "<script",
    "<svg onload",
    "<img src=x",
    'src="https:',
)  # what no page may hold; a message is text, escaped there
CONTROLS = ("\x1b", "\x07", "\u202e")
SOLUTION = "def f(x):\n    ### BEGIN SOLUTION\n    okapigiraffe = 2\n    return okapigiraffe * x\n    ### END SOLUTION"
TESTS = (
    "y = f(np.array([3.0, 4.0]))\nassert y.shape == (2,)\nassert np.allclose(y, [6.0, 8.0]), 'zebraquagga'",
    "for n in (1, 3, 5):\n    x = rng.normal(size=n)\n    want = reference.f(x)\n    assert_allclose(f(x), want)",
    "assert f(12345.25) == 24690.5, 'zebraquagga'\nassert f(3) == 6\nassert f(1.5) in [3.0]",
)
HIDDEN = f"### BEGIN HIDDEN TESTS\n{PRELUDE_BEGIN}\n{PRELUDE_END}\n{{}}\n### END HIDDEN TESTS"
RIGHT, WRONG = "def f(x):\n    return 2 * x", "def f(x):\n    return x"


def read_answers(name):
    """Return [(class, title, text)] of the answers in a file."""
    found, kind = [], HONEST
    for part in (FOLDER / name).read_text(encoding="utf-8").split("\n# "):
        head, _, body = part.partition("\n")
        if head.startswith("== "):
            kind = head.removeprefix("== ")
        elif head.startswith("%% "):
            found.append((kind, head.removeprefix("%% "), body.strip("\n")))
        elif found:  # a comment inside of an answer
            found[-1] = (*found[-1][:2], f"{found[-1][2]}\n# {part}")
    return found


def said(grade_id, points=None):
    """Return nbgrader's metadata for a cell."""
    graded = points is not None
    flags = {"grade": graded, "solution": not graded, "locked": graded, "task": False, "schema_version": 3}
    return {"nbgrader": {"grade_id": grade_id, **flags, **({"points": points} if graded else {})}}


def notebook_of(answer, tests):
    """Return a notebook of the assignment."""
    cells = [("import numpy as np\nimport plainnet", {}), (answer, said("f"))]
    cells += [(text, said(f"f-hidden-{n}", 1)) for n, text in enumerate(tests, 1)]
    code = {"cell_type": "code", "execution_count": None, "outputs": []}
    cells = [{**code, "id": f"cell-{n}", "source": text, "metadata": more} for n, (text, more) in enumerate(cells)]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="module")
def assignment():
    master = notebook_of(SOLUTION, [HIDDEN.format(test) for test in TESTS])
    kinds = ["instructor", "solution", "hidden", "hidden", "hidden"]
    cells = [
        Cell(kind, cell["source"], cell["metadata"].get("nbgrader", {}).get("grade_id", ""), "f" if n else "", n > 1)
        for n, (kind, cell) in enumerate(zip(kinds, master["cells"]))
    ]
    return Assignment("corpus", tuple(cells), {"f": Exercise("f", ("f",), limit=0.5)}, notebook=master)


def submission(answer, change=None):
    """Return a submission as bytes; `change` is given its cells, or all of it, to spoil."""
    notebook = notebook_of(answer, ["# Hidden tests."] * 3)
    if change:
        notebook = change(notebook) or notebook
    return notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()


def put(index, **values):
    """Return a change that sets fields of a cell."""
    return lambda notebook: notebook["cells"][index].update(values)


def add(index, source, cell_type="code", metadata=None):
    """Return a change that inserts a cell of the student's own."""
    cell = {"cell_type": cell_type, "id": f"own-{index}", "metadata": metadata or {}, "source": source}
    cell |= {"outputs": [], "execution_count": None} if cell_type == "code" else {}
    return lambda notebook: notebook["cells"].insert(index, cell)


def both(first, second):
    """Return a change that makes two, one after the other."""

    def change(notebook):
        first(notebook)
        second(notebook)

    return change


def old_format(notebook):
    cells = [
        {"cell_type": "code", "language": "python", "metadata": one["metadata"], "input": one["source"], "outputs": []}
        for one in notebook["cells"]
    ]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}


def saved(**options):
    return lambda notebook: json.dumps(notebook, **options).encode()


PASSED_OUTPUT = [{"output_type": "execute_result", "data": {"text/plain": "99"}, "metadata": {}, "execution_count": 1}]
DISHONEST_DOCUMENTS = {
    "no JSON": lambda notebook: b'{"cells": [',
    "no notebook": lambda notebook: b"[]",
    "nothing": lambda notebook: b"",
    "cells of null": lambda notebook: notebook.update(cells=None),
    "the points edited": put(2, metadata=said("f-hidden-1", 999)),
    "the tests edited": put(2, source="assert True"),
    "tests that bind the examiner's names": put(3, source="reference = rng = None\ndef assert_allclose(*a): pass"),
    "the tests deleted": lambda notebook: notebook.update(cells=notebook["cells"][:2]),
    "the tests claimed as answers": put(2, metadata=said("f")),
    "the answer claimed as a test": put(1, metadata=said("f-hidden-1", 1)),
    "the answer deleted": lambda notebook: notebook["cells"].pop(1) and None,
    "the answer renamed to a test": put(1, metadata=said("f-hidden-3", 1)),
    "the answer retyped to raw": put(1, cell_type="raw"),
    "a second test of the same id": add(5, "pass", metadata=said("f-hidden-3", 1)),
    "a test of its own": add(5, "pass", metadata=said("f-hidden-4", 50)),
    "outputs that passed": put(2, outputs=PASSED_OUTPUT),
    "metadata of wrong types": put(1, metadata={"nbgrader": {"grade_id": ["f"], "solution": "yes", "points": {}}}),
    "a giant number of the format": lambda notebook: notebook.update(nbformat=10**30),
    "a million blanks": put(1, source=WRONG + " " * 10**6),
    "an instructor cell replaced": put(0, source="np = None\ndef f(x): return 2 * x"),
    "half a character": put(1, source=WRONG + "  # \ud800"),
}
HONEST_DOCUMENTS = {
    "as released and answered": lambda notebook: None,
    "format 3": old_format,
    "in UTF-16": lambda notebook: json.dumps(notebook).encode("utf-16"),
    "with a mark of byte order": lambda notebook: codecs.BOM_UTF8 + json.dumps(notebook).encode(),
    "indented": saved(indent=4, sort_keys=True),
    "lines as a list": put(1, source=["def f(x):\n", "    return 2 * x"]),
    "line ends of Windows": put(1, source=RIGHT.replace("\n", "\r\n")),
    "a helper in an added cell": both(put(1, source="f = twice"), add(1, "def twice(x): return 2 * x")),
    "an import in an added cell": add(1, "from functools import reduce"),
    "an unfinished cell beside it": add(2, "def unfinished(:\n    return"),
    "a cell that fails beside it": add(2, "1 / 0"),
    "a cell that never ends beside it": add(2, "while True: pass"),
    "a split answer": both(
        put(1, source="def part(x): return x"), add(2, "def f(x): return 2 * part(x)", metadata=said("f"))
    ),
    "notes of their own": add(0, "# My work\n<b>careful</b>", "markdown"),
    "metadata lost": put(1, metadata={}),
    "no cell ids": lambda notebook: [cell.pop("id") for cell in notebook["cells"]] and None,
    "the given cells deleted": lambda notebook: notebook["cells"].pop(0) and None,
    "the cells in another order": lambda notebook: notebook["cells"].reverse(),
    "with old outputs": put(1, outputs=[{"output_type": "stream", "name": "stderr", "text": "Warning"}]),
}
DISHONEST = [(kind, title, submission(text)) for kind, title, text in read_answers("attack.txt")]
DISHONEST += [(DOCUMENTS, title, submission(WRONG, change)) for title, change in DISHONEST_DOCUMENTS.items()]
HONEST_ONES = [(HONEST, title, submission(text)) for _, title, text in read_answers("honest.txt")]
HONEST_ONES += [(HONEST, title, submission(RIGHT, change)) for title, change in HONEST_DOCUMENTS.items()]


@pytest.fixture(scope="module")
def examiner(assignment, tmp_path_factory):
    """Return a function that grades bytes and says what came of them: (Graded, the student's page)."""
    quick = functools.partial(examine, limits=Limits(cell_seconds=1, memory_mb=400, wall_grace=1.0))
    with pytest.MonkeyPatch.context() as patch, Sandbox() as sandbox:
        patch.setattr("autograder.exam.engine.examine", quick)
        table = Table.load_or_make(assignment, sandbox, tmp_path_factory.mktemp("known"))

        def run(data):
            graded = grade(data, assignment, "eve", sandbox, table)
            record = Record(graded.result, "", graded.notebook, graded.problems)
            assert sandbox.zygote.poll() is None
            return graded, feedback_page(assignment, record, list(graded.notes))

        yield run


def problems_of(graded, page, kind):
    """Return what is wrong with the grading of a submission, in words."""
    found = []
    result = graded.result
    if result.status not in (GRADED, REJECTED) or (result.status == REJECTED and not result.reason):
        found.append(f"status {result.status}, reason {result.reason}")
    verdicts = [cell.verdict for cell in result.cells]
    if "ungraded" in verdicts:
        found.append("ungraded")
    shown = page + "".join(cell.message for cell in result.cells) + (result.reason or "")
    found += [f"the student sees {secret!r}" for secret in (*SECRETS, *CONTROLS) if secret in shown]
    found += [f"the page holds {live!r}" for live in LIVE if live in page]
    if graded.notebook:
        nbformat.validate(graded.notebook)
    if kind != HONEST and result.score:
        found.append(f"{result.score:g} marks unearned")
    if kind == HONEST and result.score != 3:
        found.append(f"{3 - result.score:g} marks lost")
    return found


def check(examiner, corpus):
    """Grade a corpus; return {class: Counter of submissions, unearned, lost} and every problem in words."""
    table, problems = {}, []
    for kind, title, data in corpus:
        graded, page = examiner(data)
        row = table.setdefault(kind, Counter())
        row["submissions"] += 1
        row["unearned" if kind != HONEST else "lost"] += (
            graded.result.score if kind != HONEST else 3 - graded.result.score
        )
        problems += [f"{kind}: {title}: {problem}" for problem in problems_of(graded, page, kind)]
    return table, problems


def show(table):
    """Return the table as lines."""
    lines = [f"{'class':<30}{'submissions':>12}{'unearned':>10}{'lost':>6}"]
    for kind, row in table.items():
        lines.append(f"{kind:<30}{row['submissions']:>12}{row['unearned']:>10g}{row['lost']:>6g}")
    return "\n".join(lines)


def test_the_corpus_holds_every_class_of_threats():
    counts = Counter(kind for kind, _, _ in DISHONEST)
    assert len(counts) == 12
    assert min(counts.values()) >= 4
    assert sum(counts.values()) >= 80
    assert len(HONEST_ONES) >= 20


@pytest.mark.slow
@pytest.mark.sandbox
def test_a_sample_of_the_corpus_gets_what_it_earned(examiner):
    firsts = {kind: (kind, title, data) for kind, title, data in reversed(DISHONEST)}
    _, problems = check(examiner, [*firsts.values(), *HONEST_ONES[::4]])
    assert problems == []


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.timeout(1800)
def test_no_mark_of_the_corpus_is_unearned_and_none_is_lost(examiner, capsys):
    table, problems = check(examiner, DISHONEST + HONEST_ONES)
    with capsys.disabled():
        print("", show(table), *problems, sep="\n")
    assert problems == []
