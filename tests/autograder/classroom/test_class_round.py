"""A class from the LMS's archive to the LMS's gradebook, with everything that files about it say."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import parse_utc
from traitlets.config import PyFileConfigLoader
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.classroom.class_files import ClassOptions
from autograder.explain import replay
from autograder.grade import grade_class
from autograder.results.audit import Audit
from autograder.results.history import History
from autograder.results.late import late_penalties

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x"}
HALF = RIGHT | {"double": "def double(x):\n    return 3 * x"}
ROSTER = "id,name,email\nada,Ada Lovelace,ada@x.org\nbob,Bob,bob@x.org\ncam,Cam,cam@x.org\ndan,Dan,dan@x.org\n"
HEADER = "Identifier,Full name,Email address,Grade,Maximum grade,Last modified (submission)\n"
WORKSHEET = HEADER + (
    'Participant 12,Ada Lovelace,ada@x.org,,8.00,"Monday, 30 November 2026, 10:00 AM"\n'
    "Participant 13,Bob,bob@x.org,,8.00,-\n"
    'Participant 14,Cam,cam@x.org,,8.00,"Wednesday, 2 December 2026, 10:00 AM"\n'
    'Participant 15,Dan,dan@x.org,,8.00,"Wednesday, 2 December 2026, 10:00 AM"\n'
)
LATE = """from nbgrader.plugins import BasePlugin
class PerDay(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late / 86400
"""


@pytest.fixture
def course(mini_course):
    """A course with a late policy and files about its class: ada and bob are a group, dan has an extension."""
    (mini_course / "late_round.py").write_text(LATE)
    (mini_course / "nbgrader_config.py").write_text(
        f"import sys\nsys.path.append({str(mini_course)!r})\nc = get_config()\n"
        "c.AssignLatePenalties.plugin_class = 'late_round.PerDay'\nc.Exchange.timezone = 'UTC'\n"
    )
    (mini_course / "roster.csv").write_text(ROSTER)
    (mini_course / "times-01_mini.csv").write_text(WORKSHEET)
    (mini_course / "groups.csv").write_text("group,student\nred,bob\nred,ada\n")
    (mini_course / "extensions.csv").write_text("student,assignment,extension\ndan,01_mini,12 hours\n")
    return mini_course


def penalties(out):
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        rows = book.find_assignment("01_mini").submissions
        return {row.student_id: (row.score, row.late_submission_penalty or 0) for row in rows}


def due(out):
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.find_assignment("01_mini").duedate = parse_utc("2026-12-01 10:00:00 UTC")
        book.db.commit()


def test_from_moodles_archive_to_moodles_worksheet(course, answered, out, tmp_path):
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for name, answers in (("Ada Lovelace_12", HALF), ("Cam_14", RIGHT), ("Dan_15", RIGHT), ("Eve_99", RIGHT)):
            archive.writestr(f"{name}_assignsubmission_file/exercises.ipynb", answered(**answers, why=""))
    run = grade_class(tmp_path / "download.zip", course, out, "01_mini", jobs=1)
    assert "has no due date of 01_mini, so nothing is late" in run.notices[-1]
    due(out)
    run = grade_class(tmp_path / "download.zip", course, out, "01_mini", jobs=1)
    assert {one.student: one.status for one in run.submissions} == {
        **dict.fromkeys(("ada", "bob", "cam", "dan"), "graded"),
        "Eve_99": "rejected",
    }
    assert run.known == len(run.submissions)
    assert "has no participant 99 called 'Eve'" in run.submissions[0].reason
    assert penalties(out) == {"ada": (3.0, 0), "bob": (3.0, 0), "cam": (6.0, 1.0), "dan": (6.0, 0.5)}

    pages = {name: (out / "feedback" / name / "01_mini" / "exercises.html").read_text() for name in penalties(out)}
    due_of_dan = (
        "due 2026-12-01 22:00 UTC, your extension included: a late penalty of 0.5 points is taken off your mark."
    )
    assert f"Handed in 2026-12-02 10:00 UTC, {due_of_dan}" in pages["dan"]
    assert "due 2026-12-01 10:00 UTC: a late penalty of 1 point is taken off your mark." in pages["cam"]
    assert "late penalty" not in pages["ada"] + pages["bob"]
    assert run.notices[-1] == "late penalties, not in the points by tests: cam -1, dan -0.5"
    log = Audit(out, "01_mini").last
    assert {name: log[name].get("late_penalty", 0) for name in pages} == {"ada": 0, "bob": 0, "cam": 1.0, "dan": 0.5}
    assert "late_penalty" not in log["cam"]["was"]  # there was no due date yet

    page = pages["bob"]
    assert "This was handed in for the group red: the marks are those of all members." in page
    assert Audit(out, "01_mini").last["bob"]["draws"] == "group:red"
    assert History(out, "01_mini").of("bob")[0].draws == "group:red"
    ours = [replay(name, "double", out, course) for name in ("ada", "bob")]
    assert ours[0].variant == ours[1].variant
    assert not ours[1].differing()

    course.joinpath("times-01_mini.csv").rename(tmp_path / "worksheet.csv")
    options = ["--out", str(out), "--course", str(course)]
    done = CliRunner().invoke(app, ["marks", str(tmp_path / "worksheet.csv"), *options])
    assert done.exit_code == 3, done.output
    assert "Eve_99: rejected" in done.output
    filled = (tmp_path / "worksheet.csv").read_text()
    expected = WORKSHEET
    for address, mark in (("ada", "3"), ("bob", "3"), ("cam", "5"), ("dan", "5.5")):
        expected = expected.replace(f"{address}@x.org,,", f"{address}@x.org,{mark},")
    assert filled == expected
    done = CliRunner().invoke(app, ["hand-back", str(tmp_path / "worksheet.csv"), *options])
    assert "4 pages packed" in done.output
    with zipfile.ZipFile(out / "feedback-01_mini.zip") as packed:
        assert len(packed.namelist()) == 4


def test_a_plug_in_for_late_penalties_that_is_not_there_is_named(course):
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.AssignLatePenalties.plugin_class = 'not_there.PerDay'\n"
    )
    with pytest.raises(ValueError, match=r"late penalties that .* asks for cannot be had: .*'not_there.PerDay'"):
        late_penalties(course)


def test_formgrader_finds_what_files_about_the_class_changed_in_a_tree(course, hand_in, out):
    submitted = hand_in("bob", RIGHT)
    (course / "times-01_mini.csv").write_text("student,assignment,submitted\nbob,01_mini,2026-12-02 10:00\n")
    grade_class(submitted, course, out, "01_mini", jobs=1)
    config = PyFileConfigLoader("nbgrader_config.py", str(out)).load_config()
    assert NbGraderAPI(config=config).get_autograded_students("01_mini") == {"ada", "bob"}
    assert json.loads((out / "results.json").read_text())["submissions"][0]["student"] == "ada"


def test_an_extension_of_nbgraders_own_is_never_shortened(course, hand_in, out):
    submitted = hand_in("dan", RIGHT)
    (course / "times-01_mini.csv").write_text("student,assignment,submitted\ndan,01_mini,2026-12-02 10:00\n")
    grade_class(submitted, course, out, "01_mini", jobs=1)
    due(out)
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.grant_extension("01_mini", "dan", days=1)
    grade_class(submitted, course, out, "01_mini", jobs=1)
    assert penalties(out)["dan"] == (6.0, 0)
    (course / "extensions.csv").write_text("student,assignment,extension\n")
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as book:
        book.grant_extension("01_mini", "dan", hours=18)
    grade_class(submitted, course, out, "01_mini", jobs=1)
    assert penalties(out)["dan"] == (6.0, 0.25)


def test_formgraders_button_knows_files_that_are_not_in_the_course(course, hand_in, out, tmp_path):
    submitted = hand_in("bob", RIGHT)
    (course / "groups.csv").rename(tmp_path / "groups.csv")
    (tmp_path / "came.csv").write_text("student,assignment,submitted\nbob,01_mini,2026-12-02 10:00\n")
    given = ClassOptions(times=tmp_path / "came.csv", groups=tmp_path / "groups.csv")
    grade_class(submitted, course, out, "01_mini", jobs=1)
    due(out)
    grade_class(submitted, course, out, "01_mini", jobs=1, class_options=given)
    assert penalties(out)["bob"] == (6.0, 1.0)
    path = [str(Path(sys.executable).parent), os.environ["PATH"]]
    nbgrader = [sys.executable, "-m", "nbgrader", "autograde", "01_mini", "--student", "bob", "--force"]
    done = subprocess.run(nbgrader, cwd=out, capture_output=True, text=True, env={**os.environ, "PATH": ":".join(path)})
    assert done.returncode == 0, done.stderr
    assert penalties(out)["bob"] == (6.0, 1.0)
    assert Audit(out, "01_mini").last["bob"]["draws"] == "group:red"
