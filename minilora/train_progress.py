"""What a training run shows while it works: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

QUIET_INTERVAL_S = 20.0  # between lines where stderr is no terminal


class TrainProgress:
    """Shows loss, speed, memory and time left on stderr; use it as a context manager."""

    def __init__(self) -> None:
        self._console = Console(file=sys.stderr)
        self._bar = Progress(
            TextColumn("train"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[status]}"),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._bar.add_task("train", total=None, status="")
        self._last_line = 0.0

    def __enter__(self) -> TrainProgress:
        """Start drawing."""
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop drawing."""
        self._bar.stop()

    def step(self, metrics: dict[str, Any], planned: int, fixed: bool) -> None:
        """Show a finished step; ``planned`` may still change until it is ``fixed``."""
        status = (
            f"loss {metrics['loss']:.3f}  {metrics['tokens_per_s']:.0f} tok/s  "
            f"{metrics['memory_bytes'] / 1e9:.1f} GB"
        )
        if "validation_loss" in metrics:
            self.say(f"step {metrics['step']}: validation loss {metrics['validation_loss']:.4f}")
        step = metrics["step"]
        self._bar.update(
            self._task, completed=step, total=planned if fixed else None, status=status
        )
        now = time.monotonic()
        if self._bar.disable and (now - self._last_line > QUIET_INTERVAL_S or step == planned):
            self._last_line = now
            self.say(f"step {step}/{planned if fixed else '?'}  {status}")

    def say(self, text: str) -> None:
        """Print a line above the bar."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)
