# %% [markdown] slide="slide"
r"""
# Chapter 11: Convolution

A dense layer does not know that its inputs are an image: shuffle the pixels, the same way in all images, and it learns as
well as before. A convolutional layer is told two things about images, and so can leave out nearly all of its weights.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. name four properties of images, measure them, and say which part of a network uses which;
2. turn a dense layer into a convolutional one in two steps, and count its weights: 25, 13, 3;
3. tell cross-correlation from convolution, by formula and by a number;
4. compute the size of a map, and the weights of a whole network, and find the slips in three decks;
5. say what a given kernel looks for;
6. write a convolution as one matrix product, and its backward pass as three sums.

**Before you start**: chapter 4 (layers as matrix products, and their backward pass); chapter 1 (the chain rule, node by
node: what is used twice receives the sum). The word *pooling* turns up a few times; it is chapter 12.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 What images have in common | 6 | 3: the table, the first figure |
| 2 Locality and sharing | 7 | 5: without the indices |
| 3 Two sums, one name | 6 | 4: the two sums, the demo |
| 4 Sizes and weights | 5 | 3: the formula, the deck's network |
| 5 What kernels see | 5 | 4: the demo |
| 6 One matrix product | 4 | |
| 7 The way back | 5 | |
| 8 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"
import inspect
import time

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, conv, data, gradcheck, nn, summary
from plainnet.demos import ConvolutionStepper, KernelPainter, ToeplitzView
from plainnet.demos.convolution_stepper import CROSS, CURVE, FITTING, OTHER, SMALL
from plainnet.demos.digit_reader import digit_reader
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. What images have in common

*6 minutes (estimated), 3 of them in the 20-minute path*

A small grey image has $128 \times 128 = 16{,}384$ pixels. A dense layer of 100 units on it has $1{,}638{,}400$ weights, as a
deck counts. (The decks are slides of older courses, which this course follows and corrects.) For a photograph of a million
pixels, *a layer that keeps the size* would be a matrix of a million by a million.

So leave weights out. Which? One deck names four properties that images have, and lists of numbers in general do not have:

| property | what it means | what uses it |
|---|---|---|
| 1 local correlation | near pixels are alike | each unit reads a small window |
| 2 redundancy | the same patterns return everywhere | all places share one set of weights |
| 3 global correlation | far parts of an image belong together | many layers, so that units see far |
| 4 compositionality | few building blocks make many shapes | layers upon layers, of blocks of blocks |

Let us not believe it, but measure it: on 500 printed digits of 28 × 28 pixels, and on the scanned ones of 8 × 8.
"""

# %% slide="subslide"
rng = np.random.default_rng(0)
printed = data.glyphs(500, rng)[0][..., 0].astype(float)  # (N, 28, 28)
order = rng.permutation(28 * 28)
shuffled = printed.reshape(500, -1)[:, order].reshape(printed.shape)  # the same new order in all images


def correlation(images, distance):
    """Return how alike two pixels of a row are, that lie `distance` columns apart: 1 is equal, 0 is unrelated."""
    return np.corrcoef(images[:, :, :-distance].ravel(), images[:, :, distance:].ravel())[0, 1]


distances = np.arange(1, 13)
alike = {name: [correlation(x, d) for d in distances] for name, x in [("images", printed), ("shuffled", shuffled)]}
print("distance 1, 2, 3: ", ", ".join(f"{r:.2f}" for r in alike["images"][:3]), "in images")
print("distance 1, 2, 3: ", ", ".join(f"{r:.2f}" for r in alike["shuffled"][:3]), "with shuffled pixels")

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.9))
axes.plot(distances, alike["images"], "o-", color=BLUE, label="images")
axes.plot(distances, alike["shuffled"], "s--", color=ORANGE, label="the same pixels, shuffled")
axes.set(xlabel="distance of two pixels in a row (pixels)", ylabel="correlation (no unit)", ylim=(-0.1, 1))
axes.set_title("Property 1: near pixels are alike")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: for pixels of one row, their correlation as a function of their distance from 1 to 12 pixels. In
images (solid, dots) it starts at 0.8 for neighbours, is 0.5 at a distance of 2, and has fallen to about 0.1 at 5. With
the pixels of all images shuffled in the same way (dashed, squares) it is close to 0 at every distance. For a dense layer
these two data sets are the same.
"""

# %% [markdown] slide="subslide"
r"""
### Property 2: the same patterns return

