"""The check of names: every name that a cell takes from outside is known when the chapter is built.

A test may use what is trusted (in a hidden test `rng`, `reference`, NumPy, plainnet, the helpers), names of
instructor cells, and exports. Any other name would be looked up in the student's work, where it may be missing, or be
there by chance.
"""

import ast

from autograder.author.names import attributes_of, bound_names, free_names
from autograder.testing import TRUSTED

PRINTS = ("print", "assert_", "check", "show", "display")  # calls that give None


def check_names(chapter):
    """Raise SourceError where a cell of a chapter uses a name that it cannot count on.

    Parameters
    ----------
    chapter : Chapter
    """
    known = Names(chapter)
    for cell in chapter.cells:
        if cell.kind in ("markdown", "manual"):
            continue
        _refuse_star_imports(cell.raw)
        known.check(cell)
        known.add(cell)
    for cell, answer in zip([cell for cell in chapter.answer_cells if cell.keys], chapter.answers):
        _refuse_star_imports(cell)
        known.check_answer(cell, answer)


class Names:
    """The names that are known at a place of the notebook: which exercise made each of them, if any."""

    def __init__(self, chapter):
        self.exercises = chapter.exercises
        self.owner = {name: one.name for one in chapter.exercises.values() for name in one.exports}
        self.made_by = {}  # name -> the exercises on which its value depends
        self.private = {}  # name -> the exercise in whose cell it is bound without being exported
        self.before = {}  # exercise -> made_by as it was before its solution cell
        self.in_reference = {
            name
            for cell in chapter.cells
            if cell.kind in ("solution", "quiz", "instructor")
            for name in bound_names(cell.source)
        }
        self.anywhere = self.in_reference | set(self.owner)

    def add(self, cell):
        """Note what a cell binds."""
        if cell.kind == "instructor":
            depends = set().union(*(self.made_by[name] for name in free_names(cell.source)))
            for name in bound_names(cell.source):
                self.made_by[name] = depends
                self.private.pop(name, None)
        elif cell.kind in ("solution", "quiz"):
            exports = self.exercises[cell.exercise].exports
            self.before[cell.exercise] = dict(self.made_by)
            self.made_by |= {name: {cell.exercise} for name in exports}
            self.private |= {name: cell.exercise for name in bound_names(cell.source) if name not in exports}

    def check(self, cell):
        """Raise SourceError where a cell uses a name that is not known here."""
        trusted = TRUSTED if cell.kind == "hidden" else ()
        free = free_names(cell.source)
        for name, line in free.items():
            if name not in self.made_by and name not in trusted:
                raise cell.raw.error(self._why_unknown(cell, name), line)
            if cell.exercise:
                self._check_needs(cell.raw, cell.exercise, name, line, () if name in trusted else self.made_by[name])
        if cell.kind == "instructor":
            self._check_instructor(cell)
        elif cell.kind in ("solution", "quiz"):
            self._refuse_rebinding(cell, self.made_by)
        elif cell.kind in ("test", "hidden"):
            self._refuse_rebinding(cell, set(self.made_by) - set(self.owner))
            self._check_test(cell, set(free) - set(trusted))

    def _why_unknown(self, cell, name):
        place = "a hidden test" if cell.kind == "hidden" else "a visible test" if cell.kind == "test" else "this cell"
        if name in self.private:
            exercise = self.private[name]
            return f"{name} is bound in the cell of {exercise!r} but no export of it: {place} cannot count on it"
        if name in TRUSTED:
            return f"{name} is there in hidden tests alone; bind it in this cell"
        if name in self.anywhere:
            return f"{name} is bound only further down: {place} runs before"
        return f"{name} is bound nowhere: {place} may use exports, names of instructor cells" + (
            f", and {', '.join(TRUSTED)}" if cell.kind == "hidden" else ""
        )

    def _check_needs(self, raw, exercise, name, line, made_by):
        allowed = {exercise} | self._all_needs(exercise)
        if other := sorted(made_by - allowed if made_by else ()):
            reason = f"{name} depends on the exercise {other[0]!r}, which {exercise!r} does not need:"
            raise raw.error(f'{reason} say needs="{other[0]}", or give this exercise a working version', line)

    def _all_needs(self, exercise):
        needs = set(self.exercises[exercise].needs)
        return needs.union(*(self._all_needs(name) for name in needs))

    def _refuse_rebinding(self, cell, taken):
        """In one notebook, what a cell binds is what all later cells see, in the student's work as in nbgrader."""
        for name in bound_names(cell.source, imports=False):
            if name in taken:
                whose = f"the exercise {self.owner[name]!r}" if name in self.owner else "an instructor cell"
                raise cell.raw.error(f"{name} is a name of {whose}, which this cell would overwrite: name it otherwise")

    def _check_instructor(self, cell):
        for name in bound_names(cell.source):
            if name in self.owner:
                reason = f"{name} is an export of {self.owner[name]!r}; an instructor cell would overwrite it"
                raise cell.raw.error(f"{reason}: name it otherwise")
            if name in TRUSTED and name not in ("np", "plainnet"):
                raise cell.raw.error(f"{name} means something in hidden tests: name it otherwise")

    def _check_test(self, cell, free):
        made_by = set().union(*(self.made_by[name] for name in free))
        if cell.exercise not in made_by:
            exports = ", ".join(self.exercises[cell.exercise].exports)
            raise cell.raw.error(f"this test uses no export of {cell.exercise!r} ({exports}): it would pass without it")
        _check_last_line(cell)
        if cell.kind == "hidden":
            attributes = attributes_of(cell.source, "reference")
            if unknown := sorted((attributes or set()) - self.in_reference):
                raise cell.raw.error(f"reference.{unknown[0]}: no solution and no instructor cell binds this name")

    def check_answer(self, cell, answer):
        """Raise SourceError where an answer cannot stand in the place of the solution."""
        exports = self.exercises[answer.exercise].exports
        bound = bound_names(answer.source)
        missing = [name for name in exports if name not in bound]
        if missing and (answer.kind == "alternative" or len(missing) == len(exports)):
            raise cell.error(f"this {answer.kind} does not bind {missing[0]}, an export of {answer.exercise!r}")
        before = self.before[answer.exercise]
        for name, line in free_names(answer.source).items():
            if name not in before:
                raise cell.error(f"{name} is not known where the solution of {answer.exercise!r} stands", line)
            self._check_needs(cell, answer.exercise, name, line, before[name])


def _refuse_star_imports(raw):
    for node in ast.walk(ast.parse(raw.source)):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            raise raw.error(
                f"from {node.module} import *: nobody can say which names this binds; name them", node.lineno
            )


def _check_last_line(cell):
    """nbgrader takes the value of a last expression for the grade: 0.5 is half the points, False is all of them."""
    last = ast.parse(cell.source).body[-1]
    if not isinstance(last, ast.Expr):
        return
    function = last.value.func if isinstance(last.value, ast.Call) else None
    name = getattr(function, "attr", getattr(function, "id", ""))
    if not name.startswith(PRINTS):
        reason = "a test must not end with an expression, whose value nbgrader takes for the grade: assert it"
        raise cell.raw.error(reason, last.lineno)
