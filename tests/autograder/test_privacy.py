"""Nothing of students is in the repository or could get there by an ordinary `git add`; files hold ids, no names."""

import inspect
import json
import re
import subprocess
from pathlib import Path

import pytest
import typer

from autograder.__main__ import COMMANDS, app
from autograder.forget import CLASS_FILES
from autograder.grade import grade_class
from autograder.results import forgotten

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
OF_STUDENTS = re.compile(
    r"(^|/)(gradebook\.db|results(-[^/]*)?\.json|audit\.jsonl|(rounds|journal)\.sqlite|grades\.csv|timestamp\.txt)"
    r"|(^|/)(roster|groups|times|extensions)\.csv$"
    r"|(^|/)(submitted|autograded|counted|inbound|history|graded)/"
    r"|\.(zip|db|sqlite|jsonl|csv)$"
)


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    if "not a git repository" in done.stderr:
        pytest.skip("this copy is no git repository")
    return done


def committed():
    return git("ls-files").stdout.splitlines()


def test_no_file_of_students_is_committed():
    paths = committed()
    assert len(paths) > 300
    assert [path for path in paths if OF_STUDENTS.search(path)] == []


@pytest.mark.parametrize(
    "path",
    [
        "a/results.json",
        "gradebook.db",
        "x/history/ada/01/1/e.ipynb",
        "build2/graded/y.html",
        "roster.csv",
        "m/moodle.zip",
    ],
)
def test_the_look_at_the_repository_would_see_such_a_file(path):
    assert OF_STUDENTS.search(path)


def test_every_committed_notebook_is_the_courses_own_and_has_no_outputs():
    notebooks = [path for path in committed() if path.endswith(".ipynb")]
    assert notebooks
    for path in notebooks:
        assert path.startswith("course/"), path
        for cell in json.loads((ROOT / path).read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs"), path
            assert "plainnet" not in cell["metadata"], f"{path}: a cell that a student added"


def default_places():
    """Return the folders and files that the commands write by default, or that their examples name."""
    group = typer.main.get_command(app)
    found = set()
    for name in COMMANDS:
        made = group.get_command(None, name)
        found |= {str(one.default) for one in made.params if one.name in ("out", "to", "cache") and one.default}
        found |= set(re.findall(r"--(?:out|to) (\S+)", made.help))
    return {str(Path(path).relative_to(ROOT)) if Path(path).is_absolute() else path for path in found}


def test_git_ignores_the_places_where_commands_write_by_default():
    places = {path for path in default_places() if not path.startswith("..")}
    assert {"build/graded", "build/known"} <= places
    for place in places:
        assert git("check-ignore", "-q", f"{place}/x").returncode == 0, place


@pytest.mark.parametrize("folder", ["", "build/graded/", "graded/", "marks/term1/"])
@pytest.mark.parametrize(
    "name", ["results.json", "results-two.json", "gradebook.db", "audit.jsonl", "grades.csv", *CLASS_FILES]
)
def test_git_ignores_results_wherever_they_are(folder, name):
    assert git("check-ignore", "-q", folder + name).returncode == 0


@pytest.mark.parametrize("folder", ["submitted", "graded", *forgotten.BY_STUDENT])
def test_git_ignores_students_folders_at_the_root(folder):
    assert git("check-ignore", "-q", f"{folder}/ada/01_graphs/exercises.ipynb").returncode == 0


def test_git_ignores_nothing_that_is_committed():
    assert git("ls-files", "-ci", "--exclude-standard").stdout == ""


@pytest.mark.parametrize("name", [*forgotten.BY_STUDENT, *CLASS_FILES, "rounds.sqlite", "audit.jsonl", "gradebook.db"])
def test_the_page_names_every_place_that_forget_looks_into(name):
    assert name in PAGE
    assert "test_privacy.py" in PAGE


def test_forget_looks_into_every_place_with_a_function_of_its_own():
    from autograder.forget import Forgetting

    source = inspect.getsource(Forgetting)
    public = [name for name, made in vars(forgotten).items() if inspect.isfunction(made) and name[0] != "_"]
    ours = [
        name for name in public if vars(forgotten)[name].__module__ == forgotten.__name__ and name != "remove_folder"
    ]
    assert len(ours) > 7
    assert [name for name in ours if f"forgotten.{name}(" not in source] == []


@pytest.mark.sandbox
@pytest.mark.slow
def test_results_hold_ids_and_no_name_or_address_of_the_roster(mini_course, hand_in, tmp_path, out):
    (mini_course / "roster.csv").write_text("id,name,email,idnumber\ns1,Augusta Lovelace,countess@example.org,77123\n")
    grade_class(hand_in("s1", {}), mini_course, out, jobs=1, cache=tmp_path / "known")
    for path in (path for path in tmp_path.rglob("*") if path.is_file() and path.name != "roster.csv"):
        data = path.read_bytes()
        for secret in (b"Augusta", b"Lovelace", b"countess", b"77123"):
            assert secret not in data, path
