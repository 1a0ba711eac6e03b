"""What a gradient check does not see: extreme numbers, ties, sizes, wrong input."""

import subprocess
import sys

import numpy as np
import plainnet as pn
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import Tensor

pytestmark = pytest.mark.filterwarnings("error")  # an overflow is a failure


def leaf(value):
    return Tensor(value, requires_grad=True)


def gradient(f, value):
    x = leaf(value)
    y = f(x)
    y.backward(np.ones(y.shape))
    return x.grad


# Extreme numbers


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_functions_neither_overflow_nor_lose_their_limits_at_plus_minus_1000(dtype):
    x = np.array([-1000, 1000], dtype)
    for op, values, slopes in [
        (pn.sigmoid, [0, 1], [0, 0]),
        (pn.tanh, [-1, 1], [0, 0]),
        (pn.softplus, [0, 1000], [0, 1]),
        (pn.elu, [-1, 1000], [0, 1]),
        (pn.relu, [0, 1000], [0, 1]),
        (pn.leaky_relu, [-10, 1000], [0.01, 1]),
    ]:
        np.testing.assert_allclose(op(x).data, values, rtol=1e-6, err_msg=op.name)
        np.testing.assert_allclose(gradient(op, x), slopes, rtol=1e-6, err_msg=op.name)


def test_sigmoid_keeps_its_digits_far_on_the_negative_side():
    assert pn.sigmoid(-40.0).item() == pytest.approx(np.exp(-40), rel=1e-12)


def test_softmax_and_log_softmax_stand_logits_of_1000():
    z = np.array([[1000.0, 0, -1000]])
    np.testing.assert_array_equal(pn.softmax(z).data, [[1, 0, 0]])
    np.testing.assert_array_equal(pn.log_softmax(z).data, [[0, -1000, -2000]])


def test_losses_stand_logits_of_1000():
    z = np.array([[1000.0, 0], [-1000, 0]])
    assert pn.softmax_cross_entropy(z, labels=np.array([1, 1])).item() == 500
    np.testing.assert_array_equal(
        gradient(lambda z: pn.softmax_cross_entropy(z, labels=np.array([1, 1])), z), [[0.5, -0.5], [0, 0]]
    )
    assert pn.bce_with_logits(z, targets=np.array([[0.0, 1], [0, 1]])).item() == pytest.approx(
        (1000 + 2 * np.log(2)) / 4
    )


def test_cross_entropy_of_equal_logits_is_log_k():
    assert pn.softmax_cross_entropy(np.zeros((5, 10)), labels=np.arange(5)).item() == pytest.approx(2.302585, abs=1e-6)


def test_hinge_of_equal_scores_is_k_minus_1():
    assert pn.multiclass_hinge(np.zeros((5, 10)), labels=np.arange(5)).item() == 9


def test_power_has_finite_slopes_at_zero():
    assert gradient(lambda x: x**0, 0.0) == 0
    assert gradient(lambda x: x**1, 0.0) == 1
    assert gradient(lambda x: x**2, -3.0) == -6
    assert gradient(lambda p: 0**p, 2.0) == 0


def test_batch_norm_keeps_its_digits_for_a_large_mean():
    x = np.random.default_rng(0).normal(size=(64, 3))
    one, zero = np.ones(3), np.zeros(3)
    far = pn.batch_norm((x + 1000).astype(np.float32), one, zero).data
    # float32 leaves 1000 + x with a rounding error of 3e-5
    np.testing.assert_allclose(far, pn.batch_norm(x, one, zero).data, atol=2e-4)


# Ties


def test_relu_and_abs_have_slope_0_at_0():
    assert gradient(pn.relu, 0.0) == gradient(pn.abs, 0.0) == 0


def test_equal_maxima_share_the_gradient():
    np.testing.assert_array_equal(gradient(pn.max, [1.0, 3, 3, 0]), [0, 0.5, 0.5, 0])
    assert gradient(lambda a: pn.maximum(a, 2.0), 2.0) == 0.5


