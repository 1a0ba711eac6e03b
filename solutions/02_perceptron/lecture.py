# %% [markdown] slide="slide"
r"""
# Chapter 2: The perceptron and logistic regression

A single artificial neuron: a weighted sum and one decision. It is the first machine that learned from examples, it is a
method that statisticians use every day, and thousands of it make a network. In this lecture it learns by three rules, and
then has to judge the most famous 23 data points of engineering.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. draw an artificial neuron, and say what its weights and its bias do in the plane;
2. carry out the perceptron's rule by hand, and say when it stops and why it never does on XOR;
3. train a straight line by gradient descent, and say which learning rates work, and why;
4. turn it into logistic regression: sigmoid, loss, gradient;
5. read a logistic curve with its uncertainty, and say why inputs are standardised before training;
6. judge a classifier by more than its accuracy.

**Before you start**: chapter 1 (gradients, upstream gradient); vectors and the dot product; logarithms; eigenvalues and
eigenvectors of a 2 × 2 matrix (section 4).
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 One neuron | 3 | yes |
| 2 A machine that learns from mistakes | 7 | yes, without the theorem |
| 3 What one line can't do | 4 | yes |
| 4 A straight line by gradient descent | 6 | |
| 5 From "yes" to "how sure" | 6 | yes, without the code |
| 6 Twenty-three flights | 8 | the demo |
| 7 Is it any good? | 3 | |
| 8 Summary, words, papers | 1 | the summary |
"""

# %% slide="skip"

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, data, losses, metrics, optim
from plainnet.demos import ORingCurve, PerceptronLine, Playground
from plainnet.lecture import BLUE, GREEN, ORANGE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. One neuron

*3 minutes (estimated), in the 20-minute path*

In **1943** McCulloch and Pitts described nerve cells as switches: a cell fires when enough of its inputs fire. In the
notation of this course, with inputs $x_1, \dots, x_D$:

$$ z = x_1 w_1 + \dots + x_D w_D + b = x \cdot w + b, \qquad y = f(z) $$

The **weights** $w$ say how much each input counts, and in which direction; the **bias** $b$ says how easily the unit
fires. (A bias is a weight whose input is always 1.) The function $f$ decides what becomes of the sum. Three choices of $f$
make up this lecture:

| $f(z)$ | the unit is | it answers |
|---|---|---|
| 1 if $z > 0$, else 0 | a perceptron | yes or no |
| $z$ itself | a linear regression | a number |
| $1/(1 + e^{-z})$ | a logistic regression | a probability |
"""

# %% slide="fragment"
rows = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
for name, w, b in [("AND", (1, 1), -1.5), ("OR", (1, 1), -0.5), ("NOT first", (-1, 0), 0.5)]:
    fires = (rows @ np.array(w) + b > 0).astype(int)
    print(f"{name:9}  w = {w}, b = {b:4}:  " + "  ".join(f"{r} -> {y}" for r, y in zip(rows.tolist(), fires)))

# %% [markdown] slide="-"
r"""
One unit can compute AND, OR and NOT, so a network of units can compute any logical function: that was the point of 1943.
But somebody had to choose the weights by hand.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Ask: "Which weights make NAND?" (All signs of AND turned.) Then: "And XOR?" Let them try for half a
minute, and leave it open until section 3.
"""

# %% [markdown] slide="slide"
r"""
## 2. A machine that learns from mistakes

*7 minutes (estimated), in the 20-minute path without the theorem*

**1958**: Rosenblatt's *perceptron* finds its weights itself. With the two classes written as $t = -1$ and $t = +1$, a
sample is a **mistake** when $t\,(x \cdot w + b) \le 0$: it lies on the wrong side, or on the line. Then

$$ w \leftarrow w + t\,x, \qquad b \leftarrow b + t $$

and otherwise nothing happens. That is all. No loss, no gradient, no learning rate.

