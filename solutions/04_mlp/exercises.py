# %% [markdown]
r"""
# Chapter 4: Multi-layer perceptrons

You take a network apart and put it together again: a layer with its three gradients, the whole way forward, the whole
way back, the training loop. In between you prove two things with your own hands: without activations ten layers are
one, and with them one hidden layer draws any curve.

**Learning objectives.** After this notebook you can

1. write a dense layer and its gradients as matrix products, and check them by their shapes;
2. count the parameters of a network before you build it;
3. show that layers without an activation collapse into one;
4. compute a network's outputs layer by layer, and its gradients in the opposite order;
5. build, without any training, a network that passes through given points exactly;
6. train a network with mini-batches, and test a training loop by letting it learn twenty examples by heart.

**Prerequisites.** The lecture of this chapter; the chain rule on a graph and NumPy's broadcasting (chapter 1); softmax
and cross-entropy (chapter 3), which are given here as a finished function.

**Time** (estimated): 120 minutes.

| exercise | topic | points | minutes (estimated) |
|---|---|---|---|
| 1 | a dense layer, forward and backward | 3 | 17 |
| 2 | counting parameters | 2 | 8 |
| 3 | linear layers collapse | 2 | 10 |
| 4 | the way forward | 2 | 10 |
| 5 | the way back | 2 | 16 |
| 6 | a network through given points | 3 | 16 |
| 7 | the training loop | 2 | 14 |
| 8 | twenty examples by heart | 2 | 15 |
| 9, 10 | two questions that need a run | 2 | 8 |
| 11 | what becomes of equal weights, in words (marked by hand) | 2 | 6 |

**How it works.** Replace each `raise NotImplementedError(...)` by your answer. Below it stands a test that you can run
as often as you like: it stays silent when all is well. Hidden tests then try other numbers and shapes, and the edges of
what the text says; whatever they check is stated in the text. Every test cell may take 5 seconds of computing time.
You need only NumPy and what this notebook imports. The exercises stand alone, in any order.

**One notation for all of it.** A batch `x` has a row for each sample: shape (N, D). A layer with D inputs and M outputs
has a weight `w` of shape (D, M) and a bias `b` of shape (M,), and computes `x @ w + b`, of shape (N, M). A network is a
list `params` of its layers, first layer first, each a tuple `(w, b)`. An *activation* is a function that is applied to
each number $z$ by itself, here mostly $\mathrm{relu}(z) = \max(z, 0)$ (ReLU: rectified linear unit). All arrays
hold float64 unless the text says otherwise. In all exercises the caller's lists and arrays hold the same afterwards.
Books that write $Wx + b$ for one column $x$ keep the transpose: their $W$
is (M, D).
"""

# %%
import math

import numpy as np

import plainnet

# %% [markdown]
r"""
## 1. A dense layer

**Why.** Every network in this course is built of layers that know two things: what they give for an input, and how to
hand a gradient back. Whoever has these two methods can be stacked without knowing its neighbours.

**Write** the methods of the class `Dense`; `__init__` is written already.

`forward(x)`

- `x`: an array (N, D); `self.w` is (D, M), `self.b` is (M,). N may be 1.
- Returns the array `x @ w + b` (N, M). Keep in `self` whatever the way back will need.

`backward(g)`

- `g`: the *upstream gradient* $\partial L/\partial y$, an array (N, M), where $y$ is what the latest `forward` of this
  layer returned and $L$ is a single number computed from it.
- Returns $\partial L/\partial x$, an array (N, D), and sets `self.grad_w` to $\partial L/\partial w$ (D, M) and
  `self.grad_b` to $\partial L/\partial b$ (M,).

**Formulas**, each the only product of these arrays whose shape fits (unless two of N, D, M happen to be equal):

$$ \frac{\partial L}{\partial x} = g\,w^\top \qquad \frac{\partial L}{\partial w} = x^\top g \qquad
\frac{\partial L}{\partial b} = \sum_{n=1}^{N} g_n $$

**Conventions**

- *Sum, not mean.* All rows share `w` and `b`, so what comes back from the rows is **added**. If $L$ is a mean over the
  samples, then the $1/N$ is in `g` already.
- *Each call of `backward` starts afresh*: it sets `grad_w` and `grad_b`, whatever they held before.
- Each layer remembers its own input: a network has many, and goes back through them after all have gone forward. There
  may be a `forward` without a `backward`, or several `backward` after one `forward`.
- `x`, `g`, `w` and `b` are left as they are: learning is not the layer's business.

**Worked numbers**: for `x = [[1, 2]]`, `w = [[1, 0, -1], [2, 1, 0]]`, `b = [0, 1, 2]` the output is `[[5, 3, 1]]`. With
`g = [[1, 0, 2]]`, `backward` returns `[[-1, 2]]` and sets `grad_w = [[1, 0, 2], [2, 0, 4]]`, `grad_b = [1, 0, 2]`.
"""


# %% solution="dense" demo="XorNetwork"
class Dense:
    """A dense layer y = x w + b that can go back."""

    def __init__(self, w, b):
        self.w, self.b = w, b  # (D, M), (M,)

    def forward(self, x):
        """Return x w + b: (N, D) -> (N, M)."""
        ### BEGIN SOLUTION
        self.x = x
        return x @ self.w + self.b
        ### END SOLUTION

    def backward(self, g):
        """Return dL/dx (N, D) for g = dL/dy (N, M); set grad_w (D, M) and grad_b (M,)."""
        ### BEGIN SOLUTION
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T
        ### END SOLUTION


