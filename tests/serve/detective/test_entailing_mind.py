"""Verification by the entailment adapter: what it is asked, and the quote beside its verdict."""

import asyncio
from collections.abc import Sequence

from minilora.data.detective.steps import Step, read, verify
from serve.detective.entailing_mind import EntailingMind
from serve.detective.mind import Decision
from serve.detective.reply import Usage

PASSAGES = ["The tower was lit in 1858. It is white.", "Smeaton's tower was completed in 1759."]


class Scripted:
    """Gives one value, and keeps what it was asked."""

    def __init__(self, model: str, value: dict[str, object]) -> None:
        self.model, self.value = model, value
        self.asked: list[Step] = []

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        self.asked.append(step)
        return Decision(dict(self.value), (), Usage(1, 5, 1, 6), {"contradicted": 0.9})


def minds() -> tuple[Scripted, Scripted, EntailingMind]:
    mind = Scripted("m+detective", {"quote": "It is white.", "answered": True, "answer": "white"})
    entailment = Scripted("m+judge", {"verdict": "contradicted"})
    return mind, entailment, EntailingMind(mind, entailment)


def test_verify_goes_to_the_entailment_adapter_and_quotes_the_nearest_sentence() -> None:
    mind, entailment, both = minds()
    step = verify("Smeaton's tower was completed in 1795.", "<<...>>", "rule")
    decision = asyncio.run(both.decide(step, PASSAGES))
    assert decision.value == {
        "quote": "Smeaton's tower was completed in 1759.",
        "verdict": "contradicted",
    }
    assert decision.confidence == {"contradicted": 0.9}
    assert not mind.asked
    (asked,) = entailment.asked
    assert asked.name == "entail"
    assert asked.user.endswith("\nClaim: Smeaton's tower was completed in 1795.")
    assert "completed in 1759" in asked.user


def test_all_else_goes_to_the_mind() -> None:
    mind, entailment, both = minds()
    decision = asyncio.run(both.decide(read("What colour is it?", "<<...>>", "rule"), PASSAGES))
    assert decision.value["answer"] == "white"
    assert not entailment.asked
    assert both.model == mind.model == "m+detective"
