"""Data: what ships is what its source has; what is generated has the promised shapes, ranges and meaning."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from plainnet import data
from plainnet.data.fonts import FONTS, draw_digit
from plainnet.data.pictures import NAMES, stencil
from plainnet.data.sequences import PEOPLE, PLACES

seeds = st.integers(0, 2**32 - 1)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_digits_are_those_of_scikit_learn():
    from sklearn.datasets import load_digits

    source = load_digits()
    x, t = data.digits()
    assert x.shape == (1797, 8, 8, 1)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x[..., 0] * 16, source.images)
    np.testing.assert_array_equal(t, source.target)


def test_the_script_writes_the_shipped_digits_again(tmp_path):
    from plainnet.data import make_digits

    make_digits.main(tmp_path / "digits.npz")
    with np.load(tmp_path / "digits.npz") as again, np.load(data.shipped.DIGITS) as shipped:
        assert sorted(again.files) == sorted(shipped.files)
        for name in shipped.files:
            np.testing.assert_array_equal(again[name], shipped[name])


@pytest.mark.parametrize("damage", ["missing", "cut", "other"])
def test_damaged_digits_get_an_error_with_a_remedy(tmp_path, monkeypatch, damage):
    copy = tmp_path / "digits.npz"
    content = data.shipped.DIGITS.read_bytes()
    if damage == "cut":
        copy.write_bytes(content[: len(content) // 2])
    if damage == "other":
        copy.write_bytes(b"not an archive")
    monkeypatch.setattr(data.shipped, "DIGITS", copy)
    with pytest.raises(Exception) as caught:  # noqa: PT011 (whatever NumPy raises; the note is ours)
        data.digits()
    assert "install plainnet again" in " ".join(caught.value.__notes__)


def test_challenger_has_23_flights_of_which_7_had_distress():
    x, t = data.challenger()
    assert x.shape == (23, 1)
    assert (x.min(), x.max(), t.sum()) == (53, 81, 7)
    assert sorted(x[t == 1, 0]) == [53, 57, 58, 63, 70, 70, 75]


@given(seeds, st.integers(5, 60))
def test_points_have_their_shapes_and_classes_in_equal_numbers(seed, n):
    for make, num_classes in [
        (data.moons, 2),
        (data.circles, 2),
        (lambda n, rng: data.spirals(n, rng, num_classes=4), 4),
        (lambda n, rng: data.blobs(n, rng, num_classes=5), 5),
    ]:
        x, t = make(n, rng(seed))
        counts = np.bincount(t, minlength=num_classes)
        assert x.shape == (n, 2)
        assert x.dtype == np.float32
        assert len(counts) == num_classes
        assert counts.max() - counts.min() <= 1


def test_points_repeat_with_their_seed_and_lie_where_they_should():
    np.testing.assert_array_equal(data.spirals(50, rng(3))[0], data.spirals(50, rng(3))[0])
    x, t = data.circles(100, rng(), noise=0, ratio=0.4)
    np.testing.assert_allclose(np.hypot(*x.T), np.where(t == 0, 1, 0.4), rtol=1e-6)
    x, t = data.moons(100, rng(), noise=0)
    centre = np.where(t[:, None] == 0, [0, 0], [1, 0.5])
    np.testing.assert_allclose(np.hypot(*(x - centre).T), 1, rtol=1e-5)


def test_xor_is_the_table_and_its_clouds_follow_it():
    x, t = data.xor()
    np.testing.assert_array_equal(t, x[:, 0] != x[:, 1])
    x, t = data.xor(200, rng(), noise=0.05)
    np.testing.assert_array_equal(t, (x[:, 0] > 0.5) != (x[:, 1] > 0.5))
    assert t.dtype.kind == "i"


def test_too_few_points_are_refused():
    with pytest.raises(ValueError, match="n=1 for 2 classes"):
        data.moons(1, rng())


def test_glyphs_are_ink_on_paper_in_all_ten_classes():
    x, t = data.glyphs(200, rng())
    assert x.shape == (200, 28, 28, 1)
    assert x.dtype == np.float32
    assert x.min() == 0
    assert x.max() == 1
    np.testing.assert_array_equal(np.bincount(t), np.full(10, 20))
    ink = x.mean(axis=(1, 2, 3))
    assert (ink > 0.01).all()
    assert (ink < 0.5).all()


def test_every_font_draws_ten_different_digits():
    for font in FONTS:
        drawn = {draw_digit(digit, font, 20).tobytes() for digit in range(10)}
        assert len(drawn) == 10


def test_an_unknown_font_is_refused_with_the_choice():
    with pytest.raises(ValueError, match="FONTS"):
        data.glyphs(10, rng(), fonts=["Papyrus"])


@given(seeds)
def test_boxes_enclose_their_masks_and_objects_keep_apart(seed):
    drawn = data.shapes(4, rng(seed), size=32, max_objects=4)
    for image, boxes, labels, mask in zip(*drawn):
        seen = np.zeros_like(mask)
        for (left, top, right, bottom), label in zip(boxes, labels):
            if label < 0:
                assert (left, top, right, bottom) == (0, 0, 0, 0)
                continue
            window = mask[top:bottom, left:right]
            assert set(np.unique(window)) <= {0, label + 1}
            for side in (window[0], window[-1], window[:, 0], window[:, -1]):
                assert side.any()  # the box is tight
            assert not seen[top:bottom, left:right].any()
            seen[top:bottom, left:right] = 1
        assert not mask[seen == 0].any()
        assert labels[0] >= 0
        assert image.min() >= 0
        assert image.max() <= 1


def test_shapes_are_drawn_without_noise_where_the_mask_says():
    drawn = data.shapes(10, rng(), noise=0)
    np.testing.assert_array_equal(drawn.images[..., 0] > 0, drawn.masks > 0)
    assert set(np.unique(data.shapes(50, rng()).labels)) == {-1, 0, 1, 2}


@pytest.mark.parametrize("width", range(5, 12))
def test_stencils_differ_and_are_symmetric(width):
    stencils = [stencil(name, width) for name in NAMES]
    for ink in stencils:
        np.testing.assert_array_equal(ink, ink[::-1])
        np.testing.assert_array_equal(ink, ink.T)
    assert stencils[0].sum() > stencils[1].sum() > stencils[2].sum()


def test_counting_neighbours_solves_the_analogies():
    sentences = data.sentences(4000, rng())
    words = sorted({word for sentence in sentences for word in sentence})
    index = {word: i for i, word in enumerate(words)}
    counts = np.zeros((len(words), len(words)))
    for sentence in sentences:
        ids = [index[word] for word in sentence]
        for a in ids:
            counts[a, ids] += 1
    np.fill_diagonal(counts, 0)
    expected = counts.sum(0) * counts.sum(1)[:, None] / counts.sum()
    vectors = np.log(np.maximum(counts / expected, 1))  # positive pointwise mutual information
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)

    def right(a, b, c, d):
        scores = vectors @ (vectors[index[b]] - vectors[index[a]] + vectors[index[c]])
        scores[[index[a], index[b], index[c]]] = -np.inf
        return words[scores.argmax()] == d

    solved = [right(*analogy) for analogy in data.analogies()]
    assert np.mean(solved) >= 0.9


def test_analogies_are_all_ordered_pairs_of_a_table():
    found = data.analogies()
    assert len(found) == len(set(found)) == 2 * 5 * 4
    assert ("man", "woman", "king", "queen") in found
    assert ("paris", "france", "rome", "italy") in found
    assert len({word for table in (PEOPLE, PLACES) for row in table for word in row}) == 30


@given(seeds, st.integers(0, 30), st.integers(2, 6))
def test_recall_hides_the_symbol_behind_distractors(seed, delay, num_symbols):
    x, t = data.recall(8, rng(seed), delay, num_symbols)
    assert x.shape == (8, 1 + delay)
    np.testing.assert_array_equal(x[:, 0], t)
    assert (t < num_symbols).all()
    assert (x[:, 1:] >= num_symbols).all()
    assert (x < 2 * num_symbols).all()


@given(seeds, st.integers(1, 20), st.integers(0, 20))
def test_echo_is_the_input_some_steps_ago(seed, length, delay):
    delay = min(delay, length)
    x, t = data.echo(3, rng(seed), length, delay)
    for i in range(length):
        np.testing.assert_array_equal(t[:, i], x[:, i - delay] if i >= delay else 0)
    assert x.min() >= 1


def test_an_echo_after_the_end_is_refused():
    with pytest.raises(ValueError, match=r"0\.\.5"):
        data.echo(1, rng(), length=5, delay=6)


@given(seeds, st.integers(2, 200), st.floats(0.01, 0.99), st.booleans())
def test_split_keeps_pairs_loses_nothing_and_has_the_size(seed, n, fraction, stratify):
    x, t = np.arange(n) * 10, np.arange(n) % 3
    if not 0 < round(fraction * n) < n:
        with pytest.raises(ValueError, match="leaves a part empty"):
            data.split(x, t, fraction, rng(seed), stratify)
        return
    x_train, t_train, x_held, t_held = data.split(x, t, fraction, rng(seed), stratify)
    assert len(x_held) == len(t_held) == round(fraction * n)
    np.testing.assert_array_equal(np.sort(np.r_[x_train, x_held]), x)
    np.testing.assert_array_equal(np.r_[t_train, t_held], np.r_[x_train, x_held] // 10 % 3)


@given(seeds, st.lists(st.integers(0, 4), min_size=10, max_size=100).filter(lambda t: min(np.bincount(t)) != 1))
def test_stratified_parts_have_the_class_counts_of_scikit_learn(seed, labels):
    from sklearn.model_selection import train_test_split

    t = np.array(labels)
    held = data.split(t, t, 0.3, rng(seed), stratify=True)[3]
    num_classes = len(set(labels))
    if np.bincount(t)[np.unique(t)].min() >= 2 and round(0.3 * len(t)) >= num_classes:
        oracle = train_test_split(t, test_size=round(0.3 * len(t)), stratify=t, random_state=0)[1]
        difference = np.bincount(held, minlength=5) - np.bincount(oracle, minlength=5)
        assert np.abs(difference).max() <= 1  # shares are no whole numbers: either may round up


def test_a_share_that_is_no_whole_number_is_rounded_for_every_class_in_turn():
    t = np.repeat([0, 1], 5)
    held = [np.bincount(data.split(t, t, 0.5, rng(seed), stratify=True)[3])[0] for seed in range(30)]
    assert set(held) == {2, 3}


def test_nineteen_batches_of_2400_samples_the_last_one_short():
    x = np.arange(2400)
    batches = list(data.minibatches(x, -x, 128, rng()))
    assert [len(x) for x, _ in batches] == [128] * 18 + [96]
    for x_batch, t_batch in batches:
        np.testing.assert_array_equal(x_batch, -t_batch)
    seen = np.concatenate([x for x, _ in batches])
    assert not (seen == x).all()
    np.testing.assert_array_equal(np.sort(seen), x)


def test_batches_without_a_generator_keep_the_order():
    x = np.arange(7)
    np.testing.assert_array_equal(np.concatenate([x for x, _ in data.minibatches(x, x, 3)]), x)


@pytest.mark.parametrize(("x", "t", "size"), [([1, 2], [1], 1), ([], [], 1), ([1], [1], 0)])
def test_bad_batches_are_refused(x, t, size):
    with pytest.raises(ValueError, match="expected"):
        list(data.minibatches(np.array(x), np.array(t), size))


def test_matplotlib_is_asked_for_in_words_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    draw_digit.cache_clear()
    with pytest.raises(ImportError) as caught:
        data.glyphs(10, rng())
    assert "pip install matplotlib" in caught.value.__notes__[0]
