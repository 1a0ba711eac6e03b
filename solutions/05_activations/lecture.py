# %% [markdown] slide="slide"
r"""
# Chapter 5: Activations, vanishing gradients and initialisation

Between two matrix products stands a function that is applied to every number by itself, and before the first step of
training stands a random number for every weight. Both look like details. Chosen badly, they make a network of twenty
layers learn nothing at all, without any error message.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. draw six activation functions with their slopes, and say what each of them costs;
2. estimate what twenty layers leave of a gradient, from the slopes and from the size of the weights;
3. tell saturated units from dead ones, and say which remedy helps against which;
4. derive Xavier's and He's rule from the variance of a sum, and say which belongs to which activation;
5. look at a network *before* it is trained, and see whether it can learn.

**Before you start**: chapter 4 (layers as matrix products); chapter 1 (the chain rule, node by node); mean and variance.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 What stands between two layers | 6 | 4: without the rounding |
| 2 Vanishing gradients | 9 | 6: without the second figure and what was tried |
| 3 ReLU, and units that die | 7 | 3: the demo alone |
| 4 Where weights start | 5 | |
| 5 The size of a weight | 8 | 6: the derivation, the two rules, the demo |
| 6 Does it matter? | 3 | |
| 7 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"
import inspect

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, init, losses, nn, optim
from plainnet.demos import DeadUnits, GradientFlow, LayerHistograms
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. What stands between two layers

*6 minutes (estimated), 4 of them in the 20-minute path*

A layer computes $z = x\,W + b$ and hands on $y = f(z)$ (chapter 4 called it $a$). Without $f$ two layers are one, since $(x W_1) W_2 = x\,(W_1
W_2)$: chapter 4. So $f$ has to be bent somewhere. On the way back it multiplies what arrives by its slope:

$$ \frac{\partial L}{\partial z} = \frac{\partial L}{\partial y} \cdot f'(z) $$

Forward we care about the *shape* of $f$; backward about its *slope*. For training, the slope is what counts.
"""

# %% slide="-"
z = np.linspace(-5, 5, 401)
functions = {"sigmoid": plainnet.sigmoid, "tanh": plainnet.tanh, "softplus": plainnet.softplus}
functions |= {"ReLU": plainnet.relu, "leaky ReLU": lambda x: plainnet.leaky_relu(x, slope=0.1), "ELU": plainnet.elu}
curves = {}
for name, f in functions.items():
    x = Tensor(z, requires_grad=True)
    y = f(x)
    y.backward(np.ones_like(z))
    curves[name] = y.data, x.grad

# %% slide="subslide"
figure, panels = plt.subplots(2, 3, figsize=(11, 3.7), sharex=True, sharey=True)
for (name, (y, slope)), axes in zip(curves.items(), panels.flat):
    axes.plot(z, y, color=BLUE, label="f(z)")
    axes.plot(z, slope, "--", color=ORANGE, label="slope f′(z)")
    axes.set(title=name, ylim=(-1.3, 2.3))
figure.supxlabel("z (no unit)")
figure.supylabel("f(z) and its slope (no unit)", fontsize=13)
panels[0, 0].legend(fontsize=10, loc="upper left")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: six panels, each with a function (solid) and its slope (dashed) for $z$ from −5 to 5. Sigmoid:
an S from 0 to 1, its slope a hill of height 1/4 around 0. Tanh: an S from −1 to 1, its slope a hill of height 1.
Softplus: near 0 on the left, a line on the right, its slope is the sigmoid. ReLU: 0, then the line $z$, with the slope
0, then 1. Leaky ReLU (drawn with 0.1 on the left): a line with a small slope, then $z$. ELU: from −1 gently up to 0,
then $z$; its slope falls to 0 on the left, only slowly.
"""

# %% [markdown] slide="subslide"
r"""
### The same formulas as lines of plainnet

