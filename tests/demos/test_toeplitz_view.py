"""Convolution as a matrix: the counts of the deck, and the transposed matrix against backpropagation."""

import numpy as np
import pytest
from plainnet import Tensor, conv2d
from plainnet.demos import toeplitz_view as demo

pytestmark = pytest.mark.ch11


def settings():
    return [preset for preset in demo.ToeplitzView().presets.values()]


def test_dense_local_and_shared_have_25_13_and_3_weights():
    dense, local, shared = (frame["matrix"] for frame in demo.record().frames[:3])
    assert len(np.unique(dense)) == 25
    assert np.count_nonzero(local) == len(np.unique(local[local != 0])) == 13
    assert np.array_equal(local != 0, shared != 0)
    assert np.unique(shared[shared != 0]).tolist() == [1, 2, 3]


@pytest.mark.parametrize("values", settings(), ids=lambda values: "-".join(map(str, values.values())))
def test_matrix_and_transposed_matrix_are_the_librarys_two_ways(values):
    recording = demo.record(**values).validate()
    T, static = recording.frames[2]["matrix"], recording.static
    x, y, g, grad_x = (static[name] for name in ("x", "y", "g", "grad_x"))
    k, line = values["kernel_size"], values["signal"] == demo.LINE
    shape = (1, values["n"], 1 if line else values["n"], 1)
    image = Tensor(x.reshape(shape), requires_grad=True)
    kernel = demo.kernel(values["signal"], k)[:, :, None, None]
    want = conv2d(image, kernel, np.zeros(1), stride=values["stride"], padding=k // 2)
    want.backward(g.reshape(want.shape))
    np.testing.assert_allclose(T @ x.ravel(), want.data.ravel())
    np.testing.assert_allclose(y.ravel(), want.data.ravel())
    np.testing.assert_allclose(grad_x.ravel(), image.grad.ravel())


def test_answers_are_the_counts_that_the_frames_show():
    for values in settings():
        recording = demo.record(**values)
        local, shared = recording.asks
        assert local.choices[local.answer] == str(np.count_nonzero(recording.frames[1]["matrix"]))
        numbers = recording.frames[2]["matrix"]
        assert shared.choices[shared.answer] == str(len(np.unique(numbers[numbers != 0])))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_whatever_the_sliders_say_there_is_a_valid_recording(stride):
    for signal in (demo.LINE, demo.IMAGE):
        for n in range(3, 9):
            for k in (1, 3, 5):
                recording = demo.record(signal, n, k, stride).validate()
                assert len(recording.asks) == 2


def test_an_even_kernel_and_an_unknown_input_are_named():
    with pytest.raises(ValueError, match="odd kernel size"):
        demo.record(kernel_size=2)
    with pytest.raises(ValueError, match="expected 'a line of pixels'"):
        demo.record(signal="a film")


@pytest.mark.slow
@pytest.mark.browser
def test_the_page_asks_twice_and_shows_the_counts(open_demo):
    page = open_demo(demo.ToeplitzView())
    page.keyboard.press("End")
    assert "How many of the 25 weights are left?" in page.inner_text(".pn-ask")
    page.keyboard.press("Enter")
    assert "✓ 13" in page.inner_text(".pn-ask")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    assert "✓ 3" in page.inner_text(".pn-ask")
