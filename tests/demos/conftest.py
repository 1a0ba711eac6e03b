"""Pages that remember what they asked for, and JupyterLab, for the demos' tests."""

import importlib.util
from pathlib import Path

import pytest


def load_sibling(name):
    """Return a module of this folder: pytest's importlib mode keeps the folder off the path."""
    spec = importlib.util.spec_from_file_location(f"demo_tests_{name}", Path(__file__).parent / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def page(browser):
    """A page of 1280 x 720 that remembers requests and errors; the test fails on any error in the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.requests, page.errors = [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.set_default_timeout(20_000)
    yield page
    page.close()
    assert page.errors == []


@pytest.fixture
def open_demo(page, tmp_path):
    """Return a function that writes a demo as a standalone page and opens it from the file."""

    def open_it(demo):
        path = tmp_path / "demo.html"
        demo.to_html(path)
        page.goto(path.as_uri())
        page.wait_for_selector(".pn-stage[data-frame]")
        return page

    return open_it


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    root = tmp_path_factory.mktemp("notebooks")
    with load_sibling("lab").Lab(root, tmp_path_factory.mktemp("lab")) as lab:
        yield lab
