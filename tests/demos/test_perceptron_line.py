"""The perceptron's line: each frame is a move that the library's rule made."""

import numpy as np
import pytest
from plainnet import Perceptron, data
from plainnet.demos import perceptron_line as demo

pytestmark = pytest.mark.ch02


@pytest.mark.parametrize("dataset", [name for name in demo.DATA if name != demo.OWN])
def test_the_end_is_that_of_the_librarys_fit(dataset):
    x, t = demo.DATA[dataset]()
    model = Perceptron(2).fit(x, t, max_epochs=demo.MOST_EPOCHS)
    recording = demo.record(dataset=dataset)
    last = recording.frames[-1]
    assert f" {model.num_mistakes} mistakes" in last["text"]
    assert last["moves"] == min(model.num_mistakes, demo.MOST_MOVES)
    assert (last["wrong"] == 0) == model.converged
    assert len(recording) == min(model.num_mistakes, demo.MOST_MOVES) + 2
    assert recording.asks[0].answer == (3 if not model.converged else int(np.digitize(model.num_mistakes, [6, 21])))


def test_and_ends_as_in_the_lecture():
    words = "Epoch 9 passes without a mistake: the line stays, after 18 mistakes. w = (3, 2), b = −4."
    assert demo.record(dataset="AND").frames[-1]["text"] == words


def test_xor_never_stops():
    recording = demo.record(dataset="XOR")
    assert "still one in every epoch" in recording.frames[-1]["text"]
    assert min(frame["wrong"] for frame in recording.frames) > 0


def test_the_line_lies_between_the_half_planes():
    for dataset in ("two clouds", "clouds that touch"):
        x, t = demo.DATA[dataset]()
        frame = demo.record(dataset=dataset).frames[-1]
        model = Perceptron(2).fit(x, t)
        ends = np.stack([frame["line_x"], frame["line_y"]], axis=1)
        assert ends @ model.w + model.b == pytest.approx(0, abs=1e-5)
        n, width = demo.PIXELS, demo.HIGH - demo.LOW
        column, row = ((x - demo.LOW) / width * (n - 1)).round().astype(int).clip(0, n - 1).T
        side = frame["side"][n - 1 - row, column]
        assert np.mean((side > 0) == (t == 1)) > 0.9  # a pixel on the line may lie on either side


def test_own_points_are_learnt_and_none_is_said_in_words():
    own = [[0, 0, 0], [1, 1, 1]]
    assert "passes without a mistake" in demo.record(own, dataset=demo.OWN).frames[-1]["text"]
    assert "click into the plane" in demo.PerceptronLine(demo.OWN).recording.frames[0]["error"]


def test_the_stray_point_alone_keeps_the_classes_from_being_separated():
    x, t = demo.stray()
    assert not Perceptron(2).fit(x, t, 2000).converged
    assert Perceptron(2).fit(x[:-1], t[:-1], 2000).converged
    assert data.xor()[0].tolist() == demo.CORNERS.tolist()
