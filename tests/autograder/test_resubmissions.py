"""A student hands in again: nothing is lost, and the policy says which submission counts."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from traitlets.config import PyFileConfigLoader

from autograder.exam.engine import Graded
from autograder.exam.intake import Submission, collect
from autograder.grade import grade_class
from autograder.regrade import APPLY, COMPARE, TestsChanged
from autograder.resubmissions import BEST, LAST, Attempts
from autograder.results.history import History
from autograder.verdicts import BROKEN, GRADED, REJECTED, SubmissionResult

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
HALF = RIGHT | {"double": "def double(x):\n    return 3 * x"}
NONE = HALF | {"square": "def square(x):\n    return None"}


def graded(score=0.0, status=GRADED):
    return Graded(SubmissionResult("ada", status, None if status == GRADED else "broken", score, 6.0))


def settled(attempts, *results):
    """Return what counts after each of a student's results."""
    return [attempts.settle(one, result) for one, result in zip(attempts.to_grade(), results, strict=True)]


class TestHistory:
    def test_each_submission_is_kept_once_in_order_with_its_time(self, tmp_path):
        history = History(tmp_path, "01_mini")
        first = Submission("ada", b"1", timestamp="2024-10-01 12:00:00 UTC")
        for one in (first, Submission("ada", b"2"), first):
            history.keep(one)
        assert history.of("ada") == [first, Submission("ada", b"2")]
        assert sorted(path.name[:5] for path in (tmp_path / "history/ada/01_mini").iterdir()) == ["0001-", "0002-"]
        assert History(tmp_path, "02_other").of("ada") == []

    def test_two_notebooks_of_an_assignment_do_not_mix(self, tmp_path):
        for name in ("one.ipynb", "two.ipynb"):
            History(tmp_path, "01_mini", name).keep(Submission("ada", name.encode()))
        assert [one.notebook for one in History(tmp_path, "01_mini", "one.ipynb").of("ada")] == [b"one.ipynb"]

    def test_what_has_no_bytes_or_no_safe_name_is_not_kept(self, tmp_path):
        history = History(tmp_path, "01_mini")
        history.keep(Submission("ada", rejected="There is no notebook."))
        history.keep(Submission("../eve", b"1"))
        assert list(tmp_path.iterdir()) == []
        assert history.of("../eve") == []


class TestPolicy:
    @pytest.fixture
    def history(self, tmp_path):
        history = History(tmp_path, "01_mini")
        history.keep(Submission("ada", b"1"))
        return history

    def test_the_last_alone_is_graded(self, history):
        attempts = Attempts([Submission("ada", b"2")], history)
        assert [one.notebook for one in attempts.to_grade()] == [b"2"]
        assert [one.notebook for one in attempts.of["ada"]] == [b"1", b"2"]

    def test_the_best_counts_and_of_equal_ones_the_newest(self, history):
        new = Submission("ada", b"3", earlier=(Submission("ada", b"2"),))
        nothing, _, counts = settled(Attempts([new], history, BEST), graded(4.0), graded(5.0), graded(5.0))
        assert nothing is None
        assert counts[0].notebook == b"3"
        *_, counts = settled(Attempts([new], history, BEST), graded(4.0), graded(5.0), graded(3.0))
        assert (counts[0].notebook, counts[1].result.score) == (b"2", 5.0)

    def test_a_file_that_cannot_be_read_takes_no_mark_away_under_best_and_counts_under_last(self, history):
        unreadable = Submission("ada", rejected="There is no notebook.")
        assert [one.notebook for one in Attempts([unreadable], history, BEST).to_grade()] == [b"1"]
        assert Attempts([unreadable], history, LAST).to_grade() == [unreadable]

    def test_a_rejected_one_is_never_the_best(self, history):
        attempts = Attempts([Submission("ada", b"2")], history, BEST)
        *_, counts = settled(attempts, graded(0.0), graded(0.0, REJECTED))
        assert counts[0].notebook == b"1"

    def test_a_fault_of_ours_that_hides_what_might_be_the_best_is_said(self, history):
        attempts = Attempts([Submission("ada", b"2")], history, BEST)
        *_, counts = settled(attempts, graded(3.0), graded(0.0, BROKEN))
        assert counts[0].notebook == b"1"
        assert attempts.problems == ["ada: a submission that might be the best could not be graded: broken"]

    def test_handing_in_an_old_file_again_makes_it_the_newest(self, history):
        history.keep(Submission("ada", b"2"))
        attempts = Attempts([Submission("ada", b"1")], history)
        assert [one.notebook for one in attempts.of["ada"]] == [b"2", b"1"]

    def test_a_student_is_told_which_one_counts(self, history):
        new = Submission("ada", b"2", timestamp="2024-10-01 12:00:00 UTC")
        attempts = Attempts([new, Submission("bob", b"2")], history)
        assert attempts.note(new) == ["You handed in 2 times; number 2 (2024-10-01 12:00:00 UTC) counts: the last."]
        assert attempts.note(Submission("bob", b"2")) == []

    def test_there_are_two_policies(self, history):
        with pytest.raises(ValueError, match="expected last or best"):
            Attempts([], history, "first")

    @given(st.lists(st.integers(0, 4), min_size=1, max_size=6))
    def test_no_resubmission_costs_a_point_under_best(self, scores):
        *earlier, last = [Submission("ada", bytes([number])) for number in range(len(scores))]
        new = Submission("ada", last.notebook, earlier=tuple(earlier))
        attempts = Attempts([new], History("/nowhere", "01_mini"), BEST)
        *_, counts = settled(attempts, *map(graded, scores))
        assert counts[1].result.score == max(scores)


