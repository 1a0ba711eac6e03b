# %% [markdown] slide="slide"
r"""
# Chapter 15: Adversarial examples

A network that reads 98 of 100 unseen digits can be made to fail on most of them by a change that we hardly see. The same
few lines draw a picture of nothing of which it is certain. Nothing new is needed for either: only the gradient that we
have had since chapter 1, taken with respect to something else.
"""

# %% [markdown] slide="subslide"
r"""
**After this lecture you can**

1. compute the gradient of a loss with respect to the *input*, and say what it means;
2. derive the fast gradient sign method, and attack a network away from a class or towards one;
3. explain why random noise of the same size does so little, and by which factor;
4. say what several steps add, and what limits them;
5. make an image that fools a network, and say what its certainty is worth;
6. train against attacks, and say what that buys and what it does not.

**Before you start**: chapter 3 (softmax and cross-entropy), chapter 4 (layers and their gradients); chapter 11
(convolution) is a help for the demos, no more. Adam, the optimiser used here, is chapter 6's.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 Two failures of good networks | 4 | 2: the two cases |
| 2 The gradient of the input | 5 | 3: without the check |
| 3 One step: the fast gradient sign method | 8 | 6: without the targeted attack |
| 4 Noise of the same size | 6 | 5: the demo and the factor |
| 5 Many steps | 4 | |
| 6 Images of nothing | 4 | 3: the demo |
| 7 Training against attacks | 5 | |
| 8 Summary, words, papers | 1 | 1: the summary |
"""

# %% slide="skip"

import matplotlib.pyplot as plt
import numpy as np

import plainnet
from plainnet import Tensor, adversarial, data, losses, nn, optim
from plainnet.demos import EpsilonAttack, FoolingImage, NoiseOrAttack
from plainnet.lecture import BLUE, GREEN, ORANGE, PURPLE, code_of, style_figures

style_figures()

# %% [markdown] slide="slide"
r"""
## 1. Two failures of good networks

*4 minutes (estimated), 2 of them in the 20-minute path*

The decks (slides of older courses, which this course follows and corrects) show two cases:

- **A wrong answer.** A photograph, read correctly. A pattern is added that people do not see. The network now says
  *ostrich* (Szegedy and others, 2013). In another deck a *panda* becomes a *gibbon* by one step of a formula.
- **An answer where there is none.** Images that look like television noise or like wallpaper, which a network takes for
  a known thing with a confidence above 99 % (Nguyen, Yosinski and Clune, 2015).

In both the weights are those of a good network, and stay as they are. Somebody has *searched for an image*. The question
of training was: how does the loss change when I change a weight? Theirs is: how does it change when I change a *pixel*?
"""

# %% slide="subslide"
images, classes = data.digits()
order = np.random.default_rng(0).permutation(len(images))
x, t = images.reshape(-1, 64)[order].astype(float), classes[order]
x_learn, t_learn, x_unseen, t_unseen = x[:1500], t[:1500], x[1500:], t[1500:]


def new_network(seed):
    """Return a network for digits with 32 hidden units, untrained, and the generator that goes on."""
    rng = np.random.default_rng(seed)
    layers = [nn.Linear(64, 32, rng), plainnet.relu, nn.Linear(32, 10, rng)]
    return nn.Sequential(*layers).astype(float), rng


def accuracy(model, x):
    return np.mean(model(Tensor(x)).data.argmax(axis=1) == t_unseen)


# %% slide="-"
model, rng = new_network(seed=0)
plainnet.fit(
    model, x_learn, t_learn, loss=losses.cross_entropy, optimizer=optim.Adam(model.parameters(), lr=5e-3),
    num_epochs=12, rng=rng, progress=False,
)  # fmt: skip
print(f"trained on {len(x_learn)} digits; of {len(x_unseen)} unseen ones it reads {accuracy(model, x_unseen):.1%}")

# %% [markdown] slide="notes"
r"""
*For the presenter.* Ask the room how many pixels one would have to change to turn a 3 into something else. Most think of
painting over strokes, a few pixels by much. The attack does the opposite: all pixels by little. Keep the guess for
section 3.
"""

