# %% [markdown]
r"""
# Chapter 3: Softmax regression

You build a classifier for ten classes from the ground up: scores become probabilities, probabilities become a loss, the
loss becomes a gradient, and mini-batches of handwritten digits become weights that you can look at as pictures. On the
way you write the same formulas so that they survive numbers for which the textbook's form gives NaN or infinity.

**Learning objectives.** After this notebook you can

1. write softmax and log-sum-exp so that they are right for scores of any size, and say why the textbook's form is not;
2. carry a gradient back through softmax, and through cross-entropy, where it becomes very simple;
3. contrast cross-entropy with the hinge loss, and predict both losses before any training;
4. measure accuracy by a rule that no classifier can cheat with ties;
5. train a linear classifier with mini-batches and read its weights as images.

**Prerequisites.** The lecture of this chapter; NumPy: axes, `keepdims`, indexing with arrays of integers; the chain rule
(chapter 1); logistic regression for two classes (chapter 2).

**Time** (estimated): 118 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | softmax | 2 | 12 |
| 2 | back through softmax | 2 | 14 |
| 3 | log-sum-exp | 2 | 10 |
| 4 | cross-entropy and its gradient | 3 | 18 |
| 5 | hinge loss and its gradient | 2 | 16 |
| 6 | top-k accuracy | 2 | 8 |
| 7 | training | 3 | 22 |
| 8 | weights as images | 2 | 7 |
| 9, 10 | two questions that need a run | 2 | 6 |
| 11 | why not train on accuracy, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time,
one of exercise 7 twenty seconds. You need only NumPy and what this notebook imports; the functions of plainnet that do
the same are not there when your notebook is graded. All exercises stand alone, in any order. Call no answer of yours
from another exercise, with these exceptions: 7 may call 4; 9 and 10 may call 1 and 4.

**Words and shapes** in all exercises. A sample has $K$ *scores*, one for each class; scores that go into a softmax are
called *logits*, $z$. `N` is the number of samples, `K` that of classes, `D` that of features. *Labels* are integers
$0, \dots, K-1$. In all exercises the caller's arrays hold the same numbers afterwards.

**Numbers.** Arrays are of dtype float64 or int64; what you return is float64. Begin with `z = z.astype(float)`, which
makes a copy of float64: small or unsigned integers wrap around in a subtraction (chapter 0, section 4), and an array of
integers can hold no fraction.

**Lines of NumPy** that you may want: `z.max(axis=1, keepdims=True)` has the shape (N, 1), which fits to `z` of shape
(N, K); without `keepdims` the axis goes, and (N,) is left. `a.reshape(N, 1)` or `a[:, None]` makes a column (N, 1) of an
`a` of shape (N,). `z[np.arange(N), t]` picks from each row of `z` the entry of its label, (N,). `np.eye(K)[t]` has a row
for each label, (N, K), with a single 1 at the label. `np.maximum(a, 0)` compares entry by entry, `a.max()` looks for the
largest entry.
"""

# %%
import numpy as np

from plainnet import data

digits_x, digits_t = data.digits()
digits_x = digits_x.reshape(len(digits_x), -1).astype(float)  # (1797, 64), ink from 0 to 1


def numerical_gradient(f, x, h=1e-5):
    """Return df/dx by central differences: the witness of chapter 1. f takes an array of the shape of x."""
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% [markdown]
r"""
## 1. Softmax

**Why.** A linear classifier gives one score for each class: any numbers, positive or negative. Softmax makes
probabilities of them: positive, summing to 1, in the same order, and a difference between two scores becomes a ratio of
two probabilities.

**Write** `softmax(z, axis=-1)`

- `z`: an array of floats or integers with one axis or more; any numbers up to a million in size.
- `axis`: the classes lie along this axis, counted as in NumPy: 0 is the first axis, −1 the last.
- Returns an array of float64 of the shape of `z`. The entries *along that axis* sum to 1; each slice along the axis is
  a softmax of its own and does not depend on the others.

**Formula**:
$$ p_k = \frac{e^{z_k}}{\sum_j e^{z_j}} $$

**Edges**: $e^{710}$ is already infinity in float64, and $e^{-746}$ is 0; so the formula as it stands gives `inf / inf`,
which is NaN, or 0 / 0. But adding the same number to all scores of a slice changes nothing, since $e^{z_k + c} = e^c
e^{z_k}$ and $e^c$ cancels. Which $c$ leaves no exponent above 0, and at least one exponent *at* 0, for this slice?

**Worked numbers**: three classes with the scores $(2, 1, -1)$ have the probabilities $(0.7054, 0.2595, 0.0351)$.
$(1002, 1001, 999)$ have the same.
"""


# %% solution="softmax" forbid="plainnet.softmax, plainnet.log_softmax" demo="LogitsToLoss"
def softmax(z, axis=-1):
    """Return the probabilities of the scores z: positive, summing to 1 along the axis."""
    ### BEGIN SOLUTION
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
    ### END SOLUTION


# %% test="softmax" points=1
p = softmax(np.array([2.0, 1.0, -1.0]))
assert isinstance(p, np.ndarray) and p.shape == (3,), f"z has the shape (3,), so has the result; you returned {p!r}."
assert np.allclose(p, [0.7054, 0.2595, 0.0351], atol=1e-4), (
    f"The scores (2, 1, -1) have the probabilities (0.7054, 0.2595, 0.0351); you returned {p}."
)
z = np.array([[1002.0, 1001.0, 999.0], [0.0, 0.0, 0.0]])
p = softmax(z)
assert not np.isnan(p).any(), (
    f"There is a NaN in {p}: exponentials became infinite (inf/inf), or all of a row became 0 (0/0). Does each row "
    "subtract its *own* largest score?"
)
assert np.allclose(p[1], 1 / 3), f"Scores (0, 0, 0) have the probabilities 1/3 each; you returned {p[1]}: see the axis."
assert np.allclose(p[0], [0.7054, 0.2595, 0.0351], atol=1e-4), (
    f"(1002, 1001, 999) have the same probabilities as (2, 1, -1); you returned {p[0]}."
)
assert np.array_equal(z, [[1002, 1001, 999], [0, 0, 0]]), f"z was changed by the call; now it is {z}."
p = softmax(np.array([[0.0, 0.0], [0.0, np.log(3.0)]]), axis=0)
assert np.allclose(p, [[0.5, 0.25], [0.5, 0.75]]), (
    f"With axis=0 every column sums to 1: [[0.5, 0.25], [0.5, 0.75]]; you returned {p}."
)
p = softmax(np.array([[0.0, 0.0], [0.0, np.log(3.0)]]), axis=-2)
assert np.allclose(p, [[0.5, 0.25], [0.5, 0.75]]), f"Of two axes, axis -2 is the first one; you returned {p}."
p = softmax(np.array([2, 1, -1]))
assert p.dtype == np.float64 and np.allclose(p, [0.7054, 0.2595, 0.0351], atol=1e-4), (
    f"The integers (2, 1, -1) have the same probabilities, of dtype float64; you returned {p}, {p.dtype}."
)

