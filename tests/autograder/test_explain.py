"""An appeal: what crossed in a student's tests, with the values, beside what the reference gave; nothing is written."""

import collections

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.assignment import Cell
from autograder.course import load_assignment
from autograder.exam.engine import environment_key, grade
from autograder.exam.intake import Submission
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox
from autograder.exam.transcript import Event, Instance, Opaque, Transcript
from autograder.explain import lines_of, replay
from autograder.results.abbreviated import MAX_LINE, abbreviated, where_they_differ
from autograder.results.audit import Audit
from autograder.results.history import History
from autograder.results.replayed import beside, first_of, lines_of_test
from autograder.verdicts import PASSED, REJECTED, CellResult, SubmissionResult

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
TRIPLE = RIGHT | {"double": "def double(x):\n    return 3 * x"}
LATE = RIGHT | {"double": "def double(x):\n    return 2 * x if x != -1.5 else float('nan')"}


def files(folder):
    """Return every file of a folder with its bytes and its time."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    """A cache of what known answers did: made once for all tests here."""
    return tmp_path_factory.mktemp("known")


@pytest.fixture
def graded(tmp_path, mini_course, answered, known):
    """Return a function that puts a student's graded submission on record, and gives the folders."""

    def record(student, answers):
        assignment = load_assignment(mini_course, "01_mini")
        submission = Submission(student, answered(**answers), timestamp="2024-10-01 12:00:00 UTC")
        with Sandbox() as sandbox:
            table = Table.load_or_make(assignment, sandbox, known)
            result = grade(submission.notebook, assignment, student, sandbox, table).result
        History(tmp_path / "out", "01_mini").keep(submission)
        Audit(tmp_path / "out", "01_mini").add([(submission, result, environment_key(assignment))])
        return tmp_path / "out", mini_course

    return record


@pytest.mark.slow
@pytest.mark.sandbox
class TestReplay:
    def test_each_call_stands_beside_the_references_and_the_first_difference_is_marked(self, graded, known):
        found = replay("ada", "double", *graded("ada", TRIPLE), cache=known)
        text = "\n".join(lines_of(found))
        assert "01_mini, double: ada, 0 of 3 points" in text
        assert "handed in 2024-10-01 12:00:00 UTC" in text
        assert "  |     return 3 * x" in text
        visible, hidden = text.split("\ndouble-hidden-1: ")
        assert ">>  2. double(2)\n         gave       6\n         reference  4\n" in visible
        assert "misconception: triples" in visible
        assert "hint: Twice means x + x." in visible
        assert "2. double(0)\n         gave       0 (the reference too)" in hidden
        assert ">>  3. double(3)\n         gave       9\n         reference  6\n" in hidden
        assert ">> the first difference: 9, the reference's is 6" in hidden
        assert "  >> 4 |     assert double(x) == x + x" in hidden
        assert found.same_tests
        assert found.differing() == {}

    def test_a_passed_test_has_no_difference(self, graded, known):
        text = "\n".join(lines_of(replay("ada", "double", *graded("ada", RIGHT), cache=known)))
        assert "double-test-1: passed, 1 of 1 points (visible test)" in text
        assert ">>" not in text

    def test_a_difference_behind_right_values_is_found(self, graded, known):
        text = "\n".join(lines_of(replay("ada", "double", *graded("ada", LATE), cache=known)))
        assert ">>  4. double(-1.5)\n         gave       nan\n         reference  -3.0\n" in text

    def test_tests_that_changed_are_said_with_both_verdicts(self, graded):
        out, course = graded("ada", TRIPLE)
        master = course / "source" / "01_mini" / "exercises.ipynb"
        master.write_text(master.read_text().replace("assert double(2) == 4", "assert double(2) == 6"))
        found = replay("ada", "double", out, course)
        assert found.differing() == {"double-test-1": ("failed", "passed")}
        text = "\n".join(lines_of(found))
        assert "have changed since this was graded" in text
        assert "double-test-1 is failed on record and passed in this replay" in text

    @pytest.mark.slow
    def test_nothing_is_written(self, graded, known, tmp_path):
        out, course = graded("ada", TRIPLE)
        before = files(tmp_path), files(known)
        replay("ada", "double", out, course, cache=known)
        replay("ada", "double", out, course)
        assert (files(tmp_path), files(known)) == before

    @pytest.mark.slow
    def test_the_command_prints_it_and_tells_by_its_exit_code_whether_the_record_stands(self, graded):
        out, course = graded("ada", TRIPLE)
        arguments = ["explain", "ada", "double", "--out", str(out), "--course", str(course)]
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
        assert "misconception: triples" in done.output
        master = course / "source" / "01_mini" / "exercises.ipynb"
        master.write_text(master.read_text().replace("assert double(2) == 4", "assert double(2) == 6"))
        assert CliRunner().invoke(app, arguments).exit_code == 3


