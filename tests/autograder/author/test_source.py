"""The grammar of a chapter's source: what it means, and every trap of the percent format refused with its place."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.author.build import load_checked
from autograder.author.percent import read_cells
from autograder.author.source import SourceError, load_chapter

SOFTMAX = '# %% solution="softmax" forbid="plainnet.softmax"'
VISIBLE = '# %% test="softmax" points=2'
HIDDEN = '# %% hidden="softmax" points=3'
QUIZ = '# %% quiz="chance-loss" points=1 rtol=1e-2'
MANUAL = '# %% [markdown] manual="why-maximum" points=2'


def refused(folder):
    """Return the error with which a chapter is refused."""
    with pytest.raises(SourceError) as caught:
        load_checked(folder)
    return caught.value


def test_a_chapter_reads_as_written(tiny):
    chapter = load_checked(tiny)

    assert chapter.name == "01_tiny"
    assert [cell.kind for cell in chapter.cells] == [
        *("markdown", "instructor", "solution", "test", "hidden", "solution", "test", "hidden", "quiz", "manual"),
    ]
    assert list(chapter.exercises) == ["softmax", "loss", "chance-loss"]
    softmax, loss = chapter.exercises["softmax"], chapter.exercises["loss"]
    assert (softmax.exports, softmax.forbid, softmax.limit) == (("softmax",), ("plainnet.softmax",), 5.0)
    assert (loss.exports, loss.needs, loss.variants, loss.limit) == (("loss",), ("softmax",), (0, 1, 2, 3), 20.0)
    assert chapter.exercises["chance-loss"].exports == ("chance_loss",)


def test_ids_derive_from_the_exercise_and_not_from_position(tiny):
    chapter = load_chapter(tiny)
    ids = [cell.grade_id for cell in chapter.cells if cell.grade_id]
    tests = ["softmax-test-1", "softmax-hidden-1", "loss", "loss-test-1", "loss-random"]
    assert ids == ["softmax", *tests, "chance-loss", "why-maximum"]


def test_a_second_body_has_the_hint_of_the_first(tiny):
    answers = {answer.id: answer for answer in load_chapter(tiny).answers}
    assert answers["whole-array-maximum-loop"].hint == answers["whole-array-maximum"].hint
    assert answers["whole-array-maximum-loop"].again == "whole-array-maximum"
    assert answers["logaddexp"].kind == "alternative"


def test_prose_loses_its_quotes_and_comments_like_magics_stay_comments(tiny):
    chapter = load_chapter(tiny)
    assert chapter.lecture[0].source == "# Softmax\n\n$\\frac{1}{2}$"
    assert chapter.lecture[2].source == "Prose in comments, with `# a hash`."
    assert chapter.cells[1].source.endswith("# ls\n# help?")


def test_exports_leave_imports_and_private_names_aside(edited):
    folder = edited("SMALLEST = 1e-300\n", "import math\n\n_tiny = SMALLEST = 1e-300\n")
    text = (folder / "exercises.py").read_text().replace(' exports="loss"', "")
    (folder / "exercises.py").write_text(text)
    assert load_chapter(folder).exercises["loss"].exports == ("SMALLEST", "loss")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (HIDDEN, "# %% hidden='softmax' points=3", "single quotes"),
        (HIDDEN, '# %% hidden="softmax", points=3', "a comma between keys"),
        (HIDDEN, '# %% hidden="softmax" , points=3', "a comma between keys"),
        (HIDDEN, '# %% hidden="softmax" points=three', "points=three"),
        (HIDDEN, '# %% hidden="softmax" points=3 points=4', "points stands twice"),
        (HIDDEN, '# %% hidden="soft"max" points=3', "ends at its second quote"),
        (HIDDEN, '# %% hidden="softmax points=3', "no closing quote"),
        (HIDDEN, '# %% {"hidden": "softmax"}', "JSON"),
        (HIDDEN, '# %% Softmax hidden="softmax" points=3', "'Softmax' is no key=value"),
        (HIDDEN, '# %% [code] hidden="softmax" points=3', "[code] is no cell type"),
        (HIDDEN, '# %% [markdown] hidden="softmax" points=3\n# prose\n\n# %%', "hidden belongs into a code cell"),
        (HIDDEN, '#%% hidden="softmax" points=3', "looks like the start of a cell"),
        (HIDDEN, '# %%hidden="softmax" points=3', "looks like the start of a cell"),
        (HIDDEN, '# %%% hidden="softmax" points=3', "looks like the start of a cell"),
        (HIDDEN, '# %% hidden="softmax"', "needs points"),
        (HIDDEN, '# %% hidden="softmax" point=3', "point is no key of a hidden cell"),
        (HIDDEN, '# %% hiden="softmax" points=3', "this one starts with hiden"),
        (HIDDEN, '# %% points=3 hidden="softmax"', "this one starts with points"),
        (HIDDEN, "# %% hidden=7 points=3", "hidden is text in double quotes"),
        (HIDDEN, '# %% hidden="Soft Max" points=3', "lower-case letters"),
        (HIDDEN, '# %% hidden="softmaxx" points=3', "no solution='softmaxx' stands before"),
        (HIDDEN, '# %% hidden="softmax" points=-1', "out of range"),
        (HIDDEN, '# %% hidden="softmax" points="3"', "points is a number"),
        (HIDDEN, '# %% hidden="softmax" points=3 id="softmax-test-1"', "stands already in cell 4"),
        (VISIBLE, '    # %% test="softmax" points=2', "looks like the start of a cell"),
        (SOFTMAX, '# %% solution="softmax" needs="loss"', "no exercise before this one"),
        (SOFTMAX, '# %% solution="softmax" exports="softmax, argmax"', "does not bind argmax"),
        (SOFTMAX, '# %% solution="softmax" exports="softmax,,"', "separated by commas"),
        (SOFTMAX, '# %% solution="softmax" forbid="softmax"', "dotted names"),
        (SOFTMAX, '# %% solution="softmax" variants=17', "out of range: 1 to 16"),
        (SOFTMAX, '# %% solution="softmax" variants=2.5', "whole number"),
        (SOFTMAX, '# %% solution="softmax" limit=1', "out of range: 5 to"),
        (MANUAL, '# %% manual="why-maximum" points=2', "manual belongs into a markdown cell"),
        (QUIZ, '# %% quiz="chance-loss" points=1 rtol=-1', "out of range"),
    ],
)
def test_a_wrong_header_is_refused_with_its_place(edited, old, new, reason):
    error = refused(edited(old, new))
    assert reason in error.reason, error
    wrong = error.file.read_text().split("\n")[error.line - 1]
    assert wrong == new.split("\n")[0], error
    assert str(error).startswith(f"{error.file}:{error.line}: ")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("    ### BEGIN SOLUTION\n    e =", "    e =", "without '### BEGIN SOLUTION'"),
        ("keepdims=True)\n    ### END SOLUTION", "keepdims=True)", "without '### END SOLUTION'"),
        ("    ### BEGIN SOLUTION\n    e =", "    # BEGIN SOLUTION\n    e =", "delimiter of nbgrader"),
        ("Row-wise softmax.", "Row-wise softmax, see END SOLUTION.", "delimiter of nbgrader"),
        ("# help?", "### BEGIN HIDDEN TESTS", "delimiter of nbgrader"),
        ("# help?", "# AUTOTEST scores", "delimiter of nbgrader"),
        ("### BEGIN MARK SCHEME\n", "", "rubric between"),
        ("chance_loss = float", "a = b = float", "a quiz binds one name"),
        ("# ls", "%matplotlib inline", "not Python"),
        ('r"""\n# Exercises\n"""', "text = 1", "this cell has code in it"),
        ('r"""\n# Exercises\n"""', '# Note\nr"""\n# Exercises\n"""', "with nothing before them"),
        ('r"""\n# Exercises\n"""', 'r"# Exercises"', "triple quotes"),
        ("# Exercises", "# Exercises\u2028and more", "ends a line for jupytext"),
        ("# %% [markdown]\nr", "import os\n\n# %% [markdown]\nr", "text before the first cell"),
        ("p = softmax(scores)\n", "p = scores\n", "uses no export of 'softmax'"),
    ],
)
def test_a_wrong_text_is_refused(edited, old, new, reason):
    error = refused(edited(old, new))
    assert reason in error.reason, error
    assert error.file.name == "exercises.py"


