"""When work was handed in, as the LMS or the instructor says: never from the times inside an archive.

`times.csv` has the columns `student`, `assignment` and `submitted`; `times-ASSIGNMENT.csv` may be Moodle's grading
worksheet, which does not say of which assignment it is. `extensions.csv` has `student`, `assignment` and `extension`
("2 days").
"""

from datetime import timedelta

from autograder.classroom.csv_file import ClassFileError, CsvFile
from autograder.classroom.lms import WORKSHEET, LmsFile, kind_of
from autograder.classroom.moments import duration, moment
from autograder.classroom.roster import class_file

TIMES, EXTENSIONS = "times.csv", "extensions.csv"
SUBMITTED = "Last modified (submission)"


class Times:
    """The times of one assignment's submissions.

    Parameters
    ----------
    path : Path or None
    assignment : str
    zone : tzinfo, optional
        Of times that name none.

    Attributes
    ----------
    of : dict
        Student -> time. Of a worksheet nothing, until `name` said who its people are.
    people : list of Person
        Those of a worksheet.

    Raises
    ------
    ClassFileError
        Where the file cannot be used.
    """

    def __init__(self, path, assignment, zone=None):
        self.path, self.zone, self.of, self.people = path, zone, {}, []
        if path is None:
            return
        table = CsvFile(path)
        if kind_of(table) == WORKSHEET:
            self.lms = LmsFile(path)
            self.people = self.lms.people
            _require_own_numbers(self.lms)
        else:
            self.of = {student: when for student, when, _ in self._lines(table, assignment)}

    def _lines(self, table, assignment):
        return _by_student(table, assignment, "submitted", lambda text: moment(text, self.zone))

    def name(self, roster):
        """Take in whose rows those of a worksheet are.

        Parameters
        ----------
        roster : Roster

        Returns
        -------
        list of str
            Sentences on those whom the roster does not know.
        """
        notices, column = [], self.lms.table.column(SUBMITTED) if self.people else None
        for person in self.people:
            student, reason = roster.find(**person.keys)
            text = person.row[column]
            if student is None:
                notices += [f"{self.path}, {person}: {reason}"] if roster and text not in ("", "-") else []
            elif student in self.of:
                raise ClassFileError(f"{self.lms.table.where(person.row)}: {student} has a row already")
            elif text not in ("", "-"):
                self.of[student] = self._when(person.row, text)
        return notices

    def number(self, number):
        """Return the Person with a participant's number in a worksheet, or None."""
        return next((person for person in self.people if person.number == number), None)

    def time_of(self, number):
        """Return when the participant with a number handed in, as a worksheet says, or None."""
        person = self.number(number)
        text = person.row[self.lms.table.column(SUBMITTED)] if person else ""
        return self._when(person.row, text) if text not in ("", "-") else None

    def _when(self, row, text):
        return _said(self.lms.table, row, lambda text: moment(text, self.zone), text)


def times_file(course, assignment, path=None):
    """Return the file with an assignment's hand-in times: the given one, else that of the course's folder, or None.

    Raises
    ------
    ClassFileError
        Where the course's file for all assignments is the worksheet of one.
    """
    own = f"times-{assignment}.csv"
    found = class_file(course, own, path) or class_file(course, TIMES)
    if path is None and found is not None and found.name == TIMES and kind_of(CsvFile(found)) == WORKSHEET:
        raise ClassFileError(
            f"{found} is Moodle's grading worksheet, which does not say of which assignment it is: call it {own}"
        )
    return found


def extensions(path, assignment):
    """Return how much longer students have for an assignment: student -> timedelta.

    Parameters
    ----------
    path : Path or None
    assignment : str

    Raises
    ------
    ClassFileError
        Where the file cannot be used.
    """
    if path is None:
        return {}
    found = _by_student(CsvFile(path), assignment, "extension", duration)
    return {student: longer for student, longer, _ in found if longer > timedelta()}


def _by_student(table, assignment, name, read):
    """Yield (student, value, row) of the lines about an assignment; one a student."""
    student, about, value = (table.required(column) for column in ("student", "assignment", name))
    lines = {}
    for row in table.rows:
        if row[about] != assignment:
            continue
        if not row[student]:
            raise ClassFileError(f"{table.where(row)}: it says no student")
        if row[student] in lines:
            where = lines[row[student]]
            raise ClassFileError(f"{table.where(row)}: {row[student]} stands in line {where} already: keep one")
        lines[row[student]] = row.line
        yield row[student], _said(table, row, read, row[value]), row


def _said(table, row, read, text):
    try:
        return read(text)
    except ValueError as error:
        raise ClassFileError(f"{table.where(row)}: {error}") from error


def _require_own_numbers(lms):
    """Refuse a worksheet in which two rows have one participant's number."""
    lines = {}
    for person in lms.people:
        if person.number and person.number in lines:
            raise ClassFileError(
                f"{lms.table.where(person.row)}: participant {person.number} stands in line {lines[person.number]} "
                f"already: export it again"
            )
        lines[person.number] = person.row.line
