"""Values as messages: what crosses between the examiner and the student process, by value and never by pickle.

A message is a list of roots and a flat table of objects. A *slot* stands for one value: a plain one is written into it
(None, bool, int of 64 bits, float, str, bytes), anything else is `[index]` into the table, so that shared and cyclic
structures keep their identity and no depth of nesting costs stack. Each table entry is `[code, ...]` as in `CODES`.
The bytes of numeric arrays follow the table, in its order; their lengths are computed from dtype and shape, never read.

Both processes load this module. What else may cross (handles, callbacks, classes of the course) is the business of the
two `Codec` subclasses in `remote.py` and `student.py`.
"""

import collections
import decimal
import enum
import fractions

import numpy as np

from autograder.exam.instances import attributes, new_instance, set_attributes
from autograder.exam.random_state import generator_state, old_state

PLAIN = frozenset([type(None), bool, float, str, bytes])
MAX_ENTRIES = 2_000_000  # objects in one message
MAX_INT_BYTES = 1 << 20
MAX_ARRAY_BYTES = 1 << 28  # of all arrays in one message
NUMERIC = frozenset(
    "?bBhHiIlLqQefdgFDG"
)  # dtype.char of the arrays that cross as raw bytes, besides text, bytes and dates

CODES = {  # entry: [code, ...]; the ones that start with a number are mutable and carry the id that both sides share
    "I": "int of any size: bytes",
    "c": "complex: real, imag",
    "t": "tuple: slots",
    "f": "frozenset: slots",
    "S": "slice: start, stop, step",
    "r": "range: start, stop, step",
    "D": "dtype: str",
    "E": "Ellipsis",
    "N": "NotImplemented",
    "x": "NumPy scalar: dtype, bytes",
    "q": "Fraction: numerator, denominator",
    "$": "Decimal: str",
    "l": "list: id, slots",
    "d": "dict: id, kind, keys and values in turn",
    "s": "set: id, slots",
    "Q": "deque: id, maxlen, slots",
    "a": "array: id, dtype, order, shape (bytes follow the table)",
    "A": "array of objects: id, shape, slots",
    "R": "generator of NumPy's old kind: id, numbers of its state",
    "G": "random generator: id, bit generator, numbers of its state",
    "v": "value of a subclass of a plain class: the plain value",
    "T": "named tuple: class, fields, slots",
    "e": "member of an enumeration of the course: class, name",
    "n": "something that has a name on both sides: name",
    "o": "instance of a class of the course: id, class, names and values in turn",
    "@": "a mutable object that both sides know and that has not changed: id",
}
DICTS = {"d": dict, "O": collections.OrderedDict, "C": collections.Counter, "D": collections.defaultdict}
NAMEDTUPLE = frozenset(vars(collections.namedtuple("Any", "")))  # what every named tuple has
DESCRIPTIVE = frozenset(
    ["__annotations__", "__orig_bases__", "__qualname__", "__firstlineno__", "__static_attributes__"]
)
KIND_OF_DICT = {cls: kind for kind, cls in DICTS.items()}


class WireError(Exception):
    """The other side sent what no honest one sends."""


class CannotCross(TypeError):
    """A value has no form in which it could cross to the other side."""


def check(holds, expected):
    """Raise WireError unless a message has its form."""
    if not holds:
        raise WireError(f"malformed message: expected {expected}")


