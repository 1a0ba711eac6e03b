"""Models on disk: the arrays of `Module.state` in NumPy's npz format, without pickle."""

import zipfile
from pathlib import Path

import numpy as np


def save(model, path):
    """Write the model's values to `path` (npz); what stood there is replaced only when all is written."""
    path = Path(path)
    if not path.parent.is_dir() or path.is_dir():
        raise ValueError(f"expected the name of a file in a folder that exists, such as model.npz; got {path}")
    unfinished = path.with_name(f"{path.name}.unfinished")
    with open(unfinished, "wb") as file:
        np.savez(file, **model.state())
    unfinished.replace(path)


def load(model, path):
    """Read values that `save` wrote into a model of the same architecture; return the model.

    Raises
    ------
    FileNotFoundError
    ValueError
        Where the file is none of `save`, or of another model; the model is unchanged then.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            state = {name: file[name] for name in file.files}
    except (ValueError, EOFError, zipfile.BadZipFile, TypeError) as error:
        raise ValueError(f"{path} is no file that plainnet's save wrote, or is damaged ({error})") from error
    try:
        model.load_state(state)
    except ValueError as error:
        error.add_note(f"while loading {path}")
        raise
    return model
