"""Marks on record beside the marks of today's tests: whose would change, by how much and why.

Marks that other tests gave are never overwritten unasked: plain `grade` stops, `--diff` shows, `--apply` writes.
"""

from collections import Counter
from dataclasses import dataclass, field

from autograder.exam.intake import TIMESTAMP
from autograder.results.environment import what_changed
from autograder.results.history import digest_of
from autograder.verdicts import GRADED

REFUSE, COMPARE, APPLY = "refuse", "compare", "apply"  # what to do where other tests gave the marks on record
MAX_SHOWN = 3  # students whose names are listed where there may be many


class TestsChanged(Exception):
    """Marks on record were given by other tests: they are kept until somebody says otherwise."""

    __test__ = False  # no class of pytest's


def require_same_tests(plan, audit):
    """Raise unless the marks on record of these very submissions were given by today's tests and policy.

    Parameters
    ----------
    plan : plan.Plan
    audit : Audit

    Raises
    ------
    TestsChanged
    """
    others = [entry for entry in map(audit.last.get, plan.by_student) if entry and _outdated(plan, entry)]
    if not others:
        return
    words = sorted({word for entry in others for word in _why(audit, entry, plan)})
    raise TestsChanged(
        f"{len(others)} of these submissions have marks on record under other tests, versions or policy "
        f"({'; '.join(words) or 'what they were is not known'}). Their marks stay as they are. The same command with "
        f"--diff shows whose would change, with --apply writes them"
    )


def _outdated(plan, entry):
    attempts = plan.attempts
    if entry["policy"] != attempts.policy and len(attempts.of[entry["student"]]) > 1:
        return True
    works = [digest_of(one.notebook) for one in attempts.candidates(entry["student"]) if one.notebook is not None]
    return entry["submission"] in works and entry["environment"] != plan.environment


def _why(audit, entry, plan):
    """Return in words what is another than it was when an entry was written."""
    policy = plan.attempts.policy
    words = [f"the {entry['policy']} submission counted, now the {policy}"] if entry["policy"] != policy else []
    known = audit.environments.get(entry["environment"])
    return words + (what_changed(known, plan.facts()) if known else [])


@dataclass(frozen=True)
class CellChange:
    """One test whose verdict or score differs; None for a side that has no such test."""

    grade_id: str
    before: list | None  # verdict, score, points
    after: list | None
    message: str = ""  # what is seen now
    by_hand: float | None = None  # a person's mark, which stays


@dataclass(frozen=True)
class Change:
    """One student whose result differs from the one on record; `before` is None for one who has none."""

    student: str
    before: dict | None
    after: object  # SubmissionResult
    why: list[str]
    cells: list[CellChange] = field(default_factory=list)

    @property
    def scores(self):
        """The score on record and the new one."""
        return (self.before["score"] if self.before else 0.0), self.after.score


class Comparison:
    """Takes results as the Recorder does, and compares them with the record instead of writing them.

    Parameters
    ----------
    plan : plan.Plan
    audit : Audit
    by_hand : dict
        (student, grade id) -> a person's mark.
    """

    def __init__(self, plan, audit, by_hand=None):
        self.plan, self.audit, self.by_hand = plan, audit, by_hand or {}
        self.changes, self.new, self.same, self.results = [], [], 0, []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.changes.sort(key=lambda change: change.student)

    def add(self, graded):
        """Compare a result with the one on record."""
        result = graded.result
        before = self.audit.last.get(result.student)
        if before is None:
            self.new.append(result.student)
            return
        self.results.append((before, result))
        cells = self._cells(before, result)
        if cells or (before["status"], before["score"]) != (result.status, result.score):
            self.changes.append(Change(result.student, before, result, self._why(before, result), cells))
        else:
            self.same += 1

    def _cells(self, before, result):
        now = {cell.grade_id: cell for cell in result.cells}
        after = {name: [cell.verdict, cell.score, cell.points] for name, cell in now.items()}
        names = [name for name in {**before["cells"], **after} if before["cells"].get(name) != after.get(name)]
        return [
            CellChange(
                name,
                before["cells"].get(name),
                after.get(name),
                _seen(now.get(name)),
                self.by_hand.get((result.student, name)),
            )
            for name in names
        ]

    def _why(self, before, result):
        """Return why a student's result may differ, in words."""
        one = self.plan.by_student[result.student]
        why = []
        if one.notebook is None or digest_of(one.notebook) != before["submission"]:
            why.append(f"another submission counts ({one.timestamp or f'no {TIMESTAMP}'})")
        if before["environment"] != self.plan.environment:
            why.append("other tests or versions")
        return why or ["graded again after a fault of ours"]

    def what_changed(self):
        """Return in words what is another than it was for some mark on record."""
        old = {(before["environment"], before["policy"]): before for before, _ in self.results}
        found = {word for entry in old.values() for word in _why(self.audit, entry, self.plan)}
        return sorted(found)

    def lines(self):
        """Return the comparison as lines of text."""
        return _lines(self)


