"""A computational graph for the stage: where its boxes stand, how they are called, what they hold."""

import ast
import itertools
import math
import re
import string

from plainnet import activations, ops
from plainnet.autograd import Tensor, topological_order
from plainnet.demos.words import subscript
from plainnet.draw import all_nodes, formula, name_all
from plainnet.layout import layered

EM = 12  # px: layout.py spaces its layers in px; 44 px are 3.7 em of a 12 px font, room for the words on an arrow
HEIGHT, CONSTANT = 3.0, 1.7  # em of a box: name above, value and gradient below; or the value of a constant alone
FUNCTIONS = {
    name: getattr(module, name)
    for module in (ops, activations)
    for name in module.__all__
    if not isinstance(getattr(module, name), type)
}
OPERATORS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.MatMult, ast.USub, ast.UAdd,
)  # fmt: skip
ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant, ast.keyword, ast.Tuple,
    ast.Subscript, ast.Slice, *OPERATORS,
)  # fmt: skip


def build(expression, inputs):
    """Return the root of the graph that `expression` computes from named inputs, every node with a name.

    Parameters
    ----------
    expression : str or function
        Python built from the inputs, numbers, operators and plainnet's functions: "(a + b) * (b + 1)"; several steps
        with names of their own: "c = a + b; y = c * exp(b)". Or a function that takes the inputs by name.
    inputs : dict of str -> array_like

    Returns
    -------
    Tensor
    """
    leaves = {name: Tensor(value, requires_grad=True, name=name) for name, value in inputs.items()}
    root = expression(**leaves) if callable(expression) else evaluate(expression, leaves)
    if not isinstance(root, Tensor) or not root.requires_grad:
        raise ValueError(f"the expression should depend on one of {sorted(inputs)}; it gave {root!r:.60}")
    name_nodes(root, inputs)
    return root


def evaluate(expression, leaves):
    """Run the steps of an expression; a ValueError says which word it did not know."""
    names = dict(leaves)
    steps = [step.strip() for step in re.split(r"[;\n]", expression) if step.strip()]
    if not steps:
        raise ValueError("the expression is empty: write something like (a + b) * (b + 1)")
    for step in steps:
        target, formula = split_step(step)
        tree = parse(formula, names)
        result = eval(compile(tree, "<expression>", "eval"), {"__builtins__": {}, **FUNCTIONS}, names)
        if target:
            result.name = target
            names[target] = result
    return result


def split_step(step):
    """Return (name, formula) of "c = a + b"; the name is empty where there is none."""
    match = re.fullmatch(r"([A-Za-z_]\w*)\s*=(?!=)\s*(.+)", step)
    return (match[1], match[2]) if match else ("", step)


def parse(formula, names):
    """Return the syntax tree of a formula that holds nothing but names, numbers, operators and plainnet's functions."""
    try:
        tree = ast.parse(formula, mode="eval")
    except SyntaxError as error:
        raise ValueError(f"{formula!r} is not a formula in Python: {error.msg}") from None
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED):
            raise ValueError(
                f"{ast.unparse(node) or formula!r}: a formula holds names, numbers, + - * / ** @ and functions"
            )
        if isinstance(node, ast.Name) and node.id not in names and node.id not in FUNCTIONS:
            raise ValueError(
                f"the formula uses {node.id!r}, which is neither an input ({', '.join(sorted(names))}) "
                f"nor a function of plainnet ({', '.join(sorted(FUNCTIONS))})"
            )
    return tree


def name_nodes(root, inputs):
    """Name what has no name: the letters after the inputs' own (a, b -> c, d, e), else v₁, v₂, ... and y at the end."""
    unnamed = [node for node in topological_order(root) if node.op and not node.name]
    free = [letter for letter in string.ascii_lowercase[: len(inputs) + len(unnamed)] if letter not in inputs]
    letters_fit = sorted(inputs) == list(string.ascii_lowercase[: len(inputs)]) and len(free) == len(unnamed)
    in_use = {node.name for node in topological_order(root)}
    if letters_fit and len(unnamed) <= 6 and not in_use & set(free):
        names = free
    else:
        names = [f"v{subscript(k + 1)}" for k in range(len(unnamed))]
        if unnamed and unnamed[-1] is root and "y" not in in_use:
            names[-1] = "y"
    for node, name in zip(unnamed, names):
        node.name = name


def lay_out(root):
    """Return (nodes, edges, tensors): boxes and arrows for the part `graph`, with places in em; box i is tensor i."""
    tensors = all_nodes(root)
    index = {tensor: i for i, tensor in enumerate(tensors)}
    called = name_all(tensors)
    labels = [label(tensor, called) for tensor in tensors]
    widths = [box_width(tensor, words) for tensor, words in zip(tensors, labels)]
    heights = [HEIGHT if tensor.requires_grad else CONSTANT for tensor in tensors]
    sizes = [(width * EM, height * EM) for width, height in zip(widths, heights)]
    centres, bends, _, _ = layered(sizes, [[index[x] for x in tensor.inputs] for tensor in tensors])
    nodes = [
        {"name": called[tensor], "label": words, "x": x / EM, "y": y / EM, "w": width, "h": height,
         "constant": not tensor.requires_grad}
        for tensor, words, (x, y), width, height in zip(tensors, labels, centres, widths, heights)
    ]  # fmt: skip
    edges = []
    for i, tensor in enumerate(tensors):
        for k, x in enumerate(tensor.inputs):
            source, target = nodes[index[x]], nodes[i]
            start = [source["x"] + source["w"] / 2, source["y"]]
            end = [
                target["x"] - target["w"] / 2,
                target["y"] + target["h"] * ((k + 1) / (len(tensor.inputs) + 1) - 0.5),
            ]
            points = [start, *straight(bends[i, k], nodes), end]
            edges.append({"from": index[x], "to": i, "slot": k, "points": points, "chip": middle(points)})
    return nodes, edges, tensors


def straight(bends, nodes):
    """Return where a long arrow passes other layers: level from the left edge of each to its right edge."""
    points = []
    for x, y in bends:
        half = max((node["w"] / 2 for node in nodes if abs(node["x"] - x / EM) < 0.01), default=0)
        points += [[x / EM - half, y / EM], [x / EM + half, y / EM]]
    return points


def label(tensor, called):
    """Return the words on a box: the name alone for an input, the step for a result."""
    if not tensor.op:
        return called[tensor]
    return f"{called[tensor]} = {formula(tensor, called)}"


def box_width(tensor, words):
    """Return the width of a box in em: long labels shrink rather than push the graph apart."""
    if not tensor.requires_grad:
        return 3.0
    return min(max(7.4, 0.62 * len(words) + 1), 10.0)


def middle(points):
    """Return the point half way along a line of points, where an arrow carries its words."""
    lengths = [math.dist(a, b) for a, b in itertools.pairwise(points)]
    rest = sum(lengths) / 2
    for (ax, ay), (bx, by), length in zip(points, points[1:], lengths):
        if rest <= length:
            t = rest / length if length else 0
            return [ax + t * (bx - ax), ay + t * (by - ay)]
        rest -= length
    return points[-1]
