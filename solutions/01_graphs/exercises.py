# %% [markdown]
r"""
# Chapter 1: Computational graphs and backpropagation

You build reverse-mode differentiation from nothing: first a slow way to get a gradient that you can trust, then the
fast way that trains every neural network. At the end a derivative flows through a `while` loop.

**Learning objectives.** After this notebook you can

1. check any gradient numerically, and say how accurate the check is;
2. name the intermediate results that a backward pass needs, and store them;
3. write a class whose objects remember how they were computed;
4. order a graph so that each gradient is complete before it is passed on, and say what goes wrong otherwise;
5. undo NumPy's broadcasting in a gradient.

**Prerequisites.** The lecture of this chapter; Python functions and classes; NumPy arrays and broadcasting; the chain
rule.

**Time** (estimated): 110 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | numerical gradient | 3 | 15 |
| 2 | forward and backward by hand | 2 | 8 |
| 3 | a class `Value` | 3 | 25 |
| 4 | topological order | 3 | 15 |
| 5 | backward | 3 | 17 |
| 6 | undo broadcasting | 2 | 10 |
| 7 | a derivative through a loop | 2 | 10 |
| 8, 9 | two questions that need a run | 2 | 5 |
| 10 | why the order matters, in words (marked by hand) | 2 | 5 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, the edges of
what the text says, and large graphs; whatever they check is stated in the text. Every test cell may take 5 seconds of
computing time. You need only NumPy and what this notebook imports; plainnet's own `topological_order` and `unbroadcast`
are not there when your notebook is graded, so that in your answers' cells `Tensor.backward` does not work. Exercises 1, 2, 3, 6 and 7 stand alone, in any order; 5 builds on 4;
question 8 runs your exercise 7, and question 9 your exercise 1.
"""

# %%
import math

import numpy as np

from plainnet import Tensor

# %% [markdown]
r"""
## 1. Numerical gradient

**Why.** Every gradient that you will ever derive by hand can be wrong, and a wrong gradient often still trains, only
worse. The cure is an independent witness: change one input a little and look at what the output does. That takes two
evaluations of $f$ for every input, far too slow to train with, but it needs no calculus, so it can't share your
mistake.

**Write** `numerical_gradient(f, x, h=1e-5)`

- `f`: a function that takes an array of the shape of `x` and returns one number; it works only for that shape.
- `x`: an array of floats or of integers, of any shape with at least one axis.
- Returns the gradient $\partial f / \partial x$: a float64 array of the shape of `x`.

`for i in np.ndindex(x.shape):` visits every entry of an array, however many axes it has: `x[i]` is one number.
`np.array(x, dtype=float)` is a copy of `x` in float64, `np.zeros(x.shape)` zeros of its shape.

**Convention**: the *central difference*. With $e_i$ the array that is 1 at entry $i$ and 0 elsewhere,

$$ g_i = \frac{f(x + h\,e_i) - f(x - h\,e_i)}{2h} $$

Its error shrinks like $h^2$; that of the one-sided $(f(x + h e_i) - f(x)) / h$ only like $h$.

**Also**: the caller's `x` holds the same numbers afterwards; an `x` of integers or of float32 works as the same numbers
in float64 do.

**Worked number**: for $f(x) = \sum_i x_i^3$ at $x = (1, 2)$ with $h = 0.1$ the result is $(3.01,\ 12.01)$. On a cubic
the central difference gives $3x^2 + h^2$ exactly; the true gradient is $(3, 12)$.
"""


# %% solution="numerical-gradient" demo="GraphStepper"
def numerical_gradient(f, x, h=1e-5):
    """Return df/dx by central differences: an array of float64 of the shape of x."""
    ### BEGIN SOLUTION
    x = np.array(x, dtype=float)  # a copy: the caller's array stays as it is
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        above = f(x)
        x[i] = here - h
        below = f(x)
        x[i] = here
        gradient[i] = (above - below) / (2 * h)
    return gradient
    ### END SOLUTION


# %% test="numerical-gradient" points=1
def sum_of_cubes(x):
    return float(np.sum(x**3))


x = np.array([1.0, 2.0])
g = numerical_gradient(sum_of_cubes, x, h=0.1)
assert isinstance(g, np.ndarray) and g.shape == (2,), (
    f"x has the shape (2,), so the gradient is an array of shape (2,); you returned {g!r}."
)
assert not np.allclose(g, [3.31, 12.61]), (
    "This is the one-sided difference: look at the convention, it steps to both sides."
)
assert not np.allclose(g, [6.02, 24.02]), "Twice too much: the two points are 2h apart."
assert np.allclose(g, [3.01, 12.01], rtol=1e-9), (
    f"At x = (1, 2) with h = 0.1 the result is (3.01, 12.01); you returned {g}."
)
assert np.array_equal(x, [1.0, 2.0]), (
    f"x was (1, 2) before the call; now it is {x}: move a copy, or put every entry back."
)
g = numerical_gradient(lambda w: float(np.sum(w[0] * w[1])), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]))
assert g.shape == (2, 3), f"x has the shape (2, 3), so has the gradient; yours has {g.shape}."
assert np.allclose(g, [[4, 5, 6], [1, 2, 3]], rtol=1e-7), (
    f"For f = sum(x[0] * x[1]) each row's gradient is the other row; you returned {g}."
)
g = numerical_gradient(sum_of_cubes, np.array([1, 2]), h=0.1)
assert np.allclose(g, [3.01, 12.01], rtol=1e-9), (
    f"The integers (1, 2) work as 1.0 and 2.0 do: (3.01, 12.01); you returned {g}. An integer can't move by 0.1."
)
g = numerical_gradient(sum_of_cubes, np.array([1.0, 2.0], dtype=np.float32))
assert g.dtype == np.float64 and np.allclose(g, [3, 12], rtol=1e-7), (
    f"(1, 2) in float32 works as in float64: (3, 12); you returned {g}. A step of 1e-5 is lost among 7 digits."
)

