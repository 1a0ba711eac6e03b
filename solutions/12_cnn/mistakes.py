# %% [markdown]
r"""
Max pooling
"""


# %% mistake="max-pool" id="gradient-to-all-ties" hint="Where several pixels of a window are the largest, each of yours receives the whole gradient: more arrives than was sent."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        part = x[n, top : top + k, left : left + m, c]
        grad[n, top : top + k, left : left + m, c] += (part == part.max()) * g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="gradient-to-all-ties-again" again="gradient-to-all-ties"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), y = window, max_pool(x, window, stride, padding)
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    grad, (_, OH, OW, _) = np.zeros(x.shape), g.shape
    for p in range(k):
        for q in range(m):
            place = (
                slice(None),
                slice(p, p + (OH - 1) * stride + 1, stride),
                slice(q, q + (OW - 1) * stride + 1, stride),
            )
            grad[place] += g * (x[place] == y)
    return grad[:, padding : x.shape[1] - padding, padding : x.shape[2] - padding]


# %% mistake="max-pool" id="gradient-split-among-ties" hint="You divide the gradient among pixels that are equally large; the convention gives all of it to the first."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        part = x[n, top : top + k, left : left + m, c]
        grad[n, top : top + k, left : left + m, c] += (part == part.max()) / np.sum(part == part.max()) * g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="last-of-the-largest" hint="Of several largest pixels, the last one receives your gradient; the convention takes the first in reading order."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = k * m - 1 - np.argmax(x[n, top : top + k, left : left + m, c].ravel()[::-1])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="last-of-the-largest-again" again="last-of-the-largest"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        largest = -np.inf
        for row in range(top, top + k):
            for column in range(left, left + m):
                if x[n, row, column, c] >= largest:
                    largest, place = x[n, row, column, c], (n, row, column, c)
        grad[place] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="column-by-column" hint="Among equally large pixels you take the first one going down the columns; reading order goes along the rows."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c].T)
        grad[n, top + winner % k, left + winner // k, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="overlap-overwrites" hint="A pixel that wins in several windows receives only what the last of them sends: gradients that meet are added."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] = g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="overlap-overwrites-again" again="overlap-overwrites"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    grad = np.zeros(x.shape)
    for i in range(g.shape[1]):
        for j in range(g.shape[2]):
            rows = range(max(0, i * stride - padding), min(H, i * stride - padding + k))
            columns = range(max(0, j * stride - padding), min(W, j * stride - padding + m))
            part = x[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].reshape(N, -1, C)
            best = part.argmax(axis=1)
            for n in range(N):
                for c in range(C):
                    row, column = divmod(best[n, c], len(columns))
                    grad[n, rows[row], columns[column], c] = g[n, i, j, c]
    return grad


# %% mistake="max-pool" id="padding-with-zeros" hint="With padding, negative maps give zeros at the border: what lies outside must never be the largest."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="padding-with-zeros-again" again="padding-with-zeros"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    grad = np.zeros(x.shape)
    for i in range(g.shape[1]):
        for j in range(g.shape[2]):
            rows = range(max(0, i * stride - padding), min(H, i * stride - padding + k))
            columns = range(max(0, j * stride - padding), min(W, j * stride - padding + m))
            part = x[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].reshape(N, -1, C)
            best = part.argmax(axis=1)
            for n in range(N):
                for c in range(C):
                    row, column = divmod(best[n, c], len(columns))
                    grad[n, rows[row], columns[column], c] += g[n, i, j, c]
    return grad


# %% mistake="max-pool" id="padding-ignored" hint="The padding changes nothing in your function: windows should reach over the border."
def max_pool(x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    padding = 0
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="stride-is-the-window" hint="Your windows always lie side by side: the step from one to the next is stride, whatever their size."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // k + 1, (W - m) // m + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * k : i * k + k, j * m : j * m + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    rows, columns = (x.shape[1] - k) // k + 1, (x.shape[2] - m) // m + 1
    for n, i, j, c in np.ndindex(len(g), min(rows, g.shape[1]), min(columns, g.shape[2]), g.shape[3]):
        top, left = i * k, j * m
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="window-turned" hint="A window (k, m) is k rows high and m columns wide; yours is the other way round."
def max_pool(x, window, stride, padding=0):
    m, k = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    m, k = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="window-turned-again" again="window-turned"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, window[::-1], axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (m, k), (N, H, W, C) = window, x.shape
    grad = np.zeros(x.shape)
    for i in range(g.shape[1]):
        for j in range(g.shape[2]):
            rows = range(max(0, i * stride - padding), min(H, i * stride - padding + k))
            columns = range(max(0, j * stride - padding), min(W, j * stride - padding + m))
            part = x[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].reshape(N, -1, C)
            best = part.argmax(axis=1)
            for n in range(N):
                for c in range(C):
                    row, column = divmod(best[n, c], len(columns))
                    grad[n, rows[row], columns[column], c] += g[n, i, j, c]
    return grad


# %% mistake="max-pool" id="rounded-up" hint="Where windows do not fit, you add one that reaches over the border: sizes are rounded down."
def max_pool(x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    size = -(-(H + 2 * padding - k) // stride) + 1, -(-(W + 2 * padding - m) // stride) + 1
    x = np.pad(x, ((0, 0), (padding, padding + k), (padding, padding + m), (0, 0)), constant_values=-np.inf)
    y = np.empty((N, *size, C))
    for i, j in np.ndindex(size):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="all-channels-together" hint="Your windows look for the largest number over all channels; each channel is pooled by itself."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2, 3))[:, None]
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m].max(axis=2))
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="gradient-one-for-all" hint="Your gradient does not depend on g: you send a 1 back from each window."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += 1
    return grad[:, padding : grad.shape[1] - padding, padding : grad.shape[2] - padding]


# %% mistake="max-pool" id="border-not-cut-off" hint="With padding, dL/dx comes back with the border, or shifted by it: give it the shape and the places of x."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, : grad.shape[1] - 2 * padding, : grad.shape[2] - 2 * padding]


# %% mistake="max-pool" id="border-is-a-fixed-number" hint="You fill the border with a number of your own; an image may hold smaller ones, and then the border wins."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-1e9)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-1e9)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]


