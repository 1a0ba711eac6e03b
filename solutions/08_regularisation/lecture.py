# %% [markdown] slide="slide"
r"""
# Chapter 8: Regularisation

A network with more weights than examples can learn every example by heart, noise included. It then makes no mistake on
what it has seen, and may say anything about what it has not seen. Everything that keeps it from doing so is called
*regularisation*: some of it is added to the loss, some to the data, some to the training, and some to the answer.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. recognise a fit by heart, tell bias from variance, and say why the best explanation is not the one with the smallest
   training error;
2. write L1, L2, elastic net and max-norm with the gradients that belong to them, and say which prior each one is;
3. choose the strength of a penalty, and the moment to stop, by the right one of three sets of data;
4. make three conventions of dropout agree, and say what the network in use approximates;
5. explain noise as a penalty, an ensemble as an average, and distillation as learning from soft answers.

**Before you start**: chapter 3 (softmax, cross-entropy), chapter 4 (layers, learning by heart), chapter 6 (optimisers).
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 Learning by heart | 8 | 5: without bias and variance, and the rule of thumb |
| 2 Penalties | 8 | 6: without elastic net, max-norm and priors |
| 3 How much, and how long? | 6 | 3: early stopping and its demo |
| 4 Dropout | 7 | 5: without the second table |
| 5 Noise, ensembles, distillation | 6 | |
| 6 Other ways | 4 | |
| 7 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"
import itertools

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, losses, nn, optim, regularize
from plainnet.demos import DropoutMasks, EarlyStoppingCursor, PenaltyFit, PenaltyGeometry
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. Learning by heart

*8 minutes (estimated), 5 of them in the 20-minute path*

Sixteen noisy points of the curve $\sin 3x$, and a polynomial with sixteen weights: as many as points. It can pass
through every one of them. With a penalty $\frac{\lambda}{2} \sum w^2$ added to the mean square error, it has a reason
not to:
"""


# %% slide="-"
def sample(n, rng):
    """Return n points (x, t) of sin 3x with noise of the standard deviation 0.25."""
    x = np.sort(rng.uniform(-1, 1, n))
    return x, np.sin(3 * x) + 0.25 * rng.normal(size=n)


def fit_polynomial(x, t, lam, degree=15):
    """Return the weights that minimise the mean square error plus lam/2 times the sum of the squared weights."""
    powers = np.vander(x, degree + 1)
    rows = np.vstack([powers / np.sqrt(len(x)), np.sqrt(lam / 2) * np.eye(degree + 1)])
    return np.linalg.lstsq(rows, np.append(t / np.sqrt(len(x)), np.zeros(degree + 1)), rcond=None)[0]


# %% slide="subslide"
rng = np.random.default_rng(3)
x, t = sample(16, rng)
x_new, t_new = sample(200, rng)
fits = {}
print("   lambda   length of w   error on the 16   error on 200 others")
for lam in (0, 1e-6, 1e-3, 1e-1, 10):
    fits[lam] = w = fit_polynomial(x, t, lam)
    train, new = (np.sqrt(np.mean((np.vander(a, 16) @ w - b) ** 2)) for a, b in [(x, t), (x_new, t_new)])
    print(f"{lam:9g}   {np.linalg.norm(w):11.3g}   {train:15.4f}   {new:19.4g}")

# %% slide="subslide"
grid = np.linspace(-1, 1, 400)
figure, axes = plt.subplots(figsize=(8, 3.8))
axes.plot(x, t, "o", color="black", label="training points", zorder=3)
for (lam, name), style, colour in zip(
    [(0, "no penalty"), (1e-3, "λ = 0.001"), (10, "λ = 10")], (":", "-", "--"), (ORANGE, BLUE, GREEN)
):
    axes.plot(grid, np.vander(grid, 16) @ fits[lam], style, color=colour, label=name)
axes.set(xlabel="input x (no unit)", ylabel="target t (no unit)", ylim=(-2.5, 2.5))
axes.set_title("Sixteen points, sixteen weights")
axes.legend(fontsize=11)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: sixteen points along an S. Without a penalty (dotted) the curve passes through all of them and
leaves the picture in between. With λ = 0.001 (solid) it is a smooth S through their middle. With λ = 10 (dashed) it is
almost flat.
"""

# %% [markdown] slide="subslide"
r"""
The error on the sixteen points only grows with λ. The error on other points falls first, by nearly a factor of a million, and
then grows too. A deck says it in one sentence: regularisation improves what happens on new data, *at the expense of*
the training error. The decks are slides of older courses, which this course follows and corrects.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: a penalty on a polynomial

The timeline is the strength λ, from none to far too much. **Ask first**: which λ will be best on points that it has
not seen?
"""

# %% slide="-"
PenaltyFit(degree=15, count=16)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote at the first frame, Enter, then play. Stop at the best λ and ask: how could we
have known, without the 200 others? (We couldn't: section 3.) Then the preset "16 weights, 200 points": the same
polynomial with more data hardly needs a penalty. End with "without noise": no penalty is best, because there is nothing
to forget.
"""

# %% [markdown] slide="subslide"
r"""
### Two ways to be wrong

Draw the sixteen points again and again, and fit each time. The fits may be wrong *on average* (**bias**), and they may
*differ* from draw to draw (**variance**). With their mean $\bar f$, the error at a place $x$ is exactly the sum of both:

$$ \mathrm{E}\,(f(x) - \sin 3x)^2 = \underbrace{(\bar f(x) - \sin 3x)^2}_{\text{bias}^2} +
\underbrace{\mathrm{E}\,(f(x) - \bar f(x))^2}_{\text{variance}} $$
"""

