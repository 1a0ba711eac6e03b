# %% [markdown]
r"""
Penalties
"""


# %% mistake="penalty" id="slide-pair" hint="Your L1 penalty has a half that its gradient lacks: the slide's slip. L1 has no half here, in neither of them."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share / 2 * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="slide-pair-again" again="slide-pair"
def penalty(weights, lam, kind, ratio=0.5):
    value, grads = 0.0, []
    for w in weights:
        ones, squares = lam / 2 * np.sum(abs(w)), lam / 2 * np.sum(w**2)
        signs, slopes = lam * np.sign(w), lam * w
        if kind == "l1":
            value, grads = value + ones, grads + [signs]
        elif kind == "l2":
            value, grads = value + squares, grads + [slopes]
        else:
            value = value + ratio * ones + (1 - ratio) * squares
            grads = grads + [ratio * signs + (1 - ratio) * slopes]
    return value, grads


# %% mistake="penalty" id="half-on-both-sides-of-l1" hint="Your L1 has a half, in the value and in the gradient; the convention has the half in front of the squares only."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share / 2 * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share / 2 * np.sign(w) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="norm-not-squared" hint="Your L2 value is the norm of the weights, not half of its square; the gradient belongs to the square."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    ones = sum(np.abs(w).sum() for w in weights)
    norm = np.sqrt(sum((w * w).sum() for w in weights))
    grads = [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]
    return lam * (share * ones + (1 - share) / 2 * norm), grads


# %% mistake="penalty" id="gradient-of-the-norm" hint="Your L2 gradient is that of the norm itself, the weights divided by their length; the penalty has the square."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    norm = max(np.sqrt(sum((w * w).sum() for w in weights)), 1e-300)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w / norm) for w in weights]


# %% mistake="penalty" id="gradient-of-the-norm-again" again="gradient-of-the-norm"
def penalty(weights, lam, kind, ratio=0.5):
    flat = np.concatenate([w.ravel() for w in weights])
    ones, squares, length = abs(flat).sum(), flat @ flat / 2, max(np.linalg.norm(flat), 1e-300)
    if kind == "l1":
        return lam * ones, [lam * np.sign(w) for w in weights]
    if kind == "l2":
        return lam * squares, [lam * w / length for w in weights]
    value = lam * (ratio * ones + (1 - ratio) * squares)
    return value, [lam * ratio * np.sign(w) + lam * (1 - ratio) * w / length for w in weights]


# %% mistake="penalty" id="two-in-the-gradient" hint="The half in front of the squares takes the 2 of their derivative away: your L2 gradient still has it."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * 2 * w) for w in weights]


# %% mistake="penalty" id="two-in-the-gradient-again" again="two-in-the-gradient"
def penalty(weights, lam, kind, ratio=0.5):
    l1 = lam * sum(np.abs(w).sum() for w in weights), [lam * np.sign(w) for w in weights]
    l2 = lam / 2 * sum((w**2).sum() for w in weights), [2 * lam * w for w in weights]
    if kind != "elastic":
        return l1 if kind == "l1" else l2
    return ratio * l1[0] + (1 - ratio) * l2[0], [ratio * a + (1 - ratio) * b for a, b in zip(l1[1], l2[1])]


# %% mistake="penalty" id="no-half-at-all" hint="L2 has a half in front of the squares, and its gradient no 2."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * 2 * w) for w in weights]


# %% mistake="penalty" id="mean-instead-of-sum" hint="You average over the weights; the penalty is a sum over all of them."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).mean() + (1 - share) / 2 * (w * w).mean() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) / w.size for w in weights]


# %% mistake="penalty" id="sign-of-zero" hint="A weight that is exactly 0 gets a gradient from your L1; it has to be left there."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.where(w >= 0, 1.0, -1.0) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="sign-of-zero-again" again="sign-of-zero"
def penalty(weights, lam, kind, ratio=0.5):
    ones = lam * sum(abs(w).sum() for w in weights)
    squares = lam / 2 * sum(np.square(w).sum() for w in weights)
    signs = [lam * (1.0 - 2.0 * (w < 0)) for w in weights]
    slopes = [lam * w for w in weights]
    if kind == "l1":
        return ones, signs
    if kind == "l2":
        return squares, slopes
    return ratio * ones + (1 - ratio) * squares, [ratio * a + (1 - ratio) * b for a, b in zip(signs, slopes)]


# %% mistake="penalty" id="l1-gradient-is-the-size" hint="The gradient of L1 doesn't depend on how large a weight is; yours does."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.abs(w) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="ratio-on-the-other" hint="In your elastic net `ratio` is the share of L2; it is that of L1."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": 1 - ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="elastic-adds-both" hint="Your elastic net has the whole of one penalty, or of both; it mixes them with shares that add up to 1."
def penalty(weights, lam, kind, ratio=0.5):
    one, two = {"l1": (1.0, 0.0), "l2": (0.0, 1.0), "elastic": (ratio, 1.0)}[kind]
    value = sum(one * np.abs(w).sum() + two / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (one * np.sign(w) + two * w) for w in weights]


# %% mistake="penalty" id="last-array-only" hint="With several arrays of weights your value counts one of them only."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    grads = []
    for w in weights:
        value = share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum()
        grads.append(lam * (share * np.sign(w) + (1 - share) * w))
    return lam * value, grads


# %% mistake="penalty" id="lambda-missing-in-the-gradient" hint="Your value has the factor lam, your gradient has not."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [share * np.sign(w) + (1 - share) * w for w in weights]


# %% alternative="penalty" id="three-branches"
def penalty(weights, lam, kind, ratio=0.5):
    l1 = lam * sum(np.abs(w).sum() for w in weights), [lam * np.sign(w) for w in weights]
    l2 = lam / 2 * sum((w**2).sum() for w in weights), [lam * w for w in weights]
    if kind == "l1":
        return l1
    if kind == "l2":
        return l2
    return ratio * l1[0] + (1 - ratio) * l2[0], [ratio * a + (1 - ratio) * b for a, b in zip(l1[1], l2[1])]


# %% alternative="penalty" id="number-by-number"
def penalty(weights, lam, kind, ratio=0.5):
    ratio = {"l1": 1, "l2": 0, "elastic": ratio}[kind]
    value, grads = 0.0, []
    for w in weights:
        grad = np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            value += lam * (ratio * abs(w[i]) + (1 - ratio) * w[i] ** 2 / 2)
            grad[i] = lam * (1 - ratio) * w[i]
            if w[i] != 0:
                grad[i] += lam * ratio * (1 if w[i] > 0 else -1)
        grads.append(grad)
    return value, grads


# %% alternative="penalty" id="joined-and-split"
def penalty(weights, lam, kind, ratio=0.5):
    flat = np.concatenate([w.ravel() for w in weights])
    ratio = {"l1": 1.0, "l2": 0.0}.get(kind, ratio)
    value = lam * (ratio * np.linalg.norm(flat, 1) + (1 - ratio) / 2 * np.linalg.norm(flat) ** 2)
    grad = lam * (ratio * ((flat > 0) * 1.0 - (flat < 0)) + (1 - ratio) * flat)
    parts = np.split(grad, np.cumsum([w.size for w in weights])[:-1])
    return float(value), [part.reshape(w.shape) for part, w in zip(parts, weights)]


