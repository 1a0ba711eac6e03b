"""Verdicts: who is at fault, what one exercise costs another, and a foreign course whose tests share a namespace."""

import pytest

from autograder.assignment import Assignment, Cell, Exercise
from autograder.exam.assemble import Assembled, RunCell
from autograder.exam.examine import examine
from autograder.exam.sandbox import Limits
from autograder.exam.trusted import Sides

pytestmark = pytest.mark.sandbox


def course(cells, answers, **options):
    """Return (assignment, assembled) of cells (kind, source, exercise) with the student's text of each exercise."""
    made, run, numbers = [], [], {}
    for kind, source, exercise in cells:
        numbers[exercise] = numbers.get(exercise, 0) + 1
        grade_id = exercise if kind == "solution" else f"{exercise}-{kind}-{numbers[exercise]}" if exercise else ""
        made.append(Cell(kind, source, grade_id, exercise, 1.0 if kind in ("test", "hidden") else 0.0))
        if kind != "hidden":
            text = answers.get(exercise, source) if kind == "solution" else source
            run.append(RunCell(kind, text, grade_id, exercise))
    exercises = {name: Exercise(name, options.get("exports", {}).get(name, (name,)), limit=1.0) for name in answers}
    return Assignment("c", tuple(made), exercises, foreign=options.get("foreign", False)), Assembled(run)


def verdicts(sandbox, cells, answers, **options):
    assignment, assembled = course(cells, answers, **options)
    found = examine(assignment, assembled, sandbox, lambda name: 0, limits=Limits(cell_seconds=2, wall_grace=2))
    return [cell.verdict for cell in found.cells]


FOREIGN = [
    ("instructor", "import numpy as np\nnp.random.seed(1)\ndata = np.arange(3)", ""),
    ("solution", "import math\ndef area(r):\n    return math.pi * r ** 2", "area"),
    ("test", "result = area(2)\nassert math.isclose(result, math.pi * 4)", "area"),
    ("instructor", "data = data + 1\nshift = 10", ""),
    ("test", "assert result > 12\nassert data.tolist() == [1, 2, 3]\nshift += 1", "area"),
    ("solution", "def draw():\n    return np.random.rand(3)", "draw"),
    ("test", "np.random.seed(5)\nx = draw()\nnp.random.seed(5)\nassert np.array_equal(x, np.random.rand(3))", "draw"),
    ("test", "assert shift == 11\ny = draw()\nassert not np.array_equal(x, y)", "draw"),
    (
        "test",
        "np.random.seed(5)\ndraw()\na = np.random.rand()\nnp.random.seed(5)\nassert np.random.rand(4)[3] == a",
        "draw",
    ),
]


def test_a_foreign_courses_tests_share_one_namespace_in_order(sandbox):
    answers = {"area": FOREIGN[1][1], "draw": FOREIGN[5][1]}
    assert verdicts(sandbox, FOREIGN, answers, foreign=True) == ["passed"] * 5


def test_the_reference_of_a_foreign_course_passes_in_one_namespace():
    """The oracle for the test above: nbgrader's way."""
    namespace = {}
    for _, source, _ in FOREIGN:
        exec(source, namespace)


def test_an_import_of_a_solution_cell_is_never_the_students(sandbox):
    """Where the author imports NumPy in the cell to fill in, the tests' `np` is the examiner's all the same."""
    cells = [
        ("solution", "import numpy as np\ndef f(x):\n    return 2 * x", "f"),
        ("test", "assert np.allclose(f(np.ones(3)), 2)", "f"),
    ]
    fake = "class np:\n    ones = allclose = staticmethod(lambda *a: True)\ndef f(x): return 0"
    exports = {"f": ("np", "f")}  # what the solution cell binds
    assert verdicts(sandbox, cells, {"f": fake}, foreign=True, exports=exports) == ["failed"]
    assert verdicts(sandbox, cells, {"f": cells[0][1]}, foreign=True, exports=exports) == ["passed"]


def test_a_failing_cell_of_the_authors_leaves_what_needs_it_ungraded(sandbox):
    cells = [
        ("instructor", "missing = open('no such file').read()", ""),
        ("solution", "def f(): return 1", "f"),
        ("test", "assert f() == 1", "f"),
        ("test", "assert len(missing) == 1", "f"),
    ]
    assert verdicts(sandbox, cells, {"f": "def f(): return 1"}, foreign=True) == ["passed", "ungraded"]


