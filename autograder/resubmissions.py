"""Several submissions of one student: which are graded, and which of them counts.

What a student handed in is the history of the results folder and then what lies in the source now, oldest first.
Policy "last": the newest counts, whatever it is. Policy "best": the one with most points by tests, of equal ones the
newest.
"""

from autograder.results.history import digest_of
from autograder.verdicts import BROKEN, GRADED

LAST, BEST = "last", "best"
POLICIES = (LAST, BEST)


class Attempts:
    """All submissions of a class, by student.

    Parameters
    ----------
    submissions : list of Submission
        What lies in the source now; a submission's `earlier` ones too.
    history : History
    policy : LAST or BEST

    Attributes
    ----------
    of : dict
        Student -> list of Submission, oldest first.
    problems : list of str
        Sentences on submissions that might have been the best, and failed for a fault of ours.
    """

    def __init__(self, submissions, history, policy=LAST):
        if policy not in POLICIES:
            raise ValueError(f"there is no policy {policy!r}: expected {' or '.join(POLICIES)}")
        self.policy, self.of, self.problems = policy, {}, []
        self._graded = {}  # student -> [(Submission, Graded, known)]
        for one in submissions:
            self.of.setdefault(one.student, history.of(one.student)).extend([*one.earlier, one])
        self.of = {student: _once(attempts) for student, attempts in self.of.items()}

    def to_grade(self):
        """Return the submissions that may count, student by student."""
        return [one for student in self.of for one in self.candidates(student)]

    def candidates(self, student):
        """Return the submissions of a student that may count, oldest first."""
        attempts = self.of[student]
        readable = [one for one in attempts if one.notebook is not None]
        return readable if self.policy == BEST and readable else attempts[-1:]

    def settle(self, submission, graded, known=False):
        """Take in one result; return the one that counts once all of the student's are there.

        Parameters
        ----------
        submission : Submission
        graded : Graded
        known : bool
            Whether it was graded in an earlier run.

        Returns
        -------
        (Submission, Graded, bool) or None
        """
        found = self._graded.setdefault(submission.student, [])
        found.append((submission, graded, known))
        candidates = self.candidates(submission.student)
        if len(found) < len(candidates):
            return None
        del self._graded[submission.student]
        chosen = max(found, key=lambda one: (*_worth(one[1].result), candidates.index(one[0])))
        if chosen[1].result.status == GRADED:
            self.problems += [_sorry(one, other.result) for one, other, _ in found if other.result.status == BROKEN]
        return chosen

    def note(self, submission):
        """Return sentences for a student who handed in several times."""
        count = len(self.of[submission.student])
        if count == 1:
            return []
        number = self.of[submission.student].index(submission) + 1
        when = f" ({submission.timestamp})" if submission.timestamp else ""
        who = "Your group" if submission.draws else "You"
        return [f"{who} handed in {count} times; number {number}{when} counts: the {self.policy}."]


def _once(attempts):
    """Return submissions without repeats of the same bytes; the newest of equal ones stays."""
    newest = {}
    for place, one in enumerate(attempts):
        newest[place if one.notebook is None else digest_of(one.notebook)] = place
    return [one for place, one in enumerate(attempts) if place in newest.values()]


def _worth(result):
    return result.status == GRADED, result.score


def _sorry(submission, result):
    when = f" of {submission.timestamp}" if submission.timestamp else ""
    return f"{submission.student}: a submission{when} that might be the best could not be graded: {result.reason}"