# %% mistake="penalty" id="norm-of-a-matrix" hint="np.linalg.norm(w, 1) of a matrix is its largest column sum; L1 adds up all absolute values."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.linalg.norm(w, 1) + (1 - share) / 2 * (w * w).sum() for w in weights)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]


# %% mistake="penalty" id="biases-left-alone" hint="You leave arrays with one axis out, as if they were biases; here every array counts."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights if w.ndim > 1)
    return lam * value, [lam * (share * np.sign(w) + (1 - share) * w) * (w.ndim > 1) for w in weights]


# %% mistake="penalty" id="two-in-elastic-only" hint="Your elastic net's gradient has a 2 that its value doesn't have: the half takes it away there, too."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    value = sum(share * np.abs(w).sum() + (1 - share) / 2 * (w * w).sum() for w in weights)
    two = 2 if kind == "elastic" else 1
    return lam * value, [lam * (share * np.sign(w) + two * (1 - share) * w) for w in weights]


# %% mistake="penalty" id="in-place" hint="The caller's weights have changed: work on a copy."
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1.0, "l2": 0.0, "elastic": ratio}[kind]
    grads = [lam * (share * np.sign(w) + (1 - share) * w) for w in weights]
    value = sum((1 - share) / 2 * (w * w).sum() + share * np.abs(w, out=w).sum() for w in weights)
    return lam * value, grads


# %% alternative="penalty" id="zero-d-and-divide"
def penalty(weights, lam, kind, ratio=0.5):
    share = {"l1": 1, "l2": 0, "elastic": ratio}[kind]
    value = np.array(0.0)
    grads = []
    for w in weights:
        value = value + share * np.abs(w).sum() + (1 - share) * np.linalg.norm(w) ** 2 / 2
        sign = np.divide(w, np.abs(w), out=np.zeros_like(w), where=w != 0)
        grads.append(lam * share * sign + lam * (1 - share) * w)
    return np.array(lam * value), grads


# %% alternative="penalty" id="float-and-copysign"
def penalty(weights, lam, kind, ratio=0.5):
    import math

    numbers = [float(x) for w in weights for x in np.ravel(w)]
    one, two = math.fsum(map(abs, numbers)), math.fsum(x * x for x in numbers) / 2
    a = ratio if kind == "elastic" else float(kind == "l1")
    grads = []
    for w in weights:
        s = np.copysign(1.0, w)
        s[w == 0] = 0
        grads += [lam * (a * s + (1 - a) * w)]
    return (lam * (a * one + (1 - a) * two), grads)


# %% [markdown]
r"""
Max-norm
"""


# %% mistake="max-norm" id="rows-instead-of-columns" hint="You shorten rows; the weights into a unit are a column of w."
def max_norm(w, limit):
    length = np.sqrt((w * w).sum(axis=1, keepdims=True))
    return w * (limit / np.maximum(length, limit))


# %% mistake="max-norm" id="rows-instead-of-columns-again" again="rows-instead-of-columns"
def max_norm(w, limit):
    out = w.copy()
    for i in range(len(w)):
        norm = np.linalg.norm(w[i])
        if norm > limit:
            out[i] = w[i] * (limit / norm)
    return out


# %% mistake="max-norm" id="all-to-the-limit" hint="Columns that were shorter than the limit have become longer: they stay as they are."
def max_norm(w, limit):
    length = np.sqrt((w * w).sum(axis=0))
    return w * (limit / np.maximum(length, 1e-300)) * (length > 0)


# %% mistake="max-norm" id="all-to-the-limit-again" again="all-to-the-limit"
def max_norm(w, limit):
    out = np.zeros(w.shape)
    for j in range(w.shape[1]):
        norm = np.linalg.norm(w[:, j])
        if norm > 0:
            out[:, j] = w[:, j] / norm * limit
    return out


# %% mistake="max-norm" id="whole-matrix" hint="You measure the length of the whole matrix; each column has a length of its own."
def max_norm(w, limit):
    length = np.linalg.norm(w)
    return w * (limit / max(length, limit))


# %% mistake="max-norm" id="all-scaled-together" hint="One factor, that of the longest column, shortens all of them: each needs its own."
def max_norm(w, limit):
    longest = np.linalg.norm(w, axis=0).max()
    return w * (limit / max(longest, limit))


# %% mistake="max-norm" id="length-squared" hint="You compare, or divide by, the sum of the squares; the length is its root."
def max_norm(w, limit):
    length = (w * w).sum(axis=0)
    return w * (limit / np.maximum(length, limit))


# %% mistake="max-norm" id="length-squared-again" again="length-squared"
def max_norm(w, limit):
    out = w.copy()
    for j in range(w.shape[1]):
        size = w[:, j] @ w[:, j]
        if size > limit:
            out[:, j] *= limit / size
    return out


# %% mistake="max-norm" id="single-weights-clipped" hint="You limit every single weight, which turns a column; its length is to be limited, its direction stays."
def max_norm(w, limit):
    return np.clip(w, -limit, limit)


# %% mistake="max-norm" id="sum-of-absolute-values" hint="You measure a column by the sum of its absolute values; its length is the root of the sum of squares."
def max_norm(w, limit):
    length = np.abs(w).sum(axis=0)
    return w * (limit / np.maximum(length, limit))


# %% mistake="max-norm" id="divides-by-zero" hint="A column of zeros becomes NaN: 0 divided by 0."
def max_norm(w, limit):
    length = np.sqrt((w * w).sum(axis=0))
    with np.errstate(all="ignore"):
        return np.where(length > limit, limit, length) * (w / length)


# %% mistake="max-norm" id="unit-length" hint="Columns that are too long end with the length 1, whatever the limit is."
def max_norm(w, limit):
    length = np.sqrt((w * w).sum(axis=0))
    return np.where(length > limit, w / np.maximum(length, 1e-300), w)


# %% mistake="max-norm" id="in-place" hint="The caller's w has changed: make a new array."
def max_norm(w, limit):
    length = np.sqrt((w * w).sum(axis=0))
    w *= limit / np.maximum(length, limit)
    return w


# %% alternative="max-norm" id="column-by-column"
def max_norm(w, limit):
    out = w.copy()
    for j in range(w.shape[1]):
        norm = np.linalg.norm(w[:, j])
        if norm > limit:
            out[:, j] *= limit / norm
    return out


# %% alternative="max-norm" id="where-and-einsum"
def max_norm(w, limit):
    squares = np.einsum("dh,dh->h", w, w)
    factor = np.ones(w.shape[1])
    long = squares > limit**2
    factor[long] = limit / np.sqrt(squares[long])
    return w @ np.diag(factor)


# %% alternative="max-norm" id="minimum-with-tiny"
def max_norm(w, limit):
    norm = np.linalg.norm(w, axis=0, keepdims=True)
    return w * np.minimum(1.0, limit / (norm + 1e-300))