# %% [markdown] slide="slide"
r"""
## 2. The gradient of the input

*5 minutes (estimated), 3 of them in the 20-minute path*

Backpropagation runs through the layers from the loss to the front. In training it stops at the weights of the first
layer. It takes one more product to reach the image, and it is the product that every layer has:

$$ \frac{\partial L}{\partial x} = \frac{\partial L}{\partial z_1}\, W_1^\top $$

In plainnet, an image becomes a tensor that asks for its gradient, and the weights stop asking for theirs:
"""

# %% slide="-"
code_of(adversarial.gradient, docstring=False)

# %% slide="-"
code_of(adversarial.input_gradient, docstring=False)

# %% [markdown] slide="-"
r"""
Each image has a loss of its own, so each row of the result is the gradient of *its own* loss. The usual loss is a mean
over the batch; the factor N in the code undoes the division.
"""

# %% slide="subslide"
g = adversarial.input_gradient(model, x_unseen, t_unseen)
i = int(np.flatnonzero(t_unseen == 3)[0])
h, row, k = 1e-6, x_unseen[i : i + 1], int(np.abs(g[i]).argmax())
step = h * np.eye(64)[k : k + 1]
up, down = (losses.cross_entropy(model(Tensor(z)), t_unseen[i : i + 1]).item() for z in (row + step, row - step))
print(f"pixel {k} of a 3: gradient {g[i, k]:.6f}, by trying it out {(up - down) / (2 * h):.6f}")
print(f"the same image alone: {adversarial.input_gradient(model, row, t_unseen[i : i + 1])[0, k]:.6f}")

# %% slide="subslide"
figure, axes = plt.subplots(1, 2, figsize=(8, 3.6))
axes[0].imshow(row.reshape(8, 8), cmap="gray_r", vmin=0, vmax=1)
axes[0].set(title="an unseen 3", xlabel="column (pixel)", ylabel="row (pixel)")
limit = np.abs(g[i]).max()
shown = axes[1].imshow(g[i].reshape(8, 8), cmap="PuOr", vmin=-limit, vmax=limit)
axes[1].set(title="gradient of its loss", xlabel="column (pixel)")
figure.colorbar(shown, label="nats per unit of ink")
for panel in axes:
    panel.grid(visible=False)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: left, a 3 on 8 × 8 pixels. Right, the gradient of its loss, pixel by pixel: violet where more ink
raises the loss, orange where less ink does. It does not look like a digit. There are large entries of both signs on the strokes and beside them: a bit
of ink more here, a bit less there, and the loss rises. Hardly an entry is 0, and that will be the trouble.
"""

# %% [markdown] slide="slide"
r"""
## 3. One step: the fast gradient sign method

*8 minutes (estimated), 6 of them in the 20-minute path*

Let no pixel move by more than $\varepsilon$. (The size of a change is then its largest absolute value: the **max norm**.)
Near
$x$ the loss changes by

$$ L(x + \delta) - L(x) \approx \sum_i g_i\, \delta_i, \qquad g = \frac{\partial L}{\partial x} $$

Each term can be chosen by itself. It is largest when $\delta_i$ is as large as it may be and has the sign of $g_i$:

$$ x' = x + \varepsilon \cdot \operatorname{sign}\!\Big( \frac{\partial L}{\partial x} \Big) $$