# %% mistake="max-pool" id="border-is-a-fixed-number-again" again="border-is-a-fixed-number"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-1e9)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    canvas = np.full((N, H + 2 * padding, W + 2 * padding, C), -1e9)
    canvas[:, padding : padding + H, padding : padding + W] = x
    windows = np.lib.stride_tricks.sliding_window_view(canvas, window, axis=(1, 2))[:, ::stride, ::stride]
    best = windows.reshape(*g.shape, -1).argmax(axis=-1)
    n, i, j, c = np.indices(g.shape)
    grad = np.zeros(canvas.shape)
    np.add.at(grad, (n, i * stride + best // m, j * stride + best % m, c), g)
    return grad[:, padding : padding + H, padding : padding + W]


# %% mistake="max-pool" id="border-ties-with-the-smallest" hint="You fill the border with the smallest pixel: where that pixel has to win its window, the border comes first and takes its gradient."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=x.min())
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=x.min())
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]


# %% mistake="max-pool" id="winner-divided-by-k" hint="np.argmax counts along rows of m pixels: row and column of the winner are its quotient and remainder by m, not by k."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // k, left + winner % k, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]


# %% mistake="max-pool" id="columns-counted-with-k" hint="Where windows are not square, your map has the wrong number of columns: it comes from W and m."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - k) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2), initial=-np.inf)
    return y


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]


# %% mistake="max-pool" id="writes-over-what-it-is-given" hint="Your function changes x or g themselves: work on a copy."
def max_pool(x, window, stride, padding=0):
    k, m = window
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    N, H, W, C = x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        top, left = i * stride, j * stride
        y[:, i, j] = x[:, top : top + k, left : left + m].max(axis=(1, 2))
    return y


def max_pool_back(g, x, window, stride, padding=0):
    given, (k, m) = x, window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=-np.inf)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.argmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    given[...] = grad[:, padding : padding + H, padding : padding + W]
    return given


# %% alternative="max-pool" id="windows-as-a-view"
def max_pool(x, window, stride, padding=0):
    border = (padding, padding)
    x = np.pad(x, [(0, 0), border, border, (0, 0)], constant_values=-np.inf)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return windows.max(axis=(-2, -1))


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    grad = np.zeros(x.shape)
    for i in range(g.shape[1]):
        for j in range(g.shape[2]):
            rows = range(max(0, i * stride - padding), min(H, i * stride - padding + k))
            columns = range(max(0, j * stride - padding), min(W, j * stride - padding + m))
            part = x[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].reshape(N, -1, C)
            best = part.argmax(axis=1)
            for n in range(N):
                for c in range(C):
                    row, column = divmod(best[n, c], len(columns))
                    grad[n, rows[row], columns[column], c] += g[n, i, j, c]
    return grad


# %% alternative="max-pool" id="border-of-nan"
def max_pool(x, window, stride, padding=0):
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::stride, ::stride]
    return np.nanmax(windows, axis=(4, 5))


