"""`marks`: what the gradebook says, filled into the file that Canvas or Moodle exported, or as JSON."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.classroom.csv_file import ClassFileError
from autograder.classroom.fill import EMPTY, Filling, fill
from autograder.classroom.lms import LmsFile
from autograder.classroom.roster import roster_of
from autograder.results.files import write_atomically

PROBLEM, WRONG_USE, INCOMPLETE, MARKS_DIFFER = 1, 2, 3, 4  # exit codes


def lines_of(found, lms, title, assignment, dry_run):
    """Return what was done, as lines of text.

    Parameters
    ----------
    found : Filling
    lms : LmsFile
    title : str
        The column's.
    assignment : str
    dry_run : bool

    Returns
    -------
    list of str
    """
    would = "would be " if dry_run else ""
    lines = [
        f"{assignment} into {title!r} of {lms.table.path} ({lms.kind}): {len(found.filled)} marks {would}filled in, "
        f"{len(found.same)} there already"
    ]
    if dry_run:
        lines += [f"  {one.student} (line {one.line}): {one.was or 'no mark'} -> {one.now}" for one in found.filled]
    elif replaced := [one for one in found.filled if one.was not in EMPTY]:
        lines.append(f"{len(replaced)} of them replaced another mark:")
        lines += [f"  {one.student} (line {one.line}): {one.was} -> {one.now}" for one in replaced]
    if found.differ:
        stay = "would stay" if dry_run else "stay"
        lines.append(f"{len(found.differ)} marks differ and {stay} as the file has them (--force replaces them):")
        lines += [f"  {one.student} (line {one.line}): {one.was} in the file, {one.now} here" for one in found.differ]
    lists = {
        "left out": [f"{student}: {reason}" for student, reason in sorted(found.left_out.items())],
        "with a mark here and no row in the file": found.not_in_file,
        "rows whose student is not known": found.unknown,
        "in the file and without a mark here, so left as they are": found.without_mark,
    }
    for words, entries in lists.items():
        lines += [f"{len(entries)} {words}:", *(f"  {entry}" for entry in entries)] if entries else []
    if found.escaped:
        where = ", ".join(map(str, found.escaped))
        lines.append(
            f"names that a spreadsheet program would run {would or 'were '}escaped by an apostrophe: line {where}"
        )
    return lines


def command(
    file: Annotated[Path | None, typer.Argument(help="The gradebook file or worksheet that the LMS exported.")] = None,
    out: Annotated[Path, typer.Option(help="The results folder that grade wrote.")] = Path("build/graded"),
    course: Annotated[Path, typer.Option(help="The nbgrader course; its roster.csv.")] = Path("build/nbgrader"),
    assignment: Annotated[str | None, typer.Option(help="Which, where there are several.")] = None,
    column: Annotated[
        str | None, typer.Option(help="The column of the marks in the file.", show_default="the assignment's name")
    ] = None,
    roster: Annotated[Path | None, typer.Option(help="Who is who.", show_default="roster.csv in the course")] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write there.", show_default="into the file itself")
    ] = None,
    scale: Annotated[bool, typer.Option("--scale", help="Scale marks to the points that the file says.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace marks that differ.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON; without a file all marks.")] = False,
    db: Annotated[
        str | None, typer.Option(metavar="URL", help="nbgrader's gradebook.", show_default="that of OUT")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
):
    """Fill marks into the gradebook file that Canvas or Moodle exported: marks alone, every other byte stays.

    Marks are nbgrader's totals: with what people gave in formgrader, less late penalties. Who still needs manual
    grading is left out and listed; so are students whom one side has and the other has not. A mark in the file that
    differs stays, unless --force. --json prints all of it, and the marks.

    Exit codes: 0 every mark is in the file, 1 the gradebook or the file cannot be used, 2 wrong use, 3 some students
    were left out or are not known, 4 some marks differ and stayed.

    Example: python -m autograder marks canvas.csv --out build/graded --assignment 01_graphs --dry-run
    """
    from autograder.classroom.totals import totals_of  # imports nbgrader
    from autograder.results.gradebook import GradebookError
    from autograder.results.nbgrader_config import gradebook_settings

    console = Console(highlight=False, markup=False, soft_wrap=True)
    if file is None and not as_json:
        raise typer.BadParameter("expected the file to fill, or --json for the marks alone")
    try:
        url = gradebook_settings(out, course, db).get("db_url")
        name, totals = totals_of(out, assignment, url)
        found, about = Filling(), {"assignment": name}
        if file is not None:
            lms = LmsFile(file)
            number = lms.mark_column(name, column)
            about |= {"file": str(file), "kind": lms.kind, "column": lms.table.header[number], "written": not dry_run}
            found = fill(lms, number, totals, roster_of(course, roster), scale=scale, force=force)
            if to is not None and to.exists() and to.resolve() != file.resolve():
                raise ClassFileError(f"{to} is there already: remove it or name another file")
            if not dry_run and (found.cells or to):
                own = not file.stat().st_mode & 0o077  # its owner's alone
                write_atomically((to or file).resolve(), lms.table.with_cells(found.cells), sync=True, private=own)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    except (GradebookError, OSError) as error:
        console.print(f"No marks were written: {error}")
        raise typer.Exit(PROBLEM) from error
    if as_json:
        marks = [asdict(one) for one in sorted(totals.values(), key=lambda one: one.student)]
        typer.echo(json.dumps(about | found.as_dict() | {"marks": marks}, indent=1, ensure_ascii=False))
    else:
        for line in lines_of(found, lms, lms.table.header[number], name, dry_run):
            console.print(line)
    raise typer.Exit(MARKS_DIFFER if found.differ else 0 if found.is_complete else INCOMPLETE)
