"""One slide to begin the next lecture with: what went wrong most often, each with the demo that refutes it.

It names nobody, shows no group under five, and runs no script; the demos are pages of their own, beside it.
"""

import base64
import html
from dataclasses import dataclass
from pathlib import Path

FEWEST = 5  # students in any group that is shown
MOST = 3  # misconceptions on one slide


@dataclass(frozen=True)
class Refuted:
    """A misconception as the slide shows it. Without a demo, `title` is ""."""

    exercise: str
    hint: str
    count: int
    title: str = ""
    words: str = ""
    address: str = ""
    picture: str = ""  # PNG in base64


def commonest(figures):
    """Return the misconceptions that a slide may show: of five students or more, the commonest first, one a hint."""
    if len(figures.scores) < FEWEST:
        return []
    shown = {}
    for one in figures.misconceptions:
        if len(one.students) >= FEWEST and one.hint:
            shown.setdefault(one.hint, one)
    return list(shown.values())[:MOST]


def refuted(figures, demos, folder, site=""):
    """Return what the slide shows; the demos' pages are written unless they have an address of their own.

    Parameters
    ----------
    figures : ClassFigures
    demos : dict
        "exercise" or "exercise/mistake" -> a demo's name, as `course.demos_of` gives it.
    folder : Path
        Where the slide goes; the demos' pages go into `demos/` there.
    site : str
        The address of the folder `demos/` of a site that `site` wrote; then none is written here.

    Returns
    -------
    list of Refuted
    """
    made = {}
    found = []
    for one in commonest(figures):
        name = demos.get(f"{one.exercise}/{one.mistake}") or demos.get(one.exercise)
        if name and name not in made:
            made[name] = _card(name, folder, site)
        found.append(Refuted(one.exercise, one.hint, len(one.students), *made.get(name, ())))
    return found


def _card(name, folder, site):
    """Return (title, words, address, picture) of a demo; write its page where no site has one."""
    from plainnet import demos
    from plainnet.demos import GALLERY

    demo, module = getattr(demos, name)(), GALLERY[name]
    address = f"{site.rstrip('/')}/{module}.html" if site else f"demos/{module}.html"
    if not site:
        path = Path(folder) / address
        path.parent.mkdir(parents=True, exist_ok=True)
        demo.to_html(path)
    picture = base64.b64encode(demo.thumbnail()).decode()
    return html.unescape(demo.recording.title), demo.recording.description, address, picture
