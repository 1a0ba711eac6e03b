# %% [markdown]
r"""
# Chapter 9: Batch normalisation

Batch normalisation gives every feature mean 0 and variance 1 in the middle of a network, whatever the weights before it
have done. You write it, forward and backward; you find out what it computes while training and what later; and you take it out of a finished
network without changing a single output.

**Learning objectives.** After this notebook you can

1. normalise a batch of features, and of images, along the right axes;
2. keep running statistics, in each of the conventions that go by the name of momentum;
3. say which statistics are used while training, and which afterwards;
4. derive and write the backward pass, in which the mean and the variance depend on every sample;
5. set scale and shift so that nothing changes, and fold the layer into the one before it.

**Prerequisites.** The lecture of this chapter; the chain rule through layers (chapter 4); mean and variance; NumPy's sums
along an axis.

**Time** (estimated): 96 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | forward, on a batch | 3 | 13 |
| 2 | running statistics in their conventions | 2 | 12 |
| 3 | one layer, two modes | 3 | 14 |
| 4 | backward | 4 | 20 |
| 5 | recover the identity | 2 | 8 |
| 6 | fold into a dense layer | 2 | 10 |
| 7 | images | 2 | 8 |
| 8, 9 | two questions that need a run | 2 | 6 |
| 10 | a batch of one and a bias, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time. You
need only NumPy; plainnet's own batch and layer normalisation are not there when your work is tested. Exercises 1 to 9 stand alone, in
any order.

**Words and conventions.** $N$ samples in rows, $D$ features in columns. All arrays hold float64, and no function changes
an array that it is given, unless its text says so. **The variance divides by the number of values $N$**, as NumPy's `var`
does (the *biased* one), wherever the text doesn't say otherwise. `epsilon` stands **inside** of the root.
"""

# %%
import numpy as np

from plainnet import data

# %% [markdown]
r"""
## 1. Forward, on a batch

**Why.** A layer learns best when what it reads has mean 0 and a spread of about 1. Preprocessing does that for the data;
batch normalisation does it again in the middle of the network, for each feature, from the samples that happen to be in
the batch.

**Write** `normalise_batch(x, gamma, beta, epsilon=1e-5)`

- `x`: (N, D), a batch, $N \ge 1$. `gamma`, `beta`: (D,), a scale and a shift for each feature.
- `epsilon`: a positive number.
- Returns the tuple `(y, x_hat, inv_std)`: `y` and `x_hat` of shape (N, D), `inv_std` of shape (D,).

**Formulas**, for each feature (column) by itself:

$$ \mu = \frac1N \sum_{i=1}^N x_i, \qquad \sigma^2 = \frac1N \sum_{i=1}^N (x_i - \mu)^2, \qquad
   s = \frac{1}{\sqrt{\sigma^2 + \epsilon}}, \qquad \hat x_i = (x_i - \mu)\,s, \qquad y_i = \gamma\,\hat x_i + \beta $$

`inv_std` is $s$: one over the standard deviation, but for the $\epsilon$ under the root; the backward pass needs it.

**Edges.** A feature that is equal in all samples has $\sigma^2 = 0$; $\epsilon$ keeps the root away from 0, and `x_hat` is 0 there.
So it is for all features of a batch of one. A feature may have a mean of $10^7$ and a standard deviation of 1: subtract
the mean *before* you square. (The shortcut $\overline{x^2} - \mu^2$ takes the difference of two numbers near $10^{14}$, of
which float64 keeps 16 digits.)

**Worked numbers**: for the column $x = (1, 3, 5, 7)$ the mean is 4 and the variance 5. With $\epsilon = 4$ (only to get
round numbers), $s = 1/3$ and $\hat x = (-1, -\tfrac13, \tfrac13, 1)$; with $\gamma = 3$ and $\beta = 10$, $y = (7, 9, 11, 13)$.
"""


# %% solution="normalise-batch" forbid="plainnet.batch_norm, plainnet.norm.batch_statistics, plainnet.nn.BatchNorm, plainnet.layer_norm" demo="NormBatchSize"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    """Return (y, x_hat, inv_std) of a batch (N, D): every feature with mean 0 and variance 1, then scaled and shifted."""
    ### BEGIN SOLUTION
    centred = x - x.mean(axis=0)
    inv_std = 1 / np.sqrt((centred**2).mean(axis=0) + epsilon)
    x_hat = centred * inv_std
    return gamma * x_hat + beta, x_hat, inv_std
    ### END SOLUTION


# %% test="normalise-batch" points=1
x = np.array([[1.0, 10.0], [3.0, 10.0], [5.0, 10.0], [7.0, 10.0]])
gamma, beta, before = np.array([3.0, 2.0]), np.array([10.0, -1.0]), x.copy()
result = normalise_batch(x, gamma, beta, epsilon=4.0)
assert isinstance(result, tuple) and len(result) == 3, (
    f"Return (y, x_hat, inv_std), three arrays; you returned {result!r}."
)
y, x_hat, inv_std = (np.asarray(part) for part in result)
assert np.array_equal(x, before), "The caller's x has changed: work on a copy."
assert gamma.tolist() == [3, 2] and beta.tolist() == [10, -1], "The caller's gamma or beta has changed: work on a copy."
assert np.shape(inv_std) == (2,), (
    f"inv_std has one number for each feature, shape (2,); yours has {np.shape(inv_std)}. "
    "Statistics belong to columns here."
)
for slip, why in [
    (1 / np.sqrt(20 / 3 + 4), "the variance divides by N - 1, here it divides by N"),
    (1 / (np.sqrt(5) + 4), "epsilon stands outside of the root, it belongs inside"),
    (1 / np.sqrt(5), "the epsilon that was handed in, 4, is not under the root"),
    (3, "this is the root itself, inv_std is one over it"),
    (1 / 9, "the root is missing"),
    (1 / np.sqrt(11.5 + 4), "this is one variance of all numbers, each column has its own"),
]:
    assert abs(inv_std[0] - slip) > 1e-5, f"inv_std of the first column is 1/sqrt(5 + 4); yours is {slip:.4f}: {why}."
assert np.allclose(inv_std, [1 / 3, 1 / 2]), (
    f"The variances are 5 and 0, epsilon is 4: inv_std = (1/sqrt(9), 1/sqrt(4)) = (1/3, 1/2); yours is {inv_std}."
)
assert np.shape(x_hat) == (4, 2), f"x_hat has the shape of x, (4, 2); yours has {np.shape(x_hat)}."
assert not np.allclose(x_hat[:, 0], [1 / 3, 1, 5 / 3, 7 / 3]), "x_hat: the mean has not been subtracted."
assert not np.allclose(y[:, 0], [-1, -1 / 3, 1 / 3, 1]), (
    "This is x_hat in the first place: the order is (y, x_hat, inv_std)."
)
assert abs(x_hat[0, 0] + 3) > 1e-9 and abs(x_hat[0, 0] - 7) > 1e-9, (
    "x_hat is (x - mean) inv_std; neither gamma nor beta is in it."
)
assert np.allclose(x_hat[:, 0], [-1, -1 / 3, 1 / 3, 1]), (
    f"The first column of x_hat is (-1, -1/3, 1/3, 1); yours is {x_hat[:, 0]}."
)
assert np.allclose(x_hat[:, 1], 0), f"The second feature is constant, its x_hat is 0; yours is {x_hat[:, 1]}."
for slip, why in [
    (27, "beta is added after the product with gamma, not before it"),
    (9, "gamma is missing"),
    (-3, "beta is missing"),
    (-7, "gamma multiplies and beta is added, not the other way round"),
]:
    assert abs(y[0, 0] - slip) > 1e-9, f"The first number of y is 7; yours is {y[0, 0]:g}: {why}."
