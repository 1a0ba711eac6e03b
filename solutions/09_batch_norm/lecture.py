# %% [markdown] slide="slide"
r"""
# Chapter 9: Batch normalisation

Weights that start with the right size keep a signal alive for the first step (chapter 5). After that, every step changes
what the next layer reads. What if a layer simply *made* its numbers have mean 0 and spread 1, at every step, and the
gradient knew about it?
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. compute batch normalisation forward, for features and for images, with every convention named;
2. say which statistics a layer uses while it is trained, which afterwards, and what goes wrong between the two;
3. derive the backward pass, and say why a wrong one can hide from a gradient check;
4. set scale and shift so that nothing changes, and say why this holds for one batch only;
5. say what batch normalisation does for learning rate and initialisation, and what is disputed about why.

**Before you start**: chapter 4 (layers as matrix products), chapter 5 (saturation, the size of weights), chapter 6
(mini-batches, learning rate); mean and variance.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 Why for the data only? | 3 | 2: without the table |
| 2 The forward pass | 6 | 4: without the two corrections |
| 3 Two modes | 8 | 5: the demos |
| 4 The way back | 8 | |
| 5 Scale and shift | 4 | 2: the factor 10 |
| 6 What it is good for | 7 | 6: the demo and the figure |
| 7 Folded away; images; other batches | 3 | |
| 8 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"
import inspect

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, gradcheck, init, losses, nn, norm, optim
from plainnet.demos import NormBatchSize, NormHistograms, RunningStatistics
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. Why for the data only?

*3 minutes (estimated), 2 of them in the 20-minute path*

For the data it is an old habit: subtract the mean of each feature, divide by its standard deviation. Gradient descent is
much faster then (LeCun and others, 1998; the O-rings of chapter 2). But the second layer does not read the data. It reads
what the first layer makes of them, and that drifts with every step.

Ioffe and Szegedy (2015) did the same in the middle of the network. The decks (slides of older courses, which this course
follows and corrects) present the idea as a simple wish: whoever wants Gaussian activations should make them so. Mean and standard
deviation are differentiable functions of the batch; they can be part of the network like anything else.
"""

# %% slide="subslide"
x, t = data.digits()
x = x.reshape(len(x), -1)


def spreads_while_training(lr, steps=40):
    """Return the spread of what enters the second layer's tanh (the mean over its units), at the start and after each step."""
    rng = np.random.default_rng(0)
    first, second, out = (nn.Linear(*fans, rng, init_w=init.xavier) for fans in [(64, 32), (32, 32), (32, 10)])
    method, seen = optim.SGD([p for layer in (first, second, out) for p in layer.parameters()], lr=lr), []
    for step in range(steps + 1):
        batch = rng.choice(len(x), 64, replace=False)
        z = second(plainnet.tanh(first(Tensor(x[batch]))))
        seen.append(z.data.std(axis=0).mean())
        method.zero_grad()
        losses.cross_entropy(out(plainnet.tanh(z)), t[batch]).backward()
        method.step()
    return seen


# %% slide="-"
for lr in (0.1, 0.5, 2.0):
    seen = spreads_while_training(lr)
    numbers = ", ".join(f"{seen[k]:.2f}" for k in (0, 10, 40))
    print(
        f"learning rate {lr}: spread at step 0, 10, 40: {numbers}; at the end {seen[40] / seen[0]:.1f} times the start"
    )

# %% [markdown] slide="-"
r"""
The same layer, the same start; after forty steps the spread of what it hands to its tanh has grown to more than one and a half,
to more than three times the start, or has first grown and then shrunk below it, depending on the learning rate alone. Each
layer behind has to learn from inputs that move while it learns; and a tanh that reads too large numbers is saturated (chapter 5).
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The question to begin with: "We standardise the data. Who does it for layer 2?" One minute. The table shows that the spread moves while learning, nothing more.
"""

