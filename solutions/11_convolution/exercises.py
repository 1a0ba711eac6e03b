# %% [markdown]
r"""
# Chapter 11: Convolution

A dense layer gives every pixel a weight of its own for every unit. A convolutional layer has one small kernel, and
slides it over the image. You write that sum in one and in two dimensions, count what it costs, unfold images so that
one matrix product does the work, and send a gradient back through all of it.

**Learning objectives.** After this notebook you can

1. slide a kernel along a signal, and write the same as a matrix with equal diagonals;
2. tell cross-correlation from convolution, and say which of the two a program computes;
3. follow sizes and numbers of weights through a whole network, by hand and in code;
4. write the forward pass of a convolutional layer with stride, padding and several channels;
5. unfold images into a matrix and fold a gradient back: the *adjoint*;
6. write the backward pass for images, kernels and biases.

**Prerequisites.** The lecture of this chapter; the backward pass of a dense layer (chapter 4); NumPy's slices with a
step, `np.pad`, sums over several axes, `reshape`.

**Time** (estimated): 105 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | a kernel slides along a line | 3 | 13 |
| 2 | cross-correlation and convolution | 3 | 13 |
| 3 | sizes and weights of a network | 3 | 15 |
| 4 | a convolutional layer, forward | 3 | 18 |
| 5 | unfold and fold back | 3 | 18 |
| 6 | a convolutional layer, backward | 3 | 17 |
| 7, 8 | two questions that need a run | 2 | 6 |
| 9 | when sharing is wrong, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time. You
need only NumPy; plainnet's own convolution is not there when your work is tested. Exercises 1 to 6 stand alone, in any
order; 7 runs your answer to 1, and 8 your answer to 2.

**Words.** A *kernel* is the small array of weights that slides. A *window* is the part of the image under it. A *map* is
what comes out: one number for each place of the kernel. Loops are fine everywhere: the arrays of the tests are small.
"""

# %%
import numpy as np

# %% [markdown]
r"""
## 1. A kernel slides along a line

**Why.** A layer that reads 5 numbers and gives 5 numbers has 25 weights. If each output may look at itself and its two
neighbours alone, 13 are left. If all outputs use the *same* three weights, 3 are left. This is a convolutional layer, and
it still is a matrix: one with equal diagonals, which mathematics calls a *Toeplitz* matrix.

**Write** two functions. First `correlate_1d(x, k)`

- `x`: a signal, float64 of shape (n,). `k`: a kernel, float64 of shape (m,), with $m$ **odd**. It may be longer than
  the signal.
- Returns a float64 array of shape (n,), as long as `x`:

$$ y_i = \sum_{a=0}^{m-1} k_a \; x_{i + a - h}, \qquad h = \frac{m-1}{2} $$

**Convention**: the middle of the kernel, $k_h$, lies on $x_i$. Beyond both ends the signal is 0 (padding with zeros). The
kernel is not turned round: this is the *cross-correlation*.

Then `toeplitz(k, n)`

- `k`: a kernel as above. `n`: an int, the length of the signal.
- Returns the float64 matrix `T` of shape (n, n) for which `T @ x` is `correlate_1d(x, k)`, for every `x` of length `n`.
  From the formula: row $i$ belongs to output $i$, column $j$ to input $j$, and $T_{ij} = k_{j - i + h}$ where that is an
  entry of the kernel, 0 elsewhere.

**Worked number**: for $x = (1, 0, 0, 0, 10)$ and $k = (1, 2, 3)$ the output is $(2, 1, 0, 30, 20)$: the first number is
$1 \cdot 0 + 2 \cdot 1 + 3 \cdot 0$. And `toeplitz(k, 5)` is

$$ \begin{pmatrix} 2 & 3 & 0 & 0 & 0 \\ 1 & 2 & 3 & 0 & 0 \\ 0 & 1 & 2 & 3 & 0 \\ 0 & 0 & 1 & 2 & 3 \\ 0 & 0 & 0 & 1 & 2 \end{pmatrix} $$

Count: 25 places, 13 that are not 0, 3 different weights.
"""


# %% solution="slide-along" demo="ConvolutionStepper"
def correlate_1d(x, k):
    """Return the cross-correlation of a signal (n,) with an odd kernel (m,), zeros beyond the ends: (n,)."""
    ### BEGIN SOLUTION
    h = len(k) // 2
    padded = np.pad(x, h)
    return np.array([padded[i : i + len(k)] @ k for i in range(len(x))])
    ### END SOLUTION


def toeplitz(k, n):
    """Return the matrix (n, n) that does the same as `correlate_1d` with the kernel k."""
    ### BEGIN SOLUTION
    h = len(k) // 2
    T = np.zeros((n, n))
    for i in range(n):
        for j in range(max(0, i - h), min(n, i + h + 1)):
            T[i, j] = k[j - i + h]
    return T
    ### END SOLUTION


# %% test="slide-along" points=1
x, k = np.array([1.0, 0.0, 0.0, 0.0, 10.0]), np.array([1.0, 2.0, 3.0])
y = correlate_1d(x, k)
assert isinstance(y, np.ndarray), f"Return an array, such as np.array([...]); you returned a {type(y).__name__}."
assert np.shape(y) == (5,), f"The output is as long as the signal, (5,); yours has the shape {np.shape(y)}."
assert not np.allclose(y, [2, 3, 0, 10, 20]), (
    "(2, 3, 0, 10, 20) is the convolution: the kernel was turned round. Here k[0] lies on the left neighbour."
)
assert not np.allclose(3 * y[1:4], [1, 0, 30]), "You average over the kernel's three places; the products are added up."
assert np.allclose(y[1:4], [1, 0, 30]), (
    f"Away from the ends the output is (., 1, 0, 30, .); yours is {y}. Does the middle of the kernel lie on x[i]?"
)
assert np.allclose(y, [2, 1, 0, 30, 20]), (
    f"The worked number is (2, 1, 0, 30, 20); you returned {y}. At the ends a part of the kernel meets zeros, no more."
)
T = toeplitz(k, 5)
assert np.shape(T) == (5, 5), f"T has one row for each output and one column for each input; yours: {np.shape(T)}."
assert not np.allclose(T[1], [3, 2, 1, 0, 0]), "Your T is the transposed matrix: row 1 holds the kernel as it is."
assert np.allclose(T[1], [1, 2, 3, 0, 0]), f"Row 1 belongs to output 1: (1, 2, 3, 0, 0); yours is {T[1]}."
assert np.allclose(T[0], [2, 3, 0, 0, 0]), f"Row 0: the kernel's first entry lies beyond the signal; yours is {T[0]}."
assert np.allclose(T[2], [0, 1, 2, 3, 0]), (
    f"Row 2: the kernel stands around the diagonal, all else is 0; yours is {T[2]}. (A negative index counts from the end.)"
)
assert np.allclose(T @ x, y), f"T @ x is correlate_1d(x, k) = {y}; yours is {T @ x}."
assert np.count_nonzero(T) == 13, f"13 entries are not 0; yours has {np.count_nonzero(T)}."
x, k = np.array([1.0, 2.0]), np.arange(1.0, 8.0)  # the kernel's middle, 4, lies on x[0], then on x[1]
y = correlate_1d(x, k)
assert np.shape(y) == (2,), (
    f"A kernel may be longer than the signal: two numbers and a kernel of seven give (2,); your shape is {np.shape(y)}."
)
assert np.allclose(y, [14, 11]), (
    f"Two numbers, a kernel of seven: (4 * 1 + 5 * 2, 3 * 1 + 4 * 2) = (14, 11); yours is {y}. Is h half of len(k) - 1?"
)
T = toeplitz(k, 2)
assert np.shape(T) == (2, 2), f"toeplitz(k, 2) has the shape (2, 2), also for a kernel of seven; yours: {np.shape(T)}."
assert np.allclose(T, [[4, 5], [3, 4]]), (
    f"toeplitz(k, 2) of a kernel of seven keeps its three middle entries, [[4, 5], [3, 4]]; yours:\n{T}"
)

