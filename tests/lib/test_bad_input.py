"""What a careless student passes gets an error that says what was expected, what came and what to do."""

import functools

import numpy as np
import plainnet as pn
import pytest
from plainnet import (
    Tensor,
    adversarial,
    augment,
    checkpoint,
    data,
    fit,
    gradcheck,
    losses,
    metrics,
    nn,
    optim,
    regularize,
    schedules,
)

GENERATOR = r"numpy\.random\.Generator, made once with rng = np\.random\.default_rng\(0\); got "


def rng():
    return np.random.default_rng(0)


def network():
    return nn.Sequential(nn.Linear(2, 4, rng()), pn.relu, nn.Linear(4, 3, rng()))


def trained(**changes):
    """Train for one epoch, with some options as a careless student would write them."""
    model = changes.pop("model", network())
    x, t = data.blobs(30, rng())
    options = {
        "x": x, "t": t, "loss": losses.cross_entropy, "num_epochs": 1, "rng": rng(), "progress": False,
        "optimizer": optim.SGD((model if isinstance(model, nn.Module) else network()).parameters(), 0.1),
    }  # fmt: skip
    return fit(model, **options | changes)


def refused(*cases):
    """Turn (name, call, words) into a test that each call is refused in these words."""
    return pytest.mark.parametrize(("call", "words"), [pytest.param(*rest, id=name) for name, *rest in cases])


def check(call, words):
    with pytest.raises((ValueError, TypeError, AttributeError), match=words) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    "call",
    [
        lambda wrong: nn.Linear(2, 3, wrong),
        lambda wrong: nn.Conv2d(1, 2, 3, wrong),
        lambda wrong: nn.Embedding(5, 2, wrong),
        lambda wrong: nn.LSTM(2, 3, wrong),
        lambda wrong: nn.Dropout(0.5, wrong),
        lambda wrong: trained(rng=wrong),
        lambda wrong: data.split(np.zeros((9, 2)), np.zeros(9), 0.2, wrong),
        lambda wrong: data.moons(10, wrong),
        lambda wrong: data.xor(10, wrong),
        lambda wrong: data.glyphs(3, wrong),
        lambda wrong: data.shapes(3, wrong),
        lambda wrong: data.sentences(3, wrong),
        lambda wrong: data.recall(3, wrong),
        lambda wrong: data.echo(3, wrong),
        lambda wrong: regularize.noise(np.zeros(3), wrong),
        lambda wrong: augment.random_shift(np.zeros((2, 4, 4, 1)), None, wrong),
        lambda wrong: gradcheck.check(pn.exp, np.ones(3), rng=wrong),
    ],
)
@pytest.mark.parametrize("wrong", [0, None, np.random])
def test_randomness_is_a_generator(call, wrong):
    check(lambda: call(wrong), GENERATOR)


@refused(
    ("no input", lambda: nn.Linear(0, 3, rng()), r"whole numbers of at least 1; got 0 in \(0, 3\)"),
    ("no output", lambda: nn.Linear(3, 0, rng()), "got 0 in"),
    ("negative", lambda: nn.Linear(-3, 2, rng()), "got -3 in"),
    ("float", lambda: nn.Linear(2.0, 3, rng()), r"got 2\.0 in"),
    ("text", lambda: nn.Linear("2", 3, rng()), "got '2' in"),
    ("bool", lambda: nn.Linear(True, 3, rng()), "got True in"),
    ("kernel", lambda: nn.Conv2d(1, 2, (3, 3), rng()), r"got \(3, 3\) in"),
    ("embedding", lambda: nn.Embedding(0, 3, rng()), "got 0 in"),
    ("recurrent", lambda: nn.LSTM(3, -4, rng()), "got -4 in"),
    ("batch norm", lambda: nn.BatchNorm(2.5), r"got 2\.5"),
    ("layer norm", lambda: nn.LayerNorm(0), "got 0"),
    ("perceptron", lambda: pn.Perceptron(2.0), r"in_features, a whole number.*got 2\.0"),
    ("padding", lambda: nn.Conv2d(1, 2, 3, rng(), padding="same")(np.zeros((1, 5, 5, 1))), "whole numbers.*'same'"),
    ("window", lambda: nn.MaxPool2d(2.0)(np.zeros((1, 4, 4, 1))), r"whole numbers.*2\.0"),
)
def test_sizes_are_whole_numbers(call, words):
    check(call, words)


