"""Optimisers: against formulas written out from the papers, and step by step against PyTorch."""

import math
import tracemalloc

import numpy as np
import pytest
from plainnet import Tensor, optim

STEPS = 10
LR = 0.1


def sgd(w, gradients):
    for g in gradients:
        w = w - LR * g
    return w


def momentum(w, gradients):
    v = 0
    for g in gradients:
        v = 0.9 * v + g
        w = w - LR * v
    return w


def nesterov(w, gradients):
    v = 0
    for g in gradients:
        v = 0.9 * v + g
        w = w - LR * (g + 0.9 * v)
    return w


def adagrad(w, gradients):
    v = 0
    for g in gradients:
        v = v + g**2
        w = w - LR * g / (np.sqrt(v) + 1e-10)
    return w


def rmsprop(w, gradients):
    v = 0
    for g in gradients:
        v = 0.99 * v + 0.01 * g**2
        w = w - LR * g / (np.sqrt(v) + 1e-8)
    return w


def adadelta(w, gradients):
    v = u = 0
    for g in gradients:
        v = 0.9 * v + 0.1 * g**2
        d = np.sqrt(u + 1e-6) / np.sqrt(v + 1e-6) * g
        u = 0.9 * u + 0.1 * d**2
        w = w - d
    return w


def adam(w, gradients, decay=0.0, keep_largest=False):
    m = v = largest = 0
    for t, g in enumerate(gradients, start=1):
        w = w - LR * decay * w
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        largest = np.maximum(largest, v) if keep_largest else v
        w = w - LR * (m / (1 - 0.9**t)) / (np.sqrt(largest / (1 - 0.999**t)) + 1e-8)
    return w


def adamw(w, gradients):
    return adam(w, gradients, decay=0.2)


def amsgrad(w, gradients):
    return adam(w, gradients, keep_largest=True)


def adamax(w, gradients):
    m = u = 0
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        u = np.maximum(0.999 * u, np.abs(g) + 1e-8)
        w = w - LR / (1 - 0.9**t) * m / u
    return w


def nadam(w, gradients):
    m = v = 0
    product = 1.0

    def mu(t):
        return 0.9 * (1 - 0.5 * 0.96 ** (0.004 * t))

    for t, g in enumerate(gradients, start=1):
        product *= mu(t)
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        m_hat = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        w = w - LR * m_hat / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
    return w


CASES = {
    "sgd": (sgd, lambda p: optim.SGD(p, LR), lambda torch, p: torch.SGD(p, LR)),
    "momentum": (momentum, lambda p: optim.Momentum(p, LR), lambda torch, p: torch.SGD(p, LR, momentum=0.9)),
    "nesterov": (
        nesterov,
        lambda p: optim.Nesterov(p, LR),
        lambda torch, p: torch.SGD(p, LR, momentum=0.9, nesterov=True),
    ),
    "adagrad": (adagrad, lambda p: optim.Adagrad(p, LR), lambda torch, p: torch.Adagrad(p, LR)),
    "rmsprop": (rmsprop, lambda p: optim.RMSprop(p, LR), lambda torch, p: torch.RMSprop(p, LR)),
    "adadelta": (adadelta, lambda p: optim.Adadelta(p), lambda torch, p: torch.Adadelta(p, lr=1.0)),
    "adam": (adam, lambda p: optim.Adam(p, LR), lambda torch, p: torch.Adam(p, LR)),
    "adamw": (
        adamw,
        lambda p: optim.Adam(p, LR, weight_decay=0.2),
        lambda torch, p: torch.AdamW(p, LR, weight_decay=0.2),
    ),
    "amsgrad": (amsgrad, lambda p: optim.AMSGrad(p, LR), lambda torch, p: torch.Adam(p, LR, amsgrad=True)),
    "adamax": (adamax, lambda p: optim.AdaMax(p, LR), lambda torch, p: torch.Adamax(p, LR)),
    "nadam": (nadam, lambda p: optim.Nadam(p, LR), lambda torch, p: torch.NAdam(p, LR)),
}


def draw(seed=0, dtype=float):
    """Return two starting points and, for each, gradients from 1e-8 to 10, zeros among them."""
    rng = np.random.default_rng(seed)
    starts = [rng.standard_normal((3, 4)).astype(dtype), rng.standard_normal(4).astype(dtype)]
    gradients = [
        [(rng.standard_normal(w.shape) * 10.0 ** rng.uniform(-8, 1, w.shape)).astype(dtype) for _ in range(STEPS)]
        for w in starts
    ]
    gradients[0][0][0, 0] = 0
    return starts, gradients


def run(make, starts, gradients):
    params = [Tensor(w, requires_grad=True) for w in starts]
    optimizer = make(params)
    for step in zip(*gradients):
        for p, g in zip(params, step):
            p.grad = g
        optimizer.step()
    return params


@pytest.mark.parametrize("name", CASES)
def test_ten_steps_follow_the_formula_of_the_paper(name):
    formula, make, _ = CASES[name]
    starts, gradients = draw()
    for p, start, gs in zip(run(make, starts, gradients), starts, gradients):
        np.testing.assert_allclose(p.data, formula(start, gs), rtol=1e-10, atol=1e-12)


@pytest.fixture
def torch():
    """PyTorch with double precision for its own numbers too: it keeps Nadam's product of momenta in the default one."""
    torch = pytest.importorskip("torch")
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(torch.float32)


