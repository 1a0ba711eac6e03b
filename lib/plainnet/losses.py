"""Losses as functions of outputs and targets, in the form that `fit` calls: loss(y, t) -> scalar tensor.

The mathematics, with its derivatives, stands in `loss_ops`.  Each is a mean over
the samples (mse and mae: over all elements), so that the learning rate need not
know the batch size.
"""

from plainnet import loss_ops


def mse(y, t):
    """Return the mean of (y - t)²; some texts take the half, or the sum over a sample's outputs."""
    return loss_ops.mse(y, targets=t)


def mae(y, t):
    """Return the mean of |y - t|."""
    return loss_ops.mae(y, targets=t)


def cross_entropy(z, t):
    """Return -log softmax(z)[t] for logits z (..., K) and labels t (...): log K where nothing is known."""
    if z.ndim > 2 and z.shape[:-1] == t.shape:  # a label for each step of a sequence, or each pixel
        z, t = z.reshape(-1, z.shape[-1]), t.reshape(-1)
    return loss_ops.softmax_cross_entropy(z, labels=t)


def binary_cross_entropy(z, t):
    """Return -t log p - (1 - t) log(1 - p), p = sigmoid(z), for logits z and t in 0..1 of one shape.

    Logits (N, 1), as a dense layer with one unit gives, go with targets (N,) too.
    """
    if z.ndim == 2 and z.shape[1] == 1 and t.ndim == 1:
        z = z.reshape(-1)  # (N, 1) -> (N,)
    return loss_ops.bce_with_logits(z, targets=t)


def hinge(s, t, margin=1.0):
    """Return the sum over wrong classes of max(0, s_wrong - s_true + margin): scores s (N, K), labels t (N,)."""
    return loss_ops.multiclass_hinge(s, labels=t, margin=margin)
