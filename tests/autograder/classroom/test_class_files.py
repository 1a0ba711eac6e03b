"""Whose work it is, when it came and for whom it counts: as the files about the class say, and never by a guess."""

import zipfile
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.classroom.class_files import ClassFiles, ClassOptions
from autograder.classroom.csv_file import ClassFileError
from autograder.classroom.roster import Roster
from autograder.exam.intake import collect

ROSTER = """id,name,email,canvas_id,idnumber
ada,Ada Lovelace,ada@x.org,4711,
bob,Bob Roß,bob@x.org,4712,B-2
cam,Cam,,4713,
"""
WORKSHEET = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Grade can be changed,Last modified (submission)
Participant 12,Ada Lovelace,ADA@x.org,Submitted for grading,,8.00,Yes,"Monday, 30 November 2026, 11:59 PM"
Participant 13,Bob Roß,bob@x.org,Submitted for grading,,8.00,Yes,"Tuesday, 1 December 2026, 12:30 AM"
Participant 14,Dan Dee,dan@x.org,No submission,,8.00,Yes,-
"""
BERLIN = ClassOptions(timezone="Europe/Berlin")


@pytest.fixture
def course(tmp_path):
    (tmp_path / "course" / "source" / "02").mkdir(parents=True)
    return tmp_path / "course"


@pytest.fixture
def said(course):
    """Return a function that writes files about the class and says what becomes of what was handed in."""

    def apply(source, options=BERLIN, **files):
        for name, text in files.items():
            name = "times-01_mini" if text.startswith("Identifier") else name
            (course / f"{name}.csv").write_text(text, encoding="utf-8")
        found = ClassFiles(course, "01_mini", options)
        return {one.student: one for one in found.applied(collect(source, "01_mini")).submissions}, found.notices

    return apply


@pytest.fixture
def archive(tmp_path):
    """Return a function that makes an LMS's archive of {name: bytes}."""

    def make(**members):
        with zipfile.ZipFile(tmp_path / "download.zip", "w") as found:
            for name, data in members.items():
                found.writestr(name, data)
        return tmp_path / "download.zip"

    return make


def canvas(archive, *names):
    return archive(**{f"{name}_exercises.ipynb": name.encode() for name in names})


def moodle(archive, *names):
    return archive(**{f"{name}_assignsubmission_file/exercises.ipynb": name.encode() for name in names})


class TestRoster:
    def write(self, tmp_path, text):
        (tmp_path / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return tmp_path / "roster.csv"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_encodings_and_delimiters_that_programs_write(self, tmp_path, encoding, delimiter):
        found = Roster(self.write(tmp_path, ROSTER.replace(",", delimiter).encode(encoding)))
        assert list(found.students) == ["ada", "bob", "cam"]
        assert found.find(email="Bob@X.org ", canvas_id="") == ("bob", "")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("name\nAda", "no column 'id' in its first line: it has 'name'"),
            ("id\nada\n\n ada ", "line 4: ada stands in line 2 already"),
            ("id,name\n,Ada", "line 2: the id '' is missing"),
            ("id\n../eve", "can be no folder's name"),
            ("id,canvas_id\nada,7\nbob,7", "lines 2 and 3: ada and bob have the same canvas_id '7'"),
            ("id,name\nada,Lovelace, Ada", "more cells than columns"),
            ("Student,ID,Section\nAda,4711,S", "is Canvas's gradebook as the LMS exported it"),
            ("id,moodle_id\nada,12", "numbers its participants anew in each assignment"),
        ],
    )
    def test_what_cannot_be_right_is_refused_with_its_line(self, tmp_path, text, reason):
        with pytest.raises(ClassFileError, match=reason):
            Roster(self.write(tmp_path, text))

    def test_words_that_name_two_people_name_nobody(self, tmp_path):
        found = Roster(self.write(tmp_path, ROSTER + "ad2,Ada Lovelace,,,\n"))
        assert found.find(name="ada  lovelace") == (None, "name 'ada  lovelace' may be ada or ad2")
        student, reason = found.find(canvas_id="4711", email="bob@x.org")
        assert student is None
        assert "canvas_id '4711' is ada and email 'bob@x.org' is bob" in reason

    def test_a_number_of_somebody_else_is_not_overruled_by_an_address(self, tmp_path):
        found = Roster(self.write(tmp_path, ROSTER))
        student, reason = found.find(email="ada@x.org", canvas_id="9")
        assert student is None
        assert "has canvas_id '4711' for ada, not '9'" in reason
        assert found.find(email="new@x.org", canvas_id="4711") == ("ada", "")  # addresses change

    def test_a_login_may_be_the_id_unless_the_roster_says_another(self, tmp_path):
        found = Roster(self.write(tmp_path, "id,login\nada,\nbob,robert\n"))
        assert found.find(login="ada") == ("ada", "")
        assert found.find(login="bob")[0] is None


