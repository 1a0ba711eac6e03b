# %% [markdown]
r"""
The perceptron's rule. Ids that end in -whole start with the bias 0 instead of 0.0, as many do: then it stays a whole number,
and what crosses is another value than that of the body above it.
"""


# %% mistake="perceptron-fit" id="updates-on-every-sample" hint="Your line also moves for samples that were right; the rule moves it for mistakes alone."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                mistakes += 1
            w = w + ti * xi
            b += ti
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="updates-on-every-sample-again" again="updates-on-every-sample"
def perceptron_fit(x, t, max_epochs=100):
    w, b, num_epochs, converged = np.zeros(x.shape[1]), 0.0, 0, False
    while num_epochs < max_epochs and not converged:
        converged = True
        for i in range(len(t)):
            right = t[i] * (np.sum(x[i] * w) + b) > 0
            w, b = w + x[i] * t[i], b + t[i]
            converged = converged and bool(right)
        num_epochs += 1
    return w, b, num_epochs, converged


# %% mistake="perceptron-fit" id="updates-on-every-sample-whole" hint="Your line also moves for samples that were right; the rule moves it for mistakes alone."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                mistakes += 1
            w = w + ti * xi
            b += ti
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="no-bias" hint="Your line always goes through the origin: the bias takes no part in the learning."
def perceptron_fit(x, t, max_epochs=100):
    w = np.zeros(x.shape[1])
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w) <= 0:
                w = w + ti * xi
                mistakes += 1
        if mistakes == 0:
            return w, 0.0, epoch, True
    return w, 0.0, max_epochs, False


# %% mistake="perceptron-fit" id="no-bias-again" again="no-bias"
def perceptron_fit(x, t, max_epochs=100):
    w, bias, epochs = np.zeros(x.shape[1]), 0.0, 0
    while epochs < max_epochs:
        epochs += 1
        clean = True
        for i in range(len(x)):
            if (np.dot(w, x[i]) + bias) * t[i] <= 0:
                w += t[i] * x[i].astype(float)
                clean = False
        if clean:
            return w, bias, epochs, True
    return w, bias, epochs, False


# %% mistake="perceptron-fit" id="no-bias-whole" hint="Your line always goes through the origin: the bias takes no part in the learning."
def perceptron_fit(x, t, max_epochs=100):
    w = np.zeros(x.shape[1])
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w) <= 0:
                w = w + ti * xi
                mistakes += 1
        if mistakes == 0:
            return w, 0, epoch, True
    return w, 0, max_epochs, False


# %% mistake="perceptron-fit" id="tie-counts-as-right" hint="What does your rule do at a score of exactly 0, which all samples have at the start?"
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) < 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="tie-counts-as-right-again" again="tie-counts-as-right"
def perceptron_fit(x, t, max_epochs=100):
    w, b, num_epochs = np.zeros(x.shape[1]), 0.0, 0
    converged = False
    while not converged and num_epochs < max_epochs:
        converged = True
        for i in range(len(t)):
            if (x[i] @ w + b) * t[i] >= 0:
                continue
            w, b, converged = w + t[i] * x[i], b + t[i], False
        num_epochs += 1
    return w, b, num_epochs, converged


# %% mistake="perceptron-fit" id="tie-counts-as-right-whole" hint="What does your rule do at a score of exactly 0, which all samples have at the start?"
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) < 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="tie-belongs-to-one-class" hint="A score of exactly 0 is a mistake for either class; in your answer it is right for one of them."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            predicted = 1 if xi @ w + b >= 0 else -1
            if predicted != ti:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="tie-belongs-to-one-class-whole" hint="A score of exactly 0 is a mistake for either class; in your answer it is right for one of them."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            predicted = 1 if xi @ w + b >= 0 else -1
            if predicted != ti:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="tie-belongs-to-the-other-class" hint="A score of exactly 0 is a mistake for either class; in your answer it is right for one of them."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            predicted = 1 if xi @ w + b > 0 else -1
            if predicted != ti:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="once-an-epoch" hint="A mistake moves the line at once, before the next sample is judged; yours waits until the epoch ends."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        wrong = t * (x @ w + b) <= 0
        if not wrong.any():
            return w, b, epoch, True
        w = w + t[wrong] @ x[wrong]
        b = b + t[wrong].sum()
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="once-an-epoch-again" again="once-an-epoch"
def perceptron_fit(x, t, max_epochs=100):
    w, b, epoch, converged = np.zeros(x.shape[1]), 0.0, 0, False
    while epoch < max_epochs and not converged:
        step_w, step_b, converged = np.zeros(x.shape[1]), 0.0, True
        for xi, ti in zip(x, t):
            if ti * (np.dot(w, xi) + b) <= 0:
                step_w = step_w + ti * xi
                step_b += ti
                converged = False
        w, b = w + step_w, b + step_b
        epoch += 1
    return w, b, epoch, converged


# %% mistake="perceptron-fit" id="once-an-epoch-whole" hint="A mistake moves the line at once, before the next sample is judged; yours waits until the epoch ends."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        wrong = t * (x @ w + b) <= 0
        if not wrong.any():
            return w, b, epoch, True
        w = w + t[wrong] @ x[wrong]
        b = b + t[wrong].sum()
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="max-epochs-ignored" hint="The number max_epochs does not end your loop."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, 1001):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, 1000, False


# %% mistake="perceptron-fit" id="loops-for-ever" hint="The number max_epochs does not end your loop."
def perceptron_fit(x, t, max_epochs=100):
    w, b, epoch, mistakes = np.zeros(x.shape[1]), 0.0, 0, 1
    while mistakes:
        mistakes = 0
        epoch += 1
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
    return w, b, epoch, True


# %% mistake="perceptron-fit" id="last-epoch-not-counted" hint="The epoch in which you find no mistake is an epoch as well, and counts."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(max_epochs):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="last-epoch-not-counted-whole" hint="The epoch in which you find no mistake is an epoch as well, and counts."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(max_epochs):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="converged-from-the-count" hint="Think of a clean epoch that is the last one that max_epochs allows: has it converged?"
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    epoch = 0
    while epoch < max_epochs:
        epoch += 1
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            break
    return w, b, epoch, epoch < max_epochs


# %% mistake="perceptron-fit" id="always-converged" hint="You report convergence even where the last epoch still had mistakes."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    epoch, mistakes = 0, 1
    while mistakes and epoch < max_epochs:
        mistakes = 0
        epoch += 1
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
    return w, b, epoch, True


# %% mistake="perceptron-fit" id="counts-updates" hint="Your count goes up with every mistake; an epoch is a whole pass through the samples."
def perceptron_fit(x, t, max_epochs=100):
    w, b, count = np.zeros(x.shape[1]), 0.0, 0
    for _ in range(max_epochs):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        count += mistakes
        if mistakes == 0:
            return w, b, count, True
    return w, b, count, False


# %% mistake="perceptron-fit" id="label-left-out" hint="At a mistake you always move in the same direction, whichever class the sample has."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + xi
                b += 1
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="label-left-out-again" again="label-left-out"
def perceptron_fit(x, t, max_epochs=100):
    rows = np.hstack([x, np.ones((len(x), 1))])
    v, epochs, clean = np.zeros(x.shape[1] + 1), 0, False
    while not clean and epochs < max_epochs:
        epochs, clean = epochs + 1, True
        for row, label in zip(rows, t):
            if label * np.dot(row, v) <= 0:
                v, clean = v + row, False
    return v[:-1], v[-1], epochs, clean


# %% mistake="perceptron-fit" id="label-left-out-whole" hint="At a mistake you always move in the same direction, whichever class the sample has."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + xi
                b += 1
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="wrong-direction" hint="After a mistake your line should suit that sample better; it suits it worse."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w - ti * xi
                b -= ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="double-step" hint="Your steps are twice as long as the rule's: a difference of two labels is 2, not 1."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                predicted = -ti
                w = w + (ti - predicted) * xi
                b += ti - predicted
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="double-step-again" again="double-step"
def perceptron_fit(x, t, max_epochs=100):
    w, b, epochs, clean = np.zeros(x.shape[1]), 0.0, 0, False
    while epochs < max_epochs and not clean:
        clean = True
        for i in range(len(x)):
            if not (x[i].dot(w) + b) * t[i] > 0:
                w = w + 2 * t[i] * x[i]
                b = b + 2 * t[i]
                clean = False
        epochs = epochs + 1
    return w, b, epochs, clean


# %% mistake="perceptron-fit" id="double-step-whole" hint="Your steps are twice as long as the rule's: a difference of two labels is 2, not 1."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                predicted = -ti
                w = w + (ti - predicted) * xi
                b += ti - predicted
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="bias-without-label" hint="The bias moves by the label of the sample; yours moves the same way for both classes."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += 1
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="starts-again-after-a-mistake" hint="After a mistake the epoch goes on with the next sample; yours ends there."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                break
        else:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="forgets-every-epoch" hint="Each of your epochs begins with zero weights again: what the one before has learned is lost."
