"""`demo`: the whole path once, with marks known beforehand: build, prove, a class, its grades, every mark checked.

To stay within minutes the tests are proven on one or two variants, and the class draws from those alone, as the rule
is: no student meets a draw that was not proven. Nor is each answer tried on the tests of other exercises. `make
prove` does both; here the class itself shows that answers leave each other alone.

The first chapter is shown with all its tables, the others with a line each: one class, one gradebook.
"""

import json
import shutil
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable

from autograder.assignment import Assignment
from autograder.author.build import build, chapter_folders
from autograder.author.proof_table import as_dict, show
from autograder.author.prove import Proof, places_of, prove_with_bar
from autograder.author.sample_class import differences, make_class
from autograder.course import load_assignment
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox
from autograder.grade import grade_class
from autograder.regrade import APPLY
from autograder.verdicts import GRADED

FRAME = {"title_justify": "left", "box": SIMPLE_HEAD, "pad_edge": False}  # fits into 80 columns
MOST_SHOWN = 12  # misconceptions


@dataclass
class Tried:
    """What one chapter gave: its proof, the marks that were expected of the class, and those that it got."""

    assignment: Assignment
    proof: Proof
    expected: dict
    results: dict
    wrong: list[str] = field(init=False)  # every difference between the two, in words

    def __post_init__(self):
        self.wrong = differences(self.expected, self.results)

    @property
    def marks(self):
        """Return how many marks were compared."""
        return sum(len(student["cells"]) for student in self.expected["students"].values())

    @property
    def is_good(self):
        """Return whether everything was as expected."""
        return self.proof.is_proven and not self.wrong

    @property
    def misconceptions(self):
        """Return (exercise, mistake, hint) -> in how many submissions it was recognised."""
        found = {
            (cell["exercise"], cell["mistake"], cell["hint"], submission["student"])
            for submission in self.results["submissions"]
            for cell in submission["cells"]
            if cell["mistake"]
        }
        return Counter(entry[:3] for entry in found)


def demo(chapters, solutions, course, out, console, *, students=24, seed=1, variants=None, jobs=2):
    """Run the demo on some chapters; return whether everything was as expected.

    Parameters
    ----------
    chapters : list of str or None
        All by default.
    solutions, course, out : Path
        The sources, the students' notebooks, and where everything else is written.
    console : rich.console.Console
    students, seed : int
        The size of the class, and what it is drawn from.
    variants : int, optional
        How many variants are proven, and drawn by the class; by default two of a single chapter, one of several.
    jobs : int
    """
    start = time.perf_counter()
    folder = fresh_folder(out / "demo")
    built = build(solutions, course, out, chapters)
    names = [chapter.name for chapter in built if chapter.cells]
    variants = variants or (2 if len(names) == 1 else 1)
    console.print(f"built {', '.join(names)}: {course}/ and {out / 'nbgrader'}/", highlight=False)
    all_tried = []
    for name in names:
        began = time.perf_counter()
        assignment = load_assignment(out / "nbgrader", name)
        proof = prove_with_bar(assignment, out / "known", console, sample=variants, elsewhere=False, jobs=jobs)
        whole = not all_tried
        if whole or not proof.is_proven:
            show(proof, console, places_of(solutions, assignment))
        tried = try_class(assignment, proof, out, students, seed, jobs, console, whole)
        if whole:
            show_marks(tried, console)
            show_misconceptions(tried, console)
            show_check(tried, console)
        else:
            show_line(tried, time.perf_counter() - began, console)
        all_tried.append(tried)
        if whole and len(names) > 1:
            console.print(f"\nThe same class in {len(names) - 1} more chapters, a line each:", highlight=False)
    if len(all_tried) > 1:
        show_course(all_tried, console)
    show_files(all_tried, folder, time.perf_counter() - start, console)
    return all(tried.is_good for tried in all_tried)


