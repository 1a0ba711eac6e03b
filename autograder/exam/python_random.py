"""The state of Python's `random`, kept alike on both sides while a test of a foreign course runs, as in one process."""

import random

VERSION, WORDS = 3, 625  # of `random.getstate()`: the generator's table and its position


class SharedState:
    """What the other side knows of this side's state."""

    def __init__(self):
        self.known = None

    def news(self):
        """Return the state as plain lists where the other side does not know it, else None."""
        state = random.getstate()
        if state == self.known:
            return None
        self.known = state
        return [list(state[1]), state[2]]

    def take(self, news):
        """Set the state that the other side sent; raise ValueError on what is none."""
        if type(news) is not list or len(news) != 2 or type(news[0]) is not list or len(news[0]) != WORDS:
            raise ValueError("no state of random")
        words, gauss = news
        if not all(type(word) is int and 0 <= word < 1 << 32 for word in words) or words[-1] >= WORDS:
            raise ValueError("a number of random's state is out of range")
        if gauss is not None and type(gauss) is not float:
            raise ValueError("no state of random")
        random.setstate((VERSION, tuple(words), gauss))
        self.known = random.getstate()
