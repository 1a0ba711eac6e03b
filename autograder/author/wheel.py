"""plainnet alone as a wheel for students: no grader in it, the student's dependencies, the same bytes each time."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

EPOCH = "1580601600"  # 2 February 2020: a zip file needs some time, and it has to be the same one always


def build_wheel(root, out):
    """Build the students' wheel from `lib/plainnet`, without network.

    Parameters
    ----------
    root : Path
        The repository, with pyproject.toml and lib/plainnet.
    out : Path
        The folder for the wheel.

    Returns
    -------
    Path

    Raises
    ------
    RuntimeError
        With the builder's words, where it fails.
    """
    root, out = Path(root), Path(out).resolve()
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        shutil.copytree(root / "lib" / "plainnet", folder / "plainnet", ignore=_not_source)
        for path in sorted(folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        for name in project["license-files"]:
            shutil.copyfile(root / name, folder / name)
        (folder / "pyproject.toml").write_text(_pyproject(project), encoding="utf-8")
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
        environment = dict(os.environ, SOURCE_DATE_EPOCH=EPOCH)
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"hatchling could not build plainnet's wheel:\n{done.stdout}{done.stderr}")
    (wheel,) = out.glob(f"plainnet-{project['version']}-*.whl")
    return wheel


def _not_source(folder, names):
    return [name for name in names if name == "__pycache__" or name.endswith(".pyc") or name.startswith(".")]


def _pyproject(project):
    """Return the pyproject.toml of the library alone; a JSON string is a TOML string, and so are lists of them."""
    lines = [
        "[build-system]",
        'requires = ["hatchling"]',
        'build-backend = "hatchling.build"',
        "[project]",
        *(f"{key} = {json.dumps(project[key])}" for key in ("name", "version", "requires-python", "license")),
        f"license-files = {json.dumps(project['license-files'])}",
        'description = "The library of a deep-learning course from first principles: NumPy only, made to be read."',
        f"dependencies = {json.dumps(project['dependencies'] + project['optional-dependencies']['student'])}",
        "[tool.hatch.build.targets.wheel]",
        'packages = ["plainnet"]',
    ]
    return "\n".join(lines) + "\n"