def fresh_folder(folder):
    """Remove what an earlier demo left, so that all of this class is graded; refuse a folder of somebody else's."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "course" / "nbgrader_config.py").exists():
        raise ValueError(f"{folder} is none of demo's: choose another --out, or remove it")
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def try_class(assignment, proof, out, students, seed, jobs, console, aloud):
    """Make a class that draws from the proven variants, and grade it."""
    folder, work = out / "demo", out / "demo" / "classes" / assignment.name
    drawn = write_course(out / "nbgrader", folder / "course", assignment.name, proof.variants)
    with Sandbox() as sandbox:
        table = Table.load_or_make(drawn, sandbox, out / "known")
        expected = make_class(drawn, table, work, students, seed)
    if aloud:
        console.print(f"a class of {students} with known marks: {work / 'submitted'}/", highlight=False)
    places = {"submitted": work / "submitted", "course": folder / "course", "out": folder, "cache": out / "known"}
    results = grade_class(assignment=assignment.name, jobs=jobs, console=console, changed=APPLY, **places).as_dict()
    engine = results["engine"]
    if aloud:
        console.print(f"graded in {engine['seconds']:g} s; sandbox: {engine['sandbox']}", highlight=False)
    return Tried(assignment, proof, expected, results)


def write_course(course, out, name, variants):
    """Copy one assignment of a course; its students draw from some variants alone.

    Parameters
    ----------
    course, out : Path
        `out` may hold other assignments of the course.
    name : str
    variants : dict
        Exercise -> the variants that are proven.

    Returns
    -------
    Assignment
    """
    shutil.copytree(course / "source" / name, out / "source" / name)
    shutil.copy(course / "nbgrader_config.py", out)
    said = json.loads((course / "plainnet" / f"{name}.json").read_text(encoding="utf-8"))
    for exercise in said["exercises"]:
        exercise["variants"] = list(variants[exercise["name"]])
    (out / "plainnet").mkdir(exist_ok=True)
    (out / "plainnet" / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
    return load_assignment(out, name)


def show_marks(tried, console):
    """Print the marks of the class in one chapter, a column for each exercise."""
    exercises = tried.assignment.exercises
    table = RichTable(title=f"{tried.assignment.name}: marks", **FRAME)
    table.add_column("student", no_wrap=True)
    table.add_column("submission", no_wrap=True)
    for number in range(len(exercises)):
        table.add_column(str(number + 1), justify="right")
    table.add_column("total", justify="right")
    for submission in tried.results["submissions"]:
        known = tried.expected["students"][submission["student"]]
        cells = [known["name"], known["kind"]]
        cells += [_mark(submission, exercise) for exercise in exercises]
        table.add_row(*cells, _total(submission))
    console.print(table)
    legend = ", ".join(f"{number} {name}" for number, name in enumerate(exercises, 1))
    most = tried.results["submissions"][0]["max_score"]
    console.print(f"Exercises: {legend}. Out of {most:g} points.", highlight=False)


def _mark(submission, exercise):
    """Return the points in one exercise, coloured."""
    cells = [cell for cell in submission["cells"] if cell["exercise"] == exercise]
    if not cells:
        return "-"
    score, points = sum(cell["score"] for cell in cells), sum(cell["points"] for cell in cells)
    colour = "green" if score == points else "yellow" if score else "red"
    return f"[{colour}]{score:g}[/]"


def _total(submission):
    return f"{submission['score']:g}" if submission["status"] == GRADED else submission["status"]


def show_misconceptions(tried, console):
    """Print which mistakes were recognised, in how many submissions, with their hints."""
    table = RichTable(title=f"{tried.assignment.name}: misconceptions found", **FRAME)
    table.add_column("students", justify="right")
    table.add_column("exercise: mistake", overflow="fold")
    table.add_column("the hint that they get")
    counted = tried.misconceptions.most_common()
    for (exercise, mistake, hint), count in counted[:MOST_SHOWN]:
        table.add_row(str(count), f"{exercise}: {mistake}", hint)
    console.print(table)
    if len(counted) > MOST_SHOWN:
        console.print(f"and {len(counted) - MOST_SHOWN} more: see results.json", highlight=False)


def show_check(tried, console):
    """Print what differs from the expected marks, or that nothing does."""
    for sentence in tried.wrong:
        console.print(f"[red]not as expected[/] {tried.assignment.name}: {sentence}", highlight=False)
    if not tried.wrong:
        students = len(tried.expected["students"])
        console.print(f"[green]all {tried.marks} marks of {students} students are as expected[/]", highlight=False)


def show_line(tried, seconds, console):
    """Print one chapter in a line, and everything that was not as expected."""
    rows = as_dict(tried.proof, {})["exercises"]
    caught, mistakes = (sum(row[key] for row in rows) for key in ("mistakes_caught", "mistakes"))
    found = tried.misconceptions
    console.print(
        f"{tried.assignment.name}: {'proven' if tried.proof.is_proven else '[red]not proven[/]'}, {caught} of "
        f"{mistakes} mistakes caught; {tried.marks} marks, {len(tried.wrong) or 'none'} not as expected; "
        f"{len(found)} misconceptions named, {sum(found.values())} times; {seconds:.0f} s",
        highlight=False,
    )
    if tried.wrong:
        show_check(tried, console)


def show_course(all_tried, console):
    """Print the class's totals in every chapter, and how many marks were as expected in all."""
    table = RichTable(title="the class: points in each chapter", **FRAME)
    table.add_column("student", no_wrap=True)
    for tried in all_tried:
        table.add_column(tried.assignment.name.partition("_")[0], justify="right")
    table.add_column("total", justify="right")
    by_chapter = [{one["student"]: one for one in tried.results["submissions"]} for tried in all_tried]
    for student, known in all_tried[0].expected["students"].items():
        handed_in = [submissions[student] for submissions in by_chapter]
        cells = [_total(one) if one["status"] == GRADED else "-" for one in handed_in]
        table.add_row(known["name"], *cells, f"{sum(one['score'] for one in handed_in):g}")
    console.print(table)
    console.print("-: a file that broke off in the middle and was rejected.", highlight=False)
    marks, wrong = sum(tried.marks for tried in all_tried), sum(len(tried.wrong) for tried in all_tried)
    if all(tried.is_good for tried in all_tried):
        students = len(all_tried[0].expected["students"])
        console.print(
            f"[green]all {len(all_tried)} chapters are proven, all {marks} marks of {students} students are as "
            "expected[/]",
            highlight=False,
        )
    else:
        bad = ", ".join(tried.assignment.name for tried in all_tried if not tried.proof.is_proven)
        console.print(f"[red]{wrong} not as expected; not proven: {bad or 'none'}[/]", highlight=False)


