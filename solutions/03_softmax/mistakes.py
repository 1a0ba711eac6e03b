# %% [markdown]
r"""
Softmax
"""


# %% mistake="softmax" id="no-shift" hint="For large scores an exponential overflows to infinity, and infinity divided by infinity is not a number."
def softmax(z, axis=-1):
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="no-shift-again" again="no-shift"
def softmax(z, axis=-1):
    z = np.moveaxis(np.asarray(z, dtype=float), axis, -1)
    p = np.exp(z) / np.sum(np.exp(z), axis=-1)[..., None]
    return np.moveaxis(p, -1, axis)


# %% mistake="softmax" id="whole-array-maximum" hint="One maximum was subtracted for the whole array. For a slice that lies far below it, all exponentials become 0."
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z))
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="whole-array-maximum-again" again="whole-array-maximum"
def softmax(z, axis=-1):
    largest = max(np.ravel(z).tolist())
    powers = np.e ** (z - largest)
    return powers / np.expand_dims(powers.sum(axis), axis)


# %% mistake="softmax" id="whole-array-sum" hint="Each slice along the axis has to sum to 1; yours sum to 1 only all together."
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum()


# %% mistake="softmax" id="ignores-the-axis" hint="The argument axis has no influence on your result: the classes need not lie along the last axis."
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


# %% mistake="softmax" id="ignores-the-axis-again" again="ignores-the-axis"
def softmax(z, axis=-1):
    flat = np.reshape(z, (-1, np.shape(z)[-1]))
    rows = [np.exp(row - row.max()) / np.exp(row - row.max()).sum() for row in flat]
    return np.array(rows).reshape(np.shape(z))


# %% mistake="softmax" id="first-axis-always" hint="Your sums run along the first axis, whatever the argument axis says."
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=0, keepdims=True))
    return e / e.sum(axis=0, keepdims=True)


