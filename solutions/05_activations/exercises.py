# %% [markdown]
r"""
# Chapter 5: Activations, vanishing gradients and initialisation

A network of twenty layers multiplies twenty matrices and twenty slopes. If each factor is a little too small, nothing
arrives; a little too large, and it explodes. You write the functions that stand between the layers, with their
gradients; you draw weights of the right size; and you measure what a signal and a gradient go through on their way.

**Learning objectives.** After this notebook you can

1. compute six activation functions and their gradients, correct for very large inputs and at the kink;
2. draw the weights of a layer after Xavier and He, normal or uniform, with a generator that is passed in;
3. measure how a signal changes from layer to layer, and how a gradient changes on its way back;
4. tell a unit that is silent now and then from one that is dead;
5. say why a network that starts from equal weights can't learn.

**Prerequisites.** The lecture of this chapter; the chain rule through layers (chapter 4); NumPy's `where`, sums along
an axis, `@`.

**Time** (estimated): 100 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | sigmoid, tanh, softplus with gradients | 3 | 17 |
| 2 | ReLU, leaky ReLU, ELU with gradients | 3 | 14 |
| 3 | weights of the right size | 3 | 16 |
| 4 | a signal through many layers | 2 | 10 |
| 5 | a gradient back through many layers | 3 | 18 |
| 6 | silent and dead units | 2 | 8 |
| 7 | units that can never differ | 2 | 7 |
| 8, 9 | two questions that need a run | 2 | 5 |
| 10 | why 0.01 is too small, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time. You
need only NumPy; plainnet's own activations and initialisers are not there when your work is tested. Exercises 1 to
8 stand alone, in any order; 9 runs your answer to 4.

**Words.** $z$ is what a layer's matrix product gives, $y = f(z)$ what its activation makes of it, and
`g` $= \partial L / \partial y$ the *upstream gradient*: what comes back from the layers behind. Then
$\partial L / \partial z = g \cdot f'(z)$, entry by entry.
"""

# %%
import numpy as np

from plainnet import data

# %% [markdown]
r"""
## 1. Smooth activations

**Why.** Sigmoid and tanh carried neural networks for thirty years, and the slopes that you compute here are what made
deep ones so hard to train: the sigmoid's is never larger than 1/4.

**Write** `smooth_activation(z, g, kind)`

- `z`: an array of float64, of any shape with at least one axis. `g`: an array of the same shape,
  $\partial L / \partial y$.
- `kind`: `"sigmoid"`, `"tanh"` or `"softplus"`.
- Returns the tuple `(y, grad_z)` of two float64 arrays of the shape of `z`: $y = f(z)$ and
  $\partial L / \partial z$.

| kind | $f(z)$ | $f'(z)$ |
|---|---|---|
| sigmoid | $\sigma(z) = \dfrac{1}{1 + e^{-z}}$ | $y\,(1 - y)$ |
| tanh | $\tanh z$ (`np.tanh`) | $1 - y^2$ |
| softplus | $\log(1 + e^z)$ | $\sigma(z)$ |

Mind the letters: in the first two rows the slope is written with $y$, the *output*.

**Large inputs.** `z` may hold numbers up to ±1000. Both results are finite there, and right to 12 digits behind the
point. But $e^{710}$ is already too large for float64, and `np.exp` returns infinity. (Infinity is not always wrong:
1/∞ is 0. But ∞/∞ is NaN.) What helps is that $e^{-|z|}$ is never larger than 1, and that

$$ \sigma(z) = \frac{e^z}{1 + e^z} \quad \text{(the same number, better for } z < 0\text{)}, \qquad
   \log(1 + e^z) = \max(z, 0) + \log(1 + e^{-|z|}) $$

`np.log` is the natural logarithm; `np.logaddexp(a, b)` is $\log(e^a + e^b)$, without overflow. A *warning* of NumPy's about an overflow costs nothing, if the results are right. `z` and `g` are left as they are.

**Worked number**: for $z = (0, 2)$ and $g = (1, -2)$ the sigmoid gives $y = (0.5,\ 0.880797)$ and
$\partial L / \partial z = (0.25,\ -0.209987)$.
"""


# %% solution="smooth-activation" forbid="plainnet.sigmoid, plainnet.tanh, plainnet.softplus" demo="GradientFlow"
def smooth_activation(z, g, kind):
    """Return (y, grad_z) of the sigmoid, tanh or softplus: y = f(z), grad_z = g * f'(z)."""
    ### BEGIN SOLUTION
    e = np.exp(-np.abs(z))  # at most 1
    sigmoid = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return sigmoid, g * sigmoid * (1 - sigmoid)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.maximum(z, 0) + np.log1p(e), g * sigmoid
    ### END SOLUTION


# %% test="smooth-activation" points=1
z, g = np.array([0.0, 2.0]), np.array([1.0, -2.0])
for kind, want_y, want_slope in [
    ("sigmoid", [0.5, 0.8807970780], [0.25, 0.1049935854]),
    ("tanh", [0.0, 0.9640275801], [1.0, 0.0706508249]),
    ("softplus", [0.6931471806, 2.1269280110], [0.5, 0.8807970780]),
]:
    result = smooth_activation(z.copy(), np.ones(2), kind)
    assert isinstance(result, tuple) and len(result) == 2, f"Return (y, grad_z), two arrays; you returned {result!r}."
    y, slope = result
    assert isinstance(y, np.ndarray) and isinstance(slope, np.ndarray), f"Both are arrays; you returned {result!r}."
    assert np.shape(y) == (2,) and np.shape(slope) == (2,), f"{kind}: both results have the shape of z, here (2,)."
    assert np.allclose(y, want_y, rtol=0, atol=1e-9), f"{kind} of (0, 2) is {want_y}; you returned {y}."
    assert np.allclose(slope, want_slope, rtol=0, atol=1e-9), (
        f"{kind}: the slope at (0, 2) is {want_slope}; yours is {slope}. Is it written with z where the table has y?"
    )
    yours = z.copy(), g.copy()
    y, grad = smooth_activation(*yours, kind)
    assert np.array_equal(yours, (z, g)), f"{kind}: after the call z and g hold {yours}; they held {(z, g)}."
    assert np.allclose(y, want_y, rtol=0, atol=1e-9), (
        f"{kind}: y has nothing to do with g; with g = (1, -2) it was {y}."
    )
    assert np.allclose(grad, g * want_slope, rtol=0, atol=1e-9), (
        f"{kind}: with g = (1, -2) the second entry of grad_z is -2 times the slope; you returned {grad}."
    )
    with np.errstate(all="ignore"):
        y, slope = smooth_activation(np.array([-1000.0, 1000.0]), np.ones(2), kind)
    assert np.isfinite(y).all() and np.isfinite(slope).all(), (
        f"{kind} at -1000 and 1000: y = {y}, slope = {slope}. Something overflowed on the way: see 'Large inputs'."
    )
