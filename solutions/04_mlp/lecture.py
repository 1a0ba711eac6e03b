# %% [markdown] slide="slide"
r"""
# Chapter 4: Multi-layer perceptrons

One neuron draws one straight line. Three neurons solve a problem that stopped a whole field for years, and enough of
them draw any curve. This lecture builds networks layer by layer, counts their weights, proves what they can do, and
finds out what the proof leaves open.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. write a network's forward pass as matrix products, with the shape of every array;
2. explain why a network without activations is a single layer, whatever its height;
3. count the parameters of a network before it exists;
4. say what the universal approximation theorem promises, under which conditions, and what it does not promise;
5. explain why weights start at random, and test a training loop on twenty examples.

**Before you start**: chapter 1 (graphs, the chain rule), chapter 2 (one neuron is logistic regression), chapter 3
(softmax and cross-entropy).
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 The wall: XOR | 7 | yes |
| 2 Layers as matrix products | 6 | the formula and its shapes |
| 3 Without activations | 4 | yes, without the playground |
| 4 Counting | 4 | |
| 5 What one hidden layer can do | 9 | up to the error of the sine |
| 6 Learning the weights | 7 | "How the weights start" |
| 7 Twenty examples, summary, words | 3 | the summary |
"""

# %% slide="skip"
import inspect

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, fit, losses, metrics, nn, optim, summary
from plainnet.demos import Playground, ReluBumps, XorNetwork
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. The wall: XOR

*7 minutes (estimated), in the 20-minute path*

| year | |
|---|---|
| 1943 | McCulloch and Pitts: a neuron as a threshold that logic can be built from; the weights are set by hand |
| 1958 | Rosenblatt's perceptron: the weights are *learned* from examples, and the newspapers are enthusiastic |
| 1969 | Minsky and Papert prove what a single layer cannot do. The example that everybody remembers is XOR |
| 1974 | Werbos's thesis: the chain rule, run backwards, gives the gradients of a network of layers |
| 1986 | Rumelhart, Hinton and Williams show hidden layers that learn by it, and the field comes back to life |

(Chapter 2 tells the first three at length.) That a *second* layer would solve XOR was known in 1969. What nobody had was
a general way to find its weights.
"""

# %% [markdown] slide="subslide"
r"""
### Why one neuron can't

Chapter 2's proof, in short: one neuron answers 1 where $w_1 x_1 + w_2 x_2 + b > 0$. XOR, "one or the other but not both", asks four things of it:

| $x_1$ | $x_2$ | XOR | so it has to be that |
|---|---|---|---|
| 0 | 0 | 0 | $b \le 0$ |
| 0 | 1 | 1 | $w_2 + b > 0$ |
| 1 | 0 | 1 | $w_1 + b > 0$ |
| 1 | 1 | 0 | $w_1 + w_2 + b \le 0$ |

Add the second and the third: $w_1 + w_2 + 2b > 0$. Add the first and the last: $w_1 + w_2 + 2b \le 0$. Both can't hold.
No choice of weights works, so no learning rule will ever find one. With a sigmoid in place of the step, the neuron is
the logistic regression of chapter 2: the border gets soft, and stays straight.
"""

# %% [markdown] slide="subslide"
r"""
### Two hidden units can

$$ h_1 = \mathrm{relu}(x_1 + x_2) \qquad h_2 = \mathrm{relu}(x_1 + x_2 - 1) \qquad y = h_1 - 2\,h_2 $$

