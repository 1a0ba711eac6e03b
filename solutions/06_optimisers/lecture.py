# %% [markdown] slide="slide"
r"""
# Chapter 6: Optimisers and schedules

A gradient is a direction, for an infinitely small step, from one place, on some of the data. Training takes large
steps, thousands of them. This lecture is about what lies between: which gradient, how far, what to remember, when to
slow down.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. read an update rule and say at once whether it descends, and what its numbers mean;
2. say what a batch size buys, in noise and in time;
3. explain a ravine, and why momentum helps in it;
4. write down Adagrad, RMSprop and Adam, and say which part acts on the gradient and which on the rate;
5. choose a schedule, and a brake for gradients that are too long.

**Before you start**: gradient descent and logistic regression (chapter 2), softmax regression (chapter 3).
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 The sign on the slide | 5 | yes |
| 2 A gradient from a few samples | 7 | the demo |
| 3 What is hard about going downhill | 5 | |
| 4 Momentum, and looking ahead | 6 | momentum |
| 5 A rate for every weight | 8 | Adam, and the race |
| 6 The rate over time | 6 | the demo |
| 7 A brake, summary, words | 2 | the summary |
"""

# %% slide="skip"
import inspect
import time

import matplotlib.pyplot as plt
import numpy as np

from plainnet import Tensor, data, losses, nn, optim, schedules
from plainnet.demos import BatchNoise, OptimiserRace, SchedulePlot
from plainnet.lecture import BLACK, BLUE, GREEN, ORANGE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. The sign on the slide

*5 minutes (estimated), in the 20-minute path*

The rule that everything here varies: a step *against* the gradient, with the learning rate $\alpha$ (`lr` in
code) as its size,

$$ w_{t+1} = w_t \;-\; \alpha\,\frac{\partial L}{\partial w_t} $$

The *decks* are slides of older courses, which this course follows and corrects; you do not need them. In them the sign is
wrong four times: stochastic gradient descent and Adagrad stand there with $+\lambda$ ($\lambda$ is one deck's letter for
the learning rate; in this course it is the strength of a penalty); and twice, for descent and for momentum, the *formula* has a minus while the *code* beside it
adds `learning_rate` times the gradient. What does a plus do? The decks' own example: the line $t = 3x + 4$ at
$x = -5, \dots, 4$; start at $w = b = 1$; the loss is the **sum** of squared errors; learning rate 0.01.
"""

# %% [markdown] slide="subslide"
r"""
### With a minus, and with a plus
"""

# %% slide="-"
xs = np.arange(-5.0, 5.0)
ts = 3 * xs + 4


def losses_of_line(sign, lr=0.01, steps=25):
    w, b, seen = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True), []
    for _ in range(steps):
        loss = ((w * xs + b - ts) ** 2).sum()
        seen.append(loss.item())
        loss.backward()
        for p in (w, b):
            p.data = p.data + sign * lr * p.grad
            p.grad = None
    return seen, w.item(), b.item()


# %% slide="-"
for sign, name in ((-1, "minus"), (+1, "plus, as on the slide")):
    seen, w, b = losses_of_line(sign)
    first = ", ".join(f"{loss:,.4f}" for loss in seen[:3])
    print(f"{name:22} {first}, ...")
    print(f"{'after 25 steps':22} w = {w:.4g}, b = {b:.4g}, loss {seen[-1]:.2g}")

# %% [markdown] slide="-"
r"""
With the minus, $w$ and $b$ come to 3 and 4. With the plus each step multiplies the error; nothing complains. **Check
the first two losses of every training**: 370 then 199 descends, 370 then 2,153 does not.
"""

# %% [markdown] slide="subslide"
r"""
### The rule in plainnet

Formula $w \leftarrow w - \mathrm{lr}\; g$, and the lines that compute it, in place and without a new array:
"""

# %% slide="-"
code_of(optim.SGD.update)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Write the rule on the board with a plus and wait whether anybody protests. In a large room nobody
does. The bug hunt of the exercises is this code with three more faults. The losses 370, 199.05, 108.69 are those that
the deck prints.
"""

