"""Sequences: a toy language whose analogies are known, and tasks that need a memory."""

import numpy as np

from plainnet.expect import generator

# Each row is one thing with two faces: what is said about a row gives the words their meaning,
# what is said about a column gives them the difference that an analogy is about.
PEOPLE = [  # he, she, what they have
    ("king", "queen", "crown"),
    ("man", "woman", "hat"),
    ("boy", "girl", "toy"),
    ("prince", "princess", "sword"),
    ("uncle", "aunt", "house"),
]
PLACES = [  # capital, country, language
    ("paris", "france", "french"),
    ("rome", "italy", "italian"),
    ("berlin", "germany", "german"),
    ("madrid", "spain", "spanish"),
    ("athens", "greece", "greek"),
]


def sentences(n, rng):
    """Return `n` sentences of a small grammar as lists of words, for word embeddings."""
    people = [
        lambda he, she, thing: f"the {he} has his {thing}",
        lambda he, she, thing: f"the {she} has her {thing}",
        lambda he, she, thing: f"he is the {he} and he likes the {thing}",
        lambda he, she, thing: f"she is the {she} and she likes the {thing}",
    ]
    places = [
        lambda capital, country, tongue: f"in the streets of the city of {capital} people speak {tongue}",
        lambda capital, country, tongue: f"in the fields of the land of {country} people speak {tongue}",
        lambda capital, country, tongue: f"{tongue} is heard in the city of {capital}",
        lambda capital, country, tongue: f"{tongue} is heard in the land of {country}",
    ]
    pairs = [(template, row) for template in people for row in PEOPLE]
    pairs += [(template, row) for template in places for row in PLACES]
    chosen = generator(rng).integers(len(pairs), size=n)
    return [pairs[i][0](*pairs[i][1]).split() for i in chosen]


def analogies():
    """Return all (a, b, c, d) of which the grammar knows that a is to b as c is to d."""
    return [
        (first[0], first[1], second[0], second[1])
        for table in (PEOPLE, PLACES)
        for first in table
        for second in table
        if first is not second
    ]


def recall(n, rng, delay=20, num_symbols=4):
    """Return sequences whose first symbol is to be named at the end, after `delay` distractors.

    Returns
    -------
    x : int (n, 1 + delay)
        The symbol in 0..num_symbols-1, then distractors in num_symbols..2*num_symbols-1.
    t : int (n,)
        The symbol.
    """
    x = generator(rng).integers(num_symbols, 2 * num_symbols, size=(n, 1 + delay))
    x[:, 0] = rng.integers(num_symbols, size=n)
    return x, x[:, 0].copy()


def echo(n, rng, length=20, delay=3, num_symbols=4):
    """Return sequences and what they were `delay` steps ago.

    Returns
    -------
    x : int (n, length) in 1..num_symbols
    t : int (n, length) in 0..num_symbols
        ``t[:, i] = x[:, i - delay]``; 0 in the first `delay` steps, where nothing is to echo.
    """
    if not 0 <= delay <= length:
        raise ValueError(f"expected a delay in 0..{length}, the length; got {delay}")
    x = generator(rng).integers(1, num_symbols + 1, size=(n, length))
    t = np.zeros_like(x)
    t[:, delay:] = x[:, : length - delay]
    return x, t
