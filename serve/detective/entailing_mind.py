"""Verification by the entailment adapter, which was trained on nothing else.

Whether a source supports a claim takes far more examples than the detective's adapter has seen of
it: after the same hour of training its verdicts are no better than chance, those of the adapter
``judge`` are. So "verify" goes to that adapter; it writes the verdict alone, and the quote beside
it is the sentence nearest to the claim. All other steps go to the mind as they came.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from minilora.data.detective.sentences import sentence_spans, short_quote
from minilora.data.detective.steps import Step
from minilora.data.entailment.evidence import ranked, shown
from minilora.data.entailment.steps import LABEL, entail
from serve.detective.mind import Decision, Mind
from serve.guard.fence import Fence

ADAPTER = "judge"


class EntailingMind:
    """See :class:`serve.detective.mind.Mind`.

    Args:
        mind: takes all decisions but "verify".
        entailment: a mind with the adapter that compares a claim with a source.
    """

    def __init__(self, mind: Mind, entailment: Mind) -> None:
        self._mind, self._entailment = mind, entailment
        self._fence = Fence()

    @property
    def model(self) -> str:
        """The mind's that answers."""
        return self._mind.model

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the decision; see :meth:`serve.detective.mind.Mind.decide`."""
        sentences = [
            short_quote(passage, span) for passage in passages for span in sentence_spans(passage)
        ]
        if step.name != "verify" or not sentences:
            return await self._mind.decide(step, passages, seconds)
        source = self._fence.wrap(shown(step.claim, passages), LABEL)
        decision = await self._entailment.decide(entail(step.claim, source), (), seconds)
        quote = sentences[ranked(step.claim, sentences)[0]]
        return replace(decision, value={"quote": quote, **decision.value})
