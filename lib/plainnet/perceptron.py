"""Rosenblatt's perceptron: the oldest learning rule, with neither loss nor gradient.

References
----------
.. [1] F. Rosenblatt, "The perceptron: a probabilistic model for information storage
   and organization in the brain", Psychological Review 65, 1958.
.. [2] A. Novikoff, "On convergence proofs for perceptrons", 1962: where a separating line
   with margin m exists, the rule makes at most (R / m)^2 mistakes, R the largest ||(x, 1)||.
"""

import numpy as np

from plainnet.expect import check, count


class Perceptron:
    """A linear threshold unit: class 1 where x w + b > 0, else class 0.

    Parameters
    ----------
    in_features : int

    Attributes
    ----------
    w : float array (in_features,), b : float
        Both start at zero; the rule's learning rate then only scales them, so it is 1.
    converged : bool
        Whether the last epoch of `fit` made no mistake.
    num_epochs, num_mistakes : int
        How long `fit` took; each mistake is one update.
    """

    def __init__(self, in_features):
        self.w, self.b = np.zeros(count(in_features, "in_features")), 0.0
        self.converged, self.num_epochs, self.num_mistakes = False, 0, 0

    def predict(self, x):
        """Return the class, 0 or 1, of each row of x (N, in_features)."""
        check(np.shape(x)[1:] == self.w.shape, f"expected x (N, {len(self.w)}); got shape {np.shape(x)}")
        return (x @ self.w + self.b > 0).astype(int)

    def fit(self, x, t, max_epochs=1000):
        """Learn until an epoch passes without a mistake, or for `max_epochs`; return self.

        Data that no line separates, such as XOR, never converge: see `converged`.
        """
        self.converged, self.num_epochs, self.num_mistakes = False, 0, 0
        while not self.converged and self.num_epochs < max_epochs:
            mistakes = sum(1 for _ in self.learn(x, t))
            self.converged = mistakes == 0
            self.num_epochs += 1
            self.num_mistakes += mistakes
        return self

    def learn(self, x, t):
        """Go through the samples once, in order; yield the index of each that was wrong, after its update.

        A score of exactly 0 counts as wrong for either class, or zero weights would never start to learn.

        Parameters
        ----------
        x : array (N, in_features), t : int array (N,) of 0 and 1
        """
        x, t = np.asarray(x, float), np.asarray(t)
        if x.ndim != 2 or x.shape[1] != len(self.w) or t.shape != x.shape[:1] or len(x) == 0:
            raise ValueError(f"expected x (N, {len(self.w)}) and t (N,), N > 0; got {x.shape} and {t.shape}")
        if not np.isin(t, (0, 1)).all():
            raise ValueError(f"expected targets 0 and 1; got {np.unique(t)[:5]}: use (t > 0).astype(int) for -1 and 1")
        for i, sign in enumerate(np.where(t == 1, 1.0, -1.0)):
            if sign * (x[i] @ self.w + self.b) <= 0:
                self.w = self.w + sign * x[i]
                self.b += sign
                yield i