assert np.allclose(y, [[7, -1], [9, -1], [11, -1], [13, -1]]), (
    f"y = gamma x_hat + beta gives the columns (7, 9, 11, 13) and (-1, -1, -1, -1); yours are {y[:, 0]} and {y[:, 1]}."
)
y, x_hat, inv_std = (np.asarray(part) for part in normalise_batch(x[:1].copy(), gamma, beta))
assert np.allclose(x_hat, 0) and np.allclose(y, [[10, -1]]), (
    f"A batch of one is its own mean: x_hat = 0 and y = beta; yours are {x_hat} and {y}."
)
assert np.allclose(inv_std, 316.2278), (
    f"A batch of one has the variance 0. With the default epsilon of 1e-5, inv_std is 316.2278; yours is {inv_std}."
)

# %% hidden="normalise-batch" points=1
# Random batches, square ones too; every feature has a mean and a spread of its own.
results = []
for shape in [(6, 3), (4, 4), (2, 5), (9, 1)]:
    x = rng.normal(size=shape) * rng.uniform(0.5, 3, size=shape[1]) + rng.normal(scale=3, size=shape[1])
    gamma, beta, epsilon = rng.normal(size=shape[1]), rng.normal(size=shape[1]), float(rng.uniform(0.1, 1))
    want, given = reference.normalise_batch(x, gamma, beta, epsilon), (x, gamma, beta)
    before = [array.copy() for array in given]
    results.append((normalise_batch(x, gamma, beta, epsilon), want, given, before))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 3
    for i in range(3):
        assert_allclose(got[i], want[i], rtol=1e-9, atol=1e-12)
        assert_allclose(given[i], before[i], rtol=0)

# %% hidden="normalise-batch" points=1
# The default epsilon: constant features, a batch of one, and means that are large beside the spread.
results = []
for N in (1, 3, 8):
    x = np.column_stack([np.full(N, rng.normal()), rng.normal(size=N), 1e7 + rng.normal(size=N), np.zeros(N)])
    gamma, beta = rng.normal(size=4), rng.normal(size=4)
    want = reference.normalise_batch(x, gamma, beta)
    results.append((normalise_batch(x.copy(), gamma, beta), want))
for got, want in results:
    assert isinstance(got, tuple) and len(got) == 3
    for i in range(3):
        assert_allclose(got[i], want[i], rtol=1e-6, atol=1e-6)

# %% [markdown]
r"""
## 2. Running statistics

**Why.** In use there may be no batch: one image arrives, and its mean is itself. So a layer remembers, while it is
trained, what mean and variance its batches had: as a *running average*. How fast it forgets is called *momentum*, and two
opposite conventions go by this name. Whoever copies a 0.1 from one library to another gets a layer that hardly learns its
statistics, or one that forgets them at once.

**Write** `update_running(mean, variance, x, momentum, convention, unbiased=False)`

- `mean`, `variance`: (D,), the running averages so far. `x`: (N, D), the next batch, $N \ge 2$.
- `momentum`: a number $m$ between 0 and 1. `convention`: `"keep"` or `"replace"`. `unbiased`: True or False.
- Returns the tuple `(mean, variance)` of two **new** arrays (D,); the old ones are left as they are.

| convention | formula, for mean and variance alike | found in |
|---|---|---|
| `"keep"` | running $\leftarrow m \cdot$ running $+\ (1 - m) \cdot$ batch | plainnet, Keras, many lectures; usually $m = 0.9$ or $0.99$ |
| `"replace"` | running $\leftarrow (1 - m) \cdot$ running $+\ m \cdot$ batch | PyTorch; usually $m = 0.1$ |

**The batch's variance** is the mean square distance from the mean of *this batch*. It divides by $N$; with
`unbiased=True` by $N - 1$: `x.var(axis=0, ddof=1)`, or your own sum. (With few samples that matters: for $N = 4$ the two differ by a factor $4/3$.)

**Worked numbers**: running mean 0 and variance 1, batch $(1, 3, 5, 7)$ (mean 4, variance 5, unbiased $20/3$), $m = 0.9$:
`"keep"` gives $(0.4,\ 1.4)$ and unbiased $(0.4,\ 1.5667)$; `"replace"` gives $(3.6,\ 4.6)$ and unbiased $(3.6,\ 6.1)$.
"""


# %% solution="update-running" forbid="plainnet.batch_norm, plainnet.norm.batch_statistics, plainnet.nn.BatchNorm, plainnet.layer_norm" demo="RunningStatistics"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    """Return the running (mean, variance) after one more batch x, in the convention "keep" or "replace"."""
    ### BEGIN SOLUTION
    keep = momentum if convention == "keep" else 1 - momentum
    batch_mean, batch_variance = x.mean(axis=0), x.var(axis=0, ddof=int(unbiased))
    return keep * mean + (1 - keep) * batch_mean, keep * variance + (1 - keep) * batch_variance
    ### END SOLUTION


# %% test="update-running" points=1
mean, variance = np.array([0.0, 1.0]), np.ones(2)
x = np.array([[1.0, 2.0], [3.0, 2.0], [5.0, 2.0], [7.0, 2.0]])
for convention, unbiased, want_mean, want_variance in [
    ("keep", False, [0.4, 1.1], [1.4, 0.9]),
    ("keep", True, [0.4, 1.1], [0.9 + 2 / 3, 0.9]),
    ("replace", False, [3.6, 1.9], [4.6, 0.1]),
    ("replace", True, [3.6, 1.9], [6.1, 0.1]),
]:
    case = f'"{convention}", unbiased={unbiased}'
    before = x.copy()
    result = update_running(mean, variance, x, 0.9, convention, unbiased=unbiased)
    assert isinstance(result, tuple) and len(result) == 2, f"Return (mean, variance); you returned {result!r}."
    assert mean.tolist() == [0, 1] and np.all(variance == 1), (
        f"{case}: the old averages have changed; return new arrays."
    )
    assert np.array_equal(x, before), f"{case}: the caller's x has changed; work on a copy."
    assert np.shape(result[0]) == (2,) == np.shape(result[1]), (
        f"{case}: both have the shape (2,); you returned {result!r}."
    )
    assert not np.allclose(result[0], want_variance), f"{case}: exchanged; the order is (mean, variance)."
    old, new = (0.9, 0.1) if convention == "keep" else (0.1, 0.9)
    for slip, why in [
        ([new * 0 + old * 4, new * 1 + old * 2], f"{old} is the share of the old average, {new} that of the batch"),
        ([4, 2], "these are the batch's means alone; the old average keeps its share"),
        ([new * 4, 1 + new * 2], "the old average is not made smaller before the batch is added"),
        ([new * 3, old + new * 3], "the batch's mean is one for all numbers; each column has its own"),
        ([new * 16 / 3, old + new * 8 / 3], "the mean divides by N; N - 1 is for the variance alone"),
    ]:
        assert not np.allclose(result[0], slip), f"{case}, mean {result[0]}: {why}."
    assert np.allclose(result[0], want_mean), (
        f"{case}: 0 and 1, and the batch's means 4 and 2 (each column has its own) give {want_mean} with momentum 0.9; "
        f"yours is {result[0]}."
    )
    divisor = 3 if unbiased else 4
    for slip, why in [
        (
            [20 / (7 - divisor), 0],
            f"the batch's variance divides by {'N, here by N - 1' if unbiased else 'N - 1, here by N'}",
        ),
        ([84 / divisor, 4 / divisor], "it is the distance from the old running mean; the batch has a mean of its own"),
        ([84 / divisor, 16 / divisor], "no mean was subtracted before the squares were taken"),
        (
            [(20 + 4 * (4 - want_mean[0]) ** 2) / divisor, 4 * (2 - want_mean[1]) ** 2 / divisor],
            "it is the distance from the new running mean; the batch has a mean of its own",
        ),
        ([(20 / divisor) ** 0.5, 0], "this takes the root of the batch's variance"),
    ]:
        assert not np.allclose(result[1], old + new * np.array(slip)), f"{case}, variance {result[1]}: {why}."
    assert not np.allclose(result[1], [20 / divisor, 0]), f"{case}: this is the batch's variance alone, not an average."
    assert np.allclose(result[1], want_variance), (
        f"{case}: 1 and the batch's variances ({'20/3' if unbiased else 5} and 0) give {want_variance}; "
        f"yours is {result[1]}."
    )
