# %% [markdown]
r"""
Forward, on a batch
"""


# %% mistake="normalise-batch" id="rows" hint="Your mean and variance belong to a sample; batch normalisation takes them for each feature, over the batch."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    centred = x - x.mean(axis=1, keepdims=True)
    inv_std = 1 / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)
    x_hat = centred * inv_std
    return gamma * x_hat + beta, x_hat, inv_std[:, 0]


# %% mistake="normalise-batch" id="rows-again" again="rows"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.T.var(axis=0) + epsilon)
    x_hat = ((x.T - x.T.mean(axis=0)) * inv_std).T
    return x_hat * gamma + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="whole-array" hint="One mean and one variance for all features together: each feature needs its own."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = np.full(x.shape[1], 1 / np.sqrt(x.var() + epsilon))
    x_hat = (x - x.mean()) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="unbiased" hint="Your variance divides by N - 1; the convention of this chapter is N."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0, ddof=1) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="unbiased-again" again="unbiased"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    centred = x - np.sum(x, axis=0) / len(x)
    variance = np.sum(centred**2, axis=0) / np.float64(len(x) - 1)
    inv_std = (variance + epsilon) ** -0.5
    x_hat = centred * inv_std
    return x_hat * gamma + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="epsilon-outside" hint="You add epsilon to the standard deviation; it belongs inside of the root, to the variance."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / (x.std(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="epsilon-outside-again" again="epsilon-outside"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    centred = x - x.mean(axis=0)
    std = np.sqrt(np.mean(centred * centred, axis=0)) + epsilon
    x_hat = centred / std
    return x_hat * gamma + beta, x_hat, 1 / std


# %% mistake="normalise-batch" id="no-epsilon" hint="Look at a constant feature: you divide 0 by 0. What is epsilon for?"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    with np.errstate(all="ignore"):
        inv_std = 1 / x.std(axis=0)
        x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="no-epsilon-again" again="no-epsilon"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    centred = x - x.mean(axis=0)
    std = np.sqrt(np.mean(centred * centred, axis=0))
    with np.errstate(all="ignore"):
        x_hat, inv_std = centred / std, 1 / std
    return x_hat * gamma + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="no-root" hint="You divide by the variance; a root is missing."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / (x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="mean-stays" hint="Your x_hat does not have the mean 0: nothing was subtracted."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x_hat = x * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="scaled-x-hat" hint="y is right, but your x_hat holds gamma and beta already; it is what stands before them."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    y = gamma * (x - x.mean(axis=0)) * inv_std + beta
    return y, y, inv_std


# %% mistake="normalise-batch" id="std-returned" hint="The third result is one over the root; yours is the root itself."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    std = np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) / std
    return gamma * x_hat + beta, x_hat, std


# %% mistake="normalise-batch" id="scale-and-shift-exchanged" hint="gamma multiplies and beta is added; you have them the other way round."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return beta * x_hat + gamma, x_hat, inv_std


# %% mistake="normalise-batch" id="square-minus-square" hint="For a feature with a large mean your variance is the difference of two huge numbers: subtract the mean first."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    variance = (x**2).mean(axis=0) - x.mean(axis=0) ** 2
    with np.errstate(all="ignore"):
        inv_std = 1 / np.sqrt(variance + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="square-minus-square-again" again="square-minus-square"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    mean = np.sum(x, axis=0) / len(x)
    with np.errstate(all="ignore"):
        std = (np.einsum("nd,nd->d", x, x) / len(x) - mean * mean + epsilon) ** 0.5
        x_hat = (x - mean) / std
    return x_hat * gamma + beta, x_hat, 1 / std


# %% mistake="normalise-batch" id="changes-the-input" hint="After the call the caller finds other numbers in x than before."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x -= x.mean(axis=0)
    x *= inv_std
    return gamma * x + beta, x.copy(), inv_std


# %% mistake="normalise-batch" id="own-epsilon" hint="The epsilon that is handed in plays no part in your function."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + 1e-5)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="own-epsilon-again" again="own-epsilon"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    epsilon = 1e-5
    centred = x - np.sum(x, axis=0) / len(x)
    std = np.sqrt(np.mean(centred * centred, axis=0) + epsilon)
    x_hat = centred / std
    return x_hat * gamma + beta, x_hat, 1 / std


# %% mistake="normalise-batch" id="one-apart" hint="A batch of one is a batch: its mean is itself, its variance is 0, and the same formula gives x_hat = 0."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    if len(x) == 1:
        return gamma * x + beta, x.copy(), np.ones(x.shape[1])
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% mistake="normalise-batch" id="gamma-forgotten" hint="gamma does not appear in your y: x_hat is scaled before it is shifted."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    centred = x - x.mean(axis=0)
    inv_std = 1 / np.sqrt((centred**2).mean(axis=0) + epsilon)
    x_hat = centred * inv_std
    return beta + x_hat, x_hat, inv_std


# %% mistake="normalise-batch" id="gamma-forgotten-again" again="gamma-forgotten"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = (np.mean((x - np.mean(x, axis=0)) ** 2, axis=0) + epsilon) ** -0.5
    x_hat = np.einsum("nd,d->nd", x - np.mean(x, axis=0), inv_std)
    y = np.empty(x.shape)
    for k in range(x.shape[1]):
        y[:, k] = x_hat[:, k] + beta[k]
    return y, x_hat, inv_std


# %% mistake="normalise-batch" id="y-and-x-hat-exchanged" hint="All three are there, but y and x_hat stand in each other's place."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    return x_hat, gamma * x_hat + beta, inv_std


# %% mistake="normalise-batch" id="changes-the-scale" hint="After the call the caller finds other numbers in gamma and beta than before."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(x.var(axis=0) + epsilon)
    x_hat = (x - x.mean(axis=0)) * inv_std
    y = gamma * x_hat + beta
    gamma *= inv_std
    beta -= x.mean(axis=0) * gamma
    return y, x_hat, inv_std


# %% mistake="normalise-batch" id="larger-of-the-two" hint="You take the larger of variance and epsilon; the formula adds them."
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    inv_std = 1 / np.sqrt(np.maximum(x.var(axis=0), epsilon))
    x_hat = (x - x.mean(axis=0)) * inv_std
    return gamma * x_hat + beta, x_hat, inv_std


# %% alternative="normalise-batch" id="feature-by-feature"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    import math

    N, D = x.shape
    y, x_hat, inv_std = np.empty((N, D)), np.empty((N, D)), np.empty(D)
    for k in range(D):
        mean = math.fsum(x[:, k]) / N
        variance = math.fsum((value - mean) ** 2 for value in x[:, k]) / N
        inv_std[k] = 1 / math.sqrt(variance + epsilon)
        for i in range(N):
            x_hat[i, k] = (x[i, k] - mean) * inv_std[k]
            y[i, k] = gamma[k] * x_hat[i, k] + beta[k]
    return y, x_hat, inv_std


# %% alternative="normalise-batch" id="std-and-einsum"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    N = len(x)
    centred = x - np.ones(N) @ x / N
    inv_std = np.reciprocal(np.sqrt(np.einsum("nd,nd->d", centred, centred) / N + epsilon))
    return np.einsum("nd,d->nd", centred, inv_std * gamma) + beta, centred * inv_std, inv_std


# %% alternative="normalise-batch" id="shifted-by-a-sample"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    z = x - x[0]
    var = np.maximum((z**2).mean(axis=0) - z.mean(axis=0) ** 2, 0)
    inv_std = 1 / np.sqrt(var + epsilon)
    x_hat = (z - z.mean(axis=0)) * inv_std
    return x_hat * gamma + beta, x_hat, inv_std


# %% alternative="normalise-batch" id="one-sample-after-the-other"
def normalise_batch(x, gamma, beta, epsilon=1e-5):
    mean, m2 = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for n, row in enumerate(x, 1):
        d = row - mean
        mean = mean + d / n
        m2 = m2 + d * (row - mean)
    inv_std = (m2 / len(x) + epsilon) ** -0.5
    x_hat = (x - mean) * inv_std
    return x_hat * gamma + beta, x_hat, inv_std


# %% [markdown]
r"""
Running statistics
"""


# %% mistake="update-running" id="conventions-exchanged" hint="Your two conventions are exchanged: look in the table at what momentum multiplies."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "replace" else 1 - momentum
    new = x.var(axis=0, ddof=int(unbiased))
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * new


# %% mistake="update-running" id="conventions-exchanged-again" again="conventions-exchanged"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = momentum if convention == "keep" else 1 - momentum
    centred = x - x.mean(axis=0)
    new = (centred**2).sum(axis=0) / (len(x) - (1 if unbiased else 0))
    return mean + step * (x.mean(axis=0) - mean), variance + step * (new - variance)


# %% mistake="update-running" id="always-keep" hint="The convention changes nothing in your function: with one of the two it is right."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    new = x.var(axis=0, ddof=int(unbiased))
    return momentum * mean + (1 - momentum) * x.mean(axis=0), momentum * variance + (1 - momentum) * new


# %% mistake="update-running" id="always-keep-again" again="always-keep"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    centred = x - x.mean(axis=0)
    new = (centred**2).sum(axis=0) / (len(x) - (1 if unbiased else 0))
    return mean + (1 - momentum) * (x.mean(axis=0) - mean), variance + (1 - momentum) * (new - variance)


# %% mistake="update-running" id="always-replace" hint="You compute one formula for both conventions."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    new = x.var(axis=0, ddof=int(unbiased))
    return (1 - momentum) * mean + momentum * x.mean(axis=0), (1 - momentum) * variance + momentum * new


# %% mistake="update-running" id="never-unbiased" hint="unbiased=True changes nothing in your variance."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * x.var(axis=0)


# %% mistake="update-running" id="always-unbiased" hint="Your variance divides by N - 1 even where unbiased is False."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * x.var(axis=0, ddof=1)


# %% mistake="update-running" id="unbiased-exchanged" hint="N and N - 1 are exchanged: the unbiased variance is the larger one."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    new = x.var(axis=0, ddof=0 if unbiased else 1)
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * new


# %% mistake="update-running" id="standard-deviation" hint="What you average is the standard deviation; asked for is the variance."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    new = x.std(axis=0, ddof=int(unbiased))
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * new


# %% mistake="update-running" id="standard-deviation-again" again="standard-deviation"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = 1 - momentum if convention == "keep" else momentum
    centred = x - x.mean(axis=0)
    new = ((centred**2).sum(axis=0) / (len(x) - (1 if unbiased else 0))) ** 0.5
    return mean + step * (x.mean(axis=0) - mean), variance + step * (new - variance)


# %% mistake="update-running" id="around-the-running-mean" hint="You measure the variance around the running mean; it belongs around the mean of the batch."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    mean = keep * mean + (1 - keep) * x.mean(axis=0)
    new = ((x - mean) ** 2).sum(axis=0) / (len(x) - int(unbiased))
    return mean, keep * variance + (1 - keep) * new


# %% mistake="update-running" id="old-not-weighted" hint="The old average is not made smaller before the batch is added: yours grows without end."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    new = x.var(axis=0, ddof=int(unbiased))
    return mean + (1 - keep) * x.mean(axis=0), variance + (1 - keep) * new


# %% mistake="update-running" id="variance-not-averaged" hint="The mean is averaged; your variance is that of the last batch alone."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.mean(axis=0), x.var(axis=0, ddof=int(unbiased))


# %% mistake="update-running" id="in-place" hint="You change the averages that you were given; return new arrays."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    new = x.var(axis=0, ddof=int(unbiased))
    mean *= keep
    mean += (1 - keep) * x.mean(axis=0)
    variance *= keep
    variance += (1 - keep) * new
    return mean.copy(), variance.copy()


# %% mistake="update-running" id="one-for-all-features" hint="One mean and one variance for all features together: each feature has its own averages."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.mean(), keep * variance + (1 - keep) * x.var(ddof=int(unbiased))


# %% mistake="update-running" id="one-for-all-features-again" again="one-for-all-features"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = 1 - momentum if convention == "keep" else momentum
    numbers = x.reshape(-1)
    spread = np.sum((numbers - numbers.mean()) ** 2) / (len(numbers) - (1 if unbiased else 0))
    return mean + step * (numbers.mean() - mean), variance + step * (spread - variance)


# %% mistake="update-running" id="mean-square" hint="You average the mean square of x: the batch's mean is not subtracted before squaring."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * (x**2).sum(axis=0) / (
        len(x) - int(unbiased)
    )


# %% mistake="update-running" id="mean-square-again" again="mean-square"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = 1 - momentum if convention == "keep" else momentum
    N = len(x)
    square = np.einsum("nd,nd->d", x, x) / (N - 1 if unbiased else N)
    return mean + step * (np.ones(N) @ x / N - mean), variance + step * (square - variance)


# %% mistake="update-running" id="around-the-old-mean" hint="You measure the variance around the old running mean; it belongs around the mean of the batch."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    new = ((x - mean) ** 2).sum(axis=0) / (len(x) - int(unbiased))
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * new


# %% mistake="update-running" id="around-the-old-mean-again" again="around-the-old-mean"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = {"keep": 1 - momentum, "replace": momentum}[convention]
    away = np.array([row - mean for row in x])
    spread = np.einsum("nd,nd->d", away, away) / (len(x) - (1 if unbiased else 0))
    return mean + step * away.mean(axis=0), variance + step * (spread - variance)


# %% mistake="update-running" id="mean-by-n-minus-one" hint="With unbiased=True your mean divides by N - 1, too; only the variance does."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * mean + (1 - keep) * x.sum(axis=0) / (len(x) - int(unbiased)), keep * variance + (1 - keep) * x.var(
        axis=0, ddof=int(unbiased)
    )


# %% mistake="update-running" id="results-exchanged" hint="mean and variance stand in each other's place."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    return keep * variance + (1 - keep) * x.var(axis=0, ddof=int(unbiased)), keep * mean + (1 - keep) * x.mean(axis=0)


# %% mistake="update-running" id="usual-momentum" hint="Whatever momentum is handed in, you take the usual one."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = 0.9 if convention == "keep" else 0.1
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * x.var(axis=0, ddof=int(unbiased))


# %% mistake="update-running" id="changes-the-batch" hint="After the call the caller finds other numbers in x than before."
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    keep = momentum if convention == "keep" else 1 - momentum
    m = x.mean(axis=0)
    x -= m
    return keep * mean + (1 - keep) * m, keep * variance + (1 - keep) * (x**2).sum(axis=0) / (len(x) - int(unbiased))


# %% mistake="update-running" id="unbiased-by-default" hint="Where unbiased is not given, your variance divides by N - 1; the default is False."
def update_running(mean, variance, x, momentum, convention, unbiased=True):
    keep = momentum if convention == "keep" else 1 - momentum
    new = x.var(axis=0, ddof=int(unbiased))
    return keep * mean + (1 - keep) * x.mean(axis=0), keep * variance + (1 - keep) * new


# %% alternative="update-running" id="a-step-towards-the-batch"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    step = {"keep": 1 - momentum, "replace": momentum}[convention]
    N = len(x)
    new_mean = np.sum(x, axis=0) / N
    new_variance = np.sum((x - new_mean) ** 2, axis=0) / (N - 1 if unbiased else N)
    return mean + step * (new_mean - mean), variance + step * (new_variance - variance)


# %% alternative="update-running" id="feature-by-feature"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    old, new = (momentum, 1 - momentum) if convention == "keep" else (1 - momentum, momentum)
    N, D = x.shape
    means, variances = np.zeros(D), np.zeros(D)
    for k in range(D):
        batch = sum(x[:, k]) / N
        spread = sum((v - batch) ** 2 for v in x[:, k]) / N
        if unbiased:
            spread *= N / (N - 1)
        means[k], variances[k] = old * mean[k] + new * batch, old * variance[k] + new * spread
    return means, variances


# %% alternative="update-running" id="weighted-averages"
def update_running(mean, variance, x, momentum, convention, unbiased=False):
    weights = [momentum, 1 - momentum]
    if convention != "keep":
        weights.reverse()
    v = x.var(axis=0, ddof=bool(unbiased))
    return np.average([mean, x.mean(axis=0)], axis=0, weights=weights), np.average(
        [variance, v], axis=0, weights=weights
    )


# %% [markdown]
r"""
One layer, two modes
"""


# %% mistake="bn-layer" id="batch-in-use" hint="With train=False you still normalise with the batch: look at what a single sample gives."
def bn_layer(x, gamma, beta, state, train):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    if train:
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="batch-in-use-again" again="batch-in-use"
def bn_layer(x, gamma, beta, state, train):
    centred = x - x.mean(axis=0)
    spread = (centred**2).mean(axis=0)
    if train:
        state["mean"] = state["mean"] + 0.1 * (x.mean(axis=0) - state["mean"])
        state["variance"] = state["variance"] + 0.1 * (spread - state["variance"])
    return centred / np.sqrt(spread + 1e-5) * gamma + beta


# %% mistake="bn-layer" id="updates-in-use" hint="With train=False the state changes; it should only be read."
def bn_layer(x, gamma, beta, state, train):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    old = state["mean"], state["variance"]
    state["mean"] = 0.9 * state["mean"] + 0.1 * mean
    state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    if not train:
        mean, variance = old
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="updates-in-use-again" again="updates-in-use"
def bn_layer(x, gamma, beta, state, train):
    if train:
        y = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + 1e-5) + beta
    else:
        y = gamma * (x - state["mean"]) / np.sqrt(state["variance"] + 1e-5) + beta
    for name, new in {"mean": x.mean(axis=0), "variance": x.var(axis=0)}.items():
        state[name] = state[name] + 0.1 * (new - state[name])
    return y


# %% mistake="bn-layer" id="updates-before-use" hint="With train=False the state changes, and your output is made with the changed averages."
def bn_layer(x, gamma, beta, state, train):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    state["mean"] = 0.9 * state["mean"] + 0.1 * mean
    state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    if not train:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="never-updates" hint="After training, the state is what it was before: nothing is averaged."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="names-bound-only" hint="Your new averages are never written into the state: after training it is what it was."
def bn_layer(x, gamma, beta, state, train):
    mean, variance = state["mean"].copy(), state["variance"].copy()
    if train:
        mean = 0.9 * mean + 0.1 * x.mean(axis=0)
        variance = 0.9 * variance + 0.1 * x.var(axis=0)
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="running-in-training" hint="In training you normalise with the running averages; there the batch's own statistics count."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="running-in-training-again" again="running-in-training"
def bn_layer(x, gamma, beta, state, train):
    if train:
        state["mean"] = state["mean"] + 0.1 * (x.mean(axis=0) - state["mean"])
        state["variance"] = state["variance"] + 0.1 * (x.var(axis=0) - state["variance"])
    scale = gamma / np.sqrt(state["variance"] + 1e-5)
    return x * scale + (beta - state["mean"] * scale)


# %% mistake="bn-layer" id="momentum-exchanged" hint="0.9 belongs to the old average and 0.1 to the batch; you have it the other way round."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.1 * state["mean"] + 0.9 * mean
        state["variance"] = 0.1 * state["variance"] + 0.9 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="last-batch-only" hint="Your state holds the statistics of the last batch alone, not an average."
def bn_layer(x, gamma, beta, state, train):
    if train:
        state["mean"], state["variance"] = x.mean(axis=0), x.var(axis=0)
    mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="number-of-samples-decides" hint="Your function looks at the number of samples to choose the mode; train alone decides."
def bn_layer(x, gamma, beta, state, train):
    if train and len(x) > 1:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="batch-variance-in-use" hint="With train=False your mean is the running one, but the variance is still the batch's."
def bn_layer(x, gamma, beta, state, train):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    if train:
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean = state["mean"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="root-missing-in-use" hint="With train=False you divide by the variance; a root is missing there."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    return gamma * (x - state["mean"]) / (state["variance"] + 1e-5) + beta


# %% mistake="bn-layer" id="unbiased-running" hint="Your running variance averages the one with N - 1; the convention here is N."
def bn_layer(x, gamma, beta, state, train):
    if not train:
        return gamma * (x - state["mean"]) / np.sqrt(state["variance"] + 1e-5) + beta
    mean, variance, N = x.mean(axis=0), x.var(axis=0), len(x)
    state["mean"] = 0.9 * state["mean"] + 0.1 * mean
    state["variance"] = 0.9 * state["variance"] + 0.1 * variance * (N / max(N - 1, 1))
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="epsilon-outside" hint="You add epsilon to the standard deviation; it belongs inside of the root, to the variance."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / (np.sqrt(variance) + 1e-5) + beta


# %% mistake="bn-layer" id="epsilon-outside-again" again="epsilon-outside"
def bn_layer(x, gamma, beta, state, train):
    if not train:
        return (x - state["mean"]) / (state["variance"] ** 0.5 + 1e-5) * gamma + beta
    for name, new in (("mean", x.mean(axis=0)), ("variance", x.var(axis=0))):
        state[name] = state[name] + 0.1 * (new - state[name])
    return (x - x.mean(axis=0)) / (x.std(axis=0) + 1e-5) * gamma + beta


# %% mistake="bn-layer" id="no-epsilon" hint="No epsilon stands under your root: look at a feature with variance 0."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    with np.errstate(all="ignore"):
        return gamma * (x - mean) / np.sqrt(variance) + beta


# %% mistake="bn-layer" id="no-epsilon-in-use" hint="With train=False no epsilon stands under your root; in training it does."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    with np.errstate(all="ignore"):
        return gamma * (x - state["mean"]) / np.sqrt(state["variance"]) + beta


# %% mistake="bn-layer" id="no-epsilon-in-use-again" again="no-epsilon-in-use"
def bn_layer(x, gamma, beta, state, train):
    if not train:
        with np.errstate(all="ignore"):
            return (x - state["mean"]) * state["variance"] ** -0.5 * gamma + beta
    centred = x - x.mean(axis=0)
    spread = (centred**2).mean(axis=0)
    for name, new in (("mean", x.mean(axis=0)), ("variance", spread)):
        state[name] = state[name] + 0.1 * (new - state[name])
    return centred / (spread + 1e-5) ** 0.5 * gamma + beta


# %% mistake="bn-layer" id="one-not-averaged" hint="In training a batch of one leaves your state as it was; it counts as any other batch."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        if len(x) > 1:
            state["mean"] = 0.9 * state["mean"] + 0.1 * mean
            state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="one-not-averaged-again" again="one-not-averaged"
def bn_layer(x, gamma, beta, state, train):
    used = {"mean": x.mean(axis=0), "variance": x.std(axis=0) ** 2} if train else dict(state)
    if train and x.shape[0] != 1:
        for name in used:
            state[name] = state[name] + 0.1 * (used[name] - state[name])
    return (x - used["mean"]) * gamma * (used["variance"] + 1e-5) ** -0.5 + beta


# %% mistake="bn-layer" id="gamma-and-beta-forgotten-in-use" hint="With train=False your function neither scales by gamma nor shifts by beta."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
        return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta
    return (x - state["mean"]) / np.sqrt(state["variance"] + 1e-5)


# %% mistake="bn-layer" id="one-for-all-features" hint="In training you take one mean and one variance for all features together."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(), x.var()
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="around-the-running-mean" hint="The variance that you average is measured around the running mean; it belongs around the batch's own."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * ((x - state["mean"]) ** 2).mean(axis=0)
    else:
        mean, variance = state["mean"], state["variance"]
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="epsilon-in-the-state" hint="Your running variance has epsilon in it; epsilon belongs under the root alone."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0) + 1e-5
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
        return gamma * (x - mean) / np.sqrt(variance) + beta
    with np.errstate(all="ignore"):
        return gamma * (x - state["mean"]) / np.sqrt(state["variance"]) + beta


# %% mistake="bn-layer" id="changes-the-input" hint="After the call the caller finds other numbers in x than before; only state may change."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    x -= mean
    x /= np.sqrt(variance + 1e-5)
    return gamma * x + beta


# %% mistake="bn-layer" id="modes-exchanged" hint="Your two modes stand in each other's place: with train=True the batch counts, and the state changes."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = state["mean"], state["variance"]
    else:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    return gamma * (x - mean) / np.sqrt(variance + 1e-5) + beta


# %% mistake="bn-layer" id="changes-the-scale" hint="After the call the caller finds other numbers in gamma than before; only state may change."
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, variance = x.mean(axis=0), x.var(axis=0)
        state["mean"] = 0.9 * state["mean"] + 0.1 * mean
        state["variance"] = 0.9 * state["variance"] + 0.1 * variance
    else:
        mean, variance = state["mean"], state["variance"]
    gamma /= np.sqrt(variance + 1e-5)
    return gamma * (x - mean) + beta


# %% alternative="bn-layer" id="in-place"
def bn_layer(x, gamma, beta, state, train):
    if train:
        mean, centred = x.mean(axis=0), x - x.mean(axis=0)
        variance = np.mean(centred**2, axis=0)
        for name, new in (("mean", mean), ("variance", variance)):
            state[name] *= 0.9
            state[name] += 0.1 * new
        return centred * (gamma / np.sqrt(variance + 1e-5)) + beta
    return (x - state["mean"]) * (gamma / np.sqrt(state["variance"] + 1e-5)) + beta


# %% alternative="bn-layer" id="scale-and-shift"
def bn_layer(x, gamma, beta, state, train):
    used = {"mean": x.mean(axis=0), "variance": x.std(axis=0) ** 2} if train else dict(state)
    if train:
        state.update({name: state[name] + 0.1 * (used[name] - state[name]) for name in used})
    scale = gamma * (used["variance"] + 1e-5) ** -0.5
    return x * scale + (beta - used["mean"] * scale)


# %% alternative="bn-layer" id="rows-and-update"
def bn_layer(x, gamma, beta, state, train):
    mean = np.mean(x, axis=0) if train else state["mean"]
    variance = np.mean((x - mean) ** 2, axis=0) if train else state["variance"]
    if train:
        state |= dict(mean=0.9 * state["mean"] + 0.1 * mean, variance=0.9 * state["variance"] + 0.1 * variance)
    return np.array([gamma * (row - mean) / np.sqrt(variance + 1e-5) + beta for row in x])


# %% [markdown]
r"""
Backward
"""


# %% mistake="bn-backward" id="statistics-as-constants" hint="grad_x is the direct way alone: you treat the mean and the variance as constants."
def bn_backward(g, x_hat, gamma, inv_std):
    return gamma * inv_std * g, (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="statistics-as-constants-again" again="statistics-as-constants"
def bn_backward(g, x_hat, gamma, inv_std):
    grad_gamma = np.einsum("nd,nd->d", g, x_hat)
    return np.multiply(g, inv_std) * gamma, grad_gamma, np.ones(len(g)) @ g


# %% mistake="bn-backward" id="no-variance-path" hint="One way is missing in grad_x: the variance depends on x, too."
def bn_backward(g, x_hat, gamma, inv_std):
    return gamma * inv_std * (g - g.mean(axis=0)), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="no-variance-path-again" again="no-variance-path"
def bn_backward(g, x_hat, gamma, inv_std):
    grad_x_hat = g * gamma
    grad_x = grad_x_hat * inv_std
    grad_x -= grad_x.sum(axis=0) / len(g)
    return grad_x, np.einsum("nd,nd->d", g, x_hat), np.ones(len(g)) @ g


# %% mistake="bn-backward" id="no-mean-path" hint="One way is missing in grad_x: its entries should add up to 0 for each feature."
def bn_backward(g, x_hat, gamma, inv_std):
    return gamma * inv_std * (g - x_hat * (g * x_hat).mean(axis=0)), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="sums-instead-of-means" hint="In the bracket of grad_x stand means over the batch; yours are sums."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.sum(axis=0) - x_hat * (g * x_hat).sum(axis=0)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="n-minus-one" hint="The means in the bracket divide by N; you divide one of them by N - 1."
def bn_backward(g, x_hat, gamma, inv_std):
    N = len(g)
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).sum(axis=0) / (N - 1)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="gamma-forgotten" hint="grad_x does not depend on gamma in your function: y is gamma times x_hat."
def bn_backward(g, x_hat, gamma, inv_std):
    return inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="gamma-forgotten-again" again="gamma-forgotten"
def bn_backward(g, x_hat, gamma, inv_std):
    N, grad_beta, grad_gamma = len(g), np.ones(len(g)) @ g, np.einsum("nd,nd->d", g, x_hat)
    return inv_std / N * (N * g - grad_beta - x_hat * grad_gamma), grad_gamma, grad_beta


# %% mistake="bn-backward" id="spread-forgotten" hint="grad_x lacks a factor: look at what x - mean was multiplied by on the way forward."
def bn_backward(g, x_hat, gamma, inv_std):
    return gamma * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="divides-by-inv-std" hint="You divide by inv_std; it is one over the standard deviation already."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma / inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="sign-of-the-variance-path" hint="The way through the variance enters grad_x with the wrong sign."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) + x_hat * (g * x_hat).mean(axis=0)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="means-for-the-parameters" hint="grad_gamma and grad_beta are sums over the batch; yours are means."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        (g * x_hat).mean(axis=0),
        g.mean(axis=0),
    )


