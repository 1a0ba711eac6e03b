"""What `build` writes: the same bytes each time, and a course that nbgrader accepts and grades as its author means."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from traitlets.config.loader import PyFileConfigLoader
from typer.testing import CliRunner

from autograder.__main__ import app
from autograder.author.build import build, load_checked, stale
from autograder.author.notebooks import as_text, master_notebook
from autograder.author.released import NEEDS_A_COURSE, PREPROCESSORS, ClearRubrics, WriteStubs, release
from autograder.author.source import SourceError, load_chapter
from autograder.testing import draw_variant, variant_rng, without_prelude

SECRETS = [
    "np.exp(z - z.max",
    "maximum(p[np",
    "-np.log(0.1)",
    "reference",
    "1000.0, 0.0",
    "BEGIN",
    "exp overflows",
    "rng",
]


def cell_of(notebook, grade_id):
    """Return the cell with a grade id."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def test_a_student_gets_stubs_visible_tests_and_empty_hidden_cells(tiny):
    released = release(master_notebook(load_checked(tiny)))

    assert cell_of(released, "softmax").source.endswith(
        '-> (N, K)."""\n    raise NotImplementedError("softmax: replace this line by your answer")'
    )
    assert "softmax should keep the shape" in cell_of(released, "softmax-test-1").source
    assert re.fullmatch(r"# Hidden tests of softmax \(3 points\): .*", cell_of(released, "softmax-hidden-1").source)
    assert cell_of(released, "chance-loss").source.endswith("chance_loss = None  # write your answer here")
    assert cell_of(released, "why-maximum-question").source.strip() == "Why do we subtract the maximum?"
    assert cell_of(released, "why-maximum").source == "*Write your answer here.*"
    text = as_text(released)
    assert [secret for secret in SECRETS if secret in text] == []


def test_cells_carry_nbgraders_metadata(tiny):
    master = master_notebook(load_checked(tiny))
    flags = {
        cell.metadata.nbgrader.grade_id: tuple(cell.metadata.nbgrader[key] for key in ("grade", "solution", "locked"))
        for cell in master.cells
        if "nbgrader" in cell.metadata
    }
    given = next(name for name in flags if name.startswith("given-"))
    assert flags.pop(given) == (False, False, True)  # nbgrader restores a locked cell that a student changed
    assert flags == {
        "softmax": (False, True, False),
        "softmax-test-1": (True, False, True),
        "softmax-hidden-1": (True, False, True),
        "loss": (False, True, False),
        "loss-test-1": (True, False, True),
        "loss-random": (True, False, True),
        "chance-loss": (False, True, False),
        "chance-loss-hidden-1": (True, False, True),
        "why-maximum-question": (False, False, True),
        "why-maximum": (True, True, False),
    }
    assert cell_of(master, "softmax-hidden-1").metadata.nbgrader.points == 3
    assert all(cell.metadata.nbgrader.schema_version == 3 for cell in master.cells if "nbgrader" in cell.metadata)


def test_built_twice_the_bytes_are_the_same(tiny, tmp_path):
    build(tiny.parent, tmp_path / "course", tmp_path / "build")
    first = {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()}
    shutil.rmtree(tmp_path / "course")
    shutil.rmtree(tmp_path / "build")
    build(tiny.parent, tmp_path / "course", tmp_path / "build")
    assert {path: path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()} == first


def test_notebooks_hold_no_outputs_times_or_tool_headers(tiny, tmp_path):
    build(tiny.parent, tmp_path / "course", tmp_path / "build")
    for path in tmp_path.rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert set(notebook.metadata) - {"plainnet"} == {"kernelspec", "language_info"}
        for cell in notebook.cells:
            assert set(cell.metadata) <= {"nbgrader", "slideshow", "deletable", "editable"}
            assert cell.get("outputs", []) == []
            assert cell.get("execution_count") is None


def test_cell_ids_stay_when_a_cell_is_put_before_them(tiny, edited):
    before = {cell.id for cell in master_notebook(load_checked(tiny)).cells}
    after = [cell.id for cell in master_notebook(load_checked(edited("# ls\n", "# ls\n\n# %%\ny = 1\n\n# %%\n"))).cells]
    assert len(after) == len(set(after)) == len(before) + 2
    assert len(before - set(after)) == 1  # the instructor cell that was split