Cut all windows of 5 × 5 pixels out of the *left* half of the images, and find the six patterns that rebuild them best (a
principal component analysis: directions of the largest variance). Then rebuild windows of the *right* half from these.
"""


# %% slide="-"
def windows(images):
    """Return all windows of 5x5 pixels that are not of one colour, as rows (n, 25)."""
    rows = np.lib.stride_tricks.sliding_window_view(images, (5, 5), axis=(1, 2)).reshape(-1, 25)
    return rows[np.ptp(rows, axis=1) > 0]


left, right = windows(printed[:, :, :14]), windows(printed[:, :, 14:])
middle = left.mean(axis=0)
patterns = np.linalg.svd(left - middle, full_matrices=False)[2][:6]  # (6, 25)
for name, part in (("left, where they come from", left), ("right, never looked at", right)):
    rest = (part - middle) - (part - middle) @ patterns.T @ patterns
    print(f"six patterns explain {1 - np.sum(rest**2) / np.sum((part - middle) ** 2):.0%} of the windows {name}")

# %% [markdown] slide="-"
r"""
Six numbers instead of 25, and what was learned on the left serves as well on the right. So weights that were learned at
one place may be used at all places: this is what *sharing* rests on.
"""

# %% [markdown] slide="subslide"
r"""
### Property 3: far parts belong together. Property 4: blocks

Does the *upper* half of a digit say anything about its *lower* half? A linear prediction, tested on digits that it has
not seen. And: how well can images be rebuilt from sixteen blocks of 4 × 4 pixels (found by k-means: each block is the
mean of those nearest to it)?
"""

# %% slide="-"
x = data.digits()[0][..., 0].astype(float)  # (1797, 8, 8), scanned
upper, lower = np.insert(x[:, :4].reshape(-1, 32), 0, 1, axis=1), x[:, 4:].reshape(-1, 32)
w = np.linalg.lstsq(upper[:1200], lower[:1200], rcond=None)[0]
rest = np.sum((lower[1200:] - upper[1200:] @ w) ** 2)
known = 1 - rest / np.sum((lower[1200:] - lower[:1200].mean(axis=0)) ** 2)
print(f"the upper half of a digit explains {known:.0%} of the variance of the lower half")

# %% slide="-"
cells = printed.reshape(-1, 7, 4, 7, 4).transpose(0, 1, 3, 2, 4).reshape(-1, 16)  # (N*49, 4*4)
inked = cells[cells.any(axis=1)]
blocks = inked[rng.choice(len(inked), 16, replace=False)]
for _ in range(15):  # k-means: nearest block, then the mean of those that chose it
    nearest = (np.sum(blocks**2, axis=1) - 2 * inked @ blocks.T).argmin(axis=1)
    blocks = np.stack([inked[nearest == k].mean(axis=0) if np.any(nearest == k) else blocks[k] for k in range(16)])
blocks = np.vstack([np.zeros(16), blocks])  # and the empty one
chosen = blocks[(np.sum(blocks**2, axis=1) - 2 * cells @ blocks.T).argmin(axis=1)]
rebuilt = chosen.reshape(-1, 7, 7, 4, 4).transpose(0, 1, 3, 2, 4).reshape(printed.shape)
print(f"blocks explain {1 - np.sum((printed - rebuilt) ** 2) / np.sum((printed - printed.mean(axis=0)) ** 2):.0%}")

# %% slide="subslide"
figure, panels = plt.subplots(2, 6, figsize=(10, 3.7))
for k in range(6):
    panels[0, k].imshow(printed[k], cmap="gray_r", vmin=0, vmax=1)
    panels[1, k].imshow(rebuilt[k], cmap="gray_r", vmin=0, vmax=1)
for axes in panels.flat:
    axes.set(xticks=[0, 13, 27], yticks=[0, 27])
    axes.tick_params(labelsize=9)
    axes.grid(False)
panels[0, 0].set_ylabel("drawn\n(pixels)", fontsize=12)
panels[1, 0].set_ylabel("rebuilt\n(pixels)", fontsize=12)
figure.suptitle("Property 4: sixteen blocks of 4 × 4 build all digits")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: six printed digits of 28 × 28 pixels in the upper row; below each the same digit, put together
from only sixteen different blocks of 4 × 4 pixels and the empty one. All six can still be read; their edges are rough.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* The table of four properties is the backbone of this and the next chapter; leave it up for a minute.
Ask before the first figure: "I shuffle the pixels of all images, the same way. Does a dense network notice?" (No: it
has no notion of neighbours.) On the short path go from that figure straight to section 2. Properties 3 and 4 are not used
by *one* convolutional layer: say so, or half of the room looks for them.
"""

