# %% [markdown]
r"""
Bug hunt: descent with momentum
"""


# %% mistake="bug-hunt" id="climbs" hint="Your steps go uphill: compare the sign in your update with the formula's."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x = x + lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="climbs-again" again="climbs"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    v = 0.0
    for k in range(steps):
        v = v * momentum + gradient(path[k])
        path[k + 1] = path[k] + v * lr
    return path


# %% mistake="bug-hunt" id="old-velocity" hint="x moves with the velocity of the step before: in the formula it is the new one that moves x."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        g = gradient(x)
        x = x - lr * v
        v = momentum * v + g
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="old-velocity-again" again="old-velocity"
def descend(gradient, x, lr, steps, momentum=0.0):
    path, velocities = [x.astype(float)], [np.zeros(x.shape)]
    for _ in range(steps):
        velocities.append(momentum * velocities[-1] + gradient(path[-1]))
        path.append(path[-1] - lr * velocities[-2])
    return np.stack(path)


# %% mistake="bug-hunt" id="one-array-many-times" hint="All rows of your path are equal: the list names one array many times, and that array goes on changing."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x -= lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="one-array-many-times-again" again="one-array-many-times"
def descend(gradient, x, lr, steps, momentum=0.0):
    here, velocity, path = x.astype(float), 0.0, []
    for k in range(steps + 1):
        path.append(here)
        if k < steps:
            velocity = momentum * velocity + gradient(here)
            here[...] = here - lr * velocity
    return np.array(path)


# %% mistake="bug-hunt" id="moves-the-callers-start" hint="After the call the caller's start has moved: your steps change the array that you were given."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.asarray(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x.copy()]
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x -= lr * v
        path.append(x.copy())
    return np.array(path)


# %% mistake="bug-hunt" id="moves-the-callers-start-again" again="moves-the-callers-start"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = [1.0 * x]
    velocity = np.zeros(x.shape)
    if x.dtype != float:
        x = x.astype(float)
    for _ in range(steps):
        velocity = momentum * velocity + gradient(x)
        np.subtract(x, lr * velocity, out=x)
        path.append(1.0 * x)
    return np.stack(path)


# %% mistake="bug-hunt" id="whole-numbers" hint="Think of a start that holds integers: the array into which you write your path holds no fractions."
def descend(gradient, x, lr, steps, momentum=0.0):
    path = np.zeros((steps + 1, *x.shape), dtype=x.dtype)
    path[0] = x
    v = np.zeros(x.shape)
    for k in range(steps):
        v = momentum * v + gradient(path[k])
        path[k + 1] = path[k] - lr * v
    return path


# %% mistake="bug-hunt" id="damped" hint="Your velocity is a mean of gradients; the convention of this exercise sums them up."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + (1 - momentum) * gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="damped-again" again="damped"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = [np.array(x, dtype=float)]
    mean = np.zeros(x.shape)
    for _ in range(steps):
        mean += (1 - momentum) * (gradient(path[-1]) - mean)
        path.append(path[-1] - lr * mean)
    return np.array(path)


# %% mistake="bug-hunt" id="no-momentum" hint="The argument momentum has no influence on your path."
def descend(gradient, x, lr, steps, momentum=0.0):
    path = [np.array(x, dtype=float)]
    for _ in range(steps):
        path.append(path[-1] - lr * gradient(path[-1]))
    return np.array(path)


# %% mistake="bug-hunt" id="no-momentum-again" again="no-momentum"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    for k in range(steps):
        v = gradient(path[k])
        path[k + 1] = path[k] - v * lr
    return path


# %% mistake="bug-hunt" id="one-gradient" hint="The gradient is asked for once, at the start: it is another one at every new x."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    g = gradient(x)
    path = [x]
    for _ in range(steps):
        v = momentum * v + g
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="start-is-missing" hint="The first row of your path is not the start."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = []
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="rate-twice" hint="The learning rate enters twice: once into the velocity, and once more into the step."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + lr * gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="asks-twice" hint="The gradient is to be asked for once a step; you ask more often. On a real network that is the expensive part."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    gradient(x)
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="stops-where-it-is-flat" hint="Your path ends early where a gradient is 0: it is to have all its rows, and momentum carries on."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        g = gradient(x)
        if np.linalg.norm(g) < 1e-12:
            break
        v = momentum * v + g
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="asks-ahead" hint="The gradient is asked for at another point than x: that is Nesterov's idea, and comes in a later exercise."
def descend(gradient, x, lr, steps, momentum=0.0):
    x = np.array(x, dtype=float)
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + gradient(x - lr * momentum * v)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="whole-start" hint="Think of a start that holds integers and of 0 steps: the path holds float64 there, too."
def descend(gradient, x, lr, steps, momentum=0.0):
    v = np.zeros(x.shape)
    path = [x]
    for _ in range(steps):
        v = momentum * v + gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% mistake="bug-hunt" id="velocity-left-over" hint="A second call starts with the velocity of the first: v is 0 at the start of every path."
def descend(gradient, x, lr, steps, momentum=0.0, kept={}):
    x = np.array(x, dtype=float)
    v = kept.setdefault(x.shape, np.zeros(x.shape))
    path = [x]
    for _ in range(steps):
        v *= momentum
        v += gradient(x)
        x = x - lr * v
        path.append(x)
    return np.array(path)


# %% alternative="bug-hunt" id="rate-in-the-velocity"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = np.empty((steps + 1, *x.shape))
    path[0] = x
    velocity = np.zeros(x.shape)
    for k in range(steps):
        velocity = momentum * velocity - lr * gradient(path[k])
        path[k + 1] = path[k] + velocity
    return path


# %% alternative="bug-hunt" id="sum-of-all-gradients"
def descend(gradient, x, lr, steps, momentum=0.0):
    path, gradients = np.zeros((steps + 1, *x.shape)), []
    path[0] = x
    for t in range(steps):
        gradients.append(gradient(path[t]))
        path[t + 1] = path[t] - lr * sum(momentum ** (t - i) * g for i, g in enumerate(gradients))
    return path


# %% alternative="bug-hunt" id="last-two-points"
def descend(gradient, x, lr, steps, momentum=0.0):
    path = [x.astype(float)]
    for k in range(steps):
        inertia = momentum * (path[-1] - path[-2]) if k else 0.0
        path.append(path[-1] - lr * gradient(path[-1]) + inertia)
    return np.stack(path)


# %% alternative="bug-hunt" id="copies-of-one-array"
def descend(gradient, x, lr, steps, momentum=0.0):
    x = x.astype(np.float64)
    v = np.zeros_like(x)
    path = [x.copy()]
    for _ in range(steps):
        v *= momentum
        v += gradient(x)
        x -= lr * v
        path.append(x.copy())
    return np.array(path)


# %% [markdown]
r"""
An epoch of mini-batches
"""


# %% mistake="sgd-epoch" id="keeps-the-order" hint="The samples come in the order of the data, in every epoch the same."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="keeps-the-order-again" again="keeps-the-order"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    parts = range(batch_size, len(x), batch_size)
    for inputs, targets in zip(np.split(x, parts), np.split(t, parts)):
        w = w - gradient(w, inputs, targets) * lr
    return w


