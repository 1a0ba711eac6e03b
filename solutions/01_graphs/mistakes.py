# %% [markdown]
r"""
Numerical gradient
"""


# %% mistake="numerical-gradient" id="one-sided" hint="Your difference steps to one side only, so its error is of order h, not of order h squared."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    base = f(x)
    for i in np.ndindex(x.shape):
        moved = x.copy()
        moved[i] += h
        gradient[i] = (f(moved) - base) / h
    return gradient


# %% mistake="numerical-gradient" id="one-sided-again" again="one-sided"
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(f(x + step) - f(x)) / h for step in steps]).reshape(x.shape)


# %% mistake="numerical-gradient" id="divides-by-h" hint="How far apart are the two points at which you evaluate f? Your difference is divided by another distance."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += h
        below[i] -= h
        gradient[i] = (f(above) - f(below)) / h
    return gradient


# %% mistake="numerical-gradient" id="divides-by-h-again" again="divides-by-h"
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    gradient = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        gradient.append((f(x + step) - f(x - step)) / h)
    return np.reshape(gradient, x.shape)


# %% mistake="numerical-gradient" id="half-steps" hint="You divide by 2h, but your two points are less than that apart."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] += h / 2
        below[i] -= h / 2
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="moves-all-entries" hint="All entries of x move at the same time, so you get one directional derivative, not a gradient."
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    return (f(x + h) - f(x - h)) / (2 * h) * np.ones(x.shape)


# %% mistake="numerical-gradient" id="moves-all-entries-again" again="moves-all-entries"
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        gradient[i] = (f(x + h) - f(x - h)) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="entry-stays-moved" hint="An entry of x that you have moved is not put back before the next one is tried."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        x[i] += h
        above = f(x)
        x[i] -= 2 * h
        below = f(x)
        gradient[i] = (above - below) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="entry-stays-moved-again" again="entry-stays-moved"
def numerical_gradient(f, x, h=1e-5):
    moved = np.array(x, dtype=float).reshape(-1)
    gradient = []
    for i in range(moved.size):
        moved[i] += h
        above = f(moved.reshape(np.shape(x)))
        moved[i] -= 2 * h
        gradient.append((above - f(moved.reshape(np.shape(x)))) / (2 * h))
    return np.array(gradient).reshape(np.shape(x))


# %% mistake="numerical-gradient" id="changes-the-input" hint="After the call the caller finds other numbers in x than before."
def numerical_gradient(f, x, h=1e-5):
    original = x
    x = np.asarray(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + h
        above = f(x)
        x[i] = here - h
        below = f(x)
        x[i] = here
        gradient[i] = (above - below) / (2 * h)
    if original is x:
        x[...] = 0
    return gradient


# %% mistake="numerical-gradient" id="whole-numbers" hint="Think of an x that holds integers: the place into which you write a step or a slope can hold no fractions."
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="integer-steps" hint="Think of an x that holds integers: a step of h that is added to an entry in place is lost."
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[i] = above[i] + h
        below[i] = below[i] - h
        gradient[i] = (f(above) - f(below)) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="first-axis-only" hint="Your loop runs over the first axis only, so that in an array with more axes several entries move together."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% mistake="numerical-gradient" id="loses-the-shape" hint="f wants an array of the shape of x, and so does the caller: what you hand over or return is flat."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = []
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient.append((f(x + step) - f(x - step)) / (2 * h))
    return np.array(gradient)


# %% mistake="numerical-gradient" id="ignores-h" hint="The argument h has no influence on your result."
def numerical_gradient(f, x, h=1e-5):
    x = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = 1e-5
        gradient[i] = (f(x + step) - f(x - step)) / 2e-5
    return gradient


# %% mistake="numerical-gradient" id="stays-in-float32" hint="Think of an x in float32: it keeps 7 digits, and a step of 1e-5 is lost among them."
def numerical_gradient(f, x, h=1e-5):
    x = x.copy() if x.dtype.kind == "f" else x.astype(float)
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


# %% mistake="numerical-gradient" id="result-in-float32" hint="Think of an x in float32: your gradient is rounded to its 7 digits."
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape, dtype=float if x.dtype.kind == "i" else x.dtype)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


# %% alternative="numerical-gradient" id="unit-vectors"
def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([f(x + step) - f(x - step) for step in steps]).reshape(x.shape) / (2 * h)


# %% alternative="numerical-gradient" id="flat-view-put-back"
def numerical_gradient(f, x, h=1e-5):
    moved = x.astype(float)
    flat, gradient = moved.ravel(), np.empty(x.size)
    for i, here in enumerate(flat.tolist()):
        flat[i] = here + h
        difference = f(moved)
        flat[i] = here - h
        difference -= f(moved)
        flat[i] = here
        gradient[i] = difference / (2 * h)
    return gradient.reshape(x.shape)


# %% alternative="numerical-gradient" id="mean-of-two-sides"
def numerical_gradient(f, x, h=1e-5):
    gradient = np.zeros(x.shape)
    for i, _ in np.ndenumerate(x):
        step = np.zeros(x.shape)
        step[i] = h
        forward = (f(x + step) - f(x)) / h
        backward = (f(x) - f(x - step)) / h
        gradient[i] = 0.5 * (forward + backward)
    return gradient


# %% alternative="numerical-gradient" id="numbers-of-a-list"
def numerical_gradient(f, x, h=1e-5):
    numbers = [float(n) for n in x.flatten()]
    slopes = []
    for k in range(len(numbers)):
        values = []
        for sign in (1, -1):
            moved = list(numbers)
            moved[k] += sign * h
            values.append(f(np.array(moved).reshape(x.shape)))
        slopes.append((values[0] - values[1]) / 2 / h)
    return np.array(slopes).reshape(x.shape)


# %% alternative="numerical-gradient" id="counted-entries"
def numerical_gradient(f, x, h=1e-5):
    x = x.astype("float64")
    g = np.zeros_like(x)
    for k in range(x.size):
        i = np.unravel_index(k, x.shape)
        e = np.zeros_like(x)
        e[i] = 1
        g[i] = (f(x + h * e) - f(x - h * e)) / (2 * h)
    return g