def max_pool_back(g, x, window, stride, padding=0):
    k, m = window
    N, H, W, C = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=np.nan)
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        top, left = i * stride, j * stride
        winner = np.nanargmax(x[n, top : top + k, left : left + m, c])
        grad[n, top + winner // m, left + winner % m, c] += g[n, i, j, c]
    return grad[:, padding : padding + H, padding : padding + W]


# %% alternative="max-pool" id="place-by-place"
def max_pool(x, window, stride, padding=0):
    return _places(x, window, stride, padding).max(axis=0)


def _places(x, window, stride, padding):
    (k, m), (N, H, W, C) = window, x.shape
    OH, OW = (H + 2 * padding - k) // stride + 1, (W + 2 * padding - m) // stride + 1
    canvas = np.full((N, H + 2 * padding, W + 2 * padding, C), -np.inf)
    canvas[:, padding : padding + H, padding : padding + W] = x
    return np.stack(
        [
            canvas[:, p : p + stride * OH : stride, q : q + stride * OW : stride][:, :OH, :OW]
            for p in range(k)
            for q in range(m)
        ]
    )


def max_pool_back(g, x, window, stride, padding=0):
    (k, m), (N, H, W, C) = window, x.shape
    first = _places(x, window, stride, padding).argmax(axis=0)
    n, i, j, c = np.indices(g.shape)
    grad = np.zeros((N, H + 2 * padding, W + 2 * padding, C))
    np.add.at(grad, (n, i * stride + first // m, j * stride + first % m, c), g)
    return grad[:, padding : padding + H, padding : padding + W]


# %% alternative="max-pool" id="four-loops"
def _window(x, n, i, j, c, window, stride, padding):
    places = []
    for row in range(i * stride - padding, i * stride - padding + window[0]):
        for column in range(j * stride - padding, j * stride - padding + window[1]):
            if 0 <= row < x.shape[1] and 0 <= column < x.shape[2]:
                places.append((n, row, column, c))
    return max(places, key=lambda place: x[place])  # Python's max keeps the first


def max_pool(x, window, stride, padding=0):
    size = [(n + 2 * padding - k) // stride + 1 for n, k in zip(x.shape[1:3], window)]
    y = np.zeros((len(x), *size, x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        y[n, i, j, c] = x[_window(x, n, i, j, c, window, stride, padding)]
    return y


def max_pool_back(g, x, window, stride, padding=0):
    grad = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(g.shape):
        grad[_window(x, n, i, j, c, window, stride, padding)] += g[n, i, j, c]
    return grad


# %% [markdown]
r"""
Average pooling
"""


# %% mistake="average-pool" id="gradient-not-divided" hint="Each pixel of your windows receives all of g: it had only a part in the mean."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1]
    return grad


# %% mistake="average-pool" id="gradient-not-divided-again" again="gradient-not-divided"
def avg_pool(x, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(4, 5)) / (window[0] * window[1])


def avg_pool_back(g, shape, window, stride):
    grad, (_, OH, OW, _) = np.zeros(shape), g.shape
    share = g
    for p in range(window[0]):
        for q in range(window[1]):
            grad[:, p : p + (OH - 1) * stride + 1 : stride, q : q + (OW - 1) * stride + 1 : stride] += share
    return grad


# %% mistake="average-pool" id="gradient-divided-by-k" hint="On the way back you divide by one side of the window; it has k · m pixels."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / k
    return grad


# %% mistake="average-pool" id="sum-instead-of-mean" hint="Your windows keep the sum of their pixels, not the mean."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].sum(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / (k * m)
    return grad


# %% mistake="average-pool" id="divided-by-k" hint="You divide the sum of a window by one of its sides; it has k · m pixels."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].sum(axis=(1, 2)) / k
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / (k * m)
    return grad


# %% mistake="average-pool" id="divided-by-k-again" again="divided-by-k"
def avg_pool(x, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(4, 5)) / window[0]


def avg_pool_back(g, shape, window, stride):
    grad, (_, OH, OW, _) = np.zeros(shape), g.shape
    share = g / (window[0] * window[1])
    for p in range(window[0]):
        for q in range(window[1]):
            grad[:, p : p + (OH - 1) * stride + 1 : stride, q : q + (OW - 1) * stride + 1 : stride] += share
    return grad


# %% mistake="average-pool" id="divided-by-k-squared" hint="You divide by k · k; the window has k rows and m columns."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].sum(axis=(1, 2)) / k**2
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / k**2
    return grad


# %% mistake="average-pool" id="overlap-overwrites" hint="Where windows overlap, a pixel of yours keeps only what the last window sends: gradients that meet are added."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] = g[:, i : i + 1, j : j + 1] / (k * m)
    return grad


# %% mistake="average-pool" id="overlap-overwrites-again" again="overlap-overwrites"
def avg_pool(x, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(4, 5)) / (window[0] * window[1])


def avg_pool_back(g, shape, window, stride):
    grad = np.zeros(shape)
    for i in range(g.shape[1]):
        for j in range(g.shape[2]):
            rows, columns = np.arange(window[0]) + i * stride, np.arange(window[1]) + j * stride
            grad[:, rows[:, None], columns] = (g[:, i, j] / (len(rows) * len(columns)))[:, None, None]
    return grad


# %% mistake="average-pool" id="overlap-averaged" hint="You divide what a pixel receives by the number of windows that hold it; what comes from several windows adds up."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad, count = np.zeros(shape), np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        here = slice(None), slice(i * stride, i * stride + k), slice(j * stride, j * stride + m)
        grad[here] += g[:, i : i + 1, j : j + 1] / (k * m)
        count[here] += 1
    return grad / np.maximum(count, 1)


# %% mistake="average-pool" id="spread-over-everything" hint="Pixels that no window reaches receive something from you, and others too much or too little: only a window's own pixels get a share."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    rows = np.minimum(np.arange(shape[1]) // stride, g.shape[1] - 1)
    columns = np.minimum(np.arange(shape[2]) // stride, g.shape[2] - 1)
    return g[:, rows][:, :, columns] / (window[0] * window[1])


# %% mistake="average-pool" id="window-turned" hint="A window (k, m) is k rows high and m columns wide; yours is the other way round."
def avg_pool(x, window, stride):
    (m, k), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    m, k = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / (k * m)
    return grad


# %% mistake="average-pool" id="gradient-to-the-largest" hint="You send the gradient of a mean to one pixel of each window; all of them took part in it."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride, j * stride] += g[:, i, j]
    return grad


# %% mistake="average-pool" id="g-divided-in-place" hint="You divide g itself: it belongs to the caller, divide a copy."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    g /= k * m
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1]
    return grad


# %% mistake="average-pool" id="all-channels-together" hint="Your means go over all channels; each channel is averaged by itself."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2, 3))[:, None]
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad = np.zeros(shape)
    for i, j in np.ndindex(g.shape[1:3]):
        grad[:, i * stride : i * stride + k, j * stride : j * stride + m] += g[:, i : i + 1, j : j + 1] / (k * m)
    return grad


# %% mistake="average-pool" id="windows-side-by-side-on-the-way-back" hint="On the way back your windows lie side by side: the step from one to the next is stride."
def avg_pool(x, window, stride):
    (k, m), (N, H, W, C) = window, x.shape
    y = np.empty((N, (H - k) // stride + 1, (W - m) // stride + 1, C))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = x[:, i * stride : i * stride + k, j * stride : j * stride + m].mean(axis=(1, 2))
    return y


def avg_pool_back(g, shape, window, stride):
    k, m = window
    grad, wide = np.zeros(shape), np.repeat(np.repeat(g, k, axis=1), m, axis=2) / (k * m)
    H, W = min(shape[1], wide.shape[1]), min(shape[2], wide.shape[2])
    grad[:, :H, :W] = wide[:, :H, :W]
    return grad


# %% alternative="average-pool" id="windows-as-a-view"
def avg_pool(x, window, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))
    return windows[:, ::stride, ::stride].sum(axis=(4, 5)) / (window[0] * window[1])


def avg_pool_back(g, shape, window, stride):
    grad, (_, OH, OW, _) = np.zeros(shape), g.shape
    share = g / (window[0] * window[1])
    for p in range(window[0]):
        for q in range(window[1]):
            grad[:, p : p + (OH - 1) * stride + 1 : stride, q : q + (OW - 1) * stride + 1 : stride] += share
    return grad


# %% alternative="average-pool" id="differences-of-sums"
def avg_pool(x, window, stride):
    k, m = window
    sums = np.pad(x.cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0), (0, 0)))
    parts = sums[:, k:, m:] - sums[:, :-k, m:] - sums[:, k:, :-m] + sums[:, :-k, :-m]
    return parts[:, ::stride, ::stride] / (k * m)


def avg_pool_back(g, shape, window, stride):
    (k, m), grad = window, np.zeros(shape)
    n, i, j, c = np.indices(g.shape)
    for p, q in np.ndindex(k, m):
        np.add.at(grad, (n, i * stride + p, j * stride + q, c), g / k / m)
    return grad


# %% alternative="average-pool" id="by-two-matrices"
def _averages(n, k, stride):
    """Return the matrix (windows, n) that averages k neighbours."""
    rows = (n - k) // stride + 1
    place = np.arange(n) - stride * np.arange(rows)[:, None]
    return ((place >= 0) & (place < k)) / k


def avg_pool(x, window, stride):
    down, right = _averages(x.shape[1], window[0], stride), _averages(x.shape[2], window[1], stride)
    return np.einsum("ih,jw,nhwc->nijc", down, right, x)


def avg_pool_back(g, shape, window, stride):
    down, right = _averages(shape[1], window[0], stride), _averages(shape[2], window[1], stride)
    return np.einsum("ih,jw,nijc->nhwc", down, right, g)


# %% [markdown]
r"""
Flatten
"""


# %% mistake="flatten" id="channels-first" hint="Your rows begin with all places of the first channel; here all channels of the first pixel come first."
def flatten(x):
    return x.transpose(0, 3, 1, 2).reshape(len(x), -1)


def unflatten(g, shape):
    N, H, W, C = shape
    return g.reshape(N, C, H, W).transpose(0, 2, 3, 1)


def from_channels_first(w, shape):
    H, W, C = shape
    return w


# %% mistake="flatten" id="channels-first-again" again="channels-first"
def flatten(x):
    return np.stack([np.moveaxis(sample, 2, 0).ravel() for sample in x])


def unflatten(g, shape):
    return np.stack([np.moveaxis(row.reshape(shape[3], *shape[1:3]), 0, 2) for row in g])


def from_channels_first(w, shape):
    return w.copy()


# %% mistake="flatten" id="way-back-in-another-order" hint="unflatten does not undo flatten: the numbers come back at other places."
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    N, H, W, C = shape
    return g.reshape(N, C, H, W).transpose(0, 2, 3, 1)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(C, H, W, -1).transpose(1, 2, 0, 3).reshape(H * W * C, -1)


# %% mistake="flatten" id="way-back-in-another-order-again" again="way-back-in-another-order"
def flatten(x):
    return np.stack([sample.ravel() for sample in x])


def unflatten(g, shape):
    return np.stack([np.moveaxis(row.reshape(shape[3], shape[1], shape[2]), 0, -1) for row in g])


def from_channels_first(w, shape):
    H, W, C = shape
    order = np.arange(C * H * W).reshape(C, H, W).transpose(1, 2, 0).ravel()
    return w[order]


# %% mistake="flatten" id="columns-first" hint="You go down the columns: the order is row by row, in each row column by column."
def flatten(x):
    return x.transpose(0, 2, 1, 3).reshape(len(x), -1)


def unflatten(g, shape):
    N, H, W, C = shape
    return g.reshape(N, W, H, C).transpose(0, 2, 1, 3)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(C, H, W, -1).transpose(2, 1, 0, 3).reshape(H * W * C, -1)


# %% mistake="flatten" id="samples-mixed" hint="Your rows mix numbers of different samples: the sample axis stays the first."
def flatten(x):
    return x.reshape(-1, len(x)).T


def unflatten(g, shape):
    return g.T.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(C, H, W, -1).transpose(1, 2, 0, 3).reshape(H * W * C, -1)


# %% mistake="flatten" id="reshaped-only" hint="from_channels_first gives the weights back in their old order: reshaping alone moves no number to another place."
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    return g.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(C, H, W, -1).reshape(H * W * C, -1)


# %% mistake="flatten" id="reshaped-only-again" again="reshaped-only"
def flatten(x):
    return np.stack([sample.ravel() for sample in x])


def unflatten(g, shape):
    return np.stack([row.reshape(shape[1:]) for row in g])


def from_channels_first(w, shape):
    H, W, C = shape
    order = np.arange(C * H * W).reshape(C, H, W).reshape(H, W, C).ravel()
    return w[order]


# %% mistake="flatten" id="the-opposite-way" hint="You carry weights from our order to that of the other library; asked is the opposite."
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    return g.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(H, W, C, -1).transpose(2, 0, 1, 3).reshape(H * W * C, -1)


# %% mistake="flatten" id="rows-and-columns-mixed" hint="Where images are not square, your new order mixes rows with columns: look at the order of the axes after the first reshape."
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    return g.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    return w.reshape(C, W, H, -1).transpose(2, 1, 0, 3).reshape(H * W * C, -1)


# %% mistake="flatten" id="weights-written-over" hint="from_channels_first changes w itself: return another array."
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    return g.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    w[...] = w.reshape(C, H, W, -1).transpose(1, 2, 0, 3).reshape(H * W * C, -1)
    return w


# %% alternative="flatten" id="by-an-index"
def flatten(x):
    return np.stack([sample.ravel() for sample in x])


def unflatten(g, shape):
    return np.stack([row.reshape(shape[1:]) for row in g])


def from_channels_first(w, shape):
    H, W, C = shape
    order = np.arange(C * H * W).reshape(C, H, W).transpose(1, 2, 0).ravel()
    return w[order]


# %% alternative="flatten" id="where-each-row-goes"
def flatten(x):
    return x.reshape(len(x), -1)


def unflatten(g, shape):
    return g.reshape(shape)


def from_channels_first(w, shape):
    H, W, C = shape
    ours = np.empty_like(w)
    ours[np.arange(H * W * C).reshape(H, W, C).transpose(2, 0, 1).ravel()] = w
    return ours


# %% alternative="flatten" id="number-by-number"
def flatten(x):
    N, H, W, C = x.shape
    rows = np.zeros((N, H * W * C))
    for n, i, j, c in np.ndindex(x.shape):
        rows[n, (i * W + j) * C + c] = x[n, i, j, c]
    return rows


def unflatten(g, shape):
    _, _, W, C = shape
    x = np.zeros(shape)
    for n, i, j, c in np.ndindex(*shape):
        x[n, i, j, c] = g[n, (i * W + j) * C + c]
    return x


def from_channels_first(w, shape):
    H, W, C = shape
    ours = np.zeros(w.shape)
    for i, j, c in np.ndindex(*shape):
        ours[(i * W + j) * C + c] = w[(c * H + i) * W + j]
    return ours


# %% [markdown]
r"""
A convolutional network: loss and gradients
"""


# %% mistake="cnn-loss" id="relu-forgotten-on-the-way-back" hint="The gradient of w1 passes ReLU as if it were not there: where its input was not positive, nothing goes back."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="relu-forgotten-on-the-way-back-again" again="relu-forgotten-on-the-way-back"
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    maps = np.maximum(convolve(x, w1, b1), 0)
    small = pool(maps)
    v = small.reshape(len(x), -1)
    z = v @ w2 + b2
    e = np.exp(z - z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
    loss = np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(len(t)), t])
    g = (p - np.eye(len(b2))[t]) / len(t)
    grad_w1, grad_b1 = convolve_back(pool_back((g @ w2.T).reshape(small.shape), maps), x, w1)
    return loss, (grad_w1, grad_b1, v.T @ g, g.sum(axis=0))


# %% mistake="cnn-loss" id="no-relu" hint="There is no ReLU in your network: negative numbers of the maps reach the pooling."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = a
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="no-relu-again" again="no-relu"
def cnn_loss(params, x, t):
    tensors = [plainnet.Tensor(array, requires_grad=True) for array in params]
    w1, b1, w2, b2 = tensors
    maps = plainnet.conv2d(x, w1, b1, padding=1)
    v = plainnet.max_pool2d(maps, kernel_size=2).reshape(len(x), -1)
    loss = plainnet.softmax_cross_entropy(plainnet.linear(v, w2, b2), labels=t)
    loss.backward()
    return loss.item(), tuple(tensor.grad for tensor in tensors)


# %% mistake="cnn-loss" id="sum-instead-of-mean" hint="Your loss adds up over the samples; asked is their mean, in the loss and in its gradients."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].sum(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="sum-instead-of-mean-again" again="sum-instead-of-mean"
def cnn_loss(params, x, t):
    tensors = [plainnet.Tensor(array, requires_grad=True) for array in params]
    w1, b1, w2, b2 = tensors
    maps = plainnet.relu(plainnet.conv2d(x, w1, b1, padding=1))
    v = plainnet.max_pool2d(maps, kernel_size=2).reshape(len(x), -1)
    loss = plainnet.softmax_cross_entropy(plainnet.linear(v, w2, b2), labels=t) * len(t)
    loss.backward()
    return loss.item(), tuple(tensor.grad for tensor in tensors)


# %% mistake="cnn-loss" id="gradient-not-divided-by-n" hint="The loss is a mean, your gradients belong to the sum: they are N times too large."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="gradient-divided-twice" hint="Your gradients are divided by the number of samples more than once."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t) ** 2
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="overflow" hint="With large logits your loss is not finite: subtract each row's largest logit before the exponential."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="log-of-zero" hint="With large logits you take the logarithm of a probability that has become 0: take that of the sum instead."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    e = np.exp(z)
    log_p = np.log(e / e.sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="softmax-over-the-samples" hint="The probabilities of a sample should add up to 1; yours are normalised over all samples together, or over the wrong axis."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=0, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="one-bias-gradient-a-sample" hint="The gradient of b2 adds up over the samples."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.mean(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="pooling-not-undone" hint="You spread each gradient over the whole window on the way back; only the pixel that won reached the output."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    wide = np.repeat(np.repeat((g @ w2.T).reshape(pooled.shape), 2, axis=1), 2, axis=2)
    g = np.zeros(a.shape)
    g[:, : wide.shape[1], : wide.shape[2]] = wide
    g = g * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="true-class-not-subtracted" hint="The gradient at the logits is the probabilities minus 1 at the true class; the minus 1 is missing, or stands elsewhere."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="flattened-channels-first" hint="Your flatten has the channels first; the rows of w2 belong to the order of reshape."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.transpose(0, 3, 1, 2).reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.transpose(0, 3, 1, 2).shape).transpose(0, 2, 3, 1), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="orders-differ" hint="On the way back the gradient of the flattened row is put into the maps in another order than it was taken out."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.transpose(0, 3, 1, 2).shape).transpose(0, 2, 3, 1), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="orders-differ-again" again="orders-differ"
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    maps = np.maximum(convolve(x, w1, b1), 0)
    N, H, W, F = pool(maps).shape
    v = pool(maps).reshape(N, -1)
    z = v @ w2 + b2
    p = np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))
    loss = np.mean(np.logaddexp.reduce(z, axis=1) - z[np.arange(N), t])
    g = (p - np.eye(len(b2))[t]) / N
    back = np.moveaxis((g @ w2.T).reshape(N, F, H, W), 1, 3)
    grad_w1, grad_b1 = convolve_back(pool_back(back, maps) * (maps > 0), x, w1)
    return loss, (grad_w1, grad_b1, v.T @ g, g.sum(axis=0))


# %% mistake="cnn-loss" id="slope-one-at-zero" hint="Where a map is exactly 0, as on blank paper, your ReLU lets the gradient through: its slope at 0 is 0."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a >= 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="slope-one-at-zero-again" again="slope-one-at-zero"
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    maps = np.where(a < 0, 0, a)
    small = pool(maps)
    v = small.reshape(len(x), -1)
    z = v @ w2 + b2
    sums = np.logaddexp.reduce(z, axis=1)
    g = (np.exp(z - sums[:, None]) - np.eye(len(b2))[t]) / len(t)
    back = pool_back((g @ w2.T).reshape(small.shape), maps)
    back[a < 0] = 0
    grad_w1, grad_b1 = convolve_back(back, x, w1)
    return np.mean(sums - z[np.arange(len(t)), t]), (grad_w1, grad_b1, v.T @ g, g.sum(axis=0))


# %% mistake="cnn-loss" id="log-of-p-and-a-bit" hint="You add a small number to the probabilities before the logarithm: with large logits the loss is cut off."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    p = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    log_p = np.log(p + 1e-12)
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="mask-of-the-gradient" hint="On the way back through ReLU you look at the sign of the gradient; what counts is the sign of what ReLU was given."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = np.maximum(pool_back((g @ w2.T).reshape(pooled.shape), h), 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="bias-of-the-maps-averaged" hint="The gradient of b1 adds up over the samples: each g has been divided by N already."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    grad_b1 = grad_b1 / len(t)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="whole-array-maximum" hint="Each row needs its own largest logit: you subtract one maximum from all rows, and those far below it underflow."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max()
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% mistake="cnn-loss" id="changes-the-parameters" hint="Your function changes params: it returns gradients, and the step is somebody else's."
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    h = np.maximum(a, 0)
    pooled = pool(h)
    v = pooled.reshape(len(x), -1)
    z = v @ w2 + b2
    z = z - z.max(axis=1, keepdims=True)
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))
    rows = np.arange(len(t))
    g = np.exp(log_p)
    g[rows, t] -= 1
    g /= len(t)
    grad_w2, grad_b2 = v.T @ g, g.sum(axis=0)
    g = pool_back((g @ w2.T).reshape(pooled.shape), h) * (a > 0)
    grad_w1, grad_b1 = convolve_back(g, x, w1)
    for parameter, grad in zip(params, (grad_w1, grad_b1, grad_w2, grad_b2)):
        parameter -= 0.01 * grad
    return -log_p[rows, t].mean(), (grad_w1, grad_b1, grad_w2, grad_b2)


# %% alternative="cnn-loss" id="plainnet-goes-back"
def cnn_loss(params, x, t):
    tensors = [plainnet.Tensor(array, requires_grad=True) for array in params]
    w1, b1, w2, b2 = tensors
    maps = plainnet.relu(plainnet.conv2d(x, w1, b1, padding=1))
    v = plainnet.max_pool2d(maps, kernel_size=2).reshape(len(x), -1)
    loss = plainnet.softmax_cross_entropy(plainnet.linear(v, w2, b2), labels=t)
    loss.backward()
    return loss.item(), tuple(tensor.grad for tensor in tensors)


# %% alternative="cnn-loss" id="layers-with-these-parameters"
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    rng = np.random.default_rng(0)
    first, last = nn.Conv2d(w1.shape[2], w1.shape[3], 3, rng, padding=1), nn.Linear(*w2.shape, rng)
    model = nn.Sequential(first, plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), last)
    for parameter, value in zip(model.parameters(), params):
        parameter.data = value.copy()
    loss = losses.cross_entropy(model(x), t)
    loss.backward()
    return loss.data, tuple(parameter.grad for parameter in model.parameters())