def _seen(cell):
    if cell is None:
        return ""
    return " ".join(filter(None, (cell.message, cell.hint and f"Hint: {cell.hint}")))


def _lines(comparison):
    changes, plan = comparison.changes, comparison.plan
    lines = [f"{plan.assignment.name}: {len(comparison.results)} results compared with what is on record in {plan.out}"]
    lines += [f"  changed since: {word}" for word in comparison.what_changed()]
    lines += _sums(comparison)
    for change in changes:
        lines += _student(change)
    moves = Counter(
        (cell.grade_id, _verdict(cell.before), _verdict(cell.after)) for one in changes for cell in one.cells
    )
    if moves:
        lines.append("by test:")
        lines += [f"  {count} x {name}: {old} -> {new}" for (name, old, new), count in sorted(moves.items())]
    by_hand = [(one.student, cell) for one in changes for cell in one.cells if cell.by_hand is not None]
    if by_hand:
        lines.append(f"{len(by_hand)} of these tests have a mark that a person gave; it stays, marked to be looked at:")
        lines += [f"  {student}: {cell.grade_id}: {cell.by_hand:g}" for student, cell in by_hand]
    if comparison.new:
        names = ", ".join(sorted(comparison.new)[:MAX_SHOWN]) + (", ..." if len(comparison.new) > MAX_SHOWN else "")
        lines.append(f"{len(comparison.new)} have no mark on record yet: {names}")
    return lines


def _sums(comparison):
    pairs = [change.scores for change in comparison.changes]
    up, down = (sum(sign * (new - old) > 0 for old, new in pairs) for sign in (1, -1))
    level = len(pairs) - up - down
    students = "1 student's result" if len(pairs) == 1 else f"{len(pairs)} students' results"
    lines = [f"{students} would change ({up} up, {down} down, {level} with the same sum); {comparison.same} would not"]
    count = len(comparison.results)
    if count:
        old, new = (
            sum(before["score"] for before, _ in comparison.results),
            sum(now.score for _, now in comparison.results),
        )
        lines.append(f"sum {old:g} -> {new:g}, mean {old / count:.2f} -> {new / count:.2f}")
    return lines


def _student(change):
    old, new = change.scores
    before, after = change.before, change.after
    lines = [f"  {change.student}: {old:g} of {before['max_score']:g} -> {new:g} of {after.max_score:g} points"]
    lines[0] += f" ({'; '.join(change.why)})"
    if before["status"] != after.status or after.status != GRADED:
        lines.append(f"    {before['status']} -> {after.status}" + (f": {after.reason}" if after.reason else ""))
    for cell in change.cells:
        message = f": {cell.message}" if cell.message else ""
        lines.append(f"    {cell.grade_id}: {_side(cell.before)} -> {_side(cell.after)}{message}")
    return lines


def _side(side):
    return f"{side[0]} {side[1]:g}/{side[2]:g}" if side else "no such test"


def _verdict(side):
    return side[0] if side else "no such test"
