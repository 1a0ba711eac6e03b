"""The site: handouts without script or network, formulas as MathML, every picture described, demos linked."""

from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.present.handout import executed, handout
from autograder.present.site import MARK, build_site


class Tags(HTMLParser):
    """All tags of a page with their attributes."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def all(self, tag):
        return [attributes for name, attributes in self.found if name == tag]


def small_lecture():
    figure = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    return new_notebook(
        cells=[
            new_markdown_cell("# A lecture\n\nThe loss $L = w^2$ has\n\n$$\\frac{dL}{dw} = 2w$$"),
            new_code_cell(figure),
            new_markdown_cell("*What the figure shows*: a line from $1$ to 2."),
            new_code_cell("print('<b>not bold</b>')"),
            new_markdown_cell("only for the speaker", metadata={"slideshow": {"slide_type": "notes"}}),
        ]
    )


@pytest.mark.slow
def test_a_handout_has_mathml_described_figures_and_nothing_that_runs(tmp_path):
    text = handout(executed(small_lecture(), tmp_path))
    tags = Tags(text)
    assert len(tags.all("math")) >= 3
    assert "$" not in text.split("<main>")[1]
    assert [image["alt"] for image in tags.all("img")] == ["a line from 1 to 2."]
    assert not tags.all("script")
    assert "&lt;b&gt;not bold" in text
    assert "only for the speaker" not in text
    assert all(image["src"].startswith("data:") for image in tags.all("img"))


def test_a_demo_in_a_handout_is_a_poster_with_a_link():
    data = {
        "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
        "image/png": "aWNvbg==",
        "text/plain": "A demo\n\nWhat it shows.",
    }
    cell = new_code_cell("demo", outputs=[new_output("display_data", data)])
    tags = Tags(handout(new_notebook(cells=[cell]), {"A demo": "../demos/a.html"}))
    assert tags.all("a")[0]["href"] == "../demos/a.html"
    assert tags.all("img")[0]["alt"].startswith("A demo")


@pytest.mark.slow
def test_the_site_replaces_the_one_before_and_links_only_what_it_holds(tmp_path):
    folder = tmp_path / "course" / "01_small"
    folder.mkdir(parents=True)
    nbformat.write(small_lecture(), folder / "lecture.ipynb")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MARK).touch()
    (tmp_path / "site" / "old.html").touch()
    start = build_site(tmp_path / "course", tmp_path / "site")
    links = [link["href"] for link in Tags(start.read_text(encoding="utf-8")).all("a")]
    assert len(links) >= 9
    assert all((start.parent / link).is_file() for link in links)
    assert not (tmp_path / "site" / "old.html").exists()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(ValueError, match="did not write"):
        build_site(tmp_path, tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"
