"""`roster.csv`: who is who. A student's own id, and what the LMS calls that person.

A line for each student; `id` is the name of the folders and of the gradebook's rows, the other columns are optional and
may stand in any order: `name`, `email`, `canvas_id` (Canvas: ID), `sis_id` (Canvas: SIS User ID), `login` (Canvas: SIS
Login ID; Moodle: Username), `idnumber` (Moodle: ID number). Further columns are left alone.
"""

import unicodedata
from pathlib import Path

from autograder.classroom.csv_file import ClassFileError, CsvFile, plain
from autograder.classroom.lms import kind_of
from autograder.exam.intake import is_safe_id

NAME = "roster.csv"
KEYS = ("name", "email", "canvas_id", "sis_id", "login", "idnumber")
NUMBERS = ("canvas_id", "sis_id", "idnumber")  # of which a person has one for good
OWN_ID = ("sis_id", "login", "idnumber")  # where one of these is not given, it may be the id itself
PER_ASSIGNMENT = "moodle_id"


class Roster:
    """The students of a class.

    Parameters
    ----------
    path : Path or None
        None for a class without a roster: then nobody is known, and nobody is refused for that.

    Attributes
    ----------
    students : dict
        Id -> {column: value} of the columns that have one.

    Raises
    ------
    ClassFileError
        Where an id is missing, doubled or cannot be a folder's name, or two students share what must be their own.
    """

    def __init__(self, path=None):
        self.path, self.students, self._by = path and Path(path), {}, {key: {} for key in KEYS}
        if path is None:
            return
        table = CsvFile(path)
        if kind_of(table) is not None:
            raise ClassFileError(
                f"{path} is {kind_of(table)} as the LMS exported it, whose columns have other meanings: in a copy call "
                f"them id (what your students are called here), name, email, {', '.join(NUMBERS)} or login"
            )
        if table.column(PER_ASSIGNMENT) is not None:
            raise ClassFileError(
                f"{path} has a column {PER_ASSIGNMENT!r}, but Moodle numbers its participants anew in each assignment: "
                f"remove it, keep 'email' or 'idnumber', and give that assignment's grading worksheet with --times"
            )
        number = table.required("id")
        columns = {key: table.column(key) for key in KEYS}
        lines = {}
        for row in table.rows:
            student = unicodedata.normalize("NFC", row[number])
            self._check(table, row, student, lines)
            lines[student] = row.line
            self.students[student] = {key: row[column] for key, column in columns.items() if row[column]}
        self._index(lines)

    def _check(self, table, row, student, lines):
        if not is_safe_id(student):
            raise ClassFileError(f"{table.where(row)}: the id {student!r} is missing or can be no folder's name")
        if student in lines:
            raise ClassFileError(f"{table.where(row)}: {student} stands in line {lines[student]} already: keep one")
        if len(row.cells) > len(table.header.cells) and any(
            cell.text.strip() for cell in row.cells[len(table.header.cells) :]
        ):
            raise ClassFileError(f"{table.where(row)}: more cells than columns: a comma belongs into quotes")

    def _index(self, lines):
        """Note whom each value names; but for names, it is one person."""
        for student, values in self.students.items():
            for key, value in values.items():
                there = self._by[key].setdefault(plain(value), [])
                if there and key != "name":
                    raise ClassFileError(
                        f"{self.path}, lines {lines[there[0]]} and {lines[student]}: {there[0]} and {student} have the "
                        f"same {key} {value!r}: it must be one person's"
                    )
                there.append(student)

    def __bool__(self):
        """Whether there is a roster."""
        return self.path is not None

    def __contains__(self, student):
        """Whether a student's id stands in it."""
        return student in self.students

    def find(self, **keys):
        """Return whom some of the LMS's words for a person name, and why nobody where that is so.

        Parameters
        ----------
        **keys : str
            What the LMS says: any of the roster's columns. Empty ones say nothing.

        Returns
        -------
        (str or None, str)
            The student's id; or None and the reason.
        """
        found = {}
        for key, value in keys.items():
            students = self._by[key].get(plain(value), []) if value else []
            if not students and key in OWN_ID and value in self.students and key not in self.students[value]:
                students = [value]
            if len(students) > 1:
                return None, f"{key} {value!r} may be {' or '.join(students)}"
            if students:
                found[key] = students[0]
        if len(set(found.values())) > 1:
            said = " and ".join(f"{key} {keys[key]!r} is {student}" for key, student in found.items())
            return None, f"{said} in {self.path}"
        if found:
            student = next(iter(found.values()))
            return self._unless_other(student, keys)
        said = " or ".join(f"{key} {value!r}" for key, value in keys.items() if value)
        return None, f"nobody in {self.path} has {said or 'a word for this person'}"

    def _unless_other(self, student, keys):
        """Return a student; nobody where the LMS has another number for the person than the roster."""
        for key in NUMBERS:
            ours, theirs = self.students[student].get(key), keys.get(key)
            if ours and theirs and plain(ours) != plain(theirs):
                return None, f"{self.path} has {key} {ours!r} for {student}, not {theirs!r}"
        return student, ""


def roster_of(course, path=None):
    """Return a class's Roster: the given file, else `roster.csv` in the course's folder, else an empty one.

    Parameters
    ----------
    course : Path
    path : Path, optional
    """
    return Roster(class_file(course, NAME, path))


def class_file(course, name, path=None):
    """Return a file about the class: the given one, else that of this name in the course's folder, or None."""
    if path is not None:
        return Path(path)
    there = Path(course) / name
    return there if there.exists() else None