# %% slide="-"
rng = np.random.default_rng(0)
draws, places = [sample(16, rng) for _ in range(200)], np.linspace(-0.9, 0.9, 91)
strengths = 10.0 ** np.arange(-5, 1.5, 0.5)
curves = np.array([[np.vander(places, 16) @ fit_polynomial(*draw, lam) for draw in draws] for lam in strengths])
bias2 = ((curves.mean(axis=1) - np.sin(3 * places)) ** 2).mean(axis=1)  # curves: (strength, draw, place)
variance = curves.var(axis=1).mean(axis=1)
error = ((curves - np.sin(3 * places)) ** 2).mean(axis=(1, 2))
print("bias² + variance is the error:", np.allclose(bias2 + variance, error))

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.2))
axes.loglog(strengths, error, "-", color="black", label="error = bias² + variance")
axes.loglog(strengths, variance, ":", color=ORANGE, label="variance: the fits differ")
axes.loglog(strengths, bias2, "--", color=BLUE, label="bias²: wrong on average")
axes.set(xlabel="strength λ (no unit)", ylabel="mean square (no unit)", ylim=(5e-4, 2))
axes.legend(fontsize=11, loc="lower center")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: against λ, the variance falls (dotted) and the bias rises (dashed); the error (solid) is smallest
in between. Regularisation **buys** less variance with some bias.
"""

# %% [markdown] slide="subslide"
r"""
### Why the highest peak is the wrong place

Let $\theta$ be the weights and $X$ the data. How believable are weights, after the data have been seen?

$$ P(\theta \mid X) \;\propto\; P(X \mid \theta)\; P(\theta) $$

**Correction**: a deck writes $=$. But the right-hand side does not add up to 1 over all $\theta$; it has to be divided
by $P(X)$, which does not depend on $\theta$. Hence $\propto$, "proportional to".

A prediction should ask *all* weights, each as loudly as it is believable: an integral that nobody can compute. If one
has to pick a single $\theta$, the place of the *mass* is better than the highest point: a peak may be high and so
narrow that next to nothing lies under it.
"""

# %% slide="-"
theta = np.linspace(-4, 4, 8001)
hill = 0.4 * np.exp(-0.5 * ((theta + 1) / 0.8) ** 2)
peak = 1.0 * np.exp(-0.5 * ((theta - 2) / 0.02) ** 2)
share = peak.sum() / (hill + peak).sum()
print(f"the peak is {peak.max() / hill.max():.1f} times as high as the hill, and holds {share:.1%} of the mass")
print(f"as a right-hand side it adds up to {(hill + peak).sum() * (theta[1] - theta[0]):.3f}, not to 1: hence no =")
centre = theta @ (hill + peak) / (hill + peak).sum()
print(f"highest point: theta = {theta[(hill + peak).argmax()]:.2f}; centre of gravity: {centre:.2f}")

# %% [markdown] slide="subslide"
r"""
### A rule of thumb

A deck: *when the number of parameters is ten times less than outputs times examples, overfitting will not be severe.*
Counted for the digits (1,797 examples, 10 outputs):
"""

# %% slide="-"
for sizes in ([64, 10], [64, 16, 10], [64, 64, 10], [64, 256, 10]):
    count = sum((a + 1) * b for a, b in zip(sizes, sizes[1:]))
    verdict = "fine" if count < 1797 else "not met"
    print(f"{'-'.join(map(str, sizes)):10} {count:6} parameters; a tenth of 10 · 1797 is 1797: {verdict}")

# %% [markdown] slide="-"
r"""
Networks that miss the rule tenfold are trained every day, and generalise. It is a rule about what is *safe*; the rest
of this chapter is about what one does beyond it. (Seen this way, augmentation raises the number of examples, sharing
weights lowers the number of parameters, and further tasks raise the number of outputs.)
"""

# %% [markdown] slide="slide"
r"""
## 2. Penalties

*8 minutes (estimated), 6 of them in the 20-minute path*

A penalty $\Omega(\theta)$ is added to the loss. It looks at the weights only, not at the data. As lines of plainnet:
"""

# %% slide="-"
code_of(regularize.l2, docstring=False)

# %% slide="-"
code_of(regularize.l1, docstring=False)

# %% [markdown] slide="-"
r"""
| | penalty | its gradient | what a step does to a weight |
|---|---|---|---|
| L2, *weight decay* | $\frac{\lambda}{2} \sum w^2$ | $\lambda w$ | shrinks it by a *share* of itself |
| L1 | $\lambda \sum \lvert w \rvert$ | $\lambda\,\mathrm{sign}(w)$, 0 at 0 | moves it by a constant *amount* towards 0 |

Biases are usually left alone: a shift is not a shape. Such penalties are older than networks (Tikhonov,
1943). With plain gradient descent L2 is the same as an optimiser's `weight_decay`; with Adam, which divides by the size of the gradient
(chapter 6), the two are different things.
"""

# %% [markdown] slide="subslide"
r"""
### Four slides, four conventions, three slips

- One deck: $\alpha \lVert W \rVert_2$. **Correction**: the norm is not squared. Its gradient would be
  $\alpha\,W / \lVert W \rVert$, of the same length wherever one is. What everybody uses is half of the *square*.