# %% mistake="sgd-epoch" id="drops-the-last" hint="What is left at the end, fewer samples than a whole batch, is thrown away."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for k in range(len(x) // batch_size):
        batch = order[k * batch_size : (k + 1) * batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="drops-the-last-again" again="drops-the-last"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    start = 0
    while start + batch_size <= len(order):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
        start += batch_size
    return w


# %% mistake="sgd-epoch" id="equal-parts" hint="Your batches are all about equally large: all but the last are to have exactly batch_size samples."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for batch in np.array_split(order, math.ceil(len(x) / batch_size)):
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="with-replacement" hint="Every batch is drawn anew from all samples: some of them count twice in an epoch, and others never."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    for start in range(0, len(x), batch_size):
        batch = rng.integers(len(x), size=min(batch_size, len(x) - start))
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="pairs-torn-apart" hint="Inputs and targets are put into two different orders, so that a target belongs to another sample's input."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    x, t = rng.permutation(x), rng.permutation(t)
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="pairs-torn-apart-again" again="pairs-torn-apart"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    for_x = rng.permutation(x)
    for_t = rng.permutation(t)
    while len(for_x):
        w = w - lr * gradient(w, for_x[:batch_size], for_t[:batch_size])
        for_x, for_t = for_x[batch_size:], for_t[batch_size:]
    return w


# %% mistake="sgd-epoch" id="targets-stay" hint="The inputs are put into a new order, and their targets stay where they were."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    x = x[rng.permutation(len(x))]
    for start in range(0, len(x), batch_size):
        batch = slice(start, start + batch_size)
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="gradients-at-the-start" hint="All gradients of your epoch are taken at the weights of its beginning."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    start_w = w
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(start_w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="gradients-at-the-start-again" again="gradients-at-the-start"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    total = np.zeros(w.shape)
    for k in range(0, len(x), batch_size):
        total += gradient(w, x[order[k : k + batch_size]], t[order[k : k + batch_size]])
    return w - lr * total


# %% mistake="sgd-epoch" id="climbs" hint="Your steps go uphill."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w + lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="climbs-again" again="climbs"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    while len(order):
        batch, order = order[:batch_size], order[batch_size:]
        g = gradient(w, x[batch], t[batch])
        w = w - (-lr) * g
    return w


# %% mistake="sgd-epoch" id="seed-of-its-own" hint="Every epoch has the same order: the numbers come from a generator that you make anew in each call."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = np.random.default_rng(0).permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="global-generator" hint="The same rng gives another order each time: your numbers come from somewhere else than from rng."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = np.random.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="moves-the-callers-weights" hint="After the call the caller's weights have moved: your steps change the array that you were given."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w -= lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="shuffles-the-callers-data" hint="After the call the caller finds the data in another order: what you shuffle is the array that you were given."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    x[...], t[...] = x[order], t[order]
    for start in range(0, len(x), batch_size):
        w = w - lr * gradient(w, x[start : start + batch_size].copy(), t[start : start + batch_size].copy())
    return w


# %% mistake="sgd-epoch" id="shuffles-the-batches-only" hint="Your batches come in random order, but each holds neighbours of the data, the same ones in every epoch."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    starts = np.arange(0, len(x), batch_size)
    if len(starts) > 2:
        starts[:-1] = rng.permutation(starts[:-1])
    for start in starts:
        batch = slice(start, start + batch_size)
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="shuffles-inside-the-batches" hint="Every batch holds the same samples in every epoch; only their order inside of the batch is random."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    for start in range(0, len(x), batch_size):
        batch = start + rng.permutation(min(batch_size, len(x) - start))
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="times-the-batch" hint="gradient gives the gradient of the mean loss of a batch already: your steps are longer, the more samples a batch has."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * len(batch) * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="divides-by-the-batch" hint="gradient gives a mean already: you divide by the number of samples once more."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch]) / len(batch)
    return w


# %% mistake="sgd-epoch" id="one-batch" hint="All samples come in one single batch: batch_size has no influence."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    return w - lr * gradient(w, x[order], t[order])


# %% mistake="sgd-epoch" id="starts-elsewhere" hint="Only the place where you begin is random: after it the samples come in the order of the data."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = np.roll(np.arange(len(x)), rng.integers(1, len(x) + 1))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="starts-elsewhere-again" again="starts-elsewhere"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    first, N = int(rng.integers(1, len(x) + 1)), len(x)
    for start in range(0, N, batch_size):
        batch = [(i - first) % N for i in range(start, min(start + batch_size, N))]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="first-stays-first" hint="One sample has the same place in every epoch."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = np.append(0, 1 + rng.permutation(len(x) - 1))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="batch-of-one-loses-an-axis" hint="Think of a batch with a single sample: it has the axes of any other batch."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        batch = batch[0] if len(batch) == 1 else batch
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="batches-are-lists" hint="What you give to gradient are lists; a batch is made of arrays."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * gradient(w, x[batch], [t[i] for i in batch])
    return w


# %% mistake="sgd-epoch" id="short-batch-counts-less" hint="A short batch takes a step like any other: yours is shorter there."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    for start in range(0, len(x), batch_size):
        batch = order[start : start + batch_size]
        w = w - lr * len(batch) / min(batch_size, len(x)) * gradient(w, x[batch], t[batch])
    return w


# %% mistake="sgd-epoch" id="short-batch-first" hint="The short batch comes at the end of the epoch."
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order, left = rng.permutation(len(x)), len(x) % batch_size
    for batch in np.split(order, range(left, len(x), batch_size)):
        if len(batch):
            w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% alternative="sgd-epoch" id="shuffled-indices"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = list(range(len(x)))
    rng.shuffle(order)
    while order:
        batch, order = order[:batch_size], order[batch_size:]
        w = w - lr * gradient(w, x[batch], t[batch])
    return w


# %% alternative="sgd-epoch" id="random-keys-and-split"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = np.argsort(rng.random(len(x)))
    here = w.copy()
    for batch in np.array_split(order, np.arange(batch_size, len(x), batch_size)):
        here -= lr * gradient(here.copy(), x[batch], t[batch])
    return here