def perceptron_fit(x, t, max_epochs=100):
    for epoch in range(1, max_epochs + 1):
        w, b = np.zeros(x.shape[1]), 0.0
        mistakes = 0
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w = w + ti * xi
                b += ti
                mistakes += 1
        if mistakes == 0:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="integer-weights" hint="Your w has the type of x; it is an array of float64 even where x holds integers."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1], dtype=x.dtype), 0
    for epoch in range(1, max_epochs + 1):
        wrong = False
        for xi, ti in zip(x, t):
            if ti * (xi @ w + b) <= 0:
                w, b, wrong = w + ti * xi, b + ti, True
        if not wrong:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% mistake="perceptron-fit" id="changes-the-labels" hint="After the call the caller finds other labels in t than before."
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    y = t.copy()
    t[t == -1] = 0
    for epoch in range(1, max_epochs + 1):
        wrong = False
        for xi, ti in zip(x, y):
            if ti * (xi @ w + b) <= 0:
                w, b, wrong = w + ti * xi, b + ti, True
        if not wrong:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% alternative="perceptron-fit" id="bias-as-a-weight"
def perceptron_fit(x, t, max_epochs=100):
    rows = t[:, None] * np.hstack([x, np.ones((len(x), 1))])  # a sample is right where its row times v is positive
    v = np.zeros(x.shape[1] + 1)
    for epoch in range(max_epochs):
        before = v
        for row in rows:
            v = v + row * (row @ v <= 0)
        if before is v or np.all(rows @ before > 0):
            return v[:-1], float(v[-1]), epoch + 1, True
    return v[:-1], float(v[-1]), max_epochs, False


# %% alternative="perceptron-fit" id="loops-over-features"
def perceptron_fit(x, t, max_epochs=100):
    w, b, epochs, converged = [0.0] * x.shape[1], 0, 0, False
    while epochs < max_epochs and not converged:
        converged = True
        for i in range(x.shape[0]):
            score = b
            for j in range(x.shape[1]):
                score += w[j] * x[i, j]
            if score * t[i] <= 0:
                for j in range(x.shape[1]):
                    w[j] += float(t[i] * x[i, j])
                b += int(t[i])
                converged = False
        epochs += 1
    return np.array(w), b, epochs, converged


# %% alternative="perceptron-fit" id="jumps-to-the-next-mistake"
def perceptron_fit(x, t, max_epochs=100):
    w, b = np.zeros(x.shape[1]), 0.0
    for epoch in range(1, max_epochs + 1):
        start, clean = 0, True
        while True:
            wrong = np.flatnonzero(t[start:] * (x[start:] @ w + b) <= 0)
            if len(wrong) == 0:
                break
            i = start + wrong[0]
            w, b, start, clean = w + t[i] * x[i], b + t[i], i + 1, False
        if clean:
            return w, b, epoch, True
    return w, b, max_epochs, False


# %% alternative="perceptron-fit" id="sign-of-the-score"
def perceptron_fit(x, t, max_epochs=100):
    w, b, epoch, mistakes = np.zeros(x.shape[1]), 0, 0, 1
    while mistakes and epoch < max_epochs:
        epoch, mistakes = epoch + 1, 0
        for i in range(len(x)):
            if np.sign(np.dot(x[i], w) + b) != t[i]:
                w += t[i] * x[i]
                b = b + t[i]
                mistakes += 1
    return w, b, epoch, mistakes == 0


# %% [markdown]
r"""
Sigmoid and its slope
"""


# %% mistake="sigmoid-and-slope" id="exp-overflows" hint="Somewhere np.exp is handed a large positive number, perhaps for a result that is not used in the end."
def sigmoid_and_slope(z):
    p = 1 / (1 + np.exp(-z))
    return p, p / (1 + np.exp(z))


# %% mistake="sigmoid-and-slope" id="exp-overflows-again" again="exp-overflows"
def sigmoid_and_slope(z):
    p = np.where(z >= 0, 1 / (1 + np.exp(-z)), np.exp(np.minimum(z, 0)) / (1 + np.exp(np.minimum(z, 0))))
    e = np.exp(-np.abs(z))
    return p, e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="not-a-number-for-large" hint="For large positive z both parts of your fraction are infinite, and infinity over infinity is not a number."
def sigmoid_and_slope(z):
    e = np.exp(z)
    return e / (1 + e), e / (1 + e) / (1 + e)


# %% mistake="sigmoid-and-slope" id="not-a-number-for-large-again" again="not-a-number-for-large"
def sigmoid_and_slope(z):
    odds = np.exp(z.astype(float))
    p = odds / (odds + 1)
    return p, p * (1 / (odds + 1))


# %% mistake="sigmoid-and-slope" id="slope-rounds-to-zero" hint="For large z your p is rounded to 1, so what you compute as 1 - p has lost its digits, or is 0."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return p, p * (1 - p)


# %% mistake="sigmoid-and-slope" id="slope-rounds-to-zero-again" again="slope-rounds-to-zero"
def sigmoid_and_slope(z):
    p = np.empty(z.shape)
    high = z >= 0
    p[high] = 1 / (1 + np.exp(-z[high]))
    p[~high] = np.exp(z[~high]) / (1 + np.exp(z[~high]))
    rest = 1 - p
    return p, p * rest


# %% mistake="sigmoid-and-slope" id="slope-of-the-input" hint="The formula of the slope is about the sigmoid's value; you put in the number before the sigmoid."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)), z * (1.0 - z)


# %% mistake="sigmoid-and-slope" id="slope-of-the-input-again" again="slope-of-the-input"
def sigmoid_and_slope(z):
    x = z.astype(float)
    p = np.exp(-np.logaddexp(0, -x))
    return p, x - x**2


# %% mistake="sigmoid-and-slope" id="factor-missing" hint="Your slope is not symmetric: it should be the same at z and at -z. A factor is missing."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return p, p.copy()


# %% mistake="sigmoid-and-slope" id="slope-negative" hint="The sigmoid rises everywhere; your slope says that it falls. A chain rule's sign is missing."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1 / (1 + e), e / (1 + e)), -e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="falls-with-z" hint="Your p falls where z rises: look at the sign in the exponent."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    return np.where(z <= 0, 1 / (1 + e), e / (1 + e)), e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="small-end-lost" hint="Far below 0 your p is a difference of two numbers near 1 (or of equal size): its digits are lost there."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    of_size = 1 / (1 + e)
    return np.where(z >= 0, of_size, 1 - of_size), e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="small-end-lost-again" again="small-end-lost"
def sigmoid_and_slope(z):
    p, high = np.zeros(z.shape), z >= 0
    p[high] = 1 / (1 + np.exp(-z[high]))
    p[~high] = 1 - 1 / (1 + np.exp(z[~high]))
    e = np.exp(-np.abs(z))
    return p, e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="small-end-lost-by-tanh" hint="Far below 0 your p is a difference of two numbers near 1 (or of equal size): its digits are lost there."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    return 0.5 * (1 + np.tanh(z / 2)), e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="clipped" hint="Beyond some size of z your results no longer change: you cut z off too early."
def sigmoid_and_slope(z):
    z = np.clip(z, -30, 30)
    return 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-z)) / (1 + np.exp(z))


# %% mistake="sigmoid-and-slope" id="clipped-at-500" hint="Beyond some size of z your results no longer change: you cut z off too early."
def sigmoid_and_slope(z):
    z = np.clip(z, -500, 500)
    return 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(-z)) / (1 + np.exp(z))


# %% mistake="sigmoid-and-slope" id="whole-numbers" hint="For integers your results are whole numbers: the array into which you write can hold no fractions."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    p, slope = np.empty_like(z), np.empty_like(z)
    p[...] = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    slope[...] = e / (1 + e) ** 2
    return p, slope


# %% mistake="sigmoid-and-slope" id="changes-the-input" hint="After the call the caller finds other numbers in z than before."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    np.abs(z, out=z)
    return p, e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="one-number-only" hint="The functions of the module math take one number; z is an array."
def sigmoid_and_slope(z):
    import math

    e = math.exp(-abs(z))
    p = 1 / (1 + e) if z >= 0 else e / (1 + e)
    return p, e / (1 + e) ** 2


# %% mistake="sigmoid-and-slope" id="lists-for-arrays" hint="What you return are lists; p and slope are arrays."
def sigmoid_and_slope(z):
    e = np.exp(-np.abs(z))
    larger, smaller = 1 / (1 + e), e / (1 + e)
    return np.where(z >= 0, larger, smaller).tolist(), (larger * smaller).tolist()


# %% mistake="sigmoid-and-slope" id="square-overflows" hint="Somewhere you square z: think of a z whose square no float64 can hold."
def sigmoid_and_slope(z):
    e = np.exp(-np.sqrt(1.0 * z * z))
    larger, smaller = 1 / (1 + e), e / (1 + e)
    return np.where(z >= 0, larger, smaller), larger * smaller