# %% hidden="softmax" points=1
# All axes of arrays of one to three axes, slices far apart, scores of any size, integers. First all calls.
cases = [
    (rng.normal(scale=2, size=shape), axis)
    for shape in [(4,), (3, 5), (2, 4, 3)]
    for axis in range(-len(shape), len(shape))
]
far = rng.normal(size=(3, 4)) + np.array([[1000.0], [0.0], [-1000.0]])
cases += [(far, -1), (far.T.copy(), 0), (rng.normal(scale=1e5, size=(3, 4)), 1), (rng.integers(-5, 6, size=(3, 4)), 1)]
cases += [(far - 1000, 1), (np.array([0.0, -1000.0]), 0), (np.array([[1e6, 1e6 - 1], [-1e6, 2 - 1e6]]), 1)]
before = [z.copy() for z, _ in cases]
wanted = [reference.softmax(z.copy(), axis) for z, axis in cases]
results = [softmax(z, axis) for z, axis in cases]
for got, want in zip(results, wanted):
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-300)
for (z, _), same in zip(cases, before):
    assert_allclose(z, same, rtol=0)
assert all(got.dtype == np.float64 for got in results)

# %% [markdown]
r"""
## 2. Back through softmax

**Why.** Softmax is a step in the middle of longer computations: after it comes a loss, or, in chapters to come, another
layer. On the way back it receives an *upstream gradient* and has to hand down the gradient with respect to the logits.
Every logit moves *all* probabilities of its sample, since they share one sum.

**Write** `softmax_backward(p, g)`

- `p`: an array (N, K), the probabilities that softmax gave along the last axis.
- `g`: an array (N, K), the upstream gradient $\partial L/\partial p$: any numbers, floats or integers.
- Returns the array (N, K) of $\partial L / \partial z$, float64, where $z$ are the logits.

**Formula**, for one sample:
$$ \frac{\partial p_i}{\partial z_j} = p_i\,(\delta_{ij} - p_j), \qquad
   \frac{\partial L}{\partial z_j} = \sum_i \frac{\partial L}{\partial p_i}\,\frac{\partial p_i}{\partial z_j} $$

with $\delta_{ij} = 1$ for $i = j$ and 0 otherwise. Samples do not mix. Write the sum out: one part is the term with
$i = j$, the other needs one number for each sample, a sum over its classes.

**Worked numbers**: for $p = (0.5, 0.25, 0.25)$ the upstream gradient $(1, 0, 0)$ gives $(0.25, -0.125, -0.125)$. The
upstream gradient $(1, 1, 1)$ gives $(0, 0, 0)$: it asks for a greater sum of probabilities, and the sum is 1 whatever
the logits are.
"""


# %% solution="softmax-backward" demo="LogitsToLoss"
def softmax_backward(p, g):
    """Return dL/dz for p = softmax(z) of shape (N, K), where g = dL/dp."""
    ### BEGIN SOLUTION
    return p * (g - np.sum(g * p, axis=1, keepdims=True))
    ### END SOLUTION


# %% test="softmax-backward" points=1
p = np.array([[0.5, 0.25, 0.25], [0.2, 0.3, 0.5]])
g = np.array([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
grad_z = softmax_backward(p, g)
assert np.shape(grad_z) == (2, 3), f"p has the shape (2, 3), so has the gradient; yours has {np.shape(grad_z)}."
assert not np.allclose(grad_z[0], [0.25, 0, 0]), (
    "(0.25, 0, 0): the first logit moves the other probabilities too. Terms with i and j different are missing."
)
assert not np.allclose(grad_z[0], [0.15, -0.075, -0.125]), (
    "(0.15, -0.075, -0.125): the samples mix; the sum runs over the classes of one sample, axis 1."
)
assert np.allclose(grad_z[0], [0.25, -0.125, -0.125]), (
    f"p = (0.5, 0.25, 0.25) with g = (1, 0, 0) gives (0.25, -0.125, -0.125); you returned {grad_z[0]}."
)
assert np.allclose(grad_z[1], 0), f"A gradient (1, 1, 1) gives (0, 0, 0); you returned {grad_z[1]}."
assert np.array_equal(g, [[1, 0, 0], [1, 1, 1]]), f"g was changed by the call; now it is {g}."
draw = np.random.default_rng(0)
z, g = draw.normal(size=(2, 4, 5))


def weighted_sum(z):
    return float(np.sum(g * np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)))


p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
assert np.allclose(softmax_backward(p, g), numerical_gradient(weighted_sum, z), atol=1e-8), (
    "With random upstream gradients your result differs from the numerical gradient: do the samples mix?"
)
grad_z = softmax_backward(np.array([[0.5, 0.25, 0.25]]), np.array([[1, 0, 0]]))
assert grad_z.dtype == np.float64 and np.allclose(grad_z, [[0.25, -0.125, -0.125]]), (
    f"An upstream gradient of the integers (1, 0, 0) gives the same, of dtype float64; you returned {grad_z}."
)

# %% hidden="softmax-backward" points=1
cases = []
for shape in [(1, 2), (5, 3), (3, 3), (4, 7)]:
    p = np.exp(rng.normal(scale=1.5, size=shape))
    cases.append((p / p.sum(axis=1, keepdims=True), rng.normal(size=shape)))
cases.append((np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]), rng.normal(scale=3, size=(2, 3))))
before = [(p.copy(), g.copy()) for p, g in cases]
wanted = [np.array([(np.diag(row) - np.outer(row, row)) @ up for row, up in zip(p, g)]) for p, g in cases]
results = [softmax_backward(p, g) for p, g in cases]
for got, want in zip(results, wanted):
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
for (p, g), (same_p, same_g) in zip(cases, before):
    assert_allclose(p, same_p, rtol=0)
    assert_allclose(g, same_g, rtol=0)