**Why it helps**: after the update the score of this very sample, times $t$, is larger by $\|x\|^2 + 1$. It moves towards
its own side. (Others may fall off the other end.)
"""

# %% slide="-"
code_of(plainnet.Perceptron.learn, docstring=False)

# %% [markdown] slide="-"
r"""
The library counts classes as 0 and 1, like all that follows, and turns them into a sign first: `sign * (x[i] @ self.w +
self.b) <= 0` is the formula's condition, the two lines after it are the rule. Note `<= 0` and not `< 0`: at the start all
scores are 0. If 0 counted as right, nothing would ever be learned.
"""

# %% [markdown] slide="subslide"
r"""
### AND, by hand

From $w = (0, 0)$, $b = 0$, the rows of the table in order, $t = (-1, -1, -1, +1)$:

| row | score | | new $w$, $b$ |
|---|---|---|---|
| (0, 0), $t = -1$ | 0 | mistake | (0, 0), −1 |
| (0, 1), $t = -1$ | −1 | right | |
| (1, 0), $t = -1$ | −1 | right | |
| (1, 1), $t = +1$ | −1 | mistake | (1, 1), 0 |

After these two moves the last row has the score 2: right. The first three have 0, 1 and 1: mistakes, all of them. So a
second epoch follows, and a third. Here are all nine, the first included:
"""

# %% slide="-"
t_and = np.array([0, 0, 0, 1])
unit = plainnet.Perceptron(in_features=2)
for epoch in range(1, 10):
    wrong = [rows[i].tolist() for i in unit.learn(rows, t_and)]
    print(f"epoch {epoch}: mistakes {wrong!s:35} w = {unit.w}, b = {unit.b}")

# %% [markdown] slide="subslide"
r"""
### Demo: watch the line

Each step is one mistake. **Ask before the first**: when will it stop? Then click points of your own into the plane: first such that it stops soon, then such that it takes long.
"""

# %% slide="-"
PerceptronLine(dataset="clouds that touch")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. The vote first, then play. Point out that the curve of wrong points is not monotone: each
move helps one sample and may hurt others. Live: add one point of the wrong colour in the midst of a cloud, and the machine
never comes to rest.
"""

# %% [markdown] slide="subslide"
r"""
### When does it stop?

**Theorem** (Novikoff 1962). Suppose some line separates the classes: a vector $v = (w, b)$ of length 1 and a *margin*
$m > 0$ with $t_i\,(x_i, 1) \cdot v \ge m$ for all samples. If no sample $(x, 1)$ is longer than $R$, then the rule makes
**at most $(R/m)^2$ mistakes**, in whatever order and however many samples there are.

*Why*: each mistake adds $t(x, 1)$ to the weights. So it adds at least $m$ to their component along $v$; and to their squared
length at most $R^2$, because a mistake points away from where the weights point. After $k$ mistakes the component is at least
$k m$ and the length at most $\sqrt{k}\,R$. No component is longer than the vector: $k m \le \sqrt{k}\,R$.
"""

# %% slide="-"
extended = np.column_stack([rows, np.ones(4)])  # (x, 1)
v = np.array([2.0, 2.0, -3.0])  # a line that we know: it separates AND
margin = (np.where(t_and == 1, 1, -1) * (extended @ v)).min() / np.linalg.norm(v)
radius = np.linalg.norm(extended, axis=1).max()
unit = plainnet.Perceptron(2).fit(rows, t_and)
print(f"the theorem allows {(radius / margin) ** 2:.0f} mistakes on AND; the rule made {unit.num_mistakes}")

# %% [markdown] slide="slide"
r"""
## 3. What one line can't do

*4 minutes (estimated), in the 20-minute path*

XOR is 1 where exactly one input is. Suppose a unit computed it. Its four rows would demand

$$ b \le 0, \qquad w_1 + b > 0, \qquad w_2 + b > 0, \qquad w_1 + w_2 + b \le 0 $$

Add the two in the middle: $w_1 + w_2 + 2b > 0$. Subtract the last: $b > 0$. That contradicts the first. **No weights exist**,
and no learning rule can find what does not exist. The perceptron does not even notice:
"""

# %% slide="-"
unit = plainnet.Perceptron(2)
for max_epochs in (1, 2, 3, 1000):
    unit = plainnet.Perceptron(2).fit(rows, np.array([0, 1, 1, 0]), max_epochs=max_epochs)
    print(
        f"{max_epochs:4} epochs: w = {unit.w}, b = {unit.b}, mistakes {unit.num_mistakes}, converged: {unit.converged}"
    )

