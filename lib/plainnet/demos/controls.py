"""What the audience may change: each control is a value by name, handed to the demo's `record` as a keyword."""

from numbers import Real


def control(kind, name, value, label, **options):
    """Return a control of `kind` that starts at `value`."""
    if not name.isidentifier():
        raise ValueError(f"a control's name becomes a keyword of record(), so it is an identifier; got {name!r}")
    return {"control": kind, "name": name, "value": value, "label": label or name, **options}


def slider(name, low, high, value, *, step=None, label="", unit="", log=False):
    """Return a slider from `low` to `high`; `log=True` moves by factors."""
    if not (isinstance(low, Real) and isinstance(high, Real) and low < high):
        raise ValueError(f"slider {name!r} runs from a lower to a higher number; got {low!r} to {high!r}")
    if not low <= value <= high:
        raise ValueError(f"slider {name!r} starts between {low} and {high}; got {value!r}")
    if log and low <= 0:
        raise ValueError(f"slider {name!r} moves by factors (log=True), so it starts above zero; got {low}")
    step = (high - low) / 100 if step is None else step
    return control("slider", name, value, label, low=low, high=high, step=step, unit=unit, log=log)


def choice(name, options, value=None, *, label=""):
    """Return a choice among words; `options` is a list, or a dict value -> label."""
    options = dict(options) if isinstance(options, dict) else {option: option for option in options}
    value = next(iter(options)) if value is None else value
    if value not in options:
        raise ValueError(f"choice {name!r} starts with one of {list(options)}; got {value!r}")
    return control("choice", name, value, label, options=[[str(key), str(text)] for key, text in options.items()])


def toggle(name, value=False, *, label=""):
    """Return a check box."""
    return control("toggle", name, bool(value), label)


def entry(name, value, *, label=""):
    """Return a field for a short text, such as an expression."""
    return control("entry", name, str(value), label)


def hidden(name, value):
    """Return a value without a control of its own: a part edits it (`edit=`, `click=`)."""
    return control("hidden", name, value, name)
