"""The pages of the whole course: where a student starts, and the glossary of all chapters."""

import re

from autograder.author.notebooks import as_text, chapter_title, new_page

SECTION = re.compile(r"\*(\d+) minutes? \(estimated\)")
EXERCISES = re.compile(r"\*\*Time\*\* \(estimated\): (\d+) minutes")
WORK = """\
**Work**: run cells from top to bottom with Shift+Enter. A test that says nothing has passed.

**Hand in**: save, then run `!python -m plainnet.check exercises.ipynb` in a new cell of the exercises. It says for each
exercise whether its visible tests pass, and writes the file to hand in, with a receipt, into the folder `handin`. Hand
in both where your lecturer says.

**Words**: the [glossary](glossary.ipynb) of all chapters."""
HEAD = """\
# Start here

Each chapter has a lecture to play with and exercises that answer back. Minutes are estimates."""
GAPS = " Chapters whose numbers are missing are not there yet."
PROGRESS = "from plainnet.course_progress import show\n\nshow()  # run this cell: how far you are"


def course_pages(chapters):
    """Return the start page and the glossary of these chapters: path -> text."""
    return {"index.ipynb": as_text(start_page(chapters)), "glossary.ipynb": as_text(glossary_page(chapters))}


def start_page(chapters):
    """Return the notebook on which a student starts: the map of the chapters with times, and how far one is."""
    rows = ["| chapter | | minutes | | minutes | points |", "|---|---|---|---|---|---|"]
    for chapter in chapters:
        row = [chapter_title(chapter)]
        for name, cells, pattern in (
            ("lecture", chapter.lecture, SECTION),
            ("exercises", chapter.cells, EXERCISES),
        ):
            row += [f"[{name}]({chapter.name}/{name}.ipynb)" if cells else "", minutes_of(cells, pattern)]
        points = sum(cell.points for cell in chapter.cells)
        rows.append("| " + " | ".join([*row, f"{points:g}" if chapter.cells else ""]) + " |")
    head = HEAD + (GAPS if has_gaps([number_of(chapter) for chapter in chapters]) else "")
    return new_page([("markdown", head), ("markdown", "\n".join(rows)), ("code", PROGRESS), ("markdown", WORK)])


def number_of(chapter):
    """Return a chapter's number: 3 for 03_softmax."""
    return int(chapter.name[:2])


def has_gaps(numbers):
    """Say whether a number between the first and the last is missing."""
    return len(set(numbers)) < max(numbers) - min(numbers) + 1


def minutes_of(cells, pattern):
    """Return the minutes that the texts of a notebook name, added up, or "" where they name none."""
    found = [int(number) for cell in cells for number in pattern.findall(cell.source)]
    return str(sum(found)) if found else ""


def glossary_page(chapters):
    """Return the notebook with the terms of all chapters, in the order of the alphabet, each with its chapters.

    A word that several chapters explain in the same words has one row.
    """
    places = {}  # (term, meaning) -> the chapters that have it, in their order
    for chapter in sorted(chapters, key=lambda chapter: chapter.name):
        for entry in chapter.glossary:
            places.setdefault(entry, []).append(chapter)
    rows = ["| word | meaning | chapter |", "|---|---|---|"]
    for (term, meaning), found in sorted(places.items(), key=lambda one: (one[0][0].casefold(), one[1][0].name)):
        links = ", ".join(
            f"[{number_of(chapter)}]({chapter.name}/{'lecture' if chapter.lecture else 'exercises'}.ipynb)"
            for chapter in found
        )
        rows.append(f"| {term} | {meaning} | {links} |")
    return new_page(
        [("markdown", "# Glossary\n\nBack to the [start page](index.ipynb)."), ("markdown", "\n".join(rows))]
    )