This is the **fast gradient sign method** (FGSM). Where $g_i = 0$, $\operatorname{sign}$ is 0 and the pixel stays. The
result is limited to the range of a pixel, here 0 to 1. In plainnet:
"""

# %% slide="-"
code_of(adversarial.fgsm, docstring=False)

# %% [markdown] slide="-"
r"""
**Correction**: the deck with the formula credits Szegedy and others (2014). They *found* adversarial examples, with a
slower method: L-BFGS, a search by many gradients for each image. The sign of the gradient, and the panda, are from **Goodfellow, Shlens and Szegedy, "Explaining and
harnessing adversarial examples", 2014** (shown at ICLR 2015).
"""

# %% slide="subslide"
for eps in (0.0, 0.05, 0.1, 0.15, 0.2, 0.3):
    attacked = adversarial.fgsm(model, x_unseen, t_unseen, eps)
    helped = adversarial.fgsm(model, x_unseen, t_unseen, -eps)  # the sign by mistake the other way round
    print(
        f"eps {eps:4.2f}: {accuracy(model, attacked):6.1%} read right; with the wrong sign {accuracy(model, helped):6.1%}"
    )

# %% [markdown] slide="-"
r"""
At $\varepsilon = 0.1$, a tenth of the way from paper to ink, half of the digits are lost; at 0.2 nearly all. And a
mistake in the sign does not weaken the attack, it *helps* the network: accuracy rises to 100 %, or nearly. A good test of your own
code, then: if an attack makes the network better, look at the sign.
"""

# %% slide="subslide"
attacked = adversarial.fgsm(model, row, t_unseen[i : i + 1], 0.15)
figure, axes = plt.subplots(1, 3, figsize=(10, 3.1))
for panel, image in zip(axes, (row, attacked - row, attacked)):
    change = image is not row and image is not attacked
    cmap, limits = ("PuOr", (-0.15, 0.15)) if change else ("gray_r", (0, 1))
    panel.imshow(image.reshape(8, 8), cmap=cmap, vmin=limits[0], vmax=limits[1])
    panel.set_xlabel("column (pixel)")
    panel.grid(visible=False)
axes[0].set_ylabel("row (pixel)")
names = [f"read as {model(Tensor(z)).data.argmax()}" for z in (row, attacked)]
for panel, name in zip(axes, (names[0], "the change (±0.15)", names[1])):
    panel.set_title(name)
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: left the 3, which the network reads as a 3. In the middle the change: most pixels by +0.15
(violet) or −0.15 (brown); white paper whose gradient is negative stays, since there is nothing to take away. Right the sum: we still read a
3 on a slightly dirty sheet; the title says what the network reads.
"""

# %% [markdown] slide="subslide"
r"""
### Towards a class

A **targeted** attack takes a class that we *want*, and lowers its loss: $t$ is the wanted class, and the sign turns
around, $x' = x - \varepsilon\, \operatorname{sign}(\partial L(x, t_{\text{wanted}}) / \partial x)$. Two things change
together, the class and the sign. With the new class alone the step leads away from a class that the network did not see
anyway; with the new sign alone it helps.
"""

# %% slide="-"
wanted = (t_unseen + 1) % 10
for eps in (0.1, 0.2, 0.3):
    moved = adversarial.fgsm(model, x_unseen, wanted, eps, targeted=True)
    hit = np.mean(model(Tensor(moved)).data.argmax(axis=1) == wanted)
    print(
        f"eps {eps}: {hit:.1%} are read as the next digit (3 as 4, 9 as 0); {accuracy(model, moved):.1%} are read right"
    )
class_alone, sign_alone = (
    accuracy(model, adversarial.fgsm(model, x_unseen, t, 0.2, targeted))
    for t, targeted in ((wanted, False), (t_unseen, True))
)
print(f"eps 0.2, the class alone changed: {class_alone:.1%} are read right; the sign alone: {sign_alone:.1%}")

# %% [markdown] slide="subslide"
r"""
### In which scale is epsilon measured?

Many networks are fed with standardised pixels, $u = (x - \text{mean}) / \text{std}$. By the chain rule $\partial
L/\partial x = (\partial L/\partial u) / \text{std}$: the same sign. But a step of $\varepsilon$ in $u$ is a step of
$\varepsilon \cdot \text{std}$ in pixels. With $\text{std} = 0.25$ an attack that claims 0.1 makes 0.025, and the network
looks four times as robust as it is. Say in which scale you measure, and limit the range in pixels too. (plainnet's
functions measure in the scale that the model is fed with.)
"""

# %% [markdown] slide="subslide"
r"""
### Demo: epsilon on a digit that you draw

The timeline is the slider: each frame is a larger $\varepsilon$. Draw a digit, choose a step. **Ask first**: at which
$\varepsilon$ does the answer change?
"""

# %% slide="-"
EpsilonAttack()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, Enter: at 0.09. Then *random signs*: it still reads a 3 at 0.40. Then *towards
8*: it becomes a 2, from 0.25 to 0.34 an 8, and a 2 again: one step follows one gradient, and the target is only a wish.
Let somebody draw.
"""

# %% [markdown] slide="slide"
r"""
## 4. Noise of the same size

*6 minutes (estimated), 5 of them in the 20-minute path*

"$\varepsilon = 0.1$ destroys the network" says nothing until we know what *any* change of 0.1 does. The fair opponent
changes every pixel by exactly as much, with signs from a coin. Why should it be weaker? Take a score that is linear,
$w \cdot x$, with D pixels:

