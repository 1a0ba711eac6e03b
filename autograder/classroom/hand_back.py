"""`hand-back`: the feedback pages packed as the zip that Moodle or Canvas takes for a whole class.

Moodle reads the participant's number from the second part of a file's name, Canvas the student's and the upload's from
the first two numbers in it. Everything else in the names is for people.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.classroom.class_files import ClassFiles, ClassOptions, some_of
from autograder.classroom.csv_file import ClassFileError
from autograder.classroom.groups import group_named
from autograder.classroom.lms import WORKSHEET, LmsFile
from autograder.exam.intake import CANVAS, CANVAS_LMS, MOODLE_LMS, collect
from autograder.exam.notebook import Rejected
from autograder.results.files import write_atomically

PROBLEM, WRONG_USE, INCOMPLETE = 1, 2, 3  # exit codes
WHEN = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can hold: the same pages make the same bytes


@dataclass
class Pack:
    """Pages by their names in the zip, and who has none or no place there."""

    pages: dict = field(default_factory=dict)  # name -> Path
    students: set = field(default_factory=set)
    without_page: list = field(default_factory=list)
    unknown: list = field(default_factory=list)
    not_in_download: list = field(default_factory=list)

    @property
    def is_complete(self):
        """Whether every page is in it, and every row or upload of the download has one."""
        return not (self.without_page or self.unknown or self.not_in_download)

    def add(self, prefix, student, pages):
        """Take a student's pages in, under the LMS's words for the person."""
        if student in self.students:
            raise ClassFileError(f"{student} stands twice in what the LMS exported: nothing was packed")
        if not pages:
            self.without_page.append(student)
        self.students.add(student)
        self.pages |= {f"{prefix}_{name}": page for name, page in pages.items()}


def packed(download, out, assignment, files):
    """Return the pages of a class for an LMS.

    Parameters
    ----------
    download : Path
        What the LMS gave: Moodle's grading worksheet, or the archive with all submissions.
    out : Path
        The results folder, with `feedback/`.
    assignment : str
    files : ClassFiles

    Returns
    -------
    Pack

    Raises
    ------
    ClassFileError, Rejected
        Where the download is neither.
    """
    pack = Pack()
    if zipfile.is_zipfile(download):
        _from_archive(pack, download, out, assignment, files)
    else:
        _from_worksheet(pack, download, out, assignment, files.roster)
    have = {
        folder.parent.name for folder in Path(out, "feedback").glob(f"*/{assignment}") if any(folder.glob("*.html"))
    }
    pack.not_in_download = sorted(have - pack.students)
    return pack


def _from_worksheet(pack, path, out, assignment, roster):
    lms = LmsFile(path)
    if lms.kind != WORKSHEET:
        raise ClassFileError(
            f"{path} is {lms.kind}: expected Moodle's grading worksheet of {assignment}, or the archive"
        )
    for person in lms.people:
        student = roster.find(**person.keys)[0] if roster else f"{person.name}_{person.number}"  # as the archive has it
        pages = pages_of(out, student, assignment) if student else {}
        if student is None:
            pack.unknown.append(str(person))
        elif pages:  # the worksheet names the whole class, so no page is no fault
            pack.add(_moodle_prefix(person.name, person.number), student, pages)


def _from_archive(pack, path, out, assignment, files):
    uploads = _canvas_uploads(path)
    for one in collect(path, assignment).submissions:
        if not one.lms:
            continue
        system, number, name = one.lms
        if system == MOODLE_LMS and group_named(files.groups, name):  # its number is the team's, not a participant's
            pack.unknown.append(f"{one.student} is a team's upload: give the grading worksheet instead of the archive")
            continue
        known = files.named(one)
        if known.student not in files.roster and files.roster:
            pack.unknown.append(one.student)
            continue
        prefix = uploads[number] if system == CANVAS_LMS else _moodle_prefix(name, number)
        pack.add(prefix, known.student, pages_of(out, known.student, assignment))


def pages_of(out, student, assignment):
    """Return a student's pages: the name that people see -> Path."""
    found = sorted(Path(out, "feedback", student, assignment).glob("*.html"))
    if len(found) == 1:
        return {f"{assignment}.html": found[0]}
    return {f"{assignment}-{page.name}": page for page in found}


