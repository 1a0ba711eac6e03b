# %% [markdown]
r"""
A dense layer
"""


# %% mistake="dense" id="mean-not-sum" hint="You divide the gradients of weight and bias by the number of rows. Where a mean is meant, g brings it along already."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        N = len(g)
        self.grad_w = self.x.T @ g / N
        self.grad_b = g.sum(axis=0) / N
        return g @ self.w.T


# %% mistake="dense" id="mean-not-sum-again" again="mean-not-sum"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.inputs = x
        return np.dot(x, self.w) + self.b

    def backward(self, g):
        rows = [np.outer(x, row) for x, row in zip(self.inputs, g)]
        self.grad_w = np.mean(rows, axis=0)
        self.grad_b = np.mean(g, axis=0)
        return np.dot(g, self.w.T)


# %% mistake="dense" id="bias-takes-the-mean" hint="The gradient of the weight is a sum over the rows; that of the bias has become a mean."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.mean(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="bias-takes-the-mean-again" again="bias-takes-the-mean"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = np.einsum("nd,nm->dm", self.x, g)
        self.grad_b = np.full(len(g), 1 / len(g)) @ g
        return np.einsum("nm,dm->nd", g, self.w)


# %% mistake="dense" id="bias-not-summed" hint="All rows share one bias, but your gradient of the bias still has a row for each sample."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g
        return g @ self.w.T


# %% mistake="dense" id="bias-keeps-the-axis" hint="The gradient of the bias has an axis too many: it has the shape of the bias itself."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0, keepdims=True)
        return g @ self.w.T


# %% mistake="dense" id="bias-keeps-the-axis-again" again="bias-keeps-the-axis"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = np.ones((1, len(g))) @ g
        return g @ self.w.T


# %% mistake="dense" id="bias-over-the-outputs" hint="The gradient of the bias is summed along the wrong axis: which axis counts the samples?"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=1)
        return g @ self.w.T


# %% mistake="dense" id="one-bias-for-all" hint="Each output has a bias of its own; you have summed the gradient over the outputs too."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = np.full(len(self.b), g.sum())
        return g @ self.w.T


# %% mistake="dense" id="weight-gradient-transposed" hint="Your gradient of the weight lies on its side: it has the shape of the weight's transpose."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = g.T @ self.x
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="weight-gradient-transposed-again" again="weight-gradient-transposed"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = sum(np.outer(row, x) for row, x in zip(g, self.x))
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="input-gradient-not-transposed" hint="On the way back the signal passes through the weight from the side of the outputs: with the weight as it stands this fits only if it is square."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w


# %% mistake="dense" id="weight-ignores-upstream" hint="Your gradient of the weight does not depend on g, only on the input."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ np.ones(g.shape)
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="weight-ignores-upstream-again" again="weight-ignores-upstream"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = np.repeat(self.x.sum(axis=0)[:, None], g.shape[1], axis=1)
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="adds-up-over-calls" hint="Gradients of an earlier call of backward are still in those of the later one."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b
        self.grad_w, self.grad_b = np.zeros(w.shape), np.zeros(b.shape)

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w += self.x.T @ g
        self.grad_b += g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="adds-up-over-calls-again" again="adds-up-over-calls"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = getattr(self, "grad_w", 0.0) + self.x.T @ g
        self.grad_b = getattr(self, "grad_b", 0.0) + g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="one-memory-for-all-layers" hint="All your layers keep their input in one place, so that the layer which went forward last overwrites it for the others."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        Dense.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = Dense.x.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="one-memory-for-all-layers-again" again="one-memory-for-all-layers"
class Dense:
    memory = {}

    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.memory["x"] = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.memory["x"].T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="keeps-the-first-input" hint="Your layer goes back with the input of an earlier forward pass, not with that of the latest."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        if not hasattr(self, "x"):
            self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g[: len(self.x)]
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="forgets-the-bias" hint="Your output does not depend on the bias."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="forgets-the-bias-again" again="forgets-the-bias"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return np.einsum("nd,dm->nm", x, self.w)

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = np.ones(len(g)) @ g
        return g @ self.w.T


# %% mistake="dense" id="keeps-the-output" hint="For the gradient of the weight you multiply g by what left the layer; look at what the weight was multiplied by on the way forward."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.y = x @ self.w + self.b
        return self.y

    def backward(self, g):
        self.grad_w = self.y.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="learns-while-going-back" hint="After backward the layer's weight is another one: a step is the business of the training loop."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0)
        grad_x = g @ self.w.T
        self.w -= 0.01 * self.grad_w
        return grad_x


# %% mistake="dense" id="relu-inside" hint="This layer has no activation, and yet negative outputs do not occur."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        self.y = np.maximum(x @ self.w + self.b, 0)
        return self.y

    def backward(self, g):
        g = g * (self.y > 0)
        self.grad_w = self.x.T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="changes-upstream" hint="After backward the caller finds other numbers in g: a row such as g[0] is a view, and += on it changes g."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        grad_x = g @ self.w.T
        self.grad_w = self.x.T @ g
        total = g[0]
        for row in g[1:]:
            total += row
        self.grad_b = total
        return grad_x


# %% mistake="dense" id="changes-upstream-again" again="changes-upstream"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w, grad_x = np.dot(self.x.T, g), np.dot(g, self.w.T)
        for n in range(1, len(g)):
            g[0] += g[n]
        self.grad_b = g[0].copy()
        return grad_x


# %% mistake="dense" id="input-used-up" hint="After one backward your layer has given its input away; the next backward after the same forward needs it again."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b
        self.inputs = []

    def forward(self, x):
        self.inputs.append(x)
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.inputs.pop().T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="oldest-input" hint="Your layer goes back with its oldest input; there may have been forward passes with no way back."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b
        self.inputs = []

    def forward(self, x):
        self.inputs.append(x)
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.inputs.pop(0).T @ g
        self.grad_b = g.sum(axis=0)
        return g @ self.w.T


# %% mistake="dense" id="gradients-as-lists" hint="Your gradients are lists; arrays are asked for."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = (self.x.T @ g).tolist()
        self.grad_b = g.sum(axis=0).tolist()
        return [self.w @ row for row in g]


# %% mistake="dense" id="one-number-loses-its-axis" hint="Where a gradient has a single number along an axis, that axis stays."
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return x @ self.w + self.b

    def backward(self, g):
        self.grad_w = self.x.T @ g
        self.grad_b = np.squeeze(g.sum(axis=0, keepdims=True))
        return g @ self.w.T


# %% alternative="dense" id="einsum"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return np.einsum("nd,dm->nm", x, self.w) + self.b

    def backward(self, g):
        self.grad_w = np.einsum("nd,nm->dm", self.x, g)
        self.grad_b = np.einsum("nm->m", g)
        return np.einsum("nm,dm->nd", g, self.w)


# %% alternative="dense" id="row-by-row"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = x
        return np.array([row @ self.w + self.b for row in x])

    def backward(self, g):
        self.grad_w = np.zeros(self.w.shape)
        self.grad_b = np.zeros(self.b.shape)
        for x, row in zip(self.x, g):
            self.grad_w += np.outer(x, row)
            self.grad_b += row
        return np.array([self.w @ row for row in g])


# %% alternative="dense" id="bias-as-a-weight"
class Dense:
    def __init__(self, w, b):
        self.w, self.b = w, b

    def forward(self, x):
        self.x = np.hstack([x, np.ones((len(x), 1))])
        return self.x @ np.vstack([self.w, self.b])

    def backward(self, g):
        grad = self.x.T @ g
        self.grad_w, self.grad_b = grad[:-1], grad[-1]
        return (self.w @ g.T).T


