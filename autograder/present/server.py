"""A Jupyter server for the time of a lecture: this machine alone, with a token, apart from the user's settings."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

PATIENCE = 120  # seconds that a server may take to start on a slow laptop
PRIVATE = {  # what Jupyter and IPython would otherwise take from, or write to, the user's own folders
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "user-settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


class Server:
    """A server process with its token and its private folders; a context manager that ends it and its kernels.

    Parameters
    ----------
    module : str
        What `python -m` starts: "jupyterlab" or "voila".
    arguments : function (port) -> list of str
        The server's own arguments.
    work : Path
        The folder for settings, logs and connection files.
    environment : dict, optional
        More variables for the server.
    """

    def __init__(self, module, arguments, work, environment=None):
        self.work, self.port, self.token = work, free_port(), secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{self.port}"
        self.command = [sys.executable, "-m", module, *arguments(self.port)]
        self.places = {name: str(work / folder) for name, folder in PRIVATE.items()}
        # by environment, not by argument: other users of this machine can read arguments
        self.environment = {**os.environ, **self.places, "JUPYTER_TOKEN": self.token, **(environment or {})}
        self.process, self.handlers = None, {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():  # a closed terminal or `kill` ends the server, too
            for name in ("SIGTERM", "SIGHUP"):
                if hasattr(signal, name):  # Windows has no SIGHUP
                    number = getattr(signal, name)
                    self.handlers[number] = signal.signal(number, end_in_order)
        self.work.mkdir(parents=True, exist_ok=True)
        with open(self.work / "server.log", "wb") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                start_new_session=True,  # Ctrl+C reaches us, and we end the server in order
            )
        try:
            self.wait_until_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        self.stop()
        for number, handler in self.handlers.items():
            signal.signal(number, handler)

    def wait_until_up(self):
        """Return when the server answers; a RuntimeError says what it wrote if it does not."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            try:
                return self.get("/api/status")
            except urllib.error.HTTPError:  # an answer, though Voila has no such page
                return None
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.1)
        log = (self.work / "server.log").read_text(encoding="utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"the server did not start within {PATIENCE} s; it wrote:\n{log}")

    def get(self, path, body=None, method=None):
        """Return the server's JSON answer to a request."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self):
        """End the server; it ends its kernels first."""
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def show(self, address, tell, open_browser=True):
        """Open an address in the browser and wait until the server ends or somebody presses Ctrl+C."""
        if open_browser and not webbrowser.open(address):
            tell("No browser could be opened: open the address above yourself.")
        tell("Ctrl+C here ends it.")
        try:
            self.process.wait()
        except KeyboardInterrupt:
            tell("Ended.")


def end_in_order(number, frame):
    """End this program by an exception, so that what it started is ended first."""
    raise SystemExit(128 + number)


def free_port():
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def arguments(application, port, root):
    """Return what both servers are told: this machine alone, this port, this folder."""
    told = [f"--{application}.ip=127.0.0.1", f"--{application}.port={port}", f"--{application}.port_retries=0"]
    return [*told, f"--{application}.root_dir={root}", "--no-browser"]