class TestArchives:
    def archive(self, path, members):
        with zipfile.ZipFile(path / "download.zip", "w") as archive:
            for name, data in members:
                archive.writestr(name, data)
        return path / "download.zip"

    def test_canvas_uploads_are_ordered_by_their_ids(self, tmp_path):
        members = [("ada_4_1000_exercises-2.ipynb", b"3"), ("ada_4_7_exercises.ipynb", b"1")]
        members += [("ada_LATE_4_99_exercises-1.ipynb", b"2"), ("ada_4_99_notes.pdf", b"")]
        (submission,) = collect(self.archive(tmp_path, members), "01_mini").submissions
        assert (submission.student, submission.notebook) == ("ada_4", b"3")
        assert [one.notebook for one in submission.earlier] == [b"1", b"2"]

    def test_two_files_of_one_name_in_moodles_folder_are_no_order(self, tmp_path):
        name = "Ada_4_assignsubmission_file_/exercises.ipynb"
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive = self.archive(tmp_path, [(name, b"1"), (name, b"2")])
        (submission,) = collect(archive, "01_mini").submissions
        assert "2 files called exercises.ipynb" in submission.rejected


@pytest.mark.sandbox
@pytest.mark.slow
class TestClass:
    def test_both_policies_from_a_tree_that_holds_the_last_alone(self, mini_course, hand_in, tmp_path, out):
        options = {"jobs": 1, "cache": tmp_path / "known"}

        def grade(**more):
            (one,) = (run := grade_class(submitted, mini_course, out, **options, **more)).submissions
            return run.comparison or one.score

        def in_formgrader():
            """Return the students whom formgrader shows as graded, and the time that counts."""
            config = PyFileConfigLoader("nbgrader_config.py", str(out)).load_config()
            with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
                time = book.find_submission("01_mini", "ada").timestamp
            return NbGraderAPI(config=config).get_autograded_students("01_mini"), time.hour

        submitted = hand_in("ada", HALF)
        assert grade() == 3.0
        hand_in("ada", NONE)
        (submitted / "ada" / "01_mini" / "timestamp.txt").write_text("2024-10-01 18:00:00 UTC")
        assert grade() == 0.0
        assert in_formgrader() == ({"ada"}, 18)
        assert [one.timestamp[11:13] for one in History(out, "01_mini").of("ada")] == ["12", "18"]
        with pytest.raises(TestsChanged, match="the last submission counted, now the best"):
            grade(policy=BEST)
        text = "\n".join(grade(policy=BEST, changed=COMPARE).lines())
        assert "ada: 0 of 6 -> 3 of 6 points (another submission counts (2024-10-01 12:00:00 UTC))" in text
        assert grade(policy=BEST, changed=APPLY) == 3.0
        assert in_formgrader() == ({"ada"}, 12)
        assert "You handed in 2 times; number 1" in (out / "feedback/ada/01_mini/exercises.html").read_text()
        hand_in("ada", RIGHT)
        assert grade() == 6.0  # the policy stays
        assert len(History(out, "01_mini").of("ada")) == 3
