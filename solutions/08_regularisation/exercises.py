# %% [markdown]
r"""
# Chapter 8: Regularisation

A network with enough weights can learn its training data by heart, and says nothing sensible about anything else. What
keeps it from doing so is called *regularisation*: penalties on the weights, limits, stopping in time, noise, dropout,
and asking several networks instead of one. You write each of them down in a few lines, with the conventions that the
decks in the lecture leave open, or contradict each other about.

**Learning objectives.** After this notebook you can

1. write the penalties L1, L2 and elastic net with gradients that belong to them, and find a pair that doesn't;
2. limit the length of each unit's weights, and of nothing else;
3. write dropout, forward and back, and make three conventions of it agree when the network is used;
4. stop a training in time, by the right set of data, and give back the weights of the best epoch;
5. average the answers of several networks, and say what noise on the inputs does to a linear one.

**Prerequisites.** The lecture of this chapter; softmax (chapter 3); layers as matrix products (chapter 4); NumPy's
sums along an axis, `@`, and classes with attributes.

**Time** (estimated): 110 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | penalties and their gradients | 3 | 15 |
| 2 | max-norm | 2 | 9 |
| 3 | dropout, forward and back | 3 | 16 |
| 4 | three conventions that agree | 2 | 12 |
| 5 | early stopping | 3 | 21 |
| 6 | an ensemble, and soft answers to learn from | 2 | 12 |
| 7 | noise on the inputs | 3 | 12 |
| 8, 9 | two questions that need a run | 2 | 8 |
| 10 | right labels, wrong probabilities, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time. You
need only NumPy. Where plainnet has a function or class of the same kind, the hidden tests take it away: write your own.
Exercises 1 to 8 stand alone, in any order; question 9 runs your exercise 1.

**Numbers.** Arrays hold float64 unless the text says otherwise. *Unchanged* means: after the call, the caller's array
or list holds what it held before. `w = w * 2` makes a new array, `w *= 2` and `w[...] = 0` change the one that the
caller has too; `w.copy()` is a copy that no later change of `w` reaches.
"""

# %%
import numpy as np

# %% [markdown]
r"""
## 1. Penalties and their gradients

**Why.** A penalty makes large weights expensive: training then minimises the loss *plus* the penalty. What training
uses is the gradient alone, so a penalty and its gradient have to belong together. In one of the lecture's decks
they don't: it has the penalty $\frac{\lambda}{2} \lVert\theta\rVert_1$ with the gradient $\lambda\,\mathrm{sign}(\theta)$.
Two other slides write $\lVert w \rVert$ where they mean its square.

**Write** `penalty(weights, lam, kind, ratio=0.5)`

- `weights`: a list of one or more arrays, of any shapes with at least one axis. Unchanged.
- `lam`: the strength $\lambda \ge 0$. `ratio`: the share $\rho$ of L1 in the elastic net, from 0 to 1.
- `kind`: `"l2"`, `"l1"` or `"elastic"`.
- Returns the tuple `(value, grads)`: one number, the penalty; and a list of arrays, for each array of weights the
  gradient of the penalty, of its shape.

| kind | penalty | gradient for a weight $w$ |
|---|---|---|
| l2 | $\dfrac{\lambda}{2} \sum w^2$ | the derivative of this |
| l1 | $\lambda \sum \lvert w \rvert$ | the derivative of this; 0 where $w = 0$ |
| elastic | $\rho \cdot (\text{l1 with } \lambda) + (1 - \rho) \cdot (\text{l2 with } \lambda)$ | likewise |

**Conventions**: the sums run over *all* numbers of all arrays; nothing is averaged. The half stands in front of the
squares only: the lecture's L2. L1 has none, so that both gradients have the plain factor $\lambda$. `np.sign(0)` is 0.

**Worked numbers**: for the weights `[3, 0, -4]` and $\lambda = 0.1$, L2 gives 1.25 and `[0.3, 0, -0.4]`; L1 gives 0.7
and `[0.1, 0, -0.1]`; elastic with `ratio=0.25` gives 1.1125 and `[0.25, 0, -0.325]`.
"""


# %% solution="penalty" forbid="plainnet.regularize.l1, plainnet.regularize.l2, plainnet.regularize.elastic_net" demo="PenaltyGeometry"
def penalty(weights, lam, kind, ratio=0.5):
    """Return (value, grads): the penalty on a list of arrays, and its gradient for each of them."""
    ### BEGIN SOLUTION
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]
    ### END SOLUTION


# %% test="penalty" points=1
w = np.array([3.0, 0.0, -4.0])
value_slips = [
    ("l2", 0.25, "this is half of the norm; the penalty has the norm squared"),
    ("l2", 2.5, "the half in front of the squares is missing"),
    ("l1", 0.35, "the half stands in front of the squares only, not of L1"),
    ("elastic", 0.8375, "ratio is the share of L1; yours is that of L2"),
    ("elastic", 1.95, "this is the whole of both penalties; each has its share only"),
]
grad_slips = [
    ("l2", 2.0, "this is twice the gradient: the half of the value takes the 2 of the derivative away"),
    ("l1", 0.5, "this is the slide's half, times sign(w): L1 has no half here"),
    ("l1", 10.0, "the gradient has the factor lam, too"),
    ("l2", 10.0, "the gradient has the factor lam, too"),
]
for kind, want_value, want_grad in [
    ("l2", 1.25, [0.3, 0.0, -0.4]),
    ("l1", 0.7, [0.1, 0.0, -0.1]),
    ("elastic", 1.1125, [0.25, 0.0, -0.325]),
]:
    result = penalty([w], 0.1, kind, 0.25)
    assert isinstance(result, tuple) and len(result) == 2, (
        f"Return (value, grads), two things; you returned {result!r}."
    )
    assert np.array_equal(w, [3, 0, -4]), f"{kind}: the caller's weights were [3, 0, -4]; now they are {w}."
    value, grads = result
    assert np.shape(value) == (), f"{kind}: the penalty is a single number; yours has the shape {np.shape(value)}."
    assert isinstance(grads, list) and len(grads) == 1, f"{kind}: grads is a list, one array for each array of weights."
    assert isinstance(grads[0], np.ndarray), f"{kind}: grads holds arrays; yours holds {grads[0]!r}."
    assert value != 0, f"{kind}: the penalty of [3, 0, -4] is not 0. Arrays with one axis count like all others here."
    for which, slip, why in value_slips:
        assert kind != which or abs(value - slip) > 1e-9, f"{kind}: {slip} is not the penalty: {why}."
    assert abs(3 * value - want_value) > 1e-9, f"{kind}: you average over the three weights; a penalty is a sum."
    assert abs(value - want_value) < 1e-9, f"{kind} of [3, 0, -4] with lam = 0.1 is {want_value}; yours is {value}."
    assert np.shape(grads[0]) == (3,), f"{kind}: the gradient has the shape of the weights; yours: {grads[0]!r}."
    assert not np.isnan(grads[0][1]), f"{kind}: for the weight 0 you divide 0 by 0. np.sign(0) is 0."
    assert grads[0][1] == 0, f"{kind}: a weight of 0 has the gradient 0; yours has {grads[0][1]}."
    for which, factor, why in grad_slips:
        slip = factor * np.array(want_grad)
        assert kind != which or not np.allclose(grads[0], slip, rtol=0, atol=1e-9), f"{kind}, {grads[0]}: {why}."
    assert kind != "elastic" or not np.allclose(grads[0], [0.15, 0, -0.175], rtol=0, atol=1e-9), (
        "elastic: in your value ratio is the share of L1, in your gradient that of L2."
    )
    assert np.allclose(grads[0], want_grad, rtol=0, atol=1e-9), (
        f"{kind}: the gradient at [3, 0, -4] is {want_grad}; yours is {grads[0]}. Is it the derivative of your value?"
    )
value, grads = penalty([np.ones((3, 2)), np.ones(4)], 1.0, "l1")
for slip, why in [
    (7, "np.linalg.norm(w, 1) of a matrix is its largest column sum; wanted is the sum of all absolute values"),
    (5, "you average over the arrays; the penalty is a sum over all of them"),
    (4, "you count the last array only"),
    (6, "you count the first array only"),
]:
    assert abs(value - slip) > 1e-9, f"Ten weights of 1 in two arrays: l1 with lam = 1 is 10, not {slip}: {why}."
