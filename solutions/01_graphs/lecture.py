# %% [markdown] slide="slide"
r"""
# Chapter 1: Computational graphs and backpropagation

Every network in this course learns in the same way: a program computes a loss, and the loss is differentiated with
respect to millions of numbers inside that program. This lecture shows how a program can be differentiated at all,
exactly, for about the price of running it.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. draw the computational graph of a formula, and compute values forward and gradients backward by hand;
2. say which intermediate results have to be stored, and why;
3. say what is differentiated when a program contains a loop, and why that is not quite the function you had in mind;
4. compare numerical, forward-mode and reverse-mode differentiation by accuracy and cost;
5. explain why gradients add up, and why the order of the backward pass matters.

**Before you start**: derivatives of one variable and the chain rule; Python functions and classes; NumPy arrays
(chapter 0).
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 What do we want? | 3 | |
| 2 One graph by hand | 8 | yes |
| 3 Why intermediate results are stored | 6 | yes, without the code |
| 4 A derivative through a loop | 8 | |
| 5 Three ways to differentiate | 6 | |
| 6 Why the order matters | 7 | yes |
| 7 Broadcasting, summary, words | 2 | the summary |
"""

# %% slide="skip"
import inspect
import math
import time

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor
from plainnet.demos import GraphStepper, OrderPicker
from plainnet.lecture import BLUE, GREEN, ORANGE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. What do we want?

*3 minutes (estimated)*

A loss $L$, the number that says how wrong a model is, depends on many numbers $w_1, \dots, w_n$, the weights. We want the
whole *gradient*

$$ \nabla L = \left( \frac{\partial L}{\partial w_1}, \dots, \frac{\partial L}{\partial w_n} \right) $$

at one point, because a small step against it makes the loss smaller. ($\partial L/\partial w_1$ is the derivative with
respect to $w_1$ while all other numbers are held fixed.) The one rule that we need is the chain rule: if
$y$ depends on $u$, and $u$ on $x$, then

$$ \frac{dy}{dx} = \frac{dy}{du} \cdot \frac{du}{dx} $$

A program is a long chain of small steps whose derivatives everybody knows. The art lies in the bookkeeping.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Ask first: "Who has derived a gradient by hand and got it wrong?" Then: "How did you notice?" Most
did not notice; keep that for section 5.
"""

# %% [markdown] slide="slide"
r"""
## 2. One graph by hand

*8 minutes (estimated), in the 20-minute path*

Take $e = (a + b)(b + 1)$, and give each intermediate result a name:

$$ c = a + b \qquad d = b + 1 \qquad e = c \cdot d $$

**Forward**, at $a = 2$, $b = 1$: $c = 3$, $d = 2$, $e = 6$.

**Backward**, from the end: how fast does $e$ change with each number?

| step | derivative | value |
|---|---|---|
| $e$ itself | $\partial e/\partial e$ | 1 |
| $e = c\,d$ | $\partial e/\partial c = d$ | 2 |
| $e = c\,d$ | $\partial e/\partial d = c$ | 3 |
| $c = a + b$ | $\partial e/\partial a = \partial e/\partial c \cdot 1$ | 2 |
| $c = a + b$ and $d = b + 1$ | $\partial e/\partial b = \partial e/\partial c \cdot 1 + \partial e/\partial d \cdot 1$ | 2 + 3 = 5 |

