"""What a header may say: the keys of each kind of cell, and which values they take."""

import math
import re

# kind -> (cell type, keys that must stand, keys that may stand)
IN_EXERCISES = {
    "solution": ("code", set(), {"exports", "needs", "forbid", "variants", "limit", "demo"}),
    "test": ("code", {"points"}, {"id"}),
    "hidden": ("code", {"points"}, {"id"}),
    "quiz": ("code", {"points"}, {"rtol", "needs", "id", "demo"}),
    "manual": ("markdown", {"points"}, set()),
}
IN_MISTAKES = {
    "mistake": ("code", {"id"}, {"hint", "again", "demo"}),
    "alternative": ("code", {"id"}, set()),
}
TEXTS = {"exports", "needs", "forbid", "id", "hint", "again", "demo"}
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
DELIMITERS = re.compile("(BEGIN|END) (SOLUTION|HIDDEN TESTS|MARK SCHEME)|AUTOTEST")  # nbgrader looks for the bare words


def kind_of(cell, grammar):
    """Return what a cell is; refuse keys that do not belong to it."""
    kind = next(iter(cell.keys))
    if kind not in grammar:
        known = ", ".join(grammar)
        raise cell.error(f"a header starts with what the cell is, one of {known}; this one starts with {kind}")
    cell_type, must, may = grammar[kind]
    if cell.cell_type != cell_type:
        raise cell.error(f"{kind} belongs into a {cell_type} cell; this is a {cell.cell_type} cell")
    if unknown := set(cell.keys) - must - may - {kind}:
        allowed = ", ".join(sorted(must | may))
        raise cell.error(f"{sorted(unknown)[0]} is no key of a {kind} cell; it takes {allowed}")
    if missing := must - set(cell.keys):
        raise cell.error(f"a {kind} cell needs {sorted(missing)[0]}=...")
    for key in ({kind} | TEXTS) & set(cell.keys):
        if not isinstance(cell.keys[key], str) or not cell.keys[key].strip():
            raise cell.error(f'{key} is text in double quotes; {key}={cell.keys[key]!r} is not, write {key}="..."')
    for key in {kind, "id", "again"} & set(cell.keys):
        if not NAME.fullmatch(cell.keys[key]) or len(cell.keys[key]) > 40:
            raise cell.error(f"{key}={cell.keys[key]!r}: a name is lower-case letters, digits and hyphens, at most 40")
    return kind


def points_of(cell):
    """Return the points of a cell; 0 where there is a test that earns none."""
    return number_of(cell, "points", 0.0, least=0.0, most=1000.0)


def number_of(cell, key, default, least, most):
    """Return the number under a key; refuse what is no number or out of range."""
    value = cell.keys.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise cell.error(f"{key} is a number; it is {value!r}")
    if not least <= value <= most:
        raise cell.error(f"{key}={value:g} is out of range: {least:g} to {most:g}")
    return float(value)


def names_of(raw, key):
    """Return the names in a key's text, separated by commas."""
    if key not in raw.keys:
        return ()
    names = tuple(name.strip() for name in raw.keys[key].split(","))
    if not all(names) or len(set(names)) != len(names):
        raise raw.error(f"{key}={raw.keys[key]!r}: names separated by commas, none empty, none twice")
    return names


def refuse_delimiters(cell, allowed):
    """Let nbgrader's delimiters stand nowhere but where they are meant: it looks for the bare words, in every cell."""
    for number, line in enumerate(cell.source.split("\n"), start=1):
        if line.strip() not in allowed and (found := DELIMITERS.search(line)):
            raise cell.error(
                f"{found[0]!r} is a delimiter of nbgrader and must not stand here: {line.strip()!r}", number
            )
