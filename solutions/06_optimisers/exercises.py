# %% [markdown]
r"""
# Chapter 6: Optimisers and schedules

A gradient says which way is up. Everything else about training is a decision: how many samples to ask, how far to go,
what to remember from earlier steps, when to slow down. In this notebook you write those decisions down, each in a few
lines: the descent itself (from a broken one), an epoch of mini-batches, four methods that remember, schedules, and a
brake for gradients that are too large.

**Learning objectives.** After this notebook you can

1. tell descent from ascent in a line of code, and find the other faults that make a loss rise;
2. run an epoch of mini-batches in which every sample counts once;
3. write momentum, Nesterov, Adagrad, Adadelta and Adam from their formulas, and name each one's convention;
4. say which methods act on the gradient and which on the learning rate, and what that changes;
5. compute a learning rate for any time, and clip gradients without turning them.

**Prerequisites.** The lecture of this chapter; gradient descent (chapter 2); NumPy arrays and dictionaries.

**Time** (estimated): 110 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | bug hunt: descent with momentum | 2 | 12 |
| 2 | an epoch of mini-batches | 3 | 15 |
| 3 | Nesterov: look first | 2 | 10 |
| 4 | Adagrad | 2 | 8 |
| 5 | Adadelta | 2 | 10 |
| 6 | a class `Adam` | 3 | 22 |
| 7 | the learning rate at time t | 2 | 10 |
| 8 | clip by the common length | 2 | 10 |
| 9, 10 | two questions that need a run | 2 | 8 |
| 11 | why a first step is too long, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can
run as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the
edges of what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of
computing time. You need only NumPy and what this notebook imports. Where plainnet has a function or class of the same
kind, the hidden tests take it away: write your own. Exercises 1 to 8 stand alone, in any order; question 9 runs your
exercise 1, question 10 your exercises 1 and 3 to 6.

**Numbers.** Arrays hold float64 unless the text says otherwise. *Unchanged* means: after the call, the caller's
array, list or dictionary holds what it held before. `w = w - step` makes a new array, `w -= step` changes the one
that the caller has too; `np.array(x, dtype=float)` is a copy of `x` in float64, `np.zeros(x.shape)` zeros of its shape.
"""

# %%
import math

import numpy as np

# %% [markdown]
r"""
## 1. Bug hunt: descent with momentum

**Why.** On the lecture's slides the formula of gradient descent has a minus, and the code beside it a plus: it
climbs. Such code runs without any complaint. You notice only that the loss rises, and then you have to find out why.

The slides' formula, with the momentum $\rho$ and the learning rate $\alpha$:

$$ v_{t+1} = \rho\,v_t + \nabla f(x_t), \qquad x_{t+1} = x_t - \alpha\,v_{t+1}, \qquad v_0 = 0 $$

The cell below is meant to compute $x_0, x_1, \dots$ by this formula. **It has four faults**; the slides' plus is one
of them, and one has two consequences. Run it, print what it returns, and compare with the formula and the worked
number.

**Write** `descend(gradient, x, lr, steps, momentum=0.0)`, the repaired function

- `gradient`: a function that takes an array of the shape of `x` and returns $\nabla f$ there, an array of that shape.
  It is called exactly once a step.
- `x`: the start $x_0$, an array of floats or of integers, with at least one axis. Unchanged. Integers work as the
  same numbers in float do.
- `lr`: $\alpha$, a number. `steps`: a whole number, 0 or more. `momentum`: $\rho$, a number in [0, 1).
- Returns the whole path: a float64 array of shape `(steps + 1, *x.shape)`. Its row 0 is the start, row $t$ is $x_t$.
  It has all its rows also where a gradient is 0.

**Convention**: as in the formula. The velocity `v` sums up gradients, without a factor $1 - \rho$; the *new* velocity
moves $x$.

**Worked number**: for $f(x) = x^2/2$, whose gradient is $x$, from $x_0 = 1$ with `lr=0.1` and `momentum=0.9` the path
is 1, 0.9, 0.72, 0.486.
"""


# %%
def climb(gradient, x, lr, steps, momentum=0.0):
    """Meant to descend with momentum, and to return every x from the start on. It has four faults."""
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        x += lr * v
        v = momentum * v + (1 - momentum) * gradient(x)
        path.append(x)
    return np.array(path)


# %% solution="bug-hunt" demo="OptimiserRace"
def descend(gradient, x, lr, steps, momentum=0.0):
    """Return x_0 ... x_steps of gradient descent with momentum: an array (steps + 1, *x.shape)."""
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)
    ### END SOLUTION


# %% test="bug-hunt" points=1
start = np.array([1.0])
path = descend(lambda x: x.copy(), start, 0.1, 3, momentum=0.9)
assert isinstance(path, np.ndarray) and path.shape == (4, 1), (
    f"Three steps from a start of shape (1,) give a path of shape (4, 1), the start included; yours: {path!r}."
)
assert start[0] == 1, f"The caller's start was 1; now it is {start[0]}: x is changed in place."
assert not np.all(path == path[0]), "All rows are equal: does every entry of your list name the same array?"
assert path[0, 0] == 1, f"Row 0 of the path is the start, 1; yours is {path[0, 0]}."
assert path[1, 0] < 1.05, f"The minimum is at 0, and after one step you are at {path[1, 0]}: look at the sign."
assert path[1, 0] != 1, "The first step leads nowhere: which velocity moves x, the old one or the new one?"
assert np.allclose(path[:, 0], [1, 0.9, 0.72, 0.486], rtol=1e-12), (
    f"The path is 1, 0.9, 0.72, 0.486; yours is {path[:, 0]}. Compute the second velocity by hand: 0.9 * 1 + 0.9."
)
path = descend(lambda x: 2.0 * x, np.array([4, -2]), 0.25, 2)
assert np.array_equal(path, [[4, -2], [2, -1], [1, -0.5]]), (
    f"From (4, -2), given as integers, two steps that halve lead to (2, -1) and (1, -0.5); your path is {path}."
)
assert descend(lambda x: 2.0 * x, np.zeros(2), 0.25, 3).shape == (4, 2), "From the minimum, too, 3 steps make 4 rows."

# %% hidden="bug-hunt" points=1
cases = []
for shape, lr, steps, momentum, start in [
    ((3,), 0.1, 6, 0.0, "anywhere"),
    ((2, 2), 0.05, 7, 0.9, "anywhere"),
    ((4,), 0.2, 5, 0.5, "integers"),
    ((2,), 0.1, 0, 0.3, "anywhere"),
    ((4,), 0.1, 0, 0.3, "integers"),
    ((3,), 0.1, 4, 0.9, "at the minimum"),
    ((2, 2), 0.1, 3, 0.8, "anywhere"),
]:
    curvature, x = rng.uniform(0.2, 3, size=shape), rng.normal(size=shape)
    if start == "integers":
        x = rng.integers(1, 6, size=shape)
    elif start == "at the minimum":
        x = np.zeros(shape)
    asked = []

    def gradient(z, curvature=curvature, asked=asked):
        asked.append(np.array(z, dtype=float))
        return curvature * z

    before, want = x.copy(), reference.descend(lambda z, c=curvature: c * z, x, lr, steps, momentum)
    cases.append((descend(gradient, x, lr, steps, momentum), want, x, before, asked))
