"""`prove` on a small chapter: a good one is proven, and each kind of flaw is found and named."""

import contextlib
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author import judge
from autograder.author.cases import Case, Outcome, cases_of, faults_of, may_lose
from autograder.author.judge import compare_with_nbgrader
from autograder.author.proof_table import as_dict, show
from autograder.author.prove import places_of, prove, spread
from autograder.course import load_assignment
from autograder.exam.known import REFERENCE, Run, Table
from autograder.verdicts import CellResult

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
NAME = "07_centre"


@pytest.fixture(scope="module")
def proof(assignment, cache):
    return prove(assignment, cache, jobs=2)


@pytest.fixture(scope="module")
def flawed(make_course, cache):
    """The proof of a chapter with several flaws, on one variant, and its faults as "case: sentence"."""
    early = "want = reference.centre(x)\nassert_allclose(centre(x), want, rtol=1e-9, atol=1e-12)"
    late = "got = centre(x)\nassert_allclose(got, reference.centre(x), rtol=1e-9, atol=1e-12)"
    counter = '# %% hidden="counter" points=3'
    root = make_course(
        ("abs(centre(np.array([1.0, 3.0])).sum()) < 1e-12", "abs(centre(np.zeros(2)).sum()) < 1"),
        (early, late),
        ("x - np.median(x)\n", "x - np.mean(x)\n"),
        ("float(np.std(x))", "float(np.std(x, ddof=1))"),
        (counter, f'# %% hidden="counter" points=1\nassert Counter\n\n{counter}'),
    )
    proof = prove(load_assignment(root / "build" / "nbgrader", NAME), cache, sample=1, jobs=1)
    return proof, [f"{case.name}: {sentence}" for case, sentence in proof.faults]


def test_a_good_chapter_is_proven_on_every_variant(proof, assignment):
    assert proof.faults == {}
    assert proof.is_proven
    tried = {(outcome.case.exercise, outcome.variant) for outcome in proof.outcomes if outcome.case.kind == "mistake"}
    assert tried == {(name, variant) for name in assignment.exercises for variant in (0, 1, 2)}


def test_every_answer_stub_and_adversary_is_tried(proof, assignment):
    kinds = [(case.kind, case.exercise) for case in {outcome.case for outcome in proof.outcomes}]
    assert kinds.count(("mistake", "centre")) == 3
    assert kinds.count(("alternative", "spread")) == 1
    assert [kinds.count(("adversary", name)) for name in assignment.exercises] == [6, 6, 6]
    assert kinds.count(("reference", "")) == kinds.count(("stub", "")) == 1


def test_diagnosis_is_measured(proof):
    measured = proof.diagnosis
    assert (measured.second_right, measured.second_bodies) == (3, 3)
    assert (measured.false_hints, measured.left_out) == (0, 15)


def test_an_exercise_without_input_has_no_input_to_put_to_zero(proof):
    counter = next(row for row in as_dict(proof, {})["exercises"] if row["exercise"] == "counter")
    assert counter["adversaries_like_reference"] == ["zeroed"]
    assert counter["adversaries"] == counter["adversaries_caught"] == 5


def test_runs_of_known_answers_survive_on_disk(proof, assignment, cache):
    table = Table.load_or_make(assignment, None, cache)  # without a sandbox nothing can be made
    for answer in ("divides", "median", "median-again", REFERENCE):
        run = table.run("centre", answer, 2)
        assert Run.from_bytes(run.to_bytes()).behaves_like(run)
        assert {cell.exercise for cell in run.cells} == {"centre"}


def test_a_change_of_the_assignment_leaves_the_old_runs_alone(assignment, make_course, cache):
    root = make_course(("x - np.median(x)", "x - np.median(x) * 1.0"))
    changed = load_assignment(root / "build" / "nbgrader", NAME)
    assert not Table.load_or_make(changed, None, cache).has("centre", "median", 0)


def test_a_mistake_that_survives_is_named_with_its_place(flawed):
    proof, faults = flawed
    assert "centre: mistake median: it survives: no test takes a point from it" in faults
    assert not proof.is_proven
    place = {("centre", "median"): "solutions/07_centre/mistakes.py:5"}
    console = Console(record=True, width=200, file=io.StringIO())
    show(proof, console, place)
    assert "solutions/07_centre/mistakes.py:5: centre mistake median it survives" in console.export_text()


def test_places_are_file_and_line(course, assignment):
    places = places_of(course / "solutions", assignment)
    file, line = places["centre", "median"].rsplit(":", 1)
    with open(file, encoding="utf-8") as lines:
        assert 'id="median"' in lines.readlines()[int(line) - 1]
    assert places_of(course / "nowhere", assignment) == {}


def test_a_wrong_alternative_is_found(flawed):
    assert any(fault.startswith("spread: alternative numpy: spread-hidden-1 fails it") for fault in flawed[1])


def test_a_test_that_gives_points_to_the_stub_is_found(flawed):
    assert "stub: counter-hidden-1 gives 1 points to the released stub" in flawed[1]


def test_a_test_that_computes_its_expectation_too_late_is_found(flawed):
    assert "centre: adversary zeroed: it survives: no test takes a point from it" in flawed[1]