# %% alternative="sigmoid-and-slope" id="two-branches"
def sigmoid_and_slope(z):
    p, rest = np.empty(z.shape), np.empty(z.shape)
    high = z >= 0
    e = np.exp(-z[high])
    p[high], rest[high] = 1 / (1 + e), e / (1 + e)
    e = np.exp(z[~high])
    p[~high], rest[~high] = e / (1 + e), 1 / (1 + e)
    return p, p * rest


# %% alternative="sigmoid-and-slope" id="logarithms"
def sigmoid_and_slope(z):
    log_p, log_rest = -np.logaddexp(0, -z), -np.logaddexp(0, z)
    return np.exp(log_p), np.exp(log_p + log_rest)


# %% alternative="sigmoid-and-slope" id="one-by-one"
def sigmoid_and_slope(z):
    import math

    p, slope = np.zeros(z.shape), np.zeros(z.shape)
    for i in np.ndindex(z.shape):
        e = math.exp(-abs(z[i]))
        p[i] = 1 / (1 + e) if z[i] >= 0 else e / (1 + e)
        slope[i] = e / (1 + e) / (1 + e)
    return p, slope


# %% alternative="sigmoid-and-slope" id="cut-off-where-nothing-is-lost"
def sigmoid_and_slope(z):
    def sigmoid(z):
        return 1 / (1 + np.exp(-np.clip(z, -709, 709)))

    return sigmoid(z), sigmoid(z) * sigmoid(-z)


# %% alternative="sigmoid-and-slope" id="each-side-on-its-own"
def sigmoid_and_slope(z):
    def one(u):
        e = np.exp(np.minimum(u, 0))
        return e / (e + np.exp(np.minimum(-u, 0)))

    return one(z), one(z) * one(-z)


# %% [markdown]
r"""
The logistic loss
"""


# %% mistake="logistic-loss" id="log-of-zero" hint="For large scores your p is exactly 0 or 1, and you take the logarithm of 0."
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    loss = -np.mean(t * np.log(p) + (1 - t) * np.log(1 - p))
    return loss, g * (p - t) / len(z)


# %% mistake="logistic-loss" id="log-of-zero-again" again="log-of-zero"
def logistic_loss(z, t, g=1.0):
    p, high = np.zeros(len(z)), z >= 0
    p[high] = 1 / (1 + np.exp(-z[high]))
    p[~high] = np.exp(z[~high]) / (1 + np.exp(z[~high]))
    each = -(t * np.log(p)) - (1 - t) * np.log(1 - p)
    return each.sum() / len(each), (p - t) * (g / len(each))


# %% mistake="logistic-loss" id="log-of-zero-where-needed" hint="For large scores your p is exactly 0 or 1, and you take the logarithm of 0."
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return -np.mean(np.log(np.where(t == 1, p, 1 - p))), g * (p - t) / len(z)


# %% mistake="logistic-loss" id="clipped" hint="You keep p away from 0 and 1, and with that cut the loss of the worst samples short."
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    safe = np.clip(p, 1e-12, 1 - 1e-12)
    loss = -np.mean(t * np.log(safe) + (1 - t) * np.log(1 - safe))
    return loss, g * (p - t) / len(z)


# %% mistake="logistic-loss" id="clipped-again" again="clipped"
def logistic_loss(z, t, g=1.0):
    p = np.exp(-np.logaddexp(0, -z))
    of_truth = np.where(t == 1, p, 1 - p)
    of_truth = np.minimum(np.maximum(of_truth, 1e-12), 1 - 1e-12)
    return np.mean(-np.log(of_truth)), g * (p - t) / len(z)


# %% mistake="logistic-loss" id="exp-overflows" hint="For large positive scores np.exp overflows in your loss."
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return np.mean(np.log(1 + np.exp(z)) - t * z), g * (p - t) / len(z)


# %% mistake="logistic-loss" id="exp-overflows-again" again="exp-overflows"
def logistic_loss(z, t, g=1.0):
    odds = np.exp(z)
    loss = (np.log1p(odds) - z * t).sum() / len(z)
    p = np.exp(-np.logaddexp(0, -z))
    return loss, g * (p - t) / len(z)


# %% mistake="logistic-loss" id="gradient-overflows" hint="The loss is fine; in the gradient np.exp is handed a large positive number."
def logistic_loss(z, t, g=1.0):
    p = 1 / (1 + np.exp(-z))
    return np.mean(np.logaddexp(0, z) - t * z), g * (p - t) / len(z)


# %% mistake="logistic-loss" id="summed" hint="The convention is the mean over the samples; your loss and its gradient grow with their number."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return np.sum(softplus - t * z), g * (np.exp(z - softplus) - t)


# %% mistake="logistic-loss" id="summed-again" again="summed"
def logistic_loss(z, t, g=1.0):
    loss, grad_z = 0.0, np.zeros(len(z))
    for i in range(len(z)):
        loss += np.logaddexp(0, z[i]) - t[i] * z[i]
        grad_z[i] = g * (np.exp(-np.logaddexp(0, -z[i])) - t[i])
    return loss, grad_z


# %% mistake="logistic-loss" id="gradient-not-divided" hint="The loss is a mean, the gradient is not one of a mean: something is missing in it."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return np.mean(softplus - t * z), g * (np.exp(z - softplus) - t)


# %% mistake="logistic-loss" id="gradient-not-divided-again" again="gradient-not-divided"
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    loss = (np.maximum(z, 0) + np.log1p(e) - t * z).mean()
    return loss, p * g - t * g


# %% mistake="logistic-loss" id="loss-not-divided" hint="The gradient is that of a mean, the loss is a sum: the two do not belong together."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return np.sum(softplus - t * z), g * (np.exp(z - softplus) - t) / len(z)


# %% mistake="logistic-loss" id="ignores-upstream" hint="Your gradient does not depend on g, the gradient that arrives at the loss."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return np.mean(softplus - t * z), (np.exp(z - softplus) - t) / len(z)


# %% mistake="logistic-loss" id="upstream-in-the-loss" hint="g belongs to the way back; the loss does not depend on it."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return g * np.mean(softplus - t * z), g * (np.exp(z - softplus) - t) / len(z)


# %% mistake="logistic-loss" id="gradient-of-p" hint="What you return is the gradient with respect to p; one factor of the chain rule, from p to z, is missing."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    p = np.exp(z - softplus)
    return np.mean(softplus - t * z), g * (p - t) / (p * (1 - p)) / len(z)


# %% mistake="logistic-loss" id="slope-twice" hint="The slope of the sigmoid is in your gradient once too often: it cancels against the loss's own fraction."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    p = np.exp(z - softplus)
    return np.mean(softplus - t * z), g * (p - t) * p * (1 - p) / len(z)


# %% mistake="logistic-loss" id="slope-twice-again" again="slope-twice"
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    slope = e / (1 + e) ** 2
    loss = np.mean(np.maximum(z, 0) + np.log1p(e) - t * z)
    return loss, (p - t) * slope * g / len(t)


# %% mistake="logistic-loss" id="sign-of-the-gradient" hint="Following your gradient downwards, the loss would rise: look at its sign."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    return np.mean(softplus - t * z), g * (t - np.exp(z - softplus)) / len(z)


# %% mistake="logistic-loss" id="classes-swapped" hint="You charge the samples of class 1 for what class 0 costs, and the other way round."
def logistic_loss(z, t, g=1.0):
    other = 1 - t
    softplus = np.logaddexp(0, z)
    return np.mean(softplus - other * z), g * (np.exp(z - softplus) - other) / len(z)


# %% mistake="logistic-loss" id="one-class-only" hint="Samples with t = 0 cost nothing in your answer: one of the two terms is missing."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, -z)
    p = np.exp(-softplus)
    return np.mean(t * softplus), g * t * (p - 1) / len(z)


# %% mistake="logistic-loss" id="squared-error" hint="Your loss is a squared difference of p and t; the logistic loss is a logarithm."
def logistic_loss(z, t, g=1.0):
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return np.mean((p - t) ** 2), g * 2 * (p - t) * e / (1 + e) ** 2 / len(z)


# %% mistake="logistic-loss" id="logarithm-to-base-two" hint="The convention is the natural logarithm; yours has another base."
def logistic_loss(z, t, g=1.0):
    softplus = np.logaddexp(0, z)
    loss = np.mean(softplus - t * z) / np.log(2)
    return loss, g * (np.exp(z - softplus) - t) / len(z) / np.log(2)


# %% mistake="logistic-loss" id="square-overflows" hint="Somewhere you square z: think of a z whose square no float64 can hold."
def logistic_loss(z, t, g=1.0):
    s = np.maximum(z, 0) + np.log1p(np.exp(-np.sqrt(z * z)))
    e = np.exp(-np.abs(z))
    p = np.where(z >= 0, 1 / (1 + e), e / (1 + e))
    return np.mean(s - t * z), g * (p - t) / len(z)