assert abs(value - 10) < 1e-9, f"Ten weights of 1 in two arrays: l1 with lam = 1 is 10; yours is {value}."
assert [np.shape(g) for g in grads] == [(3, 2), (4,)], "grads holds an array for each array of weights, of its shape."
for args, want in [((), 0.975), ((0.0,), 1.25), ((1.0,), 0.7)]:
    value = penalty([w], 0.1, "elastic", *args)[0]
    assert abs(value - want) < 1e-9, (
        f"elastic of [3, 0, -4], lam = 0.1, {f'ratio = {args[0]}' if args else 'no ratio given: 0.5'}: the penalty is "
        f"{want}; yours is {value}."
    )

# %% hidden="penalty" points=1
# Lists of arrays of several shapes, some entries exactly 0; the arrays stay as they were.
results = []
for kind in ("l2", "l1", "elastic"):
    for shapes in [[(5,)], [(3, 4), (4,), (4, 2)], [(2, 3, 2), (1,)]]:
        weights = [rng.normal(scale=2, size=shape) * (rng.random(shape) < 0.7) for shape in shapes]
        lam, ratio = float(rng.uniform(0.05, 3)), float(rng.uniform(0.1, 0.4))
        want, before = reference.penalty(weights, lam, kind, ratio), [w.copy() for w in weights]
        results.append((penalty(weights, lam, kind, ratio), want, weights, before))
for got, want, weights, before in results:
    assert isinstance(got, tuple) and len(got) == 2 and isinstance(got[1], list) and len(got[1]) == len(want[1])
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    for one, other, w, was in zip(got[1], want[1], weights, before):
        assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        assert_allclose(w, was, rtol=0)

# %% hidden="penalty" points=1
# The value and the gradient belong together: finite differences of the one give the other. And the edges of lam, ratio.
results, h = [], 1e-6
for kind in ("l2", "l1", "elastic"):
    w = rng.uniform(0.5, 2, size=6) * rng.choice([-1.0, 1.0], size=6)
    direction, lam = rng.normal(size=6), float(rng.uniform(0.5, 2))
    for ratio in (0.0, float(rng.uniform(0.2, 0.8)), 1.0):
        up = penalty([w + h * direction], lam, kind, ratio)
        down = penalty([w - h * direction], lam, kind, ratio)
        results.append((up, down, penalty([w], lam, kind, ratio), reference.penalty([w], lam, kind, ratio), direction))
nothing = penalty([w.copy()], 0.0, "elastic")
default, want_default = penalty([w.copy()], 1.5, "elastic"), reference.penalty([w], 1.5, "elastic")
for up, down, got, want, direction in results:
    assert isinstance(got, tuple) and isinstance(got[1], list)
    assert_allclose(got[0], want[0], rtol=1e-9)
    assert_allclose(got[1][0], want[1][0], rtol=1e-9, atol=1e-12)
    assert isinstance(got[1][0], np.ndarray)
    assert_allclose((up[0] - down[0]) / (2 * h), got[1][0] @ direction, rtol=1e-6, atol=1e-7)
assert_allclose(nothing[0], 0.0, atol=1e-12)
assert_allclose(nothing[1][0], np.zeros(6), atol=1e-12)
assert_allclose(default[0], want_default[0], rtol=1e-9)
assert_allclose(default[1][0], want_default[1][0], rtol=1e-9)

# %% [markdown]
r"""
## 2. Max-norm

**Why.** A penalty pulls at every weight at all times. A limit does nothing as long as a unit stays inside of it, and
holds it firmly at the border: no unit can shout. It is a handy partner of dropout and of large learning rates.

**Write** `max_norm(w, limit)`

- `w`: (D, H), the weights of a layer of H units with D inputs. Unchanged. `limit`: the largest allowed length, > 0.
- Returns a new array of the shape of `w`, in which every unit's vector of *incoming* weights that was longer than
  `limit` has been shortened to exactly the length `limit`, without changing its direction. All other units stay as they
  are.

**Conventions**: our layers compute $z = x\,W + b$, so the weights *into* a unit are a **column** of $W$. (The slides
write $W x$, where they are a row.) The *length* of a column is the root of the sum of its squares; the slide limits the
square, $\lVert w_i \rVert^2 \le c$, which is the same with $\texttt{limit} = \sqrt{c}$. A column of zeros stays zeros:
mind the division.

**Worked number**: for `w = [[3, 0.3], [4, 0.4]]` and `limit=1` the columns have the lengths 5 and 0.5. The result is
`[[0.6, 0.3], [0.8, 0.4]]`.
"""


# %% solution="max-norm" forbid="plainnet.regularize.max_norm" demo="PenaltyGeometry"
def max_norm(w, limit):
    """Return w with each column shortened to the length `limit` where it is longer."""
    ### BEGIN SOLUTION
    length = np.sqrt((w * w).sum(axis=0))  # (H,)
    return w * (limit / np.maximum(length, limit))
    ### END SOLUTION


# %% test="max-norm" points=1
w = np.array([[3.0, 0.3], [4.0, 0.4]])
before = w.copy()
got = max_norm(w, 1.0)
assert isinstance(got, np.ndarray) and got.shape == (2, 2), f"Return an array of the shape of w; you returned {got!r}."
assert np.array_equal(w, before), f"The caller's w was {before.tolist()}; now it is {w.tolist()}. Make a new array."
for slip, why in [
    ([0.12, 0.16], "it was divided by its length squared: 25, not 5"),
    ([0.99504, 0.99504], "you shortened rows; a unit is a column of w"),
    ([1, 1], "you cut each weight off at 1, which turns the column; its length is limited"),
    ([0.59702, 0.79603], "you measured the whole matrix; each column has a length of its own"),
    ([0.42857, 0.57143], "you measured it by the sum of absolute values; its length is the root of the sum of squares"),
    ([0.75, 1], "you measured it by its largest weight; its length is the root of the sum of squares"),
    ([0.84853, 1.13137], "you took the mean of the squares; its length is the root of their sum"),
]:
    assert not np.allclose(got[:, 0], slip, atol=1e-5), f"The first column, [3, 4], became {got[:, 0]}: {why}."
assert np.allclose(got[:, 0], [0.6, 0.8]), (
    f"The first column has the length 5 and becomes [0.6, 0.8]; yours is {got[:, 0]}. Same direction, length 1?"
)
assert abs(np.linalg.norm(got[:, 0]) - 1) < 1e-12, (
    f"The first column has the length {np.linalg.norm(got[:, 0]):.9f}, not exactly the limit 1. Add nothing to the length, "
    "however small, and stay with float64."
)
assert np.allclose(got[:, 1], [0.3, 0.4]), (
    f"The second column has the length 0.5, less than the limit 1, and stays [0.3, 0.4]; yours is {got[:, 1]}."
)
got = max_norm(np.array([[3.0], [4.0]]), 2.0)
assert not np.allclose(got, [[0.6], [0.8]]), "With limit = 2 a column that is too long gets the length 2; yours has 1."
assert not np.allclose(got, [[0.84853], [1.13137]], atol=1e-5), (
    "With limit = 2 your column has the length 1.414: limit is the length itself, not its square."
)
assert np.allclose(got, [[1.2], [1.6]]), f"With limit = 2 the column [3, 4] becomes [1.2, 1.6]; yours is {got.ravel()}."
got = max_norm(np.array([[0.9], [1.2]]), 2.0)
assert np.allclose(got, [[0.9], [1.2]]), (
    f"The column [0.9, 1.2] has the length 1.5, less than the limit 2, and stays; yours is {got.ravel()}. "
    "Is it the length that you compare with the limit, not its square?"
)
got = max_norm(np.zeros((3, 2)), 1.0)
assert np.array_equal(got, np.zeros((3, 2))), f"A column of zeros stays zeros; you returned {got.tolist()}."
assert max_norm(w, 10.0) is not w, "Where nothing is too long you return the caller's own w: return a new array."

# %% hidden="max-norm" points=1
results = []
for _ in range(6):
    D, H = (int(n) for n in rng.integers(2, 7, size=2))
    w = rng.normal(size=(D, H)) * rng.uniform(0.2, 3, size=H)
    limit = float(np.median(np.linalg.norm(w, axis=0)) * rng.uniform(0.9, 1.1))
    if H > 2:
        w[:, 0] = 0.0
    want, before = reference.max_norm(w, limit), w.copy()
    results.append((max_norm(w, limit), want, w, before))
for limit, shape in [(1e-3, (3, 3)), (1e3, (3, 3)), (0.1, (1, 4)), (0.1, (4, 1))]:  # all too long, or none; one row
    w = rng.normal(size=shape)
    want, before = reference.max_norm(w, limit), w.copy()
    results.append((max_norm(w, limit), want, w, before))
for got, want, w, before in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(w, before, rtol=0)
assert_equal([got is w for got, _, w, _ in results], [False] * len(results))

