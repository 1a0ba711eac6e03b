"""Layers: gradients of inputs and parameters against finite differences, shapes, modes, PyTorch as oracle."""

import numpy as np
import plainnet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plainnet import Tensor, gradcheck, nn

D, C = 5, 3
LAYERS = {  # name: (make, shape of the input)
    "linear": (lambda rng: nn.Linear(D, 4, rng), (6, D)),
    "linear over sequences": (lambda rng: nn.Linear(D, 4, rng), (2, 3, D)),
    "conv": (lambda rng: nn.Conv2d(C, 4, 3, rng), (2, 6, 5, C)),
    "conv strided and padded": (lambda rng: nn.Conv2d(C, 4, 3, rng, stride=2, padding=1), (2, 6, 5, C)),
    "max pool": (lambda rng: nn.MaxPool2d(2), (2, 5, 6, C)),
    "max pool overlapping": (lambda rng: nn.MaxPool2d(3, stride=2, padding=1), (2, 5, 6, C)),
    "average pool": (lambda rng: nn.AvgPool2d(3, stride=2, padding=1), (2, 5, 6, C)),
    "batch norm": (lambda rng: nn.BatchNorm(D), (7, D)),
    "batch norm of images": (lambda rng: nn.BatchNorm(C), (2, 4, 3, C)),
    "batch norm in use": (lambda rng: nn.BatchNorm(C).eval(), (2, 4, 3, C)),
    "layer norm": (lambda rng: nn.LayerNorm(D), (3, 4, D)),
    "dropout": (lambda rng: nn.Dropout(0.4, rng), (4, D)),
    "flatten": (lambda rng: nn.Flatten(), (2, 3, 4)),
    "rnn": (lambda rng: nn.RNN(D, 4, rng), (2, 6, D)),
    "lstm": (lambda rng: nn.LSTM(D, 4, rng), (2, 6, D)),
    "residual": (lambda rng: nn.residual(nn.Linear(D, D, rng), plainnet.tanh), (3, D)),
    "residual with a projection": (
        lambda rng: nn.residual(nn.Linear(D, 4, rng), plainnet.tanh, shortcut=nn.Linear(D, 4, rng)),
        (3, D),
    ),
    "inception": (
        lambda rng: nn.inception(nn.Conv2d(C, 2, 1, rng), nn.Conv2d(C, 4, 3, rng, padding=1), nn.MaxPool2d(3, 1, 1)),
        (2, 4, 5, C),
    ),
    "embedding and lstm": (
        lambda rng: nn.Sequential(lambda x: [[0, 2, 2], [1, 0, 2]], nn.Embedding(3, D, rng), nn.LSTM(D, 2, rng)),
        (1,),
    ),
}  # fmt: skip


def with_parameters(model, rng):
    """Return the model as a function of its input and its parameters, and the parameters' values, none of them 0."""
    places = [(module, key) for module in model.modules() for key, x in vars(module).items() if isinstance(x, Tensor)]
    values = [rng.normal(size=getattr(module, key).shape) for module, key in places]

    def f(x, *parameters):
        for (module, key), p in zip(places, parameters):
            setattr(module, key, p)
        for module in model.modules():
            if isinstance(module, nn.Dropout):
                module.rng = np.random.default_rng(5)  # the same mask at each call
        return model(x)

    return f, values


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_of_a_layer_are_those_of_finite_differences(name):
    make, shape = LAYERS[name]
    rng = np.random.default_rng(0)
    f, values = with_parameters(make(rng).astype(float), rng)
    gradcheck.check(f, rng.normal(size=shape), *values, rng=rng)


@pytest.mark.parametrize("name", LAYERS)
def test_single_precision_stays_single(name):
    make, shape = LAYERS[name]
    rng = np.random.default_rng(0)
    model = make(rng)
    y = model(rng.normal(size=shape).astype(np.float32))
    assert y.dtype == np.float32
    if model.parameters():
        y.sum().backward()
        assert {p.grad.dtype for p in model.parameters()} == {np.dtype(np.float32)}


def test_linear_is_the_formula_of_the_lecture():
    layer = nn.Linear(3, 2, np.random.default_rng(0))
    x = np.ones((4, 3), np.float32)
    np.testing.assert_allclose(layer(x).data, x @ layer.w.data + layer.b.data, rtol=1e-6)