# %% alternative="sgd-epoch" id="shuffled-copies"
def sgd_epoch(gradient, w, x, t, lr, batch_size, rng):
    order = rng.permutation(len(x))
    x, t = x[order], t[order]
    for k in range(-(-len(x) // batch_size)):
        part = slice(k * batch_size, (k + 1) * batch_size)
        w = w - lr * gradient(w, x[part], t[part])
    return w


# %% [markdown]
r"""
Nesterov
"""


# %% mistake="nesterov-step" id="plain-momentum" hint="This is plain momentum: the gradient is asked for at w, and not where the old velocity would lead."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v = momentum * state.get("v", np.zeros(w.shape)) + gradient(w)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="plain-momentum-again" again="plain-momentum"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    g = gradient(w)
    if "v" in state:
        g = g + momentum * state["v"]
    return w - g * lr, {"v": g}


# %% mistake="nesterov-step" id="looks-back" hint="The point at which you ask lies behind you: the velocity moves w with a minus."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w + lr * drift)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="looks-back-again" again="looks-back"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    old = state["v"] if state else 0 * w
    ahead = w + momentum * lr * old
    new = gradient(ahead) + momentum * old
    return w - lr * new, dict(v=new)


# %% mistake="nesterov-step" id="looks-too-far" hint="You ask too far ahead: the momentum carries w on by less than the velocity itself, since a step is multiplied by the learning rate."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w - drift)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="looks-without-friction" hint="The place from which you look is where the whole old velocity would lead; the momentum carries on only a part of it."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    old = state.get("v", np.zeros(w.shape))
    v = momentum * old + gradient(w - lr * old)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="stays-at-the-look-ahead" hint="Your step starts at the point from which you only look, so the momentum moves w twice."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    ahead = w - lr * drift
    v = drift + gradient(ahead)
    return ahead - lr * v, {"v": v}


# %% mistake="nesterov-step" id="stays-at-the-look-ahead-again" again="stays-at-the-look-ahead"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    old = state["v"] if state else np.zeros_like(w)
    w = w - lr * momentum * old
    v = gradient(w) + momentum * old
    return w - v * lr, dict(v=v)


# %% mistake="nesterov-step" id="keeps-the-look-ahead-point" hint="This is the form of libraries, whose weights are the look-ahead point: here w is where we are, and the gradient is asked for elsewhere."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    g = gradient(w)
    v = momentum * state.get("v", np.zeros(w.shape)) + g
    return w - lr * (g + momentum * v), {"v": v}


# %% mistake="nesterov-step" id="rate-in-the-velocity" hint="Your velocity holds steps, not gradients: when the learning rate changes, older gradients still count with the old one."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + lr * gradient(w - drift)
    return w - v, {"v": v}


# %% mistake="nesterov-step" id="rate-in-the-velocity-again" again="rate-in-the-velocity"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    step = state["v"] if state else 0.0 * w
    ahead = w - momentum * step
    step = lr * gradient(ahead) + step * momentum
    return w - step, dict(v=step)


# %% mistake="nesterov-step" id="forgets" hint="Your second step knows nothing of the first: the velocity does not come back with the state."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v = np.zeros(w.shape)
    v = momentum * v + gradient(w - lr * momentum * v)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="damped" hint="Your velocity is a mean of gradients; the convention of this exercise sums them up."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + (1 - momentum) * gradient(w - lr * drift)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="climbs" hint="Your steps go uphill."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w + lr * drift)
    return w + lr * v, {"v": v}


# %% mistake="nesterov-step" id="state-in-place" hint="A second step from the same older state leads elsewhere than the first: the velocity is changed in place, or kept outside of the state."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v = state.setdefault("v", np.zeros(w.shape))
    v *= momentum
    v += gradient(w - lr * v)
    return w - lr * v, state


# %% mistake="nesterov-step" id="asks-twice" hint="The gradient is to be asked for once in a step; you ask for it at two points."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    at_w = gradient(w)
    v = drift + gradient(w - lr * drift) + 0.0 * at_w
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="fixed-momentum" hint="The argument momentum has no influence on your step."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = 0.9 * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w - lr * drift)
    return w - lr * v, {"v": v}


# %% mistake="nesterov-step" id="moves-the-callers-weights" hint="After the call the caller's weights have moved: your step changes the array that you were given."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * state.get("v", np.zeros(w.shape))
    v = drift + gradient(w - lr * drift)
    w -= lr * v
    return w, {"v": v}


# %% mistake="nesterov-step" id="list-in-the-state" hint="What your state holds is a list; it is to be an array."
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    drift = momentum * np.array(state.get("v", np.zeros(w.shape)))
    v = drift + gradient(w - lr * drift)
    return w - lr * v, {"v": v.tolist()}


# %% alternative="nesterov-step" id="velocity-and-point"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    old = state["v"] if "v" in state else np.zeros_like(w)
    ahead = w - lr * momentum * old
    g = gradient(ahead)
    return ahead - lr * g, {"v": momentum * old + g}


# %% alternative="nesterov-step" id="number-at-first"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v = state["v"] if state else 0.0
    v = momentum * v + gradient(w - lr * momentum * v)
    return w - lr * v, {**state, "v": v}


# %% alternative="nesterov-step" id="number-by-number"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v, ahead, moved = np.array(state.get("v", np.zeros(w.shape))), w.copy(), w.copy()
    for i in np.ndindex(w.shape):
        ahead[i] -= lr * momentum * v[i]
    g = gradient(ahead)
    for i in np.ndindex(w.shape):
        v[i] = momentum * v[i] + g[i]
        moved[i] -= lr * v[i]
    return moved, {"v": v}


# %% alternative="nesterov-step" id="in-place-on-copies"
def nesterov_step(w, gradient, state, lr, momentum=0.9):
    v = np.array(state.get("v", np.zeros(w.shape)))
    v *= momentum
    v += gradient(w - lr * v)
    moved = w.copy()
    moved -= lr * v
    return moved, dict(v=v)


# %% [markdown]
r"""
Adagrad
"""


# %% mistake="adagrad-step" id="climbs" hint="This is the slide's sign: your steps go uphill."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g**2
    return w + lr * g / np.sqrt(total + eps), {"S": total}


# %% mistake="adagrad-step" id="climbs-again" again="climbs"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    s = g * g + (state["S"] if state else 0)
    rate = lr * (s + eps) ** -0.5
    return w + rate * g, {"S": s}


# %% mistake="adagrad-step" id="sums-gradients" hint="What you sum up is the gradient itself; gradients of both signs cancel out in it."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g
    return w - lr * g / np.sqrt(np.abs(total) + eps), {"S": total}


# %% mistake="adagrad-step" id="sums-sizes" hint="What you sum up are the sizes of the gradients, and not their squares."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + np.abs(g)
    return w - lr * g / (total + eps), {"S": total}


# %% mistake="adagrad-step" id="eps-outside" hint="Your epsilon stands outside of the root: for tiny gradients that gives much longer steps."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g**2
    return w - lr * g / (np.sqrt(total) + eps), {"S": total}


# %% mistake="adagrad-step" id="eps-outside-again" again="eps-outside"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    squares = np.square(g)
    if "S" in state:
        squares = squares + state["S"]
    root = squares**0.5
    root += eps
    return w - g * (lr / root), {"S": squares}


# %% mistake="adagrad-step" id="no-root" hint="You divide by the sum of squares itself: in the formula stands its root."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g**2
    return w - lr * g / (total + eps), {"S": total}


# %% mistake="adagrad-step" id="old-sum" hint="You divide by the sum as it was before this gradient came in."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", np.zeros(w.shape))
    return w - lr * g / np.sqrt(total + eps), {"S": total + g**2}


# %% mistake="adagrad-step" id="old-sum-again" again="old-sum"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    before = state.get("S", 0.0 * w)
    moved = w - g * lr * (before + eps) ** -0.5
    return moved, {"S": before + np.square(g)}


# %% mistake="adagrad-step" id="one-sum-for-all" hint="All weights of an array share one sum, and so one rate: each is to have its own."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + np.sum(g**2)
    return w - lr * g / np.sqrt(total + eps), {"S": total}


# %% mistake="adagrad-step" id="one-sum-for-all-again" again="one-sum-for-all"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    squares = state["S"] if "S" in state else 0.0
    squares = squares + np.vdot(g, g)
    return w - g * (lr * (squares + eps) ** -0.5), dict(S=squares)


# %% mistake="adagrad-step" id="forgets" hint="Your second step knows nothing of the first: the sum does not come back with the state."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = g**2
    return w - lr * g / np.sqrt(total + eps), {"S": total}


# %% mistake="adagrad-step" id="running-mean" hint="Yours forgets old gradients, which is what RMSprop does: here everything is summed up."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = 0.9 * state.get("S", 0.0) + 0.1 * g**2
    return w - lr * g / np.sqrt(total + eps), {"S": total}


# %% mistake="adagrad-step" id="no-eps" hint="Think of a weight whose gradient is 0 in the first step: you divide by 0 there."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g**2
    with np.errstate(all="ignore"):
        return w - lr * g / np.sqrt(total), {"S": total}


