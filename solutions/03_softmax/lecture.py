# %% [markdown] slide="slide"
r"""
# Chapter 3: Softmax regression

A classifier for ten kinds of things, in three lines: scores, probabilities, a loss. The last layer of nearly every
network that recognises images, words or sounds is the model of this lecture; what comes before it only prepares its
input.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. turn scores into probabilities, by hand and in code that survives any scores;
2. say what cross-entropy measures, and what it should be before any training;
3. derive its gradient, *probabilities minus targets*, and say what each of its signs does;
4. contrast it with the hinge loss of the support vector machine;
5. train a classifier of digits with mini-batches, and see in its weights what it knows and what it does not.

**Before you start**: the chain rule and graphs (chapter 1); logistic regression (chapter 2); NumPy arrays with axes.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 From two classes to ten | 3 | |
| 2 Softmax | 7 | yes, without the code |
| 3 Cross-entropy, and the loss at chance | 6 | yes, without the code |
| 4 The gradient | 4 | yes, without the last figure |
| 5 Another wish: the hinge loss | 5 | |
| 6 Training, and weights as images | 7 | the demo and what comes after it |
| 7 What a linear classifier can't know | 4 | the demo |
| 8 Summary, words, papers | 2 | the summary |
"""

# %% slide="skip"

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, fit, init, losses, metrics, nn, optim, predict
from plainnet.demos import DrawDigit, LogitsToLoss, WeightImages
from plainnet.lecture import BLUE, GREEN, ORANGE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. From two classes to ten

*3 minutes (estimated)*

Logistic regression gives *one* score and asks on which side of zero it lies. For $K$ classes we take $K$ scores, one for
each class, each with weights of its own:

$$ z = x\,W + b \qquad x: (N, D) \quad W: (D, K) \quad b: (K,) \quad z: (N, K) $$

The answer is the class with the largest score. One column of $W$ belongs to one class.

The *decks* are slides of older courses, which this course follows and corrects; where they erred, a box says so. They
write $f(x, W) = Wx + b$, for one sample as a column; with a sample in each row the same product reads $xW$.

| images | numbers in an image, $D$ | weights and biases for ten classes, $(D + 1) \cdot 10$ |
|---|---|---|
| our digits, 8×8, grey | 64 | 650 |
| MNIST, 28×28, grey | 784 | 7,850 |
| CIFAR-10, 32×32, three colours | 3,072 | 30,730 |
"""

# %% slide="-"
x, t = data.digits()
x = x.reshape(len(x), -1)  # (1797, 8, 8, 1) -> (1797, 64)
x, t, x_held, t_held = data.split(x, t, 0.2, np.random.default_rng(0), stratify=True)
print(f"{len(x)} digits to learn from, {len(x_held)} held out; ink from {x.min()} to {x.max()}")
for pixels in (64, 784, 3072):
    layer = nn.Linear(pixels, 10, np.random.default_rng(0))
    print(f"{pixels:5} pixels: {sum(p.size for p in layer.parameters()):6,} parameters")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Ask: "Why not number the classes 0 to 9 and fit one number, as in regression?" Because then a 1
taken for a 9 would be a worse mistake than a 1 taken for a 2: the order of labels means nothing.
"""

# %% [markdown] slide="slide"
r"""
## 2. Softmax

*7 minutes (estimated), in the 20-minute path*

Scores are any numbers; those that go into a softmax are called *logits*. We want probabilities: positive, summing to 1, in the same order. Take the exponential of each
score, then divide by the sum:

$$ p_k = \frac{e^{z_k}}{\sum_j e^{z_j}} $$

By hand, for a picture with the scores cat 2, dog 1, ship −1:

| class | score $z$ | $e^z$ | $p$ |
|---|---|---|---|
| cat | 2 | 7.389 | 0.7054 |
| dog | 1 | 2.718 | 0.2595 |
| ship | −1 | 0.368 | 0.0351 |
| sum | | 10.475 | 1 |
"""

# %% slide="fragment"
z = Tensor(np.array([2.0, 1.0, -1.0]))
p = plainnet.softmax(z).data
print("probabilities:", p.round(4), " sum:", p.sum())
print("cat : dog =", p[0] / p[1], " e^(2 - 1) =", np.exp(1))