Here $\mathrm{relu}(z) = \max(z, 0)$, the *rectified linear unit*: what is positive passes, the rest becomes 0.
$h_1$ counts the ones, $h_2$ wakes up only when both inputs are on, and takes back twice as much.
"""

# %% slide="-"
x, t = data.xor()  # the four rows of the table
w1, b1 = np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])
w2, b2 = np.array([[1.0], [-2.0]]), np.array([0.0])
hidden = plainnet.relu(plainnet.linear(x, w1, b1))
y = plainnet.linear(hidden, w2, b2)
print("x1 x2    h1 h2     y   XOR")
for row, h, answer, want in zip(x, hidden.data, y.data[:, 0], t):
    print(f" {row[0]:.0f}  {row[1]:.0f}     {h[0]:.0f}  {h[1]:.0f}     {answer:.0f}    {want}")

# %% slide="subslide"
figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.5))
for k, (colour, marker) in enumerate([(BLUE, "o"), (ORANGE, "s")]):
    left.scatter(*x[t == k].T, s=160, color=colour, marker=marker, zorder=3, label=f"XOR = {k}")
    right.scatter(*hidden.data[t == k].T, s=160, color=colour, marker=marker, zorder=3)
right.plot([0.2, 2.2], [-0.15, 0.85], "--", color=GREEN, label="h1 − 2 h2 = 0.5")
left.set(xlabel="input x1", ylabel="input x2", title="What the network is given")
right.set(xlabel="hidden unit h1", ylabel="hidden unit h2", title="What its last layer sees")
right.annotate("(0, 1) and (1, 0)\nfall on one point", (1, 0), (0.75, -0.42), fontsize=11)
right.set_ylim(-0.5, 1.3)
left.legend()
right.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: on the left the four inputs at the corners of a square, the two classes on its two diagonals; no
straight line parts them. On the right the same four inputs as the hidden layer describes them: (0, 1) and (1, 0) have
fallen on the same point (1, 0), and now a straight dashed line has it on one side, and (0, 0) and (2, 1) on the other.
"""

# %% [markdown] slide="subslide"
r"""
### The idea of a hidden layer

It moves the data until a straight line is enough.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: the XOR network, unit by unit

Step through the four inputs. Each unit shows its number, and as a small picture what it answers anywhere in the square.
Then choose other weights: set by hand, before training (two of four are right, as a coin would have it), after it, all
equal, none at all.

**Ask before the last input**: what will the network answer for (1, 1)?
"""

# %% slide="subslide"
XorNetwork()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Start with the weights that are set by hand and let the room compute h1 and h2 for
(1, 1). Then the preset of equal weights: the network has four hidden units and behaves as if it had one. Do not explain
it yet; section 6 does.
"""

# %% [markdown] slide="slide"
r"""
## 2. Layers as matrix products

*6 minutes (estimated), in the 20-minute path: the formula and its shapes*

A *layer* is many neurons that read the same inputs. Neuron $j$ computes $z_j = \sum_i x_i\,w_{ij} + b_j$, and all of
them together, for all samples of a batch,

$$ z = x\,w + b \qquad a = f(z) $$

| array | shape | |
|---|---|---|
| $x$ | (N, D) | a row for each of N samples |
| $w$ | (D, M) | a column for each of the layer's M neurons |
| $b$ | (M,) | one number for each neuron, added to every row |
| $z$, $a$ | (N, M) | what goes into the activation, and what comes out |

The *activation* $f$ is a function that is applied to each number of $z$ by itself: the sigmoid of chapter 2, relu, tanh.

The bias is nothing special: it is the weight of one more input that is always 1. Some books draw $x$ as a column and
write $Wx + b$. Their $W$ is (M, D), the transpose of ours: mind it when you read.
(Chapters of this course write $w$ or $W$ for the same array; in code it is always `w`.)
"""

# %% slide="-"
code_of(plainnet.linear.forward)

# %% [markdown] slide="subslide"
r"""
### Three layers are three lines

With the activation $f_k$ behind layer $k$,

$$ y = f_3\bigl(f_2\bigl(f_1(x\,w_1 + b_1)\,w_2 + b_2\bigr)\,w_3 + b_3\bigr) $$

Read from the inside out it is a loop, and that is all that `nn.Sequential` does:
"""

# %% slide="-"
code_of(nn.Sequential.forward)

# %% slide="-"
rng = np.random.default_rng(0)
network = nn.Sequential(nn.Linear(2, 3, rng), plainnet.relu, nn.Linear(3, 2, rng), plainnet.relu, nn.Linear(2, 1, rng))
a = Tensor(x)
print(f"the input            {a.shape}")
for layer in network.layers:
    a = layer(a)
    print(f"after {getattr(layer, '__name__', type(layer).__name__):14} {a.shape}")

# %% [markdown] slide="subslide"
r"""
### How many layers has it?

**Vote.** A network has 3 inputs, 4 and again 4 hidden units, and 1 output. Is it a two-, three- or four-layer network?

