"""The vocabulary of parts: each function says what to draw from which name of a frame.

A part is a small dict that travels to the browser; `js/<part>.js` draws it there, `on_paper.py` draws it on paper.
`names` lists the frame's names that it needs, so that a misspelt one is an error in Python, not a blank on screen.
Every part takes `title` (its caption and accessible name) and `width` (its share of the row, default 1).
"""


def part(kind, names, *, title="", width=1, **options):
    """Return a part of `kind` that draws `names`, with the options that are not None."""
    options = {key: value for key, value in options.items() if value is not None}
    needed = [name for name in names if name is not None]
    return {"part": kind, "names": needed, "title": title, "width": width, **options}


def line(x, y, label="", colour=None):
    """Return a mark of `plot`: the line through arrays `x` and `y`."""
    return {"mark": "line", "x": x, "y": y, "label": label, "colour": colour}


def points(xy, classes=None, label="", colour=None, size=1):
    """Return a mark of `plot`: dots at the (N, 2) array `xy`, shaped and coloured by the integers `classes`.

    `size` is a factor: dots of several marks that may meet differ in it, the largest first, so that all can be seen.
    """
    return {"mark": "points", "xy": xy, "classes": classes, "label": label, "colour": colour, "size": size}


def field(z, x_range, y_range, limit=None):
    """Return a mark of `plot`: an (H, W) array behind the other marks, its first row at the top.

    `limit` fixes the colour scale to -limit .. limit.
    """
    return {"mark": "field", "z": z, "x_range": list(x_range), "y_range": list(y_range), "limit": limit}


def plot(
    *marks, x="", y="", x_range=None, y_range=None, x_log=False, y_log=False, click=None, click_class=None, **options
):
    """Axes with marks. `x` and `y` are the labels, with their unit: "time (s)".

    `click` names a control that holds a list of [x, y, class]: a click (or the cursor keys and Enter) adds one, of the
    class that the control `click_class` holds.
    """
    names = [mark.get(key) for mark in marks for key in ("x", "y", "xy", "classes", "z")]
    return part(
        "plot", names, marks=list(marks), x=x, y=y, x_range=x_range, y_range=y_range, x_log=x_log, y_log=y_log,
        click=click, click_class=click_class, **options,
    )  # fmt: skip


def loss_curve(*names, x="step", y="loss", log=True, labels=None, steps=None, **options):
    """The history of scalars, from the first frame to the one on screen; `steps` names the scalar on the x axis."""
    return part("loss_curve", [*names, steps], x=x, y=y, log=log, labels=list(labels or names), steps=steps, **options)


def bars(of, labels=None, *, y="", y_range=None, highlight=None, log=False, **options):
    """One bar for each entry of the vector `of`; `highlight` names the index of the bar to stress."""
    return part(
        "bars", [of, highlight], of=of, labels=labels, y=y, y_range=y_range, highlight=highlight, log=log, **options
    )


def histogram(counts, edges, *, x="", y="count", **options):
    """Counts (n,) between edges (n + 1,), as np.histogram returns them."""
    return part("histogram", [counts, edges], counts=counts, edges=edges, x=x, y=y, **options)


def matrix(of, *, highlight=None, known=None, row_labels=None, column_labels=None, edit=None, colour=False, **options):
    """A matrix (or vector) with its numbers; an `edit` names the control that holds the same matrix as lists.

    `highlight` names an array [row, column, height, width]: the window to frame. `colour=True` tints by value.
    `known` names a number: how many entries, in reading order, are known yet; the others stay empty.
    """
    return part(
        "matrix", [of, highlight, known], of=of, highlight=highlight, known=known, row_labels=row_labels,
        column_labels=column_labels, edit=edit, colour=colour, **options,
    )  # fmt: skip


def heat_map(of, *, limit=None, grey=False, highlight=None, x="", y="", edit=None, **options):
    """An (H, W) array as colours, blue below zero and orange above; `grey=True` draws 0 .. limit as paper to ink.

    With `edit`, the audience draws on it with a pointer, or with the cursor keys and Space.
    """
    return part(
        "heat_map", [of, highlight], of=of, limit=limit, grey=grey, highlight=highlight, x=x, y=y, edit=edit, **options
    )


def image_grid(of, *, columns=None, labels=None, grey=True, limit=None, **options):
    """Images (N, H, W) side by side; `labels` is a list, or names a list of N words."""
    names = [of, labels if isinstance(labels, str) else None]
    return part("image_grid", names, of=of, columns=columns, labels=labels, grey=grey, limit=limit, **options)


def graph(nodes, edges, *, values, grads=None, state=None, contributions=None, badges=None, key=None, **options):
    """A computational graph. `nodes` and `edges` name static lists (see `plainnet.demos.graphs`).

    `values` and `grads` name lists of words, one per node ("" or None: not yet); `badges` a list of small numbers;
    `state` a list of "", "now", "open", "done" or "wrong"; `contributions` a list of words, one per edge: what flows
    back along it in this frame, or "→" for a value that flows forward. `key` says what the second number of a box is.
    """
    return part(
        "graph", [nodes, edges, values, grads, state, contributions, badges], nodes=nodes, edges=edges, values=values,
        grads=grads, state=state, contributions=contributions, badges=badges, key=key, **options,
    )  # fmt: skip


def network(weights, *, activations=None, maps=None, labels=None, **options):
    """Layers of units joined by weights: width for magnitude, colour for sign.

    `weights` lists the names of arrays (inputs, outputs), one per layer. `activations` lists names of vectors, one per
    layer of units, inputs included; `maps` likewise names (units, H, W) arrays that are drawn inside the units.
    """
    return part(
        "network", [*weights, *(activations or []), *(maps or [])], weights=list(weights), activations=activations,
        maps=maps, labels=labels, **options,
    )  # fmt: skip


def listing(lines, *, active=None, **options):
    """Lines of code or of a formula; `active` names the number of the line that runs in this frame."""
    return part("listing", [lines, active], lines=lines, active=active, **options)


def table(rows, *, columns, highlight=None, **options):
    """A list of rows, each a list of words; `columns` are the headings, `highlight` names the index of a row."""
    return part("table", [rows, highlight], rows=rows, columns=list(columns), highlight=highlight, **options)
