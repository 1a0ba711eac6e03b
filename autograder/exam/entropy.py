"""Fresh entropy that is no matter of luck: what an answer draws without a seed is the same in every grading.

`np.random.default_rng()` and `random.Random()` ask the system for numbers that nobody can know beforehand. A mark
could then change when a class is graded again, and an answer that draws so could never be recognised by what it does.
In the student process both are served from a stream that begins anew with every test.
"""

import random

import numpy.random.bit_generator

IN_CELLS, IN_A_TEST = 0, 1  # a generator made while the cells run is another one than the first of a test


class Entropy:
    """The stream that stands in for the system's entropy in this process."""

    def __init__(self):
        self.stream = random.Random(IN_CELLS)
        numpy.random.bit_generator.randbits = self.stream.getrandbits  # all of NumPy's seeds without a number
        seed = random.Random.seed

        def seeded(generator, a=None, version=2):
            seed(generator, self.stream.getrandbits(128) if a is None else a, version)

        random.Random.seed = seeded
        random.seed = random.seed.__self__.seed  # the module's own generator, by the new rule

    def begin_test(self):
        """Begin the stream anew, so that no earlier test or cell has a part in what this one draws."""
        self.stream.seed(IN_A_TEST)
