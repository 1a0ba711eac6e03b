"""Start the course.

    python start.py                   install what is missing, then open the course in JupyterLab
    python start.py --install         install only
    python start.py --again           install from scratch
    python start.py check NOTEBOOK    run a notebook from top to bottom and write the file to hand in
    python start.py --proxy http://host:port

Anything else goes to JupyterLab, such as --no-browser. Needs Python 3.11, 3.12 or 3.13 and no administrator
rights: all is installed into the folder .venv beside this file. Once installed, it needs no network.
"""

# Old Pythons have to be able to read this file, or they could not say that they are too old: no f-strings here.

import hashlib
import json
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
COURSE = os.path.join(ROOT, "course")
LOCK = os.path.join(ROOT, "requirements-student.lock")
VENV = os.path.join(ROOT, ".venv")
BIN = os.path.join(VENV, "Scripts" if os.name == "nt" else "bin")
PYTHON = os.path.join(BIN, "python.exe" if os.name == "nt" else "python")
STAMP = os.path.join(VENV, "installed.txt")

# as it was typed, so that what we print can be typed too: "python3 start.py"
CALL = os.path.basename(getattr(sys, "orig_argv", [""])[0] or sys.executable or "python")
CALL = (CALL[:-4] if CALL.lower().endswith(".exe") else CALL) + " start.py"

VERSIONS = ((3, 11), (3, 12), (3, 13))
NEEDED_SPACE = 10**9  # bytes; 430 MB are used in the end


def main(words):
    """Install what is missing, then do what the words say; return the exit code."""
    asks_check = words[:1] == ["check"] and is_installed()  # which has a help of its own
    if ("-h" in words or "--help" in words) and not asks_check:
        say(__doc__.replace("python start.py", CALL))
        return 0
    if sys.version_info[:2] not in VERSIONS:
        return go_on_with_another_python(words)
    words = list(words)
    if "--proxy" in words:
        at = words.index("--proxy")
        if at + 1 == len(words):
            return stop("--proxy needs an address: " + CALL + " --proxy http://host:port")
        os.environ["HTTP_PROXY"] = os.environ["HTTPS_PROXY"] = words[at + 1]
        del words[at : at + 2]
    if "--again" in words:
        words.remove("--again")
        shutil.rmtree(VENV, ignore_errors=True)
    if not is_installed():
        problem = install()
        if problem:
            return stop(problem)
    if "--install" in words:
        say("Installed. To open the course: " + CALL)
        return 0
    if words[:1] == ["check"]:
        os.environ["PLAINNET_CALL"] = CALL + " check"
        return call([PYTHON, "-m", "plainnet.check"] + words[1:], os.getcwd())
    return open_course(words)


def go_on_with_another_python(words):
    """Run this file with a Python that is new enough, if there is one; otherwise say what is needed."""
    for version in ((3, 12), (3, 13), (3, 11)):
        name = ".".join(str(part) for part in version)
        found = find_program("python" + name)
        if found:
            return subprocess.call([found, os.path.abspath(__file__)] + list(words))
        if find_program("py") and subprocess.call(["py", "-" + name, "-c", "0"], stderr=subprocess.PIPE) == 0:
            return subprocess.call(["py", "-" + name, os.path.abspath(__file__)] + list(words))
    return stop(
        "This course needs Python 3.11, 3.12 or 3.13; this is Python "
        + ".".join(str(part) for part in sys.version_info[:3])
        + " ("
        + sys.executable
        + ").\nInstall one from https://www.python.org/downloads/ (no administrator needed: choose 'for me only'),\n"
        + "then start again with it: 'py -3.12 start.py' on Windows, 'python3.12 start.py' elsewhere."
    )


def find_program(name):
    """Return the path of a program, or None."""
    which = getattr(shutil, "which", None)
    return which(name) if which else None


def is_installed():
    """Say whether .venv holds what the lock names, and still runs."""
    try:
        with open(STAMP, "rb") as stamp:
            done = stamp.read().decode("ascii", "replace")
    except OSError:
        return False
    there = "from importlib.util import find_spec as find; assert find('plainnet') and find('jupyterlab')"
    return done == fingerprint() and call([PYTHON, "-c", there], ROOT, quiet=True) == 0


def fingerprint():
    """Return what changes when something else has to be installed: the lock names the library's wheel too."""
    with open(LOCK, "rb") as lock:
        text = lock.read().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


def install():
    """Make .venv and install into it; return what went wrong in words, or None."""
    if not os.access(ROOT, os.W_OK):
        return "This folder is read-only: " + ROOT + "\nCopy the course to a place of your own and start it there."
    if os.pathsep in ROOT:
        return "The path of this folder holds a '" + os.pathsep + "', which Python cannot work with: rename it: " + ROOT
    if shutil.disk_usage(ROOT).free < NEEDED_SPACE:
        return "Less than 1 GB is free on the disk of " + ROOT + ": make room, then start again."
    say("Installing the course into " + VENV)
    problem = make_venv()
    if problem:
        return problem
    return install_packages()