# %% [markdown]
r"""
## 3. Dropout, forward and back

**Why.** Dropout silences units at random while the network trains, others in every step. No unit can rely on a certain
other one. When the network is *used*, all units speak, and then their readers must not be shouted at: the sum of all
has to be of the size that the readers are used to.

**Write** the class `Dropout` with three methods.

`__init__(self, p, rng)`

- `p`: the probability that a number is **dropped**, $0 \le p < 1$. `rng`: a `numpy.random.Generator`. Nothing is drawn
  yet.

`forward(self, x, training)`

- `x`: an array of any shape with at least one axis. Unchanged. `training`: True or False.
- Training: returns a new array in which each number of `x` is either dropped (0), or kept and multiplied by
  $1/(1 - p)$. So the expected value of each output is the number itself.
- Not training: returns the numbers of `x` as they are, and draws nothing from `rng`.

`backward(self, g)`

- `g`: an array of the shape of the last `x`: $\partial L/\partial y$ for what the most recent `forward` returned.
- Returns $\partial L/\partial x$. `forward` multiplied each number by a factor (0, or $1/(1-p)$, or 1), so this is `g`
  times the *same* factors. After a forward pass that was not training, that is `g` itself. A second call with another
  `g` belongs to the same forward pass, until there is a new one.

**Convention for randomness**: a forward pass while training draws `u = rng.random(x.shape)` from *its* generator: one
number between 0 and 1 for each number of `x`, in this one call. A number is kept where $u \ge p$, dropped where
$u < p$. So every pass has a mask of its own, and two objects with generators of the same seed have the same masks.

**Worked numbers**: with `p=0.25` and `np.random.default_rng(0)` the first draw of shape (4,) is
`[0.637, 0.270, 0.041, 0.017]`. So from `x = [3, 6, 9, 12]` the first two are kept: `forward` returns `[4, 8, 0, 0]`,
and `backward([1, 10, 100, 1000])` then returns `[4/3, 40/3, 0, 0]`.
"""


# %% solution="dropout" forbid="plainnet.nn.Dropout" demo="DropoutMasks"
class Dropout:
    """Sets numbers to 0 with probability p while training, and scales up the others."""

    def __init__(self, p, rng):
        ### BEGIN SOLUTION
        self.p, self.rng = p, rng
        self.factor = 1.0
        ### END SOLUTION

    def forward(self, x, training):
        """Return x with numbers dropped and the others scaled up; x as it is where not training."""
        ### BEGIN SOLUTION
        self.factor = np.ones(x.shape)
        if training:
            self.factor = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return x * self.factor
        ### END SOLUTION

    def backward(self, g):
        """Return the gradient for the x of the most recent forward pass."""
        ### BEGIN SOLUTION
        return g * self.factor
        ### END SOLUTION


# %% test="dropout" points=1
x = np.array([3.0, 6.0, 9.0, 12.0])
layer = Dropout(0.25, np.random.default_rng(0))
y = layer.forward(x, training=True)
assert isinstance(y, np.ndarray) and y.shape == (4,), f"forward returns an array of the shape of x; yours: {y!r}."
assert np.array_equal(x, [3, 6, 9, 12]), f"The caller's x was [3, 6, 9, 12]; now it is {x}."
assert not np.array_equal(y != 0, [False, False, True, True]), (
    "Kept and dropped are exchanged: a number is dropped where u < p."
)
assert not np.all(y), (
    f"You kept all four: {y}. The last two numbers of u are 0.041 and 0.017, less than p = 0.25: these are dropped. "
    "(u < 1 - p has the same probability, but another mask; binomial draws, and a dtype, give other draws.)"
)
assert np.array_equal(y != 0, [True, True, False, False]), (
    f"With default_rng(0) the first two are kept; yours is {y}. Is u drawn by rng.random(x.shape), and kept where u >= p?"
)
assert np.allclose(y, [4, 8, 0, 0]), f"What is kept is multiplied by 1/(1 - 0.25): [4, 8, 0, 0]; yours is {y}."
got = layer.backward(np.array([1.0, 10.0, 100.0, 1000.0]))
assert not np.allclose(got, [1, 10, 0, 0]), "backward has the right zeros, but forward multiplied the others by 4/3."
assert not np.allclose(got, [1, 10, 100, 1000]), "backward gave g back as it is: what was dropped receives no gradient."
assert np.allclose(got, [4 / 3, 40 / 3, 0, 0]), (
    f"backward of [1, 10, 100, 1000] after this pass is [4/3, 40/3, 0, 0]: the same factors; yours is {got}."
)
assert np.allclose(layer.backward(np.ones(4)), [4 / 3, 4 / 3, 0, 0]), "A second backward uses the same factors again."
y = layer.forward(x, training=False)
assert np.allclose(y, x), f"When the network is used, nothing is dropped and nothing is scaled; from {x} you made {y}."
assert np.allclose(layer.backward(np.ones(4)), np.ones(4)), "After a pass that was not training, g comes back as it is."
again = layer.forward(np.ones(64), training=True)
assert not np.array_equal(again, layer.forward(np.ones(64), training=True)), "Every pass draws a mask of its own."
rows = Dropout(0.5, np.random.default_rng(0)).forward(np.ones((8, 8)), training=True)
assert len(np.unique(rows, axis=0)) > 1, "All samples of the batch have the same mask: each number has its own draw."
assert len(np.unique(rows, axis=1).T) > 1, "You drop whole samples: each number of a sample has its own draw."
generator = np.random.default_rng(0)
layer, other = Dropout(0.25, generator), Dropout(0.75, generator)
assert np.allclose(layer.forward(x, training=False), x), "A layer may be used before it is trained: x as it is."
got = layer.forward(np.array([0.0, 6.0, 0.0, 12.0]), training=True)
assert np.allclose(got, [0, 8, 0, 0]), (
    f"A pass that was not training came first and draws nothing, so [0, 6, 0, 12] gives [0, 8, 0, 0]; yours is {got}."
)
got = other.forward(x, training=True)
assert np.allclose(got, [12, 24, 0, 0]), (
    f"A second layer goes on with the same generator: u = [0.81, 0.91, 0.61, 0.73], p = 0.75: [12, 24, 0, 0]; yours is {got}. "
    "Draw from the generator that you were given, not from a copy or another one."
)
got = layer.backward(np.ones(4))
assert np.allclose(got, [4 / 3, 4 / 3, 0, 0]), (
    f"The first layer kept the first two numbers of [0, 6, 0, 12], so ones come back as [4/3, 4/3, 0, 0]; yours is {got}. "
    "Which were kept is the mask's to say (a kept 0 stays 0), and each object has its own."
)

# %% hidden="dropout" points=1
# Forward passes of several shapes; each draw differs, and the batch's rows differ.
results, inputs = [], []
for p in (0.0, 0.2, 0.5, float(rng.uniform(0.6, 0.9))):
    seed = int(rng.integers(2**31))
    mine, exact = Dropout(p, np.random.default_rng(seed)), reference.Dropout(p, np.random.default_rng(seed))
    for shape in [(12,), (5, 4), (5, 4), (2, 3, 4)]:
        x = rng.normal(size=shape) * (rng.random(shape) < 0.7)  # zeros among them, as behind ReLU
        want, before = exact.forward(x.copy(), True), x.copy()
        results.append((mine.forward(x, True), want))
        inputs.append((x, before))
for got, want in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
for x, before in inputs:
    assert_allclose(x, before, rtol=0)

# %% hidden="dropout" points=1
# Backward passes with random upstream gradients; training and use in turn, two layers in turn with one generator.
seed = int(rng.integers(2**31))
ones, twos = np.random.default_rng(seed), np.random.default_rng(seed)
mine = [Dropout(p, ones) for p in (0.3, 0.6)]
exact = [reference.Dropout(p, twos) for p in (0.3, 0.6)]
results = []
for training in (False, True, True, False, True, False, False, True):
    xs = [rng.normal(size=shape) * (rng.random(shape) < 0.6) for shape in [(3, 4), (4, 2)]]  # zeros, as behind ReLU
    for layer, other, x in zip(mine, exact, xs):
        results.append((layer.forward(x.copy(), training), other.forward(x.copy(), training)))
    for layer, other, x in zip(mine, exact, xs):
        for g in rng.normal(size=(2, *x.shape)):
            results.append((layer.backward(g.copy()), other.backward(g.copy())))
for got, want in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 4. Three conventions that agree

**Why.** The decks that the lecture quotes have three versions of dropout. One calls $p$ the probability of *keeping* a unit, and
shows no correction for later use. One drops with probability 1/2, and says: later divide the weights by 2. One says
only that there is no dropout in use. Each can be made right. You write the layer that *reads* the dropped units, so
that for each convention what it computes in use is what it computed on average in training.