class TestArchives:
    def test_canvas_numbers_are_students_by_the_roster(self, said, archive):
        found, notices = said(
            canvas(archive, "lovelaceada_4711_9", "rossbob_LATE_4712_10", "evil_99_11"), roster=ROSTER
        )
        assert found["ada"].notebook == b"lovelaceada_4711_9"
        assert found["bob"].notebook == b"rossbob_LATE_4712_10"
        assert (found["evil_99"].notebook, notices) == (None, [])
        assert "nobody in" in found["evil_99"].rejected
        assert "has canvas_id '99'" in found["evil_99"].rejected

    def test_earlier_uploads_are_the_same_students(self, said, archive):
        found, _ = said(canvas(archive, "lovelaceada_4711_9", "lovelaceada_4711_12"), roster=ROSTER)
        assert [one.student for one in found["ada"].earlier] == ["ada"]

    def test_moodles_worksheet_says_who_and_when(self, said, archive):
        found, notices = said(moodle(archive, "Ada Lovelace_12", "Bob Roß_13"), roster=ROSTER, times=WORKSHEET)
        assert {name: one.timestamp[:16] for name, one in found.items()} == {
            "ada": "2026-11-30 22:59",
            "bob": "2026-11-30 23:30",
        }
        assert notices == []

    def test_a_number_of_another_assignments_worksheet_is_nobodys(self, said, archive):
        found, _ = said(moodle(archive, "Bob Roß_12"), roster=ROSTER, times=WORKSHEET)
        assert "has no participant 12 called 'Bob Roß'" in found["Bob Roß_12"].rejected

    def test_without_a_worksheet_a_name_counts_if_it_is_one_students(self, said, archive):
        found, _ = said(moodle(archive, "Ada Lovelace_12", "Dan Dee_14"), roster=ROSTER)
        assert found["ada"].notebook == b"Ada Lovelace_12"
        assert "has name 'Dan Dee'" in found["Dan Dee_14"].rejected

    def test_without_a_roster_students_are_called_as_in_the_archive(self, said, archive):
        found, _ = said(moodle(archive, "Ada Lovelace_12"), times=WORKSHEET)
        assert found["Ada Lovelace_12"].timestamp.startswith("2026-11-30 22:59")

    def test_two_uploads_that_are_one_student_are_nobodys_choice(self, said, archive):
        roster = "id,name,canvas_id\nada,Ada,4711\n"
        source = archive(**{"ada_4711_9_exercises.ipynb": b"1", "Ada_5_assignsubmission_file/exercises.ipynb": b"2"})
        found, _ = said(source, roster=roster)
        assert found["ada"].notebook is None
        assert "are the same student by the roster" in found["ada"].rejected


