"""Demos in JupyterLab: rendered, stepped by keys, changed through the kernel, run without blocking the notebook."""

import re
import time

import pytest
from plainnet.demos.graph_stepper import record

pytestmark = [pytest.mark.browser, pytest.mark.slow]
RUN_DEMO = """
import itertools, pathlib, time
from plainnet.demos import Demo, Recording, controls, parts

def record(lr):
    return Recording([{"text": "not started", "loss": 1.0}], title="A run", description="A loss falls.",
                     parts=[parts.loss_curve("loss")], static={"names": ["a", "b"]})

def run(values):
    try:
        for k in itertools.count():
            time.sleep(0.005)
            yield {"text": f"step {k}, lr {values['lr']}", "loss": 1 / (k + 1)}
    finally:
        with open("NAME.txt", "a") as file:
            file.write("ended ")

Demo(record, [controls.slider("lr", 0, 1, 0.5)], run=run, run_label="Train")
"""
EDIT_DEMO = """
import numpy as np
from plainnet.demos import Demo, Recording, controls, parts

def record(kernel, drawing, dots, kind):
    text = f"corner {kernel[0][0]}, {int(np.sum(drawing))} cells, {len(dots)} dots, classes {[int(d[2]) for d in dots]}"
    frame = {"text": text, "kernel": np.array(kernel), "drawing": np.array(drawing),
             "dots": np.array(dots)[:, :2] if dots else np.zeros((0, 2))}
    plane = {"x_range": [0, 1], "y_range": [0, 1], "click": "dots", "click_class": "kind"}
    scene = [parts.matrix("kernel", edit="kernel", title="Matrix"),
             parts.heat_map("drawing", edit="drawing", grey=True, limit=1, title="Drawing"),
             parts.plot(parts.points("dots"), **plane, title="Plane")]
    return Recording([frame], title="Edits", description="Three parts to edit.", parts=[scene])

Demo(record, [controls.hidden("kernel", np.eye(3).tolist()), controls.hidden("drawing", np.zeros((6, 6)).tolist()),
              controls.hidden("dots", []), controls.choice("kind", ["0", "1"])])
"""


@pytest.fixture
def notebook(lab, page):
    """Return a function that runs cells in a fresh notebook and waits for the demo."""

    def run(name, *cells, demos=1):
        lab.run(page, f"{name}.ipynb", cells)
        page.wait_for_function(f"document.querySelectorAll('.pn-stage[data-frame]').length >= {demos}")
        return page

    return run


def caption(page):
    return page.inner_text(".pn-caption").replace("\n", " ")


def step_number(page):
    match = re.match(r"step (\d+)", caption(page))
    return int(match[1]) if match else -1


def wait_for_caption(page, pattern, seconds=20):
    page.wait_for_function(
        "pattern => new RegExp(pattern).test(document.querySelector('.pn-caption')?.textContent ?? '')",
        arg=pattern,
        timeout=1000 * seconds,
    )