# %% [markdown]
r"""
## 3. Log-sum-exp

**Why.** The loss of the next exercise is the logarithm of a softmax. Take the softmax first and the logarithm second,
and a probability that was rounded to 0 becomes a loss of infinity. Written as a difference,
$-\log p_k = \log \sum_j e^{z_j} - z_k$, nothing is lost; what is needed is the first part.

**Write** `logsumexp(z, axis=-1)`

- `z`: an array of floats or integers with one axis or more; any numbers up to a million in size.
- `axis`: the axis that is summed over, counted as in NumPy: 0 is the first axis, −1 the last.
- Returns $\log \sum_j e^{z_j}$ along that axis. **Convention**: the axis is gone, as after `z.sum(axis=axis)`: shape
  (N, K) gives (N,). For a `z` with one axis, return a number, or an array without axes. Logarithms are natural ones.

**Edges**: the same as in exercise 1, in both directions: $(1000, 1000)$ must not overflow, $(-1000, -1000)$ must not
become $\log 0$. A number that is added to all scores of a slice is no longer lost, it comes out in front:
$\log \sum_j e^{z_j + c} = c + \log \sum_j e^{z_j}$.

**Worked numbers**: $(2, 1, -1)$ gives 2.34901; ten zeros give $\log 10 = 2.302585$; $(1000, 1000)$ gives
$1000 + \log 2 = 1000.693147$, and $(-1000, -1000)$ gives $-999.306853$.
"""


# %% solution="logsumexp" demo="LogitsToLoss"
def logsumexp(z, axis=-1):
    """Return log(sum(exp(z))) along an axis, for scores of any size; the axis is gone afterwards."""
    ### BEGIN SOLUTION
    largest = np.max(z, axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(z - largest), axis=axis)) + np.squeeze(largest, axis=axis)
    ### END SOLUTION


# %% test="logsumexp" points=1
y = logsumexp(np.array([2.0, 1.0, -1.0]))
assert np.shape(y) == (), f"z has one axis, so the result has none: one number; yours has the shape {np.shape(y)}."
assert abs(y - 2.34901) < 1e-5, f"(2, 1, -1) gives 2.34901; you returned {y}."
y = logsumexp(np.zeros((2, 10)))
assert isinstance(y, np.ndarray) and y.shape == (2,), (
    f"For z of shape (2, 10) the last axis goes, and an array (2,) stays; you returned {y!r}."
)
assert np.allclose(y, 2.302585), f"Ten zeros give log 10 = 2.302585; you returned {y}."
y = logsumexp(np.array([[1000.0, 1000.0], [-1000.0, -1000.0]]))
assert np.isfinite(y).all(), f"You returned {y} for rows of 1000 and of -1000: see the edges, in both directions."
assert np.allclose(y, [1000.693147, -999.306853], rtol=1e-9), (
    f"Rows of 1000 and of -1000 give (1000.693147, -999.306853); you returned {y}."
)
y = logsumexp(np.log([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), axis=0)
assert np.shape(y) == (3,) and np.allclose(y, np.log([5, 7, 9])), (
    f"With axis=0 sums run down the columns: (log 5, log 7, log 9); you returned {y}."
)
y = logsumexp(np.zeros((2, 1, 3)), axis=-1)
assert np.shape(y) == (2, 1), f"Of (2, 1, 3) only the last axis goes: (2, 1); yours has the shape {np.shape(y)}."

# %% hidden="logsumexp" points=1
cases = [
    (rng.normal(scale=2, size=shape), axis)
    for shape in [(4,), (3, 5), (2, 4, 3), (2, 1, 3)]
    for axis in range(-len(shape), len(shape))
]
far = rng.normal(size=(3, 4)) + np.array([[1000.0], [0.0], [-1000.0]])
cases += [(far, -1), (far.T.copy(), 0), (rng.normal(scale=1e5, size=(3, 4)), 1), (rng.integers(-5, 6, size=(3, 4)), 1)]
cases += [(np.full(3, -1e6), 0), (rng.normal(size=(2, 3)) - 800, 1), (np.array([[5000.0, -5000.0, 5000.0]]), 1)]
before = [z.copy() for z, _ in cases]
wanted = [reference.logsumexp(z.copy(), axis) for z, axis in cases]
results = [logsumexp(z, axis) for z, axis in cases]
for got, want in zip(results, wanted):
    assert isinstance(got, (float, np.ndarray))
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
for (z, _), same in zip(cases, before):
    assert_allclose(z, same, rtol=0)

# %% [markdown]
r"""
## 4. Cross-entropy and its gradient

**Why.** This is the loss with which nearly every classifier is trained: the negative logarithm of the probability that
the model gave to the truth. Its gradient with respect to the logits is the simplest that one could wish for:
*probabilities minus targets*.

**Write** `cross_entropy(z, t)`

- `z`: the logits, an array (N, K) of floats or integers, up to a million in size.
- `t`: the targets, in one of two forms, which `t.ndim` tells apart:
  - `t.ndim == 1`: an array (N,) of integers, the *label* of each sample;
  - `t.ndim == 2`: an array (N, K), for each sample the *probabilities* of its classes: at least 0, and the sum of each
    row is one. A row with a single 1 is called *one-hot* and means the same as a label; other rows are *soft targets*.
- Returns the tuple `(loss, grad_z)`: a number, and an array (N, K) of float64.

**Formula**, with one-hot targets in place of labels, and $p_n = \mathrm{softmax}(z_n)$:

$$ L = \frac{1}{N} \sum_{n=1}^{N} \Big( -\sum_{k=1}^{K} t_{nk} \log p_{nk} \Big), \qquad
   \frac{\partial L}{\partial z_{nk}} = \frac{p_{nk} - t_{nk}}{N} $$

**Convention**: the *mean* over the samples, in the loss and in the gradient, so that a batch of any size has a loss of
the same size. Natural logarithms.

**Edges**: the loss stays finite. With the logits $(0, -1000)$ and the label 1 the loss is 1000, though $p_1$ is 0 in
float64: use $\log p_k = z_k - \log\sum_j e^{z_j}$, with the shift of the exercises before.

**Worked numbers**: the logits $(2, 1, -1)$ have the loss 0.34901 for label 0, 1.34901 for label 1, and 3.34901 for
label 2; their gradient for label 0 is $(-0.2946, 0.2595, 0.0351)$. Where all ten logits are equal, the loss is
$-\log 0.1 = 2.302585$ (a deck cuts this to 2.302; rounded it is 2.303).
"""


# %% solution="cross-entropy" forbid="plainnet.softmax_cross_entropy" demo="LogitsToLoss"
def cross_entropy(z, t):
    """Return (mean cross-entropy of the logits z (N, K), its gradient (N, K)); t are labels (N,) or rows (N, K)."""
    ### BEGIN SOLUTION
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]  # (N, K), one-hot
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)
    ### END SOLUTION