# %% test="dense" points=1
layer = Dense(np.array([[1.0, 0.0, -1.0], [2.0, 1.0, 0.0]]), np.array([0.0, 1.0, 2.0]))
y = layer.forward(np.array([[1.0, 2.0]]))
assert isinstance(y, np.ndarray) and y.shape == (1, 3), f"x is (1, 2) and w is (2, 3), so y is (1, 3); yours is {y!r}."
assert np.allclose(y, [[5, 3, 1]]), f"x w + b is [[5, 3, 1]] here; you returned {y}. Is the bias in?"
grad_x = layer.backward(np.array([[1.0, 0.0, 2.0]]))
assert np.shape(layer.grad_w) == (2, 3), f"grad_w has the shape of w, (2, 3); yours has {np.shape(layer.grad_w)}."
assert np.shape(layer.grad_b) == (3,), f"grad_b has the shape of b, (3,); yours has {np.shape(layer.grad_b)}."
assert np.shape(grad_x) == (1, 2), f"backward returns a gradient of the shape of x, (1, 2); yours: {np.shape(grad_x)}."
assert np.allclose(grad_x, [[-1, 2]]), f"g times the transpose of w is [[-1, 2]]; you returned {grad_x}."
assert np.allclose(layer.grad_w, [[1, 0, 2], [2, 0, 4]]), f"x transposed times g is something else than {layer.grad_w}."
x, g = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1.0, 0.0, 2.0], [1.0, 1.0, 0.0]])
layer.forward(x)
layer.backward(g)
assert np.array_equal(x, [[1, 2], [3, -1]]), f"x was changed by the calls; now it is {x.tolist()}."
assert np.array_equal(g, [[1, 0, 2], [1, 1, 0]]), f"g was changed by backward; now it is {g.tolist()}."
divided = np.allclose(layer.grad_b, [1, 0.5, 1]) or np.allclose(layer.grad_w, [[2, 1.5, 1], [0.5, -0.5, 2]])
assert not divided, "You divide by the number of rows. What comes back from the rows is added: see the conventions."
kept = np.allclose(layer.grad_b, [3, 1, 4]) or np.allclose(layer.grad_w, [[5, 3, 4], [3, -1, 8]])
assert not kept, "Your second backward adds to what the first one left. Each call starts afresh: see the conventions."
assert np.allclose(layer.grad_b, [2, 1, 2]), (
    f"Both rows use b, so grad_b is the sum of the rows of g, [2, 1, 2]; yours is {layer.grad_b}."
)
assert np.allclose(layer.grad_w, [[4, 3, 2], [1, -1, 4]]), (
    f"Both rows use w, so grad_w is x transposed times g, [[4, 3, 2], [1, -1, 4]]; yours is {layer.grad_w}."
)
layer.forward(np.array([[9.0, 9.0]]))
layer.forward(x)
for upstream in (g, 2 * g):
    grad_x = layer.backward(upstream)
    assert all(isinstance(array, np.ndarray) for array in (grad_x, layer.grad_w, layer.grad_b)), "Gradients are arrays."
    assert np.allclose(layer.grad_w, x.T @ upstream), (
        "backward belongs to the latest forward, however many there were of either."
    )

# %% hidden="dense" points=1
# Square first, then all shapes different, a single row, a single output; random upstream gradients.
results = []
for N, D, M in [(3, 3, 3), (5, 3, 2), (1, 2, 4), (6, 4, 1), (4, 1, 3)]:
    x, w, b, g = (rng.normal(size=shape) for shape in [(N, D), (D, M), (M,), (N, M)])
    want = [x @ w + b, g @ w.T, x.T @ g, np.ones(N) @ g, w.copy(), b.copy(), x.copy(), g.copy()]
    layer = Dense(w, b)
    results.append(([layer.forward(x), layer.backward(g), layer.grad_w, layer.grad_b, w, b, x, g], want))
for got, want in results:
    assert all(isinstance(one, np.ndarray) for one in got)
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-9, atol=1e-11)

# %% hidden="dense" points=1
# Two layers at work at the same time, each of them twice; between them the signal is doubled.
(w1, b1), (w2, b2) = [(rng.normal(size=(3, 3)), rng.normal(size=3)) for _ in range(2)]
first, second = Dense(w1.copy(), b1.copy()), Dense(w2.copy(), b2.copy())
got, want = [], []
for N in (2, 4):
    x, g = rng.normal(size=(N, 3)), rng.normal(size=(N, 3))
    middle, back = 2 * (x @ w1 + b1), 2 * g @ w2.T
    want += [x.T @ back, np.ones(N) @ back, middle.T @ g, np.ones(N) @ g, back @ w1.T]
    second.forward(2 * first.forward(x))
    passed_on = second.backward(g)
    grad_x = first.backward(2 * passed_on)
    got += [first.grad_w.copy(), first.grad_b.copy(), second.grad_w.copy(), second.grad_b.copy(), grad_x]
# Forward passes with nothing after them, then two ways back from the latest one.
for N in (4, 3, 4):
    x = rng.normal(size=(N, 3))
    first.forward(x.copy())
for _ in range(2):
    g = rng.normal(size=(4, 3))
    want += [x.T @ g, np.ones(4) @ g, g @ w1.T]
    grad_x = first.backward(g)
    got += [first.grad_w.copy(), first.grad_b.copy(), grad_x]
for one, other in zip(got, want):
    assert_allclose(one, other, rtol=1e-9, atol=1e-11)

# %% [markdown]
r"""
## 2. Counting parameters

**Why.** The number of parameters says how much memory a network takes, how much data it can learn by heart, and whether
your plan is reasonable at all, before a single array exists.

**Write** `count_params(sizes, bias=True)`

- `sizes`: a list of two or more positive ints: the number of inputs, of the units of each hidden layer, of outputs.
- `bias`: whether the layers have biases.
- Returns the number of weights, and of biases if there are any: an int.

**Convention**: fully connected layers. Every unit of a layer has one weight for every unit of the layer before, and one
bias. The inputs are no layer: they have no bias. The sizes may be so large that the arrays would not fit into memory:
count, don't build.

**Worked numbers**: `[784, 500, 50, 10]` has 392,500 + 25,050 + 510 = **418,060** parameters. A *five-layer* network with
three hidden layers of Z units and no biases has $N_I Z + Z^2 + Z^2 + Z N_O$: with 784 inputs, Z = 500 and 10 outputs
that is **897,000**. (The same network is called a four-layer network where the inputs are not counted. Say "three
hidden layers".)
"""


# %% solution="count-params" demo="XorNetwork"
def count_params(sizes, bias=True):
    """Return the number of parameters of a dense network with these layer sizes, inputs first."""
    ### BEGIN SOLUTION
    return sum((inputs + bias) * outputs for inputs, outputs in zip(sizes, sizes[1:]))
    ### END SOLUTION


# %% test="count-params" points=1
got = count_params([784, 500, 50, 10])
assert got != 417_500, "417,500 are the weights alone: with bias=True every unit has a bias besides."
assert got != 418_844, "The 784 inputs are numbers that come from outside: they have no biases."
assert got != 418_834, "A layer has as many biases as it has units; you count as many as it has inputs."
assert got == 418_060, f"784-500-50-10 has 392,500 + 25,050 + 510 = 418,060 parameters; you returned {got}."
assert type(got) is int or isinstance(got, np.integer), f"A number of things is an int; you returned {got!r}."
got = count_params([784, 500, 500, 500, 10], bias=False)
assert got == 897_000, f"With bias=False, 784-500-500-500-10 has 897,000 weights; you returned {got}."
sizes = [3072, 50, 10]
got = count_params(sizes)
assert got == 154_160, f"3072-50-10 (CIFAR-10 with 50 hidden units) has 154,160 parameters; you returned {got}."
assert sizes == [3072, 50, 10], f"The caller's list of sizes was changed; now it is {sizes}."

# %% hidden="count-params" points=1
# No hidden layer, hidden layers of one size and of different sizes, with and without biases; one that is huge.
cases = [[5, 3], [4, 4, 4, 4], [3072, 512, 128, 10], [150_528, 4096, 4096, 4096, 1000], [16_384, 100]]
cases += [[10**8 + 1, 10**8 + 1, 3], [3, 1, 4, 1, 5, 9, 2, 6, 5]]
cases += [rng.integers(1, 60, size=int(rng.integers(2, 7))).tolist() for _ in range(4)]
given = [list(sizes) for sizes in cases]
got = [count_params(sizes, bias=bias) for sizes in given for bias in (True, False)]
got += [count_params(list(sizes)) for sizes in cases]
want = [reference.count_params(sizes, bias=bias) for sizes in cases for bias in (True, False)]
want += [reference.count_params(sizes) for sizes in cases]
assert_equal(got, want)
assert_equal(given, cases)
assert all(type(one) is int or isinstance(one, np.integer) for one in got)

