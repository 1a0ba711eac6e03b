"""Running statistics: the averages on screen follow the formula of each convention."""

import itertools

import numpy as np
import pytest
from plainnet.demos import running_statistics as demo

pytestmark = pytest.mark.ch09
ALL = list(itertools.product(demo.MOMENTA, (demo.KEEP, demo.REPLACE), demo.SIZES))


@pytest.mark.parametrize(("momentum", "convention", "size"), ALL[::5])
def test_the_averages_follow_the_formula(momentum, convention, size):
    last = demo.record(momentum, convention, size).validate().frames[-1]
    m, mean, variance = float(momentum), 0.0, 1.0
    rng = np.random.default_rng(0)
    for _ in range(demo.BATCHES):
        x = demo.MEAN + demo.STD * rng.normal(size=int(size))
        if convention == demo.KEEP:
            mean, variance = m * mean + (1 - m) * x.mean(), m * variance + (1 - m) * x.var(ddof=1)
        else:
            mean, variance = (1 - m) * mean + m * x.mean(), (1 - m) * variance + m * x.var(ddof=1)
    assert last["mean"][-1] == pytest.approx(mean, rel=1e-4)
    assert last["variance"][-1] == pytest.approx(variance, rel=1e-4)


def test_a_tenth_replaced_is_nine_tenths_kept():
    kept, replaced = demo.record("0.9", demo.KEEP), demo.record("0.1", demo.REPLACE)
    np.testing.assert_allclose(kept.frames[-1]["mean"], replaced.frames[-1]["mean"], rtol=1e-5)


def test_a_momentum_copied_to_the_other_convention_follows_every_batch():
    wobble = {c: np.std(demo.record("0.9", c).frames[-1]["mean"][30:]) for c in (demo.KEEP, demo.REPLACE)}
    assert wobble[demo.REPLACE] > 3 * wobble[demo.KEEP]


@pytest.mark.parametrize(("momentum", "convention", "size"), ALL[::3])
def test_the_answer_counts_the_batches_until_the_mean_is_there(momentum, convention, size):
    recording = demo.record(momentum, convention, size)
    near = np.abs(recording.frames[-1]["mean"] - demo.MEAN) < demo.NEAR
    (ask,) = recording.asks
    low, high = [(1, 5), (6, 20), (21, demo.BATCHES), (None, None)][ask.answer]
    if low is None:
        assert not near.any()
    else:
        assert low <= np.argmax(near) <= high


def test_an_unknown_momentum_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("0.95")