def test_the_same_instructor_cell_twice_gets_two_ids(edited):
    master = master_notebook(load_checked(edited("# help?\n", "# help?\n\n# %%\ny = 1\n\n# %%\ny = 1\n")))
    nbformat.validate(master)
    ids = [cell.metadata.nbgrader.grade_id for cell in master.cells if "nbgrader" in cell.metadata]
    assert len(ids) == len(set(ids))


def test_check_names_what_is_missing_changed_or_without_a_source(tiny, tmp_path):
    course = tmp_path / "course"
    build(tiny.parent, course, tmp_path / "build")
    assert stale(tiny.parent, course) == []

    (course / "01_tiny" / "lecture.ipynb").unlink()
    (course / "01_tiny" / "exercises.ipynb").write_text("{}")
    (course / "02_gone").mkdir()
    (course / "02_gone" / "lecture.ipynb").write_text("{}")
    wrong = {path.relative_to(course).as_posix(): reason for path, reason in stale(tiny.parent, course)}
    assert wrong == {
        "01_tiny/lecture.ipynb": "is missing",
        "01_tiny/exercises.ipynb": "is not what its source says",
        "02_gone/lecture.ipynb": "has no source",
    }

    build(tiny.parent, course, tmp_path / "build")
    assert stale(tiny.parent, course) == []


def test_own_settings_beside_the_courses_stay_and_count_in_it_and_in_the_results(tiny, tmp_path):
    course = tmp_path / "out" / "nbgrader"
    build(tiny.parent, tmp_path / "course", tmp_path / "out")
    (course / "own_config.py").write_text("c = get_config()\nc.Exchange.timezone = 'Europe/Berlin'\n")
    (course / "roster.csv").write_text("id\nada\n")
    build(tiny.parent, tmp_path / "course", tmp_path / "out")
    (tmp_path / "results.py").write_text(
        f"c = get_config()\nload_subconfig('nbgrader_config.py', path={str(course)!r})\n"
    )
    for name, folder in (("nbgrader_config.py", course), ("results.py", tmp_path)):
        config = PyFileConfigLoader(name, str(folder)).load_config()
        assert (config.Exchange.timezone, config.Execute.timeout) == ("Europe/Berlin", 120)
    assert (course / "roster.csv").read_text() == "id\nada\n"


def test_nothing_is_written_where_a_source_is_refused(write_chapter, tmp_path):
    write_chapter()
    folder = write_chapter(exercises="# %% test='x'\n", name="02_wrong")
    with pytest.raises(ValueError, match="single quotes"):
        build(folder.parent, tmp_path / "course", tmp_path / "build")
    assert not (tmp_path / "course").exists()
    assert not (tmp_path / "build").exists()


def test_the_command_tells_by_its_exit_code(tiny, tmp_path):
    def run(*words):
        places = ["--solutions", tiny.parent, "--course", tmp_path / "course", "--out", tmp_path / "build"]
        return CliRunner().invoke(app, [str(word) for word in ["build", *words, *places]])

    assert run("--check").exit_code == 1
    done = run()
    assert done.exit_code == 0
    assert "01_tiny: 3 lecture cells, 3 exercises, 11 points, 3 mistakes, 1 alternatives" in done.output
    assert run("--check").exit_code == 0
    assert run("07_missing").exit_code == 2
    (tiny / "lecture.py").write_text("# %% x\n")
    refused = run("01_tiny")
    assert refused.exit_code == 1
    assert re.search(r"lecture\.py:1: cell 1: 'x' is no key=value", refused.output)


def test_our_steps_are_nbgraders_own_with_two_replaced():
    from nbgrader.converters import GenerateAssignment

    ours = {WriteStubs: "ClearSolutions", ClearRubrics: "ClearMarkScheme"}
    names = [ours.get(step, step.__name__) for step in PREPROCESSORS]
    assert names == [step.__name__ for step in GenerateAssignment().preprocessors]
    assert {step.__name__ for step in NEEDS_A_COURSE} == {"IncludeHeaderFooter", "InstantiateTests", "SaveCells"}