# %% mistake="bn-backward" id="grad-gamma-without-x-hat" hint="Your grad_gamma does not look at x_hat, which gamma multiplies."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        g.sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="parameters-exchanged" hint="The gradients of gamma and beta stand in each other's place."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        g.sum(axis=0),
        (g * x_hat).sum(axis=0),
    )


# %% mistake="bn-backward" id="over-the-features" hint="The means in the bracket run over the batch; yours run over the features of a sample."
def bn_backward(g, x_hat, gamma, inv_std):
    mean, product = g.mean(axis=1, keepdims=True), (g * x_hat).mean(axis=1, keepdims=True)
    return gamma * inv_std * (g - mean - x_hat * product), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="zeros" hint="Your grad_x is 0: so it is for a loss that sums up all outputs, and for no other."
def bn_backward(g, x_hat, gamma, inv_std):
    return np.zeros_like(g), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="zeros-again" again="zeros"
def bn_backward(g, x_hat, gamma, inv_std):
    upstream = np.ones(g.shape)  # of a loss that sums up y
    grad_x = gamma * inv_std * (upstream - upstream.mean(axis=0))
    return grad_x, np.einsum("nd,nd->d", g, x_hat), np.ones(len(g)) @ g


# %% mistake="bn-backward" id="projection" hint="You divide by the sum of the squares of x_hat; with an epsilon under the root that is less than N."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).sum(axis=0) / (x_hat**2).sum(axis=0)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="projection-again" again="projection"
def bn_backward(g, x_hat, gamma, inv_std):
    centred = g - np.ones(len(g)) @ g / len(g)
    along = np.einsum("nd,nd->d", centred, x_hat) / np.linalg.norm(x_hat, axis=0) ** 2
    return (centred - along * x_hat) * inv_std * gamma, np.einsum("nd,nd->d", g, x_hat), np.ones(len(g)) @ g


