"""Figures of a class against numbers by hand; the page to project names nobody and shows no group under five."""

import itertools
import json
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.results.class_figures import class_figures, correlation, groups_of
from autograder.results.report import class_page, in_words, staff_page


def submission(student, double, square, mistake=None, message="", seconds=1.0):
    """Return one graded submission: points of two exercises of 2 points each."""
    cells = [
        dict(grade_id=f"{name}-test", exercise=name, points=2.0, score=score, message=message, hint=None, mistake=None)
        | dict(verdict="passed" if score == 2 else "failed")
        for name, score in (("double", double), ("square", square))
    ]
    if mistake:
        cells[0] |= dict(mistake=mistake, hint=f"Hint on {mistake}.")
    about = dict(student=student, status="graded", reason=None, score=double + square, max_score=4.0)
    return about | dict(seconds=seconds, peak_mb=1.0, cells=cells)


def results_of(*submissions):
    return {"assignment": "01_mini", "engine": {}, "submissions": list(submissions)}


@pytest.fixture
def results():
    """Thirty graded students (ada-00 ... ada-29), one rejected; 12 triple, 4 negate."""
    rng = np.random.default_rng(0)
    made = []
    for number in range(30):
        mistake = "triples" if number < 12 else "negates" if number < 16 else None
        square = float(rng.integers(3))
        made.append(submission(f"ada-{number:02d}", 0.0 if mistake else 2.0, square, mistake, seconds=number / 10))
    rejected = submission("eve", 0, 0) | dict(status="rejected", reason="The file is not JSON.", cells=[])
    return results_of(*made, rejected)


class TestFigures:
    def test_difficulty_is_the_mean_share_of_the_points(self, results):
        figures = class_figures(results)
        double = figures.exercises[0]
        assert (double.name, double.points, double.solved, double.nothing) == ("double", 2.0, 14, 16)
        assert double.difficulty == pytest.approx(14 / 30)

    def test_discrimination_is_the_correlation_with_all_other_exercises(self):
        doubles, squares = np.tile([0.0, 2.0, 2.0], 4), np.tile([0.0, 2.0, 0.0], 4)
        rows = [submission(str(i), d, s) for i, (d, s) in enumerate(zip(doubles, squares))]
        found = class_figures(results_of(*rows)).exercises
        assert found[0].discrimination == pytest.approx(np.corrcoef(doubles, squares)[0, 1])

    def test_no_correlation_is_made_up_where_there_is_none(self):
        assert correlation(np.arange(9.0), np.arange(9.0)) is None
        assert correlation(np.ones(20), np.arange(20.0)) is None

    def test_misconceptions_are_ranked_with_their_students(self, results):
        found = class_figures(results).misconceptions
        assert [(one.mistake, len(one.students)) for one in found] == [("triples", 12), ("negates", 4)]
        assert found[1].students == ("ada-12", "ada-13", "ada-14", "ada-15")

    def test_who_was_not_graded_is_told_with_the_reason_and_counts_in_no_figure(self, results):
        figures = class_figures(results)
        assert figures.not_graded == (("eve", "rejected", "The file is not JSON."),)
        assert len(figures.scores) == 30

    def test_a_test_that_took_too_long_is_counted(self):
        late = submission("ada", 0, 2, message="Your code was ended: it took too long.")
        assert class_figures(results_of(late)).exercises[0].too_long == 1

    def test_the_slowest_come_first(self, results):
        assert [student for student, _ in class_figures(results).slowest] == [f"ada-{n}" for n in range(29, 24, -1)]

    def test_a_class_without_a_graded_submission_has_figures_too(self):
        figures = class_figures(results_of())
        assert (figures.scores, figures.exercises, figures.shares) == ((), (), [])


