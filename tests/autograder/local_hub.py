"""A JupyterHub on this machine, whose users are real Unix users; and what they do on it, over HTTP as a browser does.

Needs root: the hub starts each server as its user. Everything else is temporary: users, homes, exchange, database.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import websocket

SECRET = "a-token-for-a-trial-of-a-hub-on-this-machine-alone"
CONFIG = """c = get_config()
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///{work}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = "{work}/cookie_secret"
c.ConfigurableHTTPProxy.command = ["{proxy}"]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.pid_file = "{work}/proxy.pid"
c.Authenticator.allowed_users = {users!r}
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = ["{bin}/jupyterhub-singleuser"]


def with_the_graders_environment(spawner):
    if spawner.user.name in {instructors!r}:
        spawner.cmd = ["{grader}/jupyterhub-singleuser"]


c.Spawner.pre_spawn_hook = with_the_graders_environment
c.Spawner.environment = {{"JUPYTER_CONFIG_PATH": "{work}/etc"}}
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120
c.JupyterHub.services = [{{"name": "trial", "api_token": "{secret}"}}]
c.JupyterHub.load_roles = [
    {{"name": "trial", "services": ["trial"], "scopes": ["admin:users", "admin:servers", "tokens"]}},
]
"""
NBGRADER = """c = get_config()
c.Exchange.root = "{exchange}"
c.CourseDirectory.course_id = "{course}"
"""


class LocalHub:
    """A hub that runs while its context lasts.

    Parameters
    ----------
    place : Path
        Where jupyterhub and the proxy are installed: `bin/jupyterhub`, `node_modules/.bin/configurable-http-proxy`.
    work : Path
        A folder that all users may enter, and nobody else has a use for.
    students, instructors : list of str
        Names of Unix users that do not exist yet; they do while the hub runs. Instructors' servers run in the
        environment that runs this: formgrader needs the autograder there.
    course : str
        nbgrader's id of the course.
    """

    def __init__(self, place, work, students, instructors, course):
        self.place, self.work, self.course = Path(place), Path(work), course
        self.instructors, self.users = instructors, [*students, *instructors]
        self.exchange = self.work / "exchange"
        self.stack = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            self.exchange.mkdir()
            self.exchange.chmod(0o777)  # nbgrader's exchange asks for that
            (self.work / "etc").mkdir()
            config = NBGRADER.format(exchange=self.exchange, course=self.course)
            (self.work / "etc" / "nbgrader_config.py").write_text(config)
            for user in self.users:
                stack.enter_context(unix_user(user, self.work / "home"))
            stack.callback(self._stop, self._start())
            self._wait_until_up()
            for user in self.users:
                stack.callback(self.ask, "DELETE", f"/users/{user}/server", ok=(202, 204, 400))
            self.stack = stack.pop_all()
        return self

    def __exit__(self, *error):
        self.stack.close()

    def _start(self):
        port, hub_port, proxy_port = free_ports(3)
        self.url = f"http://127.0.0.1:{port}"
        config = self.work / "jupyterhub_config.py"
        config.touch(mode=0o600)  # it holds the token
        config.write_text(
            CONFIG.format(
                port=port,
                hub_port=hub_port,
                proxy_port=proxy_port,
                work=self.work,
                users=set(self.users),
                proxy=self.place / "node_modules/.bin/configurable-http-proxy",
                bin=self.place / "bin",
                secret=SECRET,
                instructors=set(self.instructors),
                grader=Path(sys.executable).parent,
            )
        )
        with open(self.work / "hub.log", "wb") as log:
            return subprocess.Popen(
                [self.place / "bin" / "jupyterhub", "--config", config],
                cwd=self.work,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PATH": f"{self.place}/bin:/usr/bin:/bin"},
            )

    def _stop(self, process):
        process.send_signal(signal.SIGTERM)  # it ends its proxy and the users' servers
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)

    def _wait_until_up(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(ConnectionError, urllib.error.URLError, AssertionError):  # the proxy is up first
                return self.ask("GET", "/")
            time.sleep(0.2)
        raise RuntimeError(f"the hub did not start: {(self.work / 'hub.log').read_text()[-3000:]}")

    def ask(self, method, path, data=None, ok=(200,)):
        """Ask the hub's own API; return its answer."""
        try:
            return ask(f"{self.url}/hub/api{path}", method, SECRET, data, ok)
        except AssertionError as error:
            error.add_note((self.work / "hub.log").read_text()[-3000:])
            raise

    def _wait(self, is_so, otherwise):
        deadline = time.monotonic() + 120
        while not is_so():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{otherwise}: {(self.work / 'hub.log').read_text()[-3000:]}")
            time.sleep(0.2)

    def log_out(self, user):
        """Stop a user's server, and wait until it has: the hub starts none while one is stopping."""
        self.ask("DELETE", f"/users/{user}/server", ok=(202, 204))
        self._wait(lambda: "" not in self.ask("GET", f"/users/{user}")["servers"], f"{user}'s server did not stop")

    def log_in(self, user):
        """Start a user's server and return the User, with a token of their own."""
        self.ask("POST", f"/users/{user}/server", ok=(201, 202))
        self._wait(
            lambda: self.ask("GET", f"/users/{user}")["servers"].get("", {}).get("ready"),
            f"{user}'s server did not start",
        )
        token = self.ask("POST", f"/users/{user}/tokens", {"note": "trial"}, ok=(201,))["token"]
        return User(self, user, token)