# %% mistake="max-norm" id="nearly-the-limit" hint="Your shortened columns are a little shorter than the limit: something small was added to their length, or digits were lost."
def max_norm(w, limit):
    length = np.linalg.norm(w, axis=0)
    return np.where(length > limit, w * (limit / (length + 1e-7)), w)


# %% mistake="max-norm" id="callers-own-array" hint="Where no column is too long you give back the caller's own array: return a new one."
def max_norm(w, limit):
    length = np.linalg.norm(w, axis=0)
    if np.all(length <= limit):
        return w
    return w * (limit / np.maximum(length, limit))


# %% mistake="max-norm" id="mean-of-squares" hint="You measure a column by the mean of its squares; its length is the root of their sum."
def max_norm(w, limit):
    length = np.sqrt((w * w).mean(axis=0))
    return w * (limit / np.maximum(length, limit))


# %% alternative="max-norm" id="divide-where"
def max_norm(w, limit):
    n = np.linalg.norm(w, axis=0)
    scale = np.divide(limit, n, out=np.ones_like(n), where=n > limit)
    return np.multiply(w, scale[np.newaxis])


# %% [markdown]
r"""
Dropout
"""


# %% mistake="dropout" id="keep-and-drop" hint="You keep a number with probability p; p is the probability to drop it."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            self.factor = (self.rng.random(x.shape) < self.p) / max(self.p, 1e-300)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="keep-and-drop-again" again="keep-and-drop"
class Dropout:
    def __init__(self, p, rng):
        self.p = p
        self.rng = rng

    def forward(self, x, training):
        if not training:
            self.mask = None
            return x.copy()
        u = self.rng.random(x.shape)
        self.mask = np.where(u < self.p, 1.0, 0.0)
        if self.p > 0:
            self.mask = self.mask / self.p
        return self.mask * x

    def backward(self, g):
        return g.copy() if self.mask is None else self.mask * g


# %% mistake="dropout" id="not-scaled" hint="What is kept in training isn't multiplied by anything: on average your outputs are too small."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            self.factor = (self.rng.random(x.shape) >= self.p) * 1.0
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="not-scaled-again" again="not-scaled"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.kept = p, rng, None

    def forward(self, x, training):
        self.kept = None
        y = x.copy()
        if training:
            self.kept = self.rng.random(x.shape) >= self.p
            y[~self.kept] = 0
        return y

    def backward(self, g):
        return g.copy() if self.kept is None else np.where(self.kept, g, 0.0)


# %% mistake="dropout" id="divided-by-p" hint="The factor of what is kept is 1/(1 - p); you divide by p."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            self.factor = (self.rng.random(x.shape) >= self.p) / (self.p or 1.0)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="times-keep" hint="You multiply what is kept by 1 - p, and make it smaller still; it has to be divided."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            self.factor = (self.rng.random(x.shape) >= self.p) * (1 - self.p)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="active-in-use" hint="Your layer drops numbers also when it is not training."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="scaled-in-use-too" hint="When the network is used you scale the numbers; that has been taken care of in training."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.full(x.shape, 1 - self.p)
        if training:
            self.factor = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="scaled-in-use-too-again" again="scaled-in-use-too"
class Dropout:
    def __init__(self, p, rng):
        self.keep, self.rng = 1 - p, rng

    def forward(self, x, training):
        if training:
            self.scale = np.where(self.rng.random(x.shape) < 1 - self.keep, 0.0, 1 / self.keep)
        else:
            self.scale = self.keep
        return self.scale * x

    def backward(self, g):
        return self.scale * g


# %% mistake="dropout" id="same-mask-always" hint="Every pass has the same mask: draw a new one each time."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.masks, self.factor = p, rng, {}, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            if x.shape not in self.masks:
                self.masks[x.shape] = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
            self.factor = self.masks[x.shape]
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="one-mask-for-the-batch" hint="All samples of a batch have the same numbers dropped: draw for each number of x."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            self.factor = self.factor * ((self.rng.random(x.shape[-1]) >= self.p) / (1 - self.p))
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="backward-draws-again" hint="backward draws a new mask: gradients arrive at numbers that had been dropped."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.training = p, rng, False

    def draw(self, shape):
        return (self.rng.random(shape) >= self.p) / (1 - self.p)

    def forward(self, x, training):
        self.training = training
        return x * self.draw(x.shape) if training else x * 1.0

    def backward(self, g):
        return g * self.draw(g.shape) if self.training else g * 1.0


# %% mistake="dropout" id="backward-draws-again-again" again="backward-draws-again"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.active = p, rng, False

    def forward(self, x, training):
        self.active = training
        y = x.copy()
        if training:
            y[self.rng.random(y.shape) < self.p] = 0
            y = y / (1 - self.p)
        return y

    def backward(self, g):
        return self.forward(g, self.active)


# %% mistake="dropout" id="backward-without-the-scale" hint="backward has the right zeros, but not the factor that forward multiplied the others by."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.kept = p, rng, None

    def forward(self, x, training):
        self.kept = np.ones(x.shape, bool)
        if not training:
            return x * 1.0
        self.kept = self.rng.random(x.shape) >= self.p
        return x * self.kept / (1 - self.p)

    def backward(self, g):
        return g * self.kept


# %% mistake="dropout" id="backward-keeps-an-old-mask" hint="After a pass that was not training, backward still uses the mask of the training pass before."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        if not training:
            return x * 1.0
        self.factor = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return x * self.factor

    def backward(self, g):
        return g * self.factor


# %% mistake="dropout" id="backward-passes-everything" hint="backward returns g as it is: what was dropped in the forward pass must not receive a gradient."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        if not training:
            return x * 1.0
        return x * (self.rng.random(x.shape) >= self.p) / (1 - self.p)

    def backward(self, g):
        return g * 1.0


# %% mistake="dropout" id="scaled-by-the-share-kept" hint="You divide by the share that was kept by chance; the probability to keep is wanted."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.f = np.ones(x.shape)
        if training:
            kept = self.rng.random(x.shape) >= self.p
            self.f = kept / max(kept.mean(), 1e-9)
        return x * self.f

    def backward(self, g):
        return g * self.f


# %% alternative="dropout" id="where-and-uniform"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.kept = p, rng, None

    def forward(self, x, training):
        self.kept = None
        if not training:
            return x.copy()
        self.kept = self.rng.uniform(size=x.shape) >= self.p
        return np.where(self.kept, x / (1 - self.p), 0.0)

    def backward(self, g):
        if self.kept is None:
            return g.copy()
        return np.where(self.kept, g / (1 - self.p), 0.0)


# %% alternative="dropout" id="number-by-number"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.factor = np.ones(x.shape)
        if training:
            for i in np.ndindex(x.shape):
                self.factor[i] = 0.0 if self.rng.random() < self.p else 1 / (1 - self.p)
        return self.factor * x

    def backward(self, g):
        return self.factor * g


# %% alternative="dropout" id="indices-of-the-dropped"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng
        self.dropped, self.scale = None, 1.0

    def apply(self, a):
        out = a * self.scale
        if self.dropped is not None:
            out.ravel()[self.dropped] = 0.0
        return out

    def forward(self, x, training):
        if training:
            self.dropped = np.flatnonzero(self.rng.random(x.shape) < self.p)
            self.scale = 1 / (1 - self.p)
        else:
            self.dropped, self.scale = None, 1.0
        return self.apply(x)

    def backward(self, g):
        return self.apply(g)


