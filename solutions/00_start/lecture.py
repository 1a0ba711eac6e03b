# %% [markdown] slide="slide"
r"""
# Chapter 0: Arrays, tests, and how this course works

Nothing here is graded. You meet the arrays that every later chapter computes with, repair a function whose test fails,
and hand in nothing. If you know NumPy well, read section 5 and the last two.

Later lectures speak of *the decks*: slides of older courses, which this course follows and corrects. You do not need
them.
"""

# %% [markdown] slide="subslide"
r"""
**After this chapter you can**

1. say the shape of an array, and what `axis=0` and `keepdims=True` do to it;
2. predict whether two shapes can be broadcast, and see the bug when they should not have been;
3. tell a view from a copy, and a whole number from a float;
4. compare numbers with a tolerance, and draw random numbers that come out the same tomorrow;
5. read a failing test, and say what the hidden tests of this course may check.

**Before you start**: Python's functions, loops and lists.
"""

# %% [markdown] slide="-"
r"""
| section | minutes (estimated) | in the 20-minute path |
|---|---|---|
| 1 Cells, and the order in which they ran | 4 | |
| 2 Shapes and axes | 8 | |
| 3 Broadcasting | 10 | yes |
| 4 Views, copies, whole numbers | 6 | |
| 5 Numbers that are almost equal, and chance | 6 | |
| 6 Reading a failing test | 8 | yes |
| 7 How grading works | 4 | |
| 8 Is everything here? | 2 | |
"""

# %% [markdown] slide="slide"
r"""
## 1. Cells, and the order in which they ran

*4 minutes (estimated)*

A notebook is a list of cells and one running Python, the *kernel*. Shift+Enter runs a cell. The kernel remembers what
has run, in the order **in which you ran it**, not in the order in which the cells stand here. So a notebook may work today
only because of a cell that you have deleted since.

The cure: menu *Kernel*, *Restart Kernel and Run All Cells*. Do it before you hand anything in. The grader does the
same: a fresh kernel, from top to bottom.
"""

# %% slide="-"
import matplotlib.pyplot as plt
import numpy as np

plt.rcParams |= {"figure.figsize": (8, 3.5), "font.size": 13, "figure.constrained_layout.use": True}

counter = 0

# %% slide="-"
counter = counter + 1
print("This cell has run", counter, "time(s) since the one above it did.")

# %% [markdown] slide="-"
r"""
**Try it**: run the cell above three times, then the cell before it, then this one again.
"""

# %% [markdown] slide="slide"
r"""
## 2. Shapes and axes

*8 minutes (estimated)*

An array is a block of numbers of one kind, its `dtype`, laid out along *axes*. Its `shape` says how many numbers there
are along each axis. In this course the first axis of data always counts the samples: `x` of shape (N, D) holds N
samples of D features.
"""

# %% slide="-"
x = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
print("shape:", x.shape, " axes:", x.ndim, " numbers:", x.size, " dtype:", x.dtype)
print("one row, a sample:   ", x[0], x[0].shape)
print("one column, a feature:", x[:, 1], x[:, 1].shape)

# %% [markdown] slide="subslide"
r"""
### The axis that you name is the axis that goes away

`x.sum(axis=0)` adds along axis 0. What is left has the shape of `x` *without* that axis. `keepdims=True` leaves an axis
of length 1 in its place, so that the result still lines up with `x`.
"""

# %% slide="-"
for call in ("x.sum()", "x.sum(axis=0)", "x.sum(axis=1)", "x.sum(axis=1, keepdims=True)"):
    result = eval(call)  # the text of a call, so that the table can print it
    print(f"{call:29} shape {np.shape(result)!s:7} {np.asarray(result).tolist()}")

# %% [markdown] slide="-"
r"""
Several axes in a tuple go together: `axis=(1, 2)`.

**Predict, then run**: `images` holds 5 grey pictures of 8 by 8 pixels. What is the shape of the mean picture? Of the
mean grey of each picture?
"""

# %% slide="-"
images = np.arange(5 * 8 * 8).reshape(5, 8, 8)
print("mean picture:", images.mean(axis=0).shape, " mean grey of each:", images.mean(axis=(1, 2)).shape)