@refused(
    ("layer norm", lambda: nn.LayerNorm(4)(np.zeros((3, 5))), r"\(\.\.\., 4\), features last.*got \(3, 5\)"),
    ("layer norm of one", lambda: nn.LayerNorm(4)(np.zeros((3, 1))), r"got \(3, 1\)"),
    ("batch norm", lambda: nn.BatchNorm(4)(np.zeros((3, 5))), r"got \(3, 5\)"),
    ("number", lambda: nn.Linear(2, 3, rng())(Tensor(1.0)), r"got \(\)"),
    ("layers in a list", lambda: nn.Sequential([nn.Flatten(), pn.relu]), "one by one.*got list"),
    ("layer without brackets", lambda: nn.Sequential(nn.Flatten, pn.relu), "got the class Flatten"),
    ("dtype", lambda: network().astype(int), "real numbers.*got int64"),
    ("summary of a number", lambda: pn.summary(network(), 2), r"shape of one sample.*\(784,\); got int 2"),
    ("perceptron", lambda: pn.Perceptron(2).predict(np.zeros((3, 4))), r"x \(N, 2\); got shape \(3, 4\)"),
    ("flat images", lambda: augment.random_flip(np.zeros((9, 4)), np.zeros(9), rng(), [0]), r"\(N, H, W, C\).*9, 4"),
    ("bytes", lambda: adversarial.fgsm(network(), np.zeros((3, 2), np.uint8), np.zeros(3, int), 0.1), "got uint8"),
    ("not a tensor", lambda: gradcheck.check(lambda x: 3.0, np.ones(2), rng=rng()), "return a Tensor.*got float"),
    ("never", lambda: schedules.step(0.1, every=0), "every > 0.*got 0"),
    ("no time", lambda: schedules.cosine(0.1, duration=0), "duration > 0.*got 0"),
    ("no schedule", lambda: schedules.warm_up(0.1, 3), r"constant\(0\.1\); got float"),
    ("no patience", lambda: regularize.EarlyStopping(patience=0), "patience.*got 0"),
    ("limit", lambda: regularize.max_norm(network().parameters(), 0), "positive; got 0"),
    ("a fraction in words", lambda: data.split(np.zeros(9), np.zeros(9), "0.2", rng()), r"'0\.2'.*use one in \(0, 1\)"),
)  # fmt: skip
def test_layers_and_tools_refuse_what_does_not_fit(call, words):
    check(call, words)


def test_a_layer_asked_with_a_list_says_how_to_make_an_array():
    error = check(lambda: nn.Linear(2, 3, rng())([[1.0, 2.0]]), "list")
    assert "expects arrays or tensors" in error.__notes__[0]