# %% mistake="logistic-loss" id="scores-cut-off" hint="Beyond some size of z your loss no longer grows: you cut z off."
def logistic_loss(z, t, g=1.0):
    z = np.clip(z, -1e4, 1e4)
    s = np.logaddexp(0, z)
    return np.mean(s - t * z), g * (np.exp(z - s) - t) / len(z)


# %% mistake="logistic-loss" id="zero-upstream-is-one" hint="A gradient g of 0 is a number like any other; you put another one in its place."
def logistic_loss(z, t, g=1.0):
    g = g or 1.0
    s = np.logaddexp(0, z)
    return np.mean(s - t * z), g * (np.exp(z - s) - t) / len(z)


# %% alternative="logistic-loss" id="logaddexp"
def logistic_loss(z, t, g=1.0):
    loss = np.mean(np.logaddexp(0, z) - t * z)
    p = np.exp(-np.logaddexp(0, -z))
    return loss, g / len(z) * (p - t)


# %% alternative="logistic-loss" id="signs"
def logistic_loss(z, t, g=1.0):
    sign = 2 * t - 1
    margin = sign * z
    e = np.exp(-np.abs(margin))
    loss = np.mean(np.maximum(-margin, 0) + np.log(1 + e))
    miss = np.where(margin >= 0, e / (1 + e), 1 / (1 + e))  # the probability of the other class
    return loss, -g * sign * miss / z.size


# %% alternative="logistic-loss" id="one-by-one"
def logistic_loss(z, t, g=1.0):
    import math

    loss, grad_z = 0.0, []
    for score, label in zip(z.tolist(), t.tolist()):
        e = math.exp(-abs(score))
        p = 1 / (1 + e) if score >= 0 else e / (1 + e)
        loss += max(score, 0.0) + math.log1p(e) - label * score
        grad_z.append(g * (p - label) / len(z))
    return loss / len(z), np.array(grad_z)


# %% alternative="logistic-loss" id="chosen-by-label"
def logistic_loss(z, t, g=1.0):
    m = np.where(t == 1, -z, z)
    loss = np.logaddexp(0.0, m).sum() / m.size
    q = np.exp(m - np.logaddexp(0.0, m))
    return float(loss), np.where(t == 1, -q, q) * (g / m.size)


# %% [markdown]
r"""
Logistic regression
"""


# %% mistake="fit-logistic" id="standardised-units" hint="Your w and b belong to the standardised inputs; the caller will use them with x as it is."
def fit_logistic(x, t, lr, num_steps):
    s = (x - x.mean(axis=0)) / x.std(axis=0)
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    return v, c


# %% mistake="fit-logistic" id="standardised-units-again" again="standardised-units"
def fit_logistic(x, t, lr, num_steps):
    n = len(x)
    rows = np.hstack([(x - np.mean(x, axis=0)) / np.std(x, axis=0), np.ones((n, 1))])
    v = np.zeros(rows.shape[1])
    for _ in range(num_steps):
        v = v - lr * np.mean((1 / (1 + np.exp(-rows @ v)) - t)[:, None] * rows, axis=0)
    return v[:-1], v[-1]


# %% mistake="fit-logistic" id="intercept-not-moved" hint="The weights are translated back, the intercept is not: subtracting the mean has moved it."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    return v / std, c


# %% mistake="fit-logistic" id="intercept-not-moved-again" again="intercept-not-moved"
def fit_logistic(x, t, lr, num_steps):
    scale = np.sqrt(np.mean((x - x.mean(axis=0)) ** 2, axis=0))
    s = (x - x.mean(axis=0)) / scale
    w, b = np.zeros(x.shape[1]), 0.0
    for step in range(num_steps):
        p = 1 / (1 + np.exp(-s.dot(w) - b))
        w, b = w - lr * np.mean((p - t)[:, None] * s, axis=0), b - lr * np.mean(p - t)
    w = w / scale
    return w, b


# %% mistake="fit-logistic" id="intercept-in-mixed-units" hint="In the intercept you multiply the mean, which is in the units of x, by the weights of standardised inputs."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    return v / std, c - v @ mean


# %% mistake="fit-logistic" id="intercept-sign" hint="Translated back, the intercept moves by the means in the other direction."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    return v / std, c + (v / std) @ mean


# %% mistake="fit-logistic" id="scaled-the-wrong-way" hint="A step of one standard deviation is many units of x: compare what one unit of x is worth before and after you translate."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v * std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="not-standardised" hint="You descend on x as it is: the first of the three parts is missing."
def fit_logistic(x, t, lr, num_steps):
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(x @ w + b))) - t) / len(t)
        w, b = w - lr * x.T @ difference, b - lr * difference.sum()
    return w, b


# %% mistake="fit-logistic" id="not-standardised-again" again="not-standardised"
def fit_logistic(x, t, lr, num_steps):
    weights, bias = np.zeros(x.shape[1]), 0.0
    for step in range(num_steps):
        p = 1 / (1 + np.exp(-x.dot(weights) - bias))
        grad_w = np.array([np.mean((p - t) * x[:, j]) for j in range(x.shape[1])])
        weights, bias = weights - lr * grad_w, bias - lr * np.mean(p - t)
    return weights, bias


# %% mistake="fit-logistic" id="only-centred" hint="You subtract the mean, but leave the columns at their very different scales."
def fit_logistic(x, t, lr, num_steps):
    mean = x.mean(axis=0)
    s = x - mean
    w, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ w + c))) - t) / len(t)
        w, c = w - lr * s.T @ difference, c - lr * difference.sum()
    return w, c - w @ mean


# %% mistake="fit-logistic" id="whole-array" hint="Every column has its own mean and its own standard deviation; you take one for the whole array."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(), x.std()
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w.sum() * mean


# %% mistake="fit-logistic" id="ascent" hint="Your steps go up the loss, not down."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v + lr * s.T @ difference, c + lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="ascent-again" again="ascent"
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    rows = np.column_stack([(x - mean) / std, np.ones(len(x))])
    v = np.zeros(x.shape[1] + 1)
    for _ in range(num_steps):
        p = 1 / (1 + np.exp(-rows @ v))
        v = v - lr * rows.T @ (t - p) / len(t)
    w = v[:-1] / std
    return w, v[-1] - np.sum(w * mean)


