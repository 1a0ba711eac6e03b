"""`lecture`: a chapter's lecture as a slide deck in JupyterLab, its demos live, on a copy that presenting may change.

The copy is run before the browser opens, in the very kernel that JupyterLab then connects to: the deck starts with
every figure drawn and every demo alive, and nobody has to click "Run".
"""

import json
import shutil
from pathlib import Path
from typing import Annotated

import nbformat
import typer
from jupyter_client import BlockingKernelClient
from nbformat.sign import NotebookNotary
from nbformat.v4 import output_from_msg

from autograder.present.handout import kind, markdown, page
from autograder.present.server import PRIVATE, Server, arguments
from autograder.present.site import ROOT
from autograder.results.files import as_folder

OUTPUTS = ("execute_result", "display_data", "stream", "error")
DECK = "body[data-jp-deck-mode='presenting']"
NOTEBOOK = ".jp-Deck .jp-Notebook.jp-mod-commandMode:not(.jp-mod-readWrite) :focus"
NEXT, BACK = {"direction": "down", "alternate": "forward"}, {"direction": "up", "alternate": "back"}
CLICKER = {"PageDown": NEXT, "PageUp": BACK}  # what a clicker sends
SECONDS_PER_CELL = 120
STYLE = """/* large type, but on a demo's slide (as the theme's overrides it would have to be the user's own setting) */
.jp-Deck { --jp-content-font-size1: 17px; --jp-code-font-size: 14px; } /* a line of 120 columns fits 1280 pixels */
.jp-Deck .jp-RenderedHTMLCommon table { font-size: 15px; }
.jp-Deck .jp-RenderedHTMLCommon .highlight { font-size: 14px; }
.jp-Deck .jp-Notebook:has(.jp-deck-mod-visible .pn-stage) { --jp-content-font-size1: 14px; --jp-code-font-size: 13px; }
/* a demo gets the room of the line that makes it; the mouse's buttons stand back until they are wanted */
.jp-Deck .jp-CodeCell:has(.pn-stage) .jp-Cell-inputWrapper { display: none; }
.jp-Deck-Remote { opacity: 0.35; transform: scale(0.6); transform-origin: bottom right; }
.jp-Deck-Remote:hover, .jp-Deck-Remote:focus-within { opacity: 1; }
"""