# %% [markdown] slide="slide"
r"""
## 2. The forward pass

*6 minutes (estimated), 4 of them in the 20-minute path*

For each feature by itself, over the $N$ samples of the batch:

$$ \mu = \frac1N \sum_{i=1}^N x_i \qquad \sigma^2 = \frac1N \sum_{i=1}^N (x_i - \mu)^2 \qquad
   \hat x_i = \frac{x_i - \mu}{\sqrt{\sigma^2 + \epsilon}} \qquad y_i = \gamma\,\hat x_i + \beta $$

The **scale** $\gamma$ and the **shift** $\beta$ are learned, one of each for every feature; they start at 1 and 0. We write
$s = 1/\sqrt{\sigma^2+\epsilon}$, `inv_std` in programs. Two conventions, which not all libraries share in all places: the
variance divides by $N$ (it is *biased*), and $\epsilon$, here $10^{-5}$ (in Keras $10^{-3}$), stands *inside* of the root.

A small example, with $\epsilon = 4$ so that the numbers come out round:
"""

# %% slide="-"
column = np.array([[1.0], [3.0], [5.0], [7.0]])
mean, variance = column.mean(axis=0), column.var(axis=0)  # along axis 0: over the samples
inv_std = 1 / np.sqrt(variance + 4)
x_hat = (column - mean) * inv_std
print(f"mean {mean}, variance {variance}, inv_std {inv_std}")
print("x_hat", x_hat[:, 0].round(4), " y = 3 x_hat + 10:", (3 * x_hat + 10)[:, 0])
print("plainnet:", plainnet.batch_norm(column, np.array([3.0]), np.array([10.0]), epsilon=4).data[:, 0])

# %% [markdown] slide="subslide"
r"""
### As lines of plainnet

The same formula; `scale_per_channel` and `add_per_channel` multiply by and add one number for each feature, in place.
"""

# %% slide="-"
code_of(norm.batch_norm.forward, docstring=False)

# %% slide="-"
code_of(norm.batch_statistics)

# %% [markdown] slide="subslide"
r"""
### Why epsilon: a correction

One deck divides by $\sqrt{\operatorname{Var}[x]}$, another by $\sigma$, both without $\epsilon$; only the algorithm box has it.
**Without $\epsilon$ a feature that is equal in all samples makes 0/0.** Such features are common: a border pixel of the
digits, a ReLU that is silent for the whole batch.
"""

# %% slide="-"
with np.errstate(invalid="ignore"):
    pixels = x[:64].astype(float)
    plain = (pixels - pixels.mean(axis=0)) / pixels.std(axis=0)
print(f"digits, 64 pixels, a batch of 64: {np.sum(pixels.std(axis=0) == 0)} are constant;", end=" ")
print(f"without epsilon {np.isnan(plain).any(axis=0).sum()} features are NaN")
y = plainnet.batch_norm(pixels, np.ones(64), np.zeros(64)).data
print(f"with epsilon: all finite: {np.isfinite(y).all()}, largest |mean| {np.abs(y.mean(axis=0)).max():.0e}")

# %% [markdown] slide="-"
r"""
One more trap: $\sigma^2 = \overline{x^2} - \mu^2$ is the same number on paper. For a feature with mean $10^7$ and spread 1
it is the difference of two numbers near $10^{14}$, of which float64 keeps 16 digits. Subtract first, then square.
"""

# %% slide="-"
far = 1e7 + np.random.default_rng(0).normal(size=1000)
print(
    f"variance: subtract first {far.var():.4f}, mean square minus squared mean {np.mean(far**2) - far.mean() ** 2:.4f}"
)

# %% [markdown] slide="subslide"
r"""
### Unit Gaussian? A correction

**Normalising makes mean 0 and variance 1; it makes nothing Gaussian.** What had two humps has two humps afterwards. It is a
shift and a stretch, for each feature by itself. Nor are the features uncorrelated.
"""