y = smooth_activation(np.array([22.0]), np.ones(1), "softplus")[0]
assert np.allclose(y, 22.000000000279, rtol=0, atol=1e-12), (
    f"softplus(22) is 22.000000000279, to 12 digits behind the point; yours is {y[0]:.12f}."
)

# %% hidden="smooth-activation" points=1
# Random arrays of one to three axes, each with a random upstream gradient.
results = []
for kind in ("sigmoid", "tanh", "softplus"):
    for shape in [(5,), (3, 4), (2, 1, 3)]:
        z, g = rng.normal(scale=2, size=shape), rng.normal(size=shape)
        want, before = reference.smooth_activation(z, g, kind), (z.copy(), g.copy())
        results.append((smooth_activation(z, g, kind), want, (z, g), before))
for got, want, after, before in results:
    assert isinstance(got, tuple) and len(got) == 2 and all(isinstance(part, np.ndarray) for part in got)
    assert_allclose(got[0], want[0], rtol=0, atol=1e-12)  # the text's 12 digits
    assert_allclose(got[1], want[1], rtol=0, atol=1e-12)
    assert_allclose(after[0], before[0], rtol=0)
    assert_allclose(after[1], before[1], rtol=0)

# %% hidden="smooth-activation" points=1
# Large inputs of both signs: where exp(-z) still shows in 12 digits, where it no longer does, beyond the end of exp.
size = np.concatenate([rng.uniform([20, 22, 25, 30], [22, 25, 27, 60]), rng.uniform(700, 1000, size=4), [1000.0]])
z = np.concatenate([size, -size])
results = []
for kind in ("sigmoid", "tanh", "softplus"):
    g = rng.normal(size=z.shape)
    want = reference.smooth_activation(z, g, kind)
    results.append((smooth_activation(z.copy(), g, kind), want))
for got, want in results:
    assert_allclose(got[0], want[0], rtol=0, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=0, atol=1e-12)

# %% [markdown]
r"""
## 2. Rectifiers

**Why.** A rectifier passes what is positive, with slope exactly 1, so that twenty of them in a row need not shrink a
gradient. The price is the other side, where ReLU passes nothing back. Its relatives leave a little slope there.

**Write** `rectifier(z, g, kind, alpha=0.01)`

- `z`: an array of float64, of any shape with at least one axis. `g`: an array of the same shape,
  $\partial L / \partial y$, of any sign.
- `kind`: `"relu"`, `"leaky relu"` or `"elu"`.
- `alpha`: a number between 0 and 1, the $\alpha$ of the table; ReLU does not look at it.
- Returns the tuple `(y, grad_z)` of two float64 arrays of the shape of `z`.

| | $z > 0$ | $z \le 0$: ReLU | $z \le 0$: leaky ReLU | $z \le 0$: ELU |
|---|---|---|---|---|
| $f(z)$ | $z$ | 0 | $\alpha z$ | $\alpha\,(e^z - 1)$ |
| $f'(z)$ | 1 | 0 | $\alpha$ | $\alpha\,e^z$ |

**Convention at the kink**: as the table says, $z = 0$ belongs to the lower side. (Mathematics leaves the slope open
there; a program has to choose, and whole rows of zeros do occur.)

**Which side** an entry is on is decided by the sign of $z$, never by that of $g$: a negative gradient passes as well as
a positive one.

**Large inputs**: `z` may hold numbers up to ±1000, and both results are finite. An `np.exp` of 1000 is infinite, and 0
times infinity is NaN: so an infinite number that you "switch off" by a factor 0 comes back.

**NaN**: where `z` is NaN, `y` is NaN too. (What `grad_z` holds there doesn't matter.) A NaN that an activation turns
into 0 hides the fault that made it. `np.maximum` and `np.minimum` keep NaN; a comparison with NaN is false.

`z` and `g` are left as they are: `z[z < 0] = 0` would change the caller's array.

**Worked number**: for $z = (-2, 0, 3)$, $g = (10, 20, 30)$ and `alpha=0.1`, leaky ReLU gives $y = (-0.2, 0, 3)$ and
$\partial L / \partial z = (1, 2, 30)$; ELU gives $(-0.086466, 0, 3)$ and $(0.135335, 2, 30)$.
"""


# %% solution="rectifier" forbid="plainnet.relu, plainnet.leaky_relu, plainnet.elu" demo="DeadUnits"
def rectifier(z, g, kind, alpha=0.01):
    """Return (y, grad_z) of ReLU, leaky ReLU or ELU: y = f(z), grad_z = g * f'(z)."""
    ### BEGIN SOLUTION
    if kind == "relu":
        return np.maximum(z, 0.0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    e = np.exp(np.minimum(z, 0.0))
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, g, alpha * e * g)
    ### END SOLUTION


