"""Marks go from nbgrader's gradebook into the LMS's own file, and nothing else in it changes."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader import api
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.classroom.fill import Mark, _is_same, _text, fill
from autograder.classroom.formulas import escaped, is_formula
from autograder.classroom.lms import CANVAS, MOODLE, WORKSHEET, LmsFile
from autograder.classroom.roster import Roster
from autograder.classroom.totals import Total, totals_of
from autograder.results.audit import Audit
from autograder.results.gradebook import Gradebook, Record
from autograder.verdicts import GRADED, PASSED, REJECTED, UNGRADED, CellResult, SubmissionResult

ROSTER = """id,name,email,canvas_id
ada,Ada Lovelace,ada@x.org,4711
bob,Bob Roß,bob@x.org,4712
cam,Cam,cam@x.org,4713
dan,Dan,dan@x.org,4714
eva,Eva,eva@x.org,4715
"""
CANVAS_FILE = (
    "\ufeffStudent,ID,SIS Login ID,Section,01_mini (77),Essay (78),Current Score\r\n"
    ",,,,Manual Posting,,\r\n"
    "    Points Possible,,,,8.00,5,(read only)\r\n"
    '"Lovelace, Ada",4711,al,"L1 and ""L2""",,4.5,90\r\n'
    '"Roß, Bob",4712,br,L1,2.00,,\r\n'
    "Cam,4713,cc,L1,,,\r\n"
    "Fay,4799,ff,L1,,,\r\n"
    '"=HYPERLINK(""http://x"")",4715,ev,L1,N/A,,'
)
WORKSHEET_FILE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,"
    "Last modified (submission),Feedback comments\n"
    "Participant 12,Ada Lovelace,ada@x.org,Submitted for grading,-,8.00,Yes,"
    '"Monday, 30 November 2026, 11:59 PM","<p>- see me</p>"\n'
    "Participant 13,Bob Roß,bob@x.org,Submitted for grading,,8.00,No,-,\n"
)
MOODLE_FILE = (
    "First name;Last name;ID number;Email address;Assignment: 01_mini (Real);Assignment: 01_mini (Percentage);"
    "Course total (Real)\n"
    "Ada;Lovelace;;ada@x.org;-;-;4,5\n"
    "Bob;Roß;;bob@x.org;2,50;31,25 %;2,5\n"
)


def result(student, score, status=GRADED, verdict=PASSED):
    cells = [CellResult("square-hidden-1", "square", 3.0, score, verdict)]
    return SubmissionResult(student, status, None if status == GRADED else "no notebook", score, 6.0, cells=cells)


@pytest.fixture
def book(out, assignment, released):
    """Return the results of a class: ada has 2 by a test, 1.25 by hand and is 1 late; bob waits for a person."""
    records = [Record(result(name, score), "", released) for name, score in (("ada", 2.0), ("dan", 3.0), ("eva", 0.0))]
    records.append(Record(result("bob", 0.0, verdict=UNGRADED), "", released))
    with Gradebook(out, assignment) as written:
        written.write(records)
    Audit(out, "01_mini").add([(_nothing("cam"), result("cam", 0.0, REJECTED), "env")])
    with api.Gradebook(f"sqlite:///{out}/gradebook.db") as found:
        for name in ("ada", "dan", "eva"):
            notebook = found.find_submission_notebook("exercises", "01_mini", name)
            for grade in notebook.grades:
                grade.needs_manual_grade = False
            grade = found.find_grade("why", "exercises", "01_mini", name)
            grade.manual_score = 1.25
            notebook.late_submission_penalty = 1.0 if name == "ada" else None
        found.db.commit()
    return out


def _nothing(student):
    from autograder.exam.intake import Submission

    return Submission(student, rejected="no notebook")


