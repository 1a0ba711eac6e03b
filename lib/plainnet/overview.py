"""A model as a table: each layer with its output's shape and the number of its parameters."""

import numpy as np

from plainnet.autograd import Tensor, no_grad
from plainnet.expect import kind, sizes
from plainnet.module import Module, Sequential, name_of
from plainnet.nn import Embedding


def summary(model, input_shape):
    """Return a table like the lecture's as text.

    Parameters
    ----------
    model : Module
        A Sequential is listed layer by layer, any other module is one row.
    input_shape : tuple of int
        The shape of one sample, such as (784,) or (28, 28, 1).
    """
    kind(model, Module, "a model, a Module")
    kind(input_shape, tuple, "input_shape, the shape of one sample without N, such as (784,)")
    looks_up = any(isinstance(module, Embedding) for module in model.modules())  # integers, in float they are no index
    x = np.zeros((1, *sizes(input_shape)), int if looks_up else np.float32)
    mode, rows = model.training, [("layer", "output shape", "parameters")]
    model.eval()
    try:
        with no_grad():
            for layer in flat_layers(model):
                x = layer(x)
                name = type(layer).__name__ if isinstance(layer, Module) else name_of(layer)
                rows.append((name, f"(N{''.join(f', {n}' for n in x.shape[1:])})", f"{count_parameters(layer):,}"))
    finally:
        model.train(mode)
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [f"{row[0]:{widths[0]}}  {row[1]:{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows]
    total, trained = count_parameters(model), sum(p.size for p in model.parameters())
    lines.append(f"total {total:,}, of which trained {trained:,}")
    return "\n".join(lines)


def count_parameters(model):
    """Return the number of weights and biases, frozen ones included; 0 for a plain function."""
    if not isinstance(model, Module):
        return 0
    return sum({id(x): x.size for x in model.named_arrays().values() if isinstance(x, Tensor)}.values())


def flat_layers(model):
    """Return the layers of a Sequential and of those in it, in order."""
    if isinstance(model, Sequential):
        return [inner for layer in model.layers for inner in flat_layers(layer)]
    return [model]
