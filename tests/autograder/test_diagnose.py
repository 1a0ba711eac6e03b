"""Diagnosis on transcripts written by hand: what is recognised, what is said without a match, what is never said."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.assignment import Answer, Assignment, Cell, Exercise
from autograder.exam.diagnose import diagnose, recognise
from autograder.exam.differences import describe
from autograder.exam.known import REFERENCE, Run, Table
from autograder.exam.transcript import Event, Instance, Opaque, Transcript
from autograder.verdicts import FAILED, PASSED, UNGRADED, CellResult

Z = np.array([[1.0, 2.0], [3.0, 5.0]])
RIGHT = np.array([[0.25, 0.75], [0.1, 0.9]])
CELLS = (
    Cell("solution", "def softmax(z): ...", "softmax", "softmax"),
    Cell("test", "", "softmax-test-1", "softmax", 2.0),
    Cell("hidden", "", "softmax-hidden-1", "softmax", 3.0),
    Cell("solution", "def loss(z): ...", "loss", "loss"),
    Cell("hidden", "", "loss-hidden-1", "loss", 1.0),
)


def event(result=None, error=None, target="softmax", kind="call", changed=(), args=(Z,)):
    return Event(target, kind, args if kind == "call" else (), {}, result, error, tuple(changed))


def run(exercise="softmax", messages=("", ""), **events):
    """Return a run: grade id suffix -> events of a failed test; the others pass with the reference's result."""
    cells, transcripts = [], {}
    for cell, message in zip([cell for cell in CELLS if cell.exercise == exercise and cell.points], messages):
        name = cell.grade_id.removeprefix(f"{exercise}-").replace("-", "_")
        verdict = FAILED if name in events else PASSED
        score = 0.0 if name in events else cell.points
        cells.append(CellResult(cell.grade_id, exercise, cell.points, score, verdict, message))
        transcripts[cell.grade_id] = Transcript(events.get(name, [event(RIGHT, target=exercise)]))
    return Run(tuple(cells), transcripts)


@pytest.fixture
def table(tmp_path):
    """Two mistakes with hints of their own, one of them with a second body, and the reference."""
    answers = (
        Answer("softmax", "transposed", "mistake", "", "Rows and columns."),
        Answer("softmax", "half", "mistake", "", "Only half."),
        Answer("softmax", "half-again", "mistake", "", "", "half"),
        Answer("softmax", "loop", "alternative", ""),
    )
    exercises = {
        "softmax": Exercise("softmax", ("softmax",)),
        "loss": Exercise("loss", ("loss",), needs=("softmax",)),
    }
    table = Table(Assignment("ps1", CELLS, exercises, answers), None, tmp_path)
    table.store("softmax", REFERENCE, 0, run())
    table.store("loss", REFERENCE, 0, run("loss"))
    table.store("softmax", "transposed", 0, run(hidden_1=[event(RIGHT.T)]))
    table.store("softmax", "half", 0, run(hidden_1=[event(RIGHT / 2)], test_1=[event(RIGHT / 2)]))
    table.store("softmax", "half-again", 0, run(hidden_1=[event(RIGHT / 2)], test_1=[event(RIGHT / 2)]))
    return table


def recognised(table, answer, without=frozenset()):
    """Return the id of the one mistake that all failed tests show; None where they show none."""
    found = recognise(answer, table, 0, without)
    failed = {cell.grade_id for cell in answer.cells if cell.verdict == FAILED}
    assert set(found) in (failed, set())
    return next(iter({one.id for one in found.values()}), None)


def said(table, answer, **options):
    return {cell.grade_id: cell for cell in diagnose(table.assignment, answer, table, lambda _: 0, **options)}


def test_an_answer_that_behaves_like_a_mistake_gets_its_hint(table):
    found = said(table, run(hidden_1=[event(RIGHT.T * (1 + 1e-9))]))
    assert found["softmax-hidden-1"].mistake == "transposed"
    assert found["softmax-hidden-1"].hint == "Rows and columns."
    assert found["softmax-test-1"].hint is None


def test_a_second_body_has_the_first_ones_name_and_hint(table):
    wrong = run(hidden_1=[event(RIGHT / 2)], test_1=[event(RIGHT / 2)])
    found = said(table, wrong)["softmax-hidden-1"]
    assert (found.mistake, found.hint) == ("half", "Only half.")
    assert recognised(table, wrong, {"half"}) == "half-again"


def test_other_failed_tests_are_no_match(table):
    assert recognised(table, run(test_1=[event(RIGHT.T)])) is None
    assert recognised(table, run(hidden_1=[event(RIGHT / 2)])) is None


def test_two_mistakes_that_behave_alike_give_no_hint(table):
    table.store("softmax", "half", 0, run(hidden_1=[event(RIGHT.T)]))
    assert recognised(table, run(hidden_1=[event(RIGHT.T)])) is None


