"""A test reads like a test of code in the same process: it passes as there, or fails for a reason that is named."""

import textwrap

import numpy as np
import plainnet
import pytest

pytestmark = [pytest.mark.sandbox]

VALUE = """
    class Value:
        def __init__(self, data):
            self.data = data
        def __add__(self, other):
            return Value(self.data + (other.data if isinstance(other, Value) else other))
        __radd__ = __add__
        def __mul__(self, other):
            return Value(self.data * (other.data if isinstance(other, Value) else other))
        def __neg__(self):
            return Value(-self.data)
        def __repr__(self):
            return f"Value({self.data})"
"""
NODE = """
    class Node:
        def __init__(self, x, *inputs):
            self.x, self.inputs, self.grad = x, inputs, 0.0
"""


def test_works_as_in_one_process(exam, works):
    answer, test = works.split("# -- test\n")
    result = exam(answer, test)
    assert (result.verdict, result.message) == ("passed", "")


def test_the_same_test_passes_without_a_boundary(works):
    """The oracle: one namespace, no sandbox."""
    answer, test = works.split("# -- test\n")
    namespace = {"np": np, "plainnet": plainnet, "__name__": "__main__"}
    exec(answer, namespace)
    exec(test, namespace)


LIAR = """
    class Liar:
        def __init__(self, *_): pass
        def _yes(self, *_): return True
        def _zero(self, *_): return 0.0
        def _self(self, *_): return self
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __bool__ = _yes
        __sub__ = __rsub__ = __abs__ = __float__ = _zero
        __add__ = __mul__ = _self
        __iter__ = lambda self: iter(())
        def __array__(self, *_, **__): return np.zeros(3)
        def __int__(self): return 3
        def __index__(self): return 3
        def __len__(self): return 3
        def __hash__(self): return hash(3)
    def f(x): return Liar()
"""
REFUSED = {  # sentence: (test, part of the message)
    "comparison with a number": ("assert f(1) == 3", "comparison with int"),
    "comparison from the other side": ("assert 3 == f(1)", "comparison with int"),
    "unequal": ("assert f(1) != 3", "comparison"),
    "order": ("assert f(1) < 3", "comparison"),
    "comparison with an array": ("assert np.all(f(1) == np.zeros(3))", "comparison"),
    "comparison of an array with it": ("assert np.all(np.zeros(3) == f(1))", "comparison"),
    "comparison with None": ("assert f(1) == None", "comparison"),
    "comparison in a list": ("assert [f(1)] == [3]", "comparison"),
    "search in a list": ("assert f(1) in [1, 2]", "comparison"),
    "conversion to float": ("assert float(f(1)) == 0", "conversion to a number"),
    "conversion to int": ("assert int(f(1)) == 3", "conversion to a number"),
    "use as an index": ("assert [0, 1, 2, 3][f(1)] == 3", "conversion to a number"),
    "conversion to an array": ("assert np.asarray(f(1)).sum() == 0", "conversion to an array"),
    "np.allclose": ("assert np.allclose(f(1), np.zeros(3))", "conversion to an array"),
    "np.testing": ("np.testing.assert_allclose(f(1), np.zeros(3))", "conversion to an array"),
    "math.isclose": ("import math\nassert math.isclose(f(1), 0)", "conversion to a number"),
    "pytest.approx": ("import pytest\nassert pytest.approx(0) == f(1)", "conversion to an array"),
    "a ufunc": ("assert np.exp(f(1)) == 1", "does not support ufuncs"),
    "a difference with a plain value": ("assert abs(f(1) - 3.0) < 1e-9", "arithmetic with float"),
    "a difference from a plain value": ("assert abs(3.0 - f(1)) < 1e-9", "arithmetic with float"),
    "a difference from an array": ("assert abs(np.ones(3) - f(1)).max() < 1e-9", "arithmetic with ndarray"),
    "its hash": ("assert hash(f(1)) == hash(3)", "hash"),
    "membership in a set": ("assert f(1) in {3}", "hash"),
    "its word on what it holds": ("assert 5 in f(1)", "AssertionError"),
    "pickling": ("import pickle\npickle.dumps(f(1))", "pickling"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_students_object_is_never_asked_for(exam, name):
    test, part = REFUSED[name]
    result = exam(LIAR, test, exports=("f",))
    assert result.verdict == "failed"
    assert part in result.message or (result.message == "" and part == "AssertionError")


@pytest.mark.parametrize(
    "test",
    [
        "with assert_raises(TypeError): f(1) == 3",
        "with assert_raises(TypeError, ValueError): float(f(1))",
        "with assert_raises(Exception): np.asarray(f(1))",
        "assert not np.array_equal(f(1), np.zeros(2))",
        "try: f(1) == 3\nexcept Exception: pass",
        "def g(x): return x == 3\nassert call(g, f(1)) is None",
    ],
)
def test_the_refusal_makes_no_test_pass(exam, test):
    answer = textwrap.dedent(LIAR) + "\ndef call(g, x):\n    try: g(x)\n    except BaseException: pass\n"
    result = exam(answer, test, "assert call(len, 'ab') is None", hidden=True, exports=("f", "call"))
    assert result.verdicts == ["failed", "passed"]


def test_an_exit_is_no_exception_that_a_test_asked_for(exam):
    answer = "import sys\ndef f(): sys.exit()\ndef g(h): return h()"
    tests = ("with assert_raises(Exception): f()", "with assert_raises(Exception): g(f)", "assert g(int) == 0")
    assert exam(answer, *tests, hidden=True).verdicts == ["failed", "failed", "passed"]


def test_a_test_and_an_answer_that_call_each_other_without_end_fail(exam):
    test = "def g(n): return f(g, n + 1)\ng(0)"
    assert exam("def f(g, n): return g(n)", test, "assert f(abs, -1) == 1").verdicts[0] == "failed"


def test_a_walk_along_a_long_chain_of_objects_ends(exam):
    answer = """
    class Link:
        def __init__(self, next): self.next = next
    def chain(n):
        link = None
        for _ in range(n): link = Link(link)
        return link
    """
    test = "link, n = chain(3000), 0\nwhile link is not None: link, n = link.next, n + 1\nassert n == 3000"
    result = exam(answer, test, limit=20.0)
    assert result.verdict == "passed"
    assert max(len(event.target) for event in result.events) < 300


def test_a_class_that_was_asked_for_does_arithmetic_but_gives_no_plain_value_by_it(exam):
    answer = LIAR + "\n    Exported = Liar\n"
    result = exam(
        answer,
        "assert abs(Exported() - 3.0) < 1e-9",
        "assert abs(Exported() + 3.0) < 1e-9",
        "assert bool(Exported() + 3.0)",
        "assert abs(Exported()) == 0.0",
        exports=("Exported", "f"),
    )
    assert result.verdicts == ["failed", "failed", "failed", "passed"]


def test_an_assertion_in_a_callback_cannot_be_swallowed(exam):
    answer = """
    def f(g):
        try:
            g(1)
        except BaseException:
            pass
    """
    result = exam(answer, "def g(x):\n    assert x == 2, 'g should get 2'\nf(g)")
    assert (result.verdict, result.message) == ("failed", "g should get 2")


def test_a_long_walk_by_callbacks_holds_the_last_arrays_alone(exam):
    """Each call back looks at all that both sides share; with what was dropped among it, a walk cost its square."""
    answer = """
    def f(g, x):
        for _ in range(50):
            x = x - 0.01 * g(x[None])[0]
        return x
    """
    test = """
    from autograder.exam.proxies import reference_of
    shared, counts = reference_of(f).boundary.shared, []
    def g(x):
        counts.append(len(shared.objects))
        return np.sign(x)
    f(g, np.ones(3))
    assert len(counts) == 50 and max(counts) == max(counts[:3]), counts
    """
    assert (result := exam(answer, test)).verdict == "passed", result.message


def test_an_assertion_cannot_be_swallowed_by_a_context_manager(exam):
    answer = """
    class Hush:
        def __enter__(self): return self
        def __exit__(self, *_): return True
    """
    assert exam(answer, "with Hush():\n    assert 1 == 2").verdict == "failed"


@pytest.mark.parametrize(
    "error", ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit", "BaseException('x')", "Own('x')"]
)
def test_what_would_end_a_process_is_a_failure(exam, error):
    answer = f"""
    class Own(BaseException): pass
    def f(): raise {error}
    """
    result = exam(answer, "f()", "assert True", exports=("f",))
    assert result.verdicts == ["failed", "passed"]
    assert result.message.startswith(f"the code raised {error.split('(')[0]}")
    assert not result.message.endswith((":", " "))


@pytest.mark.parametrize("test", ["f() == 1", "assert f() + 1", "float(f())", "len(f())", "hash(f()) == 1 or f() < 2"])
def test_no_class_of_the_examiners_own_is_named_to_a_student(exam, test):
    result = exam("class Thing: pass\ndef f(): return Thing()", test, exports=("f",))
    assert result.verdict == "failed"
    ours = ["HandleError", "StudentExit", "StudentGone", "CannotCross", "Uncrossable", "Opaque", "Handle"]
    assert not [name for name in ours if name in result.message]


def test_an_instructors_class_crosses_with_its_graph(exam):
    instructor = NODE
    answer = """
    def order(root):
        seen, out = set(), []
        def visit(n):
            if id(n) not in seen:
                seen.add(id(n))
                for i in n.inputs: visit(i)
                out.append(n)
        visit(root)
        return out
    def mark(root):
        for n in order(root): n.grad += 1.0
    def leaf(x): return Node(x)
    """
    test = """
    a = Node(1.0)
    b, c = Node(2.0, a), Node(3.0, a)
    d = Node(4.0, b, c)
    got = order(d)
    assert got[0] is a and got[3] is d and set(map(id, got)) == set(map(id, (a, b, c, d)))
    mark(d)
    assert [n.grad for n in (a, b, c, d)] == [1.0] * 4
    assert type(leaf(3)) is Node and leaf(3).x == 3
    """
    assert exam(answer, test, instructor=instructor).message == ""


def test_a_cycle_and_a_long_chain_cross(exam):
    answer = """
    def count(n):
        seen = 0
        while n.inputs and seen < 20_000:
            n.grad = float(seen)
            n, seen = n.inputs[0], seen + 1
        return seen, n
    """
    test = """
    end = Node(0)
    n = end
    for i in range(10_000): n = Node(i, n)
    got, last = count(n)
    assert got == 10_000 and last is end and n.inputs[0].grad == 1.0
    a = Node(1)
    a.inputs = [a]
    assert count(a)[0] == 20_000
    """
    assert exam(answer, test, instructor=NODE, limit=20.0).message == ""


def test_a_hidden_test_has_its_reference_and_draws(exam):
    answer = "def f(x): return x + offset()"
    test = """
    x = rng.normal(size=3)
    assert_allclose(f(x), reference.f(x))
    assert np.array_equal(reference.data, [1, 2])
    reference.data[0] = 7
    assert rng.integers(10**9) == fresh.integers(10**9)
    """
    test = (
        "import zlib\nfresh = np.random.default_rng([3, zlib.crc32(b'it-hidden-1')])\nfresh.normal(size=3)"
        + textwrap.dedent(test)
    )
    instructor = "data = np.array([1, 2])\ndef offset(): return data.sum()"
    result = exam(answer, test, test, solution="def f(x): return x + 3", instructor=instructor, hidden=True)
    assert result.verdicts == ["passed", "failed"]  # the second cell has draws of its own
    assert exam(
        "def f(x): return x", test, solution="def f(x): return x + 3", instructor=instructor, hidden=True
    ).verdicts == ["failed"]


def test_an_instructor_cell_that_depends_on_an_export_runs_in_the_student_process_alone(exam):
    after = "def twice(x): return f(f(x))\nfour = twice(4)\nalone = 5"
    tests = ("assert four == 400 and twice(1) == 100", "assert alone == 5")
    result = exam("def f(x): return 10 * x", *tests, after=after, solution="def f(x): return x")
    assert result.verdicts == ["passed", "passed"]


def test_what_cannot_cross_is_the_authors_fault(exam):
    result = exam("def f(x): return x", "class Local: pass\nf(Local())", "assert f(1) == 1")
    assert result.verdicts == ["ungraded", "passed"]
    assert "Local" in result.message
    assert "instructor cell" in result.message


def test_a_reference_that_fails_leaves_everything_ungraded(exam):
    result = exam("def f(x): return x", "assert f(1) == 1", solution="1 / 0")
    assert result.verdict == "ungraded"
    assert "ZeroDivisionError" in result.message


def test_a_forbidden_name_is_gone(exam):
    answer = """
    def f(x): return plainnet.exp(x)
    def g(x):
        from plainnet import ops
        return ops.exp(x)
    def h(x): return plainnet.log(x)
    """
    tests = [f"{name}(plainnet.Tensor([1.0]))" for name in "fgh"]
    assert exam(answer, *tests, forbid=("plainnet.exp",)).verdicts == ["failed", "failed", "passed"]


def test_transcripts_hold_what_crossed(exam):
    answer = """
    class Box:
        def __init__(self, x): self.x = x
    def f(a):
        a += 1
        return a.sum()
    """
    test = "a = np.zeros(2)\nf(a)\nBox(3).x\na += 5\ntry: f('x')\nexcept TypeError: pass"
    events = exam(answer, test).events
    assert [(e.target, e.kind) for e in events] == [
        ("f", "call"),
        ("Box", "call"),
        ("Box().x", "getattr"),
        ("f", "call"),
    ]
    assert events[0].args[0].tolist() == [0, 0]
    assert events[0].result == 2.0
    assert events[0].changed[0].tolist() == [1, 1]
    assert events[2].result == 3
    assert events[3].error[0] == "TypeError"


def test_instructors_enumerations_named_tuples_and_data_classes_cross(exam):
    instructor = """
    import collections, dataclasses, enum
    class Color(enum.Enum):
        RED = 1
        BLUE = 2
    Point = collections.namedtuple("Point", "x y")
    @dataclasses.dataclass
    class Box:
        color: Color
        corners: list
    """
    answer = """
    def f(box):
        box.corners.append(Point(3, 4))
        box.color = Color.BLUE
        return Box(Color.RED, [p.x for p in box.corners]), Point(1, 2)
    """
    test = """
    box = Box(Color.RED, [Point(1, 2)])
    made, point = f(box)
    assert made == Box(Color.RED, [1, 3]) and box == Box(Color.BLUE, [Point(1, 2), Point(3, 4)])
    assert type(point) is Point and box.color is Color.BLUE
    """
    assert exam(answer, test, instructor=instructor).message == ""
