"""Is a gradient right?  Ask the finite differences.

Along a direction v, the loss L(x) = <g, f(x)> changes at the rate <dL/dx, v>.
`check` compares that number from backpropagation with (L(x + hv) - L(x - hv)) / 2h.
The upstream gradient g is random: a loss like sum(f(x)) is blind to a softmax or
batch-norm gradient that returns zeros.
"""

import numpy as np

from plainnet.autograd import Tensor, no_grad
from plainnet.expect import generator, kind


def check(f, *arrays, rng, directions=3, h=1e-5, rtol=1e-6):
    """Raise AssertionError where a gradient of `f` disagrees with finite differences.

    Parameters
    ----------
    f : function of tensors that returns a tensor
    *arrays : arrays of float64
        The point at which to check; each is differentiated in turn.
    rng : numpy.random.Generator
        Draws the upstream gradient and the directions.
    directions : int, default 3
        How many random directions to try for each array.
    h : float, default 1e-5
        The step; the error of the central difference is of order h^2.
    rtol : float, default 1e-6
        The two rates may differ by ``rtol * max(1, |analytic|, |numerical|)``: relative where they are large, absolute
        where they are below 1.
    """
    inputs = [Tensor(np.asarray(x, dtype=float), requires_grad=True) for x in arrays]
    y = kind(f(*inputs), Tensor, "f to return a Tensor: compute with plainnet's functions")
    g = generator(rng).normal(size=y.shape)
    y.backward(g)

    for i, x in enumerate(inputs):
        for _ in range(directions):
            v = rng.normal(size=x.shape)
            analytic = 0.0 if x.grad is None else float(np.sum(x.grad * v))
            numerical = (_loss(f, inputs, g, i, h * v) - _loss(f, inputs, g, i, -h * v)) / (2 * h)
            if not abs(analytic - numerical) <= rtol * max(1, abs(analytic), abs(numerical)):
                raise AssertionError(
                    f"the gradient with respect to input {i}, of shape {x.shape}, is wrong: along a random direction "
                    f"backpropagation says {analytic:.9g}, finite differences say {numerical:.9g}"
                )


def _loss(f, inputs, g, i, step):
    """Return <g, f(inputs)> with input number `i` moved by `step`."""
    moved = [Tensor(x.data + step) if i == j else Tensor(x.data) for j, x in enumerate(inputs)]
    with no_grad():
        return float(np.sum(g * f(*moved).data))