def test_passed_tests_decide_between_mistakes_that_fail_alike(table):
    precise = run(hidden_1=[event(RIGHT.T)])
    precise.transcripts["softmax-test-1"][0].result = RIGHT + 1e-4
    table.store("softmax", "half", 0, precise)
    assert recognised(table, precise) == "half"
    assert recognised(table, run(hidden_1=[event(RIGHT.T)])) == "transposed"


def test_errors_agree_by_class(table):
    table.store("softmax", "transposed", 0, run(hidden_1=[event(error=("ValueError", "axes"))]))
    assert recognised(table, run(hidden_1=[event(error=("ValueError", "other words"))])) == "transposed"
    assert recognised(table, run(hidden_1=[event(error=("TypeError", "axes"))])) is None


@pytest.mark.parametrize("zeros", [0, np.int64(0), [0, np.zeros(2, int)]])
def test_a_whole_number_in_place_of_a_float_hides_no_mistake(table, zeros):
    known = [0.0, np.zeros(2)] if isinstance(zeros, list) else 0.0
    table.store("softmax", "transposed", 0, run(hidden_1=[event(known)]))
    assert recognised(table, run(hidden_1=[event(zeros)])) == "transposed"
    assert recognised(table, run(hidden_1=[event(False)])) is None


def test_the_order_of_a_dicts_keys_hides_no_mistake(table):
    wrong = {"w": RIGHT, "b": np.ones(2)}
    table.store("softmax", "dict", 0, run(hidden_1=[event(wrong)]))
    known = Answer("softmax", "dict", "mistake", "", "A dict.")
    table.assignment = replace(table.assignment, answers=(*table.assignment.answers, known))
    assert recognised(table, run(hidden_1=[event({"b": np.ones(2), "w": RIGHT})])) == "dict"
    assert recognised(table, run(hidden_1=[event({"b": RIGHT, "w": np.ones(2)})])) is None
    assert recognised(table, run(hidden_1=[event({1: RIGHT, "b": np.ones(2)})])) is None


def test_a_failure_that_shows_in_no_call_is_not_recognised(table):
    table.store("softmax", "transposed", 0, run(hidden_1=[event(RIGHT)]))
    assert recognised(table, run(hidden_1=[event(RIGHT)])) is None


def test_a_failure_that_shows_in_one_call_is_enough(table):
    wrong = {"hidden_1": [event(RIGHT)], "test_1": [event(RIGHT / 2)]}
    table.store("softmax", "half", 0, run(**wrong))
    assert recognised(table, run(**wrong)) == "half"


def test_small_differences_count_where_a_test_is_strict(table):
    table.store("softmax", "transposed", 0, run(hidden_1=[event(RIGHT * (1 + 1e-8))]))
    table.store("softmax", "half", 0, run(hidden_1=[event(RIGHT * (1 - 1e-8))]))
    assert recognised(table, run(hidden_1=[event(RIGHT * (1 + 1e-8))])) == "transposed"


def test_what_a_student_asks_of_the_tests_functions_is_no_part_of_the_behaviour(table):
    callback = Event("function of the test", "callback", (1.0,), {}, 2.0)
    answer = run(hidden_1=[callback, event(RIGHT.T)])
    assert recognised(table, answer) == "transposed"


def test_verdicts_and_marks_stay_as_they_are(table):
    answer = run(hidden_1=[event(RIGHT + 1)])
    before = [(cell.verdict, cell.score) for cell in answer.cells]
    assert [(cell.verdict, cell.score) for cell in said(table, answer).values()] == before


def test_a_passed_or_ungraded_test_is_left_alone(table):
    answer = run(hidden_1=[event(RIGHT + 1)])
    answer.cells[1].verdict, answer.cells[1].message = UNGRADED, "our fault"
    assert list(said(table, answer).values()) == list(answer.cells)


def test_a_visible_test_keeps_its_own_message(table):
    answer = run(messages=("The rows should add up to 1.", ""), test_1=[event(RIGHT + 1)])
    assert said(table, answer)["softmax-test-1"].message == "The rows should add up to 1."


def test_an_untouched_or_missing_answer_is_called_so(table):
    answer = run(hidden_1=[event(error=("NotImplementedError", "softmax"))])
    assert "Not started" in said(table, answer, problems={"softmax": "untouched"})["softmax-hidden-1"].message
    assert "missing" in said(table, answer, problems={"softmax": "missing"})["softmax-hidden-1"].message


def test_feedback_names_what_to_mend_first(table):
    both = Run(
        run(hidden_1=[event(RIGHT + 1)]).cells + run("loss", test_1=[], hidden_1=[event(None, target="loss")]).cells,
        run(hidden_1=[event(RIGHT + 1)]).transcripts | run("loss", hidden_1=[event(None, target="loss")]).transcripts,
    )
    assert "This builds on softmax, which failed too: mend that first." in said(table, both)["loss-hidden-1"].message


