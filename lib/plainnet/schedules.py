"""How the learning rate changes with time: each schedule is a function from t to a learning rate.

The unit of t is yours; `fit` counts epochs, with fractions: t = updates done / updates per epoch.
Every decay starts from the first rate, never from a rate that was already decayed.
"""

import math

from plainnet.expect import check, function


def constant(lr):
    """Return `lr` at all times."""
    return lambda t: lr


def step(lr, every, factor=0.5):
    """Multiply by `factor` once per `every`: lr * factor^floor(t / every)."""
    check(every > 0, f"expected every > 0, in the unit of t; got {every}")
    return lambda t: lr * factor ** math.floor(t / every)


def exponential(lr, k):
    """Decay as lr * exp(-k t)."""
    return lambda t: lr * math.exp(-k * t)


def inverse_time(lr, k):
    """Decay as lr / (1 + k t), the lecture's "1/t decay"."""
    return lambda t: lr / (1 + k * t)


def cosine(lr, duration, final=0.0):
    """Go from `lr` to `final` on half a cosine wave, and stay there after `duration`.

    References
    ----------
    .. [1] I. Loshchilov and F. Hutter, "SGDR", ICLR 2017, arXiv:1608.03983, eq. 5, without restarts.
    """
    check(duration > 0, f"expected duration > 0, in the unit of t; got {duration}")
    return lambda t: final + (lr - final) * (1 + math.cos(math.pi * min(t / duration, 1))) / 2


def warm_up(schedule, duration, start=0.1):
    """Rise linearly from `start` times the first rate, then follow `schedule`, whose clock starts at `duration`.

    References
    ----------
    .. [1] P. Goyal et al., "Accurate, large minibatch SGD", 2017, arXiv:1706.02677, section 2.2.
    """

    function(schedule, "a schedule to follow, such as constant(0.1)")

    def rate(t):
        if t < duration:
            return schedule(0) * (start + (1 - start) * t / duration)
        return schedule(t - duration)

    return rate
