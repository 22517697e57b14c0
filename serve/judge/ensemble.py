"""Several judges that vote."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from minilora.data.detective.steps import Verdict
from serve.detective.reply import Usage
from serve.judge.judge import Generated, Judge, Preference
from serve.judge.statistics import mean
from serve.judge.usage import add_usage
from serve.judge.verdicts import ClaimVerdict, JudgeFailed

T = TypeVar("T")


class Ensemble:
    """A vote of judges; see :class:`serve.judge.judge.Judge`.

    A verdict is the label that most give; among labels that equally many give, the one that
    credits the answer least: "not_found", then "contradicted". Its probability is the mean. The
    first judge alone writes claims and questions, so that all vote on the same ones. Votes may be
    missing, but more than half must be there.

    Raises:
        ValueError: fewer than two judges, or one twice.
    """

    def __init__(self, judges: Sequence[Judge]) -> None:
        names = [judge.name for judge in judges]
        if len(judges) < 2 or len(set(names)) < len(names):
            raise ValueError(f"an ensemble needs two or more different judges, got {names}")
        self._judges = tuple(judges)
        self.name = f"vote({', '.join(names)})"
        self.model = "+".join(judge.model for judge in judges)

    @property
    def usage(self) -> Usage:
        """What was asked of all of them."""
        return add_usage(*(judge.usage for judge in self._judges))

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return the first judge's claims."""
        return await self._judges[0].claims(question, answer)

    async def questions(self, answer: str, n: int) -> Generated:
        """Return the first judge's questions."""
        return await self._judges[0].questions(answer, n)

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return the vote; reason and evidence are those of a judge that voted so."""
        votes = await _cast([judge.verdict(claim, passages) for judge in self._judges])
        count = Counter(vote.label for vote in votes)
        caution: tuple[Verdict, ...] = ("not_found", "contradicted", "supported")
        label = max(caution, key=lambda label: count[label])  # the first of equal ones
        said = next(vote for vote in votes if vote.label == label)
        likely = [vote.probability for vote in votes if vote.probability is not None]
        probability = mean(likely) if likely else None
        tally = ", ".join(f"{count[label]} {label}" for label in caution if count[label])
        reason = f"{tally}. {said.reason}".strip()
        return ClaimVerdict(claim, label, probability, reason, said.evidence)

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return the answer that more judges prefer; equally many is a tie."""
        votes = await _cast([judge.compare(question, a, b) for judge in self._judges])
        count = Counter(votes)
        if count["a"] == count["b"]:
            return "tie"
        return "a" if count["a"] > count["b"] else "b"

    async def close(self) -> None:
        """Let go of all of them."""
        for judge in self._judges:
            await judge.close()


async def _cast(votes: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Return the votes that were given.

    Raises:
        JudgeFailed: half of them or more are missing.
    """
    results = await asyncio.gather(*votes, return_exceptions=True)
    failures = [result for result in results if isinstance(result, BaseException)]
    for failure in failures:
        if not isinstance(failure, JudgeFailed):
            raise failure
    if 2 * len(failures) >= len(results):
        raise JudgeFailed(f"{len(failures)} of {len(results)} judges failed: {failures[0]}")
    return [result for result in results if not isinstance(result, BaseException)]
