"""The elementary operations: each forward function next to its derivatives.

In a rule, `y` is the op's output and `g` = dL/dy.  Where an input was broadcast,
`backpropagate` sums the rule's result over the broadcast axes.
"""

import numpy as np

from plainnet.autograd import Tensor, of_numpy, op
from plainnet.channels import matrix, sum_per_channel

__all__ = [
    "abs",
    "add",
    "concatenate",
    "cos",
    "div",
    "exp",
    "getitem",
    "linear",
    "log",
    "matmul",
    "max",
    "maximum",
    "mean",
    "mul",
    "neg",
    "power",
    "reshape",
    "sin",
    "sqrt",
    "stack",
    "sub",
    "sum",
    "transpose",
]

# Arithmetic


@op("+")
def add(a, b):
    """Return a + b."""
    return a + b


add.vjp(
    a=lambda g, y, a, b: g,
    b=lambda g, y, a, b: g,
)


@op("−")
def sub(a, b):
    """Return a - b."""
    return a - b


sub.vjp(
    a=lambda g, y, a, b: g,
    b=lambda g, y, a, b: -g,
)


@op("×")
def mul(a, b):
    """Return a * b, element by element."""
    return a * b


mul.vjp(
    a=lambda g, y, a, b: g * b,
    b=lambda g, y, a, b: g * a,
)


@op("÷")
def div(a, b):
    """Return a / b."""
    return a / b


div.vjp(
    a=lambda g, y, a, b: g / b,
    b=lambda g, y, a, b: -g * y / b,
)


@op("neg")
def neg(a):
    """Return -a."""
    return -a


neg.vjp(a=lambda g, y, a: -g)


@op("pow")
def power(a, b):
    """Return a to the power of b."""
    return a**b


power.vjp(
    a=lambda g, y, a, b: g * b * a ** np.where(b == 0, 1, b - 1),  # where b = 0 the slope is 0, also at a = 0
    b=lambda g, y, a, b: g * y * np.log(np.where(a > 0, a, 1)),
)


@op("@")
def matmul(a, b):
    """Return the matrix product; a vector is a row on the left and a column on the right."""
    return a @ b


def _matmul_grad_a(g, y, a, b):
    if b.ndim == 1:
        return g[..., None] * b
    if a.ndim == 1:
        return (g[..., None, :] @ b.mT)[..., 0, :]
    return g @ b.mT


def _matmul_grad_b(g, y, a, b):
    if b.ndim == 1:
        return a * g[..., None]
    if a.ndim == 1:
        return a[:, None] * g[..., None, :]
    return a.mT @ g


matmul.vjp(a=_matmul_grad_a, b=_matmul_grad_b)


@op("linear")
def linear(x, w, b):
    """Return x w + b: x (..., D), w (D, M), b (M,) -> (..., M)."""
    y = matrix(x).dot(w)  # the same product as @, but 0.4 us less to call: a tenth of a step of a tiny network
    y += b
    return y if x.ndim == 2 else y.reshape(*x.shape[:-1], w.shape[1])


linear.vjp(
    x=lambda g, y, x, w, b: matrix(g).dot(w.T).reshape(x.shape),
    w=lambda g, y, x, w, b: matrix(x).T.dot(matrix(g)),
    b=lambda g, y, x, w, b: sum_per_channel(g),
)


# Functions of one variable


@op("exp")
def exp(x):
    """Return e to the power of x."""
    return np.exp(x)


exp.vjp(x=lambda g, y, x: g * y)


@op("log")
def log(x):
    """Return the natural logarithm of x."""
    return np.log(x)


log.vjp(x=lambda g, y, x: g / x)


@op("√")
def sqrt(x):
    """Return the square root of x."""
    return np.sqrt(x)


sqrt.vjp(x=lambda g, y, x: g / (2 * y))


@op("abs")
def abs(x):
    """Return the absolute value of x; its slope at 0 is taken as 0."""
    return np.abs(x)


abs.vjp(x=lambda g, y, x: g * np.sign(x))


@op("sin")
def sin(x):
    """Return the sine of x, in radians."""
    return np.sin(x)


sin.vjp(x=lambda g, y, x: g * np.cos(x))


@op("cos")
def cos(x):
    """Return the cosine of x, in radians."""
    return np.cos(x)


cos.vjp(x=lambda g, y, x: -g * np.sin(x))


# Reductions


def _expand(g, x, axis, keepdims):
    """Repeat `g`, which belongs to a reduction of `x`, along the reduced axes."""
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, x.shape)


@op("Σ")
def sum(x, *, axis=None, keepdims=False):
    """Return the sum over `axis` (an int, a tuple, or None for all)."""
    return x.sum(axis=axis, keepdims=keepdims)


sum.vjp(x=lambda g, y, x, axis=None, keepdims=False: _expand(g, x, axis, keepdims).copy())


@op("mean")
def mean(x, *, axis=None, keepdims=False):
    """Return the mean over `axis` (an int, a tuple, or None for all)."""
    return x.mean(axis=axis, keepdims=keepdims)