# %% test="cross-entropy" points=1
z = np.array([[2.0, 1.0, -1.0]])
result = cross_entropy(z, np.array([0]))
assert isinstance(result, tuple) and len(result) == 2, f"Return (loss, grad_z), two things; you returned {result!r}."
for label, want in enumerate([0.34901, 1.34901, 3.34901]):
    loss, grad_z = cross_entropy(z, np.array([label]))
    assert np.shape(loss) == () and abs(loss - want) < 1e-5, (
        f"The logits (2, 1, -1) have the loss {want} for label {label}; you returned {loss}."
    )
loss, grad_z = result
assert isinstance(grad_z, np.ndarray) and grad_z.shape == (1, 3), (
    f"z is an array (1, 3), so is its gradient; yours is {grad_z!r}."
)
assert np.allclose(grad_z, [[-0.2946, 0.2595, 0.0351]], atol=1e-4), (
    f"For label 0 the gradient is (-0.2946, 0.2595, 0.0351): probabilities minus targets; you returned {grad_z}."
)
loss, grad_z = cross_entropy(np.zeros((4, 10)), np.array([3, 1, 4, 1]))
assert abs(loss - 2.302585) < 1e-6, (
    f"With ten equal logits the loss is 2.302585, whether for 1 sample or 4; yours is {loss}: see the convention."
)
assert np.allclose(grad_z[1], (0.1 - np.eye(10)[1]) / 4), (
    "With N = 4 each row of the gradient is a quarter of probabilities minus targets: see the convention."
)
loss, grad_z = cross_entropy(np.array([[0.0, -1000.0]]), np.array([1]))
assert loss == 1000, f"(0, -1000) with label 1 has the loss 1000; yours is {loss}: see the edges."
draw = np.random.default_rng(1)
z, t = draw.normal(size=(3, 4)), draw.dirichlet(np.ones(4), size=3)
try:
    loss, grad_z = cross_entropy(z, t)
except IndexError as error:
    raise AssertionError(f"A t of shape (N, K) holds probabilities, not labels: see t.ndim. ({error})") from error
assert abs(loss - cross_entropy(z + 5, t)[0]) < 1e-9, "Adding 5 to all logits changes nothing; it changed your loss."
assert np.allclose(grad_z, numerical_gradient(lambda z: cross_entropy(z, t)[0], z), atol=1e-8), (
    "For soft targets your gradient is not that of your loss: compare it with numerical_gradient."
)
assert np.array_equal(z, np.random.default_rng(1).normal(size=(3, 4))), "z was changed by the call."
loss, grad_z = cross_entropy(np.array([[2, 1, -1]]), np.array([0]))
assert abs(loss - 0.34901) < 1e-5 and np.allclose(grad_z, [[-0.2946, 0.2595, 0.0351]], atol=1e-4), (
    f"Logits that are the integers (2, 1, -1) have the same loss and gradient; you returned {loss} and {grad_z}."
)

# %% hidden="cross-entropy" points=1
# Labels: the loss and its gradient, one sample and many, as many samples as classes, integer logits.
cases = []
for n, k in [(1, 3), (7, 4), (5, 5), (6, 2)]:
    cases.append((rng.normal(scale=2, size=(n, k)), rng.integers(0, k, size=n)))
cases.append((rng.integers(-3, 4, size=(4, 3)), rng.integers(0, 3, size=4)))
before = [z.copy() for z, _ in cases]
wanted = [reference.cross_entropy(z.copy(), t.copy()) for z, t in cases]
results = [cross_entropy(z, t) for z, t in cases]
for got, (loss, grad_z) in zip(results, wanted):
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], loss, rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], grad_z, rtol=1e-9, atol=1e-12)
    assert isinstance(got[1], np.ndarray)
for (z, _), same in zip(cases, before):
    assert_allclose(z, same, rtol=0)

# %% hidden="cross-entropy" points=1
# Targets as rows: one-hot of both kinds of numbers, and soft ones. Then logits of any size, and rows far apart.
labels = rng.integers(0, 4, size=6)
z = rng.normal(scale=2, size=(6, 4))
soft = rng.dirichlet(np.ones(4), size=6)
far = rng.normal(size=(3, 4)) + np.array([[1000.0], [0.0], [-1000.0]])
wide = rng.normal(scale=1e4, size=(3, 4))
cases = [(z, np.eye(4)[labels]), (z, np.eye(4, dtype=int)[labels]), (z, soft), (z[:4], soft[:4])]
cases += [(far, labels[:3]), (far, soft[:3]), (wide, labels[:3]), (wide, soft[:3])]
cases += [(np.array([[0.0, -1000.0], [1e6, 0.0]]), np.array([1, 1]))]
cases += [(rng.integers(-3, 4, size=(6, 4)), soft), (z[:1].copy(), soft[:1].copy())]
before = [(z.copy(), t.copy()) for z, t in cases]
wanted = [reference.cross_entropy(z.copy(), t.copy()) for z, t in cases]
results = [cross_entropy(z, t) for z, t in cases]
for got, (loss, grad_z) in zip(results, wanted):
    assert_allclose(got[0], loss, rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], grad_z, rtol=1e-9, atol=1e-12)
for (z, t), (same_z, same_t) in zip(cases, before):
    assert_allclose(z, same_z, rtol=0)
    assert_allclose(t, same_t, rtol=0)

# %% [markdown]
r"""
## 5. Hinge loss and its gradient

**Why.** The multiclass support vector machine asks for less than cross-entropy: the true class should be ahead of every
other one by a *margin*. Where it is, the loss is exactly 0, and so is the gradient: such a sample does not pull at the
weights any more.

**Write** `svm_loss(s, t, margin=1.0)`

- `s`: scores, an array (N, K) of floats or integers. `t`: labels, an array (N,) of integers.
- `margin`: a positive number, $\Delta$.
- Returns the tuple `(loss, grad_s)`: a number, and the array (N, K) of $\partial L/\partial s$, float64.

**Formula**, the sum over all *wrong* classes, and the mean over the samples:

$$ L = \frac{1}{N} \sum_{n=1}^{N} \; \sum_{j \neq t_n} \max(0,\; s_{nj} - s_{n t_n} + \Delta) $$

Each term that is greater than 0 has a slope of $1/N$ in $s_{nj}$ and of $-1/N$ in $s_{n t_n}$. In one sample several
terms can be greater than 0; the true class's score stands in all of them.

**Convention**: where a term is exactly 0, as at $s_{nj} - s_{n t_n} + \Delta = 0$, its slope is 0.

**Worked numbers**: the scores $(2, 1, -1)$ with $\Delta = 1$ have the loss 0 for label 0 (the margin is just kept), 2
for label 1, and $4 + 3 = 7$ for label 2, with the gradient $(1, 1, -2)$. With $\Delta = 2$ the loss for label 0 is 1,
with the gradient $(-1, 1, 0)$. When all scores are equal, the loss is $(K - 1)\,\Delta$: 9 for ten classes with
$\Delta = 1$. That is the hinge's counterpart of 2.302585.
"""


