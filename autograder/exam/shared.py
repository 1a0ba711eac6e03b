"""Objects that both sides know: a list that was sent is the same list when it comes back, and a change made on one side
reaches the other with the next message, as if both sides were one process.

Each list, dict, set, array, generator or instance that crosses gets an id: the examiner counts up from 1, the student
process down from -1. `freeze` keeps a shallow copy of each before code that may change it runs; `changed` compares.
"""

import collections
import sys

import numpy as np

from autograder.exam.instances import attributes
from autograder.exam.random_state import generator_state, old_state

STATES = {np.random.Generator: generator_state, np.random.RandomState: old_state}
MAX_SHARED = 2_000_000


class Shared:
    """The objects that cross by id, on one side."""

    def __init__(self, step):
        self.step, self.next = step, step
        self.objects, self.ids = {}, {}  # id -> object; id(object) -> id
        self.updated = []  # what the other side has changed, until someone takes note
        self.copies = {}  # id -> what the object held when both sides agreed on it

    def sid_of(self, value):
        """Return (id, whether the other side knows its state already)."""
        sid = self.ids.get(id(value))
        if sid is None:
            sid, self.next = self.next, self.next + self.step
            self.objects[sid], self.ids[id(value)] = value, sid
            return sid, False
        return sid, sid in self.copies

    def update(self, sid):
        """Return the object that a message brings up to date, or None where it is new here."""
        self.copies.pop(sid, None)
        found = self.objects.get(sid)
        if found is not None:
            self.updated.append(found)
        return found

    def learn(self, sid, value):
        """Remember an object that the other side sent; KeyError on an id that is not the other side's to give."""
        if len(self.objects) >= MAX_SHARED or sid * self.step >= 0:
            raise KeyError(sid)
        self.objects[sid], self.ids[id(value)] = value, sid

    def adopt(self, value, send=False):
        """Share something that both sides have of old, under the id 0; `send` says that this side's state counts."""
        self.objects[0], self.ids[id(value)] = value, 0
        if send:
            self.copies[0] = None

    def object_of(self, sid):
        """Return a known object, or None."""
        return self.objects.get(sid)

    def freeze(self):
        """Keep a copy of what each object holds: from here on, changes are this side's."""
        for sid, value in self.objects.items():
            if sid not in self.copies:
                self.copies[sid] = shallow(value)

    def changed(self):
        """Return the objects that changed since they were frozen; they count as unknown to the other side."""
        found = [sid for sid, copy in self.copies.items() if copy is None or differs(self.objects[sid], copy)]
        for sid in found:
            del self.copies[sid]
        return [self.objects[sid] for sid in found]

    def held(self, buffers=(), views=False):
        """Forget the objects that nothing but this table and each other refers to; return the ids of the others.

        What a student's code has kept (a list of parameters, a cached input) stays shared after the call that brought
        it. References from outside are found by counting: all that Python counts, less those that are known.

        Parameters
        ----------
        buffers : sequence of memoryview
            Of arrays in the message under way, which refer to their arrays.
        views : bool
            Whether an array counts as held where its memory is, by another array: code that goes on may write there.
        """
        if not self.objects:
            return []
        self.copies.clear()
        nodes, inner = {0: []}, collections.Counter()  # the list counts what this function's own variables refer to
        inner.update(id(part.obj.base) for part in buffers)
        collect(nodes, inner, self.objects, self.ids, views)
        outside, own = [], None
        for key, node in nodes.items():
            count = sys.getrefcount(node)
            own = count if own is None else own
            if key and count > own + inner[key] + (key in self.ids):
                outside.append(key)
        reached = reachable(outside, nodes)
        if views:
            reached.update(key for key, node in nodes.items() if type(node) is np.ndarray and id(node.base) in reached)
        self.keep([sid for sid, value in self.objects.items() if id(value) in reached])
        return list(self.objects)

    def array_bytes(self):
        """Return how many bytes the arrays hold."""
        return sum(value.nbytes for value in self.objects.values() if type(value) is np.ndarray)

    def clear(self):
        """Forget all objects."""
        self.objects, self.ids, self.copies = {}, {}, {}

    def keep(self, sids):
        """Forget all objects but these, and what was adopted."""
        self.objects = {sid: self.objects[sid] for sid in (0, *sids) if sid in self.objects}
        self.ids = {id(value): sid for sid, value in self.objects.items()}
        self.copies = {sid: copy for sid, copy in self.copies.items() if sid in self.objects}


def collect(nodes, inner, objects, ids, bases=False):
    """Find the tuples between shared objects, arrays' bases if told, and count what all these refer to."""
    nodes.update((id(value), value) for value in objects.values())
    pending = list(nodes.values())
    while pending:
        for part in parts_of(pending.pop()):
            if id(part) in ids or type(part) in (tuple, frozenset) or (bases and type(part) is np.ndarray):
                inner[id(part)] += 1
                if id(part) not in nodes:
                    nodes[id(part)] = part
                    pending.append(part)


def reachable(roots, nodes):
    """Return the ids of the nodes that can be reached from some of them."""
    reached, pending = set(roots), list(roots)
    while pending:
        for part in parts_of(nodes[pending.pop()]):
            if id(part) in nodes and id(part) not in reached:
                reached.add(id(part))
                pending.append(id(part))
    return reached


def parts_of(value):
    """Return what an object refers to, as often as it does."""
    cls = type(value)
    if cls is np.ndarray:
        return [value.base] if value.dtype != object else [value.base, *value.ravel().tolist()]
    if cls in (list, tuple, set, frozenset, collections.deque):
        return list(value)
    if isinstance(value, dict):
        return [*value, *dict.values(value)]
    return [] if cls in STATES else list(attributes(value).values())


def shallow(value):
    """Return what an object holds now, to compare with what it holds later."""
    cls = type(value)
    if cls is np.ndarray:
        return value.copy(order="K")
    if cls in (list, set, collections.deque):
        return tuple(value)
    if cls in STATES:
        return STATES[cls](value)
    if isinstance(value, dict):
        return tuple(dict.items(value))
    return attributes(value)


def differs(value, copy):
    """Return whether an object holds something else than it did."""
    cls = type(value)
    if cls is np.ndarray:
        if value.dtype == object:
            return value.shape != copy.shape or not same_items(value.ravel().tolist(), copy.ravel().tolist())
        return value.shape != copy.shape or not same_bytes(value, copy)
    if cls in (list, set, collections.deque):
        return not same_items(value, copy)
    if cls in STATES:
        return STATES[cls](value) != copy
    if isinstance(value, dict):
        return len(value) != len(copy) or any(
            key is not old_key or not same(part, old) for (key, part), (old_key, old) in zip(dict.items(value), copy)
        )
    now = attributes(value)
    return now.keys() != copy.keys() or not all(same(now[name], copy[name]) for name in copy)


def same_items(values, copy):
    """Return whether two sequences hold the same objects."""
    return len(values) == len(copy) and all(map(same, values, copy))


def same(value, old):
    """Return whether two values are one object, or equal plain values; NaN is itself, 0.0 is not -0.0."""
    if value is old:
        return True
    cls = type(value)
    if cls is float and type(old) is float:
        return value.hex() == old.hex()
    return cls is type(old) and cls in (int, str, bytes) and value == old


def same_bytes(value, copy):
    """Return whether two arrays of one shape hold the same bits; NaN equals NaN, 0.0 does not equal -0.0."""
    if value.flags.c_contiguous and copy.flags.c_contiguous:
        return np.array_equal(value.reshape(-1).view(np.uint8), copy.reshape(-1).view(np.uint8))
    return value.tobytes() == copy.tobytes()