**Write** `dropout_layer(h, w, b, p, convention, kept=None)`

- `h`: (N, H), outputs of hidden units. `w`: (H, K), `b`: (K,), the weights and biases of the layer that reads them. All
  unchanged.
- `p`: a probability with $0 < p < 1$. `convention`: one of the table's texts.
- `kept`: an array of truth values of the shape of `h`, True where a unit is kept: a training pass with this mask. Or
  `None`: the network is in use, and all units speak.
- Returns $z$, of shape (N, K).

| convention | $p$ is the probability to | what a kept unit sends in training |
|---|---|---|
| `"keep"` | keep a unit | $h$ |
| `"drop"` | drop a unit | $h$ |
| `"inverted"` | drop a unit | $h / (1 - p)$ |

A dropped unit sends 0. **In training**, $z = (\text{what is sent})\,W + b$. **In use**, all units send, and $z$ is the
*expected value* of the training's $z$ over all masks, in which each unit is kept or dropped with its probability. The
expected value of a sum is the sum of the expected values, so what you need is the expected value of what one unit
sends. The bias is never dropped.

**Worked numbers**: for `h = [[2, 4]]`, `w = [[1], [10]]`, `b = [100]`, `p = 0.25` and `kept = [[True, False]]` the
training's $z$ is 102, 102 and 102.6667, in the table's order. In use it is 110.5, 131.5 and 142. (With $p = 1/2$ "keep"
and "drop" agree: that is the deck's division by 2.)
"""


# %% solution="dropout-layer" demo="DropoutMasks"
def dropout_layer(h, w, b, p, convention, kept=None):
    """Return z (N, K) of the layer that reads h: with the mask `kept` in training, its expected value in use."""
    ### BEGIN SOLUTION
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    sent = h * (scale * keep if kept is None else scale * kept)
    return sent @ w + b
    ### END SOLUTION


# %% test="dropout-layer" points=1
h, w, b = np.array([[2.0, 4.0]]), np.array([[1.0], [10.0]]), np.array([100.0])
kept = np.array([[True, False]])
for convention, training, use in [("keep", 102.0, 110.5), ("drop", 102.0, 131.5), ("inverted", 102 + 2 / 3, 142.0)]:
    z = dropout_layer(h, w, b, 0.25, convention, kept)
    assert np.array_equal(h, [[2, 4]]) and np.array_equal(w, [[1], [10]]), (
        f"h and w are unchanged: [[2, 4]] and [[1], [10]]; now they are {h.tolist()} and {w.tolist()}."
    )
    assert isinstance(z, np.ndarray) and z.shape == (1, 1), f"z has the shape (N, K) = (1, 1); you returned {z!r}."
    assert abs(z[0, 0] - (training - 100)) > 1e-9, f'"{convention}", training: b = 100 is missing.'
    assert all(abs(z[0, 0] - slip) > 1e-9 for slip in (140, 100 + 160 / 3)), (
        f'"{convention}", training: you silenced the unit that is kept. True means kept.'
    )
    assert convention == "inverted" or all(abs(z[0, 0] - slip) > 1e-9 for slip in (108, 102 + 2 / 3)), (
        f'"{convention}": in training a kept unit sends h as it is; yours is scaled (z = {z[0, 0]:.4f}).'
    )
    assert convention != "inverted" or abs(z[0, 0] - 102) > 1e-9, (
        '"inverted": in training a kept unit sends h / (1 - p); yours sends h.'
    )
    assert convention != "inverted" or abs(z[0, 0] - 108) > 1e-9, (
        '"inverted": you divide by p; here p is the probability to drop, and 1 - p that to keep.'
    )
    assert convention != "inverted" or abs(z[0, 0] - 136) > 1e-9, '"inverted", training: b is not divided, only h is.'
    assert convention != "inverted" or abs(z[0, 0] - 104) > 1e-9, (
        '"inverted": you divide by the share that this mask happens to keep; 1 - p is the probability.'
    )
    assert abs(z[0, 0] - training) < 1e-9, (
        f'"{convention}", training with the first unit kept: {training:.4f}; yours is {z[0, 0]:.4f}.'
    )
    z = dropout_layer(h, w, b, 0.25, convention)
    assert isinstance(z, np.ndarray) and z.shape == (1, 1), f"In use too z has the shape (1, 1); you returned {z!r}."
    assert convention == "inverted" or abs(z[0, 0] - 142) > 1e-9, (
        f'"{convention}": in use your units send {h[0]}, more than they sent on average in training.'
    )
    assert convention != "inverted" or all(abs(z[0, 0] - slip) > 1e-9 for slip in (131.5, 110.5)), (
        '"inverted": a unit sends h on average in training already, since it was scaled there; in use you scale it again.'
    )
    assert abs(z[0, 0] - 121) > 1e-9, f'"{convention}": you halve in use; that is right for p = 1/2 alone.'
    assert abs(z[0, 0] - {"keep": 131.5, "drop": 110.5}.get(convention, 0)) > 1e-9, (
        f'"{convention}": in use you took p for the other probability. Look at the second column of the table.'
    )
    assert all(abs(z[0, 0] - slip) > 1e-9 for slip in (35.5, 106.5)), (
        f'"{convention}": in use b is scaled as well; it is never dropped.'
    )
    assert all(abs(z[0, 0] - slip) > 1e-9 for slip in (268, 156)), (
        f'"{convention}": in use all units speak, so what they send has to become smaller; yours becomes larger.'
    )
    assert abs(z[0, 0] - use) < 1e-9, (
        f'"{convention}", p = 0.25, in use: {use}; yours is {z[0, 0]}. What does a unit send on average?'
    )
z = dropout_layer(np.tile(h, (3, 1)), w, b, 0.25, "keep", np.array([[True, False], [False, True], [False, False]]))
assert not np.allclose(z.ravel(), [102, 102, 102]), "You gave all samples the mask of the first; each has its own row."
assert np.allclose(z.ravel(), [102, 140, 100]), (
    f'"keep", training, kept = [[1, 0], [0, 1], [0, 0]]: z is [102, 140, 100]; yours is {z.ravel()}. '
    "(With no unit kept at all, b alone arrives; the network is in use where kept is None.)"
)
assert np.array_equal(b, [100]), f"b is unchanged: 100; now it is {b}."

# %% hidden="dropout-layer" points=1
# Random layers: training with a mask, use, and the mean over all masks, which is what use has to give.
results, means, given = [], [], []
for convention in ("keep", "drop", "inverted"):
    for N, H, K in [(3, 3, 2), (2, 4, 3)]:
        h, w, b = rng.normal(size=(N, H)), rng.normal(size=(H, K)), rng.normal(size=K)
        p, kept = float(rng.uniform(0.1, 0.4)), rng.random((N, H)) < 0.5
        args = (h.copy(), w.copy(), b.copy(), p, convention)
        for mask in (kept, np.zeros((N, H), dtype=bool), np.ones((N, H), dtype=bool)):
            results.append((dropout_layer(*args, mask), reference.dropout_layer(h, w, b, p, convention, mask)))
        use = dropout_layer(*args)
        given += zip(args[:3], (h, w, b))
        results.append((use, reference.dropout_layer(h, w, b, p, convention)))
        if N == 2:
            keep, mean = p if convention == "keep" else 1 - p, 0.0
            for mask in np.ndindex(*[2] * H):
                chance = np.prod([keep if on else 1 - keep for on in mask])
                mask = np.tile(np.array(mask, dtype=bool), (N, 1))
                mean = mean + chance * reference.dropout_layer(h, w, b, p, convention, mask)
            means.append((use, mean))
for got, want in results + means:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
for array, was in given:
    assert_allclose(array, was, rtol=0)

# %% [markdown]
r"""
## 5. Early stopping

**Why.** The loss on the training data goes on falling; the loss on the validation data falls, turns, and rises. A deck
says: stop when the validation performance drops. But it drops now and then by chance, so one waits a while; and by then
the *best* weights are gone, unless somebody has kept them.

**Write** the class `EarlyStopping` with three methods and two attributes.

`__init__(self, patience, min_delta=0.0, mode="min")`

- `patience`: a positive int. `min_delta`: a number $\ge 0$. `mode`: `"min"` where small values are good (a loss),
  `"max"` where large ones are (an accuracy).

`update(self, measured, weights)` is called after every epoch.

- `measured`: a dictionary with the keys `"train"`, `"validation"` and `"test"`, a number each. It decides by
  `"validation"` **alone**. Unchanged.
- `weights`: a list of the model's arrays, the same arrays in every epoch: training goes on to change them, in place,
  after your method returns. Unchanged by you.
- Returns True if training should stop now, otherwise False.

`restore(self, weights)` writes the weights of the best epoch into the arrays of the list that it is given, **in
place**: usually those of `update`, but any list of arrays of the same shapes will do. Returns nothing.

`best`: the best validation value so far. `best_epoch`: its epoch, a whole number; the first call of `update` is epoch
**1**.

**Conventions**

- The first epoch is the best one so far, whatever it measures. A later epoch is a new best one if its value is better
  than `best` by **more** than `min_delta`; better by exactly `min_delta` is not enough. It is always compared with
  `best`, not with the epoch before. An epoch that is not a new best one changes neither `best` nor `best_epoch` nor the
  kept weights.
- `update` returns True as soon as `patience` epochs *in a row* have passed without a new best one. With `patience=2`
  and the best epoch 5, that is in epoch 7. Whoever calls it again after that gets an answer by the same rules: True
  again, until there is a new best one.

**Worked numbers**: `patience=2`, validation losses 5, 3, 4, 3.5, 2: the calls return False, False, False, True. `best`
is 3 and `best_epoch` is 2; after the fourth call training ends, and the 2 is never seen. With `patience=3` the fourth
call returns False, and the fifth epoch becomes the best one.
"""


# %% solution="early-stopping" forbid="plainnet.regularize.EarlyStopping" demo="EarlyStoppingCursor"
class EarlyStopping:
    """Says when to stop, by validation alone, and keeps the weights of the best epoch."""

    def __init__(self, patience, min_delta=0.0, mode="min"):
        ### BEGIN SOLUTION
        self.patience, self.min_delta = patience, min_delta
        self.sign = 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None
        ### END SOLUTION

    def update(self, measured, weights):
        """Take note of an epoch; return whether training should stop."""
        ### BEGIN SOLUTION
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience
        ### END SOLUTION

    def restore(self, weights):
        """Write the weights of the best epoch into the arrays."""
        ### BEGIN SOLUTION
        for w, best in zip(weights, self.kept):
            w[...] = best
        ### END SOLUTION


# %% test="early-stopping" points=1
def epochs_of(stopper, validation):
    """Call update for each number until it says stop; the weights hold the number of the epoch. Return (says, weights)."""
    weights, says = [np.zeros(2), np.zeros((1, 3))], []
    for epoch, value in enumerate(validation, 1):
        for w in weights:
            w[...] = epoch
        measured = {"train": 1 / epoch, "validation": value, "test": 9.0 - epoch}
        says.append(stopper.update(measured, weights))
        assert measured == {"train": 1 / epoch, "validation": value, "test": 9.0 - epoch}, "update changed `measured`."
        assert all(np.all(w == epoch) for w in weights), (
            f"update changed the weights: they held {epoch}. It only takes notes; to go back is the task of restore."
        )
        if says[-1]:
            break
    for w in weights:
        w += 100.0  # training went on
    return says, weights


stopper = EarlyStopping(patience=2)
says, weights = epochs_of(stopper, [5.0, 3.0, 4.0, 3.5, 2.0])
assert all(isinstance(one, (bool, np.bool_)) for one in says), f"update returns True or False; yours returned {says}."
assert stopper.best != 9.0 - len(says), f"best = {stopper.best} comes from 'test': 'validation' alone decides."
assert stopper.best != 1 / len(says), f"best = {stopper.best} comes from 'train': 'validation' alone decides."
assert stopper.best != 5.0, "Losses 5, 3, ...: your best is 5. In mode 'min' small values are good."
assert says != [False, False, True], (
    "Losses 5, 3, 4 with patience 2: you stop at the first loss that is worse. Two in a row are waited for."
)
other = EarlyStopping(patience=2)
late, _ = epochs_of(other, [5.0, 3.0, 4.0, 3.5, 3.75])
assert late != [False] * 4 + [True], (
    "Losses 5, 3, 4, 3.5, 3.75 with patience 2: you stop in epoch 5, one too late. Epochs 3 and 4 are two in a row."
)
assert other.best != 3.5, (
    "Losses 5, 3, 4, 3.5: your best is 3.5. It is better than 4, but it is compared with the best, 3."
)
assert other.best != 3.75, (
    "Losses 5, 3, 4, 3.5, 3.75: your best is the last one, 3.75. Better means smaller, not just different."
)
assert late != [False] * 5, (
    "Losses 5, 3, 4, 3.5, 3.75 with patience 2: you never stop. Do you count the epochs since the best one, and return True?"
)
assert says == [False, False, False, True], f"With patience 2 the calls say False, False, False, True; yours: {says}."
assert stopper.best == 3.0, f"The best loss of 5, 3, 4, 3.5 is 3; your best is {stopper.best}."
assert stopper.best_epoch == 2, f"It was in epoch 2, counted from 1; your best_epoch is {stopper.best_epoch}."
others = [np.full(2, 7.0), np.full((1, 3), 7.0)]
stopper.restore(list(others))
assert np.all(weights[0] == 104), "You wrote into the arrays of update; restore writes into those that it is given."
assert np.all(others[0] != 7), (
    "After restore the arrays are as before: write into each, w[...] = ... (`w = ...` binds a name, `weights[i] = ...` "
    "puts another array into the list; the model's own array stays as it was)."
)
assert np.all(others[0] != 104), "You kept the arrays themselves: training has changed them since. Keep copies."
assert np.all(others[1] == others[1][0, 0]) and others[1][0, 0] != 7, "restore wrote into the first array alone."
stopper.restore(weights)
assert np.all(weights[0] == 2) and np.all(weights[1] == 2), (
    f"The weights of epoch 2 held 2; after restore the first array holds {weights[0]}. Are they kept when they are best?"
)
says, _ = epochs_of(EarlyStopping(patience=3), [5.0, 3.0, 4.0, 3.5, 2.0])
assert says == [False] * 5, f"With patience 3 nothing stops within five epochs; your calls said {says}."
says, _ = epochs_of(EarlyStopping(patience=2), [5.0, 6.0, 4.0, 5.0, 3.0])
assert says == [False] * 5, (
    f"Losses 5, 6, 4, 5, 3 with patience 2: never two in a row without a new best one; your calls said {says}."
)
says, _ = epochs_of(EarlyStopping(patience=2), [3.0, 3.0, 3.0, 3.0])
assert says == [False, False, True], (
    f"Losses 3, 3, 3: just as good is not better, so stop in epoch 3; yours said {says}."
)
says, _ = epochs_of(EarlyStopping(patience=2, min_delta=0.5), [5.0, 4.75, 4.75, 2.0])
assert says == [False, False, True], (
    "min_delta = 0.5, losses 5, 4.75, 4.75, 2: better by 0.25 is not enough, so it stops in epoch 3; "
    f"your calls said {says}."
)
stopper = EarlyStopping(patience=1)
says = [stopper.update({"train": 0.0, "validation": value, "test": 0.0}, [np.zeros(2)]) for value in (3.0, 4.0, 5.0)]
assert says == [False, True, True], (
    f"Losses 3, 4, 5 with patience 1: the second call says stop, and a third one says it again; yours said {says}."
)
stopper = EarlyStopping(patience=2, mode="max")
says, _ = epochs_of(stopper, [0.5, 0.7, 0.6, 0.65])
assert stopper.best != 0.5, "mode='max', accuracies 0.5, 0.7, ...: your best is 0.5. Here large values are good."
assert says == [False, False, False, True] and stopper.best == 0.7, (
    f"mode='max', accuracies 0.5, 0.7, 0.6, 0.65: stop in the fourth epoch, best 0.7; yours: {says}, {stopper.best}."
)
stopper = EarlyStopping(patience=2, min_delta=0.5, mode="max")
says, _ = epochs_of(stopper, [-5.0, -3.0, -2.75, -3.5])
assert stopper.best_epoch != 0 and stopper.best < 0, "mode='max': the first epoch is the best so far, even at -5."
assert says == [False, False, False, True] and stopper.best == -3.0, (
    "mode='max', min_delta = 0.5, values -5, -3, -2.75, -3.5: -2.75 is not better than -3 by more than 0.5, so stop in "
    f"the fourth epoch, best -3; yours: {says}, {stopper.best}."
)
stopper = EarlyStopping(patience=2)
says, _ = epochs_of(stopper, [4.0, 0.0, 2.0, 1.0])
assert says == [False, False, False, True] and stopper.best == 0.0, (
    f"Losses 4, 0, 2, 1: the best is 0, stop in epoch 4; yours: {says}, {stopper.best}. (`not 0.0` is True, as `not None` is.)"
)
stopper = EarlyStopping(patience=2, min_delta=0.5)
says, _ = epochs_of(stopper, [5.0, 4.5, 4.75, 2.0])
assert says == [False, False, True] and stopper.best == 5.0, (
    "min_delta = 0.5, losses 5, 4.5, 4.75, 2: better by exactly 0.5 is not enough: stop in epoch 3, "
    f"best 5; you said {says}, {stopper.best}."
)
stopper = EarlyStopping(patience=2, min_delta=0.5)
says, _ = epochs_of(stopper, [5.0, 4.5, 4.25, 2.0])
assert says == [False, False, False, False] and stopper.best_epoch == 4, (
    f"min_delta = 0.5: after 5, the 4.5 is no new best, 4.25 is one, 2 is one; you said {says}, {stopper.best_epoch}."
)

# %% hidden="early-stopping" points=1
# Whole trainings: when does it stop, what was best, which weights come back?
cases = [
    (3, 0.0, "min", [8, 6, 7, 5, 6, 5.5, 5.25, 1], 2),
    (2, 0.5, "min", [8, 7.75, 7.25, 7, 6.75, 1], 2),
    (2, 0.5, "max", [1, 3, 3.5, 3.25, 9], 2),
    (1, 0.0, "max", [2, 4, 4, 9], 2),
    (4, 0.25, "min", [9, 9.5, 8, 10, 11, 7.5, 7.25, 7.75, 7.5, 7.5, 0], 2),
    (2, 0.0, "min", [-1, -3, -2, -4, -3.5, -3.75, -9], 2),
    (2, 0.0, "max", [-15, -13, -14, -13.5, -9], 2),  # never above 0
    (2, 0.0, "min", [4, 0, 2, 1, -9], 0),  # a best value of exactly 0
]
results, dictionaries = [], []
for patience, min_delta, mode, values, most in cases:
    shift = float(rng.integers(-most, most + 1))
    values = [value + shift for value in values]
    tests = [float(one) for one in rng.permutation(len(values))]
    losses = [float(one) for one in rng.permutation(len(values))]
    start = [rng.normal(size=shape) for shape in [(3,), (2, 2)]]
    changes = [[rng.normal(size=w.shape) for w in start] for _ in values]
    outcome = []
    for kind in (EarlyStopping, reference.EarlyStopping):
        weights, says, states, trail = [w.copy() for w in start], [], [], []
        stopper = kind(patience, min_delta, mode)
        for value, test, loss, change in zip(values, tests, losses, changes):
            for w, step in zip(weights, change):
                w += step
            measured = {"train": loss, "validation": value, "test": test}
            dictionaries.append((measured, dict(measured)))
            says.append(stopper.update(measured, weights))
            states.append((stopper.best, stopper.best_epoch))
            trail += [w.copy() for w in weights]  # update leaves them alone
            if isinstance(says[-1], (bool, np.bool_)) and says[-1]:
                break
        others = [np.full(w.shape, 7.0) for w in weights]  # restore into arrays that update has never seen
        stopper.restore(list(others))  # into the arrays, not into the list
        stopper.restore(list(weights))
        outcome.append((says, states, trail + others + weights))
    results.append(outcome)
for measured, before in dictionaries:
    assert_equal(measured, before)
for (says, states, weights), (want_says, want_states, want_weights) in results:
    assert_equal([epoch for _, epoch in states], [epoch for _, epoch in want_states])
    assert_allclose([best for best, _ in states], [best for best, _ in want_states], rtol=1e-12)
    assert_equal(says, want_says)
    for got, want in zip(weights, want_weights):
        assert_allclose(got, want, rtol=1e-12)

# %% hidden="early-stopping" points=1
# A slow improvement, less than min_delta an epoch; two trainings in turn; a second restore after more training.
mine = [EarlyStopping(3, 1.0), EarlyStopping(2, 0.0, "max")]
exact = [reference.EarlyStopping(3, 1.0), reference.EarlyStopping(2, 0.0, "max")]
values = [[10, 9.25, 8.5, 8.0, 7.25, 6.5, 6.25, 6.75, 7.0, 7.5], [1, 2, 1.5, 3, 2.5, 3.5, 3.25, 4, 3, 3.5]]
ours, theirs = ([[np.zeros(2)], [np.zeros((2, 1))]] for _ in range(2))
says, wanted, arrays, bests, want_bests = [], [], [], [], []
for epoch in range(10):
    for k in range(2):
        change = rng.normal(size=ours[k][0].shape)
        measured = {"train": 5.0 - epoch, "validation": float(values[k][epoch]), "test": float(rng.normal())}
        for weights, stoppers, words in ((ours, mine, says), (theirs, exact, wanted)):
            weights[k][0] += change
            words.append(stoppers[k].update(dict(measured), weights[k]))
        bests.append((mine[k].best_epoch, mine[k].best))
        want_bests.append((exact[k].best_epoch, exact[k].best))
for k in range(2):
    for repeat in range(2):
        for weights, stoppers in ((ours, mine), (theirs, exact)):
            stoppers[k].restore(list(weights[k]))
        arrays.append((ours[k][0].copy(), theirs[k][0].copy()))
        ours[k][0] += 1.0
        theirs[k][0] += 1.0
assert_equal([epoch for epoch, _ in bests], [epoch for epoch, _ in want_bests])
assert_allclose([best for _, best in bests], [best for _, best in want_bests], rtol=1e-12)
assert_equal(says, wanted)
for got, want in arrays:
    assert_allclose(got, want, rtol=1e-12)

# %% [markdown]
r"""
## 6. An ensemble, and soft answers to learn from

**Why.** Several networks that were trained apart make different mistakes, and their average makes fewer. It also knows
more than a label: that a 7 looks a little like a 1. *Distillation* trains one small network on these soft answers, made
softer still by a temperature.

**Write** `soft_answers(logits, temperature=1.0)`

- `logits`: (M, N, K): M networks, N samples, K classes. Unchanged. `temperature`: $T > 0$.
- Returns the tuple `(p, labels)`: `p` (N, K), for each sample the mean of the M networks' probabilities; `labels` (N,)
  of ints, for each sample the class that `p` gives the largest probability. No two are equally likely in the tests.

**Formula**: a network's probabilities at temperature $T$ are

$$ p_k = \frac{e^{z_k/T}}{\sum_j e^{z_j/T}} $$

with $z$ its logits for a sample: softmax of $z/T$, over the classes. **Convention**: *probabilities* are averaged,
neither the logits nor the networks' labels. The temperature comes first, the mean afterwards.

**Large inputs**: logits may hold numbers up to ±1000, and the result is finite. Softmax doesn't change when the same
number is subtracted from all logits of a row (chapter 3): take the row's maximum.

**Worked number**: two networks, one sample, three classes, logits `[4, 0, 0]` and `[0, 1, 0]`: probabilities
`(0.9647, 0.0177, 0.0177)` and `(0.2119, 0.5761, 0.2119)`, mean `(0.5883, 0.2969, 0.1148)`, label 0. With
`temperature=4` the mean is `(0.4403, 0.3015, 0.2582)`.
"""


# %% solution="soft-answers" forbid="plainnet.softmax, plainnet.log_softmax" demo="PenaltyFit"
def soft_answers(logits, temperature=1.0):
    """Return (p, labels): the mean of the networks' probabilities (N, K) at a temperature, and the likeliest classes."""
    ### BEGIN SOLUTION
    z = logits / temperature
    e = np.exp(z - z.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)
    ### END SOLUTION


# %% test="soft-answers" points=1
logits = np.array([[[4.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]]])
for temperature, want in [(1.0, [0.588302, 0.296893, 0.114805]), (4.0, [0.440311, 0.301466, 0.258223])]:
    result = soft_answers(logits, temperature)
    assert logits.max() == 4 and logits.min() == 0, (
        f"The caller's logits are unchanged; now they are {logits.tolist()}."
    )
    assert isinstance(result, tuple) and len(result) == 2, f"Return (p, labels), two arrays; you returned {result!r}."
    p, labels = result
    assert np.shape(p) == (1, 3), f"p has the shape (N, K) = (1, 3); yours has {np.shape(p)}."
    for total, why in [
        (3.0, "your softmax runs over the samples; it runs over the classes, the last axis"),
        (1.5, "your softmax runs over the networks; it runs over the classes, the last axis"),
        (2.0, "you added the two networks' probabilities; their mean is wanted"),
        (1 / 4, "you divided probabilities by the temperature; it divides the logits"),
    ]:
        assert abs(np.sum(p) - total) > 1e-9, f"The probabilities of a sample add up to {total}, not to 1: {why}."
    assert abs(np.sum(p) - 1) < 1e-9, f"The probabilities of a sample add up to 1; yours to {np.sum(p)}."
    assert not np.allclose(p, [0.736125, 0.164252, 0.099624], rtol=0, atol=2e-6), "You averaged the logits, it seems."
    assert not np.allclose(p, [0.508834, 0.482332, 0.008834], rtol=0, atol=2e-6), (
        "temperature 4 made the answers surer: the logits are divided by it, not multiplied."
    )
    assert temperature == 1 or not np.allclose(p, [0.588302, 0.296893, 0.114805], rtol=0, atol=2e-6), (
        "temperature 4 gives the same as temperature 1: it is not used."
    )
    assert np.allclose(p, want, rtol=0, atol=2e-6), (
        f"temperature {temperature}: the mean of the two is {want}; yours is {p}. First softmax of z/T, then the mean."
    )
    assert np.array_equal(labels, [0]), f"The likeliest class is 0, so labels is [0]; yours is {labels!r}."
    assert np.asarray(labels).dtype.kind in "iu", f"Labels are ints, to index with; yours are {labels!r}."
two_samples = np.array([[[1.0, 2.0, 0.0], [0.0, 3.0, 1.0]]])
assert np.allclose(soft_answers(two_samples)[0][0], soft_answers(two_samples[:, :1])[0][0]), (
    "The answer to a sample does not depend on the other samples: softmax runs over the classes."
)
p, labels = soft_answers(np.array([[[5.0, 0.0, 0.0]], [[0.0, 1.0, 0.0]], [[0.0, 1.0, 0.0]]]))
assert np.array_equal(labels, [0]), (
    f"Two of three networks lean towards class 1, but the third is sure of 0: p is {np.round(p[0], 3)}, "
    f"so the label is 0; yours is {labels!r}."
)
p, labels = soft_answers(np.array([[[2.0, 0.0, 0.0]], [[2.0, 0.0, 0.0]], [[0.0, 9.0, 0.0]]]))
assert np.array_equal(labels, [0]), (
    f"p is {np.round(p[0], 3)}, so the label is 0; yours is {labels!r}. (The mean of the *logits* says 1, and so does the "
    "surest single network.)"
)
split = np.array([[[9.0, 0.0, 0.0]], [[0.0, 3.0, 0.0]], [[0.0, 3.0, 0.0]]])
assert [soft_answers(split.copy(), T)[1][0] for T in (1.0, 10.0)] == [1, 0], (
    "Logits (9, 0, 0) and twice (0, 3, 0): p is largest for class 1 at temperature 1 and for class 0 at temperature 10. "
    f"Labels go by the p that you return; yours are {[soft_answers(split.copy(), T)[1][0] for T in (1.0, 10.0)]}."
)
p, labels = soft_answers(np.array([[[1000.0, 0.0]], [[0.0, -1000.0]]]))
assert np.all(np.isfinite(p)), f"Logits of 1000: the probabilities are finite; yours are {p}. See 'Large inputs'."
p, labels = soft_answers(np.array([[[1000.0, 999.0]]]))
assert np.allclose(p, [[0.731059, 0.268941]], rtol=0, atol=2e-6), (
    f"Logits 1000 and 999 give the probabilities of 1 and 0, [0.7311, 0.2689]; yours are {p}. Subtract, don't cut off."
)

# %% hidden="soft-answers" points=1
cases = []
for M, N, K in [(1, 3, 4), (3, 5, 4), (4, 2, 3), (5, 6, 5), (3, 3, 3)]:
    logits = rng.normal(scale=3, size=(M, N, K))
    cases += [(logits, T) for T in (1.0, float(rng.uniform(2, 6)), float(rng.uniform(0.3, 0.7)))]
# One network is very sure, most others disagree; a label that turns with the temperature; logits beyond the end of exp,
# far apart and close together. Two of three large ones agree: each sure of another class would make p a tie.
sure = np.array([[[0.0, 9, 0]], [[1.0, 0, 0]], [[1.0, 0, 0]], [[1.0, 0, 0]]]) + rng.normal(scale=0.05, size=(4, 1, 3))
split = np.array([[[9.0, 0, 0]], [[0.0, 3, 0]], [[0.0, 3, 0]]]) + rng.normal(scale=0.05, size=(3, 1, 3))
large = np.round(rng.uniform(-1000, 1000, size=(3, 4, 3)))
large[1] = large[0] / 2
close = 990.0 + rng.normal(scale=3, size=(2, 4, 3))
cases += [(sure, 1.0), (split, 1.0), (split, 10.0), (large, 1.0), (close, 1.0), (-close, 1.0)]
results = []
for logits, temperature in cases:
    given = logits.copy()
    results.append((soft_answers(given, temperature), reference.soft_answers(logits, temperature), given, logits))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-12)
    assert_allclose(got[1], want[1], rtol=0)
    assert np.asarray(got[1]).dtype.kind in "iu"
    assert_allclose(given, before, rtol=0)