# %% mistake="dropout" id="mask-from-the-output" hint="backward takes a 0 in the output for a dropped number; a kept number may be 0, too. Keep the mask."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.training = training
        self.y = x * 1.0
        if training:
            self.y = x * (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        return self.y.copy()

    def backward(self, g):
        return g * (self.y != 0) / (1 - self.p) if self.training else g * 1.0


# %% mistake="dropout" id="draws-in-use" hint="A pass that is not training draws from the generator all the same, so that all later masks are others."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.f = (self.rng.random(x.shape) >= self.p) / (1 - self.p)
        if not training:
            self.f = np.ones(x.shape)
        return x * self.f

    def backward(self, g):
        return g * self.f


# %% mistake="dropout" id="own-copy-of-the-generator" hint="You draw from a copy of the generator: two layers that share one then have the same masks."
class Dropout:
    def __init__(self, p, rng):
        import copy

        self.p, self.rng = p, copy.deepcopy(rng)

    def forward(self, x, training):
        self.f = (self.rng.random(x.shape) >= self.p) / (1 - self.p) if training else np.ones(x.shape)
        return x * self.f

    def backward(self, g):
        return g * self.f


# %% mistake="dropout" id="float32-draws" hint="Your draws are float32, so they are other numbers: draw rng.random(x.shape), without a dtype."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.f = (self.rng.random(x.shape, dtype=np.float32) >= self.p) / (1 - self.p) if training else np.ones(x.shape)
        return x * self.f

    def backward(self, g):
        return g * self.f


# %% mistake="dropout" id="mask-kept-in-the-class" hint="All your layers share one mask, since it is kept in the class: keep it in self."
class Dropout:
    f = 1.0

    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        Dropout.f = (self.rng.random(x.shape) >= self.p) / (1 - self.p) if training else np.ones(x.shape)
        return x * Dropout.f

    def backward(self, g):
        return g * Dropout.f


# %% mistake="dropout" id="one-draw-per-sample" hint="You drop whole samples: every number has a draw of its own."
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        self.f = np.ones(x.shape)
        if training:
            u = self.rng.random(x.shape[0]).reshape(-1, *[1] * (x.ndim - 1))
            self.f = self.f * (u >= self.p) / (1 - self.p)
        return x * self.f

    def backward(self, g):
        return g * self.f


# %% mistake="dropout" id="mask-from-the-output-again" again="mask-from-the-output"
class Dropout:
    def __init__(self, p, rng):
        self.keep, self.rng, self.scale = 1 - p, rng, 1.0

    def forward(self, x, training):
        self.scale, self.y = 1.0, x.copy()
        if training:
            self.scale = 1 / self.keep
            self.y[self.rng.random(x.shape) < 1 - self.keep] = 0.0
            self.y *= self.scale
        return self.y.copy()

    def backward(self, g):
        return g.copy() if self.scale == 1 else np.where(self.y == 0, 0.0, g * self.scale)


# %% mistake="dropout" id="draws-in-use-again" again="draws-in-use"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng

    def forward(self, x, training):
        kept = np.where(self.rng.random(x.shape) < self.p, 0.0, 1 / (1 - self.p))
        self.mask = kept if training else np.ones_like(x)
        return self.mask * x

    def backward(self, g):
        return self.mask * g


# %% alternative="dropout" id="x-itself-in-use"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.mask = p, rng, None

    def forward(self, x, training):
        if not training:
            self.mask = None
            return x
        self.mask = self.rng.random(x.size).reshape(x.shape) >= self.p
        return np.multiply(x, self.mask) / (1.0 - self.p)

    def backward(self, g):
        if self.mask is None:
            return g
        return np.multiply(g, self.mask) / (1.0 - self.p)


# %% alternative="dropout" id="nothing-to-drop"
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.factor = p, rng, 1.0

    def forward(self, x, training):
        self.factor = 1.0
        if training and self.p > 0:
            self.factor = np.where(self.rng.random(x.shape) < self.p, 0, 1 / (1 - self.p))
        return self.factor * x

    def backward(self, g):
        return self.factor * g


# %% [markdown]
r"""
Three conventions
"""


# %% mistake="dropout-layer" id="nothing-in-use" hint="In use you send the units as they are in all conventions; two of them need a correction there."
def dropout_layer(h, w, b, p, convention, kept=None):
    if kept is None:
        return h @ w + b
    scale = 1 / (1 - p) if convention == "inverted" else 1.0
    return (h * kept * scale) @ w + b


# %% mistake="dropout-layer" id="nothing-in-use-again" again="nothing-in-use"
def dropout_layer(h, w, b, p, convention, kept=None):
    sent = h.copy()
    if kept is not None:
        sent[~kept] = 0.0
        if convention == "inverted":
            sent /= 1 - p
    return b + sent @ w


# %% mistake="dropout-layer" id="always-half" hint="In use you divide by 2 whatever p is: the deck's rule holds for p = 1/2 alone."
def dropout_layer(h, w, b, p, convention, kept=None):
    if kept is None:
        return h @ (w if convention == "inverted" else w / 2) + b
    scale = 1 / (1 - p) if convention == "inverted" else 1.0
    return (h * kept * scale) @ w + b


# %% mistake="dropout-layer" id="always-half-again" again="always-half"
def dropout_layer(h, w, b, p, convention, kept=None):
    sent = h * 0.5 if kept is None else h * kept
    if convention == "inverted":
        sent = h if kept is None else h * kept / (1 - p)
    return sent @ w + b


# %% mistake="dropout-layer" id="inverted-scaled-twice" hint="The inverted convention is scaled in training, and by you in use once more: there a unit already sends h on average."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    return (h * (keep if kept is None else scale * kept)) @ w + b


# %% mistake="dropout-layer" id="inverted-scaled-twice-again" again="inverted-scaled-twice"
def dropout_layer(h, w, b, p, convention, kept=None):
    if kept is None:
        weights = w * p if convention == "keep" else w * (1 - p)
        return h @ weights + b
    sent = np.where(kept, h, 0.0)
    if convention == "inverted":
        sent = sent / (1 - p)
    return sent @ w + b


# %% mistake="dropout-layer" id="keep-taken-for-drop" hint="In the keep convention you treat p as the probability to drop."
def dropout_layer(h, w, b, p, convention, kept=None):
    scale = 1 / (1 - p) if convention == "inverted" else 1.0
    mean = 1.0 if convention == "inverted" else 1 - p
    return (h * (mean if kept is None else scale * kept)) @ w + b


# %% mistake="dropout-layer" id="drop-taken-for-keep" hint="In the drop convention you treat p as the probability to keep."
def dropout_layer(h, w, b, p, convention, kept=None):
    scale = 1 / (1 - p) if convention == "inverted" else 1.0
    mean = 1.0 if convention == "inverted" else p
    return (h * (mean if kept is None else scale * kept)) @ w + b


# %% mistake="dropout-layer" id="bias-scaled" hint="You scale the bias too: it is never dropped."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    if kept is None:
        return (h @ w + b) * (scale * keep)
    return (h * kept) @ w * scale + b


# %% mistake="dropout-layer" id="bias-scaled-again" again="bias-scaled"
def dropout_layer(h, w, b, p, convention, kept=None):
    if kept is not None:
        sent = np.where(kept, h, 0.0) / (1 - p if convention == "inverted" else 1)
        return sent @ w + b
    factor = {"keep": p, "drop": 1 - p, "inverted": 1}[convention]
    return factor * (h @ w) + factor * b


# %% mistake="dropout-layer" id="divided-in-use" hint="In use you make the sum larger; with all units speaking it has to become smaller."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    if kept is None:
        return h @ (w if convention == "inverted" else w / keep) + b
    return (h * kept * (1 / keep if convention == "inverted" else 1.0)) @ w + b


# %% mistake="dropout-layer" id="mask-inverted" hint="In training you silence the units that are kept: True means kept."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    sent = h * (scale * keep) if kept is None else h * scale * (1 - kept)
    return sent @ w + b


# %% mistake="dropout-layer" id="scaled-in-training" hint="In training you scale what is kept in every convention; only one of them does that."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    sent = h if kept is None else h * kept / keep
    return sent @ w + b


# %% alternative="dropout-layer" id="weights-scaled"
def dropout_layer(h, w, b, p, convention, kept=None):
    if kept is None:
        factor = {"keep": p, "drop": 1 - p, "inverted": 1.0}[convention]
        return h @ (factor * w) + b
    z = (h * kept) @ w
    if convention == "inverted":
        z = z / (1 - p)
    return z + b


# %% alternative="dropout-layer" id="loops"
def dropout_layer(h, w, b, p, convention, kept=None):
    z = np.zeros((len(h), w.shape[1]))
    for n in range(len(h)):
        for k in range(w.shape[1]):
            z[n, k] = b[k]
            for i in range(h.shape[1]):
                sent = h[n, i]
                if kept is not None:
                    sent = sent * bool(kept[n, i]) / (1 - p if convention == "inverted" else 1)
                elif convention != "inverted":
                    sent = sent * (p if convention == "keep" else 1 - p)
                z[n, k] += sent * w[i, k]
    return z


# %% alternative="dropout-layer" id="einsum"
def dropout_layer(h, w, b, p, convention, kept=None):
    if convention == "keep":
        p, convention = 1 - p, "drop"
    mask = np.full(h.shape, 1 - p) if kept is None else kept.astype(float)
    if convention == "inverted":
        mask = mask / (1 - p)
    return np.einsum("nh,nh,hk->nk", h, mask, w) + b


# %% mistake="dropout-layer" id="empty-mask-is-use" hint="Where no unit is kept you compute what is used later; the network is in use where `kept` is None."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    if kept is None or not kept.any():
        return h * (scale * keep) @ w + b
    return (h * (scale * kept)) @ w + b


# %% mistake="dropout-layer" id="one-mask-for-all-samples" hint="You give all samples the mask of the first one; each sample has its own row."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    scale = 1 / keep if convention == "inverted" else 1.0
    return (h * (scale * keep if kept is None else scale * kept[0])) @ w + b


# %% mistake="dropout-layer" id="inverted-bias-divided" hint="In training you divide the bias by 1 - p too; only what the units send is divided."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    if kept is None:
        return h * (1.0 if convention == "inverted" else keep) @ w + b
    z = (h * kept) @ w + b
    return z / keep if convention == "inverted" else z


# %% mistake="dropout-layer" id="scaled-by-the-share-kept" hint="You divide by the share of units that this mask happens to keep; the probability to keep is wanted."
def dropout_layer(h, w, b, p, convention, kept=None):
    keep = p if convention == "keep" else 1 - p
    if kept is None:
        return h * (1.0 if convention == "inverted" else keep) @ w + b
    scale = 1 / max(kept.mean(), 1e-9) if convention == "inverted" else 1.0
    return (h * kept * scale) @ w + b


# %% alternative="dropout-layer" id="all-masks"
def dropout_layer(h, w, b, p, convention, kept=None):
    import itertools

    keep = p if convention == "keep" else 1 - p

    def train(mask):
        sent = np.where(mask, h, 0.0)
        if convention == "inverted":
            sent = sent / keep
        return np.add(sent.dot(w), b)

    if kept is not None:
        return train(kept)
    total = 0
    for mask in itertools.product([True, False], repeat=h.shape[1]):
        n = sum(mask)
        total = total + keep**n * (1 - keep) ** (len(mask) - n) * train(np.array(mask)[None])
    return total


# %% [markdown]
r"""
Early stopping
"""


# %% mistake="early-stopping" id="last-weights" hint="restore gives back the weights of the last epoch, or leaves them as they are; the best epoch was an earlier one."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
        self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="last-weights-again" again="last-weights"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.delta, self.mode = patience, min_delta, mode
        self.best = self.snapshot = None
        self.count = self.waited = self.best_epoch = 0

    def update(self, measured, weights):
        self.count += 1
        self.snapshot = [np.array(w) for w in weights]
        v = measured["validation"]
        if self.best is None:
            better = True
        elif self.mode == "min":
            better = self.best - v > self.delta
        else:
            better = v - self.best > self.delta
        if better:
            self.best, self.best_epoch, self.waited = v, self.count, 0
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for i in range(len(weights)):
            weights[i][:] = self.snapshot[i]


# %% mistake="early-stopping" id="reference-not-copy" hint="You keep the arrays themselves; training goes on to change them. Keep copies."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = list(weights)
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="reference-not-copy-again" again="reference-not-copy"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.delta, self.mode = patience, min_delta, mode
        self.best = self.best_weights = None
        self.count = self.waited = self.best_epoch = 0

    def update(self, measured, weights):
        self.count += 1
        v = measured["validation"]
        if self.best is None:
            better = True
        else:
            better = (self.best - v if self.mode == "min" else v - self.best) > self.delta
        if better:
            self.best, self.best_epoch, self.waited, self.best_weights = v, self.count, 0, weights
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for old, new in zip(weights, self.best_weights):
            old[:] = new


# %% mistake="early-stopping" id="patience-off-by-one" hint="You wait one epoch too long: patience epochs without a new best one are enough."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch > self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="patience-off-by-one-again" again="patience-off-by-one"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.delta, self.mode = patience, min_delta, mode
        self.best = self.best_weights = None
        self.count = self.waited = self.best_epoch = 0

    def update(self, measured, weights):
        self.count += 1
        v = measured["validation"]
        if self.best is None or (self.best - v if self.mode == "min" else v - self.best) > self.delta:
            self.best, self.best_epoch, self.waited = v, self.count, 0
            self.best_weights = [np.array(w) for w in weights]
            return False
        stop = self.waited >= self.patience
        self.waited += 1
        return stop

    def restore(self, weights):
        for old, new in zip(weights, self.best_weights):
            old[:] = new


# %% mistake="early-stopping" id="stops-at-once" hint="You stop at the first epoch that is worse, as the deck says; patience says how many to wait for."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch > self.best_epoch

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="by-the-test-set" hint="You decide by the test set: then nothing is left to test with. It is the validation set's task."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["test"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="by-the-training-set" hint="You decide by the training set, which goes on improving while the network learns it by heart."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["train"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="compared-with-the-epoch-before" hint="You compare with the epoch before; a new best one has to beat the best so far."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept, self.before = 0, None, 0, None, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.before is None or self.sign * (value - self.before) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        self.before = value
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="waits-in-all" hint="You count all epochs without a new best one since the start; the count begins anew with each new best one."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept, self.waited = 0, None, 0, None, 0

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
            return False
        self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="min-delta-ignored" hint="You take every improvement, however small; min_delta says how large it has to be."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.sign = patience, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > 0:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="exactly-min-delta-counts" hint="An epoch that is better by exactly min_delta, or just as good, is no new best one."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) >= self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="best-creeps-along" hint="An improvement of less than min_delta changes your `best`; it changes nothing."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best_epoch = self.epoch
            self.kept = [w.copy() for w in weights]
        if self.best is None or self.sign * (value - self.best) > 0:
            self.best = value
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="mode-ignored" hint="In the mode max large values are good; you look for small ones all the same."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta = patience, min_delta
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.best - value > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="starts-at-zero" hint="Your best one before the first epoch is 0, so that losses never beat it: the first epoch is the best so far."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, 0.0, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.kept is None:
            self.kept = [w.copy() for w in weights]
        if self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="restore-binds-anew" hint="restore leaves the model's own arrays as they are (`w = ...` binds a name, `weights[i] = ...` changes the list): it has to write into them."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w = best.copy()


# %% mistake="early-stopping" id="epochs-from-zero" hint="Your best_epoch is one too small: the first epoch is 1."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = -1, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="equal-does-not-wait" hint="An epoch that is just as good as the best one counts as one without a new best one; you don't count it."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.waited = 0, None, 0, 0

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch, self.waited = value, self.epoch, 0
            self.kept = [w.copy() for w in weights]
        elif value != self.best:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="waits-against-the-epoch-before" hint="Your waiting begins anew with every epoch that is better than the one before; it does so with a new best one alone."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.waited, self.last = 0, None, 0, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.last is not None and self.sign * (value - self.last) <= self.min_delta:
            self.waited += 1
        else:
            self.waited = 0
        self.last = value
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.waited >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% alternative="early-stopping" id="infinity-and-a-counter"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best = np.inf if mode == "min" else -np.inf
        self.best_epoch = self.epoch = self.waited = 0
        self.saved = []

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.mode == "min":
            better = value < self.best - self.min_delta
        else:
            better = value > self.best + self.min_delta
        if better:
            self.best, self.best_epoch, self.waited = value, self.epoch, 0
            self.saved = [np.array(w) for w in weights]
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for i, w in enumerate(weights):
            w[:] = self.saved[i]


# %% alternative="early-stopping" id="keeps-the-history"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta = patience, min_delta
        self.factor = {"min": -1.0, "max": 1.0}[mode]
        self.values, self.states, self.best_epoch = [], [], 0

    @property
    def best(self):
        return self.values[self.best_epoch - 1]

    def update(self, measured, weights):
        import copy

        self.values.append(measured["validation"])
        self.states.append(copy.deepcopy(weights))
        if self.best_epoch == 0 or self.factor * (self.values[-1] - self.best) > self.min_delta:
            self.best_epoch = len(self.values)
        return len(self.values) >= self.best_epoch + self.patience

    def restore(self, weights):
        for w, state in zip(weights, self.states[self.best_epoch - 1]):
            np.copyto(w, state)


# %% alternative="early-stopping" id="says-numpys-true"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "min" else -1
        self.measures, self.best, self.best_epoch = np.zeros(0), None, 0

    def update(self, measured, weights):
        value = measured["validation"]
        self.measures = np.append(self.measures, value)
        if self.best is None or self.sign * (self.best - value) > self.min_delta:
            self.best, self.best_epoch = value, len(self.measures)
            self.saved = [1.0 * w for w in weights]
        return np.greater_equal(len(self.measures[self.best_epoch :]), self.patience)  # a numpy.bool

    def restore(self, weights):
        for w, saved in zip(weights, self.saved):
            w[...] = saved


# %% mistake="early-stopping" id="says-stop-once" hint="Asked again after it has said stop, your update says go on: it goes by the same rules as before."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.waited = 0, None, 0, 0

    def update(self, measured, weights):
        self.epoch, value = self.epoch + 1, measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch, self.waited = value, self.epoch, 0
            self.kept = [w.copy() for w in weights]
        else:
            self.waited += 1
        return self.waited == self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="restore-binds-anew-again" again="restore-binds-anew"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for i in range(len(weights)):
            weights[i] = self.kept[i]


# %% mistake="early-stopping" id="writes-into-those-of-update" hint="restore writes into the arrays that update was given; it has to write into those that it is given."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        self.weights = weights
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(self.weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="absolute-difference" hint="You take a change for the worse as a new best one: better has a direction."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or abs(value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="max-ignores-delta" hint="In the mode max you take every improvement, however small; min_delta counts there, too."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or (value < self.best - self.min_delta if self.mode == "min" else value > self.best):
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="max-from-zero" hint="In the mode max your best one before the first epoch is 0, so that a negative measure never beats it."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.mode = patience, min_delta, mode
        self.best = np.inf if mode == "min" else 0.0
        self.epoch, self.best_epoch, self.kept = 0, 0, []

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if value < self.best - self.min_delta if self.mode == "min" else value > self.best + self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="zero-is-none" hint="A best value of 0 counts as none in your code: `not 0.0` is True. Compare with None."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if not self.best or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="restores-when-it-stops" hint="update changes the weights when it says stop; it leaves them alone, to go back is the task of restore."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        if self.epoch - self.best_epoch >= self.patience:
            self.restore(weights)
            return True
        return False

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="changes-measured" hint="update changes the dictionary that it is given."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured.pop("validation")
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = [w.copy() for w in weights]
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        for w, best in zip(weights, self.kept):
            w[...] = best


# %% mistake="early-stopping" id="first-array-only" hint="restore brings the first array back only; the model has several."
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.sign = patience, min_delta, 1 if mode == "max" else -1
        self.epoch, self.best, self.best_epoch, self.kept = 0, None, 0, None

    def update(self, measured, weights):
        self.epoch += 1
        value = measured["validation"]
        if self.best is None or self.sign * (value - self.best) > self.min_delta:
            self.best, self.best_epoch = value, self.epoch
            self.kept = weights[0].copy()
        return self.epoch - self.best_epoch >= self.patience

    def restore(self, weights):
        weights[0][...] = self.kept


# %% mistake="early-stopping" id="max-from-zero-again" again="max-from-zero"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.delta, self.sign = patience, min_delta, -1 if mode == "min" else 1
        self.best = np.inf if mode == "min" else 0.0
        self.count = self.best_epoch = 0
        self.saved = ()

    def update(self, measured, weights):
        self.count += 1
        if self.sign * (measured["validation"] - self.best) > self.delta:
            self.best, self.best_epoch = measured["validation"], self.count
            self.saved = tuple(np.array(w) for w in weights)
        return self.count >= self.best_epoch + self.patience

    def restore(self, weights):
        for w, saved in zip(weights, self.saved):
            np.copyto(w, saved)


# %% mistake="early-stopping" id="zero-is-none-again" again="zero-is-none"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.delta, self.mode = patience, min_delta, mode
        self.best = self.best_weights = None
        self.count = self.waited = self.best_epoch = 0

    def update(self, measured, weights):
        self.count += 1
        v = measured["validation"]
        if self.best:
            better = (self.best - v if self.mode == "min" else v - self.best) > self.delta
        else:
            better = True
        if better:
            self.best, self.best_epoch, self.waited = v, self.count, 0
            self.best_weights = [w.copy() for w in weights]
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self, weights):
        for old, new in zip(weights, self.best_weights):
            old[:] = new


# %% alternative="early-stopping" id="flat-state"
class EarlyStopping:
    def __init__(self, patience, min_delta=0.0, mode="min"):
        self.patience, self.min_delta, self.flip = patience, min_delta, {"min": 1, "max": -1}[mode]
        self.since, self.n, self.best_epoch = 0, 0, 0

    def update(self, measured, weights):
        self.n = self.n + 1
        v = measured["validation"]
        if self.n == 1 or self.flip * v < self.flip * self.best - self.min_delta:
            self.best, self.best_epoch, self.since = v, self.n, 0
            self.flat = np.concatenate([w.flatten() for w in weights])
        else:
            self.since += 1
        if self.since >= self.patience:
            return True
        return False

    def restore(self, weights):
        start = 0
        for w in weights:
            w[...] = self.flat[start : start + w.size].reshape(w.shape)
            start += w.size
        return weights


# %% [markdown]
r"""
Ensembles
"""


# %% mistake="soft-answers" id="mean-of-logits" hint="You average the logits and take softmax afterwards; it is the probabilities that are averaged."
def soft_answers(logits, temperature=1.0):
    z = logits.mean(axis=0) / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="mean-of-logits-again" again="mean-of-logits"
def soft_answers(logits, temperature=1.0):
    z = logits.sum(axis=0) / (len(logits) * temperature)
    logs = z - np.logaddexp.reduce(z, axis=1)[:, None]
    return np.exp(logs), np.argmax(z, axis=1)


# %% mistake="soft-answers" id="temperature-multiplies" hint="A high temperature makes your answers surer; it has to make them softer."
def soft_answers(logits, temperature=1.0):
    z = logits * temperature
    e = np.exp(z - z.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="temperature-multiplies-again" again="temperature-multiplies"
def soft_answers(logits, temperature=1.0):
    p = np.zeros(logits.shape[1:])
    for z in logits:
        z = temperature * z
        p += np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]) / len(logits)
    return p, np.argmax(p, axis=1)


# %% mistake="soft-answers" id="temperature-ignored" hint="Your probabilities are the same at every temperature."
def soft_answers(logits, temperature=1.0):
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="probabilities-divided" hint="You divide the probabilities by the temperature, not the logits: then they no longer add up to 1."
def soft_answers(logits, temperature=1.0):
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0) / temperature
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="temperature-after-the-mean" hint="The temperature is applied to each network's logits, before the mean; you soften the mean."
def soft_answers(logits, temperature=1.0):
    e = np.exp(logits - logits.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    p = np.maximum(p, 1e-300) ** (1 / temperature)
    p = p / p.sum(axis=1, keepdims=True)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="majority" hint="Your labels are those that most networks vote for; the mean probability decides, so that a sure network counts more."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    votes = z.argmax(axis=2)  # (M, N)
    labels = np.array([np.bincount(column, minlength=logits.shape[2]).argmax() for column in votes.T])
    return p, labels


# %% mistake="soft-answers" id="overflow" hint="Logits of 1000 make your exponentials infinite: subtract each row's largest logit first."
def soft_answers(logits, temperature=1.0):
    e = np.exp(logits / temperature)
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="overflow-again" again="overflow"
def soft_answers(logits, temperature=1.0):
    p = 0.0
    for z in logits:
        powers = np.exp(z / temperature)
        p = p + powers / np.sum(powers, axis=1)[:, None]
    p = p / logits.shape[0]
    return p, np.argmax(p, axis=1)


# %% mistake="soft-answers" id="one-maximum-for-all" hint="You subtract the largest of all logits; a row that lies far below then has no exponential left. Every row needs its own."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max())
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="softmax-over-samples" hint="Your softmax runs over the samples; it runs over the classes."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = (e / e.sum(axis=1, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="sum-over-networks" hint="You add the networks' probabilities up; their mean is asked for."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=2, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).sum(axis=0)
    return p, p.argmax(axis=1)


# %% alternative="soft-answers" id="network-by-network"
def soft_answers(logits, temperature=1.0):
    p = np.zeros(logits.shape[1:])
    for z in logits:
        z = z / temperature
        p += np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None]) / len(logits)
    return p, np.argmax(p, axis=1)


# %% alternative="soft-answers" id="row-by-row"
def soft_answers(logits, temperature=1.0):
    import math

    M, N, K = logits.shape
    p = np.zeros((N, K))
    for m in range(M):
        for n in range(N):
            top = max(logits[m, n])
            powers = [math.exp((z - top) / temperature) for z in logits[m, n]]
            for k in range(K):
                p[n, k] += powers[k] / sum(powers) / M
    return p, np.array([int(np.argmax(row)) for row in p])


# %% alternative="soft-answers" id="moved-axes"
def soft_answers(logits, temperature=1.0):
    z = np.moveaxis(logits, 2, 0) / temperature  # (K, M, N)
    e = np.exp(z - z.max(axis=0))
    p = np.einsum("kmn->nk", e / e.sum(axis=0)) / logits.shape[0]
    return p, p.argmax(axis=-1)


# %% mistake="soft-answers" id="in-place" hint="The caller's logits have changed: make new arrays."
def soft_answers(logits, temperature=1.0):
    logits /= temperature
    logits -= logits.max(axis=2, keepdims=True)
    e = np.exp(logits)
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="clipped" hint="You cut large logits off, so that 1000 and 999 become equals: subtract each row's largest logit instead."
def soft_answers(logits, temperature=1.0):
    e = np.exp(np.clip(logits / temperature, -500, 500))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="max-over-networks" hint="You subtract a maximum over the networks; each network's row of classes has its own."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=0, keepdims=True))
    p = (e / e.sum(axis=2, keepdims=True)).mean(axis=0)
    return p, p.argmax(axis=1)


