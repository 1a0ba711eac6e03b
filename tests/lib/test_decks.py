"""The numbers of the lecture decks, computed with the library (where a deck errs, the corrected number)."""

import itertools
import math

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, data, losses, nn, optim
from plainnet.overview import count_parameters

rng = np.random.default_rng


def images(matrix):
    """Return a matrix as one image of one channel."""
    return np.array(matrix, float)[None, :, :, None]


def correlate(image, kernel, **options):
    """Return the cross-correlation of two matrices as a matrix."""
    w = np.array(kernel, float)[:, :, None, None]
    return plainnet.conv2d(images(image), w, np.zeros(1), **options).data[0, :, :, 0]


def test_linear_regression_by_gradient_descent():
    x = np.arange(-5.0, 5.0)
    t = 3 * x + 4
    w, b = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    optimizer, errors = optim.SGD([w, b], lr=0.01), []
    for _ in range(25):
        error = ((w * x + b - t) ** 2).sum()  # the sum, not the mean
        errors.append(error.item())
        optimizer.zero_grad()
        error.backward()
        optimizer.step()
    assert [round(error, 4) for error in errors[:3]] == [370.0000, 199.0500, 108.6945]
    assert round(errors[-1], 4) == 0.0031
    assert (round(w.item(), 6), round(b.item(), 6)) == (2.999343, 3.985493)


@pytest.mark.parametrize(("lr", "converges"), [(0.0117, True), (0.0118, False)])
def test_linear_regression_explodes_beyond_two_over_the_largest_curvature(lr, converges):
    x = np.arange(-5.0, 5.0)
    w, b = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    optimizer = optim.SGD([w, b], lr)  # 2 / 170.66 = 0.011719
    for _ in range(3000):
        optimizer.zero_grad()
        error = ((w * x + b - 3 * x - 4) ** 2).sum()
        error.backward()
        optimizer.step()
    assert (error.item() < 1e-5) == converges


def test_the_initial_loss_of_ten_classes():
    x, t = data.digits()
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 10, rng(0), init_w=lambda shape, rng: plainnet.init.zeros(shape)))
    assert losses.cross_entropy(model(x), t).item() == pytest.approx(2.302585, abs=1e-6)  # log 10
    assert losses.hinge(model(x), t).item() == pytest.approx(9)


def dense(*sizes):
    return nn.Sequential(*[nn.Linear(a, b, rng(0)) for a, b in itertools.pairwise(sizes)])


@pytest.mark.parametrize(
    ("sizes", "count"),
    [((784, 500, 50, 10), 418_060), ((3072, 50, 10), 154_160), ((3072, 512, 128, 10), 1_640_330)],
)
def test_parameters_of_dense_networks(sizes, count):
    assert count_parameters(dense(*sizes)) == count


def test_weights_without_biases_of_five_layers():
    model = dense(784, 500, 500, 500, 10)
    assert sum(p.size for p in model.parameters() if p.ndim > 1) == 897_000


def test_parameters_of_convolutions():
    assert count_parameters(nn.Conv2d(1, 64, 3, rng(0))) - 64 == 576
    assert count_parameters(nn.Conv2d(3, 64, 3, rng(0))) == 1_792


def test_the_convolutional_net_of_11665_weights_and_its_signals():
    r = rng(0)
    layers = [
        nn.Conv2d(1, 9, 5, r, padding=2),
        nn.MaxPool2d(2),
        nn.Conv2d(9, 16, 5, r, padding=2),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(7 * 7 * 16, 10, r),
    ]
    x, signals = np.zeros((1, 28, 28, 1)), [784]
    for layer in layers:
        x = layer(x)
        signals.append(x.size)
    model = nn.Sequential(*layers)
    assert sum(p.size for p in model.parameters() if p.ndim > 1) == 11_665
    assert count_parameters(model) == 11_700
    assert [signals[0], signals[1], signals[3]] == [784, 7056, 3136]


def test_lenet_has_61706_parameters():
    r = rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 5, r, padding=2), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5, r), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120, r), nn.Linear(120, 84, r), nn.Linear(84, 10, r),
    )  # fmt: skip
    assert count_parameters(model) == 61_706
    assert model(np.zeros((1, 28, 28, 1))).shape == (1, 10)


CURVE = [
    [0, 0, 0, 0, 0, 30, 0],
    [0, 0, 0, 0, 30, 0, 0],
    [0, 0, 0, 30, 0, 0, 0],
    [0, 0, 0, 30, 0, 0, 0],
    [0, 0, 0, 30, 0, 0, 0],
    [0, 0, 0, 30, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0],
]
BACK_OF_A_MOUSE = [
    [0, 0, 0, 0, 0, 0, 30],
    [0, 0, 0, 0, 50, 50, 50],
    [0, 0, 0, 20, 50, 0, 0],
    [0, 0, 0, 50, 50, 0, 0],
    [0, 0, 0, 50, 50, 0, 0],
    [0, 0, 0, 50, 50, 0, 0],
    [0, 0, 0, 50, 50, 0, 0],
]
HEAD_OF_A_MOUSE = [
    [0, 0, 0, 0, 0, 0, 0],
    [0, 40, 0, 0, 0, 0, 0],
    [40, 0, 40, 0, 0, 0, 0],
    [40, 20, 0, 0, 0, 0, 0],
    [0, 50, 0, 0, 0, 0, 0],
    [0, 0, 50, 0, 0, 0, 0],
    [25, 25, 0, 50, 0, 0, 0],
]