def make_venv():
    """Make .venv with pip; return what went wrong in words, or None."""
    if call([PYTHON, "-m", "pip", "--version"], ROOT, quiet=True) == 0:
        return None
    shutil.rmtree(VENV, ignore_errors=True)
    if call([sys.executable, "-m", "venv", VENV], ROOT, quiet=True) == 0:
        return None
    # Debian and Ubuntu ship Python without the part that puts pip into a venv; this Python's own pip can fill it
    shutil.rmtree(VENV, ignore_errors=True)
    made = call([sys.executable, "-m", "venv", "--without-pip", VENV], ROOT, quiet=True) == 0
    if made and call([sys.executable, "-m", "pip", "--python", PYTHON, "--version"], ROOT, quiet=True) == 0:
        return None
    return (
        "This Python cannot make an environment (venv): "
        + sys.executable
        + "\nOn Debian and Ubuntu: sudo apt install python3-venv"
        + "\nWithout an administrator: install Python from https://www.python.org/downloads/, or use conda (README.md)."
    )


def install_packages():
    """Install what the lock names, each file checked by its hash; return what went wrong in words, or None."""
    own_pip = call([PYTHON, "-m", "pip", "--version"], ROOT, quiet=True) == 0
    pip = [PYTHON, "-m", "pip"] if own_pip else [sys.executable, "-m", "pip", "--python", PYTHON]
    # --no-deps: the lock names everything; the path in it is relative, so that any folder name works
    options = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    command = pip + ["install", "--progress-bar", "off"] + options + ["-r", os.path.basename(LOCK)]
    say("About 100 packages, 430 MB in the end: this takes a few minutes, once.")
    lines, count = [], 0
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
    )
    for line in process.stdout:
        lines.append(line.rstrip())
        if line.startswith(("Collecting ", "Processing ")):
            count += 1
            name = os.path.basename(line.split()[1]).replace("=", "-").split("-")[0]
            say("  " + str(count) + ": " + name.ljust(30), end="\r")
        elif line.startswith("Installing collected"):
            say("Unpacking, one more minute.")
    if process.wait() != 0:
        return explain(lines)
    write_settings()
    with open(STAMP, "wb") as stamp:
        stamp.write(fingerprint().encode("ascii"))
    return None


def write_settings():
    """Let JupyterLab ask no questions about news and updates, for which it would need a network."""
    folder = os.path.join(VENV, "share", "jupyter", "lab", "settings")
    os.makedirs(folder, exist_ok=True)
    settings = {"@jupyterlab/apputils-extension:notification": {"checkForUpdates": False, "fetchNews": "false"}}
    with open(os.path.join(folder, "overrides.json"), "w") as file:
        json.dump(settings, file)


def explain(lines):
    """Return pip's last words with the likely remedy."""
    text = "\n".join(lines)
    remedy = "Start again: what was downloaded is kept."
    signs = ("NewConnectionError", "ProxyError", "Temporary failure", "getaddrinfo", "timed out", "Max retries")
    if any(sign in text for sign in signs):
        remedy = (
            "There seems to be no connection to the internet. Behind a proxy, name it:\n"
            + "    "
            + CALL
            + " --proxy http://host:port"
        )
    elif "CERTIFICATE_VERIFY_FAILED" in text:
        remedy = "Your network replaces certificates: ask for its certificate file and set PIP_CERT to it."
    elif "No matching distribution" in text:
        remedy = "This Python may be a 32-bit one, or the system too old: use a 64-bit Python, or conda (README.md)."
    elif "DO NOT MATCH THE HASHES" in text:
        remedy = "A download was damaged or replaced on its way: try another network."
    elif os.name == "nt" and len(ROOT) > 100:
        remedy = (
            "The folder's path is long, which Windows may refuse: move the course to a shorter one, such as C:\\course."
        )
    return "\n".join(lines[-12:]) + "\n\nThe installation failed. " + remedy


def open_course(words):
    """Open the start page in JupyterLab; return its exit code."""
    say("Opening the course. To end it, close the browser tab and press Ctrl+C here.")
    command = [PYTHON, "-m", "jupyterlab", "index.ipynb"] + words
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")  # in a container, the only user there is
    if os.name == "nt":
        return call(command, COURSE)
    os.chdir(COURSE)
    os.execve(command[0], command, environment())  # so that Ctrl+C and other signals reach it directly


def environment():
    """Return the variables for our programs: nothing of another Python's, text in UTF-8, our programs first."""
    variables = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_NO_BINARY"):
        variables.pop(name, None)
    variables["PATH"] = BIN + os.pathsep + variables.get("PATH", "")
    variables.update(PYTHONUTF8="1", PYTHONNOUSERSITE="1", JUPYTER_PREFER_ENV_PATH="1", PIP_USER="0")
    return variables


def call(command, folder, quiet=False):
    """Run a program and return its exit code; 127 where there is none."""
    output = subprocess.PIPE if quiet else None
    try:
        process = subprocess.Popen(command, cwd=folder, env=environment(), stdout=output, stderr=output)
    except OSError:
        return 127
    while True:
        try:
            process.communicate()
            return process.returncode
        except KeyboardInterrupt:  # it has heard it too, and asks or ends by itself
            continue


def say(text, end="\n"):
    """Print text, also where the console cannot show every letter of a path."""
    encoding = getattr(sys.stdout, "encoding", None) or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding) + end)
    sys.stdout.flush()


def stop(text):
    """Say why we stop; return the exit code for it."""
    say("\n" + text)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