# %% alternative="cnn-loss" id="relu-after-pooling"
def cnn_loss(params, x, t):
    w1, b1, w2, b2 = params
    a = convolve(x, w1, b1)
    small = pool(a)
    v = np.maximum(small, 0).reshape(len(x), -1)
    z = v @ w2 + b2
    sums = np.logaddexp.reduce(z, axis=1)
    onehot = np.eye(len(b2))[t]
    g = (np.exp(z - sums[:, None]) - onehot) / len(t)
    back = (g @ w2.T).reshape(small.shape) * (small > 0)
    grad_w1, grad_b1 = convolve_back(pool_back(back, a), x, w1)
    return float(np.mean(sums - np.sum(z * onehot, axis=1))), (grad_w1, grad_b1, v.T @ g, g.sum(axis=0))


# %% [markdown]
r"""
Train it
"""


# %% mistake="train-cnn" id="not-trained" hint="Your network has not learned: it is returned as it was drawn, or its steps reach nothing."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    return model


# %% mistake="train-cnn" id="one-epoch" hint="Your network still learns when you stop: a few more epochs."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=1, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="steps-far-too-large" hint="The loss does not fall with steps as large as yours: look at it while the network trains, and take a smaller lr."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=3.0)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="dense-network" hint="Your network reads digits, but has no convolution and no pooling among its layers."
def train_cnn(x, t, rng):
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 36, rng), plainnet.relu, nn.Linear(36, 10, rng))
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="no-pooling" hint="There is no pooling layer in your network."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, stride=2, padding=1), plainnet.relu, nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="too-many-parameters" hint="Your network is larger than it may be: count its parameters, most of them stand in the dense layer."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(512, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="a-generator-of-its-own" hint="Your network is the same whatever rng comes in: draw from the generator that is passed in."
def train_cnn(x, t, rng):
    rng = np.random.default_rng(0)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="unseeded" hint="Two generators with the same seed give two different networks: something is drawn from elsewhere."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, np.random.default_rng(), padding=1),
        plainnet.relu,
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(256, 10, rng),
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="labels-lose-their-images" hint="Images and classes are shuffled separately, so that they no longer belong together."
def train_cnn(x, t, rng):
    t = rng.permutation(t)
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="other-digits" hint="Your network has learned from other digits than those that it was given: x and t are the only ones."
def train_cnn(x, t, rng):
    x, t = data.digits()
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="softmax-at-the-end" hint="Your network ends with probabilities; cross_entropy has the softmax in it and takes logits, and so do the tests."
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng),
        plainnet.softmax,
    )  # fmt: skip
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% mistake="train-cnn" id="changes-the-images" hint="Your function changes the images that it is given: work on a copy."
def train_cnn(x, t, rng):
    x -= x.mean()
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Adam(model.parameters(), lr=0.005)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=8, rng=rng, progress=False)
    return model


