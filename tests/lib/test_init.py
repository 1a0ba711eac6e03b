"""Initialisation: the variances of the papers, for dense layers and convolutions."""

import numpy as np
import pytest
from plainnet import init

SHAPES = [(1000, 200), (200, 1000), (5, 5, 30, 60)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("uniform", [False, True])
def test_variance_is_that_of_the_paper(shape, uniform):
    fan_in, fan_out = np.prod(shape[:-1]), np.prod(shape) // shape[-2]
    rng = np.random.default_rng(0)
    # 45,000 draws or more: the sample variance is off by less than 5 % in far more than 99.99 % of draws
    assert init.he(shape, rng, uniform).var() == pytest.approx(2 / fan_in, rel=0.05)
    assert init.xavier(shape, rng, uniform).var() == pytest.approx(2 / (fan_in + fan_out), rel=0.05)


def test_uniform_draws_stay_within_root_three_standard_deviations():
    w = init.he((50, 400), np.random.default_rng(0), uniform=True)
    assert np.abs(w).max() == pytest.approx(np.sqrt(3 * 2 / 50), rel=0.01)


def test_a_seed_gives_the_same_network_in_both_precisions():
    single = init.he((4, 3), np.random.default_rng(7))
    double = init.he((4, 3), np.random.default_rng(7), dtype=np.float64)
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single, double.astype(np.float32))


def test_small_random_has_its_standard_deviation_and_zeros_are_zeros():
    assert init.small_random((300, 300), np.random.default_rng(0)).std() == pytest.approx(0.01, rel=0.05)
    assert not init.zeros(5).any()


def test_fans_of_a_vector_are_refused():
    with pytest.raises(ValueError, match="at least 2 axes"):
        init.he((10,), np.random.default_rng(0))


def test_numpys_global_generator_is_never_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 (only looked at)
    init.he((4, 3), np.random.default_rng(0))
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