- the attack's signs are those of $w$: all D contributions add up, to $\varepsilon \sum_i |w_i|$, which grows like $D$;
- random signs cancel for the most part. The variances add up, and the root of their sum is $\varepsilon \sqrt{\sum_i
  w_i^2}$, which grows like $\sqrt D$.

For weights of one size the ratio is $D / \sqrt D = \sqrt D$: 8 for our 64 pixels, 28 for MNIST's 784, 388 for a
photograph of 224 × 224 × 3.
"""

# %% slide="subslide"
rng = np.random.default_rng(0)
for D in (64, 784, 224 * 224 * 3):
    w = rng.choice([-1.0, 1.0], size=D)
    attack = 0.01 * np.abs(w).sum()
    noise = np.std([0.01 * w @ rng.choice([-1.0, 1.0], size=D) for _ in range(200)])
    print(
        f"D = {D:6}: eps 0.01 moves the score by {attack:7.2f}, noise by {noise:.2f}, {attack / noise:.0f} times less"
        f" (root of D: {D**0.5:.0f})"
    )

# %% [markdown] slide="-"
r"""
So it is not that networks are too *bent*: a straight line is enough, with many inputs. That was the explanation of
Goodfellow and others. In 150,000 dimensions a random direction is nearly at right angles to the worst one (the cosine is
about $1/\sqrt D$), and no number of trials that anybody can pay for finds it. **A network that was tested with noise, and passed, was tested in a direction where nothing happens.**
"""

# %% slide="subslide"
epsilons = np.linspace(0, 0.3, 13)
signs = 2 * np.random.default_rng(0).integers(2, size=x_unseen.shape) - 1
curves = {
    "random signs": [np.clip(x_unseen + eps * signs, 0, 1) for eps in epsilons],
    "one step (FGSM)": [adversarial.fgsm(model, x_unseen, t_unseen, eps) for eps in epsilons],
    "ten steps": [adversarial.iterative_attack(model, x_unseen, t_unseen, eps, eps / 4) for eps in epsilons],
}
curves = {name: [accuracy(model, moved) for moved in several] for name, several in curves.items()}

# %% slide="subslide"
figure, axes = plt.subplots()
for (name, curve), style, colour in zip(curves.items(), ("--", "-", ":"), (BLUE, ORANGE, PURPLE)):
    axes.plot(epsilons, 100 * np.array(curve), style, color=colour, label=name)
axes.set(xlabel="ε, the change of each pixel (share of paper to ink)", ylabel="read right (%)", ylim=(0, 101))
axes.set_title("297 unseen digits")
axes.legend()
plt.show()

# %% [markdown] slide="-"
r"""
*What the figure shows*: the share of unseen digits that are read right, as $\varepsilon$ grows from 0 to 0.3. With random
signs it falls slowly, from 98 % to about 75 %. With one step of FGSM it falls to less than half at 0.1 and to nearly
nothing at 0.2. Ten steps within the same limit are a little worse still.
"""

# %% [markdown] slide="subslide"
r"""
### Demo: noise against attack

The same for the convolutional network of the course's demos, which is better and larger. **Ask first**: it reads 99 of
100. How many are left after an attack with $\varepsilon = 0.1$?
"""

# %% slide="-"
NoiseOrAttack()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, Enter (67; with noise 98), play to the end (13 against 95). Look at the two images
at the right: they are equally dirty. Then the preset *FGSM against the wrong sign*.
"""

# %% [markdown] slide="slide"
r"""
## 5. Many steps

*4 minutes (estimated)*

One step trusts one gradient over the whole distance. The **iterative attack** (Kurakin, Goodfellow and Bengio, 2016)
makes small steps and asks again after each. To keep the fight fair, it is brought back after each step: into the range
of a pixel, and into the box of half-width $\varepsilon$ around the image *where it started*.
"""

# %% slide="-"
code_of(adversarial.iterative_attack, docstring=False)

# %% [markdown] slide="-"
r"""
Two mistakes are common. A box around the *last* image moves along, and after ten steps the
image is ten steps away. And without any box it is a comparison of a long walk with a short one. With a random start
within the box the method is called **projected gradient descent** (PGD; Madry and others, 2018), the usual yardstick.
"""

# %% slide="-"
for name in ("one step (FGSM)", "ten steps"):
    print(
        f"{name:16}",
        "  ".join(f"eps {eps:.2f}: {right:6.1%}" for eps, right in zip(epsilons[2:9:2], curves[name][2:9:2])),
    )

