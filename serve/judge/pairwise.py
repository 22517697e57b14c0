"""Two answers, or two systems, side by side.

A judge favours a place as much as an answer, so each pair is asked in both orders; where the two
verdicts disagree it is a tie.

Source: Zheng et al. 2023, Judging LLM-as-a-Judge with MT-Bench, section 3.4, arXiv:2306.05685.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from serve.judge.citations import without_marks
from serve.judge.judge import Judge, Preference
from serve.judge.statistics import Interval, bootstrap_interval, mean
from serve.judge.suite import Answered, Case
from serve.judge.verdicts import JudgeFailed

_TURNED: dict[Preference, Preference] = {"a": "b", "b": "a", "tie": "tie"}
_WORTH: dict[Preference, float] = {"a": 1.0, "tie": 0.5, "b": 0.0}


class Pair(msgspec.Struct, frozen=True):
    """What both orders came to.

    Attributes:
        winner: "a" or "b" where both orders say so, else "tie".
        swayed: the judge changed its mind with the order: it chose the same place twice.
    """

    winner: Preference
    swayed: bool


class Comparison(msgspec.Struct, frozen=True):
    """One system against another.

    Attributes:
        win_rate: (wins of a + ties / 2) / pairs; 0.5 is no difference.
        ci95: its bootstrap interval.
        wins, ties, losses: of a.
        swayed: pairs whose verdict turned with the order: how much the judge looks at places.
        failed: pairs without a verdict.
    """

    win_rate: float | None
    ci95: Interval | None
    wins: int
    ties: int
    losses: int
    swayed: int
    failed: int


async def compare_answers(judge: Judge, question: str, a: str, b: str) -> Pair:
    """Return the better of two answers, asked in both orders.

    Raises:
        JudgeFailed: no verdict on one of the orders.
    """
    first = await judge.compare(question, a, b)
    second = _TURNED[await judge.compare(question, b, a)]
    return Pair(first if first == second else "tie", {first, second} == {"a", "b"})


async def compare_systems(
    judge: Judge, cases: Sequence[Case], a: Mapping[str, Answered], b: Mapping[str, Answered]
) -> Comparison:
    """Return how often the answers of a beat those of b.

    Args:
        judge: asked; it should be neither system's model.
        cases: compared on.
        a: id of a case -> its answer.
        b: the same of the other system.
    """

    async def one(case: Case) -> Pair | None:
        texts = (without_marks(side[case.id].text) for side in (a, b))
        try:
            return await compare_answers(judge, case.question, *texts)
        except JudgeFailed:
            return None

    results = await asyncio.gather(*(one(case) for case in cases))
    pairs = [pair for pair in results if pair is not None]
    worth = [_WORTH[pair.winner] for pair in pairs]
    return Comparison(
        mean(worth) if worth else None,
        bootstrap_interval(worth) if worth else None,
        worth.count(1.0),
        worth.count(0.5),
        worth.count(0.0),
        sum(pair.swayed for pair in pairs),
        len(results) - len(pairs),
    )
