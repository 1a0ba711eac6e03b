"""How well diagnosis does on a chapter's own mistakes: measured, not assumed.

A second body of a mistake, written differently, must get that mistake's hint from a table that does not hold it. And
with a mistake taken out of the table, both bodies included, its answers must not get another mistake's hint.
"""

from dataclasses import dataclass, field

from autograder.exam.diagnose import failures, hint_of, recognise

LEAST_SECOND_BODIES = 0.9  # of the second bodies get the right hint
MOST_FALSE_HINTS = 0.02  # of the answers whose mistake is unknown get a hint


@dataclass
class Measure:
    """Counts over mistakes and variants, and in words what went wrong, each thing once."""

    second_bodies: int = 0
    second_right: int = 0
    left_out: int = 0
    false_hints: int = 0
    unnamed: int = 0  # mistakes that the whole table cannot tell from another one with another hint
    notes: dict[str, int] = field(default_factory=dict)  # sentence -> on how many variants

    def note(self, sentence):
        """Count a sentence."""
        self.notes[sentence] = self.notes.get(sentence, 0) + 1

    def add(self, other):
        """Add the counts of another exercise."""
        for name in ("second_bodies", "second_right", "left_out", "false_hints", "unnamed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for sentence, count in other.notes.items():
            self.notes[sentence] = self.notes.get(sentence, 0) + count

    @property
    def is_good(self):
        """Return whether both shares are within their bounds."""
        return (
            self.second_right >= LEAST_SECOND_BODIES * self.second_bodies
            and self.false_hints <= MOST_FALSE_HINTS * self.left_out
        )


def measure(table, exercise, variants):
    """Return how well the mistakes of an exercise are told apart on these variants.

    Parameters
    ----------
    table : Table
        Holds the runs of every mistake, or makes them.
    exercise : str
    variants : sequence of int

    Returns
    -------
    Measure
    """
    result = Measure()
    mistakes = table.mistakes(exercise)
    for variant in variants:
        for answer in mistakes:
            run = table.run(exercise, answer.id, variant)
            if failures(run):
                _measure_one(result, table, answer, run, variant)
        table.forget(exercise, variant)
    return result


def _measure_one(result, table, answer, run, variant):
    first = answer.again or answer.id
    if not recognise(run, table, variant):
        result.unnamed += 1
        result.note(f"{answer.exercise}: {answer.id} is like a mistake with another hint: no hint is given")
    if answer.again:
        found = {one.again or one.id for one in recognise(run, table, variant, {answer.id}).values()}
        result.second_bodies += 1
        if first in found:
            result.second_right += 1
        else:
            said = f"gets the hint of {' and '.join(sorted(found))}" if found else "gets no hint"
            result.note(f"{answer.exercise}: {answer.id} {said} instead of that of {first}")
    bodies = {one.id for one in table.mistakes(answer.exercise) if first in (one.id, one.again)}
    false = {one.id for one in recognise(run, table, variant, bodies).values() if one.hint != hint_of(answer, table)}
    result.left_out += 1
    if false:
        result.false_hints += 1
        said = " and ".join(sorted(false))
        result.note(f"{answer.exercise}: {answer.id}, left out of the table, gets the hint of {said}")