# %% [markdown]
r"""
## 3. Linear layers collapse

**Why.** What do we need activations for? Leave them out, and a stack of layers of any height can do exactly what one
layer can. You prove it by building that one layer.

**Write** `collapse_linear(ws, bs)`

- `ws`: a list of one or more weights; the first is $(D_0, D_1)$, the second $(D_1, D_2)$, and so on.
- `bs`: a list of as many biases, $(D_1,)$, $(D_2,)$, …
- Returns the tuple `(w, b)` of one layer: for every `x`, `x @ w + b` gives what the whole stack gives, when each layer
  computes `x @ w + b` and hands it to the next, with nothing in between. For $L$ layers, `w` is $(D_0, D_L)$ and `b` is
  $(D_L,)$.

**Convention**: rows, as everywhere here: the first layer's weight stands on the left. The lists and arrays are left as
they are.

**Formula** for two layers, from which all the others follow:
$(x\,w_1 + b_1)\,w_2 + b_2 = x\,(w_1 w_2) + (b_1 w_2 + b_2)$.

**Worked numbers**: $w_1 = \begin{pmatrix}1 & 2\\ 0 & 1\end{pmatrix}$, $b_1 = (1, 0)$,
$w_2 = \begin{pmatrix}1\\ 3\end{pmatrix}$, $b_2 = (-2)$ collapse into $w = \begin{pmatrix}7\\ 3\end{pmatrix}$, $b = (-1)$.
"""


# %% solution="collapse-linear" demo="Playground"
def collapse_linear(ws, bs):
    """Return (w, b) of the one layer that computes what these linear layers compute, one after the other."""
    ### BEGIN SOLUTION
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w = w @ next_w
        b = b @ next_w + next_b
    return w, b
    ### END SOLUTION


# %% test="collapse-linear" points=1
ws = [np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[1.0], [3.0]])]
bs = [np.array([1.0, 0.0]), np.array([-2.0])]
result = collapse_linear(ws, bs)
assert isinstance(result, tuple) and len(result) == 2, f"Return (w, b), two arrays; you returned {result!r}."
w, b = result
assert isinstance(w, np.ndarray) and isinstance(b, np.ndarray), f"w and b are arrays; you returned {result!r}."
assert np.shape(w) == (2, 1), f"From two inputs to one output: w is (2, 1); yours has the shape {np.shape(w)}."
assert np.allclose(w, [[7], [3]]), f"The product of both weights is [[7], [3]]; you returned {w}."
assert np.shape(b) == (1,), f"One output has one bias, of shape (1,); yours has the shape {np.shape(b)}."
assert not np.allclose(b, [-2]), "b = -2 is the last layer's bias alone. What becomes of the first one?"
assert np.allclose(b, [-1]), f"The first bias passes through the second weight: b is -1 here; you returned {b}."
assert [array.tolist() for array in ws + bs] == [[[1, 2], [0, 1]], [[1], [3]], [1, 0], [-2]], (
    f"The lists and arrays are left as they are; now they are {ws} and {bs}."
)
w, b = collapse_linear(ws[:1], bs[:1])
assert np.allclose(w, ws[0]) and np.allclose(b, bs[0]), "A single layer is its own collapse."

# %% hidden="collapse-linear" points=1
# Square layers first, so that every order of products is possible; then different sizes; one layer to five.
results, kept = [], []
for sizes in [(3, 3, 3), (2, 2, 2, 2), (4, 3, 2, 5), (3, 2), (2, 6, 3, 1, 4, 2)]:
    ws = [rng.normal(size=(m, n)) for m, n in zip(sizes, sizes[1:])]
    bs = [rng.normal(size=n) for n in sizes[1:]]
    want = np.eye(sizes[0]), np.zeros(sizes[0])
    for w, b in zip(ws, bs):
        want = want[0] @ w, want[1] @ w + b
    kept.append((ws, bs, [array.copy() for array in ws + bs]))
    results += [(collapse_linear(ws, bs), want) for _ in range(2)]  # the same lists twice
for got, want in results:
    assert isinstance(got, tuple) and len(got) == 2
    assert isinstance(got[0], np.ndarray) and isinstance(got[1], np.ndarray)
    assert_allclose(got[0], want[0], rtol=1e-9, atol=1e-11)
    assert_allclose(got[1], want[1], rtol=1e-9, atol=1e-11)
