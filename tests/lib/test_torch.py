"""Values and gradients against PyTorch, where its conventions are ours up to the order of axes."""

import importlib

import numpy as np
import plainnet as pn
import pytest

pytestmark = pytest.mark.torch


@pytest.fixture(scope="module")
def torch():
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    return torch


@pytest.fixture
def compare(torch):
    """Return a function that compares a function of ours with one of torch, on the same arrays."""

    def compare(ours, theirs, *arrays, rtol=1e-10):
        mine = [pn.Tensor(a, requires_grad=True) for a in arrays]
        other = [torch.tensor(a, requires_grad=True) for a in arrays]
        y, want = ours(*mine), theirs(*other)
        np.testing.assert_allclose(y.data, want.detach().numpy(), rtol=rtol, atol=1e-12)
        g = np.random.default_rng(5).normal(size=y.shape)
        y.backward(g)
        want.backward(torch.tensor(g))
        for a, b in zip(mine, other):
            np.testing.assert_allclose(a.grad, b.grad.numpy(), rtol=rtol, atol=1e-11)

    return compare


def normal(*shape):
    return np.random.default_rng(shape).normal(size=shape)


def nchw(f):
    """Turn a torch function of images (N, C, H, W) into one of images (N, H, W, C)."""
    return lambda x, *rest: f(x.permute(0, 3, 1, 2), *rest).permute(0, 2, 3, 1)


@pytest.mark.parametrize("name", ["tanh", "sigmoid", "relu", "elu", "leaky_relu", "softplus"])
def test_activations(torch, compare, name):
    compare(getattr(pn, name), getattr(torch.nn.functional, name), 3 * normal(4, 5))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_softmax_and_log_softmax(torch, compare, axis):
    compare(lambda z: pn.softmax(z, axis=axis), lambda z: torch.softmax(z, axis), 3 * normal(4, 5, 2))
    compare(lambda z: pn.log_softmax(z, axis=axis), lambda z: torch.log_softmax(z, axis), 3 * normal(4, 5, 2))


def test_losses(torch, compare):
    F, t = torch.nn.functional, normal(4, 3)
    compare(lambda y: pn.mse(y, targets=t), lambda y: F.mse_loss(y, torch.tensor(t)), normal(4, 3) + 1)
    compare(lambda y: pn.mae(y, targets=t), lambda y: F.l1_loss(y, torch.tensor(t)), normal(4, 3) + 1)
    p = 1.0 * (t > 0)
    bce = F.binary_cross_entropy_with_logits
    compare(lambda z: pn.bce_with_logits(z, targets=p), lambda z: bce(z, torch.tensor(p)), 5 * normal(4, 3))
    labels = np.array([2, 0, 1, 1])
    cross_entropy = lambda z: F.cross_entropy(z, torch.tensor(labels))  # noqa: E731
    compare(lambda z: pn.softmax_cross_entropy(z, labels=labels), cross_entropy, 5 * normal(4, 3))
    # torch divides the sum over the wrong classes by K
    hinge = lambda s: 3 * F.multi_margin_loss(s, torch.tensor(labels))  # noqa: E731
    compare(lambda s: pn.multiclass_hinge(s, labels=labels), hinge, normal(4, 3))


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 2), (2, 1), (3, 0)])
def test_conv2d(torch, compare, channels, stride, padding):
    conv = torch.nn.functional.conv2d
    compare(
        lambda x, w, b: pn.conv2d(x, w, b, stride=stride, padding=padding),
        nchw(lambda x, w, b: conv(x, w.permute(3, 2, 0, 1), b, stride=stride, padding=padding)),
        normal(3, 9, 8, channels), normal(3, 3, channels, 5), normal(5),
    )  # fmt: skip


@pytest.mark.parametrize(("kernel_size", "stride", "padding"), [(2, None, 0), (3, 2, 1), (3, 1, 0), (2, 3, 1)])
def test_pooling(torch, compare, kernel_size, stride, padding):
    F, params = torch.nn.functional, {"kernel_size": kernel_size, "stride": stride, "padding": padding}
    compare(lambda x: pn.max_pool2d(x, **params), nchw(lambda x: F.max_pool2d(x, **params)), normal(2, 9, 8, 3))
    compare(lambda x: pn.avg_pool2d(x, **params), nchw(lambda x: F.avg_pool2d(x, **params)), normal(2, 9, 8, 3))


def test_max_pooling_breaks_ties_alike(torch, compare):
    x = np.floor(normal(2, 6, 6, 2))
    pool = lambda x: torch.nn.functional.max_pool2d(x, 3, 2)  # noqa: E731
    compare(lambda x: pn.max_pool2d(x, kernel_size=3, stride=2), nchw(pool), x)


def test_normalisation(torch, compare):
    F = torch.nn.functional
    batch_norm = lambda x, g, b: F.batch_norm(x, None, None, g, b, training=True)  # noqa: E731
    compare(pn.batch_norm, batch_norm, normal(6, 4), normal(4), normal(4))
    compare(pn.batch_norm, nchw(batch_norm), normal(3, 5, 4, 6), normal(6), normal(6))
    compare(pn.layer_norm, lambda x, g, b: F.layer_norm(x, (4,), g, b), normal(3, 5, 4), normal(4), normal(4))


def test_embedding(torch, compare):
    index = np.array([[0, 2, 2], [4, 0, 0]])
    theirs = torch.nn.functional.embedding
    compare(lambda t: pn.embedding(t, index=index), lambda t: theirs(torch.tensor(index), t), normal(5, 3))


def test_rnn(torch, compare):
    def theirs(x, w, b, u, h0):
        layer = torch.nn.RNN(4, 3).double()
        params = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
        return torch.func.functional_call(layer, params, (x, h0[None]))[0]

    arrays = normal(7, 2, 4), normal(4, 3), normal(3), normal(3, 3), normal(2, 3)
    compare(lambda x, w, b, u, h0: pn.rnn(pn.linear(x, w, b), u, h0), theirs, *arrays)


def test_lstm(torch, compare):
    def in_torch_order(w):
        g, i, f, o = w.chunk(4, -1)
        return torch.cat([i, f, g, o], -1)

    def theirs(x, w, b, u, h0, c0):
        layer = torch.nn.LSTM(4, 3).double()
        w, b, u = in_torch_order(w), in_torch_order(b), in_torch_order(u)
        params = {"weight_ih_l0": w.T, "weight_hh_l0": u.T, "bias_ih_l0": b, "bias_hh_l0": torch.zeros_like(b)}
        h, (_, c) = torch.func.functional_call(layer, params, (x, (h0[None], c0[None])))
        return torch.cat([h, c])

    def ours(x, w, b, u, h0, c0):
        h, c = pn.lstm(pn.linear(x, w, b), u, h0, c0)
        return pn.concatenate(h, c[-1:])

    compare(ours, theirs, normal(7, 2, 4), normal(4, 12), normal(12), normal(3, 12), normal(2, 3), normal(2, 3) + 1)
