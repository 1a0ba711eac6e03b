"""The demos of softmax regression show what plainnet computes."""

import numpy as np
import plainnet
import pytest
from plainnet import data, init, losses, metrics, nn, optim
from plainnet.demos import LogitsToLoss, WeightImages
from plainnet.demos import logits_to_loss as logits
from plainnet.demos import weight_images as weights

pytestmark = pytest.mark.ch03


def test_the_worked_example_of_the_lecture_is_shown():
    texts = [frame["text"] for frame in logits.record().frames]
    assert "0.7054, 0.2595, 0.03512" in texts[logits.PROBABILITIES]
    assert "−log 0.7054 = 0.349." in texts[logits.LOSS]
    assert "−0.2946, 0.2595, 0.03512" in texts[logits.GRADIENT]
    assert "margin 1: 0," in texts[logits.HINGE]
    assert "margin 1: 7, gradient 1, 1, −2" in logits.record(truth="ship").frames[logits.HINGE]["text"]


@pytest.mark.parametrize("truth", logits.NAMES)
def test_probabilities_and_gradient_are_the_librarys(truth):
    z, label = np.array([-3.0, 4.5, 0.5]), logits.NAMES.index(truth)
    frame = logits.record(*z, truth=truth, added=50).frame(-1)
    p = plainnet.softmax(z).data
    np.testing.assert_allclose(frame["p"], p, rtol=1e-9)
    np.testing.assert_allclose(frame["numbers"][3], p, rtol=1e-9)
    np.testing.assert_allclose(frame["numbers"][4], p - np.eye(3)[label], rtol=1e-9, atol=1e-15)


def test_a_number_that_is_added_to_all_scores_changes_nothing():
    plain, added = logits.record().frames[-1], logits.record(added=1000).frames[-1]
    np.testing.assert_allclose(plain["p"], added["p"], rtol=1e-9)


def test_the_textbooks_form_agrees_until_it_breaks_and_the_stage_says_so():
    small = logits.record(form=logits.TEXTBOOK)
    np.testing.assert_allclose(small.frames[-1]["p"], logits.record().frames[-1]["p"], rtol=1e-9)
    assert small.asks[0].answer == 0
    large = logits.record(form=logits.TEXTBOOK, added=1000).validate()
    assert large.asks[0].answer == 1
    assert "is not a number" in large.warnings()[logits.PROBABILITIES]


def test_numbers_are_blank_until_they_are_known():
    assert [int(frame["known"]) for frame in logits.record().frames] == [3, 6, 9, 12, 12, 15, 15]


@pytest.mark.parametrize(
    ("scores", "truth", "answer"), [((2, 1, -1), "cat", 0), ((0, 0, 0), "dog", 1), ((2, 1, -1), "ship", 2)]
)
def test_the_question_knows_where_the_loss_lies(scores, truth, answer):
    (ask,) = logits.record(*scores, truth=truth).asks
    assert ask.answer == answer


def test_an_unknown_truth_is_named():
    with pytest.raises(ValueError, match="expected a truth of"):
        logits.record(truth="frog")


def test_a_page_carries_each_slider_alone():
    carried = [variant["values"] for variant in LogitsToLoss().variants()]
    assert {values["dog"] for values in carried if values["cat"] == 2 and values["ship"] == -1} >= set(
        range(-10, 11, 2)
    )


def test_a_recorded_training_is_a_plain_training_loop():
    recording = weights.record((0, 1, 45, 90))
    (x, t), (x_held, t_held) = weights.digits()
    rng = np.random.default_rng(0)
    layer = nn.Linear(64, 10, rng, init_w=lambda shape, rng: init.zeros(shape))
    optimizer = optim.SGD(layer.parameters(), lr=0.5)
    for _ in range(2):
        for x_batch, t_batch in data.minibatches(x, t, 32, rng):
            optimizer.zero_grad()
            losses.cross_entropy(layer(x_batch), t_batch).backward()
            optimizer.step()
    last = recording.frames[-1]
    w = layer.w.data
    np.testing.assert_allclose(last["images"], w.T.reshape(10, 8, 8) / np.abs(w).max(), rtol=1e-4, atol=1e-6)
    assert last["unseen"] == pytest.approx(losses.cross_entropy(layer(x_held), t_held).item(), rel=1e-4)
    assert last["share"] == pytest.approx(100 * metrics.accuracy(layer(x_held).data, t_held), abs=0.3)


def test_the_first_loss_is_that_of_chance():
    assert weights.record().frames[0]["learned"] == pytest.approx(np.log(10), rel=1e-6)
    assert weights.record(loss="hinge").frames[0]["learned"] == pytest.approx(9)
    assert weights.record().frames[0]["share"] == 0  # ties are not right


def test_a_random_start_stays_where_no_digit_has_ink_unless_there_is_a_penalty():
    (x, _), _ = weights.digits()
    empty = np.flatnonzero(x.max(axis=0) == 0)
    player = weights.Player({**weights.START, "start": "random, 1"})
    before = player.model.w.data[empty].copy()
    for _ in range(90):
        player.step()
    np.testing.assert_array_equal(player.model.w.data[empty], before)
    player.values["strength"] = 0.1
    for _ in range(90):
        player.step()
    assert np.abs(player.model.w.data[empty]).max() < 0.1 * np.abs(before).max()


def test_a_run_follows_the_controls():
    values = {**weights.START, "lr": 1e-9}
    frames = weights.run(values)
    still = [next(frames)() for _ in range(3)]
    assert still[2]["learned"] == pytest.approx(still[0]["learned"], rel=1e-4)
    values["lr"] = 0.5
    later = [next(frames) for _ in range(45)][-1]()
    assert later["learned"] < 1


@pytest.mark.parametrize(("values", "low", "high"), [({}, 94, 100), ({"loss": "hinge", "lr": 0.1}, 94, 100)])
def test_either_loss_reads_the_digits(values, low, high):
    assert low <= weights.record_training(**values).frames[-1]["share"] <= high


def test_a_page_carries_a_training_with_its_question_for_each_preset():
    variants = WeightImages().variants()
    assert len(variants) == 7
    assert all(variant["header"]["count"] == len(weights.PAGE_STEPS) for variant in variants)
    assert all(variant["header"]["asks"] for variant in variants)
