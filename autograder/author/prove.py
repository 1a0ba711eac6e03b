"""`prove`: test a chapter's tests, on every variant that a student may draw.

The reference keeps full marks, the released stub gets none, every mistake and every adversary loses points in its own
exercise and only there, every alternative keeps full marks, and diagnosis tells the mistakes apart. "Only there" is
looked at on one variant: what an answer does to another exercise's tests has nothing to do with the draws. Exit
codes: 0 proven, 1 not proven, 2 wrong use.
"""

import concurrent.futures
import json
import multiprocessing.connection
import os
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from autograder.author.cases import Outcome, cases_of, faults_of, try_case, variants_of
from autograder.author.measure import Measure, measure
from autograder.author.proof_table import as_dict, show
from autograder.author.source import load_chapter
from autograder.course import assignment_names, load_assignment
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox


@dataclass
class Proof:
    """What was tried on an assignment, and everything that was not as it should be."""

    assignment: object
    variants: dict[str, tuple[int, ...]]  # exercise -> those that were tried
    elsewhere: bool = True  # whether "only there" was looked at
    outcomes: list[Outcome] = field(default_factory=list)
    faults: dict[tuple, list[int]] = field(default_factory=dict)  # (case, sentence) -> variants
    measures: dict[str, Measure] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, outcome):
        """Judge one outcome."""
        self.outcomes.append(outcome)
        for sentence in faults_of(outcome, self.assignment):
            self.faults.setdefault((outcome.case, sentence), []).append(outcome.variant)

    @property
    def diagnosis(self):
        """Return the measure of the whole assignment."""
        total = Measure()
        for part in self.measures.values():
            total.add(part)
        return total

    @property
    def is_proven(self):
        """Return whether nothing was wrong."""
        return not self.faults and self.diagnosis.is_good


def prove(assignment, cache, *, sample=None, elsewhere=True, jobs=2, progress=lambda done, total: None):
    """Test the tests of an assignment.

    Parameters
    ----------
    assignment : Assignment
    cache : Path
        Where the runs of known answers are kept.
    sample : int, optional
        Try only so many variants of each exercise, spread evenly; all of them by default.
    elsewhere : bool
        Run each answer on the tests of all exercises once; without, on those alone in which it may lose points.
    jobs : int
        Processes, each with a sandbox of its own.
    progress : callable
        Called with the number of examinations done and their total.

    Returns
    -------
    Proof
    """
    start = time.perf_counter()
    chosen = chosen_of(assignment, sample)
    proof = Proof(assignment, chosen, elsewhere)
    cases = cases_of(assignment)
    references, others = plan_of(assignment, cases, chosen, elsewhere)
    with worker_pool(assignment, cases, cache, jobs) as pool:
        done, total = 0, len(references) + len(others)
        for batch in (references, others):  # adversaries are compared with the reference
            for outcome in pool.map(_try, batch, chunksize=4):
                proof.add(outcome)
                done += 1
                progress(done, total)
        futures = {name: pool.submit(_measure, name, chosen[name]) for name in assignment.exercises}
        proof.measures = {name: future.result() for name, future in futures.items()}
    proof.seconds = time.perf_counter() - start
    return proof


def chosen_of(assignment, sample):
    """Return the variants to try: exercise -> variants."""
    return {name: spread(exercise.variants, sample) for name, exercise in assignment.exercises.items()}


def plan_of(assignment, cases, chosen, elsewhere):
    """Return what is examined, first the references and then all else: (case's place, variant, on all tests?) each."""
    tried = sorted({variant for variants in chosen.values() for variant in variants})
    references = [
        (place, variant, True) for place, case in enumerate(cases) if case.kind == "reference" for variant in tried
    ]
    others = [
        (place, variant, not case.exercise or (elsewhere and variant == chosen[case.exercise][0]))
        for place, case in enumerate(cases)
        if case.kind != "reference"
        for variant in variants_of(case, assignment)
        if variant in (chosen[case.exercise] if case.exercise else tried)
    ]
    return references, others


