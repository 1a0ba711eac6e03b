"""Every demo, the index and a handout for everyone: by keys, at 200 % zoom, on a projector, and what axe-core finds."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from plainnet import demos

from autograder.present.handout import handout
from autograder.present.site import card_of, index

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ZOOMED, WHOLE = {"width": 640, "height": 360}, {"width": 1280, "height": 720}  # 1280 x 720 at 200 %, and at 100 %


@pytest.fixture(scope="module", params=demos.GALLERY)
def address(request, tmp_path_factory):
    """The address of a demo's page in a file."""
    path = tmp_path_factory.mktemp("pages") / "demo.html"
    getattr(demos, request.param)().to_html(path)
    return path.as_uri()


@pytest.fixture
def demo(page, address):
    page.goto(address)
    page.wait_for_selector(".pn-stage[data-frame]")
    return page


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def findings(page):
    """Return what axe-core finds in a page."""
    found = Axe().run(page).response["violations"]
    return [(finding["id"], finding["impact"], finding["nodes"][0]["html"][:200]) for finding in found]


def test_axe_finds_nothing_with_a_question_an_answer_or_help_open(demo):
    for scheme, zoom in (("light", ZOOMED), ("dark", WHOLE), ("dark", ZOOMED), ("light", WHOLE)):
        demo.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        demo.set_viewport_size(zoom)
        demo.reload()
        demo.wait_for_selector(f".pn-stage[data-theme={scheme}]")
        for keys in ([], ["End"], ["1", "Enter"], ["?"]):
            press(demo, *keys)
            assert findings(demo) == [], (scheme, zoom, keys)


def test_every_control_is_reached_by_tab_and_shows_its_focus(demo):
    demo.keyboard.press("End")
    usable = demo.evaluate("""() => {
      window.all = [...document.querySelectorAll("button, input, select, a, [tabindex='0']")]
        .filter((element) => !element.disabled && element.checkVisibility() && !element.closest("dialog"));
      return window.all.length;
    }""")
    reached = set()
    for _ in range(usable + 2):
        demo.keyboard.press("Tab")
        reached.add(
            demo.evaluate("""() => {
          const place = window.all.indexOf(document.activeElement);
          return place < 0 ? "" : `${place}:${parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2}`;
        }""")
        )
    assert usable >= 8
    assert reached - {""} == {f"{k}:true" for k in range(usable)}


def test_usable_at_200_per_cent_zoom(demo):
    demo.set_viewport_size(ZOOMED)
    demo.keyboard.press("End")
    assert demo.evaluate("document.documentElement.scrollWidth") <= 640
    demo.click("text=Reveal")
    assert demo.is_visible(".pn-right")
    outside = demo.evaluate("""() => [...document.querySelectorAll("button, input, select, figcaption, .pn-caption")]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > 640.5)
      .map((element) => element.outerHTML.slice(0, 100))""")
    assert outside == []


def test_words_are_large_enough_for_a_projector(demo):
    demo.set_viewport_size({"width": 1920, "height": 1080})
    demo.keyboard.press("End")
    demo.evaluate("() => new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)))")  # as painted
    heights = demo.evaluate("""() => [...document.querySelectorAll(".pn-stage :is(text, p, td, th, code, label)")]
      .filter((element) => element.checkVisibility() && element.textContent.trim())
      .map((element) => {
        const matrix = element.getScreenCTM?.();
        const scale = matrix ? Math.hypot(matrix.a, matrix.b) : 1; // turned text too
        return [parseFloat(getComputedStyle(element).fontSize) * scale, element.textContent];
      })""")
    # 1/50 of the picture's height: on a screen 1.5 m high 3 cm, ten times what the eye needs at 3 m
    small = [(size, words) for size, words in heights if size < 1080 / 50]
    assert small == []


def small_handout():
    """Return a handout with all that a handout may hold."""
    demo = demos.OptimiserRace()
    poster = {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}, **demo._repr_mimebundle_()[0]}
    long = " + ".join(f"w_{{{k}}} x_{{{k}}}" for k in range(30))
    cells = [
        new_markdown_cell(f"# A lecture\n\n$$z = {long}$$\n\n| | long words | more |\n|---|---|---|\n| $a$ | 1 | 2 |"),
        new_code_cell(f"print({'x' * 200!r})", outputs=[new_output("stream", text="y" * 200)]),
        new_code_cell("demo", outputs=[new_output("display_data", poster)]),
    ]
    return handout(nbformat.from_dict(new_notebook(cells=cells)), {demo.recording.title: "../demos/race.html"})


def small_index():
    """Return an index with two lectures and two demos."""
    cards = [("demos/a.html", *card_of(demos.GraphStepper())), ("demos/b.html", *card_of(demos.Playground()))]
    return index(cards, [("00_start/index.html", "Chapter 0: Start"), ("01_graphs/index.html", "Chapter 1: Graphs")])


@pytest.mark.parametrize("make", [small_handout, small_index])
def test_axe_finds_nothing_in_a_handout_or_in_the_index(page, tmp_path, make):
    path = tmp_path / "index.html"
    path.write_text(make(), encoding="utf-8")
    page.goto(path.as_uri())
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for zoom in (WHOLE, ZOOMED):
            page.set_viewport_size(zoom)
            assert findings(page) == [], (scheme, zoom)
            assert page.evaluate("document.documentElement.scrollWidth") <= zoom["width"]


def test_the_index_numbers_nothing_twice_and_its_pictures_are_large(page, tmp_path):
    path = tmp_path / "index.html"
    path.write_text(small_index(), encoding="utf-8")
    page.goto(path.as_uri())
    assert page.locator("ol").count() == 0
    sizes = page.locator("a.demo img").evaluate_all("(images) => images.map((i) => [i.clientWidth, i.naturalWidth])")
    assert all(shown >= 350 and natural >= 1.5 * shown for shown, natural in sizes)