for ws, bs, same in kept:
    assert_equal([len(ws), len(bs)], [len(same) // 2] * 2)
    assert_equal(ws + bs, same)

# %% [markdown]
r"""
## 4. The way forward

**Why.** A network's answer is one line of algebra, $y = f_3(f_2(f_1(x\,w_1 + b_1)\,w_2 + b_2)\,w_3 + b_3)$, but the way
back will need what stood at every stage. So the forward pass keeps all of it.

**Write** `mlp_forward(x, params, activations)`

- `x`: an array (N, D). `params`: a list of L layers `(w, b)`, L at least 1.
- `activations`: a list of L functions, one for each layer: each takes an array and returns one of the same shape.
- Returns a list of L + 1 arrays, the *outputs* of all stages: first `x` itself, then for $k = 1, \dots, L$ the array
  $a_k = f_k(a_{k-1} w_k + b_k)$ of shape (N, number of units). The last one is the network's answer.

**Convention**: the activation comes after the bias, and its result is what the next layer sees. Each layer has an
activation of its own; a layer that shall have none has `identity`, which the next cell defines beside `relu`. `x`,
`params` and `activations` are left as they are.

**Worked numbers**: XOR. With $w_1 = \begin{pmatrix}1 & 1\\ 1 & 1\end{pmatrix}$, $b_1 = (0, -1)$,
$w_2 = \begin{pmatrix}1\\ -2\end{pmatrix}$, $b_2 = (0)$, `relu` in the hidden layer and `identity` at the end, the inputs
(0, 0), (0, 1), (1, 0), (1, 1) have the hidden outputs (0, 0), (1, 0), (1, 0), (2, 1) and the answers 0, 1, 1, 0. No
single layer can do that.
"""


# %%
def relu(z):
    """Return max(z, 0), entry by entry."""
    return np.maximum(z, 0.0)


def identity(z):
    """Return z as it is: a layer without an activation."""
    return z


XOR_X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
XOR_PARAMS = [
    (np.array([[1.0, 1.0], [1.0, 1.0]]), np.array([0.0, -1.0])),
    (np.array([[1.0], [-2.0]]), np.array([0.0])),
]


# %% solution="mlp-forward" demo="XorNetwork"
def mlp_forward(x, params, activations):
    """Return [x, output of layer 1, ..., output of layer L] of a network."""
    ### BEGIN SOLUTION
    outputs = [x]
    for (w, b), activation in zip(params, activations):
        outputs.append(activation(outputs[-1] @ w + b))
    return outputs
    ### END SOLUTION


# %% test="mlp-forward" points=1
activations = [relu, identity]
outputs = mlp_forward(XOR_X, XOR_PARAMS, activations)
assert isinstance(outputs, list), f"Return a list of arrays; you returned {type(outputs).__name__}."
assert len(outputs) == 3, f"Two layers have three stages, the input first; your list has {len(outputs)} entries."
assert all(isinstance(array, np.ndarray) for array in outputs), "The entries of the list are arrays."
assert np.array_equal(outputs[0], XOR_X), "The first entry is x itself."
assert len(activations) == 2, "After the call the caller's list of activations is another one."
assert np.shape(outputs[1]) == (4, 2), f"Four samples, two hidden units: (4, 2); yours has {np.shape(outputs[1])}."
assert np.min(outputs[1]) >= 0, (
    "After relu no output is negative. What the activation returns is what you keep: nothing is added to it."
)
assert np.allclose(outputs[1], [[0, 0], [1, 0], [1, 0], [2, 1]]), (
    f"The hidden outputs should be (0, 0), (1, 0), (1, 0), (2, 1); yours are {outputs[1].tolist()}. First + b, then relu?"
)
assert np.allclose(outputs[2], [[0], [1], [1], [0]]), (
    f"The answers should be 0, 1, 1, 0; yours are {outputs[2].ravel()}."
)
outputs = mlp_forward(np.array([[2.0, 1.0]]), XOR_PARAMS, [identity, np.tanh])
assert np.allclose(outputs[1], [[3, 2]]), "This network has identity in its hidden layer, and another one at the end."
assert np.allclose(outputs[2], [[np.tanh(-1)]]), "The last layer has an activation too, here tanh."

# %% hidden="mlp-forward" points=1
# Equal sizes first, so that any layer could read any output; then different ones; each layer its own activation.
results = []
for sizes, activations in [
    ((3, 3, 3, 3), [relu, np.tanh, identity]),
    ((2, 2, 2), [np.tanh, relu]),
    ((4, 6, 1, 3), [np.tanh, relu, identity]),
    ((5, 2), [np.sin]),
    ((3, 4, 2), [identity, relu]),
    ((2, 5, 4, 1), [relu, np.sin, np.tanh]),
]:
    params = [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in zip(sizes, sizes[1:])]
    for N in (4, 1, 7):
        x = rng.normal(size=(N, sizes[0]))
        given = x.copy(), [(w.copy(), b.copy()) for w, b in params], list(activations)
        want = reference.mlp_forward(x.copy(), params, activations)
        results.append((mlp_forward(*given), want, given, (x, params, activations)))
for got, want, given, same in results:
    assert type(got) is list and len(got) == len(want)
    assert all(isinstance(one, np.ndarray) for one in got)
    assert_allclose(given[0], same[0], rtol=0)
    assert_equal(given[1], same[1])
    assert len(given[2]) == len(same[2]) and all(f is same_f for f, same_f in zip(given[2], same[2]))
    for one, other in zip(got, want):
        assert_allclose(one, other, rtol=1e-9, atol=1e-11)

# %% [markdown]
r"""
## 5. The way back

**Why.** This is backpropagation as the textbooks write it: no graph, no tape, one loop over the layers from last to
first. A library does the same thing for any graph; for a chain of layers it is six lines.

**Write** `mlp_backward(g, outputs, params)` for a network with ReLU after each hidden layer and nothing after the last.

- `params`: a list of L layers `(w, b)`, L at least 1.
- `outputs`: the list of L + 1 arrays of the forward pass: `outputs[0]` is the input, `outputs[k]` what layer $k$ gave,
  *after* its ReLU if it has one.
- `g`: the upstream gradient $\partial\,\mathrm{loss}/\partial\,$`outputs[-1]`, an array of that shape.
- Returns a list of L tuples `(grad_w, grad_b)`, the first layer first, each of the shapes of `(w, b)`.

**Formulas.** Let $a_k$ be `outputs[k]` and $g_k$ the gradient with respect to $z_k = a_{k-1} w_k + b_k$. Then
$g_L = g$, and for $k = L, \dots, 1$ (the last formula only while there is a layer before)

$$ \frac{\partial\,\mathrm{loss}}{\partial w_k} = a_{k-1}^\top\, g_k \qquad
\frac{\partial\,\mathrm{loss}}{\partial b_k} = \sum_n g_{k,n} \qquad
g_{k-1} = \bigl(g_k\,w_k^\top\bigr) \odot [\,z_{k-1} > 0\,] $$

where $\odot$ multiplies entry by entry and $[\dots]$ is 1 where the condition holds and 0 elsewhere.

**Conventions**: the slope of ReLU at 0 is 0, so that $[z > 0]$ can be read off the output: where `outputs[k]` is 0,
nothing passes. Sums over the rows, never means. Nothing that you are given is changed.

**Worked numbers**: for the XOR network at $x = (1, 1)$ with `g = [[1]]` the second layer's gradients are
`[[2], [1]]` and `[1]`, the first layer's `[[1, -2], [1, -2]]` and `[1, -2]`. At $x = (1, 0)$ the second hidden unit
stands exactly at the bend, $z = 0$: the first layer's gradients are `[[1, 0], [0, 0]]` and `[1, 0]`. At $x = (0, 1)$ the
hidden outputs are (1, 0) as well: the first layer's gradients are `[[0, 0], [1, 0]]` and `[1, 0]`.
"""


# %% solution="mlp-backward" demo="XorNetwork"
def mlp_backward(g, outputs, params):
    """Return [(grad_w, grad_b), ...] of a network with ReLU in its hidden layers, where g = dloss/doutputs[-1]."""
    ### BEGIN SOLUTION
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]
    ### END SOLUTION


# %% test="mlp-backward" points=1
def xor_outputs(x):
    hidden = relu(x @ XOR_PARAMS[0][0] + XOR_PARAMS[0][1])
    return [x, hidden, hidden @ XOR_PARAMS[1][0] + XOR_PARAMS[1][1]]


grads = mlp_backward(np.array([[1.0]]), xor_outputs(np.array([[1.0, 1.0]])), XOR_PARAMS)
assert isinstance(grads, list) and [len(pair) for pair in grads] == [2, 2], "Return a list of pairs (grad_w, grad_b)."
assert all(isinstance(pair, tuple) for pair in grads), "The pairs (grad_w, grad_b) are tuples."
assert all(isinstance(array, np.ndarray) for pair in grads for array in pair), "Gradients are arrays."
shapes = [(np.shape(grad_w), np.shape(grad_b)) for grad_w, grad_b in grads]
assert shapes == [((2, 2), (2,)), ((2, 1), (1,))], (
    f"Gradients have the shapes of (w, b), the first layer first: ((2, 2), (2,)), ((2, 1), (1,)); yours: {shapes}."
)
assert np.allclose(grads[1][0], [[2], [1]]), f"a1 transposed times g is [[2], [1]]; yours is {grads[1][0].tolist()}."
assert np.allclose(grads[0][0], [[1, -2], [1, -2]]), (
    f"The first layer's weight has the gradient [[1, -2], [1, -2]]; yours is {grads[0][0].tolist()}."
)
assert np.allclose(grads[0][1], [1, -2]), f"The first layer's bias has the gradient [1, -2]; yours is {grads[0][1]}."
grads = mlp_backward(np.array([[1.0]]), xor_outputs(np.array([[1.0, 0.0]])), XOR_PARAMS)
assert not np.allclose(grads[0][0], [[1, -2], [0, 0]]), (
    "At (1, 0) the second hidden unit gives 0, and yet a gradient passes through it. Look at the conventions."
)
assert np.allclose(grads[0][0], [[1, 0], [0, 0]]), (
    f"At (1, 0) the first weight's gradient is [[1, 0], [0, 0]]; yours is {grads[0][0].tolist()}."
)
grads = mlp_backward(np.array([[1.0]]), xor_outputs(np.array([[0.0, 1.0]])), XOR_PARAMS)
assert np.allclose(grads[0][0], [[0, 0], [1, 0]]) and np.allclose(grads[0][1], [1, 0]), (
    "At (0, 1) the hidden outputs are (1, 0), and the first layer's gradients [[0, 0], [1, 0]] and [1, 0]; yours: "
    f"{grads[0][0].tolist()} and {grads[0][1]}. A layer's own outputs say where its ReLU passes, not the inputs it was given."
)
g, outputs = np.array([[1.0], [-0.5]]), xor_outputs(np.array([[1.0, 1.0], [1.0, 0.0]]))
both = mlp_backward(g, outputs, XOR_PARAMS)
assert g.tolist() == [[1], [-0.5]], f"g was changed by the call; now it is {g.tolist()}."
assert [a.tolist() for a in outputs] == [[[1, 1], [1, 0]], [[2, 1], [1, 0]], [[0], [1]]], (
    f"The outputs were changed by the call; now they are {outputs}."
)
assert np.allclose(both[1][0], [[1.5], [1]]), (
    f"Two rows with g = 1 and -0.5: their gradients are added, [[1.5], [1]], no mean is taken; yours: {both[1][0].tolist()}."
)
assert np.allclose(both[0][0], [[0.5, -2], [1, -2]]), (
    f"With g = 1 and -0.5 the first weight has the gradient [[0.5, -2], [1, -2]]; yours: {both[0][0].tolist()}."
)
assert np.allclose(both[1][1], [0.5]) and np.allclose(both[0][1], [0.5, -2]), (
    "With g = 1 and -0.5 the biases have the gradients [0.5, -2] and [0.5], added over the rows; yours: "
    f"{both[0][1]} and {both[1][1]}."
)

# %% hidden="mlp-backward" points=1
# Equal sizes first; XOR, where units stand exactly at the bend; different sizes; no hidden layer; random g throughout.
results = []
for sizes, N in [((3, 3, 3, 3), 3), ((2, 2, 1), 4), ((4, 6, 5, 2), 7), ((3, 2), 5), ((2, 9, 1), 1)]:
    params = [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in zip(sizes, sizes[1:])]
    x = rng.normal(size=(N, sizes[0]))
    if sizes == (2, 2, 1):
        x, params = XOR_X.copy(), XOR_PARAMS
    outputs = reference.mlp_forward(x, params, [relu] * (len(params) - 1) + [identity])
    g = rng.normal(size=outputs[-1].shape)
    same = g, outputs, params
    want = reference.mlp_backward(*same)
    given = g.copy(), [a.copy() for a in outputs], [(w.copy(), b.copy()) for w, b in params]
    results.append((mlp_backward(*given), want, given, same))
for got, want, given, same in results:
    assert type(got) is list and len(got) == len(want)
    for one, other in zip(given, same):
        assert_equal(one, other)
    for pair, other in zip(got, want):
        assert type(pair) is tuple and len(pair) == 2
        assert isinstance(pair[0], np.ndarray) and isinstance(pair[1], np.ndarray)
        assert_allclose(pair[0], other[0], rtol=1e-9, atol=1e-11)
        assert_allclose(pair[1], other[1], rtol=1e-9, atol=1e-11)

# %% [markdown]
r"""
## 6. A network through given points

**Why.** "One hidden layer can approximate any continuous function" sounds like magic until one has built such a
network. With ReLU it takes no training, only a pencil: each hidden unit bends the curve at one place.

**Write** `relu_interpolator(xs, ys)`

- `xs`: an array of n numbers (n at least 2), strictly increasing, not necessarily at equal distances: the *knots*.
  `ys`: an array of n numbers. Both may hold integers.
- Returns `(w1, b1, w2, b2)`, arrays of float64 of the shapes (1, H), (H,), (H, 1), (1,): a network with one input, one
  hidden layer of H ReLU units and one output. How many units you use is up to you, up to H = 3n.

The network $f(x) = \mathrm{relu}(x\,w_1 + b_1)\,w_2 + b_2$ has to

- pass through the points: $f(x_i) = y_i$;
- run in straight lines from each point to the next;
- stay constant outside: $y_0$ to the left of the first knot, $y_{n-1}$ to the right of the last.

All this up to rounding: the tests allow a deviation of $10^{-8} + 10^{-7}\,|y|$, where $y$ is the right value.

**How it bends.** The unit $\mathrm{relu}(x - x_i)$ is 0 up to the knot $x_i$ and climbs with slope 1 from there on.
Multiplied by $c$, it changes the slope of the whole sum by $c$ at $x_i$ and leaves everything to the left as it was. So
start at the left, at the constant $y_0$, and ask at each knot: what was the slope before, what shall it be after?

**Worked numbers**: for `xs = (0, 1, 3)` and `ys = (0, 2, 1)` the slopes are 0 before the first knot, then 2, then −0.5,
then 0. The changes are 2, −2.5 and 0.5. So $f(0.5) = 1$, $f(2) = 1.5$, $f(-1) = 0$ and $f(10) = 1$.
"""


# %% solution="relu-interpolator" demo="ReluBumps"
def relu_interpolator(xs, ys):
    """Return (w1, b1, w2, b2) of a ReLU network through the points (xs, ys), straight between, constant outside."""
    ### BEGIN SOLUTION
    slopes = np.diff(ys) / np.diff(xs)
    changes = np.diff(slopes, prepend=0.0, append=0.0)
    w1, b1 = np.ones((1, len(xs))), -np.asarray(xs, dtype=float)
    return w1, b1, changes[:, None], np.array([ys[0]], dtype=float)
    ### END SOLUTION


# %% test="relu-interpolator" points=1
def run_interpolator(net, points):
    w1, b1, w2, b2 = net
    return (np.maximum(np.asarray(points)[:, None] @ w1 + b1, 0) @ w2 + b2)[:, 0]


net = relu_interpolator(np.array([0.0, 1.0, 3.0]), np.array([0.0, 2.0, 1.0]))
assert isinstance(net, tuple) and len(net) == 4, "Return (w1, b1, w2, b2)."
H = len(net[1])
shapes = [np.shape(array) for array in net]
assert shapes == [(1, H), (H,), (H, 1), (1,)], f"The shapes are (1, H), (H,), (H, 1), (1,); yours are {shapes}."
for point, want, words in [
    (0.0, 0.0, "The curve passes through (0, 0): which b2 does that need?"),
    (1.0, 2.0, "From (0, 0) the slope is 2, so f(1) = 2."),
    (3.0, 1.0, "From (1, 2) the slope is -0.5, so f(3) = 1. A unit adds to the slope, it does not set it."),
    (2.0, 1.5, "Between (1, 2) and (3, 1) lies a straight line."),
    (-1.0, 0.0, "To the left of the first knot the curve stays at y_0."),
    (10.0, 1.0, "To the right of the last knot the curve stays there: the slope has to become 0 again."),
]:
    got = run_interpolator(net, [point])[0]
    assert abs(got - want) < 1e-8, f"f({point:g}) should be {want:g}; yours is {got:g}. {words}"
for point, want in [(-1e3, 0.0), (1e3, 1.0)]:
    got = run_interpolator(net, [point])[0]
    assert abs(got - want) < 1e-6, (
        f"Outside the knots the curve is constant: f({point:g}) is {want:g}; yours is {got:g}."
    )
xs, ys = np.array([-1, 1, 2]), np.array([3, 0, 4])
net = relu_interpolator(xs, ys)
assert xs.tolist() == [-1, 1, 2] and ys.tolist() == [3, 0, 4], f"xs or ys was changed: {xs}, {ys}."
got = run_interpolator(net, [-5.0, -1.0, 0.0, 1.0, 2.0])
assert abs(got[0] - 3) < 1e-8, f"Left of all knots every unit gives 0, and f is y_0 = 3 there; yours is {got[0]:g}."
assert np.allclose(got, [3, 3, 1.5, 0, 4]), (
    f"Through (-1, 3), (1, 0), (2, 4): at -5, -1, 0, 1, 2 it should give 3, 3, 1.5, 0, 4; yours: {got.round(3).tolist()}."
)
assert all(array.dtype == np.float64 for array in net), "xs and ys may hold integers; your arrays hold float64."

# %% hidden="relu-interpolator" points=1
# Float knots at unequal distances: at the knots and between them.
results = []
for n in (2, 3, 7, 30):
    xs, ys = np.cumsum(rng.uniform(0.2, 2, size=n)) + rng.normal(), rng.normal(scale=3, size=n)
    points = np.concatenate([xs, rng.uniform(xs[0], xs[-1], size=20)])
    want, same = np.interp(points, xs, ys), (xs.copy(), ys.copy())
    results.append((relu_interpolator(xs, ys), points, want, n, (xs, ys), same))
for net, points, want, n, given, same in results:
    assert_equal(given, same)
    assert type(net) is tuple and len(net) == 4 and net[1].ndim == 1
    H = len(net[1])
    assert H <= 3 * n
    assert_equal([array.shape for array in net], [(1, H), (H,), (H, 1), (1,)])
    got = np.maximum(points[:, None] @ net[0] + net[1], 0) @ net[2] + net[3]
    assert_allclose(got, want[:, None], rtol=1e-7, atol=1e-8)

# %% hidden="relu-interpolator" points=1
# Outside of the knots, and integers.
results = []
for n in (2, 4, 9):
    xs, ys = np.cumsum(rng.integers(1, 4, size=n)), rng.integers(-5, 6, size=n)
    outside = np.array([0.0, 0.5, 9.0, 2000.0])
    points = np.concatenate([rng.uniform(xs[0], xs[-1], size=8), xs[0] - outside, xs[-1] + outside])
    want, same = np.interp(points, xs, ys), (xs.copy(), ys.copy())
    results.append((relu_interpolator(xs, ys), points, want, (xs, ys), same))
for net, points, want, given, same in results:
    assert_equal(given, same)
    got = np.maximum(points[:, None] @ net[0] + net[1], 0) @ net[2] + net[3]
    assert_allclose(got, want[:, None], rtol=1e-7, atol=1e-8)
    assert all(array.dtype == np.float64 for array in net)

# %% [markdown]
r"""
## 7. The training loop

**Why.** All that is left is to walk downhill: take a few samples, compute the gradient, make a step, repeat. The loop
is short, and there are many ways to get it wrong that still learn *something*, so that nobody notices.

The next cell gives you `loss_and_gradients(params, x, t)`: the mean cross-entropy of a network with ReLU in its hidden
layers on a batch, and its gradients as a list of tuples `(grad_w, grad_b)`, the first layer first. It uses plainnet and
changes nothing.

**Write** `train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng)`

- `params`: the start, a list of `(w, b)`. `x`: an array (N, D). `t`: an array (N,) of ints, the classes of the rows.
- `lr`, a positive number: the step size. `batch_size`, `num_epochs`: positive ints.
- `rng`: a `numpy.random.Generator`.
- Returns the tuple `(params, losses)`: the trained network as a list of tuples `(w, b)`, and a list with the loss of
  each update, a float, in the order of the updates.

**Convention**, exactly:

- In *each* epoch, draw a new order of the samples with one call of `rng.permutation(N)`, an array of the indices.
- The mini-batches are consecutive pieces of that order, `batch_size` samples each; the last one of an epoch takes what
  is left. A sample keeps its class: `x[batch]` goes with `t[batch]`.
- An update: compute the loss and all gradients of the batch at the present parameters, then change every parameter,
  $w \leftarrow w - \mathrm{lr} \cdot \partial\,\mathrm{loss}/\partial w$, and $b$ likewise. The loss in the list is the
  one before the step. (The decks, slides of older courses, have a **plus** here: that climbs.)
- The caller's start stays as it was, so that the same start can be trained twice.

**Worked number**: 2,400 samples in batches of 128 make 18 full batches and one of 96: 19 updates in an epoch, 570 in 30
epochs.
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


# %% solution="train-mlp" demo="Playground"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    """Train with mini-batch gradient descent; return (params, the loss of each update)."""
    ### BEGIN SOLUTION
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses
    ### END SOLUTION


# %% test="train-mlp" points=1
def random_start(sizes, rng):
    """Return normal weights of variance 2 / inputs, and biases of zero."""
    return [(rng.normal(scale=math.sqrt(2 / m), size=(m, n)), np.zeros(n)) for m, n in zip(sizes, sizes[1:])]


test_rng = np.random.default_rng(4)
start, x, t = random_start([3, 4, 2], test_rng), test_rng.normal(size=(7, 3)), np.array([0, 1, 0, 0, 1, 1, 0])
before = [(w.copy(), b.copy()) for w, b in start]
loss, grads = loss_and_gradients(before, x, t)
result = train_mlp(start, x, t, lr=0.1, batch_size=7, num_epochs=1, rng=np.random.default_rng(0))
assert isinstance(result, tuple) and len(result) == 2, "Return (params, losses)."
one_step, losses = result
assert isinstance(one_step, list) and all(isinstance(pair, tuple) for pair in one_step), "params is a list of tuples."
assert isinstance(losses, list), f"losses is a list of numbers; yours is {losses!r}."
assert len(losses) == 1, f"7 samples in batches of 7 make one update in one epoch; your list has {len(losses)} losses."
assert all(np.array_equal(w, old_w) and np.array_equal(b, old_b) for (w, b), (old_w, old_b) in zip(start, before)), (
    "The start has changed: make new arrays."
)
assert abs(losses[0] - loss) < 1e-9, (
    f"The list holds the loss before the step, {loss:.6f} here; yours is {losses[0]}. And does t[batch] go with x[batch]?"
)
assert not np.allclose(one_step[0][0], before[0][0] + 0.1 * grads[0][0]), "This step climbs: mind the sign."
assert np.allclose(one_step[0][0], before[0][0] - 0.1 * grads[0][0]), (
    "One step is w - lr * grad_w; yours is something else."
)
assert np.allclose(one_step[1][1], -0.1 * grads[1][1]), "The biases learn too."
draw, same_draw = np.random.default_rng(0), np.random.default_rng(0)
_, losses = train_mlp(start, x, t, lr=0.1, batch_size=3, num_epochs=2, rng=draw)
same_draw.permutation(7), same_draw.permutation(7)
assert draw.random() == same_draw.random(), "Two epochs draw two permutations from rng, and nothing else."
assert len(losses) == 6, (
    f"7 samples in batches of 3 make 3, 3 and 1: 3 updates an epoch, 6 in two; yours: {len(losses)}."
)

x, t = plainnet.data.digits()
x, order = x.reshape(len(x), -1).astype(float), test_rng.permutation(len(x))
learn, held = order[:1200], order[1200:]
trained, losses = train_mlp(
    random_start([64, 64, 10], test_rng), x[learn], t[learn], lr=0.2, batch_size=32, num_epochs=15, rng=test_rng
)
answers = np.maximum(x[held] @ trained[0][0] + trained[0][1], 0) @ trained[1][0] + trained[1][1]
right = np.mean(answers.argmax(axis=1) == t[held])
assert right >= 0.94, f"On digits that it has not seen the network should be right in 94 % or more; yours: {right:.1%}."

# %% hidden="train-mlp" points=1
# Step by step on small data: short last batches, one batch, batches of one, no hidden layer; then digits.
results = []
for sizes, N, batch_size, num_epochs in [
    ((3, 4, 2), 6, 6, 1),
    ((3, 4, 2), 6, 2, 1),
    ((3, 5, 4, 3), 7, 3, 3),
    ((2, 3), 5, 8, 2),
    ((2, 4, 2), 4, 1, 2),
]:
    start = [(rng.normal(size=(m, n)), rng.normal(size=n)) for m, n in zip(sizes, sizes[1:])]
    copy = [(w.copy(), b.copy()) for w, b in start]
    x, t = rng.normal(size=(N, sizes[0])), rng.integers(0, sizes[-1], size=N)
    options = {"lr": float(rng.uniform(0.05, 0.3)), "batch_size": batch_size, "num_epochs": num_epochs}
    seed = int(rng.integers(2**30))
    same, next_draw = (copy, x.copy(), t.copy()), np.random.default_rng(seed)
    want = reference.train_mlp(*same, **options, rng=next_draw)
    next_draw = next_draw.random()
    for _ in range(2):  # the same start twice
        draw = np.random.default_rng(seed)
        results.append(
            (train_mlp(start, x, t, **options, rng=draw), want, draw.random(), next_draw, (start, x, t), same)
        )
x, t = plainnet.data.digits()
x, order = x.reshape(len(x), -1).astype(float), rng.permutation(len(x))
learn, held = order[:1200], order[1200:]
start = [(rng.normal(size=(m, n)) * (2 / m) ** 0.5, np.zeros(n)) for m, n in [(64, 64), (64, 10)]]
trained, losses = train_mlp(start, x[learn], t[learn], lr=0.2, batch_size=32, num_epochs=15, rng=rng)
for got, want, draw, next_draw, given, same in results:
    assert type(got) is tuple and len(got) == 2 and type(got[0]) is list and type(got[1]) is list
    assert len(got[0]) == len(want[0])
    for pair, other in zip(got[0], want[0]):
        assert type(pair) is tuple and isinstance(pair[0], np.ndarray) and isinstance(pair[1], np.ndarray)
        assert_allclose(pair[0], other[0], rtol=1e-7, atol=1e-9)
        assert_allclose(pair[1], other[1], rtol=1e-7, atol=1e-9)
    assert_allclose(got[1], want[1], rtol=1e-7, atol=1e-9)
    assert_allclose(draw, next_draw)  # nothing else is drawn
    for one, other in zip(given, same):
        assert_equal(one, other)
answers = reference.mlp_forward(x[held], trained, [relu, identity])[-1]
assert np.mean(answers.argmax(axis=1) == t[held]) >= 0.94
assert len(losses) == 570

# %% [markdown]
r"""
## 8. Twenty examples by heart

**Why.** A network that cannot learn twenty examples by heart has a fault, in its code or in its settings. This is the
cheapest test of any training: before you give it a whole data set, take twenty samples, switch off everything that
works against learning by heart (penalties, dropout), and drive the loss to nearly nothing. Here the classes are even
drawn by lot, so that there is nothing to understand: they can only be memorised.

**Write** `overfit_small(x, t, rng)`

- `x`: an array (20, 2), points of the plane near a grid of 5 × 4: the first coordinates of the grid are −1, −0.5, 0, 0.5
  and 1, the second ones −1, −1/3, 1/3 and 1, and each point is moved by at most 0.1 in either coordinate.
  `t`: an array (20,) of ints, the classes 0, …, K − 1, drawn by lot, in shares as equal as can be; K is 2 or 3.
- `rng`: a `numpy.random.Generator` for your start.
- Returns `params`, a list of tuples `(w, b)` with **at least one hidden layer**: the network with ReLU in its hidden
  layers and nothing after the last, from 2 inputs to K outputs, whose mean cross-entropy on these 20 samples is **below
  0.005**. Its class for each sample is then right.

All the rest is your choice: width, start, method, step size, number of steps. Two ways that work:

- `loss_and_gradients` (exercise 7) in a loop of your own;
- a model of plainnet, trained as in section 7 of the lecture: `plainnet.nn.Sequential(...)` of `plainnet.nn.Linear(2, 64,
  rng)`, `plainnet.relu` and a second `Linear`, then `plainnet.fit(model, x, t, loss=plainnet.losses.cross_entropy,
  optimizer=..., num_epochs=..., batch_size=20, rng=rng, progress=False)`, where `optimizer` may be
  `plainnet.optim.Adam(model.parameters(), lr=0.02)` (Adam: chapter 6; here a finished tool). The layers stand in
  `model.layers`; with relu in between, the two `Linear` are `model.layers[0]` and `model.layers[2]`. A `Linear` keeps its
  arrays in `layer.w.data` and `layer.b.data`, in float32 unless you say `model.astype(np.float64)` before you make the
  optimizer; both are fine here.

64 hidden units, random weights with the standard deviation $\sqrt{2 / \text{inputs}}$ (plainnet's own start), biases of
zero and a thousand steps of Adam on all 20 samples at a time take a second or less (with `batch_size=20` an epoch is one
step). A thousand steps are usually enough, not always: measure the loss with `loss_and_gradients`, and go on training
until it is below 0.003. Plain steps, `w - lr * grad_w`, need an `lr` of about 0.5 to 1, and a few thousand of them.

**Worked number**: a network that knows nothing has the loss $\log K$: 0.693 for two classes, 1.099 for three. If yours
stays there, nothing is learned; if it stops at a tenth, it is too small or too slow.
"""


# %% solution="overfit-small" demo="Playground"
def overfit_small(x, t, rng):
    """Return params [(w, b), ...] of a ReLU network that has learned these samples by heart: loss below 0.005."""
    ### BEGIN SOLUTION
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    options = {"batch_size": len(x), "num_epochs": 1000, "rng": rng, "progress": False}
    plainnet.fit(model, x, t, loss=plainnet.losses.cross_entropy, optimizer=optimizer, **options)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]
    ### END SOLUTION


# %% test="overfit-small" points=1
test_rng = np.random.default_rng(20)
grid = np.stack(np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4)), axis=-1).reshape(20, 2)
x, t = grid + test_rng.uniform(-0.1, 0.1, size=grid.shape), test_rng.permutation(np.arange(20) % 2)
params = overfit_small(x.copy(), t.copy(), test_rng)
assert isinstance(params, list) and len(params) >= 2, "Return a list of (w, b) with at least one hidden layer."
assert np.shape(params[0][0])[0] == 2, "The first weight has two rows: a point has two coordinates."
assert np.shape(params[-1][1]) == (2,), f"Two classes need two outputs; yours has {np.shape(params[-1][1])}."
loss, _ = loss_and_gradients(params, x, t)
assert not math.isnan(loss), "The loss is NaN: your training has diverged. A smaller step?"
assert abs(loss - math.log(2)) > 0.02, (
    f"The loss is {loss:.3f}, that of a network which knows nothing. Does the hidden layer learn at all? How does it "
    "start? Is the step too large? Is the relu between the layers?"
)
assert loss < 0.005, (
    f"The loss on the 20 samples should be below 0.005; yours is {loss:.4f}. More units, or more steps? Is the step too "
    "large? Is the relu between the layers?"
)

# %% hidden="overfit-small" points=1
# Two classes and three.
grid = np.stack(np.meshgrid(np.linspace(-1, 1, 5), np.linspace(-1, 1, 4)), axis=-1).reshape(20, 2)
results = []
for K in (2, 3):
    x, t = grid + rng.uniform(-0.1, 0.1, size=grid.shape), rng.permutation(np.arange(20) % K)
    results.append((overfit_small(x.copy(), t.copy(), np.random.default_rng(int(rng.integers(2**30)))), x, t, K))
for params, x, t, K in results:
    assert type(params) is list and len(params) >= 2
    sizes = [2] + [len(b) for w, b in params]
    assert_equal([w.shape for w, b in params], list(zip(sizes, sizes[1:])))
    assert sizes[-1] == K
    outputs = reference.mlp_forward(x, params, [relu] * (len(params) - 1) + [identity])
    z = outputs[-1] - outputs[-1].max(axis=1, keepdims=True)
    losses = np.log(np.exp(z).sum(axis=1)) - z[np.arange(20), t]
    assert losses.mean() < 0.005

# %% [markdown]
r"""
## 9. Eight units that start alike

XOR with three inputs: the eight rows of zeros and ones, and the class 1 where an odd number of the three is 1. Train the
network 3-8-2 on them with `loss_and_gradients`: all eight rows in each update, `lr = 0.1`, 2,000 updates. The start:
every weight of the first layer is 0.5; of the second layer's weight each of the eight rows is (0.5, −0.5); the biases
are 0.

What is the loss after the last update (one more call of `loss_and_gradients`)? Write it with three decimals. (Then look
at the trained weights of the first layer: how many hidden units did the network really have? And train again from
random weights, with two or three different seeds: not each start succeeds.)
"""

# %% quiz="loss-of-equal-units" points=1 rtol=0.004 demo="XorNetwork"
### BEGIN SOLUTION
loss_of_equal_units = 0.677
### END SOLUTION

# %% [markdown]
r"""
## 10. How many knots for a sine?

You approximate $\sin x$ on $[0, 2\pi]$ by straight lines between knots at equal distances, the first at 0 and the last
at $2\pi$: that is your `relu_interpolator(np.linspace(0, 2 * np.pi, n), ...)`, or `np.interp` if you have not solved
exercise 6. The error is the largest distance from the sine at any point of the interval: look at 10,000 points or more,
as the lecture does. What is the smallest number `n` of knots whose error is below 0.01? Write the whole number. (Then
try 0.0001. How does the number grow when the error shall be a hundred times smaller?)
"""

# %% quiz="knots-for-a-sine" points=1 demo="ReluBumps"
### BEGIN SOLUTION
knots_for_a_sine = 24
### END SOLUTION

# %% [markdown] manual="equal-weights" points=2
r"""
## 11. What becomes of equal weights

A network with one hidden layer of ReLU units and cross-entropy at its end is trained by gradient descent. In three to
six sentences: (a) All weights and biases start at **zero**. The classes are not equally frequent. Which
parameters have a gradient other than zero in the first step, and why only these? What can such a network ever learn? (b) Now all weights of the first layer start at 0.5,
its biases at 0, and all rows of the second weight are equal: every hidden unit has the same outgoing weights as the
others. The weights do change. Why is the network nevertheless no better than one with a single hidden unit?

### BEGIN MARK SCHEME
- 1 point for (a): only the last layer's bias. The last weight's gradient is (hidden outputs) times g, and the hidden
  outputs are all 0; the hidden layer receives g times the last weight, which is 0 (or: relu at 0 passes nothing). So it
  learns one constant answer for every input, the frequencies of the classes (after each step the hidden outputs and the
  outgoing weights are still 0). Half a point where the answer names the
  bias alone without a reason, or gives the reason for one of the two layers.
- 1 point for (b): equal units compute equal outputs, have equal outgoing weights, hence receive equal gradients and
  make equal steps; so they stay equal for ever (by induction), and H equal units are one unit with H times its outgoing
  weight. Half a point for "the gradients are equal" without what follows for the later steps or for the function.
- Not needed: the words "symmetry breaking". No point for "random weights are better" alone.
### END MARK SCHEME
"""