def test_sides_follow_names_through_cells():
    cells = [
        ("instructor", "import numpy as np\nbase = 1", ""),
        ("solution", "import math\ndef f(x): return base\n_hidden = 2", "f"),
        ("instructor", "direct = f(1)", ""),
        ("instructor", "def indirect(): return direct", ""),
        ("instructor", "private = _hidden", ""),
        ("instructor", "import os\nalone = math.pi + base", ""),
        ("instructor", "%matplotlib inline\nalso = 3", ""),
    ]
    sides = Sides(course(cells, {"f": ""})[0])
    assert sides.exports == ("f", "direct", "indirect", "private")
    assert [index for index, _, _ in sides.trusted] == [0, 5, 6]


def test_a_name_that_was_never_defined_is_named_with_its_reason(sandbox):
    cells = [("solution", "def f(): pass", "f"), ("test", "f()", "f"), ("hidden", "f()", "f")]
    assignment, assembled = course(cells, {"f": "x = 1\ndef f(:"})
    found = examine(assignment, assembled, sandbox, lambda name: 0).cells
    assert (
        found[0].message
        == "`f` is not defined: your cell raised SyntaxError: invalid syntax (<cell 1>, line 2) (line 2)"
    )
    assert found[1].message == ""


def test_a_stub_gets_nothing(sandbox):
    cells = [
        ("solution", "def f(x): return x", "f"),
        ("test", "assert f(1) == 1", "f"),
        ("hidden", "assert reference.f(2) == f(2)", "f"),
    ]
    stub = "def f(x):\n    raise NotImplementedError('f: write your answer here')"
    assert verdicts(sandbox, cells, {"f": stub}) == ["failed", "failed"]


def test_only_some_exercises_are_examined(sandbox):
    cells = [(kind, f"def {name}(): pass", name) for name in "fg" for kind in ("solution", "test")]
    assignment, assembled = course(cells, {"f": "def f(): return 1", "g": "def g(): pass"})
    found = examine(assignment, assembled, sandbox, lambda name: 0, only={"g"})
    assert [cell.grade_id for cell in found.cells] == ["g-test-2"]


def test_the_variant_is_asked_for_by_exercise_and_each_cell_has_its_own_draws(sandbox):
    test = "import zlib\nsame = np.random.default_rng([7, zlib.crc32(b'f-hidden-{}')])\n"
    test += "assert rng.normal() == same.normal()"
    cells = [("solution", "def f(x): return x", "f"), *[("hidden", test.format(number), "f") for number in (2, 3)]]
    assignment, assembled = course(cells, {"f": "def f(x): return x"})
    found = examine(assignment, assembled, sandbox, {"f": 7}.__getitem__)
    assert [cell.verdict for cell in found.cells] == ["passed", "passed"]


def test_one_test_cannot_spoil_the_next(sandbox):
    cells = [
        ("instructor", "import numpy as np\ndata = np.zeros(3)\nconfig = {'k': [1]}", ""),
        ("solution", "def f(x):\n    x[:] = 9\ntable = [1]", "f"),
        (
            "hidden",
            "f(data)\nconfig['k'].append(2)\nreference.table.append(2)\nassert data[0] == 9 and reference.data[0] == 9",
            "f",
        ),
        ("hidden", "assert data.tolist() == [0, 0, 0] and config == {'k': [1]} and reference.table == [1]", "f"),
    ]
    assert verdicts(sandbox, cells, {"f": cells[1][1]}) == ["passed", "passed"]


@pytest.mark.slow
def test_after_a_time_out_the_other_tests_of_the_exercise_fail_at_once(sandbox):
    cells = [
        ("solution", "def f(): pass", "f"),
        *[("hidden", "f()", "f")] * 5,
        ("solution", "def g(): pass", "g"),
        ("hidden", "g()", "g"),
    ]
    assignment, run = course(cells, {"f": "def f():\n    while True: pass", "g": "def g(): pass"})
    found = examine(assignment, run, sandbox, lambda name: 0)
    assert [cell.verdict for cell in found.cells] == ["failed"] * 5 + ["passed"]
    assert list(found.cpu_seconds) == ["f-hidden-2", "g-hidden-2"]  # the others were not run


@pytest.mark.slow
def test_a_slow_answer_passes_within_the_limit_of_cpu_time(sandbox):
    """Waiting is no work: what takes longer than the limit by the clock alone passes."""
    cells = [("solution", "def f(): pass", "f"), ("hidden", "f()", "f")]
    assert verdicts(sandbox, cells, {"f": "import time\ndef f(): time.sleep(2)"}) == ["passed"]


