"""Every setting of a training run, in one frozen dataclass that is saved beside the adapter."""

from __future__ import annotations

import dataclasses
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minilora.atomic import write_whole
from minilora.command import flag, option
from minilora.lora import LoRAConfig
from minilora.weights import DEFAULT_MODEL


@dataclass(frozen=True)
class TrainConfig:
    """What to train, on what, and how; each field is a flag of ``python -m minilora.train``."""

    model: str = option(
        DEFAULT_MODEL, "base model: default name, folder, .gguf file or hub org/name"
    )
    data: str | None = option(
        None,
        "training rows, a JSON-lines file in our form or OpenAI chat form",
        metavar="FILE",
        shown="the built-in curated dataset",
    )
    train_rows: int | None = option(
        None,
        "rows of the built-in dataset to generate for training",
        shown="2500 on a CPU, 20000 on a GPU",
    )
    max_tools: int | None = option(
        None,
        "most tools that such a row shows; few make short rows, and more of them a minute",
        shown="4 on a CPU where --train-rows does not ask for more rows, else 8",
    )
    quant: str = option("nf4", "how base weights are stored", choices=("nf4", "int8", "none"))
    rank: int = option(16, "LoRA rank")
    alpha: float = option(32.0, "LoRA alpha; scaling is alpha / rank")
    dropout: float = option(0.0, "share of LoRA inputs dropped, 0 to below 1")
    rslora: bool = option(False, "scaling alpha / sqrt(rank)")
    dora: bool = option(False, "learn row magnitudes too (DoRA)")
    targets: str = option("all-linear", "layers to adapt: all-linear, or names joined by commas")
    loss: str = option(
        "plain",
        "plain: every answer token, against the whole vocabulary; grammar: the tokens that the "
        "row's schema leaves open, against those that it allows",
        choices=("plain", "grammar"),
    )
    choice_weight: int | None = option(
        None,
        "times that a token counts which chooses a tool, enum value, switch or what is left out",
        shown="4 in the main job on a CPU, which has few rows, else 1",
    )
    init: str | None = option(
        None,
        "adapter to start from, of the same rank, alpha and targets",
        metavar="DIR",
        shown="a new one",
    )
    epochs: float = option(3.0, "passes over the training rows at most")
    steps: int | None = option(None, "optimiser steps, instead of --epochs and --minutes")
    minutes: float | None = option(
        None,
        "time for the whole job; the number of steps is fixed after the first few to fit it",
        shown="10 on a CPU, none on a GPU",
    )
    batch_tokens: int = option(1100, "tokens of one optimiser step, shared prefixes counted once")
    micro_tokens: int = option(1100, "tokens computed at once; a larger step is accumulated")
    group_rows: int = option(8, "rows with the same tools that may stand in one step")
    lr: float = option(1.5e-3, "peak learning rate")
    min_lr: float = option(1e-5, "learning rate at the end of the cosine")
    warmup_steps: int = option(10, "steps in which the learning rate rises to its peak")
    weight_decay: float = option(0.0, "AdamW weight decay")
    clip: float = option(1.0, "largest gradient norm")
    checkpoint_activations: bool = option(
        False, "recompute layers in the backward pass: less memory"
    )
    validate_every: int = option(50, "steps between validations")
    checkpoint_every: int = option(50, "steps between checkpoints")
    eval_limit: int = option(24, "rows of each test suite to evaluate afterwards; 0 for none")
    out: str | None = option(None, "run folder", metavar="DIR", shown="runs/TIME")
    seed: int = option(0, "decides the initial adapter, the order of the rows and dropout")
    device: str = option("auto", "where to run", choices=("auto", "cpu", "cuda"))
    dtype: str = option(
        "auto",
        "compute type; auto takes the one that is fast on this machine",
        choices=("auto", "float32", "bfloat16", "float16"),
    )

    def __post_init__(self) -> None:
        """Check ranges that no later step would catch with a clear message."""
        at_least = {
            **dict.fromkeys(("train_rows", "max_tools", "choice_weight", "rank", "steps"), 1),
            **dict.fromkeys(("batch_tokens", "micro_tokens", "group_rows"), 1),
            **dict.fromkeys(("validate_every", "checkpoint_every"), 1),
            **dict.fromkeys(("warmup_steps", "eval_limit", "seed", "weight_decay", "min_lr"), 0),
        }
        for name, value in vars(self).items():
            if isinstance(value, float) and not math.isfinite(value):
                raise ValueError(f"{flag(name)} must be finite, got {value}")
            if name in at_least and value is not None and value < at_least[name]:
                raise ValueError(f"{flag(name)} must be at least {at_least[name]}, got {value}")
            if name in ("epochs", "minutes", "clip", "lr") and value is not None and value <= 0:
                raise ValueError(f"{flag(name)} must be above 0, got {value}")
        if self.min_lr > self.lr:
            raise ValueError(f"--lr {self.lr} must not be below --min-lr {self.min_lr}")
        if self.seed >= 2**63:
            raise ValueError(f"--seed must be below 2^63, got {self.seed}")
        if not self.targets.strip(" ,"):
            raise ValueError("--targets names no layer")
        self.lora()

    def lora(self) -> LoRAConfig:
        """Return the adapter's settings."""
        names = tuple(name.strip() for name in self.targets.split(",") if name.strip())
        targets = "all-linear" if names == ("all-linear",) else names
        return LoRAConfig(
            rank=self.rank,
            alpha=self.alpha,
            dropout=self.dropout,
            use_rslora=self.rslora,
            use_dora=self.dora,
            target_modules=targets,
        )

    def save(self, path: Path) -> None:
        """Write the settings as JSON."""
        write_whole(path, (json.dumps(dataclasses.asdict(self), indent=2) + "\n").encode())

    @classmethod
    def load(cls, path: Path) -> TrainConfig:
        """Read settings written by :meth:`save`.

        Raises:
            ValueError: no JSON object, or its settings are not exactly those of this version.
        """
        try:
            values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise ValueError(f"{path} is not JSON: {error}") from None
        if not isinstance(values, dict):
            raise ValueError(f"{path} holds no JSON object")
        known = {field.name for field in dataclasses.fields(cls)}
        if wrong := sorted(values.keys() ^ known):
            raise ValueError(
                f"{path}: settings of another version, which differ in {', '.join(wrong)}"
            )
        return cls(**values)
