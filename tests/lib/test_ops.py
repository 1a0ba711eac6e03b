"""Every op, in every broadcast and keyword case, against finite differences and against HIPS autograd.

The formulas are the slow, plain ones: loops over windows and time steps, sums written out.
"""

import inspect
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial

import autograd.numpy as anp
import numpy as np
import plainnet as pn
import pytest
from autograd import make_vjp


@dataclass
class Case:
    """One op at one point: `formula` computes the same in HIPS autograd, `call` overrides how the op is called."""

    op: pn.Op
    formula: object
    arrays: list
    params: dict = field(default_factory=dict)
    call: object = None

    def __str__(self):
        return self.op.describe(self.arrays, self.params)

    def __call__(self, *inputs):
        return self.call(*inputs) if self.call else self.op(*inputs, **self.params)


def draw(shape, positive=False, number=0):
    """Return normal numbers, or numbers in 0.5..2, that depend on the arguments alone."""
    rng = np.random.default_rng([number, *shape])
    return np.asarray(rng.uniform(0.5, 2, size=shape) if positive else rng.normal(size=shape))


def cases(op, formula, *points, positive=False, **params):
    """Return a case for each of the points, given as the shapes of the inputs."""
    return [Case(op, formula, [draw(s, positive, i) for i, s in enumerate(shapes)], params) for shapes in points]


ONE = [((),), ((3,),), ((2, 3),)]
BROADCAST = [
    ((), ()), ((2, 3), (2, 3)), ((2, 3), ()), ((), (2, 3)), ((2, 3), (3,)), ((3,), (2, 3)),
    ((2, 1), (1, 3)), ((2, 1, 3), (4, 1)), ((1,), (3, 1)), ((0, 3), (3,)),
]  # fmt: skip
AXES = [{}, {"axis": 0}, {"axis": -1}, {"axis": (0, 2)}, {"axis": 1, "keepdims": True}, {"keepdims": True}]


def transpose(x, axes=None):
    return anp.transpose(x, axes and [axis % x.ndim for axis in axes])  # HIPS autograd gets negative axes wrong


def softmax(z, axis=-1):
    return anp.exp(z) / anp.sum(anp.exp(z), axis=axis, keepdims=True)


def hinge(s, labels, margin=1.0):
    rows = range(len(s))
    return sum(
        max_0(s[n, k] - s[n, labels[n]] + margin) for n in rows for k in range(s.shape[1]) if k != labels[n]
    ) / len(s)


def max_0(x):
    return anp.where(x > 0, x, 0.0)


def bce(z, targets):
    p = 1 / (1 + anp.exp(-z))
    return -anp.mean(targets * anp.log(p) + (1 - targets) * anp.log(1 - p))


def pad(x, padding, value=0.0):
    def border(shape):
        return anp.full(shape, value)

    N, H, _, C = x.shape
    x = anp.concatenate([border((N, H, padding, C)), x, border((N, H, padding, C))], axis=2)
    return anp.concatenate([border((N, padding, x.shape[2], C)), x, border((N, padding, x.shape[2], C))], axis=1)


def windows(x, k, stride, padding, value=0.0):
    """Return all windows: (N, OH, OW, k, k, C)."""
    x = pad(x, padding, value)
    rows = [
        anp.stack([x[:, i : i + k, j : j + k] for j in range(0, x.shape[2] - k + 1, stride)], axis=1)
        for i in range(0, x.shape[1] - k + 1, stride)
    ]
    return anp.stack(rows, axis=1)


def conv(x, w, b, stride=1, padding=0):
    return anp.einsum("nijpqc,pqcf->nijf", windows(x, len(w), stride, padding), w) + b


def max_pool(x, kernel_size, stride=None, padding=0):
    return anp.max(windows(x, kernel_size, stride or kernel_size, padding, -np.inf), axis=(3, 4))


def avg_pool(x, kernel_size, stride=None, padding=0):
    return anp.mean(windows(x, kernel_size, stride or kernel_size, padding), axis=(3, 4))


