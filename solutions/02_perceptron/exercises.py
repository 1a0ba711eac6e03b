# %% [markdown]
r"""
# Chapter 2: The perceptron and logistic regression

One artificial neuron, four times: as Rosenblatt's threshold unit that learns from its mistakes, as a straight line
through points, as a probability, and as a ranking that you can judge. The data are the 23 shuttle flights before the
Challenger disaster.

**Learning objectives.** After this notebook you can

1. write the perceptron's learning rule, and say when it stops and when it never does;
2. compute a sigmoid and its loss for *any* number, without overflow and without losing the small numbers;
3. fit a logistic regression by gradient descent on standardised inputs, and translate the result back into °F;
4. compute, before training, the learning rate at which gradient descent breaks;
5. judge a classifier by more than its accuracy: F1 and the area under the ROC curve.

**Prerequisites.** The lecture of this chapter; chapter 1's idea of an upstream gradient; NumPy arrays, `@`, sums and
means along an axis; eigenvalues and eigenvectors of a 2 × 2 matrix (exercise 6).

**Time** (estimated): 105 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | the perceptron's rule | 3 | 18 |
| 2 | sigmoid and its slope | 2 | 10 |
| 3 | the logistic loss | 2 | 12 |
| 4 | logistic regression on the O-rings | 3 | 16 |
| 5 | a straight line by gradient descent | 2 | 9 |
| 6 | the largest learning rate | 2 | 8 |
| 7 | hits, misses and F1 | 2 | 8 |
| 8 | the ROC curve and its area | 2 | 12 |
| 9, 10 | two questions that need a run | 2 | 6 |
| 11 | what 0.9996 means, in words (marked by hand) | 2 | 6 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time.
Exercises 1 to 8 stand alone, in any order; 9 and 10 run your answers to 4 and 5. **Write them with NumPy**: plainnet's
own perceptron, sigmoid, binary cross-entropy and metrics are not there when your answers are graded.

**Two conventions of labels** are in use, and both appear here. The perceptron's rule is shortest with the classes
$-1$ and $+1$ (exercise 1). A probability needs 0 and 1: there $t = 1$ is the event that we predict (all the others).
"""

# %%
import numpy as np

from plainnet import data

# %% [markdown]
r"""
## 1. The perceptron's rule

**Why.** In 1958 a machine learned from examples for the first time, and it did so without any gradient: nothing happens
as long as it is right, and when it is wrong it moves its line a little. The rule is four lines long; what makes it
interesting is when it stops.

**Write** `perceptron_fit(x, t, max_epochs=100)`

- `x`: an array (N, D) of floats or integers, one sample a row. `t`: an array (N,) of integers, each $-1$ or $+1$.
- `max_epochs`: an integer, at least 1.
- Returns the tuple `(w, b, num_epochs, converged)`: `w` an array (D,) of float64, `b` a number, `num_epochs` an
  integer, `converged` a bool.

**Convention** (Rosenblatt's rule): $w$ and $b$ start at zero. One *epoch* goes through the samples once, in the order
in which they stand. Sample $i$ is a *mistake* if

$$ t_i\,(x_i \cdot w + b) \le 0 $$

and then, at once, before the next sample is looked at,

$$ w \leftarrow w + t_i\,x_i, \qquad b \leftarrow b + t_i $$

A sample that is no mistake changes nothing. A score of exactly 0 is a mistake for either class: a point on the line is
on nobody's side.

**When it ends**: after the first epoch without a mistake, or after `max_epochs` epochs, whichever comes first.
`num_epochs` counts the epochs that were gone through, the last one included. `converged` says whether the last of them
was without a mistake (also if it was the last that `max_epochs` allowed). `x` and `t` hold the same numbers afterwards.

**Worked example**: the logical AND has the rows (0, 0), (0, 1), (1, 0), (1, 1), with $t = (-1, -1, -1, +1)$. In the
first epoch the score of (0, 0) is 0: a mistake, so $b = -1$. The next two rows have the score $-1$: right. The last row
has the score $-1$ too: a mistake, so $w = (1, 1)$ and $b = 0$. This goes on, and ends with
$w = (3, 2)$, $b = -4$ after 9 epochs. XOR, with $t = (-1, +1, +1, -1)$, ends with `converged` False, whatever
`max_epochs` is.
"""


# %% solution="perceptron-fit" forbid="plainnet.Perceptron" demo="PerceptronLine"
def perceptron_fit(x, t, max_epochs=100):
    """Return (w, b, number of epochs, whether the last one was without a mistake)."""
    ### BEGIN SOLUTION
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False
    ### END SOLUTION


# %% test="perceptron-fit" points=1
rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
t_and, t_xor = np.array([-1, -1, -1, 1]), np.array([-1, 1, 1, -1])
result = perceptron_fit(rows, t_and)
assert isinstance(result, tuple) and len(result) == 4, (
    f"Return four things, (w, b, num_epochs, converged); you returned {result!r}."
)
w, b, num_epochs, converged = result
assert np.array_equal(rows, [[0, 0], [0, 1], [1, 0], [1, 1]]), "x has changed: update a new w, not a row of x."
assert np.array_equal(t_and, [-1, -1, -1, 1]), "t has changed: leave it as it is."
assert isinstance(w, np.ndarray) and w.dtype == np.float64, (
    f"w is an array of float64, although x holds integers; yours is {w!r}."
)
assert num_epochs > 1, (
    "It ended after the first epoch. Is a score of 0 a mistake in your answer? At the start all scores are 0."
)
assert b != 0, "b is zero: the bias learns as well, by t at each mistake."
assert np.allclose(w, [3, 2]) and b == -4, (
    f"AND ends with w = (3, 2), b = -4; yours are {w} and {b}. "
    "Follow the first epoch of the worked example by hand: which line differs?"
)
assert num_epochs == 9, f"AND takes 9 epochs, the last one (without a mistake) included; you say {num_epochs}."
assert converged, "The last epoch on AND has no mistake, so converged is True."
w, b, num_epochs, converged = perceptron_fit(rows, t_xor, max_epochs=7)
assert num_epochs == 7, f"XOR never ends by itself: with max_epochs = 7 it takes 7 epochs; you say {num_epochs}."
assert not converged, "No line separates XOR, so every epoch has a mistake, and converged is False."

# %% hidden="perceptron-fit" points=1
# Points that a line separates, away from the origin; and small integers, among which scores of exactly 0 occur.
cases = []
for d in (1, 2, 3):
    w, offset = rng.normal(size=d), rng.normal(scale=2, size=d)
    x = rng.normal(size=(60, d)) + offset
    score = (x - offset) @ w
    x, t = x[abs(score) > 0.5], np.sign(score[abs(score) > 0.5]).astype(int)
    cases.append((x, t, 500))