def test_the_cpu_time_of_each_test_is_told(sandbox):
    work = "import time\ndef f(s):\n    end = time.process_time() + s\n    while time.process_time() < end: pass"
    cells = [("solution", "def f(s): pass", "f"), ("hidden", "f(0.3)", "f"), ("hidden", "f(0)", "f")]
    assignment, run = course(cells, {"f": work})
    taken = list(examine(assignment, run, sandbox, lambda name: 0).cpu_seconds.values())
    assert 0.3 < taken[0] < 0.6
    assert taken[1] < 0.1


@pytest.mark.slow
def test_a_test_that_never_ends_on_our_side_is_ended(sandbox):
    cells = [
        ("solution", "def f(): return 10**18", "f"),
        ("hidden", "for i in range(f()): pass", "f"),
        ("solution", "def g(): pass", "g"),
        ("hidden", "g()", "g"),
    ]
    assert verdicts(sandbox, cells, {"f": cells[0][1], "g": "def g(): pass"}) == ["failed", "passed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("answer", "test"),
    [
        ("def f():\n    while True: yield 1", "list(f())"),
        ("def f():\n    while True: yield 1", "assert sum(f()) == 3"),
        ("def f(): return 10**9", "assert len(list(range(f()))) == 3"),
        ("def f(): return 10**11", "np.zeros(f())[:] = 1"),
        ("def f(): return {i * (2**61 - 1): i for i in range(10**4)}", "assert f() == {1: 2}"),
    ],
)
def test_values_that_would_keep_a_test_busy_without_end_fail_it(sandbox, answer, test):
    cells = [("solution", answer, "f"), ("hidden", test, "f")]
    cells += [("solution", "def g(): pass", "g"), ("hidden", "g()", "g")]
    assert verdicts(sandbox, cells, {"f": answer, "g": "def g(): pass"}) == ["failed", "passed"]


def test_a_test_cell_that_is_no_python_is_the_authors_fault(sandbox):
    cells = [("solution", "def f(): pass", "f"), ("test", "assert (", "f")]
    assert verdicts(sandbox, cells, {"f": "def f(): pass"}) == ["ungraded"]


def test_outputs_are_those_of_the_students_cells(sandbox):
    cells = [("solution", "x = 1", "x"), ("test", "assert x == 1", "x")]
    assignment, _ = course(cells, {"x": ""})
    run = [
        RunCell("added", "print('hello')\n1 + 1"),
        RunCell("solution", "x = 1\n1 / 0", "x", "x"),
        RunCell("added", "def f("),
    ]
    found = examine(assignment, Assembled(run), sandbox, lambda name: 0)
    assert found.cells[0].verdict == "passed"
    assert found.outputs[0] == [{"output_type": "stream", "name": "stdout", "text": "hello\n2\n"}]
    assert found.outputs[1][0]["ename"] == "ZeroDivisionError"
    assert "line 2 of this cell" in found.outputs[1][0]["traceback"]
    assert found.outputs[2][0]["ename"] == "SyntaxError"
    assert found.peak_mb > 20
    assert found.seconds > 0


def test_grading_twice_gives_the_same(sandbox):
    cells = [
        ("solution", "import numpy as np\ndef f(x): return x", "f"),
        ("test", "assert f(3) == 4, f'f(3) gave {f(3)}'", "f"),
        ("hidden", "assert f(rng.normal()) > 0 and set('abc') == {'a', 'b', 'c'}", "f"),
    ]
    answer = "import numpy as np\ndef f(x): return (np.random.rand(), list({'a', 'b', 'c'}))"
    assignment, assembled = course(cells, {"f": answer})
    twice = [examine(assignment, assembled, sandbox, lambda name: 0) for _ in range(2)]
    assert twice[0].cells == twice[1].cells


DRAWS = """import random
import numpy as np
def draw():
    return [np.random.default_rng().random(), np.random.RandomState().rand(), random.Random().random(), fresh()]
def fresh():
    random.seed()
    return random.random()
"""


def test_what_an_answer_draws_without_a_seed_is_no_matter_of_luck(sandbox):
    """Two gradings see the same numbers, whatever was drawn before; within a test no two generators are alike."""
    once, again = drawn(sandbox, DRAWS), drawn(sandbox, DRAWS + "draw()\nalone = np.random.default_rng().random()")
    assert once == again
    assert len(set(once)) == 8


def drawn(sandbox, answer):
    """Return what two calls of `draw` drew in a test."""
    cells = [("solution", "def draw(): return []", "draw"), ("test", "draw()\ndraw()", "draw")]
    assignment, assembled = course(cells, {"draw": answer})
    found = examine(assignment, assembled, sandbox, lambda name: 0)
    assert found.cells[0].verdict == "passed"
    first, second = (event.result for event in found.transcripts[found.cells[0].grade_id] if event.kind == "call")
    return [*first, *second]