# %% [markdown] slide="-"
r"""
After every epoch all weights are back at zero: it walks in a circle for ever. So a program needs a limit on the
epochs, and has to report whether it converged.
"""

# %% slide="subslide"
PerceptronLine(dataset="XOR")

# %% [markdown] slide="subslide"
r"""
### What came of it

- **1958**: large hopes; newspapers wrote of a machine that would soon walk, talk and be conscious.
- **1969**: Minsky and Papert prove what a perceptron without hidden units can't compute, XOR (as *parity*) among it. They
  knew that several layers could; no good way to *train* them was known. Money and interest went elsewhere, for this and for
  other reasons: the first "AI winter".
- **1974**: Werbos's thesis applies reverse-mode differentiation (chapter 1) to such models. It takes until **1986** for
  backpropagation to be widely known.

A network **without** hidden units and with a sigmoid at its end has a straight boundary as well: all that this chapter
trains. **With** hidden units the boundary may bend. The *decks* (slides of older courses, which this course follows and corrects)
say that it becomes "arbitrary"; that needs enough of them. Chapter 4 builds them.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: a straight boundary, and one that bends

A logistic unit (0 hidden layers) on two moons, then on XOR. **Ask first**: what is its loss when it knows nothing, and will
it get XOR right? Then give it a hidden layer.
"""

# %% slide="-"
Playground(dataset="moons", depth=0)

# %% [markdown] slide="notes"
r"""
*For the presenter.* One minute. On moons the straight boundary gets nearly nine of ten right; on XOR half, at a loss of
0.693 = log 2, a coin's. With one hidden layer of 4 units XOR is solved in some hundred steps. Do not explain how: that is
chapter 4.
"""

# %% [markdown] slide="slide"
r"""
## 4. A straight line by gradient descent

*6 minutes (estimated)*

With $f(z) = z$ the unit answers a number: *linear regression*. The decks train one in 27 lines of PyTorch, on ten points of
$t = 3x + 4$. With plainnet it is the same program: an error, a backward pass, a small step **against** the gradient.
"""

# %% slide="-"
x_line = np.arange(-5.0, 5.0)
t_line = 3 * x_line + 4
w, b = Tensor(1.0, requires_grad=True), Tensor(1.0, requires_grad=True)
optimizer = optim.SGD([w, b], lr=0.01)
errors = []
for _ in range(25):
    error = ((w * x_line + b - t_line) ** 2).sum()
    errors.append(error.item())
    optimizer.zero_grad()
    error.backward()
    optimizer.step()
print("errors:", ", ".join(f"{e:.4f}" for e in errors[:4]), "...", f"{errors[-1]:.4f}")
print(f"w = {w.item():.6f}, b = {b.item():.6f}")

# %% [markdown] slide="-"
r"""
These are the deck's numbers: 370, 199.05, 108.69, ..., and at the end 3.00 and 3.99.

**Two traps of the deck.** Its error is a *sum*, so the right learning rate depends on the number of points; most of this
course uses means. And two slides later it writes the step with a plus, $w \leftarrow w + \lambda\,\partial L/\partial w$
($\lambda$ is its letter for the learning rate): that climbs. The code above, like the deck's own code, subtracts.
"""

# %% [markdown] slide="subslide"
r"""
### The step in the library

The step itself is the shortest method of the library: `g` is the gradient, `s` a place to compute in, `w` moves where it is.
"""

# %% slide="-"
code_of(optim.SGD)

# %% [markdown] slide="subslide"
r"""
### Which learning rates work?

The error is quadratic in $(w, b)$. Its second derivatives are constants, the *Hessian*

$$ H = 2 \begin{pmatrix} \sum x_i^2 & \sum x_i \\ \sum x_i & N \end{pmatrix} $$

Seen along an eigenvector of $H$ with eigenvalue $\lambda$, a step multiplies the distance from the minimum by
$1 - \mathrm{lr} \cdot \lambda$. That number has to lie between −1 and 1: $\mathrm{lr} < 2/\lambda$, for the *largest*
eigenvalue.
"""