# %% [markdown]
r"""
Forward and backward by hand
"""


# %% mistake="forward-backward-e" id="last-path-wins" hint="b is used twice on the way forward; of its two contributions the later one replaced the earlier one."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    grad_c = g * d
    grad_d = g * c
    grad_a = grad_c
    grad_b = grad_c
    grad_b = grad_d
    return c * d, grad_a, grad_b


# %% mistake="forward-backward-e" id="last-path-wins-again" again="last-path-wins"
def forward_backward_e(a, b, g=1.0):
    return (a + b) * (b + 1), g * (b + 1), g * (a + b)


# %% mistake="forward-backward-e" id="only-through-c" hint="b is used twice on the way forward, but you follow only one of the two ways back to it."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    grad_c = g * d
    return c * d, grad_c, grad_c


# %% mistake="forward-backward-e" id="only-through-c-again" again="only-through-c"
def forward_backward_e(a, b, g=1.0):
    e = (a + b) * (b + 1)
    de_dc = b + 1
    dc_da, dc_db = 1, 1
    return e, g * de_dc * dc_da, g * de_dc * dc_db


# %% mistake="forward-backward-e" id="factors-swapped" hint="In the product e of c and d: what multiplies c decides how fast e changes with c."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    grad_c = g * c
    grad_d = g * d
    return c * d, grad_c, grad_c + grad_d


# %% mistake="forward-backward-e" id="factors-swapped-again" again="factors-swapped"
def forward_backward_e(a, b, g=1.0):
    c, d = a + b, b + 1
    return c * d, g * c, g * (c + d)


# %% mistake="forward-backward-e" id="ignores-upstream" hint="Your gradients do not depend on g, the gradient that arrives at e."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    return c * d, d, c + d


# %% mistake="forward-backward-e" id="ignores-upstream-again" again="ignores-upstream"
def forward_backward_e(a, b, g=1.0):
    e = (a + b) * (b + 1)
    return e, b + 1, a + 2 * b + 1


# %% mistake="forward-backward-e" id="upstream-once" hint="g belongs to every path back to b; one of your two paths goes without it."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    return c * d, g * d, g * d + c


# %% mistake="forward-backward-e" id="upstream-in-the-forward-pass" hint="g belongs to the way back; the value e does not depend on it."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    return g * c * d, g * d, g * (c + d)


# %% mistake="forward-backward-e" id="upstream-squared" hint="g enters one of your gradients twice: at every step you pass on what arrived, and no more."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b + 1
    grad_c = g * d
    grad_d = g * c
    return c * d, grad_c * g, (grad_c + grad_d) * g


# %% mistake="forward-backward-e" id="one-forgotten" hint="Look again at how d is made from b."
def forward_backward_e(a, b, g=1.0):
    c = a + b
    d = b
    return c * d, g * d, g * (c + d)


# %% mistake="forward-backward-e" id="divides-by-an-input" hint="Your backward pass divides by a number of the forward pass. Which numbers may it be?"
def forward_backward_e(a, b, g=1.0):
    c, d = a + b, b + 1
    e = c * d
    grad_c = g * e / c
    grad_d = g * e / d
    return e, grad_c, grad_c + grad_d


# %% mistake="forward-backward-e" id="divides-by-an-input-again" again="divides-by-an-input"
def forward_backward_e(a, b, g=1.0):
    c, d = a + b, b + 1
    e = c * d
    return e, g * e / c, g * e * (1 / c + 1 / d)


# %% mistake="forward-backward-e" id="zero-upstream-is-one" hint="A gradient g of 0 is a number like any other; you put another one in its place."
def forward_backward_e(a, b, g=1.0):
    g = g or 1.0
    c, d = a + b, b + 1
    return c * d, g * d, g * (c + d)


# %% alternative="forward-backward-e" id="closed-form"
def forward_backward_e(a, b, g=1.0):
    return (a + b) * (b + 1), g * (b + 1), g * (a + 2 * b + 1)


# %% alternative="forward-backward-e" id="edge-by-edge"
def forward_backward_e(a, b, g=1.0):
    value = {"a": a, "b": b}
    value["c"] = value["a"] + value["b"]
    value["d"] = value["b"] + 1
    value["e"] = value["c"] * value["d"]
    edges = [("e", "c", value["d"]), ("e", "d", value["c"]), ("d", "b", 1), ("c", "b", 1), ("c", "a", 1)]
    grad = dict.fromkeys("abcd", 0.0) | {"e": g}
    for z, x, slope in edges:
        grad[x] += grad[z] * slope
    return value["e"], grad["a"], grad["b"]


# %% alternative="forward-backward-e" id="matrix-of-slopes"
def forward_backward_e(a, b, g=1.0):
    a, b, g = np.float64(a), np.float64(b), np.float64(g)
    c = a + b
    d = b + 1
    upstream = np.array([d, c]) * g
    local = np.array([[1, 1], [0, 1]])
    grad_a, grad_b = upstream @ local
    return c * d, grad_a, grad_b


# %% [markdown]
r"""
The class Value
"""


