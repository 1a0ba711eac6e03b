"""Graph stepper: values flow forward through a computational graph, then gradients flow back, node by node.

Every number comes from plainnet: the ops compute the values, `backpropagate` yields the nodes in the order in which
their gradients become final, and each op's own rules say what it passes on.
"""

import numpy as np

from plainnet.autograd import backpropagate
from plainnet.demos import controls
from plainnet.demos.graphs import build, lay_out
from plainnet.demos.parts import graph
from plainnet.demos.recording import Ask, Recording
from plainnet.demos.stage import Demo, grid
from plainnet.demos.words import number, values
from plainnet.draw import formula

LECTURE = "(a + b) * (b + 1)"
PRESETS = {
    "Lecture: (a + b)(b + 1)": {"expression": LECTURE, "a": 2.0, "b": 1.0},
    "Diamond: y = (c + d) + cd": {"expression": "c = a + b; d = a * b; y = (c + d) + c * d", "a": 2.0, "b": 3.0},
    "One input used twice": {"expression": "a * a + b", "a": 3.0, "b": 1.0},
    "A neuron": {"expression": "sigmoid(a * b - 1)", "a": 1.0, "b": 2.0},
    "A dead ReLU": {"expression": "relu(a * b) + b", "a": -1.0, "b": 2.0},
    "A long chain": {"expression": "tanh(sin(exp(a) * b))", "a": 0.0, "b": 1.0},
    "Division by zero": {"expression": "(a + 1) / b", "a": 1.0, "b": 0.0},
}
LOW, HIGH = -5, 5


def record(expression=LECTURE, backpropagate=backpropagate, **inputs):
    """Record the forward and the backward pass through the graph of `expression`.

    Parameters
    ----------
    expression : str or function
        See `plainnet.demos.graphs.build`.
    backpropagate : generator function of a root
        Yields each node when its `grad` is final; hand in your own to watch it work.
    **inputs : array_like
        The values of the inputs by name; scalars, or arrays with a scalar result.

    Returns
    -------
    Recording
    """
    with np.errstate(all="ignore"):  # a NaN is shown and said, not printed
        root = build(expression, inputs or {"a": 2.0, "b": 1.0})
        steps = Steps(root)
        steps.forward()
        steps.backward(backpropagate)
    text = expression if isinstance(expression, str) else expression.__name__
    return Recording(
        steps.frames,
        title=f"Computational graph: {pretty(text)}",
        description=f"The graph of {pretty(text)}: first the value of every node appears, inputs first, then the "
        f"gradient of {root.name} with respect to every node, from the output back to the inputs.",
        parts=[graph("nodes", "edges", values="values", grads="grads", state="state", contributions="flows",
                     key="gradient ∂" + root.name + "/∂node")],
        static={"nodes": steps.nodes, "edges": steps.edges},
        asks=steps.asks,
    )  # fmt: skip