def test_dropout_drops_a_fraction_p_and_keeps_the_expectation():
    layer = nn.Dropout(0.2, np.random.default_rng(0))
    y = layer(Tensor(np.ones((200, 500)))).data
    assert (y == 0).mean() == pytest.approx(0.2, abs=0.01)
    np.testing.assert_allclose(y[y != 0], 1 / 0.8)
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert not (y[0] == y[1]).all()


def test_dropout_draws_a_new_mask_each_time_and_the_gradient_has_the_mask_of_its_forward():
    layer = nn.Dropout(0.5, np.random.default_rng(0))
    x = Tensor(np.ones((10, 10)), requires_grad=True)
    y = layer(x)
    assert not (layer(x).data == y.data).all()
    y.backward(np.ones((10, 10)))
    np.testing.assert_array_equal(x.grad, y.data)


def test_dropout_does_nothing_in_use():
    layer = nn.Dropout(0.5, np.random.default_rng(0)).eval()
    x = Tensor(np.ones((10, 10)))
    assert layer(x) is x


def test_batch_norm_in_use_takes_a_batch_of_one_and_repeats_itself():
    layer = nn.BatchNorm(3)
    rng = np.random.default_rng(0)
    for _ in range(200):
        layer(rng.normal([1, -2, 5], [1, 2, 0.5], (64, 3)).astype(np.float32))
    layer.eval()
    x = np.array([[1.0, -2.0, 5.0]], np.float32)
    np.testing.assert_allclose(layer(x).data, 0, atol=0.1)
    np.testing.assert_array_equal(layer(x).data, layer(x).data)


def test_batch_norm_recovers_its_input_with_gamma_the_deviation_and_beta_the_mean():
    rng = np.random.default_rng(0)
    x = rng.normal(3, 2, (50, 4))
    layer = nn.BatchNorm(4).astype(float)
    layer.gamma.data[:], layer.beta.data[:] = np.sqrt(x.var(axis=0) + layer.epsilon), x.mean(axis=0)
    np.testing.assert_allclose(layer(x).data, x, rtol=1e-12)


def test_running_averages_move_by_a_tenth_and_only_while_training():
    layer = nn.BatchNorm(1, momentum=0.9).astype(float)
    x = np.array([[1.0], [2.0], [3.0], [6.0]])  # mean 3, variance 14/4, unbiased 14/3
    layer(x)
    layer.eval()(x)
    assert layer.running_mean[0] == pytest.approx(0.3)
    assert layer.running_variance[0] == pytest.approx(0.9 + 0.1 * 14 / 3)


def test_layer_norm_looks_at_one_sample_alone():
    rng = np.random.default_rng(0)
    layer, x = nn.LayerNorm(6).astype(float), rng.normal(2, 3, (5, 6))
    y = layer(x).data
    np.testing.assert_allclose(y.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(y.std(axis=1), 1, rtol=1e-4)
    np.testing.assert_array_equal(layer(x[:1]).data, y[:1])


@given(seed=st.integers(0, 2**32 - 1), cut=st.integers(1, 6))
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM])
@settings(max_examples=20)
def test_a_sequence_in_two_parts_gives_what_it_gives_whole(kind, seed, cut):
    rng = np.random.default_rng(seed)
    layer, x = kind(3, 4, rng).astype(float), rng.normal(size=(2, 7, 3))
    first, state = layer.run(x[:, :cut])
    second, _ = layer.run(x[:, cut:], state)
    np.testing.assert_allclose(np.concatenate([first.data, second.data], axis=1), layer(x).data, rtol=1e-10)


def test_an_rnn_is_its_formula():
    rng = np.random.default_rng(0)
    layer, x = nn.RNN(3, 4, rng).astype(float), rng.normal(size=(2, 5, 3))
    layer.b.data[:] = rng.normal(size=4)
    h, y = np.zeros((2, 4)), layer(x).data
    for t in range(5):
        h = np.tanh(x[:, t] @ layer.w.data + h @ layer.u.data + layer.b.data)
        np.testing.assert_allclose(y[:, t], h, rtol=1e-12)


