"""Which names code binds and which it takes from outside, compared with what Python does when it runs the code."""

import builtins
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.author.names import attributes_of, bound_names, free_names


@pytest.mark.parametrize(
    ("source", "bound", "free"),
    [
        ("import os.path as p, sys\nfrom a import b as c", ["p", "sys", "c"], []),
        ("x = x + 1", ["x"], ["x"]),
        ("x = 1\nx += y", ["x"], ["y"]),
        ("x += 1", ["x"], ["x"]),
        ("x: z = 1", ["x"], ["z"]),
        ("for i, (j, *k) in pairs:\n    i + j\nelse:\n    m", ["i", "j", "k"], ["pairs", "m"]),
        ("def f(a, b=d, *c, **e):\n    return a + b + g + later\nlater = 1", ["f", "later"], ["d", "g"]),
        ("def f():\n    f()", ["f"], []),
        (
            "@wrap\nclass A(B, metaclass=M):\n    u = 1\n    v = u + t\n    def g(self): return u",
            ["A"],
            ["wrap", "B", "M", "t", "u"],
        ),
        ("[x * y for x in xs if (z := x)]\nz", ["z"], ["y", "xs"]),
        ("{k: v for k, v in d.items()}\n(lambda p, q=r: p + s)", [], ["d", "r", "s"]),
        ("with open(f) as g, h: g", ["g"], ["f", "h"]),
        ("try: pass\nexcept E as error: error", ["error"], ["E"]),
        ("def f():\n    global n\n    n = 1\nf()\nn", ["f", "n"], []),
        ("match p:\n    case {'a': a, **rest}: a, rest\n    case [b, *cs]: b, cs", ["a", "rest", "b", "cs"], ["p"]),
        ("print(len(display.__name__))", [], []),
        ("if c:\n    x = 1\nx", ["x"], ["c"]),
        ("del x", ["x"], ["x"]),
        ("f'{a!r:>{b}}'", [], ["a", "b"]),
    ],
)
def test_names_of_one_construct(source, bound, free):
    assert sorted(bound_names(source)) == sorted(bound)
    assert sorted(free_names(source)) == sorted(free)


def test_a_free_name_comes_with_the_line_of_its_first_use():
    assert free_names("a = 1\nb = missing\n\ndef f():\n    return a + other + missing") == {"missing": 2, "other": 5}


def test_imports_count_only_where_asked():
    assert bound_names("import numpy as np\nx = 1", imports=False) == ["x"]


@pytest.mark.parametrize(
    ("source", "want"),
    [
        ("reference.f(reference.g, x.h)", {"f", "g"}),
        ("getattr(reference, name)", None),
        ("other = reference", None),
        ("x = 1", set()),
    ],
)
def test_attributes_are_known_unless_the_name_goes_elsewhere(source, want):
    assert attributes_of(source, "reference") == want


names = st.sampled_from("abcdef")
expressions = st.one_of(
    names, st.builds("({} + {})".format, names, names), st.builds("[{0} for {0} in [{1}]]".format, names, names)
)
statements = st.one_of(
    st.builds("{} = {}".format, names, expressions),
    st.builds("{} += {}".format, names, expressions),
    st.builds("for {} in [{}]: {}".format, names, expressions, expressions),
    st.builds("{} = lambda {}=0: ({}, {})".format, names, names, names, expressions),
    st.builds("class {}:\n    {} = 1\n    {} = {}".format, names, names, names, expressions),
)


class Anything:
    """Adds to whatever there is, and iterates."""

    def __add__(self, other):
        return self

    __radd__ = __iadd__ = __add__


@given(st.lists(statements, min_size=1, max_size=6))
def test_with_its_free_names_code_runs_without_a_missing_name(lines):
    source = "\n".join(lines)
    world = {"__builtins__": {"__build_class__": builtins.__build_class__}, "__name__": "cell"}
    world |= {name: Anything() for name in free_names(source)}
    with contextlib.suppress(TypeError):  # adding a lambda to a class
        exec(compile(source, "cell", "exec"), world)


@given(st.lists(statements, min_size=1, max_size=6))
def test_a_name_that_python_misses_is_a_free_name(lines):
    source = "\n".join(lines)
    missed = ""
    try:
        exec(
            compile(source, "cell", "exec"),
            {"__builtins__": {"__build_class__": builtins.__build_class__}, "__name__": "cell"},
        )
    except NameError as error:
        missed = error.name
    except TypeError:
        pass
    assert missed == "" or missed in free_names(source)