$b$ reaches $e$ along two paths, and the contributions **add up**: moving $b$ by a little moves both factors.
"""

# %% [markdown] slide="subslide"
r"""
### The same in plainnet
"""

# %% slide="-"
a = Tensor(2.0, requires_grad=True, name="a")
b = Tensor(1.0, requires_grad=True, name="b")
c = a + b
d = b + 1
e = c * d
c.name, d.name, e.name = "c", "d", "e"
e.backward()
print(f"e = {e.item()},  de/da = {a.grad},  de/db = {b.grad}")

# %% [markdown] slide="-"
r"""
Nobody told plainnet the formula. The Python code ran, and every operator left a note of what it did: the *computational
graph*. Boxes are numbers, arrows run from the inputs of an operation to its result.
"""

# %% slide="subslide"
plainnet.draw.svg(e, title="The graph of e = (a + b)(b + 1) at a = 2, b = 1")

# %% [markdown] slide="-"
r"""
*What the picture shows*: `a` and `b` on the left, `c` and `d` in the middle, `e` on the right. An arrow leads from
`a` to `c`, from `b` to both `c` and `d`, from the constant 1 to `d`, and from `c` and `d` to `e`. Each box with a
name holds a value (2, 1, 3, 2, 6) and, in orange, the derivative of `e` with respect to it (2 for `a`, 5 for `b`, 2
for `c`, 3 for `d`, 1 for `e`); the constant's box has only its value, 1. The same as text:
"""

# %% slide="-"
print(plainnet.draw.text(e))

# %% [markdown] slide="subslide"
r"""
### Demo: step through the graph

Step forward and watch the values fill in; step on and watch the gradients come back. Move the sliders; try `a * b * a`,
`(a - b) ** 2`. **Ask before the last step**: two contributions are on their way to $b$. What will its gradient be?
"""

# %% slide="-"
GraphStepper(expression="(a + b) * (b + 1)", a=2, b=1)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Step to the end of the forward pass, stop, and let the room predict
$\partial e/\partial b$ by show of hands: 2, 3 or 5. Then move $b$ to $-1$: $d$ becomes 0, so $a$ gets no gradient at
all, although $a$ is still connected.
"""

# %% [markdown] slide="slide"
r"""
## 3. Why intermediate results are stored

*6 minutes (estimated), in the 20-minute path*

Look at the two middle rows of the table: $\partial e/\partial c = d$ and $\partial e/\partial d = c$. The **backward**
pass needs numbers of the **forward** pass. They are there only if somebody kept them. This is why training takes more
memory than prediction: prediction may forget $c$ as soon as $e$ is known; training may not.

Which numbers a step needs depends on the step:

| step | local derivatives | to keep |
|---|---|---|
| $c = a + b$ | 1 and 1 | nothing |
| $e = c\,d$ | $d$ and $c$ | both inputs |
| $y = e^x$ | $y$ | the output |
| $y = \sin x$ | $\cos x$ | the input |
"""

# %% [markdown] slide="subslide"
r"""
### The same formulas as lines of plainnet

A *rule* gets `g`, the gradient of the loss with respect to the result `y`, and returns the gradient with respect to one
input: it multiplies by the local derivative. Because each rule is a plain function, we can print the line of
plainnet that registers it; `vjp` stands for *vector-Jacobian product*, the name of "g times local derivative" where $x$
and $y$ are arrays. Read `lambda g, y, a, b:` as "given the gradient, the result and the inputs":
"""

# %% slide="-"
ops = plainnet.ops
for formula, rule in {
    "d(a + b)/da = 1": ops.add.rules[0],
    "d(a * b)/da = b": ops.mul.rules[0],
    "d(a / b)/db = -a / b**2 = -y / b": ops.div.rules[1],
    "d exp(x)/dx = exp(x) = y": ops.exp.rules[0],
    "d sin(x)/dx = cos(x)": ops.sin.rules[0],
}.items():
    print(f"{formula:34} {inspect.getsource(rule).strip()}")

# %% [markdown] slide="subslide"
r"""
### How a node is recorded

When an operator is called, it computes its result and, if a gradient is wanted, writes into it which operation it was
(`op`), its `inputs` and its constants (`params`). `saved` is for the few operations whose rules share intermediate
results. The last `if` is all there is to "building a graph". (Skip the `try`, which makes errors say more; `_recording`
is what `no_grad` switches off.)
"""

# %% slide="-"
code_of(plainnet.Op.__call__)