# %% [markdown] slide="subslide"
r"""
### Picking one number from each row

`scores[[0, 1, 2], labels]` goes through both lists together: row 0 with `labels[0]`, row 1 with `labels[1]`, and so on.
`scores[:, labels]` is something else: *all* rows, and of each the columns that `labels` names. You will need the first
in every loss function with classes.
"""

# %% slide="-"
scores = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.0, 0.1, 0.9]])
labels = np.array([1, 0, 2])
print("one of each row:", scores[np.arange(3), labels], " its shape:", scores[np.arange(3), labels].shape)
print("all rows, columns 1, 0, 2: shape", scores[:, labels].shape)

# %% [markdown] slide="slide"
r"""
## 3. Broadcasting

*10 minutes (estimated), in the 20-minute path*

Two arrays of different shapes can be added if the shapes fit **from the right**: compare the last axes, then the ones
before. Two lengths fit if they are equal or one of them is 1; an axis that is missing counts as 1. What has length 1 is
used again for every place of the other.

| | shape | | | |
|---|---|---|---|---|
| `x` | (4, 3) | fits | 3 = 3 | 4 against nothing |
| `b` | (3,) | | | result (4, 3): `b` is added to every row |
| `s` | (4, 1) | fits | 3 against 1 | 4 = 4: one number for each row |
| `c` | (4,) | **does not fit** | 3 against 4 | an error, luckily |
"""

# %% slide="-"
x = np.zeros((4, 3))
b, s, c = np.array([1.0, 2.0, 3.0]), np.array([[10.0], [20.0], [30.0], [40.0]]), np.array([10.0, 20.0, 30.0, 40.0])
print(x + b + s)
try:
    x + c
except ValueError as error:
    print("x + c:", error)

# %% [markdown] slide="subslide"
r"""
### A picture of it

Grey are the numbers that exist; white are those that NumPy only pretends to have, by reading a grey one again.
"""


# %% slide="-"
def draw(axes, real, shape, title):
    """Draw an array stretched to `shape`: grey where it has a number of its own."""
    for i, j in np.ndindex(shape):
        own = i < real[0] and j < real[1]
        axes.add_patch(plt.Rectangle((j, -i), 1, -1, facecolor="#bbbbbb" if own else "white", edgecolor="black"))
    axes.set(xlim=(-0.2, shape[1] + 0.2), ylim=(-shape[0] - 0.2, 0.2), aspect="equal", title=title)
    axes.axis("off")


# %% slide="subslide"
figure, axes = plt.subplots(1, 3)
draw(axes[0], (4, 3), (4, 3), "x (4, 3)")
draw(axes[1], (1, 3), (4, 3), "b (3,)")
draw(axes[2], (4, 1), (4, 3), "s (4, 1)")
plt.show()

# %% [markdown] slide="-"
r"""
*What the picture shows*: three grids of four rows and three columns. All of x is grey; of b only the first row, which
is used for all rows; of s only the first column, which is used for all columns.
"""

# %% [markdown] slide="subslide"
r"""
### The bug without an error

**Predict before you run**: predictions of shape (4, 1), targets of shape (4,). What is the mean squared error when all
predictions are right?
"""

# %% slide="-"
target = np.array([1.0, 2.0, 3.0, 4.0])
prediction = target.reshape(4, 1)  # perfect, but as a column
difference = prediction - target
print("shape of the difference:", difference.shape)
print("mean squared error of a perfect prediction:", np.mean(difference**2))

# %% [markdown] slide="-"
r"""
(4, 1) against (4,): from the right, 1 fits 4, and 4 against nothing fits. The result has 16 numbers: every prediction
minus *every* target. No error, only a loss that never reaches 0. When training goes strangely, print shapes first.
"""

# %% [markdown] slide="notes"
r"""
*For the presenter.* Take hands for 0, 2.5 and "an error" before running. It is 2.5. Whoever has lost an afternoon to
this will tell the story for you.
"""

