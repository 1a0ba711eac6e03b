"""`build`: from the text sources in solutions/ to notebooks.

Writes `course/NN_topic/{lecture,exercises}.ipynb`, what a student opens, and a standard nbgrader course with the
masters in `build/nbgrader/`. Deterministic: the same sources give the same bytes.
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from autograder.author.notebooks import as_text, lecture_notebook, master_notebook
from autograder.author.pages import course_pages
from autograder.author.scope import check_names
from autograder.author.source import SourceError, load_chapter, quiz_test_id
from autograder.course import FORMAT
from autograder.results.files import as_folder

ROOT = Path(__file__).resolve().parents[2]
CONFIG = '''"""nbgrader's config for this course; written by `python -m autograder build`."""

import os
import sys

from autograder.author.released import PREPROCESSORS

os.environ.setdefault("PYTHONWARNINGS", "ignore")  # for kernels: a warning in a test cell would cost all its points
# it calls alembic by name
os.environ["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", "")

c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "plainnet"
c.GenerateAssignment.preprocessors = PREPROCESSORS
c.Execute.timeout = 120

HERE = os.path.dirname(os.path.abspath(__file__))
if os.path.exists(os.path.join(HERE, "own_config.py")):  # your own settings; `build` leaves that file alone
    load_subconfig("own_config.py", path=HERE)  # noqa: F821
