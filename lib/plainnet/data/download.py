"""MNIST and Fashion-MNIST, the only data that the library has to fetch; no chapter needs them.

A file is looked for in the folder that the environment variable PLAINNET_DATA
names (as it is, or gzipped), then in the cache, then on the web.  Whatever the
source, the uncompressed content must have the right checksum.
"""

import gzip
import hashlib
import os
import time
import zlib
from pathlib import Path

import numpy as np

SOURCES = {
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "fashion-mnist": ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
}
MD5 = {  # of the uncompressed files: gzip writes dates into its own
    "mnist": {
        "train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
        "train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
        "t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
        "t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
    },
    "fashion-mnist": {
        "train-images-idx3-ubyte": "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "train-labels-idx1-ubyte": "9018921c3c673c538a1fc5bad174d6f9",
        "t10k-images-idx3-ubyte": "8181f5470baa50b63fa0f6fddb340f0a",
        "t10k-labels-idx1-ubyte": "15d484375f8d13e6eb1aabb0c3f46965",
    },
}


def mnist(part="train", **options):
    """Return handwritten digits: x (60000 or 10000, 28, 28, 1) float32 in [0, 1], t int in 0..9.

    Parameters
    ----------
    part : "train" or "test"
    **options
        As for `find`: sources, cache, retries, wait.

    References
    ----------
    .. [1] Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits", 1998.
    """
    return load("mnist", part, **options)


def fashion_mnist(part="train", **options):
    """Return pictures of clothes in the format of MNIST: 0 T-shirt, 1 trouser, 2 pullover, 3 dress, 4 coat,
    5 sandal, 6 shirt, 7 sneaker, 8 bag, 9 ankle boot.

    References
    ----------
    .. [1] H. Xiao, K. Rasul and R. Vollgraf, "Fashion-MNIST", 2017, arXiv:1708.07747, MIT licence.
    """
    return load("fashion-mnist", part, **options)


def load(name, part, **options):
    """Return images and labels of one part of a data set."""
    if part not in ("train", "test"):
        raise ValueError(f'expected part "train" or "test"; got {part!r}')
    prefix = {"train": "train", "test": "t10k"}[part]
    images = find(name, f"{prefix}-images-idx3-ubyte", **options)  # 16 bytes of header: magic number, N, 28, 28
    labels = find(name, f"{prefix}-labels-idx1-ubyte", **options)  # 8 bytes of header: magic number, N
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28, 1)
    return x.astype(np.float32) / 255, np.frombuffer(labels, np.uint8, offset=8).astype(int)


def find(name, file, *, sources=None, cache=None, retries=3, wait=1.0):
    """Return the checked content of a file, from PLAINNET_DATA, the cache or the web.

    Parameters
    ----------
    name, file : str
        The data set and its file, keys of MD5.
    sources : sequence of str, optional
        Addresses to which the file's name is appended, tried in turn.
    cache : path, optional
        Where a download is kept; by default ~/.cache/plainnet.
    retries, wait : int, float
        Rounds over all sources, and the seconds between the first two; each pause is twice the one before.
    """
    local = os.environ.get("PLAINNET_DATA")
    cached = Path(cache or Path.home() / ".cache" / "plainnet", name, f"{file}.gz")
    if local:
        for path in (Path(local, name, file), Path(local, file)):
            for candidate in (path, path.with_name(f"{file}.gz")):
                if candidate.is_file():
                    return unpack(candidate.read_bytes(), name, file, candidate)
    if cached.is_file():
        try:
            return unpack(cached.read_bytes(), name, file, cached)
        except ValueError as error:
            print(f"plainnet: {error}; fetching it again")
    return download(name, file, cached, sources or SOURCES[name], retries, wait)


def download(name, file, cached, sources, retries, wait):
    """Fetch a file, check it, and only then put it into the cache."""
    import urllib.request  # here, because it takes a third of the time to import plainnet

    problems = []
    for attempt in range(retries):
        for address in sources:
            url = f"{address}{file}.gz"
            print(f"plainnet: fetching {url}")
            try:
                with urllib.request.urlopen(url, timeout=30) as response:
                    packed = response.read()
                content = unpack(packed, name, file, url)
            except (OSError, ValueError) as error:  # no network, refused, cut off; or not the file
                problems.append(f"{url}: {error}")
                continue
            keep(packed, cached)
            return content
        if attempt + 1 < retries:
            time.sleep(wait * 2**attempt)
    raise OSError(
        f"could not get {file} of {name} in {retries} rounds: {'; '.join(problems[-len(sources) :])}. "
        f"Without a network, put {file}.gz into a folder and set PLAINNET_DATA to it"
    )


def keep(packed, path):
    """Write a file so that nobody ever sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    unfinished.write_bytes(packed)
    unfinished.replace(path)
    print(f"plainnet: kept in {path}")


def unpack(content, name, file, origin):
    """Return the uncompressed content, or say that it is not what it should be."""
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            raise ValueError(f"{origin} is a damaged gzip file ({error})") from error
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if md5 != MD5[name][file]:
        raise ValueError(
            f"{origin} is not {file} of {name}: its MD5 is {md5}, expected {MD5[name][file]}; get another copy"
        )
    return content