# %% mistake="softmax" id="changes-the-input" hint="After the call the caller finds other scores in z than before."
def softmax(z, axis=-1):
    if z.dtype == float:
        z -= np.max(z, axis=axis, keepdims=True)
    else:
        z = z - np.max(z, axis=axis, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="changes-the-input-again" again="changes-the-input"
def softmax(z, axis=-1):
    largest = z.max(axis=axis, keepdims=True)
    shifted = np.subtract(z, largest, out=z if z.dtype.kind == "f" else None)
    powers = np.e**shifted
    return powers / np.sum(powers, axis=axis, keepdims=True)


# %% mistake="softmax" id="shift-upwards" hint="You subtract the smallest score of a slice; then the largest exponent is still as large as the spread of the scores."
def softmax(z, axis=-1):
    e = np.exp(z - np.min(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="shift-by-mean" hint="You subtract the mean of a slice; then an exponent can still be far above 0."
def softmax(z, axis=-1):
    e = np.exp(z - np.mean(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="clips-the-exponent" hint="Scores above a fixed limit are all treated alike. No limit is needed: what can be subtracted from all scores of a slice?"
def softmax(z, axis=-1):
    e = np.exp(np.clip(z, -500, 500))
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="no-exponential" hint="A share of the sum is not yet a softmax: where is the exponential?"
def softmax(z, axis=-1):
    shifted = z - np.min(z, axis=axis, keepdims=True)
    return (shifted + 1e-12) / (shifted + 1e-12).sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="sigmoid-of-each" hint="You squash every score on its own; the probabilities of a slice have to share one sum."
def softmax(z, axis=-1):
    return 1 / (1 + np.exp(-np.clip(z, -700, 700)))


# %% mistake="softmax" id="integer-result" hint="Think of integer scores: your result is kept in an array that can hold no fractions."
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    p = np.empty_like(z)
    p[...] = e / e.sum(axis=axis, keepdims=True)
    return p


# %% mistake="softmax" id="every-negative-axis-is-the-last" hint="Of the negative axes you know -1 alone; all of them count from the end."
def softmax(z, axis=-1):
    axis = z.ndim - 1 if axis < 0 else axis
    e = np.exp(z - z.max(axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)


# %% mistake="softmax" id="every-negative-axis-is-the-last-again" again="every-negative-axis-is-the-last"
def softmax(z, axis=-1):
    z = np.swapaxes(z.astype(float), max(axis, -1) if axis < 0 else axis, -1)
    p = np.exp(z - z.max(axis=-1)[..., None])
    p /= p.sum(axis=-1)[..., None]
    return np.swapaxes(p, max(axis, -1) if axis < 0 else axis, -1)


# %% mistake="softmax" id="shifts-large-scores-only" hint="You subtract something only where scores are large. A slice of very negative scores needs it too: all its exponentials are 0."
def softmax(z, axis=-1):
    if z.max() > 700:
        z = z - z.max(axis=axis, keepdims=True)
    e = np.exp(z)
    return e / e.sum(axis=axis, keepdims=True)


# %% alternative="softmax" id="logaddexp"
def softmax(z, axis=-1):
    return np.exp(z - np.logaddexp.reduce(z, axis=axis, keepdims=True))


# %% alternative="softmax" id="one-over-sum-of-ratios"
def softmax(z, axis=-1):
    z = np.moveaxis(np.asarray(z, dtype=float), axis, -1)
    with np.errstate(over="ignore"):
        p = 1 / np.exp(z[..., None, :] - z[..., :, None]).sum(axis=-1)
    return np.moveaxis(p, -1, axis)


# %% alternative="softmax" id="slice-by-slice"
def softmax(z, axis=-1):
    def one(row):
        e = np.exp(row - row.max())
        return e / e.sum()

    return np.apply_along_axis(one, axis, z.astype(float))


# %% [markdown]
r"""
Back through softmax
"""


# %% mistake="softmax-backward" id="diagonal-only" hint="Each logit moves all probabilities of its sample; you follow only its own."
def softmax_backward(p, g):
    return g * p * (1 - p)


# %% mistake="softmax-backward" id="diagonal-only-again" again="diagonal-only"
def softmax_backward(p, g):
    grad_z = np.zeros(p.shape)
    for n in range(len(p)):
        for k in range(p.shape[1]):
            grad_z[n, k] = g[n, k] * (p[n, k] - p[n, k] ** 2)
    return grad_z


# %% mistake="softmax-backward" id="zeros" hint="A gradient of 0 is right only for upstream gradients that are equal for all classes."
def softmax_backward(p, g):
    return p * (1 - p.sum(axis=1, keepdims=True)) * g.mean()


# %% mistake="softmax-backward" id="unweighted-sum" hint="In the sum over the classes each upstream gradient has a weight; yours have none."
def softmax_backward(p, g):
    return p * (g - g.sum(axis=1, keepdims=True))


# %% mistake="softmax-backward" id="unweighted-sum-again" again="unweighted-sum"
def softmax_backward(p, g):
    rows = []
    for p_row, g_row in zip(p, g):
        total = sum(g_row)
        rows.append([p_k * (g_k - total) for p_k, g_k in zip(p_row, g_row)])
    return np.array(rows)


# %% mistake="softmax-backward" id="mean-instead-of-sum" hint="The number that is the same for all classes of a sample is a sum over its classes, not a mean."
def softmax_backward(p, g):
    return p * (g - np.mean(g * p, axis=1, keepdims=True))


# %% mistake="softmax-backward" id="mean-instead-of-sum-again" again="mean-instead-of-sum"
def softmax_backward(p, g):
    inner = np.einsum("nk,nk->n", p, g) / p.shape[1]
    return g * p - inner[:, None] * p


# %% mistake="softmax-backward" id="samples-mix" hint="Your sum runs over the samples too: every sample has a sum of its own."
def softmax_backward(p, g):
    return p * (g - np.sum(g * p))


# %% mistake="softmax-backward" id="samples-mix-again" again="samples-mix"
def softmax_backward(p, g):
    inner = np.einsum("nk,nk->", g, p)
    return g * p - inner * p


# %% mistake="softmax-backward" id="sum-over-samples" hint="Your sum runs down the samples; it has to run over the classes of one sample."
def softmax_backward(p, g):
    return p * (g - np.sum(g * p, axis=0, keepdims=True))


# %% mistake="softmax-backward" id="sum-over-samples-again" again="sum-over-samples"
def softmax_backward(p, g):
    inner = np.einsum("nk,nk->k", p, g)
    return g * p - inner * p


# %% mistake="softmax-backward" id="ignores-upstream" hint="The upstream gradient has no influence, or not on every term."
def softmax_backward(p, g):
    return p * (1 - p)


# %% mistake="softmax-backward" id="forgets-outer-p" hint="Both parts of the derivative have a factor that is the probability of the logit's own class; one of yours has not."
def softmax_backward(p, g):
    return g - np.sum(g * p, axis=1, keepdims=True)


# %% mistake="softmax-backward" id="forgets-outer-p-again" again="forgets-outer-p"
def softmax_backward(p, g):
    grad_z = np.array(g, dtype=float)
    for n in range(p.shape[0]):
        grad_z[n] -= p[n] @ g[n]
    return grad_z


# %% mistake="softmax-backward" id="plus-sign" hint="Look at the sign of the terms in which i and j differ: when one logit rises, the other probabilities fall."
def softmax_backward(p, g):
    return p * (g + np.sum(g * p, axis=1, keepdims=True))


# %% mistake="softmax-backward" id="plus-sign-again" again="plus-sign"
def softmax_backward(p, g):
    return np.stack([(np.diag(one) + np.outer(one, one)) @ upstream for one, upstream in zip(p, g)])


# %% mistake="softmax-backward" id="divides-by-n" hint="Nothing is averaged here: what the loss does with several samples is in the upstream gradient already."
def softmax_backward(p, g):
    return p * (g - np.sum(g * p, axis=1, keepdims=True)) / len(p)


# %% mistake="softmax-backward" id="cross-entropy-gradient" hint="Probabilities minus something is the gradient for one special loss; here any upstream gradient may arrive."
def softmax_backward(p, g):
    return p - g


# %% mistake="softmax-backward" id="changes-upstream" hint="After the call the caller finds other numbers in g than before."
def softmax_backward(p, g):
    g -= np.sum(g * p, axis=1, keepdims=True)
    return p * g


# %% mistake="softmax-backward" id="changes-the-probabilities" hint="After the call the caller finds other numbers in p than before; the next pass through them would be wrong."
def softmax_backward(p, g):
    total = np.sum(g * p, axis=1, keepdims=True)
    p *= g - total
    return p


# %% mistake="softmax-backward" id="one-sample-loses-its-axis" hint="A batch of one sample is a batch too: its result keeps both axes."
def softmax_backward(p, g):
    return np.squeeze(p * (g - (p * g).sum(axis=1, keepdims=True)))


# %% mistake="softmax-backward" id="divides-by-the-probabilities" hint="You divide by probabilities, and one of them may be 0."
def softmax_backward(p, g):
    d = g * p
    return p * (d / p - d.sum(axis=1, keepdims=True))


# %% alternative="softmax-backward" id="jacobian-of-each-sample"
def softmax_backward(p, g):
    grad_z = np.empty(p.shape)
    for n, row in enumerate(p):
        jacobian = np.diag(row) - np.outer(row, row)  # (K, K)
        grad_z[n] = jacobian @ g[n]
    return grad_z


# %% alternative="softmax-backward" id="einsum"
def softmax_backward(p, g):
    jacobian = np.einsum("ni,ij->nij", p, np.eye(p.shape[1])) - np.einsum("ni,nj->nij", p, p)
    return np.einsum("ni,nij->nj", g, jacobian)


# %% alternative="softmax-backward" id="three-loops"
def softmax_backward(p, g):
    num_samples, num_classes = p.shape
    grad_z = np.zeros((num_samples, num_classes))
    for n in range(num_samples):
        for j in range(num_classes):
            for i in range(num_classes):
                grad_z[n, j] += g[n, i] * p[n, i] * ((i == j) - p[n, j])
    return grad_z


# %% alternative="softmax-backward" id="centred-upstream"
def softmax_backward(p, g):
    g = g - g.mean(axis=1, keepdims=True)  # a constant changes nothing
    return p * g - p * (p[:, None, :] @ g[:, :, None])[:, 0]


# %% [markdown]
r"""
Log-sum-exp
"""


# %% mistake="logsumexp" id="no-shift" hint="Nothing is subtracted from the scores before the exponential: large ones overflow, and the logarithm of very small ones is minus infinity."
def logsumexp(z, axis=-1):
    return np.log(np.exp(z).sum(axis=axis))


# %% mistake="logsumexp" id="no-shift-again" again="no-shift"
def logsumexp(z, axis=-1):
    powers = np.e ** np.asarray(z, dtype=float)
    return np.log(np.add.reduce(powers, axis))


# %% mistake="logsumexp" id="shift-not-added-back" hint="What you subtract from all scores comes out in front of the logarithm; it is missing in your result."
def logsumexp(z, axis=-1):
    return np.log(np.sum(np.exp(z - np.max(z, axis=axis, keepdims=True)), axis=axis))


# %% mistake="logsumexp" id="shift-not-added-back-again" again="shift-not-added-back"
def logsumexp(z, axis=-1):
    z = np.moveaxis(np.asarray(z, dtype=float), axis, -1)
    below = z - z.max(axis=-1)[..., None]
    return np.log(np.exp(below).sum(axis=-1))


# %% mistake="logsumexp" id="whole-array-maximum" hint="One maximum is subtracted for the whole array; for a slice that lies far below it, the sum becomes 0."
def logsumexp(z, axis=-1):
    largest = np.max(z)
    return largest + np.log(np.sum(np.exp(z - largest), axis=axis))


# %% mistake="logsumexp" id="whole-array-maximum-again" again="whole-array-maximum"
def logsumexp(z, axis=-1):
    c = sorted(np.ravel(z).tolist())[-1]
    y = np.log(np.sum(np.e ** (z - c), axis))
    return y + c


# %% mistake="logsumexp" id="keeps-the-axis" hint="The axis that is summed over has to be gone from the result; yours still has it."
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=axis, keepdims=True)
    return largest + np.log(np.sum(np.exp(z - largest), axis=axis, keepdims=True))


# %% mistake="logsumexp" id="shift-by-size" hint="You subtract the largest size of the scores. For scores that are all very negative, this takes them further down."
def logsumexp(z, axis=-1):
    largest = np.max(np.abs(z), axis=axis, keepdims=True)
    return np.squeeze(largest, axis=axis) + np.log(np.sum(np.exp(z - largest), axis=axis))


# %% mistake="logsumexp" id="shift-subtracted-twice" hint="What you subtract inside has to be added outside; look at its sign there."
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=axis, keepdims=True)
    return np.log(np.sum(np.exp(z - largest), axis=axis)) - np.squeeze(largest, axis=axis)


# %% mistake="logsumexp" id="ignores-the-axis" hint="The argument axis has no influence on your result."
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=-1, keepdims=True)
    return np.log(np.sum(np.exp(z - largest), axis=-1)) + largest[..., 0]


# %% mistake="logsumexp" id="ignores-the-axis-again" again="ignores-the-axis"
def logsumexp(z, axis=-1):
    return np.logaddexp.reduce(z, axis=np.ndim(z) - 1)


# %% mistake="logsumexp" id="sums-everything" hint="You return one number for the whole array: every slice along the axis has a result of its own."
def logsumexp(z, axis=-1):
    largest = np.max(z)
    return largest + np.log(np.sum(np.exp(z - largest)))


# %% mistake="logsumexp" id="just-the-maximum" hint="The largest score alone is only an approximation: the other scores count too."
def logsumexp(z, axis=-1):
    return np.max(z, axis=axis).astype(float)


# %% mistake="logsumexp" id="small-number-in-the-logarithm" hint="A small number that is added inside the logarithm hides the problem: the result for very negative scores is wrong."
def logsumexp(z, axis=-1):
    return np.log(np.sum(np.exp(np.minimum(z, 700)), axis=axis) + 1e-12)


# %% mistake="logsumexp" id="mean-of-exponentials" hint="Where does a sum over the classes turn into a mean?"
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=axis, keepdims=True)
    return np.log(np.mean(np.exp(z - largest), axis=axis)) + np.squeeze(largest, axis=axis)


# %% mistake="logsumexp" id="common-logarithm" hint="Which base has your logarithm? Here all logarithms are natural ones."
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=axis, keepdims=True)
    return np.log10(np.sum(np.exp(z - largest), axis=axis)) + np.squeeze(largest, axis=axis)


# %% mistake="logsumexp" id="changes-the-input" hint="After the call the caller finds other scores in z than before."
def logsumexp(z, axis=-1):
    largest = np.max(z, axis=axis, keepdims=True)
    if z.dtype == float:
        z -= largest
    else:
        z = z - largest
    return np.log(np.sum(np.exp(z), axis=axis)) + np.squeeze(largest, axis=axis)


# %% mistake="logsumexp" id="every-negative-axis-is-the-last" hint="Of the negative axes you know -1 alone; all of them count from the end."
def logsumexp(z, axis=-1):
    axis = z.ndim - 1 if axis < 0 else axis
    largest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - largest).sum(axis=axis)) + np.squeeze(largest, axis=axis)


