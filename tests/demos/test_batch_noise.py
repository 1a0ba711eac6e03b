"""Batch-size noise: what is on screen is what single samples and mini-batches give by hand."""

import numpy as np
import pytest
from plainnet.demos import batch_noise as demo
from plainnet.demos.batch_noise import BatchNoise

pytestmark = pytest.mark.ch06


def gradient_by_hand(w, x, t):
    error = w[0] * x + w[1] - t
    return 2 * np.stack([error * x, error], axis=1)


def test_gradients_of_samples_are_those_of_the_formula():
    rng = np.random.default_rng(3)
    x, t, w = rng.normal(size=9), rng.normal(size=9), rng.normal(size=2)
    np.testing.assert_allclose(demo.gradients_of_samples(w, x, t), gradient_by_hand(w, x, t), rtol=1e-12)


def test_the_exact_path_is_plain_gradient_descent():
    recording = demo.record("16", lr=0.1)
    x, t = demo.samples(np.random.default_rng(0))
    w = np.zeros(2)
    for frame in recording.frames[1:6]:
        for _ in range(demo.STEPS_PER_FRAME):
            w = w - 0.1 * gradient_by_hand(w, x, t).mean(axis=0)
        np.testing.assert_allclose([frame["exact_slope"][-1], frame["exact_intercept"][-1]], w, rtol=1e-9)


def test_all_samples_walk_the_exact_path_and_have_no_cloud():
    frame = demo.record(demo.ALL).frames[-1]
    np.testing.assert_allclose(frame["slope"], frame["exact_slope"])
    np.testing.assert_allclose(frame["cloud"], np.tile(frame["mean"], (demo.DRAWS, 1)), atol=1e-12)


@pytest.mark.parametrize("size", [1, 4, 16])
def test_clouds_shrink_with_the_root_of_the_batch_size(size):
    rng = np.random.default_rng(0)
    single = gradient_by_hand(np.zeros(2), *demo.samples(rng))
    cloud = np.concatenate([demo.batch_gradients(single, size, rng) for _ in range(40)])  # 4,000 batches
    exact = single.std(axis=0) * np.sqrt((256 - size) / 255 / size)  # drawn without replacement
    np.testing.assert_allclose(cloud.std(axis=0), exact, rtol=0.06)  # five standard errors


def test_an_epoch_of_batches_uses_every_sample(monkeypatch):
    seen = []
    batches = demo.data.minibatches
    monkeypatch.setattr(demo.data, "minibatches", lambda x, *rest: seen.append(len(x)) or batches(x, *rest))
    demo.record("64")
    assert seen.count(256) >= demo.STEPS // 4  # 4 batches an epoch


def test_a_falling_rate_ends_nearer_than_a_constant_one():
    constant, falling = (demo.record("1", lr=0.1, falling=falling).series("noisy")[-20:] for falling in (False, True))
    assert np.mean(falling) < np.mean(constant)


@pytest.mark.parametrize("size", demo.names())
def test_the_question_is_answered_by_measuring(size):
    ask = demo.record(size).asks[0]
    assert ask.answer == (3 if size == demo.ALL else 1)
    assert ask.frame == 1


def test_an_unknown_batch_size_is_named():
    with pytest.raises(ValueError, match="1, 4, 16, 64, all"):
        demo.record("5")


def test_a_rate_that_is_too_large_is_recorded_all_the_same():
    assert len(demo.record("1", lr=0.4).validate()) == demo.STEPS // demo.STEPS_PER_FRAME + 1


def test_every_batch_size_is_recorded_for_a_page_with_and_without_a_falling_rate():
    values = [variant["values"] for variant in BatchNoise().variants()]
    assert {(one["batch_size"], one["falling"]) for one in values} == {
        (n, f) for n in demo.names() for f in (False, True)
    }
