"""CSV files of other people's programs: read strictly, and changed in single cells while every other byte stays.

Python's csv module reads the values but says nothing about where they stand, so the cells are found here and the
module is the check: where the two read a file differently, it is refused.
"""

import codecs
import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

MAX_BYTES, MAX_ROWS = 50_000_000, 200_000
DELIMITERS = ",;\t"
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
QUOTED = re.compile(r'"((?:[^"]|"")*)"')
LINE_END = re.compile(r"\r\n|\n|\r")


class ClassFileError(ValueError):
    """A file about the class cannot be used; the message says where, what was expected and what to do."""


@dataclass(frozen=True)
class Cell:
    """One value, and the place of its text in the file: the characters from `start` to `end`, quotes included."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Row:
    """One record: its first line's number, counted from 1, and its cells."""

    line: int
    cells: tuple[Cell, ...]

    def __getitem__(self, column):
        """Return the text of a column without the blanks around it; "" where the row ends before it."""
        return self.cells[column].text.strip() if column is not None and column < len(self.cells) else ""


class CsvFile:
    """A CSV file whose first row names the columns.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    header : Row
    rows : list of Row
        Those below that are not empty.
    delimiter, encoding, bom : str, str, bytes

    Raises
    ------
    ClassFileError
        Where it is no CSV file in UTF-8, or in UTF-16 with a byte order mark.
    """

    def __init__(self, path):
        self.path = Path(path)
        self.bom, self.encoding, self.text = _decoded(self.path)
        first = LINE_END.split(self.text, maxsplit=1)[0]
        said = re.fullmatch(r"sep=([,;\t])", first)  # what Excel writes to say so
        self.delimiter = said[1] if said else _delimiter(self.path, self.text)
        rows = _rows(self.path, self.text, self.delimiter)
        self._check(rows)
        rows = [row for row in rows[1 if said else 0 :] if any(cell.text.strip() for cell in row.cells)]
        if not rows:
            raise ClassFileError(f"{self.path} is empty: expected a first line with the names of the columns")
        self.header, *self.rows = rows

    def _check(self, rows):
        """Refuse what Python's csv module reads in another way."""
        try:
            csv.field_size_limit(MAX_BYTES)
            read = csv.reader(io.StringIO(self.text, newline=""), delimiter=self.delimiter, strict=True)
            for row, values in zip_longest(rows, read):
                found = [cell.text for cell in row.cells] if row else None
                if found != (values or [""] if values is not None else None):
                    raise csv.Error("its lines can be read in two ways")
        except csv.Error as error:
            raise ClassFileError(f"{self.path} is no CSV file: {error}; export it again") from error

    def column(self, *names):
        """Return the number of the column that has one of some names, in any case and spacing; None without one.

        Raises
        ------
        ClassFileError
            Where several columns have these names.
        """
        wanted = {plain(name) for name in names}
        found = [number for number, cell in enumerate(self.header.cells) if plain(cell.text) in wanted]
        if len(found) > 1:
            raise ClassFileError(f"{self.path} has {len(found)} columns called {names[0]!r}: expected one")
        return found[0] if found else None

    def required(self, *names):
        """Return the number of a column that must be there."""
        found = self.column(*names)
        if found is None:
            there = ", ".join(repr(cell.text) for cell in self.header.cells[:20])
            raise ClassFileError(f"{self.path} has no column {names[0]!r} in its first line: it has {there}")
        return found

    def where(self, row):
        """Return the place of a row in words."""
        return f"{self.path}, line {row.line}"

    def with_cells(self, changes):
        """Return the file's bytes with some cells replaced, every other byte as it is.

        Parameters
        ----------
        changes : dict
            Cell -> its new text.
        """
        parts, at = [], 0
        for cell, text in sorted(changes.items(), key=lambda pair: pair[0].start):
            quoted = self.text[cell.start : cell.end].startswith('"')
            if quoted or any(char in text for char in f'{self.delimiter}"\r\n'):
                text = '"' + text.replace('"', '""') + '"'
            parts += [self.text[at : cell.start], text]
            at = cell.end
        parts.append(self.text[at:])
        return self.bom + "".join(parts).encode(self.encoding)


def plain(text):
    """Return a text without what is written in different ways: case, blanks, an underline for a blank, accents."""
    return " ".join(unicodedata.normalize("NFC", text).replace("_", " ").split()).casefold()


def _decoded(path):
    """Return a file's byte order mark, its encoding and its text."""
    try:
        with open(path, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ClassFileError(f"{path} cannot be read ({error.strerror}): say where the file is") from error
    if len(data) > MAX_BYTES:
        raise ClassFileError(f"{path} is larger than {MAX_BYTES:,} bytes: expected a CSV file about one class")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise ClassFileError(f"{path} is a workbook or an archive, no CSV file: save the sheet as CSV UTF-8")
    bom = next((mark for mark in BOMS if data.startswith(mark)), b"")
    encoding = BOMS.get(bom, "utf-8")
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise ClassFileError(
            f"{path} is not in UTF-8 (line {line}): save it as 'CSV UTF-8', or export it again; nothing is guessed, "
            f"since a wrong guess changes names"
        ) from error
    if "\0" in text:
        raise ClassFileError(f"{path} holds zero bytes: expected UTF-8, or UTF-16 with a byte order mark")
    return bom, encoding, text


def _delimiter(path, text):
    """Return the delimiter that makes most columns of the first line that is not empty; a comma where none does."""
    counts = {}
    for delimiter in DELIMITERS:
        try:
            rows = _rows(path, text, delimiter, header_only=True)
        except ClassFileError:
            continue  # quotes that end before something else: another delimiter
        counts[delimiter] = len(rows[-1].cells) if rows else 0
    return max(counts, key=counts.get, default=",")


def _rows(path, text, delimiter, header_only=False):
    """Return the records of a text; of the header only those up to the first that is not empty."""
    rows, cells, at, line, start_line = [], [], 0, 1, 1
    plain_cell = re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
    while at < len(text) or cells:
        quoted = QUOTED.match(text, at) if text.startswith('"', at) else None
        if text.startswith('"', at) and quoted is None:
            raise ClassFileError(f"{path}, line {line}: a quotation mark is never closed")
        found = quoted or plain_cell.match(text, at)
        value = quoted[1].replace('""', '"') if quoted else found[0]
        cells.append(Cell(value, at, found.end()))
        line += len(LINE_END.findall(value)) if quoted else 0
        at = found.end()
        if text.startswith(delimiter, at):
            at += 1
            if at < len(text):
                continue
            cells.append(Cell("", at, at))  # the file ends after a delimiter
        end = LINE_END.match(text, at)
        if end is None and at < len(text):
            raise ClassFileError(f"{path}, line {line}: after a closing quotation mark stands {text[at : at + 10]!r}")
        rows.append(Row(start_line, tuple(cells)))
        if header_only and any(cell.text.strip() for cell in cells):
            return rows
        if len(rows) > MAX_ROWS:
            raise ClassFileError(f"{path} has more than {MAX_ROWS:,} lines: expected a CSV file about one class")
        at, cells = (end.end() if end else at), []
        line += 1
        start_line = line
    return rows
