"""Standalone pages in a real browser: from a file, by keys, without a network."""

import re
from itertools import pairwise

import numpy as np
import pytest
from plainnet.demos import Demo, FoolingImage, Recording, controls, parts
from plainnet.demos.graph_stepper import GraphStepper, record
from plainnet.demos.graphs import build
from plainnet.demos.order_picker import OrderPicker
from plainnet.demos.playground import Playground
from plainnet.demos.words import number

pytestmark = pytest.mark.browser
DEMOS = {"graph stepper": GraphStepper, "order picker": OrderPicker}
KERNEL_WORDS = "only in the notebook: pick a preset"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def caption(page):
    return page.inner_text(".pn-caption").replace("\n", " ")


def node(page, name):
    """Return (value, gradient) on screen of a box of the graph."""
    box = page.locator(f'[data-node="{name}"]')
    return box.locator(".pn-value").text_content(), box.locator(".pn-grad").text_content()


@pytest.mark.ch01
def test_graph_stepper_steps_by_keys_to_the_librarys_values(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "Q", *["ArrowRight"] * 10)
    root = build("(a + b) * (b + 1)", {"a": 2.0, "b": 1.0})
    root.backward()
    assert root.data == 6
    stack = [root]
    while stack:
        tensor = stack.pop()
        stack += tensor.inputs
        if tensor.requires_grad:
            assert node(page, tensor.name) == (number(tensor.data), number(tensor.grad))


@pytest.mark.ch01
@pytest.mark.parametrize("make", DEMOS.values(), ids=DEMOS)
def test_every_frame_shows_its_sentence_forwards_and_backwards(open_demo, make):
    demo = make()
    page = open_demo(demo)
    page.keyboard.press("q")
    texts = [frame["text"].replace("\n", " ") for frame in demo.recording.frames]
    for text in texts[1:]:
        page.keyboard.press("ArrowRight")
        assert caption(page) == text
    for text in reversed(texts[:-1]):
        page.keyboard.press("PageUp")
        assert caption(page) == text


@pytest.mark.parametrize("make", DEMOS.values(), ids=DEMOS)
def test_a_page_makes_no_request_but_for_itself(open_demo, make):
    page = open_demo(make())
    press(page, "End", "1", "Enter", "End", "Home", "?")
    assert [url for url in page.requests if not url.startswith("data:")] == [page.url]


@pytest.mark.parametrize("make", DEMOS.values(), ids=DEMOS)
def test_a_page_is_under_two_megabytes(make):
    assert len(make().to_html().encode()) < 2_000_000


@pytest.mark.ch01
def test_a_question_pauses_counts_hands_and_reveals(open_demo):
    demo = GraphStepper(a=2, b=1)
    (ask,) = demo.recording.asks
    page = open_demo(demo)
    page.keyboard.press("End")
    assert page.get_attribute(".pn-stage", "data-frame") == str(ask.frame - 1)
    assert ask.question in page.inner_text(".pn-ask")
    right = str(ask.answer + 1)
    press(page, "1", right, right, "Enter")
    assert page.get_attribute(".pn-stage", "data-frame") == str(ask.frame)
    told = page.inner_text(".pn-ask")
    assert f"✓ {ask.choices[ask.answer]} (2)" in told
    assert "2 of 3 hands had it" in told
    page.keyboard.press("End")
    assert not page.is_visible(".pn-ask")
    assert page.get_attribute(".pn-stage", "data-frame") == str(len(demo.recording) - 1)


def test_hands_are_kept_when_somebody_steps_back_before_the_answer(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "End", "3", "3", "1", "PageUp")
    assert not page.is_visible(".pn-ask")
    press(page, "PageDown", "PageDown", "3")
    assert [field.input_value() for field in page.locator(".pn-hands").all()] == ["1", "0", "3", "0"]
    press(page, "Enter")
    assert "3 of 4 hands had it" in page.inner_text(".pn-ask")


