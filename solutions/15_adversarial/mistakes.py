# %% [markdown]
r"""
The gradient with respect to the input
"""


# %% mistake="input-gradient" id="divided-by-the-batch" hint="Your rows get smaller the more samples there are: each row is the gradient of its own loss, not of a mean."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g / len(x)


# %% mistake="input-gradient" id="divided-by-the-batch-again" again="divided-by-the-batch"
def input_gradient(x, t, params):
    hidden = [x]
    for w, b in params[:-1]:
        hidden.append(np.maximum(hidden[-1] @ w + b, 0))
    z = hidden[-1] @ params[-1][0] + params[-1][1]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    g = (np.exp(log_p) - np.eye(z.shape[1])[t]) / z.shape[0]
    g = g @ params[-1][0].T
    for (w, _), h in zip(params[-2::-1], hidden[:0:-1]):
        g = np.where(h > 0, g, 0) @ w.T
    return g


# %% mistake="input-gradient" id="opposite-sign" hint="All your signs are opposite: at the logits the gradient is p minus the one-hot row."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return -g


# %% mistake="input-gradient" id="opposite-sign-again" again="opposite-sign"
def input_gradient(x, t, params):
    hidden = [x]
    for w, b in params[:-1]:
        hidden.append(np.maximum(hidden[-1] @ w + b, 0))
    z = hidden[-1] @ params[-1][0] + params[-1][1]
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    g = (np.eye(z.shape[1])[t] - p) @ params[-1][0].T
    for (w, _), h in zip(params[-2::-1], hidden[:0:-1]):
        g = np.where(h > 0, g, 0) @ w.T
    return g


# %% mistake="input-gradient" id="classes-forgotten" hint="Your result does not depend on t: the one-hot row of the true class is missing at the logits."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="score-instead-of-loss" hint="You differentiate the score of class t, not its loss: softmax is missing on the way back."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = np.zeros_like(p)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="own-answer-as-class" hint="You take the class that the network answers; the loss is that of the class t."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), p.argmax(axis=1)] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="relu-forgotten" hint="On the way back the gradient passes every unit, also those that were at 0."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
    return g


# %% mistake="input-gradient" id="relu-forgotten-again" again="relu-forgotten"
def input_gradient(x, t, params):
    h = x
    for w, b in params[:-1]:
        h = np.maximum(h @ w + b, 0)
    z = h @ params[-1][0] + params[-1][1]
    g = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) - np.eye(z.shape[1])[t]
    for w, _ in params[::-1]:
        g = g @ w.T
    return g


# %% mistake="input-gradient" id="mask-on-the-gradient" hint="You let through what is positive in the gradient; which units pass is decided by their z."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = np.maximum(g, 0)
    return g


# %% mistake="input-gradient" id="kink-above" hint="A unit whose z is exactly 0 passes your gradient; the convention says that it does not."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z >= 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="kink-above-again" again="kink-above"
def input_gradient(x, t, params):
    inputs, h = [], x
    for w, b in params[:-1]:
        inputs.append(h @ w + b)
        h = inputs[-1] * (inputs[-1] > 0)
    z = h @ params[-1][0] + params[-1][1]
    g = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) - np.eye(z.shape[1])[t]
    g = g @ params[-1][0].T
    for (w, _), z in zip(params[-2::-1], inputs[::-1]):
        g = np.where(z < 0, 0, g) @ w.T
    return g


# %% mistake="input-gradient" id="not-transposed" hint="The way back multiplies by the transposed weights; a square matrix hides that you do not."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ (params[k][0] if params[k][0].shape[0] == params[k][0].shape[1] else params[k][0].T)
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="overflow" hint="For logits of some hundreds your softmax divides infinity by infinity."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z)
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="softmax-over-the-batch" hint="Your probabilities of one sample depend on the other samples: each row has a sum of its own."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum()
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="relu-at-the-end" hint="You put a ReLU behind the last layer as well; the logits come straight from its product."
def input_gradient(x, t, params):
    h, passes = x, []
    for w, b in params:
        z = h @ w + b
        passes.append(z > 0)
        h = np.maximum(z, 0)
    p = np.exp(h - h.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for (w, _), passed in zip(params[::-1], passes[::-1]):
        g = (g * passed) @ w.T
    return g


# %% mistake="input-gradient" id="stops-at-the-first-layer" hint="Your way back ends in front of the first layer: one matrix product is missing."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in range(len(params) - 1, 0, -1):
        g = (g @ params[k][0].T) * passes[k - 1]
    return g


# %% mistake="input-gradient" id="summed-over-the-batch" hint="Your rows are all alike: each sample has a gradient of its own, nothing is summed."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return np.tile(g.sum(axis=0), (len(x), 1))


# %% mistake="input-gradient" id="logits-limited" hint="You limit the logits before softmax: two that lie beyond the limit become equal, whichever was larger."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(np.clip(z, -700, 700))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="one-mask-for-all-layers" hint="Only the last hidden layer has a mask on your way back; each layer with a ReLU has one."
def input_gradient(x, t, params):
    h, passes = x, []
    for k, (w, b) in enumerate(params):
        z = h @ w + b
        if k < len(params) - 1:
            passes.append(z > 0)
            h = np.maximum(z, 0)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    g = p / p.sum(axis=1, keepdims=True)
    g[np.arange(len(x)), t] -= 1
    for k in reversed(range(len(params))):
        g = g @ params[k][0].T
        if k > 0 and k == len(params) - 1:
            g = g * passes[k - 1]
    return g


# %% mistake="input-gradient" id="one-mask-for-all-layers-again" again="one-mask-for-all-layers"
def input_gradient(x, t, params):
    h = x
    for w, b in params[:-1]:
        h = np.maximum(h @ w + b, 0)
    z = h @ params[-1][0] + params[-1][1]
    g = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) - np.eye(z.shape[1])[t]
    g = g @ params[-1][0].T
    if len(params) > 1:
        g = np.where(h > 0, g, 0)
    for w, _ in params[-2::-1]:
        g = g @ w.T
    return g