# %% [markdown]
r"""
## 7. Noise on the inputs

**Why.** Adding noise to the inputs in every epoch looks like a trick to have more data. The lecture shows that it is a
penalty in disguise: on average, noise of the standard deviation $\sigma$ adds $\sigma^2$ times the squared size of the
Jacobian to a squared error. For a linear network the Jacobian is the matrix of weights, so you can compute the average
over *all* noise exactly, without drawing a single number.

**Write** `noisy_loss(x, t, w, std)`

- `x`: (N, D), inputs. `t`: (N, K), targets. `w`: (D, K), the weights of a linear network $y = x\,W$. All unchanged.
- `std`: $\sigma \ge 0$, the standard deviation of the noise.
- Returns the tuple `(loss, grad_w)`: a number, and an array of the shape of `w`.

**Definition**: every input gets its own noise $\varepsilon_n$, D independent numbers with the mean 0 and the standard
deviation $\sigma$. The loss is the expected value, over the noise, of the squared error: summed over the K outputs, and
averaged over the N samples,

$$ L = \frac1N \sum_{n=1}^{N} \mathrm{E}\, \big\lVert (x_n + \varepsilon_n)\,W - t_n \big\rVert^2
     = \underbrace{\frac1N \sum_{n=1}^{N} \lVert x_n W - t_n \rVert^2}_{\text{the loss without noise}}
     \; + \; \sigma^2\,\lVert W \rVert^2 $$

where $\lVert W \rVert^2$ is the sum of the squares of *all* entries of $W$, once, not once for each sample. (The square
of a noisy output is the square of its mean plus its variance. The variance of $\varepsilon_n W$ in output $k$ is
$\sigma^2 \sum_i w_{ik}^2$.) The gradient is that of the whole $L$: note that neither part has a half in front. The
first part's is

$$ \frac{\partial}{\partial W}\; \frac1N \sum_n \lVert x_n W - t_n \rVert^2 = \frac{2}{N}\, x^T (x\,W - t) $$

**Worked number**: `x = [[1, 2], [3, 4]]`, `t = [[1], [0]]`, `w = [[1], [-1]]`. Without noise the errors are −2 and −1,
and the loss is 2.5, with the gradient `[[-5], [-8]]`. With `std=0.5` it is $2.5 + 0.25 \cdot 2 = 3$, with the gradient
`[[-4.5], [-8.5]]`.

**To look at** (no points): average the squared error over 10,000 draws of the noise and compare.
"""


