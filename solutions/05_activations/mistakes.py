# %% [markdown]
r"""
Smooth activations
"""


# %% mistake="smooth-activation" id="slope-of-the-input" hint="In the table the slopes of sigmoid and tanh are written with y, the output; yours are computed from z."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * z * (1 - z)
    if kind == "tanh":
        return np.tanh(z), g * (1 - z**2)
    return np.logaddexp(z, 0), g * s


# %% mistake="smooth-activation" id="slope-of-the-input-again" again="slope-of-the-input"
def smooth_activation(z, g, kind):
    sigmoid = np.exp(-np.logaddexp(0, -z))
    y = {"sigmoid": sigmoid, "tanh": np.tanh(z), "softplus": np.logaddexp(0, z)}[kind]
    slope = {"sigmoid": z - z * z, "tanh": (1 - z) * (1 + z), "softplus": sigmoid}[kind]
    return y, slope * g


# %% mistake="smooth-activation" id="ignores-upstream" hint="grad_z does not depend on g: you return the slope, not the slope times what comes back."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, 1 - y * y
    return np.logaddexp(z, 0), s


# %% mistake="smooth-activation" id="ignores-upstream-again" again="ignores-upstream"
def smooth_activation(z, g, kind):
    s = np.exp(-np.logaddexp(0, -z))
    if kind == "tanh":
        y = np.tanh(z)
        grad_z = (1 + y) * (1 - y)
    else:
        y = s if kind == "sigmoid" else np.logaddexp(0, z)
        grad_z = s - s**2 if kind == "sigmoid" else s
    return y, grad_z


# %% mistake="smooth-activation" id="exp-over-exp" hint="For large z you divide infinity by infinity: write the sigmoid so that no exponent is positive."
def smooth_activation(z, g, kind):
    s = np.exp(z) / (1 + np.exp(z))
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.logaddexp(z, 0), g * s


# %% mistake="smooth-activation" id="exp-over-exp-again" again="exp-over-exp"
def smooth_activation(z, g, kind):
    e = np.exp(z)
    sigmoid = e / (e + 1)
    y = {"sigmoid": sigmoid, "tanh": np.tanh(z), "softplus": np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))}[kind]
    slope = {"sigmoid": sigmoid - sigmoid**2, "tanh": 1 - y**2, "softplus": sigmoid}[kind]
    return y, g * slope


# %% mistake="smooth-activation" id="log-of-infinity" hint="Your softplus takes the logarithm of a number that has overflowed; the text has another form of it."
def smooth_activation(z, g, kind):
    s = 1 / (1 + np.exp(-z))
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.log(1 + np.exp(z)), g * s


# %% mistake="smooth-activation" id="log-of-infinity-again" again="log-of-infinity"
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    sigmoid = np.where(z < 0, e, 1) / (1 + e)
    y = {"sigmoid": sigmoid, "tanh": np.tanh(z), "softplus": np.log(np.exp(z) + 1)}[kind]
    slope = {"sigmoid": y * (1 - y), "tanh": 1 - y**2, "softplus": sigmoid}[kind]
    return y, g * slope


# %% mistake="smooth-activation" id="tanh-by-exponentials" hint="np.tanh is right for every z; made of exponentials, as you have it, it divides infinity by infinity."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))
        return y, g * (1 - y * y)
    return np.logaddexp(z, 0), g * s


# %% mistake="smooth-activation" id="softplus-without-max" hint="Your softplus is right on one side of 0 only: part of the formula for large inputs is missing."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.log1p(e), g * s


# %% mistake="smooth-activation" id="softplus-slope-mirrored" hint="Look at the slope of softplus far to the right: it should tend to 1 there."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.logaddexp(z, 0), g * (1 - s)


# %% mistake="smooth-activation" id="tanh-not-squared" hint="Look at the power of y in the slope of tanh."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y)
    return np.logaddexp(z, 0), g * s


# %% mistake="smooth-activation" id="tanh-with-the-sigmoid-slope" hint="The slope that you use for tanh is that of the sigmoid."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "softplus":
        return np.logaddexp(z, 0), g * s
    y = s if kind == "sigmoid" else np.tanh(z)
    return y, g * y * (1 - y)


# %% mistake="smooth-activation" id="upstream-in-the-forward-pass" hint="g belongs to the way back; y does not depend on it."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return g * s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return g * y, g * (1 - y * y)
    return g * np.logaddexp(z, 0), g * s


# %% mistake="smooth-activation" id="mean-of-the-gradient" hint="grad_z has an entry of its own for every entry of z; you sum or average over them."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        y, slope = s, s * (1 - s)
    elif kind == "tanh":
        y = np.tanh(z)
        slope = 1 - y * y
    else:
        y, slope = np.logaddexp(z, 0), s
    return y, np.mean(g * slope) * np.ones_like(z)


# %% mistake="smooth-activation" id="clips-the-input" hint="You cut off large inputs: softplus of 1000 is 1000, and your result stops growing before."
def smooth_activation(z, g, kind):
    z = np.clip(z, -500, 500)
    s = 1 / (1 + np.exp(-z))
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.log(1 + np.exp(z)), g * s


# %% mistake="smooth-activation" id="changes-the-input" hint="After the call the caller finds other numbers in z than before."
def smooth_activation(z, g, kind):
    if kind == "tanh":
        y = np.tanh(z, out=z)
        return y.copy(), g * (1 - y * y)
    s = np.exp(-np.logaddexp(0, -z))
    if kind == "sigmoid":
        z[...] = s
        return s, g * s * (1 - s)
    y = np.logaddexp(z, 0)
    z[...] = y
    return y, g * s


# %% mistake="smooth-activation" id="changes-the-gradient" hint="After the call the caller finds other numbers in g than before."
def smooth_activation(z, g, kind):
    s = np.exp(-np.logaddexp(0, -z))
    y = {"sigmoid": s, "tanh": np.tanh(z), "softplus": np.logaddexp(0, z)}[kind]
    g *= {"sigmoid": s - s * s, "tanh": 1 - y * y, "softplus": s}[kind]
    return y, g


# %% mistake="smooth-activation" id="cut-off-too-early" hint="Beyond some z you take softplus to be z itself; a few digits that the text asks for are lost there."
def smooth_activation(z, g, kind):
    e = np.exp(-np.abs(z))
    s = np.where(z >= 0, 1, e) / (1 + e)
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        y = np.tanh(z)
        return y, g * (1 - y * y)
    return np.where(z > 20, z, np.log1p(np.exp(np.minimum(z, 20)))), g * s


# %% mistake="smooth-activation" id="cut-off-too-early-again" again="cut-off-too-early"
def smooth_activation(z, g, kind):
    sigmoid, y, small = np.exp(-np.logaddexp(0, -z)), z.copy(), z <= 20
    y[small] = np.log(1 + np.exp(z[small]))
    if kind != "softplus":
        y = np.tanh(z) if kind == "tanh" else sigmoid
    slope = {"sigmoid": y * (1 - y), "tanh": 1 - y**2, "softplus": sigmoid}[kind]
    return y, slope * g