# %% [markdown] slide="slide"
r"""
## 2. Locality and sharing

*7 minutes (estimated), 5 of them in the 20-minute path*

Five inputs, five outputs, and a weight between each two of them: **25**.

**Locality**: an output may read the input at its own place and its two neighbours, nothing else. All other weights are 0,
for ever. At both ends a neighbour is missing, so **13** are left.

**Sharing**: every output uses the *same* three weights, one for the left neighbour, one for itself, one for the right
one. **3** are left, however long the line of pixels is.

$$ \begin{pmatrix} a_{11} & a_{12} & a_{13} & a_{14} & a_{15} \\ a_{21} & a_{22} & a_{23} & a_{24} & a_{25} \\ a_{31} & a_{32} & a_{33} & a_{34} & a_{35} \\ a_{41} & a_{42} & a_{43} & a_{44} & a_{45} \\ a_{51} & a_{52} & a_{53} & a_{54} & a_{55} \end{pmatrix}
\to
\begin{pmatrix} a_{11} & a_{12} & & & \\ a_{21} & a_{22} & a_{23} & & \\ & a_{32} & a_{33} & a_{34} & \\ & & a_{43} & a_{44} & a_{45} \\ & & & a_{54} & a_{55} \end{pmatrix}
\to
\begin{pmatrix} k_1 & k_2 & & & \\ k_0 & k_1 & k_2 & & \\ & k_0 & k_1 & k_2 & \\ & & k_0 & k_1 & k_2 \\ & & & k_0 & k_1 \end{pmatrix} $$

Still a matrix: linear, with the same backward pass as every dense layer. A matrix whose diagonals are constant is called a
**Toeplitz matrix**.
"""

# %% slide="subslide"
k = np.array([1.0, 2.0, 3.0])
T = sum(weight * np.eye(5, k=a - 1) for a, weight in enumerate(k))  # a diagonal for each entry of the kernel
x = np.array([1.0, 0.0, 0.0, 0.0, 10.0])
print(T)
print(f"{T.size} places, {np.count_nonzero(T)} not 0, {len(k)} weights;  T x = {T @ x}")

# %% [markdown] slide="subslide"
r"""
### Demo: convolution as a matrix

Six pixels now. The demo finds the matrix by sending a single 1 through the library's layer, place by place. **Ask before each
of the two steps**: how many weights are left? Then it multiplies, row by row, and goes back, column by column.
"""

# %% slide="-"
ToeplitzView(n=6)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Two votes (16: three in each of six rows, without the two that hang over; then 3), then
End; the slide's own matrix is the preset "the deck: five pixels". Then preset "an image of 8×8": 4,096 places, nine weights,
in three groups of three diagonals. Ask where the gaps in the diagonals come from (the left neighbour of the first pixel in a
row is not the last pixel of the row above). The number of entries that are not 0 is a question of the exercises: don't count
it here.
"""

# %% [markdown] slide="subslide"
r"""
### In two dimensions, with channels

An image has places $(x, y)$ and **channels** $c$: one for grey, three for red, green and blue, dozens inside of a network. A
dense layer from one image to another has a weight for each pair of numbers, with six indices, as a deck writes:

$$ W_{x_1, x_2, y_1, y_2, c_1, c_2} \;\to\; W_{\Delta x, \Delta y, c_1, c_2} $$

