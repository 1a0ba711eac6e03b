"""An independent judge: stock `nbgrader autograde` on the reference, the alternatives and the mistakes, mark by mark.

Each answer is handed in by a student of its own to a copy of the course. nbgrader runs the same tests in one kernel
with the student's code, on the variant that this student draws; for honest work its marks have to be ours.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

from nbgrader.api import Gradebook
from rich.console import Console

from autograder.author.cases import cases_of, released_notebook
from autograder.exam.known import Table, run_answers, with_answers
from autograder.exam.sandbox import Sandbox
from autograder.testing import draw_variant

TIMEOUT = 20  # seconds of nbgrader's for one cell
CONFIG = f"\nc.Execute.timeout = {TIMEOUT}\n"


def compare_with_nbgrader(assignment, course, cache, *, jobs=2, only=None, console=None):
    """Grade the known answers of an assignment with stock nbgrader and with ours.

    Parameters
    ----------
    assignment : Assignment
    course : Path
        The nbgrader course that holds it; it is copied, never written to.
    cache : Path
    jobs : int
        How many `nbgrader autograde` run side by side.
    only : collection of str, optional
        Names of the cases to compare (`Case.name`); all but stub and adversaries by default.
    console : rich.console.Console, optional
        Where a line says how far nbgrader is: it takes seconds for each answer.

    Returns
    -------
    dict
        `answers`: how many, `cells`: how many marks, `differences`: sentences.
    """
    cases = [case for case in cases_of(assignment) if case.kind in ("reference", "alternative", "mistake")]
    cases = {f"s{place:04d}": case for place, case in enumerate(cases) if only is None or case.name in only}
    if only is not None and len(cases) != len(set(only)):
        raise ValueError(f"no such case: {', '.join(set(only) - {case.name for case in cases.values()})}")
    ours = _grade_ours(assignment, cases, cache)
    submissions = {student: case.answers for student, case in cases.items()}
    with (console or Console(quiet=True)).status("stock nbgrader begins") as status:

        def seen(count):
            status.update(f"stock nbgrader: {count} of {len(cases)} answers")

        theirs = grade_with_nbgrader(assignment, course, submissions, jobs=jobs, seen=seen)
    differences = []
    for student, case in cases.items():
        for grade_id, score in ours[student].items():
            other = theirs.get(student, {}).get(grade_id)
            if other != score:
                differences.append(f"{case.name}, {grade_id}: nbgrader gives {other}, ours gives {score:g}")
    cells = sum(len(marks) for marks in ours.values())
    return {"answers": len(cases), "cells": cells, "differences": differences}


def _grade_ours(assignment, cases, cache):
    """Return our marks: student -> grade id -> score."""
    marks = {}
    with Sandbox() as sandbox:
        table = Table.load_or_make(assignment, sandbox, cache)
        for student, case in cases.items():

            def variant_of(exercise, student=student):
                return draw_variant(student, exercise, assignment.exercises[exercise].variants)

            run = run_answers(table.assignment, sandbox, case.answers, variant_of)
            marks[student] = {cell.grade_id: cell.score for cell in run.cells}
    return marks


def grade_with_nbgrader(assignment, course, submissions, *, jobs=2, seen=None):
    """Return stock nbgrader's marks: student -> grade id -> score.

    Parameters
    ----------
    assignment : Assignment
    course : Path
    submissions : dict
        Student -> exercise -> text of the answer; the author's where there is none.
    jobs : int
    seen : function, optional
        Called now and then with how many are graded.
    """
    students = list(submissions)
    parts = [part for part in (students[place::jobs] for place in range(jobs)) if part]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        graded = [
            pool.submit(
                _grade_part, Path(folder, str(place)), assignment, Path(course), {s: submissions[s] for s in part}
            )
            for place, part in enumerate(parts)
        ]
        while seen and wait(graded, timeout=1).not_done:
            seen(sum(1 for _ in Path(folder).glob("*/autograded/*")))
        return {student: marks for part in graded for student, marks in part.result().items()}


def _grade_part(root, assignment, course, submissions):
    """Grade some submissions in a course of their own."""
    shutil.copytree(course / "source" / assignment.name, root / "source" / assignment.name)
    config = (course / "nbgrader_config.py").read_text(encoding="utf-8") + CONFIG
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
    name = next((root / "source" / assignment.name).glob("*.ipynb")).name
    released = released_notebook(assignment)
    everything = {cell.exercise: cell.source for cell in assignment.cells if cell.kind == "solution"}
    for student, answers in submissions.items():
        place = root / "submitted" / student / assignment.name
        place.mkdir(parents=True)
        text = json.dumps(with_answers(released, everything | answers))
        (place / name).write_text(text, encoding="utf-8")
    _nbgrader(root, "generate_assignment", assignment.name, "--create", "--force")
    _nbgrader(root, "autograde", assignment.name, "--create", allowed=(0, 1))  # 1: one of them could not be run
    marks = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(assignment.name):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            marks[submission.student.id] = {grade.name: grade.auto_score for grade in grades}
    return marks


def _nbgrader(root, *arguments, allowed=(0,)):
    """Run one of nbgrader's commands on a course."""
    command = [sys.executable, "-m", "nbgrader", *arguments, f"--CourseDirectory.root={root}"]
    environment = {**os.environ, "JUPYTER_PLATFORM_DIRS": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        raise RuntimeError(f"nbgrader {arguments[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")


def show_judgement(verdict, console):
    """Print what the judge found."""
    for sentence in verdict["differences"]:
        console.print(f"[red]nbgrader[/] {sentence}", highlight=False)
    same = "the same marks" if not verdict["differences"] else f"{len(verdict['differences'])} other marks"
    console.print(
        f"stock nbgrader: {same} on {verdict['cells']} cells of {verdict['answers']} answers", highlight=False
    )