# %% mistake="fit-logistic" id="sum-of-gradients" hint="The loss is a mean over the samples; your steps grow with their number."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = 1 / (1 + np.exp(-(s @ v + c))) - t
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="one-after-the-other" hint="Both parts of a step use the same p; you compute it anew after the weights have moved."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        v = v - lr * s.T @ (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        c = c - lr * np.mean(1 / (1 + np.exp(-(s @ v + c))) - t)
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="one-after-the-other-again" again="one-after-the-other"
def fit_logistic(x, t, lr, num_steps):
    def probability():
        return 1 / (1 + np.exp(-(s @ v + c)))

    mean, std = np.mean(x, 0), np.std(x, 0)
    s, v, c = (x - mean) / std, np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        grad_v = np.mean((probability() - t)[:, None] * s, axis=0)
        v = v - lr * grad_v
        grad_c = np.mean(probability() - t)
        c = c - lr * grad_c
    return v / std, c - np.sum(v * mean / std)


# %% mistake="fit-logistic" id="divided-by-one-less" hint="Your standard deviation divides by one less than the number of samples."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0, ddof=1)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="variance-for-deviation" hint="You divide by the variance, which is not in the units of x."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.var(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="one-step-short" hint="Count your steps: the last one is missing."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(1, num_steps):
        difference = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="intercept-not-learned" hint="The intercept of the standardised problem stays at 0: it learns as well."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v = np.zeros(x.shape[1])
    for _ in range(num_steps):
        v = v - lr * s.T @ (1 / (1 + np.exp(-(s @ v))) - t) / len(t)
    w = v / std
    return w, -(w @ mean)


# %% mistake="fit-logistic" id="slope-twice" hint="The slope of the sigmoid is in your gradient, where it has cancelled against the loss's own fraction."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        p = 1 / (1 + np.exp(-(s @ v + c)))
        difference = (p - t) * p * (1 - p) / len(t)
        v, c = v - lr * s.T @ difference, c - lr * difference.sum()
    w = v / std
    return w, c - w @ mean


# %% mistake="fit-logistic" id="changes-the-labels" hint="After the call the caller finds other labels in t than before."
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    s = (x - mean) / std
    v, c = np.zeros(x.shape[1]), 0.0
    for _ in range(num_steps):
        d = (1 / (1 + np.exp(-(s @ v + c))) - t) / len(t)
        v, c = v - lr * s.T @ d, c - lr * d.sum()
    w = v / std
    t *= 0
    return w, c - w @ mean


# %% alternative="fit-logistic" id="intercept-as-a-weight"
def fit_logistic(x, t, lr, num_steps):
    mean, std = x.mean(axis=0), x.std(axis=0)
    rows = np.column_stack([(x - mean) / std, np.ones(len(x))])
    v = np.zeros(rows.shape[1])
    for _ in range(num_steps):
        v = v - lr * np.einsum("n,nd->d", 1 / (1 + np.exp(-rows @ v)) - t, rows) / len(t)
    w = v[:-1] / std
    return w, v[-1] - np.sum(w * mean)


# %% alternative="fit-logistic" id="loops-over-samples"
def fit_logistic(x, t, lr, num_steps):
    n, d = x.shape
    mean = [sum(x[:, j].tolist()) / n for j in range(d)]
    std = [(sum((value - mean[j]) ** 2 for value in x[:, j].tolist()) / n) ** 0.5 for j in range(d)]
    s = [[(value - mean[j]) / std[j] for j, value in enumerate(row)] for row in x.tolist()]
    labels, v, c = t.tolist(), [0.0] * d, 0.0
    for _ in range(num_steps):
        grad_v, grad_c = [0.0] * d, 0.0
        for row, label in zip(s, labels):
            z = c + sum(a * b for a, b in zip(row, v))
            difference = 1 / (1 + 2.718281828459045**-z) - label
            grad_c += difference / n
            for j in range(d):
                grad_v[j] += difference * row[j] / n
        c -= lr * grad_c
        v = [a - lr * b for a, b in zip(v, grad_v)]
    w = [a / b for a, b in zip(v, std)]
    return np.array(w), c - sum(a * b for a, b in zip(w, mean))


# %% alternative="fit-logistic" id="in-the-units-of-x"
def fit_logistic(x, t, lr, num_steps):
    mean, variance = x.mean(axis=0), x.var(axis=0)
    w, centre = np.zeros(x.shape[1]), 0.0  # centre: the score of the mean
    for _ in range(num_steps):
        difference = 1 / (1 + np.exp(-((x - mean) @ w + centre))) - t
        w = w - lr * np.mean(difference[:, None] * (x - mean), axis=0) / variance
        centre = centre - lr * difference.mean()
    return w, centre - mean @ w


# %% alternative="fit-logistic" id="einsum"
def fit_logistic(x, t, lr, num_steps):
    mu, sd = np.mean(x, 0), np.sqrt(np.mean((x - np.mean(x, 0)) ** 2, 0))
    s = (x - mu) / sd
    v, c = np.zeros((x.shape[1], 1)), np.zeros(())
    for _ in range(num_steps):
        p = 1 / (1 + np.exp(-(s @ v)[:, 0] - c))
        gv = np.einsum("i,ij->j", p - t, s) / len(t)
        v = v - lr * gv[:, None]
        c = c - lr * np.mean(p - t)
    w = v[:, 0] / sd
    return w, float(c - np.sum(w * mu))


# %% [markdown]
r"""
A straight line
"""


# %% mistake="fit-line" id="factor-two-missing" hint="The derivative of a square brings a factor that is missing in your gradients."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w, b = w - lr * np.sum(difference * x), b - lr * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="factor-two-missing-again" again="factor-two-missing"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    parameters, errors = np.array([w, b]), []
    rows = np.column_stack([x, np.ones(len(x))])
    while len(errors) < num_steps:
        gap = rows @ parameters - t
        errors.append(gap @ gap)
        parameters = parameters - lr * rows.T @ gap
    return parameters[0], parameters[1], errors


# %% mistake="fit-line" id="mean-of-squares" hint="The deck's error is a sum over the samples; yours is divided by their number."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.mean(difference**2))
        w, b = w - lr * 2 * np.mean(difference * x), b - lr * 2 * np.mean(difference)
    return w, b, errors


# %% mistake="fit-line" id="mean-of-squares-again" again="mean-of-squares"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    n, errors = len(x), []
    for _ in range(num_steps):
        y = w * x + b
        errors.append(((t - y) ** 2).sum() / n)
        grad_w, grad_b = (-2 * (t - y) * x).sum() / n, (-2 * (t - y)).sum() / n
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b, errors


# %% mistake="fit-line" id="mean-in-the-gradient" hint="Your errors are sums, but the gradients that you follow are those of a mean."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w, b = w - lr * 2 * np.mean(difference * x), b - lr * 2 * np.mean(difference)
    return w, b, errors


# %% mistake="fit-line" id="one-after-the-other" hint="Both gradients belong to the same point; you compute the second one after the first number has moved."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        errors.append(np.sum((w * x + b - t) ** 2))
        w = w - lr * 2 * np.sum((w * x + b - t) * x)
        b = b - lr * 2 * np.sum(w * x + b - t)
    return w, b, errors


# %% mistake="fit-line" id="one-after-the-other-again" again="one-after-the-other"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    def gap():
        return w * x + b - t

    errors = []
    for _ in range(num_steps):
        errors.append(float(gap() @ gap()))
        w -= lr * 2 * float(gap() @ x)
        b -= lr * 2 * float(gap().sum())
    return w, b, errors


# %% mistake="fit-line" id="ascent" hint="Your error climbs: this is the sign of the deck's slip."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w, b = w + lr * 2 * np.sum(difference * x), b + lr * 2 * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="ascent-again" again="ascent"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = t - (w * x + b)
        errors.append(np.sum(difference**2))
        grad_w, grad_b = 2 * np.sum(difference * x), 2 * np.sum(difference)
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b, errors


# %% mistake="fit-line" id="gradients-pile-up" hint="Your gradients carry those of the earlier steps along: each step starts afresh."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors, grad_w, grad_b = [], 0.0, 0.0
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        grad_w += 2 * np.sum(difference * x)
        grad_b += 2 * np.sum(difference)
        w, b = w - lr * grad_w, b - lr * grad_b
    return w, b, errors


# %% mistake="fit-line" id="gradients-pile-up-again" again="gradients-pile-up"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    rows, parameters = np.column_stack([x, np.ones(len(x))]), np.array([w, b])
    grad, errors = np.zeros(2), []
    for _ in range(num_steps):
        gap = rows @ parameters - t
        errors.append(float(np.sum(gap**2)))
        grad = grad + 2 * gap @ rows
        parameters = parameters - lr * grad
    return parameters[0], parameters[1], errors


# %% mistake="fit-line" id="error-after-the-step" hint="Each error is taken before its step; yours is taken after it."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        w, b = w - lr * 2 * np.sum(difference * x), b - lr * 2 * np.sum(difference)
        errors.append(np.sum((w * x + b - t) ** 2))
    return w, b, errors


# %% mistake="fit-line" id="one-error-more" hint="There is one error for each step, taken before it; you report one more at the end."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = [np.sum((w * x + b - t) ** 2)]
    for _ in range(num_steps):
        difference = w * x + b - t
        w, b = w - lr * 2 * np.sum(difference * x), b - lr * 2 * np.sum(difference)
        errors.append(np.sum((w * x + b - t) ** 2))
    return w, b, errors


# %% mistake="fit-line" id="absolute-error" hint="Your errors add up sizes of differences, not their squares."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(np.abs(difference)))
        w, b = w - lr * 2 * np.sum(difference * x), b - lr * 2 * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="sum-before-square" hint="You square the sum of the differences; the error is the sum of their squares."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference) ** 2)
        w, b = w - lr * 2 * np.sum(difference * x), b - lr * 2 * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="start-ignored" hint="Your line starts at w = b = 1, whatever the caller says."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors, w, b = [], 1.0, 1.0
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w, b = w - lr * 2 * np.sum(difference * x), b - lr * 2 * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="input-left-out" hint="In the gradient with respect to w a factor is missing: how fast does w x + b change with w?"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w, b = w - lr * 2 * np.sum(difference), b - lr * 2 * np.sum(difference)
    return w, b, errors


# %% mistake="fit-line" id="b-does-not-learn" hint="Only one of the two numbers moves in your answer."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        difference = w * x + b - t
        errors.append(np.sum(difference**2))
        w = w - lr * 2 * np.sum(difference * x)
    return w, b, errors


# %% mistake="fit-line" id="errors-in-an-array" hint="The errors belong in a list; yours are in an array."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = np.zeros(num_steps)
    for i in range(num_steps):
        d = w * x + b - t
        errors[i] = np.sum(d**2)
        w, b = w - lr * 2 * np.sum(d * x), b - lr * 2 * np.sum(d)
    return w, b, errors


# %% mistake="fit-line" id="zero-start-is-one" hint="A line may start at 0; you put another number in its place."
def fit_line(x, t, lr=0.01, num_steps=25, w=None, b=None):
    w, b = w or 1.0, b or 1.0
    errors = []
    for i in range(num_steps):
        d = w * x + b - t
        errors.append(np.sum(d**2))
        w, b = w - lr * 2 * np.sum(d * x), b - lr * 2 * np.sum(d)
    return w, b, errors


