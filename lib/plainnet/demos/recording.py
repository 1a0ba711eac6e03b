"""A recording: the frames of a demo, computed by the library, before anything is drawn.

A frame maps names to what was seen at one step: arrays and numbers (sent as float32), words, and short lists of
words and numbers in which None means "not known yet". Parts (`plainnet.demos.parts`) say what draws which name.
A recording is plain Python and NumPy: it can be tested without a browser, and sent, saved or printed without a kernel.
"""

import math
from dataclasses import asdict, dataclass
from numbers import Real

import numpy as np

MAX_BYTES = 4 * 2**20  # one message to the browser; a standalone page stays under 2 MB in all (stage.py checks)
MAX_CHOICES = 9  # the keys 1 to 9


@dataclass(frozen=True)
class Ask:
    """A question that stops a demo before its deciding frame, takes a prediction, then reveals.

    Parameters
    ----------
    frame : int, > 0
        The deciding frame; the demo pauses on the frame before it.
    question : str
    choices : sequence of 2 to 9 str
        The audience answers with the keys 1 to 9; each press counts one hand.
    answer : int
        Index of the right choice.
    why : str
        One sentence, shown with the answer.
    """

    frame: int
    question: str
    choices: tuple[str, ...]
    answer: int
    why: str = ""

    def __post_init__(self):
        object.__setattr__(self, "choices", tuple(str(choice) for choice in self.choices))
        if not 2 <= len(self.choices) <= MAX_CHOICES or len(set(self.choices)) < len(self.choices):
            raise ValueError(f"an Ask takes 2 to {MAX_CHOICES} different choices; got {self.choices}")
        if not 0 <= self.answer < len(self.choices):
            raise ValueError(f"answer is an index into the {len(self.choices)} choices; got {self.answer}")
        if self.frame < 1:
            raise ValueError(f"an Ask pauses before its frame, so frame is at least 1; got {self.frame}")


class Recording:
    """Frames of arrays, numbers and words, with the parts that draw them.

    Parameters
    ----------
    frames : list of dict
        One dict per step, name -> array, number, str, or list of str, numbers and None.
        The name `text` is the sentence that describes the frame, on screen and to a screen reader.
        `error` (optional) is shown as an alert: say in words what went wrong.
    title : str
    description : str
        What the demo shows, for someone who cannot see it.
    parts : list
        Parts, or lists of parts that stand side by side.
    asks : list of Ask
    static : dict
        Values that are the same in every frame.
    key_frame : int, default -1
        The frame of the poster.
    rate : float, default 1
        Frames per second at normal speed.
    max_bytes : int
        Largest number of bytes on the wire.
    """

    def __init__(
        self, frames=(), *, title, description, parts=(), asks=(), static=None, key_frame=-1, rate=1.0,
        max_bytes=MAX_BYTES,
    ):  # fmt: skip
        if not title or not description:
            raise ValueError("a Recording needs a title and a description: they are all that a screen reader has")
        self.title, self.description = title, description
        self.parts, self.asks = list(parts), sorted(asks, key=lambda ask: ask.frame)
        self.static = {name: checked(name, value) for name, value in (static or {}).items()}
        self.key_frame, self.rate, self.max_bytes = key_frame, rate, max_bytes
        self.frames = []
        for frame in frames:
            self.add(**frame)

    def add(self, text, **values):
        """Append one frame and return it."""
        if not isinstance(text, str):
            raise TypeError(f"the text of frame {len(self.frames)} should be a sentence (str); got {text!r}")
        frame = {name: checked(name, value, len(self.frames)) for name, value in values.items()}
        self.frames.append({"text": text, **frame})
        return self.frames[-1]

    def __len__(self):
        return len(self.frames)

    def __repr__(self):
        return f"Recording({self.title!r}, {len(self)} frames, {len(self.asks)} asks)"

    def series(self, name):
        """Return the values of `name`, frame by frame."""
        return [frame.get(name, self.static.get(name)) for frame in self.frames]

    def frame(self, k):
        """Return frame `k` with the static values."""
        return {**self.static, **self.frames[k]}

    def validate(self):
        """Raise a ValueError that says what is missing or wrong; return the recording."""
        if not self.frames:
            raise ValueError(f"{self.title}: the recording has no frames; add at least one")
        known = set(self.static).union(*self.frames)
        for part in flatten(self.parts):
            for name in part["names"]:
                if name not in known:
                    raise ValueError(
                        f"{self.title}: the part {part['part']!r} draws {name!r}, which no frame has; "
                        f"the frames have {sorted(known)}"
                    )
        for ask in self.asks:
            if ask.frame >= len(self):
                raise ValueError(
                    f"{self.title}: an Ask decides at frame {ask.frame}, but the frames are 0 to {len(self) - 1}"
                )
        return self

    def warnings(self):
        """Return frame index -> words, where a number first stops being finite."""
        found = {}
        for name in sorted(set().union(*self.frames)):
            for k, value in enumerate(self.series(name)):
                if isinstance(value, np.ndarray) and not np.isfinite(value).all():
                    kind = "is not a number (NaN)" if np.isnan(value).any() else "overflowed to infinity"
                    found.setdefault(k, []).append(f"{name} {kind} from this frame on")
                    break
        return {k: "; ".join(words) for k, words in found.items()}

    def encode(self, static=True):
        """Return (header, data): a JSON-able dict and the bytes of all arrays as little-endian float32.

        A run in progress sends its static values once, with its first frame, and leaves them out later.
        """
        self.validate()
        data = bytearray()
        names = sorted(set().union(*self.frames))
        header = {
            "title": self.title,
            "description": self.description,
            "parts": self.parts,
            "asks": [asdict(ask) for ask in self.asks],
            "rate": self.rate,
            "count": len(self),
            "key_frame": self.key_frame % len(self),
            "warnings": self.warnings(),
            "static": {name: encode_column([value], data) for name, value in self.static.items() if static},
            "columns": {name: encode_column([frame.get(name) for frame in self.frames], data) for name in names},
        }
        if len(data) > self.max_bytes:
            sizes = {name: sum(np.size(v) for v in self.series(name) if isinstance(v, np.ndarray)) for name in names}
            largest = max(sizes, key=sizes.get)
            raise ValueError(
                f"{self.title}: {len(data):,} bytes on the wire, more than {self.max_bytes:,}; "
                f"most of it is {largest!r}: record fewer frames or a coarser array"
            )
        return header, bytes(data)

    def poster(self, path=None, frame=None):
        """Return the key frame as PNG bytes, drawn with matplotlib; also write them to `path`, if given."""
        from plainnet.demos.poster import draw_poster

        png = draw_poster(self.validate(), self.key_frame if frame is None else frame)
        if path is not None:
            with open(path, "wb") as file:
                file.write(png)
        return png

    def thumbnail(self):
        """Return the key frame as a small PNG without title and sentence, for an index that has these as text."""
        from plainnet.demos.poster import draw_thumbnail

        return draw_thumbnail(self.validate(), self.key_frame)