# %% [markdown] slide="slide"
r"""
## 2. A gradient from a few samples

*7 minutes (estimated); in the 20-minute path: the demo*

The loss is a mean over all $N$ samples, and so is its gradient. A *mini-batch* of $M$ samples gives an estimate:

$$ \nabla L = \frac1N \sum_{i=1}^{N} \nabla L_i \;\approx\; \frac1M \sum_{i \in \text{batch}} \nabla L_i, \qquad M \ll N $$

It is right on average, and its standard deviation is $1/\sqrt M$ of a single sample's. Four times the samples, four
times the work, half the noise: a bad bargain, and that is why batches are small.

**One epoch** is one pass through the data: shuffle, cut into batches, one step for each; the last batch takes what is
left. (One deck calls steps with one sample *stochastic* descent, with all samples *batch* descent, with some
*mini-batch* descent. Today everybody says SGD, whatever the batch size.) In the decks' Keras example, 2,400 samples in
batches of 128 for 30 epochs:
"""

# %% slide="-"
order_of_one_epoch = list(data.minibatches(np.arange(2400), np.arange(2400), 128))
sizes = [len(inputs) for inputs, _ in order_of_one_epoch]
print(f"2400 / 128 = {2400 / 128}: {len(sizes)} steps an epoch, the last with {sizes[-1]} samples")
print(f"30 epochs: {30 * len(sizes)} steps")

# %% [markdown] slide="subslide"
r"""
### How large is the noise?
"""

# %% slide="-"
digits, labels = data.digits()
digits = digits.reshape(len(digits), 64)
model = nn.Linear(64, 10, np.random.default_rng(0))


def gradient_on(chosen):
    """Return the gradient of the softmax regression's loss on these samples, as one vector."""
    for p in model.parameters():
        p.grad = None
    losses.cross_entropy(model(digits[chosen]), labels[chosen]).backward()
    return np.concatenate([p.grad.ravel() for p in model.parameters()])


rng = np.random.default_rng(1)
batch_sizes = [1, 4, 16, 64, 256, 1024]
exact = gradient_on(slice(None))
errors = {m: [gradient_on(rng.permutation(1797)[:m]) - exact for _ in range(100)] for m in batch_sizes}
noise = [np.sqrt(np.mean([e @ e for e in errors[m]])) for m in batch_sizes]

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 4.2))
axes.loglog(batch_sizes, noise, "o-", color=BLUE, label="measured, 100 batches each")
axes.loglog(batch_sizes, noise[0] / np.sqrt(batch_sizes), "--", color=ORANGE, label="noise of one sample / √M")
axes.axhline(np.linalg.norm(exact), color=BLACK, linestyle=":", label="length of the gradient itself")
axes.set(xlabel="batch size M (samples)", ylabel="distance from the\nfull gradient (no unit)")
axes.set_title("Softmax regression on 1,797 digits, at the start")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: on logarithmic axes the measured noise follows the dashed line of slope −1/2, and falls below
it at 1,024, where most of all samples are in the batch. The dotted line is the length of the gradient itself: with
one sample the noise is several times as long as what we want to know, with 64 it is clearly shorter.
"""


# %% [markdown] slide="subslide"
r"""
### Many rough steps beat one exact step

The same softmax regression, one epoch each, so the same number of samples seen:
"""


# %% slide="-"
def train(make, epochs, batch_size=32, schedule=None):
    """Return the loss on all digits, before and after each epoch."""
    rng = np.random.default_rng(0)
    model = nn.Linear(64, 10, rng)
    optimizer, seen = make(model.parameters()), []
    for epoch in range(epochs + 1):
        seen.append(losses.cross_entropy(model(digits), labels).item())
        for k, (x, t) in enumerate(data.minibatches(digits, labels, batch_size, rng)):
            if schedule:
                optimizer.lr = schedule(epoch + k * batch_size / len(digits))
            optimizer.zero_grad()
            losses.cross_entropy(model(x), t).backward()
            optimizer.step()
    return seen


# %% slide="subslide"
def seconds(function, argument):
    """Return the shortest of fifty runs."""
    times = []
    for _ in range(50):
        start = time.perf_counter()
        function(argument)
        times.append(time.perf_counter() - start)
    return min(times)


rows = ["batch size   steps in one epoch   loss before   loss after   one gradient (ms)"]
for m in (1, 16, 128, 1797):
    before, after = train(lambda params: optim.SGD(params, lr=0.1), epochs=1, batch_size=m)
    ms = 1000 * seconds(gradient_on, np.arange(m))
    rows.append(f"{m:10}   {-(-1797 // m):18}   {before:11.3f}   {after:10.3f}   {ms:17.3f}")
print("\n".join(rows))

# %% [markdown] slide="-"
r"""
1,797 steps with one sample each bring the loss down by a factor of ten; a single exact step hardly moves it. Then why
not always one sample? Because the gradient of 16 samples takes hardly more *time* than that of one (the last column,
measured now; matrix products do it), and because the noise stays: at the end it keeps you from the minimum. See it
happen:
"""

# %% [markdown] slide="subslide"
r"""
### Demo: how much of a gradient is chance?

