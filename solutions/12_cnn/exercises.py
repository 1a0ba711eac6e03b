# %% [markdown]
r"""
# Chapter 12: Pooling and a first CNN

Convolutions find features. Pooling throws away where exactly they were found, and with it most of the numbers. A dense
layer at the end decides. You write both kinds of pooling with their way back, put a small network together, train it in a
fraction of a second, and measure what it has over a dense network, and what it has not.

**Learning objectives.** After this notebook you can

1. pool with the largest value or the mean, with windows that overlap, do not fit, or reach over the border;
2. send a gradient back through both, also where several values are the largest;
3. turn maps into vectors and back without mixing them up, and carry weights over from a library with another order;
4. write the loss of a whole convolutional network with all its gradients, and check them;
5. train a network that reads unseen digits, and measure what a shift of one pixel does to it;
6. count signals, weights and multiplications of a network.

**Prerequisites.** The lecture of this chapter; chapter 11 (windows, stride, padding, channels last); the cross-entropy
and its gradient (chapter 3); a dense layer and its way back (chapter 4). NumPy's slices with a step, `reshape`, `transpose`, `argmax`.

**Time** (estimated): 105 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | max pooling, forward and back | 4 | 24 |
| 2 | average pooling, forward and back | 3 | 13 |
| 3 | flatten, and two orders of the same numbers | 2 | 12 |
| 4 | a convolutional network: loss and gradients | 3 | 20 |
| 5 | train it | 2 | 10 |
| 6 | robustness against shifts | 2 | 9 |
| 7 | signals, weights, multiplications | 2 | 8 |
| 8, 9 | two questions that need a run | 2 | 5 |
| 10 | why pooling helps, and how far, in words (marked by hand) | 2 | 4 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time,
in exercise 5 it may take 20. Exercises 1 to 7 stand alone, in any order; 8 and 9 run your answers to 1 and 2.

**Words and shapes.** Images and maps are arrays (N, H, W, C): sample, row, column, channel, the channel last. A *window*
of (k, m) is k rows high and m columns wide. *Reading order* is row by row, in each row from left to right.
`g` $= \partial L / \partial y$ is the *upstream gradient*: what comes back from the layers behind. All arrays are float64, unless
the text says something else. Loops are fine everywhere: the arrays of the tests are small.
"""

# %%
import numpy as np

import plainnet
from plainnet import data, losses, nn, optim

# %% [markdown]
r"""
## 1. Max pooling

**Why.** A map says how much of a feature there is at each place. For most questions it is enough to know that the feature
is *somewhere around here*, and how strong: keep the largest number of each window. On the way back only one of the
window's pixels has reached the output, so one pixel alone receives the gradient.

**Write** two functions. First `max_pool(x, window, stride, padding=0)`

- `x`: maps (N, H, W, C), of any sign. `window`: a tuple of two ints (k, m), rows and columns, not always equal.
  `stride`: an int, the step both down and right; windows overlap where it is smaller than they are.
- `padding`: an int, smaller than both k and m: so far the windows reach over each of the four sides. **What lies out there
  is never the largest**, however small the numbers of the image are. (NumPy's minus infinity is `-np.inf`.)
- Returns the largest number of each window, channel by channel: (N, OH, OW, C) with

$$ OH = \left\lfloor \frac{H + 2 \cdot \text{padding} - k}{\text{stride}} \right\rfloor + 1, \qquad
   OW = \left\lfloor \frac{W + 2 \cdot \text{padding} - m}{\text{stride}} \right\rfloor + 1 $$

rounded **down**: a window that would reach further than the padding is left out, and so are pixels that only it would have
seen. Window $(i, j)$ starts at row $i \cdot \text{stride} - \text{padding}$, column $j \cdot \text{stride} - \text{padding}$ of the image.

Then `max_pool_back(g, x, window, stride, padding=0)`

- `g`: (N, OH, OW, C), the upstream gradient, of any sign. The others as above.
- Returns $\partial L / \partial x$ of the shape of `x`, without the padding. Each sample and each channel has winners of its own.

**Convention for ties**: where several pixels of a window are the largest, **the first one in reading order takes the whole
gradient**, the others nothing. (`np.argmax` finds the first.) A pixel that wins in several windows receives the **sum**. All
other pixels receive 0.

`x` and `g` are left as they are.

**Worked number**: the next cell holds a slide's image of 6 × 6. Windows of (2, 2) with stride 2 keep
`[[9, 2, 9], [3, 9, 3], [9, 2, 9]]`. Seven of the nine windows hold their largest number more than once. For `g` of ones the
gradient still adds up to 9: nine ones were sent. (Given to all of the tied pixels it would add up to 18.)
"""

# %%
slide = np.array(
    [
        [9, 0, 2, 1, 0, 9],
        [6, 9, 1, 2, 9, 0],
        [3, 1, 9, 9, 2, 3],
        [0, 2, 9, 9, 1, 0],
        [1, 9, 2, 1, 9, 1],
        [9, 3, 0, 2, 3, 9],
    ]
)
slide = slide[None, :, :, None] * 1.0  # (1, 6, 6, 1)

# %% [markdown]
r"""
Write both functions in the next cell.
"""


# %% solution="max-pool" demo="PoolingStepper"
def max_pool(x, window, stride, padding=0):
    """Return the largest number of each window of maps (N, H, W, C): (N, OH, OW, C)."""
    ### BEGIN SOLUTION
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2))
    return y
    ### END SOLUTION


def max_pool_back(g, x, window, stride, padding=0):
    """Return dL/dx (N, H, W, C): each g goes to the first of the largest pixels of its window."""
    ### BEGIN SOLUTION
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])  # the first one, in reading order
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]
    ### END SOLUTION