# %% alternative="train-cnn" id="average-pooling-and-own-loop"
def train_cnn(x, t, rng):
    layers = [nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.AvgPool2d(2), nn.Flatten()]
    model = nn.Sequential(*layers, nn.Linear(256, 10, rng))
    method = optim.Adam(model.parameters(), lr=0.01)
    for _ in range(10):
        order = rng.permutation(len(x))
        for start in range(0, len(x), 40):
            batch = order[start : start + 40]
            method.zero_grad()
            losses.cross_entropy(model(x[batch]), t[batch]).backward()
            method.step()
    return model.eval()


# %% alternative="train-cnn" id="momentum"
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2), nn.Flatten(), nn.Linear(256, 10, rng)
    )
    optimizer = optim.Momentum(model.parameters(), lr=0.05)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=optimizer, num_epochs=12, rng=rng, progress=False)
    return model


# %% alternative="train-cnn" id="two-convolutions"
def train_cnn(x, t, rng):
    model = nn.Sequential(
        nn.Conv2d(1, 12, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2),
        nn.Conv2d(12, 20, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(4), nn.Flatten(), nn.Linear(20, 10, rng),
    )  # fmt: skip
    method = optim.Adam(model.parameters(), lr=0.008)
    plainnet.fit(model, x, t, loss=losses.cross_entropy, optimizer=method, num_epochs=16, rng=rng, progress=False)
    return model


# %% [markdown]
r"""
Robustness against shifts
"""


# %% mistake="shift-robustness" id="ink-comes-back" hint="What moves over the border comes back on the other side in your images; it should be gone, and paper open."
def shift_robustness(model, x, t, d):
    shares = []
    for axis in (1, 2):
        for step in (d, -d):
            moved = np.roll(x, step, axis=axis)
            shares.append(float(np.mean(np.argmax(model(moved), axis=1) == t)))
    return sum(shares) / len(shares)


# %% mistake="shift-robustness" id="ink-comes-back-again" again="ink-comes-back"
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    rows, columns = np.arange(H), np.arange(W)
    moved = [x[:, (rows - d) % H], x[:, (rows + d) % H], x[:, :, (columns - d) % W], x[:, :, (columns + d) % W]]
    hits = [model(images).argmax(axis=1) == t for images in moved]
    return float(np.mean(hits))


# %% mistake="shift-robustness" id="border-repeated" hint="You fill the open rows and columns with copies of the border; they should be 0."
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)), mode="edge")
    moved = [padded[:, top : top + H, left : left + W] for top, left in [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]]
    return float(np.mean([np.mean(model(images).argmax(axis=1) == t) for images in moved]))