@pytest.fixture
def marks(book, tmp_path):
    """Return a function that runs the command on a file's text; gives exit code, what it said and the file's bytes."""
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")

    def run(text, *options, code=0):
        path = tmp_path / "gradebook.csv"
        if text is not None:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        options = [str(path), "--out", str(book), "--roster", str(tmp_path / "roster.csv"), *map(str, options)]
        done = CliRunner().invoke(app, ["marks", *options], env={"COLUMNS": "1000"})
        assert done.exit_code == code, f"{done.output}\n{done.exception!r}"
        return done.output, path.read_bytes().decode()

    return run


@pytest.mark.slow
class TestTotals:
    def test_they_are_nbgraders_own_with_manual_marks_and_late_penalties(self, book):
        name, totals = totals_of(book)
        assert name == "01_mini"
        assert totals["ada"] == Total("ada", 2.25, 3.25, 1.0, 8.0)
        assert {one.student: one.open for one in totals.values() if one.open} == {
            "bob": "needs manual grading",
            "cam": "rejected: no notebook",
        }
        with api.Gradebook(f"sqlite:///{book}/gradebook.db") as found:
            row = found.find_submission("01_mini", "ada")
            assert max(0.0, row.score - row.late_submission_penalty) == 2.25

    def test_a_row_without_a_notebook_is_no_mark(self, book):
        with api.Gradebook(f"sqlite:///{book}/gradebook.db") as found:
            row = {"student": found.add_student("gus"), "assignment": found.find_assignment("01_mini")}
            found.db.add(api.SubmittedAssignment(**row, extension=timedelta(days=1)))
            found.db.commit()
        assert totals_of(book)[1]["gus"].open == "nothing was graded"

    def test_where_there_is_nothing_it_says_what_to_do(self, tmp_path, book):
        with pytest.raises(ValueError, match="holds no marks: grade first"):
            totals_of(tmp_path / "nowhere")
        with pytest.raises(ValueError, match="no assignment '02': give --assignment with one of 01_mini"):
            totals_of(book, "02")

    def test_a_gradebook_that_cannot_be_read_writes_nothing(self, marks, book):
        (book / "gradebook.db").write_bytes(b"no database" * 100)
        said, after = marks(CANVAS_FILE, code=1)
        assert "cannot be used" in said
        assert after == CANVAS_FILE


