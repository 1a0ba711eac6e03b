"""A chapter's source: the one grammar of `solutions/NN_topic/`.

Three percent scripts make a chapter: `lecture.py`, `exercises.py` and `mistakes.py`. The first key of a cell's header
says what the cell is; a cell without keys is prose or instructor code.

    # %% solution="softmax" [exports="a, b"] [needs="x, y"] [forbid="plainnet.softmax"] [variants=4] [limit=20]
    # %% test="softmax" points=2 [id="..."]
    # %% hidden="softmax" points=3 [id="..."]
    # %% quiz="chance-loss" points=1 [rtol=1e-3] [needs="x"]
    #    each of these [demo="LogitsToLoss"]: the demo that refutes what goes wrong there; a mistake may name another
    # %% [markdown] manual="why-order" points=2
    # %% mistake="softmax" id="whole-array-maximum" hint="..." [again="another-id"]
    # %% alternative="softmax" id="logaddexp"
    # %% slide="fragment"                    (lecture.py)
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

from autograder.assignment import LEAST_LIMIT, VARIANTS, Answer, Exercise
from autograder.author.demos import demos_of
from autograder.author.grammar import (
    IN_EXERCISES,
    IN_MISTAKES,
    kind_of,
    names_of,
    number_of,
    points_of,
    refuse_delimiters,
)
from autograder.author.names import bound_names
from autograder.author.percent import RawCell, SourceError, read_cells
from autograder.author.stubs import BEGIN, END, solution_regions, stub_of, without_markers

__all__ = ["Chapter", "SourceCell", "SourceError", "load_chapter"]

FILES = ("lecture.py", "exercises.py", "mistakes.py")
GLOSSARY = "glossary.md"
TERM = re.compile(r"\*\*(.+?)\*\*: +(\S.*)")
SLIDES = ("slide", "subslide", "fragment", "skip", "notes", "-")
MARK_SCHEME = ("### BEGIN MARK SCHEME", "### END MARK SCHEME")


@dataclass(frozen=True)
class SourceCell:
    """One cell of exercises.py with what its header means. kind as in `assignment.Cell`, with "quiz" besides."""

    raw: RawCell
    kind: str
    exercise: str = ""
    grade_id: str = ""
    points: float = 0.0

    @property
    def source(self):
        """Return the cell's text."""
        return self.raw.source


@dataclass(frozen=True)
class Chapter:
    """A chapter as its author wrote it."""

    name: str
    folder: Path
    lecture: tuple[RawCell, ...]
    cells: tuple[SourceCell, ...]  # of exercises.py
    exercises: dict[str, Exercise]
    answers: tuple[Answer, ...]
    answer_cells: tuple[RawCell, ...]  # where each answer stands, for messages
    glossary: tuple[tuple[str, str], ...] = ()  # (term, meaning)
    demos: dict[str, str] = field(default_factory=dict)  # exercise, or exercise/mistake -> the demo that refutes it


def load_chapter(folder):
    """Return the chapter in a folder of `solutions/`.

    Parameters
    ----------
    folder : Path
        Named `NN_topic`; holds exercises.py or lecture.py or both, and mistakes.py where there are exercises.

    Returns
    -------
    Chapter

    Raises
    ------
    SourceError
        Where anything in it does not mean what it seems to mean. Names the file, the line, the cell and the reason.
    """
    folder = Path(folder)
    _check_folder(folder)
    lecture = [_check_lecture(cell) for cell in _read(folder / "lecture.py")]
    cells = _number_tests([_read_exercise_cell(cell) for cell in _read(folder / "exercises.py")])
    exercises = _collect_exercises(cells)
    _check_ids(cells)
    _check_needs(cells, exercises)
    answer_cells = _read(folder / "mistakes.py")
    answers = _read_answers(answer_cells, exercises)
    terms, lecture = _terms(folder / GLOSSARY), tuple(lecture)
    demos = demos_of(lecture, [cell.raw for cell in cells] + answer_cells, exercises)
    return Chapter(folder.name, folder, lecture, tuple(cells), exercises, answers, tuple(answer_cells), terms, demos)


