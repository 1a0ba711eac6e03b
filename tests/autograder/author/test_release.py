"""The students' repository: what is in it, what is not, where it may be written, and that start.py starts it."""

import ast
import hashlib
import io
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import nbformat
import numpy
import pytest
import yaml
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author.build import ROOT, load_checked
from autograder.author.leaks import find_leaks
from autograder.author.release import STUDENT, bundle, check_paths, release

TOLD_TO_NOBODY = [
    *("np.exp(z - z.max(", "SMALLEST)).mean()", "-np.log(0.1)"),  # solutions
    *("rng.normal(size=(5, 4))", "1000.0", "rng.integers", "assert_allclose"),  # hidden tests
    *("top = max(z.ravel())", "logaddexp"),  # known answers
]
NOT_EVEN_IN_THE_LIBRARY = [
    *("exp overflows", "MARK SCHEME"),  # the rubric
    *("Every row needs its own maximum", "whole-array-maximum"),  # hints
    *("BEGIN SOLUTION", "HIDDEN TESTS", "begin_hidden_test", "autograder", "mistakes.py"),  # our tools
]
OURS = {
    *(".gitattributes", ".gitignore", ".release.json", "LICENSE", "LICENSE-course.md", "README.md", "environment.yml"),
    *("requirements-student.lock", "start.py", "course/index.ipynb", "course/glossary.ipynb"),
    *("course/01_tiny/exercises.ipynb", "course/01_tiny/lecture.ipynb"),
}


def make_root(folder, sources):
    """Write a repository like ours, with the small chapter."""
    unwanted = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "lib" / "plainnet", folder / "lib" / "plainnet", ignore=unwanted)
    for name in ("pyproject.toml", "LICENSE", "LICENSE-course.md", "environment.yml", "requirements-student.lock"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "solutions" / "01_tiny").mkdir(parents=True)
    for name, text in sources.items():
        (folder / "solutions" / "01_tiny" / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def root(tiny_sources, tmp_path):
    """A repository like ours with the small chapter."""
    return make_root(tmp_path, tiny_sources)


@pytest.fixture(scope="module")
def released(tiny_sources, tmp_path_factory):
    """A release of the small chapter, not to be changed: the repository it comes from, with `out` in it."""
    root = make_root(tmp_path_factory.mktemp("root"), tiny_sources)
    release(root, ["01_tiny"], root / "out")
    return root


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def texts_in(files):
    """Yield every text of a release with its path: of notebooks and wheels what is inside."""
    for path, data in files.items():
        if path.endswith(".whl"):
            with zipfile.ZipFile(io.BytesIO(data)) as wheel:
                yield from texts_in({f"{path}/{name}": wheel.read(name) for name in wheel.namelist()})
        elif not path.endswith((".npz", ".png")):
            text = data.decode("utf-8")
            yield path, text
            if path.endswith(".ipynb"):
                yield path, "\n".join(cell.source for cell in nbformat.reads(text, 4).cells)


def test_a_release_holds_what_students_need_and_nothing_else(released):
    files = files_in(released / "out")
    (wheel,) = set(files) - OURS
    assert re.fullmatch(r"wheels/plainnet-[\d.]+-py3-none-any\.whl", wheel)
    assert set(files) - {wheel} == OURS
    assert not any(path.is_symlink() for path in (released / "out").rglob("*"))


def test_nothing_in_a_release_tells_what_students_must_not_know(released):
    found = [
        (path, secret)
        for path, text in texts_in(files_in(released / "out"))
        for secret in NOT_EVEN_IN_THE_LIBRARY + ([] if path.startswith("wheels/") else TOLD_TO_NOBODY)
        if secret in text
    ]
    assert found == []


def test_the_wheel_holds_the_library_alone(released):
    (wheel,) = (released / "out" / "wheels").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        inside = {name: archive.read(name) for name in names if ".dist-info/" not in name}
        metadata = archive.read(next(name for name in names if name.endswith("/METADATA"))).decode()
    assert inside == {f"plainnet/{path}": data for path, data in files_in(released / "lib" / "plainnet").items()}
    assert "Requires-Dist: nbclient" in metadata
    assert "nbgrader" not in metadata


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "line", "told"),
    [
        ("LICENSE", "Every row needs its own maximum: one is not enough.", "LICENSE"),
        ("lib/plainnet/data/notes.txt", "assert_allclose(softmax(z), want, rtol=1e-9)", "wheels/plainnet"),
        ("environment.yml", "2 points: exp overflows; the quotient stays the same.", "environment.yml"),
    ],
)
def test_a_leak_ends_the_release_before_anything_is_written(root, place, line, told):
    path = root / place
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + f"\n{line}\n")
    with pytest.raises(ValueError, match="students must not see") as caught:
        release(root, ["01_tiny"], root / "out")
    assert told in str(caught.value)
    assert line.strip() in str(caught.value)
    assert not (root / "out").exists()


