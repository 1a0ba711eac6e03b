"""`groups.csv`: who hands in together. One submission, marks and a page for all members.

A line for each member: `group`, `student` and, where groups differ, `assignment` (empty: all). The rules:

- a student is in one group at most; a file that says otherwise is refused;
- where several members hand in, the newest counts; without a time for each of them, that of the member who stands first
  in the file; files that can't be read count last. It is reported, and every one is kept;
- the draws of the hidden tests are the group's, so that its members have the same marks, whoever hands in.
"""

from dataclasses import replace

from autograder.classroom.csv_file import ClassFileError, CsvFile, plain
from autograder.exam.intake import is_safe_id
from autograder.results.gradebook import parsed_timestamp

NAME = "groups.csv"


def groups_of(path, assignment):
    """Return the groups of an assignment: name -> its members, in the file's order.

    Parameters
    ----------
    path : Path or None
    assignment : str

    Raises
    ------
    ClassFileError
        Where a name is missing, or a student is in two groups.
    """
    if path is None:
        return {}
    table = CsvFile(path)
    group, student, about = table.required("group"), table.required("student"), table.column("assignment")
    groups, lines = {}, {}
    for row in table.rows:
        if row[about] not in ("", assignment):
            continue
        if not row[group]:
            raise ClassFileError(f"{table.where(row)}: it says no group for {row[student]!r}")
        if not is_safe_id(row[student]):
            raise ClassFileError(f"{table.where(row)}: expected a student's id, {row[student]!r} is none")
        if row[student] in lines:
            raise ClassFileError(
                f"{table.where(row)}: {row[student]} stands in line {lines[row[student]]} already: a student is in "
                f"one group of an assignment at most"
            )
        lines[row[student]] = row.line
        groups.setdefault(row[group], []).append(row[student])
    return groups


def group_named(groups, name):
    """Return the group that an LMS calls by a name, or None."""
    found = [group for group in groups if plain(group) == plain(name)]
    return found[0] if len(found) == 1 else None


def shared(submissions, groups):
    """Return submissions with one for each member of a group that handed in, and sentences on conflicts.

    Parameters
    ----------
    submissions : list of Submission
        One for each student.
    groups : dict
        Name -> members.

    Returns
    -------
    (list of Submission, list of str)
    """
    by_student, notices = {one.student: one for one in submissions}, []
    for group, members in groups.items():
        came = [by_student[member] for member in members if member in by_student]
        if not came:
            continue
        attempts, rule = _in_order(came)
        last = attempts[-1]
        if len({one.notebook or one.rejected for one in came}) > 1:
            who = ", ".join(one.student for one in came)
            notices.append(f"group {group}: {who} handed in different files; that of {last.student} counts: {rule}")
        said = f"This was handed in for the group {group}: the marks are those of all members."  # no id of another
        for member in members:
            own = [_as_of(one, member, group) for one in attempts]
            by_student[member] = replace(own[-1], notes=(*last.notes, said), earlier=tuple(own[:-1]))
    return sorted(by_student.values(), key=lambda one: one.student), notices


def _in_order(came):
    """Return all that members handed in, the one that counts last, and why that one."""
    readable = [one for one in came if one.notebook is not None]
    times = [parsed_timestamp(one.timestamp) for one in readable]
    if all(times):
        order = [
            one for _, _, one in sorted((when, -place, one) for place, (when, one) in enumerate(zip(times, readable)))
        ]
        rule = "it is the newest"
    else:
        order = readable[::-1]
        rule = "there is no time for each, and this member stands first in the file"
    if len(readable) < 2:
        rule = "no other can be read" if readable else "none can be read"
    unreadable = [one for one in came if one.notebook is None]
    order = unreadable[::-1] + order
    return [attempt for one in order for attempt in (*one.earlier, replace(one, earlier=()))], rule


def _as_of(one, member, group):
    # the exchange gives a page to who handed in: the page of another member gets a name that nobody asks for
    secret = f"{one.secret} {member}" if one.secret and member != one.student else one.secret
    return replace(one, student=member, draws=f"group:{group}", secret=secret, earlier=())
