"""A class graded on a Dask cluster: a real scheduler, worker processes that share nothing, and one that is killed."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from dataclasses import asdict

import pytest

from autograder.exam.cluster import Cluster
from autograder.exam.engine import grade
from autograder.exam.known import Table
from autograder.exam.pool import CannotGrade
from autograder.exam.sandbox import Sandbox
from autograder.grade import grade_class
from autograder.verdicts import BROKEN, GRADED

pytestmark = [pytest.mark.slow, pytest.mark.sandbox]

RIGHT = {"double": "def double(x):\n    return 2 * x", "square": "def square(x):\n    return x * x"}
TRIPLE = {**RIGHT, "double": "def double(x):\n    return 3 * x"}
ENDLESS = {**RIGHT, "double": "def double(x):\n    while True: pass"}
DASK = [sys.executable, "-m", "distributed.cli.dask_scheduler"], [sys.executable, "-m", "distributed.cli.dask_worker"]


class Machines:
    """A scheduler and its workers: processes with folders of their own."""

    def __init__(self, folder):
        self.folder, self.workers = folder, {}
        self.found = folder / "scheduler.json"
        command = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        self.scheduler = self.start("scheduler", *DASK[0], *command, "--scheduler-file", self.found)
        self.address = wait_for(self.read_address)

    def start(self, name, *command):
        place = self.folder / name
        place.mkdir()
        with open(place / "log", "wb") as log:
            return subprocess.Popen([*map(str, command)], cwd=place, stdout=log, stderr=log)

    def read_address(self):
        with contextlib.suppress(OSError, ValueError):
            return json.loads(self.found.read_text())["address"]

    def add_worker(self, name):
        place = self.folder / f"space-{name}"
        command = ["--no-nanny", "--nthreads", "1", "--name", name, "--no-dashboard", "--local-directory", place]
        self.workers[name] = self.start(name, *DASK[1], self.address, *command)

    def stop(self):
        for process in [*self.workers.values(), self.scheduler]:
            process.kill()
            process.wait()


def wait_for(look, seconds=120):
    """Return what a function finds once it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


@pytest.fixture
def machines(tmp_path):
    (tmp_path / "machines").mkdir()
    made = Machines(tmp_path / "machines")
    try:
        yield made
    finally:
        made.stop()


def timeless(result):
    return {**asdict(result), "seconds": None, "peak_mb": None}


def alone(assignment, submissions, folder):
    """Return what the same function gives here, without a cluster."""
    with Sandbox() as sandbox:
        table = Table.load_or_make(assignment, sandbox, folder)
        return {key: timeless(grade(data, assignment, key, sandbox, table).result) for key, _, data in submissions}


def test_a_worker_that_is_killed_costs_only_what_it_was_at_and_that_runs_again(machines, quick, answered, tmp_path):
    answers = [RIGHT, TRIPLE, ENDLESS, ENDLESS]
    submissions = [(f"s{n}", f"s{n}", answered(**answers[n % 4])) for n in range(16)]
    machines.add_worker("one")
    machines.add_worker("two")
    found, at_work = [], {}
    with Cluster(quick, machines.address) as cluster:
        cluster.client.wait_for_workers(2, timeout=60)
        names = {worker["name"]: address for address, worker in cluster.client.scheduler_info()["workers"].items()}
        for key, graded in cluster.run(submissions):
            found.append((key, graded))
            if len(found) == 3:
                look = lambda: cluster.client.processing([names["one"]])[names["one"]]  # noqa: E731
                at_work = wait_for(look, 20)
                machines.workers["one"].send_signal(signal.SIGKILL)
                machines.workers["one"].wait()
        assert len(cluster.client.nthreads()) == 1
    assert at_work
    assert sorted(key for key, _ in found) == sorted(key for key, _, _ in submissions)
    assert {key: timeless(graded.result) for key, graded in found} == alone(quick, submissions, tmp_path / "known")


def test_a_submission_with_which_every_worker_dies_has_failed_and_the_others_go_on(machines, quick, answered):
    submissions = [("bad", "bad", answered(**ENDLESS)), ("good", "good", answered(**RIGHT))]
    machines.add_worker("w0")
    found = {}
    with Cluster(quick, machines.address) as cluster:
        allowed = cluster.client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.allowed_failures)
        cluster.order = (*cluster.order[:2], 1)  # so short a time that every worker takes the endless one for a hang
        cluster.client.run(warm)
        for number in range(1, allowed + 2):
            machines.add_worker(f"w{number}")
        cluster.client.wait_for_workers(allowed + 2, timeout=120)
        for key, graded in cluster.run(submissions[:1]):
            found[key] = graded.result
        cluster.order = (*cluster.order[:2], 60)
        for key, graded in cluster.run(submissions[1:]):
            found[key] = graded.result
    assert found["bad"].status == BROKEN
    assert found["bad"].reason.endswith("died while they graded this submission.")
    assert (found["good"].status, found["good"].score) == (GRADED, 6.0)


def warm():
    """Import the grader in a worker."""
    import autograder.exam.cluster  # noqa: F401


def test_grade_gives_the_same_results_on_a_cluster_as_alone(machines, mini_course, hand_in, tmp_path, out):
    hand_in("ada", RIGHT)
    hand_in("bob", b"no notebook")
    submitted = hand_in("eve", TRIPLE)
    machines.add_worker("one")
    there = grade_class(submitted, mini_course, out, cluster=machines.address)
    here = grade_class(submitted, mini_course, tmp_path / "here", jobs=1)
    assert [timeless(one) for one in there.submissions] == [timeless(one) for one in here.submissions]


def test_where_no_cluster_answers_it_says_how_to_start_one(quick, monkeypatch):
    monkeypatch.setattr("autograder.exam.cluster.PATIENCE", 1)
    with pytest.raises(CannotGrade, match="dask scheduler"), Cluster(quick, "tcp://127.0.0.1:9"):
        pass


def test_a_worker_with_other_versions_grades_nothing(machines, quick, answered):
    machines.add_worker("one")
    with Cluster(quick, machines.address) as cluster:
        cluster.order = (cluster.order[0], "another environment", 60)
        with pytest.raises(CannotGrade, match="install the same lock file"):
            list(cluster.run([("ada", "ada", answered(**RIGHT))]))