# %% alternative="input-gradient" id="sample-by-sample"
def input_gradient(x, t, params):
    rows = []
    for sample, label in zip(x, t):
        h, jacobian = sample, np.eye(len(sample))
        for k, (w, b) in enumerate(params):
            z = h @ w + b
            jacobian = jacobian @ w
            if k < len(params) - 1:
                h = np.maximum(z, 0)
                jacobian = jacobian * (z > 0)
        e = np.exp(z - z.max())
        p = e / e.sum()
        p[label] -= 1
        rows.append(jacobian @ p)
    return np.array(rows)


# %% alternative="input-gradient" id="by-plainnet"
def input_gradient(x, t, params):
    h = start = plainnet.Tensor(np.asarray(x, float), requires_grad=True)
    for k, (w, b) in enumerate(params):
        h = plainnet.linear(plainnet.relu(h) if k else h, plainnet.Tensor(w), plainnet.Tensor(b))
    plainnet.softmax_cross_entropy(h, labels=t).backward()
    return start.grad * len(x)


# %% alternative="input-gradient" id="masks-and-einsum"
def input_gradient(x, t, params):
    hidden = [x]
    for w, b in params[:-1]:
        z = np.einsum("nd,dm->nm", hidden[-1], w) + b
        hidden.append(z * (z > 0))
    z = hidden[-1] @ params[-1][0] + params[-1][1]
    g = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) - np.eye(z.shape[1])[t]
    for (w, _), h in zip(params[::-1], hidden[::-1]):
        g = np.einsum("nm,dm->nd", g, w)
        if h is not hidden[0]:
            g = np.where(h > 0, g, 0)
    return g


# %% [markdown]
r"""
The steepest step
"""


# %% mistake="steepest-step" id="sign-of-zero-is-plus" hint="Where the gradient is 0 your step for the max norm is not: sign(0) is 0."
def steepest_step(g, eps, norm):
    if norm == "max":
        return np.where(g >= 0, eps, -eps)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="sign-of-zero-is-plus-again" again="sign-of-zero-is-plus"
def steepest_step(g, eps, norm):
    if norm == "max":
        signs = np.ones(g.shape)
        signs[g < 0] = -1
        return signs * eps
    flat = g.reshape(len(g), -1)
    lengths = np.linalg.norm(flat, axis=1, keepdims=True)
    return eps * np.divide(flat, lengths, out=np.zeros(flat.shape), where=lengths > 0).reshape(g.shape)


# %% mistake="steepest-step" id="one-length-for-the-batch" hint="You divide by one length for the whole batch; each sample has a length of its own."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum())
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="one-length-for-the-batch-again" again="one-length-for-the-batch"
def steepest_step(g, eps, norm):
    if norm == "l2":
        return eps * g / np.linalg.norm(g)
    return np.sign(g) * eps


# %% mistake="steepest-step" id="last-axis-only" hint="For images your length is that of each row of pixels: it runs over all axes of a sample."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=-1, keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="first-axis" hint="Your sum runs over the samples instead of over the entries of each sample."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=0, keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="zero-by-zero" hint="For a sample without any gradient you divide 0 by 0; its step is 0."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / length


# %% mistake="steepest-step" id="zero-by-zero-again" again="zero-by-zero"
def steepest_step(g, eps, norm):
    if norm == "max":
        return np.sign(g) * eps
    unit = np.array([sample / np.sqrt(np.sum(sample * sample)) for sample in g])
    return unit * eps


# %% mistake="steepest-step" id="small-number-added" hint="With very small gradients your step is far too short: the number that you add to the length is larger than the length."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / (length + 1e-8)


# %% mistake="steepest-step" id="small-number-added-again" again="small-number-added"
def steepest_step(g, eps, norm):
    if norm == "max":
        return np.sign(g) * eps
    axes = tuple(range(1, g.ndim))
    return g * (eps / (np.sum(np.square(g), axis=axes, keepdims=True) ** 0.5 + 1e-8))


# %% mistake="steepest-step" id="length-has-a-floor" hint="You give the length a floor above 0: a gradient that is shorter than your floor gets too short a step."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.maximum(length, 1e-12)


# %% mistake="steepest-step" id="length-has-a-floor-again" again="length-has-a-floor"
def steepest_step(g, eps, norm):
    if norm == "max":
        return np.sign(g) * eps
    steps = [sample * (eps / max(np.linalg.norm(sample.ravel()), 1e-12)) for sample in g]
    return np.array(steps)


