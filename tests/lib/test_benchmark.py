"""The benchmark runs where only plainnet and HIPS autograd are installed, and writes its figures."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "library.py"


@pytest.mark.slow
def test_the_benchmark_prints_a_table_and_writes_json(tmp_path):
    out = tmp_path / "figures.json"
    command = [sys.executable, SCRIPT, "--seconds", "0.05", "--threads", "1", "--only", "W5", "--out", out]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "OPENBLAS_CORETYPE=" in printed
    run = json.loads(out.read_text())["runs"][0]
    assert run["speed"]["W5"]["ms"]["plainnet"] > 0
    assert run["speed"]["W5"]["ratios"]["autograd"] > 0
    assert run["peak"] > 0
    assert set(run["growth"]) == {title for title in run["growth"] if title.startswith(("depth", "batch", "image"))}
    assert len(run["growth"]) == 3
    assert set(run["digits"]) == {"MLP", "CNN"}
    for name, row in run["digits"].items():  # how fast it was depends on the machine; what it read does not
        assert row["accuracy"] >= 0.98
        assert f"{name} {row['accuracy']:.1%} of the held-out fifth in {row['seconds']:.2f} s" in printed