def test_in_a_pooling_window_the_first_of_equal_maxima_takes_the_gradient():
    x = np.ones((1, 2, 4, 1))
    want = np.array([[1.0, 0, 1, 0], [0, 0, 0, 0]])[None, :, :, None]
    np.testing.assert_array_equal(gradient(lambda x: pn.max_pool2d(x, kernel_size=2), x), want)


# The lecture's numbers


def test_convolution_of_the_lecture_detects_the_edge():
    image = np.zeros((1, 6, 6, 1))
    image[:, :, :3] = 10
    kernel = np.array([[1.0, 0, -1]] * 3)[:, :, None, None]
    want = np.array([[0.0, 30, 30, 0]] * 4)
    np.testing.assert_array_equal(pn.conv2d(image, kernel, np.zeros(1)).data[0, :, :, 0], want)


def test_a_toy_convolution_of_the_lecture():
    image = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
    kernel = np.array([[1, 0, 1], [0, 1, 0], [1, 0, 1]])
    y = pn.conv2d(1.0 * image[None, :, :, None], 1.0 * kernel[:, :, None, None], np.zeros(1))
    np.testing.assert_array_equal(y.data[0, :, :, 0], [[4, 3, 4], [2, 4, 3], [2, 3, 4]])


# Sizes


@given(
    size=st.tuples(st.integers(0, 3), st.integers(1, 9), st.integers(1, 9), st.integers(1, 5)),
    kernel_size=st.integers(1, 5),
    stride=st.integers(1, 4),
    padding=st.integers(0, 4),
    filters=st.integers(1, 3),
)
def test_convolution_is_linear_and_its_gradient_is_the_adjoint(size, kernel_size, stride, padding, filters):
    N, H, W, C = size
    if padding >= kernel_size or min(H, W) + 2 * padding < kernel_size:
        with pytest.raises(ValueError, match="window"):
            pn.conv2d(np.zeros(size), np.zeros((kernel_size, kernel_size, C, 1)), 0.0, stride=stride, padding=padding)
        return
    rng = np.random.default_rng(0)
    x, w = leaf(rng.normal(size=size)), leaf(rng.normal(size=(kernel_size, kernel_size, C, filters)))
    y = pn.conv2d(x, w, np.zeros(filters), stride=stride, padding=padding)
    assert y.shape == (
        N,
        (H + 2 * padding - kernel_size) // stride + 1,
        (W + 2 * padding - kernel_size) // stride + 1,
        filters,
    )
    g = rng.normal(size=y.shape)
    y.backward(g)
    # <g, conv(x, w)> is linear in x and in w
    want = pytest.approx(np.sum(g * y.data), abs=1e-9)
    assert np.sum(x.grad * x.data) == want
    assert np.sum(w.grad * w.data) == want


def test_a_convolution_in_chunks_equals_one_image_at_a_time(monkeypatch):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(7, 6, 6, 4)), rng.normal(size=(3, 3, 4, 2)), rng.normal(size=2)
    whole = pn.conv2d(x, w, b).data
    monkeypatch.setattr(pn.conv, "CHUNK_BYTES", 3 * 16 * 9 * 4 * 8)  # three images at a time: the last chunk is smaller
    np.testing.assert_allclose(pn.conv2d(x, w, b).data, whole, rtol=1e-12)
    np.testing.assert_allclose(
        np.concatenate([pn.conv2d(x[i : i + 1], w, b).data for i in range(7)]), whole, rtol=1e-12
    )


