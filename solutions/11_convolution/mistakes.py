# %% [markdown]
r"""
A kernel slides along a line
"""


# %% mistake="slide-along" id="kernel-turned" hint="You turn the kernel round; the convention is the cross-correlation, where k[0] lies on the left neighbour."
def correlate_1d(x, k):
    h = len(k) // 2
    padded = np.pad(x, h)
    return np.array([padded[i : i + len(k)] @ k[::-1] for i in range(len(x))])


def toeplitz(k, n):
    T = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            a = i - j + len(k) // 2
            if 0 <= a < len(k):
                T[i, j] = k[a]
    return T


# %% mistake="slide-along" id="kernel-turned-again" again="kernel-turned"
def correlate_1d(x, k):
    return toeplitz(k, len(x)) @ x


def toeplitz(k, n):
    h = (len(k) - 1) // 2
    T = np.zeros((n, n))
    for a, weight in enumerate(k):
        T += weight * np.eye(n, k=h - a)
    return T


# %% mistake="slide-along" id="matrix-transposed" hint="Your matrix is the transposed one: row i belongs to output i, and column j to input j."
def correlate_1d(x, k):
    return np.correlate(np.pad(x, len(k) // 2), k, "valid")


def toeplitz(k, n):
    T = np.zeros((n, n))
    for a, weight in enumerate(k):
        T += weight * np.eye(n, k=len(k) // 2 - a)
    return T


# %% mistake="slide-along" id="matrix-transposed-again" again="matrix-transposed"
def correlate_1d(x, k):
    h = len(k) // 2
    y = np.zeros(len(x))
    for i in range(len(x)):
        for a in range(len(k)):
            if 0 <= i + a - h < len(x):
                y[i] += k[a] * x[i + a - h]
    return y


def toeplitz(k, n):
    return np.array([correlate_1d(unit, k) for unit in np.eye(n)])


# %% mistake="slide-along" id="wraps-around" hint="Beyond the end your signal begins again from the other side; there it should be 0."
def correlate_1d(x, k):
    h = len(k) // 2
    return sum(weight * np.roll(x, h - a) for a, weight in enumerate(k))


def toeplitz(k, n):
    h = len(k) // 2
    return sum(weight * np.roll(np.eye(n), a - h, axis=1) for a, weight in enumerate(k))


# %% mistake="slide-along" id="wraps-around-again" again="wraps-around"
def correlate_1d(x, k):
    n, h = len(x), len(k) // 2
    return np.array([sum(k[a] * x[(i + a - h) % n] for a in range(len(k))) for i in range(n)])


def toeplitz(k, n):
    T = np.zeros((n, n))
    for i in range(n):
        for a in range(len(k)):
            T[i, (i + a - len(k) // 2) % n] += k[a]
    return T


# %% mistake="slide-along" id="starts-at-the-pixel" hint="Your kernel starts at x[i]; its middle should lie there, so that it sees as much to the left as to the right."
def correlate_1d(x, k):
    padded = np.concatenate([x, np.zeros(len(k) - 1)])
    return np.array([padded[i : i + len(k)] @ k for i in range(len(x))])


def toeplitz(k, n):
    return sum(weight * np.eye(n, k=a) for a, weight in enumerate(k))


# %% mistake="slide-along" id="ends-repeated" hint="Beyond the ends you repeat the last number of the signal; there it should be 0."
def correlate_1d(x, k):
    padded = np.pad(x, len(k) // 2, mode="edge")
    return np.array([padded[i : i + len(k)] @ k for i in range(len(x))])


def toeplitz(k, n):
    return np.stack([correlate_1d(unit, k) for unit in np.eye(n)], axis=1)


# %% mistake="slide-along" id="no-padding" hint="Your output is shorter than the signal: at the ends, where a part of the kernel hangs over, zeros are missing."
def correlate_1d(x, k):
    places = len(x) - len(k) + 1
    return np.array([x[i : i + len(k)] @ k for i in range(places)])


def toeplitz(k, n):
    T = np.zeros((n - len(k) + 1, n))
    for i in range(len(T)):
        T[i, i : i + len(k)] = k
    return T


# %% mistake="slide-along" id="ends-left-zero" hint="At both ends, where the kernel hangs over, your output is 0; the part of the kernel on the signal counts there too."
def correlate_1d(x, k):
    h, y = len(k) // 2, np.zeros(len(x))
    for i in range(h, len(x) - h):
        y[i] = x[i - h : i + h + 1] @ k
    return y


def toeplitz(k, n):
    h, T = len(k) // 2, np.zeros((n, n))
    for i in range(h, n - h):
        T[i, i - h : i + h + 1] = k
    return T


# %% mistake="slide-along" id="as-long-as-the-longer" hint="NumPy's mode 'same' is as long as the longer of the two; the output is as long as the signal, also where the kernel is longer."
def correlate_1d(x, k):
    return np.correlate(x, k, mode="same")


def toeplitz(k, n):
    return sum(weight * np.eye(n, k=a - len(k) // 2) for a, weight in enumerate(k))


# %% mistake="slide-along" id="as-long-as-the-longer-again" again="as-long-as-the-longer"
def correlate_1d(x, k):
    start = min(len(x), len(k)) // 2
    return np.convolve(x, np.flip(k))[start : start + max(len(x), len(k))]


def toeplitz(k, n):
    T, h = np.zeros((n, n)), (len(k) - 1) // 2
    for i, j in np.ndindex(n, n):
        if abs(j - i) <= h:
            T[i, j] = k[j - i + h]
    return T


# %% mistake="slide-along" id="left-end-from-the-right" hint="Left of the signal your index is negative, which NumPy counts from the end: the last numbers enter where 0 should stand."
def correlate_1d(x, k):
    y, h = np.zeros(len(x)), len(k) // 2
    for i in range(len(x)):
        for a in range(len(k)):
            if -len(x) <= i + a - h < len(x):
                y[i] += k[a] * x[i + a - h]
    return y


def toeplitz(k, n):
    T, h = np.zeros((n, n)), len(k) // 2
    for i in range(n):
        for a in range(len(k)):
            if -n <= i + a - h < n:
                T[i, i + a - h] += k[a]
    return T


# %% mistake="slide-along" id="three-entries" hint="You use three entries of the kernel, whatever its length is."
def correlate_1d(x, k):
    k = three_of(k)
    padded = np.pad(x, 1)
    return k[0] * padded[:-2] + k[1] * padded[1:-1] + k[2] * padded[2:]


def toeplitz(k, n):
    k = three_of(k)
    return k[0] * np.eye(n, k=-1) + k[1] * np.eye(n) + k[2] * np.eye(n, k=1)


def three_of(k):
    """Return the three entries in the middle of a kernel."""
    h = len(k) // 2
    return np.pad(k, 1)[h : h + 3]


# %% alternative="slide-along" id="numpys-correlate"
def correlate_1d(x, k):
    return np.correlate(np.pad(x, (len(k) - 1) // 2), k, mode="valid")


def toeplitz(k, n):
    return np.stack([correlate_1d(unit, k) for unit in np.eye(n)], axis=1)


# %% alternative="slide-along" id="diagonals"
def correlate_1d(x, k):
    return toeplitz(k, len(x)).dot(x)


def toeplitz(k, n):
    T = np.zeros((n, n))
    for a in range(len(k)):
        T += np.eye(n, k=a - len(k) // 2) * k[a]
    return T


# %% alternative="slide-along" id="a-part-of-the-full-convolution"
def correlate_1d(x, k):
    h = len(k) // 2
    return np.convolve(x, k[::-1], mode="full")[h : h + len(x)]


def toeplitz(k, n):
    h, line = len(k) // 2, np.concatenate([np.zeros(n), k, np.zeros(n)])
    return np.array([line[n + h - i : 2 * n + h - i] for i in range(n)])


# %% alternative="slide-along" id="two-loops"
def correlate_1d(x, k):
    n, h = len(x), (len(k) - 1) // 2
    y = np.zeros(n)
    for i in range(n):
        for j in range(n):
            if 0 <= j - i + h < len(k):
                y[i] += k[j - i + h] * x[j]
    return y


def toeplitz(k, n):
    T, h = [[0.0] * n for _ in range(n)], (len(k) - 1) // 2
    for i in range(n):
        for j in range(n):
            if 0 <= j - i + h < len(k):
                T[i][j] = float(k[j - i + h])
    return np.array(T)


# %% [markdown]
r"""
Cross-correlation and convolution
"""


# %% mistake="two-sums" id="names-exchanged" hint="Your two functions are exchanged: the cross-correlation leaves the kernel as it is, the convolution turns it."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w[::-1, ::-1])
    return y


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1])


# %% mistake="two-sums" id="names-exchanged-again" again="names-exchanged"
def convolve2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum("ijpq,pq->ij", windows, w)


def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum("ijpq,pq->ij", windows, np.flip(w))


# %% mistake="two-sums" id="one-axis-turned" hint="You turn the kernel along one axis alone; a half turn reverses the rows and, in each row, the entries."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x, w[::-1])


# %% mistake="two-sums" id="one-axis-turned-again" again="one-axis-turned"
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return (windows * w).sum(axis=(2, 3))


def convolve2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return (windows * np.flipud(w)).sum(axis=(2, 3))


# %% mistake="two-sums" id="not-turned" hint="Your convolution does not turn the kernel: both functions return the same."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x, w)


# %% mistake="two-sums" id="not-turned-again" again="not-turned"
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.tensordot(windows, w, axes=2)


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1][::-1, ::-1])


# %% mistake="two-sums" id="quarter-turn" hint="You exchange the kernel's rows and columns, or turn it by 90 degrees; a convolution turns it by 180."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x, np.rot90(w))


# %% mistake="two-sums" id="image-turned" hint="Your convolution turns the image instead of the kernel: the map comes out upside down."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k + 1, W - m + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x[::-1, ::-1], w)


# %% mistake="two-sums" id="one-place-short" hint="Your map is one row and one column too small: the kernel also fits at the last place."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((H - k, W - m))
    for i in range(H - k):
        for j in range(W - m):
            y[i, j] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1])


# %% mistake="two-sums" id="one-place-short-again" again="one-place-short"
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)[:-1, :-1]
    return np.einsum("ijpq,pq->ij", windows, w)


def convolve2d(x, w):
    return correlate2d(x, np.flip(w))


# %% mistake="two-sums" id="mean-of-products" hint="You take the mean of the products; the formula has their sum."
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return (windows * w).mean(axis=(2, 3))


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1])


# %% mistake="two-sums" id="padded-to-the-same-size" hint="Your map is as large as the image: you pad with zeros, but here the whole kernel has to lie on the image."
def correlate2d(x, w):
    k, m = w.shape
    padded = np.pad(x, (((k - 1) // 2, k // 2), ((m - 1) // 2, m // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape)
    return np.einsum("ijpq,pq->ij", windows, w)


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1])


# %% mistake="two-sums" id="map-transposed" hint="Rows and columns of your map are exchanged: its first axis counts the places from top to bottom."
def correlate2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    y = np.zeros((W - m + 1, H - k + 1))
    for i in range(H - k + 1):
        for j in range(W - m + 1):
            y[j, i] = np.sum(x[i : i + k, j : j + m] * w)
    return y


def convolve2d(x, w):
    return correlate2d(x, w[::-1, ::-1])


# %% mistake="two-sums" id="columns-turned" hint="You turn the kernel along one axis alone; a half turn reverses the rows and, in each row, the entries."
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.tensordot(windows, w, axes=2)


def convolve2d(x, w):
    return correlate2d(x, w[:, ::-1])


# %% mistake="two-sums" id="hangs-over" hint="Your convolution also counts the places where the kernel hangs over the border; here all of it lies on the image."
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.tensordot(windows, w, axes=2)


def convolve2d(x, w):
    k, m = w.shape
    return correlate2d(np.pad(x, ((k - 1, k - 1), (m - 1, m - 1))), w[::-1, ::-1])


# %% mistake="two-sums" id="hangs-over-again" again="hangs-over"
def correlate2d(x, w):
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return sum(w[p, q] * x[p : p + rows, q : q + columns] for p, q in np.ndindex(w.shape))


def convolve2d(x, w):
    y = np.zeros((x.shape[0] + w.shape[0] - 1, x.shape[1] + w.shape[1] - 1))
    for p, q in np.ndindex(w.shape):
        y[p : p + x.shape[0], q : q + x.shape[1]] += w[p, q] * x
    return y


# %% mistake="two-sums" id="turned-in-place" hint="You turn the kernel that you were given; turn a copy, or read it backwards."
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.tensordot(windows, w, axes=2)


def convolve2d(x, w):
    w[:] = w[::-1, ::-1].copy()
    return correlate2d(x, w)


# %% alternative="two-sums" id="windows-and-einsum"
def correlate2d(x, w):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape)
    return np.einsum("ijpq,pq->ij", windows, w)


def convolve2d(x, w):
    return correlate2d(x, np.rot90(w, 2))


# %% alternative="two-sums" id="entry-by-entry"
def correlate2d(x, w):
    rows, columns = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    return sum(w[p, q] * x[p : p + rows, q : q + columns] for p, q in np.ndindex(w.shape))


def convolve2d(x, w):
    k, m = w.shape
    rows, columns = x.shape[0] - k + 1, x.shape[1] - m + 1
    y = np.zeros((rows, columns))
    for p in range(k):
        for q in range(m):
            y += w[k - 1 - p, m - 1 - q] * x[p : p + rows, q : q + columns]
    return y


# %% alternative="two-sums" id="fourier"
def correlate2d(x, w):
    return convolve2d(x, w[::-1, ::-1])


def convolve2d(x, w):
    (H, W), (k, m) = x.shape, w.shape
    size = (H + k - 1, W + m - 1)
    y = np.fft.irfft2(np.fft.rfft2(x, size) * np.fft.rfft2(w, size), size)
    return y[k - 1 : H, m - 1 : W]


# %% alternative="two-sums" id="four-loops"
def correlate2d(x, w):
    k, m = w.shape
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - m + 1))
    for i in range(y.shape[0]):
        for j in range(y.shape[1]):
            for p in range(k):
                for q in range(m):
                    y[i, j] += x[i + p, j + q] * w[p, q]
    return y