class Steps:
    """The frames of one pass forward and one back, and what the boxes show meanwhile."""

    def __init__(self, root):
        self.nodes, self.edges, self.tensors = lay_out(root)
        self.index = {tensor: i for i, tensor in enumerate(self.tensors)}
        self.root, self.frames, self.asks = root, [], []
        self.values, self.grads = [""] * len(self.nodes), [""] * len(self.nodes)
        self.state = [""] * len(self.nodes)
        self.arrived = {tensor: [] for tensor in self.tensors}  # (sender, what it passed) so far
        self.trouble = ""

    def show(self, text, flows=None):
        """Append a frame with what is known now."""
        flows = [""] * len(self.edges) if flows is None else flows
        error = {"error": self.trouble} if self.trouble else {}
        frame = {"values": [*self.values], "grads": [*self.grads], "state": [*self.state], "flows": flows}
        self.frames.append({"text": text, **frame, **error})

    def now(self, node):
        """Stress one node; the one before keeps what it has."""
        self.state = ["" if state == "now" else state for state in self.state]
        self.state[self.index[node]] = "now"

    def forward(self):
        """The inputs at once, then each result as soon as its inputs are known."""
        self.show("The graph, with nothing computed yet.")
        leaves = [tensor for tensor in self.tensors if not tensor.op]
        for leaf in leaves:
            self.values[self.index[leaf]] = values(leaf.data)
        given = ", ".join(f"{leaf.name} = {values(leaf.data)}" for leaf in leaves if leaf.requires_grad)
        self.show(f"The inputs are given: {given}.")
        for node in self.tensors:
            if node.op:
                self.now(node)
                self.values[self.index[node]] = values(node.data)
                self.notice(node, node.data, node.name)
                self.show(f"Forward: {calculation(node)}.", self.flows(node, ["→"] * len(node.inputs)))

    def backward(self, backpropagate):
        """Each node in the order in which its gradient becomes final, with what it passes to its inputs."""
        users = {tensor: sum(tensor in node.inputs for node in self.tensors) for tensor in self.tensors}
        nodes = backpropagate(self.root)
        if not hasattr(nodes, "__iter__"):
            raise TypeError(
                "your backpropagate should yield each node as its gradient becomes final; "
                f"it returned {nodes!r:.60}: is there a yield in its loop?"
            )
        for node in nodes:
            self.now(node)
            self.grads[self.index[node]] = values(node.grad)
            self.notice(node, node.grad, derivative(self.root, node))
            passed = list(node.op.gradients(node.grad, node)) if node.op else []
            self.ask(node, passed, users)
            for x, gx in passed:
                self.arrived[x].append((node, gx))
                so_far = sum(part for _, part in self.arrived[x])
                self.grads[self.index[x]] = f"{values(so_far)} …"
                self.state[self.index[x]] = "open"
            parts = iter([values(gx) for _, gx in passed])
            flows = self.flows(node, [next(parts) if x.requires_grad else "" for x in node.inputs])
            self.show(self.explain(node, passed), flows)
            self.state[self.index[node]] = "done"
        self.state = ["done" if state == "now" else state for state in self.state]
        leaves = [tensor for tensor in self.tensors if not tensor.op and tensor.requires_grad]
        found = ", ".join(f"{derivative(self.root, leaf)} = {values(leaf.grad)}" for leaf in leaves)
        self.show(f"Done in one pass back: {found}.")

    def flows(self, node, words):
        """Return the words on every arrow when those into `node` carry `words`."""
        i = self.index[node]
        return [words[edge["slot"]] if edge["to"] == i else "" for edge in self.edges]

    def explain(self, node, passed):
        """Return the sentence of a backward step."""
        name = derivative(self.root, node)
        parts = self.arrived[node]
        if node is self.root:
            start = f"Backward: {name} = 1 starts the way back."
        elif len(parts) > 1:
            total = " + ".join(f"{bracket(gx)} from {sender.name}" for sender, gx in parts)
            start = f"{name} = {total} = {values(node.grad)}: every node that uses {node.name} has reported."
        else:
            start = f"{name} = {values(node.grad)} is final."
        local = node.op.gradients(np.ones_like(node.data), node) if node.op and node.data.ndim == 0 else []
        shares = [
            f"{bracket(node.grad)} × {bracket(slope)} = {values(gx)} to {x.name}"
            for (x, gx), (_, slope) in zip(passed, local)
            if x.data.ndim == 0
        ]
        if not shares:
            shares = [f"{values(gx)} to {x.name}" for x, gx in passed]
        return start + (f"\n{node.name} passes on {', '.join(shares)}." if shares else "")

    def ask(self, node, passed, users):
        """Ask for the gradient of the first input that several nodes use, before its last part arrives."""
        receivers = [x for x, _ in passed]
        for x in dict.fromkeys(receivers):
            arriving = [gx for y, gx in passed if y is x]
            parts = [gx for _, gx in self.arrived[x]] + arriving
            if self.asks or x.op or x.data.ndim or users[x] < 2 or len(parts) < users[x]:
                continue
            known = [f"{values(gx)} from {sender.name}" for sender, gx in self.arrived[x]]
            so_far = f"{x.name} has {' and '.join(known)} so far; {node.name} is next. " if known else ""
            wrong = [*parts, np.prod(parts), x.data, 1.0]
            self.asks.append(
                question(
                    len(self.frames), f"{so_far}What will {derivative(self.root, x)} be?", sum(parts), wrong,
                    f"{x.name} acts on {self.root.name} along several paths: their contributions add up.",
                )
            )  # fmt: skip
        if not self.asks and all(count < 2 or x.op for x, count in users.items() if x.requires_grad):
            self.ask_for_first_input(node, passed)

    def ask_for_first_input(self, node, passed):
        """Where no input is shared, ask for the first gradient that reaches one."""
        for x, gx in passed:
            if not x.op and x.data.ndim == 0:
                wrong = [1.0, x.data, -gx, node.data, node.grad, 0.0]
                why = f"{derivative(self.root, node)} times the local derivative of {node.name} = {formula_of(node)}."
                where = f"What does {node.name} pass on to {x.name}? {derivative(self.root, x)} is"
                self.asks.append(question(len(self.frames), f"{where} …", gx, wrong, why))
                return

    def notice(self, node, array, name):
        """Keep the first number that is none, to say it in words from now on."""
        if not self.trouble and not np.isfinite(array).all():
            kind = "not a number (NaN)" if np.isnan(array).any() else "infinite"
            self.trouble = f"{name} is {kind} here: {calculation(node)}. All that depends on it is spoilt."