for path, want, x, before, asked in cases:
    assert isinstance(path, np.ndarray) and path.dtype == np.float64
    assert_allclose(path, want, rtol=1e-9, atol=1e-12)
    assert_equal([z.shape for z in asked], (len(want) - 1) * [x.shape])
    assert_allclose(x, before, rtol=0)

# %% [markdown]
r"""
## 2. An epoch of mini-batches

**Why.** The gradient over a whole data set is exact and slow. A mini-batch gives an estimate of it that is hardly
worse and far cheaper, so in the time of one exact step you take many rough ones. What must not happen: that some
samples count twice and others never, or that an input gets another input's target. Training then goes on, and nobody
sees why it is worse than it should be.

**Write** `sgd_epoch(gradient, w, x, t, lr, batch_size, rng)`

- `gradient`: a function; `gradient(w, x_batch, t_batch)` returns the gradient, with respect to `w`, of the *mean*
  loss of the samples that you pass: an array of the shape of `w`. It is called exactly once for each batch. The n
  samples of a batch are two arrays of shapes (n, D) and (n,), also where n is 1.
- `w`: the weights at the start, an array. Unchanged.
- `x`: inputs, (N, D). `t`: targets, (N,); `t[i]` belongs to `x[i]`. N is at least 1. Both unchanged.
- `lr`: the learning rate. `batch_size`: a whole number, at least 1; it may be larger than N.
- `rng`: a `numpy.random.Generator`, the only source of randomness. Each call draws a new order from it:
  `rng.permutation(n)` returns the numbers 0 to n − 1 in random order. (Where `some` is an array of such numbers,
  `x[some]` holds these rows of `x`, in this order, and `t[some]` their targets.)
- Returns the weights after one epoch, a new array.

**Convention**: an *epoch* uses every sample exactly once. The samples are put into random order; the first
`batch_size` of that order are the first batch, the next `batch_size` the second, and so on; the last batch holds what
is left, and may be shorter. For every batch one step of descent, from the weights as they are then:

$$ w \leftarrow w - \mathrm{lr} \cdot \mathtt{gradient}(w, x_\mathrm{batch}, t_\mathrm{batch}) $$

**Worked number**: in one of the lecture's examples N = 2400 and `batch_size` = 128. That is 2400 / 128 = 18.75, so an
epoch has 19 steps: 18 with 128 samples, and a last one with 96.
"""


# %% solution="sgd-epoch" demo="BatchNoise"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    """Return the weights after one epoch of mini-batch gradient descent, every sample used once."""
    ### BEGIN SOLUTION
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w
    ### END SOLUTION


# %% test="sgd-epoch" points=1
seen = []


def note_and_point_up(w, x_batch, t_batch):
    seen.append((x_batch[:, 0].copy(), np.array(t_batch)))
    return np.ones(w.shape)


x = np.arange(2400.0).reshape(-1, 1)
t = 10.0 * x[:, 0]
w = np.zeros(2)
generator = np.random.default_rng(0)
result = sgd_epoch(note_and_point_up, w, x, t, 0.5, 128, generator)
sizes = [len(inputs) for inputs, _ in seen]
samples = np.concatenate([inputs for inputs, _ in seen])
assert len(sizes) == 19, f"2400 samples in batches of 128 are 19 steps; you took {len(sizes)}."
assert sizes == 18 * [128] + [96], f"18 batches of 128 samples, then one of 96; yours have the sizes {sizes}."
assert np.array_equal(w, [0, 0]) and np.array_equal(x[:, 0], np.arange(2400)) and np.array_equal(t, 10 * x[:, 0]), (
    "w, x and t stay as the caller had them: shuffle the numbers of the samples, not the samples."
)
assert np.array_equal(np.sort(samples), x[:, 0]), (
    "Each sample counts exactly once in an epoch: some are missing or twice."
)
assert all(np.array_equal(targets, 10 * inputs) for inputs, targets in seen), (
    "t[i] belongs to x[i]: some inputs of your batches come with the target of another sample."
)
assert not np.array_equal(samples, x[:, 0]), "The samples come in the order of the data: draw a random order from rng."
assert isinstance(result, np.ndarray), f"Return an array; you returned {result!r}."
assert np.array_equal(result, [-9.5, -9.5]), (
    f"With a gradient of 1 everywhere, 19 steps of 0.5 downhill lead from 0 to -9.5; you returned {result}. "
    "(The gradient that you get is that of a batch's *mean* loss already.)"
)
seen.clear()
sgd_epoch(note_and_point_up, w, x, t, 0.5, 128, generator)
assert not np.array_equal(samples, np.concatenate([inputs for inputs, _ in seen])), (
    "The second epoch has the same order as the first: draw from the rng that you are given, afresh in each call."
)
shapes = []
sgd_epoch(lambda w, *batch: shapes.append([np.shape(a) for a in batch]) or w, w, x[:3], t[:3], 0.5, 2, generator)
assert shapes == [[(2, 1), (2,)], [(1, 1), (1,)]], (
    f"3 samples in batches of 2: inputs (2, 1) and targets (2,), then (1, 1) and (1,); yours have the shapes {shapes}."
)

# %% hidden="sgd-epoch" points=1
# What a batch holds: arrays, sizes, every sample once, pairs, order. Two epochs from one generator, then one from its
# twin; and eight more, in which no sample keeps its place and no order is the data's, shifted or read in strides.
found, sizes_wanted = [], []
for n, batch_size in [(37, 8), (24, 6), (40, 40), (30, 100), (25, 1)]:
    ids = rng.permutation(1000)[:n].astype(float)
    x, t = np.stack([ids, rng.normal(size=n)], axis=1), 3.0 * ids + 1.0
    x_before, t_before, w = x.copy(), t.copy(), rng.normal(size=2)
    batches, epochs, arrays = [], [], []

    def look(w, x_batch, t_batch):
        a, b = np.array(x_batch, dtype=float).reshape(-1, 2)[:, 0], np.array(t_batch, dtype=float).reshape(-1)
        are_arrays = isinstance(x_batch, np.ndarray) and isinstance(t_batch, np.ndarray)
        arrays.append(are_arrays and x_batch.shape == (len(a), 2) and t_batch.shape == (len(b),))
        k, several = len(batches), len(a) > 1
        neighbours = ids[k * batch_size : (k + 1) * batch_size]
        in_order = several and np.array_equal(a, neighbours)
        together = several and len(a) < n and set(a.tolist()) == set(neighbours.tolist())
        again = several and len(epochs) > 0 and len(epochs[-1]) > k and np.array_equal(a, epochs[-1][k][0])
        batches.append((a, b))
        return np.array([in_order + 2.0 * together, float(again)])  # 0 as long as the order is random

    seed = int(rng.integers(1 << 30))
    one, twin = np.random.default_rng(seed), np.random.default_rng(seed)
    for generator in (one, one, twin):
        batches = []
        sgd_epoch(look, w, x, t, 0.1, batch_size, generator)
        epochs.append(batches)
    sizes = [[len(some) for some, _ in epoch] for epoch in epochs]
    orders = [np.concatenate([some for some, _ in epoch]) if epoch else np.zeros(0) for epoch in epochs]
    first = set(orders[0][:batch_size].tolist())
    found.append(
        [
            all(np.array_equal(np.sort(order), np.sort(ids)) for order in orders),
            all(len(a) == len(b) and np.array_equal(b, 3 * a + 1) for epoch in epochs for a, b in epoch),
            np.array_equal(orders[0], ids),
            batch_size < n and batch_size > 1 and first == set(ids[:batch_size].tolist()),
            np.array_equal(orders[0], orders[1]),
            np.array_equal(orders[0], orders[2]),
            np.array_equal(x, x_before) and np.array_equal(t, t_before),
            all(arrays),
        ]
    )
    sizes_wanted.append((sizes[0], [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)))