# %% alternative="dense" id="keeps-every-input"
class Dense:
    def __init__(self, w, b):
        self.w, self.b, self.inputs = w, b, []

    def forward(self, x):
        self.inputs.append(x.copy())
        return np.matmul(x, self.w) + self.b.reshape(1, -1)

    def backward(self, g):
        self.grad_w = np.tensordot(self.inputs[-1], g, axes=(0, 0))
        self.grad_b = np.sum(g, 0)
        return np.inner(g, self.w)


# %% [markdown]
r"""
Counting parameters
"""


# %% mistake="count-params" id="weights-only" hint="The biases are missing."
def count_params(sizes, bias=True):
    return sum(m * n for m, n in zip(sizes, sizes[1:]))


# %% mistake="count-params" id="weights-only-again" again="weights-only"
def count_params(sizes, bias=True):
    total = 0
    for k in range(1, len(sizes)):
        total += sizes[k - 1] * sizes[k]
    return total


# %% mistake="count-params" id="always-with-biases" hint="The argument bias has no influence on your result."
def count_params(sizes, bias=True):
    return sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))


# %% mistake="count-params" id="always-with-biases-again" again="always-with-biases"
def count_params(sizes, bias=True):
    weights = sum(m * n for m, n in zip(sizes, sizes[1:]))
    return weights + sum(sizes[1:])


# %% mistake="count-params" id="inputs-with-biases" hint="You count a bias for each input too, but the inputs come from outside."
def count_params(sizes, bias=True):
    weights = sum(m * n for m, n in zip(sizes, sizes[1:]))
    return weights + (sum(sizes) if bias else 0)


# %% mistake="count-params" id="inputs-with-biases-again" again="inputs-with-biases"
def count_params(sizes, bias=True):
    total = sizes[0] if bias else 0
    for m, n in zip(sizes, sizes[1:]):
        total += m * n + (n if bias else 0)
    return total


# %% mistake="count-params" id="one-bias-per-layer" hint="How many biases does one layer have? You count a single one."
def count_params(sizes, bias=True):
    return sum(m * n + (1 if bias else 0) for m, n in zip(sizes, sizes[1:]))


# %% mistake="count-params" id="one-bias-per-layer-again" again="one-bias-per-layer"
def count_params(sizes, bias=True):
    layers = len(sizes) - 1
    weights = int(np.dot(sizes[:-1], sizes[1:]))
    return weights + layers if bias else weights


# %% mistake="count-params" id="bias-on-the-wrong-side" hint="A bias belongs to a unit that receives; you count one for each unit that sends."
def count_params(sizes, bias=True):
    return sum(m * (n + 1) if bias else m * n for m, n in zip(sizes, sizes[1:]))


# %% mistake="count-params" id="output-layer-left-out" hint="The layer that leads to the outputs has parameters too."
def count_params(sizes, bias=True):
    return sum((m + bias) * n for m, n in zip(sizes[:-1], sizes[1:-1]))


# %% mistake="count-params" id="no-bias-at-the-output" hint="The units of the last layer have biases too."
def count_params(sizes, bias=True):
    weights = sum(m * n for m, n in zip(sizes, sizes[1:]))
    return weights + (sum(sizes[1:-1]) if bias else 0)


# %% mistake="count-params" id="bias-in-the-first-layer-only" hint="Only one of your layers has biases."
def count_params(sizes, bias=True):
    weights = sum(m * n for m, n in zip(sizes, sizes[1:]))
    return weights + (sizes[1] if bias else 0)


# %% mistake="count-params" id="product-of-all" hint="You multiply all sizes with each other; but a unit is connected with the layer right before it alone, and the layers add up."
def count_params(sizes, bias=True):
    return math.prod(sizes) + (sum(sizes[1:]) if bias else 0)


# %% mistake="count-params" id="equal-layers-once" hint="Two layers of the same shape are still two layers: one of them is missing."
def count_params(sizes, bias=True):
    return sum((m + bias) * n for m, n in set(zip(sizes, sizes[1:])))


# %% mistake="count-params" id="equal-layers-once-again" again="equal-layers-once"
def count_params(sizes, bias=True):
    layers = dict.fromkeys(zip(sizes, sizes[1:]))
    total = 0
    for m, n in layers:
        total += m * n
        if bias:
            total += n
    return total


# %% mistake="count-params" id="connected-with-all-before" hint="In your network a layer has weights for all layers before it; it reads the last of them only."
def count_params(sizes, bias=True):
    total = 0
    for k in range(1, len(sizes)):
        total += (sum(sizes[:k]) + bias) * sizes[k]
    return total


# %% mistake="count-params" id="a-float" hint="A number of things is an int; yours is a float, which can't even hold every large count."
def count_params(sizes, bias=True):
    return float(sum((m + bias) * n for m, n in zip(sizes, sizes[1:])))


# %% mistake="count-params" id="uses-up-the-list" hint="After the call the caller's list of sizes is shorter than before."
def count_params(sizes, bias=True):
    total, inputs = 0, sizes.pop(0)
    while sizes:
        outputs = sizes.pop(0)
        total += (inputs + bias) * outputs
        inputs = outputs
    return total


# %% mistake="count-params" id="builds-the-arrays" hint="You build the arrays in order to count their numbers; large ones do not fit into memory."
def count_params(sizes, bias=True):
    layers = [(np.empty((m, n)), np.empty(n)) for m, n in zip(sizes, sizes[1:])]
    return sum(w.size + (b.size if bias else 0) for w, b in layers)


# %% mistake="count-params" id="small-integers" hint="Integers of 32 bits end at two thousand million; your count goes past that and wraps around."
def count_params(sizes, bias=True):
    sizes = np.array(sizes, dtype=np.int32)
    products = sizes[:-1] * sizes[1:]
    return int(products.sum(dtype=np.int32) + (sizes[1:].sum(dtype=np.int32) if bias else 0))


# %% alternative="count-params" id="loop"
def count_params(sizes, bias=True):
    total = 0
    for k in range(len(sizes) - 1):
        total += sizes[k] * sizes[k + 1]
        if bias:
            total += sizes[k + 1]
    return total


# %% alternative="count-params" id="dot-product"
def count_params(sizes, bias=True):
    sizes = np.array(sizes, dtype=np.int64)
    return int(sizes[:-1] @ sizes[1:] + bias * sizes[1:].sum())


# %% alternative="count-params" id="from-the-shapes"
def count_params(sizes, bias=True):
    import itertools

    shapes = list(itertools.pairwise(sizes))
    return sum(math.prod(shape) for shape in shapes) + (sum(n for _, n in shapes) if bias else 0)


# %% alternative="count-params" id="numpy-integer"
def count_params(sizes, bias=True):
    sizes = np.array(sizes)
    return np.sum(sizes[:-1] * sizes[1:]) + (np.sum(sizes[1:]) if bias else 0)


# %% [markdown]
r"""
Linear layers collapse
"""


# %% mistake="collapse-linear" id="biases-added" hint="A bias of an early layer passes through the weights of all later layers; you add it as it is."
def collapse_linear(ws, bs):
    w = ws[0]
    for next_w in ws[1:]:
        w = w @ next_w
    return w, sum(bs)


# %% mistake="collapse-linear" id="biases-added-again" again="biases-added"
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for k in range(1, len(ws)):
        w, b = np.dot(w, ws[k]), np.add(b, bs[k])
    return w, b


# %% mistake="collapse-linear" id="last-bias-only" hint="Only the last layer's bias is in your result; what becomes of the others on their way?"
def collapse_linear(ws, bs):
    w = ws[0]
    for next_w in ws[1:]:
        w = w @ next_w
    return w, bs[-1]


# %% mistake="collapse-linear" id="last-bias-only-again" again="last-bias-only"
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w @ next_w, next_b
    return w, b


# %% mistake="collapse-linear" id="bias-through-its-own-weight" hint="A layer's bias is added after its own weight: it must not pass through that one."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w @ next_w, (b + next_b) @ next_w
    return w, b


