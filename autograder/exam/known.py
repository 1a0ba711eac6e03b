"""What the known answers of an assignment do: each one examined alone in the author's notebook, and kept.

A run is made when it is first asked for, and written to a cache whose key is all that it depends on: the assignment,
plainnet, the examiner's own sources and the versions of Python and NumPy. Diagnosis, `prove` and `sample-class` read
the same runs.
"""

import copy
import hashlib
import json
import os
import platform
import tempfile
import zlib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import msgpack
import numpy as np
import plainnet

from autograder.exam.assemble import assemble
from autograder.exam.differences import agrees
from autograder.exam.examine import examine
from autograder.exam.transcript import Transcript
from autograder.verdicts import CellResult

REFERENCE = "reference"  # the id of the author's solution among the known answers
TEST_KINDS = ("test", "hidden")


@dataclass(frozen=True)
class Run:
    """One examination: the verdicts of its test cells, and what crossed in each."""

    cells: tuple[CellResult, ...]
    transcripts: dict[str, Transcript]  # by grade id
    cpu_seconds: dict[str, float] = field(default_factory=dict)  # of the answer's process, by grade id

    def of(self, exercise):
        """Return the part that belongs to one exercise."""
        cells = tuple(cell for cell in self.cells if cell.exercise == exercise)
        kept = {cell.grade_id for cell in cells} & set(self.transcripts)
        return replace(self, cells=cells, transcripts={grade_id: self.transcripts[grade_id] for grade_id in kept})

    def behaves_like(self, other, rtol=1e-12):
        """Return whether the transcripts of two runs agree throughout."""
        return self.transcripts.keys() == other.transcripts.keys() and all(
            agrees(transcript, other.transcripts[grade_id], rtol) for grade_id, transcript in self.transcripts.items()
        )

    def to_bytes(self):
        """Return bytes that `from_bytes` reads."""
        packed = {grade_id: transcript.to_bytes() for grade_id, transcript in self.transcripts.items()}
        return zlib.compress(msgpack.packb([[asdict(cell) for cell in self.cells], packed, self.cpu_seconds]), 1)

    @classmethod
    def from_bytes(cls, data):
        """Return the run that `to_bytes` wrote."""
        cells, packed, cpu_seconds = msgpack.unpackb(zlib.decompress(data))
        transcripts = {grade_id: Transcript.from_bytes(part) for grade_id, part in packed.items()}
        return cls(tuple(CellResult(**cell) for cell in cells), transcripts, cpu_seconds)


def solution_cells(notebook):
    """Return the solution cells of a notebook, by grade id."""
    cells = ((cell.get("metadata", {}).get("nbgrader", {}), cell) for cell in notebook["cells"])
    return {
        said["grade_id"]: cell
        for said, cell in cells
        if said.get("solution") and not said.get("grade") and cell["cell_type"] == "code"
    }


def with_answers(notebook, answers):
    """Return the notebook with the text of solution cells replaced: `answers` maps exercises to text."""
    notebook = copy.deepcopy(notebook)
    cells = solution_cells(notebook)
    for exercise, source in answers.items():
        if exercise not in cells:
            raise ValueError(f"the notebook has no solution cell {exercise!r}; it has {', '.join(cells)}")
        cells[exercise]["source"] = source
    return notebook


def run_answers(assignment, sandbox, answers, variant, only=None):
    """Examine the author's notebook with some answers replaced.

    Parameters
    ----------
    assignment : Assignment
    sandbox : Sandbox
    answers : dict
        Exercise -> text.
    variant : int or callable
        For every exercise that was proven on it (the others take their first one), or exercise -> variant.
    only : set of str, optional
        The exercises whose tests run; all by default.

    Returns
    -------
    Run
    """

    def same_for_all(exercise):
        proven = assignment.exercises[exercise].variants if exercise in assignment.exercises else ()
        return variant if variant in proven or not proven else proven[0]

    variant_of = variant if callable(variant) else same_for_all
    assembled = assemble(assignment, with_answers(_readable(assignment.notebook), answers))
    examination = examine(assignment, assembled, sandbox, variant_of, only)
    return Run(tuple(examination.cells), dict(examination.transcripts), examination.cpu_seconds)


