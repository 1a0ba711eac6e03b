"""`report`: two pages about a class. One is for staff, with names; one can be projected, and names nobody.

The page for the class shows no group under five students: tenths of the marks are put together until each holds so
many, a misconception of fewer is left out, and a count near nobody or near everybody is told in words.
"""

import base64
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.results.class_figures import class_figures, groups_of
from autograder.results.files import write_atomically

FEWEST = 5  # students in any group that the page for the class shows
NOTHING_SHOWN = "Fewer than five submissions were graded, so this page shows no figures."


def staff_page(figures):
    """Return the page for staff: HTML without scripts, with names."""
    return _page("staff_report.html.j2", figures, groups_of(figures.shares))


def class_page(figures):
    """Return the page to project: HTML without scripts, without names, without groups under five."""
    shown = [one for one in figures.misconceptions if len(one.students) >= FEWEST]
    enough = len(figures.scores) >= FEWEST
    groups = groups_of(figures.shares, FEWEST)
    return _page("class_report.html.j2", figures, groups, shown=shown if enough else [], enough=enough)


def in_words(count, total):
    """Return how many of a class, so that no group under five can be told: "12 of 60", "fewer than 5", "nearly all"."""
    if total < FEWEST:
        return "too few to tell"
    if count < FEWEST:
        return "fewer than 5"
    return "nearly all" if total - count < FEWEST else f"{count} of {total}"


def _page(template, figures, groups, **more):
    style = _style()
    return (
        _templates()
        .get_template(template)
        .render(
            figures=figures,
            groups=groups,
            tallest=max((count for *_, count in groups), default=1) or 1,
            style=style,
            style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
            **more,
        )
    )


@cache
def _templates():
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"percent": lambda share: f"{100 * share:.0f} %", "points": lambda number: f"{number:g}"}
    made.globals |= {"in_words": in_words, "nothing_shown": NOTHING_SHOWN}
    return made


@cache
def _style():
    return Path(__file__).with_name("report.css").read_text(encoding="utf-8")


def read_results(out):
    """Return what `grade` wrote into a folder: one dict for each assignment.

    Raises
    ------
    ValueError
        If there is nothing, or a file is no results file.
    """
    paths = [out] if out.is_file() else sorted(out.glob("results*.json"))
    if not paths:
        raise ValueError(f"{out} holds no results.json: name the folder that `grade --out` wrote")
    found = []
    for path in paths:
        try:
            results = json.loads(path.read_text(encoding="utf-8"))
            found.append({key: results[key] for key in ("assignment", "submissions")})
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is no results file of `grade`: {type(error).__name__}: {error}") from None
    return found


def command(
    out: Annotated[Path, typer.Argument(help="The folder that `grade --out` wrote, or one results.json.")],
    to: Annotated[Path | None, typer.Option(help="Where the pages are written; by default OUT/report.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which pages would be written, and write none.")
    ] = False,
):
    """Write two pages about a graded class: one for staff, with names, and one to project, without.

    Example: python -m autograder report build/marks

    Exit codes: 0 written, 2 wrong use.
    """
    try:
        classes = read_results(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    folder = to or (out if out.is_dir() else out.parent) / "report"
    for results in classes:
        figures = class_figures(results)
        for kind, page in (("staff", staff_page), ("class", class_page)):
            path = folder / f"{figures.assignment}-{kind}.html"
            if not dry_run:
                write_atomically(path, page(figures))
            print(f"{'would write' if dry_run else 'wrote'} {path}")