Locality: it is zero unless $|x_1 - x_2| \le h$ and $|y_1 - y_2| \le h$. Sharing: only the differences $\Delta x$, $\Delta y$ count.
**Only places are local and shared.** Over channels the layer stays dense: each output channel reads *all* input channels of
its window. (The deck's letter for $h$ is $k$; here $k = 2h + 1$ is the size of the kernel.)

### What it buys besides weights

If the image moves by a pixel, the map moves by a pixel, and its numbers are the same. This is called **translation
equivariance**. Sharing makes it (up to the border; with stride $s$, for moves by multiples of $s$). A dense layer has it only
if its weights happen to be shared:
"""

# %% slide="-"
rng = np.random.default_rng(1)
image = np.zeros((1, 12, 12, 1))
image[0, 3:8, 3:8, 0] = rng.random((5, 5))
w = rng.normal(size=(3, 3, 1, 4))
y, moved = (plainnet.conv2d(one, w, np.zeros(4)).data for one in (image, np.roll(image, 1, axis=2)))
print("map of the moved image = moved map:", np.allclose(moved[:, :, 1:], y[:, :, :-1]))
dense = rng.normal(size=(144, 144))
y, moved = (one.reshape(144) @ dense for one in (image, np.roll(image, 1, axis=2)))
print("the same for a dense layer:        ", np.allclose(moved.reshape(12, 12)[:, 1:], y.reshape(12, 12)[:, :-1]))

# %% [markdown] slide="slide"
r"""
## 3. Two sums, one name

*6 minutes (estimated), 4 of them in the 20-minute path*

Lay the kernel on the image, multiply what lies on top of each other, add up: the **cross-correlation**.

$$ y_{ij} = \sum_{p} \sum_{q} x_{i + p,\; j + q} \; w_{pq} $$

A deck defines the **convolution** of mathematics, for a signal in time: $(w * x)[t] = \sum_a w[a] \, x[t - a]$, with a
**minus**. In two dimensions, with all indices counted from the window's corner, it is the same sum with the kernel turned by
180 degrees:

$$ y_{ij} = \sum_{p} \sum_{q} x_{i + p,\; j + q} \; w_{k - 1 - p,\; k - 1 - q} $$

Mathematics wants the minus, since then $w * x = x * w$, and $(v * w) * x = v * (w * x)$. A network doesn't need either, and
its kernel is learned: if the turned one is better, it learns the turned one. So **PyTorch, TensorFlow and their like
compute the cross-correlation, and call it convolution** (an older library, Theano, did turn the kernel). plainnet as well (how
`unfold` and one product do it is section 6; read it with `m = 1`, one window at a time):
"""

# %% slide="subslide"
code_of(conv.conv2d.forward, docstring=False)

# %% [markdown] slide="subslide"
r"""
### A number that tells the two apart

A deck shows a piece of an image (7 × 7) and a kernel that looks for a curve; it multiplies and adds.
"""


# %% slide="-"
def correlate(x, w):
    """Return the library's cross-correlation of an image (H, W) with a square kernel, as a matrix."""
    return plainnet.conv2d(x[None, :, :, None] * 1.0, w[:, :, None, None] * 1.0, np.zeros(1)).data[0, :, :, 0]


half_turn = CURVE[::-1, ::-1]
print("the curve on its detector: ", correlate(FITTING, CURVE).item())
print("the kernel turned by 180°: ", correlate(FITTING, half_turn).item())
print("another piece of the image:", correlate(OTHER, CURVE).item())
print("the deck's printed sum:    ", 5 * 50 * 30 + 20 * 30)
print("products of 50·30 in it:   ", np.sum(FITTING * CURVE == 50 * 30))

# %% [markdown] slide="-"
r"""
- **6600** is the cross-correlation, and what the deck says.
- **3600** would be the convolution.
- **Correction**: the sum that the deck prints has five times $50 \cdot 30$ and once $20 \cdot 30$, and that is **8100**. Only
  *four* pixels of 50 lie under an entry of 30. The result on the slide is right, the sum in front of it has one term too
  many.
"""

# %% [markdown] slide="subslide"
r"""
### One that doesn't

A second example of the same deck, a 5 × 5 image with a cross, can't tell the two apart:
"""

# %% slide="-"
print(correlate(SMALL, CROSS))
print("the same with the kernel turned:", np.array_equal(correlate(SMALL, CROSS), correlate(SMALL, CROSS[::-1, ::-1])))

# %% [markdown] slide="subslide"
r"""
### Demo: a kernel on its way

Step through the windows: pixels, products, their sum, the map. **Ask at the first stop**: what is the first number?
"""

# %% slide="-"
ConvolutionStepper()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Question (4), then a few steps by hand. Preset "Curve meets its detector" (6600), then
"The same, kernel turned" (3600). Ask which of the two a library computes. Then stride and padding, which lead to
section 4: "8×8, stride 3": what happens to the last two columns?
"""

# %% [markdown] slide="slide"
r"""
## 4. Sizes and weights

*5 minutes (estimated), 3 of them in the 20-minute path*

**Stride**: the kernel steps $s$ pixels at a time; the map shrinks by the factor $s$. **Padding**: $p$ rows and columns of zeros
on each side; with $p = (k - 1)/2$ and stride 1 the size stays. For height and width, each by itself:

$$ \left\lfloor \frac{\text{size} + 2p - k}{s} \right\rfloor + 1 $$

**Correction**: the deck leaves the rounding out. A kernel of 3 with stride 2 on 8 pixels then has $3.5$ places. There are 3: a
window that would reach beyond the border is left out, and the last column is never seen.
"""

# %% slide="-"
code_of(conv.output_size)

# %% slide="-"
print("size  kernel  stride  padding   (size + 2p - k) / s + 1   the library's map")
for size, k, s, p in [(28, 5, 1, 2), (7, 3, 1, 0), (7, 3, 2, 0), (8, 3, 2, 0), (8, 3, 3, 0), (224, 11, 4, 2)]:
    y = plainnet.conv2d(np.zeros((1, size, size, 1)), np.zeros((k, k, 1, 1)), np.zeros(1), stride=s, padding=p)
    print(f"{size:4}  {k:6}  {s:6}  {p:7}   {(size + 2 * p - k) / s + 1:23.2f}   {y.shape[1]} by {y.shape[2]}")

# %% [markdown] slide="subslide"
r"""
### How many weights?

A kernel has $k \cdot k \cdot C$ weights and a bias, with $C$ the channels that it reads; $F$ kernels give $F$ maps:

$$ F \cdot (k \cdot k \cdot C + 1) $$

The size of the image is not in it. Three decks, three counts:

- *64 kernels of 3 × 3: "N · z² = 576"*. **Correction**: only for one input channel, without biases. On a colour image there
  are $64 \cdot (27 + 1) = 1{,}792$.
- *"weights = f · f · C + 1"*: right, for one kernel.
- *the network below: "5·5·9 + 5·5·16 + 7·7·16·10 = 225 + 3600 + 7840 = 11,665"*. **Correction**: the sum is right, the formula
  isn't. Its middle term is $400$; the sixteen kernels read **nine** channels each, $5 \cdot 5 \cdot 9 \cdot 16 = 3600$. With 400 the
  total would be 8,465.
"""

# %% slide="-"
rng = np.random.default_rng(0)
grey, colour = nn.Conv2d(1, 64, 3, rng), nn.Conv2d(3, 64, 3, rng)
weights, biases = colour.w.data.size, colour.b.data.size
print(f"grey: {grey.w.data.size} weights;  colour: {weights:,}, with biases {weights + biases:,}")

# %% slide="subslide"
deck = nn.Sequential(
    nn.Conv2d(1, 9, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Conv2d(9, 16, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(7 * 7 * 16, 10, rng),
)  # fmt: skip
print(summary(deck, (28, 28, 1)))
weights = sum(parameter.data.size for parameter in deck.parameters() if parameter.ndim > 1)
print(f"without biases: {weights:,};  the deck's formula: {5 * 5 * 9 + 5 * 5 * 16 + 7 * 7 * 16 * 10:,}")

# %% [markdown] slide="subslide"
r"""
### Fewer weights, not less work

The deck compares it with a dense network, 784-225-144-10.
"""

# %% slide="-"
x, signals, products = np.zeros((1, 28, 28, 1)), [28 * 28], []
for layer in deck.layers:
    x = layer(x)
    if isinstance(layer, nn.Conv2d | nn.Linear):
        signals.append(x.data.size)
        products.append(x.data.size * layer.w.data[..., 0].size)  # each number of a map is a sum of k*k*C products
dense = [n * m for n, m in [(784, 225), (225, 144), (144, 10)]]
print(f"dense:         signals 784, 225, 144; weights {dense} = {sum(dense):,}; products as many")
print(f"convolutional: signals {signals[:3]}; weights {weights:,}; products {products} = {sum(products):,}")
print(f"{sum(dense) / weights:.1f} times fewer weights, {sum(products) / sum(dense):.1f} times more products")

# %% [markdown] slide="-"
r"""
In the first layer both multiply 176,400 times: the dense one with 176,400 weights, the convolutional one with 225, each of
them at 784 places. **Sharing saves weights, not work.**
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Put the deck's formula 5·5·9 + 5·5·16 + 7·7·16·10 on the board and ask for its value before you show
anything: someone always adds it up, and gets 8,465. Then ask what a kernel of the second layer reads. Point at the summary:
relu and pooling have no parameters, and no line depends on 28 but the last.
"""

# %% [markdown] slide="slide"
r"""
## 5. What kernels see

*5 minutes (estimated), 4 of them in the 20-minute path*

Before kernels were learned, people wrote them. Three rules help to read one:

- **The sum of its entries is what it says about an even area of ones.** Sum 0: it sees changes only. Sum 1: it keeps the
  brightness.
- **It answers most to what looks like itself**: among all windows with the same sum of squares, its own pattern gives the
  largest number (a scalar product is largest for parallel vectors).
- **A negative answer is one, too**: the opposite pattern. A ReLU behind the layer keeps the positive ones; for the opposite
  pattern another kernel is needed.

Two kernels in a row see $3 + 2 = 5$ pixels wide, $n$ layers of 3 × 3 at stride 1 see $2n + 1$. This is how far parts come together
(property 3), and how edges become corners, and corners shapes (property 4). What a unit sees is its **receptive field**.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: kernel painter

Nine numbers, a picture, a map. **Ask first**: what does this kernel answer on even ink? With a running Python you can draw
into the picture, and type other numbers into the kernel.
"""

# %% slide="-"
KernelPainter()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Three minutes; the best part of the lecture if the room may call out numbers. Vote (0), step to the map,
then "a 3, mean of nine pixels" (1). Then draw something, and let the room design a kernel for level edges. A deck shows
the kernel of the presets "… the deck's kernel" without a word; what it finds is a question of the exercises, so let the room
guess and don't confirm.
"""

# %% [markdown] slide="subslide"
r"""
### Kernels that were learned

Nobody writes kernels any more. These sixteen come from the small network that reads drawn digits in the demos of the next
chapter: its first layer, trained on 8 × 8 digits.
"""

# %% slide="-"
kernels = digit_reader().layers[0].w.data[:, :, 0]  # (3, 3, F)
figure, panels = plt.subplots(2, 8, figsize=(10, 2.5))
limit = np.abs(kernels).max()
for f, axes in enumerate(panels.flat):
    picture = axes.imshow(kernels[:, :, f], cmap="PuOr_r", vmin=-limit, vmax=limit)
    axes.set(xticks=[], yticks=[])
    axes.set_title(f"{round(float(kernels[:, :, f].sum()), 1) + 0.0:+}".replace("-", "−"), fontsize=12)
figure.colorbar(picture, ax=panels, label="weight (no unit)")
figure.suptitle("Sixteen learned kernels of 3 × 3 (rows and columns in pixels); above each its sum")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: sixteen squares of 3 × 3 weights, orange for positive, violet for negative ones, with the sum of
each above it, from −1.2 to +3.4. Most have an orange and a violet side: edges, in several directions. One is orange nearly
everywhere: it measures ink. None was written by anybody.
"""

# %% [markdown] slide="subslide"
r"""
The idea came from biology: D. Hubel and T. Wiesel (1962) found cells in the cat's visual cortex that answer to a bar of
one direction at one place, and cells behind them that answer to it at several places. K. Fukushima built a network after
them in 1980, the *Neocognitron*; Y. LeCun and others trained such a network by backpropagation in 1989, to read postal codes.
"""

# %% [markdown] slide="slide"
r"""
## 6. One matrix product

*4 minutes (estimated)*

Loops over windows are slow in Python, and matrix products are what computers are best at. So copy every window into a row:
**im2col**. Then one product with the kernels, written as columns, is the whole layer:

$$ \underbrace{X_{\text{col}}}_{(N \cdot OH \cdot OW,\; k \cdot k \cdot C)} \; \underbrace{W}_{(k \cdot k \cdot C,\; F)} = \underbrace{Y}_{(N \cdot OH \cdot OW,\; F)} $$

In `conv2d` above: `unfold` yields the rows, `kernels` holds the columns, `np.matmul` is the layer. The price is memory: with
stride 1 each pixel is copied into up to $k^2$ rows. (plainnet therefore unfolds a few images at a time; and where channels are
few it takes `m` neighbouring windows as one wide row, with `m` copies of the kernels abreast.)
"""

# %% slide="-"
rng = np.random.default_rng(0)
x, w, b = rng.normal(size=(4, 28, 28, 9)), rng.normal(size=(5, 5, 9, 16)), np.zeros(16)
start = time.perf_counter()
y = np.zeros((4, 24, 24, 16))
for n, i, j, f in np.ndindex(y.shape):
    y[n, i, j, f] = np.sum(x[n, i : i + 5, j : j + 5] * w[..., f])
loops, start = time.perf_counter() - start, time.perf_counter()
rows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(1, 2)).transpose(0, 1, 2, 4, 5, 3).reshape(-1, 225)
product = rows @ w.reshape(-1, 16)
once = time.perf_counter() - start
print(
    f"loops {1000 * loops:.0f} ms, unfold and one product {1000 * once:.1f} ms; equal: {np.allclose(product.reshape(y.shape), y)}"
)
print(f"the rows hold {rows.size / x.size:.1f} times as many numbers as the images")

# %% [markdown] slide="subslide"
r"""
### And back: the adjoint

`im2col` only copies, so it is linear: a matrix $A$ of zeros and ones. What comes back through it is multiplied by $A^T$: each
number *returns to the pixel it was copied from*, and where several return to one pixel they are **added**. That is `col2im`.

It is not the inverse: fold back what you have unfolded, and a pixel in the middle has been added up as often as it was
copied. How to test it without the matrix: for all $x$ and $g$ the two sums agree,

$$ \langle A x,\; g \rangle = \langle x,\; A^T g \rangle $$

This is called the **adjoint test**. With two random arrays it finds every slip of one of the two functions, in the order, the
border or the stride. What it cannot see is a slip that both make alike.
"""


# %% slide="-"
def fold_back(g, shape, k):
    """Return im2col's adjoint for stride 1 without padding: add each entry to the pixel that it was copied from."""
    N, H, W, C = shape
    parts, pixels = g.reshape(N, H - k + 1, W - k + 1, k, k, C), np.zeros(shape)
    for p, q in np.ndindex(k, k):
        pixels[:, p : p + H - k + 1, q : q + W - k + 1] += parts[:, :, :, p, q]
    return pixels


g = rng.normal(size=rows.shape)
print(f"<im2col(x), g> = {np.sum(rows * g):.6f}    <x, col2im(g)> = {np.sum(x * fold_back(g, x.shape, 5)):.6f}")
copies = fold_back(np.ones_like(rows), x.shape, 5)[0, 14, :, 0] / 5  # along a row in the middle
print("how often each pixel of a row is copied, the first ten:", copies[:10].astype(int))

# %% [markdown] slide="notes"
r"""
*For the presenter.* Draw a pixel in the middle and the 25 windows that hold it; "how often is it copied?" leads to the last
line of the output: 1, 2, 3, 4, 5, 5, … along a row, and to the question what has to happen on the way back.
"""

# %% [markdown] slide="slide"
r"""
## 7. The way back

*5 minutes (estimated)*

Nothing new is needed: what was used several times receives the sum of what comes back. With $g = \partial L / \partial y$, and
the image already padded,

$$ \frac{\partial L}{\partial w_{pqcf}} = \sum_{n, i, j} x_{n,\, i s + p,\, j s + q,\, c} \; g_{nijf} \qquad
   \frac{\partial L}{\partial b_f} = \sum_{n, i, j} g_{nijf} $$

and the window $(i, j)$ gives $\sum_f w_{pqcf}\, g_{nijf}$ to its pixel $(p, q)$; what a pixel receives from several windows adds up.

- **Kernels**: slide the *gradient* over the image. A cross-correlation of `x` with `g`.
- **Biases**: a bias was added everywhere. Sum over samples *and* places.
- **Images**: slide the **turned** kernel over the gradient with a border: a true convolution, at last. (With stride $s$ the
  numbers of the gradient are first spread $s$ apart, with zeros between.) In the matrix of section 2: $T^T g$, and the rows of
  $T^T$ hold the kernel in the opposite order. As a layer of its own this is called a *transposed convolution*.
"""

# %% [markdown] slide="subslide"
r"""
As lines of plainnet, for kernels (unfold again, and one product; the `m` copies of a kernel are shared weights, too, and are
summed) and biases:
"""

# %% slide="-"
code_of(conv.conv2d.rules[1])

# %% slide="-"
print(inspect.getsource(conv.conv2d.rules[2]).strip())
print("\nsum_per_channel(g) is the sum over samples, rows and columns:")
g = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
print(np.allclose(plainnet.channels.sum_per_channel(g), g.sum(axis=(0, 1, 2))))

# %% [markdown] slide="subslide"
r"""
For images it is the longest rule of the library. It unfolds the *gradient*, along rows only, multiplies with a kernel that is
turned along the row, and then adds what each row of windows gives to $k$ rows of pixels:
"""

# %% slide="-"
code_of(conv.conv2d.rules[0])

# %% [markdown] slide="subslide"
r"""
### By hand, and checked

A 3 × 3 image, a 2 × 2 kernel whose four entries can be told apart in any sum, and a gradient with two entries:
"""

# %% slide="-"
x = Tensor(np.arange(1.0, 10.0).reshape(1, 3, 3, 1), requires_grad=True)
w = Tensor(np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1), requires_grad=True)
b = Tensor(np.zeros(1), requires_grad=True)
y = plainnet.conv2d(x, w, b)
y.backward(np.array([[1.0, 0.0], [0.0, 2.0]]).reshape(1, 2, 2, 1))
print("y\n", y.data[0, :, :, 0].astype(int))
print("dL/dw (first entry: 1·1 + 2·5)\n", w.grad[:, :, 0, 0].astype(int))
print("dL/dx (the middle lay in all four windows: 1·1000 + 2·1)\n", x.grad[0, :, :, 0].astype(int))
print("dL/db", b.grad.astype(int))