for _ in range(2):
    x = rng.integers(-2, 3, size=(14, 2))
    score = x @ np.array([2, 1]) + 0.5 * int(rng.choice([-1, 1]))
    cases.append((x, np.sign(score).astype(int), 500))
wanted, results, befores = [], [], []
for x, t, most in cases:
    befores.append((x.copy(), t.copy()))
    wanted.append(reference.perceptron_fit(x.copy(), t.copy(), most))
    results.append(perceptron_fit(x, t, most))
for (x, t, most), got, want, before in zip(cases, results, wanted, befores):
    assert isinstance(got, tuple) and len(got) == 4
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-9)
    assert_equal(got[2:], want[2:])
    assert isinstance(got[0], np.ndarray) and got[0].dtype == np.float64
    assert_allclose(x, before[0], rtol=0)
    assert_allclose(t, before[1], rtol=0)

# %% hidden="perceptron-fit" points=1
# Points that no line separates; one epoch alone; max_epochs one above, at, and one below the number that is needed.
cases = []
for d in (2, 4):
    x = rng.integers(-3, 4, size=(12, d))  # integers: every way to add them up gives the same numbers
    x[6:] = x[:6]
    t = rng.choice([-1, 1], size=6)
    cases.append((x, np.concatenate([t, -t]), int(rng.integers(3, 12))))
x = rng.integers(-3, 4, size=(15, 2))
t = np.where(x @ np.array([1, -2]) + 1.5 > 0, 1, -1)
needed = reference.perceptron_fit(x, t, 500)[2]
cases += [(x, t, needed + 1), (x, t, needed), (x, t, max(needed - 1, 1)), (x, t, 1)]
wanted = [reference.perceptron_fit(x.copy(), t.copy(), most) for x, t, most in cases]
results = [perceptron_fit(x.copy(), t.copy(), max_epochs=most) for x, t, most in cases]
for got, want in zip(results, wanted):
    assert_equal(got[2:], want[2:])
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-9)

# %% [markdown]
r"""
## 2. Sigmoid and its slope

**Why.** A threshold says yes or no; the sigmoid $\sigma$ says how sure. Its formula fits on half a line, and the
half-line is wrong at both ends: on one side `exp` overflows, on the other the result is rounded to 1 and the slope,
which training needs, to 0. Large scores are common in training, so both ends matter.

**Write** `sigmoid_and_slope(z)`

- `z`: an array of float64 or of int64, of any shape with at least one axis.
- Returns the tuple `(p, slope)` of two float64 arrays of the shape of `z`: $p = \sigma(z)$ and its derivative.

**Formulas**, all of them exact in mathematics:

$$ \sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^{z}}{1 + e^{z}}, \qquad 1 - \sigma(z) = \sigma(-z), \qquad
\frac{d\sigma}{dz} = \sigma(z)\,\bigl(1 - \sigma(z)\bigr) $$

**How exact**: for $|z| \le 700$ each number of `p` and of `slope` has a *relative* error of at most $10^{-9}$: it is not
enough that $\sigma(-40)$ is near 0; it is 4.248e-18. For larger $|z|$, results below $10^{-300}$ count as 0.

**No warnings**: nothing may overflow, be divided by zero or become invalid on the way, even where the result is not
used. `sigmoid_strictly` below turns NumPy's warnings about these into errors, and calls your function. (What you need to
know: `np.exp` overflows above about 709.7; far below 0 it gives 0 without a warning. `1 + e` is exactly 1 in float64 where
`e` is below about 1e-16. `np.where(condition, a, b)` computes all of `a` *and* all of `b`, then chooses.) The caller's
`z` holds the same numbers afterwards.

**Worked numbers**: $\sigma(0) = 0.5$ with slope 0.25; $\sigma(\log 3) = 0.75$ with slope 0.1875; at $z = 40$, `p` is
1 to the last digit, and the slope 4.248e-18.
"""


# %% solution="sigmoid-and-slope" forbid="plainnet.sigmoid" demo="ORingCurve"
def sigmoid_and_slope(z):
    """Return (sigmoid of z, its derivative), exact at both ends."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # at most 1, whatever z
    larger, smaller = 1 / (1 + e), e / (1 + e)  # sigmoid of |z| and of -|z|
    return np.where(z >= 0, larger, smaller), larger * smaller
    ### END SOLUTION


# %%
def sigmoid_strictly(z):
    """Return sigmoid_and_slope(z); overflow, division by zero and invalid operations are errors here."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        return sigmoid_and_slope(z)


# %% test="sigmoid-and-slope" points=1
z = np.array([0.0, np.log(3), -np.log(3), 2.0])
result = sigmoid_and_slope(z)
assert isinstance(result, tuple) and len(result) == 2, f"Return two arrays, (p, slope); you returned {result!r}."
p, slope = result
assert isinstance(p, np.ndarray) and isinstance(slope, np.ndarray), f"p and slope are arrays; you returned {result!r}."
assert np.allclose(p, [0.5, 0.75, 0.25, 0.88079708], rtol=1e-7), (
    f"sigmoid of 0, log 3, -log 3 and 2 is 0.5, 0.75, 0.25 and 0.8808; yours is {p}."
)
assert not np.allclose(slope, z * (1 - z)), "In p(1 - p) stands p, the sigmoid, not its input z."
assert np.allclose(slope, [0.25, 0.1875, 0.1875, 0.10499359], rtol=1e-7), (
    f"The slope at 0, log 3, -log 3 and 2 is 0.25, 0.1875, 0.1875 and 0.1050; yours is {slope}."
)
p, slope = sigmoid_and_slope(np.array([-40.0, 40.0]))
assert np.isclose(p[0], 4.248354255291589e-18, rtol=1e-9, atol=0), (
    f"sigmoid(-40) is 4.248e-18; yours is {p[0]}. A small number that was added to 1, or taken from it, is lost; so is what was cut off."
)
assert np.allclose(slope, 4.248354255291589e-18, rtol=1e-9, atol=0), (
    f"The slope at -40 and at 40 is 4.248e-18; yours is {slope}. At 40, p is rounded to 1: where else is 1 - p to be had?"
)
try:
    p, slope = sigmoid_strictly(np.array([-1000.0, 0.0, 1000.0]))
except FloatingPointError as error:
    raise AssertionError(f"At z = -1000, 0, 1000: {error}. What is handed to np.exp there?") from None
assert np.allclose(p, [0, 0.5, 1]) and np.allclose(slope, [0, 0.25, 0]), f"At -1000, 0, 1000 you give {p}, {slope}."

