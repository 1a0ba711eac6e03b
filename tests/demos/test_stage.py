"""A demo outside of a browser: what a notebook saves, what a page carries, what is refused."""

import base64
import json
import re
import sys
import time

import pytest
from plainnet.demos import Ask, Demo, Recording, controls
from plainnet.demos.live import FRAMES_PER_SECOND, Run
from plainnet.demos.stage import grid


def show(x=0, y=0):
    return Recording([{"text": f"x = {x}, y = {y}"}], title="Two numbers", description="They are shown.")


SLIDERS = [controls.slider("x", 0, 9, 0), controls.slider("y", 0, 9, 0)]
PRESETS = {f"x = {x}": {"x": x} for x in range(6)}


def page_content(page):
    (content,) = re.findall(r'<script type="application/json" id="plainnet-demo">(.*?)</script>', page, re.DOTALL)
    return json.loads(content)


def test_a_notebook_saves_the_widget_the_picture_and_the_words():
    data, metadata = Demo(show)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    assert metadata["image/png"]["alt"] == data["text/plain"] == "Two numbers\n\nThey are shown."


def test_without_anywidget_the_picture_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "plainnet.demos.live", None)
    data, _ = Demo(show)._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" not in data
    assert "Install anywidget" in data["text/plain"]


def test_a_page_carries_the_start_the_presets_and_the_recorded_grid_once_each():
    demo = Demo(show, SLIDERS, PRESETS, recorded=grid(x=[0, 1], y=[0, 5]))
    values = [(variant["values"]["x"], variant["values"]["y"]) for variant in page_content(demo.to_html())["variants"]]
    assert values == [(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (0, 5), (1, 5)]


def test_words_cannot_end_the_script_that_carries_them():
    def hostile():
        return Recording([{"text": "</script><script>alert(1)</script>"}], title="<b>", description='"><i>')

    page = Demo(hostile).to_html()
    assert page.count("<script") == 2
    assert page_content(page)["variants"][0]["header"]["columns"]["text"]["values"] == [
        "</script><script>alert(1)</script>"
    ]
    assert "<title>&lt;b&gt;</title>" in page


def test_a_page_with_controls_needs_six_presets():
    with pytest.raises(ValueError, match="at least 6 presets in place of its controls; this demo has 0"):
        Demo(show, SLIDERS).to_html()


def test_a_page_that_is_too_large_is_refused():
    def long(x=0):
        frames = [{"text": f"{x}" + "long " * 100_000}]
        return Recording(frames, title="Long", description="Too long.")

    with pytest.raises(ValueError, match="more than 2,000,000: record fewer settings"):
        Demo(long, [controls.slider("x", 0, 9, 0)], PRESETS).to_html()


def test_a_preset_of_an_unknown_control_is_refused():
    with pytest.raises(ValueError, match=r"no control is called \['z'\]; there are \['x', 'y'\]"):
        Demo(show, SLIDERS, {"z": {"z": 1}})


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: controls.slider("two words", 0, 1, 0), "identifier"),
        (lambda: controls.slider("x", 1, 0, 0), "from a lower to a higher"),
        (lambda: controls.slider("x", 0, 1, 2), "starts between 0 and 1"),
        (lambda: controls.slider("x", 0, 1, 0.5, log=True), "starts above zero"),
        (lambda: controls.choice("x", ["a", "b"], "c"), "starts with one of"),
    ],
)
def test_a_control_that_makes_no_sense_is_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()


class Page:
    """The other end of a run: takes messages, and acknowledges frames unless it is gone."""

    def __init__(self, gone=False):
        self.messages, self.gone = [], gone

    def __call__(self, message, buffers=None):
        self.messages.append(message)
        if message["kind"] == "frame" and not self.gone:
            self.run.acknowledge(message["serial"])

    def texts(self):
        return [m["header"]["columns"]["text"]["values"][0] for m in self.messages if m["kind"] == "frame"]


def run_to_the_end(frames, page):
    page.run = Run(Demo(show, run=frames), {}, page)
    page.run.start()
    page.run.join(timeout=20)
    assert not page.run.is_alive()
    return page


def test_a_run_shows_its_first_and_last_frame_and_leaves_out_what_nobody_could_see():
    made = []

    def frames(values):
        for k in range(5000):
            yield lambda k=k: made.append(k) or {"text": f"step {k}"}

    page = run_to_the_end(frames, Page())
    assert page.texts()[0] == "step 0"
    assert page.texts()[-1] == "step 4999"
    assert len(made) == len(page.texts()) < 500
    assert page.messages[-1] == {"kind": "ended", "run": page.run.number, "words": ""}


def test_a_run_that_yields_frames_shows_each_of_them_at_its_pace():
    start = time.monotonic()
    page = run_to_the_end(lambda values: ({"text": f"step {k}"} for k in range(21)), Page())
    assert page.texts() == [f"step {k}" for k in range(21)]
    assert time.monotonic() - start >= 20 / FRAMES_PER_SECOND


def asked(x=0, y=0):
    asks = [Ask(1, "Will it end?", ["yes", "no"], 0, "It ended.")]
    return Recording([{"text": "first"}, {"text": "last"}], title="Rehearsed", description="A run.", asks=asks)


class SilentRoom(Page):
    """A page that holds the run's first frame for its question until it is answered."""

    def __call__(self, message, buffers=None):
        if message["kind"] == "frame" and "ask" in message:
            self.messages.append(message)
        else:
            super().__call__(message, buffers)


def test_a_run_asks_before_it_begins_and_waits_for_the_answer(monkeypatch):
    monkeypatch.setattr("plainnet.demos.live.PATIENCE", 0.5)
    page = SilentRoom()
    page.run = Run(Demo(show, run=lambda values: ({"text": f"step {k}"} for k in range(3)), rehearse=asked), {}, page)
    page.run.start()
    for _ in range(8):  # longer than its patience: signs of life keep it waiting
        time.sleep(0.1)
        page.run.acknowledge(0)
    assert page.texts() == ["step 0"]
    assert page.messages[0]["ask"]["question"] == "Will it end?"
    page.run.acknowledge(1)
    page.run.join(timeout=20)
    assert page.texts() == ["step 0", "step 1", "step 2"]
    assert not any("ask" in message for message in page.messages[1:])


def test_a_run_whose_room_has_left_before_the_answer_ends(monkeypatch):
    monkeypatch.setattr("plainnet.demos.live.PATIENCE", 0.3)
    page = SilentRoom()
    page.run = Run(Demo(show, run=lambda values: iter([{"text": "a"}, {"text": "b"}]), rehearse=asked), {}, page)
    page.run.start()
    page.run.join(timeout=20)
    assert page.texts() == ["a"]


def test_a_run_that_fails_says_so_in_words():
    def frames(values):
        yield {"text": "fine"}
        raise FloatingPointError("the loss is infinite")

    page = run_to_the_end(frames, Page())
    assert page.messages[-1]["words"].startswith("FloatingPointError: the loss is infinite (line")


def test_a_run_whose_page_is_gone_stops_and_cleans_up(monkeypatch):
    monkeypatch.setattr("plainnet.demos.live.PATIENCE", 0.3)
    cleaned = []

    def frames(values):
        try:
            while True:
                yield {"text": "on and on"}
        finally:
            cleaned.append(True)

    page = run_to_the_end(frames, Page(gone=True))
    assert len(page.texts()) == 4
    assert cleaned == [True]