def test_an_lstm_is_its_formula_with_a_forget_bias_of_one():
    rng = np.random.default_rng(0)
    layer, x, H = nn.LSTM(3, 4, rng).astype(float), rng.normal(size=(2, 5, 3)), 4
    np.testing.assert_array_equal(layer.b.data, np.repeat([0, 0, 1, 0], H))
    h, c, y = np.zeros((2, H)), np.zeros((2, H)), layer(x).data
    for t in range(5):
        a = (x[:, t] @ layer.w.data + h @ layer.u.data + layer.b.data).reshape(2, 4, H)
        i, f, o = (1 / (1 + np.exp(-a[:, k])) for k in (1, 2, 3))
        c = f * c + i * np.tanh(a[:, 0])
        h = o * np.tanh(c)
        np.testing.assert_allclose(y[:, t], h, rtol=1e-10)


def test_recurrent_layers_have_the_lectures_numbers_of_parameters():
    rng = np.random.default_rng(0)
    assert sum(p.size for p in nn.RNN(10, 20, rng).parameters()) == 620
    assert sum(p.size for p in nn.LSTM(10, 20, rng).parameters()) == 2480


def test_a_residual_block_with_weights_of_zero_is_the_identity():
    layer = nn.Linear(4, 4, np.random.default_rng(0))
    layer.w.data[:] = 0
    x = np.arange(8, dtype=np.float32).reshape(2, 4)
    np.testing.assert_array_equal(nn.residual(layer)(x).data, x)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rng: nn.Linear(4, 2, rng)(np.zeros((3, 5))), r"x \(\.\.\., 4\); got \(3, 5\).*Flatten"),
        (lambda rng: nn.Dropout(1.0, rng), "probability to drop"),
        (lambda rng: nn.BatchNorm(4)(np.zeros((3, 5))), r"\(\.\.\., 4\)"),
        (lambda rng: nn.BatchNorm(4)(np.zeros((1, 4))), "at least 2 values"),
        (lambda rng: nn.LSTM(4, 2, rng)(np.zeros((3, 0, 4))), "T > 0"),
        (lambda rng: nn.RNN(4, 2, rng)(np.zeros((3, 4))), r"\(N, T, 4\)"),
        (lambda rng: nn.Embedding(4, 2, rng)(np.array([4])), r"0\.\.3"),
        (lambda rng: nn.Conv2d(3, 4, 3, rng)(np.zeros((2, 3, 8, 8))), "channels come last"),
    ],
)
def test_bad_input_is_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call(np.random.default_rng(0))


@pytest.mark.torch
@pytest.mark.parametrize("shape", [(8, 3), (4, 5, 6, 3)])
def test_batch_norm_is_pytorchs_in_training_and_in_use(shape):
    import torch

    rng = np.random.default_rng(0)
    ours = nn.BatchNorm(3).astype(float)
    theirs = (torch.nn.BatchNorm1d if len(shape) == 2 else torch.nn.BatchNorm2d)(3, momentum=0.1).double()

    def channels_first(x):
        return torch.tensor(np.moveaxis(x, -1, 1))

    for _ in range(3):
        x = rng.normal(2, 3, shape)
        expected = np.moveaxis(theirs(channels_first(x)).detach().numpy(), 1, -1)
        np.testing.assert_allclose(ours(x).data, expected, rtol=1e-9, atol=1e-9)
    expected = np.moveaxis(theirs.eval()(channels_first(x)).detach().numpy(), 1, -1)
    np.testing.assert_allclose(ours.eval()(x).data, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.torch
def test_an_lstm_is_pytorchs_with_its_gates_in_our_order():
    import torch

    rng = np.random.default_rng(0)
    ours, theirs = nn.LSTM(3, 4, rng).astype(float), torch.nn.LSTM(3, 4, batch_first=True).double()
    order = [1, 2, 0, 3]  # PyTorch: input, forget, candidate, output; ours: candidate, input, forget, output

    def reordered(a):
        return torch.tensor(np.concatenate([np.split(a, 4, axis=-1)[i] for i in order], axis=-1).T.copy())

    theirs.load_state_dict(
        {
            "weight_ih_l0": reordered(ours.w.data),
            "weight_hh_l0": reordered(ours.u.data),
            "bias_ih_l0": reordered(ours.b.data),
            "bias_hh_l0": torch.zeros(16),
        }
    )
    x = rng.normal(size=(2, 6, 3))
    y, (h, c) = ours.run(x)
    expected, (h_n, c_n) = theirs(torch.tensor(x))
    np.testing.assert_allclose(y.data, expected.detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(h.data, h_n[0].detach().numpy(), rtol=1e-10)
    np.testing.assert_allclose(c.data, c_n[0].detach().numpy(), rtol=1e-10)