def checked(name, value, k=None):
    """Return `value` in the form in which frames hold it; a TypeError names the frame and what it may hold."""
    where = "static" if k is None else f"frame {k}"
    if not name.isidentifier():
        raise ValueError(f"{where}: a name should be an identifier such as grad_w; got {name!r}")
    if isinstance(value, (str, list)) or value is None:
        words = value if isinstance(value, list) else [value]
        for word in words:
            if not (word is None or isinstance(word, (str, Real, list, dict))):
                raise TypeError(f"{where}: the list {name!r} holds {word!r}; a list holds words, numbers and None")
        return value
    try:
        array = np.asarray(value)
    except ValueError as error:
        error.add_note(f"{where}: {name!r} should be an array, a number, a str or a list")
        raise
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{where}: {name!r} is {type(value).__name__} (dtype {array.dtype}); "
            "a frame holds arrays of real numbers, numbers, str, or lists of words and numbers"
        )
    return array.copy()  # a frame is what was seen then: later in-place updates must not change it


def encode_column(values, data):
    """Append the arrays of one name to `data`; return how the browser finds the value of each frame.

    Equal values are stored once: `index[k]` says which one frame k shows, -1 none.
    """
    kinds = {isinstance(value, np.ndarray) for value in values if value is not None}
    stored, index, seen = [], [], {}
    for value in values:
        if value is None:
            index.append(-1)
            continue
        array = np.asarray(value, "<f4") if isinstance(value, np.ndarray) else None
        key = repr(value) if array is None else (array.shape, array.tobytes())
        if key not in seen:
            seen[key] = len(stored)
            stored.append(plain(value) if array is None else place(array, data))
        index.append(seen[key])
    if len(kinds) > 1:
        raise TypeError("a name holds arrays in some frames and words in others; use two names")
    return {"index": index, "arrays" if kinds == {True} else "values": stored}


def place(array, data):
    """Append an array to `data` and return [offset in floats, *shape]."""
    offset = len(data) // 4
    data += array.tobytes()
    return [offset, *array.shape]


def plain(value):
    """Return words, numbers and lists of them as JSON can carry them: NaN and infinity become words."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    if value is None or isinstance(value, (str, bool, int)):
        return value
    number = float(value)
    return number if math.isfinite(number) else {math.inf: "∞", -math.inf: "−∞"}.get(number, "NaN")


def flatten(parts):
    """Return all parts of nested rows, in reading order."""
    return [inner for part in parts for inner in (flatten(part) if isinstance(part, list) else [part])]