# %% slide="-"
rng = np.random.default_rng(0)
humps = np.concatenate([rng.normal(2, 0.3, 4000), rng.normal(8, 0.3, 4000)])[:, None]
y = plainnet.batch_norm(humps, np.ones(1), np.zeros(1)).data
figure, panels = plt.subplots(1, 2, figsize=(10, 2.8), sharey=True)
for axes, values, title in zip(panels, (humps, y), ("before", "normalised")):
    axes.hist(values[:, 0], bins=60, color=BLUE)
    mean = values.mean().round(1) + 0  # no -0.0
    axes.set(title=f"{title}: mean {mean:.1f}, variance {values.var():.1f}", xlabel="value (no unit)")
panels[0].set_ylabel("samples (count)")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: two histograms of 8,000 samples. Left: two narrow humps around 2 and 8, with mean 5 and variance
9.1. Right, after normalising: the same two humps, around −1 and 1, with mean 0 and variance 1. The shape is unchanged.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Work the column (1, 3, 5, 7) at the board. Ask before the next section: "and for a batch of *one*?"
Let them compute: x − mean is 0, so y = beta, whatever the image is.
"""

# %% [markdown] slide="slide"
r"""
## 3. Two modes

*8 minutes (estimated), 5 of them in the 20-minute path*

In **training mode** the layer uses the mean and variance of its batch. A batch of one is its own mean: $x - \mu = 0$, and
$y = \beta$ for every image. (plainnet and PyTorch refuse such a batch in training: there is no $N-1$ to divide by.) And with
company, the answer to one image depends on which others stand beside it. Neither will do for a network in use.

In **evaluation mode** the layer uses fixed numbers instead: averages of the statistics that its batches had during
training, the **running statistics**. Then an image's answer depends on this image alone. A deck says that
running averages can estimate them, and leaves open how. That "how" has three conventions in it.
"""

# %% [markdown] slide="subslide"
r"""
### Name the convention

| question | plainnet | elsewhere |
|---|---|---|
| momentum $m$ | **keep**: running $\leftarrow m\cdot$running $+ (1-m)\cdot$batch, $m = 0.9$; so Keras ($m = 0.99$) | PyTorch, **replace**: running $\leftarrow (1-m)\cdot$running $+ m\cdot$batch, $m = 0.1$ |
| variance in the normalisation | divides by $N$ | PyTorch, Keras: by $N$ as well |
| variance that is averaged | divides by $N-1$ (*unbiased*), as in the paper and in PyTorch | Keras 3 and some courses: by $N$ |

"0.9, keep" and "0.1, replace" are the same. "0.9" copied from one to the other is not: the start is left behind at once,
and the averages jump with every batch. "0.1, keep" fails in the same way. With "0.99, keep" the start (mean 0, variance 1) is
still there after a hundred batches, since $0.99^{100} = 0.37$.

For a batch of 4, $N$ or $N - 1$ makes a factor $4/3$ in the variance; for 256 it makes none that anyone would see.
"""

# %% slide="subslide"
batch = np.array([[1.0], [3.0], [5.0], [7.0]])
mean, biased, unbiased = batch.mean(), batch.var(), batch.var(ddof=1)
print(f"batch (1, 3, 5, 7): mean {mean}, variance {biased} (by N), {unbiased:.4f} (by N - 1)")
for name, kept in [("keep", 0.9), ("replace", 0.1)]:
    running = [kept * old + (1 - kept) * new for old, new in [(0, mean), (1, biased), (1, unbiased)]]
    print(f"momentum 0.9, {name:7}: mean 0 -> {running[0]:.4f}, variance 1 -> {running[1]:.4f} or {running[2]:.4f}")
layer = nn.BatchNorm(1, momentum=0.9)
layer(batch.astype(np.float32))
print("plainnet:                mean", layer.running_mean, "variance", layer.running_variance)

# %% [markdown] slide="subslide"
r"""
### As lines of plainnet

`model.train()` and `model.eval()` set `self.training` in all layers. Forgetting `eval()` before a test is the most frequent
fault with this layer; updating the averages in evaluation mode is the second.
"""

# %% slide="-"
code_of(nn.BatchNorm.forward)

# %% slide="-"
code_of(nn.BatchNorm.update_running)

# %% [markdown] slide="subslide"
r"""
### Demo: running statistics

