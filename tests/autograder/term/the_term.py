"""The term as an instructor lives it: every step is a command of ours or of nbgrader's, or formgrader's own."""

import contextlib
import csv
import datetime
import importlib.util
import io
import json
import re
import urllib.request
import zipfile
from pathlib import Path

import nbformat
import the_class
import the_course
from nbgrader import api
from nbgrader.apps import NbGraderAPI
from nbgrader.utils import parse_utc
from the_course import LINES, LISTS, POINTS, TASKS, WRITTEN
from traitlets.config.loader import PyFileConfigLoader
from typer.testing import CliRunner

from autograder.__main__ import app

PICTURE = b"\x89PNG\r\n\x1a\n and so on"
BECAUSE = "Two numbers fix it: how steep, and how high."
LOOP = "while True:\n        pass"
ENDS = "import os\n\nos._exit(1)"


class Term:
    """One course, its class and its results, below one folder; `said` keeps what each command printed."""

    def __init__(self, root, gradebook):
        self.root, self.course, self.out = root, root / "course", root / "results"
        self.submitted, self.said, self.codes = root / "submitted", {}, {}
        the_course.write_course(self.course)
        (self.course / "roster.csv").write_text(the_class.roster())
        (self.course / "groups.csv").write_text(the_class.groups())
        (self.course / "extensions.csv").write_text(the_class.EXTENSIONS)
        self.out.mkdir()
        for folder in (self.course, self.out):  # nbgrader takes seconds to make one
            folder.joinpath("gradebook.db").write_bytes(gradebook)

    def run(self, step, *arguments, course=True):
        """Give a command, and keep what it printed and its exit code under the step's name."""
        arguments = [*arguments, "--out", self.out] if arguments[0] != "report" else [*arguments, self.out]
        arguments += ["--course", self.course] if course else []
        done = CliRunner().invoke(app, [str(one) for one in arguments], env={"COLUMNS": "300"})
        assert isinstance(done.exception, SystemExit | None), done.output
        self.said[step], self.codes[step] = done.output, done.exit_code

    def grade(self, step, source, assignment, *options):
        """Grade what was handed in for an assignment."""
        more = ["--assignment", assignment, "--jobs", 2, "--cache", self.root / "known"]
        self.run(step, "grade", source, *more, *options)

    # weeks 1 and 2

    def release(self):
        """Make what students get, by nbgrader, and set the due dates as its formgrader does."""
        config = PyFileConfigLoader("nbgrader_config.py", str(self.course)).load_config()
        config.CourseDirectory.root = str(self.course)
        nbgrader, self.released = NbGraderAPI(config=config), {}
        for name in the_course.NAMES:
            done = nbgrader.generate_assignment(name)
            assert done["success"], done
            self.released[name] = nbformat.read(self.course / "release" / name / "exercises.ipynb", as_version=4)
        with self.book() as book:
            for name, due in the_class.DUE.items():
                book.update_or_create_assignment(name, duedate=parse_utc(f"{due} UTC"))

    def practise(self):
        """One student asks four times before the deadline, of which two a day are answered."""
        pages = self.out / "practice" / "feedback" / the_class.PRACTISED / LINES / "exercises.html"
        tries = [{"slope": TASKS[LINES][0].mistake}, {"slope": TASKS[LINES][0].mistake}, {"slope": "return 0"}, {}]
        self.practised = []
        for number, bodies in enumerate(tries):
            self.hand_in(LINES, the_class.PRACTISED, self.answers(LINES, bodies), "2026-10-01 10:00")
            self.grade(f"practice {number}", self.submitted, LINES, "--practice", "--rounds", 2)
            self.practised.append(pages.read_text(encoding="utf-8"))
        self.results_after_practice = sorted(path.name for path in self.out.iterdir())

    # what students do

    def answers(self, assignment, bodies=None, written=BECAUSE):
        """Return a notebook with right answers, but for the given bodies."""
        bodies = {task.name: task.right for task in TASKS[assignment]} | (bodies or {})
        texts = {task.name: task.text(bodies[task.name]) for task in TASKS[assignment] if bodies[task.name] is not None}
        return the_course.filled(self.released[assignment], texts | {WRITTEN: written})

    def work(self, assignment, deed):
        """Return what a student hands in, oldest first: (file name, bytes)."""
        tasks = {task.name: task for task in TASKS[assignment]}
        first = TASKS[assignment][0]
        bodies = {name: tasks[name].mistake for name in deed.wrong} | dict.fromkeys(deed.missing)
        notebook, name = self.answers(assignment, bodies), "exercises.ipynb"
        if deed.did.startswith("does nothing"):
            return []
        if "blank" in deed.did and "twice" not in deed.did:
            return [(name, _bytes(self.released[assignment]))]
        if "picture" in deed.did:
            return [(name, PICTURE)]
        if "half a file" in deed.did:
            data = _bytes(notebook)
            return [(name, data[: len(data) // 2])]
        if "another name" in deed.did:
            name = "My Homework (final).ipynb"
        if "does not parse" in deed.did:
            notebook = self.answers(assignment, {first.name: "return ("})
        if "endless loop" in deed.did:
            notebook = self.answers(assignment, {first.name: LOOP})
        if "ends the process" in deed.did:
            notebook["cells"].insert(2, nbformat.v4.new_code_cell(ENDS))
        if "two slopes" in deed.did:
            notebook["cells"].insert(2, nbformat.v4.new_code_cell(first.text(first.mistake)))
        if "without metadata" in deed.did:
            notebook = the_course.without_metadata(notebook)
        data = _bytes(notebook)
        if "blank, then right" in deed.did:
            return [(name, _bytes(self.released[assignment])), (name, data)]
        if "right, then wrong" in deed.did:
            return [(name, _bytes(self.answers(assignment))), (name, data)]
        return [(name, data)]

    def hand_in(self, assignment, student, data, when, name="exercises.ipynb"):
        """Put a file where nbgrader's collect puts it."""
        folder = self.submitted / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data if isinstance(data, bytes) else _bytes(data))
        (folder / "timestamp.txt").write_text(f"{when}:00 UTC")

    # weeks 3 to 6

    def first_assignment(self):
        """Collected by nbgrader: graded, some hand in again, graded again; a person marks; a test is mended."""
        again = []
        for deed in the_class.LINES:
            when = the_class.handed_in(LINES, deed)
            for number, (name, data) in enumerate(self.work(LINES, deed)):
                if number:
                    again.append((LINES, deed.student, data, when, name))
                else:
                    self.hand_in(LINES, deed.student, data, when, name)
        self.grade("lines", self.submitted, LINES)
        for one in again:
            self.hand_in(*one)
        self.grade("lines again", self.submitted, LINES)
        self.marks_before_a_person = self.marks(LINES)
        self.by_hand()
        self.marks_before_the_change = self.marks(LINES)
        the_course.mend_the_test(self.course)
        self.grade("changed", self.submitted, LINES)
        self.grade("diff", self.submitted, LINES, "--diff")
        self.marks_after_the_diff = self.marks(LINES)
        self.grade("apply", self.submitted, LINES, "--apply")
        self.grade("after", self.submitted, LINES)

    def by_hand(self):
        """Give marks in formgrader: a real server of it, with what its page sends when a field is left."""
        with self.book() as book:
            given = {
                book.find_grade(grade_id, "exercises", LINES, deed.student).id: mark
                for deed in the_class.LINES
                for grade_id, mark in {WRITTEN: deed.hand, **deed.extra}.items()
                if mark is not None
            }
        work = self.root / "lab"
        with contextlib.chdir(self.out), lab_module().Lab(self.out, work) as lab:
            for grade, mark in given.items():
                data = json.dumps({"id": grade, "manual_score": mark, "extra_credit": None}).encode()
                put = urllib.request.Request(f"{lab.url}/formgrader/api/grade/{grade}", data, method="PUT")
                with urllib.request.urlopen(put, timeout=60) as answer:
                    assert json.load(answer)["manual_score"] == mark

    def second_assignment(self):
        """From Moodle: one member of each team hands in, of one team two; the worksheet says when."""
        (self.root / "worksheet.csv").write_text(self.worksheet())
        with zipfile.ZipFile(self.root / "moodle.zip", "w") as archive:
            for student, name, data, _ in self.uploads():
                folder = f"Student {student[3:]}_{the_class.participant(student)}_assignsubmission_file"
                archive.writestr(f"{folder}/{name}", data)
        self.grade("lists", self.root / "moodle.zip", LISTS, "--times", self.root / "worksheet.csv")

    def uploads(self):
        """Yield (student, file name, bytes, time) of the second assignment."""
        first = {members[0]: members for members in the_class.GROUPS.values()}
        for deed in the_class.LISTS:
            if "team" in deed.did and deed.student not in first:
                continue
            for name, data in self.work(LISTS, deed):
                yield deed.student, name, data, the_class.handed_in(LISTS, deed)
            if "team, twice" in deed.did:  # an earlier one by another member, with a mistake
                wrong = self.answers(LISTS, {"mean": TASKS[LISTS][0].mistake})
                yield first[deed.student][1], "exercises.ipynb", _bytes(wrong), the_class.handed_in(LISTS, deed, hour=9)

    def worksheet(self):
        """Return Moodle's grading worksheet."""
        came = {student: when for student, _, _, when in self.uploads()}
        lines = []
        for student in the_class.STUDENTS:
            when = came.get(student)
            day = datetime.datetime.fromisoformat(when).strftime("%A, %-d %B %Y, %I:%M %p") if when else "-"
            number = the_class.participant(student)
            lines.append(f'Participant {number},Student {student[3:]},{student}@x.org,,6.00,"{day}"')
        header = "Identifier,Full name,Email address,Grade,Maximum grade,Last modified (submission)"
        return "\n".join([header, *lines]) + "\n"

    def third_assignment(self):
        """From Canvas, several uploads of some; times from a CSV; the best counts."""
        times = ["student,assignment,submitted"]
        with zipfile.ZipFile(self.root / "canvas.zip", "w") as archive:
            for deed in the_class.POINTS:
                for number, (name, data) in enumerate(self.work(POINTS, deed)):
                    stem, suffix = name.rsplit(".", 1)
                    name = f"{stem}-{number}.{suffix}" if number else name
                    about = f"student{deed.student[3:]}_{the_class.canvas_id(deed.student)}"
                    archive.writestr(f"{about}_{900 + number}_{name}", data)
                times.append(f"{deed.student},{POINTS},{the_class.handed_in(POINTS, deed)}")
        (self.course / "times.csv").write_text("\n".join(times) + "\n")
        self.grade("points", self.root / "canvas.zip", POINTS, "--policy", "best")

    # the end

    def marks(self, assignment):
        """Return the marks that `marks` would fill in: student -> mark; who waits for a person has none."""
        self.run("json", "marks", "--assignment", assignment, "--json")
        return {one["student"]: one["score"] for one in json.loads(self.said["json"])["marks"] if not one["open"]}

    def export(self):
        """Fill marks into a gradebook of Canvas's and into the worksheet of Moodle's."""
        rows = [f'"{one[3:]}, Student",{the_class.canvas_id(one)},{one},A,,' for one in the_class.STUDENTS]
        head = ["Student,ID,SIS Login ID,Section,01_lines (11),03_points (33)", "    Points Possible,,,,8,6"]
        (self.root / "canvas.csv").write_text("\n".join([*head, *rows]) + "\n")
        for name in (LINES, POINTS):
            self.run(f"marks {name}", "marks", self.root / "canvas.csv", "--assignment", name)
        self.run("marks 02_lists", "marks", self.root / "worksheet.csv", "--assignment", LISTS)

    def column(self, file, key, column):
        """Return a column of a CSV file: key -> text."""
        text = (self.root / file).read_text(encoding="utf-8")
        return {row[key].strip(): row[column] for row in csv.DictReader(io.StringIO(text))}

    def report(self):
        """Write the pages about the class."""
        self.run("report", "report", "--slide", "--site", "https://example.org/demos")

    def forget(self):
        """Remove one student, where we know of."""
        more = ["--also", self.submitted, "--also", self.root / "canvas.csv", "--also", self.root / "worksheet.csv"]
        self.before_forgetting = {name: self.marks(name) for name in the_course.NAMES}
        self.run("forget", "forget", the_class.FORGOTTEN, *more, "--yes")

    def book(self):
        """Return nbgrader's gradebook."""
        return api.Gradebook(f"sqlite:///{self.out}/gradebook.db", "term")

    def pages(self):
        """Return the report's pages: name -> path."""
        return {path.stem: path for path in Path(self.out, "report").glob("*.html")}


def lab_module():
    """Return the module that starts a JupyterLab, which stands with the tests of the demos."""
    path = Path(__file__).parents[2] / "demos" / "lab.py"
    spec = importlib.util.spec_from_file_location("lab", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _bytes(notebook):
    return json.dumps(notebook).encode()


def words_of(page):
    """Return what a page says, without its style and tags."""
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", page, flags=re.DOTALL).split())