# %% mistake="logsumexp" id="squeezes-every-axis" hint="You take away all axes of length 1; one axis goes, the others stay, however long they are."
def logsumexp(z, axis=-1):
    largest = z.max(axis=axis, keepdims=True)
    return np.log(np.exp(z - largest).sum(axis=axis)) + np.squeeze(largest)


# %% mistake="logsumexp" id="a-list" hint="Where axes are left, the result is an array with these axes; yours is a list."
def logsumexp(z, axis=-1):
    largest = z.max(axis=axis, keepdims=True)
    return (np.log(np.exp(z - largest).sum(axis=axis)) + np.squeeze(largest, axis=axis)).tolist()


# %% alternative="logsumexp" id="logaddexp"
def logsumexp(z, axis=-1):
    return np.logaddexp.reduce(z, axis=axis)


# %% alternative="logsumexp" id="from-the-largest-down"
def logsumexp(z, axis=-1):
    ordered = np.sort(np.moveaxis(z.astype(float), axis, 0), axis=0)[::-1]
    rest = np.exp(ordered[1:] - ordered[0]).sum(axis=0)
    return ordered[0] + np.log1p(rest)


# %% alternative="logsumexp" id="one-by-one"
def logsumexp(z, axis=-1):
    z = np.moveaxis(z, axis, 0)
    total = z[0].astype(float)
    for scores in z[1:]:
        high, low = np.maximum(total, scores), np.minimum(total, scores)
        total = high + np.log1p(np.exp(low - high))
    return total


# %% [markdown]
r"""
Cross-entropy
"""


# %% mistake="cross-entropy" id="log-of-softmax" hint="Softmax first and the logarithm second: a probability that is rounded to 0 has the logarithm minus infinity."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = -np.sum(np.where(t > 0, t * np.log(p), 0)) / len(z)
    return loss, (p - t) / len(z)


# %% mistake="cross-entropy" id="log-of-softmax-again" again="log-of-softmax"
def cross_entropy(z, t):
    losses, gradients = [], []
    for row, target in zip(z, t):
        p = np.exp(row - row.max())
        p /= p.sum()
        target = np.eye(len(row))[target] if t.ndim == 1 else target
        there = target > 0
        losses.append(-(target[there] * np.log(p[there])).sum())
        gradients.append((p - target) / len(z))
    return np.mean(losses), np.array(gradients)


# %% mistake="cross-entropy" id="small-number-in-the-logarithm" hint="A small number inside the logarithm puts a ceiling on the loss: it never gets as large as it should."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    return -np.sum(t * np.log(p + 1e-12)) / len(z), (p - t) / len(z)


# %% mistake="cross-entropy" id="small-number-again" again="small-number-in-the-logarithm"
def cross_entropy(z, t):
    n, k = z.shape
    if t.ndim == 1:
        one_hot = np.zeros((n, k))
        one_hot[np.arange(n), t] = 1
        t = one_hot
    p = np.exp(z - np.logaddexp.reduce(z, axis=1)[:, None])
    terms = t * np.log(p + 1e-12)
    return -terms.sum(axis=1).mean(), (p - t) / n


# %% mistake="cross-entropy" id="no-shift" hint="For large logits an exponential overflows."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    total = np.exp(z).sum(axis=1, keepdims=True)
    log_p = z - np.log(total)
    return -np.sum(t * log_p) / len(z), (np.exp(z) / total - t) / len(z)


# %% mistake="cross-entropy" id="whole-array-maximum" hint="One maximum is subtracted for the whole batch: for a sample whose logits lie far below, all exponentials become 0."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max()
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="summed-not-averaged" hint="Your loss and gradient grow with the number of samples: they are sums, not means."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p), np.exp(log_p) - t


# %% mistake="cross-entropy" id="summed-not-averaged-again" again="summed-not-averaged"
def cross_entropy(z, t):
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    normal = np.logaddexp.reduce(z, axis=1)
    if t.ndim == 2:
        return float(np.sum(normal - (t * z).sum(axis=1))), p - t
    grad_z = p.copy()
    grad_z[np.arange(len(z)), t] -= 1
    return float(np.sum(normal - z[np.arange(len(z)), t])), grad_z


