"""The examiner's side of the codec: handles become objects that ask, functions of tests become callbacks."""

import weakref

from autograder.exam.proxies import (
    SHOWN,
    Reference,
    StudentClass,
    is_handle,
    new_class,
    new_error,
    new_handle,
    reference_of,
)
from autograder.exam.transcript import Opaque, write_opaque
from autograder.exam.wire import CannotCross, Codec, WireError, check

MAX_NAME = 200
MAX_CLASSES = 2_000  # of one student's that a test may meet


class TrustedCodec(Codec):
    """The examiner's side of the codec: handles become objects that ask, functions of tests become callbacks."""

    def __init__(self, names, boundary):
        super().__init__(names)
        self.boundary = boundary
        self.compounds = {"H": self.build_handle, "K": self.build_class, "k": self.known_class, "=": self.build_alias}
        self.classes, self.handles = {}, weakref.WeakValueDictionary()
        self.released = []
        self.callbacks, self.callback_numbers = {}, {}
        self.label = ""

    def classify(self, value):
        """Return (value, writer); a handle is recognised before anything is asked of it."""
        if isinstance(value, StudentClass) or is_handle(value):
            return value, self.write_handle
        return super().classify(value)

    @staticmethod
    def write_handle(_, handle):
        return ["H", reference_of(handle).number]

    def other(self, value):
        """Return (value, writer), or raise CannotCross."""
        if hasattr(type(value), "__next__"):
            return value, write_iterator
        if callable(value) and not isinstance(value, type):
            return value, write_callback
        what = (
            f"the class {value.__name__}"
            if isinstance(value, type)
            else f"an object of the class {type(value).__name__}"
        )
        raise CannotCross(
            f"{what} can't cross to the student's code: define it in an instructor cell, or pass a function"
        )

    def build_handle(self, decoder, entry):
        check(len(entry) == 3 and type(entry[1]) is int, "a handle")
        cls = decoder.value(entry[2])
        check(isinstance(cls, StudentClass), "the class of a handle")
        if issubclass(cls, BaseException):
            return new_error(cls, "")
        handle = self.handles.get(entry[1])
        if handle is None:
            handle = self.handles[entry[1]] = new_handle(cls, Reference(self.boundary, entry[1], self.label))
        check(type(handle) is cls, "the class that the handle had before")
        reference_of(handle).mentions += 1
        return handle

    def build_class(self, decoder, entry):
        check(len(entry) >= 5 and type(entry[1]) is int and all(type(part) is str for part in entry[2:5]), "a class")
        _, number, name, shown, abilities = entry[:5]
        check(number not in self.classes, "a class that is described once")
        check(len(self.classes) < MAX_CLASSES, f"at most {MAX_CLASSES} classes")
        bases = [base for base in decoder.values(entry[5:]) if isinstance(base, type)]
        name = name if name.isidentifier() and name.isascii() and len(name) < MAX_NAME else "unnamed"
        own = next((base for base in bases if base in self.names.class_names), None)
        reference = Reference(self.boundary, number, self.label or name)
        try:
            made = new_class(name, bases, abilities.split(), own or SHOWN.get(shown), reference)
        except TypeError as error:  # bases that no class can have together
            raise WireError(f"malformed message: {error}") from error
        self.classes[number] = made
        return made

    def known_class(self, _, entry):
        check(len(entry) == 2 and type(entry[1]) is int and entry[1] in self.classes, "a known class")
        return self.classes[entry[1]]

    @staticmethod
    def build_alias(decoder, entry):
        check(len(entry) == 2, "a class")
        return decoder.value(entry[1])

    def let_go(self, number, mentions):
        """Note that a test no longer holds a handle that was sent so often."""
        self.released.append([number, mentions])

    def number_of(self, value, function):
        """Return the number under which the student's code may call a function that stands for a value."""
        number = self.callback_numbers.get(id(value))
        if number is None:
            number = self.callback_numbers[id(value)] = len(self.callbacks) + 1
            self.callbacks[number] = (value, function)
        return number

    def forget_callbacks(self):
        """Let no function of the test that has ended be called."""
        self.callbacks.clear()
        self.callback_numbers.clear()

    def callback(self, number):
        """Return (what a test gave, the function to call), or raise WireError."""
        check(type(number) is int and number in self.callbacks, "a function that the test gave")
        return self.callbacks[number]

    def build(self, entry):
        """Return what an entry names: a function of the test's comes back as itself."""
        if entry[0] in ("C", "Y"):
            check(len(entry) == 2, "a function that the test gave")
            return self.callback(entry[1])[0]
        return super().build(entry)


def write_callback(encoder, function):
    return ["C", encoder.codec.number_of(function, function)]


def write_iterator(encoder, iterator):
    return ["Y", encoder.codec.number_of(iterator, iterator.__next__)]


class RecordingCodec(TrustedCodec):
    """Writes live values for a transcript: by name, by attributes, or as an Opaque."""

    @staticmethod
    def write_handle(encoder, handle):
        cls = handle if isinstance(handle, StudentClass) else type(handle)
        return write_opaque(encoder, Opaque("handle", cls.__name__))

    def other(self, value):
        """Return (value, writer)."""
        return Opaque("callback" if callable(value) else "unknown", type(value).__name__), write_opaque