eight, generator = [], np.random.default_rng(int(rng.integers(1 << 30)))
for _ in range(8):
    batches, x = [], np.arange(25.0).reshape(25, 1)

    def note(w, x_batch, t_batch):
        batches.append(np.array(x_batch, dtype=float).ravel())
        return np.zeros(1)

    sgd_epoch(note, np.zeros(1), x, x[:, 0].copy(), 0.1, 5, generator)
    eight.append(batches)
assert_equal([sizes for sizes, _ in sizes_wanted], [want for _, want in sizes_wanted])
assert_equal(found, 5 * [[True, True, False, False, False, True, True, True]])
orders = np.stack([np.concatenate(batches) for batches in eight])
assert_equal(bool(np.any(np.all(orders == orders[0], axis=0))), False)
assert_equal([len(set((np.diff(order) % 25).tolist())) > 7 for order in orders], 8 * [True])  # of 24, and 15 by chance

# %% hidden="sgd-epoch" points=1
# Where the steps lead: each gradient is asked for at the weights that the steps before have left.
results = []
for n, batch_size, shape in [(12, 12, (3,)), (20, 5, (2,)), (11, 4, (2, 2))]:
    x, t, w = rng.normal(size=(n, 2)), rng.normal(size=n), rng.normal(size=shape)
    c, lr, asked, before = rng.uniform(0.5, 2, size=shape), 0.1, [], w.copy()

    def gradient(w, x_batch, t_batch):
        g = c * w + np.mean(x_batch) - np.mean(t_batch)
        asked.append((np.array(w, dtype=float), g.copy()))
        return g

    results.append((sgd_epoch(gradient, w, x, t, lr, batch_size, rng), asked, w, before, lr, -(-n // batch_size)))
for got, asked, w, before, lr, steps in results:
    here = before.copy()
    assert_equal(len(asked), steps)
    for at, g in asked:
        assert_allclose(at, here, rtol=1e-9, atol=1e-12)
        here = here - lr * g
    assert isinstance(got, np.ndarray)
    assert_allclose(got, here, rtol=1e-9, atol=1e-12)
    assert_allclose(w, before, rtol=0)

# %% [markdown]
r"""
## A step, and what it remembers

Exercises 3 to 5 are each *one step* of a method. A method that remembers something needs a place for it: its
**state**. Here that is a dictionary, empty before the first step. A step gets it, and returns a new one for the next
step:

```
w, state = some_step(w, g, state, ...)
```

After a step it holds the arrays that the exercise names, and nothing else. Several parameters, each with a state of
its own, take turns; sometimes a test goes back and takes another step from an *older* `w` and `state`. So `w`, `g`
and the old state are all unchanged, and nothing is kept anywhere else.

The next cell has a step as an example: RMSprop, which divides by the root of a *running mean* of squared gradients,

$$ v \leftarrow \beta\,v + (1 - \beta)\,g^2, \qquad w \leftarrow w - \mathrm{lr}\,\frac{g}{\sqrt{v} + \varepsilon}, \qquad v = 0 \text{ at first} $$

`state.get("v", 0.0)` is what the state holds under the name `"v"`, or 0.0 if it holds nothing there yet. All of it
works number by number: $g^2$ is the array of squares.
"""


# %%
def rmsprop_step(w, g, state, lr=0.01, decay=0.9, eps=1e-8):
    """Return (w, state) after one step of RMSprop: an example of a step with a state."""
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    return w - lr * g / (np.sqrt(v) + eps), {"v": v}


# %% [markdown]
r"""
## 3. Nesterov: look first

**Why.** A ball with momentum finds out about a slope only when it is on it. Nesterov's idea (1983): we know already
that the momentum will carry us on by $-\mathrm{lr}\,\rho\,v$. So go there in thought, ask for the gradient *there*,
and correct the velocity before the step is taken.

**Write** `nesterov_step(w, gradient, state, lr, momentum=0.9)`

- `w`: an array. `gradient`: a function; it takes an array of the shape of `w` and returns the gradient of the loss
  there. It is called exactly once. (This is the one step that gets a function and no `g`: it decides where to ask.)
- `state`: `{}` before the first step, afterwards `{"v": v}`. `lr`, `momentum`: numbers; `momentum` is $\rho$.
- Returns `(w, state)`: the new weights, and a new dictionary `{"v": v}` with the new $v$.

**Formula**, with $v = 0$ before the first step:

$$ v \leftarrow \rho\,v + \nabla f(w - \mathrm{lr}\,\rho\,v), \qquad w \leftarrow w - \mathrm{lr}\,v $$

On the right of the first arrow stands the old $v$, both times; in the second formula the new one.

**Convention**: $v$ sums up *gradients*; the learning rate stands outside. It may differ from step to step, and the
`lr` of a step counts for all of $v$ in that step. `w` is where we *are*, not the point from which we look. (Libraries
often keep the look-ahead point instead: then the formula gets by with the gradient at `w`, but its numbers are
others.)

**Worked numbers**: for $f(w) = w^2/2$ from $w = 1$ with `lr=0.1`, `momentum=0.9`: 0.9, 0.729, 0.51759. (Plain
momentum goes 0.9, 0.72, 0.486: the first step is the same.)
"""


# %% solution="nesterov-step" forbid="plainnet.optim.Nesterov" demo="OptimiserRace"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    """Return (w, state) after one step of Nesterov's momentum."""
    ### BEGIN SOLUTION
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w - lr * drift)
    return w - lr * v, {"v": v}
    ### END SOLUTION


# %% test="nesterov-step" points=1
def parabola(w):
    return w.copy()


w, state, path = np.array([1.0]), {}, []
for _ in range(3):
    w, state = nesterov_step(w, parabola, state, 0.1, momentum=0.9)
    path.append(float(w[0]))
assert path[0] < 1, f"From 1 the minimum lies downhill, at 0; your first step leads to {path[0]}."
assert abs(path[0] - 0.81) > 1e-12, (
    "0.81 is the form of the libraries, whose w is the point from which one looks. See the convention: w is where we are."
)
assert abs(path[0] - 0.9) < 1e-12, f"In the first step v is 0, so w goes from 1 to 0.9; yours goes to {path[0]}."
assert not np.allclose(path, [0.9, 0.72, 0.486]), (
    "0.9, 0.72, 0.486 is plain momentum: the gradient is asked for where the old velocity would lead, not at w."
)
assert not np.allclose(path, [0.9, 0.81, 0.729]), "Nothing is remembered: does the state that you return hold v?"
assert np.allclose(path, [0.9, 0.729, 0.51759], rtol=1e-12), f"The path is 0.9, 0.729, 0.51759; yours is {path}."
assert list(state) == ["v"], f"The state holds v under the name 'v', and nothing else; yours holds {list(state)}."
assert isinstance(state["v"], np.ndarray), f"v is an array; yours is {state['v']!r}."
assert abs(state["v"][0] - 2.1141) < 1e-12, f"After three steps v is 2.1141; yours is {state['v']}."
w, old = np.array([1.0]), {}
w, state = nesterov_step(w, parabola, old, 0.1)
assert old == {}, "The state that you are given is unchanged: return a new dictionary."

# %% hidden="nesterov-step" points=1
curvatures = {"a": rng.uniform(0.3, 3, size=3), "b": rng.uniform(0.3, 3, size=(2, 2))}
weights = {name: rng.normal(size=c.shape) for name, c in curvatures.items()}
states, wanted, got, want, asked = {"a": {}, "b": {}}, {"a": {}, "b": {}}, [], [], []
truth = {name: w.copy() for name, w in weights.items()}
rates, momentum = [0.1, 0.1, 0.05, 0.2, 0.2], float(rng.uniform(0.5, 0.95))
for lr in rates:
    for name, c in curvatures.items():

        def gradient(z, c=c):
            asked.append(np.array(z, dtype=float).sum())
            return c * z

        truth[name], wanted[name] = reference.nesterov_step(truth[name], lambda z: c * z, wanted[name], lr, momentum)
        want.append((truth[name], wanted[name]))
        weights[name], states[name] = nesterov_step(weights[name], gradient, states[name], lr, momentum)
        got.append((weights[name], states[name]))
count = len(asked)
# another step from an older place: an old w and an old state still hold what they held
w0, c = rng.normal(size=2), rng.uniform(0.5, 2, size=2)
here, before = w0.copy(), w0.copy()
here, state = nesterov_step(here, lambda z: c * z, {}, 0.1, momentum)
ends = [nesterov_step(here, lambda z: c * z, state, lr, momentum) for lr in (0.1, 0.3, 0.1)]
ends.append(nesterov_step(here, lambda z: c * z, state, 0.1))
real, known = reference.nesterov_step(before, lambda z: c * z, {}, 0.1, momentum)
wanted_ends = [reference.nesterov_step(real, lambda z: c * z, known, lr, momentum) for lr in (0.1, 0.3, 0.1)]
wanted_ends.append(reference.nesterov_step(real, lambda z: c * z, known, 0.1))
for (one, memory), (other, exact) in zip(got + ends, want + wanted_ends):
    assert isinstance(one, np.ndarray)
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert type(memory) is dict and list(memory) == ["v"] and isinstance(memory["v"], np.ndarray)
    assert_allclose(memory["v"], exact["v"], rtol=1e-9, atol=1e-12)
assert_equal(count, 2 * len(rates))

# %% [markdown]
r"""
## 4. Adagrad

**Why.** One learning rate for all weights is a compromise when their gradients differ by orders of magnitude, as they
do between layers, and between frequent and rare features. Adagrad (2011) gives each weight a rate of its own: the
larger its gradients have been so far, the smaller its steps. The lecture's slide has it with a plus, which climbs.

**Write** `adagrad_step(w, g, state, lr=0.01, eps=1e-8)`

- `w`, `g`: arrays of one shape, with at least one axis: the weights, and the gradient of the loss there.
- `state`: `{}` before the first step, afterwards `{"S": S}`. `lr`: a number. `eps`: $\varepsilon$, a positive number.
- Returns `(w, state)`: the new weights, and a new dictionary `{"S": S}` with the new $S$.

**Formula**, number by number, with $S = 0$ before the first step:

$$ S \leftarrow S + g^2, \qquad w \leftarrow w - \frac{\mathrm{lr}}{\sqrt{S + \varepsilon}}\;g $$

**Convention**: as in the formula, $\varepsilon$ stands *inside* the root, and the new $S$ divides. Each weight has its
own $S$. A gradient of 0 leaves its weight where it is, also in the first step.

**Worked numbers**: from $w = 1$ with `lr=0.1` and the gradients 1 and 0.5, $w$ becomes 0.9 and then 0.8553. How far a
*tiny* gradient moves its weight depends on where $\varepsilon$ stands: for $g = 10^{-6}$ with `lr=0.001` the first
step has the length $1.0 \cdot 10^{-5}$; with $\varepsilon$ outside of the root it would have $9.9 \cdot 10^{-4}$.
"""


# %% solution="adagrad-step" forbid="plainnet.optim.Adagrad" demo="OptimiserRace"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    """Return (w, state) after one step of Adagrad, eps inside the root."""
    ### BEGIN SOLUTION
    S = state.get("S", 0.0) + g**2
    return w - lr * g / np.sqrt(S + eps), {"S": S}
    ### END SOLUTION


# %% test="adagrad-step" points=1
w, state, path = np.array([1.0]), {}, []
for number in (1.0, 0.5):
    w, state = adagrad_step(w, np.array([number]), state, lr=0.1)
    path.append(float(w[0]))
assert path[0] < 1, f"A positive gradient makes w smaller; from 1 you went to {path[0]}."
assert abs(path[0] - 0.9) < 1e-7, f"In the first step g / sqrt(S) is 1, so w goes from 1 to 0.9; yours: {path[0]}."
assert abs(path[1] - 0.8) > 1e-6, "The second step is as long as the first: does the state that you return hold S?"
assert abs(path[1] - 0.86) > 1e-6, "0.86: the second step was divided by S, not by its root."
assert abs(path[1] - 0.8552786) < 1e-6, f"S is 1 + 0.25 in the second step, and w becomes 0.85528; yours: {path[1]}."
assert list(state) == ["S"], f"The state holds S under the name 'S', and nothing else; yours holds {list(state)}."
w, _ = adagrad_step(np.array([0.0, 0.0]), np.array([1e-6, 0.0]), {}, lr=0.001)
assert abs(w[0] + 1e-5) < 1e-8, f"The first step for g = 1e-6 goes to -1.0e-5, with eps inside the root; yours: {w[0]}."
assert w[1] == 0, f"A gradient of 0 leaves its weight alone; yours became {w[1]}."
g = np.array([2.0, -3.0])
old = {}
_, first = adagrad_step(np.zeros(2), g, old)
assert np.array_equal(g, [2, -3]), f"The gradient was (2, -3); after your step it is {g}."
assert old == {}, "The state that you are given is unchanged: return a new dictionary."
adagrad_step(np.zeros(2), g, first)
assert isinstance(first["S"], np.ndarray), f"S is an array; yours is {first['S']!r}."
assert np.allclose(first["S"], [4, 9]), f"The S of the first step was (4, 9); after a second step it is {first['S']}."

# %% hidden="adagrad-step" points=1
shapes, lr, eps = [(3,), (2, 2)], 0.1, 1e-4
weights = [rng.normal(size=shape) for shape in shapes]
truth = [w.copy() for w in weights]
states, known = [{}, {}], [{}, {}]
got, want, gradients = [], [], []
for step in range(5):
    for i, shape in enumerate(shapes):
        g = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 2, size=shape)
        if step == 0:
            g.ravel()[0] = 0.0
        gradients.append((g, g.copy()))
        truth[i], known[i] = reference.adagrad_step(truth[i], g.copy(), known[i], lr, eps)
        want.append((truth[i], known[i]))
        weights[i], states[i] = adagrad_step(weights[i], g, states[i], lr, eps)
        got.append((weights[i], states[i]))
# another step from an older place
w, g = rng.normal(size=2), rng.normal(size=(3, 2))
here, state = adagrad_step(w.copy(), g[0].copy(), {})
real, memory = reference.adagrad_step(w, g[0], {})
for k in (1, 2, 1):
    want.append(reference.adagrad_step(real, g[k], memory))
    got.append(adagrad_step(here, g[k].copy(), state))
for (one, kept), (other, exact) in zip(got, want):
    assert isinstance(one, np.ndarray)
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert type(kept) is dict and list(kept) == ["S"] and isinstance(kept["S"], np.ndarray)
    assert_allclose(kept["S"], exact["S"], rtol=1e-9, atol=1e-12)
for g, before in gradients:
    assert_allclose(g, before, rtol=0)

# %% [markdown]
r"""
## 5. Adadelta

**Why.** Adagrad's $S$ only grows, so its steps only shrink, until nothing moves. RMSprop cures that with a running
mean, which forgets. Adadelta (2012) goes one step further: a step $g / \sqrt v$ has no unit, whatever the unit of the
weight, and a learning rate has to make up for that. Adadelta takes the size of its *own past steps* instead, and has
no learning rate at all.

**Write** `adadelta_step(w, g, state, decay=0.9, eps=1e-6)`

- `w`, `g`: arrays of one shape: the weights, and the gradient of the loss there.
- `state`: `{}` before the first step, afterwards `{"v": v, "u": u}`. `decay`: $\beta$, a number in [0, 1).
  `eps`: $\varepsilon$, a positive number.
- Returns `(w, state)`: the new weights, and a new dictionary `{"v": v, "u": u}` with the new $v$ and $u$.

**Formula**, number by number, in this order, with $v = u = 0$ before the first step:

$$
v \leftarrow \beta\,v + (1 - \beta)\,g^2, \qquad
d = g\,\frac{\sqrt{u + \varepsilon}}{\sqrt{v + \varepsilon}}, \qquad
u \leftarrow \beta\,u + (1 - \beta)\,d^2, \qquad
w \leftarrow w - d
$$

**Convention** (Zeiler's paper, Algorithm 1): both $\varepsilon$ stand inside the roots; the step uses the *new* $v$
and the *old* $u$, since the newest step is not known yet.

**Worked numbers**: from $w = 1$ with `decay=0.9`, `eps=1e-6` and the gradient 1 in each of three steps: 0.9968377,
0.9935933, 0.9902925. The steps start small and grow.
"""


# %% solution="adadelta-step" forbid="plainnet.optim.Adadelta" demo="OptimiserRace"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    """Return (w, state) after one step of Adadelta."""
    ### BEGIN SOLUTION
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}
    ### END SOLUTION