# %% [markdown] slide="subslide"
r"""
### An attack need not know the network

Train a second network on the same digits, from other random weights. Attack the first, and show the images to the
second. Both have learned from the same data that the same pixels matter. The exercises ask you how many it still reads.
(It was Szegedy and others, 2013, who saw that attacks *transfer*.)
"""

# %% [markdown] slide="slide"
r"""
## 6. Images of nothing

*4 minutes (estimated), 3 of them in the 20-minute path*

Nothing says that the search has to begin at a digit. Begin with a grey sheet, step *towards* a class, with the targeted
step of section 3, and stop when the network is sure:
"""

# %% slide="-"
image = np.full((10, 64), 0.5)  # ten grey sheets, one for each class
for count in range(61):
    if count in (0, 5, 10, 20, 40, 60):
        p = plainnet.softmax(model(Tensor(image))).data[np.arange(10), np.arange(10)]
        print(f"after {count:2} steps of 0.01: p from {p.min():.4f} to {p.max():.4f} for the ten classes")
    image = adversarial.fgsm(model, image, np.arange(10), 0.01, targeted=True)

# %% [markdown] slide="-"
r"""
All ten classes end above 99.9 %. Nguyen, Yosinski and Clune got more than 99 % from networks for ImageNet, with images
like wallpaper, most of them by evolution: no gradient is needed to find such images.

Softmax divides one certainty among ten classes. It has no entry for "none of these", and its inputs, the logits, grow
along a straight line as far as we like to go. **A probability of 0.999 says which of ten, not whether.**
"""

# %% [markdown] slide="subslide"
r"""
### Demo: a fooling image grows

**Ask first**: each step changes a pixel by 0.01. After how many is the network 99 % sure to see a 4?
"""

# %% slide="-"
FoolingImage()

# %% [markdown] slide="notes"
r"""
*For the presenter.* Two minutes. Vote, play. Ask the room at the end what *they* see. Then *a 4 from white paper*: here
one can imagine strokes, since ink can only be added.
"""

# %% [markdown] slide="slide"
r"""
## 7. Training against attacks

*5 minutes (estimated)*

If a network errs on attacked images, show it attacked images, **with their true classes**. They have to be made anew at
every step, for the network as it is now. Goodfellow, Shlens and Szegedy take half and half:

$$ L_{\text{adv}} = \tfrac12 L(x, t) + \tfrac12 L\big(x + \varepsilon \operatorname{sign}(\partial L / \partial x),\, t\big) $$

The attacked image counts as a constant: no gradient goes through its making.
"""


# %% slide="-"
def train(share, eps, seed, num_epochs=12):
    """Return a network that was trained with a share of attacked images in its loss."""
    model, rng = new_network(seed)
    method = optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(num_epochs):
        for x, t in data.minibatches(x_learn, t_learn, 32, rng):
            loss = (1 - share) * losses.cross_entropy(model(Tensor(x)), t)
            if share:
                attacked = adversarial.fgsm(model, x, t, eps)
                loss = loss + share * losses.cross_entropy(model(Tensor(attacked)), t)
            method.zero_grad()
            loss.backward()
            method.step()
    return model


# %% slide="subslide"
trained = {"usual training": train(0, 0, seed=0), "half attacked, 0.15": train(0.5, 0.15, seed=0)}
print("read right              clean   noise 0.1   FGSM 0.1   ten steps 0.1")
robust = {}
for name, network in trained.items():
    noisy = np.clip(x_unseen + 0.1 * signs, 0, 1)
    one = adversarial.fgsm(network, x_unseen, t_unseen, 0.1)
    ten = adversarial.iterative_attack(network, x_unseen, t_unseen, 0.1, 0.025)
    robust[name] = [accuracy(network, moved) for moved in (x_unseen, noisy, one, ten)]
    print(f"{name:20}  {robust[name][0]:7.1%}  {robust[name][1]:9.1%}  {robust[name][2]:9.1%}  {robust[name][3]:13.1%}")