Batches pass through a layer in training mode; the running mean follows. **Ask first**: how many batches until it is there?
"""

# %% slide="-"
RunningStatistics(momentum="0.9")

# %% [markdown] slide="subslide"
r"""
### Demo: batch size 1 to 64

A network with batch normalisation has learned digits and was left in training mode. What does one unit make of *one*
image, in 150 random batches? **Ask first**: how many answers are right in batches of 2?
"""

# %% slide="-"
NormBatchSize()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes each. In the second demo, take hands at the question, then play: 10 % for batches of one
(every image gives beta), and close to evaluation mode from 16 on. That noise is what a deck means when it calls batch
normalisation an odd kind of regularisation.
The batches of the demo are drawn at random. Ask what happens if all images of a batch show a 3: the mean then holds the
very thing that the network should see. (Measured with this network, the unseen digits sorted by class: 60 % right in
batches of 64, 15 % in batches of 8.)
"""

# %% [markdown] slide="slide"
r"""
## 4. The way back

*8 minutes (estimated)*

Change one $x_j$. Three things change: $\hat x_j$ directly; $\mu$, and with it all $\hat x_i$; $\sigma^2$, and with it all
$\hat x_i$ again. With $g_i = \partial L/\partial y_i$, the parameters are easy, since each sample used them once:

$$ \frac{\partial L}{\partial \beta} = \sum_i g_i \qquad \frac{\partial L}{\partial \gamma} = \sum_i g_i\,\hat x_i $$

For $x$ we need $\partial \hat x_i / \partial x_j$, where $\hat x_i = (x_i - \mu)\,s$ and $s = (\sigma^2 + \epsilon)^{-1/2}$.
"""

# %% [markdown] slide="subslide"
r"""
### Three steps

1. **The mean.** $\partial \mu / \partial x_j = 1/N$, so $\partial (x_i - \mu)/\partial x_j = [i = j] - 1/N$. ($[i=j]$ is 1
   where $i = j$ and 0 elsewhere.)
2. **The variance.** $\partial \sigma^2 / \partial x_j = \frac2N (x_j - \mu)$. (That $\mu$ moves, too, adds $-2 \cdot
   \frac1N\sum_i (x_i - \mu) \cdot \frac1N = 0$: programs that leave this term out are right.) So
   $\partial s/\partial x_j = -\frac12 (\sigma^2+\epsilon)^{-3/2} \cdot \frac2N (x_j - \mu) = -\frac1N s^2\,\hat x_j$.
3. **Together**, by the product rule, with $x_i - \mu = \hat x_i / s$:

$$ \frac{\partial \hat x_i}{\partial x_j} = s \left( [i = j] - \frac1N - \frac{\hat x_i\,\hat x_j}{N} \right) $$

Multiply by $\gamma g_i$ and sum over $i$. With a bar for the mean over the batch:

$$ \frac{\partial L}{\partial x_j} = \gamma\,s\,\big(\; g_j - \overline{g} - \hat x_j\,\overline{g\,\hat x}\;\big) $$

The gradient loses its mean, and its part along $\hat x$ (but for the share $\epsilon/(\sigma^2+\epsilon)$ of that part): what
shifts or stretches the whole batch would be undone anyway.
"""

# %% slide="subslide"
print(inspect.getsource(norm.batch_norm.joint_rule))

# %% [markdown] slide="-"
r"""
The example again, with $\gamma = 3$, $s = 1/3$ and $g = (4, 0, 0, 0)$: $\overline g = 1$ and $\overline{g\hat x} = -1$.
"""

# %% slide="-"
x_column = Tensor(column, requires_grad=True)
gamma, beta = Tensor(np.array([3.0]), requires_grad=True), Tensor(np.array([10.0]), requires_grad=True)
y = plainnet.batch_norm(x_column, gamma, beta, epsilon=4)
y.backward(np.array([[4.0], [0.0], [0.0], [0.0]]))
print("grad x", x_column.grad[:, 0].round(4), " sum", x_column.grad.sum().round(9) + 0)
print("grad gamma", gamma.grad.round(4), " grad beta", beta.grad)