All three names are in use. Counting the layers *with weights* it is a three-layer network; counting what is *drawn* it
has four; counting what is hidden, two. Decks (slides of older courses, which this course follows and corrects)
that say "three-layer networks approximate any function" mean **one** hidden layer, and others call the very same network a two-layer network. Say "with two hidden layers", and nobody can
misunderstand.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Take the vote by show of hands before you show the text. It settles an argument that comes back
in every exam: in the counting exercise, "five-layer" counts inputs and outputs.
"""

# %% [markdown] slide="slide"
r"""
## 3. Without activations

*4 minutes (estimated), in the 20-minute path without the playground*

What if $f$ is left out?

$$ (x\,w_1 + b_1)\,w_2 + b_2 \;=\; x\,\underbrace{(w_1 w_2)}_{w} \;+\; \underbrace{(b_1 w_2 + b_2)}_{b} $$

Two layers are one layer. By induction, so are a hundred: they still draw a straight line, with more numbers. It can even
do less, where a layer in the middle is narrow.
"""

# %% slide="-"
rng = np.random.default_rng(1)
deep = nn.Sequential(*[nn.Linear(m, n, rng) for m, n in [(5, 64), (64, 64), (64, 64), (64, 3)]]).astype(np.float64)
one, other, zero = Tensor(rng.normal(size=(1000, 5))), Tensor(rng.normal(size=(1000, 5))), Tensor(np.zeros((1, 5)))
difference = deep(one + other).data + deep(zero).data - deep(one).data - deep(other).data
print(f"{sum(p.size for p in deep.parameters()):,} parameters in 4 layers; one layer of 5 x 3 has {5 * 3 + 3}")
print(f"net(x + x') + net(0) - net(x) - net(x'), largest of 3,000: {np.abs(difference).max():.0e}")

# %% [markdown] slide="-"
r"""
What satisfies $\mathrm{net}(x + x') + \mathrm{net}(0) = \mathrm{net}(x) + \mathrm{net}(x')$ for all inputs (up to
rounding, here) is a matrix product and a bias. (With a bias the word is *affine*; everybody says linear.)
"""

# %% [markdown] slide="subslide"
r"""
### Demo: the playground

Three presets tell the story: *XOR, no hidden layer* stays at half of the points; *XOR, linear units* has two more layers
and stays there as well; *XOR, one hidden layer* gets all of them. Then try spirals.

**Ask before you press Run on the linear units**: two hidden layers, twenty-eight weights. Will it do better than none?
"""

# %% slide="subslide"
Playground()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. In the pictures inside the units every hidden unit is a half plane with a soft edge;
with linear units all pictures are the same ramp, turned. That is the collapse, to be seen with bare eyes.
"""

# %% [markdown] slide="slide"
r"""
## 4. Counting

*4 minutes (estimated)*

A layer from D to M has $D \cdot M$ weights and $M$ biases: $(D + 1)\,M$ parameters.

For MNIST, 784 pixels, two hidden layers of 500 and 50, ten classes:
"""

# %% slide="-"
rng = np.random.default_rng(0)
keras_like = nn.Sequential(
    nn.Linear(784, 500, rng), plainnet.sigmoid, nn.Linear(500, 50, rng), plainnet.sigmoid, nn.Linear(50, 10, rng)
)
print(summary(keras_like, (784,)))

# %% [markdown] slide="-"
r"""
500 · 785 + 50 · 501 + 10 · 51 = 392,500 + 25,050 + 510 = **418,060**. Here an activation is a layer of its own, and has a
row. Slides show this table with rows called `activation_1` beside code that writes `Dense(500, activation=...)`: that
code makes a layer and its activation one object, and prints three rows. The sum is the same.
"""


# %% slide="subslide"
Z = 500
for words, number in {
    "MNIST: 784-500-50-10": 784 * 500 + 500 + 500 * 50 + 50 + 50 * 10 + 10,
    "CIFAR-10, one hidden layer: 3072-50-10": 3072 * 50 + 50 + 50 * 10 + 10,
    "CIFAR-10, two hidden layers: 3072-512-128-10": 3072 * 512 + 512 + 512 * 128 + 128 + 128 * 10 + 10,
    "three hidden layers of Z = 500, weights alone": 784 * Z + Z**2 + Z**2 + Z * 10,
    "128 x 128 pixels, the first 100 units, weights alone": 128 * 128 * 100,
    "224 x 224 x 3 to 3 x 4096 to 1000, weights alone": 224 * 224 * 3 * 4096 + 4096**2 + 4096**2 + 4096 * 1000,
}.items():
    print(f"{words:53} {number:>12,}")