def _check_folder(folder):
    if not folder.is_dir():
        raise SourceError(folder, 1, None, "there is no such folder")
    if not re.fullmatch(r"\d\d_[a-z0-9]+(_[a-z0-9]+)*", folder.name):
        raise SourceError(folder, 1, None, "a chapter's folder is named by two digits and a topic: 01_graphs")
    for path in sorted(folder.iterdir()):
        if path.name not in (*FILES, GLOSSARY, "README.md", "__pycache__") and not path.name.startswith("."):
            raise SourceError(
                path, 1, None, f"unknown file; a chapter has {', '.join(FILES)}, which build reads, and no other"
            )
    if not any((folder / name).exists() for name in FILES[:2]):
        raise SourceError(folder, 1, None, "a chapter has lecture.py or exercises.py; this folder has neither")


def _read(path):
    return read_cells(path) if path.exists() else []


def _terms(path):
    """Return the (term, meaning) pairs of a glossary, one a line; blank lines and headings may stand between."""
    terms = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else (), 1):
        found = TERM.fullmatch(line.strip())
        if found:
            terms.append((found[1], found[2]))
        elif line.strip() and not line.startswith("#"):
            raise SourceError(path, number, None, f"expected `**term**: meaning`; found {line!r:.60}")
    return tuple(terms)


def _check_lecture(cell):
    if unknown := set(cell.keys) - {"slide"}:
        raise cell.error(f"{sorted(unknown)[0]}=... has no meaning in a lecture; only slide=... has")
    if cell.keys and cell.keys["slide"] not in SLIDES:
        raise cell.error(f"slide={cell.keys['slide']!r} is none of {', '.join(SLIDES)}")
    refuse_delimiters(cell, ())
    return cell


def _read_exercise_cell(cell):
    """Return the SourceCell of a cell of exercises.py, its ids not yet numbered."""
    if not cell.keys:
        refuse_delimiters(cell, ())
        return SourceCell(cell, "markdown" if cell.cell_type == "markdown" else "instructor")
    kind = kind_of(cell, IN_EXERCISES)
    exercise = cell.keys[kind]
    if kind == "manual":
        _check_mark_scheme(cell)
        return SourceCell(cell, kind, "", exercise, points_of(cell))
    if kind in ("solution", "quiz"):
        _check_solution(cell, kind, exercise)
        return SourceCell(cell, kind, exercise, exercise, points_of(cell) if kind == "quiz" else 0.0)
    refuse_delimiters(cell, ())
    return SourceCell(cell, kind, exercise, cell.keys.get("id", ""), points_of(cell))


def _check_mark_scheme(cell):
    begin, end = MARK_SCHEME
    refuse_delimiters(cell, MARK_SCHEME)
    markers = [line.strip() for line in cell.source.split("\n") if line.strip() in MARK_SCHEME]
    if markers != [begin, end]:
        raise cell.error(f"a manual cell has its rubric between one {begin!r} and one {end!r}")


def _check_solution(cell, kind, exercise):
    refuse_delimiters(cell, (BEGIN, END))
    try:
        if not solution_regions(cell.source):
            raise ValueError(f"no '{BEGIN}' and '{END}': the student would get the whole answer")
        stub = stub_of(cell.source, exercise)
    except ValueError as error:
        raise cell.error(str(error)) from error
    try:
        compile(stub, "stub", "exec")
    except SyntaxError as error:
        raise cell.error(f"without the solution this is not Python: {error.msg}; what is left:\n{stub}") from error
    names = [name for name in bound_names(cell.source, imports=False) if not name.startswith("_")]
    number_of(cell, "rtol", 1e-3, least=0.0, most=1.0)
    if kind == "quiz" and len(names) != 1:
        raise cell.error(f"a quiz binds one name, its answer; this cell binds {', '.join(names) or 'none'}")


def _number_tests(cells):
    """Give the test cells their ids, counted within their exercise; check that each follows its exercise."""
    counts, seen, result = {}, set(), []
    for cell in cells:
        if cell.kind in ("solution", "quiz"):
            seen.add(cell.exercise)
        if cell.kind in ("test", "hidden"):
            if cell.exercise not in seen:
                raise cell.raw.error(f"no solution={cell.exercise!r} stands before this test")
            key = (cell.exercise, cell.kind)
            counts[key] = counts.get(key, 0) + 1
            grade_id = cell.grade_id or f"{cell.exercise}-{cell.kind}-{counts[key]}"
            cell = SourceCell(cell.raw, cell.kind, cell.exercise, grade_id, cell.points)
        result.append(cell)
    return result