def _readable(notebook):
    """Return a notebook whose sources are texts, where nbformat allows lists of lines."""
    cells = [
        {**cell, "source": cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])}
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


class Table:
    """What each known answer to each exercise does on each variant.

    Parameters
    ----------
    assignment : Assignment
    sandbox : Sandbox or None
        Where answers that are not in the cache are examined.
    folder : Path
        The cache of this assignment's runs.
    """

    def __init__(self, assignment, sandbox, folder):
        self.assignment, self.sandbox, self.folder = assignment, sandbox, Path(folder)
        self.sources = {(answer.exercise, answer.id): answer.source for answer in assignment.answers}
        self.sources |= {
            (cell.exercise, REFERENCE): cell.source for cell in assignment.cells if cell.kind == "solution"
        }
        self._runs = {}

    @classmethod
    def load_or_make(cls, assignment, sandbox, cache_dir):
        """Return the table of an assignment; its runs are read from the cache, or made when first asked for."""
        # which variants students draw changes no run, so a proof on a few of them serves one on all
        drawn = {name: replace(exercise, variants=()) for name, exercise in assignment.exercises.items()}
        key = content_key(replace(assignment, exercises=drawn))
        folder = Path(cache_dir) / f"{assignment.name}-{key}"
        folder.mkdir(parents=True, exist_ok=True)
        return cls(assignment, sandbox, folder)

    def mistakes(self, exercise):
        """Return the known mistakes of an exercise, second bodies included."""
        return [a for a in self.assignment.answers if a.exercise == exercise and a.kind == "mistake"]

    def tests(self, exercise):
        """Return the test cells of an exercise."""
        return [cell for cell in self.assignment.cells if cell.exercise == exercise and cell.kind in TEST_KINDS]

    def run(self, exercise, answer, variant):
        """Return what one known answer does on the tests of its exercise.

        Parameters
        ----------
        exercise : str
        answer : str
            The id of a mistake or alternative, or REFERENCE.
        variant : int
        """
        key = exercise, answer, variant
        if key not in self._runs:
            path = self._path(*key)
            if path.exists():
                self._runs[key] = Run.from_bytes(path.read_bytes())
            else:
                answers = {} if answer == REFERENCE else {exercise: self.sources[exercise, answer]}
                only = None if self.assignment.foreign else {exercise}  # a foreign course's tests share a namespace
                self.store(*key, run_answers(self.assignment, self.sandbox, answers, variant, only))
        return self._runs[key]

    def has(self, exercise, answer, variant):
        """Return whether a run is known already."""
        return (exercise, answer, variant) in self._runs or self._path(exercise, answer, variant).exists()

    def store(self, exercise, answer, variant, run):
        """Keep a run that was made elsewhere, also on disk."""
        run = run.of(exercise)
        self._runs[exercise, answer, variant] = run
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:  # whole or not at all
            file.write(run.to_bytes())
        os.replace(file.name, self._path(exercise, answer, variant))

    def forget(self, exercise, variant):
        """Drop the runs of an exercise on one variant from memory; they stay on disk."""
        for key in [key for key in self._runs if (key[0], key[2]) == (exercise, variant)]:
            del self._runs[key]

    def _path(self, exercise, answer, variant):
        return self.folder / f"{exercise}.{answer}.{variant}.run"


def content_key(assignment):
    """Return a digest of all that a run of a known answer depends on."""
    digest = hashlib.blake2b(digest_size=10)
    for part in (asdict(assignment), platform.python_version(), np.__version__):
        digest.update(json.dumps(part, sort_keys=True).encode())
    package = Path(__file__).resolve().parent.parent
    sources = [*package.joinpath("exam").glob("*.py"), package / "testing.py"]
    for path in sorted(sources) + sorted(Path(plainnet.__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
