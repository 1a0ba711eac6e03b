"""What the boundary between examiner and student costs: a fresh process, a call, a megabyte.

    python benchmarks/boundary.py [--rounds 40]

Times are wall times, the best and the median of all rounds, because a shared machine only ever adds; CPU times of both
sides stand beside them. The same calls in one process are the yardstick.
"""

import argparse
import json
import os
import statistics
import time
from pathlib import Path

import numpy as np

from autograder.exam.sandbox import Sandbox

OUT = Path(__file__).parents[1] / "build" / "bench" / "boundary.json"
STUDENT = """
import numpy as np
import plainnet
def f(x): return x
def change(x): x += 1.0
def call(g, x): return g(x)
class Value:
    def __init__(self, data): self.data = data
    def __add__(self, other): return Value(self.data + other.data)
def tensors(n):
    y = plainnet.Tensor(1.0, requires_grad=True)
    for _ in range(n): y = y * 1.0
    return y
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    results = {}
    start = time.perf_counter()
    with Sandbox() as sandbox:
        results["start of the sandbox, once (ms)"] = [1e3 * (time.perf_counter() - start)]
        results["a student process: fork, shut off, end (ms)"] = [fresh(sandbox) for _ in range(rounds)]
        with sandbox.student() as student:
            measure_calls(student, rounds, results)
    table = {name: {"best": min(times), "median": statistics.median(times)} for name, times in results.items()}
    print(f"{'':46} {'best':>9} {'median':>9}")
    for name, row in table.items():
        print(f"{name:46} {row['best']:9.2f} {row['median']:9.2f}")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    OUT.write_text(json.dumps({"load": load, "rounds": rounds, "rows": table}, indent=1) + "\n", encoding="utf-8")
    print(f"load average {load:.1f}; written to build/bench/{OUT.name}")


def fresh(sandbox):
    """Return the milliseconds of one student process without cells."""
    start = time.perf_counter()
    with sandbox.student():
        pass
    return 1e3 * (time.perf_counter() - start)


def measure_calls(student, rounds, results):
    """Add the times of calls to one student process."""
    boundary = student.boundary
    boundary.run_cell(STUDENT, "cell 1")
    namespace, local = {}, {}
    exec(STUDENT, local)
    with student.within(600):
        boundary.begin(namespace, ["f", "change", "call", "Value", "tensors"])
        one, small, big = 1.0, np.ones(10), np.ones(1 << 17)  # the last is 1 MB
        a, b = namespace["Value"](1.0), namespace["Value"](2.0)
        cases = {
            "f(1.0) (us)": (1e6, lambda: namespace["f"](one)),
            "f(1.0) in one process (us)": (1e6, lambda: local["f"](one)),
            "f(array of 10) (us)": (1e6, lambda: namespace["f"](small)),
            "f(array of 1 MB), there and back as itself (ms)": (1e3, lambda: namespace["f"](big)),
            "change(array of 1 MB), there and back (ms)": (1e3, lambda: namespace["change"](big)),
            "a call that calls the test back (us)": (1e6, lambda: namespace["call"](abs_of, one)),
            "Value + Value, an object of the student's (us)": (1e6, lambda: a + b),
            "an attribute of it (us)": (1e6, lambda: a.data),
            "a graph of 1,000 tensors comes (ms)": (1e3, lambda: namespace["tensors"](1000)),
        }
        for name, (unit, action) in cases.items():
            repeat = 20 if unit == 1e6 else 1
            results[name] = [unit * timed(action, repeat) for _ in range(rounds)]
        boundary.finish()


def abs_of(x):
    """Be called back."""
    return abs(x)


def timed(action, repeat):
    """Return the seconds of one action."""
    start = time.perf_counter()
    for _ in range(repeat):
        action()
    return (time.perf_counter() - start) / repeat


if __name__ == "__main__":
    main()
