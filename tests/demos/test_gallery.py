"""What holds for every demo of the gallery."""

import json
import re
import subprocess
import sys

import pytest
from plainnet import demos

pytestmark = pytest.mark.slow

ALL = list(demos.GALLERY)


@pytest.fixture(scope="module", params=ALL)
def demo(request):
    return getattr(demos, request.param)()


def test_every_recording_is_valid_and_asks_before_it_shows(demo):
    for values in demo.presets.values():
        demo.record(**values).validate()
    assert not any("error" in frame for frame in demo.recording.frames)
    if demo.run:  # the live demo starts before its run; the recorded ones of a page have the question
        assert all(variant["header"]["asks"] for variant in demo.variants())
    else:
        assert demo.recording.asks


def test_every_demo_writes_a_page_with_at_least_six_presets_and_no_address(demo):
    page = demo.to_html()
    assert len(page.encode()) < 2_000_000
    assert len(demo.presets) >= 6
    addresses = set(re.findall(r"https?://[^\s\"'<>\\)]+", page)) - {"http://www.w3.org/2000/svg"}
    assert not addresses
    content = json.loads(re.search(r'id="plainnet-demo">(.*?)</script>', page, re.DOTALL).group(1))
    carried = [variant["values"] for variant in content["variants"]]
    assert all(preset["values"] in carried for preset in content["config"]["presets"])


def test_every_demo_prints_a_poster(demo):
    assert demo.poster().startswith(b"\x89PNG")


def test_importing_plainnet_loads_neither_widgets_nor_figures():
    heavy = "('anywidget', 'matplotlib', 'ipywidgets')"
    code = f"import sys, plainnet, plainnet.demos; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_an_unknown_demo_is_named():
    with pytest.raises(AttributeError, match="its demos are GraphStepper"):
        demos.Nothing  # noqa: B018