# %% [markdown] slide="slide"
r"""
## 4. Views, copies, whole numbers

*6 minutes (estimated)*

A slice is a *view*: other names for the same numbers. Writing into it writes into the original. A list of positions or
a condition in the brackets, and `.copy()`, give a *copy*.
"""

# %% slide="-"
x = np.arange(6.0)
view, copy = x[:3], x[[0, 1, 2]]
view[0] = 100
copy[1] = -1
print("x after writing into both:", x)

# %% [markdown] slide="-"
r"""
A function receives the array itself, not a copy of it. So one that does `x -= x.mean()` changes its caller's array; `x = x - x.mean()` makes a new one. Exercises of
this course say when an input has to stay as it was, and then a test looks.
"""

# %% slide="subslide"
whole = np.array([1, 2, 3])
whole[0] = 2.9  # an array of integers can hold no fraction: it is cut off, silently
print("2.9 in an array of integers becomes", whole[0])
print(
    "np.zeros_like(whole) has the dtype", np.zeros_like(whole).dtype, "- np.zeros(whole.shape) has", np.zeros(3).dtype
)
small = np.array([250], dtype=np.uint8)
print("250 + 10 in eight bits, as pixels are stored:", small + np.uint8(10))

# %% [markdown] slide="slide"
r"""
## 5. Numbers that are almost equal, and chance

*6 minutes (estimated)*

A float64 has about 16 decimal digits, a float32 about 7. Two right ways to compute the same thing end in different last
digits. So floats are compared with a tolerance, never with `==`:

$$ |a - b| \le \mathrm{atol} + \mathrm{rtol}\cdot|b| $$

`rtol` is relative to the size of `b`; `atol` is what counts where `b` is 0.
"""

# %% slide="-"
print("0.1 + 0.2 == 0.3:", 0.1 + 0.2 == 0.3, "  difference:", 0.1 + 0.2 - 0.3)
print("np.isclose:", np.isclose(0.1 + 0.2, 0.3))
print(
    "1e-9 against 0 with the usual rtol=1e-5, atol=1e-8:",
    np.isclose(1e-9, 0.0),
    " relative only:",
    np.isclose(1e-9, 0.0, atol=0),
)

# %% [markdown] slide="subslide"
r"""
### Chance that comes out the same tomorrow

All randomness in this course comes from a *generator* that is passed in. The same seed gives the same numbers, on every
computer; two generators do not disturb each other. `np.random.seed` would be one generator that everybody shares: this
course never uses it.
"""

# %% slide="-"
rng = np.random.default_rng(0)
print("seed 0:      ", rng.normal(size=3))
print("drawn again: ", rng.normal(size=3), "(the generator goes on)")
print("seed 0, anew:", np.random.default_rng(0).normal(size=3))

# %% [markdown] slide="slide"
r"""
## 6. Reading a failing test

*8 minutes (estimated), in the 20-minute path*

An exercise gives you a function to write, and below it tests. A test calls your function and compares. If all is well
it says nothing; otherwise it stops at the first thing that is wrong, and its last line says what.

Here is a function that should subtract from every row of `x` its own mean. It is wrong **on purpose**.
"""


# %% slide="-"
def centre_rows(x):
    """Return x with the mean of each row subtracted from that row."""
    return x - x.mean(axis=0)


# %% slide="subslide"
def test_centre_rows():
    x = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 60.0]])
    y = centre_rows(x)
    assert y.shape == (2, 3), f"x has the shape (2, 3), and so has the result; yours has {y.shape}."
    assert not np.allclose(y.mean(axis=0), 0), "The columns have mean 0 now; the rows should."
    assert np.allclose(y.mean(axis=1), 0), f"Every row should have mean 0; yours have {y.mean(axis=1)}."


def try_test(test):
    """Run a test and say how it went, without stopping the notebook."""
    try:
        test()
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    else:
        print("passed: a real test would simply stay silent")


try_test(test_centre_rows)

# %% [markdown] slide="-"
r"""
**Your turn.** Read the message, then change `centre_rows` and run its cell and the test's again. First replace `axis=0`
by `axis=1`: you get another error. Read it from the right, as in section 3: (2, 3) against (2,). What makes a mean of
the shape (2, 1)? The answer is in section 2.
"""

