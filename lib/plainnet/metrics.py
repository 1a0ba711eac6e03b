"""How good predictions are.  Predictions y come first and targets t second, as in the losses.

Labels are integers 0..K-1.  scikit-learn has the same definitions with the arguments the other way round.
"""

import numpy as np


def accuracy(y, t):
    """Return the fraction of right answers.

    Parameters
    ----------
    y : array (N,) of labels, or (N, K) of scores, logits or probabilities, whose largest counts; or (N, 1) of logits of
        the class 1 against the class 0
    t : int array (N,), or (N, 1) as the binary losses take it
    """
    y, t = np.asarray(y), np.asarray(t)
    if y.ndim == 2 and y.shape[1] == 1:
        y, t = (y[:, 0] > 0).astype(int), t.reshape(len(t), -1)[:, 0]
        t = t.astype(int) if (t == t.astype(int)).all() else t  # the losses take floats
    y, t = check_labels(y.argmax(axis=1) if y.ndim == 2 else y, t)
    return float((y == t).mean())


def confusion_matrix(y, t, num_classes=None):
    """Return counts (K, K): row i, column j says how often class i was taken for class j."""
    y, t = check_labels(y, t)
    k = 1 + int(max(y.max(), t.max())) if num_classes is None else num_classes
    if min(y.min(), t.min()) < 0 or max(y.max(), t.max()) >= k:
        raise ValueError(f"labels must lie in 0..{k - 1}; they span {min(y.min(), t.min())}..{max(y.max(), t.max())}")
    return np.bincount(t * k + y, minlength=k * k).reshape(k, k)


def precision(y, t, num_classes=None):
    """Return for each class (K,) which fraction of its predictions is right; 0 where it was never predicted."""
    counts = confusion_matrix(y, t, num_classes)
    return divide(counts.diagonal(), counts.sum(axis=0))


def recall(y, t, num_classes=None):
    """Return for each class (K,) which fraction of its samples is found; 0 where it never occurs."""
    counts = confusion_matrix(y, t, num_classes)
    return divide(counts.diagonal(), counts.sum(axis=1))


def f1(y, t, num_classes=None):
    """Return for each class (K,) the harmonic mean of precision and recall; 0 where both are.

    For two classes ``f1(y, t)[1]`` is the usual F1; ``f1(y, t).mean()`` is the macro average.
    """
    counts = confusion_matrix(y, t, num_classes)
    return divide(2 * counts.diagonal(), counts.sum(axis=0) + counts.sum(axis=1))


def roc_auc(score, t):
    """Return the chance that a positive sample scores higher than a negative one; a tie counts half.

    That is the area under the ROC curve (Hanley and McNeil, 1982), from ranks, without drawing it.

    Parameters
    ----------
    score : array (N,), larger for class 1
    t : int array (N,) of 0 and 1, both present
    """
    score, t = check_labels(score, t, integers=False)
    num_positive = int((t == 1).sum())
    num_negative = int((t == 0).sum())
    if num_positive == 0 or num_negative == 0 or num_positive + num_negative != len(t):
        raise ValueError(f"roc_auc needs targets 0 and 1, both present; it got {np.unique(t)[:5]}")
    if np.isnan(score).any():
        raise ValueError("roc_auc needs numbers to order; some scores are NaN: did the training diverge?")
    _, position, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[position]  # from 1; equal scores share their mean rank
    return float((rank[t == 1].sum() - num_positive * (num_positive + 1) / 2) / (num_positive * num_negative))


def divide(a, b):
    """Return a / b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(len(a)), where=b != 0)


def check_labels(y, t, integers=True):
    """Return both as arrays, or say what is wrong with them."""
    y, t = np.asarray(y), np.asarray(t)
    if y.ndim != 1 or y.shape != t.shape or y.size == 0:
        raise ValueError(f"expected one prediction per target, both (N,) with N > 0; got {y.shape} and {t.shape}")
    for array in (y, t) if integers else (t,):
        if array.dtype.kind not in "iub":
            raise TypeError(f"labels must be integers; got {array.dtype}: use argmax, or (score > 0.5).astype(int)")
    return (y.astype(int) if integers else y), t.astype(int)