@refused(
    ("batch of none", lambda: trained(batch_size=0), "batch_size, a whole number of at least 1; got 0"),
    ("part of a batch", lambda: trained(batch_size=2.5), r"got 2\.5"),
    ("epochs", lambda: trained(num_epochs=-2), "num_epochs.*got -2"),
    ("optimizer's name", lambda: trained(optimizer="adam"), r"optim\.Adam\(model\.parameters\(\)\); got str 'adam'"),
    ("optimizer's class", lambda: trained(optimizer=optim.Adam), "got the class Adam"),
    ("optimizer of another", lambda: trained(optimizer=optim.SGD(network().parameters(), 0.1)), "none of the opt"),
    ("x list", lambda: trained(x=[[1.0, 2.0]], t=np.array([0])), r"as arrays, such as np\.array.*got list"),
    ("t list", lambda: trained(x=np.zeros((1, 2)), t=[0]), "got list"),
    ("x tensor", lambda: trained(x=Tensor(np.zeros((30, 2)))), "got Tensor"),
    ("x number", lambda: trained(x=3), "got int 3"),
    ("metric's name", lambda: trained(metrics=["accuracy"]), "functions.*got str 'accuracy'"),
    ("metric alone", lambda: trained(metrics=metrics.accuracy), r"\[metrics\.accuracy\]; got function"),
    ("metrics of one name", lambda: trained(metrics=[lambda y, t: 1, lambda y, t: 2]), "different names"),
    ("metric of many", lambda: trained(metrics=[lambda y, t: y]), r"one number of each.*<lambda> returned \(30, 3\)"),
    ("loss's name", lambda: trained(loss="mse"), "such as losses.mse; got str"),
    ("loss without graph", lambda: trained(loss=lambda y, t: 1.0), "scalar Tensor.*got float"),
    ("validation without t", lambda: trained(validation=np.zeros((9, 2))), r"pair \(x, t\); got ndarray"),
    ("empty validation", lambda: trained(validation=(np.zeros((0, 2)), np.zeros(0, int))), "at least one"),
    ("callback alone", lambda: trained(callbacks=regularize.EarlyStopping()), "a list of callbacks"),
    ("callback's class", lambda: trained(callbacks=[regularize.EarlyStopping]), "got the class EarlyStopping"),
    ("rate", lambda: trained(schedule=0.1), r"schedules\.constant\(0\.1\); got float"),
    ("history", lambda: trained(history={}), "History.*got dict"),
    ("nan in t", lambda: trained(t=np.full(30, np.nan), check_finite=True), "t has 30 values that are NaN"),
    ("nan in validation", lambda: trained(validation=(np.full((3, 2), np.nan), np.zeros(3, int)), check_finite=True),
     "x has 6 values.*validation"),
    ("predict nothing", lambda: pn.predict(network(), np.zeros((0, 2))), "at least one"),
    ("predict a list", lambda: pn.predict(network(), [[1.0, 2.0]]), "got list"),
    ("predict by none", lambda: pn.predict(network(), np.zeros((3, 2)), batch_size=0), "batch_size"),
    ("evaluate", lambda: pn.evaluate(network(), np.zeros((3, 2)), np.zeros(2, int), losses.mse), "3 inputs and 2"),
)  # fmt: skip
def test_training_refuses_what_it_cannot_use(call, words):
    check(call, words)


def test_a_model_that_is_only_a_function_is_refused():
    with pytest.raises(TypeError, match="derives from Module; got function"):
        trained(model=lambda x: x)


def test_a_metric_may_be_partial_and_keeps_its_name():
    history = trained(metrics=[functools.partial(metrics.accuracy)])
    assert list(history) == ["loss", "accuracy", "lr"]


@refused(
    ("model", lambda: optim.SGD(network(), lr=0.1), r"no list of tensors: pass model\.parameters\(\)"),
    ("without brackets", lambda: optim.SGD(network().parameters, lr=0.1), r"model\.parameters\(\); got method"),
    ("arrays", lambda: optim.SGD([np.zeros(3)], lr=0.1), "got ndarray"),
    ("one tensor", lambda: optim.SGD(Tensor(np.zeros((3, 2)), requires_grad=True), lr=0.1), r"a list, \[w\]"),
    ("rate in words", lambda: optim.SGD(network().parameters(), lr="0.1"), r"lr must be positive; got '0\.1'"),
    ("clipping", lambda: optim.clip_norm(network(), 1), r"model\.parameters\(\)"),
    ("penalty", lambda: regularize.l2(network(), 1), r"model\.parameters\(\)"),
)
def test_optimisers_want_tensors(call, words):
    check(call, words)


@pytest.mark.parametrize("targets", [[0, 1, 2], [-1, 1, 1], [0, np.nan, 1]])
def test_targets_of_the_binary_cross_entropy_are_probabilities(targets):
    check(lambda: losses.binary_cross_entropy(Tensor(np.zeros(3)), np.array(targets)), r"targets in 0\.\.1; they range")


