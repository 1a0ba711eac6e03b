"""The order picker: three orders, their results and their visits."""

import pytest
from plainnet.autograd import topological_order
from plainnet.demos.graphs import build
from plainnet.demos.order_picker import GRAPHS, NAIVE, ORDERS, OWN, PRE_ORDER, TOPOLOGICAL, OrderPicker, record
from plainnet.demos.words import number

pytestmark = pytest.mark.ch01


def result(recording, order):
    """Return what the table says of an order at the end: (∂y/∂a, ∂y/∂b, visits)."""
    rows = {row[0]: tuple(row[1:]) for row in recording.frames[-1]["results"]}
    return rows[order]


@pytest.mark.parametrize(
    ("order", "grads", "visits"),
    [(NAIVE, ("29", "22"), 15), (PRE_ORDER, ("4", "3"), 7), (TOPOLOGICAL, ("25", "19"), 7)],
)
def test_the_diamond_tells_the_orders_apart(order, grads, visits):
    recording = record(order, "diamond", a=2, b=3)
    assert result(recording, order) == (*grads, str(visits))
    assert len(recording) == visits + 2  # before the walk, each visit, the comparison


def test_the_lectures_example_cannot_tell_them_apart():
    recording = record(NAIVE, "lecture", a=2, b=1)
    assert {result(recording, order)[:2] for order in ORDERS} == {("2", "5")}


@pytest.mark.parametrize("graph_name", GRAPHS)
@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (-1.5, 0.5), (0.0, 2.0)])
def test_topological_order_agrees_with_the_library_and_with_finite_differences(graph_name, a, b):
    root = build(GRAPHS[graph_name], {"a": a, "b": b})
    root.backward()
    leaves = {node.name: number(node.grad) for node in topological_order(root) if not node.op}
    recording = record(TOPOLOGICAL, graph_name, a=a, b=b)
    assert result(recording, TOPOLOGICAL)[:2] == (leaves["a"], leaves["b"])
    assert result(recording, "finite differences")[:2] == (leaves["a"], leaves["b"])


def test_visits_are_counted_node_by_node():
    recording = record(NAIVE, "diamond", a=2, b=3)
    names = [node["name"] for node in recording.static["nodes"]]
    visits = dict(zip(names, recording.frames[-1]["visits"]))
    assert visits == {"a": 4, "b": 4, "c": 2, "d": 2, "s": 1, "p": 1, "y": 1}


def test_a_late_part_is_named_in_the_pre_order_walk():
    texts = [frame["text"] for frame in record(PRE_ORDER).frames]
    assert any("Too late for c and d" in text for text in texts)


@pytest.mark.parametrize("order", ORDERS)
def test_the_question_comes_before_the_last_part_arrives(order):
    recording = record(order, "diamond", a=2, b=3)
    (ask,) = recording.asks
    i = [node["name"] for node in recording.static["nodes"]].index("a")
    final = result(recording, order)[0]
    assert ask.choices[ask.answer] == final
    assert recording.frames[ask.frame - 1]["grads"][i] != final
    assert recording.frames[ask.frame]["grads"][i] == final


def test_wrong_gradients_are_marked_and_right_ones_are_not():
    assert "wrong" in record(NAIVE).frames[-1]["state"]
    assert "wrong" not in record(TOPOLOGICAL).frames[-1]["state"]


def test_a_students_order_joins_the_three():
    def by_name(root):
        return sorted(topological_order(root), key=lambda node: node.name)

    demo = OrderPicker(by_name)
    assert demo.values["order"] == OWN
    names = [row[0] for row in demo.recording.frames[-1]["results"]]
    assert OWN in names
    assert result(demo.recording, TOPOLOGICAL)[:2] == ("25", "19")


def test_a_students_right_order_gives_the_gradient():
    assert result(OrderPicker(topological_order).recording, OWN)[:2] == ("25", "19")


def test_an_order_of_strangers_is_refused_in_words():
    demo = OrderPicker(lambda root: ["a", "b"])
    assert "your order should return nodes of the graph" in demo.recording.frames[0]["error"]


def test_an_order_without_a_return_is_refused_in_words():
    words = OrderPicker(lambda root: None).recording.frames[0]["error"]
    assert "your order should return a list of the graph's nodes" in words
    assert "it returned None: is there a return at its end?" in words


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="there is no order 'breadth'"):
        record("breadth")