def convolve2d(x, w):
    return correlate2d(x, np.fliplr(np.flipud(w)))


# %% [markdown]
r"""
Sizes and weights of a network
"""


# %% mistake="layer-table" id="channels-forgotten" hint="The number of weights of your convolutional layers does not depend on their input's channels; each kernel reads all of them."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="channels-forgotten-again" again="channels-forgotten"
def layer_table(shape, layers):
    def size(n, k, stride=1, padding=0):
        return (n + 2 * padding - k) // stride + 1

    table = []
    for layer in layers:
        if layer[0] == "conv":
            _, k, F, stride, padding = layer
            shape = (size(shape[0], k, stride, padding), size(shape[1], k, stride, padding), F)
            table.append((shape, F * k**2, F))
        elif layer[0] == "pool":
            shape = (size(shape[0], layer[1], layer[1]), size(shape[1], layer[1], layer[1]), shape[2])
            table.append((shape, 0, 0))
        else:
            inputs = 1
            for n in shape:
                inputs *= n
            shape = (layer[1],)
            table.append((shape, inputs * layer[1], layer[1]))
    return table


# %% mistake="layer-table" id="rounds-up" hint="You round the number of places up: a window that would reach beyond the border is left out."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * C * F, F
            shape = (-((k - H - 2 * padding) // stride) + 1, -((k - W - 2 * padding) // stride) + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="rounds-up-again" again="rounds-up"
def layer_table(shape, layers):
    def size(n, k, stride=1, padding=0):
        return int(np.ceil((n + 2 * padding - k) / stride)) + 1

    table = []
    for layer in layers:
        if layer[0] == "conv":
            _, k, F, stride, padding = layer
            weights = F * k**2 * shape[2]
            shape = (size(shape[0], k, stride, padding), size(shape[1], k, stride, padding), F)
            table.append((shape, weights, F))
        elif layer[0] == "pool":
            shape = (size(shape[0], layer[1], layer[1]), size(shape[1], layer[1], layer[1]), shape[2])
            table.append((shape, 0, 0))
        else:
            inputs = int(np.prod(shape))
            shape = (layer[1],)
            table.append((shape, inputs * layer[1], layer[1]))
    return table


# %% mistake="layer-table" id="padding-once" hint="You count the padding once for each axis; it lies on both sides."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * C * F, F
            shape = ((H + padding - k) // stride + 1, (W + padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="padding-once-again" again="padding-once"
def layer_table(shape, layers):
    table = []
    for layer in layers:
        if layer[0] == "conv":
            _, k, F, stride, padding = layer
            weights = F * k**2 * shape[2]
            shape = (*((n - k + padding) // stride + 1 for n in shape[:2]), F)
            table.append((shape, weights, F))
        elif layer[0] == "pool":
            shape = (*(n // layer[1] for n in shape[:2]), shape[2])
            table.append((shape, 0, 0))
        else:
            table.append(((layer[1],), int(np.prod(shape)) * layer[1], layer[1]))
            shape = (layer[1],)
    return table


# %% mistake="layer-table" id="weights-at-every-pixel" hint="Your convolutional layers have weights of their own at every place; a kernel is shared by all places."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
            if kind == "conv":
                weights, biases = k * k * C * F * shape[0] * shape[1], F
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="bias-at-every-pixel" hint="Your convolutional layers have a bias for every number of their map; a kernel has one bias for all places."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
            if kind == "conv":
                weights, biases = k * k * C * F, int(np.prod(shape))
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="no-plus-one" hint="Your maps are one row and one column too small: the window's first place counts, too."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        elif kind == "pool":
            shape = (shape[0] // numbers[0], shape[1] // numbers[0], shape[2])
        else:
            H, W, C = shape
            k, F, stride, padding = numbers
            weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k) // stride, (W + 2 * padding - k) // stride, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="images-are-square" hint="Your width is the height: the two are computed by the same formula, each from its own size."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, _, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * C * F, F
            size = (H + 2 * padding - k) // stride + 1
            shape = (size, size, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="dense-reads-channels" hint="A dense layer reads all numbers of its input; yours reads one number for each channel."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = shape[-1] * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="bias-in-weights" hint="You count the biases among the weights; they have a place of their own in each row."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = (int(np.prod(shape)) + 1) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = (k * k * C + 1) * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="no-biases" hint="Your biases are missing: each kernel and each dense unit has one."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = 0
        if kind == "dense":
            weights, shape = int(np.prod(shape)) * numbers[0], (numbers[0],)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights = k * k * C * F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, 0))
    return rows


# %% mistake="layer-table" id="pools-of-two" hint="Your pools halve height and width, whatever their k is: their windows are k by k pixels, and step k."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        elif kind == "pool":
            shape = (shape[0] // 2, shape[1] // 2, shape[2])
        else:
            H, W, C = shape
            k, F, stride, padding = numbers
            weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="pools-of-two-again" again="pools-of-two"
def layer_table(shape, layers):
    table = []
    for layer in layers:
        if layer[0] == "conv":
            weights = layer[1] ** 2 * shape[2] * layer[2]
            shape = (*((n + 2 * layer[4] - layer[1]) // layer[3] + 1 for n in shape[:2]), layer[2])
            table.append((shape, weights, layer[2]))
        elif layer[0] == "pool":
            shape = (*(int(n / 2) for n in shape[:2]), shape[2])
            table.append((shape, 0, 0))
        else:
            table.append(((layer[1],), int(np.prod(shape)) * layer[1], layer[1]))
            shape = (layer[1],)
    return table


# %% mistake="layer-table" id="pools-round-up" hint="Your pools round up; a window that would reach beyond the border is left out there, too."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        elif kind == "pool":
            shape = (-(-shape[0] // numbers[0]), -(-shape[1] // numbers[0]), shape[2])
        else:
            H, W, C = shape
            k, F, stride, padding = numbers
            weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="pools-round-up-again" again="pools-round-up"
def layer_table(shape, layers):
    table = []
    for layer in layers:
        if layer[0] == "conv":
            weights = layer[1] ** 2 * shape[2] * layer[2]
            shape = (*((n + 2 * layer[4] - layer[1]) // layer[3] + 1 for n in shape[:2]), layer[2])
            table.append((shape, weights, layer[2]))
        elif layer[0] == "pool":
            shape = (*(int(np.ceil(n / layer[1])) for n in shape[:2]), shape[2])
            table.append((shape, 0, 0))
        else:
            table.append(((layer[1],), int(np.prod(shape)) * layer[1], layer[1]))
            shape = (layer[1],)
    return table


# %% mistake="layer-table" id="one-inside-the-division" hint="You divide the 1 by the stride as well: round the quotient down first, then add the first place."
def layer_table(shape, layers):
    rows = []
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        elif kind == "pool":
            shape = (shape[0] // numbers[0], shape[1] // numbers[0], shape[2])
        else:
            H, W, C = shape
            k, F, stride, padding = numbers
            weights, biases = k * k * C * F, F
            shape = ((H + 2 * padding - k + 1) // stride, (W + 2 * padding - k + 1) // stride, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="channels-of-the-image" hint="All your convolutional layers read as many channels as the image has; each reads those of the layer before it."
def layer_table(shape, layers):
    rows, channels = [], shape[2]
    for kind, *numbers in layers:
        weights = biases = 0
        if kind == "dense":
            (biases,) = numbers
            weights, shape = int(np.prod(shape)) * biases, (biases,)
        else:
            H, W, C = shape
            k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
            if kind == "conv":
                weights, biases = k * k * channels * F, F
            shape = ((H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1, F)
        rows.append((shape, weights, biases))
    return rows


# %% mistake="layer-table" id="dense-reads-the-maps" hint="Every dense layer of yours reads the numbers of the last map; behind a dense layer, it reads that layer's units."
def layer_table(shape, layers):
    rows, (H, W, C) = [], shape
    for kind, *numbers in layers:
        if kind == "dense":
            rows.append(((numbers[0],), H * W * C * numbers[0], numbers[0]))
            continue
        k, F, stride, padding = numbers if kind == "conv" else (numbers[0], C, numbers[0], 0)
        H, W = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - k) // stride + 1
        rows.append(((H, W, F), k * k * C * F, F) if kind == "conv" else ((H, W, C), 0, 0))
        C = F
    return rows


# %% alternative="layer-table" id="counts-places"
def layer_table(shape, layers):
    def places(size, k, stride, padding):
        return len(range(-padding, size + padding - k + 1, stride))

    table = []
    for name, *arguments in layers:
        if name == "conv":
            k, F, stride, padding = arguments
            count = k**2 * shape[2] * F
            shape = (places(shape[0], k, stride, padding), places(shape[1], k, stride, padding), F)
            table.append((shape, count, F))
        elif name == "pool":
            shape = (shape[0] // arguments[0], shape[1] // arguments[0], shape[2])
            table.append((shape, 0, 0))
        elif name == "dense":
            count = np.prod(shape) * arguments[0]
            shape = (arguments[0],)
            table.append((shape, count, arguments[0]))
    return table


# %% alternative="layer-table" id="layer-by-layer"
def layer_table(shape, layers):
    def one(shape, layer):
        if layer[0] == "dense":
            return (layer[1],), layer[1] * int(np.prod(shape)), layer[1]
        k = layer[1]
        channels, stride, padding = (shape[2], k, 0) if layer[0] == "pool" else layer[2:]
        H, W = (int(np.floor((size + 2 * padding - k) / stride)) + 1 for size in shape[:2])
        if layer[0] == "pool":
            return (H, W, channels), 0, 0
        return (H, W, channels), channels * shape[2] * k * k, channels

    rows = []
    for layer in layers:
        rows.append(one(shape, layer))
        shape = rows[-1][0]
    return rows


# %% [markdown]
r"""
A convolutional layer, forward
"""


# %% mistake="conv-forward" id="kernel-turned" hint="You turn the kernels by 180 degrees; the convention is the cross-correlation."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[k - 1 - p, m - 1 - q]
    return y


# %% mistake="conv-forward" id="kernel-turned-again" again="kernel-turned"
def conv_forward(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcpq,pqcf->nijf", windows, w[::-1, ::-1]) + b


# %% mistake="conv-forward" id="bias-missing" hint="The biases have no influence on your result."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F))
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="bias-at-every-entry" hint="You add the bias once for each entry of the kernel; it is added once to the whole sum."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F))
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q] + b
    return y


# %% mistake="conv-forward" id="first-channel-alone" hint="Your maps depend on the first channel alone; a kernel reads all channels of its window, and sums over them."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride, :1] * w[p, q, 0]
    return y


# %% mistake="conv-forward" id="mean-of-channels" hint="You take the mean over the channels; the formula has the sum."
def conv_forward(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcpq,pqcf->nijf", windows, w) / x.shape[3] + b


# %% mistake="conv-forward" id="padding-one-sided" hint="Your zeros lie on one side of the image alone; padding goes above and below, left and right."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (2 * padding, 0), (2 * padding, 0), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="samples-padded" hint="You also put zeros before and behind the samples; the border belongs to rows and columns alone."
def conv_forward(x, w, b, stride=1, padding=0):
    (k, m, _, F), border = w.shape, (padding, padding)
    padded = np.pad(x, (border, border, border, (0, 0)))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    y = np.zeros((len(padded), OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="border-repeated" hint="Around the image you repeat its border; there should be zeros."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), mode="edge")
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="border-repeated-again" again="border-repeated"
def conv_forward(x, w, b, stride=1, padding=0):
    rows = np.clip(np.arange(-padding, x.shape[1] + padding), 0, x.shape[1] - 1)
    columns = np.clip(np.arange(-padding, x.shape[2] + padding), 0, x.shape[2] - 1)
    padded = x[:, rows][:, :, columns]
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcpq,pqcf->nijf", windows, w) + b


# %% mistake="conv-forward" id="stride-one" hint="Your windows step one pixel, whatever the stride is."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for i, j in np.ndindex(OH, OW):
        y[:, i, j] += padded[:, i : i + k, j : j + m].reshape(N, -1) @ w.reshape(-1, F)
    return y


# %% mistake="conv-forward" id="stride-one-again" again="stride-one"
def conv_forward(x, w, b, stride=1, padding=0):
    OH = (x.shape[1] + 2 * padding - w.shape[0]) // stride + 1
    OW = (x.shape[2] + 2 * padding - w.shape[1]) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, :OH, :OW]
    return np.einsum("nijcpq,pqcf->nijf", windows, w) + b


# %% mistake="conv-forward" id="window-spread" hint="The stride steps from window to window; yours also spreads the pixels inside a window apart."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding + k * stride), (padding, padding + m * stride), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        rows, columns = p * stride + np.arange(OH) * stride, q * stride + np.arange(OW) * stride
        y += padded[:, rows][:, :, columns] @ w[p, q]
    return y


# %% mistake="conv-forward" id="rounds-up" hint="Your maps are too large where the stride does not divide: a window that would reach beyond the border is left out."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (-((n - 2 * padding - size) // stride) + 1 for n, size in ((k, H), (m, W)))
    padded = np.pad(x, ((0, 0), (padding, padding + stride), (padding, padding + stride), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="channels-first" hint="You read the images as (N, C, H, W); here channels come last, (N, H, W, C)."
def conv_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    k, m, _, F = w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y = np.zeros((N, F, OH, OW)) + b[:, None, None]
    for p, q in np.ndindex(k, m):
        part = padded[:, :, p : p + OH * stride : stride, q : q + OW * stride : stride]
        y += np.einsum("ncij,cf->nfij", part, w[p, q])
    return y


# %% mistake="conv-forward" id="kernel-transposed" hint="Rows and columns of your kernels are exchanged: the first axis of w goes down, the second to the right."
def conv_forward(x, w, b, stride=1, padding=0):
    w = w.transpose(1, 0, 2, 3)
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F)) + b
    for p, q in np.ndindex(k, m):
        y += padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] @ w[p, q]
    return y


# %% mistake="conv-forward" id="orders-differ" hint="Where you multiply, the numbers of a window stand in another order than those of a kernel: both should count (p, q, c)."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    OH, OW = windows.shape[1:3]  # (N, OH, OW, C, k, m)
    return (windows.reshape(-1, C * k * m) @ w.reshape(-1, F)).reshape(N, OH, OW, F) + b


# %% mistake="conv-forward" id="orders-differ-again" again="orders-differ"
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0))).transpose(0, 3, 1, 2)
    y = np.zeros((N, OH, OW, F))
    for i, j in np.ndindex(OH, OW):
        part = padded[:, :, i * stride : i * stride + k, j * stride : j * stride + m]
        y[:, i, j] = part.reshape(N, -1) @ w.reshape(-1, F) + b
    return y


# %% mistake="conv-forward" id="kernels-mixed" hint="w.reshape(F, -1) mixes the kernels: which kernel it is, is the last axis of w, so one keeps that axis last."
def conv_forward(x, w, b, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F) = x.shape, w.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    y = np.zeros((N, OH, OW, F))
    for i, j in np.ndindex(OH, OW):
        part = padded[:, i * stride : i * stride + k, j * stride : j * stride + m]
        y[:, i, j] = part.reshape(N, -1) @ w.reshape(F, -1).T + b
    return y


# %% mistake="conv-forward" id="padding-before-alone" hint="Your zeros lie above and left alone; as many belong below and right."
def conv_forward(x, w, b, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, 0), (padding, 0), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcpq,pqcf->nijf", windows, w) + b


# %% alternative="conv-forward" id="window-by-window"
def conv_forward(x, w, b, stride=1, padding=0):
    N, (k, m, _, F) = len(x), w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    y = np.empty((N, OH, OW, F))
    for i in range(OH):
        for j in range(OW):
            part = padded[:, i * stride : i * stride + k, j * stride : j * stride + m]
            y[:, i, j] = part.reshape(N, -1) @ w.reshape(-1, F) + b
    return y


# %% alternative="conv-forward" id="windows-and-einsum"
def conv_forward(x, w, b, stride=1, padding=0):
    canvas = np.zeros((len(x), x.shape[1] + 2 * padding, x.shape[2] + 2 * padding, x.shape[3]))
    canvas[:, padding : padding + x.shape[1], padding : padding + x.shape[2]] = x
    windows = np.lib.stride_tricks.sliding_window_view(canvas, w.shape[:2], axis=(1, 2))[:, ::stride, ::stride]
    return np.einsum("nijcpq,pqcf->nijf", windows, w) + b


# %% alternative="conv-forward" id="im2col"
def conv_forward(x, w, b, stride=1, padding=0):
    k, m, C, F = w.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    rows = []
    for image in padded:
        for i in range(OH):
            for j in range(OW):
                rows.append(image[i * stride : i * stride + k, j * stride : j * stride + m].ravel())
    return (np.array(rows) @ w.reshape(-1, F) + b).reshape(len(x), OH, OW, F)


# %% [markdown]
r"""
Unfold and fold back
"""


# %% mistake="unfold-fold" id="channels-before-places" hint="Within a row your order is (c, p, q), as in libraries with channels first; here it is (p, q, c)."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, C, k, m))
    for p, q in np.ndindex(k, m):
        columns[..., p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, C, k, m)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[..., p, q]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="channels-before-places-again" again="channels-before-places"
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    parts = g.reshape(N, OH, OW, C, k, m).transpose(0, 1, 2, 4, 5, 3)
    for i, j in np.ndindex(OH, OW):
        padded[:, i * stride : i * stride + k, j * stride : j * stride + m] += parts[:, i, j]
    return padded[:, padding : H + padding, padding : W + padding]


# %% mistake="unfold-fold" id="last-write-wins" hint="Where windows overlap, your col2im keeps what came last; what arrives from several windows is added up."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] = parts[:, :, :, p, q]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="last-write-wins-again" again="last-write-wins"
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    places = np.pad(np.arange(N * H * W * C).reshape(shape) + 1, ((0, 0), (padding,) * 2, (padding,) * 2, (0, 0)))
    pixels = np.zeros(N * H * W * C + 1)
    for p in range(k):
        for q in range(m):
            targets = places[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
            pixels[targets] = g.reshape(N, OH, OW, k, m, C)[:, :, :, p, q]
    return pixels[1:].reshape(shape)


# %% mistake="unfold-fold" id="inverse-instead-of-adjoint" hint="Your col2im divides by the number of windows that a pixel lay in: that is an inverse. The adjoint is the sum alone."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    count = np.zeros_like(padded)
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
        count[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += 1
    return (padded / np.maximum(count, 1))[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="border-not-dropped" hint="Your col2im returns the image with its border; what arrives there is dropped."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded


# %% mistake="unfold-fold" id="border-cut-at-the-end" hint="Your col2im cuts the whole border off at the end; one half of it lies before the first row and column."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded[:, :H, :W]


# %% mistake="unfold-fold" id="images-last" hint="Your rows run through the images first and through the places last; the number of a row is (n OH + i) OW + j."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows = []
    for i in range(OH):
        for j in range(OW):
            for n in range(N):
                rows.append(padded[n, i * stride : i * stride + k, j * stride : j * stride + m].ravel())
    return np.array(rows)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(OH, OW, N, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for i, j in np.ndindex(OH, OW):
        padded[:, i * stride : i * stride + k, j * stride : j * stride + m] += parts[i, j]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="images-last-again" again="images-last"
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(1, 2, 0, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(OH, OW, N, k, m, C).transpose(2, 0, 1, 3, 4, 5)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="matrix-transposed" hint="Your matrix has a column for each window; the convention is a row for each window."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride]
    return columns.reshape(N * OH * OW, k * m * C).T


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.T.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="stride-one" hint="Your windows step one pixel, whatever the stride is."
def im2col(x, k, m, stride=1, padding=0):
    N, H, W, C = x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    columns = np.zeros((N, OH, OW, k, m, C))
    for p, q in np.ndindex(k, m):
        columns[:, :, :, p, q] = padded[:, p : p + OH, q : q + OW]
    return columns.reshape(N * OH * OW, k * m * C)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH, q : q + OW] += parts[:, :, :, p, q]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="slice-ends-at-zero" hint="With padding 0 your col2im returns nothing: a slice that ends at -padding then ends at 0."
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return padded[:, padding:-padding, padding:-padding]


# %% mistake="unfold-fold" id="uncovered-pixels-missing" hint="Your col2im ends where the last window ends; the pixels behind it lay in no window, and receive 0."
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, k, m, C)
    reached = np.zeros((N, (OH - 1) * stride + k, (OW - 1) * stride + m, C))
    for p, q in np.ndindex(k, m):
        reached[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, p, q]
    return reached[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="uncovered-pixels-missing-again" again="uncovered-pixels-missing"
def im2col(x, k, m, stride=1, padding=0):
    border = (padding, padding)
    padded = np.pad(x, ((0, 0), border, border, (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    (N, H, W, C), p = shape, padding
    OH, OW = (H + 2 * p - k) // stride + 1, (W + 2 * p - m) // stride + 1
    pixels = np.zeros((N, stride * (OH - 1) + k, stride * (OW - 1) + m, C))
    for place, window in zip(np.ndindex(N, OH, OW), g.reshape(-1, k, m, C), strict=True):
        n, top, left = place[0], place[1] * stride, place[2] * stride
        pixels[n, top : top + k, left : left + m] += window
    return pixels[:, p : H + p, p : W + p]


# %% mistake="unfold-fold" id="down-first" hint="Your windows of an image run down its columns; the number of a row, (n OH + i) OW + j, runs along its rows."
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 2, 1, 4, 5, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OW, OH, k, m, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for i, j in np.ndindex(OH, OW):
        padded[:, i * stride : i * stride + k, j * stride : j * stride + m] += parts[:, j, i]
    return padded[:, padding : padding + H, padding : padding + W]


# %% mistake="unfold-fold" id="windows-read-down" hint="Within a row you read the window column by column; the order is (p, q, c), row by row."
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 5, 4, 3).reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    parts = g.reshape(N, OH, OW, m, k, C)
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    for p, q in np.ndindex(k, m):
        padded[:, p : p + OH * stride : stride, q : q + OW * stride : stride] += parts[:, :, :, q, p]
    return padded[:, padding : padding + H, padding : padding + W]


# %% alternative="unfold-fold" id="windows-one-by-one"
def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    rows = []
    for image in padded:
        for i in range(OH):
            for j in range(OW):
                rows.append(image[i * stride : i * stride + k, j * stride : j * stride + m].reshape(-1))
    return np.array(rows)


def col2im(g, shape, k, m, stride=1, padding=0):
    N, H, W, C = shape
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    OH, OW = (padded.shape[1] - k) // stride + 1, (padded.shape[2] - m) // stride + 1
    for number, row in enumerate(g):
        n, i, j = np.unravel_index(number, (N, OH, OW))
        padded[n, i * stride : i * stride + k, j * stride : j * stride + m] += row.reshape(k, m, C)
    return padded[:, padding : padding + H, padding : padding + W]


# %% alternative="unfold-fold" id="indices-and-add-at"
def places(shape, k, m, stride, padding):
    """Return the indices of the padded images for every number of the matrix, one array an axis."""
    N, H, W, C = shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    n, i, j, p, q, c = np.ogrid[:N, :OH, :OW, :k, :m, :C]
    return tuple(np.broadcast_arrays(n, i * stride + p, j * stride + q, c))


def im2col(x, k, m, stride=1, padding=0):
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    return padded[places(x.shape, k, m, stride, padding)].reshape(-1, k * m * x.shape[3])


def col2im(g, shape, k, m, stride=1, padding=0):
    at, (N, H, W, C) = places(shape, k, m, stride, padding), shape
    padded = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    np.add.at(padded, at, g.reshape(at[0].shape))  # += would keep one of several numbers
    return padded[:, padding : padding + H, padding : padding + W]


# %% alternative="unfold-fold" id="numbers-of-pixels"
def pixel_numbers(shape, k, m, stride, padding):
    """Return which pixel (0: the border) stands at each place of the matrix."""
    numbers = np.arange(1, 1 + int(np.prod(shape))).reshape(shape)
    padded = np.pad(numbers, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * shape[3])


def im2col(x, k, m, stride=1, padding=0):
    return np.concatenate([[0.0], x.ravel()])[pixel_numbers(x.shape, k, m, stride, padding)]


def col2im(g, shape, k, m, stride=1, padding=0):
    places = pixel_numbers(shape, k, m, stride, padding)
    sums = np.bincount(places.ravel(), weights=g.ravel(), minlength=1 + int(np.prod(shape)))
    return sums[1:].reshape(shape)


# %% [markdown]
r"""
A convolutional layer, backward
"""


# %% mistake="conv-backward" id="mean-over-samples" hint="Your gradients of kernels and biases are divided by the number of samples; the formula sums over them."
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g) / N
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2)) / N


# %% mistake="conv-backward" id="mean-over-samples-again" again="mean-over-samples"
def conv_backward(g, x, w, stride=1, padding=0):
    N, OH, OW, F = g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(OH, OW):
        place = (slice(None), slice(i * stride, i * stride + len(w)), slice(j * stride, j * stride + w.shape[1]))
        grad_w += np.tensordot(padded[place], g[:, i, j], axes=(0, 0))
        grad_padded[place] += np.tensordot(g[:, i, j], w, axes=(1, 3))
    inside = grad_padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return inside, grad_w / N, g.mean(axis=0).sum(axis=(0, 1))


# %% mistake="conv-backward" id="bias-averaged" hint="Your gradient of the bias is a mean over the places; the bias was added at all of them, so it receives the sum."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.mean(axis=(0, 1, 2))


# %% mistake="conv-backward" id="bias-per-pixel" hint="Your gradient of the bias is summed over the samples alone; a bias is shared by all places of its map."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=0)


# %% mistake="conv-backward" id="last-write-wins" hint="In your grad_x a pixel keeps what came from one window alone; it lay in several, and receives the sum."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] = g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="last-write-wins-again" again="last-write-wins"
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F), (_, OH, OW, _) = x.shape, w.shape, g.shape
    grad_x, grad_w, grad_b = np.zeros(x.shape), np.zeros(w.shape), np.einsum("nijf->f", g)
    for p, q in np.ndindex(k, m):
        gave = np.einsum("nijf,cf->nijc", g, w[p, q])
        for i, j in np.ndindex(OH, OW):
            r, s = i * stride + p - padding, j * stride + q - padding
            if 0 <= r < H and 0 <= s < W:
                grad_w[p, q] += x[:, r, s].T @ g[:, i, j]
                grad_x[:, r, s] = gave[:, i, j]
    return grad_x, grad_w, grad_b


# %% mistake="conv-backward" id="correlates-again" hint="Your grad_x slides the kernel over g as in the forward pass; on the way back each pixel meets the kernel's entries in the opposite order."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[k - 1 - p, m - 1 - q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="correlates-again-again" again="correlates-again"
def conv_backward(g, x, w, stride=1, padding=0):
    N, OH, OW, F = g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros(padded.shape), np.zeros(w.shape)
    for i, j in np.ndindex(OH, OW):
        place = (slice(None), slice(i * stride, i * stride + len(w)), slice(j * stride, j * stride + w.shape[1]))
        grad_w += np.tensordot(padded[place], g[:, i, j], axes=(0, 0))
        grad_padded[place] += np.tensordot(g[:, i, j], w[::-1, ::-1], axes=(1, 3))
    inside = grad_padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return inside, grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="kernel-gradient-turned" hint="Your grad_w is turned by 180 degrees: the entry (p, q) met the pixels that start p rows down and q columns to the right."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[k - 1 - p, m - 1 - q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="border-cut-at-the-end" hint="From your grad_x the whole border is cut off at the end; one half of it lies before the first row and column."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, :H, :W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="stride-forgotten" hint="On your way back the windows step one pixel, whatever the stride was."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH), slice(q, q + OW)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="ignores-upstream" hint="Your gradients do not depend on the entries of g: they are those of the sum of all outputs."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    g = np.ones_like(g)
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="first-kernel-alone" hint="Your grad_x holds what came back through the first kernel alone; it is summed over all kernels f."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g[..., :1] * w[p, q, :, 0]
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="slice-ends-at-zero" hint="With padding 0 your grad_x is empty: a slice that ends at -padding then ends at 0."
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, C), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding:-padding, padding:-padding], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="uncovered-pixels-missing" hint="Your grad_x ends where the last window ends; the pixels behind it lay in no window, and receive 0."
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, C), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros((N, (OH - 1) * stride + k, (OW - 1) * stride + m, C)), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].T
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="uncovered-pixels-missing-again" again="uncovered-pixels-missing"
def conv_backward(g, x, w, stride=1, padding=0):
    N, OH, OW, F = g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    height, width = stride * (OH - 1) + len(w), stride * (OW - 1) + w.shape[1]
    reached, grad_w = np.zeros((N, height, width, x.shape[3])), np.zeros(w.shape)
    for i, j in np.ndindex(OH, OW):
        place = (slice(None), slice(i * stride, i * stride + len(w)), slice(j * stride, j * stride + w.shape[1]))
        grad_w += np.tensordot(padded[place], g[:, i, j], axes=(0, 0))
        reached[place] += np.tensordot(g[:, i, j], w, axes=(1, 3))
    inside = reached[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return inside, grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="border-arrives-at-the-end" hint="What arrives in the border above and left has negative places, which NumPy counts from the end; drop it."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, _), (k, m), (_, OH, OW, _) = x.shape, w.shape[:2], g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_x, grad_w = np.zeros_like(x), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        for i, j in np.ndindex(OH, OW):
            row, column = i * stride + p - padding, j * stride + q - padding
            grad_w[p, q] += padded[:, row + padding, column + padding].T @ g[:, i, j]
            if row < H and column < W:
                grad_x[:, row, column] += g[:, i, j] @ w[p, q].T
    return grad_x, grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="weights-reshaped" hint="In your grad_x the entries of w[p, q] are mixed up: back from kernels to channels leads the transposed matrix, .T, not reshape(F, C)."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, C), (k, m, _, F), (_, OH, OW, _) = x.shape, w.shape, g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros_like(padded), np.zeros_like(w)
    for p, q in np.ndindex(k, m):
        rows, columns = slice(p, p + OH * stride, stride), slice(q, q + OW * stride, stride)
        grad_w[p, q] = np.einsum("nijc,nijf->cf", padded[:, rows, columns], g)
        grad_padded[:, rows, columns] += g @ w[p, q].reshape(F, C)
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% mistake="conv-backward" id="orders-differ" hint="The rows of your product for grad_w count (c, p, q), and reshape reads them as (p, q, c)."
def conv_backward(g, x, w, stride=1, padding=0):
    (_, H, W, C), (k, m, _, F), (_, OH, OW, _) = x.shape, w.shape, g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    columns = windows.reshape(-1, C * k * m)  # (N, OH, OW, C, k, m)
    grad_w = (columns.T @ g.reshape(-1, F)).reshape(k, m, C, F)
    grad_padded = np.zeros_like(padded)
    for i, j in np.ndindex(OH, OW):
        place = (slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + m))
        grad_padded[place] += np.tensordot(g[:, i, j], w, axes=(1, 3))
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, g.sum(axis=(0, 1, 2))


# %% alternative="conv-backward" id="window-by-window"
def conv_backward(g, x, w, stride=1, padding=0):
    N, OH, OW, F = g.shape
    k, m = w.shape[:2]
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    grad_padded, grad_w = np.zeros(padded.shape), np.zeros(w.shape)
    for i in range(OH):
        for j in range(OW):
            window = (slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + m))
            grad_w += np.tensordot(padded[window], g[:, i, j], axes=(0, 0))
            grad_padded[window] += np.tensordot(g[:, i, j], w, axes=(1, 3))
    grad_x = grad_padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return grad_x, grad_w, g.reshape(-1, F).sum(axis=0)


# %% alternative="conv-backward" id="unfold-and-fold"
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F), (_, OH, OW, _) = x.shape, w.shape, g.shape
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, k * m * C)
    g = g.reshape(-1, F)
    parts = (g @ w.reshape(-1, F).T).reshape(N, OH, OW, k, m, C)
    grad_padded = np.zeros(padded.shape)
    for i, j in np.ndindex(OH, OW):
        grad_padded[:, i * stride : i * stride + k, j * stride : j * stride + m] += parts[:, i, j]
    grad_x = grad_padded[:, padding : padding + H, padding : padding + W]
    return grad_x, (columns.T @ g).reshape(w.shape), g.sum(axis=0)


# %% alternative="conv-backward" id="convolution-of-spread-gradients"
def conv_backward(g, x, w, stride=1, padding=0):
    (N, H, W, C), (k, m, _, F), (_, OH, OW, _) = x.shape, w.shape, g.shape
    spread = np.zeros((N, H + 2 * padding + k - 1, W + 2 * padding + m - 1, F))
    spread[:, k - 1 : k - 1 + OH * stride : stride, m - 1 : m - 1 + OW * stride : stride] = g
    seen = np.lib.stride_tricks.sliding_window_view(spread, (k, m), axis=(1, 2))
    grad_padded = np.einsum("nrsfpq,pqcf->nrsc", seen, w[::-1, ::-1])
    padded = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, m), axis=(1, 2))[:, ::stride, ::stride]
    grad_w = np.einsum("nijcpq,nijf->pqcf", windows, g)
    return grad_padded[:, padding : padding + H, padding : padding + W], grad_w, np.einsum("nijf->f", g)


