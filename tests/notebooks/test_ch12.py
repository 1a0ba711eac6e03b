"""Chapter 12: its plan of points and known answers, the decks' numbers, and the library as an oracle."""

import numpy as np
import plainnet
import pytest
from plainnet import Tensor, data, nn
from plainnet.demos.pooling_stepper import LATER_SLIDE, LECTURE

CHAPTER = "12_cnn"
pytestmark = pytest.mark.ch12


def as_maps(image):
    return np.asarray(image)[None, :, :, None] * 1.0


def test_time_limits_are_those_that_the_text_states(chapter):
    text = " ".join(chapter.cells[0].source.split())
    assert "5 seconds of computing time, in exercise 5 it may take 20" in text


def test_the_slides_image_is_that_of_the_demo_and_gives_its_numbers(solved):
    np.testing.assert_array_equal(solved["slide"], as_maps(LECTURE))
    pool, back = solved["max_pool"], solved["max_pool_back"]
    assert pool(as_maps(LECTURE), (2, 2), 2)[0, :, :, 0].tolist() == [[9, 2, 9], [3, 9, 3], [9, 2, 9]]
    assert pool(as_maps(LATER_SLIDE), (2, 2), 2)[0, :, :, 0].tolist() == [[9, 2, 9], [3, 9, 1], [9, 2, 9]]
    assert back(np.ones((1, 3, 3, 1)), as_maps(LECTURE), (2, 2), 2).sum() == 9
    windows = [LECTURE[i : i + 2, j : j + 2] for i in (0, 2, 4) for j in (0, 2, 4)]
    largest = [int(np.sum(window == window.max())) for window in windows]
    assert sum(count > 1 for count in largest) == 7
    assert sum(largest) == 18  # what would arrive if every tied pixel received all of it
    means = solved["avg_pool"](as_maps(LECTURE), (2, 2), 2)[0, :, :, 0]
    assert means.tolist() == [[6, 1.5, 4.5], [1.5, 9, 1.5], [5.5, 1.25, 5.5]]


@pytest.mark.parametrize(("k", "stride", "padding"), [(2, 2, 0), (3, 1, 0), (3, 2, 1), (2, 3, 0), (3, 1, 2)])
def test_pooling_and_its_way_back_are_the_librarys(solved, k, stride, padding):
    rng = np.random.default_rng(0)
    values = rng.integers(-3, 2, size=(2, 5, 7, 3)) * 1.0  # many ties
    x = Tensor(values, requires_grad=True)
    y = plainnet.max_pool2d(x, kernel_size=k, stride=stride, padding=padding)
    g = rng.normal(size=y.shape)
    y.backward(g)
    np.testing.assert_allclose(solved["max_pool"](values, (k, k), stride, padding), y.data)
    np.testing.assert_allclose(solved["max_pool_back"](g, values, (k, k), stride, padding), x.grad)
    if padding == 0:
        x = Tensor(values, requires_grad=True)
        y = plainnet.avg_pool2d(x, kernel_size=k, stride=stride)
        y.backward(g)
        np.testing.assert_allclose(solved["avg_pool"](values, (k, k), stride), y.data)
        np.testing.assert_allclose(solved["avg_pool_back"](g, values.shape, (k, k), stride), x.grad)


def test_means_go_back_by_the_transposed_map_also_through_windows_that_are_not_square(solved):
    rng = np.random.default_rng(0)
    for window, stride in [((2, 3), 1), ((3, 2), 2), ((4, 1), 3)]:
        x = rng.normal(size=(2, 5, 7, 3))
        y = solved["avg_pool"](x, window, stride)
        g = rng.normal(size=y.shape)
        assert np.sum(y * g) == pytest.approx(np.sum(x * solved["avg_pool_back"](g, x.shape, window, stride)))


def test_weights_from_channels_first_give_what_the_other_library_computes(solved):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(4, 2, 3, 5)), rng.normal(size=(30, 7))
    ours = solved["flatten"](x) @ solved["from_channels_first"](w, (2, 3, 5))
    np.testing.assert_allclose(ours, x.transpose(0, 3, 1, 2).reshape(4, 30) @ w)
    np.testing.assert_array_equal(solved["flatten"](x), nn.Flatten()(Tensor(x)).data)
    np.testing.assert_array_equal(solved["unflatten"](solved["flatten"](x), x.shape), x)


