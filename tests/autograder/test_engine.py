"""A class goes in, marks come out: the same ones every time, whatever dies on the way."""

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

import nbformat
import numpy as np
import pytest
import typer
from nbgrader import api
from rich.console import Console
from typer.testing import CliRunner

from autograder.exam.engine import Graded, environment_key, grade, result_key
from autograder.exam.journal import Busy, Journal
from autograder.exam.known import Table
from autograder.exam.notebook import Rejected
from autograder.exam.pool import Pool
from autograder.exam.progress import ClassProgress
from autograder.exam.sandbox import Sandbox
from autograder.grade import command, grade_class
from autograder.regrade import APPLY
from autograder.verdicts import BROKEN, FAILED, GRADED, PASSED, REJECTED, UNGRADED, CellResult, SubmissionResult

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
PROGRAM = "import typer; from autograder.grade import command; typer.run(command)"
TRIPLE = "def double(x):\n    return 3 * x"
ENDLESS = "def double(x):\n    while True: pass"
DIES = "import os\nos._exit(0)\ndef double(x):\n    return 2 * x"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def table(quick, sandbox, tmp_path):
    return Table.load_or_make(quick, sandbox, tmp_path / "known")


def verdicts(result):
    return {cell.grade_id: cell.verdict for cell in result.cells}


def timeless(result):
    """Return a result as plain data, without what a clock or a scale measured."""
    return {**asdict(result), "seconds": None, "peak_mb": None}


def scores(out):
    """Return student -> score of a results.json."""
    return {one["student"]: one["score"] for one in json.loads((out / "results.json").read_text())["submissions"]}