# %% slide="-"
hessian = 2 * np.array([[np.sum(x_line * x_line), np.sum(x_line)], [np.sum(x_line), len(x_line)]])
small, large = np.linalg.eigvalsh(hessian)
print(f"eigenvalues {small:.2f} and {large:.2f}: stable below lr = {2 / large:.6f}")
for lr in (0.01, 0.0117, 0.013):
    print(f"lr = {lr}: factors {1 - lr * small:6.3f} (flat direction), {1 - lr * large:6.3f} (steep direction)")


# %% slide="-"
def errors_of(lr, num_steps=40):
    w = b = 1.0
    found = []
    for _ in range(num_steps):
        gap = w * x_line + b - t_line
        found.append(np.sum(gap**2))
        w, b = w - lr * 2 * np.sum(gap * x_line), b - lr * 2 * np.sum(gap)
    return found


# %% slide="subslide"
figure, axes = plt.subplots(figsize=(8, 3.8))
for lr, style, colour in [(0.002, ":", GREEN), (0.01, "-", BLUE), (0.0117, "-.", "black"), (0.013, "--", ORANGE)]:
    axes.semilogy(errors_of(lr), style, color=colour, label=f"lr = {lr}")
axes.set(xlabel="step (count)", ylabel="error: sum of squares (no unit)", title="Thirty per cent decide")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: with lr = 0.01 the error falls by more than seven orders of magnitude in 40 steps, with 0.002
slowly. With 0.0117, just below the border, it falls at first and then hardly moves: the steep direction swings from side to side, a
little less each time. With 0.013 the error grows, without limit. What happens closer to the border is a question of the
exercises.

The ratio of the eigenvalues, here 9, says how badly the two directions fit together: the steep one limits the learning
rate, the flat one then has to crawl. Remember this ratio for section 6; chapter 6 has a
name for it, the *condition number*.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Question: "What will the error do at lr = 0.012, just above the border?" Let them vote, and do not
answer: it is question 10 of the exercises. The hint that you may give: two directions, two factors, one sum.
"""

# %% [markdown] slide="slide"
r"""
## 5. From "yes" to "how sure"

*6 minutes (estimated), in the 20-minute path without the code*

The deck asks: if the targets were class labels, how would the program change into **logistic regression**? Two lines: what
comes out, and what is minimised.

**What comes out** is squeezed into a probability by the *sigmoid*

$$ p = \sigma(z) = \frac{1}{1 + e^{-z}}, \qquad \frac{dp}{dz} = p\,(1 - p), \qquad 1 - \sigma(z) = \sigma(-z) $$

Read backwards, $z = \log\frac{p}{1-p}$: the score is the logarithm of the *odds*, the **logit**. One unit more of $x_j$
multiplies the odds by $e^{w_j}$. (Logarithms are natural ones in the whole course; $\log$ and $\ln$ are the same.)
"""

# %% slide="subslide"
z = np.linspace(-8, 8, 321)
p = plainnet.sigmoid(z).data
figure, axes = plt.subplots()
axes.plot(z, p, "-", color=BLUE, label="sigmoid p")
axes.plot(z, p * (1 - p), "--", color=ORANGE, label="its slope p (1 − p)")
axes.set(xlabel="score z (no unit)", ylabel="p and slope (no unit)", title="Steep in the middle, flat at both ends")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the sigmoid rises from nearly 0 at $z = -8$ through 1/2 at 0 to nearly 1 at 8. Its slope is a bell,
at most 1/4, and nearly 0 beyond ±6.
"""

# %% [markdown] slide="subslide"
r"""
### Does it ever reach 1?

A deck says that the sigmoid maps into $[0, 1]$. Mathematically it never reaches the ends; in float64 it does reach the upper
one, and the naive formula does worse:
"""

# %% slide="-"
first = next(z for z in range(100) if plainnet.sigmoid(float(z)).data == 1.0)
print(
    f"sigmoid({first}) is exactly 1 in float64, so 1 - p is 0; sigmoid(-{first}) = {plainnet.sigmoid(-float(first)).data:.3e}"
)
with np.errstate(over="raise"):
    try:
        1 / (1 + np.exp(-np.array(-1000.0)))
    except FloatingPointError as error:
        print("1 / (1 + exp(1000)):", error)