# %% mistake="cross-entropy" id="gradient-not-averaged" hint="Your loss is a mean over the samples, but your gradient is that of the sum."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), np.exp(log_p) - t


# %% mistake="cross-entropy" id="mean-over-all-entries" hint="You average over samples and classes; the sum over the classes stays a sum."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.mean(t * log_p), (np.exp(log_p) - t) / z.size


# %% mistake="cross-entropy" id="gradient-sign" hint="Your gradient points the wrong way: a larger logit of the true class makes the loss smaller."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), (t - np.exp(log_p)) / len(z)


# %% mistake="cross-entropy" id="gradient-of-probabilities" hint="Your gradient is the one with respect to the probabilities; it still has to go back through softmax to the logits."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), -t / np.maximum(np.exp(log_p), 1e-300) / len(z)


# %% mistake="cross-entropy" id="gradient-is-p" hint="The targets have no influence on your gradient."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), np.exp(log_p) / len(z)


# %% mistake="cross-entropy" id="soft-targets-become-labels" hint="Of each row of targets you keep only the largest; the other probabilities of a soft target count too."
def cross_entropy(z, t):
    t = np.eye(z.shape[1])[t if t.ndim == 1 else t.argmax(axis=1)]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="soft-targets-again" again="soft-targets-become-labels"
def cross_entropy(z, t):
    n = np.arange(len(z))
    labels = t if t.ndim == 1 else np.array([int(np.argmax(row)) for row in t])
    normal = np.logaddexp.reduce(z, axis=1)
    grad_z = np.exp(z - normal[:, None])
    grad_z[n, labels] -= 1
    return np.mean(normal - z[n, labels]), grad_z / len(z)


# %% mistake="cross-entropy" id="labels-only" hint="Targets may also come as rows of probabilities, one number for each class."
def cross_entropy(z, t):
    n = np.arange(len(z))
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    grad_z = np.exp(log_p)
    grad_z[n, t] -= 1
    return -log_p[n, t].mean(), grad_z / len(z)


# %% mistake="cross-entropy" id="rows-only" hint="Targets may also come as labels, one integer for each sample: an integer is not a probability."
def cross_entropy(z, t):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    t = t[:, None] if t.ndim == 1 else t
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="picks-columns" hint="An index such as log_p[:, t] picks whole columns, for every sample those of all samples; each sample has one label."
def cross_entropy(z, t):
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    if t.ndim == 2:
        return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)
    grad_z = np.exp(log_p)
    grad_z[:, t] -= 1
    return -log_p[:, t].mean(), grad_z / len(z)


# %% mistake="cross-entropy" id="two-sided" hint="Your loss also has a term for 1 minus the probability: that is the loss for two classes of chapter 2, applied to each class."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    other = np.log(np.maximum(1 - np.exp(log_p), 1e-300))
    return -np.sum(t * log_p + (1 - t) * other) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="two-bits" hint="Which base has your logarithm? The loss of ten equal logits is the natural logarithm of 10."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z) / np.log(2), (np.exp(log_p) - t) / len(z) / np.log(2)


# %% mistake="cross-entropy" id="changes-the-input" hint="After the call the caller finds other logits in z than before."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    if z.dtype == float:
        z -= z.max(axis=1, keepdims=True)
    else:
        z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="changes-the-targets" hint="After the call the caller finds other numbers in t than before: the gradient was computed in the place of the targets."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    shifted = z - z.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    loss = -np.sum(t * log_p) / len(z)
    if t.dtype == float:
        t -= np.exp(log_p)
        return loss, -t / len(z)
    return loss, (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="changes-the-input-for-rows" hint="After a call with targets in rows the caller finds other logits in z than before."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
        z = z.astype(float)
    if z.dtype == float:
        z -= z.max(axis=1, keepdims=True)
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)


# %% mistake="cross-entropy" id="gradient-is-a-list" hint="Your gradient is a list of rows; an array is asked for."
def cross_entropy(z, t):
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    return -np.sum(t * log_p) / len(z), list((np.exp(log_p) - t) / len(z))


# %% mistake="cross-entropy" id="integer-gradient-for-rows" hint="Think of integer logits with targets in rows: your gradient is kept in an array that can hold no fractions."
def cross_entropy(z, t):
    log_p = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    if t.ndim == 1:
        t = np.eye(z.shape[1])[t]
        return -np.sum(t * log_p) / len(z), (np.exp(log_p) - t) / len(z)
    grad_z = np.zeros_like(z)
    grad_z[...] = (np.exp(log_p) - t) / len(z)
    return -np.sum(t * log_p) / len(z), grad_z


# %% alternative="cross-entropy" id="labels-by-index"
def cross_entropy(z, t):
    n, num_samples = np.arange(len(z)), len(z)
    normal = np.logaddexp.reduce(z, axis=1)
    p = np.exp(z - normal[:, None])
    if t.ndim == 2:
        return np.mean(normal - (t * z).sum(axis=1)), (p - t) / num_samples
    p[n, t] -= 1
    return np.mean(normal - z[n, t]), p / num_samples


# %% alternative="cross-entropy" id="sample-by-sample"
def cross_entropy(z, t):
    num_samples, num_classes = z.shape
    loss, grad_z = 0.0, np.zeros(z.shape)
    for n in range(num_samples):
        largest = max(z[n])
        total = sum(np.exp(z[n, k] - largest) for k in range(num_classes))
        for k in range(num_classes):
            target = float(t[n] == k) if t.ndim == 1 else t[n, k]
            log_p = z[n, k] - largest - np.log(total)
            loss -= target * log_p / num_samples
            grad_z[n, k] = (np.exp(log_p) - target) / num_samples
    return loss, grad_z


# %% alternative="cross-entropy" id="einsum"
def cross_entropy(z, t):
    y = (t[:, None] == np.arange(z.shape[1])).astype(float) if t.ndim == 1 else t
    shifted = z - np.amax(z, axis=1)[:, None]
    e = np.exp(shifted)
    total = np.einsum("nk->n", e)
    loss = (np.einsum("nk,n->", y, np.log(total)) - np.einsum("nk,nk->", y, shifted)) / len(z)
    return float(loss), (e / total[:, None] - y) / len(z)


# %% [markdown]
r"""
Hinge loss
"""


# %% mistake="svm-loss" id="counts-the-true-class" hint="The true class is compared with itself: every sample has one margin too much in its loss."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = 0
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="counts-the-true-class-again" again="counts-the-true-class"
def svm_loss(s, t, margin=1.0):
    loss, grad_s = 0.0, np.zeros(s.shape)
    for n in range(len(s)):
        for j in range(s.shape[1]):
            term = s[n, j] - s[n, t[n]] + margin
            if term > 0:
                loss += term
                grad_s[n, j] += 1
                grad_s[n, t[n]] -= 1
    return loss / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="largest-term-only" hint="You count only the worst of the wrong classes; the loss is the sum over all of them."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    worst = slack.argmax(axis=1)
    grad_s = np.zeros(s.shape)
    bad = slack[n, worst] > 0
    grad_s[n[bad], worst[bad]] = 1
    grad_s[n[bad], t[bad]] = -1
    return slack.max(axis=1).sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="true-class-once" hint="The true class's score stands in every term that is greater than 0; in your gradient it counts once."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -(grad_s.sum(axis=1) > 0).astype(float)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="true-class-once-again" again="true-class-once"