- Another: $\frac{\lambda}{2} \lVert w \rVert_{L2} = \frac{\lambda}{2} \sum w^2$. The right-hand side is what is meant;
  the left lacks the square.
- A third: L1 as $\frac{\lambda}{2} \lVert \theta \rVert_1$ with the gradient $\lambda\,\mathrm{sign}(\theta)$.
  **Correction**: this penalty has the gradient $\frac{\lambda}{2}\,\mathrm{sign}(\theta)$. The half makes sense for
  squares alone, where it cancels the 2.
- A fourth: the sums without any half. Then L2's gradient is $2 \lambda w$, and its λ is half of ours.

If in doubt, ask finite differences. At the weights (3, −4), λ = 0.1:
"""

# %% slide="-"
w, h = np.array([3.0, -4.0]), 1e-6
pairs = {
    "norm, not squared, with λ w": (lambda w: 0.1 * np.linalg.norm(w), 0.1 * w),
    "λ/2 Σw² with λ w": (lambda w: 0.05 * (w @ w), 0.1 * w),
    "λ/2 Σ|w| with λ sign w": (lambda w: 0.05 * abs(w).sum(), 0.1 * np.sign(w)),
    "λ Σ|w| with λ sign w": (lambda w: 0.1 * abs(w).sum(), 0.1 * np.sign(w)),
}
for name, (penalty, claimed) in pairs.items():
    slope = [(penalty(w + h * e) - penalty(w - h * e)) / (2 * h) for e in np.eye(2)]
    verdict = "they agree" if np.allclose(slope, claimed) else "they do NOT agree"
    print(f"{name:28} claimed {claimed}, measured {np.round(slope, 4)}: {verdict}")

# %% [markdown] slide="subslide"
r"""
### Why L1 makes zeros

L2 pulls at a weight with the force $\lambda w$: at 0.001 it is a thousandth of what it is at 1. L1 pulls with the force
λ, at 0.001 as at 1. Think of one weight, and of the slope of the loss at $w = 0$:

- **L2**: near 0 its pull is next to nothing, so any slope of the loss, however small, moves the weight away from 0,
  until the two balance. It ends near 0, hardly ever at 0.
- **L1**: where the slope is smaller than λ, the pull wins on both sides: the weight ends at **exactly 0**. Where it is
  larger, the weight stays away from 0, but is shorter than without the penalty.

For the loss $\frac12 (w - a)^2$ one can compute it: L2 gives $a / (1 + \lambda)$, L1 gives $a$ moved towards 0 by λ,
and 0 if it would pass 0 on the way.
"""

# %% slide="-"
lam = 0.5
print("      a    L2: a/(1+λ)    L1: moved by λ, at most to 0      (λ = 0.5)")
for a in (2.0, 1.0, 0.6, 0.4, -0.1):
    print(f"{a:7}   {a / (1 + lam):12.3f}   {np.sign(a) * max(abs(a) - lam, 0) + 0.0:28.3f}")

# %% [markdown] slide="subslide"
r"""
### Demo: where a penalty leads

On the left two weights in a bowl, on the right twelve weights of which three matter. The penalty grows along the
timeline. **Ask first**: how many of the twelve will be exactly 0 when λ has reached 0.59?
"""

# %% slide="-"
PenaltyGeometry(kind="l1")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, Enter, play. On the left two lines touch at the minimum: within the diamond of
equal penalty no weights have a smaller loss. It has its corners on the axes, and that is where the minimum arrives. Then preset "L2": the circle has no corners; the path bends towards 0 and reaches it only in
the limit. On the right the same in twelve dimensions. "L2, a narrow valley": one weight even
*grows* on the way, while the other one shrinks; the two can stand in for each other, and L2 likes to share the load.
"""

# %% [markdown] slide="subslide"
r"""
### Elastic net and max-norm

**Elastic net** (Zou and Hastie 2005) mixes both: a share ρ of L1, the rest of L2. (A deck writes $\beta W^2 + |W|$,
with the weight on the squares, and λ in front of all.) **Max-norm** pulls at nothing: after each step it shortens each
unit's vector of *incoming* weights to the length $c$, if it is longer. In plainnet a unit is a column of $W$, since
$z = xW + b$; the deck that writes $Wx$ has rows, and limits the square of the length.
"""

# %% slide="-"
code_of(regularize.elastic_net, docstring=False)

# %% slide="-"
code_of(regularize.max_norm, docstring=False)

# %% [markdown] slide="subslide"
r"""
### A penalty is a prior

Take logarithms of $P(\theta \mid X) \propto P(X \mid \theta)\,P(\theta)$: the most believable weights minimise

$$ \underbrace{-\log P(X \mid \theta)}_{\text{the loss}} \; \underbrace{-\log P(\theta)}_{\text{the penalty}} $$

| what one believed before | $-\log P(\theta)$, up to a constant | penalty |
|---|---|---|
| normal, mean 0, variance $1/\lambda$ | $\frac{\lambda}{2} \theta^2$ | L2 |
| Laplace: density $\frac{\lambda}{2} e^{-\lambda \lvert \theta \rvert}$ | $\lambda \lvert \theta \rvert$ | L1, without a half |
| uniform inside of a ball | 0 inside, ∞ outside | max-norm |
| anything is as good as anything | 0 | none: maximum likelihood |

The loss here is a *sum* over the samples; for a mean, λ has to be divided by their number.
"""