# %% mistake="smooth-activation" id="slope-by-differences" hint="Your slopes are quotients of differences, which lose digits; the table has them exactly."
def smooth_activation(z, g, kind):
    f = {"sigmoid": lambda z: np.exp(-np.logaddexp(0, -z)), "tanh": np.tanh, "softplus": lambda z: np.logaddexp(0, z)}
    f, h = f[kind], 1e-4
    return f(z), g * (8 * (f(z + h) - f(z - h)) - f(z + 2 * h) + f(z - 2 * h)) / (12 * h)


# %% mistake="smooth-activation" id="lists" hint="Your results are lists; asked for are arrays."
def smooth_activation(z, g, kind):
    s = np.exp(-np.logaddexp(0, -z))
    y = {"sigmoid": s, "tanh": np.tanh(z), "softplus": np.logaddexp(0, z)}[kind]
    slope = {"sigmoid": s - s * s, "tanh": 1 - y * y, "softplus": s}[kind]
    return y.tolist(), (g * slope).tolist()


# %% alternative="smooth-activation" id="plain-sigmoid-and-logaddexp"
def smooth_activation(z, g, kind):
    s = 1 / (1 + np.exp(-z))  # 1 / infinity is 0
    if kind == "sigmoid":
        return s, g * s * (1 - s)
    if kind == "tanh":
        return np.tanh(z), g * (1 - np.tanh(z) ** 2)
    return np.logaddexp(0, z), g * s


# %% alternative="smooth-activation" id="all-by-tanh"
def smooth_activation(z, g, kind):
    s = 0.5 * (1 + np.tanh(z / 2))
    if kind == "sigmoid":
        return s, 0.25 * g / np.cosh(np.clip(z, -700, 700) / 2) ** 2
    if kind == "tanh":
        y = 2 * np.exp(-np.logaddexp(0, -2 * z)) - 1
        return y, g * (1 - y) * (1 + y)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))), g * s


# %% alternative="smooth-activation" id="number-by-number"
def smooth_activation(z, g, kind):
    import math

    y, grad = np.empty(z.shape), np.empty(z.shape)
    for i in np.ndindex(z.shape):
        e = math.exp(-abs(z[i]))
        s = 1 / (1 + e) if z[i] >= 0 else e / (1 + e)
        if kind == "sigmoid":
            y[i], slope = s, s * (1 - s)
        elif kind == "tanh":
            y[i] = math.tanh(z[i])
            slope = 1 - y[i] ** 2
        else:
            y[i], slope = max(z[i], 0) + math.log1p(e), s
        grad[i] = g[i] * slope
    return y, grad


# %% alternative="smooth-activation" id="tanh-by-one-exponential"
def smooth_activation(z, g, kind):
    if kind == "tanh":
        y = 1 - 2 / (1 + np.exp(2 * z))  # 2 / infinity is 0
        return y, g - g * y * y
    e = np.exp(-np.abs(z))
    s = np.where(z > 0, 1 / (1 + e), 1 - 1 / (1 + e))
    if kind == "sigmoid":
        return s, (s - s**2) * g
    return np.where(z > 0, z + np.log(1 + e), np.log(1 + e)), s * g


# %% alternative="smooth-activation" id="two-halves-by-mask"
def smooth_activation(z, g, kind):
    s, positive = np.empty(z.shape), z > 0
    s[positive] = 1 / (1 + np.exp(-z[positive]))
    s[~positive] = np.exp(z[~positive]) / (1 + np.exp(z[~positive]))
    if kind == "softplus":
        y = z.copy()
        y[z < 30] = np.log(1 + np.exp(z[z < 30]))
        return y, g * s
    y = s if kind == "sigmoid" else np.tanh(z)
    return y, g * (y - y**2 if kind == "sigmoid" else 1 - y**2)


# %% [markdown]
r"""
Rectifiers
"""


# %% mistake="rectifier" id="kink-above" hint="At z = 0 exactly your slope is that of the upper side; the convention puts 0 on the lower one."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), g * (z >= 0)
    if kind == "leaky relu":
        return np.where(z >= 0, z, alpha * z), np.where(z >= 0, g, alpha * g)
    return np.where(z >= 0, z, alpha * (e - 1)), np.where(z >= 0, g, alpha * e * g)


# %% mistake="rectifier" id="kink-above-again" again="kink-above"
def rectifier(z, g, kind, alpha=0.01):
    below = z < 0
    lower = {"relu": 0 * z, "leaky relu": alpha * z, "elu": alpha * np.expm1(np.minimum(z, 0))}[kind]
    slope = np.ones(z.shape)
    slope[below] = {"relu": 0 * z, "leaky relu": alpha + 0 * z, "elu": lower + alpha}[kind][below]
    y = z.copy()
    y[below] = lower[below]
    return y, slope * g


# %% mistake="rectifier" id="kink-half" hint="At z = 0 exactly your slope lies between the two sides; the convention puts 0 on the lower one."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    low = {"relu": 0 * z, "leaky relu": alpha * z, "elu": alpha * (e - 1)}[kind]
    low_slope = {"relu": 0.0, "leaky relu": alpha, "elu": alpha * e}[kind] * np.ones(z.shape)
    side = np.heaviside(z, 0.5)
    return np.where(z > 0, z, low), g * (side + (1 - side) * low_slope)


# %% mistake="rectifier" id="mask-on-the-gradient" hint="You let through what is positive in g; which side an entry is on is decided by z."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), np.maximum(g, 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(g > 0, g, alpha * g)
    return np.where(z > 0, z, alpha * (e - 1)), np.where(g > 0, g, alpha * e * g)


# %% mistake="rectifier" id="mask-on-the-gradient-again" again="mask-on-the-gradient"
def rectifier(z, g, kind, alpha=0.01):
    lower = {"relu": 0 * z, "leaky relu": alpha * z, "elu": alpha * np.expm1(np.minimum(z, 0))}[kind]
    lower_slope = {"relu": 0.0, "leaky relu": alpha, "elu": alpha * np.exp(np.minimum(z, 0))}[kind]
    y = np.where(z > 0, z, lower)
    return y, g * np.where(g > 0, 1.0, lower_slope)


# %% mistake="rectifier" id="negative-gradients-lost" hint="A negative gradient at a positive z gets lost: the sign of g decides nothing."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    low = {"relu": 0 * z, "leaky relu": alpha * z, "elu": alpha * (e - 1)}[kind]
    low_slope = {"relu": 0.0, "leaky relu": alpha, "elu": alpha * e}[kind]
    return np.where(z > 0, z, low), np.where(z > 0, np.maximum(g, 0), low_slope * g)


# %% mistake="rectifier" id="sides-exchanged" hint="Put z = 3 into your leaky ReLU: it is treated as the lower side."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, alpha * z, z), np.where(z > 0, alpha * g, g)
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, g, alpha * e * g)


# %% mistake="rectifier" id="ignores-upstream" hint="grad_z does not depend on g: you return the slope alone."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), 1.0 * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, 1.0, alpha)
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, 1.0, alpha * e)


