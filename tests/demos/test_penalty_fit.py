"""Penalty fit: the curves on screen minimise plainnet's loss and penalty; the answer is the best validation error."""

import numpy as np
import pytest
from plainnet import Tensor, losses, regularize
from plainnet.demos import penalty_fit as demo

pytestmark = pytest.mark.ch08


@pytest.mark.parametrize("strength", [1e-3, 1e-1, 10.0])
def test_the_fit_is_where_the_librarys_loss_and_penalty_have_no_slope(strength):
    x, t, *_ = demo.draw(16, 0.25, 3)
    w = Tensor(demo.minimum(demo.powers(x, 5), t, strength), requires_grad=True)
    loss = losses.mse(Tensor(demo.powers(x, 5)) @ w, t) + regularize.l2([w], strength)
    loss.backward()
    np.testing.assert_allclose(w.grad, 0, atol=1e-9)


def test_without_a_penalty_it_passes_through_every_point_and_is_wild_elsewhere():
    first = demo.record().frames[0]
    x, t, *_ = demo.draw(16, 0.25, 3)
    features = demo.powers(x, 15)
    assert demo.rms(features @ demo.minimum(features, t, 0.0) - t) < 1e-6
    assert first["train"][0] == pytest.approx(0.03)  # the lower end of the axis
    assert first["validation"][0] == demo.TALLEST


def test_the_training_error_only_grows_and_the_validation_error_has_its_best_in_between():
    last = demo.record().frames[-1]
    assert np.all(np.diff(last["train"]) >= -1e-9)
    best = int(np.argmin(last["validation"]))
    assert 0 < best < len(demo.STRENGTHS) - 1
    assert last["validation"][best] < 0.5 * last["validation"][-1]


@pytest.mark.parametrize("settings", demo.PenaltyFit().presets.values(), ids=list(demo.PenaltyFit().presets))
def test_the_answer_holds_the_strength_with_the_smallest_error(settings):
    recording = demo.record(**settings).validate()
    x, t, held_out, t_held_out = demo.draw(settings["count"], settings["noise"], settings["seed"])
    features, others = (demo.powers(points, settings["degree"]) for points in (x, held_out))
    errors = [demo.rms(others @ demo.minimum(features, t, strength) - t_held_out) for strength in demo.STRENGTHS]
    best = demo.STRENGTHS[np.argmin(errors)]
    low, high = [(0, 1e-12), (1e-12, 1e-6), (1e-6, 0.1), (0.1, np.inf)][recording.asks[0].answer]
    assert low <= best < high


def test_the_page_fits_and_works_without_a_kernel():
    assert "16 weights, 200 points" in demo.PenaltyFit().to_html()
