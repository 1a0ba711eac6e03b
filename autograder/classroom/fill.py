"""Marks put into the cells of a gradebook file: which, and why not the others."""

import re
from dataclasses import asdict, dataclass, field

from autograder.classroom.csv_file import ClassFileError
from autograder.classroom.formulas import escaped, is_formula
from autograder.classroom.lms import CANVAS

NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?")
EMPTY = ("", "-")  # no mark, in Canvas and in Moodle
NO_MARKS = {"N/A": "the LMS takes no mark here", "EX": "excused in Canvas: change that there, if it is wrong"}
DECIMALS = 5  # what Moodle keeps


@dataclass(frozen=True)
class Mark:
    """One student's mark beside what the file has."""

    student: str
    line: int
    was: str
    now: str


@dataclass
class Filling:
    """What is put into a file, and what is not.

    Attributes
    ----------
    cells : dict
        Cell -> its new text.
    filled, same, differ : list of Mark
        Where there was no mark, the same, another. Under `force` what differed is filled.
    left_out : dict
        Student -> why there is no mark to be put anywhere yet, or why the file takes none.
    not_in_file : list of str
        Students with a mark and without a row.
    unknown : list of str
        Rows whose student is not known, and why.
    without_mark : list of str
        Students with a row and nothing graded.
    escaped : list of int
        Lines in which a name looked like a formula.
    """

    cells: dict = field(default_factory=dict)
    filled: list = field(default_factory=list)
    same: list = field(default_factory=list)
    differ: list = field(default_factory=list)
    left_out: dict = field(default_factory=dict)
    not_in_file: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    without_mark: list = field(default_factory=list)
    escaped: list = field(default_factory=list)

    @property
    def is_complete(self):
        """Whether every student with a mark has it in the file, and every row's student is known."""
        return not (self.left_out or self.not_in_file or self.unknown)

    def as_dict(self):
        """Return plain data for JSON."""
        marks = {name: [asdict(one) for one in getattr(self, name)] for name in ("filled", "same", "differ")}
        names = ("left_out", "not_in_file", "unknown", "without_mark")
        return marks | {name: getattr(self, name) for name in names} | {"names_escaped_in_lines": self.escaped}


def fill(lms, column, totals, roster, *, scale=False, force=False):
    """Return what to put into a gradebook file.

    Parameters
    ----------
    lms : LmsFile
    column : int
    totals : dict
        Student -> Total.
    roster : Roster
        Empty: then a row belongs to the student whose id the row holds.
    scale : bool
        Whether marks are scaled to the most points that the file says.
    force : bool
        Whether to replace marks that differ.

    Returns
    -------
    Filling

    Raises
    ------
    ClassFileError
        Where the file's most points are not the assignment's, and `scale` is not set.
    """
    found = Filling(left_out={one.student: one.open for one in totals.values() if one.open})
    people = _whose(lms, totals, roster, found)
    comma = any(re.fullmatch(r"-?\d+,\d+", row[column]) for row in lms.table.rows)
    for student, person in sorted(people.items()):
        total = totals.get(student)
        if total is None:
            found.without_mark.append(student)
        elif not total.open:
            number = _scaled(lms, person.row, column, total, scale)
            _put(
                lms,
                person.row,
                column,
                Mark(student, person.row.line, person.row[column], _text(number, comma)),
                force,
                found,
            )
    found.not_in_file = sorted(one.student for one in totals.values() if one.student not in people and not one.open)
    for cell in lms.name_cells():
        if is_formula(cell.text):
            found.cells[cell] = escaped(cell.text)
            found.escaped.append(lms.table.text.count("\n", 0, cell.start) + 1)
    return found


def _whose(lms, totals, roster, found):
    """Return student -> Person; what cannot be told goes into the Filling."""
    people, doubled, numbered = {}, set(), {}
    for student in totals:
        name, _, number = student.rpartition("_")
        numbered.setdefault(number if name else "", []).append(student)
    for person in lms.people:
        student, reason = roster.find(**person.keys) if roster else _by_id(person, totals, numbered)
        if student is None:
            found.unknown.append(f"{person}: {reason}")
        elif student in people:
            doubled.add(student)
            found.unknown.append(f"{person}: {student} has line {people[student].row.line} too, so neither was filled")
        else:
            people[student] = person
    return {student: person for student, person in people.items() if student not in doubled}


def _by_id(person, totals, numbered):
    """Return the student whose id is one of the row's words, or ends with the LMS's number of the person."""
    ids = [value for key, value in person.keys.items() if value in totals and key != "canvas_id"]
    of_archive = numbered.get(person.number, []) if person.number else []  # "lovelaceada_4711"
    found = {*ids, *of_archive}
    if len(found) == 1:
        return found.pop(), ""
    return None, f"it may be {' or '.join(sorted(found))}" if found else "nobody graded has such an id: give --roster"


def _scaled(lms, row, column, total, scale):
    """Return a mark as a number of the file's points."""
    most = lms.maximum(row, column)
    if not NUMBER.fullmatch(most):
        return total.score  # the file does not say
    points = float(most.replace(",", "."))
    if abs(points - total.max_score) < 1e-9:
        return total.score
    if not scale:
        raise ClassFileError(
            f"{lms.table.path} gives at most {most} points and the gradebook {total.max_score:g}: set the points in "
            f"the LMS and export again, or give --scale to scale every mark by {points / (total.max_score or 1):g}"
        )
    if total.max_score <= 0 or points <= 0:
        raise ClassFileError(f"{lms.table.path}: marks of at most {total.max_score:g} cannot be scaled to {most}")
    return total.score * points / total.max_score


def _put(lms, row, column, mark, force, found):
    """Take a mark in as filled, same or differing."""
    if column >= len(row.cells):
        raise ClassFileError(f"{lms.table.where(row)}: it ends before the column of the marks: export the file again")
    if _is_same(mark):
        found.same.append(mark)
    elif lms.is_locked(row) or (lms.kind == CANVAS and mark.was in NO_MARKS):
        found.left_out[mark.student] = f"line {row.line}: {NO_MARKS.get(mark.was, NO_MARKS['N/A'])}"
    elif mark.was in EMPTY or force:
        found.filled.append(mark)
        found.cells[row.cells[column]] = mark.now
    else:
        found.differ.append(mark)


def _is_same(mark):
    """Return whether two marks are equal, as far as the file's has decimals: an LMS may show fewer than it keeps."""
    if not NUMBER.fullmatch(mark.was):
        return False
    was, now = mark.was.replace(",", "."), mark.now.replace(",", ".")
    decimals = max(2, len(was.partition(".")[2]))
    return abs(float(was) - float(now)) <= 0.5 * 10**-decimals + 1e-9


def _text(number, comma):
    """Return a mark as text, without digits that say nothing."""
    text = f"{number:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text