# %% solution="svm-loss" forbid="plainnet.multiclass_hinge" demo="LogitsToLoss"
def svm_loss(s, t, margin=1.0):
    """Return (mean multiclass hinge loss of the scores s (N, K) with labels t (N,), its gradient (N, K))."""
    ### BEGIN SOLUTION
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)  # (N, K)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)
    ### END SOLUTION


# %% test="svm-loss" points=1
s = np.array([[2.0, 1.0, -1.0]])
result = svm_loss(s, np.array([2]))
assert isinstance(result, tuple) and len(result) == 2, f"Return (loss, grad_s), two things; you returned {result!r}."
loss, grad_s = result
assert loss != 8, "The loss is 8, one margin too much: the sum runs over the wrong classes only."
assert loss == 7, f"The scores (2, 1, -1) have the loss 4 + 3 = 7 for label 2; you returned {loss}."
assert isinstance(grad_s, np.ndarray), f"The gradient is an array (1, 3); yours is {grad_s!r}."
assert np.allclose(grad_s, [[1, 1, -2]]), (
    f"Two terms are greater than 0, and the true class stands in both: (1, 1, -2); you returned {grad_s}."
)
loss, grad_s = svm_loss(s, np.array([0]))
assert loss == 0 and np.allclose(grad_s, 0), (
    f"For label 0 the margin is just kept: loss 0, gradient 0; you returned {loss} and {grad_s}. Has a term that is "
    "exactly 0 a slope? See the convention."
)
loss, grad_s = svm_loss(np.array([[2, 1, -1]]), np.array([0]), 2.0)
assert loss == 1 and np.allclose(grad_s, [[-1, 1, 0]]), (
    f"(2, 1, -1) with label 0 and margin 2 has the loss 1 and the gradient (-1, 1, 0); yours: {loss} and {grad_s}."
)
loss = svm_loss(np.array([[2, 1, -1]]), np.array([0]), 1.5)[0]
assert loss == 0.5, f"The integers (2, 1, -1) with label 0 and margin 1.5 have the loss 0.5; yours is {loss}."
loss, grad_s = svm_loss(np.zeros((4, 10)), np.array([3, 1, 4, 1]))
assert loss == 9, f"With ten equal scores the loss is 9, whether for 1 sample or 4; yours is {loss}."
assert abs(grad_s[0, 3] + 9 / 4) < 1e-12, "With N = 4 the gradient at the true class of a row is -9/4: see the mean."
draw = np.random.default_rng(2)
s, t = draw.normal(size=(3, 4)), np.array([1, 3, 0])
assert np.allclose(svm_loss(s, t, 0.7)[1], numerical_gradient(lambda s: svm_loss(s, t, 0.7)[0], s), atol=1e-8), (
    "With margin = 0.7 your gradient is not that of your loss: compare it with numerical_gradient."
)

# %% hidden="svm-loss" points=1
cases = []
for n, k, margin in [(1, 4, 1.0), (7, 3, 1.0), (5, 5, 0.5), (6, 2, 2.5)]:
    cases.append((rng.normal(scale=1.5, size=(n, k)), rng.integers(0, k, size=n), margin))
whole = rng.integers(-2, 3, size=(8, 4))  # many terms are exactly 0
cases += [(whole, rng.integers(0, 4, size=8), 1.0), (whole.astype(float), rng.integers(0, 4, size=8), 2.0)]
cases += [(whole.copy(), rng.integers(0, 4, size=8), margin) for margin in (0.5, 1.5)]
cases += [(np.array([[1.0, 2.0**-40, 0.0]]), np.array([0]), 1.0)]  # a term that is just greater than 0
before = [(s.copy(), t.copy()) for s, t, _ in cases]
wanted = [reference.svm_loss(s.copy(), t.copy(), margin) for s, t, margin in cases]
results = [svm_loss(s, t, margin) for s, t, margin in cases]
for got, (loss, grad_s) in zip(results, wanted):
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], loss, rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], grad_s, rtol=1e-9, atol=1e-12)
    assert isinstance(got[1], np.ndarray)
for (s, t, _), (same_s, same_t) in zip(cases, before):
    assert_allclose(s, same_s, rtol=0)
    assert_allclose(t, same_t, rtol=0)

# %% [markdown]
r"""
## 6. Top-k accuracy

**Why.** What people want to know of a classifier is how often it is right. With a thousand classes, of which many look
alike, one also counts an answer as right if the truth is among the five best guesses: the famous 84.7 % of AlexNet in
2012 are such a *top-5 accuracy*. With $k = 1$ it is ordinary accuracy.

**Write** `top_k_accuracy(z, t, k=1)`

- `z`: scores (or logits, or probabilities), an array (N, K) of finite numbers. `t`: labels, an array (N,) of integers.
- `k`: a whole number from 1 to K.
- Returns the fraction of samples that are right, a number from 0 to 1.

**Convention**: a sample is right if *fewer than k* of the other classes have a score that is *greater than or equal to*
the score of the true class. So a tie counts against the classifier: one that gives the same score to all classes knows
nothing, and its accuracy is 0 for every $k < K$. (Many libraries take the first of equal scores instead; then a
classifier without any knowledge is right on every sample of class 0.)

**Worked numbers**: the scores $(0.1, 0.5, 0.4)$ with label 2 are wrong for $k = 1$ and right for $k = 2$; the scores
$(0.4, 0.4, 0.2)$ with label 0 are wrong for $k = 1$, because of the tie, and right for $k = 2$.
"""


# %% solution="top-k-accuracy" demo="LogitsToLoss"
def top_k_accuracy(z, t, k=1):
    """Return the fraction of rows of z (N, K) in which fewer than k other classes reach the score of the true one."""
    ### BEGIN SOLUTION
    true = z[np.arange(len(z)), t][:, None]  # (N, 1)
    return float(np.mean(np.sum(z >= true, axis=1) <= k))  # the true class counts itself
    ### END SOLUTION