def test_an_end_of_the_process_is_said_in_words_also_by_a_visible_test(table):
    gone = event(error=("StudentGone", "it took too long"))
    answer = run(messages=("the student's process ended", ""), test_1=[gone], hidden_1=[])
    found = said(table, answer)
    assert "gave no answer: it took too long." in found["softmax-test-1"].message
    assert "was not run" in found["softmax-hidden-1"].message


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (event(error=("ValueError", "no\nway")), "raised ValueError: no way."),
        (event(error=("KeyError", "")), "raised KeyError."),
        (event(None), "returned None: is a `return` missing"),
        (event([[1.0]]), "returned a list; another type is asked for."),
        (event(RIGHT[0]), "returned an array of shape (2,), which is not the shape asked for."),
        (event(RIGHT.astype(np.float32)), "returned numbers of dtype float32; another dtype is asked for."),
        (event((RIGHT > 0).astype(int)), "returned numbers of dtype int64; another dtype is asked for."),
        (event(RIGHT * np.nan), "returned NaN where a number is asked for."),
        (event(RIGHT * np.inf), "returned infinity where a number is asked for."),
        (event(RIGHT, changed=[RIGHT]), "changed what it was given: work on a copy."),
        (event(RIGHT + 1), "`softmax`, given an array of shape (2, 2), returned wrong values."),
    ],
)
def test_the_kind_of_difference_is_named(seen, words):
    assert words in describe(Transcript([seen]), Transcript([event(RIGHT)]))


@pytest.mark.parametrize(
    ("seen", "right", "words"),
    [
        (event(3), event(error=("ValueError", "")), "accepted an argument that it should refuse with an error."),
        (event((1, RIGHT + 1)), event((1, RIGHT)), "returned a tuple with wrong values."),
        (event([1, 2, 3]), event([1, 2]), "returned a list of length 3, which is not the length asked for."),
        (event({"a": 1}), event({"b": 1}), "returned a dict with wrong entries."),
        (event("no"), event("yes"), "returned the wrong text."),
        (event(2.0, target="Value().data", kind="getattr"), event(3.0), "`Value().data` did not give"),
        (event(None), event(None, changed=[Z]), "left what it was given as it was"),
        (event(None, changed=[Z + 1]), event(None, changed=[Z]), "left wrong values in what it was given."),
    ],
)
def test_the_kind_of_difference_is_named_for_other_results(seen, right, words):
    assert words in describe(Transcript([seen]), Transcript([right]))


def test_a_function_that_calls_a_tests_function_is_not_told_to_change_its_input():
    asked = (Opaque("callback", "function"), Z)
    have, want = (Event("slope", "call", asked, {}, RIGHT, None, changed) for changed in ((), (Z,)))
    assert "does it change what it is given?" in describe(Transcript([have]), Transcript([want]))


def test_objects_of_the_course_are_described_by_what_is_wrong_with_them():
    have, want = (Instance("plainnet.autograd.Tensor", {"data": data, "name": ""}) for data in (RIGHT + 1, RIGHT))
    words = "returned an object of the class Tensor whose `data` differs: wrong values."
    assert words in describe(Transcript([event(have)]), Transcript([event(want)]))
    other = Instance("course.Node", {})
    assert "of the class Node; another class is asked for." in describe(
        Transcript([event(other)]), Transcript([event(want)])
    )
    assert "or in another order" in describe(Transcript([event([have])]), Transcript([event([want])]))


def test_of_a_model_counts_what_the_test_saw_not_how_it_was_put_together():
    """Its layers are the student's choice: a sentence about them would send someone to mend what is right."""

    def transcript(widths, share):
        layers = [Instance("plainnet.nn.Linear", {"w": np.ones((2, width))}) for width in widths]
        model = Instance("plainnet.nn.Sequential", {"layers": layers})
        return Transcript([event(model, target="train"), Event("assert_equal", "seen", (share,))])

    said = describe(transcript([3, 4], [False]), transcript([5], [True]))
    assert said == "What the test then computed from your answer is a list with the wrong truth value."
    assert "whose `layers` differs" in describe(transcript([3, 4], [True]), transcript([5], [True]))


def test_an_export_that_is_missing_is_named():
    have = Event("softmax", "export", error=("NameError", ""))
    want = Event("softmax", "export", result=Opaque("handle", "softmax"))
    assert describe(Transcript([have]), Transcript([want])) == "`softmax` is not defined."


def test_the_first_call_that_differs_is_named_not_the_last():
    have = Transcript([event(RIGHT), event(RIGHT[:1]), event(None)])
    assert "shape (1, 2)" in describe(have, Transcript([event(RIGHT)] * 3))


def test_a_students_own_message_is_one_short_printable_line():
    message = describe(Transcript([event(error=("ValueError", "a\x1b[31m\n" * 500))]), Transcript([event(RIGHT)]))
    assert "\x1b" not in message
    assert "\n" not in message
    assert len(message) < 300


@given(arrays.arrays(np.float64, (3,), elements=st.floats(1e6, 1e9)))
def test_no_right_number_stands_in_a_message(right):
    message = describe(Transcript([event(right + 1, args=(0,))]), Transcript([event(right, args=(0,))]))
    assert not any(f"{number:.6g}" in message or str(number) in message for number in right)
