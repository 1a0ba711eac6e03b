"""What a notebook's exercises are, and in which state each is after a run: the judgement behind `plainnet.check`."""

import ast
import hashlib
import re
from dataclasses import dataclass, field

from plainnet.fresh_kernel import DIED, TOO_LONG, first_line

PASSED, ANSWERED = "visible tests passed", "answered, not checked here"
FAILING, UNTOUCHED, UNSET, WAITS = "failing", "untouched", "not set", "waits"
MISSING, DOUBLED, NOT_RUN = "missing", "doubled", "not run"
TAKE = "take it from the original notebook"
PLACEHOLDERS = ("write your answer here", "your answer here")


@dataclass
class Exercise:
    """One exercise of a notebook: the cells for its answer, its tests, and what was found out about it."""

    name: str
    answers: list = field(default_factory=list)  # cells that carry its id: one, unless something went wrong
    tests: list = field(default_factory=list)
    lost: list = field(default_factory=list)  # ids of tests that the notebook should hold, and does not
    about: dict = field(default_factory=dict)  # what the notebook's metadata say of it
    state: str = ""
    reason: str = ""

    @property
    def number(self):
        """Return its number in the notebook, or ""."""
        found = re.match(r"\d+", text_of(self.about, "title"))
        return found[0] if found else ""

    @property
    def is_in_words(self):
        """Say whether it is a question whose answer a person marks."""
        return any(marks_of(cell).get("grade") for cell in self.answers)

    @property
    def visible(self):
        """Return the tests that can run here; those that hold only a comment are hidden."""
        return [test for test in self.tests if _statements(test) != []]

    @property
    def points(self):
        """Return the points of its visible tests, and all its points."""
        return points_of(self.visible), points_of([*self.tests, *self.answers[:1]])

    @property
    def is_done(self):
        """Say whether nothing is left to do that can be seen here."""
        return self.state in (PASSED, ANSWERED)


def find_exercises(notebook):
    """Return the exercises of a notebook in its order, those whose cells are missing last.

    The notebook's metadata say which tests belong to which exercise; without them, a test belongs to the answer
    before it.
    """
    said, about = said_by(notebook, "exercises", list), said_by(notebook, "about", dict)
    owner = {test: name for name, tests in said.items() for test in tests if isinstance(test, str)}
    exercises, last = {}, None
    for cell in notebook.cells:
        marks = marks_of(cell)
        if not marks:
            continue
        name = marks["grade_id"]
        if marks.get("solution") or marks.get("task"):
            exercises.setdefault(name, Exercise(name)).answers.append(cell)
            last = name
        elif marks.get("grade"):
            name = owner.get(name, last)
            if name:
                exercises.setdefault(name, Exercise(name)).tests.append(cell)
    for name, tests in said.items():
        exercise = exercises.setdefault(name, Exercise(name))
        present = {marks_of(test)["grade_id"] for test in exercise.tests}
        exercise.lost = [test for test in tests if test not in present]
    for name, exercise in exercises.items():
        exercise.about = about.get(name, {})
    return list(exercises.values())


def said_by(notebook, key, kind):
    """Return what the notebook's metadata say under a key: name -> value, as far as the values are of that kind."""
    said = notebook.metadata.get("plainnet")
    said = said.get(key) if isinstance(said, dict) else None
    return {name: value for name, value in said.items() if isinstance(value, kind)} if isinstance(said, dict) else {}


def text_of(about, key):
    """Return a text of the metadata, or "" where there is none."""
    return about[key] if isinstance(about.get(key), str) else ""


def marks_of(cell):
    """Return nbgrader's metadata of a cell, or nothing where there are none."""
    marks = cell.metadata.get("nbgrader") if isinstance(cell.metadata, dict) else None
    return marks if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str) else {}


def points_of(cells):
    """Return the points that stand in the metadata of cells."""
    points = [_as_number(marks_of(cell).get("points")) for cell in cells]
    return sum(number for number in points if isinstance(number, float) and 0 <= number < 1e6)


def is_untouched(cell):
    """Say whether a cell holds what was handed out, but for blanks around it, by the checksum that nbgrader left."""
    source = cell.source.replace("\r\n", "\n")
    stripped = "\n".join(line.rstrip() for line in source.strip().split("\n"))
    return marks_of(cell).get("checksum") in {_checksum(cell, text) for text in (cell.source, source.strip(), stripped)}


def _checksum(cell, source):
    """Return nbgrader's checksum of a cell with this text."""
    marks = marks_of(cell)
    digest = hashlib.md5(usedforsecurity=False)
    is_solution, is_grade = marks.get("solution", False), marks.get("grade", False)
    is_locked = False if is_solution else True if is_grade else marks.get("locked", False)
    parts = [source, cell.cell_type, is_grade, is_solution, is_locked, marks["grade_id"]]
    if is_grade:
        parts.append(_as_number(marks.get("points")))
    for part in parts:
        digest.update(str(part).encode("utf-8", "replace"))
    return digest.hexdigest()


def _as_number(points):
    try:
        return float(points)
    except (TypeError, ValueError):
        return points