# %% [markdown] slide="subslide"
r"""
### Only differences count

$$ \frac{p_i}{p_j} = e^{z_i - z_j} $$

One point of score more is a factor of $e \approx 2.718$ in the odds, wherever the scores lie. Adding the same number to
all scores changes nothing. With two classes, softmax of $(z, 0)$ is the sigmoid of $z$: logistic regression is the case
$K = 2$.

**A little history.** The same formula gives, in physics, how often a particle is found in a state of some energy
(Boltzmann, 1868). R. D. Luce (1959) derived it from an axiom on how people choose: the odds between two options do not
depend on what else is on offer. D. McFadden (1974) used it to predict who takes the bus, the car or the train. J. Bridle
brought it to networks in 1990 and gave it its name: a *soft* version of "the largest takes all".
"""

# %% slide="-"
scores = np.array([2.0, 1.0, -1.0])
for factor in (0.1, 1, 3, 10):
    print(f"scores times {factor:4}: {plainnet.softmax(factor * scores).data.round(4)}")
two = plainnet.softmax(np.array([1.5, 0.0])).data
print("two classes:", two, " sigmoid(1.5) =", plainnet.sigmoid(np.array(1.5)).data)

# %% [markdown] slide="subslide"
r"""
### The formula as it stands breaks

A float64 ends at about $1.8 \cdot 10^{308}$, that is $e^{709}$. Scores of 1000 are not rare: an untrained network with
large weights has them.
"""

# %% slide="-"
large = scores + 1000
with np.errstate(over="ignore", invalid="ignore"):
    e = np.exp(large)
    print("as in the textbook:", e, "->", e / e.sum())
print("plainnet:          ", plainnet.softmax(large).data.round(4))

# %% [markdown] slide="-"
r"""
The cure costs one subtraction: adding a number to all scores changes nothing, so subtract the largest one. Then the
largest exponent is 0, and nothing can overflow; what underflows to 0 was negligible. With the exponentials `e` made in
this way, the formula in plainnet is one line:
"""

# %% slide="-"
code_of(plainnet.softmax.forward, holding="return e")

# %% [markdown] slide="-"
r"""
*A word on the library's code.* In some exercises you write again what the library has; close it first, write from the
formula, compare afterwards.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: three scores on their way to a loss

Move the sliders. Then choose *1000 added, as in the textbook*.
**Ask before the loss**: is this better or worse than guessing?
"""

# %% slide="-"
LogitsToLoss()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Step to the probabilities, then ask what happens when all three scores are doubled
(preset *Twice as far apart*): same order, but surer. In the textbook's form with 1000 added let the room predict before
the division. The last two frames, gradient and hinge loss, belong to sections 4 and 5: come back to them.
"""

# %% [markdown] slide="slide"
r"""
## 3. Cross-entropy, and the loss at chance

*6 minutes (estimated), in the 20-minute path*

The model gave every class a probability; nature shows one of them, the label $t$. The loss is the negative logarithm of
the probability that the *true* class got:

$$ L_i = -\log p_{t} = -\log \frac{e^{z_t}}{\sum_j e^{z_j}} \qquad L = \frac1N \sum_{i=1}^N L_i $$

| truth | $p$ | loss $-\log p$ | in words |
|---|---|---|---|
| cat | 0.7054 | 0.349 | mostly right |
| dog | 0.2595 | 1.349 | wrong |
| ship | 0.0351 | 3.349 | sure and wrong |

*Two names for it.* To make it small is to make the labels that were seen as probable as possible: *maximum likelihood*.
And it is the *cross-entropy* (Shannon, 1948, is the root): how many *nats* (units of the natural logarithm; 1 nat is
1.443 bits) one needs to write down the labels in a code that was made for the model's probabilities.
"""

# %% slide="-"
z = np.array([[2.0, 1.0, -1.0]])
for label, name in enumerate(["cat", "dog", "ship"]):
    loss = plainnet.softmax_cross_entropy(z, labels=np.array([label]))
    print(f"{name:5} {loss.item():.5f}")

# %% slide="subslide"
p = np.linspace(0.002, 1, 400)
figure, axes = plt.subplots(figsize=(8, 3.8))
axes.plot(p, -np.log(p), color=BLUE)
for number, style in ((2, "s"), (3, "^"), (10, "o")):
    axes.plot(1 / number, np.log(number), style, color=ORANGE, markersize=11)
    words = f"guessing among {number}: log {number} = {np.log(number):.3f}"
    axes.annotate(words, (1 / number + 0.02, np.log(number) + (0.45 if number == 3 else 0.2)))
axes.set(xlabel="probability of the true class (no unit)", ylabel="loss (nats)")
axes.set_title("What a probability costs")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the loss falls from above 6 nats at probability 0.002 to 0 at probability 1, steeply at first.
Three points lie on the curve: guessing among 2, 3 and 10 classes costs 0.693, 1.099 and 2.303 nats. There is no upper
end: whoever calls the truth impossible pays without limit.
"""

