"""A chapter of three small exercises, built once, for the tests of proving, of sample classes and of the demo."""

import pytest

from autograder.author.build import build
from autograder.course import load_assignment

EXERCISES = '''# %% [markdown]
# # Exercises

# %%
import numpy as np

# %% solution="centre" variants=3
def centre(x):
    """Return x without its mean."""
    ### BEGIN SOLUTION
    return x - x.mean()
    ### END SOLUTION

# %% test="centre" points=1
assert abs(centre(np.array([1.0, 3.0])).sum()) < 1e-12, "centred numbers should add up to 0."

# %% hidden="centre" points=2
x = rng.normal(size=(3, 2))
want = reference.centre(x)
assert_allclose(centre(x), want, rtol=1e-9, atol=1e-12)

# %% solution="spread" needs="centre" variants=3
def spread(x):
    """Return the root of the mean square of the centred x."""
    ### BEGIN SOLUTION
    return float(np.sqrt(np.mean(centre(x) ** 2)))
    ### END SOLUTION

# %% hidden="spread" points=2
x = rng.normal(size=7)
want = reference.spread(x)
assert_allclose(spread(x), want, rtol=1e-9)

# %% solution="counter" variants=3
class Counter:
    """Counts what it is given."""

    def __init__(self):
        self.total = 0.0

    def add(self, amount):
        """Add an amount and return the total."""
        ### BEGIN SOLUTION
        self.total += amount
        return self.total
        ### END SOLUTION

# %% hidden="counter" points=3
counter = Counter()
amounts = rng.uniform(1, 2, size=3).tolist()
for place, amount in enumerate(amounts):
    assert_allclose(counter.add(amount), sum(amounts[: place + 1]))
assert_allclose(counter.total, sum(amounts))
'''

MISTAKES = """# %% mistake="centre" id="divides" hint="Centring moves numbers; it does not stretch them."
def centre(x):
    return x / x.mean()

# %% mistake="centre" id="median" hint="The mean is asked for, not the number in the middle."
def centre(x):
    return x - np.median(x)

# %% mistake="centre" id="median-again" again="median"
def centre(x):
    ordered = np.sort(x, axis=None)
    middle = len(ordered) // 2
    return x - (ordered[middle] + ordered[-1 - middle]) / 2

# %% mistake="spread" id="variance" hint="The root is missing."
def spread(x):
    return float(np.mean(centre(x) ** 2))

# %% alternative="spread" id="numpy"
def spread(x):
    return float(np.std(x))

# %% mistake="counter" id="forgets" hint="The total holds the last amount alone."
class Counter:
    def __init__(self):
        self.total = 0.0

    def add(self, amount):
        self.total = amount
        return self.total

# %% alternative="counter" id="list"
class Counter:
    def __init__(self):
        self.amounts = []

    @property
    def total(self):
        return float(sum(self.amounts))

    def add(self, amount):
        self.amounts.append(amount)
        return self.total
"""


@pytest.fixture(scope="session")
def make_course(tmp_path_factory):
    """Return a function that builds the chapter, with some texts replaced, and gives its folder."""

    def make(*replacements):
        root = tmp_path_factory.mktemp("chapter")
        texts = {"exercises.py": EXERCISES, "mistakes.py": MISTAKES, "lecture.py": "# %% [markdown]\n# # A lecture\n"}
        for old, new in replacements:
            assert any(old in text for text in texts.values())
            texts = {name: text.replace(old, new) for name, text in texts.items()}
        folder = root / "solutions" / "07_centre"
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        build(root / "solutions", root / "course", root / "build")
        return root

    return make


@pytest.fixture(scope="session")
def course(make_course):
    """The folder of the chapter: solutions/, course/, build/."""
    return make_course()


@pytest.fixture(scope="session")
def assignment(course):
    return load_assignment(course / "build" / "nbgrader", "07_centre")


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """A cache of runs that all tests share."""
    return tmp_path_factory.mktemp("known")
