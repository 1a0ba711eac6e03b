"""Penalty geometry: every point on the path is a minimum, by plainnet's own penalties; L1 makes zeros and L2 none."""

import numpy as np
import pytest
from plainnet import Tensor, regularize
from plainnet.demos import penalty_geometry as demo

pytestmark = pytest.mark.ch08
PENALTIES = {"l1": regularize.l1, "l2": regularize.l2, "elastic net": regularize.elastic_net}


def total(w, curvature, free, strength, kind):
    d = w - Tensor(free)
    return 0.5 * (d * (Tensor(curvature) @ d)).sum() + PENALTIES[kind]([w], strength)


@pytest.mark.parametrize("kind", demo.KINDS)
@pytest.mark.parametrize("tilt", [0.0, 0.3, 0.9])
def test_each_point_of_the_path_is_a_minimum_of_the_librarys_loss(kind, tilt):
    rng = np.random.default_rng(0)
    curvature = demo.bowl(tilt)
    for strength in (0.05, 0.4, 2.0):
        w = demo.minimum(curvature, demo.FREE, strength, demo.KINDS[kind])
        least = total(Tensor(w), curvature, demo.FREE, strength, kind).item()
        for step in 1e-4 * rng.normal(size=(20, 2)):
            assert total(Tensor(w + step), curvature, demo.FREE, strength, kind).item() > least
        point = Tensor(w, requires_grad=True)
        total(point, curvature, demo.FREE, strength, kind).backward()
        np.testing.assert_allclose(point.grad[w != 0], 0, atol=1e-8)


def test_l1_makes_exact_zeros_and_l2_makes_none():
    assert demo.record("l2").frames[-1]["zeros"] == 0
    assert [demo.record("l1").frames[k]["zeros"] for k in (0, -1)] == [0, 12]


def test_in_a_round_bowl_l1_subtracts_and_l2_divides():
    k = 12
    strength = demo.STRENGTHS[k]
    np.testing.assert_allclose(
        demo.record("l1", 0.0).frames[k]["now"][0], np.maximum(demo.FREE - strength, 0), atol=1e-9
    )
    np.testing.assert_allclose(demo.record("l2", 0.0).frames[k]["now"][0], demo.FREE / (1 + strength), atol=1e-9)


@pytest.mark.parametrize("kind", demo.KINDS)
def test_the_closed_line_has_the_same_penalty_everywhere(kind):
    w = np.array([0.7, -0.3])
    share = demo.KINDS[kind]
    points = demo.ball(w, share)
    values = [PENALTIES[kind]([Tensor(point)], 1.0).item() for point in points.T]
    np.testing.assert_allclose(values, PENALTIES[kind]([Tensor(w)], 1.0).item(), rtol=1e-6)


@pytest.mark.parametrize("kind", demo.KINDS)
def test_the_line_of_equal_loss_touches_that_of_equal_penalty_at_the_minimum(kind):
    curvature, share = demo.bowl(0.3), demo.KINDS[kind]
    for strength in (0.05, 0.4):
        w = demo.minimum(curvature, demo.FREE, strength, share)
        away = demo.level(w, curvature) - demo.FREE[:, None]
        loss = np.einsum("ip,ij,jp->p", away, curvature, away)
        np.testing.assert_allclose(loss, (w - demo.FREE) @ curvature @ (w - demo.FREE), rtol=1e-9)
        penalties = [PENALTIES[kind]([Tensor(point)], 1.0).item() for point in demo.level(w, curvature).T]
        assert min(penalties) == pytest.approx(PENALTIES[kind]([Tensor(w)], 1.0).item(), rel=5e-3)


@pytest.mark.parametrize("settings", demo.PenaltyGeometry().presets.values(), ids=list(demo.PenaltyGeometry().presets))
def test_the_answer_counts_the_zeros(settings):
    recording = demo.record(**settings).validate()
    (ask,) = recording.asks
    zeros = recording.frames[int(np.searchsorted(demo.STRENGTHS, 0.5))]["zeros"]
    assert ask.why.startswith(f"{zeros}.")
    low, high = {"none": (0, 0), "1 to 4": (1, 4), "5 to 8": (5, 8), "9 or more": (9, 12)}[ask.choices[ask.answer]]
    assert low <= zeros <= high


def test_an_unknown_penalty_is_named():
    with pytest.raises(ValueError, match="expected one of"):
        demo.record("l3")


def test_the_page_fits_and_works_without_a_kernel():
    assert "a narrow valley" in demo.PenaltyGeometry().to_html()
