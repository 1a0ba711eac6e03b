"""The key frame of a recording on paper: where no widget can live, matplotlib draws its parts."""

import io
import textwrap

import numpy as np

BLUE, ORANGE, GREEN, GREY = "#00568f", "#a13a00", "#006b50", "#6f7683"
SERIES = ["#0072b2", "#d55e00", "#00805e", "#a8478c", "#8a6100", "#3b3f46"]
DRAWN = {}


def draw_poster(recording, k):
    """Return frame `k` of a recording as PNG bytes: its title, its parts, its sentence."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # here: plainnet imports without matplotlib
    from matplotlib.figure import Figure

    rows = max(len(recording.parts), 1)
    figure = Figure(figsize=(12, 1.6 + 4.2 * rows), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)  # no pyplot: a poster changes nobody's current figure
    figure.suptitle(recording.title, fontsize=16, fontweight="bold")
    frame = recording.frame(k)
    figure.supxlabel("\n".join(textwrap.wrap(frame["text"], 110)), fontsize=12)
    place(
        figure,
        recording.parts,
        False,
        lambda axis, part: DRAWN[part["part"]](axis, part, frame, recording, k % len(recording)),
    )
    png = io.BytesIO()
    figure.savefig(
        png, format="png", dpi=100, metadata={"Title": recording.title, "Description": recording.description}
    )
    return png.getvalue()


def place(figure, parts, across, draw):
    """Give each part a place: below one another, side by side within a row, below one another within that."""
    if not parts:
        return
    shares = [part["width"] if isinstance(part, dict) else 1 for part in parts]
    shape = {"nrows": 1, "ncols": len(parts), "width_ratios": shares} if across else {"nrows": len(parts), "ncols": 1}
    for part, inner in zip(parts, np.ravel(figure.subfigures(**shape))):
        if isinstance(part, list):
            place(inner, part, not across, draw)
        else:
            axis = inner.subplots()
            axis.set_title(part["title"], fontsize=11, color=GREY)
            draw(axis, part)


def draws(kind):
    """Register how a kind of part is drawn on paper: drawer(axis, part, frame, recording, k)."""
    return lambda drawer: DRAWN.setdefault(kind, drawer)


@draws("graph")
def draw_graph(axis, part, frame, recording, k):
    """Draw boxes with value and gradient, and their arrows."""
    from matplotlib.patches import FancyBboxPatch

    nodes = frame[part["nodes"]]
    for edge in frame[part["edges"]]:
        *path, before, end = edge["points"]
        axis.plot(*zip(*path, before, end), color=GREY, lw=1, zorder=1)
        axis.annotate("", end, before, arrowprops={"arrowstyle": "-|>", "color": GREY}, zorder=1)
    for i, node in enumerate(nodes):
        x, y, w, h = node["x"], node["y"], node["w"], node["h"]
        corner = (x - w / 2, y - h / 2)
        axis.add_patch(FancyBboxPatch(corner, w, h, "round,pad=0,rounding_size=0.35", fc="#f1f3f6", ec=GREY, zorder=2))
        value, grad = (frame[part[key]][i] if part.get(key) else "" for key in ("values", "grads"))
        if node["constant"]:
            axis.text(x, y, node["name"], ha="center", va="center", color=BLUE, fontsize=10, zorder=3)
            continue
        axis.text(
            x,
            y - h / 4,
            node["label"],
            ha="center",
            va="center",
            fontsize=10,
            fontweight="bold",
            family="DejaVu Sans",
            zorder=3,
        )
        axis.text(
            x - w / 4 * bool(grad), y + h / 4, value or "", ha="center", va="center", color=BLUE, fontsize=10, zorder=3
        )
        axis.text(x + w / 4, y + h / 4, grad or "", ha="center", va="center", color=ORANGE, fontsize=10, zorder=3)
    axis.set_xlim(-1, max(node["x"] + node["w"] / 2 for node in nodes) + 1)
    axis.set_ylim(max(node["y"] + node["h"] / 2 for node in nodes) + 1, -1)
    axis.set_aspect("equal")
    axis.axis("off")


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
        axis.set_xticks(range(len(heights)), part["labels"])
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
    axis.imshow(np.zeros(matrix.shape), cmap="Greys", vmin=0, vmax=1)
    known = frame[part["known"]] if "known" in part else matrix.size
    for (i, j), x in list(np.ndenumerate(matrix))[: int(known)]:
        axis.text(j, i, number(x, 4), ha="center", va="center", fontsize=9)
    frame_window(axis, part, frame)
    axis.set_xticks(range(matrix.shape[1]), part.get("column_labels") or [""] * matrix.shape[1])
    axis.set_yticks(range(matrix.shape[0]), part.get("row_labels") or [""] * matrix.shape[0])


@draws("heat_map")
def draw_heat_map(axis, part, frame, recording, k):
    """Draw an array as colours."""
    show_image(axis, frame[part["of"]], part)
    frame_window(axis, part, frame)
    axis.set(xlabel=part["x"], ylabel=part["y"])


@draws("image_grid")
def draw_image_grid(axis, part, frame, recording, k):
    """Draw images side by side."""
    images = frame[part["of"]]
    columns = part.get("columns") or int(np.ceil(np.sqrt(len(images))))
    rows = -(-len(images) // columns)
    height, width = images.shape[1:]
    sheet = np.full((rows * (height + 1) - 1, columns * (width + 1) - 1), np.nan)
    for i, image in enumerate(images):
        top, left = i // columns * (height + 1), i % columns * (width + 1)
        sheet[top : top + height, left : left + width] = image
    show_image(axis, sheet, part)
    axis.axis("off")


def show_image(axis, array, part):
    """Draw an array in the colours of the stage: orange above zero and blue below, or ink on paper."""
    from matplotlib.colors import LinearSegmentedColormap

    limit = part.get("limit") or np.nanmax(np.abs(array), initial=0) or 1.0
    signed = LinearSegmentedColormap.from_list("signed", ["#0072b2", "white", "#d55e00"])
    cmap, low = ("Greys", 0) if part.get("grey") else (signed, -limit)
    axis.imshow(array, cmap=cmap, vmin=low, vmax=limit, extent=part.get("extent"))


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
    for name, label, colour in zip(part["names"], part["labels"], SERIES * 2):
        axis.plot(steps, history(name), label=label, color=colour)
    axis.set(xlabel=part["x"], ylabel=part["y"], yscale="log" if part["log"] else "linear")
    axis.legend()


@draws("plot")
def draw_plot(axis, part, frame, recording, k):
    """Draw axes with lines, points and fields."""
    for i, mark in enumerate(part["marks"]):
        colour = SERIES[(i if mark.get("colour") is None else mark["colour"]) % len(SERIES)]
        if mark["mark"] == "field":
            extent = [*mark["x_range"], *mark["y_range"]]
            show_image(axis, frame[mark["z"]], {"limit": mark["limit"], "extent": extent})
            axis.set_aspect("auto")
        elif mark["mark"] == "line":
            axis.plot(np.ravel(frame[mark["x"]]), np.ravel(frame[mark["y"]]), color=colour, label=mark["label"] or None)
        else:
            xy = np.reshape(frame[mark["xy"]], (-1, 2))
            classes = np.ravel(frame[mark["classes"]]).astype(int) if mark["classes"] else np.full(len(xy), i)
            axis.scatter(
                *xy.T, c=[SERIES[c % len(SERIES)] for c in classes], edgecolors="white", label=mark["label"] or None
            )
    axis.set(xlabel=part["x"], ylabel=part["y"], xscale="log" if part["x_log"] else "linear")
    axis.set_yscale("log" if part["y_log"] else "linear")
    for limits, setter in ((part.get("x_range"), axis.set_xlim), (part.get("y_range"), axis.set_ylim)):
        if limits:
            setter(*limits)
    if any(mark.get("label") for mark in part["marks"]):
        axis.legend()


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
                lw=0.3 + 4 * abs(x) / largest, zorder=1,
            )  # fmt: skip
    axis.scatter(*zip(*[place for layer in places for place in layer]), s=260, c="#f1f3f6", edgecolors=GREY, zorder=2)
    axis.axis("off")
