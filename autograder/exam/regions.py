"""The regions of an author's cell that students never have, and what is left of the cell without them."""

import re

STUB_LINE = re.compile(r"(?:#.*|raise NotImplementedError.*|pass|\.\.\.|\w+ = None(?:\s*#.*)?|YOUR ANSWER HERE)?")


def without_hidden(source):
    """Return the text of a cell as students have it: without hidden tests and marking schemes."""
    kept, until = [], None
    for line in source.split("\n"):
        begun = re.search(r"BEGIN (HIDDEN TESTS|MARK SCHEME)", line)
        if until is None and begun:
            until = f"END {begun[1]}"
        elif until is None:
            kept.append(line)
        elif until in line:
            until = None
    return "\n".join(kept)


def without_solution(source):
    """Return the text that an author gave around the solutions of a cell; nothing, where all of it is solution."""
    kept, inside, found = [], False, False
    for line in source.split("\n"):
        if "BEGIN SOLUTION" in line:
            inside = found = True
        elif "END SOLUTION" in line and inside:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept) if found else ""


def is_untouched(source, text, written=False):
    """Return whether a student's text holds nothing beyond stubs and what the author gave.

    Parameters
    ----------
    source : str
        The author's cell, with its solution.
    text : str
        The student's version of it.
    written : bool
        Whether it is prose of a course of ours: without solution markers a student then has the whole text, where code,
        and any text of a course that nbgrader releases, is a bare stub.

    Notes
    -----
    Stub lines (comments, a bare `raise NotImplementedError`, `pass`, `...`, `name = None`) are left out on both sides,
    so that no stub's exact words matter.
    """
    released = [without_solution(source), source] if written else [without_solution(source)]
    return code_lines(text) in [code_lines(without_hidden(version)) for version in released]


def code_lines(text):
    """Return the lines of a text that are neither blank nor stubs, without trailing space."""
    return [line.rstrip() for line in text.split("\n") if not STUB_LINE.fullmatch(line.strip())]


def same_text(first, second):
    """Return whether two texts differ in white space at line ends and blank lines at most."""
    return _lines(first) == _lines(second)


def _lines(text):
    return [line.rstrip() for line in text.split("\n") if line.strip()]
