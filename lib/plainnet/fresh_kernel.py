"""Run a notebook from top to bottom in a kernel of its own, whatever its cells do."""

import ast
import logging
import numbers
import os
import re
import subprocess
import time
import unicodedata
from pathlib import Path

INSIDE = "PLAINNET_CHECK"  # set in the kernel: a cell that checks its own notebook would never end
GRACE = 5  # seconds in which an interrupted kernel has to answer
TOO_LONG, DIED = "TooLong", "KernelDied"  # errors that we write into the outputs of the cell where it happened


def run(notebook, path, limit_of, names=()):
    """Run a notebook in a fresh kernel, in its own folder; outputs go into its cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    path : Path
        Where it lies: its code may read files beside it.
    limit_of : callable
        Returns the seconds for a cell; then it is interrupted, which shows as an error TOO_LONG, and the next one runs.
    names : iterable of str
        Names whose values to describe after the last cell.

    Returns
    -------
    problem : str or None
        What ended the run before the last cell, in words for a student.
    values : dict of str to (str, str)
        See `describe`; kind "unset" where a name has no value. A name is left out where the kernel did not say.
    """
    try:
        from nbclient import NotebookClient
    except ImportError:
        return "nbclient is not installed, so nothing ran: python -m pip install nbclient", {}
    client = NotebookClient(
        notebook,
        kernel_name="python3",  # this Python's, whatever the file says
        timeout_func=limit_of,
        allow_errors=True,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
    )
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbclient repeats there what we say ourselves
    try:
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # its own words, not a cell's
        with client.setup_kernel(env=dict(os.environ, **{INSIDE: "1"}), **silent):
            problem = _run_cells(client, notebook, limit_of)
            return problem, {} if problem else _values(client, names)
    except Exception as error:  # a broken installation, a kernel that does not start: the file can be handed in even so
        return f"the notebook could not be run ({type(error).__name__}: {first_line(error)})", {}


def _run_cells(client, notebook, limit_of):
    """Run every cell, interrupting those that take too long; return what ended the run early, or None."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_output

    for index, cell in enumerate(notebook.cells):
        here = f"in the cell that begins with {first_line(cell.source)[:60]!r}"
        try:
            client.execute_cell(cell, index)
        except CellTimeoutError:
            seconds = f"{limit_of(cell):g} seconds"
            cell.outputs = [new_output("error", ename=TOO_LONG, evalue=seconds, traceback=[])]
            if not _interrupts(client):
                return f"the run was ended after {seconds} {here}, which would not stop"
        except DeadKernelError:
            cell.outputs = [new_output("error", ename=DIED, evalue="", traceback=[])]
            return f"the kernel died {here}: too much memory does that, or a call that ends the program"
    return None


def _interrupts(client):
    """Interrupt the kernel; say whether it answers again."""
    from jupyter_core.utils import run_sync

    run_sync(client.km.interrupt_kernel)()
    return _reply(client, client.kc.kernel_info()) is not None


def _reply(client, asked):
    """Return the kernel's answer to a message, or None where it does not come."""
    from queue import Empty

    from jupyter_core.utils import run_sync

    until = time.monotonic() + GRACE
    while (left := until - time.monotonic()) > 0:
        try:
            answer = run_sync(client.kc.get_shell_msg)(timeout=left)
        except Empty:
            break
        if answer["parent_header"].get("msg_id") == asked:
            return answer["content"]
    return None


def _values(client, names):
    """Return what the names hold in the kernel: name -> description."""
    ask = "__import__('plainnet.fresh_kernel').fresh_kernel.describe({})"
    questions = {name: ask.format(name) for name in names if name.isidentifier()}
    asked = client.kc.execute("", silent=True, store_history=False, user_expressions=questions)
    answers, values = (_reply(client, asked) or {}).get("user_expressions", {}), {}
    for name, answer in answers.items():
        if answer.get("status") == "ok":
            values[name] = ast.literal_eval(answer["data"]["text/plain"])
        elif answer.get("ename") == "NameError":
            values[name] = ("unset", "")
    return values


def describe(value):
    """Return a value's kind, which is None, text, number or another type's name, and the value in words."""
    if value is None:
        return "None", "None"
    if type(value) is str:
        return "text", f"the text {first_line(repr(value))[:60]}"
    is_number = isinstance(value, numbers.Number) or getattr(value, "shape", None) == ()
    if is_number and not isinstance(value, bool):
        return "number", f"the number {first_line(value)[:60]}"
    kind = first_line(type(value).__name__)
    return kind, f"{value}" if isinstance(value, bool) else f"a value of the type {kind}"


def first_line(text):
    """Return the first line of a message, shortened, without colours and control characters."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", str(text)).strip()
    line = text.split("\n")[0]
    line = "".join(letter for letter in line if unicodedata.category(letter)[0] != "C")
    return line if len(line) <= 200 else line[:197] + "..."