# %% [markdown] slide="-"
r"""
With $Z$ units in each of three hidden layers and no biases it is $N_F = N_I Z + Z^2 + Z^2 + Z N_O$. The hidden layers
cost $Z^2$ each, the first one $N_I Z$: for images that is where the weights are. A single picture of 128 × 128 pixels
and 100 units take **1.6 million** weights. Every one of them is a number to learn, and none of them knows that
neighbouring pixels belong together. Chapter 11 draws the consequence.
"""

# %% [markdown] slide="slide"
r"""
## 5. What one hidden layer can do

*9 minutes (estimated), in the 20-minute path up to the error of the sine*

**Universal approximation** (Cybenko 1989, Hornik and others 1989, Leshno and others 1993). Let $K \subset \mathbb{R}^n$
be closed and bounded, $F: K \to \mathbb{R}$ continuous, and $f$ an activation that is continuous and not a polynomial.
For every $\varepsilon > 0$ there is a network with *one* hidden layer of finitely many units, and a linear output, with

$$ |F(x) - \mathrm{net}(x)| < \varepsilon \quad \text{for all } x \in K $$

Each word counts. Slides that say "any function" leave out *continuous*, and *on a closed and bounded set*. (Cybenko's
own proof is for sigmoids. ReLU came later; "not a polynomial" covers it.)
"""

# %% [markdown] slide="subslide"
r"""
### A proof with a pencil

With ReLU and one input we can build the network. The unit $\mathrm{relu}(x - x_i)$ is zero up to the *knot* $x_i$, then
climbs. With the outgoing weight $c$ it bends the curve at $x_i$: the slope changes by $c$.

Walk from left to right through points of the curve; at each knot choose $c$ so that the curve hits the next point. Where
the curve is continuous and the knots are close, straight lines between them are close too. That is the theorem, for one
input. You will write it yourself, in four lines; here is what they do:
"""

# %% slide="subslide"
ReluBumps()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Step to the third knot, and ask which way the next unit has to bend the curve: up or
down? At the end the demo asks how the error changes with twice the units: a quarter, since the error of a straight line
over a distance h is of order h squared. Then the preset of the second function with a pole.
"""

# %% [markdown] slide="subslide"
r"""
### How fast does the error fall?
"""

# %% slide="-"
points = np.linspace(0, 2 * np.pi, 20001)
units = np.array([4, 8, 16, 32, 64, 128, 256, 512])
errors = []
for n in units:
    knots = np.linspace(0, 2 * np.pi, n)
    bent = np.interp(points, knots, np.sin(knots))  # the line that n units can draw, drawn by NumPy
    errors.append(np.abs(bent - np.sin(points)).max())

# %% slide="subslide"
figure, axes = plt.subplots()
axes.loglog(units, errors, "-o", color=BLUE, label="largest error")
axes.loglog(units, (2 * np.pi / (units - 1)) ** 2 / 8, "--", color=ORANGE, label="h² / 8, h the distance of the knots")
axes.set(xlabel="hidden units (count)", ylabel="error (no unit)", title="sin x on [0, 2π] by bent lines")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: on logarithmic axes the largest error falls along a straight line of slope −2, right on the
dashed line $h^2/8$: twice as many units, a quarter of the error. It starts at about 0.4 with 4 units and reaches
2·10⁻⁵ with 512. No training took place.
"""

# %% [markdown] slide="subslide"
r"""
### Two functions of two inputs

$$ F_1 = \sqrt{x_1} + x_2 + e^{x_1} x_2 \qquad\qquad F_2 = \sqrt{x_1 x_2} + \frac{x_2}{x_1} + x_1 x_2 $$

With two inputs a ReLU unit bends the surface along a *line*. We draw the lines at random, and leave to the computer only
the outgoing weights, for which least squares have the best answer.
"""


# %% slide="-"
def surface_error(F, units, low, rng):
    """Return the largest error of a network with random hidden units and the best output weights, on [low, 1]^2."""
    axis = np.linspace(low, 1, 41)
    x = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    direction = rng.normal(size=(2, units))
    middle = rng.uniform(low, 1, size=(units, 2))  # each line passes through a random point of the square
    hidden = plainnet.relu(plainnet.linear(x, direction, -np.sum(direction.T * middle, axis=1))).data
    hidden = np.hstack([hidden, np.ones((len(x), 1))])  # the output's bias
    w = np.linalg.lstsq(hidden, F(*x.T), rcond=None)[0]
    return np.abs(hidden @ w - F(*x.T)).max()


