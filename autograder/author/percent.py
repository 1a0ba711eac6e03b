"""The percent format, read strictly: text notebooks whose every header line means what it seems to mean.

jupytext reads percent scripts and is forgiving: a header that it cannot parse becomes unreadable metadata, a comma
makes a list of a value, a misspelled cell type becomes a title. An exercise would then silently lose its points or
show its solution. So this module reads the headers by one small grammar, lets jupytext read the cells, and refuses a
file where the two disagree.

A header is `# %%` or `# %% [markdown]`, then keys separated by blanks; values are JSON strings or numbers:

    # %% hidden="softmax" points=3
"""

import ast
import io
import json
import re
import tokenize
from dataclasses import dataclass
from pathlib import Path

import jupytext

FORMAT = {
    "extension": ".py",
    "format_name": "percent",
    "comment_magics": False,
}  # else comments like `# ls` turn into code
FROM_JUPYTEXT = {"cell_marker", "lines_to_next_cell", "lines_to_end_of_cell_marker"}

LOOKS_LIKE_HEADER = re.compile(r"#\s*(%%|<codecell>|In\[[0-9 ]*\]:?\s*$)")
KEY = re.compile(r'\s+([A-Za-z_]\w*)=("(?:[^"\\]|\\.)*"|[-+.\d][-+.\dA-Za-z]*)(?=\s|$)')
OTHER_LINE_ENDS = re.compile(
    "[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"
)  # str.splitlines() breaks at these, an editor does not


class SourceError(ValueError):
    """A chapter's source that cannot be built. Says where (file, line, cell) and why."""

    def __init__(self, file, line, cell, reason):
        self.file, self.line, self.cell, self.reason = Path(file), line, cell, reason
        where = f"{file}:{line}" + (f": cell {cell}" if cell else "")
        super().__init__(f"{where}: {reason}")


@dataclass(frozen=True)
class RawCell:
    """One cell of a percent script: its header's keys, its text, and where it stands."""

    file: Path
    number: int  # counted from 1, as an editor shows it
    line: int  # of the header, counted from 1
    cell_type: str  # "code" or "markdown"
    keys: dict
    source: str

    @property
    def label(self):
        """Return the cell's number with its first key, as messages name it."""
        first = next((f" ({key}={json.dumps(value)})" for key, value in self.keys.items()), "")
        return f"{self.number}{first}"

    def error(self, reason, line=None):
        """Return a SourceError at this cell; `line` counts from 1 within the cell's text."""
        return SourceError(self.file, self.line + (line or 0), self.label, reason)


def read_cells(path):
    """Return the cells of a percent script.

    Parameters
    ----------
    path : Path

    Returns
    -------
    list of RawCell

    Raises
    ------
    SourceError
        Where the file is no Python, a header is not of the grammar, or jupytext would read it differently.
    """
    path = Path(path)
    text = _read_text(path)
    headers = _find_headers(path, text)
    lines = text.split("\n")
    cells = []
    for number, (line, next_line) in enumerate(zip(headers, [*headers[1:], len(lines) + 1]), start=1):
        cell_type, keys = _read_header(path, line, number, lines[line - 1])
        body = "\n".join(lines[line : next_line - 1]).rstrip()
        cells.append(RawCell(path, number, line, cell_type, keys, body))
    if not cells:
        return []
    return _compare_with_jupytext(path, jupytext.reads("\n".join(lines[headers[0] - 1 :]), fmt=FORMAT), cells)


def _read_text(path):
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise SourceError(path, line, None, "this is not UTF-8: save the file as UTF-8") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if found := OTHER_LINE_ENDS.search(line):
            raise SourceError(path, number, None, f"the character {found[0]!r} ends a line for jupytext: remove it")
    try:
        ast.parse(text)
    except SyntaxError as error:
        reason = f"not Python: {error.msg}; magics and shell lines are not possible in a chapter's source"
        raise SourceError(path, error.lineno or 1, None, reason) from error
    return text


def _find_headers(path, text):
    """Return the numbers of the lines that start a cell; refuse what only looks like one."""
    headers = []
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type != tokenize.COMMENT or not LOOKS_LIKE_HEADER.match(token.string):
            continue
        line, column = token.start
        if token.line[:column].strip():
            continue  # a comment behind code starts no cell, for jupytext either
        if column or not re.match(r"# %%(\s|$)", token.string):
            reason = f"{token.string.strip()!r} looks like the start of a cell, which is '# %%' at the line's start"
            raise SourceError(path, line, None, reason)
        headers.append(line)
    first = headers[0] if headers else text.count("\n") + 2
    _refuse_text_before_cells(path, text.split("\n")[: first - 1])
    return headers


