"""The wire: what is sent comes out the same, and what a hostile process may send does no more than end the test."""

import collections
import contextlib
import decimal
import fractions
import os
import re
import struct
import threading
import time

import msgpack
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.exam.boundary import Boundary
from autograder.exam.channel import MAX_HEADER, Channel, Closed
from autograder.exam.guard import Guard, TimeOver
from autograder.exam.names import Names
from autograder.exam.proxies import StudentClass, is_handle
from autograder.exam.random_state import FIELDS, generator_state, new_generator, set_generator_state
from autograder.exam.reading import Decoder
from autograder.exam.shared import Shared
from autograder.exam.transcript import same
from autograder.exam.wire import CODES, CannotCross, Codec, Encoder, WireError

NAMES = Names()


def cross(value, names=NAMES):
    """Return a value as the other side gets it."""
    encoder = Encoder(Codec(names))
    slots = encoder.encode([value])
    decoder = Decoder(Codec(names))
    header = msgpack.packb([slots, encoder.table], unicode_errors="surrogatepass")
    slots, table = msgpack.unpackb(header, unicode_errors="surrogatepass")
    for part, data in zip(decoder.plan_arrays(table), encoder.buffers(), strict=True):
        part[:] = data
    return decoder.decode(slots)[0]


plain_hashables = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(-(2**200), 2**200),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    st.binary(max_size=5),
    st.fractions(),
    st.decimals(allow_nan=False),
    st.builds(range, st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 3)),
    st.sampled_from([..., "\ud800", 1j, 2**63, -(2**63)]),
)
plain_values = st.one_of(plain_hashables, st.floats(), st.complex_numbers(), st.slices(10))
numeric_dtypes = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="="),
    hnp.unsigned_integer_dtypes(endianness="="),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="="),
    hnp.unicode_string_dtypes(endianness="=", min_len=1),
    hnp.byte_string_dtypes(min_len=1),
    hnp.datetime64_dtypes(),
)
arrays = hnp.arrays(numeric_dtypes, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
hashable = st.recursive(
    plain_hashables,
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=5,
)
values = st.recursive(
    st.one_of(plain_values, arrays, hashable),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(hashable, inner, max_size=3),
        st.sets(hashable, max_size=3),
        st.lists(inner, max_size=3).map(collections.deque),
    ),
    max_leaves=10,
)


@given(values)
@settings(deadline=None, max_examples=300)
def test_a_value_comes_out_as_it_went_in(value):
    assert same_exactly(cross(value), value)


def same_exactly(a, b):
    """Return whether two values agree, classes, dtypes, signs of zero and NaN included."""
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, float | complex):
        return repr(a) == repr(b)
    if isinstance(a, dict):
        return len(a) == len(b) and all(same_exactly(x, y) and same_exactly(a[x], b[y]) for x, y in zip(a, b))
    if isinstance(a, list | tuple | collections.deque):
        return len(a) == len(b) and all(map(same_exactly, a, b))
    if isinstance(a, set | frozenset):
        return a == b and sorted(map(type_name, a)) == sorted(map(type_name, b))
    return a == b


def type_name(value):
    return type(value).__name__


@given(arrays)
@settings(deadline=None)
def test_an_array_of_any_layout_comes_out_with_its_values_and_owns_them(array):
    for layout in (array, np.asfortranarray(array), array[..., ::-1] if array.ndim else array, array.T):
        out = cross(layout)
        assert out.tobytes() == layout.tobytes()
        assert (out.dtype, out.shape, out.flags.owndata, out.flags.writeable) == (
            layout.dtype,
            layout.shape,
            True,
            True,
        )
        if layout.size > 1 and layout.flags.f_contiguous and not layout.flags.c_contiguous:
            assert out.flags.f_contiguous


@given(st.data())
@settings(deadline=None, max_examples=100)
def test_identity_within_a_message_is_kept(data):
    """A random graph of lists comes out isomorphic: the same walk meets the same places for the first time."""
    count = data.draw(st.integers(1, 12))
    nodes = [[] for _ in range(count)]
    for node in nodes:
        node.extend(nodes[i] for i in data.draw(st.lists(st.integers(0, count - 1), max_size=4)))
    assert first_visits(cross(nodes)) == first_visits(nodes)


