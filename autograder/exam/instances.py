"""Instances of the course's own classes as what rebuilds them: the class by name, its attributes by value.

No method of the class runs on the way: neither `__init__` nor `__setattr__` nor a property. What comes from the student
process may set data, never replace a method.
"""

import abc
import contextlib
import functools
import types

METHODS = (types.FunctionType, property, staticmethod, classmethod, types.MethodType)
HEAP_TYPE = 1 << 9  # Py_TPFLAGS_HEAPTYPE: a class made by a class statement


def attributes(instance):
    """Return the attributes of an instance, those in `__slots__` first."""
    found = {}
    for name, slot in slots_of(type(instance)).items():
        try:
            found[name] = slot.__get__(instance)
        except AttributeError:  # a slot that was never set
            continue
    found.update(own_dict(instance) or ())
    return found


def own_dict(instance):
    """Return the `__dict__` of an instance, or None where its class has slots alone."""
    try:
        return object.__getattribute__(instance, "__dict__")
    except AttributeError:
        return None


def new_instance(cls):
    """Return an instance without attributes."""
    return object.__new__(cls)


def set_attributes(instance, values):
    """Give an instance these attributes and no others; AttributeError on a name that its class uses for a method."""
    cls = type(instance)
    slots = slots_of(cls)
    own = own_dict(instance)
    for name in values:
        if name not in slots and (own is None or not may_set(cls, name)):
            raise AttributeError(f"{cls.__name__} takes no attribute {name!r:.40} from outside")
    for name, slot in slots.items():
        if name in values:
            slot.__set__(instance, values[name])
        else:
            with contextlib.suppress(AttributeError):  # it was not set before either
                slot.__delete__(instance)
    if own is not None:
        for name in [name for name in own if name not in values]:
            del own[name]
        own.update((name, value) for name, value in values.items() if name not in slots)


def may_set(cls, name):
    """Return whether an attribute in an instance's `__dict__` would be data, and not hide what the class does."""
    if name.startswith("__") and name.endswith("__"):
        return False
    return not any(hides(vars(base)[name]) for base in cls.__mro__ if name in vars(base))


def hides(attribute):
    """Return whether an attribute of a class is behaviour: a method, a property, a descriptor, a callable."""
    return isinstance(attribute, METHODS) or hasattr(type(attribute), "__get__") or callable(attribute)


@functools.cache
def slots_of(cls):
    """Return the descriptors of a class's `__slots__`, by the name under which the class holds them."""
    return {
        name: descriptor
        for base in reversed(cls.__mro__)
        for name, descriptor in vars(base).items()
        if isinstance(descriptor, types.MemberDescriptorType)
    }


def is_plain(cls):
    """Return whether instances of a class are made of attributes alone: no base in C, no metaclass of its own."""
    made_here = all(base is object or base.__flags__ & HEAP_TYPE for base in cls.__mro__)
    return made_here and type(cls) in (type, abc.ABCMeta)