# %% mistake="steepest-step" id="limits-only" hint="For l2 you shorten what is longer than eps; a gradient that is shorter has to be stretched."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return g * np.minimum(1, eps / np.where(length > 0, length, 1))


# %% mistake="steepest-step" id="root-forgotten" hint="You divide by the sum of the squares: the length is its root."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = (g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True)
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="sum-of-absolute-values" hint="You divide by the sum of the absolute values: that is another norm than the length."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.abs(g).sum(axis=tuple(range(1, g.ndim)), keepdims=True)
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="mean-of-squares" hint="You take the mean of the squares: your step grows longer the more entries a sample has."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).mean(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="gradient-instead-of-sign" hint="For the max norm each entry moves by all of eps, whatever the size of its gradient."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * g
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="scaled-by-the-largest" hint="For the max norm only the largest entry of yours moves by eps; all of them can."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * g / np.maximum(np.abs(g).max(axis=tuple(range(1, g.ndim)), keepdims=True), 1e-300)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="downhill" hint="Your step goes down: it shall climb."
def steepest_step(g, eps, norm):
    if norm == "max":
        return -eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return -eps * g / np.where(length > 0, length, 1)


# %% mistake="steepest-step" id="eps-squared-away" hint="For l2 your step has the length 1, whatever eps is."
def steepest_step(g, eps, norm):
    if norm == "max":
        return eps * np.sign(g)
    length = np.sqrt((g**2).sum(axis=tuple(range(1, g.ndim)), keepdims=True))
    return g / np.where(length > 0, length, 1)


# %% alternative="steepest-step" id="flattened"
def steepest_step(g, eps, norm):
    rows = g.reshape(len(g), -1)
    if norm == "max":
        step = eps * ((rows > 0) * 1.0 - (rows < 0))
    else:
        lengths = np.linalg.norm(rows, axis=1)
        lengths[lengths == 0] = np.inf
        step = eps * rows / lengths[:, None]
    return step.reshape(g.shape)


# %% alternative="steepest-step" id="sample-by-sample"
def steepest_step(g, eps, norm):
    steps = np.zeros(g.shape)
    for i, sample in enumerate(g):
        if norm == "max":
            steps[i] = np.copysign(eps, sample) * (sample != 0)
        elif np.any(sample):
            steps[i] = eps / np.sqrt(np.vdot(sample, sample)) * sample
    return steps


# %% [markdown]
r"""
The fast gradient sign method
"""


# %% mistake="fgsm" id="wrong-sign" hint="Your attack helps the network: untargeted, the loss of the true class shall rise."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = eps if targeted else -eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="wrong-sign-again" again="wrong-sign"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    signs = np.sign(gradient((x - mean) / std, t))
    if not targeted:
        signs = -signs
    return np.minimum(np.maximum(x + eps * signs, 0), 1)


# %% mistake="fgsm" id="targeted-ignored" hint="With targeted=True your step still leads away from the classes t."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="targeted-ignored-again" again="targeted-ignored"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    direction = np.sign(gradient((x - mean) / std, t) / std)
    moved = x + direction * eps
    moved[moved < 0] = 0
    moved[moved > 1] = 1
    return moved


# %% mistake="fgsm" id="always-downhill" hint="Without targeted your step should lead away from the classes t: it leads to them."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="not-clipped" hint="Your images leave the range of a pixel, 0 to 1."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return x + step * np.sign(g)


# %% mistake="fgsm" id="not-clipped-again" again="not-clipped"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    sign = -1 if targeted else 1
    direction = np.sign(gradient((x - mean) / std, t))
    return x + sign * eps * direction


# %% mistake="fgsm" id="step-clipped" hint="You limit the step to [0, 1], not the image: negative steps get lost."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return x + np.clip(step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="gradient-instead-of-sign" hint="Each pixel moves by all of eps, whatever the size of its gradient."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * g, 0.0, 1.0)


# %% mistake="fgsm" id="normalised-gradient" hint="Only your pixel with the largest gradient moves by eps; all of them shall."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * g / np.abs(g).max(axis=1, keepdims=True), 0.0, 1.0)


# %% mistake="fgsm" id="sign-of-zero-is-plus" hint="Where the gradient is 0 your pixel moves; it shall stay."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.where(g >= 0, 1.0, -1.0), 0.0, 1.0)


# %% mistake="fgsm" id="eps-in-the-networks-scale" hint="You take the step in the scale of the network's inputs; eps is measured in pixels."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    u = (x - mean) / std
    step = -eps if targeted else eps
    return np.clip(mean + std * (u + step * np.sign(gradient(u, t))), 0.0, 1.0)


# %% mistake="fgsm" id="eps-in-the-networks-scale-again" again="eps-in-the-networks-scale"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    signs = np.sign(gradient((x - mean) / std, t))
    return np.minimum(1.0, np.maximum(0.0, x + eps * std * (-signs if targeted else signs)))


# %% mistake="fgsm" id="eps-divided-by-std" hint="The larger std is, the smaller is your step; eps is measured in pixels, whatever std is."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step / std * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="gradient-at-the-pixels" hint="You ask for the gradient at the pixels; the network is fed with something else."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient(x, t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="multiplied-by-std" hint="You multiply by std where the network's input is divided by it."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) * std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="one-mean-for-all-pixels" hint="You take one mean and one std for all pixels; each pixel may have its own."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - np.mean(mean)) / np.mean(std), t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.sign(g), 0.0, 1.0)


# %% mistake="fgsm" id="returns-the-networks-input" hint="You return what the network is fed with; the result shall be an image in pixels."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    u = (x - mean) / std
    g = gradient(u, t)
    step = -eps if targeted else eps
    return (np.clip(x + step * np.sign(g), 0.0, 1.0) - mean) / std


# %% mistake="fgsm" id="clipped-in-the-networks-scale" hint="You limit the network's inputs to [0, 1]; it is the pixels that lie between 0 and 1."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    u = (x - mean) / std
    step = -eps if targeted else eps
    moved = np.clip(u + step / std * np.sign(gradient(u, t)), 0.0, 1.0)
    return mean + std * moved


# %% mistake="fgsm" id="only-the-first-sample" hint="All your images move along the gradient of the first one."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t)
    step = -eps if targeted else eps
    return np.clip(x + step * np.sign(g[0]), 0.0, 1.0)


# %% mistake="fgsm" id="changes-the-images" hint="After the call the caller's images are the attacked ones."
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    step = -eps if targeted else eps
    x += step * np.sign(gradient((x - mean) / std, t))
    np.clip(x, 0.0, 1.0, out=x)
    return x


# %% alternative="fgsm" id="sample-by-sample"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    mean, std = mean + np.zeros(x.shape[1]), std + np.zeros(x.shape[1])
    moved = []
    for i in range(len(x)):
        g = gradient(((x[i] - mean) / std)[None], t[i : i + 1])[0]
        moved.append(np.clip(x[i] + (-eps if targeted else eps) * np.sign(g), 0, 1))
    return np.array(moved)


# %% alternative="fgsm" id="by-cases"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    g = gradient((x - mean) / std, t) / std
    if targeted:
        g = -g
    up, down = np.minimum(x + eps, 1), np.maximum(x - eps, 0)
    return np.where(g > 0, up, np.where(g < 0, down, x))


# %% alternative="fgsm" id="in-the-networks-scale"
def fgsm(x, t, eps, gradient, targeted=False, mean=0.0, std=1.0):
    u = (x - mean) / std
    step = np.sign(gradient(u, t)) * (eps / std)
    moved = u - step if targeted else u + step
    return np.clip(moved * std + mean, 0, 1)


# %% [markdown]
r"""
Many small steps
"""


# %% mistake="iterated-attack" id="no-box" hint="Your images leave the box: no pixel may be further than eps from where it started."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = 0, 1
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="no-box-again" again="no-box"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    sign = -1 if targeted else 1
    for _ in range(num_steps):
        x = np.minimum(np.maximum(x + sign * step_size * np.sign(gradient(x, t)), 0), 1)
    return x + 0


# %% mistake="iterated-attack" id="box-moves-along" hint="Your box is drawn around the last image, so that it moves along: it belongs around the image at the start."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    moved = x.copy()
    for _ in range(num_steps):
        low, high = np.maximum(moved - eps, 0), np.minimum(moved + eps, 1)
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="box-moves-along-again" again="box-moves-along"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    for _ in range(num_steps):
        direction = np.sign(gradient(x, t)) * (-1 if targeted else 1)
        change = np.clip(step_size * direction, -eps, eps)
        x = np.clip(x + change, 0, 1)
    return np.array(x)


# %% mistake="iterated-attack" id="gradient-of-the-start" hint="You ask for the gradient once, at the start; it changes on the way."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    signs = np.sign(gradient(x, t))
    for _ in range(num_steps):
        moved = np.clip(moved + step * signs, low, high)
    return moved


# %% mistake="iterated-attack" id="gradient-of-the-start-again" again="gradient-of-the-start"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    moved = np.array(x)
    for _ in range(num_steps):
        moved = moved + (-step_size if targeted else step_size) * np.sign(gradient(x, t))
        moved = np.minimum(np.maximum(moved, x - eps), x + eps)
        moved = np.minimum(np.maximum(moved, 0), 1)
    return moved


# %% mistake="iterated-attack" id="targeted-ignored" hint="With targeted=True your steps still lead away from the classes t."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="wrong-sign" hint="Your steps go the wrong way: untargeted, the loss shall rise."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = step_size if targeted else -step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="wrong-sign-again" again="wrong-sign"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    direction = 1 if targeted else -1
    moved = x + np.zeros(x.shape)
    for _ in range(num_steps):
        moved = moved + direction * step_size * np.sign(gradient(moved, t))
        moved = np.clip(np.clip(moved, x - eps, x + eps), 0, 1)
    return moved


# %% mistake="iterated-attack" id="steps-of-eps" hint="Each of your steps is as long as eps; its length is step_size."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -eps if targeted else eps
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="no-range" hint="Your pixels leave the range from 0 to 1."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = x - eps, x + eps
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="limited-at-the-end" hint="You limit the image once, at the end; between the steps it goes where it may not be."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = moved + step * np.sign(gradient(moved, t))
    return np.clip(moved, low, high)


# %% mistake="iterated-attack" id="one-step-too-few" hint="You make one step less than num_steps."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps - 1):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="one-step-too-many" hint="You make one step more than num_steps."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps + 1):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="gradient-instead-of-sign" hint="Each pixel moves by all of step_size, whatever the size of its gradient."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * gradient(moved, t), low, high)
    return moved


# %% mistake="iterated-attack" id="range-at-the-end" hint="Within the box you go on beyond 0 and 1 and limit that at the end: a step back then starts from too far out."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    moved = x.copy()
    for _ in range(num_steps):
        seen = np.clip(moved, 0, 1)
        moved = np.clip(moved + step * np.sign(gradient(seen, t)), x - eps, x + eps)
    return np.clip(moved, 0, 1)


# %% mistake="iterated-attack" id="range-at-the-end-again" again="range-at-the-end"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    change = np.zeros(x.shape)
    for _ in range(num_steps):
        signs = np.sign(gradient(np.minimum(np.maximum(x + change, 0), 1), t))
        change = np.clip(change - step_size * signs if targeted else change + step_size * signs, -eps, eps)
    return np.minimum(np.maximum(x + change, 0), 1)


# %% mistake="iterated-attack" id="sign-of-zero-is-plus" hint="Where the gradient is 0 your pixel moves; it shall stay."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.where(gradient(moved, t) >= 0, 1, -1), low, high)
    return moved


# %% mistake="iterated-attack" id="stops-at-the-border" hint="You stop once a pixel has come to the border of its box; the other pixels go on, and it may turn back."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
        if np.abs(moved - x).max() >= eps - 1e-12:
            break
    return moved


# %% mistake="iterated-attack" id="step-limited-to-eps" hint="You shorten a step that is longer than eps: it is the image that is limited to the box, after the step."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step_size = min(step_size, eps)
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="step-limited-to-eps-again" again="step-limited-to-eps"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    moved = np.array(x)
    for _ in range(num_steps):
        change = np.clip(step_size * np.sign(gradient(moved, t)), -eps, eps)
        moved = moved - change if targeted else moved + change
        moved = np.clip(np.clip(moved, x - eps, x + eps), 0, 1)
    return moved


# %% mistake="iterated-attack" id="step-shared-out" hint="You divide the step by the number of steps; each of them has the length step_size."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = (-step_size if targeted else step_size) / max(num_steps, 1)
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    moved = x.copy()
    for _ in range(num_steps):
        moved = np.clip(moved + step * np.sign(gradient(moved, t)), low, high)
    return moved


# %% mistake="iterated-attack" id="changes-the-images" hint="After the call the caller's images are the attacked ones."
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    step = -step_size if targeted else step_size
    low, high = np.maximum(x - eps, 0), np.minimum(x + eps, 1)
    for _ in range(num_steps):
        x += step * np.sign(gradient(x, t))
        np.clip(x, low, high, out=x)
    return x


# %% alternative="iterated-attack" id="by-the-change"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    change = np.zeros(x.shape)
    for _ in range(num_steps):
        g = gradient(x + change, t)
        change = np.clip(change + step_size * np.sign(-g if targeted else g), -eps, eps)
        change = np.clip(x + change, 0, 1) - x
    return x + change


# %% alternative="iterated-attack" id="recursive"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    def walk(moved, left):
        if left == 0:
            return moved
        signs = np.sign(gradient(moved, t)) * (-1 if targeted else 1)
        moved = np.minimum(np.maximum(moved + step_size * signs, x - eps), x + eps)
        return walk(np.minimum(np.maximum(moved, 0), 1), left - 1)

    return walk(np.array(x), num_steps)


# %% alternative="iterated-attack" id="sample-by-sample"
def iterated_attack(x, t, eps, step_size, num_steps, gradient, targeted=False):
    rows = []
    for i in range(len(x)):
        row = x[i : i + 1]
        for _ in range(num_steps):
            signs = np.sign(gradient(row, t[i : i + 1]))
            row = row - step_size * signs if targeted else row + step_size * signs
            row = np.clip(np.clip(row, x[i] - eps, x[i] + eps), 0, 1)
        rows.append(row[0])
    return np.array(rows)


# %% [markdown]
r"""
Noise against attack
"""


# %% mistake="robust-curve" id="uniform-noise" hint="Your noise is smaller than the attack: every pixel moves by exactly epsilon, up or down."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (rng.uniform(-1, 1, size=x.shape), np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="normal-noise" hint="Your noise is normal; every pixel moves by exactly epsilon, up or down."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (rng.normal(size=x.shape), np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="not-clipped" hint="Your images leave the range of a pixel, 0 to 1."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(x + eps * signs) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="not-clipped-again" again="not-clipped"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin = 2 * rng.integers(2, size=x.shape) - 1
    best = np.sign(gradient(x, t))
    noise, attack = np.zeros(len(epsilons)), np.zeros(len(epsilons))
    for i, eps in enumerate(epsilons):
        noise[i] = (predict(x + eps * coin) == t).mean()
        attack[i] = (predict(x + eps * best) == t).mean()
    return noise, attack


# %% mistake="robust-curve" id="error-rate" hint="You count the wrong answers; asked for is the share of the right ones."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) != t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="error-rate-again" again="error-rate"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin, best = 2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))
    noise, attack = [], []
    for eps in epsilons:
        noise.append(1 - np.mean(t == predict(np.clip(x + eps * coin, 0, 1))))
        attack.append(1 - np.mean(t == predict(np.clip(x + eps * best, 0, 1))))
    return np.array(noise), np.array(attack)


# %% mistake="robust-curve" id="exchanged" hint="The first array belongs to the noise, the second to the attack; yours are the other way round."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[1]), np.array(curves[0])


# %% mistake="robust-curve" id="against-its-own-answers" hint="You compare with what the network says of the clean images; right is what t says."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == predict(x)) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="against-its-own-answers-again" again="against-its-own-answers"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin, best, clean = 2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t)), predict(x)
    curves = np.zeros((2, len(epsilons)))
    for row, signs in enumerate((coin, best)):
        for i, eps in enumerate(epsilons):
            curves[row, i] = np.mean(predict(np.clip(x + eps * signs, 0, 1)) == clean)
    return curves[0], curves[1]


# %% mistake="robust-curve" id="from-the-last-result" hint="Each epsilon starts from x; yours goes on from the images of the last one."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        moved, curve = x, []
        for eps in epsilons:
            moved = np.clip(moved + eps * signs, 0, 1)
            curve.append(np.mean(predict(moved) == t))
        curves.append(np.array(curve))
    return curves[0], curves[1]


# %% mistake="robust-curve" id="gradient-of-the-last-result" hint="You ask for the gradient at the images of the last epsilon; each attack takes the one at x."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin, noise, attack, moved = 2 * rng.integers(2, size=x.shape) - 1, [], [], x
    for eps in epsilons:
        noise.append(np.mean(predict(np.clip(x + eps * coin, 0, 1)) == t))
        moved = np.clip(x + eps * np.sign(gradient(moved, t)), 0, 1)
        attack.append(np.mean(predict(moved) == t))
    return np.array(noise), np.array(attack)


# %% mistake="robust-curve" id="attacks-its-own-answer" hint="You ask for the gradient of what the network answers; the attack leads away from the true classes t."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, predict(x)))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="sorted-first" hint="You sort the epsilons: the results stand in the order in which they were given."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in sorted(epsilons)])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="noise-drawn-again" hint="The signs of the noise are drawn once and used for every epsilon; you draw them again each time."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    best, noise, attack = np.sign(gradient(x, t)), [], []
    for eps in epsilons:
        coin = 2 * rng.integers(2, size=x.shape) - 1
        noise.append(np.mean(predict(np.clip(x + eps * coin, 0, 1)) == t))
        attack.append(np.mean(predict(np.clip(x + eps * best, 0, 1)) == t))
    return np.array(noise), np.array(attack)


# %% mistake="robust-curve" id="wrong-sign" hint="Your attack helps the network: the loss of the true class shall rise."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, -np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="gradient-instead-of-sign" hint="Your attack moves a pixel the less, the smaller its gradient is: it has not the same size as the noise."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, gradient(x, t)):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="same-noise-for-all-images" hint="All your images get the same noise: each pixel of each image has a sign of its own."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape[1:]) - 1, np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="numbers-instead-of-shares" hint="You return how many are right; asked for is their share, between 0 and 1."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))):
        curves.append([1.0 * np.sum(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% mistake="robust-curve" id="zeros-and-ones" hint="Your noise is never negative: it makes every image darker."
def robust_curve(x, t, epsilons, gradient, predict, rng):
    curves = []
    for signs in (rng.integers(2, size=x.shape), np.sign(gradient(x, t))):
        curves.append([np.mean(predict(np.clip(x + eps * signs, 0, 1)) == t) for eps in epsilons])
    return np.array(curves[0]), np.array(curves[1])


# %% alternative="robust-curve" id="loop-over-epsilons"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin, best = 2 * rng.integers(2, size=x.shape) - 1, np.sign(gradient(x, t))
    noise, attack = np.empty(len(epsilons)), np.empty(len(epsilons))
    for i, eps in enumerate(epsilons):
        noise[i] = np.count_nonzero(predict(np.minimum(np.maximum(x + eps * coin, 0), 1)) == t) / len(x)
        attack[i] = np.count_nonzero(predict(np.minimum(np.maximum(x + eps * best, 0), 1)) == t) / len(x)
    return noise, attack


# %% alternative="robust-curve" id="all-epsilons-at-once"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    sizes = np.asarray(epsilons)[:, None, None]

    def accuracies(signs):
        moved = np.clip(x + sizes * signs, 0, 1)  # (number of epsilons, N, D)
        return (predict(moved.reshape(-1, x.shape[1])).reshape(len(epsilons), -1) == t).mean(axis=1)

    return accuracies(2 * rng.integers(2, size=x.shape) - 1), accuracies(np.sign(gradient(x, t)))


# %% alternative="robust-curve" id="gradient-each-time"
def robust_curve(x, t, epsilons, gradient, predict, rng):
    coin = 2 * rng.integers(2, size=x.shape) - 1
    noise = [np.mean(predict(np.clip(x + eps * coin, 0, 1)) == t) for eps in epsilons]
    attack = []
    for eps in epsilons:
        hits = 0
        moved = np.clip(x + eps * np.sign(gradient(x, t)), 0, 1)
        for answer, label in zip(predict(moved), t):
            hits += answer == label
        attack.append(hits / len(t))
    return np.array(noise, dtype=float), np.array(attack, dtype=float)


# %% [markdown]
r"""
A fooling image
"""


# %% mistake="fooling-image" id="away-from-the-class" hint="Your image gets less and less likely to be class k: the loss for class k shall fall."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image + 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="away-from-the-class-again" again="away-from-the-class"
def fooling_image(start, k, gradient):
    low, high = np.maximum(start[None] - 0.5, 0), np.minimum(start[None] + 0.5, 1)
    image, label = np.array([start]), np.array([k])
    for _ in range(200):
        image = np.minimum(np.maximum(image + 0.01 * np.sign(gradient(image, label)), low), high)
    return image.reshape(64)


# %% mistake="fooling-image" id="one-large-step" hint="You make one large step: the gradient at the start does not hold that far."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(1):
        image = np.clip(image - 0.5 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="one-large-step-again" again="one-large-step"
def fooling_image(start, k, gradient):
    signs = np.sign(gradient(start[None, :], np.array([k])))[0]
    return np.minimum(np.maximum(start - signs * 0.5, 0), 1)


# %% mistake="fooling-image" id="too-few-steps" hint="You stop long before the network is sure: count how far your steps can lead."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(3):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="not-clipped" hint="Your image has pixels outside of the range from 0 to 1."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = -9, 9
    for _ in range(100):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="too-far-from-the-start" hint="Your pixels lie between 0 and 1, but some are further than 0.5 from where they started."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = 0, 1
    for _ in range(200):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="too-far-from-the-start-again" again="too-far-from-the-start"
def fooling_image(start, k, gradient):
    image, label = np.array(start)[None], np.array([k])
    for _ in range(200):
        image = np.minimum(1, np.maximum(0, image - np.sign(gradient(image, label)) * 0.01))
    return image.reshape(64)


# %% mistake="fooling-image" id="always-class-zero" hint="Whatever k is, your image goes for class 0."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([0])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="gradient-instead-of-sign" hint="Your steps are as small as the gradient, and end long before the network is sure."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image - 0.01 * gradient(image, t), low, high)
    return image[0]


# %% mistake="fooling-image" id="batch-of-one" hint="You return a batch of one image; asked for is the image, of shape (64,)."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image - 0.01 * np.sign(gradient(image, t)), low, high)
    return image


# %% mistake="fooling-image" id="limited-step-by-step" hint="You limit each step, not the way: after 200 steps a pixel is further than 0.5 from the start."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = -0.5, 0.5
    for _ in range(200):
        image = image + np.clip(-0.01 * np.sign(gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="always-the-same-network" hint="You take the gradient of reader, whatever you are given: the network to fool is the one that gradient belongs to."
def fooling_image(start, k, gradient):
    image, t = start[None].copy(), np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        image = np.clip(image - 0.01 * np.sign(digit_gradient(image, t)), low, high)
    return image[0]


# %% mistake="fooling-image" id="changes-the-start" hint="After the call the caller's start is the fooling image: work on a copy."
def fooling_image(start, k, gradient):
    t = np.array([k])
    low, high = np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1)
    for _ in range(200):
        start -= 0.01 * np.sign(gradient(start[None], t)[0])
        np.clip(start, low, high, out=start)
    return start


# %% alternative="fooling-image" id="along-the-gradient"
def fooling_image(start, k, gradient):
    image = start[None].copy()
    for _ in range(80):
        g = gradient(image, np.array([k]))
        image = image - 0.2 * g / max(np.sqrt((g * g).sum()), 1e-300)
        image = np.clip(image, np.maximum(start - 0.5, 0), np.minimum(start + 0.5, 1))
    return image[0]


# %% alternative="fooling-image" id="few-larger-steps"
def fooling_image(start, k, gradient):
    image, label = start + 0.0, np.full(1, k)
    for _ in range(60):
        image = image - 0.03 * np.sign(gradient(image[None], label)[0])
        image = np.clip(np.clip(image, start - 0.5, start + 0.5), 0.0, 1.0)
    return image


# %% alternative="fooling-image" id="smaller-limit"
def fooling_image(start, k, gradient):
    image = np.array([start])
    for step in np.linspace(0.03, 0.002, 120):
        image = np.clip(image - step * np.sign(gradient(image, np.array([k]))), start - 0.45, start + 0.45)
        image = np.clip(image, 0, 1)
    return image.ravel()


# %% [markdown]
r"""
A step of adversarial training
"""


# %% mistake="adversarial-step" id="clean-images-only" hint="Your step does not look at the attacked images."
def adversarial_step(params, x, t, lr, attack):
    loss, grads = loss_and_gradients(params, x, t)
    return [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)], loss


# %% mistake="adversarial-step" id="clean-images-only-again" again="clean-images-only"
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, x, t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="attacked-images-only" hint="Your step forgets the clean images: half of the loss is theirs."
def adversarial_step(params, x, t, lr, attack):
    loss, grads = loss_and_gradients(params, attack(params, x, t), t)
    return [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)], loss


# %% mistake="adversarial-step" id="attacked-images-only-again" again="attacked-images-only"
def adversarial_step(params, x, t, lr, attack):
    x = attack(params, x, t)
    loss, grads = loss_and_gradients(params, x, t)
    new = []
    for layer, grad in zip(params, grads):
        new.append(tuple(array - lr * g for array, g in zip(layer, grad)))
    return new, loss


# %% mistake="adversarial-step" id="sum-instead-of-half" hint="You add the two losses; each counts one half."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2), b - lr * (b1 + b2)))
    return new, clean + attacked


# %% mistake="adversarial-step" id="sum-instead-of-half-again" again="sum-instead-of-half"
def adversarial_step(params, x, t, lr, attack):
    total, new = 0.0, [(w.copy(), b.copy()) for w, b in params]
    for batch in (x, attack(params, x, t)):
        loss, grads = loss_and_gradients(params, batch, t)
        total += loss
        for (w, b), (grad_w, grad_b) in zip(new, grads):
            w -= lr * grad_w
            b -= lr * grad_b
    return new, total


# %% mistake="adversarial-step" id="climbs" hint="Your step raises the loss: mind the sign."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w + lr * (w1 + w2) / 2, b + lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="biases-forgotten" hint="Your biases do not learn."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b.copy()))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="two-steps" hint="You make two steps, one after the other: both gradients belong to the parameters before the step."
def adversarial_step(params, x, t, lr, attack):
    total, start = 0.0, params
    for batch in (x, attack(start, x, t)):
        loss, grads = loss_and_gradients(params, batch, t)
        total += loss / 2
        params = [(w - lr / 2 * grad_w, b - lr / 2 * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)]
    return params, total


# %% mistake="adversarial-step" id="taught-the-wrong-answer" hint="You train the attacked images on what the network now says of them; they keep their true classes."
def adversarial_step(params, x, t, lr, attack):
    moved = attack(params, x, t)
    h = moved
    for k, (w, b) in enumerate(params):
        h = (np.maximum(h, 0) if k else h) @ w + b
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, moved, h.argmax(axis=1))
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="loss-of-the-clean-images" hint="Your step is right; the loss that you return is that of the clean images alone."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, clean


# %% mistake="adversarial-step" id="loss-after-the-step" hint="You return the loss after the step; asked for is the one before."
def adversarial_step(params, x, t, lr, attack):
    moved = attack(params, x, t)
    _, clean_grads = loss_and_gradients(params, x, t)
    _, attacked_grads = loss_and_gradients(params, moved, t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (loss_and_gradients(new, x, t)[0] + loss_and_gradients(new, moved, t)[0]) / 2


# %% mistake="adversarial-step" id="changes-the-start" hint="After the call the caller's network is the trained one."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, x, t), t)
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        w -= lr * (w1 + w2) / 2
        b -= lr * (b1 + b2) / 2
    return params, (clean + attacked) / 2


# %% mistake="adversarial-step" id="attacked-twice" hint="You attack images that were attacked already: both halves start from x."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, attack(params, x, t), t)
    attacked, attacked_grads = loss_and_gradients(params, attack(params, attack(params, x, t), t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="attacks-the-next-network" hint="You make the attacked images for a network that has moved already; they belong to the one before the step."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    moved = [(w - lr * w1 / 2, b - lr * b1 / 2) for (w, b), (w1, b1) in zip(params, clean_grads)]
    attacked, attacked_grads = loss_and_gradients(params, attack(moved, x, t), t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% mistake="adversarial-step" id="changes-the-images" hint="After the call the caller's images are the attacked ones."
def adversarial_step(params, x, t, lr, attack):
    clean, clean_grads = loss_and_gradients(params, x, t)
    x[:] = attack(params, x, t)
    attacked, attacked_grads = loss_and_gradients(params, x, t)
    new = []
    for (w, b), (w1, b1), (w2, b2) in zip(params, clean_grads, attacked_grads):
        new.append((w - lr * (w1 + w2) / 2, b - lr * (b1 + b2) / 2))
    return new, (clean + attacked) / 2


# %% alternative="adversarial-step" id="one-batch-of-both"
def adversarial_step(params, x, t, lr, attack):
    both, classes = np.concatenate([x, attack(params, x, t)]), np.concatenate([t, t])
    loss, grads = loss_and_gradients(params, both, classes)
    return [(w - lr * grad_w, b - lr * grad_b) for (w, b), (grad_w, grad_b) in zip(params, grads)], loss


# %% alternative="adversarial-step" id="halves-added-up"
def adversarial_step(params, x, t, lr, attack):
    total, new = 0.0, [(w.copy(), b.copy()) for w, b in params]
    for batch in (attack(params, x, t), x):
        loss, grads = loss_and_gradients(params, batch, t)
        total += 0.5 * loss
        for (w, b), (grad_w, grad_b) in zip(new, grads):
            w -= 0.5 * lr * grad_w
            b -= 0.5 * lr * grad_b
    return new, total