# %% [markdown] slide="subslide"
r"""
### A wrong one that hides

Check a backward pass with the loss `y.sum()`, as many programs do, and $g$ is 1 everywhere. Then $\overline g = 1$,
$\overline{g \hat x} = 0$, and **the right gradient is 0**: the sum of $\hat x$ does not depend on $x$. A function that returns
zeros passes; so does one that forgets the way through the variance. A random $g$ finds both:
"""

# %% slide="-"
rng = np.random.default_rng(0)
z = rng.normal(size=(6, 1))
s = 1 / np.sqrt(z.var() + 1e-5)
z_hat = (z - z.mean()) * s
for name, g in [("all ones", np.ones((6, 1))), ("random", rng.normal(size=(6, 1)))]:
    right = s * (g - g.mean() - z_hat * (g * z_hat).mean())
    wrong = {"zeros": 0 * g, "without the variance": s * (g - g.mean()), "direct way alone": s * g}
    print(f"g {name}:", ", ".join(f"{key} off by {np.abs(value - right).max():.3f}" for key, value in wrong.items()))
gradcheck.check(plainnet.batch_norm, z, np.ones(1), np.zeros(1), rng=rng)
print("plainnet's own rule passes its check, which draws g at random")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Derive steps 1 to 3 at the board. The sentence that stays: the gradient loses its mean and its part along x_hat.
Ask: "which g gives a gradient of exactly 0?" (Every constant, every multiple of x_hat, and their sums; with epsilon = 0. In a
batch of two, these are all there are: no gradient passes.)
"""

# %% [markdown] slide="slide"
r"""
## 5. Scale and shift

*4 minutes (estimated), 2 of them in the 20-minute path*

Mean 0 and variance 1 are not always what a layer wants: a sigmoid would then only be used where it is nearly straight. So
the network may move away from there. A deck notes that it can learn $\gamma = \sqrt{\operatorname{Var}[x]}$, $\beta =
\operatorname{E}[x]$, and so give back what came in. **Two corrections**: exactly, it is $\gamma =
\sqrt{\operatorname{Var}[x] + \epsilon}$; and *switch off*, as another deck says, is too much. $\gamma$ and $\beta$ are fixed numbers, the
batch's statistics are not: what is the identity for one batch isn't for the next.
"""

# %% slide="-"
rng = np.random.default_rng(0)
first, second = (rng.normal(3, 2, size=(16, 1)) for _ in range(2))
for name, scale in [("sqrt(Var)", first.std(axis=0)), ("sqrt(Var + epsilon)", np.sqrt(first.var(axis=0) + 1e-2))]:
    same, other = (plainnet.batch_norm(z, scale, first.mean(axis=0), epsilon=1e-2).data for z in (first, second))
    off = np.abs(same - first).max(), np.abs(other - second).max()
    print(f"gamma = {name:19}: off by {off[0]:.0e} on this batch, by {off[1]:.2f} on the next batch of 16")

# %% [markdown] slide="subslide"
r"""
### What no longer matters

Let the layer in front be $z = x\,w + b$. A constant $b$ goes into the mean and is subtracted: **a bias before batch
normalisation does nothing**, its gradient is 0, and $\beta$ takes its place. A factor on $w$ goes into the standard
deviation and is divided out: **weights ten times as large give the same output**, and so a gradient a tenth as large.
"""

# %% slide="-"
images = Tensor(x[:64].astype(float))
w0, b0, g = rng.normal(size=(64, 5)), rng.normal(size=5), rng.normal(size=(64, 5))
for factor in (1, 10):
    w, b = Tensor(factor * w0, requires_grad=True), Tensor(b0, requires_grad=True)
    y = plainnet.batch_norm(images @ w + b, np.ones(5), np.zeros(5), epsilon=1e-9)
    y.backward(g)
    print(f"weights x {factor:2}: output {y.data[0, 0]:.5f}, |grad w| {np.linalg.norm(w.grad):.4f}, ", end="")
    along = np.abs((w.data * w.grad).sum(axis=0)).max()
    print(f"|grad b| {np.linalg.norm(b.grad):.0e}, along a column of w {along:.0e}")

# %% [markdown] slide="-"
r"""
That is half of an answer to why large learning rates do less harm. Since the length of a column of $w$ changes nothing, its
gradient stands at right angles to it (the last number), so each plain gradient step makes it longer; a step that is too large makes it much
longer, and with longer weights the next steps count less. (It also means that an L2 penalty on such weights (chapter 8) does not limit what
they compute; it changes how large a step is.)
"""

# %% [markdown] slide="slide"
r"""
## 6. What it is good for

