"""Messages over a pair of pipes: a length, a msgpack header, then the bytes of the arrays, read straight into place.

4 bytes           header                                            the arrays' bytes, in the order of the table
length of header  [kind, facts, root slots, table]                  lengths follow from the table
"""

import os
import struct

import msgpack

from autograder.exam.reading import Decoder
from autograder.exam.wire import Encoder, WireError, check

MAX_HEADER = 32 << 20
LENGTH = struct.Struct("<I")
CHUNK = LARGE = 1 << 16


class Closed(Exception):
    """The other process has ended, or was ended."""


class Channel:
    """One end of the pair of pipes."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.buffer, self.start = b"", 0  # what was read beyond the last message

    def send(self, kind, facts, codec, roots=(), shared=None, last=False):
        """Send a message of a kind, with facts (plain data) and values.

        Objects that both sides know and that changed go along. With `last`, this function is the last to work with the
        values: the list `roots` is emptied, and objects that nothing else holds are forgotten on both sides.
        Return the number of objects in the message.
        """
        encoder = Encoder(codec, shared)
        changed = shared.changed() if shared is not None else []
        slots = encoder.encode([*roots, *changed])[: len(roots)]
        table, buffers = encoder.table, encoder.buffers()
        if last:
            roots.clear()
            changed = encoder = None
            facts["kept"] = shared.held(buffers, views=kind == "callback")
        header = msgpack.packb([kind, facts, slots, table], unicode_errors="surrogatepass")
        if len(header) > MAX_HEADER:
            raise WireError(f"a message of {len(header) >> 20} MB is too large; the limit is {MAX_HEADER >> 20} MB")
        self.write(LENGTH.pack(len(header)) + header, buffers)
        return len(table)

    def write(self, head, buffers):
        """Write all bytes: small arrays together, large ones from where they are."""
        small = [head]
        try:
            for part in buffers:
                if len(part) < LARGE:
                    small.append(part)
                else:
                    write_all(self.writer, memoryview(b"".join(small)))
                    write_all(self.writer, part)
                    small = []
            if small:
                write_all(self.writer, memoryview(b"".join(small)))
        except OSError as error:
            raise Closed("the other process has ended") from error

    def receive(self, codec, shared=None):
        """Return (kind, facts, values) of the next message."""
        (length,) = LENGTH.unpack(self.read(4))
        check(length <= MAX_HEADER, f"a header of at most {MAX_HEADER >> 20} MB")
        try:
            header = msgpack.unpackb(
                self.read(length),
                unicode_errors="surrogatepass",
                strict_map_key=True,
                ext_hook=no_extension,
                timestamp=0,
            )
        except (ValueError, TypeError, msgpack.exceptions.UnpackException, RecursionError) as error:
            raise WireError(f"malformed message: {error}") from error
        check(type(header) is list and len(header) == 4, "a header of four parts")
        kind, facts, slots, table = header
        decoder = Decoder(codec, shared)
        for part in decoder.plan_arrays(table):
            self.read_into(part)
        return kind, facts, decoder.decode(slots)

    def read(self, size):
        """Return exactly so many bytes."""
        if len(self.buffer) - self.start < size:
            parts = [self.buffer[self.start :]]
            have = len(parts[0])
            while have < size:
                parts.append(self.read_some(max(CHUNK, min(size - have, 1 << 20))))
                have += len(parts[-1])
            self.buffer, self.start = b"".join(parts), 0
        self.start += size
        return self.buffer[self.start - size : self.start]

    def read_into(self, target):
        """Fill the bytes of an array."""
        have = min(len(self.buffer) - self.start, len(target))
        target[:have] = self.buffer[self.start : self.start + have]
        self.start += have
        while have < len(target):
            try:
                count = os.readv(self.reader, [target[have:]])
            except OSError as error:
                raise Closed("the other process has ended") from error
            if not count:
                raise Closed("the other process has ended")
            have += count

    def read_some(self, size):
        """Return what is there, at most so many bytes."""
        try:
            data = os.read(self.reader, size)
        except OSError as error:
            raise Closed("the other process has ended") from error
        if not data:
            raise Closed("the other process has ended")
        return data


def write_all(fd, data):
    """Write all bytes to a descriptor."""
    while len(data):
        data = data[os.write(fd, data) :]


def no_extension(code, _):
    """Refuse msgpack's extension types."""
    raise WireError(f"malformed message: msgpack extension {code}")
