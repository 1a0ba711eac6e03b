"""Sixty students over three assignments: what each did, what it has to earn, and why."""

from dataclasses import dataclass, field

STUDENTS = [f"stu{number:02d}" for number in range(1, 61)]
DUE = {"01_lines": "2026-10-12 12:00", "02_lists": "2026-10-26 12:00", "03_points": "2026-11-09 12:00"}
MONTH = {"01_lines": 10, "02_lists": 10, "03_points": 11}
ON_TIME, A_DAY, THREE_DAYS = 0, 1, 3  # days late
FORGOTTEN, PRACTISED = "stu60", "stu58"


@dataclass(frozen=True)
class Deed:
    """What one student did for one assignment.

    `wrong` names functions that have the usual mistake, `missing` those that were not written, `mark` is the total in
    the end, None for no mark; `before` the total before the test of `at` was mended, where it differs. `hand` is what a
    person gives for the written answer.
    """

    student: str
    did: str
    mark: float | None
    why: str
    wrong: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    late: int = ON_TIME
    hand: float | None = None
    before: float | None = None
    extra: dict = field(default_factory=dict)  # grade id -> what a person gives besides


def _many(numbers, *about, **more):
    return [Deed(STUDENTS[number - 1], *about, **more) for number in numbers]


LINES = [
    *_many(range(1, 21), "hands in", 8, "tests 3 + 3, written 2", hand=2),
    *_many(range(21, 29), "hands in", 4, "slope upside down 0 + 3, written 1", wrong=("slope",), hand=1),
    *_many(
        range(29, 33),
        "hands in",
        5,
        "the mended test sees the bias inside the product: 3 + 0, written 2",
        wrong=("at",),
        hand=2,
        before=8,
    ),
    *_many([33], "hands in blank", 0, "nothing written: tests 0, and nobody has to read an empty answer"),
    *_many([34], "hands in", 5, "slope not written 0 + 3, written 2", missing=("slope",), hand=2),
    *_many([35], "hands in", 7, "8 less a point for a day", late=A_DAY, hand=2),
    *_many([36], "hands in", 8, "a day late, and an extension of two days", late=A_DAY, hand=2),
    *_many([37], "hands in", 5, "8 less three points for three days", late=THREE_DAYS, hand=2),
    *_many([38], "hands in twice: blank, then right", 8, "the last counts: 3 + 3, written 2", hand=2),
    *_many([39], "hands in twice: right, then wrong", 5, "the last counts: 0 + 3, written 2", wrong=("slope",), hand=2),
    *_many([40], "hands in a picture", None, "no notebook: rejected, no mark"),
    *_many([41], "hands in half a file", None, "broken off: rejected, no mark"),
    *_many([42], "hands in under another name", 8, "the only notebook there: 3 + 3, written 2", hand=2),
    *_many([43], "hands in without metadata", 8, "told by the comment of each cell: 3 + 3, written 2", hand=2),
    *_many(
        [44],
        "hands in two slopes without metadata",
        7,
        "two cells could be slope: ungraded, a person gives 2 of 3; at 3, written 2",
        hand=2,
        extra={"slope-test-1": 1.0, "slope-hidden-1": 1.0},
    ),
    *_many([45], "hands in what does not parse", 5, "slope does not parse 0 + 3, written 2", hand=2),
    *_many([46], "hands in an endless loop", 5, "slope never returns 0 + 3, written 2", hand=2),
    *_many([47], "hands in a cell that ends the process", 8, "a cell of their own costs nothing: 3 + 3 + 2", hand=2),
    *_many([48], "does nothing", None, "handed in nothing: no mark"),
    *_many([49], "hands in", 8.5, "3 + 3, written 2.5: a person may give more than the points", hand=2.5),
    *_many(range(50, 61), "hands in", 8, "tests 3 + 3, written 2", hand=2),
]
GROUPS = {f"team{place}": STUDENTS[3 * place : 3 * place + 3] for place in range(10)}  # stu01-03, stu04-06, ...
LISTS = [
    *_many(range(1, 19), "hands in with the team", 6, "tests 3 + 3 for all of the team"),
    *_many(range(19, 22), "hands in with the team", 3, "mean is the sum: 0 + 3 for all of the team", wrong=("mean",)),
    *_many([22], "hands in with the team", 5, "6 less a point: the team is a day late", late=A_DAY),
    *_many([23], "hands in with the team", 6, "the team is a day late; an extension of a day", late=A_DAY),
    *_many([24], "hands in with the team", 5, "6 less a point: the team is a day late", late=A_DAY),
    *_many(range(25, 28), "hands in with the team, twice", 6, "two members hand in, the newer one counts: 3 + 3"),
    *_many(range(28, 31), "hands in a picture with the team", None, "no notebook: rejected, no mark for the team"),
    *_many([31], "hands in under another name", 6, "the only notebook there: 3 + 3"),
    *_many([32], "hands in without metadata", 6, "told by the comment of each cell: 3 + 3"),
    *_many(range(33, 47), "hands in", 6, "tests 3 + 3"),
    *_many(range(47, 53), "hands in", 3, "mean is the sum: 0 + 3", wrong=("mean",)),
    *_many([53], "hands in", 3, "mean not written: 0 + 3", missing=("mean",)),
    *_many([54], "hands in", 0, "3 less three points for three days", wrong=("mean",), late=THREE_DAYS),
    *_many(range(55, 58), "hands in", 6, "tests 3 + 3"),
    *_many([58, 59, 60], "does nothing", None, "handed in nothing: no mark"),
]
POINTS = [
    *_many(range(1, 31), "hands in", 6, "tests 3 + 3"),
    *_many(range(31, 38), "hands in", 3, "the root is missing: 0 + 3", wrong=("norm",)),
    *_many([38], "hands in twice: blank, then right", 6, "the best counts: 3 + 3"),
    *_many([39], "hands in twice: right, then wrong", 6, "the best counts, the first one: 3 + 3", wrong=("norm",)),
    *_many([40], "hands in", 5, "6 less a point for a day", late=A_DAY),
    *_many([41], "hands in without metadata", 6, "told by the comment of each cell: 3 + 3"),
    *_many([42], "hands in a picture", None, "no notebook: rejected, no mark"),
    *_many([43], "hands in an endless loop", 3, "norm never returns: 0 + 3"),
    *_many([44], "hands in under another name", 6, "the only notebook there: 3 + 3"),
    *_many([45], "hands in blank", 0, "nothing written"),
    *_many(range(46, 58), "hands in", 6, "tests 3 + 3"),
    *_many([58, 59, 60], "does nothing", None, "handed in nothing: no mark"),
]
DEEDS = {"01_lines": LINES, "02_lists": LISTS, "03_points": POINTS}
EXTENSIONS = "student,assignment,extension\nstu36,01_lines,2 days\nstu23,02_lists,1 day\n"


def roster():
    """Return `roster.csv`."""
    lines = [f"{one},Student {one[3:]},{one}@x.org,{canvas_id(one)}" for one in STUDENTS]
    return "id,name,email,canvas_id\n" + "\n".join(lines) + "\n"


def groups():
    """Return `groups.csv`: ten teams of three, in the second assignment alone."""
    lines = [f"{team},{one},02_lists" for team, members in GROUPS.items() for one in members]
    return "group,student,assignment\n" + "\n".join(lines) + "\n"


def canvas_id(student):
    """Return Canvas's number of a student."""
    return 4000 + int(student[3:])


def participant(student):
    """Return Moodle's number of a student in the second assignment."""
    return 700 - int(student[3:])


def handed_in(assignment, deed, hour=11):
    """Return when a deed came in: an hour before the due time, and so many days later."""
    day = int(DUE[assignment][8:10]) + deed.late
    return f"2026-{MONTH[assignment]:02d}-{day:02d} {hour:02d}:00"
