"""`gallery`: every demo live at an address of its own, served by Voila, for a lecturer who wants no code."""

import os
import shutil
from pathlib import Path
from typing import Annotated

import nbformat
import typer
from nbformat.v4 import new_code_cell, new_notebook

from autograder.present.server import Server, arguments
from autograder.present.site import ROOT, card_of, index
from autograder.results.files import as_folder

TEMPLATE = "plainnet"  # Voila's own templates all load icon fonts from a CDN
PAGE = """{%- extends 'voila/templates/lab/index.html.j2' -%}
{% import "spinner.macro.html.j2" as spinner %}
{%- block notebook_css -%}
{{ resources.include_js("static/voila-style.js") }}
{{ spinner.css() }}
<style>
.jp-mod-noOutputs.jp-mod-noInput, .jp-OutputPrompt, .jp-InputPrompt { display: none; }
body.jp-Notebook { padding: 0.5rem; }
</style>
{{ super.super() }}
{%- endblock notebook_css -%}
"""
FONTS = ["s", "-anonymous-pro", "-atkinson-hyperlegible", "-dejavu-sans-mono", "-fira-code"]
NEEDLESS = ["jupyterlab-jupytext", "jupyterlab-slideshow", "@jupyter/nbgrader", "@jupyter-notebook/lab-extension"]
NEEDLESS += [f"@deathbeds/jupyterlab-font{name}" for name in FONTS]


def check_place(folder):
    """Refuse a folder that would be replaced, and that no gallery was written to."""
    folder = as_folder(folder)
    if folder.exists() and any(folder.iterdir()) and not (folder / "served" / "index.html").exists():
        raise ValueError(f"{folder} holds files that this command did not write: name another --out")


def write_gallery(folder):
    """Write a notebook for each demo, the start page, and Voila's template; replaces what an earlier run wrote.

    Returns
    -------
    dict of str -> str
        A demo's module -> its address on the server.
    """
    from plainnet import demos

    check_place(folder)
    shutil.rmtree(folder, ignore_errors=True)
    served, template = folder / "served", folder / "share" / "voila" / "templates" / TEMPLATE
    served.mkdir(parents=True)
    template.mkdir(parents=True)
    (template / "index.html.j2").write_text(PAGE, encoding="utf-8")
    (template / "conf.json").write_text('{"base_template": "lab"}\n', encoding="utf-8")
    addresses = {module: f"/voila/render/{module}.ipynb" for module in demos.GALLERY.values()}
    cards = []
    for name, module in demos.GALLERY.items():
        demo = getattr(demos, name)()
        cards.append((f"../render/{module}.ipynb", *card_of(demo)))
        cell = new_code_cell(f"from plainnet.demos import {name}\n\n{name}()", id="demo")
        python = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook = new_notebook(cells=[cell], metadata={"kernelspec": python, "title": demo.recording.title})
        nbformat.write(notebook, served / f"{module}.ipynb")
    note = "Each page starts Python for itself, which takes some seconds; close it, and its Python ends."
    (served / "index.html").write_text(index(cards, [], note), encoding="utf-8")
    return addresses


def gallery_server(folder, theme="light"):
    """Return the server of a gallery that `write_gallery` wrote."""

    def told(port):
        return [
            *arguments("Voila", port, folder / "served"),
            f"--VoilaConfiguration.template={TEMPLATE}",
            f"--VoilaConfiguration.theme={theme}",
            *(f"--VoilaConfiguration.extension_denylist={name}" for name in NEEDLESS),
            "--VoilaConfiguration.file_allowlist=index.html",
            "--VoilaConfiguration.show_tracebacks=True",
            "--MappingKernelManager.cull_idle_timeout=600",
            "--MappingKernelManager.cull_interval=60",
        ]

    paths = [str((folder / "share").resolve()), *filter(None, [os.environ.get("JUPYTER_PATH")])]
    return Server("voila", told, folder / "private", {"JUPYTER_PATH": os.pathsep.join(paths)})


def command(
    out: Annotated[Path, typer.Option(help="Where its files go.", show_default="build/gallery")] = ROOT
    / "build"
    / "gallery",
    dark: Annotated[bool, typer.Option("--dark", help="A dark page.")] = False,
    browser: Annotated[bool, typer.Option(help="Open the start page in the browser.")] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be written; start nothing.")] = False,
):
    """Serve every demo live, one address each, without code, on this machine alone.

    The start page links all demos. No page asks for anything beyond this machine: it works without a network.

    Example: python -m autograder gallery

    Exit codes: 0 ended by Ctrl+C; 1 the server did not start; 2 wrong usage, or the folder holds something else.
    """
    try:
        check_place(out)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if dry_run:
        typer.echo(f"would write a page for each demo to {out}, and serve them on this machine")
        return
    addresses = write_gallery(out.resolve())
    with gallery_server(out.resolve(), "dark" if dark else "light") as server:
        start = f"{server.url}/voila/files/index.html?token={server.token}"
        for module, address in addresses.items():
            typer.echo(f"{module:20} {server.url}{address}")
        typer.echo(f"all demos            {start}")
        server.show(start, typer.echo, browser)
