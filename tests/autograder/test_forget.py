"""One person is removed everywhere and nobody else: afterwards no byte of the results folder has the id."""

import json
import os
import shutil
import sqlite3
import zipfile
from contextlib import closing
from datetime import date

import pytest
from nbgrader import api
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.exam.journal import Journal
from autograder.forget import Forgetting
from autograder.grade import grade_class
from autograder.plan import Plan
from autograder.practice import practise
from autograder.results.audit import Audit
from autograder.results.rounds import Rounds
from autograder.results.traces import traces

WHO, ALIKE, OTHER = "lovelace", "lovelace-2", "hopper"
RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x", "why": "Because."}
WRONG = RIGHT | {"double": "def double(x):\n    return 3 * x"}


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def run(*arguments, **options):
    done = CliRunner().invoke(app, ["forget", *map(str, arguments)], env={"COLUMNS": "200"}, **options)
    return done.exit_code, done.output


@pytest.fixture(scope="module")
def kept():
    """A results folder after a term, made once: {"root": path of its copy}."""
    return {}


@pytest.fixture
def term(request, kept, tmp_path_factory):
    """A class of three with marks, practice, a report, a grades.csv, files about the class and nbgrader's log."""
    if not kept:
        kept["root"] = request.getfixturevalue("_make_term")
    root = tmp_path_factory.mktemp("copy") / "term"
    shutil.copytree(kept["root"], root, symlinks=True)
    for path in (root / "out" / "nbgrader_config.py",):
        path.write_text(path.read_text().replace(str(kept["root"]), str(root)))
    return root


@pytest.fixture
def _make_term(mini_course, hand_in, out, tmp_path):
    for student in (WHO, ALIKE, OTHER):
        submitted = hand_in(student, WRONG)
    grade_class(submitted, mini_course, out, jobs=1, cache=tmp_path / "known")
    hand_in(WHO, RIGHT)
    practise(Plan(submitted, mini_course, out), jobs=1, cache=tmp_path / "known", today=date(2026, 11, 21))
    grade_class(submitted, mini_course, out, jobs=1, cache=tmp_path / "known")
    (out / ".grading" / "worker-9.log").write_text(f"error in {WHO}'s notebook")
    (out / ".nbgrader.log").write_text(f"[INFO] graded {WHO}\n[INFO] graded {OTHER}\n")
    (out / "grades.csv").write_bytes(f"student_id,score\r\n{WHO},6\r\n{OTHER},3\r\n{ALIKE},3\r\n".encode())
    (mini_course / "roster.csv").write_text(f"id,name\n{OTHER},Grace\n{WHO},Ada\n")
    times = f"student,assignment,submitted\n{WHO},01_mini,2024-10-01 12:00 UTC\n"
    (mini_course / "times-01_mini.csv").write_text(times)
    with closing(api.Gradebook(f"sqlite:///{out}/gradebook.db")) as book:
        row = book.update_or_create_student(WHO, first_name="Augusta Ada", email="countess@example.org")
        notebook = book.find_submission_notebook("exercises", "01_mini", WHO)
        notebook.grades[0].manual_score = 1.0
        notebook.comments[0].manual_comment = f"well done {row.first_name}"
        book.db.commit()
    done = CliRunner().invoke(app, ["report", str(out), "--course", str(mini_course), "--slide"])
    assert done.exit_code == 0, done.output
    return tmp_path


pytestmark = [pytest.mark.sandbox, pytest.mark.slow]


def everything(root):
    return [WHO, "--out", root / "out", "--course", root / "course", "--also", root / "submitted"]


def test_a_person_is_removed_everywhere_and_no_byte_of_the_id_is_left(term):
    out = term / "out"
    assert any(WHO.encode() in data for data in files(out).values())
    others = {path: data for path, data in files(out).items() if {OTHER, ALIKE} & set(path.parts)}
    assert others
    code, said = run(*everything(term), "--yes")
    assert code == 0, said
    for path, data in files(term).items():
        data = data.replace(ALIKE.encode(), b"")
        assert WHO.encode() not in data, path
        assert b"countess" not in data, path
        assert b"Augusta" not in data, path
        assert not any(part == WHO for part in path.parts), path
    for where in ("results.json", "history", "feedback", "autograded", "gradebook.db", "rounds.sqlite", "audit.jsonl"):
        assert where in said
    for where in (
        "grades.csv",
        "roster.csv",
        "journal.sqlite",
        "worker-9.log",
        ".nbgrader.log",
        "staff.html",
        "submitted",
    ):
        assert where in said
    assert {path: data for path, data in files(out).items() if path in others} == others
    assert (out / "grades.csv").read_bytes() == f"student_id,score\r\n{OTHER},3\r\n{ALIKE},3\r\n".encode()
    assert run(*everything(term), "--yes")[0] == 2  # nothing is left to remove


def test_the_others_marks_and_rounds_stay(term):
    out = term / "out"
    assert run(*everything(term), "--yes")[0] == 0
    names = [one["student"] for one in json.loads((out / "results.json").read_text())["submissions"]]
    assert names == sorted([OTHER, ALIKE])
    with closing(api.Gradebook(f"sqlite:///{out}/gradebook.db")) as book:
        assert sorted(student.id for student in book.students) == sorted([OTHER, ALIKE])
        assert book.find_submission("01_mini", OTHER).score == 3.0
    with closing(sqlite3.connect(out / "gradebook.db")) as database:
        assert database.execute("SELECT count(*) FROM grade").fetchone()[0] == 2 * 4
    with Rounds(out / "practice", today=date(2026, 11, 21)) as rounds:
        assert (rounds.count(WHO), rounds.count(OTHER), rounds.count(ALIKE)) == (0, 1, 1)