# %% mistake="collapse-linear" id="bias-through-one-weight" hint="With three layers and more the first bias has to pass through every later weight; yours passes through the next one only."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[-1]
    for next_w, before in zip(ws[1:], bs):
        w, b = w @ next_w, b + before @ next_w
    return w, b


# %% mistake="collapse-linear" id="bias-through-one-weight-again" again="bias-through-one-weight"
def collapse_linear(ws, bs):
    w = ws[0]
    for next_w in ws[1:]:
        w = w @ next_w
    parts = [bs[k] @ ws[k + 1] for k in range(len(ws) - 1)]
    return w, sum(parts) + bs[-1]


# %% mistake="collapse-linear" id="wrong-order" hint="Your product takes the weights in the opposite order: which of them does x meet first?"
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = next_w @ w, b @ next_w + next_b
    return w, b


# %% mistake="collapse-linear" id="wrong-order-again" again="wrong-order"
def collapse_linear(ws, bs):
    w, b = ws[-1], bs[0]
    for earlier in reversed(ws[:-1]):
        w = w @ earlier
    for next_w, next_b in zip(ws[1:], bs[1:]):
        b = b @ next_w + next_b
    return w, b


# %% mistake="collapse-linear" id="bias-from-the-other-side" hint="The bias is a row, as x is: it stands on the left of the weight that it passes through."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w @ next_w, next_w @ b + next_b
    return w, b


# %% mistake="collapse-linear" id="no-bias" hint="Your layer has no bias, although those that it replaces have."
def collapse_linear(ws, bs):
    w = ws[0]
    for next_w in ws[1:]:
        w = w @ next_w
    return w, np.zeros(w.shape[1])


# %% mistake="collapse-linear" id="no-bias-again" again="no-bias"
def collapse_linear(ws, bs):
    b = 0 * bs[-1]
    w = np.eye(len(ws[0]))
    for layer in ws:
        w = np.dot(w, layer)
    return w, b


# %% mistake="collapse-linear" id="entry-by-entry" hint="Weights of layers in a row are not multiplied entry by entry."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w * next_w, b @ next_w + next_b
    return w, b


# %% mistake="collapse-linear" id="one-layer-missing" hint="One of the layers is not in your result."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for k in range(1, len(ws) - 1):
        w, b = w @ ws[k], b @ ws[k] + bs[k]
    return w, b


# %% mistake="collapse-linear" id="uses-up-the-lists" hint="After the call the caller's lists are shorter than before."
def collapse_linear(ws, bs):
    w, b = ws.pop(0), bs.pop(0)
    while ws:
        next_w = ws.pop(0)
        w, b = w @ next_w, b @ next_w + bs.pop(0)
    return w, b


# %% mistake="collapse-linear" id="adds-in-place" hint="After the call one of the caller's arrays holds other numbers: += on an array that you were given changes it."
def collapse_linear(ws, bs):
    w, b = ws[-1], bs[-1]
    for k in reversed(range(len(ws) - 1)):
        b += bs[k] @ w
        w = ws[k] @ w
    return w, b


# %% mistake="collapse-linear" id="bias-with-an-axis" hint="Your bias has an axis too many: it has a number for each output and nothing else."
def collapse_linear(ws, bs):
    def run(x):
        for w, b in zip(ws, bs):
            x = x @ w + b
        return x

    b = run(np.zeros((1, len(ws[0]))))
    return run(np.eye(len(ws[0]))) - b, b


# %% mistake="collapse-linear" id="collapses-the-lists" hint="After the call the caller's lists hold something else than before: the layers are gone."
def collapse_linear(ws, bs):
    while len(ws) > 1:
        bs[:2] = [bs[0] @ ws[1] + bs[1]]
        ws[:2] = [ws[0] @ ws[1]]
    return ws[0], bs[0]


# %% mistake="collapse-linear" id="lists" hint="Your weight and bias are lists; arrays are asked for."
def collapse_linear(ws, bs):
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w @ next_w, b @ next_w + next_b
    return w.tolist(), b.tolist()


# %% mistake="collapse-linear" id="longer-lists" hint="After the call the caller's lists are longer than before."
def collapse_linear(ws, bs):
    ws.insert(0, np.eye(len(ws[0])))
    bs.insert(0, np.zeros(len(ws[0])))
    w, b = ws[0], bs[0]
    for next_w, next_b in zip(ws[1:], bs[1:]):
        w, b = w @ next_w, b @ next_w + next_b
    return w, b


# %% alternative="collapse-linear" id="by-probing"
def collapse_linear(ws, bs):
    def run(x):
        for w, b in zip(ws, bs):
            x = x @ w + b
        return x

    b = run(np.zeros((1, len(ws[0]))))[0]
    return run(np.eye(len(ws[0]))) - b, b


# %% alternative="collapse-linear" id="homogeneous"
def collapse_linear(ws, bs):
    total = np.eye(len(ws[0]) + 1)
    for w, b in zip(ws, bs):
        m, n = w.shape
        layer = np.zeros((m + 1, n + 1))
        layer[:m, :n], layer[m, :n], layer[m, n] = w, b, 1
        total = total @ layer
    return total[:-1, :-1], total[-1, :-1]


# %% alternative="collapse-linear" id="from-the-end"
def collapse_linear(ws, bs):
    w, b = ws[-1], bs[-1]
    for k in reversed(range(len(ws) - 1)):
        b = b + bs[k] @ w
        w = ws[k] @ w
    return w, b


# %% alternative="collapse-linear" id="two-at-a-time"
def collapse_linear(ws, bs):
    if len(ws) == 1:
        return ws[0].copy(), bs[0].copy()
    return collapse_linear([ws[0] @ ws[1], *ws[2:]], [bs[0] @ ws[1] + bs[1], *bs[2:]])


# %% [markdown]
r"""
The way forward
"""


# %% mistake="mlp-forward" id="activation-before-the-bias" hint="The bias is added when the activation is done already; it belongs inside."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w) + b)
    return outputs


# %% mistake="mlp-forward" id="activation-before-the-bias-again" again="activation-before-the-bias"
def mlp_forward(x, params, activations):
    outputs, a = [x], x
    for k in range(len(params)):
        z = np.dot(a, params[k][0])
        a = np.add(activations[k](z), params[k][1])
        outputs = outputs + [a]
    return outputs


# %% mistake="mlp-forward" id="first-activation-for-all" hint="Each layer has an activation of its own; yours all have the same."
def mlp_forward(x, params, activations):
    outputs = [x]
    for w, b in params:
        outputs.append(activations[0](outputs[-1] @ w + b))
    return outputs


# %% mistake="mlp-forward" id="first-activation-for-all-again" again="first-activation-for-all"
def mlp_forward(x, params, activations):
    f, *_ = activations
    outputs, a = [x], x
    for w, b in params:
        a = f(np.einsum("nd,dm->nm", a, w) + b)
        outputs.append(a)
    return outputs


# %% mistake="mlp-forward" id="no-activation-at-the-end" hint="The last layer has an activation in the list too; yours goes without."
def mlp_forward(x, params, activations):
    outputs = [x]
    for k, (w, b) in enumerate(params):
        z = outputs[-1] @ w + b
        outputs.append(activations[k](z) if k < len(params) - 1 else z)
    return outputs


# %% mistake="mlp-forward" id="no-activation-at-the-end-again" again="no-activation-at-the-end"
def mlp_forward(x, params, activations):
    *hidden, (w, b) = params
    outputs = [x]
    for layer, f in zip(hidden, activations):
        outputs.append(f(outputs[-1] @ layer[0] + layer[1]))
    return outputs + [outputs[-1] @ w + b]


