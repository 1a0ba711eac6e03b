"""Order picker: three ways to walk back through a graph, and why only one of them gives the gradient.

All three pass on what has arrived at a node, by the ops' own rules; they differ in nothing but the order of visits.
On the lecture's e = (a + b)(b + 1) they agree, so that example can't tell right from wrong; the diamond can.
"""

import numpy as np

from plainnet.autograd import backpropagate, topological_order
from plainnet.demos import controls
from plainnet.demos.graph_stepper import LECTURE, derivative, question
from plainnet.demos.graphs import build, lay_out
from plainnet.demos.parts import graph, listing, table
from plainnet.demos.recording import Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number

GRAPHS = {
    "diamond": "c = a + b; d = a * b; s = c + d; p = c * d; y = s + p",
    "lecture": LECTURE,
    "square": "c = a * b; d = c * c; y = c + d",
}
GRAPH_NAMES = {"diamond": "diamond: y = (c + d) + cd", "lecture": "lecture: e = (a + b)(b + 1)", "square": "y = c + c²"}
NAIVE, PRE_ORDER, TOPOLOGICAL, OWN = "naive recursion", "pre-order walk", "topological order", "your order"
ORDERS = [NAIVE, PRE_ORDER, TOPOLOGICAL]
MOST_VISITS = 120
BODY = ["    for x, gx in gradients(node):", "        x.grad += gx"]
LISTINGS = {
    NAIVE: ["def backward(node):", *BODY, "        backward(x)"],
    PRE_ORDER: ["for node in pre_order(y):", *BODY],
    TOPOLOGICAL: ["for node in reversed(", "        topological_order(y)):", *BODY],
    OWN: ["for node in reversed(", "        your_order(y)):", *BODY],
}
WHY = {
    NAIVE: "A node that is visited again passes on again what it has passed on before.",
    PRE_ORDER: "A node is visited before all who use it have reported; what arrives later is never passed on.",
    TOPOLOGICAL: "Every node waits until all who use it have reported, then passes on its whole gradient, once.",
    OWN: "A node may pass on its gradient only when all who use it have reported.",
}


def record(order=NAIVE, graph_name="diamond", a=2.0, b=3.0, own_order=None):
    """Record one walk back through a graph, visit by visit.

    Parameters
    ----------
    order : str
        "naive recursion", "pre-order walk", "topological order", or "your order".
    graph_name : str
        "diamond", "lecture" or "square".
    a, b : float
        The inputs.
    own_order : function of a root, optional
        A student's own ``topological_order``: returns the nodes, inputs before outputs; walked by "your order".

    Returns
    -------
    Recording
    """
    root = build(GRAPHS[graph_name], {"a": a, "b": b})
    walks = {name: Walk(root, name, own_order) for name in [*ORDERS, *([OWN] if own_order else [])]}
    if order not in walks:
        raise ValueError(f"there is no order {order!r}; there are {', '.join(walks)}")
    for node in backpropagate(root):  # leaves the right gradient in grad
        node.grad.flags.writeable = False
    walk = walks[order]
    frames = walk.frames(list(walks.values()))
    return Recording(
        frames,
        title=f"Why order matters: {order}",
        description=f"The graph of {GRAPH_NAMES[graph_name]}. Starting at the output, {order} visits its nodes; each "
        "visit passes on what has arrived so far. A badge counts the visits, a table compares what comes out.",
        parts=[[
            graph("nodes", "edges", values="values", grads="grads", state="state", contributions="flows",
                  badges="visits", key=f"gradient ∂{root.name}/∂node", width=1.75),
            [listing("code", active="line", title="Which node is next?"),
             table("results", columns=["order", *[derivative(root, leaf) for leaf in walk.leaves], "visits"],
                   highlight="row", title="What comes out")],
        ]],
        static={"nodes": walk.nodes, "edges": walk.edges, "code": LISTINGS[order], "row": list(walks).index(order)},
        asks=[walk.ask(list(walks.values()))],
    )  # fmt: skip