# %% mistake="adagrad-step" id="changes-the-gradient" hint="After the step the caller finds other numbers in the gradient than before."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.get("S", 0.0) + g**2
    g *= lr
    g /= np.sqrt(total + eps)
    return w - g, {"S": total}


# %% mistake="adagrad-step" id="changes-the-gradient-again" again="changes-the-gradient"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = g * g + state.get("S", np.zeros(g.shape))
    np.multiply(g, lr / np.sqrt(total + eps), out=g)
    return w - g, {"S": total}


# %% mistake="adagrad-step" id="state-in-place" hint="A second step from the same older state leads elsewhere than the first: the sum is changed in place, or kept outside of the state."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total = state.setdefault("S", np.zeros(w.shape))
    total += g**2
    return w - lr * g / np.sqrt(total + eps), state


# %% mistake="adagrad-step" id="eps-kept" hint="Your S holds epsilon too: it is added when the step divides, and not kept."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = state.get("S", eps) + g**2
    return w - lr * g / np.sqrt(S), {"S": S}


# %% mistake="adagrad-step" id="larger-of-the-two" hint="Epsilon is to be added to S; you take the larger one of the two."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = state.get("S", 0.0) + g**2
    return w - lr * g / np.sqrt(np.maximum(S, eps)), {"S": S}


# %% mistake="adagrad-step" id="fixed-eps" hint="The argument eps has no influence on your step."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = state.get("S", 0.0) + g**2
    return w - lr * g / np.sqrt(S + 1e-8), {"S": S}


# %% mistake="adagrad-step" id="moves-the-callers-weights" hint="After the call the caller's weights have moved: your step changes the array that you were given."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = state.get("S", 0.0) + g**2
    w -= lr * g / np.sqrt(S + eps)
    return w, {"S": S}


# %% mistake="adagrad-step" id="list-in-the-state" hint="What your state holds is a list; it is to be an array."
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = np.array(state.get("S", 0.0)) + g**2
    return w - lr * g / np.sqrt(S + eps), {"S": S.tolist()}


# %% alternative="adagrad-step" id="power-of-minus-half"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    s = np.square(g) + state.get("S", np.zeros(w.shape))
    return w - g * (lr * (s + eps) ** -0.5), {"S": s}


# %% alternative="adagrad-step" id="number-by-number"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    total, moved = np.array(state["S"]) if state else np.zeros(w.shape), w.copy()
    for i in np.ndindex(w.shape):
        total[i] += g[i] ** 2
        moved[i] -= lr / math.sqrt(total[i] + eps) * g[i]
    return moved, {"S": total}


# %% alternative="adagrad-step" id="in-place-on-copies"
def adagrad_step(w, g, state, lr=0.01, eps=1e-8):
    S = np.zeros_like(w)
    S += state.get("S", 0)
    S += np.einsum("...,...->...", g, g)
    step = g.copy()
    step *= lr
    step /= np.sqrt(S + eps)
    return w - step, dict(S=S)


# %% [markdown]
r"""
Adadelta
"""


# %% mistake="adadelta-step" id="no-past-steps" hint="The size of past steps does not enter: with a fixed number in its place this is RMSprop."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    return w - g * np.sqrt(eps) / np.sqrt(v + eps), {"v": v, "u": np.zeros(w.shape)}


# %% mistake="adadelta-step" id="no-past-steps-again" again="no-past-steps"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = state.get("v", np.zeros(w.shape))
    v = v + (1 - decay) * (g * g - v)
    return w - np.sqrt(eps / (v + eps)) * g, dict(v=v, u=0.0 * w)


# %% mistake="adadelta-step" id="learning-rate" hint="There is a learning rate in it; what stands there in the formula is the size of past steps."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    return w - 0.001 * g / (np.sqrt(v) + eps), {"v": v, "u": np.zeros(w.shape)}


# %% mistake="adadelta-step" id="old-v" hint="Your step divides by v as it was before this gradient came in."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = state.get("v", np.zeros(w.shape)), state.get("u", np.zeros(w.shape))
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": decay * v + (1 - decay) * g**2, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="old-v-again" again="old-v"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    u, v = (state["u"], state["v"]) if state else (0.0 * w, 0.0 * w)
    d = np.sqrt((u + eps) / (v + eps)) * g
    v, u = (mean + (1 - decay) * (new**2 - mean) for mean, new in ((v, g), (u, d)))
    return w - d, {"v": v, "u": u}


# %% mistake="adadelta-step" id="squares-of-gradients-twice" hint="u is to hold the squares of past steps; yours holds squares of gradients."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * g**2}


# %% mistake="adadelta-step" id="steps-not-squared" hint="u collects past steps without squaring them."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * np.abs(d)}


# %% mistake="adadelta-step" id="sums-squares" hint="v and u are to be running means, which forget: yours sum up."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = state.get("v", 0.0) + g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": u + d**2}


# %% mistake="adadelta-step" id="sums-without-weight" hint="A running mean gives the new square the weight 1 - decay; yours gives it the weight 1."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + d**2}


# %% mistake="adadelta-step" id="weights-swapped" hint="Which part of a running mean is multiplied by decay: the old mean, or the new square?"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = (1 - decay) * state.get("v", 0.0) + decay * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": (1 - decay) * u + decay * d**2}


# %% mistake="adadelta-step" id="weights-swapped-again" again="weights-swapped"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = state.get("v", np.zeros(w.shape)), state.get("u", np.zeros(w.shape))
    v = v + decay * (np.square(g) - v)
    d = np.sqrt((u + eps) / (v + eps)) * g
    u = u + decay * (np.square(d) - u)
    return w - d, {"v": v, "u": u}


# %% mistake="adadelta-step" id="eps-outside" hint="Both epsilons are to stand inside of the roots."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * (np.sqrt(u) + eps) / (np.sqrt(v) + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="eps-outside-again" again="eps-outside"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = (state["v"], state["u"]) if state else (np.zeros_like(w), np.zeros_like(w))
    v = v + (1 - decay) * (g * g - v)
    d = (u**0.5 + eps) * g / (v**0.5 + eps)
    return w - d, {"v": v, "u": u + (1 - decay) * (d * d - u)}


# %% mistake="adadelta-step" id="never-starts" hint="w does not move at all: as long as no step was taken, the size of past steps is 0."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="upside-down" hint="Large gradients are to make short steps: is your quotient the right way up?"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(v + eps) / np.sqrt(u + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="climbs" hint="Your steps go uphill."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w + d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="new-u" hint="Your step is made twice: the mean of past steps takes it in before w moves, and then the step is computed anew."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    u = decay * u + (1 - decay) * d**2
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": u}


# %% mistake="adadelta-step" id="state-in-place" hint="A second step from the same older state leads elsewhere than the first: a mean is changed in place, or kept outside of the state."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = state.setdefault("v", np.zeros(w.shape)), state.setdefault("u", np.zeros(w.shape))
    v += (1 - decay) * (g**2 - v)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    u += (1 - decay) * (d**2 - u)
    return w - d, state


# %% mistake="adadelta-step" id="fixed-decay" hint="The argument decay has no influence on your step."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = 0.9 * state.get("v", 0.0) + 0.1 * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": 0.9 * u + 0.1 * d**2}


# %% mistake="adadelta-step" id="no-decay-of-zero" hint="Think of decay = 0: it is a number like any other, and your code takes it for a missing one."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    decay = decay or 0.9
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="means-start-at-the-first" hint="v and u are 0 before the first step; one of yours starts as the first square."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", g**2) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="moves-the-callers-weights" hint="After the call the caller's weights have moved: your step changes the array that you were given."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    w -= d
    return w, {"v": v, "u": decay * u + (1 - decay) * d**2}


