"""Partial credit as nbgrader gives it: a test cell that ends with an expression whose value is a number earns that.

Only a number itself counts, as there: what is shown as `np.float64(0.5)`, `True` or `'1'` gives full marks.
"""

import ast

from autograder.verdicts import FAILED, PASSED, UNGRADED


def compiled(source, name, partial):
    """Return (code, last): a test's code, and apart from it the expression that ends it and would be shown, or None.

    Parameters
    ----------
    source : str
    name : str
        For error messages.
    partial : bool
        Whether the value of that expression counts; where it doesn't, it is a part of the code.

    Raises
    ------
    SyntaxError
    """
    tree = ast.parse(source, name)
    if not (partial and tree.body and isinstance(tree.body[-1], ast.Expr)) or _is_quiet(source):
        return compile(tree, name, "exec"), None
    last = ast.Expression(tree.body.pop().value)
    return compile(tree, name, "exec"), compile(last, name, "eval")


def judged(number, points):
    """Return (verdict, score, message) of a test that ended with a number.

    nbgrader gives up the whole submission where the number is above the points; here the one cell is for the author.
    """
    if number > points:
        return UNGRADED, 0.0, f"the test ended with {number:g}, and has only {points:g} points to give"
    if not number >= 0 or number == points:  # nbgrader takes what is below 0, and what is no number, for full marks
        return PASSED, points, ""
    return FAILED, float(number), f"{number:g} of {points:g} points"


def _is_quiet(source):
    """Return whether IPython shows nothing: the last line of code ends with a semicolon."""
    return source.rstrip().endswith(";")