# %% [markdown] slide="notes"
r"""
*For the presenter.* For the 20-minute path: show the table of what is kept and skip the code. Question for the room:
"In $y = \mathrm{relu}(x)$, what has to be kept?" (Where x was positive: one bit per number.)
"""

# %% [markdown] slide="slide"
r"""
## 4. A derivative through a loop

*8 minutes (estimated)*

A graph that is recorded while code runs may come out of any code: here is a loop whose length depends on the numbers.
The Taylor series of the sine,

$$ \sin x = x - \frac{x^3}{3!} + \frac{x^5}{5!} - \dots, \qquad t_0 = x,\quad t_{i+1} = -t_i\,\frac{x^2}{(2i+2)(2i+3)} $$

is summed until a term is at most 0.001 in size. The library HIPS autograd differentiates ordinary NumPy code:
"""

# %% slide="-"
import autograd.numpy as anp
from autograd import grad


def taylor_sine(x):
    y = term = x
    i = 0
    while anp.abs(term) > 0.001:
        term = -term * x**2 / ((2 * i + 2) * (2 * i + 3))
        y = y + term
        i += 1
    return y


print("value at pi:     ", taylor_sine(np.pi))
print("derivative at pi:", grad(taylor_sine)(np.pi))

# %% [markdown] slide="subslide"
r"""
The derivative of the sine at $\pi$ is $\cos \pi = -1$. We get **−0.99989953**. Is autograd inexact?

No: it is exact to the last digit, for what the program does. The loop ran 6 times, so the program computed a polynomial
of degree 13, whose value at $\pi$ is 2.114e-5 instead of 0. Its derivative ends with the term $x^{12}/12!$, and $\cos$
goes on. Let us check by hand:
"""

# %% slide="-"
terms = [(-1) ** k * math.pi ** (2 * k) / math.factorial(2 * k) for k in range(8)]
print("the derivative's terms, 1 - x^2/2! + ... + x^12/12!, added up:", sum(terms[:7]))
print("the first term that is missing, -x^14/14!:", terms[7])
print("together:", sum(terms))

# %% [markdown] slide="subslide"
r"""
### The same with our own Tensor

The body of the loop stays as it is. The condition looks at `term.data`, the plain number: a comparison has no
derivative, it only decides which operations come next.
"""


# %% slide="-"
def taylor_sine_graph(number):
    """Return (x, y, passes): the input, the sum as a Tensor, how often the loop ran."""
    x = Tensor(number, requires_grad=True, name="x")
    y = term = x
    i = 0
    while abs(term.data) > 0.001:
        term = -term * x**2 / ((2 * i + 2) * (2 * i + 3))
        y = y + term
        i += 1
    return x, y, i


x, y, passes = taylor_sine_graph(math.pi)
y.backward()
print(f"{passes} passes, value {y.item():.4g}, derivative {x.grad:.8f}")

# %% slide="subslide"
print("     x   passes   nodes   value      derivative   cos(x)")
for number in (0.0005, 0.01, 0.5, math.pi, 6.0, 10.0):
    x, y, passes = taylor_sine_graph(number)
    y.backward()
    nodes = len(plainnet.topological_order(y))
    print(f"{number:7.4f}  {passes:5}  {nodes:6}   {y.item():9.6f}  {x.grad:9.6f}  {math.cos(number):9.6f}")

# %% [markdown] slide="-"
r"""
The graph grows with $x$: each pass of the loop adds five nodes. There is no single graph of this program, only one
graph for each run of it.
"""

# %% slide="subslide"
x, y, passes = taylor_sine_graph(0.01)
y.backward()
plainnet.draw.svg(y, title="The graph that taylor_sine builds at x = 0.01")

# %% [markdown] slide="-"
r"""
*What the picture shows*: `x` on the left is used three times, by the minus sign, the square and the final sum. One pass
of the loop makes a chain: minus, times square, divided by 6, and this term is added to `x`. With larger $x$ such a
chain hangs on another, and each starts at `x` again.
"""

