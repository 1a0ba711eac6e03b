"""The chapters of this course, proven: a sample here, all of it in the exhaustive runs."""

from pathlib import Path

import pytest

from autograder.author.build import build
from autograder.author.judge import compare_with_nbgrader
from autograder.author.prove import prove
from autograder.course import load_assignment

SOLUTIONS = Path(__file__).resolve().parents[3] / "solutions"
NAMES = [path.parent.name for path in sorted(SOLUTIONS.glob("[0-9][0-9]_*/exercises.py"))]
CHAPTERS = [pytest.param(name, marks=getattr(pytest.mark, f"ch{name[:2]}")) for name in NAMES]
pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def nbgrader_course(tmp_path_factory):
    root = tmp_path_factory.mktemp("chapters")
    build(SOLUTIONS, root / "course", root)
    return root / "nbgrader"


def assert_proven(proof):
    assert [f"{case.name}: {sentence} {variants}" for (case, sentence), variants in proof.faults.items()] == []
    diagnosis = proof.diagnosis
    assert diagnosis.is_good, (diagnosis.second_right, diagnosis.second_bodies, diagnosis.false_hints, diagnosis.notes)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_proven_on_one_variant(name, nbgrader_course, cache):
    assert_proven(prove(load_assignment(nbgrader_course, name), cache, sample=1, elsewhere=False, jobs=1))


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_is_proven_on_every_variant(name, nbgrader_course, cache):
    assert_proven(prove(load_assignment(nbgrader_course, name), cache, jobs=2))


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", CHAPTERS)
def test_stock_nbgrader_gives_every_known_answer_the_same_marks(name, nbgrader_course, cache):
    assert compare_with_nbgrader(load_assignment(nbgrader_course, name), nbgrader_course, cache)["differences"] == []