@pytest.mark.sandbox
class TestGrade:
    def test_right_answers_get_every_point(self, quick, sandbox, table, answered):
        graded = grade(answered(**RIGHT), quick, "ada", sandbox, table)
        assert (graded.result.status, graded.result.score, graded.result.max_score) == (GRADED, 6.0, 6.0)
        assert set(verdicts(graded.result).values()) == {PASSED}
        assert graded.problems == {}
        nbformat.validate(graded.notebook)

    def test_a_known_mistake_costs_its_own_points_and_gets_its_hint(self, quick, sandbox, table, answered):
        result = grade(answered(**RIGHT | {"double": TRIPLE}), quick, "ada", sandbox, table).result
        assert result.score == 3.0
        assert {(cell.mistake, cell.hint) for cell in result.cells if cell.exercise == "double"} == {
            ("triples", "Twice means x + x.")
        }

    def test_an_endless_loop_costs_its_own_exercise_alone(self, quick, sandbox, table, answered):
        result = grade(answered(**RIGHT | {"double": ENDLESS}), quick, "ada", sandbox, table).result
        assert verdicts(result) == {"double-test-1": FAILED, "double-hidden-1": FAILED, "square-hidden-1": PASSED}

    def test_nothing_is_found_in_an_unsolved_notebook_but_that_it_is_unsolved(self, quick, sandbox, table, answered):
        graded = grade(answered(), quick, "ada", sandbox, table)
        assert graded.result.score == 0
        assert all("Not started" in cell.message for cell in graded.result.cells)
        assert set(graded.problems.values()) == {"untouched"}

    def test_what_is_no_notebook_is_rejected(self, quick, sandbox, table):
        result = grade(b"{]", quick, "eve", sandbox, table).result
        assert (result.status, result.cells, result.max_score) == (REJECTED, [], 6.0)
        assert "not JSON" in result.reason

    def test_outputs_of_the_students_own_cells_are_kept(self, quick, sandbox, table, answered):
        text = "print('hello')\ndef double(x):\n    return 2 * x"
        graded = grade(answered(**RIGHT | {"double": text}), quick, "ada", sandbox, table)
        cell = next(cell for cell in graded.notebook["cells"] if cell["source"] == text)
        assert cell["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "hello\n"}]

    def test_again_and_again_and_in_another_sandbox_the_verdicts_are_the_same(self, quick, sandbox, table, answered):
        data = answered(**RIGHT | {"double": TRIPLE})
        wanted = timeless(grade(data, quick, "ada", sandbox, table).result)
        with Sandbox() as other:
            for place in (sandbox, other):
                assert timeless(grade(data, quick, "ada", place, table).result) == wanted

    def test_a_result_survives_being_written(self, quick, sandbox, table, answered):
        graded = grade(answered(**RIGHT), quick, "ada", sandbox, table)
        assert Graded.from_bytes(graded.to_bytes()) == graded


class TestKeys:
    def test_a_key_tells_students_submissions_and_tests_apart(self, quick):
        key = environment_key(quick)
        changed = replace(quick, cells=(replace(quick.cells[3], source="assert True"), *quick.cells))
        environments = {key, environment_key(changed), environment_key(quick, sandboxed=False)}
        assert len(environments) == 3
        assert environment_key(quick) == key
        keys = {result_key(key, student, data) for student in ("ada", "bob") for data in (b"1", b"2")}
        assert len(keys) == 4


class TestJournal:
    def graded(self, verdict=PASSED, status=GRADED):
        cells = [CellResult("f-1", "f", 1.0, 1.0, verdict)]
        return Graded(SubmissionResult("ada", status, None, 1.0, 1.0, 0.1, 5.0, cells), {"cells": []}, {"f": "retyped"})

    def test_what_was_put_is_there_for_the_next_run(self, tmp_path):
        with Journal(tmp_path) as journal:
            journal.put("key", self.graded())
        with Journal(tmp_path) as journal:
            assert journal.get("key") == self.graded()
            assert journal.get("other") is None

    @pytest.mark.parametrize(("verdict", "status"), [(UNGRADED, GRADED), (PASSED, BROKEN)])
    def test_what_was_our_fault_is_tried_again(self, tmp_path, verdict, status):
        with Journal(tmp_path) as journal:
            journal.put("key", self.graded(verdict, status))
            assert journal.get("key") is None

    def test_two_runs_cannot_write_to_one_place(self, tmp_path):
        with Journal(tmp_path), pytest.raises(Busy, match="another run"), Journal(tmp_path):
            pass
        with Journal(tmp_path):
            pass

    def test_a_damaged_journal_is_put_aside(self, tmp_path):
        (tmp_path / "journal.sqlite").write_bytes(b"\x00garbage" * 1000)
        with Journal(tmp_path) as journal:
            assert journal.damaged
            journal.put("key", self.graded())
            assert journal.get("key")
        assert (tmp_path / "journal.damaged").exists()


@pytest.mark.slow
@pytest.mark.sandbox
class TestPool:
    def test_the_death_of_a_worker_costs_nothing(self, tmp_path, quick, answered):
        work = [(name, name, answered(**RIGHT | {"double": ENDLESS})) for name in ("a", "b")]
        with Pool(quick, 1, tmp_path, tmp_path / "known") as pool:
            found = dict(self.run_and_kill(pool, work, kills=1))
        assert {key: graded.result.score for key, graded in found.items()} == {"a": 3.0, "b": 3.0}

    def test_a_worker_that_dies_twice_costs_one_submission_and_says_so(self, tmp_path, quick, answered):
        work = [("a", "a", answered(**RIGHT | {"double": ENDLESS})), ("b", "b", answered(**RIGHT))]
        with Pool(quick, 1, tmp_path, tmp_path / "known") as pool:
            found = dict(self.run_and_kill(pool, work, kills=2))
        assert found["a"].result.status == BROKEN
        assert "ended by signal 9" in found["a"].result.reason
        assert found["b"].result.score == 6.0

    def test_a_worker_that_hangs_is_ended(self, tmp_path, quick, answered):
        with Pool(quick, 1, tmp_path, tmp_path / "known") as pool:
            found = dict(
                self.run_and_kill(pool, [("a", "a", answered(**RIGHT))], kills=9, by=signal.SIGSTOP, deadline=3)
            )
        assert "had not finished after 3 seconds" in found["a"].result.reason

    def test_no_worker_is_left_behind(self, tmp_path, quick, answered):
        with Pool(quick, 2, tmp_path, tmp_path / "known") as pool:
            for _ in pool.run([("a", "a", answered(**RIGHT)), ("b", "b", answered(**RIGHT))]):
                pids = [worker.process.pid for worker in pool.workers]
                break
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]

    @staticmethod
    def run_and_kill(pool, work, kills, by=signal.SIGKILL, deadline=None):
        """Run the work; send a signal to the worker each time it has begun with the first submission."""
        give = type(pool)._start

        def start(number):
            worker = give(pool, number)
            handed = worker.give

            def give_and_kill(task):
                nonlocal kills
                handed(task)
                pool.deadline = deadline or pool.deadline
                if task.key == "a" and kills:
                    kills -= 1
                    os.kill(worker.process.pid, by)

            worker.give = give_and_kill
            return worker

        pool._start = start
        yield from pool.run(work)


