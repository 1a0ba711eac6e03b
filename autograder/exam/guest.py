"""The zygote: imports once what student code uses, then forks a process for each submission in a few milliseconds.

The examiner starts it inside bubblewrap and talks to it over a socket: a request carries limits and the two pipes of a
connection, the answer a pidfd of the fork. The zygote holds no test, no reference and no other submission. Started as
`python -I -S guest.py CONTROL_FD SANDBOXED PATH...`.
"""

import fcntl
import gc
import json
import os
import signal
import socket
import sys

FAULT = 70  # exit code of a student process whose serving part failed


def main():
    control, sandboxed, paths = int(sys.argv[1]), sys.argv[2] == "sandboxed", sys.argv[3:]
    sys.path[:0] = paths
    control = socket.socket(fileno=control)
    problem = preload()
    filters = {}
    zygote_namespace = os.open("/proc/self/ns/pid", os.O_RDONLY) if sandboxed else None
    control.sendmsg([json.dumps({"ready": problem is None, "problem": problem}).encode()])
    while True:
        data, fds, _, _ = socket.recv_fds(control, 1 << 16, 4)
        if not data:  # the examiner is gone
            return
        request = json.loads(data)
        if "reap" in request:
            answer = {"status": reap(request["reap"])}
            control.sendmsg([json.dumps(answer).encode()])
            continue
        start_student(control, request, fds, sandboxed, zygote_namespace, filters)


def preload():
    """Import what student code is likely to import; return what went wrong, or None."""
    try:
        import matplotlib

        matplotlib.use("Agg")
        import IPython.core.inputtransformer2
        import matplotlib.pyplot
        import msgpack  # noqa: F401
        import numpy.linalg
        import numpy.random  # noqa: F401
        import plainnet  # noqa: F401

        import autograder.exam.student  # noqa: F401
        from autograder.exam.names import library_modules

        library_modules()
        matplotlib.pyplot.close(matplotlib.pyplot.figure())  # what a first figure loads
        IPython.core.inputtransformer2.TransformerManager().transform_cell("1")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    gc.collect()
    gc.freeze()  # so that no collection in a fork writes to the pages of all that was imported
    return None


def start_student(control, request, fds, sandboxed, zygote_namespace, filters):
    """Fork a student process, and send a pidfd of it."""
    from autograder.exam import isolation

    limits = request["limits"]
    reader, writer = fds
    try:
        if sandboxed and limits["processes"] not in filters:
            filters[limits["processes"]] = isolation.Filter(limits["processes"])
        pid = isolation.new_pid_namespace(zygote_namespace) if sandboxed else os.fork()
    except (OSError, ImportError, RuntimeError) as error:
        control.sendmsg([json.dumps({"problem": str(error)}).encode()])
        return
    if pid == 0:
        code = FAULT
        try:
            run_student(request, reader, writer, filters.get(limits["processes"]), sandboxed)
            code = 0
        finally:
            os._exit(code)
    os.close(reader)
    os.close(writer)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [json.dumps({"pid": pid}).encode()], [pidfd])
    os.close(pidfd)


def run_student(request, reader, writer, seccomp_filter, sandboxed):
    """In the fork: shut the door, say so, and serve."""
    from autograder.exam import isolation, student
    from autograder.exam.names import source_files

    reader, writer = keep_only(reader, writer)
    os.setsid()  # a process group reaches across namespaces: kill(0, SIGKILL) would end the zygote
    try:
        if sandboxed:
            hidden = {file for dotted in request["forbidden"] for file in source_files(dotted)}
            isolation.isolate(request["limits"], seccomp_filter, sorted(hidden))
        else:
            os.chdir(request["folder"])
            isolation.set_limits({**request["limits"], "threads": 1 << 16})
    except (OSError, ValueError, RuntimeError) as error:
        student.report(writer, f"{error}")
        return
    student.serve(reader, writer, request)


def keep_only(reader, writer):
    """Close every inherited descriptor but the connection; return its new numbers."""
    nothing = os.open("/dev/null", os.O_RDWR)
    above = [fcntl.fcntl(fd, fcntl.F_DUPFD, 100) for fd in (nothing, nothing, nothing, reader, writer)]
    for target, fd in enumerate(above):
        os.dup2(fd, target)
    os.closerange(len(above), os.sysconf("SC_OPEN_MAX"))
    return 3, 4


def reap(pid):
    """Wait for a fork that was ended, and return its status."""
    try:
        return os.waitpid(pid, 0)[1]
    except ChildProcessError:
        return 0


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the examiner's to handle
    main()
