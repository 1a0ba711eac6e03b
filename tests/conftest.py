"""One browser for all tests; what this machine lacks is said once, at the end, with the number of tests left out."""

import importlib.util
import os
import shutil
import subprocess
from collections import Counter

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


NEEDS = {  # marker: (can it run here?, what to do where it can't)
    "sandbox": (can_sandbox, "needs bubblewrap: sudo apt-get install bubblewrap libseccomp2"),
    "browser": (
        lambda: os.environ.get("CHROME") or shutil.which("chromium"),
        "needs a browser: sudo apt-get install chromium (or set CHROME to a Chromium binary)",
    ),
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
def browser():
    """One Chromium for all tests of a worker: Playwright can't be started twice in a thread."""
    from playwright.sync_api import sync_playwright

    executable = os.environ.get("CHROME") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()
