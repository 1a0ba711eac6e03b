"""What `grade` prints: a plan, a comparison with the marks on record, or a run in a few lines."""

from collections import Counter

from autograder.exam.progress import NAMES
from autograder.regrade import TestsChanged, require_same_tests
from autograder.verdicts import GRADED, UNGRADED


def show_plan(plan, console):
    """Say what a run would do, without doing any of it."""
    submissions = plan.collected.submissions
    console.print(
        f"{plan.assignment.name}: {len(submissions)} submissions would be graded into {plan.out}", markup=False
    )
    several = sum(len(attempts) > 1 for attempts in plan.attempts.of.values())
    if several:
        console.print(f"{several} students handed in several times: the {plan.attempts.policy} counts", markup=False)
    try:
        require_same_tests(plan, plan.audit)
    except TestsChanged as error:
        console.print(f"grade would stop here: {error}", markup=False)
    for one in submissions:
        for sentence in [f"rejected: {one.rejected}"] if one.rejected else one.notes:
            console.print(f"  {one.student}: {sentence}", markup=False)
    for sentence in plan.class_files.notices:
        console.print(f"  note: {sentence}", markup=False)
    for sentence in plan.collected.ignored:
        console.print(f"  not a submission: {sentence}", markup=False)


def show_comparison(comparison, console):
    """Print whose marks would change."""
    for line in comparison.lines():
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    if comparison.changes:
        console.print("Nothing was recorded. To write these marks: the same command with --apply instead of --diff.")


def show_class(result, out, console):
    """Print the run in a few lines: counts, reasons, misconceptions, where everything is."""
    counts = Counter(one.status for one in result.submissions)
    words = ", ".join(f"{counts[status]} {name}" for status, name in NAMES.items() if counts[status])
    earlier = f" ({result.known} known from before)" if result.known else ""
    console.print(f"{result.assignment}: {words} in {result.seconds:.1f} s{earlier}", markup=False)
    graded = [one for one in result.submissions if one.status == GRADED]
    if graded:
        mean = sum(one.score for one in graded) / len(graded)
        console.print(f"mean {mean:.1f} of {graded[0].max_score:g} points", markup=False)
    for one in result.submissions:
        if one.status != GRADED:
            console.print(f"  {one.student}: {one.status}: {one.reason}", markup=False)
    for one in graded:
        for cell in {cell.exercise: cell for cell in one.cells if cell.verdict == UNGRADED}.values():
            console.print(f"  {one.student}: {cell.exercise}: ungraded: {cell.message}", markup=False)
    for sentence in result.problems:
        console.print(f"  {sentence}", markup=False)
    for sentence in result.notices:
        console.print(f"  note: {sentence}", markup=False)
    for sentence in result.ignored:
        console.print(f"  not a submission: {sentence}", markup=False)
    found = [{(cell.exercise, cell.mistake) for cell in one.cells if cell.mistake} for one in graded]
    mistakes = Counter(mistake for of_student in found for mistake in of_student)
    for (exercise, mistake), count in mistakes.most_common(5):
        console.print(f"  {count} student{'s' * (count != 1)}: {exercise}: {mistake}", markup=False)
    places = f"results: {result.path} · pages: {out}/feedback · gradebook: {result.gradebook}"
    console.print(places, markup=False, highlight=False, soft_wrap=True)
