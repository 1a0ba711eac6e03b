"""Run a notebook from top to bottom in a kernel of its own, whatever its cells do."""

import logging
import os
import re
import subprocess
import time
import unicodedata
from pathlib import Path

INSIDE = "PLAINNET_CHECK"  # set in the kernel: a cell that checks its own notebook would never end
GRACE = 5  # seconds in which an interrupted kernel has to answer


def run(notebook, path, limit):
    """Run a notebook in a fresh kernel, in its own folder; outputs go into its cells.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    path : Path
        Where it lies: its code may read files beside it.
    limit : float
        Seconds for one cell; then it is interrupted, which shows as a KeyboardInterrupt, and the next one runs.

    Returns
    -------
    str or None
        What ended the run before the last cell, in words for a student.
    """
    try:
        from nbclient import NotebookClient
    except ImportError:
        return "nbclient is not installed, so nothing ran: python -m pip install nbclient"
    client = NotebookClient(
        notebook,
        kernel_name="python3",  # this Python's, whatever the file says
        timeout=limit,
        allow_errors=True,
        record_timing=False,
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(Path(path).resolve().parent)}},
    )
    logging.getLogger("traitlets").setLevel(logging.CRITICAL)  # nbclient repeats there what we say ourselves
    try:
        silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # its own words, not a cell's
        with client.setup_kernel(env=dict(os.environ, **{INSIDE: "1"}), **silent):
            return _run_cells(client, notebook, limit)
    except Exception as error:  # a broken installation, a kernel that does not start: the file can be handed in even so
        return f"the notebook could not be run ({type(error).__name__}: {first_line(error)})"


def _run_cells(client, notebook, limit):
    """Run every cell, interrupting those that take too long; return what ended the run early, or None."""
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from nbformat.v4 import new_output

    for index, cell in enumerate(notebook.cells):
        here = f"in the cell that begins with {first_line(cell.source)[:60]!r}"
        try:
            client.execute_cell(cell, index)
        except CellTimeoutError:
            cell.outputs.append(new_output("error", ename="KeyboardInterrupt", evalue="", traceback=[]))
            if not _interrupts(client):
                return f"the run was ended after {limit:g} seconds {here}, which would not stop"
        except DeadKernelError:
            return f"the kernel died {here}: too much memory does that, or a call that ends the program"
    return None


def _interrupts(client):
    """Interrupt the kernel; say whether it answers again."""
    from queue import Empty

    from jupyter_core.utils import run_sync

    run_sync(client.km.interrupt_kernel)()
    asked = client.kc.kernel_info()
    until = time.monotonic() + GRACE
    while (left := until - time.monotonic()) > 0:
        try:
            answer = run_sync(client.kc.get_shell_msg)(timeout=left)
        except Empty:
            break
        if answer["parent_header"].get("msg_id") == asked:
            return True
    return False


def first_line(text):
    """Return the first line of a message, shortened, without colours and control characters."""
    text = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", str(text)).strip()
    line = text.split("\n")[0]
    line = "".join(letter for letter in line if unicodedata.category(letter)[0] != "C")
    return line if len(line) <= 200 else line[:197] + "..."
