"""`site`: demos as pages of their own, lectures as handouts, and an index: for a web server or a USB stick."""

import base64
import html
import os
import shutil
import urllib.parse
from pathlib import Path
from typing import Annotated

import nbformat
import typer

from autograder.present.handout import executed, handout, page
from autograder.results.files import as_folder

ROOT = Path(__file__).resolve().parents[2]
MARK = ".plainnet-site"  # says that a folder is ours to replace


def build_site(course, out, tell=lambda line: None, lectures=True, dry_run=False):
    """Write the site; what an earlier run wrote is replaced as a whole, once everything is written.

    Parameters
    ----------
    course : Path
        The folder with the lectures, `NN_topic/lecture.ipynb`.
    out : Path
        Where the site goes.
    tell : callable
        Gets a line for each page.
    lectures : bool
        Whether handouts are made too; they run every lecture, which takes up to a minute each.
    dry_run : bool
        Write nothing; `tell` gets a line for each page that would be written.

    Raises
    ------
    ValueError
        Where `out` is no folder or holds something that is no site of ours, or `course` holds no lectures.
    """
    out = as_folder(out)
    if out.exists() and any(out.iterdir()) and not (out / MARK).exists():
        raise ValueError(f"{out} holds files that this command did not write: name an empty folder, or remove it first")
    if lectures and not lectures_in(course):
        raise ValueError(f"{course} holds no lectures: expected NN_topic/lecture.ipynb in it, as `build` writes them")
    if dry_run:
        return _tell_pages(course, out, tell, lectures)
    fresh = out.with_name(out.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "demos").mkdir(parents=True)
    (fresh / MARK).touch()
    cards, addresses = write_demos(fresh / "demos", tell)
    chapters = write_handouts(Path(course), fresh, addresses, tell) if lectures else []
    (fresh / "index.html").write_text(index(cards, chapters), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return out / "index.html"


def _tell_pages(course, out, tell, lectures):
    """Say which pages would be written; return the first one's path."""
    from plainnet import demos

    for module in demos.GALLERY.values():
        tell(f"would write {out / 'demos' / module}.html")
    for path in lectures_in(course) if lectures else ():
        tell(f"would run {path} and write {out / path.parent.name / 'index.html'}")
    return out / "index.html"


def write_demos(folder, tell):
    """Write a page for each demo; return what the index shows of each, and title -> address seen from a handout."""
    from plainnet import demos

    cards, addresses = [], {}
    for name, module in demos.GALLERY.items():
        demo = getattr(demos, name)()
        variants = demo.variants()
        demo.to_html(folder / f"{module}.html", variants=variants)
        cards.append((f"demos/{module}.html", *card_of(demo)))
        for variant in variants:  # a lecture may start the demo from any of its presets
            title = variant["header"]["title"]
            addresses.setdefault(title, f"../demos/{module}.html#{urllib.parse.quote(title)}")
        tell(f"demo {module}")
    return cards, addresses


def card_of(demo):
    """Return what the index shows of a demo: its title, its words, and its picture as PNG bytes."""
    return demo.recording.title, demo.recording.description, demo.thumbnail()


def lectures_in(course):
    """Return the lectures of a course folder, in order."""
    return sorted(Path(course).glob("[0-9][0-9]_*/lecture.ipynb"))


def write_handouts(course, folder, addresses, tell):
    """Run each lecture and write its handout; return [(address, title)]."""
    written = []
    for path in lectures_in(course):
        notebook = executed(nbformat.read(path, as_version=4), path.parent)
        text = handout(notebook, addresses)
        chapter = folder / path.parent.name
        chapter.mkdir()
        (chapter / "index.html").write_text(text, encoding="utf-8")
        written.append((f"{path.parent.name}/index.html", text.split("<title>")[1].split("</title>")[0]))
        tell(f"lecture {path.parent.name}")
    return written


def index(cards, chapters, note="Every page works on its own, without a network."):
    """Return the start page: lectures, and a thumbnail for each demo."""
    lectures = "".join(f'<li><a href="{address}">{title}</a></li>' for address, title in chapters)
    shown = "".join(
        f'<li><a class="demo" href="{address}"><img width="448" height="248" alt="" src="data:image/png;base64,'
        f'{base64.b64encode(png).decode()}">{html.escape(title)}</a><p>{html.escape(words)}</p></li>'
        for address, title, words, png in cards
    )
    body = "<h1>plainnet: lectures and demos</h1>"
    body += f'<h2>Lectures</h2><ul class="lectures">{lectures}</ul>' if chapters else ""
    body += f'<h2>Demos</h2><p>{note}</p><ul class="cards">{shown}</ul>'
    return page("plainnet: lectures and demos", body, kind="index")


def command(
    out: Annotated[Path, typer.Option(help="Where the site goes.", show_default="build/site")] = ROOT
    / "build"
    / "site",
    course: Annotated[Path, typer.Option(help="The lectures.", show_default="course")] = ROOT / "course",
    lectures: Annotated[bool, typer.Option(help="Also run the lectures and write their handouts.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written; write nothing.")] = False,
):
    """Write all demos as pages of their own, each lecture as a handout, and an index with thumbnails.

    No page makes a network request; the folder works from any web server, or from a USB stick.

    Example: python -m autograder site --out build/site

    Exit codes: 0 written; 2 wrong usage, or the folder holds something else.
    """
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    try:
        start = build_site(course, out, typer.echo, lectures, dry_run)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(f"would write {start}" if dry_run else f"open {start}")