# %% mistake="adadelta-step" id="changes-the-gradient" hint="After the step the caller finds other numbers in the gradient than before."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v = decay * state.get("v", 0.0) + (1 - decay) * g**2
    u = state.get("u", 0.0)
    g *= np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - g, {"v": v, "u": decay * u + (1 - decay) * g**2}


# %% mistake="adadelta-step" id="lists-in-the-state" hint="What your state holds are lists; they are to be arrays."
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = np.array(state.get("v", 0.0)), np.array(state.get("u", 0.0))
    v = decay * v + (1 - decay) * g**2
    d = g * np.sqrt(u + eps) / np.sqrt(v + eps)
    return w - d, {"v": v.tolist(), "u": (decay * u + (1 - decay) * d**2).tolist()}


# %% alternative="adadelta-step" id="one-root"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u = state.get("v", np.zeros(w.shape)), state.get("u", np.zeros(w.shape))
    v = v + (1 - decay) * (np.square(g) - v)
    d = np.sqrt((u + eps) / (v + eps)) * g
    return w - d, {"u": u + (1 - decay) * (np.square(d) - u), "v": v}


# %% alternative="adadelta-step" id="number-by-number"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    v, u, moved = np.array(state.get("v", 0 * w)), np.array(state.get("u", 0 * w)), w.copy()
    for i in np.ndindex(w.shape):
        v[i] = decay * v[i] + (1 - decay) * g[i] ** 2
        d = g[i] * math.sqrt(u[i] + eps) / math.sqrt(v[i] + eps)
        u[i] = decay * u[i] + (1 - decay) * d**2
        moved[i] -= d
    return moved, {"v": v, "u": u}


# %% alternative="adadelta-step" id="means-in-one-array"
def adadelta_step(w, g, state, decay=0.9, eps=1e-6):
    means = np.stack([state["v"], state["u"]]) if state else np.zeros((2, *w.shape))
    means[0] = decay * means[0] + (1 - decay) * g**2
    v, u = np.sqrt(means + eps)
    d = g / v * u
    means[1] = decay * means[1] + (1 - decay) * d**2
    return w - d, {"v": means[0], "u": means[1]}


# %% [markdown]
r"""
A class Adam
"""


# %% mistake="adam-class" id="no-correction" hint="Your first step does not have the length of lr: the means start at 0, and nothing corrects for it."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            w -= self.lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps)


# %% mistake="adam-class" id="no-correction-again" again="no-correction"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.settings = lr, beta1, beta2, eps
        self.slots = [[w, np.zeros_like(w), np.zeros_like(w)] for w in params]

    def step(self, grads):
        lr, beta1, beta2, eps = self.settings
        for (w, m, v), g in zip(self.slots, grads):
            if g is not None:
                m += (1 - beta1) * (g - m)
                v += (1 - beta2) * (g * g - v)
                w[...] = w - m * lr / (v**0.5 + eps)


# %% mistake="adam-class" id="correction-kept" hint="The corrected means are kept in place of the means themselves, so that the correction adds up from step to step."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            self.m[i] /= 1 - self.beta1**self.t
            self.v[i] /= 1 - self.beta2**self.t
            w -= self.lr * self.m[i] / (np.sqrt(self.v[i]) + self.eps)


# %% mistake="adam-class" id="correction-kept-again" again="correction-kept"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.rate, self.betas, self.eps, self.calls = list(params), lr, (beta1, beta2), eps, 0
        self.means = [(0.0, 0.0)] * len(self.params)

    def step(self, grads):
        self.calls += 1
        for i, g in enumerate(grads):
            if g is not None:
                pairs = zip(self.means[i], (g, g * g), self.betas)
                self.means[i] = [(b * old + (1 - b) * new) / (1 - b**self.calls) for old, new, b in pairs]
                m, v = self.means[i]
                self.params[i][...] -= self.rate * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="counts-parameters" hint="Your t is counted for each parameter of the list: it is to count the calls of step."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        for i, (w, g) in enumerate(zip(self.params, grads)):
            self.t += 1
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="waits-without-a-gradient" hint="Where a parameter had no gradient, your t for it has stood still: t counts all calls of step."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = [0 for w in params]
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.t[i] += 1
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1 ** self.t[i]), self.v[i] / (1 - self.beta2 ** self.t[i])
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="one-memory-for-all" hint="All parameters share one m and one v: what one of them has seen moves another."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t, self.m, self.v = 0, 0.0, 0.0

    def step(self, grads):
        self.t += 1
        for w, g in zip(self.params, grads):
            if g is None:
                continue
            self.m = self.beta1 * np.mean(self.m) + (1 - self.beta1) * g
            self.v = self.beta2 * np.mean(self.v) + (1 - self.beta2) * g**2
            m, v = self.m / (1 - self.beta1**self.t), self.v / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="binds-a-new-array" hint="The model's own arrays do not move: you bind new arrays, which nobody but your object knows."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = list(params), lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, g in enumerate(grads):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            self.params[i] = self.params[i] - self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="binds-a-new-array-again" again="binds-a-new-array"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = [w.copy() for w in params]
        self.lr, self.beta1, self.beta2, self.eps, self.t = lr, beta1, beta2, eps, 0
        self.memory = [np.zeros((2, *w.shape)) for w in params]

    def step(self, grads):
        self.t += 1
        for w, memory, g in zip(self.params, self.memory, grads):
            if g is not None:
                memory[0] = self.beta1 * memory[0] + (1 - self.beta1) * g
                memory[1] = self.beta2 * memory[1] + (1 - self.beta2) * g**2
                m, v = memory[0] / (1 - self.beta1**self.t), memory[1] / (1 - self.beta2**self.t)
                w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="starts-afresh" hint="Every step starts with means of 0: what you keep is made in step, and lost at its end."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0

    def step(self, grads):
        self.t += 1
        for w, g in zip(self.params, grads):
            if g is None:
                continue
            m, v = (1 - self.beta1) * g, (1 - self.beta2) * g**2
            m, v = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="eps-inside" hint="Your epsilon stands inside of the root: for tiny gradients that gives much shorter steps."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / np.sqrt(v + self.eps)


# %% mistake="adam-class" id="eps-inside-again" again="eps-inside"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.slots = [(w, np.zeros_like(w), np.zeros_like(w)) for w in params]
        self.lr, self.beta1, self.beta2, self.eps, self.t = lr, beta1, beta2, eps, 0

    def step(self, grads):
        self.t += 1
        for (w, m, v), g in zip(self.slots, grads):
            if g is not None:
                m += (1 - self.beta1) * (g - m)
                v += (1 - self.beta2) * (g * g - v)
                rate = self.lr / (1 - self.beta1**self.t)
                w[...] = w - rate * m * (v / (1 - self.beta2**self.t) + self.eps) ** -0.5


# %% mistake="adam-class" id="changes-the-gradients" hint="After the step the caller finds other numbers in the gradients than before."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            g *= g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="changes-the-gradients-again" again="changes-the-gradients"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.slots = [(w, np.zeros(w.shape), np.zeros(w.shape)) for w in params]
        self.lr, self.beta1, self.beta2, self.eps, self.t = lr, beta1, beta2, eps, 0

    def step(self, grads):
        self.t += 1
        for (w, m, v), g in zip(self.slots, grads):
            if g is None:
                continue
            m[...] = self.beta1 * m + (1 - self.beta1) * g
            np.square(g, out=g)
            v[...] = self.beta2 * v + (1 - self.beta2) * g
            root = np.sqrt(v / (1 - self.beta2**self.t)) + self.eps
            w -= self.lr / (1 - self.beta1**self.t) * m / root


