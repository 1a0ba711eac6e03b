"""Parts on paper: how matplotlib draws each kind of part, in the colours, dashes and shapes of the stage."""

import numpy as np

BLUE, ORANGE, GREEN, GREY = "#00568f", "#a13a00", "#006b50", "#6f7683"
SERIES = ["#0072b2", "#d55e00", "#00805e", "#a8478c", "#8a6100", "#3b3f46", "#5a35c8"]  # as in js/stage.css
BAR = [(-1.2, -0.45), (1.2, -0.45), (1.2, 0.45), (-1.2, 0.45)]
SHAPES = ["o", "s", "^", "D", "P", "v", BAR]  # as `dot` in js/axes.js
DASHES = ["-", (0, (4, 2)), (0, (1, 1.6)), (0, (5, 1.6, 1, 1.6)), (0, (2, 1.2)), (0, (7, 2.5)), (0, (1, 1, 4, 1))]
PALE = 0.75  # the strength of a field's colours: what is drawn on it must be seen
DRAWN = {}


def draws(kind):
    """Register how a kind of part is drawn on paper: drawer(axis, part, frame, recording, k)."""
    return lambda drawer: DRAWN.setdefault(kind, drawer)


@draws("graph")
def draw_graph(axis, part, frame, recording, k):
    """Draw boxes with value and gradient, and their arrows."""
    nodes = frame[part["nodes"]]
    for edge in frame[part["edges"]]:
        *path, before, end = edge["points"]
        axis.plot(*zip(*path, before, end), color=GREY, lw=1, zorder=1)
        axis.annotate("", end, before, arrowprops={"arrowstyle": "-|>", "color": GREY}, zorder=1)
    right, bottom = (max(node[at] + node[size] / 2 for node in nodes) + 1 for at, size in ("xw", "yh"))
    place = axis.figure.bbox
    pixels = 0.9 * min(place.width / (right + 1), place.height / (bottom + 1))
    unit = 72 * pixels / axis.get_figure(root=True).dpi  # in points
    for i, node in enumerate(nodes):
        draw_node(axis, node, *(frame[part[key]][i] if part.get(key) else "" for key in ("values", "grads")), unit)
    axis.set(xlim=(-1, right), ylim=(bottom, -1), aspect="equal")
    axis.axis("off")


def draw_node(axis, node, value, grad, unit):
    """Draw the box of a node: its name, its value in blue and its gradient in orange; `unit` is its scale in points."""
    from matplotlib.patches import FancyBboxPatch

    x, y, w, h = node["x"], node["y"], node["w"], node["h"]
    corner = (x - w / 2, y - h / 2)
    axis.add_patch(FancyBboxPatch(corner, w, h, "round,pad=0,rounding_size=0.35", fc="#f1f3f6", ec=GREY, zorder=2))
    name = node["name"] if node["constant"] else node["label"]
    size = float(np.clip(min((0.5 if node["constant"] else 0.36) * h, 1.4 * w / max(len(name), 1)) * unit, 7, 22))
    middle = {"ha": "center", "va": "center", "fontsize": size, "zorder": 3}
    if node["constant"]:
        axis.text(x, y, name, color=BLUE, **middle)
        return
    axis.text(x, y - h / 4, name, fontweight="bold", **middle)
    axis.text(x - w / 4 * bool(grad), y + h / 4, value or "", color=BLUE, **middle)
    axis.text(x + w / 4, y + h / 4, grad or "", color=ORANGE, **middle)


@draws("listing")
def draw_listing(axis, part, frame, recording, k):
    """Write lines of code; the one that runs is bold."""
    active = frame.get(part.get("active"), -1)
    for row, words in enumerate(frame[part["lines"]]):
        weight = "bold" if row == active else "normal"
        axis.text(0, 1 - 0.11 * row, words, family="monospace", fontsize=11, va="top", weight=weight)
    axis.axis("off")


@draws("table")
def draw_table(axis, part, frame, recording, k):
    """Write a table of words."""
    rows = [[word or "" for word in row] for row in frame[part["rows"]]]
    axis.axis("off")
    written = axis.table(
        cellText=rows, colLabels=part["columns"], loc="upper center", cellLoc="center", edges="horizontal"
    )
    written.auto_set_font_size(False)
    written.set_fontsize(11)
    written.auto_set_column_width(range(len(part["columns"])))
    written.scale(1, 1.5)