Left the path, in the middle a hundred gradients that this step might have had. **Ask first**: from one sample to
batches of four, how much does the cloud shrink? Then look at the end of the path with *1 sample a step*, and what a
falling rate does to it.
"""

# %% slide="-"
BatchNoise()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Preset "1 sample a step", End: the blue path wanders around the minimum for ever,
while the loss on the right stays above 0.01. "1 sample, rate falls" calms it: the noise is the same, the steps get
shorter. For the 20-minute path show the formula and this demo. History if asked: Robbins and Monro (1951) proved that
noisy steps converge if the rates fall, but not too fast.
"""

# %% [markdown] slide="slide"
r"""
## 3. What is hard about going downhill

*5 minutes (estimated)*

**A ravine.** Along its floor the loss changes slowly, across it quickly. One rate must serve both. For a quadratic
loss with the largest curvature $\kappa_{\max}$ (the second derivative across the ravine), descent diverges as soon as

$$ \alpha > \frac{2}{\kappa_{\max}} $$

(on $\kappa x^2/2$ a step multiplies $x$ by $1 - \alpha\kappa$, and beyond $2/\kappa$ that is below −1), while along
the flattest direction the error shrinks only by the factor $1 - \alpha\,\kappa_{\min}$ a step. What
counts is the quotient $\kappa_{\max} / \kappa_{\min}$, the *condition number*. In the decks' line it is small, and
yet the rate 0.01 stands at the brink. (The curvatures of a quadratic are the eigenvalues of its Hessian, called
$\lambda$ in chapter 2; 0.0117 is stable, and very slow, since it jumps from wall to wall.)
"""

# %% slide="-"
design = np.stack([xs, np.ones_like(xs)], axis=1)
curvatures = np.linalg.eigvalsh(2 * design.T @ design)  # second derivatives of the sum of squares
print(f"curvatures {curvatures[0]:.2f} and {curvatures[1]:.2f}, condition number {curvatures[1] / curvatures[0]:.1f}")
print(f"largest stable rate 2 / {curvatures[1]:.2f} = {2 / curvatures[1]:.5f}")
for lr in (0.01, 0.0117, 0.012):
    print(f"lr = {lr}: loss after 25 steps {losses_of_line(-1, lr)[0][-1]:.3g}")

# %% [markdown] slide="subslide"
r"""
**Saddle points.** Where the gradient is zero, descent stands still, whether that is a minimum or not. In two
dimensions one thinks of local minima; with millions of weights, points that are lowest along *every* direction at once
are rare, and saddles are common (Dauphin and others, 2014). Noise and momentum carry you off a saddle; near one, plain
descent takes very long.

**Noise.** Section 2: the gradient is an estimate, and the steps stay as long as the rate.

| trouble | what the decks show | what helps |
|---|---|---|
| ravine (poor conditioning) | zig-zag | momentum; a rate for each weight; standardised inputs |
| saddle, flat part | stuck | noise, momentum |
| local minimum | stuck | rarely the problem in large networks |
| noisy gradients | wandering | larger batches; momentum; a falling rate |
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The number 0.01172 is worth a minute: the deck's rate of 0.01 is 15 % below disaster. Ask what
happens to it if x is measured in other units (curvature goes with the square).
"""

