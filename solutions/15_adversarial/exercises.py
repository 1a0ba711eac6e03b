# %% [markdown]
r"""
# Chapter 15: Adversarial examples

Training asks how the loss changes with the weights. Here the weights stay, and you ask how the loss changes with the
*image*. One gradient answers, and with it you fool a network that reads 98 % of unseen digits, by changes that a
person hardly notices. Then you measure how much worse that is than noise, draw an image out of nothing that the network
is certain of, and train against all this.

**Learning objectives.** After this notebook you can

1. compute the gradient of each sample's loss with respect to the sample itself;
2. find the step of a given size, in two norms, that raises a loss most;
3. attack a network with one step or with many, away from a class or towards one, within stated limits;
4. compare an attack with random noise of the same size, fairly;
5. make an image out of nothing that a network is sure of;
6. write a training step that takes the attack into account.

**Prerequisites.** The lecture of this chapter; layers as matrix products and their gradients (chapter 4); softmax and
cross-entropy (chapter 3).

**Time** (estimated): 95 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | the gradient with respect to the input | 3 | 18 |
| 2 | the steepest step | 2 | 10 |
| 3 | the fast gradient sign method | 3 | 16 |
| 4 | many small steps | 3 | 14 |
| 5 | noise against attack | 2 | 12 |
| 6 | a fooling image | 2 | 9 |
| 7 | a step of adversarial training | 3 | 10 |
| 8, 9 | two questions that need a run | 2 | 3 |
| 10 | why noise does so little, in words (marked by hand) | 2 | 3 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time.
You need only NumPy and what this notebook defines. The exercises stand alone, in any order.

**One notation for all of it.** A batch `x` has a row for each sample: shape (N, D), float64. Images are rows of pixels,
each in **[0, 1]**: 0 is paper, 1 is ink. `t` has shape (N,): the classes, ints. `eps` ($\varepsilon$) is how far a pixel
may move. Wherever a function takes a `gradient`, that is a function: `gradient(x, t)` returns an array of the shape of
`x`, whose row $i$ is the gradient of the loss of sample $i$ **alone** with respect to `x[i]`. It may be called with any
number of rows. No function changes the arrays that it is given.
"""

# %%
import numpy as np

import plainnet

# %% [markdown]
r"""
## 1. The gradient with respect to the input

**Why.** Backpropagation goes through the layers from the last to the first. In training we stop at the first layer's
weights; one more matrix product gives the gradient of the loss with respect to the image. All attacks live on it.

**Write** `input_gradient(x, t, params)`

- `x`: (N, D). `t`: (N,), the classes.
- `params`: a list of the layers, first layer first, each a tuple `(w, b)` with `w` of shape (inputs, outputs) and `b` of
  shape (outputs,). A layer computes `h @ w + b`. **ReLU**, $\max(z, 0)$, follows each layer but the last; the last one
  gives the logits $z$. A network of one layer has no ReLU at all.
- Returns a float64 array (N, D): row $i$ is $\partial L_i / \partial x_i$.

**The loss of sample $i$** is the cross-entropy of its own row, $L_i = -\log p_{i, t_i}$ with $p_i = \mathrm{softmax}(z_i)$.

**Convention**: each row has the gradient of its *own* loss. Nothing is divided by N, and nothing is summed over the
batch: a sample's row is the same alone and among others.

**The way back.** At the logits, $\partial L_i/\partial z_i = p_i - \mathrm{onehot}(t_i)$. Through a layer,
$\partial L/\partial h = \partial L/\partial z \; w^T$. Through a ReLU with the input $z$: the gradient passes where
$z > 0$, and is 0 elsewhere, at $z = 0$ exactly as well. Which entries pass is decided by $z$, never by the gradient's
sign.

**Large logits**: they may be in the thousands, of either sign. Subtract each row's largest logit before `np.exp`: softmax stays the
same, and nothing overflows.

**Worked number**: `x = [[1, 2]]`, one layer with `w = [[1, -1], [0, 1]]` and `b = [0, 0]`. The logits are (1, 1), $p =
(0.5, 0.5)$; for $t = 0$ the gradient at the logits is (−0.5, 0.5), at the input **(−1, 0.5)**.
"""


# %% solution="input-gradient" demo="EpsilonAttack"
def input_gradient(x, t, params):
    """Return (N, D): for each sample the gradient of its own cross-entropy with respect to itself."""
    ### BEGIN SOLUTION
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g
    ### END SOLUTION


# %% test="input-gradient" points=1
one_layer = [(np.array([[1.0, -1.0], [0.0, 1.0]]), np.zeros(2))]
x = np.array([[1.0, 2.0]])
g = input_gradient(x, np.array([0]), one_layer)
assert np.shape(g) == (1, 2), f"The gradient has the shape of x, here (1, 2); yours has {np.shape(g)}."
assert x.tolist() == [[1, 2]] and one_layer[0][0].tolist() == [[1, -1], [0, 1]], (
    "The caller's x, or the weights, have changed: make new arrays."
)
assert not np.allclose(g, [[1.0, -0.5]]), "All signs are opposite: at the logits it is p - onehot."
assert not np.allclose(g, [[0.0, 0.5]]), "Your row does not depend on t: at the logits it is p - onehot."
assert not np.allclose(g, [[-0.5, 1.0]]), "The way back through a layer multiplies by the transposed w."
assert np.allclose(g, [[-1.0, 0.5]]), f"The worked number is [[-1, 0.5]]; yours is {g}."
g = input_gradient(np.array([[1.0, 2.0], [1.0, 2.0]]), np.array([0, 1]), one_layer)
assert not np.allclose(g, [[-0.5, 0.25], [0.5, -0.25]]), "Each row is its own loss's gradient: divide nothing by N."
assert np.allclose(g[0], [-1.0, 0.5]), (
    f"A sample's row is the same alone and among others: [-1, 0.5]; beside a second sample yours is {g[0]}."
)
assert np.allclose(g, [[-1.0, 0.5], [1.0, -0.5]]), f"Two samples: [[-1, 0.5], [1, -0.5]]; yours is {g}."
g = input_gradient(np.array([[1.0, 2.0]]), np.array([0]), [(one_layer[0][0], np.array([0.0, 2.0]))])
assert not np.allclose(g, [[-1.0, 0.5]]), "With b = [0, 2] nothing changes in your result: a layer computes h @ w + b."
p = 1 / (1 + np.exp(-2.0))
assert np.allclose(g, [[-2 * p, p]]), (
    f"With b = [0, 2] the logits are (1, 3), the row is ({-2 * p:.4f}, {p:.4f}); yours is {g[0]}."
)
g = input_gradient(np.array([[-1.0, 0.0]]), np.array([0]), one_layer)
assert np.allclose(g, [[-2 * p, p]]), (
    f"x = [-1, 0] has the logits (-1, 1), and the row ({-2 * p:.4f}, {p:.4f}); yours is {g[0]}. "
    "A network of one layer has no ReLU at all, neither before nor after it."
)
two_layers = [
    (np.array([[1.0, 0.0], [-1.0, 0.0]]), np.array([0.0, 0.0])),
    (np.array([[2.0, 0.0], [3.0, 0.0]]), np.zeros(2)),
]
g = input_gradient(np.array([[1.0, 2.0], [1.0, 1.0], [2.0, 1.0], [2.0, 1.0]]), np.array([0, 0, 1, 0]), two_layers)
assert np.allclose(g[0], 0), (
    f"First sample: z = (-1, 0), no unit passes on the way back, and its row is 0; yours is {g[0]}. Where is ReLU's mask?"
)
assert np.allclose(g[1], 0), (
    f"Second sample: z = (0, 0). Where z is exactly 0 nothing passes, its row is 0; yours is {g[1]}."
)
assert np.allclose(g[2], [2 * p, -2 * p]), (
    f"Third sample: z = (1, 0), logits (2, 0), and the row is ({2 * p:.4f}, {-2 * p:.4f}); yours is {g[2]}."
)
assert not np.allclose(g[3], 0), (
    "Fourth sample: z = (1, 0), but nothing passes. What passes is decided by z, not by the gradient's sign."
)
assert np.allclose(g[3], [2 * p - 2, 2 - 2 * p]), (
    f"Fourth sample: as the third with t = 0, the row is ({2 * p - 2:.4f}, {2 - 2 * p:.4f}); yours is {g[3]}."
)
swap = np.array([[0.0, 1.0], [1.0, 0.0]])
three_layers = [
    (np.eye(2), np.zeros(2)),
    (swap, np.array([1.0, 0.0])),
    (np.array([[1.0, 0.0], [1.0, 0.0]]), np.zeros(2)),
]
g = input_gradient(np.array([[1.0, -1.0]]), np.array([1]), three_layers)
assert np.allclose(g, [[p, 0.0]]), (
    f"Three layers: z is (1, -1), then (1, 1), the logits are (2, 0), and the row is ({p:.4f}, 0); yours is {g[0]}. "
    "Each hidden layer has a mask of its own; on the way back the last one comes first."
)
steep = [(1000 * one_layer[0][0][:, [0, 0]], np.array([0.0, -1.0]))]
with np.errstate(all="ignore"):
    g = input_gradient(np.array([[1.0, 2.0], [-1.0, 2.0]]), np.array([1, 0]), steep)
