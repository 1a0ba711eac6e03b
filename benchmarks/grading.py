"""How fast a class is graded, next to `nbgrader autograde` on the same class, in one run, marks compared one by one.

    python benchmarks/grading.py [--students 40] [--endless 0.05] [--jobs 2] [--chapter 01_graphs]

The class is honest: right answers in two ways, known wrong ones, blanks; `--endless` adds a share whose first answer
never returns. By default it answers a course of twelve code cells in plain nbgrader style (NumPy, matplotlib and
plainnet imported, four exercises, tests of milliseconds); with `--chapter` a chapter of ours, hints included. Both
graders start as their commands do; ours runs with its sandbox; nbgrader is serial, with time-outs of ten seconds.
"""

import argparse
import copy
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "bench" / "grading.json"
NBGRADER_CONFIG = "\nc.Execute.timeout = 10\n"
IMPORTS = "import matplotlib.pyplot as plt\nimport numpy as np\n\nimport plainnet"
ENDLESS = "while True:\n        pass"

# exercise: (signature, right, also right, wrong, visible test, hidden test)
EXERCISES = {
    "softmax": (
        "def softmax(z):",
        "e = np.exp(z - z.max(axis=1, keepdims=True))\n    return e / e.sum(axis=1, keepdims=True)",
        "return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))",
        "e = np.exp(z - z.max())\n    return e / e.sum()",
        "assert softmax(np.zeros((2, 3))).shape == (2, 3)",
        "z = np.random.default_rng(1).normal(size=(50, 20))\n"
        "w = np.exp(z)\nassert np.allclose(softmax(z), w / w.sum(axis=1, keepdims=True))",
    ),
    "centre": (
        "def centre(x):",
        "return x - x.mean(axis=0)",
        "m = sum(x) / len(x)\n    return np.array([row - m for row in x])",
        "return x - x.mean()",
        "assert np.allclose(centre(np.array([[1.0], [3.0]])), [[-1.0], [1.0]])",
        "x = np.random.default_rng(2).normal(size=(200, 8))\nassert abs(centre(x).mean(axis=0)).max() < 1e-12",
    ),
    "hinge": (
        "def hinge(s, y):",
        "m = np.maximum(0, s - s[np.arange(len(y)), y][:, None] + 1)\n    return (m.sum() - len(y)) / len(y)",
        "return sum(max(0, v - r[k] + 1) for r, k in zip(s, y) for j, v in enumerate(r) if j != k) / len(y)",
        "m = np.maximum(0, s - s[np.arange(len(y)), y][:, None] + 1)\n    return m.sum() / len(y)",
        "assert np.isclose(hinge(np.array([[3.0, 1.0]]), np.array([0])), 0)",
        "s = np.array([[1.0, 2.0, 0.5], [0.0, 3.0, 1.0]])\nassert np.isclose(hinge(s, np.array([0, 1])), 1.25)",
    ),
    "slope": (
        "def slope(f, x, h=1e-5):",
        "return (f(x + h) - f(x - h)) / (2 * h)",
        "a, b = f(x + h), f(x - h)\n    return (a - b) / h / 2",
        "return f(x + h) - f(x)",
        "assert abs(slope(lambda x: x * x, 3.0) - 6) < 1e-6",
        "for x in np.linspace(-2, 2, 41):\n    assert abs(slope(np.sin, x) - np.cos(x)) < 1e-8",
    ),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--endless", type=float, default=0.0, help="share of the class with an endless loop")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--chapter", help="a chapter of ours, built in build/nbgrader")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grading-") as folder:
        report = measure(args, Path(folder))
    show(report)
    written = json.loads(OUT.read_text()) if OUT.exists() else {}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(written | {f"{report['course']}, {args.students} students": report}, indent=1) + "\n")
    return 1 if report["differences"] else 0


def measure(args, folder):
    """Grade one class with both; return the figures and every mark that differs."""
    course, name = folder / "course", args.chapter or "twelve_cells"
    answers = write_chapter(course, name) if args.chapter else write_course(course, name)
    run([program("nbgrader"), "generate_assignment", name], course)
    released = json.loads((course / "release" / name / "exercises.ipynb").read_text())
    endless = round(args.endless * args.students)
    for number in range(args.students):
        folder_of = course / "submitted" / f"student-{number:04d}" / name
        folder_of.mkdir(parents=True)
        notebook = hand_in(released, answers, number, number < endless)
        (folder_of / "exercises.ipynb").write_text(json.dumps(notebook))
    ours = [sys.executable, "-m", "autograder", "grade", "submitted", "--course", ".", "--out", "../ours"]
    ours += ["--assignment", name, "--jobs", str(args.jobs), "--cache", str(ROOT / "build" / "known")]
    first = timed(ours, course)
    theirs = timed([program("nbgrader"), "autograde", name], course)
    report = {"course": name, "students": args.students, "endless": endless, "jobs": args.jobs}
    report |= {"ours": first, "nbgrader": theirs, "ratio": theirs["seconds"] / first["seconds"]}
    marks, other = our_marks(folder / "ours"), their_marks(course, name)
    report["marks"] = len(other)
    report["differences"] = [
        f"{student} {cell}: {marks.get((student, cell))} by ours, {score} by nbgrader"
        for (student, cell), score in other.items()
        if marks.get((student, cell)) != score
    ]
    report["machine"] = {"cpus": os.cpu_count(), "load": os.getloadavg()[0], "python": platform.python_version()}
    return report