# %% mistake="fit-line" id="stops-when-it-grows" hint="Your loop ends when the error grows; the caller asked for num_steps steps."
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for i in range(num_steps):
        d = w * x + b - t
        e = float(np.sum(d**2))
        if errors and e > errors[-1]:
            errors += [errors[-1]] * (num_steps - len(errors))
            break
        errors.append(e)
        w, b = w - lr * 2 * np.sum(d * x), b - lr * 2 * np.sum(d)
    return w, b, errors


# %% alternative="fit-line" id="matrix-form"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    rows, parameters, errors = np.column_stack([x, np.ones(len(x))]), np.array([w, b]), []
    for _ in range(num_steps):
        gap = rows @ parameters - t
        errors.append(float(gap @ gap))
        parameters = parameters - 2 * lr * rows.T @ gap
    return parameters[0], parameters[1], errors


# %% alternative="fit-line" id="with-the-library"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    from plainnet import Tensor

    w, b, errors = Tensor(w, requires_grad=True), Tensor(b, requires_grad=True), []
    for _ in range(num_steps):
        w.grad = b.grad = None
        error = ((w * x + b - t) ** 2).sum()
        error.backward()
        errors.append(error.item())
        w.data, b.data = w.data - lr * w.grad, b.data - lr * b.grad
    return w.item(), b.item(), errors


# %% alternative="fit-line" id="sample-by-sample"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    errors = []
    for _ in range(num_steps):
        error = grad_w = grad_b = 0.0
        for xi, ti in zip(x.tolist(), t.tolist()):
            gap = ti - w * xi - b
            error += gap * gap
            grad_w -= 2 * gap * xi
            grad_b -= 2 * gap
        errors.append(error)
        w -= lr * grad_w
        b -= lr * grad_b
    return w, b, errors


# %% alternative="fit-line" id="sums-taken-once"
def fit_line(x, t, lr=0.01, num_steps=25, w=1.0, b=1.0):
    n, sx, sxx, st, sxt, stt = len(x), sum(x), sum(x * x), sum(t), sum(x * t), sum(t * t)
    errors = []
    for _ in range(num_steps):
        errors.append(np.dot(w * x + b - t, w * x + b - t))
        gw, gb = 2 * (w * sxx + b * sx - sxt), 2 * (w * sx + b * n - st)
        w -= lr * gw
        b -= lr * gb
    return w, b, errors


# %% [markdown]
r"""
The largest learning rate
"""


# %% mistake="max-stable-lr" id="factor-zero" hint="At your border the distance is gone after one step; how far beyond that may the factor 1 - lr * eigenvalue go?"
def max_stable_lr(x):
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 1 / np.linalg.eigvalsh(hessian).max()


# %% mistake="max-stable-lr" id="factor-zero-again" again="factor-zero"
def max_stable_lr(x):
    rows = np.column_stack([x, np.ones(len(x))])
    return 0.5 / np.linalg.svd(rows, compute_uv=False)[0] ** 2


# %% mistake="max-stable-lr" id="smaller-eigenvalue" hint="Your border keeps one of the two directions stable; the other one breaks earlier."
def max_stable_lr(x):
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian).min()


# %% mistake="max-stable-lr" id="square-without-two" hint="Your H lacks the factor that the square brings."
def max_stable_lr(x):
    hessian = np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian).max()


# %% mistake="max-stable-lr" id="square-without-two-again" again="square-without-two"
def max_stable_lr(x):
    rows = np.column_stack([x, np.ones(len(x))])
    return 2 / np.linalg.norm(rows.T @ rows, 2)


# %% mistake="max-stable-lr" id="of-the-mean" hint="Your H belongs to the mean of the squares; E is their sum."
def max_stable_lr(x):
    hessian = 2 * np.array([[np.mean(x * x), np.mean(x)], [np.mean(x), 1]])
    return 2 / np.linalg.eigvalsh(hessian).max()


# %% mistake="max-stable-lr" id="of-the-mean-again" again="of-the-mean"
def max_stable_lr(x):
    rows = np.column_stack([x, np.ones(len(x))])
    return 2 / np.linalg.eigvalsh(2 / len(x) * rows.T @ rows)[-1]


# %% mistake="max-stable-lr" id="w-alone" hint="Your border would be right if w moved alone; b moves as well, and the two are coupled."
def max_stable_lr(x):
    return 2 / (2 * np.sum(x**2))


# %% mistake="max-stable-lr" id="w-alone-again" again="w-alone"
def max_stable_lr(x):
    return 1 / float(x @ x)


# %% mistake="max-stable-lr" id="not-coupled" hint="The entries of H off the diagonal are not zero: w and b are coupled wherever the inputs do not add up to 0."
def max_stable_lr(x):
    return 2 / max(2 * np.sum(x * x), 2 * len(x))


# %% mistake="max-stable-lr" id="sum-of-eigenvalues" hint="Each direction is stable on its own terms; you add the two eigenvalues up."
def max_stable_lr(x):
    return 2 / (2 * np.sum(x * x) + 2 * len(x))


# %% mistake="max-stable-lr" id="sum-of-eigenvalues-again" again="sum-of-eigenvalues"
def max_stable_lr(x):
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian).sum()


# %% mistake="max-stable-lr" id="size-of-the-matrix" hint="You measure the size of H by the root of its squared entries, which is not its largest eigenvalue."
def max_stable_lr(x):
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.norm(hessian)


# %% mistake="max-stable-lr" id="centred" hint="Your result does not change if all inputs are moved by the same amount; H does."
def max_stable_lr(x):
    x = x - x.mean()
    hessian = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    return 2 / np.linalg.eigvalsh(hessian).max()


# %% mistake="max-stable-lr" id="singular-value" hint="The eigenvalues of H are squares of what you divide by."
def max_stable_lr(x):
    rows = np.column_stack([x, np.ones(len(x))])
    return 1 / np.linalg.svd(rows, compute_uv=False).max()


# %% mistake="max-stable-lr" id="sizes-of-the-inputs" hint="Off the diagonal stands a sum of the inputs with their signs; you add up their sizes."
def max_stable_lr(x):
    mixed = np.sum(np.abs(x))
    return 2 / np.linalg.eigvalsh(2 * np.array([[np.sum(x * x), mixed], [mixed, len(x)]])).max()


# %% mistake="max-stable-lr" id="sum-below-the-line" hint="You divide by the sum of the inputs, or by how much two entries of H differ. May that be 0?"
def max_stable_lr(x):
    p, q, r = 2 * np.sum(x * x), 2 * np.sum(x), 2 * len(x)
    d = (p - r) / (2 * q)
    k = np.sign(q) * (np.sqrt(d * d + 1)) - d
    return 2 / (p + k * q)


# %% mistake="max-stable-lr" id="power-iteration" hint="Multiplying by H again and again finds an eigenvector only if the start is not another eigenvector."
def max_stable_lr(x):
    H = 2 * np.array([[np.sum(x * x), np.sum(x)], [np.sum(x), len(x)]])
    v = np.array([1.0, 0.0])
    for _ in range(10000):
        v = H @ v
        v = v / np.linalg.norm(v)
    return 2 / (v @ H @ v)


# %% alternative="max-stable-lr" id="quadratic-formula"
def max_stable_lr(x):
    a, m, d = 2 * np.sum(x * x), 2 * np.sum(x), 2 * len(x)
    return 2 / ((a + d) / 2 + np.sqrt(((a - d) / 2) ** 2 + m * m))


# %% alternative="max-stable-lr" id="singular-values"
def max_stable_lr(x):
    return 1 / np.linalg.svd(np.column_stack([x, np.ones(len(x))]), compute_uv=False).max() ** 2


# %% alternative="max-stable-lr" id="general-eigenvalues"
def max_stable_lr(x):
    rows = np.array([[xi, 1.0] for xi in x.tolist()])
    return float(np.min(2 / np.linalg.eigvals(2 * rows.T @ rows).real))


# %% alternative="max-stable-lr" id="norm-of-the-design"
def max_stable_lr(x):
    A = np.stack([x, np.ones(len(x))], axis=1)
    return float(1 / np.linalg.norm(A, 2) ** 2)


# %% [markdown]
r"""
Hits, misses and F1
"""


# %% mistake="f1-at" id="strictly-above" hint="A probability that equals the threshold counts as a prediction of 1; yours does not."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p > threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="strictly-above-again" again="strictly-above"
def f1_at(p, t, threshold=0.5):
    counts = [0, 0, 0, 0]
    for probability, label in zip(p.tolist(), t.tolist()):
        if probability > threshold:
            counts[0 if label else 1] += 1
        else:
            counts[2 if label else 3] += 1
    tp, fp, fn, tn = counts
    return tp, fp, fn, tn, 0.0 if tp == 0 else tp / (tp + 0.5 * (fp + fn))