# %% mistake="adam-class" id="no-gradient-counts-as-zero" hint="A parameter without a gradient moves on with its old momentum: it is to stay, and its means with it."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            g = np.zeros(w.shape) if g is None else g
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="no-gradient-forgotten" hint="Your step fails where a gradient is None."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="one-correction" hint="Only one of the two means is corrected: both start at 0."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i]
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="not-squared" hint="What v collects are the sizes of the gradients, and not their squares."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * np.abs(g)
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="betas-swapped" hint="Which of the betas belongs to the gradients, and which to their squares?"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta2, beta1, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="counts-from-zero" hint="In your first step t is still 0, and the correction divides by 0."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)
        self.t += 1


# %% mistake="adam-class" id="one-ahead" hint="Your correction is always one step ahead: in the first step t is 1."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 1
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="climbs" hint="Your steps go uphill."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps = params, lr, beta1, beta2, eps
        self.t = 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m, v = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w += self.lr * m / (np.sqrt(v) + self.eps)


# %% mistake="adam-class" id="one-memory-a-shape" hint="Two parameters of the same shape share one m and one v."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m, self.v = {w.shape: np.zeros(w.shape) for w in params}, {w.shape: np.zeros(w.shape) for w in params}

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[w.shape] = self.beta1 * self.m[w.shape] + (1 - self.beta1) * g
            self.v[w.shape] = self.beta2 * self.v[w.shape] + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[w.shape] / (1 - self.beta1**self.t), self.v[w.shape] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# %% mistake="adam-class" id="one-memory-for-all-objects" hint="What one object of your class remembers, another one finds: m and v belong to the class and not to the object."
class Adam:
    m, v = {}, {}

    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m.get(i, np.zeros(w.shape)) + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v.get(i, np.zeros(w.shape)) + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# %% mistake="adam-class" id="moves-a-copy" hint="You move copies of your own and write them over the model's arrays: what the model wrote there in between is lost."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m, self.v = [np.zeros(w.shape) for w in params], [np.zeros(w.shape) for w in params]
        self.copies = [w.copy() for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            self.copies[i] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            w[...] = self.copies[i]


# %% mistake="adam-class" id="fills-in-the-list" hint="After the step the caller's list of gradients holds other things than before."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m, self.v = [np.zeros(w.shape) for w in params], [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, w in enumerate(self.params):
            if grads[i] is None:
                grads[i] = np.zeros(w.shape)
                continue
            g = grads[i]
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# %% mistake="adam-class" id="returns-the-parameters" hint="step returns something; the parameters move in place, and nothing is returned."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m, self.v = [np.zeros(w.shape) for w in params], [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            m_hat, v_hat = self.m[i] / (1 - self.beta1**self.t), self.v[i] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        return self.params


# %% mistake="adam-class" id="largest-v" hint="Your v can only grow: dividing by the largest so far is AMSGrad."
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m, self.v = [np.zeros(w.shape) for w in params], [np.zeros(w.shape) for w in params]
        self.largest = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for i, (w, g) in enumerate(zip(self.params, grads)):
            if g is None:
                continue
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * g**2
            self.largest[i] = np.maximum(self.largest[i], self.v[i])
            m_hat, v_hat = self.m[i] / (1 - self.beta1**self.t), self.largest[i] / (1 - self.beta2**self.t)
            w -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


# %% alternative="adam-class" id="one-factor"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.slots = [(w, np.zeros_like(w), np.zeros_like(w)) for w in params]
        self.lr, self.beta1, self.beta2, self.eps, self.t = lr, beta1, beta2, eps, 0

    def step(self, grads):
        self.t += 1
        root = math.sqrt(1 - self.beta2**self.t)
        rate = self.lr * root / (1 - self.beta1**self.t)
        for (w, m, v), g in zip(self.slots, grads):
            if g is not None:
                m += (1 - self.beta1) * (g - m)
                v += (1 - self.beta2) * (g * g - v)
                w -= rate * m / (np.sqrt(v) + self.eps * root)


# %% alternative="adam-class" id="running-products"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.betas, self.eps = tuple(params), lr, (beta1, beta2), eps
        self.powers, self.means = [1.0, 1.0], {}

    def step(self, grads):
        self.powers = [power * beta for power, beta in zip(self.powers, self.betas)]
        for i in range(len(grads)):
            if grads[i] is not None:
                kept = self.means.get(i, (0.0, 0.0))
                new = (grads[i], np.square(grads[i]))
                self.means[i] = [beta * a + (1 - beta) * b for beta, a, b in zip(self.betas, kept, new)]
                m, v = (mean / (1 - power) for mean, power in zip(self.means[i], self.powers))
                self.params[i][...] = self.params[i] - self.lr * m / (self.eps + np.sqrt(v))


# %% alternative="adam-class" id="sums-instead-of-means"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.settings, self.t = params, (lr, beta1, beta2, eps), 0
        self.sums = {}

    def step(self, grads):
        lr, beta1, beta2, eps = self.settings
        self.t += 1
        weight1 = (1 - beta1) / (1 - beta1**self.t)
        weight2 = (1 - beta2) / (1 - beta2**self.t)
        for i, g in enumerate(grads):
            if g is None:
                continue
            m, v = self.sums.get(i, (0.0, 0.0))
            self.sums[i] = beta1 * m + g, beta2 * v + np.square(g)
            m, v = self.sums[i]
            self.params[i][...] = self.params[i] - lr * weight1 * m / (np.sqrt(weight2 * v) + eps)


# %% alternative="adam-class" id="number-by-number"
class Adam:
    def __init__(self, params, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params, self.lr, self.beta1, self.beta2, self.eps, self.t = params, lr, beta1, beta2, eps, 0
        self.m = [np.zeros(w.shape) for w in params]
        self.v = [np.zeros(w.shape) for w in params]

    def step(self, grads):
        self.t += 1
        for w, g, m, v in zip(self.params, grads, self.m, self.v):
            for i in np.ndindex(w.shape) if g is not None else ():
                m[i] = self.beta1 * m[i] + (1 - self.beta1) * g[i]
                v[i] = self.beta2 * v[i] + (1 - self.beta2) * g[i] ** 2
                m_hat, v_hat = m[i] / (1 - self.beta1**self.t), v[i] / (1 - self.beta2**self.t)
                w[i] -= self.lr * m_hat / (math.sqrt(v_hat) + self.eps)


# %% [markdown]
r"""
The learning rate at time t
"""


# %% mistake="learning-rate" id="smooth-steps" hint="The kind step is to fall in steps: between two halvings nothing changes."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** (t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="one-epoch-early" hint="Your halving comes one epoch too early: at t = every - 1 the rate is still the old one."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor((t + 1) / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="one-epoch-early-again" again="one-epoch-early"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    times = np.array(t, dtype=float)
    rates = {
        "step": 2.0 ** -((times + 1) // every),
        "exponential": np.exp(-k * times),
        "inverse": 1 / (1 + k * times),
        "cosine": (1 + np.cos(np.pi * np.clip(times / duration, 0, 1))) / 2,
    }
    if kind not in rates:
        raise ValueError(f"unknown: {kind}")
    return lr * rates[kind]


# %% mistake="learning-rate" id="one-epoch-late" hint="Your halving comes too late: at t = every the rate is halved already."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.maximum(np.ceil(t / every) - 1, 0)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="one-epoch-late-again" again="one-epoch-late"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    times = np.array(t, dtype=float)
    rates = np.empty(times.shape)
    for i in np.ndindex(times.shape):
        halvings = 0
        while times[i] > (halvings + 1) * every:
            halvings += 1
        if kind == "step":
            rates[i] = lr / 2**halvings
        elif kind == "exponential":
            rates[i] = lr * math.exp(-k * times[i])
        elif kind == "inverse":
            rates[i] = lr / (1 + k * times[i])
        elif kind == "cosine":
            rates[i] = lr / 2 * (1 + math.cos(math.pi * min(times[i], duration) / duration))
        else:
            raise ValueError(kind)
    if kind not in ("step", "exponential", "inverse", "cosine"):
        raise ValueError(kind)
    return rates


# %% mistake="learning-rate" id="rounds-to-the-nearest" hint="The number of halvings is rounded down, and not to the nearest whole number."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.round(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="halved-each-epoch" hint="The kind step is halved once in every so many epochs; yours is divided further in each of them."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return np.where(t < every, lr, lr * 0.5 ** (np.floor(t) - every + 1))
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="compounded" hint="Your 1/t decay starts from a rate that has fallen already: every rate comes from the first one."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        rates = np.full(t.shape, float(lr))
        for epoch in range(1, int(np.max(t)) + 1):
            rates = np.where(t >= epoch, rates / (1 + k * epoch), rates)
        return rates
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="whole-epochs-only" hint="Fractions of an epoch count too: somewhere you round t, or a rate, to a whole number."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t).astype(int)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="whole-epochs-only-again" again="whole-epochs-only"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    epoch = np.floor(np.array(t, dtype=float))
    rates = {
        "step": 0.5 ** (epoch // every),
        "exponential": np.exp(-k * epoch),
        "inverse": 1 / (1 + k * epoch),
        "cosine": (1 + np.cos(np.pi * np.clip(epoch / duration, 0, 1))) / 2,
    }
    if kind not in rates:
        raise ValueError(kind)
    return lr * rates[kind]


# %% mistake="learning-rate" id="integer-division" hint="In your 1/t decay a division rounds down."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / ((1 + k * t) // 1)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="wave-goes-on" hint="Your cosine rises again after the duration: from there on the rate is to stay at 0."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * t / duration))
    raise ValueError(kind)


# %% mistake="learning-rate" id="wave-goes-on-again" again="wave-goes-on"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    rates = {
        "step": lambda s: 0.5 ** (s // every),
        "exponential": lambda s: math.exp(-k * s),
        "inverse": lambda s: 1 / (1 + k * s),
        "cosine": lambda s: math.cos(math.pi * s / (2 * duration)) ** 2,
    }
    if kind not in rates:
        raise ValueError(f"unknown kind {kind}")
    return lr * np.array([rates[kind](s) for s in np.ravel(t).tolist()]).reshape(np.shape(t))


# %% mistake="learning-rate" id="quarter-wave" hint="Your cosine is a quarter of a wave: it starts to fall with its full slope at the end, where half a wave is flat again."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * np.cos(0.5 * np.pi * np.minimum(t / duration, 1))
    raise ValueError(kind)


# %% mistake="learning-rate" id="forgets-k" hint="The argument k has no influence on your exponential decay."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="accepts-any-kind" hint="A kind that is not in the table is to raise a ValueError."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))


# %% mistake="learning-rate" id="changes-the-times" hint="After the call the caller's times are others: np.asarray makes no copy of an array that holds floats already."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        t /= every
        return lr * 0.5 ** np.floor(t)
    if kind == "exponential":
        t *= -k
        return lr * np.exp(t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="whole-every" hint="every need not be a whole number; your steps round it."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / int(every))
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="part-of-a-name" hint="A text that only holds or begins one of the table's is none of them: it is to raise a ValueError."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if "step" in kind:
        return lr * 0.5 ** np.floor(t / every)
    if "exponential" in kind:
        return lr * np.exp(-k * t)
    if "inverse" in kind:
        return lr / (1 + k * t)
    if "cosine" in kind:
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t / duration, 1)))
    raise ValueError(kind)