@pytest.mark.parametrize(
    ("old", "new", "reason", "place"),
    [
        (HIDDEN, HIDDEN + ' id="loss"', "stands already in cell 5", '# %% solution="loss"'),
        (HIDDEN, HIDDEN + "\n# In[3]:", "looks like the start of a cell", "# In[3]:"),
        (SOFTMAX, '# %% solution="other"', "no solution='softmax' stands before", VISIBLE),
    ],
)
def test_an_error_names_the_line_that_is_wrong(edited, old, new, reason, place):
    error = refused(edited(old, new))
    assert reason in error.reason, error
    assert error.file.read_text().split("\n")[error.line - 1].startswith(place)


def test_only_comments_as_solution_are_refused(edited):
    folder = edited("chance_loss = float(-np.log(0.1))", "# nothing")
    assert "nothing but comments" in refused(folder).reason


def test_a_function_inside_the_markers_at_top_level_is_refused(edited):
    folder = edited("chance_loss = float(-np.log(0.1))", "def chance_loss(): return 2.3")
    assert "keep its signature" in refused(folder).reason


def test_an_exercise_without_a_test_is_refused(edited):
    folder = edited(QUIZ, '# %% solution="chance-loss"')
    error = refused(folder)
    assert "has no test" in error.reason
    assert 'solution="chance-loss"' in str(error)