# %% slide="-"
numbers = np.linspace(0.01, 10, 400)
slopes, passes = [], []
for number in numbers:
    x, y, count = taylor_sine_graph(number)
    y.backward()
    slopes.append(float(x.grad))
    passes.append(count)

# %% slide="subslide"
figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(8, 4.3))
top.plot(numbers, slopes - np.cos(numbers), color=BLUE)
top.set(ylabel="derivative − cos x\n(no unit)", title="What the loop's derivative leaves out")
bottom.plot(numbers, passes, color=ORANGE)
bottom.set(xlabel="x (radians)", ylabel="passes of the loop\n(count)")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: below, the number of passes rises in steps from 1 at $x \approx 0$ to 16 at $x = 10$. Above,
the difference between the derivative and $\cos x$ stays within ±0.0003; between two steps it grows away from zero, and
at each step, where one more term joins the polynomial, it jumps back. The derivative that we get is exact for every
single run, but as a function of $x$ it is not continuous.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The question to ask: "Is -0.99989953 a bug?" Collect answers, then run the check by hand. The point
for later chapters: automatic differentiation differentiates the program that ran. Dropout, early stopping, a clipped
loss: what you get is the derivative of what was computed.
"""

# %% [markdown] slide="slide"
r"""
## 5. Three ways to differentiate

*6 minutes (estimated)*

| way | idea | price for all $n$ derivatives | error |
|---|---|---|---|
| numerical | move each input a little, look at the output | $2n$ runs of the program | $h^2$, and rounding |
| forward mode | carry $\partial/\partial x_i$ along with every number | $n$ runs, each about twice as long | rounding only |
| reverse mode | record the graph, go back once | 1 run, and 1 pass back | rounding only |

Numerical: $\displaystyle \frac{\partial f}{\partial x_i} \approx \frac{f(x + h e_i) - f(x - h e_i)}{2h}$, whose error
is of order $h^2$; but rounding errors in $f$ are divided by $2h$, so $h$ must not be too small either.
"""

# %% slide="-"
steps = 10.0 ** np.arange(-12, 0.5, 0.5)
point, true = 1.0, math.exp(1.0)
one_sided = [(math.exp(point + h) - math.exp(point)) / h for h in steps]
central = [(math.exp(point + h) - math.exp(point - h)) / (2 * h) for h in steps]

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 4.2))
axes.loglog(steps, np.abs(np.array(one_sided) / true - 1), "--", color=ORANGE, label="one-sided")
axes.loglog(steps, np.abs(np.array(central) / true - 1), "-", color=BLUE, label="central")
axes.set(xlabel="step h (no unit)", ylabel="relative error (no unit)", title="Numerical derivative of exp at 1")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: both curves form a V. From the right, the error falls with $h$: with slope 1 for the
one-sided difference, slope 2 for the central one. Near $h = 10^{-8}$ (one-sided) and $10^{-5}$ (central) rounding
takes over; further to the left the error rises again, after a flat and ragged stretch. At its best the central
difference reaches about $10^{-11}$, the one-sided about $10^{-8}$. This is why we check gradients with the central
difference and $h = 10^{-5}$.
"""

# %% [markdown] slide="subslide"
r"""
### The check in plainnet

plainnet's own check does it along random directions, which costs two runs for each direction instead of two for each
input:
"""

# %% slide="-"
code_of(plainnet.gradcheck.check, docstring=False)

# %% [markdown] slide="subslide"
r"""
### Forward mode in ten lines

A *dual number* carries a value and its derivative with respect to **one** chosen input. Every operator applies the same
local derivatives, but on the way forward: nothing is stored, and one run gives one derivative.
"""


# %% slide="-"
class Dual:
    """An array, and the derivative of each of its numbers with respect to one chosen input."""

    def __init__(self, value, slope):
        self.value, self.slope = value, slope

    def __add__(self, other):
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other):
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def sum(self):
        return Dual(self.value.sum(), self.slope.sum())