# %% [markdown] slide="slide"
r"""
## 4. Momentum, and looking ahead

*6 minutes (estimated); in the 20-minute path: momentum*

Let a velocity collect the gradients, and let older ones fade:

$$ v_{t+1} = \rho\,v_t + \nabla f(x_t) \qquad x_{t+1} = x_t - \alpha\,v_{t+1} $$

Across a ravine the gradients change sign and cancel out; along it they add up. If the gradient stays the same, $v$
grows to $1 + \rho + \rho^2 + \dots = 1/(1 - \rho)$ times it: with $\rho = 0.9$, **ten** times the step. (So momentum
with the rate of plain descent may well diverge: lower the rate.) The two formulas are the first two and the last
two lines of
"""

# %% slide="-"
code_of(optim.Momentum.update)

# %% [markdown] slide="-"
r"""
The deck's code has `+=` in the last line, against its own formula. And it calls $v$ a running *mean* of gradients: by
that formula it is a *sum* in which older ones fade, with $\rho = 0.9$ up to ten times as long as a mean.
"""


# %% slide="subslide"
def path_of(make, steps, curvature=np.array([1.0, 20.0])):
    """Return the path of an optimiser on a ravine, x^2/2 + 20 y^2/2, from (-10, 1): (steps + 1, 2)."""
    w = Tensor(np.array([-10.0, 1.0]), requires_grad=True)
    optimizer, path = make([w]), [w.data.copy()]
    for _ in range(steps):
        optimizer.zero_grad()
        (0.5 * curvature * w * w).sum().backward()
        optimizer.step()
        path.append(w.data.copy())
    return np.array(path)


runs = {
    "plain, lr 0.09": (path_of(lambda p: optim.SGD(p, 0.09), 30), "--s", ORANGE),
    "momentum 0.8, lr 0.05": (path_of(lambda p: optim.Momentum(p, 0.05, 0.8), 30), "-o", BLUE),
    "Nesterov 0.8, lr 0.05": (path_of(lambda p: optim.Nesterov(p, 0.05, 0.8), 30), ":^", GREEN),
}

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(9, 3.5))
x, y = np.meshgrid(np.linspace(-11, 5, 100), np.linspace(-1.6, 1.6, 80))
axes.contour(x, y, 0.5 * x**2 + 10 * y**2, levels=[0.5, 2, 8, 20, 40], colors="0.7", linewidths=1)
for name, (path, style, colour) in runs.items():
    axes.plot(path[:, 0], path[:, 1], style, color=colour, label=name, markersize=4, linewidth=1.5)
    print(f"{name:22} distance from the minimum after 30 steps: {np.linalg.norm(path[-1]):.3f}")
axes.set(xlabel="weight x (no unit)", ylabel="weight y (no unit)", title="Thirty steps in a ravine")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: a long flat valley with its minimum at (0, 0). The plain path (orange squares) jumps from
wall to wall and creeps along the floor, with steps that get shorter. Momentum (blue circles) swings a little at
first, runs along the floor, and overshoots the minimum before it turns. Nesterov (green triangles) hardly swings at
all.
"""

# %% [markdown] slide="subslide"
r"""
### Nesterov (1983): look where you are going

The velocity carries us on by $-\alpha \rho v_t$ anyway. So ask for the gradient *there*:

$$ v_{t+1} = \rho\,v_t + \nabla f(x_t - \alpha \rho v_t) \qquad x_{t+1} = x_t - \alpha\,v_{t+1} $$

On $f = x^2/2$ from 1 with $\alpha = 0.1$, $\rho = 0.9$ by hand: momentum 1, 0.9, 0.72, 0.486; Nesterov
1, 0.9, 0.729, 0.518. The first step is the same: there is no velocity yet. From the second on it brakes earlier.

A library gets one gradient, at the weights it holds. So it holds the look-ahead point, and the same method reads
$w \leftarrow w - \alpha\,(g + \rho v)$ (Sutskever and others, 2013):
"""

# %% slide="-"
code_of(optim.Nesterov.update)

# %% [markdown] slide="subslide"
r"""
### Three conventions under one name

| who | velocity | step |
|---|---|---|
| the decks, plainnet, PyTorch | $v \leftarrow \rho v + g$ | $w \leftarrow w - \alpha v$ |
| cs231n's notes | $v \leftarrow \mu v - \alpha g$ | $w \leftarrow w + v$ |
| others | $u \leftarrow \beta u + (1 - \beta) g$ | $w \leftarrow w - \alpha u$ |