# %% slide="-"
code_of(plainnet.sigmoid.forward)

# %% [markdown] slide="subslide"
r"""
### What is minimised

The model gives what really happened the probability $p$ if $t = 1$, and $1 - p$ if $t = 0$. Make that as large as possible
for all samples together (*maximum likelihood*), or its negative logarithm as small as possible:

$$ \mathrm{loss} = -t \log p - (1 - t) \log(1 - p) = \log(1 + e^{z}) - t z $$

The second form never sees $p$, and so never takes the logarithm of 0. Its gradient is what makes the pair so good:

$$ \frac{\partial\,\mathrm{loss}}{\partial z} = \frac{p - t}{p\,(1 - p)} \cdot p\,(1 - p) = p - t $$

The sigmoid's flat ends cancel. A unit that is sure and wrong learns at full speed.
"""

# %% slide="-"
code_of(plainnet.bce_with_logits.forward, docstring=False)

# %% slide="-"
z = Tensor(np.array([0.0, 2.0, -1000.0]), requires_grad=True)
t = np.array([1, 0, 1])
plainnet.bce_with_logits(z, targets=t).backward(g=3.0)  # a mean over three: times 3 leaves the sum
print("p - t     ", plainnet.sigmoid(z.data).data - t)
print("gradient  ", z.grad)

# %% slide="subslide"
z = np.linspace(-8, 8, 321)
p = plainnet.sigmoid(z).data
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.5))
left.plot(z, np.logaddexp(0, -z), "-", color=BLUE, label="−log p")
left.plot(z, (1 - p) ** 2, "--", color=ORANGE, label="(1 − p)²")
right.plot(z, p - 1, "-", color=BLUE, label="of −log p")
right.plot(z, 2 * (p - 1) * p * (1 - p), "--", color=ORANGE, label="of (1 − p)²")
left.set(xlabel="score z (no unit)", ylabel="loss of a sample with t = 1", title="Loss")
right.set(xlabel="score z (no unit)", ylabel="slope of the loss", title="What drives learning")
left.legend()
right.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: for a sample of class 1. Left: towards $z = -8$ the logistic loss rises like a straight line, the
squared error flattens out at 1. Right: there the slope of the logistic loss is −1, that of the squared error nearly 0. A unit
trained with squared error learns nothing from its worst mistakes.
"""

# %% [markdown] slide="subslide"
r"""
### Compare with 1958

Gradient descent on one sample moves the weights by $\mathrm{lr}\,(t - p)\,x$. Put the perceptron's
own answer 0 or 1 in place of $p$, and you have Rosenblatt's rule. Logistic regression is the perceptron with doubts.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* For the 20-minute path: the two formulas and the last figure. A good question: "What happens to the
weights if a line separates the classes?" The loss can always be made smaller by making all weights larger: they grow without
limit, the curve becomes a step (Albert and Anderson 1984). It is why the demo's boundary on separable points gets sharper
and sharper.
"""

# %% [markdown] slide="slide"
r"""
## 6. Twenty-three flights

*8 minutes (estimated), the demo is in the 20-minute path*

28 January 1986, Cape Canaveral. The boosters of the space shuttle are built in segments; rubber O-rings seal their joints.
It is cold: about 31 °F (−1 °C) at the joints. After 7 of the 23 flights whose boosters were recovered, an O-ring had shown
damage. The evening before, the question is on the table whether that has to do with temperature. The plot that was discussed
showed the flights **with** damage; those without were left out, as if they said nothing about temperature.
"""

# %% slide="-"
x, t = data.challenger()
x = x[:, 0].astype(float)

# %% slide="subslide"
figure, axes = plt.subplots(1, 2, figsize=(10, 3.8), sharex=True, sharey=True)
for axis, keep, title in zip(axes, (t == 1, t >= 0), ("The 7 with damage", "All 23")):
    axis.plot(x[keep & (t == 0)], t[keep & (t == 0)], "o", color=BLUE, ms=9, alpha=0.5)
    axis.plot(x[keep & (t == 1)], t[keep & (t == 1)], "^", color=ORANGE, ms=10, alpha=0.6)
    axis.axvline(31, color="black", ls=":")
    axis.set(xlabel="launch temperature (°F)", title=title, yticks=[0, 1])
axes[0].set_yticklabels(["no damage", "damage"])
axes[0].text(32, 0.5, "31 °F", fontsize=12)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: left, the seven flights with damage, spread from 53 to 75 °F without a clear trend. Right, with the
16 others added: these were all flown at 66 °F or more. All four flights below 65 °F had damage; of the 19 above, three. A
dotted line marks 31 °F, far to the left of everything.
"""