# %% [markdown] slide="subslide"
r"""
### A test before any training: the loss at chance

With all weights 0 all ten probabilities are 0.1, so the loss has to start at

$$ -\log 0.1 = \log 10 = 2.302585 $$

> **Corrected.** A deck expects 2.302. That number is cut off; rounded it is **2.303**. A
> program that prints 2.302 to three digits would be wrong by a little.

If your first loss is another one, something is wrong *before* the first step: a sum in place of a mean, a wrong axis,
weights that start too large. Small random weights should hardly change it:
"""

# %% slide="-"
for deviation in (0, 0.01, 0.1, 1):
    w = deviation * np.random.default_rng(0).normal(size=(64, 10))
    first = losses.cross_entropy(Tensor(x @ w), t).item()
    print(f"weights with standard deviation {deviation:4}: first loss {first:.4f}")

# %% [markdown] slide="-"
r"""
With deviation 1 the classifier knows as little as before, but now it is *sure* of it: its first loss is 8.4, and
training has to unlearn first.
"""

# %% [markdown] slide="subslide"
r"""
### Never take the logarithm of a softmax

For the logits $(0, -1000)$ and the label 1 the loss is 1000. But $p_1 = e^{-1000}$ is 0 in float64, and $-\log 0$ is
infinity; adding a small number inside the logarithm gives 27.6 instead. The way out: simplify first.

$$ -\log p_t = \log\sum_j e^{z_j} - z_t = \log\sum_j e^{z_j - m} - (z_t - m), \qquad m = \max_j z_j $$

This is why libraries have *one* function that takes logits, not a softmax followed by a loss that takes probabilities.
In the line of plainnet, `shifted` holds $z - m$, `total` the sum of its exponentials, `rows` the numbers 0 to $N - 1$.
"""

# %% slide="-"
z, label = np.array([[0.0, -1000.0]]), np.array([1])
p = plainnet.softmax(z).data
with np.errstate(divide="ignore"):
    print("log of the softmax:       ", -np.log(p[0, 1]))
print("with 1e-12 inside the log:", -np.log(p[0, 1] + 1e-12))
print("plainnet, from the logits:", plainnet.softmax_cross_entropy(z, labels=label).item())

# %% slide="-"
code_of(plainnet.softmax_cross_entropy.forward, holding="loss = ")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Question for the room: "Ten classes, the loss after a day of training is 2.30. What has the network
learned?" (Nothing: chance.) "And 4?" (Worse than nothing: it is sure of wrong things.)
"""

# %% [markdown] slide="slide"
r"""
## 4. The gradient

*4 minutes (estimated), in the 20-minute path*

Write the loss of one sample as $L = \log\sum_j e^{z_j} - z_t$, and differentiate with respect to one logit:

$$ \frac{\partial}{\partial z_k} \log \sum_j e^{z_j} = \frac{e^{z_k}}{\sum_j e^{z_j}} = p_k
\qquad\Longrightarrow\qquad
\frac{\partial L}{\partial z_k} = p_k - t_k, \quad t_k = 1 \text{ for the true class, otherwise } 0 $$

Until here $t$ was the label, an integer; from here on $t_k$ is an entry of the *one-hot* row that says the same: a 1 at
the true class, zeros elsewhere. *Probabilities minus targets.* For cat 2, dog 1, ship −1 and the truth cat: $(-0.2946,\ 0.2595,\ 0.0351)$. A step
*against* it raises the score of the cat and lowers the others, most of all the one that was most in the way. The
numbers sum to 0, and none is ever larger than 1 in size: a wild score can't make a wild gradient.

