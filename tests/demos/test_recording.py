"""Recordings: frames in, bytes out, and errors that say what to do."""

import io
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from matplotlib.colors import to_rgb
from plainnet.demos import Ask, Recording, parts
from plainnet.demos.on_paper import DASHES, SERIES, SHAPES
from plainnet.demos.words import number

SAYS = {"title": "A title", "description": "What it shows."}


def decode(header, data, name, k):
    """Read one array as js/data.js does."""
    column = header["columns"][name]
    offset, *shape = column["arrays"][column["index"][k]]
    floats = np.frombuffer(data, "<f4")
    return floats[offset : offset + int(np.prod(shape))].reshape(shape)


@given(st.lists(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-1e6, 1e6)), min_size=1))
def test_arrays_arrive_as_float32_in_the_frame_they_were_put_in(values):
    recording = Recording([{"text": "step", "x": x} for x in values], **SAYS)
    header, data = recording.encode()
    for k, x in enumerate(values):
        assert np.array_equal(decode(header, data, "x", k), x.astype(np.float32))


def test_equal_arrays_are_sent_once():
    image = np.ones((20, 20))
    recording = Recording([{"text": "step", "image": image, "k": k} for k in range(10)], **SAYS)
    _, data = recording.encode()
    assert len(data) == 4 * (image.size + 10)


def test_a_frame_keeps_what_was_seen_then():
    x = np.zeros(3)
    recording = Recording(**SAYS)
    recording.add("before", x=x)
    x += 1
    recording.add("after", x=x)
    assert recording.series("x")[0].sum() == 0
    assert recording.series("x")[1].sum() == 3


def test_lists_hold_words_numbers_and_none_for_not_yet():
    recording = Recording([{"text": "step", "grads": ["2", None, 0.5, float("nan")]}], **SAYS)
    header, _ = recording.encode()
    assert header["columns"]["grads"] == {"index": [0], "values": [["2", None, 0.5, "NaN"]]}


def test_static_values_belong_to_every_frame():
    recording = Recording([{"text": "a"}, {"text": "b"}], static={"w": np.eye(2)}, **SAYS)
    assert recording.frame(1)["w"].shape == (2, 2)


def test_a_part_that_draws_an_unknown_name_is_refused():
    recording = Recording([{"text": "step", "loss": 1.0}], parts=[parts.bars("losses")], **SAYS)
    with pytest.raises(
        ValueError, match=r"'bars' draws 'losses', which no frame has; the frames have \['loss', 'text'\]"
    ):
        recording.validate()


def test_a_recording_without_frames_is_refused():
    with pytest.raises(ValueError, match="has no frames; add at least one"):
        Recording(**SAYS).validate()


@pytest.mark.parametrize("value", [1 + 2j, np.array(["a"]), object(), b"bytes"])
def test_what_a_frame_cannot_hold_is_refused_by_name_and_frame(value):
    recording = Recording([{"text": "step"}], **SAYS)
    with pytest.raises(TypeError, match="frame 1: 'x' is"):
        recording.add("next", x=value)


def test_a_recording_that_is_too_large_names_its_largest_array():
    recording = Recording([{"text": "s", "big": np.arange(1000.0), "small": 1.0}], max_bytes=1000, **SAYS)
    with pytest.raises(ValueError, match=r"4,004 bytes .* more than 1,000; most of it is 'big'"):
        recording.encode()


def test_the_first_frame_with_nan_is_said_in_words():
    losses = [1.0, np.inf, np.nan]
    recording = Recording([{"text": "step", "loss": loss} for loss in losses], **SAYS)
    assert recording.warnings() == {1: "loss overflowed to infinity from this frame on"}


def test_title_and_description_are_required():
    with pytest.raises(ValueError, match="needs a title and a description"):
        Recording(title="", description="x")


def test_an_ask_lies_within_the_recording():
    ask = Ask(3, "What next?", ("a", "b"), 0)
    with pytest.raises(ValueError, match="decides at frame 3, but the frames are 0 to 0"):
        Recording([{"text": "only"}], asks=[ask], **SAYS).validate()


@pytest.mark.parametrize(
    ("choices", "answer", "frame"),
    [(("a",), 0, 1), (("a", "a"), 0, 1), (("a", "b"), 2, 1), (("a", "b"), 0, 0), ("abcdefghij", 0, 1)],
)
def test_an_ask_that_makes_no_sense_is_refused(choices, answer, frame):
    with pytest.raises(ValueError, match=r"choices|answer|frame"):
        Ask(frame, "What?", choices, answer)


