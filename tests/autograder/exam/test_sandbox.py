"""The sandbox itself: limits, restarts, and what happens where a part of it can't be had."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

import pytest

from autograder.exam import sandbox as sandbox_module
from autograder.exam.boundary import StudentGone
from autograder.exam.sandbox import Limits, Sandbox, SandboxUnavailable

pytestmark = pytest.mark.sandbox


def test_without_bubblewrap_nothing_is_graded(monkeypatch):
    monkeypatch.setattr(sandbox_module.shutil, "which", lambda name: None)
    with pytest.raises(SandboxUnavailable, match=r"bubblewrap is missing.*apt-get install bubblewrap"), Sandbox():
        pass


def test_where_namespaces_are_forbidden_the_reason_and_a_way_out_are_given(monkeypatch, tmp_path):
    """A bwrap that fails as it does where users may make no namespaces."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace: user namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    command = sandbox_module.bubblewrap()
    monkeypatch.setattr(sandbox_module, "bubblewrap", lambda: [str(fake), *command[1:]])
    with (
        pytest.raises(SandboxUnavailable, match=r"No permissions to create(.|\n)*unprivileged_userns_clone"),
        Sandbox(),
    ):
        pass


def test_without_the_filter_of_system_calls_nothing_is_graded(monkeypatch):
    """libseccomp is hidden from the zygote: its process starts, and no student's does."""
    real = sandbox_module.bubblewrap()
    library = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True).stdout
    path = next(line.split("=>")[1].strip() for line in library.splitlines() if "libseccomp.so.2" in line)
    path = os.path.realpath(path)
    at = real.index("--remount-ro")
    without = [*real[:at], "--ro-bind", "/dev/null", path, *real[at:]]
    monkeypatch.setattr(sandbox_module, "bubblewrap", lambda: without)
    with Sandbox() as made, pytest.raises(SandboxUnavailable, match=r"(?i)seccomp"):
        made.student()


SEEN = """
from autograder.exam.sandbox import Sandbox
import os
print(os.geteuid() != 0, open("/proc/self/status").read().split("CapEff:")[1].split()[0])
with Sandbox() as sandbox, sandbox.student() as student:
    text = "print(os.listdir('/tmp'), open('/proc/self/status').read().split('CapBnd:')[1].split()[0])"
    print(student.boundary.run_cell("import os; " + text, "cell 1"))
"""


@pytest.mark.slow
def test_an_unprivileged_user_has_the_same_sandbox():
    """Root becomes another user first, to whom Python is shown elsewhere: it may stand in a folder of root's."""
    command, environment = [sys.executable], dict(os.environ)
    python, cache = tempfile.mkdtemp(dir="/var/tmp"), tempfile.mkdtemp()  # the sandbox has a /tmp of its own
    if os.geteuid() == 0:
        os.chmod(python, 0o755)
        os.chown(cache, 12345, 12345)
        drop = "setpriv --reuid 12345 --regid 12345 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs"
        script = f'mount --bind "{sys.base_prefix}" {python} && exec {drop} {python}/bin/python3 "$@"'
        command = ["unshare", "--mount", "sh", "-c", script, "sh"]
        environment |= {"PYTHONPATH": os.pathsep.join(sys.path), "HOME": cache}
    done = subprocess.run([*command, "-c", SEEN], capture_output=True, text=True, env=environment)
    os.rmdir(python)  # empty: the mount was that command's alone
    shutil.rmtree(cache)
    assert done.stderr == ""
    assert done.stdout == "True 0000000000000000\n('[] 0000000000000000\\n', None)\n"