class TestTimes:
    def test_times_of_a_csv_replace_those_of_the_tree(self, said, hand_in):
        found, notices = said(
            hand_in("ada", b"1"), times="student,assignment,submitted\nada,01_mini,2026-11-30 23:59\nada,02,soon\n"
        )
        assert found["ada"].timestamp == "2026-11-30 22:59:00.000000 UTC"
        assert notices == []

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("ada,01_mini,30/11/2026 23:59", "line 2: '30/11/2026 23:59' is no time that can be read for sure"),
            ("ada,01_mini,2026-11-30 23:59\nada,01_mini,2026-12-01 10:00", "line 3: ada stands in line 2 already"),
            (",01_mini,2026-11-30 23:59", "it says no student"),
        ],
    )
    def test_times_that_may_be_wrong_stop_it(self, said, hand_in, line, reason):
        with pytest.raises(ClassFileError, match=reason):
            said(hand_in("ada", b"1"), times=f"student,assignment,submitted\n{line}\n")

    def test_a_worksheet_in_another_language_is_refused(self, said, hand_in):
        german = WORKSHEET.replace("Monday, 30 November 2026, 11:59 PM", "Montag, 30. November 2026, 23:59")
        with pytest.raises(ClassFileError, match=r"line 2: 'Montag.*set your language in Moodle to English"):
            said(hand_in("ada", b"1"), roster=ROSTER, times=german)

    def test_a_worksheet_of_one_assignment_is_none_for_all(self, said, hand_in, course):
        (course / "times.csv").write_text(WORKSHEET)
        with pytest.raises(ClassFileError, match=r"does not say of which assignment it is: call it times-01_mini\.csv"):
            said(hand_in("ada", b"1"), roster=ROSTER)
        (course / "times.csv").rename(course / "times-02.csv")
        assert said(hand_in("ada", b"1"), roster=ROSTER)[0]["ada"].timestamp == "2024-10-01 12:00:00 UTC"

    def test_a_time_without_zone_is_refused_unless_the_course_says_it(self, said, hand_in, course):
        with pytest.raises(ClassFileError, match="give --timezone"):
            said(
                hand_in("ada", b"1"),
                ClassOptions(),
                times="student,assignment,submitted\nada,01_mini,2026-11-30 23:59\n",
            )
        (course / "nbgrader_config.py").write_text("c = get_config()\nc.Exchange.timezone = 'Europe/Berlin'\n")
        assert said(hand_in("ada", b"1"), ClassOptions())[0]["ada"].timestamp.startswith("2026-11-30 22:59")

    def test_students_whom_nobody_knows_are_reported(self, said, hand_in):
        text = "student,assignment,submitted\neve,01_mini,2026-11-30 23:59\nbob,01_mini,2026-11-30 23:59\n"
        _, notices = said(hand_in("ada", b"1"), roster=ROSTER, times=text)
        assert notices == ["the hand-in times name eve, who is not known here"]

    def test_where_penalties_are_configured_a_missing_time_is_reported(self, said, archive, course):
        (course / "nbgrader_config.py").write_text("c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n")
        _, notices = said(canvas(archive, "a_4711_9"), roster=ROSTER)
        assert notices == ["1 submissions have no hand-in time, so they get no late penalty (ada): give --times"]

    def test_a_line_about_an_assignment_that_the_course_has_not_is_reported(self, said, hand_in, course):
        text = "student,assignment,extension\nada,02,1 day\nada,01_mni,2 days\nada,01_mni,3 days\n"
        found, notices = said(hand_in("ada", b"1"), extensions=text)
        assert notices == [f"{course / 'extensions.csv'}, line 3: the course has no assignment '01_mni'"]
        assert found["ada"].extension is None

    def test_extensions(self, said, hand_in):
        text = "student,assignment,extension\nada,01_mini,2 days\nada,02,9 days\nbob,01_mini,0 days\n"
        found, _ = said(hand_in("ada", b"1"), extensions=text)
        assert found["ada"].extension == timedelta(days=2)
        with pytest.raises(ClassFileError, match="line 2: 'long' is no length of time"):
            said(hand_in("ada", b"1"), extensions="student,assignment,extension\nada,01_mini,long\n")