# %% test="top-k-accuracy" points=1
z = np.array([[0.1, 0.5, 0.4], [0.4, 0.4, 0.2], [0.2, 0.3, 0.5], [0.6, 0.1, 0.3]])
t = np.array([2, 0, 2, 1])
y = top_k_accuracy(z, t)
assert y != 0.5, (
    "Half of these samples would be right if a tie counted for the classifier; in this convention it counts against it."
)
assert y == 0.25, f"With k = 1 only the third of these four samples is right: 0.25; you returned {y}."
y = top_k_accuracy(z, t, k=2)
assert y == 0.75, f"With k = 2 three of these four samples are right: 0.75; you returned {y}."
assert top_k_accuracy(z, t, k=3) == 1, "With k = K, all classes are guessed, so every sample is right."
assert top_k_accuracy(np.zeros((5, 10)), np.arange(5)) == 0, "Equal scores for all classes know nothing: accuracy 0."
y = top_k_accuracy(np.array([[0.5, 0.5 - 1e-9]]), np.array([0]))
assert y == 1, f"0.5 is greater than 0.5 - 1e-9, by however little: no tie, accuracy 1; you returned {y}."

# %% hidden="top-k-accuracy" points=1
cases = []
for n, classes in [(40, 6), (30, 3), (6, 6), (1, 4)]:
    z, t = rng.normal(size=(n, classes)), rng.integers(0, classes, size=n)
    z[np.arange(n), t] += 1.0
    cases += [(z, t, k) for k in {1, 2, classes - 1, classes}]
whole = rng.integers(0, 3, size=(60, 5))  # many ties
cases += [(whole, rng.integers(0, 5, size=60), k) for k in (1, 2, 3, 4)]
cases += [(np.zeros((10, 4)), np.arange(10) % 4, k) for k in (1, 3)] + [(-np.ones((4, 3)), np.array([0, 0, 0, 1]), 1)]
close = whole / 4 + rng.uniform(0, 1e-10, size=whole.shape)  # nearly ties, and none
cases += [(close, rng.integers(0, 5, size=60), k) for k in (1, 2, 3)]
before = [(z.copy(), t.copy()) for z, t, _ in cases]
wanted = [reference.top_k_accuracy(z.copy(), t.copy(), k) for z, t, k in cases]
results = [top_k_accuracy(z, t, k) for z, t, k in cases]
for got, want in zip(results, wanted):
    assert_allclose(got, want, rtol=1e-12)
for (z, t, _), (same_z, same_t) in zip(cases, before):
    assert_allclose(z, same_z, rtol=0)
    assert_allclose(t, same_t, rtol=0)

# %% [markdown]
r"""
## 7. Training

**Why.** Now everything comes together: the loop of this exercise, with other models in its middle, trains all networks
of this course.

**Write** `train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng)`

- `x`: inputs, an array (N, D) of floats. `t`: labels, an array (N,) of integers from 0 to `num_classes` − 1.
- `lr`: the learning rate. `num_epochs`: how often all samples are gone through. `batch_size`: how many samples an
  update takes.
- `strength`: $\lambda \ge 0$, the strength of the penalty on the weights.
- `rng`: a `numpy.random.Generator`.
- Returns the tuple `(w, b, losses)`: weights (D, K) and biases (K,), arrays of float64, and a list of
  `num_epochs + 1` numbers.

**The model**: logits `z = x @ w + b`.

**The loss** of a group of $n$ samples (a batch, or all) is the *mean* cross-entropy plus a penalty; the lecture calls it the full loss:

$$ L = \frac{1}{n} \sum_{i=1}^{n} L_i \;+\; \lambda\,R(w), \qquad R(w) = \sum_{d,k} w_{dk}^2 $$

**Convention**: no factor ½ in front of $R$, so its gradient is $2 w$. The penalty counts once for each batch, or once
for all samples, not once for each sample. Biases are not penalised.

**The gradient**: with $G$ the gradient of the mean cross-entropy with respect to the logits (exercise 4), of shape
(n, K), that of the mean cross-entropy is `x.T @ G` for `w` and the sum of $G$ over the samples for `b`.

**The procedure**, to the letter, so that the same `rng` gives the same weights:

1. `w` and `b` start as zeros. (For this model that is a good start. For networks it is not: chapter 4.)
2. At the beginning of each epoch, `order = rng.permutation(N)`, and nothing else is drawn.
3. The batches of the epoch are the samples `order[0:batch_size]`, `order[batch_size:2 * batch_size]`, and so on. The last
   batch holds what remains, and may be smaller; it counts like the others, with the mean over its own samples.
4. Each batch makes one update: both gradients at the weights *before* the update, then
   $w \leftarrow w - \mathrm{lr}\,\partial L/\partial w$ and $b \leftarrow b - \mathrm{lr}\,\partial L/\partial b$. (A
   deck has `x += learning_rate*dx`. With $+$ the loss is climbed.)
5. `losses[0]` is the full loss of *all* samples before the first update, `losses[e]` that after epoch `e`.

Call your `cross_entropy` (a mistake in it then shows here too, so mend exercise 4 first), or write its lines again.

**Worked number**: `losses[0]` is $\log K$, whatever the data are. For `x = [[1, 0], [0, 1], [1, 0]]`, `t = [0, 1, 0]`, two
classes, one epoch with `lr = 1`, `batch_size = 3` and `strength = 0`: `w = [[1/3, -1/3], [-1/6, 1/6]]` and
`b = [1/6, -1/6]`. The same samples with `batch_size = 2`, `strength = 0.1` and a generator of seed 0 come in the order
2, 0, 1 in the first epoch: a batch of two samples, then one of one. After it `w = [[0.4, -0.4], [-0.73106, 0.73106]]`,
`b = [-0.23106, 0.23106]`, and `losses = [0.69315, 0.54325]`.

On the digits, with the settings of the test below and the digits it holds out, it reads 96 %; the test asks for 94. With
any other 359 digits held out it reads at least 92 %. Time limit: 20 seconds for a test cell.
"""


# %% solution="train-softmax" needs="cross-entropy" limit=20 demo="WeightImages"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    """Return (w (D, K), b (K,), losses) of softmax regression, trained with mini-batches."""
    ### BEGIN SOLUTION
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)

    def full_loss():
        return cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)

    losses = [full_loss()]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w -= lr * (x[batch].T @ grad_z + 2 * strength * w)
            b -= lr * grad_z.sum(axis=0)
        losses.append(full_loss())
    return w, b, losses
    ### END SOLUTION


