"""`grade`: from the bytes of a submission to its verdicts, a pure function. A pool of processes runs it, see `pool`."""

import json
import platform
import zlib
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from autograder.assignment import VARIANTS
from autograder.exam.assemble import AMBIGUOUS, assemble
from autograder.exam.diagnose import diagnose
from autograder.exam.examine import examine
from autograder.exam.known import content_key
from autograder.exam.notebook import Rejected, read_notebook
from autograder.results.notebook import autograded
from autograder.testing import draw_variant
from autograder.verdicts import GRADED, REJECTED, UNGRADED, CellResult, SubmissionResult

LIBRARIES = ("numpy", "matplotlib", "ipython", "msgpack", "plainnet")  # whose versions a result may depend on


@dataclass(frozen=True)
class Graded:
    """What grading one submission gives: the result, and what the gradebook and the feedback page are made of."""

    result: SubmissionResult
    notebook: dict | None = None  # the autograded one; None unless the submission was graded
    problems: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def is_final(self):
        """Return whether grading again would say the same: nothing in it is our fault."""
        left_open = {cell.exercise for cell in self.result.cells if cell.verdict == UNGRADED}
        ours = [name for name in left_open if self.problems.get(name) != AMBIGUOUS]
        return self.result.status in (GRADED, REJECTED) and not ours

    def to_bytes(self):
        """Return bytes that `from_bytes` reads."""
        return zlib.compress(json.dumps(asdict(self)).encode(), 1)

    @classmethod
    def from_bytes(cls, data):
        """Return what `to_bytes` wrote."""
        fields = json.loads(zlib.decompress(data))
        cells = [CellResult(**cell) for cell in fields["result"].pop("cells")]
        result = SubmissionResult(**fields["result"], cells=cells)
        return cls(result, fields["notebook"], fields["problems"], tuple(fields["notes"]))


def grade(submission, assignment, student, sandbox, table):
    """Grade one submission.

    Parameters
    ----------
    submission : bytes
        The notebook as it was handed in.
    assignment : Assignment
    student : str
        Fixes, with an exercise's name, the draws of its hidden tests.
    sandbox : Sandbox
        Where the student's code runs.
    table : known.Table
        What known answers do, for the hints.

    Returns
    -------
    Graded
        Its status is "graded" or "rejected"; whatever else goes wrong is raised, as it is no fault of the student's.
    """
    max_score = total_points(assignment)
    try:
        notebook = read_notebook(submission)
    except Rejected as reason:
        return Graded(SubmissionResult(student, REJECTED, str(reason), max_score=max_score))

    variant_of = variants_of(assignment, student)
    assembled = assemble(assignment, notebook)
    examination = examine(assignment, assembled, sandbox, variant_of)
    cells = diagnose(assignment, examination, table, variant_of, assembled.problems)
    score = sum(cell.score for cell in cells)
    seconds, peak = round(examination.seconds, 3), round(examination.peak_mb, 1)
    result = SubmissionResult(student, GRADED, None, score, max_score, seconds, peak, cells)
    finished = autograded(assembled, examination.outputs, cells)
    return Graded(result, finished, assembled.problems, (*notebook["notes"], *assembled.notes))


def variants_of(assignment, student):
    """Return the function from an exercise's name to the variant that a student draws."""

    def variant_of(exercise):
        known = assignment.exercises.get(exercise)  # a foreign test may stand before the first answer
        return draw_variant(student, exercise, known.variants if known else VARIANTS)

    return variant_of


def total_points(assignment):
    """Return the points that tests decide; written answers are marked by hand and add to these."""
    return sum(cell.points for cell in assignment.cells if cell.kind in ("test", "hidden"))


def environment_key(assignment, sandboxed=True):
    """Return a digest of all that a result depends on besides the submission and the student."""
    libraries = {name: version(name) for name in LIBRARIES}
    digest = blake2b(digest_size=16)
    for part in (content_key(assignment), libraries, platform.machine(), sandboxed):
        digest.update(json.dumps(part, sort_keys=True).encode())
    for name in ("inert.py", "notebook.py"):  # they shape the notebook that is kept
        digest.update(Path(__file__).parent.parent.joinpath("results", name).read_bytes())
    return digest.hexdigest()


def result_key(environment, student, submission):
    """Return the key of one result: the same submission, tests and environment give the same verdicts."""
    return blake2b(json.dumps([environment, student]).encode() + submission, digest_size=20).hexdigest()
