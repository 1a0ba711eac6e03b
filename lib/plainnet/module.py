"""Models as objects: a Module is a function that owns its parameters, and may own other modules."""

import numpy as np

from plainnet import ops
from plainnet.autograd import Tensor
from plainnet.expect import function


class Module:
    """A differentiable function with parameters: write `forward`, and keep tensors and modules as attributes.

    Attributes may be tensors (parameters), arrays (state that is not learned, such
    as running means), modules, and lists of these; all are found by themselves.

    Attributes
    ----------
    training : bool
        Dropout and batch norm behave differently in training and afterwards; see `train` and `eval`.
    frozen : bool
        See `freeze`.
    """

    training, frozen = True, False

    def __call__(self, *inputs):
        try:
            return self.forward(*inputs)
        except AttributeError as error:
            if not all(hasattr(x, "shape") for x in inputs):
                error.add_note(
                    f"{self!r} expects arrays or tensors; got a list or a number: use np.array(x, np.float32)"
                )
            raise

    def __iter__(self):
        raise TypeError(f"{type(self).__name__} is a model and no list of tensors: pass model.parameters()")

    def forward(self, x):
        raise NotImplementedError(f"{type(self).__name__} needs a forward(self, x)")

    def modules(self):
        """Return this module and all modules inside it, at any depth."""
        return [self, *[inner for value in vars(self).values() for inner in find_modules(value)]]

    def named_arrays(self):
        """Return {name: Tensor or array} of all that belongs to the model, such as "layers.0.w"."""
        return dict(find_arrays(self, ""))

    def parameters(self):
        """Return the tensors to be trained; one that is shared comes once."""
        return list(dict.fromkeys(x for x in self.named_arrays().values() if isinstance(x, Tensor) and x.requires_grad))

    def state(self):
        """Return {name: array}, the values themselves and no copies: what `save` writes."""
        return {name: x.data if isinstance(x, Tensor) else x for name, x in self.named_arrays().items()}

    def load_state(self, state):
        """Copy values in, after checking that names and shapes are those of this model."""
        own = self.state()
        missing, unknown = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
        if missing or unknown:
            raise ValueError(f"this is the state of another model: it lacks {missing} and has {unknown} besides")
        for name, array in state.items():
            if array.shape != own[name].shape:
                raise ValueError(f"{name} has shape {own[name].shape}, the state has {array.shape}: another model?")
        for name, array in state.items():
            own[name][...] = array

    def astype(self, dtype):
        """Change all values to float32 or float64; make the optimiser afterwards.  Return self."""
        if np.dtype(dtype).kind != "f":
            raise TypeError(f"expected a dtype of real numbers, np.float32 or np.float64; got {np.dtype(dtype)}")
        for x in self.named_arrays().values():
            if isinstance(x, Tensor):
                x.data, x.grad = x.data.astype(dtype), None
        for module in self.modules():
            vars(module).update({key: x.astype(dtype) for key, x in vars(module).items() if isinstance(x, np.ndarray)})
        return self

    def train(self, mode=True):
        """Go into training mode, except for what is frozen; return self."""
        for module in self.modules():
            module.training = mode and not module.frozen
        return self

    def eval(self):
        """Go into the mode in which the model is used: no dropout, running means in batch norm.  Return self."""
        return self.train(False)

    def freeze(self, frozen=True):
        """Keep this module as it is while others train: no gradients, no running means.  Return self."""
        for module in self.modules():
            module.frozen = frozen
            module.training = module.training and not frozen
        for x in self.named_arrays().values():
            if isinstance(x, Tensor):
                x.requires_grad = not frozen
        return self

    def __repr__(self):
        own = [f"{key} {x.shape}" for key, x in vars(self).items() if isinstance(x, Tensor | np.ndarray)]
        return f"{type(self).__name__}({', '.join(own)})"


def name_of(function):
    """Return how tables and histories call a layer or a metric: a function's name, also inside functools.partial."""
    function = getattr(function, "func", function)
    return getattr(function, "__name__", type(function).__name__)


def find_modules(value):
    """Yield the modules in an attribute's value."""
    if isinstance(value, Module):
        yield from value.modules()
    elif isinstance(value, list | tuple):
        for item in value:
            yield from find_modules(item)


def find_arrays(value, name):
    """Yield (name, Tensor or array) for what is in an attribute's value."""
    if isinstance(value, Tensor | np.ndarray):
        yield name, value
    elif isinstance(value, Module):
        for key, item in vars(value).items():
            yield from find_arrays(item, f"{name}.{key}" if name else key)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            yield from find_arrays(item, f"{name}.{i}")


class Sequential(Module):
    """Layers one after the other; plain functions such as `relu` are layers too."""

    def __init__(self, *layers):
        remedy = "layers one by one, Sequential(Flatten(), relu): modules or functions"
        self.layers = [function(layer, remedy) for layer in layers]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class Branches(Module):
    """Layers side by side on the same input, their outputs joined by `join`."""

    def __init__(self, layers, join):
        self.layers, self.join = list(layers), join

    def forward(self, x):
        return self.join(*[layer(x) for layer in self.layers])


def identity(x):
    """Return x."""
    return x


def residual(*layers, shortcut=identity):
    """Return the module x -> F(x) + shortcut(x), F the layers in sequence.

    References
    ----------
    .. [1] K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning", CVPR 2016, arXiv:1512.03385.
    """
    return Branches([Sequential(*layers), shortcut], join=ops.add)


def inception(*branches):
    """Return the module whose outputs (N, H, W, C_i) are joined along the channels, one branch per filter size.

    References
    ----------
    .. [1] C. Szegedy et al., "Going deeper with convolutions", CVPR 2015, arXiv:1409.4842.
    """
    return Branches(branches, join=concatenate_channels)


def concatenate_channels(*images):
    """Join (N, H, W, C_i) along C."""
    return ops.concatenate(*images, axis=-1)