def test_a_solution_in_a_notebook_is_found(tiny):
    cell = nbformat.v4.new_code_cell("def softmax(z):\n    e = np.exp(z - z.max(axis=1, keepdims=True))")
    notebook = nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()
    found = find_leaks([load_checked(tiny)], {"course/index.ipynb": notebook})
    assert found == [("course/index.ipynb", "e = np.exp(z - z.max(axis=1, keepdims=True))")]


@pytest.mark.slow
def test_a_chapter_that_is_not_released_stays_secret_too(root, write_chapter):
    other = (
        '# %% solution="other"\ndef other(z):\n    ### BEGIN SOLUTION\n    return z * 3.25 + 17\n    ### END SOLUTION\n'
    )
    other += '\n# %% test="other" points=1\nassert other(0)\n'
    write_chapter(other, lecture=None, mistakes=None, name="02_other")
    (root / "LICENSE").write_text("return z * 3.25 + 17\n")
    with pytest.raises(ValueError, match="students must not see"):
        release(root, ["01_tiny"], root / "out")


@pytest.mark.slow
def test_released_twice_the_bytes_are_the_same(root):
    chapters = [load_checked(root / "solutions" / "01_tiny")]
    assert bundle(root, chapters) == bundle(root, chapters)


def test_every_text_is_utf8_with_plain_line_ends(released):
    for path, text in texts_in(files_in(released / "out")):
        assert "\r" not in text, path
        assert not text.startswith("\ufeff"), path


def test_lock_and_environment_name_the_wheel(released):
    files = files_in(released / "out")
    (wheel,) = [path for path in files if path.endswith(".whl")]
    digest = hashlib.sha256(files[wheel]).hexdigest()
    assert f"./{wheel} \\\n    --hash=sha256:{digest}\n" in files["requirements-student.lock"].decode()
    dependencies = yaml.safe_load(files["environment.yml"])["dependencies"]
    assert dependencies[-1] == {"pip": ["--no-deps", f"./{wheel}"]}


def test_the_start_page_links_to_every_notebook(released):
    files = files_in(released / "out")
    text = "\n".join(cell.source for cell in nbformat.reads(files["course/index.ipynb"].decode(), 4).cells)
    links = re.findall(r"\]\((.+?)\)", text)
    assert links == ["01_tiny/lecture.ipynb", "01_tiny/exercises.ipynb", "glossary.ipynb"]
    assert all(f"course/{link}" in files for link in links)
    assert "| Softmax |" in text


@pytest.mark.slow
def test_binder_and_colab_links_need_the_address(root):
    readme = release(root, ["01_tiny"], root / "out", url="https://github.com/uni/course")["README.md"].decode()
    assert "https://mybinder.org/v2/gh/uni/course/HEAD?urlpath=lab/tree/course/index.ipynb" in readme
    assert "@" not in re.sub(r"\S+@\S+", "", release(root, ["01_tiny"], root / "out", force=True)["README.md"].decode())
    with pytest.raises(ValueError, match="address of a GitHub repository"):
        release(root, ["01_tiny"], root / "out", url="ftp://x", force=True)


@pytest.mark.slow
def test_a_folder_with_others_files_is_refused_unless_forced(root):
    out = root / "out"
    out.mkdir()
    (out / "thesis.tex").write_text("years of work")
    with pytest.raises(ValueError, match=r"is not empty \(thesis\.tex\) and no release"):
        release(root, ["01_tiny"], out)
    release(root, ["01_tiny"], out, force=True)
    assert (out / "thesis.tex").read_text() == "years of work"


