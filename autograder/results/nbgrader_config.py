"""nbgrader's configuration: what a course says in it, and the one that a results folder gets."""

import os
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from autograder.results.files import write_atomically

NAME = "nbgrader_config.py"
LATE = ("AssignLatePenalties", "LateSubmissionPlugin")  # sections of a configuration that asks for late penalties
CONFIG = '''"""nbgrader's config for these results: `nbgrader` and formgrader, started here, show them."""

c = get_config()  # noqa: F821
load_subconfig({config!r}, path={course!r})  # noqa: F821
c.CourseDirectory.root = {out!r}
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.submitted_directory = {submitted!r}
c.GenerateFeedback.preprocessors = [  # nbgrader's own feedback shows hidden tests
    "nbgrader.preprocessors.GetGrades",
    "nbgrader.preprocessors.ClearHiddenTests",
    "autograder.author.released.ClearRubrics",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
# formgrader's button and `nbgrader autograde` grade as `python -m autograder grade` does
c.Autograde.sanitize_preprocessors = ["autograder.results.formgrader.GradeInSandbox"]
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.AssignLatePenalties"]
c.GradeInSandbox.course = {course!r}
c.GradeInSandbox.submitted = {collected!r}
c.GradeInSandbox.cache = {cache!r}
'''
DATABASE = "c.CourseDirectory.db_url = {!r}\n"
CLASS_FILES = "c.GradeInSandbox.class_files = {!r}\n"


def nbgrader_settings(course):
    """Return what the gradebook needs of a folder's own `nbgrader_config.py`: its id and, if set, its database."""
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    try:
        directory = PyFileConfigLoader(NAME, str(Path(course).resolve())).load_config().CourseDirectory
    except ConfigFileNotFound:
        return {}
    names = {"course_id": "course_id", "db_url": "db_url"}
    return {ours: directory[theirs] for ours, theirs in names.items() if directory.get(theirs)}


def gradebook_settings(out, course, db_url=None):
    """Return the course's id and the database for results: those that the results folder already has, if any.

    Parameters
    ----------
    out, course : Path
    db_url : str, optional
        The database that is wanted.

    Returns
    -------
    dict
        "course_id" and "db_url", where they are set.

    Raises
    ------
    ValueError
        Where the folder's marks go to another database than the wanted one, or that is no URL.
    """
    settings = nbgrader_settings(course)
    has_config = Path(out, NAME).exists()
    if has_config:
        settings |= nbgrader_settings(out)
    if db_url is None:
        return settings
    own = f"sqlite:///{Path(out).resolve() / 'gradebook.db'}"
    now = settings.get("db_url", own)
    if has_config and _place(db_url) != _place(now):
        raise ValueError(
            f"the marks in {out} go to {without_password(now)}, by its {NAME}, and --db says "
            f"{without_password(db_url)}: leave --db out, give another --out, or change {Path(out, NAME)}"
        )
    return settings if _place(db_url) == _place(now) else settings | {"db_url": db_url}


def without_password(db_url):
    """Return a database's URL as it may be shown.

    Raises
    ------
    ValueError
        Where it is no URL.
    """
    return _parsed(db_url).render_as_string(hide_password=True)


def _place(db_url):
    """Return what is the same for two URLs of one database."""
    url = _parsed(db_url)
    return Path(url.database).resolve() if url.get_backend_name() == "sqlite" and url.database else url


def _parsed(db_url):
    try:
        return make_url(db_url)
    except ArgumentError as error:
        raise ValueError(
            "what --db says is no URL of a database: expected for example postgresql://user@host/name"
        ) from error


def write_config(plan, cache):
    """Write the results folder's `nbgrader_config.py`, unless there is one that is not ours.

    Parameters
    ----------
    plan : plan.Plan
    cache : Path
        Where runs of known answers are kept.
    """
    path = plan.out / NAME
    ours = [config_text(plan, cache, copies) for copies in (plan.copies, "", "counted")]
    others = [_without_class_files(text) for text in ours]  # of another policy, with other files
    if not path.exists() or _without_class_files(path.read_text(encoding="utf-8")) in others:
        db_url = plan.settings.get("db_url")
        write_atomically(path, ours[0], private=bool(db_url and make_url(db_url).password))


def config_text(plan, cache, copies=""):
    """Return the `nbgrader_config.py` of a results folder.

    Parameters
    ----------
    plan : plan.Plan
    cache : Path
    copies : str
        The folder of the results in which the recorder put what counts; "" where formgrader looks at what was graded.
    """
    out, course, submitted = (path.resolve() for path in (plan.out, plan.course, plan.submitted))
    text = CONFIG.format(
        config=NAME,
        course=str(course),
        out=str(out),
        source=os.path.relpath(course / "source", out),
        submitted=copies or os.path.relpath(submitted, out),
        collected=str(submitted if plan.is_tree else out / "submitted"),
        cache=str(Path(cache).resolve()),
    )
    if options := plan.class_files.options.arguments():
        text += CLASS_FILES.format(options)
    db_url = plan.settings.get("db_url")
    return text + (DATABASE.format(db_url) if db_url != nbgrader_settings(course).get("db_url") else "")


def _without_class_files(text):
    """Return a configuration without its line about files about the class, which may change from run to run."""
    beginning = CLASS_FILES.split("{")[0]
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(beginning))
