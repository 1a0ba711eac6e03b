"""Convolution and pooling of images (N, H, W, C).

Channels come last (NHWC), as the lecture writes volumes: a window's row of k*C
numbers then lies contiguous in memory and copies fast.  As in PyTorch and
TensorFlow, `conv2d` computes the cross-correlation: the kernel is not flipped.
"""

import numpy as np

from plainnet.autograd import op
from plainnet.channels import sum_per_channel

__all__ = ["avg_pool2d", "conv2d", "max_pool2d"]

CHUNK_BYTES = 1 << 20  # columns that stay in the cache: 14 ms for 32 to 32 channels instead of 23 for a whole batch


@op("conv")
def conv2d(x, w, b, *, stride=1, padding=0):
    """Return the cross-correlation of images with kernels, plus a bias.

    Parameters
    ----------
    x : (N, H, W, C)
        Images.
    w : (k, k, C, F)
        F kernels.
    b : (F,)
        A bias for each kernel.
    stride : int, default 1
        The step from one window to the next, in pixels.
    padding : int in 0..k-1, default 0
        Rows and columns of zeros around each image.

    Returns
    -------
    (N, (H + 2 padding - k) // stride + 1, the same for W, F)

    Notes
    -----
    y[n, i, j, f] = b[f] + sum over p, q, c of x[n, i stride + p, j stride + q, c] w[p, q, c, f]
    """
    check_conv(x, w, stride, padding)
    (H, W), F = output_size(x, len(w), stride, padding), w.shape[3]
    y = np.empty((len(x), H, W, F), x.dtype)
    m = windows_at_once(x.shape[3], W)
    kernels = abreast(w, m, stride)  # (k, k + (m-1) stride, C, m, F)
    bias = np.broadcast_to(b, (W, F)).reshape(-1)  # (W*F,), for a row of pixels at a time
    for images, columns in unfold(x, kernels.shape[:2], (H, W // m), (stride, m * stride), before=(padding, padding)):
        rows = y[images].reshape(-1, W * F)
        np.matmul(columns, kernels.reshape(-1, m * F), out=rows.reshape(-1, m * F))
        rows += bias
    return y


def _conv_grad_x(g, y, x, w, b, stride=1, padding=0):
    """Give each window's gradient back to its pixels: along the rows in one product, then row by row.

    Pixel j of a row was at place q of the window that starts at j - q: seen from the pixel,
    the kernel's columns come in reverse.
    """
    (k, _, C, F), OH, (_, H, W, _) = w.shape, g.shape[1], x.shape
    m = windows_at_once(C, W)
    flipped = abreast(w[:, ::-1].transpose(1, 3, 0, 2).reshape(1, k, F, k * C), m)  # (1, k + m-1, F, m, k*C)
    flipped = flipped.reshape(-1, m, k, C).swapaxes(1, 2).reshape(-1, k * m * C)
    gx = np.empty((len(x), H, W // m, m * C), g.dtype)
    before = 0, k - 1 - padding
    for images, columns in unfold(g, (1, k + m - 1), (OH, W // m), (1, m), before, spread=(1, stride)):
        n = len(gx[images])
        parts = (columns @ flipped).reshape(n, OH, W // m, k, m * C).transpose(3, 0, 1, 2, 4)
        padded = np.zeros((n, H + 2 * padding, W // m, m * C), g.dtype)
        for i, part in enumerate(whole(parts)):  # what each row of windows gives to k rows of pixels
            padded[:, i : i + OH * stride : stride] += part
        gx[images] = padded[:, padding : padding + H]
    return gx.reshape(x.shape)


def _conv_grad_w(g, y, x, w, b, stride=1, padding=0):
    (k, _, C, F), (_, H, W, _) = w.shape, g.shape
    m = windows_at_once(C, W)
    grad = np.zeros((k, k + (m - 1) * stride, C, m, F), g.dtype)  # as `abreast` lays the kernels out
    for images, columns in unfold(x, grad.shape[:2], (H, W // m), (stride, m * stride), before=(padding, padding)):
        rows = grad.reshape(-1, m * F)
        rows += columns.T @ g[images].reshape(-1, m * F)
    return sum(grad[:, j * stride : j * stride + k, :, j] for j in range(m))


conv2d.vjp(
    x=_conv_grad_x,
    w=_conv_grad_w,
    b=lambda g, y, x, w, b, stride=1, padding=0: sum_per_channel(g),
)


def windows_at_once(C, W):
    """Return how many of W windows in a row to compute together for C channels.

    Neighbours share most of their pixels: one wide window has fewer numbers to copy and gives a product broad
    enough for BLAS, at the price of multiplications by 0.  64 images of 28x28, 1 channel to 6: 0.52 ms instead of 1.14.
    """
    most = 5 if C == 1 else 2 if C < 16 else 1
    return max(m for m in range(1, most + 1) if W % m == 0)


def abreast(w, m, stride=1):
    """Return kernels w (k, q, C, F) for m windows at once, `stride` pixels apart: (k, q + (m-1) stride, C, m, F)."""
    k, q, C, F = w.shape
    wide = np.zeros((k, q + (m - 1) * stride, C, m, F), w.dtype)
    for j in range(m):
        wide[:, j * stride : j * stride + q, :, j] = w
    return wide


def unfold(x, kernel, size, stride, before, spread=(1, 1)):
    """Yield the windows of a few images at a time as the rows of a matrix (im2col).

    The images lie on a canvas of zeros, `before` pixels from its upper left corner
    and with their pixels `spread` apart; these and `stride` are pairs for down and right.

    Parameters
    ----------
    kernel : (k, m)
        Height and width of a window.
    size : (H, W)
        How many windows there are below and beside each other.

    Yields
    ------
    images : slice
    columns : (n*H*W, k*m*C)
    """
    N, C, (k, m), (H, W) = len(x), x.shape[3], kernel, size
    chunk = max(1, CHUNK_BYTES // (H * W * k * m * C * x.itemsize))
    canvas = np.zeros((min(chunk, N), (H - 1) * stride[0] + k, (W - 1) * stride[1] + m, C), x.dtype)
    inside = canvas[:, before[0] :: spread[0], before[1] :: spread[1]][:, : x.shape[1], : x.shape[2]]
    x = x[:, : inside.shape[1], : inside.shape[2]]  # without the border that no window reaches
    image, row, pixel, _ = canvas.strides
    steps = image, stride[0] * row, stride[1] * pixel, row
    # a window's row of m*C numbers is one item, which copies in 0.6 of the time
    windows = np.ndarray((len(canvas), H, W, k), f"V{m * pixel}", canvas, strides=steps)
    for start in range(0, N, chunk):
        images = slice(start, start + chunk)
        n = len(x[images])
        inside[:n] = x[images]
        yield images, windows[:n].copy().view(x.dtype).reshape(n * H * W, k * m * C)


def output_size(x, k, stride, padding):
    """Return the height and width that windows of k by k pixels give."""
    return tuple((length + 2 * padding - k) // stride + 1 for length in x.shape[1:3])


def check_conv(x, w, stride, padding):
    """Raise ValueError where images and kernels do not fit."""
    if x.ndim != 4 or w.ndim != 4 or w.shape[0] != w.shape[1] or w.shape[2] != x.shape[3]:
        raise ValueError(
            f"expected images (N, H, W, C) and kernels (k, k, C, F); got {x.shape} and {w.shape}: "
            "channels come last in plainnet, x.transpose(0, 2, 3, 1) turns (N, C, H, W) round"
        )
    check_window(x, len(w), stride, padding)


def check_window(x, k, stride, padding):
    """Raise ValueError where windows of k by k pixels do not fit images (N, H, W, C)."""
    if x.ndim != 4:
        raise ValueError(f"expected images (N, H, W, C); got shape {x.shape}")
    whole = all(isinstance(n, int | np.integer) for n in (k, stride, padding))
    if not whole or stride < 1 or not 0 <= padding < k:
        raise ValueError(
            f"expected whole numbers, stride >= 1 and 0 <= padding < {k!r}, the window; got {stride!r} and {padding!r}"
        )
    if min(x.shape[1:3]) + 2 * padding < k:
        raise ValueError(f"a window of {k}x{k} is larger than images of {x.shape[1]}x{x.shape[2]}: add padding")


# Pooling


@op("max pool")
def max_pool2d(x, *, kernel_size, stride=None, padding=0):
    """Return the largest value in each window, channel by channel.

    Parameters
    ----------
    x : (N, H, W, C)
        Images.
    kernel_size : int
        Height and width of the window.
    stride : int, default `kernel_size`
        The step from one window to the next; windows overlap where it is smaller than they.
    padding : int in 0..kernel_size-1, default 0
        How far windows reach over the border; what lies there is never the largest.

    Notes
    -----
    Of several largest values, the first takes the whole gradient, as in torch.
    """
    parts = map(whole, window_slices(x, kernel_size, stride, padding, fill=-np.inf))
    y = next(parts)
    place = np.zeros(y.shape, np.min_scalar_type(kernel_size**2))  # where in its window the largest value is
    for i, part in enumerate(parts, 1):
        np.maximum(place, (part > y) * place.dtype.type(i), out=place)
        np.maximum(y, part, out=y)
    return y, place


@max_pool2d.joint_vjp
def _(g, y, place, x, kernel_size, stride=None, padding=0):
    gx = np.zeros(padded_shape(x, padding), g.dtype)
    for i, grad_part in enumerate(window_slices(gx, kernel_size, stride)):
        part = g * (place == i)
        if stride is None:  # windows side by side: each pixel is in one, nothing adds up
            pixels(grad_part)[...] = pixels(part)
        else:
            grad_part += part
    return (cropped(gx, padding),)


@op("avg pool")
def avg_pool2d(x, *, kernel_size, stride=None, padding=0):
    """Return the mean of each window, channel by channel; padding counts as zeros.

    The parameters are those of `max_pool2d`.
    """
    slices = window_slices(x, kernel_size, stride, padding, fill=0)
    y = next(slices).copy()
    for part in slices:
        y += part
    y /= kernel_size**2
    return y


def _avg_pool_grad(g, y, x, kernel_size, stride=None, padding=0):
    gx = np.zeros(padded_shape(x, padding), g.dtype)
    g = g / kernel_size**2
    for grad_part in window_slices(gx, kernel_size, stride):
        grad_part += g
    return cropped(gx, padding)


avg_pool2d.vjp(x=_avg_pool_grad)


def window_slices(x, k, stride=None, padding=0, fill=0):
    """Yield, for each place in a window of k by k pixels, the pixels of all windows there: (N, OH, OW, C)."""
    stride = k if stride is None else stride
    check_window(x, k, stride, padding)
    H, W = output_size(x, k, stride, padding)
    x = np.ascontiguousarray(x)  # for `pixels`; the gradient is, so it is written to
    if padding:
        x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0)), constant_values=fill)
    for i in range(k):
        for j in range(k):
            yield x[:, i : i + H * stride : stride, j : j + W * stride : stride]


def whole(x):
    """Return a copy of strided pixels (..., C) side by side: pooling 6 channels then takes 0.3 ms instead of 0.45."""
    return pixels(x).copy().view(x.dtype).reshape(x.shape)


def pixels(x):
    """View each pixel (C numbers) as one item, so that NumPy moves it at once."""
    return x.view(f"V{x.shape[-1] * x.itemsize}")[..., 0]


def padded_shape(x, padding):
    """Return the shape of images with a border of `padding` pixels."""
    N, H, W, C = x.shape
    return N, H + 2 * padding, W + 2 * padding, C


def cropped(x, padding):
    """Return images without their border of `padding` pixels."""
    return x[:, padding : x.shape[1] - padding, padding : x.shape[2] - padding] if padding else x