@pytest.mark.slow
def test_a_git_repository_is_updated_in_place(root, write_chapter):
    out = root / "out"
    (out / ".git").mkdir(parents=True)
    (out / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    write_chapter(name="02_more")
    release(root, None, out)
    assert (out / "course" / "02_more" / "lecture.ipynb").exists()
    release(root, ["01_tiny"], out)
    assert not (out / "course" / "02_more" / "lecture.ipynb").exists()
    assert (out / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"


@pytest.mark.slow
def test_what_was_changed_since_is_not_overwritten_silently(root):
    out = root / "out"
    release(root, ["01_tiny"], out)
    (out / "README.md").write_text("our own words")
    with pytest.raises(ValueError, match=r"changed since it was released: README\.md"):
        release(root, ["01_tiny"], out)
    release(root, ["01_tiny"], out, force=True)
    assert "our own words" not in (out / "README.md").read_text()


@pytest.mark.slow
def test_a_link_in_the_folder_is_replaced_and_never_followed(root):
    out = root / "out"
    out.mkdir()
    (root / "precious.txt").write_text("keep")
    (out / "README.md").symlink_to(root / "precious.txt")
    release(root, ["01_tiny"], out, force=True)
    assert (root / "precious.txt").read_text() == "keep"
    assert not (out / "README.md").is_symlink()


@pytest.mark.parametrize(
    "paths",
    [
        ["course/aux.ipynb"],
        ["CON"],
        ["com1/x"],
        ["a:b"],
        ["a?"],
        ["name."],
        ["name /x"],
        ["über.ipynb"],
        ["Readme.md", "README.md"],
        ["A/x", "a/y"],
        ["x" * 121],
    ],
)
def test_names_that_some_system_refuses_are_refused(paths):
    with pytest.raises(ValueError, match=r"cannot be a name|are one name|too long"):
        check_paths(dict.fromkeys(paths, b""))


def test_ordinary_names_pass():
    check_paths(
        dict.fromkeys(["course/01_tiny/exercises.ipynb", "course/index.ipynb", "console.py", ".gitignore"], b"")
    )


def test_the_command_tells_by_its_exit_code(tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["release", *map(str, words)])

    assert run("--out", tmp_path / "a").exit_code == 2
    assert run("01_graphs").exit_code == 2
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("")
    refused = run("01_graphs", "--out", tmp_path / "full")
    assert refused.exit_code == 1
    assert "is not empty" in refused.output
    assert run("77_none", "--out", tmp_path / "a").exit_code == 1


# --- start.py ---


def test_start_reads_on_old_pythons_and_needs_only_the_standard_library():
    text = (STUDENT / "start.py").read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 4))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported <= sys.stdlib_module_names
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.JoinedStr)]
    assert text.isascii()


def test_another_python_is_refused_in_words(tmp_path):
    code = "import sys; sys.version_info = (3, 9, 2, 'final', 0); import runpy; sys.argv = ['start.py']; "
    code += f"runpy.run_path({str(STUDENT / 'start.py')!r}, run_name='__main__')"
    environment = dict(os.environ, PATH=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "This course needs Python 3.11, 3.12 or 3.13; this is Python 3.9.2" in done.stdout
    assert done.stderr == ""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """A release of the real chapters in a folder with blanks and umlauts."""
    out = tmp_path_factory.mktemp("students") / "Kurs Übung (1) & mehr"
    release(ROOT, None, out)
    return out


def start(folder, *words, **variables):
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON"))}
    command = [sys.executable, str(folder / "start.py"), *words]
    return subprocess.run(
        command,
        cwd=folder.parent,
        env=environment | variables,
        capture_output=True,
        encoding="utf-8",
        timeout=280,
    )


@pytest.fixture(scope="module")
def installed(unpacked):
    """The release as it is once installed, with this environment's packages in place of downloaded ones."""
    venv = unpacked / ".venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    (packages,) = (venv / "lib").glob("python*/site-packages")
    ours = Path(numpy.__file__).parents[1]
    (packages / "ours.pth").write_text(f"import site; site.addsitedir({str(ours)!r})\n")
    stamp = runpy.run_path(str(unpacked / "start.py"))["fingerprint"]()
    (venv / "installed.txt").write_text(stamp)
    return unpacked


NO_NETWORK = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull}