@pytest.mark.slow
def test_packages_below_the_hidden_folder_can_be_imported_late():
    """A student's own /tmp hides them at their own place: a late import would fail, and cost an honest answer."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
        module = next(Path(folder).glob("lib/python*/site-packages")) / "only_here.py"
        module.write_text("answer = 42\n")
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        text = (
            "from autograder.exam.sandbox import Sandbox\n"
            "with Sandbox() as made, made.student() as student:\n"
            "    print(student.boundary.run_cell('import only_here; print(only_here.answer)', 'cell 1'))"
        )
        python = [Path(folder, "bin", "python"), "-c", text]
        done = subprocess.run(python, capture_output=True, text=True, env=environment)
    assert done.stdout == "('42\\n', None)\n", done.stderr


def test_a_python_below_the_hidden_folder_is_refused_in_words(monkeypatch):
    monkeypatch.setattr(sys, "base_prefix", "/tmp/python")
    with pytest.raises(SandboxUnavailable, match="Python is in /tmp/python"):
        Sandbox().start()


def test_students_can_be_trusted_in_so_many_words():
    with Sandbox(trust_students=True) as made, made.student() as student:
        assert made.name == "none (students are trusted)"
        assert student.boundary.run_cell("import os; print(os.path.exists('/etc/passwd'))", "cell 1") == (
            "True\n",
            None,
        )
        folder, pid = student.folder, student.host_pid
        student.boundary.run_cell("open('left', 'w').write('x')", "cell 2")
        assert os.listdir(folder) == ["left"]
    assert not os.path.exists(folder)
    assert not os.path.exists(f"/proc/{pid}")


@pytest.mark.slow
def test_a_zygote_that_died_is_started_again():
    with Sandbox() as made:
        made.zygote.kill()
        made.zygote.wait()
        with made.student() as student:
            assert student.boundary.run_cell("print(1)", "cell 1")[0] == "1\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("while True: pass", "it took too long"),
        ("import time; time.sleep(99)", "it took too long"),
        ("x = []\nwhile True: x.append(bytearray(10**7))", "it used more than 200 MB of memory"),
        (
            "import threading, time\nthreading.stack_size(1 << 16)\n"
            "while True: threading.Thread(target=time.sleep, args=(9,)).start()",
            "it started too many threads",
        ),
        ("import os; os._exit(3)", "it ended itself with exit code 3"),
        ("import ctypes; ctypes.string_at(0)", "it crashed in compiled code"),
        ("import os; os.write(4, b'garbage' * 99); print(1)", "it sent no answer"),
        ("import os; os.close(4)", "it ended itself with exit code 0"),
        ("import os, time; os.close(4); time.sleep(3)", "it closed its connection"),
        ("import os, time\nfor byte in b'\\xff' * 99: os.write(4, bytes([1])); time.sleep(0.3)", "it took too long"),
    ],
)
def test_the_end_of_a_process_has_a_reason(sandbox, cell, reason):
    limits = Limits(memory_mb=200, wall_grace=0.5)
    with sandbox.student(limits) as student:
        with pytest.raises(StudentGone), student.within(0.3):
            student.boundary.run_cell(cell, "cell 1")
        assert student.reason == reason


def test_memory_is_counted_while_the_examiner_is_busy(sandbox):
    """A thread of the student's that fills memory between two calls is ended all the same."""
    text = "import threading\nx = []\ndef fill():\n    while True: x.append(bytearray(10**7))\n"
    text += "threading.Thread(target=fill).start()"
    with sandbox.student(Limits(memory_mb=200)) as student:
        student.boundary.run_cell(text, "cell 1")
        deadline = time.monotonic() + 10
        while student.alive and time.monotonic() < deadline:
            time.sleep(0.02)
        assert student.reason == "it used more than 200 MB of memory"


def test_cpu_time_counts_and_not_the_clock(sandbox):
    with sandbox.student() as student:
        before = student.cpu_time()
        student.boundary.run_cell("import time; time.sleep(0.3)", "cell 1")
        slept = student.cpu_time() - before
        student.boundary.run_cell(
            "import time\nt = time.process_time()\nwhile time.process_time() < t + 0.3: pass", "cell 2"
        )
        worked = student.cpu_time() - before - slept
    assert slept < 0.2
    assert 0.3 <= worked < 0.6


def test_a_student_process_may_be_given_more_processes(sandbox):
    text = "import subprocess; print(subprocess.run(['/bin/echo', 'hello'], capture_output=True, text=True).stdout)"
    with sandbox.student(Limits(processes=4)) as student:
        assert student.boundary.run_cell(text, "cell 1") == ("hello\n\n", None)
        with pytest.raises(StudentGone), student.within(5):
            student.boundary.run_cell("import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(9)", "cell 2")
        assert student.reason == "it started too many processes"
    busy = "import os\nif os.fork() == 0:\n    while True: pass\nos.wait()"
    with sandbox.student(Limits(processes=4)) as student:
        with pytest.raises(StudentGone), student.within(0.3):
            student.boundary.run_cell(busy, "cell 1")
        assert student.reason == "it took too long"


@pytest.mark.slow
def test_an_interrupt_of_the_examiner_ends_everything():
    script = textwrap.dedent(
        """
        import signal
        from autograder.exam.sandbox import Sandbox
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have ignored it
        with Sandbox() as sandbox, sandbox.student() as student:
            print(student.host_pid, flush=True)
            student.boundary.run_cell("while True: pass", "cell 1")
        """
    )
    examiner = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        pid = int(examiner.stdout.readline())
        examiner.send_signal(signal.SIGINT)
        said = examiner.communicate(timeout=20)[1]
    finally:
        examiner.kill()
    assert "KeyboardInterrupt" in said
    assert not os.path.exists(f"/proc/{pid}")
