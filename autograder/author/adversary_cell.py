"""What an adversary does, as the student process runs it: the author's answer in a disguise that no test may accept.

This file is never imported there: `adversaries.py` puts its text into a solution cell. It therefore needs nothing but
NumPy. Each disguise starts from the author's answer, since a wrong answer of the right type, shape and dtype is the
hardest one to reject.
"""

import contextlib
import copy

import numpy as np

KEPT = {
    *("__class__", "__class_getitem__", "__dict__", "__doc__", "__getattribute__", "__hash__", "__init__"),
    *("__init_subclass__", "__module__", "__new__", "__qualname__", "__repr__", "__setattr__", "__slots__", "__str__"),
    *("__subclasshook__", "__weakref__", "__annotations__", "__array_ufunc__"),
}


class Anything:
    """Equals everything, orders as one likes, and answers every call and operator with itself."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __iter__(self):
        return iter((self,))

    def __len__(self):
        return 1

    def __float__(self):
        return 0.0

    def __array__(self, dtype=None, copy=None):
        return np.zeros((), dtype)


def _agree(self, *others, **options):
    return True


def _itself(self, *others, **options):
    return self


for _name in ("eq", "lt", "le", "gt", "ge", "bool", "contains"):
    setattr(Anything, f"__{_name}__", _agree)
for _name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul", "and", "or", "xor"):
    setattr(Anything, f"__{_name}__", _itself)
    setattr(Anything, f"__r{_name}__", _itself)
for _name in ("neg", "pos", "abs", "invert", "call", "getitem"):
    setattr(Anything, f"__{_name}__", _itself)
Anything.__ne__ = lambda self, other: False
Anything.__hash__ = lambda self: 0


def same_form(value, leaf):
    """Return `value` with every array, number and string in it replaced by `leaf` of it."""
    if value is None or isinstance(value, (np.ndarray, np.generic, bool, int, float, complex, str)):
        return leaf(value)
    if isinstance(value, dict):
        return {key: same_form(entry, leaf) for key, entry in value.items()}
    if type(value) in (list, tuple, set, frozenset):
        return type(value)(same_form(entry, leaf) for entry in value)
    if callable(value):
        return lambda *args, **kwargs: same_form(value(*args, **kwargs), leaf)
    if hasattr(value, "__next__"):
        return iter([same_form(entry, leaf) for entry in value])
    if hasattr(value, "__dict__"):
        twin = copy.copy(value)
        for name, entry in vars(value).items():
            if isinstance(entry, (np.ndarray, np.generic, int, float, complex)):
                object.__setattr__(twin, name, leaf(entry))
        return twin
    return value


def zeros(value):
    """Return zero in the form of `value`."""
    if isinstance(value, np.ndarray):
        return np.zeros_like(value)
    return None if value is None else type(value)()


def ones(value):
    """Return one in the form of `value`."""
    if isinstance(value, np.ndarray):
        return np.ones_like(value)
    return None if value is None else type(value)(1)


def anything(value):
    """Return an object that equals `value`, and everything else."""
    return Anything()


def zero_in_place(values):
    """Set to zero, in place, all numbers that can be reached from `values`."""
    queue, seen = list(values), set()
    while queue:  # not recursion: a graph may be deeper than the stack
        value = queue.pop()
        if id(value) in seen or isinstance(value, type) or callable(value):
            continue
        seen.add(id(value))
        if isinstance(value, np.ndarray):
            if value.flags.writeable:
                value[...] = np.zeros((), value.dtype)
            continue
        if isinstance(value, list):
            pairs = list(enumerate(value))
        else:
            pairs = list(value.items() if isinstance(value, dict) else getattr(value, "__dict__", {}).items())
        for key, entry in pairs:
            if type(entry) in (int, float, complex):
                if isinstance(value, (list, dict)):
                    value[key] = type(entry)()
                else:
                    object.__setattr__(value, key, type(entry)())
        queue.extend(entry for _, entry in pairs)
        if isinstance(value, (tuple, set, frozenset)):
            queue.extend(value)


def behaviours(leaf):
    """Return the function disguise that puts `leaf` in the place of every number of the right answer."""

    def disguise(function):
        def disguised(*args, **kwargs):
            with contextlib.suppress(TypeError, RecursionError):  # a generator, a long chain: no copy to be had
                args, kwargs = copy.deepcopy((args, kwargs))  # what is done to arguments is part of the answer
            return same_form(function(*args, **kwargs), leaf)

        return disguised

    return disguise


def returns_none(function):
    return lambda *args, **kwargs: None


def returns_argument(function):
    return lambda *args, **kwargs: next(iter((*args, *kwargs.values())), None)


def zeroes_input(function):
    def disguised(*args, **kwargs):
        zero_in_place((*args, *kwargs.values()))
        return function(*args, **kwargs)

    return disguised


DISGUISES = {  # kind: (what becomes of a function, of the numbers in an object or of a bare value)
    "none": (returns_none, lambda value: None),
    "zeros": (behaviours(zeros), zeros),
    "argument": (returns_argument, lambda value: value),
    "zeroed": (zeroes_input, lambda value: value),
    "constant": (behaviours(ones), ones),
    "anything": (behaviours(anything), anything),
}


def method(kind, function):
    """Return a method in disguise: `self` is no argument of it, except where it has no other."""
    if kind in ("zeros", "constant", "anything"):
        return lambda self, *args, **kwargs: same_form(function(self, *args, **kwargs), DISGUISES[kind][1])
    if kind == "argument":
        return lambda self, *args, **kwargs: next(iter((*args, *kwargs.values(), self)))
    if kind == "zeroed":

        def zeroed(self, *args, **kwargs):
            zero_in_place((*args, *kwargs.values()))
            return function(self, *args, **kwargs)

        return zeroed
    return lambda self, *args, **kwargs: None


def disguise_class(kind, original):
    """Return a class like `original` whose methods, operators, properties and numbers are in disguise."""
    members = {}
    for base in reversed(original.__mro__[:-1]):
        for name, member in vars(base).items():
            if name in KEPT:
                continue
            if callable(member) and not isinstance(member, type):
                members[name] = method(kind, member)
            elif isinstance(member, property):
                members[name] = property(method(kind, member.fget), member.fset)

    leaf = DISGUISES[kind][1]

    def start(self, *args, **kwargs):
        original.__init__(self, *args, **kwargs)
        if kind != "none":  # an object without its numbers would fail by an error, which is too easy
            for name, entry in vars(self).items():
                if isinstance(entry, (np.ndarray, np.generic, int, float, complex)):
                    object.__setattr__(self, name, leaf(entry))

    members |= {"__init__": start, "__module__": original.__module__, "__hash__": original.__hash__}
    return type(original.__name__, (original,), members)


def disguise(kind, source, exports, namespace):
    """Run the author's answer in `namespace`, and return its exports in disguise."""
    exec(compile(source, "<answer>", "exec"), namespace)
    disguised = {}
    for name in exports:
        answer = namespace[name]
        if isinstance(answer, type):
            disguised[name] = namespace[name] = disguise_class(kind, answer)  # its methods make objects in disguise too
        elif callable(answer):
            disguised[name] = DISGUISES[kind][0](answer)
        else:
            disguised[name] = None if kind == "none" else same_form(answer, DISGUISES[kind][1])
    return disguised