# %% test="rectifier" points=1
z, g = np.array([-2.0, 0.0, 3.0]), np.array([10.0, 20.0, 30.0])
for kind, want_y, want_grad in [
    ("relu", [0.0, 0.0, 3.0], [0.0, 0.0, 30.0]),
    ("leaky relu", [-0.2, 0.0, 3.0], [1.0, 2.0, 30.0]),
    ("elu", [-0.0864664717, 0.0, 3.0], [0.1353352832, 2.0, 30.0]),
]:
    before = z.copy(), g.copy()
    result = rectifier(z, g, kind, alpha=0.1)
    assert isinstance(result, tuple) and len(result) == 2, f"Return (y, grad_z), two arrays; you returned {result!r}."
    y, grad = result
    assert isinstance(y, np.ndarray) and isinstance(grad, np.ndarray), f"Both are arrays; you returned {result!r}."
    assert np.array_equal(z, before[0]), f"{kind}: the caller's z was {before[0]}; now it is {z}. Work on a copy."
    assert np.array_equal(g, before[1]), f"{kind}: the caller's g was {before[1]}; now it is {g}. Work on a copy."
    assert np.allclose(y, want_y, rtol=0, atol=1e-9), f"{kind} of (-2, 0, 3) with alpha = 0.1: {want_y}; yours: {y}."
    assert np.allclose(grad[[0, 2]], np.array(want_grad)[[0, 2]], rtol=0, atol=1e-9), (
        f"{kind}: at z = -2 and 3 with g = 10 and 30 the gradient is {want_grad[0]} and {want_grad[2]}; yours: {grad}."
    )
    assert np.allclose(grad[1], want_grad[1]), (
        f"{kind}: at z = 0 exactly, with g = 20, the gradient is {want_grad[1]}; yours is {grad[1]}. See the convention."
    )
    grad = rectifier(z, -g, kind, alpha=0.1)[1]
    assert np.allclose(grad, -np.array(want_grad), rtol=0, atol=1e-9), (
        f"{kind}: with -g every gradient changes its sign: {-np.array(want_grad)}; yours: {grad}."
    )

# %% hidden="rectifier" points=1
# Random arrays, a third of their entries exactly 0; gradients of both signs; several alphas.
results = []
for kind in ("relu", "leaky relu", "elu"):
    for shape in [(6,), (4, 3), (2, 3, 2)]:
        z = rng.normal(scale=2, size=shape) * (rng.random(shape) < 2 / 3)
        g, alpha = rng.normal(size=shape), float(rng.uniform(0.02, 0.9))
        want, before = reference.rectifier(z, g, kind, alpha), (z.copy(), g.copy())
        results.append((rectifier(z, g, kind, alpha), want, (z, g), before))
for got, want, after, before in results:
    assert isinstance(got, tuple) and len(got) == 2 and all(isinstance(part, np.ndarray) for part in got)
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert_allclose(after[0], before[0], rtol=0)
    assert_allclose(after[1], before[1], rtol=0)

# %% hidden="rectifier" points=1
# Large inputs, NaN, and the default alpha.
size = rng.uniform(600, 1000, size=5)
z = rng.permutation(np.concatenate([size, -size, rng.normal(size=4)]))
holes = z.copy()
holes[rng.integers(len(z), size=3)] = np.nan
results = []
for kind in ("relu", "leaky relu", "elu"):
    g = rng.normal(size=z.shape)
    want, want_y = reference.rectifier(z, g, kind), reference.rectifier(holes, g, kind)[0]
    results.append((rectifier(z.copy(), g, kind), rectifier(holes.copy(), g, kind), want, want_y))
