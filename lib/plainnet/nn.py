"""Layers: each keeps its parameters and its constants, and calls one op.

Images are (N, H, W, C).  Parameters are float32, drawn with the generator that is
passed in; ``model.astype(np.float64)`` for more digits.
"""

import numpy as np

from plainnet import conv, init, norm, ops, sequence
from plainnet.autograd import Tensor
from plainnet.expect import generator
from plainnet.module import Module, Sequential, inception, residual

__all__ = [
    "LSTM", "RNN", "AvgPool2d", "BatchNorm", "Conv2d", "Dropout", "Embedding", "Flatten", "LayerNorm", "Linear",
    "MaxPool2d", "Module", "Sequential", "inception", "residual",
]  # fmt: skip


class Linear(Module):
    """A dense layer: x (..., in_features) -> x w + b (..., out_features).

    Parameters
    ----------
    in_features, out_features : int
    rng : numpy.random.Generator
    init_w : function (shape, rng) -> array, default `init.he`
        `init.xavier` before tanh and sigmoid.

    Notes
    -----
    w is (in_features, out_features), so that the formula reads as in the lecture; PyTorch keeps its transpose.
    """

    def __init__(self, in_features, out_features, rng, init_w=init.he):
        self.w = parameter(init_w((in_features, out_features), rng), "w")
        self.b = parameter(init.zeros(out_features), "b")

    def forward(self, x):
        if x.shape[-1:] != self.w.shape[:1]:
            raise ValueError(f"expected x (..., {self.w.shape[0]}); got {x.shape}: is a Flatten() missing before?")
        return ops.linear(x, self.w, self.b)


class Flatten(Module):
    """Make each sample a vector: x (N, ...) -> (N, D)."""

    def forward(self, x):
        return x.reshape(len(x), -1)


class Conv2d(Module):
    """A convolution: images (N, H, W, in_channels) -> (N, H', W', out_channels).

    Parameters
    ----------
    in_channels, out_channels, kernel_size : int
    rng : numpy.random.Generator
    stride, padding : int
        ``padding=kernel_size // 2`` keeps height and width (odd kernel, stride 1).

    Notes
    -----
    H' = (H + 2 padding - kernel_size) // stride + 1, and W' likewise.  w is (kernel_size, kernel_size,
    in_channels, out_channels); the kernel is not flipped (cross-correlation).
    """

    def __init__(self, in_channels, out_channels, kernel_size, rng, stride=1, padding=0, init_w=init.he):
        self.w = parameter(init_w((kernel_size, kernel_size, in_channels, out_channels), rng), "w")
        self.b = parameter(init.zeros(out_channels), "b")
        self.stride, self.padding = stride, padding

    def forward(self, x):
        return conv.conv2d(x, self.w, self.b, stride=self.stride, padding=self.padding)


class MaxPool2d(Module):
    """The largest value of each window, by default of windows side by side."""

    def __init__(self, kernel_size, stride=None, padding=0):
        self.options = {"kernel_size": kernel_size, "stride": stride, "padding": padding}

    def forward(self, x):
        return conv.max_pool2d(x, **self.options)


class AvgPool2d(MaxPool2d):
    """The mean of each window."""

    def forward(self, x):
        return conv.avg_pool2d(x, **self.options)


