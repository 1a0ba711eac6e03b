"""The student process: runs a student's cells and answers the examiner's calls. It never sees a test.

What can't cross by value stays here and gets a number: a handle. The examiner names the handle and what to do with it
(`special.OPERATIONS`); the answer is a value, another handle, or the kind of error that was raised. All that is in this
process is the student's word; nothing here decides anything.
"""

import random
import sys
import threading

import msgpack
import numpy as np

from autograder.exam.cells import MAX_OUTPUT, Capped, Notebook
from autograder.exam.channel import LENGTH, Channel, Closed, write_all
from autograder.exam.entropy import Entropy
from autograder.exam.handles import FromTest, GuestCodec
from autograder.exam.names import Names, forbid
from autograder.exam.python_random import SharedState
from autograder.exam.shared import Shared
from autograder.exam.special import OPERATIONS

UNBOUND = object()


def serve(reader, writer, request):
    """Answer the examiner until it hangs up."""
    Guest(Channel(reader, writer), request).serve()


def report(writer, problem):
    """Say that this process could not be shut off from the machine."""
    body = msgpack.packb(["problem", problem, [], []])
    write_all(writer, memoryview(LENGTH.pack(len(body)) + body))


class Guest:
    """A student's notebook, and the examiner's end of the wire."""

    def __init__(self, channel, request):
        self.channel = channel
        for dotted in request["forbidden"]:
            forbid(dotted)
        self.codec = GuestCodec(Names(request["forbidden"]), self)
        self.shared = Shared(step=-1)
        self.notebook = Notebook()
        self.watched, self.told, self.replaced = (), {}, {}  # exports; what the examiner knows of them; what a test hid
        self.python_random = None  # while a test shares it
        self.depth = 0
        self.turn = threading.RLock()  # threads of the student's may call the test's functions too
        self.entropy = Entropy()
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - one grading is like the next, whatever a student draws from
        sys.stdout = sys.stderr = Capped(0)

    def serve(self):
        """Answer until the pipe closes."""
        self.send("ready", {})
        while True:
            try:
                self.answer(*self.channel.receive(self.codec, self.shared))
            except Closed:
                return

    def send(self, kind, facts, roots=(), last=False):
        """Send a message with what changed since the last one; forget the classes it describes if it can't be sent."""
        try:
            self.channel.send(kind, facts, self.codec, roots, self.shared, last)
        except BaseException:
            self.codec.forget_fresh()
            raise
        self.codec.fresh.clear()

    def answer(self, kind, facts, values):
        """Do what a request asks, and reply."""
        self.codec.release(facts.get("released", ()))
        if kind == "cell":
            self.run_cell(facts)
        elif kind == "watch":
            self.watch(facts)
        elif kind == "finish":
            self.finish()
        else:
            self.operate(facts, values)

    def run_cell(self, facts):
        """Run one cell of the notebook."""
        output, error = self.notebook.run(facts["source"], facts["name"])
        names = facts["course"]
        if names:
            self.codec.names.add_course(self.notebook.namespace, names)
        self.send("done", {"output": output, "error": error})

    def watch(self, facts):
        """Begin a test: tell what the exports are, and from now on what becomes of them."""
        self.watched, self.told = facts["names"], {}
        self.entropy.begin_test()
        if facts["old_random"]:
            self.shared.adopt(np.random.mtrand._rand)
        self.python_random = SharedState() if facts["old_random"] else None
        self.reply({}, [None])

    def finish(self):
        """End a test: undo what it bound, and forget what was shared."""
        for name, value in self.replaced.items():
            self.bind(name, value)
        self.replaced, self.watched = {}, ()
        self.shared.clear()
        self.codec.callbacks.clear()
        self.send("done", {})

    def bind(self, name, value):
        """Bind or delete a global name of the notebook."""
        if value is UNBOUND:
            self.notebook.namespace.pop(name, None)
        else:
            self.notebook.namespace[name] = value

    def operate(self, facts, values):
        """Do one operation on objects of the student's."""
        count, keywords = facts["roots"], facts["keywords"]
        for name, value in [*zip(facts["bound"], values[count:]), *[(name, UNBOUND) for name in facts["unbound"]]]:
            self.replaced.setdefault(name, self.notebook.namespace.get(name, UNBOUND))
            self.bind(name, value)
            self.told[name] = value
        del values[count:]
        value = None
        if facts.get("random"):
            self.python_random.take(facts["random"])
        self.shared.freeze()
        self.depth += 1
        before, sys.stdout = sys.stdout, Capped(MAX_OUTPUT)
        printed = sys.stdout
        try:
            if facts["do"] == "call":
                kwargs = dict(zip(keywords, values[count - len(keywords) :]))
                result = values[0](*values[1 : count - len(keywords)], **kwargs)
                kwargs = None
            else:
                result = OPERATIONS[facts["do"]](*values)
        except FromTest as error:
            outcome, roots = {"token": error.args[1]}, [None]
        except BaseException as error:  # a student's code may raise anything: the test is told what kind
            outcome, roots = self.tell_error(error)
        else:
            outcome, roots = {}, [result]
        sys.stdout = before
        if printed.size:
            outcome["printed"] = "".join(printed.parts)
        if self.python_random and (news := self.python_random.news()):
            outcome["random"] = news
        with self.turn:
            self.depth -= 1
        values.clear()  # so that only the student's own references count, see Shared.held
        result = kwargs = None
        self.reply(outcome, roots)

    def tell_error(self, error):
        """Return what the examiner may know of an error, and its class if that is the student's own."""
        named = next(cls for cls in type(error).__mro__ if self.codec.names.name_of(cls))
        facts = {
            "error": self.codec.names.name_of(named),
            "class": type.__dict__["__name__"].__get__(type(error))[:200],
        }
        facts["message"] = message_of(error)
        own = isinstance(error, Exception) and type(error) is not named
        error.__traceback__ = None
        return facts, [type(error) if own else None]

    def reply(self, facts, roots):
        """Send a result, with the exports that changed and the objects that this side still holds."""
        names, values = self.news()
        facts |= {"bound": names, "unbound": self.lost()}
        roots += values
        del values
        try:
            self.send("reply", facts, roots, last=self.depth == 0)
        except Closed:
            raise
        except Exception as error:  # what can't cross; a class of the student's may also raise anything here
            self.told = {}
            facts = {"error": "builtins.TypeError", "class": "TypeError", "message": message_of(error)}
            self.send("reply", facts | {"bound": [], "unbound": []}, [None])

    def news(self):
        """Return the exports that are bound to something else than the examiner knows."""
        namespace, names = self.notebook.namespace, []
        for name in self.watched:
            if name in namespace and self.told.get(name, UNBOUND) is not namespace[name]:
                names.append(name)
                self.told[name] = namespace[name]
        return names, [namespace[name] for name in names]

    def lost(self):
        """Return the exports that are no longer bound."""
        lost = [name for name in self.watched if name in self.told and name not in self.notebook.namespace]
        for name in lost:
            del self.told[name]
        return lost

    def call_back(self, number, args, kwargs):
        """Call a function of the test's."""
        with self.turn:
            if self.depth == 0:
                raise RuntimeError("a test's function can be called only while the test waits for you")
            return self.exchange(number, args, kwargs)

    def exchange(self, number, args, kwargs):
        """Ask for a call, and answer what the test asks meanwhile."""
        facts = {"callback": number, "given": len(args), "keywords": list(kwargs)}
        self.send("callback", facts, [*args, *kwargs.values()], last=True)  # else dropped arrays pile up, call by call
        while True:
            kind, facts, values = self.channel.receive(self.codec, self.shared)
            if kind == "return":
                self.shared.freeze()
                return values[0]
            if kind == "raise":
                raise FromTest(f"{facts['class']} in a function that the test gave", facts["token"], facts["class"])
            self.answer(kind, facts, values)


def message_of(error):
    """Return the message of an error, which a student's class may make in any way."""
    try:
        return str(error)[:2000]
    except BaseException:
        return ""
