"""What sways a judge that should not: places, length, filler.

A verdict is asked again with filler before the claim and with the source's sentences in reverse;
a comparison in both orders and with one answer padded. An unswayed judge says the same.

Source: Zheng et al. 2023, Judging LLM-as-a-Judge with MT-Bench, section 3.3, arXiv:2306.05685.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import msgspec

from minilora.data.entailment.public import read_lines
from minilora.data.entailment.text import sentences
from serve.judge.judge import Judge, Preference
from serve.judge.labelled import Judged, probability
from serve.judge.statistics import cohen_kappa, mean

FILLER = "It is worth noting, and has often been pointed out, that the following holds: "
PADDING = (
    " This is an important point, and it deserves to be stated clearly. There is much more that"
    " could be said about it, and many people have written about it at length. In conclusion, the"
    " above should be kept in mind."
)


class VerdictBias(msgspec.Struct, frozen=True):
    """How verdicts move under a change that says nothing.

    Attributes:
        n: claims.
        shift: mean change of the probability that a claim is supported.
        flipped: share of verdicts that turn.
    """

    n: int
    shift: float
    flipped: float


class PairFigures(msgspec.Struct, frozen=True):
    """A judge's comparisons beside those of two people.

    Attributes:
        n: pairs.
        agreement: share where the judge and the people's mean vote prefer the same, ties included.
        kappa: of these.
        human_agreement, human_kappa: of one person with the other.
        swayed: share of pairs whose verdict turned with the order.
        first: share of single verdicts that chose the first place.
        padded_preferred: share of single verdicts that prefer an answer to itself with filler
            after it when it is the padded one that wins.
        plain_preferred: the same where the plain one wins.
    """

    n: int
    agreement: float
    kappa: float | None
    human_agreement: float
    human_kappa: float | None
    swayed: float
    first: float
    padded_preferred: float
    plain_preferred: float


async def verdict_bias(
    judge: Judge, items: Sequence[Judged], threshold: float, kind: str
) -> VerdictBias:
    """Return how verdicts move with filler before the claim or the source reversed.

    Args:
        judge: asked once more for each item.
        items: with its first answers.
        threshold: of the raw probability.
        kind: "filler" or "reversed".

    Raises:
        JudgeFailed: no verdict.
    """

    async def again(item: Judged) -> float:
        if kind == "filler":
            return await probability(judge, FILLER + item.claim, item.passages)
        turned = [sentence for text in item.passages for sentence in sentences(text)][::-1]
        return await probability(judge, item.claim, turned)

    new = await asyncio.gather(*(again(item) for item in items))
    pairs = [(item.raw, other) for item, other in zip(items, new, strict=True)]
    return VerdictBias(
        len(items),
        mean([other - raw for raw, other in pairs]),
        mean([float((raw >= threshold) != (other >= threshold)) for raw, other in pairs]),
    )


async def pair_figures(judge: Judge, folder: Path, limit: int) -> PairFigures:
    """Return how a judge's comparisons stand beside people's (ragchecker_pairs).

    Raises:
        ValueError: the set is not there.
        JudgeFailed: no verdict.
    """
    lines = read_lines(folder, "ragchecker_pairs")[:limit]
    worth: dict[Preference, int] = {"a": -1, "tie": 0, "b": 1}

    async def ask(question: str, a: str, b: str) -> int:
        return worth[await judge.compare(question, a, b)]

    async def one(line: dict[str, str]) -> tuple[int, int, int, int]:
        question, a, b = line["question"], line["answer_a"], line["answer_b"]
        first, second = await asyncio.gather(ask(question, a, b), ask(question, b, a))
        longer = await asyncio.gather(ask(question, a, a + PADDING), ask(question, a + PADDING, a))
        return first, -second, longer[0], -longer[1]

    found = await asyncio.gather(*(one(line) for line in lines))
    people = [[_sign(vote) for vote in line["votes"]["overall"]] for line in lines]
    wanted = [_sign(sum(line["votes"]["overall"])) for line in lines]
    said = [a if a == b else 0 for a, b, *_ in found]
    left, right = [votes[0] for votes in people], [votes[1] for votes in people]
    padded = [place for *_, a, b in found for place in (a, b)]
    chosen = [choice for a, b, *_ in found for choice in (a == -1, b == 1)]
    return PairFigures(
        len(lines),
        mean([float(a == b) for a, b in zip(said, wanted, strict=True)]),
        cohen_kappa(said, wanted),
        mean([float(a == b) for a, b in zip(left, right, strict=True)]),
        cohen_kappa(left, right),
        mean([float({a, b} == {-1, 1}) for a, b, *_ in found]),
        mean([float(choice) for choice in chosen]),
        mean([float(place == 1) for place in padded]),
        mean([float(place == -1) for place in padded]),
    )


def _sign(vote: int) -> int:
    return (vote > 0) - (vote < 0)