class BatchNorm(Module):
    """Zero mean and unit variance for each feature, over the batch (and the pixels of images), then gamma and beta.

    In eval mode it uses running averages instead of the batch.

    Parameters
    ----------
    num_features : int
        Length of the last axis.
    momentum : float, default 0.9
        running <- momentum · running + (1 - momentum) · batch; PyTorch calls 1 - momentum by this name.
    epsilon : float, default 1e-5
        Added to the variance, inside of the root.

    Notes
    -----
    While training, the variance divides by the number M of values; the running variance
    averages the unbiased estimate with M - 1, as in the paper and in PyTorch.
    """

    def __init__(self, num_features, momentum=0.9, epsilon=1e-5):
        self.beta = parameter(init.zeros(num_features), "beta")
        self.gamma = parameter(np.ones(num_features, np.float32), "gamma")
        self.running_mean, self.running_variance = init.zeros(num_features), np.ones(num_features, np.float32)
        self.momentum, self.epsilon = momentum, epsilon

    def forward(self, x):
        check_features(x, self.gamma)
        if not self.training:
            scale = self.gamma / np.sqrt(self.running_variance + self.epsilon)
            return x * scale + (self.beta - self.running_mean * scale)
        statistics = norm.batch_statistics(x.data if isinstance(x, Tensor) else x)
        self.update_running(*statistics, M=x.size // x.shape[-1])
        return norm.batch_norm(x, self.gamma, self.beta, epsilon=self.epsilon, statistics=statistics)

    def update_running(self, mean, variance, M):
        """Take the statistics of a batch of M values per feature into the averages."""
        for running, new in ((self.running_mean, mean), (self.running_variance, variance * (M / (M - 1)))):
            running *= self.momentum
            running += (1 - self.momentum) * new


class LayerNorm(Module):
    """Zero mean and unit variance for each sample over its last axis, then gamma and beta; no running averages."""

    def __init__(self, num_features, epsilon=1e-5):
        self.beta = parameter(init.zeros(num_features), "beta")
        self.gamma = parameter(np.ones(num_features, np.float32), "gamma")
        self.epsilon = epsilon

    def forward(self, x):
        check_features(x, self.gamma)
        return norm.layer_norm(x, self.gamma, self.beta, epsilon=self.epsilon)


class Dropout(Module):
    """Set each value to 0 with probability p while training, and multiply the others by 1 / (1 - p).

    So the expected output equals x, and nothing is to do afterwards ("inverted
    dropout").  p is the probability to drop, as in PyTorch and Keras; in other texts it is the
    probability to keep, or the factor 1 - p stands in the use of the model.

    References
    ----------
    .. [1] N. Srivastava et al., "Dropout", JMLR 15, 2014.
    """

    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError(f"p is the probability to drop, in [0, 1); got {p}")
        self.p, self.rng = p, generator(rng)

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        keep = self.rng.random(x.shape, dtype=np.float32) >= self.p
        return x * np.divide(keep, 1 - self.p, dtype=x.dtype)


class Embedding(Module):
    """A vector for each of `num_embeddings` symbols: integers (...) -> (..., features)."""

    def __init__(self, num_embeddings, features, rng):
        self.table = parameter(init.small_random((num_embeddings, features), rng, std=0.1), "table")

    def forward(self, index):
        return sequence.embedding(self.table, index=index)


class RNN(Module):
    """A recurrent layer: sequences (N, T, in_features) -> states h (N, T, out_features).

    h_t = tanh(x_t w + h_{t-1} u + b), from a state of zeros.  PyTorch has two biases, whose sum alone matters.
    """

    blocks = 1  # of `out_features` columns each, in w, u and b

    def __init__(self, in_features, out_features, rng):
        shapes = (in_features, out_features), (out_features, out_features)
        w, u = ([init.xavier(shape, rng) for _ in range(self.blocks)] for shape in shapes)
        self.w, self.u = parameter(np.concatenate(w, axis=1), "w"), parameter(np.concatenate(u, axis=1), "u")
        self.b = parameter(init.zeros(self.blocks * out_features), "b")

    def forward(self, x):
        return self.run(x)[0]

    def run(self, x, state=None):
        """Return the outputs (N, T, H) and the state to go on with; `state` is one from before, or None for zeros."""
        h0 = np.zeros((len(x), len(self.u)), self.u.dtype) if state is None else state
        h = sequence.rnn(self.pre_activations(x), self.u, h0)  # (T, N, H)
        return h.transpose(1, 0, 2), h[-1]

    def pre_activations(self, x):
        """Return x w + b with time first: (T, N, blocks · H)."""
        if x.ndim != 3 or x.shape[2] != self.w.shape[0] or x.shape[1] == 0:
            raise ValueError(f"expected sequences (N, T, {self.w.shape[0]}) with T > 0; got {x.shape}")
        return ops.linear(x.transpose(1, 0, 2), self.w, self.b)


class LSTM(RNN):
    """Long short-term memory: sequences (N, T, in_features) -> outputs h (N, T, out_features).

    The columns of w, u and b are those of the candidate, the input, the forget and the
    output gate, in this order.  The forget gate's bias starts at 1: an LSTM remembers until it learns to forget [1]_.

    References
    ----------
    .. [1] R. Jozefowicz, W. Zaremba and I. Sutskever, "An empirical exploration of recurrent network
       architectures", ICML 2015.
    """

    blocks = 4

    def __init__(self, in_features, out_features, rng):
        super().__init__(in_features, out_features, rng)
        self.b.data[2 * out_features : 3 * out_features] = 1

    def run(self, x, state=None):
        """Return the outputs (N, T, H) and the state (h, c) to go on with; `state` is one from before, or None."""
        h0, c0 = state or (np.zeros((len(x), len(self.u)), self.u.dtype),) * 2
        y = sequence.lstm(self.pre_activations(x), self.u, h0, c0)  # (2, T, N, H)
        return y[0].transpose(1, 0, 2), (y[0, -1], y[1, -1])


def check_features(x, gamma):
    """Raise ValueError where the last axis of x is not as long as `gamma`."""
    if x.shape[-1:] != gamma.shape:
        raise ValueError(f"expected x (..., {len(gamma)}), features last, for num_features={len(gamma)}; got {x.shape}")


def parameter(data, name):
    """Return `data` as a tensor to be trained."""
    return Tensor(data, requires_grad=True, name=name)
