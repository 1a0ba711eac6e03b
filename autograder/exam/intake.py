"""What was handed in, from whatever it was collected in: who, which bytes, when, and what is wrong with it.

Takes nbgrader's `submitted/STUDENT/ASSIGNMENT/` trees, the inbound folder of its exchange, the archives that Moodle and
Canvas make, and single notebooks.
Links are never followed, nothing is unpacked to disk, and every submission ends with its bytes or with a reason.
"""

import lzma
import os
import pwd
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from autograder.exam.notebook import MAX_BYTES, Rejected

MAX_NAME, MAX_NAME_BYTES = 128, 200  # of a student's id: nbgrader's column, and less than a file system's limit
FORBIDDEN = '/\\:*?"<>|'  # by some file system or other
MAX_MEMBERS = 100_000  # files of an archive
TIMESTAMP = "timestamp.txt"  # nbgrader's, beside the notebook
SECRET = "submission_secret.txt"  # of nbgrader's exchange: names the page that the student fetches as feedback
OWN = "(us)"  # no user's name: folders that root or the instructor made
CANVAS_LMS, MOODLE_LMS = "canvas", "moodle"  # whose archive a submission came in

# "Ada Lovelace_12345_assignsubmission_file_/exercises.ipynb"; older Moodles have "_" for the "/"
MOODLE = re.compile(r"(?P<student>[^/]+_\d+)_assignsubmission_file_?/?(?P<file>.+)")
# "lovelaceada_LATE_4711_98765_exercises-1.ipynb": the user's id, the upload's id, the file; "-1" marks a second try
CANVAS = re.compile(r"(?P<student>[^/_]+)_(?:LATE_)?(?P<id>\d+)_(?P<number>\d+)_(?P<file>[^/]+)")
# all that zipfile raises over a damaged member, an unknown compression or a wrong password
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, EOFError, OSError, RuntimeError)


@dataclass(frozen=True)
class Submission:
    """One student's work as it was handed in: bytes to grade, or the reason why there are none."""

    student: str
    notebook: bytes | None = None
    rejected: str = ""
    timestamp: str = ""
    secret: str = ""
    notes: tuple[str, ...] = ()  # what was found beside the notebook, and was not used
    earlier: tuple["Submission", ...] = ()  # earlier ones of the same student in the same source, oldest first
    lms: tuple[str, ...] = ()  # of an archive: whose it is, the student's number there, the name there
    draws: str = ""  # whose draws of the hidden tests it gets, if not the student's: a group's
    extension: timedelta | None = None  # how much longer the student has


@dataclass(frozen=True)
class Collected:
    """All submissions of one assignment, sorted by student, and what lay among them without being one."""

    submissions: list[Submission]
    ignored: list[str]


def collect(source, assignment, notebook="exercises.ipynb"):
    """Collect the submissions of one assignment.

    Parameters
    ----------
    source : Path
        A `submitted` folder of nbgrader's, the `inbound` folder of its exchange, an archive of Moodle's or Canvas's, or
        one notebook.
    assignment : str
        The assignment's name: the folder below each student's in nbgrader's layout.
    notebook : str
        The file name of the notebook to grade.

    Returns
    -------
    Collected

    Raises
    ------
    Rejected
        If the source is none of these.
    """
    source = Path(source)
    if is_inbound(source):
        return _from_inbound(source, assignment, notebook)
    if source.is_dir():
        return _from_tree(source, assignment, notebook)
    if source.suffix == ".ipynb" and source.is_file():
        return Collected([Submission(_student(source.stem), source.read_bytes())], [])
    if source.is_file() and zipfile.is_zipfile(source):
        return _from_archive(source, notebook)
    what = f"is no folder of submissions (STUDENT/{assignment}/{notebook}), no zip archive and no notebook"
    raise Rejected(f"{source} {what if source.exists() else 'does not exist: say where the submissions are'}.")


def assignments_in(source):
    """Return the names of the assignments that an nbgrader `submitted` or `inbound` folder holds."""
    if is_inbound(source):
        return sorted({found[1] for found in map(_inbound_name, os.listdir(source)) if found})
    students = [entry for entry in os.scandir(source) if entry.is_dir(follow_symlinks=False)]
    return sorted(
        {
            entry.name
            for student in students
            for entry in os.scandir(student)
            if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".")
        }
    )