for got, got_holes, want, want_y in results:
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    assert_allclose(got_holes[0], want_y, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 3. Weights of the right size

**Why.** A unit adds up `fan_in` products. The variance of a sum of independent numbers is the sum of their variances,
so the more inputs, the smaller each weight has to be, for the sum to stay as large as the inputs are.

**Write** `init_layer(fan_in, fan_out, kind, rng)`

- `fan_in`, `fan_out`: ints, how many numbers the layer reads and how many units it has.
- `kind`: one of the four of the table. `rng`: a `numpy.random.Generator`.
- Returns the tuple `(w, b)`: the weights `w`, float64 of shape `(fan_in, fan_out)`, and the biases `b`, float64 zeros
  of shape `(fan_out,)`. (Zeros do no harm there: the weights already differ from unit to unit.)

| kind | variance of an entry of `w` | distribution, of mean 0 |
|---|---|---|
| `"xavier normal"` | $2 / (\mathrm{fan\_in} + \mathrm{fan\_out})$ | normal |
| `"xavier uniform"` | $2 / (\mathrm{fan\_in} + \mathrm{fan\_out})$ | uniform between $-a$ and $a$ |
| `"he normal"` | $2 / \mathrm{fan\_in}$ | normal |
| `"he uniform"` | $2 / \mathrm{fan\_in}$ | uniform between $-a$ and $a$ |

The standard deviation is the root of the variance. A uniform number between $-a$ and $a$ has the variance $a^2/3$:
choose $a$ so that it comes out as in the table.

`rng.normal(mean, std, size)` takes the *standard deviation*; `rng.uniform(low, high, size)` the two ends.

**Convention for randomness**: every random number comes from the `rng` that is passed in. So two calls with the same
`rng` give different weights, and two generators of the same seed give the same weights. Don't make a generator of your
own and don't use `np.random.normal` or `np.random.seed`: nobody could then repeat, or vary, your network.

**Worked numbers**: for `fan_in = 300`, `fan_out = 100`, He's standard deviation is $\sqrt{2/300} = 0.0816$, Xavier's
is $\sqrt{2/400} = 0.0707$, and Xavier's uniform numbers lie between ±0.1225.

**How it is tested**: by the standard deviation and the mean of many weights, to 5 % of the standard deviation, in
layers that are five times as wide on one side as on the other, and to 18 % in one with a single input; by the largest
weight; by the share of weights that are larger than one standard deviation (normal: 32 %, uniform: 42 %); every weight
is a draw of its own, also in layers of a single weight: no two are equal, or equal but for the sign.
"""


# %% solution="init-layer" forbid="plainnet.init.xavier, plainnet.init.he, plainnet.init.draw" demo="LayerHistograms"
def init_layer(fan_in, fan_out, kind, rng):
    """Return (w, b): random weights (fan_in, fan_out) after Xavier or He, and zero biases (fan_out,)."""
    ### BEGIN SOLUTION
    name, distribution = kind.split()
    variance = 2 / fan_in if name == "he" else 2 / (fan_in + fan_out)
    if distribution == "normal":
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        a = np.sqrt(3 * variance)
        w = rng.uniform(-a, a, (fan_in, fan_out))
    return w, np.zeros(fan_out)
    ### END SOLUTION


# %% test="init-layer" points=1
for kind, want_std in [
    ("xavier normal", 0.0707),
    ("xavier uniform", 0.0707),
    ("he normal", 0.0816),
    ("he uniform", 0.0816),
]:
    result = init_layer(300, 100, kind, np.random.default_rng(0))
    assert isinstance(result, tuple) and len(result) == 2, f"Return (w, b), two arrays; you returned {result!r}."
    w, b = result
    assert isinstance(w, np.ndarray), f"w is an array; you returned a {type(w).__name__}."
    assert w.dtype == np.float64, f"w holds float64; yours holds {w.dtype}."
    assert np.shape(w) == (300, 100), f"w has the shape (fan_in, fan_out) = (300, 100); yours has {np.shape(w)}."
    assert np.shape(b) == (100,) and not np.any(b), f"b holds fan_out = 100 zeros, of shape (100,); yours is {b!r}."
    assert isinstance(b, np.ndarray) and b.dtype == np.float64, f"b is an array of float64, like w; yours is {b!r}."
    assert kind.endswith("normal") or abs(w.std() / want_std - 1 / np.sqrt(3)) > 0.03, (
        f"{kind}: your standard deviation is {w.std():.4f}, not {want_std}. Is a^2/3 the variance of the table?"
    )
    assert abs(w.std() / want_std - 1) < 0.05, (
        f"{kind}: the standard deviation for fan_in = 300, fan_out = 100 is {want_std}; yours is {w.std():.4f}. "
        "Variance or standard deviation? Which of the fans?"
    )
    largest = np.abs(w).max() / want_std
    assert (largest < 1.75) == kind.endswith("uniform"), (
        f"{kind}: your largest weight is {largest:.2f} standard deviations; uniform numbers end at 1.73, normal ones go on."
    )
assert len(np.unique(w)) == w.size, "Some of your weights are equal: every entry of w is a draw of its own."
w = init_layer(1, 1, "he normal", np.random.default_rng(0))[0]
assert np.isfinite(w).all(), f"A layer of a single weight has a number in it, too; yours holds {w!r}."
rng = np.random.default_rng(0)
first, second = init_layer(300, 100, "he normal", rng)[0], init_layer(300, 100, "he normal", rng)[0]
assert not np.array_equal(first, second), "Two calls with one rng gave the same weights: do they come from this rng?"
again = init_layer(300, 100, "he normal", np.random.default_rng(0))[0]
assert np.array_equal(first, again), "Two generators of the same seed should give the same weights; yours differ."

# %% hidden="init-layer" points=1
# Standard deviation and mean in wide-to-narrow and narrow-to-wide layers.
layers = [
    (kind, fans)
    for kind in ("xavier normal", "xavier uniform", "he normal", "he uniform")
    for fans in [(250, 50), (50, 250)]
]
seeds = [int(seed) for seed in rng.integers(2**31, size=len(layers))]
results = [init_layer(*fans, kind, np.random.default_rng(seed)) for (kind, fans), seed in zip(layers, seeds)]
for (kind, (fan_in, fan_out)), got in zip(layers, results):
    assert isinstance(got, tuple) and len(got) == 2
    w, b = got
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    assert isinstance(w, np.ndarray) and w.shape == (fan_in, fan_out) and w.dtype == np.float64
    assert_allclose(float(w.std() / std), 1.0, rtol=0.05)
    assert_allclose(float(w.mean() / std), 0.0, atol=0.05)
    assert isinstance(b, np.ndarray) and b.dtype == np.float64
    assert_allclose(b, np.zeros(fan_out), rtol=0)

# %% hidden="init-layer" points=1
# The distribution, and the generator: repeated by its seed, different from call to call. Then small layers.
seed = int(rng.integers(2**31))
pairs = []
for kind in ("xavier normal", "xavier uniform", "he normal", "he uniform"):
    one, twin = np.random.default_rng(seed), np.random.default_rng(seed)
    first, second = init_layer(60, 100, kind, one)[0], init_layer(60, 100, kind, one)[0]
    repeated = init_layer(60, 100, kind, twin)[0]
    narrow, single = init_layer(1, 400, kind, one)[0], [init_layer(1, 1, kind, one)[0] for _ in range(5)]
    pairs.append((kind, first, second, repeated, narrow, single))
for kind, first, second, repeated, narrow, single in pairs:
    assert isinstance(first, np.ndarray) and isinstance(second, np.ndarray) and first.shape == (60, 100)
    uniform = kind.endswith("uniform")
    size = np.abs(first) / np.sqrt(2 / 60 if kind.startswith("he") else 2 / 160)
    assert_allclose(float(np.mean(size > 1)), 1 - 1 / np.sqrt(3) if uniform else 0.3173, atol=0.03)
    assert (1.6 < size.max() < 1.75) if uniform else (3.0 < size.max())
    assert_allclose(repeated, first, rtol=1e-12)
    assert not np.array_equal(first, second) and len(np.unique(np.abs(first))) == first.size
    assert isinstance(narrow, np.ndarray) and narrow.shape == (1, 400)
    narrow = narrow / np.sqrt(2 if kind.startswith("he") else 2 / 401)
    assert_allclose(float(np.sqrt(np.mean(narrow**2))), 1.0, rtol=0.18)  # five standard errors
    assert all(isinstance(w, np.ndarray) and w.shape == (1, 1) and np.isfinite(w).all() for w in single)
    assert_equal(len(np.unique(np.abs(single))), 5)

# %% [markdown]
r"""
## 4. A signal through many layers

**Why.** Before you train a deep network, look at what reaches its last layer. If every output there is 0.0000, no
training will help; the mean and the spread of each layer's output tell you so in a second.

**Write** `layer_stats(x, weights, f)`

- `x`: an array of float64 of shape (N, D), the data: one row a sample.
- `weights`: a list of $M \ge 1$ arrays, one for each layer; the first has the shape (D, H₁), the next (H₁, H₂), and so on. There are no
  biases.
- `f`: the activation, a function that takes an array of any shape and returns one of that shape, entry by entry.
- Returns a float64 array of shape $(M, 2)$: in row $k$ the mean and the standard deviation of what leaves layer $k$
  (counted from 0).

**Formula**: with $y$ at first the data, each layer makes $y \leftarrow f(y\,W_k)$. What *leaves* the layer is this new
$y$, after the activation.

**Convention**: mean and standard deviation are taken over all samples and all units of a layer together; the standard
deviation is NumPy's `std` as it comes, which divides by the number of values, not by one less. The data have no row of
their own. `x` and the weights are left as they are.

**Worked number**: for `x = [[1, -1], [1, 3]]`, the weights `[[1, 1], [1, -1]]` and `[[1], [-1]]`, and ReLU, the first
layer gives `[[0, 2], [4, 0]]` (mean 1.5, standard deviation 1.6583), the second `[[0], [4]]` (mean 2, standard
deviation 2).
"""


# %% solution="layer-stats" demo="LayerHistograms"
def layer_stats(x, weights, f):
    """Return (M, 2): the mean and the standard deviation of what leaves each layer y <- f(y @ w)."""
    ### BEGIN SOLUTION
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.std()))
    return np.array(rows)
    ### END SOLUTION


# %% test="layer-stats" points=1
def relu_of(z):
    return np.maximum(z, 0.0)


x = np.array([[1.0, -1.0], [1.0, 3.0]])
two_layers = [np.array([[1.0, 1.0], [1.0, -1.0]]), np.array([[1.0], [-1.0]])]
yours = [x.copy(), *[w.copy() for w in two_layers]]
weights = yours[1:]
stats = layer_stats(yours[0], weights, relu_of)
assert isinstance(stats, np.ndarray), f"Return an array; you returned a {type(stats).__name__}, {stats!r}."
assert stats.shape == (2, 2), f"Two layers make an array of shape (2, 2), a row for each; yours has {stats.shape}."
assert not np.allclose(stats[0], [1, np.sqrt(5)]), (
    "This is the mean and standard deviation before the activation; asked for is what leaves the layer."
)
assert np.allclose(stats[0], [1.5, np.sqrt(2.75)]), (
    f"The first layer gives [[0, 2], [4, 0]]: mean 1.5, standard deviation 1.6583; your row is {stats[0]}."
)
assert np.allclose(stats[1], [2, 2]), (
    f"The second layer gives [[0], [4]]: mean 2, standard deviation 2; your row is {stats[1]}. "
    "Does it read what left the first one, after the activation? Is the activation applied after it too?"
)
assert len(weights) == 2, f"The list of weights had two entries; after the call it has {len(weights)}."
assert all(np.array_equal(mine, was) for mine, was in zip([yours[0], *weights], [x, *two_layers])), (
    "After the call x or the list of weights holds something else than before."
)
assert layer_stats(x, two_layers[:1], relu_of).shape == (1, 2), "One layer makes one row: an array of shape (1, 2)."

# %% hidden="layer-stats" points=1
functions = [lambda z: np.maximum(z, 0.0), np.tanh, lambda z: 0.5 + np.sin(z)]
results = []
for f in functions:
    for N, M in [(int(rng.integers(3, 6)), 4), (1, 6), (2, 1)]:
        sizes = [int(n) for n in rng.integers(2, 6, size=M + 1)]
        x, weights = rng.normal(size=(N, sizes[0])), [rng.normal(size=fans) for fans in zip(sizes, sizes[1:])]
        want, before = reference.layer_stats(x, weights, f), [x.copy(), *[w.copy() for w in weights]]
        results.append((layer_stats(x, weights, f), want, x, weights, before))
for got, want, x, weights, before in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_equal([x, *weights], before)

# %% [markdown]
r"""
## 5. A gradient back through many layers

**Why.** The layer that is nearest to the data learns from what comes back last. Each layer on the way multiplies the
gradient by its weights and by its slopes. You measure how much is left.

**Write** `gradient_norms(x, weights, f, slope, g)`

- `x`: (N, D), the data. `weights`: a list of $M \ge 1$ arrays, one for each layer, as in exercise 4: the first has the
  shape (D, H₁), the next (H₁, H₂), and so on, without biases.
- `f`: the activation, a function of an array, entry by entry. `slope`: a function of the same kind; `slope(z)` is
  $f'(z)$.
- `g`: an array of the shape of the last layer's output: $\partial L / \partial y_M$, with $L$ the loss.
- Returns a float64 array of shape $(M + 1,)$: entry $k$ is the size of $\partial L / \partial y_k$, for
  $k = 0, \dots, M$. Here $y_0$ is the data, and $y_M$ the last output; so the result begins with the data's entry.

**Forward**, for $k = 1, \dots, M$: $z_k = y_{k-1} W_k$, $y_k = f(z_k)$. **Backward**, from $k = M$ down to 1:

$$ \frac{\partial L}{\partial z_k} = \frac{\partial L}{\partial y_k} \odot f'(z_k), \qquad
   \frac{\partial L}{\partial y_{k-1}} = \frac{\partial L}{\partial z_k}\, W_k^\top $$

where $\odot$ multiplies entry by entry. The slopes are those at $z_k$, so the forward pass has to keep the $z_k$.

**Convention**: the size of an array is the root of the sum of the squares of *all* its entries (`np.linalg.norm` of a
matrix). Nothing is averaged over the samples. The first entry of the result belongs to the data, the last one is the
size of `g`. Your arguments are left as they are.

**Worked number**: for `x = [[2]]`, the weights `[[3]]` and `[[0.5]]`, $f(z) = z^2$ with the slope $2z$, and `g = [[1]]`:
forward $z_1 = 6$, $y_1 = 36$, $z_2 = 18$, $y_2 = 324$; backward $1 \cdot 36 \cdot 0.5 = 18$, then
$18 \cdot 12 \cdot 3 = 648$. The result is `[648, 18, 1]`.

**To look at** (no points): once your tests pass, print `gradient_norms` for twenty layers of 64 sigmoids with Xavier's
weights, and for twenty layers of ReLU with He's. (Draw `x` and `g` by `rng.normal(size=(100, 64))` each, and the weights
by your exercise 3 or by `rng.normal`.)
"""


# %% solution="gradient-norms" demo="GradientFlow"
def gradient_norms(x, weights, f, slope, g):
    """Return (M + 1,): the norm of dL/dy_k for k = 0 (the data) to M (the last output, where it is that of g)."""
    ### BEGIN SOLUTION
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])
    ### END SOLUTION


# %% test="gradient-norms" points=1
x, weights, g = np.array([[2.0]]), [np.array([[3.0]]), np.array([[0.5]])], np.array([[1.0]])
norms = gradient_norms(x, weights, lambda z: z**2, lambda z: 2 * z, g)
assert isinstance(norms, np.ndarray), f"Return an array; you returned a {type(norms).__name__}, {norms!r}."
assert norms.shape == (3,), f"Two layers make three numbers, from the data to the output; you returned {norms!r}."
assert not np.allclose(norms, [1, 18, 648]), "These are the right numbers in the wrong order: the data come first."
assert np.allclose(norms[1:], [18, 1]), (
    f"The last two are 18 and 1 (the size of g); yours are {norms[1:]}. The slope of a layer is taken at its z."
)
assert np.allclose(norms[0], 648), f"At the data 648 arrive; yours is {norms[0]}. Which z belongs to the first layer?"
assert x[0, 0] == 2 and g[0, 0] == 1 and weights == [3, 0.5], (
    f"x, weights and g were 2, [3, 0.5] and 1; after the call they are {x}, {weights} and {g}."
)
w, g = np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0, 0.0]])
norms = gradient_norms(np.ones((1, 2)), [w], lambda z: z, np.ones_like, g)
assert np.allclose(norms, [1.0, 1.0]), (
    f"g = [[1, 0]] and w = [[1, 2], [0, 1]] pass back [[1, 0]], of size 1; yours are {norms}. Square matrices too: w.T."
)
w = np.array([[1.0, 2.0, 0.0], [0.0, 1.0, 3.0]])
norms = gradient_norms(np.ones((2, 2)), [w], lambda z: z, np.ones_like, np.array([[1.0, 0.0, 2.0], [0.0, 2.0, 0.0]]))
assert np.allclose(norms, [np.sqrt(1 + 36 + 16 + 4), 3.0]), (
    f"x @ w passes back g @ w.T = [[1, 6], [4, 2]], whose size is 7.5498, and g has the size 3; yours are {norms}."
)

# %% hidden="gradient-norms" points=1
# Small networks, square ones too, whose shapes don't give a missing transposition away.
pairs = [
    (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    (lambda z: np.maximum(z, 0.0), lambda z: 1.0 * (z > 0)),
    (lambda z: z + 0.5 * np.sin(z), lambda z: 1 + 0.5 * np.cos(z)),
]
results = []
for f, slope in pairs:
    for sizes in ([3, 3, 3, 3], [int(n) for n in rng.integers(2, 6, size=4)]):
        x = rng.normal(size=(4, sizes[0]))
        weights = [rng.normal(size=fans) for fans in zip(sizes, sizes[1:])]
        g = rng.normal(size=(4, sizes[-1]))
        want = reference.gradient_norms(x, weights, f, slope, g)
        before = [x.copy(), g.copy(), *[w.copy() for w in weights]]
        results.append((gradient_norms(x, weights, f, slope, g), want, x, g, weights, before))
for got, want, x, g, weights, before in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_equal([x, g, *weights], before)


# %% hidden="gradient-norms" points=1
# Twenty layers, in which the gradient vanishes (sigmoid) or keeps its size (tanh); compared by logarithms.
def sigmoid_of(z):
    return 1 / (1 + np.exp(-z))


pairs = [(sigmoid_of, lambda z: sigmoid_of(z) * (1 - sigmoid_of(z))), (np.tanh, lambda z: 1 - np.tanh(z) ** 2)]
results = []
for f, slope in pairs:
    x, g = rng.normal(size=(5, 12)), rng.normal(size=(5, 12))
    weights = [rng.normal(size=(12, 12)) / np.sqrt(12) for _ in range(20)]
    want = reference.gradient_norms(x, weights, f, slope, g)
    results.append((gradient_norms(x, weights, f, slope, g), want))
for got, want in results:
    assert isinstance(got, np.ndarray) and got.shape == (21,) and np.all(got > 0)
    assert_allclose(np.log(got), np.log(want), rtol=1e-9, atol=1e-9)

# %% [markdown]
r"""
## 6. Silent and dead units

