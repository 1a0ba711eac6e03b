"""Batch norm by batch size: outputs are those of plainnet's network, in training and in evaluation mode."""

import numpy as np
import pytest
from plainnet import Tensor
from plainnet.demos import norm_batch_size as demo

pytestmark = [pytest.mark.ch09, pytest.mark.slow]


@pytest.mark.parametrize("size", [2, 16, 64])
def test_right_answers_are_those_of_the_network_in_training_mode(size):
    model, x, t = demo.trained()
    layer = model.layers[2]
    before = layer.running_mean.copy(), layer.running_variance.copy()
    model.train()
    logits = np.concatenate([model(Tensor(x[i : i + size])).data for i in range(0, len(x), size)])
    model.eval()
    layer.running_mean[:], layer.running_variance[:] = before  # the demo's network is shared
    assert demo.accuracy(size) == pytest.approx(100 * np.mean(logits.argmax(axis=1) == t))


def test_evaluation_mode_is_the_networks_own():
    model, x, t = demo.trained()
    want = 100 * np.mean(model(Tensor(x)).data.argmax(axis=1) == t)
    assert demo.record().static["best"][0] == pytest.approx(want)
    assert want > 93


def test_alone_every_image_gives_beta():
    beta = demo.trained()[0].layers[2].beta.data
    for image in (0, 5):
        np.testing.assert_array_equal(demo.scattered(image, 3, size=1), np.full(demo.DRAWS, beta[3]))
    assert demo.accuracy(1) < 15  # one and the same answer for all


def test_company_scatters_less_in_larger_batches():
    spread = demo.record(2, 0).frames[-1]["spread"]
    at = dict(zip(demo.SIZES, spread))
    assert at[1] == 0
    assert at[64] < at[16] < at[4]
    assert demo.accuracy(2) < demo.accuracy(8) < demo.accuracy(64)


def test_sorted_by_class_even_large_batches_hide_what_is_to_be_seen():
    z, t = demo.before_norm(), demo.trained()[2]
    order = np.argsort(t, kind="stable")
    for size, most in ((8, 25), (64, 75)):
        outputs = np.concatenate([demo.by_batch(z[order][i : i + size]) for i in range(0, demo.HELD_OUT, size)])
        assert demo.right(outputs, t[order]) < most


def test_every_batch_is_counted():
    assert all(frame["counts"].sum() == demo.DRAWS for frame in demo.record(1, 1).validate().frames)


def test_the_answer_is_the_share_that_is_shown():
    recording = demo.record()
    (ask,) = recording.asks
    share = recording.frames[1]["rates"][-1]
    low, high = {"below 35 %": (0, 35), "35 to 65 %": (35, 65), "65 to 85 %": (65, 85), "above 85 %": (85, 100)}[
        ask.choices[ask.answer]
    ]
    assert low <= share <= high


def test_an_image_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="expected an image below 384"):
        demo.record(image=999)