def _moodle_prefix(name, number):
    """Return the beginning of a name that Moodle takes: its second part, between underlines, says whose it is."""
    name = " ".join(re.sub(r"[^\w .'-]|_", " ", name).split()) or "Participant"
    return f"{name}_{number}_assignfeedback_file"


def _canvas_uploads(path):
    """Return the student's number -> the beginning of the name of the newest upload in Canvas's archive."""
    newest = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if found := CANVAS.fullmatch(name):
                prefix = name[: found.end("number")]
                newest[found["id"]] = max(newest.get(found["id"], (-1, "")), (int(found["number"]), prefix))
    return {number: prefix for number, (_, prefix) in newest.items()}


def zip_of(pages):
    """Return a zip's bytes.

    Parameters
    ----------
    pages : dict
        Name -> Path.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, page in sorted(pages.items()):
            archive.writestr(zipfile.ZipInfo(name, WHEN), page.read_bytes(), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _only_assignment(out):
    names = sorted({folder.name for folder in Path(out, "feedback").glob("*/*") if folder.is_dir()})
    if len(names) != 1:
        what = f"pages of {some_of(names)}: say which with --assignment" if names else "no feedback pages: grade first"
        raise ClassFileError(f"{out} holds {what}")
    return names[0]


def command(
    download: Annotated[
        Path, typer.Argument(help="Moodle's grading worksheet, or the archive that Moodle or Canvas gave.")
    ],
    out: Annotated[Path, typer.Option(help="The results folder that grade wrote.")] = Path("build/graded"),
    course: Annotated[Path, typer.Option(help="The nbgrader course; its roster.csv.")] = Path("build/nbgrader"),
    assignment: Annotated[str | None, typer.Option(help="Which, where there are several.")] = None,
    roster: Annotated[Path | None, typer.Option(help="Who is who.", show_default="roster.csv in the course")] = None,
    to: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The zip.", show_default="OUT/feedback-ASSIGNMENT.zip")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be packed; write nothing.")] = False,
):
    """Pack the feedback pages as the zip that Moodle ("Upload multiple feedback files in a zip") or Canvas takes.

    Moodle: give the grading worksheet of the assignment. Canvas: give the archive of submissions as it was downloaded;
    "Upload Submissions" takes the zip, and shows each page under the name of the file that was handed in.

    Exit codes: 0 every page is packed, 1 it could not be written, 2 wrong use, 3 some pages have no place or some
    uploads no page: they are listed.

    Example: python -m autograder hand-back worksheet.csv --out build/graded --assignment 01_graphs
    """
    console = Console(highlight=False, markup=False, soft_wrap=True)
    try:
        name = assignment or _only_assignment(out)
        target = to or out / f"feedback-{name}.zip"
        if to is not None and to.exists():
            raise ClassFileError(f"{to} is there already: remove it or name another file")
        options = ClassOptions(roster=roster, timezone="UTC")  # of times, which say nothing here
        pack = packed(download, out, name, ClassFiles(course, name, options))
        if pack.pages and not dry_run:
            write_atomically(target, zip_of(pack.pages))
    except (ValueError, Rejected) as error:
        raise typer.BadParameter(str(error)) from error
    except OSError as error:
        console.print(f"Nothing was packed: {error}")
        raise typer.Exit(PROBLEM) from error
    console.print(f"{len(pack.pages)} pages {'would be ' if dry_run else ''}packed into {target}")
    for words, entries in (
        ("with a page and not in the download", pack.not_in_download),
        ("in the download without a page", pack.without_page),
        ("in the download and not known", pack.unknown),
    ):
        for line in [f"{len(entries)} {words}:", *(f"  {entry}" for entry in entries)] if entries else []:
            console.print(line)
    raise typer.Exit(0 if pack.is_complete else INCOMPLETE)