class TestGroups:
    @given(st.lists(st.floats(0, 1)), st.integers(1, 8))
    def test_groups_cover_everything_once_and_none_is_too_small(self, shares, fewest):
        groups = groups_of(shares, fewest)
        if len(shares) < fewest:
            assert groups == []
            return
        assert groups[0][0] == 0
        assert groups[-1][1] == 100
        assert all(one[1] == other[0] for one, other in itertools.pairwise(groups))
        assert sum(count for *_, count in groups) == len(shares)
        assert fewest == 1 or all(count >= fewest for *_, count in groups)

    @given(st.integers(0, 80), st.integers(0, 80))
    def test_words_tell_no_count_under_five_on_either_side(self, count, more):
        said = [
            int(number) for number in re.findall(r"\d+ of", in_words(count, count + more)) for number in [number[:-3]]
        ]
        assert all(5 <= number <= count + more - 5 for number in said)


class TestPages:
    def test_the_class_page_names_nobody_and_shows_no_small_group(self, results):
        page = class_page(class_figures(results))
        assert not re.search("ada|eve", page)
        assert "Hint on triples." in page
        assert "negates" not in page
        assert "14 of 30" in page

    def test_the_class_page_does_not_tell_that_one_student_alone_made_no_mistake(self):
        wrong = [submission(f"ada-{n}", 0, 2, mistake="triples") for n in range(6)]
        page = class_page(class_figures(results_of(*wrong, submission("eve", 2, 2))))
        assert "<strong>double</strong>, nearly all: Hint on triples." in page
        assert "6 " not in re.sub(r"<style>.*</style>", "", page, flags=re.DOTALL)

    def test_a_class_under_five_has_a_page_that_shows_nothing(self):
        page = class_page(class_figures(results_of(*[submission(f"ada-{n}", 2, 2) for n in range(4)])))
        assert "shows no figures" in page
        assert "double" not in page

    def test_the_staff_page_has_everything(self, results):
        page = staff_page(class_figures(results))
        for said in ("ada-12, ada-13, ada-14, ada-15", "negates", "eve", "The file is not JSON.", "47 %"):
            assert said in page

    def test_what_students_wrote_is_text(self):
        page = staff_page(class_figures(results_of(submission("<script>alert(1)</script>", 0, 0))))
        assert "<script" not in page
        assert "&lt;script&gt;" in page

    @pytest.mark.browser
    def test_a_browser_shows_both_pages_and_obeys_their_policy(self, results, tmp_path, browser):
        for make in (staff_page, class_page):
            path = tmp_path / f"{make.__name__}.html"
            path.write_text(make(class_figures(results)))
            page = browser.new_page()
            said, asked = [], []
            page.on("console", lambda message, said=said: said.append(message.text))
            page.on("request", lambda request, asked=asked: asked.append(request.url))
            page.goto(path.as_uri())
            bar = page.locator("svg rect").last
            assert bar.bounding_box()["width"] > 20
            assert page.evaluate("getComputedStyle(document.querySelector('rect')).fill") != "rgb(0, 0, 0)"
            assert said == []
            assert asked == [path.as_uri()]
            page.close()


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(app, ["report", *map(str, arguments)])

    def test_it_writes_a_page_for_staff_and_one_for_the_class(self, results, tmp_path):
        (tmp_path / "results.json").write_text(json.dumps(results))
        done = self.run(tmp_path)
        assert done.exit_code == 0, done.output
        names = sorted(path.name for path in (tmp_path / "report").iterdir())
        assert names == ["01_mini-class.html", "01_mini-staff.html"]

    def test_a_dry_run_writes_nothing(self, results, tmp_path):
        (tmp_path / "results.json").write_text(json.dumps(results))
        done = self.run(tmp_path, "--dry-run")
        assert done.exit_code == 0
        assert "would write" in done.output
        assert not (tmp_path / "report").exists()

    @pytest.mark.parametrize("text", [None, "{]", "[]", '{"assignment": 1}'])
    def test_wrong_use_is_told_in_words(self, tmp_path, text):
        if text is not None:
            (tmp_path / "results.json").write_text(text)
        done = self.run(tmp_path)
        assert done.exit_code == 2
        assert "results" in done.output
