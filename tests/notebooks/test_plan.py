"""Every chapter keeps to its plan: the exercises in their order, points, minutes, time limits, known answers."""

import re
from collections import Counter
from pathlib import Path

import pytest

from autograder.author.pages import SECTION, minutes_of
from autograder.author.source import load_chapter

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
PLAN = {  # chapter: minutes of its lecture, exercises
    "01_graphs": (
        40,
        "numerical-gradient forward-backward-e value-class topological-order backward unbroadcast taylor-sine",
    ),
    "02_perceptron": (
        38,
        "perceptron-fit sigmoid-and-slope logistic-loss fit-logistic fit-line max-stable-lr f1-at roc-curve",
    ),
    "03_softmax": (
        38,
        "softmax softmax-backward logsumexp cross-entropy svm-loss top-k-accuracy train-softmax weight-images",
    ),
    "04_mlp": (
        40,
        "dense count-params collapse-linear mlp-forward mlp-backward relu-interpolator train-mlp overfit-small",
    ),
    "05_activations": (
        39,
        "smooth-activation rectifier init-layer layer-stats gradient-norms dead-fraction distinct-units",
    ),
    "06_optimisers": (
        39,
        "bug-hunt sgd-epoch nesterov-step adagrad-step adadelta-step adam-class learning-rate clip-by-norm",
    ),
    "08_regularisation": (40, "penalty max-norm dropout dropout-layer early-stopping soft-answers noisy-loss"),
    "09_batch_norm": (
        40,
        "normalise-batch update-running bn-layer bn-backward recover-identity fold-into-dense normalise-images",
    ),
    "11_convolution": (39, "slide-along two-sums layer-table conv-forward unfold-fold conv-backward"),
    "12_cnn": (35, "max-pool average-pool flatten cnn-loss train-cnn shift-robustness costs"),
    "15_adversarial": (
        37,
        "input-gradient steepest-step fgsm iterated-attack robust-curve fooling-image adversarial-step",
    ),
}
LONGER = {"train-softmax": 20.0, "train-cnn": 20.0}  # seconds: by loops they take over one; all others have five
FEWEST_MISTAKES = {"01_graphs": 3}  # of an exercise; five in the other chapters
FEWEST_RIGHT = {"01_graphs": 0}  # other right answers of an exercise; two in the other chapters
ROW = re.compile(r"^\| \d [^|\n]+\| (\d+) \|", re.MULTILINE)  # of the table at the beginning of a lecture
SHORT_ROW = re.compile(r"^\| \d [^|\n]+\| \d+ \| (\d+): ", re.MULTILINE)  # what of it belongs to 20 minutes
COLUMNS = [pytest.param(name, *plan, marks=getattr(pytest.mark, f"ch{name[:2]}")) for name, plan in PLAN.items()]


@pytest.fixture(scope="module")
def chapters():
    """Return the sources of all chapters by name; each is read once."""
    return {name: load_chapter(SOLUTIONS / name) for name in PLAN}


def test_the_plan_names_every_chapter_with_exercises():
    assert [path.parent.name for path in sorted(SOLUTIONS.glob("[0-9][0-9]_*/exercises.py"))] == list(PLAN)


@pytest.mark.parametrize(("name", "minutes", "exercises"), COLUMNS)
class TestPlan:
    @pytest.fixture
    def chapter(self, chapters, name):
        return chapters[name]

    def test_exercises_stand_in_their_order_with_two_questions_besides(self, chapter, minutes, exercises):
        solutions = [cell.exercise for cell in chapter.cells if cell.kind == "solution"]
        questions = {cell.exercise for cell in chapter.cells if cell.kind == "quiz"}
        assert list(dict.fromkeys(solutions)) == exercises.split()
        assert len(questions) == 2
        assert set(chapter.exercises) == questions.union(solutions)

    def test_twenty_points_are_given_by_tests_and_two_by_hand(self, chapter, minutes, exercises):
        points = Counter()
        for cell in chapter.cells:
            points["hand" if cell.kind == "manual" else "tests"] += cell.points
        assert points == {"tests": 20, "hand": 2}

    def test_minutes_of_the_lectures_table_are_those_of_its_sections(self, chapter, minutes, exercises):
        text = "\n".join(cell.source for cell in chapter.lecture)
        assert ROW.findall(text) == SECTION.findall(text)
        assert minutes_of(chapter.lecture, SECTION) == str(minutes)

    def test_the_short_way_through_the_lecture_takes_twenty_minutes(self, chapter, minutes, exercises):
        short = SHORT_ROW.findall("\n".join(cell.source for cell in chapter.lecture))
        assert sum(map(int, short)) == 20 or not short  # older lectures mark the parts without their minutes

    def test_cells_of_the_lecture_are_short(self, chapter, minutes, exercises):
        code = [cell for cell in chapter.lecture if cell.cell_type == "code"]
        lines = {cell.number: sum(bool(line.strip()) for line in cell.source.split("\n")) for cell in code}
        assert {number: count for number, count in lines.items() if count > 15} == {}

    def test_time_limits_stand_in_the_text(self, chapter, minutes, exercises):
        limits = {name: exercise.limit for name, exercise in chapter.exercises.items()}
        assert limits == {name: LONGER.get(name, 5.0) for name in limits}
        assert "5 seconds" in " ".join(chapter.cells[0].source.split())

    def test_known_answers_are_as_many_as_planned(self, chapter, name, minutes, exercises):
        first = Counter(one.exercise for one in chapter.answers if one.kind == "mistake" and not one.again)
        right = Counter(one.exercise for one in chapter.answers if one.kind == "alternative")
        assert all(first[one] >= FEWEST_MISTAKES.get(name, 5) for one in exercises.split())
        assert all(right[one] >= FEWEST_RIGHT.get(name, 2) for one in exercises.split())
        assert 4 * sum(bool(one.again) for one in chapter.answers) >= first.total()
