"""What a test holds of an object that stays in the student process: an instance of a class that stands for its class.

For each class of the student's the examiner makes one of its own, with the same name, bases and special methods, so
that `isinstance`, `issubclass`, `type(x) is C` and `except C` work as ever. Each special method asks the student
process, with three exceptions: a handle is never compared with a plain value, never converted to a number or an
array, and its hash is its identity. An object that equals everything, or says that it is 3, would pass any test.
"""

import types

from autograder.exam.special import (
    BINARY,
    COMPARISONS,
    INPLACE,
    ORDINARY,
    REFLECTED,
    REMOTE_DUNDERS,
    UNARY,
)

SHOWN = {  # builtin classes that a handle may pass for: what they tell is harmless, and tests ask for it
    cls.__name__: cls
    for cls in (types.FunctionType, types.GeneratorType, types.MethodType, types.ModuleType, types.BuiltinFunctionType)
}


class HandleError(BaseException):
    """A test asked of a student's object what is never asked of one.

    More than an Exception, so that neither `assert_raises(TypeError)` nor NumPy's `array_equal`, which takes any error
    for "not equal", makes a verdict of it.
    """


class Reference:
    """Where a handle's object is: the boundary, the number there, and how the test came to it.

    `mixed` says that a plain value of the test's went into it by arithmetic, `mentions` how often it was received.
    """

    __slots__ = ("boundary", "label", "mentions", "mixed", "number")

    def __init__(self, boundary, number, label):
        self.boundary, self.number, self.label, self.mixed, self.mentions = boundary, number, label, False, 0

    def ask(self, operation, *arguments):
        """Have the student process do something with objects."""
        return self.boundary.operate(operation, *arguments)


class StudentClass(type):
    """The class of the classes that stand for a student's."""

    def __new__(cls, name, bases, namespace, **_):
        raise HandleError(f"a test can't make the class {name} from a student's: define it in an instructor cell")

    def __call__(cls, *args, **kwargs):
        if issubclass(cls, BaseException):
            return new_error(cls, *args)
        return reference_of(cls).boundary.call(cls, args, kwargs)

    def __getattr__(cls, name):
        if name.startswith("__") and name not in REMOTE_DUNDERS:
            raise AttributeError(f"type object {cls.__name__!r} has no attribute {name!r}")
        return reference_of(cls).ask("getattr", cls, name)

    def __setattr__(cls, name, value):
        reference_of(cls).ask("setattr", cls, name, value)

    def __delattr__(cls, name):
        reference_of(cls).ask("delattr", cls, name)

    def __iter__(cls):
        return reference_of(cls).ask("iter", cls)

    def __getitem__(cls, key):
        return reference_of(cls).ask("getitem", cls, key)

    def __dir__(cls):
        return reference_of(cls).ask("dir", cls)


def new_class(name, bases, abilities, shown, reference):
    """Return the class that stands for one of the student's.

    Parameters
    ----------
    name : str
    bases : list of type
        What stands for its bases; a built-in exception is its own.
    abilities : iterable of str
        The special methods that it has.
    shown : type or None
        What `__class__` of its instances gives instead of the class itself.
    reference : Reference
    """
    errors = [base for base in bases if issubclass(base, BaseException)]
    handles = [base for base in bases if isinstance(base, StudentClass) and base not in errors]
    namespace = {SLOT: reference, "__module__": "student", "__shown__": shown}
    if errors:
        return type.__new__(StudentClass, name, tuple(errors), namespace)
    namespace["__slots__"] = ()
    namespace |= {ability: METHODS[ability] for ability in abilities if ability in METHODS}
    if ("__eq__" in abilities and "__hash__" not in abilities) or "__hash__" in abilities:
        namespace["__hash__"] = refuse_hash
    else:
        namespace["__hash__"] = Handle.__hash__
    return type.__new__(StudentClass, name, (*handles, *(() if handles else (Handle,))), namespace)


SLOT = "__reference__"


def reference_of(handle):
    """Return the Reference of a handle or of a class that stands for a student's."""
    if isinstance(handle, StudentClass):
        return type.__getattribute__(handle, "__dict__")[SLOT]
    return OBJECT_SLOT.__get__(handle)


def is_handle(value):
    """Return whether a value is a handle, without asking it anything."""
    return isinstance(type(value), StudentClass)


def new_handle(cls, reference):
    """Return a handle: an instance of the class that stands for a student's class."""
    handle = object.__new__(cls)
    OBJECT_SLOT.__set__(handle, reference)
    return handle


def new_error(cls, *args):
    """Return an error of a class that stands for a student's."""
    error = cls.__new__(cls)
    error.args = args
    return error


def ask(handle, operation, *arguments):
    """Have the student process do something with a handle."""
    return reference_of(handle).ask(operation, handle, *arguments)


def refuse(handle, what, remedy):
    """Raise the error for what is never asked of a student's object."""
    raise HandleError(
        f"{what} an object of the class {type(handle).__name__!r}, which the student's code defines, "
        f"is never asked of that code: {remedy}"
    )