# %% mistake="soft-answers" id="labels-at-temperature-1" hint="Your labels don't go by the probabilities that you return: those have a temperature."
def soft_answers(logits, temperature=1.0):
    def soft(z):
        e = np.exp(z - z.max(axis=2, keepdims=True))
        return (e / e.sum(axis=2, keepdims=True)).mean(axis=0)

    return soft(logits / temperature), soft(logits).argmax(axis=1)


# %% mistake="soft-answers" id="median" hint="You take the median of the networks; their mean is asked for."
def soft_answers(logits, temperature=1.0):
    z = logits / temperature
    e = np.exp(z - z.max(axis=2, keepdims=True))
    p = np.median(e / e.sum(axis=2, keepdims=True), axis=0)
    return p, p.argmax(axis=1)


# %% alternative="soft-answers" id="pairwise-differences"
def soft_answers(logits, temperature=1.0):
    d = (logits[..., None, :] - logits[..., :, None]) / temperature
    with np.errstate(over="ignore"):
        p = np.average(1 / np.exp(d).sum(axis=-1), axis=0)
    return p, np.argsort(p, axis=1)[:, -1]


# %% [markdown]
r"""
Noise on the inputs
"""


# %% mistake="noisy-loss" id="std-not-squared" hint="Twice the noise adds four times as much: look at the power of std."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std * (w * w).sum()
    return float(loss), 2 / len(x) * x.T @ error + 2 * std * w