class TestCanvas:
    def test_only_cells_of_marks_change_and_names_that_are_formulas(self, marks):
        said, after = marks(CANVAS_FILE, code=3)
        expected = CANVAS_FILE.replace('"L1 and ""L2""",,4.5', '"L1 and ""L2""",2.25,4.5')
        expected = expected.replace('"=HYPERLINK', "\"'=HYPERLINK")
        assert after == expected
        assert "1 marks filled in" in said
        for line in (
            "bob: needs manual grading",
            "cam: rejected: no notebook",
            "eva: line 8: the LMS takes no mark here",
            "1 with a mark here and no row in the file:\n  dan",
            "line 7 (canvas_id 4799, login ff): nobody in",
            "escaped by an apostrophe: line 8",
        ):
            assert line in said

    def test_a_second_run_finds_its_marks_and_changes_nothing(self, marks):
        _, after = marks(CANVAS_FILE, code=3)
        said, again = marks(None, code=3)
        assert again == after
        assert "0 marks filled in, 1 there already" in said

    def test_a_mark_that_differs_stays_unless_forced(self, marks):
        text = CANVAS_FILE.replace('"L1 and ""L2""",,', '"L1 and ""L2""",3,')
        said, after = marks(text, code=4)
        assert "ada (line 4): 3 in the file, 2.25 here" in said
        assert ",3,4.5,90" in after
        said, after = marks(text, "--force", code=3)
        assert ",2.25,4.5,90" in after
        assert "1 of them replaced another mark:\n  ada (line 4): 3 -> 2.25" in said

    def test_who_is_excused_stays_excused_even_if_forced(self, marks):
        text = CANVAS_FILE.replace('"L1 and ""L2""",,', '"L1 and ""L2""",EX,')
        said, after = marks(text, "--force", code=3)
        assert "ada: line 4: excused in Canvas" in said
        assert '"L1 and ""L2""",EX,4.5' in after

    def test_a_dry_run_shows_it_and_writes_nothing(self, marks):
        said, after = marks(CANVAS_FILE, "--dry-run", code=3)
        assert "ada (line 4): no mark -> 2.25" in said
        assert after == CANVAS_FILE

    def test_it_can_be_written_elsewhere(self, marks, tmp_path):
        _, after = marks(CANVAS_FILE, "--to", tmp_path / "filled.csv", code=3)
        assert after == CANVAS_FILE
        assert b",2.25,4.5" in (tmp_path / "filled.csv").read_bytes()
        (tmp_path / "filled.csv").write_text("mine")
        assert "is there already" in marks(CANVAS_FILE, "--to", tmp_path / "filled.csv", code=2)[0]
        assert (tmp_path / "filled.csv").read_text() == "mine"

    def test_other_points_are_refused_unless_marks_are_scaled(self, marks):
        text = CANVAS_FILE.replace("8.00,5", "100,5")
        said, after = marks(text, code=2)
        assert "at most 100 points and the gradebook 8" in said
        assert after == text
        assert ",28.125,4.5" in marks(text, "--scale", code=3)[1]

    @pytest.mark.parametrize("column", ["Essay (78)", "essay", "78"])
    def test_another_column_can_be_named(self, marks, column):
        text = CANVAS_FILE.replace(",8.00,5,", ",5,8,").replace(",4.5,90", ",,90")
        assert '"L1 and ""L2""",,2.25,90' in marks(text, "--column", column, code=3)[1]

    def test_a_column_that_is_not_there_or_no_marks_is_refused_with_those_that_are(self, marks):
        for column in ("Essays", "Current Score", "ID"):
            said, _ = marks(CANVAS_FILE, "--column", column, code=2)
            assert "'01_mini (77)', 'Essay (78)'" in said

    def test_two_rows_of_one_student_are_both_left(self, marks):
        text = CANVAS_FILE + "\r\nAda,4711,al,L2,,,"
        said, after = marks(text, code=3)
        assert "ada has line 4 too, so neither was filled" in said
        assert "2.25" not in after

    def test_without_a_roster_ids_are_compared(self, tmp_path):
        path = tmp_path / "canvas.csv"
        path.write_text(CANVAS_FILE)
        totals = {name: Total(name, 1.0, 1.0, 0.0, 8.0) for name in ("br", "lovelaceada_4711", "x_14713")}
        totals["4799"] = Total("4799", 1.0, 1.0, 0.0, 8.0)  # an id of ours that is Canvas's number of somebody
        found = fill(LmsFile(path), 4, totals, Roster(), force=True)
        assert [one.student for one in found.filled] == ["br", "lovelaceada_4711"]
        assert found.not_in_file == ["4799", "x_14713"]

    def test_json_has_the_report_and_the_marks(self, marks, book):
        said = json.loads(marks(CANVAS_FILE, "--json", "--dry-run", code=3)[0])
        assert said["filled"] == [{"student": "ada", "line": 4, "was": "", "now": "2.25"}]
        assert (said["kind"], said["column"], said["written"]) == (CANVAS, "01_mini (77)", False)
        assert said["left_out"]["bob"] == "needs manual grading"
        done = CliRunner().invoke(app, ["marks", "--json", "--out", str(book)])
        assert done.exit_code == 0
        assert [one["student"] for one in json.loads(done.output)["marks"]] == ["ada", "bob", "cam", "dan", "eva"]

    def test_a_file_of_its_owners_stays_so(self, marks, tmp_path):
        (tmp_path / "gradebook.csv").write_text(CANVAS_FILE)
        (tmp_path / "gradebook.csv").chmod(0o600)
        marks(None, code=3)
        assert (tmp_path / "gradebook.csv").stat().st_mode & 0o777 == 0o600