class Walk:
    """One order of visits: who was visited, what had arrived, what was passed on."""

    def __init__(self, root, order, own_order=None):
        self.root, self.order = root, order
        self.nodes, self.edges, self.tensors = lay_out(root)
        self.leaves = sorted((t for t in self.tensors if not t.op and t.requires_grad), key=lambda t: t.name)
        self.grads = {root: np.ones_like(root.data)}
        self.visits, self.steps = [], []  # a step: (node, {slot: gx} into it, sentence, grads then)
        walks = {NAIVE: self.recurse, PRE_ORDER: lambda: self.go(pre_order(root))}
        walks[TOPOLOGICAL] = lambda: self.go(reversed(topological_order(root)))
        walks[OWN] = lambda: self.go(reversed(checked_order(own_order(root), self.tensors)))
        walks[order]()

    def visit(self, node):
        """Count a visit."""
        self.visits.append(node)
        if len(self.visits) > MOST_VISITS:
            raise ValueError(f"{self.order} takes more than {MOST_VISITS} visits here: choose a smaller graph")

    def keep(self, node, flows, words):
        """Keep a step with the gradients as they are now."""
        self.steps.append((node, flows, words, dict(self.grads), list(self.visits)))

    def recurse(self):
        """Pass a part on to an input and visit that input at once, path by path."""
        self.visit(self.root)
        self.keep(self.root, {}, f"Visit {self.root.name}: {derivative(self.root, self.root)} = 1.")
        self.recurse_into(self.root)

    def recurse_into(self, node):
        for slot, x, gx in self.shares(node):
            self.grads[x] = self.grads.get(x, 0) + gx
            self.visit(x)
            again = self.visits.count(x)
            words = (
                f"{node.name} passes {number(gx)} to {x.name}, which now has {number(self.grads[x])}. Visit {x.name}"
            )
            self.keep(x, {(node, slot): gx}, words + (f" for the {ordinal(again)} time." if again > 1 else "."))
            if x.op:
                self.recurse_into(x)

    def go(self, nodes):
        """Visit nodes in a given order; each passes on to all its inputs what has arrived so far."""
        for node in nodes:
            self.visit(node)
            flows, late = {}, []
            parts = []
            for slot, x, gx in self.shares(node):
                self.grads[x] = self.grads.get(x, 0) + gx
                flows[node, slot] = gx
                parts.append(f"{number(gx)} to {x.name}")
                if x in self.visits and x.op:
                    late.append(x.name)
            words = f"Visit {node.name}, which has {number(self.grads.get(node, 0))}."
            words += f" It passes {' and '.join(parts)}." if parts else ""
            if late:
                words += f" Too late for {' and '.join(late)}: visited before, and not visited again."
            self.keep(node, flows, words)

    def shares(self, node):
        """Return (slot, input, what the node passes on to it now)."""
        if not node.op:
            return
        slots = [slot for slot, x in enumerate(node.inputs) if x.requires_grad]
        gradients = node.op.gradients(self.grads.get(node, np.zeros_like(node.data)), node)
        yield from ((slot, x, gx) for slot, (x, gx) in zip(slots, gradients))

    def result(self):
        """Return what comes out at the leaves, in words."""
        return [number(self.grads.get(leaf, 0)) for leaf in self.leaves]

    def row(self, at=None):
        """Return the row of the table after step `at`; a walk that has not run shows nothing."""
        if at is None:
            return [self.order, *self.result(), str(len(self.visits))]
        grads, visits = self.steps[at][3:]
        return [self.order, *[number(grads.get(leaf, 0)) for leaf in self.leaves], str(len(visits))]

    def right(self, node):
        """Return whether a node ended with its true gradient."""
        return number(self.grads.get(node, 0)) == number(node.grad)

    def frames(self, walks):
        """Return the frames: the values, each visit, and the comparison with all walks and with finite differences."""
        others = [[walk.order, "", "", ""] for walk in walks]
        mine = walks.index(self)
        blank = [*others, ["finite differences", "", "", ""]]
        frames = [self.frame("The values are computed. Now back, from the output.", {}, None, blank, -1, {}, [])]
        for k, (node, flows, words, grads, visits) in enumerate(self.steps):
            rows = [row if i != mine else self.row(k) for i, row in enumerate(blank)]
            frames.append(self.frame(words, flows, node, rows, len(LISTINGS[self.order]) - 1, grads, visits))
        rows = [*(walk.row() for walk in walks), ["finite differences", *numerical(self.leaves, self.root), ""]]
        good = all(map(self.right, self.leaves))
        verdict = (
            "That is the gradient." if good else f"The gradient is ({', '.join(number(x.grad) for x in self.leaves)})."
        )
        text = (
            f"{self.order.capitalize()} gives ({', '.join(self.result())}) after {len(self.visits)} visits. {verdict}"
        )
        text += "" if good else f"\n{WHY[self.order]}"
        last = self.frame(text, {}, None, rows, -1, self.grads, self.visits)
        for i, node in enumerate(self.tensors):
            if node.requires_grad and not self.right(node):
                last["state"][i] = "wrong"
                last["grads"][i] = f"✗ {last['grads'][i]}"
        return [*frames, last]

    def frame(self, text, flows, now, rows, line, grads, visits):
        """Return one frame."""
        words = [""] * len(self.edges)
        for k, edge in enumerate(self.edges):
            for (node, slot), gx in flows.items():
                if self.tensors[edge["to"]] is node and edge["slot"] == slot:
                    words[k] = number(gx)
        states = ["now" if t is now else "done" if t in visits else "open" if t in grads else "" for t in self.tensors]
        return {
            "text": text, "values": [number(t.data) for t in self.tensors],
            "grads": [number(grads[t]) if t in grads else "" for t in self.tensors],
            "state": states, "flows": words, "visits": [visits.count(t) or None for t in self.tensors],
            "results": rows, "line": line,
        }  # fmt: skip

    def ask(self, walks):
        """Ask what comes out for the first input, before the last part arrives there."""
        leaf = self.leaves[0]
        final = number(self.grads[leaf])
        settled = next(k for k, step in enumerate(self.steps) if number(step[3].get(leaf, 0)) == final)
        wrong = [float(walk.grads[leaf]) for walk in walks] + [float(leaf.grad), float(leaf.data), 1.0]
        words = f"What will {self.order} make of {derivative(self.root, leaf)}?"
        return question(max(settled + 1, 1), words, float(self.grads[leaf]), wrong, WHY[self.order])


