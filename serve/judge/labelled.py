"""Claims that people judged, put to a judge; beside it the judges that need no model."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from minilora.data.entailment.public import Item, Part, items_of
from minilora.data.entailment.text import overlap, words
from serve.judge.calibration import features
from serve.judge.claims import whole_claim
from serve.judge.judge import Judge
from serve.judge.passages import shown_of


@dataclass(frozen=True)
class Judged:
    """A claim with what people and a judge said of it.

    Attributes:
        name: of the set.
        claim: as it was judged.
        passages: the source.
        label: whether it is supported, by people.
        key: items with the same one hang together.
        raw: the judge's probability; where it gives none, 1 or 0 by its verdict.
    """

    name: str
    claim: str
    passages: tuple[str, ...]
    label: bool
    key: str
    raw: float

    def features(self) -> dict[str, float]:
        """Return what a calibration sees (:func:`serve.judge.calibration.features`)."""
        return features(self.raw, self.claim, shown_of(self.claim, self.passages))


# Judges without a model, which a judge must beat.
BASELINES: dict[str, Callable[[Judged], float]] = {
    "word overlap": lambda item: overlap(item.claim, " ".join(item.passages)),
    "claim length": lambda item: -float(len(words(item.claim))),
}


def claim_of(name: str, item: Item) -> str:
    """Return what is judged: a bare answer only together with its question."""
    return whole_claim(item.question, item.claim) if name == "halueval_qa" else item.claim


async def judged(
    judge: Judge,
    folder: Path,
    name: str,
    part: Part,
    limit: int | None,
    on_claim: Callable[[], None] = lambda: None,
) -> list[Judged]:
    """Return a part of a labelled set with the judge's probabilities.

    Args:
        judge: asked for everything at once; it bounds itself.
        folder: of the public sets.
        name: of the set.
        part: of it.
        limit: items at most.
        on_claim: called after each verdict.

    Raises:
        ValueError: the set is not there.
        JudgeFailed: a verdict could not be had.
    """

    async def one(item: Item) -> Judged:
        claim = claim_of(name, item)
        raw = await probability(judge, claim, item.sources)
        on_claim()
        return Judged(name, claim, item.sources, item.label, item.key, raw)

    items = items_of(folder, name, part)[:limit]
    return list(await asyncio.gather(*(one(item) for item in items)))


async def probability(judge: Judge, claim: str, passages: Sequence[str]) -> float:
    """Return a judge's probability that a claim is supported.

    Raises:
        JudgeFailed: no verdict.
    """
    verdict = await judge.verdict(claim, passages)
    return float(verdict.supported) if verdict.probability is None else verdict.probability
