"""The examiner's end of the wire: asks the student process for operations, makes of its answers what a test holds."""

import numpy as np

from autograder.exam.channel import Closed
from autograder.exam.codec import RecordingCodec, TrustedCodec
from autograder.exam.proxies import StudentClass, is_handle, new_error, reference_of
from autograder.exam.shared import Shared
from autograder.exam.transcript import PLAIN, Event, Transcript, freeze
from autograder.exam.wire import CannotCross, WireError, check

MAX_TEXT = 2000
UNBOUND = object()


class StudentGone(BaseException):
    """The student process has ended. No test may catch this by catching Exception."""

    @property
    def malformed(self):
        """Whether it still lives, but sent what no honest process sends."""
        return isinstance(self.__cause__, WireError)


class StudentExit(Exception):
    """The student's code raised what would end a process, such as SystemExit."""


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
        self.mixing = ()  # exports whose classes a test may do arithmetic with
        self.depth = 0

    # -- outside of tests ------------------------------------------------------------------------------------------

    def wait_ready(self):
        """Wait until the process is shut off and ready; return what went wrong, or None."""
        kind, facts, _ = self.receive()
        return None if kind == "ready" else str(facts)

    def run_cell(self, source, name, course=()):
        """Run a cell of the notebook; return (output, error)."""
        self.send("cell", {"source": source, "name": name, "course": list(course)})
        kind, facts, _ = self.receive()
        check(kind == "done" and type(facts) is dict, "the end of a cell")
        output, error = facts.get("output"), facts.get("error")
        check(type(output) is str and (error is None or type(error) is list), "the output of a cell")
        return output, error

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
        check(self.receive()[0] == "done", "the end of a test")

    # -- inside of tests -------------------------------------------------------------------------------------------

    def call(self, function, args, kwargs):
        """Call a student's function."""
        label = reference_of(function).label
        event = Event(label, "call", self.copies(args), self.copy(kwargs) if kwargs else None)
        return self.recorded(event, f"{label}()", ("call", function, *args, *kwargs.values()), list(kwargs))

    def operate(self, operation, *operands):
        """Do an operation on a student's objects."""
        owner = next(reference_of(part).label for part in operands if is_handle(part) or isinstance(part, StudentClass))
        if operation in ("getattr", "setattr", "delattr"):
            path = f"{owner}.{operands[1]}"
            event = Event(path, operation, self.copies(operands[2:]))
        else:
            path = f"{owner}.{operation}()"
            event = Event(f"{owner}.{operation}", "op", self.copies(operands))
            if operation in ("iter", "next"):
                path, event.kind = f"{owner}.{operation}", operation
        return self.recorded(event, path, (operation, *operands))

    def recorded(self, event, label, request, keywords=()):
        """Send a request and record what it gave; what comes of it goes by a label."""
        self.transcript.add(event)
        outer, self.codec.label = self.codec.label, label
        try:
            result, error, changed = self.request(request[0], request[1:], keywords)
            event.changed = self.copies(changed)
            if error is None:
                event.result = self.copy(result)
            else:
                event.error = (type(error).__name__, str(error)[:MAX_TEXT])
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

    def copies(self, values):
        """Return copies of values for the transcript, made together: what they share is shared in the copies."""
        values = tuple(values)
        return self.copy(values) if any(type(value) not in PLAIN for value in values) else values

    def copy(self, value):
        """Return a copy of a value for the transcript."""
        return freeze(value, self.recording)

    def request(self, operation, roots, keywords=()):
        """Ask for one operation; return (result, error or None, objects that it changed)."""
        names, values = self.rebound()
        lost = [name for name in self.told if name not in self.namespace]
        for name in lost:
            del self.told[name]
        facts = {"do": operation, "roots": len(roots), "keywords": keywords, "bound": names, "unbound": lost}
        self.shared.updated = []
        self.send("do", facts, [*roots, *values])
        return self.finish_reply()

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
        """Send a request, with the handles that were let go."""
        facts["released"], self.codec.released = self.codec.released, []
        try:
            self.channel.send(kind, facts, self.codec, roots, self.shared)
        except CannotCross as error:
            raise Uncrossable(str(error)) from error
        except Closed as error:
            raise StudentGone(str(error)) from error

    def receive(self):
        """Return the next message."""
        try:
            kind, facts, values = self.channel.receive(self.codec, self.shared)
        except (Closed, WireError) as error:
            raise StudentGone(str(error)) from error
        return kind, facts, values

    def finish_reply(self):
        """Serve callbacks until the reply comes; return (result, error or None, objects that changed)."""
        self.depth += 1
        try:
            while True:
                kind, facts, values = self.receive()
                if kind != "callback":
                    break
                try:
                    self.call_back(facts, values)
                except WireError as error:
                    raise StudentGone(str(error)) from error
        finally:
            self.depth -= 1
        try:
            check(kind == "reply" and type(facts) is dict, "a reply")
            return self.read_reply(facts, values)
        except WireError as error:
            raise StudentGone(str(error)) from error

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
            kept = facts.get("kept", [])
            check(type(kept) is list and all(type(sid) is int for sid in kept), "the objects that are kept")
            self.shared.keep(kept)
            self.shared.freeze()
        if "token" in facts:
            check(type(facts["token"]) is int and 0 <= facts["token"] < len(self.tokens), "an error of the test's own")
            return None, self.tokens[facts["token"]], self.shared.updated
        if "error" in facts:
            return None, self.error_of(facts, result), self.shared.updated
        return result, None, self.shared.updated

    def error_of(self, facts, cls):
        """Return the error that a student's code raised, of the built-in class of its kind."""
        message, name = facts.get("message"), facts.get("class")
        check(type(message) is str and type(name) is str, "an error")
        message = message[:MAX_TEXT]
        if isinstance(cls, StudentClass) and issubclass(cls, Exception):
            return new_error(cls, message)
        known = None
        if type(facts["error"]) is str:
            known = self.codec.names.objects.get(facts["error"])
        if not (isinstance(known, type) and issubclass(known, Exception)):
            return StudentExit(f"the code raised {name[:80]}: {message}")
        try:
            return known(message)
        except TypeError:  # UnicodeDecodeError and the like want more than a message
            base = next(base for base in known.__mro__ if base in (ValueError, OSError, Exception))
            return base(message)

    def call_back(self, facts, values):
        """Run a function of the test's that the student's code calls."""
        check(type(facts) is dict and type(facts.get("keywords")) is list, "a call of the test's function")
        keywords, given, function = facts["keywords"], facts.get("given"), self.codec.callback(facts.get("callback"))[1]
        check(type(given) is int and 0 <= given <= len(values) - len(keywords), "the arguments of a call")
        check(all(type(name) is str for name in keywords), "names of arguments")
        args, kwargs = values[:given], dict(zip(keywords, values[given:]))
        event = Event("function", "callback", self.copies(args), self.copy(kwargs) if kwargs else None)
        self.transcript.add(event)
        self.shared.freeze()
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            if isinstance(error, AssertionError):  # the student's code can't swallow it
                self.broken = error
            event.error = (type(error).__name__, "")
            self.tokens.append(error)
            self.send("raise", {"class": type(error).__name__, "token": len(self.tokens) - 1})
        else:
            event.result = self.copy(result)
            self.send("return", {}, [result])

    def let_go(self, number, mentions):
        """Note that a test no longer holds a handle that was sent so often."""
        self.codec.let_go(number, mentions)
