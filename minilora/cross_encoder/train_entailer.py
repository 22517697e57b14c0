"""Train an entailment model: ``python -m minilora.cross_encoder.train_entailer --data ROWS.jsonl``.

A step lowers -log P(right verdict) over a batch of claims (:mod:`.entailer`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from torch import Tensor

from minilora.cross_encoder.entailer import Claimed, Entailer, logits_of, pair, read_claims
from minilora.cross_encoder.fitting import Example, Task, main
from minilora.cross_encoder.model import CrossEncoder, Pairs
from minilora.data.entailment.steps import VERDICTS

BATCH = 32  # claims measured at once


@dataclass(frozen=True)
class Figures:
    """Of claims held out.

    Attributes:
        n: how many.
        right: share whose likeliest verdict is the right one.
        recall: verdict -> share of its claims that got it; nan where there are none.
    """

    n: int
    right: float
    recall: dict[str, float]

    def table(self, name: str) -> Table:
        """Return the figures as a table."""
        shown = Table(title=f"Entailment, {name}")
        for column in ("claims", "right", *VERDICTS):
            shown.add_column(column, justify="right")
        shares = (self.right, *self.recall.values())
        shown.add_row(str(self.n), *(f"{100 * share:.1f}%" for share in shares))
        return shown

    def line(self) -> str:
        """Return the figures as one line."""
        each = ", ".join(f"{name} {100 * share:.0f}%" for name, share in self.recall.items())
        return f"{self.n} claims: {100 * self.right:.1f}% right ({each})"


def example(one: Claimed, pairs: Pairs) -> Example:
    """Return a claim as word pieces; the target is the number of its verdict."""
    return Example((pair(pairs, one.claim, one.source),), one.verdict)


def loss_of(example: Example, scores: Sequence[Tensor]) -> Tensor:
    """Return -log P(right verdict)."""
    return -logits_of(scores[0]).log_softmax(0)[example.target]


def measure(model: CrossEncoder, pairs: Pairs, claims: Sequence[Claimed]) -> Figures:
    """Return how often the likeliest verdict is right."""
    entailer = Entailer(model, pairs)
    said: list[str] = []
    for start in range(0, len(claims), BATCH):
        batch = [(one.claim, one.source) for one in claims[start : start + BATCH]]
        found = entailer.all_probabilities(batch)
        said += [max(shares, key=shares.__getitem__) for shares in found]
    hits = [name == VERDICTS[one.verdict] for name, one in zip(said, claims, strict=True)]
    recall: dict[str, float] = {}
    for number, name in enumerate(VERDICTS):
        own = [hit for hit, one in zip(hits, claims, strict=True) if one.verdict == number]
        recall[name] = sum(own) / len(own) if own else float("nan")
    return Figures(len(claims), sum(hits) / len(hits), recall)


TASK = Task(read_claims, example, loss_of, measure)

if __name__ == "__main__":
    main(TASK, "python -m minilora.cross_encoder.train_entailer", __doc__)