result = update_running(mean, variance, x.copy(), 0.2, "replace")
assert not np.allclose(result[1][0], 0.8 + 0.2 * 20 / 3), "Where unbiased is not given it is False: divide by N."
assert np.allclose(result[0][0], 0.8), (
    f'"replace" with momentum 0.2: 0.8 of the old mean 0 and 0.2 of the batch\'s 4 make 0.8; yours is {result[0][0]}.'
)

# %% hidden="update-running" points=1
results = []
for shape in [(4, 4), (2, 3), (7, 2)]:
    for convention in ("keep", "replace"):
        for unbiased in (False, True):
            mean, variance = rng.normal(size=shape[1]), rng.uniform(0.5, 2, size=shape[1])
            x = rng.normal(size=shape) * rng.uniform(1, 4, size=shape[1]) + rng.normal(scale=2, size=shape[1])
            momentum = float(rng.choice([0.1, 0.3, 0.8, 0.99]))
            want = reference.update_running(mean, variance, x, momentum, convention, unbiased)
            given = (mean, variance, x)
            before = [array.copy() for array in given]
            options = {"unbiased": True} if unbiased else {}  # False is the default
            results.append((update_running(*given, momentum, convention, **options), want, given, before))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    for i in range(2):
        assert_allclose(got[i], want[i], rtol=1e-9, atol=1e-12)
    for i in range(3):
        assert_allclose(given[i], before[i], rtol=0)

# %% [markdown]
r"""
## 3. One layer, two modes

**Why.** While training, the layer normalises with its batch and takes the batch's statistics into its running averages.
Afterwards it normalises with these averages and changes nothing. A layer left in the wrong mode gives answers that depend
on which other images stand in the batch: the most frequent fault with batch normalisation, and no error message tells you.

**Write** `bn_layer(x, gamma, beta, state, train)`

- `x`: (N, D), $N \ge 1$. `gamma`, `beta`: (D,).
- `state`: a dict with `"mean"` and `"variance"`, each (D,): the running averages.
- `train`: True or False. This alone decides the mode, not the number of samples.
- Returns `y`, (N, D). With `train=True` the function also changes `state`; the two entries may be replaced by new arrays or
  changed in place.

| `train` | normalise with | `state` |
|---|---|---|
| True | mean and variance of the batch (as in exercise 1) | running $\leftarrow 0.9 \cdot$ running $+\ 0.1 \cdot$ batch, for both |
| False | `state["mean"]` and `state["variance"]` | stays as it is |

$$ y = \gamma\,\frac{x - \text{mean}}{\sqrt{\text{variance} + \epsilon}} + \beta, \qquad \epsilon = 10^{-5} $$

A batch of one counts as any other: in training, its mean is itself and its variance 0. A running variance may be 0, too.

**Convention**: the variance divides by $N$ everywhere, in the running average too. (The lecture's layer averages the
unbiased variance; here nothing divides by $N - 1$.)

**Worked numbers**: one feature, $\gamma = 1$, $\beta = 0$, mean 0 and variance 1 in `state`. In training the batch
$(1, 3, 5, 7)$ gives $y = (-1.3416, -0.4472, 0.4472, 1.3416)$, and `state` holds 0.4 and 1.4 afterwards. Then, with
`train=False`, the single sample 1 gives $(1 - 0.4)/\sqrt{1.40001} = 0.5071$.
"""


# %% solution="bn-layer" forbid="plainnet.batch_norm, plainnet.norm.batch_statistics, plainnet.nn.BatchNorm, plainnet.layer_norm" demo="RunningStatistics"
def bn_layer(x, gamma, beta, state, train):
    """Return y (N, D), normalised with the batch (train) or with the running averages in state (not train)."""
    ### BEGIN SOLUTION
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    ### END SOLUTION


# %% test="bn-layer" points=1
state, one, zero = {"mean": np.zeros(1), "variance": np.ones(1)}, np.ones(1), np.zeros(1)
x = np.array([[1.0], [3.0], [5.0], [7.0]])
y = bn_layer(x, one, zero, state, True)
assert x[:, 0].tolist() == [1, 3, 5, 7], (
    f"The caller's x has changed, to {x[:, 0]}: of what you are given, only state may."
)
assert np.shape(y) == (4, 1), f"y has the shape of x, (4, 1); yours has {np.shape(y)}."
assert abs(y[0, 0] + 1.16190) > 1e-4, "In training your variance divides by N - 1; here it divides by N."
assert abs(y[0, 0] + 0.6) > 1e-4, "In training you divide by the variance; the formula has its root."
assert all(abs(y[0, 0] - slip) > 1e-4 for slip in (1.0, 0.50709)), (
    "In training you normalise with the running averages; these are for later. Here the batch's own count."
)
assert np.allclose(y[:, 0], [-1.34164, -0.44721, 0.44721, 1.34164], atol=1e-4), (
    f"In training the batch's own mean 4 and variance 5 count: y = (-1.3416, -0.4472, 0.4472, 1.3416); yours: {y[:, 0]}."
)
for mean, variance, why in [
    (0, 1, "it has not been changed; a pass in training takes the batch into both entries"),
    (0.4, 1, "the variance has not been changed"),
    (3.6, 4.6, "0.9 is the share of the old average, 0.1 that of the batch"),
    (4, 5, "it holds the batch's numbers alone; 0.9 of the old ones stay"),
    (0.4, 0.9 + 2 / 3, "the variance divides by N - 1, as in the lecture's layer; here it divides by N"),
    (0.4, 0.9 + 0.1 * 5**0.5, "it is the variance that is averaged, not its root"),
    (0.4, 0.9 + 0.1 * 17.96, "its variance was taken around the running mean; the batch has a mean of its own"),
    (0.4, 0.9 + 0.1 * 5.00001, "epsilon is for the root; the variance is averaged without it"),
]:
    same = np.allclose(state["mean"], mean) and np.allclose(state["variance"], variance, rtol=1e-8)
    assert not same, f"After this batch the state is {state}: {why}."
