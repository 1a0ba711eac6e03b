"""Chapter 11: its plan of points and known answers, the decks' numbers, and the library as an oracle."""

import numpy as np
import plainnet
import pytest
from plainnet import Tensor
from plainnet.demos.convolution_stepper import CROSS, CURVE, FITTING, OTHER, SMALL, ConvolutionStepper

CHAPTER = "11_convolution"
pytestmark = pytest.mark.ch11


def test_the_pictures_of_the_exercises_are_those_of_the_demo(solved):
    for name, picture in {"curve": CURVE, "fitting": FITTING, "other": OTHER, "small": SMALL, "cross": CROSS}.items():
        np.testing.assert_array_equal(solved[name], picture)


def test_the_decks_curve_gives_6600_and_3600_and_0(solved):
    assert solved["correlate2d"](FITTING, CURVE).tolist() == [[6600]]
    assert solved["convolve2d"](FITTING, CURVE).tolist() == [[3600]]
    assert solved["correlate2d"](OTHER, CURVE).tolist() == [[0]]
    assert solved["correlate2d"](SMALL, CROSS).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert solved["convolve2d"](SMALL, CROSS).tolist() == [[4, 3, 4], [2, 4, 3], [2, 3, 4]]
    assert np.count_nonzero(FITTING * CURVE == 1500) == 4  # the deck prints five of them


def test_the_stepper_has_nothing_to_say_against_a_right_answer(solved):
    for function, differs in (("correlate2d", False), ("convolve2d", True)):
        demo = ConvolutionStepper(x=FITTING, w=CURVE, correlate=solved[function])
        assert any("Your function says 3600 here." in frame["text"] for frame in demo.recording.frames) == differs


def test_25_13_and_3(solved):
    k = np.array([1.0, 2.0, 3.0])
    T = solved["toeplitz"](k, 5)
    assert (T.size, np.count_nonzero(T), len(np.unique(T[T != 0]))) == (25, 13, 3)
    assert solved["correlate_1d"](np.array([1.0, 0, 0, 0, 10]), k).tolist() == [2, 1, 0, 30, 20]


@pytest.mark.parametrize("n", [3, 5, 8])
@pytest.mark.parametrize("m", [1, 3, 5])
def test_the_matrix_does_what_numpys_correlation_does(solved, n, m):
    rng = np.random.default_rng(0)
    x, k = rng.normal(size=n), rng.normal(size=m)
    want = np.correlate(np.pad(x, m // 2), k, "valid")
    np.testing.assert_allclose(solved["correlate_1d"](x, k), want)
    np.testing.assert_allclose(solved["toeplitz"](k, n) @ x, want)


def test_11665_and_11700_and_the_slip_of_8465(solved):
    rows = solved["layer_table"](
        (28, 28, 1), [("conv", 5, 9, 1, 2), ("pool", 2), ("conv", 5, 16, 1, 2), ("pool", 2), ("dense", 10)]
    )
    weights, biases = sum(row[1] for row in rows), sum(row[2] for row in rows)
    assert (weights, weights + biases) == (11_665, 11_700)
    assert 5 * 5 * 9 + 5 * 5 * 16 + 7 * 7 * 16 * 10 == 8_465
    assert [int(np.prod(shape)) for shape in ((28, 28, 1), rows[0][0], rows[2][0])] == [784, 7_056, 3_136]


def test_576_and_1792_and_the_dense_networks(solved):
    assert solved["layer_table"]((32, 32, 1), [("conv", 3, 64, 1, 0)])[0][1] == 576
    assert sum(solved["layer_table"]((32, 32, 3), [("conv", 3, 64, 1, 0)])[0][1:]) == 1_792
    dense = solved["layer_table"]((28, 28, 1), [("dense", 225), ("dense", 144), ("dense", 10)])
    assert [row[1] for row in dense] == [176_400, 32_400, 1_440]
    assert sum(row[1] for row in dense) == 210_240
    assert solved["layer_table"]((128, 128, 1), [("dense", 100)])[0][1] == 1_638_400


@pytest.mark.parametrize(("size", "k", "stride", "padding"), [(7, 3, 2, 0), (8, 3, 2, 0), (8, 3, 3, 2), (9, 5, 2, 1)])
def test_sizes_and_values_are_the_librarys(solved, size, k, stride, padding):
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, size, size + 3, 3)), rng.normal(size=(k, k, 3, 4)), rng.normal(size=4)
    tensors = [Tensor(array, requires_grad=True) for array in (x, w, b)]
    want = plainnet.conv2d(*tensors, stride=stride, padding=padding)
    ((shape, _, _),) = solved["layer_table"]((size, size + 3, 3), [("conv", k, 4, stride, padding)])
    assert shape == want.shape[1:]
    np.testing.assert_allclose(solved["conv_forward"](x, w, b, stride, padding), want.data, atol=1e-12)
    columns = solved["im2col"](x, k, k, stride, padding)
    np.testing.assert_allclose((columns @ w.reshape(-1, 4) + b).reshape(want.shape), want.data, atol=1e-12)
    g = rng.normal(size=want.shape)
    want.backward(g)
    for got, tensor in zip(solved["conv_backward"](g, x, w, stride, padding), tensors, strict=True):
        np.testing.assert_allclose(got, tensor.grad, atol=1e-12)


