"""The graph stepper's recording: every number on it is the library's."""

import numpy as np
import pytest
from plainnet import Tensor
from plainnet.demos.graph_stepper import PRESETS, GraphStepper, record
from plainnet.demos.graphs import build
from plainnet.demos.words import number

pytestmark = pytest.mark.ch01


def library(expression, **inputs):
    """Return the graph after the library's own backward pass."""
    with np.errstate(all="ignore"):  # one preset divides by zero
        root = build(expression, inputs)
        root.backward()
    return root


def shown(recording, name, k=-1):
    """Return (value, gradient) in words of a node in a frame."""
    frame = recording.frame(k)
    i = next(i for i, node in enumerate(frame["nodes"]) if node["name"] == name)
    return frame["values"][i], frame["grads"][i]


def test_the_lecture_example_gives_6_2_and_5():
    recording = record("(a + b) * (b + 1)", a=2, b=1)
    assert shown(recording, "e") == ("6", "1")
    assert shown(recording, "a") == ("2", "2")
    assert shown(recording, "b") == ("1", "5")
    assert recording.frames[-1]["text"] == "Done in one pass back: ∂e/∂a = 2, ∂e/∂b = 5."


@pytest.mark.parametrize("name", PRESETS)
def test_every_number_of_a_preset_is_the_librarys(name):
    preset = dict(PRESETS[name])
    recording = record(**preset)
    root = library(preset.pop("expression"), **preset)
    found, stack = {}, [root]
    while stack:
        node = stack.pop()
        found[node.name or number(node.data)] = node
        stack += node.inputs
    for box in recording.frame(-1)["nodes"]:
        node = found[box["name"]]
        grad = number(node.grad) if node.requires_grad else ""
        assert shown(recording, box["name"]) == (number(node.data), grad)


def test_values_appear_before_any_gradient_and_nothing_is_known_at_first():
    recording = record(a=2, b=1)
    first = recording.frames[0]
    assert first["grads"] == [""] * 6
    known = [sum(word != "" for word in frame["values"]) for frame in recording.frames]
    assert known == sorted(known)
    all_values = known.index(6)
    assert all(set(frame["grads"]) == {""} for frame in recording.frames[: all_values + 1])


def test_a_shared_input_shows_its_sum_growing():
    recording = record("(a + b) * (b + 1)", a=2, b=1)
    b = [shown(recording, "b", k)[1] for k in range(len(recording))]
    assert [word for k, word in enumerate(b) if k == 0 or word != b[k - 1]] == ["", "3 …", "5 …", "5"]


def test_what_flows_on_the_arrows_adds_up_to_the_gradient():
    recording = record("(a + b) * (b + 1)", a=2, b=1)
    edges = recording.static["edges"]
    nodes = [node["name"] for node in recording.static["nodes"]]
    total = dict.fromkeys(nodes, 0.0)
    for frame in recording.frames:
        for edge, words in zip(edges, frame["flows"]):
            if words not in ("", "→"):
                total[nodes[edge["from"]]] += float(words)
    assert total["a"] == 2
    assert total["b"] == 5


def test_the_question_is_about_the_shared_input_and_its_answer_is_the_sum():
    (ask,) = record("(a + b) * (b + 1)", a=2, b=1).asks
    assert "∂e/∂b" in ask.question
    assert ask.choices[ask.answer] == "5"
    assert {"2", "3"} < set(ask.choices)


@pytest.mark.parametrize("expression", ["sin(a)", "a * b", "relu(a) + exp(b)", "a ** 3 - b / a"])
def test_every_expression_has_a_question(expression):
    recording = record(expression, a=1.5, b=0.5)
    root = library(expression, a=1.5, b=0.5)
    (ask,) = recording.asks
    name = ask.question.split(f"∂{root.name}/∂")[1][0]
    leaf = next(box for box in recording.static["nodes"] if box["name"] == name)
    grad = recording.frames[-1]["grads"][recording.static["nodes"].index(leaf)]
    assert ask.choices[ask.answer] == grad


def test_steps_with_names_of_their_own():
    recording = record("c = a + b; y = c * exp(b)", a=1.0, b=0.0)
    assert shown(recording, "y") == ("1", "1")
    assert shown(recording, "c") == ("1", "1")


def test_arrays_show_their_values_or_their_shape():
    recording = record("sum(w * x)", w=np.array([1.0, 2.0]), x=np.ones(2))
    assert shown(recording, "w") == ("[1 2]", "[1 1]")
    recording = record("sum(w @ x)", w=np.ones((5, 4)), x=np.ones((4, 3)))
    assert shown(recording, "w") == ("5×4", "5×4")


def test_a_function_of_named_inputs_can_stand_for_the_expression():
    def square_and_shift(x):
        return x * x + 1

    recording = record(square_and_shift, x=3.0)
    assert shown(recording, "y") == ("10", "1")
    assert shown(recording, "x") == ("3", "6")


def test_a_students_own_backpropagate_is_what_is_shown():
    def forgets_the_second_path(root):
        for node in (root, *root.inputs):
            node.grad = np.ones(())
            yield node

    recording = record("a * b", backpropagate=forgets_the_second_path, a=2.0, b=3.0)
    assert shown(recording, "a")[1] == "1"


def test_a_backpropagate_without_a_yield_is_refused_in_words():
    words = GraphStepper(backpropagate=lambda root: None).recording.frames[0]["error"]
    assert "your backpropagate should yield each node" in words
    assert "it returned None: is there a yield in its loop?" in words


UNREADABLE = {
    "a + z": "'z', which is neither an input",
    "a +": "is not a formula",
    "": "is empty",
    "a.data": "formula",
    "[a]": "formula",
    "__import__('os')": "formula",
    "3 + 4": "should depend on one of",
}


@pytest.mark.parametrize(("expression", "says"), UNREADABLE.items())
def test_an_expression_that_cannot_be_read_is_explained(expression, says):
    with pytest.raises((ValueError, TypeError), match=says):
        record(expression, a=1.0, b=2.0)


def test_division_by_zero_is_said_in_words_from_the_node_where_it_happens():
    recording = record("(a + 1) / b", a=1.0, b=0.0)
    errors = [frame.get("error") for frame in recording.frames]
    assert errors[0] is None
    assert errors[-1].startswith("d is infinite here: d = c ÷ b = 2 ÷ 0 = ∞")


def test_a_demo_shows_the_error_of_a_students_function_in_words():
    def broken(x):
        raise RuntimeError("no idea yet")

    demo = GraphStepper(broken, x=1.0)
    (frame,) = demo.recording.frames
    assert frame["error"].startswith("RuntimeError: no idea yet (line")
    assert "of broken" in frame["error"]


def test_the_page_offers_at_least_six_presets():
    assert len(GraphStepper().presets) >= 6
    assert len(GraphStepper("x * w", x=1.0, w=2.0).presets) >= 6


def test_the_recording_leaves_a_tensor_of_the_caller_alone():
    x = Tensor(2.0, requires_grad=True, name="x")

    def closure(a):
        return a * x

    record(closure, a=1.0)
    assert x.name == "x"
