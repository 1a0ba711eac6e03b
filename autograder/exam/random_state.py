"""NumPy's random generators by state: the name of the bit generator, and its numbers, each of them checked.

NumPy believes what it is given as a state: a position outside of its table would be read all the same.
"""

import numpy as np

BIT_GENERATORS = {
    cls.__name__: cls
    for cls in (np.random.PCG64, np.random.PCG64DXSM, np.random.MT19937, np.random.Philox, np.random.SFC64)
}
BUFFERED = {("has_uint32",): 2, ("uinteger",): 1 << 32}
FIELDS = {  # where a number stands in the state: an int below this bound, or an array of this dtype and length
    "PCG64": {("state", "state"): 1 << 128, ("state", "inc"): 1 << 128, **BUFFERED},
    "PCG64DXSM": {("state", "state"): 1 << 128, ("state", "inc"): 1 << 128, **BUFFERED},
    "MT19937": {("state", "key"): (np.uint32, 624), ("state", "pos"): 625},
    "Philox": {
        ("state", "counter"): (np.uint64, 4),
        ("state", "key"): (np.uint64, 2),
        ("buffer",): (np.uint64, 4),
        ("buffer_pos",): 5,
        **BUFFERED,
    },
    "SFC64": {("state", "state"): (np.uint64, 4), **BUFFERED},
}


def generator_state(generator):
    """Return the name of a generator's bit generator, and the numbers of its state in the order of FIELDS."""
    state = generator.bit_generator.state
    name = state["bit_generator"]
    if name not in FIELDS:
        raise TypeError(f"a generator over {name} can't cross; use one of {', '.join(FIELDS)}")
    return name, tuple(part if type(part) is int else part.tobytes() for part in numbers(state, name))


def numbers(state, name):
    """Return the ints and arrays of a state in the order of FIELDS."""
    return [state[path[0]] if len(path) == 1 else state[path[0]][path[1]] for path in FIELDS[name]]


def new_generator(name):
    """Return a generator whose state will be set."""
    if type(name) is not str or name not in FIELDS:
        raise ValueError(f"no bit generator of NumPy's: {name!r:.40}")
    return np.random.Generator(BIT_GENERATORS[name](0))


def set_generator_state(generator, values):
    """Set a state from what `generator_state` gave; raise ValueError on a number that is none of it."""
    name = type(generator.bit_generator).__name__
    fields = FIELDS.get(name, {})
    if len(values) != len(fields):
        raise ValueError(f"no state of {name}")
    state = {"bit_generator": name, "state": {}}
    for (path, kind), value in zip(fields.items(), values):
        owner = state if len(path) == 1 else state[path[0]]
        owner[path[-1]] = below(value, kind) if type(kind) is int else array_of(value, *kind)
    generator.bit_generator.state = state


def old_state(generator):
    """Return the numbers of a RandomState's state: its table, its position, and the normal draw that it may hold."""
    state = generator.get_state(legacy=False)
    if state["bit_generator"] != "MT19937":
        raise TypeError(f"a RandomState over {state['bit_generator']} can't cross")
    gauss = (state["has_gauss"], float(state["gauss"]))
    return (state["state"]["key"].tobytes(), int(state["state"]["pos"]), *gauss)


def set_old_state(generator, values):
    """Set a state from what `old_state` gave; raise ValueError on a number that is none of it."""
    if len(values) != 4 or type(values[3]) is not float:
        raise ValueError("no state of RandomState")
    key, position, has_gauss = array_of(values[0], np.uint32, 624), below(values[1], 625), below(values[2], 2)
    inner = {"key": key, "pos": position}
    generator.set_state({"bit_generator": "MT19937", "state": inner, "has_gauss": has_gauss, "gauss": values[3]})


def below(number, bound):
    """Return an int of 0 <= number < bound."""
    if type(number) is not int or not 0 <= number < bound:
        raise ValueError("a number of a generator's state is out of range")
    return number


def array_of(data, dtype, length):
    """Return the array of this dtype and length that these bytes are."""
    if type(data) is not bytes or len(data) != length * np.dtype(dtype).itemsize:
        raise ValueError("an array of a generator's state has the wrong size")
    return np.frombuffer(data, dtype)