# %% hidden="numerical-gradient" points=1
# Smooth functions on arrays of one to three axes, against the derivative by hand. First all calls, then all checks.
results = []
for shape in [(4,), (2, 3), (3, 1, 2)]:
    c, x = rng.normal(size=shape), rng.normal(size=shape)

    def f(z, c=c):
        return float(np.sum(c * z**3) + 0.5 * np.sum(z) ** 2)

    before, want = x.copy(), 3 * c * x**2 + np.sum(x)
    results.append((numerical_gradient(f, x), want, x, before))
for got, want, x, before in results:
    assert isinstance(got, np.ndarray)
    assert_allclose(got, want, rtol=1e-7, atol=1e-7)
    assert_allclose(x, before, rtol=0)

# %% hidden="numerical-gradient" points=1
# The step h, integers, and float32.
c, x = rng.uniform(0.5, 2, size=(2, 2)), rng.normal(size=(2, 2))
whole = rng.integers(-3, 4, size=3)
want_whole, whole_before = 2.5 * whole + 1.0, whole.copy()
single = rng.normal(size=(3, 2)).astype(np.float32)
want_single = 2.5 * single.astype(np.float64) + 1.0
wide = [(h, numerical_gradient(lambda z: float(np.sum(c * z**3)), x.copy(), h=h)) for h in (0.5, 0.125)]
got_whole, got_single = (numerical_gradient(lambda z: float(np.sum(1.25 * z**2 + z)), part) for part in (whole, single))
for h, got in wide:
    assert_allclose(got, 3 * c * x**2 + c * h**2, rtol=1e-9, atol=1e-9)
assert_allclose(got_whole, want_whole, rtol=1e-7, atol=1e-7)
assert_allclose(got_single, want_single, rtol=1e-7, atol=1e-7)
assert got_whole.dtype == np.float64 and got_single.dtype == np.float64
assert_equal(whole, whole_before)

# %% [markdown]
r"""
## 2. Forward and backward by hand

**Why.** The lecture's graph $e = (a + b)(b + 1)$ is small enough to do by hand, and it has all that backpropagation
needs: intermediate results that are stored on the way forward, and an input, $b$, that reaches the output along two
paths.

**Write** `forward_backward_e(a, b, g=1.0)`

- `a`, `b`: numbers.
- `g`: the *upstream gradient* $\partial L / \partial e$, a number. Think of
  $e$ as a step in the middle of a longer computation that ends in $L$; what comes after $e$ sends you $g$. With $g = 1$
  the results are the derivatives of $e$ itself. Any number may be 0: `a`, `b`, $c$, $d$ or `g`.
- Returns the tuple `(e, grad_a, grad_b)` of three numbers, with `grad_a` $= \partial L/\partial a$ and `grad_b`
  $= \partial L/\partial b$.

**Forward**: $c = a + b$, $d = b + 1$, $e = c\,d$. **Backward**: start from $g$ and go from $e$ back to $a$ and $b$, one
step of the chain rule for each line of the forward pass. Where a number was used twice, its gradient is the *sum* of
what comes back.

**Worked number**: `forward_backward_e(2.0, 1.0)` is `(6.0, 2.0, 5.0)`.
"""


# %% solution="forward-backward-e" demo="GraphStepper"
def forward_backward_e(a, b, g=1.0):
    """Return e = (a + b)(b + 1) and the gradients dL/da and dL/db, where g = dL/de."""
    ### BEGIN SOLUTION
    c = a + b
    d = b + 1
    e = c * d
    grad_c = g * d
    grad_d = g * c
    return e, grad_c, grad_c + grad_d
    ### END SOLUTION


# %% test="forward-backward-e" points=1
e, grad_a, grad_b = forward_backward_e(2.0, 1.0)
assert e == 6, f"(2 + 1) * (1 + 1) is 6; you returned e = {e}."
assert grad_a == 2, (
    f"At (2, 1) the derivative with respect to a is 2; you returned {grad_a}. What multiplies c in e = c * d?"
)
assert grad_b not in (2, 3), (
    f"grad_b = {grad_b} is one of two paths: b reaches e through c and through d. Add what comes back."
)
assert grad_b == 5, f"At (2, 1) the derivative with respect to b is 5; you returned {grad_b}."
e, grad_a, grad_b = forward_backward_e(2.0, 1.0, g=-0.5)
assert e == 6, "g has no influence on the forward pass: e is still 6."
assert (grad_a, grad_b) == (-1, -2.5), (
    f"With g = -0.5 every derivative is multiplied by -0.5: (-1, -2.5); you returned {(grad_a, grad_b)}."
)
at_zero = forward_backward_e(2.0, -1.0)
assert at_zero == (0, 0, 1), f"At (2, -1) d is 0, and (e, grad_a, grad_b) is (0, 0, 1); you returned {at_zero}."
at_zero = forward_backward_e(2.0, 1.0, g=0.0)
assert at_zero == (6, 0, 0), f"With g = 0 every derivative is multiplied by 0: (6, 0, 0); you returned {at_zero}."

# %% hidden="forward-backward-e" points=1
draws = rng.normal(scale=2, size=(6, 3)).tolist()
u, v = rng.normal(size=2).tolist()
draws += [[u, -u, v], [u, -1.0, v], [0.0, u, v], [u, v, 0.0]]  # c is 0, d is 0, a is 0, g is 0
results = [forward_backward_e(a, b, g) for a, b, g in draws]
for (a, b, g), got in zip(draws, results):
    assert isinstance(got, tuple) and len(got) == 3
    assert_allclose(list(got), [(a + b) * (b + 1), g * (b + 1), g * (a + 2 * b + 1)], rtol=1e-9, atol=1e-9)