def _check_ids(cells):
    """Refuse two cells with one id, the ids that build adds included; ids also differ by more than case."""
    seen = {}
    for cell in cells:
        ids = [cell.grade_id] if cell.grade_id else []
        if cell.kind == "quiz":
            ids.append(quiz_test_id(cell))
        if cell.kind == "manual":
            ids.append(question_id(cell.grade_id))
        for grade_id in ids:
            if grade_id in seen:
                raise cell.raw.error(f"the id {grade_id!r} stands already in cell {seen[grade_id].raw.label}")
            seen[grade_id] = cell


def quiz_test_id(cell):
    """Return the id of the hidden test that build writes for a quiz."""
    return cell.raw.keys.get("id", f"{cell.exercise}-hidden-1")


def question_id(name):
    """Return the id of the locked cell with the question of a manual exercise."""
    return f"{name}-question"


def _collect_exercises(cells):
    exercises, owner = {}, {}
    for cell in cells:
        if cell.kind not in ("solution", "quiz"):
            continue
        if cell.exercise in exercises:
            raise cell.raw.error(f"there is already an exercise {cell.exercise!r}")
        exercise = _read_exercise(cell)
        for name in exercise.exports:
            if name in owner:
                raise cell.raw.error(f"{name} is already an export of the exercise {owner[name]!r}")
            owner[name] = cell.exercise
        exercises[cell.exercise] = exercise
    tested = {cell.exercise for cell in cells if cell.kind in ("test", "hidden", "quiz")}
    for cell in cells:
        if cell.kind == "solution" and cell.exercise not in tested:
            raise cell.raw.error(f"the exercise {cell.exercise!r} has no test")
    return exercises


def _read_exercise(cell):
    raw = cell.raw
    bound = bound_names(cell.source, imports=False)
    exports = names_of(raw, "exports") or tuple(name for name in bound if not name.startswith("_"))
    if missing := [name for name in exports if name not in bound_names(cell.source)]:
        raise raw.error(f"the solution does not bind {missing[0]}, which exports names")
    if not exports:
        raise raw.error("the solution binds no public name at top level: there is nothing to test")
    forbid = names_of(raw, "forbid")
    for name in forbid:
        if not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", name):
            raise raw.error(f"forbid takes dotted names such as plainnet.softmax, not {name!r}")
    count = number_of(raw, "variants", len(VARIANTS), least=1, most=len(VARIANTS))
    if count != int(count):
        raise raw.error(f"variants is a whole number; it is {count:g}")
    limit = number_of(raw, "limit", LEAST_LIMIT, least=LEAST_LIMIT, most=600.0)
    return Exercise(cell.exercise, exports, names_of(raw, "needs"), forbid, VARIANTS[: int(count)], limit)


def _check_needs(cells, exercises):
    earlier = set()
    for cell in cells:
        if cell.kind in ("solution", "quiz"):
            for name in exercises[cell.exercise].needs:
                if name not in earlier:
                    raise cell.raw.error(f"needs names {name!r}, which is no exercise before this one")
            earlier.add(cell.exercise)


def _read_answers(cells, exercises):
    """Return the answers of mistakes.py."""
    answers = {}
    for cell in cells:
        if cell.cell_type == "markdown" and not cell.keys:
            continue
        if not cell.keys:
            raise cell.error('a cell of mistakes.py starts with mistake="..." or alternative="..."')
        kind = kind_of(cell, IN_MISTAKES)
        exercise, name = cell.keys[kind], cell.keys["id"]
        if exercise not in exercises:
            raise cell.error(f"there is no exercise {exercise!r}; there are {', '.join(exercises)}")
        if (exercise, name) in answers:
            raise cell.error(f"the exercise {exercise!r} has an answer {name!r} already")
        refuse_delimiters(cell, (BEGIN, END))
        answers[exercise, name] = Answer(
            exercise, name, kind, without_markers(cell.source), *_hint_of(cell, kind, exercise, answers)
        )
    return tuple(answers.values())


def _hint_of(cell, kind, exercise, answers):
    """Return (hint, again) of an answer; a second body has the hint of the first."""
    again = cell.keys.get("again", "")
    if kind == "alternative":
        return "", ""
    if not again:
        if "hint" not in cell.keys:
            raise cell.error("a mistake has a hint: one sentence on what is wrong that does not give the answer")
        return cell.keys["hint"], ""
    first = answers.get((exercise, again))
    if first is None or first.kind != "mistake" or first.again:
        raise cell.error(f"again={again!r} names no first body of a mistake of {exercise!r} that stands before")
    if cell.keys.get("hint", first.hint) != first.hint:
        raise cell.error(f"a second body has the hint of {again!r}: leave hint=... away")
    return first.hint, again
