"""JupyterLab in a real browser: start a server, open a notebook, run it all, look at what it shows."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

SETTINGS = {  # every cell in the page, no news, no dialogs
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}
READY = """() => {
  const panel = window.jupyterapp?.shell.currentWidget;
  return panel?.context?.isReady && panel.sessionContext?.session?.kernel?.status === "idle";
}"""
RUN_ALL = """async () => {
  await window.jupyterapp.commands.execute("notebook:run-all-cells");
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  while (kernel.status !== "idle") await new Promise((done) => setTimeout(done, 50));
}"""
ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter((cell) => cell.model.type === "code")
  .flatMap((cell) => cell.model.outputs.toJSON())
  .filter((output) => output.output_type === "error")
  .map((output) => `${output.ename}: ${output.evalue}`)"""


class Lab:
    """A JupyterLab server on a free port, with settings and kernels of its own; a context manager."""

    def __init__(self, root, work):
        self.root, self.work = root, work
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        settings = self.work / "settings"
        settings.mkdir(parents=True)
        (settings / "overrides.json").write_text(json.dumps(SETTINGS))
        names = (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_RUNTIME_DIR",
            "IPYTHONDIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
        places = {name: str(self.work / name.lower()) for name in names}
        command = [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
            "--ServerApp.password=", "--ServerApp.disable_check_xsrf=True", f"--ServerApp.root_dir={self.root}",
            "--LabApp.expose_app_in_browser=True",
            f"--LabApp.app_settings_dir={settings}", "--LabApp.extension_manager=readonly",
        ]  # fmt: skip
        with open(self.work / "server.log", "wb") as log:
            self.server = subprocess.Popen(
                command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **places}, start_new_session=True
            )
        self.wait_until_up(deadline=time.monotonic() + 60)
        return self

    def wait_until_up(self, deadline):
        while time.monotonic() < deadline and self.server.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                return self.get("/api/status")
            time.sleep(0.1)
        self.__exit__()
        raise RuntimeError(f"JupyterLab did not start: {(self.work / 'server.log').read_text()[-2000:]}")

    def get(self, path, method="GET"):
        with urllib.request.urlopen(urllib.request.Request(self.url + path, method=method), timeout=10) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def __exit__(self, *error):
        if self.server.poll() is None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError):
                for kernel in self.get("/api/kernels"):  # first, so that none outlives its server
                    self.get(f"/api/kernels/{kernel['id']}", method="DELETE")
            os.killpg(self.server.pid, signal.SIGTERM)
        try:
            self.server.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.server.pid, signal.SIGKILL)

    def run(self, page, name, cells):
        """Write a notebook of code cells, open it, run it; fail on any error in a cell."""
        blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
        notebook = {
            "cells": [{**blank, "id": f"cell-{k}", "source": source} for k, source in enumerate(cells)],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }  # fmt: skip
        (self.root / name).write_text(json.dumps(notebook))
        page.goto(f"{self.url}/lab/tree/{name}?reset", wait_until="domcontentloaded")
        page.wait_for_function("() => window.jupyterapp?.shell", timeout=60_000)
        page.wait_for_function(READY, timeout=60_000)
        page.evaluate(RUN_ALL)
        errors = page.evaluate(ERRORS)
        assert errors == [], errors