# %% hidden="sigmoid-and-slope" points=1
# Usual numbers, integers, both tails; then the same under strict arithmetic. First all calls, then all checks.
tails = rng.uniform(20, 700, size=6)
inputs = [
    rng.normal(scale=3, size=(2, 3)),
    rng.integers(-6, 7, size=5),
    np.concatenate([tails, -tails, [0.0, 36.0, -36.0]]),
    rng.uniform(-30, 30, size=(2, 1, 4)),
    np.array([1.0, -1.0, 1.0, -1.0]) * rng.uniform(750, 5000, size=4),
    np.array([1e5, -1e5, 1e200, -1e200, 1e300, -1e300]) * rng.uniform(1, 2),
]
befores = [z.copy() for z in inputs]
wanted = [reference.sigmoid_and_slope(z.copy()) for z in inputs]
results = [sigmoid_and_slope(z) for z in inputs]
for got, want, z, before in zip(results, wanted, inputs, befores):
    assert isinstance(got, tuple) and len(got) == 2
    for have, right in zip(got, want):  # a relative error of 1e-9 is an absolute one of the logarithm
        assert isinstance(have, np.ndarray) and have.dtype == np.float64
        assert_allclose(np.log(np.maximum(have, 1e-300)), np.log(np.maximum(right, 1e-300)), rtol=0, atol=1e-9)
    assert_allclose(z, before, rtol=0)
strict = [sigmoid_strictly(before) for before in befores]
for got, want in zip(strict, wanted):
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-300)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-300)

# %% [markdown]
r"""
## 3. The logistic loss

**Why.** How bad is a predicted probability $p$ when the event came, or did not? The loss of logistic regression is
$-\log$ of the probability that was given to what really happened. A unit that was sure and wrong pays dearly, and its
gradient must still be right then: that is when it has most to learn. So we never go by way of $p$, which is rounded to
0 or 1, but straight from the score $z$ (the *logit*) to the loss.

**Write** `logistic_loss(z, t, g=1.0)`

- `z`: an array (N,) of floats, the logits. `t`: an array (N,) of integers, each 0 or 1. `g`: a number, the upstream
  gradient $\partial L / \partial\,\mathrm{loss}$ of chapter 1: think of the loss as one step of a longer computation
  that ends in $L$.
- Returns the tuple `(loss, grad_z)`: a number, and the array (N,) of
  $\partial L/\partial z_i = g \cdot \partial\,\mathrm{loss}/\partial z_i$. The returned loss does not depend on `g`.

**Formula and convention**: the *mean* over the samples, natural logarithm,

$$ \mathrm{loss} = \frac{1}{N} \sum_i \bigl(-t_i \log p_i - (1 - t_i) \log (1 - p_i)\bigr), \qquad p_i = \sigma(z_i) $$

**How exact**: loss and gradient are right for $|z|$ up to $10^{300}$, within a relative $10^{-9}$ or an absolute
$10^{-12}$: at $z = 1000$ with $t = 0$ the loss is 1000, not infinite and not 27.6, and nothing overflows on the way
(`loss_strictly` below turns NumPy's warnings into errors). A tool for it, with $s(z) = \log(1 + e^{z})$: since
$1 - p = \sigma(-z)$, both logarithms can be said with $s$, for instance $-\log p = s(-z)$; and
$s(z) = \max(z, 0) + \log(1 + e^{-|z|})$ holds for every $z$.

**The gradient** by the chain rule:

$$ \frac{\partial\,\mathrm{loss}}{\partial z_i} = \frac{\partial\,\mathrm{loss}}{\partial p_i} \cdot \frac{dp_i}{dz_i} $$

The first factor has $p_i(1 - p_i)$ below the fraction line, the second *is* $p_i(1 - p_i)$.
Cancel on paper, not in code: what is left is so simple that it needs no care, besides a stable $\sigma$. (You may call
your exercise 2; a mistake in it then shows here too.) `z` and `t` hold the same numbers afterwards.

**Worked numbers**: for $z = (0, 2)$, $t = (1, 0)$ the loss is $(0.693147 + 2.126928)/2 = 1.410038$, and the gradient
$(-0.25,\ 0.440399)$. Where nothing is known, $p = 1/2$, each sample costs $\log 2 = 0.693147$.
"""


# %% solution="logistic-loss" forbid="plainnet.bce_with_logits, plainnet.losses.binary_cross_entropy" demo="ORingCurve"
def logistic_loss(z, t, g=1.0):
    """Return (mean loss, dL/dz) for logits z and labels t, where g = dL/d(loss)."""
    ### BEGIN SOLUTION
    softplus = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    loss = np.mean(softplus - t * z)
    p = np.exp(z - softplus)
    return loss, g * (p - t) / len(z)
    ### END SOLUTION


# %%
def loss_strictly(z, t, g=1.0):
    """Return logistic_loss(z, t, g); overflow, division by zero and invalid operations are errors here."""
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        return logistic_loss(z, t, g)


# %% test="logistic-loss" points=1
result = logistic_loss(np.array([0.0, 2.0]), np.array([1, 0]))
assert isinstance(result, tuple) and len(result) == 2, f"Return (loss, grad_z); you returned {result!r}."
loss, grad_z = result
assert not np.isclose(loss, 2 * 1.4100375958), "This is the sum over the samples: the convention is the mean."
assert np.isclose(loss, 1.4100375958, rtol=1e-9), f"The loss of z = (0, 2), t = (1, 0) is 1.410038; yours is {loss}."
assert np.shape(grad_z) == (2,), f"The gradient has the shape of z, (2,); yours has {np.shape(grad_z)}."
assert not np.allclose(grad_z, [-0.5, 0.8807970780]), "The loss is a mean, so its gradient is divided by N, too."
assert np.allclose(grad_z, [-0.25, 0.4403985390], rtol=1e-9), (
    f"The gradient at z = (0, 2), t = (1, 0) is (-0.25, 0.440399); yours is {grad_z}."
)
loss, scaled = logistic_loss(np.array([0.0, 2.0]), np.array([1, 0]), g=-3.0)
assert np.isclose(loss, 1.4100375958, rtol=1e-9), f"The loss has nothing to do with g; with g = -3 yours is {loss}."
assert np.allclose(scaled, [0.75, -1.3211956170], rtol=1e-9), (
    f"g = -3 multiplies the gradient by -3; yours is {scaled}."
)
scaled = logistic_loss(np.array([0.0, 2.0]), np.array([1, 0]), g=0.0)[1]
assert isinstance(scaled, np.ndarray) and not scaled.any(), f"g = 0 makes an array of zeros; yours is {scaled!r}."
try:
    loss, grad_z = loss_strictly(np.array([1000.0, -1000.0]), np.array([0, 0]))
except FloatingPointError as error:
    raise AssertionError(f"At z = (1000, -1000): {error}. The tool in the text never overflows.") from None
