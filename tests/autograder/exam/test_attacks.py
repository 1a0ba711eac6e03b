"""Submissions that want marks they have not earned, or more than marks; and honest ones that must keep theirs.

The exercise: `f(x)` returns twice an array. Each attack is one answer, sorted by the classes of threats.
"""

import os
import textwrap
import time

import pytest

from autograder.exam.sandbox import ENVIRONMENT, GUEST_MODULES, Limits

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

SOLUTION = "def f(x): return 2 * x"
TESTS = (
    "y = f(np.array([1.0, 2.0]))\nassert y.shape == (2,)\nassert np.allclose(y, [2.0, 4.0])",
    "for n in (1, 3, 5):\n    x = rng.normal(size=n)\n    want = reference.f(x)\n"
    "    np.testing.assert_allclose(f(x), want, rtol=1e-9)\n    assert_allclose(f(x.copy()), want)",
    "x = rng.normal()\nassert abs(f(x) - 2 * x) < 1e-9\nassert f(3) == 6\nassert f(1.5) in [3.0]",
)


QUICK = Limits(cell_seconds=1, memory_mb=400, wall_grace=1.0)


def test_no_mark_is_given_that_was_not_earned(exam, sandbox, attack):
    zygote = sandbox.zygote.pid
    result = exam(attack, *TESTS, solution=SOLUTION, exports=("f",), hidden=True, limits=QUICK, limit=0.5)
    assert set(result.verdicts[1:]) == {"failed"}, result.verdicts
    assert result.verdicts[0] == "failed" or "np.array([2.0, 4.0]) if" in attack
    assert all(cell.message == "" and cell.score == 0 for cell in result.examination.cells[1:])
    assert (sandbox.zygote.pid, sandbox.zygote.poll()) == (zygote, None)


RAW = """
import msgpack, os, struct
def say(kind, facts, slots=(), table=()):
    body = msgpack.packb([kind, facts, list(slots), list(table)])
    os.write(4, struct.pack("<I", len(body)) + body)
"""
FORGED = [  # what a student's process writes to the wire by itself: while a cell runs, and while a test waits
    ("done", {"output": 5, "error": None}),
    ("done", {"output": "", "error": ["a"]}),
    ("done", {"output": "", "error": ["a", "b", "c"]}),
    ("done", {"output": "x" * 10**6, "error": ["\ud800\x1b[31m".encode("utf-8", "replace").decode(), "b", 1]}),
    ("done", []),
    ("ready", {}),
    ("problem", "no sandbox"),
    ("callback", {"callback": 1, "given": 0, "keywords": []}),
    ("callback", {"callback": 1, "given": -1, "keywords": None}),
    ("reply", {"bound": ["f"], "unbound": []}, [None, True]),
    ("reply", {"bound": ["np", "assert_allclose"], "unbound": []}, [None, True, True]),
    ("reply", {"bound": [], "unbound": ["np"]}, [None]),
    ("reply", {"bound": [[1]], "unbound": [{}]}, [None, 1]),
    ("reply", {"token": 0}, [None]),
    ("reply", {"error": "builtins.AssertionError", "class": 1, "message": 2}, [None]),
    ("reply", {"kept": [1, 2, "a"]}, [None]),
    ("reply", {"kept": list(range(100))}, [None]),
    ("reply", {"printed": 3}, [None]),
    ("reply", {"printed": "x" * 10**6}, []),
    ("reply", {"random": [[0] * 625, None]}, [None]),
    ("reply", {}, []),
    (1, 2),
]


@pytest.mark.parametrize("index", range(len(FORGED)))
def test_what_is_written_to_the_wire_forges_nothing(exam, index):
    said = f"say(*{FORGED[index]!r})"
    options = {"solution": SOLUTION, "exports": ("f",), "hidden": True, "limits": QUICK, "limit": 0.5}
    at_once = exam(f"{RAW}\n{said}\ndef f(x): return x", *TESTS, **options)
    in_call = exam(f"{RAW}\ndef f(x):\n    {said}\n    return x", *TESTS, **options)
    assert set(at_once.verdicts + in_call.verdicts) == {"failed"}


def test_no_mark_is_lost_that_was_earned(exam, honest):
    result = exam(honest, *TESTS, solution=SOLUTION, exports=("f",), hidden=True, limit=5.0)
    assert result.verdicts == ["passed"] * 3, [event.error for event in result.events]