def svm_loss(s, t, margin=1.0):
    loss, grad_s = 0.0, np.zeros(s.shape)
    for n, label in enumerate(t):
        for j in range(s.shape[1]):
            if j != label and s[n, j] - s[n, label] + margin > 0:
                loss += s[n, j] - s[n, label] + margin
                grad_s[n, j] = 1
                grad_s[n, label] = -1
    return loss / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="true-class-missing" hint="In your gradient the score of the true class is never pushed up."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    return slack.sum() / len(s), (slack > 0) / len(s)


# %% mistake="svm-loss" id="margin-fixed" hint="The argument margin has no influence on your result."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + 1)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="margin-fixed-again" again="margin-fixed"
def svm_loss(s, t, margin=1.0):
    loss, grad_s = 0.0, np.zeros(s.shape)
    for n, label in enumerate(t):
        for j in [j for j in range(s.shape[1]) if j != label]:
            if s[n, j] + 1 > s[n, label]:
                loss += s[n, j] + 1 - s[n, label]
                grad_s[n, j] += 1 / len(s)
                grad_s[n, label] -= 1 / len(s)
    return loss / len(s), grad_s


# %% mistake="svm-loss" id="margin-subtracted" hint="Your margin helps the classifier: a wrong class may even be ahead. Look at its sign."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] - margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="difference-turned" hint="You demand that the true class is behind the others: look at the order of the difference."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s[n, t][:, None] - s + margin)
    slack[n, t] = 0
    grad_s = -(slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="slope-at-the-kink" hint="Where a term is exactly 0 your slope is not: see the convention."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = s - s[n, t][:, None] + margin
    slack[n, t] = -1
    grad_s = (slack >= 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return np.maximum(slack, 0).sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="slope-at-the-kink-again" again="slope-at-the-kink"
def svm_loss(s, t, margin=1.0):
    loss, grad_s = 0.0, np.zeros(s.shape)
    for n, label in enumerate(t):
        for j in range(s.shape[1]):
            term = s[n, j] - s[n, label] + margin
            if j != label and not term < 0:
                loss += term / len(s)
                grad_s[n, [j, label]] += np.array([1, -1]) / len(s)
    return loss, grad_s


# %% mistake="svm-loss" id="summed-not-averaged" hint="Your loss and gradient grow with the number of samples: they are sums, not means."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum(), grad_s


# %% mistake="svm-loss" id="gradient-not-averaged" hint="Your loss is a mean over the samples, but your gradient is that of the sum."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s


# %% mistake="svm-loss" id="mean-over-classes" hint="You average over samples and classes; the sum over the wrong classes stays a sum."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.mean(), grad_s / s.size


# %% mistake="svm-loss" id="squared" hint="Your terms are squared: this is another loss, the squared hinge."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = 2.0 * slack
    grad_s[n, t] = -grad_s.sum(axis=1)
    return np.sum(slack**2) / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="gradient-is-the-term" hint="The slope of a term that is greater than 0 does not depend on how large the term is."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = slack.astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="gradient-sign" hint="Your gradient points the wrong way: it would push the true class down."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = -(slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="integer-terms" hint="Think of integer scores and a margin that is none: the array in which you keep the terms can hold no fractions."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.zeros_like(s)
    slack[...] = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="nearly-zero-is-zero" hint="A term that is greater than 0 has its slope, however small the term is; yours has to pass a threshold first."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 1e-6).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% mistake="svm-loss" id="gradient-is-a-list" hint="Your gradient is a list of rows; an array is asked for."
def svm_loss(s, t, margin=1.0):
    n = np.arange(len(s))
    slack = np.maximum(0, s - s[n, t][:, None] + margin)
    slack[n, t] = 0
    grad_s = (slack > 0).astype(float)
    grad_s[n, t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), (grad_s / len(s)).tolist()


# %% mistake="svm-loss" id="equal-scores-left-out" hint="You recognise the true class by its score; a wrong class may have the same score, and it counts."
def svm_loss(s, t, margin=1.0):
    true = s[np.arange(len(s)), t][:, None]
    slack = np.maximum(0, s - true + margin) * (s != true)
    grad_s = (slack > 0).astype(float)
    grad_s[np.arange(len(s)), t] = -grad_s.sum(axis=1)
    return slack.sum() / len(s), grad_s / len(s)


# %% alternative="svm-loss" id="loops"
def svm_loss(s, t, margin=1.0):
    num_samples, num_classes = s.shape
    loss, grad_s = 0.0, np.zeros(s.shape)
    for n in range(num_samples):
        for j in range(num_classes):
            if j == t[n]:
                continue
            term = s[n, j] - s[n, t[n]] + margin
            if term > 0:
                loss += term
                grad_s[n, j] += 1
                grad_s[n, t[n]] -= 1
    return loss / num_samples, grad_s / num_samples


# %% alternative="svm-loss" id="one-hot"
def svm_loss(s, t, margin=1.0):
    y = np.eye(s.shape[1])[t]
    true = np.einsum("nk,nk->n", s, y)
    slack = np.clip(s - true[:, None] + margin * (1 - y), 0, None)  # 0 at the true class
    violated = np.where(slack > 0, 1.0, 0.0)
    violated -= y * violated.sum(axis=1, keepdims=True)
    return slack.sum(axis=1).mean(), violated / len(s)


# %% [markdown]
r"""
Top-k accuracy
"""


# %% mistake="top-k-accuracy" id="ties-count-as-right" hint="A class that ties with the true one should count as ahead of it; in your result the tie goes to the classifier."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z > true, axis=1) < k))


# %% mistake="top-k-accuracy" id="ties-count-as-right-again" again="ties-count-as-right"
def top_k_accuracy(z, t, k=1):
    right = 0
    for row, label in zip(z, t):
        kth_best = sorted(row.tolist())[-k]
        right += row[label] >= kth_best
    return float(right / len(z))


# %% mistake="top-k-accuracy" id="first-of-equals" hint="Of equal scores you take the first class; a tie should count against the classifier, whatever the order of the classes."
def top_k_accuracy(z, t, k=1):
    best = np.argsort(-z, axis=1, kind="stable")[:, :k]
    return float(np.mean(np.any(best == t[:, None], axis=1)))


# %% mistake="top-k-accuracy" id="first-of-equals-again" again="first-of-equals"
def top_k_accuracy(z, t, k=1):
    z, found = z.astype(float), np.zeros(len(z), dtype=bool)
    for _ in range(k):
        guess = z.argmax(axis=1)
        found |= guess == t
        z[np.arange(len(z)), guess] = -np.inf
    return float(found.mean())


# %% mistake="top-k-accuracy" id="worst-k" hint="You look at the classes with the smallest scores."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z <= true, axis=1) <= k))


# %% mistake="top-k-accuracy" id="ignores-k" hint="The argument k has no influence on your result."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z >= true, axis=1) <= 1))


# %% mistake="top-k-accuracy" id="ignores-k-again" again="ignores-k"
def top_k_accuracy(z, t, k=1):
    right = [all(row[label] > other for j, other in enumerate(row) if j != label) for row, label in zip(z, t)]
    return sum(right) / len(right)


# %% mistake="top-k-accuracy" id="one-too-few" hint="The true class takes one of the k places itself: count again how many others may be ahead."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z >= true, axis=1) < k))


# %% mistake="top-k-accuracy" id="one-too-many" hint="You let one class too many be ahead of the true one."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z >= true, axis=1) - 1 <= k))


# %% mistake="top-k-accuracy" id="a-count" hint="A fraction of the samples is asked for, not their number."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.sum(np.sum(z >= true, axis=1) <= k))


# %% mistake="top-k-accuracy" id="per-cent" hint="A fraction from 0 to 1 is asked for, not per cent."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return 100 * float(np.mean(np.sum(z >= true, axis=1) <= k))


# %% mistake="top-k-accuracy" id="per-cent-again" again="per-cent"
def top_k_accuracy(z, t, k=1):
    right = [np.count_nonzero(row >= row[label]) <= k for row, label in zip(z, t)]
    return 100.0 * sum(right) / len(right)


# %% mistake="top-k-accuracy" id="divides-by-k" hint="A sample is right or wrong: k guesses do not make it a k-th right."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z >= true, axis=1) <= k)) / k


# %% mistake="top-k-accuracy" id="error-rate" hint="You return the fraction that is wrong."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(np.sum(z >= true, axis=1) > k))


# %% mistake="top-k-accuracy" id="error-rate-again" again="error-rate"
def top_k_accuracy(z, t, k=1):
    wrong = sum(int(np.count_nonzero(row >= row[label]) > k) for row, label in zip(z, t))
    return wrong / len(z)


# %% mistake="top-k-accuracy" id="nearly-equal-is-a-tie" hint="You treat scores that are nearly equal as a tie; only equal ones are."
def top_k_accuracy(z, t, k=1):
    true = z[np.arange(len(z)), t][:, None]
    return float(np.mean(((z > true) | np.isclose(z, true)).sum(axis=1) <= k))


# %% mistake="top-k-accuracy" id="nearly-equal-is-a-tie-again" again="nearly-equal-is-a-tie"
def top_k_accuracy(z, t, k=1):
    n, z = np.arange(len(z)), z.astype(float)
    z[n, t] -= 1e-6
    best = np.argsort(-z, axis=1)[:, :k]
    return float(np.mean((best == t[:, None]).any(axis=1)))


# %% mistake="top-k-accuracy" id="distinct-scores" hint="Of several wrong classes with one score you count a single one; each of them is ahead."
def top_k_accuracy(z, t, k=1):
    right = 0
    for row, label in zip(z, t):
        others = np.delete(row, label)
        right += len(np.unique(others[others >= row[label]])) < k
    return right / len(z)


# %% alternative="top-k-accuracy" id="loops"
def top_k_accuracy(z, t, k=1):
    right = 0
    for row, label in zip(z, t):
        ahead = sum(1 for j, score in enumerate(row) if j != label and score >= row[label])
        right += ahead < k
    return right / len(z)


# %% alternative="top-k-accuracy" id="above-the-next"
def top_k_accuracy(z, t, k=1):
    if k == z.shape[1]:
        return 1.0
    next_best = np.sort(z, axis=1)[:, -k - 1]
    return np.mean(z[np.arange(len(z)), t] > next_best)


# %% alternative="top-k-accuracy" id="sorting-the-others"
def top_k_accuracy(z, t, k=1):
    n, classes = z.shape
    if k == classes:
        return 1.0
    others = z[np.arange(classes) != t[:, None]].reshape(n, classes - 1)
    kth_best = np.sort(others, axis=1)[:, -k]
    return np.mean(z[np.arange(n), t] > kth_best)


# %% alternative="top-k-accuracy" id="true-class-last-among-equals"
def top_k_accuracy(z, t, k=1):
    is_true = np.arange(z.shape[1]) == t[:, None]
    right = 0
    for scores, true in zip(z, is_true):
        order = np.lexsort((true, -scores))  # by score, the true class last among equals
        right += true[order[:k]].any()
    return float(right / len(z))


# %% [markdown]
r"""
Training
"""


# %% mistake="train-softmax" id="climbs" hint="Your update goes along the gradient, so it climbs the loss."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w + lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b + lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="half-in-the-gradient" hint="The gradient of your penalty is not that of the penalty in the loss: a factor is missing."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="half-in-the-gradient-again" again="half-in-the-gradient"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = []

    def measure():
        z = x @ w + b
        nll = np.logaddexp.reduce(z, axis=1) - z[np.arange(len(t)), t]
        losses.append(nll.mean() + strength * (w * w).sum())

    measure()
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        while len(order):
            batch, order = order[:batch_size], order[batch_size:]
            z = x[batch] @ w + b
            p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True)) - np.eye(num_classes)[t[batch]]
            decay = strength * w
            w -= lr * (x[batch].T @ p / len(batch) + decay)
            b -= lr * p.mean(axis=0)
        measure()
    return w, b, losses


