"""A graph as a picture (SVG) and as text, made from `Tensor.inputs` alone.

Each box is a tensor: its name and op, its value, and dL/d(it) once `backward`
has run.  Arrows run from inputs to outputs; the first input arrives topmost.
"""

import html
import itertools

import numpy as np

from plainnet.autograd import topological_order
from plainnet.layout import layered

MAX_NODES = 400
CHAR, LINE, PAD = 8.5, 19, 9  # px: width of a character of the 14 px font, height of a line, margin in a box
VALUE, OP, GRAD = "currentColor", "#2878d0", "#d1490a"  # blue and orange stand out on white and on black alike


class Svg(str):
    """SVG source that a notebook shows as the picture."""

    def _repr_html_(self):
        return str(self)


def svg(root, title="Computational graph"):
    """Return the graph behind `root` as SVG.

    Parameters
    ----------
    root : Tensor
        The output; everything that it was computed from is drawn.
    title : str
        The accessible name of the picture.

    Returns
    -------
    Svg
        A string of SVG; the last line of a notebook cell shows it, ``Path.write_text`` saves it.

    Raises
    ------
    ValueError
        If the graph has more than 400 nodes.
    """
    nodes = all_nodes(root)
    index = {node: i for i, node in enumerate(nodes)}
    boxes = [box_lines(node) for node in nodes]
    sizes = [(max(len(line) for line, _ in box) * CHAR + 2 * PAD, len(box) * LINE + 2 * PAD) for box in boxes]
    centres, bends, width, height = layered(sizes, [[index[x] for x in node.inputs] for node in nodes])
    parts = []
    for i, node in enumerate(nodes):
        for k, x in enumerate(node.inputs):
            start = right_side(centres[index[x]], sizes[index[x]])
            end = left_side(centres[i], sizes[i], (k + 1) / (len(node.inputs) + 1))
            parts.append(draw_arrow([start, *bends[i, k], end]))
    parts += [draw_box(*centre, *size, lines) for centre, size, lines in zip(centres, sizes, boxes)]
    title, description = html.escape(title), html.escape(text(root))
    return Svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{title}" '
        f'viewBox="-6 -6 {width + 12:.0f} {height + 12:.0f}" width="{width + 12:.0f}" style="max-width: 100%" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" fill="none">\n'
        f"<title>{title}</title>\n<desc>{description}</desc>\n" + "\n".join(parts) + "\n</svg>"
    )


def text(root):
    """Return the graph behind `root` as text: a line per tensor, inputs before outputs.

    Constants without a name stand as values where they are used.
    """
    nodes = all_nodes(root)
    names = name_all(nodes)
    rows = [("tensor", "value", "gradient")]
    for node in nodes:
        if node.op:
            rows.append((f"{names[node]} = {formula(node, names)}", show(node.data), show(node.grad)))
        elif node.name or node.requires_grad or node is root:
            rows.append((names[node], show(node.data), show(node.grad)))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def all_nodes(root):
    """Return the tensors behind `root`, constants included, inputs before outputs."""
    nodes = {}  # a dict keeps its order
    for node in topological_order(root):
        nodes.update(dict.fromkeys(node.inputs))
        nodes[node] = None
    if len(nodes) > MAX_NODES:
        raise ValueError(
            f"this graph has {len(nodes)} tensors, more than {MAX_NODES}: draw a smaller one, with fewer steps"
        )
    return list(nodes)


def name_all(nodes):
    """Return a name for each tensor: its own, or v1, v2, ... for results and the value for constants."""
    numbers = itertools.count(1)
    unnamed = {node: f"v{next(numbers)}" if node.requires_grad else show(node.data) for node in nodes if not node.name}
    return {node: node.name or unnamed[node] for node in nodes}


def formula(node, names):
    """Return how `node` was computed, as one would write it: a + b, or sum(a, axis=0)."""
    inputs = [names[x] for x in node.inputs]
    if len(inputs) == 2 and not node.op.symbol.isalpha():
        return f" {node.op.symbol} ".join(inputs)
    defaults = node.op.forward.__kwdefaults__ or {}
    params = [f"{key}={value!r:.20}" for key, value in node.params.items() if value is not defaults.get(key, ...)]
    return f"{node.op.name}({', '.join(inputs + params)})"


def show(values):
    """Return an array in few characters: a number, up to four numbers, or its shape."""
    if values is None:
        return ""
    if np.size(values) > 4:
        return "×".join(map(str, values.shape)) + " array"
    return np.array2string(np.asarray(values), separator=", ", formatter={"float": "{:.4g}".format}).replace("\n", "")


def box_lines(node):
    """Return the lines of a tensor's box as pairs (text, colour)."""
    head = [(" ".join(filter(None, (node.name, node.op and node.op.symbol))), OP)]
    value = [(show(node.data), VALUE)]
    grad = [("grad " + show(node.grad), GRAD)] if node.grad is not None else []
    return [line for line in head + value + grad if line[0]]


def right_side(centre, size):
    """Return where arrows leave a box."""
    return centre[0] + size[0] / 2, centre[1]


def left_side(centre, size, fraction):
    """Return where an arrow arrives at a box: `fraction` of the way down its left side."""
    return centre[0] - size[0] / 2, centre[1] + (fraction - 0.5) * size[1]


def draw_box(x, y, width, height, lines):
    """Return a box around its centre (x, y) with its lines of text."""
    shape = (
        f'<rect x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:.1f}" height="{height:.1f}" rx="7" '
        f'stroke="{VALUE}" stroke-opacity="0.55"/>'
    )
    texts = [
        f'<text x="{x:.1f}" y="{y - height / 2 + PAD + LINE * (i + 0.75):.1f}" text-anchor="middle" '
        f'fill="{colour}">{html.escape(line)}</text>'
        for i, (line, colour) in enumerate(lines)
    ]
    return "<g>" + shape + "".join(texts) + "</g>"


def draw_arrow(points):
    """Return a smooth line through the points, which run from left to right, with a head at its end."""
    (x, y), *rest = points
    path = f"M{x:.1f} {y:.1f}"
    for end_x, end_y in rest:
        middle = (x + end_x) / 2
        path += f" C{middle:.1f} {y:.1f} {middle:.1f} {end_y:.1f} {end_x:.1f} {end_y:.1f}"
        x, y = end_x, end_y
    head = f"M{x:.1f} {y:.1f} l-7 -4 v8 z"
    return (
        f'<path d="{path}" stroke="{VALUE}" stroke-opacity="0.55"/><path d="{head}" fill="{VALUE}" fill-opacity="0.7"/>'
    )
