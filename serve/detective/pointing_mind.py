"""Reading and verifying by cross-encoders: 22 million parameters that point, where 135 would write.

Finding the sentence that answers takes far more examples than a language model of this size can be
shown in an hour on two cores; a cross-encoder of a sixth of its size can be shown ten times as
many, and reads a question's passages in a tenth of the time (serve/RESULTS.md has both). So here

    read     the reader (:mod:`minilora.cross_encoder.reader`) points at the answer, and the
             sentence, list item or row of a table that it stands in is quoted (:mod:`.pointing`)
    verify   the reader asks these passages the same question; where both answers tell
             (:mod:`.agreement`), they decide; else another mind compares the claim with the
             sentences nearest to it, of which the first is quoted (:mod:`.comparing_mind`)

and all else goes to the mind as it came. What is pointed at cannot be invented, and no text that is
read can talk these models into anything but another place or verdict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from minilora.cross_encoder.reader import Reader
from minilora.data.detective.sentences import sentence_spans, short_quote
from minilora.data.detective.steps import Step
from minilora.data.entailment.evidence import ranked, shown
from minilora.data.entailment.steps import LABEL, VERDICTS, entail
from minilora.encoder import Encoder
from serve.detective.agreement import compare_answers
from serve.detective.local_mind import InThread
from serve.detective.mind import Decision, Mind, MindFailed
from serve.detective.pointing import point
from serve.detective.reply import Usage
from serve.guard.fence import Fence


class PointingMind:
    """See :class:`serve.detective.mind.Mind`.

    Args:
        mind: takes all decisions but "read" and "verify".
        reader, encoder: take "read".
        comparing: gives the verdict of "verify".
        in_thread: where reader and encoder compute.
    """

    def __init__(
        self,
        mind: Mind,
        reader: Reader,
        encoder: Encoder,
        comparing: Mind,
        in_thread: InThread,
    ) -> None:
        self._mind, self._reader, self._encoder = mind, reader, encoder
        self._comparing, self._in_thread = comparing, in_thread
        self._fence = Fence()

    @property
    def model(self) -> str:
        """The mind's that answers."""
        return self._mind.model

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the decision; see :meth:`serve.detective.mind.Mind.decide`."""
        if step.name == "read":
            return await self._in_thread(lambda: self._read(step.question, passages))
        if step.name == "verify":
            return await self._verify(step, passages, seconds)
        return await self._mind.decide(step, passages, seconds)

    def _read(self, question: str, passages: Sequence[str]) -> Decision:
        sentences = point(self._reader, self._encoder, question, passages)
        if not sentences:
            raise MindFailed("the passages hold no word")
        best = sentences[0]
        where, text = best.sentence, " ".join(best.found.text.split())
        quote = short_quote(passages[where.passage], (where.start, where.end), text)
        value = {"quote": quote, "answered": best.answered >= 0.5, "answer": text}
        confidence = {"true": best.answered, "false": 1 - best.answered}
        return Decision(value, (), Usage(), confidence, "reader")

    async def _verify(self, step: Step, passages: Sequence[str], seconds: float) -> Decision:
        sentences = [
            short_quote(passage, span) for passage in passages for span in sentence_spans(passage)
        ]
        if not sentences:
            raise MindFailed("the passages hold no word")
        if step.question and step.answer:
            agreed = await self._in_thread(lambda: self._agreement(step, passages))
            if agreed is not None:
                return agreed
        near = shown(step.claim, passages)
        asked = entail(step.claim, self._fence.wrap(near, LABEL))
        decision = await self._comparing.decide(asked, [near], seconds)
        quote = sentences[ranked(step.claim, sentences)[0]]
        return replace(decision, value={"quote": quote, **decision.value})

    def _agreement(self, step: Step, passages: Sequence[str]) -> Decision | None:
        """Return what the same question brings out here; None where that tells nothing."""
        read = self._read(step.question, passages)
        verdict = compare_answers(step.answer, read.value["answer"])
        if not read.value["answered"] or verdict is None:
            return None
        value = {"quote": read.value["quote"], "verdict": verdict}
        sure = read.confidence["true"]
        confidence: dict[str, float] = {
            name: 0.0 for name in VERDICTS if name not in (verdict, "not_found")
        }
        confidence |= {verdict: sure, "not_found": 1 - sure}
        return Decision(value, (), Usage(), confidence, "reader")
