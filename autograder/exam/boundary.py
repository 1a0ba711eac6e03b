"""The examiner's end of the wire: asks the student process for operations, makes of its answers what a test holds."""

import weakref

from autograder.exam.channel import Closed
from autograder.exam.proxies import SHOWN, Reference, StudentClass, is_handle, new_class, new_handle, reference_of
from autograder.exam.shared import Shared
from autograder.exam.transcript import PLAIN, Event, Opaque, Transcript, plain, write_opaque
from autograder.exam.wire import CannotCross, Codec, WireError, check

MAX_TEXT = 2000
UNBOUND = object()


class StudentGone(BaseException):
    """The student process has ended. No test may catch this by catching Exception."""


class StudentExit(Exception):
    """The student's code raised what would end a process, such as SystemExit."""


class Uncrossable(BaseException):
    """A test gave a student's code what can't cross the boundary: the author has to change the test."""


class OurFault(BaseException):
    """The examiner itself failed: no verdict."""


class TrustedCodec(Codec):
    """The examiner's side of the codec: handles become objects that ask, functions of tests become callbacks."""

    def __init__(self, names, boundary):
        super().__init__(names)
        self.boundary = boundary
        self.compounds = {"H": self.build_handle, "K": self.build_class, "k": self.known_class, "=": self.build_alias}
        self.classes, self.handles, self.mentions = {}, weakref.WeakValueDictionary(), {}
        self.released = []
        self.callbacks, self.callback_numbers = {}, {}
        self.label = ""

    def other(self, value):
        """Return (value, writer), or raise CannotCross."""
        if isinstance(value, StudentClass) or is_handle(value):
            return value, lambda _, handle: ["H", reference_of(handle).number]
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
        check(isinstance(cls, StudentClass) and not issubclass(cls, BaseException), "the class of a handle")
        handle = self.handles.get(entry[1])
        if handle is None:
            handle = self.handles[entry[1]] = new_handle(cls, Reference(self.boundary, entry[1], self.label))
        check(type(handle) is cls, "the class that the handle had before")
        self.mentions[entry[1]] = self.mentions.get(entry[1], 0) + 1
        return handle

    def build_class(self, decoder, entry):
        check(len(entry) >= 5 and type(entry[1]) is int and all(type(part) is str for part in entry[2:5]), "a class")
        _, number, name, shown, abilities = entry[:5]
        check(number not in self.classes, "a class that is described once")
        bases = [base for base in decoder.values(entry[5:]) if isinstance(base, type)]
        name = name if name.isidentifier() and name.isascii() else "unnamed"
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

    def let_go(self, number):
        """Note that a test no longer holds a handle."""
        self.released.append([number, self.mentions.pop(number, 0)])

    def callback(self, number):
        """Return a function that a test gave, or raise WireError."""
        check(type(number) is int and number in self.callbacks, "a function that the test gave")
        return self.callbacks[number]

    def build(self, entry):
        """Return what an entry names: a function of the test's comes back as itself."""
        if entry[0] == "C":
            check(len(entry) == 2, "a function that the test gave")
            return self.callback(entry[1])
        return super().build(entry)


def write_callback(encoder, function):
    codec = encoder.codec
    number = codec.callback_numbers.get(id(function))
    if number is None:
        number = codec.callback_numbers[id(function)] = len(codec.callbacks) + 1
        codec.callbacks[number] = function
    return ["C", number]