def show_files(all_tried, folder, seconds, console):
    """Print how long it took, and where to look."""
    name = all_tried[-1].assignment.name
    example = min((folder / "feedback").iterdir()).name
    console.print(f"\n{seconds:.0f} s in all. To look at it:", highlight=False)
    for file, what in {
        f"feedback/STUDENT/{name}/exercises.html": f"a page for each student, such as {example}",
        "results.json": f"every verdict in {name}" + ("; results-CHAPTER.json, in the others" * (len(all_tried) > 1)),
        f"classes/{name}/expected.json": "what was expected",
        "gradebook.db": "nbgrader's gradebook",
    }.items():
        console.print(f"  {folder / file}: {what}", highlight=False, soft_wrap=True)
    console.print("  make lab: open the course in JupyterLab", highlight=False)


def command(
    chapters: Annotated[
        list[str] | None, typer.Argument(help="Chapters, for example 01_graphs; all by default.")
    ] = None,
    solutions: Annotated[Path, typer.Option(help="The sources.")] = Path("solutions"),
    course: Annotated[Path, typer.Option(help="Where the students' notebooks are written.")] = Path("course"),
    out: Annotated[Path, typer.Option(help="Where everything else is written.")] = Path("build"),
    students: Annotated[int, typer.Option(min=1, help="The size of the class.")] = 24,
    seed: Annotated[int, typer.Option(help="What the class is drawn from.")] = 1,
    variants: Annotated[
        int | None,
        typer.Option(min=1, max=16, help="How many are proven and drawn: 2 of one chapter, 1 of several by default."),
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done; write nothing.")] = False,
):
    """Show the whole path: build, prove, a class with known marks, its grades, every mark checked.

    Exit codes: 0 all as expected, 1 not, 2 wrong use.

    Example: python -m autograder demo 01_graphs --students 40
    """
    options = {"students": students, "seed": seed, "variants": variants, "jobs": jobs}
    try:
        if dry_run:
            for folder in chapter_folders(solutions, chapters):
                typer.echo(f"{folder.name}: build, prove, {students} students in {out / 'demo'}")
            return
        good = demo(chapters, solutions, course, out, Console(), **options)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(0 if good else 1)
