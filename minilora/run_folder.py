"""The files of a training run, written so that a kill at any moment loses at most a few steps.

A checkpoint is one safetensors file: the adapter, the optimiser's state and the random state as
tensors, and the rest of the state as JSON in its header. It is written whole or not at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from safetensors import safe_open
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
    """A run's folder: ``train_config.json``, ``metrics.jsonl``, ``checkpoints/`` and the results."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.metrics_path = path / "metrics.jsonl"
        self.checkpoints = path / "checkpoints"

    def create(self) -> None:
        """Make the folder; FileExistsError where it already holds something."""
        if self.path.exists() and any(self.path.iterdir()):
            raise FileExistsError(f"{self.path} is not empty; choose another --out or --resume it")
        self.checkpoints.mkdir(parents=True)

    def log(self, metrics: dict[str, Any]) -> None:
        """Append one line to ``metrics.jsonl``."""
        with self.metrics_path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(metrics) + "\n")

    def metrics(self) -> list[dict[str, Any]]:
        """Return the logged lines; a last line that a kill cut short is left out."""
        if not self.metrics_path.exists():
            return []
        text = self.metrics_path.read_text(encoding="utf-8")
        whole = text[: text.rfind("\n") + 1]
        return [json.loads(line) for line in whole.splitlines()]

    def rewind(self, step: int) -> None:
        """Drop the metrics of steps after ``step``: they will be run again."""
        lines = [json.dumps(line) for line in self.metrics() if line["step"] <= step]
        write_whole(self.metrics_path, "".join(line + "\n" for line in lines).encode())

    def save(self, snapshot: Snapshot) -> None:
        """Write a checkpoint, then remove all but the newest two."""
        header = {"state": json.dumps({**snapshot.state, "step": snapshot.step})}
        tensors = {name: tensor.contiguous() for name, tensor in snapshot.tensors.items()}
        write_whole(self._file(snapshot.step), serialize(tensors, header))
        for old in self._files()[:-KEPT_CHECKPOINTS]:
            old.unlink()

    def latest(self) -> Snapshot | None:
        """Return the newest checkpoint, or None where the run has not written one."""
        files = self._files()
        if not files:
            return None
        with safe_open(files[-1], framework="pt") as file:
            state = json.loads(file.metadata()["state"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        return Snapshot(state.pop("step"), tensors, state)

    def _file(self, step: int) -> Path:
        return self.checkpoints / f"step-{step:07d}.safetensors"

    def _files(self) -> list[Path]:
        return sorted(self.checkpoints.glob("step-*.safetensors"))
