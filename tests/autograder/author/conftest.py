"""A small chapter with a cell of every kind, for the tests of the author's side."""

import pytest

LECTURE = '''# %% [markdown] slide="slide"
r"""
# Softmax

$\\frac{1}{2}$
"""

# %% slide="fragment"
x = 1

# %% [markdown]
# Prose in comments, with `# a hash`.
'''

EXERCISES = '''# %% [markdown]
r"""
# Exercises
"""

# %%
import numpy as np

scores = np.array([[1.0, 2.0, 3.0]])
# ls
# help?


# %% solution="softmax" forbid="plainnet.softmax"
def softmax(z):
    """Row-wise softmax. z: (N, K) -> (N, K)."""
    ### BEGIN SOLUTION
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %% test="softmax" points=2
p = softmax(scores)
assert p.shape == (1, 3), f"softmax should keep the shape (1, 3); it returned {p.shape}."

# %% hidden="softmax" points=3
for z in (rng.normal(size=(5, 4)), np.array([[1000.0, 0.0], [0.0, -1000.0]])):
    want = reference.softmax(z)  # before the call: a student's function may change z
    assert_allclose(softmax(z), want, rtol=1e-9)

# %% solution="loss" needs="softmax" exports="loss" variants=4 limit=20
SMALLEST = 1e-300


def loss(z, t):
    """Mean cross-entropy. z: (N, K) logits, t: (N,) labels -> float."""
    ### BEGIN SOLUTION
    p = softmax(z)
    return float(-np.log(np.maximum(p[np.arange(len(t)), t], SMALLEST)).mean())
    ### END SOLUTION


# %% test="loss" points=1
assert abs(loss(np.zeros((1, 2)), [0]) - 0.6931471805599453) < 1e-9, "loss of two equal logits should be ln 2."

# %% hidden="loss" points=2 id="loss-random"
z, t = rng.normal(size=(6, 3)), rng.integers(3, size=6)
want = reference.loss(z, t)
assert_allclose(loss(z, t), want)

# %% quiz="chance-loss" points=1 rtol=1e-2
# The loss of a classifier that knows nothing, for ten classes.
### BEGIN SOLUTION
chance_loss = float(-np.log(0.1))
### END SOLUTION

# %% [markdown] manual="why-maximum" points=2
r"""
Why do we subtract the maximum?

### BEGIN MARK SCHEME
2 points: exp overflows; the quotient stays the same.
### END MARK SCHEME
"""
'''

MISTAKES = """# %% [markdown]
# Known answers.

# %% mistake="softmax" id="whole-array-maximum" hint="Every row needs its own maximum: one is not enough."
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum(axis=1, keepdims=True)


# %% mistake="softmax" id="whole-array-maximum-loop" again="whole-array-maximum"
def softmax(z):
    top = max(z.ravel())
    return np.array([np.exp(row - top) / np.exp(row - top).sum() for row in z])


# %% alternative="softmax" id="logaddexp"
def softmax(z):
    return np.exp(z - np.logaddexp.reduce(z, axis=1, keepdims=True))


# %% mistake="loss" id="sum" hint="The mean over the samples is asked for, not their sum."
def loss(z, t):
    return float(-np.log(softmax(z)[np.arange(len(t)), t]).sum())
"""


@pytest.fixture(scope="session")
def tiny_sources():
    """The small chapter's files, for fixtures that outlive a test."""
    return {"exercises.py": EXERCISES, "lecture.py": LECTURE, "mistakes.py": MISTAKES}


@pytest.fixture
def write_chapter(tmp_path):
    """Return a function that writes a chapter and gives its folder; each file can be replaced, None leaves it out."""

    def write(exercises=EXERCISES, lecture=LECTURE, mistakes=MISTAKES, name="01_tiny"):
        folder = tmp_path / "solutions" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in (("exercises.py", exercises), ("lecture.py", lecture), ("mistakes.py", mistakes)):
            if text is not None:
                (folder / file).write_text(text, encoding="utf-8")
        return folder

    return write


@pytest.fixture
def tiny(write_chapter):
    """The small chapter's folder."""
    return write_chapter()


@pytest.fixture
def edited(write_chapter):
    """Return a function that writes the chapter with one piece of its exercises replaced."""

    def edit(old, new):
        assert EXERCISES.count(old) == 1, old
        return write_chapter(EXERCISES.replace(old, new))

    return edit
