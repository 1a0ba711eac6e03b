# %% [markdown] slide="slide"
r"""
# Chapter 12: Pooling and a first CNN

A convolution finds a feature wherever it is, and tells where. Pooling forgets where, a little. Put a few of both in a row
and a dense layer at the end, and you have the network that has read cheques and postal codes since the 1990s. This
chapter builds one, trains it in a fraction of a second, and measures what pooling buys: less than the decks say (slides of older courses, which this course follows and corrects).
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. pool a map by hand, with the largest value and the mean, and give its size;
2. say who receives the gradient of a pooled number, also where several pixels are equally large;
3. put a convolutional network together, and count its signals, weights and multiplications;
4. train it, and check its gradients;
5. tell equivariance from invariance, and measure how much of either a network has.

**Before you start**: chapter 11 (windows, stride, padding, maps, channels last); chapter 3 (softmax, cross-entropy); chapter 4
(dense layers and their gradients). Adam, the optimiser used here, is chapter 6's.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 Keep the largest | 6 | 4: the slide's matrix, the demo |
| 2 Who receives the gradient? | 5 | 3: the tie |
| 3 A whole network | 6 | 3: the summary, the table of counts |
| 4 Training it | 5 | 3: the training alone |
| 5 Looking inside | 4 | 2: the demo |
| 6 One pixel to the right | 8 | 4: the table, the demo |
| 7 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"
import time

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, augment, conv, data, gradcheck, losses, nn, optim, summary
from plainnet.demos import FeatureMaps, PoolingStepper, ShiftBars
from plainnet.demos.pooling_stepper import LATER_SLIDE, LECTURE
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. Keep the largest

*6 minutes (estimated), 4 of them in the 20-minute path*

A map holds a number for each place: how much of a feature is there. **Pooling** replaces each window of it by one number.
**Max pooling** keeps the largest, **average pooling** the mean, for each channel by itself:

$$ y_{n i j c} = \max_{p, q} \; x_{n,\, i s + p,\, j s + q,\, c} \qquad \text{or} \qquad
   y_{n i j c} = \frac{1}{k^2} \sum_{p, q} x_{n,\, i s + p,\, j s + q,\, c} $$

with windows of $k \times k$ and the stride $s$, usually 2 and 2, sometimes 3 and 2. The size is that of chapter 11,
$\lfloor (\text{size} + 2 \cdot \text{padding} - k)/s \rfloor + 1$, rounded down. There are **no weights** in it.
"""


# %% slide="subslide"
def pooled(x, pool, **options):
    """Return an image (H, W), pooled by the library, as a matrix."""
    return pool(x[None, :, :, None] * 1.0, kernel_size=2, **options).data[0, :, :, 0]


print(LECTURE)
print("largest of each 2 × 2:\n", pooled(LECTURE, plainnet.max_pool2d))
print("mean of each 2 × 2:\n", pooled(LECTURE, plainnet.avg_pool2d))
print("with the third row of a later slide:\n", pooled(LATER_SLIDE, plainnet.max_pool2d))

# %% [markdown] slide="subslide"
r"""
The slide's image is an X of nines, and so is the result. **A slip of the deck**: two slides later the third row ends with
1, 1 instead of 2, 3, and the number on the right of the middle row becomes 1. Both results are right, for their own matrix.

Both kinds in plainnet, a loop over the $k^2$ places in a window, never over windows:
"""

# %% slide="-"
code_of(conv.max_pool2d.forward, docstring=False)

# %% slide="-"
code_of(conv.avg_pool2d.forward, docstring=False)

# %% [markdown] slide="subslide"
r"""
### Padding with what?

With padding a window reaches over the border. A convolution fills with zeros. For the largest value this would be wrong as
soon as a whole window is negative: the border would win. So max pooling fills with $-\infty$. (`fill` in the code above.)
plainnet's average counts padding as zeros, as PyTorch's does unless told otherwise, so its means are nearer to 0 at the border.
"""

# %% slide="-"
negative = np.array([[-5, -3], [-2, -7]])
print(pooled(negative, plainnet.max_pool2d, stride=1, padding=1))

# %% [markdown] slide="subslide"
r"""
### Demo: pooling

Step through the nine windows. **Ask before each**: what stays? Then the gradient goes back: **ask** who receives it, where
several pixels are equally large.
"""

