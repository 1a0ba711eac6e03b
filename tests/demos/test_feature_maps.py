"""Feature maps: every map is the network's, and what the maps say adds up to the difference of two logits."""

import numpy as np
import pytest
from plainnet import Tensor, conv2d, max_pool2d
from plainnet.demos import feature_maps as demo
from plainnet.demos.digit_reader import as_in_the_data, digit_reader
from plainnet.demos.draw_digit import examples

pytestmark = pytest.mark.ch12
DRAWINGS = {name: values["drawing"] for name, values in examples().items()}


@pytest.mark.parametrize("name", DRAWINGS)
def test_maps_are_those_of_the_layers_one_after_the_other(name):
    frames = demo.record(DRAWINGS[name], kernel=5).validate().frames
    x = as_in_the_data(np.array(DRAWINGS[name]) > 0)[None, :, :, None].astype(np.float32)
    first, second = (digit_reader().layers[k] for k in (0, 2))
    a = conv2d(x, first.w, first.b, padding=1).data
    h = np.maximum(a, 0)
    h2 = np.maximum(conv2d(h, second.w, second.b, padding=1).data, 0)
    np.testing.assert_allclose(frames[1]["map"], a[0, :, :, 4], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(frames[2]["map"], h[0, :, :, 4], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(frames[-1]["first"], h[0].transpose(2, 0, 1), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(frames[-1]["second"], h2[0].transpose(2, 0, 1), rtol=1e-5, atol=1e-6)
    pooled = max_pool2d(h2, kernel_size=2).data[0]
    np.testing.assert_allclose(frames[-1]["pooled"], pooled.transpose(2, 0, 1), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_the_maps_say_adds_up_to_the_difference_of_two_logits(name):
    frame = demo.record(DRAWINGS[name]).frames[-1]
    x = as_in_the_data(np.array(DRAWINGS[name]) > 0)[None, :, :, None].astype(np.float32)
    z, bias = digit_reader()(Tensor(x)).data[0], digit_reader().layers[-1].b.data
    best, second = np.argsort(-z, kind="stable")[:2]
    want = (z[best] - z[second]) - (bias[best] - bias[second])
    assert frame["voices"].sum() == pytest.approx(want, rel=1e-3)
    assert f"reads a {best}" in frame["text"]


def test_nothing_is_shown_before_it_is_computed():
    frames = demo.record(DRAWINGS["a 3 from the data"]).frames
    for step, name in ((1, "map"), (3, "first"), (4, "second"), (5, "pooled"), (6, "voices")):
        assert not np.any(frames[step - 1][name])
        assert np.any(frames[step][name])


def test_the_answer_is_the_share_that_pooling_keeps():
    for drawing in DRAWINGS.values():
        recording = demo.record(drawing)
        frame, (ask,) = recording.frames[-1], recording.asks
        kept = frame["pooled"].sum() / frame["second"].sum()
        assert kept > 0.25
        assert abs(demo.SHARES[ask.choices[ask.answer]] - kept) <= 0.125


def test_an_empty_sheet_is_no_error_and_wrong_sizes_are_named():
    assert demo.record(np.zeros((16, 16))).validate()
    with pytest.raises(ValueError, match="16 by 16"):
        demo.record(np.zeros((8, 8)))
    with pytest.raises(ValueError, match="expected a kernel"):
        demo.record(np.zeros((16, 16)), kernel=17)


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_stops_before_pooling(open_demo):
    page = open_demo(demo.FeatureMaps())
    page.keyboard.press("End")
    assert "What share of their sum?" in page.inner_text(".pn-ask")
