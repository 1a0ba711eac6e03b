"""A sandbox in which student processes run: bubblewrap around a zygote, and a fresh set of namespaces for each student.

Nothing is visible in it but Python, its packages, plainnet and the few modules of the examiner's that the student
process needs. No network, no home, no course. If any part of this can't be had, `SandboxUnavailable` says which and
how to get it; `trust_students=True` runs the same processes without it.
"""

import json
import os
import shutil
import site
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import plainnet

from autograder.exam.names import Names
from autograder.exam.process import StudentProcess

GUEST_MODULES = """cells channel entropy guest handles instances isolation names python_random random_state reading
    shared special student wire""".split()  # noqa: SIM905
LIBRARY, EXAMINER = "/opt/plainnet", "/opt/examiner"  # where the sandbox has plainnet and the modules above
HIDDEN = "/tmp"  # each student's process has one of its own
ENVIRONMENT = {
    "HOME": "/tmp",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "PATH": "/usr/bin:/bin",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",  # the same order of sets in every grading
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
PATIENCE = 60  # seconds for the zygote's imports


class SandboxUnavailable(RuntimeError):
    """A part of the sandbox can't be had on this machine. Nothing is graded then."""


@dataclass(frozen=True)
class Limits:
    """What one student process may use.

    memory_mb counts resident memory of all its processes; cpu_seconds is for a whole submission, cell_seconds for one
    of the notebook's own cells; wall time may be four times the CPU time and wall_grace seconds, so that a busy machine
    changes no verdict. processes counts the process itself: 1 means that it can start none.
    """

    memory_mb: int = 1024
    cpu_seconds: float = 600.0
    cell_seconds: float = 10.0
    wall_grace: float = 10.0
    processes: int = 1
    threads: int = 64
    files: int = 256
    disk_mb: int = 64
    inodes: int = 4096

    def wire(self):
        """Return the limits as the zygote takes them."""
        return {**asdict(self), "address_mb": 2 * self.memory_mb + 1024}


class Sandbox:
    """Use as a context manager; one sandbox serves one student at a time.

    Parameters
    ----------
    trust_students : bool, default False
        Run student code as the examiner's own user, without namespaces, filters or protection of any kind.

    Raises
    ------
    SandboxUnavailable
        On entering, and when a student process can't be shut off.
    """

    def __init__(self, trust_students=False):
        self.trust_students = trust_students
        self.zygote = self.control = None
        self.log = None
        self.lock = threading.Lock()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()

    @property
    def name(self):
        """What a result says of the sandbox that it was made in."""
        return "none (students are trusted)" if self.trust_students else "bubblewrap"

    def start(self):
        """Start the zygote and wait for its imports."""
        if not self.trust_students and not shutil.which("bwrap"):
            raise SandboxUnavailable(
                "bubblewrap is missing, so nothing is graded. To get it: sudo apt-get install bubblewrap libseccomp2. "
                "On macOS and Windows, grade in a Linux container or WSL2."
            )
        if not self.trust_students and (hidden := folders_hidden()):
            raise SandboxUnavailable(
                f"Python is in {hidden[0]}, and students' code gets an empty {HIDDEN} of its own: "
                f"what it imports would be missing, so nothing is graded. Use a Python that is installed elsewhere."
            )
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the zygote
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = self.command(theirs.fileno())
        environment = {**ENVIRONMENT, "MPLCONFIGDIR": str(matplotlib_cache().parent)} if self.trust_students else {}
        self.zygote = subprocess.Popen(
            command,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=environment,
            start_new_session=True,
        )
        theirs.close()
        self.control.settimeout(PATIENCE)
        answer, _ = self.hear()
        if not answer.get("ready"):
            self.fail(answer.get("problem") or "")

    def command(self, control):
        """Return the command that starts the zygote."""
        python = [os.path.realpath(sys.executable), "-s", "-S", "-P", "-X", "utf8"]
        if self.trust_students:
            package = Path(__file__).parents[2]
            paths = [str(package), str(Path(plainnet.__file__).parents[1]), *packages()]
            return [*python, str(Path(__file__).with_name("guest.py")), str(control), "trusted", *paths]
        guest = f"{EXAMINER}/autograder/exam/guest.py"
        return [*bubblewrap(), *python, guest, str(control), "sandboxed", EXAMINER, LIBRARY, *map(inside, packages())]

    def student(self, limits=None, forbidden=(), names=None):
        """Return a fresh `StudentProcess`, to be used as a context manager.

        Parameters
        ----------
        limits : Limits, optional
        forbidden : iterable of str
            Dotted names that are taken out of the process, such as "plainnet.softmax".
        names : Names, optional
            What crosses by name; a fixed table without the course's own names by default.
        """
        return StudentProcess(self, limits or Limits(), tuple(forbidden), names or Names(forbidden))

    def fork(self, limits, forbidden, reader, writer, folder):
        """Have the zygote fork a student process; return (pid in the zygote's namespace, pidfd)."""
        request = {"limits": limits.wire(), "forbidden": list(forbidden), "folder": folder}
        with self.lock:
            if self.zygote is None or self.zygote.poll() is not None:
                self.close()
                self.start()
            try:
                socket.send_fds(self.control, [json.dumps(request).encode()], [reader, writer])
            except OSError as error:
                self.fail(str(error))
            answer, fds = self.hear()
        if "pid" not in answer:
            self.fail(answer.get("problem", ""))
        return answer["pid"], fds[0]

    def reap(self, pid):
        """Return the wait status of a student process that was ended."""
        with self.lock:
            try:
                self.control.send(json.dumps({"reap": pid}).encode())
                return self.hear()[0].get("status", 0)
            except (OSError, SandboxUnavailable):
                return 0

    def hear(self):
        """Return the zygote's next answer and the descriptors with it."""
        try:
            data, fds, _, _ = socket.recv_fds(self.control, 1 << 16, 4)
        except OSError as error:
            self.fail(str(error))
        if not data:
            self.fail("its process ended")
        return json.loads(data), fds

    def fail(self, problem):
        """Raise SandboxUnavailable with what is known and what to do."""
        self.log.seek(0)
        said = self.log.read().decode(errors="replace").strip()[-1000:]
        self.close()
        raise SandboxUnavailable(
            f"the sandbox can't be had, so nothing is graded: {problem} {said}\n{remedy(problem + said)}".strip()
        )

    def close(self):
        """End the zygote and all that it holds."""
        if self.control is not None:
            self.control.close()
        if self.zygote is not None:
            self.zygote.kill()
            self.zygote.wait()
        if self.log is not None:
            self.log.close()
        self.zygote = self.control = self.log = None


def bubblewrap():
    """Return the bwrap command up to the program to run."""
    command = ["bwrap", "--unshare-user", "--uid", "0", "--gid", "0", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    command += ["--unshare-uts", "--hostname", "sandbox", "--die-with-parent", "--new-session", "--cap-add", "ALL"]
    command += ["--tmpfs", "/tmp", "--proc", "/proc", "--tmpfs", "/dev"]
    for device in ("null", "zero", "full", "random", "urandom"):
        command += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    command += ["--ro-bind", "/usr", "/usr"]
    for name in ("lib", "lib32", "lib64", "libx32", "bin", "sbin"):
        path = Path("/", name)
        if path.is_symlink():
            command += ["--symlink", os.readlink(path), str(path)]
        elif path.exists():
            command += ["--ro-bind", str(path), str(path)]
    command += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for folder in dict.fromkeys([sys.base_prefix, *packages()]):
        if not Path(folder).is_relative_to("/usr"):
            command += ["--ro-bind", folder, inside(folder)]
        for ours in ("autograder", "plainnet"):
            if Path(folder, ours).is_dir():
                command += ["--tmpfs", f"{inside(folder)}/{ours}"]
    here = Path(__file__).parent
    for module in GUEST_MODULES:
        command += ["--ro-bind", str(here / f"{module}.py"), f"{EXAMINER}/autograder/exam/{module}.py"]
    command += ["--ro-bind", str(Path(plainnet.__file__).parent), f"{LIBRARY}/plainnet"]
    cache = matplotlib_cache()
    command += ["--ro-bind-try", str(cache), f"{ENVIRONMENT['MPLCONFIGDIR']}/{cache.name}"]
    command += ["--remount-ro", "/", "--remount-ro", "/dev", "--chdir", "/tmp", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        command += ["--setenv", name, value]
    return command


def packages():
    """Return the folders of installed packages."""
    found = [*site.getsitepackages(), str(Path(np.__file__).parents[1])]
    return [folder for folder in dict.fromkeys(found) if Path(folder).is_dir()]


def inside(folder):
    """Return where the sandbox has a folder of packages: elsewhere if a student's own /tmp would hide it."""
    return f"/opt/packages{folder}" if Path(folder).is_relative_to(HIDDEN) else folder


def folders_hidden():
    """Return Python's own folder if a student's process would not see it: it can't be moved as packages can."""
    return [sys.base_prefix] if Path(sys.base_prefix).is_relative_to(HIDDEN) else []


def matplotlib_cache():
    """Return matplotlib's list of fonts, made now if there is none: without it each start looks through all fonts."""
    import matplotlib
    from matplotlib.font_manager import FontManager

    return Path(matplotlib.get_cachedir(), f"fontlist-v{FontManager.__version__}.json")


def remedy(problem):
    """Return what to do about a problem of the sandbox."""
    if "seccomp" in problem.lower():
        return "To get the filter of system calls: sudo apt-get install libseccomp2"
    if "userns" in problem or "user namespace" in problem or "Permission denied" in problem or "uid map" in problem:
        return (
            "This system does not let users make namespaces. As root: sysctl -w kernel.unprivileged_userns_clone=1 "
            "(Debian), sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu 24.04); in a container, "
            "allow it with --security-opt seccomp=unconfined --security-opt systempaths=unconfined"
        )
    return "Only trust_students=True (--trust-students) grades without it."
