"""Cells that a spreadsheet program would run: text that begins like a formula."""

import re

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
AS_TEXT = re.compile(r'="[^"]*"')  # ="..." is text: so Canvas writes a name that begins with =


def is_formula(text):
    """Return whether a spreadsheet program may take a cell's text for a formula.

    Parameters
    ----------
    text : str

    Returns
    -------
    bool
        Numbers, a dash alone (how Moodle writes "no mark") and ="text" are none.
    """
    if text.strip() in ("", "-") or NUMBER.fullmatch(text.strip()) or AS_TEXT.fullmatch(text.strip()):
        return False
    return text.startswith(STARTS) or text.lstrip().startswith(STARTS)


def escaped(text):
    """Return a text that no spreadsheet program runs: with an apostrophe before what looks like a formula."""
    return f"'{text}" if is_formula(text) else text
