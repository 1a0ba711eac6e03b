"""What `prove` found, as a table for people and as data."""

from collections import Counter

from rich.box import SIMPLE_HEAD
from rich.table import Table as RichTable

from autograder.author.cases import lost

# narrow enough, all together, for a terminal of 80 columns
HEADINGS = (
    "exercise",
    "points",
    "variants",
    "mistakes",
    "alter-\nnatives",
    "adver-\nsaries",
    "second\nbodies",
    "false\nhints",
)


def as_dict(proof, places):
    """Return a proof as plain data for JSON.

    Parameters
    ----------
    proof : Proof
    places : dict
        (exercise, id) of a known answer -> "file:line".
    """
    return {
        "assignment": proof.assignment.name,
        "proven": proof.is_proven,
        "elsewhere": proof.elsewhere,
        "examinations": len(proof.outcomes),
        "seconds": round(proof.seconds, 1),
        "exercises": [_row(proof, name) for name in proof.assignment.exercises],
        "faults": [
            {
                "exercise": case.exercise,
                "kind": case.kind,
                "id": case.id,
                "place": places.get((case.exercise, case.id), ""),
                "fault": sentence,
                "variants": variants,
            }
            for (case, sentence), variants in proof.faults.items()
        ],
        "diagnosis": [{"note": sentence, "variants": count} for sentence, count in proof.diagnosis.notes.items()],
    }


def _row(proof, name):
    """Return the figures of one exercise: how many known answers, and how many of them as they should be."""
    wrong = {case for case, _ in proof.faults}
    cases = {outcome.case: outcome for outcome in proof.outcomes if outcome.case.exercise == name}
    alike = _alike(proof, name)
    kinds = Counter(case.kind for case in cases)
    good = Counter(case.kind for case in cases if case not in wrong)
    measured = proof.measures[name]
    exercise = proof.assignment.exercises[name]
    return {
        "exercise": name,
        "points": sum(cell.points for cell in proof.assignment.cells if cell.exercise == name),
        "variants": len(proof.variants[name]),
        "variants_drawn": len(exercise.variants),
        "mistakes": kinds["mistake"],
        "mistakes_caught": good["mistake"],
        "alternatives": kinds["alternative"],
        "alternatives_accepted": good["alternative"],
        "adversaries": kinds["adversary"] - len(alike),
        "adversaries_caught": good["adversary"] - len(alike - wrong),
        "adversaries_like_reference": sorted(case.id for case in alike),
        "second_bodies": measured.second_bodies,
        "second_bodies_recognised": measured.second_right,
        "left_out": measured.left_out,
        "false_hints": measured.false_hints,
        "unnamed": measured.unnamed,
    }


def _alike(proof, name):
    """Return the adversaries that do on every test and variant what the reference does: none for this exercise."""
    outcomes = [o for o in proof.outcomes if (o.case.exercise, o.case.kind) == (name, "adversary")]
    told_apart = {outcome.case for outcome in outcomes if lost(outcome) or not outcome.like_reference}
    return {outcome.case for outcome in outcomes} - told_apart


def show(proof, console, places):
    """Print a proof: a line for each exercise, then everything that was not as it should be."""
    data = as_dict(proof, places)
    table = RichTable(
        title=f"{proof.assignment.name}: the tests, tested", title_justify="left", box=SIMPLE_HEAD, pad_edge=False
    )
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading == "exercise" else "right", overflow="fold")
    for row in data["exercises"]:
        table.add_row(*_cells(row))
    console.print(table)
    console.print(
        f"{data['examinations']} examinations in {data['seconds']:.0f} s. Caught, accepted, recognised: of how many; "
        "false hints: of all answers whose mistake was taken out of the table. An adversary that does what the "
        "reference does is not counted.",
        highlight=False,
    )
    if any(row["variants"] < row["variants_drawn"] for row in data["exercises"]):
        console.print("[yellow]A sample: not every variant that a student may draw was tried.[/]")
    if not data["elsewhere"]:
        console.print("[yellow]A sample: answers were not tried on the tests of other exercises.[/]")
    for note in data["diagnosis"]:
        console.print(f"[yellow]diagnosis[/] {note['note']} (variants: {note['variants']})", highlight=False)
    for fault in data["faults"]:
        console.print(f"[red]{_where(fault)}[/] {fault['fault']} ({_on(fault['variants'])})", highlight=False)
    if not proof.diagnosis.is_good:
        console.print("[red]diagnosis[/] at least 90 % of second bodies are to be recognised, at most 2 % false hints")
    console.print("[green]proven[/]" if data["proven"] else "[red]not proven[/]")


def _cells(row):
    drawn = row["variants_drawn"]
    few = "" if drawn == 16 else f" ({drawn} drawn)"
    return (
        row["exercise"],
        f"{row['points']:g}",
        (f"{row['variants']}" if row["variants"] == drawn else f"{row['variants']} of {drawn}") + few,
        f"{row['mistakes_caught']}/{row['mistakes']}",
        f"{row['alternatives_accepted']}/{row['alternatives']}",
        f"{row['adversaries_caught']}/{row['adversaries']}",
        f"{row['second_bodies_recognised']}/{row['second_bodies']}",
        f"{row['false_hints']}/{row['left_out']}",
    )


def _where(fault):
    name = " ".join(filter(None, (fault["exercise"], fault["kind"], fault["id"])))
    return f"{fault['place']}: {name}" if fault["place"] else name


def _on(variants):
    return f"variant {variants[0]}" if len(variants) == 1 else f"{len(variants)} variants, the first is {min(variants)}"