def _refuse_text_before_cells(path, lines):
    """Let nothing stand before the first cell but the header that JupyterLab writes (`# ---` ... `# ---`)."""
    inside = False
    for number, line in enumerate(lines, start=1):
        if line == "# ---":
            inside = not inside
        elif line.strip() and not (inside and line.startswith("#")):
            raise SourceError(
                path, number, None, "text before the first cell belongs to no cell: start the file with '# %%'"
            )


def _read_header(path, line, number, text):
    """Return (cell type, keys) of a header line."""
    rest = text[len("# %%") :].rstrip()
    cell_type = "code"
    if rest.startswith(" [markdown]"):
        cell_type, rest = "markdown", rest[len(" [markdown]") :]
    keys = {}
    while rest:
        found = KEY.match(rest)
        if not found:
            raise SourceError(path, line, number, _what_is_wrong(rest))
        key, value = found.groups()
        if key in keys:
            raise SourceError(path, line, number, f"the key {key} stands twice; only the last would count")
        try:
            keys[key] = json.loads(value)
        except json.JSONDecodeError:
            raise SourceError(path, line, number, f"{key}={value} is no number; text stands in double quotes") from None
        rest = rest[found.end() :]
    return cell_type, keys


def _what_is_wrong(rest):
    """Return in words why the rest of a header is not a list of keys."""
    word = rest.split()[0]
    if rest.lstrip().startswith(","):
        return "a comma between keys turns the value before it into a list: separate keys by blanks"
    if word.startswith("["):
        return f"{word} is no cell type; there is [markdown], and code without a word"
    if word.startswith("{"):
        return 'metadata as JSON is not read here: write key="text" or key=number'
    if found := re.match(r'\s+(\w+)="(?:[^"\\]|\\.)*"(\S*)', rest):
        if found[2].startswith(","):
            return "a comma between keys turns the value before it into a list: separate keys by blanks"
        return (
            f'the text of {found[1]} ends at its second quote, but {found[2]!r} follows: write \\" for a quote inside'
        )
    if found := re.match(r"\s+(\w+)='", rest):
        return f'{found[1]} stands in single quotes, which break at the first apostrophe: write {found[1]}="..."'
    if found := re.match(r'\s+(\w+)="', rest):
        return f"the text of {found[1]} has no closing quote"
    if found := re.match(r"\s+(\w+)\s*=\s*(\S*)", rest):
        return f'{found[1]}={found[2]}: a value is text in double quotes or a number, written key="text" or key=2'
    return f"{word!r} is no key=value; jupytext would take it for a title"


def _compare_with_jupytext(path, notebook, cells):
    """Return the cells with jupytext's text (prose without its quotes); refuse a file that it reads differently."""
    if len(notebook.cells) != len(cells):
        raise SourceError(
            path, 1, None, f"jupytext finds {len(notebook.cells)} cells here, the headers are {len(cells)}"
        )
    result = []
    for cell, read in zip(cells, notebook.cells):
        keys = {key: value for key, value in read.metadata.items() if key not in FROM_JUPYTEXT}
        if (read.cell_type, keys) != (cell.cell_type, cell.keys):
            raise cell.error(f"jupytext reads this header as {read.cell_type} {keys}")
        if cell.cell_type == "code":
            if read.source.rstrip() != cell.source:
                raise cell.error("jupytext reads the text of this cell differently")
            result.append(cell)
        else:
            _check_prose(cell)
            result.append(
                RawCell(cell.file, cell.number, cell.line, cell.cell_type, cell.keys, read.source.strip("\n"))
            )
    return result


def _check_prose(cell):
    """Refuse a markdown cell that is neither one string nor comments: its text would be code, or be lost."""
    body = ast.parse(cell.source).body
    is_string = (
        len(body) == 1 and isinstance(body[0], ast.Expr) and isinstance(getattr(body[0].value, "value", None), str)
    )
    if body and not is_string:
        raise cell.error('prose stands in one r""" """ string or in comments; this cell has code in it', body[0].lineno)
    if is_string and not re.match(r'[rR]?("""|\'\'\')', cell.source.lstrip()):
        raise cell.error('prose stands in triple quotes, r""" """, with nothing before them', 1)
