"""Make .venv and install what requirements.lock names; `make` runs it before every target.

Needs Python 3.11 to 3.13 with pip, and nothing else. Done once, it costs a fraction of a second: a stamp in .venv holds
the hash of what was installed. What the system lacks is installed where that is possible (root on Debian), announced
before; otherwise the exact command is named, and the tests that need it say at their end that they did not run.
"""

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "plainnet-stamp"

SYSTEM = {  # what we look for: (present?, Debian package, what goes without it)
    "bubblewrap": (lambda: shutil.which("bwrap"), "bubblewrap", "nothing is graded: the sandbox"),
    "libseccomp": (
        lambda: ctypes.util.find_library("seccomp"),
        "libseccomp2",
        "nothing is graded: the sandbox's filter",
    ),
    "chromium": (
        lambda: os.environ.get("CHROME") or shutil.which("chromium") or shutil.which("google-chrome"),
        "chromium fonts-dejavu-core",
        "the browser tests do not run",
    ),
    "libatomic": (lambda: ctypes.util.find_library("atomic"), "libatomic1", "the browser tests do not run"),
}


def main():
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit(
            f"plainnet needs Python 3.11, 3.12 or 3.13; this is {sys.version.split()[0]} ({sys.executable}). "
            "Name another one: make PYTHON=python3.12"
        )
    install_system_packages()
    fingerprint = what_is_wanted()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == fingerprint:
        return
    start = time.perf_counter()
    STAMP.unlink(missing_ok=True)
    make_venv()
    print("setup: installing what requirements.lock names", flush=True)
    uv = [PYTHON, "-m", "uv", "pip"]
    run(*uv, "sync", "--quiet", "--require-hashes", "--python", PYTHON, "requirements.lock")
    run(*uv, "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ".")
    STAMP.write_text(fingerprint)
    print(f"setup: ready in {time.perf_counter() - start:.0f} s", flush=True)


def what_is_wanted():
    """Return a hash that changes when the environment has to be made again."""
    digest = hashlib.sha256(sys.version.encode())
    for name in ("requirements.lock", "pyproject.toml", ".ci/setup.py"):
        digest.update((ROOT / name).read_bytes())
    digest.update(os.fsencode(ROOT))  # an editable installation points at this folder
    return digest.hexdigest()


def install_system_packages():
    """Install what Debian can give us when we may; otherwise say what is missing and how to get it."""
    missing = {name: (package, loss) for name, (present, package, loss) in SYSTEM.items() if not present()}
    if not missing:
        return
    packages = " ".join(package for package, _ in missing.values())
    if shutil.which("apt-get") and os.geteuid() == 0:
        print(f"setup: installing system packages: {packages}", flush=True)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages.split()]):
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                print(f"setup: {' '.join(command)} failed:\n{done.stderr[-2000:]}", flush=True)
                break
        missing = {name: entry for name, entry in missing.items() if not SYSTEM[name][0]()}
    for name, (package, loss) in missing.items():
        print(f"setup: {name} is missing, so {loss}. To get it: sudo apt-get install {package}", flush=True)


def make_venv():
    """Make .venv with uv in it. Debian without python3-venv has no ensurepip: then this Python's own pip does it."""
    if not PYTHON.exists():
        print(f"setup: making {VENV.name} with Python {sys.version.split()[0]}", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True)
        if made.returncode:
            shutil.rmtree(VENV, ignore_errors=True)
            run(sys.executable, "-m", "venv", "--without-pip", VENV)
    has_uv = subprocess.run([PYTHON, "-m", "uv", "--version"], capture_output=True).returncode == 0
    if not has_uv:
        has_pip = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0
        pip = [PYTHON, "-m", "pip"] if has_pip else [sys.executable, "-m", "pip", "--python", PYTHON]
        run(*pip, "install", "--quiet", "--disable-pip-version-check", "uv>=0.9")


def run(*command):
    """Run a command from the root; stop with its own words when it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT)
    if done.returncode:
        sys.exit(f"setup: this command failed: {' '.join(str(part) for part in command)}")


if __name__ == "__main__":
    main()