def test_what_ends_the_process_in_one_exercise_costs_no_other(sandbox):
    from autograder.assignment import Assignment, Cell, Exercise
    from autograder.exam.assemble import Assembled, RunCell
    from autograder.exam.examine import examine

    bad = {"loop": "while True: pass", "exit": "os._exit(0)", "memory": "k.append(np.ones(10**7))\n    return loop_(k)"}
    names = ["good", *bad, "last"]
    cells = [Cell("instructor", "import numpy as np, os")]
    cells += [Cell("solution", f"def {name}(k): return k", name, name) for name in names]
    cells += [
        Cell("hidden", f"assert {name}({part}) == {part}", f"{name}-{i}", name, 1.0)
        for name in names
        for i, part in enumerate((1, 2))
    ]
    assignment = Assignment("many", tuple(cells), {name: Exercise(name, (name,), limit=0.5) for name in names})
    texts = {name: f"def {name}(k):\n    {body}" for name, body in bad.items()}
    texts["memory"] = "def memory(k):\n    k = []\n    while True: k.append(np.ones(10**6))"
    run = [RunCell("instructor", "import numpy as np, os"), RunCell("added", "os._exit(3)")]
    run += [RunCell("solution", texts.get(name, f"def {name}(k): return k"), name, name) for name in names]
    start = time.monotonic()
    found = examine(assignment, Assembled(run), sandbox, lambda name: 0, limits=QUICK)
    verdicts = {cell.grade_id: cell.verdict for cell in found.cells}
    assert [name for name, verdict in verdicts.items() if verdict == "passed"] == [
        "good-0",
        "good-1",
        "last-0",
        "last-1",
    ]
    assert "Stopped" in str(found.outputs[1])
    assert time.monotonic() - start < 30


LOOK = """
import ctypes, os, socket, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def attempt(name, action):
    try:
        result = action()
    except BaseException as error:
        print(name, '-> no:', type(error).__name__)
    else:
        print(name, '-> YES:', str(result)[:60])
def syscall(*arguments):
    if libc.syscall(*arguments) < 0:
        raise OSError(ctypes.get_errno())
def wrote(path):
    with open(path, 'w') as file: file.write('x')
    return path
"""


def test_the_sandbox_shows_and_permits_nothing(exam, forbidden):
    root = str(os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "..")))
    ours = {"HOME", "LANG", "PATH", "PWD", *ENVIRONMENT}
    foreign = sorted(set(os.environ) - ours)
    lines = "\n".join(f"attempt({name!r}, lambda: {action.strip()})" for name, action in forbidden.items())
    answer = f"{LOOK}\nCOURSE = {root!r}\nFOREIGN = {foreign!r}\n{lines}\n"
    result = exam(answer, "assert False", exports=("f",), limits=Limits(cell_seconds=10))
    said = result.examination.outputs[2][0]["text"].strip().split("\n")
    assert len(said) == len(forbidden)
    assert [line for line in said if "-> YES" in line] == []


def test_the_students_process_never_holds_a_test_or_a_reference(exam):
    """It searches its own memory, while a test waits for it, for words of the test and of the reference."""
    answer = """
    import re, sys
    def f(first, second, control):
        word, found = re.compile(first.encode() + b"(?:" + second.encode() + b")"), 0
        with open('/proc/self/maps') as maps, open('/proc/self/mem', 'rb', 0) as memory:
            for line in maps:
                span, mode = line.split()[:2]
                if 'r' in mode and 'w' in mode:
                    start, end = (int(part, 16) for part in span.split('-'))
                    try:
                        memory.seek(start)
                        found += len(word.findall(memory.read(end - start)))
                    except (OSError, ValueError, OverflowError):
                        continue
        return found, [name for name in sys.modules if name.startswith('autograder')]
    """
    test = """
    zebraquagga = "okapigiraffe, mangopapaya"
    for first, second in (("zebra", "quagga"), ("okapi", "giraffe"), ("llama", "alpaca")):
        assert f(first, second, "")[0] == 0
    assert f("mango", "papaya", "mango" + "papaya"[:])[0] > 0  # the search would have found it
    """
    result = exam(answer, test, solution="def f(*_):\n    llamaalpaca = 1", exports=("f",), limit=20.0, hidden=True)
    counts = [event.result[0] for event in result.events]
    assert (result.verdict, counts[:3]) == ("passed", [0, 0, 0])
    assert sorted(result.events[0].result[1]) == sorted(
        ["autograder", "autograder.exam", *(f"autograder.exam.{name}" for name in GUEST_MODULES if name != "guest")]
    )