# %% slide="subslide"
def first(x1, x2):
    return np.sqrt(x1) + x2 + np.exp(x1) * x2


def second(x1, x2):
    return np.sqrt(x1 * x2) + x2 / x1 + x1 * x2


print("largest error    first, on [0, 1]²   second, on [0.2, 1]²   second, on [0.001, 1]²")
for units in (5, 20, 80, 320):
    rng = np.random.default_rng(units)
    found = [surface_error(F, units, low, rng) for F, low in [(first, 0.0), (second, 0.2), (second, 0.001)]]
    print(f"{units:4} units       {found[0]:10.3f} {found[1]:20.3f} {found[2]:22.1f}")

# %% [markdown] slide="-"
r"""
(The errors are those at the 41 × 41 points that were fitted.) The first function is continuous on the closed square,
and its error falls with the units, slowly near $x_1 = 0$, where the root starts with a vertical slope. The second has
$x_2 / x_1$ in it: it is not defined at $x_1 = 0$, and grows beyond all bounds near it. On [0.2, 1]² the theorem holds,
and the error falls; on a square that comes close to the pole 320 units still miss by a lot. **"Any function" was wrong:
the conditions of a theorem are part of it.**
"""

# %% [markdown] slide="subslide"
r"""
### What the theorem does not say

- **How many units.** In $n$ dimensions a grid of knots with $k$ on each axis has $k^n$ of them.
- **How to find the weights.** They exist. Whether gradient descent finds them is another question.
- **What happens between and outside of the data.** To pass through the examples is not to have understood them.
- **That the network *is* the function.** One slide quotes that a single layer can "represent any function": read
  "approximate", and "continuous". The rest of that quotation is right: the layer may be too large to build, and may fail
  to learn or to generalise.
- **That one hidden layer is a good idea.** Depth can be exponentially cheaper, and here is a case in which it is.
"""

# %% [markdown] slide="subslide"
r"""
### Folding

Fold the interval [0, 1] with two ReLU units, $T(x) = 2\,\mathrm{relu}(x) - 4\,\mathrm{relu}(x - \tfrac12)$: up to 1, and
down again. Apply $T$ to its own result, and again: a network with $k$ hidden layers of 2 units each.
"""

# %% slide="-"
fold_w, fold_b = np.ones((1, 2)), np.array([0.0, -0.5])
line = np.linspace(0, 1, 2**12 + 1)[:, None]

# %% slide="subslide"
figure, panels = plt.subplots(1, 3, figsize=(10, 3.4), sharey=True)
y, depth = Tensor(line), 0
for panel, layers in zip(panels, (1, 3, 6)):
    while depth < layers:
        y = plainnet.linear(plainnet.relu(plainnet.linear(y, fold_w, fold_b)), np.array([[2.0], [-4.0]]), np.zeros(1))
        depth += 1
    bends = np.count_nonzero(np.abs(np.diff(y.data[:, 0], 2)) > 1e-6)
    panel.plot(line, y.data, color=BLUE, lw=1.5)
    panel.set(xlabel="x (no unit)", title=f"depth {layers}, {2 * layers} units\n{bends + 1} straight pieces")
panels[0].set_ylabel("output (no unit)")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: one fold is a triangle of 2 straight pieces; three folds, 6 units, give a saw of 8 pieces; six
folds, 12 units, give 64. Each layer doubles the pieces. A network with one hidden layer of H units of one input has at
most H + 1 pieces, so it needs 63 units for what 12 do in depth; for 20 folds, a million instead of 40 (Telgarsky 2016).
That deeper networks also *generalise* better is an observation of practice, and no consequence of this.
"""

# %% [markdown] slide="slide"
r"""
## 6. Learning the weights

*7 minutes (estimated), in the 20-minute path from "How the weights start" on*

Nothing new is needed: a network is a graph, and chapter 1 differentiates it. For a chain of layers the backward pass has
a pattern. With $a_0 = x$, $z_k = a_{k-1} w_k + b_k$, $a_k = f(z_k)$ and $g_k = \partial L/\partial z_k$:

$$ \frac{\partial L}{\partial w_k} = a_{k-1}^\top g_k \qquad \frac{\partial L}{\partial b_k} = \sum_n g_{k,n} \qquad
g_{k-1} = (g_k\, w_k^\top) \odot f'(z_{k-1}) $$

It starts at the last layer with $g_L = \partial L / \partial z_L$: for softmax and cross-entropy that is $(p - t)/N$, from
chapter 3, with $t$ as rows of a one and zeros.

In plainnet these are the rules of `linear` and of `relu`, as they stand in the library:
"""

# %% slide="-"
for words, rule in {
    "dL/dx": plainnet.linear.rules[0],
    "dL/dw": plainnet.linear.rules[1],
    "dL/db": plainnet.linear.rules[2],
    "dL/dz": plainnet.relu.rules[0],
}.items():
    print(words, " ", inspect.getsource(rule).strip())

# %% [markdown] slide="subslide"
r"""
### Six weights by hand

A network of the slides: 2 inputs, 2 hidden units, 1 output, no biases, six weights $w_1 \dots w_6$, and the loss
$L = |y - t|$. Its slope is the sign of the difference; at 0 it has none, and plainnet takes 0. The six derivatives
by the formulas above, by the graph, and by differences:
"""

# %% slide="-"
rng = np.random.default_rng(3)
x0, t0, w1, w2 = np.array([[0.5, -1.0]]), 1.0, rng.normal(size=(2, 2)), rng.normal(size=(2, 1))
a1 = np.tanh(x0 @ w1)
g2 = np.sign(a1 @ w2 - t0)  # dL/dz2: there is no activation at the end
g1 = (g2 @ w2.T) * (1 - a1**2)  # dL/dz1, with the slope of tanh
by_hand = np.concatenate([(x0.T @ g1).ravel(), (a1.T @ g2).ravel()])

u1, u2 = Tensor(w1, requires_grad=True), Tensor(w2, requires_grad=True)
losses.mae(plainnet.tanh(Tensor(x0) @ u1) @ u2, np.array([[t0]])).backward()
by_graph = np.concatenate([u1.grad.ravel(), u2.grad.ravel()])


# %% slide="-"
def loss_of(six):
    return np.abs(np.tanh(x0 @ six[:4].reshape(2, 2)) @ six[4:].reshape(2, 1) - t0).item()


six, h = np.concatenate([w1.ravel(), w2.ravel()]), 1e-5
by_differences = [(loss_of(six + h * unit) - loss_of(six - h * unit)) / (2 * h) for unit in np.eye(6)]
for words, gradient in {"by hand": by_hand, "by the graph": by_graph, "by differences": by_differences}.items():
    print(f"{words:15}", "  ".join(f"{slope:9.6f}" for slope in gradient))

# %% [markdown] slide="subslide"
r"""
### Steps

$$ w \leftarrow w - \mathrm{lr}\,\frac{\partial L}{\partial w} $$

with the gradient of **one** sample (stochastic gradient descent in the narrow sense), of **all** samples (batch), or of
a few dozen (*mini-batch*, what everybody means today). After an *epoch* every sample has had its turn; then they are
shuffled anew. 2,400 samples in batches of 128 make 19 updates, the last one with 96.

**Several slides have a plus in this formula** (for plain gradient descent, momentum and Adagrad). With a plus it climbs:
the loss grows with every step. When a loss rises from the very first update, look at the sign first.
"""


# %% slide="-"
def train(start, sign=-1.0, steps=2000, lr=0.5):
    """Train 2-4-1 with tanh on XOR; return the losses and the weight of the first layer at the end."""
    params, seen = [Tensor(array, requires_grad=True) for array in start], []
    for _ in range(steps):
        w1, b1, w2, b2 = params
        z = plainnet.linear(plainnet.tanh(plainnet.linear(x, w1, b1)), w2, b2)
        loss = losses.binary_cross_entropy(z, t)
        loss.backward()
        seen.append(loss.item())
        params = [Tensor(p.data + sign * lr * p.grad, requires_grad=True) for p in params]
    return np.array(seen), params[0].data


# %% slide="-"
rng = np.random.default_rng(7)
random_start = [rng.normal(size=(2, 4)), np.zeros(4), rng.normal(size=(4, 1)), np.zeros(1)]
for words, sign in {"minus": -1.0, "plus": 1.0}.items():
    seen, _ = train(random_start, sign, steps=50)
    print(f"with a {words:5}  loss {seen[0]:.3f} at the start, {seen[-1]:.3f} after 50 updates")

# %% [markdown] slide="subslide"
r"""
### How the weights start

