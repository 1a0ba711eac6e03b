"""The project's own promises: bounds that agree, locks without addresses, no path of any machine in the tree."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"matplotlib": "matplotlib-base"}  # conda-forge splits the GUI toolkits off


def tracked_files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def split_requirement(text):
    name, bounds = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(.*)", text).groups()
    return name.lower(), bounds


def test_environment_yml_has_the_bounds_of_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    conda = dict(split_requirement(entry) for entry in environment["dependencies"] if entry != "pip")
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["student"]]
    expected = {CONDA_NAMES.get(name, name): bounds for name, bounds in map(split_requirement, wanted)}
    expected["python"] = PROJECT["requires-python"]
    assert conda == expected


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-student.lock"])
def test_locks_pin_with_hashes_and_name_no_registry(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = re.findall(r"^([a-z0-9._-]+)==\S+.*\\$", text, re.MULTILINE)
    assert "numpy" in pins
    assert "torch" not in pins
    assert "://" not in text
    assert "--index-url" not in text
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, f"no hash for {block.splitlines()[0]}"


def test_student_lock_is_part_of_the_full_lock():
    def pins(name):
        text = (ROOT / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9._-]+==[^\s;\\]+)", text, re.MULTILINE))

    assert pins("requirements-student.lock") <= pins("requirements.lock")


def test_no_file_names_a_path_of_a_machine():
    pattern = re.compile(rb"(?<![\w.])/(?:home|Users)/[a-z][\w-]+/|/roo[t]/|" + re.escape(str(ROOT)).encode() + rb"\b")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix != ".lock" and pattern.search(path.read_bytes())
    ]
    assert not found


def test_every_make_target_of_the_readme_exists():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    for document in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"`make ([a-z]+)", (ROOT / document).read_text(encoding="utf-8")))
        assert named <= targets, f"{document} names targets that the Makefile lacks: {sorted(named - targets)}"


LINK = re.compile(r"\]\(([^()\s]+)\)")
ELSEWHERE = re.compile(r"[a-z]+:")  # https:, mailto:


def prose_of(path):
    if path.suffix == ".md":
        return re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def anchors_of(path):
    """Return the anchors that GitHub makes of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose_of(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings}


def test_every_relative_link_of_pages_and_notebooks_leads_somewhere():
    student = ROOT / "autograder" / "author" / "student"  # its page stands in the students' repository, beside these
    broken, count = [], 0
    for path in tracked_files():
        if path.suffix != ".md" and not (path.suffix == ".ipynb" and path.is_relative_to(ROOT / "course")):
            continue
        base = ROOT if path.parent == student else path.parent
        for link in LINK.findall(prose_of(path)):
            if ELSEWHERE.match(link) or link.startswith("@"):
                continue
            count += 1
            name, _, anchor = link.partition("#")
            target = base / name if name else path
            if not target.exists() or (anchor and target.suffix == ".md" and anchor not in anchors_of(target)):
                broken.append(f"{path.relative_to(ROOT)}: {link}")
    assert count > 200  # the pattern still finds them
    assert not broken


def test_nothing_tracked_stands_under_build_or_holds_a_submission():
    parts = {part for path in tracked_files() for part in path.relative_to(ROOT).parts}
    assert not parts & {"submitted", "autograded", "feedback", "gradebook.db", ".venv"}