def test_two_exercises_cannot_share_an_export(edited):
    assert "already an export of the exercise 'softmax'" in refused(edited("chance_loss =", "softmax =")).reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('# %% mistake="softmax" id="a" hint=\'don\'t\'\nsoftmax = 1\n', "single quotes"),
        ('# %% mistake="softmax" id="a"\nsoftmax = 1\n', "a mistake has a hint"),
        ('# %% mistake="softmx" id="a" hint="b"\nsoftmax = 1\n', "there is no exercise 'softmx'"),
        ('# %% mistake="softmax" id="a" again="b"\nsoftmax = 1\n', "names no first body"),
        ('# %% mistake="softmax" id="a" hint="b"\nsoftmx = 1\n', "does not bind softmax"),
        ('# %% alternative="softmax" id="a"\nsoftmax = loss\n', "loss is not known where"),
        ("# %%\nsoftmax = 1\n", "starts with mistake"),
        ('# %% alternative="softmax" id="a"\nfrom math import *\nsoftmax = 1\n', "import *"),
        ('# %% alternative="softmax" id="a"\nsoftmax = 1\n# %% alternative="softmax" id="a"\nsoftmax = 2\n', "already"),
    ],
)
def test_a_wrong_answer_is_refused(write_chapter, text, reason):
    error = refused(write_chapter(mistakes=text))
    assert reason in error.reason, error
    assert error.file.name == "mistakes.py"


def test_a_quote_inside_a_hint_is_written_with_a_backslash(write_chapter):
    text = '# %% mistake="softmax" id="a" hint="It\'s \\"exp\\": {x = 1}, [y]"\nsoftmax = 1\n'
    assert load_checked(write_chapter(mistakes=text)).answers[0].hint == 'It\'s "exp": {x = 1}, [y]'


@pytest.mark.parametrize("slide", ["slides", "", 1])
def test_a_slide_type_is_one_of_jupyters(write_chapter, slide):
    value = f'"{slide}"' if isinstance(slide, str) else slide
    assert "is none of" in refused(write_chapter(lecture=f"# %% slide={value}\nx = 1\n")).reason


def test_a_graded_cell_in_a_lecture_is_refused(write_chapter):
    assert "no meaning in a lecture" in refused(write_chapter(lecture='# %% test="softmax" points=1\n')).reason


def test_an_unknown_file_is_refused(tiny):
    (tiny / "mistake.py").write_text("# %%\n")
    error = refused(tiny)
    assert error.file.name == "mistake.py"
    assert "unknown file" in error.reason


def test_another_encoding_is_refused_with_its_line(tiny):
    (tiny / "lecture.py").write_bytes("# %% [markdown]\n# Größe\n".encode("latin-1"))
    error = refused(tiny)
    assert "UTF-8" in error.reason
    assert error.line == 2