# %% [markdown] slide="subslide"
r"""
### Fit it, naively

The program of section 4, two lines changed. The learning rate is as large as it can be without the loss jumping about:
"""


# %% slide="-"
def descend(s, lr, num_steps):
    """Return (w, b, the loss before each step) of logistic regression on the inputs s."""
    w, b = Tensor(np.zeros(()), requires_grad=True), Tensor(np.zeros(()), requires_grad=True)
    optimizer, found = optim.SGD([w, b], lr=lr), []
    for _ in range(num_steps):
        loss = losses.binary_cross_entropy(Tensor(s) * w + b, t)  # was: the sum of squares of w x + b - t
        found.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return w.item(), b.item(), found


w_raw, b_raw, raw = descend(x, 0.001, 2000)
print(f"raw °F, 2000 steps: w = {w_raw:.4f}, b = {b_raw:.4f}, loss {raw[-1]:.4f}")

# %% slide="-"
mean, std = x.mean(), x.std()
v, c, standardised = descend((x - mean) / std, 1.0, 2000)
w, b = v / std, c - v * mean / std  # back to °F
print(f"standardised, 2000 steps: w = {w:.5f} per °F, b = {b:.4f}, loss {standardised[-1]:.4f}")
print(f"half-way at {-b / w:.1f} °F; ten degrees colder multiply the odds by {np.exp(-10 * w):.1f}")
print(f"at 31 °F: p = {1 / (1 + np.exp(-(31 * w + b))):.4f}; sum of the losses {23 * standardised[-1]:.4f}")

# %% slide="subslide"
figure, axes = plt.subplots()
axes.loglog(range(1, 2001), np.array(raw) - standardised[-1] + 1e-9, "--", color=ORANGE, label="raw °F, lr = 0.001")
axes.loglog(
    range(1, 2001), np.array(standardised) - standardised[-1] + 1e-9, "-", color=BLUE, label="standardised, lr = 1"
)
axes.set(xlabel="step (count)", ylabel="loss above its minimum", title="Two thousand steps for nothing")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: on standardised temperatures the loss comes down to its minimum, within a billionth, in less than
150 steps. On raw °F it hardly moves in all 2000; a larger learning rate makes it jump.
"""

# %% [markdown] slide="subslide"
r"""
### Why is it so slow on raw °F?

The ratio of eigenvalues again. With raw temperatures around 70, a change of $w$ by 0.1 changes every score by 7, a
change of $b$ by 0.1 changes it by 0.1, and the two nearly cancel along one direction:
"""

# %% slide="-"
p = 1 / (1 + np.exp(-(w * x + b)))
for name, s in [("raw °F", x), ("standardised", (x - mean) / std)]:
    columns = np.column_stack([s, np.ones(len(s))])
    small, large = np.linalg.eigvalsh(columns.T @ (columns * (p * (1 - p))[:, None]) / len(s))
    print(f"{name:12}: curvatures {small:.2e} and {large:.2e}, ratio {large / small:,.0f}")

# %% [markdown] slide="-"
r"""
The steep direction allows steps of at most 2/large; the flat one needs about 1/(step · small) of them to come nearer by a
factor of $e$. On raw °F that is hundreds of thousands of steps; standardised, a handful. **Standardise inputs before you
train**, $s = (x - \mu)/d$ with mean $\mu$ and standard deviation $d$, and translate back: $w = v/d$, $b = c - v\mu/d$.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: what does the curve say at 31 °F?

