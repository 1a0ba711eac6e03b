"""Tests change after marks were given: nobody's mark changes unasked, and what would change is said with its reason."""

import errno
import json
import os
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import pytest
from nbgrader import api
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.exam.engine import Graded
from autograder.exam.intake import Submission
from autograder.grade import grade_class
from autograder.regrade import APPLY, COMPARE, Comparison, TestsChanged, require_same_tests
from autograder.resubmissions import BEST, LAST, Attempts
from autograder.results.audit import Audit
from autograder.results.by_hand import marks_by_hand
from autograder.results.environment import facts_of, what_changed
from autograder.results.gradebook import GradebookError
from autograder.results.history import History
from autograder.verdicts import FAILED, GRADED, PASSED, REJECTED, CellResult, SubmissionResult

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
TRIPLE = RIGHT | {"double": "def double(x):\n    return 3 * x"}


def change_test(course, old="assert double(2) == 4", new="assert double(2) in (4, 6)"):
    """Change a test of the mini course."""
    master = course / "source" / "01_mini" / "exercises.ipynb"
    text = master.read_text()
    assert old in text
    master.write_text(text.replace(old, new))


def recorded(out):
    """Return all that a run records, as bytes."""
    paths = [path for path in out.rglob("*") if path.is_file() and ".grading" not in path.parts]
    return {path: path.read_bytes() for path in paths}


def audit_lines(out):
    """Return what the audit log says of students."""
    lines = map(json.loads, (out / "audit.jsonl").read_text().splitlines())
    return [line for line in lines if "student" in line]


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def result(*cells, student="ada", status=GRADED):
    """Return a result with cells given as (grade id, verdict)."""
    cells = [CellResult(name, "f", 2.0, 2.0 * (verdict == PASSED), verdict, f"{name} seen") for name, verdict in cells]
    reason = None if status == GRADED else "no notebook"
    return SubmissionResult(student, status, reason, sum(cell.score for cell in cells), 4.0, cells=cells)


@pytest.mark.sandbox
@pytest.mark.slow
class TestClass:
    def test_marks_of_other_tests_stay_until_they_are_applied(self, mini_course, hand_in, tmp_path, out):
        hand_in("ada", RIGHT)
        submitted = hand_in("bob", TRIPLE)
        options = {"jobs": 1, "cache": tmp_path / "known"}
        grade_class(submitted, mini_course, out, **options)
        with closing(api.Gradebook(f"sqlite:///{out}/gradebook.db")) as book:
            notebook = book.find_submission_notebook("exercises", "01_mini", "bob")
            grades = {grade.cell.name: grade for grade in notebook.grades}
            grades["double-test-1"].manual_score = 0.5
            grades["why"].manual_score = 2.0
            notebook.late_submission_penalty = 1.0
            comment = next(one for one in notebook.comments if one.cell.name == "double")
            comment.manual_comment = "see me"
            book.db.commit()
        change_test(mini_course)

        before = recorded(out)
        with pytest.raises(TestsChanged, match=r"2 of these submissions .*the test double-test-1 is another"):
            grade_class(submitted, mini_course, out, **options)
        comparison = grade_class(submitted, mini_course, out, **options, changed=COMPARE).comparison
        assert recorded(out) == before
        text = "\n".join(comparison.lines())
        assert "1 student's result would change (1 up, 0 down, 0 with the same sum); 1 would not" in text
        assert "sum 9 -> 10, mean 4.50 -> 5.00" in text
        assert "bob: 3 of 6 -> 4 of 6 points (other tests or versions)" in text
        assert "double-test-1: failed 0/1 -> passed 1/1" in text
        assert "bob: double-test-1: 0.5" in text

        applied = grade_class(submitted, mini_course, out, **options, changed=APPLY)
        assert applied.known == 2
        assert [one.score for one in applied.submissions] == [6.0, 4.0]
        with closing(api.Gradebook(f"sqlite:///{out}/gradebook.db")) as book:
            notebook = book.find_submission_notebook("exercises", "01_mini", "bob")
            grades = {grade.cell.name: grade for grade in notebook.grades}
            assert (grades["double-test-1"].auto_score, grades["double-test-1"].manual_score) == (1.0, 0.5)
            assert grades["double-test-1"].needs_manual_grade
            assert grades["why"].manual_score == 2.0
            assert notebook.late_submission_penalty == 1.0
            assert next(one for one in notebook.comments if one.cell.name == "double").manual_comment == "see me"
        lines = audit_lines(out)
        assert [(line["student"], line["command"]) for line in lines] == [
            ("ada", "grade"),
            ("bob", "grade"),
            ("ada", "grade --apply"),
            ("bob", "grade --apply"),
        ]
        assert lines[3]["was"]["cells"] == {"double-test-1": [FAILED, 0.0, 1.0]}
        assert (lines[3]["was"]["score"], lines[3]["score"]) == (3.0, 4.0)
        grade_class(submitted, mini_course, out, **options)
        assert len(audit_lines(out)) == 4

    def test_a_log_that_could_not_be_written_is_made_good_by_the_next_run(
        self, mini_course, hand_in, tmp_path, out, monkeypatch
    ):
        submitted = hand_in("ada", RIGHT)
        options = {"jobs": 1, "cache": tmp_path / "known"}
        with monkeypatch.context() as patch:
            patch.setattr(Audit, "_append", full_disk)
            with pytest.raises(OSError, match="No space left"):
                grade_class(submitted, mini_course, out, **options)
        assert not (out / "audit.jsonl").exists()
        assert grade_class(submitted, mini_course, out, **options).known == 1
        assert [line["score"] for line in audit_lines(out)] == [6.0]

    def test_the_command_refuses_shows_and_applies(self, mini_course, hand_in, tmp_path, out):
        submitted = hand_in("bob", TRIPLE)
        arguments = ["grade", submitted, "--course", mini_course, "--out", out, "--cache", tmp_path / "known"]

        def run(*more):
            return CliRunner().invoke(app, [str(one) for one in (*arguments, "--jobs", 1, *more)])

        assert run().exit_code == 0
        assert run("--diff").exit_code == 0
        change_test(mini_course)
        refused, shown = run(), run("--diff")
        assert (refused.exit_code, shown.exit_code) == (4, 4)
        assert "grade would stop here: 1 of these submissions" in " ".join(run("--dry-run").output.split())
        assert "with --diff shows whose would change" in " ".join(refused.output.split())
        assert "changed since: the test double-test-1 is another" in shown.output
        assert "Nothing was recorded" in shown.output
        assert run("--apply").exit_code == 0
        assert run().exit_code == 0
        assert run("--diff", "--apply").exit_code == 2


