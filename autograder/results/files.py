"""Files that are there whole or not at all, whatever happens while they are written."""

import os
from pathlib import Path


def as_folder(path):
    """Return a path that is to be a folder for what is written.

    Raises
    ------
    ValueError
        Where something else stands there, or in the way.
    """
    path = Path(path)
    nearest = next(one for one in (path, *path.absolute().parents) if os.path.lexists(one))
    if not nearest.is_dir():
        raise ValueError(f"{path} cannot be a folder: {nearest} is a file; name another one")
    return path


def write_atomically(path, data, sync=False, private=False):
    """Write a file beside its place, then put it there.

    Parameters
    ----------
    path : Path
        Its folder is made where there is none.
    data : str or bytes
        Text is written in UTF-8.
    sync : bool
        Whether to wait for the disk, against a loss of power; for what cannot be made again.
    private : bool
        Whether its owner alone may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    mode = 0o600 if private else 0o666
    with open(fresh, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as stream:
        stream.write(data.encode() if isinstance(data, str) else data)
        if sync:
            stream.flush()
            os.fsync(stream.fileno())
    fresh.replace(path)