TEXT = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=10)
NAME = st.one_of(TEXT, st.sampled_from(["=1+1", "@x", "-a", '="=1"', "+49", "\t=A1"]))


class TestAnyClass:
    @given(st.lists(st.tuples(NAME, TEXT, st.floats(0, 8)), min_size=1, max_size=5), st.sampled_from(",;\t"))
    def test_marks_arrive_no_name_is_a_formula_and_nothing_else_changes(self, tmp_path_factory, people, delimiter):
        rows = [["Student", "ID", "Section", "01_mini (77)", "Notes"], ["Points Possible", "", "", "8", ""]]
        rows += [[name, str(10 + number), "S", "", note] for number, (name, note, _) in enumerate(people)]
        path = tmp_path_factory.getbasetemp() / "class.csv"
        with open(path, "w", newline="", encoding="utf-8") as stream:
            csv.writer(stream, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
        totals = {f"x_{10 + number}": Total("", score, score, 0.0, 8.0) for number, (*_, score) in enumerate(people)}
        totals = {student: replace(total, student=student) for student, total in totals.items()}
        lms = LmsFile(path)
        found = fill(lms, lms.mark_column("01_mini"), totals, Roster())
        text = lms.table.with_cells(found.cells).decode()
        after = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert after[:2] == rows[:2]
        for row, before, (name, _, score) in zip(after[2:], rows[2:], people, strict=True):
            assert row[0] == escaped(name)
            assert not is_formula(row[0])
            assert float(row[3]) == pytest.approx(score, abs=1e-5)
            assert [*row[1:3], row[4]] == [*before[1:3], before[4]]


class TestMoodle:
    def test_the_worksheet_of_an_assignment(self, marks):
        said, after = marks(WORKSHEET_FILE.replace("Bob Roß,bob@x.org", "Dan,dan@x.org"), code=3)
        assert after == WORKSHEET_FILE.replace("Bob Roß,bob@x.org", "Dan,dan@x.org").replace(",-,8.00", ",2.25,8.00")
        assert WORKSHEET in said
        assert "dan: line 3: the LMS takes no mark here" in said  # locked in Moodle

    def test_the_gradebook_with_semicolons_and_decimal_commas(self, marks):
        text = MOODLE_FILE.replace("Bob;Roß;;bob@x.org", "Dan;D;;dan@x.org")
        said, after = marks(text.replace("dan@x.org", "gus@x.org"), code=3)
        assert "line 3 (email gus@x.org): nobody in" in said
        said, after = marks(text, "--force", code=3)
        assert MOODLE in said
        assert after == text.replace("ada@x.org;-;", "ada@x.org;2,25;").replace(";2,50;", ";4,25;")

    def test_other_languages_and_other_files_are_refused_with_what_to_do(self, marks):
        for text in (
            "Vorname;E-Mail-Adresse;Aufgabe: 01_mini (Punkte)\n",
            "a,b\n",
            WORKSHEET_FILE.replace("Grade,", "G,"),
        ):
            said, _ = marks(text, code=2)
            assert "set your language to English" in said.replace("\n", " ")


class TestNumbers:
    @given(st.floats(0, 1e4))
    def test_a_written_mark_is_the_number_and_the_same_mark(self, number):
        text = _text(number, False)
        assert abs(float(text) - number) <= 5.1e-6
        assert _text(number, True) == text.replace(".", ",")
        assert _is_same(Mark("ada", 2, text, text))
        assert _is_same(Mark("ada", 2, f"{float(text):.2f}", text))  # as an LMS shows it again

    def test_marks_that_differ_by_a_hundredth_differ(self):
        assert not _is_same(Mark("ada", 2, "2.25", "2.26"))
        assert not _is_same(Mark("ada", 2, "EX", "2"))
