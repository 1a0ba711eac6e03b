"""The trusted side of an examination: the author's own cells, run once, and the namespaces that tests see.

An instructor cell runs here as well as in the student process, unless it depends on an export, directly or through
another cell: then the student process alone runs it, and the names it binds count as exports. In a foreign course
a cell that only defines functions runs here all the same: tests call them where the exports are. The reference is all
instructor and solution cells of the master, run together in one namespace. What a test gets of it are copies, so that
no test spoils another.
"""

import ast
import contextlib
import copy
import functools
import sys
import types
import warnings

import numpy as np
import plainnet
from IPython.core.inputtransformer2 import TransformerManager

from autograder import testing
from autograder.author.names import bound_names, defines_only, free_names, read_at_once
from autograder.exam.cells import Capped

ANSWERS = ("solution", "manual")  # a manually graded cell may be code
NOT_COPIED = (type, types.FunctionType, types.ModuleType, types.BuiltinFunctionType, types.MethodType)


@functools.lru_cache(512)
def python_of(source):
    """Return a cell's text as Python: IPython's magics become calls."""
    return TransformerManager().transform_cell(testing.without_prelude(source))


class Sides:
    """Which cells run where, and which names a test reads from the student process.

    Attributes
    ----------
    exports : tuple of str
        The exercises' exports and what depends on them.
    trusted : list of (int, str, tuple of str)
        The instructor cells that run on both sides: index, Python source, names bound.
    """

    def __init__(self, assignment):
        self.exercises, self.foreign = assignment.exercises, assignment.foreign
        imported = set()
        tainted = set()
        for cell in assignment.cells:
            if cell.kind in ANSWERS and cell.cell_type == "code":
                made = names_in(bound_names, cell.source, imports=False)
                imported.update(set(names_in(bound_names, cell.source)).difference(made))
                tainted.update(made)
        exports = [name for exercise in assignment.exercises.values() for name in exercise.exports]
        exports = [name for name in exports if name not in imported or name in tainted]
        tainted.update(exports)
        self.trusted, self.dependent = [], []
        for index, cell in enumerate(assignment.cells):
            if cell.kind == "instructor" and cell.cell_type == "code":
                source = python_of(cell.source)
                bound = names_in(bound_names, source)
                reads = tainted.intersection(names_in(free_names, source))
                later = self.foreign and reads and defines_only(source) and not reads & read_at_once(source)
                if reads:
                    tainted.update(bound)
                if reads and not later:
                    self.dependent += bound
                else:  # where it reads exports later, its functions find them in the tests that call them
                    self.trusted.append((index, source, tuple(bound)))
        self.exports = tuple(dict.fromkeys(exports + self.dependent))

    def mixing(self, exercise):
        """Return the exports whose instances may take part in arithmetic with plain values in an exercise's tests."""
        if self.foreign:
            return self.exports
        near = [self.exercises[name] for name in (exercise.name, *exercise.needs) if name in self.exercises]
        return [name for one in near for name in one.exports] + self.dependent

    def course_names(self):
        """Return {text of a trusted instructor cell: the names it binds}."""
        return {source: bound for _, source, bound in self.trusted}


def names_in(finder, source, **options):
    """Return the names that code binds or reads, or none where it is no Python."""
    try:
        return list(finder(python_of(source), **options))
    except SyntaxError:
        return []


class Shell:
    """What `get_ipython()` gives on the trusted side: magics that do nothing."""

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


def fresh_namespace(name):
    """Return a module to run cells in."""
    module = types.ModuleType(name)
    shell = Shell()
    module.__dict__.update(get_ipython=lambda: shell, display=print)
    return module


class Reference:
    """The author's cells, run together on the trusted side.

    `problem` says why they could not run, or is None: then nothing that needs them can be graded.
    """

    def __init__(self, assignment, sides, names):
        self.module = fresh_namespace("__main__")
        self.problem = None
        trusted = {index: bound for index, _, bound in sides.trusted}
        with quiet():
            for index, cell in enumerate(assignment.cells):
                if cell.cell_type != "code" or cell.kind not in ("instructor", "solution"):
                    continue
                try:
                    code = compile(python_of(cell.source), f"<{cell.grade_id or f'cell {index}'}>", "exec")
                    exec(code, self.module.__dict__)
                except Exception as error:
                    where = cell.grade_id or f"cell {index}"
                    self.problem = f"the author's {where} fails: {type(error).__name__}: {error}"
                    return
                names.add_course(self.module.__dict__, trusted.get(index, ()))

    def view(self):
        """Return what a test sees as `reference`: functions and classes as they are, data as copies."""
        return _View(self.module.__dict__, {})


class _View:
    """Gives copies of a namespace's data, the same copy for the same object."""

    def __init__(self, namespace, memo):
        self.__dict__["_take"] = lambda name: copied(namespace[name], memo)

    def __getattr__(self, name):
        try:
            value = self._take(name)
        except KeyError:
            raise AttributeError(f"the reference defines no {name!r}") from None
        self.__dict__[name] = value
        return value


def copied(value, memo):
    """Return a copy of data; functions, classes and what can't be copied as they are."""
    if isinstance(value, NOT_COPIED):
        return value
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # an open file, a lock, a generator
        return value


def test_namespace(cell, code, sides, reference, variant):
    """Return the namespace of one test of a course of ours: instructor names, and for a hidden test what it may use."""
    used = used_names(code)
    module = fresh_namespace("__main__")
    namespace = module.__dict__
    view = reference.view()
    for _, _, bound in sides.trusted:
        for name in bound:
            value = reference.module.__dict__.get(name)
            if name in used or isinstance(value, NOT_COPIED):
                namespace[name] = getattr(view, name)
    if cell.kind == "hidden":
        namespace.update({name: getattr(testing, name) for name in testing.HELPERS})
        namespace.update(np=np, plainnet=plainnet, reference=view)
        namespace["rng"] = testing.variant_rng(variant, cell.grade_id)
    return namespace


def used_names(code):
    """Return the names that code uses anywhere."""
    names = set(code.co_names)
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            names |= used_names(part)
    return names


def imports_of(source):
    """Return the import statements at the top level of a cell, as Python."""
    try:
        body = ast.parse(python_of(source)).body
    except SyntaxError:
        return ""
    return "\n".join(ast.unparse(part) for part in body if isinstance(part, ast.Import | ast.ImportFrom))


@contextlib.contextmanager
def quiet(keeps_random=False):
    """Keep what the author's code prints, warns and sets from everything else; `np.random`'s state too, unless told."""
    state = np.random.get_state()  # noqa: NPY002 - foreign tests use it
    with (
        contextlib.redirect_stdout(Capped(0)),
        contextlib.redirect_stderr(Capped(0)),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            if not keeps_random:
                np.random.set_state(state)  # noqa: NPY002
            if "matplotlib.pyplot" in sys.modules:
                sys.modules["matplotlib.pyplot"].close("all")