# %% mistake="mlp-forward" id="input-missing" hint="The first stage is missing from your list: the input itself."
def mlp_forward(x, params, activations):
    a, outputs = x, []
    for (w, b), f in zip(params, activations):
        a = f(a @ w + b)
        outputs.append(a)
    return outputs


# %% mistake="mlp-forward" id="input-missing-again" again="input-missing"
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w + b))
    return outputs[1:]


# %% mistake="mlp-forward" id="keeps-what-goes-in" hint="Your list holds what goes into the activations, not what comes out of them."
def mlp_forward(x, params, activations):
    a, outputs = x, [x]
    for (w, b), f in zip(params, activations):
        z = a @ w + b
        outputs.append(z)
        a = f(z)
    return outputs


# %% mistake="mlp-forward" id="keeps-what-goes-in-again" again="keeps-what-goes-in"
def mlp_forward(x, params, activations):
    outputs = [x]
    f = identity
    for (w, b), next_f in zip(params, activations):
        outputs.append(f(outputs[-1]) @ w + b)
        f = next_f
    return outputs


# %% mistake="mlp-forward" id="every-layer-reads-x" hint="A layer reads the output of the layer before it; all of yours read x."
def mlp_forward(x, params, activations):
    return [x] + [f(x @ w + b) for (w, b), f in zip(params, activations)]


# %% mistake="mlp-forward" id="no-bias" hint="Your outputs do not depend on the biases."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, _), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w))
    return outputs


# %% mistake="mlp-forward" id="activation-of-the-input" hint="In your network the activation acts on what a layer reads, not on what it computes."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1]) @ w + b)
    return outputs


# %% mistake="mlp-forward" id="activation-of-the-input-again" again="activation-of-the-input"
def mlp_forward(x, params, activations):
    outputs, a = [x], x
    for k, f in enumerate(activations):
        w, b = params[k]
        a = b + np.dot(f(a), w)
        outputs.append(a)
    return outputs


# %% mistake="mlp-forward" id="relu-everywhere" hint="The list of activations has no influence on your result."
def mlp_forward(x, params, activations):
    outputs = [x]
    for w, b in params:
        outputs.append(np.maximum(outputs[-1] @ w + b, 0))
    return outputs


# %% mistake="mlp-forward" id="no-activations" hint="No activation is applied anywhere: this network is one linear layer."
def mlp_forward(x, params, activations):
    outputs = [x]
    for w, b in params:
        outputs.append(outputs[-1] @ w + b)
    return outputs


# %% mistake="mlp-forward" id="no-activations-again" again="no-activations"
def mlp_forward(x, params, activations):
    a, outputs = x, [x]
    for (w, b), f in zip(params, activations):
        a = np.dot(a, w) + b
        f(a)
        outputs.append(a)
    return outputs


# %% mistake="mlp-forward" id="weight-transposed" hint="Here a weight is (inputs, outputs), and a batch has its samples in rows: no transpose is needed."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w.T + b))
    return outputs


# %% mistake="mlp-forward" id="answer-only" hint="The network's answer is one of the stages; the way back needs all of them, in a list."
def mlp_forward(x, params, activations):
    for (w, b), f in zip(params, activations):
        x = f(x @ w + b)
    return x


# %% mistake="mlp-forward" id="activations-backwards" hint="The activations are given to the layers in the opposite order."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, reversed(activations)):
        outputs.append(f(outputs[-1] @ w + b))
    return outputs


# %% mistake="mlp-forward" id="activations-moved" hint="After the call the caller's list of activations is longer than before."
def mlp_forward(x, params, activations):
    activations.insert(0, identity)  # so that layer k has the activation k
    outputs = [x]
    for k, (w, b) in enumerate(params, start=1):
        outputs.append(activations[k](outputs[k - 1] @ w + b))
    return outputs


# %% mistake="mlp-forward" id="activations-used-up" hint="After the call the caller's list of activations is empty."
def mlp_forward(x, params, activations):
    outputs = [x]
    for w, b in params:
        outputs.append(activations.pop(0)(outputs[-1] @ w + b))
    return outputs


# %% mistake="mlp-forward" id="biases-replaced" hint="After the call the caller's params hold biases of another shape."
def mlp_forward(x, params, activations):
    outputs = [x]
    for k in range(len(params)):
        params[k] = (params[k][0], params[k][1].reshape(1, -1))
        outputs.append(activations[k](outputs[-1] @ params[k][0] + params[k][1]))
    return outputs


# %% mistake="mlp-forward" id="stages-as-lists" hint="The stages in your list are lists themselves; arrays are asked for."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w + b))
    return [a.tolist() for a in outputs]


# %% mistake="mlp-forward" id="one-sample-loses-its-axis" hint="A batch of one sample is a batch too: each stage keeps both axes."
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        outputs.append(f(outputs[-1] @ w + b))
    return [x] + [a[0] if len(a) == 1 else a for a in outputs[1:]]


# %% alternative="mlp-forward" id="recursion"
def mlp_forward(x, params, activations):
    if not params:
        return [x]
    (w, b), *others = params
    return [x] + mlp_forward(activations[0](x @ w + b), others, activations[1:])


# %% alternative="mlp-forward" id="columns"
def mlp_forward(x, params, activations):
    outputs, a = [x], x.T
    for k in range(len(params)):
        w, b = params[k]
        a = activations[k](w.T @ a + b[:, None])
        outputs.append(a.T)
    return outputs


# %% alternative="mlp-forward" id="row-by-row"
def mlp_forward(x, params, activations):
    outputs = [x]
    for (w, b), f in zip(params, activations):
        rows = [f(np.sum(row[:, None] * w, axis=0) + b) for row in outputs[-1]]
        outputs.append(np.array(rows))
    return outputs


# %% alternative="mlp-forward" id="accumulate"
def mlp_forward(x, params, activations):
    from itertools import accumulate

    layers = zip(params, activations)
    return list(accumulate(layers, lambda a, layer: layer[1](a @ layer[0][0] + layer[0][1]), initial=x.copy()))


# %% [markdown]
r"""
The way back
"""


# %% mistake="mlp-backward" id="relu-forgotten" hint="The gradient passes also through hidden units that gave 0 on the way forward."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = g @ params[k][0].T
    return grads[::-1]


# %% mistake="mlp-backward" id="relu-forgotten-again" again="relu-forgotten"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = np.where(outputs[k - 1] >= 0, g @ params[k - 1][0].T, 0.0)
    return grads


# %% mistake="mlp-backward" id="last-layer-first" hint="Your list starts with the last layer; it should start with the first."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads


# %% mistake="mlp-backward" id="last-layer-first-again" again="last-layer-first"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = np.where(outputs[k - 1] > 0, g @ params[k - 1][0].T, 0.0)
    grads.reverse()
    return grads


# %% mistake="mlp-backward" id="mask-by-the-gradient" hint="Whether a ReLU is open was decided on the way forward; you look at the sign of what comes back."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = np.maximum(g @ params[k][0].T, 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="mask-by-the-gradient-again" again="mask-by-the-gradient"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = (g @ params[k - 1][0].T) * ((g @ params[k - 1][0].T) > 0)
    return grads


# %% mistake="mlp-backward" id="mask-one-layer-off" hint="The mask of the ReLU comes from the output of another layer than the one whose gradient it is."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k + 1] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="means" hint="You divide by the number of rows; where a mean is meant, g brings it along already."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g / len(g), g.mean(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="means-again" again="means"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.mean([np.outer(a, row) for a, row in zip(outputs[k - 1], g)], axis=0), np.mean(g, axis=0))
        g = np.where(outputs[k - 1] > 0, g @ params[k - 1][0].T, 0.0)
    return grads


