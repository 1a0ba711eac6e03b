"""The files that Canvas and Moodle export about a class: which one, who each row is, where the marks stand.

Three are known by their header: Canvas's gradebook, the grading worksheet of one Moodle assignment, and Moodle's
gradebook ("Plain text file"), both of Moodle's in English.
"""

import re
from dataclasses import dataclass, field

from autograder.classroom.csv_file import ClassFileError, CsvFile, plain

CANVAS, WORKSHEET, MOODLE = "Canvas's gradebook", "Moodle's grading worksheet", "Moodle's gradebook"
TITLE = re.compile(r"(?P<title>.*?)\s*\((?P<number>\d+)\)\s*")  # "Graphs (1234)" in Canvas
REAL = re.compile(r"(?:\w+: )?(?P<title>.*?) \(Real\)")  # "Assignment: Graphs (Real)" in Moodle
IDS = {  # the roster's column -> the file's
    CANVAS: {"canvas_id": ("ID",), "sis_id": ("SIS User ID",), "login": ("SIS Login ID",)},
    WORKSHEET: {"email": ("Email address",), "idnumber": ("ID number",), "login": ("Username",)},
    MOODLE: {"email": ("Email address",), "idnumber": ("ID number",), "login": ("Username",)},
}
NAMES = ("Student", "LastName", "FirstName", "Full name", "First name", "Last name", "Surname")  # columns of names
PARTICIPANT = re.compile(r"\D*?(\d+)")


@dataclass(frozen=True)
class Person:
    """One student's row: the LMS's words for the person, by the roster's columns."""

    row: object
    keys: dict = field(default_factory=dict)
    number: str = ""  # Canvas's id, or the participant's number in this Moodle assignment
    name: str = ""

    def __str__(self):
        """Return the person as a report may name them: by ids alone."""
        words = [f"{key} {value}" for key, value in self.keys.items() if value and key != "name"]
        number = [f"participant {self.number}"] if self.number and not words else []
        return f"line {self.row.line} ({', '.join(words or number) or 'no id'})"


class LmsFile:
    """A gradebook file.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    table : CsvFile
    kind : CANVAS, WORKSHEET or MOODLE
    people : list of Person
        Without Canvas's rows of points and posting.

    Raises
    ------
    ClassFileError
        Where it is none of the three.
    """

    def __init__(self, path):
        self.table = CsvFile(path)
        self.kind = kind_of(self.table)
        if self.kind is None:
            there = ", ".join(repr(cell.text) for cell in self.table.header.cells[:12])
            raise ClassFileError(
                f"{path} is no gradebook of Canvas's (Student, ID, ..., Section), no grading worksheet of Moodle's "
                f"(Identifier, ..., Grade) and no gradebook of Moodle's (Email address or ID number, ... (Real)): its "
                f"columns are {there}. In Moodle set your language to English and export again"
            )
        self.points_row = next((row for row in self.table.rows if self._is_points(row)), None)
        self.people = [self._person(row) for row in self.table.rows if self._is_student(row)]

    def _is_points(self, row):
        return self.kind == CANVAS and row[0] == "Points Possible"

    def _is_student(self, row):
        if self.kind != CANVAS:
            return True
        posting = all(re.fullmatch(r"(?i)\s*(muted|manual posting.*)?\s*", cell.text) for cell in row.cells)
        return not posting and not self._is_points(row)

    def _person(self, row):
        table = self.table
        keys = {key: row[table.column(*names)] for key, names in IDS[self.kind].items()}
        number, name = keys.get("canvas_id", ""), row[table.column("Full name", "Student")]
        if self.kind == WORKSHEET:
            found = PARTICIPANT.fullmatch(row[table.required("Identifier")])
            number = found[1] if found else ""
            if not any(keys.values()):  # the site shows no address and no number of theirs
                keys = {"name": name}
        return Person(row, keys, number, name)

    def mark_column(self, assignment, column=None):
        """Return the number of the column for an assignment's marks.

        Parameters
        ----------
        assignment : str
        column : str, optional
            The column's name in the file, where that is not the assignment's: as it stands there, its title alone, or
            Canvas's number of it.

        Raises
        ------
        ClassFileError
            Where none or several may be meant.
        """
        titles = {number: _titles(self.kind, cell.text) for number, cell in enumerate(self.table.header.cells)}
        places = {number: said for number, said in titles.items() if said}
        if self.kind == WORKSHEET and column is None:
            return self.table.required("Grade")
        found = [number for number, said in places.items() if plain(column or assignment) in map(plain, said)]
        if len(found) == 1:
            return found[0]
        there = ", ".join(repr(self.table.header.cells[number].text) for number in places) or "none"
        many = f"{len(found)} columns" if found else "no column"
        raise ClassFileError(
            f"{self.table.path} has {many} for {column or assignment!r}: say which with --column; "
            f"its columns of marks are {there}"
        )

    def maximum(self, row, column):
        """Return the text of the most points that a row can have in a column, or "" where the file does not say."""
        if self.kind == CANVAS:
            return self.points_row[column] if self.points_row else ""
        return row[self.table.column("Maximum grade")] if self.kind == WORKSHEET else ""

    def is_locked(self, row):
        """Return whether the LMS says that it takes no mark for a row."""
        return self.kind == WORKSHEET and row[self.table.column("Grade can be changed")].casefold() == "no"

    def name_cells(self):
        """Return the cells that hold people's names."""
        columns = [self.table.column(name) for name in NAMES]
        rows = [person.row for person in self.people]
        return [
            row.cells[column] for row in rows for column in columns if column is not None and column < len(row.cells)
        ]


def kind_of(table):
    """Return which file a CsvFile is, or None."""
    names = {plain(cell.text) for cell in table.header.cells}
    if {"id", "section"} <= names and ("student" in names or "lastname" in names):
        return CANVAS
    if {"identifier", "grade"} <= names:
        return WORKSHEET
    if names & {"email address", "id number", "username"} and any(name.endswith(" (real)") for name in names):
        return MOODLE
    return None


def _titles(kind, text):
    """Return the words that may name a column of marks; none for a column that holds no marks of an assignment."""
    text = text.strip()
    if kind == WORKSHEET:
        return (text,) if plain(text) == "grade" else ()
    found = (TITLE if kind == CANVAS else REAL).fullmatch(text)
    if found is None or (kind == MOODLE and found["title"] in ("Course total", "Category total")):
        return ()
    return (text, text.removesuffix(" (Real)"), *found.groupdict().values())