*in the 20-minute path*

**Ask**: what happens if all weights start at 0?

Units that are equal compute the same, receive the same gradient, make the same step, and are equal again. However many
there are, they are **one** unit. With zeros it is worse: the hidden outputs are 0, so the outgoing weights have no
gradient; the outgoing weights are 0, so nothing comes back to the hidden layer. Only the last bias can learn, and it
learns how frequent the classes are. After the step the outgoing weights are still zero, so it stays so. In XOR both
classes are equally frequent: there even the last bias has the gradient 0, and nothing moves.
"""

# %% slide="-"
starts = {
    "all zero": [np.zeros((2, 4)), np.zeros(4), np.zeros((4, 1)), np.zeros(1)],
    "all 0.5": [np.full((2, 4), 0.5), np.zeros(4), np.full((4, 1), 0.5), np.zeros(1)],
    "random": random_start,
}
trained = {name: train(start) for name, start in starts.items()}
for name, (seen, weights) in trained.items():
    different = len(np.unique(weights.round(6), axis=1).T)
    print(f"start {name:9} loss {seen[-1]:.4f}, different hidden units: {different} of 4")

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 4.3))
for (name, (seen, _)), colour, style in zip(trained.items(), (ORANGE, GREEN, BLUE), ("--", "-.", "-")):
    axes.semilogy(seen, style, color=colour, label=name)
axes.set(xlabel="update (count)", ylabel="loss (nats)", title="XOR from three starts, 2-4-1 with tanh")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: from zeros the loss stays at 0.693, the logarithm of 2: the network says one half to everything.
From equal weights it falls at first and stays far above zero, since one unit can't do XOR. From random weights it falls
below 0.01. Random numbers *break the symmetry*; how large they should be is the subject of chapter 5. Biases may start at
zero: the weights have broken the symmetry already.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Let the room answer the question before the text. "Nothing" is right for XOR, where the classes are
equally frequent; elsewhere the last bias moves, and nothing else. A good second question: would it be enough to draw only
the outgoing weights at random, and leave the others at zero? (With tanh, yes: then the gradients that come back differ.
With ReLU, no: its slope at 0 counts as 0, and nothing comes back.) And does the start at zero work for logistic regression? (Yes: without a hidden layer there is nothing to
break.)
"""

# %% [markdown] slide="slide"
r"""
## 7. Twenty examples, summary, words

*3 minutes (estimated)*

Two checks before any long training, each a minute's work:

1. **The loss at the start.** Ten classes and a network that knows nothing: $-\log 0.1 = 2.303$. A start far above that
   means weights that are too large, or a fault.
2. **Twenty examples by heart.** Take twenty samples, switch penalties off, and drive the loss to almost zero. If that
   fails, more data will not help.
"""

# %% slide="-"
rng = np.random.default_rng(0)
x_digits, t_digits, x_held, t_held = data.split(*data.digits(), 0.2, rng, stratify=True)
few = rng.permutation(len(x_digits))[:20]
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64, rng), plainnet.relu, nn.Linear(64, 10, rng))
optimizer = optim.SGD(model.parameters(), lr=0.5)
options = {"loss": losses.cross_entropy, "rng": rng, "progress": False}
by_heart = fit(model, x_digits[few], t_digits[few], optimizer=optimizer, num_epochs=300, batch_size=20, **options)
print(f"knowing nothing: {np.log(10):.3f}; 20 digits: {by_heart['loss'][0]:.3f} at the start,", end=" ")
print(f"{by_heart['loss'][-1]:.4f} after 300 steps")