@draws("bars")
def draw_bars(axis, part, frame, recording, k):
    """Draw one bar for each entry of a vector."""
    heights = np.ravel(frame[part["of"]])
    highlight = frame.get(part.get("highlight"), -1)
    axis.bar(range(len(heights)), heights, color=[ORANGE if i == highlight else SERIES[0] for i in range(len(heights))])
    if part.get("labels"):
        every = 1 + len(heights) // 13  # more of them would touch
        axis.set_xticks(range(0, len(heights), every), part["labels"][::every])
    if part.get("y_range"):
        axis.set_ylim(*part["y_range"])
    axis.set_ylabel(part["y"])
    if part["log"]:
        axis.set_yscale("log")


@draws("histogram")
def draw_histogram(axis, part, frame, recording, k):
    """Draw counts between edges."""
    axis.stairs(frame[part["counts"]], frame[part["edges"]], fill=True, color=SERIES[0])
    axis.set(xlabel=part["x"], ylabel=part["y"])


@draws("matrix")
def draw_matrix(axis, part, frame, recording, k):
    """Write a matrix with its numbers."""
    from plainnet.demos.words import number

    matrix = np.atleast_2d(frame[part["of"]])
    known = int(frame[part["known"]]) if "known" in part else matrix.size
    tint = np.where(np.arange(matrix.size).reshape(matrix.shape) < known, matrix if part["colour"] else 0.0, 0.0)
    show_image(axis, tint, {}, strength=0.45)
    if part.get("row_labels"):  # a table of numbers, not a picture: its cells need not be square
        axis.set_aspect("auto")
    for (i, j), x in list(np.ndenumerate(matrix))[:known]:
        axis.text(j, i, number(x, 4), ha="center", va="center", fontsize=13 if matrix.shape[1] < 9 else 9)
    frame_window(axis, part, frame)
    axis.set(xticks=[], yticks=[])
    for label, ticks in ((part.get("column_labels"), axis.set_xticks), (part.get("row_labels"), axis.set_yticks)):
        if label:
            ticks(range(len(label)), label)
    axis.tick_params(length=0, labeltop=True, labelbottom=False)


@draws("heat_map")
def draw_heat_map(axis, part, frame, recording, k):
    """Draw an array as colours."""
    show_image(axis, frame[part["of"]], part)
    frame_window(axis, part, frame)
    axis.set(xlabel=part["x"], ylabel=part["y"], xticks=[], yticks=[])  # cells, as on the stage: no scale


