"""A run that is killed with SIGKILL, wherever it is, and resumed ends in the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from minilora.run_folder import RunFolder, read_snapshot

DRIVER = Path(__file__).parent / "kill_runs.py"
STEPS, EXACT = 12, ("step", "tokens", "loss", "lr", "grad_norm", "validation_loss")
KILLED = (
    "before_the_first_step",
    "after_one_step",
    "after_a_checkpoint",
    "while_writing",
    "twice",
    "at_the_end",
)


def environment():
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),
    }


@pytest.fixture(scope="module")
def flags(tiny_model, rows_file):
    return [
        "--model", str(tiny_model), "--data", str(rows_file), "--quant", "nf4", "--rank", "2",
        "--dropout", "0.1", "--steps", str(STEPS), "--batch-tokens", "700", "--micro-tokens", "600",
        "--checkpoint-every", "3", "--validate-every", "4", "--eval-limit", "0", "--lr", "0.01",
        "--dtype", "float32", "--device", "cpu",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def runs(flags, tmp_path_factory):
    """The folder of all runs, and what the driver reported of them."""
    folder = tmp_path_factory.mktemp("kills")
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(folder), *flags],
        capture_output=True, text=True, timeout=280, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout.splitlines()


def exact_metrics(run):
    return [
        {name: line[name] for name in EXACT if name in line} for line in RunFolder(run).metrics()
    ]


def assert_same_result(run, whole):
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        assert (run / name).read_bytes() == (whole / name).read_bytes()
    assert exact_metrics(run) == exact_metrics(whole)
    assert [line["step"] for line in RunFolder(run).metrics()] == list(range(1, STEPS + 1))
    last = f"step-{STEPS:07d}.safetensors"
    ours, theirs = (read_snapshot(folder / "checkpoints" / last) for folder in (run, whole))
    assert all(bool((ours.tensors[n] == theirs.tensors[n]).all()) for n in theirs.tensors)
    assert not [*run.glob(".*"), *run.glob("checkpoints/.*")]


@pytest.mark.parametrize("name", KILLED)
def test_a_killed_run_ends_as_the_uninterrupted_one(runs, name):
    folder, report = runs
    log = (folder / f"{name}.log").read_text()
    assert "whole 0" in report, (folder / "whole.log").read_text()
    assert f"{name} 0" in report, log
    assert any(line.startswith(f"{name} killed") for line in report), report
    assert "damaged" not in log
    assert_same_result(folder / name, folder / "whole")


def test_the_command_itself_killed_and_resumed(runs, flags, tmp_path):
    folder, _ = runs
    run = tmp_path / "run"
    command = [sys.executable, "-m", "minilora.train"]
    log = (tmp_path / "log").open("w")
    child = subprocess.Popen([*command, *flags, "--out", str(run)], stderr=log, env=environment())
    end = time.monotonic() + 120
    while len(RunFolder(run).metrics()) < 5 and child.poll() is None and time.monotonic() < end:
        time.sleep(0.001)
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL, (tmp_path / "log").read_text()
    report = tmp_path / "report.json"
    done = subprocess.run(
        [*command, *flags, "--out", str(run), "--resume", "--json", str(report)],
        capture_output=True, text=True, timeout=280, env=environment(),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert f"adapter, report, loss curve and chart: {run}" in done.stdout
    assert_same_result(run, folder / "whole")
    assert json.loads(report.read_text())["train"]["steps"] == STEPS