# %% [markdown] slide="subslide"
r"""
### What a message tells you, from the bottom up

| you see | it means | look at |
|---|---|---|
| `NotImplementedError: ...: replace this line by your answer` | the exercise is untouched | |
| `AssertionError:` and a sentence | your function ran, and something is wrong with what it gave | the sentence: it names the likeliest mistake |
| `ValueError: operands could not be broadcast together` | shapes do not fit | print both shapes |
| `NameError: name 'f' is not defined` | a cell above has not run, or its own error stopped it | run all cells above |
| `RuntimeWarning: overflow encountered in exp` | a number became infinite; the result may still look fine | the size of what you put in |
| `nan` in a result | 0/0, inf - inf, log of a negative number somewhere | the first line that makes one |

In a traceback, the last line says what, the arrow (`---->`) in *your* cell says where.
"""

# %% [markdown] slide="slide"
r"""
## 7. How grading works

*4 minutes (estimated)*

- **Visible tests** stand below each exercise. Run them as often as you like.
- **Hidden tests** run when your notebook is graded: other numbers, other shapes, the edges of what the text says. They
  check nothing that the text does not state. You see their place, a locked cell with one comment.
- Every test cell has points of its own, so half an answer earns some of them. A test cell may take 5 seconds of
  computing, where nothing else is said.
- Afterwards you get a page: for each exercise what was seen, and often a hint that names the misconception, from a
  table of wrong answers that others gave before you.
- Every student's hidden tests draw other numbers; a number copied from a neighbour does not fit.
- Your notebook is run from top to bottom in a fresh kernel, without a network. What you add in cells of your own is fine.

**Before you hand in**, save, and run in a new cell of the exercises:

`!python -m plainnet.check exercises.ipynb`

It does what the grader does, except for the hidden tests, says what is left, and writes the file to hand in, with a receipt.
"""

# %% [markdown] slide="subslide"
r"""
### Honest work

Talk about ideas with anybody; write your code yourself. The point of an exercise is the mistake that you make and find:
an answer that you did not write has spared you exactly that. Reading the library is not cheating: `plainnet` is part
of the course. In some exercises you write again what the library has: close it first, write from the formula, and
compare afterwards. Say in a sentence where help came from.
"""

# %% [markdown] slide="slide"
r"""
## 8. Is everything here?

*2 minutes (estimated)*

This cell looks whether your computer has what the course needs. It needs no network, and neither does any chapter.
"""

# %% slide="-"
import platform
from importlib.metadata import version

for name in ("numpy", "matplotlib", "ipywidgets", "anywidget", "jupyterlab", "plainnet"):
    print(f"{name:11} {version(name)}")
print("Python", platform.python_version(), "- fine" if (3, 11) <= tuple(map(int, platform.python_version_tuple()[:2])) else
      "- the course needs 3.11 or newer: see README.md")  # fmt: skip

# %% [markdown] slide="slide"
r"""
### Summary

- Restart and run all before you trust a notebook.
- The axis that you name goes away; `keepdims=True` leaves a 1.
- Shapes are compared from the right. (N, 1) against (N,) gives (N, N), and no error.
- A slice is a view. An array of integers holds no fractions.
- Floats are compared with a tolerance; randomness comes from a generator with a seed.
- The last line of an error says what; a test's sentence names the likeliest mistake.
"""

# %% [markdown] slide="subslide"
r"""
### Words

| word | meaning |
|---|---|
| kernel | the running Python behind a notebook |
| shape, axis | how many numbers an array has along each of its directions; one such direction |
| dtype | the kind of an array's numbers, such as float64 |
| broadcasting | NumPy's stretching of arrays to a common shape |
| view, copy | other names for the same numbers; new numbers |
| tolerance | how far two numbers may differ and still count as equal |
| seed | the number from which a random generator starts |
| decks | slides of older courses, which this course follows and corrects |
| visible test, hidden test | a test that you see and can run; one that runs when your notebook is graded |

**Further reading**: the NumPy user guide's pages *NumPy: the absolute basics for beginners* and *Broadcasting*, both on
numpy.org.
"""