# %% mistake="rectifier" id="ignores-upstream-again" again="ignores-upstream"
def rectifier(z, g, kind, alpha=0.01):
    if kind == "relu":
        alpha, y = 0.0, z * (z > 0)
    elif kind == "leaky relu":
        y = np.maximum(z, alpha * z)
    else:
        y = np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
    slope = np.full(z.shape, alpha)
    if kind == "elu":
        slope = y + alpha
    slope[z > 0] = 1
    return y, slope


# %% mistake="rectifier" id="elu-slope-is-y" hint="The slope of ELU on the lower side is alpha times e to the z; what you multiply by is negative there."
def rectifier(z, g, kind, alpha=0.01):
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    y = np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))
    return y, np.where(z > 0, g, g * y)


# %% mistake="rectifier" id="elu-slope-without-alpha" hint="ELU's slope on the lower side lacks a factor that its value has."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, g, e * g)


# %% mistake="rectifier" id="elu-slope-without-alpha-again" again="elu-slope-without-alpha"
def rectifier(z, g, kind, alpha=0.01):
    up = z > 0
    slope = up * 1.0
    if kind == "relu":
        y = np.maximum(z, 0)
    elif kind == "leaky relu":
        y = np.where(up, z, alpha * z)
        slope[~up] = alpha
    else:
        y = z.copy()
        y[~up] = alpha * np.expm1(z[~up])
        slope = np.exp(np.minimum(z, 0))
    return y, g * slope


# %% mistake="rectifier" id="elu-without-minus-one" hint="ELU jumps at 0: just below it your value is alpha instead of 0."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    return np.where(z > 0, z, alpha * e), np.where(z > 0, g, alpha * e * g)


# %% mistake="rectifier" id="times-zero" hint="For z = 1000 you multiply an infinite number by 0, which is NaN: keep the exponent of the unused side small."
def rectifier(z, g, kind, alpha=0.01):
    up, low = z > 0, z <= 0
    if kind == "relu":
        return np.maximum(z, 0), g * up
    if kind == "leaky relu":
        return z * up + alpha * z * low, g * (up + alpha * low)
    return z * up + alpha * (np.exp(z) - 1) * low, g * (up + alpha * np.exp(z) * low)


# %% mistake="rectifier" id="times-zero-again" again="times-zero"
def rectifier(z, g, kind, alpha=0.01):
    up = np.where(z > 0, 1.0, 0.0)
    low = np.where(z <= 0, 1.0, 0.0)
    lower = {"relu": z - z, "leaky relu": alpha * z, "elu": alpha * np.expm1(z)}[kind]
    slope = {"relu": 0.0, "leaky relu": alpha, "elu": alpha * np.exp(z)}[kind]
    return up * z + low * lower, (up + low * slope) * g


# %% mistake="rectifier" id="swallows-nan" hint="A NaN in z comes out as an ordinary number: a comparison with NaN is false, so it lands on the lower side."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.where(z > 0, z, 0.0), np.where(z > 0, g, 0.0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    return np.where(z > 0, z, alpha * (e - 1)), np.where(z > 0, g, alpha * e * g)


# %% mistake="rectifier" id="swallows-nan-again" again="swallows-nan"
def rectifier(z, g, kind, alpha=0.01):
    up = z > 0
    y, grad = np.zeros(z.shape), np.zeros(z.shape)
    y[up], grad[up] = z[up], g[up]
    if kind == "leaky relu":
        y[~up], grad[~up] = alpha * z[~up], alpha * g[~up]
    elif kind == "elu":
        y[~up], grad[~up] = alpha * np.expm1(z[~up]), alpha * np.exp(z[~up]) * g[~up]
    return y, grad


# %% mistake="rectifier" id="changes-the-input" hint="After the call the caller's z has other numbers in it."
def rectifier(z, g, kind, alpha=0.01):
    up, e = z > 0, np.exp(np.minimum(z, 0))
    low = {"relu": 0 * z, "leaky relu": alpha * z, "elu": alpha * (e - 1)}[kind]
    slope = {"relu": 0 * z, "leaky relu": alpha + 0 * z, "elu": alpha * e}[kind]
    y = z
    y[~up] = low[~up]
    return y, np.where(up, g, slope * g)


# %% mistake="rectifier" id="changes-the-input-again" again="changes-the-input"
def rectifier(z, g, kind, alpha=0.01):
    before = z.copy()
    for i in np.ndindex(z.shape):
        if before[i] <= 0:
            z[i] = {"relu": 0 * z[i], "leaky relu": alpha * z[i], "elu": alpha * np.expm1(z[i])}[kind]
    slope = {"relu": 0.0, "leaky relu": alpha, "elu": alpha * np.exp(np.minimum(before, 0))}[kind]
    return z, g * np.where(before > 0, 1.0, slope)


# %% mistake="rectifier" id="fixed-alpha" hint="The argument alpha has no influence on your result."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, 0.01 * z), np.where(z > 0, g, 0.01 * g)
    return np.where(z > 0, z, e - 1), np.where(z > 0, g, e * g)


# %% mistake="rectifier" id="absolute-value" hint="On the lower side the sign of your value is wrong: the curve goes up again to the left."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    if kind == "relu":
        return np.abs(z), g * np.sign(z)
    if kind == "leaky relu":
        return np.where(z > 0, z, -alpha * z), np.where(z > 0, g, -alpha * g)
    return np.where(z > 0, z, alpha * (1 - e)), np.where(z > 0, g, -alpha * e * g)


# %% mistake="rectifier" id="changes-the-gradient" hint="After the call the caller finds other numbers in g than before."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    low, slope = {"relu": (0 * z, 0), "leaky relu": (alpha * z, alpha), "elu": (alpha * (e - 1), alpha * e)}[kind]
    g *= np.where(z > 0, 1, slope)
    return np.where(z > 0, z, low), g


# %% mistake="rectifier" id="clips-the-input" hint="You cut off large inputs: at z = 1000 a rectifier is 1000."
def rectifier(z, g, kind, alpha=0.01):
    z = np.clip(z, -500, 500)
    if kind == "relu":
        return np.maximum(z, 0), g * (z > 0)
    if kind == "leaky relu":
        return np.where(z > 0, z, alpha * z), np.where(z > 0, g, alpha * g)
    return np.where(z > 0, z, alpha * (np.exp(z) - 1)), np.where(z > 0, g, alpha * np.exp(z) * g)


# %% mistake="rectifier" id="lists" hint="Your results are lists; asked for are arrays."
def rectifier(z, g, kind, alpha=0.01):
    e = np.exp(np.minimum(z, 0))
    low, slope = {"relu": (0 * z, 0), "leaky relu": (alpha * z, alpha), "elu": (alpha * (e - 1), alpha * e)}[kind]
    return np.where(z > 0, z, low).tolist(), (g * np.where(z > 0, 1, slope)).tolist()