# %% test="adadelta-step" points=1
w, state, path = np.array([1.0]), {}, []
for _ in range(3):
    w, state = adadelta_step(w, np.array([1.0]), state)
    path.append(float(w[0]))
assert path[0] < 1, f"A positive gradient makes w smaller; from 1 you went to {path[0]}."
assert abs(path[0] - 0.9999968) > 1e-7, "0.9999968: both eps stand inside the roots."
assert abs(path[0] - 0.9955279) > 1e-7, "0.9955279: the step uses the old u; yours has the newest step in it already."
assert abs(path[0] - 0.9968377) < 1e-7, (
    f"In the first step u = 0 and v = 0.1, and w goes to 0.9968377; yours goes to {path[0]}. Is v updated first?"
)
assert abs(path[1] - 0.9559770) > 1e-6, "0.955977: u is the running mean of d squared, not of d."
assert abs(path[1] - 0.9935933) < 1e-7, (
    f"The second step leads to 0.9935933; yours to {path[1]}. It needs v and u of the step before: are both kept?"
)
assert abs(path[2] - 0.9902925) < 1e-7, f"The third step leads to 0.9902925; yours to {path[2]}. Look at u again."
assert sorted(state) == ["u", "v"], f"The state holds 'v' and 'u', and nothing else; yours holds {sorted(state)}."
assert all(isinstance(a, np.ndarray) for a in state.values()), f"v and u are arrays; your state is {state!r}."
w, _ = adadelta_step(np.array([1.0, 1.0]), np.array([0.0, 1e3]), {})
assert w[0] == 1, f"A gradient of 0 leaves its weight alone; from 1 yours went to {w[0]}."
old, g = {}, np.array([2.0])
adadelta_step(np.zeros(1), g, old)
assert old == {} and g[0] == 2, "The gradient and the state that you are given are unchanged."

