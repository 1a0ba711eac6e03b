"""What docs/demos.md says is true."""

import re
from pathlib import Path

import pytest
from plainnet.demos import parts

GUIDE = (Path(__file__).parents[2] / "docs" / "demos.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example():
    names = {}
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    exec(code, names)
    return names["demo"]


@pytest.mark.slow
def test_the_ten_lines_make_a_demo_with_a_page_and_a_poster(example):
    assert "Gradient descent" in example.to_html()
    assert example.poster().startswith(b"\x89PNG")
    assert example.recording.asks


@pytest.mark.browser
def test_the_ten_lines_step_and_slide_in_a_page(example, open_demo):
    page = open_demo(example)
    page.keyboard.press("End")
    assert "Where will it be" in page.inner_text(".pn-ask")
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    assert page.inner_text(".pn-caption") == example.recording.frames[-1]["text"]
    page.locator(".pn-head select").select_option(label="lr = 1.05")
    want = example.record(lr=1.05).frames[-1]["text"]
    assert page.inner_text(".pn-caption") == want


def test_every_part_is_in_the_table():
    kinds = {name for name in vars(parts) if callable(getattr(parts, name))} - {"part"}
    assert {kind for kind in kinds if f"{kind}(" not in GUIDE} == set()