# %% [markdown]
r"""
## 3. A number that remembers: the class `Value`

**Why.** Nobody derives a network's gradient by hand. Instead, each number remembers which numbers it was computed from,
and how fast it changes with each of them. Ordinary Python code then records its own graph while it runs: `+` builds a
node.

**Write** the operators of the class `Value`. Every `Value` has

- `data`: its number, a float;
- `inputs`: a tuple of the `Value`s that it was computed from, empty for one that you made yourself (a tuple of one
  needs its comma: `(self,)`);
- `local_derivatives`: a tuple with one float for each of the `inputs`, in the same order: the derivative of this number
  with respect to that input, all other inputs held fixed;
- `grad`: a place for a gradient, 0.0 at first; the operators leave it alone.

`__init__` is written already, and so is `Value.lift`, which makes a `Value` of a plain number and leaves a `Value` as
it is.

| you write | called for | note |
|---|---|---|
| `__add__`, `__mul__` | `x + y`, `x * y` | `y` is a `Value` or a plain number |
| `__pow__` | `x ** n` | `n` is a plain number, never a `Value`; where $x$ is 0, $n$ is at least 1; where $x$ is negative, $n$ is whole |
| `__neg__`, `__sub__`, `__truediv__` | `-x`, `x - y`, `x / y` | may be made of the operators above |
| `__radd__`, `__rmul__`, `__rsub__`, `__rtruediv__` | `3 + x`, `3 * x`, `3 - x`, `3 / x` | Python calls `x.__rsub__(3)` for `3 - x` |
| `__rpow__` | `3 ** x` | the base is a positive plain number; `math.log` is the natural logarithm |

**Formulas**, each a local derivative:
$\frac{\partial (xy)}{\partial x} = y$, $\frac{d\,x^n}{dx} = n\,x^{n-1}$, $\frac{d\,c^x}{dx} = c^x \log c$.

**Convention**: how many nodes an operator makes is up to you: `x - y` may be one node or `x + (-y)`. What counts is
`data`, and the derivative through the whole graph. The local derivatives are *numbers of the forward pass*: if
somebody changes `x.data` after `z = x * y`, then `z` and its `local_derivatives` stay as they were. An operator leaves
its operands as they are.

**Worked number**: for `x = Value(2.0)` and `z = x * x + 3 / x` we get `z.data == 5.5` and $dz/dx = 2x - 3/x^2 = 3.25$.

The next cell defines the derivative of a graph as one would in a calculus book: over every path from the output back to
the input, multiply the local derivatives; add up all paths. (It is correct, and hopelessly slow on a large graph:
exercise 5.)
"""


# %%
def sum_over_paths(root, leaf, depth=0):
    """Return d root / d leaf: for every path the product of its local derivatives, summed over all paths."""
    assert depth < 100, "This graph goes round in circles: no number is computed from itself."
    if root is leaf:
        return 1.0
    steps = zip(root.inputs, root.local_derivatives)
    return sum(slope * sum_over_paths(x, leaf, depth + 1) for x, slope in steps)


def value_and_slopes(make, formula, *numbers):
    """Return [formula's value, its derivative with respect to each number]; make(number) makes a leaf of the graph."""
    leaves = [make(number) for number in numbers]
    root = formula(*leaves)
    return [root.data] + [sum_over_paths(root, leaf) for leaf in leaves]


# %% solution="value-class" demo="GraphStepper"
class Value:
    """A number that remembers how it was computed."""

    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        """Return x if it is a Value, otherwise a new Value of the number x."""
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):  # self + other
        ### BEGIN SOLUTION
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))
        ### END SOLUTION

    def __mul__(self, other):  # self * other
        ### BEGIN SOLUTION
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))
        ### END SOLUTION

    def __pow__(self, n):  # self ** n, n a plain number
        ### BEGIN SOLUTION
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))
        ### END SOLUTION

    def __rpow__(self, base):  # base ** self, base a positive plain number
        ### BEGIN SOLUTION
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))
        ### END SOLUTION

    def __neg__(self):  # -self
        ### BEGIN SOLUTION
        return self * -1.0
        ### END SOLUTION

    def __sub__(self, other):  # self - other
        ### BEGIN SOLUTION
        return self + -Value.lift(other)
        ### END SOLUTION

    def __truediv__(self, other):  # self / other
        ### BEGIN SOLUTION
        return self * Value.lift(other) ** -1
        ### END SOLUTION

    def __radd__(self, other):  # other + self
        ### BEGIN SOLUTION
        return self + other
        ### END SOLUTION

    def __rmul__(self, other):  # other * self
        ### BEGIN SOLUTION
        return self * other
        ### END SOLUTION

    def __rsub__(self, other):  # other - self
        ### BEGIN SOLUTION
        return Value.lift(other) - self
        ### END SOLUTION

    def __rtruediv__(self, other):  # other / self
        ### BEGIN SOLUTION
        return Value.lift(other) / self
        ### END SOLUTION


# %% test="value-class" points=1
def check_slopes(text, formula, numbers, want):
    got = value_and_slopes(Value, formula, *numbers)
    for name, number, expected in zip(["the value", "the first derivative", "the second derivative"], got, want):
        assert abs(number - expected) < 1e-9, f"{text} at {numbers}: {name} should be {expected}; yours is {number}."