**Why.** A ReLU that gives 0 for a sample passes no gradient back for that sample. That is normal, and happens for about
half of all samples. But a unit that gives 0 for *every* sample receives no gradient at all: none of its weights will
ever move again. Counting such units takes one line, and explains many a training that got stuck.

**Write** `dead_fraction(x, w, b)`

- `x`: (N, D), the data. `w`: (D, H), the weights of a layer of H units. `b`: (H,), its biases. All float64, and left
  as they are.
- Returns the tuple `(dead, silent)` of two numbers between 0 and 1.

**Definitions**, with $z = x\,w + b$ of shape (N, H): a unit is *silent* on a sample if its $z$ is at most 0 there
(exactly 0 counts: the slope there is 0 too). A unit is *dead* if it is silent on **all** samples.

- `silent`: how many of the N·H pairs of a sample and a unit are silent, divided by N·H.
- `dead`: how many of the H units are dead, divided by H.

**Useful**: a comparison such as `a <= 0` gives an array of truth values; `a.all(axis=0)` says for each column whether
all of its entries are true, `a.all(axis=1)` for each row; the `mean` of truth values is the share of the true ones.

**Worked number**: for `x = [[1, 0], [0, 1]]`, `w = [[1, -1, 2], [-1, -1, -3]]` and `b = [0, 0, -2]` we get
`z = [[1, -1, 0], [-1, -1, -5]]`: five of six are silent, and the second and the third unit are dead. The result is
(2/3, 5/6).
"""


# %% solution="dead-fraction" demo="DeadUnits"
def dead_fraction(x, w, b):
    """Return (dead, silent): the share of ReLU units that never fire, and of (sample, unit) pairs without output."""
    ### BEGIN SOLUTION
    silent = x @ w + b <= 0  # (N, H)
    return float(silent.all(axis=0).mean()), float(silent.mean())
    ### END SOLUTION


# %% test="dead-fraction" points=1
x = np.array([[1.0, 0.0], [0.0, 1.0]])
w, b = np.array([[1.0, -1.0, 2.0], [-1.0, -1.0, -3.0]]), np.array([0.0, 0.0, -2.0])
result = dead_fraction(x, w, b)
assert isinstance(result, tuple) and len(result) == 2, f"Return (dead, silent), two numbers; you returned {result!r}."
dead, silent = result
assert np.shape(dead) == () and np.shape(silent) == (), f"Both are single numbers; you returned {result!r}."
assert abs(silent - 5 / 6) < 1e-12, (
    f"z = [[1, -1, 0], [-1, -1, -5]] has 5 of 6 entries that are at most 0; your share of silent ones is {silent}."
)
assert abs(dead - 2 / 3) < 1e-12, (
    f"Of the three units the second and the third are silent on both samples: dead is 2/3; yours is {dead}. "
    "A unit is a column of z."
)
yours = np.array([[0.5]]), np.array([[1.0]]), np.array([-0.25])
result = dead_fraction(*yours)
assert tuple(result) == (0, 0), f"One unit whose only z is 0.25 fires: (0, 0); you returned {result!r}."
assert [a.item() for a in yours] == [0.5, 1, -0.25], f"x, w and b were 0.5, 1 and -0.25; now they are {yours}."

# %% hidden="dead-fraction" points=1
# Whole numbers, with zeros among the z and dead units; then units that fire once among many samples, or just so.
results = []
for _ in range(6):
    N, D, H = (int(n) for n in rng.integers(3, 9, size=3))
    x, w = rng.integers(-2, 3, size=(N, D)) * 1.0, rng.integers(-2, 3, size=(D, H)) * 1.0
    b = rng.integers(-4, 3, size=H) * 1.0
    b[0] = -100.0  # at least one dead unit
    want, before = reference.dead_fraction(x, w, b), [x.copy(), w.copy(), b.copy()]
    results.append((dead_fraction(x, w, b), want, [x, w, b], before))
for N, H in [(60, 5), (1, 4), (7, 1)]:
    x, w = rng.normal(size=(N, 3)), rng.normal(size=(3, H))
    z = np.sort(x @ w, axis=0)
    b = 0.1 * rng.random(H) - z[-1]  # a unit's largest z is between 0 and 0.1
    b[0] = 1e-9 - z[-1, 0]
    if H > 1:
        b[1] = -0.5 * (z[-1, 1] + z[-2, 1]) if N > 1 else -1 - z[-1, 1]
    want, before = reference.dead_fraction(x, w, b), [x.copy(), w.copy(), b.copy()]
    results.append((dead_fraction(x, w, b), want, [x, w, b], before))
for got, want, after, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose([got[0], got[1]], list(want), rtol=1e-9)
    assert_equal(after, before)

# %% [markdown]
r"""
## 7. Units that can never differ