With a constant rate the first two walk the same path. The third takes steps that are $1 - \beta$ times as long, a
tenth at 0.9: a rate from one text in the code of another is off by a factor of ten. **Name your convention.**
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Let the room compute the second momentum step: v = 0.9 * 1 + 0.9 = 1.8, x = 0.9 - 0.18 = 0.72.
The terminal velocity explains why people raise momentum and forget to lower the rate. Polyak's heavy ball is of 1964;
the year 1999 on the deck is that of Qian's analysis.
"""

# %% [markdown] slide="slide"
r"""
## 5. A rate for every weight

*8 minutes (estimated); in the 20-minute path: Adam, and the race*

Gradients of different layers may differ by orders of magnitude. **Adagrad** (2011) divides each weight's step by the
root of all its squared gradients so far:

$$ S_{t,i} = S_{t-1,i} + g_{t,i}^2 \qquad w_{t+1,i} = w_{t,i} - \frac{\alpha}{\sqrt{S_{t,i} + \varepsilon}}\; g_{t,i} $$

(The slide has a plus here as well, and says that it divides by the sum: it is the *root* of the sum.) $S$ only grows,
so the steps shrink like $1/\sqrt t$. That is what theory wants for convex problems, and too much for networks.

**RMSprop** (2012) forgets: $v \leftarrow \beta v + (1 - \beta) g^2$. Two lines more than Adagrad:
"""

# %% [markdown] slide="subslide"
r"""
### Both in plainnet
"""

# %% slide="-"
code_of(optim.Adagrad.update)

# %% slide="-"
code_of(optim.RMSprop.update)

# %% [markdown] slide="subslide"
r"""
### Where does $\varepsilon$ stand?

Inside the root, as on the slide, or outside, $\sqrt S + \varepsilon$, as in most libraries and in plainnet? For large
gradients nobody sees a difference. For a gradient of $10^{-6}$, with $\alpha = 0.001$ and $\varepsilon = 10^{-8}$:
"""

# %% slide="-"
g, lr, eps = 1e-6, 0.001, 1e-8
print(f"inside:  {lr * g / np.sqrt(g**2 + eps):.2g}")
print(f"outside: {lr * g / (np.sqrt(g**2) + eps):.2g}")

# %% [markdown] slide="-"
r"""
A factor of a hundred. Whoever moves an implementation from one library to another should look there first.
"""

# %% [markdown] slide="subslide"
r"""
### Adam (2014)

Momentum for the direction, RMSprop's division for the rate, and a correction for the start:

$$
m \leftarrow \beta_1 m + (1 - \beta_1)\,g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\,g^2 \qquad
w \leftarrow w - \alpha\,\frac{\hat m}{\sqrt{\hat v} + \varepsilon} \qquad
\hat m = \frac{m}{1 - \beta_1^t},\;\; \hat v = \frac{v}{1 - \beta_2^t}
$$

$m$ and $v$ start at 0, so they are too small at first; the *bias correction* divides by the share that has come in.
After $t$ steps that share is $1 - \beta^t$: with $\beta = 0.999$ it is 0.1 % after one step, 63 % after
$1/(1 - \beta) = 1000$, 95 % after 3000; with $\beta = 0.9$ it is 10 %, and 65 % after ten. Once it is near 100 %, the
correction changes nothing any more.
plainnet keeps sums rather than means, which saves two passes over memory; the factors stand in the last lines:
"""

# %% slide="-"
code_of(optim.Adam.move)

# %% [markdown] slide="subslide"
r"""
### Adam's first step
"""

# %% slide="-"
w = Tensor(np.array([0.0]), requires_grad=True)
for size in (1e-3, 1.0, 1e3):
    w.data[:] = 0
    adam = optim.Adam([w], lr=0.001)
    w.grad = np.array([size])
    adam.step()
    m, v = 0.1 * size, 0.001 * size**2
    print(f"gradient {size:6g}: Adam's first step {-w.data[0]:.6f}, without correction {0.001 * m / np.sqrt(v):.6f}")

# %% [markdown] slide="-"
r"""
The first step has the length of the rate, whatever the gradient. Without the correction it would be 3.16 times as
long. Why too *long*, if both means are too small? That question is yours, in the exercises.
"""

# %% [markdown] slide="subslide"
r"""
### Who acts on what

