"""Answers that are unusually alike, measured against the class itself: a reason to look, never proof.

Only what students wrote is compared: the text that the author gave, comments and docstrings are left out, and names of
a student's own all count as one, so that renaming changes nothing. An exercise counts where answers leave room to
differ. RapidFuzz measures how much of two answers is the same in the same order.
"""

import builtins
import io
import json
import keyword
import tokenize
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from autograder.exam.regions import without_solution
from autograder.results.notebook import grade_id_of

FEWEST_ANSWERS = 10  # to an exercise; a spread over fewer says nothing
FEWEST_TOKENS = 25  # of a student's own in one answer; below that, right answers are alike
ALIKE = 0.8  # an exercise in which a quarter of all pairs are above this leaves no room to differ
SHOWN = 20  # pairs
KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist)
SKIPPED = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


@dataclass(frozen=True)
class Pair:
    """Two submissions that are more alike than the class; `exercises` are those in which they stand out."""

    students: tuple[str, str]
    share: float  # how much is the same, mean over the exercises that both answered
    exercises: tuple[str, ...]


@dataclass(frozen=True)
class Similarity:
    """What was compared and what stands out. `why_not` says why nothing was."""

    pairs: tuple[Pair, ...] = ()
    more: int = 0  # pairs that stand out and are not shown
    exercises: tuple[str, ...] = ()
    compared: int = 0  # pairs
    usual: float = 0.0  # the median share over all pairs
    why_not: str = ""


def similar_submissions(out, assignment, students):
    """Compare the answers of a class with one another.

    Parameters
    ----------
    out : Path
        The results folder, with `autograded/`.
    assignment : Assignment
        The author's text is taken out of what is compared.
    students : list of str
        Whose submissions were graded.

    Returns
    -------
    Similarity
    """
    given = {cell.grade_id: cell.source for cell in assignment.cells if cell.kind == "solution"}
    answers = {name: {} for name in given}
    for student in students:
        for name, text in _answers(Path(out, "autograded", student, assignment.name)).items():
            if name in given and len(tokens := own_tokens(text, given[name])) >= FEWEST_TOKENS:
                answers[name][student] = tokens
    shares = {name: shares_of(own) for name, own in answers.items() if len(own) >= FEWEST_ANSWERS}
    telling = {name: matrix for name, matrix in shares.items() if np.quantile(_pairs(matrix), 0.75) < ALIKE}
    if not telling:
        return Similarity(
            why_not=f"No exercise has {FEWEST_ANSWERS} answers that are long enough and leave room to differ."
        )
    return _standing_out(telling, {name: sorted(answers[name]) for name in telling})


def _answers(folder):
    """Return the texts of a student's answers by grade id, from the autograded notebook."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code" and (name := grade_id_of(cell)):
                found[name] = "".join(cell["source"])
    return found


def own_tokens(text, master):
    """Return the tokens of an answer that are the student's own, one a character; names of their own are all alike.

    Parameters
    ----------
    text : str
    master : str
        The author's cell, with its solution.
    """
    given = {line.strip() for line in without_solution(master).split("\n") if line.strip()}
    kept, names, before = [], KNOWN | set(_words(without_solution(master))), ""
    lines = text.split("\n")
    for token in _tokens(text):
        if token.type in SKIPPED or lines[token.start[0] - 1].strip() in given:
            continue
        starts_line = not lines[token.start[0] - 1][: token.start[1]].strip()
        if token.type == tokenize.STRING and starts_line and token.line.strip().endswith(token.string[-3:]):
            continue  # a docstring
        is_own = token.type == tokenize.NAME and token.string not in names and before != "."
        kept.append("name" if is_own else token.string)
        before = token.string
    return kept


def _words(text):
    return (token.string for token in _tokens(text) if token.type == tokenize.NAME)


def _tokens(text):
    """Yield the tokens of a text as far as it is Python."""
    try:
        yield from tokenize.generate_tokens(io.StringIO(text).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def shares_of(answers):
    """Return how much of each two answers is the same: a symmetric matrix in 0 ... 1, students sorted.

    Parameters
    ----------
    answers : dict
        Student -> list of tokens.
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import cdist

    letters = {}
    texts = [
        "".join(letters.setdefault(token, chr(0x100 + len(letters))) for token in answers[student])
        for student in sorted(answers)
    ]
    return cdist(texts, texts, scorer=Indel.normalized_similarity, dtype=np.float32).astype(float)


def _pairs(matrix):
    return matrix[np.triu_indices(len(matrix), 1)]


def _standing_out(shares, students):
    """Return the pairs far out of the class's own distribution.

    A pair's share is its mean over the exercises that both answered; its score counts in each exercise how many usual
    deviations (of the median) it lies above the median. Far out is what lies above Tukey's outer fence of all scores
    and shares more than `ALIKE`.
    """
    scores, same, high = {}, {}, {}
    for name, matrix in shares.items():
        values = _pairs(matrix)
        middle = np.median(values)
        spread = max(1.4826 * np.median(np.abs(values - middle)), 0.02)
        for (i, j), value in zip(zip(*np.triu_indices(len(matrix), 1)), values):
            pair = students[name][i], students[name][j]
            scores.setdefault(pair, []).append((value - middle) / spread)
            same.setdefault(pair, []).append(value)
            if value > max(ALIKE, middle + 3 * spread):
                high.setdefault(pair, []).append(name)
    score = {pair: sum(values) / np.sqrt(len(values)) for pair, values in scores.items()}
    share = {pair: float(np.mean(values)) for pair, values in same.items()}
    low, top = np.quantile(list(score.values()), [0.25, 0.75])
    fence = top + 3 * (top - low)
    out = [pair for pair in score if score[pair] > fence and share[pair] > ALIKE]
    out.sort(key=lambda pair: (-score[pair], pair))
    pairs = tuple(Pair(pair, share[pair], tuple(high.get(pair, ()))) for pair in out[:SHOWN])
    return Similarity(pairs, len(out) - len(pairs), tuple(shares), len(score), float(np.median(list(share.values()))))
