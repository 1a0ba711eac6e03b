"""docs/boundary.md says what is true: its examples run here."""

import re
from pathlib import Path

import pytest

from autograder.exam.isolation import ALLOWED
from autograder.exam.sandbox import GUEST_MODULES

pytestmark = pytest.mark.sandbox

DOCS = Path(__file__).parents[3] / "docs" / "boundary.md"
TEXT = DOCS.read_text(encoding="utf-8")
STUDENTS = re.findall(r"```python student\n(.*?)```", TEXT, re.S)
TESTS = re.findall(r"```python test\n(.*?)```", TEXT, re.S)
TABLES = [
    [[cell.strip() for cell in line.strip("|").split("|")] for line in table.strip().split("\n")[2:]]
    for table in re.findall(r"\n\n(\| a test's line .*?\n)\n", TEXT, re.S)
]


def line_of(cell):
    """Return the Python in a cell of a table."""
    return "\n".join(part.strip("`") for part in cell.split("<br>"))


def test_what_works(exam):
    assert len(TESTS) == 1
    assert exam(STUDENTS[0], *TESTS, hidden=True).verdict == "passed"


@pytest.mark.parametrize("row", TABLES[0], ids=lambda row: row[0])
def test_what_is_refused(exam, row):
    result = exam("import numpy as np\n" + STUDENTS[1], line_of(row[0]), exports=("f",))
    assert result.verdict == "failed"
    assert row[1] in result.message


@pytest.mark.parametrize("row", TABLES[1], ids=lambda row: row[0])
def test_what_cannot_cross(exam, row):
    result = exam(STUDENTS[2], line_of(row[0]))
    assert result.verdict == "ungraded"
    assert row[1] in result.message


def test_what_handles_do_not_have(exam):
    answer = "class A:\n    '''Doc.'''\ndef f(x):\n    '''Return x.'''\n    return x\ndef g(x): return x[1:]"
    tests = (
        "class B(A): pass",
        "np.array([A()], dtype=object)",
        "import inspect\ninspect.getsource(f)",
        "assert f.__name__ == 'f' and f.__doc__ == 'Return x.' and A.__doc__ == 'Doc.'",
        "x = np.arange(4)\nassert not np.shares_memory(g(x), x) and np.shares_memory(f(x[1:]), x)",
    )
    assert exam(answer, *tests).verdicts == ["failed", "failed", "failed", "passed", "passed"]


def test_the_figures_of_the_text():
    assert len(GUEST_MODULES) == 15
    assert 120 < len(ALLOWED) < 150