@pytest.mark.parametrize("points", [0, 2.5])
def test_points_may_be_zero_or_broken(edited, points):
    master = master_notebook(load_checked(edited('hidden="softmax" points=3', f'hidden="softmax" points={points}')))
    assert cell_of(master, "softmax-hidden-1").metadata.nbgrader.points == points


def test_a_hidden_cell_holds_only_what_its_reference_needs(tiny):
    master = master_notebook(load_checked(tiny))
    assert "def softmax" in cell_of(master, "loss-random").source  # loss calls it
    assert "def loss" not in cell_of(master, "softmax-hidden-1").source


def test_without_its_prelude_a_hidden_cell_is_the_authors_text(tiny):
    chapter = load_checked(tiny)
    source = cell_of(master_notebook(chapter), "softmax-hidden-1").source
    stripped = without_prelude(source)
    assert len(stripped.split("\n")) == len(source.split("\n"))
    assert next(cell.source for cell in chapter.cells if cell.grade_id == "softmax-hidden-1") in stripped
    assert "begin_hidden_test" not in stripped


def test_a_student_meets_one_of_the_proven_variants_and_always_the_same():
    drawn = [draw_variant(f"student{number}", "softmax", (0, 1, 2, 3)) for number in range(400)]
    assert drawn == [draw_variant(f"student{number}", "softmax", (0, 1, 2, 3)) for number in range(400)]
    assert all(70 < drawn.count(variant) < 130 for variant in (0, 1, 2, 3))
    assert variant_rng(3, "a").normal() == variant_rng(3, "a").normal() != variant_rng(4, "a").normal()


# --- nbgrader's own commands on what build writes ---

WARNS = """def softmax(z):
    import warnings
    warnings.warn("look out")
    np.log(np.zeros(1))
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))

rng = reference = assert_allclose = None  # a student's names are a student's business"""
WHOLE_ARRAY = """def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)"""
EXPECTED = {  # what each student's marks should be by the author's word, without the manual point
    "reference": {
        "softmax-test-1": 2,
        "softmax-hidden-1": 3,
        "loss-test-1": 1,
        "loss-random": 2,
        "chance-loss-hidden-1": 1,
    },
    "stub": {},
    "alternative": {"softmax-test-1": 2, "softmax-hidden-1": 3},
    "mistake": {"softmax-test-1": 2},
}


def nbgrader(course, *words):
    """Run one of nbgrader's commands in a course; return what it says."""
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONWARNINGS", "PLAINNET_STUDENT")}
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def graded(tiny_sources, tmp_path_factory):
    """A course that nbgrader released and graded, with a student for each entry of EXPECTED."""
    root = tmp_path_factory.mktemp("course")
    folder = root / "solutions" / "01_tiny"
    folder.mkdir(parents=True)
    for file, text in tiny_sources.items():
        (folder / file).write_text(text)
    build(folder.parent, root / "course", root / "build")
    course = root / "build" / "nbgrader"
    nbgrader(course, "generate_assignment", "01_tiny")
    answers = {"alternative": WARNS, "mistake": WHOLE_ARRAY}
    for student in EXPECTED:
        source = course / ("source" if student == "reference" else "release") / "01_tiny" / "exercises.ipynb"
        notebook = nbformat.read(source, as_version=4)
        if student in answers:
            cell_of(notebook, "softmax").source = answers[student]
        (course / "submitted" / student / "01_tiny").mkdir(parents=True)
        nbformat.write(notebook, course / "submitted" / student / "01_tiny" / "exercises.ipynb")
    nbgrader(course, "autograde", "01_tiny")
    return course


@pytest.mark.slow
def test_what_nbgrader_releases_is_what_stands_in_course(graded):
    released = (graded / "release" / "01_tiny" / "exercises.ipynb").read_bytes()
    assert released == (graded.parents[1] / "course" / "01_tiny" / "exercises.ipynb").read_bytes()