check_slopes("x + y", lambda x, y: x + y, (2.0, 3.0), (5, 1, 1))
check_slopes("x * y", lambda x, y: x * y, (2.0, 3.0), (6, 3, 2))
check_slopes("x ** 3", lambda x: x**3, (2.0,), (8, 12))
check_slopes("-x", lambda x: -x, (4.0,), (-4, -1))
check_slopes("x - y", lambda x, y: x - y, (2.0, 3.0), (-1, 1, -1))
check_slopes("x / y", lambda x, y: x / y, (1.0, 2.0), (0.5, 0.5, -0.25))
check_slopes("x * x (two edges to the same x)", lambda x: x * x, (5.0,), (25, 10))
check_slopes("x * x + 3 / x", lambda x: x * x + 3 / x, (2.0,), (5.5, 3.25))
check_slopes("1 - x", lambda x: 1 - x, (4.0,), (-3, -1))
check_slopes("2 ** x", lambda x: 2**x, (3.0,), (8, 8 * math.log(2)))
check_slopes("5 + 2 * x", lambda x: 5 + 2 * x, (3.0,), (11, 2))
check_slopes("x ** 0.5", lambda x: x**0.5, (4.0,), (2, 0.25))
check_slopes("x ** 2", lambda x: x**2, (0.0,), (0, 0))
check_slopes("x * y", lambda x, y: x * y, (0.0, 3.0), (0, 3, 0))
check_slopes("x / y", lambda x, y: x / y, (0.0, 2.0), (0, 0.5, 0))
assert isinstance(Value(2.0) + 1, Value), "An operator returns a new Value."
x, y = Value(2.0), Value(3.0)
results = [x + y, x * y, x - y, x / y, x**2, 2**x, -x]
assert (x.data, y.data, x.grad, y.grad) == (2, 3, 0, 0), "After the operators x or y has another data or grad."

# %% hidden="value-class" points=1
# Operators between Values, alone and together; a number that is used more than once.
got, want = [], []
for formula in [
    lambda x, y: x + y,
    lambda x, y: x * y,
    lambda x, y: x - y,
    lambda x, y: x / y,
    lambda x, y: -x * y,
    lambda x, y: x**3 - y**-2,
    lambda x, y: x * x + y * y * y,
    lambda x, y: (x + y) * (y + y) / (x * y) - x**2 / y,
]:
    numbers = (rng.uniform(0.5, 2.5, size=2) * rng.choice([-1.0, 1.0], size=2)).tolist()
    want += value_and_slopes(reference.Value, formula, *numbers)
    got += value_and_slopes(Value, formula, *numbers)
# Where a number is 0.
a = float(rng.uniform(0.5, 2))
for formula, *numbers in [
    (lambda x, y: x * y, 0.0, a),
    (lambda x, y: x * y, a, 0.0),
    (lambda x, y: x / y, 0.0, a),
    (lambda x, y: x - y, 0.0, a),
    (lambda x: x**3, 0.0),
    (lambda x: a**x, 0.0),
]:
    want += value_and_slopes(reference.Value, formula, *numbers)
    got += value_and_slopes(Value, formula, *numbers)
assert_allclose(got, want, rtol=1e-9, atol=1e-12)

# %% hidden="value-class" points=1
# Plain numbers on either side, 0 and fractions among them; the numbers of the forward pass and the operands are kept.
c, d = rng.uniform(1.2, 3, size=2).tolist()
n = int(rng.integers(2, 5))
got, want = [], []
for formula in [
    lambda x: x + c,
    lambda x: x * n,
    lambda x: x - c,
    lambda x: x / c,
    lambda x: c + x,
    lambda x: n * x,
    lambda x: c - x,
    lambda x: c / x,
    lambda x: c**x,
    lambda x: (1 / c) ** x + c ** (1 - 2 * x),
    lambda x: x**0.5 - x**-c,
    lambda x: (x + 0) * (0 - x) - 0 * x + 0 / x,
    lambda x: d - (2 * x - c**-x) / (1 + x**n),
]:
    number = float(rng.uniform(0.5, 2))
    want += value_and_slopes(reference.Value, formula, number)
    got += value_and_slopes(Value, formula, number)


def numbers_kept(make):
    x, y = make(c), make(d)
    x.grad, y.grad = 5.0, 6.0
    made = [x * y, x + y, x - y, x / y, -x, x**n, c**x, d / x, d - x]
    numbers = [x.data, y.data, x.grad, y.grad, *(z.grad for z in made)]
    x.data = y.data = 100.0
    return numbers + [part for z in made for part in (z.data, sum_over_paths(z, x), sum_over_paths(z, y))]


want += numbers_kept(reference.Value)
got += numbers_kept(Value)
z = Value(c) * Value(d)
assert_allclose(got, want, rtol=1e-9, atol=1e-12)
assert isinstance(z, Value) and isinstance(z - 1, Value)

# %% [markdown]
r"""
## A node to go on with

From here on you work with `Node`, which is a `Value` without operators, so that nothing depends on your exercise 3: a
node has `data`, `inputs`, `local_derivatives` and `grad`, with the same meaning.

`diamond()` builds the lecture's example $y = (c + d) + c\,d$ with $c = a + b$ and $d = a\,b$ at $(a, b) = (2, 3)$, and
returns its nodes by name; `s` is the sum in it, `p` the product. `random_graph(rng, size)` returns a list of nodes; its
last one depends on many of the others. It is there for you to try your answers on, with
`rng = np.random.default_rng(0)`.
"""


# %%
class Node:
    """A number in a graph: its inputs, and its derivative with respect to each of them."""

    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = data
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0


def diamond():
    """Return the nodes of y = (c + d) + c * d, c = a + b, d = a * b at (a, b) = (2, 3), by name."""
    a, b = Node(2.0), Node(3.0)
    c, d = Node(5.0, (a, b), (1.0, 1.0)), Node(6.0, (a, b), (3.0, 2.0))
    s, p = Node(11.0, (c, d), (1.0, 1.0)), Node(30.0, (c, d), (6.0, 5.0))
    y = Node(41.0, (s, p), (1.0, 1.0))
    return {"a": a, "b": b, "c": c, "d": d, "s": s, "p": p, "y": y}