# %% test="train-softmax" points=1
x, t = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.array([0, 1, 0])
result = train_softmax(x, t, 2, lr=1.0, num_epochs=1, batch_size=3, strength=0.0, rng=np.random.default_rng(0))
assert isinstance(result, tuple) and len(result) == 3, f"Return (w, b, losses), three things; you returned {result!r}."
w, b, losses = result
assert isinstance(w, np.ndarray) and isinstance(b, np.ndarray), f"w and b are arrays; yours are {w!r} and {b!r}."
assert isinstance(losses, list), f"losses is a list of numbers; yours is {losses!r}."
assert np.shape(w) == (2, 2) and np.shape(b) == (2,), f"w is (D, K), b is (K,); yours: {np.shape(w)}, {np.shape(b)}."
assert not np.allclose(w, [[-1 / 3, 1 / 3], [1 / 6, -1 / 6]]), "Your step climbs the loss: look at its sign."
assert np.allclose(w, [[1 / 3, -1 / 3], [-1 / 6, 1 / 6]]), f"One step gives [[1/3, -1/3], [-1/6, 1/6]]; yours is {w}."
assert np.allclose(b, [1 / 6, -1 / 6]), f"After one step b is (1/6, -1/6); yours is {b}."
assert len(losses) == 2, f"losses holds num_epochs + 1 numbers, here 2; yours holds {len(losses)}."
assert abs(losses[0] - np.log(2)) < 1e-9, f"Before any update the loss is log 2 = 0.6931; yours is {losses[0]}."
w, b, losses = train_softmax(x, t, 2, lr=1.0, num_epochs=2, batch_size=3, strength=0.1, rng=np.random.default_rng(0))
assert abs(losses[1] - 0.4676680) < 1e-6, (
    f"With strength = 0.1 the full loss after one epoch is 0.4676680; yours is {losses[1]}. Is the penalty in it?"
)
assert np.allclose(w[0], [0.44596, -0.44596], atol=1e-5), (
    f"With strength = 0.1 the first row of w after two epochs is (0.44596, -0.44596); yours is {w[0]}: see R and its slope."
)
w, b, losses = train_softmax(x, t, 4, lr=1.0, num_epochs=1, batch_size=3, strength=0.0, rng=np.random.default_rng(0))
assert np.shape(w) == (2, 4) and np.shape(b) == (4,), (
    f"num_classes = 4: w is (2, 4), b is (4,), whichever labels occur; yours: {np.shape(w)}, {np.shape(b)}."
)
draw, same_draw = np.random.default_rng(0), np.random.default_rng(0)
w, b, losses = train_softmax(x, t, 2, lr=1.0, num_epochs=1, batch_size=2, strength=0.1, rng=draw)
same_draw.permutation(3)
assert draw.random() == same_draw.random(), "One epoch draws one permutation from rng, and nothing else."
assert np.allclose(w, [[0.4, -0.4], [-0.73106, 0.73106]], atol=1e-5), (
    f"In batches of 2 and 1, w is [[0.4, -0.4], [-0.73106, 0.73106]] after one epoch; yours is {w}. Does rng.permutation "
    "give the order, and does the last, smaller batch make an update, with the mean over its own samples?"
)
assert np.allclose(b, [-0.23106, 0.23106], atol=1e-5), (
    f"In batches of 2 and 1, b is (-0.23106, 0.23106) after one epoch; yours is {b}. Biases are not penalised."
)
train_x, train_t, held_x, held_t = data.split(digits_x, digits_t, 0.2, np.random.default_rng(0), stratify=True)
w, b, losses = train_softmax(train_x, train_t, 10, 0.5, 20, 32, 1e-4, np.random.default_rng(0))
assert abs(losses[0] - 2.302585) < 1e-6, f"The first loss on ten digits is log 10; yours is {losses[0]}."
right = np.mean((held_x @ w + b).argmax(axis=1) == held_t)
assert right >= 0.94, (
    f"Of digits that it has not seen the classifier should read 94 % or more; yours reads {right:.1%}."
)

# %% hidden="train-softmax" points=1
# One batch for all samples: then the order plays no role. With and without a penalty.
cases = []
for (n, d, k), strength, epochs in [((9, 4, 3), 0.0, 3), ((12, 3, 5), 0.05, 4), ((5, 2, 2), 0.3, 2)]:
    cases.append((rng.normal(size=(n, d)), rng.integers(0, k, size=n), k, 0.4, epochs, n + 3, strength))
cases.append((rng.normal(size=(8, 3)), rng.integers(0, 3, size=8), 5, 0.4, 2, 8, 0.1))  # two classes do not occur
before = [(case[0].copy(), case[1].copy()) for case in cases]
wanted = [reference.train_softmax(*case, np.random.default_rng(5)) for case in cases]
results = [train_softmax(*case, np.random.default_rng(5)) for case in cases]
for got, want in zip(results, wanted):
    assert isinstance(got, tuple) and len(got) == 3
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-7, atol=1e-10)
    assert isinstance(got[0], np.ndarray) and isinstance(got[1], np.ndarray) and isinstance(got[2], list)
for case, (same_x, same_t) in zip(cases, before):
    assert_allclose(case[0], same_x, rtol=0)
    assert_allclose(case[1], same_t, rtol=0)

# %% hidden="train-softmax" points=1
# Mini-batches in the order that rng gives, with a smaller last batch; then the digits.
cases, seed = [], int(rng.integers(2**31))
for (n, d, k), strength, size in [((23, 4, 3), 0.0, 8), ((20, 3, 4), 0.02, 5), ((7, 2, 2), 0.1, 3)]:
    cases.append((rng.normal(size=(n, d)), rng.integers(0, k, size=n), k, 0.3, 3, size, strength))
train_x, train_t, held_x, held_t = data.split(digits_x, digits_t, 0.2, rng, stratify=True)
draws, same_draws = ([np.random.default_rng(seed) for _ in cases] for _ in range(2))
before = [(case[0].copy(), case[1].copy()) for case in cases]
wanted = [reference.train_softmax(*case, draw) for case, draw in zip(cases, same_draws)]
results = [train_softmax(*case, draw) for case, draw in zip(cases, draws)]
w, b, losses = train_softmax(train_x, train_t, 10, 0.5, 20, 32, 1e-4, np.random.default_rng(seed))
for got, want in zip(results, wanted):
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-7, atol=1e-10)
assert_allclose([draw.random() for draw in draws], [draw.random() for draw in same_draws])  # nothing else is drawn
for case, (same_x, same_t) in zip(cases, before):
    assert_allclose(case[0], same_x, rtol=0)
    assert_allclose(case[1], same_t, rtol=0)
right = float(np.mean((held_x @ w + b).argmax(axis=1) == held_t))
assert right >= 0.92