@pytest.mark.sandbox
@pytest.mark.slow
class TestClass:
    def test_a_class_ends_with_a_status_and_a_reason_each(self, mini_course, hand_in, out):
        hand_in("ada", RIGHT)
        hand_in("bob", RIGHT | {"double": TRIPLE})
        hand_in("carl", {})
        hand_in("dora", RIGHT | {"double": DIES})
        hand_in("eve", b"no notebook")
        submitted = hand_in("frank", RIGHT)
        (submitted / "frank" / "01_mini" / "exercises.ipynb").unlink()
        result = grade_class(submitted, mini_course, out, jobs=2)
        written = json.loads((out / "results.json").read_text())
        assert list(written) == ["assignment", "engine", "submissions"]
        assert list(written["engine"]) == ["version", "sandbox", "jobs", "seconds"]
        assert written["engine"]["sandbox"] == "bubblewrap"
        keys = ["student", "status", "reason", "score", "max_score", "seconds", "peak_mb", "cells"]
        assert all(list(one) == keys for one in written["submissions"])
        keys = ["grade_id", "exercise", "points", "score", "verdict", "message", "mistake", "hint"]
        assert list(written["submissions"][0]["cells"][0]) == keys
        assert scores(out) == {"ada": 6.0, "bob": 3.0, "carl": 0.0, "dora": 3.0, "eve": 0.0, "frank": 0.0}
        assert [one.status for one in result.submissions] == [GRADED] * 4 + [REJECTED] * 2
        assert all(one.reason for one in result.submissions if one.status != GRADED)
        for student in scores(out):
            assert (out / "feedback" / student / "01_mini" / "exercises.html").exists()
        assert sorted(path.name for path in (out / "autograded").iterdir()) == ["ada", "bob", "carl", "dora"]

    @pytest.mark.slow
    def test_nothing_is_graded_twice_and_the_results_stay(self, mini_course, hand_in, out):
        hand_in("ada", RIGHT)
        submitted = hand_in("bob", RIGHT | {"square": "def square(x):\n    return 0"})
        first = grade_class(submitted, mini_course, out, jobs=1)
        hand_in("carl", RIGHT)
        second = grade_class(submitted, mini_course, out, jobs=1)
        assert (first.known, second.known) == (0, 2)
        assert second.submissions[:2] == first.submissions
        assert scores(out) == {"ada": 6.0, "bob": 3.0, "carl": 6.0}

    @pytest.mark.slow
    def test_changed_tests_are_run_again(self, mini_course, hand_in, out):
        submitted = hand_in("ada", RIGHT)
        grade_class(submitted, mini_course, out, jobs=1)
        master = mini_course / "source" / "01_mini" / "exercises.ipynb"
        master.write_text(master.read_text().replace("should be 4.", "should be four."))
        assert grade_class(submitted, mini_course, out, jobs=1, changed=APPLY).known == 0

    @pytest.mark.slow
    def test_verdicts_do_not_depend_on_the_number_of_workers(self, mini_course, hand_in, tmp_path, out):
        for number in range(6):
            submitted = hand_in(f"student-{number}", RIGHT | ({"double": TRIPLE} if number % 2 else {}))
        one, four = (grade_class(submitted, mini_course, tmp_path / f"out-{jobs}", jobs=jobs) for jobs in (1, 4))
        assert [timeless(result) for result in one.submissions] == [timeless(result) for result in four.submissions]

    @pytest.mark.slow
    def test_ids_that_cannot_be_folders_stop_nothing(self, mini_course, hand_in, out):
        hand_in("ada", RIGHT)
        submitted = hand_in("e\x1b" * 60, RIGHT)
        result = grade_class(submitted, mini_course, out, jobs=1)
        assert [one.status for one in result.submissions] == [GRADED, REJECTED]

    @pytest.mark.slow
    def test_an_archive_is_graded_and_formgrader_finds_its_submissions(
        self, mini_course, hand_in, answered, tmp_path, out
    ):
        folder = tmp_path / "moodle" / "Ada_7_assignsubmission_file_"
        folder.mkdir(parents=True)
        (folder / "exercises.ipynb").write_bytes(answered(**RIGHT))
        archive = shutil.make_archive(tmp_path / "moodle", "zip", tmp_path / "moodle")
        assert grade_class(archive, mini_course, out, "01_mini", jobs=1).submissions[0].score == 6.0
        assert (out / "submitted" / "Ada_7" / "01_mini" / "exercises.ipynb").exists()

    def test_an_empty_class_is_said(self, mini_course, tmp_path, out):
        (tmp_path / "submitted").mkdir()
        with pytest.raises(Rejected, match="no submission"):
            grade_class(tmp_path / "submitted", mini_course, out, "01_mini")

    @pytest.mark.slow
    def test_a_run_that_is_killed_goes_on_where_it_was(self, mini_course, hand_in, tmp_path, out):
        for number in range(8):
            submitted = hand_in(f"student-{number}", RIGHT | ({"double": TRIPLE} if number % 2 else {}))
        arguments = [str(submitted), "--course", str(mini_course), "--out", str(out), "--jobs", "2"]
        arguments += ["--cache", str(tmp_path / "known")]
        for wanted in (1, 4):
            process = subprocess.Popen([sys.executable, "-c", PROGRAM, *arguments], stdout=subprocess.DEVNULL)
            while process.poll() is None and kept(out) < wanted:
                time.sleep(0.02)
            process.kill()
            process.wait()
        before = kept(out)
        result = grade_class(submitted, mini_course, out, jobs=2, cache=tmp_path / "known")
        assert result.known == before >= 4
        assert [one.score for one in result.submissions] == [6.0, 3.0] * 4
        with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
            found = {one.student_id: one.score for one in book.assignment_submissions("01_mini")}
        assert found == {one.student: one.score for one in result.submissions}

    @pytest.mark.exhaustive
    @pytest.mark.timeout(3600)
    def test_fifty_kills_at_random_moments_lose_nothing(self, mini_course, hand_in, tmp_path, out):
        for number in range(60):
            submitted = hand_in(f"student-{number:02}", RIGHT | ({"double": TRIPLE} if number % 2 else {}))
        undisturbed = grade_class(submitted, mini_course, tmp_path / "other", jobs=2, cache=tmp_path / "known")
        arguments = [str(submitted), "--course", str(mini_course), "--out", str(out), "--jobs", "2"]
        arguments += ["--cache", str(tmp_path / "known")]
        rng, before, kills = np.random.default_rng(0), 0, 0
        while kills < 50:
            process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM, *arguments], stdout=subprocess.DEVNULL, start_new_session=True
            )
            try:
                process.wait(rng.uniform(0.2, 5))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
            else:  # nothing is left to be disturbed: from the beginning
                shutil.rmtree(out)
                before = 0
                continue
            assert wait_until(lambda session=process.pid: not of_session(session), 20)
            assert kept(out) >= before
            before = kept(out)
            if (out / "gradebook.db").exists():
                with contextlib.closing(sqlite3.connect(out / "gradebook.db")) as book:
                    assert book.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        result = grade_class(submitted, mini_course, out, jobs=2, cache=tmp_path / "known")
        assert result.known == before
        assert [strip_times(one) for one in result.submissions] == [strip_times(one) for one in undisturbed.submissions]
        with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
            found = {one.student_id: one.score for one in book.assignment_submissions("01_mini")}
        assert found == {one.student: one.score for one in undisturbed.submissions}