*7 minutes (estimated), 6 of them in the 20-minute path*

A deck claims four things: (1) gradients get through more easily; (2) learning rates may be larger; (3) the start of the
weights matters less; (4) it regularises a little, so that dropout may be needed less, "maybe". The noise that (4) rests on was
in the demo of batch sizes. Now the other three.
"""

# %% [markdown] slide="subslide"
r"""
### Gradients through twenty layers

The network of chapter 5, before its first step: how large is the gradient of the second layer's weights, compared with the
last layer's?
"""


# %% slide="-"
def second_to_last(activation, normalised, depth=20, width=32):
    """Return |gradient of the weights| of the second of some layers, divided by the last one's."""
    rng = np.random.default_rng(0)
    dense = [nn.Linear(fan_in, width, rng, init_w=init.xavier) for fan_in in [64] + [width] * (depth - 1)]
    blocks = [[layer, nn.BatchNorm(width), activation] if normalised else [layer, activation] for layer in dense]
    model = nn.Sequential(*sum(blocks, []), nn.Linear(width, 10, rng, init_w=init.xavier))
    losses.cross_entropy(model(x[:64]), t[:64]).backward()
    return np.linalg.norm(dense[1].w.grad) / np.linalg.norm(dense[-1].w.grad)


# %% slide="-"
for name in ("sigmoid", "tanh", "relu"):
    ratios = [second_to_last(getattr(plainnet, name), bn) for bn in (False, True)]
    print(f"{name:7} without batch norm {ratios[0]:8.1e}, with {ratios[1]:5.1f}")
print(f"a factor of sqrt(pi / (pi - 1)) for each of 18 layers: {np.sqrt(np.pi / (np.pi - 1)) ** 18:.0f}")

# %% [markdown] slide="-"
r"""
**A correction to (1).** With sigmoids, what had vanished is there again. But nothing keeps gradients *equal*: at the start they
now grow towards the first layers, with ReLU by $\sqrt{\pi/(\pi-1)} = 1.21$ a layer where layers are wide (Yang and others, 2019).
ReLU lets half of the squared gradient pass; batch norm divides by the variance of ReLU's outputs, $\frac12 - \frac1{2\pi}$, which
is less than a half. Over hundreds of layers that is too much: one reason for the skips of residual networks.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: with and without

Two networks of five layers, the same weights at the start, the same batches, one learning rate. **Ask first**: at learning
rate 1, who learns?
"""

# %% slide="-"
NormHistograms(lr=1.0)


# %% slide="subslide"
def loss_after(normalised, lr, factor, steps=50, width=32):
    """Return the loss on 512 digits after some steps of a network of four tanh layers."""
    rng, layers = np.random.default_rng(0), []
    for fan_in in (64, width, width, width):
        layers.append(nn.Linear(fan_in, width, rng, init_w=lambda shape, r: factor * init.xavier(shape, r)))
        layers += [nn.BatchNorm(width), plainnet.tanh] if normalised else [plainnet.tanh]
    model = nn.Sequential(*layers, nn.Linear(width, 10, rng, init_w=init.xavier))
    method = optim.SGD(model.parameters(), lr=lr)
    for _ in range(steps):
        batch = rng.choice(512, 64, replace=False)
        method.zero_grad()
        losses.cross_entropy(model(x[batch]), t[batch]).backward()
        method.step()
    return losses.cross_entropy(model(x[:512]), t[:512]).item()


