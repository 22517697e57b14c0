"""Rows that share their sources: one fence, one system text, many questions.

Training computes what a group shares once (:mod:`minilora.batches`), so passages cost little when
eight questions stand on them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from minilora.data.detective.steps import Step, closing, fence_rule, opening, read, verify
from minilora.data.rows import JsonObject, Row

MAX_GROUP = 16


@dataclass(frozen=True)
class Sources:
    """Passages inside their fence.

    Attributes:
        id: of the group.
        passages: as they stand in the prompt.
        text: with the fence.
        rule: of the fence.
    """

    id: str
    passages: tuple[str, ...]
    text: str
    rule: str

    def rows(self, step: str, asked: Iterable[tuple[str, JsonObject]]) -> list[Row]:
        """Return a row for each question or claim and its answer."""
        make: Callable[[str, str, str], Step] = verify if step == "verify" else read
        rows = []
        for number, (question, answer) in enumerate(asked):
            made = make(question, self.text, self.rule)
            rows.append(made.row(f"{self.id}-{number}", answer, self.id))
        return rows


def sources(id: str, passages: Iterable[str], label: str, rng: random.Random) -> Sources:
    """Return passages in one fence, a blank line between them."""
    shown = tuple(passages)
    digits = f"{rng.getrandbits(64):016x}"
    text = "\n\n".join(shown)
    fenced = f"{opening(digits, label)}\n{text}\n{closing(digits)}"
    return Sources(id, shown, fenced, fence_rule(digits))