# %% alternative="rectifier" id="slope-as-an-array"
def rectifier(z, g, kind, alpha=0.01):
    low = z <= 0
    slope = np.ones(z.shape)
    y = z.copy()
    if kind == "relu":
        slope[low], y[low] = 0.0, 0.0
    elif kind == "leaky relu":
        slope[low] = alpha
        y[low] *= alpha
    else:
        slope[low] = alpha * np.exp(z[low])
        y[low] = slope[low] - alpha
    return y, g * slope


# %% alternative="rectifier" id="maximum-and-minimum"
def rectifier(z, g, kind, alpha=0.01):
    up, down = np.maximum(z, 0), np.minimum(z, 0)
    if kind == "relu":
        return up, np.where(z > 0, 1, 0) * g
    if kind == "leaky relu":
        return up + alpha * down, np.where(z > 0, 1, alpha) * g
    return up + alpha * np.expm1(down), np.where(z > 0, 1, alpha * np.exp(down)) * g


# %% alternative="rectifier" id="number-by-number"
def rectifier(z, g, kind, alpha=0.01):
    import math

    y, grad = np.empty(z.shape), np.empty(z.shape)
    for i, number in np.ndenumerate(z):
        if number > 0 or math.isnan(number):
            y[i], grad[i] = number, g[i]
        elif kind == "relu":
            y[i], grad[i] = 0, 0
        elif kind == "leaky relu":
            y[i], grad[i] = alpha * number, alpha * g[i]
        else:
            y[i], grad[i] = alpha * math.expm1(number), alpha * math.exp(number) * g[i]
    return y, grad


# %% [markdown]
r"""
Weights of the right size
"""


# %% mistake="init-layer" id="variance-as-deviation" hint="rng.normal takes a standard deviation; what you hand over is a variance, and so your weights are far too small."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, variance, (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3) * variance, np.sqrt(3) * variance, (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="variance-as-deviation-again" again="variance-as-deviation"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    size = {"xavier": 2.0 / (fan_out + fan_in), "he": 2.0 / fan_in}[name]
    shape = (fan_in, fan_out)
    if distribution == "uniform":
        return (2 * rng.random(shape) - 1) * 3**0.5 * size, np.zeros(fan_out)
    return rng.standard_normal(shape) * size, np.zeros((fan_out,))


# %% mistake="init-layer" id="he-without-the-two" hint="He's variance is larger than yours: ReLU lets through only half of it, which the formula makes up for."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 1 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="he-without-the-two-again" again="he-without-the-two"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    std = fan_in**-0.5 if name == "he" else (0.5 * (fan_in + fan_out)) ** -0.5
    shape = (fan_in, fan_out)
    if distribution == "uniform":
        return (2 * rng.random(shape) - 1) * 3**0.5 * std, np.zeros(fan_out)
    return rng.standard_normal(shape) * std, np.zeros((fan_out,))


# %% mistake="init-layer" id="he-by-fan-out" hint="He's formula counts the numbers that a unit reads; yours counts the units."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_out if kind.startswith("he") else 2 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="xavier-by-fan-in" hint="Xavier's formula knows both fans; yours looks at one."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 1 / fan_in
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="xavier-by-fan-in-again" again="xavier-by-fan-in"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    std = np.sqrt({"xavier": 1.0, "he": 2.0}[name] / fan_in)
    shape = (fan_in, fan_out)
    if distribution == "uniform":
        return (2 * rng.random(shape) - 1) * 3**0.5 * std, np.zeros(fan_out)
    return rng.standard_normal(shape) * std, np.zeros((fan_out,))


# %% mistake="init-layer" id="xavier-without-the-two" hint="Xavier's variance is one over the mean of the two fans, not over their sum."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 1 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="uniform-to-one-sigma" hint="A uniform number between -a and a has a standard deviation that is smaller than a: your a is too small."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        return rng.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)
    return rng.uniform(-std, std, (fan_in, fan_out)), np.zeros(fan_out)


# %% mistake="init-layer" id="uniform-to-one-sigma-again" again="uniform-to-one-sigma"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    a = (fan_in / 2 if name == "he" else (fan_in + fan_out) / 2) ** -0.5
    numbers = (
        rng.standard_normal((fan_in, fan_out)) if distribution == "normal" else 2 * rng.random((fan_in, fan_out)) - 1
    )
    return a * numbers, np.zeros((fan_out,))


# %% mistake="init-layer" id="uniform-from-zero" hint="Your uniform weights are all positive; their mean should be 0."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        return rng.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)
    return rng.uniform(0, 2 * np.sqrt(3) * std, (fan_in, fan_out)), np.zeros(fan_out)


# %% mistake="init-layer" id="always-normal" hint="Where a uniform distribution is asked for, your weights are normally distributed: the largest are too large."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    return rng.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)


# %% mistake="init-layer" id="generator-of-its-own" hint="Your weights are the same at every call, whatever generator is passed in."
def init_layer(fan_in, fan_out, kind, rng):
    rng = np.random.default_rng(0)
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        return rng.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)
    return rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out)), np.zeros(fan_out)


# %% mistake="init-layer" id="global-generator" hint="Two generators of the same seed give different weights: the numbers come from somewhere else."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        return np.random.normal(0.0, std, (fan_in, fan_out)), np.zeros(fan_out)  # noqa: NPY002
    return np.random.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out)), np.zeros(fan_out)  # noqa: NPY002


# %% mistake="init-layer" id="random-biases" hint="The biases start at 0; yours are random."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        w = rng.normal(0.0, std, (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out))
    return w, rng.normal(0.0, std, fan_out)


# %% mistake="init-layer" id="random-biases-again" again="random-biases"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    std = np.sqrt(2 / fan_in) if name == "he" else np.sqrt(2 / (fan_in + fan_out))
    if distribution == "uniform":
        w = (2 * rng.random((fan_in, fan_out)) - 1) * np.sqrt(3) * std
    else:
        w = std * rng.standard_normal((fan_in, fan_out))
    return w, std * rng.standard_normal(fan_out)


# %% mistake="init-layer" id="biases-as-a-row" hint="b has one axis; yours has two."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        w = rng.normal(0.0, std, (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, fan_out))
    return w, np.zeros((1, fan_out))


# %% mistake="init-layer" id="transposed" hint="Rows and columns of w have changed places: see the shape in the text."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        w = rng.normal(0.0, std, (fan_out, fan_in))
    else:
        w = rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_out, fan_in))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="equal-units" hint="All units of your layer have the same weights: they can never learn different things."
def init_layer(fan_in, fan_out, kind, rng):
    std = np.sqrt(2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out))
    if kind.endswith("normal"):
        column = rng.normal(0.0, std, (fan_in, 1))
    else:
        column = rng.uniform(-np.sqrt(3) * std, np.sqrt(3) * std, (fan_in, 1))
    return np.repeat(column, fan_out, axis=1), np.zeros(fan_out)


# %% mistake="init-layer" id="whole-biases" hint="Your biases are no array of float64: no fraction can ever be added to whole numbers in place, nor to a list."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out, dtype=int)


