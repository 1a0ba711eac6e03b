"""One sandbox for all tests here, and small assignments built in a line."""

import textwrap
from pathlib import Path

import pytest

from autograder.assignment import Assignment, Cell, Exercise
from autograder.exam.assemble import Assembled, RunCell
from autograder.exam.examine import examine
from autograder.exam.observe import OBSERVED
from autograder.exam.sandbox import Limits, Sandbox
from autograder.testing import PRELUDE_BEGIN, PRELUDE_END

INSTRUCTOR = "import numpy as np\nimport plainnet\n"
PRELUDE = f"{PRELUDE_BEGIN}\nraise RuntimeError('the examiner strips the prelude')\n{PRELUDE_END}\n"
CORPORA = ("attack", "honest", "works")  # files beside this one; a test that names one runs for each of its cells


def read_corpus(name):
    """Return {name: text} of the cells of a corpus."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.split("\n") if not line.startswith("# == "))  # the class of what follows
    cells = [cell.split("\n", 1) for cell in text.split("\n# %% ")[1:]]
    return {title.strip(): body.strip("\n") + "\n" for title, body in cells}


def pytest_generate_tests(metafunc):
    for name in set(CORPORA).intersection(metafunc.fixturenames):
        cells = read_corpus(name)
        # of the attacks `make test` runs every second one; test_corpus.py has all of them, on the whole way
        rest = pytest.mark.exhaustive if name == "attack" else ()
        marked = [
            pytest.param(text, marks=rest if n % 2 else (), id=title) for n, (title, text) in enumerate(cells.items())
        ]
        metafunc.parametrize(name, marked)


@pytest.fixture
def forbidden():
    """Return {name: expression} of what a student's process must not be able to do."""
    return read_corpus("forbidden")


@pytest.fixture(scope="session")
def sandbox():
    """A sandbox that all tests share: each submission has a process of its own in it."""
    with Sandbox() as made:
        yield made


class Exam:
    """An examination of one submission, and short ways to look at it."""

    def __init__(self, examination):
        self.examination = examination
        self.cells = {cell.grade_id: cell for cell in examination.cells}
        self.verdicts = [cell.verdict for cell in examination.cells]

    @property
    def verdict(self):
        assert len(self.verdicts) == 1
        return self.verdicts[0]

    @property
    def message(self):
        return self.examination.cells[0].message

    @property
    def events(self):
        """What crossed in the first test."""
        transcript = next(iter(self.examination.transcripts.values()))
        return [event for event in transcript if event.kind not in OBSERVED]


@pytest.fixture
def exam(sandbox):
    """Return a function that examines one submission; see `examination_of`."""

    def run(answer, *tests, **options):
        return Exam(examination_of(sandbox, answer, tests, **options))

    return run


def examination_of(sandbox, answer, tests, *, solution=None, instructor="", after="", exports=(), hidden=False, **more):
    """Examine an answer to the one exercise "it" with some tests, each worth a point.

    `solution` is the author's; by default the tests need no reference. `instructor` and `after` are the author's cells
    before and after the answer. `more` has fields of Exercise, and `limits`.
    """
    answer, instructor, after = (textwrap.dedent(text) for text in (answer, instructor, after))
    limits = more.pop("limits", Limits(cell_seconds=2))
    foreign = more.pop("foreign", False)
    cells = [
        Cell("instructor", INSTRUCTOR),
        Cell("instructor", instructor),
        Cell("solution", textwrap.dedent(solution or ""), "it", "it"),
        Cell("instructor", after),
    ]
    for number, source in enumerate(tests, 1):
        kind, source = ("hidden", PRELUDE + textwrap.dedent(source)) if hidden else ("test", textwrap.dedent(source))
        cells.append(Cell(kind, source, f"it-{kind}-{number}", "it", 1.0))
    exercise = Exercise("it", exports or names_of(answer), limit=more.pop("limit", 3.0), **more)
    assignment = Assignment("mini", tuple(cells), {"it": exercise}, foreign=foreign)
    assembled = Assembled(
        [
            RunCell("instructor", INSTRUCTOR),
            RunCell("instructor", instructor),
            RunCell("solution", answer, "it", "it"),
            RunCell("instructor", after),
        ]
    )
    return examine(assignment, assembled, sandbox, lambda exercise: 3, limits=limits)


def names_of(source):
    """Return the functions and classes that an answer defines, and the names that it assigns."""
    from autograder.author.names import bound_names

    try:
        return tuple(bound_names(source, imports=False))
    except SyntaxError:
        return ("f",)
