"""What stays in the student process: objects with a number, of which the examiner sees a handle."""

import enum

import numpy as np

from autograder.exam.special import abilities
from autograder.exam.wire import WRITERS, Codec, write_array

BASES = {  # how the exact value of a subclass is had without a method of the subclass
    int: lambda value: int.__add__(value, 0),
    float: float.__pos__,
    complex: complex.__pos__,
    str: lambda value: str.__getitem__(value, slice(None)),
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
    tuple: lambda value: tuple(tuple.__iter__(value)),
    list: lambda value: list(list.__iter__(value)),
    dict: lambda value: dict(dict.items(value)),
    set: lambda value: set(set.__iter__(value)),
    frozenset: lambda value: frozenset(frozenset.__iter__(value)),
}
HARMLESS = frozenset(["__new__", "__init__", "__repr__", "__str__", "__getnewargs__", "__init_subclass__"])


class Callback:
    """A function of the test's: it can be called, and that is all."""

    def __init__(self, guest, number):
        self._guest, self._number = guest, number
        self.__name__ = self.__qualname__ = "function"

    def __call__(self, *args, **kwargs):
        return self._guest.call_back(self._number, args, kwargs)


class Items(Callback):
    """An iterator of the test's."""

    def __iter__(self):
        return self

    def __next__(self):
        try:
            return self()
        except FromTest as error:
            if error.args[2] == "StopIteration":
                raise StopIteration from None
            raise


class FromTest(Exception):
    """Stands for an error that a function of the test's raised; it goes back to the test as it was."""

    def __str__(self):
        return self.args[0]


class Mirror:
    """Asks for the description of a class, where the class itself would cross by name."""

    def __init__(self, cls):
        self.cls = cls


class GuestCodec(Codec):
    """The student's side of the codec: what has no value form becomes a handle."""

    def __init__(self, names, guest):
        super().__init__(names)
        self.guest = guest
        self.objects, self.numbers = {}, {}  # handle -> object; id(object) -> handle
        self.mentions = {}  # handle -> how often it was sent
        self.mirrors, self.described, self.fresh = {}, set(), []
        self.callbacks = {}
        self.next = 1

    def other(self, value):
        """Return (value, writer)."""
        cls = type(value)
        if cls is Mirror:
            return value, write_class
        if cls in (Callback, Items):
            return value, lambda _, callback: ["C", callback._number]
        if isinstance(value, np.ndarray) and not isinstance(value, np.ma.MaskedArray):
            return np.ndarray.view(value, np.ndarray), write_array
        if issubclass(cls, type):
            return value, lambda encoder, value: ["=", encoder.slot(encoder.codec.mirror(value))]
        base = next((base for base in BASES if issubclass(cls, base)), None)
        if base is not None and keeps_meaning(cls, base):
            exact = BASES[base](value)
            return exact, WRITERS.get(base, write_plain)
        return value, write_handle

    def mirror(self, cls):
        """Return what stands for a class in an encoder: the same for the same class."""
        if cls not in self.mirrors:
            self.mirrors[cls] = Mirror(cls)
        return self.mirrors[cls]

    def number_of(self, value):
        """Return the handle of an object: the same object always has the same."""
        number = self.numbers.get(id(value))
        if number is None:
            number, self.next = self.next, self.next + 1
            self.objects[number], self.numbers[id(value)] = value, number
        return number

    def forget_fresh(self):
        """Take back the descriptions in a message that was not sent."""
        self.described.difference_update(self.fresh)
        self.fresh.clear()

    def release(self, counts):
        """Let go of handles that the examiner no longer holds, as often as it had received them."""
        for number, count in counts:
            left = self.mentions.get(number, 0) - count
            if left > 0:
                self.mentions[number] = left
            elif number in self.objects and number not in self.described:
                self.mentions.pop(number, None)
                del self.numbers[id(self.objects.pop(number))]

    def build(self, entry):
        """Return the object of a handle or a callback that the examiner names."""
        if entry[0] == "H":
            return self.objects[entry[1]]
        if entry[0] in ("C", "Y"):
            if entry[1] not in self.callbacks:
                self.callbacks[entry[1]] = (Items if entry[0] == "Y" else Callback)(self.guest, entry[1])
            return self.callbacks[entry[1]]
        return super().build(entry)


def write_handle(encoder, value):
    codec = encoder.codec
    number = codec.number_of(value)
    codec.mentions[number] = codec.mentions.get(number, 0) + 1
    return ["H", number, encoder.slot(codec.mirror(type(value)))]


def write_class(encoder, mirror):
    """Describe a class once: its name, special methods, kind, and bases."""
    codec, cls = encoder.codec, mirror.cls
    number = codec.number_of(cls)
    if number in codec.described:
        return ["k", number]
    codec.described.add(number)
    codec.fresh.append(number)
    bases = [base for base in cls.__bases__ if base is not object]
    slots = [encoder.slot(base if codec.names.name_of(base) else codec.mirror(base)) for base in bases]
    kind = cls.__name__ if cls.__module__ == "builtins" else ""
    return ["K", number, str(type.__dict__["__name__"].__get__(cls)), kind, " ".join(abilities(cls)), *slots]


def write_plain(_, value):
    return ["v", value]


def keeps_meaning(cls, base):
    """Return whether an instance of a subclass is, for all a test can see, a plain value of its base."""
    if issubclass(cls, enum.Enum):
        return False
    for owner in cls.__mro__[: cls.__mro__.index(base)]:
        for name, part in vars(owner).items():
            if name not in HARMLESS and (callable(part) or isinstance(part, property | classmethod | staticmethod)):
                return False
    return True