# %% slide="subslide"
def f(x):
    y = x * x + x
    return (y * y * x).sum()


def numerical(x, h=1e-5):
    return np.array([(f(x + h * unit) - f(x - h * unit)) / (2 * h) for unit in np.eye(len(x))])


def forward_mode(x):
    return np.array([f(Dual(x, unit)).slope for unit in np.eye(len(x))])


def reverse_mode(x):
    x = Tensor(x, requires_grad=True)
    f(x).backward()
    return x.grad


# %% slide="-"
x = np.random.default_rng(1).normal(size=5)
exact = 5 * x**4 + 8 * x**3 + 3 * x**2  # y y x = (x^2 + x)^2 x = x^5 + 2 x^4 + x^3
for way in (numerical, forward_mode, reverse_mode):
    print(f"{way.__name__:13} largest error {np.abs(way(x) - exact).max():.1e}")


# %% [markdown] slide="subslide"
r"""
### How long does each take?
"""


# %% slide="-"
def seconds(way, x):
    """Return the shortest of five runs."""
    times = []
    for _ in range(5):
        start = time.perf_counter()
        way(x)
        times.append(time.perf_counter() - start)
    return min(times)


sizes = [1, 3, 10, 30, 100, 300, 1000]
ways = {"numerical": numerical, "forward mode": forward_mode, "reverse mode": reverse_mode}
measured = {name: [seconds(way, np.linspace(-1, 1, n)) for n in sizes] for name, way in ways.items()}
for name in ways:
    print(f"{name:13}", "  ".join(f"n = {n}: {1000 * t:.2f} ms" for n, t in zip(sizes[::2], measured[name][::2])))

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.7))
for (name, times), style, colour in zip(measured.items(), ("--s", ":^", "-o"), (ORANGE, GREEN, BLUE)):
    axes.loglog(sizes, 1000 * np.array(times), style, color=colour, label=name)
axes.set(xlabel="number of inputs n (count)", ylabel="time for the whole gradient (ms)")
axes.set_title("One gradient, three ways")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the time of numerical and forward-mode differentiation rises in proportion to the number of
inputs; that of reverse mode hardly rises at all, since all these arrays are small. For a single input reverse mode is
not the fastest, because it has to record a graph. With a thousand inputs it is ahead by a factor of several hundred,
and a network has millions.

The price of reverse mode is memory: it keeps every intermediate result. Forward mode keeps nothing, and wins where
there are few inputs and many outputs.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The times are of this machine, now. If the curves are noisy, run the cell again. A student may ask
about symbolic differentiation: it builds a formula, not a number, and formulas of loops explode.
"""

# %% [markdown] slide="slide"
r"""
## 6. Why the order matters

*7 minutes (estimated), in the 20-minute path*

A gradient may be passed on only when it is **complete**. In $e = (a+b)(b+1)$ only the input $b$ is used twice, and an
input passes nothing on; so every order works, and this example can't tell a right algorithm from a wrong one. Here is
one that can, the *diamond*:

$$ c = a + b \qquad d = a\,b \qquad y = (c + d) + c\,d \qquad \text{at } a = 2,\ b = 3 $$

Now $c$ and $d$ lie **between**, and both are used twice. By hand: $\partial y/\partial c = 1 + d = 7$,
$\partial y/\partial d = 1 + c = 6$, so $\partial y/\partial a = 7 \cdot 1 + 6 \cdot b = 25$ and
$\partial y/\partial b = 7 \cdot 1 + 6 \cdot a = 19$.
"""


# %% slide="-"
def diamond():
    a, b = Tensor(2.0, requires_grad=True, name="a"), Tensor(3.0, requires_grad=True, name="b")
    c, d = a + b, a * b
    y = (c + d) + c * d
    c.name, d.name, y.name = "c", "d", "y"
    return a, b, y


def lecture_example():
    a, b = Tensor(2.0, requires_grad=True), Tensor(1.0, requires_grad=True)
    return a, b, (a + b) * (b + 1)


# %% [markdown] slide="subslide"
r"""
### Two tempting ways that are wrong

