"""The helpers of hidden tests: values pass on their merits, and objects that answer for themselves never pass."""

import sys
import warnings

import numpy as np
import pytest

from autograder.testing import assert_allclose, assert_answer, assert_equal, assert_raises, begin_hidden_test


class EqualsEverything:
    """An object that agrees with whatever it is compared to."""

    def __eq__(self, other):
        return True

    def __array__(self, dtype=None, copy=None):
        return np.zeros(3)

    __hash__ = __lt__ = __gt__ = __sub__ = __abs__ = lambda *others: 0


class AlwaysClose(np.ndarray):
    """An array that says that all is well."""

    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, *args, **kwargs):
        return np.True_


LIARS = [EqualsEverything(), None, "x", [EqualsEverything()] * 3, np.array([EqualsEverything()] * 3, dtype=object)]


@pytest.mark.parametrize("liar", [*LIARS, np.ones(3).view(AlwaysClose)])
def test_nothing_but_numbers_is_close_to_numbers(liar):
    with pytest.raises(AssertionError):
        assert_allclose(liar, np.zeros(3))


@pytest.mark.parametrize("liar", [EqualsEverything(), None, [EqualsEverything()], np.ones(1).view(AlwaysClose), True])
@pytest.mark.parametrize("want", [1, 0.0, "a", [1], (1,), {"a": 1}, np.zeros(1)])
def test_nothing_but_the_value_itself_is_equal(liar, want):
    with pytest.raises(AssertionError):
        assert_equal(liar, want)


def test_numbers_arrays_and_nested_lists_agree_within_the_tolerance():
    assert_allclose([[1, 2.0], (3, np.float32(4))], np.array([[1, 2], [3, 4 + 1e-9]]), rtol=1e-8)
    assert_allclose(2, 2.0)
    assert_allclose(np.array([np.nan, np.inf]), [np.nan, np.inf])
    with pytest.raises(AssertionError, match="wrong values"):
        assert_allclose(1.001, 1.0, rtol=1e-4)


@pytest.mark.parametrize("shape", [(3,), (1, 3), (3, 1), ()])
def test_a_shape_that_would_broadcast_is_wrong(shape):
    with pytest.raises(AssertionError, match="shape"):
        assert_allclose(np.zeros(shape), np.zeros((2, 3)))


@pytest.mark.parametrize(
    ("have", "want"),
    [
        (1, 1.0),
        (np.int64(3), 3),
        ([1, (2, "a"), {"b": None}], [1, (2, "a"), {"b": None}]),
        ({1, 2}, {2, 1}),
        (float("nan"), float("nan")),
        ((np.arange(3), "x"), (np.arange(3), "x")),
    ],
)
def test_equal_values_are_equal(have, want):
    assert_equal(have, want)


@pytest.mark.parametrize(
    ("have", "want"), [(True, 1), (1, True), ([1], (1,)), ({"a": 1, "b": 2}, {"a": 1}), ("A", "a"), ([1], [1, 2])]
)
def test_other_types_or_values_are_not_equal(have, want):
    with pytest.raises(AssertionError):
        assert_equal(have, want)


@pytest.mark.parametrize(("have", "want"), [(2.3, 2.3025), (" Two \n", "two"), (np.float64(2.3), 2.3), (True, True)])
def test_answers_to_a_quiz_that_count(have, want):
    assert_answer(have, want, rtol=2e-3)


@pytest.mark.parametrize(
    ("have", "want"), [(None, 2.3), (2.31, 2.3), ("2.3", 2.3), (2.3, "2.3"), (1, True), (EqualsEverything(), "two")]
)
def test_answers_to_a_quiz_that_do_not(have, want):
    with pytest.raises(AssertionError):
        assert_answer(have, want, rtol=1e-3)


def test_a_block_that_raises_nothing_or_something_else_fails():
    with assert_raises(ValueError, TypeError):
        int("x")
    with pytest.raises(AssertionError, match="ValueError or TypeError"), assert_raises(ValueError, TypeError):
        pass
    with pytest.raises(ZeroDivisionError), assert_raises(ValueError):
        divmod(1, 0)


def test_a_hidden_cell_begins_with_its_own_draws_and_a_silent_reference(capfd):
    source = "import sys\nprint('out')\nprint('err', file=sys.stderr)\ndef double(x): return 2 * x\n"
    with warnings.catch_warnings(), np.errstate():
        rng, reference = begin_hidden_test("double", "double-hidden-1", (0, 1), source, student="ada")
        again, _ = begin_hidden_test("double", "double-hidden-1", (0, 1), source, student="ada")
        np.log(np.zeros(1))
        warnings.warn("would cost all points", stacklevel=1)
    assert reference.double(3) == 6
    assert rng.normal() == again.normal()
    assert capfd.readouterr() == ("", "")
    assert "reference" not in sys.modules


@pytest.mark.parametrize("have", [418050, 418060.2, True, "418060", None])
def test_a_count_is_right_or_wrong(have):
    assert_answer(418060, 418060)
    assert_answer(np.int64(418060), 418060)
    assert_answer(418060.0, 418060)
    with pytest.raises(AssertionError):
        assert_answer(have, 418060, rtol=1e-3)