assert np.isclose(loss, 500), (
    f"At z = (1000, -1000) with t = (0, 0) the losses are 1000 and 0, mean 500; yours is {loss}."
)
assert np.allclose(grad_z, [0.5, 0]), f"There the gradient is (0.5, 0); yours is {grad_z}."

# %% hidden="logistic-loss" points=1
# One sample and many, random upstream gradients, sure and wrong, sure and right; then under strict arithmetic.
cases = []
for n in (1, 7, 12):
    cases.append((rng.normal(scale=3, size=n), rng.integers(0, 2, size=n), float(rng.normal())))
cases.append((rng.normal(size=4), rng.integers(0, 2, size=4), 0.0))
for size in (30, 45, 2000, 1e6, 1e300):
    t = np.array([0, 0, 1, 1, int(rng.integers(2))])
    cases.append((size * np.array([1.0, -1.0, 1.0, -1.0, rng.uniform(-1, 1)]), t, float(rng.normal())))
wanted = [reference.logistic_loss(z.copy(), t.copy(), g) for z, t, g in cases]
befores = [(z.copy(), t.copy()) for z, t, _ in cases]
results = [logistic_loss(z, t, g) for z, t, g in cases]
for got, want, (z, t, _), before in zip(results, wanted, cases, befores):
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert isinstance(got[1], np.ndarray)
    assert_allclose(z, before[0], rtol=0)
    assert_allclose(t, before[1], rtol=0)
strict = [loss_strictly(z, t, g) for (z, t), (_, _, g) in zip(befores, cases)]
for got, want in zip(strict, wanted):
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 4. Logistic regression on the O-rings

**Why.** On the morning of 28 January 1986 the joints of the Challenger's boosters were at about 31 °F. The evening before,
engineers had asked whether the rubber rings that seal these joints would hold in the cold. There had been 23 flights
whose rings were inspected afterwards; on 7 of them a ring was damaged. You fit the probability of damage against the
temperature, and meet the reason why inputs are standardised: on raw °F gradient descent would need hundreds of thousands
of steps.

`temperature` (23, 1), in °F, and `damaged` (23,), 1 for damage, are there from the next cell on.

**Write** `fit_logistic(x, t, lr, num_steps)`

- `x`: an array (N, D) of float64, no column of which is constant. `t`: an array (N,) of integers, each 0 or 1.
- `lr`: a positive number. `num_steps`: an integer, at least 1.
- Returns the tuple `(w, b)`: an array (D,) of float64, and a number, **in the units of `x`**: the model's
  probability for a row $x_i$, as the caller gives it, is $\sigma(x_i \cdot w + b)$.

**Convention**, in three parts:

1. *Standardise* each column on its own: $s_{ij} = (x_{ij} - \mu_j) / d_j$ with the column's mean $\mu_j$ and its standard
   deviation $d_j$, the root of the mean squared deviation (divided by N, as `np.std` does).
2. *Descend* on the mean logistic loss of exercise 3, all samples in each step, from $v = 0$ and $c = 0$: first all
   $p_i = \sigma(s_i \cdot v + c)$, then, with these $p_i$ in both, the two updates below.
3. *Translate back*: find $w$ and $b$ with $x_i \cdot w + b = s_i \cdot v + c$ for every row. Put the formula for
   $s_{ij}$ into the right side and collect what multiplies $x_{ij}$; the rest is $b$.

$$ v_j \leftarrow v_j - \mathrm{lr} \cdot \frac{1}{N} \sum_i (p_i - t_i)\,s_{ij}, \qquad
c \leftarrow c - \mathrm{lr} \cdot \frac{1}{N} \sum_i (p_i - t_i) $$

The scores stay moderate here, so the plain formula $1 / (1 + e^{-z})$ is good enough. `x` and `t` hold the same numbers
afterwards.

**Worked numbers**: on the O-rings, one step with `lr=1` gives $w = -0.037381$ per °F, $b = 2.404762$. After 2000 steps
$w = -0.232163$, $b = 15.042902$: the maximum of the likelihood, the same that statistics programs print. Ten degrees
colder multiply the odds $p/(1-p)$ by $e^{2.32} \approx 10$.
"""

# %%
temperature, damaged = data.challenger()
temperature = temperature.astype(np.float64)  # (23, 1), °F


# %% solution="fit-logistic" demo="ORingCurve"
def fit_logistic(x, t, lr, num_steps):
    """Return (w, b) of a logistic regression in the units of x, found by gradient descent on standardised x."""
    ### BEGIN SOLUTION
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std  # (N, D)
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        p = 1 / (1 + np.exp(-(s @ v + c)))
        difference = (p - t) / len(t)
        v = v - lr * s.T @ difference
        c = c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean
    ### END SOLUTION


# %% test="fit-logistic" points=1
result = fit_logistic(temperature, damaged, lr=1.0, num_steps=1)
assert isinstance(result, tuple) and len(result) == 2, f"Return (w, b); you returned {result!r}."
w, b = result
assert isinstance(w, np.ndarray), f"w is an array; yours is a {type(w).__name__}."
assert np.shape(w) == (1,) and np.ndim(b) == 0, (
    f"x has one column, so w has the shape (1,), and b is a number; yours have the shapes {np.shape(w)} and {np.shape(b)}."
)
assert not np.isclose(w[0], -15.391304, rtol=1e-3), "This is a step on raw °F: standardise the inputs first."
assert not np.isclose(w[0], -0.8597619, rtol=1e-3), "The gradient is that of a mean: divide the sums by N, here 23."
assert w[0] < 0, f"Colder means more damage, so w is negative; yours is {w[0]}. Does your step go down the loss?"
assert not np.isclose(w[0], -0.25800, rtol=1e-3), "This w belongs to standardised inputs: translate it back to °F."
assert np.isclose(w[0], -0.0373809524, rtol=1e-6), f"After one step with lr = 1, w is -0.037381; yours is {w[0]}."
assert not np.isclose(b, 2.4049711, rtol=1e-6), (
    "Both updates use the same p, which is computed before either of them; yours moves v first, and then computes p anew."
)
assert np.isclose(b, 2.4047619048, rtol=1e-6), (
    f"After one step with lr = 1, b is 2.404762; yours is {b}. What happens to b when s = (x - mean) / std is put in?"
)
w, b = fit_logistic(temperature, damaged, lr=1.0, num_steps=2000)
assert np.allclose([w[0], b], [-0.23216274, 15.04290165], rtol=1e-4), (
    f"After 2000 steps w = -0.2322 and b = 15.043; yours are {w[0]:.4f} and {b:.4f}."
)

# %% hidden="fit-logistic" points=1
# A few exact steps, on one to three columns of very different scales.
cases = []
for n, d, steps in [(11, 1, 1), (14, 2, 3), (17, 3, 5), (12, 2, 2)]:
    x = rng.normal(size=(n, d)) * rng.uniform(0.3, 20, size=d) + rng.normal(scale=10, size=d)
    cases.append((x, rng.permutation(np.arange(n) % 2), float(rng.uniform(0.2, 1.5)), steps))
wanted = [reference.fit_logistic(x.copy(), t.copy(), lr, steps) for x, t, lr, steps in cases]
befores = [(x.copy(), t.copy()) for x, t, _, _ in cases]
results = [fit_logistic(*case) for case in cases]
for got, want, case, before in zip(results, wanted, cases, befores):
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-8, atol=1e-10)
    assert_allclose(got[1], want[1], rtol=1e-8, atol=1e-10)
    assert isinstance(got[0], np.ndarray)
    assert_allclose(case[0], before[0], rtol=0)
    assert_allclose(case[1], before[1], rtol=0)

# %% hidden="fit-logistic" points=1
# The O-rings without one flight, and with a second column. (With more steps, answers that diverge would do so in chaos.)
keep = np.arange(23) != rng.integers(23)
x, t = temperature[keep], damaged[keep]
two = np.hstack([x, rng.uniform(50, 200, size=(22, 1))])
wanted = [reference.fit_logistic(part, t, 1.0, 30) for part in (x, two)]
results = [fit_logistic(part.copy(), t.copy(), 1.0, 30) for part in (x, two)]
for got, want in zip(results, wanted):
    assert_allclose(got[0], want[0], rtol=1e-6, atol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-6, atol=1e-9)

# %% [markdown]
r"""
## 5. A straight line by gradient descent

