"""Reverse-mode automatic differentiation on NumPy arrays.

An `Op` pairs a forward function with one vector-Jacobian product (VJP) per
input.  Calling an op on tensors computes its output and records a node;
`backpropagate` walks the nodes in reverse and applies the chain rule, one node
per step.

References
----------
.. [1] A. G. Baydin, B. A. Pearlmutter, A. A. Radul and J. M. Siskind, "Automatic
   differentiation in machine learning: a survey", JMLR 18, 2018, arXiv:1502.05767.
"""

import contextlib
import contextvars
import functools

import numpy as np

__all__ = [
    "Op",
    "Tensor",
    "backpropagate",
    "no_grad",
    "op",
    "topological_order",
    "zero_grad",
]

of_numpy = {}  # NumPy's function -> what does the same with tensors; `ops` fills it
_recording = contextvars.ContextVar("recording", default=True)  # per thread, so models can train side by side


class Op:
    """A differentiable primitive: a forward function and the rules for its gradients.

    Positional parameters of `forward` are differentiable arrays; keyword-only
    parameters (an axis, integer labels) are constants.

    Parameters
    ----------
    forward : function of arrays
        Computes the output; its name is the op's name.
    symbol : str
        How a drawn graph shows the op.
    """

    def __init__(self, forward, symbol):
        functools.update_wrapper(self, forward)  # so that help() shows the forward function's text
        code = forward.__code__
        self.arguments = code.co_varnames[: code.co_argcount]
        self.forward, self.symbol, self.name = forward, symbol, forward.__name__
        self.rules, self.joint_rule = (), None

    def vjp(self, **rules):
        """Register ``rule(g, y, *inputs, **params)`` for each input, by name.

        `y` is the output and `g` = dL/dy; the rule returns dL/d(that input) and
        leaves the sum over broadcast axes to `backpropagate`.  Rules are pure,
        so each can be tested, drawn and stepped on its own.
        """
        if set(rules) != set(self.arguments):
            raise TypeError(f"{self.name} needs a VJP rule for each of {self.arguments}, got {tuple(rules)}")
        self.rules = [rules[name] for name in self.arguments]

    def joint_vjp(self, rule):
        """Register one ``rule(g, y, saved, *inputs, **params)`` for the gradients of all inputs.

        For an op whose derivatives share their work: its forward function returns
        the output together with what the rule will find in `saved`.
        """
        self.joint_rule = rule
        return rule

    def __call__(self, *inputs, **params):
        arrays, requires_grad = [], False
        for x in inputs:
            if not isinstance(x, Tensor):
                return self(*as_tensors(inputs), **params)
            arrays.append(x.data)
            requires_grad = requires_grad or x.requires_grad
        try:
            y = self.forward(*arrays, **params)
        except Exception as error:
            error.add_note(f"in {self.describe(inputs, params)}")
            if self.arguments and len(inputs) > len(self.arguments):
                constants = ", ".join(self.forward.__kwdefaults__ or ()) or "nothing"
                error.add_note(f"{self.name} takes ({', '.join(self.arguments)}); by keyword it takes {constants}")
            raise
        y, saved = y if self.joint_rule else (y, None)
        y = Tensor(y)
        if requires_grad and _recording.get():
            y.requires_grad, y.op, y.inputs, y.params, y.saved = True, self, inputs, params, saved
        return y

    def __get__(self, tensor, owner=None):
        """Make an op that is put into a class a method: `x.exp()` is `exp(x)`."""
        return self if tensor is None else functools.partial(self, tensor)

    def __repr__(self):
        return f"<op {self.name}>"

    def gradients(self, g, node):
        """Yield (input, dL/d input) for each input of `node` that requires a gradient."""
        arrays = [x.data for x in node.inputs]
        try:
            if self.joint_rule:
                found = self.joint_rule(g, node.data, node.saved, *arrays, **node.params)
                for x, gx in zip(node.inputs, found, strict=True):
                    if x.requires_grad:
                        yield x, unbroadcast(gx, x.data.shape)
            elif self.rules:
                for x, rule in zip(node.inputs, self.rules):
                    if x.requires_grad:  # so nothing is computed for data
                        yield x, unbroadcast(rule(g, node.data, *arrays, **node.params), x.data.shape)
            else:
                raise NotImplementedError(
                    f"{self.name} has no gradient yet: register its rules with {self.name}.vjp(...)"
                )
        except Exception as error:
            error.add_note(f"in a VJP rule of {self.describe(node.inputs, node.params)} -> y{node.shape}")
            raise

    def describe(self, inputs, params):
        """Return the op's call in words for an error message: names, shapes and constants."""
        names = self.arguments if len(self.arguments) == len(inputs) else ["x"] * len(inputs)
        shapes = [f"{name}{x.shape}" for name, x in zip(names, inputs)]
        constants = [f"{name}={value!r:.60}" for name, value in params.items()]
        return f"{self.name}({', '.join(shapes + constants)})"


