"""Losses as one op each: stabler and faster than the same formula in small steps."""

import numpy as np

from plainnet.autograd import op

__all__ = ["softmax_cross_entropy"]


@op("cross-entropy")
def softmax_cross_entropy(z, *, labels):
    """Return the mean of -log softmax(z)[label].

    Parameters
    ----------
    z : (N, K)
        Logits: any real numbers.
    labels : (N,) integers in 0..K-1
        The true class of each row.

    Returns
    -------
    scalar
        log K when all logits of a row are equal.
    """
    rows = check_labels(z, labels)
    shifted = z - z.max(axis=1, keepdims=True)  # the largest exponent is 0: no overflow
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    loss = (np.log(total[:, 0]) - shifted[rows, labels]).mean()
    return loss, e / total


@softmax_cross_entropy.joint_vjp
def _(g, y, p, z, *, labels):
    N = len(z)
    grad_z = p * (g / N)  # (p - one_hot(labels)) * g / N
    grad_z[np.arange(N), labels] -= g / N
    return (grad_z,)


def check_labels(z, labels):
    """Return the row numbers 0..N-1 after checking that `labels` fit the logits `z` (N, K)."""
    labels = np.asarray(labels)
    if z.ndim != 2 or labels.shape != z.shape[:1] or labels.dtype.kind not in "iu" or len(z) == 0:
        raise ValueError(
            "expected logits (N, K) with N > 0 and integer labels (N,); "
            f"got logits {z.shape} and {labels.dtype} labels {labels.shape}"
        )
    if labels.min() < 0 or labels.max() >= z.shape[1]:
        raise ValueError(
            f"labels must lie in 0..{z.shape[1] - 1} for logits of {z.shape[1]} classes; "
            f"they range from {labels.min()} to {labels.max()}"
        )
    return np.arange(len(z))