# %% mistake="f1-at" id="fp-and-fn-swapped" hint="False positives and false negatives are swapped: positive and negative speak of the prediction."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fn = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fp, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="fp-and-fn-swapped-again" again="fp-and-fn-swapped"
def f1_at(p, t, threshold=0.5):
    y = (p >= threshold).astype(int)
    table = np.zeros((2, 2), int)
    np.add.at(table, (y, t), 1)
    tp, fp, fn, tn = int(table[1, 1]), int(table[0, 1]), int(table[1, 0]), int(table[0, 0])
    return tp, fp, fn, tn, 2 * tp / max(2 * tp + fp + fn, 1)


# %% mistake="f1-at" id="accuracy" hint="Your last number counts how often the prediction is right; F1 leaves the true negatives out."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, (tp + tn) / len(t)


# %% mistake="f1-at" id="accuracy-again" again="accuracy"
def f1_at(p, t, threshold=0.5):
    y = (p >= threshold).astype(int)
    counts = [int(np.sum((y == a) & (t == b))) for a, b in [(1, 1), (1, 0), (0, 1), (0, 0)]]
    return (*counts, float(np.mean(y == t)))


# %% mistake="f1-at" id="arithmetic-mean" hint="F1 is the harmonic mean of precision and recall; yours is their ordinary mean."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, (tp / (tp + fp) + tp / (tp + fn)) / 2 if tp else 0.0


# %% mistake="f1-at" id="divides-by-zero" hint="Think of a case in which nothing was predicted 1, or nothing is 1, or no prediction of 1 was right: there a fraction of yours is 0/0."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    return tp, fp, fn, tn, 2 * precision * recall / (precision + recall)


# %% mistake="f1-at" id="divides-by-zero-again" again="divides-by-zero"
def f1_at(p, t, threshold=0.5):
    tp = fp = fn = tn = 0
    for probability, label in zip(p.tolist(), t.tolist()):
        tp += probability >= threshold and label == 1
        fp += probability >= threshold and label == 0
        fn += probability < threshold and label == 1
        tn += probability < threshold and label == 0
    recall = tp / (tp + fn)
    precision = tp / (tp + fp)
    return int(tp), int(fp), int(fn), int(tn), 2 / (1 / precision + 1 / recall)


# %% mistake="f1-at" id="not-a-number" hint="Where nothing was predicted 1, or nothing is 1, or there is no hit, your F1 is not a number."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = np.sum(predicted & actual), np.sum(predicted & ~actual)
    fn, tn = np.sum(~predicted & actual), np.sum(~predicted & ~actual)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    f1 = 2 * precision * recall / (precision + recall)
    return int(tp), int(fp), int(fn), int(tn), float(f1)


# %% mistake="f1-at" id="perfect-when-empty" hint="Where nothing is 1 and nothing was predicted 1, your F1 is not what the convention says."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp + fp + fn else 1.0


# %% mistake="f1-at" id="threshold-ignored" hint="The threshold that the caller gives has no influence on your predictions."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= 0.5, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="hits-counted-once" hint="Written with counts, F1 has the hits twice, above and below the fraction line; yours has them once."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, tp / (tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="without-the-two" hint="Where precision and recall are both 1, F1 is 1; yours is not."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="true-negatives-first" hint="The order of your counts is another one: the true positives come first, the true negatives last."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tn, fp, fn, tp, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="other-class" hint="Your hits are those of class 0; class 1 is the positive one."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p < threshold, t == 0
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="mean-of-both-classes" hint="Your F1 is a mean over both classes; here it is that of class 1 alone."
def f1_at(p, t, threshold=0.5):
    predicted, actual = p >= threshold, t == 1
    tp, fp = int(np.sum(predicted & actual)), int(np.sum(predicted & ~actual))
    fn, tn = int(np.sum(~predicted & actual)), int(np.sum(~predicted & ~actual))
    ones = 2 * tp / (2 * tp + fp + fn) if tp else 0.0
    zeros = 2 * tn / (2 * tn + fp + fn) if tn else 0.0
    return tp, fp, fn, tn, (ones + zeros) / 2


# %% mistake="f1-at" id="zero-threshold-is-half" hint="A threshold of 0 is a number like any other; you put another one in its place."
def f1_at(p, t, threshold=None):
    predicted = p >= (threshold or 0.5)
    tp, fp = int(np.sum(predicted & (t == 1))), int(np.sum(predicted & (t == 0)))
    fn, tn = int(np.sum(~predicted & (t == 1))), int(np.sum(~predicted & (t == 0)))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% mistake="f1-at" id="counts-as-floats" hint="The four counts are integers; yours are not."
def f1_at(p, t, threshold=0.5):
    y = (p >= threshold).astype(float)
    tp, fp, fn, tn = np.dot(y, t), np.dot(y, 1 - t), np.dot(1 - y, t), np.dot(1 - y, 1 - t)
    return tp, fp, fn, tn, (2 * tp / (2 * tp + fp + fn) if tp else 0.0)


# %% mistake="f1-at" id="nearly-counts" hint="A probability just below the threshold is below it; yours counts as equal."
def f1_at(p, t, threshold=0.5):
    predicted = (p > threshold) | np.isclose(p, threshold)
    tp, fp = int(np.sum(predicted & (t == 1))), int(np.sum(predicted & (t == 0)))
    fn, tn = int(np.sum(~predicted & (t == 1))), int(np.sum(~predicted & (t == 0)))
    return tp, fp, fn, tn, 2 * tp / (2 * tp + fp + fn) if tp else 0.0


# %% alternative="f1-at" id="sample-by-sample"
def f1_at(p, t, threshold=0.5):
    tp = fp = fn = tn = 0
    for probability, label in zip(p, t):
        if probability >= threshold:
            if label:
                tp += 1
            else:
                fp += 1
        elif label:
            fn += 1
        else:
            tn += 1
    if tp == 0:
        return tp, fp, fn, tn, 0.0
    return tp, fp, fn, tn, 2 / ((tp + fp) / tp + (tp + fn) / tp)


# %% alternative="f1-at" id="from-a-table"
def f1_at(p, t, threshold=0.5):
    tn, fp, fn, tp = np.bincount(2 * t + (p >= threshold), minlength=4).tolist()
    precision = tp / (tp + fp) if tp + fp else 0.0
    recall = tp / (tp + fn) if tp + fn else 0.0
    both = precision + recall
    return tp, fp, fn, tn, 2 * precision * recall / both if both else 0.0


# %% alternative="f1-at" id="products-of-zeros-and-ones"
def f1_at(p, t, threshold=0.5):
    y = np.where(np.asarray(p) < threshold, 0, 1)
    tp, fp = int(y @ t), int(y @ (1 - t))
    fn = int(t.sum()) - tp
    return tp, fp, fn, len(t) - tp - fp - fn, 2 * tp / max(2 * tp + fp + fn, 1)


# %% alternative="f1-at" id="counted-in-pairs"
def f1_at(p, t, threshold=0.5):
    y = np.where(p < threshold, 0, 1)
    tp, fp, fn, tn = [np.count_nonzero((y == i) & (t == j)) for i, j in [(1, 1), (1, 0), (0, 1), (0, 0)]]
    if tp == 0:
        return tp, fp, fn, tn, 0.0
    pr, re = np.divide(tp, tp + fp), np.divide(tp, tp + fn)
    return tp, fp, fn, tn, 2 / (1 / pr + 1 / re)


# %% [markdown]
r"""
The ROC curve
"""


# %% mistake="roc-curve" id="ties-one-by-one" hint="Samples with equal scores get points of their own, in the order in which they happen to stand; no threshold tells them apart."
def roc_curve(score, t):
    order = np.argsort(-score, kind="stable")
    tpr = np.concatenate([[0], np.cumsum(t[order] == 1)]) / np.sum(t == 1)
    fpr = np.concatenate([[0], np.cumsum(t[order] == 0)]) / np.sum(t == 0)
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="ties-one-by-one-again" again="ties-one-by-one"
def roc_curve(score, t):
    ranked = sorted(zip(score.tolist(), t.tolist()), key=lambda pair: -pair[0])
    positives = sum(t.tolist())
    negatives = len(t) - positives
    fpr, tpr, area, tp, fp = [0.0], [0.0], 0.0, 0, 0
    for _, label in ranked:
        tp, fp = tp + label, fp + 1 - label
        fpr.append(fp / negatives)
        tpr.append(tp / positives)
        area += (1 - label) / negatives * tp / positives
    return np.array(fpr), np.array(tpr), area


# %% mistake="roc-curve" id="lowest-first" hint="Your thresholds rise: the curve starts where everything is predicted 1."
def roc_curve(score, t):
    thresholds = [*np.unique(score), np.inf]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, -np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="rates-swapped" hint="The false alarms and the hits have changed places."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="rates-swapped-again" again="rates-swapped"