# %% mistake="init-layer" id="whole-biases-again" again="whole-biases"
def init_layer(fan_in, fan_out, kind, rng):
    name, distribution = kind.split()
    std = np.sqrt(2 / (fan_in + fan_out * (name == "xavier")))
    shape = (fan_in, fan_out)
    if distribution == "uniform":
        return (2 * rng.random(shape) - 1) * 3**0.5 * std, np.arange(fan_out) * 0
    return rng.standard_normal(shape) * std, np.arange(fan_out) * 0


# %% mistake="init-layer" id="counts-the-bias" hint="You count the bias as one more input; in the table fan_in is the number of inputs alone."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / (fan_in + 1) if kind.startswith("he") else 2 / (fan_in + 1 + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% mistake="init-layer" id="standardised" hint="You scale a layer's weights by their own standard deviation: then they are no longer draws of their own, and a single one has none."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    if kind.endswith("normal"):
        w = rng.normal(0.0, np.sqrt(variance), (fan_in, fan_out))
    else:
        w = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), (fan_in, fan_out))
    return (w - w.mean()) / w.std() * np.sqrt(variance), np.zeros(fan_out)


# %% mistake="init-layer" id="mirrored" hint="Half of your weights are the others with the opposite sign; every weight is a draw of its own."
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    shape = (-(-fan_in // 2), fan_out)
    if kind.endswith("normal"):
        half = rng.normal(0.0, np.sqrt(variance), shape)
    else:
        half = rng.uniform(-np.sqrt(3 * variance), np.sqrt(3 * variance), shape)
    return np.concatenate([half, -half])[:fan_in], np.zeros(fan_out)


# %% alternative="init-layer" id="scaled-standard-draws"
def init_layer(fan_in, fan_out, kind, rng):
    std = {"xavier": (fan_in + fan_out) / 2, "he": fan_in / 2}[kind.split()[0]] ** -0.5
    if "uniform" in kind:
        w = 2 * np.sqrt(3) * std * (rng.random((fan_in, fan_out)) - 0.5)
    else:
        w = std * rng.standard_normal((fan_in, fan_out))
    return w, np.zeros(fan_out)


# %% alternative="init-layer" id="unit-by-unit"
def init_layer(fan_in, fan_out, kind, rng):
    variance = 2 / fan_in if kind.startswith("he") else 2 / (fan_in + fan_out)
    w = np.empty((fan_in, fan_out))
    for unit in range(fan_out):
        for i in range(fan_in):
            if kind.endswith("normal"):
                w[i, unit] = rng.normal(0.0, variance**0.5)
            else:
                w[i, unit] = rng.uniform(-((3 * variance) ** 0.5), (3 * variance) ** 0.5)
    return w, np.zeros(fan_out)


# %% alternative="init-layer" id="drawn-transposed"
def init_layer(fan_in, fan_out, kind, rng):
    variance = {"he": 1 / fan_in, "xavier": 1 / (fan_in + fan_out)}[kind.split()[0]] * 2
    shape = (fan_out, fan_in)
    draws = {
        "normal": lambda: rng.normal(size=shape),
        "uniform": lambda: rng.uniform(-np.sqrt(3), np.sqrt(3), size=shape),
    }
    return np.sqrt(variance) * draws[kind.split()[1]]().T, np.zeros((fan_out,))


# %% [markdown]
r"""
A signal through many layers
"""


# %% mistake="layer-stats" id="before-the-activation" hint="Your numbers are those of z, before the activation; asked for is what leaves the layer."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        z = y @ w
        y = f(z)
        rows.append((z.mean(), z.std()))
    return np.array(rows)


# %% mistake="layer-stats" id="before-the-activation-again" again="before-the-activation"
def layer_stats(x, weights, f):
    stats = np.empty((len(weights), 2))
    z = x @ weights[0]
    for k, w in enumerate(weights):
        z = f(z) @ w if k else z
        stats[k] = np.mean(z), np.std(z)
    return stats


# %% mistake="layer-stats" id="no-activation" hint="The activation has no influence on what you pass on: your network is linear."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = y @ w
        rows.append((f(y).mean(), f(y).std()))
    return np.array(rows)


# %% mistake="layer-stats" id="last-layer-linear" hint="In your network the last layer has no activation."
def layer_stats(x, weights, f):
    rows, y = [], x
    for k, w in enumerate(weights):
        y = y @ w
        if k < len(weights) - 1:
            y = f(y)
        rows.append((y.mean(), y.std()))
    return np.array(rows)


# %% mistake="layer-stats" id="data-included" hint="The data have no row of their own: your first row belongs to what enters the network."
def layer_stats(x, weights, f):
    rows, y = [(x.mean(), x.std())], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.std()))
    return np.array(rows)


# %% mistake="layer-stats" id="data-included-again" again="data-included"
def layer_stats(x, weights, f):
    outputs = [x]
    for w in weights:
        outputs.append(f(outputs[-1] @ w))
    return np.stack([[np.mean(y) for y in outputs], [np.std(y) for y in outputs]], axis=1)


# %% mistake="layer-stats" id="variance" hint="Your second column holds squares: see what is asked for, variance or standard deviation."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.var()))
    return np.array(rows)


# %% mistake="layer-stats" id="variance-again" again="variance"
def layer_stats(x, weights, f):
    stats = np.empty((len(weights), 2))
    for k, w in enumerate(weights):
        x = f(np.dot(x, w))
        mean = x.sum() / x.size
        stats[k] = mean, ((x - mean) ** 2).sum() / x.size
    return stats


# %% mistake="layer-stats" id="divides-by-one-less" hint="Your standard deviation divides by one less than the number of values; the convention divides by their number."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.std(ddof=1) if y.size > 1 else 0.0))
    return np.array(rows)


# %% mistake="layer-stats" id="unit-by-unit" hint="You take the spread of each unit and average; the spread of all numbers together is larger."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.std(axis=0).mean()))
    return np.array(rows)


# %% mistake="layer-stats" id="root-mean-square" hint="Your second column measures the distance from 0, not from the mean."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), np.sqrt((y**2).mean())))
    return np.array(rows)


# %% mistake="layer-stats" id="two-rows" hint="Rows and columns of your result have changed places."
def layer_stats(x, weights, f):
    means, stds, y = [], [], x
    for w in weights:
        y = f(y @ w)
        means.append(y.mean())
        stds.append(y.std())
    return np.array([means, stds])


# %% mistake="layer-stats" id="last-layer-only" hint="Asked for is a row for each layer; you return the last one alone."
def layer_stats(x, weights, f):
    y = x
    for w in weights:
        y = f(y @ w)
    return np.array([[y.mean(), y.std()]])


# %% mistake="layer-stats" id="uses-up-the-weights" hint="After the call the caller's list of weights is another one than before."
def layer_stats(x, weights, f):
    rows = []
    while weights:
        x = f(x @ weights.pop(0))
        rows.append((x.mean(), x.std()))
    return np.array(rows)