def settings(dark=False):
    """Return JupyterLab's settings for a deck: it starts by itself, in large type, and knows a clicker's keys."""
    keys = [
        {"command": "deck:go", "args": where, "keys": [key], "selector": place}
        for key, where in CLICKER.items()
        for place in (NOTEBOOK, f"{DECK} .jp-Deck-Remote", DECK)
    ]
    return {
        "jupyterlab-slideshow:plugin": {"active": True},
        "@jupyterlab/shortcuts-extension:shortcuts": {"shortcuts": keys},
        "@jupyterlab/apputils-extension:themes": {
            "theme": "JupyterLab Dark" if dark else "JupyterLab Light",
        },
        "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "recordTiming": False},
        "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    }


def check_place(work):
    """Refuse a folder that would be replaced, and that no deck was copied to."""
    if as_folder(work).exists() and any(work.iterdir()) and not (work / "deck" / "lecture.ipynb").exists():
        raise ValueError(f"{work} holds files that this command did not write: name another --out")


def copy_lecture(chapter, work):
    """Copy a chapter's lecture, and what else stands there besides the exercises, to `work`; return the copy's path."""
    check_place(work)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(chapter, work / "deck", ignore=shutil.ignore_patterns("exercises.ipynb", ".ipynb_checkpoints"))
    path = work / "deck" / "lecture.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if kind(cell) == "-":  # the extension knows a cell that continues its slide by no type at all
            cell.metadata.pop("slideshow", None)
    nbformat.write(notebook, path)
    return path


def lecture_server(work, dark=False):
    """Return the JupyterLab server of a deck whose files `copy_lecture` put into `work`."""
    overrides = work / "settings"
    overrides.mkdir(parents=True)
    (overrides / "overrides.json").write_text(json.dumps(settings(dark), indent=1), encoding="utf-8")
    style = work / "private" / PRIVATE["JUPYTER_CONFIG_DIR"] / "custom" / "custom.css"
    style.parent.mkdir(parents=True)
    style.write_text(STYLE, encoding="utf-8")

    def told(port):
        return [
            *arguments("ServerApp", port, work / "deck"),
            "--allow-root",  # a container has no other user; the server listens to this machine alone, with a token
            f"--LabApp.app_settings_dir={overrides}",
            "--LabApp.extension_manager=readonly",
            "--LabApp.custom_css=True",
            f"--NotebookNotary.data_dir={work / 'private'}",
        ]

    return Server("jupyterlab", told, work / "private")


def start_deck(server, path, tell=lambda line: None):
    """Run a notebook in a kernel of the server and save it with its outputs, signed as ours; return its address."""
    wanted = {"path": path.name, "name": path.name, "type": "notebook", "kernel": {"name": "python3"}}
    session = server.get("/api/sessions", wanted)
    client = BlockingKernelClient()
    client.load_connection_file(str(server.work / "runtime" / f"kernel-{session['kernel']['id']}.json"))
    client.start_channels(hb=False)  # a busy machine misses heartbeats; that is no reason to call off a lecture
    try:
        client.wait_for_ready(timeout=60)
        notebook = nbformat.read(path, as_version=4)
        run(notebook, client, tell)
    finally:
        client.stop_channels()
    nbformat.write(notebook, path)
    NotebookNotary(data_dir=str(server.work)).sign(notebook)  # otherwise JupyterLab hides widgets until a click
    return f"{server.url}/lab/tree/{path.name}?token={server.token}"


def run(notebook, client, tell):
    """Run the code cells of a notebook and keep their outputs; an error is said, and the rest runs on."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(cells, start=1):
        cell.outputs = []

        def keep(message, cell=cell):
            if message["msg_type"] in OUTPUTS:
                cell.outputs.append(output_from_msg(message))

        reply = client.execute_interactive(
            cell.source, output_hook=keep, timeout=SECONDS_PER_CELL, stop_on_error=False, allow_stdin=False
        )["content"]
        cell.execution_count = reply.get("execution_count")
        if reply["status"] != "ok":
            tell(f"cell {number} of {len(cells)} failed: {reply['ename']}: {reply['evalue']}")
    tell(f"{len(cells)} cells ran")


def write_notes(notebook, path):
    """Write the presenter's notes under the headings of their slides, as a page for a second screen or for print."""
    parts, title = [], "Presenter's notes"
    for cell in notebook.cells:
        heading = next((line for line in cell.source.splitlines() if line.startswith("#")), None)
        if cell.cell_type == "markdown" and kind(cell) in ("slide", "subslide") and heading:
            parts.append(markdown(heading))
        elif kind(cell) == "notes":
            parts.append(markdown(cell.source))
    path.write_text(page(title, "\n".join(parts)), encoding="utf-8")


def find_chapter(course, name):
    """Return the folder of a chapter by its name or number; a ValueError names the chapters that there are."""
    folders = sorted(path.parent for path in Path(course).glob("[0-9][0-9]_*/lecture.ipynb"))
    found = [folder for folder in folders if name in ("", folder.name, folder.name[:2], folder.name[:2].lstrip("0"))]
    if not found:
        names = ", ".join(folder.name for folder in folders) or "none: run make build"
        raise ValueError(f"there is no lecture {name!r} in {course}; there are {names}")
    return found[0]


def command(
    chapter: Annotated[str, typer.Argument(help="Its name or number; else the first.")] = "",
    course: Annotated[Path, typer.Option(help="The lectures.", show_default="course")] = ROOT / "course",
    out: Annotated[Path, typer.Option(help="Where the copy goes.", show_default="build/lecture")] = ROOT
    / "build"
    / "lecture",
    dark: Annotated[bool, typer.Option("--dark", help="A dark deck.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the deck in the browser.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be copied; start nothing.")] = False,
):
    """Open a chapter's lecture as a slide deck in JupyterLab, with live demos.

    It presents a copy with settings of its own: neither course/ nor your JupyterLab changes.
    PageDown and PageUp, a clicker's keys, move through the slides; see docs/presenting.md.

    Example: python -m autograder lecture 01_graphs

    Exit codes: 0 ended by Ctrl+C; 1 the server did not start; 2 no such lecture, or the folder holds something else.
    """
    try:
        folder = find_chapter(course, chapter)
        work = out.resolve() / folder.name
        check_place(work)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if dry_run:
        typer.echo(f"would copy {folder} to {work}, run its lecture and present it in JupyterLab")
        return
    path = copy_lecture(folder, work)
    notes = work / "notes.html"
    write_notes(nbformat.read(path, as_version=4), notes)
    with lecture_server(work, dark) as server:
        typer.echo(f"running {folder.name} ...")
        address = start_deck(server, path, typer.echo)
        typer.echo(f"slides              {address}")
        typer.echo(f"presenter's notes   {notes.as_uri()}")
        server.show(address, typer.echo, browser)