def _from_tree(root, assignment, notebook):
    submissions, ignored = [], []
    for entry in sorted(os.scandir(root), key=lambda entry: os.fsencode(entry.name)):
        folder = Path(entry.path, assignment)
        if entry.name.startswith(".") or not (entry.is_symlink() or entry.is_dir()):
            ignored.append(f"{_printable(entry.name)}: not a student's folder")
        elif entry.is_symlink() or folder.is_symlink():
            submissions.append(Submission(_printable(entry.name), rejected="The submission's folder is a link."))
        elif folder.is_dir():
            submissions.append(_from_folder(entry.name, folder, notebook))
        else:
            ignored.append(f"{_printable(entry.name)}: handed in nothing for {assignment}")
    return Collected(submissions, ignored)


def _from_folder(student, folder, notebook):
    """Return the submission in a student's folder: its one notebook, and notes on everything else there."""
    secret = ""
    try:
        student = _student(student)
        files = {entry.name: entry for entry in os.scandir(folder)}
        secret = _line(files, SECRET)  # first: whose notebook is rejected is to read why
        name, others = _choose(files, notebook)
        data, timestamp = _read(files[name].path, MAX_BYTES + 1), _line(files, TIMESTAMP)
    except Rejected as reason:
        return Submission(_printable(student), rejected=str(reason), secret=secret)
    return Submission(student, data, timestamp=timestamp, secret=secret, notes=_unused(name, notebook, others))


def _line(files, name):
    """Return what one of nbgrader's small files says, or "" where it is not there."""
    return _read(files[name].path, 200).decode("ascii", "replace").strip() if name in files else ""


def is_inbound(source):
    """Return whether a folder is the inbound one of nbgrader's exchange: STUDENT+ASSIGNMENT+TIME+RANDOM/ in it."""
    return os.path.isdir(source) and any(map(_inbound_name, os.listdir(source)))


def _inbound_name(name):
    """Return (student, assignment, time) of a name in an inbound folder, or None; the random part may be missing."""
    parts = name.split("+")
    time = next((place for place in (-2, -1) if len(parts) + place >= 2 and ":" in parts[place]), None)
    return None if time is None else ("+".join(parts[: time - 1]), parts[time - 1], parts[time])


def _from_inbound(root, assignment, notebook):
    """Return the submissions in an inbound folder: of each student the newest, with the earlier ones."""
    found, ignored = {}, []
    entries = sorted(os.scandir(root), key=lambda entry: os.fsencode(entry.name))
    told = any((name := _inbound_name(entry.name)) and _owner(entry) == name[0] for entry in entries)
    for entry in entries:
        named = _inbound_name(entry.name)
        when = named and _moment(named[2])
        if not when or not entry.is_dir(follow_symlinks=False):
            ignored.append(f"{_printable(entry.name)}: no folder called STUDENT+ASSIGNMENT+TIME+RANDOM")
        elif told and _owner(entry) not in (named[0], OWN):
            ignored.append(f"{_printable(entry.name)}: it belongs to the user {_owner(entry)}, so it was not taken")
        elif named[1] == assignment:
            one = _from_folder(named[0], Path(entry.path), notebook)
            found.setdefault(one.student, []).append((when, replace(one, timestamp=one.timestamp or named[2])))
    attempts = [[one for _, one in sorted(found[student], key=lambda pair: pair[0])] for student in sorted(found)]
    return Collected([replace(last, earlier=tuple(earlier)) for *earlier, last in attempts], ignored)


def _owner(entry):
    """Return whose a folder is: anybody may make one in an inbound folder, under any name."""
    uid = entry.stat(follow_symlinks=False).st_uid
    if uid in (0, os.getuid()):
        return OWN
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"


def _moment(text):
    """Return the time that a text says, or None."""
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text)
    except (ValueError, OverflowError):
        return None


def _from_archive(path, notebook):
    """Return the submissions in an archive of Moodle's or Canvas's; nothing of it is unpacked to disk."""
    ignored, by_student, lms = [], {}, {}
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise Rejected(f"{path} holds more than {MAX_MEMBERS:,} files: split it.")
        for member in members:
            found = MOODLE.fullmatch(member.filename) or CANVAS.fullmatch(member.filename)
            if found is None:
                ignored.append(f"{_printable(member.filename)}: neither Moodle's naming nor Canvas's")
                continue
            number = found.groupdict().get("id")
            student = f"{found['student']}_{number}" if number else found["student"]
            # only Canvas's names say which of several uploads is the newer
            upload = (int(found["number"]) if number else None, found["file"], member)
            name = _without_try(found["file"], notebook) if number else found["file"]
            whose = (CANVAS_LMS, number, found["student"]) if number else (MOODLE_LMS, *student.rsplit("_", 1)[::-1])
            lms[student] = whose
            by_student.setdefault(student, {}).setdefault(name, []).append(upload)
        submissions = [
            replace(_from_members(archive, student, by_student[student], notebook), lms=lms[student])
            for student in sorted(by_student)
        ]
    return Collected(submissions, ignored)