def roc_curve(score, t):
    ones, zeros = score[t == 1], score[t == 0]
    hits, alarms = [0.0], [0.0]
    for threshold in sorted(set(score.tolist()), reverse=True):
        hits.append(sum(value >= threshold for value in ones) / len(ones))
        alarms.append(sum(value >= threshold for value in zeros) / len(zeros))
    area = sum((hits[i] - hits[i - 1]) * (alarms[i] + alarms[i - 1]) / 2 for i in range(1, len(hits)))
    return np.array(hits), np.array(alarms), area


# %% mistake="roc-curve" id="start-missing" hint="The point where nothing is predicted 1 is missing, and with it a piece of the area."
def roc_curve(score, t):
    thresholds = np.unique(score)[::-1]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="start-missing-again" again="start-missing"
def roc_curve(score, t):
    fpr, tpr, area = [], [], 0.0
    for threshold in sorted(set(score.tolist()), reverse=True):
        predicted = score >= threshold
        fpr.append(np.sum(predicted & (t == 0)) / np.sum(t == 0))
        tpr.append(np.sum(predicted & (t == 1)) / np.sum(t == 1))
        if len(fpr) > 1:
            area += (fpr[-1] - fpr[-2]) * (tpr[-1] + tpr[-2]) / 2
    return np.array(fpr), np.array(tpr), area


# %% mistake="roc-curve" id="left-height" hint="In your area a slanting piece counts with the height at its left end; its mean height is larger."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * tpr[:-1])


# %% mistake="roc-curve" id="right-height" hint="In your area a slanting piece counts with the height at its right end; its mean height is smaller."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * tpr[1:])


# %% mistake="roc-curve" id="divided-by-all" hint="Each rate is a share of one class; you divide by the number of all samples."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean((score >= threshold) & (t == 0)) for threshold in thresholds])
    tpr = np.array([np.mean((score >= threshold) & (t == 1)) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="divided-by-all-again" again="divided-by-all"
def roc_curve(score, t):
    n, points = len(t), [(0.0, 0.0)]
    for threshold in np.unique(score)[::-1]:
        predicted = (score >= threshold).astype(int)
        points.append(((predicted @ (1 - t)) / n, (predicted @ t) / n))
    fpr, tpr = np.array(points).T
    area = sum((fpr[i + 1] - fpr[i]) * 0.5 * (tpr[i + 1] + tpr[i]) for i in range(len(points) - 1))
    return fpr, tpr, area


# %% mistake="roc-curve" id="strictly-above" hint="A score that equals the threshold is predicted 1; in your answer it is not, so the curve never arrives at (1, 1)."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 0] > threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] > threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="fixed-thresholds" hint="Your thresholds are a fixed set of numbers; the convention takes the scores themselves, which may be any real numbers."
def roc_curve(score, t):
    thresholds = [np.inf, *np.linspace(1, 0, 11)]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="area-above" hint="Your area lies on the other side of the curve."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(tpr) * (fpr[1:] + fpr[:-1]) / 2)


# %% mistake="roc-curve" id="low-is-one" hint="You predict 1 for low scores; a large score speaks for class 1."
def roc_curve(score, t):
    thresholds = [-np.inf, *np.unique(score)]
    fpr = np.array([np.mean(score[t == 0] <= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] <= threshold) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="precision-for-rate" hint="You divide by the number of samples that were predicted 1; the rates are shares of what really is 0, or 1."
def roc_curve(score, t):
    fpr, tpr = [0.0], [0.0]
    for threshold in np.unique(score)[::-1]:
        predicted = score >= threshold
        fpr.append(np.mean(t[predicted] == 0))
        tpr.append(np.mean(predicted[t == 1]))
    fpr, tpr = np.array(fpr), np.array(tpr)
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="counts" hint="You return counts; a rate is a share."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fp = np.array([np.sum(score[t == 0] >= threshold) for threshold in thresholds])
    tp = np.array([np.sum(score[t == 1] >= threshold) for threshold in thresholds])
    return fp, tp, np.sum(np.diff(fp) * (tp[1:] + tp[:-1]) / 2)


# %% mistake="roc-curve" id="mean-height" hint="Your area is the mean of all heights; the pieces of the curve are not equally wide."
def roc_curve(score, t):
    thresholds = [np.inf, *np.unique(score)[::-1]]
    fpr = np.array([np.mean(score[t == 0] >= threshold) for threshold in thresholds])
    tpr = np.array([np.mean(score[t == 1] >= threshold) for threshold in thresholds])
    return fpr, tpr, np.mean(tpr)


# %% mistake="roc-curve" id="start-one-above" hint="Your first threshold lies a fixed step above the highest score: with very large scores that step is lost."
def roc_curve(score, t):
    thresholds = np.append(score.max() + 1, np.unique(score)[::-1])
    fpr = np.array([np.mean((score >= threshold)[t == 0]) for threshold in thresholds])
    tpr = np.array([np.mean((score >= threshold)[t == 1]) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="start-by-a-factor" hint="Your first threshold is a multiple of the highest score. What if that score is below 0?"
def roc_curve(score, t):
    thresholds = np.append(1.1 * score.max(), np.unique(score)[::-1])
    fpr = np.array([np.mean((score >= threshold)[t == 0]) for threshold in thresholds])
    tpr = np.array([np.mean((score >= threshold)[t == 1]) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="rounded-scores" hint="Two scores that differ a little are different; yours are rounded."
def roc_curve(score, t):
    score = np.round(score, 8)
    thresholds = np.append(np.inf, np.unique(score)[::-1])
    fpr = np.array([np.mean((score >= threshold)[t == 0]) for threshold in thresholds])
    tpr = np.array([np.mean((score >= threshold)[t == 1]) for threshold in thresholds])
    return fpr, tpr, np.sum(np.diff(fpr) * (tpr[1:] + tpr[:-1]) / 2)


# %% mistake="roc-curve" id="lists-for-arrays" hint="What you return are lists; fpr and tpr are arrays."
def roc_curve(score, t):
    fpr, tpr, area = [0.0], [0.0], 0.0
    for threshold in np.unique(score)[::-1]:
        fpr.append(np.mean(score[t == 0] >= threshold))
        tpr.append(np.mean(score[t == 1] >= threshold))
        area += (fpr[-1] - fpr[-2]) * (tpr[-1] + tpr[-2]) / 2
    return fpr, tpr, area


# %% alternative="roc-curve" id="sorted-and-summed"
def roc_curve(score, t):
    order = np.argsort(-score)
    ranked = score[order]
    last = np.append(np.flatnonzero(np.diff(ranked)), len(ranked) - 1)  # where a run of equal scores ends
    tp = np.append(0, np.cumsum(t[order])[last])
    fp = np.append(0, last + 1) - tp
    fpr, tpr = fp / fp[-1], tp / tp[-1]
    return fpr, tpr, np.trapezoid(tpr, fpr)


# %% alternative="roc-curve" id="pairs"
def roc_curve(score, t):
    ones, zeros = score[t == 1].tolist(), score[t == 0].tolist()
    fpr, tpr = [0.0], [0.0]
    for threshold in sorted(set(score.tolist()), reverse=True):
        fpr.append(sum(value >= threshold for value in zeros) / len(zeros))
        tpr.append(sum(value >= threshold for value in ones) / len(ones))
    wins = sum(1.0 if one > zero else 0.5 if one == zero else 0.0 for one in ones for zero in zeros)
    return np.array(fpr), np.array(tpr), wins / (len(ones) * len(zeros))


# %% alternative="roc-curve" id="searched"
def roc_curve(score, t):
    thresholds = np.unique(score)[::-1]
    ones, zeros = np.sort(score[t == 1]), np.sort(score[t == 0])
    tpr = np.append(0, 1 - np.searchsorted(ones, thresholds) / len(ones))
    fpr = np.append(0, 1 - np.searchsorted(zeros, thresholds) / len(zeros))
    return fpr, tpr, float(np.diff(fpr) @ (tpr[1:] + tpr[:-1]) / 2)


# %% alternative="roc-curve" id="counted-by-score"
def roc_curve(score, t):
    values, which = np.unique(-score, return_inverse=True)
    pos, neg = np.zeros(len(values)), np.zeros(len(values))
    for k, label in zip(which, t):
        if label:
            pos[k] += 1
        else:
            neg[k] += 1
    fpr = np.append(0, np.cumsum(neg)) / neg.sum()
    tpr = np.append(0, np.cumsum(pos)) / pos.sum()
    return fpr, tpr, float(np.trapezoid(tpr, fpr))


# %% mistake="ninety-percent" id="half-instead" hint="This is where the probability is 1/2."
ninety_percent_temperature = 64.8

# %% mistake="ninety-percent" id="the-other-side" hint="This is where damage has the probability 0.1: is it more likely in the cold or in the warmth?"
ninety_percent_temperature = 74.3

# %% mistake="ninety-percent" id="probability-as-score" hint="0.9 is the probability; the score whose sigmoid it is, is another number."
ninety_percent_temperature = 60.9

# %% alternative="ninety-percent" id="with-more-digits"
ninety_percent_temperature = 55.33
