"""Metrics against scikit-learn, and by hand where the two could agree on an error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import metrics
from sklearn import metrics as oracle

label_pairs = st.integers(1, 40).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(0, 4), min_size=n, max_size=n)] * 2)
)


@given(label_pairs)
def test_labels_are_counted_as_scikit_learn_counts_them(pair):
    y, t = map(np.array, pair)
    options = {"labels": range(5), "average": None, "zero_division": 0}
    np.testing.assert_array_equal(metrics.confusion_matrix(y, t, 5), oracle.confusion_matrix(t, y, labels=range(5)))
    np.testing.assert_allclose(metrics.precision(y, t, 5), oracle.precision_score(t, y, **options))
    np.testing.assert_allclose(metrics.recall(y, t, 5), oracle.recall_score(t, y, **options))
    np.testing.assert_allclose(metrics.f1(y, t, 5), oracle.f1_score(t, y, **options))
    assert metrics.accuracy(y, t) == pytest.approx(oracle.accuracy_score(t, y))


@given(
    st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 1)), min_size=2, max_size=50).filter(
        lambda rows: len({t for _, t in rows}) == 2
    )
)
def test_roc_auc_is_that_of_scikit_learn_with_many_ties(rows):
    score, t = np.array(rows).T
    assert metrics.roc_auc(score / 7, t) == pytest.approx(oracle.roc_auc_score(t, score / 7))


def test_rows_are_targets_and_columns_predictions():
    counts = metrics.confusion_matrix(y=np.array([1, 1, 0]), t=np.array([0, 0, 0]))
    np.testing.assert_array_equal(counts, [[1, 2], [0, 0]])
    np.testing.assert_allclose(metrics.precision([1, 1, 0], [0, 1, 0]), [1, 1 / 2])
    np.testing.assert_allclose(metrics.recall([1, 1, 0], [0, 1, 0]), [1 / 2, 1])


def test_accuracy_takes_the_largest_score():
    assert metrics.accuracy(np.array([[0.1, 0.9], [0.8, 0.2]]), np.array([1, 1])) == 0.5


def test_roc_auc_by_hand():
    assert metrics.roc_auc([1, 2, 3, 4], [0, 0, 1, 1]) == 1
    assert metrics.roc_auc([4, 3, 2, 1], [0, 0, 1, 1]) == 0
    assert metrics.roc_auc([5, 5, 5, 5], [0, 1, 0, 1]) == 0.5


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: metrics.accuracy([1, 2], [1]), ValueError, r"\(2,\) and \(1,\)"),
        (lambda: metrics.accuracy([], []), ValueError, "N > 0"),
        (lambda: metrics.f1([0.2, 0.7], [0, 1]), TypeError, "argmax"),
        (lambda: metrics.confusion_matrix([0, 3], [0, 1], 2), ValueError, r"0\.\.1"),
        (lambda: metrics.confusion_matrix([0, -1], [0, 1]), ValueError, "-1"),
        (lambda: metrics.roc_auc([0.1, 0.2], [1, 1]), ValueError, "both present"),
        (lambda: metrics.roc_auc([0.1, 0.2, 0.3], [0, 1, 2]), ValueError, "0 and 1"),
        (lambda: metrics.roc_auc([np.nan, 0.2], [0, 1]), ValueError, "NaN"),
    ],
)
def test_bad_input_is_refused_in_words(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_one_column_of_logits_means_class_one_against_class_zero():
    logits, t = np.array([[5.0], [-5.0], [5.0]]), np.array([1, 0, 0])
    assert (
        metrics.accuracy(logits, t)
        == metrics.accuracy(logits, t.reshape(3, 1).astype(np.float32))
        == pytest.approx(2 / 3)
    )