# %% slide="-"
lam, points = 2.0, np.array([0.3, 1.0, -1.7])
normal = 0.5 * np.log(2 * np.pi / lam) + lam / 2 * points**2
laplace = -np.log(lam / 2 * np.exp(-lam * np.abs(points)))
for name, minus_log, penalty in [("normal", normal, regularize.l2), ("Laplace", laplace, regularize.l1)]:
    values = [penalty([Tensor(np.array([p]))], lam).item() for p in points]
    print(f"{name:8} -log P minus plainnet's penalty:", np.round(minus_log - values, 6), "(a constant)")

# %% [markdown] slide="slide"
r"""
## 3. How much, and how long?

*6 minutes (estimated); in the 20-minute path: early stopping and its demo, 3 minutes*

No formula says how large λ should be. The training error can't: it always votes for 0. So one splits the data into
three:

1. **training**: for each of some values of λ, train;
2. **validation**: take the λ whose network does best here; if you like, train once more on both;
3. **test**: measure once, at the very end. Whatever was decided by this set can't be measured by it.

Let us do it: 100 digits to learn from, 400 to choose by, 1,297 to test with.
"""


# %% slide="-"
x, t = data.digits()
order = np.random.default_rng(0).permutation(len(x))
x, t = x.reshape(len(x), 64)[order], t[order]
few, others, test = slice(0, 100), slice(100, 500), slice(500, None)


def wrong(model, part=test):
    """Return the share of images of a part that the model gets wrong."""
    return np.mean(plainnet.predict(model, x[part], batch_size=64).argmax(axis=1) != t[part])


# %% slide="subslide"
def learn(seed=0, penalty=None, dropout=0.0, noise=0.0, hidden=64, num_epochs=60, callbacks=(), validate=False, t=t):
    """Return a network with one hidden layer, trained on the 100 images, and the history of its training."""
    rng = np.random.default_rng(seed)
    layers = nn.Linear(64, hidden, rng), plainnet.relu, nn.Dropout(dropout, rng), nn.Linear(hidden, 10, rng)
    model = nn.Sequential(*layers)
    weights = [p for p in model.parameters() if p.ndim > 1]
    history = plainnet.fit(
        model, x[few], t[few], rng=rng, num_epochs=num_epochs, callbacks=callbacks,
        validation=(x[others], t[others]) if validate else None,
        loss=lambda y, t: losses.cross_entropy(y, t) + (penalty(weights) if penalty else 0.0),
        augment=(lambda x, t, rng: regularize.noise(x, rng, std=noise)) if noise else None,
        optimizer=optim.Adam(model.parameters(), lr=0.003), progress=False,
    )  # fmt: skip
    return model, history


# %% slide="subslide"
print("mean of three networks, share of errors:   training   validation   test")
rates = {}
for lam in (0.0, 0.001, 0.003, 0.01, 0.03, 0.1):
    models = [learn(seed, penalty=lambda w, lam=lam: regularize.l2(w, lam))[0] for seed in range(3)]
    rates[lam] = [np.mean([wrong(model, part) for model in models]) for part in (few, others, test)]
    print(f"L2 with lambda = {lam:<6}" + " " * 21 + "{:9.1%}   {:10.1%}   {:4.1%}".format(*rates[lam]))

# %% [markdown] slide="-"
r"""
The gain is small: about one image in a hundred. That is what regularisation is like on 100 clean digits. It makes no
data; and the last row shows that too much of it costs more than none. (The column on the right
is there for you to see that validation votes well. In earnest, only the test error of the one chosen λ is ever looked at.)
"""

# %% [markdown] slide="subslide"
r"""
### Early stopping

The number of epochs is a strength too: at the start all weights are small, and they grow as training goes on. Decks
say: *monitor the validation performance, stop when it starts to deteriorate.* **Two things are missing.** It goes up
and down by chance, so one waits for some epochs, the *patience*. And when the patience is over, the best weights are
gone, unless somebody has kept a **copy**. As lines of plainnet:
"""

# %% slide="-"
code_of(regularize.EarlyStopping.after_epoch)

# %% slide="-"
code_of(regularize.EarlyStopping.after_training)

# %% slide="subslide"
tired = t.copy()
tired[:20] = np.random.default_rng(0).integers(10, size=20)  # labels that somebody got wrong
stopper = regularize.EarlyStopping(patience=10)
_, history = learn(hidden=16, num_epochs=120, validate=True, t=tired)
_, stopped = learn(hidden=16, num_epochs=120, validate=True, t=tired, callbacks=[stopper])
val = history["val_loss"]
rise = next(k for k in range(1, len(val)) if val[k] > val[k - 1])  # epoch rise + 1
print(f"120 epochs: validation loss {val[-1]:.4f} at the end, {min(val):.4f} at best")
print(f"at the first rise, as decks say: stopped in epoch {rise + 1}, with {val[rise]:.4f}")
print(
    f"patience 10: stopped in epoch {len(stopped['val_loss'])}, back to epoch {stopper.best_epoch}: {stopper.best:.4f}"
)

# %% slide="subslide"
false = np.flatnonzero(tired[few] != t[few])
print(f"epochs   right labels learned   of the {len(false)} false ones: learned   answered with the true class")
for epochs in (20, 40, 60, 95, 120):
    model, _ = learn(hidden=16, num_epochs=epochs, t=tired)  # the same training, ended earlier
    answer = plainnet.predict(model, x[few], batch_size=64).argmax(axis=1)
    good = np.mean(np.delete(answer == t[few], false))
    print(f"{epochs:6}   {good:20.0%}   {np.mean((answer == tired[few])[false]):28.0%}", end="")
    print(f"   {np.mean((answer == t[few])[false]):28.0%}")

