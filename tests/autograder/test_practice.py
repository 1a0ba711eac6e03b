"""Practice says verdicts and hints, never points; rounds are counted whatever is tried, and no mark is recorded."""

import hashlib
import multiprocessing
import os
import re
import signal
from datetime import date, timedelta

import pytest
from typer.testing import CliRunner

from autograder import practice
from autograder.__main__ import app
from autograder.exam.assemble import AMBIGUOUS, UNTOUCHED
from autograder.exam.engine import Graded
from autograder.plan import Plan
from autograder.practice import practise
from autograder.results.practice_page import advice_of, practice_page
from autograder.results.rounds import NAME, Rounds, RoundsError
from autograder.verdicts import BROKEN, FAILED, GRADED, PASSED, REJECTED, UNGRADED, CellResult, SubmissionResult

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
TODAY = date(2026, 11, 21)
SECRET = "rng values 0.123456"


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def judged(problems=None, **cells):
    """Return a Graded with cells given as grade_id=(verdict, message, hint)."""
    made = [
        CellResult(
            name.replace("_", "-"), name.split("_")[0], 2.0, 2.0 * (verdict == PASSED), verdict, message, None, hint
        )
        for name, (verdict, message, hint) in cells.items()
    ]
    return Graded(SubmissionResult("ada", GRADED, None, 1.5, 6.0, cells=made), {}, problems or {})


class TestRounds:
    def take(self, folder, work, student="ada", today=TODAY, most=3):
        with Rounds(folder, most, today) as rounds:
            return rounds.take(student, work)

    def test_each_student_has_so_many_files_a_day_across_runs(self, tmp_path):
        assert [self.take(tmp_path, str(n)) for n in range(5)] == [True, True, True, False, False]
        assert self.take(tmp_path, "0", student="bob")
        assert self.take(tmp_path, "new", today=TODAY + timedelta(1))

    def test_a_file_that_was_looked_at_costs_no_second_round(self, tmp_path):
        assert [self.take(tmp_path, work) for work in ("a", "a", "b", "a", "c", "d", "b")] == [True] * 5 + [False, True]

    @pytest.mark.parametrize("back", [1, 2, 400])
    def test_a_clock_set_back_gains_nothing(self, tmp_path, back):
        assert all(self.take(tmp_path, str(n)) for n in range(3))
        with Rounds(tmp_path, 3, TODAY - timedelta(back)) as rounds:
            assert rounds.clock_behind
            assert not rounds.take("ada", "new")
        assert self.take(tmp_path, "x", student="bob", today=TODAY - timedelta(back))
        assert [self.take(tmp_path, str(n), "bob") for n in range(3)] == [True, True, False]

    def test_a_round_that_taught_nothing_is_given_back(self, tmp_path):
        with Rounds(tmp_path, 1, TODAY) as rounds:
            assert rounds.take("ada", "broken")
            rounds.give_back("ada", "broken")
            assert rounds.take("ada", "whole")
            assert rounds.used("ada") == 1

    def test_a_process_that_is_killed_right_after_it_counted_takes_no_round_with_it(self, tmp_path):
        child = multiprocessing.get_context("fork").Process(target=_take_and_die, args=(tmp_path,))
        child.start()
        child.join()
        assert child.exitcode == -signal.SIGKILL
        with Rounds(tmp_path, 2, TODAY) as rounds:
            assert rounds.used("ada") == 1
            assert rounds.take("ada", "first")
            assert rounds.used("ada") == 1

    def test_a_dry_run_counts_and_writes_nothing(self, tmp_path):
        with Rounds(tmp_path / "none", 3, TODAY, dry_run=True) as rounds:
            assert rounds.take("ada", "1")
        assert not (tmp_path / "none").exists()
        assert all(self.take(tmp_path, str(n)) for n in range(3))
        before = files(tmp_path)
        with Rounds(tmp_path, 3, TODAY, dry_run=True) as rounds:
            assert not rounds.take("ada", "4")
        assert files(tmp_path) == before

    def test_a_damaged_count_is_said_and_never_begun_anew_silently(self, tmp_path):
        (tmp_path / NAME).write_bytes(b"no database" * 1000)
        with pytest.raises(RoundsError, match="is damaged, remove it"):
            self.take(tmp_path, "1")


def _take_and_die(folder):
    with Rounds(folder, 2, TODAY) as rounds:
        rounds.take("ada", "first")
        os.kill(os.getpid(), signal.SIGKILL)


