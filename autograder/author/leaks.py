"""The search for what students must not get: lines of solutions, hidden tests, rubrics, known answers and their hints.

A line is secret when it stands in none of the places that students see. `release` searches all that it is about to
write.
"""

import io
import json
import zipfile

from autograder.author.stubs import without_markers, without_solution

LEAST = 8  # characters; shorter lines such as `else:` tell nothing


def find_leaks(chapters, files, public=()):
    """Return where secrets stand in files.

    Parameters
    ----------
    chapters : list of Chapter
        All chapters of the course, also those that are not released.
    files : dict of str to bytes
        Path -> content; notebooks and wheels are searched inside.
    public : iterable of str
        Texts that are no secret, whatever they hold: the library's source.

    Returns
    -------
    list of (str, str)
        Path, and the secret line found there.
    """
    secret = set().union(*(secret_lines(chapter) for chapter in chapters))
    secret -= {line for chapter in chapters for text in _seen_texts(chapter) for line in _lines(text)}
    secret -= {line for text in public for line in _lines(text)}
    found = []
    for path, data in sorted(files.items()):
        for text in _texts_in(path, data):
            found += [(path, line) for line in dict.fromkeys(_lines(text)) if line in secret]
    return found


def secret_lines(chapter):
    """Return the lines of a chapter that students must not see, should they stand nowhere else."""
    texts = [hint for answer in chapter.answers for hint in (answer.source, answer.hint)]
    for cell in chapter.cells:
        if cell.kind in ("solution", "quiz"):
            texts.append(without_markers(cell.source))
        elif cell.kind in ("hidden", "manual"):
            texts.append(cell.source)
    return {line for text in texts for line in _lines(text)}


def _seen_texts(chapter):
    """Return what students are meant to see of a chapter."""
    texts = [raw.source for raw in chapter.lecture]
    for cell in chapter.cells:
        if cell.kind in ("markdown", "instructor", "test"):
            texts.append(cell.source)
        elif cell.kind in ("solution", "quiz"):
            texts.append(without_solution(cell.source, "pass"))
        elif cell.kind == "manual":
            texts.append(cell.source.split("### BEGIN MARK SCHEME")[0] + cell.source.split("### END MARK SCHEME")[1])
    return texts


def _lines(text):
    return [line.strip() for line in text.split("\n") if len(line.strip()) >= LEAST]


def _texts_in(path, data):
    """Yield the texts in a file: of a notebook its cells, of a wheel its members."""
    if path.endswith(".ipynb"):
        yield from _strings_in(json.loads(data))
    elif path.endswith(".whl"):
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            for name in wheel.namelist():
                yield from _texts_in(name, wheel.read(name))
    else:
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError:
            return  # pictures and arrays


def _strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings_in(part)
    elif isinstance(value, list):
        if value and all(isinstance(part, str) for part in value):
            yield "".join(value)
        else:
            for part in value:
                yield from _strings_in(part)