class TestWrongUse:
    @pytest.fixture
    def on_record(self, tmp_path, mini_course):
        rejected = SubmissionResult("eve", REJECTED, "The file is not JSON.")
        Audit(tmp_path / "out", "01_mini").add([(Submission("eve", b"{]"), rejected, "key")])
        return tmp_path / "out", mini_course

    @pytest.mark.parametrize(
        ("student", "exercise", "said"),
        [
            ("eve", "triple", "01_mini has double, square"),
            ("bob", "double", "it holds those of eve"),
            ("eve", "double", "not graded, so there is nothing to replay: The file is not JSON"),
        ],
    )
    def test_who_or_what_is_not_there_is_said_with_what_is(self, on_record, student, exercise, said):
        with pytest.raises(ValueError, match=said):
            replay(student, exercise, *on_record)
        arguments = ["explain", student, exercise, "--out", str(on_record[0]), "--course", str(on_record[1])]
        assert CliRunner().invoke(app, arguments).exit_code == 2


class TestPairs:
    def test_events_are_paired_by_what_was_asked_not_by_place(self):
        want = Transcript([Event("f", "call", (1,), result=10), Event("f", "call", (2,), result=20)])
        have = Transcript([Event("g", "call"), Event("f", "call", (2,), result=21), Event("f", "call", (3,), result=0)])
        assert [theirs and theirs.result for _, theirs in beside(have, want)] == [None, 20, None]

    def test_long_values_that_differ_in_the_middle_are_not_called_alike(self):
        want = Transcript([Event("f", "call", result=np.zeros(1000))])
        have = Transcript([Event("f", "call", result=np.eye(1, 1000, 500)[0])])
        cell = Cell("test", "f()", "f-1", "f", 1.0)
        text = "\n".join(lines_of_test(cell, CellResult("f-1", "f", 1.0, 0.0, PASSED), have, want))
        assert "the reference too" not in text
        assert "differs    1 of 1000 numbers differ, most at [500]: 1.0, the reference's is 0.0" in text

    def test_the_first_difference_is_an_event_of_the_students(self):
        want = Transcript([Event("f", "call", result=1.0), Event("assert_allclose", "seen", (np.ones(2),))])
        have = Transcript([Event("f", "call", result=1.0), Event("assert_allclose", "seen", (np.zeros(2),))])
        assert first_of(have, want) is have[1]
        assert first_of(want, want) is None


class TestAbbreviated:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (1e-17, "1e-17"),
            (np.float32(0.5), "0.5"),
            ("a\x1b[31m", r"'a\x1b[31m'"),
            ((1,), "(1,)"),
            ({"a": [None, True]}, "{'a': [None, True]}"),
            (set(), "set()"),
            ({3}, "{3}"),
            (np.arange(6.0).reshape(2, 3), "float64[2, 3] [[0., 1., 2.], [3., 4., 5.]]"),
            (np.arange(1000), "int64[1000] [ 0, 1, ..., 998, 999]"),
            (list(range(10)), "[0, 1, 2, 3, 4, 5, 6, 7, ... 2 more]"),
            (Instance("course.Node", {"data": 1.0, "inputs": (), "grad": None}), "Node(data=1.0)"),
            (np.array(1 / 3), "float64[] 0.3333333333333333"),
            (Opaque("handle", "Value()"), "<Value()>"),
            (np.random.default_rng(0), "Generator(PCG64)"),
        ],
    )
    def test_a_value_shows_in_a_line(self, value, text):
        assert abbreviated(value) == text

    def test_a_number_too_long_for_a_text_shows_its_length(self):
        assert abbreviated([1 << 100_000]) == "[<a whole number of 100001 bits>]"

    def test_what_holds_itself_comes_to_an_end(self):
        node = Instance("Node", {})
        node.state["inputs"] = [node]
        assert len(abbreviated(node)) < 100

    @given(
        st.recursive(
            st.none() | st.floats() | st.integers() | st.text() | st.binary(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
        )
    )
    def test_any_value_is_one_printable_line(self, value):
        text = abbreviated(value)
        assert "\n" not in text
        assert "\x1b" not in text
        assert len(text) <= MAX_LINE + len(" ...")

    @pytest.mark.parametrize(
        ("have", "want", "words"),
        [
            (np.zeros((2, 3)), np.zeros((3, 2)), "shape (2, 3), the reference's is (3, 2)"),
            (np.array([1, 2]), np.array([1.0, 2.0]), "dtype int64, the reference's is float64"),
            (
                np.array([[1.0, 2.0], [3.0, np.nan]]),
                np.array([[1.0, 2.5], [3.0, 4.0]]),
                "2 of 4 numbers differ, most at [1, 1]: nan, the reference's is 4.0",
            ),
            (6, 4, "6, the reference's is 4"),
            ([1, 2, 3], [1, 2], "length 3, the reference's is 2"),
            ([1, {"a": 2.0}], [1, {"a": 3.0}], "at [1]['a']: 2.0, the reference's is 3.0"),
            (
                collections.deque([Instance("N", {"x": None})]),
                collections.deque([Instance("N", {"x": "b"})]),
                "at [0].x: None, the reference's is 'b'",
            ),
            ([1.0], [1.0 + 1e-12], ""),
        ],
    )
    def test_the_difference_is_named_by_its_place(self, have, want, words):
        assert where_they_differ(have, want) == words
