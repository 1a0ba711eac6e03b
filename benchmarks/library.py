"""How fast plainnet trains, next to its peers, in one run on one machine.

    python benchmarks/library.py [--seconds 4] [--threads 1 2] [--only W1 W3]

All libraries take turns in short rounds, so that what disturbs the machine disturbs all of them;
a ratio is the median over the rounds.  Peers that are not installed are left out and named; for all:

    python3 -m venv build/peers
    build/peers/bin/pip install numpy autograd torch==2.13.0 jax micrograd
    PYTHONPATH=lib build/peers/bin/python benchmarks/library.py

Where OPENBLAS_CORETYPE is set, a last run does without, since OpenBLAS then chooses its kernels for
the processor that is there, as on a student's machine.
"""

import argparse
import contextlib
import functools
import importlib
import importlib.util
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from peers import NAMES, digits, matmul_flops
from peers.growth import series
from peers.measure import matmul_peak, peak_memory, summary, take_turns

PEERS = {
    "plainnet": "plain",
    "torch": "with_torch",
    "autograd": "with_autograd",
    "jax": "with_jax",
    "micrograd": "with_micrograd",
}
TARGETS = {"W1": 2.5, "W2": 1.15, "W2 Adam": 1.05, "W3": 0.95, "W4": 0.95, "W5": 3.0, "W6": 0.5}  # torch's time to ours
CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}
OUT = Path(__file__).parents[1] / "build" / "bench" / "library.json"


def main():
    args = parse()
    if args.part:  # a child process, with its number of threads in the environment
        print(json.dumps(PARTS[args.part[0]](args, *args.part[1:])))
        return
    pinned = os.environ.get("OPENBLAS_CORETYPE")
    plan = [(threads, pinned) for threads in args.threads] + [(1, None)] * (pinned is not None and 1 in args.threads)
    runs = []
    for threads, coretype in plan:
        child = functools.partial(in_child, args, threads, coretype)
        run = {"threads": threads, "OPENBLAS_CORETYPE": coretype, "peak": child("peak"), "speed": child("speed")}
        if not runs:
            run["memory"] = {
                name: {peer: child("memory", peer, name) for peer in ("plainnet", "torch") if peer in row["ms"]}
                for name, row in run["speed"].items()
            }
            run["growth"] = child("growth")
            run["import"] = child("import")
            run["digits"] = child("digits")
        report(run)
        runs.append(run)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps({"machine": machine(), "clock": args.clock, "runs": runs}, indent=1))
    print(f"\nwritten: {os.path.relpath(args.out)}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=4, help="time for each workload, shared by the peers")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="numbers of BLAS threads to run with")
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: for one thread on a busy machine")
    parser.add_argument("--only", nargs="+", default=NAMES, help="workloads, such as W1 W3")
    parser.add_argument("--out", type=Path, default=OUT, help="where the figures go, as JSON")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    return parser.parse_args()


def in_child(args, threads, coretype, *part):
    """Return what this script computes as a child process: so many threads, OpenBLAS's kernels for `coretype`."""
    variables = "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"
    environment = os.environ | dict.fromkeys(variables, str(threads)) | {"JAX_PLATFORMS": "cpu"}
    environment.pop("OPENBLAS_CORETYPE", None)
    if coretype:
        environment["OPENBLAS_CORETYPE"] = coretype
    command = [sys.executable, __file__, "--seconds", str(args.seconds), "--threads", str(threads)]
    command += ["--clock", args.clock, "--only", *args.only, "--part", *part]
    child = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(child.stdout.splitlines()[-1])


def speed(args):
    """Measure every workload in every library that is installed."""
    use_cores(args.threads[0])
    tables = {}
    for peer, module in PEERS.items():
        with contextlib.suppress(ImportError):  # the report names who is missing
            tables[peer] = importlib.import_module(f"peers.{module}").workloads()
    rows = {}
    for name in args.only:
        steps = {peer: table[name]() for peer, table in tables.items() if name in table}
        ms, ratios = summary(take_turns(steps, args.seconds, CLOCKS[args.clock]))
        rows[name] = {"ms": ms, "ratios": ratios}
    return rows


def growth(args):
    """Measure how time grows with size."""
    use_cores(args.threads[0])
    libraries = ["plainnet"] + ["torch"] * (importlib.util.find_spec("torch") is not None)
    return {
        title: {
            size: summary(take_turns({p: b() for p, b in row.items()}, args.seconds / 4, CLOCKS[args.clock]))[0]
            for size, row in rows.items()
        }
        for title, rows in series(libraries).items()
    }


def memory(args, peer, name):
    return peak_memory(importlib.import_module(f"peers.{PEERS[peer]}").workloads()[name])


def whole_trainings(args):
    """Train on the digits, a dense and a convolutional network."""
    use_cores(args.threads[0])
    return digits.measure(CLOCKS[args.clock])


def import_time(args):
    """Return the seconds that ``import plainnet`` takes where NumPy is imported already: the best of five processes."""
    code = "import numpy, time; t = time.perf_counter(); import plainnet; print(time.perf_counter() - t)"
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(5)]
    return min(float(run.stdout) for run in runs)