# %% slide="-"
rates, factors = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0), (0.1, 0.3, 1.0, 3.0, 10.0)
by_rate = {bn: [loss_after(bn, lr, 1.0) for lr in rates] for bn in (False, True)}
by_factor = {bn: [loss_after(bn, 0.1, factor) for factor in factors] for bn in (False, True)}
for bn, name in [(False, "without"), (True, "with   ")]:
    print(name, "learning rates", dict(zip(rates, np.round(by_rate[bn], 2).tolist())))
    print(name, "weights times ", dict(zip(factors, np.round(by_factor[bn], 2).tolist())))

# %% slide="subslide"
figure, panels = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True)
for axes, at, results in [(panels[0], rates, by_rate), (panels[1], factors, by_factor)]:
    axes.loglog(at, results[False], "o--", color=ORANGE, label="without")
    axes.loglog(at, results[True], "s-", color=BLUE, label="with batch norm")
    axes.axhline(np.log(10), color="black", linewidth=1.2, linestyle=":", label="guessing")
panels[0].set(xlabel="learning rate (no unit)", ylabel="loss after 50 steps (nats)", title="Xavier's weights")
panels[1].set(xlabel="Xavier's weights times (no unit)", title="learning rate 0.1")
panels[0].legend(fontsize=12)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the loss after 50 steps on logarithmic axes, without batch norm (dashed, circles) and with it (solid,
squares); a dotted line at $\log 10 = 2.303$, the loss of guessing. Left, by learning rate: both fall up to 0.3. There the
network without batch norm has its best loss, 0.3; at 1 it has 1.1, and at 3 it is far above the line. The one with batch norm is
lower everywhere, and lowest at 1. Right, by the size of the weights at the start: without batch norm, weights that are too
small learn nothing; with it they do no harm. For weights three or ten times too large little is left of its lead.
"""

# %% [markdown] slide="subslide"
r"""
So property 3 holds on one side. Why not on the other? Section 5: with weights ten times as large, a gradient is a tenth, and
a step changes a hundredth as much, relative to the weight. They start far out, and learn slowly.
"""

# %% [markdown] slide="subslide"
r"""
### Why does it work? Disputed

The paper's title says *internal covariate shift*: what a layer reads keeps changing while the layers before it learn, and batch
normalisation stops that. Santurkar, Tsipras, Ilyas and Mądry (2018) put noise *behind* each batch normalisation, so that
the shift came back, and the network trained as well as before. They, and others since, see the
gain in the loss itself: it becomes smoother, gradients change less from step to step, so that larger steps are safe. The
measurements above hold either way.

The decks put it between the matrix product (or convolution) and the activation, as the paper does. Behind the activation
works, too; it is a choice, and you should say which.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The demo is the centre of this section: preset 0.1 first (both learn), then 1, then 10 (neither).
In the network without batch norm the columns of the last layers run to both ends within some steps.
"""

# %% [markdown] slide="slide"
r"""
## 7. Folded away; images; other batches

*3 minutes (estimated)*

