"""Everything that is handed in ends with its bytes or with a reason; nothing beside it is opened."""

import contextlib
import json
import os
import pwd
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.exam.intake import assignments_in, collect
from autograder.exam.notebook import MAX_BRACKETS, MAX_BYTES, Rejected, read_notebook

CELL = {"cell_type": "code", "metadata": {}, "source": "x = 1", "outputs": [], "execution_count": None}
NOTEBOOK = {"cells": [CELL], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
TEXT = json.dumps(NOTEBOOK)


def hand_in(root, student, files=None):
    folder = root / student / "01_mini"
    folder.mkdir(parents=True)
    for name, data in (files or {"exercises.ipynb": TEXT.encode()}).items():
        (folder / name).write_bytes(data)
    return folder


def sources(notebook):
    return [cell["source"] for cell in notebook["cells"]]


def by_student(collected):
    return {submission.student: submission for submission in collected.submissions}


class TestTrees:
    def test_each_student_is_a_submission_in_order_of_the_ids(self, tmp_path):
        for student in ("grace", "ada", "Émilie du Châtelet"):
            hand_in(tmp_path, student)
        collected = collect(tmp_path, "01_mini")
        assert [one.student for one in collected.submissions] == ["ada", "grace", "Émilie du Châtelet"]
        assert all(one.notebook == TEXT.encode() and not one.rejected for one in collected.submissions)

    def test_timestamp_is_kept_as_it_stands(self, tmp_path):
        stamp = b"2024-10-01 12:00:00.000000 UTC\n"
        hand_in(tmp_path, "ada", {"exercises.ipynb": b"{}", "timestamp.txt": stamp})
        assert collect(tmp_path, "01_mini").submissions[0].timestamp == "2024-10-01 12:00:00.000000 UTC"

    def test_modules_beside_the_notebook_are_named_and_not_used(self, tmp_path):
        hand_in(tmp_path, "eve", {"exercises.ipynb": TEXT.encode(), "numpy.py": b"allclose = bool"})
        (submission,) = collect(tmp_path, "01_mini").submissions
        assert submission.notebook == TEXT.encode()
        assert submission.notes == ("Only the notebook is graded; not used: numpy.py.",)

    def test_the_only_notebook_is_graded_under_any_name(self, tmp_path):
        hand_in(tmp_path, "ada", {"exercises (1).ipynb": TEXT.encode()})
        (submission,) = collect(tmp_path, "01_mini").submissions
        assert submission.notebook == TEXT.encode()
        assert "exercises (1).ipynb was graded as exercises.ipynb." in submission.notes

    def test_several_notebooks_of_other_names_are_rejected_by_name(self, tmp_path):
        hand_in(tmp_path, "ada", {"a.ipynb": TEXT.encode(), "b.ipynb": TEXT.encode()})
        (submission,) = collect(tmp_path, "01_mini").submissions
        assert submission.notebook is None
        assert submission.rejected.endswith("none is called exercises.ipynb: a.ipynb, b.ipynb.")

    def test_a_folder_without_a_notebook_is_rejected(self, tmp_path):
        hand_in(tmp_path, "ada", {"report.pdf": b"%PDF"})
        assert "found report.pdf" in collect(tmp_path, "01_mini").submissions[0].rejected

    def test_what_is_no_submission_is_listed(self, tmp_path):
        hand_in(tmp_path, "ada")
        (tmp_path / "grace").mkdir()
        (tmp_path / ".DS_Store").write_bytes(b"")
        collected = collect(tmp_path, "01_mini")
        assert [one.student for one in collected.submissions] == ["ada"]
        assert collected.ignored == [".DS_Store: not a student's folder", "grace: handed in nothing for 01_mini"]

    @pytest.mark.parametrize("link", ["notebook", "assignment", "student"])
    def test_links_are_refused_at_every_level(self, tmp_path, link):
        secret = tmp_path / "secret"
        hand_in(secret, "victim")
        root = tmp_path / "submitted"
        if link == "notebook":
            folder = hand_in(root, "eve", {"other.txt": b""})
            (folder / "exercises.ipynb").symlink_to(secret / "victim" / "01_mini" / "exercises.ipynb")
        elif link == "assignment":
            (root / "eve").mkdir(parents=True)
            (root / "eve" / "01_mini").symlink_to(secret / "victim" / "01_mini")
        else:
            root.mkdir()
            (root / "eve").symlink_to(secret / "victim")
        (submission,) = collect(root, "01_mini").submissions
        assert submission.notebook is None
        assert "link" in submission.rejected

    def test_a_pipe_instead_of_a_notebook_does_not_block(self, tmp_path):
        folder = hand_in(tmp_path, "eve", {"x.txt": b""})
        os.mkfifo(folder / "exercises.ipynb")
        assert "not a file" in collect(tmp_path, "01_mini").submissions[0].rejected

    def test_a_folder_instead_of_a_notebook_is_rejected(self, tmp_path):
        folder = hand_in(tmp_path, "eve", {"x.txt": b""})
        (folder / "exercises.ipynb").mkdir()
        assert collect(tmp_path, "01_mini").submissions[0].rejected

    @pytest.mark.parametrize("name", ["-rf", "a\nb", "a\x1b[31m", "x" * 129, " ada", "a:b", "<script>", "\u202eada"])
    def test_ids_that_no_page_or_database_should_hold_are_rejected_and_still_listed(self, tmp_path, name):
        hand_in(tmp_path, name)
        (submission,) = collect(tmp_path, "01_mini").submissions
        assert "id cannot be used" in submission.rejected
        assert submission.student.isprintable()

    def test_an_id_that_is_not_unicode_is_rejected(self, tmp_path):
        os.makedirs(os.fsencode(tmp_path) + b"/ad\xff/01_mini")
        (submission,) = collect(tmp_path, "01_mini").submissions
        assert submission.student == "ad\\xff"
        assert submission.rejected

    def test_the_assignments_of_a_tree_are_found(self, tmp_path):
        hand_in(tmp_path, "ada")
        (tmp_path / "ada" / "02_next").mkdir()
        assert assignments_in(tmp_path) == ["01_mini", "02_next"]

    def test_a_source_that_is_nothing_of_the_kind_says_what_was_expected(self, tmp_path):
        with pytest.raises(Rejected, match="does not exist"):
            collect(tmp_path / "nowhere", "01_mini")
        (tmp_path / "ada.pdf").write_bytes(b"%PDF")
        with pytest.raises(Rejected, match="no folder of submissions"):
            collect(tmp_path / "ada.pdf", "01_mini")

    def test_one_notebook_is_a_submission_of_its_own(self, tmp_path):
        (tmp_path / "ada.ipynb").write_text(TEXT)
        (submission,) = collect(tmp_path / "ada.ipynb", "01_mini").submissions
        assert (submission.student, submission.notebook) == ("ada", TEXT.encode())


class TestInbound:
    """The exchange of nbgrader: EXCHANGE/COURSE/inbound/STUDENT+ASSIGNMENT+TIME+RANDOM/."""

    def hand_in(self, root, student, day, text=TEXT, assignment="01_mini", random="+Zm9v-_=="):
        time = f"2024-10-{day:02} 12:00:00.000000 UTC"
        folder = root / f"{student}+{assignment}+{time}{random}"
        folder.mkdir(parents=True)
        (folder / "exercises.ipynb").write_text(text)
        (folder / "timestamp.txt").write_text(time)
        return folder

    def test_of_each_student_the_newest_counts_and_the_earlier_ones_are_there(self, tmp_path):
        for day in (9, 2, 11):
            self.hand_in(tmp_path, "ada", day, f'{{"cells": [], "day": {day}}}')
        self.hand_in(tmp_path, "bob", 1)
        ada, bob = collect(tmp_path, "01_mini").submissions
        assert [json.loads(one.notebook)["day"] for one in (*ada.earlier, ada)] == [2, 9, 11]
        assert ada.timestamp == "2024-10-11 12:00:00.000000 UTC"
        assert (bob.student, bob.earlier) == ("bob", ())

    def test_what_nbgrader_itself_hands_in_is_found(self, tmp_path, monkeypatch):
        from nbgrader.apps import NbGraderAPI
        from nbgrader.exchange.default import ExchangeSubmit
        from traitlets.config import Config

        inbound = tmp_path / "exchange" / "mini" / "inbound"
        inbound.mkdir(parents=True)
        inbound.chmod(0o777)
        (tmp_path / "exchange").chmod(0o777)
        (inbound.parent / "outbound" / "01_mini").mkdir(parents=True)
        work = tmp_path / "home" / "01_mini"
        work.mkdir(parents=True)
        (work / "exercises.ipynb").write_text(TEXT)
        config = Config()
        config.Exchange.root, config.Exchange.assignment_dir = str(tmp_path / "exchange"), str(work.parent)
        config.Exchange.cache = str(tmp_path / "cache")
        config.CourseDirectory.course_id, config.CourseDirectory.root = "mini", str(work.parent)
        config.CourseDirectory.student_id, config.CourseDirectory.assignment_id = "ada", "01_mini"
        monkeypatch.chdir(work.parent)
        api = NbGraderAPI(config=config)
        ExchangeSubmit(coursedir=api.coursedir, authenticator=api.authenticator, config=config).start()
        (submission,) = collect(inbound, "01_mini").submissions
        assert (submission.student, submission.notebook) == ("ada", TEXT.encode())
        assert submission.timestamp

    def test_ids_with_a_plus_and_names_without_the_random_part(self, tmp_path):
        self.hand_in(tmp_path, "ada+1", 1, random="")
        self.hand_in(tmp_path, "ada", 1, assignment="02_next")
        assert [one.student for one in collect(tmp_path, "01_mini").submissions] == ["ada+1"]
        assert assignments_in(tmp_path) == ["01_mini", "02_next"]

    def test_what_lies_there_beside_is_listed(self, tmp_path):
        self.hand_in(tmp_path, "ada", 1)
        (tmp_path / "lost+found").mkdir()
        (tmp_path / "eve+01_mini+noon: or so+x").mkdir()
        collected = collect(tmp_path, "01_mini")
        assert [one.student for one in collected.submissions] == ["ada"]
        assert [line.split(":")[0] for line in collected.ignored] == ["eve+01_mini+noon", "lost+found"]

    def test_a_link_is_never_followed(self, tmp_path):
        folder = self.hand_in(tmp_path / "secret", "victim", 1)
        inbound = tmp_path / "inbound"
        self.hand_in(inbound, "ada", 1)
        (inbound / "eve+01_mini+2024-10-01 12:00:00 UTC+x").symlink_to(folder)
        collected = collect(inbound, "01_mini")
        assert [one.student for one in collected.submissions] == ["ada"]
        assert len(collected.ignored) == 1

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root can give a folder away")
    def test_a_folder_in_anothers_name_is_not_taken(self, tmp_path):
        """Everybody can write there, so a name proves nothing; the folder's owner does."""
        users = {"daemon": 1, "nobody": pwd.getpwnam("nobody").pw_uid}
        for student, day, owner in (("daemon", 1, "daemon"), ("nobody", 2, "nobody"), ("daemon", 3, "nobody")):
            os.chown(self.hand_in(tmp_path, student, day), users[owner], -1)
        collected = collect(tmp_path, "01_mini")
        assert [(one.student, one.timestamp[:10], one.earlier) for one in collected.submissions] == [
            ("daemon", "2024-10-01", ()),
            ("nobody", "2024-10-02", ()),
        ]
        assert "belongs to the user nobody" in collected.ignored[0]

    @pytest.mark.skipif(os.geteuid() != 0, reason="needs root: only root can give a folder away")
    def test_where_all_students_are_one_user_owners_say_nothing(self, tmp_path):
        for student in ("ada", "bob"):
            os.chown(self.hand_in(tmp_path, student, 1), pwd.getpwnam("nobody").pw_uid, -1)
        assert [one.student for one in collect(tmp_path, "01_mini").submissions] == ["ada", "bob"]


class TestArchives:
    def archive(self, path, members):
        with zipfile.ZipFile(path / "download.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
        return path / "download.zip"

    @pytest.mark.parametrize(
        ("name", "student"),
        [
            ("Ada Lovelace_4711_assignsubmission_file_/exercises.ipynb", "Ada Lovelace_4711"),
            ("Ada Lovelace_4711_assignsubmission_file_exercises.ipynb", "Ada Lovelace_4711"),
            ("lovelaceada_4711_98765_exercises.ipynb", "lovelaceada_4711"),
            ("lovelaceada_LATE_4711_98765_exercises-1.ipynb", "lovelaceada_4711"),
        ],
    )
    def test_moodle_and_canvas_names(self, tmp_path, name, student):
        (submission,) = collect(self.archive(tmp_path, [(name, TEXT)]), "01_mini").submissions
        assert (submission.student, submission.notebook) == (student, TEXT.encode())

    def test_members_of_no_known_naming_are_listed(self, tmp_path):
        members = [("a_1_2_exercises.ipynb", TEXT), ("__MACOSX/._x", b""), ("../../etc/passwd", b"")]
        collected = collect(self.archive(tmp_path, members), "01_mini")
        assert list(by_student(collected)) == ["a_1"]
        assert len(collected.ignored) == 2

    def test_a_notebook_in_a_deeper_folder_is_rejected_by_its_path(self, tmp_path):
        name = "Ada_1_assignsubmission_file_/../../x/exercises.ipynb"
        (submission,) = collect(self.archive(tmp_path, [(name, TEXT)]), "01_mini").submissions
        assert "found ../../x/exercises.ipynb" in submission.rejected

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_files_of_one_name_without_an_order_are_rejected(self, tmp_path):
        members = [("a_1_2_exercises.ipynb", TEXT), ("a_1_2_exercises.ipynb", "{}")]
        (submission,) = collect(self.archive(tmp_path, members), "01_mini").submissions
        assert "2 files called exercises.ipynb" in submission.rejected

    def test_a_link_in_an_archive_is_rejected(self, tmp_path):
        info = zipfile.ZipInfo("a_1_2_exercises.ipynb")
        info.external_attr = 0o120777 << 16
        (submission,) = collect(self.archive(tmp_path, [(info, "/etc/passwd")]), "01_mini").submissions
        assert "link" in submission.rejected

    def test_a_damaged_member_is_rejected_and_its_neighbour_read(self, tmp_path):
        text = json.dumps(NOTEBOOK | {"padding": list(range(500))})
        path = self.archive(tmp_path, [("a_1_2_exercises.ipynb", text), ("b_2_3_exercises.ipynb", TEXT)])
        data = bytearray(path.read_bytes())
        data[100:140] = bytes(40)
        path.write_bytes(data)
        found = by_student(collect(path, "01_mini"))
        assert "cannot be read from the archive" in found["a_1"].rejected
        assert found["b_2"].notebook == TEXT.encode()

    def test_a_bomb_is_read_up_to_the_cap_only(self, tmp_path):
        path = self.archive(tmp_path, [("a_1_2_exercises.ipynb", bytes(4 * MAX_BYTES))])
        (submission,) = collect(path, "01_mini").submissions
        assert len(submission.notebook) == MAX_BYTES + 1
        with pytest.raises(Rejected, match="more than 32 MB"):
            read_notebook(submission.notebook)


class TestNotebooks:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
    def test_every_encoding_that_json_allows(self, encoding):
        assert sources(read_notebook(TEXT.replace("x = 1", "ü = 1").encode(encoding))) == ["ü = 1"]

    @pytest.mark.parametrize("minor", [0, 1, 4, 5, 99, None, "five"])
    def test_every_minor_version_of_format_4(self, minor):
        assert sources(read_notebook(json.dumps(NOTEBOOK | {"nbformat_minor": minor}).encode())) == ["x = 1"]

    def test_format_3(self):
        cells = [
            {"cell_type": "heading", "level": 1, "source": "Title"},
            {"cell_type": "code", "input": ["a = 1\n", "b = 2"], "language": "python", "outputs": []},
        ]
        old = {"worksheets": [{"cells": cells}], "nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}}
        read = read_notebook(json.dumps(old).encode())
        assert sources(read) == ["# Title", "a = 1\nb = 2"]
        assert [cell["cell_type"] for cell in read["cells"]] == ["markdown", "code"]

    def test_lines_windows_ends_and_lone_surrogates_become_text(self):
        text = json.dumps({"cells": [CELL | {"source": ["a = 1\r\n", "b = '\ud800'"]}]})
        assert sources(read_notebook(text.encode())) == ["a = 1\nb = '?'"]

    @pytest.mark.parametrize(
        "broken", [7, "text", None, {"cell_type": "code", "source": 5}, {"cell_type": [], "source": {}}]
    )
    def test_a_broken_cell_is_noted_and_the_others_are_read(self, broken):
        read = read_notebook(json.dumps({"cells": [broken, CELL]}).encode())
        assert sources(read)[-1] == "x = 1"
        assert read["notes"][0].startswith("Cell 1 of your notebook")

    @pytest.mark.parametrize("wrong", [None, [], 3, "x"])
    def test_metadata_of_a_wrong_type_is_dropped(self, wrong):
        (cell,) = read_notebook(json.dumps({"cells": [CELL | {"metadata": wrong, "id": wrong or 1}]}).encode())["cells"]
        assert cell["metadata"] == {}

    @pytest.mark.parametrize(
        ("data", "reason"),
        [
            (b"", "empty"),
            (b"\xff\xfe\xfa", "not text"),
            ("{'ü': 1}".encode("latin-1"), "not text in UTF-8"),
            (b'{"cells": [', "not JSON"),
            (b"[" * 200_000, "nested too deeply"),
            (b"[]", "JSON object"),
            (b'{"cells": 5}', "no list of cells"),
            (b'{"worksheets": [{"cells": 5}]', "not JSON"),
            (b'{"a": ' + b"1" * 5000 + b"}", "too long"),
            (b'{"cells": [' + b"[]," * MAX_BRACKETS + b"1]}", "more nested values"),
            (json.dumps({"cells": [CELL] * 5001}).encode(), "more than 5000 cells"),
            (json.dumps({"cells": [CELL | {"source": "x" * 5_000_000}]}).encode(), "characters"),
        ],
    )
    def test_what_is_no_notebook_is_rejected_with_the_reason(self, data, reason):
        with pytest.raises(Rejected, match=reason):
            read_notebook(data)

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_rejected(self, data):
        with contextlib.suppress(Rejected):
            assert isinstance(read_notebook(data)["cells"], list)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: (
                st.lists(inner)
                | st.dictionaries(
                    st.sampled_from(["cells", "worksheets", "source", "cell_type", "metadata", "id"]), inner
                )
            ),
        )
    )
    def test_any_json_is_read_or_rejected(self, document):
        with contextlib.suppress(Rejected):
            cells = read_notebook(json.dumps(document).encode())["cells"]
            assert all(isinstance(cell["source"], str) and isinstance(cell["metadata"], dict) for cell in cells)