# %% mistake="learning-rate" id="fixed-duration" hint="Your cosine ends at 100, whatever duration is."
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.asarray(t, dtype=float)
    if kind == "step":
        return lr * 0.5 ** np.floor(t / every)
    if kind == "exponential":
        return lr * np.exp(-k * t)
    if kind == "inverse":
        return lr / (1 + k * t)
    if kind == "cosine":
        return lr * 0.5 * (1 + np.cos(np.pi * np.minimum(t, 100) / duration))
    raise ValueError(kind)


# %% alternative="learning-rate" id="time-by-time"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    def rate(s):
        if kind == "step":
            return lr / 2 ** int(s // every)
        if kind == "exponential":
            return lr * math.exp(-k * s)
        if kind == "inverse":
            return lr / (1 + k * s)
        if s >= duration:
            return 0.0
        return lr / 2 * (1 + math.cos(math.pi * s / duration))

    if kind not in ("step", "exponential", "inverse", "cosine"):
        raise ValueError("no such kind")
    return np.array([rate(s) for s in np.ravel(t).tolist()], dtype=float).reshape(np.shape(t))


# %% alternative="learning-rate" id="table-of-factors"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    t = np.array(t, dtype=np.float64)
    factors = {
        "step": lambda: 2.0 ** -(t // every),
        "exponential": lambda: np.exp(-k) ** t,
        "inverse": lambda: 1 / (1 + k * t),
        "cosine": lambda: np.where(t < duration, np.cos(np.pi * t / duration / 2) ** 2, 0.0),
    }
    if kind not in factors:
        raise ValueError(f"{kind} is not in the table")
    return lr * factors[kind]()


# %% alternative="learning-rate" id="masked-cosine"
def learning_rate(kind, t, lr, k=0.5, every=10, duration=100):
    if kind not in {"step", "exponential", "inverse", "cosine"}:
        raise ValueError(kind)
    t = 1.0 * np.asarray(t)
    if kind == "cosine":
        return 0.5 * lr * (1 + np.cos(np.pi / duration * t)) * (t < duration)
    if kind == "inverse":
        return np.divide(lr, 1 + k * t)
    return lr * (np.exp(-k * t) if kind == "exponential" else np.power(0.5, np.floor_divide(t, every)))


# %% [markdown]
r"""
Clip by the common length
"""


# %% mistake="clip-by-norm" id="each-array-on-its-own" hint="Every array is shortened by its own length: there is one length and one factor for all together."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    clipped = []
    for g in grads:
        length = np.linalg.norm(g)
        clipped.append(g * (max_norm / length) if length > max_norm else g.copy())
    return clipped, norm


# %% mistake="clip-by-norm" id="each-array-on-its-own-again" again="each-array-on-its-own"
def clip_by_norm(grads, max_norm):
    lengths = [float(np.sum(g * g)) ** 0.5 for g in grads]
    factors = [min(1.0, max_norm / length) if length else 1.0 for length in lengths]
    return [factor * g for factor, g in zip(factors, grads)], math.hypot(*lengths)


# %% mistake="clip-by-norm" id="each-number-on-its-own" hint="Every number is cut off on its own, and that turns the gradient."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    return [np.clip(g, -max_norm, max_norm) for g in grads], norm


# %% mistake="clip-by-norm" id="each-number-on-its-own-again" again="each-number-on-its-own"
def clip_by_norm(grads, max_norm):
    norm = math.hypot(*[float(np.linalg.norm(g)) for g in grads])
    return [np.sign(g) * np.minimum(np.abs(g), max_norm) for g in grads], norm


# %% mistake="clip-by-norm" id="always-scales" hint="Gradients that are short enough are made longer."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    if norm == 0:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


# %% mistake="clip-by-norm" id="always-scales-again" again="always-scales"
def clip_by_norm(grads, max_norm):
    flat = np.concatenate([g.ravel() for g in grads])
    norm = float(np.sqrt(flat @ flat))
    factor = max_norm / norm if norm > 0 else 1.0
    return [factor * g for g in grads], norm


# %% mistake="clip-by-norm" id="length-afterwards" hint="The length that you return is that of the clipped gradients; asked for is the one before."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], float(max_norm)


# %% mistake="clip-by-norm" id="no-root" hint="Your length is the sum of squares: the root is missing."
def clip_by_norm(grads, max_norm):
    norm = sum(float(np.sum(g**2)) for g in grads)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


# %% mistake="clip-by-norm" id="no-root-again" again="no-root"
def clip_by_norm(grads, max_norm):
    flat = np.concatenate([g.ravel() for g in grads])
    length = float(flat @ flat)
    return [g * min(1.0, max_norm / length) if length else g.copy() for g in grads], length


# %% mistake="clip-by-norm" id="sum-of-lengths" hint="The lengths of the arrays are added up; the length of one long vector is less than that."
def clip_by_norm(grads, max_norm):
    norm = sum(float(np.linalg.norm(g)) for g in grads)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


# %% mistake="clip-by-norm" id="sum-of-sizes" hint="Your length is the sum of the sizes of all numbers, and not the root of the sum of their squares."
def clip_by_norm(grads, max_norm):
    norm = sum(float(np.sum(np.abs(g))) for g in grads)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


# %% mistake="clip-by-norm" id="largest-number" hint="Your length is the largest number; asked for is the length of the whole vector."
def clip_by_norm(grads, max_norm):
    norm = max(float(np.max(np.abs(g))) for g in grads)
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g * (max_norm / norm) for g in grads], norm


# %% mistake="clip-by-norm" id="in-place" hint="After the call the caller's gradients are shortened as well."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    if norm > max_norm:
        for g in grads:
            g *= max_norm / norm
    return [g.copy() for g in grads], norm


# %% mistake="clip-by-norm" id="divides-by-zero" hint="Think of gradients that are all 0: you divide by their length."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    with np.errstate(all="ignore"):
        factor = np.minimum(np.float64(max_norm) / norm, 1.0) if norm else np.float64(0.0) / 0.0
    return [g * factor for g in grads], norm


# %% mistake="clip-by-norm" id="normalises-only" hint="What is too long comes out with the length 1, whatever max_norm is."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    if norm <= max_norm:
        return [g.copy() for g in grads], norm
    return [g / norm for g in grads], norm


# %% mistake="clip-by-norm" id="normalises-only-again" again="normalises-only"
def clip_by_norm(grads, max_norm):
    norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in grads])))
    return [g / norm if norm > max_norm else 1.0 * g for g in grads], norm


