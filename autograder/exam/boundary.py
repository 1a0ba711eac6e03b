"""The examiner's end of the wire: asks the student process for operations, makes of its answers what a test holds."""

import sys

import numpy as np

from autograder.exam.channel import Closed
from autograder.exam.codec import RecordingCodec, TrustedCodec
from autograder.exam.proxies import StudentClass, is_handle, new_error, reference_of
from autograder.exam.python_random import SharedState
from autograder.exam.shared import Shared
from autograder.exam.transcript import PLAIN, Event, Transcript
from autograder.exam.wire import CannotCross, WireError, check

MAX_TEXT = 2000
MAX_LABEL = 200
MAX_OUTPUT = 50_000  # characters that a cell shows
MAX_PRINTED = 1_000_000  # characters that a test may see printed
MAX_ERRORS = 10_000  # of a test's own functions, in one test
MAX_KEPT = 1 << 29  # bytes of arrays that both sides hold between two calls
UNBOUND = object()


class StudentGone(BaseException):
    """The student process has ended. No test may catch this by catching Exception."""

    @property
    def malformed(self):
        """Whether it still lives, but sent what no honest process sends."""
        return isinstance(self.__cause__, WireError)


class StudentExit(BaseException):
    """The student's code raised what would end a process, such as SystemExit. It ends the test."""


class Uncrossable(BaseException):
    """A test gave a student's code what can't cross the boundary: the author has to change the test."""


class OurFault(BaseException):
    """The examiner itself failed: no verdict."""