def test_a_question_can_be_answered_by_mouse_and_typed_counts(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    page.keyboard.press("End")
    page.fill(".pn-hands >> nth=2", "87")
    page.click(".pn-choice >> nth=0")
    page.click("text=Reveal")
    assert "87 of 88 hands had it" in page.inner_text(".pn-ask")


@pytest.mark.parametrize(("key", "moves"), [("Escape", True), ("q", False)])
def test_a_question_can_be_skipped(open_demo, key, moves):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "End", key)
    assert not page.is_visible(".pn-ask")
    before = int(page.get_attribute(".pn-stage", "data-frame"))
    assert before == (7 if moves else 6)
    page.keyboard.press("End")
    assert page.get_attribute(".pn-stage", "data-frame") == "10"


def test_play_runs_to_the_question_and_pauses_there(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "+", "+", "+", " ")
    page.wait_for_selector(".pn-question")
    assert page.get_attribute(".pn-stage", "data-frame") == "6"
    assert page.get_attribute(".pn-timeline button >> nth=2", "aria-label") == "Play"


def test_the_scrubber_moves_through_the_frames(open_demo):
    demo = GraphStepper(a=2, b=1)
    page = open_demo(demo)
    page.fill(".pn-scrubber", "4")
    assert caption(page) == demo.recording.frames[4]["text"]
    page.focus(".pn-scrubber")
    page.keyboard.press("ArrowRight")
    assert caption(page) == demo.recording.frames[5]["text"].replace("\n", " ")


@pytest.mark.ch01
def test_a_slider_without_a_kernel_offers_the_recorded_values(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "q", "End")
    slider = page.locator(".pn-slider").first
    slider.focus()
    page.keyboard.press("ArrowRight")
    want = record("(a + b) * (b + 1)", a=3.0, b=1.0)
    assert page.locator("output").first.inner_text() == "3"
    assert caption(page) == want.frames[-1]["text"]


def test_presets_replace_what_needs_a_kernel(open_demo):
    demo = GraphStepper(a=2, b=1)
    page = open_demo(demo)
    assert page.is_disabled(".pn-entry")
    assert KERNEL_WORDS in page.locator("label", has=page.locator(".pn-entry")).get_attribute("title")
    menu = page.locator(".pn-head select")
    assert menu.locator("option:not([value=''])").count() >= 6
    press(page, "q", "End")
    for name, values in demo.presets.items():
        menu.select_option(label=name)
        want = record(**values).frames[-1]
        assert caption(page) == want["text"].replace("\n", " ")
        if "error" in want:
            assert page.inner_text(".pn-alert") == want["error"]
        else:
            assert not page.is_visible(".pn-alert")


@pytest.mark.ch01
def test_order_picker_shows_the_three_results(open_demo):
    page = open_demo(OrderPicker())
    page.keyboard.press("q")
    for order, result in {
        "naive recursion": "(29, 22)",
        "pre-order walk": "(4, 3)",
        "topological order": "(25, 19)",
    }.items():
        page.get_by_role("combobox", name="Order", exact=True).select_option(order)
        page.keyboard.press("Escape")
        page.locator(".pn-timeline button >> nth=4").click()
        assert f"{order.capitalize()} gives {result}" in caption(page)
        assert node(page, "a")[1].removeprefix("✗ ") == result[1:-1].split(", ")[0]


def test_a_control_recorded_with_one_value_is_words_not_a_slider(open_demo):
    def show(x, y):
        return Recording([{"text": f"x = {x}, y = {y}"}], title="Two numbers", description="They are shown.")

    sliders = [controls.slider("x", 0, 5, 0, step=1), controls.slider("y", 0, 5, 3, step=1, label="Height", unit="m")]
    page = open_demo(Demo(show, sliders, {f"x = {x}": {"x": x} for x in range(6)}))
    assert page.is_visible(".pn-slider >> nth=0")
    assert not page.is_visible(".pn-slider >> nth=1")
    assert "Fixed on this page; a preset or the notebook changes it: Height 3 m." in page.inner_text(".pn-controls")