From the logits back to the weights it is a matrix product (question 9 of chapter 1):
$\partial L/\partial W = x^\top (p - t)/N$.
"""

# %% [markdown] slide="subslide"
r"""
### Is it right?
"""

# %% slide="-"
z = Tensor(np.array([[2.0, 1.0, -1.0]]), requires_grad=True)
losses.cross_entropy(z, np.array([0])).backward()
p = plainnet.softmax(z.data).data
print("gradient:", z.grad.round(4), " p - t:", (p - np.array([1, 0, 0])).round(4))
rng = np.random.default_rng(0)
logits, labels = rng.normal(size=(6, 10)), rng.integers(0, 10, 6)
plainnet.gradcheck.check(lambda z: losses.cross_entropy(z, labels), logits, rng=rng)
print("agrees with finite differences")

# %% slide="-"
code_of(plainnet.softmax_cross_entropy.joint_rule)

# %% [markdown] slide="-"
r"""
Why so simple? Softmax flattens where it is sure, $\partial p/\partial z$ goes to 0; the logarithm is steep exactly
there, $1/p$ goes to infinity; the two cancel. With the squared error $(p - t)^2$ nothing cancels: a classifier that is
sure and wrong gets nearly no gradient, and stays wrong.
"""

# %% slide="-"
lead = np.linspace(-10, 10, 201)  # score of the true class minus that of the other
slopes = {}
for name, loss in {
    "cross-entropy": lambda z: losses.cross_entropy(z, np.zeros(201, int)) * 201,
    "squared error": lambda z: ((plainnet.softmax(z) - np.array([1.0, 0.0])) ** 2).sum(),
}.items():
    z = Tensor(np.stack([lead, 0 * lead], axis=1), requires_grad=True)
    loss(z).backward()
    slopes[name] = -z.grad[:, 0]

# %% slide="subslide"
figure, axes = plt.subplots()
for (name, slope), style, colour in zip(slopes.items(), ("-", "--"), (BLUE, ORANGE)):
    axes.plot(lead, slope, style, color=colour, label=name)
axes.set(xlabel="lead of the true class (score)", ylabel="pull on its score (no unit)")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: how strongly a sample of two classes pulls its true score upwards, against how far that score is
ahead. Cross-entropy pulls with strength 1 when the true class is far behind, 0.5 at equal scores, and 0 far ahead. The
squared error pulls most near equality and hardly at all at −10, where the classifier is sure and wrong.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Go back to the demo's frame with the gradient. Ask: "Which class is pushed down hardest?" Not the
worst one: the wrong class with the highest probability.
"""

# %% [markdown] slide="slide"
r"""
## 5. Another wish: the hinge loss

*5 minutes (estimated)*

Cross-entropy is never satisfied: even at $p = 0.99$ it wants more. The multiclass *support vector machine* (Weston and
Watkins, 1999) wants only that the true score is ahead of every other one by a margin of 1:

$$ L_i = \sum_{j \neq t} \max(0,\ s_j - s_t + 1) $$

For the scores 2, 1, −1: the truth cat costs 0 (the margin of 1 is just kept), the truth dog $2 + 0 = 2$, since the cat
is ahead of it by 1, and the truth ship $4 + 3 = 7$. Scores are not probabilities here.

At chance, with equal scores, it starts at $K - 1$, for ten classes at $K - 1 = 9$: each of the nine wrong classes is
short of the whole margin.
"""

# %% [markdown] slide="subslide"
r"""
### The hinge loss in numbers
"""

# %% slide="-"
s = np.array([[2.0, 1.0, -1.0]])
for label, name in enumerate(["cat", "dog", "ship"]):
    print(f"{name:5} {plainnet.multiclass_hinge(s, labels=np.array([label])).item()}")
chance = plainnet.multiclass_hinge(np.zeros((1, 10)), labels=np.array([3]))
print("ten equal scores:", chance.item())

# %% slide="-"
code_of(plainnet.multiclass_hinge.forward, holding="np.maximum")

# %% slide="-"
lead = np.linspace(-3, 4, 200)
z, truth = np.stack([lead, 0 * lead], axis=1), np.array([0])
cross = [plainnet.softmax_cross_entropy(row[None], labels=truth).item() for row in z]
hinge = [plainnet.multiclass_hinge(row[None], labels=truth).item() for row in z]

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 4))
axes.plot(lead, cross, "-", color=BLUE, label="cross-entropy")
axes.plot(lead, hinge, "--", color=ORANGE, label="hinge, margin 1")
axes.plot(lead, lead <= 0, ":", color=GREEN, label="counting errors")
axes.set(xlabel="lead of the true class (score)", ylabel="loss (no unit)")
axes.set_title("Three losses of two classes")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the loss of one sample against the lead of its true class. Counting errors is a step from 1 to
0 at a lead of 0; its slope is 0 everywhere else, so there is no direction to go. The hinge falls in a straight line to
0 at a lead of 1 and stays there. Cross-entropy runs below the hinge and nearly parallel to it on the left, crosses it
at a lead of about 0.5, and goes on falling, ever more slowly, but never reaches 0.
"""

# %% [markdown] slide="subslide"
r"""
### Which digits have a say?