# %% solution="noisy-loss" demo="PenaltyFit"
def noisy_loss(x, t, w, std):
    """Return (loss, grad_w): the expected squared error under noise on the inputs, and its gradient."""
    ### BEGIN SOLUTION
    error = x @ w - t  # (N, K)
    loss = (error * error).sum() / len(x) + std**2 * (w * w).sum()
    return float(loss), 2 / len(x) * x.T @ error + 2 * std**2 * w
    ### END SOLUTION


# %% test="noisy-loss" points=1
x, t, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [0.0]]), np.array([[1.0], [-1.0]])
for std, want_loss, want_grad in [(0.0, 2.5, [-5.0, -8.0]), (0.5, 3.0, [-4.5, -8.5])]:
    result = noisy_loss(x, t, w, std)
    for name, array, was in [("x", x, [[1, 2], [3, 4]]), ("t", t, [[1], [0]]), ("w", w, [[1], [-1]])]:
        assert np.array_equal(array, was), f"The caller's {name} was {was}; now it is {array.tolist()}."
    assert isinstance(result, tuple) and len(result) == 2, (
        f"Return (loss, grad_w), two things; you returned {result!r}."
    )
    loss, grad = result
    assert np.shape(loss) == (), f"The loss is a single number; yours has the shape {np.shape(loss)}."
    for slip, why in [
        (5.0, "the squared errors are averaged over the N = 2 samples, not summed"),
        (1.25, "the squared errors have no half in front"),
        (3.5, "the penalty has sigma squared, 0.25, not sigma"),
        (2.75, "the penalty has neither a half nor a 1/N in front: 0.25 times 2"),
        (2.5 + 0.25 * 2**0.5, "the norm of w counts squared"),
    ]:
        assert abs(loss - slip) > 1e-9, f"With std = {std} your loss is {loss:.4f}: {why}."
    assert std == 0 or abs(loss - 2.5) > 1e-9, "With std = 0.5 your loss is 2.5, as without noise."
    assert abs(loss - want_loss) < 1e-9, (
        f"With std = {std} the loss is {want_loss}; yours is {loss}. (No noise is drawn: the formula is exact.)"
    )
    assert isinstance(grad, np.ndarray), f"The gradient is an array; yours is {grad!r}."
    assert np.shape(grad) == (2, 1), f"The gradient has the shape of w, (2, 1); yours has {np.shape(grad)}."
    for slip, why in [
        ([5, 8], "the sign: the error is x w - t, not t - x w"),
        ([-10, -16], "the gradient is averaged over the N = 2 samples as well"),
        ([-2.5, -4], "the square of the error gives a 2"),
        ([-4.75, -8.25], "the square of w gives a 2 as well"),
    ]:
        assert not np.allclose(np.ravel(grad), slip, rtol=0, atol=1e-9), f"The gradient with std = {std}: {why}."
    assert std == 0 or not np.allclose(np.ravel(grad), [-5, -8]), "With std = 0.5: the penalty has a gradient, too."
    assert np.allclose(np.ravel(grad), want_grad, rtol=0, atol=1e-9), (
        f"With std = {std} the gradient is {want_grad}; yours is {np.ravel(grad)}."
    )