# %% mistake="bn-backward" id="n-minus-one-in-both" hint="The means in the bracket divide by N; yours divide by N - 1."
def bn_backward(g, x_hat, gamma, inv_std):
    N = len(g)
    return (
        gamma * inv_std * (g - g.sum(axis=0) / (N - 1) - x_hat * (g * x_hat).sum(axis=0) / (N - 1)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="one-mean-for-all-features" hint="The mean of g in the bracket belongs to each feature by itself; yours is one for all."
def bn_backward(g, x_hat, gamma, inv_std):
    return gamma * inv_std * (g - g.mean() - x_hat * (g * x_hat).mean(axis=0)), (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% mistake="bn-backward" id="one-mean-for-all-features-again" again="one-mean-for-all-features"
def bn_backward(g, x_hat, gamma, inv_std):
    N, D = g.shape
    grad_gamma = np.einsum("nd,nd->d", g, x_hat)
    centred = g - g.sum() / (N * D)
    return (centred - x_hat * grad_gamma / N) * inv_std * gamma, grad_gamma, np.ones(N) @ g


# %% mistake="bn-backward" id="gamma-in-grad-gamma" hint="Your grad_gamma has gamma in it: y is linear in gamma."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        (g * gamma * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="spread-twice" hint="grad_x has the factor inv_std twice."
def bn_backward(g, x_hat, gamma, inv_std):
    return (
        gamma * inv_std**2 * (g - g.mean(axis=0) - x_hat * (g * x_hat).mean(axis=0)),
        (g * x_hat).sum(axis=0),
        g.sum(axis=0),
    )


# %% mistake="bn-backward" id="changes-the-input" hint="After the call the caller finds other numbers in g than before."
def bn_backward(g, x_hat, gamma, inv_std):
    gb, gg = g.sum(axis=0), (g * x_hat).sum(axis=0)
    N = len(g)
    g -= gb / N + x_hat * gg / N
    g *= gamma * inv_std
    return g, gg, gb


# %% alternative="bn-backward" id="step-by-step"
def bn_backward(g, x_hat, gamma, inv_std):
    N = len(g)
    centred, std = x_hat / inv_std, 1 / inv_std
    grad_x_hat = g * gamma
    grad_variance = np.sum(grad_x_hat * centred, axis=0) * -0.5 * std**-3.0
    grad_mean = -np.sum(grad_x_hat / std, axis=0) + grad_variance * np.sum(-2 * centred, axis=0) / N
    grad_x = grad_x_hat / std + grad_variance * 2 * centred / N + grad_mean / N
    return grad_x, np.sum(g * x_hat, axis=0), np.sum(g, axis=0)


# %% alternative="bn-backward" id="without-the-term-that-is-zero"
def bn_backward(g, x_hat, gamma, inv_std):
    N = len(g)
    centred = x_hat / inv_std
    direct = g * gamma * inv_std
    grad_variance = -0.5 * inv_std**3 * (g * gamma * centred).sum(axis=0)
    return direct - direct.mean(axis=0) + grad_variance * 2 * centred / N, (g * x_hat).sum(axis=0), g.sum(axis=0)


# %% alternative="bn-backward" id="jacobian-of-each-feature"
def bn_backward(g, x_hat, gamma, inv_std):
    N, D = g.shape
    grad_x = np.empty((N, D))
    for k in range(D):
        jacobian = gamma[k] * inv_std[k] * (np.eye(N) - 1 / N - np.outer(x_hat[:, k], x_hat[:, k]) / N)
        grad_x[:, k] = jacobian @ g[:, k]
    return grad_x, np.einsum("nd,nd->d", g, x_hat), g.sum(axis=0)


# %% alternative="bn-backward" id="by-way-of-each-step"
def bn_backward(g, x_hat, gamma, inv_std):
    N, D = g.shape
    dbeta = np.sum(g, axis=0)
    dgamma = np.sum(g * x_hat, axis=0)
    dxhat = g * gamma
    xmu = x_hat / inv_std
    divar = np.sum(dxhat * xmu, axis=0)
    dxmu1 = dxhat * inv_std
    dsqrtvar = -(inv_std**2) * divar
    dvar = 0.5 * inv_std * dsqrtvar
    dsq = np.ones((N, D)) * dvar / N
    dxmu2 = 2 * xmu * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -np.sum(dx1, axis=0)
    return dx1 + np.ones((N, D)) * dmu / N, dgamma, dbeta


# %% [markdown]
r"""
Recover the identity
"""


# %% mistake="recover-identity" id="no-epsilon" hint="This is the deck's gamma: it forgets the epsilon that you divide by."
def recover_identity(x, epsilon):
    return x.std(axis=0), x.mean(axis=0)


# %% mistake="recover-identity" id="no-epsilon-again" again="no-epsilon"
def recover_identity(x, epsilon):
    mean = np.sum(x, axis=0) / len(x)
    return np.sqrt(((x - mean) ** 2).mean(axis=0)), mean


# %% mistake="recover-identity" id="variance-for-gamma" hint="gamma has to undo a division by a root; yours has no root."
def recover_identity(x, epsilon):
    return x.var(axis=0) + epsilon, x.mean(axis=0)


# %% mistake="recover-identity" id="epsilon-outside" hint="You add epsilon outside of the root; in the normalisation it stands inside."
def recover_identity(x, epsilon):
    return x.std(axis=0) + epsilon, x.mean(axis=0)


# %% mistake="recover-identity" id="normalises-again" hint="Your gamma divides once more; it has to undo the division."
def recover_identity(x, epsilon):
    return 1 / np.sqrt(x.var(axis=0) + epsilon), x.mean(axis=0)


# %% mistake="recover-identity" id="normalises-again-again" again="normalises-again"
def recover_identity(x, epsilon):
    mean = np.sum(x, axis=0) / len(x)
    return (np.mean((x - mean) ** 2, axis=0) + epsilon) ** -0.5, mean


# %% mistake="recover-identity" id="mean-subtracted-again" hint="Your beta has the wrong sign: the mean was subtracted, and has to come back."
def recover_identity(x, epsilon):
    return np.sqrt(x.var(axis=0) + epsilon), -x.mean(axis=0)


# %% mistake="recover-identity" id="mean-times-gamma" hint="beta is added after the multiplication by gamma: it need not be multiplied itself."
def recover_identity(x, epsilon):
    gamma = np.sqrt(x.var(axis=0) + epsilon)
    return gamma, gamma * x.mean(axis=0)


# %% mistake="recover-identity" id="unbiased" hint="Your variance divides by N - 1; the normalisation that is to be undone divides by N."
def recover_identity(x, epsilon):
    return np.sqrt(x.var(axis=0, ddof=1) + epsilon), x.mean(axis=0)


# %% mistake="recover-identity" id="usual-start" hint="gamma = 1 and beta = 0 are what a layer starts with: that leaves x normalised."
def recover_identity(x, epsilon):
    return np.ones(x.shape[1]), np.zeros(x.shape[1])


# %% mistake="recover-identity" id="exchanged" hint="gamma and beta stand in each other's place."
def recover_identity(x, epsilon):
    return x.mean(axis=0), np.sqrt(x.var(axis=0) + epsilon)


# %% mistake="recover-identity" id="one-where-constant" hint="A constant feature gets another gamma in your function; the formula of the others holds for it as well."
def recover_identity(x, epsilon):
    v = x.var(axis=0)
    return np.where(v == 0, 1.0, np.sqrt(v + epsilon)), x.mean(axis=0)


# %% mistake="recover-identity" id="ratio-of-a-sample" hint="You find gamma by a division that is 0/0 for a constant feature."
def recover_identity(x, epsilon):
    xh = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + epsilon)
    with np.errstate(all="ignore"):
        return (x - x.mean(axis=0))[0] / xh[0], x.mean(axis=0)


# %% mistake="recover-identity" id="own-epsilon" hint="The epsilon that is handed in plays no part in your gamma."
def recover_identity(x, epsilon):
    return np.sqrt(x.var(axis=0) + 1e-5), x.mean(axis=0)


# %% mistake="recover-identity" id="own-epsilon-again" again="own-epsilon"
def recover_identity(x, epsilon):
    centred = x - np.sum(x, axis=0) / len(x)
    return (np.einsum("nd,nd->d", centred, centred) / len(x) + 1e-5) ** 0.5, np.sum(x, axis=0) / len(x)


# %% mistake="recover-identity" id="roots-added" hint="You add two roots; the root is taken of the sum."
def recover_identity(x, epsilon):
    return x.std(axis=0) + np.sqrt(epsilon), x.mean(axis=0)


# %% mistake="recover-identity" id="one-for-all-features" hint="One gamma and one beta for all features together: each feature needs its own."
def recover_identity(x, epsilon):
    return np.sqrt(np.full(x.shape[1], x.var()) + epsilon), np.full(x.shape[1], x.mean())


# %% alternative="recover-identity" id="hypot"
def recover_identity(x, epsilon):
    return np.hypot(x.std(axis=0), np.sqrt(epsilon)), np.ones(len(x)) @ x / len(x)


# %% alternative="recover-identity" id="feature-by-feature"
def recover_identity(x, epsilon):
    N = len(x)
    beta = np.array([sum(column) / N for column in x.T])
    return np.array([(sum((column - b) ** 2) / N + epsilon) ** 0.5 for column, b in zip(x.T, beta)]), beta


# %% alternative="recover-identity" id="one-over-inv-std"
def recover_identity(x, epsilon):
    inv_std = 1 / np.sqrt(np.var(x, axis=0) + epsilon)
    return 1 / inv_std, np.mean(x, axis=0)


# %% [markdown]
r"""
Fold into a dense layer
"""


# %% mistake="fold-into-dense" id="scales-rows" hint="You scale the rows of w, the inputs; a unit is a column."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return np.resize(scale, len(w))[:, None] * w, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="scales-rows-again" again="scales-rows"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    root = np.sqrt(variance + epsilon)
    factors = np.resize(gamma / root, len(w))
    return np.diag(factors) @ w, gamma * b / root - gamma * mean / root + beta


# %% mistake="fold-into-dense" id="bias-not-scaled" hint="b goes through the division and gamma, too; in yours it is left as it is."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, b - mean * scale + beta


# %% mistake="fold-into-dense" id="bias-not-scaled-again" again="bias-not-scaled"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    root = np.sqrt(variance + epsilon)
    return w @ np.diag(gamma / root), b + (beta - gamma * mean / root)


# %% mistake="fold-into-dense" id="mean-not-scaled" hint="The mean is subtracted before the scaling; in yours afterwards."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, b * scale - mean + beta


# %% mistake="fold-into-dense" id="mean-forgotten" hint="The running mean does not appear in your result."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, b * scale + beta


# %% mistake="fold-into-dense" id="mean-added" hint="The running mean enters with the wrong sign."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, (b + mean) * scale + beta


# %% mistake="fold-into-dense" id="bias-forgotten" hint="The bias of the dense layer does not appear in your result."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, beta - mean * scale


# %% mistake="fold-into-dense" id="no-root" hint="You divide by the variance; a root is missing."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / (variance + epsilon)
    return w * scale, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="no-root-again" again="no-root"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    spread = variance + epsilon
    return w @ np.diag(gamma / spread), gamma * b / spread - gamma * mean / spread + beta


# %% mistake="fold-into-dense" id="no-epsilon" hint="epsilon does not appear in your result; look at a unit with variance 0."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    with np.errstate(all="ignore"):
        scale = gamma / np.sqrt(variance)
        return w * scale, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="beta-scaled" hint="beta is added at the very end; in yours it is scaled."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    return w * scale, (b - mean + beta) * scale


# %% mistake="fold-into-dense" id="gamma-forgotten" hint="gamma does not appear in your result."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = 1 / np.sqrt(variance + epsilon)
    return w * scale, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="changes-the-input" hint="After the call the caller finds other weights than before."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / np.sqrt(variance + epsilon)
    w *= scale
    b -= mean
    b *= scale
    b += beta
    return w.copy(), b.copy()


# %% mistake="fold-into-dense" id="epsilon-outside" hint="You add epsilon to the standard deviation; it belongs inside of the root, to the variance."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma / (np.sqrt(variance) + epsilon)
    return w * scale, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="multiplies-by-the-root" hint="The normalisation divides by the root; your result multiplies by it."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    scale = gamma * np.sqrt(variance + epsilon)
    return w * scale, (b - mean) * scale + beta


# %% mistake="fold-into-dense" id="mean-without-gamma" hint="The mean is divided by the root, but gamma multiplies it as well: it is subtracted before gamma."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    inv = 1 / np.sqrt(variance + epsilon)
    return w * gamma * inv, b * gamma * inv - mean * inv + beta


# %% mistake="fold-into-dense" id="mean-without-gamma-again" again="mean-without-gamma"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    root = np.sqrt(variance + epsilon)
    return w @ np.diag(gamma / root), beta + (gamma * b - mean) / root


# %% mistake="fold-into-dense" id="bias-without-gamma" hint="gamma multiplies your w, but not your b."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    inv = 1 / np.sqrt(variance + epsilon)
    return w * gamma * inv, (b - mean) * inv + beta


# %% mistake="fold-into-dense" id="changes-gamma" hint="After the call the caller finds other numbers in gamma than before."
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    gamma /= np.sqrt(variance + epsilon)
    return w * gamma, (b - mean) * gamma + beta


# %% alternative="fold-into-dense" id="diagonal-matrix"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    root = np.sqrt(variance + epsilon)
    return w @ np.diag(gamma / root), gamma * b / root + (beta - gamma * mean / root)


# %% alternative="fold-into-dense" id="probe-with-unit-vectors"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    def layers(x):
        return gamma * ((x @ w + b) - mean) / np.sqrt(variance + epsilon) + beta

    bias = layers(np.zeros((1, len(w))))[0]
    return layers(np.eye(len(w))) - bias, bias


# %% alternative="fold-into-dense" id="bias-as-a-row"
def fold_into_dense(w, b, gamma, beta, mean, variance, epsilon=1e-5):
    full = np.vstack([w, b - mean]) * (gamma / np.sqrt(variance + epsilon))
    full[-1] += beta
    return full[:-1], full[-1]


# %% [markdown]
r"""
Images
"""


# %% mistake="normalise-images" id="per-pixel" hint="Each pixel has a mean of its own in your function; a channel has one for all its pixels."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=0, keepdims=True), x.var(axis=0, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="per-pixel-again" again="per-pixel"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    rows = x.reshape(len(x), -1)
    normal = (rows - rows.mean(axis=0)) / (rows.var(axis=0) + epsilon) ** 0.5
    return normal.reshape(x.shape) * gamma + beta


# %% mistake="normalise-images" id="per-image" hint="Each image is normalised by itself; the statistics run over all images of the batch."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=(1, 2), keepdims=True), x.var(axis=(1, 2), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="per-image-again" again="per-image"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    y = np.empty(x.shape)
    for i, image in enumerate(x):
        pixels = image.reshape(-1, x.shape[3])
        y[i] = ((pixels - pixels.mean(axis=0)) / (pixels.var(axis=0) + epsilon) ** 0.5).reshape(image.shape)
    return y * gamma + beta


# %% mistake="normalise-images" id="per-sample" hint="You take one mean for all channels of an image: that is layer normalisation, another method."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=(1, 2, 3), keepdims=True), x.var(axis=(1, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="across-channels" hint="You normalise each pixel across its channels; the channels are the features, and keep apart."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=3, keepdims=True), x.var(axis=3, keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="channels-second" hint="You treat the second axis as the channels; here they come last."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="channels-second-again" again="channels-second"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    y = np.moveaxis(x, 1, 0)  # (H, N, W, C)
    rows = y.reshape(len(y), -1)
    rows = (rows - rows.mean(axis=1)[:, None]) / np.sqrt(rows.var(axis=1) + epsilon)[:, None]
    return np.moveaxis(rows.reshape(y.shape), 0, 1) * gamma + beta


# %% mistake="normalise-images" id="channels-third" hint="The axis that your mean leaves out is that of the columns; the channels come last."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=(0, 1, 3), keepdims=True), x.var(axis=(0, 1, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="whole-array" hint="One mean and one variance for all channels together: each channel needs its own."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean()) / np.sqrt(x.var() + epsilon) + beta


# %% mistake="normalise-images" id="scrambled" hint="Your reshape mixes the channels: the last axis has to stay last."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    rows = x.reshape(x.shape[3], -1).T
    y = (rows - rows.mean(axis=0)) / np.sqrt(rows.var(axis=0) + epsilon)
    return gamma * y.T.reshape(x.shape) + beta


# %% mistake="normalise-images" id="unbiased" hint="Your variance divides by one less than the number of values."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    mean, variance = x.mean(axis=(0, 1, 2)), x.var(axis=(0, 1, 2), ddof=1)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta


# %% mistake="normalise-images" id="epsilon-outside" hint="You add epsilon to the standard deviation; it belongs inside of the root."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (x.std(axis=(0, 1, 2)) + epsilon) + beta


# %% mistake="normalise-images" id="per-row" hint="Each row has a mean of its own in your function; rows belong to the channel, too."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    m, v = x.mean(axis=(0, 2), keepdims=True), x.var(axis=(0, 2), keepdims=True)
    return gamma * (x - m) / np.sqrt(v + epsilon) + beta


# %% mistake="normalise-images" id="per-column" hint="Each column has a mean of its own in your function; columns belong to the channel, too."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    m, v = x.mean(axis=(0, 1), keepdims=True), x.var(axis=(0, 1), keepdims=True)
    return gamma * (x - m) / np.sqrt(v + epsilon) + beta


# %% mistake="normalise-images" id="per-column-again" again="per-column"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    y = np.empty(x.shape)
    for j in range(x.shape[2]):
        pixels = x[:, :, j].reshape(-1, x.shape[3])
        normal = (pixels - pixels.mean(axis=0)) / (pixels.var(axis=0) + epsilon) ** 0.5
        y[:, :, j] = normal.reshape(x[:, :, j].shape)
    return y * gamma + beta


# %% mistake="normalise-images" id="mean-of-the-variances" hint="You average the variances of the single images: how far their means lie apart belongs to the variance, too."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    m, v = x.mean(axis=(0, 1, 2)), x.var(axis=(1, 2)).mean(axis=0)
    return gamma * (x - m) / np.sqrt(v + epsilon) + beta


# %% mistake="normalise-images" id="square-minus-square" hint="For a channel with a large mean your variance is the difference of two huge numbers: subtract the mean first."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    m = x.mean(axis=(0, 1, 2))
    with np.errstate(all="ignore"):
        return gamma * (x - m) / np.sqrt((x**2).mean(axis=(0, 1, 2)) - m**2 + epsilon) + beta


# %% mistake="normalise-images" id="square-minus-square-again" again="square-minus-square"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    rows = x.reshape(-1, x.shape[3])
    mean = rows.sum(axis=0) / len(rows)
    with np.errstate(all="ignore"):
        std = (np.einsum("nc,nc->c", rows, rows) / len(rows) - mean * mean + epsilon) ** 0.5
        return ((rows - mean) / std * gamma + beta).reshape(x.shape)


# %% mistake="normalise-images" id="no-epsilon" hint="epsilon does not appear in your result."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / x.std(axis=(0, 1, 2)) + beta


# %% mistake="normalise-images" id="no-root" hint="You divide by the variance; a root is missing."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    return gamma * (x - x.mean(axis=(0, 1, 2))) / (x.var(axis=(0, 1, 2)) + epsilon) + beta


# %% mistake="normalise-images" id="changes-the-input" hint="After the call the caller finds other numbers in x than before."
def normalise_images(x, gamma, beta, epsilon=1e-5):
    v = x.var(axis=(0, 1, 2))
    x -= x.mean(axis=(0, 1, 2))
    x /= np.sqrt(v + epsilon)
    return x * gamma + beta


# %% alternative="normalise-images" id="rows-of-pixels"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    rows = x.reshape(-1, x.shape[-1])
    centred = rows - rows.mean(axis=0)
    scale = gamma / np.sqrt((centred**2).mean(axis=0) + epsilon)
    return (centred * scale + beta).reshape(x.shape)


# %% alternative="normalise-images" id="channel-by-channel"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    y = np.empty(x.shape)
    for c in range(x.shape[3]):
        channel = x[..., c]
        y[..., c] = gamma[c] * (channel - channel.mean()) / (channel.var() + epsilon) ** 0.5 + beta[c]
    return y


# %% alternative="normalise-images" id="within-and-between-images"
def normalise_images(x, gamma, beta, epsilon=1e-5):
    v = x.var(axis=(1, 2)).mean(axis=0) + x.mean(axis=(1, 2)).var(axis=0)
    return (x - x.mean(axis=(0, 1, 2))) / np.sqrt(v + epsilon) * gamma + beta