# %% mistake="layer-stats" id="outputs-in-place-of-weights" hint="After the call the caller's list of weights holds other arrays than before."
def layer_stats(x, weights, f):
    rows, y = [], x
    for k in range(len(weights)):
        weights[k] = y = f(y @ weights[k])
        rows.append((y.mean(), y.std()))
    return np.array(rows)


# %% mistake="layer-stats" id="squeezed" hint="Think of a single layer: your result has one axis less there."
def layer_stats(x, weights, f):
    rows, y = [], x
    for w in weights:
        y = f(y @ w)
        rows.append((y.mean(), y.std()))
    return np.squeeze(rows)


# %% alternative="layer-stats" id="einsum-and-sums"
def layer_stats(x, weights, f):
    stats = np.zeros((len(weights), 2))
    for k in range(len(weights)):
        x = f(np.einsum("nd,dh->nh", x, weights[k]))
        mean = x.sum() / x.size
        stats[k] = mean, np.sqrt(((x - mean) ** 2).sum() / x.size)
    return stats


# %% alternative="layer-stats" id="outputs-first"
def layer_stats(x, weights, f):
    outputs = [x]
    for w in weights:
        outputs.append(f(np.matmul(outputs[-1], w)))
    return np.stack([[np.mean(y) for y in outputs[1:]], [np.std(y) for y in outputs[1:]]], axis=1)


# %% [markdown]
r"""
A gradient back through many layers
"""


# %% mistake="gradient-norms" id="slope-at-the-output" hint="The slope is taken at z, what enters the activation; yours is taken at what leaves it."
def gradient_norms(x, weights, f, slope, g):
    y, ys = x, []
    for w in weights:
        y = f(y @ w)
        ys.append(y)
    norms = [np.linalg.norm(g)]
    for w, y in zip(reversed(weights), reversed(ys)):
        g = (g * slope(y)) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="slope-at-the-output-again" again="slope-at-the-output"
def gradient_norms(x, weights, f, slope, g):
    layers = [x]
    for w in weights:
        layers.append(f(layers[-1].dot(w)))
    norms = np.zeros(len(layers))
    norms[-1] = np.sqrt((g**2).sum())
    for k in range(len(weights), 0, -1):
        g = np.einsum("nh,nh,dh->nd", g, slope(layers[k]), weights[k - 1])
        norms[k - 1] = np.sqrt((g**2).sum())
    return norms


# %% mistake="gradient-norms" id="not-transposed" hint="On the way back a matrix is applied from the other side: check the shapes of a layer that is not square, or the numbers of one that is."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ (w if w.shape[0] == w.shape[1] else w.T)
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="slope-forgotten" hint="Nothing in your way back depends on the activation."
def gradient_norms(x, weights, f, slope, g):
    norms = [np.linalg.norm(g)]
    for w in reversed(weights):
        g = g @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="slope-forgotten-again" again="slope-forgotten"
def gradient_norms(x, weights, f, slope, g):
    norms = np.empty(len(weights) + 1)
    for k in range(len(weights), -1, -1):
        norms[k] = np.sqrt(np.sum(g * g))
        if k:
            g = g.dot(weights[k - 1].transpose())
    return norms


# %% mistake="gradient-norms" id="wrong-layer" hint="Each matrix on your way back meets the slope of another layer than its own."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    for k in range(len(weights) - 1, -1, -1):
        g = g @ weights[k].T
        if k:
            g = g * slope(zs[k - 1])
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="wrong-layer-again" again="wrong-layer"
def gradient_norms(x, weights, f, slope, g):
    before = []
    y = x
    for w in weights:
        before.append(np.dot(y, w))
        y = f(before[-1])
    norms = {len(weights): np.sqrt(np.sum(g**2))}
    for k in reversed(range(len(weights))):
        g = np.einsum("nh,dh->nd", g, weights[k])
        g = g * slope(before[k - 1]) if k > 0 else g
        norms[k] = np.sqrt(np.sum(g**2))
    return np.array([norms[k] for k in sorted(norms)])


# %% mistake="gradient-norms" id="linear-forward" hint="Your z come from a network without activations: what enters a layer is f of the z before it."
def gradient_norms(x, weights, f, slope, g):
    z, zs = x, []
    for w in weights:
        z = z @ w
        zs.append(z)
    norms = [np.linalg.norm(g)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="output-first" hint="Your list runs from the output to the data; it should run the other way."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms)


# %% mistake="gradient-norms" id="output-first-again" again="output-first"
def gradient_norms(x, weights, f, slope, g):
    zs = []
    for w in weights:
        zs.append((f(zs[-1]) if zs else x).dot(w))
    norms = np.empty(len(weights) + 1)
    for k in range(len(weights) + 1):
        norms[k] = np.sqrt((g * g).sum())
        if k < len(weights):
            g = np.einsum("nh,dh->nd", slope(zs[-1 - k]) * g, weights[-1 - k])
    return norms


# %% mistake="gradient-norms" id="gradient-of-z" hint="You measure the gradients at the z, after the slopes; asked for are those at the y."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = []
    for w, z in zip(reversed(weights), reversed(zs)):
        g = g * slope(z)
        norms.append(np.linalg.norm(g))
        g = g @ w.T
    norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="ignores-upstream" hint="Your gradient starts with ones, whatever g is."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    g = np.ones_like(y)
    norms = [np.linalg.norm(g)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="squared" hint="Your numbers are sums of squares: a root is missing."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.sum(g**2)]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.sum(g**2))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="mean-size" hint="You average over the entries or the samples; the convention sums the squares of all of them."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.sqrt(np.mean(g**2))]
    for w, z in zip(reversed(weights), reversed(zs)):
        g = (g * slope(z)) @ w.T
        norms.append(np.sqrt(np.mean(g**2)))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="without-the-data" hint="One number is missing: the gradient goes on to the data, y with the number 0."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = []
    for w, z in zip(reversed(weights), reversed(zs)):
        norms.append(np.linalg.norm(g))
        g = (g * slope(z)) @ w.T
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="reverses-the-weights" hint="After the call the caller's list of weights runs backwards."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    weights.reverse()
    for w in weights:
        g = (g * slope(zs.pop())) @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="uses-up-the-weights" hint="After the call the caller's list of weights is empty."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    while weights:
        g = (g * slope(zs.pop())) @ weights.pop().T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% mistake="gradient-norms" id="changes-the-gradient" hint="After the call the caller finds other numbers in g than before."
def gradient_norms(x, weights, f, slope, g):
    y, zs = x, []
    for w in weights:
        zs.append(y @ w)
        y = f(zs[-1])
    norms = [np.linalg.norm(g)]
    for w, z in zip(weights[::-1], zs[::-1]):
        g *= slope(z)
        g = g @ w.T
        norms.append(np.linalg.norm(g))
    return np.array(norms[::-1])


# %% alternative="gradient-norms" id="recursion"
def gradient_norms(x, weights, f, slope, g):
    def back(y, k):
        """Return (gradient at y_k, norms from k on)."""
        if k == len(weights):
            return g, [np.sqrt(np.sum(g * g))]
        z = y @ weights[k]
        after, norms = back(f(z), k + 1)
        here = np.einsum("nh,dh->nd", after * slope(z), weights[k])
        return here, [np.sqrt(np.sum(here * here)), *norms]

    return np.array(back(x, 0)[1])


