"""A class whose marks are known before it is graded: submissions put together from known answers and real faults.

Where the expected marks come from: every known answer of a chapter was examined alone, in the author's notebook, on
the variant that the student draws (`exam/known.py`). A submission joins one answer per exercise. Its expected marks
are those of its answers; `prove` has shown that an answer changes no marks but its own exercise's. What ends the
process, never returns, does not parse or is missing earns what the released stub earns: nothing. So a class graded as
expected checks what a single examination can't: that answers, students, faults and limits do not get into each
other's way.
"""

import itertools
import json
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from autograder.author import portraits
from autograder.author.cases import released_notebook
from autograder.author.prove import progress_bar
from autograder.course import NOTEBOOK, load_assignment
from autograder.exam.diagnose import failures, recognise
from autograder.exam.known import REFERENCE, Table, with_answers
from autograder.exam.sandbox import Sandbox, SandboxUnavailable
from autograder.results.files import as_folder
from autograder.testing import draw_variant
from autograder.verdicts import GRADED, REJECTED

BLANK = "blank"
CHANCES = {"right": 0.5, "mistake": 0.4, BLANK: 0.1}  # per exercise of a mixed submission
STAMP = "2026-10-{day:02d} {hour:02d}:{minute:02d}:00.000000 UTC"


@dataclass
class Student:
    """One submission of the class, and what is known of it."""

    id: str
    first_name: str
    last_name: str
    kind: str
    answers: dict[str, str]  # exercise: id of the known answer, BLANK, or the kind of fault
    notebook: bytes
    expected: dict


class SampleClass:
    """Draws a class for an assignment.

    Parameters
    ----------
    assignment : Assignment
    released : dict
        The notebook that students get, as nbformat 4 JSON.
    table : Table
        What every known answer earns.
    seed : int
        The same seed, assignment and size make the same class, byte for byte; the same seed and size, the same people
        in every assignment.
    """

    def __init__(self, assignment, released, table, seed):
        self.assignment, self.released, self.table = assignment, released, table
        work, people = np.random.SeedSequence(seed).spawn(2)
        self.rng, self.people = np.random.default_rng(work), np.random.default_rng(people)
        self.right = {name: self._deck(name, "alternative") for name in assignment.exercises}
        self.wrong = {name: self._deck(name, "mistake") for name in assignment.exercises}

    def _deck(self, exercise, kind):
        """Return an endless deck of known answers, in an order of chance: a larger class shows every one of them."""
        ids = [answer.id for answer in self.assignment.answers if (answer.exercise, answer.kind) == (exercise, kind)]
        ids += [REFERENCE] if kind == "alternative" else []
        return itertools.cycle([ids[place] for place in self.rng.permutation(len(ids))])

    def draw(self, students):
        """Yield `students` submissions: one of each special kind as far as they go, the others mixed."""
        special = [kind for kind in portraits.KINDS if kind != "mixed"]
        kinds = (special + ["mixed"] * students)[:students]
        taken = set()
        for place in self.rng.permutation(students):
            first, last = portraits.full_name(self.people)
            name = f"{first[0]}{last}".lower()
            name = next(f"{name}{number:02d}" for number in itertools.count(1) if f"{name}{number:02d}" not in taken)
            taken.add(name)
            yield self._student(name, first, last, kinds[place])

    def _student(self, name, first, last, kind):
        answers = self._answers(kind)
        fault = None
        if kind in (*portraits.ENDINGS, "syntax-error", "missing-cell", "helper-cells", "exit-in-cell"):
            fault = self._exercise_for(kind, answers)
            if kind not in ("helper-cells", "exit-in-cell"):
                answers[fault] = kind
                self._blank_what_needs(answers)
        data = self._write(kind, answers, fault)
        return Student(name, first, last, kind, answers, data, self._expect(name, kind, answers))

    def _answers(self, kind):
        answers = {}
        for exercise in self.assignment.exercises:
            if kind == "blank":
                answers[exercise] = BLANK
                continue
            draw = "right" if kind == "right" else str(self.rng.choice(list(CHANCES), p=list(CHANCES.values())))
            decks = {"right": self.right[exercise], "mistake": self.wrong[exercise]}
            answers[exercise] = next(decks[draw], BLANK) if draw in decks else BLANK
        self._blank_what_needs(answers)
        return answers

    def _blank_what_needs(self, answers):
        """Leave out what builds on a wrong answer: its marks are known only beside right ones."""
        for exercise in self.assignment.exercises:
            if not self._has_what_it_needs(exercise, answers):
                answers[exercise] = BLANK

    def _has_what_it_needs(self, exercise, answers):
        return all(self._is_right(name, answers[name]) for name in self.assignment.exercises[exercise].needs)

    def _is_right(self, exercise, answer):
        return answer == REFERENCE or any(
            (known.exercise, known.id, known.kind) == (exercise, answer, "alternative")
            for known in self.assignment.answers
        )

    def _exercise_for(self, kind, answers):
        """Return the exercise that a fault sits in: one that defines a function or class, where the fault needs it."""
        sources = self.table.sources
        names = [name for name in answers if self._has_what_it_needs(name, answers)]
        names = [name for name in names if kind not in portraits.ENDINGS or "def " in sources[name, REFERENCE]]
        return str(self.rng.choice(names))

    def _write(self, kind, answers, fault):
        sources = {}
        for exercise, answer in answers.items():
            if (exercise, answer) in self.table.sources:
                sources[exercise] = self.table.sources[exercise, answer]
            elif answer in portraits.ENDINGS:
                sources[exercise] = portraits.ending(answer, self.assignment.exercises[exercise].exports)
            elif answer == "syntax-error":
                sources[exercise] = portraits.unfinished(self.table.sources[exercise, REFERENCE])
        notebook = with_answers(self.released, sources)
        if kind == "helper-cells":
            notebook = portraits.with_cell(notebook, fault, "import math\n\n\ndef my_helper(x):\n    return x + 0\n")
        elif kind == "exit-in-cell":
            notebook = portraits.with_cell(notebook, fault, "import os\n\nos._exit(1)\n")
        elif kind == "missing-cell":
            notebook = portraits.without_cell(notebook, fault)
        if kind == "no-notebook":
            return portraits.broken_off(notebook)
        return portraits.written_in_old_format(notebook) if kind == "old-format" else portraits.written(notebook)

    def _expect(self, student, kind, answers):
        """Return the status, the marks of every test cell, and the mistake that each failed one should be told."""
        if kind == "no-notebook":
            return {"status": REJECTED, "score": 0.0, "cells": {}, "mistakes": {}}
        cells, mistakes = {}, {}
        for exercise, answer in answers.items():
            known = (exercise, answer) in self.table.sources
            if not known:
                cells |= {cell.grade_id: 0.0 for cell in self.table.tests(exercise)}
                continue
            variant = draw_variant(student, exercise, self.assignment.exercises[exercise].variants)
            run = self.table.run(exercise, answer, variant)
            cells |= {cell.grade_id: cell.score for cell in run.cells if cell.exercise == exercise}
            if failed := failures(run):
                found = recognise(run, self.table, variant)
                mistakes |= {grade_id: _mistake(found.get(grade_id)) for grade_id in sorted(failed)}
        return {"status": GRADED, "score": sum(cells.values()), "cells": cells, "mistakes": mistakes}