**Why.** Take the sigmoid away and the same unit is a *linear regression*. A deck (the decks are slides of
older courses, which this course follows and corrects) trains one with PyTorch in 27 lines and prints the error before each step. You
reproduce its printout to the last digit, without PyTorch.

**Write** `fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0)`

- `x`, `t`: arrays (N,) of floats: inputs and targets. `lr`: a positive number. `num_steps`: an integer, at least 1.
- `w`, `b`: numbers, where the line $y = w x + b$ starts.
- Returns the tuple `(w, b, errors)`: the two numbers after the last step, and a list of `num_steps` numbers.

**Convention** (the deck's): the error is the *sum* of squares, without a half and without a mean,

$$ E(w, b) = \sum_i (w x_i + b - t_i)^2 $$

A step first computes $E$ and appends it to `errors`; then it computes both gradients,
$\partial E/\partial w$ and $\partial E/\partial b$, at the same $(w, b)$; then it moves both,
$w \leftarrow w - \mathrm{lr}\,\partial E/\partial w$ and $b \leftarrow b - \mathrm{lr}\,\partial E/\partial b$. Gradients
start afresh in each step. Derive the two gradients with the chain rule; mind the factor that the square brings. (Two
slides later the deck writes $w \leftarrow w + \lambda\,\partial E/\partial w$. That is a slip: with a plus the error
climbs.) `x` and `t` hold the same numbers afterwards.

**Worked numbers**: $x = -5, -4, \dots, 4$ and $t = 3x + 4$, from $w = b = 1$ with `lr=0.01`: the errors begin 370,
199.05, 108.6945, and after 25 steps $w = 2.999343$, $b = 3.985493$. The deck prints them as 3.00 and 3.99.
"""


# %% solution="fit-line" demo="ORingCurve"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    """Return (w, b, the error before each step) of gradient descent on the sum of squares."""
    ### BEGIN SOLUTION
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(float(np.sum(difference**2)))
        grad_w, grad_b = 2 * np.sum(difference * x), 2 * np.sum(difference)
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b, errors
    ### END SOLUTION


# %% test="fit-line" points=1
x = np.arange(-5.0, 5.0)
result = fit_line(x, 3 * x + 4)
assert isinstance(result, tuple) and len(result) == 3, f"Return (w, b, errors); you returned {result!r}."
w, b, errors = result
assert isinstance(errors, list), f"errors is a list; yours is of the class {type(errors).__name__}."
assert len(errors) == 25, f"25 steps make 25 errors, each taken before its step; you have {len(errors)}."
assert errors[0] != 37, "E is the sum of squares, not their mean."
assert errors[0] != 185, "E is the sum of squares without a half."
assert np.isclose(errors[0], 370), f"Before the first step the error is 370; yours is {errors[0]}."
assert errors[1] < errors[0], f"The second error, {errors[1]}, is above the first: which sign takes you down?"
assert np.isclose(errors[1], 199.05), (
    f"Before the second step the error is 199.05; yours is {errors[1]}. Is the 2 there that the square brings? "
    "Are both gradients computed before anything moves?"
)
assert np.allclose([errors[2], errors[-1]], [108.6945, 0.0031480566], rtol=1e-6), (
    f"The third error is 108.6945, the last 0.003148; yours are {errors[2]} and {errors[-1]}."
)
assert np.allclose([w, b], [2.9993428971, 3.9854929551], rtol=1e-8), (
    f"The line ends at w = 2.999343, b = 3.985493; yours at {w}, {b}."
)
errors = fit_line(x, 3 * x + 4, w=0.0, b=0.0)[2]
assert np.isclose(errors[0], 805), f"From w = b = 0 the first error is the sum of t squared, 805; yours is {errors[0]}."

# %% hidden="fit-line" points=1
cases = []
for n, steps in [(5, 4), (9, 7), (1, 3), (6, 1)]:
    x = rng.normal(size=n) + rng.normal()
    t = rng.normal() * x + rng.normal() + 0.3 * rng.normal(size=n)
    start = dict(zip("wb", rng.normal(size=2).tolist()))
    cases.append((x, t, {"lr": float(rng.uniform(0.005, 0.03)), "num_steps": steps, **start}))
x, t = rng.uniform(1, 3, size=8), rng.normal(size=8)
cases.append((x, t, {"lr": 0.01, "num_steps": 3, "w": 0.0, "b": 0.0}))
cases.append((x, t, {"lr": 0.2, "num_steps": 5}))  # far above the border: the error grows
wanted = [reference.fit_line(x.copy(), t.copy(), **options) for x, t, options in cases]
befores = [(x.copy(), t.copy()) for x, t, _ in cases]
results = [fit_line(x, t, **options) for x, t, options in cases]
for got, want, (x, t, _), before in zip(results, wanted, cases, befores):
    assert isinstance(got, tuple) and len(got) == 3 and isinstance(got[2], list)
    assert_allclose(got[2], want[2], rtol=1e-9, atol=1e-12)
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert_allclose(x, before[0], rtol=0)
    assert_allclose(t, before[1], rtol=0)

# %% [markdown]
r"""
## 6. The largest learning rate

**Why.** With `lr=0.01` the line of exercise 5 arrives; with `lr=0.013` the error grows without limit. Where is the
border? For a sum of squares it can be computed before the first step, from the inputs alone.

**Write** `max_stable_lr(x)`

- `x`: an array (N,) of floats, not all equal.
- Returns a number: the learning rate below which gradient descent on the $E(w, b)$ of exercise 5 converges from every
  start, and above which it diverges from almost every one.

**What you need**: $E$ is quadratic in $(w, b)$, so its second derivatives are constants. They form the 2 × 2 matrix $H$,
the *Hessian*:

$$ H = \begin{pmatrix} \dfrac{\partial^2 E}{\partial w^2} & \dfrac{\partial^2 E}{\partial w\,\partial b} \\[2ex]
\dfrac{\partial^2 E}{\partial b\,\partial w} & \dfrac{\partial^2 E}{\partial b^2} \end{pmatrix} $$

Differentiate $E$ twice to get its entries: sums over the $x_i$, and each keeps the factor 2 of the square. $H$ has two
eigenvalues $\lambda$, both positive (`np.linalg.eigvalsh(H)` returns the eigenvalues of a symmetric matrix). Seen along
an eigenvector, the distance to the minimum is multiplied in each step by

$$ 1 - \mathrm{lr} \cdot \lambda $$

which shrinks it as long as that number lies between $-1$ and 1. It has to do so along *both* eigenvectors.

**Worked numbers**: for $x = -5, \dots, 4$ the diagonal of $H$ is 170, 20, the eigenvalues are 19.336 and 170.664, and
the border is 0.011719.
"""


# %% solution="max-stable-lr" demo="ORingCurve"
def max_stable_lr(x):
    """Return the learning rate at which gradient descent on the sum of squares of w x + b - t starts to diverge."""
    ### BEGIN SOLUTION
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian).max()
    ### END SOLUTION


# %% test="max-stable-lr" points=1
border = max_stable_lr(np.arange(-5.0, 5.0))
assert np.ndim(border) == 0, f"The result is one number; yours has the shape {np.shape(border)}."
assert not np.isclose(border, 0.0117647, rtol=1e-4), (
    "0.011765 would be right if w alone moved. But b moves too, and the two are coupled: what is the entry of H off the diagonal?"
)
assert not np.isclose(border, 2 * 0.0117190, rtol=1e-4), "Twice too large: does H have the factor 2 of the square?"
assert not np.isclose(border, 0.0117190 / 2, rtol=1e-4), (
    "Half of the border: there the factor is 0. How far below 0 may it go before the distance grows?"
)
assert not np.isclose(border, 0.1034326, rtol=1e-4), (
    "This border belongs to the smaller eigenvalue alone; along the other eigenvector the distance grows long before."
)
assert not np.isclose(border, 0.0117218, rtol=2e-5), "The last entry of H: is the factor 2 of the square there too?"
assert not np.isclose(border, 0.0117532, rtol=1e-4), (
    "The entries of H off the diagonal: is the factor 2 of the square there?"
)
assert np.isclose(border, 0.0117189517, rtol=1e-6), f"For x = -5, ..., 4 the border is 0.011719; yours is {border}."
even = max_stable_lr(np.array([-1.0, 1.0]))
assert np.isclose(even, 0.5), f"For x = (-1, 1) both eigenvalues are 4, and the border is 0.5; yours is {even}."
for lr, grows in [(0.99 * border, False), (1.01 * border, True)]:  # try it: from w = b = 0 towards w = b = 1
    x, w, b = np.arange(-5.0, 5.0), 0.0, 0.0
    for _ in range(2000):
        gap = w * x + b - (x + 1)
        w, b = w - lr * 2 * np.sum(gap * x), b - lr * 2 * np.sum(gap)
    assert (abs(w) > 1000) == grows, f"With lr = {lr:.5f} gradient descent ends at w = {w:.3g}."

# %% hidden="max-stable-lr" points=1
# Few and many inputs; some far from zero, where the two eigenvalues differ by orders of magnitude.
inputs = [
    rng.normal(size=n) * rng.uniform(0.1, 3) + centre for n, centre in [(3, 0), (8, 2), (5, -10), (20, 0.5), (2, 1)]
]
inputs.append(0.2 * rng.normal(size=7))
inputs += [rng.uniform(0.3, 1) * np.array([-1.0, 0.0, 1.0]), rng.uniform(2, 3) * np.array([-1.0, 0.0, 1.0])]  # sum 0
inputs.append(np.array([-1.0, 1.0, 1.0, -1.0]))  # equal eigenvalues
wanted = [reference.max_stable_lr(x.copy()) for x in inputs]
results = [max_stable_lr(x.copy()) for x in inputs]
for got, want in zip(results, wanted):
    assert_allclose(got, want, rtol=1e-6)

# %% [markdown]
r"""
## 7. Hits, misses and F1

**Why.** "No ring will ever be damaged" is right on 16 of 23 flights: an accuracy of 70 %, and worthless. When one class
is rare or matters more, count the four kinds of outcome, and judge by what was found among what matters.

**Write** `f1_at(p, t, threshold=0.5)`

- `p`: an array (N,) of floats, the predicted probabilities of class 1. `t`: an array (N,) of integers, each 0 or 1.
- `threshold`: a number.
- Returns the tuple `(tp, fp, fn, tn, f1)`: four integers and a float.

**Convention**: the prediction is 1 where $p \ge$ `threshold` (equal counts), else 0. *Positive* and *negative* speak of
the prediction, *true* and *false* say whether it is right:

| | predicted 1 | predicted 0 |
|---|---|---|
| $t = 1$ | `tp`, true positives | `fn`, false negatives |
| $t = 0$ | `fp`, false positives | `tn`, true negatives |

$$ \mathrm{precision} = \frac{tp}{tp + fp}, \qquad \mathrm{recall} = \frac{tp}{tp + fn}, \qquad
F_1 = \frac{2 \cdot \mathrm{precision} \cdot \mathrm{recall}}{\mathrm{precision} + \mathrm{recall}} $$

Where a fraction would be 0/0, because nothing was predicted 1, nothing *is* 1, or there is no hit, $F_1$ is 0.0.
`p` and `t` hold the same numbers afterwards.

**Worked numbers**: the fit of exercise 4 says 1/2 at 64.8 °F, so with the threshold 0.5 the model predicts damage for
the four coldest flights, 53, 57, 58 and 63 °F. All four were damaged; three damaged ones (70, 70 and 75 °F) are
missed: $(tp, fp, fn, tn) = (4, 0, 3, 16)$, precision 1, recall 4/7, $F_1 = 8/11 = 0.727273$. "Never" has
$F_1 = 0$.
"""


# %% solution="f1-at" forbid="plainnet.metrics.f1, plainnet.metrics.confusion_matrix" demo="ORingCurve"
def f1_at(p, t, threshold=0.5):
    """Return (true positives, false positives, false negatives, true negatives, F1), predicting 1 where p >= threshold."""
    ### BEGIN SOLUTION
    predicted, actual = p >= threshold, t == 1
    tp = int(np.sum(predicted & actual))
    fp = int(np.sum(predicted & ~actual))
    fn = int(np.sum(~predicted & actual))
    tn = int(np.sum(~predicted & ~actual))
    f1 = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    return tp, fp, fn, tn, f1
    ### END SOLUTION


# %% test="f1-at" points=1
p_cold = 1 / (1 + np.exp(-(15.0429 - 0.232163 * temperature[:, 0])))  # exercise 4's fit, ready made
result = f1_at(p_cold, damaged)
assert isinstance(result, tuple) and len(result) == 5, (
    f"Return five things, (tp, fp, fn, tn, f1); you returned {result!r}."
)
assert result[:4] != (4, 3, 0, 16), "fp and fn are swapped: the second word, positive or negative, is the prediction."
assert result[:4] == (4, 0, 3, 16), f"On the O-rings (tp, fp, fn, tn) = (4, 0, 3, 16); yours are {result[:4]}."
assert not np.isclose(result[4], 20 / 23), "This is the accuracy, which the 16 true negatives make look good."
assert not np.isclose(result[4], 11 / 14), "F1 is the harmonic mean of precision and recall, not the arithmetic one."
assert np.isclose(result[4], 8 / 11), f"With precision 1 and recall 4/7, F1 is 8/11 = 0.727273; yours is {result[4]}."
assert all(isinstance(n, int | np.integer) for n in result[:4]), f"Four integers come first; yours are {result[:4]}."
never = f1_at(np.zeros(23), damaged)
assert never[:4] == (0, 0, 7, 16) and never[4] == 0, f"Never predicting 1 gives (0, 0, 7, 16, 0.0); you return {never}."
assert f1_at(np.array([0.5, 0.2]), np.array([1, 0]))[0] == 1, (
    "p = 0.5 at the threshold 0.5 is predicted 1: equal counts."
)
assert f1_at(np.array([0.0, 0.2]), np.array([1, 0]), threshold=0)[:2] == (1, 1), (
    "At the threshold 0 every probability is predicted 1."
)

# %% hidden="f1-at" points=1
cases = []
for n, share in [(12, 0.5), (25, 0.2), (9, 0.8)]:
    p = np.round(rng.random(n), 1)  # one digit, so that some meet the threshold exactly
    cases.append((p, (rng.random(n) < share).astype(int), float(rng.choice(p))))
cases.append((rng.uniform(0.1, 0.9, size=8), np.array([0, 1, 1, 0, 1, 0, 0, 1]), 0.95))  # nothing predicted 1
cases.append((rng.uniform(0.1, 0.4, size=6), np.zeros(6, int), 0.3))  # nothing is 1
cases.append((np.array([0.9, 0.8, 0.1]), np.array([0, 0, 1]), 0.5))  # no hit
cases.append((np.array([0.1, 0.2]), np.array([0, 0]), 0.5))  # neither predicted nor there
cases.append((rng.uniform(0.6, 0.9, size=7), np.ones(7, int), 0.5))
cases.append((np.round(rng.random(8), 1) * np.array([0, 1, 1, 1, 0, 1, 1, 1]), rng.permutation(np.arange(8) % 2), 0.0))
edge = float(rng.uniform(0.3, 0.7))  # as near to the threshold as numbers come
cases.append(
    (np.array([edge, np.nextafter(edge, 0), np.nextafter(edge, 1), edge - 1e-4]), np.array([1, 0, 1, 1]), edge)
)
wanted = [reference.f1_at(p.copy(), t.copy(), threshold) for p, t, threshold in cases]
befores = [(p.copy(), t.copy()) for p, t, _ in cases]
results = [f1_at(p, t, threshold) for p, t, threshold in cases]
for got, want, (p, t, _), before in zip(results, wanted, cases, befores):
    assert isinstance(got, tuple) and len(got) == 5
    assert_equal(got[:4], want[:4])
    assert all(isinstance(n, int | np.integer) for n in got[:4])
    assert_allclose(got[4], want[4], rtol=1e-9)
    assert_allclose(p, before[0], rtol=0)
    assert_allclose(t, before[1], rtol=0)

# %% [markdown]
r"""
## 8. The ROC curve and its area

**Why.** F1 needs a threshold, and who says that it should be 0.5? Move it through all values, and draw how many of the
positives you find against how many false alarms you pay: the *receiver operating characteristic*, from the days of
radar. Its area judges the *ranking* alone.

**Write** `roc_curve(score, t)`

- `score`: an array (N,) of floats, larger where class 1 is more likely; any real numbers, some may be equal.
  `t`: an array (N,) of integers, each 0 or 1, both present.
- Returns the tuple `(fpr, tpr, area)`: two float64 arrays of one length, and a number.

**Convention**: the threshold starts above the highest score, where nothing is predicted 1: the point (0, 0). Then it
takes each *different* score once, from the highest to the lowest, and predicts 1 where `score` $\ge$ threshold. Each gives
one point

$$ \mathrm{fpr} = \frac{fp}{\text{number of samples with } t = 0}, \qquad \mathrm{tpr} = \frac{tp}{\text{number of samples with } t = 1} $$

So the curve has one point more than there are different scores, and ends at (1, 1). **Equal scores enter together**: no
threshold tells them apart, so the curve crosses a tie in one straight, slanting line. `area` is the area below the curve
of straight lines: the sum over its pieces of width times mean height. `score` and `t` hold the same numbers
afterwards.

**Worked example**: `score` = (0.9, 0.8, 0.8, 0.3), `t` = (1, 1, 0, 0): `fpr` = (0, 0, 0.5, 1), `tpr` = (0, 0.5, 1, 1),
area 0 + 0.375 + 0.5 = 0.875. That is the chance that a random positive scores higher than a random negative, a tie
counting half: of the four pairs three are in order, and one is tied, 3.5/4. On the O-rings with the score $-$temperature
the area is 0.78125.

`np.unique(score)` returns the different scores, smallest first.
"""


# %% solution="roc-curve" forbid="plainnet.metrics.roc_auc" demo="ORingCurve"
def roc_curve(score, t):
    """Return (false positive rates, true positive rates, area below the curve), one point a threshold."""
    ### BEGIN SOLUTION
    fpr, tpr = [0.0], [0.0]
    for threshold in np.unique(score)[::-1]:
        predicted = score >= threshold
        fpr.append(np.mean(predicted[t == 0]))
        tpr.append(np.mean(predicted[t == 1]))
    fpr, tpr = np.array(fpr), np.array(tpr)
    area = np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)
    return fpr, tpr, area
    ### END SOLUTION


# %% test="roc-curve" points=1
result = roc_curve(np.array([0.9, 0.8, 0.8, 0.3]), np.array([1, 1, 0, 0]))
assert isinstance(result, tuple) and len(result) == 3, f"Return (fpr, tpr, area); you returned {result!r}."
fpr, tpr, area = result
assert isinstance(fpr, np.ndarray) and isinstance(tpr, np.ndarray), f"fpr and tpr are arrays; you returned {result!r}."
assert len(fpr) == 4 and len(tpr) == 4, (
    f"Three different scores and the start (0, 0) make four points; you have {len(fpr)}. "
    "Does each of two equal scores get a point of its own?"
)
assert fpr[0] == 0 and tpr[0] == 0, "The curve starts at (0, 0), where the threshold lies above all scores."
assert fpr[-1] == 1 and tpr[-1] == 1, "The curve ends at (1, 1), where everything is predicted 1."
assert not (np.allclose(fpr, [0, 0.5, 1, 1]) and np.allclose(tpr, [0, 0, 0.5, 1])), "fpr and tpr are swapped."
assert np.allclose(fpr, [0, 0, 0.5, 1]), f"fpr is (0, 0, 0.5, 1); yours is {fpr}. What is it divided by?"
assert np.allclose(tpr, [0, 0.5, 1, 1]), f"tpr is (0, 0.5, 1, 1); yours is {tpr}. What is it divided by?"
assert np.isclose(area, 0.875), f"The area is 0.875; yours is {area}. A slanting piece has the mean of its two heights."
fpr, tpr, area = roc_curve(np.array([9.0, 8.0, 8.0, 3.0]), np.array([1, 1, 0, 0]))
assert len(fpr) == 4 and fpr[0] == 0 and tpr[0] == 0, (
    f"Scores may be any numbers: (9, 8, 8, 3) has the curve of (0.9, 0.8, 0.8, 0.3); yours starts at ({fpr[0]}, {tpr[0]}). "
    "Which threshold lies above all of them?"
)
fpr, tpr, area = roc_curve(np.array([-1e20, -2e20, -2e20, -3e20]), np.array([1, 1, 0, 0]))
assert len(fpr) == 4 and fpr[0] == 0 and tpr[0] == 0, (
    f"So has (-1e20, -2e20, -2e20, -3e20); yours starts at ({fpr[0]}, {tpr[0]}): there 1 more changes nothing."
)
area = roc_curve(-temperature[:, 0], damaged)[2]
assert np.isclose(area, 0.78125), f"The area of the O-rings by -temperature is 0.78125; yours is {area}."

# %% hidden="roc-curve" points=1
# Scores with and without ties, of any size; one positive among many; all scores equal.
cases = []
for n, digits in [(10, 6), (14, 0), (30, 1)]:
    cases.append((np.round(2 * rng.normal(size=n), digits), rng.permutation(np.arange(n) % 3 == 0).astype(int)))
cases.append((rng.normal(size=9), np.eye(9, dtype=int)[rng.integers(9)]))
cases.append((np.full(5, float(rng.normal())), np.array([0, 1, 0, 1, 1])))
cases.append((1e-3 * rng.integers(-3, 4, size=12), rng.permutation(np.arange(12) % 2)))
for size in (1e200, 1e-12):  # all below 0, among them nearly equal ones
    cases.append((size * -np.append(rng.uniform(1, 2, size=8), [3, 3, 3.0001]), rng.permutation(np.arange(11) % 2)))
wanted = [reference.roc_curve(score.copy(), t.copy()) for score, t in cases]
befores = [(score.copy(), t.copy()) for score, t in cases]
results = [roc_curve(score, t) for score, t in cases]
for got, want, (score, t), before in zip(results, wanted, cases, befores):
    assert isinstance(got, tuple) and len(got) == 3
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert_allclose(got[2], want[2], rtol=1e-9, atol=1e-12)
    assert all(isinstance(rates, np.ndarray) for rates in got[:2])
    assert_allclose(score, before[0], rtol=0)
    assert_allclose(t, before[1], rtol=0)

# %% [markdown]
r"""
## 9. A question that needs a run

At which temperature, in °F, does the logistic regression on the O-rings, fitted with `lr=1.0` and `num_steps=2000`, give
damage the probability 0.9? Write it with one decimal. (Which score has the sigmoid 0.9? Solve $\sigma(z) = 0.9$ for $z$
on paper first. Fit anew here: the names `w` and `b` hold numbers of other tests by now.)
"""

# %% quiz="ninety-percent" points=1 demo="ORingCurve"
### BEGIN SOLUTION
ninety_percent_temperature = 55.3
### END SOLUTION

# %% [markdown]
r"""
## 10. A little too fast

Run the straight line of exercise 5, on the worked example's `x` and `t`, with `lr=0.012`, which is 2.4 % above the border
of exercise 6, for the usual 25 steps, and look at all 25 errors. What do they do? Write the letter as text, in quotation
marks.

| a | b | c | d |
|---|---|---|---|
| they grow in every step | they fall once, then grow in every step | they swing up and down around 370 | they fall for about ten steps, then grow |

(Then think: the error is a sum of two parts, one along each eigenvector of $H$. Which of them grows, and which
shrinks?)
"""

# %% quiz="above-the-border" points=1 demo="ORingCurve"
### BEGIN SOLUTION
above_the_border = "b"
### END SOLUTION

# %% [markdown] manual="what-it-means" points=2
r"""
## 11. What 0.9996 means

The model of exercise 4 gives damage at 31 °F the probability 0.9996. In three to six sentences: say on what, besides the
data, this number rests, and why "99.96 % certain" would be a wrong reading of it. Then say what the 23 flights show about
cold without any model, and why it would have been a mistake to look at the 7 damaged flights alone.

### BEGIN MARK SCHEME
- 1 point: the number is an *extrapolation*. The coldest flight was at 53 °F, 22 °F warmer; that the log-odds go on as a
  straight line down to 31 °F is an assumption that the data cannot test. (Half of it for a statement about uncertainty
  alone: 23 flights, 7 damaged, leave $w$ and $b$ so loose that a 95 % interval at 31 °F runs from about 0.48 to nearly 1;
  full if this and its cause are explained well.) The number is the model's output, not a measured frequency.
- 1 point: all four flights below 65 °F were damaged, of the 19 above only three; so the data spoke against launching in
  the cold, with or without a curve. Half of it for this. The other half: among the 7 damaged flights alone there are
  cold and warm ones and no clear trend; what shows the effect of temperature is that the *undamaged* flights were all
  warm (66 °F or more). Without them there is nothing to compare with.
- Not needed: the interval's numbers, the names of persons or companies. No point for "31 °F is cold, so it was sure to
  fail".
### END MARK SCHEME
"""
