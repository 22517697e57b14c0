"""The settings of an adapter, and which layers they choose.

Kept apart from the layers so that a training run's settings can be read without building a model.

    >>> config = LoRAConfig(rank=8, alpha=16, target_modules=("q_proj", "v_proj"))
    >>> config.targets("layers.0.self_attn.q_proj"), config.targets("layers.0.mlp.up_proj")
    (True, False)
    >>> config.scaling_of("layers.0.self_attn.q_proj")
    2.0
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

ALL_LINEAR = "all-linear"
OUTPUT_HEAD = "lm_head"


@dataclass(frozen=True)
class LoRAConfig:
    """The settings of one adapter; checked on creation.

    Args:
        rank: R, the inner size of the two matrices; at least 1.
        alpha: numerator of `scaling`; above 0.
        dropout: share of the inputs of A set to zero in training, from 0 to below 1.
        use_rslora: scaling = alpha / sqrt(R) in place of alpha / R.
        use_dora: also train the length of every row of the weight.
        target_modules: names of the layers to adapt, each a last part ("q_proj") or any longer
            ending ("layers.0.self_attn.q_proj"); or one string: "all-linear", every linear layer
            but the output head, or a regular expression for the whole Hugging Face name.
        rank_pattern: rank by name or regular expression, where it differs from `rank`.
        alpha_pattern: alpha by name or regular expression, where it differs from `alpha`.

    Raises:
        ValueError: a value outside the ranges above, or no target.
    """

    rank: int = 16
    alpha: float = 32.0
    dropout: float = 0.0
    use_rslora: bool = False
    use_dora: bool = False
    target_modules: tuple[str, ...] | str = ALL_LINEAR
    rank_pattern: Mapping[str, int] = field(default_factory=dict)
    alpha_pattern: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check every value, and turn a list of targets into a tuple."""
        for where, rank in [("rank", self.rank), *self.rank_pattern.items()]:
            if isinstance(rank, bool) or not isinstance(rank, int) or rank < 1:
                raise ValueError(f"{where}: a rank must be a whole number from 1, got {rank!r}")
        for where, alpha in [("alpha", self.alpha), *self.alpha_pattern.items()]:
            if not (math.isfinite(alpha) and alpha > 0):
                raise ValueError(f"{where}: an alpha must be finite and above 0, got {alpha!r}")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, got {self.dropout}")
        if not isinstance(self.target_modules, str):
            object.__setattr__(self, "target_modules", tuple(self.target_modules))
        if not self.target_modules:
            raise ValueError("target_modules names no layer")
        for pattern in self._patterns():
            try:
                re.compile(pattern)
            except re.error as error:
                raise ValueError(f"{pattern!r} is not a regular expression: {error}") from None

    def _patterns(self) -> list[str]:
        targets = [self.target_modules] if isinstance(self.target_modules, str) else []
        return [*targets, *self.rank_pattern, *self.alpha_pattern]

    def targets(self, name: str) -> bool:
        """Return whether the layer of this name, in our naming, is to be adapted."""
        full = hugging_face_name(name)
        if name.split(".")[-1] == OUTPUT_HEAD:
            return False
        if self.target_modules == ALL_LINEAR:
            return True
        if isinstance(self.target_modules, str):
            return re.fullmatch(self.target_modules, full) is not None
        return any(full == t or full.endswith(f".{t}") for t in self.target_modules)

    def rank_of(self, name: str) -> int:
        """Return R for the layer of this name: the first rank_pattern that fits, or rank."""
        return next((r for p, r in self.rank_pattern.items() if _fits(p, name)), self.rank)

    def scaling_of(self, name: str) -> float:
        """Return alpha / R for the layer of this name, or alpha / sqrt(R) with rsLoRA."""
        alpha = next((a for p, a in self.alpha_pattern.items() if _fits(p, name)), self.alpha)
        rank = self.rank_of(name)
        return alpha / math.sqrt(rank) if self.use_rslora else alpha / rank

    def save(self, path: Path | str) -> None:
        """Write the settings as JSON."""
        Path(path).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path | str) -> LoRAConfig:
        """Read settings written by `save`.

        Raises:
            ValueError: no JSON object, an unknown setting, or a value out of range.
        """
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError(f"{path} holds no JSON object")
        unknown = sorted(set(values) - set(cls.__dataclass_fields__))
        if unknown:
            raise ValueError(f"{path}: unknown settings {', '.join(unknown)}")
        return cls(**values)


def hugging_face_name(name: str) -> str:
    """Return the Hugging Face name of a module: `layers.0.mlp` is `model.layers.0.mlp` there."""
    return name if name.split(".")[0] == OUTPUT_HEAD else f"model.{name}"


def _fits(pattern: str, name: str) -> bool:
    return re.match(rf"(.*\.)?({pattern})$", hugging_face_name(name)) is not None
