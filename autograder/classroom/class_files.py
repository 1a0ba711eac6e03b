"""What files about the class say of what was handed in: whose it is, when it came, for whom it counts.

Looked for in the course's folder, unless an option names another: `roster.csv`, `times.csv` or `times-ASSIGNMENT.csv`,
`extensions.csv`, `groups.csv`. Without them everything stays as the source says.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.classroom import groups as group_files
from autograder.classroom.csv_file import CsvFile, plain
from autograder.classroom.moments import as_timestamp, zone_of
from autograder.classroom.roster import class_file, roster_of
from autograder.classroom.times import EXTENSIONS, Times, extensions, times_file
from autograder.exam.intake import CANVAS_LMS, MOODLE_LMS, Collected
from autograder.results.nbgrader_config import LATE


@dataclass(frozen=True)
class ClassOptions:
    """Where the files about the class are; None: in the course's folder, if there."""

    roster: Path | None = None
    times: Path | None = None
    extensions: Path | None = None
    groups: Path | None = None
    timezone: str | None = None

    def arguments(self):
        """Return these as arguments of `grade`, for whoever grades again from another folder."""
        given = {name: value for name, value in vars(self).items() if value is not None}
        paths = {name: str(Path(value).resolve()) for name, value in given.items() if name != "timezone"}
        return [word for name, value in (given | paths).items() for word in (f"--{name}", value)]


@dataclass
class ClassFiles:
    """The files about the class, read for one assignment.

    Parameters
    ----------
    course : Path
    assignment : str
    options : ClassOptions, optional

    Attributes
    ----------
    notices : list of str
        What `applied` found that a person should know.
    """

    course: Path
    assignment: str
    options: ClassOptions = ClassOptions()
    notices: list = field(default_factory=list)

    def __post_init__(self):
        options = self.options
        self.roster = roster_of(self.course, options.roster)
        config = _config(self.course)
        self.has_penalties = any(name in config for name in LATE)
        zone = zone_of(options.timezone or config.Exchange.get("timezone"))
        files = {
            "times": times_file(self.course, self.assignment, options.times),
            "extensions": class_file(self.course, EXTENSIONS, options.extensions),
            "groups": class_file(self.course, group_files.NAME, options.groups),
        }
        self.times = Times(files["times"], self.assignment, zone)
        self.extensions = extensions(files["extensions"], self.assignment)
        self.groups = group_files.groups_of(files["groups"], self.assignment)
        self.notices += [line for path in files.values() if path for line in self._not_in_course(path)]

    def _not_in_course(self, path):
        """Yield a sentence for each assignment that a file names and the course has not: its lines say nothing."""
        table = CsvFile(path)
        column = table.column("assignment")
        named = {row[column]: row.line for row in reversed(table.rows) if row[column]}
        for name in sorted(set(named) - {self.assignment}):
            if not (self.course / "source" / name).is_dir():
                yield f"{path}, line {named[name]}: the course has no assignment {name!r}"

    def applied(self, collected):
        """Return what was handed in, with what the files say of it.

        Parameters
        ----------
        collected : Collected

        Returns
        -------
        Collected
            With every submission that was there: one whose student is not known is rejected, with the reason.
        """
        self.notices += self.times.name(self.roster)
        found = {}
        for one in collected.submissions:
            one = self._timed(self.named(one))
            found.setdefault(one.student, []).append(one)
        submissions = [one for student in found for one in self._one_each(student, found[student])]
        submissions, conflicts = group_files.shared(submissions, self.groups)
        longer = self.extensions
        submissions = [replace(one, extension=longer.get(one.student)) for one in submissions]
        self._report(submissions, conflicts)
        return Collected(submissions, collected.ignored)

    def named(self, one):
        """Return a submission under its student's own id, or rejected because nobody is known by that name.

        Parameters
        ----------
        one : Submission
        """
        if not one.lms:
            return one
        system, number, name = one.lms
        student, reason = self._of_canvas(number) if system == CANVAS_LMS else self._of_moodle(number, name)
        if student is None and not self.roster:  # as the archive calls them
            return one
        if student is None:
            note = f"It is not known whose it is: {reason}. Mend that file, then give the same command again."
            return replace(one, notebook=None, rejected=note, earlier=())
        earlier = tuple(replace(before, student=student) for before in one.earlier)
        return replace(one, student=student, earlier=earlier)

    def _of_canvas(self, number):
        return self.roster.find(canvas_id=number)

    def _of_moodle(self, number, name):
        """Return whom an archive of Moodle's means: its numbers are an assignment's own, so its worksheet says it."""
        person, group = self.times.number(number), group_files.group_named(self.groups, name)
        if person and _same(person.name, name):
            return self.roster.find(**person.keys)
        if group is not None:
            return self.groups[group][0], ""
        if self.times.people:
            return None, f"{self.times.path} has no participant {number} called {name!r}"
        return self.roster.find(name=name)

    def _timed(self, one):
        """Return a submission with the time that the files say."""
        when = self.times.of.get(one.student)
        if when is None and one.lms and one.lms[0] == MOODLE_LMS:
            when = self.times.time_of(one.lms[1]) if self._is_of(one) else None
        return one if when is None else replace(one, timestamp=as_timestamp(when))

    def _is_of(self, one):
        person = self.times.number(one.lms[1])
        return person is not None and _same(person.name, one.lms[2])

    def _one_each(self, student, several):
        """Return a student's submission; of several under one id none, since nothing says which is theirs."""
        if len(several) == 1:
            return several
        who = " and ".join("_".join(one.lms[:0:-1]) if one.lms else one.student for one in several)
        return [replace(several[0], notebook=None, rejected=f"{who} are the same student by the roster.", earlier=())]

    def _report(self, submissions, conflicts):
        self.notices += conflicts
        students = {one.student for one in submissions}
        if self.roster:
            strangers = sorted(one.student for one in submissions if one.student not in self.roster and not one.lms)
            self.notices += [f"{student} is not in {self.roster.path}" for student in strangers]
        for what, named in (("the hand-in times", self.times.of), ("the extensions", self.extensions)):
            unknown = sorted(one for one in named if one not in students and one not in self.roster)
            self.notices += [f"{what} name {student}, who is not known here" for student in unknown]
        timeless = [one.student for one in submissions if not one.timestamp and one.notebook is not None]
        if timeless and self.has_penalties:
            self.notices.append(
                f"{len(timeless)} submissions have no hand-in time, so they get no late penalty ({some_of(timeless)}): "
                f"give --times"
            )


def some_of(names, most=5):
    """Return names in a sentence, not hundreds of them."""
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def _same(ours, theirs):
    """Return whether a worksheet's name is that of an archive's folder, which has blanks for its signs."""
    if not ours:  # the worksheet of an anonymous assignment names nobody
        return plain(theirs) == "participant" or plain(theirs).startswith("participant")

    def letters(text):
        return "".join(char for char in plain(text) if char.isalnum())

    return letters(ours) == letters(theirs)


def _config(course):
    """Return a course's nbgrader configuration; an empty one where there is none."""
    from traitlets.config.loader import Config, ConfigFileNotFound, PyFileConfigLoader

    try:
        return PyFileConfigLoader("nbgrader_config.py", str(Path(course).resolve())).load_config()
    except ConfigFileNotFound:
        return Config()
