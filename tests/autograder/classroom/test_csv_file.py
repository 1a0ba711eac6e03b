"""CSV files of other programs: read strictly, and no byte changes but those that are meant to."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.classroom.csv_file import ClassFileError, CsvFile
from autograder.classroom.formulas import escaped, is_formula

TEXTS = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=8)
ROWS = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(TEXTS, min_size=width, max_size=width), min_size=1, max_size=6)
)


@pytest.fixture
def table(tmp_path):
    """Return a function that writes bytes and reads them as a CSV file."""

    def read(data):
        path = tmp_path / "file.csv"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return CsvFile(path)

    return read


def written(rows, delimiter, line_end, quoting):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return stream.getvalue()


class TestRoundTrips:
    @given(
        ROWS,
        st.sampled_from(",;\t"),
        st.sampled_from(["\n", "\r\n", "\r"]),
        st.booleans(),
        st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
        st.data(),
    )
    def test_a_changed_cell_changes_and_no_other_does(
        self, tmp_path_factory, rows, delimiter, line_end, quote, encoding, data
    ):
        rows = [["id", "mark", "note"], *([*row, "", "", ""][:3] for row in rows)]
        quote = quote or any(set(text) & set("\r\n") for row in rows for text in row)  # as every program does
        text = written(rows, delimiter, line_end, csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL)
        path = tmp_path_factory.getbasetemp() / "round.csv"
        path.write_bytes(text.encode(encoding))
        table = CsvFile(path)
        assert table.with_cells({}) == path.read_bytes()
        kept = [row for row in rows[1:] if any(cell.strip() for cell in row)]
        assert [[cell.text for cell in row.cells] for row in table.rows] == kept
        if not kept:
            return
        place, new = data.draw(st.integers(0, len(kept) - 1)), data.draw(TEXTS)
        path.write_bytes(table.with_cells({table.rows[place].cells[1]: new}))
        read = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
        kept[place] = [kept[place][0], new, kept[place][2]]
        assert [row for row in read[1:] if any(cell.strip() for cell in row)] == [
            row for row in kept if any(map(str.strip, row))
        ]

    def test_the_bytes_around_a_changed_cell_stay_as_they_are(self, table):
        data = b'\xef\xbb\xbfid;"mark";x\r\n\r\n ada ;"1"; "q" \r\nbob;;"a\nb"\r\n'
        found = table(data)
        assert found.with_cells({found.rows[0].cells[1]: "2,5", found.rows[1].cells[1]: "3"}) == (
            b'\xef\xbb\xbfid;"mark";x\r\n\r\n ada ;"2,5"; "q" \r\nbob;3;"a\nb"\r\n'
        )

    def test_lines_are_counted_through_quoted_ones(self, table):
        assert [row.line for row in table('id\n"a\nb\r\nc"\n\nd').rows] == [2, 6]

    def test_excels_line_about_the_delimiter_is_no_header(self, table):
        found = table("sep=;\nid;a,b\nada;1\n")
        assert [cell.text for cell in found.header.cells] == ["id", "a,b"]
        assert found.rows[0][1] == "1"


class TestHostileFiles:
    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "is empty"),
            (b"\n\n , \n", "is empty"),
            ("id,näme\nada,1".encode("cp1252"), "not in UTF-8 .line 1.: save it as 'CSV UTF-8'"),
            ("id,name".encode("utf-16-le"), "zero bytes"),
            (b'id,name\nada,"open', "line 2: a quotation mark is never closed"),
            (b'id,name\nada,"x"y', "line 2: after a closing quotation mark stands 'y'"),
            (b"PK\x03\x04 a workbook", "save the sheet as CSV UTF-8"),
        ],
    )
    def test_what_cannot_be_read_for_sure_is_refused_with_what_to_do(self, table, data, reason):
        with pytest.raises(ClassFileError, match=reason):
            table(data)

    def test_a_file_that_is_not_there(self, tmp_path):
        with pytest.raises(ClassFileError, match="No such file"):
            CsvFile(tmp_path / "none.csv")

    def test_a_column_that_stands_twice_is_not_chosen_from(self, table):
        with pytest.raises(ClassFileError, match="2 columns called 'id'"):
            table("id, ID ,x\n1,2,3").column("id")

    @given(st.binary(max_size=60))
    def test_no_bytes_end_in_anything_but_a_reading_or_a_refusal(self, tmp_path_factory, data):
        path = tmp_path_factory.getbasetemp() / "any.csv"
        path.write_bytes(data)
        try:
            table = CsvFile(path)
        except ClassFileError:
            return
        assert table.with_cells({}) == data


class TestFormulas:
    @pytest.mark.parametrize(
        "text", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", " =1", "＝1", '=1"&A1&"', '="a"&A1']
    )
    def test_what_a_spreadsheet_program_would_run_is_escaped(self, text):
        assert escaped(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["Ada", "-", "-1.5", "+3", "7,5", "", "12%", '="=1+1"', "O'Neil"])
    def test_names_and_numbers_are_not(self, text):
        assert escaped(text) == text

    @given(st.text())
    def test_what_is_escaped_is_no_formula_and_stays_so(self, text):
        assert not is_formula(escaped(text))
        assert escaped(escaped(text)) == escaped(text)
