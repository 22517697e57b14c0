"""The benchmark: its table and report, and its refusal to time a wrong result."""

import json

import pytest
import torch

from quant import bench


@pytest.fixture
def alone(monkeypatch):
    """A small weight, and no bitsandbytes: importing it takes seconds."""
    monkeypatch.setattr(bench, "SHAPE", (32, 64))
    monkeypatch.setattr(bench.util, "find_spec", lambda name: None)


def test_table_and_report(alone, capsys, tmp_path):
    assert bench.main(["--repeats", "2", "--json", str(tmp_path / "report.json")]) == 0
    printed = capsys.readouterr()
    assert "bitsandbytes is not installed" in printed.err
    assert "| NF4 dequantize to bfloat16 | quant (torch) |" in printed.out
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["about"]["torch"] == torch.__version__
    assert all(0 < t["min_ms"] <= t["median_ms"] <= t["p90_ms"] for t in report["timings"])


def test_a_wrong_result_ends_with_exit_code_1(alone, monkeypatch, capsys):
    def fail(weight):
        bench.check("weight", weight, weight + 1)

    monkeypatch.setattr(bench, "operations", fail)
    assert bench.main(["--repeats", "1"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "weight: not the reference's result" in printed.err


@pytest.mark.parametrize("arguments", [["--repeats", "0"], ["--threads", "-1"], ["--what"]])
def test_bad_use_ends_with_exit_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        bench.main(arguments)
    assert stopped.value.code == 2