# %% slide="-"
PoolingStepper()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Three minutes. Let the room call out the first three windows, then play. Stop at the question: "each,
whole" gets the most hands; it is the commonest mistake in the exercises as well. Don't answer why one suffices
before section 2. Then preset "The lecture's image, one pixel to the right": the pooled map is another one. Leave that
standing: it is the point of section 6.
"""

# %% [markdown] slide="slide"
r"""
## 2. Who receives the gradient?

*5 minutes (estimated), 3 of them in the 20-minute path*

**Max**: $y$ is a copy of one pixel. So its gradient goes to that pixel, and the others receive nothing: a small change of
theirs would not have changed $y$. (Small enough not to overtake.)

**Mean**: every pixel took part with the weight $1/k^2$, and receives $g / k^2$.

**Overlap**: with a stride smaller than the window, a pixel can be in several windows. What comes back from them is added, as
always when something was used several times.

**Ties**: where two pixels are the largest, there is no derivative, as for ReLU at 0. A program has to choose. Giving $g$ to
both would be wrong in any case: move both up by $\varepsilon$ and $y$ rises by $\varepsilon$, not by $2 \varepsilon$. plainnet and
PyTorch give all of it to the first in reading order.
"""

# %% slide="subslide"
for name, pool in {"max": plainnet.max_pool2d, "mean": plainnet.avg_pool2d}.items():
    x = Tensor(LECTURE[None, :, :, None] * 1.0, requires_grad=True)
    y = pool(x, kernel_size=2)
    y.backward(np.ones(y.shape))
    print(f"{name}: sent 9, arrived {x.grad.sum():.0f}\n{x.grad[0, :, :, 0]}")
windows = [LECTURE[i : i + 2, j : j + 2] for i in (0, 2, 4) for j in (0, 2, 4)]
ties = sum(int(np.sum(window == window.max())) for window in windows)
print(f"given to every tied pixel, {ties} would arrive")

# %% [markdown] slide="subslide"
r"""
In plainnet the way forward notes in `place` where in its window the largest pixel stands, of several the first. The way
back gives the gradient to that place alone:
"""

# %% slide="-"
code_of(conv.max_pool2d.joint_rule)

# %% slide="-"
code_of(conv.avg_pool2d.rules[0])

# %% [markdown] slide="notes"
r"""
*For the presenter.* The ε-argument fits on one line of the board, and settles the vote from the demo. Ties are not exotic:
after a ReLU whole windows are 0. (No harm there: ReLU's slope at 0 is 0, so what pooling sends back is stopped.)
"""

# %% [markdown] slide="slide"
r"""
## 3. A whole network

*6 minutes (estimated), 3 of them in the 20-minute path*

Convolution, ReLU, pooling; the same again, with more channels on fewer places; then all numbers in one row (**flatten**) and a
dense layer to ten logits. One deck counts such a network for 28 × 28 digits:
"""

# %% slide="-"
rng = np.random.default_rng(0)
deck = nn.Sequential(
    nn.Conv2d(1, 9, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Conv2d(9, 16, 5, rng, padding=2), plainnet.relu, nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(7 * 7 * 16, 10, rng),
)  # fmt: skip
print(summary(deck, (28, 28, 1)))

# %% [markdown] slide="-"
r"""
and compares it with a dense one, 784-225-144-10. **Signals** are the numbers that a layer gives; they must be kept for the way
back. Weights without biases. The last row is not in the deck: how many products of a weight and a number are computed.
"""

# %% slide="subslide"
signals = {"convolutional": [28 * 28, 28 * 28 * 9, 14 * 14 * 16], "dense": [784, 225, 144]}
weights = {"convolutional": [5 * 5 * 9, 5 * 5 * 9 * 16, 7 * 7 * 16 * 10], "dense": [784 * 225, 225 * 144, 144 * 10]}
products = {"convolutional": [7056 * 25, 3136 * 225, 7840], "dense": weights["dense"]}
for name in signals:
    print(f"{name:14} signals {signals[name]}")
    print(f"{'':14} weights {weights[name]} = {sum(weights[name]):,}")
    print(f"{'':14} products {products[name]} = {sum(products[name]):,}")
print(f"without pooling, the dense layer alone: {28 * 28 * 16 * 10:,} weights")
print(f"the deck's formula, as it is written: {5 * 5 * 9 + 5 * 5 * 16 + 7 * 7 * 16 * 10:,}")

# %% [markdown] slide="-"
r"""
784, 7,056, 3,136 signals and **11,665** weights against 784, 225, 144 and **210,240**: *more signals but less parameters*, as the
deck says. (Its total is right, its formula isn't: 5·5·9 + 5·5·**16** + … forgets that a kernel of the second layer reads nine
channels.) It does not say that there are four times as many products: **sharing saves weights, not work.**

A deck lists among the benefits of pooling that it *reduces the number of parameters*. Precisely: pooling has none, and changes
none of the convolutions'. It is the dense layer behind it that shrinks, here from 125,440 weights to 7,840.
"""

# %% [markdown] slide="subslide"
r"""
### What the next kernel sees

Another benefit on that list, *simplifies discovery of global patterns*, is the one that lasts. Behind a pooling layer
neighbours are two pixels apart, so that the same 5 × 5 weights look at more of the image (the **receptive field** of chapter
11). How much, the gradient tells: send a 1 back from one number, and see how wide it spreads.
"""


# %% slide="-"
def sees(*layers):
    """Return how many pixels wide the part of a 28 x 28 image is that one number of the last map depends on."""
    x = y = Tensor(np.zeros((1, 28, 28, 1)), requires_grad=True)
    for layer in layers:
        y = layer(y)
    g = np.zeros(y.shape)
    g[0, y.shape[1] // 2, y.shape[2] // 2, 0] = 1
    y.backward(g)
    return int(np.ptp(np.nonzero(x.grad)[2])) + 1


def kernels(channels):
    return nn.Conv2d(channels, 9, 5, rng, padding=2)


print("two layers of 5 × 5:     ", sees(kernels(1), kernels(9)), "pixels wide")
print("with pooling in between: ", sees(kernels(1), nn.AvgPool2d(2), kernels(9)), "pixels wide")

# %% [markdown] slide="subslide"
r"""
### Flatten, in which order?

`x.reshape(N, -1)` puts the rows of an image behind each other, in each row the columns, at each place the channels: plainnet
and TensorFlow keep the **channel last**. PyTorch keeps it first, and flattens in that order. Neither is better; but weights
of a dense layer that were trained behind the one make no sense behind the other:
"""

# %% slide="-"
x = np.arange(1, 9).reshape(1, 2, 2, 2)  # (N, H, W, C)
print("channel last: ", nn.Flatten()(Tensor(x * 1.0)).data[0].astype(int))
print("channel first:", x.transpose(0, 3, 1, 2).reshape(1, -1)[0])

# %% [markdown] slide="-"
r"""
**History.** K. Fukushima's Neocognitron (1980) alternates layers that find features with layers that tolerate their shift.
Y. LeCun's networks (1989, LeNet-5 1998) learn the weights by backpropagation. A deck draws LeNet as convolution, sigmoid,
pooling, and so on; its pooling was an average times a learned weight plus a learned bias, and then a scaled tanh. Max
pooling became the rule around 2010; D. Scherer and others (2010) compared them, Y.-L. Boureau and others (2010) asked why.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Write the deck's three signals on the board and let the room multiply. Then ask: "Which of the two networks
is faster?" Most say the convolutional one, since it is smaller. 889,840 against 210,240 settles it.
"""

# %% [markdown] slide="slide"
r"""
## 4. Training it

*5 minutes (estimated), 3 of them in the 20-minute path*

The scanned digits of 8 × 8 are small enough for the smallest network of this kind: 16 kernels, one pooling layer. 1,200
digits to learn, 597 to test.
"""

# %% slide="-"
x, t = data.digits()
order = np.random.default_rng(0).permutation(len(x))
x, t, x_held, t_held = x[order[:1200]], t[order[:1200]], x[order[1200:]], t[order[1200:]]


def dense(rng):
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 64, rng), plainnet.relu, nn.Linear(64, 10, rng))


def one_pooling(rng):
    layers = [nn.Conv2d(1, 16, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * 4 * 16, 10, rng))


# %% slide="subslide"
def two_poolings(rng):
    """Return a network whose second pooling window is the whole map: one number a channel is left."""
    first = [nn.Conv2d(1, 12, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(2)]
    second = [nn.Conv2d(12, 24, 3, rng, padding=1), plainnet.relu, nn.MaxPool2d(4)]
    return nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(24, 10, rng))


def train(build, lr, num_epochs, seed=0, **options):
    """Return a network of `build`, trained on the 1,200 digits."""
    rng = np.random.default_rng(seed)
    model = build(rng)
    options |= {"loss": losses.cross_entropy, "optimizer": optim.Adam(model.parameters(), lr=lr), "rng": rng}
    plainnet.fit(model, x, t, num_epochs=num_epochs, progress=False, **options)
    return model


# %% slide="subslide"
def accuracy(model, images):
    """Return the share of the 597 unseen digits that a network reads in these images of them."""
    return np.mean(plainnet.predict(model, images).argmax(axis=1) == t_held)


networks = {}
for name, build, lr, epochs in [
    ("dense", dense, 0.003, 20),
    ("one pooling", one_pooling, 0.005, 8),
    ("two poolings", two_poolings, 0.005, 10),
]:
    start = time.process_time()
    networks[name] = train(build, lr, epochs)
    seconds, size = time.process_time() - start, sum(p.data.size for p in networks[name].parameters())
    print(f"{name:12} {size:5,} parameters, {seconds:.1f} s, {accuracy(networks[name], x_held):.1%} of unseen digits")

# %% [markdown] slide="-"
r"""
All three read 96 to 98 % of digits that they have not seen, each after less than a second of training (of one core that does
nothing else). **On digits that are
always in the middle, a dense network is as good.** So why bother? Section 6.
"""

# %% [markdown] slide="subslide"
r"""
### Check the gradients

A new network deserves a gradient check before it is trained: float64, a few images, and finite differences with respect to each
of its parameters, along a random direction.
"""

# %% slide="-"
rng = np.random.default_rng(0)
images, classes = rng.normal(size=(4, 8, 8, 1)), np.array([3, 1, 4, 1])


def loss(w1, b1, w2, b2):
    maps = plainnet.relu(plainnet.conv2d(images, w1, b1, padding=1))
    z = plainnet.linear(plainnet.max_pool2d(maps, kernel_size=2).reshape(4, -1), w2, b2)
    return plainnet.softmax_cross_entropy(z, labels=classes)


gradcheck.check(loss, *[rng.normal(size=shape) for shape in [(3, 3, 1, 2), (2,), (32, 10), (10,)]], rng=rng)
print("all four gradients agree with finite differences")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Run the training live, it takes no time. The check is fair because nothing in it stands on a kink. With
digits, whose paper is exactly 0, and biases of 0, as they are when training begins, whole maps would be exactly 0: the
derivative of ReLU there is a convention, and finite differences know nothing of it. Try it: the check fails at b1.
"""

# %% [markdown] slide="slide"
r"""
## 5. Looking inside

*4 minutes (estimated), 2 of them in the 20-minute path*

What is left of a digit on its way through the layers? And which part of it decides?
"""

# %% [markdown] slide="subslide"
r"""
### Demo: feature maps

A drawn digit on its way through a trained network with two layers of 16 kernels: one kernel in close-up, then all maps, then
what pooling leaves, and at the end which maps speak for the digit that it reads. **Ask before pooling**: a quarter of the
numbers will be left. What share of their sum?
"""

# %% slide="-"
FeatureMaps()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. With a running Python, draw a digit of your own; change the kernel by the slider and ask
what it looks for (chapter 11's three rules). At the last step ask: "Which of these maps would you switch off to make it a
2?" Then go on to a 9, which it reads as well, but less surely.
"""

# %% [markdown] slide="subslide"
r"""
Max pooling keeps the loud and drops the quiet: few numbers with most of the sum. For features that are rare and sharp, as
after a ReLU, this is what one wants; in a mean, a few large numbers drown in zeros. For features that are everywhere, the mean is the less
noisy of the two. That is, in two sentences, the analysis of Boureau, Ponce and LeCun (2010) that a deck refers to.
"""

# %% [markdown] slide="slide"
r"""
## 6. One pixel to the right

*8 minutes (estimated), 4 of them in the 20-minute path*

A deck names as a benefit of pooling *invariance to small changes of the input signal*; another shows a wolf at two places that
*the algorithm should recognise regardless of its location*. Two words to keep apart:

- **equivariance**: the input moves, the map moves with it. Convolution has it (chapter 11).
- **invariance**: the input moves, the output stays. This is what a classifier needs.

Pooling makes some of the one into the other: if the largest number stays in its window, the pooled number stays. Does it?
With stride 2, a shift of one pixel moves every second column into the next window.
"""


# %% slide="subslide"
def moved(images, down, right):
    """Return images moved by whole pixels; what crosses the border is gone, paper opens behind."""
    H, W = images.shape[1:3]
    padded = np.pad(images, ((0, 0), (4, 4), (4, 4), (0, 0)))
    return padded[:, 4 - down : 4 - down + H, 4 - right : 4 - right + W]


image = moved(LECTURE[None, :, :, None] * 1.0, 0, 1)[0, :, :, 0]
print("the slide's X, pooled:\n", pooled(LECTURE, plainnet.max_pool2d))
print("one pixel to the right, pooled:\n", pooled(image, plainnet.max_pool2d))

# %% [markdown] slide="subslide"
r"""
A third of the numbers have changed. Now the three networks: all unseen digits, moved by 0 to 3 pixels in the four directions.
"""


# %% slide="-"
def robustness(model, d):
    """Return the mean accuracy on digits moved by d pixels down, up, right and left."""
    return np.mean([accuracy(model, moved(x_held, *step)) for step in [(d, 0), (-d, 0), (0, d), (0, -d)]])


shifts = range(4)
networks["dense, shifted copies"] = train(dense, 0.003, 30, augment=augment.random_shift)
read = {name: [robustness(model, d) for d in shifts] for name, model in networks.items()}
for way, sign in {"right": 1, "left": -1}.items():
    read[f"two poolings, {way}"] = [accuracy(networks["two poolings"], moved(x_held, 0, sign * d)) for d in shifts]
for name, shares in read.items():
    print(f"{name:22}", "  ".join(f"{share:5.1%}" for share in shares))

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3))
styles = [("o-", BLUE), ("s--", ORANGE), ("^-.", GREEN), ("D:", PURPLE)]
for (name, shares), (style, colour) in zip(read.items(), styles):  # the first four
    axes.plot(shifts, 100 * np.array(shares), style, color=colour, label=name)
axes.axhline(10, color="gray", linewidth=1.2)
axes.set(xlabel="shift (pixels)", ylabel="unseen digits read (%)", xticks=shifts, ylim=(0, 100))
axes.set_title("Who reads a digit that has moved?")
axes.legend(fontsize=11)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the share of unseen digits that are read after shifts of 0 to 3 pixels. The dense network (solid, dots)
falls below a half after one pixel and to guessing, 10 % (grey line), after two. With one pooling layer (dashed, squares) about
60 % are left after one pixel, hardly any after two; with two, the last over the whole map (dash-dotted, triangles), about 70 %
and a half. The dense network that has learned copies, shifted by up to one pixel (dotted, diamonds), starts lower, at some
92 %, loses nearly nothing after one pixel, and two thirds after two.
"""

# %% [markdown] slide="subslide"
r"""
### So what is it worth?

- **The dense network** has a weight of its own for each pixel. What it has learned of ink at one place says nothing about the
  next: moved by a pixel, the ink meets other weights.
- **One** pooling layer of 2 × 2 buys little: behind it stands a dense layer with weights for each window, and half of the
  features have changed their window. R. Zhang (2019) measured the same in large networks, and found a remedy: blur before you
  skip.
- A shift by *two* pixels, the first stride, moves whole windows: the first pooled map moves along, equivariant again, and the
  last window, as large as the map, doesn't mind. Sideways, where digits have room (the last two lines of the table), the third
  network reads as many after two pixels as after one, to the left even more: 86 % against 78 %. A curve that rises with the
  disturbance is a sign that the stride plays a part.
- **Several rounds**, and a last window as large as the map (*global pooling*), buy much: nothing is left that knows places.
  What remains lost has reasons: the border (padding tells a kernel where it is), and ink that has left the image.
- **Examples** buy most, for the shifts that they show: with copies shifted by one pixel even a dense network learns it. It
  pays with some of its accuracy, and has learned nothing about two pixels.

*Regardless of its location* is thus not a property of pooling. It is approached by many layers and by many examples.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: shift by one

A digit moves; the dense network and the one with two poolings say what they read. **Ask**: of the digits where they stand, the
dense network reads 98 %. And after one pixel?
"""

# %% slide="-"
ShiftBars()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, Enter, step; vote again on who reads the 3 after two pixels. Look at the probabilities,
not only at the answers: the dense network is wrong with 90 % confidence. The curve of the convolutional network hardly
falls from one pixel to two (to the left it even rises): ask why. Two is the stride. Up and down it does fall: digits fill the
height of their image, and lose ink at once.
"""

# %% [markdown] slide="slide"
r"""
## 7. Summary

*1 minute (estimated), in the 20-minute path*

- Pooling keeps one number a window: the largest or the mean. No weights. Padding of max pooling is $-\infty$.
- Back: the largest receives all, of several the **first**; the mean gives $g/k^2$ to each; windows that overlap add up.
- Convolution, ReLU, pooling, and again; flatten (channel last); a dense layer. 11,665 weights against 210,240, but 889,840
  products against 210,240.
- A network of 2,730 parameters reads 96 % of unseen digits after a fraction of a second of training. A dense one reads 98 %.
- Behind pooling, a kernel sees more of the image: 14 pixels wide instead of 9.
- Convolution is equivariant; pooling makes a **little** invariance of it. Rounds of both, global pooling and shifted
  examples make more.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| a 6 × 6 image, pooled | its third row changes two slides later, and the result with it: 3 or 1 at the right |
| pooling reduces the number of parameters | of the dense layer behind it; pooling and convolutions are not concerned |
| invariance to small changes | partly: one layer of 2 × 2 still loses four digits in ten after one pixel |
| more signals but less parameters | and four times as many products: 889,840 against 210,240 |
| 5·5·9 + 5·5·16 + 7·7·16·10 = 11,665 | the sum is right with 5·5·9·16 in the middle; as written it is 8,465 (chapter 11) |
| LeNet: convolution, sigmoid, pooling | its pooling was an average with a learned weight and bias, its sigmoid a scaled tanh |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| max pooling, average pooling | keep the largest number, or the mean, of each window |
| global pooling | pooling with one window as large as the map |
| tie | several pixels of a window are the largest |
| flatten | make one row of numbers of the maps of a sample |
| channels last, channels first | (N, H, W, C) and (N, C, H, W) |
| translation invariance | the input moves, the output stays |
| CNN | convolutional neural network |
| signal | a number that a layer gives for a sample |
| downsampling | going over to fewer rows and columns |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- K. Fukushima, *Neocognitron: a self-organizing neural network model for a mechanism of pattern recognition unaffected by
  shift in position*, Biological Cybernetics 36, 193–202, 1980. doi:10.1007/BF00344251
- Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, *Gradient-based learning applied to document recognition*, Proceedings of the
  IEEE 86(11), 2278–2324, 1998. LeNet-5. doi:10.1109/5.726791
- Y.-L. Boureau, J. Ponce, Y. LeCun, *A theoretical analysis of feature pooling in visual recognition*, ICML 2010.
- D. Scherer, A. Müller, S. Behnke, *Evaluation of pooling operations in convolutional architectures for object recognition*,
  ICANN 2010. doi:10.1007/978-3-642-15825-4_10
- M. Lin, Q. Chen, S. Yan, *Network in network*, ICLR 2014. Global average pooling. arXiv:1312.4400
- J. T. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller, *Striving for simplicity: the all convolutional net*, ICLR
  workshop 2015. Strides instead of pooling. arXiv:1412.6806
- R. Zhang, *Making convolutional networks shift-invariant again*, ICML 2019. arXiv:1904.11486

**Next**: the exercises of this chapter. You write pooling with its way back, a network with all its gradients, train one, and
measure what a shift does to it, in 105 minutes (estimated). Then chapter 15: adversarial examples.
"""