# %% mistake="noisy-loss" id="std-not-squared-again" again="std-not-squared"
def noisy_loss(x, t, w, std):
    N, error = len(x), x @ w - t
    penalty = std * np.linalg.norm(w) ** 2
    return np.mean(np.sum(error**2, axis=1)) + penalty, 2 * (x.T @ error / N + std * w)


# %% mistake="noisy-loss" id="half-in-front" hint="Your penalty, or its gradient, has the half of L2; the one that noise makes has none."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 / 2 * (w * w).sum()
    return float(loss), 2 / len(x) * x.T @ error + std**2 * w


# %% mistake="noisy-loss" id="half-in-front-again" again="half-in-front"
def noisy_loss(x, t, w, std):
    N, error = len(x), x @ w - t
    lam = std * std
    return np.sum(error**2) / N + 0.5 * lam * np.sum(w**2), 2 * x.T @ error / N + lam * w


# %% mistake="noisy-loss" id="gradient-lacks-a-two" hint="The derivative of a square has a 2: the penalty's gradient lacks it."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 * (w * w).sum()
    return float(loss), 2 / len(x) * x.T @ error + std**2 * w


# %% mistake="noisy-loss" id="gradient-without-noise" hint="Your loss counts the noise, your gradient doesn't."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 * (w * w).sum()
    return float(loss), 2 / len(x) * x.T @ error


