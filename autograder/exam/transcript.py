"""What crossed between the examiner and a student's code while one test ran, kept as plain values.

An event holds copies: arrays are copied, an instance of a class of the course becomes an `Instance` (class and
attributes), what the student process kept to itself becomes an `Opaque` (kind and label). Diagnosis compares
transcripts event by event with those of known answers.
"""

import base64
import collections
import json
from dataclasses import dataclass, field

import msgpack
import numpy as np

from autograder.exam.reading import Decoder
from autograder.exam.wire import PLAIN, CannotCross, Codec, Encoder, classify_numpy, write_instance

MAX_EVENTS = 2_000  # of one test cell; later ones are counted only
MAX_BYTES = 1 << 20  # of one event's arrays; longer ones are cut to a sample
MAX_TRANSCRIPT = 32 << 20  # bytes of all copies
MAX_OBJECTS = 2_000  # of one value: small cases tell answers apart, and copying a large one costs more than the call
SAMPLE = 4096  # elements of an array that is too long to keep
FLOOR = 1e-6  # numbers below it are compared as if they were of its size: rounding makes 1e-17 of a zero
GONE = "StudentGone"  # the class of an event's error where the student process came to its end; the message says why
NUMBERS = (bool, int, float, complex, np.number, np.bool_)
SEQUENCES = (list, tuple, collections.deque)
KIND = {"b": "bool", "i": "whole", "u": "whole", "f": "real", "c": "complex"}


@dataclass(eq=False)
class Instance:
    """An instance of a class of the course or of plainnet, as its attributes."""

    cls: str
    state: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Opaque:
    """What stands for an object that did not cross: kind is "handle", "callback", "name", "large" or "unknown"."""

    kind: str
    label: str


class Event:
    """One thing that a test did with a student's object, or that a student's code did with a test's function.

    Parameters
    ----------
    target : str
        An export, or a path such as "softmax" or "Value().data".
    kind : str
        "call", "getattr", "setattr", "op", "iter", "next", "callback", ...
    args, kwargs, result : plain values, or Frozen ones
    error : (class, message) or None
    changed : tuple
        The arguments that came back changed.

    Notes
    -----
    What a Frozen value stands for is made when it is first looked at: of a test that passes, nobody looks at any.
    """

    __slots__ = ("_values", "error", "kind", "target")

    def __init__(self, target, kind, args=(), kwargs=None, result=None, error=None, changed=()):
        self.target, self.kind, self.error = target, kind, error
        self._values = {"args": args, "kwargs": kwargs or {}, "result": result, "changed": changed}

    def __repr__(self):
        values = ", ".join(
            f"{name}={getattr(self, name)!r}" for name in ("args", "kwargs", "result", "error", "changed")
        )
        return f"Event({self.target!r}, {self.kind!r}, {values})"


def _thawing(name):
    """Return a property for one of an event's values."""

    def read(event):
        value = event._values[name]
        if type(value) is Frozen:
            value = event._values[name] = value.thaw()
        if name in ("args", "changed") and type(value) is not tuple:
            return (value,)  # too much to keep: an Opaque
        return value

    def write(event, value):
        event._values[name] = value

    return property(read, write)


for _name in ("args", "kwargs", "result", "changed"):
    setattr(Event, _name, _thawing(_name))


class Transcript:
    """The events of one test cell, in order."""

    def __init__(self, events=(), dropped=0):
        self.events, self.dropped = list(events), dropped
        self.room = MAX_TRANSCRIPT

    def __len__(self):
        return len(self.events)

    def __iter__(self):
        return iter(self.events)

    def __getitem__(self, index):
        return self.events[index]

    def add(self, event):
        """Append an event, or count it where there are too many."""
        if len(self.events) < MAX_EVENTS:
            self.events.append(event)
        else:
            self.dropped += 1

    def copy(self, value, codec, size=0):
        """Return a copy of a live value for an event, as long as there is room; `size` is that of a message with it."""
        if type(value) in PLAIN:
            return value
        if self.room < 0 or size > 2 * MAX_OBJECTS:
            return Opaque("large", type(value).__name__)
        copied = freeze(value, codec)
        self.room -= copied.size if type(copied) is Frozen else 0
        return copied

    def to_bytes(self):
        """Return msgpack bytes that `from_bytes` reads."""
        events = [[e.target, e.kind, e.args, e.kwargs, e.result, e.error, e.changed] for e in self.events]
        encoder = Encoder(PORTABLE)
        slots = encoder.encode([events])
        buffers = [bytes(part) for part in encoder.buffers()]
        return msgpack.packb([slots, encoder.table, buffers, self.dropped], unicode_errors="surrogatepass")

    @classmethod
    def from_bytes(cls, data):
        """Return the transcript that `to_bytes` wrote."""
        slots, table, buffers, dropped = msgpack.unpackb(data, unicode_errors="surrogatepass")
        decoder = Decoder(PORTABLE)
        for part, given in zip(decoder.plan_arrays(table), buffers, strict=True):
            part[:] = given
        (events,) = decoder.decode(slots)
        return cls([Event(*event) for event in events], dropped)

    def to_json(self):
        """Return a JSON text that `from_json` reads."""
        return json.dumps({"transcript": base64.b64encode(self.to_bytes()).decode()})

    @classmethod
    def from_json(cls, text):
        """Return the transcript that `to_json` wrote."""
        return cls.from_bytes(base64.b64decode(json.loads(text)["transcript"]))


