"""The O-ring curve: its fit is the maximum of the likelihood, its warning comes where no flight was."""

import numpy as np
import pytest
from plainnet import data
from plainnet.demos import o_ring_curve as demo

pytestmark = pytest.mark.ch02


def test_the_fit_is_the_maximum_of_the_likelihood():
    step, w, b, loss = demo.trained(demo.ALL, demo.STANDARD)[-1]
    assert (step, w, b) == (2000, pytest.approx(-0.232163, abs=1e-6), pytest.approx(15.0429, abs=1e-4))
    assert 23 * loss == pytest.approx(10.1576, abs=1e-4)
    x, t = demo.chosen(demo.ALL)
    difference = demo.probability(w, b, x) - t
    assert [difference.sum(), difference @ x] == pytest.approx([0, 0], abs=1e-8)


def test_raw_inputs_have_not_arrived():
    assert demo.trained(demo.ALL, demo.RAW)[-1][3] > demo.trained(demo.ALL, demo.STANDARD)[-1][3] + 0.1
    last = demo.record(31, inputs=demo.RAW).frames[-1]
    assert "has not arrived" in last["text"]
    assert dict(last["reading"])["95 % interval"].startswith("none")


def test_the_reading_at_31_degrees_and_its_interval():
    last = demo.record(31).frames[-1]
    assert "the curve says 0.9996, 95 % interval 0.482 to nearly 1." in last["text"]
    np.testing.assert_allclose(last["here"], [[31, 0.99961]], atol=1e-5)
    assert np.all((last["low"] <= last["p"]) & (last["p"] <= last["high"]))


def test_the_interval_is_that_of_many_redrawn_flights():
    x, _ = demo.chosen(demo.ALL)
    _, w, b, _ = demo.trained(demo.ALL, demo.STANDARD)[-1]
    many = np.tile(x, 40)  # the approximation is one for many flights
    low, high = demo.interval(w, b, many, np.array(60.0))
    p, rows = demo.probability(w, b, many), np.stack([many, np.ones(len(many))], axis=1)
    rng, found = np.random.default_rng(0), []
    for _ in range(300):
        t, v = (rng.random(len(many)) < p).astype(int), np.array([w, b])
        for _ in range(4):  # Newton's steps from the truth: close enough to the new maximum
            q = demo.probability(v[0], v[1], many)
            v = v - np.linalg.solve(rows.T @ (rows * (q * (1 - q))[:, None]), rows.T @ (q - t))
        found.append(demo.probability(v[0], v[1], 60.0))
    inside = np.mean((found > low) & (found < high))
    assert 0.9 < inside < 0.99


@pytest.mark.parametrize(("temperature", "words"), [(31, "22 °F colder"), (52, "1 °F colder"), (85, "4 °F warmer")])
def test_outside_of_the_flights_range_the_last_frame_warns(temperature, words):
    *before, last = demo.record(temperature).frames
    assert words in last["error"]
    assert not any("error" in frame for frame in before)


def test_within_the_range_there_is_no_warning():
    for temperature in (53, 60, 81):
        assert "error" not in demo.record(temperature).frames[-1]


def test_leaving_flights_out_moves_the_range_and_the_curve():
    assert len(demo.chosen(demo.NOT_COLDEST)[0]) == 22
    assert len(demo.chosen(demo.NOT_COLD)[0]) == 19
    assert "26 °F colder" in demo.record(31, demo.NOT_COLDEST).frames[-1]["error"]
    assert demo.record(31, demo.NOT_COLD).asks[0].answer == 1  # 0.33: without the cold flights nothing is certain


def test_every_flight_has_a_dot_of_its_own():
    static = demo.record().static
    assert (len(static["safe"]), len(static["damaged"])) == (16, 7)
    dots = np.vstack([static["safe"], static["damaged"]])
    assert len({tuple(dot) for dot in dots.round(6)}) == 23
    x, t = data.challenger()
    assert sorted(dots[:, 0]) == sorted(x[:, 0])
    assert static["safe"][:, 1].max() < 0.5 < static["damaged"][:, 1].min()
    assert sorted(static["damaged"][:, 0]) == sorted(x[t == 1, 0])