def test_a_page_without_a_kernel_says_so_where_one_would_click_or_run(open_demo):
    page = open_demo(Playground())
    assert page.inner_text(".pn-foot > .pn-button") == "Run: only in the notebook"
    assert page.is_disabled(".pn-foot > .pn-button")
    assert "(add points in the notebook)" in page.inner_text(".pn-part-plot figcaption")
    assert "A click adds" not in page.inner_text(".pn-controls")


def test_an_address_can_name_a_preset(open_demo):
    page = open_demo(OrderPicker())
    page.goto(f"{page.url}#Why order matters: topological order")
    page.reload()
    assert page.inner_text(".pn-title") == "Why order matters: topological order"
    assert page.get_by_role("combobox", name="Order", exact=True).input_value() == "topological order"


def test_nan_in_an_array_is_said_in_words(open_demo):
    frames = [{"text": "one", "loss": 1.0}, {"text": "two", "loss": float("nan")}]
    recording = Recording(frames, title="Divergence", description="A loss.", parts=[parts.loss_curve("loss")])
    page = open_demo(Demo(lambda: recording))
    assert not page.is_visible(".pn-alert")
    page.keyboard.press("ArrowRight")
    assert page.inner_text(".pn-alert") == "loss is not a number (NaN) from this frame on (frame 1)"