def test_the_curve_detector_finds_the_curve_and_a_flipped_kernel_does_not_find_as_much():
    assert correlate(BACK_OF_A_MOUSE, CURVE) == 6600
    assert correlate(HEAD_OF_A_MOUSE, CURVE) == 0
    assert correlate(BACK_OF_A_MOUSE, np.flip(CURVE)) == 3600  # convolution in the mathematical sense


def test_the_first_convolution_of_every_lecture():
    image = [[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]]
    kernel = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
    np.testing.assert_array_equal(correlate(image, kernel), [[4, 3, 4], [2, 4, 3], [2, 3, 4]])
    assert correlate(image, kernel, stride=2, padding=1).shape == (3, 3)


POOLED = [
    [9, 0, 2, 1, 0, 9],
    [6, 9, 1, 2, 9, 0],
    [3, 1, 9, 9, 2, 3],
    [0, 2, 9, 9, 1, 0],
    [1, 9, 2, 1, 9, 1],
    [9, 3, 0, 2, 3, 9],
]


def test_max_pooling_of_the_lecture_and_each_window_passes_one_gradient_on():
    x = Tensor(images(POOLED), requires_grad=True)
    y = plainnet.max_pool2d(x, kernel_size=2)
    np.testing.assert_array_equal(y.data[0, :, :, 0], [[9, 2, 9], [3, 9, 3], [9, 2, 9]])
    y.sum().backward()
    assert x.grad.sum() == 9  # 18 if ties took it twice
    changed = POOLED[:2] + [[3, 1, 9, 9, 1, 1]] + POOLED[3:]
    pooled = plainnet.max_pool2d(images(changed), kernel_size=2)
    np.testing.assert_array_equal(pooled.data[0, :, :, 0], [[9, 2, 9], [3, 9, 1], [9, 2, 9]])


def test_the_o_ring_fit_after_standardising():
    x, t = data.challenger()
    x = x.astype(float)
    mean, std = x.mean(), x.std()
    model = nn.Linear(1, 1, rng(0)).astype(float)
    optimizer = optim.SGD(model.parameters(), lr=1.0)
    for _ in range(2000):
        optimizer.zero_grad()
        loss = losses.binary_cross_entropy(model((x - mean) / std), t)
        loss.backward()
        optimizer.step()
    slope = model.w.item() / std
    intercept = model.b.item() - slope * mean
    assert round(intercept, 4) == 15.0429
    assert round(slope, 5) == -0.23216
    assert round(23 * loss.item(), 4) == 10.1576
    assert round(1 / (1 + math.exp(-(intercept + slope * 31))), 4) == 0.9996
    assert round(-intercept / slope, 1) == 64.8


def test_the_o_ring_fit_in_raw_degrees_does_not_get_there():
    x, t = data.challenger()
    model = nn.Linear(1, 1, rng(0)).astype(float)
    model.w.data[:] = 0
    optimizer = optim.SGD(model.parameters(), lr=1e-3)
    for _ in range(2000):
        optimizer.zero_grad()
        losses.binary_cross_entropy(model(x.astype(float)), t).backward()
        optimizer.step()
    assert abs(model.w.item()) < 0.05


def test_an_epoch_of_2400_samples_in_batches_of_128_has_19_updates():
    x = np.zeros((2400, 1))
    assert sum(1 for _ in data.minibatches(x, x, 128)) == 19


def test_a_crop_of_two_pixels_gives_nine_pictures():
    crop = np.arange(36.0).reshape(1, 6, 6, 1)[:, 1:-1, 1:-1]
    crops = plainnet.augment.random_shift(np.repeat(crop, 500, axis=0), None, rng(0))
    assert len(np.unique(crops.reshape(500, -1), axis=0)) == 9


def first_to_last(activation, init_w, depth=20, width=100):
    """Return the size of the gradient that reaches the first layer's units, relative to the last layer's."""
    r = rng(0)
    layers = [nn.Linear(width, width, r, init_w=init_w) for _ in range(depth)]
    x = Tensor(r.standard_normal((64, width)))
    for layer in layers:
        x = activation(layer(x))
    x.backward(r.standard_normal(x.shape))
    return np.linalg.norm(layers[0].b.grad) / np.linalg.norm(layers[-1].b.grad)


def test_gradients_vanish_in_twenty_layers_of_sigmoids_and_of_small_weights_but_not_with_he():
    assert first_to_last(plainnet.sigmoid, plainnet.init.xavier) < 1e-8
    assert first_to_last(plainnet.relu, plainnet.init.small_random) < 1e-8
    assert 0.1 < first_to_last(plainnet.relu, plainnet.init.he) < 100
    assert 0.01 < first_to_last(plainnet.tanh, plainnet.init.xavier) < 10