def first_visits(root):
    """Return the order in which a walk meets the lists of a graph."""
    seen, order, stack = {}, [], [root]
    while stack:
        node = stack.pop()
        order.append(seen.setdefault(id(node), len(seen)))
        if order[-1] == len(seen) - 1 and order.count(order[-1]) == 1:
            stack.extend(reversed(node))
    return order


def test_a_chain_of_100_000_lists_crosses():
    chain = []
    for i in range(100_000):
        chain = [chain, i]
    out, depth = cross(chain), 0
    while out:
        out, depth = out[0], depth + 1
    assert depth == 100_000


def test_a_chain_of_10_000_tensors_crosses():
    import plainnet

    y = plainnet.Tensor(1.0, requires_grad=True)
    for _ in range(10_000):
        y = y * 1.0
    out, depth = cross(y), 0
    assert out.op is plainnet.mul
    while out.inputs:
        out, depth = out.inputs[0], depth + 1
    assert (depth, type(out), out.requires_grad) == (10_000, plainnet.Tensor, True)


@pytest.mark.parametrize("name", FIELDS)
def test_a_generator_goes_on_with_the_same_draws(name):
    generator = np.random.Generator(getattr(np.random, name)(7))
    generator.integers(0, 2**31, dtype=np.int32, size=3)  # leaves half a word in the buffer
    out = cross(generator)
    assert np.array_equal(out.normal(size=50), generator.normal(size=50))
    assert out.integers(2**31, dtype=np.int32) == generator.integers(2**31, dtype=np.int32)


@pytest.mark.parametrize("name", FIELDS)
@given(data=st.data())
@settings(deadline=None, max_examples=60)
def test_a_generators_state_is_checked_number_by_number(name, data):
    """NumPy reads outside of its tables when told a wrong position: no such state is ever set."""
    _, state = generator_state(new_generator(name))
    index = data.draw(st.integers(0, len(state) - 1))
    forged = data.draw(st.one_of(st.integers(), st.integers(2**128), st.binary(max_size=20), st.none(), st.floats()))
    kind = list(FIELDS[name].values())[index]
    allowed = type(kind) is int and type(forged) is int and 0 <= forged < kind
    changed = [*state[:index], forged, *state[index + 1 :]]
    if allowed:
        set_generator_state(new_generator(name), changed)
    else:
        with pytest.raises(ValueError, match="state"):
            set_generator_state(new_generator(name), changed)


@pytest.mark.parametrize("value", [object(), open, os, {1: object()}, np.zeros(1, "V4"), np.zeros(2, [("a", int)])])
def test_what_has_no_form_is_refused(value):
    with pytest.raises(CannotCross):
        cross(value)


@pytest.mark.parametrize("function", [np.exp, np.mean, abs, ValueError, np.float32, len])
def test_what_has_a_name_crosses_by_it(function):
    assert cross(function) is function


def test_nothing_that_acts_has_a_name():
    """What a student's process may name is what the examiner would call for it: so it only computes."""
    acting = {"eval", "exec", "open", "import", "getattr", "setattr", "delattr", "input", "compile", "globals", "vars"}
    acting |= {"load", "save", "file", "fromfile", "tofile", "memmap", "html", "write", "run", "system", "breakpoint"}
    found = [name for name in NAMES.objects if acting.intersection(re.split(r"[._]+", name.lower()))]
    assert [name for name in found if "gradient" not in name] == []
    assert not any(name.startswith("builtins._") for name in NAMES.objects)


@given(values, values)
@settings(deadline=None, max_examples=150)
def test_transcripts_tell_values_apart_as_their_repr_does(a, b):
    assert same(a, cross(a))
    if repr(a) != repr(b) and not same(a, b):
        assert not same([a, 1], [b, 1])


# -- hostile messages ------------------------------------------------------------------------------------------------


class Pipes:
    """A boundary whose student is this test: what `say` writes is what the examiner reads."""

    def __init__(self):
        self.to_us, their_writer = os.pipe()
        their_reader, self.to_them = os.pipe()
        self.boundary = Boundary(Channel(their_reader, their_writer), Names())
        self.fds = [self.to_us, their_writer, their_reader, self.to_them]

    def say(self, data):
        """Write all of it; a reader that has gone away does not matter."""
        with contextlib.suppress(BrokenPipeError):
            while data:
                data = data[os.write(self.to_them, data) :]

    def hear(self):
        """Return what the examiner makes of what was said."""
        channel = self.boundary.channel
        return channel.receive(self.boundary.codec, self.boundary.shared)

    def close(self):
        for fd in self.fds:
            os.close(fd)


