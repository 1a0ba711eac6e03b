"""nbgrader's own Autograde, in formgrader or as `nbgrader autograde`, graded by us.

nbgrader's converter makes the student's row, has its preprocessors turn the submitted notebook into the autograded one,
and writes that. One preprocessor stands for all of them: it has `grade` grade that student, in a process of its own,
so that sandbox, tests, marks, feedback page and log are the same, whoever asked.
"""

import subprocess
import sys
from pathlib import Path

import nbformat
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import List, Unicode


class GradeInSandbox(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute and SaveAutoGrades, and of all that prepares for them.

    A person who presses Autograde asks for today's tests: marks that other tests gave are replaced, as by
    `grade --apply`, and `audit.jsonl` says so. What a person gave stays.
    """

    course = Unicode("", help="The nbgrader course, with source/; the results folder itself by default.").tag(
        config=True
    )
    submitted = Unicode("", help="What the class handed in; nbgrader's submitted_directory by default.").tag(
        config=True
    )
    class_files = List(Unicode(), help="Where files about the class are, as arguments of `grade`.").tag(config=True)
    cache = Unicode("", help="Where runs of known answers are kept.").tag(config=True)

    def preprocess(self, nb, resources):
        """Grade the submission that a notebook belongs to, and return its autograded notebook.

        Parameters
        ----------
        nb : NotebookNode
            As the student handed it in. What is graded is the file, so that a notebook is read in one way only.
        resources : dict

        Raises
        ------
        NbGraderException
            Where it could not be graded; formgrader shows the reason.
        """
        from autograder.grade import SOME_FAILED  # of the earlier submissions, under the policy "best"

        about, root = resources["nbgrader"], Path(self.coursedir.root).resolve()
        done = subprocess.run(self.command(about, root), cwd=root, capture_output=True, text=True)
        said = f"{done.stdout}\n{done.stderr}".strip()
        self.log.info(said)
        path = root / "autograded" / about["student"] / about["assignment"] / f"{about['notebook']}.ipynb"
        if done.returncode not in (0, SOME_FAILED) or not path.exists():
            raise NbGraderException(f"{about['student']}'s {about['notebook']} was not graded: {said}")
        return nbformat.read(path, as_version=4), resources

    @property
    def coursedir(self):
        """nbgrader's folders: this belongs to an exporter, and that to the converter."""
        return self.parent.parent.coursedir

    def command(self, about, root):
        """Return the command that grades a submission.

        Parameters
        ----------
        about : dict
            nbgrader's names of the student, the assignment and the notebook, and its database.
        root : Path
            The results folder.
        """
        submitted = self.submitted or str(root / self.coursedir.submitted_directory)
        command = [sys.executable, "-m", "autograder", "grade", submitted, "--student", about["student"]]
        command += ["--assignment", about["assignment"], "--notebook", f"{about['notebook']}.ipynb"]
        command += ["--course", self.course or str(root), "--out", str(root), "--db", about["db_url"]]
        command += ["--jobs", "1", "--apply", *self.class_files]
        return command + (["--cache", self.cache] if self.cache else [])
