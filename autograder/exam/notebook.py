"""A submitted notebook read strictly from its bytes: any nbformat, odd saves included, nothing run or upgraded.

nbformat refuses much that people hand in (an unknown minor version, a cell without outputs); grading needs the cells
alone, so these are read here, and whatever cannot be read is refused with the reason.
"""

import json

MAX_BYTES = 32 * 2**20  # with outputs: a notebook of thirty pictures has about ten million bytes
MAX_TEXT = 4 * 2**20  # characters of all cells together
MAX_CELLS = 5000
MAX_BRACKETS = 10**6  # each may cost a hundred times its size in memory, and a notebook has few
CELL_TYPES = ("code", "markdown", "raw")


class Rejected(Exception):
    """A submission that cannot be graded for a reason of its own; the message is the reason, for the student."""


def read_notebook(data):
    """Read a notebook of any format.

    Parameters
    ----------
    data : bytes
        At most `MAX_BYTES`; JSON in UTF-8, or in UTF-16 or UTF-32 as some editors save it.

    Returns
    -------
    dict
        `cells`, each with `cell_type`, `source` (str), `metadata` (dict), and `id` and `attachments` where it has them;
        and `notes`, sentences on what could not be read.

    Raises
    ------
    Rejected
        With the reason: too large, not text, not JSON, not a notebook.
    """
    document = _parse(data)
    if not isinstance(document, dict):
        raise Rejected("The file is not a notebook: it should hold a JSON object with cells.")
    notes = []
    cells = [_cell(raw, number, notes) for number, raw in enumerate(_cells(document), 1)]
    cells = [cell for cell in cells if cell is not None]
    if sum(len(cell["source"]) for cell in cells) > MAX_TEXT:
        raise Rejected(f"The notebook's cells hold more than {MAX_TEXT:,} characters: take data out of the code.")
    return {"cells": cells, "notes": notes}


def _parse(data):
    if len(data) > MAX_BYTES:
        raise Rejected(f"The notebook has more than {MAX_BYTES // 2**20} MB: clear its outputs and save it again.")
    if data.count(b"{") + data.count(b"[") > MAX_BRACKETS:
        raise Rejected("The file has more nested values than a notebook needs: clear its outputs and save it again.")
    if not data.strip():
        raise Rejected("The notebook file is empty: save it again and hand it in.")
    try:
        text = data.decode(json.detect_encoding(data))  # a byte order mark is taken off
    except UnicodeDecodeError as error:
        raise Rejected(f"The file is not text in UTF-8 (byte {error.start}): save it again in JupyterLab.") from error
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except RecursionError as error:
        raise Rejected("The file's JSON is nested too deeply to be a notebook.") from error
    except json.JSONDecodeError as error:
        raise Rejected(f"The file is not JSON (line {error.lineno}): save it again in JupyterLab.") from error
    except ValueError as error:  # an integer with more digits than Python converts
        raise Rejected("The file holds a number that is too long to be read.") from error


def _cells(document):
    """Return the raw cells of a notebook: format 4 has them at the top, formats 2 and 3 in worksheets."""
    cells = document.get("cells")
    if cells is None and isinstance(document.get("worksheets"), list):
        sheets = [sheet for sheet in document["worksheets"] if isinstance(sheet, dict)]
        cells = [cell for sheet in sheets if isinstance(sheet.get("cells"), list) for cell in sheet["cells"]]
    if not isinstance(cells, list):
        raise Rejected("The file is not a notebook: it has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise Rejected(f"The notebook has more than {MAX_CELLS} cells.")
    return cells


def _cell(raw, number, notes):
    """Return one cell in the form of format 4, or None where there is nothing to read."""
    if not isinstance(raw, dict):
        notes.append(f"Cell {number} of your notebook is not a cell; it was left out.")
        return None
    kind = raw.get("cell_type")
    text = _text(raw.get("source", raw.get("input", "")))  # before format 4, code stood in "input"
    if text is None:
        notes.append(f"Cell {number} of your notebook has no readable text; it was taken as empty.")
        text = ""
    if kind == "heading":  # format 3
        kind, text = "markdown", f"# {text}"
    metadata = raw.get("metadata")
    cell = {
        "cell_type": kind if kind in CELL_TYPES else "raw",
        "source": text,
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    if isinstance(raw.get("id"), str):
        cell["id"] = raw["id"]
    if isinstance(raw.get("attachments"), dict):
        cell["attachments"] = raw["attachments"]
    return cell


def _text(source):
    """Return a cell's text from a string or a list of lines; None where it is neither."""
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        return None
    source = source.encode("utf-8", "replace").decode()  # half of a surrogate pair is no character
    return source.replace("\r\n", "\n").replace("\r", "\n")