def use_cores(count):
    """Confine this process to `count` cores: JAX asks no variable."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:count])


PARTS = {
    "speed": speed,
    "growth": growth,
    "memory": memory,
    "import": import_time,
    "digits": whole_trainings,
    "peak": lambda args: matmul_peak(),
}


def report(run):
    """Print a run's tables."""
    missing = [peer for peer in PEERS if all(peer not in row["ms"] for row in run["speed"].values())]
    print(
        f"\n{run['threads']} thread(s), OPENBLAS_CORETYPE={run['OPENBLAS_CORETYPE'] or 'not set, detected'}, float32, ",
        end="",
    )
    print(f"ms a step; the matrix product reaches {run['peak']:.0f} GFLOP/s")
    if missing:
        print(f"not installed: {', '.join(missing)}")
    peers = [peer for peer in PEERS if peer not in missing]
    print("".join(f"{title:>11}" for title in ["", *peers, "torch/ours", "target", "of peak", "MiB ours", "MiB torch"]))
    for name, row in run["speed"].items():
        times = [f"{row['ms'][peer]:.4g}" if peer in row["ms"] else "-" for peer in peers]
        ratio = f"{row['ratios']['torch']:.2f}" if "torch" in row["ratios"] else "-"
        part = matmul_flops(name) / (row["ms"]["plainnet"] * 1e6 * run["peak"])
        sizes = run.get("memory", {}).get(name, {})
        mib = [f"{sizes[peer]:.0f}" if sizes.get(peer) is not None else "-" for peer in ("plainnet", "torch")]
        print("".join(f"{cell:>11}" for cell in [name, *times, ratio, TARGETS[name], f"{part:.0%}", *mib]))
    for title, rows in run.get("growth", {}).items():
        print(f"\ngrowth with {title}")
        for size, ms in rows.items():
            print(f"{size:>11}" + "".join(f"{ms[peer]:>10.3g} {peer}" for peer in ms))
    if "import" in run:
        print(f"\nimport plainnet, beyond NumPy's own import: {run['import']:.3f} s")
    for name, row in run.get("digits", {}).items():
        print(
            f"digits, a whole training, three seeds: {name} {row['accuracy']:.1%} of the held-out fifth "
            f"in {row['seconds']:.2f} s; wanted 98 % within {row['within']:g} s"
        )


def machine():
    """Return what a reader needs to know to compare figures."""
    import numpy as np

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas['name']} {blas['version']}",
        "processor": platform.processor() or platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "OPENBLAS_CORETYPE": os.environ.get("OPENBLAS_CORETYPE"),
    }


if __name__ == "__main__":
    main()
