"""The slide shows the commonest misconceptions with their demos, tells no name and no small group, and can be read."""

import json
import re

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author.build import ROOT, chapter_folders, load_checked
from autograder.author.percent import SourceError
from autograder.author.source import load_chapter
from autograder.course import demos_of
from autograder.results.class_figures import class_figures
from autograder.results.report import slide_page
from autograder.results.slide import commonest, refuted

DEMOS = {"double": "GraphStepper", "double/triples": "OrderPicker"}


def student(name, mistake):
    cell = dict(grade_id="double-1", exercise="double", points=2.0, score=0.0, verdict="failed", message="")
    cell |= dict(mistake=mistake, hint=f"Hint on {mistake}." if mistake else None)
    return dict(student=name, status="graded", reason=None, score=0.0, max_score=2.0, seconds=1.0, cells=[cell])


def class_of(**counts):
    """Return results: so many students with each mistake; `none` has none."""
    made = [
        student(f"eve-{mistake}-{n}", None if mistake == "none" else mistake)
        for mistake in counts
        for n in range(counts[mistake])
    ]
    return {"assignment": "01_mini", "submissions": made}


def figures_of(**counts):
    return class_figures(class_of(**counts))


def test_the_three_commonest_are_shown_and_no_group_under_five():
    found = commonest(figures_of(triples=9, negates=6, halves=5, shifts=7, rare=4))
    assert [one.mistake for one in found] == ["triples", "shifts", "negates"]
    assert commonest(figures_of(rare=4)) == []
    assert [one.mistake for one in commonest(figures_of(halves=5, rare=4))] == ["halves"]


@pytest.mark.slow
def test_a_mistakes_own_demo_goes_before_its_exercises(tmp_path):
    found = refuted(figures_of(triples=9, negates=6), DEMOS, tmp_path)
    assert [one.address for one in found] == ["demos/order_picker.html", "demos/graph_stepper.html"]
    for one in found:
        assert (tmp_path / one.address).stat().st_size > 10_000
    assert found[1].title.startswith("Computational graph")


def test_a_site_that_is_there_is_linked_and_nothing_is_written(tmp_path):
    found = refuted(figures_of(triples=9), DEMOS, tmp_path, "https://example.org/demos/")
    assert found[0].address == "https://example.org/demos/order_picker.html"
    assert list(tmp_path.iterdir()) == []


def test_no_demo_is_said_and_no_name_is_told(tmp_path):
    figures = figures_of(triples=9, none=30)
    page = slide_page(figures, refuted(figures, {}, tmp_path))
    assert "No demo is named for this exercise" in page
    assert "Hint on triples." in page
    assert "9 of 39" in page
    assert "eve" not in page
    assert "<script" not in page


def test_a_class_under_five_shows_nothing(tmp_path):
    figures = figures_of(triples=4)
    page = slide_page(figures, refuted(figures, DEMOS, tmp_path))
    assert "shows no figures" in page
    assert "triples" not in page


@pytest.mark.slow
@pytest.mark.parametrize("folder", chapter_folders(ROOT / "solutions"), ids=lambda folder: folder.name)
def test_every_mistake_of_a_chapter_with_demos_has_one(folder):
    chapter = load_checked(folder)
    if chapter.demos:
        assert {answer.exercise for answer in chapter.answers} <= set(chapter.demos)
    else:
        assert not re.search(r"plainnet\.demos", "\n".join(cell.source for cell in chapter.lecture))


class TestSource:
    TEXT = "# %% {0}\nx = None\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n"
    LECTURE = "# %% [markdown]\n# # It\n\n# %%\nfrom plainnet.demos import ReluBumps\n\nReluBumps()\n"

    def load(self, tmp_path, header, mistake='mistake="one" id="two" hint="No."', lecture=LECTURE):
        folder = tmp_path / "01_it"
        folder.mkdir(exist_ok=True)
        (folder / "lecture.py").write_text(lecture)
        (folder / "exercises.py").write_text(self.TEXT.format(header))
        (folder / "mistakes.py").write_text(f"# %% {mistake}\nx = 2\n")
        return load_chapter(folder)

    def test_the_lectures_first_demo_is_the_default(self, tmp_path):
        assert self.load(tmp_path, 'quiz="one" points=1').demos == {"one": "ReluBumps"}
        assert self.load(tmp_path, 'quiz="one" points=1', lecture="# %% [markdown]\n# # It\n").demos == {}

    def test_an_exercise_and_a_mistake_may_name_another(self, tmp_path):
        found = self.load(
            tmp_path, 'quiz="one" points=1 demo="DeadUnits"', 'mistake="one" id="two" hint="No." demo="PenaltyFit"'
        )
        assert found.demos == {"one": "DeadUnits", "one/two": "PenaltyFit"}

    def test_a_name_that_is_no_demo_is_refused_with_its_place(self, tmp_path):
        with pytest.raises(SourceError, match=r"exercises\.py:1: .*there is no demo 'Nothing'"):
            self.load(tmp_path, 'quiz="one" points=1 demo="Nothing"')


def test_the_command_writes_a_slide_with_the_courses_demos(mini_course, tmp_path):
    path = mini_course / "plainnet" / "01_mini.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"demos": DEMOS}))
    assert demos_of(mini_course, "01_mini") == DEMOS
    (tmp_path / "results.json").write_text(json.dumps(class_of(triples=9, none=9)))
    run = CliRunner()
    options = ["report", str(tmp_path), "--course", str(mini_course), "--slide", "--to", str(tmp_path / "pages")]
    done = run.invoke(app, [*options, "--dry-run"])
    assert "01_mini-slide.html" in done.output
    assert not (tmp_path / "pages").exists()
    done = run.invoke(app, options)
    assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (tmp_path / "pages").iterdir())
    assert names == ["01_mini-class.html", "01_mini-slide.html", "01_mini-staff.html", "demos"]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_slide_fits_a_projector_and_its_words_are_large_enough(browser, tmp_path, scheme):
    figures = figures_of(triples=9, negates=8, halves=7, none=20)
    path = tmp_path / "slide.html"
    path.write_text(slide_page(figures, refuted(figures, DEMOS, tmp_path)))
    page = browser.new_page(viewport={"width": 1920, "height": 1080}, color_scheme=scheme)
    said, asked = [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    sizes = page.evaluate(
        "[...document.querySelectorAll('h1, h2, p, span')].map((e) => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 1080 / 50  # as for the demos: see test_words_are_large_enough_for_a_projector
    assert page.locator("img").count() == 3
    assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 400)")
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()