def test_loss_and_gradients_of_the_network_are_those_of_backpropagation(solved):
    rng = np.random.default_rng(0)
    params = [
        Tensor(rng.normal(size=shape), requires_grad=True) for shape in [(3, 3, 2, 4), (4,), (2 * 3 * 4, 5), (5,)]
    ]
    x, t = rng.normal(size=(3, 5, 6, 2)), np.array([4, 0, 2])
    w1, b1, w2, b2 = params
    maps = plainnet.max_pool2d(plainnet.relu(plainnet.conv2d(x, w1, b1, padding=1)), kernel_size=2)
    want = plainnet.softmax_cross_entropy(plainnet.linear(maps.reshape(3, -1), w2, b2), labels=t)
    want.backward()
    loss, grads = solved["cnn_loss"](tuple(tensor.data for tensor in params), x, t)
    assert loss == pytest.approx(want.item())
    for grad, tensor in zip(grads, params, strict=True):
        np.testing.assert_allclose(grad, tensor.grad, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
def test_the_network_of_the_text_reads_93_percent_whatever_the_seed(solved):
    x, t = data.digits()
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(x))
        learn, held = order[:1200], order[1200:]
        model = solved["train_cnn"](x[learn], t[learn], np.random.default_rng(seed))
        assert np.mean(plainnet.predict(model, x[held]).argmax(axis=1) == t[held]) >= 0.95
    assert sum(p.data.size for p in model.parameters()) == 2_730


def test_784_7056_3136_and_11665_against_210240(solved):
    rng = np.random.default_rng(0)
    deck = nn.Sequential(
        nn.Conv2d(1, 9, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
        nn.Conv2d(9, 16, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(784, 10, rng),
    )  # fmt: skip
    rows = solved["costs"](deck, (28, 28, 1))
    assert [28 * 28, *[row[0] for row in rows]] == [784, 7_056, 3_136, 10]
    assert sum(row[1] for row in rows) == 11_665
    assert sum(row[2] for row in rows) == 889_840
    layers = [nn.Flatten(), nn.Linear(784, 225, rng), plainnet.relu, nn.Linear(225, 144, rng), nn.Linear(144, 10, rng)]
    rows = solved["costs"](nn.Sequential(*layers), (28, 28, 1))
    assert [row[0] for row in rows] == [225, 144, 10]
    assert sum(row[1] for row in rows) == sum(row[2] for row in rows) == 210_240


def test_answers_to_the_questions_come_from_runs(solved):
    x = np.random.default_rng(0).normal(size=(2, 8, 8, 3))
    same = []
    for name in ("max_pool", "avg_pool"):
        pool = solved[name]
        same.append(np.allclose(np.maximum(pool(x, (2, 2), 2), 0), pool(np.maximum(x, 0), (2, 2), 2)))
    letter = {(True, False): "a", (False, True): "b", (True, True): "c", (False, False): "d"}[tuple(same)]
    assert solved["same_in_either_order"] == letter
    grad = solved["max_pool_back"](np.ones((1, 4, 5, 1)), as_maps(LECTURE), (3, 2), 1)
    assert solved["most_received"] == grad.max()


@pytest.mark.slow
def test_the_lecture_prints_the_numbers_that_it_speaks_of(lecture):
    _, printed = lecture
    for number in (
        "max: sent 9, arrived 9",
        "given to every tied pixel, 18 would arrive",
        "total 11,700, of which trained 11,700",
        "signals [784, 7056, 3136]",
        "weights [225, 3600, 7840] = 11,665",
        "= 210,240",
        "= 889,840",
        "125,440 weights",
        "the deck's formula, as it is written: 8,465",
        "two layers of 5 × 5:      9 pixels wide",
        "with pooling in between:  14 pixels wide",
        "all four gradients agree with finite differences",
    ):
        assert number in printed


@pytest.mark.slow
def test_shifts_do_what_the_lecture_says(lecture):
    names, _ = lecture
    read = names["read"]
    assert all(shares[0] > 0.95 for name, shares in read.items() if name != "dense, shifted copies")
    assert read["dense"][1] < 0.5
    assert 0.5 < read["one pooling"][1] < 0.65 < read["two poolings"][1]
    assert max(read["dense"][2], read["one pooling"][2]) < 0.2
    assert read["two poolings"][2] > 0.4
    assert read["dense, shifted copies"][1] > 0.9
    assert 0.75 < read["two poolings, left"][1] < 0.82 < read["two poolings, left"][2] < 0.9
    assert read["two poolings, right"][2] == pytest.approx(read["two poolings, right"][1], abs=0.03)
    before, after = (names["pooled"](image, plainnet.max_pool2d) for image in (LECTURE, names["image"]))
    assert np.sum(before != after) == 3