# %% hidden="adadelta-step" points=1
shapes, decay, eps = [(3,), (2, 2)], float(rng.uniform(0.7, 0.95)), 1e-4
weights = [rng.normal(size=shape) for shape in shapes]
truth = [w.copy() for w in weights]
states, known = [{}, {}], [{}, {}]
got, want, gradients = [], [], []
for step in range(6):
    for i, shape in enumerate(shapes):
        g = rng.normal(size=shape) * 10.0 ** rng.integers(-3, 2, size=shape)
        gradients.append((g, g.copy()))
        truth[i], known[i] = reference.adadelta_step(truth[i], g.copy(), known[i], decay, eps)
        want.append((truth[i], known[i]))
        weights[i], states[i] = adadelta_step(weights[i], g, states[i], decay, eps)
        got.append((weights[i], states[i]))
# another step from an older place
w, g = rng.normal(size=2), rng.normal(size=(3, 2))
here, state = adadelta_step(w.copy(), g[0].copy(), {})
real, memory = reference.adadelta_step(w, g[0], {})
for k in (1, 2, 1):
    want.append(reference.adadelta_step(real, g[k], memory))
    got.append(adadelta_step(here, g[k].copy(), state))
want.append(reference.adadelta_step(real, g[1], memory, decay=0.0))
got.append(adadelta_step(here, g[1].copy(), state, decay=0.0))
for (one, kept), (other, exact) in zip(got, want):
    assert isinstance(one, np.ndarray)
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert type(kept) is dict and sorted(kept) == ["u", "v"]
    assert all(isinstance(one, np.ndarray) for one in kept.values())
    assert_allclose([kept["u"], kept["v"]], [exact["u"], exact["v"]], rtol=1e-9, atol=1e-12)
for g, before in gradients:
    assert_allclose(g, before, rtol=0)

