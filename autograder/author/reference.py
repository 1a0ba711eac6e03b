"""The code behind `reference`: as much of the author's side of a chapter as one hidden test needs."""

import ast

from autograder.author.names import attributes_of, bound_names, free_names
from autograder.author.stubs import without_markers


def reference_source(chapter, test):
    """Return the code behind `reference` in a hidden test: the solutions and instructor cells that it needs, in order.

    A cell is needed when it binds a name that is needed, or changes an object with such a name.
    """
    cells = [cell for cell in chapter.cells if cell.kind in ("solution", "quiz", "instructor")]
    code = [
        (without_markers(cell.source), set(bound_names(cell.source)), set(free_names(cell.source))) for cell in cells
    ]
    wanted = attributes_of(test, "reference")
    if wanted is None:
        return "\n\n".join(source for source, _, _ in code)
    chosen, count = set(), -1
    while count != len(chosen):
        count = len(chosen)
        for index, (source, bound, free) in enumerate(code):
            if bound & wanted or (free & wanted and _changes(source) & wanted):
                chosen.add(index)
                wanted |= free
    return "\n\n".join(code[index][0] for index in sorted(chosen))


def _changes(source):
    """Return the names whose attributes or items a cell sets at top level."""
    targets = []
    for node in ast.parse(source).body:
        targets += node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    names = set()
    for target in targets:
        while isinstance(target, ast.Attribute | ast.Subscript):
            target = target.value
            if isinstance(target, ast.Name):
                names.add(target.id)
    return names