# %% [markdown]
r"""
## 8. Weights as images

**Why.** Each class of a linear classifier has as many weights as an image has pixels. Put back into the shape of the
image they form a picture: where it is positive, ink speaks for the class, where it is negative, ink speaks against it.
It is the only classifier of this course of which one can *see* all that it knows.

**Write** `weight_images(w, shape)`

- `w`: weights (D, K) of float64: column $k$ holds the weights of class $k$.
- `shape`: a tuple (H, W) with $H W = D$. The pixels of an image were laid out row by row, as `x.reshape(N, -1)` does.
- Returns an array (K, H, W) of float64: image $k$ belongs to class $k$.

**Convention**: all images are divided by *one* number, the largest size $|w_{dk}|$ of any weight, so that they lie in
$[-1, 1]$, 0 stays 0, and the classes can be compared. Where all weights are 0, the images are 0.

**Worked number**: for `w = [[1, -2], [0, -4], [3, 0], [-1, 0], [2, 0], [0, -1]]` and the shape (2, 3) image 0 is
`[[0.25, 0, 0.75], [-0.25, 0.5, 0]]`, and image 1 is `[[-0.5, -1, 0], [0, 0, -0.25]]`: the largest size is that of −4.

When it works, look at the digits: `plt.imshow(images[3], cmap="PuOr_r", vmin=-1, vmax=1)` after
`import matplotlib.pyplot as plt`, with the weights of exercise 7 and the shape (8, 8).
"""


# %% solution="weight-images" demo="WeightImages"
def weight_images(w, shape):
    """Return the columns of w (D, K) as images (K, H, W), divided by the largest size of a weight."""
    ### BEGIN SOLUTION
    largest = np.abs(w).max()
    return w.T.reshape(-1, *shape) / (largest if largest > 0 else 1.0)
    ### END SOLUTION


# %% test="weight-images" points=1
w = np.array([[1.0, -2.0], [0.0, -4.0], [3.0, 0.0], [-1.0, 0.0], [2.0, 0.0], [0.0, -1.0]])
images = weight_images(w, (2, 3))
assert np.shape(images) == (2, 2, 3), (
    f"Two classes, images (2, 3): the shape is (2, 2, 3); yours is {np.shape(images)}."
)
assert np.allclose(images[0], [[0.25, 0, 0.75], [-0.25, 0.5, 0]]), (
    f"Image 0 is column 0, row by row, divided by 4, the size of -4: [[0.25, 0, 0.75], [-0.25, 0.5, 0]]; yours: {images[0]}."
)
assert np.allclose(images[1], [[-0.5, -1, 0], [0, 0, -0.25]]), (
    f"Image 1 is column 1, divided by the same 4: [[-0.5, -1, 0], [0, 0, -0.25]]; yours is {images[1]}."
)
assert np.allclose(weight_images(np.zeros((6, 2)), (2, 3)), 0), "Weights that are all 0 give images that are all 0."
assert np.allclose(weight_images(w * 1e-12, (2, 3)), images), (
    "Weights a million million times smaller: the same images."
)
assert np.shape(weight_images(w[:, :1], (2, 3))) == (1, 2, 3), "One class is one image: the shape is (1, 2, 3)."
assert w[1, 1] == -4, f"w was changed by the call; now it is {w}."

# %% hidden="weight-images" points=1
cases = []
for k, shape in [(3, (2, 4)), (4, (3, 2)), (5, (5, 1)), (10, (8, 8)), (2, (1, 2))]:
    cases.append((rng.normal(size=(shape[0] * shape[1], k)) * rng.uniform(0.5, 2, size=k), shape))
cases.append((-np.abs(rng.normal(size=(6, 3))), (3, 2)))  # the largest size belongs to a negative weight
cases.append((np.zeros((6, 4)), (2, 3)))
cases += [(scale * rng.normal(size=(6, 3)), (2, 3)) for scale in (0.01, 1e-12)]
cases.append((rng.normal(size=(6, 1)), (3, 2)))  # one class
before = [w.copy() for w, _ in cases]
wanted = [reference.weight_images(w.copy(), shape) for w, shape in cases]
results = [weight_images(w, shape) for w, shape in cases]
for got, want in zip(results, wanted):
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-12, atol=1e-15)
for (w, _), same in zip(cases, before):
    assert_allclose(w, same, rtol=0)

# %% [markdown]
r"""
## 9. A question that needs a run: a bad start

With all weights 0 the loss on ten classes starts at 2.302585. Now start with the weights
`w = np.random.default_rng(3).normal(size=(64, 10))`, standard deviation 1, and no bias. What is the mean cross-entropy of
`digits_x @ w` with the labels `digits_t`, over all 1,797 digits? Write a number that is right to 0.001; `cross_entropy(...)[0]`
in place of it is fine too. (Before you run it: should it be greater or smaller than 2.302585? A classifier that knows
nothing does worst where it is *sure*.)
"""

# %% quiz="bad-start" points=1 rtol=0.0002 demo="LogitsToLoss"
### BEGIN SOLUTION
bad_start_loss = 7.8278
### END SOLUTION

# %% [markdown]
r"""
## 10. A question that needs a run: temperature

Divide all logits by a number $T > 0$, the *temperature*, before the loss: $L = \mathrm{CE}(z / T, t)$, the mean over $N$
samples. With $p = \mathrm{softmax}(z / T)$ and one-hot targets $t$, which is $\partial L / \partial z$? Find out with random
logits, $T = 2$ and `numerical_gradient`, in a cell of your own; leave in the given cell only the letter, as text, in
quotation marks.

| a | b | c | d |
|---|---|---|---|
| $\dfrac{p - t}{N}$ | $\dfrac{T\,(p - t)}{N}$ | $\dfrac{p - t}{T\,N}$ | $\dfrac{p / T - t}{N}$ |
"""

# %% quiz="temperature-gradient" points=1 demo="LogitsToLoss"
### BEGIN SOLUTION
gradient_with_temperature = "c"
### END SOLUTION

# %% [markdown] manual="why-not-accuracy" points=2
r"""
## 11. Why not train on accuracy?

In three to six sentences: two classifiers read the same 1,000 digits, and both get exactly 950 of them right. The mean
cross-entropy of one is 0.2, that of the other 1.5. Explain how this can be: what do the probabilities of the second look
like? Give one way they can look. Then say why training goes down the cross-entropy and not directly the number of errors, although that number is
what we care about in the end.

### BEGIN MARK SCHEME
- 1 point: accuracy asks only which probability is the largest, cross-entropy also how large that of the true class is.
  The second classifier gives the true class of some wrongly read digits a probability near 0 (it is sure and wrong), and
  each of them costs $-\log p$, without an upper bound. Also right: it is right by a hair on many digits (for ten
  classes a true class that wins can have a probability of little more than 0.1). Half of it for "it is less certain" or
  "its probabilities are worse", without saying which probability enters the loss.
- 1 point: the number of errors does not change when the weights move by a little, unless a sample happens to cross over;
  as a function of the weights it is a staircase, its gradient is 0 nearly everywhere, so there is no direction to go.
  Cross-entropy changes with every weight. Half of it for "accuracy is not differentiable" alone.
- Not needed: numbers, formulas, the word "staircase".
### END MARK SCHEME
"""