class RecordingCodec(TrustedCodec):
    """Writes live values for a transcript: by name, by attributes, or as an Opaque."""

    def other(self, value):
        """Return (value, writer)."""
        if isinstance(value, StudentClass) or is_handle(value):
            return Opaque(
                "handle", value.__name__ if isinstance(value, StudentClass) else type(value).__name__
            ), write_opaque
        return Opaque("callback" if callable(value) else "unknown", type(value).__name__), write_opaque


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

    def begin(self, namespace, exports):
        """Begin a test: bind the exports in its namespace, and keep both sides alike from here on."""
        self.namespace, self.exports, self.told = namespace, tuple(exports), {}
        self.transcript = Transcript()
        self.send("watch", {"names": list(exports)})
        self.finish_reply()

    def finish(self):
        """End a test; what it bound is undone in the student process."""
        self.namespace, self.exports, self.told = None, (), {}
        self.shared.keep(())
        self.codec.callbacks.clear()
        self.codec.callback_numbers.clear()
        self.tokens.clear()
        self.send("finish", {})
        check(self.receive()[0] == "done", "the end of a test")

    # -- inside of tests -------------------------------------------------------------------------------------------

    def call(self, function, args, kwargs):
        """Call a student's function."""
        label = reference_of(function).label
        return self.recorded(label, f"{label}()", "call", args, kwargs, ("call", function, list(args), kwargs))

    def operate(self, operation, *operands):
        """Do an operation on a student's objects."""
        labels = [
            reference_of(part).label if is_handle(part) or isinstance(part, StudentClass) else None for part in operands
        ]
        owner = next((label for label in labels if label is not None), "")
        kind = operation if operation in ("getattr", "setattr", "delattr", "iter", "next", "len", "bool") else "op"
        made = f"{owner}.{operands[1]}" if operation == "getattr" else f"{owner}.{operation}()"
        target = made if operation in ("getattr", "setattr", "delattr") else f"{owner}.{operation}"
        rest = operands[1:] if kind != "op" else operands
        return self.recorded(target, made, kind, rest, {}, (operation, *operands))

    def recorded(self, target, label, kind, args, kwargs, request):
        """Send a request and record what it gave."""
        event = Event(target, kind, self.copies(args), {key: self.copy(value) for key, value in kwargs.items()})
        self.transcript.add(event)
        outer, self.codec.label = self.codec.label, label
        try:
            result, error, changed = self.request(*request)
            event.changed = self.copies(changed)
            if error is None:
                event.result = self.copy(result)
                return result
            event.error = (type(error).__name__, str(error)[:MAX_TEXT])
        except Exception as fault:
            raise OurFault(f"{type(fault).__name__}: {fault}") from fault
        finally:
            self.codec.label = outer
        raise error

    def copies(self, values):
        """Return copies of values for the transcript, made together: what they share is shared in the copies."""
        copied = self.copy(tuple(values)) if any(type(value) not in PLAIN for value in values) else tuple(values)
        return copied if type(copied) is tuple else (copied,)

    def copy(self, value):
        """Return a copy of a value for the transcript."""
        return value if type(value) in PLAIN else plain(value, self.recording)

    def request(self, operation, *roots):
        """Ask for one operation; return (result, error or None, objects that it changed)."""
        names, values = self.rebound()
        lost = [name for name in self.told if name not in self.namespace]
        for name in lost:
            del self.told[name]
        facts = {"do": operation, "roots": len(roots), "bound": names, "unbound": lost}
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
        """Serve callbacks until the reply comes; return (result, error or None, objects that were changed)."""
        self.depth += 1
        try:
            while True:
                kind, facts, values = self.receive()
                if kind != "callback":
                    break
                self.call_back(facts, values)
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
            self.shared.keep(())
        if "token" in facts:
            check(type(facts["token"]) is int and 0 <= facts["token"] < len(self.tokens), "an error of the test's own")
            return None, self.tokens[facts["token"]], self.shared.updated
        if "error" in facts:
            return None, self.error_of(facts, result), self.shared.updated
        return result, None, self.shared.updated

    def error_of(self, facts, cls):
        """Return the error that a student's code raised, of the built-in class of its kind: never more than Exception."""
        message, name = facts.get("message"), facts.get("class")
        check(type(message) is str and type(name) is str, "an error")
        message = message[:MAX_TEXT]
        if isinstance(cls, StudentClass) and issubclass(cls, Exception):
            error = cls.__new__(cls, message)
            error.args = (message,)
            return error
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
        check(
            type(facts) is dict and len(values) >= 2 and type(values[0]) is list and type(values[1]) is dict, "a call"
        )
        function = self.codec.callback(facts.get("callback"))
        args, kwargs = tuple(values[0]), values[1]
        check(all(type(key) is str for key in kwargs), "names of arguments")
        event = Event(
            "function of the test", "callback", self.copies(args), {k: self.copy(v) for k, v in kwargs.items()}
        )
        self.transcript.add(event)
        self.shared.freeze()
        try:
            result = function(*args, **kwargs)
        except Exception as error:
            event.error = (type(error).__name__, "")
            self.tokens.append(error)
            self.send("raise", {"class": type(error).__name__, "token": len(self.tokens) - 1})
        else:
            event.result = self.copy(result)
            self.send("return", {}, [result])

    def let_go(self, number):
        """Note that a test no longer holds a handle."""
        self.codec.let_go(number)