Start at 60 °F, then slide down. **Ask first**: how likely is damage at 31 °F, by this model? And: would you believe it?
"""

# %% slide="-"
ORingCurve(temperature=60)

# %% [markdown] slide="notes"
r"""
*For the presenter.* Three minutes. Vote, reveal, then slide from 60 to 31: the warning appears below 53. Then "Flights:
without the four below 65 °F": the certainty is gone, all of it rested on four flights. Last "Inputs: raw °F": the same
program, not arrived, and its number looks as serious as the right one.
"""

# %% [markdown] slide="subslide"
r"""
### 0.9996 is not a fact about 31 °F

Two different reasons for doubt, and only the first can be computed:

- **Few data.** Twenty-three flights leave $w$ and $b$ loose. The curvature of the likelihood says how loose; carried through
  the sigmoid it gives an interval.
- **Extrapolation.** The coldest flight was at 53 °F. That the log-odds go on as a straight line for another 22 degrees is an
  *assumption*. The interval is computed under it, and knows nothing of rubber.
"""

# %% slide="-"
columns = np.column_stack([x, np.ones(len(x))])
covariance = np.linalg.inv(columns.T @ (columns * (p * (1 - p))[:, None]))
for temperature in (31, 53, 65, 75):
    at = np.array([temperature, 1.0])
    score, half = at @ [w, b], 1.96 * np.sqrt(at @ covariance @ at)
    low, middle, high = 1 / (1 + np.exp(-np.array([score - half, score, score + half])))
    print(f"{temperature} °F: p = {middle:.4f}, 95 % interval {low:.3f} to {high:.5f}")

# %% [markdown] slide="-"
r"""
At 31 °F anything between a coin's toss and certainty is compatible with the data, *if* the model is right. And yet: no
reading of these data says that the cold is safe. Nobody needed the curve for that; all 23 flights on one plot would have
done. (Dalal, Fowlkes and Hoadley 1989 have the careful analysis.)
"""

# %% [markdown] slide="slide"
r"""
## 7. Is it any good?

*3 minutes (estimated)*

Accuracy, the share of right answers, is a poor judge when one class is rare. "No damage, ever" is right 16 times of 23.
"""

# %% slide="-"
y = (p >= 0.5).astype(int)
never = np.zeros(23, int)
print("accuracy: ours", round(metrics.accuracy(y, t), 3), " never:", round(metrics.accuracy(never, t), 3))
print("F1:       ours", round(metrics.f1(y, t)[1], 3), " never:", metrics.f1(never, t, num_classes=2)[1])
print("rows are targets, columns predictions:", metrics.confusion_matrix(y, t).tolist())
print("area under the ROC curve:", metrics.roc_auc(p, t))

# %% [markdown] slide="-"
r"""
- **Precision**: of those we called damaged, how many were? 4 of 4. **Recall**: of the damaged, how many did we find? 4 of 7.
- $F_1 = 2 \cdot \mathrm{precision} \cdot \mathrm{recall} / (\mathrm{precision} + \mathrm{recall}) = 8/11$, their harmonic mean.
- **ROC curve**: move the threshold through all values; draw the share of positives found against the share of false alarms.
  Its **area** is the chance that a random damaged flight was colder than a random undamaged one (Hanley and McNeil 1982):
  0.781. It judges the ranking alone, neither a threshold nor the probabilities. Which errors weigh more is no question of mathematics.
"""

# %% slide="-"
code_of(metrics.f1, docstring=False)

# %% slide="-"
thresholds = [np.inf, *np.unique(p)[::-1]]  # the first lies above every score, whatever the scores are
tpr = [np.mean(p[t == 1] >= threshold) for threshold in thresholds]
fpr = [np.mean(p[t == 0] >= threshold) for threshold in thresholds]

# %% slide="subslide"
figure, axes = plt.subplots(figsize=(5.5, 4))
axes.plot(fpr, tpr, "-o", color=BLUE, label="by temperature")
axes.plot([0, 1], [0, 1], "--", color="black", label="by chance")
axes.plot(0, 4 / 7, "s", color=ORANGE, ms=11, label="threshold 1/2")
axes.set(xlabel="false alarms (share of undamaged)", ylabel="found (share of damaged)")
axes.set_title("ROC curve of the O-rings")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the curve goes straight up from (0, 0) to (0, 4/7), the four coldest flights, all damaged; then to the
right through flights at 66 to 69 °F, none of them damaged; crosses the tie at 70 °F, two damaged and two not, in a slanting
line; and after two more undamaged flights the tie at 75 °F, one of each, which brings it to the top. The dashed diagonal is
what guessing gives. A square marks the threshold 1/2.
"""