# %% mistake="shift-robustness" id="right-only" hint="You move the images in some of the four directions only: down, up, right and left all count."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares = []
    for down, right in [(0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% mistake="shift-robustness" id="right-only-again" again="right-only"
def shift_robustness(model, x, t, d):
    W = x.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (d, d), (0, 0)))
    right, left = padded[:, :, :W], padded[:, :, 2 * d :]
    return float(np.mean([model(images).argmax(axis=1) == t for images in (right, left)]))


# %% mistake="shift-robustness" id="diagonals" hint="You move images down and to the right at once; each of the four moves goes in one direction."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares = []
    for down, right in [(d, d), (d, -d), (-d, d), (-d, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% mistake="shift-robustness" id="worst-direction" hint="You return the accuracy of the worst direction; asked is the mean of the four."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares = []
    for down, right in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(min(shares))


# %% mistake="shift-robustness" id="accuracy-lost" hint="You return how much accuracy is lost; asked is the accuracy that is left."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares = []
    for down, right in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(model(x).argmax(axis=1) == t) - np.mean(shares))


# %% mistake="shift-robustness" id="accuracy-lost-again" again="accuracy-lost"
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    corners = [(d, d), (0, d), (2 * d, d), (d, 0), (d, 2 * d)]
    still, *moved = [np.mean(model(padded[:, i : i + H, j : j + W]).argmax(axis=1) == t) for i, j in corners]
    return float(still - sum(moved) / 4)


# %% mistake="shift-robustness" id="against-its-own-answers" hint="You compare with what the model says without a shift; right is what the class t says."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares, t = [], model(x).argmax(axis=1)
    for down, right in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% mistake="shift-robustness" id="one-pixel-always" hint="The number of pixels d does not matter in your function."
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares, d = [], min(d, 1)
    for down, right in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% mistake="shift-robustness" id="moves-on-from-the-last" hint="Each of your moves starts from the images of the move before; all four start from x."
def shift_robustness(model, x, t, d):
    (H, W), moved, shares = x.shape[1:3], x, []
    for top, left in [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]:
        moved = np.pad(moved, ((0, 0), (d, d), (d, d), (0, 0)))[:, top : top + H, left : left + W]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% mistake="shift-robustness" id="right-in-all-four" hint="You count the images that are right in all four directions; asked is the mean of four accuracies."
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    corners = [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]
    moved = [padded[:, top : top + H, left : left + W] for top, left in corners]
    return float(np.mean(np.all([model(image).argmax(axis=1) == t for image in moved], axis=0)))


# %% mistake="shift-robustness" id="the-still-one-counts-too" hint="You average over five accuracies, that of the images where they stand among them; asked are the four that have moved."
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    corners = [(0, d), (2 * d, d), (d, 0), (d, 2 * d), (d, d)]
    moved = [padded[:, top : top + H, left : left + W] for top, left in corners]
    return float(np.mean([np.mean(model(image).argmax(axis=1) == t) for image in moved]))


# %% mistake="shift-robustness" id="slices-to-minus-zero" hint="With d = 0 your slices are empty: [:-0] is [:0]. Count from the front, as in [: H - d]."
def shift_robustness(model, x, t, d):
    down, up, right, left = (np.zeros_like(x) for _ in range(4))
    down[:, d:], up[:, :-d] = x[:, :-d], x[:, d:]
    right[:, :, d:], left[:, :, :-d] = x[:, :, :-d], x[:, :, d:]
    return float(np.mean([np.mean(model(images).argmax(axis=1) == t) for images in (down, up, right, left)]))


# %% alternative="shift-robustness" id="slices"
def shift_robustness(model, x, t, d):
    N, H, W, C = x.shape
    shares = []
    for down, right in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        moved[:, max(down, 0) : H + min(down, 0), max(right, 0) : W + min(right, 0)] = x[
            :, max(-down, 0) : H + min(-down, 0), max(-right, 0) : W + min(-right, 0)
        ]
        shares.append(np.mean(model(moved).argmax(axis=1) == t))
    return float(np.mean(shares))


# %% alternative="shift-robustness" id="roll-then-erase"
def shift_robustness(model, x, t, d):
    right = 0
    for axis in (1, 2):
        for sign in (1, -1):
            moved = np.moveaxis(np.roll(x, sign * d, axis=axis), axis, 0).copy()
            opened = slice(0, d) if sign > 0 else slice(len(moved) - d, None)
            moved[opened] = 0
            right += np.sum(model(np.moveaxis(moved, 0, axis)).argmax(axis=1) == t)
    return float(right / (4 * len(x)))


# %% alternative="shift-robustness" id="pixel-by-pixel"
def shift_robustness(model, x, t, d):
    (N, H, W, C), right = x.shape, 0
    for down, across in [(d, 0), (-d, 0), (0, d), (0, -d)]:
        moved = np.zeros(x.shape)
        for i, j in np.ndindex(H, W):
            if 0 <= i - down < H and 0 <= j - across < W:
                moved[:, i, j] = x[:, i - down, j - across]
        right += sum(int(np.argmax(z) == k) for z, k in zip(model(moved), t))
    return right / (4 * N)


# %% alternative="shift-robustness" id="all-at-once"
def shift_robustness(model, x, t, d):
    H, W = x.shape[1:3]
    padded = np.pad(x, ((0, 0), (d, d), (d, d), (0, 0)))
    moved = [padded[:, i : i + H, j : j + W] for i, j in [(0, d), (2 * d, d), (d, 0), (d, 2 * d)]]
    return float(np.mean(np.argmax(model(np.concatenate(moved)), axis=1) == np.tile(t, 4)))


# %% [markdown]
r"""
Signals, weights, multiplications
"""


# %% mistake="costs" id="biases-counted" hint="Your weights contain the biases; they do not count here."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), layer.w.size
            rows.append((signals, weights + layer.b.size, signals * weights // layer.w.shape[-1]))
    return rows


# %% mistake="costs" id="biases-counted-again" again="biases-counted"
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            (_, H, W, F), (k, _, channels, _) = y.shape, layer.w.shape
            rows.append((H * W * F, (k * k * channels + 1) * F, H * W * F * k * k * channels))
        elif isinstance(layer, nn.Linear):
            inputs, units = before.shape[1], y.shape[1]
            rows.append((units, (inputs + 1) * units, inputs * units))
    return rows


# %% mistake="costs" id="signals-after-pooling" hint="Your signals are counted after pooling; asked is what the layer itself gives."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            weights = layer.w.size
            rows.append((y.size, weights, y.size * weights // layer.w.shape[-1]))
        elif rows and isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
            rows[-1] = (y.size, *rows[-1][1:])
    return rows


# %% mistake="costs" id="multiplications-are-weights" hint="You count one multiplication for each weight; a kernel's weights are used at every place of the map."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), layer.w.size
            rows.append((signals, weights, weights))
    return rows


# %% mistake="costs" id="multiplications-are-weights-again" again="multiplications-are-weights"
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            (_, H, W, F), (k, _, channels, _) = y.shape, layer.w.shape
            rows.append((H * W * F, k * k * channels * F, k * k * channels * F))
        elif isinstance(layer, nn.Linear):
            inputs, units = before.shape[1], y.shape[1]
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% mistake="costs" id="all-weights-for-each-signal" hint="You multiply all weights with all signals: each number of a map belongs to one kernel, each number of a dense layer to one column."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), layer.w.size
            rows.append((signals, weights, signals * weights))
    return rows


# %% mistake="costs" id="channels-forgotten" hint="A number of a map reads all channels of its window: your count has k · k products for each."
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            (_, H, W, F), (k, _, channels, _) = y.shape, layer.w.shape
            rows.append((H * W * F, k * k * channels * F, H * W * F * k * k))
        elif isinstance(layer, nn.Linear):
            inputs, units = before.shape[1], y.shape[1]
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% mistake="costs" id="channels-forgotten-again" again="channels-forgotten"
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), layer.w.size
            w = layer.w.shape
            products = w[0] if len(w) == 2 else w[0] * w[1]
            rows.append((signals, weights, signals * products))
    return rows


# %% mistake="costs" id="signals-are-inputs" hint="You count the numbers that a layer reads; signals are the numbers that it gives."
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            weights = layer.w.size
            rows.append((before.size, weights, y.size * weights // layer.w.shape[-1]))
    return rows


# %% mistake="costs" id="every-layer" hint="Your list has a row for every layer; only layers with weights belong into it."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        weights = layer.w.size if isinstance(layer, (nn.Conv2d, nn.Linear)) else 0
        rows.append((int(np.prod(y.shape)), weights, y.size * weights // layer.w.shape[-1] if weights else 0))
    return rows


# %% mistake="costs" id="every-layer-again" again="every-layer"
def costs(model, shape):
    x, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        x = layer(x)
        own = getattr(layer, "w", None)
        count = 0 if own is None else own.size
        rows.append((x.size, count, x.size // own.shape[-1] * count if count else 0))
    return rows


# %% mistake="costs" id="places-only" hint="You count the places of a map; it has a number for each kernel at each of them."
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            (_, H, W, F), (k, _, channels, _) = y.shape, layer.w.shape
            rows.append((H * W, k * k * channels * F, H * W * F * k * k * channels))
        elif isinstance(layer, nn.Linear):
            inputs, units = before.shape[1], y.shape[1]
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% mistake="costs" id="size-never-changes" hint="Your maps are as large as their images whatever the stride and the padding are: take the size that the layer gives."
def costs(model, shape):
    (H, W, _), rows = shape, []
    for layer in model.layers:
        if isinstance(layer, nn.Conv2d):
            k, _, channels, F = layer.w.shape
            rows.append((H * W * F, k * k * channels * F, H * W * F * k * k * channels))
        elif isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
            H, W = H // 2, W // 2
        elif isinstance(layer, nn.Linear):
            inputs, units = layer.w.shape
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% mistake="costs" id="padding-not-multiplied" hint="You leave out the products with the padding; the count has k · k · C for every number of a map."
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape))), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            k, _, channels, F = layer.w.shape
            paper, kernel = np.ones((1, *before.shape[1:3], 1)), np.ones((k, k, 1, 1))
            inside = plainnet.conv2d(paper, kernel, np.zeros(1), stride=layer.stride, padding=layer.padding)
            rows.append((y.size, layer.w.size, int(inside.data.sum()) * channels * F))
        elif isinstance(layer, nn.Linear):
            inputs, units = layer.w.shape
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% mistake="costs" id="additions-too" hint="You count additions as well as multiplications; asked are the products alone."
def costs(model, shape):
    y, rows = np.zeros((1, *shape), np.float32), []
    for layer in model.layers:
        y = layer(y)
        if isinstance(layer, (nn.Conv2d, nn.Linear)):
            signals, weights = int(np.prod(y.shape)), int(np.prod(layer.w.shape))
            rows.append((signals, weights, 2 * signals * (weights // layer.w.shape[-1])))
    return rows


# %% alternative="costs" id="by-kind-of-layer"
def costs(model, shape):
    y, rows = plainnet.Tensor(np.zeros((1, *shape), np.float32)), []
    for layer in model.layers:
        before, y = y, layer(y)
        if isinstance(layer, nn.Conv2d):
            (_, H, W, F), (k, _, channels, _) = y.shape, layer.w.shape
            rows.append((H * W * F, k * k * channels * F, H * W * F * k * k * channels))
        elif isinstance(layer, nn.Linear):
            inputs, units = before.shape[1], y.shape[1]
            rows.append((units, inputs * units, inputs * units))
    return rows


# %% alternative="costs" id="by-formula"
def costs(model, shape):
    rows = []
    for layer in model.layers:
        if isinstance(layer, nn.Flatten):
            shape = (shape[0] * shape[1] * shape[2],)
        elif isinstance(layer, nn.Linear):
            inputs, units = layer.w.shape
            shape = (units,)
            rows.append((units, inputs * units, inputs * units))
        elif isinstance(layer, nn.Conv2d):
            k, _, channels, F = layer.w.shape
            H, W = ((n + 2 * layer.padding - k) // layer.stride + 1 for n in shape[:2])
            shape = (H, W, F)
            rows.append((H * W * F, layer.w.size, H * W * F * k * k * channels))
        elif isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
            k = layer.options["kernel_size"]
            shape = (shape[0] // k, shape[1] // k, shape[2])
    return rows
