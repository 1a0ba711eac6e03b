"""Normalisation: zero mean and unit variance, then a learned scale and shift.

The variance divides by the number of values (not by one less), as in both papers.
"""

import numpy as np

from plainnet.autograd import op
from plainnet.channels import add_per_channel, dot_per_channel, scale_per_channel, sum_per_channel

__all__ = ["batch_norm", "batch_statistics", "layer_norm"]


@op("batch norm")
def batch_norm(x, gamma, beta, *, epsilon=1e-5, statistics=None):
    """Normalise every channel over the batch, and over the pixels of images.

    Parameters
    ----------
    x : (N, D) or (N, H, W, C)
        Features or images.
    gamma, beta : (D,) or (C,)
        Scale and shift.
    epsilon : float, default 1e-5
        Added to the variance.
    statistics : (mean, variance), optional
        Of this x, where `batch_statistics` has computed them already.

    Notes
    -----
    y = gamma (x - mean) / sqrt(variance + epsilon) + beta

    References
    ----------
    .. [1] S. Ioffe and C. Szegedy, "Batch normalization", ICML 2015, arXiv:1502.03167.
    """
    mean, variance = batch_statistics(x) if statistics is None else statistics
    inv_std = 1 / np.sqrt(variance + epsilon)
    y = x - mean
    scale_per_channel(y, gamma * inv_std)
    add_per_channel(y, beta)
    return y, (mean, inv_std)


@batch_norm.joint_vjp
def _(g, y, saved, x, gamma, beta, *, epsilon=1e-5, statistics=None):
    mean, inv_std = saved
    M = x.size // x.shape[-1]  # values per channel
    centred = x - mean
    grad_beta = sum_per_channel(g)
    grad_gamma = dot_per_channel(g, centred) * inv_std
    # gx = gamma inv_std (g - mean of g - x_hat * mean of g x_hat), with x_hat = centred inv_std
    gx = centred
    scale_per_channel(gx, -inv_std * grad_gamma / M)
    gx += g
    add_per_channel(gx, -grad_beta / M)
    scale_per_channel(gx, gamma * inv_std)
    return gx, grad_gamma, grad_beta


def batch_statistics(x):
    """Return mean and variance of each channel, over all axes but the last."""
    M = x.size // x.shape[-1]
    if M < 2:
        raise ValueError(
            f"batch norm needs at least 2 values per channel to find a variance; got shape {x.shape}. "
            "The last batch of an epoch holds the rest: choose another batch_size"
        )
    mean = sum_per_channel(x) / M
    centred = x - mean
    return mean, dot_per_channel(centred, centred) / M


@op("layer norm")
def layer_norm(x, gamma, beta, *, epsilon=1e-5):
    """Normalise every sample over its last axis.

    Parameters
    ----------
    x : (..., D)
        Features.
    gamma, beta : (D,)
        Scale and shift.
    epsilon : float, default 1e-5
        Added to the variance.

    References
    ----------
    .. [1] J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016, arXiv:1607.06450.
    """
    centred = x - x.mean(axis=-1, keepdims=True)
    inv_std = 1 / np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + epsilon)
    x_hat = centred * inv_std
    return gamma * x_hat + beta, (x_hat, inv_std)


@layer_norm.joint_vjp
def _(g, y, saved, x, gamma, beta, *, epsilon=1e-5):
    x_hat, inv_std = saved
    grad_x_hat = g * gamma
    means = grad_x_hat.mean(axis=-1, keepdims=True), (grad_x_hat * x_hat).mean(axis=-1, keepdims=True)
    gx = inv_std * (grad_x_hat - means[0] - x_hat * means[1])
    return gx, sum_per_channel(g * x_hat), sum_per_channel(g)