# %% hidden="slide-along" points=1
# Random signals and kernels of several lengths, some kernels longer than their signal.
results = []
for n, m in [(7, 3), (9, 5), (4, 1), (3, 7), (1, 3), (2, 9)]:
    x, k = rng.normal(size=n), rng.normal(size=m)
    want = reference.correlate_1d(x, k)
    results.append((correlate_1d(x, k), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% hidden="slide-along" points=1
results = []
for n, m in [(6, 3), (8, 5), (3, 5), (5, 1), (2, 7)]:
    k = rng.normal(size=m)
    want = reference.toeplitz(k, n)
    results.append((toeplitz(k, n), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 2. Cross-correlation and convolution

**Why.** Mathematics defines the convolution so that it *turns* the kernel by 180 degrees before it slides; then the
order of the two does not matter. A network learns its kernel, and would simply learn the turned one: so libraries leave
the turning out, compute the cross-correlation, and call it a convolution all the same. Where you take a kernel from a
book you have to know which of the two is meant.

**Write** two functions. First `correlate2d(x, w)`

- `x`: an image of one channel, float64 of shape (H, W). `w`: a kernel, float64 of shape (k, m), not always square, with
  $k \le H$ and $m \le W$.
- Returns a float64 array of shape $(H - k + 1,\; W - m + 1)$: one number for each place where the whole kernel lies on
  the image, no padding, step 1.

$$ y_{ij} = \sum_{p=0}^{k-1} \sum_{q=0}^{m-1} x_{i+p,\, j+q} \; w_{pq} $$

Then `convolve2d(x, w)`, of the same shapes: the kernel is turned by 180 degrees first, so that its last row comes first
and, in each row, its last entry comes first:

$$ y_{ij} = \sum_{p=0}^{k-1} \sum_{q=0}^{m-1} x_{i+p,\, j+q} \; w_{k-1-p,\; m-1-q} $$

`x` and `w` are left as they are.

**Worked numbers**: the next cell holds a slide's two pieces of an image and its kernel, a curve. The piece with the curve
gives **6600**, the other one 0. (The slide's printed sum has one term too many, and adds up to 8100.) The convolution of
the first piece gives **3600**. For the small image and the cross the cross-correlation is
`[[4, 3, 4], [2, 4, 3], [2, 3, 4]]`, and so is the convolution: turning the cross by 180 degrees changes nothing, so an
example with such a kernel can't tell the two apart.
"""

# %%
curve = np.zeros((7, 7))
curve[[0, 1, 2, 3, 4, 5], [5, 4, 3, 3, 3, 3]] = 30
fitting = np.zeros((7, 7))
fitting[0, 6], fitting[1, 4:], fitting[2, 3:5], fitting[3:, 3:5] = 30, 50, (20, 50), 50
other = np.zeros((7, 7))
other[[1, 2, 2, 3, 3, 4, 5], [1, 0, 2, 0, 1, 1, 2]] = 40, 40, 40, 40, 20, 50, 50
other[6, [0, 1, 3]] = 25, 25, 50
small = np.array([[1.0, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 0], [0, 1, 1, 0, 0]])
cross = np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]])

# %% [markdown]
r"""
Write both functions in the next cell. When the test below it is silent, you can watch yours at work, in a cell of its own:
the demo says at which place your function differs from the library's.

```python
from plainnet.demos import ConvolutionStepper

ConvolutionStepper(correlate=correlate2d)
```
"""


# %% solution="two-sums" forbid="plainnet.conv2d, plainnet.conv.unfold, plainnet.conv.window_slices" demo="ConvolutionStepper"
def correlate2d(x, w):
    """Return the cross-correlation of an image (H, W) with a kernel (k, m): (H - k + 1, W - m + 1)."""
    ### BEGIN SOLUTION
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y
    ### END SOLUTION


def convolve2d(x, w):
    """Return the convolution of an image (H, W) with a kernel (k, m): the kernel is turned by 180 degrees."""
    ### BEGIN SOLUTION
    return correlate2d(x, w[::-1, ::-1])
    ### END SOLUTION


# %% test="two-sums" points=1
y = correlate2d(small.copy(), cross.copy())
assert np.shape(y) == (3, 3), f"A 3x3 kernel has 3 by 3 places on a 5x5 image; your result has the shape {np.shape(y)}."
assert not np.allclose(y, [[4, 2, 2], [3, 4, 3], [4, 3, 4]]), "Rows and columns of your map are exchanged."
assert not np.allclose(9 * y, [[4, 3, 4], [2, 4, 3], [2, 3, 4]]), (
    "You average over the window; the products are added up."
)
assert abs(y[0, 0] - 10) > 1e-9, "Window and kernel are multiplied entry by entry, `*`; yours is the matrix product."
assert np.allclose(y, [[4, 3, 4], [2, 4, 3], [2, 3, 4]]), (
    f"The small image with the cross gives sums such as 1 + 1 + 1 + 1 = 4, see the text; yours is\n{y}."
)
y = correlate2d(fitting.copy(), curve.copy())
assert np.shape(y) == (1, 1), f"A 7x7 kernel has one place on a 7x7 image: (1, 1); your shape is {np.shape(y)}."
assert not np.allclose(y, 3600), "3600 is the convolution. correlate2d lays the kernel on the image as it is."
assert not np.allclose(y, 3000), "3000: rows and columns of the kernel are exchanged, w[q, p] for w[p, q]."
assert np.allclose(y, 6600), f"The curve on its kernel gives 6600; you returned {y}."
assert np.allclose(correlate2d(other.copy(), curve.copy()), 0), "The other piece has nothing where the kernel has: 0."
turned = curve.copy()
y = convolve2d(fitting.copy(), turned)
assert np.shape(y) == (1, 1), (
    f"The convolution has the places of the cross-correlation, here one: (1, 1); your shape is {np.shape(y)}."
)
assert np.array_equal(turned, curve), "convolve2d has turned the kernel that it was given: turn a copy."
assert not np.allclose(y, 6600), "6600 is the cross-correlation: convolve2d turns the kernel first."
assert not np.allclose(y, 5100), "5100: you turned one axis of the kernel. By 180 degrees, both are turned."
assert not np.allclose(y, 3000), (
    "3000: a transpose or a quarter turn of the kernel. By 180 degrees, both axes run backwards."
)
assert np.allclose(y, 3600), f"The convolution gives 3600; you returned {y}. Did you turn both axes, and no other way?"
y = convolve2d(np.array([[1.0, 2.0, 3.0]]), np.array([[1.0, 10.0]]))
assert np.shape(y) == (1, 2), f"A kernel of 1x2 has 1 by 2 places on an image of 1x3; your shape is {np.shape(y)}."
assert np.allclose(y, [[12, 23]]), (
    f"(1, 2, 3) and the turned kernel (10, 1): 1 * 10 + 2 * 1 = 12, then 23; you returned {y}. The image is not turned."
)

# %% hidden="two-sums" points=1
# Random images and kernels that are not square.
results = []
for (H, W), (k, m) in [((6, 9), (3, 3)), ((7, 5), (2, 4)), ((4, 8), (4, 1)), ((5, 6), (1, 3))]:
    x, w = rng.normal(size=(H, W)), rng.normal(size=(k, m))
    want = reference.correlate2d(x, w)
    results.append((correlate2d(x, w), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% hidden="two-sums" points=1
results = []
for (H, W), (k, m) in [((7, 6), (3, 3)), ((5, 8), (2, 3)), ((6, 5), (5, 2)), ((3, 7), (1, 4))]:
    x, w = rng.normal(size=(H, W)), rng.normal(size=(k, m))
    want, before = reference.convolve2d(x, w), (x.copy(), w.copy())
    results.append((convolve2d(x, w), want, (x, w), before))
for got, want, after, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(after[0], before[0], rtol=0)
    assert_allclose(after[1], before[1], rtol=0)

# %% [markdown]
r"""
## 3. Sizes and weights of a network

**Why.** Before a network is built one writes down, for each layer, the shape of what comes out and the number of its
weights. The slides of three decks get this wrong in three places: a size formula without rounding, a formula for weights
that holds for one input channel alone, and a sum whose middle term forgets the channels.

**Write** `layer_table(shape, layers)`

- `shape`: the tuple (H, W, C) of one image: height, width, channels. H and W may differ.
- `layers`: a list of tuples, each one of

| layer | what it is |
|---|---|
| `("conv", k, F, stride, padding)` | F kernels of k × k × (all channels of its input), a bias for each kernel, that step `stride` pixels, with `padding` rows and columns of zeros on **each** side |
| `("pool", k)` | windows of k × k that step k pixels, channel by channel; no padding, nothing to learn |
| `("dense", units)` | every unit reads all numbers of its input, whatever its shape, and has a bias |

- Returns a list with one tuple `(output_shape, weights, biases)` for each layer, in order. `output_shape` is a tuple of
  ints, (H, W, channels) after "conv" and "pool", `(units,)` after "dense"; `weights` and `biases` are ints. After a dense
  layer only dense layers follow.

Height and width after windows of $k \times k$, each by itself:

$$ \left\lfloor \frac{\text{size} + 2 \cdot \text{padding} - k}{\text{stride}} \right\rfloor + 1 $$

The brackets mean: round **down** (in Python: `//`). A window that would reach beyond the border is left out.

**Weights**: a convolutional layer has $k \cdot k \cdot C \cdot F$, with $C$ the channels of *its own input*, and $F$ biases; no
matter how large the image is. A dense layer has (inputs · units), and one bias for each unit.

**Worked numbers**. A deck's network for 28 × 28 digits, `shape = (28, 28, 1)`:

| layer | output shape | weights | biases |
|---|---|---|---|
| `("conv", 5, 9, 1, 2)` | (28, 28, 9) | 225 | 9 |
| `("pool", 2)` | (14, 14, 9) | 0 | 0 |
| `("conv", 5, 16, 1, 2)` | (14, 14, 16) | 3600 | 16 |
| `("pool", 2)` | (7, 7, 16) | 0 | 0 |
| `("dense", 10)` | (10,) | 7840 | 10 |

In all **11,665** weights, 11,700 with the biases. (The deck prints $5 \cdot 5 \cdot 16$ in the middle, without the 9
channels: that would be 8,465.) And 64 kernels of 3 × 3 have 576 weights on a grey image; on a colour image they have
1,728, which with the biases is 1,792.
"""


# %% solution="layer-table" demo="ConvolutionStepper"
def layer_table(shape, layers):
    """Return [(output_shape, weights, biases)] of a network's layers, for one image of `shape` (H, W, C)."""
    ### BEGIN SOLUTION
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows
    ### END SOLUTION


# %% test="layer-table" points=1
deck = [("conv", 5, 9, 1, 2), ("pool", 2), ("conv", 5, 16, 1, 2), ("pool", 2), ("dense", 10)]
rows = layer_table((28, 28, 1), deck)
assert isinstance(rows, list) and len(rows) == 5, f"Return a list of 5 tuples, one a layer; you returned {rows!r}."
assert all(isinstance(row, tuple) and len(row) == 3 for row in rows), f"Each row is (shape, weights, biases): {rows!r}."
assert rows[0][0] != (26, 26, 9), "(26, 26, 9) counts the padding once; two rows of zeros lie on each side."
assert rows[0][0] != (13, 13, 9), "(13, 13, 9): stride and padding are exchanged; the stride comes first."
assert rows[0][0] != (27, 27, 9), "(27, 27, 9): the window's first place counts, too; see the + 1 of the formula."
shapes = [(28, 28, 9), (14, 14, 9), (14, 14, 16), (7, 7, 16), (10,)]
assert all(isinstance(row[0], tuple) for row in rows), f"Each shape is a tuple; yours are {[row[0] for row in rows]}."
assert all(isinstance(size, (int, np.integer)) for row in rows for size in row[0]), (
    f"Sizes are ints, and // rounds down; your shapes are {[row[0] for row in rows]}."
)
assert rows[1][0] != (27, 27, 9), "(27, 27, 9) after the pool: its windows step k = 2 pixels, not one."
assert [row[0] for row in rows] == shapes, f"The shapes are {shapes}; yours are {[row[0] for row in rows]}."
weights = [row[1] for row in rows]
assert sum(weights) != 8465, "8,465 is the deck's slip: each kernel of the second layer reads all 9 channels."
assert weights[0] != 234, "234 = 225 + 9: the biases have a number of their own, weights are counted without them."
assert weights[0] != 176400, "176,400 = 225 times 28 times 28: all places share one set of weights."
assert weights[4] != 160, "160 = 16 times 10: a dense unit reads all 7 * 7 * 16 numbers, not a place's channels alone."
assert weights[1] == weights[3] == 0, (
    f"A pool has nothing to learn, 0 weights; yours are {weights[1]} and {weights[3]}."
)
assert weights == [225, 0, 3600, 0, 7840], f"The weights are (225, 0, 3600, 0, 7840); yours are {weights}."
biases = [row[2] for row in rows]
assert biases == [9, 0, 16, 0, 10], f"Each kernel and each unit has one bias: 9, 0, 16, 0, 10; yours: {biases}."
((shape, weights, biases),) = layer_table((32, 32, 3), [("conv", 3, 64, 1, 0)])
assert weights + biases == 1792, f"64 kernels of 3x3 on a colour image: 1,792 with biases; yours: {weights} + {biases}."
((shape, _, _),) = layer_table((8, 12, 1), [("conv", 3, 1, 2, 0)])
assert shape[0] != 4, "(8 - 3) / 2 + 1 = 3.5 rounds down to 3: a fourth window would reach beyond the border."
assert shape == (3, 5, 1), f"A kernel of 3 with stride 2 on 8x12 pixels has 3 by 5 places; your shape is {shape}."
((shape, _, _),) = layer_table((11, 13, 1), [("conv", 3, 1, 3, 0)])
assert shape == (3, 4, 1), (
    "A kernel of 3 with stride 3 on 11x13 pixels: 8 / 3 and 10 / 3 round down to 2 and 3, and 1 is added afterwards, "
    f"(3, 4, 1); your shape is {shape}."
)
rows = layer_table((11, 8, 3), [("pool", 3), ("dense", 2)])
assert rows[0][0] != (4, 3, 3), "(4, 3, 3): a window of the pool that would reach beyond the border is left out, too."
assert rows[0] == ((3, 2, 3), 0, 0), (
    f'("pool", 3) on 11x8 pixels: windows of 3x3 that step 3 pixels, for each of the 3 channels of its input: '
    f"((3, 2, 3), 0, 0); yours is {rows[0]}."
)
assert rows[1] == ((2,), 36, 2), f"Two units on 3 * 2 * 3 numbers: ((2,), 36, 2); yours is {rows[1]}."
rows = layer_table((4, 5, 3), [("dense", 2), ("dense", 3)])
assert rows[0] == ((2,), 120, 2), f"A dense layer may come first and reads 4 * 5 * 3 numbers; yours: {rows[0]}."
assert rows[1] == ((3,), 6, 3), (
    f"The second dense layer reads the 2 units of the first: ((3,), 6, 3); yours: {rows[1]}."
)

# %% hidden="layer-table" points=1
# Shapes: images that are not square, strides that do not divide, small and large paddings, pools of two sizes.
results = []
for n in range(6):
    k, stride, padding = (int(number) for number in rng.integers([2, 1, 0], [6, 4, 3]))
    shape = tuple(int(size) for size in rng.integers([15, 18, 2], [21, 30, 5]))
    layers = [("conv", k, int(rng.integers(5, 9)), stride, padding), ("pool", 2 + n % 2), ("dense", 4)]
    layers += [("dense", int(rng.integers(2, 6)))]
    if n > 3:
        layers = [("pool", n - 2), *layers[::2]]
    want = reference.layer_table(shape, layers)
    results.append((layer_table(shape, layers), want))
for got, want in results:
    assert_equal([row[0] for row in got], [row[0] for row in want])

# %% hidden="layer-table" points=1
# Weights and biases of networks with two convolutional layers, of one that begins with a pool, and of a dense one.
results = []
for n in range(6):
    C, F1, F2, units = (int(number) for number in rng.integers([2, 3, 5, 2], [4, 6, 9, 12]))
    layers = [("conv", 3, F1, 1, 1), ("pool", 2), ("conv", 4, F2, 2, 1), ("dense", units), ("dense", 3)]
    layers = {4: [("pool", 3), *layers[2:]], 5: layers[3:]}.get(n, layers)
    shape = (int(rng.integers(14, 17)), int(rng.integers(18, 23)), C)
    want = reference.layer_table(shape, layers)
    results.append((layer_table(shape, layers), want))
for got, want in results:
    assert_equal([row[1:] for row in got], [row[1:] for row in want])

# %% [markdown]
r"""
## 4. A convolutional layer, forward

**Why.** The sum of exercise 2, with everything that a real layer has: many images, several channels, several kernels,
biases, a step larger than 1, and a border of zeros. Each kernel reads *all* channels of its window, and gives one map.

**Write** `conv_forward(x, w, b, stride=1, padding=0)`

- `x`: images, float64 of shape (N, H, W, C): sample, row, column, channel. **Channels come last**, as everywhere in this
  course.
- `w`: kernels, float64 of shape (k, m, C, F): row and column in the window, input channel, kernel. `b`: (F,), float64.
- `stride`: an int from 1 on, the same for rows and columns. `padding`: an int from 0 on: so many rows of zeros above
  *and* below each image, and as many columns left *and* right.
- Returns a float64 array of shape (N, OH, OW, F), with $OH = \lfloor (H + 2\,\text{padding} - k) / \text{stride} \rfloor + 1$, and
  $OW$ the same with $W$ and $m$.

$$ y_{nijf} = b_f + \sum_{p=0}^{k-1} \sum_{q=0}^{m-1} \sum_{c=0}^{C-1} \tilde x_{n,\; i \cdot \text{stride} + p,\; j \cdot \text{stride} + q,\; c} \; w_{pqcf} $$

where $\tilde x$ is `x` with its border. **Convention**: cross-correlation, the kernel is not turned. `x`, `w`, `b` are left
as they are.

**Two ways to think**; you need one of them. Either window by window: the window $(i, j)$ of all images is

```python
part = padded[:, i * stride : i * stride + k, j * stride : j * stride + m]  # (N, k, m, C)
```

and `part.reshape(N, -1) @ w.reshape(-1, F)` sums over p, q and c. Or entry by entry of the kernel: the pixel (p, q) of all
windows is

```python
part = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]  # (N, OH, OW, C)
```

and `part @ w[p, q]` turns its C channels into F; what comes out is summed over p and q.

`np.pad(x, ((0, 0), (2, 2), (3, 3), (0, 0)))` puts two rows of zeros above and below, three columns left and right, and
leaves samples and channels alone.

**Worked number**: the image `[[1, 2, 3], [4, 5, 6], [7, 8, 9]]` (one channel) with the 2 × 2 kernel
`[[1, 10], [100, 1000]]` and the bias 0.5 gives `[[5421.5, 6532.5], [8754.5, 9865.5]]`: each number shows which pixels lay where. With
stride 2 the first of them alone is left; with stride 2 and padding 1 it is `[[1000.5, 3200.5], [7040.5, 9865.5]]`.
"""


# %% solution="conv-forward" forbid="plainnet.conv2d, plainnet.conv.unfold, plainnet.conv.window_slices" demo="ConvolutionStepper"
def conv_forward(x, w, b, stride=1, padding=0):
    """Return the maps (N, OH, OW, F) of images (N, H, W, C) under kernels (k, m, C, F) with biases (F,)."""
    ### BEGIN SOLUTION
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y
    ### END SOLUTION


# %% test="conv-forward" points=1
x = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
w, b = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1), np.array([0.5])
y = conv_forward(x.copy(), w.copy(), b.copy())
assert np.shape(y) == (1, 2, 2, 1), f"3x3 pixels, a 2x2 kernel: (1, 2, 2, 1); your result has the shape {np.shape(y)}."
assert not np.allclose(y[0, 0, 0, 0], 1245.5), "1245.5: the kernel was turned round. It lies on the window as it is."
assert not np.allclose(y[0, 0, 0, 0], 5421), "5421: the bias 0.5 is missing."
assert not np.allclose(y[0, 0, 0, 0], 5241.5), (
    "5241.5: rows and columns of the kernel are exchanged, w[q, p] for w[p, q]."
)
assert not np.allclose(y[0, 0, 0, 0], 5423), (
    "5423: the bias was added four times, once for each entry; it is added once."
)
assert not np.allclose(y[0, :, :, 0], [[5421.5, 8754.5], [6532.5, 9865.5]]), (
    "Rows and columns of your map are exchanged."
)
assert np.allclose(y[0, :, :, 0], [[5421.5, 6532.5], [8754.5, 9865.5]]), (
    "The first window holds 1, 2, 4, 5: 1 * 1 + 2 * 10 + 4 * 100 + 5 * 1000 + 0.5 = 5421.5, the next one 2, 3, 5, 6; "
    f"yours:\n{y[0, :, :, 0]}"
)
y = conv_forward(x.copy(), w.copy(), b.copy(), stride=2)
assert np.shape(y) == (1, 1, 1, 1), (
    f"With stride 2 there is one place, floor((3 - 2) / 2) + 1 = 1; yours: {np.shape(y)}."
)
assert np.allclose(y, 5421.5), f"With stride 2 the first window is left: 5421.5; you returned {y.ravel()}."
y = conv_forward(x.copy(), w.copy(), b.copy(), stride=2, padding=1)
assert np.shape(y) == (1, 2, 2, 1), (
    f"With stride 2 and padding 1: (1, 2, 2, 1), floor((3 + 2 - 2) / 2) + 1 = 2 places; your shape is {np.shape(y)}. "
    "Only rows and columns have a border, samples and channels have none."
)
assert np.allclose(y[0, 0, 0, 0], 1000.5), (
    "Stride 2, padding 1: the first window has zeros above and left, and the pixel 1 in its last corner: 1000.5; "
    f"yours is {y[0, 0, 0, 0]}."
)
assert not np.allclose(y[0, 1, 1, 0], 5421.5), (
    "With stride 2 the next window starts two pixels on; yours starts one on."
)
assert np.allclose(y[0, :, :, 0], [[1000.5, 3200.5], [7040.5, 9865.5]]), f"Stride 2, padding 1; yours:\n{y[0, :, :, 0]}"
y = conv_forward(np.full((1, 1, 1, 1), 5.0), np.array([1.0, 10.0]).reshape(1, 2, 1, 1), np.zeros(1), padding=1)
assert np.shape(y) == (1, 3, 2, 1), (
    f"One pixel with padding 1 is 3x3 pixels, so a kernel of 1x2 has 3 by 2 places: (1, 3, 2, 1); yours: {np.shape(y)}."
)
assert np.allclose(y[0, :, :, 0], [[0, 0], [50, 5], [0, 0]]), (
    "One pixel, 5, with a border of zeros on each side, under the kernel (1, 10): [[0, 0], [50, 5], [0, 0]]; "
    f"yours:\n{y[0, :, :, 0]}"
)
y = conv_forward(np.ones((2, 4, 5, 3)), np.ones((2, 2, 3, 6)), np.arange(6.0))
assert np.shape(y) == (2, 3, 4, 6), f"2 images of 4x5, 6 kernels of 2x2: (2, 3, 4, 6); yours: {np.shape(y)}."
assert not np.allclose(y, 4 + np.arange(6.0)), "Each kernel reads all 3 channels and adds them up; yours gives a third."
assert np.allclose(y, 12 + np.arange(6.0)), (
    f"Ones everywhere: 2 * 2 * 3 channels = 12, plus the bias of each kernel; your first pixel is {y[0, 0, 0]}."
)
x, w = np.arange(60.0).reshape(2, 3, 5, 2), np.zeros((2, 3, 2, 2))
w[0, 2, 1, 0], w[1, 0, 0, 1] = 1, -1  # one entry of each kernel is not 0: it copies its pixel of every window
y = conv_forward(x.copy(), w.copy(), np.zeros(2))
assert np.shape(y) == (2, 2, 3, 2), (
    f"3x5 pixels, kernels of 2x3: (2, 2, 3, 2); your result has the shape {np.shape(y)}."
)
assert np.allclose(y[0, :, :, 0], x[0, 0:2, 2:5, 1]), (
    "The first kernel is 1 at row 0, column 2, channel 1, and 0 elsewhere: it copies that pixel of each window, "
    f"\n{x[0, 0:2, 2:5, 1]}; yours:\n{y[0, :, :, 0]}\nDo the entries of w meet those of the window in one order, (p, q, c)?"
)
assert not np.any(y[..., 1] > 0), (
    "A kernel with -1 answers below 0: the layer is the sum alone, a ReLU is not a part of it."
)
assert np.allclose(y[0, :, :, 1], -x[0, 1:3, 0:3, 0]), (
    f"The second kernel is -1 at row 1, column 0, channel 0, and 0 elsewhere; yours:\n{y[0, :, :, 1]}"
)
assert np.allclose(y[1, :, :, 0], x[1, 0:2, 2:5, 1]), (
    f"The second image's map should be\n{x[1, 0:2, 2:5, 1]}, from its own pixels; yours:\n{y[1, :, :, 0]}"
)

# %% hidden="conv-forward" points=1
# Several images, channels and kernels, all sizes different; no padding, stride 1.
results = []
for (N, H, W, C), (k, m, F) in [((2, 5, 7, 3), (3, 2, 4)), ((3, 4, 6, 2), (2, 4, 5)), ((1, 6, 5, 4), (1, 3, 2))]:
    x, w, b = rng.normal(size=(N, H, W, C)), rng.normal(size=(k, m, C, F)), rng.normal(size=F)
    want, before = reference.conv_forward(x, w, b), (x.copy(), w.copy(), b.copy())
    results.append((conv_forward(x, w, b), want, (x, w, b), before))
for got, want, after, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    for one, untouched in zip(after, before):
        assert_allclose(one, untouched, rtol=0)

# %% hidden="conv-forward" points=1
# Strides that do not divide, paddings.
results = []
for stride, padding in [(2, 0), (1, 2), (3, 1), (2, 3)]:
    H, W = (int(n) for n in rng.integers([6, 9], [9, 12]))
    x, w, b = rng.normal(size=(2, H, W, 3)), rng.normal(size=(3, 2, 3, 4)), rng.normal(size=4)
    want = reference.conv_forward(x, w, b, stride, padding)
    results.append((conv_forward(x, w, b, stride, padding), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 5. Unfold and fold back

**Why.** Matrix products are what computers do fastest. So libraries copy every window into a row of a matrix, and one
product with the kernels does the whole layer. On the way back the gradient of that matrix has to return to the pixels;
a pixel that lay in nine windows receives nine numbers.

**Write** two functions. First `im2col(x, k, m, stride=1, padding=0)` ("image to columns")

- `x`: images, float64 of shape (N, H, W, C). `k`, `m`: ints, height and width of a window. `stride`, `padding`: as in
  exercise 4, with the same numbers of places, $OH$ and $OW$.
- Returns a float64 matrix of shape (N · OH · OW, k · m · C).

**Convention for the rows**: the row with the number $(n \cdot OH + i) \cdot OW + j$ is the window $(i, j)$ of image $n$: images
first, then rows, then columns, as `reshape` counts. **For the columns**: a row holds its window's entries in the order
(p, q, c), which is that of `window.reshape(-1)` for a window of shape (k, m, C). Then `im2col(x, k, m) @ w.reshape(-1, F)`
with kernels (k, m, C, F) is the layer of exercise 4 without its bias, in rows that `reshape(N, OH, OW, F)` puts back.

Then `col2im(g, shape, k, m, stride=1, padding=0)`

- `g`: a float64 matrix of the shape that `im2col` returns. `shape`: the tuple (N, H, W, C) of the images.
- Returns a float64 array of that `shape`: each entry of `g` is **added** to the pixel that `im2col` had copied to its
  place. What had been copied from the border of zeros is dropped: it belongs to no pixel.

So `col2im` is *not* the inverse of `im2col`. It is its **adjoint** (its transpose, if you write both as matrices): for all
`x` and `g`

$$ \sum \text{im2col}(x) \odot g \;=\; \sum x \odot \text{col2im}(g) $$

That is what a gradient needs, and it is the best test of one against the other: write it down with random arrays. (A slip
that both make alike, such as another order, it cannot see.)

`x` and `g` are left as they are.

**Worked number**: for `x = [[1, 2, 3], [4, 5, 6]]` as one image of one channel and 2 × 2 windows, `im2col` gives
`[[1, 2, 4, 5], [2, 3, 5, 6]]`. `col2im` of that matrix gives back `[[1, 4, 3], [4, 10, 6]]`: the middle pixels lay in two
windows.
"""


# %% solution="unfold-fold" forbid="plainnet.conv2d, plainnet.conv.unfold, plainnet.conv.window_slices" demo="ToeplitzView"
def im2col(x, k, m, stride=1, padding=0):
    """Return the windows (k, m) of images (N, H, W, C) as the rows of a matrix (N OH OW, k m C)."""
    ### BEGIN SOLUTION
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)
    ### END SOLUTION


def col2im(g, shape, k, m, stride=1, padding=0):
    """Return the array of `shape` (N, H, W, C) to whose pixels the entries of g have been added: im2col's adjoint."""
    ### BEGIN SOLUTION
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded[:, padding : padding + H, padding : padding + W]
    ### END SOLUTION


# %% test="unfold-fold" points=1
x = np.arange(1.0, 7.0).reshape(1, 2, 3, 1)
columns = im2col(x.copy(), 2, 2)
assert np.shape(columns) == (2, 4), (
    f"Two windows of four pixels: (2, 4); your matrix has the shape {np.shape(columns)}."
)
assert not np.allclose(columns, [[1, 4, 2, 5], [2, 5, 3, 6]]), (
    "Within a row the window is read row by row, 1, 2, 4, 5; yours is read column by column."
)
assert np.allclose(columns, [[1, 2, 4, 5], [2, 3, 5, 6]]), (
    f"The two windows are 1, 2, 4, 5 and 2, 3, 5, 6, one a row; yours:\n{columns}"
)
pixels = np.arange(12.0).reshape(1, 2, 2, 3)  # pixel 0 holds the channels 0, 1, 2; pixel 1 holds 3, 4, 5; ...
columns = im2col(pixels, 2, 2)
assert np.shape(columns) == (1, 12), f"One window of 2x2 pixels with 3 channels: (1, 12); yours: {np.shape(columns)}."
assert np.allclose(columns, np.arange(12.0)), (
    f"Within a row the order is (p, q, c): 0, 1, 2, ..., 11; yours: {columns}."
)
columns = im2col(np.array([1.0, 2, 3, 4, 5, 6, 7]).reshape(1, 1, 7, 1), 1, 2, stride=2)
assert np.shape(columns) == (3, 2), (
    f"Seven pixels in a row, windows of two, stride 2: (3, 2); yours: {np.shape(columns)}."
)
assert np.allclose(columns, [[1, 2], [3, 4], [5, 6]]), f"With stride 2 a window starts two pixels on; yours:\n{columns}"
columns = im2col(np.array([1.0, 2, 3, 10, 20, 30]).reshape(2, 1, 3, 1), 1, 2)
assert np.shape(columns) == (4, 2), f"Two images with two windows each: four rows; your shape is {np.shape(columns)}."
assert not np.allclose(columns[1], [10, 20]), (
    "Your row 1 comes from the second image: all windows of an image stand together."
)
assert np.allclose(columns[1], [2, 3]), f"Row 1 is the second window of the first image, (2, 3); yours:\n{columns}"
columns = im2col(np.array([1.0, 2, 3, 4]).reshape(1, 2, 2, 1), 1, 1)
assert np.allclose(np.ravel(columns), [1, 2, 3, 4]), (
    "Windows of one pixel on [[1, 2], [3, 4]]: 1, 2, 3, 4, one place after the other along a row, then the next row; "
    f"yours: {np.ravel(columns)}."
)
folded = col2im(np.array([[1.0, 2, 4, 5], [2, 3, 5, 6]]), (1, 2, 3, 1), 2, 2)
assert 0 not in np.shape(folded), (
    f"Your col2im returns nothing, {np.shape(folded)}: with padding 0 a slice that ends at -padding ends at 0."
)
assert np.shape(folded) == (1, 2, 3, 1), f"col2im returns the shape of the images; yours has {np.shape(folded)}."
assert not np.allclose(folded, x), "You got the image back; but what arrives at a pixel from two windows is added up."
assert np.allclose(folded[0, :, :, 0], [[1, 4, 3], [4, 10, 6]]), (
    "The pixels 2 and 5 lay in both windows and receive twice what they hold: [[1, 4, 3], [4, 10, 6]]; "
    f"yours:\n{folded[0, :, :, 0]}"
)
folded = col2im(np.array([[1.0, 2], [3, 4], [5, 6]]), (1, 1, 7, 1), 1, 2, stride=2)
assert np.shape(folded) == (1, 1, 7, 1), (
    "Seven pixels, windows of two, stride 2: the last pixel lay in no window, but is a pixel all the same, (1, 1, 7, 1); "
    f"your shape is {np.shape(folded)}."
)
assert np.allclose(folded.ravel(), [1, 2, 3, 4, 5, 6, 0]), (
    "Seven pixels, windows of two, stride 2: col2im gives 1, 2, 3, 4, 5, 6, and 0 to the last pixel, which lay in none; "
    f"yours: {folded.ravel()}. Do the windows start two pixels apart?"
)
columns = im2col(np.array([[[[5.0]]]]), 1, 2, padding=1)
assert np.allclose(columns, [[0, 0], [0, 0], [0, 5], [5, 0], [0, 0], [0, 0]]), (
    f"One pixel, 5, with padding 1 is 3x3 pixels: six windows of 1x2, of which two hold the 5, and 0 else; yours:\n{columns}"
)
folded = col2im(np.arange(12.0).reshape(6, 2), (1, 1, 1, 1), 1, 2, padding=1)
assert np.shape(folded) == (1, 1, 1, 1), (
    f"One pixel with padding 1: what arrives at the border is dropped, (1, 1, 1, 1); your shape is {np.shape(folded)}."
)
assert np.allclose(folded, 11), (
    f"The pixel lay at the end of row 2 and at the start of row 3: 5 + 6 = 11; you returned {folded.ravel()}. "
    "Is the border cut off on both sides?"
)
for stride, padding in [(1, 0), (1, 1), (2, 0), (2, 1)]:
    x = np.sin(np.arange(120.0)).reshape(2, 4, 5, 3)
    columns = im2col(x, 3, 2, stride, padding)
    rows = 2 * ((4 + 2 * padding - 3) // stride + 1) * ((5 + 2 * padding - 2) // stride + 1)
    case = f"2 images with 3 channels, stride {stride}, padding {padding}"
    assert np.shape(columns) == (rows, 18), f"{case}: the shape should be {(rows, 18)}; it is {np.shape(columns)}."
    g = np.cos(np.arange(columns.size)).reshape(columns.shape)
    folded = col2im(g.copy(), x.shape, 3, 2, stride, padding)
    assert np.shape(folded) == x.shape, f"{case}: col2im returned the shape {np.shape(folded)} instead of {x.shape}."
    left, right = np.sum(columns * g), np.sum(x * folded)
    assert np.isclose(left, right), (
        f"{case}: the two sums of the adjoint test differ, {left:.6f} of im2col and {right:.6f} of col2im. "
        "With one image of one channel the examples above were right. Where does each of the two take or put the windows?"
    )

# %% hidden="unfold-fold" points=1
results = []
for (N, H, W, C), (k, m), stride, padding in [
    ((2, 5, 6, 3), (3, 2), 1, 0),
    ((2, 4, 7, 2), (2, 3), 2, 1),
    ((3, 6, 5, 2), (3, 4), 3, 2),
    ((1, 6, 9, 4), (1, 2), 3, 0),
]:
    x = rng.normal(size=(N, H, W, C))
    want, before = reference.im2col(x, k, m, stride, padding), x.copy()
    results.append((im2col(x, k, m, stride, padding), want, x, before))
for got, want, after, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(after, before, rtol=0)

# %% hidden="unfold-fold" points=1
results = []
for (N, H, W, C), (k, m), stride, padding in [
    ((2, 5, 6, 3), (3, 2), 1, 0),
    ((2, 4, 7, 2), (2, 3), 2, 1),
    ((3, 6, 5, 2), (3, 4), 3, 2),
    ((1, 6, 9, 4), (1, 2), 3, 0),
]:
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    g = rng.normal(size=(N * OH * OW, k * m * C))
    want, before = reference.col2im(g, (N, H, W, C), k, m, stride, padding), g.copy()
    results.append((col2im(g, (N, H, W, C), k, m, stride, padding), want, g, before))
for got, want, after, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(after, before, rtol=0)

# %% [markdown]
r"""
## 6. A convolutional layer, backward

**Why.** A weight that is shared was used at every place of every image. The chain rule adds up what it did at each of
them; the same for a pixel, which lay in several windows. Both are convolutions again.

**Write** `conv_backward(g, x, w, stride=1, padding=0)`

- `g`: $\partial L / \partial y$, float64 of shape (N, OH, OW, F), for the `y` of exercise 4. `x`, `w`, `stride`,
  `padding`: as there. (`b` isn't handed in: it is only added, so no gradient depends on its values.)
- Returns the tuple `(grad_x, grad_w, grad_b)` of float64 arrays: the shapes of `x` and `w`, and (F,) for the biases.

Read from the formula of exercise 4, by the chain rule: wherever the pixel
$\tilde x_{n,\; i \cdot \text{stride} + p,\; j \cdot \text{stride} + q,\; c}$ is multiplied by $w_{pqcf}$ and added to $y_{nijf}$,

- $w_{pqcf}$ receives that pixel times $g_{nijf}$, **summed** over all $n$, $i$, $j$;
- the pixel receives $w_{pqcf}\, g_{nijf}$, **summed** over all $f$, and over all windows that it lay in;
- $b_f$ receives $g_{nijf}$, **summed** over all $n$, $i$, $j$.

Sums, not means: a loss that is a mean over the samples has its $1/N$ in `g` already. What arrives at the border of zeros
belongs to no pixel and is dropped. A pixel that lay in no window receives 0. `g`, `x`, `w` are left as they are.

**Entry by entry of the kernel**: the pixels that met the entry (p, q) are

```python
part = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]  # (N, OH, OW, C)
```

so the first sum is `np.einsum("nijc,nijf->cf", part, g)`, of shape (C, F). And `g @ w[p, q].T`, of shape (N, OH, OW, C), is
what those pixels receive: *add* it to the same places of an array of zeros as large as `padded`; in the end cut the border off.
(Or use your `im2col` and `col2im`: with the matrix of the windows the layer is a dense one, whose backward pass is in
chapter 4. Copies of them inside this cell keep the two exercises apart.)

**Worked number**: for the image `[[1, 2, 3], [4, 5, 6], [7, 8, 9]]` (one channel), the kernel `[[1, 10], [100, 1000]]` and
`g = [[1, 0], [0, 2]]` (one sample, one kernel): `grad_w = [[11, 14], [20, 23]]` (its first entry is
$1 \cdot 1 + 2 \cdot 5$), `grad_x = [[1, 10, 0], [100, 1002, 20], [0, 200, 2000]]`, and `grad_b = [3]`.
"""


# %% solution="conv-backward" forbid="plainnet.conv2d, plainnet.conv.unfold, plainnet.conv.window_slices" demo="ConvolutionStepper"
def conv_backward(g, x, w, stride=1, padding=0):
    """Return (grad_x, grad_w, grad_b) of a convolutional layer, from g = dL/dy (N, OH, OW, F)."""
    ### BEGIN SOLUTION
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))
    ### END SOLUTION


# %% test="conv-backward" points=1
x = np.arange(1.0, 10.0).reshape(1, 3, 3, 1)
w = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1)
g = np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(1, 2, 2, 1)
result = conv_backward(g.copy(), x.copy(), w.copy())
assert isinstance(result, tuple) and len(result) == 3, f"Return (grad_x, grad_w, grad_b); you returned {result!r}."
assert 0 not in np.shape(result[0]), (
    f"Your grad_x is empty, {np.shape(result[0])}: with padding 0 a slice that ends at -padding ends at 0."
)
for name, got, like in zip(("grad_x", "grad_w", "grad_b"), result, (x, w, np.zeros(1))):
    assert np.shape(got) == like.shape, f"{name} has the shape {like.shape}; yours has {np.shape(got)}."
grad_x, grad_w, grad_b = (array.ravel() for array in result)
assert not np.allclose(grad_b, [0.75]), "Your grad_b is the mean over the four places; it is the sum."
assert np.allclose(grad_b, [3]), f"The bias receives all of g, summed: 3; yours is {grad_b}."
assert not np.allclose(grad_w, [23, 20, 14, 11]), (
    "grad_w is turned by 180 degrees: entry (p, q) met the pixels from (p, q) on."
)
assert not np.allclose(grad_w, [2.75, 3.5, 5, 5.75]), "Your grad_w is the mean over the four places; it is the sum."
assert not np.allclose(grad_w, [11, 20, 14, 23]), "grad_w: rows and columns are exchanged."
assert np.allclose(grad_w, [11, 14, 20, 23]), (
    f"grad_w is (11, 14, 20, 23), its first entry 1 * 1 + 2 * 5, the next 1 * 2 + 2 * 6; yours is {grad_w}."
)
assert not np.allclose(grad_x, [1000, 100, 0, 10, 2001, 200, 0, 20, 2]), (
    "grad_x: the kernel is turned by 180 degrees. A window gives w[p, q] * g back to its own pixel (p, q)."
)
assert not np.allclose(grad_x, [1, 100, 0, 10, 1002, 200, 0, 20, 2000]), (
    "grad_x: rows and columns of the kernel are exchanged, w[q, p] for w[p, q]."
)
assert grad_x[4] not in (2, 1000), (
    f"grad_x: the middle pixel holds {grad_x[4]:g}, from one window alone. Add what comes from each, don't replace."
)
assert np.allclose(grad_x, [1, 10, 0, 100, 1002, 20, 0, 200, 2000]), (
    f"See the worked number; the middle pixel lay in all four windows and receives 1 * 1000 + 2 * 1; yours:\n{result[0][0, :, :, 0]}"
)
shapes = [(2, 4, 5, 3), (3, 2, 3, 4)]
x, w = (np.sin(np.arange(float(np.prod(shape)))).reshape(shape) for shape in shapes)
g, kept = np.ones((1, 2, 4, 4)), (x[:1].copy(), w.copy())
one_sample = conv_backward(g, x[:1], w)[1].copy()
for name, now, before in zip("gxw", (g, x[:1], w), (np.ones(g.shape), *kept)):
    assert np.array_equal(now, before), f"conv_backward has changed {name}, which it was given: work on a copy."
assert np.allclose(conv_backward(np.ones((2, 2, 4, 4)), np.concatenate([x[:1], x[:1]]), w)[1], 2 * one_sample), (
    "The same sample twice, with the same g: grad_w is twice as large, a sum over the samples and no mean."
)
line, pair = np.arange(1.0, 6.0).reshape(1, 1, 5, 1), np.array([1.0, 10.0]).reshape(1, 2, 1, 1)
by_x, by_w, _ = conv_backward(np.array([1.0, 2.0]).reshape(1, 1, 2, 1), line, pair, stride=2)
assert np.allclose(by_w.ravel(), [7, 10]), (
    f"Pixels 1 to 5 in a row, a kernel of two, stride 2, g = (1, 2): grad_w is (1 * 1 + 2 * 3, 1 * 2 + 2 * 4) = (7, 10); "
    f"yours is {by_w.ravel()}. The second window starts two pixels on."
)
assert np.shape(by_x) == line.shape, (
    "Five pixels, a kernel of two, stride 2: the last pixel lay in no window, but is a pixel all the same, "
    f"(1, 1, 5, 1); your grad_x has {np.shape(by_x)}."
)
assert np.allclose(by_x.ravel(), [1, 10, 2, 20, 0]), (
    "Five pixels, the kernel (1, 10), stride 2, g = (1, 2): grad_x is (1, 10, 2, 20, 0), the last pixel lay in no window; "
    f"yours is {by_x.ravel()}."
)
by_x, by_w, _ = conv_backward(np.arange(1.0, 13.0).reshape(1, 3, 4, 1), np.full((1, 1, 3, 1), 7.0), pair, padding=1)
assert np.shape(by_x) == (1, 1, 3, 1), (
    f"With padding 1: what arrives at the border is dropped, (1, 1, 3, 1) is left; your grad_x has {np.shape(by_x)}."
)
assert np.allclose(by_w.ravel(), [7 * (6 + 7 + 8), 7 * (5 + 6 + 7)]), (
    "Three pixels of 7, padding 1: the first entry met them at the places 2 to 4 of the middle row of g, the second at 1 to 3: "
    f"grad_w is (147, 126); yours is {by_w.ravel()}. Does x have its border here, on both sides?"
)
assert np.allclose(by_x.ravel(), [6 + 50, 7 + 60, 8 + 70]), (
    f"Three pixels, padding 1: grad_x is (56, 67, 78); yours is {by_x.ravel()}. "
    "Is the border cut off on both sides? (A negative index counts from the end.)"
)
dx, dw = np.cos(3 * x + 1), np.cos(5 * w + 2)  # a step of the images, and one of the kernels
for stride, padding in [(1, 0), (2, 0), (1, 1), (2, 1)]:
    case = f"2 images, 3 channels, 4 kernels, stride {stride}, padding {padding}"
    border = ((0, 0), (padding, padding), (padding, padding), (0, 0))
    view = np.lib.stride_tricks.sliding_window_view
    windows, steps = (view(np.pad(a, border), (3, 2), axis=(1, 2))[:, ::stride, ::stride] for a in (x, dx))
    g = np.cos(np.arange(float(np.prod(windows.shape[:3]) * 4))).reshape(*windows.shape[:3], 4)
    grad_x, grad_w, grad_b = conv_backward(g.copy(), x.copy(), w.copy(), stride, padding)
    assert np.shape(grad_x) == x.shape, f"{case}: grad_x has the shape of x, {x.shape}; yours {np.shape(grad_x)}."
    assert np.allclose(grad_b, g.reshape(-1, 4).sum(axis=0)), (
        f"{case}: grad_b is the sum of g over samples and places, for each kernel; no mean."
    )
    # y is linear in w and in x, so a step changes the loss by the sum of y(step) * g
    by_w = np.sum(np.einsum("nijcpq,pqcf->nijf", windows, dw) * g)
    by_x = np.sum(np.einsum("nijcpq,pqcf->nijf", steps, w) * g)
    assert np.isclose(np.sum(grad_w * dw), by_w), (
        f"{case}: a step dw of the kernels changes the loss by {by_w:.6f}; your grad_w says {np.sum(grad_w * dw):.6f}. "
        "With one channel and one kernel it was right: does each entry (p, q, c, f) stand in its own place?"
    )
    assert np.isclose(np.sum(grad_x * dx), by_x), (
        f"{case}: a step dx of the images changes the loss by {by_x:.6f}; your grad_x says {np.sum(grad_x * dx):.6f}. "
        "With one channel and one kernel it was right: is w[p, q] transposed, not reshaped, and is every kernel counted?"
    )

# %% hidden="conv-backward" points=1
# Random upstream gradients, stride 1, no padding; all sizes different.
results = []
for (N, H, W, C), (k, m, F) in [((2, 5, 6, 3), (3, 2, 4)), ((3, 4, 5, 2), (2, 3, 5)), ((1, 4, 6, 3), (1, 2, 2))]:
    x, w = rng.normal(size=(N, H, W, C)), rng.normal(size=(k, m, C, F))
    g = rng.normal(size=(N, H - k + 1, W - m + 1, F))
    want, before = reference.conv_backward(g, x, w), (g.copy(), x.copy(), w.copy())
    results.append((conv_backward(g, x, w), want, (g, x, w), before))
for got, want, after, before in results:
    assert isinstance(got, tuple) and len(got) == 3
    for one, wanted in zip(got, want):
        assert_allclose(one, wanted, rtol=1e-9, atol=1e-12)
    for one, untouched in zip(after, before):
        assert_allclose(one, untouched, rtol=0)

# %% hidden="conv-backward" points=1
# Strides that leave pixels over, paddings.
results = []
for stride, padding, (H, W) in [(2, 0, (6, 9)), (1, 2, (5, 8)), (3, 1, (6, 9)), (2, 1, (7, 10))]:
    x, w = rng.normal(size=(2, H, W, 3)), rng.normal(size=(3, 2, 3, 4))
    OH, OW = (H + 2 * padding - 3) // stride + 1, (W + 2 * padding - 2) // stride + 1
    g = rng.normal(size=(2, OH, OW, 4))
    want = reference.conv_backward(g, x, w, stride, padding)
    results.append((conv_backward(g, x, w, stride, padding), want))
for got, want in results:
    assert isinstance(got, tuple) and len(got) == 3
    for one, wanted in zip(got, want):
        assert_allclose(one, wanted, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 7. How empty is the matrix?

An image is a long vector too, if its rows are put behind each other, and a layer is a matrix on it. Take images of
8 × 8 pixels and a 3 × 3 kernel without zeros in it, stride 1, padding 1. Rows and columns can be handled one after the
other, so the 64 × 64 matrix is made of two small ones:

```python
k = np.ones(3)
T = np.kron(toeplitz(k, 8), toeplitz(k, 8))
```

(`np.kron(A, B)` replaces each entry of A by that entry times all of B.) How many of its 4,096 entries are **not** 0? Write
the number. (While you are there: `plt.imshow(T)` after `import matplotlib.pyplot as plt`. A dense layer would have a weight
of its own at each of the 4,096 places; the convolution has nine.)
"""

# %% quiz="not-zero" points=1 demo="ToeplitzView"
### BEGIN SOLUTION
entries_not_zero = 484
### END SOLUTION

# %% [markdown]
r"""
## 8. What does this kernel see?

A deck shows this kernel, without a word on what it finds:

```python
seen_by = np.array([[10.0, 0, -10], [0, 0, 0], [-10, 0, 10]])
```

The next cell has four images of 8 × 8 pixels. Slide the kernel over each of them with your `correlate2d`. On which of them
is the map **not** zero everywhere? Write the letter as text, in quotation marks.

| a | b | c | d |
|---|---|---|---|
| on all four | on "upright" and "level" | on "corner" and "slanting" | on "slanting" alone |

(While you are there: the kernel is the product of a column (10, 0, −10) and a row (1, 0, −1). What does each of the two
find by itself? And what does that make of their product?)
"""

# %%
row, column = np.indices((8, 8))
pictures = {
    "upright": (column >= 4) * 1.0,  # an edge from top to bottom
    "level": (row >= 4) * 1.0,  # an edge from left to right
    "corner": ((row >= 4) & (column >= 4)) * 1.0,
    "slanting": (row >= column) * 1.0,  # an edge along the diagonal
}

# %% quiz="deck-kernel" points=1 demo="KernelPainter"
### BEGIN SOLUTION
answered_on = "c"
### END SOLUTION

# %% [markdown] manual="when-sharing-is-wrong" points=2
r"""
## 9. When sharing is wrong

In three to six sentences: a convolutional layer of 64 kernels of 3 × 3 on a colour image of 128 × 128 has 1,792 weights and
biases, a dense layer with as many outputs has billions. Say which *two* assumptions about images make it possible to leave out
nearly all of these weights, and what each of them leaves out. Then name one kind of data, or one change of the data, for
which one of these assumptions fails, and say what goes wrong then.

### BEGIN MARK SCHEME
- 1 point: (a) *locality*: what belongs together is near; so each unit reads a small window, and the weights to all other
  pixels are left out (fixed at 0). (b) *Redundancy* or the same statistics everywhere: a pattern that is worth finding at
  one place is worth finding at any other; so all places share one set of weights. Half a point if only one of the two is
  named, or if both are named without what they leave out.
- 1 point: an example that fits and a reason. Columns of a table (age, income, ...), or pixels in a fixed random order:
  neighbours mean nothing, so a window holds nothing that belongs together. Images that are always aligned (passport
  photographs, scans of one form), or the top and bottom of a scene: what is worth finding differs from place to place,
  so shared weights can't fit each place. Data whose pattern spans the whole image: a small window never sees it (deeper layers
  do). Half a point for an example without the reason.
- Not needed: translation equivariance by name, exact numbers, stride, pooling.
### END MARK SCHEME
"""