@pytest.mark.slow
def test_once_installed_it_starts_without_a_network(installed):
    begun = time.perf_counter()
    done = start(installed, "--install", **NO_NETWORK)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Installed. To open the course: {Path(sys.executable).name} start.py" in done.stdout
    assert done.stdout.count("Installed.") == 1
    assert time.perf_counter() - begun < 20  # nothing is installed again


@pytest.mark.slow
def test_start_opens_the_start_page(installed):
    command = [sys.executable, installed / "start.py", "--no-browser", "--ServerApp.token=secret", "--port", "8931"]
    log = installed.parent / "lab.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=installed.parent, stdout=output, stderr=output)
    try:
        page = fetch("http://127.0.0.1:8931/api/contents/index.ipynb?token=secret", process, log)
    finally:
        process.terminate()
        process.wait(30)
    assert "01_graphs/lecture.ipynb" in json.dumps(json.loads(page)["content"])


def fetch(address, process, log):
    for _ in range(120):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.5)
    pytest.fail(log.read_text())


@pytest.mark.slow
def test_start_checks_a_notebook(installed):
    done = start(installed, "check", os.path.join(installed.name, "course", "01_graphs", "exercises.ipynb"))
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"Visible tests passed: 0 of \d+ exercises", done.stdout)
    assert (installed / "course" / "01_graphs" / "handin" / "01_graphs" / "exercises.ipynb").exists()


@pytest.mark.slow
def test_check_shows_its_own_help_once_installed(installed):
    called = Path(sys.executable).name
    assert f"usage: {called} start.py check" in start(installed, "check", "--help").stdout
    assert f"{called} start.py --install" in start(installed, "--help").stdout


def test_the_readme_says_where_to_check_and_what_to_hand_in(released):
    readme = (released / "out" / "README.md").read_text()
    assert "python start.py check course/01_tiny/exercises.ipynb" in readme
    assert "!python -m plainnet.check exercises.ipynb" in readme
    assert "`course/01_tiny/handin/01_tiny/exercises.ipynb`" in readme
    assert "where your lecturer says, together with the receipt" in readme


@pytest.mark.parametrize("name", ["python3", "python3.11", "Python.exe"])
def test_messages_call_python_as_it_was_called(tmp_path, name):
    (tmp_path / name).symlink_to(sys.executable)
    done = subprocess.run([tmp_path / name, STUDENT / "start.py", "--help"], capture_output=True, text=True, timeout=60)
    assert f"    {name.removesuffix('.exe')} start.py --install" in done.stdout


def test_a_folder_in_which_no_environment_can_be_is_told(tmp_path):
    folder = tmp_path / f"week 1{os.pathsep} graphs"
    folder.mkdir()
    for file in (STUDENT / "start.py", ROOT / "requirements-student.lock"):
        shutil.copy(file, folder)
    done = start(folder, "--install")
    assert done.returncode == 1
    assert "rename it" in done.stdout


@pytest.mark.slow
def test_without_a_network_the_installation_says_so(unpacked, tmp_path):
    folder = tmp_path / "frisch"
    shutil.copytree(unpacked, folder, ignore=shutil.ignore_patterns(".venv", "handin"))
    done = start(folder, "--install", **NO_NETWORK)
    assert done.returncode == 1
    assert "There seems to be no connection to the internet" in done.stdout
    assert "--proxy" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.exhaustive
@pytest.mark.parametrize("platform", ["windows", "macos", "linux"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_package_has_a_wheel(unpacked, platform, version):
    words = ["pip", "install", "--dry-run", "--quiet", "--target", "none", "--require-hashes", "--only-binary", ":all:"]
    command = [sys.executable, "-m", "uv", *words, "--python-platform", platform, "--python-version", version]
    done = subprocess.run(
        [*command, "-r", "requirements-student.lock"], cwd=unpacked, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.exhaustive
def test_a_fresh_computer_installs_starts_and_checks(unpacked, tmp_path):
    folder = tmp_path / "ganz frisch, Ä"
    shutil.copytree(unpacked, folder, ignore=shutil.ignore_patterns(".venv", "handin"))
    command = [sys.executable, folder / "start.py", "check", folder / "course" / "01_graphs" / "exercises.ipynb"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=290)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(r"Visible tests passed: 0 of \d+ exercises", done.stdout)
    assert done.stdout.count("Installed.") == 0  # it goes on to what was asked for