@pytest.fixture
def pipes():
    made = Pipes()
    yield made
    made.close()


def message(table, slots=None, facts=None, kind="reply"):
    body = msgpack.packb([kind, facts or {}, [[0]] if slots is None else slots, table], unicode_errors="surrogatepass")
    return struct.pack("<I", len(body)) + body


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 12),
    st.floats(),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.sampled_from(
        ["C", "F", "<f8", "|O", "O", "<U2", "f8,i4", "PCG64", "MT19937", "d", "builtins.abs", "__add__", "a b"]
    ),
    st.sampled_from(
        ["plainnet.autograd.Tensor", "builtins.ValueError", "builtins.eval", "data", "__class__", "__dict__"]
    ),
)
slots = st.one_of(scalars, st.integers(-2, 9).map(lambda index: [index]), st.lists(scalars, max_size=3))
entries = st.one_of(
    st.tuples(st.sampled_from([*CODES, "H", "K", "k", "=", "C", "Y", "p", "?"]), st.lists(slots, max_size=7)).map(
        lambda pair: [pair[0], *pair[1]]
    ),
    slots,
    st.lists(slots, max_size=3),
)


@pytest.mark.slow
@given(st.lists(entries, max_size=10), st.lists(slots, max_size=3))
@settings(deadline=None, max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
def test_a_hostile_table_is_refused_or_gives_values_and_handles(table, roots):
    boundary = Boundary(None, NAMES)
    decoder = Decoder(boundary.codec, Shared(step=1))
    try:
        for part in decoder.plan_arrays(table):
            part[:] = bytes(len(part))
        found = decoder.decode(roots)
    except WireError:
        return
    for value in decoder.objects:
        assert is_handle(value) or isinstance(value, StudentClass | BaseException) or type(value).__module__ in (
            "builtins", "numpy", "collections", "fractions", "decimal", "plainnet.autograd", "autograder.exam.reading",
            "numpy.random._generator", "numpy.dtypes", "numpy.dtype",
        ), type(value)  # fmt: skip
    assert len(found) == len(roots)


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=300)
def test_random_bytes_are_refused(data):
    made = Pipes()
    try:
        made.say(struct.pack("<I", len(data)) + data)
        with pytest.raises(WireError):
            made.hear()
    finally:
        made.close()


@given(st.integers(0, 40))
@settings(deadline=None, max_examples=40)
def test_a_message_that_stops_short_is_an_end(cut):
    whole = message([["a", -1, "<f8", "C", 4]], slots=[[0]]) + bytes(32)
    made = Pipes()
    made.say(whole[: min(cut, len(whole) - 1)])
    os.close(made.fds.pop())
    try:
        with pytest.raises(Closed):
            made.hear()
    finally:
        made.close()