two = noisy_loss(np.tile(x, (2, 1)), np.tile(t, (2, 1)), w, 0.5)[0]
assert abs(two - 3.0) < 1e-9, f"The same samples twice: the mean stays at 3; yours is {two}. The penalty counts once."
wide = noisy_loss(x, np.tile(t, (1, 2)), np.tile(w, (1, 2)), 0.5)[0]
assert abs(wide - 3.5) > 1e-9, "With two outputs your error is averaged over the outputs; it is summed over them."
assert abs(wide - 6.0) < 1e-9, (
    f"The same output twice: the sum over the outputs doubles the loss to 6; yours is {wide}."
)
square = noisy_loss(np.eye(2), np.eye(2), np.eye(2), 1.0)[0]
assert abs(square - 1) > 1e-9, (
    "np.linalg.norm(w, 2) of a matrix is another norm: |W|² is the sum of all squared entries."
)
assert abs(square - 2) < 1e-9, (
    f"x, t and w = [[1, 0], [0, 1]], std = 1: no error, and |W|² is 2; your loss is {square}."
)

# %% hidden="noisy-loss" points=1
# Random shapes, several outputs.
results = []
for N, D, K in [(1, 3, 2), (6, 2, 3), (5, 4, 1), (3, 3, 3)]:
    x, t, w = rng.normal(size=(N, D)), rng.normal(size=(N, K)), rng.normal(size=(D, K))
    for std in (0.0, float(rng.uniform(0.1, 0.6)), float(rng.uniform(1.5, 3))):
        given = x.copy(), t.copy(), w.copy()
        results.append((noisy_loss(*given, std), reference.noisy_loss(x, t, w, std), given, (x, t, w)))