# %% [markdown] slide="-"
r"""
Twenty of the hundred labels are random here, as they are where people label a thousand images in the evening. The
network learns the right labels first, since they agree with each other, and in the middle of the training it even sees
through most of the false ones. Afterwards it learns those by heart.

Note what `after_epoch` looks at: `val_loss`, never the test set. And note `array.copy()`: training goes on to change
the arrays in place, so that without a copy the "best" weights would follow the last ones.

A deck adds: *with other regularisation, it might never start* to deteriorate. Then there is nothing to stop. And: early
stopping keeps the solution close to the start, which is why it acts like weight decay (in a bowl, $n$ steps of gradient
descent from 0 do about what $\lambda = 1/(n \cdot \mathrm{lr})$ does).
"""

# %% [markdown] slide="subslide"
r"""
### Demo: the early-stopping cursor

Forty noisy points. It stops where the validation loss has risen for the first time. **Ask**: stop here?
"""

# %% slide="-"
EarlyStoppingCursor(patience=10)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. The question comes at the first rise: most vote for stopping. Enter, End: the best
epoch is much later, and at the end the validation loss is far above it. Then preset "another draw: patience 10 is too
short": there is no patience that is always right. Point at the picture on the left at the end: a border that
bends around single points.
"""

# %% [markdown] slide="slide"
r"""
## 4. Dropout

*7 minutes (estimated), 5 of them in the 20-minute path*

In every forward pass of training, each hidden unit is silenced with some probability, another choice for each sample.
No unit can rely on a certain other one to be there. (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014.)

When the network is *used*, all units speak. What does the layer that reads them have to do then? Three decks, three
stories:

| deck | $p$ is the probability to | in training | in use |
|---|---|---|---|
| first | **keep** a unit (0.5) | `H *= rand < p` | not shown |
| second | deactivate a unit | | "there is no dropout" |
| third | delete a unit: 0.5 | | "divide weights by 2" |
| plainnet, PyTorch, Keras | **drop** a unit | also multiply by $1/(1-p)$ | nothing to do |

Let a unit send $h$. Kept with probability $q$, it sends on average $q \cdot h + (1 - q) \cdot 0 = q\,h$.
In use it sends $h$: too much, by the factor $1/q$. **So**:

- the first two have to multiply what is sent, or the weights that read it, by $q$ in use. The first calls that number
  $p$, the second $1 - p$. The third deck's division by 2 is the case $q = 1/2$.
- plainnet divides by $q = 1 - p$ in training: the average is $h$ already. This is called *inverted* dropout.

The biases of the reading layer are never dropped, and never scaled.
"""

# %% slide="subslide"
code_of(nn.Dropout.forward)

# %% [markdown] slide="-"
r"""
On the way back the gradient is multiplied by the *same* factors: what was silent learns nothing from this sample.
plainnet's `*` takes care of it. Do the three agree? Four units, all $2^4 = 16$ masks, each with its probability:
"""

# %% slide="-"
rng = np.random.default_rng(0)
h, w, b, q = rng.random(4), rng.normal(size=4), 0.7, 0.8
masks = np.array(list(itertools.product([0, 1], repeat=4)))
chance = q ** masks.sum(axis=1) * (1 - q) ** (4 - masks.sum(axis=1))
print(f"decks, in training, mean over all masks: {chance @ (masks * h @ w + b):.6f}")
print(f"decks, in use, as shown (all units):     {h @ w + b:.6f}   <- not the same")
print(f"decks, in use, weights times q = {q}:     {h @ (q * w) + b:.6f}")
print(f"inverted, in training, mean over masks:  {chance @ (masks * h / q @ w + b):.6f}")
print(f"inverted, in use (all units):            {h @ w + b:.6f}   <- agrees with its own training")

# %% [markdown] slide="subslide"
r"""
### An ensemble of $2^{H}$ networks

Each mask is a network of its own; all of them share their weights. A deck counts for 4096 units:
$2^{4096} \approx 10^{1233}$ masks, and about $10^{82}$ atoms in the universe. The network in use is a cheap stand-in
for the mean of all of them:

- **before** a nonlinearity it is the mean exactly: the table above;
- **behind** one it is not, since the mean of sigmoids is not the sigmoid of the mean. It is close where the masks'
  answers lie close together.

And a forgotten correction travels on: ReLU lets a positive factor pass, $\mathrm{relu}(2z) = 2\,\mathrm{relu}(z)$. A sigmoid
doesn't.
"""

# %% slide="-"
print(f"4096 units: 2^4096 = 10^{4096 * np.log10(2):.2f}")
for size in (1, 5):  # the four units of the table above, and weights that are five times as large
    mean, use = chance @ plainnet.sigmoid(masks * h / q @ (size * w)).data, plainnet.sigmoid(h @ (size * w)).data
    print(f"weights times {size}: mean of all 16 masks behind a sigmoid {mean:.4f}, network in use {use:.4f}")

# %% [markdown] slide="subslide"
r"""
### Demo: dropout masks