def _statements(cell):
    """Return the statements of a code cell; None where it is none, or where Python alone cannot read it."""
    if cell.cell_type != "code":
        return None
    try:
        return ast.parse(cell.source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def judge_all(exercises, values=None):
    """Set the state of every exercise, and the reason for it.

    Parameters
    ----------
    exercises : list of Exercise
        Their cells hold what came out of the run.
    values : dict of str to (str, str), optional
        What the names that quizzes set hold after the run: the kind, and in words. See `fresh_kernel.describe`.
    """
    by_name = {exercise.name: exercise for exercise in exercises}
    for exercise in exercises:
        exercise.state, exercise.reason = judge(exercise, values or {})
    for exercise in exercises:
        other = by_name.get(_stub_met_by(exercise))
        if exercise.state == FAILING and other not in (None, exercise):
            exercise.state, exercise.reason = WAITS, f"for exercise {other.number or other.name}"


def _stub_met_by(exercise):
    """Return the name of the exercise whose stub ended a cell of this one, or ""."""
    for cell in exercise.answers + exercise.tests:
        for output in errors_in(cell):
            if output.get("ename") == "NotImplementedError":
                return str(output.get("evalue")).partition(":")[0]
    return ""


def judge(exercise, values):
    """Return the state of an exercise by itself, and the reason for it."""
    if not exercise.answers:
        return MISSING, f"the cell for your answer is gone: {TAKE}"
    if len(exercise.answers) > 1:
        return DOUBLED, f"its cell stands {len(exercise.answers)} times: keep one"
    if exercise.lost:
        return MISSING, f"its test {exercise.lost[0]} is gone: {TAKE}"
    answer = exercise.answers[0]
    if reason := _why_untouched(exercise, answer):
        return UNTOUCHED, reason
    if marks_of(answer).get("cell_type", answer.cell_type) != answer.cell_type:
        return FAILING, f"your cell was turned into a {answer.cell_type} cell: turn it back"
    if error := error_of(answer):
        return FAILING, f"your cell: {error}"
    if not ran(answer):
        return NOT_RUN, "the run ended before it"
    name = text_of(exercise.about, "name")
    if name in values and (found := _judge_value(exercise.about, *values[name])):
        return found
    for test in exercise.tests:
        if error := error_of(test, "the test"):
            return FAILING, f"{marks_of(test)['grade_id']}: {error}"
        if "checksum" in marks_of(test) and not is_untouched(test):
            return FAILING, f"{marks_of(test)['grade_id']} was changed; grading uses the original"
        if not ran(test):
            return NOT_RUN, "the run ended before its tests"
    return (PASSED if exercise.visible else ANSWERED), ""


def _why_untouched(exercise, cell):
    """Return why a cell holds no answer yet, or ""."""
    name = text_of(exercise.about, "name")
    if not cell.source.strip():
        return "the cell is empty"
    if is_untouched(cell):
        return f"{name} is still None" if name else "write your answer"
    if cell.cell_type != "code":
        plain = " ".join(re.findall(r"\w+", cell.source)).lower()
        return "write your answer" if plain in PLACEHOLDERS or not plain else ""
    statements = _statements(cell)
    if statements == []:
        return "the cell holds no code"
    if not exercise.visible and statements and all(_sets_none(statement) for statement in statements):
        return f"{ast.unparse(statements[0].targets[0])} is still None"
    return ""


def _sets_none(statement):
    is_none = isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
    return is_none and statement.value.value is None


def _judge_value(about, kind, words):
    """Return the state and the reason for a quiz whose answer can be seen not to be one; otherwise None."""
    name, wanted, choices = text_of(about, "name"), text_of(about, "kind"), about.get("choices")
    if kind == "unset":
        return UNSET, f"the cell must set {name}"
    if kind == "None":
        return UNTOUCHED, f"{name} is still None"
    if wanted in ("number", "text") and kind != wanted:
        return FAILING, f"a {wanted} is wanted; yours is {words}"
    if wanted == "text" and isinstance(choices, list) and choices:
        offered = [f'"{choice}"' for choice in choices]
        if words.removeprefix("the text ").strip("'\"").strip().casefold() not in choices:
            return FAILING, f"one of {', '.join(offered)} is wanted; yours is {words}"
    return None


def ran(cell):
    """Say whether a cell ran, or had nothing to run."""
    return cell.cell_type != "code" or cell.get("execution_count") is not None or not cell.source.strip()


def errors_in(cell):
    """Return the outputs of a code cell that are errors."""
    outputs = cell.get("outputs", []) if cell.cell_type == "code" else []
    return [output for output in outputs if output.get("output_type") == "error"]


def error_of(cell, whose="your cell"):
    """Return in a line what a code cell raised, or "". `whose` names the cell where a line of it is shown."""
    for output in errors_in(cell):
        kind, message = output.get("ename"), first_line(output.get("evalue"))
        if kind == TOO_LONG:
            return f"it took longer than {message}: an endless loop?"
        if kind == DIED:
            return "the kernel died here: too much memory does that, or a call that ends the program"
        if kind == "AssertionError" and message:
            return message
        return f"{kind}: {_with_the_line(message, cell.source, whose)}".rstrip(": ")
    return ""


def ended_by_us(cell):
    """Say whether a cell was interrupted, or ended its kernel."""
    return any(output.get("ename") in (TOO_LONG, DIED) for output in errors_in(cell))


def _with_the_line(message, source, whose):
    """Return a syntax error's message with the line it means in place of a file's name that no student knows."""
    found = re.search(r" *\((?:\d+\.py|<[\w\s-]+>), line (\d+)\)$", message)
    lines = source.split("\n")
    if not found or not 1 <= int(found[1]) <= len(lines):
        return message
    line = lines[int(found[1]) - 1].strip()
    shown = f": `{line[:60]}`" if line else ""
    return f"{message[: found.start()]}, line {found[1]} of {whose}{shown}"