# %% mistake="noisy-loss" id="noise-left-out" hint="std changes nothing in your result."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    return float((error * error).sum() / len(x)), 2 / len(x) * x.T @ error


# %% mistake="noisy-loss" id="penalty-per-sample" hint="Your penalty depends on the number of samples: the mean over N equal terms is the term itself."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = ((error * error).sum() + std**2 * (w * w).sum()) / len(x)
    return float(loss), 2 / len(x) * (x.T @ error + std**2 * w)


# %% mistake="noisy-loss" id="penalty-per-sample-again" again="penalty-per-sample"
def noisy_loss(x, t, w, std):
    N, error = len(x), x @ w - t
    penalty, slope = std**2 * np.sum(w**2) / N, 2 * std**2 * w / N
    return np.sum(error**2) / N + penalty, 2 * x.T @ error / N + slope


# %% mistake="noisy-loss" id="sum-over-samples" hint="Your squared error is summed over the samples; it is averaged over them."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() + std**2 * (w * w).sum()
    return float(loss), 2 * x.T @ error + 2 * std**2 * w


# %% mistake="noisy-loss" id="mean-over-outputs" hint="You average over the outputs as well; the squared error is summed over them."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).mean() + std**2 * (w * w).sum()
    return float(loss), 2 / error.size * x.T @ error + 2 * std**2 * w