# %% slide="-"
rng = np.random.default_rng(1)
model = nn.Sequential(nn.Flatten(), nn.Linear(64, 64, rng), plainnet.relu, nn.Linear(64, 10, rng))
optimizer = optim.SGD(model.parameters(), lr=0.2)
history = fit(
    model, x_digits, t_digits, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=20, rng=rng,
    validation=(x_held, t_held), metrics=[metrics.accuracy], progress=False,
)  # fmt: skip
print(f"all digits: {history['val_accuracy'][-1]:.1%} of {len(t_held)} that it has not seen are right")

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.8))
epochs = np.arange(1, 21)
axes.semilogy(epochs, history["loss"], "-o", color=BLUE, label="digits that it learns from")
axes.semilogy(epochs, history["val_loss"], "--s", color=ORANGE, label="digits that it has not seen")
axes.axhline(np.log(10), color=GREEN, ls=":", label="knowing nothing: log 10")
axes.set(xlabel="epoch (count)", ylabel="cross-entropy (nats)", title="64-64-10 on handwritten digits")
axes.set_xticks(epochs[::3])
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: both losses fall from below the dotted line at 2.303, first fast, then slowly. On digits that the
network learns from, the loss goes on falling to about 0.06; on unseen digits it flattens out at nearly twice that. The gap
between them is the subject of chapter 8. (In the first epochs the unseen digits look better: the other loss is a mean
over the epoch, taken while the network was still learning.)
"""

# %% [markdown] slide="slide"
r"""
### Summary

*in the 20-minute path*

- One neuron draws one line. A hidden layer moves the data until a line is enough: XOR takes two hidden units.
- A layer is a matrix product, a bias and an activation. Without the activation, layers collapse into one.
- A layer from D to M has (D + 1) M parameters; images make the first one enormous.
- One hidden layer approximates every **continuous** function on a **closed and bounded** set. The theorem gives neither
  the number of units nor the weights, and says nothing of new data. Depth can be exponentially cheaper.
- Equal units stay equal: weights start at random.
- First the loss at the start, then twenty examples by heart, then everything else.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| multi-layer perceptron (MLP) | a network of fully connected layers with an activation after each hidden one |
| dense layer, fully connected layer | a layer in which every unit reads every output of the layer before: $x\,w + b$ |
| hidden layer, hidden unit | a layer between input and output, whose values no data prescribe; one neuron in it |
| bias | the number that a neuron adds to its weighted sum, as if for an input that is always 1 |
| feed-forward network | a network whose connections lead only from earlier layers to later ones |
| forward pass | computing the outputs of all layers for an input, first layer first |
| linear collapse | that layers without an activation between them equal one single layer |
| universal approximation | that one hidden layer comes arbitrarily close to any continuous function on a closed and bounded set |
| knot | a place at which a piecewise linear function bends; with ReLU, one hidden unit each |
| symmetry breaking | starting from random weights, so that units of a layer can become different |
| mini-batch, epoch | the samples of one update; a pass through all samples once |
| overfitting a small set | learning a few samples by heart, to test a training loop |
"""

# %% [markdown] slide="subslide"
r"""
### Papers and further reading

- W. S. McCulloch, W. Pitts, *A logical calculus of the ideas immanent in nervous activity*, Bulletin of Mathematical
  Biophysics 5, 115–133, 1943. doi:10.1007/BF02478259
- F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in the brain*,
  Psychological Review 65(6), 386–408, 1958. doi:10.1037/h0042519
- M. Minsky, S. Papert, *Perceptrons: an introduction to computational geometry*, MIT Press, 1969.
- P. J. Werbos, *Beyond regression: new tools for prediction and analysis in the behavioral sciences*, PhD thesis,
  Harvard University, 1974.
- D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by back-propagating errors*, Nature 323,
  533–536, 1986. doi:10.1038/323533a0
- G. Cybenko, *Approximation by superpositions of a sigmoidal function*, Mathematics of Control, Signals, and Systems 2,
  303–314, 1989. doi:10.1007/BF02551274
- K. Hornik, M. Stinchcombe, H. White, *Multilayer feedforward networks are universal approximators*, Neural Networks 2(5),
  359–366, 1989. doi:10.1016/0893-6080(89)90020-8
- M. Leshno, V. Y. Lin, A. Pinkus, S. Schocken, *Multilayer feedforward networks with a nonpolynomial activation function
  can approximate any function*, Neural Networks 6(6), 861–867, 1993. doi:10.1016/S0893-6080(05)80131-5
- M. Telgarsky, *Benefits of depth in neural networks*, COLT 2016. arXiv:1602.04485
- To read on: M. Nielsen, *Neural Networks and Deep Learning*, 2015, chapter 4, a visual proof of universality;
  I. Goodfellow, Y. Bengio, A. Courville, *Deep Learning*, MIT Press, 2016, chapter 6, where the XOR network stands.

**Next**: the exercises of this chapter, 120 minutes (estimated). Then chapter 5: why deep networks would not learn.
"""