One input, eight hidden units, 256 networks. **Ask before the end**: is the mean of all 256 answers that of the network
in use?
"""

# %% slide="-"
DropoutMasks(place="between the moons")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Step through five masks: dropped units send 0, the answer jumps. End: question, Enter,
End. Then preset "learned without dropout": the answers go from 0 to 1, since nobody has taught these units to do
without each other. That spread is what training with dropout removes. "Far outside": behind the sigmoid the two means
differ; say why.
"""

# %% slide="subslide"
ways = {
    "nothing": {},
    "L2, 0.01": {"penalty": lambda w: regularize.l2(w, 0.01)},
    "L1, 0.001": {"penalty": lambda w: regularize.l1(w, 0.001)},
    "dropout, 0.5": {"dropout": 0.5},
    "noise, 0.2": {"noise": 0.2},
    "256 units": {"hidden": 256},
    "256, dropout": {"hidden": 256, "dropout": 0.5},
}
print("100 digits, 60 epochs, three networks of 64 units: errors in training, errors on the test set")
for name, settings in ways.items():
    models = [learn(seed, **settings)[0] for seed in range(3)]
    print(
        f"{name:13} {np.mean([wrong(m, few) for m in models]):6.1%}   ", "  ".join(f"{wrong(m):6.1%}" for m in models)
    )

# %% [markdown] slide="-"
r"""
An honest table: the penalties and the noise help a little, dropout does harm to 64 units. It trains a network of half
the width at a time, so it wants a **larger** network: with 256 units it does none. It also wants a **longer** training;
try 512 units and 240 epochs, which takes a while. A difference no larger than that between three seeds says little. Which
way helps is a question for the validation set, every time.
"""

# %% [markdown] slide="slide"
r"""
## 5. Noise, ensembles, distillation

*6 minutes (estimated)*

**Noise on the inputs** (Sietsma and Dow 1991) is drawn anew in every epoch. What does it do on average? Take a network
$y = f(x)$, a squared error, and noise ε with independent entries of standard deviation σ. For small noise
$f(x + \varepsilon) \approx f(x) + J \varepsilon$, with the Jacobian $J_{ki} = \partial y_k / \partial x_i$. Then

$$ \mathrm{E}\,\lVert f(x + \varepsilon) - t \rVert^2 \approx \lVert f(x) - t \rVert^2 + \mathrm{E}\,\lVert J\varepsilon
\rVert^2 = \lVert f(x) - t \rVert^2 + \sigma^2\,\lVert J \rVert^2 $$

where $\lVert J \rVert^2$ is the sum of all its squared entries. The cross term is 0, because the mean of ε is 0. So
noise is a **penalty on the Jacobian**: outputs should not jump when inputs tremble. (Bishop 1995. A further term with
the second derivative of $f$ times the error is dropped here; it is small where the network fits.) For a **linear**
network $y = xW$ nothing is approximate: $\lVert J \rVert^2 = \lVert W \rVert^2$, and noise *is* L2, with the factor σ²
and no half.
"""

# %% slide="subslide"
rng = np.random.default_rng(0)
v, w = rng.normal(size=3), rng.normal(size=(3, 2))
slope = 1 - np.tanh(v @ w) ** 2  # of tanh, at this input
print("sigma   mean of 50,000 draws: linear    sigma² |W|²      tanh       sigma² |J|²")
for std in (0.01, 0.1, 1.0):
    noisy = regularize.noise(np.tile(v, (50_000, 1)), rng, std=std)
    linear = np.mean(np.sum((noisy @ w - v @ w) ** 2, axis=1))
    bent = np.mean(np.sum((np.tanh(noisy @ w) - np.tanh(v @ w)) ** 2, axis=1))
    print(
        f"{std:5}   {linear:29.6f}   {std**2 * (w**2).sum():12.6f}   {bent:9.6f}   {std**2 * ((slope * w) ** 2).sum():13.6f}"
    )

# %% [markdown] slide="-"
r"""
The linear network obeys at every σ, but for the luck of the draws. For tanh it holds as long as σ is small; at σ = 1 the
noise reaches far beyond the range in which a tangent describes it.
"""

# %% [markdown] slide="subslide"
r"""
### Ensembles

Train several networks that differ: in their random start, in the data that they were given (*bagging*: each draws its
own sample), in their size. Average their **probabilities**:
"""


# %% slide="-"
def softmax(z, temperature=1.0):
    """Return softmax of z / temperature over the last axis."""
    return plainnet.softmax(Tensor(z / temperature)).data


members = [learn(seed)[0] for seed in range(5, 10)]
logits = np.stack([plainnet.predict(model, x, batch_size=64) for model in members])  # (M, N, K)
mean = softmax(logits).mean(axis=0)
print(
    "five networks:",
    "  ".join(f"{wrong(model):.1%}" for model in members),
    f"  mean {np.mean([wrong(m) for m in members]):.1%}",
)
print(f"their ensemble: {np.mean(mean[test].argmax(axis=1) != t[test]):.1%}")


# %% slide="subslide"
def cross_entropy(p):
    """Return the mean loss on the test set of probabilities (..., N, K), in nats."""
    return -np.log(p[..., np.arange(len(t))[test], t[test]]).mean()


print(
    f"cross-entropy: mean of the five {cross_entropy(softmax(logits)):.3f}, of their ensemble {cross_entropy(mean):.3f}"
)

