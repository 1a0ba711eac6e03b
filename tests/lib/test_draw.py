"""Graphs as pictures and as text."""

import itertools
import xml.etree.ElementTree as ET

import numpy as np
import plainnet as pn
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import Tensor, draw
from plainnet.layout import layered

SVG = "{http://www.w3.org/2000/svg}"


def lecture_example():
    a, b = Tensor(2.0, requires_grad=True, name="a"), Tensor(1.0, requires_grad=True, name="b")
    e = (a + b) * (b + 1)
    e.name = "e"
    return e


def test_text_lists_each_tensor_with_its_formula_value_and_gradient():
    e = lecture_example()
    e.backward()
    assert draw.text(e).splitlines() == [
        "tensor       value  gradient",
        "a            2      2",
        "b            1      5",
        "v1 = a + b   3      2",
        "v2 = b + 1   2      3",
        "e = v1 × v2  6      1",
    ]


def test_text_before_backward_has_no_gradients():
    assert draw.text(lecture_example()).splitlines()[1:3] == ["a            2", "b            1"]


def test_functions_show_their_constants():
    x = Tensor(np.ones((2, 3)), requires_grad=True, name="x")
    assert "v1 = sum(x, axis=0)  [2, 2, 2]" in draw.text(x.sum(axis=0))


def test_svg_is_well_formed_and_shows_every_tensor_once_with_its_gradient():
    e = lecture_example()
    e.backward()
    root = ET.fromstring(draw.svg(e))
    boxes = [[t.text for t in box.iter(f"{SVG}text")] for box in root.iter(f"{SVG}g")]
    assert sorted(boxes) == sorted(
        [["a", "2", "grad 2"], ["b", "1", "grad 5"], ["1"], ["+", "3", "grad 2"], ["+", "2", "grad 3"],
         ["e ×", "6", "grad 1"]]
    )  # fmt: skip


def test_svg_is_an_image_with_a_name_and_a_description():
    e = lecture_example()
    root = ET.fromstring(draw.svg(e, title="e & its <inputs>"))
    assert root.get("role") == "img"
    assert root.get("aria-label") == root.find(f"{SVG}title").text == "e & its <inputs>"
    assert root.find(f"{SVG}desc").text == draw.text(e)


def test_svg_escapes_names():
    x = Tensor(1.0, requires_grad=True, name='<script>"&')
    texts = [t.text for t in ET.fromstring(draw.svg(x.exp())).iter(f"{SVG}text")]
    assert '<script>"&' in texts
    assert "<script>" not in draw.svg(x.exp())


def test_a_notebook_shows_the_picture():
    assert draw.svg(lecture_example())._repr_html_().startswith("<svg")


def test_a_lone_tensor_can_be_drawn():
    assert draw.text(Tensor(3.0)).splitlines()[1] == "3       3"
    assert "<rect" in draw.svg(Tensor(3.0))


def test_an_array_shows_its_shape_and_a_short_one_its_numbers():
    x = Tensor(np.ones((5, 2)), requires_grad=True, name="x")
    text = draw.text(pn.tanh(x)[0])
    assert "5×2 array" in text
    assert "[0.7616, 0.7616]" in text


def test_a_huge_graph_is_refused_in_words():
    x = Tensor(1.0, requires_grad=True)
    for _ in range(500):
        x = x + 1
    with pytest.raises(ValueError, match="more than 400"):
        draw.svg(x)


@st.composite
def graphs(draw):
    """Draw a list of inputs for each box, all from earlier boxes."""
    count = draw(st.integers(1, 15))
    return [draw(st.lists(st.integers(0, i - 1), max_size=3)) if i else [] for i in range(count)]


@given(graphs(), st.data())
def test_no_boxes_overlap_and_arrows_run_to_the_right(inputs, data):
    sizes = [(data.draw(st.integers(10, 200)), data.draw(st.integers(10, 60))) for _ in inputs]
    centres, bends, width, height = layered(sizes, inputs)
    edges = [(x - w / 2, x + w / 2, y - h / 2, y + h / 2) for (x, y), (w, h) in zip(centres, sizes)]
    for left, right, top, bottom in edges:
        assert -1e-6 <= left < right <= width + 1e-6
        assert -1e-6 <= top < bottom <= height + 1e-6
    for one, other in itertools.combinations(edges, 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
    for i, sources in enumerate(inputs):
        for k, j in enumerate(sources):
            path = [edges[j][1], *[x for x, _ in bends[i, k]], edges[i][0]]
            assert all(a < b for a, b in itertools.pairwise(path))


def test_layout_keeps_the_order_of_inputs_where_it_can():
    centres, *_ = layered([(20, 20)] * 4, [[], [], [], [0, 1, 2]])
    assert [y for _, y in centres[:3]] == sorted(y for _, y in centres[:3])


def test_a_long_arrow_bends_around_the_boxes_between():
    _, bends, *_ = layered([(20, 20)] * 4, [[], [0], [1], [0, 2]])
    assert len(bends[3, 0]) == 2
    assert bends[3, 1] == []