Cross-entropy and errors belong together, though: where the probability of the truth is above 1/2 the sample is right; so
pushing the loss of every sample below $\log 2 = 0.693$ leaves no errors.

What follows for training: with the hinge loss the digits that are well ahead have no influence at all, the weights are
decided by the hard ones. With cross-entropy every digit pulls, the hard ones more.
"""

# %% [markdown] slide="subslide"
r"""
### The full loss

To either loss a penalty on the weights is added, with a strength $\lambda$:

$$ L = \frac1N \sum_i L_i + \lambda R(W), \qquad R(W) = \sum_{d,k} W_{dk}^2 $$

> **Read with care.** One slide of a deck has $+ R(W)$, a later one $+ \lambda R(W)$: the strength belongs
> there. $R$ has the slope $2W$. Many texts, and plainnet, write $\frac{\lambda}{2} \sum W^2$, with the slope $\lambda W$.
> Both are right; a loss of one kind with a gradient of the other is a classic mistake, and training hides it.
"""

# %% slide="-"
w = Tensor(np.array([[1.0, -2.0], [3.0, 0.5]]), requires_grad=True)
penalty = plainnet.regularize.l2([w], strength=0.1)  # 0.1 / 2 * sum of squares
penalty.backward()
print("penalty:", penalty.item())
print("slope:", w.grad.round(3).tolist(), " strength * w:", (0.1 * w.data).round(3).tolist())

# %% [markdown] slide="notes"
r"""
*For the presenter.* If asked which loss is better: on most tasks about the same accuracy. Cross-entropy won because it
gives probabilities and because its gradient never dies. The details of penalties come in chapter 8.
"""

# %% [markdown] slide="slide"
r"""
## 6. Training, and weights as images

*7 minutes (estimated), partly in the 20-minute path*

Four lines, repeated: draw a batch of samples (32, 64, 128 are usual sizes), compute scores and loss, go back to the
gradient, make a step *against* it.

$$ W \leftarrow W - \mathrm{lr}\,\frac{\partial L}{\partial W} $$

> **Corrected.** Two listings of a deck add `learning_rate*dx` where their own formula has a minus sign. With
> a plus the loss is *climbed*. It is a mistake that one makes once in a lifetime, if one looks at the loss.
"""

# %% slide="-"
rng = np.random.default_rng(0)
layer = nn.Linear(64, 10, rng, init_w=lambda shape, rng: init.zeros(shape))
optimizer = optim.SGD(layer.parameters(), lr=0.5)
for x_batch, t_batch in data.minibatches(x, t, 32, rng):  # one epoch: 45 batches
    z = layer(x_batch)
    loss = losses.cross_entropy(z, t_batch)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  # w -= lr * gradient
right = metrics.accuracy(predict(layer, x_held), t_held)
print(f"after one epoch: {right:.1%} of {len(t_held)} unseen digits are right")

# %% [markdown] slide="subslide"
r"""
### Twenty epochs