class Encoder:
    """Builds one message. `codec` knows the values that are none of Python's or NumPy's own, `shared` the ids."""

    def __init__(self, codec, shared=None):
        self.codec, self.shared = codec, shared
        self.table, self.arrays, self.array_bytes = [], {}, 0
        self.indices, self.pending, self.alive, self.current = {}, [], [], 0

    def encode(self, roots):
        """Return the slots of `roots`; the table and the arrays are complete then."""
        slots = self.slots(roots)
        table, pending, entry = self.table, self.pending, self.entry
        while pending:
            self.current, value = pending.pop()
            table[self.current] = entry(value)
        return slots

    def buffers(self):
        """Return the bytes of the arrays, in the order of the table."""
        return [memoryview(self.arrays[index]) for index in sorted(self.arrays) if self.arrays[index].nbytes]

    def slot(self, value):
        """Return what stands for a value."""
        cls = type(value)
        if cls in PLAIN or (cls is int and -(1 << 63) <= value < 1 << 63):
            return value
        index = self.indices.get(id(value))
        if index is None:
            index = self.indices[id(value)] = len(self.table)
            self.table.append(None)
            self.pending.append((index, value))
            self.alive.append(value)  # an id is good only while its object lives
            if index > MAX_ENTRIES:
                raise CannotCross(f"a message of more than {MAX_ENTRIES:,} objects can't cross")
        return [index]

    def slots(self, values):
        """Return the slots of several values."""
        return list(map(self.slot, values))

    def entry(self, value):
        """Return the table entry of one object."""
        writer = WRITERS.get(type(value))
        if writer is None:
            value, writer = self.codec.classify(value)
        if writer not in MUTABLE_WRITERS:
            return writer(self, value)
        if self.shared is None:
            return writer(self, value, 0)
        sid, current = self.shared.sid_of(value)
        return ["@", sid] if current else writer(self, value, sid)


# -- writers: one for each code --------------------------------------------------------------------------------------


def write_int(_, value):
    size = value.bit_length() // 8 + 1
    if size > MAX_INT_BYTES:
        raise CannotCross(f"an int of {size:,} bytes can't cross; the limit is {MAX_INT_BYTES:,}")
    return ["I", value.to_bytes(size, "little", signed=True)]


def write_array(encoder, value, sid):
    shape = list(value.shape)
    if value.dtype.char == "O":
        return ["A", sid, shape, *encoder.slots(value.ravel().tolist())]
    if not crosses(value.dtype):
        raise CannotCross(f"an array of dtype {value.dtype} can't cross; use numbers, bool, text or objects")
    order = "F" if value.flags.f_contiguous and not value.flags.c_contiguous else "C"
    data = np.ascontiguousarray(value.T if order == "F" else value).reshape(-1).view(np.uint8)
    encoder.array_bytes += data.nbytes
    if encoder.array_bytes > MAX_ARRAY_BYTES:
        raise CannotCross(f"arrays of more than {MAX_ARRAY_BYTES >> 20} MB can't cross in one message")
    encoder.arrays[encoder.current] = data
    return ["a", sid, value.dtype.str, order, *shape]


def write_dict(encoder, value, sid):
    kind = KIND_OF_DICT[type(value)]
    factory = [encoder.slot(value.default_factory)] if kind == "D" else []
    flat = [slot for item in dict.items(value) for slot in encoder.slots(item)]
    return ["d", sid, kind, *factory, *flat]


def write_scalar(_, value):
    return ["x", value.dtype.str, value.tobytes()]


def write_generator(encoder, value, sid):
    try:
        name, state = generator_state(value)
    except TypeError as error:
        raise CannotCross(str(error)) from error
    return ["G", sid, name, *encoder.slots(state)]


def write_dtype(_, value):
    if not crosses(value):
        raise CannotCross(f"the dtype {value} can't cross")
    return ["D", value.str]


def write_random_state(encoder, value, sid):
    return ["R", sid, *encoder.slots(old_state(value))]


WRITERS = {
    int: write_int,
    complex: lambda _, value: ["c", value.real, value.imag],
    tuple: lambda encoder, value: ["t", *encoder.slots(value)],
    frozenset: lambda encoder, value: ["f", *encoder.slots(value)],
    slice: lambda encoder, value: ["S", *encoder.slots((value.start, value.stop, value.step))],
    range: lambda encoder, value: ["r", *encoder.slots((value.start, value.stop, value.step))],
    type(Ellipsis): lambda _, value: ["E"],
    type(NotImplemented): lambda _, value: ["N"],
    fractions.Fraction: lambda encoder, value: ["q", *encoder.slots((value.numerator, value.denominator))],
    decimal.Decimal: lambda _, value: ["$", str(value)],
    list: lambda encoder, value, sid: ["l", sid, *encoder.slots(value)],
    set: lambda encoder, value, sid: ["s", sid, *encoder.slots(value)],
    collections.deque: lambda encoder, value, sid: ["Q", sid, value.maxlen, *encoder.slots(value)],
    np.ndarray: write_array,
    np.random.Generator: write_generator,
    np.random.RandomState: write_random_state,
    **dict.fromkeys(KIND_OF_DICT, write_dict),
}