def test_a_second_body_with_other_behaviour_is_noted(flawed):
    proof, _ = flawed
    assert proof.diagnosis.second_right == 0
    assert not proof.diagnosis.is_good
    assert "centre: median-again gets no hint instead of that of median" in proof.diagnosis.notes


@pytest.mark.parametrize(
    ("case", "grade_id", "verdict", "fault"),
    [
        (Case("reference", "reference"), "spread-hidden-1", "failed", "spread-hidden-1 fails it: too small"),
        (Case("alternative", "numpy", "spread"), "spread-hidden-1", "failed", "spread-hidden-1 fails it: too small"),
        (Case("mistake", "median", "centre"), "centre-hidden-1", "ungraded", "could not be graded: too small"),
        (Case("mistake", "forgets", "counter"), "centre-hidden-1", "failed", "fails it, a test of another exercise"),
    ],
)
def test_what_no_case_may_do_is_found(assignment, case, grade_id, verdict, fault):
    exercise = grade_id.removesuffix("-hidden-1")
    lost = CellResult("", case.exercise, 1.0, 0.0, "failed")  # so that a mistake is caught all the same
    outcome = Outcome(case, 0, (CellResult(grade_id, exercise, 2.0, 0.0, verdict, "too small"), lost))
    assert any(fault in sentence for sentence in faults_of(outcome, assignment))


@pytest.mark.parametrize(("kind", "faults"), [("alternative", 1), ("reference", 1), ("mistake", 0)])
def test_a_right_answer_may_take_a_tenth_of_the_limit(assignment, kind, faults):
    cells = (CellResult("centre-hidden-1", "centre", 2.0, 2.0, "passed"), CellResult("", "centre", 1.0, 0.0, "failed"))
    case = Case(kind, "slow", "centre")
    found = [
        [
            sentence
            for sentence in faults_of(Outcome(case, 0, cells, {"centre-hidden-1": taken}), assignment)
            if "limit=" in sentence
        ]
        for taken in (0.4, 0.6)
    ]
    assert [len(sentences) for sentences in found] == [0, faults]


def test_a_mistake_may_cost_points_in_what_builds_on_it(assignment):
    cells = [CellResult(f"{name}-hidden-1", name, 2.0, 0.0, "failed") for name in ("centre", "spread")]
    assert list(faults_of(Outcome(Case("mistake", "median", "centre"), 0, tuple(cells)), assignment)) == []


def test_may_lose_follows_needs(assignment):
    of = {case.exercise: may_lose(case, assignment) for case in cases_of(assignment) if case.exercise}
    assert of == {"centre": {"centre", "spread"}, "spread": {"spread"}, "counter": {"counter"}}


def test_samples_are_spread_evenly_and_begin_with_the_first():
    assert spread(tuple(range(16)), 4) == (0, 4, 8, 12)
    assert spread((1, 5), 3) == (1, 5)
    assert spread((1, 5), None) == (1, 5)


def test_the_command_writes_json_and_says_that_it_sampled(course, cache, tmp_path):
    arguments = ["prove", NAME, "--course", course / "build" / "nbgrader", "--solutions", course / "solutions"]
    arguments += ["--cache", cache, "--variants", "1", "--jobs", "1", "--json", tmp_path / "proof.json"]
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    assert "A sample" in result.output
    (written,) = json.loads((tmp_path / "proof.json").read_text(encoding="utf-8"))
    assert written["proven"] is True
    assert [row["mistakes_caught"] for row in written["exercises"]] == [3, 1, 1]


def test_an_unknown_chapter_is_wrong_use(course):
    result = CliRunner().invoke(app, ["prove", "99_none", "--course", str(course / "build" / "nbgrader")])
    assert result.exit_code == 2
    assert "07_centre" in result.output


@pytest.mark.slow
def test_stock_nbgrader_gives_the_same_marks(assignment, course, cache):
    only = ["centre: mistake median", "counter: alternative list", "counter: mistake forgets"]
    verdict = compare_with_nbgrader(assignment, course / "build" / "nbgrader", cache, jobs=1, only=only)
    assert verdict == {"answers": 3, "cells": 12, "differences": []}


def test_a_mark_that_differs_from_nbgraders_is_named(assignment, monkeypatch, course, cache):
    theirs = {"s0000": {"centre-test-1": 1.0, "centre-hidden-1": 2.0, "spread-hidden-1": 1.0, "counter-hidden-1": 3.0}}
    monkeypatch.setattr(judge, "grade_with_nbgrader", lambda *args, **options: theirs)
    verdict = compare_with_nbgrader(assignment, course, cache, only=["reference"])
    assert verdict["differences"] == ["reference, spread-hidden-1: nbgrader gives 1.0, ours gives 2"]


def test_a_killed_proof_leaves_no_process_behind(course, tmp_path):
    command = [sys.executable, "-m", "autograder", "prove", NAME, "--course", course / "build" / "nbgrader"]
    command += ["--cache", tmp_path, "--jobs", "1"]
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (below := descendants(process.pid)) or not any(tmp_path.rglob("*.run")):
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)
    process.kill()
    process.wait()
    until = time.monotonic() + 20
    while left := [pid for pid in below if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < until, f"{left} of {below} live on"
        time.sleep(0.05)


def descendants(pid):
    """Return all processes that one has started, directly or not; those that end meanwhile are left out."""
    found = []
    for place in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, place.read_text().split()):
                found += [child, *descendants(child)]
    return found
