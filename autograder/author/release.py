"""`release`: a repository for students, ready for git, without a line of what they must not see.

It holds the notebooks of some chapters, plainnet as a wheel, the lock with every version and hash, and start.py, which
needs Python alone. What is written is searched for secrets before, so that a leak ends the release and reaches nobody.
"""

import hashlib
import json
import re
import tempfile
from pathlib import Path, PurePosixPath
from typing import Annotated

import typer

from autograder.author.build import ROOT, chapter_folders, course_files, load_checked
from autograder.author.leaks import find_leaks
from autograder.author.notebooks import chapter_title
from autograder.author.pages import course_pages
from autograder.author.source import SourceError
from autograder.author.wheel import build_wheel
from autograder.results.files import as_folder

STUDENT = Path(__file__).parent / "student"
MANIFEST = ".release.json"
LOCK = "requirements-student.lock"
GITIGNORE = ".venv/\n__pycache__/\n.ipynb_checkpoints/\nhandin/\n"
GITATTRIBUTES = "* text=auto eol=lf\n*.whl binary\n"
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)  # on Windows, with any ending
MOST = 120  # characters of a path inside the repository: Windows allows 260 in all


def release(root, chapters, out, force=False, url="", tell=lambda text: None, dry_run=False):
    """Write a repository for students.

    Parameters
    ----------
    root : Path
        Our repository.
    chapters : list of str
        The chapters' names.
    out : Path
        The folder for the students' repository. A `.git` in it is left alone, and so is what we did not write.
    force : bool
        Write also where others' files stand or ours were changed.
    url : str
        Where the repository will be published, for links to Binder.
    tell : callable
        Gets a line of text for each step.
    dry_run : bool
        Do all but write.

    Returns
    -------
    dict of str to bytes
        What was written: path -> content.

    Raises
    ------
    ValueError
        Before anything is written: for an unknown chapter, a leak, a name that some system refuses, or a folder that is
        not ours to overwrite.
    """
    root, out = Path(root), Path(out)
    folders = chapter_folders(root / "solutions", chapters)
    check_place(out, force)
    released = [load_checked(folder) for folder in folders]
    files = bundle(root, released, url, tell)
    check_paths(files)
    everything = [load_checked(folder) for folder in chapter_folders(root / "solutions")]
    public = [*sorted((root / "lib" / "plainnet").rglob("*.py")), STUDENT / "start.py"]  # loops are written alike
    if leaks := find_leaks(everything, files, [path.read_text(encoding="utf-8") for path in public]):
        where = "\n".join(f"  {path}: {line}" for path, line in leaks[:20])
        raise ValueError(f"{len(leaks)} lines that students must not see would be released:\n{where}")
    tell("searched for solutions, hidden tests, rubrics and known answers: none")
    if not dry_run:
        _write(out, files)
    return files


def bundle(root, chapters, url="", tell=lambda text: None):
    """Return what a students' repository holds: path -> content."""
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(root, folder)
        name, data = f"wheels/{wheel.name}", wheel.read_bytes()
    tell(f"built {name}")
    files = {name: data}
    for chapter in chapters:
        files |= {f"course/{path}": text for path, text in course_files(chapter).items()}
        tell(f"took {chapter.name}")
    files |= {f"course/{path}": text for path, text in course_pages(chapters).items()}
    for path in ("LICENSE", "LICENSE-course.md"):
        files[path] = (root / path).read_text(encoding="utf-8")
    files["start.py"] = (STUDENT / "start.py").read_text(encoding="utf-8")
    files["README.md"] = _readme(chapters, name, url)
    files["environment.yml"] = _environment((root / "environment.yml").read_text(encoding="utf-8"), name)
    lock = (root / LOCK).read_text(encoding="utf-8")
    files[LOCK] = f"{lock}./{name} \\\n    --hash=sha256:{hashlib.sha256(data).hexdigest()}\n"
    files[".gitignore"], files[".gitattributes"] = GITIGNORE, GITATTRIBUTES
    return {path: text.encode("utf-8") if isinstance(text, str) else text for path, text in sorted(files.items())}


