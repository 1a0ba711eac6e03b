"""Measuring: libraries that take turns, memory above what the import left, the matrix product as yardstick."""

import gc
import statistics
import time

import numpy as np

ROUND = 0.02  # seconds that a library computes before it is the next one's turn; at least one step


def take_turns(steps, seconds, clock=time.perf_counter):
    """Return {name: [milliseconds per step, one for each round]}; all take their turn in each round.

    A step of more than a tenth of the time is measured three times only.
    """
    counts, times = {}, {name: [] for name in steps}
    for name, step in steps.items():
        step()  # compiles, fills caches
        counts[name] = max(1, round(ROUND / timed(step, 1, clock)))
    gc.disable()
    end, rounds = time.perf_counter() + seconds, 0
    while rounds < 3 or time.perf_counter() < end:
        for name, count in counts.items():
            if rounds < 3 or times[name][-1] * count < 100 * seconds:
                times[name].append(1e3 * timed(steps[name], count, clock) / count)
        gc.collect()
        rounds += 1
    gc.enable()
    return times


def timed(step, count, clock=time.perf_counter):
    """Return the seconds that `count` steps take."""
    start = clock()
    for _ in range(count):
        step()
    return clock() - start


def summary(times):
    """Return the median milliseconds of each library, and the median over rounds of its time to plainnet's."""
    ours = times["plainnet"]
    ratios = {name: statistics.median(t / own for t, own in zip(values, ours)) for name, values in times.items()}
    return {name: statistics.median(values) for name, values in times.items()}, ratios


def matmul_peak(seconds=1.0):
    """Return the GFLOP/s of NumPy's product of two 1024 x 1024 matrices in float32, the best seen."""
    a = np.ones((1024, 1024), np.float32)
    best, end = np.inf, time.perf_counter() + seconds
    while time.perf_counter() < end:
        best = min(best, timed(lambda: a @ a, 1))
    return 2 * 1024**3 / best / 1e9


def peak_memory(build):
    """Return the MiB by which five steps raise the process's peak above what the imports left (Linux; else None)."""
    try:
        with open("/proc/self/clear_refs", "w") as reset:
            reset.write("5")  # the peak starts anew from the present size
        before = status("VmRSS")
        step = build()
        for _ in range(5):
            step()
        return (status("VmHWM") - before) / 1024
    except OSError:
        return None


def status(field):
    """Return a field of /proc/self/status in KiB."""
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(field))
