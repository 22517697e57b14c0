"""The files of a training run, written so that a kill at any moment loses at most a few steps.

A checkpoint is one safetensors file: the adapter, the optimiser's state and the random state as
tensors, and the rest of the state as JSON in its header. It is written whole or not at all, and
read only if its bytes are those that were written.

>>> import tempfile, torch
>>> run = RunFolder(Path(tempfile.mkdtemp()) / "run")
>>> run.create()
>>> run.save(Snapshot(7, {"x": torch.tensor([1.0])}, {"tokens": 120}))
>>> run.latest().step, run.latest().state
(7, {'tokens': 120})
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialize
from torch import Tensor

from minilora.atomic import write_whole

KEPT_CHECKPOINTS = 2


@dataclass(frozen=True)
class Snapshot:
    """All that a run needs to go on as if it had never stopped.

    Attributes:
        step: optimiser steps done.
        tensors: name -> tensor.
        state: JSON values: planned steps, best validation loss, tokens so far.
    """

    step: int
    tensors: dict[str, Tensor]
    state: dict[str, Any] = field(default_factory=dict)


class RunFolder:
    """A run's folder: its settings, ``metrics.jsonl``, ``checkpoints/``, adapter and results."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metrics_path = path / "metrics.jsonl"
        self.checkpoints = path / "checkpoints"

    def check_new(self) -> None:
        """Raise FileExistsError where the folder already holds something, or is a file."""
        if self.path.exists() and not self.path.is_dir():
            raise FileExistsError(f"{self.path} is a file; choose another --out")
        if self.path.exists() and set(self.path.iterdir()) - set(self._half_written()):
            raise FileExistsError(f"{self.path} is not empty; choose another --out or --resume it")

    def create(self) -> None:
        """Make the folder; FileExistsError where it already holds something."""
        self.check_new()
        self.path.mkdir(parents=True, exist_ok=True)
        self.tidy()

    def tidy(self) -> None:
        """Remove what a kill in the middle of a write left behind."""
        for path in self._half_written():
            path.unlink()

    def _half_written(self) -> list[Path]:
        return [*self.path.glob(".*.tmp"), *self.checkpoints.glob(".*.tmp")]

    def log(self, metrics: dict[str, Any]) -> None:
        """Append one line to ``metrics.jsonl``."""
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(metrics) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """Return the logged lines; a last line that a kill cut short is left out.

        Raises:
            ValueError: a line that ended is not JSON.
        """
        if not self.metrics_path.exists():
            return []
        text = self.metrics_path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        lines = []
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                lines.append(json.loads(line))
            except ValueError:
                raise ValueError(f"{self.metrics_path}:{number} is not JSON") from None
        return lines

    def rewind(self, step: int) -> None:
        """Drop the metrics of steps after ``step``: they will be run again."""
        lines = [json.dumps(line) for line in self.metrics() if line["step"] <= step]
        write_whole(self.metrics_path, "".join(line + "\n" for line in lines).encode())

    def save(self, snapshot: Snapshot) -> None:
        """Write a checkpoint, then remove all but the newest two."""
        tensors = {name: tensor.cpu().contiguous() for name, tensor in snapshot.tensors.items()}
        header = {
            "state": json.dumps({**snapshot.state, "step": snapshot.step}),
            "crc32": str(checksum(tensors)),
        }
        self.checkpoints.mkdir(exist_ok=True)
        write_whole(self._file(snapshot.step), serialize(tensors, header))
        for old in self._files()[:-KEPT_CHECKPOINTS]:
            old.unlink()

    def latest(self) -> Snapshot | None:
        """Return the newest checkpoint, or None where the run has not written one.

        A damaged one is reported on stderr and the one before it is returned.

        Raises:
            ValueError: there are checkpoints, and every one is damaged.
        """
        files = self._files()
        for file in reversed(files):
            try:
                return read_snapshot(file)
            except ValueError as error:
                print(f"{error}: taking the checkpoint before it", file=sys.stderr)
        if files:
            raise ValueError(
                f"no checkpoint in {self.checkpoints} can be read; remove them to start the run "
                "from its first step"
            )
        return None

    def _file(self, step: int) -> Path:
        return self.checkpoints / f"step-{step:07d}.safetensors"

    def _files(self) -> list[Path]:
        return sorted(self.checkpoints.glob("step-*.safetensors"))


def read_snapshot(path: Path) -> Snapshot:
    """Return a checkpoint.

    Raises:
        ValueError: the file is cut short, or its bytes are not those that were written.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata()
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state = json.loads(header["state"])
        intact = header["crc32"] == str(checksum(tensors))
    except (SafetensorError, ValueError, KeyError, TypeError):
        intact = False
    if not intact:
        raise ValueError(f"{path} is damaged")
    return Snapshot(state.pop("step"), tensors, state)


def checksum(tensors: Mapping[str, Tensor]) -> int:
    """Return the CRC-32 of the tensors' names and bytes, in the order of the names."""
    crc = 0
    for name, tensor in sorted(tensors.items()):
        crc = zlib.crc32(name.encode(), crc)
        crc = zlib.crc32(tensor.reshape(-1).view(torch.uint8).numpy().data, crc)
    return crc