for got, want, given, before in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-12)
    for array, was in zip(given, before):
        assert_allclose(array, was, rtol=0)

# %% hidden="noisy-loss" points=1
# The loss agrees with an average over all corners of a noise that takes the values -std and std; the gradient with
# finite differences along random directions.
results, h = [], 1e-6
for N, D, K in [(2, 3, 2), (4, 2, 3)]:
    x, t, w = rng.normal(size=(N, D)), rng.normal(size=(N, K)), rng.normal(size=(D, K))
    std, direction = float(rng.uniform(0.5, 1.5)), rng.normal(size=(D, K))
    corners = std * np.array(list(np.ndindex(*[2] * D))) * 2 - std  # (2^D, D): mean 0, variance std^2
    mean = np.mean([(((x + corner) @ w - t) ** 2).sum() / N for corner in corners])
    up, down = noisy_loss(x, t, w + h * direction, std), noisy_loss(x, t, w - h * direction, std)
    results.append((noisy_loss(x, t, w, std), mean, up, down, direction))
for got, mean, up, down, direction in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], mean, rtol=1e-9)
    assert isinstance(got[1], np.ndarray)
    assert_allclose((up[0] - down[0]) / (2 * h), (got[1] * direction).sum(), rtol=1e-5, atol=1e-6)

# %% [markdown]
r"""
## 8. How strong?

The next cell holds 16 noisy points of a curve, 200 others for validation, and a fit by a polynomial with 16
coefficients and an L2 penalty, here $\lambda \sum w^2$, without the half of exercise 1; `errors(lam)` returns the root
mean square error on the training and on the validation points. Try $\lambda = 10^k$ for all whole $k$ from −10 to 2. **For which $k$ is the validation error smallest?** Write
the whole number. (And for which would you have voted by the training error?)
"""

# %%
draw = np.random.default_rng(8)
x_train, x_validation = np.sort(draw.uniform(-1, 1, 16)), np.linspace(-1, 1, 200)
t_train, t_validation = (np.cos(4 * x) + 0.15 * draw.normal(size=len(x)) for x in (x_train, x_validation))


def errors(lam):
    """Return (training error, validation error) of the polynomial that minimises mean square + lam * sum of w^2."""
    powers, N = np.vander(x_train, 16), 16
    w = np.linalg.solve(powers.T @ powers / N + lam * np.eye(16), powers.T @ t_train / N)
    one, other = powers @ w - t_train, np.vander(x_validation, 16) @ w - t_validation
    return np.sqrt(np.mean(one**2)), np.sqrt(np.mean(other**2))


# %% quiz="how-strong" points=1 demo="PenaltyFit"
### BEGIN SOLUTION
best_k = -4
### END SOLUTION

# %% [markdown]
r"""
## 9. Which penalty leaves zeros?

Twenty inputs, of which three matter. The next cell fits 20 weights to 40 samples by gradient descent, with the gradient
of *your* `penalty` added. Run `descend("l1")` and `descend("l2")`, and count for each how many of the 20 weights are
smaller than 0.008 in absolute value. **How many more are there with L1 than with L2?** Write the whole number. (Why not
count exact zeros? With a fixed step, the sign flips at 0 and the weight trembles around it by `lr * lam`.)
(Plot both as bars while you are there, with the truth.)
"""

# %%
draw = np.random.default_rng(8)
inputs = draw.normal(size=(40, 20))
truth = np.zeros(20)
truth[[2, 7, 11]] = 1.5, -2.0, 1.0
targets = inputs @ truth + 0.3 * draw.normal(size=40)


def descend(kind, lam=0.05, lr=0.01, steps=3000):
    """Return the weights after gradient descent on half of the mean square error plus the penalty."""
    w = np.zeros(20)
    for _ in range(steps):
        grad = inputs.T @ (inputs @ w - targets) / len(inputs)
        w = w - lr * (grad + penalty([w], lam, kind)[1][0])
    return w


# %% quiz="which-zeros" points=1 demo="PenaltyGeometry"
### BEGIN SOLUTION
more_with_l1 = 12
### END SOLUTION

# %% [markdown] manual="why-too-sure" points=2
r"""
## 10. Right labels, wrong probabilities

In three to six sentences: somebody trains a network whose last hidden layer has dropout, in the way of the first deck
(each unit is kept with probability 1/2, nothing is scaled), and uses it in the way of the second (no dropout, and no
correction). The last layer computes the logits, without biases. On the test set the labels are exactly those of a
network that *was* corrected, so nobody notices anything. Why are the labels the same, and what has happened to the
probabilities? Then say what can change if the last layer has biases, and what happens if every one of three hidden
layers (ReLU, no biases) had such dropout.

### BEGIN MARK SCHEME
- 1 point: in use all units speak, so without biases every logit is exactly twice that of the corrected network. A
  common positive factor leaves the order of the logits, and so the labels. But softmax of $2z$ is softmax at the
  temperature 1/2: the probabilities are too sure, which the cross-entropy shows where the label is wrong. Half a point
  for one of the two halves, labels or probabilities.
- 1 point: a bias is not doubled, so it counts half as much against the rest as it did in training: the order of the
  logits, and with it labels, can change. Three layers: each one sends twice too much to the next, and without biases
  the factors multiply (ReLU lets a positive factor pass): 8 instead of 2, temperature 1/8. Half a point for one of the
  two.
- Not needed: the word temperature, formulas, the factor's exact size for layers with biases.
### END MARK SCHEME
"""