'''


def build(solutions, course, out, chapters=None, tell=None, dry_run=False):
    """Build chapters: the students' notebooks and the nbgrader course.

    Parameters
    ----------
    solutions : Path
        The folder with a folder for each chapter.
    course : Path
        Where `NN_topic/{lecture,exercises}.ipynb` are written.
    out : Path
        Where `nbgrader/` is written.
    chapters : list of str, optional
        Their folders' names; all by default, and then notebooks without a source are removed.
    tell : callable, optional
        Gets a line of text for each chapter that is read.
    dry_run : bool
        Write nothing; `tell` gets a line for each file that would change.

    Returns
    -------
    list of Chapter

    Raises
    ------
    SourceError
        Before anything is written.
    ValueError
        For a name that is no chapter, or a place that is no folder.
    """
    solutions, course, nbgrader = Path(solutions), as_folder(course), as_folder(out) / "nbgrader"
    loaded, files = [], {nbgrader / "nbgrader_config.py": CONFIG}
    for folder in chapter_folders(solutions, chapters):
        chapter = load_checked(folder)
        loaded.append(chapter)
        files |= {course / path: text for path, text in course_files(chapter).items()}
        files |= {nbgrader / path: text for path, text in nbgrader_files(chapter).items()}
        if tell:
            tell(summary(chapter))
    if chapters is None:
        files |= {course / path: text for path, text in course_pages(loaded).items()}
    there = _notebooks_in(course) + _notebooks_in(nbgrader / "source") + _chapters_in(nbgrader)
    gone = [path for path in there if path not in files] if chapters is None else []
    if dry_run:
        for line in _changes(files, gone) if tell else ():
            tell(line)
        return loaded
    for path, text in files.items():
        _write(path, text)
    for path in gone:
        path.unlink()
    return loaded


def _changes(files, gone):
    """Return a line for each file that would change."""
    lines = [f"would write {path}" for path, text in files.items() if not _holds(path, text)]
    return [*lines, *(f"would remove {path}" for path in gone)] or ["nothing would change"]


def stale(solutions, course, chapters=None):
    """Return the files of course/ that `build` would change.

    Parameters
    ----------
    solutions, course : Path
    chapters : list of str, optional

    Returns
    -------
    list of (Path, str)
        Each file with what is wrong with it: missing, changed, or no longer made.
    """
    wrong, made = [], set()
    loaded = [load_checked(folder) for folder in chapter_folders(solutions, chapters)]
    files = {path: text for chapter in loaded for path, text in course_files(chapter).items()}
    for path, text in (files | (course_pages(loaded) if chapters is None else {})).items():
        path = Path(course) / path
        made.add(path)
        if not path.exists():
            wrong.append((path, "is missing"))
        elif path.read_bytes() != text.encode():
            wrong.append((path, "is not what its source says"))
    if chapters is None:
        wrong += [(path, "has no source") for path in _notebooks_in(course) if path not in made]
    return wrong


def chapter_folders(solutions, chapters=None):
    """Return the folders of chapters, by name; raise ValueError for a name that is none."""
    present = {path.name: path for path in sorted(Path(solutions).glob("[0-9][0-9]_*")) if path.is_dir()}
    if not present:
        raise ValueError(f"{solutions} holds no chapter: expected folders named by two digits and a topic, 01_graphs")
    if chapters is None:
        return list(present.values())
    for name in chapters:
        if name not in present:
            raise ValueError(f"there is no chapter {name!r} in {solutions}; there are {', '.join(present) or 'none'}")
    return [present[name] for name in chapters]


def load_checked(folder):
    """Return a chapter whose names are checked."""
    chapter = load_chapter(folder)
    check_names(chapter)
    return chapter


def course_files(chapter):
    """Return what stands in course/ for a chapter: path -> text."""
    from autograder.author.released import release  # imports nbgrader, which takes a second

    files = {}
    if chapter.lecture:
        files[f"{chapter.name}/lecture.ipynb"] = as_text(lecture_notebook(chapter))
    if chapter.cells:
        files[f"{chapter.name}/exercises.ipynb"] = as_text(release(master_notebook(chapter)))
    return files


def nbgrader_files(chapter):
    """Return what stands in the nbgrader course for a chapter: path -> text."""
    if not chapter.cells:
        return {}
    return {
        f"source/{chapter.name}/exercises.ipynb": as_text(master_notebook(chapter)),
        f"plainnet/{chapter.name}.json": json.dumps(_said(chapter), indent=1, ensure_ascii=False) + "\n",
    }


def summary(chapter):
    """Return in a line what a chapter holds."""
    points = sum(cell.points for cell in chapter.cells)
    mistakes = sum(answer.kind == "mistake" for answer in chapter.answers)
    return (
        f"{chapter.name}: {len(chapter.lecture)} lecture cells, {len(chapter.exercises)} exercises, {points:g} points, "
        f"{mistakes} mistakes, {len(chapter.answers) - mistakes} alternatives"
    )


def _said(chapter):
    """Return what the examiner knows of a chapter beyond nbgrader's metadata."""
    tests = {cell.grade_id: cell.exercise for cell in chapter.cells if cell.kind in ("test", "hidden")}
    tests |= {quiz_test_id(cell): cell.exercise for cell in chapter.cells if cell.kind == "quiz"}
    return {
        "format": FORMAT,
        "exercises": [vars(exercise) for exercise in chapter.exercises.values()],
        "tests": tests,
        "answers": [vars(answer) for answer in chapter.answers],
        "demos": chapter.demos,  # no part of an assignment: another demo changes no mark
    }


def _notebooks_in(folder):
    """Return the notebooks of chapters in a folder, those that `build` writes."""
    return [
        path for name in ("lecture", "exercises") for path in sorted(Path(folder).glob(f"[0-9][0-9]_*/{name}.ipynb"))
    ]


def _chapters_in(nbgrader):
    return sorted((nbgrader / "plainnet").glob("[0-9][0-9]_*.json"))


def _holds(path, text):
    return path.is_file() and path.read_bytes() == text.encode("utf-8")


def _write(path, text):
    """Write a file whole or not at all, and only where it changes."""
    data = text.encode("utf-8")
    if _holds(path, text):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    fresh.replace(path)


def command(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters such as 01_graphs; all by default.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail where course/ is stale.")] = False,
    solutions: Annotated[Path, typer.Option(help="The chapters' sources.", show_default="solutions")] = ROOT
    / "solutions",
    course: Annotated[Path, typer.Option(help="Where the students' notebooks go.", show_default="course")] = ROOT
    / "course",
    out: Annotated[
        Path, typer.Option(help="Where the nbgrader course goes, as nbgrader/.", show_default="build")
    ] = ROOT / "build",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change; write nothing.")] = False,
):
    """Make the notebooks of chapters from their sources.

    Writes course/NN_topic/*.ipynb, what students open, and an nbgrader course with the masters in build/nbgrader/.

    Example: python -m autograder build 01_graphs

    Exit codes: 0 built (with --check: course/ is up to date); 1 a source is refused, or course/ is stale; 2 wrong
    usage.
    """
    try:
        if check:
            _tell_stale(stale(solutions, course, chapters), course)
        else:
            built = build(solutions, course, out, chapters, tell=typer.echo, dry_run=dry_run)
            written = f"built {len(built)} chapters: {course} for students, {out / 'nbgrader'} for nbgrader"
            typer.echo("nothing was written" if dry_run else written)
    except SourceError as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _tell_stale(wrong, course):
    """Say which files are stale, and fail if any is."""
    for path, reason in wrong:
        typer.echo(f"{path} {reason}", err=True)
    if wrong:
        typer.echo("course/ is stale: run `python -m autograder build` and commit what it writes", err=True)
        raise typer.Exit(1)
    typer.echo(f"{course} is up to date")