# %% slide="subslide"
rng = np.random.default_rng(0)
for stride, padding in [(1, 0), (2, 0), (2, 1)]:
    shapes = [(2, 6, 7, 3), (3, 3, 3, 4), (4,)]
    layer = lambda x, w, b: plainnet.conv2d(x, w, b, stride=stride, padding=padding)  # noqa: E731, B023
    gradcheck.check(layer, *[rng.normal(size=shape) for shape in shapes], rng=rng)
    print(f"stride {stride}, padding {padding}: all three gradients agree with finite differences")

# %% [markdown] slide="-"
r"""
`gradcheck` draws a random gradient `g`. With `g` all ones, as in `y.sum().backward()`, some slips can't be seen: at stride 1,
away from the border, a pixel then receives the plain sum of the kernel's entries, in whatever order you pair them up.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* If time is short, say one sentence: "shared forward means summed backward", and show the worked
numbers. The number 1002 in the middle is worth a question: which two windows have sent it?
"""

# %% [markdown] slide="slide"
r"""
## 8. Summary

*1 minute (estimated), in the 20-minute path*

- Images: near pixels are alike (so: small windows), the same patterns return everywhere (so: shared weights), far parts
  belong together and few blocks build many shapes (so: many layers).
- 25, 13, 3: a convolutional layer is a dense one with most weights at 0 and the others equal.
- Libraries compute the **cross-correlation** (6600), not the convolution (3600).
- Size: $\lfloor (\text{size} + 2p - k)/s \rfloor + 1$. Weights: $F (k \cdot k \cdot C + 1)$, with all input channels, for any image size.
- Forward: unfold, one matrix product. Backward: shared forward means **summed** backward; `col2im` is the adjoint of
  `im2col`, not its inverse.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| the curve: five times 50·30 and once 20·30 = 6600 | the result is right; that sum is 8100: one term too many |
| size: (size + 2p − k)/s + 1 | rounded down |
| N · z² = 576 weights | for one input channel without biases; 1,792 for a colour image with them |
| 5·5·9 + 5·5·16 + 7·7·16·10 = 11,665 | the sum is right with 5·5·9·16 in the middle; as written it is 8,465 |
| "convolution", of what libraries compute | it is the cross-correlation; the definition with a minus turns the kernel |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| kernel (filter) | the small array of weights that slides over an image |
| window | the part of the image under the kernel |
| feature map | what a kernel gives: one number for each place |
| channel | one of several numbers at each place: a colour, or a map of the layer before |
| locality, sharing | a unit reads a window only; all places use the same weights |
| cross-correlation, convolution | the sum of products with the kernel as it is; with the kernel turned by 180 degrees |
| stride, padding | the step of the kernel; the border of zeros |
| Toeplitz matrix | a matrix with constant diagonals |
| translation equivariance | the input moves, and the output moves with it |
| receptive field | the part of the image that a unit sees |
| im2col, col2im | windows as rows of a matrix; the adjoint of that |
| adjoint | the transposed map: $\langle A x, g \rangle = \langle x, A^T g \rangle$ |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- D. H. Hubel, T. N. Wiesel, *Receptive fields, binocular interaction and functional architecture in the cat's visual
  cortex*, The Journal of Physiology 160(1), 106–154, 1962. doi:10.1113/jphysiol.1962.sp006837
- K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by
  shift in position*, Biological Cybernetics 36, 193–202, 1980. doi:10.1007/BF00344251
- A. Waibel, T. Hanazawa, G. Hinton, K. Shikano, K. J. Lang, *Phoneme recognition using time-delay neural networks*, IEEE
  Transactions on Acoustics, Speech, and Signal Processing 37(3), 328–339, 1989. Convolution along time. doi:10.1109/29.21701
- Y. LeCun, B. Boser, J. S. Denker, D. Henderson, R. E. Howard, W. Hubbard, L. D. Jackel, *Backpropagation applied to
  handwritten zip code recognition*, Neural Computation 1(4), 541–551, 1989. doi:10.1162/neco.1989.1.4.541
- Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the
  IEEE 86(11), 2278–2324, 1998. doi:10.1109/5.726791
- K. Chellapilla, S. Puri, P. Simard, *High performance convolutional neural networks for document processing*, Tenth
  International Workshop on Frontiers in Handwriting Recognition, 2006. Unfolding into a matrix product.
- V. Dumoulin, F. Visin, *A guide to convolution arithmetic for deep learning*, 2016. Sizes, strides and paddings, with
  pictures. arXiv:1603.07285

**Next**: the exercises of this chapter. You write all of this for arrays, forward and backward, in 105 minutes (estimated).
Then chapter 12 puts layers together to a network that reads digits.
"""