def random_graph(rng, size):
    """Return `size` nodes, inputs first; several hold the same number, and one may be an input twice, as in x * x."""
    nodes = [Node(1.0), Node(1.0)]
    while len(nodes) < size:
        recent = nodes[-5:]
        inputs = [recent[i] for i in rng.integers(len(recent), size=rng.integers(1, 4))]
        nodes.append(Node(float(rng.integers(1, 4)), inputs, rng.normal(size=len(inputs)).tolist()))
    return nodes


# %% [markdown]
r"""
## 4. Topological order

**Why.** A node may pass its gradient on only when that gradient is complete, which is when everything that uses the
node has had its turn. So the graph needs an order: every node after all of its inputs. Read backwards, it is the order
of backpropagation.

**Write** `topological_order(root)`

- `root`: a `Node`; its inputs are `root.inputs`.
- Returns a `list` of nodes: `root` and every node that it depends on, directly or not, **each exactly once**, every
  node **after all of its inputs**. So `root` is the last. There may be several such orders; any of them is right.

**Convention**: a node is an object, not a number. Two nodes with the same `data` are two nodes: compare with `is`, or
put the nodes themselves into a `set` or `dict`, which tells them apart by identity. The nodes are left as they are, and
get no marks.

**Size**: a deep network is a long chain. Chains of 5,000 nodes work, although Python allows only about 1,000
nested calls: use a loop, and a `list` of the nodes that still have to be dealt with (a *stack*: take from its end what
was put there last). The difficulty is the moment at which a node enters your order: not when you first meet it, but
when all its inputs are in. Until then it has to wait on the stack, and to be looked at again. And each node is handled
once, although the paths to it can be very many: after 25 steps of `x = x + x` there are $2^{25}$ paths.

**Worked example**: in `diamond()` the order `a, b, c, d, s, p, y` is right, and so is
`b, a, d, c, p, s, y`. The order `a, b, c, s, d, p, y` is wrong, since `d` is an input of `s`.

**To look at** (no points): once your tests pass, put `from plainnet.demos import OrderPicker` and
`OrderPicker(own_order=topological_order)` into a cell of your own, and watch your order at work beside the others.
"""


# %% solution="topological-order" forbid="plainnet.autograd.topological_order" demo="OrderPicker"
def topological_order(root):
    """Return the list of all nodes that root depends on, and root: each once, every node after its inputs."""
    ### BEGIN SOLUTION
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, inputs_done = stack.pop()
        if inputs_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order
    ### END SOLUTION


# %% test="topological-order" points=1
def attributes_of(root):
    """Return the attributes of every node below root as they are now: id of the node -> dict."""
    found, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if id(node) not in found:
            found[id(node)] = dict(vars(node))
            waiting.extend(node.inputs)
    return found


def check_order(root, how_many):
    before = attributes_of(root)
    order = topological_order(root)
    assert isinstance(order, list), f"topological_order returns a list; you returned {type(order).__name__}."
    place = {id(node): i for i, node in enumerate(order)}
    assert len(order) == len(place), (
        f"Your list has {len(order)} entries for {len(place)} different nodes: each node stands once."
    )
    assert len(order) == how_many, f"This graph has {how_many} nodes; your list has {len(order)}."
    assert order[-1] is root, "The root depends on all the others, so it stands last."
    assert all(vars(node) == before[id(node)] for node in order), (
        "Some node has other inputs, numbers or attributes now: leave the nodes alone."
    )
    for node in order:
        for x in node.inputs:
            assert place[id(x)] < place[id(node)], (
                f"A node with data = {node.data} stands before its input with data = {x.data}."
            )


check_order(Node(1.0), 1)
check_order(diamond()["y"], 7)
for far_first in (True, False):  # root uses x and z, and z uses x too: one way to x is short, the other long
    x = Node(2.0)
    z = Node(3.0, (x,), (1.0,))
    check_order(Node(5.0, (z, x) if far_first else (x, z), (1.0, 1.0)), 3)
twins = [Node(2.0), Node(2.0)]
check_order(Node(4.0, twins, (1.0, 1.0)), 3)
y = diamond()["y"]
topological_order(y)
assert len(topological_order(y)) == 7, "A second call gives all 7 nodes again: start with nothing seen."
end = Node(1.0)
for _ in range(4999):
    end = Node(1.0, (end,), (1.0,))
try:
    order = topological_order(end)
except RecursionError as error:
    raise AssertionError("A chain of 5,000 nodes is too deep for calls that call themselves: see Size.") from error
assert len(order) == 5000 and order[-1] is end, f"A chain of 5,000 nodes; your list has {len(order)}."

# %% hidden="topological-order" points=1
graphs = [list(diamond().values())] + [random_graph(rng, 25) for _ in range(4)]
numbers = [[node.data for node in nodes] for nodes in graphs]
inputs = [{id(node): node.inputs for node in nodes} for nodes in graphs]  # an answer may change its nodes
attributes = [dict(vars(node)) for nodes in graphs for node in nodes]
wanted = [{id(node) for node in reference.topological_order(nodes[-1])} for nodes in graphs]
orders = [topological_order(nodes[-1]) for nodes in graphs]
for order, want, before in zip(orders, wanted, inputs):
    place = {id(node): i for i, node in enumerate(order)}
    assert type(order) is list and len(order) == len(want) and set(place) == want
    assert all(place[id(x)] < place[id(node)] for node in order for x in before[id(node)])
assert [[node.data for node in nodes] for nodes in graphs] == numbers
assert [{id(node): node.inputs for node in nodes} for nodes in graphs] == inputs
assert [vars(node) for nodes in graphs for node in nodes] == attributes

