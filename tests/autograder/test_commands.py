"""Every command of `python -m autograder`: an example that can be typed, exit codes, a dry run that writes nothing."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from autograder.__main__ import app

ROOT = Path(__file__).parents[2]
GROUP = typer.main.get_command(app)
NAMES = GROUP.list_commands(None)
WRITE_NOTHING = {"explain"}  # its help says so


def run(*arguments, code=0):
    """Run a command; return what it said, without the frames around it."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
    return " ".join(re.sub("[│╭╮╰╯─]", " ", done.output).split())


def help_of(name):
    """Return a command's own words about itself."""
    return " ".join(GROUP.get_command(None, name).help.split())


def snapshot(folder):
    """Return every file below a folder with its content and its time."""
    return {path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in folder.rglob("*")}


@pytest.mark.parametrize("name", NAMES)
def test_help_has_an_example_that_can_be_typed(name):
    assert "Example: python -m autograder" in run(name, "--help")
    example = re.search(r"Example: python -m autograder (.+?)(?= Exit codes:|$)", help_of(name))[1]
    command, *arguments = shlex.split(example)
    assert command == name
    GROUP.get_command(None, name).make_context(name, list(arguments))  # a wrong option or value raises


@pytest.mark.parametrize("name", NAMES)
def test_help_says_what_the_exit_codes_mean(name):
    assert re.search(r"Exit codes: 0 \w+", run(name, "--help"))


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_explained(name):
    for parameter in GROUP.get_command(None, name).params:
        assert parameter.name == "help" or parameter.help, f"{name}: {parameter.name}"


@pytest.mark.parametrize("name", NAMES)
def test_what_writes_can_be_tried_without_writing(name):
    options = {option for parameter in GROUP.get_command(None, name).params for option in parameter.opts}
    if name in WRITE_NOTHING:
        assert "othing is written" in help_of(name)
    else:
        assert "--dry-run" in options


@pytest.mark.parametrize("name", NAMES)
def test_an_option_that_does_not_exist_is_wrong_use(name):
    assert "No such option" in run(name, "--no-such-option", code=2)


@pytest.fixture
def class_of_two(mini_course, hand_in):
    """The folder with two students' submissions; the course stands beside it."""
    hand_in("ada", {"why": "Because."})
    return hand_in("bob", {})


@pytest.mark.slow
def test_dry_runs_write_nothing_and_say_what_would_be(class_of_two, mini_course, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    before = snapshot(tmp_path)
    for said, *arguments in (
        ("2 submissions would be graded", "grade", class_of_two, "--course", mini_course),
        ("5 submissions of 01_mini would be", "sample-class", "01_mini", "--students", 5, "--course", mini_course),
        ("would write", "build", "01_graphs", "--course", tmp_path / "made"),
        ("nothing was written", "build", "01_graphs", "--course", tmp_path / "made"),
        ("exercises.ipynb", "release", "01_graphs"),
        ("lecture.ipynb and write", "site"),
        ("would copy", "lecture", "01_graphs"),
        ("would write a page for each demo", "gallery"),
        ("24 students in", "demo", "01_graphs", "--course", tmp_path / "made"),
    ):
        assert said in run(*arguments, "--out", tmp_path / "out", "--dry-run")
    assert re.search(r"01_mini: \d\d+ examinations", run("prove", "--course", mini_course, "--dry-run"))
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("name", ["grade", "build", "release", "sample-class", "site", "gallery", "lecture"])
@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_file_where_a_folder_should_be_is_said(name, where, class_of_two, mini_course, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    (tmp_path / "file").write_text("mine")
    arguments = {
        "grade": [class_of_two, "--course", mini_course],
        "sample-class": ["01_mini", "--course", mini_course],
        "release": ["01_graphs"],
        "build": ["01_graphs", "--course", tmp_path / "made"],
        "lecture": ["01_graphs"],
    }
    code = 1 if name == "release" else 2
    assert "is a file" in run(name, *arguments.get(name, []), "--out", tmp_path / where, code=code)
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("name", ["site", "gallery", "lecture", "sample-class"])
def test_a_folder_of_somebody_elses_is_not_replaced(name, mini_course, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    work = tmp_path / "mine" / {"lecture": "01_graphs", "sample-class": "submitted"}.get(name, "")
    work.mkdir(parents=True)
    (work / "thesis.txt").write_text("years of work")
    arguments = {"lecture": ["01_graphs"], "sample-class": ["01_mini", "--course", mini_course]}
    said = run(name, *arguments.get(name, []), "--out", tmp_path / "mine", code=2)
    assert "none of sample-class's" in said or "did not write" in said
    assert (work / "thesis.txt").read_text() == "years of work"


def test_grade_says_what_is_wrong_with_where_the_submissions_are(class_of_two, mini_course, tmp_path):
    options = ["--course", mini_course, "--out", tmp_path / "out"]
    assert "does not exist: say where the submissions are" in run("grade", tmp_path / "nowhere", *options, code=2)
    (tmp_path / "empty").mkdir()
    assert "holds no submission: expected STUDENT/ASSIGNMENT/" in run("grade", tmp_path / "empty", *options, code=2)
    (tmp_path / "other" / "ada" / "ps1").mkdir(parents=True)
    said = run("grade", tmp_path / "other", *options, code=2)
    assert "submissions of ps1, and" in said
    assert "but 01_mini" in said
    said = run("grade", tmp_path / "other", *options, "--assignment", "01_mini", code=2)
    assert "holds no submission of 01_mini" in said
    assert "holds no submission of 01_mini by eve" in run("grade", class_of_two, *options, "--student", "eve", code=2)
    options[1] = tmp_path / "nocourse"
    assert "is no nbgrader course" in run("grade", class_of_two, *options, code=2)
    assert not (tmp_path / "out").exists()


def test_site_says_where_it_found_no_lecture(tmp_path):
    assert "holds no lectures" in run("site", "--course", "/nosuch", "--out", tmp_path / "site", code=2)
    assert not (tmp_path / "site").exists()


def test_a_sandbox_that_cannot_be_had_is_said(mini_course, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    said = run("sample-class", "01_mini", "--course", mini_course, "--out", tmp_path / "class", code=1)
    assert "bubblewrap is missing" in said


@pytest.mark.sandbox
@pytest.mark.slow
def test_long_work_shows_a_bar_on_a_terminal_and_is_quiet_elsewhere(mini_course, tmp_path):
    arguments = ["sample-class", "01_mini", "--students", "4", "--course", str(mini_course)]
    arguments += ["--cache", str(tmp_path / "known"), "--out", str(tmp_path / "class")]
    command = [sys.executable, "-m", "autograder", *arguments]
    quiet = subprocess.run(command, capture_output=True, text=True, check=True)
    assert quiet.stdout.count("\n") == 1
    assert quiet.stderr == ""
    terminal = ["script", "--quiet", "--return", "--command", shlex.join(command), "/dev/null"]
    shown = subprocess.run(terminal, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    assert "making a class for 01_mini" in shown.stdout
    assert "4/4" in shown.stdout