# %% test="max-pool" points=1
y = max_pool(slide.copy(), (2, 2), 2)
assert np.shape(y) == (1, 3, 3, 1), f"6 × 6 pixels in windows of 2 × 2 make (1, 3, 3, 1); you returned {np.shape(y)}."
assert np.array_equal(y[0, :, :, 0], [[9, 2, 9], [3, 9, 3], [9, 2, 9]]), (
    f"The slide's image: see the text; yours:\n{y[0, :, :, 0]}."
)
y = max_pool(np.arange(35.0).reshape(1, 5, 7, 1), (2, 3), 2)
assert np.shape(y) == (1, 2, 3, 1), (
    f"Windows of (2, 3) with stride 2 in 5 × 7 pixels: (5 - 2) // 2 + 1 = 2 rows and 3 columns; yours: {np.shape(y)}."
)
assert not np.array_equal(y[0, :, :, 0], [[15, 17, 19], [29, 31, 33]]), (
    "A window of (2, 3) is two rows high and three columns wide; yours is three high and two wide."
)
assert np.array_equal(y[0, :, :, 0], [[9, 11, 13], [23, 25, 27]]), (
    f"Windows of (2, 3) with stride 2 begin at rows 0 and 2, and at columns 0, 2 and 4: they overlap; yours:\n{y[0, :, :, 0]}."
)
y = max_pool(np.arange(12.0).reshape(1, 3, 4, 1), (2, 4), 1)
assert np.shape(y) == (1, 2, 1, 1), (
    f"One window of (2, 4) fits across 3 × 4 pixels, two below each other: (1, 2, 1, 1); yours: {np.shape(y)}. OW comes from W and m."
)
negative = np.array([[-7.0, -3.0], [-2.0, -5.0]]).reshape(1, 2, 2, 1)
y = max_pool(negative.copy(), (2, 2), 1, padding=1)
assert np.shape(y) == (1, 3, 3, 1), f"2 × 2 pixels with padding 1 have 3 × 3 windows; your shape is {np.shape(y)}."
assert np.array_equal(y[0, :, :, 0], [[-7, -3, -3], [-2, -2, -3], [-2, -2, -5]]), (
    f"What lies outside is never the largest, also where all pixels are negative; yours:\n{y[0, :, :, 0]}."
)
y = max_pool(1e100 * negative, (2, 2), 1, padding=1)
assert y[0, 0, 0, 0] == (1e100 * negative)[0, 0, 0, 0], (
    f"However small the numbers: a pixel of -7e100 is larger than what lies outside; yours: {y[0, 0, 0, 0]}."
)
two = np.stack([slide[..., 0], -slide[..., 0]], axis=-1)  # two channels
assert np.array_equal(max_pool(two.copy(), (2, 2), 2)[0, :, :, 1], [[0, -1, 0], [0, -9, 0], [-1, 0, -1]]), (
    "Each channel is pooled by itself: the second one here is the negative of the first."
)
grad = max_pool_back(np.ones((1, 3, 3, 1)), slide.copy(), (2, 2), 2)
assert np.shape(grad) == slide.shape, f"dL/dx has the shape of x, (1, 6, 6, 1); yours: {np.shape(grad)}."
assert np.sum(grad) != 18, "18 arrived where 9 were sent: of several largest pixels, only the first receives."
assert np.sum(grad) == 9, f"Nine ones were sent; {np.sum(grad)} arrived."
assert grad[0, 0, 0, 0] == 1 and grad[0, 2, 2, 0] == 1, (
    f"The first largest pixel in reading order takes all: row 0, column 0, and row 2, column 2; yours:\n{grad[0, :, :, 0]}."
)
x = np.array([[1.0, 5.0, 2.0]]).reshape(1, 1, 3, 1)
grad = max_pool_back(np.array([10.0, -1.0]).reshape(1, 1, 2, 1), x, (1, 2), 1)
assert np.array_equal(grad.ravel(), [0, 9, 0]), (
    f"The 5 wins in both windows and receives 10 + (-1) = 9; your gradient is {grad.ravel()}."
)
grad = max_pool_back(np.ones((1, 3, 3, 2)), two.copy(), (2, 2), 2)
assert grad[0, 0, 1, 1] == 1, (
    "Each channel has winners of its own: in the second one, the 0 in row 0, column 1 wins first."
)
grad = max_pool_back(np.ones((2, 3, 3, 1)), np.concatenate([slide, -slide]), (2, 2), 2)
assert grad[1, 0, 1, 0] == 1, "Each sample has winners of its own: the second one here is the negative of the first."
grad = max_pool_back(np.arange(1.0, 10.0).reshape(1, 3, 3, 1), negative.copy(), (2, 2), 1, padding=1)
assert np.shape(grad) == (1, 2, 2, 1), (
    f"dL/dx has the shape of x, without the padding: (1, 2, 2, 1); yours: {np.shape(grad)}."
)
assert not np.array_equal(grad[0, :, :, 0], [[0, 11], [24, 9]]), (
    "The first pixel, -7, is the smallest of all, and still the largest in its window: the border must not tie with it."
)
assert np.array_equal(grad[0, :, :, 0], [[1, 11], [24, 9]]), (
    f"With padding 1 and g = 1 ... 9, the four pixels receive 1, 2 + 3 + 6, 4 + 5 + 7 + 8 and 9; yours:\n{grad[0, :, :, 0]}. "
    "With padding, the image's row 0 and column 0 are no longer row 0 and column 0 of the windows' array."
)