# %% hidden="topological-order" points=1
# Size: first a small doubling graph, then a chain of 5,000 nodes, then a graph of 26 nodes with 2**25 paths.
for doublings, chain in [(3, 0), (0, 4999), (25, 0)]:
    nodes = [Node(1.0)]
    for _ in range(doublings):
        nodes.append(Node(1.0, (nodes[-1], nodes[-1]), (1.0, 1.0)))
    for _ in range(chain):
        nodes.append(Node(1.0, (nodes[-1],), (1.0,)))
    order = topological_order(nodes[-1])
    assert type(order) is list and len(order) == len(nodes)
    assert all(one is other for one, other in zip(order, nodes))

# %% [markdown]
r"""
## 5. Backward

**Why.** This is the loop that trains networks: start at the output, visit each node once, hand its gradient down to its
inputs. One pass gives the derivatives with respect to *all* inputs, for about the price of one forward pass.

**Write** `backward(root, g=1.0)`

- `root`: a `Node`. `g`: the upstream gradient $\partial L / \partial\,\mathrm{root}$, a number.
- Returns nothing. Afterwards `node.grad` is $\partial L / \partial\,\mathrm{node}$, a float, for `root` and for every
  node that it depends on; for `root` itself that is `g`.

**Formula**: a node $x$ receives a contribution from every edge that leads out of it,

$$ \frac{\partial L}{\partial x} = \sum_{\text{edges } x \to z} \frac{\partial L}{\partial z}\,\frac{\partial z}{\partial x} $$

where $\partial z / \partial x$ stands in `z.local_derivatives`. In $z = x \cdot x$ two edges lead from $x$ to $z$, and
both count.

**Convention**: *each call starts afresh*. Whatever `grad` held before, in any node of the graph, is forgotten; a second
call gives the same gradients again. (PyTorch and `plainnet` do otherwise: there, leaves add up over calls until you
clear them.) Besides `grad`, nothing in the graph changes.

**Size**: as in exercise 4, chains of 5,000 nodes and graphs with $2^{25}$ paths.

Call your `topological_order` (a mistake in it then shows here too, so mend exercise 4 first), or order the nodes in a
way of your own.

**Worked number**: in `diamond()` with $g = 1$ the gradients are 25 for `a`, 19 for `b`, 7 for `c`, 6 for
`d`, and 1 for `s`, `p` and `y`.
"""


# %% solution="backward" needs="topological-order" demo="OrderPicker"
def backward(root, g=1.0):
    """Set node.grad = dL/d(node) for root and every node it depends on, where g = dL/d(root)."""
    ### BEGIN SOLUTION
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope
    ### END SOLUTION


# %% test="backward" points=1
x = Node(3.0)
z = Node(9.0, (x, x), (3.0, 3.0))  # z = x * x
backward(z)
assert z.grad == 1, f"The root's gradient is g, here 1; yours is {z.grad}."
assert x.grad == 6, f"z = x * x has two edges from x, each with the slope 3: x.grad should be 6; yours is {x.grad}."
nodes = diamond()
backward(nodes["y"])
a, b = nodes["a"].grad, nodes["b"].grad
assert (a, b) != (0, 0), "Nothing has come down to a and b: walk through the order from its end, from y to the inputs."
assert (a, b) != (29, 22), (
    "(29, 22): some node passed its gradient on, got more, and passed it all on again. See the order."
)
assert (a, b) != (4, 3), "(4, 3): a node passed its gradient on before it was complete. See the order."
assert (a, b) == (25, 19), f"In the diamond the gradients of a and b are 25 and 19; yours are {a} and {b}."
backward(nodes["y"])
assert nodes["a"].grad == 25, f"A second call gives 25 again, it starts afresh; yours gives {nodes['a'].grad}."
backward(nodes["y"], g=-0.5)
assert nodes["y"].grad == -0.5 and nodes["b"].grad == -9.5, "With g = -0.5 every gradient is multiplied by -0.5."
backward(nodes["y"], g=0.0)
assert nodes["y"].grad == 0 and nodes["b"].grad == 0, "With g = 0 every gradient is multiplied by 0."
alone = Node(2.0)
backward(alone)
assert alone.grad == 1, f"A root without inputs has the gradient g, here 1; yours is {alone.grad}."
assert all(list(vars(node)) == ["data", "inputs", "local_derivatives", "grad"] for node in nodes.values()), (
    "Your nodes have attributes that they did not have: keep what you note down beside the graph."
)

# %% hidden="backward" points=1
graphs = [list(diamond().values())] + [random_graph(rng, 20) for _ in range(6)] + [[Node(2.0)]]
for node in graphs[4] + graphs[5]:  # slopes of 0, as those of x * x at 0
    node.local_derivatives = tuple(0.0 if rng.random() < 0.4 else slope for slope in node.local_derivatives)
got, want, numbers = [], [], []
for i, nodes in enumerate(graphs):
    root, g, order = nodes[-1], 0.0 if i == 6 else float(rng.normal()), reference.topological_order(nodes[-1])
    numbers.append(([{**vars(node), "grad": None} for node in order], order))
    reference.backward(root, g)
    want += 2 * [node.grad for node in order]
    for node in order:
        node.grad = float(rng.normal())
    for _ in range(2):
        backward(root, g)
        got += [node.grad for node in order]
assert_allclose(got, want, rtol=1e-9, atol=1e-12)
assert all([{**vars(node), "grad": None} for node in order] == before for before, order in numbers)