**In use it costs nothing.** With fixed statistics the layer is a scale and a shift, $y = z \cdot c + (\beta - \text{mean}
\cdot c)$ with $c = \gamma/\sqrt{\text{variance} + \epsilon}$, and the dense layer before it can take both:
$w \leftarrow w \cdot c$ (each unit's *column* by its own factor), $b \leftarrow (b - \text{mean}) \cdot c + \beta$.
"""

# %% slide="-"
rng = np.random.default_rng(0)
dense, layer = nn.Linear(64, 8, rng), nn.BatchNorm(8)
for _ in range(50):
    layer(dense(Tensor(x[rng.choice(len(x), 32)])))
layer.eval()
c = layer.gamma.data / np.sqrt(layer.running_variance + layer.epsilon)
folded = x @ (dense.w.data * c) + ((dense.b.data - layer.running_mean) * c + layer.beta.data)
print(f"two layers against one: largest difference {np.abs(layer(dense(Tensor(x))).data - folded).max():.0e} (float32)")

# %% [markdown] slide="subslide"
r"""
**Images.** After a convolution (chapter 11) a *channel* is one feature, seen at many places: one mean and one variance over all
images, rows and columns, so $N\cdot H \cdot W$ values. plainnet keeps channels last, (N, H, W, C): axes 0, 1, 2.
"""

# %% slide="-"
pictures = np.random.default_rng(0).normal(2, 3, size=(4, 5, 6, 3))
y = plainnet.batch_norm(pictures, np.ones(3), np.zeros(3)).data
print("per channel: mean", y.mean(axis=(0, 1, 2)).round(6) + 0, "variance", y.var(axis=(0, 1, 2)).round(4))
print("per pixel, mean over the images alone:", y.mean(axis=0)[0, 0].round(3), "(not 0: nor should it be)")

# %% [markdown] slide="-"
r"""
**Without a batch.** Layer normalisation (Ba, Kiros and Hinton, 2016) takes mean and variance over the features of *one* sample. It needs no
company and no running statistics, works with a batch of one, and is the same in both modes: the usual choice in
networks for text. In plainnet it is `layer_norm`, in the same file as `batch_norm`.
"""

# %% [markdown] slide="slide"
r"""
## 8. Summary

*1 minute (estimated), in the 20-minute path*

- Each feature gets mean 0 and variance 1 over the batch, then a learned **scale and shift**; $\epsilon$ inside of the root.
- **Two modes**: the batch's statistics while training, running statistics in use. A batch of one gives $\beta$.
- **Name the convention**: keep or replace; $N$ or $N - 1$.
- The gradient loses its mean and its part along $\hat x$. Only a **random** upstream gradient can tell.
- A bias in front does nothing; the size of the weights in front doesn't matter. Larger learning rates and careless starts
  become possible.
- In use it folds into the layer before it.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| divide by $\sqrt{\operatorname{Var}}$, or by $\sigma$ | by $\sqrt{\operatorname{Var} + \epsilon}$: constant features would give 0/0 |
| unit Gaussian | mean 0 and variance 1; the shape stays |
| $\gamma = \sqrt{\operatorname{Var}}$ recovers the identity | $\gamma = \sqrt{\operatorname{Var} + \epsilon}$, and for one batch only |
| the parameters can switch it off | the batch's statistics still change from batch to batch |
| running averages | keep or replace, $N$ or $N-1$: say which |
| gradients flow better | they no longer vanish; at the start they grow towards the first layers |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| batch normalisation | mean 0 and variance 1 for each feature over the batch, then scale and shift |
| batch statistics, running statistics | mean and variance of one batch; their averages, collected while training |
| training mode, evaluation mode | uses the batch's statistics; uses the running ones |
| momentum (keep, replace) | the share of the old average that is kept; in PyTorch, that is replaced |
| biased, unbiased variance | divided by $N$; by $N-1$ |
| scale and shift | the learned $\gamma$ and $\beta$ |
| folding | writing a dense layer and the batch normalisation after it as one dense layer |
| layer normalisation | mean and variance over the features of one sample |
| internal covariate shift | what a layer reads changes while the layers before it learn |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp*, in Neural Networks: Tricks of the Trade, Springer 1998.
- S. Ioffe, C. Szegedy, *Batch normalization: accelerating deep network training by reducing internal covariate shift*,
  ICML 2015. arXiv:1502.03167. Algorithm 1 is the decks' box; section 3.1 has the factor $N/(N-1)$.
- J. L. Ba, J. R. Kiros, G. E. Hinton, *Layer normalization*, 2016. arXiv:1607.06450
- S. Santurkar, D. Tsipras, A. Ilyas, A. Mądry, *How does batch normalization help optimization?*, NeurIPS 2018.
  arXiv:1805.11604
- G. Yang, J. Pennington, V. Rao, J. Sohl-Dickstein, S. S. Schoenholz, *A mean field theory of batch normalization*, ICLR 2019.
  arXiv:1902.08129
- Y. Wu, K. He, *Group normalization*, ECCV 2018. arXiv:1803.08494. What to do when batches are small.

**Next**: the exercises of this chapter. You write the layer in both modes and its way back, and take it out again, in 96
minutes (estimated). Then chapter 11: convolution.
"""