The same loop, twenty epochs, with its history: `fit` in plainnet. Weights that are all 0 are a good start *here*: the
gradients of the ten classes differ from the first step on. (A question of a deck, what happens with $W = 0$
in a network with hidden layers, has another answer: chapter 4.)
"""

# %% slide="-"
rng = np.random.default_rng(0)
linear = nn.Linear(64, 10, rng, init_w=lambda shape, rng: init.zeros(shape))
model = nn.Sequential(nn.Flatten(), linear)
start = losses.cross_entropy(Tensor(predict(model, x)), t).item()
history = fit(
    model, x, t, loss=losses.cross_entropy, optimizer=optim.SGD(model.parameters(), lr=0.5),
    num_epochs=20, rng=rng, validation=(x_held, t_held), metrics=[metrics.accuracy], progress=False,
)  # fmt: skip
print(f"before training: loss {start:.4f}")
print(history)

# %% slide="subslide"
epochs = np.arange(1, 21)
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3.2))
left.plot(epochs, history["loss"], "-", color=BLUE, label="learned from")
left.plot(epochs, history["val_loss"], "--", color=ORANGE, label="held out")
left.axhline(np.log(10), color=GREEN, linestyle=":", label="chance, log 10")
left.set(xlabel="epoch (count)", ylabel="cross-entropy (nats)", ylim=(0, 2.5))
left.legend()
right.plot(epochs, 100 * np.array(history["accuracy"]), "-", color=BLUE)
right.plot(epochs, 100 * np.array(history["val_accuracy"]), "--", color=ORANGE)
right.set(xlabel="epoch (count)", ylabel="right (%)")
plt.setp((left, right), xticks=range(0, 21, 5))
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: left, the loss is far below chance (dotted, 2.303) after one epoch, and ends at about 0.13 on
the digits that are learned from, and 0.16 on those held out. Right, the share that is right: 97.5 % and 96.1 % at the
end. (The solid curves are means over an epoch *while* it learns; this is why they start behind the dashed ones.) The gap
is small: with 650 numbers one can't learn 1,438 digits by heart.
"""

# %% [markdown] slide="subslide"
r"""
### All that it knows

Each class has 64 weights, one for each pixel: an image. With MNIST the same images have 28 by 28 pixels, 784 weights
each.
"""

# %% slide="-"
w = linear.w.data  # (64, 10)
most = np.abs(w).max()

# %% slide="subslide"
figure, axes = plt.subplots(2, 5, figsize=(11, 4.4))
for k, axis in enumerate(axes.flat):
    picture = axis.imshow(w[:, k].reshape(8, 8), cmap="PuOr_r", vmin=-most, vmax=most)
    axis.set(title=f"weights of {k}", xticks=[], yticks=[])
    axis.grid(False)
figure.colorbar(picture, ax=axes, label="weight (per unit of ink)")
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: ten images of 8 by 8 weights, orange where ink raises the score of the class, violet where ink
lowers it. The image of 0 is violet in the middle: ink in the hole of a ring speaks against a 0. Others show less of a
digit than one expects: the weights do not draw a 3, they mark the places where a 3 *differs* from an 8, a 5 and a 9.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: the weights while they learn

Press Run. **Ask before**: how many of 359 unseen digits are right after one pass, 45 updates?
Then *From random weights, deviation 1*: it ends nearly as good, but some pixels stay as they started. Why?
"""

# %% slide="-"
WeightImages()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. The pixels that stay as they started are those that never hold ink: their input is 0,
so is their gradient. A penalty on the weights clears them (preset *Random start, with a penalty*). While it runs, turn
the learning rate up to 10 and back.
"""

# %% [markdown] slide="subslide"
r"""
### Which digit is taken for which?
"""

# %% slide="-"
guess = predict(model, x_held).argmax(axis=1)
table = metrics.confusion_matrix(guess, t_held)
errors = np.where(np.eye(10, dtype=bool), 0, table)
print(f"{(guess != t_held).sum()} of {len(t_held)} wrong")

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(6.2, 3.9))
picture = axes.imshow(errors, cmap="Oranges", vmin=0, vmax=4)
for row, column in np.ndindex(10, 10):
    if table[row, column]:
        axes.text(column, row, table[row, column], ha="center", va="center")
axes.set(xlabel="read as", ylabel="truth", title="359 unseen digits")
axes.set(xticks=range(10), yticks=range(10))
axes.grid(False)
figure.colorbar(picture, label="errors (count)", ticks=range(5))
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the confusion matrix, rows are the truth, columns what was read; off the diagonal, errors are
the darker the more there are. 345 of 359 digits stand on the diagonal. Of the 14 errors five are threes, read as 5, 7
and 8; two eights are read as 1.
"""

# %% [markdown] slide="slide"
r"""
## 7. What a linear classifier can't know

*4 minutes (estimated), the demo in the 20-minute path*