FORGED = {
    "a header of four gigabytes": struct.pack("<I", 2**32 - 1),
    "a header over the limit": struct.pack("<I", MAX_HEADER + 1),
    "an array header that lies about its length": struct.pack("<I", 5) + b"\xdd\xff\xff\xff\xff",
    "a map header that lies about its length": struct.pack("<I", 5) + b"\xdf\xff\xff\xff\xff",
    "a string that lies about its length": struct.pack("<I", 5) + b"\xdb\xff\xff\xff\xff",
    "deep nesting": struct.pack("<I", 100_000) + b"\x91" * 100_000,
    "an extension type": struct.pack("<I", 6) + b"\xc7\x03\x01abc",
    "a timestamp": struct.pack("<I", 6) + b"\xd6\xffabcd",
    "an array of four terabytes": message([["a", -1, "<f8", "C", 2**20, 2**20]]),
    "an array of negative size": message([["a", -1, "<f8", "C", -1]]),
    "an array of objects as bytes": message([["a", -1, "|O", "C", 1]]),
    "an array with a dtype of C code": message([["a", -1, "f8,O", "C", 1]]),
    "many arrays that are too large together": message([["a", -i, "<f8", "C", 2**22] for i in range(1, 20)]),
    "a tuple that holds itself": message([["t", [0]]]),
    "tuples nested deeply": message([["t", [i + 1]] for i in range(1000)] + [["t"]]),
    "an unknown code": message([["?", 1]]),
    "an index out of range": message([["l", -1, [7]]]),
    "a negative index": message([["l", -1, [-1]]]),
    "an id of the examiner's": message([["l", 5]]),
    "a known object that is none": message([["@", 5]]),
    "a callback that no test gave": message([["C", 1]]),
    "a handle without a class": message([["H", 1, None]]),
    "a handle of a class of ours": message([["n", "builtins.list"], ["H", 1, [0]]], slots=[[1]]),
    "a class that was not described": message([["k", 3]]),
    "a class described twice": message([["K", 1, "A", "", ""], ["K", 1, "B", "", ""]]),
    "a class with bases that fit nowhere": message(
        [["n", "builtins.ImportError"], ["n", "builtins.OSError"], ["K", 1, "A", "", "", [0], [1]]], slots=[[2]]
    ),
    "a name that is none": message([["n", "os.system"]]),
    "a name of a function that acts": message([["n", "builtins.eval"]]),
    "an instance of a class of ours": message([["o", -1, "autograder.exam.boundary.Boundary"]]),
    "an instance with a method of its own": message(
        [["o", -1, "plainnet.autograd.Tensor", "backward", None]],
    ),
    "an instance with a class of its own": message([["o", -1, "plainnet.autograd.Tensor", "__class__", None]]),
    "a key that has no hash": message([["l", -1], ["d", -2, "d", [0], 1]], slots=[[1]]),
    "a range of a billion": message([["r", 0, 10**9, 1]]),
    "a decimal that is none": message([["$", "a"]]),
    "an int of a gigabyte": message([["I", b"x" * (2**21)]]),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_message_is_refused_at_once(pipes, name):
    writer = threading.Thread(target=pipes.say, args=(FORGED[name],), daemon=True)
    start = time.process_time()
    writer.start()
    with pytest.raises((WireError, Closed)):
        pipes.hear()
    assert time.process_time() - start < 2


def test_an_update_of_the_examiners_own_object_keeps_its_class(pipes):
    """A list of the test's can't become a dict, nor an array another dtype."""
    shared = pipes.boundary.shared
    mine, array = [1], np.zeros(3)
    sids = [shared.sid_of(value)[0] for value in (mine, array)]
    pipes.say(message([["l", sids[0], 5, 6]]))
    assert pipes.hear()[2][0] is mine
    assert mine == [5, 6]
    for entry in (["d", sids[0], "d"], ["a", sids[1], "<i8", "C", 3], ["s", sids[0]], ["a", sids[1], "<f8", "C", 4]):
        pipes.say(message([entry]) + (bytes(8 * entry[-1]) if entry[0] == "a" else b""))
        with pytest.raises(WireError):
            pipes.hear()
        pipes.boundary.channel.buffer, pipes.boundary.channel.start = b"", 0
    assert array.tolist() == [0, 0, 0]


def decode_guarded(decoder, guard, timer):
    with guard:
        timer.start()
        decoder.decode([[0]])


def test_keys_that_collide_can_be_stopped():
    """Building a set is a loop in Python, so that the guard of a test can end it."""
    table = [["s", -1, *[[i] for i in range(1, 60_001)]]]
    table += [["I", (i * (2**61 - 1)).to_bytes(12, "little")] for i in range(1, 60_001)]
    decoder = Decoder(Codec(NAMES), Shared(step=1))
    decoder.plan_arrays(table)
    guard = Guard()
    start = time.process_time()
    timer = threading.Timer(0.2, guard)
    with pytest.raises(TimeOver):
        decode_guarded(decoder, guard, timer)
    timer.join()
    assert time.process_time() - start < 10


@given(st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=5), st.integers(1, 4))
@settings(deadline=None, max_examples=50)
def test_a_fraction_and_a_decimal_cross(parts, divisor):
    value = [fractions.Fraction(len(parts), divisor), decimal.Decimal(len(parts)) / divisor, parts]
    assert cross(value) == value