# %% [markdown] slide="-"
r"""
The loss of the mean is **never** larger than the mean of the losses, since $-\log$ is convex; the errors follow as a rule.
What is averaged away is variance: the bias stays (section 1). Averaged labels would count a sure member no more than one
that hesitates. Averaged logits are a fair rule, too; this chapter takes probabilities. **Never** average the weights: two
networks may have the same units in another order. The price: five times the work.
"""

# %% [markdown] slide="subslide"
r"""
### Distillation

A single small network can learn to imitate the ensemble (Hinton, Vinyals, Dean 2015). It learns from *soft answers*:
probabilities at a **temperature** $T > 1$, softmax of $z/T$, which
show that a 7 looks a little like a 1. ($T < 1$ makes them surer: softmax of $2z$ has $T = 1/2$.) And it may learn from images
**without labels**, for the ensemble answers to those too: here 500 images, of which 100 had a label.
"""


# %% slide="-"
def distil(soft, seed, hidden=8, temperature=3.0, num_epochs=60):
    """Return a network that has learned soft answers (N, K) to the first N images."""
    rng = np.random.default_rng(seed)
    model = nn.Sequential(nn.Linear(64, hidden, rng), plainnet.relu, nn.Linear(hidden, 10, rng))
    adam = optim.Adam(model.parameters(), lr=0.003)
    for _ in range(num_epochs):
        for x_batch, p in data.minibatches(x[: len(soft)], soft, 32, rng):
            adam.zero_grad()
            log_p = plainnet.log_softmax(model(x_batch) * (1 / temperature))
            ((log_p * p).sum() * (-1 / len(p))).backward()
            adam.step()
    return model


# %% slide="-"
soft = softmax(logits, 3.0).mean(axis=0)[:500].astype(np.float32)
hard = [learn(seed, hidden=8, num_epochs=240)[0] for seed in range(3)]  # as many updates as the pupils take
pupils = [distil(soft, seed) for seed in range(3)]
print("8 hidden units, 100 labels:        ", "  ".join(f"{wrong(model):.1%}" for model in hard))
print("8 hidden units, the soft answers:  ", "  ".join(f"{wrong(model):.1%}" for model in pupils))

# %% [markdown] slide="slide"
r"""
## 6. Other ways

*4 minutes (estimated)*

**Training the first layer only.** A deck's experiment: train $W^{(1)}$ and $b^{(1)}$ alone, leave all later weights as
random as they came. It reports 0.2 % errors in training and 2 % on the test set. On our digits, 128 hidden units:
"""

# %% slide="-"
parts = data.split(x, t, 0.3, np.random.default_rng(0), stratify=True)
for name, chosen in {
    "all layers": slice(None),
    "first layer only": slice(0, 2),
    "last layer only": slice(2, 4),
}.items():
    rng = np.random.default_rng(0)
    model = nn.Sequential(nn.Linear(64, 128, rng), plainnet.relu, nn.Linear(128, 10, rng))
    adam = optim.Adam(list(model.parameters())[chosen], lr=0.01)
    plainnet.fit(model, *parts[:2], loss=losses.cross_entropy, optimizer=adam, num_epochs=30, rng=rng, progress=False)
    errors = [np.mean(plainnet.predict(model, a).argmax(axis=1) != b) for a, b in (parts[:2], parts[2:])]
    print(f"{name:17} errors in training {errors[0]:.1%}, on the test set {errors[1]:.1%}")

# %% [markdown] slide="-"
r"""
A whole layer is left to chance, and it hardly matters: so much room is in the other one. That is why "can it fit the
training data?" says so little. (For the last layer alone it is the same on these digits: random features are enough.)
"""

# %% [markdown] slide="subslide"
r"""
**Sparse representations.** L1 on the *weights* makes $W$ sparse; the same penalty on the hidden outputs $h$ makes few
units speak at a time. **Auxiliary tasks.** Two tasks share a layer: say, speech and speaker. The second one must need
what the first one needs. Here the hidden layer is also asked to redraw 500 images, most of them without a label:
"""


# %% slide="-"
def two_tasks(sparsity=0.0, redraw=0.0, labelled=100, seed=0):
    """Return (share of active hidden units, share of errors) on the test set."""
    rng = np.random.default_rng(seed)
    first, out, picture = nn.Linear(64, 64, rng), nn.Linear(64, 10, rng), nn.Linear(64, 64, rng)
    adam = optim.Adam([*first.parameters(), *out.parameters(), *picture.parameters()], lr=0.003)
    for _ in range(250):
        one, other = rng.integers(labelled, size=32), rng.integers(500, size=64)
        h = plainnet.relu(first(x[one]))
        loss = losses.cross_entropy(out(h), t[one]) + h.sum() * (sparsity / 32)
        loss = loss + losses.mse(picture(plainnet.relu(first(x[other]))), x[other]) * redraw
        adam.zero_grad()
        loss.backward()
        adam.step()
    h = plainnet.relu(first(x[test])).data
    return np.mean(h > 0), np.mean(out(h).data.argmax(axis=1) != t[test])


# %% slide="subslide"
for sparsity in (0.0, 0.01, 0.03, 0.1):
    active, errors = two_tasks(sparsity)
    print(f"L1 on h, {sparsity:4}: {active:5.1%} of the hidden outputs are not 0, errors {errors:5.1%}")
for redraw in (0.0, 1.0, 5.0):
    errors = [two_tasks(redraw=redraw, labelled=30, seed=seed)[1] for seed in range(3)]
    print(f"30 labels, redrawing with weight {redraw}: errors", "  ".join(f"{e:.1%}" for e in errors))

