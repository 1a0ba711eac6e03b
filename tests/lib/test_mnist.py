"""The MNIST loader: local copies, the cache, retries, damage.  A server on this machine stands for the web."""

import gzip
import hashlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from plainnet.data import mnist as load_mnist
from plainnet.data.download import MD5, find

FILE = "t10k-labels-idx1-ubyte"
CONTENT = b"\0\0\x08\x01\0\0\0\3\7\2\1"


@pytest.fixture(autouse=True)
def known_content(monkeypatch, tmp_path):
    """Let the loader expect three labels, and no local copy."""
    monkeypatch.setitem(MD5["mnist"], FILE, hashlib.md5(CONTENT).hexdigest())
    monkeypatch.delenv("PLAINNET_DATA", raising=False)


@pytest.fixture
def server():
    """A web server that answers with the bodies in `answers` in turn (None: an error), and counts requests."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            body = server.answers[min(server.count, len(server.answers) - 1)]
            server.count += 1
            self.send_response(503 if body is None else 200)
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.count, server.answers = 0, [gzip.compress(CONTENT)]
    server.address = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def get(server, cache, **options):
    return find("mnist", FILE, sources=[server.address], cache=cache, wait=0, **options)


def test_a_download_is_checked_kept_and_used_again(server, tmp_path, capsys):
    assert get(server, tmp_path) == CONTENT
    assert f"fetching {server.address}{FILE}.gz" in capsys.readouterr().out
    assert get(server, tmp_path) == CONTENT
    assert server.count == 1
    assert [path.name for path in (tmp_path / "mnist").iterdir()] == [f"{FILE}.gz"]


def test_failures_and_wrong_content_are_tried_again(server, tmp_path):
    server.answers = [None, gzip.compress(b"something else"), b"<html>", gzip.compress(CONTENT)[:20]]
    server.answers += [gzip.compress(CONTENT)]
    assert get(server, tmp_path, retries=5) == CONTENT
    assert server.count == 5


def test_another_source_steps_in(server, tmp_path):
    content = find("mnist", FILE, sources=["http://127.0.0.1:9/", server.address], cache=tmp_path, wait=0)
    assert content == CONTENT


def test_after_the_last_try_the_error_says_what_to_do_and_the_cache_is_clean(server, tmp_path):
    server.answers = [None]
    with pytest.raises(OSError, match="PLAINNET_DATA") as caught:
        get(server, tmp_path, retries=2)
    assert "503" in str(caught.value)
    assert server.count == 2
    assert not (tmp_path / "mnist").exists()


def test_a_damaged_cache_is_fetched_again(server, tmp_path, capsys):
    get(server, tmp_path)
    (tmp_path / "mnist" / f"{FILE}.gz").write_bytes(gzip.compress(CONTENT)[:-9])
    assert get(server, tmp_path) == CONTENT
    assert "damaged" in capsys.readouterr().out
    assert server.count == 2


def test_a_failed_download_leaves_the_old_file(server, tmp_path):
    old = tmp_path / "mnist" / f"{FILE}.gz"
    old.parent.mkdir()
    old.write_bytes(b"old")
    server.answers = [None]
    with pytest.raises(OSError, match="could not get"):
        get(server, tmp_path, retries=1)
    assert old.read_bytes() == b"old"


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("folder", ["", "mnist"])
def test_a_local_copy_needs_no_network(tmp_path, monkeypatch, packed, folder):
    (tmp_path / folder).mkdir(exist_ok=True)
    path = tmp_path / folder / (f"{FILE}.gz" if packed else FILE)
    path.write_bytes(gzip.compress(CONTENT) if packed else CONTENT)
    monkeypatch.setenv("PLAINNET_DATA", str(tmp_path))
    assert find("mnist", FILE, sources=[], cache=tmp_path / "cache") == CONTENT


def test_a_wrong_local_copy_is_named_and_left_alone(tmp_path, monkeypatch):
    path = tmp_path / FILE
    path.write_bytes(b"else")
    monkeypatch.setenv("PLAINNET_DATA", str(tmp_path))
    with pytest.raises(ValueError, match=f"{FILE} is not {FILE} of mnist.*expected"):
        find("mnist", FILE, sources=[], cache=tmp_path / "cache")
    assert path.read_bytes() == b"else"


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="'validation'"):
        load_mnist("validation")


def test_the_ten_thousand_test_images(monkeypatch):
    shared = Path(__file__).resolve().parents[3] / "shared" / "data" / "mnist"
    folder = Path(os.environ.get("PLAINNET_TEST_MNIST", shared))
    if not (folder / "t10k-images-idx3-ubyte.gz").is_file():
        pytest.skip("needs the MNIST test images: set PLAINNET_TEST_MNIST to their folder")
    monkeypatch.undo()  # the real checksum
    monkeypatch.setenv("PLAINNET_DATA", str(folder))
    x, t = load_mnist("test")
    assert x.shape == (10000, 28, 28, 1)
    assert x.dtype == np.float32
    assert (x.min(), x.max()) == (0, 1)
    assert list(t[:10]) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