def strip_times(result):
    """Return a result without what differs from run to run."""
    return replace(result, seconds=0.0, peak_mb=0.0)


def of_session(session):
    """Return the processes of a session that still live."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(int(name)) == session:
                found.append(int(name))
    return found


def wait_until(is_so, seconds):
    """Return whether something becomes true in time."""
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.05)
    return is_so()


def kept(out):
    """Return how many results a run has kept so far."""
    path = out / ".grading" / "journal.sqlite"
    if not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as database, contextlib.suppress(sqlite3.OperationalError):
        return database.execute("SELECT count(*) FROM graded").fetchone()[0]
    return 0  # it has no table yet


@pytest.mark.sandbox
class TestCommand:
    @pytest.fixture
    def invoke(self):
        app = typer.Typer()
        app.command()(command)
        return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])

    @pytest.mark.slow
    def test_a_class_is_graded_and_summed_up(self, mini_course, hand_in, tmp_path, out, invoke):
        hand_in("ada", RIGHT)
        hand_in("bob", RIGHT | {"double": TRIPLE})
        submitted = hand_in("eve", b"no notebook")
        options = ["--course", mini_course, "--out", out, "--cache", tmp_path / "known", "--jobs", 1]
        done = invoke(submitted, *options)
        assert done.exit_code == 0, done.output
        assert "01_mini: 2 graded, 1 rejected" in done.output
        assert "mean 4.5 of 6 points" in done.output
        assert "eve: rejected: The file is not JSON" in done.output
        assert "double: triples" in done.output

    def test_a_dry_run_writes_nothing(self, mini_course, hand_in, out, invoke):
        submitted = hand_in("ada", RIGHT)
        done = invoke(submitted, "--course", mini_course, "--out", out, "--dry-run")
        assert done.exit_code == 0
        assert "1 submissions would be graded" in done.output
        assert sorted(path.name for path in out.iterdir()) == ["gradebook.db"]

    @pytest.mark.parametrize("wrong", ["course", "assignment", "submitted"])
    def test_wrong_use_says_what_is_wrong(self, mini_course, hand_in, tmp_path, out, invoke, wrong):
        submitted = hand_in("ada", RIGHT)
        options = ["--course", mini_course if wrong != "course" else tmp_path, "--out", out]
        options += ["--assignment", "07_none"] if wrong == "assignment" else []
        done = invoke(tmp_path / "nowhere" if wrong == "submitted" else submitted, *options)
        assert done.exit_code == 2

    @pytest.mark.slow
    def test_without_a_sandbox_nothing_is_graded(self, mini_course, hand_in, out):
        submitted = hand_in("ada", RIGHT)
        arguments = [str(submitted), "--course", str(mini_course), "--out", str(out)]
        environment = {**os.environ, "PATH": "/nowhere"}
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, *arguments], env=environment, capture_output=True, text=True
        )
        assert done.returncode == 1, done.stderr
        assert "bubblewrap is missing" in " ".join(done.stdout.split())
        assert not (out / "results.json").exists()


def test_the_bar_counts_and_names_the_slowest():
    progress = ClassProgress(Console(quiet=True), 3)
    for student, status, seconds in (("ada", GRADED, 0.5), ("[b]", GRADED, 7.0), ("eve", REJECTED, 0.0)):
        progress.add(SubmissionResult(student, status, None, seconds=seconds))
    assert progress.note() == "2 graded · 1 rejected · slowest: \\[b] 7.0 s, ada 0.5 s, eve 0.0 s"