# %% [markdown]
r"""
Questions that need a run
"""

# %% mistake="not-zero" id="as-if-no-border" hint="At the border a part of the kernel hangs over: those entries are missing from the matrix. Count them in a run."
entries_not_zero = 576

# %% mistake="not-zero" id="weights-alone" hint="You count different weights; asked for is how many places of the matrix hold one of them."
entries_not_zero = 9

# %% mistake="not-zero" id="one-axis" hint="That is how many entries are not 0 in the matrix of one axis; look at T, the product of two."
entries_not_zero = 22

# %% mistake="not-zero" id="places" hint="That is the number of all entries; most of them are 0."
entries_not_zero = 4096

# %% mistake="not-zero" id="no-padding" hint="You count the places of a kernel without padding; here the map is as large as the image."
entries_not_zero = 324

# %% alternative="not-zero" id="as-a-float"
entries_not_zero = 484.0

# %% alternative="not-zero" id="counted"
entries_not_zero = np.count_nonzero(np.kron(*[sum(np.eye(8, k=d) for d in (-1, 0, 1))] * 2))

# %% mistake="deck-kernel" id="every-edge" hint="Run it on the straight edges, and look at the whole map."
answered_on = "a"

# %% mistake="deck-kernel" id="straight-edges" hint="On a straight upright or level edge the kernel's entries cancel; run it and see."
answered_on = "b"

# %% mistake="deck-kernel" id="slanting-alone" hint="Look at the map of the corner once more: is there really no number that is not 0?"
answered_on = "d"

# %% alternative="deck-kernel" id="capital-letter"
answered_on = "C"

# %% alternative="deck-kernel" id="with-blanks"
answered_on = " c "
