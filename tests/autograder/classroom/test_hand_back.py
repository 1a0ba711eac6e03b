"""Feedback pages go back under names from which Moodle and Canvas read whose they are."""

import io
import re
import zipfile

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.classroom.hand_back import zip_of

ROSTER = "id,name,email,canvas_id\nada,Ada_Lovelace,ada@x.org,4711\nbob,Bob,bob@x.org,4712\ncam,Cam,cam@x.org,4713\n"
WORKSHEET = (
    "Identifier,Full name,Email address,Grade,Maximum grade\n"
    "Participant 12,Ada Love_lace/../,ada@x.org,,8\n"
    "Participant 13,Bob,bob@x.org,,8\n"
    "Participant 14,Cam,cam@x.org,,8\n"
)


def in_moodle(name):
    """Return what Moodle reads of a name: participant, kind of plug-in, file (its importziplib.php)."""
    _, participant, kind, plugin, file = name.split("/")[0].split("_", 4)
    return int(participant), f"{kind}_{plugin}", file


def in_canvas(name):
    """Return what Canvas reads of a name: the first two numbers between underlines (generate_comments_from_files)."""
    return tuple(int(part) for part in name.split("_") if re.fullmatch(r"\d+", part))[:2]


@pytest.fixture
def hand_back(tmp_path):
    """Return a function that runs the command; gives what it said and the zip's {name: content}."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    for student in ("ada", "bob"):
        folder = tmp_path / "out" / "feedback" / student / "01_mini"
        folder.mkdir(parents=True)
        (folder / "exercises.html").write_text(f"<p>{student}")

    def run(download, *options, code=0):
        options = ["--out", str(tmp_path / "out"), "--roster", str(tmp_path / "roster.csv"), *map(str, options)]
        done = CliRunner().invoke(app, ["hand-back", str(download), *options], env={"COLUMNS": "300"})
        assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
        path = tmp_path / "out" / "feedback-01_mini.zip"
        if not path.exists():
            return done.output, {}
        with zipfile.ZipFile(path) as found:
            return done.output, {name: found.read(name).decode() for name in found.namelist()}

    return run


def archive(path, *names):
    with zipfile.ZipFile(path, "w") as made:
        for name in names:
            made.writestr(name, b"work")
    return path


def test_moodle_reads_each_page_as_its_participants(hand_back, tmp_path):
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    said, pages = hand_back(tmp_path / "worksheet.csv")
    assert {in_moodle(name): page for name, page in pages.items()} == {
        (12, "assignfeedback_file", "01_mini.html"): "<p>ada",
        (13, "assignfeedback_file", "01_mini.html"): "<p>bob",
    }
    assert not any(set(name) & set("/\\") for name in pages)
    assert "2 pages packed" in said


def test_an_archive_of_moodles_says_the_numbers_too(hand_back, tmp_path):
    names = [f"{name}_assignsubmission_file/exercises.ipynb" for name in ("Ada Lovelace_12", "Bob_13")]
    _, pages = hand_back(archive(tmp_path / "download.zip", *names))
    assert sorted(in_moodle(name)[0] for name in pages) == [12, 13]


def test_canvas_reads_the_student_and_an_upload_of_theirs(hand_back, tmp_path):
    names = ["lovelaceada_LATE_4711_901_exercises.ipynb", "lovelaceada_LATE_4711_905_exercises-1.ipynb"]
    _, pages = hand_back(archive(tmp_path / "download.zip", *names, "bob_4712_77_exercises.ipynb"))
    assert {in_canvas(name): page for name, page in pages.items()} == {(4711, 905): "<p>ada", (4712, 77): "<p>bob"}


def test_who_has_no_page_or_no_place_is_listed(hand_back, tmp_path):
    names = ["cam_4713_5_exercises.ipynb", "eve_99_6_exercises.ipynb", "ada_4711_7_exercises.ipynb"]
    said, pages = hand_back(archive(tmp_path / "download.zip", *names), code=3)
    assert len(pages) == 1
    words = " ".join(said.split())
    assert "1 with a page and not in the download: bob" in words
    assert "1 in the download without a page: cam" in words
    assert "1 in the download and not known: eve_99" in words


def test_a_teams_number_is_no_participants(hand_back, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "groups.csv").write_text("group,student\nred,ada\nred,bob\n")
    download = archive(tmp_path / "download.zip", "red_12_assignsubmission_file/exercises.ipynb")
    said, pages = hand_back(download, "--course", tmp_path / "course", code=3)
    assert "give the grading worksheet instead" in said
    assert pages == {}


def test_nothing_is_written_by_a_dry_run_or_over_another_file(hand_back, tmp_path):
    (tmp_path / "worksheet.csv").write_text(WORKSHEET)
    said, pages = hand_back(tmp_path / "worksheet.csv", "--dry-run")
    assert "2 pages would be packed" in said
    assert pages == {}
    (tmp_path / "mine.zip").write_text("mine")
    assert "is there already" in hand_back(tmp_path / "worksheet.csv", "--to", tmp_path / "mine.zip", code=2)[0]
    assert (tmp_path / "mine.zip").read_text() == "mine"


def test_what_is_neither_is_refused(hand_back, tmp_path):
    (tmp_path / "canvas.csv").write_text("Student,ID,Section,01_mini (7)\n")
    assert "expected Moodle's grading worksheet" in hand_back(tmp_path / "canvas.csv", code=2)[0]
    assert "No such file" in hand_back(tmp_path / "none.zip", code=2)[0]
    said, _ = hand_back(tmp_path / "canvas.csv", "--out", tmp_path / "empty", code=2)
    assert "no feedback pages: grade first" in said


def test_equal_pages_make_equal_bytes(tmp_path):
    (tmp_path / "a.html").write_text("a")
    data = zip_of({"a.html": tmp_path / "a.html"})
    assert data == zip_of({"a.html": tmp_path / "a.html"})
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