**Why.** The first question of every course on initialisation: why not start with all weights 0, or all equal? Because
two hidden units with the same weights compute the same output, receive the same gradient, and take the same step. They
stay the same for ever: a layer of 500 equal units is a layer of one.

**Write** `distinct_units(w1, b1, w2)`

- `w1`: (D, H), the weights into H hidden units. `b1`: (H,), their biases. `w2`: (H, K), the weights from the hidden
  units to the outputs. All float64, and left as they are.
- Returns an `int`: the number of different hidden units.

**Definition**: two hidden units are *twins* if all of these are equal: their weights in, their biases, and their
weights **out**. Gradient descent can never tell twins apart. If only the weights out differ, the gradients differ, and
after one step the units do too. A group of twins counts as one unit, not as none.

Numbers are equal if `==` says so, without a tolerance: 1 and 1 + 10⁻¹² differ, 0.0 and −0.0 don't.

**Useful**: `np.unique(a, axis=0)` returns the different rows of a matrix, `np.unique(a, axis=1)` its different columns;
`np.vstack` puts matrices below each other, and takes a vector as one row.

**Worked number**: for `w1 = [[1, 1, 1, 2], [0, 0, 0, 3]]`, `b1 = [0, 0, 0, 0]` and `w2 = [[1], [1], [2], [1]]` the first
two units are twins; the third has the same weights in, but another one out. The result is 3.
"""


# %% solution="distinct-units" demo="GradientFlow"
def distinct_units(w1, b1, w2):
    """Return how many different hidden units there are: twins agree in weights in, bias and weights out."""
    ### BEGIN SOLUTION
    units = np.vstack([w1, b1, w2.T])  # (D + 1 + K, H): a column a unit
    return np.unique(units, axis=1).shape[1]
    ### END SOLUTION


# %% test="distinct-units" points=1
w1 = np.array([[1.0, 1.0, 1.0, 2.0], [0.0, 0.0, 0.0, 3.0]])
b1, w2 = np.zeros(4), np.array([[1.0], [1.0], [2.0], [1.0]])
count = distinct_units(w1, b1, w2)
assert isinstance(count, (int, np.integer)), f"Return a whole number; you returned {count!r}."
assert count != 2, (
    "2 comes out if the weights out are not looked at (the third unit has another one), "
    "and also if twins are left out: a group of twins counts as one unit, not as none."
)
assert count == 3, f"Units 1 and 2 are twins, 3 and 4 differ from them and from each other: 3; you returned {count}."
count = distinct_units(np.zeros((5, 7)), np.zeros(7), np.zeros((7, 2)))
assert count == 1, f"Seven units whose weights are all 0 count as 1; you returned {count}."
count = distinct_units(np.zeros((5, 7)), np.arange(7.0), np.zeros((7, 2)))
assert count == 7, f"Seven units that differ in their biases count as 7; you returned {count}."
count = distinct_units(np.array([[0.0, 0.25, -0.25, 0.25 + 1e-12, -0.0]]), np.zeros(5), np.ones((5, 2)))
assert count == 4, f"0, 0.25, -0.25, 0.25 + 1e-12 and -0.0 are four different weights; you returned {count}."

# %% hidden="distinct-units" points=1
results = []
for case in range(8):
    D, H, K = (int(n) for n in rng.integers([2, 5, 2], [5, 10, 4]))
    kinds = rng.integers(-1, 2, size=(D + 1 + K, H)) * 0.25  # few numbers, many accidental equalities
    units = kinds[:, rng.integers(0, max(2, H - 2), size=H)]
    if case % 2:
        units[int(rng.integers(D + 1 + K))] = rng.integers(0, 2, size=H)  # twins that differ in one number
    if case == 2:
        units[:D] = units[:D, :1]  # the same weights in for all
    if case == 4:
        units[:D, 0] = np.arange(D)
        units[:D, 1] = units[:D, 0][::-1]  # the same numbers in another order
        units[D:, 1] = units[D:, 0]
    if case == 6:
        units[:, 1] = units[:, 0]
        units[int(rng.integers(D + 1 + K)), 1] += 1e-12  # hardly different
    if case == 0:
        units[(units == 0) & (rng.random(units.shape) < 0.5)] = -0.0  # equal
        units[0, :2], units[:, 1] = [0.0, 0.0], units[:, 0]
        units[0, 1] = -0.0
    w1, b1, w2 = units[:D].copy(), units[D].copy(), units[D + 1 :].T.copy()
    want, before = reference.distinct_units(w1, b1, w2), [w1.copy(), b1.copy(), w2.copy()]
    results.append((distinct_units(w1, b1, w2), want, [w1, b1, w2], before))
for got, want, after, before in results:
    assert_equal(got, want)
    assert_equal(after, before)

# %% [markdown]
r"""
## 8. A question that needs a run