def test_no_process_is_left_and_nothing_is_written_outside(exam, sandbox, tmp_path):
    answer = """
    import os, threading, time, atexit
    def write():
        for i in range(10_000):
            try: open('/tmp/left', 'a').write('x')
            except OSError: pass
    threading.Thread(target=write).start()
    atexit.register(write)
    def f(x): return sorted(os.listdir('/tmp'))
    """
    first = exam(answer, "assert 'left' in f(1)")
    again = exam("import os\ndef f(x): return os.listdir('/tmp')", "assert f(1) == []")
    assert (first.verdict, again.verdict) == ("passed", "passed")
    assert children_of(sandbox.zygote.pid) == 1  # the zygote itself, inside of bwrap
    assert not os.path.exists("/tmp/left")


def children_of(pid):
    """Return how many processes descend from one."""
    found = []
    pending = [pid]
    while pending:
        pid = pending.pop()
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as file:
                pending += (new := [int(child) for child in file.read().split()])
                found += new
    return len(found) - 1


def test_a_submission_leaves_no_trace_in_the_next(exam):
    spoil = """
    import warnings, random, matplotlib, os, sys, plainnet
    np.seterr(all='raise'); warnings.simplefilter('error'); np.random.seed(5); random.seed(5)
    matplotlib.rcParams['lines.linewidth'] = 99
    np.sum = None; plainnet.exp = None; sys.path.insert(0, '/tmp'); os.environ['X'] = '1'; os.chdir('/')
    open('/tmp/numpy.py', 'w').write('raise RuntimeError')
    def f(x): return 0
    """
    look = """
    import warnings, matplotlib, os, sys, plainnet, random
    state = [np.random.rand(), random.random()]
    def draw(): return state
    def f(x):
        return [np.geterr()['over'], matplotlib.rcParams['lines.linewidth'], np.sum is None, plainnet.exp is None,
                '/tmp' in sys.path, os.environ.get('X'), os.getcwd(), os.listdir('/tmp')]
    """
    assert exam(spoil, "assert f(1) == 0").verdict == "passed"
    test = "assert f(1) == ['warn', 1.5, False, False, False, None, '/tmp', []], f(1)"
    assert exam(look, test).message == ""
    draws = [exam(look, "draw()").events[0].result for _ in range(2)]
    assert len(draws[0]) == 2
    assert draws[0] == draws[1]  # one grading is like the next


def test_output_is_capped_as_it_streams(exam):
    result = exam("for i in range(3000): print('x' * 10_000)\ndef f(x): return x", "assert f(1) == 1")
    text = result.examination.outputs[2][0]["text"]
    assert result.verdict == "passed"
    assert len(text) < 25_000
    assert "more characters" in text


def test_the_text_of_a_forbidden_function_is_gone(exam):
    answer = """
    import gc, importlib, os, sys
    folder = list(plainnet.__path__)[0]
    def f(x):
        text = open(os.path.join(folder, 'ops.py')).read()
        compiled = os.path.join(folder, '__pycache__')
        cached = os.listdir(compiled) if os.path.isdir(compiled) else []
        del sys.modules['plainnet.ops']
        try:
            again = importlib.import_module('plainnet.ops')
        except ImportError:
            again = None
        found = [thing for thing in gc.get_objects() if type(thing).__name__ == 'Op' and thing.name == 'exp']
        return text, cached, hasattr(again, 'exp'), found, hasattr(plainnet.Tensor, 'exp')
    """
    test = "assert f(1) == ('', [], False, [], False), f(1)"
    assert exam(answer, test, forbid=("plainnet.exp",), exports=("f",)).message == ""


def test_a_killed_examiner_leaves_no_process(tmp_path):
    import signal
    import subprocess
    import sys

    script = textwrap.dedent(
        """
        import time
        from autograder.exam.sandbox import Sandbox
        with Sandbox() as sandbox:
            student = sandbox.student()
            print(sandbox.zygote.pid, student.host_pid, flush=True)
            student.boundary.run_cell("while True: pass", "cell 1")
        """
    )
    examiner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in examiner.stdout.readline().split()]
    examiner.send_signal(signal.SIGKILL)
    examiner.wait()
    examiner.stdout.close()
    deadline = time.monotonic() + 5
    while any(os.path.exists(f"/proc/{pid}") for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert [pid for pid in pids if os.path.exists(f"/proc/{pid}")] == []