A class is one template, and a score is how well the image agrees with it, pixel by pixel. So it has no idea of what a
shape *is*:
"""

# %% slide="-"
pictures = np.pad(x_held.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))  # room to move
changed = {"as they are": x_held, "ink and paper swapped": 1 - x_held}
moves = {"one pixel down": (0, 1), "up": (2, 1), "right": (1, 0), "left": (1, 2)}
for name, (row, column) in moves.items():
    changed[name] = pictures[:, row : row + 8, column : column + 8].reshape(-1, 64)
for name, images in changed.items():
    print(f"{name:22} {metrics.accuracy(predict(model, images), t_held):6.1%} right")
noise = np.random.default_rng(5).random((1000, 64))
sure = plainnet.softmax(predict(model, noise)).data.max(axis=1)
print(f"noise: the largest class gets {np.median(sure):.2f} (median of 1,000 images)")

# %% [markdown] slide="-"
r"""
Moved by one pixel, fewer than half are still read; white on black, not one. And for pure noise it has no word: its ten
probabilities sum to 1, whatever it is shown. "0.9" means: *if* this is one of the ten digits.

Networks with hidden layers (chapter 4) learn more than one template for a class; convolution (chapter 11) is about
moving.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: draw a digit

The classifier of section 6 reads what you draw. **Ask before the answer**: what will it read, and how sure is it? Then
draw a letter.
"""

# %% slide="-"
DrawDigit(model)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Let someone of the audience draw. The drawing is cut out and centred as in the data set, so moving
it is repaired before the classifier sees it; a thin or slanted stroke is not. Compare with the convolutional network:
`DrawDigit()` without an argument.
"""

# %% [markdown] slide="slide"
r"""
## 8. Summary

*2 minutes (estimated), in the 20-minute path*

- Softmax makes probabilities of scores; only differences count; subtract the largest score first.
- Cross-entropy is $-\log$ of the probability of the truth. From logits, never from rounded probabilities.
- Before training it is $\log K$: 2.303 for ten classes. The hinge loss is $K - 1$: 9.
- Its gradient is *probabilities minus targets*, over $N$.
- A linear classifier compares an image with one template for each class. It reads 96 % of our digits, and none of them
  when the colours are swapped.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| score, logit | what a classifier gives for a class before softmax: any real number |
| softmax | exponentials of the scores, divided by their sum |
| log-sum-exp | the logarithm of the sum of exponentials: a smooth maximum, whose gradient is softmax |
| cross-entropy | the mean of $-\log$ of the probability that the model gave to the truth |
| nat | the unit of a natural logarithm of a probability; 1 nat is 1.443 bits |
| label, one-hot, soft target | an integer; a row with a single 1; a row of probabilities |
| loss at chance | the loss of a classifier that gives all classes the same score: $\log K$, or $K - 1$ for the hinge |
| hinge loss, margin | what is missing until the true class is ahead by the margin, summed over the wrong classes |
| temperature | a number by which all logits are divided: above 1 less sure, below 1 surer |
| accuracy, top-k accuracy | the fraction of samples whose true class is first; or among the first k |
| confusion matrix | how often each class (row) was taken for each class (column) |
| weight image | the weights of one class in the shape of the input image |
| mini-batch, epoch | the samples of one update; one pass through all samples |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- R. D. Luce, *Individual Choice Behavior: A Theoretical Analysis*, Wiley, 1959.
- D. McFadden, *Conditional logit analysis of qualitative choice behavior*, in P. Zarembka (ed.), Frontiers in
  Econometrics, Academic Press, 105–142, 1974.
- C. E. Shannon, *A mathematical theory of communication*, Bell System Technical Journal 27, 379–423 and 623–656, 1948.
- J. S. Bridle, *Probabilistic interpretation of feedforward classification network outputs, with relationships to
  statistical pattern recognition*, in Neurocomputing, Springer, 227–236, 1990. Where softmax got its name.
- J. Weston, C. Watkins, *Support vector machines for multi-class pattern recognition*, ESANN 1999. The hinge loss of
  section 5.
- K. Crammer, Y. Singer, *On the algorithmic implementation of multiclass kernel-based vector machines*, JMLR 2,
  265–292, 2001. Another one: only the worst of the wrong classes counts.
- P. Blanchard, D. J. Higham, N. J. Higham, *Accurately computing the log-sum-exp and softmax functions*, IMA Journal of
  Numerical Analysis 41(4), 2311–2330, 2021.
- C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, *On calibration of modern neural networks*, ICML 2017. arXiv:1706.04599.
  Is a probability of 0.9 right nine times out of ten? And what temperature has to do with it.

**Next**: the exercises of this chapter. You write all of it yourself, in 118 minutes (estimated). Then
chapter 4: layers in front of this one.
"""
