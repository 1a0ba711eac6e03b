"""How parameters follow their gradients: one class per method, each a few lines of its paper.

A step allocates nothing: `s` is scratch memory that all parameters share, and
the state arrays (v, m, ...) are changed in place, one array operation per line.
Gradients are left as they are.

Conventions where the field disagrees: momentum is v <- momentum v + g (no factor
1 - momentum); epsilon stands outside of the square root, except in Adadelta; the
step counter t starts at 1; `weight_decay` is decoupled from the gradient
(w <- w - lr weight_decay w before the step, as in AdamW [1]_), for all methods.
A penalty in the loss is something else for adaptive methods: see `regularize.l2`.

References
----------
.. [1] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019, arXiv:1711.05101.
"""

import math
from collections.abc import Iterable
from numbers import Real

import numpy as np

from plainnet.autograd import Tensor
from plainnet.expect import check, kind


class Optimizer:
    """What all methods share: the parameters, the learning rate and the memory for each parameter.

    Parameters
    ----------
    params : iterable of Tensor
        Usually ``model.parameters()``.  One without a gradient is left alone in a step.
    lr : float, > 0
        The learning rate; may be changed at any time, which is what a schedule does.
    weight_decay : float, default 0
        A step first shrinks each parameter by ``lr * weight_decay`` of itself.
    """

    num_states = 0  # arrays that the method keeps per parameter

    def __init__(self, params, lr, weight_decay=0.0):
        remedy = "tensors to optimise, model.parameters()"
        kind(params, Iterable, remedy)
        check(not isinstance(params, Tensor), "expected several tensors to optimise, got one: pass a list, [w]")
        self.params = list(dict.fromkeys(kind(p, Tensor, remedy) for p in params))  # a shared weight moves once
        check(isinstance(lr, Real) and lr > 0, f"lr must be positive; got {lr!r}")
        check(weight_decay >= 0, f"weight_decay must not be negative; got {weight_decay}")
        check(self.params, "expected parameters to optimise, got none: pass model.parameters()")
        for p in self.params:
            check(p.requires_grad, f"expected tensors with requires_grad=True; got {p!r:.60}")
        self.lr, self.weight_decay, self.t = lr, weight_decay, 0
        scratch = np.empty(max(p.data.nbytes for p in self.params), np.uint8)
        self.memory = [
            (
                scratch[: p.data.nbytes].view(p.data.dtype).reshape(p.data.shape),
                *[np.zeros_like(p.data) for _ in range(self.num_states)],
            )
            for p in self.params
        ]

    def step(self):
        """Move every parameter once, in place."""
        self.t += 1
        for p, memory in zip(self.params, self.memory):
            if p.grad is not None:
                if self.weight_decay:
                    p.data *= 1 - self.lr * self.weight_decay
                self.update(p.data, p.grad, *memory)

    def zero_grad(self):
        """Forget all gradients, so that the next `backward` starts afresh."""
        for p in self.params:
            p.grad = None

    def update(self, w, g, s, *states):
        """Move the array `w` along its gradient `g`, with scratch `s` and the method's own states."""
        raise NotImplementedError(f"{type(self).__name__} needs an update rule")


class SGD(Optimizer):
    """Stochastic gradient descent: w <- w - lr g."""

    def update(self, w, g, s):
        np.multiply(g, self.lr, out=s)
        w -= s