# %% mistake="clip-by-norm" id="uses-up-the-list" hint="After the call the caller's list of gradients is empty."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    factor, clipped = max_norm / max(norm, max_norm), []
    while grads:
        clipped.append(factor * grads.pop(0))
    return clipped, norm


# %% mistake="clip-by-norm" id="other-arrays-in-the-list" hint="After the call the caller's list holds the shortened gradients: return a list of your own."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    for i in range(len(grads)):
        grads[i] = grads[i] * (max_norm / max(norm, max_norm))
    return grads, norm


# %% mistake="clip-by-norm" id="something-added-to-the-length" hint="Your factor divides by a little more than the length: against a division by 0 there is the first case of the formula."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    factor = min(1.0, max_norm / (norm + 1e-6))
    return [factor * g for g in grads], norm


# %% mistake="clip-by-norm" id="largest-singular-value" hint="For a matrix np.linalg.norm(g, 2) is another number than the root of the sum of squares."
def clip_by_norm(grads, max_norm):
    lengths = [float(np.linalg.norm(g, 2)) if g.ndim < 3 else math.sqrt(float(np.sum(g**2))) for g in grads]
    norm = math.hypot(*lengths)
    factor = max_norm / max(norm, max_norm)
    return [factor * g for g in grads], norm


# %% mistake="clip-by-norm" id="lists-in-the-list" hint="What your list holds are lists; they are to be arrays."
def clip_by_norm(grads, max_norm):
    norm = math.sqrt(sum(float(np.sum(g**2)) for g in grads))
    factor = max_norm / max(norm, max_norm)
    return [(factor * g).tolist() for g in grads], norm


# %% alternative="clip-by-norm" id="one-long-vector"
def clip_by_norm(grads, max_norm):
    norm = float(np.linalg.norm(np.concatenate([g.ravel() for g in grads])))
    factor = max_norm / max(norm, max_norm)
    return [factor * g for g in grads], norm


# %% alternative="clip-by-norm" id="number-by-number"
def clip_by_norm(grads, max_norm):
    total = 0.0
    for g in grads:
        for number in g.ravel().tolist():
            total += number * number
    norm = total**0.5
    clipped = [np.array(g) for g in grads]
    if norm > max_norm:
        for g in clipped:
            g *= max_norm
            g /= norm
    return clipped, norm


# %% alternative="clip-by-norm" id="length-of-lengths"
def clip_by_norm(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    if norm <= max_norm:
        return grads, norm
    return [np.multiply(g, max_norm) / norm for g in grads], norm


# %% alternative="clip-by-norm" id="hypot-and-einsum"
def clip_by_norm(grads, max_norm):
    norm = math.hypot(*(float(np.einsum("i,i->", g.ravel(), g.ravel())) ** 0.5 for g in grads))
    factor = 1.0 if norm <= max_norm else max_norm / norm
    return [g * factor for g in grads], norm


# %% [markdown]
r"""
Questions that need a run
"""

# %% mistake="steps-with-momentum" id="first-time" hint="There the ball passes the minimum for the first time; it swings out of the circle again."
below_for_good_from = 70

# %% mistake="steps-with-momentum" id="without-momentum" hint="This is the number without momentum."
below_for_good_from = 305

# %% mistake="steps-with-momentum" id="last-one-outside" hint="At this t the distance is still 0.01 or more: it is the last one outside."
below_for_good_from = 92

# %% mistake="steps-with-momentum" id="one-too-many" hint="Row t of the path is x_t, and row 0 the start: did you count from 1?"
below_for_good_from = 94

# %% mistake="steps-with-momentum" id="damped" hint="Your velocity is a mean of gradients; in exercise 1 it sums them up."
below_for_good_from = 267

# %% mistake="loss-times-thousand" id="the-rate-is-left" hint="Have you run it? A method whose step is a learning rate times gradients takes steps a thousand times as long."
unmoved = "a"

# %% mistake="loss-times-thousand" id="adadelta-forgotten" hint="Run Adadelta, too: what happens to its quotient when the gradients are a thousand times as large?"
unmoved = "b"

# %% mistake="loss-times-thousand" id="all" hint="Run momentum on the steeper loss: where is w after 20 steps?"
unmoved = "d"

# %% alternative="loss-times-thousand" id="capital-letter"
unmoved = " C "

# %% alternative="steps-with-momentum" id="as-a-float"
below_for_good_from = 93.0