def op(symbol):
    """Turn a function of arrays into an `Op`, drawn in graphs as `symbol`."""
    return lambda forward: Op(forward, symbol)


class Tensor:
    """An array of floats that remembers the op and the inputs that produced it.

    Parameters
    ----------
    data : array_like
        float32 and float64 stay as they are, integers and booleans become float64.
    requires_grad : bool, default False
        Whether `backward` shall leave dL/d(this tensor) in `grad`.  Such a tensor
        owns a copy of `data`, so that training it changes nobody else's array.
    name : str, default ""
        How a drawn graph labels it.

    Attributes
    ----------
    grad : array of the shape of `data`, or None before the first `backward`
    op, inputs, params : the op that made it (None: a leaf), its inputs and its constants

    Notes
    -----
    Tensors are compared and hashed by identity: ``a == b`` is ``a is b``, whatever their values, so that a tensor can
    be looked up in a set, a dict or a list.  Compare values with ``a.data == b.data``.
    """

    __slots__ = ("__weakref__", "data", "grad", "inputs", "name", "op", "params", "requires_grad", "saved")

    shape = property(lambda self: self.data.shape)
    ndim = property(lambda self: self.data.ndim)
    size = property(lambda self: self.data.size)
    dtype = property(lambda self: self.data.dtype)

    def __init__(self, data, requires_grad=False, name=""):
        data = np.array(data) if requires_grad else np.asarray(data)
        if data.dtype.kind != "f":
            if data.dtype.kind not in "iub" and type(data[()]) is not int:  # 21! needs more than 64 bits
                raise TypeError(f"a tensor holds real numbers, not {data.dtype}: {data!r:.80}")
            data = data.astype(float)
        self.data, self.requires_grad, self.name = data, requires_grad, name
        self.grad, self.op, self.inputs, self.params, self.saved = None, None, (), {}, None

    def backward(self, g=None, keep=True):
        """Add dL/d(leaf) to the `grad` of every leaf that this tensor depends on.

        Parameters
        ----------
        g : array_like of this tensor's shape, optional
            The gradient to start from, dL/d(this tensor); 1 for a scalar loss.
        keep : bool, default True
            Whether the tensors between keep their gradient too, to look at and to
            draw.  ``False`` frees each as soon as it was used, as training wants.
        """
        for node in backpropagate(self, g):
            if not keep and node.op:
                node.grad = None

    def zero_grad(self):
        """Forget the gradient, so that the next `backward` starts afresh."""
        self.grad = None

    def item(self):
        """Return the value of a tensor of one element as a Python float."""
        if self.size != 1:
            raise ValueError(f"item() is for one element; this tensor has shape {self.shape}: take its values, x.data")
        return self.data.item()

    def __repr__(self):
        values = np.array2string(self.data, separator=", ", prefix="Tensor(", threshold=50, precision=4)
        name = f", name={self.name!r}" if self.name else ""
        dtype = "" if self.dtype == float else f", dtype={self.dtype}"
        origin = f", op={self.op.name}" if self.op else ", requires_grad=True" if self.requires_grad else ""
        return f"Tensor({values}{name}{dtype}{origin})"

    def __format__(self, spec):
        return format(self.item(), spec) if spec else repr(self)

    def __len__(self):
        if self.ndim == 0:
            raise TypeError("a tensor of shape () is one number, without length or rows: take its value with x.item()")
        return len(self.data)

    def __iter__(self):
        return iter([self[i] for i in range(len(self))])

    def __float__(self):
        return float(self.item())

    def __bool__(self):
        return bool(self.item())

    def __array__(self, *args, **kwargs):
        raise TypeError(
            "a Tensor is no array: take its values with `.data`, or use plainnet's function instead of NumPy's; "
            "a list of tensors becomes one with stack(a, b)"
        )

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return self.__array_function__(ufunc if method == "__call__" else getattr(ufunc, method), (), inputs, options)

    def __array_function__(self, function, types, inputs, options):
        """Run the op that stands for a NumPy function, as `ops` lists them, or refuse in words."""
        name = getattr(function, "__name__", "this function")
        if function not in of_numpy:
            raise TypeError(
                f"NumPy's {name} would lose the graph of a Tensor: use plainnet's function, or x.data for values alone"
            )
        try:
            return of_numpy[function](*inputs, **options)
        except TypeError as error:
            error.add_note(f"in NumPy's {name}, for which plainnet has {of_numpy[function]}")
            raise