# %% [markdown]
r"""
## 6. A class `Adam`

**Why.** Adam (2014) is what most people try first: momentum for the direction, RMSprop's division for the rate, and a
correction for the first steps. Here you write it as libraries have it: an object that holds a model's parameters, and
moves all of them, in place, each time it is told to.

**Write** the class `Adam` with two methods.

`__init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8)`

- `params`: a list of float64 arrays, of any shapes with at least one axis. These are the model's own arrays: the
  model sees what you write into them, and may write other weights there between two steps, from which the next step
  goes on. Nothing moves yet.
- `lr`, `beta1`, `beta2`, `eps`: numbers.

`step(self, grads)`

- `grads`: a list, one entry for each parameter in the same order: an array of its shape, or `None` where there is no
  gradient this time. The list and its arrays are unchanged.
- Moves every parameter with a gradient once, **in place**: `w -= ...` or `w[...] = ...`, where `w` is the caller's
  own array. Returns nothing.

**Formula** for each parameter, number by number; $m = v = 0$ and $t = 0$ at first, and each call of `step` starts
with $t \leftarrow t + 1$:

$$
m \leftarrow \beta_1 m + (1 - \beta_1)\,g, \qquad
v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2, \qquad
w \leftarrow w - \mathrm{lr}\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon}
\qquad\text{with}\quad
\hat m = \frac{m}{1 - \beta_1^t}, \quad \hat v = \frac{v}{1 - \beta_2^t}
$$

**Conventions**: $\varepsilon$ stands *outside* of the root. $t$ counts the calls of `step`, so it is 1 in the first,
and the same for all parameters. Every parameter has its own $m$ and $v$; $m$ and $v$ themselves stay uncorrected.
Where the gradient is `None`, the parameter, its $m$ and its $v$ stay as they are in this step, and $t$ counts on. Two
objects of the class have nothing in common.

**Worked numbers**: one parameter $w = 1$, `lr=0.1`, gradients 2 and then −1: $w$ becomes 0.9, then 0.8733663. The
first step has the length `lr` whatever the gradient, if that is not as tiny as $\varepsilon$. (Without the correction
it would be 3.16 times as long: with `lr=0.001` it is 0.00316.)

**To look at** (no points): once your tests pass, let your class race against the library's methods. Put this into a
cell of your own:

```
from plainnet.demos import OptimiserRace

class Mine:
    def __init__(self, tensors, lr):
        self.tensors, self.adam = tensors, Adam([p.data for p in tensors], lr)

    def step(self):
        self.adam.step([p.grad for p in self.tensors])

OptimiserRace(own=Mine)
```

Then change three lines (no points either): AMSGrad (2018) keeps, besides $v$, the *largest* $v$ so far, number by
number, and divides by that one, with the same correction. What does it do to a step after one very large gradient?
`plainnet.optim.AMSGrad` is there to compare with.
"""


# %% solution="adam-class" forbid="plainnet.optim.Adam" demo="OptimiserRace"
class Adam:
    """Moves a list of arrays along their gradients, in place."""

    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        ### BEGIN SOLUTION
        self.params, self.lr, self.beta1, self.beta2, self.eps = list(params), lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in self.params]
        self.v = [np.zeros(w.shape) for w in self.params]
        ### END SOLUTION

    def step(self, grads):
        """Move every parameter that has a gradient once."""
        ### BEGIN SOLUTION
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat = self.m[i] / (1 - self.beta1**self.t)
            v_hat = self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        ### END SOLUTION


# %% test="adam-class" points=1
w = np.array([1.0])
optimizer = Adam([w], lr=0.1)
assert w[0] == 1, "Nothing moves before the first step."
optimizer.step([np.array([2.0])])
assert np.isfinite(w[0]), f"w became {w[0]}: t is 1 in the first step, and 1 - beta1 ** 0 is 0."
assert w[0] != 1, "After a step the caller's own array is still 1: change it in place, and don't bind a new array."
assert abs(w[0] - (1 - 0.316228)) > 1e-4, "The first step has 3.16 times the length of lr: the correction is missing."
assert abs(w[0] - 0.9) < 1e-7, f"The first step has the length lr = 0.1, so w becomes 0.9; yours became {w[0]}."
optimizer.step([np.array([-1.0])])
assert abs(w[0] - 0.8733663) < 1e-7, (
    f"After the second step w is 0.8733663; yours is {w[0]}. With t = 2: m = 0.08, v = 0.004996, both uncorrected."
)
a, b = np.array([1.0]), np.array([[1.0, 1.0]])
optimizer = Adam([a, b], lr=0.1)
optimizer.step([np.array([2.0]), np.array([[2.0, -2.0]])])
assert np.allclose(a, 0.9) and np.allclose(b, [[0.9, 1.1]]), (
    f"In the first step all weights move by 0.1, in every parameter: 0.9 and (0.9, 1.1); yours: {a} and {b}."
)
optimizer.step([None, np.array([[2.0, -2.0]])])
assert np.allclose(a, 0.9), f"The first parameter has no gradient in this step and stays at 0.9; yours is at {a}."
w, g = np.array([1.0]), [np.array([3.0])]
optimizer = Adam([w])
assert optimizer.step(g) is None, "step returns nothing."
assert len(g) == 1 and g[0][0] == 3, f"The gradients were [3]; after your step they are {g}."
w[...] = 7.0
optimizer.step(g)
assert 6.9 < w[0] < 7, f"The model wrote 7 into its array; a step of length 0.001 later it holds {w[0]}: whose w moves?"

# %% hidden="adam-class" points=1
# Several parameters, two of one shape, gradients of very different sizes, two optimisers that take turns; half-way the
# model writes its first weights back into its arrays.
shapes = [(3,), (2, 2), (1,), (3,)]
start = [rng.normal(size=shape) for shape in shapes]
settings = [
    dict(lr=0.1),
    dict(lr=0.02, beta1=float(rng.uniform(0.5, 0.8)), beta2=float(rng.uniform(0.8, 0.95)), eps=1e-3),
]
mine, truth = [[w.copy() for w in start] for _ in settings], [[w.copy() for w in start] for _ in settings]
known = [reference.Adam(params, **one) for params, one in zip(truth, settings)]
optimizers = [Adam(params, **one) for params, one in zip(mine, settings)]
got, want = [], []
for step in range(6):
    grads = [rng.normal(size=shape) * 10.0 ** rng.integers(-2, 2, size=shape) for shape in shapes]
    for optimizer, exact, params, right in zip(optimizers, known, mine, truth):
        if step == 3:
            for w, true, first in zip(params, right, start):
                w[...] = true[...] = first
        exact.step([g.copy() for g in grads])
        optimizer.step([g.copy() for g in grads])
        got.append(np.concatenate([w.ravel() for w in params]))
        want.append(np.concatenate([w.ravel() for w in right]))
for one, other in zip(got, want):
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)

# %% hidden="adam-class" points=1
# Parameters without a gradient for a while, gradients of the size of eps, gradients that stay as they were; defaults.
start = [rng.normal(size=2), rng.normal(size=3), rng.normal(size=(1, 2))]
mine, truth = [w.copy() for w in start], [w.copy() for w in start]
exact, optimizer = reference.Adam(truth, lr=0.05), Adam(mine, lr=0.05)
got, want, seen, returned = [], [], [], []
for missing in [(1,), (1, 2), (), (0,), (0, 1, 2), ()]:
    scales = (1.0, 1e-8, 30.0)
    grads = [None if i in missing else scales[i] * rng.normal(size=w.shape) for i, w in enumerate(start)]
    exact.step([None if g is None else g.copy() for g in grads])
    seen.append((grads, [None if g is None else g.copy() for g in grads]))
    returned.append(optimizer.step(grads))
    got.append(np.concatenate([w.ravel() for w in mine]))
    want.append(np.concatenate([w.ravel() for w in truth]))
