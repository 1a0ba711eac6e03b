"""The standard adversaries: answers that no exercise may accept, written from an exercise's exports alone.

Six disguises of the author's own answer (`adversary_cell.py` says what each does). An adversary that behaves on every
test exactly as the reference does is none for that exercise: a function without arguments has no input to put to zero.
"""

from importlib.resources import files

ADVERSARIES = {  # id: what it does, as the table of `prove` says it
    "none": "returns None",
    "zeros": "returns zeros of the right shape",
    "argument": "returns its first argument",
    "zeroed": "puts its input to zero first",
    "constant": "returns a constant of the right shape",
    "anything": "returns an object that equals everything",
}

_CELL = """_adversary = {{"__name__": "adversary"}}
exec({text!r}, _adversary)
globals().update(_adversary["disguise"]({kind!r}, {source!r}, {exports!r}, dict(globals())))
"""


def adversary(kind, exports, source):
    """Return the solution cell of an adversary.

    Parameters
    ----------
    kind : str
        A key of ADVERSARIES.
    exports : sequence of str
        The names that the exercise's tests read.
    source : str
        The author's answer.
    """
    if kind not in ADVERSARIES:
        raise ValueError(f"an adversary is one of {', '.join(ADVERSARIES)}; received {kind!r}")
    text = files("autograder.author").joinpath("adversary_cell.py").read_text(encoding="utf-8")
    return _CELL.format(text=text, kind=kind, source=source, exports=tuple(exports))
