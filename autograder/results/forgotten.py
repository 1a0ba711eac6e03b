"""One person taken out of a results folder, place by place. Each function says what it removed, or would remove.

All of it may be done again: what was removed is not there the second time.
"""

import contextlib
import json
import re
import secrets
import shutil
import sqlite3
import zlib
from pathlib import Path

from autograder.classroom.csv_file import ClassFileError, CsvFile, plain
from autograder.results.files import write_atomically
from autograder.results.rounds import NAME as ROUNDS
from autograder.results.rounds import Rounds

# folders of a results folder, or of an nbgrader course, in which each student has one
BY_STUDENT = ("history", "feedback", "autograded", "submitted", "counted", "practice/feedback")
PSEUDONYM = "forgotten-{}"


def remove_folders(out, student, write):
    """Remove a student's folders; yield a line for each."""
    for name in BY_STUDENT:
        yield from remove_folder(Path(out, name, student), write)


def remove_folder(folder, write):
    """Remove one folder, if it is there; yield a line on it."""
    if folder.is_symlink():
        if write:
            folder.unlink()
        yield f"{folder}: the link"
    elif folder.is_dir():
        count = sum(path.is_file() for path in folder.rglob("*"))
        if write:
            shutil.rmtree(folder)
        yield f"{folder}: {_counted(count, 'file')}"


def remove_hand_ins(folder, student, write):
    """Remove what a student handed in: a folder of nbgrader's tree, or those in the inbound folder of an exchange."""
    yield from remove_folder(folder / student, write)
    for path in sorted(folder.glob("*+*")):
        if path.is_dir() and path.name.split("+")[0] == student:
            yield from remove_folder(path, write)


def remove_results(out, student, write):
    """Remove a student from `results.json`."""
    for path in sorted(Path(out).glob("results*.json")):
        results = json.loads(path.read_text(encoding="utf-8"))
        kept = [one for one in results["submissions"] if one["student"] != student]
        if len(kept) < len(results["submissions"]):
            if write:
                text = json.dumps({**results, "submissions": kept}, indent=1, ensure_ascii=False) + "\n"
                write_atomically(path, text, sync=True)
            yield f"{path}: their result"


def remove_rounds(out, student, write):
    """Remove a student from the count of practice rounds."""
    folder = Path(out, "practice")
    if (folder / ROUNDS).exists():
        with Rounds(folder, dry_run=not write) as rounds:
            if count := rounds.count(student):
                if write:
                    rounds.forget(student)
                yield f"{folder / ROUNDS}: {_counted(count, 'practice round')}"


def remove_known_results(out, search, write):
    """Remove what was kept so that the next run need not grade it again, where it names a student; and such logs."""
    for work in (Path(out, ".grading"), Path(out, "practice", ".grading")):
        yield from _remove_from_journal(work / "journal.sqlite", search, write)
        logs = [*work.glob("*.log"), *work.glob("*.damaged")]
        for path in sorted(logs):
            if search.names(path.read_bytes()):
                if write:
                    path.unlink()
                yield f"{path}: the whole file, which only the last run needed"


def _remove_from_journal(path, search, write):
    if not path.exists():
        return
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        rows = database.execute("SELECT key, data FROM graded")
        keys = [key for key, data in rows if search.names(zlib.decompress(data))]
        if keys and write:
            database.execute("PRAGMA secure_delete=ON")
            database.executemany("DELETE FROM graded WHERE key = ?", [(key,) for key in keys])
            database.execute("VACUUM")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if keys:
        yield f"{path}: {_counted(len(keys), 'kept result')}"


def pseudonymise_log(out, student, write, name="audit.jsonl"):
    """Put a made-up name in the place of a student's id in the audit log; what happened to marks stays."""
    path = Path(out, name)
    if not path.exists():
        return
    pseudonym = PSEUDONYM.format(secrets.token_hex(4))
    lines, count = [], 0
    for line in path.read_text(encoding="utf-8").splitlines():
        fresh = _pseudonymous(line, student, pseudonym)
        count += fresh != line
        lines.append(fresh)
    if count:
        if write:
            write_atomically(path, "".join(f"{line}\n" for line in lines), sync=True)
        yield f"{path}: {_counted(count, 'line')} now say {pseudonym if write else PSEUDONYM.format('...')}"


def _pseudonymous(line, student, pseudonym):
    """Return a line of the log without a student's id, and without what could be compared with their file."""
    try:
        entry = json.loads(line)
    except ValueError:  # cut off by a full disk
        return _replaced(line, student, pseudonym)
    if entry.get("student") != student:
        return line
    hidden = {"student": pseudonym, "submission": None}
    if entry.get("was"):
        hidden["was"] = {**entry["was"], "submission": None}
    if entry.get("reason"):
        hidden["reason"] = _replaced(entry["reason"], student, pseudonym)
    return json.dumps({**entry, **hidden}, ensure_ascii=False)


def _replaced(text, student, pseudonym):
    return re.sub(rf"(?<!\w){re.escape(student)}(?!\w)", pseudonym, text)


def remove_from_gradebook(db_url, student, write):
    """Remove a student from nbgrader's gradebook, with submissions, marks and comments; also their bytes from SQLite.

    Raises
    ------
    GradebookError
    """
    from nbgrader import api

    from autograder.results.gradebook import explained
    from autograder.results.nbgrader_config import without_password

    path = Path(db_url.removeprefix("sqlite:///")) if db_url.startswith("sqlite:///") else None
    if path is not None and not path.exists():
        return
    with explained(db_url), contextlib.closing(api.Gradebook(db_url)) as book:
        row = book.db.query(api.Student).filter_by(id=student).one_or_none()
        if row is None:
            return
        names = [one.assignment.name for one in row.submissions]
        if write:
            for name in names:
                book.remove_submission(name, student)
            book.remove_student(student)
    if write and path is not None:
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
            database.execute("VACUUM")  # writes the file anew: no byte of a deleted row is left
    yield f"{path or without_password(db_url)}: the student with {_counted(len(names), 'submission')}"


def remove_rows(path, student, write):
    """Remove the rows of a CSV file that have a student's id in a cell; every other byte stays.

    A group may be called after one of its members: the others' rows stay.
    """
    try:
        table = CsvFile(path)
    except ClassFileError:
        return  # whatever it is, a search for the id tells whether it names them
    rows = [table.header, *table.rows]
    groups = {place for place, cell in enumerate(table.header.cells) if plain(cell.text) == "group"}
    gone = [
        number
        for number, row in enumerate(rows)
        if number and student in [cell.text.strip() for place, cell in enumerate(row.cells) if place not in groups]
    ]
    if not gone:
        return
    starts = [row.cells[0].start for row in rows] + [len(table.text)]
    kept = table.text[: starts[0]]
    kept += "".join(table.text[starts[n] : starts[n + 1]] for n in range(len(rows)) if n not in gone)
    if write:
        write_atomically(path, table.bom + kept.encode(table.encoding), sync=True)
    yield f"{path}: {_counted(len(gone), 'row')}"


def remove_lines(path, search, write):
    """Remove the lines of a program's log that name a student; nbgrader writes such logs."""
    lines = path.read_bytes().splitlines(keepends=True)
    kept = [line for line in lines if not search.names(line)]
    if len(kept) < len(lines):
        if write:
            write_atomically(path, b"".join(kept))
        yield f"{path}: {_counted(len(lines) - len(kept), 'line')}"


def _counted(count, what):
    return f"{count} {what}{'s' * (count != 1)}"