# %% hidden="backward" points=1
# Size: first a small doubling graph, then a chain of 5,000 nodes, then a graph of 26 nodes with 2**25 paths.
for doublings, chain in [(3, 0), (0, 4999), (25, 0)]:
    nodes = [Node(1.0)]
    for _ in range(doublings):
        nodes.append(Node(1.0, (nodes[-1], nodes[-1]), (1.0, 1.0)))
    for _ in range(chain):
        nodes.append(Node(1.0, (nodes[-1],), (-1.0,)))
    backward(nodes[-1], 0.5)
    grads = [node.grad for node in nodes[:-4]] if chain else [nodes[0].grad, nodes[-2].grad]
    want = [0.5 * (-1.0) ** (chain - i) for i in range(len(grads))] if chain else [0.5 * 2**doublings, 1.0]
    assert_allclose(grads, want, rtol=1e-12)

# %% [markdown]
r"""
## 6. Undo broadcasting

**Why.** NumPy stretches arrays to fit: in `y = x + b` with `x` of shape (4, 3) and `b` of shape (3,) every
`b[j]` is used four times. What is used several times receives the sum of what comes back, so the gradient of `b` is a
sum over the four rows, and has the shape of `b`.

**Write** `unbroadcast(g, shape)`

- `g`: an array of float64, the gradient with respect to the *stretched* array.
- `shape`: a tuple, the shape that the array had before NumPy's broadcasting stretched it to `g.shape`; it may be `()`,
  for a single number: then return a number, or an array without axes.
- Returns the gradient with respect to the array before: `g` summed over all copies, of exactly the shape `shape`.

**Formula**: $\mathrm{out}_k = \sum g_j$ over all positions $j$ of the stretched array that show entry $k$ of the array
before.

**Convention** (NumPy's): shapes are aligned at the *last* axis; missing axes are put in front; an axis of length 1 is
stretched. An axis that was 1 stays, as 1: `g.sum(axis=i, keepdims=True)` sums over axis `i` and keeps it with the
length 1, `g.sum(axis=i)` removes it. Where nothing was stretched, the result equals `g` (and may be `g` itself). The
array `g` is left alone.

**Worked numbers**: for `g = [[1, 2, 3], [4, 5, 6]]`, shape `(3,)` gives `[5, 7, 9]`, shape `(2, 1)` gives
`[[6], [15]]`, shape `()` gives 21.
"""


# %% solution="unbroadcast" forbid="plainnet.autograd.unbroadcast" demo="GraphStepper"
def unbroadcast(g, shape):
    """Return g summed over the axes along which an array of this shape was stretched: an array of that shape."""
    ### BEGIN SOLUTION
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    stretched = tuple(i for i, n in enumerate(shape) if n == 1)
    return g.sum(axis=stretched, keepdims=True)
    ### END SOLUTION


# %% test="unbroadcast" points=1
g = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
examples = {(3,): [5, 7, 9], (2, 1): [[6], [15]], (1, 3): [[5, 7, 9]], (): 21, (1,): [21], (2, 3): g}
try:
    results = {shape: unbroadcast(g.copy(), shape) for shape in examples}
except ValueError as error:
    raise AssertionError(
        f"Shapes are aligned at the last axis; copies are summed, not rearranged. ({error})"
    ) from error
for shape, want in examples.items():
    got = results[shape]
    assert np.shape(got) == shape, (
        f"The gradient of an array of shape {shape} has that shape; yours has {np.shape(got)}."
    )
    assert np.allclose(got, want), (
        f"For shape {shape} each entry is the sum over its copies: {want}; you returned {got}."
    )
got = unbroadcast(np.ones((1, 3)), (3,))
assert isinstance(got, np.ndarray), f"The gradient is an array; yours is a {type(got).__name__}."
assert got.shape == (3,), f"From (1, 3) to (3,): an axis was put in front, although of length 1; yours is {got.shape}."

# %% hidden="unbroadcast" points=1
cases = [((3, 3), (3,)), ((2, 3, 4), (2, 1, 4)), ((2, 3, 4), (4,)), ((3, 2), ())]
cases += [
    ((1, 3), (3,)),
    ((2, 1, 3), (1, 3)),
    ((1, 1), ()),
    ((2, 3, 4), (1, 3, 1)),
    ((3, 1), (3, 1)),
    ((2, 2, 2, 2), (2,)),
]
for _ in range(9):
    full = tuple(int(n) for n in rng.integers(2, 5, size=rng.integers(1, 5)))
    shape = tuple(1 if rng.random() < 0.4 else n for n in full)
    cases.append((full, shape[int(rng.integers(0, len(full) + 1)) :]))
results = []
for full, shape in cases:
    g = rng.normal(size=full)
    before, want = g.copy(), reference.unbroadcast(g, shape)
    results.append((unbroadcast(g, shape), want, g, before))
assert all(isinstance(got, np.ndarray) or want.shape == () for got, want, _, _ in results)
for got, want, g, before in results:
    assert_allclose(got, want, rtol=1e-9, atol=1e-12)
    assert_allclose(g, before, rtol=0)

# %% [markdown]
r"""
## 7. A derivative through a loop

**Why.** A graph is recorded while code runs, so the code may contain loops and conditions that depend on the numbers
themselves. What is differentiated is the sequence of operations that was really carried out, not the formula that you
had in mind.

**Write** `taylor_sine(x, tol=1e-3)`, the Taylor series of the sine at 0, summed until its terms are small:

$$ \sin x \approx x - \frac{x^3}{3!} + \frac{x^5}{5!} - \dots, \qquad t_0 = x, \quad t_{i+1} = -\,t_i\,\frac{x^2}{(2i+2)(2i+3)} $$

- `x`: a `plainnet.Tensor` with a single number. `+`, `-`, `*`, `/` and `**` with numbers and tensors record the graph.
- `tol`: a positive number.
- Returns `(y, passes)`: `y`, a `Tensor` computed from `x` by these operators, with the sum as its value; `passes`, an
  `int`, how often the loop's body ran.

**Convention**: start with $y = t_0$. As long as the *size* $|t|$ of the latest term is greater than `tol`, compute the
next term and add it. So the last term that is added is the first whose size is at most `tol`. Where the size of $x$ is
at most `tol`, the loop never runs: `y` is `x`, and `passes` is 0.

`term.data` is a tensor's plain value: use it in the condition of the loop, and only there. It carries no derivative.

**Worked number**: at $x = \pi$ with `tol=1e-3` there are 6 passes, the value is 2.114e-5, and $dy/dx = -0.99989953$.
That is not $\cos \pi = -1$: we differentiate the polynomial of degree 13 that the loop has built.
"""


