"""What a gradient with respect to the input is good for: to fool a network, and to look inside.

All functions use the model in eval mode and leave it as it was, gradients included.
Inputs are arrays, not tensors, usually images in [0, 1] and in the scale that the model
is fed with: `eps` is measured in that scale.
"""

from contextlib import contextmanager

import numpy as np

from plainnet.autograd import Tensor
from plainnet.expect import check, kind
from plainnet.losses import cross_entropy


def input_gradient(model, x, t, loss=cross_entropy):
    """Return for each sample the gradient of its own loss with respect to itself, of the shape of x."""
    return gradient(model, x, lambda z: loss(z, t) * len(x))  # times N: the loss is a mean over the batch


def fgsm(model, x, t, eps, targeted=False, loss=cross_entropy, low=0.0, high=1.0):
    """Return x + eps · sign(gradient), limited to [low, high]: the fast gradient sign method.

    Parameters
    ----------
    t : int array (N,)
        The true classes, which the attack leads away from; with ``targeted`` the
        wanted classes, which it leads to (the step is then against the gradient).
    eps : float
        The largest change of a value.

    References
    ----------
    .. [1] I. Goodfellow, J. Shlens and C. Szegedy, "Explaining and harnessing adversarial
       examples", ICLR 2015, arXiv:1412.6572.
    """
    direction = np.sign(input_gradient(model, x, t, loss))
    step = np.asarray(-eps if targeted else eps, x.dtype)
    return np.clip(x + step * direction, low, high)


def iterative_attack(
    model, x, t, eps, step_size, num_steps=10, targeted=False, loss=cross_entropy, low=0.0, high=1.0, rng=None
):
    """Return x after `num_steps` small steps of `fgsm`, never further than `eps` from where it started.

    With ``rng`` the first step starts at a random point within eps, which makes it
    the projected gradient descent of [2]_.

    References
    ----------
    .. [1] A. Kurakin, I. Goodfellow and S. Bengio, "Adversarial examples in the physical world",
       2016, arXiv:1607.02533.
    .. [2] A. Madry et al., "Towards deep learning models resistant to adversarial attacks",
       ICLR 2018, arXiv:1706.06083.
    """
    near, far = np.clip(x - eps, low, high).astype(x.dtype), np.clip(x + eps, low, high).astype(x.dtype)
    moved = x if rng is None else np.clip(x + rng.uniform(-eps, eps, x.shape).astype(x.dtype), near, far)
    for _ in range(num_steps):
        moved = np.clip(fgsm(model, moved, t, step_size, targeted, loss, low, high), near, far)
    return moved


def activation_maximisation(model, unit, x, step_size=0.1, num_steps=100, l2=0.01, low=0.0, high=1.0):
    """Return the input, near the start x (N, ...), that excites an output unit most.

    Climbs ``output[:, unit] - l2/2 · Σ x²`` by steps of the normalised gradient; the
    penalty keeps the picture from filling with meaningless extremes.  With a part of a network as
    `model`, the unit may be one inside.

    References
    ----------
    .. [1] K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks", 2013, arXiv:1312.6034.
    """
    for _ in range(num_steps):
        climb = gradient(model, x, lambda z: z[:, unit].sum()) - l2 * x
        length = np.sqrt((climb**2).sum(axis=tuple(range(1, x.ndim)), keepdims=True))
        x = np.clip(x + step_size * climb / np.maximum(length, 1e-12), low, high).astype(x.dtype)
    return x


def saliency(model, x, t):
    """Return how much each pixel of x (N, H, W, C) matters for the score of class t: (N, H, W), >= 0.

    The gradient's absolute value, the largest over the channels.

    References
    ----------
    .. [1] K. Simonyan, A. Vedaldi and A. Zisserman, "Deep inside convolutional networks", 2013, arXiv:1312.6034.
    """
    rows = np.arange(len(x))
    return np.abs(gradient(model, x, lambda z: z[rows, np.asarray(t)].sum())).max(axis=-1)


def gradient(model, x, objective):
    """Return d objective(model(x)) / dx for an array x, without touching the model's own gradients."""
    kind(x, np.ndarray, "x as an array, not as a Tensor or a list")
    check(x.dtype.kind == "f", f"expected x in floats, in the model's scale; got {x.dtype}: x.astype(np.float32) / 255")
    x = Tensor(x, requires_grad=True)
    with only_inputs(model):
        objective(model(x)).backward(keep=False)
    return x.grad


@contextmanager
def only_inputs(model):
    """In the block the model is in eval mode, and no gradient of its parameters is computed."""
    parameters, modes = model.parameters(), [(module, module.training) for module in model.modules()]
    model.eval()
    for p in parameters:
        p.requires_grad = False
    try:
        yield
    finally:
        for p in parameters:
            p.requires_grad = True
        for module, mode in modes:
            module.training = mode