class _Portable(Codec):
    """The codec of transcripts: an Instance is taken apart as what it stands for, an Opaque is two words."""

    def __init__(self):
        super().__init__(None)

    def classify(self, value):
        """Return (value, writer)."""
        if type(value) is Instance:
            return value, write_instance
        if type(value) is Opaque:
            return value, write_opaque
        return classify_numpy(value) or self.other(value)

    def take_apart(self, instance):
        """Return class and attributes."""
        return instance.cls, instance.state

    def new_instance(self, name):
        """Return an Instance that has no attributes yet."""
        return Instance(name)

    def set_attributes(self, instance, values):
        """Give an Instance its attributes."""
        instance.state.update(values)

    def build(self, entry):
        """Return an Opaque; a name that both sides have becomes one too."""
        return Opaque(*entry[1:]) if entry[0] == "p" else Opaque("name", ".".join(entry[1:]))


def write_opaque(_, value):
    return ["p", value.kind, value.label]


PORTABLE = _Portable()


class _Recorder(Encoder):
    """Encodes live values for a transcript: big arrays as a sample, and not too many objects."""

    def entry(self, value):
        """Return the table entry of one object."""
        if type(value) is np.ndarray and value.nbytes > MAX_BYTES:
            every = max(1, value.size // SAMPLE)
            parts = {"shape": value.shape, "dtype": value.dtype, "values": value.ravel()[::every].copy()}
            return ["o", 0, "array", *[slot for key, part in parts.items() for slot in (key, self.slot(part))]]
        if len(self.table) > MAX_OBJECTS:
            raise CannotCross("too many objects for a transcript")
        return super().entry(value)


class Frozen:
    """A copy of a live value, not yet made into one that can be looked at."""

    __slots__ = ("buffers", "slots", "table")

    def __init__(self, slots, table, buffers):
        self.slots, self.table, self.buffers = slots, table, buffers

    @property
    def size(self):
        """About how many bytes it takes."""
        return 100 * len(self.table) + sum(map(len, self.buffers))

    def thaw(self):
        """Return the value as a transcript shows it."""
        decoder = Decoder(PORTABLE)
        for part, data in zip(decoder.plan_arrays(self.table), self.buffers, strict=True):
            part[:] = data
        return decoder.decode(self.slots)[0]


def freeze(value, codec):
    """Return a copy of a live value for a transcript; `codec` writes handles and callbacks as Opaque."""
    if type(value) in PLAIN:
        return value
    recorder = _Recorder(codec)
    try:
        slots = recorder.encode([value])
    except CannotCross:
        return Opaque("large" if len(recorder.table) > MAX_OBJECTS else "unknown", type(value).__name__)
    return Frozen(slots, recorder.table, [bytes(part) for part in recorder.buffers()])


def plain(value, codec):
    """Return a copy of a live value as a transcript shows it."""
    value = freeze(value, codec)
    return value.thaw() if type(value) is Frozen else value


def same(a, b, rtol=1e-6):
    """Return whether two plain values agree: numbers to a relative tolerance, all else exactly, structure included.

    Parameters
    ----------
    a, b : plain values as transcripts hold them
    rtol : float
        |a - b| <= rtol * max(|a|, |b|, FLOOR); NaN agrees with NaN. A number's class counts only as far as bool, whole,
        real or complex.

    Returns
    -------
    bool
    """
    pairs, seen, alive = [(a, b)], set(), []
    while pairs:
        a, b = pairs.pop()
        if (id(a), id(b)) in seen:
            continue
        seen.add((id(a), id(b)))
        alive.append((a, b))
        parts = _parts(a, b, rtol)
        if parts is None:
            return False
        pairs.extend(parts)
    return True


def _parts(a, b, rtol):
    """Return the pairs that have to agree for two values to agree, or None where they differ at once."""
    if isinstance(a, NUMBERS) and isinstance(b, NUMBERS):
        return () if _close(np.asarray(a), np.asarray(b), rtol) else None
    if type(a) is not type(b):
        return None
    if isinstance(a, np.ndarray):
        if a.dtype == object and b.dtype == object and a.shape == b.shape:
            return zip(a.ravel().tolist(), b.ravel().tolist())
        return () if a.dtype.kind == b.dtype.kind and _close(a, b, rtol) else None
    if isinstance(a, Instance):
        return [(a.state, b.state)] if a.cls == b.cls else None
    if isinstance(a, dict):
        return _entries(a, b) if len(a) == len(b) else None
    if isinstance(a, SEQUENCES):
        return list(zip(a, b)) if len(a) == len(b) else None
    if isinstance(a, np.random.Generator):
        return [(a.bit_generator.state, b.bit_generator.state)]
    return () if a == b else None


def _entries(a, b):
    """Return the pairs of two dicts of one length: by key whatever their order, by order where keys only come near."""
    if a.keys() == b.keys():
        theirs = {key: key for key in b}  # 1, 1.0 and True are one key and three values
        return [pair for key in a for pair in ((key, theirs[key]), (a[key], b[key]))]
    return [*zip(a, b), *zip(a.values(), b.values())]


def _close(a, b, rtol):
    if a.shape != b.shape or KIND.get(a.dtype.kind) != KIND.get(b.dtype.kind):
        return False
    if a.dtype.kind not in "fciu" or a.size == 0:
        return np.array_equal(a, b, equal_nan=a.dtype.kind in "mM")
    with np.errstate(all="ignore"):
        scale = np.maximum(np.maximum(np.abs(a), np.abs(b)), FLOOR)
        near = (np.isfinite(scale) & (np.abs(a - b) <= rtol * scale)) | (a == b) | ((a != a) & (b != b))
    return bool(near.all())
