"""nbgrader's configuration: what a course says in it, and the one that a results folder gets."""

import os
from pathlib import Path

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
'''


def nbgrader_settings(course):
    """Return what the gradebook needs of a course's own `nbgrader_config.py`: its id and, if set, its database."""
    from traitlets.config.loader import ConfigFileNotFound, PyFileConfigLoader

    try:
        directory = PyFileConfigLoader("nbgrader_config.py", str(Path(course).resolve())).load_config().CourseDirectory
    except ConfigFileNotFound:
        return {}
    names = {"course_id": "course_id", "db_url": "db_url"}
    return {ours: directory[theirs] for ours, theirs in names.items() if directory.get(theirs)}


def config_text(out, course, submitted, copies=""):
    """Return the `nbgrader_config.py` of a results folder.

    Parameters
    ----------
    out, course : Path
    submitted : Path
        What was graded.
    copies : str
        The folder of the results in which the recorder put what counts; "" where formgrader looks at `submitted`.
    """
    out, course = Path(out).resolve(), Path(course).resolve()
    return CONFIG.format(
        config="nbgrader_config.py",
        course=str(course),
        out=str(out),
        source=os.path.relpath(course / "source", out),
        submitted=copies or os.path.relpath(submitted.resolve(), out),
    )