def pre_order(root):
    """Return each node once: a node, then what its first input depends on, then its second."""
    order, stack = [], [root]
    while stack:
        node = stack.pop()
        if node not in order:
            order.append(node)
            stack += [x for x in reversed(node.inputs) if x.requires_grad]
    return order


def checked_order(order, tensors):
    """Return a student's order as a list of nodes of this graph, or say what it is instead."""
    if not hasattr(order, "__iter__"):
        raise TypeError(
            f"your order should return a list of the graph's nodes, inputs before outputs; it returned {order!r:.60}: "
            "is there a return at its end?"
        )
    order = list(order)
    if strange := [node for node in order if not any(node is t for t in tensors)]:
        raise TypeError(
            f"your order should return nodes of the graph, inputs before outputs; it returned {strange[0]!r:.60}"
        )
    return order


def numerical(leaves, root):
    """Return central differences of the root by each leaf, in words: an oracle that knows no order."""
    found = []
    for leaf in leaves:
        values = []
        for step in (1e-5, -1e-5):
            moved = {x: x.data + step * (x is leaf) for x in leaves}
            for node in topological_order(root):
                if node.op:
                    moved[node] = node.op.forward(*[moved.get(x, x.data) for x in node.inputs], **node.params)
            values.append(float(moved[root]))
        found.append(number((values[0] - values[1]) / 2e-5))
    return found


def ordinal(n):
    """Return 2nd, 3rd, 4th, ..."""
    return f"{n}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10 if n % 100 not in (11, 12, 13) else 0, 'th') }"


class OrderPicker(Demo):
    """Pick an order of visits and see which gradient comes out.

    Parameters
    ----------
    own_order : function of a root, optional
        Your own ``topological_order``: it is offered as "your order".
    order, graph_name, a, b
        What to start with, as for `record`.
    """

    def __init__(self, own_order=None, *, order=NAIVE, graph_name="diamond", a=2.0, b=3.0):
        orders = [*ORDERS, *([OWN] if own_order else [])]

        def record_with(**settings):
            return record(**settings, own_order=own_order)

        fields = [
            controls.choice("order", orders, OWN if own_order else order, label="Order"),
            controls.choice("graph_name", GRAPH_NAMES, graph_name, label="Graph"),
            controls.slider("a", -5, 5, a, step=0.5),
            controls.slider("b", -5, 5, b, step=0.5),
        ]
        start = {"diamond": {"a": 2.0, "b": 3.0}, "lecture": {"a": 2.0, "b": 1.0}, "square": {"a": 2.0, "b": 1.0}}
        presets = {
            f"{name} on the {graph_name}": {"order": name, "graph_name": graph_name, **start[graph_name]}
            for graph_name in GRAPHS
            for name in orders
        }
        steps = [1.0, 2.0, 3.0]
        recorded = grid(order=orders, graph_name=list(GRAPHS), a=steps, b=steps)
        super().__init__(record_with, fields, presets, recorded=recorded)