**Naive recursion**: whoever receives something passes its whole gradient on at once.

**Pre-order**: as a depth-first search meets the nodes, each passes its gradient on, once.
"""


# %% slide="-"
def pass_on(node):
    """Add to each input's grad what `node` hands down by the chain rule."""
    if node.op:
        for x, gx in node.op.gradients(node.grad, node):
            x.grad = gx if x.grad is None else x.grad + gx


def naive(node):
    pass_on(node)
    for x in node.inputs:
        if x.requires_grad:
            naive(x)


# %% slide="-"
def pre_order(node, visited):
    if node not in visited:
        visited.add(node)
        pass_on(node)
        for x in node.inputs:
            if x.requires_grad:
                pre_order(x, visited)


def topological(root):
    for node in reversed(plainnet.topological_order(root)):
        pass_on(node)


# %% slide="subslide"
def gradients(algorithm, example):
    a, b, root = example()
    root.grad = np.array(1.0)
    algorithm(root)
    return f"({a.grad:.0f}, {b.grad:.0f})"


print("algorithm       e = (a + b)(b + 1)   diamond")
for name, algorithm in {
    "naive": naive,
    "pre-order": lambda root: pre_order(root, set()),
    "topological": topological,
}.items():
    print(f"{name:15} {gradients(algorithm, lecture_example):20} {gradients(algorithm, diamond)}")

# %% [markdown] slide="-"
r"""
All three agree on the lecture's example, (2, 5). On the diamond only one is right, (25, 19). Naive recursion gives (29,
22):
$c$ receives 1, passes it on, receives 6 more, and passes on all 7, so the 1 counts twice. Pre-order gives (4, 3): $c$
passes on its first 1, and the 6 that comes later is never passed on.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: pick an order

Choose an algorithm and step through the diamond. Watch $c$ and $d$: is the gradient complete when it is passed on?
**Ask first**: which of the three will be right, and which will visit the most nodes?
"""

# %% slide="-"
OrderPicker()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Start with pre-order and stop when c passes on its 1: "Is c finished?" Then show that
the product has not been visited. Only then the topological order.
"""

# %% [markdown] slide="subslide"
r"""
### And why one visit has to be enough

Naive recursion could be repaired so that it passes on only what is new. It would be right, and useless: it walks along
every *path*, and the paths double with each step of $x \leftarrow x + x$: the sum has $x$ as its first *and* as its
second input, two edges to one node.
"""


# %% slide="-"
def doubled(depth):
    x = Tensor(1.0, requires_grad=True)
    for _ in range(depth):
        x = x + x
    return x


def visits(node):
    """Return how many nodes a walk along every path visits."""
    return 1 + sum(visits(x) for x in node.inputs)


for depth in (5, 10, 15, 20):
    root = doubled(depth)
    print(f"depth {depth:2}: {visits(root):9,} visits along paths, {len(plainnet.topological_order(root)):2} nodes")

# %% [markdown] slide="subslide"
r"""
### The algorithm

Put the nodes in *topological order*, every node after its inputs; walk through it backwards. Then each node is visited
once, after all nodes that use it. How to find such an order you will work out yourself in the exercises. With it, the
whole of backpropagation is this:
"""

# %% slide="-"
code_of(plainnet.backpropagate, docstring=False)

# %% [markdown] slide="-"
r"""
Each line is a line of the formula. A node $x$ receives a part from every node $z$ that was computed from it,

$$ \frac{\partial L}{\partial x} = \sum_{z \text{ uses } x} \frac{\partial L}{\partial z}\,\frac{\partial z}{\partial x} $$