# %% alternative="gradient-norms" id="sample-by-sample"
def gradient_norms(x, weights, f, slope, g):
    squares = np.zeros(len(weights) + 1)
    for n in range(len(x)):
        y, zs = x[n], []
        for w in weights:
            zs.append(w.T @ y)
            y = f(zs[-1])
        gradient = g[n].copy()
        squares[-1] += gradient @ gradient
        for k in range(len(weights) - 1, -1, -1):
            gradient = weights[k] @ (gradient * slope(zs[k]))
            squares[k] += gradient @ gradient
    return np.sqrt(squares)


# %% alternative="gradient-norms" id="slopes-kept"
def gradient_norms(x, weights, f, slope, g):
    slopes = []
    for w in weights:
        z = np.dot(x, w)
        slopes.append(slope(z))
        x = f(z)
    norms = np.empty(len(weights) + 1)
    for k in range(len(weights), -1, -1):
        norms[k] = np.linalg.norm(g.ravel())
        if k > 0:
            g = np.dot(slopes[k - 1] * g, weights[k - 1].T)
    return norms


# %% [markdown]
r"""
Silent and dead units
"""


# %% mistake="dead-fraction" id="silent-once" hint="You call a unit dead that is silent on one sample; it has to be silent on all of them."
def dead_fraction(x, w, b):
    silent = x @ w + b <= 0
    return float(silent.any(axis=0).mean()), float(silent.mean())


# %% mistake="dead-fraction" id="silent-once-again" again="silent-once"
def dead_fraction(x, w, b):
    z = x @ w + b
    lowest = z.min(axis=0)
    return np.count_nonzero(lowest <= 0) / len(lowest), np.count_nonzero(z <= 0) / z.size


# %% mistake="dead-fraction" id="wrong-axis" hint="You count samples for which no unit fires; a unit is a column of z, a sample is a row."
def dead_fraction(x, w, b):
    silent = x @ w + b <= 0
    return float(silent.all(axis=1).mean()), float(silent.mean())


# %% mistake="dead-fraction" id="wrong-axis-again" again="wrong-axis"
def dead_fraction(x, w, b):
    z = x @ w + b
    return sum(row.max() <= 0 for row in z) / len(z), sum(number <= 0 for row in z for number in row) / z.size


# %% mistake="dead-fraction" id="zero-counts-as-firing" hint="Where z is exactly 0 the unit is silent too: its slope there is 0."
def dead_fraction(x, w, b):
    silent = x @ w + b < 0
    return float(silent.all(axis=0).mean()), float(silent.mean())


# %% mistake="dead-fraction" id="zero-counts-as-firing-again" again="zero-counts-as-firing"
def dead_fraction(x, w, b):
    z = x @ w + b
    return float(np.mean(z.max(axis=0) < 0)), float(1 - np.mean(z >= 0))


# %% mistake="dead-fraction" id="no-bias" hint="The biases have no influence on your result."
def dead_fraction(x, w, b):
    silent = x @ w <= 0
    return float(silent.all(axis=0).mean()), float(silent.mean())


# %% mistake="dead-fraction" id="no-bias-again" again="no-bias"
def dead_fraction(x, w, b):
    z = np.einsum("nd,dh->nh", x, w)
    return float((z.max(axis=0) <= 0).mean()), 1 - np.count_nonzero(z > 0) / z.size


# %% mistake="dead-fraction" id="alive-instead" hint="You return the share of units and pairs that fire; asked for are those that don't."
def dead_fraction(x, w, b):
    fires = x @ w + b > 0
    return float(fires.any(axis=0).mean()), float(fires.mean())


# %% mistake="dead-fraction" id="counts" hint="You return how many there are; asked for is a share between 0 and 1."
def dead_fraction(x, w, b):
    silent = x @ w + b <= 0
    return int(silent.all(axis=0).sum()), int(silent.sum())


# %% mistake="dead-fraction" id="order-exchanged" hint="Your two numbers stand in the other order."
def dead_fraction(x, w, b):
    silent = x @ w + b <= 0
    return float(silent.mean()), float(silent.all(axis=0).mean())


# %% mistake="dead-fraction" id="mean-output" hint="A unit whose mean over the samples is not positive may still fire for some of them."
def dead_fraction(x, w, b):
    z = x @ w + b
    return float((z.mean(axis=0) <= 0).mean()), float((z <= 0).mean())


# %% mistake="dead-fraction" id="whole-outputs" hint="A z between 0 and 1 fires, too: somewhere your outputs lose their fractions."
def dead_fraction(x, w, b):
    y = np.maximum(x @ w + b, 0).astype(int)
    return float((y == 0).all(axis=0).mean()), float((y == 0).mean())


# %% mistake="dead-fraction" id="whole-outputs-again" again="whole-outputs"
def dead_fraction(x, w, b):
    silent = np.floor(x @ w + b) <= 0
    return np.count_nonzero(silent.sum(axis=0) == len(x)) / len(b), np.count_nonzero(silent) / silent.size


# %% mistake="dead-fraction" id="with-a-tolerance" hint="Your comparison with 0 has a tolerance: a z that is tiny but positive fires."
def dead_fraction(x, w, b):
    silent = np.isclose(np.maximum(x @ w + b, 0), 0)
    return float(silent.all(axis=0).mean()), float(silent.mean())


# %% mistake="dead-fraction" id="nearly-always" hint="A unit that fires for a single sample out of many is not dead."
def dead_fraction(x, w, b):
    silent = x @ w + b <= 0
    return float((silent.mean(axis=0) > 0.95).mean()), float(silent.mean())


# %% alternative="dead-fraction" id="relu-has-no-output"
def dead_fraction(x, w, b):
    y = np.maximum(x @ w + b, 0)
    return np.count_nonzero(y.sum(axis=0) == 0) / y.shape[1], np.mean(y == 0)


# %% alternative="dead-fraction" id="unit-by-unit"
def dead_fraction(x, w, b):
    dead = silent = 0
    for j in range(w.shape[1]):
        quiet = [sum(x[n, d] * w[d, j] for d in range(len(w))) + b[j] <= 0 for n in range(len(x))]
        dead += all(quiet)
        silent += sum(quiet)
    return dead / w.shape[1], silent / (len(x) * w.shape[1])


# %% [markdown]
r"""
Units that can never differ
"""


# %% mistake="distinct-units" id="weights-in-alone" hint="You compare the weights in, and the biases perhaps; units that differ in their weights out get different gradients."
def distinct_units(w1, b1, w2):
    return np.unique(np.vstack([w1, b1]), axis=1).shape[1]


# %% mistake="distinct-units" id="weights-in-alone-again" again="weights-in-alone"
def distinct_units(w1, b1, w2):
    return len({(*w1[:, j].tolist(), b1[j].item()) for j in range(len(b1))})


