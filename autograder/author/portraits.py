"""What submissions look like: notebooks put together from known answers, and the faults that real classes hand in.

Every function takes a notebook as nbformat 4 JSON and gives a new one (or bytes, where it is no notebook any more).
Nothing here knows marks: `sample_class.py` does.
"""

import copy
import json

import nbformat

from autograder.exam.known import solution_cells

KINDS = {  # kind of submission: what is special about it
    "right": "every exercise right",
    "blank": "the released notebook, untouched",
    "exit-in-answer": "one answer ends the process",
    "endless-loop": "one answer never returns",
    "exit-in-cell": "an added cell ends the process",
    "syntax-error": "one answer does not parse",
    "helper-cells": "imports and helpers in added cells",
    "old-format": "saved as nbformat 3",
    "missing-cell": "one answer's cell deleted",
    "no-notebook": "the file breaks off in the middle",
    "mixed": "right, wrong and blank answers",
}

_GIVEN = (
    ("Al", "Be", "Ca", "Da", "El", "Fe", "Ga", "Ha", "Il", "Ka", "Le", "Mi", "No", "Ri", "Te", "Vi"),
    ("la", "na", "ri", "to", "mo"),
)
_FAMILY = (
    ("Bar", "Cor", "Dun", "Fal", "Gren", "Hol", "Kel", "Lum", "Mar", "Pel", "Sten", "Wend"),
    ("ado", "beck", "ell", "ora", "sby"),
)
ENDINGS = {
    "exit-in-answer": "import os\n\n\ndef {name}(*args, **kwargs):\n    os._exit(1)\n",
    "endless-loop": "def {name}(*args, **kwargs):\n    while True:\n        pass\n",
}


def full_name(rng):
    """Return an invented given and family name, made of syllables: it names nobody on purpose."""
    return tuple("".join(str(rng.choice(part)) for part in parts) for parts in (_GIVEN, _FAMILY))


def ending(kind, exports):
    """Return an answer whose every export ends the process or never returns."""
    return "\n\n".join(ENDINGS[kind].format(name=name) for name in exports)


def unfinished(source):
    """Return an answer that stops in the middle of a line."""
    return source.rstrip() + "\n\n\ndef half_way(x:\n    return (x +\n"


def with_cell(notebook, exercise, source):
    """Return the notebook with a code cell of the student's own before an exercise's answer."""
    notebook = copy.deepcopy(notebook)
    place = notebook["cells"].index(solution_cells(notebook)[exercise])
    cell = nbformat.v4.new_code_cell(source, id=f"added-{exercise}"[:64])
    notebook["cells"].insert(place, json.loads(json.dumps(cell)))
    return notebook


def without_cell(notebook, exercise):
    """Return the notebook without an exercise's answer."""
    notebook = copy.deepcopy(notebook)
    notebook["cells"].remove(solution_cells(notebook)[exercise])
    return notebook


def written(notebook):
    """Return the file that a student hands in."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def written_in_old_format(notebook):
    """Return the file as a notebook program of ten years ago would have saved it."""
    old = nbformat.convert(nbformat.from_dict(copy.deepcopy(notebook)), 3)
    return (nbformat.writes(old, version=3) + "\n").encode()


def broken_off(notebook):
    """Return a file that was cut off while it was copied."""
    whole = written(notebook)
    return whole[: len(whole) * 2 // 3]
