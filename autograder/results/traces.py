"""Where a person's id still stands, by a search through the bytes of every file; in archives, of every member."""

import html
import json
import re
import urllib.parse
import zipfile
from pathlib import Path

BINARY = (".db", ".sqlite")  # and what SQLite and nbgrader write beside them: .db.2026-11-21, .sqlite-wal
LONG = 5  # letters of an id that is not met in a database by chance
MAX_MEMBER = 64 * 2**20  # bytes of an archive's member that are searched


def forms_of(student):
    """Return an id as it may stand in a file: plain, as JSON, HTML or an address write it, in UTF-16."""
    texts = {student, json.dumps(student)[1:-1], html.escape(student), urllib.parse.quote(student)}
    return {text.encode() for text in texts} | {student.encode("utf-16-le"), student.encode("utf-16-be")}


def traces(folders, student, others=()):
    """Return the files below some folders, or among some files, that name a person: in their names or their bytes.

    Parameters
    ----------
    folders : list of Path
    student : str
    others : collection of str
        Other students' ids; where one contains this one (`ada` in `ada2`), it is no trace.

    Returns
    -------
    list of Path
        Sorted. An archive that cannot be read is searched as it is.
    """
    search = Search(student, others)
    return sorted(
        path
        for path in files_of(folders)
        if search.names(path.name.encode()) or any(search.names(data, path) for data in _contents(path))
    )


def files_of(folders):
    """Return the files below folders, links aside; a folder may be a file itself."""
    found = []
    for folder in map(Path, folders):
        below = folder.rglob("*") if folder.is_dir() else [folder]
        found += [path for path in below if path.is_file() and not path.is_symlink()]
    return found


class Search:
    """A search for one id, which may stand in the ids of others.

    Parameters
    ----------
    student : str
    others : collection of str
    """

    def __init__(self, student, others=()):
        self.student = student
        forms = b"|".join(map(re.escape, sorted(forms_of(student), key=len, reverse=True)))
        self.pattern = re.compile(rb"(?<![A-Za-z0-9_])(?:" + forms + rb")(?![A-Za-z0-9_])")
        longer = sorted((other for other in others if student in other and other != student), key=len, reverse=True)
        self.longer = [form for other in longer for form in forms_of(other)]

    def names(self, data, path=None):
        """Return whether bytes, those of a file if one is given, name the person."""
        for form in self.longer:
            data = data.replace(form, b"\0")
        if self.pattern.search(data):
            return True
        # in a database's pages one value follows the other without anything between
        in_database = path is not None and any(kind in path.name for kind in BINARY) and len(self.student) >= LONG
        return in_database and self.student.encode() in data


def _contents(path):
    """Yield a file's bytes and, of an archive, its members' names and bytes."""
    yield path.read_bytes()
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                yield member.filename.encode()
                with archive.open(member) as stream:
                    yield stream.read(MAX_MEMBER)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        return