def batch_norm(x, gamma, beta, epsilon=1e-5, statistics=None):
    axes = tuple(range(x.ndim - 1))
    return gamma * (x - anp.mean(x, axis=axes)) / anp.sqrt(anp.var(x, axis=axes) + epsilon) + beta


def layer_norm(x, gamma, beta, epsilon=1e-5):
    mean, var = anp.mean(x, axis=-1, keepdims=True), anp.var(x, axis=-1, keepdims=True)
    return gamma * (x - mean) / anp.sqrt(var + epsilon) + beta


def rnn(z, u, h):
    states = []
    for z_t in z:
        h = anp.tanh(z_t + h @ u)
        states.append(h)
    return anp.stack(states)


def lstm(z, u, h, c):
    outputs, cells = [], []
    for z_t in z:
        g, i, f, o = anp.split(z_t + h @ u, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * anp.tanh(g)
        h = sigmoid(o) * anp.tanh(c)
        outputs.append(h)
        cells.append(c)
    return anp.stack([anp.stack(outputs), anp.stack(cells)])


def sigmoid(x):
    return 1 / (1 + anp.exp(-x))


def elementary():
    yield from cases(pn.add, lambda a, b: a + b, *BROADCAST)
    yield from cases(pn.sub, lambda a, b: a - b, *BROADCAST)
    yield from cases(pn.mul, lambda a, b: a * b, *BROADCAST)
    yield from cases(pn.div, lambda a, b: a / b, *BROADCAST, positive=True)
    yield from cases(pn.power, lambda a, b: a**b, *BROADCAST, positive=True)
    yield from cases(pn.maximum, anp.maximum, *BROADCAST)
    yield from cases(pn.neg, lambda a: -a, *ONE)
    yield from cases(pn.exp, anp.exp, *ONE)
    yield from cases(pn.log, anp.log, *ONE, positive=True)
    yield from cases(pn.sqrt, anp.sqrt, *ONE, positive=True)
    yield from cases(pn.abs, anp.abs, *ONE)
    yield from cases(pn.sin, anp.sin, *ONE)
    yield from cases(pn.cos, anp.cos, *ONE)


def products():
    vectors = [((3,), (3,)), ((3,), (3, 2)), ((2, 3), (3,)), ((3,), (4, 3, 2)), ((4, 2, 3), (3,))]
    matrices = [((2, 3), (3, 4)), ((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((6, 1, 2, 3), (5, 3, 4)), ((0, 3), (3, 2))]
    yield from cases(pn.matmul, anp.matmul, *vectors, *matrices)
    batches = [((5, 2), (2, 3), (3,)), ((2,), (2, 3), (3,)), ((4, 5, 2), (2, 3), (3,)), ((0, 2), (2, 3), (3,))]
    yield from cases(pn.linear, lambda x, w, b: x @ w + b, *batches)


def reductions():
    for op, formula in (pn.sum, anp.sum), (pn.mean, anp.mean), (pn.max, anp.max):
        for params in AXES:
            yield from cases(op, formula, ((2, 3, 4),), **params)
        yield from cases(op, formula, ((),))
    yield from cases(pn.sum, anp.sum, ((0, 3),), axis=0)


def shapes():
    for shape in (6,), (3, -1), (1, 2, 3), -1:
        yield from cases(pn.reshape, lambda x, shape: anp.reshape(x, shape), ((2, 3),), shape=shape)
    for axes in None, (2, 0, 1), (-1, 0, 1):
        yield from cases(pn.transpose, transpose, ((2, 3, 4),), axes=axes)
    indices = [
        1, -1, slice(1, None), slice(None, None, -2), (0, 1), (slice(None), 1), (Ellipsis, None, 0), [0, 2, 0],
        np.array([[0, 1], [1, 1]]), (slice(None), [1, 1]), (np.array([0, 2, 0]), np.array([1, 1, 1])),
        np.array([True, False, True]),
    ]  # fmt: skip
    for index in indices:
        yield from cases(pn.getitem, lambda x, index: x[index], ((3, 2),), index=index)
    for axis in 0, 1, -1:
        yield from cases(pn.stack, lambda *x, axis: anp.stack(x, axis), ((2, 3),) * 3, ((2, 3),), axis=axis)
    join = lambda *x, axis=0: anp.concatenate(x, axis)  # noqa: E731
    yield from cases(pn.concatenate, join, ((1, 3), (2, 3), (4, 3)), ((2,), (1,)), ((2, 2),))
    yield from cases(pn.concatenate, join, ((2, 1), (2, 3)), axis=1)
    yield from cases(pn.concatenate, join, ((2, 1, 2), (2, 3, 2)), axis=-2)


def activations():
    yield from cases(pn.tanh, anp.tanh, *ONE)
    yield from cases(pn.sigmoid, sigmoid, *ONE)
    yield from cases(pn.relu, max_0, *ONE)
    yield from cases(pn.softplus, lambda x: anp.log(1 + anp.exp(x)), *ONE)
    for params in {}, {"slope": 0.3}:
        yield from cases(pn.leaky_relu, lambda x, slope=0.01: anp.where(x > 0, x, slope * x), *ONE, **params)
    for params in {}, {"alpha": 0.3}:
        yield from cases(pn.elu, lambda x, alpha=1.0: anp.where(x > 0, x, alpha * (anp.exp(x) - 1)), *ONE, **params)
    for params in {}, {"axis": 0}, {"axis": 1}:
        yield from cases(pn.softmax, softmax, ((2, 3, 4),), **params)
        yield from cases(pn.log_softmax, lambda z, axis=-1: anp.log(softmax(z, axis)), ((2, 3, 4),), **params)


def losses():
    targets = draw((2, 3))
    yield from cases(pn.mse, lambda y, targets: anp.mean((y - targets) ** 2), ((2, 3),), targets=targets)
    yield from cases(pn.mae, lambda y, targets: anp.mean(anp.abs(y - targets)), ((2, 3),), targets=targets)
    for t in np.array([[0, 1, 0], [1, 1, 0]]), draw((2, 3), positive=True) / 2:
        yield from cases(pn.bce_with_logits, bce, ((2, 3),), targets=t)
    labels = np.array([2, 0, 1, 1])
    cross_entropy = lambda z, labels: -anp.mean(anp.log(softmax(z))[np.arange(len(z)), labels])  # noqa: E731
    yield from cases(pn.softmax_cross_entropy, cross_entropy, ((4, 3),), labels=labels)
    for params in {}, {"margin": 0.2}:
        yield from cases(pn.multiclass_hinge, hinge, ((4, 3),), labels=labels, **params)


def images():
    for C in 1, 3, 4:
        for stride, padding in (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 2):
            yield from cases(pn.conv2d, conv, ((2, 7, 6, C), (3, 3, C, 2), (2,)), stride=stride, padding=padding)
    yield from cases(pn.conv2d, conv, ((2, 4, 3, 2), (1, 1, 2, 5), (5,)), ((0, 4, 4, 2), (3, 3, 2, 1), (1,)))
    for op, formula in (pn.max_pool2d, max_pool), (pn.avg_pool2d, avg_pool):
        for kernel_size, stride, padding in (2, None, 0), (2, 1, 0), (3, 2, 1), (2, 3, 1), (1, 1, 0):
            params = {"kernel_size": kernel_size, "stride": stride, "padding": padding}
            yield from cases(op, formula, ((2, 6, 5, 3),), **params)


def normalisation():
    for params in {}, {"epsilon": 0.1}:
        yield from cases(pn.batch_norm, batch_norm, ((5, 3), (3,), (3,)), ((2, 3, 4, 3), (3,), (3,)), **params)
        yield from cases(pn.layer_norm, layer_norm, ((5, 3), (3,), (3,)), ((2, 4, 3), (3,), (3,)), **params)
    # the statistics are those of x wherever x is: that is what the rule differentiates
    given = cases(pn.batch_norm, batch_norm, ((4, 3), (3,), (3,)), statistics="of x")[0]
    given.call = lambda x, *rest: pn.batch_norm(x, *rest, statistics=pn.batch_statistics(x.data))
    yield given


def sequences():
    for index in 1, np.array([0, 2, 2]), np.array([[4, 0], [0, 0]]), np.zeros((0,), int):
        yield from cases(pn.embedding, lambda table, index: table[index], ((5, 3),), index=index)
    yield from cases(pn.rnn, rnn, ((4, 2, 3), (3, 3), (2, 3)), ((1, 1, 2), (2, 2), (1, 2)))
    yield from cases(pn.lstm, lstm, ((4, 2, 12), (3, 12), (2, 3), (2, 3)), ((1, 1, 4), (1, 4), (1, 1), (1, 1)))


GROUPS = elementary, products, reductions, shapes, activations, losses, images, normalisation, sequences
CASES = [case for group in GROUPS for case in group()]


def every_op():
    return {name: value for name in pn.__all__ if isinstance(value := getattr(pn, name), pn.Op)}


def leaves(case, dtype=float):
    return [pn.Tensor(x.astype(dtype), requires_grad=True) for x in case.arrays]


def test_every_op_and_each_of_its_keywords_is_in_the_table():
    keywords = defaultdict(set)
    for case in CASES:
        keywords[case.op.name] |= set(case.params)
    wanted = {
        name: {p.name for p in inspect.signature(op.forward).parameters.values() if p.kind is p.KEYWORD_ONLY}
        for name, op in every_op().items()
    }
    assert keywords == wanted


@pytest.mark.parametrize("case", CASES, ids=str)
def test_gradient_agrees_with_finite_differences(case):
    pn.gradcheck.check(case, *case.arrays, rng=np.random.default_rng(1))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_value_and_gradient_agree_with_hips_autograd(case):
    inputs = leaves(case)
    y = case(*inputs)
    g = np.random.default_rng(2).normal(size=y.shape)
    y.backward(g)

    for i, x in enumerate(inputs):
        formula = partial(case.formula, **case.params)
        vjp, value = make_vjp(formula, argnum=i)(*case.arrays)
        # both compute in float64, in different orders
        np.testing.assert_allclose(y.data, value, rtol=1e-10, atol=1e-12)
        np.testing.assert_allclose(x.grad, vjp(g), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_float32_stays_float32(case):
    inputs = leaves(case, np.float32)
    y = case(*inputs)
    y.backward(np.ones(y.shape, np.float32))
    assert {y.dtype, *(node.grad.dtype for node in inputs)} == {np.dtype(np.float32)}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rules_leave_their_arguments_alone(case):
    y = case(*leaves(case))
    g = np.random.default_rng(3).normal(size=y.shape)
    before = [array.copy() for array in (g, y.data, *case.arrays)]
    first = y.op.gradients(g, y)
    second = y.op.gradients(g, y)
    for (_, one), (_, two) in zip(first, second):
        np.testing.assert_array_equal(one, two)
    for array, copy in zip((g, y.data, *(x.data for x in y.inputs)), before):
        np.testing.assert_array_equal(array, copy)


def other_layout(x):
    """Return the same values in a memory layout that is neither C nor Fortran order."""
    view = np.zeros([2 * n for n in x.shape[::-1]])[(slice(None, None, 2),) * x.ndim + (...,)].T
    view[...] = x
    return view


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_memory_layout_makes_no_difference(case):
    results = []
    for layout in np.copy, other_layout:
        inputs = [pn.Tensor(np.zeros(x.shape), requires_grad=True) for x in case.arrays]
        for x, array in zip(inputs, case.arrays):
            x.data = layout(array)
        y = case(*inputs)
        y.backward(np.arange(1.0, 1 + y.size).reshape(y.shape))
        results.append([y.data, *(x.grad for x in inputs)])
    for one, other in zip(*results):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize("index", [((0, 0),), (slice(None), (1, 1)), ([0, 0], (1, 1))])
def test_an_index_that_takes_an_element_twice_gives_both_gradients(index):
    x = pn.Tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    x[index].sum().backward()
    want = np.zeros((2, 3))
    np.add.at(want, index, 1.0)
    assert np.array_equal(x.grad, want)
