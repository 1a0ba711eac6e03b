"""What the examiner decides: a verdict for each test cell, a status for each submission.

These are the records that `results.json` holds: every submission ends as graded, rejected or failed, with a reason.
"""

from dataclasses import asdict, dataclass, field

PASSED, FAILED = "passed", "failed"
UNGRADED = "ungraded"  # our fault, or no verdict possible: never a silent zero
GRADED, REJECTED, BROKEN = "graded", "rejected", "failed"  # the status of a submission


@dataclass
class CellResult:
    """The verdict on one test cell. `message` is for the student: it holds no hidden source and no expected value."""

    grade_id: str
    exercise: str
    points: float
    score: float
    verdict: str
    message: str = ""
    mistake: str | None = None
    hint: str | None = None


@dataclass
class SubmissionResult:
    """All that is decided about one submission. `reason` says why, in a sentence, unless it was graded."""

    student: str
    status: str
    reason: str | None = None
    score: float = 0.0
    max_score: float = 0.0
    seconds: float = 0.0
    peak_mb: float = 0.0
    cells: list[CellResult] = field(default_factory=list)

    def as_dict(self):
        """Return plain data for JSON."""
        return asdict(self)
