"""Trains in processes that are killed, for ``test_train_kills.py``.

This process loads torch once and forks; each child is a run of its own that SIGKILL ends wherever
it happens to be. A killed run is resumed, in a new child, until it is through.

Use: ``kill_runs.py FOLDER FLAG...``.
"""

import contextlib
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

import torch._dynamo  # noqa: F401  (optimisers load it; here, so that no child has to)

from minilora import train_job
from minilora.report import draw_loss

PATIENCE_S = 120  # a run that is not there by then has failed


def start(flags, log):
    """Start a run in a process of its own and return its id."""
    child = os.fork()
    if child == 0:
        handle = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        code = 70
        try:
            train_job.main(flags)
        except SystemExit as exit_:
            code = exit_.code
        finally:
            os._exit(code)
    return child


def finish(child):
    """Wait for a process and return its exit code, below 0 where a signal ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_when(child, seen):
    """Kill a process with SIGKILL as soon as ``seen()``; return whether it was killed in time."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        if seen():
            os.kill(child, signal.SIGKILL)
            return finish(child) == -signal.SIGKILL
        time.sleep(0.0005)
    os.kill(child, signal.SIGKILL)
    raise TimeoutError("the run never came to where it was to be killed")


def lines(run):
    """Return how many lines a run has logged."""
    with contextlib.suppress(FileNotFoundError):
        return (run / "metrics.jsonl").read_bytes().count(b"\n")
    return 0


def half_written(run):
    """Return whether a file is being written at this moment."""
    return any(run.glob(".*.tmp")) or any(run.glob("checkpoints/.*.tmp"))


# Where each run is killed, once or several times in a row.
MOMENTS = {
    "before_the_first_step": [lambda run: (run / "train_config.json").exists()],
    "after_one_step": [lambda run: lines(run) >= 1],
    "after_a_checkpoint": [lambda run: any(run.glob("checkpoints/step-*"))],
    "while_writing": [lambda run: lines(run) >= 5 and half_written(run)],
    "twice": [lambda run: lines(run) >= 4, lambda run: lines(run) >= 8],
    "at_the_end": [lambda run: lines(run) >= 12],
}


def main(folder, flags):
    """Make the uninterrupted run and every killed one below a folder; report on stdout."""
    with tempfile.TemporaryDirectory() as drawn:  # fonts too are loaded once, here
        draw_loss([{"step": 1, "loss": 1.0}], Path(drawn) / "loss.png")
    code = finish(start([*flags, "--out", str(folder / "whole")], folder / "whole.log"))
    print("whole", code)
    for name, moments in MOMENTS.items():
        run, log = folder / name, folder / f"{name}.log"
        flags_now = [*flags, "--out", str(run)]
        for seen in moments:
            killed = kill_when(start(flags_now, log), lambda seen=seen, run=run: seen(run))
            flags_now = ["--resume", str(run)]
            print(name, "killed" if killed else "was through", "after", lines(run), "steps")
        print(name, finish(start(flags_now, log)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