@pytest.mark.torch
@pytest.mark.parametrize("name", CASES)
def test_every_one_of_ten_steps_is_pytorchs(name, torch):
    _, make, make_oracle = CASES[name]
    starts, gradients = draw(seed=1)
    params = [Tensor(w, requires_grad=True) for w in starts]
    oracles = [torch.tensor(w, requires_grad=True) for w in starts]
    optimizer, oracle = make(params), make_oracle(torch.optim, oracles)
    for step in zip(*gradients):
        for p, q, g in zip(params, oracles, step):
            p.grad, q.grad = g, torch.tensor(g)
        optimizer.step()
        oracle.step()
        for p, q in zip(params, oracles):
            np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_single_precision_stays_single_and_near_double(name):
    _, make, _ = CASES[name]
    starts, gradients = draw(dtype=np.float32)
    double = run(make, [w.astype(float) for w in starts], gradients)
    for p, q in zip(run(make, starts, gradients), double):
        assert p.dtype == np.float32
        np.testing.assert_allclose(p.data, q.data, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_left_alone_and_the_array_stays_the_same(name):
    _, make, _ = CASES[name]
    p = Tensor(np.ones((2, 3)), requires_grad=True)
    array, g = p.data, np.arange(6.0).reshape(2, 3)
    optimizer = make([p])
    for _ in range(2):
        p.grad = g
        optimizer.step()
    assert p.data is array
    np.testing.assert_array_equal(g, np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("name", CASES)
def test_a_step_allocates_no_array(name):
    _, make, _ = CASES[name]
    p = Tensor(np.ones(100_000), requires_grad=True)
    p.grad = np.ones(100_000)
    optimizer = make([p])
    optimizer.step()
    tracemalloc.start()
    try:
        optimizer.step()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000  # bytes; one array would be 800,000


@pytest.mark.parametrize("name", CASES)
def test_a_parameter_without_a_gradient_stays(name):
    _, make, _ = CASES[name]
    used, unused = Tensor(np.ones(2), requires_grad=True), Tensor(np.ones(3), requires_grad=True)
    optimizer = make([used, unused])
    used.grad = np.ones(2)
    optimizer.step()
    np.testing.assert_array_equal(unused.data, np.ones(3))
    assert (used.data != 1).all()


def test_a_shared_parameter_moves_once():
    p = Tensor(np.zeros(1), requires_grad=True)
    optimizer = optim.SGD([p, p], lr=1)
    p.grad = np.ones(1)
    optimizer.step()
    assert p.data == -1


@pytest.mark.parametrize("name", [name for name in CASES if name != "adadelta"])
def test_a_scalar_parabola_is_descended(name):
    _, make, _ = CASES[name]
    w = Tensor(3.0, requires_grad=True)  # a 0-dimensional array
    optimizer = make([w])
    for _ in range(400):
        optimizer.zero_grad()
        (w * w).backward()
        optimizer.step()
    assert abs(w.item()) < 1


def test_the_first_step_of_adam_has_the_length_of_the_learning_rate():
    p = Tensor(np.zeros(1), requires_grad=True)
    optimizer = optim.Adam([p])
    p.grad = np.array([123.0])
    optimizer.step()
    assert p.data[0] == pytest.approx(-0.001)  # 0.00316 without bias correction


def test_clip_norm_scales_all_gradients_together_and_returns_the_norm():
    a, b = Tensor(np.zeros(2), requires_grad=True), Tensor(np.zeros(1), requires_grad=True)
    untouched = Tensor(np.zeros(1), requires_grad=True)
    a.grad, b.grad = np.array([3.0, 0.0]), np.array([4.0])
    before = a.grad
    assert optim.clip_norm([a, b, untouched], 1.0) == pytest.approx(5)
    np.testing.assert_allclose(np.r_[a.grad, b.grad], [0.6, 0, 0.8])
    np.testing.assert_array_equal(before, [3, 0])
    assert optim.clip_norm([a, b], 1.5) == pytest.approx(1)
    np.testing.assert_allclose(np.r_[a.grad, b.grad], [0.6, 0, 0.8])


def test_clip_value_limits_each_entry():
    p = Tensor(np.zeros(3), requires_grad=True)
    p.grad = np.array([-5.0, 0.5, 2.0])
    optim.clip_value([p], 1)
    np.testing.assert_array_equal(p.grad, [-1, 0.5, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: optim.SGD([p], lr=0), "positive; got 0"),
        (lambda p: optim.SGD([], lr=1), "got none"),
        (lambda p: optim.SGD([Tensor(1.0)], lr=1), "requires_grad=True"),
        (lambda p: optim.Momentum([p], lr=1, momentum=1), r"\[0, 1\)"),
        (lambda p: optim.Adam([p], beta2=1.0), "betas"),
        (lambda p: optim.Adam([p], weight_decay=-1), "negative"),
        (lambda p: optim.RMSprop([p], decay=2), "decay"),
        (lambda p: optim.clip_norm([p], 0), "max_norm"),
        (lambda p: optim.clip_value([p], -1), "limit"),
    ],
)
def test_bad_options_are_refused_in_words(call, message):
    with pytest.raises(ValueError, match=message):
        call(Tensor(np.zeros(2), requires_grad=True))


def test_clipping_a_gradient_that_is_not_finite_is_refused():
    p = Tensor(np.zeros(1), requires_grad=True)
    p.grad = np.array([math.nan])
    with pytest.raises(ValueError, match="smaller learning rate"):
        optim.clip_norm([p], 1)
