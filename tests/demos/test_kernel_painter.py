"""The kernel painter: its map is the library's, its kernels find what their names say."""

import numpy as np
import pytest
from plainnet import conv2d
from plainnet.demos import kernel_painter as demo

pytestmark = pytest.mark.ch11
PRESETS = demo.presets()
MAP, LARGEST, SMALLEST, AFTER_RELU = 2, 3, 4, 5


def shown(drawing, w):
    return demo.record(drawing, w).frames[MAP]["map"]


@pytest.mark.parametrize("name", PRESETS)
def test_the_map_is_the_librarys_and_relu_keeps_what_is_above_zero(name):
    x, w = np.array(PRESETS[name]["drawing"]), np.array(PRESETS[name]["w"])
    recording = demo.record(x, w).validate()
    want = conv2d(x[None, :, :, None], w[:, :, None, None], np.zeros(1)).data[0, :, :, 0]
    np.testing.assert_allclose(recording.frames[MAP]["map"], want)
    np.testing.assert_allclose(recording.frames[AFTER_RELU]["map"], np.maximum(want, 0))
    for frame, extreme in ((LARGEST, want.max()), (SMALLEST, want.min())):
        assert recording.frames[frame]["products"].sum() == pytest.approx(extreme)


def test_upright_edges_are_found_upright_and_level_ones_level():
    assert np.any(shown(demo.STRIPES, demo.SLOPE))
    assert not np.any(shown(demo.STRIPES, demo.SLOPE.T))


def test_the_decks_kernel_sees_corners_and_no_straight_edge():
    found = shown(demo.SQUARE, demo.CORNERS)
    assert np.count_nonzero(found) == 4 * 4  # each corner lies in windows at 2x2 places
    assert not np.any(found[:, 5:8])


def test_moving_by_a_pixel_moves_the_picture():
    x = demo.digit()
    np.testing.assert_allclose(shown(x, demo.LEFT_NEIGHBOUR), x[1:-1, :-2])


def test_the_answer_is_the_sum_of_the_kernel():
    for values in PRESETS.values():
        (ask,) = demo.record(**values).asks
        assert float(ask.choices[ask.answer].replace("−", "-")) == pytest.approx(np.sum(values["w"]), abs=1e-3)


def test_a_drawing_of_another_size_is_named():
    with pytest.raises(ValueError, match="16 by 16"):
        demo.record(np.zeros((8, 8)))


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_stops_before_the_even_area_and_offers_other_pictures(open_demo):
    page = open_demo(demo.KernelPainter())
    page.keyboard.press("End")
    assert "all nine pixels are ink" in page.inner_text(".pn-ask")
    page.keyboard.press("Enter")
    assert "✓ 0" in page.inner_text(".pn-ask")
    page.keyboard.press("End")
    page.get_by_label("Preset").select_option("a square, the deck's kernel")
    want = demo.record(**PRESETS["a square, the deck's kernel"]).frames[-1]["text"]
    assert page.inner_text(".pn-caption").replace("\n", " ") == want
