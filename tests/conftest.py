"""One browser for all tests; what this machine lacks is said once, at the end, with the number of tests left out."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import autograder  # noqa: F401 - before nbformat: it keeps jsonschema from compiling grammars for seconds

# a busy machine is no fault, and Hypothesis's first text in a fresh clone takes seconds
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

BROWSER_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def can_sandbox():
    """Return whether bubblewrap can make namespaces here."""
    if not shutil.which("bwrap"):
        return False
    probe = ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def postgres_programs():
    """Return the folder of the newest PostgreSQL server's programs, or None; Debian leaves them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = found[-1] if found else shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


HUB = Path(os.environ.get("PLAINNET_HUB") or Path(__file__).parents[1] / "build" / "hub")


def can_run_a_hub():
    """Return whether this machine has a JupyterHub to try, and may make users for it."""
    programs = ("bin/jupyterhub", "bin/jupyterhub-singleuser", "node_modules/.bin/configurable-http-proxy")
    here = all((HUB / program).exists() for program in programs) and importlib.util.find_spec("jupyterhub")
    return here and os.geteuid() == 0 and shutil.which("useradd")


NEEDS = {  # marker: (can it run here?, what to do where it can't)
    "sandbox": (can_sandbox, "needs bubblewrap: sudo apt-get install bubblewrap libseccomp2"),
    "browser": (
        lambda: os.environ.get("CHROME") or shutil.which("chromium"),
        "needs a browser: sudo apt-get install chromium (or set CHROME to a Chromium binary)",
    ),
    "postgres": (
        lambda: postgres_programs() and importlib.util.find_spec("psycopg"),
        "needs a PostgreSQL server and its driver: sudo apt-get install postgresql; "
        "python3 -m pip --python .venv/bin/python install 'psycopg[binary]'",
    ),
    "hub": (can_run_a_hub, "needs root, and a JupyterHub in build/hub and in .venv: docs/deployment.md says how"),
    "torch": (
        lambda: importlib.util.find_spec("torch"),
        "needs PyTorch: python3 -m pip --python .venv/bin/python install torch==2.13.0",
    ),
}


def pytest_collection_modifyitems(items):
    lacking = {}
    for item in items:
        # a file's tests run in one worker, for their fixtures; proofs of chapters take long and may go apart
        proof = item.path.name == "test_chapters.py" and hasattr(item, "callspec") and item.callspec.params.get("name")
        item.add_marker(pytest.mark.xdist_group(f"{item.path}{proof or ''}"))
        for marker, (present, remedy) in NEEDS.items():
            if item.get_closest_marker(marker):
                if marker not in lacking:
                    lacking[marker] = not present()
                if lacking[marker]:
                    item.add_marker(pytest.mark.skip(reason=remedy))


def pytest_terminal_summary(terminalreporter):
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in reasons.items():
        terminalreporter.write_line(f"{count} test(s) did not run: {reason.removeprefix('Skipped: ')}")


@pytest.fixture(scope="session")
def postgres():
    """Return the URL of a database of a PostgreSQL server of our own, on a socket in a temporary folder."""
    programs = postgres_programs()
    as_user = {"user": "nobody"} if os.geteuid() == 0 else {}  # the server refuses to run as root
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if as_user:
            shutil.chown(folder, "nobody")

        def run(program, *arguments):
            command = [programs / program, "-D", f"{folder}/data", *arguments]
            done = subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, **as_user)
            assert done.returncode == 0, f"{program} failed"

        run("initdb", "--auth=trust", "--username=grader", "--no-sync")
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "start", "--wait", f"--log={folder}/log", f"--options={options}")
        try:
            yield f"postgresql://grader@/postgres?host={folder}"
        finally:
            run("pg_ctl", "stop", "--wait", "--mode=immediate")


@pytest.fixture(scope="session")
def hub_place():
    """Return the folder where jupyterhub and its proxy are installed."""
    return HUB


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker: Playwright can't be started twice in a thread."""
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("CHROME") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()