`g` is what arrives, `y` the output, `x` the input of the function. Note that sigmoid and tanh compute their slope from
the *output*: it was kept from the forward pass, and nothing has to be computed again.
"""

# %% slide="-"
rules = plainnet.activations
for formula, rule in {
    "sigmoid' = y (1 - y)": rules.sigmoid.rules[0],
    "tanh'    = 1 - y^2": rules.tanh.rules[0],
    "softplus' = sigmoid = e^(x - y)": rules.softplus.rules[0],
    "relu'    = 1 where y > 0": rules.relu.rules[0],
    "leaky'   = 1 or slope": rules.leaky_relu.rules[0],
    "elu'     = 1 or y + alpha": rules.elu.rules[0],
}.items():
    print(f"{formula:32} {inspect.getsource(rule).strip()}")

# %% [markdown] slide="subslide"
r"""
### What a sigmoid can say, and what it can't

One of the decks (slides of older courses, which this course follows and corrects) says that a sigmoid maps to $[0, 1]$.
**Correction**: to the *open* interval, $0 < \sigma(z) < 1$: a finite $z$ never gives exactly 1. A computer does round
it to 1, and then the slope $y(1-y)$ is exactly 0. From which $z$ on?
"""

# %% slide="-"
for number in (10.0, 30.0, 36.0, 36.7, 36.8, 40.0):
    y = plainnet.sigmoid(Tensor(number)).item()
    print(f"sigmoid({number:4}) = {y:.17f}   slope y (1 - y) = {y * (1 - y):.2e}   e^-z = {np.exp(-number):.2e}")

# %% [markdown] slide="-"
r"""
From $z \approx 36.8$ on the output is 1.0 in float64, and the computed slope is 0, where the true one is $e^{-z} \approx
10^{-16}$. That is the last step of **saturation**: the unit still speaks, but it no longer listens.

The decks list a sixth function besides these, *softmax*, for the output. It is of another kind: it looks at all scores
of a row, the *logits*, together, so it has no slope of its own for each number. Softmax, logits and the *cross-entropy*,
the loss that goes with them, are chapter 3's; here they stand at the end of networks only.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Show the panels and ask: "Which of these slopes would you like to multiply twenty times?" Collect
answers; tanh looks good at first, until someone notices that its slope is 1 at a single point. Leave the answer open
for section 2. The rounding table is for later reading; in class the one line at 36.8 is enough.
"""

# %% [markdown] slide="slide"
r"""
## 2. Vanishing gradients

*9 minutes (estimated), 6 of them in the 20-minute path*

On its way through twenty layers a gradient is multiplied twenty times by a matrix and twenty times by slopes:

$$ \frac{\partial L}{\partial y_{k-1}} = \Big( \frac{\partial L}{\partial y_k} \odot f'(z_k) \Big)\, W_k^\top $$

A deck puts it like this: the sigmoid makes the gradient small *for large inputs*, hence gradients vanish. True, and
not the whole story. Suppose no unit is saturated, all $z$ are exactly 0, where the sigmoid is steepest. Its slope there
is 1/4:
"""

# %% slide="-"
for layers in (1, 2, 5, 10, 20):
    print(f"{layers:2} layers: the largest slopes of {layers} sigmoids multiply to at most {0.25**layers:.1e}")

# %% [markdown] slide="subslide"
r"""
In twenty layers, $0.25^{20} = 9.1 \cdot 10^{-13}$: the *best case* of the slopes alone. Large inputs make it worse; but the
sigmoid loses three quarters in every layer even where it is at its best. Only larger weights could make up for it, and
those push the units into saturation.

### The two factors as lines of plainnet

The rule of a dense layer for its input multiplies by the transposed weights, the rule of the activation by its slope:
"""

# %% slide="-"
print(inspect.getsource(plainnet.ops.linear.rules[0]).strip())
print(inspect.getsource(plainnet.activations.sigmoid.rules[0]).strip())

# %% [markdown] slide="-"
r"""
Let us measure what is left, with the library. This is the whole experiment: a random signal forward, a random gradient
of norm 1 back; nothing is trained.
"""


# %% slide="-"
def gradient_sizes(f, start, seed, depth=20, width=64):
    """Return the norms of the gradient at the outputs of all layers, when it is 1 at the last one."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(60, width))  # 60 samples: too little work for BLAS to wake more threads
    y = Tensor(x, requires_grad=True)
    outputs = []
    for _ in range(depth):
        w = Tensor(start((width, width), rng))
        y = f(y @ w)
        outputs.append(y)
    g = rng.normal(size=y.shape)
    y.backward(g / np.linalg.norm(g))
    return [np.linalg.norm(y.grad) for y in outputs]


# %% slide="subslide"
def xavier(shape, rng):
    return init.xavier(shape, rng, dtype=float)


def he(shape, rng):
    return init.he(shape, rng, dtype=float)


def normal(std):
    return lambda shape, rng: init.small_random(shape, rng, std=std, dtype=float)


networks = {
    "sigmoid, Xavier": (plainnet.sigmoid, xavier),
    "tanh, Xavier": (plainnet.tanh, xavier),
    "tanh, std 1": (plainnet.tanh, normal(1.0)),
    "ReLU, He": (plainnet.relu, he),
    "ReLU, Xavier": (plainnet.relu, xavier),
    "ReLU, std 0.01": (plainnet.relu, normal(0.01)),
}

# %% slide="subslide"
sizes = {name: [gradient_sizes(f, start, seed) for seed in range(5)] for name, (f, start) in networks.items()}
measured = {name: [norms[0] for norms in five] for name, five in sizes.items()}
print("20 layers of 64 units: what arrives at layer 1 of a gradient of norm 1 (five networks)")
for name, norms in measured.items():
    print(f"{name:16}", "  ".join(f"{norm:8.1e}" for norm in norms))

# %% [markdown] slide="-"
r"""
From $10^{-24}$ to $10^{6}$: thirty orders of magnitude between networks that differ in one function and one number. With
a learning rate of 0.1, the first layer of the sigmoid network would need $10^{12}$ steps for what the last one does in
one. A millionfold gradient is no better: the first step throws the weights out of all proportion.
"""

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.7))
lines = zip(sizes.items(), ("-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1))))
for ((name, five), style), colour in zip(lines, (PURPLE, BLUE, GREEN, ORANGE, "black", "gray")):
    axes.semilogy(range(1, 21), np.median(five, axis=0), linestyle=style, color=colour, label=name)
axes.set(xlabel="layer (number)", ylabel="norm of the gradient (no unit)", xticks=[1, 5, 10, 15, 20])
axes.set_title("On its way back, from layer 20 to layer 1")
axes.legend(fontsize=11)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: on a logarithmic axis, the norm of the gradient at each of 20 layers, the median of five networks.
All curves end at 1, at layer 20 on the right. Going left they are nearly straight lines: each layer multiplies by about
the same factor. Tanh with Xavier's and ReLU with He's weights stay near 1; ReLU with Xavier's weights falls to a
thousandth, the sigmoid to $10^{-12}$, ReLU with 0.01 to $10^{-24}$; tanh with a standard deviation of 1 rises to $10^{6}$.
A straight line on this axis is a power: that is why depth turns a small flaw into a large one.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: gradient flow

Step forward and watch the outputs of each layer; step on and watch the gradient on its way back, on a logarithmic axis.
**Ask before the way back**: at layer 20 the gradient has norm 1. What arrives at layer 1?
"""

# %% slide="-"
GradientFlow(activation="sigmoid", weights="Xavier/Glorot", depth=20)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. End, let the room vote, Enter, End. Then preset "ReLU, He", and "tanh, normal, 1": the
forward signal looks perfectly healthy there, and the gradient explodes. So looking at the outputs alone is not enough.
Slide the number of layers down to 3 and ask why nobody noticed in 1990.
"""

# %% [markdown] slide="subslide"
r"""
### What was tried

A deck lists two ideas under its open questions: other activation functions, and *adding momentum to the gradient*. The
first became the answer. **The second can't be one**: momentum adds up past gradients, with $v \leftarrow 0.9\,v + g$ at
most to $g\,(1 + 0.9 + 0.9^2 + \dots) = 10\,g$. Ten times $10^{-12}$ is still nothing. (What does help besides: a method
that divides by the size of the gradient, such as Adam, chapter 6; normalisation, chapter 9; shortcuts around layers, as in
residual networks.)

The trouble was found by S. Hochreiter in his diploma thesis (1991), for networks that run through time, and described by
Bengio, Simard and Frasconi (1994): over many steps, a gradient that is stable against noise must vanish.
"""

# %% [markdown] slide="slide"
r"""
## 3. ReLU, and units that die

*7 minutes (estimated); in the 20-minute path: the demo, 3 minutes*

$\mathrm{ReLU}(z) = \max(0, z)$ has the slope 1 wherever it is active. A chain of active ReLUs hands a gradient on
unchanged. It is also the cheapest of all: a comparison. It is old (Fukushima, 1969), and became the default after Nair
and Hinton (2010) and Glorot, Bordes and Bengio (2011) had trained deep networks with it from scratch.

At 0 there is no derivative; a program has to choose one. plainnet takes 0: `y > 0` in the rule above. Exact zeros do
occur: the empty border of an image, all zeros, times any weights is 0.

**The price.** A unit that gives 0 for an image receives no gradient from that image. A unit that gives 0 for *every*
image receives none at all, and none of its weights will move again. It is **dead**.
"""

# %% slide="subslide"
x, t = data.digits()
x = x[:512].reshape(512, 64)
layer = nn.Linear(64, 48, np.random.default_rng(0))  # He's weights, biases 0
z = layer(Tensor(x)).data
print(f"pairs of an image and a unit without output: {np.mean(z <= 0):.0%}")
print(f"units without output for any image: {np.mean(np.all(z <= 0, axis=0)):.0%} (dead before the first step)")
for bias in (-1.0, -2.0, -4.0):
    print(f"biases start at {bias}: {np.mean(np.all(z + bias <= 0, axis=0)):.0%} dead")

# %% [markdown] slide="-"
r"""
Six in ten pairs are silent; about half is how a ReLU is meant to work. What matters is whether a unit is silent on *all*
images. A few units are dead from the start here, because the pixels of the digits are never negative; negative biases
kill the others. And so does a single step that is too large:
"""

# %% [markdown] slide="subslide"
r"""
### Demo: dead units

A hidden layer of 48 units learns 512 digits. Each square is a unit, the darker the more images it answers to.
**Ask first**: the learning rate is 3. How many units will receive no gradient at all after 200 steps?
"""

# %% slide="-"
DeadUnits(activation="ReLU", lr=3.0)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, then step five times: most units die within the first steps, while the loss
jumps; at the end all are dead and the loss stays at log 10 = 2.303, since a network without hidden units can only learn
how frequent the classes are. Then "leaky ReLU, learning rate 3": as many units are silent, but none is stuck, and the
loss falls. At last the three presets with biases at −2: leaky ReLU's hundredth of a gradient wakes nobody in 200 steps;
ELU wakes most.
"""

# %% [markdown] slide="subslide"
r"""
### Relatives that leak

| | on the left | slope there | from |
|---|---|---|---|
| leaky ReLU | $\alpha z$, for instance $\alpha = 0.01$ | $\alpha$ | Maas, Hannun, Ng 2013 |
| ELU | $\alpha\,(e^z - 1)$ | $\alpha\,e^z = y + \alpha$ | Clevert, Unterthiner, Hochreiter 2016 |
| softplus | $\log(1 + e^z)$, smooth everywhere | $\sigma(z)$ | Dugas and others 2001 |

None of them can die like a ReLU. What the demo shows too: with a slope of 0.01, a silent unit comes back a hundred times
more slowly, so that "can't die" and "comes back" are two things. The plain remedies are often enough: a smaller
learning rate, and weights of the right size.
"""

# %% [markdown] slide="slide"
r"""
## 4. Where weights start

*5 minutes (estimated)*

A deck asks, and leaves open: *what happens if all weights are 0 at the start?* Take the smallest network with a hidden
layer, and look at the gradients:
"""


# %% slide="-"
def gradients(w1, w2, f):
    """Return the gradients of w1 and w2 on 200 digits, for the logits f(x w1) w2."""
    x, t = data.digits()
    w1, w2 = Tensor(w1, requires_grad=True), Tensor(w2, requires_grad=True)
    logits = f(Tensor(x[:200].reshape(200, 64).astype(float)) @ w1) @ w2
    losses.cross_entropy(logits, t[:200]).backward()
    return w1.grad, w2.grad


# %% slide="subslide"
rng = np.random.default_rng(0)
zeros = np.zeros((64, 4)), np.zeros((4, 10))
twins = np.repeat(0.1 * rng.normal(size=(64, 1)), 4, axis=1), np.repeat(rng.normal(size=(1, 10)), 4, axis=0)
starts = {"zeros, sigmoid": (*zeros, plainnet.sigmoid), "four equal units, tanh": (*twins, plainnet.tanh)}
for name, start in starts.items():
    grad_w1, grad_w2 = gradients(*start)
    alike = np.ptp(grad_w1, axis=1).max() < 1e-12  # a column of grad_w1 belongs to a unit
    print(f"{name:22} largest |grad w1| {np.abs(grad_w1).max():.4f}, |grad w2| {np.abs(grad_w2).max():.4f};", end=" ")
    print(f"units with equal gradients: {alike}")

# %% [markdown] slide="-"
r"""
- All 0 with a sigmoid: the hidden outputs are 1/2, so $W_2$ moves, but every unit's row in the same way. $W_1$ follows
  one step later, every unit's column in the same way.
- Random weights, but the same ones for all four units: everything moves, and the four units move **alike**. They
  computed the same, got the same gradient, and have the same weights again.
- All 0 with tanh is yet another story. What are the hidden outputs there? The exercises ask what moves.

Equal units stay equal for ever. Random numbers **break the symmetry**, which is the reason that all decks give; *which*
random numbers is the next question.
"""

# %% [markdown] slide="subslide"
r"""
### Small random numbers

A deck starts with `W = 0.01 * np.random.randn(D, H)`, and remarks that it works about well for small networks, but makes
problems in deeper ones. Let us see where the problems begin: 20 layers of 100 ReLUs.
"""

# %% slide="-"
rng = np.random.default_rng(0)
for std in (0.01, (2 / 100) ** 0.5, 1.0):
    y, spreads = rng.normal(size=(200, 100)), []
    for _ in range(20):
        y = np.maximum(y @ (std * rng.normal(size=(100, 100))), 0)
        spreads.append(y.std())
    print(f"std {std:6.4f}: ", "  ".join(f"layer {k}: {spreads[k - 1]:7.1e}" for k in (1, 2, 3, 5, 10, 20)))

# %% [markdown] slide="-"
r"""
With 0.01 each layer divides the signal by 14 (the next section says why). **One such layer does no harm**: a signal that
is 14 times smaller still tells the images apart, and later weights make up for it within some steps of training. But
the factors multiply: after three layers less than a thousandth is left, and after twenty about $10^{-23}$. For
$14^{20} \approx 10^{23}$ no step makes up. With 1 each layer multiplies by 7. In between lies a number that keeps the size.

(The first layer loses a factor 17, by what is printed. The 14 is that of the root mean square; the standard deviation is
measured from the mean, and after a ReLU the mean is no longer 0. The later layers, whose input has passed a ReLU as well,
scatter around 14.)
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The question "what if all weights are 0?" is worth a minute of silence before the cell is run: most
students say "symmetry". That is the sigmoid's story. Ask whether it is tanh's too, and do not answer: the exercises ask
for exactly this.
"""

# %% [markdown] slide="slide"
r"""
## 5. The size of a weight

*8 minutes (estimated), 6 of them in the 20-minute path*

A unit adds up $n$ products, $z = \sum_{i=1}^{n} x_i w_i$, with $n$ the *fan in*. The weights are independent, with mean 0
and variance $\sigma^2$. Then the variances of the products add up:

$$ \operatorname{Var}(z) = n\,\sigma^2 \cdot \overline{x^2} $$

where $\overline{x^2}$ is the mean square of the inputs. Two consequences, and both rules follow.

**Forward, without a ReLU**: $\overline{z^2} = \overline{x^2}$ if $n\,\sigma^2 = 1$, so $\sigma = 1/\sqrt n$.

**Forward, with a ReLU**: $z$ is symmetric around 0, ReLU sets one half of it to 0, and so keeps half of the mean square.
To make up for it, $n\,\sigma^2 = 2$, so $\sigma = \sqrt{2/n}$.

**Backward** the same sum runs over the units that *read* an input, the *fan out* $m$: there $m\,\sigma^2 = 1$ (or 2). So
with $n = m$ the gradient loses the same factor in each layer on its way back as the signal on its way forward.
"""

# %% slide="subslide"
rng = np.random.default_rng(1)
print("inputs n   1/sqrt(n)   mean square: of x   of z = x w   of relu(z)   of relu(z), sqrt(2/n)")
for n in (10, 100, 1000):
    x = rng.normal(size=(500, n))
    z = x @ (rng.normal(size=(n, 400)) / np.sqrt(n))
    means = [np.mean(x**2), np.mean(z**2), np.mean(np.maximum(z, 0) ** 2), np.mean(np.maximum(2**0.5 * z, 0) ** 2)]
    print(f"{n:8}   {n**-0.5:9.4f}   {means[0]:17.3f}   {means[1]:10.3f}   {means[2]:10.3f}   {means[3]:21.3f}")

# %% [markdown] slide="subslide"
r"""
### Two rules

| rule | variance of a weight | for | from |
|---|---|---|---|
| Xavier (Glorot) | $\dfrac{2}{n + m}$, the mean of both wishes | tanh, sigmoid, linear | Glorot and Bengio 2010 |
| He | $\dfrac{2}{n}$ | ReLU and its relatives | He, Zhang, Ren, Sun 2015 |

with $n$ = fan in and $m$ = fan out. Uniform numbers between $-a$ and $a$ have the variance $a^2/3$, hence $a = \sqrt{3}\,
\sigma$. Biases start at 0.

Why 14 in section 4? $0.01 \cdot \sqrt{100/2} = 0.0707$, and $1/0.0707 = 14.1$.
"""

# %% [markdown] slide="subslide"
r"""
### The rules as lines of plainnet
"""

# %% slide="-"
code_of(init.xavier, docstring=False)

# %% slide="-"
code_of(init.he, docstring=False)

# %% slide="-"
code_of(init.draw)

# %% [markdown] slide="subslide"
r"""
### A summary that doesn't fit together

A deck ends with two pieces of advice: *use ReLU*, and *use Xavier*. Each is good; **together they are not**. Xavier leaves
out the 2 that the ReLU needs, so every layer loses a factor of $\sqrt 2$ (a half, in the mean square), both ways. The
table of section 2 shows it:
"""

# %% slide="-"
for name in ("ReLU, He", "ReLU, Xavier"):
    print(f"{name:13} {np.median(measured[name]):.1e} of the gradient arrives after 19 layers back")
print(f"predicted ratio: (1/sqrt 2)^19 = {2**-9.5:.1e},", end=" ")
print(f"measured: {np.median(measured['ReLU, Xavier']) / np.median(measured['ReLU, He']):.1e}")

# %% [markdown] slide="-"
r"""
With five layers nobody notices; with twenty the first one is seven hundred times too slow. **ReLU goes with He, tanh with
Xavier.** (The name is used loosely elsewhere: some lectures call $1/n$ Xavier.)
"""

# %% slide="-"
stds, arrived = np.geomspace(0.01, 1, 17), {}
for name in ("sigmoid", "tanh", "relu"):
    arrived[name] = [gradient_sizes(getattr(plainnet, name), normal(std), seed=0)[0] for std in stds]

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.2))
for (name, norms), style, colour in zip(arrived.items(), (":", "--", "-"), (PURPLE, BLUE, ORANGE)):
    axes.loglog(stds, np.maximum(norms, 1e-30), style, color=colour, label=name)
axes.axvline(1 / 8, color="gray", linewidth=1.2)
axes.axvline(2**0.5 / 8, color="gray", linewidth=1.2)
axes.annotate("1/√n", (1 / 8, 1e-22), ha="right")
axes.annotate(" √(2/n)", (2**0.5 / 8, 1e-25), ha="left")
axes.axhline(1, color="black", linewidth=1.2)
axes.set(xlabel="standard deviation of the weights (no unit)", ylabel="gradient at layer 1 (no unit)")
axes.set(title="20 layers of n = 64 units: what arrives?", ylim=(1e-30, 1e16))
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the gradient that arrives at layer 1, as a function of the standard deviation of the weights, both
on logarithmic axes. All curves rise steeply from below $10^{-20}$ at 0.01. The ReLU's crosses 1 at $\sqrt{2/n} = 0.18$ and
goes on straight up to $10^{14}$. That of tanh comes to 1 a little right of $1/\sqrt n = 0.125$, and rises much more slowly
from there, since it saturates. The sigmoid's stays below 1 up to a standard deviation of about 1: no start of a usual
size makes up for its slope of at most 1/4.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: histograms per layer

Every column is a layer, coloured where its outputs lie. The weights start larger from frame to frame. **Ask first**: for
which standard deviation does a gradient keep its size through all layers?
"""

# %% slide="-"
LayerHistograms(activation="tanh", depth=10)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, then play. Stop at the first frames (a line at 0: layer 10 can't tell one image from
another), in the middle (σ = 0.147: broad columns, gradient about 1) and at the end (all units at −1 or 1). Then the preset
"ReLU, 20 layers": there the question's answer moves to √(2/n).
"""

# %% [markdown] slide="slide"
r"""
## 6. Does it matter?

*3 minutes (estimated)*

Ten hidden layers of 64 units, the digits, plain gradient descent with mini-batches, the same learning rate for all. Only
the activation and the start differ.
"""


# %% slide="-"
def deep_network(f, start, depth=10):
    rng = np.random.default_rng(0)
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(64, 64, rng, init_w=start), f]
    return nn.Sequential(nn.Flatten(), *layers, nn.Linear(64, 10, rng, init_w=init.xavier))


runs = {
    "ReLU, He": (plainnet.relu, init.he),
    "tanh, Xavier": (plainnet.tanh, init.xavier),
    "ReLU, std 0.01": (plainnet.relu, init.small_random),
    "sigmoid, Xavier": (plainnet.sigmoid, init.xavier),
}

# %% slide="subslide"
x, t = data.digits()
histories = {}
for name, (f, start) in runs.items():
    model = deep_network(f, start)
    sgd, rng = optim.SGD(model.parameters(), lr=0.05), np.random.default_rng(1)
    histories[name] = plainnet.fit(
        model, x, t, loss=losses.cross_entropy, optimizer=sgd, num_epochs=12, rng=rng, progress=False
    )
    print(f"{name:16} loss after 12 epochs: {histories[name]['loss'][-1]:.3f}")

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 4.2))
for (name, history), style, colour in zip(histories.items(), ("-", "--", "-.", ":"), (ORANGE, BLUE, GREEN, PURPLE)):
    axes.plot(range(1, 13), history["loss"], style, color=colour, label=name)
axes.axhline(np.log(10), color="gray", linewidth=1.2)
axes.set(xlabel="epoch (count)", ylabel="mean loss (nats)", ylim=(0, 2.6))
axes.set_title("Ten hidden layers on the digits, plain SGD")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the losses of ReLU with He's weights and of tanh with Xavier's fall within a few epochs to below
0.2. Those of ReLU with a standard deviation of 0.01 and of the sigmoid stay on the grey line at $\log 10 = 2.303$, the loss
of guessing, for all twelve epochs. Nothing is wrong with their code.
"""

# %% [markdown] slide="subslide"
r"""
### Look first

So before you train, look: at the loss (is it $\log K$ with $K$ classes, and does it move?), at the spread of each
layer's output, and at the norm of each layer's gradient.
"""

# %% [markdown] slide="slide"
r"""
## 7. Summary

*1 minute (estimated), in the 20-minute path*

- Forward an activation bends; backward it multiplies by its **slope**. Twenty slopes of at most 1/4 leave $10^{-12}$.
- ReLU's slope is 1 or 0: it hands gradients on, or nothing. A unit that is silent on *all* images is **dead**; too large
  a step is the usual cause. Leaky ReLU and ELU keep a small slope.
- Equal units stay equal: weights start **random**. Biases may start at 0.
- The variances of $n$ products add up. $\sigma = \sqrt{2/n}$ for ReLU (He), $\sqrt{2/(n+m)}$ for tanh (Xavier).
- Look at the spread of every layer and at the gradients *before* training: it takes a second.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| a sigmoid maps to $[0, 1]$ | to the open interval; in float64 it rounds to 1 from $z \approx 36.8$ on |
| gradients vanish *for large inputs* | also for the best inputs: the slope is at most 1/4, and $0.25^{20} \approx 10^{-12}$ |
| momentum against vanishing gradients | it multiplies by at most 10 (with 0.9) |
| use ReLU, use Xavier | ReLU goes with He; with Xavier each layer loses a factor of $\sqrt 2$ |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| activation function | the function that is applied to every output of a layer by itself |
| saturation | a unit works where its activation is nearly flat, so that hardly any gradient passes |
| vanishing, exploding gradient | a gradient that shrinks, or grows, by a factor in every layer that it passes |
| ReLU, leaky ReLU, ELU | rectifiers: $z$ on the right; 0, a flat line or a flattening curve on the left |
| silent unit, dead unit | a ReLU unit without output for a sample; for all samples |
| fan in, fan out | how many numbers a unit reads; how many units read a number |
| symmetry breaking | making units different at the start, so that they can learn different things |
| Xavier (Glorot) initialisation | random weights with the variance $2/(\text{fan in} + \text{fan out})$ |
| He initialisation | random weights with the variance $2/\text{fan in}$ |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- K. Fukushima, *Visual feature extraction by a multilayered network of analog threshold elements*, IEEE Transactions on
  Systems Science and Cybernetics 5(4), 322–333, 1969. doi:10.1109/TSSC.1969.300225
- S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis (in German), TU München, 1991.
- Y. Bengio, P. Simard, P. Frasconi, *Learning long-term dependencies with gradient descent is difficult*, IEEE
  Transactions on Neural Networks 5(2), 157–166, 1994. doi:10.1109/72.279181
- Y. LeCun, L. Bottou, G. B. Orr, K.-R. Müller, *Efficient BackProp*, in G. Orr and K.-R. Müller (eds.), Neural Networks:
  Tricks of the Trade, Springer 1998. Still the best reading on why inputs and weights should be scaled.
- C. Dugas, Y. Bengio, F. Bélisle, C. Nadeau, R. Garcia, *Incorporating second-order functional knowledge for better option
  pricing*, NIPS 13, 2001. Softplus.
- X. Glorot, Y. Bengio, *Understanding the difficulty of training deep feedforward neural networks*, AISTATS 2010, PMLR 9,
  249–256.
- V. Nair, G. E. Hinton, *Rectified linear units improve restricted Boltzmann machines*, ICML 2010.
- X. Glorot, A. Bordes, Y. Bengio, *Deep sparse rectifier neural networks*, AISTATS 2011, PMLR 15, 315–323.
- A. L. Maas, A. Y. Hannun, A. Y. Ng, *Rectifier nonlinearities improve neural network acoustic models*, ICML workshop 2013.
- K. He, X. Zhang, S. Ren, J. Sun, *Delving deep into rectifiers*, ICCV 2015. arXiv:1502.01852
- D.-A. Clevert, T. Unterthiner, S. Hochreiter, *Fast and accurate deep network learning by exponential linear units
  (ELUs)*, ICLR 2016. arXiv:1511.07289

**Next**: the exercises of this chapter. You write the functions and their gradients, draw the weights, and measure what
arrives, in 100 minutes (estimated). Then chapter 6: what to do with a gradient that has arrived.
"""