reference.Adam(truth[:1]).step([start[0]])
Adam(mine[:1]).step([start[0].copy()])
got.append(mine[0])
want.append(truth[0])
for one, other in zip(got, want):
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)
for grads, before in seen:
    assert_equal(grads, before)
assert_equal(returned, 6 * [None])

# %% [markdown]
r"""
## 7. The learning rate at time t

**Why.** A rate that is large enough to get somewhere is too large to stay there: near a minimum the steps overshoot,
and the noise of the mini-batches is multiplied by it. So one starts with a large rate and lets it fall. The lecture
has three ways; a fourth is the most common today.

**Write** `learning_rate(kind, t, lr, k=0.5, every=10, duration=100)`

- `kind`: one of the texts in the table. Any other raises a `ValueError`.
- `t`: times, at least 0, in epochs: an array of any shape with at least one axis, of integers or floats; fractions of
  an epoch are allowed. Unchanged.
- `lr`: the rate at $t = 0$. `k`, `every`, `duration`: positive numbers, with or without a fraction; each kind uses one
  of them.
- Returns the rates at these times: a float64 array of the shape of `t`.

| `kind` | rate at time $t$ | |
|---|---|---|
| `"step"` | $\mathrm{lr} \cdot 0.5^{\lfloor t / \mathtt{every} \rfloor}$ | halved every so many epochs |
| `"exponential"` | $\mathrm{lr} \cdot e^{-k t}$ | |
| `"inverse"` | $\mathrm{lr} / (1 + k\,t)$ | the lecture's "1/t decay" |
| `"cosine"` | $\mathrm{lr} \cdot \frac12 \left(1 + \cos(\pi\,t / \mathtt{duration})\right)$, and 0 from `duration` on | half a wave |

**Convention**: every rate is computed from the first one, `lr`, never from a rate that has fallen already.
$\lfloor a \rfloor$ is $a$ rounded down (`np.floor`; `np.exp`, `np.cos` and `np.minimum` work number by number, too):
with `every=10` the rate is `lr` up to 9.9, and half of it from 10 on.

**Worked numbers**: with `lr=0.1`, `k=0.5` at $t = 2$: exponential 0.0367879, inverse 0.05.
"""


# %% solution="learning-rate" forbid="plainnet.schedules.step, plainnet.schedules.exponential, plainnet.schedules.inverse_time, plainnet.schedules.cosine" demo="SchedulePlot"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    """Return the learning rate at the times t, for a schedule that starts at lr."""
    ### BEGIN SOLUTION
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(f"kind is step, exponential, inverse or cosine; got {kind!r}")
    ### END SOLUTION


# %% test="learning-rate" points=1
t = np.array([0, 1, 9, 10, 20])
rates = learning_rate("step", t, 0.1)
assert np.shape(rates) == (5,), f"Five times, five rates; yours have the shape {np.shape(rates)}."
assert np.allclose(rates, [0.1, 0.1, 0.1, 0.05, 0.025], rtol=1e-12), (
    f"Halved every 10 epochs, from t = 10 on: 0.1, 0.1, 0.1, 0.05, 0.025 at t = 0, 1, 9, 10, 20; yours: {rates}."
)
two = np.array([2])
rates = learning_rate("exponential", two, 0.1, k=0.5)
assert abs(rates[0] - 0.0367879) < 1e-7, f"0.1 * exp(-0.5 * 2) is 0.0367879; yours is {rates[0]}."
rates = learning_rate("inverse", two, 0.1, k=0.5)
assert abs(rates[0] - 0.05) < 1e-12, f"0.1 / (1 + 0.5 * 2) is 0.05; yours is {rates[0]}."
rates = learning_rate("inverse", t, 0.1, k=0.5)
assert np.allclose(rates, 0.1 / np.array([1, 1.5, 5.5, 6, 11]), rtol=1e-12), (
    f"Each rate comes from the first one, lr = 0.1, by 1 + 0.5 t = 1, 1.5, 5.5, 6, 11; yours: {rates}."
)
rates = learning_rate("step", np.array([2.25, 2.5]), 0.1, every=2.5)
assert np.allclose(rates, [0.1, 0.05], rtol=1e-12), f"every may be 2.5: 0.1 at t = 2.25, 0.05 at 2.5; yours: {rates}."
rates = learning_rate("cosine", np.array([0.0, 25.0, 50.0, 100.0, 150.0]), 0.1)
assert np.allclose(rates, [0.1, 0.0853553, 0.05, 0, 0], atol=1e-7), (
    f"Half a wave: 0.1, 0.0853553, 0.05, and 0 from t = 100 on; yours: {rates}."
)
try:
    learning_rate("linear", two, 0.1)
    raised = False
except ValueError:
    raised = True
assert raised, 'The kind "linear" is not in the table: raise a ValueError.'

# %% hidden="learning-rate" points=1
got, want = [], []
for kind in ("step", "exponential", "inverse", "cosine"):
    settings = dict(k=float(rng.uniform(0.1, 1)), every=int(rng.integers(4, 9)), duration=float(rng.uniform(20, 60)))
    lr = float(rng.uniform(0.01, 2))
    every = settings["every"]
    times = [
        np.array([0, 1, every - 1, every, 2 * every, 2 * every + 1, 7 * every]),
        rng.uniform(0, 80, size=(2, 3)),
        np.array([every - 1.5, every - 0.25, every + 0.25]),
    ]
    for t in times:
        before = t.copy()
        want.append((reference.learning_rate(kind, t, lr, **settings), t, before))
        got.append(learning_rate(kind, t, lr, **settings))
    t, fraction = np.array([0, 2, 2.5, 4.75, 5, 7.25, 7.5, 31.25]), settings | dict(every=2.5, duration=7.5)
    before, (wanted, default) = t.copy(), [reference.learning_rate(kind, t, lr, **some) for some in (fraction, {})]
    got += [learning_rate(kind, t, lr, **fraction), learning_rate(kind, t, lr)]
    want += [(wanted, t, before), (default, t, before)]
for one, (other, t, before) in zip(got, want):
    assert isinstance(one, np.ndarray) and one.dtype == np.float64
    assert_allclose(one, other, rtol=1e-9, atol=1e-12)
    assert_allclose(t, before, rtol=0)
for kind in ("", "Step", "constant", "inverse time", "steps", "cos"):
    with assert_raises(ValueError):
        learning_rate(kind, np.array([1.0]), 0.1)

# %% [markdown]
r"""
## 8. Clip by the common length

**Why.** One bad batch, or one steep wall in the loss, gives a gradient a thousand times as long as usual, and one
step undoes an hour of training. Clipping is a brake: what is too long is shortened. If every number is cut off on its
own, the gradient turns; if all are multiplied by one factor, it keeps its direction.

**Write** `clip_by_norm(grads, max_norm)`

- `grads`: a list of arrays, one for each parameter, of any shapes with at least one axis. The list and its arrays are
  unchanged.
- `max_norm`: a positive number.
- Returns the tuple `(clipped, norm)`: `clipped`, a list of arrays of the same shapes in the same order (those that
  came in, where nothing has to be clipped, or copies); `norm`, the common length *before* clipping, a number.

**Formula**: the common length of all gradients, as if they were one long vector,

$$ \mathtt{norm} = \sqrt{\textstyle\sum_{\text{arrays}} \sum_{\text{numbers}} g^2}, \qquad
\mathtt{clipped} = \begin{cases} g & \text{if } \mathtt{norm} \le \mathtt{max\_norm} \\
g \cdot \mathtt{max\_norm} / \mathtt{norm} & \text{otherwise} \end{cases} $$

**Convention**: one length and one factor for all arrays together. Gradients that are short enough stay as they are,
and gradients that are all 0 stay 0 (their length is 0).

**Worked numbers**: for (3, 0) and (4) the common length is 5. With `max_norm=1` the result is (0.6, 0) and (0.8);
with `max_norm=10` nothing changes.
"""


