"""How a message is read: from the flat table of `wire.py` to values. Nothing in a table is believed.

What the other side may not have sent is a WireError; nothing is allocated before its size was checked, and no reading
recurses. Objects that can change are made first and filled last, so that cycles through them come out right.
"""

import collections
import decimal
import fractions
import functools
import math

import numpy as np

from autograder.exam.random_state import new_generator, set_generator_state, set_old_state
from autograder.exam.wire import (
    DICTS,
    MAX_ARRAY_BYTES,
    MAX_ENTRIES,
    MAX_INT_BYTES,
    PLAIN,
    WireError,
    check,
    crosses,
    is_namedtuple,
)

MAX_RANGE = 10_000_000  # numbers; a test may make a list of it
MAX_NESTING = 200  # of tuples and frozensets in each other: C code hashes them recursively
PLAIN_OR_INT = frozenset([*PLAIN, int])
UNBUILT = object()


class Decoder:
    """Rebuilds the values of one message from its table. What is wrong in it is a WireError."""

    def __init__(self, codec, shared=None):
        self.codec, self.shared = codec, shared
        self.table, self.objects, self.arrays = [], [], {}

    def plan_arrays(self, table):
        """Return the bytes to read for each array of the table, in order: the arrays exist from here on."""
        check(type(table) is list and len(table) <= MAX_ENTRIES, "a table of objects")
        self.table, total, buffers = table, 0, []
        for index, entry in enumerate(table):
            check(type(entry) is list and len(entry) > 0 and type(entry[0]) is str, "an entry of the table")
            if entry[0] == "a":
                check(len(entry) >= 4 and entry[3] in ("C", "F"), "an array")
                dtype, shape = read_dtype(entry[2]), read_shape(entry[4:])
                total += dtype.itemsize * math.prod(shape)
                check(total <= MAX_ARRAY_BYTES, f"arrays of at most {MAX_ARRAY_BYTES >> 20} MB")
                self.arrays[index] = array = empty(shape, dtype, entry[3])
                if array.nbytes:
                    flat = (array.T if entry[3] == "F" else array).reshape(-1).view(np.uint8)
                    buffers.append(memoryview(flat))
        return buffers

    def decode(self, slots):
        """Return the values of the root slots. The arrays have been read before."""
        check(type(slots) is list, "a list of roots")
        self.objects = [UNBUILT] * len(self.table)
        shells = [index for index, entry in enumerate(self.table) if self.begin(index, entry)]
        for index, value in enumerate(self.objects):
            if value is UNBUILT:
                self.complete(index)
        for fill in (fill_sequence, fill_hashed):  # what is hashed comes last
            for index in shells:
                if SHELLS[self.table[index][0]].fill is fill:
                    fill(self, index, self.objects[index], self.table[index])
        return self.values(slots)

    def begin(self, index, entry):
        """Make the object of an entry as far as that needs no other; return whether it has to be filled."""
        shell = SHELLS.get(entry[0])
        if shell is not None:
            check(len(entry) >= 2 and type(entry[1]) is int, "the id of an object")
            found = None if self.shared is None else self.shared.update(entry[1])
            if found is not None:
                check(shell.matches(self, found, entry), "an object of the class that both sides know")
                self.objects[index] = found
            else:
                self.objects[index] = made = shell.make(self, index, entry)
                if self.shared is not None:
                    try:
                        self.shared.learn(entry[1], made)
                    except KeyError as error:
                        raise WireError("malformed message: expected an id of the sender's own") from error
            return True
        if entry[0] == "@":
            check(self.shared is not None and len(entry) == 2 and type(entry[1]) is int, "a known object")
            self.objects[index] = known = self.shared.object_of(entry[1])
            check(known is not None, "a known object")
        elif entry[0] not in COMPOUND and entry[0] not in self.codec.compounds:
            self.objects[index] = self.codec.build(entry)
        return False

    def complete(self, index):
        """Build an immutable compound after those that it holds: iteratively, and only so deep."""
        stack = [index]
        while stack:
            check(len(stack) <= MAX_NESTING, f"tuples nested at most {MAX_NESTING} deep, none holding itself")
            if self.objects[stack[-1]] is not UNBUILT:
                stack.pop()
                continue
            entry = self.table[stack[-1]]
            missing = next((s[0] for s in entry if type(s) is list and self.objects[self.index(s)] is UNBUILT), None)
            if missing is not None:
                stack.append(missing)
                continue
            build = COMPOUND.get(entry[0]) or self.codec.compounds[entry[0]]
            self.objects[stack.pop()] = build(self, entry)

    def index(self, slot):
        """Return the index that a slot of the form [index] holds."""
        check(len(slot) == 1 and type(slot[0]) is int and 0 <= slot[0] < len(self.table), "an index into the table")
        return slot[0]

    def value(self, slot):
        """Return the value of a slot."""
        return self.values((slot,))[0]

    def values(self, slots):
        """Return the values of several slots."""
        found, objects, size = [], self.objects, len(self.table)
        for slot in slots:
            if type(slot) is list:
                if len(slot) != 1 or type(slot[0]) is not int or not 0 <= slot[0] < size:
                    raise WireError("malformed message: expected an index into the table")
                slot = objects[slot[0]]
            elif type(slot) not in PLAIN_OR_INT:
                raise WireError("malformed message: expected a plain value")
            found.append(slot)
        return found


