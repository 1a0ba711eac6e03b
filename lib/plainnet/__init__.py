"""plainnet: a small deep-learning library that reads like a text.

Start with `autograd` (what a tensor remembers, and how the chain rule runs over
it), then `ops` (each function next to its derivatives).
"""

from plainnet import activations, autograd, draw, gradcheck, loss_ops, ops
from plainnet.activations import *  # noqa: F403
from plainnet.autograd import *  # noqa: F403
from plainnet.loss_ops import *  # noqa: F403
from plainnet.ops import *  # noqa: F403

__all__ = ["draw", "gradcheck", *activations.__all__, *autograd.__all__, *loss_ops.__all__, *ops.__all__]
