"""What keeps a network from learning its training data by heart.

Penalties go into the loss, `max_norm` acts after a step, `noise` on the inputs,
`EarlyStopping` on the training; see `nn.Dropout` and `augment` for the others.
"""

import numpy as np

from plainnet.expect import check, count, generator
from plainnet.ops import abs as absolute
from plainnet.train import Callback


def l2(params, strength):
    """Return the penalty strength/2 · Σ w², whose gradient is strength · w.

    The half is the lecture's; the norm is squared, without which the gradient would
    be w/‖w‖.  Pass weights without biases: ``[p for p in model.parameters() if p.ndim > 1]``.
    """
    return sum((w * w).sum() for w in params) * (strength / 2)


def l1(params, strength):
    """Return the penalty strength · Σ |w|, whose gradient is strength · sign(w), 0 at 0: it makes weights vanish."""
    return sum(absolute(w).sum() for w in params) * strength


def elastic_net(params, strength, l1_ratio=0.5):
    """Return a mixture of both: `l1_ratio` of `l1`, the rest of `l2`.

    References
    ----------
    .. [1] H. Zou and T. Hastie, "Regularization and variable selection via the elastic net", JRSS B 67, 2005.
    """
    params = list(params)
    return l1(params, strength * l1_ratio) + l2(params, strength * (1 - l1_ratio))


def max_norm(params, limit):
    """Shorten, in place, each unit's vector of incoming weights to length `limit` where it is longer.

    A unit is a column of w (in, out), or a filter of w (kh, kw, C, F); biases are left alone.

    References
    ----------
    .. [1] N. Srebro, J. Rennie and T. Jaakkola, "Maximum-margin matrix factorization", NIPS 2004.
    """
    check(limit > 0, f"limit must be positive; got {limit}")
    for w in params:
        if w.ndim > 1:
            length = np.sqrt((w.data * w.data).sum(axis=tuple(range(w.ndim - 1)), keepdims=True))
            w.data *= np.minimum(1, limit / np.maximum(length, np.finfo(w.dtype).tiny))


def noise(x, rng, std=0.1):
    """Return x with normal noise added: for a linear model the same as an l2 penalty, on average.

    References
    ----------
    .. [1] C. Bishop, "Training with noise is equivalent to Tikhonov regularization", Neural Computation 7, 1995.
    """
    return x + (std * generator(rng).standard_normal(x.shape)).astype(x.dtype)


class EarlyStopping(Callback):
    """Stop when a measure has not improved for `patience` epochs; the model gets its best weights back.

    Parameters
    ----------
    monitor : str, default "val_loss"
        A key of the history; never watch the test set.
    patience : int, default 10
        The number of epochs without improvement after which training stops.
    min_delta : float, default 0
        By how much a value must beat the best one to count.
    mode : "min" or "max"
        Whether small or large values are good.

    Attributes
    ----------
    best, best_epoch : the best value so far, and its epoch, counted from 1
    """

    def __init__(self, monitor="val_loss", patience=10, min_delta=0.0, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f'expected mode "min" or "max"; got {mode!r}')
        count(patience, "patience in epochs")
        self.monitor, self.patience, self.min_delta, self.mode = monitor, patience, min_delta, mode
        self.best, self.best_epoch, self.best_state, self.epochs_since = None, 0, None, 0

    def after_epoch(self, model, history):
        if self.monitor not in history:
            raise ValueError(f"{self.monitor!r} is not measured; there is {sorted(history)}: pass fit a validation set")
        value = history[self.monitor][-1]
        gain = 0 if self.best is None else (self.best - value if self.mode == "min" else value - self.best)
        if self.best is None or gain > self.min_delta:
            self.best, self.best_epoch, self.epochs_since = value, len(history[self.monitor]), 0
            self.best_state = {name: array.copy() for name, array in model.state().items()}
        else:
            self.epochs_since += 1
        return self.epochs_since >= self.patience

    def after_training(self, model, history):
        if self.best_state is not None:
            model.load_state(self.best_state)