# %% mistake="value-class" id="product-slopes-swapped" hint="In a product, look at how fast x times y changes with x when y is held fixed."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (self.data, other.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="product-slopes-swapped-again" again="product-slopes-swapped"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        inputs = (other, self)
        return Value(self.data * other.data, inputs, (self.data, other.data)[::-1])

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="sum-slopes" hint="In a sum, how fast does x + y change with x? Not as fast as in a product."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (other.data, self.data))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="power-without-factor" hint="The derivative of a power has a factor in front that you left out."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="power-keeps-exponent" hint="In the derivative of a power the exponent goes down by one; yours stays."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data**n,))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="power-keeps-exponent-again" again="power-keeps-exponent"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        y = self.data**n
        return Value(y, (self,), (y * n,))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="quotient-sign" hint="When the denominator grows, the quotient falls: a sign is wrong in your division."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        other = Value.lift(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, self.data / other.data**2))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="quotient-sign-again" again="quotient-sign"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        other = Value.lift(other)
        inverse = Value(1 / other.data, (other,), (other.data**-2,))
        return self * inverse

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="quotient-denominator" hint="Look at the derivative of 1 / y again: your division has the wrong power of y in it."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        other = Value.lift(other)
        return Value(self.data / other.data, (self, other), (1 / other.data, -self.data / other.data))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="difference-sign" hint="When y grows, x - y falls: a local derivative of your subtraction has the wrong sign."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        other = Value.lift(other)
        return Value(self.data - other.data, (self, other), (1.0, 1.0))

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="difference-sign-again" again="difference-sign"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        other = Value.lift(other)
        total = self + other
        total.data = self.data - other.data
        return total

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="negation-sign" hint="How fast does -x change with x? The number is right, its local derivative is not."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return Value(-self.data, (self,), (1.0,))

    def __sub__(self, other):
        other = Value.lift(other)
        return Value(self.data - other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="negation-forgets" hint="The graph ends at your minus sign: -x does not remember that it was computed from x."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return Value(-self.data)

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="negation-forgets-again" again="negation-forgets"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        self = Value.lift(-self.data)
        return self

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="reflected-difference" hint="Python calls x.__rsub__(3) for 3 - x. Which of the two is subtracted from which?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return self - other

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="reflected-difference-again" again="reflected-difference"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    __rsub__ = __sub__

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="reflected-quotient" hint="Python calls x.__rtruediv__(3) for 3 / x. Which of the two is the denominator?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return self / other


# %% mistake="value-class" id="reflected-quotient-again" again="reflected-quotient"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    __rtruediv__ = __truediv__


# %% mistake="value-class" id="numbers-not-lifted" hint="An operator of yours takes the data of its other operand, but a plain number has none."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * Value(-1.0)

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="graph-ends-at-numbers" hint="With a plain number as the other operand, your result does not remember the Value that it was computed from."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        if not isinstance(other, Value):
            return Value(self.data * other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="exponential-as-power" hint="In a base to the power of x the exponent varies, not the base: the rule for x to the power of n does not apply."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        return Value(base**self.data, (self,), (self.data * base ** (self.data - 1),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="exponential-uses-input" hint="In the derivative of an exponential function its own value appears; you used the exponent there."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        return Value(base**self.data, (self,), (self.data * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="reflected-power" hint="Python calls x.__rpow__(3) for 3 ** x. Which of the two is the exponent?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        return self**base

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="edge-lost" hint="When both operands are the same Value, as in x * x, your graph keeps one edge instead of two."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(dict.fromkeys(inputs))  # no input twice
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="edge-lost-again" again="edge-lost"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        edges = {}
        for x, slope in zip(inputs, local_derivatives):
            edges[x] = slope
        self.inputs, self.local_derivatives = tuple(edges), tuple(edges.values())
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="slopes-computed-later" hint="Somebody may change x.data after the forward pass: your local derivatives change with it."
class Value:
    def __init__(self, data, inputs=(), rule=None):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.rule = rule
        self.grad = 0.0

    @property
    def local_derivatives(self):
        return self.rule(*[x.data for x in self.inputs]) if self.rule else ()

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), lambda x, y: (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), lambda x, y: (y, x))

    def __pow__(self, n):
        return Value(self.data**n, (self,), lambda x: (n * x ** (n - 1),))

    def __rpow__(self, base):
        return Value(base**self.data, (self,), lambda x: (base**x * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="changes-itself" hint="x + y is a new number: after it, x should still be what it was."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        left = Value(self.data, self.inputs, self.local_derivatives)
        self.data = left.data + other.data
        self.inputs, self.local_derivatives = (left, other), (1.0, 1.0)
        return self

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="power-divides-by-x" hint="Your derivative of a power divides by x. May x be 0?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        y = self.data**n
        return Value(y, (self,), (n * y / self.data,))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="product-divides-by-x" hint="Your derivative of a product divides by one of its factors. May that factor be 0?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        z = self.data * other.data
        return Value(z, (self, other), (z / self.data, z / other.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="quotient-divides-by-x" hint="Your derivative of x / y divides by x. May x be 0?"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        other = Value.lift(other)
        z = self.data / other.data
        return Value(z, (self, other), (z / self.data, -z / other.data))

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="whole-exponents" hint="An exponent need not be a whole number; yours becomes one."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        n = int(n)
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="size-of-the-logarithm" hint="Think of a base below 1: the power falls as the exponent grows."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * abs(math.log(base)),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="works-on-grad" hint="An operator records the graph; grad is none of its business until the backward pass."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        self.grad += 1.0
        other.grad += 1.0
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="changes-the-other" hint="After x - y, y should still be what it was."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        other = Value.lift(other)
        other.data = -other.data
        return Value(self.data + other.data, (self, other), (1.0, -1.0))

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% mistake="value-class" id="zero-is-no-number" hint="The plain number 0 is an operand like any other; you treat it as if there were none."
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other or 1)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% alternative="value-class" id="a-rule-for-each-operator"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return Value(-self.data, [self], [-1.0])

    def __sub__(self, other):
        other = Value.lift(other)
        return Value(self.data - other.data, [self, other], [1.0, -1.0])

    def __truediv__(self, other):
        other = Value.lift(other)
        return Value(self.data / other.data, [self, other], [1 / other.data, -self.data / other.data**2])

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value(other - self.data, [self], [-1.0])

    def __rtruediv__(self, other):
        return Value(other / self.data, [self], [-other / self.data**2])


# %% alternative="value-class" id="made-of-few"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return -1 * self

    def __sub__(self, other):
        return self + -1 * other

    def __truediv__(self, other):
        return self * (other**-1 if isinstance(other, Value) else 1 / other)

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return -self + other

    def __rtruediv__(self, other):
        return self**-1 * other


# %% alternative="value-class" id="no-nodes-for-constants"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1.0, 1.0))
        return Value(self.data + other, (self,), (1.0,))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, (other, self), (self.data, other.data))
        return Value(self.data * other, (self,), (other,))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        power = base**self.data
        return Value(power, (self,), (power * math.log(base),))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + -Value.lift(other)

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return Value.lift(other) - self

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% alternative="value-class" id="exponential-function"
class Value:
    def __init__(self, data, inputs=(), local_derivatives=()):
        self.data = float(data)
        self.inputs = tuple(inputs)
        self.local_derivatives = tuple(local_derivatives)
        self.grad = 0.0

    @staticmethod
    def lift(x):
        return x if isinstance(x, Value) else Value(x)

    def __add__(self, other):
        other = Value.lift(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = Value.lift(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, n):
        return Value(self.data**n, (self,), (n * self.data ** (n - 1),))

    def __rpow__(self, base):
        log = math.log(base)
        y = math.exp(self.data * log)
        return Value(y, [self], [log * y])

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-1) * other

    def __truediv__(self, other):
        return self * Value.lift(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rmul__(self, other):
        return self * other

    def __rsub__(self, other):
        return -(self - other)

    def __rtruediv__(self, other):
        return Value.lift(other) / self


# %% [markdown]
r"""
Topological order
"""


# %% mistake="topological-order" id="outputs-first" hint="Your list runs from the root to the leaves."
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order[::-1]


# %% mistake="topological-order" id="pre-order-reversed" hint="A node is put into your list when it is first met. Another way down may still lead to it later, from a node that is in the list already."
def topological_order(root):
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(reversed(node.inputs))
    order.reverse()
    return order


# %% mistake="topological-order" id="pre-order-reversed-again" again="pre-order-reversed"
def topological_order(root):
    visited = []
    known = {}

    def visit(node):
        if known.setdefault(id(node), len(known)) == len(visited):
            visited.append(node)
            for x in node.inputs:
                visit(x)

    visit(root)
    return [visited[-1 - i] for i in range(len(visited))]


# %% mistake="topological-order" id="levels" hint="Your list goes by the distance from the root. A node can be near the root along one way and far along another."
def topological_order(root):
    order, seen, queue = [], {root}, [root]
    while queue:
        node = queue.pop(0)
        order.insert(0, node)
        for x in node.inputs:
            if x not in seen:
                seen.add(x)
                queue.append(x)
    return order


# %% mistake="topological-order" id="levels-again" again="levels"
def topological_order(root):
    order = [root]
    for node in order:
        for x in node.inputs:
            if not any(x is other for other in order):
                order.append(x)
    return list(reversed(order))


# %% mistake="topological-order" id="marked-too-early" hint="A node counts as seen when it is put on your stack, before its turn has come; a later, deeper way to it is then ignored."
def topological_order(root):
    order, seen, stack = [], {root}, [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            continue
        stack.append((node, True))
        for x in node.inputs:
            if x not in seen:
                seen.add(x)
                stack.append((x, False))
    return order


# %% mistake="topological-order" id="by-number" hint="Two nodes that hold the same number are still two nodes; yours are told apart by their data."
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node.data not in seen:
            seen.add(node.data)
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order


# %% mistake="topological-order" id="by-number-again" again="by-number"
def topological_order(root):
    order, stack, numbers = [], [(root, False)], []
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
            continue
        if node.data in numbers:
            continue
        numbers.append(node.data)
        stack += [(node, True)] + [(x, False) for x in node.inputs]
    return order


# %% mistake="topological-order" id="repeats-nodes" hint="A node that can be reached along several ways stands in your list several times."
def topological_order(root):
    order, stack, steps = [], [(root, False)], 0
    while stack and steps < 100000:
        steps += 1
        node, done = stack.pop()
        if done or not node.inputs:
            order.append(node)
        else:
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order


# %% mistake="topological-order" id="root-missing" hint="The root itself belongs to the list too."
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            if node is not root:
                order.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order


# %% mistake="topological-order" id="leaves-missing" hint="Nodes without inputs belong to the list too: the inputs of the whole graph need their gradients most of all."
def topological_order(root):
    order, seen, stack = [], set(), [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif node not in seen and node.inputs:
            seen.add(node)
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order


# %% mistake="topological-order" id="recursion" hint="Every node on the way down costs you a nested call, and Python allows only so many of them."
def topological_order(root):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for x in node.inputs:
                visit(x)
            order.append(node)

    visit(root)
    return order


# %% mistake="topological-order" id="recursion-again" again="recursion"
def topological_order(root, seen=None):
    seen = {} if seen is None else seen
    order = []
    if id(root) not in seen:
        seen[id(root)] = root
        for x in root.inputs:
            order += topological_order(x, seen)
        order.append(root)
    return order


# %% mistake="topological-order" id="cuts-the-edges" hint="After your call the nodes no longer have the inputs that they had before."
def topological_order(root):
    order, seen, stack = [], set(), [root]
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(node.inputs)
    order.reverse()
    for node in order:
        node.inputs = ()
    return order


# %% mistake="topological-order" id="marks-on-the-nodes" hint="After your call something stands in the nodes that did not stand there before: note down beside the graph what you have seen."
def topological_order(root):
    order, stack = [], [(root, False)]
    while stack:
        node, done = stack.pop()
        if done:
            order.append(node)
        elif getattr(node, "mark", None) is not root:
            node.mark = root
            stack.append((node, True))
            stack.extend((x, False) for x in node.inputs)
    return order


# %% mistake="topological-order" id="marks-on-the-nodes-again" again="marks-on-the-nodes"
def topological_order(root):
    mark, order, stack = object(), [], [root]
    while stack:
        node = stack[-1]
        waiting = [x for x in node.inputs if getattr(x, "done_for", None) is not mark]
        if waiting:
            stack.extend(waiting)
            continue
        stack.pop()
        if getattr(node, "done_for", None) is not mark:
            node.done_for = mark
            order.append(node)
    return order


# %% mistake="topological-order" id="moves-the-node-alone" hint="A node that is met again moves down in your list, but what it depends on stays where it was."
def topological_order(root):
    order = [root]
    i = 0
    queue = [root]
    seen = {root}
    while queue:
        node = queue.pop(0)
        for x in node.inputs:
            if x in seen:
                if x in order:
                    order.remove(x)
                order.append(x)
            else:
                seen.add(x)
                order.append(x)
                queue.append(x)
    return order[::-1]


# %% alternative="topological-order" id="count-users"
def topological_order(root):
    users, found = {root: 0}, [root]
    for node in found:
        for x in node.inputs:
            if x not in users:
                users[x] = 0
                found.append(x)
            users[x] += 1
    order, ready = [], [root]
    while ready:
        node = ready.pop()
        order.append(node)
        for x in node.inputs:
            users[x] -= 1
            if users[x] == 0:
                ready.append(x)
    return order[::-1]


# %% alternative="topological-order" id="iterators-on-a-stack"
def topological_order(root):
    order, seen, stack = [], {id(root)}, [(root, iter(root.inputs))]
    while stack:
        node, rest = stack[-1]
        for x in rest:
            if id(x) not in seen:
                seen.add(id(x))
                stack.append((x, iter(x.inputs)))
                break
        else:
            order.append(node)
            stack.pop()
    return order


# %% alternative="topological-order" id="ready-when-inputs-are-done"
def topological_order(root):
    done, stack = {}, [root]
    while stack:
        waiting = [x for x in stack[-1].inputs if x not in done]
        if waiting:
            stack.extend(waiting)
        else:
            done[stack.pop()] = True
    return list(done)


# %% alternative="topological-order" id="looked-at-twice"
def topological_order(root):
    order, state, stack = [], {}, [root]
    while stack:
        node = stack[-1]
        if state.get(id(node)) is None:
            state[id(node)] = "open"
            for x in node.inputs:
                if id(x) not in state:
                    stack.append(x)
        else:
            stack.pop()
            if state[id(node)] == "open":
                state[id(node)] = "done"
                order.append(node)
    return order


# %% alternative="topological-order" id="path-with-counters"
def topological_order(root):
    nodes, position = [], {}
    path = [[root, 0]]
    while path:
        node, k = path[-1]
        if k < len(node.inputs):
            path[-1][1] += 1
            x = node.inputs[k]
            if x not in position:
                path.append([x, 0])
        else:
            path.pop()
            if node not in position:
                position[node] = len(nodes)
                nodes.append(node)
    return nodes


# %% [markdown]
r"""
Backward
"""


# %% mistake="backward" id="overwrites" hint="A node with several users receives a gradient from each of them; in your loop the latest one replaces the others."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad = node.grad * slope


# %% mistake="backward" id="overwrites-again" again="overwrites"
def backward(root, g=1.0):
    root.grad = g
    for node in topological_order(root)[::-1]:
        for i in range(len(node.inputs)):
            node.inputs[i].grad = node.local_derivatives[i] * node.grad


# %% mistake="backward" id="passes-on-again" hint="Each time that a node receives something, you pass its whole gradient on: what it had received before is passed on twice."
def backward(root, g=1.0):
    for node in topological_order(root):
        node.grad = 0.0
    root.grad = g

    def visit(node):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope
            visit(x)

    visit(root)


# %% mistake="backward" id="passes-on-again-again" again="passes-on-again"
def backward(root, g=1.0):
    def clear(node):
        node.grad = 0.0
        for x in node.inputs:
            clear(x)

    def send(node, amount):
        node.grad = node.grad + amount
        for i, x in enumerate(node.inputs):
            send(x, node.grad * node.local_derivatives[i])

    clear(root)
    send(root, g)


# %% mistake="backward" id="pre-order" hint="You visit each node once, but too early: it passes its gradient on before all of its users have given it theirs."
def backward(root, g=1.0):
    seen, stack, order = set(), [root], []
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            order.append(node)
            stack.extend(reversed(node.inputs))
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in order:
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="pre-order-again" again="pre-order"
def backward(root, g=1.0):
    for node in topological_order(root):
        node.grad = 0.0
    root.grad = g
    visited = []

    def visit(node):
        if any(node is other for other in visited):
            return
        visited.append(node)
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope
        for x in node.inputs:
            visit(x)

    visit(root)


# %% mistake="backward" id="every-path" hint="Your numbers are right, but each path is walked on its own, and there can be millions of paths where there are only a few nodes."
def backward(root, g=1.0):
    for node in topological_order(root):
        node.grad = 0.0
    stack = [(root, g)]
    while stack:
        node, part = stack.pop()
        node.grad += part
        stack.extend((x, part * slope) for x, slope in zip(node.inputs, node.local_derivatives))


# %% mistake="backward" id="adds-up-over-calls" hint="What grad held before your call is still in it afterwards."
def backward(root, g=1.0):
    root.grad = g
    for node in reversed(topological_order(root)):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="adds-up-over-calls-again" again="adds-up-over-calls"
def backward(root, g=1.0):
    order = topological_order(root)
    order[-1].grad = g
    while order:
        z = order.pop()
        for k, x in enumerate(z.inputs):
            x.grad = x.grad + z.local_derivatives[k] * z.grad


# %% mistake="backward" id="clears-leaves-only" hint="You clear the gradients of the leaves, but the nodes between keep what an earlier call left in them."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        if not node.inputs:
            node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="root-adds-up" hint="The gradient of the root is g, whatever its grad held before."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order[:-1]:
        node.grad = 0.0
    root.grad += g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="ignores-upstream" hint="Your gradients do not depend on g, the gradient that arrives at the root."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = 1.0
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="ignores-upstream-again" again="ignores-upstream"
def backward(root, g=1.0):
    grads = {root: 1.0}
    for node in reversed(topological_order(root)):
        node.grad = grads[node]
        for x, slope in zip(node.inputs, node.local_derivatives):
            grads[x] = grads.get(x, 0.0) + node.grad * slope


# %% mistake="backward" id="inputs-first" hint="You start at the leaves; gradients flow from the root down to them."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in order:
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="by-number" hint="Two nodes that hold the same number are still two nodes; you keep their gradients under their data."
def backward(root, g=1.0):
    grads = {}
    order = topological_order(root)
    grads[root.data] = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            grads[x.data] = grads.get(x.data, 0.0) + grads[node.data] * slope
    for node in order:
        node.grad = grads[node.data]


# %% mistake="backward" id="edge-lost" hint="Where a node is the same input twice, as in x * x, one of the two edges is lost."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        edges = dict(zip(node.inputs, node.local_derivatives))
        for x in edges:
            x.grad += node.grad * edges[x]


# %% mistake="backward" id="edge-lost-again" again="edge-lost"
def backward(root, g=1.0):
    for node in topological_order(root):
        node.grad = 0.0
    root.grad = g
    for node in topological_order(root)[::-1]:
        done = set()
        for x, slope in list(zip(node.inputs, node.local_derivatives))[::-1]:
            if x not in done:
                x.grad += node.grad * slope
                done.add(x)


# %% mistake="backward" id="slope-forgotten" hint="What a node hands down is multiplied by how fast it changes with that input; that factor is missing."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x in node.inputs:
            x.grad += node.grad


# %% mistake="backward" id="data-for-slope" hint="The factor at an edge is a local derivative; you multiply by a number of the forward pass."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x in node.inputs:
            x.grad += node.grad * x.data


# %% mistake="backward" id="recursion" hint="Every node on the way down costs you a nested call, and Python allows only so many of them."
def backward(root, g=1.0):
    order, seen = [], set()

    def visit(node):
        if node not in seen:
            seen.add(node)
            for x in node.inputs:
                visit(x)
            order.append(node)

    visit(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="zero-upstream-is-one" hint="A gradient g of 0 is a number like any other; you put another one in its place."
def backward(root, g=1.0):
    g = g or 1.0
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="stops-at-zero" hint="A node whose gradient is 0 has nothing to pass on, but the nodes after it have."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    root.grad = g
    for node in reversed(order):
        if node.grad == 0:
            break
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% mistake="backward" id="writes-into-the-nodes" hint="Besides grad, something else in your nodes is new or different after the call."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad, node.users = 0.0, []
    for node in order:
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.users.append((node, slope))
    root.grad = g
    for x in reversed(order[:-1]):
        x.grad = sum(z.grad * slope for z, slope in x.users)


# %% mistake="backward" id="root-without-inputs" hint="A graph may consist of the root alone: it has a gradient, too."
def backward(root, g=1.0):
    order = topological_order(root)
    for node in order:
        node.grad = 0.0
    if root.inputs:
        root.grad = g
    for node in reversed(order):
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += node.grad * slope


# %% alternative="backward" id="gradients-in-a-dict"
def backward(root, g=1.0):
    gradients = {root: g}
    for node in reversed(topological_order(root)):
        node.grad = gradients.pop(node)
        for x, slope in zip(node.inputs, node.local_derivatives):
            gradients[x] = gradients.get(x, 0.0) + node.grad * slope


# %% alternative="backward" id="count-users"
def backward(root, g=1.0):
    waiting, found = {root: 0}, [root]
    for node in found:
        for x in node.inputs:
            if x not in waiting:
                waiting[x] = 0
                found.append(x)
            waiting[x] += 1
    for node in found:
        node.grad = 0.0
    root.grad, ready = g, [root]
    while ready:
        node = ready.pop()
        for x, slope in zip(node.inputs, node.local_derivatives):
            x.grad += slope * node.grad
            waiting[x] -= 1
            if not waiting[x]:
                ready.append(x)


# %% alternative="backward" id="pull-from-users"
def backward(root, g=1.0):
    order = topological_order(root)
    users = {node: [] for node in order}
    for z in order:
        for x, slope in zip(z.inputs, z.local_derivatives):
            users[x].append((z, slope))
    root.grad = g
    for x in order[-2::-1]:
        x.grad = sum(z.grad * slope for z, slope in users[x])


# %% alternative="backward" id="totals-by-identity"
def backward(root, g=1.0):
    grads = {id(root): np.float64(g)}
    for node in topological_order(root)[::-1]:
        total = grads.get(id(node), 0.0)
        node.grad = float(total)
        for k in range(len(node.inputs)):
            key = id(node.inputs[k])
            grads[key] = grads.get(key, 0) + total * node.local_derivatives[k]


# %% [markdown]
r"""
Undo broadcasting
"""


# %% mistake="unbroadcast" id="not-summed" hint="Your result has still the stretched shape."
def unbroadcast(g, shape):
    return g


# %% mistake="unbroadcast" id="one-copy" hint="You return the gradient of one copy; every copy of an entry sends its own."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g[0]
    for i, n in enumerate(shape):
        if n == 1:
            g = g[(slice(None),) * i + (slice(0, 1),)]
    return g


# %% mistake="unbroadcast" id="one-copy-again" again="one-copy"
def unbroadcast(g, shape):
    index = tuple(slice(0, 1) if n == 1 else slice(None) for n in shape)
    return g.reshape(-1, *g.shape[g.ndim - len(shape) :])[0][index]


# %% mistake="unbroadcast" id="mean-of-copies" hint="The contributions of the copies add up; you took their mean."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.mean(axis=0)
    for i, n in enumerate(shape):
        if n == 1:
            g = g.mean(axis=i, keepdims=True)
    return g


# %% mistake="unbroadcast" id="mean-of-copies-again" again="mean-of-copies"
def unbroadcast(g, shape):
    total = g.sum(axis=tuple(range(g.ndim - len(shape))))
    total = total.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    return total * (total.size / g.size)


# %% mistake="unbroadcast" id="leading-axes-only" hint="You sum over the axes that were put in front, but not over those of length 1 that were stretched."
def unbroadcast(g, shape):
    return g.sum(axis=tuple(range(g.ndim - len(shape))))


# %% mistake="unbroadcast" id="leading-axes-only-again" again="leading-axes-only"
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g


# %% mistake="unbroadcast" id="ones-only" hint="You sum over the axes of length 1 that were stretched, but not over those that were put in front."
def unbroadcast(g, shape):
    padded = shape + (0,) * (g.ndim - len(shape))
    return g.sum(axis=tuple(i for i, n in enumerate(padded) if n == 1), keepdims=True)


# %% mistake="unbroadcast" id="drops-axes-of-one" hint="An axis of length 1 belongs to the shape: after your sum it is gone."
def unbroadcast(g, shape):
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1))


# %% mistake="unbroadcast" id="drops-axes-of-one-again" again="drops-axes-of-one"
def unbroadcast(g, shape):
    extra = g.ndim - len(shape)
    axes = [i for i in range(g.ndim) if i < extra or shape[i - extra] == 1]
    return np.sum(g, axis=tuple(axes))


# %% mistake="unbroadcast" id="aligned-at-the-front" hint="NumPy aligns shapes at the last axis; you start at the first one."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=-1)
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% mistake="unbroadcast" id="sums-everything" hint="Where some axes were stretched, you sum over the others too."
def unbroadcast(g, shape):
    if g.shape == shape:
        return g
    return np.full(shape, g.sum())


# %% mistake="unbroadcast" id="one-axis-in-front" hint="More than one axis can be missing in front."
def unbroadcast(g, shape):
    if g.ndim > len(shape):
        g = g.sum(axis=0)
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% mistake="unbroadcast" id="reshaped" hint="You bring the entries into the right shape without summing those that belong together."
def unbroadcast(g, shape):
    return np.resize(g, shape)


# %% mistake="unbroadcast" id="works-in-place" hint="After your call the caller's array g has other numbers in it."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g[0] = g.sum(axis=0)
        g = g[0]
    for i, n in enumerate(shape):
        if n == 1:
            g = g.sum(axis=i, keepdims=True)
    return g


# %% mistake="unbroadcast" id="same-size-same-shape" hint="Two arrays with the same number of entries need not have the same shape."
def unbroadcast(g, shape):
    if g.size == np.prod(shape, dtype=int):
        return g
    g = g.sum(axis=tuple(range(g.ndim - len(shape))))
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% mistake="unbroadcast" id="one-stretched-axis" hint="More than one axis of length 1 can be stretched."
def unbroadcast(g, shape):
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    if 1 in shape:
        g = g.sum(axis=shape.index(1), keepdims=True)
    return g


# %% mistake="unbroadcast" id="squeezed-first" hint="Axes of length 1 belong to the shapes that are aligned; you drop them before you look."
def unbroadcast(g, shape):
    g = np.squeeze(g)
    while g.ndim > len(shape):
        g = g.sum(axis=0)
    return g.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)


# %% alternative="unbroadcast" id="axis-by-axis"
def unbroadcast(g, shape):
    while np.ndim(g) > len(shape):
        g = g.sum(axis=0)
    for i, n in enumerate(shape):
        if n == 1 and g.shape[i] > 1:
            g = g.sum(axis=i, keepdims=True)
    return g


# %% alternative="unbroadcast" id="einsum"
def unbroadcast(g, shape):
    extra = g.ndim - len(shape)
    kept = [i for i in range(g.ndim) if i >= extra and shape[i - extra] != 1]
    return np.einsum(g, list(range(g.ndim)), kept).reshape(shape)


# %% alternative="unbroadcast" id="add-at-each-copy"
def unbroadcast(g, shape):
    size = int(np.prod(shape, dtype=int))
    shown = np.broadcast_to(np.arange(size).reshape(shape), g.shape)
    return np.bincount(shown.ravel(), weights=g.ravel(), minlength=size).reshape(shape)


# %% alternative="unbroadcast" id="padded-shape"
def unbroadcast(g, shape):
    padded = (1,) * (g.ndim - len(shape)) + tuple(shape)
    for axis in range(g.ndim):
        if padded[axis] == 1:
            g = np.add.reduce(g, axis=axis, keepdims=True)
    return g.reshape(shape)


# %% alternative="unbroadcast" id="entry-by-entry"
def unbroadcast(g, shape):
    out = np.zeros(shape)
    extra = g.ndim - len(shape)
    for i in np.ndindex(g.shape):
        k = tuple(0 if n == 1 else j for j, n in zip(i[extra:], shape))
        out[k] += g[i]
    return out


# %% [markdown]
r"""
A derivative through a loop
"""


# %% mistake="taylor-sine" id="stops-before-adding" hint="The first term whose size is at most tol is added too; you stop before it."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        if abs(term.data) <= tol:
            break
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="stops-before-adding-again" again="stops-before-adding"
def taylor_sine(x, tol=1e-3):
    y, term, i = 0 * x, x, 0
    while abs(float(term.data)) > tol:
        y = y + term
        i = i + 1
        term = -1 * term * x * x / ((2 * i) * (2 * i + 1))
    return (y, i - 1) if i else (x, 0)


# %% mistake="taylor-sine" id="counts-terms" hint="passes counts how often the body of the loop ran; the first term comes before the loop."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes + 1


# %% mistake="taylor-sine" id="size-forgotten" hint="Your loop compares a term with tol without regard to its sign, so that it ends at the first negative term."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while term.data > tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="size-forgotten-again" again="size-forgotten"
def taylor_sine(x, tol=1e-3):
    terms = [x]
    while terms[-1].data > tol:
        n = 2 * len(terms)
        terms.append(terms[-1] * (-1) * x**2 / (n * (n + 1)))
    y = terms[0]
    for term in terms[1:]:
        y = y + term
    return y, len(terms) - 1


# %% mistake="taylor-sine" id="sign-forgotten" hint="The terms of the series change their sign from one to the next; yours do not."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="factorial-off" hint="Check the denominators against 3!, 5!, 7!: the first one already differs."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x**2 / ((2 * passes + 1) * (2 * passes + 2))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="factorial-off-again" again="factorial-off"
def taylor_sine(x, tol=1e-3):
    y, term, n = x, x, 1
    while abs(term.data) > tol:
        term = term * x * x * (-1 / (n * (n + 1)))
        y, n = y + term, n + 2
    return y, n // 2


# %% mistake="taylor-sine" id="data-in-the-terms" hint="A term is computed from plain values, so part of the derivative gets lost on its way back to x."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x.data**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="data-in-the-terms-again" again="data-in-the-terms"
def taylor_sine(x, tol=1e-3):
    square = float(x.data) * float(x.data)
    y, term, i = x, x, 0
    while abs(term.data) > tol:
        term = term * (-square / ((2 * i + 3) * (2 * i + 2)))
        y = term + y
        i += 1
    return y, i


# %% mistake="taylor-sine" id="graph-cut" hint="y holds the right value, but it was made from plain numbers: nothing connects it with x."
def taylor_sine(x, tol=1e-3):
    number = float(x.data)
    y = term = number
    passes = 0
    while abs(term) > tol:
        term = -term * number**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return Tensor(y), passes


# %% mistake="taylor-sine" id="adds-in-place" hint="y and x are the same object at first: what is added to y.data in place is added to x.data as well."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y.data += term.data
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="ignores-tol" hint="The argument tol has no influence on your result."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > 1e-3:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="ignores-tol-again" again="ignores-tol"
def taylor_sine(x, tol=0.001):
    y, term, i = x, x, 0
    while not -0.001 <= term.data <= 0.001:
        i += 1
        term = term * x**2 / (-2 * i * (2 * i + 1))
        y = y + term
    return y, i


# %% mistake="taylor-sine" id="fixed-number-of-passes" hint="The number of passes depends on x and tol; yours is always the same."
def taylor_sine(x, tol=1e-3):
    y = term = x
    for i in range(6):
        term = -term * x**2 / ((2 * i + 2) * (2 * i + 3))
        y = y + term
    return y, 6


# %% mistake="taylor-sine" id="exact-sine" hint="This is the sine itself; the exercise asks for the sum that the loop adds up, and for its derivative."
def taylor_sine(x, tol=1e-3):
    term, passes = float(x.data), 0
    while abs(term) > tol:
        term *= -(float(x.data) ** 2) / ((2 * passes + 2) * (2 * passes + 3))
        passes += 1
    return x.sin(), passes


# %% mistake="taylor-sine" id="goes-on-at-tol" hint="Look at a term whose size is exactly tol: does your loop go on there?"
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) >= tol:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="capped" hint="Your loop ends after a fixed number of passes, even if the terms are still large."
def taylor_sine(x, tol=1e-3):
    y = term = x
    passes = 0
    while abs(term.data) > tol and passes < 15:
        term = -term * x**2 / ((2 * passes + 2) * (2 * passes + 3))
        y = y + term
        passes += 1
    return y, passes


# %% mistake="taylor-sine" id="passes-not-whole" hint="passes is a count, an int; yours is a number of another kind."
def taylor_sine(x, tol=1e-3):
    y = term = x
    k = 1.0
    while abs(term.data) > tol:
        term = -term * x**2 / ((k + 1) * (k + 2))
        y = y + term
        k += 2
    return y, (k - 1) / 2


# %% alternative="taylor-sine" id="explicit-factorials"
def taylor_sine(x, tol=1e-3):
    y, term, k = x, x, 0
    while abs(float(term.data)) > tol:
        k += 1
        term = (-1) ** k * x ** (2 * k + 1) / math.factorial(2 * k + 1)
        y = y + term
    return y, k


# %% alternative="taylor-sine" id="horner"
def taylor_sine(x, tol=1e-3):
    size, passes = abs(float(x.data)), 0
    while size > tol:
        size *= float(x.data) ** 2 / ((2 * passes + 2) * (2 * passes + 3))
        passes += 1
    y = x * 0 + 1
    for i in range(passes, 0, -1):
        y = 1 - x * x / (2 * i * (2 * i + 1)) * y
    return x * y, passes


# %% alternative="taylor-sine" id="list-of-terms"
def taylor_sine(x, tol=1e-3):
    terms = [x]
    square = x * x
    while abs(terms[-1].data) > tol:
        n = 2 * len(terms)
        terms.append(terms[-1] * square * (-1.0 / (n * (n + 1))))
    return sum(terms[1:], terms[0]), len(terms) - 1


# %% alternative="taylor-sine" id="factor-by-factor"
def taylor_sine(x, tol=1e-3):
    term = x
    total = term
    n = 0
    while not abs(float(term.data)) <= tol:
        n = n + 1
        term = term * (x / (2 * n)) * (x / (2 * n + 1)) * -1
        total = total + term
    return total, n


# %% [markdown]
r"""
Questions that need a run
"""

# %% mistake="passes-at-twenty" id="counts-terms" hint="The first term stands before the loop: count how often the body of the loop runs."
passes_at_twenty = 30

# %% mistake="passes-at-twenty" id="stops-before-adding" hint="The pass that adds the first small term counts too."
passes_at_twenty = 28

# %% mistake="passes-at-twenty" id="size-forgotten" hint="Does your loop look at the size of a term, or does it end at the first negative one?"
passes_at_twenty = 1

# %% mistake="passes-at-twenty" id="at-pi" hint="This is the number of passes at pi; the question is about 20."
passes_at_twenty = 6

# %% mistake="matmul-gradient" id="gradient-of-x" hint="Does your letter hold for W? It has the form of the gradient of a left factor."
gradient_of_w = "a"

# %% mistake="matmul-gradient" id="not-transposed" hint="Compare with a numerical gradient at matrices that are not symmetric: something has to be transposed."
gradient_of_w = "b"

# %% mistake="matmul-gradient" id="transposed-result" hint="Compare entry by entry with a numerical gradient: rows and columns have changed places."
gradient_of_w = "d"

# %% alternative="matmul-gradient" id="capital-letter"
gradient_of_w = " C"