def read_dtype(text):
    """Return the dtype of a name that the table of dtypes has."""
    check(type(text) is str and len(text) <= 32 and "," not in text, "a dtype")
    try:
        dtype = np.dtype(text)
    except (TypeError, ValueError, SyntaxError, OverflowError) as error:
        raise WireError(f"malformed message: no such dtype: {text[:40]!r}") from error
    check(crosses(dtype), "a dtype of numbers, text or dates")
    return dtype


def read_shape(shape):
    """Return a shape as a tuple."""
    check(type(shape) is list and len(shape) <= 32, "a shape")
    check(all(type(n) is int and 0 <= n <= MAX_ARRAY_BYTES for n in shape), "a shape")
    return tuple(shape)


# -- readers: compounds need their parts first, shells are filled afterwards -------------------------------------------


def build_int(_, entry):
    check(len(entry) == 2 and type(entry[1]) is bytes and len(entry[1]) <= MAX_INT_BYTES, "an int")
    return int.from_bytes(entry[1], "little", signed=True)


def build_complex(_, entry):
    check(len(entry) == 3 and type(entry[1]) is float and type(entry[2]) is float, "a complex number")
    return complex(entry[1], entry[2])


def build_frozenset(decoder, entry):
    try:
        found = set()
        for slot in entry[1:]:  # one by one: values can be made to collide, and a loop can be stopped
            found.add(decoder.value(slot))
        return frozenset(found)
    except TypeError as error:
        raise WireError(f"malformed message: {error}") from error


def build_range(decoder, entry):
    check(len(entry) == 4, "a range")
    start, stop, step = numbers = decoder.values(entry[1:])
    check(all(type(n) is int for n in numbers) and step != 0, "a range")
    found = range(start, stop, step)
    check(not found[MAX_RANGE:], f"a range of at most {MAX_RANGE:,} numbers")
    return found


def build_slice(decoder, entry):
    check(len(entry) == 4, "a slice")
    return slice(*decoder.values(entry[1:]))


def build_scalar(_, entry):
    check(len(entry) == 3 and type(entry[2]) is bytes, "a NumPy scalar")
    dtype = read_dtype(entry[1])
    check(len(entry[2]) == dtype.itemsize, "a NumPy scalar of its dtype's size")
    return np.frombuffer(entry[2], dtype)[0] if dtype.itemsize else dtype.type()


def build_fraction(decoder, entry):
    numbers = decoder.values(entry[1:])
    check(len(numbers) == 2 and all(type(n) is int for n in numbers) and numbers[1] > 0, "a fraction")
    return fractions.Fraction(*numbers)


def build_decimal(_, entry):
    check(len(entry) == 2 and type(entry[1]) is str and len(entry[1]) < 10_000, "a decimal number")
    try:
        return decimal.Decimal(entry[1])
    except decimal.InvalidOperation as error:
        raise WireError("malformed message: expected a decimal number") from error


def build_plain(_, entry):
    check(len(entry) == 2 and (type(entry[1]) in PLAIN or type(entry[1]) is int), "a plain value")
    return entry[1]


def build_namedtuple(decoder, entry):
    check(len(entry) >= 3 and type(entry[1]) is str and type(entry[2]) is str, "a named tuple")
    fields = tuple(entry[2].split())
    check(len(fields) == len(entry) - 3, "a named tuple")
    values = decoder.values(entry[3:])
    known = decoder.codec.names and decoder.codec.names.objects.get(f"course.{entry[1]}")
    if isinstance(known, type) and is_namedtuple(known) and known._fields == fields:
        return tuple.__new__(known, values)
    return tuple.__new__(named_tuple(entry[1], fields), values)


@functools.lru_cache(256)
def named_tuple(name, fields):
    """Return a class of named tuples that has the same fields as the other side's."""
    try:
        return collections.namedtuple(name, fields)
    except ValueError as error:
        raise WireError(f"malformed message: {error}") from error


def build_dtype(_, entry):
    check(len(entry) == 2, "a dtype")
    return read_dtype(entry[1])


COMPOUND = {
    "I": build_int,
    "v": build_plain,
    "T": build_namedtuple,
    "c": build_complex,
    "t": lambda decoder, entry: tuple(decoder.values(entry[1:])),
    "f": build_frozenset,
    "S": build_slice,
    "r": build_range,
    "D": build_dtype,
    "E": lambda _, entry: Ellipsis,
    "N": lambda _, entry: NotImplemented,
    "x": build_scalar,
    "q": build_fraction,
    "$": build_decimal,
}