mean.vjp(x=lambda g, y, x, axis=None, keepdims=False: _expand(g, x, axis, keepdims) * y.dtype.type(y.size / x.size))


@op("max")
def max(x, *, axis=None, keepdims=False):
    """Return the maximum over `axis`; equal maxima share the gradient equally."""
    return x.max(axis=axis, keepdims=keepdims)


def _max_grad(g, y, x, axis=None, keepdims=False):
    is_max = x == (_expand(y, x, axis, keepdims))
    return _expand(g, x, axis, keepdims) * is_max / is_max.sum(axis=axis, keepdims=True, dtype=x.dtype)


max.vjp(x=_max_grad)


@op("maximum")
def maximum(a, b):
    """Return the larger of a and b, element by element; equal ones share the gradient equally."""
    return np.maximum(a, b)


maximum.vjp(
    a=lambda g, y, a, b: g * ((a > b) + 0.5 * (a == b)).astype(g.dtype),
    b=lambda g, y, a, b: g * ((b > a) + 0.5 * (a == b)).astype(g.dtype),
)


# Shape


@op("reshape")
def reshape(x, *, shape):
    """Return the same elements in another shape; one length may be -1."""
    return x.reshape(shape)


reshape.vjp(x=lambda g, y, x, shape: g.reshape(x.shape))


@op("transpose")
def transpose(x, *, axes=None):
    """Return x with its axes permuted, by default reversed."""
    return x.transpose(axes)


transpose.vjp(x=lambda g, y, x, axes=None: g.transpose(None if axes is None else np.argsort(np.mod(axes, x.ndim))))


@op("[ ]")
def getitem(x, *, index):
    """Return x[index], for every kind of index that NumPy knows."""
    return x[index]


def _getitem_grad(g, y, x, index):
    gx = np.zeros_like(x)
    parts = index if isinstance(index, tuple) else (index,)
    if any(isinstance(part, list | tuple | np.ndarray) for part in parts):
        np.add.at(gx, index, g)  # an index array may take an element twice
    else:
        gx[index] = g
    return gx


getitem.vjp(x=_getitem_grad)


@op("concat")
def concatenate(*arrays, axis=0):
    """Join arrays along an axis that they have."""
    return np.concatenate(arrays, axis=axis), None


@concatenate.joint_vjp
def _(g, y, saved, *arrays, axis=0):
    return np.split(g, np.cumsum([x.shape[axis] for x in arrays[:-1]]), axis=axis)


@op("stack")
def stack(*arrays, axis=0):
    """Join arrays of one shape along a new axis."""
    return np.stack(arrays, axis=axis), None


@stack.joint_vjp
def _(g, y, saved, *arrays, axis=0):
    return np.moveaxis(g, axis, 0)


# What makes a Tensor feel like an array


def _swapped(binary):
    return lambda self, other: binary(other, self)


def _unpacked(lengths):
    """Return what stands in brackets in x.reshape((2, 3)); x.reshape(2, 3) has none."""
    return tuple(lengths[0]) if len(lengths) == 1 and isinstance(lengths[0], tuple | list) else lengths


Tensor.__add__, Tensor.__radd__ = add, _swapped(add)
Tensor.__sub__, Tensor.__rsub__ = sub, _swapped(sub)
Tensor.__mul__, Tensor.__rmul__ = mul, _swapped(mul)
Tensor.__truediv__, Tensor.__rtruediv__ = div, _swapped(div)
Tensor.__pow__, Tensor.__rpow__ = power, _swapped(power)
Tensor.__matmul__, Tensor.__rmatmul__ = matmul, _swapped(matmul)
Tensor.__neg__, Tensor.__abs__ = neg, abs
Tensor.__getitem__ = lambda self, index: getitem(self, index=index)
Tensor.exp, Tensor.log, Tensor.sqrt, Tensor.sin, Tensor.cos = exp, log, sqrt, sin, cos
Tensor.sum = lambda self, axis=None, keepdims=False: sum(self, axis=axis, keepdims=keepdims)
Tensor.mean = lambda self, axis=None, keepdims=False: mean(self, axis=axis, keepdims=keepdims)
Tensor.max = lambda self, axis=None, keepdims=False: max(self, axis=axis, keepdims=keepdims)
Tensor.reshape = lambda self, *shape: reshape(self, shape=_unpacked(shape))
Tensor.transpose = lambda self, *axes: transpose(self, axes=_unpacked(axes) or None)
Tensor.T = property(transpose)

of_numpy.update({
    np.add: add, np.subtract: sub, np.multiply: mul, np.divide: div, np.power: power, np.matmul: matmul,
    np.negative: neg, np.absolute: abs, np.maximum: maximum, np.exp: exp, np.log: log, np.sqrt: sqrt, np.sin: sin,
    np.cos: cos, np.sum: Tensor.sum, np.mean: Tensor.mean, np.max: Tensor.max, np.transpose: Tensor.transpose,
    np.reshape: Tensor.reshape, np.shape: Tensor.shape.fget, np.ndim: Tensor.ndim.fget, np.size: Tensor.size.fget,
})  # fmt: skip