class TestGroups:
    GROUPS = "group,student,assignment\nred,ada,\nred,bob,\nblue,cam,01_mini\nother,ada,02\n"

    def test_one_submission_is_all_members(self, said, hand_in):
        found, notices = said(hand_in("bob", b"1"), groups=self.GROUPS)
        assert {name: (one.notebook, one.draws) for name, one in found.items()} == {
            "ada": (b"1", "group:red"),
            "bob": (b"1", "group:red"),
        }
        assert notices == []
        assert found["ada"].notes == ("This was handed in for the group red: the marks are those of all members.",)

    def test_of_two_members_the_newest_counts_and_it_is_reported(self, said, hand_in):
        hand_in("ada", b"1")
        times = "student,assignment,submitted\nada,01_mini,2026-11-30 23:59\nbob,01_mini,2026-11-30 23:58\n"
        found, notices = said(hand_in("bob", b"2"), groups=self.GROUPS, times=times)
        assert {one.notebook for one in found.values()} == {b"1"}
        assert [one.notebook for one in found["bob"].earlier] == [b"2"]  # kept
        assert notices == ["group red: ada, bob handed in different files; that of ada counts: it is the newest"]

    def test_without_times_the_first_member_in_the_file_counts(self, said, archive):
        found, notices = said(canvas(archive, "bob_4712_1", "ada_4711_2"), roster=ROSTER, groups=self.GROUPS)
        assert {one.notebook for one in found.values()} == {b"ada_4711_2"}
        assert "there is no time for each, and this member stands first" in notices[0]

    def test_a_file_that_cannot_be_read_takes_no_other_members_place(self, said, hand_in):
        folder = hand_in("ada", b"1")
        (folder / "ada/01_mini/exercises.ipynb").rename(folder / "ada/01_mini/notes.txt")
        found, notices = said(hand_in("bob", b"2"), groups=self.GROUPS)
        assert {one.notebook for one in found.values()} == {b"2"}
        assert "no other can be read" in notices[0]

    def test_equal_files_are_no_conflict(self, said, hand_in):
        hand_in("ada", b"1")
        assert said(hand_in("bob", b"1"), groups=self.GROUPS)[1] == []

    def test_moodles_team_submissions_go_by_the_groups_name(self, said, archive):
        found, _ = said(moodle(archive, "Red_12"), roster=ROSTER, times=WORKSHEET, groups=self.GROUPS)
        assert {name: one.notebook for name, one in found.items()} == {"ada": b"Red_12", "bob": b"Red_12"}

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("group,student\nred,ada\nblue,ada", "line 3: ada stands in line 2 already: a student is in one group"),
            ("group,student\n,ada", "expected a group and a student's id"),
            ("team,student\nred,ada", "no column 'group'"),
        ],
    )
    def test_a_file_that_contradicts_itself_is_refused(self, said, hand_in, text, reason):
        with pytest.raises(ClassFileError, match=reason):
            said(hand_in("ada", b"1"), groups=text)


class TestCommand:
    def run(self, *arguments, code=0):
        done = CliRunner().invoke(app, ["grade", *map(str, arguments)], env={"COLUMNS": "300"})
        assert done.exit_code == code, done.output
        return " ".join(done.output.split())

    def test_a_dry_run_says_what_the_files_leave_open(self, archive, mini_course, tmp_path):
        source = moodle(archive, "Ada Lovelace_12", "Dan Dee_14")
        (tmp_path / "who.csv").write_text(ROSTER, encoding="utf-8")
        (tmp_path / "when.csv").write_text(WORKSHEET, encoding="utf-8")
        (tmp_path / "longer.csv").write_text("student,assignment,extension\neve,01_mini,1 day\n")
        options = ["--course", mini_course, "--out", tmp_path / "out", "--assignment", "01_mini", "--dry-run"]
        options += ["--roster", tmp_path / "who.csv", "--times", tmp_path / "when.csv"]
        options += ["--extensions", tmp_path / "longer.csv"]
        assert "give --timezone, for example Europe/Berlin" in self.run(source, *options, code=2)
        said = self.run(source, *options, "--timezone", "Europe/Berlin")
        assert "2 submissions would be graded" in said
        assert "Dan Dee_14: rejected: It is not known whose it is: nobody in" in said
        assert "note: the extensions name eve, who is not known here" in said
        assert not (tmp_path / "out").exists()

    def test_a_file_that_is_not_there_is_wrong_use(self, archive, mini_course, tmp_path):
        options = ["--course", mini_course, "--out", tmp_path / "out", "--assignment", "01_mini"]
        for name in ("roster", "times", "extensions", "groups"):
            said = self.run(moodle(archive, "A_1"), *options, f"--{name}", tmp_path / "none.csv", code=2)
            assert "none.csv cannot be read (No such file or directory)" in said