# %% mistake="train-softmax" id="half-in-the-loss" hint="The penalty in your losses has a factor of one half that the convention does not have."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + 0.5 * strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + 0.5 * strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="penalty-missing-in-loss" hint="Your losses hold the cross-entropy alone; the full loss has the penalty in it."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0]]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0])
    return w, b, losses


# %% mistake="train-softmax" id="penalty-missing-in-loss-again" again="penalty-missing-in-loss"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    rows = np.arange(len(x))
    losses = [float(np.log(num_classes))]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for batch in np.split(order, range(batch_size, len(x), batch_size)):
            p = np.exp(x[batch] @ w + b)
            p /= p.sum(axis=1, keepdims=True)
            p[np.arange(len(batch)), t[batch]] -= 1
            shrunk = (1 - 2 * lr * strength) * w
            w, b = shrunk - lr * x[batch].T @ p / len(batch), b - lr * p.sum(axis=0) / len(batch)
        z = x @ w + b
        losses.append(float(np.mean(np.logaddexp.reduce(z, axis=1) - z[rows, t])))
    return w, b, losses


# %% mistake="train-softmax" id="penalty-missing-in-gradient" hint="The penalty is in your losses, but it does not pull at the weights."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * x[batch].T @ grad_z
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="penalty-for-each-sample" hint="Your penalty counts once for each sample of a batch; it counts once for the batch."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + len(batch) * 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="penalty-on-the-bias" hint="The penalty pulls at your biases too; only weights are penalised."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * (grad_z.sum(axis=0) + 2 * strength * b)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="last-batch-dropped" hint="The last, smaller batch of an epoch is left out."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x) - batch_size + 1, batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="last-batch-dropped-again" again="last-batch-dropped"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    y = np.eye(num_classes)[t]
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)

    def probabilities(rows):
        z = x[rows] @ w + b
        return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))

    def loss():
        return -np.mean(np.log(probabilities(slice(None))[y > 0])) + strength * np.sum(w**2)

    losses = [loss()]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for i in range(len(x) // batch_size):
            rows = order[i * batch_size : (i + 1) * batch_size]
            grad_z = (probabilities(rows) - y[rows]) / batch_size
            w -= lr * (x[rows].T @ grad_z + 2 * strength * w)
            b -= lr * grad_z.sum(axis=0)
        losses.append(loss())
    return w, b, losses


# %% mistake="train-softmax" id="last-batch-divided-by-batch-size" hint="The last batch is smaller: its mean is one over its own samples."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1] * len(batch) / batch_size
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="never-shuffled" hint="Your batches hold the samples in the order in which they came."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = slice(start, start + batch_size)
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="shuffled-once" hint="Your order is drawn once for all epochs; every epoch has an order of its own."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    order = rng.permutation(len(x))
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="labels-left-behind" hint="Inputs and labels are not taken in the same order: digits get the labels of other digits."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[start : start + batch_size])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="one-update-an-epoch" hint="You make one update for each epoch; every batch makes one."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        rng.permutation(len(x))
        grad_z = cross_entropy(x @ w + b, t)[1]
        w = w - lr * (x.T @ grad_z + 2 * strength * w)
        b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="bias-never-moves" hint="Your biases stay 0: they have a gradient too."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="bias-by-the-mean" hint="For the bias the gradient of the loss is summed over the samples; the division by their number was done before."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.mean(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="loss-of-the-last-batch" hint="After an epoch you record the loss of its last batch; the loss of all samples is asked for."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x[batch] @ w + b, t[batch])[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="no-first-loss" hint="The loss before the first update is missing in your list."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = []
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="random-start" hint="Your weights do not start at 0."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = 0.01 * rng.normal(size=(x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="bias-after-the-weights" hint="When you compute the gradient of the bias, the weights have moved already: both gradients are taken at the same place."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            w = w - lr * (x[batch].T @ cross_entropy(x[batch] @ w + b, t[batch])[1] + 2 * strength * w)
            b = b - lr * cross_entropy(x[batch] @ w + b, t[batch])[1].sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="classes-from-the-labels" hint="You take the number of classes from the labels; num_classes says it, and the last classes may not occur."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], t.max() + 1)), np.zeros(t.max() + 1)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="draws-for-the-next-epoch" hint="You take more from rng than one order for each epoch."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    order = rng.permutation(len(x))
    for _ in range(num_epochs):
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
        order = rng.permutation(len(x))
    return w, b, losses


