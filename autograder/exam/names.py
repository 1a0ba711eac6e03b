"""The functions and classes that cross by name, because both sides have them: a fixed table, never a search.

Python's and NumPy's are listed here, and the modules of plainnet that count. The course's own are the
functions and classes that its instructor cells define, added when a cell has run.
"""

import builtins
import importlib.util
import math
import operator
import sys
import types

import numpy as np

from autograder.exam.instances import is_plain

BUILTINS = """abs all any bool bytes callable chr complex dict divmod enumerate filter float frozenset int isinstance
    issubclass len list map max min object ord pow print range repr reversed round set slice sorted str sum tuple type
    zip"""
OPERATORS = """add sub mul truediv floordiv mod pow matmul neg pos abs and_ or_ xor invert eq ne lt le gt ge not_
    truth"""
NUMPY_FUNCTIONS = """all allclose amax amin any append arange argmax argmin argsort array array_equal asarray atleast_1d
    atleast_2d broadcast_to clip column_stack concatenate convolve copy corrcoef cov cross cumprod cumsum diff dot
    einsum exp expand_dims eye flip full full_like hstack identity inner kron linspace mean median meshgrid moveaxis
    nan_to_num ndarray nonzero ones ones_like outer pad percentile prod ptp quantile ravel repeat reshape roll round
    searchsorted sort split squeeze stack std sum swapaxes take tensordot tile trace transpose trapezoid tril triu
    unique var vstack where zeros zeros_like"""
NUMPY_MORE = {  # dotted names
    f"numpy.{part}.{name}": getattr(getattr(np, part), name)
    for part, names in {
        "linalg": "norm inv solve det svd eigh qr pinv lstsq",
        "random": "default_rng Generator",
    }.items()
    for name in names.split()
}
LIBRARY = """activations adversarial augment autograd channels conv gradcheck init loss_ops losses metrics module nn
    norm ops optim overview perceptron regularize schedules sequence train"""  # modules of plainnet that only compute


def fixed_table():
    """Return {name: object} of what Python and NumPy give to both sides."""
    table = {f"builtins.{name}": getattr(builtins, name) for name in BUILTINS.split()}
    exceptions = {name: cls for name, cls in vars(builtins).items() if is_exception(cls) and cls.__name__ == name}
    table |= {f"builtins.{name}": cls for name, cls in exceptions.items()}
    table |= {f"math.{name}": function for name, function in vars(math).items() if callable(function)}
    table |= {f"operator.{name}": getattr(operator, name) for name in OPERATORS.split()}
    table |= {f"numpy.{name}": getattr(np, name) for name in NUMPY_FUNCTIONS.split() if hasattr(np, name)}
    computing = {
        name: thing for name, thing in vars(np).items() if isinstance(thing, np.ufunc) or is_scalar_type(thing)
    }
    return table | {f"numpy.{name}": thing for name, thing in computing.items()} | NUMPY_MORE


def is_exception(thing):
    """Return whether this is a class of errors, the ones that end a process aside."""
    return isinstance(thing, type) and issubclass(thing, Exception)


def is_scalar_type(thing):
    """Return whether this is one of NumPy's classes of scalars."""
    return isinstance(thing, type) and issubclass(thing, np.generic)


def library_modules(package="plainnet"):
    """Import and return the modules of plainnet that only compute: no file, process or display is in their reach."""
    found = []
    for name in LIBRARY.split():
        if importlib.util.find_spec(f"{package}.{name}"):
            found.append(importlib.import_module(f"{package}.{name}"))
    return found


def public_objects(module):
    """Return {qualified name: object} of the classes, ops and functions that a module of plainnet defines."""
    return {
        f"{module.__name__}.{name}": thing
        for name, thing in vars(module).items()
        if not name.startswith("_") and callable(thing) and getattr(thing, "__module__", "") == module.__name__
    }


def forbid(dotted, package="plainnet"):
    """Take an object out of the modules and classes of this process, under all the names that it has there.

    Parameters
    ----------
    dotted : str
        For instance "plainnet.softmax" or "numpy.convolve".
    """
    thing = find_object(dotted)
    if thing is None:
        return
    for name, module in list(sys.modules.items()):
        if isinstance(module, types.ModuleType) and name.split(".")[0] in (dotted.split(".")[0], package):
            classes = [value for value in vars(module).values() if isinstance(value, type) and value is not thing]
            for owner in (module, *classes):
                for key in [key for key, value in vars(owner).items() if value is thing]:
                    delattr(owner, key)


def source_files(dotted, package="plainnet"):
    """Return the files of plainnet from which a forbidden object could be had again: its module's text."""
    module = sys.modules.get(getattr(find_object(dotted), "__module__", None) or "")
    file = getattr(module, "__file__", None)
    return [file] if file and module.__name__.split(".")[0] == package else []


def find(path):
    """Return the module or class that a dotted path names, or None."""
    for length in range(len(path), 0, -1):
        module = sys.modules.get(".".join(path[:length]))
        if module is not None:
            thing = module
            for name in path[length:]:
                thing = getattr(thing, name, None)
            return thing
    return None


class Names:
    """The table of one side: which objects have a name, and which classes may have their instances rebuilt."""

    def __init__(self, forbidden=()):
        self.objects, self.names, self.classes, self.class_names = {}, {}, {}, {}
        banned = {id(find_object(name)) for name in forbidden}
        library = {}
        for module in library_modules():
            library |= public_objects(module)
        for name, thing in (fixed_table() | library).items():
            if id(thing) not in banned:
                self.add(name, thing)
        for name, cls in library.items():
            if isinstance(cls, type) and id(cls) not in banned:
                self.add_class(name, cls)

    def copy(self):
        """Return a table that can be added to without a change of this one."""
        other = object.__new__(Names)
        for name, table in vars(self).items():
            setattr(other, name, table.copy())
        return other

    def add(self, name, thing):
        """Give an object a name; the first name is the one that is sent."""
        self.objects[name] = thing
        self.names.setdefault(id(thing), name)

    def add_class(self, name, cls):
        """Let instances of a class cross by their attributes, if they are made of attributes alone."""
        if is_plain(cls):
            self.classes[name] = cls
            self.class_names.setdefault(cls, name)

    def add_course(self, namespace, names):
        """Add the functions and classes that an instructor cell has bound."""
        for name in names:
            thing = namespace.get(name)
            if isinstance(thing, type | types.FunctionType) and thing.__module__ == namespace.get("__name__"):
                self.add(f"course.{name}", thing)
                if isinstance(thing, type):
                    self.add_class(f"course.{name}", thing)

    def name_of(self, thing):
        """Return the name of an object, or None."""
        name = self.names.get(id(thing))
        return name if name is not None and self.objects[name] is thing else None

    def object_named(self, name):
        """Return the object of a name; KeyError where it has none."""
        return self.objects[name]

    def class_name(self, cls):
        """Return the name of a class whose instances are rebuilt, or None."""
        return self.class_names.get(cls)

    def class_named(self, name):
        """Return the class of a name whose instances are rebuilt, or None."""
        return self.classes.get(name)


def find_object(dotted):
    """Return what a dotted name means in this process, or None."""
    owner = find(dotted.split(".")[:-1])
    return getattr(owner, dotted.split(".")[-1], None)