def write_instance(encoder, value, sid):
    name, state = encoder.codec.take_apart(value)
    entry = ["o", sid, name]
    for key, part in state.items():
        entry += (key, encoder.slot(part))
    return entry


MUTABLE = (list, set, collections.deque, np.ndarray, np.random.Generator, np.random.RandomState, *KIND_OF_DICT)
MUTABLE_WRITERS = {WRITERS[cls] for cls in MUTABLE} | {write_instance}


def crosses(dtype):
    """Return whether arrays of this dtype cross as raw bytes."""
    return dtype.itemsize > 0 and (dtype.char in NUMERIC or dtype.kind in "USMm")


def write_namedtuple(encoder, value):
    cls = type(value)
    return ["T", cls.__name__, " ".join(cls._fields), *encoder.slots(tuple.__iter__(value))]


def is_namedtuple(cls):
    """Return whether a class is a named tuple and nothing more: no public name but its fields, no operator."""
    fields = vars(cls).get("_fields")
    if cls.__bases__ != (tuple,) or type(fields) is not tuple or not all(type(name) is str for name in fields):
        return False
    return all(name in fields or name in NAMEDTUPLE or name in DESCRIPTIVE for name in vars(cls))


def classify_numpy(value):
    """Return (value, writer) for NumPy's scalars and dtypes, and for arrays of a subclass; None for all else."""
    if isinstance(value, np.generic) and type(value).__module__ == "numpy" and crosses(value.dtype):
        return value, write_scalar
    if isinstance(value, np.dtype):
        return value, write_dtype
    return None


class Codec:
    """What crosses besides Python's and NumPy's own values: the part in which the two sides differ.

    `names` says what has a name on both sides. A subclass adds handles and callbacks: `other` writes what is left,
    `build` makes the object of an entry with a code of its own, `compounds` those that need the objects they hold.
    """

    compounds = {}  # noqa: RUF012 - a constant table

    def __init__(self, names):
        self.names = names

    def classify(self, value):
        """Return (value, writer) for what is none of the values in WRITERS."""
        if self.names.name_of(value) is not None:
            return value, write_name
        if self.names.class_name(type(value)) is not None:
            return value, write_instance
        found = classify_numpy(value)
        if found:
            return found
        if isinstance(value, enum.Enum) and self.names.name_of(type(value)) is not None:
            return value, write_member
        if is_namedtuple(type(value)):
            return value, write_namedtuple
        return self.other(value)

    def other(self, value):
        """Return (value, writer), or raise CannotCross."""
        raise CannotCross(f"an object of class {type(value).__name__} can't cross")

    def take_apart(self, instance):
        """Return the name of an instance's class, and its attributes."""
        return self.names.class_name(type(instance)), attributes(instance)

    def class_named(self, name):
        """Return the class of a name, or None."""
        return self.names.class_named(name)

    def new_instance(self, name):
        """Return an instance without attributes."""
        cls = self.class_named(name)
        check(cls is not None, "a class of the course")
        return new_instance(cls)

    def set_attributes(self, instance, values):
        """Give an instance its attributes."""
        set_attributes(instance, values)

    def build(self, entry):
        """Return the object of an entry that needs no other."""
        check(all(type(part) is str for part in entry), "an entry with a known code")
        check((entry[0], len(entry)) in (("n", 2), ("e", 3)), "an entry with a known code")
        try:
            named = self.names.object_named(entry[1])
        except KeyError as error:
            raise WireError(f"malformed message: nothing is named {entry[1][:60]!r} here") from error
        if entry[0] == "n":
            return named
        check(isinstance(named, enum.EnumType) and entry[2] in named.__members__, "a member of an enumeration")
        return named.__members__[entry[2]]


def write_member(encoder, value):
    return ["e", encoder.codec.names.name_of(type(value)), value.name]


def write_name(encoder, value):
    return ["n", encoder.codec.names.name_of(value)]