# %% mistake="train-softmax" id="shrinks-after-the-step" hint="The gradient of your penalty is taken when the weights have moved already; both parts belong to the weights before the update."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * x[batch].T @ grad_z
            w = w - lr * 2 * strength * w
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, losses


# %% mistake="train-softmax" id="mean-of-the-batch-losses" hint="Your losses are means of what the batches cost on the way; the loss of all samples after the epoch is asked for."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        seen = []
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            loss, grad_z = cross_entropy(x[batch] @ w + b, t[batch])
            seen.append(loss + strength * np.sum(w**2))
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(np.mean(seen))
    return w, b, losses


# %% mistake="train-softmax" id="weights-as-lists" hint="Your weights or biases are lists; arrays are asked for."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w.tolist(), b.tolist(), losses


# %% mistake="train-softmax" id="losses-in-an-array" hint="Your losses stand in an array; a list is asked for."
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)
    losses = [cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        for start in range(0, len(x), batch_size):
            batch = order[start : start + batch_size]
            grad_z = cross_entropy(x[batch] @ w + b, t[batch])[1]
            w = w - lr * (x[batch].T @ grad_z + 2 * strength * w)
            b = b - lr * grad_z.sum(axis=0)
        losses.append(cross_entropy(x @ w + b, t)[0] + strength * np.sum(w**2))
    return w, b, np.array(losses)


# %% alternative="train-softmax" id="shuffled-copies"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    y = np.eye(num_classes)[t]
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros((1, num_classes))

    def forward(x):
        z = x @ w + b
        z = z - z.max(axis=1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=1, keepdims=True))

    losses = [-(y * forward(x)).sum() / len(x)]
    for _ in range(num_epochs):
        order = rng.permutation(len(x))
        inputs, targets = x[order], y[order]
        for start in range(0, len(x), batch_size):
            x_batch, y_batch = inputs[start : start + batch_size], targets[start : start + batch_size]
            difference = np.exp(forward(x_batch)) - y_batch
            grad_w = np.einsum("nd,nk->dk", x_batch, difference) / len(x_batch) + 2 * strength * w
            grad_b = difference.mean(axis=0, keepdims=True)
            w, b = w - lr * grad_w, b - lr * grad_b
        losses.append(-(y * forward(x)).sum() / len(x) + strength * (w * w).sum())
    return w, b[0], losses


# %% alternative="train-softmax" id="sample-by-sample"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)

    def one(features, label):
        z = features @ w + b
        e = np.exp(z - z.max())
        p = e / e.sum()
        loss = np.log(e.sum()) + z.max() - z[label]
        p[label] -= 1
        return loss, p

    def full_loss():
        return sum(one(features, label)[0] for features, label in zip(x, t)) / len(x) + strength * (w**2).sum()

    losses = [full_loss()]
    for _ in range(num_epochs):
        order = list(rng.permutation(len(x)))
        while order:
            batch, order = order[:batch_size], order[batch_size:]
            grad_w, grad_b = 2 * strength * w, np.zeros(num_classes)
            for i in batch:
                grad_z = one(x[i], t[i])[1] / len(batch)
                grad_w = grad_w + np.outer(x[i], grad_z)
                grad_b = grad_b + grad_z
            w, b = w - lr * grad_w, b - lr * grad_b
        losses.append(full_loss())
    return w, b, losses


# %% alternative="train-softmax" id="weight-decay"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    x = np.hstack([x, np.ones((len(x), 1))])  # the bias as the weight of an input that is always 1
    theta = np.zeros((x.shape[1], num_classes))
    decay = np.full((len(theta), 1), 1 - 2 * lr * strength)
    decay[-1] = 1
    losses = []
    for epoch in range(num_epochs + 1):
        if epoch > 0:
            batches = np.array_split(rng.permutation(len(x)), range(batch_size, len(x), batch_size))
            for batch in batches:
                theta = decay * theta - lr * x[batch].T @ cross_entropy(x[batch] @ theta, t[batch])[1]
        losses.append(cross_entropy(x @ theta, t)[0] + strength * float((theta[:-1] ** 2).sum()))
    return theta[:-1], theta[-1], losses


# %% alternative="train-softmax" id="in-place-and-shuffled-indices"
def train_softmax(x, t, num_classes, lr, num_epochs, batch_size, strength, rng):
    w, b = np.zeros((x.shape[1], num_classes)), np.zeros(num_classes)

    def gradients(x, t):
        loss, grad_z = cross_entropy(x.dot(w) + b, t)
        return float(loss + strength * (w * w).sum()), x.T.dot(grad_z) + 2 * strength * w, grad_z.sum(axis=0)

    losses = [gradients(x, t)[0]]
    for _ in range(num_epochs):
        order, start = rng.permutation(np.arange(len(x))), 0
        while start < len(x):
            batch = order[start : start + batch_size]
            _, grad_w, grad_b = gradients(x[batch], t[batch])
            w -= lr * grad_w
            b -= lr * grad_b
            start += batch_size
        losses += [gradients(x, t)[0]]
    return w, b, losses


