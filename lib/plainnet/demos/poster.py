"""The key frame of a recording on paper: where no widget can live, matplotlib draws its parts."""

import io
import textwrap

import numpy as np

from plainnet.demos.on_paper import DRAWN, GREY

WORDS = ("listing", "table")  # too small to read in a thumbnail


def draw_poster(recording, k):
    """Return frame `k` of a recording as PNG bytes: its title, its parts, its sentence."""
    rows = max(len(recording.parts), 1)

    def compose(figure, draw):
        figure.suptitle(recording.title, fontsize=16, fontweight="bold")
        figure.supxlabel("\n".join(textwrap.wrap(recording.frame(k)["text"], 110)), fontsize=12)
        place(figure, recording.parts, False, draw)

    return picture(recording, k, (12, 1.6 + 4.2 * rows), 100, compose)


def draw_thumbnail(recording, k):
    """Return the first and the last picture of the first row as PNG bytes, in letters that stay legible when small."""
    row = recording.parts[0] if recording.parts else []
    row = [part for part in (row if isinstance(row, list) else [row]) if not words_alone(part)] or row
    shown = row if len(row) < 3 else [row[0], row[-1]]

    def compose(figure, draw):
        place(figure, [shown], False, draw, title_size=9)
        for legend in filter(None, (axis.get_legend() for axis in figure.get_axes())):
            legend.remove()  # the page has room for it

    return picture(recording, k, (5.6, 3.1), 140, compose)


def words_alone(part):
    """Return whether a part, or a column of parts, holds nothing but words."""
    return all(map(words_alone, part)) if isinstance(part, list) else part["part"] in WORDS


def picture(recording, k, inches, dpi, compose):
    """Return the figure that `compose(figure, draw)` fills as PNG bytes, in matplotlib's own style, not the user's."""
    import matplotlib.style  # here: plainnet imports without matplotlib
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    frame = recording.frame(k)
    png = io.BytesIO()
    with matplotlib.style.context("default"):
        figure = Figure(figsize=inches, layout="constrained", facecolor="white")
        FigureCanvasAgg(figure)  # no pyplot: a poster changes nobody's current figure
        compose(figure, lambda axis, part: DRAWN[part["part"]](axis, part, frame, recording, k % len(recording)))
        about = {"Title": recording.title, "Description": recording.description}
        figure.savefig(png, format="png", dpi=dpi, metadata=about)
    return png.getvalue()


def place(figure, parts, across, draw, title_size=11):
    """Give each part a place: below one another, side by side within a row, below one another within that."""
    if not parts:
        return
    shares = [part["width"] if isinstance(part, dict) else 1 for part in parts]
    shape = {"nrows": 1, "ncols": len(parts), "width_ratios": shares} if across else {"nrows": len(parts), "ncols": 1}
    for part, inner in zip(parts, np.ravel(figure.subfigures(**shape))):
        if isinstance(part, list):
            place(inner, part, not across, draw, title_size)
        else:
            axis = inner.subplots()
            axis.set_title(part["title"], fontsize=title_size, color=GREY)
            draw(axis, part)