class TestPage:
    def test_each_exercise_has_one_verdict_and_the_hint_that_was_found(self, assignment):
        graded = judged(
            double_test_1=(FAILED, "double(2) should be 4.", None),
            double_hidden_1=(FAILED, "double returned 6.", "Twice means x + x."),
            square_hidden_1=(PASSED, "", None),
        )
        double, square, why = advice_of(assignment, graded)
        assert (double.verdict, double.seen, double.hint) == (FAILED, "double returned 6.", "Twice means x + x.")
        assert (square.verdict, square.word) == (PASSED, "Passed")
        assert (why.verdict, why.word) == ("", "A person will read it")

    def test_there_are_no_points(self, assignment):
        graded = judged(double_test_1=(FAILED, "wrong", None), square_hidden_1=(PASSED, "", None))
        page = practice_page(assignment, graded, [], 3, 2)
        words = re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL)
        assert not re.search(r"\bpoints?\b|\d+ of \d+|\d / \d|1\.5", words)
        assert "it gives no marks" in words
        assert "2 more rounds today (3 rounds a day)" in words
        assert "<meter" not in page

    @pytest.mark.parametrize(
        ("said", "shown"),
        [
            ("square returned an array of shape (0, 41, 17)", "square returned an array of a shape"),
            ("square returned an array of shape (41,)", "square returned an array of a shape"),
            ("square returned a tuple with a list of length 41", "square returned a tuple with a list of a length"),
        ],
    )
    def test_the_size_of_an_answer_carries_no_number_out_of_a_hidden_test(self, assignment, said, shown):
        which = f", which is not the {shown.rsplit(maxsplit=1)[1]} asked for."
        page = practice_page(assignment, judged(square_hidden_1=(FAILED, said + which, None)), [], 3, 2)
        assert shown + which in page
        assert "41" not in page.split("</style>")[1]
        page = practice_page(assignment, judged(double_test_1=(FAILED, said + which, None)), [], 3, 2)
        assert said + which in page

    def test_what_an_error_of_the_students_says_about_a_hidden_test_is_left_out(self, assignment):
        hidden = judged(square_hidden_1=(FAILED, f"square raised ValueError: {SECRET}.", None))
        visible = judged(double_test_1=(FAILED, "double raised ValueError: no such axis.", None))
        page = practice_page(assignment, hidden, [], 3, 2)
        assert SECRET not in page
        assert "square raised ValueError." in page
        assert "no such axis" in practice_page(assignment, visible, [], 3, 2)

    @pytest.mark.parametrize(("problem", "said"), [(AMBIGUOUS, "Cannot be told"), (UNTOUCHED, "Not started")])
    def test_what_is_wrong_with_a_cell_is_said(self, assignment, problem, said):
        verdict = UNGRADED if problem == AMBIGUOUS else FAILED
        graded = judged({"square": problem}, square_hidden_1=(verdict, "m", None))
        assert next(one.word for one in advice_of(assignment, graded) if one.name == "square") == said

    def test_what_students_wrote_is_text(self, assignment):
        graded = judged(double_test_1=(FAILED, "<script>alert(1)</script>", "<img src=x>"))
        page = practice_page(assignment, graded, ["<b>"], 3, 0)
        assert "<script" not in page
        assert "<img" not in page
        assert "your last round today" in page


