"""The reader's tour is true: its code runs, its files exist, no file is left out, imports run in no circle."""

import ast
import doctest
import importlib
import re
from pathlib import Path

LIB = Path(__file__).resolve().parents[2] / "lib"
TOUR = (LIB / "README.md").read_text(encoding="utf-8")


def named_modules():
    """Return the modules of the tour in its order: names within plainnet, such as "ops" or "data.points"."""
    table = TOUR.split("## What to read")[1].split("\n## ")[0]
    names = []
    for name in re.findall(r"`(?:plainnet/)?([\w/]+)\.py`", table):
        inside_data = (LIB / "plainnet" / "data" / f"{name}.py").is_file() and not (
            LIB / "plainnet" / f"{name}.py"
        ).is_file()
        names.append(("data." if inside_data else "") + name.replace("/__init__", "").replace("/", "."))
    return names


def path_of(name):
    """Return the file of a module of the library."""
    path = LIB / "plainnet" / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def test_the_examples_run():
    failed, attempted = doctest.testfile(str(LIB / "README.md"), module_relative=False)
    assert attempted > 10
    assert failed == 0


def test_examples_in_docstrings_run():
    modules = [importlib.import_module(f"plainnet.{name}") for name in named_modules()]
    results = [doctest.testmod(module) for module in modules]
    assert sum(result.attempted for result in results) > 0
    assert sum(result.failed for result in results) == 0


def test_every_file_of_the_tour_exists_and_every_file_is_in_it():
    named = named_modules()
    assert all(path_of(name).is_file() for name in named), named
    files = [*(LIB / "plainnet").glob("*.py"), *(LIB / "plainnet" / "data").glob("*.py")]
    modules = {path.relative_to(LIB / "plainnet").with_suffix("").as_posix().replace("/", ".") for path in files}
    assert modules - {"__init__", "data.__init__"} == set(named) - {"data", "demos"}


def test_nothing_is_imported_in_a_circle():
    """Each module needs only modules that need nothing of it."""
    graph = {}
    for name in named_modules():
        imported = set()
        for node in ast.walk(ast.parse(path_of(name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("plainnet"):
                base = node.module.removeprefix("plainnet").lstrip(".")
                imported |= {base} if base else {alias.name for alias in node.names}
        graph[name] = {other for other in imported if other in named_modules() and other != name}
    done = set()
    while ready := {name for name in graph if name not in done and graph[name] <= done}:
        done |= ready
    assert done == set(graph), f"a circle among {sorted(set(graph) - done)}"
