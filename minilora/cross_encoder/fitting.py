"""The command that trains a cross-encoder and its loop, whatever its scores are to mean."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, Protocol, TypeVar

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor

from minilora.command import (
    CommandFailed,
    Parser,
    add_flags,
    exit_with,
    from_flags,
    option,
    write_json,
)
from minilora.cross_encoder.folder import (
    fresh_cross_encoder,
    load_cross_encoder,
    save_cross_encoder,
)
from minilora.cross_encoder.model import CrossEncoder, Pair, Pairs
from minilora.data.rows import DataError
from minilora.encoder import load_encoder
from minilora.loading import choose_device
from minilora.lora import LoRAConfig, trainable_parameters
from minilora.train import peak_memory_bytes
from minilora.train_progress import TrainProgress
from minilora.weights import DEFAULT_ENCODER

One = TypeVar("One")


@dataclass(frozen=True)
class FitConfig:
    """What to train on, and how."""

    data: str = option("", "files of rows, with commas", metavar="FILES")
    validation: str = option("", "file of rows that it is measured on now and then")
    test: str = option("", "file of rows that it is measured on in the end")
    out: str = option("runs/cross-encoder", "folder to write")
    encoder: str = option(DEFAULT_ENCODER, "sentence encoder to start from")
    init: str | None = option(None, "folder of a cross-encoder to go on with", metavar="DIR")
    epochs: float = option(2.0, "times that every row is seen")
    batch_rows: int = option(16, "rows of a step")
    lr: float = option(6e-4, "highest learning rate; it falls to a fiftieth along a cosine")
    warmup_share: float = option(0.06, "of the steps, in which the rate rises")
    weight_decay: float = option(0.01, "of what is trained")
    clip: float = option(1.0, "longest gradient")
    rank: int = option(16, "of the LoRA layers")
    alpha: float = option(32.0, "of the LoRA layers")
    validate_every: int = option(150, "steps")
    seed: int = option(0, "of the order and of the first weights")
    device: str = option("auto", "auto, cpu, cuda, ...")

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if not self.data:
            raise ValueError("--data names no file of rows")
        for name in ("epochs", "batch_rows", "lr", "rank", "alpha", "clip", "validate_every"):
            if not getattr(self, name) > 0:
                raise ValueError(f"--{name.replace('_', '-')} must be above 0")
        if not 0 <= self.warmup_share < 1:
            raise ValueError("--warmup-share must be at least 0 and below 1")


@dataclass(frozen=True)
class Example:
    """The pairs of one row, and whatever it takes to know its loss."""

    pairs: tuple[Pair, ...]
    target: Any


Loss = Callable[[Example, Sequence[Tensor]], Tensor]  # of an example and its pairs' scores (T, 3)


class Measured(Protocol):
    """Figures of rows held out; a dataclass."""

    def line(self) -> str:
        """Return them as one line."""

    def table(self, name: str) -> Table:
        """Return them as a table under a name."""


@dataclass(frozen=True)
class Task(Generic[One]):
    """What a cross-encoder is trained to do.

    Attributes:
        read: files with commas to rows.
        example: of a row; None where its answer lies beyond what is read.
        loss_of: see :data:`Loss`.
        measured: how well a model does on rows.
    """

    read: Callable[[str], list[One]]
    example: Callable[[One, Pairs], Example | None]
    loss_of: Loss
    measured: Callable[[CrossEncoder, Pairs, Sequence[One]], Measured]


def main(
    task: Task[One], prog: str, description: str | None, argv: Sequence[str] | None = None
) -> NoReturn:
    """Run the command that trains for a task, and leave the process with its exit code."""
    parser = Parser(prog=prog, description=description)
    add_flags(parser, FitConfig)
    arguments = parser.parse_args(argv)
    exit_with(lambda: train(from_flags(FitConfig, arguments), task))


def train(config: FitConfig, task: Task[One]) -> None:
    """Train a cross-encoder and write it to ``config.out``, with its figures.

    Raises:
        CommandFailed: the loss is no number any more.
        DataError: a file holds no rows of the task, or wrong ones.
        FileNotFoundError: no such file or folder.
        OSError: ``config.out`` cannot be made.
    """
    rows = task.read(config.data)
    held_out = {
        name: task.read(file)
        for name, file in (("validation", config.validation), ("test", config.test))
        if file
    }
    out = Path(config.out)
    out.mkdir(parents=True, exist_ok=True)
    model, pairs = fresh(config)
    made = [task.example(row, pairs) for row in rows]
    examples = [one for one in made if one is not None]
    if not examples:
        raise DataError(f"{config.data}: every answer lies beyond what is read")
    print(f"{len(examples)} rows; {len(made) - len(examples)} with answers beyond what is read")

    def validated() -> str:
        return task.measured(model, pairs, held_out["validation"]).line()

    seconds = fit(model, examples, task.loss_of, config, validated if config.validation else None)
    report: dict[str, Any] = {"train_s": round(seconds, 1), "rows": len(examples)}
    for name, kept in held_out.items():
        found = task.measured(model, pairs, kept)
        report[name] = asdict(found)  # type: ignore[call-overload]
        Console().print(found.table(name))
    save_cross_encoder(model, out, config.encoder)
    write_json(out / "train_config.json", asdict(config))
    write_json(out / "report.json", report)


def fresh(config: FitConfig) -> tuple[CrossEncoder, Pairs]:
    """Return what is to be trained: fresh, or what an earlier training left.

    Raises:
        FileNotFoundError, ValueError, WeightsError: no such encoder, device or folder.
    """
    torch.manual_seed(config.seed)
    if config.init is not None:
        encoder = load_encoder(config.encoder, config.device)
        model, pairs = load_cross_encoder(Path(config.init), encoder)
        for parameter in [*trainable_parameters(model.bert).values(), *model.head.parameters()]:
            parameter.requires_grad_(True)
        return model, pairs
    settings = LoRAConfig(config.rank, config.alpha)
    return fresh_cross_encoder(config.encoder, settings, choose_device(config.device))


def fit(
    model: CrossEncoder,
    examples: Sequence[Example],
    loss_of: Loss,
    config: FitConfig,
    validated: Callable[[], str] | None = None,
) -> float:
    """Train in place; return the seconds it took.

    Args:
        model: its parameters that need a gradient are trained.
        examples: at least one.
        loss_of: a step lowers its mean over a batch.
        config: how.
        validated: measures and says what it found; asked every ``config.validate_every`` steps.
    """
    steps = max(1, math.ceil(len(examples) * config.epochs / config.batch_rows))
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=config.lr, weight_decay=config.weight_decay)
    drawn = batches(examples, config.batch_rows, random.Random(config.seed))
    begun = time.monotonic()
    with TrainProgress() as progress:
        for step in range(1, steps + 1):
            started = time.monotonic()
            batch = next(drawn)
            optimizer.param_groups[0]["lr"] = learning_rate(config, step, steps)
            scores = iter(model([pair for one in batch for pair in one.pairs]))
            losses = [loss_of(one, [next(scores) for _ in one.pairs]) for one in batch]
            loss = torch.stack(losses).mean()
            if not torch.isfinite(loss):
                raise CommandFailed(f"step {step}: the loss is {loss.item()}; try a smaller --lr")
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(parameters, config.clip)
            optimizer.step()
            tokens = sum(len(pair.tokens) for one in batch for pair in one.pairs)
            told = {
                "step": step,
                "loss": loss.item(),
                "tokens_per_s": tokens / (time.monotonic() - started),
                "memory_bytes": peak_memory_bytes(model.head.weight.device),
            }
            progress.step(told, steps, True)
            if validated is not None and step % config.validate_every == 0 and step < steps:
                progress.say(f"step {step}: {validated()}")
    return time.monotonic() - begun


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> Iterator[list[Example]]:
    """Yield batches for ever, each epoch in another order."""
    waiting: list[Example] = []
    size = min(size, len(examples))
    while True:
        while len(waiting) < size:
            waiting += rng.sample(examples, len(examples))
        yield waiting[:size]
        waiting = waiting[size:]


def learning_rate(config: FitConfig, step: int, steps: int) -> float:
    """Return the rate of a step, from 1: a straight rise, then half a cosine down."""
    rise = step / max(1.0, config.warmup_share * steps)
    fall = (1 + math.cos(math.pi * step / steps)) / 2
    return config.lr * min(1.0, rise) * max(0.02, fall)