class Momentum(Optimizer):
    """A heavy ball: v <- momentum v + g,  w <- w - lr v.

    References
    ----------
    .. [1] B. Polyak, "Some methods of speeding up the convergence of iteration methods", 1964.
    """

    num_states = 1

    def __init__(self, params, lr, momentum=0.9, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        check(0 <= momentum < 1, f"momentum must lie in [0, 1); got {momentum}")
        self.momentum = momentum

    def update(self, w, g, s, v):
        v *= self.momentum
        v += g
        np.multiply(v, self.lr, out=s)
        w -= s


class Nesterov(Momentum):
    """Momentum that looks ahead: v <- momentum v + g,  w <- w - lr (g + momentum v).

    References
    ----------
    .. [1] Y. Nesterov, 1983, in the form of I. Sutskever et al., "On the importance of
       initialization and momentum in deep learning", ICML 2013, with w at the look-ahead point.
    """

    def update(self, w, g, s, v):
        v *= self.momentum
        v += g
        np.multiply(v, self.momentum, out=s)
        s += g
        s *= self.lr
        w -= s


class Adagrad(Optimizer):
    """A rate per weight that falls with all squared gradients so far: v <- v + g²,  w <- w - lr g / (√v + eps).

    References
    ----------
    .. [1] J. Duchi, E. Hazan and Y. Singer, "Adaptive subgradient methods", JMLR 12, 2011.
    """

    num_states = 1

    def __init__(self, params, lr=0.01, eps=1e-10, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        self.eps = eps

    def update(self, w, g, s, v):
        np.multiply(g, g, out=s)
        v += s
        np.sqrt(v, out=s)
        s += self.eps
        np.divide(g, s, out=s)
        s *= self.lr
        w -= s


class RMSprop(Optimizer):
    """Adagrad that forgets: v <- decay v + (1 - decay) g²,  w <- w - lr g / (√v + eps).

    References
    ----------
    .. [1] T. Tieleman and G. Hinton, Coursera lecture 6.5, 2012 (decay 0.9).
    """

    num_states = 1

    def __init__(self, params, lr=0.01, decay=0.99, eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        check(0 <= decay < 1, f"decay must lie in [0, 1); got {decay}")
        self.decay, self.eps = decay, eps

    def update(self, w, g, s, v):
        v *= self.decay
        np.multiply(g, g, out=s)
        s *= 1 - self.decay
        v += s
        np.sqrt(v, out=s)
        s += self.eps
        np.divide(g, s, out=s)
        s *= self.lr
        w -= s


class Adadelta(Optimizer):
    """A rate from the size of past steps d: d = g √(u + eps) / √(v + eps), v and u the means of g² and d².

    Its lr of 1 is the paper's method, which has no learning rate.

    References
    ----------
    .. [1] M. Zeiler, "ADADELTA", 2012, arXiv:1212.5701, Algorithm 1.
    """

    num_states = 3

    def __init__(self, params, lr=1.0, decay=0.9, eps=1e-6, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        check(0 <= decay < 1, f"decay must lie in [0, 1); got {decay}")
        self.decay, self.eps = decay, eps

    def update(self, w, g, s, v, u, d):
        v *= self.decay
        np.multiply(g, g, out=s)
        s *= 1 - self.decay
        v += s
        np.add(v, self.eps, out=s)
        np.add(u, self.eps, out=d)
        d /= s
        np.sqrt(d, out=d)
        d *= g
        u *= self.decay
        np.multiply(d, d, out=s)
        s *= 1 - self.decay
        u += s
        d *= self.lr
        w -= d


class Adam(Optimizer):
    """Means of the gradient and of its square: w <- w - lr m̂ / (√v̂ + eps).

    Here m <- beta1 m + g and v <- beta2 v + g² are sums rather than means, which saves
    two passes over memory; the factors 1 - beta and the bias correction go
    into the numbers of the last lines.

    References
    ----------
    .. [1] D. Kingma and J. Ba, "Adam", ICLR 2015, arXiv:1412.6980, Algorithm 1.
    """

    num_states = 2

    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, weight_decay)
        check(0 <= beta1 < 1 and 0 <= beta2 < 1, f"the betas must lie in [0, 1); got {beta1} and {beta2}")
        self.beta1, self.beta2, self.eps = beta1, beta2, eps

    def update(self, w, g, s, m, v):
        self.gather(g, s, m, v)
        self.move(w, s, m, v)

    def gather(self, g, s, m, v):
        """Let the sums m and v fade, and add g and g²."""
        m *= self.beta1
        m += g
        v *= self.beta2
        np.multiply(g, g, out=s)
        v += s

    def move(self, w, s, m, v):
        """Take the step of Algorithm 1 from the sums m and v."""
        mean_m = (1 - self.beta1) / (1 - self.beta1**self.t)  # m̂ = mean_m m
        root_v = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))  # √v̂ = root_v √v
        np.sqrt(v, out=s)
        s += self.eps / root_v
        np.divide(m, s, out=s)
        s *= self.lr * mean_m / root_v
        w -= s


class AMSGrad(Adam):
    """Adam whose v never shrinks: its largest value so far divides the step, with bias correction.

    References
    ----------
    .. [1] S. Reddi, S. Kale and S. Kumar, "On the convergence of Adam and beyond", ICLR 2018,
       arXiv:1904.09237; the paper has no bias correction, the common implementations do.
    """

    num_states = 3

    def update(self, w, g, s, m, v, v_max):
        self.gather(g, s, m, v)
        np.maximum(v_max, v, out=v_max)
        self.move(w, s, m, v_max)


class AdaMax(Adam):
    """Adam with the largest gradient instead of √v: u <- max(beta2 u, |g| + eps),  w <- w - lr m̂ / u.

    References
    ----------
    .. [1] D. Kingma and J. Ba, "Adam", ICLR 2015, arXiv:1412.6980, Algorithm 2; eps keeps u from 0.
    """

    def __init__(self, params, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
        super().__init__(params, lr, beta1, beta2, eps, weight_decay)

    def update(self, w, g, s, m, u):
        m *= self.beta1
        m += g
        u *= self.beta2
        np.abs(g, out=s)
        s += self.eps
        np.maximum(u, s, out=u)
        np.divide(m, u, out=s)
        s *= self.lr * (1 - self.beta1) / (1 - self.beta1**self.t)
        w -= s


class Nadam(Adam):
    """Adam with Nesterov's look-ahead, and a beta1 that warms up: μ_t = beta1 (1 - 0.5 · 0.96^(t psi)).

    w <- w - lr (μ_{t+1} m / (1 - Π_{i≤t+1} μ_i) + (1 - μ_t) g / (1 - Π_{i≤t} μ_i)) / (√v̂ + eps)

    References
    ----------
    .. [1] T. Dozat, "Incorporating Nesterov momentum into Adam", ICLR workshop 2016.
    """

    num_states = 3

    def __init__(self, params, lr=0.002, beta1=0.9, beta2=0.999, eps=1e-8, psi=0.004, weight_decay=0.0):
        super().__init__(params, lr, beta1, beta2, eps, weight_decay)
        self.psi, self.mu_product = psi, 1.0

    def step(self):
        self.mu_product *= self.mu(self.t + 1)
        super().step()

    def mu(self, t):
        """Return the momentum of step t."""
        return self.beta1 * (1 - 0.5 * 0.96 ** (t * self.psi))

    def update(self, w, g, s, m, v, d):
        mu, mu_next = self.mu(self.t), self.mu(self.t + 1)
        self.gather(g, s, m, v)
        np.multiply(m, mu_next * (1 - self.beta1) / (1 - self.mu_product * mu_next), out=d)
        np.multiply(g, (1 - mu) / (1 - self.mu_product), out=s)
        d += s
        root_v = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.t))
        np.sqrt(v, out=s)
        s *= root_v
        s += self.eps
        d /= s
        d *= self.lr
        w -= d


def clip_norm(params, max_norm):
    """Scale all gradients together so that their common length is at most `max_norm`; return the length before.

    References
    ----------
    .. [1] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent
       neural networks", ICML 2013, arXiv:1211.5063, Algorithm 1.
    """
    check(max_norm > 0, f"max_norm must be positive; got {max_norm}")
    params = [p for p in params if p.grad is not None]
    norm = math.hypot(*[float(np.linalg.norm(p.grad)) for p in params])
    check(math.isfinite(norm), f"expected finite gradients, their norm is {norm}: try a smaller learning rate")
    if norm > max_norm:
        for p in params:
            p.grad = p.grad * (max_norm / norm)  # a new array: gradients are values
    return norm


def clip_value(params, limit):
    """Limit every single gradient to [-limit, limit]; unlike `clip_norm` this turns its direction."""
    check(limit > 0, f"limit must be positive; got {limit}")
    for p in params:
        if p.grad is not None:
            p.grad = np.clip(p.grad, -limit, limit)