def write_course(course, name):
    """Write a course of twelve code cells in plain nbgrader style; return its answers: exercise -> list of texts."""
    cells = [cell("given", IMPORTS)] if IMPORTS else []
    answers = {}
    for exercise, (signature, right, also_right, wrong, visible, hidden) in EXERCISES.items():
        solution = f"{signature}\n    ### BEGIN SOLUTION\n    {right}\n    ### END SOLUTION"
        test = f"### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells.append(cell("solution", solution, exercise))
        cells.append(cell("test", visible, f"{exercise}-visible", 1))
        cells.append(cell("test", test, f"{exercise}-hidden", 2))
        answers[exercise] = [f"{signature}\n    {body}" for body in (right, also_right, wrong, ENDLESS)]
    cells.pop()  # the last exercise has a visible test alone: twelve cells with the imports
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    master = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (course / "source" / name).mkdir(parents=True)
    (course / "source" / name / "exercises.ipynb").write_text(json.dumps(master))
    config = 'c = get_config()\nc.CourseDirectory.course_id = "bench"\n'
    (course / "nbgrader_config.py").write_text(config + NBGRADER_CONFIG)
    return answers


def cell(kind, source, grade_id="", points=None):
    """Return a code cell with nbgrader's metadata."""
    flags = {"grade": kind == "test", "solution": kind == "solution", "locked": kind == "test", "task": False}
    graded = {"points": points} if kind == "test" else {}
    about = {"nbgrader": {"grade_id": grade_id, "schema_version": 3, **flags, **graded}} if grade_id else {}
    name = grade_id or "given"
    return {
        "cell_type": "code",
        "id": name,
        "metadata": about,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def write_chapter(course, name):
    """Copy a chapter that was built; return its answers."""
    from autograder.course import load_assignment

    built = ROOT / "build" / "nbgrader"
    assignment = load_assignment(built, name)
    shutil.copytree(built / "source" / name, course / "source" / name)
    (course / "plainnet").mkdir()
    shutil.copy(built / "plainnet" / f"{name}.json", course / "plainnet")
    (course / "nbgrader_config.py").write_text((built / "nbgrader_config.py").read_text() + NBGRADER_CONFIG)
    answers = {cell.exercise: [cell.source] for cell in assignment.cells if cell.kind == "solution"}
    for kind in ("alternative", "mistake"):
        for one in assignment.answers:
            if one.kind == kind:
                answers[one.exercise].append(one.source)
    return answers


def hand_in(released, answers, number, endless):
    """Return the notebook of one student: of every five answers one is blank, the others go round the known ones."""
    notebook = copy.deepcopy(released)
    cells = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    for place, (exercise, texts) in enumerate(answers.items()):
        texts = [text for text in texts if ENDLESS not in text]
        if (number + place) % 5:
            cells[exercise]["source"] = texts[(number // 5 + place) % len(texts)]
    if endless:
        exercise, texts = next(iter(answers.items()))
        signature = next(line for line in texts[0].split("\n") if line.startswith("def "))
        cells[exercise]["source"] = f"{signature}\n    {ENDLESS}"
    return notebook


def timed(command, folder):
    """Run a command to its end; return its seconds and the peak of the memory of all its processes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    )
    peak = [0.0]
    watch = threading.Thread(target=watch_memory, args=(process, peak))
    watch.start()
    error = process.communicate()[1]
    seconds = time.perf_counter() - start
    watch.join()
    if process.returncode not in (0, 3):
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {process.returncode}: {error.decode()[-2000:]}")
    return {"seconds": round(seconds, 2), "peak_mb": round(peak[0])}


def watch_memory(process, peak):
    """Keep the highest sum of proportional set sizes of a process and all that it started, looked at now and then."""
    while process.poll() is None:
        total = 0
        try:
            parent = psutil.Process(process.pid)
            family = [parent, *parent.children(recursive=True)]
        except psutil.Error:
            return
        for one in family:
            try:
                total += one.memory_full_info().pss
            except psutil.Error:  # it has just ended
                continue
        peak[0] = max(peak[0], total / 2**20)
        time.sleep(0.5)


def run(command, folder):
    """Run a command that has to succeed."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment())
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}: {done.stderr[-2000:]}")


def environment():
    """Return the environment of both graders: one thread for BLAS, and nbgrader's own programs on the path."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "OPENBLAS_NUM_THREADS": "1"}


def program(name):
    """Return a program of this environment."""
    return str(Path(sys.executable).with_name(name))


def our_marks(out):
    """Return (student, grade id) -> score as `grade` gave it."""
    results = json.loads((out / "results.json").read_text())
    return {
        (one["student"], cell["grade_id"]): cell["score"] for one in results["submissions"] for cell in one["cells"]
    }


def their_marks(course, name):
    """Return (student, grade id) -> score as nbgrader gave it, without what a person marks."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course}/gradebook.db") as book:
        submissions = book.assignment_submissions(name)
        grades = [
            (one.student.id, grade) for one in submissions for notebook in one.notebooks for grade in notebook.grades
        ]
        return {(who, grade.name): grade.auto_score for who, grade in grades if grade.cell_type == "code"}


def show(report):
    """Print the report."""
    students = report["students"]
    print(f"{report['course']}: {students} students, {report['endless']} of them with an endless loop")
    for who in ("ours", "nbgrader"):
        figures = report[who]
        each = figures["seconds"] / students
        print(f"  {who:9} {figures['seconds']:7.1f} s  {each:6.3f} s each  {figures['peak_mb']:5} MB at most")
    print(f"  ratio {report['ratio']:.1f} with {report['jobs']} workers, start-up included")
    print(f"  {report['marks']} marks compared, {len(report['differences'])} differ")
    for difference in report["differences"][:20]:
        print(f"    {difference}")


if __name__ == "__main__":
    sys.exit(main())