def test_the_log_keeps_what_happened_under_a_made_up_name(term):
    out = term / "out"
    before = [line for line in map(json.loads, (out / "audit.jsonl").read_text().splitlines()) if "student" in line]
    assert run(*everything(term), "--yes")[0] == 0
    after = [line for line in map(json.loads, (out / "audit.jsonl").read_text().splitlines()) if "student" in line]
    names = {line["student"] for line in after} - {OTHER, ALIKE}
    assert len(names) == 1
    assert names.pop().startswith("forgotten-")
    assert [line["score"] for line in after] == [line["score"] for line in before]
    mine = [line for line in after if line["student"] not in (OTHER, ALIKE)]
    assert [line["submission"] for line in mine] == [None, None]
    assert mine[1]["was"]["submission"] is None
    assert set(Audit(out, "01_mini").last) >= {OTHER, ALIKE}


def test_a_class_can_be_graded_again_without_the_person(term, tmp_path):
    assert run(*everything(term), "--yes")[0] == 0
    result = grade_class(term / "submitted", term / "course", term / "out", jobs=1, cache=tmp_path / "known")
    assert [one.student for one in result.submissions] == sorted([OTHER, ALIKE])
    assert result.known == 2


def test_a_dry_run_and_a_no_remove_nothing(term):
    before = files(term)
    code, said = run(*everything(term), "--dry-run")
    assert (code, "would remove" in said, "nothing was removed" in said) == (0, True, True)
    assert files(term).keys() == before.keys()
    code, said = run(*everything(term), input="n\n")
    assert code == 1
    after = files(term)
    assert {path for path in before if after[path] != before[path]} == set()


def test_what_is_left_is_named_for_a_person_to_decide(term):
    other = term / "out" / "history" / OTHER / "01_mini"
    (other / "notes.txt").write_text(f"I worked with {WHO}.")
    with zipfile.ZipFile(term / "out" / "feedback.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.html", f"for {WHO}" * 100)
    code, said = run(WHO, "--out", term / "out", "--course", term / "course", "--yes")
    assert code == 3
    assert f"still has the id: {other / 'notes.txt'}" in said
    assert "still has the id: " + str(term / "out" / "feedback.zip") in said
    assert f"still handed in: {term / 'submitted' / WHO}" in said
    assert (other / "notes.txt").exists()


def test_a_group_called_after_the_person_keeps_its_other_members(term):
    path = term / "course" / "groups.csv"
    path.write_text(f"group,student\n{WHO},{WHO}\n{WHO},{OTHER}\n")
    code, said = run(*everything(term), "--yes")
    assert path.read_text() == f"group,student\n{WHO},{OTHER}\n"
    assert code == 3
    assert f"still has the id: {path}" in said


def test_an_exchange_loses_the_persons_folders(term):
    inbound = term / "inbound"
    for name in (f"{WHO}+01_mini+2026-11-21 10:00:00 UTC+abc", f"{ALIKE}+01_mini+2026-11-21 10:00:00 UTC+abc"):
        (inbound / name).mkdir(parents=True)
        (inbound / name / "exercises.ipynb").write_text("{}")
    assert run(*everything(term), "--also", inbound, "--yes")[0] == 0
    assert [path.name.split("+")[0] for path in inbound.iterdir()] == [ALIKE]


def test_a_run_that_stopped_halfway_is_finished_by_the_same_command(term, monkeypatch):
    from autograder.results import forgotten

    with monkeypatch.context() as patch:
        patch.setattr(forgotten, "remove_from_gradebook", lambda *_: (_ for _ in ()).throw(OSError("disk")))
        assert run(*everything(term), "--yes")[0] == 1
    assert run(*everything(term), "--yes")[0] == 0
    assert Forgetting(WHO, term / "out", term / "course").left() == []


def test_another_run_is_waited_for_and_wrong_use_is_said(term):
    with Journal(term / "out" / ".grading"):
        code, said = run(*everything(term), "--yes")
    assert (code, "another run" in said) == (1, True)
    assert WHO in json.loads((term / "out" / "results.json").read_text())["submissions"][1]["student"]
    assert "holds nothing of 'nobody'" in run("nobody", "--out", term / "out", "--course", term / "course")[1]
    assert "is no student's id" in run("../x", "--out", term / "out")[1]
    assert "is no folder" in run(WHO, "--out", term / "nowhere")[1]
    assert "does not exist" in run(WHO, "--out", term / "out", "--also", term / "nowhere")[1]


class TestTraces:
    @pytest.mark.parametrize(
        ("data", "found"),
        [
            (b"graded ada.", True),
            (b'{"student": "ada"}', True),
            (b"ada_2 and adam and ada2", False),
            (b"ada-2", False),
            ("ada".encode("utf-16"), True),
            (b"nothing", False),
        ],
    )
    def test_an_id_is_found_as_a_word_and_not_in_other_ids(self, tmp_path, data, found):
        (tmp_path / "file").write_bytes(data)
        assert bool(traces([tmp_path], "ada", ["ada-2", "ada", "eve"])) is found

    def test_an_id_beyond_ascii_is_found_however_it_is_written(self, tmp_path):
        texts = {"json": json.dumps("zoë&co"), "address": "zo%C3%AB%26co", "html": "zoë&amp;co", "plain": "zoë&co"}
        for name, text in texts.items():
            (tmp_path / name).write_text(text)
        assert [path.name for path in traces([tmp_path], "zoë&co")] == sorted(texts)

    def test_names_of_files_and_members_of_archives_are_searched(self, tmp_path):
        (tmp_path / "of ada.txt").write_text("x")
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr("ada/x.ipynb", "{}")
        os.symlink("/etc", tmp_path / "link")
        assert [path.name for path in traces([tmp_path], "ada")] == ["a.zip", "of ada.txt"]