A deck of the lecture asks, and leaves open: *what happens if all weights start at 0?* The next cell holds a network
with one hidden layer of tanh units and its training on the digits by gradient descent, written with arrays alone.
(Softmax, logits and cross-entropy, at its end, are chapter 3's; you need not know them to run it.) Start it with zeros
everywhere,

```python
after = train(np.zeros((64, 16)), np.zeros(16), np.zeros((16, 10)), np.zeros(10))
```

Which of the four arrays `w1`, `b1`, `w2`, `b2` hold something else than zeros after 50 steps? Write the letter as text,
in quotation marks.

| a | b | c | d |
|---|---|---|---|
| none | `b2` alone | `w2` and `b2` | all four |

(While you are there: start with `np.full(..., 0.1)` in the weights, round what comes back to 9 digits with
`np.round(w1, 9)`, and give it to your `distinct_units`. Then, in a copy of the cell, replace tanh by a sigmoid, whose
output at 0 is 1/2 instead of 0, and start from zeros again; the slope `1 - h * h` then becomes `h * (1 - h)`.)
"""


# %%
def train(w1, b1, w2, b2, steps=50, lr=0.5):
    """Return (w1, b1, w2, b2) after steps of gradient descent on the digits, for softmax(tanh(x w1 + b1) w2 + b2)."""
    x, t = data.digits()
    x, onehot = x.reshape(len(x), -1).astype(float), np.eye(10)[t]
    for _ in range(steps):
        h = np.tanh(x @ w1 + b1)
        z = h @ w2 + b2
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        grad_z = (p - onehot) / len(x)  # of the mean cross-entropy
        grad_a = grad_z @ w2.T * (1 - h * h)
        w2, b2 = w2 - lr * h.T @ grad_z, b2 - lr * grad_z.sum(axis=0)
        w1, b1 = w1 - lr * x.T @ grad_a, b1 - lr * grad_a.sum(axis=0)
    return w1, b1, w2, b2


# %% quiz="moves-from-zero" points=1 demo="GradientFlow"
### BEGIN SOLUTION
moved_from_zero = "b"
### END SOLUTION

# %% [markdown]
r"""
## 9. Where does the signal end?

Some lectures start every network with `0.01 * randn`. Take twenty layers of 100 ReLU units, without biases, drawn like
this:

```python
rng = np.random.default_rng(5)
x = rng.normal(size=(200, 100))
weights = [0.01 * rng.normal(size=(100, 100)) for _ in range(20)]
```

and look at the standard deviation of what leaves each layer (exercise 4). What is the number of the *first* layer whose
output has a standard deviation below $10^{-10}$? Layers are counted from **1** here: the first row of `layer_stats`
belongs to layer 1. (While you are there: by which factor does it fall from layer to layer? Compare with
$0.01 \cdot \sqrt{100/2} = 0.0707$. That is the factor of the *root mean square*; after a ReLU the mean is not 0, so the
standard deviation is the smaller of the two. The data's mean is 0: so the first layer takes the standard deviation down
by more than the theory says, by a factor 17; the factors of the other layers scatter around 0.0707.)
"""

# %% quiz="signal-ends" points=1 demo="LayerHistograms"
### BEGIN SOLUTION
first_layer_below = 9
### END SOLUTION

# %% [markdown] manual="why-small-fails" points=2
r"""
## 10. Why 0.01 is too small

In three to six sentences: a lecture says of the start $W = 0.01 \cdot$ `randn` that it works for small networks, but
makes problems in deeper ones. Say what one ReLU layer of 100 inputs does to the size of a signal when its weights have
the standard deviation 0.01, why one such layer does no harm and twenty do, and what happens to the gradient on its way
back. Then say which standard deviation keeps the size, and where its factor 2 comes from.

### BEGIN MARK SCHEME
- 1 point: each layer multiplies the size by about $0.01 \cdot \sqrt{100/2} \approx 0.07$ (0.1 without the ReLU's half
  is accepted), so twenty layers multiply it by about $10^{-23}$: a power, not a sum. One layer costs one factor, which
  training can make up for. The gradient is multiplied by the same weights, so it shrinks by about the same factor a
  layer, and the first layers learn nothing. Half a point for "it gets smaller and smaller" without a factor or a power.
- 1 point: the factor is 1 if $\mathrm{fan\_in} \cdot \sigma^2 / 2 = 1$, so $\sigma = \sqrt{2/100} \approx 0.14$ (He). The
  variances of the fan_in products add up; ReLU sets half of a symmetric distribution to 0 and so keeps half of the mean
  square, and the 2 makes up for it. Half a point for $\sqrt{2/\mathrm{fan\_in}}$ without a reason for the 2.
- Not needed: names, Xavier, exact numbers.
### END MARK SCHEME
"""
