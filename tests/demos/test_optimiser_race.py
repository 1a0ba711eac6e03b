"""The optimiser race: every path is the one that plainnet's optimiser takes on its own."""

import itertools

import numpy as np
import pytest
from plainnet import Tensor
from plainnet.demos import optimiser_race as demo
from plainnet.optim import SGD


@pytest.mark.parametrize("surface", ["ravine", "saddle", "Rosenbrock"])
def test_each_racer_runs_as_it_would_alone(surface):
    chosen = demo.SURFACES[surface]
    recording = demo.record(surface)
    for i, (name, method) in enumerate(demo.METHODS.items()):
        w = Tensor(np.array(chosen.start), requires_grad=True)
        optimizer = method([w], chosen.rates[name])
        for frame in recording.frames:
            np.testing.assert_allclose(frame[f"at{i}"][0], w.data, rtol=1e-9, atol=1e-12)
            for _ in range(demo.STEPS_PER_FRAME):
                w.zero_grad()
                chosen.loss(w[0], w[1]).backward()
                optimizer.step()


def test_a_rate_that_is_too_large_is_said_in_words():
    recording = demo.record("ravine", rate=3.0).validate()
    assert "Diverged, out of the picture: SGD" in recording.frames[-1]["text"]
    assert not recording.warnings()


def test_a_students_own_method_races_too():
    class Own:
        def __init__(self, params, lr):
            self.params, self.lr = params, lr

        def step(self):
            for p in self.params:
                p.data = p.data - self.lr * p.grad  # a new array each time

    recording = demo.record("ravine", own=Own)
    expected = demo.race(demo.SURFACES["ravine"], 1.0, 0.9, SGD)[0]
    np.testing.assert_allclose(recording.frames[-1]["at6"][0], expected[-1, 6])


def test_a_students_method_that_fails_is_said_in_words():
    class Stuck:
        def __init__(self, params, lr):
            self.params = params

        def step(self):
            raise FloatingPointError("the second moment is negative")

    (frame,) = demo.OptimiserRace(own=Stuck).recording.frames
    assert frame["error"].startswith("FloatingPointError: the second moment is negative (line")

    class Lost(Stuck):
        def step(self):
            for p in self.params:
                p.data = p.data * np.nan

    assert "Diverged, out of the picture: yours" in demo.OptimiserRace(own=Lost).recording.frames[-1]["text"]


def test_racers_that_meet_can_all_be_seen():
    recording = demo.record("ravine", own=SGD)
    heads = [mark for mark in recording.parts[0][0]["marks"] if mark["mark"] == "points"]
    assert len({mark["colour"] for mark in heads}) == len(demo.METHODS) + 1
    sizes = [mark["size"] for mark in heads]  # each is drawn upon the one before
    assert all(below - above >= 0.2 for below, above in itertools.pairwise(sizes))
    assert min(sizes) > 0.5


def test_the_question_names_the_winner():
    for surface in demo.SURFACES:
        recording = demo.record(surface)
        ask = recording.asks[0]
        final = recording.frames[-1]
        heights = [final[f"loss{i}"] for i in range(len(demo.METHODS))]
        assert ask.choices == tuple(demo.METHODS)
        assert ask.choices[ask.answer] == list(demo.METHODS)[int(np.argmin(heights))]


def test_an_unknown_surface_is_named():
    with pytest.raises(ValueError, match="there are ravine, saddle"):
        demo.record("hill")