@pytest.mark.parametrize("channels", [1, 3, 16])
@pytest.mark.parametrize(("width", "stride", "padding"), [(10, 1, 1), (12, 1, 0), (9, 2, 1), (11, 3, 0), (7, 1, 0)])
def test_a_convolution_of_windows_abreast_equals_one_window_at_a_time(monkeypatch, channels, width, stride, padding):
    rng = np.random.default_rng(0)
    values = rng.normal(size=(2, 6, width, channels)), rng.normal(size=(3, 3, channels, 2)), rng.normal(size=2)

    def outcome():
        inputs = [leaf(value) for value in values]
        y = pn.conv2d(*inputs, stride=stride, padding=padding)
        y.backward(np.cos(np.arange(y.size)).reshape(y.shape))
        return [y.data, *[x.grad for x in inputs]]

    together = outcome()
    monkeypatch.setattr(pn.conv, "windows_at_once", lambda C, W: 1)
    for a, b in zip(together, outcome(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


# Wrong input


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: pn.softmax_cross_entropy(np.zeros((3, 2)), labels=np.array([0, 1, 2])),
            r"0..1 for scores of 2 classes",
        ),
        (lambda: pn.softmax_cross_entropy(np.zeros((3, 2)), labels=np.array([0, -1, 0])), "range from -1 to 0"),
        (lambda: pn.softmax_cross_entropy(np.zeros((3, 2)), labels=np.zeros(3)), "integer labels.*float64"),
        (lambda: pn.softmax_cross_entropy(np.zeros((3, 2)), labels=np.zeros((3, 1), int)), r"labels \(3, 1\)"),
        (lambda: pn.softmax_cross_entropy(np.zeros((0, 2)), labels=np.zeros(0, int)), "N > 0"),
        (lambda: pn.multiclass_hinge(np.zeros(3), labels=np.zeros(3, int)), r"got scores \(3,\)"),
        (lambda: pn.mse(np.zeros((3, 1)), targets=np.zeros(3)), r"\(3, 1\) and \(3,\).*would broadcast"),
        (lambda: pn.bce_with_logits(np.zeros((0, 1)), targets=np.zeros((0, 1))), "not empty"),
        (lambda: pn.conv2d(np.zeros((2, 3, 8, 8)), np.zeros((3, 3, 3, 4)), 0.0), "channels come last"),
        (lambda: pn.conv2d(np.zeros((8, 8, 3)), np.zeros((3, 3, 3, 4)), 0.0), r"expected images \(N, H, W, C\)"),
        (lambda: pn.conv2d(np.zeros((1, 2, 9, 3)), np.zeros((3, 3, 3, 4)), 0.0), "3x3 is larger than images of 2x9"),
        (lambda: pn.conv2d(np.zeros((1, 9, 9, 3)), np.zeros((3, 3, 3, 4)), 0.0, stride=0), "stride >= 1"),
        (lambda: pn.max_pool2d(np.zeros((9, 9, 3)), kernel_size=2), r"got shape \(9, 9, 3\)"),
        (lambda: pn.max_pool2d(np.zeros((1, 9, 9, 3)), kernel_size=2, padding=2), "0 <= padding < 2"),
        (lambda: pn.batch_norm(np.zeros((1, 3)), np.ones(3), np.zeros(3)), "at least 2 values"),
        (lambda: pn.embedding(np.zeros((5, 2)), index=np.array([5])), r"0..4 for a table of 5 rows"),
        (lambda: pn.embedding(np.zeros((5, 2)), index=np.array([-1])), "from -1"),
        (lambda: pn.conv2d(np.zeros((1, 9, 9, 4)), np.zeros((3, 3, 4, 4)), np.zeros(2)), "broadcast"),
        (lambda: pn.batch_norm(np.zeros((2, 4, 4, 4)), np.zeros(2), np.zeros(4)), "broadcast"),
        (lambda: pn.linear(np.zeros((2, 4)), np.zeros((4, 4)), np.zeros(2)), "broadcast"),
        (lambda: pn.reshape(np.zeros(6), shape=(4, 2)), "cannot reshape"),
    ],
)
def test_wrong_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_positions_that_are_no_integers_are_refused():
    with pytest.raises(TypeError, match="integers to look up; got float64"):
        pn.embedding(np.zeros((5, 2)), index=np.array([1.0]))


# The package


def test_importing_plainnet_imports_nothing_but_numpy():
    code = (
        "import sys, plainnet; print({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    found = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                           capture_output=True, text=True, check=True)  # fmt: skip
    assert eval(found.stdout) - {"__main__", "numpy", "plainnet"} == set()


def test_the_allocator_setting_is_taken_or_declined():
    assert pn.keep_freed_memory() is (sys.platform == "linux" and _has_glibc())


def _has_glibc():
    import os

    return "CS_GNU_LIBC_VERSION" in os.confstr_names