# %% [markdown]
r"""
Weights as images
"""


# %% mistake="weight-images" id="not-transposed" hint="The weights of one class stand in a column; a plain reshape cuts through the rows and mixes the classes."
def weight_images(w, shape):
    largest = np.abs(w).max()
    return w.reshape(w.shape[1], *shape) / (largest if largest > 0 else 1.0)


# %% mistake="weight-images" id="not-transposed-again" again="not-transposed"
def weight_images(w, shape):
    scale = max(abs(w.max()), abs(w.min())) or 1.0
    numbers = (w / scale).ravel().tolist()
    size = shape[0] * shape[1]
    return np.array([numbers[k * size : (k + 1) * size] for k in range(w.shape[1])]).reshape(-1, *shape)


# %% mistake="weight-images" id="column-by-column" hint="Your pixels are laid out column by column; an image was flattened row by row."
def weight_images(w, shape):
    largest = np.abs(w).max()
    images = [w[:, k].reshape(shape, order="F") for k in range(w.shape[1])]
    return np.array(images) / (largest if largest > 0 else 1.0)


# %% mistake="weight-images" id="column-by-column-again" again="column-by-column"
def weight_images(w, shape):
    largest = np.abs(w).max() or 1.0
    return w.T.reshape(-1, shape[1], shape[0]).transpose(0, 2, 1) / largest


# %% mistake="weight-images" id="each-by-its-own" hint="Every image is divided by a number of its own, so the classes can't be compared."
def weight_images(w, shape):
    largest = np.abs(w).max(axis=0, keepdims=True)
    return (w / np.where(largest > 0, largest, 1.0)).T.reshape(-1, *shape)


# %% mistake="weight-images" id="each-by-its-own-again" again="each-by-its-own"
def weight_images(w, shape):
    images = np.zeros((w.shape[1], *shape))
    for k, column in enumerate(w.T):
        size = max(np.abs(column).tolist())
        images[k] = column.reshape(shape) / size if size else 0
    return images


# %% mistake="weight-images" id="stretched-from-smallest" hint="Your smallest weight is mapped to an end of the range, so that 0 does not stay 0."
def weight_images(w, shape):
    span = w.max() - w.min()
    return (2 * (w - w.min()) / (span if span > 0 else 1.0) - (1 if span > 0 else 0)).T.reshape(-1, *shape)


# %% mistake="weight-images" id="largest-weight" hint="You divide by the largest weight; the largest in size may be a negative one."
def weight_images(w, shape):
    largest = w.max()
    return w.T.reshape(-1, *shape) / (largest if largest != 0 else 1.0)


# %% mistake="weight-images" id="zero-by-zero" hint="Where all weights are 0 you divide 0 by 0."
def weight_images(w, shape):
    return w.T.reshape(-1, *shape) / np.abs(w).max()


# %% mistake="weight-images" id="not-divided" hint="Your images hold the weights as they are; they should lie between -1 and 1."
def weight_images(w, shape):
    return w.T.reshape(-1, *shape).copy()


# %% mistake="weight-images" id="divided-by-the-norm" hint="You divide by the norm of the weights, not by the largest size of one of them."
def weight_images(w, shape):
    norm = np.sqrt(np.sum(w**2))
    return w.T.reshape(-1, *shape) / (norm if norm > 0 else 1.0)


# %% mistake="weight-images" id="classes-last" hint="The classes should come first, then rows, then columns."
def weight_images(w, shape):
    largest = np.abs(w).max()
    return w.reshape(*shape, -1) / (largest if largest > 0 else 1.0)


# %% mistake="weight-images" id="changes-the-weights" hint="After the call the caller finds other weights in w than before."
def weight_images(w, shape):
    largest = np.abs(w).max()
    if largest > 0:
        w /= largest
    return w.T.reshape(-1, *shape).copy()


# %% mistake="weight-images" id="tiny-counts-as-zero" hint="Your images of very small weights are not stretched to the full range: no threshold is needed, and nothing has to be added."
def weight_images(w, shape):
    largest = np.abs(w).max()
    return w.T.reshape(-1, *shape) / (largest if largest > 1e-8 else 1.0)


# %% mistake="weight-images" id="small-number-added" hint="A small number is added to what you divide by. For very small weights it is not small."
def weight_images(w, shape):
    return w.T.reshape(-1, *shape) / (np.abs(w).max() + 1e-12)


# %% mistake="weight-images" id="one-class-loses-its-axis" hint="The weights of one class give an array with one image, not the image itself."
def weight_images(w, shape):
    largest = np.abs(w).max() or 1.0
    images = w.T.reshape(-1, *shape) / largest
    return images[0] if len(images) == 1 else images


# %% mistake="weight-images" id="never-stretched" hint="You divide large weights only; those below 1 should fill the range too."
def weight_images(w, shape):
    return w.T.reshape(-1, *shape) / max(np.abs(w).max(), 1.0)


# %% alternative="weight-images" id="one-by-one"
def weight_images(w, shape):
    height, width = shape
    largest = max(abs(weight) for weight in w.ravel().tolist())
    images = np.zeros((w.shape[1], height, width))
    for k in range(w.shape[1]):
        for i in range(height):
            for j in range(width):
                images[k, i, j] = w[i * width + j, k] / largest if largest else 0.0
    return images


# %% alternative="weight-images" id="move-the-axis"
def weight_images(w, shape):
    images = np.moveaxis(w.reshape(*shape, w.shape[1]), -1, 0)
    largest = np.linalg.norm(w.ravel(), np.inf)
    return np.divide(images, largest, out=np.zeros(images.shape), where=largest > 0)


# %% alternative="weight-images" id="nan-becomes-zero"
def weight_images(w, shape):
    with np.errstate(invalid="ignore"):
        return np.nan_to_num(np.stack([column.reshape(shape) for column in w.T]) / np.max(np.abs(w)))


# %% [markdown]
r"""
Questions
"""


# %% mistake="bad-start" id="chance" hint="This is the loss of a classifier that gives all classes the same probability; these weights do not."
bad_start_loss = 2.302585


# %% mistake="bad-start" id="all-digits-summed" hint="This is the sum over all digits; the mean is asked for."
bad_start_loss = 14066.47


# %% mistake="bad-start" id="common-logarithm" hint="Which base has your logarithm?"
bad_start_loss = 3.39955


# %% mistake="bad-start" id="rounded-too-early" hint="Your number is nearly right; the text says how exact it has to be."
bad_start_loss = 7.83


# %% mistake="temperature-gradient" id="temperature-forgotten" hint="The way back from z / T to z has a derivative of its own."
gradient_with_temperature = "a"


# %% mistake="temperature-gradient" id="times-temperature" hint="How much does z / T change when z changes by a little: more, or less?"
gradient_with_temperature = "b"


# %% mistake="temperature-gradient" id="only-p-divided" hint="Both terms of the gradient with respect to z / T go back through the same division."
gradient_with_temperature = "d"