# %% hidden="max-pool" points=1
# Forward: windows that are not square, all kinds of strides, borders that are left over, negative maps with padding.
cases = [((4, 6), (2, 2), 2, 0), ((5, 7), (2, 3), 2, 0), ((6, 5), (3, 2), 1, 0), ((5, 4), (2, 2), 3, 0)]
cases += [((4, 5), (2, 3), 2, 1), ((5, 5), (3, 3), 2, 1), ((3, 4), (3, 3), 1, 2)]
results = []
for (H, W), window, stride, padding in cases:
    x = rng.normal(size=(2, H, W, 3)) - 3 * (padding > 0)
    x[0] *= 1e200 ** (padding > 0)  # smaller than any number that a border might be filled with
    want, before = reference.max_pool(x, window, stride, padding), x.copy()
    results.append((max_pool(x, window, stride, padding), want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% hidden="max-pool" points=1
# Back, windows side by side: whole numbers with many ties, gradients of both signs.
results = []
for (H, W), window, stride in [((4, 6), (2, 2), 2), ((6, 6), (3, 2), 3), ((5, 7), (2, 3), 3), ((4, 4), (2, 2), 2)]:
    x = rng.integers(-1, 2, size=(2, H, W, 2)) * 1.0
    g = rng.normal(size=reference.max_pool(x, window, stride).shape)
    want, before = reference.max_pool_back(g, x, window, stride), (x.copy(), g.copy())
    results.append((max_pool_back(g, x, window, stride), want, (x, g), before))
for got, want, after, before in results:
    assert_allclose(got, want, rtol=1e-12, atol=1e-12)
    assert_allclose(after[0], before[0], rtol=0)
    assert_allclose(after[1], before[1], rtol=0)

# %% hidden="max-pool" points=1
# Back, windows that overlap or reach over the border; no ties.
results = []
for (H, W), window, stride, padding in [
    ((5, 6), (3, 3), 1, 0),
    ((6, 5), (2, 3), 1, 0),
    ((7, 5), (3, 2), 2, 0),
    ((4, 5), (3, 3), 2, 1),
    ((5, 4), (2, 3), 1, 1),
    ((4, 3), (2, 2), 1, 1),
]:
    x = rng.permutation(2 * H * W * 2).reshape(2, H, W, 2) - 5.0 * H * W * (padding > 0)
    if window == (2, 2):
        x[:, 0, 0] = x.min()  # no pixel is smaller, and the first window has no other
    g = rng.normal(size=reference.max_pool(x, window, stride, padding).shape)
    want = reference.max_pool_back(g, x, window, stride, padding)
    results.append((max_pool_back(g, x, window, stride, padding), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-12, atol=1e-12)

# %% [markdown]
r"""
## 2. Average pooling

**Why.** The mean of a window is the older kind of pooling: the first networks for digits had it (LeNet, 1998), and most
networks of today end with one window as large as the map. It is linear, so its way back is simpler: all pixels have
taken the same part, and all receive the same.

**Write** two functions. First `avg_pool(x, window, stride)`

- `x`: maps (N, H, W, C). `window`: a tuple (k, m), rows and columns. `stride`: an int. No padding.
- Returns the mean of each window, channel by channel: (N, OH, OW, C) with $OH = \lfloor (H - k)/\text{stride} \rfloor + 1$,
  and $OW$ likewise with W and m. A window has $k \cdot m$ pixels.

Then `avg_pool_back(g, shape, window, stride)`

- `g`: (N, OH, OW, C), the upstream gradient. `shape`: the tuple (N, H, W, C), the shape of `x`. (The values of `x` are not
  needed: the function is linear.)
- Returns $\partial L / \partial x$ of shape `shape`: each pixel of a window receives `g` of that window divided by $k \cdot m$; what
  a pixel receives from several windows adds up; a pixel that no window reaches receives 0.

`x` and `g` are left as they are.

**Worked number**: for the slide's image and windows of (2, 2) with stride 2, the means are
`[[6, 1.5, 4.5], [1.5, 9, 1.5], [5.5, 1.25, 5.5]]`. For `g` of ones each pixel receives 1/4: again 9 in all.
"""


# %% solution="average-pool" demo="PoolingStepper"
def avg_pool(x, window, stride):
    """Return the mean of each window of maps (N, H, W, C): (N, OH, OW, C)."""
    ### BEGIN SOLUTION
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y
    ### END SOLUTION


def avg_pool_back(g, shape, window, stride):
    """Return dL/dx of shape (N, H, W, C): every pixel of a window receives its share of g."""
    ### BEGIN SOLUTION
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / (k * m)
    return grad
    ### END SOLUTION


# %% test="average-pool" points=1
y = avg_pool(slide.copy(), (2, 2), 2)
assert np.shape(y) == (1, 3, 3, 1), f"6 × 6 pixels in windows of 2 × 2 make (1, 3, 3, 1); you returned {np.shape(y)}."
assert not np.allclose(y[0, :, :, 0], [[24, 6, 18], [6, 36, 6], [22, 5, 22]]), (
    "These are the sums of the windows, not the means."
)
assert np.allclose(y[0, :, :, 0], [[6, 1.5, 4.5], [1.5, 9, 1.5], [5.5, 1.25, 5.5]]), (
    f"The slide's means stand in the text; yours:\n{y[0, :, :, 0]}. A window of 2 × 2 has four pixels."
)
y = avg_pool(np.arange(35.0).reshape(1, 5, 7, 1), (2, 3), 2)
assert np.shape(y) == (1, 2, 3, 1), f"Windows of (2, 3), stride 2, in 5 × 7 pixels: (1, 2, 3, 1); yours: {np.shape(y)}."
assert np.allclose(y[0, :, :, 0], [[4.5, 6.5, 8.5], [18.5, 20.5, 22.5]]), (
    f"Divide by k · m = 6; yours:\n{y[0, :, :, 0]}."
)
y = avg_pool(np.concatenate([slide, 3 * slide], axis=-1), (2, 2), 2)  # two channels
assert np.shape(y) == (1, 3, 3, 2) and np.allclose(y[..., 1], 3 * y[..., 0]), (
    "Each channel is averaged by itself: the second one here is three times the first, and so are its means."
)
grad = avg_pool_back(np.ones((1, 3, 3, 1)), (1, 6, 6, 1), (2, 2), 2)
assert np.shape(grad) == (1, 6, 6, 1), f"dL/dx has the shape (1, 6, 6, 1) that was given; yours: {np.shape(grad)}."
assert np.allclose(grad, 0.25), f"Each pixel of the slide's image receives 1/4; yours:\n{grad[0, :, :, 0]}."
grad = avg_pool_back(np.array([6.0, 12.0, 0.0]).reshape(1, 1, 3, 1), (1, 2, 5, 1), (2, 3), 1)
assert not np.allclose(grad[0, 0, :, 0], [1, 2, 0, 0, 0]), (
    "Pixels in several windows keep what the last one sends: gradients that meet are added."
)
assert np.isclose(grad[0, 0, 0, 0], 1), (
    f"The first pixel is in one window of 2 · 3 pixels, which sends 6: it receives 1; yours: {grad[0, 0, 0, 0]}. Divide by k · m."
)
assert np.allclose(grad[0, :, :, 0], [[1, 3, 3, 2, 0], [1, 3, 3, 2, 0]]), (
    f"6, 12 and 0 go to windows of (2, 3), each one column further: rows of (1, 3, 3, 2, 0); yours:\n{grad[0, :, :, 0]}."
)
sent = np.array([[4.0, 8.0], [12.0, 16.0]]).reshape(2, 1, 1, 2)  # two samples, two channels
grad = avg_pool_back(sent, (2, 2, 2, 2), (2, 2), 2)
assert np.array_equal(sent.ravel(), [4, 8, 12, 16]), "Your function has changed g: divide a copy, not g itself."
assert np.allclose(grad[:, 1, 1], [[1, 2], [3, 4]]), (
    f"Each sample and each channel receives from its own g, here 4, 8, 12, 16 over 4 pixels; yours: {grad[:, 1, 1].ravel()}."
)

# %% hidden="average-pool" points=1
cases = [((4, 6), (2, 2), 2), ((5, 7), (2, 3), 2), ((6, 5), (3, 2), 1), ((5, 4), (2, 2), 3), ((4, 3), (4, 3), 1)]
results = []
for (H, W), window, stride in cases:
    x = rng.normal(size=(2, H, W, 3))
    want, before = reference.avg_pool(x, window, stride), x.copy()
    results.append((avg_pool(x, window, stride), want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-10, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% hidden="average-pool" points=1
# Back: windows side by side, overlapping, apart, and one as large as the map.
results = []
for H, W, window, stride in [
    (4, 6, (2, 2), 2),
    (5, 7, (2, 3), 1),
    (6, 5, (3, 2), 2),
    (7, 5, (2, 2), 3),
    (4, 3, (4, 3), 1),
]:
    shape = (2, H, W, 3)
    g = rng.normal(size=reference.avg_pool(np.zeros(shape), window, stride).shape)
    want, before = reference.avg_pool_back(g, shape, window, stride), g.copy()
    results.append((avg_pool_back(g, shape, window, stride), want, g, before))
for got, want, g, before in results:
    assert_allclose(got, want, rtol=1e-10, atol=1e-12)
    assert_allclose(g, before, rtol=0)

# %% [markdown]
r"""
## 3. Flatten, and two orders of the same numbers

**Why.** Between the last map and the dense layer stands a step that computes nothing: the numbers of each sample become
one long row. Which number stands where does not matter, as long as it is always the same. It does matter when weights come
from elsewhere: plainnet and TensorFlow keep the channel last, PyTorch keeps it first. The dense layer's weights then belong
to other places, nothing raises an error, and the network guesses.

**Write** three functions.

`flatten(x)`: maps (N, H, W, C) → (N, H·W·C). **Order**: row by row, in each row column by column, at each place channel by
channel. So the first C numbers of a sample are all channels of its upper left pixel.

`unflatten(g, shape)`: the way back: a gradient (N, H·W·C) and the tuple `shape` = (N, H, W, C) → an array of that shape, in
which each number is back at the place that it came from.

`from_channels_first(w, shape)`

- `w`: (C·H·W, K), the weights of a dense layer from a library that keeps channels **first**: there the maps of a sample are
  (C, H, W), and are flattened channel by channel, in each channel row by row, in each row column by column. `shape`: the
  tuple (H, W, C), the shape of one sample here, with the channel last.
- Returns the same weights in our order, (H·W·C, K): so that `flatten(x) @ from_channels_first(w, shape)` gives for our maps
  `x` what the other library computes for the same maps.

`x`, `g` and `w` are left as they are.

**Worked number**: a sample of 2 × 2 pixels, its first channel `[[1, 2], [3, 4]]`, its second `[[10, 20], [30, 40]]`. `flatten`
makes (1, 10, 2, 20, 3, 30, 4, 40) of it. The other library has (1, 2, 3, 4, 10, 20, 30, 40).
"""


# %% solution="flatten" demo="PoolingStepper"
def flatten(x):
    """Return maps (N, H, W, C) as rows (N, H*W*C): by row, by column, by channel."""
    ### BEGIN SOLUTION
    return x.reshape(len(x), -1)  # (N, H*W*C)
    ### END SOLUTION


def unflatten(g, shape):
    """Return a gradient (N, H*W*C) at the places that it came from: (N, H, W, C)."""
    ### BEGIN SOLUTION
    return g.reshape(shape)
    ### END SOLUTION


def from_channels_first(w, shape):
    """Return dense weights (C*H*W, K) of a library with channels first in our order: (H*W*C, K)."""
    ### BEGIN SOLUTION
    H, W, C = shape
    return w.reshape(C, H, W, -1).transpose(1, 2, 0, 3).reshape(H * W * C, -1)
    ### END SOLUTION


# %% test="flatten" points=1
x = np.array([[[1.0, 10.0], [2.0, 20.0]], [[3.0, 30.0], [4.0, 40.0]]])[None]  # (1, 2, 2, 2)
rows = flatten(x.copy())
assert np.shape(rows) == (1, 8), f"One sample of 2 × 2 × 2 numbers makes (1, 8); yours: {np.shape(rows)}."
assert not np.array_equal(rows[0], [1, 2, 3, 4, 10, 20, 30, 40]), (
    "That is the order of the other library: channels first."
)
assert np.array_equal(rows[0], [1, 10, 2, 20, 3, 30, 4, 40]), (
    f"The order of the text is (1, 10, 2, 20, ...); yours: {rows}."
)
x = np.arange(48.0).reshape(2, 2, 4, 3)
assert np.shape(flatten(x.copy())) == (2, 24), (
    f"Two samples of 2 × 4 × 3 numbers make two rows, (2, 24); yours: {np.shape(flatten(x.copy()))}."
)
assert np.array_equal(unflatten(flatten(x.copy()), x.shape), x), "unflatten(flatten(x), x.shape) should be x again."
w = np.arange(48.0).reshape(24, 2)  # of maps (C, H, W) = (3, 2, 4)
ours = from_channels_first(w.copy(), (2, 4, 3))
assert np.shape(ours) == (24, 2), f"The weights keep their shape (24, 2); yours: {np.shape(ours)}."
assert not np.array_equal(ours, w), (
    "The weights come back in their old order: reshaping alone moves no number to another place."
)
moved = [int(row) for row in ours[:, 0] // 2]  # which row of w stands where
assert moved[:6] != [0, 3, 6, 9, 12, 15], (
    "You go from our order to the other library's. The rows of w come by channel, by row, by column: (C, H, W)."
)
assert moved[:3] == [0, 8, 16], (
    f"Our first three rows are the three channels of the upper left pixel, rows 0, 8 and 16 of w; yours: {moved[:3]}."
)
assert np.allclose(flatten(x) @ ours, x.transpose(0, 3, 1, 2).reshape(2, 24) @ w), (
    "flatten(x) @ from_channels_first(w, shape) should be what the other library computes for the same maps. A row of w "
    f"belongs to one number of a sample; then rows 1, 9 and 17 follow, of the next pixel to the right; yours: {moved[3:6]}."
)

# %% hidden="flatten" points=1
results = []
for N, H, W, C, K in [(2, 3, 5, 2, 4), (3, 2, 4, 3, 1), (1, 4, 2, 5, 3), (4, 2, 3, 4, 2), (2, 3, 3, 1, 2)]:
    x, g, w = rng.normal(size=(N, H, W, C)), rng.normal(size=(N, H * W * C)), rng.normal(size=(C * H * W, K))
    want = reference.flatten(x), reference.unflatten(g, x.shape), reference.from_channels_first(w, (H, W, C))
    before = x.copy(), g.copy(), w.copy()
    got = flatten(x), unflatten(g, x.shape), from_channels_first(w, (H, W, C))
    results.append((got, want, (x, g, w), before))
for got, want, after, before in results:
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-12)
    for one, other in zip(after, before):
        assert_allclose(one, other, rtol=0)

# %% [markdown]
r"""
## 4. A convolutional network: loss and gradients

**Why.** A network is its layers in a row, and its backward pass the same row backwards. Writing it out once, for the
smallest network that deserves the name, shows that nothing else is hidden in it; checking it against finite differences
shows that nothing is forgotten.

**The network**: a convolution of 3 × 3 with padding 1 (maps keep their height and width), ReLU, max pooling in windows of
2 × 2 with stride 2, flatten, a dense layer to K logits; then the **mean** cross-entropy over the N samples.

**Write** `cnn_loss(params, x, t)`

- `params`: a tuple of four float64 arrays, `(w1, b1, w2, b2)`: (3, 3, C, F), (F,), (OH·OW·F, K) and (K,), where OH and OW are H
  and W halved and rounded down.
- `x`: images (N, H, W, C). `t`: ints (N,), the class of each sample, 0 … K − 1.
- Returns the tuple `(loss, grads)`: a float, and a tuple of the four gradients $\partial\,\text{loss} / \partial\,\text{parameter}$ in
  the same order, each of the shape of its parameter.

$$ \text{loss} = -\frac{1}{N} \sum_n \log p_{n, t_n}, \qquad p_{nk} = \frac{e^{z_{nk}}}{\sum_j e^{z_{nj}}}, \qquad
   \frac{\partial\,\text{loss}}{\partial z_{nk}} = \frac{p_{nk} - [k = t_n]}{N} $$

**Large logits** (up to ±1000) give a finite loss: subtract each row's largest logit before you take `np.exp`; the
probabilities stay the same. And take the logarithm of the *sum*: $\log p_{nt} = z_{nt} - \log \sum_j e^{z_{nj}}$.

**ReLU at exactly 0** has the slope 0, as in chapter 5. **Flatten** in the order of exercise 3 (`reshape`). **A dense layer**
$z = v w + b$ with rows $v$ (N, D) sends back, for $g = \partial\,\text{loss} / \partial z$ (chapter 4):
$v^T g$ to $w$, the sum of $g$ over the samples to $b$, and $g\, w^T$ to $v$.

**Given** are the layers that you know from elsewhere, in the next cell: `convolve`, `convolve_back`, `pool` and `pool_back`.
Use them; or plainnet's own ops, whose `backward()` finds all gradients: the lecture's gradient check (section 4) writes the
same network with them, and `plainnet.softmax_cross_entropy` is the mean over the samples and bears large logits. Both are
right. `params` and `x` are left as they are, and a second call with the same arguments gives the same result.
"""


# %%
def convolve(x, w, b):
    """Return the cross-correlation of images (N, H, W, C) with kernels (3, 3, C, F), padding 1: (N, H, W, F)."""
    return plainnet.conv2d(x, w, b, padding=1).data


def convolve_back(g, x, w):
    """Return (grad_w, grad_b) of `convolve` for the upstream gradient g (N, H, W, F)."""
    w, b = plainnet.Tensor(w, requires_grad=True), plainnet.Tensor(np.zeros(w.shape[-1]), requires_grad=True)
    plainnet.conv2d(x, w, b, padding=1).backward(g)
    return w.grad, b.grad


def pool(x):
    """Return the largest number of each window of 2 x 2 pixels: (N, H // 2, W // 2, F)."""
    return plainnet.max_pool2d(x, kernel_size=2).data


def pool_back(g, x):
    """Return dL/dx (N, H, W, F) of `pool` for the upstream gradient g; x is what `pool` was given."""
    x = plainnet.Tensor(x, requires_grad=True)
    plainnet.max_pool2d(x, kernel_size=2).backward(g)
    return x.grad


# %% [markdown]
r"""
Now the network.
"""


# %% solution="cnn-loss" demo="FeatureMaps"
def cnn_loss(params, x, t):
    """Return (loss, grads) of the network conv - ReLU - pool - flatten - dense on images x with classes t."""
    ### BEGIN SOLUTION
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)  # (N, H, W, F)
    h = np.maximum(a, 0)
    pooled = pool(h)  # (N, OH, OW, F)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2  # (N, K)
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)  # dloss/dz
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)
    ### END SOLUTION


# %% test="cnn-loss" points=1
def small_network(rng, H, W, C, F, K):
    """Return random parameters (w1, b1, w2, b2) of the network for images (H, W, C)."""
    shapes = (3, 3, C, F), (F,), ((H // 2) * (W // 2) * F, K), (K,)
    return tuple(rng.normal(size=shape) for shape in shapes)


test_rng = np.random.default_rng(0)
params, t = small_network(test_rng, 4, 6, 2, 3, 5), np.array([0, 3, 4])
x = test_rng.normal(size=(3, 4, 6, 2))
given = tuple(array.copy() for array in params)
result = cnn_loss(given, x.copy(), t)
assert all(np.array_equal(one, other) for one, other in zip(given, params)), (
    "Your function has changed params: it returns gradients, and whoever called it takes the step."
)
assert isinstance(result, tuple) and len(result) == 2, f"Return (loss, grads); you returned {result!r}."
loss, grads = result
assert np.shape(loss) == (), f"The loss is one number; yours has the shape {np.shape(loss)}."
assert isinstance(grads, tuple) and len(grads) == 4, "grads is the tuple of the gradients of w1, b1, w2 and b2."
at_chance = cnn_loss(tuple(0 * array for array in params), x.copy(), t)[0]
assert abs(at_chance - np.log(5)) < 1e-9, (
    f"With all parameters 0 and 5 classes the loss is ln 5 = 1.609438; yours is {at_chance:.6f}. Is it the mean?"
)
dark = np.zeros((3, 3, 1, 1)), np.array([-1.0]), np.array([[5.0, 0.0]]), np.zeros(2)  # maps of -1 everywhere
loss = cnn_loss(dark, np.ones((1, 2, 2, 1)), np.array([0]))[0]
assert abs(loss - np.log(2)) < 1e-9, (
    f"Maps of -1 everywhere are 0 after ReLU, and the loss of two equal logits is ln 2 = 0.693147; yours is {loss:.6f}."
)
x_one = np.kron([[1.0, 2.0], [3.0, 4.0]], [[0.0, 0.0], [0.0, 1.0]])[None, :, :, None]  # one pixel of ink in each window
same = np.zeros((3, 3, 1, 2))
same[1, 1, 0] = 1, 2  # the maps are the image and twice the image
w = np.zeros((8, 2))
w[[0, 3, 5], 0] = 0.1, 0.2, 0.3
loss = cnn_loss((same, np.zeros(2), w, np.zeros(2)), x_one, np.array([1]))[0]
assert abs(loss - np.log(1 + np.exp(2.7))) < 1e-9, (
    "Pooled, the maps are [[1, 2], [3, 4]] and twice that; flattened (1, 2, 2, 4, 3, 6, 4, 8); with weights 0.1, 0.2 and 0.3 at "
    f"places 0, 3 and 5 the logits are (0.1 + 0.8 + 1.8, 0) = (2.7, 0), and with t = 1 the loss is 2.765044; yours is {loss:.6f}."
)
with np.errstate(all="ignore"):  # logits (999, 0) and (0, 0)
    loss = cnn_loss((same, np.zeros(2), 370 * w, np.zeros(2)), np.concatenate([x_one, 0 * x_one]), np.array([1, 1]))[0]
assert np.isfinite(loss), (
    f"With the logits (999, 0) and (0, 0) your loss is {loss}: see 'Large logits'. Each row has a largest logit of its own."
)
assert abs(loss - (999 + np.log(2)) / 2) < 1e-6, (
    f"Logits (999, 0) and (0, 0), t = 1 twice: losses of 999 and ln 2, a mean of 499.846574; yours is {loss:.6f}. A probability "
    "that is cut off, or has a little added to it, makes it too small: take the logarithm of the sum."
)
names = "w1", "b1", "w2", "b2"
for name, grad, array in zip(names, grads, params):
    assert np.shape(grad) == array.shape, f"{name}: the gradient has the shape {array.shape}; yours: {np.shape(grad)}."
where = {
    "b2": "It is the first to look at: the sum over the samples of the gradient at the logits.",
    "w2": "That of b2 is right, so the gradient at the logits is: look at the rows that came into the dense layer.",
    "b1": "Those of w2 and b2 are right: look at the way back through flatten, pooling and ReLU.",
    "w1": "All others are right: look at what convolve_back is given.",
}
for k in (3, 2, 1, 0):  # from the back to the front, as the gradient goes
    name, array, direction = names[k], params[k], test_rng.normal(size=params[k].shape)
    ends = [cnn_loss((*params[:k], array + h * direction, *params[k + 1 :]), x.copy(), t)[0] for h in (1e-5, -1e-5)]
    slope, yours = (ends[0] - ends[1]) / 2e-5, np.sum(grads[k] * direction)
    near = 1e-6 * max(1, abs(slope))
    assert abs(3 * slope - yours) > 3 * near, f"{name}: your gradient is N = 3 times too large: the loss is a mean."
    assert abs(slope + yours) > near, f"{name}: your gradient has the opposite sign."
    assert abs(slope - yours) < near, (
        f"{name}: along a random direction the loss rises by {slope:.8f} a step; your gradient says {yours:.8f}. {where[name]}"
    )
blank = np.ones((3, 3, 1, 1)), np.zeros(1), np.array([[5.0, 0.0]]), np.zeros(2)  # maps of exactly 0 on blank paper
grad = cnn_loss(blank, np.zeros((1, 2, 2, 1)), np.array([0]))[1][1]
assert np.array_equal(grad, [0]), (
    f"b1: where the maps are exactly 0, ReLU's slope is 0 and nothing goes back; yours: {grad}."
)

# %% hidden="cnn-loss" points=1
# Losses of networks of several shapes; large logits.
results = []
for H, W, C, F, K, N in [(4, 4, 1, 2, 3, 2), (5, 7, 2, 3, 4, 3), (6, 4, 3, 2, 2, 4), (2, 3, 1, 1, 3, 1)]:
    w1, b1, w2, b2 = (rng.normal(size=shape) for shape in [(3, 3, C, F), (F,), ((H // 2) * (W // 2) * F, K), (K,)])
    x, t = rng.normal(size=(N, H, W, C)), rng.integers(0, K, size=N)
    for scale in (1, 100):
        params = w1, b1, scale * w2, b2
        want = reference.cnn_loss(params, x, t)[0]
        results.append((cnn_loss(params, x.copy(), t.copy())[0], want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-8, atol=1e-10)

# %% hidden="cnn-loss" points=1
# Gradients; each network twice, and its parameters and images afterwards. In the last one maps are exactly 0.
results = []
for H, W, C, F, K, N in [(4, 4, 1, 2, 3, 2), (5, 7, 2, 3, 4, 3), (6, 4, 3, 2, 2, 4), (4, 5, 1, 3, 3, 3)]:
    params = tuple(rng.normal(size=shape) for shape in [(3, 3, C, F), (F,), ((H // 2) * (W // 2) * F, K), (K,)])
    x, t = rng.normal(size=(N, H, W, C)), rng.integers(0, K, size=N)
    if W == 5:
        x[1:], params[1][:] = 0, 0
    want, before = reference.cnn_loss(params, x, t)[1], [array.copy() for array in (*params, x)]
    for _ in range(2):
        results.append((cnn_loss(params, x, t)[1], want, (*params, x), before))
for got, want, after, before in results:
    assert len(got) == 4
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-7, atol=1e-10)
    for one, other in zip(after, before):
        assert_allclose(one, other, rtol=0)

# %% [markdown]
r"""
## 5. Train it

**Why.** A few thousand weights, a fraction of a second: a convolutional network that reads digits it has never seen.

**Write** `train_cnn(x, t, rng)`

- `x`: images of digits (N, 8, 8, 1), float32 in 0 … 1. `t`: ints (N,), their classes 0 … 9. About 1,200 samples.
- `rng`: a `numpy.random.Generator`. Every random number comes from it, those of the layers, of the order of the samples and
  of what else you draw: two generators with the same seed give the same network.
- Returns a trained `plainnet.nn.Sequential` from images (N, 8, 8, 1) to logits (N, 10) that
  - has at least one `nn.Conv2d` and at least one pooling layer (`nn.MaxPool2d` or `nn.AvgPool2d`) among its layers,
  - has at most **3,000** parameters in all, biases included (the dense network of the lecture has 4,810),
  - is right on at least **93 %** of the digits that it has not seen. The tests draw other digits to learn from, number the
    ten classes in another order, and train three times; the share then moves by a percent or two, so aim at 95 %.
- `x` and `t` are left as they are.

**Tools**: `nn.Sequential(layer, layer, ...)` takes layers and functions such as `plainnet.relu`.
`nn.Conv2d(in_channels, out_channels, kernel_size, rng, padding=...)`, `nn.MaxPool2d(kernel_size)`, `nn.Flatten()` and
`nn.Linear(in_features, out_features, rng)` are layers. `losses.cross_entropy` takes logits: it has the softmax in it. `plainnet.fit(model, x, t, loss=losses.cross_entropy,
optimizer=optim.Adam(model.parameters(), lr=0.005), num_epochs=..., rng=rng, progress=False)` trains in mini-batches of 32 and
leaves the model in eval mode.

**A network that works**: the one of exercise 4, with 16 kernels: 2,730 parameters. Eight epochs take about 0.2 seconds and
give 96 to 98 %. The maps that it flattens have 4 × 4 × 16 numbers. Choose your own if you like.
"""


# %% solution="train-cnn" limit=20 demo="FeatureMaps"
def train_cnn(x, t, rng):
    """Return a trained convolutional network of at most 3,000 parameters: images (N, 8, 8, 1) -> logits (N, 10)."""
    ### BEGIN SOLUTION
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model
    ### END SOLUTION


# %% test="train-cnn" points=1
x, t = data.digits()
order = np.random.default_rng(0).permutation(len(x))
learn, held = order[:1200], order[1200:]
model = train_cnn(x[learn], t[learn], np.random.default_rng(0))
assert isinstance(model, nn.Sequential), f"Return a plainnet.nn.Sequential; you returned a {type(model).__name__}."
kinds = [type(layer) for layer in model.layers]
assert nn.Conv2d in kinds, "Your network has no nn.Conv2d among its layers."
assert nn.MaxPool2d in kinds or nn.AvgPool2d in kinds, "Your network has no pooling layer among its layers."
count = sum(p.data.size for p in model.parameters())
assert count <= 3000, f"At most 3,000 parameters, biases included; yours has {count:,}."
z = plainnet.predict(model, x[held])
assert z.shape == (597, 10), f"597 images make logits (597, 10); yours: {z.shape}."
assert not np.allclose(z.sum(axis=1), 1, atol=1e-4), (
    "Each row of your network's output adds up to 1: these are probabilities. It should end with logits, without softmax."
)
right = np.mean(z.argmax(axis=1) == t[held])
assert right >= 0.93, (
    f"On digits that it has not seen, the network should be right in 93 % or more; yours: {right:.1%}."
)
again = train_cnn(x[learn], t[learn], np.random.default_rng(0))
assert all(np.array_equal(p.data, q.data) for p, q in zip(model.parameters(), again.parameters())), (
    "Two generators with the same seed should give the same network: draw everything from the rng that is passed in."
)

# %% hidden="train-cnn" points=1
x, t = data.digits()
order = rng.permutation(len(x))
learn, held = order[:1200], order[1200:]
t = rng.permutation(10)[t]  # a network that has learned from elsewhere calls them by other numbers
seed = int(rng.integers(2**30))
given = x[learn], t[learn]
models = [train_cnn(*given, np.random.default_rng(seed)) for _ in range(2)]
other = train_cnn(*given, np.random.default_rng(seed + 1))
assert all(isinstance(model, nn.Sequential) for model in [*models, other])
count = sum(p.data.size for p in models[0].parameters())
right = [float(np.mean(plainnet.predict(model, x[held]).argmax(axis=1) == t[held])) for model in [*models, other]]
first = [np.asarray(model.parameters()[0].data) for model in [*models, other]]
kinds = {type(layer) for layer in models[0].layers}
assert_equal([nn.Conv2d in kinds, bool(kinds & {nn.MaxPool2d, nn.AvgPool2d})], [True, True])
assert_equal(count <= 3000, True)
assert_equal([share >= 0.93 for share in right], [True, True, True])
assert_allclose(first[0], first[1], rtol=0)
assert_equal(bool(np.array_equal(first[0], first[2])), False)
assert_allclose(given[0], x[learn], rtol=0)
assert_equal(given[1].tolist(), t[learn].tolist())

# %% [markdown]
r"""
## 6. Robustness against shifts

**Why.** A deck gives the reason for pooling as *invariance to small changes of the input signal*. How much of it is there?
Move every digit by a pixel, and count how many are still read. (A person reads all of them.)

**Write** `shift_robustness(model, x, t, d)`

- `model`: a function from images (N, H, W, C) to logits (N, K), two arrays. It accepts any N.
- `x`: images (N, H, W, C), not always square. `t`: ints (N,), their classes. `d`: an int, 0 or larger, in pixels; never more than H or W.
- Returns a float: the **mean of four accuracies**, with all images moved by `d` pixels **down, up, right and left**. An
  accuracy is the share of the N images whose largest logit is that of their class.

**Convention**: what moves over the border is gone; the `d` rows or columns that open on the other side are **0**, paper.
(`np.roll` would bring the ink back on the other side.) Each of the four starts from the images as they are. `d = 0` gives
the accuracy itself.

`x` is left as it is.

**Worked number**: the model of the test below calls an image 1 if it has ink in its left half, else 0. A single dot
in the second column of a 4 × 4 image, moved to the right by one pixel, leaves the left half: the model is right in three
of the four directions, 0.75.
"""


# %% solution="shift-robustness" demo="ShiftBars"
def shift_robustness(model, x, t, d):
    """Return the mean accuracy of a model on images that are moved by d pixels down, up, right and left."""
    ### BEGIN SOLUTION
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    corners = [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]  # a window that moves up shows an image that moves down
    moved = [padded[:, top : top + H, left : left + W] for top, left in corners]
    return float(np.mean([np.mean(model(image).argmax(axis=1) == t) for image in moved]))
    ### END SOLUTION


# %% test="shift-robustness" points=1
def ink_on_the_left(x):
    """Return logits (N, 2): the class is 1 where the left half of the image has ink."""
    ink = x[:, :, : x.shape[2] // 2].sum(axis=(1, 2, 3))
    return np.stack([np.full(len(x), 0.5), ink], axis=1)


x = np.zeros((2, 4, 4, 1))
x[0, 1, 1], x[1, 2, 2] = 1, 1
before = x.copy()
share = shift_robustness(ink_on_the_left, x, np.array([1, 0]), 0)
assert np.shape(share) == () and abs(share - 1) < 1e-12, (
    f"Moved by 0 pixels, both images are right: 1.0; yours: {share!r}."
)
share = shift_robustness(ink_on_the_left, x[:1].copy(), np.array([1]), 1)
assert abs(share - 0.75) < 1e-12, (
    f"The dot in the second column: right in three of four directions, 0.75; yours: {share}."
)
share = shift_robustness(ink_on_the_left, x[:1].copy(), np.array([1]), 2)
assert abs(share - 0.75) > 1e-12, (
    "Each of the four moves starts from the images as they are; yours goes on from where the last one ended."
)
assert abs(share - 0.5) > 1e-12, (
    "What moves over the border is gone: in your images the dot comes back on the other side."
)
assert abs(share - 0.25) < 1e-12, (
    f"Moved by 2, the dot stays in the left half only on its way down, and is gone on its way up and left: 0.25; yours: {share}."
)
share = shift_robustness(ink_on_the_left, x, np.array([1, 0]), 1)
assert np.array_equal(x, before), "Your function has changed the images: work on copies."
assert abs(share - 0.75) < 1e-12, (
    f"Both images moved by 1: 1, 1, 0.5 and 0.5 for down, up, right and left, 0.75; yours: {share}."
)
corner, wide = np.zeros((1, 4, 4, 1)), np.zeros((1, 2, 6, 1))
corner[0, 0, 0], wide[0, 0, 1] = 1, 1
share = shift_robustness(ink_on_the_left, corner, np.array([1]), 2)
assert abs(share - 0.25) < 1e-12, (
    f"A dot in the upper left corner, moved by 2, is in the left half only on its way down: 0.25; yours: {share}. "
    "The rows and columns that open are paper, 0."
)
share = shift_robustness(ink_on_the_left, wide, np.array([1]), 1)
assert abs(share - 0.75) < 1e-12, (
    f"An image need not be square: a dot in row 0, column 1 of 2 × 6 pixels is lost on its way up alone, 0.75; yours: {share}."
)

# %% hidden="shift-robustness" points=1
# Random linear models on images that are not square; shifts up to the whole height.
results = []
for H, W, C, K in [(5, 5, 1, 3), (4, 7, 2, 4), (6, 4, 1, 2)]:
    w, x = rng.normal(size=(H * W * C, K)), rng.normal(size=(40, H, W, C))
    w = w - w.mean(axis=0)

    def model(images, w=w):
        return images.reshape(len(images), -1) @ w + np.linspace(0.1, 0.2, w.shape[1])

    t = model(x).argmax(axis=1)
    t[:10] = rng.integers(0, K, size=10)
    for d in (0, 1, 2, min(H, W)):
        want, before = reference.shift_robustness(model, x, t, d), x.copy()
        results.append((shift_robustness(model, x, t, d), want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% [markdown]
r"""
## 7. Signals, weights, multiplications

**Why.** A deck compares a convolutional network with a dense one: *more signals but less parameters*, 11,665 weights against
210,240. It does not say which of the two has more to compute. Count.

**Write** `costs(model, shape)`

- `model`: a `plainnet.nn.Sequential` of `nn.Conv2d`, `nn.Linear`, `nn.MaxPool2d`, `nn.AvgPool2d`, `nn.Flatten` and functions such
  as `plainnet.relu`. `shape`: the tuple (H, W, C), the shape of **one** image.
- Returns a list with a tuple of three ints, `(signals, weights, multiplications)`, for each layer **that has weights**
  (`nn.Conv2d`, `nn.Linear`), in order.

**Definitions**, all for one image:

- `signals`: how many numbers that layer itself gives, before what follows it (ReLU, pooling).
- `weights`: the size of its `w`. Biases do not count.
- `multiplications`: how many products of a weight and a number it computes. A number of a convolutional layer's map is the
  sum of $k \cdot k \cdot C$ products, with $C$ the channels of its own input, also where part of the window lies on the padding. A
  number of a dense layer is the sum of as many products as the layer has inputs.

**Useful**: `model.layers` is the list of layers; each is called with an array or a `Tensor` of images (N, H, W, C) and returns
a `Tensor`, whose `.shape` is a tuple. `layer.w` is (k, k, C, F) in a convolutional layer and (inputs, units) in a dense one;
`layer.w.shape` and `layer.w.size` work. A layer is of a kind if `isinstance(layer, nn.Conv2d)` says so. An array of zeros of
one sample is enough to find all shapes.

**Worked numbers**: the deck's network, `shape = (28, 28, 1)`, gives
`[(7056, 225, 176400), (3136, 3600, 705600), (10, 7840, 7840)]`. The dense one, 784-225-144-10, gives
`[(225, 176400, 176400), (144, 32400, 32400), (10, 1440, 1440)]`. In all 11,665 weights against 210,240, and 889,840
multiplications against 210,240: sharing saves weights, not work.
"""


# %% solution="costs" demo="FeatureMaps"
def costs(model, shape):
    """Return [(signals, weights, multiplications)] of the layers with weights, for one image of `shape` (H, W, C)."""
    ### BEGIN SOLUTION
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), int(np.prod(layer.w.shape))
            rows.append((signals, weights, signals * (weights // layer.w.shape[-1])))
    return rows
    ### END SOLUTION


# %% test="costs" points=1
test_rng = np.random.default_rng(0)
deck = nn.Sequential(
    nn.Conv2d(1, 9, 5, test_rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Conv2d(9, 16, 5, test_rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(784, 10, test_rng),
)  # fmt: skip
rows = costs(deck, (28, 28, 1))
assert len(rows) == 3, f"The deck's network has three layers with weights; your list has {len(rows)} rows."
assert [row[0] for row in rows] == [7056, 3136, 10], (
    f"Signals: 28 · 28 · 9 = 7056, 14 · 14 · 16 = 3136, and 10; yours: {[row[0] for row in rows]}. Before pooling."
)
assert [row[1] for row in rows] != [234, 3616, 7850], "Weights: biases do not count."
assert [row[1] for row in rows] == [225, 3600, 7840], f"Weights: 225, 3600, 7840; yours: {[row[1] for row in rows]}."
products = [row[2] for row in rows]
assert products != [225, 3600, 7840], "Multiplications: the weights of a kernel are used at every place of the map."
assert products[1] != 3136 * 25, "Multiplications: a window of the second layer has 5 · 5 places with 9 channels each."
assert products == [176400, 705600, 7840], (
    f"Multiplications: 7056 · 25, 3136 · 225, 10 · 784, also where a window lies on the padding; yours: {products}."
)
dense = nn.Sequential(nn.Flatten(), nn.Linear(784, 225, test_rng), plainnet.relu, nn.Linear(225, 10, test_rng))
rows = costs(dense, (28, 28, 1))
assert [tuple(row) for row in rows] == [(225, 176400, 176400), (10, 2250, 2250)], f"784-225-10: yours is {rows}."
narrow = nn.Sequential(
    nn.Conv2d(2, 4, 3, test_rng, stride=2), plainnet.relu, nn.AvgPool2d(2), nn.Conv2d(4, 5, 1, test_rng)
)
rows = costs(narrow, (9, 11, 2))
assert [row[0] for row in rows] == [80, 20], (
    "3 × 3 windows with stride 2, without padding, make 4 × 5 places of 9 × 11 pixels, with 4 numbers each; half of the rows "
    f"and columns are pooled away, rounded down, and 2 × 2 places have 5 numbers each; yours: {[row[0] for row in rows]}."
)

# %% hidden="costs" points=1
results = []
for _ in range(4):
    C, F1, F2, units = (int(n) for n in rng.integers([2, 3, 5, 6], [4, 6, 9, 12]))
    H, W, stride = int(rng.integers(11, 14)), int(rng.integers(15, 19)), int(rng.integers(1, 3))
    first = nn.Conv2d(C, F1, 3, rng, stride=stride, padding=1)
    front = [
        first,
        plainnet.relu,
        nn.AvgPool2d(2),
        nn.Conv2d(F1, F2, 2, rng),
        plainnet.relu,
        nn.MaxPool2d(2),
        nn.Flatten(),
    ]
    y = np.zeros((1, H, W, C), np.float32)
    for layer in front:
        y = layer(y)
    model = nn.Sequential(*front, nn.Linear(y.shape[1], units, rng), plainnet.relu, nn.Linear(units, 3, rng))
    want = reference.costs(model, (H, W, C))
    results.append((costs(model, (H, W, C)), want))
for got, want in results:
    assert_equal([[int(number) for number in row] for row in got], [list(row) for row in want])

# %% [markdown]
r"""
## 8. Which of them may change places?

In the network of exercise 4, ReLU comes before pooling: it looks at every number of the maps. After pooling there are only
a quarter as many. Draw maps with `np.random.default_rng(0).normal(size=(2, 8, 8, 3))`, apply ReLU (`np.maximum(x, 0)`) before
and after, and compare: for which kind of pooling (windows of (2, 2), stride 2) is the result the same, whichever comes
first? Write the letter as text, in quotation marks.

| a | b | c | d |
|---|---|---|---|
| for max pooling alone | for average pooling alone | for both | for neither |

(While you are there: which function besides ReLU could stand in its place, and why not $|x|$?)
"""

# %% quiz="order-of-relu" points=1 demo="PoolingStepper"
### BEGIN SOLUTION
same_in_either_order = "a"
### END SOLUTION

# %% [markdown]
r"""
## 9. The busiest pixel

Pool the slide's image of exercise 1 with windows of (3, 2) and stride 1: the windows overlap, and a pixel can win in several
of them. Send back a 1 from each window (`g` of ones, of the shape of the pooled map), with your `max_pool_back`. What is the
**largest** number that arrives at a pixel? (While you are there: how many pixels receive anything at all, and what do all
of them receive together?)
"""

# %% quiz="busiest-pixel" points=1 demo="PoolingStepper"
### BEGIN SOLUTION
most_received = 4
### END SOLUTION

# %% [markdown] manual="how-far-pooling-helps" points=2
r"""
## 10. How far does pooling help?

In three to six sentences: a deck says that pooling gives *invariance to small changes*. In the lecture, a dense network
that reads 98 % of the digits reads fewer than half of them when they are moved by one pixel; a convolutional network
with a pooling layer reads more of them, but far from all. Say why the dense network fails, what convolution and what
pooling each contribute, and why one pooling layer of 2 × 2 with stride 2 in front of a dense layer can't give full invariance.

### BEGIN MARK SCHEME
- 1 point: the dense network has separate weights for every pixel; what was learned for a place says nothing about the
  next one. Convolution with shared weights finds the same feature at the new place (equivariance: the map moves along); max
  pooling gives the same number as long as the largest value stays inside its window. Half a point if only one of
  convolution and pooling is explained.
- 1 point: with stride 2, a shift of one pixel moves about half of the features into the next window, so the pooled map
  still changes; the dense layer behind it has separate weights for every window, so it sees another input, as the dense
  network does. (Accepted as well: only pooling over the whole map, or several rounds of convolution and pooling, or training
  with shifted images goes further; ink that leaves the image is lost for every network.) Half a point for "the windows are
  small" without the change of window or the dense layer.
- Not needed: numbers, names, backward pass.
### END MARK SCHEME
"""