def _mistake(answer):
    return None if answer is None else answer.again or answer.id


def write_class(students, assignment, out, notebook=NOTEBOOK):
    """Write a class in nbgrader's layout.

    `out/submitted/STUDENT/ASSIGNMENT/` holds each notebook and its time stamp, `out/students.csv` the names as
    `nbgrader db student import` reads them, `out/expected.json` what is known.

    Parameters
    ----------
    students : list of Student
    assignment : Assignment
    out : Path
        `out/submitted` is replaced.
    notebook : str
        The file name of a submission.
    """
    out = Path(out)
    check_place(out)
    shutil.rmtree(out / "submitted", ignore_errors=True)
    for number, student in enumerate(sorted(students, key=lambda student: student.id)):
        folder = out / "submitted" / student.id / assignment.name
        folder.mkdir(parents=True)
        (folder / notebook).write_bytes(student.notebook)
        stamp = STAMP.format(day=1 + number % 28, hour=8 + number % 12, minute=number % 60)
        (folder / "timestamp.txt").write_text(stamp, encoding="utf-8")
    rows = [f"{student.id},{student.first_name},{student.last_name}" for student in students]
    (out / "students.csv").write_text("id,first_name,last_name\n" + "\n".join(rows) + "\n", encoding="utf-8")
    expected = {
        "assignment": assignment.name,
        "students": {
            student.id: {
                "name": f"{student.first_name} {student.last_name}",
                "kind": student.kind,
                "answers": student.answers,
                **student.expected,
            }
            for student in sorted(students, key=lambda student: student.id)
        },
    }
    (out / "expected.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return expected


def differences(expected, results):
    """Return a sentence for everything in which graded results differ from the expected ones.

    Parameters
    ----------
    expected, results : dict
        As in `expected.json` and `results.json`.

    Returns
    -------
    list of str
    """
    found = []
    graded = Counter(submission["student"] for submission in results["submissions"])
    for student, count in graded.items():
        if student not in expected["students"]:
            found.append(f"{student}: graded, but not in the class")
        elif count > 1:
            found.append(f"{student}: graded {count} times")
    by_student = {submission["student"]: submission for submission in results["submissions"]}
    for student, want in expected["students"].items():
        if student not in by_student:
            found.append(f"{student}: not graded")
            continue
        found += [f"{student} ({want['kind']}): {sentence}" for sentence in _compare(want, by_student[student])]
    return found


def _compare(want, have):
    if have["status"] != want["status"]:
        yield f"status {have['status']} ({have['reason']}) instead of {want['status']}"
        return
    cells = {cell["grade_id"]: cell for cell in have["cells"]}
    for grade_id, score in want["cells"].items():
        if grade_id not in cells:
            yield f"{grade_id}: no verdict instead of {score:g}"
        elif cells[grade_id]["score"] != score:
            cell = cells[grade_id]
            yield f"{grade_id}: {cell['score']:g} ({cell['verdict']}) instead of {score:g} ({cell['message']})"
    for grade_id in sorted(set(cells) - set(want["cells"])):
        if cells[grade_id]["score"]:
            yield f"{grade_id}: {cells[grade_id]['score']:g} instead of no such cell"
    for grade_id, mistake in want["mistakes"].items():
        if grade_id in cells and cells[grade_id]["mistake"] != mistake:
            yield f"{grade_id}: diagnosed as {cells[grade_id]['mistake']} instead of {mistake}"
    if have["score"] != want["score"]:
        yield f"score {have['score']:g} instead of {want['score']:g}"


def make_class(assignment, table, out, students, seed, notebook=NOTEBOOK, progress=lambda done, total: None):
    """Draw a class, write it, and return what is expected of it.

    Parameters
    ----------
    assignment : Assignment
    table : Table
    out : Path
    students, seed : int
    notebook : str
    progress : callable
        Called with the number of submissions made and their total.

    Returns
    -------
    dict
        The content of `out/expected.json`.
    """
    check_place(out)
    released, drawn = released_notebook(assignment), []
    for student in SampleClass(assignment, released, table, seed).draw(students):
        drawn.append(student)
        progress(len(drawn), students)
    return write_class(drawn, assignment, out, notebook)


def check_place(out):
    """Refuse a place where a class can't be written, or where students' work may stand."""
    out = as_folder(out)
    if (out / "submitted").exists() and not (out / "expected.json").exists():
        raise ValueError(f"{out / 'submitted'} is none of sample-class's: choose another --out")


def command(
    chapter: Annotated[str, typer.Argument(help="For example 01_graphs.")],
    out: Annotated[Path, typer.Option(help="Where the class is written; its submitted/ is replaced.")],
    students: Annotated[int, typer.Option(min=1, help="The size of the class.")] = 24,
    seed: Annotated[int, typer.Option(help="The same seed makes the same class.")] = 1,
    course: Annotated[Path, typer.Option(help="The nbgrader course that `build` wrote.")] = Path("build/nbgrader"),
    cache: Annotated[Path, typer.Option(help="Where runs of known answers are kept.")] = Path("build/known"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be made; write nothing.")] = False,
):
    """Make a class whose marks are known: references, alternatives, mistakes, blanks, crashes, endless loops.

    Writes nbgrader's submitted/ layout, students.csv and expected.json. Expected marks are those of the known answers,
    each examined alone on the variant that the student draws.

    Exit codes: 0 written, 1 there is no sandbox to examine them in, 2 wrong use.

    Example: python -m autograder sample-class 01_graphs --students 24 --seed 1 --out build/class
    """
    console = Console(highlight=False, soft_wrap=True)
    try:
        assignment = load_assignment(course, chapter)
        check_place(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if dry_run:
        there = " (what stands there is replaced)" if (out / "submitted").exists() else ""
        console.print(f"{students} submissions of {chapter} would be made in {out / 'submitted'}{there}", markup=False)
        return
    try:
        with Sandbox() as sandbox, progress_bar(console, f"making a class for {chapter}") as bar:
            task = bar.add_task("", total=students, note="")
            table = Table.load_or_make(assignment, sandbox, cache)
            expected = make_class(
                assignment, table, out, students, seed, progress=lambda done, _: bar.update(task, completed=done)
            )
    except SandboxUnavailable as error:
        console.print(str(error), markup=False)
        raise typer.Exit(1) from error
    kinds = Counter(student["kind"] for student in expected["students"].values())
    words = ", ".join(f"{n} {kind}" for kind, n in kinds.items())
    console.print(f"{out / 'submitted'}: {students} students ({words})", markup=False)