# %% mistake="noisy-loss" id="norm-not-squared" hint="The noise adds the squared norm of w; you add the norm."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    norm = np.linalg.norm(w)
    return float((error * error).sum() / len(x) + std**2 * norm), 2 / len(x) * x.T @ error + std**2 * w / norm


# %% mistake="noisy-loss" id="mean-of-squared-weights" hint="You average the squared weights; they are added up."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 * (w * w).mean()
    return float(loss), 2 / len(x) * x.T @ error + 2 * std**2 * w / w.size


# %% mistake="noisy-loss" id="noise-on-the-target" hint="Your penalty doesn't depend on w: noise on the inputs reaches the output through the weights."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 * w.size
    return float(loss), 2 / len(x) * x.T @ error


# %% alternative="noisy-loss" id="sample-by-sample"
def noisy_loss(x, t, w, std):
    loss, grad = 0.0, np.zeros(w.shape)
    for one, target in zip(x, t):
        error = one @ w - target
        loss += (error @ error + std**2 * np.sum(w**2)) / len(x)
        grad += 2 * (np.outer(one, error) + std**2 * w) / len(x)
    return loss, grad


# %% alternative="noisy-loss" id="more-rows"
def noisy_loss(x, t, w, std):
    D = x.shape[1]
    rows = np.vstack([x / np.sqrt(len(x)), std * np.eye(D)])  # the penalty as D more samples with the target 0
    goals = np.vstack([t / np.sqrt(len(x)), np.zeros((D, t.shape[1]))])
    error = rows @ w - goals
    return np.sum(error**2), 2 * rows.T @ error


# %% alternative="noisy-loss" id="moments"
def noisy_loss(x, t, w, std):
    N = len(x)
    second = x.T @ x / N + std**2 * np.eye(x.shape[1])  # E of (x + e)^T (x + e)
    cross = x.T @ t / N
    loss = np.einsum("dk,de,ek->", w, second, w) - 2 * np.sum(w * cross) + np.sum(t * t) / N
    return float(loss), 2 * (second @ w - cross)


# %% mistake="noisy-loss" id="spectral-norm" hint="np.linalg.norm(w, 2) of a matrix is its largest stretch; here all squared entries are added up."
def noisy_loss(x, t, w, std):
    error = x @ w - t
    loss = (error * error).sum() / len(x) + std**2 * np.linalg.norm(w, 2) ** 2
    return float(loss), 2 / len(x) * x.T @ error + 2 * std**2 * w


# %% mistake="noisy-loss" id="target-in-place" hint="The caller's t has changed: make a new array."
def noisy_loss(x, t, w, std):
    t -= x @ w
    loss = (t * t).sum() / len(x) + std**2 * (w * w).sum()
    return float(loss), -2 / len(x) * x.T @ t + 2 * std**2 * w


# %% mistake="noisy-loss" id="spectral-norm-again" again="spectral-norm"
def noisy_loss(x, t, w, std):
    N, error = len(x), x @ w - t
    stretch = np.linalg.svd(w, compute_uv=False)[0]
    return np.sum(error**2) / N + (std * stretch) ** 2, 2 * (x.T @ error / N + std**2 * w)


# %% alternative="noisy-loss" id="trace-zero-d"
def noisy_loss(x, t, w, std):
    N = x.shape[0]
    r = np.matmul(x, w) - t
    loss = np.trace(r.T @ r) / N + std**2 * np.trace(w @ w.T)
    return np.asarray(loss), 2 * (np.einsum("nd,nk->dk", x, r) / N + std * std * w)