| method | year | changes the gradient's direction (memory of $g$) | changes the rate (memory of $g^2$) |
|---|---|---|---|
| momentum | 1964 (Polyak; the deck's 1999 is Qian) | yes | |
| Nesterov | 1983 | yes | |
| Adagrad | 2011 | | yes |
| RMSprop | 2012 | | yes |
| Adadelta | 2012 | | yes, and the past steps' size instead of $\alpha$ |
| Adam | 2014 | yes | yes |
| AdaMax | 2014 (in Adam's paper; the deck has 2015) | yes | yes, the largest instead of the mean |
| Nadam | 2016 (the deck has 2015) | yes, looks ahead | yes |
| AMSGrad | 2018 | yes | yes, never falls |

All nine are in `plainnet.optim`, each a few lines. Which is best? No method wins everywhere; well-tuned momentum
often generalises as well as Adam or better (Wilson and others, 2017). Adam forgives a badly chosen rate, and so it is
what one tries first.
"""

# %% slide="subslide"
methods = {
    "SGD": lambda p: optim.SGD(p, 0.3),
    "momentum": lambda p: optim.Momentum(p, 0.03),
    "Adagrad": lambda p: optim.Adagrad(p, 0.1),
    "RMSprop": lambda p: optim.RMSprop(p, 0.01),
    "Adadelta": lambda p: optim.Adadelta(p),
    "Adam": lambda p: optim.Adam(p, 0.01),
}
curves = {name: train(make, 15) for name, make in methods.items()}
print("loss on the digits:  start   1 epoch  5 epochs  15 epochs")
for name, curve in curves.items():
    print(f"{name:18}  {curve[0]:6.3f}   {curve[1]:7.3f}  {curve[5]:8.3f}  {curve[15]:9.3f}")

# %% [markdown] slide="-"
r"""
*Read with care*: one small convex problem, one seed, rates chosen by hand. What you may conclude: all of them work,
and the differences are of the size that another rate would make.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: the race

**Ask first**: who will be lowest in the ravine after 120 steps? Then double the rates. Then the saddle.
"""

# %% slide="-"
OptimiserRace()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Three minutes with the race. In the ravine, rates doubled:
SGD leaves the picture, Adam does not. Say why: its steps are bounded by the rate, about. On the saddle look at who
leaves first. For the short path: Adam's formula, the first-step table, the race.
"""

# %% [markdown] slide="slide"
r"""
## 6. The rate over time

*6 minutes (estimated); in the 20-minute path: the demo*

The deck asks: which of these learning rates is best?
"""

# %% slide="-"
rates = {"low": 0.01, "good": 0.3, "high": 2, "far too high": 20}
rated = {name: train(lambda p: optim.SGD(p, lr), 15) for name, lr in rates.items()}

# %% slide="subslide"
figure, axes = plt.subplots()
for (name, seen), style, colour in zip(rated.items(), ("--", "-", "-.", ":"), (GREEN, BLUE, ORANGE, BLACK)):
    axes.semilogy(seen, style, color=colour, label=f"lr = {rates[name]}, {name}")
axes.set(xlabel="epoch", ylabel="loss on the digits (nats)", title="Softmax regression, four learning rates")
axes.set_ylim(0.05, 300)  # room for the legend
axes.legend(loc="upper right", ncols=2)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: with 0.01 the loss falls slowly and steadily; with 0.3 fast and then more slowly; with 2 it
falls faster still, then jitters up and down; with 20 it leaps by factors of ten from epoch to epoch. (Where a jumping
curve ends is luck, low or high: don't read its last point.) The answer of the deck: *none of them for the whole training*. Start with a high one, and let it fall.
"""

# %% [markdown] slide="subslide"
r"""
### Three ways to fall, and a fourth

| name | rate at time $t$ | at $\alpha_0 = 0.1$, $k = 0.5$, $t = 2$ |
|---|---|---|
| step decay | $\alpha_0 \cdot 0.5^{\lfloor t / n \rfloor}$: halved every $n$ epochs | 0.1, 0.05, 0.025 at $t$ = 0, 10, 20 for $n = 10$ |
| exponential | $\alpha_0\,e^{-kt}$ | 0.0367879 |
| 1/t | $\alpha_0 / (1 + kt)$ | 0.05 |
| cosine (2017) | $\frac{\alpha_0}{2} (1 + \cos \frac{\pi t}{T})$, 0 from the time $T$ on | 0.0999013 for $T = 100$ |

Each rate is computed from the *first* one. Whoever multiplies the current rate by $1/(1+kt)$ in each epoch gets a
decay that is far too fast. In plainnet a schedule is a function from time to rate:
"""

# %% slide="-"
for schedule in (schedules.step, schedules.exponential, schedules.inverse_time, schedules.cosine):
    print(inspect.getsource(schedule).strip().splitlines()[-1].strip())
print()
print(f"exponential: {schedules.exponential(0.1, k=0.5)(2):.7f}  1/t: {schedules.inverse_time(0.1, k=0.5)(2)}")
print("step:", [schedules.step(0.1, every=10)(t) for t in (0, 1, 9, 10, 20)])

# %% slide="subslide"
final = {
    "constant 5": train(lambda p: optim.SGD(p, 5), 15, batch_size=8),
    "constant 0.5": train(lambda p: optim.SGD(p, 0.5), 15, batch_size=8),
    "cosine from 5": train(lambda p: optim.SGD(p, 5), 15, batch_size=8, schedule=schedules.cosine(5, duration=15)),
}
print("softmax regression on the digits, 15 epochs in batches of 8")
for name, curve in final.items():
    print(f"{name:14} last five epochs: ", "  ".join(f"{loss:.3f}" for loss in curve[-5:]))

# %% [markdown] slide="-"
r"""
The constant high rate jitters to the end, the constant low one is calm and slow. With the schedule the end is calm,
and lower than with either. (One seed, one problem: the demo below takes sixty-four.) **Robbins and Monro** (1951) said
how fast a rate may fall: $\sum \alpha_t = \infty$, so that one can still get anywhere, and $\sum \alpha_t^2 < \infty$,
so that the noise dies out. $1/t$ does both; the exponential does not satisfy the first: it stops, wherever it is.

**Warm-up**: large networks start with a rate that *rises* for some epochs, since at the start gradients are long and
change quickly (Goyal and others, 2017).
"""

# %% [markdown] slide="subslide"
r"""
### Demo: does falling pay?

Sixty-four noisy descents, with the schedule, with its first rate, and with a tenth of it. **Ask first**: which is
lowest after 40 epochs? Then *exponential, far too fast*.
"""

# %% slide="-"
SchedulePlot()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. "constant" first: the large rate is quick and stays high up, a tenth of it is slow.
Then "step": it has both. "exponential, far too fast" freezes at a loss of about 5: the sum of its rates is finite.
"""

# %% [markdown] slide="slide"
r"""
## 7. A brake, summary, words

*2 minutes (estimated)*

**Clipping.** A gradient a thousand times too long undoes an hour of training. Shorten it:

- by *value*: every number to at most $c$; this **turns** the gradient;
- by *norm*: all numbers by one factor, so that the common length is at most $c$; the direction stays (Pascanu and
  others, 2013).
"""

# %% slide="-"
for clip in (optim.clip_value, optim.clip_norm):
    a, b = Tensor(np.zeros(2), requires_grad=True), Tensor(np.zeros(1), requires_grad=True)
    a.grad, b.grad = np.array([30.0, 1.0]), np.array([4.0])
    clip([a, b], 1.0)
    after, before = np.array([*a.grad, *b.grad]), np.array([30.0, 1.0, 4.0])
    cosine = after @ before / np.linalg.norm(after) / np.linalg.norm(before)
    turned = np.degrees(np.arccos(min(cosine, 1)))
    print(f"{clip.__name__:10} (30, 1) and (4) -> {a.grad.round(3)} and {b.grad.round(3)}, turned by {turned:.0f}°")

# %% [markdown] slide="slide"
r"""
### Summary

*in the 20-minute path*

- Descent has a **minus**. Look at the first two losses of every training.
- A mini-batch's gradient is right on average; its noise falls with the **root** of the batch size, its price with the
  batch size itself.
- The largest curvature limits the rate, the smallest decides how long it takes: a ravine.
- **Momentum** remembers gradients: across a ravine they cancel out, along it they add up, to $1/(1 - \rho)$ times.
- **Adagrad, RMSprop, Adam** remember squares: each weight gets its own rate. Adam does both, with a bias correction.
- Let the rate **fall**: from the first rate, not too fast.
- Name the convention: momentum, $\varepsilon$, $t$ from 1.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| optimiser | the rule that turns gradients into steps of the weights |
| learning rate | how far a step of gradient descent goes, as a multiple of the gradient: `lr` in code, $\alpha$ in formulas |
| batch, mini-batch | the samples whose mean gradient makes one step; a mini-batch is a small part of the data |
| epoch | one pass through the data in which every sample is used once |
| stochastic gradient descent (SGD) | descent along gradients that are estimated from mini-batches |
| gradient noise | the difference between a mini-batch's gradient and that of all data |
| condition number | the largest curvature of a loss divided by the smallest; large in a ravine |
| saddle point | without slope, lowest along some directions and highest along others |
| momentum | moving along a velocity that sums up past gradients, older ones with less weight |
| Nesterov momentum | momentum that asks for the gradient where the velocity would lead |
| adaptive method | an optimiser that gives each weight a rate of its own, from its past gradients |
| running mean | a mean in which older values fade: old times $\beta$ plus new times $1 - \beta$ |
| bias correction | dividing a running mean that started at 0 by the weight that has come in so far |
| schedule, warm-up | the learning rate as a function of time; its first part, in which the rate rises |
| clipping | shortening a gradient that is too long before the step |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- H. Robbins, S. Monro, *A stochastic approximation method*, Annals of Mathematical Statistics 22, 400–407, 1951.
- B. T. Polyak, *Some methods of speeding up the convergence of iteration methods*, USSR Computational Mathematics and
  Mathematical Physics 4(5), 1–17, 1964. doi:10.1016/0041-5553(64)90137-5
- Y. Nesterov, *A method for solving the convex programming problem with convergence rate O(1/k²)*, Doklady Akademii
  Nauk SSSR 269, 543–547, 1983 (in Russian).
- N. Qian, *On the momentum term in gradient descent learning algorithms*, Neural Networks 12, 145–151, 1999.
- J. Duchi, E. Hazan, Y. Singer, *Adaptive subgradient methods for online learning and stochastic optimization*, JMLR
  12, 2121–2159, 2011.
- T. Tieleman, G. Hinton, *Lecture 6.5: RMSprop*, in the course Neural Networks for Machine Learning, Coursera, 2012.
- M. Zeiler, *ADADELTA: an adaptive learning rate method*, 2012. arXiv:1212.5701
- I. Sutskever, J. Martens, G. Dahl, G. Hinton, *On the importance of initialization and momentum in deep learning*,
  ICML 2013.
- R. Pascanu, T. Mikolov, Y. Bengio, *On the difficulty of training recurrent neural networks*, ICML 2013.
  arXiv:1211.5063
- Y. Dauphin and others, *Identifying and attacking the saddle point problem in high-dimensional non-convex
  optimization*, NIPS 2014. arXiv:1406.2572
- D. P. Kingma, J. Ba, *Adam: a method for stochastic optimization*, ICLR 2015. arXiv:1412.6980
- T. Dozat, *Incorporating Nesterov momentum into Adam*, ICLR workshop 2016. Nadam.
- I. Loshchilov, F. Hutter, *SGDR: stochastic gradient descent with warm restarts*, ICLR 2017. arXiv:1608.03983
- P. Goyal and others, *Accurate, large minibatch SGD: training ImageNet in 1 hour*, 2017. arXiv:1706.02677
- A. C. Wilson and others, *The marginal value of adaptive gradient methods in machine learning*, NIPS 2017.
  arXiv:1705.08292
- S. Reddi, S. Kale, S. Kumar, *On the convergence of Adam and beyond*, ICLR 2018. arXiv:1904.09237

**Next**: the exercises of this chapter, 110 minutes (estimated). Then chapter 8: what keeps a network from learning by
heart.
"""