def as_tensors(inputs):
    """Wrap what is not a tensor yet; numbers and integer arrays take the dtype of the tensors beside them."""
    return [x if isinstance(x, Tensor) else wrap(x, inputs) for x in inputs]


def wrap(x, neighbours):
    """Return `x` as a tensor: a float array as it is, anything else in the dtype of its neighbours."""
    if isinstance(x, np.ndarray) and x.dtype.kind == "f":
        return Tensor(x)
    dtypes = [other.data.dtype for other in neighbours if isinstance(other, Tensor)]
    return Tensor(np.asarray(Tensor(x).data, np.result_type(*dtypes) if dtypes else None))


class no_grad(contextlib.ContextDecorator):
    """Record no graph in a ``with no_grad():`` block or a decorated function, in this thread."""

    def __enter__(self):
        self.token = _recording.set(False)

    def __exit__(self, *error):
        _recording.reset(self.token)


def topological_order(root):
    """Return every node that `root` depends on, inputs before outputs.

    Only tensors that require a gradient take part.
    """
    order, seen, stack = [], set(), [(root, False)]
    while stack:  # not recursion: deep graphs outgrow Python's call stack
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            for x in reversed(node.inputs):
                if x.requires_grad:
                    stack.append((x, False))
    return order


def backpropagate(root, g=None):
    """Apply the chain rule from `root` to the leaves; yield each node when its `grad` is final.

    `Tensor.backward` runs this loop to its end, a lecture demo pauses it.
    A node has its whole gradient when all its users have passed theirs on: that
    is what the reversed topological order guarantees.

    Parameters
    ----------
    root : Tensor
        The tensor to differentiate.
    g : array_like of the shape of `root`, optional
        dL/d(root); 1 for a scalar loss.
    """
    gradients = {root: first_gradient(root, g)}
    for node in reversed(topological_order(root)):
        g = np.asarray(gradients.pop(node), node.data.dtype)
        if node.op is None:  # a leaf sums over several backward passes
            node.grad = g if node.grad is None else node.grad + g
        else:
            node.grad = g
            for x, gx in node.op.gradients(g, node):
                gradients[x] = gradients[x] + gx if x in gradients else gx
        yield node


def first_gradient(root, g):
    """Return the gradient that `backpropagate` starts from, or say why it can't."""
    if not root.requires_grad:
        raise ValueError(
            "backward() needs a tensor that depends on one with requires_grad=True; "
            f"{root!r:.60} does not: create the leaf with Tensor(data, requires_grad=True), outside of no_grad()"
        )
    if g is None:
        if root.size != 1:
            raise ValueError(f"backward() starts from a scalar loss; this tensor has shape {root.shape}: pass g")
        return np.asarray(1, root.dtype).reshape(root.shape)
    g = np.array(g, root.dtype)
    if g.shape != root.shape:
        raise ValueError(f"g = dL/d(root) needs the shape of the tensor, {root.shape}; it has shape {g.shape}")
    return g


def unbroadcast(g, shape):
    """Sum `g` over the axes along which an input of `shape` was broadcast."""
    if g.shape == shape:
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    g = g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    if g.shape != shape:
        raise ValueError(f"the gradient has shape {g.shape}, its input has shape {shape}")
    return g


def zero_grad(tensors):
    """Forget the gradients of all `tensors`."""
    for x in tensors:
        x.zero_grad()
