"""Models survive a trip to the disk; files that are none get an error that says so."""

import io

import numpy as np
import plainnet
import pytest
from plainnet import checkpoint, nn


def network(seed, width=5):
    rng = np.random.default_rng(seed)
    return nn.Sequential(nn.Linear(3, width, rng), nn.BatchNorm(width), plainnet.relu, nn.LSTM(width, 2, rng))


def test_a_model_comes_back_with_its_averages(tmp_path):
    model, other = network(0), network(1)
    model.layers[1].running_mean[:] = 7
    checkpoint.save(model, tmp_path / "model.npz")
    assert checkpoint.load(other, tmp_path / "model.npz") is other
    for name, array in other.state().items():
        np.testing.assert_array_equal(array, model.state()[name])
    assert [path.name for path in tmp_path.iterdir()] == ["model.npz"]


def test_the_name_is_kept_as_it_is(tmp_path):
    checkpoint.save(network(0), tmp_path / "model")
    checkpoint.load(network(1), str(tmp_path / "model"))


def written(write, *arrays, **options):
    """Return a function that replaces a file's content by what NumPy's `write` makes of the arrays."""

    def replace(path):
        content = io.BytesIO()
        write(content, *arrays, **options)
        path.write_bytes(content.getvalue())

    return replace


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"hello"),
        lambda path: path.write_bytes(path.read_bytes()[:200]),
        lambda path: path.write_bytes(path.read_bytes()[:-30].replace(b"\0", b"\1", 400) + path.read_bytes()[-30:]),
        written(np.savez, w=np.array([{}], dtype=object)),
        written(np.save, np.zeros(3)),
    ],
    ids=["empty", "text", "cut", "damaged", "pickle", "array"],
)
def test_a_file_that_is_none_of_save_is_refused_and_the_model_stays(tmp_path, write):
    path = tmp_path / "model.npz"
    checkpoint.save(network(0), path)
    write(path)
    model, untouched = network(1), network(1)
    with pytest.raises(ValueError, match=r"model\.npz is no file that plainnet's save wrote"):
        checkpoint.load(model, path)
    for name, array in model.state().items():
        np.testing.assert_array_equal(array, untouched.state()[name])


def test_another_architecture_is_refused_with_the_name_and_both_shapes(tmp_path):
    checkpoint.save(network(0, width=4), tmp_path / "model.npz")
    with pytest.raises(ValueError, match=r"layers.0.w has shape \(3, 5\), the state has \(3, 4\)") as caught:
        checkpoint.load(network(0), tmp_path / "model.npz")
    assert "model.npz" in caught.value.__notes__[0]


def test_a_missing_file_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"model\.npz"):
        checkpoint.load(network(0), tmp_path / "model.npz")


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "model.npz"
    checkpoint.save(network(0), path)
    before = path.read_bytes()

    def full_disk(*args, **kwargs):
        raise OSError("no space left on device")

    monkeypatch.setattr(np, "savez", full_disk)
    with pytest.raises(OSError, match="no space"):
        checkpoint.save(network(1), path)
    assert path.read_bytes() == before