def test_live_text_follows_steps_at_most_once_a_second(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    page.evaluate("""() => {
      window.said = [];
      const live = document.querySelector("[aria-live]");
      const observer = new MutationObserver(() => window.said.push([performance.now(), live.textContent]));
      observer.observe(live, {childList: true, characterData: true, subtree: true});
    }""")
    press(page, *["ArrowRight"] * 5)
    page.wait_for_function("() => window.said.length && window.said.at(-1)[1].startsWith('Backward')")
    times = [time for time, _ in page.evaluate("window.said")]
    assert all(later - earlier > 900 for earlier, later in pairwise(times))


def test_a_dark_page_prints_dark_on_light(open_demo, page):
    page.emulate_media(color_scheme="dark")
    open_demo(Playground())
    assert page.get_attribute(".pn-stage", "data-theme") == "dark"
    page.emulate_media(color_scheme="dark", media="print")
    page.wait_for_selector(".pn-stage[data-theme=light]")
    assert not page.is_visible(".pn-timeline")
    page.emulate_media(color_scheme="dark", media="screen")
    page.wait_for_selector(".pn-stage[data-theme=dark]")


def test_help_tells_the_frame_in_words(open_demo):
    page = open_demo(GraphStepper(a=2, b=1))
    press(page, "q", "End", "?")
    words = page.inner_text("dialog")
    assert "b: 1, gradient 5" in words
    assert "Page Down" in words
    page.keyboard.press("Escape")
    assert not page.is_visible("dialog")


def test_a_long_title_and_the_button_beside_it_share_a_line(open_demo, page):
    page.set_viewport_size({"width": 1119, "height": 640})  # a demo's width on a slide of 1280 pixels
    open_demo(FoolingImage())
    title, button = (page.locator(f".pn-head > {part}").bounding_box() for part in (".pn-title", ".pn-words"))
    assert title["height"] < 1.5 * button["height"]  # one line
    assert abs(title["y"] + title["height"] / 2 - button["y"] - button["height"] / 2) <= 2


def test_a_matrix_with_heads_stays_in_its_place(open_demo):
    heads = {"row_labels": list("abcdefghij"), "column_labels": ["x", "y"]}  # as many rows as make the height scarce
    frames = [{"text": "Twenty numbers.", "x": np.arange(20.0).reshape(10, 2)}]
    part = parts.matrix("x", title="a matrix", **heads)
    page = open_demo(Demo(lambda: Recording(frames, title="Heads", description="A matrix.", parts=[part])))
    below = """(table) => table.getBoundingClientRect().bottom - table.parentElement.getBoundingClientRect().bottom"""
    assert page.locator(".pn-matrix").evaluate(below) <= 1  # its place is cut off there


def test_all_parts_draw_without_errors_in_both_themes(open_demo, page):
    recording = every_part()
    page.emulate_media(color_scheme="dark")
    open_demo(Demo(lambda: recording))
    press(page, "ArrowRight")
    page.emulate_media(color_scheme="light")
    page.wait_for_selector(".pn-stage[data-theme=light]")
    drawn = page.evaluate("""() => [...document.querySelectorAll(".pn-part")].map((part) => {
      const painted = [...part.querySelectorAll("canvas")].filter((canvas) => canvas.width > 20);
      return [part.className, part.querySelectorAll("svg path, svg rect, td, li").length + painted.length];
    })""")
    assert len(drawn) == 11
    assert [name for name, marks in drawn if marks == 0] == []
    page.keyboard.press("?")
    words = page.inner_text("dialog")
    for part in ("a matrix", "a heat map", "a histogram"):
        assert re.search(rf"{part}: \S+", words)


def test_no_two_demos_of_a_page_share_a_clip_or_a_gradient(open_demo):
    page = open_demo(Demo(every_part))
    named = "[...document.querySelectorAll('.pn-stage [id]')].map((element) => element.id)"
    first = page.evaluate(named)
    page.reload()  # the same places on screen, as when a lecture shows a demo twice
    page.wait_for_selector(".pn-stage[data-frame]")
    both = first + page.evaluate(named)
    assert len(both) >= 4
    assert len(set(both)) == len(both)
    used = page.evaluate("""() => [...document.querySelectorAll(".pn-stage [clip-path], .pn-colour-bar")]
      .map((element) => /#(.*)\\)/.exec(element.getAttribute("clip-path") ?? element.getAttribute("fill"))[1])""")
    assert set(used) == set(both[len(first) :])


def every_part():
    """Return a recording that uses the whole vocabulary."""
    rng = np.random.default_rng(0)
    t = np.linspace(0, 6, 50)
    stepper = record(a=2.0, b=1.0)

    def frame(k):
        return {
            **{key: stepper.frames[k][key] for key in ("text", "values", "grads")},
            **{"t": t, "s": np.sin(t + k), "z": rng.normal(size=(8, 8)), "loss": 1 / (k + 1)},
            **{"xy": rng.normal(size=(9, 2)), "classes": np.arange(9) % 3, "p": rng.random(4), "best": 1},
            **{"images": rng.random((3, 4, 4)), "counts": np.arange(5), "edges": np.arange(6.0)},
            **{"window": np.array([0, 0, 2, 2]), "w": rng.normal(size=(2, 3)), "rows": [["a", "1"]], "code": ["x = 1"]},
        }

    scene = [parts.field("z", (-2, 2), (-2, 2)), parts.points("xy", "classes"), parts.line("t", "s", "sine")]
    vocabulary = [
        [
            parts.plot(*scene, title="a plot"),
            parts.loss_curve("loss", title="a curve"),
            parts.bars("p", highlight="best", title="bars"),
        ],
        [
            parts.histogram("counts", "edges", title="a histogram"),
            parts.matrix("z", highlight="window", title="a matrix"),
            parts.heat_map("z", highlight="window", title="a heat map"),
            parts.image_grid("images", title="images"),
        ],
        [
            parts.network(["w"], title="a network"),
            parts.listing("code", title="a listing"),
            parts.table("rows", columns=["name", "value"], title="a table"),
            parts.graph("nodes", "arrows", values="values", grads="grads", title="a graph"),
        ],
    ]
    return Recording(
        [frame(0), frame(1)],
        title="Every part",
        description="All.",
        parts=vocabulary,
        static={"nodes": stepper.static["nodes"], "arrows": stepper.static["edges"]},
    )
