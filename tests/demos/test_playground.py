"""The playground trains with plainnet: what it shows is what a plain training loop gives."""

import itertools

import numpy as np
import pytest
from plainnet import optim
from plainnet.autograd import no_grad
from plainnet.demos import live
from plainnet.demos import playground as demo
from plainnet.losses import binary_cross_entropy


def test_frames_show_a_plain_training_loop():
    recording = demo.record(3, demo.PAGE)
    player = demo.Player({**demo.START}, demo.PAGE)
    optimizer = optim.Adam(player.parameters, lr=demo.START["lr"])
    for frame in recording.frames:
        while player.steps < frame["step"]:
            optimizer.zero_grad()
            binary_cross_entropy(player.outputs(player.x)[-1], player.t).backward()
            optimizer.step()
            player.steps += 1
        np.testing.assert_allclose(frame["w0"], player.layers[0].w.data, rtol=1e-6)


def test_maps_are_what_the_units_answer():
    player = demo.Player({**demo.START})
    frame = player.frame()
    n = demo.LIVE[1]
    corner = np.array([[-demo.EDGE, demo.EDGE]], np.float32)  # the first pixel: top left
    with no_grad():
        found = player.outputs(corner)
    np.testing.assert_allclose(frame["map1"][:, 0, 0], found[1].data[0], rtol=1e-6)
    assert frame["map1"].shape == (4, n, n)
    assert frame["z"][0, 0] == pytest.approx(np.tanh(found[2].data[0, 0] / 2), rel=1e-5)


@pytest.mark.parametrize(("depth", "low", "high"), [(0, 0.3, 0.8), (1, 0.98, 1)])
def test_xor_needs_a_hidden_layer(depth, low, high):
    last = demo.record(demo.PAGE_FRAMES, demo.PAGE, depth=depth).frames[-1]
    right = np.mean((demo.interpolated(last) > 0) == (last["t"] == 1))
    assert low <= right <= high


def test_own_points_are_learnt():
    own = [[-1, -1, 0], [1, 1, 1]] * 3
    last = demo.record(10, demo.PAGE, dataset="own points only", points=own).frames[-1]
    assert "100% of 6 points" in last["text"]


def test_no_points_is_said_in_words():
    recording = demo.Playground(dataset="own points only").recording
    assert "click into the plane" in recording.frames[0]["error"]


def test_a_run_follows_the_controls():
    values = {**demo.START, "lr": 1e-12}
    frames = demo.run(values)
    first = [next(frames) for _ in range(2)]
    values["lr"] = 0.03
    later = [next(frames) for _ in range(5)]
    assert first[1]["loss"] == pytest.approx(first[0]["loss"], rel=1e-4)
    assert later[-1]["loss"] < 0.9 * first[0]["loss"]


def test_penalties_shrink_the_weights():
    def size(**values):
        frames = demo.run({**demo.START, **values})
        last = next(itertools.islice(frames, 30, None))
        return sum(np.abs(last[f"w{k}"]).sum() for k in range(2))

    assert size(penalty="L2", strength=0.1) < 0.7 * size()
    assert size(penalty="L1", strength=0.1) < 0.7 * size()


def test_a_page_carries_a_recorded_training_for_each_preset():
    variants = demo.Playground().variants()
    assert len(variants) >= 6
    assert all(variant["header"]["count"] == demo.PAGE_FRAMES for variant in variants)
    assert all(variant["header"]["asks"] for variant in variants)


@pytest.mark.slow
@pytest.mark.parametrize("depth", [0, 3])
def test_a_live_run_draws_the_network_that_the_audience_chose(depth):
    told = []

    def send(message, buffers=None):
        told.append(message)

    live.Run(demo.Playground(), {**demo.START, "depth": depth}, send).run()  # ends, as no page takes its frames
    assert [message["words"] for message in told if message["kind"] == "ended"] == [""]
    network = told[0]["header"]["parts"][0][0]
    assert network["weights"] == [f"w{k}" for k in range(depth + 1)]
