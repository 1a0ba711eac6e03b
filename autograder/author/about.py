"""What a notebook tells `plainnet.check` about its exercises: never an answer, only what the question says anyway."""

import ast
import re

from autograder.author.source import quiz_test_id
from autograder.author.stubs import without_markers

HEADING = re.compile(r"^##+ +(.+?)\s*$", re.MULTILINE)  # a single # is the notebook's own title
RUBRIC = re.compile(r"^### BEGIN MARK SCHEME.*?^### END MARK SCHEME", re.MULTILINE | re.DOTALL)
LETTERS = re.compile(r"^\|((?: *[a-z] *\|)+)\s*$", re.MULTILINE)  # the head of a table of choices: | a | b | c |


def about_exercises(chapter, notebook):
    """Return what stands in the master's metadata for `plainnet.check`.

    Parameters
    ----------
    chapter : Chapter
    notebook : nbformat.NotebookNode
        Its master; the given cells' ids are read from it.

    Returns
    -------
    dict
        chapter: its name; exercises: name -> ids of its tests; about: name -> title, limit in seconds, and for a quiz
        the name that its cell sets, whether that is a number or a text, and the choices; given: id -> first line.
    """
    return {
        "chapter": chapter.name,
        "exercises": _tests_of_exercises(chapter),
        "about": _about(chapter),
        "given": {cell.id: _first_line(cell.source) for cell in notebook.cells if cell.id.startswith("given-")},
    }


def _tests_of_exercises(chapter):
    """Return exercise -> ids of its tests, which tell `plainnet.check` what a notebook should hold."""
    tests = {cell.grade_id: [] for cell in chapter.cells if cell.kind in ("solution", "quiz", "manual")}
    for cell in chapter.cells:
        if cell.kind in ("test", "hidden"):
            tests[cell.exercise].append(cell.grade_id)
        elif cell.kind == "quiz":
            tests[cell.exercise].append(quiz_test_id(cell))
    return tests


def _about(chapter):
    about, question = {}, ""
    for cell in chapter.cells:
        if cell.kind in ("markdown", "manual"):
            text = RUBRIC.sub("", cell.source)
            question = text if HEADING.search(text) or cell.kind == "manual" else f"{question}\n{text}"
        if cell.kind not in ("solution", "quiz", "manual"):
            continue
        said = about[cell.grade_id] = {}
        if heading := HEADING.search(question):
            said["title"] = heading[1]
        if cell.kind != "manual":
            said["limit"] = chapter.exercises[cell.exercise].limit
        if cell.kind == "quiz":
            said |= _wanted(cell, chapter.exercises[cell.exercise].exports[0], question)
        question = ""  # a second answer below the same heading has no title of its own
    return about


def _wanted(cell, name, question):
    """Return the name that a quiz sets, and as far as its source shows them the kind of its answer and the choices."""
    said = {"name": name}
    for statement in ast.parse(without_markers(cell.source)).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == name:
            value = statement.value.operand if isinstance(statement.value, ast.UnaryOp) else statement.value
            answer = getattr(value, "value", None) if isinstance(value, ast.Constant) else None
            if isinstance(answer, str):
                said["kind"] = "text"
                head = LETTERS.search(question)
                choices = head[1].replace("|", " ").split() if head else []
                if answer.strip().casefold() in choices:
                    said["choices"] = choices
            elif type(answer) in (int, float) or "rtol" in cell.raw.keys:
                said["kind"] = "number"
    return said


def _first_line(source):
    return source.strip().split("\n")[0][:60]