def test_one_hot_rows_for_labels_are_refused_with_the_way_out():
    check(lambda: losses.cross_entropy(Tensor(np.zeros((3, 2))), np.eye(2)[[0, 1, 1]]), r"argmax\(axis=1\)")


def test_a_model_is_not_saved_over_a_folder_nor_into_one_that_is_missing(tmp_path):
    for path in (tmp_path, tmp_path / "missing" / "model.npz"):
        check(lambda path=path: checkpoint.save(network(), path), "name of a file in a folder that exists")
    assert list(tmp_path.parent.glob(f"{tmp_path.name}.*")) == []


def test_a_constant_that_is_passed_by_position_is_named():
    error = check(lambda: pn.softmax(np.zeros((2, 3)), 1), "positional")
    assert "softmax takes (z); by keyword it takes axis" in error.__notes__


# Tensors where NumPy's arrays would do


def test_numpy_functions_that_have_an_op_record_the_graph():
    x = Tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), requires_grad=True)
    array = np.ones(2)
    for y, want in [
        (np.exp(x), np.exp(x.data)), (np.sum(x), 10), (np.sum(x, 0), [4, 6]), (np.mean(x, axis=1), [1.5, 3.5]),
        (np.max(x), 4), (np.add(array, x), x.data + 1), (np.maximum(x, 2), np.maximum(x.data, 2)),
        (np.reshape(x, (4,)), x.data.ravel()), (np.transpose(x, (1, 0)), x.data.T), (np.float64(2) * x, 2 * x.data),
    ]:  # fmt: skip
        assert isinstance(y, Tensor)
        assert y.requires_grad
        np.testing.assert_array_equal(y.data, want)
    assert (np.shape(x), np.ndim(x), np.size(x)) == ((2, 2), 2, 4)


@refused(
    ("ufunc", lambda: np.arctan(Tensor(1.0)), r"NumPy's arctan would lose the graph.*x\.data"),
    ("function", lambda: np.concatenate([Tensor(np.ones(3))]), "NumPy's concatenate"),
    ("method", lambda: np.add.reduce(Tensor(np.ones(3))), "NumPy's reduce"),
    ("comparison", lambda: np.ones(2) == Tensor(np.ones(2)), "NumPy's equal"),
    ("array", lambda: np.array([Tensor(1.0)]), r"becomes one with stack\(a, b\)"),
    ("rows of a number", lambda: list(Tensor(1.0)), r"one number.*x\.item\(\)"),
    ("length of a number", lambda: len(Tensor(1.0)), "without length"),
    ("number of an array", lambda: float(Tensor(np.ones(3))), r"one element; this tensor has shape \(3,\)"),
)
def test_a_tensor_refuses_what_would_lose_its_graph_or_has_no_sense(call, words):
    check(call, words)


def test_a_sum_into_an_array_is_refused():
    total = np.zeros(2)
    with pytest.raises(TypeError, match="out"):
        total += Tensor(np.ones(2))


def test_tensors_are_equal_where_they_are_the_same_object():
    a, b = Tensor(1.0), Tensor(1.0)
    assert a == a
    assert a != b
    assert [a, b].index(b) == 1
    assert {a: "a", b: "b"}[b] == "b"


def test_shapes_and_axes_may_stand_in_a_list_and_a_number_has_a_format():
    x = Tensor(np.arange(6.0))
    assert x.reshape([2, 3]).transpose([1, 0]).shape == (3, 2)
    assert f"{x.sum():.2f} {x.sum()}" == "15.00 Tensor(15.)"
    check(lambda: x.reshape(), r"size 6 into shape \(\)")


def test_the_table_of_a_model_that_looks_up_symbols():
    model = nn.Sequential(nn.Embedding(10, 4, rng()), functools.partial(pn.leaky_relu, slope=0.2), nn.LSTM(4, 5, rng()))
    lines = pn.summary(model, (7,)).splitlines()
    assert [line.split()[0] for line in lines[1:-1]] == ["Embedding", "leaky_relu", "LSTM"]
    assert "(N, 7, 5)" in lines[3]
