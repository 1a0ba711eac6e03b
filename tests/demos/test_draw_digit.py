"""Draw a digit: the drawing becomes what the data look like, and the shipped network reads it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from plainnet import data, nn
from plainnet.autograd import Tensor, no_grad
from plainnet.demos import draw_digit as demo
from plainnet.demos.digit_reader import TRAINED_ON, as_in_the_data, canvas, digit_reader, network, train


def held_out():
    x, t = data.digits()
    return x[TRAINED_ON:], t[TRAINED_ON:]


def accuracy(model, x, t):
    with no_grad():
        return np.mean(model(Tensor(x)).data.argmax(1) == t)


def test_the_shipped_network_reads_digits_of_people_it_has_not_seen():
    x, t = held_out()
    assert accuracy(digit_reader(), x, t) >= 0.95  # measured 0.970
    drawn = np.array([as_in_the_data(canvas(image)) for image in x], np.float32)[..., None]
    assert accuracy(digit_reader(), drawn, t) >= 0.91  # measured 0.936


@pytest.mark.exhaustive
def test_training_again_gives_a_network_as_good():
    x, t = held_out()
    assert accuracy(train(np.random.default_rng(1)), x, t) >= 0.94


@given(arrays(bool, (16, 16), elements=st.booleans()))
def test_any_drawing_becomes_an_image_in_range(ink):
    image = as_in_the_data(ink)
    assert image.shape == (8, 8)
    assert 0 <= image.min() <= image.max() <= 1
    assert ink.any() == image.any()


@given(st.integers(0, 10), st.integers(0, 8))
def test_where_it_is_drawn_does_not_matter(down, right):
    ink = np.zeros((20, 16), bool)
    ink[2:10, 1:5] = ink[2:4, 1:8] = True
    moved = np.roll(ink, (down, right), axis=(0, 1))
    np.testing.assert_array_equal(as_in_the_data(moved), as_in_the_data(ink))


def test_bars_are_the_networks_softmax():
    drawing = demo.examples()["a 3 from the data"]["drawing"]
    frame = demo.record(drawing).frames[-1]
    with no_grad():
        z = digit_reader()(Tensor(as_in_the_data(np.array(drawing) > 0).astype(np.float32)[None, :, :, None])).data[0]
    np.testing.assert_allclose(frame["shown"], np.exp(z) / np.exp(z).sum(), rtol=1e-5)
    assert frame["guess"] == z.argmax() == 3


def test_a_students_own_model_reads():
    frame = demo.record(np.eye(16), model=lambda x: np.arange(10.0)[None]).frames[-1]
    assert frame["guess"] == 9
    own = network(np.random.default_rng(0)).eval()
    assert demo.record(np.eye(16), model=own).validate()


def test_a_model_of_another_shape_is_named():
    with pytest.raises(ValueError, match="10 logits"):
        demo.record(np.eye(16), model=nn.Sequential(nn.Flatten()))


def test_a_drawing_of_another_size_is_named():
    with pytest.raises(ValueError, match="16 by 16"):
        demo.record(np.eye(8))
