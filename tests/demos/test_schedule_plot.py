"""Schedules: rates are those of plainnet.schedules, losses those of noisy descent by hand."""

import numpy as np
import pytest
from plainnet.demos import schedule_plot as demo

pytestmark = pytest.mark.ch06


def descend_by_hand(rates):
    rng = np.random.default_rng(0)
    w, losses = np.full((demo.RUNS, len(demo.CURVATURES)), demo.START), []
    for rate in rates:
        losses.append((0.5 * demo.CURVATURES * w * w).sum() / demo.RUNS)
        w = w - rate * (demo.CURVATURES * w + demo.NOISE * rng.normal(size=w.shape))
    return losses


@pytest.mark.parametrize("name", list(demo.rates(0.5, 8)))
def test_losses_are_those_of_noisy_descent_with_these_rates(name):
    frame = demo.record(name, lr=0.5, half=8).frames[-1]
    schedule = demo.rates(0.5, 8)[name]
    expected = [schedule(step / demo.STEPS_PER_EPOCH) for step in range(demo.EPOCHS * demo.STEPS_PER_EPOCH + 1)]
    np.testing.assert_allclose(frame["rate"], expected[:: demo.STEPS_PER_POINT])
    np.testing.assert_allclose(frame["loss0"], descend_by_hand(expected)[:: demo.STEPS_PER_POINT], rtol=1e-9)


@pytest.mark.parametrize(("name", "value"), [("step", 0.25), ("exponential", 0.25), ("1/t", 0.25)])
def test_rates_are_halved_after_the_time_on_the_slider(name, value):
    assert demo.rates(0.5, 6)[name](6) == pytest.approx(value)


def test_every_schedule_starts_and_stays_within_the_first_rate():
    for rate in demo.rates(0.7, 5).values():
        values = [rate(t) for t in np.linspace(0, demo.EPOCHS, 200)]
        assert max(values) <= 0.7 + 1e-12
        assert min(values) >= 0


def test_the_question_names_the_lowest_or_a_tie():
    for settings in demo.SchedulePlot().presets.values():
        recording = demo.record(**settings)
        ask, last = recording.asks[0], recording.frames[-1]
        final = {label: last[f"loss{i}"][-1] for i, label in enumerate(labels_of(recording))}
        offered = {label: final[label] for label in ask.choices if label in final}
        first, second = sorted(offered.values())[:2]
        if ask.answer == len(ask.choices) - 1:
            assert second <= demo.CLOSE * first
        else:
            assert final[ask.choices[ask.answer]] == first


def labels_of(recording):
    return [mark["label"] for mark in recording.parts[0][1]["marks"]]


def test_a_schedule_beats_both_constant_rates_unless_it_freezes():
    for name in ("step", "exponential", "1/t", "cosine"):
        last = demo.record(name).frames[-1]
        assert last["loss0"][-1] < 0.5 * min(last["loss1"][-1], last["loss2"][-1])
    frozen = demo.record("exponential", half=1).frames[-1]
    assert frozen["loss0"][-1] > 2 * frozen["loss1"][-1]


def test_the_largest_rate_of_the_slider_is_stable():
    assert np.isfinite(demo.record("constant", lr=1.9).frames[-1]["loss0"]).all()


def test_an_unknown_schedule_is_named():
    with pytest.raises(ValueError, match="there are constant, step"):
        demo.record("linear")
