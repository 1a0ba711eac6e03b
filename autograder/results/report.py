"""`report`: two pages about a class, and a slide. One is for staff, with names; the others can be projected.

The page for the class shows no group under five students: tenths of the marks are put together until each holds so
many, a misconception of fewer is left out, and a count near nobody or near everybody is told in words.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograder.course import demos_of, load_assignment
from autograder.results.class_figures import class_figures, groups_of
from autograder.results.files import write_atomically
from autograder.results.similarity import Similarity, similar_submissions
from autograder.results.slide import FEWEST, refuted
from autograder.verdicts import GRADED

NOT_COMPARED = Similarity(why_not="Submissions were not compared with one another.")
NOTHING_SHOWN = "Fewer than five submissions were graded, so this page shows no figures."


def staff_page(figures, similar=NOT_COMPARED):
    """Return the page for staff: HTML without scripts, with names.

    Parameters
    ----------
    figures : ClassFigures
    similar : Similarity
        Which submissions are unusually alike.
    """
    return _page("staff_report.html.j2", figures, groups_of(figures.shares), similar=similar)


def class_page(figures):
    """Return the page to project: HTML without scripts, without names, without groups under five."""
    shown = [one for one in figures.misconceptions if len(one.students) >= FEWEST]
    enough = len(figures.scores) >= FEWEST
    groups = groups_of(figures.shares, FEWEST)
    return _page("class_report.html.j2", figures, groups, shown=shown if enough else [], enough=enough)


def slide_page(figures, shown):
    """Return the slide: HTML without scripts, without names, without groups under five.

    Parameters
    ----------
    figures : ClassFigures
    shown : list of slide.Refuted
    """
    enough = len(figures.scores) >= FEWEST
    return _page("class_slide.html.j2", figures, [], style="slide.css", shown=shown if enough else [], enough=enough)


def in_words(count, total):
    """Return how many of a class, so that no group under five can be told: "12 of 60", "fewer than 5", "nearly all"."""
    if total < FEWEST:
        return "too few to tell"
    if count < FEWEST:
        return "fewer than 5"
    return "nearly all" if total - count < FEWEST else f"{count} of {total}"


def _page(template, figures, groups, style="report.css", **more):
    style = _style(style)
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
def _style(name):
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


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


@dataclass(frozen=True)
class Pages:
    """What is written about each assignment, and what that takes."""

    folder: Path
    course: Path
    with_slide: bool = False
    site: str = ""  # where the demos' pages are; "" to write them

    def paths(self, assignment):
        """Return the path of each page, by its kind."""
        kinds = ("staff", "class", "slide") if self.with_slide else ("staff", "class")
        return {kind: self.folder / f"{assignment}-{kind}.html" for kind in kinds}

    def write(self, out, results):
        """Write the pages of one assignment."""
        figures = class_figures(results)
        pages = {"staff": staff_page(figures, self._similar(out, results)), "class": class_page(figures)}
        if self.with_slide:
            shown = refuted(figures, demos_of(self.course, figures.assignment), self.folder, self.site)
            pages["slide"] = slide_page(figures, shown)
        for kind, path in self.paths(figures.assignment).items():
            write_atomically(path, pages[kind])

    def _similar(self, out, results):
        try:
            assignment = load_assignment(self.course, results["assignment"])
        except ValueError as error:
            return Similarity(why_not=f"Submissions were not compared, for want of the author's text: {error}.")
        graded = [one["student"] for one in results["submissions"] if one["status"] == GRADED]
        return similar_submissions(out, assignment, graded)


def command(
    out: Annotated[Path, typer.Argument(help="The folder that `grade --out` wrote, or one results.json.")],
    to: Annotated[Path | None, typer.Option(help="Where the pages are written; by default OUT/report.")] = None,
    course: Annotated[Path, typer.Option(help="The nbgrader course, with source/.")] = Path("build/nbgrader"),
    slide: Annotated[
        bool, typer.Option("--slide", help="Also a slide: the commonest mistakes, and demos that refute them.")
    ] = False,
    site: Annotated[
        str, typer.Option(metavar="URL", help="Where demos/ of `site` is; without, the slide's demos are written.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say which pages would be written, and write none.")
    ] = False,
):
    """Write two pages about a graded class: one for staff, with names, and one to project, without.

    With --slide also one slide to begin the next lecture with: the three commonest misconceptions, each with the demo
    that refutes it, on pages that need no network.

    Example: python -m autograder report build/graded --slide

    Exit codes: 0 written, 2 wrong use.
    """
    try:
        classes = read_results(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    folder = to or (out if out.is_dir() else out.parent) / "report"
    pages = Pages(folder, course, slide, site)
    for results in classes:
        if not dry_run:
            pages.write(out if out.is_dir() else out.parent, results)
        for path in pages.paths(results["assignment"]).values():
            print(f"{'would write' if dry_run else 'wrote'} {path}")