@pytest.mark.sandbox
@pytest.mark.slow
class TestClass:
    @pytest.fixture
    def plan(self, mini_course, hand_in, tmp_path):
        """Return a function that hands in ada's answers (and bob's first try) and plans a run."""

        def make(**ada):
            hand_in("bob", {})
            return Plan(hand_in("ada", ada), mini_course, tmp_path / "out")

        return make

    def page(self, plan, student="ada"):
        return (plan.out / "practice" / "feedback" / student / "01_mini" / "exercises.html").read_text()

    def test_a_class_hears_and_nothing_is_recorded(self, plan, tmp_path):
        made = plan(**RIGHT | {"double": "def double(x):\n    return 3 * x"})
        done = practise(made, jobs=1, cache=tmp_path / "known", today=TODAY)
        assert [one.result.status for one in done.looked_at] == [GRADED, GRADED]
        assert "Twice means x + x." in self.page(made)
        assert "Not started" in self.page(made, "bob")
        handed_in = next(one.notebook for one in made.collected.submissions if one.student == "ada")
        assert f"receipt says sha256 {hashlib.sha256(handed_in).hexdigest()[:12]}" in self.page(made)
        assert [path.name for path in made.out.iterdir()] == ["practice"]

    def test_the_fourth_file_of_a_day_waits_and_the_page_stays(self, plan, tmp_path):
        for number in range(4):
            made = plan(**RIGHT | {"double": f"def double(x):\n    return {number} * x"})
            done = practise(made, jobs=1, cache=tmp_path / "known", today=TODAY)
        assert done.waiting == ["ada"]
        assert "ada: no round left today (3 a day)" in "\n".join(done.lines("01_mini"))
        assert "Your exercises" in self.page(made)
        assert "last round today" in self.page(made)
        assert practise(made, jobs=1, cache=tmp_path / "known", today=TODAY - timedelta(1)).waiting == ["ada"]
        assert practise(made, jobs=1, cache=tmp_path / "known", today=TODAY + timedelta(1)).waiting == []

    def test_a_run_that_stopped_halfway_goes_on_and_costs_one_round(self, plan, tmp_path, monkeypatch):
        made = plan(**RIGHT)
        options = {"jobs": 1, "cache": tmp_path / "known", "today": TODAY}
        with monkeypatch.context() as patch:
            patch.setattr(practice, "write_atomically", lambda *_: (_ for _ in ()).throw(OSError("full")))
            with pytest.raises(OSError, match="full"):
                practise(made, 1, **options)
        done = practise(made, 1, **options)
        assert (len(done.looked_at), done.waiting) == (2, [])
        assert "Passed" in self.page(made)

    def test_a_group_hears_on_a_page_for_each_and_each_has_had_a_round(self, mini_course, hand_in, tmp_path):
        (mini_course / "groups.csv").write_text("group,student\nblue,ada\nblue,bob\n")
        made = Plan(hand_in("ada", RIGHT), mini_course, tmp_path / "out")
        assert len(practise(made, 1, jobs=1, cache=tmp_path / "known", today=TODAY).looked_at) == 2
        assert self.page(made, "bob").replace("bob", "ada") == self.page(made)
        with Rounds(made.out / "practice", 1, TODAY) as rounds:
            assert (rounds.used("ada"), rounds.used("bob")) == (1, 1)

    def test_a_file_that_cannot_be_read_costs_no_round(self, mini_course, hand_in, tmp_path):
        made = Plan(hand_in("ada", b"{"), mini_course, tmp_path / "out")
        done = practise(made, 1, jobs=1, cache=tmp_path / "known", today=TODAY)
        assert done.count(REJECTED) == 1
        assert "costs no round" in self.page(made)
        with Rounds(made.out / "practice", 1, TODAY) as rounds:
            assert rounds.used("ada") == 0

    def test_a_fault_of_ours_costs_no_round_and_says_so_by_its_exit_code(self, plan, tmp_path, monkeypatch):
        broken = Graded(SubmissionResult("ada", BROKEN, "a worker died"))

        class Dying(practice.Pool):
            def run(self, submissions):
                yield from ((key, broken) for key, student, _ in submissions if student == "ada")

        monkeypatch.setattr(practice, "Pool", Dying)
        made = plan(**RIGHT)
        assert practise(made, 1, today=TODAY).count(BROKEN) == 1
        with Rounds(made.out / "practice", 1, TODAY) as rounds:
            assert rounds.used("ada") == 0

    def test_the_command_leaves_marks_alone_and_its_dry_run_everything(self, mini_course, hand_in, tmp_path, out):
        submitted = hand_in("ada", RIGHT)
        place = [str(submitted), "--course", str(mini_course), "--out", str(out), "--cache", str(tmp_path / "known")]
        run = CliRunner()
        assert run.invoke(app, ["grade", *place]).exit_code == 0
        marks = files(out)
        hand_in("ada", {"double": "def double(x):\n    return 3 * x"})
        before = files(tmp_path)
        said = run.invoke(app, ["grade", *place, "--practice", "--dry-run"])
        assert (said.exit_code, files(tmp_path)) == (0, before)
        assert "ada: would be looked at" in said.output
        said = run.invoke(app, ["grade", *place, "--practice", "--rounds", "1"])
        assert said.exit_code == 0, said.output
        assert "1 looked at" in said.output
        now = files(out)
        assert {path: data for path, data in now.items() if "practice" not in path.parts} == marks

    @pytest.mark.parametrize("option", ["--diff", "--apply", "--policy=best"])
    def test_options_about_marks_are_refused(self, option, tmp_path):
        done = CliRunner().invoke(app, ["grade", str(tmp_path), "--practice", option])
        assert done.exit_code == 2