# %% mistake="mlp-backward" id="own-output" hint="For a layer's weight you multiply by what the layer gave; look at what the weight was multiplied by on the way forward."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k + 1].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="weight-not-transposed" hint="On the way back the gradient passes through the weight from the side of the outputs: as it stands, the weight fits only if it is square."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0]) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="gradient-transposed" hint="Your gradients of the weights lie on their side: they have the shapes of the transposes."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((g.T @ outputs[k], g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="gradient-transposed-again" again="gradient-transposed"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (sum(np.outer(row, a) for a, row in zip(outputs[k - 1], g)), np.ones(len(g)) @ g)
        g = np.where(outputs[k - 1] > 0, g @ params[k - 1][0].T, 0.0)
    return grads


# %% mistake="mlp-backward" id="upstream-lost" hint="What comes back from the last layer does not reach the layers before it: each of yours starts anew."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (np.ones(g.shape) @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="upstream-lost-again" again="upstream-lost"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = params[k - 1][0].sum(axis=1) * (outputs[k - 1] > 0)
    return grads


# %% mistake="mlp-backward" id="relu-at-the-end" hint="The last layer has no ReLU: g passes into it as it is."
def mlp_backward(g, outputs, params):
    grads = []
    g = g * (outputs[-1] > 0)
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="relu-at-the-end-again" again="relu-at-the-end"
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        g = np.where(outputs[k + 1] > 0, g, 0.0)
        grads.insert(0, (outputs[k].T @ g, g.sum(axis=0)))
        g = g @ params[k][0].T
    return grads


# %% mistake="mlp-backward" id="output-for-slope" hint="You multiply by the unit's output; the chain rule asks for the slope of ReLU there."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * outputs[k]
    return grads[::-1]


# %% mistake="mlp-backward" id="sigmoid-slope" hint="That slope belongs to the sigmoid; the hidden units here are ReLU."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * outputs[k] * (1 - outputs[k])
    return grads[::-1]


# %% mistake="mlp-backward" id="sigmoid-slope-again" again="sigmoid-slope"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = (g @ params[k - 1][0].T) * (outputs[k - 1] - outputs[k - 1] ** 2)
    return grads


# %% mistake="mlp-backward" id="slope-one-at-zero" hint="Think of a unit that stands exactly at the bend of ReLU: the text says which slope it has there."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        if k:
            w, b = params[k - 1]
            g = (g @ params[k][0].T) * (outputs[k - 1] @ w + b >= 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="bias-keeps-the-axis" hint="The gradient of a bias has an axis too many: it has the shape of the bias itself."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0, keepdims=True)))
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="last-layer-only" hint="Only the last layer receives a gradient."
def mlp_backward(g, outputs, params):
    grads = [(0 * w, 0 * b) for w, b in params]
    grads[-1] = (outputs[-2].T @ g, g.sum(axis=0))
    return grads


# %% mistake="mlp-backward" id="outputs-used-up" hint="After the call the caller's list of outputs is shorter than before."
def mlp_backward(g, outputs, params):
    grads = []
    outputs.pop()
    for w, _ in reversed(params):
        a = outputs.pop()
        grads.insert(0, (a.T @ g, g.sum(axis=0)))
        g = (g @ w.T) * (a > 0)
    return grads


