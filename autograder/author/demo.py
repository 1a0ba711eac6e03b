"""`demo`: the whole path once, with marks known beforehand: build, prove, a class, its grades, every mark checked.

To stay within two minutes the tests are proven on a few variants, and the class draws from those alone, as the rule
is: no student meets a draw that was not proven. Nor is each answer tried on the tests of other exercises. `make
prove` does both; here the class itself shows that answers leave each other alone.
"""

import json
import shutil
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as RichTable

from autograder.author.build import build, chapter_folders
from autograder.author.proof_table import show
from autograder.author.prove import places_of, prove_with_bar
from autograder.author.sample_class import differences, make_class
from autograder.course import load_assignment
from autograder.exam.known import Table
from autograder.exam.sandbox import Sandbox
from autograder.grade import grade_class
from autograder.regrade import APPLY
from autograder.verdicts import GRADED

FRAME = {"title_justify": "left", "box": SIMPLE_HEAD, "pad_edge": False}  # fits into 80 columns
MOST_SHOWN = 12  # misconceptions


def demo(chapters, solutions, course, out, console, *, students=24, seed=1, variants=2, jobs=2):
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
    variants : int
        How many variants are proven, and drawn by the class.
    jobs : int
    """
    start = time.perf_counter()
    built = build(solutions, course, out, chapters)
    names = [chapter.name for chapter in built if chapter.cells]
    console.print(f"built {', '.join(names)}: {course}/ and {out / 'nbgrader'}/", highlight=False)
    good = True
    for name in names:
        assignment = load_assignment(out / "nbgrader", name)
        proof = prove_with_bar(assignment, out / "known", console, sample=variants, elsewhere=False, jobs=jobs)
        show(proof, console, places_of(solutions, assignment))
        expected, results = try_class(assignment, out, proof.variants, students, seed, jobs, console)
        show_marks(assignment, expected, results, console)
        show_misconceptions(assignment, results, console)
        good = check(expected, results, console) and proof.is_proven and good
    console.print(f"\n{time.perf_counter() - start:.0f} s in all. To look at it:", highlight=False)
    for name in names:
        folder = out / "demo" / name
        example = min((folder / "feedback").iterdir()).name
        for file, what in {
            f"feedback/STUDENT/{name}/exercises.html": f"a page for each student, such as {example}",
            "results.json": "every verdict",
            "expected.json": "what was expected",
        }.items():
            console.print(f"  {folder / file}: {what}", highlight=False, soft_wrap=True)
    console.print("  make lab: open the course in JupyterLab", highlight=False)
    return good


def try_class(assignment, out, variants, students, seed, jobs, console):
    """Make a class that draws from the proven variants, and grade it; return what is expected and the results."""
    folder = out / "demo" / assignment.name
    shutil.rmtree(folder, ignore_errors=True)  # nothing of an earlier class, so that all of this one is graded
    drawn = write_course(out / "nbgrader", folder / "course", assignment.name, variants)
    with Sandbox() as sandbox:
        table = Table.load_or_make(drawn, sandbox, out / "known")
        expected = make_class(drawn, table, folder, students, seed)
    console.print(f"a class of {students} with known marks: {folder / 'submitted'}/", highlight=False)
    places = {"submitted": folder / "submitted", "course": folder / "course", "out": folder, "cache": out / "known"}
    results = grade_class(assignment=assignment.name, jobs=jobs, console=console, changed=APPLY, **places).as_dict()
    engine = results["engine"]
    console.print(f"graded in {engine['seconds']:g} s; sandbox: {engine['sandbox']}", highlight=False)
    return expected, results


def write_course(course, out, name, variants):
    """Copy one assignment of a course; its students draw from some variants alone.

    Parameters
    ----------
    course, out : Path
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
    (out / "plainnet").mkdir()
    (out / "plainnet" / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
    return load_assignment(out, name)


def show_marks(assignment, expected, results, console):
    """Print the marks of the class, a column for each exercise."""
    table = RichTable(title=f"{assignment.name}: marks", **FRAME)
    table.add_column("student", no_wrap=True)
    table.add_column("submission", no_wrap=True)
    for number in range(len(assignment.exercises)):
        table.add_column(str(number + 1), justify="right")
    table.add_column("total", justify="right")
    for submission in results["submissions"]:
        known = expected["students"][submission["student"]]
        cells = [known["name"], known["kind"]]
        cells += [_mark(submission, exercise) for exercise in assignment.exercises]
        table.add_row(*cells, f"{submission['score']:g}" if submission["status"] == GRADED else submission["status"])
    console.print(table)
    legend = ", ".join(f"{number} {name}" for number, name in enumerate(assignment.exercises, 1))
    console.print(f"Exercises: {legend}. Out of {results['submissions'][0]['max_score']:g} points.", highlight=False)


def _mark(submission, exercise):
    """Return the points in one exercise, coloured."""
    cells = [cell for cell in submission["cells"] if cell["exercise"] == exercise]
    if not cells:
        return "-"
    score, points = sum(cell["score"] for cell in cells), sum(cell["points"] for cell in cells)
    colour = "green" if score == points else "yellow" if score else "red"
    return f"[{colour}]{score:g}[/]"


def show_misconceptions(assignment, results, console):
    """Print which mistakes were recognised, in how many submissions, with their hints."""
    found = {
        (cell["exercise"], cell["mistake"], cell["hint"], submission["student"])
        for submission in results["submissions"]
        for cell in submission["cells"]
        if cell["mistake"]
    }
    table = RichTable(title=f"{assignment.name}: misconceptions found", **FRAME)
    table.add_column("students", justify="right")
    table.add_column("exercise: mistake", overflow="fold")
    table.add_column("the hint that they get")
    counted = Counter(entry[:3] for entry in found).most_common()
    for (exercise, mistake, hint), count in counted[:MOST_SHOWN]:
        table.add_row(str(count), f"{exercise}: {mistake}", hint)
    console.print(table)
    if len(counted) > MOST_SHOWN:
        console.print(f"and {len(counted) - MOST_SHOWN} more: see results.json", highlight=False)


def check(expected, results, console):
    """Print what differs from the expected marks; return whether nothing does."""
    wrong = differences(expected, results)
    for sentence in wrong:
        console.print(f"[red]not as expected[/] {sentence}", highlight=False)
    marks = sum(len(student["cells"]) for student in expected["students"].values())
    if not wrong:
        students = len(expected["students"])
        console.print(f"[green]all {marks} marks of {students} students are as expected[/]", highlight=False)
    return not wrong


def command(
    chapters: Annotated[
        list[str] | None, typer.Argument(help="Chapters, for example 01_graphs; all by default.")
    ] = None,
    solutions: Annotated[Path, typer.Option(help="The sources.")] = Path("solutions"),
    course: Annotated[Path, typer.Option(help="Where the students' notebooks are written.")] = Path("course"),
    out: Annotated[Path, typer.Option(help="Where everything else is written.")] = Path("build"),
    students: Annotated[int, typer.Option(min=1, help="The size of the class.")] = 24,
    seed: Annotated[int, typer.Option(help="What the class is drawn from.")] = 1,
    variants: Annotated[int, typer.Option(min=1, max=16, help="How many variants are proven and drawn.")] = 2,
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
                typer.echo(f"{folder.name}: build, prove, {students} students in {out / 'demo' / folder.name}")
            return
        good = demo(chapters, solutions, course, out, Console(), **options)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(0 if good else 1)