class HandleBase:
    """What every handle has, whatever its class in the student process has."""

    __slots__ = (SLOT, "__weakref__")
    __array_ufunc__ = None

    def __getattribute__(self, name):
        if name == "__class__":
            return object.__getattribute__(self, "__shown__") or type(self)
        if name.startswith("__") and name.endswith("__") and name not in REMOTE_DUNDERS:
            return object.__getattribute__(self, name)
        return ask(self, "getattr", name)

    def __setattr__(self, name, value):
        ask(self, "setattr", name, value)

    def __delattr__(self, name):
        ask(self, "delattr", name)

    def __del__(self):
        reference = OBJECT_SLOT.__get__(self)
        reference.boundary.let_go(reference.number, reference.mentions)

    def __eq__(self, other):
        return compare(self, other, "eq")

    def __ne__(self, other):
        return compare(self, other, "ne")

    def __hash__(self):
        return object.__hash__(self)

    def __repr__(self):
        return ask(self, "repr")

    def __str__(self):
        return ask(self, "str")

    def __format__(self, spec):
        return ask(self, "format", spec)

    def __dir__(self):
        return ask(self, "dir")

    def __copy__(self):
        return ask(self, "copy")

    def __deepcopy__(self, _):
        return ask(self, "deepcopy")

    def __reduce_ex__(self, _):
        refuse(self, "pickling", "keep the object itself")

    def __array__(self, *_, **__):
        refuse(self, "conversion to an array of", "test its attributes or what its methods return")

    def __float__(self):
        refuse(self, "conversion to a number of", "test its attributes, such as x.data")

    __int__ = __complex__ = __index__ = __float__


def refuse_hash(self):
    """Raise: a hash of the student's own can't be asked for."""
    refuse(self, "the hash of", "use a list and `is`, or id(x)")


def compare(handle, other, operation):
    """Compare two handles; raise where one of the two is a plain value."""
    if not is_handle(other):
        refuse(
            handle, f"comparison with {type(other).__name__} of", "compare its attributes or what its methods return"
        )
    if handle is other and operation == "eq" and not has(handle, "__eq__"):
        return True
    if operation in ("eq", "ne") and not any(
        has(one, name) for one in (handle, other) for name in ("__eq__", "__ne__")
    ):
        return (handle is other) == (operation == "eq")
    return ask(handle, operation, other)


def has(handle, name):
    """Return whether the student's class defines a special method."""
    return any(name in vars(cls) for cls in type(handle).__mro__ if cls not in (Handle, HandleBase, object))


def passes_on(operation):
    """Return a method that has the student process do an operation on the handle and other arguments."""
    return lambda self, *arguments: ask(self, operation, *arguments)


def arithmetic(operation, reflected=False):
    """Return an operator: between two handles, or a handle of a class that was asked for and a plain value.

    Otherwise the answer to `abs(f(x) - want) < 1e-6` would be up to an object that the student's function returned,
    and `want` would be known to it. For the same reason what comes of a plain value by arithmetic is no plain value.
    """

    def method(self, other):
        reference = reference_of(self)
        if is_handle(other):
            mixed = reference.mixed or reference_of(other).mixed
        elif reference.boundary.may_mix(self):
            mixed = True
        else:
            refuse(self, f"arithmetic with {type(other).__name__} and", "a plain number or array was expected here")
        operands = (other, self) if reflected else (self, other)
        return settle(self, operation, reference.ask(operation, *operands), mixed)

    return method


def unary(operation):
    """Return an operator of one operand."""
    return lambda self, *digits: settle(self, operation, ask(self, operation, *digits), reference_of(self).mixed)


def settle(handle, operation, result, mixed):
    """Return the result of arithmetic; refuse a plain one that a plain value went into."""
    if is_handle(result):
        reference_of(result).mixed |= mixed
    elif mixed:
        refuse(handle, f"a {type(result).__name__} by {operation} from", "test an attribute or a method's result")
    return result


def contains(self, item):
    """Say whether an object holds an item: one of a class that was asked for says so itself, others are searched."""
    if reference_of(self).boundary.may_mix(self):
        return ask(self, "contains", item)
    return any(part is item or part == item for part in self)


def compares(operation):
    """Return a comparison between two handles."""
    return lambda self, other: compare(self, other, operation)


def call(self, *args, **kwargs):
    """Call a student's object."""
    return reference_of(self).boundary.call(self, args, kwargs)


def leave(self, cls, error, _):
    """Leave a context manager of the student's; a failed assertion of the test's is not its to swallow."""
    if cls is None:
        return ask(self, "exit", None, "")
    if not issubclass(cls, Exception):
        return False
    known = next(base for base in cls.__mro__ if base.__module__ == "builtins")
    message = "" if issubclass(cls, AssertionError) else str(error)[:2000]
    return bool(ask(self, "exit", known, message)) and not issubclass(cls, AssertionError)


# The doc string of a student's class is its own, not that of the class which stands for it.
StudentClass.__doc__ = property(lambda cls: reference_of(cls) and reference_of(cls).ask("getattr", cls, "__doc__"))
METHODS = (
    {name: arithmetic(operation) for table in (BINARY, INPLACE) for name, operation in table.items()}
    | {name: arithmetic(operation, reflected=True) for name, operation in REFLECTED.items()}
    | {name: unary(operation) for name, operation in UNARY.items()}
    | {name: compares(operation) for name, operation in COMPARISONS.items()}
    | {name: passes_on(operation) for name, operation in ORDINARY.items()}
    | {"__round__": unary("round"), "__bool__": unary("bool")}
    | {"__call__": call, "__exit__": leave, "__contains__": contains}
)
OBJECT_SLOT = HandleBase.__dict__[SLOT]
Handle = type.__new__(StudentClass, "Handle", (HandleBase,), {"__slots__": (), "__shown__": None, SLOT: None})