def _without_try(name, notebook):
    """Return the name under which a student uploaded a file: Canvas makes "exercises-1.ipynb" of a second upload."""
    stem, suffix = os.path.splitext(notebook)
    return notebook if re.fullmatch(rf"{re.escape(stem)}-\d+{re.escape(suffix)}", name) else name


def _from_members(archive, student, files, notebook):
    """Return a student's submission; where Canvas's archive holds several, the newest, with the earlier ones."""
    try:
        student = _student(student)
        name, others = _choose(files, notebook)
        uploads = files[name]
        numbers = {number for number, _, _ in uploads}
        if len(uploads) > 1 and (None in numbers or len(numbers) < len(uploads)):  # nothing says which is the newer
            raise Rejected(f"The archive holds {len(uploads)} files called {_printable(name)} for this student.")
    except Rejected as reason:
        return Submission(_printable(student), rejected=str(reason))
    found = []
    for _, file, member in sorted(uploads, key=lambda upload: upload[0] or 0):
        try:
            data = _extract(archive, member)
        except Rejected as reason:
            found.append(Submission(student, rejected=str(reason)))
        else:
            found.append(Submission(student, data, notes=_unused(file, notebook, others)))
    return replace(found[-1], earlier=tuple(found[:-1]))


def _extract(archive, member):
    """Return the bytes of an archive's member, whatever size it claims to have."""
    if stat.S_ISLNK(member.external_attr >> 16):
        raise Rejected("The notebook is a link, not a file.")
    if member.flag_bits & 1:
        raise Rejected("The notebook is encrypted: hand it in without a password.")
    try:
        with archive.open(member) as stream:
            return stream.read(MAX_BYTES + 1)
    except UNREADABLE as error:
        raise Rejected(f"The notebook cannot be read from the archive ({type(error).__name__}).") from error


def _choose(files, notebook):
    """Return which of the files to grade, and the others: the notebook by its name, else the only notebook there is."""
    notebooks = sorted(name for name in files if re.fullmatch(r"(?i)[^./][^/]*\.ipynb", name))
    if notebook in files:
        name = notebook
    elif len(notebooks) == 1:
        name = notebooks[0]
    elif not notebooks:
        found = ", ".join(_printable(name) for name in sorted(files)[:5]) or "nothing"
        raise Rejected(f"There is no notebook: expected {notebook}, found {found}.")
    else:
        found = ", ".join(_printable(name) for name in notebooks[:5])
        raise Rejected(f"There are several notebooks and none is called {notebook}: {found}.")
    return name, sorted(set(files) - {name, TIMESTAMP, SECRET})


def _unused(name, notebook, others):
    """Return notes on how the notebook was found and on the files beside it."""
    notes = [] if name == notebook else [f"{_printable(name)} was graded as {notebook}."]
    others = [_printable(other) for other in others if not other.startswith(".")]
    if others:
        rest = f" and {len(others) - 5} more" if len(others) > 5 else ""
        notes.append(f"Only the notebook is graded; not used: {', '.join(others[:5])}{rest}.")
    return tuple(notes)


def _read(path, limit):
    """Return at most `limit` bytes of a regular file; never follow a link or wait for a pipe."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        link = os.path.islink(path)
        name = _printable(os.path.basename(path))
        reason = f"{name} is a link, not a file." if link else f"{name} cannot be read ({error.strerror})."
        raise Rejected(reason) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Rejected(f"{_printable(os.path.basename(path))} is not a file.")
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read(limit)


def is_safe_id(name):
    """Return whether a student's id can safely be a folder, a database key and a line on a page."""
    if name != _printable(name) or not name.strip() or name != name.strip() or name.startswith((".", "-")):
        return False
    return not set(name) & set(FORBIDDEN) and len(name) <= MAX_NAME and len(os.fsencode(name)) <= MAX_NAME_BYTES


def _student(name):
    """Return a student's id, if it is safe."""
    if not is_safe_id(name):
        raise Rejected(
            f"The student's id cannot be used: it is longer than {MAX_NAME} characters, begins with . or -, or has a "
            f"blank at an end, a character that cannot be printed, or one of {FORBIDDEN}"
        )
    return name


def _printable(name):
    """Return a file name as text that can be printed and stored anywhere."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
