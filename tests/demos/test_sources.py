"""The stage's own sources: small, joined without loss, and with colours that can be read."""

import ast
import itertools
import re
import subprocess
import sys

import plainnet
import pytest
from plainnet.autograd import Op
from plainnet.demos import bundle
from plainnet.demos.bundle import JS, page_module, stylesheet, widget_module


@pytest.mark.parametrize("path", sorted(JS.glob("*.js")), ids=lambda path: path.name)
def test_a_module_stays_under_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize("module", [widget_module, page_module])
def test_the_joined_module_imports_nothing_and_names_no_address(module):
    text = module()
    assert not re.search(r"^\s*import\b", text, re.MULTILINE)
    assert [url for url in re.findall(r"https?://[^\"'`\s]+", text) if url != "http://www.w3.org/2000/svg"] == []


def test_every_module_is_part_of_the_widget_or_the_page():
    joined = widget_module() + page_module()
    assert [path.stem for path in JS.glob("*.js") if f"{bundle.module_name(path.stem)} =" not in joined] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('import x from "./dom.js";', "is not of the form"),
        ("export default 3;", "is not of the form"),
        ('import { h } from "./nowhere.js";', "there is no js/nowhere.js"),
        ('import { start } from "./page.js";', "in a circle"),
    ],
)
def test_what_the_joiner_cannot_read_is_refused(monkeypatch, text, says):
    read = bundle.source
    monkeypatch.setattr(bundle, "source", lambda name: text if name == "dom" else read(name))
    bundle.bundle.cache_clear()
    with pytest.raises(ValueError, match=says):
        bundle.bundle("page")
    bundle.bundle.cache_clear()


def test_importing_the_demos_imports_neither_widgets_nor_plots():
    code = (
        "import sys, plainnet, plainnet.demos.graph_stepper, plainnet.demos.order_picker\n"
        "print([name for name in ('anywidget', 'ipywidgets', 'matplotlib', 'IPython') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def tokens(theme):
    """Return the colours of a theme by name, as they stand in stage.css."""
    light, dark = stylesheet().split('.pn-stage[data-theme="dark"]')[:2]
    text = light if theme == "light" else dark.split("}")[0]
    return dict(re.findall(r"--pn-([\w-]+): (#[0-9a-f]{6})", text))


def luminance(colour):
    """Return the relative luminance of WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


TEXT = {  # words: what they stand on
    "ink": ["paper", "panel", "edge", "now-cell", "blue-cell", "red-cell"],
    "soft": ["paper", "panel", "now-cell"],
    "blue": ["paper", "blue-cell"],
    "red": ["paper", "red-cell"],
    "now": ["paper"],
    "alert": ["paper", "alert-cell"],
    "on-accent": ["accent"],
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_reach_4_5_to_1_and_marks_3_to_1(theme):
    colour = tokens(theme)
    words = {(a, b): contrast(colour[a], colour[b]) for a, grounds in TEXT.items() for b in grounds}
    assert {pair: round(ratio, 2) for pair, ratio in words.items() if ratio < 4.5} == {}
    marks = [f"series-{k}" for k in range(1, 8)] + ["line", "below", "above", "accent", "now"]
    assert {
        name: round(contrast(colour[name], colour["paper"]), 2)
        for name in marks
        if contrast(colour[name], colour["paper"]) < 3
    } == {}


# Linear RGB as seen by dichromats. Source: F. Vienot, H. Brettel and J. D. Mollon, "Digital video colourmaps for
# checking the legibility of displays by dichromats", Color Research and Application 24(4), 1999.
DICHROMATS = {
    "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
    "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
}


def seen(colour, matrix):
    """Return a colour as a dichromat sees it, in CIE L*a*b*."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    r, g, b = (sum(m * c for m, c in zip(row, linear)) for row in matrix)
    xyz = (
        0.4124 * r + 0.3576 * g + 0.1805 * b,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        0.0193 * r + 0.1192 * g + 0.9505 * b,
    )
    x, y, z = (max(value / white, 0) ** (1 / 3) for value, white in zip(xyz, (0.9505, 1.0, 1.089)))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", DICHROMATS)
def test_value_gradient_and_now_differ_for_the_colour_blind(theme, kind):
    colour = tokens(theme)
    spots = {
        name: seen(colour[name], DICHROMATS[kind])
        for name in ("blue", "red", "now", "series-1", "series-2", "below", "above")
    }
    for a, b in [("blue", "red"), ("series-1", "series-2"), ("below", "above"), ("red", "now")]:
        # 10 is a clear difference at a glance; these carry words, dashes or shapes besides
        assert sum((p - q) ** 2 for p, q in zip(spots[a], spots[b])) ** 0.5 > 10, (a, b)


def test_series_also_differ_by_dash():
    dashes = re.search(r"DASHES = \[(.*?)\]", bundle.source("theme"))[1].split(", ")
    assert all(a != b for a, b in itertools.combinations(dashes, 2))


@pytest.mark.parametrize("path", sorted(JS.parent.glob("*.py")), ids=lambda path: path.stem)
def test_a_demo_computes_with_the_library_and_has_no_version_of_its_own(path):
    """One that a demo wrote again would also be one that an exercise's `forbid` does not know."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    defined = {node.name for node in body if isinstance(node, ast.FunctionDef)}
    assert defined & {name for name, value in vars(plainnet).items() if isinstance(value, Op)} == set()
