"""What the marks of a class say: how hard each exercise was, whom it told apart, which misconceptions are common.

Everything is computed from the records of `results.json`. Difficulty is the mean share of an exercise's points.
Discrimination is the correlation of that share with the points of all *other* exercises (the corrected item-total
correlation, Henrysson 1963): near 0 or below, good and weak students do equally well there, and the exercise wants a
look.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from autograder.verdicts import FAILED, GRADED, PASSED, UNGRADED

FEWEST = 10  # students; a correlation over fewer says nothing
TOO_LONG = "took too long"  # what a message says of a test that was ended


@dataclass(frozen=True)
class ExerciseFigures:
    """One exercise over all graded submissions. `discrimination` is None where it can't be computed."""

    name: str
    points: float
    difficulty: float
    discrimination: float | None
    solved: int
    nothing: int
    too_long: int
    ungraded: int


@dataclass(frozen=True)
class Misconception:
    """A known mistake, and who made it."""

    exercise: str
    mistake: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class ClassFigures:
    """All that the two pages show. `scores` are points, `shares` their part of what tests can give."""

    assignment: str
    submissions: int
    scores: tuple[float, ...]
    max_score: float
    exercises: tuple[ExerciseFigures, ...]
    misconceptions: tuple[Misconception, ...]
    not_graded: tuple[tuple[str, str, str], ...]  # (student, status, reason)
    slowest: tuple[tuple[str, float], ...]  # (student, seconds)

    @property
    def shares(self):
        """The students' shares of all points, in 0 ... 1."""
        return [score / self.max_score for score in self.scores] if self.max_score else []


def class_figures(results):
    """Return the figures of a class.

    Parameters
    ----------
    results : dict
        What `results.json` holds.

    Returns
    -------
    ClassFigures
    """
    graded = [one for one in results["submissions"] if one["status"] == GRADED]
    others = [one for one in results["submissions"] if one["status"] != GRADED]
    by_time = sorted(graded, key=lambda one: -one["seconds"])
    return ClassFigures(
        results["assignment"],
        len(results["submissions"]),
        tuple(one["score"] for one in graded),
        max((one["max_score"] for one in graded), default=0.0),
        tuple(_exercise_figures(graded)),
        tuple(_misconceptions(graded)),
        tuple((one["student"], one["status"], one["reason"] or "") for one in others),
        tuple((one["student"], one["seconds"]) for one in by_time[:5]),
    )


def _exercise_figures(graded):
    """Yield the figures of each exercise, in the notebook's order."""
    names = dict.fromkeys(cell["exercise"] for one in graded for cell in one["cells"])
    cells = {name: [[c for c in one["cells"] if c["exercise"] == name] for one in graded] for name in names}
    points = {name: max(sum(c["points"] for c in own) for own in cells[name]) for name in names}
    scores = {name: np.array([sum(c["score"] for c in own) for own in cells[name]]) for name in names}
    total = sum(scores.values())
    for name in names:
        verdicts = [[cell["verdict"] for cell in own] for own in cells[name]]
        late = [any(TOO_LONG in cell["message"] for cell in own) for own in cells[name]]
        yield ExerciseFigures(
            name,
            points[name],
            float(np.mean(scores[name]) / points[name]) if points[name] else 0.0,
            correlation(scores[name], total - scores[name]),
            sum(bool(own) and all(v == PASSED for v in own) for own in verdicts),
            sum(bool(own) and all(v == FAILED for v in own) for own in verdicts),
            sum(late),
            sum(UNGRADED in own for own in verdicts),
        )


def correlation(a, b):
    """Return Pearson's correlation of two arrays, or None for fewer than ten pairs or where one does not vary."""
    if len(a) < FEWEST or np.ptp(a) == 0 or np.ptp(b) == 0:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _misconceptions(graded):
    """Return the known mistakes of a class, the commonest first."""
    found, hints = defaultdict(set), {}
    for one in graded:
        for cell in one["cells"]:
            if cell["mistake"]:
                found[cell["exercise"], cell["mistake"]].add(one["student"])
                hints[cell["exercise"], cell["mistake"]] = cell["hint"] or ""
    ranked = sorted(found, key=lambda key: (-len(found[key]), key))
    return [Misconception(*key, hints[key], tuple(sorted(found[key]))) for key in ranked]


def groups_of(shares, fewest=1, bins=10):
    """Count students by tenths of the points, no group smaller than `fewest`.

    Parameters
    ----------
    shares : list of float
        In 0 ... 1.
    fewest : int
        Neighbouring tenths are put together until each group has so many; with 1, tenths may be empty.
    bins : int

    Returns
    -------
    list of (from, to, count)
        In per cent, without gaps from 0 to 100; empty where there are fewer than `fewest` students in all.
    """
    counts, _ = np.histogram(np.clip(shares, 0, 1), bins=bins, range=(0, 1))
    if len(shares) < fewest:
        return []
    groups, start, held = [], 0, 0
    for place, count in enumerate(counts.tolist()):
        held += count
        if held >= fewest or fewest <= 1:
            groups.append((start, place + 1, held))
            start, held = place + 1, 0
    if start < bins:  # too few are left for a group of their own
        first, _, count = groups.pop()
        groups.append((first, bins, count + held))
    return [(round(100 * a / bins), round(100 * b / bins), n) for a, b, n in groups]
