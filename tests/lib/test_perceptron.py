"""The perceptron learns what a line separates, within Novikoff's bound, and says when it does not converge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import data
from plainnet.perceptron import Perceptron

seeds = st.integers(0, 2**32 - 1)


def separable(seed, n=40, margin=0.2):
    """Return points on both sides of a random line, no nearer to it than `margin`, and its unit vector (w, b)."""
    rng = np.random.default_rng(seed)
    line = rng.standard_normal(3)
    line /= np.linalg.norm(line)
    x = rng.uniform(-2, 2, (50 * n, 2))
    score = x @ line[:2] + line[2]
    x, score = x[np.abs(score) > margin][:n], score[np.abs(score) > margin][:n]
    return x, (score > 0).astype(int), line


@given(seeds)
def test_separable_data_converge_within_novikoffs_bound(seed):
    x, t, line = separable(seed)
    model = Perceptron(2).fit(x, t, max_epochs=10_000)
    assert model.converged
    np.testing.assert_array_equal(model.predict(x), t)
    extended = np.column_stack([x, np.ones(len(x))])
    bound = (np.linalg.norm(extended, axis=1).max() / np.abs(extended @ line).min()) ** 2
    assert model.num_mistakes <= bound


def test_xor_never_converges_and_the_limit_on_epochs_holds():
    model = Perceptron(2).fit(*data.xor(), max_epochs=25)
    assert not model.converged
    assert model.num_epochs == 25


def test_only_mistakes_change_the_weights():
    x, t = np.array([[2.0, 0.0], [3.0, 0.0], [-1.0, 0.0]]), np.array([1, 1, 0])
    model = Perceptron(2)
    assert list(model.learn(x, t)) == [0]  # sample 0 scores 0, which counts as wrong; then all are right
    np.testing.assert_array_equal(model.w, [2, 0])
    assert model.b == 1


def test_the_bias_is_learned():
    x = np.array([[10.0], [11.0], [12.0], [13.0]])
    t = np.array([0, 0, 1, 1])
    assert Perceptron(1).fit(x, t, max_epochs=10_000).converged


def test_inputs_are_left_alone():
    x, t, _ = separable(3)
    before = x.copy()
    Perceptron(2).fit(x, t)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("x", "t", "message"),
    [
        (np.zeros((3, 4)), np.zeros(3, int), r"x \(N, 2\)"),
        (np.zeros((3, 2)), np.zeros(4, int), r"t \(N,\)"),
        (np.zeros((0, 2)), np.zeros(0, int), "N > 0"),
        (np.zeros((2, 2)), np.array([-1, 1]), r"\(t > 0\)"),
    ],
)
def test_bad_input_is_refused_in_words(x, t, message):
    with pytest.raises(ValueError, match=message):
        Perceptron(2).fit(x, t)