def execute(page, index):
    """Run the cell at `index` alone; return when it has ended."""
    page.evaluate(
        """async (index) => {
          const notebook = window.jupyterapp.shell.currentWidget.content;
          notebook.activeCellIndex = index;
          await window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )


@pytest.mark.ch01
def test_both_demos_render_step_by_keys_and_leave_the_notebook_alone(notebook):
    page = notebook(
        "both",
        "from plainnet.demos.graph_stepper import GraphStepper\nGraphStepper(a=2, b=1)",
        "from plainnet.demos.order_picker import OrderPicker\nOrderPicker()",
        demos=2,
    )
    for title, last in (("Computational graph", "∂e/∂a = 2, ∂e/∂b = 5"), ("Why order matters", "gives (29, 22)")):
        stage = page.locator(".pn-stage", has_text=title)
        stage.locator(".pn-title").click()
        for key in ("q", "ArrowRight", "End"):
            page.keyboard.press(key)
        assert last in stage.locator(".pn-caption").inner_text()
        for key in ("a", "b", "x", "d", "d", "ArrowUp", " ", "Escape"):  # commands of JupyterLab's
            page.keyboard.press(key)
    cells = page.evaluate("window.jupyterapp.shell.currentWidget.content.widgets.length")
    assert cells == 2
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.mode") == "command"


@pytest.mark.ch01
def test_a_slider_asks_the_kernel_and_shows_the_librarys_answer(notebook):
    page = notebook("live", "from plainnet.demos.graph_stepper import GraphStepper\nGraphStepper(a=2, b=1)")
    page.locator(".pn-title").click()
    for key in ("q", "End"):
        page.keyboard.press(key)
    page.locator(".pn-slider").first.fill("3.7")  # not among the recorded values
    want = record("(a + b) * (b + 1)", a=3.7, b=1.0).frames[-1]["text"]
    wait_for_caption(page, re.escape(want))
    page.fill(".pn-entry", "sin(a) / b")
    page.keyboard.press("Enter")
    want = record("sin(a) / b", a=3.7, b=1.0).frames[-1]["text"]
    wait_for_caption(page, re.escape(want))


@pytest.mark.ch01
def test_a_mistake_in_the_expression_is_shown_in_words_and_mended(notebook):
    page = notebook("mistake", "from plainnet.demos.graph_stepper import GraphStepper\nGraphStepper(a=2, b=1)")
    page.fill(".pn-entry", "a + z")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pn-alert:not([hidden])")
    assert "'z', which is neither an input (a, b)" in page.inner_text(".pn-alert")
    page.fill(".pn-entry", "a + b")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pn-alert", state="hidden")


def test_a_dead_kernel_is_said_in_words_while_recorded_frames_still_move(notebook, lab):
    page = notebook("dead", "from plainnet.demos.graph_stepper import GraphStepper\nGraphStepper(a=2, b=1)")
    kernel = page.evaluate("window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")
    lab.get(f"/api/kernels/{kernel}", method="DELETE")
    page.keyboard.press("Escape")
    page.locator(".pn-slider").first.fill("3.7")
    page.wait_for_selector(".pn-alert:not([hidden])")
    assert "No answer from the kernel" in page.inner_text(".pn-alert")
    page.locator(".pn-title").click()
    page.keyboard.press("ArrowRight")
    assert "inputs are given" in caption(page)


def test_a_run_leaves_the_notebook_free_takes_changes_and_stops_when_asked(notebook, lab):
    page = notebook("run", RUN_DEMO.replace("NAME", "run"), "import time; time.sleep(8); done = True")
    page.click(".pn-foot >> text=Train")
    wait_for_caption(page, r"step \d\d")
    first = step_number(page)
    execute(page, 1)  # comes back although the run never ends by itself
    assert step_number(page) > first + 10  # the cell, which sleeps for 8 s, did not hold up the run
    page.locator(".pn-slider").fill("0.25")
    wait_for_caption(page, r"lr 0\.25")
    page.click(".pn-foot >> text=Stop")
    page.wait_for_selector(".pn-foot >> text=Train")
    last = step_number(page)
    page.wait_for_timeout(300)
    assert step_number(page) == last
    assert wait_for_file(lab.root / "run.txt") == "ended "


def test_a_run_holds_for_its_question_and_goes_on_after_the_answer(notebook):
    page = notebook("asks", "from plainnet.demos.playground import Playground\nPlayground()")
    page.click(".pn-foot >> text=Run")
    page.wait_for_selector(".pn-ask .pn-question")
    page.wait_for_timeout(7000)  # longer than a run waits for a page that says nothing
    assert "Step 0" in caption(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.wait_for_selector(".pn-ask[data-answer='nearly all']")
    wait_for_caption(page, r"Step \d\d0")
    assert "1 of 1 hand had it" in page.inner_text(".pn-ask")


def test_a_run_stops_when_its_cell_runs_again(notebook, lab):
    page = notebook("again", RUN_DEMO.replace("NAME", "again"))
    page.click(".pn-foot >> text=Train")
    wait_for_caption(page, r"step \d\d")
    execute(page, 0)
    wait_for_caption(page, "not started")
    assert wait_for_file(lab.root / "again.txt") == "ended "


def test_a_run_stops_when_the_page_is_gone(notebook, lab, browser):
    page = notebook("gone", RUN_DEMO.replace("NAME", "gone"))
    page.click(".pn-foot >> text=Train")
    wait_for_caption(page, r"step \d\d")
    page.goto("about:blank")
    assert wait_for_file(lab.root / "gone.txt") == "ended "


def test_parts_are_edited_by_pointer_and_by_keys(notebook):
    page = notebook("edits", EDIT_DEMO)
    page.locator(".pn-number").first.fill("−2.5")
    page.keyboard.press("Enter")
    wait_for_caption(page, "corner -2.5, 0 cells")
    drawing = page.locator(".pn-part-heat_map canvas")
    drawing.click()
    wait_for_caption(page, "1 cells")
    for key in ("ArrowLeft", "ArrowLeft", "Space", "ArrowUp", "Space"):
        page.keyboard.press(key)
    wait_for_caption(page, "3 cells")
    plane = page.locator(".pn-part-plot svg")
    plane.click()
    wait_for_caption(page, r"1 dots, classes \[0\]")
    page.get_by_role("combobox", name="kind").select_option("1")
    plane.focus()
    for key in ("ArrowUp", "Enter"):
        page.keyboard.press(key)
    wait_for_caption(page, r"2 dots, classes \[0, 1\]")
    page.keyboard.press("Backspace")
    wait_for_caption(page, "3 cells, 1 dots")


def test_a_saved_notebook_holds_the_poster_and_its_words(notebook, lab):
    page = notebook("saved", "from plainnet.demos.graph_stepper import GraphStepper\nGraphStepper(a=2, b=1)")
    output = page.evaluate(
        "window.jupyterapp.shell.currentWidget.content.widgets[0].model.outputs.toJSON()[0]",
    )
    assert output["data"]["image/png"].startswith("iVBOR")
    assert "Computational graph" in output["metadata"]["image/png"]["alt"]


def wait_for_file(path, seconds=15):
    """Return the text of a file as soon as it is there."""
    end = time.monotonic() + seconds
    while not (path.exists() and path.stat().st_size) and time.monotonic() < end:
        time.sleep(0.1)
    return path.read_text()