# %% solution="taylor-sine" demo="GraphStepper"
def taylor_sine(x, tol=1e-3):
    """Return (Taylor series of the sine at x, summed until a term is at most tol in size; number of passes)."""
    ### BEGIN SOLUTION
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes
    ### END SOLUTION


# %% test="taylor-sine" points=1
x = Tensor(math.pi, requires_grad=True)
result = taylor_sine(x)
assert isinstance(result, tuple) and len(result) == 2, f"Return (y, passes), two things; you returned {result!r}."
y, passes = result
assert isinstance(y, Tensor), f"y is a Tensor; you returned {type(y).__name__}."
assert passes == 6, f"At pi with tol = 1e-3 the loop's body runs 6 times; yours ran {passes} times. See the convention."
assert type(passes) is int, f"passes is an int; yours is a {type(passes).__name__}."
assert abs(float(y.data) - 2.1142567558e-5) < 1e-12, f"The sum at pi is 2.1142567558e-5; yours is {float(y.data)}."
assert x.data == math.pi, f"x.data was pi; now it is {x.data}: something was added in place."
y.backward()
assert x.grad is not None, "No derivative arrived at x: is y computed from x itself, and not from x.data?"
assert abs(x.grad + 0.9999062595) > 1e-8, (
    "Start with x itself: a new Tensor of x.data cuts the first term off the graph."
)
assert abs(x.grad + 0.9998995297) < 1e-9, f"The derivative at pi is -0.9998995297; yours is {x.grad}."
passes = taylor_sine(Tensor(0.5, requires_grad=True), tol=0.5)[1]
assert passes == 0, (
    f"At x = 0.5 with tol = 0.5 the first term is at most tol, so the loop never runs; yours ran {passes} times."
)

# %% hidden="taylor-sine" points=1
points = [(number, tol) for number in rng.uniform(-6, 6, size=5).tolist() for tol in (1e-2, 1e-6)]
got, want = [], []
points += [(float(rng.uniform(8, 9)), 1e-6), (5e-4, 1e-3), (0.0, 1e-3), (0.5, 0.5), (-0.25, 0.25)]
for number, tol in points:
    g = rng.normal()
    for function, found in [(reference.taylor_sine, want), (taylor_sine, got)]:
        x = Tensor(number, requires_grad=True)
        y, passes = function(x, tol)
        assert isinstance(y, Tensor) and x.data == number
        y.backward(g)
        found.append((passes, y.data.item(), math.nan if x.grad is None else x.grad.item()))
assert all(type(passes) is int for passes, _, _ in got)
assert_equal([passes for passes, _, _ in got], [passes for passes, _, _ in want])
assert_allclose([numbers[1:] for numbers in got], [numbers[1:] for numbers in want], rtol=1e-9, atol=1e-11)

# %% [markdown]
r"""
## 8. A question that needs a run

How many passes does the loop of exercise 7 need at $x = 20$ with `tol = 1e-3`? Write the whole number. (While you are
there: compare the value at $x = 40$ with `math.sin(40)`. The terms grow to about $10^{16}$ before they shrink, and
float64 keeps 16 digits. A sum can be exact in every derivative rule and still be useless.)
"""

# %% quiz="passes-at-twenty" points=1 demo="GraphStepper"
### BEGIN SOLUTION
passes_at_twenty = 29
### END SOLUTION

# %% [markdown]
r"""
## 9. Which formula is it?

Let $Y = XW$ be a matrix product and $L = \sum_{ij} G_{ij} Y_{ij}$, so that $G = \partial L / \partial Y$ is the
upstream gradient. All of $X$, $W$ and $G$ are 3×3, so shapes don't give it away. Which is $\partial L / \partial W$?
(`X @ W` is the matrix product, `X.T` exchanges rows and columns.) Find out with random matrices and a gradient that you
trust, and write its letter as text, in quotation marks.

| a | b | c | d |
|---|---|---|---|
| `G @ X.T` | `X @ G` | `X.T @ G` | `G.T @ X` |
"""

# %% quiz="matmul-gradient" points=1 demo="GraphStepper"
### BEGIN SOLUTION
gradient_of_w = "c"
### END SOLUTION

# %% [markdown] manual="why-order" points=2
r"""
## 10. Why the order matters

In three to six sentences: in the diamond $y = (c + d) + c\,d$ with $c = a + b$, $d = a\,b$, a backward pass that visits
each node once, but in the order in which one first meets them, going down the left input first, gives (4, 3) instead
of (25, 19). Say what goes wrong, naming one node at which it happens, and why the lecture's $e = (a + b)(b + 1)$ does
not show this fault.

### BEGIN MARK SCHEME
- 1 point: names a node of the diamond (`c`, or `d`) that passes its gradient on before all of its users have
  contributed. For instance: `c` is reached through the sum `s`, hands 1 down to `a` and `b`, and only later receives 6
  from the product `p`, which is never passed on. Half of it for the general statement without a node: a gradient is
  complete only after all users of the node were visited.
- 1 point: in $e = (a + b)(b + 1)$ only an input, $b$, is used twice; it is a leaf and passes nothing on, so the time at
  which its two contributions arrive does not matter. No node *between* has two users.
- Not needed: the numbers, the word "topological". No point for "it is not the topological order" alone, without what
  goes wrong.
### END MARK SCHEME
"""