assert np.allclose(state["mean"], 0.4) and np.allclose(state["variance"], 1.4), (
    f"After this batch the state holds the mean 0.4 and the variance 1.4; yours: {state}."
)
y = bn_layer(x[:1], one, zero, state, False)
assert x[0, 0] == 1 and one[0] == 1 and zero[0] == 0, "With train=False the caller's x, gamma or beta has changed."
assert not np.allclose(y, 0), "With train=False a single sample gave 0: it was normalised with itself."
for slip, why in [
    (0.42857, "the root is missing there"),
    (189.7367, "you subtract the running mean, but divide by the root of this batch's variance"),
    (0.48107, "you took the sample into the averages first; in use they stay as they are"),
]:
    assert not np.allclose(y, slip, rtol=1e-4), f"With train=False the sample 1 became {y}: {why}."
assert np.allclose(y, 0.50709), f"With train=False the sample 1 gives (1 - 0.4)/sqrt(1.40001) = 0.5071; yours: {y}."
assert np.allclose(state["mean"], 0.4) and np.allclose(state["variance"], 1.4), (
    f"With train=False the state stays at 0.4 and 1.4; now it is {state}."
)
y = bn_layer(x[:1], one, zero, state, True)
assert not np.isnan(y).any(), (
    "A batch of one has the variance 0: without epsilon under the root it is 0/0, not a number."
)
assert np.allclose(y, 0), (
    f"With train=True a batch of one is its own mean, y = beta = 0; yours: {y}. train alone decides."
)
assert np.allclose(state["mean"], 0.46) and np.allclose(state["variance"], 1.26), (
    "In training a batch of one counts, too: its mean is 1 and its variance 0, so that 0.4 and 1.4 become 0.46 and 1.26; "
    f"yours: {state}."
)
y = bn_layer(np.array([[0.001]]), one, zero, {"mean": np.zeros(1), "variance": np.zeros(1)}, False)
for slip, why in [
    (100, "epsilon stands inside of the root, not outside"),
    (np.inf, "there is no epsilon under the root"),
]:
    assert not np.allclose(y, slip), f"With train=False and a running variance of 0, 0.001 became {y}: {why}."
assert np.allclose(y, 0.3162278), (
    f"With train=False and a running variance of 0, 0.001 becomes 0.001/sqrt(1e-5) = 0.3162; yours: {y}."
)
state = {"mean": np.array([0.0, 1.0]), "variance": np.array([1.0, 4.0])}  # two features
gamma, beta = np.array([2.0, 3.0]), np.array([1.0, -1.0])
y = bn_layer(np.array([[1.0, 0.0], [3.0, 10.0]]), gamma, beta, state, True)
assert np.allclose(y, [[-1, -4], [3, 2]], atol=1e-4), (
    "In training the two features have means of their own, 2 and 5, and variances of their own, 1 and 25. With gamma = "
    f"(2, 3) and beta = (1, -1), y = (-1, -4) and (3, 2); yours: {y.tolist()}."
)
y = bn_layer(np.array([[1.0, 0.0]]), gamma, beta, state, False)
assert not np.allclose(y, [[0.8, -1.4 / 6.1**0.5]], atol=1e-4), "With train=False gamma and beta count as well."
assert np.allclose(y, [[2.6, -2.7005]], atol=1e-4), (
    "The state then holds the means (0.2, 1.4) and the variances (1, 6.1). With train=False the sample (1, 0) becomes "
    f"(2.6, -2.7005); yours: {y}."
)

# %% hidden="bn-layer" points=1
# Three batches in training: outputs and the state after each.
results = []
for D in (1, 4):
    gamma, beta = rng.normal(size=D), rng.normal(size=D)
    state = {"mean": rng.normal(size=D), "variance": rng.uniform(0.5, 2, size=D)}
    twin = {name: value.copy() for name, value in state.items()}
    for N in (4, 2, 6):
        x = 3 * rng.normal(size=(N, D)) + rng.normal(size=D)
        want = reference.bn_layer(x, gamma, beta, twin, True)
        wanted = {name: value.copy() for name, value in twin.items()}
        given, before = (x, gamma, beta), (x.copy(), gamma.copy(), beta.copy())
        got = bn_layer(x, gamma, beta, state, True)
        results.append((got, want, [np.array(state["mean"]), np.array(state["variance"])], wanted, given, before))
for got, want, held, wanted, given, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    for i in range(3):
        assert_allclose(given[i], before[i], rtol=0)
    assert_allclose(held[0], wanted["mean"], rtol=1e-9, atol=1e-12)
    assert_allclose(held[1], wanted["variance"], rtol=1e-9, atol=1e-12)

# %% hidden="bn-layer" points=1
# In use: batches of any size, of one sample too; the state stays. Then a batch of one in training.
results = []
for N, train in [(1, False), (5, False), (2, False), (1, True), (3, True), (1, False)]:
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    state = {"mean": rng.normal(size=3), "variance": rng.uniform(0.5, 2, size=3)}
    state["variance"][0] = 1e-4  # of a feature that was almost the same everywhere: epsilon counts
    twin = {name: value.copy() for name, value in state.items()}
    x = 3 * rng.normal(size=(N, 3)) + rng.normal(size=3)
    want = reference.bn_layer(x, gamma, beta, twin, train)
    given, before = (x, gamma, beta), (x.copy(), gamma.copy(), beta.copy())
    got = bn_layer(x, gamma, beta, state, train)
    results.append((got, want, [np.array(state["mean"]), np.array(state["variance"])], twin, given, before))