def test_a_header_that_jupyterlab_wrote_is_no_cell(write_chapter):
    header = "# ---\n# jupyter:\n#   kernelspec:\n#     name: python3\n# ---\n\n"
    chapter = load_chapter(write_chapter(lecture=header + "# %%\nx = 1\n"))
    assert [cell.source for cell in chapter.lecture] == ["x = 1"]


def test_windows_line_ends_read_the_same(write_chapter, tiny):
    want = load_chapter(tiny)
    for path in tiny.glob("*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_chapter(tiny).cells == want.cells


@pytest.mark.parametrize(
    ("old", "new", "name", "reason"),
    [
        ("p = softmax(scores)", "p = softmax(scores * SMALLEST)", "SMALLEST", "bound only further down"),
        ("p = softmax(scores)", "p = softmax(scores + rng.normal())", "rng", "hidden tests alone"),
        ("want = reference.loss(z, t)", "want = reference.loss(z, t + SMALLEST)", "SMALLEST", "no export of it"),
        ("want = reference.loss(z, t)", "want = p", "p", "bound nowhere"),
        ("want = reference.loss(z, t)", "want = reference.los(z, t)", "reference.los", "no solution and no instructor"),
        ("    p = softmax(z)\n", "    p = softmx(z)\n", "softmx", "bound nowhere"),
        ("scores = np", "rng = scores = np", "rng", "means something in hidden tests"),
        (' needs="softmax"', "", "softmax", 'say needs="softmax"'),
        ("import numpy as np", "from numpy import *\nimport numpy as np", "numpy", "nobody can say which names"),
        ("assert_allclose(loss(z, t), want)", "loss(z, t) == want", "", "must not end with an expression"),
    ],
)
def test_every_name_of_a_cell_is_known_when_the_chapter_is_built(edited, old, new, name, reason):
    error = refused(edited(old, new))
    assert reason in error.reason, error
    assert name in error.reason
    line = error.file.read_text().split("\n")[error.line - 1]
    assert name.split(".")[0] in line or line.startswith("# %%"), (line, error)


def test_an_instructor_cell_cannot_overwrite_an_export(edited):
    folder = edited(VISIBLE, "# %%\nsoftmax = len\n\n" + VISIBLE)
    assert "an instructor cell would overwrite it" in refused(folder).reason


@pytest.mark.parametrize(
    ("old", "new", "whose"),
    [
        ("p = softmax(scores)", "p = scores = softmax(scores)", "an instructor cell"),
        ("want = reference.loss(z, t)", "want = scores = reference.loss(z, t)", "an instructor cell"),
        ("SMALLEST = 1e-300\n", "SMALLEST = scores = 1e-300\n", "an instructor cell"),
        ("SMALLEST = 1e-300\n", "SMALLEST = softmax = 1e-300\n", "the exercise 'softmax'"),
    ],
)
def test_a_cell_cannot_overwrite_what_later_cells_see(edited, old, new, whose):
    assert f"is a name of {whose}, which this cell would overwrite" in refused(edited(old, new)).reason


def test_what_an_instructor_cell_makes_of_an_export_counts_as_its_exercise(edited):
    cell = "# %%\nprobabilities = softmax(scores)\n\n"
    folder = edited('# %% test="loss" points=1\n', cell + '# %% test="loss" points=1\nprobabilities\n')
    assert load_checked(folder)
    text = (folder / "exercises.py").read_text()
    (folder / "exercises.py").write_text(text.replace(' needs="softmax"', "").replace("p = softmax(z)", "p = z"))
    assert "probabilities depends on the exercise 'softmax'" in refused(folder).reason


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)
values = st.one_of(words, st.integers(-1000, 1000), st.floats(allow_nan=False, allow_infinity=False))


@given(st.dictionaries(st.sampled_from(["a", "b", "hint", "x_1"]), values, max_size=3))
def test_any_text_and_number_in_a_header_reads_back_or_is_refused(tmp_path_factory, keys):
    import json

    path = tmp_path_factory.mktemp("percent") / "cells.py"
    header = " ".join(f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())
    path.write_text(f"# %% {header}".rstrip() + "\nx = 1\n", encoding="utf-8")
    try:
        (cell,) = read_cells(path)
    except SourceError as error:
        read = re.search("jupytext reads this header as", error.reason) and keys  # refused, never misread
    else:
        read = cell.keys
    assert read == keys