def test_fold_is_the_adjoint_of_unfold(solved):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(2, 5, 7, 3))
    for k, m, stride, padding in [(3, 2, 1, 0), (2, 3, 2, 1), (3, 3, 3, 2)]:
        columns = solved["im2col"](x, k, m, stride, padding)
        g = rng.normal(size=columns.shape)
        folded = solved["col2im"](g, x.shape, k, m, stride, padding)
        assert np.sum(columns * g) == pytest.approx(np.sum(x * folded))


def test_worked_numbers_of_the_layer_exercises(solved):
    x = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
    w, b = np.array([[1.0, 10], [100, 1000]]).reshape(2, 2, 1, 1), np.array([0.5])
    assert solved["conv_forward"](x, w, b)[0, :, :, 0].tolist() == [[5421.5, 6532.5], [8754.5, 9865.5]]
    assert solved["conv_forward"](x, w, b, 2, 1)[0, :, :, 0].tolist() == [[1000.5, 3200.5], [7040.5, 9865.5]]
    g = np.array([[1.0, 0], [0, 2]]).reshape(1, 2, 2, 1)
    grad_x, grad_w, grad_b = solved["conv_backward"](g, x, w)
    assert grad_w[:, :, 0, 0].tolist() == [[11, 14], [20, 23]]
    assert grad_x[0, :, :, 0].tolist() == [[1, 10, 0], [100, 1002, 20], [0, 200, 2000]]
    assert grad_b.tolist() == [3]
    image = np.arange(1.0, 7.0).reshape(1, 2, 3, 1)
    columns = solved["im2col"](image, 2, 2)
    assert columns.tolist() == [[1, 2, 4, 5], [2, 3, 5, 6]]
    assert solved["col2im"](columns, image.shape, 2, 2)[0, :, :, 0].tolist() == [[1, 4, 3], [4, 10, 6]]


def test_answers_to_the_questions_come_from_runs(solved):
    small = solved["toeplitz"](np.ones(3), 8)
    assert np.count_nonzero(np.kron(small, small)) == solved["entries_not_zero"]
    seen_by = np.array([[10.0, 0, -10], [0, 0, 0], [-10, 0, 10]])
    answered = [name for name, x in solved["pictures"].items() if np.any(solved["correlate2d"](x, seen_by))]
    assert {"c": ["corner", "slanting"]}[solved["answered_on"]] == answered


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in (
        "25 places, 13 not 0, 3 weights",
        "the curve on its detector:  6600.0",
        "the kernel turned by 180°:  3600.0",
        "the deck's printed sum:     8100",
        "total 11,700, of which trained 11,700",
        "products of 50·30 in it:    4",
        "grey: 576 weights;  colour: 1,728, with biases 1,792",
        "without biases: 11,665;  the deck's formula: 8,465",
        "weights [176400, 32400, 1440] = 210,240",
        "signals [784, 7056, 3136]; weights 11,665; products [176400, 705600, 7840] = 889,840",
        "18.0 times fewer weights, 4.2 times more products",
        "8       3       2        0                      3.50   3 by 3",
        "map of the moved image = moved map: True",
        "the same for a dense layer:         False",
        "equal: True",
    ):
        assert number in printed


@pytest.mark.slow
def test_the_four_properties_are_measured_as_the_lecture_says(lecture):
    names, printed = lecture
    images, shuffled = names["alike"]["images"], names["alike"]["shuffled"]
    assert images[0] > 0.75
    assert images[1] > 0.45
    assert images[4] < 0.15
    assert max(np.abs(shuffled)) < 0.1
    assert names["known"] > 0.25
    shares = [int(line.split("explain ")[1].split("%")[0]) for line in printed.splitlines() if "explain " in line]
    assert min(shares) >= 75
    assert abs(shares[0] - shares[1]) <= 3  # what was learned on the left serves as well on the right


@pytest.mark.slow
def test_the_sums_of_the_learned_kernels_are_those_of_the_text(lecture):
    sums = lecture[0]["kernels"].sum(axis=(0, 1))
    assert (round(float(sums.min()), 1), round(float(sums.max()), 1)) == (-1.2, 3.4)