def _readme(chapters, wheel, url):
    """Return the students' README; the links need to know where the repository will stand."""
    text = (STUDENT / "README.md").read_text(encoding="utf-8")
    links = ""
    if found := re.fullmatch(r"https://github\.com/([\w.-]+)/([\w.-]+?)(\.git)?/?", url):
        place = f"{found[1]}/{found[2]}"
        links = (
            "\nWithout installing anything: "
            f"[open it on Binder](https://mybinder.org/v2/gh/{place}/HEAD?urlpath=lab/tree/course/index.ipynb). "
            "In Google Colab, open a notebook by the repository's address and run first\n"
            f"`!pip install --no-deps https://raw.githubusercontent.com/{place}/HEAD/{wheel}`. "
            "(Both addresses follow these services' documentation; they were not tried when this was written.)\n"
        )
    elif url:
        raise ValueError(f"--url is the address of a GitHub repository, https://github.com/OWNER/NAME; it is {url!r}")
    named = "\n".join(f"- `course/{chapter.name}/`: {chapter_title(chapter)}" for chapter in chapters)
    first = next((chapter.name for chapter in chapters if chapter.cells), chapters[0].name)
    for mark, value in (
        ("@CHAPTERS@", named),
        ("@FIRST@", first),
        ("@LINKS@\n", links + "\n"),
    ):
        text = text.replace(mark, value)
    return text


def _environment(text, wheel):
    """Return environment.yml with the wheel: conda's pip takes paths from the file's folder."""
    return f"{text.rstrip()}\n  - pip:\n      - --no-deps\n      - ./{wheel}\n"


def check_paths(files):
    """Refuse names that Windows or macOS cannot hold, or cannot hold beside each other."""
    seen = {}
    for path in files:
        for part in PurePosixPath(path).parts:
            if RESERVED.fullmatch(part) or re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part) or not part.isascii():
                raise ValueError(f"{path}: {part!r} cannot be a name on every system")
        if len(path) > MOST:
            raise ValueError(f"{path}: {len(path)} characters are too long for Windows; at most {MOST}")
        for prefix in (PurePosixPath(path), *PurePosixPath(path).parents):
            first = seen.setdefault(str(prefix).casefold(), str(prefix))
            if first != str(prefix):
                raise ValueError(f"{first} and {prefix} are one name on Windows and macOS")


def check_place(out, force):
    """Refuse a folder with files that are not ours, or that were changed after we wrote them."""
    as_folder(out)
    if force or not out.exists():
        return
    if not (out / MANIFEST).exists():
        if others := sorted(path.name for path in out.iterdir() if path.name != ".git"):
            raise ValueError(f"{out} is not empty ({', '.join(others[:5])}) and no release: choose another, or --force")
        return
    written = _manifest(out)
    if changed := [path for path in written if _digest_of(out / path) not in (None, written[path])]:
        raise ValueError(f"{out}: changed since it was released: {', '.join(changed[:5])}. --force overwrites it")


def _manifest(out):
    """Return what an earlier release wrote: path -> hash. Paths that lead outside are dropped."""
    path = out / MANIFEST
    if not path.exists():
        return {}
    files = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {
        name: digest for name, digest in files.items() if ".." not in name and not PurePosixPath(name).is_absolute()
    }


def _digest_of(path):
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _write(out, files):
    """Write all files, and remove those of an earlier release that are no more."""
    for path in _manifest(out):
        if path not in files:
            (out / path).unlink(missing_ok=True)
    hashes = {path: hashlib.sha256(data).hexdigest() for path, data in files.items()}
    text = json.dumps({"made by": "plainnet", "files": hashes}, indent=1) + "\n"
    for path, data in {**files, MANIFEST: text.encode()}.items():
        target = out / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.is_symlink():
            target.unlink()  # never write through a link
        target.write_bytes(data)


def command(
    chapters: Annotated[list[str] | None, typer.Argument(help="Chapters such as 01_graphs.")] = None,
    out: Annotated[Path, typer.Option(help="The folder for the students' repository.")] = ...,
    every: Annotated[bool, typer.Option("--all", help="Release all chapters.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write also over files that are not ours.")] = False,
    url: Annotated[str, typer.Option(help="Its future address on GitHub, for links to Binder.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Make and search it all; write nothing.")] = False,
):
    """Write a repository for students: notebooks, the library's wheel, start.py; no solutions, no hidden tests.

    Example: python -m autograder release 01_graphs --out ../course-2025

    Exit codes: 0 written; 1 refused (a leak, a source, or a folder that is not ours); 2 wrong usage.
    """
    if bool(chapters) == every:
        raise typer.BadParameter("name the chapters, or say --all")
    try:
        files = release(ROOT, None if every else chapters, out, force, url, typer.echo, dry_run)
    except (SourceError, ValueError, RuntimeError) as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from error
    if dry_run:
        for path in sorted(files):
            typer.echo(f"would write {out / path}")
        return
    size = sum(len(data) for data in files.values()) / 1e6
    typer.echo(f"released {len(files)} files ({size:.1f} MB) to {out}: cd there, git init, push; students run start.py")
