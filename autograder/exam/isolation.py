"""What a forked student process gives up before it runs a line of a student's: namespaces, mounts, capabilities, calls.

`Filter` is built once in the zygote; `isolate` runs in every fork. Whatever can't be had raises `OSError` naming the
step, and nothing is graded.
"""

import ctypes
import os
import resource

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET = 0x20000, 0x8000000, 0x20000000, 0x40000000
CLONE_THREAD = 0x10000
CLONE_NEW_ANY = 0x7E020000 | 0x80  # every flag of clone that makes a namespace
MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_RDONLY, MS_BIND, MS_REC_PRIVATE = 2, 4, 8, 1, 0x1000, 0x4000 | 0x40000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_NAME = 1, 24, 38, 15
CAPABILITY_VERSION_3, LAST_CAPABILITY = 0x20080522, 63
SIGKILL = 9

libc = ctypes.CDLL(None, use_errno=True)

# What Python, NumPy and matplotlib need. All else does not exist for a student, whatever kernels to come will have.
ALLOWED = """
    read write readv writev pread64 pwrite64 preadv pwritev lseek open openat close close_range dup dup2 dup3 pipe pipe2
    stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 statfs fstatfs
    mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat chmod fchmod fchmodat
    truncate ftruncate utime utimes utimensat futimesat fsync fdatasync flock fcntl getcwd chdir fchdir umask
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2
    mmap munmap mprotect mremap madvise brk msync mincore membarrier
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause
    futex set_robust_list get_robust_list rseq set_tid_address exit exit_group kill tkill tgkill wait4 waitid
    getpid gettid getppid getpgid getpgrp getsid getuid geteuid getgid getegid getgroups getresuid getresgid
    sched_yield sched_getaffinity sched_getparam sched_getscheduler getpriority getcpu
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getitimer setitimer alarm
    timer_create timer_settime timer_gettime timer_delete timer_getoverrun restart_syscall
    getrlimit getrusage sysinfo uname getrandom arch_prctl
    socketpair sendto recvfrom shutdown getsockopt setsockopt
""".split()  # noqa: SIM905 - a list of 130 quoted words is not easier to read
TERMINAL_QUESTIONS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, how wide, how much is there
PROCESSES = ("fork", "vfork", "execve", "execveat", "clone")


class Filter:
    """The system calls that student code may make."""

    def __init__(self, processes):
        import pyseccomp as seccomp

        self.filter = seccomp.SyscallFilter(seccomp.ERRNO(38))  # ENOSYS: libraries then fall back to older calls
        allow, deny = seccomp.ALLOW, seccomp.ERRNO(1)
        for name in ALLOWED:
            self.add(allow, name)
        for code in TERMINAL_QUESTIONS:
            self.add(allow, "ioctl", seccomp.Arg(1, seccomp.EQ, code))
        self.add(allow, "prctl", seccomp.Arg(0, seccomp.EQ, PR_SET_NAME))
        self.add(allow, "prlimit64", seccomp.Arg(2, seccomp.EQ, 0))  # ask, not set
        self.add(allow, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
        if processes > 1:
            self.add(allow, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_NEW_ANY | CLONE_THREAD, 0))
            for name in ("fork", "vfork", "execve"):
                self.add(allow, name)
        else:
            self.add(deny, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, 0))
            for name in ("fork", "vfork", "execve"):
                self.add(deny, name)
        self.add(deny, "socket")

    def add(self, action, name, *arguments):
        """Add a rule; a call that this machine's architecture has not is no matter."""
        try:
            self.filter.add_rule(action, name, *arguments)
        except (ValueError, OSError):
            if name in ("clone", "socket", "read"):
                raise

    def load(self):
        """Put the filter on this process for good."""
        self.filter.load()


def new_pid_namespace(zygote_namespace):
    """Fork; the child is pid 1 of a namespace of its own. Return 0 in the child, the child's pid in the zygote."""
    check(libc.unshare(CLONE_NEWPID), "unshare(CLONE_NEWPID)")
    try:
        pid = os.fork()
    finally:
        if os.getpid() != 1:
            check(libc.setns(zygote_namespace, CLONE_NEWPID), "setns")
    return pid


def isolate(limits, seccomp_filter, hidden_files=()):
    """Leave the zygote's world: a fresh /tmp and /proc, no network, no capabilities, few system calls."""
    check(libc.prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0), "prctl(PR_SET_PDEATHSIG)")
    check(libc.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET), "unshare")
    check(libc.mount(b"none", b"/", None, MS_REC_PRIVATE, None), "mount --make-rprivate /")
    size = f"size={limits['disk_mb']}m,nr_inodes={limits['inodes']},mode=700".encode()
    check(libc.mount(b"tmpfs", b"/tmp", b"tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, size), "mount tmpfs /tmp")
    # Read-only, because the files in /proc/sys belong to root and an examiner may be run by root.
    flags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_RDONLY
    if libc.mount(b"proc", b"/proc", b"proc", flags, b"subset=pid"):
        check(libc.mount(b"proc", b"/proc", b"proc", flags, None), "mount proc")
    for file in hidden_files:
        check(libc.mount(b"/dev/null", file.encode(), None, MS_BIND, None), f"mount over {file}")
        compiled = os.path.join(os.path.dirname(file), "__pycache__").encode()
        if os.path.isdir(compiled):
            check(libc.mount(b"none", compiled, b"tmpfs", MS_RDONLY, None), "mount over __pycache__")
    os.chdir("/tmp")
    set_limits(limits)
    drop_capabilities()
    seccomp_filter.load()


def set_limits(limits):
    """Set what `setrlimit` can limit."""
    wanted = {
        resource.RLIMIT_AS: limits["address_mb"] << 20,
        resource.RLIMIT_CPU: int(limits["cpu_seconds"]),
        resource.RLIMIT_FSIZE: limits["disk_mb"] << 20,
        resource.RLIMIT_NOFILE: limits["files"],
        resource.RLIMIT_NPROC: 2 * limits["threads"],  # the watch ends what starts more than it may
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }
    for which, value in wanted.items():
        hard = resource.getrlimit(which)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (value, value))


def drop_capabilities():
    """Give up every capability for good, also across exec."""
    for capability in range(LAST_CAPABILITY + 1):  # beyond the last that the kernel knows: EINVAL
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    check(libc.capset(header, (ctypes.c_uint32 * 6)()), "capset")
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")


def check(result, call):
    """Raise OSError naming the call that failed."""
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{call}: {os.strerror(ctypes.get_errno())}")