assert np.isfinite(g[0]).all(), f"With logits of 1000 the result is {g[0]}: something overflowed. See 'Large logits'."
assert np.isfinite(g[1]).all(), (
    f"With logits of -1000, beside a sample with 1000, the result is {g[1]}: subtract each row's own largest logit."
)

# %% hidden="input-gradient" points=1
# Networks of one to three layers, square ones too, on batches of several samples.
results = []
for sizes in ([4, 3], [3, 3], [5, 4, 3], [4, 4, 4], [3, 6, 5, 4]):
    params = [(rng.normal(size=fans), rng.normal(size=fans[1])) for fans in zip(sizes, sizes[1:])]
    N = int(rng.integers(3, 7))
    x, t = rng.normal(size=(N, sizes[0])), rng.integers(0, sizes[-1], size=N)
    want, before = reference.input_gradient(x, t, params), x.copy()
    results.append((input_gradient(x, t, params), want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% hidden="input-gradient" points=1
# Integers in the weights, so that many units are at 0 exactly; then logits of thousands, of either sign.
results = []
for shift in (0, 0, 3000, -3000):
    params = [
        (rng.integers(-1, 2, size=fans) * 1.0, rng.integers(-1, 2, size=fans[1]) * 1.0) for fans in ((4, 6), (6, 3))
    ]
    if shift:  # no two logits closer than 60: rounding leaves the same number to every form of softmax
        params[1] = 400 * params[1][0], shift + 60.0 * rng.permutation(3)
    x, t = rng.integers(-2, 3, size=(8, 4)) * 1.0, rng.integers(0, 3, size=8)
    x[0] = 0
    want = reference.input_gradient(x, t, params)
    results.append((input_gradient(x, t, params), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 2. The steepest step

**Why.** Near $x$ the loss changes by about $g \cdot \delta$. Which $\delta$ of a given *size* makes that largest? It
depends on what we call size. If no pixel may move by more than $\varepsilon$, every pixel should move by all of it, in
the direction of its sign. If the length of $\delta$ is limited, it should point along $g$.

**Write** `steepest_step(g, eps, norm)`

- `g`: (N, ...), the gradients of N samples: (N, D) for rows, (N, H, W, C) for images. `eps`: a positive number.
- `norm`: `"max"` or `"l2"`. Returns a float64 array of the shape of `g`, the step $\delta$ of each sample.

| norm | limit, for each sample | step |
|---|---|---|
| `"max"` | $\max \lvert \delta \rvert \le \varepsilon$ | $\varepsilon \cdot \mathrm{sign}(g)$ |
| `"l2"` | $\sqrt{\sum \delta^2} \le \varepsilon$ | $\varepsilon \cdot g / \sqrt{\sum g^2}$ |

**Convention**: both sums run over **all axes of one sample**, never over the batch: each sample has its own limit. For
`"max"`, sign(0) is 0: where the gradient is 0, a pixel stays (`np.sign` does so). For `"l2"`, a sample whose gradient is
0 everywhere gets the step 0. A gradient that is small is not 0: a network that is sure of itself has gradients of
$10^{-20}$, and their step is as long as any other. So do not add a small number to the length, nor to anything else.

**Worked number**: for `g = [[3, -4], [0, 0], [0, 2]]` and `eps = 0.5`, `"max"` gives `[[0.5, -0.5], [0, 0], [0, 0.5]]`,
and `"l2"` gives `[[0.3, -0.4], [0, 0], [0, 0.5]]`.
"""


# %% solution="steepest-step" demo="EpsilonAttack"
def steepest_step(g, eps, norm):
    """Return for each sample the step of size eps, in the max norm or in the l2 norm, along which g climbs most."""
    ### BEGIN SOLUTION
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.where(length > 0, length, 1)
    ### END SOLUTION


# %% test="steepest-step" points=1
g = np.array([[3.0, -4.0], [0.0, 0.0], [0.0, 2.0]])
step = steepest_step(g.copy(), 0.5, "max")
assert np.shape(step) == (3, 2), f"The step has the shape of g, (3, 2); yours has {np.shape(step)}."
assert np.allclose(step[0], [0.5, -0.5]), (
    f"max: (3, -4) gives (0.5, -0.5), all of eps in every entry; yours: {step[0]}."
)
assert np.allclose(step[1:], [[0, 0], [0, 0.5]]), f"max: where g is 0 the step is 0; yours: {step[1:]}."
with np.errstate(all="ignore"):
    step = steepest_step(g.copy(), 0.5, "l2")
assert np.isfinite(step).all(), f"l2: a gradient of zeros gives the step 0; yours: {step[1]}."
assert not np.allclose(step[0], 0.5 * g[0] / np.sqrt(29)), (
    "l2: yours has one length for the batch; each sample has its own."
)
assert np.allclose(step[0], [0.3, -0.4]), (
    f"l2: (3, -4) has the length 5, the root of 9 + 16, and its step the length eps: (0.3, -0.4); yours: {step[0]}."
)
assert np.allclose(step, [[0.3, -0.4], [0, 0], [0, 0.5]]), (
    f"l2: [[0.3, -0.4], [0, 0], [0, 0.5]]; yours: {step.tolist()}."
)
image = np.ones((2, 2, 2, 1))
step = steepest_step(image, 4.0, "l2")
assert np.array_equal(image, np.ones((2, 2, 2, 1))), "The caller's g has changed: make a new array."
assert np.shape(step) == (2, 2, 2, 1), f"l2: for images of shape (2, 2, 2, 1) yours has the shape {np.shape(step)}."
assert not np.allclose(step, 1.0), "l2: a gradient shorter than eps gets a step of the length eps as well; yours is g."
assert np.allclose(step, 2.0), (
    f"l2: an image of 2 by 2 with equal gradients moves by 2 in every pixel, so that its length over all axes is 4; "
    f"yours moves by {np.ravel(step)[0]:.3g}."
)
for norm, far in (("max", 4.0), ("l2", 2.0)):
    step = steepest_step(1e-20 * image, 4.0, norm)
    assert np.allclose(step, far), (
        f"{norm}: the same with gradients of 1e-20 moves as far, by {far:g}; yours by {np.ravel(step)[0]:.3g}. "
        "They are small, and not 0: add nothing to them or to their length, and compare with 0."
    )

# %% hidden="steepest-step" points=1
results = []
for shape in [(4, 5), (3, 2, 4), (2, 3, 3, 2), (1, 6)]:
    g = rng.normal(size=shape) * 10.0 ** rng.integers(-25, 3, size=shape[:1]).reshape(-1, *[1] * (len(shape) - 1))
    g[rng.random(shape) < 0.2] = 0
    if len(g) > 2:
        g[1] = 0
    eps, before = float(rng.uniform(0.05, 2)), g.copy()
    want = [reference.steepest_step(g, eps, norm) for norm in ("max", "l2")]
    results.append(([steepest_step(g, eps, norm) for norm in ("max", "l2")], want, g, before))
for got, want, g, before in results:
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-14)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-14)
    assert_allclose(g, before, rtol=0)

# %% [markdown]
r"""
## 3. The fast gradient sign method

**Why.** One gradient, one step of 0.2, and nearly all digits are read wrong. The method of Goodfellow, Shlens and Szegedy
(2014) is one line long, and there are many ways to get it wrong that still move *something*.

**Write** `fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0)`

- `x`: (N, D), images in [0, 1]. `t`: (N,), classes. `eps`: a positive number.
- `gradient`: see *One notation* at the top; but mind what this network is fed with: not the pixels `x`, but `u = (x -
  mean) / std`. So **`gradient(u, t)` takes and differentiates with respect to `u`**.
- `mean`, `std`: numbers, or arrays (D,); every entry of `std` is positive. With their defaults, `u` is `x`.
- Returns a float64 array (N, D): the attacked images, **in pixels**, in [0, 1].

**Convention**:

- *untargeted* (`targeted=False`): `t` holds the true classes; the step *raises* the loss, $x' = x + \varepsilon\,
  \mathrm{sign}(\partial L/\partial x)$.
- *targeted*: `t` holds the classes that the network *shall* answer; the step *lowers* the loss, $x' = x -
  \varepsilon\,\mathrm{sign}(\partial L/\partial x)$.
- `eps` is measured **in pixels**, whatever `std` is. By the chain rule $\partial L/\partial x = (\partial L/\partial u) /
  \mathrm{std}$, which has the same sign as $\partial L/\partial u$.
- Where the gradient is 0, the pixel stays.
- At the end every pixel is limited to [0, 1]: `np.clip(x, 0, 1)`.

**Worked number**: for `x = [[0.5, 0.95, 0.02, 0.4]]`, `eps = 0.1` and the gradient `[[2, 0.3, -7, 0]]`, the attacked
image is `[[0.6, 1, 0, 0.4]]`; targeted, it is `[[0.4, 0.85, 0.12, 0.4]]`.
"""


# %% solution="fgsm" demo="EpsilonAttack"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    """Return the images after one step of size eps, in pixels, against or for the classes t."""
    ### BEGIN SOLUTION
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)
    ### END SOLUTION


# %% test="fgsm" points=1
def fixed_gradient(u, t):
    return np.tile([2.0, 0.3, -7.0, 0.0], (len(u), 1))


x, t = np.array([[0.5, 0.95, 0.02, 0.4]]), np.array([3])
before = x.copy()
moved = fgsm(x, t, 0.1, fixed_gradient)
assert np.array_equal(x, before), "The caller's x has changed: make a new array."
assert np.shape(moved) == (1, 4), f"The result has the shape of x; yours has {np.shape(moved)}."
assert not np.allclose(moved[0, 0], 0.4), "Untargeted, the loss shall rise: the step goes along the gradient's sign."
assert moved.min() >= 0 and moved.max() <= 1, f"The attacked image has pixels outside of [0, 1]: {moved}."
assert np.isclose(moved[0, 3], 0.4), f"Where the gradient is 0 the pixel stays at 0.4; yours is {moved[0, 3]}."
assert not np.isclose(moved[0, 0], 0.7), (
    "The first pixel moves by 0.2, the gradient times eps: take its sign, eps in every pixel."
)
assert np.allclose(moved, [[0.6, 1.0, 0.0, 0.4]]), f"The worked number is [[0.6, 1, 0, 0.4]]; yours is {moved}."
moved = fgsm(x, t, 0.1, fixed_gradient, targeted=True)
assert not np.isclose(moved[0, 0], 0.6), "Targeted, the loss shall fall: the step goes against the gradient's sign."
assert np.allclose(moved, [[0.4, 0.85, 0.12, 0.4]]), f"Targeted: [[0.4, 0.85, 0.12, 0.4]]; yours is {moved}."
moved = fgsm(x, t, 0.1, fixed_gradient, mean=0.5, std=0.25)
assert moved.min() >= 0 and moved.max() <= 1, (
    f"With mean 0.5 and std 0.25: return the images in pixels, not what the network is fed with; yours: {moved}."
)
assert np.isclose(moved[0, 3], 0.4), (
    f"With mean 0.5 and std 0.25 the pixel without gradient still stays at 0.4; yours: {moved[0, 3]}. It is pixels that are limited, not u."
)
assert np.allclose(moved, [[0.6, 1.0, 0.0, 0.4]]), (
    f"With mean 0.5 and std 0.25 this gradient gives the same image, [[0.6, 1, 0, 0.4]]: eps is in pixels; yours: {moved}."
)
moved = fgsm(np.array([[0.5, 0.25]]), t, 0.1, lambda u, t: u, mean=0.25, std=0.5)
assert np.allclose(moved, [[0.6, 0.25]]), (
    f"The network is fed with u = (x - mean) / std = [[0.5, 0]]. With the gradient u the result is [[0.6, 0.25]]; "
    f"yours is {moved}. At which place do you ask for the gradient?"
)
moved = fgsm(
    np.array([[0.5, 0.25], [0.75, 0.0]]), np.array([0, 1]), 0.1, lambda u, t: u - 0.4 + 3 * t[:, None],
    mean=np.array([0.25, 0.5]), std=np.array([0.5, 0.25]),
)  # fmt: skip
assert np.allclose(moved, [[0.6, 0.15], [0.85, 0.1]]), (
    f"Two images, and a mean and a std for each pixel: u is [[0.5, -1], [1, -2]]. With the gradient u - 0.4 for class 0, "
    f"and 3 more for class 1, the result is [[0.6, 0.15], [0.85, 0.1]]; yours is {moved.tolist()}."
)

# %% hidden="fgsm" points=1
# Gradients that depend on the place and on the class; zeros among them; pixels near both ends.
results = []
for targeted in (False, True):
    for _ in range(2):
        N, D, eps = int(rng.integers(2, 6)), int(rng.integers(5, 9)), float(rng.uniform(0.05, 0.3))
        x, t, a = (
            np.clip(rng.uniform(-0.3, 1.3, size=(N, D)), 0, 1),
            rng.integers(0, 4, size=N),
            rng.normal(size=(4, D)),
        )

        def slope(u, t, a=a):
            return a[t] * np.round(3 * np.sin(4 * u + t[:, None]))

        want, before = reference.fgsm(x, t, eps, slope, targeted), x.copy()
        results.append((fgsm(x, t, eps, slope, targeted), want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% hidden="fgsm" points=1
# A network that is fed with standardised images: a mean and a standard deviation for each pixel, or one for all.
results = []
for targeted in (False, True):
    for one_for_all in (True, False):
        N, D, eps = int(rng.integers(2, 6)), int(rng.integers(5, 9)), float(rng.uniform(0.05, 0.3))
        x, t, a = rng.uniform(size=(N, D)), rng.integers(0, 4, size=N), rng.normal(size=(4, D))
        mean, std = rng.uniform(0.2, 0.6, size=D), rng.uniform(0.1, 0.6, size=D)
        if one_for_all:
            mean, std = float(mean[0]), float(std[0])

        def slope(u, t, a=a):
            return a[t] * np.cos(2 * u + t[:, None])

        want = reference.fgsm(x, t, eps, slope, targeted, mean, std)
        results.append((fgsm(x.copy(), t, eps, slope, targeted=targeted, mean=mean, std=std), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## 4. Many small steps

**Why.** One step trusts one gradient all the way. Several small steps ask again after each, and find worse images within
the *same* limit. The limit is what makes it a fair fight: the image never leaves the box of half-width $\varepsilon$
around the image where the attack **started**.

**Write** `iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False)`

- `x`, `t`, `gradient`: as in *One notation* at the top; the network is fed with the pixels. `eps`, `step_size`: positive
  numbers; `step_size` may be larger or smaller than `eps`. `num_steps`: an int, at least 0.
- Returns a float64 array (N, D), the attacked images.

**Convention**: begin at `x` itself. Each of the `num_steps` steps

1. asks for the gradient at the *present* image, with the same `t` each time;
2. moves by `step_size` times its sign: along it, or against it if `targeted`; sign(0) is 0, where the gradient is 0
   a pixel stays;
3. limits every pixel to the box: from $x - \varepsilon$ to $x + \varepsilon$, with `x` the image at the **start**;
4. limits every pixel to [0, 1].

After zero steps the result equals `x`.

`np.clip(a, low, high)` takes arrays as limits, too.

**Worked number**: `x = [[0.5]]`, `eps = 0.1`, `step_size = 0.04`, and a gradient that is 1 everywhere. After 1, 2, 3 and
10 steps the pixel is 0.54, 0.58, 0.6 and 0.6.
"""


# %% solution="iterated-attack" demo="NoiseOrAttack"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    """Return the images after num_steps small signed steps, never further than eps from where they started."""
    ### BEGIN SOLUTION
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved
    ### END SOLUTION


# %% test="iterated-attack" points=1
def ones_gradient(x, t):
    return np.ones_like(x)


x, t = np.array([[0.5]]), np.array([0])
after = {n: iterated_attack(x, t, 0.1, 0.04, n, ones_gradient) for n in (0, 1, 2, 3, 10)}
assert np.array_equal(x, [[0.5]]), "The caller's x has changed: make a new array."
assert all(np.shape(moved) == (1, 1) for moved in after.values()), "The result has the shape of x, also after 0 steps."
after = {n: moved[0, 0] for n, moved in after.items()}
assert np.isclose(after[0], 0.5), f"After 0 steps the image is x, 0.5; yours is {after[0]}. How many steps do you make?"
assert not np.isclose(after[1], 0.5), "After 1 step your image is still x. How many steps do you make?"
assert after[1] > 0.5, "Untargeted, the loss shall rise: the step goes along the gradient's sign."
assert np.isclose(after[1], 0.54), (
    f"After 1 step the pixel is 0.54; yours is {after[1]}. Each step has the length step_size, 0.04."
)
assert np.isclose(after[2], 0.58), f"After 2 steps of 0.04 the pixel is 0.58; yours is {after[2]}."
for n in (3, 10):
    assert np.isclose(after[n], 0.6), (
        f"After {n} steps of 0.04 within 0.1 of 0.5 the pixel is 0.6; yours is {after[n]}. The box lies around the image at the start."
    )
moved = iterated_attack(
    np.full((2, 2), 0.5), np.array([0, 1]), 0.1, 0.04, 1, lambda x, t: np.array([3.0, 0.0]) * (1 - 2 * t[:, None])
)
assert np.isclose(moved[0, 0], 0.54), (
    f"A gradient of 3 moves the pixel no further than one of 1: 0.54; yours is {moved[0, 0]}. Take its sign."
)
assert np.allclose(moved[:, 1], 0.5), f"Where the gradient is 0 the pixel stays at 0.5; yours is {moved[0, 1]}."
assert np.isclose(moved[1, 0], 0.46), (
    f"The second image, of class 1, has the gradient -3 and goes to 0.46; yours is {moved[1, 0]}. Each has its own."
)
moved = iterated_attack(np.array([[0.95]]), t, 0.1, 0.04, 5, ones_gradient)
assert np.isclose(moved[0, 0], 1.0), f"From 0.95 it comes to 1 and no further; yours is {moved[0, 0]}."
moved = iterated_attack(np.array([[0.95]]), t, 0.1, 0.04, 3, lambda x, t: 0.995 - x)
assert np.isclose(moved[0, 0], 0.96), (
    f"From 0.95 with the gradient 0.995 - x it goes to 0.99, 1 and back to 0.96; yours is {moved[0, 0]}. "
    "Each step starts from the limited image."
)
moved = iterated_attack(x, t, 0.1, 0.04, 2, ones_gradient, targeted=True)
assert moved[0, 0] < 0.5, "Targeted, the loss shall fall: the steps go against the gradient's sign."
assert np.isclose(moved[0, 0], 0.42), f"Targeted, two steps go down to 0.42; yours is {moved[0, 0]}."
moved = iterated_attack(x, t, 0.1, 0.04, 3, lambda x, t: 0.55 - x)
assert np.isclose(moved[0, 0], 0.54), (
    f"With the gradient 0.55 - x it goes to 0.54, 0.58, and back to 0.54; yours is {moved[0, 0]}. "
    "Is the gradient asked for at the present image?"
)

moved = iterated_attack(x, t, 0.1, 0.04, 4, lambda x, t: 0.61 - x)
assert np.isclose(moved[0, 0], 0.6), (
    f"With the gradient 0.61 - x it goes to 0.54, 0.58, 0.6 and stays there; yours is {moved[0, 0]}. Limit it after every step."
)
moved = iterated_attack(x, t, 0.1, 0.25, 2, lambda x, t: 0.55 - x)
assert np.isclose(moved[0, 0], 0.4), (
    f"With steps of 0.25 in the box from 0.4 to 0.6 and the gradient 0.55 - x it goes to 0.6, and then to 0.4; yours is "
    f"{moved[0, 0]}. The image is limited, not the step."
)

# %% hidden="iterated-attack" points=1
# Gradients that depend on the place and the class, zeros among them; both directions; steps smaller than the box, and larger.
results = []
for targeted in (False, True):
    for num_steps, share in [(1, 0.4), (4, 0.4), (7, 0.3), (8, 1.7)]:
        N, D, eps = int(rng.integers(2, 5)), int(rng.integers(4, 8)), float(rng.uniform(0.08, 0.3))
        x, t, a = (
            np.clip(rng.uniform(-0.2, 1.2, size=(N, D)), 0, 1),
            rng.integers(0, 4, size=N),
            rng.normal(size=(4, D)),
        )

        def slope(u, t, a=a):
            return a[t] * np.round(3 * np.sin(9 * u + t[:, None]))

        want, before = reference.iterated_attack(x, t, eps, share * eps, num_steps, slope, targeted), x.copy()
        got = iterated_attack(x, t, eps, share * eps, num_steps, slope, targeted)
        results.append((got, want, x, before))
for got, want, x, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(x, before, rtol=0)

# %% hidden="iterated-attack" points=1
# A gradient that turns: the way there matters, not only where it ends. Limits that bite on the way.
results = []
for targeted in (False, True):
    for num_steps in (2, 5, 9):
        N, D, eps = 4, 5, float(rng.uniform(0.1, 0.4))
        x, t, a = rng.uniform(0.05, 0.95, size=(N, D)), rng.integers(0, 3, size=N), rng.normal(size=(3, D, D))

        def slope(u, t, a=a):
            return np.einsum("nd,nde->ne", u - 0.5, a[t])

        want = reference.iterated_attack(x, t, eps, 0.35 * eps, num_steps, slope, targeted)
        results.append((iterated_attack(x.copy(), t, eps, 0.35 * eps, num_steps, slope, targeted=targeted), want))
for got, want in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% [markdown]
r"""
## A network to attack

The next cell trains two small networks on 1,500 of the 1,797 digits, `reader` and `second_reader`: 64 pixels, 32 ReLU
units, 10 classes. They saw the same digits, but began with other random weights. The 297 digits that neither has seen
are `x_unseen` and `t_unseen`. Four functions are for your experiments and for the tests below:

- `probabilities(x, model=reader)`: (N, 64) images -> (N, 10), each row adding up to 1;
- `predict(x)`: (N, 64) -> (N,), the class that `reader` gives to each;
- `digit_gradient(x, t)`: the `gradient` of `reader`, as *One notation* says, made by plainnet;
- `second_gradient(x, t)`: that of `second_reader`.
"""


# %%
def train_reader(seed):
    """Return a network that reads digits, trained for less than a second."""
    rng = np.random.default_rng(seed)
    layers = [plainnet.nn.Linear(64, 32, rng), plainnet.relu, plainnet.nn.Linear(32, 10, rng)]
    model = plainnet.nn.Sequential(*layers).astype(float)
    plainnet.fit(
        model, x_learn, t_learn, loss=plainnet.losses.cross_entropy, batch_size=64, num_epochs=4, rng=rng,
        optimizer=plainnet.optim.Adam(model.parameters(), lr=0.02), progress=False,
    )  # fmt: skip
    return model


def probabilities(x, model=None):
    """Return (N, 10), how sure a network is of each class."""
    return plainnet.softmax((model or reader)(plainnet.Tensor(x))).data


def predict(x):
    """Return (N,), the classes that `reader` gives."""
    return probabilities(x).argmax(axis=1)


def digit_gradient(x, t):
    """Return (N, 64), for each image the gradient of the loss of `reader` on it."""
    return plainnet.adversarial.input_gradient(reader, x, t)


def second_gradient(x, t):
    """Return (N, 64), the same for the loss of `second_reader`."""
    return plainnet.adversarial.input_gradient(second_reader, x, t)


images, classes = plainnet.data.digits()
order = np.random.default_rng(0).permutation(len(images))
images, classes = images.reshape(len(images), 64)[order].astype(float), classes[order]
x_learn, t_learn, x_unseen, t_unseen = images[:1500], classes[:1500], images[1500:], classes[1500:]
reader, second_reader = train_reader(0), train_reader(1)

# %% [markdown]
r"""
## 5. Noise against attack

**Why.** "An $\varepsilon$ of 0.1 destroys the network" says nothing until you know what *any* change of 0.1 does. The
fair opponent is noise of exactly the same size: the same step in every pixel, with a sign thrown by a coin instead of
computed.

**Write** `robust_curve(x, t, epsilons, gradient, predict, rng)`

- `x`, `t`, `gradient`: as in *One notation* at the top; the network is fed with the pixels. `epsilons`: a list of
  numbers, 0 or larger, in any order.
- `predict`: a function; `predict(x)` returns the (N,) classes that the network gives to a batch (N, D).
- `rng`: a `numpy.random.Generator`.
- Returns the tuple `(noise, attack)` of two float64 arrays of shape `(len(epsilons),)`: the **accuracy**, the share of
  samples for which `predict` gives `t`, between 0 and 1, for each $\varepsilon$.

**Convention**:

- Signs: `2 * rng.integers(2, size=x.shape) - 1`, one −1 or +1 for each pixel of each image. They are drawn **once**, in
  this way, and used for every $\varepsilon$. Nothing else is drawn.
- Noise: `x` plus $\varepsilon$ times these signs. Attack: `x` plus $\varepsilon$ times the sign of the gradient at `x`
  (one step, untargeted, for the classes `t`; sign(0) is 0). Both start from `x` for each $\varepsilon$, not from the last result, and both are limited to
  [0, 1].

**Worked number**: `reader` reads 98 % of the unseen digits; with random signs of 0.1 still about 94 %, after the attack
with 0.1 less than half.
"""


# %% solution="robust-curve" demo="NoiseOrAttack"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    """Return (noise, attack): the accuracy for each epsilon under random signs, and under the gradient's signs."""
    ### BEGIN SOLUTION
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])
    ### END SOLUTION


# %% test="robust-curve" points=1
before, clean = x_unseen.copy(), np.mean(predict(x_unseen) == t_unseen)
result = robust_curve(x_unseen, t_unseen, [0.0, 0.1, 0.2], digit_gradient, predict, np.random.default_rng(0))
assert isinstance(result, tuple) and len(result) == 2, f"Return (noise, attack), two arrays; you returned {result!r}."
noise, attack = result
assert isinstance(noise, np.ndarray) and isinstance(attack, np.ndarray), "Return two arrays of NumPy: np.array(...)."
assert np.shape(noise) == (3,) and np.shape(attack) == (3,), "Both arrays have an entry for each epsilon."
assert np.array_equal(x_unseen, before), "The caller's x has changed: make a new array."
assert np.max([noise, attack]) <= 1, "An accuracy is a share between 0 and 1, neither a number of images nor per cent."
assert np.isclose(noise[0], clean) and np.isclose(attack[0], clean), (
    f"With epsilon 0 nothing is changed: both shares of right answers are {clean:.3f}; yours are {noise[0]:.3f} and {attack[0]:.3f}."
)
assert attack[1] <= clean, (
    f"Your attack helps: {attack[1]:.3f} are read right, {clean:.3f} without it. The loss shall rise."
)
assert not noise[1] < 0.75 < attack[1], (
    "The first array belongs to the noise, the second to the attack; yours seem exchanged."
)
assert noise[1] > 0.9, f"Random signs of 0.1 leave more than 0.9; yours leave {noise[1]:.3f}."
assert attack[1] <= 0.75 and attack[1] <= noise[1] - 0.2, (
    f"The attack with 0.1 leaves at most 0.75, and at least 0.2 less than noise; yours: {attack[1]:.3f}, {noise[1]:.3f}. "
    "Does every pixel move by all of epsilon?"
)
signs = 2 * np.random.default_rng(3).integers(2, size=(5, 4)) - 1
down = (signs < 0) @ [8, 4, 2, 1]  # a number for each pattern of signs
noise, attack = robust_curve(
    np.full((5, 4), 0.5), down, [0.1, 0.3, 0.2], lambda x, t: 1.0 - 2 * (t[:, None] >> np.arange(3, -1, -1) & 1),
    lambda x: (x < 0.5) @ np.array([8, 4, 2, 1]), np.random.default_rng(3),
)  # fmt: skip
assert noise[0] == 1, (
    "Your random signs are others: 2 * rng.integers(2, size=x.shape) - 1, one for each pixel of each image."
)
assert np.all(noise == 1), "The signs are drawn once and used for every epsilon; yours change."
assert np.all(attack == 1), (
    "The gradient is asked for at x, with the classes t; here its signs lead to t, yours elsewhere."
)
noise, attack = robust_curve(
    np.array([[0.5]]), np.array([1]), [0.3, 0.1], lambda x, t: np.ones_like(x),
    lambda x: np.rint(10 * np.abs(x[:, 0] - 0.5)).astype(int), np.random.default_rng(0),
)  # fmt: skip
assert not (noise[0] == 1 and noise[1] == 0), "The results stand in the order of epsilons; here 0.3 comes first."
assert noise[1] == 1 and attack[1] == 1, (
    "Noise and attack each start from x, for each epsilon: after 0.3, one of 0.1 moves a pixel by 0.1 from where it was."
)
noise, attack = robust_curve(
    np.array([[0.95], [0.05]]), np.array([1, 0]), [0.3], lambda x, t: 2.0 * t[:, None] - 1,
    lambda x: np.where((x[:, 0] >= 0) & (x[:, 0] <= 1), 1, 7), np.random.default_rng(0),
)  # fmt: skip
assert noise[0] == 0.5, (
    f"Noise leaves the range: limited to [0, 1], this predict gives an accuracy of 0.5; yours: {noise[0]}."
)
assert attack[0] == 0.5, (
    f"The attack leaves the range: limited to [0, 1], this predict gives an accuracy of 0.5; yours: {attack[0]}."
)

# %% hidden="robust-curve" points=1
# Linear classifiers, random samples, gradients that turn; epsilons in any order, twice the same among them; then the digits.
results = []
for _ in range(4):
    N, D, K = 40, int(rng.integers(4, 9)), int(rng.integers(3, 5))
    w, x = rng.normal(size=(D, K)), rng.uniform(size=(N, D))
    wrong = rng.random(N) < 0.15

    def answer(x, w=w):
        return ((x - 0.5) @ w).argmax(axis=1)

    def slope(x, t, w=w):
        z = np.exp((x - 0.5) @ w)
        g = (z / z.sum(axis=1, keepdims=True) - np.eye(w.shape[1])[t]) @ w.T
        return g * np.round(2 * np.cos(9 * x))  # it turns from place to place, and is 0 at some

    t = np.where(wrong, rng.integers(0, K, size=N), answer(x))
    epsilons, seed = [float(eps) for eps in rng.uniform(0.05, 0.6, size=4)] + [0.0, 0.3, 0.3], int(rng.integers(2**30))
    want = reference.robust_curve(x, t, epsilons, slope, answer, np.random.default_rng(seed))
    results.append((robust_curve(x.copy(), t, epsilons, slope, answer, np.random.default_rng(seed)), want))
options = [0.05, 0.1, 0.2], digit_gradient, predict
digits = robust_curve(x_unseen.copy(), t_unseen, *options, np.random.default_rng(int(rng.integers(2**30))))
for got, want in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert_allclose(got[0], want[0], rtol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-9)
assert digits[1][1] <= 0.75 and digits[1][1] <= digits[0][1] - 0.2

# %% [markdown]
r"""
## 6. A fooling image

**Why.** An attack need not begin at a digit. From a grey sheet or from noise, steps *towards* a class end at an image
that no person would read, and of which the network is more certain than of most real digits. It has no answer "none of
these".

**Write** `fooling_image(start, k, gradient)`

- `start`: (64,), an image whose pixels lie between 0.3 and 0.7. `k`: an int from 0 to 9, the class to pretend.
- `gradient`: as in *One notation* at the top, of a network with ten classes such as `reader`. It takes batches: give it
  an array of shape (1, 64) and an array of one class.
- Returns a float64 array (64,), the image, for which

  - the network's probability for class `k` is **at least 0.99**;
  - every pixel lies in [0, 1];
  - no pixel differs from `start` by more than **0.5**. (So it is no drawing of the digit instead.)

How is yours to choose. What works: 200 steps of 0.01 against the sign of the gradient of the loss for class `k`, limited
after each step. One large step does not work for all classes: the gradient changes on the way.

**Worked number**: for a grey sheet of 0.5 and `reader`, 50 such steps give every class a probability above 0.999.
"""


# %% solution="fooling-image" demo="FoolingImage"
def fooling_image(start, k, gradient):
    """Return an image (64,) in [0, 1], within 0.5 of start, that the network takes for class k with p >= 0.99."""
    ### BEGIN SOLUTION
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]
    ### END SOLUTION


# %% test="fooling-image" points=1
grey = np.full(64, 0.5)
for k in (1, 3, 6, 8):
    begin = grey.copy()
    image = fooling_image(begin, k, digit_gradient)
    assert np.array_equal(begin, grey), "The caller's start has changed: make a new array."
    assert isinstance(image, np.ndarray), f"Return an array; yours is of the type {type(image).__name__}."
    assert np.shape(image) == (64,), f"Return an image of shape (64,); yours has {np.shape(image)}."
    assert image.min() >= 0 and image.max() <= 1, f"Class {k}: pixels from {image.min():.3f} to {image.max():.3f}."
    assert np.abs(image - grey).max() <= 0.5 + 1e-9, f"Class {k}: a pixel moved by {np.abs(image - grey).max():.3f}."
    p, p_grey = probabilities(image[None])[0, k], probabilities(grey[None])[0, k]
    assert p >= p_grey, (
        f"Class {k}: the network gives p = {p:.4f}, less than to the grey sheet, {p_grey:.4f}: do the steps lower the loss for class k?"
    )
    assert p >= 0.99, (
        f"Class {k}: the network gives p = {p:.4f}; it should be at least 0.99. "
        "Are there enough steps, and are they small?"
    )
image = fooling_image(grey.copy(), 5, second_gradient)
p = probabilities(image[None], second_reader)[0, 5]
assert p >= 0.99, (
    f"Class 5 of second_reader, with its own gradient: p = {p:.4f}. Is the gradient that of the function that you are given?"
)

# %% hidden="fooling-image" points=1
# Both networks, and one of a single layer that knows nothing of digits; starts of noise.
w, results = rng.normal(size=(64, 10)), []


def linear(x):
    z = np.exp((x - 0.5) @ w)
    return z / z.sum(axis=1, keepdims=True)


def linear_gradient(x, t):
    return (linear(x) - np.eye(10)[t]) @ w.T


networks = [
    (probabilities, digit_gradient),
    (lambda x: probabilities(x, second_reader), second_gradient),
    (linear, linear_gradient),
]
for (answer, slope), k in zip(networks, rng.permutation(10)):
    start = rng.uniform(0.3, 0.7, size=64)
    given = start.copy()
    results.append((fooling_image(given, int(k), slope), start, given, int(k), answer))
for image, start, given, k, answer in results:
    assert isinstance(image, np.ndarray) and image.shape == (64,)
    assert image.min() >= 0 and image.max() <= 1
    assert np.abs(image - start).max() <= 0.5 + 1e-9
    assert answer(image[None])[0, k] >= 0.99
    assert_allclose(given, start, rtol=0)

# %% [markdown]
r"""
## 7. A step of adversarial training

**Why.** If a network errs on attacked images, show it attacked images. They have to be made anew at every step, since
they belong to the network as it is *now*; and the clean ones have to stay, or the network forgets them.

The next cell gives you `loss_and_gradients(params, x, t)`: the **mean** cross-entropy over the batch, of a network as in
exercise 1, and its gradients as a list of tuples `(grad_w, grad_b)`, the first layer first. It changes nothing.

**Write** `adversarial_step(params, x, t, lr, attack)`

- `params`: a list of tuples `(w, b)`, as in exercise 1. `x`: (N, D). `t`: (N,), the true classes. `lr`: a positive
  number.
- `attack`: a function; `attack(params, x, t)` returns images of the shape of `x`, attacked for the network `params`.
- Returns the tuple `(params, loss)`: the network after the step, a list of new tuples `(w, b)`, and a float, the loss
  before the step.

**Convention**: the loss is half that of the clean images and half that of the attacked ones (Goodfellow, Shlens and
Szegedy's choice),

$$ L = \tfrac12 \, L(x, t) + \tfrac12 \, L(x', t), \qquad x' = \mathrm{attack}(\mathrm{params}, x, t) $$

- The attacked images keep their **true** classes `t`: teaching them is the whole point.
- $x'$ is a constant: no gradient goes through the attack.
- All gradients are those at the parameters before the step; then, in one step, $w \leftarrow w - \mathrm{lr} \cdot
  \partial L / \partial w$, and $b$ likewise.

The caller's arrays stay as they were.

**Worked number**: two clean images with the mean loss 0.2 and the same two attacked with the mean loss 1.0 have $L =
0.6$.
"""


# %%
def loss_and_gradients(params, x, t):
    """Return (mean cross-entropy, [(grad_w, grad_b), ...]) of a ReLU network on inputs x (N, D), classes t (N,)."""
    tensors = [[plainnet.Tensor(array, requires_grad=True) for array in pair] for pair in params]
    z = plainnet.Tensor(x)
    for k, (w, b) in enumerate(tensors):
        z = plainnet.linear(plainnet.relu(z) if k else z, w, b)
    loss = plainnet.softmax_cross_entropy(z, labels=t)
    loss.backward()
    return loss.item(), [(w.grad, b.grad) for w, b in tensors]


# %% solution="adversarial-step" demo="EpsilonAttack"
def adversarial_step(params, x, t, lr, attack):
    """Return (params, loss): the network after one step on clean and attacked images, and the loss before it."""
    ### BEGIN SOLUTION
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2
    ### END SOLUTION


# %% test="adversarial-step" points=1
asked = []


def push(params, x, t):
    asked.append(params[0][0].copy())
    return np.clip(x + 0.2 * (1 - 2 * t[:, None]), 0, 1)  # an attack that needs no gradient


test_rng = np.random.default_rng(7)
start = [(test_rng.normal(size=(3, 4)), np.zeros(4)), (test_rng.normal(size=(4, 2)), np.zeros(2))]
x, t = test_rng.uniform(size=(6, 3)), np.array([0, 1, 1, 0, 1, 0])
x_before = x.copy()
before = [(w.copy(), b.copy()) for w, b in start]
clean, clean_grads = loss_and_gradients(before, x, t)
hard, hard_grads = loss_and_gradients(before, push(before, x, t), t)
result = adversarial_step(start, x, t, 0.1, push)
assert isinstance(result, tuple) and len(result) == 2, "Return (params, loss)."
after, loss = result
assert np.ndim(loss) == 0, "The network comes first, the loss second: return (params, loss)."
assert all(np.array_equal(w, w0) and np.array_equal(b, b0) for (w, b), (w0, b0) in zip(start, before)), (
    "The start has changed: make new arrays."
)
assert np.array_equal(x, x_before), "The caller's x has changed: make a new array."
assert np.array_equal(asked[-1], before[0][0]), "The attack is made for the network before the step."
assert not np.isclose(loss, clean + hard), "The loss that you return is the sum of both: each counts one half."
assert not np.isclose(loss, hard) and not np.isclose(loss, clean), "The loss that you return is that of one half alone."
assert np.isclose(loss, (clean + hard) / 2), (
    f"The loss before the step is half of {clean:.4f} (clean) and half of {hard:.4f} (attacked, with the true classes); yours is {loss}."
)
grad = (clean_grads[0][0] + hard_grads[0][0]) / 2
assert not np.allclose(after[0][0], before[0][0] + 0.1 * grad), "This step climbs: mind the sign."
assert not np.allclose(after[0][0], before[0][0] - 0.2 * grad), (
    "Your step is twice as long: each of the two gradients counts one half."
)
assert not np.allclose(after[0][0], before[0][0] - 0.1 * hard_grads[0][0]), "Your step forgets the clean images."
assert not np.allclose(after[0][0], before[0][0] - 0.1 * clean_grads[0][0]), "Your step forgets the attacked images."
assert np.allclose(after[0][0], before[0][0] - 0.1 * grad), (
    "The first weights are not where the step of L ends: one step, with both gradients at the parameters before it."
)
assert np.allclose(after[1][1], -0.1 * (clean_grads[1][1] + hard_grads[1][1]) / 2), "The biases learn too."

# %% hidden="adversarial-step" points=1
results = []
for sizes in ([3, 2], [4, 5, 3], [3, 4, 4, 3]):
    params = [(rng.normal(size=fans), rng.normal(size=fans[1])) for fans in zip(sizes, sizes[1:])]
    copy = [(w.copy(), b.copy()) for w, b in params]
    N = int(rng.integers(4, 9))
    x, t, lr = rng.uniform(size=(N, sizes[0])), rng.integers(0, sizes[-1], size=N), float(rng.uniform(0.05, 0.5))

    def push_by_weights(params, x, t):
        return np.clip(x + 0.3 * np.sign(params[0][0].sum(axis=1)) * np.cos(t + 1)[:, None], 0, 1)

    want = reference.adversarial_step(copy, x, t, lr, push_by_weights)
    results.append((adversarial_step(params, x, t, lr, push_by_weights), want, params, copy))
for got, want, params, copy in results:
    assert type(got) is tuple and len(got) == 2 and len(got[0]) == len(want[0])
    assert_allclose(got[1], want[1], rtol=1e-9)
    for pair, other in zip(got[0], want[0]):
        assert_allclose(pair[0], other[0], rtol=1e-9, atol=1e-12)
        assert_allclose(pair[1], other[1], rtol=1e-9, atol=1e-12)
    for pair, other in zip(params, copy):
        assert_allclose(pair[0], other[0], rtol=0)

# %% hidden="adversarial-step" points=1
# Several steps in a row; the attack follows the network as it changes.
params = [(rng.normal(size=(4, 6)), np.zeros(6)), (rng.normal(size=(6, 3)), np.zeros(3))]
x, t = rng.uniform(size=(12, 4)), rng.integers(0, 3, size=12)


def follow(params, x, t):
    return np.clip(x + 0.1 * np.sign(np.sin(20 * params[0][0].sum(axis=1))) * (t[:, None] - 1.0), 0, 1)


mine, want, losses, want_losses = params, params, [], []
for _ in range(4):
    want, loss = reference.adversarial_step(want, x, t, 0.3, follow)
    want_losses.append(loss)
for _ in range(4):
    mine, loss = adversarial_step(mine, x, t, 0.3, follow)
    losses.append(loss)
assert_allclose(losses, want_losses, rtol=1e-7)
for pair, other in zip(mine, want):
    assert_allclose(pair[0], other[0], rtol=1e-7, atol=1e-9)
    assert_allclose(pair[1], other[1], rtol=1e-7, atol=1e-9)

# %% [markdown]
r"""
## 8. A question that needs a run: does it pass over?

Attack the unseen digits with one step of $\varepsilon = 0.1$, computed with the gradient of `reader` alone:

```python
attacked = np.clip(x_unseen + 0.1 * np.sign(digit_gradient(x_unseen, t_unseen)), 0, 1)
```

What share of the 297 do `reader` and `second_reader`, about which the attack knew nothing, still read right?
(`probabilities(attacked, second_reader)` gives its answers.) Write the letter as text, in quotation marks.

| a | b | c | d |
|---|---|---|---|
| both more than 0.9 | `reader` less than 0.75, `second_reader` more than 0.9 | both less than 0.85 | `reader` more than 0.9, `second_reader` less than 0.75 |
"""

# %% quiz="transfer" points=1 demo="NoiseOrAttack"
### BEGIN SOLUTION
passes_over = "c"
### END SOLUTION

# %% [markdown]
r"""
## 9. A question that needs a run: the wrong sign

Somebody wrote $x - 0.1 \cdot \mathrm{sign}(\partial L / \partial x)$ for the untargeted attack, with the *true* classes.
What happens to the share of the unseen digits that `reader` reads right, which is about 0.98? Write the letter as text.

| a | b | c | d |
|---|---|---|---|
| it falls as with the right sign | it falls by a few hundredths, as with noise | it stays the same, to the last digit | it rises, to 0.99 or more |
"""

# %% quiz="wrong-sign" points=1 demo="NoiseOrAttack"
### BEGIN SOLUTION
with_the_wrong_sign = "d"
### END SOLUTION

# %% [markdown] manual="why-noise-is-harmless" points=2
r"""
## 10. Why noise does so little

In three to six sentences: random signs of size $\varepsilon$ and the signs of the gradient change every pixel by the same
amount. Say what each of them does to a score $w \cdot x$ of D pixels, how both effects grow with D, and what follows for
photographs with 150,000 numbers. Then say why a network that was tested with noise, and passed, is not safe from an
attack.

### BEGIN MARK SCHEME
- 1 point: the gradient's signs make all D contributions add up, to $\varepsilon \sum |w_i|$, which grows like D; random
  signs mostly cancel, and what is left grows like $\sqrt D$ ($\varepsilon$ times the length of $w$). The ratio grows like
  $\sqrt D$: about 8 for 64 pixels, about 390 for 150,000 numbers, so that an invisible $\varepsilon$ is enough. Half a
  point for "they add up, noise cancels" without how either grows.
- 1 point: noise tests the typical direction, an attack takes the worst one; in many dimensions a random direction is
  nearly at right angles to the worst one, so no number of random trials finds it. Half a point for "an attack is chosen,
  noise is not" without a reason why trials miss it.
- Not needed: names, ReLU, exact numbers.
### END MARK SCHEME
"""