# %% [markdown] slide="slide"
r"""
## 8. Summary

*1 minute (estimated), in the 20-minute path*

- A unit computes $z = x \cdot w + b$ and a function of it. Where $z = 0$ lies a straight line: one unit draws one line.
- **Perceptron**: move only at mistakes. It stops if a line separates the classes, after at most $(R/m)^2$ mistakes; otherwise
  never. XOR needs more than one unit.
- **Gradient descent** on a sum of squares works below $2/\lambda_{\max}$; the ratio of the curvatures says how long it takes.
- **Logistic regression**: sigmoid and negative log-likelihood belong together, the gradient is $p - t$. Compute the loss from the
  logit, never from $p$.
- **Standardise** inputs: what 2000 steps on raw °F did not reach took 150.
- A model answers every question, also where it has never been: **look where the data end**.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| artificial neuron, unit | a weighted sum of inputs plus a bias, and a function of it |
| weight, bias | how much an input counts; how easily the unit fires: a weight whose input is always 1 |
| perceptron | a unit that answers by the sign of its score, trained by moving at mistakes only |
| epoch | one pass through all training samples |
| linearly separable | classes that some line (plane, hyperplane) separates without a mistake |
| margin | how far the nearest sample lies on its right side of a separating line |
| sigmoid | $1/(1 + e^{-z})$, which turns a score into a probability |
| logit, odds | the score whose sigmoid is the probability, $\log(p/(1-p))$; $p/(1-p)$ |
| logistic regression | a unit with a sigmoid, trained to give what happened a high probability |
| binary cross-entropy | its loss, the mean of $-t\log p - (1-t)\log(1-p)$ |
| maximum likelihood | choosing the parameters that make the observed data most probable |
| Hessian | the matrix of second derivatives: how a loss curves |
| learning rate | how far a step goes, as a multiple of the gradient |
| standardise | subtract the mean and divide by the standard deviation, column by column |
| extrapolation | reading a model off where there are no data |
| precision, recall | the share of right ones among what was predicted positive; the share of the positives that were found |
| F1 | the harmonic mean of precision and recall |
| ROC curve | the share of positives found against the share of false alarms, over all thresholds |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- W. S. McCulloch, W. Pitts, *A logical calculus of the ideas immanent in nervous activity*, Bulletin of Mathematical
  Biophysics 5, 115–133, 1943.
- F. Rosenblatt, *The perceptron: a probabilistic model for information storage and organization in the brain*, Psychological
  Review 65, 386–408, 1958.
- A. B. J. Novikoff, *On convergence proofs on perceptrons*, Symposium on the Mathematical Theory of Automata 12, 615–622, 1962.
- M. Minsky, S. Papert, *Perceptrons*, MIT Press, 1969.
- P. J. Werbos, *Beyond regression*, PhD thesis, Harvard University, 1974.
- D. R. Cox, *The regression analysis of binary sequences*, Journal of the Royal Statistical Society B 20, 215–242, 1958.
- A. Albert, J. A. Anderson, *On the existence of maximum likelihood estimates in logistic regression models*, Biometrika 71,
  1–10, 1984.
- S. R. Dalal, E. B. Fowlkes, B. Hoadley, *Risk analysis of the space shuttle: pre-Challenger prediction of failure*, Journal of
  the American Statistical Association 84, 945–957, 1989.
- J. A. Hanley, B. J. McNeil, *The meaning and use of the area under a receiver operating characteristic (ROC) curve*, Radiology
  143, 29–36, 1982.
- *Report of the Presidential Commission on the Space Shuttle Challenger Accident*, Washington, 1986.

**Next**: the exercises of this chapter, 105 minutes (estimated). Then chapter 3: more than two classes.
"""