for got, want, held, wanted, given, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    for i in range(3):
        assert_allclose(given[i], before[i], rtol=0)
    assert_allclose(held[0], wanted["mean"], rtol=1e-9, atol=1e-12)
    assert_allclose(held[1], wanted["variance"], rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 4. Backward

**Why.** Change one sample, and the mean and the variance change; with them the outputs of *all* samples. So the gradient of
each sample holds a part that comes from the others. Whoever forgets it gets a network that learns, only worse: the fault
is invisible except to a gradient check with a random upstream gradient. (With a loss that just sums up all outputs, the
right gradient is 0 everywhere: the sum of `x_hat` is always 0, whatever `x` is.)

**Write** `bn_backward(g, x_hat, gamma, inv_std)`

- `g`: (N, D), the upstream gradient $\partial L / \partial y$. `x_hat` (N, D) and `inv_std` (D,): as `normalise_batch` of
  exercise 1 returns them. `gamma`: (D,).
- Returns the tuple `(grad_x, grad_gamma, grad_beta)` of shapes (N, D), (D,), (D,).

**Formulas**, for each feature by itself; $\overline{a}$ is the mean over the $N$ samples:

$$ \frac{\partial L}{\partial \beta} = \sum_{i=1}^N g_i, \qquad
   \frac{\partial L}{\partial \gamma} = \sum_{i=1}^N g_i\,\hat x_i, \qquad
   \frac{\partial L}{\partial x_i} = \gamma\,s\,\big(\, g_i - \overline{g} - \hat x_i\ \overline{g\,\hat x}\,\big) $$

The first term in the bracket is the direct way, the second goes through the mean, the third through the variance. $s$ is
`inv_std`, $\epsilon$ included; the formula is exact with it. (The lecture derives it in three steps.)

**Worked numbers**: for $\hat x = (-1, -\tfrac13, \tfrac13, 1)$, $s = \tfrac13$, $\gamma = 3$ and $g = (4, 0, 0, 0)$:
$\overline{g} = 1$ and $\overline{g \hat x} = -1$, so that $\partial L/\partial x = (2, -\tfrac43, -\tfrac23, 0)$, $\partial
L/\partial\gamma = -4$ and $\partial L/\partial\beta = 4$. Note that the gradients of the four samples add up to 0.
"""


# %% solution="bn-backward" forbid="plainnet.batch_norm, plainnet.norm.batch_statistics, plainnet.nn.BatchNorm, plainnet.layer_norm" demo="NormBatchSize"
def bn_backward(g, x_hat, gamma, inv_std):
    """Return (grad_x, grad_gamma, grad_beta) of y = gamma x_hat + beta, through the mean and the variance too."""
    ### BEGIN SOLUTION
    grad_beta, grad_gamma = g.sum(axis=0), (g * x_hat).sum(axis=0)
    N = len(g)
    return gamma * inv_std * (g - grad_beta / N - x_hat * grad_gamma / N), grad_gamma, grad_beta
    ### END SOLUTION


# %% test="bn-backward" points=1
x_hat = np.array([[-1.0, 1.0, -1.0], [-1 / 3, -1.0, -1 / 3], [1 / 3, 1.0, 1 / 3], [1.0, -1.0, 1.0]])
g = np.array([[4.0, 0.0, 4.0], [0.0, 6.0, 0.0], [0.0, 0.0, 0.0], [0.0, 6.0, 0.0]])
given = g, x_hat, np.array([3.0, 2.0, 5.0]), np.array([1 / 3, 1.0, 1 / 2])
before = [array.copy() for array in given]
result = bn_backward(*given)
assert isinstance(result, tuple) and len(result) == 3, (
    f"Return (grad_x, grad_gamma, grad_beta); you returned {result!r}."
)
for name, array, old in zip(("g", "x_hat", "gamma", "inv_std"), given, before):
    assert np.array_equal(array, old), f"The caller's {name} has changed: work on a copy."
grad_x, grad_gamma, grad_beta = (np.asarray(part) for part in result)
assert np.shape(grad_gamma) == (3,) == np.shape(grad_beta), (
    f"gamma and beta have three entries each, and so have their gradients; yours have the shapes {np.shape(grad_gamma)} "
    f"and {np.shape(grad_beta)}."
)
assert not np.allclose(grad_beta, [-4, -12, -4]), "Exchanged: the order is (grad_x, grad_gamma, grad_beta)."
assert not np.allclose(grad_beta, [1, 3, 1]), "grad_beta is a sum over the samples, not their mean."
assert not np.allclose(grad_gamma, [-1, -3, -1]), "grad_gamma is a sum over the samples, not their mean."
assert not np.allclose(grad_gamma, [4, 12, 4]), "grad_gamma: gamma multiplies x_hat, so each g counts times its x_hat."
assert not np.allclose(grad_gamma, [-12, -24, -20]), (
    "grad_gamma has gamma in it: y = gamma x_hat, so it is the sum of g x_hat."
)
assert np.allclose(grad_beta, [4, 12, 4]), (
    f"grad_beta is the sum of g over the samples, (4, 12, 4); yours is {grad_beta}."
)
assert np.allclose(grad_gamma, [-4, -12, -4]), (
    f"grad_gamma is the sum of g x_hat, (-4, -12, -4); yours is {grad_gamma}."
)
assert np.shape(grad_x) == (4, 3), f"grad_x has the shape of x_hat, (4, 3); yours has {np.shape(grad_x)}."
for slip, why in [
    ([1, -2 / 3, -1 / 3, 0], "the factor gamma is missing"),
    ([10, -20 / 3, -10 / 3, 0], "the factor inv_std is missing"),
    ([20, -40 / 3, -20 / 3, 0], "inv_std is one over the root already: multiply by it"),
    ([5 / 2, -5 / 3, -5 / 6, 0], "the factor inv_std stands there twice"),
]:
    assert not np.allclose(grad_x[:, 2], slip), f"The last column of grad_x is {np.round(grad_x[:, 2], 3)}: {why}."
for slip, why in [
    ([4, 0, 0, 0], "this is the direct way alone; mean and variance depend on x as well"),
    ([3, -1, -1, -1], "the third term is missing, the way through the variance (the mean of g x_hat, times x_hat)"),
    ([3, -1 / 3, 1 / 3, 1], "the second term is missing, the way through the mean"),
    ([4, -2 / 3, -4 / 3, -2], "the third term is subtracted, too"),
    ([-4, -16 / 3, -8 / 3, 0], "the bars are means over the samples, not sums"),
    ([4 / 3, -16 / 9, -8 / 9, 0], "the means divide by the number of samples, 4; yours divide by 3"),
    ([5 / 3, -13 / 9, -5 / 9, 1 / 3], "the mean of g x_hat divides by the number of samples, 4; yours divides by 3"),
    (
        [6 / 5, -8 / 5, -2 / 5, 4 / 5],
        "the third term divides by the sum of the squares of x_hat; with an epsilon that is less than N",
    ),
    ([4 / 3, -2, -4 / 3, -2 / 3], "each column has a mean of g of its own; yours is one for all columns"),
    ([4 / 3, -14 / 9, -4 / 9, 2 / 3], "each column has a mean of g x_hat of its own; yours is one for all columns"),
    ([-4 / 3, -8 / 3, 0, 0], "the means run over the batch; yours run over the features of a sample"),
    ([0, 0, 0, 0], "that is right for a loss that just sums up all outputs, not for this g"),
]:
    assert not np.allclose(grad_x[:, 0], slip), f"The first column of grad_x is {np.round(grad_x[:, 0], 3)}: {why}."
assert np.allclose(grad_x[:, 0], [2, -4 / 3, -2 / 3, 0]), (
    f"The first column of grad_x is (2, -4/3, -2/3, 0); yours is {grad_x[:, 0]}."
)
assert np.allclose(grad_x[:, 1], 0), (
    f"In the second column g = 3 - 3 x_hat holds nothing but a constant and a multiple of x_hat: its gradient is 0; "
    f"yours is {grad_x[:, 1]}."
)
assert np.allclose(grad_x[:, 2], [5, -10 / 3, -5 / 3, 0]), (
    f"The last column has gamma = 5 and inv_std = 1/2: (5, -10/3, -5/3, 0); yours is {grad_x[:, 2]}."
)

# %% hidden="bn-backward" points=2
# Random batches with a random upstream gradient; small N, square shapes.
results = []
for N, D in [(4, 4), (2, 3), (7, 2), (3, 5)]:
    x = rng.normal(size=(N, D)) * rng.uniform(0.5, 3, size=D)
    gamma, g = rng.normal(size=D), rng.normal(size=(N, D))
    _, x_hat, inv_std = reference.normalise_batch(x, gamma, np.zeros(D), float(rng.uniform(0.1, 1)))
    given = (g, x_hat, gamma, inv_std)
    want, before = reference.bn_backward(*given), [array.copy() for array in given]
    results.append((bn_backward(*given), want, given, before))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 3
    for i in range(3):
        assert_allclose(got[i], want[i], rtol=1e-9, atol=1e-12)
    for i in range(4):
        assert_allclose(given[i], before[i], rtol=0)

# %% hidden="bn-backward" points=1
# Differences along a random direction: the loss is sum(g * y), with a step of 1e-5 each way.
results = []
for N in (3, 6):
    x, g, gamma = rng.normal(size=(N, 3)), rng.normal(size=(N, 3)), rng.uniform(0.5, 2, size=3)
    direction = rng.normal(size=(N, 3))
    sides = [
        np.sum(g * reference.normalise_batch(x + step * direction, gamma, np.zeros(3), 0.01)[0])
        for step in (1e-5, -1e-5)
    ]
    _, x_hat, inv_std = reference.normalise_batch(x, gamma, np.zeros(3), 0.01)
    results.append((bn_backward(g, x_hat, gamma, inv_std), direction, (sides[0] - sides[1]) / 2e-5))
for got, direction, slope in results:
    assert isinstance(got, tuple) and len(got) == 3 and got[0].shape == direction.shape
    assert_allclose(float(np.sum(got[0] * direction)), float(slope), rtol=1e-5, atol=1e-6)

# %% [markdown]
r"""
## 5. Recover the identity

**Why.** A deck says that scale and shift allow a network to undo the normalisation, if that is what it needs, with
$\gamma = \sqrt{\operatorname{Var}[x]}$ and $\beta = \operatorname{E}[x]$. Take it at its word, on one batch. There is a
catch: the deck leaves out the $\epsilon$ that stands in its own algorithm.

**Write** `recover_identity(x, epsilon)`

- `x`: (N, D), a batch, $N \ge 2$. `epsilon`: a positive number, not always a small one.
- Returns the tuple `(gamma, beta)` of two arrays (D,), such that the batch normalisation of exercise 1 with this `epsilon`
  gives $y = x$: exactly, up to rounding.

$$ \gamma\,\frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta = x \quad \text{for every sample of the batch} $$

Where a feature is constant, any $\gamma$ would do; there too, return what your formula gives for the others.

**Worked numbers**: $x = (1, 3, 5, 7)$ with $\epsilon = 4$: $\gamma = 3$ and $\beta = 4$. (The deck's $\sqrt 5$ would give
$y = (1.76, 3.25, 4.75, 6.24)$.)
"""


# %% solution="recover-identity" demo="NormHistograms"
def recover_identity(x, epsilon):
    """Return (gamma, beta) with which the batch normalisation of this batch x gives x back."""
    ### BEGIN SOLUTION
    return np.sqrt(x.var(axis=0) + epsilon), x.mean(axis=0)
    ### END SOLUTION


# %% test="recover-identity" points=1
x = np.array([[1.0, 0.0], [3.0, 0.0], [5.0, 2.0], [7.0, 2.0]])
result = recover_identity(x.copy(), 4.0)
assert isinstance(result, tuple) and len(result) == 2, f"Return (gamma, beta); you returned {result!r}."
gamma, beta = result
assert np.shape(gamma) == (2,) == np.shape(beta), f"Both have the shape (2,); you returned {result!r}."
assert not np.allclose(gamma, np.sqrt([5, 1])), (
    "This is the deck's gamma: the epsilon that was handed in, 4, is not in it. Put it into the formula: what is left over?"
)
assert not np.allclose(gamma, [4, 1]), "Your first array holds the means: the order is (gamma, beta)."
assert abs(gamma[0] - np.sqrt(5) - 4) > 1e-6, "gamma: epsilon stands inside of the root."
assert abs(gamma[0] - 9) > 1e-6, "gamma: the root is missing."
assert abs(gamma[0] - 1 / 3) > 1e-6, "gamma: batch normalisation divides by the root, so gamma has to multiply by it."
assert abs(gamma[0] - np.sqrt(20 / 3 + 4)) > 1e-6, "gamma: the variance of exercise 1 divides by N, yours by N - 1."
assert abs(gamma[0] - np.sqrt(5) - 2) > 1e-6, (
    "gamma: the root is taken of the sum of variance and epsilon; you add two roots."
)
assert np.allclose(beta, [4, 1]), (
    f"beta: at x = mean, x_hat is 0 and y = beta; the means are 4 and 1, your beta is {beta}."
)
x_hat = (x - [4, 1]) / np.sqrt([9, 5])
assert np.allclose(gamma * x_hat + beta, x), (
    f"With your gamma = {gamma} and beta = {beta} the four samples (1, 0), (3, 0), (5, 2), (7, 2) become "
    f"{np.round(gamma * x_hat + beta, 3).tolist()}; they should stay as they are."
)
gamma, beta = recover_identity(np.array([[6.0], [6.0]]), 4.0)
assert np.allclose(gamma, 2) and np.allclose(beta, 6), (
    f"A constant feature has the variance 0; the same formula gives gamma = sqrt(0 + 4) = 2 and beta = 6, yours are {gamma} "
    f"and {beta}."
)

# %% hidden="recover-identity" points=1
results = []
for N, D in [(4, 4), (2, 3), (8, 2)]:
    x = rng.normal(size=(N, D)) * rng.uniform(0.5, 3, size=D) + rng.normal(scale=2, size=D)
    epsilon = float(rng.choice([1e-5, 0.3, 2.0]))
    if N == 8:
        x[:, 0] = float(rng.integers(1, 9))  # constant, and its mean is exact: the variance is 0, not nearly 0
    want, before = reference.recover_identity(x, epsilon), x.copy()
    results.append((recover_identity(x, epsilon), want, x, before))
x = 0.01 * rng.normal(size=(5, 3))  # a spread as small as the root of epsilon
want, before = reference.recover_identity(x, 1e-4), x.copy()
results.append((recover_identity(x, 1e-4), want, x, before))
for got, want, x, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% [markdown]
r"""
## 6. Fold it into a dense layer

**Why.** In use, mean and variance are fixed numbers. Then batch normalisation is a scale and a shift, a dense layer is a
scale and a shift, and two of these are one. Programs that bring a network to a phone fold them together: the layer costs
nothing any more.

**Write** `fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5)`

- `w`: (D, H) and `b`: (H,), a dense layer $z = x\,w + b$ with a column of `w` for each unit.
- `gamma`, `beta`, `mean`, `variance`: (H,), the batch normalisation *after* it, with its running averages.
- Returns the tuple `(w_folded, b_folded)` of shapes (D, H) and (H,), such that for every input x

$$ x\,w_{\text{folded}} + b_{\text{folded}} = \gamma\,\frac{(x\,w + b) - \text{mean}}{\sqrt{\text{variance} + \epsilon}} + \beta $$

**Worked numbers**: `w = [[1, 2], [3, 4]]`, `b = (1, 0)`, `gamma = (2, 3)`, `beta = (1, 1)`, `mean = (1, 2)`, `variance =
(5, 0)` and $\epsilon = 4$: the roots are 3 and 2, and the result is `[[2/3, 3], [2, 6]]` and `(1, -2)`.
"""


# %% solution="fold-into-dense" demo="NormHistograms"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    """Return (w, b) of one dense layer that does what a dense layer and batch normalisation in use do together."""
    ### BEGIN SOLUTION
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, (b - mean) * scale + beta
    ### END SOLUTION


# %% test="fold-into-dense" points=1
w, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 0.0])
before = w.copy(), b.copy()
numbers = [np.array(pair) for pair in ([2.0, 3.0], [1.0, 1.0], [1.0, 2.0], [5.0, 0.0])]
kept = [pair.copy() for pair in numbers]
result = fold_into_dense(w, b, *numbers, epsilon=4.0)
assert isinstance(result, tuple) and len(result) == 2, f"Return (w, b); you returned {result!r}."
assert np.array_equal(w, before[0]) and np.array_equal(b, before[1]), (
    "The caller's w or b has changed: return new arrays."
)
for name, array, old in zip(("gamma", "beta", "mean", "variance"), numbers, kept):
    assert np.array_equal(array, old), f"The caller's {name} has changed: work on a copy."
assert np.shape(result[0]) == (2, 2) and np.shape(result[1]) == (2,), (
    f"Shapes (2, 2) and (2,); you returned {result!r}."
)
result = tuple(np.asarray(part) for part in result)
first = result[0][0, 0]
assert not np.allclose(result[0], [[2 / 3, 4 / 3], [4.5, 6]]), "w_folded: you scaled rows; a unit is a column of w."
assert abs(first - 1 / 3) > 1e-6, "w_folded: gamma is missing."
assert abs(first - 2 / 9) > 1e-6, "w_folded: the root is missing."
assert abs(first - 2 / np.sqrt(5)) > 1e-5, "w_folded: the epsilon that was handed in, 4, is not under the root."
assert abs(first - 2 / (np.sqrt(5) + 4)) > 1e-6, "w_folded: epsilon stands inside of the root."
assert abs(first - 6) > 1e-6, "w_folded: the normalisation divides by the root; you multiply by it."
assert not np.allclose(result[0], [[2 / 3, 2], [3, 6]]), "w_folded has rows and columns exchanged."
assert np.allclose(result[0], [[2 / 3, 3], [2, 6]]), (
    f"w_folded is [[2/3, 3], [2, 6]]; yours is {result[0].tolist()}. The roots are 3 and 2."
)
for slip, why in [
    ([5 / 3, 1], "the mean is missing"),
    ([1, -1], "b - mean is not scaled"),
    ([4 / 3, -2], "b is scaled as well, not the mean alone"),
    ([2 / 3, -1], "the mean is scaled as well, not b alone"),
    ([0, -3], "beta is missing"),
    ([2 / 3, -3 / 2], "beta is scaled; it is added after the scaling"),
    ([1 / 3, -2], "b is missing"),
    ([4 / 3, 0], "the mean is divided by the root, but not multiplied by gamma"),
    ([1, 0], "b - mean is divided by the root, but not multiplied by gamma"),
    ([1, 1 / 2], "mean and beta stand in each other's place"),
    ([7 / 3, 4], "the mean is added; it is subtracted from b"),
]:
    assert not np.allclose(result[1], slip), f"b_folded is {np.round(result[1], 4)}: {why}."
assert np.allclose(result[1], [1, -2]), (
    f"b_folded is (1, -2); yours is {result[1]}. For x = 0 the layers give gamma (b - mean)/root + beta."
)
result = fold_into_dense(w, b, *numbers)
assert np.allclose(result[0][0], [2 / np.sqrt(5.00001), 6 / np.sqrt(0.00001)], rtol=1e-7), (
    f"Without epsilon=4.0 the epsilon is 1e-5, and the first row of w_folded is (0.894426, 1897.37); yours is {result[0][0]}."
)

# %% hidden="fold-into-dense" points=1
results = []
for D, H in [(4, 4), (3, 5), (1, 2), (6, 1)]:
    w, b = rng.normal(size=(D, H)), rng.normal(size=H)
    gamma, beta, mean = rng.normal(size=(3, H))
    variance, epsilon = rng.uniform(0.1, 4, size=H), float(rng.uniform(0.1, 1))
    given = (w, b, gamma, beta, mean.copy(), variance)
    want, before = reference.fold_into_dense(*given, epsilon), [array.copy() for array in given]
    results.append((fold_into_dense(*given, epsilon), want, given, before))
w, b, gamma, beta, mean = rng.normal(size=(3, 2)), *rng.normal(size=(4, 2))
variance = np.array([0.0, 1e-4])  # a unit that gave the same for all data, with the default epsilon
given = (w, b, gamma, beta, mean, variance)
want, before = reference.fold_into_dense(*given), [array.copy() for array in given]
results.append((fold_into_dense(*given), want, given, before))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    for i in range(2):
        assert_allclose(got[i], want[i], rtol=1e-9, atol=1e-10)
    for i in range(6):
        assert_allclose(given[i], before[i], rtol=0)

# %% [markdown]
r"""
## 7. Images

**Why.** A convolution looks at every place of an image with the same weights. So a *channel* of its output is one feature,
seen at many places, and it is normalised by one mean and one variance: those of all pixels of all images in the batch.
(Convolutions are chapter 11's; you need not know them here.)

**Write** `normalise_images(x, gamma, beta, epsilon=1e-5)`

- `x`: (N, H, W, C): N images, H rows, W columns, C channels. **The channels come last**, as everywhere in plainnet. (Some
  libraries put them second.)
- `gamma`, `beta`: (C,), one scale and one shift for each channel.
- Returns `y`, of the shape of `x`: each channel with mean 0 and variance 1 over its $N \cdot H \cdot W$ values, then scaled
  and shifted. The variance divides by $N \cdot H \cdot W$; `epsilon` as in exercise 1, and as there a mean may be large
  beside the spread: subtract it before you square.

**Useful**: `x.mean(axis=(0, 1))` averages over two axes at once, and so on.

**Worked numbers**: two images of one row, two pixels and one channel, the first $(1, 3)$, the second $(5, 7)$; $\epsilon =
4$, $\gamma = 3$, $\beta = 10$: the four values have mean 4 and variance 5, and $y$ is $(7, 9)$ and $(11, 13)$.
"""


# %% solution="normalise-images" forbid="plainnet.batch_norm, plainnet.norm.batch_statistics, plainnet.nn.BatchNorm, plainnet.layer_norm" demo="NormHistograms"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    """Return y (N, H, W, C): every channel of a batch of images normalised, then scaled and shifted."""
    ### BEGIN SOLUTION
    axes = (0, 1, 2)
    return gamma * (x - x.mean(axis=axes)) / np.sqrt(x.var(axis=axes) + epsilon) + beta
    ### END SOLUTION


# %% test="normalise-images" points=1
x = np.array([[[[1.0], [3.0]]], [[[5.0], [7.0]]]])  # (2, 1, 2, 1)
before, gamma, beta = x.copy(), np.array([3.0]), np.array([10.0])
y = np.asarray(normalise_images(x, gamma, beta, epsilon=4.0))
assert np.array_equal(x, before), "The caller's x has changed: work on a copy."
assert gamma == 3 and beta == 10, "The caller's gamma or beta has changed: work on a copy."
assert np.shape(y) == (2, 1, 2, 1), f"y has the shape of x, (2, 1, 2, 1); yours has {np.shape(y)}."
assert not np.allclose(np.ravel(y), [-1, -1 / 3, 1 / 3, 1]), (
    "Normalised, but neither scaled by gamma nor shifted by beta."
)
for slip, why in [
    (10 - 9 / np.sqrt(20 / 3 + 4), "your variance divides by N H W - 1, here by N H W"),
    (9, "either the root or gamma is missing"),
    (-3, "beta is missing"),
    (10 - 9 / (np.sqrt(5) + 4), "epsilon stands inside of the root, not outside"),
    (-7, "gamma multiplies and beta is added, not the other way round"),
    (
        10 - 9 / np.sqrt(5),
        "either the epsilon that was handed in, 4, is missing, or each image has a variance of its own",
    ),
]:
    assert abs(np.ravel(y)[0] - slip) > 1e-4, f"The first pixel becomes 7; yours became {np.ravel(y)[0]:.4f}: {why}."
assert np.allclose(np.ravel(y), [7, 9, 11, 13]), (
    f"The pixels (1, 3) and (5, 7) become (7, 9) and (11, 13); yours became {np.ravel(y)}. "
    "One mean and one variance for a channel, over all images, rows and columns."
)
x = np.arange(2 * 3 * 2 * 2.0).reshape(2, 3, 2, 2)
y = np.asarray(normalise_images(x.copy(), np.ones(2), np.array([0.0, 5.0])))
means = np.mean(y, axis=(0, 1, 2))
assert not np.allclose(np.mean(y, axis=(0, 2)), [0, 5]), (
    "In your y each row has the mean 0: rows belong to the channel, too; one mean for all of them."
)
assert np.allclose(means, [0, 5]), (
    f"With beta = (0, 5) the channels have the means 0 and 5; yours have {means}. "
    "Each channel has a mean of its own, and the channels are the last axis."
)
assert np.allclose(np.var(y, axis=(0, 1, 2)), 1), "With gamma = 1 each channel has the variance 1 over all its pixels."
order = np.argsort(y[..., 0], axis=None)
assert np.array_equal(order, np.arange(12)), (
    "In each channel larger pixels stay larger: have pixels changed their places?"
)

# %% hidden="normalise-images" points=1
results = []
for shape in [(3, 4, 5, 2), (2, 3, 3, 3), (4, 1, 2, 3), (1, 4, 3, 2)]:
    x = rng.normal(size=shape) * rng.uniform(0.5, 3, size=shape[3]) + rng.normal(scale=3, size=shape[3])
    x += rng.normal(size=(shape[0], 1, 1, 1))  # bright and dark images
    gamma, beta, epsilon = rng.normal(size=shape[3]), rng.normal(size=shape[3]), float(rng.uniform(0.1, 1))
    given = (x, gamma, beta)
    want, before = reference.normalise_images(*given, epsilon), [array.copy() for array in given]
    results.append((normalise_images(*given, epsilon), want, given, before, 1e-9))
x = 1e7 + rng.normal(size=(2, 3, 4, 2))  # a mean that is large beside the spread, and the default epsilon
given = (x, rng.normal(size=2), rng.normal(size=2))
want, before = reference.normalise_images(*given), [array.copy() for array in given]
results.append((normalise_images(*given), want, given, before, 1e-6))
for got, want, given, before, tolerance in results:
    assert_allclose(got, want, rtol=tolerance, atol=tolerance)
    for i in range(3):
        assert_allclose(given[i], before[i], rtol=0)

# %% [markdown]
r"""
## 8. What stays where it is

A dense layer $z = x\,w_1 + b_1$ stands before a batch normalisation. The next cell trains such a network on the digits for
some steps, with arrays alone: dense layer, batch normalisation, ReLU, dense layer. (Softmax and cross-entropy, at its end,
are chapter 3's; you need not know them to run it.) Start it with

```python
start, after = train(steps=50)
for name in start:
    print(name, np.abs(after[name] - start[name]).max())
```

and compare. Which of the parameters is where it started, up to rounding (nothing has moved by more than $10^{-9}$)? Write
the letter as text, in quotation marks.

| a | b | c | d |
|---|---|---|---|
| `w1` | `b1` | `gamma` | `beta` |

(While you are there: ask yourself why. Exercise 10 wants to know.)
"""


# %%
def train(steps, lr=0.5):
    """Return the parameters before and after steps of gradient descent on 500 digits, as dicts of arrays."""
    rng = np.random.default_rng(0)
    x, t = data.digits()
    x, onehot = x[:500].reshape(500, -1).astype(float), np.eye(10)[t[:500]]
    p = {"w1": 0.2 * rng.normal(size=(64, 20)), "b1": rng.normal(size=20), "gamma": np.ones(20), "beta": np.zeros(20)}
    p |= {"w2": 0.3 * rng.normal(size=(20, 10)), "b2": np.zeros(10)}
    start = {name: value.copy() for name, value in p.items()}
    for _ in range(steps):
        z = x @ p["w1"] + p["b1"]
        inv_std = 1 / np.sqrt(z.var(axis=0) + 1e-5)
        z_hat = (z - z.mean(axis=0)) * inv_std
        h = np.maximum(p["gamma"] * z_hat + p["beta"], 0)
        logits = h @ p["w2"] + p["b2"]
        e = np.exp(logits - logits.max(axis=1, keepdims=True))
        g = (e / e.sum(axis=1, keepdims=True) - onehot) / len(x)
        grad = {"w2": h.T @ g, "b2": g.sum(axis=0)}
        g = (g @ p["w2"].T) * (h > 0)
        grad |= {"gamma": (g * z_hat).sum(axis=0), "beta": g.sum(axis=0)}
        g = p["gamma"] * inv_std * (g - g.mean(axis=0) - z_hat * (g * z_hat).mean(axis=0))
        grad |= {"w1": x.T @ g, "b1": g.sum(axis=0)}
        p = {name: value - lr * grad[name] for name, value in p.items()}
    return start, p


# %% quiz="stays-in-place" points=1 demo="RunningStatistics"
### BEGIN SOLUTION
stays_in_place = "b"
### END SOLUTION

# %% [markdown]
r"""
## 9. How long until the average is there?

A feature has the mean 50 in every batch. The running mean starts at 0, with the convention `"keep"` and the momentum 0.99.
Write a loop. After how many batches is the running mean above 49.5 for the first time, so that it has come within a
hundredth? Write the number. (While you are there: how many are needed with 0.9? And what would a network that is tested
after its first ten batches, with 0.99, subtract from this feature?)
"""

# %% quiz="batches-until-there" points=1 demo="RunningStatistics"
### BEGIN SOLUTION
batches_until_there = 459
### END SOLUTION

# %% [markdown] manual="one-and-bias" points=2
r"""
## 10. A batch of one, and a bias

In four to seven sentences, with reasons:

- Why can a layer that normalises with its batch say nothing about a single image, and why does a network in use need
  running statistics even when many images arrive together?
- A colleague multiplies all weights of the dense layer in front of a batch normalisation by 10, and adds 7 to its biases.
  Say what changes in the output while training, and why; and what happens to the gradient of these weights.

### BEGIN MARK SCHEME
- 1 point: the mean of a single sample is the sample, so x - mean is 0 and y = beta whatever the image is (half a point).
  In a batch the answer for one image would depend on which other images stand beside it; with fixed (running) statistics
  it depends on the image alone (half a point).
- 1 point: nothing changes in the output (up to epsilon): the shift by 7 goes into the mean and is subtracted, the factor 10
  goes into the standard deviation and is divided out (half a point). The same output from weights ten times as large means
  that a step in them counts a tenth: their gradient is a tenth of what it was (half a point; "smaller" without the factor
  or without a reason: a quarter).
- Not needed: formulas, epsilon, folding.
### END MARK SCHEME
"""

# %% [markdown]
r"""
## Bonus: no batch at all

Without points: what you write here costs and earns nothing. **Layer normalisation** takes mean and variance over the
features of *one* sample, then scales and shifts each feature as batch normalisation does. Open a new cell and write
`layer_norm(x, gamma, beta, epsilon=1e-5)` in two lines, the first of which calls your `normalise_batch`. (What does it see
if you hand it `x.T`?) Then compare:

```python
import plainnet

rng = np.random.default_rng(0)
x, gamma, beta = rng.normal(size=(4, 6)), rng.normal(size=6), rng.normal(size=6)
print(np.abs(layer_norm(x, gamma, beta) - plainnet.layer_norm(x, gamma, beta).data).max())  # 0, up to rounding
print(layer_norm(x[:1], gamma, beta) - layer_norm(x, gamma, beta)[:1])  # a sample alone, and in company
```

Does it need running statistics, or two modes? And what does it make of a sample with a single feature?
"""