# %% solution="clip-by-norm" forbid="plainnet.optim.clip_norm" demo="OptimiserRace"
def clip_by_norm(grads, max_norm):
    """Return (gradients scaled together to a common length of at most max_norm, their length before)."""
    ### BEGIN SOLUTION
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm
    ### END SOLUTION


# %% test="clip-by-norm" points=1
grads = [np.array([3.0, 0.0]), np.array([4.0])]
result = clip_by_norm(grads, 1.0)
assert isinstance(result, tuple) and len(result) == 2, f"Return (clipped, norm), two things; you returned {result!r}."
clipped, norm = result
assert len(grads) == 2, f"The list that came in had two arrays; after the call it has {len(grads)}."
assert isinstance(clipped, list) and [np.shape(g) for g in clipped] == [(2,), (1,)], (
    "The first thing is a list of arrays, of the shapes that came in."
)
assert all(isinstance(g, np.ndarray) for g in clipped), f"The list holds arrays; yours holds {clipped!r}."
assert not np.allclose(clipped[0], [1, 0]), (
    "(3, 0) became (1, 0): every array, or every number, was shortened on its own. There is one factor for all."
)
assert abs(norm - 5) < 1e-12, f"The common length of (3, 0) and (4) is 5, before clipping; you returned {norm}."
assert np.allclose(clipped[0], [0.6, 0], rtol=1e-12) and np.allclose(clipped[1], [0.8], rtol=1e-12), (
    f"With max_norm = 1 they become (0.6, 0) and (0.8); yours are {clipped}."
)
assert np.array_equal(grads[0], [3, 0]) and np.array_equal(grads[1], [4]), "The arrays that came in are unchanged."
clipped, norm = clip_by_norm(grads, 10.0)
assert np.array_equal(clipped[0], [3, 0]) and abs(norm - 5) < 1e-12, (
    "With max_norm = 10 they are short enough: nothing is made longer."
)
clipped, norm = clip_by_norm([np.zeros(2)], 1.0)
assert np.array_equal(clipped[0], [0, 0]) and norm == 0, "Zeros have the length 0 and stay zeros."

# %% hidden="clip-by-norm" points=1
results = []
for scale, max_norm in [(1.0, 0.5), (30.0, 2.0), (0.01, 1.0), (1.0, 100.0), (0.0, 1.0), (1.0, 0.1)]:
    count = {0.5: 4, 0.1: 1}.get(max_norm, int(rng.integers(2, 5)))
    shapes = [(3,), (2, 4), (1,), (2, 1, 3)][:count]
    grads = [scale * rng.normal(size=shape) for shape in shapes]
    want, length = reference.clip_by_norm(grads, max_norm)
    before = [g.copy() for g in grads]
    clipped, norm = clip_by_norm(grads, max_norm)
    results.append((clipped, norm, want, length, grads, before))
exact = [np.array([3.0, 0.0]), np.array([[0.0, 4.0]])]
results.append((*clip_by_norm(exact, 5.0), [g.copy() for g in exact], 5.0, exact, [g.copy() for g in exact]))
for clipped, norm, want, length, grads, before in results:
    assert type(clipped) is list and all(isinstance(g, np.ndarray) for g in clipped)
    assert_equal([len(clipped), len(grads)], [len(want), len(want)])
    assert_allclose(norm, length, rtol=1e-9, atol=1e-12)
    for one, other, g, was in zip(clipped, want, grads, before):
        assert_allclose(one, other, rtol=1e-9, atol=1e-12)
        assert_allclose(g, was, rtol=0)

# %% [markdown]
r"""
## 9. A question that needs a run

A ravine: $f(x, y) = (x^2 + 100\,y^2)/2$, with the gradient $(x,\ 100\,y)$ and the minimum at (0, 0). Run your
`descend` from (1, 1) with `lr=0.015` for 500 steps, once without momentum and once with `momentum=0.9`. Look at the
distance of $x_t$ from the minimum, $\sqrt{x^2 + y^2}$.

Without momentum it is below 0.01 from $t = 305$ on. **From which $t$ on is it below 0.01 for good, with
`momentum=0.9`?** Write the whole number: the smallest $t$ for which $x_t$ and all later ones are at a distance below
0.01. Row $t$ of the path is $x_t$, row 0 the start. (Plot the path, too: what does the ball do on its way?)
"""

# %% quiz="steps-with-momentum" points=1 demo="OptimiserRace"
### BEGIN SOLUTION
below_for_good_from = 93
### END SOLUTION

# %% [markdown]
r"""
## 10. Who notices?

Somebody multiplies the loss by 1000, and with it every gradient, and leaves all settings of the optimiser alone. Take
$f(w) = w^2/2$ and $1000\,f$, start at $w = 1$, and let each of your methods take 20 steps with `lr=0.001` (Adadelta
has none). **Which of them move $w$ the same way as before, to four digits?** Write the letter as text, in quotation
marks.

| a | b | c | d |
|---|---|---|---|
| `descend` with momentum 0.9, and `nesterov_step` | `adagrad_step` and `Adam`, but not `adadelta_step` | `adagrad_step`, `adadelta_step` and `Adam` | all five |
"""

# %% quiz="loss-times-thousand" points=1 demo="OptimiserRace"
### BEGIN SOLUTION
unmoved = "c"
### END SOLUTION

# %% [markdown] manual="why-correction" points=2
r"""
## 11. Why a first step is too long

In three to six sentences: Adam's $m$ and $v$ both start at 0, so in the first steps *both* are too small. Without the
bias correction, why is Adam's first step nevertheless too **long**, 3.16 times `lr` and not shorter than `lr`? And
which of the settings decides after how many steps, roughly, the correction of $v$ no longer matters?

### BEGIN MARK SCHEME
- 1 point: the step is a quotient, and its denominator is too small by more than its numerator. In the first step
  $m = (1 - \beta_1) g = 0.1\,g$, ten times too small, and $\sqrt v = \sqrt{1 - \beta_2}\,|g| = 0.0316\,|g|$, about 32
  times too small; the quotient is $0.1 / 0.0316 = 3.16$. Half of it for "the denominator is too small" without
  comparing it with the numerator.
- 1 point: $\beta_2$, since the correction is $1 - \beta_2^t$: it is close to 1 once $\beta_2^t$ is small, after some
  $1/(1 - \beta_2)$ = 1000 steps (any number from several hundred to a few thousand, with the reason). Half of it for
  naming $\beta_2$ without a reason.
- Not needed: a formula typeset, or the word "bias". No point for "Adam needs it to converge".
### END MARK SCHEME
"""