def test_poster_is_a_png_and_leaves_pyplot_alone(tmp_path):
    import matplotlib.pyplot as plt

    recording = Recording([{"text": "step", "p": np.arange(3.0)}], parts=[parts.bars("p")], **SAYS)
    png = recording.poster(tmp_path / "poster.png")
    assert png.startswith(b"\x89PNG")
    assert (tmp_path / "poster.png").read_bytes() == png
    assert plt.get_fignums() == []


def test_every_part_can_be_drawn_on_the_stage_and_on_paper():
    from plainnet.demos.bundle import source
    from plainnet.demos.poster import DRAWN

    makers = {name: getattr(parts, name) for name in dir(parts) if not name.startswith("_")}
    no_parts = {"part", "line", "points", "field"}
    kinds = {name for name, maker in makers.items() if callable(maker)} - no_parts
    listed = source("parts").split("PARTS = {")[1].split("}")[0]
    assert kinds == {name.strip() for name in listed.split(",")} == set(DRAWN)


def pixels(png):
    """Return the colours of a picture as (height, width, 3) numbers in 0 .. 1."""
    import matplotlib.image

    return matplotlib.image.imread(io.BytesIO(png))[:, :, :3]


def share(picture, colour):
    """Return the share of a picture's pixels that have a colour."""
    return np.mean(np.abs(picture - np.array(to_rgb(colour))).max(axis=-1) < 0.02)


def test_a_poster_takes_nothing_from_the_users_own_style():
    import matplotlib.pyplot as plt

    curve = [parts.loss_curve("loss"), parts.plot(parts.line("x", "x"), x="x", y="y")]
    recording = Recording([{"text": "step", "loss": 1.0, "x": np.arange(3.0)}], parts=[curve], **SAYS)
    plain = recording.poster()
    with plt.rc_context({"axes.grid": True, "font.size": 30, "axes.facecolor": "black", "savefig.dpi": 20}):
        assert recording.poster() == plain


def test_points_keep_their_colours_on_paper():
    spot = np.array([[0.5, 0.5]])
    marks = [parts.points("spot", colour=3, size=12), parts.points("spot", classes="kind", size=6)]
    plane = parts.plot(parts.field("z", (0, 1), (0, 1), limit=1), *marks, x="x", y="y")
    frame = {"text": "step", "spot": spot, "kind": np.array([1]), "z": np.ones((4, 4))}
    picture = pixels(Recording([frame], parts=[plane], **SAYS).poster())
    assert share(picture, SERIES[3]) > 0.002  # a mark of one colour
    assert share(picture, SERIES[1]) > 0.001  # a mark coloured by class, on a field of the same colour
    assert share(picture, SERIES[0]) == 0


def test_series_look_the_same_on_paper_and_on_the_stage():
    from plainnet.demos.bundle import source, stylesheet

    light = stylesheet().split('.pn-stage[data-theme="dark"]')[0]
    assert re.findall(r"--pn-series-\d: (#[0-9a-f]{6})", light) == SERIES
    assert (
        len(DASHES)
        == len(SHAPES)
        == len(SERIES)
        == len(re.search(r"DASHES = \[(.*?)\]", source("theme"))[1].split(", "))
    )


def test_a_thumbnail_shows_the_pictures_without_title_sentence_or_table():
    both = [parts.bars("p"), parts.table("rows", columns=["n", "x"])]
    frame = {"text": "A long sentence.", "p": np.arange(3.0), "rows": [["a", "1"]]}
    recording = Recording([frame], parts=[both], **SAYS)
    alone = Recording([{**frame, "text": "Other words."}], parts=[parts.bars("p")], title="Other", description="Other.")
    assert np.array_equal(pixels(recording.thumbnail()), pixels(alone.thumbnail()))


NUMBERS = {
    -0.0: "0", 2: "2", -1.5: "−1.5", 1 / 3: "0.3333", 123456: "123500", 1e6: "1e6", 2.5e-7: "2.5e−7",
    -1.23456e9: "−1.235e9", float("nan"): "NaN", float("-inf"): "−∞", 0.1 + 0.2: "0.3", 99999.9: "100000",
}  # fmt: skip


@pytest.mark.parametrize(("x", "words"), NUMBERS.items())
def test_numbers_in_words(x, words):
    assert number(x) == words