class TestComparison:
    @pytest.fixture
    def compare(self, tmp_path, assignment):
        """Return a function that compares a result with one on record."""

        def lines(before, after, data=b"new", by_hand=None):
            audit = Audit(tmp_path, "01_mini")
            if before is not None:
                audit.add([(Submission("ada", b"old"), before, "then")])
            plan = SimpleNamespace(
                assignment=assignment,
                out=tmp_path,
                environment="now",
                by_student={"ada": Submission("ada", data)},
                attempts=Attempts([Submission("ada", data)], History(tmp_path, "01_mini")),
                facts=dict,
            )
            with Comparison(plan, audit, by_hand) as comparison:
                comparison.add(Graded(after))
            return comparison

        return lines

    def test_a_result_that_stays_is_no_change(self, compare):
        comparison = compare(result(("a", PASSED)), result(("a", PASSED)), b"old")
        assert (comparison.changes, comparison.same) == ([], 1)

    def test_cells_that_go_both_ways_are_listed_though_the_sum_stays(self, compare):
        comparison = compare(result(("a", PASSED), ("b", FAILED)), result(("a", FAILED), ("b", PASSED)), b"old")
        text = "\n".join(comparison.lines())
        assert "(0 up, 0 down, 1 with the same sum)" in text
        assert "a: passed 2/2 -> failed 0/2: a seen" in text
        assert "1 x b: failed -> passed" in text

    def test_tests_that_came_or_went_are_named(self, compare):
        text = "\n".join(compare(result(("a", PASSED)), result(("b", FAILED)), b"old").lines())
        assert "a: passed 2/2 -> no such test" in text
        assert "b: no such test -> failed 0/2" in text

    def test_another_submission_is_a_reason_of_its_own(self, compare):
        (change,) = compare(result(("a", PASSED)), result(("a", FAILED))).changes
        assert change.why[0].startswith("another submission counts")

    def test_a_submission_that_is_refused_now_shows_its_reason(self, compare):
        text = "\n".join(compare(result(("a", PASSED)), result(status=REJECTED)).lines())
        assert "graded -> rejected: no notebook" in text

    def test_who_has_no_mark_yet_is_counted_apart(self, compare):
        comparison = compare(None, result(("a", PASSED)))
        assert (comparison.new, comparison.changes, comparison.results) == (["ada"], [], [])

    def test_the_guard_looks_at_the_same_work_and_policy_only(self, tmp_path):
        audit, history = Audit(tmp_path, "01_mini", facts=dict), History(tmp_path, "01_mini")
        audit.policy = LAST
        audit.add([(Submission("ada", b"old"), result(("a", PASSED)), "then")])
        audit.environments.clear()
        new, old = Submission("ada", b"new"), Submission("ada", b"old")

        def check(*submissions, environment, policy=LAST):
            attempts = Attempts([replace(submissions[-1], earlier=submissions[:-1])], history, policy)
            plan = SimpleNamespace(environment=environment, by_student={"ada": None}, attempts=attempts, facts=dict)
            require_same_tests(plan, audit)

        check(new, environment="now")
        check(old, new, environment="now")
        check(old, environment="then", policy=BEST)
        with pytest.raises(TestsChanged, match="1 of these"):
            check(old, environment="now")
        with pytest.raises(TestsChanged, match="the last submission counted, now the best"):
            check(old, new, environment="then", policy=BEST)