# %% [markdown] slide="-"
r"""
More than half of the active units can be saved at no cost. Redrawing **doesn't** help here: a layer of 64 units redraws
64 pixels without learning anything about digits. An auxiliary task is no gift; it has to ask for the right thing.
(Layer-wise pre-training, Hinton and Salakhutdinov 2006, had more data and a narrower layer.)

What else regularises: **augmentation** (two pixels of room to crop, $3 \times 3$ places, nine times the data),
**shared weights** (chapter 11), batch normalisation as a side effect (chapter 9), adversarial training (chapter
15), and simply a smaller network.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Leave out section 6 if time is short. The two negative results (dropout in section 4, redrawing
here) are worth a minute: ask why they failed *before* the explanation. Students who have seen methods fail trust the
validation set more.
"""

# %% [markdown] slide="slide"
r"""
## 7. Summary

*1 minute (estimated), in the 20-minute path*

- A fit by heart has a small training error and long weights. Regularisation buys less variance with some bias, and less
  error on new data with some on the old.
- L2: $\frac{\lambda}{2} \sum w^2$, gradient $\lambda w$, a normal prior. L1: $\lambda \sum |w|$, gradient
  $\lambda\,\mathrm{sign}(w)$, a Laplace prior, **zeros**. Max-norm limits each unit's length.
- Strength and stopping are chosen on the **validation** set; early stopping needs patience and a **copy** of the best
  weights.
- Dropout: a unit that is kept with probability $q$ sends $q\,h$ on average. Make up for it in use, or in training, but
  once.
- Noise on the inputs penalises the Jacobian. Ensembles average probabilities; distillation puts them into one network.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| $P(\theta \mid X) = P(X \mid \theta) P(\theta)$ | proportional to it |
| $\alpha \lVert W \rVert_2$; $\frac{\lambda}{2}\lVert w \rVert_{L2} = \frac{\lambda}{2}\sum w^2$ | the norm squared, in both |
| $\frac{\lambda}{2}\lVert\theta\rVert_1$ has the gradient $\lambda\,\mathrm{sign}(\theta)$ | $\frac{\lambda}{2}\,\mathrm{sign}(\theta)$ |
| dropout with $p$ = 0.5, no factor in use | the reader has to multiply by the probability to keep |
| in use, divide weights by 2 | for $p = 1/2$; in general multiply by the probability to keep |
| stop when validation gets worse | wait for `patience` epochs, and go back to the best weights |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| overfitting | learning the noise of the training data by heart |
| bias, variance | how wrong fits are on average; how much they differ from draw to draw of the data |
| regularisation | whatever keeps a model from overfitting |
| penalty, L1, L2, elastic net | a term of the loss that grows with the weights |
| max-norm | a limit on the length of each unit's incoming weights |
| prior | what one believes about the weights before seeing data |
| early stopping, patience | going back to the best epoch; how many epochs to wait for a better one |
| dropout, inverted dropout | silencing random units in training; with the correction made in training |
| ensemble, bagging | several networks whose probabilities are averaged; each from its own sample of the data |
| distillation, temperature | learning another network's soft answers; what divides its logits |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- A. N. Tikhonov, *On the stability of inverse problems* (in Russian), Doklady Akademii Nauk SSSR 39(5), 195–198, 1943.
- J. Sietsma, R. J. F. Dow, *Creating artificial neural networks that generalize*, Neural Networks 4(1), 67–79, 1991.
- A. Krogh, J. A. Hertz, *A simple weight decay can improve generalization*, NIPS 4, 1991.
- S. Geman, E. Bienenstock, R. Doursat, *Neural networks and the bias/variance dilemma*, Neural Computation 4(1),
  1–58, 1992.
- C. M. Bishop, *Training with noise is equivalent to Tikhonov regularization*, Neural Computation 7(1), 108–116, 1995.
- R. Tibshirani, *Regression shrinkage and selection via the lasso*, JRSS B 58(1), 267–288, 1996.
- L. Breiman, *Bagging predictors*, Machine Learning 24, 123–140, 1996.
- L. Prechelt, *Early stopping: but when?*, in Neural Networks: Tricks of the Trade, Springer 1998.
- N. Srebro, J. Rennie, T. Jaakkola, *Maximum-margin matrix factorization*, NIPS 17, 2004. Max-norm.
- H. Zou, T. Hastie, *Regularization and variable selection via the elastic net*, JRSS B 67(2), 301–320, 2005.
- G. E. Hinton, R. R. Salakhutdinov, *Reducing the dimensionality of data with neural networks*, Science 313,
  504–507, 2006.
- S. Rifai, P. Vincent, X. Muller, X. Glorot, Y. Bengio, *Contractive auto-encoders: explicit invariance during
  feature extraction*, ICML 2011. The Jacobian, penalised directly.
- N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, *Dropout: a simple way to prevent neural
  networks from overfitting*, JMLR 15, 1929–1958, 2014.
- G. Hinton, O. Vinyals, J. Dean, *Distilling the knowledge in a neural network*, NIPS 2014 deep learning
  workshop, 2015. arXiv:1503.02531
- D. Arpit and others, *A closer look at memorization in deep networks*, ICML 2017. Right labels first, false ones later.

**Next**: the exercises of this chapter. You write penalties, dropout, early stopping and an ensemble, in 110 minutes
(estimated). Then chapter 9: batch normalisation.
"""