@draws("image_grid")
def draw_image_grid(axis, part, frame, recording, k):
    """Draw images side by side."""
    images = frame[part["of"]]
    columns = part.get("columns") or int(np.ceil(np.sqrt(len(images))))
    rows = -(-len(images) // columns)
    height, width = images.shape[1:]
    gap = 3 if part.get("labels") else 1
    sheet = np.full((rows * (height + gap) - gap, columns * (width + 1) - 1), np.nan)
    for i, image in enumerate(images):
        top, left = i // columns * (height + gap), i % columns * (width + 1)
        sheet[top : top + height, left : left + width] = image
        words = part.get("labels")
        words = frame[words] if isinstance(words, str) else words
        if words:
            axis.text(left + (width - 1) / 2, top - 0.6, words[i], ha="center", va="bottom", fontsize="small")
    show_image(axis, sheet, part)
    axis.set_ylim(len(sheet) - 0.5, -0.5 - (gap - 1))  # room for the words above the first row
    axis.axis("off")


def show_image(axis, array, part, strength=1.0):
    """Draw an array in the colours of the stage: orange above zero and blue below, or ink on paper."""
    from matplotlib.colors import LinearSegmentedColormap

    limit = part.get("limit") or np.abs(array[np.isfinite(array)]).max(initial=0) or 1.0
    signed = LinearSegmentedColormap.from_list("signed", ["#0072b2", "white", "#d55e00"])
    cmap, low = ("Greys", 0) if part.get("grey") else (signed, -limit)
    axis.imshow(array, cmap=cmap, vmin=low, vmax=limit, extent=part.get("extent"), alpha=strength)


def frame_window(axis, part, frame):
    """Frame the window [row, column, height, width] that a part highlights."""
    from matplotlib.patches import Rectangle

    window = frame.get(part.get("highlight"))
    if window is not None:
        row, column, height, width = np.ravel(window)
        axis.add_patch(Rectangle((column - 0.5, row - 0.5), width, height, fill=False, ec=GREEN, lw=3))


@draws("loss_curve")
def draw_loss_curve(axis, part, frame, recording, k):
    """Draw the history of scalars up to this frame."""

    def history(name):
        return [np.nan if value is None else float(value) for value in recording.series(name)[: k + 1]]

    steps = history(part["steps"]) if "steps" in part else range(k + 1)
    names = [name for name in part["names"] if name != part.get("steps")]
    for i, (name, label) in enumerate(zip(names, part["labels"])):
        axis.plot(steps, history(name), label=label, **line_style(i))
        axis.plot(steps[-1], history(name)[-1], **point_style(i), markersize=7, zorder=3)
    axis.set(xlabel=part["x"], ylabel=part["y"], yscale="log" if part["log"] else "linear")
    if len(names) > 1:
        axis.legend(handlelength=3)


def line_style(i):
    """Return colour and dash of series `i`: never the colour alone."""
    return {"color": SERIES[i % len(SERIES)], "linestyle": DASHES[i % len(DASHES)], "linewidth": 2}


def point_style(i):
    """Return colour and shape of the dots of series or class `i`."""
    return {"color": SERIES[i % len(SERIES)], "marker": SHAPES[i % len(SHAPES)], "markeredgecolor": "white"}


@draws("plot")
def draw_plot(axis, part, frame, recording, k):
    """Draw axes with lines, points and fields."""
    for i, mark in enumerate(part["marks"]):
        style = i if mark.get("colour") is None else mark["colour"]
        if mark["mark"] == "field":
            extent = [*mark["x_range"], *mark["y_range"]]
            show_image(axis, frame[mark["z"]], {"limit": mark["limit"], "extent": extent}, PALE)
            axis.set_aspect("auto")
        elif mark["mark"] == "line":
            x, y = np.ravel(frame[mark["x"]]), np.ravel(frame[mark["y"]])
            axis.plot(x, y, label=mark["label"] or None, **line_style(style))
        else:
            draw_points(axis, mark, frame, style)
    axis.set(xlabel=part["x"], ylabel=part["y"], xscale="log" if part["x_log"] else "linear")
    axis.set_yscale("log" if part["y_log"] else "linear")
    for limits, setter in ((part.get("x_range"), axis.set_xlim), (part.get("y_range"), axis.set_ylim)):
        if limits:
            setter(*limits)
    if any(mark.get("label") for mark in part["marks"]):
        axis.legend(handlelength=3)


def draw_points(axis, mark, frame, style):
    """Draw dots, each class in its colour and shape; a mark without classes in those of `style`."""
    xy = np.reshape(frame[mark["xy"]], (-1, 2))
    classes = np.ravel(frame[mark["classes"]]).astype(int) if mark["classes"] else np.full(len(xy), style)
    label = mark["label"] or None
    for kind in np.unique(classes) if len(xy) else [style]:
        dots = xy[classes == kind].T
        axis.plot(*dots, linestyle="", label=label, markersize=7 * mark["size"], zorder=3, **point_style(kind))
        label = None  # one entry in the legend


@draws("network")
def draw_network(axis, part, frame, recording, k):
    """Draw layers of units joined by weights: width for magnitude, colour for sign."""
    weights = [np.asarray(frame[name]) for name in part["weights"]]
    sizes = [weights[0].shape[0], *(w.shape[1] for w in weights)]
    places = [[(layer, (n - 1) / 2 - i) for i in range(n)] for layer, n in enumerate(sizes)]
    for layer, w in enumerate(weights):
        largest = np.abs(w).max(initial=0) or 1.0
        for (i, j), x in np.ndenumerate(w):
            axis.plot(
                *zip(places[layer][i], places[layer + 1][j]), color=SERIES[1] if x > 0 else SERIES[0],
                lw=0.3 + 4 * abs(x) / largest, ls="-" if x > 0 else "--", zorder=1,
            )  # fmt: skip
    tall = max(sizes)
    axis.set(xlim=(-0.25, len(sizes) - 0.75), ylim=(-tall / 2, tall / 2))
    for layer, units in enumerate(places):
        maps = frame[part["maps"][layer]] if part.get("maps") else [None] * len(units)
        for place, image in zip(units, maps):
            draw_unit(axis, place, image, min(0.8, tall / 5))
    axis.axis("off")


def draw_unit(axis, place, image, height):
    """Draw a unit of a network: a box with its map, or a circle."""
    if image is None:
        axis.plot(*place, marker="o", markersize=16, color="#f1f3f6", markeredgecolor=GREY, zorder=2)
        return
    width = 0.36
    x, y = place[0] - width / 2, place[1] - height / 2
    inset = axis.inset_axes([x, y, width, height], transform=axis.transData, zorder=2)
    show_image(inset, image, {})
    inset.set(aspect="auto", xticks=[], yticks=[])