class Boundary:
    """One student process as the examiner sees it."""

    def __init__(self, channel, names):
        self.channel = channel
        self.codec = TrustedCodec(names, self)
        self.recording = RecordingCodec(names, self)
        self.shared = Shared(step=1)
        self.namespace, self.exports, self.told = None, (), {}  # of the test that runs
        self.transcript = Transcript()
        self.tokens = []  # errors that the test's own functions raised
        self.broken = None  # an assertion of the test's own that failed inside one of its functions
        self.to_print, self.python_random = 0, None  # characters that may still be printed; shared in a foreign test
        self.mixing = ()  # exports whose classes a test may do arithmetic with
        self.depth = 0

    # -- outside of tests ------------------------------------------------------------------------------------------

    def wait_ready(self):
        """Wait until the process is shut off and ready; return what went wrong, or None."""
        kind, facts, _ = self.receive("ready", "problem")
        return None if kind == "ready" else str(facts)

    def run_cell(self, source, name, course=()):
        """Run a cell of the notebook; return (output, error)."""
        self.send("cell", {"source": source, "name": name, "course": list(course)})
        facts = self.receive("done")[1]
        return self.guarded(read_outcome, facts)

    def begin(self, namespace, exports, mixing=None, old_random=False):
        """Begin a test: bind the exports in its namespace, and keep both sides alike from here on.

        Parameters
        ----------
        namespace : dict
        exports : sequence of str
        mixing : sequence of str, optional
            The exports whose instances may take part in arithmetic with plain values; all by default.
        old_random : bool
            Whether both sides draw from one state of `np.random`'s global functions, as in one process.
        """
        self.namespace, self.exports, self.told = namespace, tuple(exports), {}
        self.mixing = self.exports if mixing is None else tuple(mixing)
        self.broken = None
        self.transcript = Transcript()
        self.to_print = MAX_PRINTED
        self.python_random = SharedState() if old_random else None
        self.send("watch", {"names": list(exports), "old_random": old_random})
        if old_random:  # known to the other side once it has read this
            self.shared.adopt(np.random.mtrand._rand, send=True)
        self.finish_reply()

    def finish(self):
        """End a test; what it bound is undone in the student process."""
        self.namespace, self.exports, self.told = None, (), {}
        self.shared.clear()
        self.codec.forget_callbacks()
        self.tokens.clear()
        self.send("finish", {})
        self.receive("done")

    # -- inside of tests -------------------------------------------------------------------------------------------

    def call(self, function, args, kwargs):
        """Call a student's function."""
        label = reference_of(function).label
        given = {"args": args, "kwargs": kwargs} if kwargs else {"args": args}
        request = ("call", function, *args, *kwargs.values())
        return self.recorded(Event(label, "call"), f"{label}()", given, request, list(kwargs))

    def operate(self, operation, *operands):
        """Do an operation on a student's objects."""
        owner = next(reference_of(part).label for part in operands if is_handle(part) or isinstance(part, StudentClass))
        if operation in ("getattr", "setattr", "delattr"):
            path = f"{owner}.{operands[1]}"
            return self.recorded(Event(path, operation), path, {"args": operands[2:]}, (operation, *operands))
        kind = operation if operation in ("iter", "next") else "op"
        path = f"{owner}.{operation}" if kind != "op" else f"{owner}.{operation}()"
        return self.recorded(Event(f"{owner}.{operation}", kind), path, {"args": operands}, (operation, *operands))

    def recorded(self, event, label, given, request, keywords=()):
        """Send a request and record what was given and what came of it, which goes by a label from here on."""
        self.transcript.add(event)
        short = label if len(label) < MAX_LABEL else f"...{label[-MAX_LABEL // 2 :]}"
        outer, self.codec.label = self.codec.label, short
        try:
            size = self.request(request[0], request[1:], keywords)
            for part, values in given.items():  # while the other process works
                setattr(event, part, self.copies(values, size) if part == "args" else self.copy(values, size))
            result, error, changed = self.finish_reply()
            event.changed = self.copies(changed)
            if error is None:
                event.result = self.copy(result)
            else:
                event.error = (type(error).__name__, str(error)[:MAX_TEXT])
        except (RecursionError, MemoryError):  # a test and a student's function that call each other without end
            raise
        except Exception as fault:
            raise OurFault(f"{type(fault).__name__}: {fault}") from fault
        finally:
            self.codec.label = outer
        if self.broken is not None:
            raise self.broken
        if error is not None:
            raise error
        return result

    def may_mix(self, handle):
        """Return whether a test may do arithmetic with a handle and a plain value: its class was asked for."""
        asked = [self.told.get(name) for name in self.mixing]
        return any(cls is one for cls in type(handle).__mro__ for one in asked)

    def copies(self, values, size=0):
        """Return copies of values for the transcript, made together: what they share is shared in the copies."""
        values = tuple(values)
        return self.copy(values, size) if any(type(value) not in PLAIN for value in values) else values

    def copy(self, value, size=0):
        """Return a copy of a value for the transcript; `size` is how many objects a message with it had."""
        return self.transcript.copy(value, self.recording, size)

    def request(self, operation, roots, keywords=()):
        """Ask for one operation; return how many objects the request had."""
        names, values = self.rebound()
        lost = [name for name in self.told if name not in self.namespace]
        for name in lost:
            del self.told[name]
        facts = {"do": operation, "roots": len(roots), "keywords": keywords, "bound": names, "unbound": lost}
        if self.python_random and (news := self.python_random.news()):
            facts["random"] = news
        self.shared.updated = []
        return self.send("do", facts, [*roots, *values])

    def rebound(self):
        """Return the exports that the test has bound to something else, and what to."""
        names = [
            name
            for name in self.exports
            if name in self.namespace and self.told.get(name, UNBOUND) is not self.namespace[name]
        ]
        for name in names:
            self.told[name] = self.namespace[name]
        return names, [self.namespace[name] for name in names]

    def send(self, kind, facts, roots=()):
        """Send a request, with the handles that were let go; return how many objects it had."""
        facts["released"], self.codec.released = self.codec.released, []
        try:
            return self.channel.send(kind, facts, self.codec, roots, self.shared)
        except CannotCross as error:
            raise Uncrossable(str(error)) from error
        except Closed as error:
            raise StudentGone(str(error)) from error

    def receive(self, *kinds):
        """Return the next message, which is of one of these kinds."""
        try:
            kind, facts, values = self.channel.receive(self.codec, self.shared)
            check(type(kind) is str and kind in kinds, f"a message of the kind {' or '.join(kinds)}")
            check(kind == "problem" or type(facts) is dict, "the facts of a message")
        except (Closed, WireError) as error:
            raise StudentGone(str(error)) from error
        return kind, facts, values

    def guarded(self, read, *arguments):
        """Return what a function makes of a message; a malformed one is the end of the student process."""
        try:
            return read(*arguments)
        except WireError as error:
            raise StudentGone(str(error)) from error

    def finish_reply(self):
        """Serve callbacks until the reply comes; return (result, error or None, objects that changed)."""
        self.depth += 1
        kind, facts, values = self.receive("callback", "reply")
        while kind == "callback":
            self.guarded(self.call_back, facts, values)
            kind, facts, values = self.receive("callback", "reply")
        self.depth -= 1
        return self.guarded(self.read_reply, facts, values)

    def read_reply(self, facts, values):
        """Take over what changed; return (result, error or None, objects that were changed)."""
        bound, unbound = facts.get("bound", []), facts.get("unbound", [])
        check(type(bound) is list and type(unbound) is list and len(values) >= 1 + len(bound), "the exports")
        result = values[0]
        for name, value in zip(bound, values[1:]):
            check(name in self.exports, "an export")
            if isinstance(value, StudentClass) or is_handle(value):
                reference_of(value).label = name
            self.namespace[name] = self.told[name] = value
        for name in unbound:
            check(name in self.exports, "an export")
            self.namespace.pop(name, None)
            self.told.pop(name, None)
        if self.depth == 0:
            self.keep(facts)
            self.shared.freeze()
        self.print_and_draw(facts)
        if "token" in facts:
            check(type(facts["token"]) is int and 0 <= facts["token"] < len(self.tokens), "an error of the test's own")
            return None, self.tokens[facts["token"]], self.shared.updated
        if "error" in facts:
            return None, self.error_of(facts, result), self.shared.updated
        return result, None, self.shared.updated

    def keep(self, facts):
        """Forget the shared objects that the student's code no longer holds, by its own word."""
        kept = facts.get("kept", [])
        check(type(kept) is list and all(type(sid) is int for sid in kept), "the objects that are kept")
        self.shared.keep(kept)
        check(self.shared.array_bytes() <= MAX_KEPT, f"at most {MAX_KEPT >> 20} MB of arrays that are kept")

    def print_and_draw(self, facts):
        """Print what the student's code printed, for tests that read it, and take over where `random` is now."""
        printed, news = facts.get("printed", ""), facts.get("random")
        check(type(printed) is str, "what was printed")
        if printed:
            sys.stdout.write(readable(printed[: self.to_print]))
            self.to_print -= min(self.to_print, len(printed))
        if news is not None:
            check(self.python_random is not None, "a state of random that was asked for")
            try:
                self.python_random.take(news)
            except ValueError as error:
                raise WireError(str(error)) from error

    def error_of(self, facts, cls):
        """Return the error that a student's code raised, of the built-in class of its kind."""
        message, name = facts.get("message"), facts.get("class")
        check(type(message) is str and type(name) is str, "an error")
        message = readable(message[:MAX_TEXT])
        if isinstance(cls, StudentClass) and issubclass(cls, Exception):
            return new_error(cls, message)
        known = None
        if type(facts["error"]) is str:
            known = self.codec.names.objects.get(facts["error"])
        if not (isinstance(known, type) and issubclass(known, Exception)):
            return StudentExit(f"the code raised {readable(name[:80])}" + (f": {message}" if message else ""))
        try:
            return known(message)
        except TypeError:  # UnicodeDecodeError and the like want more than a message
            base = next(base for base in known.__mro__ if base in (ValueError, OSError, Exception))
            return base(message)

    def call_back(self, facts, values):
        """Run a function of the test's that the student's code calls."""
        check(type(facts.get("keywords")) is list, "a call of the test's function")
        check(len(self.tokens) < MAX_ERRORS, f"at most {MAX_ERRORS:,} errors of the test's functions")
        keywords, given, function = facts["keywords"], facts.get("given"), self.codec.callback(facts.get("callback"))[1]
        check(type(given) is int and 0 <= given <= len(values) - len(keywords), "the arguments of a call")
        check(all(type(name) is str for name in keywords), "names of arguments")
        args, kwargs = values[:given], dict(zip(keywords, values[given:]))
        event = Event("function", "callback", self.copies(args), self.copy(kwargs) if kwargs else None)
        self.transcript.add(event)
        self.keep(facts)
        self.shared.freeze()
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            if isinstance(error, AssertionError):  # the student's code can't swallow it
                self.broken = error
            event.error = (type(error).__name__, "")
            self.tokens.append(error.with_traceback(None))  # whose frames would keep each call's arrays
            self.send("raise", {"class": type(error).__name__, "token": len(self.tokens) - 1})
        else:
            event.result = self.copy(result)
            self.send("return", {}, [result])

    def let_go(self, number, mentions):
        """Note that a test no longer holds a handle that was sent so often."""
        self.codec.let_go(number, mentions)


def read_outcome(facts):
    """Return (output, error) of a cell from what the student process says; error is None or (class, message, line)."""
    output, error = facts.get("output"), facts.get("error")
    check(type(output) is str, "the output of a cell")
    if error is not None:
        check(type(error) is list and len(error) == 3, "the error of a cell")
        name, message, line = error
        check(type(name) is str and type(message) is str and (line is None or type(line) is int), "the error of a cell")
        error = (readable(name[:100]), readable(message[:MAX_TEXT]), line)
    return readable(output[:MAX_OUTPUT]), error


def readable(text):
    """Return a text that can be written anywhere: without halves of characters and without control characters."""
    text = text.encode("utf-8", "replace").decode()
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)