# %% mistake="distinct-units" id="no-bias" hint="Two units that differ in their biases alone are no twins."
def distinct_units(w1, b1, w2):
    return np.unique(np.vstack([w1, w2.T]), axis=1).shape[1]


# %% mistake="distinct-units" id="no-bias-again" again="no-bias"
def distinct_units(w1, b1, w2):
    return len({(tuple(w1[:, j].tolist()), tuple(w2[j].tolist())) for j in range(len(b1))})


# %% mistake="distinct-units" id="rows-compared" hint="A hidden unit is a column of w1; you count the different rows."
def distinct_units(w1, b1, w2):
    return np.unique(np.vstack([w1, b1, w2.T]), axis=0).shape[0]


# %% mistake="distinct-units" id="rows-compared-again" again="rows-compared"
def distinct_units(w1, b1, w2):
    return len({tuple(row) for row in [*w1.tolist(), b1.tolist(), *w2.T.tolist()]})


# %% mistake="distinct-units" id="different-numbers" hint="You count different numbers; asked for are different units, each a column of numbers."
def distinct_units(w1, b1, w2):
    return len(np.unique(np.vstack([w1, b1, w2.T])))


# %% mistake="distinct-units" id="order-lost" hint="Two units that hold the same numbers in another order are different: they read different inputs."
def distinct_units(w1, b1, w2):
    return len({(*sorted(w1[:, j].tolist()), b1[j].item(), *sorted(w2[j].tolist())) for j in range(len(b1))})


# %% mistake="distinct-units" id="sums-compared" hint="You compare one number for each unit, such as a sum; different weights can have the same sum."
def distinct_units(w1, b1, w2):
    return len(np.unique(np.vstack([w1, b1, w2.T]).sum(axis=0)))


# %% mistake="distinct-units" id="rank" hint="You count independent directions; two units of which one is a multiple of the other are no twins."
def distinct_units(w1, b1, w2):
    return int(np.linalg.matrix_rank(np.vstack([w1, b1, w2.T])))


# %% mistake="distinct-units" id="units-with-a-twin" hint="You leave out units that have a twin; a group of twins counts as one unit."
def distinct_units(w1, b1, w2):
    _, counts = np.unique(np.vstack([w1, b1, w2.T]), axis=1, return_counts=True)
    return int(np.sum(counts == 1))


# %% mistake="distinct-units" id="neighbours-only" hint="You compare each unit with its neighbour alone; twins may stand anywhere."
def distinct_units(w1, b1, w2):
    units = np.vstack([w1, b1, w2.T])
    return 1 + int(np.sum(np.any(units[:, 1:] != units[:, :-1], axis=0)))


# %% mistake="distinct-units" id="with-a-tolerance" hint="Two units that differ by very little are equal in your comparison: it has a tolerance, or it rounds."
def distinct_units(w1, b1, w2):
    return np.unique(np.round(np.vstack([w1, b1, w2.T]), 9), axis=1).shape[1]


# %% mistake="distinct-units" id="with-a-tolerance-again" again="with-a-tolerance"
def distinct_units(w1, b1, w2):
    kept = []
    for unit in np.vstack([w1, b1, w2.T]).T:
        if not any(np.allclose(unit, other, rtol=0, atol=1e-10) for other in kept):
            kept.append(unit)
    return len(kept)


# %% mistake="distinct-units" id="compares-bytes" hint="You compare how numbers are stored or written; 0.0 and -0.0 differ in that, but are equal."
def distinct_units(w1, b1, w2):
    return len({unit.tobytes() for unit in np.vstack([w1, b1, w2.T]).T})


# %% mistake="distinct-units" id="compares-bytes-again" again="compares-bytes"
def distinct_units(w1, b1, w2):
    return len({repr([*w1[:, j].tolist(), b1[j].item(), *w2[j].tolist()]) for j in range(len(b1))})


# %% mistake="distinct-units" id="whole-numbers" hint="Your comparison sees whole numbers only; weights have fractions."
def distinct_units(w1, b1, w2):
    return np.unique(np.vstack([w1, b1, w2.T]).astype(int), axis=1).shape[1]


# %% mistake="distinct-units" id="signs-lost" hint="A weight and its negative are equal in your comparison."
def distinct_units(w1, b1, w2):
    return np.unique(np.abs(np.vstack([w1, b1, w2.T])), axis=1).shape[1]


# %% alternative="distinct-units" id="set-of-tuples"
def distinct_units(w1, b1, w2):
    return len({(*w1[:, j].tolist(), b1[j].item(), *w2[j].tolist()) for j in range(len(b1))})


# %% alternative="distinct-units" id="pair-by-pair"
def distinct_units(w1, b1, w2):
    kept = []
    for j in range(w1.shape[1]):
        twins = [i for i in kept if (w1[:, i] == w1[:, j]).all() and b1[i] == b1[j] and np.array_equal(w2[i], w2[j])]
        if not twins:
            kept.append(j)
    return len(kept)


# %% alternative="distinct-units" id="sorted-neighbours"
def distinct_units(w1, b1, w2):
    units = np.concatenate([w1, b1[None, :], w2.T])
    units = units[:, np.lexsort(units)]
    return 1 + int((np.diff(units, axis=1) != 0).any(axis=0).sum())


# %% alternative="distinct-units" id="rows-of-units"
def distinct_units(w1, b1, w2):
    return len(np.unique(np.concatenate([w1.T, b1[:, None], w2], axis=1), axis=0))


# %% [markdown]
r"""
Questions that need a run
"""

# %% mistake="moves-from-zero" id="nothing-moves" hint="Some gradient is not 0: the network says 1/10 for every class, and the classes are not equally frequent."
moved_from_zero = "a"

# %% mistake="moves-from-zero" id="output-layer-moves" hint="The gradient of w2 is made of the hidden outputs; run it, and look at those at the start."
moved_from_zero = "c"

# %% mistake="moves-from-zero" id="all-move" hint="Run it and look at the hidden weights after 50 steps; are you sure that you started from zeros?"
moved_from_zero = "d"

# %% alternative="moves-from-zero" id="capital-letter"
moved_from_zero = " B"

# %% mistake="signal-ends" id="counts-from-zero" hint="Layers are counted from 1 here; which one is the first row of layer_stats?"
first_layer_below = 8

# %% mistake="signal-ends" id="one-too-many" hint="Asked for is the first layer whose output is below the mark."
first_layer_below = 10

# %% mistake="signal-ends" id="from-the-factor-of-a-linear-layer" hint="Run it: the factor from layer to layer is smaller than 0.01 times the root of 100."
first_layer_below = 11

# %% mistake="signal-ends" id="never" hint="Print all twenty standard deviations, with their exponents."
first_layer_below = 20

# %% alternative="signal-ends" id="as-a-float"
first_layer_below = 9.0

# %% alternative="signal-ends" id="as-a-numpy-number"
first_layer_below = 1 + np.argmax(np.array([1.0] * 8 + [4e-11]) < 1e-10)

# %% alternative="moves-from-zero" id="with-a-blank"
moved_from_zero = "b "
