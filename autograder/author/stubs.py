"""What a student gets in place of a solution: the text between the markers, replaced.

Inside a function the stub raises NotImplementedError and names the exercise. In a class body it is `...`. At top level,
where raising would stop the notebook, every name that the solution binds becomes None.
"""

import ast
import re
import textwrap

from autograder.author.names import bound_names

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
TEXT_STUB = "*Write your answer here.*"


def stub_of(source, exercise):
    """Return a solution cell as a student gets it.

    Parameters
    ----------
    source : str
        The cell with its solution between `### BEGIN SOLUTION` and `### END SOLUTION`.
    exercise : str
        Its name, for the stub's message.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        Where the markers do not pair, hold nothing, or hold what a student needs to see.
    """
    lines = source.split("\n")
    tree = ast.parse(source)
    outside = bound_names(without_solution(source, "pass"))
    result, position = [], 0
    for begin, end in solution_regions(source):
        result += lines[position:begin]
        indent = re.match(r"\s*", lines[begin])[0]
        region = "\n".join(lines[begin + 1 : end])
        result += [indent + line for line in _stub_lines(tree, begin + 1, end + 1, region, exercise, outside)]
        position = end + 1
    return "\n".join(result + lines[position:])


def without_markers(source):
    """Return a solution cell as plain code, its marker lines removed."""
    return "\n".join(line for line in source.split("\n") if line.strip() not in (BEGIN, END))


def without_solution(source, filling):
    """Return a solution cell with every region replaced by one line of code."""
    lines = source.split("\n")
    for begin, end in reversed(solution_regions(source)):
        lines[begin : end + 1] = [re.match(r"\s*", lines[begin])[0] + filling]
    return "\n".join(lines)


def solution_regions(source):
    """Return the indices of the BEGIN and the END line of every region; raise ValueError where they do not pair."""
    regions, begin = [], None
    for index, line in enumerate(source.split("\n")):
        if line.strip() == BEGIN:
            if begin is not None:
                raise ValueError(f"a second '{BEGIN}' before '{END}'")
            begin = index
        elif line.strip() == END:
            if begin is None:
                raise ValueError(f"'{END}' without '{BEGIN}'")
            regions.append((begin, index))
            begin = None
    if begin is not None:
        raise ValueError(f"'{BEGIN}' without '{END}'")
    return regions


def _stub_lines(tree, first, last, region, exercise, outside):
    """Return the lines that stand for one region; `first` and `last` are the line numbers of its markers."""
    parent = _parent_of_region(tree, first, last)
    if parent is None:
        raise ValueError(f"nothing but comments between '{BEGIN}' and '{END}'")
    if isinstance(parent, ast.FunctionDef | ast.AsyncFunctionDef):
        return [f'raise NotImplementedError("{exercise}: replace this line by your answer")']
    if isinstance(parent, ast.ClassDef):
        return ["# Write your answer here.", "..."]
    region = textwrap.dedent(region)
    names = [name for name in bound_names(region, imports=False) if not name.startswith("_")]
    for node in ast.parse(region).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name in names:
            raise ValueError(
                f"{node.name} is defined inside the markers: keep its signature and docstring outside of them"
            )
    missing = [f"{name} = None  # write your answer here" for name in names if name not in outside]
    return missing or ["# Write your answer here."]


def _parent_of_region(tree, first, last):
    """Return the function, class or module whose body holds the first statement between two lines, or None."""

    def search(node, owner):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.stmt) and first < child.lineno < last:
                return owner
            is_owner = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            found = search(child, child if is_owner else owner)
            if found is not None:
                return found
        return None

    return search(tree, tree)