def spread(variants, sample):
    """Return some of the variants, spread evenly, the first one among them; all of them where `sample` is None."""
    if sample is None or sample >= len(variants):
        return tuple(variants)
    return tuple(variants[place * len(variants) // sample] for place in range(sample))


def worker_pool(assignment, cases, cache, jobs):
    """Return a pool of processes that try the cases of an assignment."""
    context = multiprocessing.get_context("spawn")  # no lock or thread of this process in the workers
    return concurrent.futures.ProcessPoolExecutor(jobs, context, _start_worker, (assignment, cases, cache))


_worker = {}


def _start_worker(assignment, cases, cache):
    threading.Thread(target=_end_with_parent, daemon=True).start()
    stack = _worker["stack"] = ExitStack()  # lives as long as the process does
    sandbox = stack.enter_context(Sandbox())
    _worker["table"] = Table.load_or_make(assignment, sandbox, cache)
    _worker["cases"] = cases


def _end_with_parent():
    """End this process when the one that proves was killed: its queue would be waited at for ever."""
    multiprocessing.connection.wait([multiprocessing.parent_process().sentinel])
    os._exit(1)


def _try(task):
    place, variant, whole = task
    return try_case(_worker["cases"][place], variant, _worker["table"], whole)


def _measure(exercise, variants):
    return measure(_worker["table"], exercise, variants)


def places_of(solutions, assignment):
    """Return where each known answer stands: (exercise, id) -> "file:line"; empty where the sources are not there."""
    folder = Path(solutions) / assignment.name
    if not folder.is_dir():
        return {}
    chapter = load_chapter(folder)
    cells = [cell for cell in chapter.answer_cells if cell.keys]
    return {
        (one.exercise, one.id): f"{cell.file}:{cell.line}" for one, cell in zip(chapter.answers, cells, strict=True)
    }


def progress_bar(console, what):
    """Return rich's progress bar with counts and time left."""
    parts = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    return Progress(*parts, console=console, disable=not console.is_terminal)


def prove_with_bar(assignment, cache, console, **options):
    """Return the proof of an assignment, with a progress bar on a terminal."""
    with progress_bar(console, f"proving {assignment.name}") as bar:
        task = bar.add_task("", total=None, note="")
        return prove(
            assignment, cache, **options, progress=lambda done, total: bar.update(task, completed=done, total=total)
        )


def command(
    chapters: Annotated[
        list[str] | None, typer.Argument(help="Chapters, for example 01_graphs; all by default.")
    ] = None,
    course: Annotated[Path, typer.Option(help="The nbgrader course that `build` wrote.")] = Path("build/nbgrader"),
    solutions: Annotated[Path, typer.Option(help="The sources, to say where a fault stands.")] = Path("solutions"),
    variants: Annotated[int | None, typer.Option(min=1, help="Try only so many variants of each exercise.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    json_file: Annotated[Path | None, typer.Option("--json", help="Write the proof here as JSON.")] = None,
    nbgrader: Annotated[bool, typer.Option(help="Also compare all marks with stock nbgrader's (slow).")] = False,
    cache: Annotated[Path, typer.Option(help="Where runs of known answers are kept.")] = Path("build/known"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how much would be tried; write nothing.")] = False,
):
    """Test the tests: every mistake caught, every right answer accepted, on all variants.

    Exit codes: 0 proven, 1 not proven, 2 wrong use.

    Example: python -m autograder prove 01_graphs --variants 4
    """
    console = Console()
    try:
        assignments = [load_assignment(course, name) for name in chapters or assignment_names(course)]
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not assignments:
        raise typer.BadParameter(f"{course} holds no assignment: run `python -m autograder build` first")
    if dry_run:
        for assignment in assignments:
            references, others = plan_of(assignment, cases_of(assignment), chosen_of(assignment, variants), True)
            console.print(f"{assignment.name}: {len(references) + len(others)} examinations", highlight=False)
        return
    written, good = [], True
    for assignment in assignments:
        proof = prove_with_bar(assignment, cache, console, sample=variants, jobs=jobs)
        places = places_of(solutions, assignment)
        show(proof, console, places)
        written.append(as_dict(proof, places))
        good = good and proof.is_proven
        if nbgrader:
            from autograder.author.judge import compare_with_nbgrader, show_judgement  # nbgrader takes a second

            verdict = compare_with_nbgrader(assignment, course, cache, jobs=jobs, console=console)
            show_judgement(verdict, console)
            written[-1]["nbgrader"] = verdict
            good = good and not verdict["differences"]
    if json_file:
        json_file.parent.mkdir(parents=True, exist_ok=True)
        json_file.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    raise typer.Exit(0 if good else 1)