@pytest.mark.slow
def test_nothing_in_nbgraders_release_tells_a_solution_or_a_hidden_test(graded):
    files = [path for path in (graded / "release").rglob("*") if path.is_file()]
    assert [path.name for path in files] == ["exercises.ipynb"]
    text = files[0].read_text()
    assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.slow
@pytest.mark.parametrize("student", EXPECTED)
def test_nbgrader_gives_the_marks_that_the_author_means(graded, student):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{graded}/gradebook.db") as gradebook:
        grades = gradebook.find_submission_notebook("exercises", "01_tiny", student).grades
        marks = {grade.name: grade.auto_score for grade in grades}
    assert marks.pop("why-maximum") == 0  # untouched
    assert {name: mark for name, mark in marks.items() if mark} == EXPECTED[student]


@pytest.mark.slow
def test_formgrader_shows_the_rubric_with_the_answer(graded):
    notebook = nbformat.read(graded / "autograded" / "stub" / "01_tiny" / "exercises.ipynb", as_version=4)
    assert "2 points: exp overflows" in cell_of(notebook, "why-maximum-question").source


@pytest.mark.slow
def test_nbgrader_validates_the_master_and_names_what_fails_in_the_release(graded):
    said = nbgrader(graded, "validate", "source/01_tiny/exercises.ipynb", "release/01_tiny/exercises.ipynb")
    assert said.count("Success!") == 1
    assert "VALIDATION FAILED ON 3 CELL(S)" in said  # two visible tests and the written answer
    assert "softmax: replace this line by your answer" in said


TERMS = "# Words\n\n**zero**: nothing.\n**Axis**: a direction.\n"


def test_the_glossary_holds_the_terms_of_all_chapters_in_order(write_chapter):
    root = write_chapter().parent.parent
    (root / "solutions" / "01_tiny" / "glossary.md").write_text(TERMS)
    build(root / "solutions", root / "course", root / "build")
    text = nbformat.read(root / "course" / "glossary.ipynb", 4).cells[1].source
    assert text.splitlines()[2:] == [
        "| Axis | a direction. | [1](01_tiny/lecture.ipynb) |",
        "| zero | nothing. | [1](01_tiny/lecture.ipynb) |",
    ]


def test_a_word_that_two_chapters_explain_alike_has_one_row_and_a_missing_number_is_told(write_chapter):
    root = write_chapter().parent.parent
    shutil.copytree(root / "solutions" / "01_tiny", root / "solutions" / "03_tiny")
    for name, axis in (("01_tiny", "a direction"), ("03_tiny", "a line")):
        (root / "solutions" / name / "glossary.md").write_text(f"**zero**: nothing.\n**axis**: {axis}.\n")
    build(root / "solutions", root / "course", root / "build")
    text = nbformat.read(root / "course" / "glossary.ipynb", 4).cells[1].source
    assert text.splitlines()[2:] == [
        "| axis | a direction. | [1](01_tiny/lecture.ipynb) |",
        "| axis | a line. | [3](03_tiny/lecture.ipynb) |",
        "| zero | nothing. | [1](01_tiny/lecture.ipynb), [3](03_tiny/lecture.ipynb) |",
    ]
    assert "numbers are missing" in nbformat.read(root / "course" / "index.ipynb", 4).cells[0].source


def test_a_line_of_the_glossary_that_is_no_term_is_refused(write_chapter):
    folder = write_chapter()
    (folder / "glossary.md").write_text("**zero**: nothing.\nzero is nothing\n")
    with pytest.raises(SourceError, match=r"glossary\.md:2"):
        load_chapter(folder)


@pytest.mark.parametrize("check", [[], ["--check"]])
def test_a_folder_without_chapters_builds_nothing_and_removes_nothing(tiny, tmp_path, check):
    build(tiny.parent, tmp_path / "course", tmp_path / "build")
    before = sorted(tmp_path.rglob("*"))
    places = ["--course", str(tmp_path / "course"), "--out", str(tmp_path / "build")]
    done = CliRunner().invoke(app, ["build", "--solutions", str(tmp_path / "nowhere"), *places, *check])
    assert done.exit_code == 2
    assert "no chapter" in done.output
    assert sorted(tmp_path.rglob("*")) == before
