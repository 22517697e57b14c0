"""Verdicts of a cross-encoder, and of several minds together."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

import pytest

from minilora.data.detective.steps import Step, route
from minilora.data.entailment.steps import entail
from serve.detective.comparing_mind import ComparingMind, PooledMind, pooled
from serve.detective.mind import Decision, MindFailed
from serve.detective.reply import Usage

T = TypeVar("T")
STEP = entail("The tower is red.", "<<...>>")


class Entailer:
    def probabilities(self, claim: str, source: str) -> dict[str, float]:
        assert (claim, source) == ("The tower is red.", "The tower is white.")
        return {"supported": 0.2, "contradicted": 0.7, "not_found": 0.1}


class Sure:
    """A mind with given shares."""

    def __init__(self, model: str, shares: dict[str, float]) -> None:
        self.model, self.shares = model, shares

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        return Decision({}, (), Usage(1, 10, 1, 11), self.shares)


async def at_once(work: Callable[[], T], /) -> T:
    return work()


COMPARING = ComparingMind(cast(Any, Entailer()), at_once)


def test_the_cross_encoder_takes_a_claim_and_one_source() -> None:
    decision = asyncio.run(COMPARING.decide(STEP, ["The tower is white."]))
    assert decision.value == {"verdict": "contradicted"}
    assert decision.confidence["contradicted"] == 0.7
    assert decision.model == COMPARING.model == "entailment"
    for step, passages in ((STEP, []), (STEP, ["a", "b"]), (route("x", "none"), ["a"])):
        with pytest.raises(MindFailed, match="takes a claim and one passage"):
            asyncio.run(COMPARING.decide(step, passages))


def test_verdicts_are_pooled_and_what_was_used_is_summed() -> None:
    adapter = Sure("m+judge", {"supported": 0.9, "contradicted": 0.05, "not_found": 0.05})
    both = PooledMind([adapter, COMPARING])
    decision = asyncio.run(both.decide(STEP, ["The tower is white."]))
    mass = {
        value: (share * adapter.shares[value]) ** 0.5
        for value, share in COMPARING._entailer.probabilities(
            STEP.claim, "The tower is white."
        ).items()
    }
    assert decision.confidence == pytest.approx(
        {value: one / sum(mass.values()) for value, one in mass.items()}, abs=1e-5
    )
    assert decision.value == {"verdict": "supported"}
    assert decision.model == "m+judge and entailment"
    assert decision.usage == Usage(1, 10, 1, 11)


def test_no_mind_alone_rules_a_verdict_out() -> None:
    found = pooled([{"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0}])
    assert found == {"a": 0.5, "b": 0.5}


def test_a_mind_that_does_not_tell_says_nothing() -> None:
    assert pooled([{}, {"a": 0.3, "b": 0.7}]) == {"a": 0.3, "b": 0.7}
    with pytest.raises(MindFailed, match="no model told"):
        pooled([{}])
