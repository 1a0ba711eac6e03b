"""The gradient check must catch what is wrong, and say where."""

import numpy as np
import plainnet as pn
import pytest
from plainnet import gradcheck, op


def broken(forward, **rules):
    """Return an op with the given, wrong rules."""
    new = op("broken")(forward)
    new.vjp(**rules)
    return new


WRONG = {
    "a sign": broken(lambda x: np.cos(x), x=lambda g, y, x: g * np.sin(x)),
    "a missing factor": broken(lambda x: x**3, x=lambda g, y, x: g * x**2),
    "a factor off by a thousandth": broken(lambda x: x**2, x=lambda g, y, x: g * 2.002 * x),
    "the upstream gradient ignored": broken(lambda x: 3 * x, x=lambda g, y, x: np.full_like(x, 3)),
    "one element wrong": broken(lambda x: 2 * x, x=lambda g, y, x: 2 * g * (np.arange(x.size).reshape(x.shape) != 4)),
    "a softmax that returns zeros": broken(pn.softmax.forward, z=lambda g, y, z, axis=-1: np.zeros_like(z)),
    "infinity": broken(lambda x: x, x=lambda g, y, x: g / np.zeros_like(g)),
    "not a number": broken(lambda x: x, x=lambda g, y, x: g * np.nan),
}


@pytest.mark.parametrize("mistake", WRONG)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_wrong_rule_is_caught(mistake):
    rng = np.random.default_rng(0)
    with pytest.raises(AssertionError, match=r"input 0, of shape \(2, 4\), is wrong"):
        gradcheck.check(WRONG[mistake], rng.normal(size=(2, 4)), rng=rng)


def test_the_message_names_the_wrong_input_and_both_numbers():
    wrong_w = broken(lambda x, w: x @ w, x=lambda g, y, x, w: g @ w.T, w=lambda g, y, x, w: -x.T @ g)
    rng = np.random.default_rng(0)
    with pytest.raises(AssertionError, match=r"input 1.*backpropagation says -?\d.*finite differences say -?\d"):
        gradcheck.check(wrong_w, rng.normal(size=(2, 3)), rng.normal(size=(3, 2)), rng=rng)


def test_a_right_function_passes_and_its_inputs_stay_as_they_are():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    copies = x.copy(), w.copy()
    gradcheck.check(lambda x, w: (x @ w).tanh().mean(axis=0), x, w, rng=rng)
    np.testing.assert_array_equal(x, copies[0])
    np.testing.assert_array_equal(w, copies[1])


def test_an_input_that_does_not_matter_has_gradient_zero():
    rng = np.random.default_rng(0)
    gradcheck.check(lambda x, unused: x.exp(), np.ones(3), np.ones(2), rng=rng)


def test_a_forgotten_path_is_caught():
    rng = np.random.default_rng(0)
    with pytest.raises(AssertionError, match="input 0"):
        gradcheck.check(lambda x: x + pn.Tensor(x.data).exp(), np.ones(3), rng=rng)