`node.op.gradients(g, node)` gives the products, `gradients[x] + gx` is the sum, and
`reversed(topological_order(root))` guarantees that the sum is complete when `gradients.pop(node)` takes it.
`first_gradient` gives the root its 1 (or the `g` that you pass), and `yield node` lets a demo stop after each node; to
`backward()` it makes no difference. No recursion: a network for long texts is a chain of thousands of nodes, and Python's call stack is not that deep.
"""

# %% [markdown] slide="slide"
r"""
## 7. Broadcasting, summary, words

*2 minutes (estimated)*

**Broadcasting.** In `x + b` with `x` of shape (4, 3) and `b` of shape (3,), every `b[j]` is used four times. Used
several times means: the contributions add up. So the gradient is summed over the axes that were stretched, until it has
the shape of `b` again. One function in plainnet does this for all operators; you will write your own.
"""

# %% slide="-"
x = Tensor(np.ones((4, 3)), requires_grad=True)
b = Tensor(np.zeros(3), requires_grad=True)
y = x + b
y.backward(g=np.arange(12.0).reshape(4, 3))
print("upstream gradient, one row for each row of y:", y.grad, sep="\n")
print("gradient of b, the sum of its rows:", b.grad)

# %% [markdown] slide="slide"
r"""
### Summary

*in the 20-minute path*

- A program's run leaves a graph: numbers, and the operations that connect them.
- Forward: values, from inputs to output, and they are kept. Backward: gradients, from the output to the inputs; each
  node multiplies by its local derivatives and hands down.
- Contributions from several users **add up**; a node passes on only what is **complete**: reversed topological order.
- One run and one pass back give *all* derivatives. Numerical differentiation is slow and inexact, and the best witness
  against your own mistakes.
- What is differentiated is the sequence of operations that was carried out.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| loss | the number that says how wrong a model is, and that training makes small |
| gradient | the derivatives of a loss with respect to many numbers, in an array of their shape |
| computational graph | the numbers of a computation, with arrows from the inputs of each operation to its result |
| node, leaf, root | a number in the graph; one without inputs; the output that is differentiated |
| local derivative | of an operation's result with respect to one of its inputs |
| forward pass, backward pass | computing values from leaves to root; computing gradients from root to leaves |
| upstream gradient, `g` | the gradient of the loss with respect to an operation's result: what arrives from behind |
| vector-Jacobian product (VJP) | what a rule computes from `g`: the gradient with respect to an input, without ever writing down the Jacobian matrix |
| topological order | every node after all of its inputs |
| reverse mode, backpropagation | differentiation by a backward pass; in a neural network it is called backpropagation |
| forward mode, dual number | differentiation along with the forward pass; a number that carries its derivative |
| central difference | $(f(x+h) - f(x-h)) / 2h$ |
| broadcasting | NumPy's stretching of arrays to a common shape |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- S. Linnainmaa, *The representation of the cumulative rounding error of an algorithm as a Taylor expansion of the local
  rounding errors*, master's thesis (in Finnish), University of Helsinki, 1970. Reverse mode, for rounding errors.
- P. J. Werbos, *Beyond regression: new tools for prediction and analysis in the behavioral sciences*, PhD thesis,
  Harvard University, 1974.
- D. E. Rumelhart, G. E. Hinton, R. J. Williams, *Learning representations by back-propagating errors*, Nature 323,
  533–536, 1986. doi:10.1038/323533a0
- A. Griewank, *Who invented the reverse mode of differentiation?*, Documenta Mathematica, extra volume ISMP,
  389–400, 2012.
- A. G. Baydin, B. A. Pearlmutter, A. A. Radul, J. M. Siskind, *Automatic differentiation in machine learning: a
  survey*, JMLR 18(153), 1–43, 2018. arXiv:1502.05767
- D. Maclaurin, D. Duvenaud, R. P. Adams, *Autograd: effortless gradients in NumPy*, ICML AutoML workshop, 2015. The
  library of section 4.

**Next**: the exercises of this chapter. You build all of this yourself, in 110 minutes (estimated). Then chapter 2: a
single neuron.
"""