# %% mistake="mlp-backward" id="outputs-turned-round" hint="After the call the caller's list of outputs stands in the opposite order."
def mlp_backward(g, outputs, params):
    grads = []
    outputs.reverse()
    for a, (w, _) in zip(outputs[1:], reversed(params)):
        grads.append((a.T @ g, g.sum(axis=0)))
        g = (g @ w.T) * (a > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="outputs-become-masks" hint="After the call the caller's outputs hold ones and zeros: the slopes were written into the arrays that you were given."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = g @ params[k][0].T
        if k > 0:
            outputs[k][outputs[k] > 0] = 1
            g = g * outputs[k]
    return grads[::-1]


# %% mistake="mlp-backward" id="changes-upstream" hint="After the call the caller finds other numbers in g: a row such as g[0] is a view, and += on it changes g."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grad_w, back = outputs[k].T @ g, g @ params[k][0].T
        total = g[0]
        for row in g[1:]:
            total += row
        grads.append((grad_w, total))
        g = back * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="pairs-as-lists" hint="Your pairs are lists; tuples are asked for, as in params."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append([outputs[k].T @ g, g.sum(axis=0)])
        g = (g @ params[k][0].T) * (outputs[k] > 0)
    return grads[::-1]


# %% mistake="mlp-backward" id="one-mask-for-all-rows" hint="You decide for all samples together whether a unit is open; each sample has its own answer."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = (g @ params[k][0].T) * (outputs[k] > 0).any(axis=0)
    return grads[::-1]


# %% mistake="mlp-backward" id="last-mask-only" hint="The last hidden layer's ReLU stops a gradient in your network; those before it let all through."
def mlp_backward(g, outputs, params):
    grads = []
    for k in reversed(range(len(params))):
        grads.append((outputs[k].T @ g, g.sum(axis=0)))
        g = g @ params[k][0].T
        if k == len(params) - 1:
            g = g * (outputs[k] > 0)
    return grads[::-1]


# %% alternative="mlp-backward" id="einsum"
def mlp_backward(g, outputs, params):
    grads = [None] * len(params)
    for k in range(len(params), 0, -1):
        grads[k - 1] = (np.einsum("nd,nm->dm", outputs[k - 1], g), np.ones(len(g)) @ g)
        g = np.where(outputs[k - 1] > 0, g @ params[k - 1][0].T, 0.0)
    return grads


# %% alternative="mlp-backward" id="row-by-row"
def mlp_backward(g, outputs, params):
    grads = [(np.zeros(w.shape), np.zeros(b.shape)) for w, b in params]
    for n in range(len(g)):
        row = g[n]
        for k in reversed(range(len(params))):
            grads[k][0][...] += np.outer(outputs[k][n], row)
            grads[k][1][...] += row
            row = (params[k][0] @ row) * (outputs[k][n] > 0)
    return grads


# %% alternative="mlp-backward" id="by-plainnet"
def mlp_backward(g, outputs, params):
    tensors = [[plainnet.Tensor(array, requires_grad=True) for array in pair] for pair in params]
    z = plainnet.Tensor(outputs[0])
    for k, (w, b) in enumerate(tensors):
        z = plainnet.linear(plainnet.relu(z) if k else z, w, b)
    z.backward(g)
    return [(w.grad, b.grad) for w, b in tensors]


# %% alternative="mlp-backward" id="recursion"
def mlp_backward(g, outputs, params):
    *before, (w, _) = params
    mine = [(outputs[-2].T @ g, g.sum(axis=0))]
    if not before:
        return mine
    back = np.where(outputs[-2] > 0, g @ w.T, 0)
    return mlp_backward(back, outputs[:-1], before) + mine


# %% [markdown]
r"""
A network through given points
"""


# %% mistake="relu-interpolator" id="slopes-not-changes" hint="A unit adds to the slope that is there already; yours carries the whole slope of its piece."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.append(slopes, 0.0)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="slopes-not-changes-again" again="slopes-not-changes"
def relu_interpolator(xs, ys):
    n = len(xs)
    w2 = np.zeros((n, 1))
    for i in range(n - 1):
        w2[i, 0] = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
    return np.ones((1, n)), -1.0 * xs, w2, 1.0 * ys[:1]


# %% mistake="relu-interpolator" id="bias-sign" hint="Where does your unit bend? Put its weight and bias to zero sum: for which x is that?"
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="bias-sign-again" again="bias-sign"
def relu_interpolator(xs, ys):
    w2, before = [], 0.0
    for x0, x1, y0, y1 in zip(xs, xs[1:], ys, ys[1:]):
        slope = (y1 - y0) / (x1 - x0)
        w2.append([slope - before])
        before = slope
    w2.append([-before])
    return np.ones((1, len(xs))), np.array(xs) * 1.0, np.array(w2), np.array([ys[0] * 1.0])


# %% mistake="relu-interpolator" id="goes-on-to-the-right" hint="To the right of the last knot your curve goes on with the last slope."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(slopes, prepend=0.0)
    return np.ones((1, len(w2))), -1.0 * xs[:-1], w2[:, None], 1.0 * ys[:1]


# %% mistake="relu-interpolator" id="goes-on-to-the-right-again" again="goes-on-to-the-right"
def relu_interpolator(xs, ys):
    n, before = len(xs), 0.0
    w1, b1, w2 = np.ones((1, n - 1)), np.zeros(n - 1), np.zeros((n - 1, 1))
    for i in range(n - 1):
        slope = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
        b1[i], w2[i, 0] = -xs[i], slope - before
        before = slope
    return w1, b1, w2, np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="starts-at-zero" hint="To the left of all knots every unit gives 0: what does your network answer there?"
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.zeros(1)


# %% mistake="relu-interpolator" id="starts-at-zero-again" again="starts-at-zero"
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    slopes = np.concatenate([[0.0], slopes, [0.0]])
    w2 = (slopes[1:] - slopes[:-1]).reshape(-1, 1)
    return np.full((1, len(xs)), 1.0), -1.0 * xs, w2, np.array([0.0])


# %% mistake="relu-interpolator" id="starts-at-the-last" hint="Your curve starts from the wrong end's value."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[-1])])


# %% mistake="relu-interpolator" id="distances-ignored" hint="Your slopes are differences of the values; the knots need not be 1 apart."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys)
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="distances-ignored-again" again="distances-ignored"
def relu_interpolator(xs, ys):
    rises = [0.0] + [float(b - a) for a, b in zip(ys, ys[1:])] + [0.0]
    w2 = np.array([[b - a] for a, b in zip(rises, rises[1:])])
    return np.ones((1, len(xs))), 0.0 - xs, w2, np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="equal-distances" hint="Your slopes take the same distance between all knots."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / ((xs[-1] - xs[0]) / (len(xs) - 1))
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="whole-numbers" hint="Think of xs and ys that hold integers: the places into which you write can hold no fractions."
def relu_interpolator(xs, ys):
    n = len(xs)
    w2, before = np.zeros_like(ys), 0.0
    for i in range(n - 1):
        slope = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
        w2[i] = slope - before
        before = slope
    w2[n - 1] = -before
    return np.ones((1, n)), -1.0 * xs, 1.0 * w2[:, None], 1.0 * ys[:1]


# %% mistake="relu-interpolator" id="integer-arrays" hint="Your curve is right, but one of the arrays does not hold float64 when xs and ys hold integers."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(slopes, prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -xs, w2[:, None], ys[:1]


# %% mistake="relu-interpolator" id="integer-arrays-again" again="integer-arrays"
def relu_interpolator(xs, ys):
    slopes = np.r_[0.0, np.diff(ys) / np.diff(xs), 0.0]
    w2 = (slopes[1:] - slopes[:-1])[:, None]
    return np.ones((1, len(xs))), np.negative(xs), w2, np.array([ys[0]])


# %% mistake="relu-interpolator" id="bends-one-late" hint="Your curve changes its slope one knot too late."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.diff(np.concatenate([[0.0, 0.0], slopes]))
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="values-as-weights" hint="The outgoing weights of your units are the values themselves; a unit does not set a value, it changes the slope."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    w2 = np.asarray(ys, dtype=float)
    return np.ones((1, len(xs))), -np.asarray(xs, dtype=float), w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="values-as-weights-again" again="values-as-weights"
def relu_interpolator(xs, ys):
    n = len(xs)
    w1, b1, w2 = np.ones((1, n)), np.zeros(n), np.zeros((n, 1))
    for i in range(n):
        b1[i], w2[i, 0] = -xs[i], ys[i]
    return w1, b1, w2, np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="goes-on-to-the-left" hint="To the left of the first knot your curve goes on with the first slope."
def relu_interpolator(xs, ys):
    slopes = np.diff(ys) / np.diff(xs)
    changes = np.diff(slopes, append=0.0)
    w1 = np.ones((1, len(xs) + 1))
    w1[0, 1] = -1.0
    b1 = np.concatenate([[-xs[0], xs[0]], -1.0 * xs[1:]])
    w2 = np.concatenate([[slopes[0], -slopes[0]], changes])
    return w1, b1, w2[:, None], np.array([float(ys[0])])


# %% mistake="relu-interpolator" id="changes-the-knots" hint="After the call the caller finds other numbers in xs than before."
def relu_interpolator(xs, ys):
    changes = np.diff(np.diff(ys) / np.diff(xs), prepend=0.0, append=0.0)
    xs *= -1
    return np.ones((1, len(xs))), xs.astype(float), changes[:, None], np.array([ys[0]], dtype=float)


# %% mistake="relu-interpolator" id="changes-the-values" hint="After the call the caller finds other numbers in ys than before."
def relu_interpolator(xs, ys):
    first = float(ys[0])
    ys -= ys[0]
    changes = np.diff(np.diff(ys) / np.diff(xs), prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -xs.astype(float), changes[:, None], np.array([first])


# %% mistake="relu-interpolator" id="climbs-from-zero-far-left" hint="Far to the left your curve is 0, wherever it should start: look further away from the knots."
def relu_interpolator(xs, ys):
    xs = np.concatenate([[xs[0] - 11, xs[0] - 10], xs]).astype(float)
    ys = np.concatenate([[0, ys[0]], ys]).astype(float)
    changes = np.diff(np.diff(ys) / np.diff(xs), prepend=0.0, append=0.0)
    return np.ones((1, len(xs))), -xs, changes[:, None], np.zeros(1)


# %% alternative="relu-interpolator" id="knot-by-knot"
def relu_interpolator(xs, ys):
    n, before = len(xs), 0.0
    w2 = np.zeros((n, 1))
    for i in range(n):
        after = (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) if i + 1 < n else 0.0
        w2[i, 0] = after - before
        before = after
    return np.ones((1, n)), -np.array(xs, dtype=float), w2, np.array([float(ys[0])])


# %% alternative="relu-interpolator" id="from-the-right"
def relu_interpolator(xs, ys):
    slopes = np.concatenate([[0.0], np.diff(ys) / np.diff(xs), [0.0]])
    w2 = (slopes[1:] - slopes[:-1])[:, None]
    return -np.ones((1, len(xs))), np.array(xs, dtype=float), w2, np.array([float(ys[-1])])


# %% alternative="relu-interpolator" id="solve-for-the-weights"
def relu_interpolator(xs, ys):
    xs, ys = np.array(xs, dtype=float), np.array(ys, dtype=float)
    points = np.append(xs, xs[-1] + 1.0)
    units = np.maximum(points[:, None] - xs, 0)
    w2 = np.linalg.solve(units[1:], np.append(ys, ys[-1])[1:] - ys[0])
    return np.ones((1, len(xs))), -xs, w2[:, None], ys[:1]


# %% alternative="relu-interpolator" id="ramps"
def relu_interpolator(xs, ys):
    # a ramp for each piece: it climbs from one knot to the next, then stays
    left, right = np.array(xs[:-1], dtype=float), np.array(xs[1:], dtype=float)
    slopes = np.diff(ys) / (right - left)
    w2 = np.concatenate([slopes, -slopes])[:, None]
    return np.ones((1, len(w2))), -np.concatenate([left, right]), w2, np.array([float(ys[0])])


# %% [markdown]
r"""
The training loop
"""


# %% mistake="train-mlp" id="climbs" hint="Your steps go along the gradient: the loss grows."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w + lr * grad_w, b + lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="climbs-again" again="climbs"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array += lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="no-shuffle" hint="Your batches take the samples in the order in which they came."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = np.arange(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="no-shuffle-again" again="no-shuffle"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        for piece in [slice(k, k + batch_size) for k in range(0, len(x), batch_size)]:
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="shuffled-apart" hint="After your shuffling a sample does not stand beside its own class any more."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        other = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            here = slice(start, start + batch_size)
            loss, grads = loss_and_gradients(params, x[order[here]], t[other[here]])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="inputs-alone-shuffled" hint="You shuffle the inputs and leave the classes in their order, so that a sample stands beside another one's class."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[start : start + batch_size])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="inputs-alone-shuffled-again" again="inputs-alone-shuffled"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        mixed = x[rng.permutation(len(x))]
        for piece in [slice(k, k + batch_size) for k in range(0, len(x), batch_size)]:
            loss, grads = loss_and_gradients(net, mixed[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="one-order-for-all-epochs" hint="All your epochs take the samples in the same order."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    order = rng.permutation(len(x))
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="one-order-for-all-epochs-again" again="one-order-for-all-epochs"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    mixed = rng.permutation(len(x))
    for epoch in range(num_epochs):
        for piece in np.split(mixed, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="last-batch-dropped" hint="What is left at the end of an epoch is a batch too, though a smaller one."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="last-batch-dropped-again" again="last-batch-dropped"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in order[: len(x) // batch_size * batch_size].reshape(-1, batch_size):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="last-batch-from-the-front" hint="In your last batch there are samples that this epoch has had already: it takes only what is left."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = np.take(order, range(start, start + batch_size), mode="wrap")
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="drawn-anew-each-time" hint="Your batches are drawn independently: within one epoch some samples come twice, and some not at all."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = rng.integers(len(x), size=min(batch_size, len(x)))
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="changes-the-start" hint="The caller's start is not what it was: -= on an array changes that very array, whoever else holds it."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            for (w, b), (grad_w, grad_b) in zip(params, grads):
                w -= lr * grad_w
                b -= lr * grad_b
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="changes-the-start-again" again="changes-the-start"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [list(pair) for pair in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="biases-stay" hint="The biases of your network never learn."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b) for (w, b), (grad_w, _) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="last-layer-only" hint="Only the last layer of your network learns."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = params[:-1] + [(params[-1][0] - lr * grads[-1][0], params[-1][1] - lr * grads[-1][1])]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="gradients-of-the-start" hint="All your gradients are taken at the start, however far the parameters have moved."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses, begin = [], params
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(begin, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="gradients-of-the-start-again" again="gradients-of-the-start"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(params, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="divided-by-the-batch" hint="The loss is a mean over the batch already, so its gradient needs no further division."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            size = lr / len(batch)
            params = [(w - size * grad_w, b - size * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="divided-by-the-batch-again" again="divided-by-the-batch"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr / len(piece) * slope
    return [tuple(pair) for pair in net], losses


# %% mistake="train-mlp" id="own-generator" hint="Your order of the samples does not come from the generator that the caller passes in."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    rng = np.random.default_rng(0)
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="layer-after-layer" hint="In one update, all gradients belong to the same parameters; you compute some of them after other layers have moved."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    params = list(params)
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            losses.append(loss_and_gradients(params, x[batch], t[batch])[0])
            for k in range(len(params)):
                _, grads = loss_and_gradients(params, x[batch], t[batch])
                params[k] = (params[k][0] - lr * grads[k][0], params[k][1] - lr * grads[k][1])
    return params, losses


# %% mistake="train-mlp" id="loss-after-the-step" hint="The losses in your list belong to the parameters after each step."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss_and_gradients(params, x[batch], t[batch])[0])
    return params, losses


# %% mistake="train-mlp" id="one-loss-per-epoch" hint="Your list has a loss for each epoch; there is one for each update."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses, history = [], []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
        history.append(float(np.mean(losses[-len(range(0, len(x), batch_size)) :])))
    return params, history


# %% mistake="train-mlp" id="all-samples-in-every-update" hint="Each of your updates takes the gradient of all samples, not of a batch."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x, t)
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="nothing-changes" hint="You give new arrays to the names inside your loop; the list of parameters still holds the old ones."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            for (w, b), (grad_w, grad_b) in zip(params, grads):
                w = w - lr * grad_w
                b = b - lr * grad_b
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="nothing-changes-again" again="nothing-changes"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses, net = [], list(params)
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            moved = [tuple(array - lr * slope for array, slope in zip(*both)) for both in zip(net, grads)]
            losses += [loss]
    return net, losses


# %% mistake="train-mlp" id="draws-for-the-next-epoch" hint="You take more from rng than one order for each epoch."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    order = rng.permutation(len(x))
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
        order = rng.permutation(len(x))
    return params, losses


# %% mistake="train-mlp" id="losses-in-an-array" hint="Your losses stand in an array; a list is asked for."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, np.array(losses)


# %% mistake="train-mlp" id="pairs-as-lists" hint="Your layers are lists; tuples are asked for, as in the start."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [[w - lr * grad_w, b - lr * grad_b] for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% mistake="train-mlp" id="shuffles-the-caller-s-data" hint="After the call the caller's samples stand in another order."
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses, old_x, old_t = [], x.copy(), t.copy()
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        x[:], t[:] = old_x[order], old_t[order]
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            params = [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
            losses.append(loss)
    return params, losses


# %% alternative="train-mlp" id="np-split"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    net = [[w.copy(), b.copy()] for w, b in params]
    losses = []
    for epoch in range(num_epochs):
        order = rng.permutation(len(x))
        for piece in np.split(order, range(batch_size, len(x), batch_size)):
            loss, grads = loss_and_gradients(net, x[piece], t[piece])
            losses.append(loss)
            for pair, grad in zip(net, grads):
                for array, slope in zip(pair, grad):
                    array -= lr * slope
    return [tuple(pair) for pair in net], losses


# %% alternative="train-mlp" id="while-loop"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    params = [(w.copy(), b.copy()) for w, b in params]
    for _ in range(num_epochs):
        left = rng.permutation(len(x)).tolist()
        while left:
            batch, left = left[:batch_size], left[batch_size:]
            loss, grads = loss_and_gradients(params, x[batch], t[batch])
            losses.append(loss)
            new = []
            for k in range(len(params)):
                new.append((params[k][0] - lr * grads[k][0], params[k][1] - lr * grads[k][1]))
            params = new
    return params, losses


# %% alternative="train-mlp" id="shuffled-arrays"
def train_mlp(params, x, t, *, lr, batch_size, num_epochs, rng):
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        mixed_x, mixed_t = x[order], t[order]
        for k in range(math.ceil(len(x) / batch_size)):
            piece = slice(k * batch_size, (k + 1) * batch_size)
            loss, grads = loss_and_gradients(params, mixed_x[piece], mixed_t[piece])
            params = [tuple(a - lr * s for a, s in zip(pair, slopes)) for pair, slopes in zip(params, grads)]
            losses += [loss]
    return params, losses


# %% [markdown]
r"""
Twenty examples by heart
"""


# %% mistake="overfit-small" id="starts-at-zero" hint="Your hidden layer starts at zero and stays there: look at the gradients of its weights."
def overfit_small(x, t, rng):
    K = t.max() + 1
    params = [(np.zeros((2, 64)), np.zeros(64)), (np.zeros((64, K)), np.zeros(K))]
    for _ in range(1000):
        _, grads = loss_and_gradients(params, x, t)
        params = [(w - 0.5 * grad_w, b - 0.5 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    return params


# %% mistake="overfit-small" id="starts-at-zero-again" again="starts-at-zero"
def overfit_small(x, t, rng):
    sizes = [2, 64, len(set(t.tolist()))]
    net = [[np.zeros((m, n)), np.zeros(n)] for m, n in zip(sizes, sizes[1:])]
    for step in range(1000):
        loss, slopes = loss_and_gradients(net, x, t)
        for layer, slope in zip(net, slopes):
            layer[0] -= 0.5 * slope[0]
            layer[1] -= 0.5 * slope[1]
    return [(layer[0], layer[1]) for layer in net]


# %% mistake="overfit-small" id="all-units-alike" hint="All your hidden units start alike, so they stay alike: however many there are, they are one unit."
def overfit_small(x, t, rng):
    K = t.max() + 1
    params = [(np.full((2, 64), 0.1), np.zeros(64)), (np.full((64, K), 0.1), np.zeros(K))]
    for _ in range(1000):
        _, grads = loss_and_gradients(params, x, t)
        params = [(w - 0.1 * grad_w, b - 0.1 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    return params


# %% mistake="overfit-small" id="all-units-alike-again" again="all-units-alike"
def overfit_small(x, t, rng):
    K = int(t.max()) + 1
    net = [[0.1 + np.zeros((2, 64)), np.zeros(64)], [0.1 + np.zeros((64, K)), np.zeros(K)]]
    for _ in range(1000):
        slopes = loss_and_gradients(net, x, t)[1]
        net = [[array - 0.1 * slope for array, slope in zip(*pair)] for pair in zip(net, slopes)]
    return [tuple(pair) for pair in net]


# %% mistake="overfit-small" id="no-hidden-layer" hint="A single layer draws straight borders between the classes; these lie anyhow."
def overfit_small(x, t, rng):
    K = t.max() + 1
    params = [(np.zeros((2, K)), np.zeros(K))]
    for _ in range(1000):
        _, grads = loss_and_gradients(params, x, t)
        params = [(w - 0.5 * grad_w, b - 0.5 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    return params


# %% mistake="overfit-small" id="no-hidden-layer-again" again="no-hidden-layer"
def overfit_small(x, t, rng):
    net = [[np.zeros((2, int(max(t)) + 1)), np.zeros(int(max(t)) + 1)]]
    for _ in range(1000):
        slope_w, slope_b = loss_and_gradients(net, x, t)[1][0]
        net[0][0] -= 0.5 * slope_w
        net[0][1] -= 0.5 * slope_b
    return [tuple(net[0])]


# %% mistake="overfit-small" id="no-activation-in-training" hint="The model that you train has no ReLU between its layers, so it is not the network that you return."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(model, x, t, loss=loss, optimizer=optimizer, batch_size=20, num_epochs=1000, rng=rng, progress=False)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="too-few-steps" hint="The loss is still falling when your training ends."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(model, x, t, loss=loss, optimizer=optimizer, batch_size=20, num_epochs=20, rng=rng, progress=False)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="too-narrow" hint="So few hidden units can't bend the border around twenty points."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 2, rng), plainnet.nn.Linear(2, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(model, x, t, loss=loss, optimizer=optimizer, batch_size=20, num_epochs=1000, rng=rng, progress=False)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="penalty-left-on" hint="Something in your loss works against learning by heart: for this test it has to be switched off."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = lambda y, labels: plainnet.losses.cross_entropy(y, labels) + plainnet.regularize.l2([hidden.w, out.w], 0.01)
    plainnet.fit(model, x, t, loss=loss, optimizer=optimizer, batch_size=20, num_epochs=1000, rng=rng, progress=False)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="half-of-the-samples" hint="Some of the twenty samples are never learned from."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(
        model, x[:10], t[:10], loss=loss, optimizer=optimizer, batch_size=20, num_epochs=1000, rng=rng, progress=False
    )
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="step-too-small" hint="Your steps are so small that a thousand of them lead nowhere."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=1e-5)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(model, x, t, loss=loss, optimizer=optimizer, batch_size=20, num_epochs=1000, rng=rng, progress=False)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="step-too-large" hint="Your steps are so large that the loss jumps about instead of falling."
def overfit_small(x, t, rng):
    K = t.max() + 1
    params = [(rng.normal(size=(2, 64)), np.zeros(64)), (rng.normal(size=(64, K)) / 8, np.zeros(K))]
    for _ in range(200):
        _, grads = loss_and_gradients(params, x, t)
        params = [(w - 50.0 * grad_w, b - 50.0 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    return params


# %% mistake="overfit-small" id="classes-shuffled" hint="During your training a sample does not stand beside its own class."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    loss = plainnet.losses.cross_entropy
    plainnet.fit(
        model,
        x,
        rng.permutation(t),
        loss=loss,
        optimizer=optimizer,
        batch_size=20,
        num_epochs=1000,
        rng=rng,
        progress=False,
    )
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="always-two-classes" hint="Your network has two outputs, however many classes there are."
def overfit_small(x, t, rng):
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, 2, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    options = {"batch_size": len(x), "num_epochs": 1000, "rng": rng, "progress": False}
    plainnet.fit(model, x, t, loss=plainnet.losses.cross_entropy, optimizer=optimizer, **options)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% mistake="overfit-small" id="centred-inputs" hint="Your network has learned other inputs than those that it is asked about: they were shifted or scaled first."
def overfit_small(x, t, rng):
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    hidden, out = plainnet.nn.Linear(2, 64, rng), plainnet.nn.Linear(64, t.max() + 1, rng)
    model = plainnet.nn.Sequential(hidden, plainnet.relu, out).astype(np.float64)
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.02)
    options = {"batch_size": len(x), "num_epochs": 1000, "rng": rng, "progress": False}
    plainnet.fit(model, x, t, loss=plainnet.losses.cross_entropy, optimizer=optimizer, **options)
    return [(layer.w.data, layer.b.data) for layer in (hidden, out)]


# %% alternative="overfit-small" id="own-adam"
def overfit_small(x, t, rng):
    sizes = [2, 64, t.max() + 1]
    net = [[rng.normal(size=(m, n)) * (2 / m) ** 0.5, np.zeros(n)] for m, n in zip(sizes, sizes[1:])]
    means = [[np.zeros_like(array) for array in pair] for pair in net]
    squares = [[np.zeros_like(array) for array in pair] for pair in net]
    for step in range(1, 1001):
        _, grads = loss_and_gradients(net, x, t)
        for k in range(len(net)):
            for i in range(2):
                means[k][i] = 0.9 * means[k][i] + 0.1 * grads[k][i]
                squares[k][i] = 0.999 * squares[k][i] + 0.001 * grads[k][i] ** 2
                m, s = means[k][i] / (1 - 0.9**step), squares[k][i] / (1 - 0.999**step)
                net[k][i] = net[k][i] - 0.02 * m / (np.sqrt(s) + 1e-8)
    return [tuple(pair) for pair in net]


# %% alternative="overfit-small" id="two-hidden-layers"
def overfit_small(x, t, rng):
    layers = [plainnet.nn.Linear(m, n, rng) for m, n in [(2, 32), (32, 32), (32, t.max() + 1)]]
    model = plainnet.nn.Sequential(layers[0], plainnet.relu, layers[1], plainnet.relu, layers[2])
    optimizer = plainnet.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(1000):
        optimizer.zero_grad()
        loss = plainnet.losses.cross_entropy(model(plainnet.Tensor(x.astype(np.float32))), t)
        loss.backward()
        optimizer.step()
    return [(layer.w.data.astype(float), layer.b.data.astype(float)) for layer in layers]


# %% alternative="overfit-small" id="random-units-and-least-squares"
def overfit_small(x, t, rng):
    # only the outputs are fitted: 300 random bends are enough for twenty points
    w1, b1 = rng.normal(size=(2, 300)), rng.normal(size=300)
    units = np.maximum(x @ w1 + b1, 0)
    wanted = 20.0 * np.eye(t.max() + 1)[t]
    w2 = np.linalg.lstsq(units, wanted, rcond=None)[0]
    return [(w1, b1), (w2, np.zeros(w2.shape[1]))]
