"""The special methods that a handle can pass on, and the operation that each asks of the student process.

One table for both sides: the student process tells which of these a class has, the examiner gives the class that
stands for it the same ones. Conversion to numbers, arrays and hashes is not among them, and comparison only between two
handles.
"""

import copy
import operator

ARITHMETIC = (
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "matmul",
    "lshift",
    "rshift",
    "and",
    "or",
    "xor",
)
PYTHON_NAME = {"and": "and_", "or": "or_"}
BINARY = {f"__{name}__": PYTHON_NAME.get(name, name) for name in ARITHMETIC} | {"__divmod__": "divmod"}
REFLECTED = {f"__r{name[2:]}": operation for name, operation in BINARY.items()}
INPLACE = {f"__i{name}__": f"i{name}" for name in ARITHMETIC}
UNARY = {f"__{name}__": name for name in ("neg", "pos", "abs", "invert")}
COMPARISONS = {f"__{name}__": name for name in ("eq", "ne", "lt", "le", "gt", "ge")}
ORDINARY = {  # called as (object, *arguments)
    "__call__": "call",
    "__len__": "len",
    "__bool__": "bool",
    "__iter__": "iter",
    "__next__": "next",
    "__reversed__": "reversed",
    "__getitem__": "getitem",
    "__setitem__": "setitem",
    "__delitem__": "delitem",
    "__contains__": "contains",
    "__enter__": "enter",
    "__exit__": "exit",
    "__round__": "round",
}
SPECIAL_NAMES = (*BINARY, *REFLECTED, *INPLACE, *UNARY, *COMPARISONS, *ORDINARY, "__hash__", "__float__", "__int__")
REMOTE_DUNDERS = frozenset(  # what a test may read of a student's object although its name is special
    ["__name__", "__qualname__", "__doc__", "__module__", "__dict__", "__wrapped__", "__defaults__", "__annotations__"]
)


def enter(manager):
    """Enter a context manager."""
    return type(manager).__enter__(manager)


def leave(manager, cls, message):
    """Leave a context manager, with an error rebuilt from its class and message, or none."""
    error = None if cls is None else cls(message)
    return type(manager).__exit__(manager, cls, error, None)


OPERATIONS = {
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "str": str,
    "repr": repr,
    "format": format,
    "dir": dir,
    "len": len,
    "bool": bool,
    "iter": iter,
    "next": next,
    "reversed": reversed,
    "round": round,
    "divmod": divmod,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "enter": enter,
    "exit": leave,
    **{name: getattr(operator, name) for name in ("getitem", "setitem", "delitem", "contains")},
    **{
        name: getattr(operator, name)
        for table in (BINARY, INPLACE, UNARY, COMPARISONS)
        for name in table.values()
        if name != "divmod"
    },
}


def abilities(cls):
    """Return the special methods that a class has, those of `object` aside."""
    found = []
    for name in SPECIAL_NAMES:
        owner = next((base for base in cls.__mro__ if name in vars(base)), object)
        if owner is not object and vars(owner)[name] is not None:
            found.append(name)
    return found