def question(frame, words, right, wrong, why):
    """Return an ask among up to four numbers in ascending order, the right one and different wrong ones."""
    options = {number(right): float(right)}
    for other in [*wrong, float(right) + 1]:
        if len(options) < 4 and np.isfinite(other):
            options.setdefault(number(other), float(other))
    choices = sorted(options, key=options.get)
    return Ask(frame, words, tuple(choices), choices.index(number(right)), why)


def derivative(root, node):
    """Return ∂root/∂node in words."""
    return f"∂{root.name}/∂{node.name}"


def formula_of(node):
    """Return how a node was computed, in names."""
    return formula(node, {x: x.name or values(x.data) for x in node.inputs})


def calculation(node):
    """Return how a node was computed, in names and in numbers."""
    if not node.op:
        return f"{node.name} = {values(node.data)}"
    numbers = formula(node, {x: bracket(x.data) for x in node.inputs})
    return f"{node.name} = {formula_of(node)} = {numbers} = {values(node.data)}"


def bracket(array):
    """Return values in words, negative numbers in brackets."""
    words = values(array)
    return f"({words})" if words.startswith("−") else words


def pretty(expression):
    """Return an expression with the signs of a blackboard."""
    return expression.replace("**", "^").replace("*", "×").replace("-", "−")


class GraphStepper(Demo):
    """Step values forward and gradients back through the graph of an expression.

    Parameters
    ----------
    expression : str or function, default "(a + b) * (b + 1)"
        See `plainnet.demos.graphs.build`.
    backpropagate : generator function, optional
        Your own, in place of `plainnet.autograd.backpropagate`.
    **inputs : float or array_like
        Start values of the inputs, such as ``a=2, b=1``; each number gets a slider.
    """

    def __init__(self, expression=LECTURE, *, backpropagate=backpropagate, **inputs):
        inputs = inputs or {"a": 2.0, "b": 1.0}
        numbers = {name: float(value) for name, value in inputs.items() if np.ndim(value) == 0}
        arrays = {name: value for name, value in inputs.items() if np.ndim(value) > 0}
        text = isinstance(expression, str)

        def record_with(**settings):
            chosen = settings.pop("expression", expression)
            return record(chosen, backpropagate=backpropagate, **settings, **arrays)

        fields = [controls.entry("expression", expression, label="y =")] if text else []
        sliders = [
            controls.slider(name, min(LOW, value), max(HIGH, value), value, step=0.1) for name, value in numbers.items()
        ]
        lecture = text and sorted(numbers) == ["a", "b"] and not arrays
        presets = PRESETS if lecture else variations(numbers)
        super().__init__(record_with, [*fields, *sliders], presets, recorded=neighbours(presets) if lecture else ())


def variations(numbers):
    """Return six presets of input values around the given ones."""
    changes = {
        "As given": lambda x: x,
        "All doubled": lambda x: 2 * x,
        "All halved": lambda x: x / 2,
        "Signs turned": lambda x: -x,
        "All one": lambda x: 1.0,
        "All zero": lambda x: 0.0,
        "All one larger": lambda x: x + 1,
    }
    return {name: {key: change(x) for key, x in numbers.items()} for name, change in changes.items()}


def neighbours(presets):
    """Return the settings that a page without a kernel carries: a grid for the lecture's example, small ones else."""
    settings = grid(expression=[LECTURE], a=[float(x) for x in range(-3, 4)], b=[float(x) for x in range(-3, 4)])
    for preset in presets.values():
        settings += grid(
            expression=[preset["expression"]],
            a=[preset["a"] + step for step in (-1.0, 0.0, 1.0)], b=[preset["b"] + step for step in (-1.0, 0.0, 1.0)],
        )  # fmt: skip
    return settings