class TestAudit:
    def test_a_line_is_written_for_a_change_alone(self, tmp_path):
        one = Submission("ada", b"1", timestamp="2024-10-01 12:00:00 UTC")
        for verdict in (FAILED, FAILED, PASSED):
            Audit(tmp_path, "01_mini").add([(one, result(("a", verdict)), "key")])
        first, second = audit_lines(tmp_path)
        assert first["was"] is None
        assert second["was"]["cells"] == {"a": [FAILED, 0.0, 2.0]}
        assert {"when", "who", "command"} <= second.keys()

    def test_it_only_grows_even_after_a_line_that_was_cut_off(self, tmp_path):
        one = Submission("ada", b"1")
        Audit(tmp_path, "01_mini").add([(one, result(("a", FAILED)), "key")])
        path = tmp_path / "audit.jsonl"
        path.write_bytes(path.read_bytes() + b'{"when": "20')
        before = path.read_bytes()
        audit = Audit(tmp_path, "01_mini")
        assert audit.broken == 1
        audit.add([(one, result(("a", PASSED)), "key")])
        assert path.read_bytes().startswith(before)
        assert Audit(tmp_path, "01_mini").last["ada"]["score"] == 2.0

    def test_assignments_do_not_mix(self, tmp_path):
        Audit(tmp_path, "01_mini").add([(Submission("ada", b"1"), result(("a", PASSED)), "key")])
        assert Audit(tmp_path, "02_other").last == {}
        assert Audit(tmp_path, "01_mini", notebook="other.ipynb").last == {}


class TestEnvironment:
    def test_what_changed_is_named(self, assignment):
        before = facts_of(assignment)
        assert what_changed(before, facts_of(assignment)) == []
        cells = tuple(
            replace(cell, points=4.0) if cell.grade_id == "square-hidden-1" else cell
            for cell in assignment.cells
            if cell.grade_id != "double-test-1"
        )
        after = facts_of(replace(assignment, cells=cells), sandboxed=False)
        after["versions"] = after["versions"] | {"numpy": "9"}
        words = what_changed(before, after)
        assert "the test double-test-1 is gone" in words
        assert "the test square-hidden-1 gives 4 points, not 3" in words
        assert any(word.startswith("numpy ") and word.endswith(" became 9") for word in words)
        assert "no sandbox is used now" in words

    def test_facts_survive_the_log(self, tmp_path, assignment):
        facts = facts_of(assignment)
        audit = Audit(tmp_path, "01_mini", facts=lambda: facts)
        audit.add([(Submission("ada", b"1"), result(("a", PASSED)), "key")])
        assert Audit(tmp_path, "01_mini").environments == {"key": facts}


def test_without_a_gradebook_there_are_no_marks_by_hand(tmp_path):
    assert marks_by_hand(tmp_path, "01_mini") == {}
    assert list(tmp_path.iterdir()) == []


def test_a_gradebook_that_is_damaged_is_said_with_the_remedy(tmp_path):
    (tmp_path / "gradebook.db").write_bytes(b"no database" * 100)
    with pytest.raises(GradebookError, match="restore a copy"):
        marks_by_hand(tmp_path, "01_mini")