class User:
    """What one user does on their own server."""

    def __init__(self, hub, name, token):
        self.hub, self.name, self.token = hub, name, token
        self.home = hub.work / "home" / name

    def ask(self, method, path, data=None, ok=(200,), of=None):
        """Ask a server's API: the user's own, or that of another user."""
        return ask(f"{self.hub.url}/user/{of or self.name}{path}", method, self.token, data, ok)

    def assignments(self, action="", assignment=""):
        """Do what a button of nbgrader's assignment list does; return what the list then shows."""
        query = urllib.parse.urlencode({"course_id": self.hub.course, "assignment_id": assignment})
        found = self.ask("POST" if action else "GET", f"/assignments{action and '/' + action}?{query}")
        assert found["success"], found["value"]
        return found["value"]

    def open(self, path):
        """Return a file of the user's home, as JupyterLab opens it."""
        return self.ask("GET", f"/api/contents/{urllib.parse.quote(path)}")["content"]

    def save(self, path, notebook):
        """Save a notebook, as JupyterLab does."""
        self.ask("PUT", f"/api/contents/{path}", {"type": "notebook", "format": "json", "content": notebook})

    def run(self, command, code=0, seconds=300):
        """Type a command into a terminal of the user's server; return what it showed."""
        name = self.ask("POST", "/api/terminals", ok=(200, 201))["name"]
        address = self.hub.url.replace("http:", "ws:") + f"/user/{self.name}/terminals/websocket/{name}"
        terminal = websocket.create_connection(
            address, header=[f"Authorization: token {self.token}"], timeout=seconds, suppress_origin=True
        )
        shown = ""
        try:
            terminal.send(json.dumps(["stdin", f"{command}; echo ended-with:$?:\r"]))
            while not (end := re.search(r"ended-with:(\d+):", shown)):  # what was typed has $? there
                kind, *data = json.loads(terminal.recv())
                shown += data[0] if kind == "stdout" else ""
        finally:
            terminal.close()
            self.ask("DELETE", f"/api/terminals/{name}", ok=(204,))
        shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07", "", shown)  # colours and titles
        assert int(end[1]) == code, shown
        return shown


def ask(url, method, token, data=None, ok=(200,)):
    """Return what a server answers, read as JSON; another status than the expected ones is an error."""
    body = None if data is None else json.dumps(data).encode()
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(url, data=body if method != "POST" else body or b"", method=method)
    for name, value in headers.items():
        request.add_header(name, value)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            status, text = answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read().decode(errors="replace")
    assert status in ok, f"{method} {url}: {status} {text[-2000:]}"
    return json.loads(text) if text.startswith(("{", "[")) else text


@contextlib.contextmanager
def unix_user(name, homes):
    """Make a user of this machine with a home in a folder; remove both at the end."""
    homes.mkdir(exist_ok=True)
    command = ["useradd", "--create-home", "--base-dir", homes, "--shell", "/bin/bash", name]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (homes / name).chmod(0o700)
    try:
        yield
    finally:
        subprocess.run(["userdel", "--force", "--remove", name], capture_output=True)


def free_ports(count):
    """Return ports of this computer that are free now."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