def empty(shape, dtype, order="C"):
    """Return an array for what comes, or raise WireError where NumPy knows no such shape."""
    try:
        return np.empty(shape, dtype, order)
    except (ValueError, MemoryError) as error:
        raise WireError(f"malformed message: {error}") from error


def make_dict(_, __, entry):
    check(len(entry) >= 3 and type(entry[2]) is str and entry[2] in DICTS, "a dict")
    return DICTS[entry[2]]()


def make_deque(_, __, entry):
    check(len(entry) >= 3 and (entry[2] is None or (type(entry[2]) is int and 0 <= entry[2] < 1 << 31)), "a deque")
    return collections.deque(maxlen=entry[2])


def make_object_array(_, __, entry):
    check(len(entry) >= 3, "an array of objects")
    shape = read_shape(entry[2])
    check(math.prod(shape) == len(entry) - 3, "an array of objects")
    return empty(shape, object)


def make_generator(_, __, entry):
    check(len(entry) >= 3, "a random generator")
    try:
        return new_generator(entry[2])
    except ValueError as error:
        raise WireError(f"malformed message: {error}") from error


def make_instance(decoder, _, entry):
    check(len(entry) >= 3 and type(entry[2]) is str, "an object of a class of the course")
    return decoder.codec.new_instance(entry[2])


def fill_sequence(decoder, index, target, entry):
    """Put their contents into all that hashes nothing."""
    code = entry[0]
    if code == "l":
        target[:] = decoder.values(entry[2:])
    elif code == "Q":
        target.clear()
        target.extend(decoder.values(entry[3:]))
    elif code == "G":
        try:
            set_generator_state(target, decoder.values(entry[3:]))
        except ValueError as error:
            raise WireError(f"malformed message: {error}") from error
    elif code == "R":
        try:
            set_old_state(target, decoder.values(entry[2:]))
        except ValueError as error:
            raise WireError(f"malformed message: {error}") from error
    elif code == "A":
        values = np.empty(len(entry) - 3, object)
        for i, slot in enumerate(entry[3:]):
            values[i] = decoder.value(slot)
        write_into(target, values.reshape(read_shape(entry[2])))
    elif code == "a" and target is not decoder.arrays[index]:
        write_into(target, decoder.arrays[index])
    elif code == "o":
        check(len(entry) % 2 == 1, "attributes with their values")
        names = entry[3::2]
        check(set(map(type, names)) <= {str}, "names of attributes")
        try:
            decoder.codec.set_attributes(target, dict(zip(names, decoder.values(entry[4::2]))))
        except (AttributeError, TypeError) as error:
            raise WireError(f"malformed message: {error}") from error


def fill_hashed(decoder, _, target, entry):
    """Put their contents into sets and dicts, one by one: keys can be made to collide, and a loop can be stopped."""
    try:
        target.clear()
        if entry[0] == "s":
            for slot in entry[2:]:
                target.add(decoder.value(slot))
            return
        flat = entry[3:]
        if entry[2] == "D":
            target.default_factory = decoder.value(flat.pop(0)) if flat else None
        check(len(flat) % 2 == 0, "a dict with as many keys as values")
        for key, value in zip(flat[::2], flat[1::2]):
            dict.__setitem__(target, decoder.value(key), decoder.value(value))
    except TypeError as error:
        raise WireError(f"malformed message: {error}") from error


def write_into(target, array):
    """Give an array that the other side changed its new values, and its new shape if it has one."""
    try:
        if target.shape != array.shape:
            target.shape = array.shape
        target[...] = array
    except (ValueError, AttributeError) as error:
        raise WireError(f"malformed message: {error}") from error


def same_array(_, found, entry):
    """Return whether a known array has the dtype of the one that was sent."""
    return type(found) is np.ndarray and (found.dtype.str == entry[2] if entry[0] == "a" else found.dtype == object)


def same_class(decoder, found, entry):
    """Return whether a known object is of the class that was sent."""
    return len(entry) >= 3 and type(found) is decoder.codec.class_named(entry[2])


def is_a(cls):
    """Return a check that a known object is exactly of this class."""
    return lambda _, found, __: type(found) is cls


Shell = collections.namedtuple("Shell", "make matches fill")
SHELLS = {  # how the objects that can change are made empty, found again, and filled
    "l": Shell(lambda *_: [], is_a(list), fill_sequence),
    "Q": Shell(make_deque, is_a(collections.deque), fill_sequence),
    "a": Shell(lambda decoder, index, _: decoder.arrays[index], same_array, fill_sequence),
    "A": Shell(make_object_array, same_array, fill_sequence),
    "G": Shell(make_generator, is_a(np.random.Generator), fill_sequence),
    "R": Shell(lambda *_: np.random.RandomState(0), is_a(np.random.RandomState), fill_sequence),
    "o": Shell(make_instance, same_class, fill_sequence),
    "s": Shell(lambda *_: set(), is_a(set), fill_hashed),
    "d": Shell(make_dict, lambda _, found, entry: type(found) is DICTS.get(entry[2]), fill_hashed),
}