# %% [markdown] slide="-"
r"""
It helps a great deal. The price: three passes forward and back where there was one (the clean batch, the attack, the
attacked batch). Clean digits suffer little here; on photographs a robust network reads fewer clean images right (Tsipras
and others, 2019). What it does not buy: each network is attacked with *its own* gradient, but only by the attacks that we thought of. Another norm, more steps or a larger
$\varepsilon$ may break it again. Several published defences only made the gradient useless, and fell to an attack that
went around it (Athalye, Carlini and Wagner, 2018). So report the kind of attack, its size and its steps with every robust
accuracy.

A deck adds: Miyato and others (2016) make a regulariser of this. Their *virtual* adversarial training asks that the
output changes little in its worst direction. It needs no classes, and so learns from unlabelled images as well.
"""

# %% [markdown] slide="subslide"
r"""
### Is one allowed to do this?

The method is public, and every tester needs it: a network that decides about people or drives a car has to be attacked
by its makers *before* somebody else does it. Attack your own networks, or those whose owners have agreed. Report what
you find to them first. And when a system says "99.9 % sure", ask: among what?
"""

# %% [markdown] slide="slide"
r"""
## 8. Summary

*1 minute (estimated), in the 20-minute path*

- The gradient with respect to the **input** takes one more matrix product.
- **FGSM**: $x' = x + \varepsilon\,\operatorname{sign}(\partial L/\partial x)$, limited to the range of a pixel. Targeted:
  the wanted class, and a minus.
- Noise of the same size is weaker by about $\sqrt D$: it cancels, the attack adds up.
- Many small steps do more within the **same** box, which stays around the start.
- Softmax's certainty is relative: a **fooling image** gets 99.9 % for a picture of nothing.
- **Adversarial training** shows attacked images with their true classes, made anew at each step. It protects against what
  it was trained on.
"""

# %% [markdown] slide="subslide"
r"""
### Where the decks needed a correction

| a deck says | what holds |
|---|---|
| FGSM and the panda: Szegedy and others, 2014 | Goodfellow, Shlens and Szegedy, 2014. Szegedy and others (2013) found the phenomenon, with another method |
| adding the "right" noise induces misclassification | what is added is no noise: noise of the same size does far less (section 4 measures both) |
| adversarial training, without a size | say $\varepsilon$, its scale, and the number of steps |
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| adversarial example | an input that was changed on purpose, usually by little, so that a network answers wrongly |
| input gradient | the gradient of the loss with respect to the input, the weights held fixed |
| FGSM | fast gradient sign method: one step of $\varepsilon$ in each pixel, by the gradient's sign |
| untargeted, targeted | away from the true class; towards a wanted one |
| max norm | the largest absolute value of a change's entries |
| iterative attack, PGD | several small steps within a box around the start; with a random start |
| transfer | an image that was made against one network fools another |
| fooling image | an image that means nothing to us and of which a network is sure |
| adversarial training | training on attacked images with their true classes |
| robust accuracy | the share that is read right after an attack of a stated kind and size |
"""

# %% [markdown] slide="subslide"
r"""
### Papers

- C. Szegedy, W. Zaremba, I. Sutskever, J. Bruna, D. Erhan, I. Goodfellow, R. Fergus, *Intriguing properties of neural
  networks*, 2013, ICLR 2014. arXiv:1312.6199
- I. J. Goodfellow, J. Shlens, C. Szegedy, *Explaining and harnessing adversarial examples*, 2014, ICLR 2015.
  arXiv:1412.6572
- A. Nguyen, J. Yosinski, J. Clune, *Deep neural networks are easily fooled: high confidence predictions for unrecognizable
  images*, CVPR 2015. arXiv:1412.1897
- T. Miyato, S. Maeda, M. Koyama, K. Nakae, S. Ishii, *Distributional smoothing with virtual adversarial training*,
  ICLR 2016. arXiv:1507.00677
- A. Kurakin, I. Goodfellow, S. Bengio, *Adversarial examples in the physical world*, 2016. arXiv:1607.02533
- A. Madry, A. Makelov, L. Schmidt, D. Tsipras, A. Vladu, *Towards deep learning models resistant to adversarial attacks*,
  ICLR 2018. arXiv:1706.06083
- D. Tsipras, S. Santurkar, L. Engstrom, A. Turner, A. Madry, *Robustness may be at odds with accuracy*, ICLR 2019.
  arXiv:1805.12152
- A. Athalye, N. Carlini, D. Wagner, *Obfuscated gradients give a false sense of security*, ICML 2018. arXiv:1802.00420

**Next**: the exercises of this chapter. You compute the gradient, attack with one step and with many, measure noise
against attack, grow a fooling image and train against it all, in 95 minutes (estimated).
"""
