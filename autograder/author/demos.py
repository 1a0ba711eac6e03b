"""Which demo refutes what goes wrong in an exercise, as the sources of a chapter say it.

`demo="GraphStepper"` stands in the header of an exercise, and in that of a mistake that another demo shows better. An
exercise without one has the first demo that the chapter's lecture shows.
"""

import re

from plainnet.demos import GALLERY


def demos_of(lecture, cells, exercises):
    """Return the demo of each exercise, and of each mistake that has one of its own.

    Parameters
    ----------
    lecture : sequence of RawCell
    cells : list of RawCell
        Of exercises.py and mistakes.py.
    exercises : collection of str

    Returns
    -------
    dict
        "exercise" or "exercise/mistake" -> a name of `plainnet.demos.GALLERY`.

    Raises
    ------
    SourceError
        For a name that is no demo.
    """
    shown = re.findall(r"\w+", "\n".join(cell.source for cell in lecture if cell.cell_type == "code"))
    first = next((word for word in shown if word in GALLERY), None)
    demos = dict.fromkeys(exercises, first) if first else {}
    for cell in cells:
        if "demo" not in cell.keys:
            continue
        name = cell.keys["demo"]
        if name not in GALLERY:
            raise cell.error(f"there is no demo {name!r} in plainnet.demos; there are {', '.join(GALLERY)}")
        exercise = next(iter(cell.keys.values()))
        demos[f"{exercise}/{cell.keys['id']}" if "mistake" in cell.keys else exercise] = name
    return demos
