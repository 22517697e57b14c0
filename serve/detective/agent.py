"""The Data Detective: a question in, an answer with citations out, and every step on record.

    question  checked, cleaned; a scanner's verdict goes into the trace and decides nothing
       |
    route     from the question and how well the documents match it, as numbers; no source is read
       |----------- neither ------------------------------------------------> refusal
    retrieve / search      passages of the documents, of Wikipedia's pages
       |
    read      quote, answered?, answer; of each place by itself
       |----------- does not say -----> the other place, where it may be asked ----> refusal
    verify    what the documents say, against Wikipedia
       |
    answer    composed by code from what was quoted; deleted documents are not cited

Each arrow is code. Models make three decisions (:mod:`minilora.data.detective.steps`), each a
document of a fixed schema: a language model's is held by a grammar, a cross-encoder can give no
other. They name no tool and no address, and the route is decided before anything is read that
others wrote. Whatever fails makes the answer smaller, not wrong: the step's
record says why.

Source: Yao et al. 2023, ReAct (reasoning and acting in turns), arXiv:2210.03629.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Coroutine, Iterable
from typing import Any

from opentelemetry.context import Context

from minilora.data.detective.steps import Match, Route
from serve.detective.chunks import Chunker
from serve.detective.compose import (
    NEITHER,
    NO_ANSWER,
    NOTHING_TO_CHECK,
    Composed,
    Place,
    Reading,
    compose,
)
from serve.detective.inquiry import Inquiry
from serve.detective.journal import Journal, Note, OnStep
from serve.detective.parts import DetectiveConfig, Parts
from serve.detective.reply import Reply, Verification
from serve.detective.sources import Quote
from serve.detective.store import StoreError
from serve.guard.fence import Fence
from serve.guard.limits import Budget, Clock, check_question


class Detective:
    """Answers questions from documents and Wikipedia; on one event loop.

    Args:
        parts: what it works with.
        config: how.
        clock: seconds, monotonic.
    """

    def __init__(
        self, parts: Parts, config: DetectiveConfig | None = None, clock: Clock = time.monotonic
    ) -> None:
        self.parts, self.config, self._clock = parts, config or DetectiveConfig(), clock
        self._chunker = Chunker(parts.encoder.tokenizer)

    async def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        on_step: OnStep = lambda record: None,
        *,
        parent: Context | None = None,
        session: str | None = None,
        user: str | None = None,
    ) -> Reply:
        """Return the answer to a question.

        Args:
            question: anything.
            documents: ids of those that may be asked; None: all.
            on_step: told of each step when it begins and when it ends, on the event loop.
            parent: of the trace, where a caller has begun one.
            session: groups traces.
            user: name of the API key that asks, for the trace.

        Raises:
            QuestionRefused: the question is empty, too long or no text.
            StoreError: a document that is not there, or a store that cannot be asked for it.
            Refused: the engine takes up nothing more.
        """
        asked = check_question(question, self.config.limits)
        await self._check(documents)
        with self.parts.tracer.span("ask", "AGENT", parent) as span:
            span.set_input(asked)
            if session is not None:
                span.set_session(session)
            if user is not None:
                span.set_user(user)
            journal = Journal(
                self.parts.tracer, Budget(self.config.limits, self._clock), self._clock, on_step
            )
            inquiry = Inquiry(
                self.parts, self.config, self._chunker, asked, documents, journal, Fence()
            )
            route, composed = await self._solve(inquiry, journal)
            span.set_output(composed.text)
            span.set("outcome", "refused" if composed.short is None else "answered")
            return Reply(
                answer=composed.text[: self.config.limits.max_answer_chars],
                outcome="refused" if composed.short is None else "answered",
                route=route,
                sources=composed.sources,
                verification=composed.verification,
                steps=journal.records,
                usage=journal.usage,
                model=self.parts.mind.model,
                trace_id=span.trace_id,
                short_answer=composed.short,
            )

    async def _solve(self, inquiry: Inquiry, journal: Journal) -> tuple[Route, Composed]:
        """Return the route that was chosen and the answer: the machine above."""
        await inquiry.scan()
        route, match = await inquiry.route()
        if route == "neither":
            return route, Composed(NEITHER, None, (), NOTHING_TO_CHECK)
        places: list[Place] = ["documents", "wikipedia"] if route == "both" else [route]
        readings = await _together([inquiry.look(place) for place in places])
        other = self._other(route, match)
        if other is not None and not any(reading.status == "answered" for reading in readings):
            readings.append(await inquiry.look(other))
        verification: Verification = NOTHING_TO_CHECK
        checked_by: Quote | None = None
        for reading in readings:
            if reading.place == "documents" and reading.status == "answered" and reading.quote:
                verification, checked_by = await inquiry.verify(reading.quote, reading.answer)
        composed = await self._answer(inquiry, journal, readings, verification, checked_by)
        return route, composed

    def _other(self, route: Route, match: Match) -> Place | None:
        """Return the place that may be asked besides, where the chosen one does not say."""
        if route == "documents" and self.parts.wiki is not None:
            return "wikipedia"
        if route == "wikipedia" and match != "none":
            return "documents"
        return None

    async def _answer(
        self,
        inquiry: Inquiry,
        journal: Journal,
        readings: list[Reading],
        verification: Verification,
        checked_by: Quote | None,
    ) -> Composed:
        """Return the final words; they cite nothing that was deleted meanwhile."""

        async def work(note: Note) -> Composed:
            kept = [await _kept(inquiry, reading) for reading in readings]
            composed = compose(kept, verification, checked_by)
            inquiry.check_secret(composed.text)
            note.summary = "Refused." if composed.short is None else "Answered."
            if kept != readings:
                note.summary += " A document that it rested on is gone."
            note.span.set_output(composed.text)
            return composed

        composed = await journal.take("answer", "GUARDRAIL", work, free=True)
        return composed or Composed(NO_ANSWER, None, (), NOTHING_TO_CHECK)

    async def _check(self, documents: Collection[str] | None) -> None:
        """Refuse documents that are not there."""
        for id in documents or ():
            if await asyncio.to_thread(self.parts.store.get, id) is None:
                raise StoreError(f"there is no document {id!r}")


async def _kept(inquiry: Inquiry, reading: Reading) -> Reading:
    """Return a reading, or that its place failed where its document may be gone."""
    if reading.status != "answered" or reading.quote is None:
        return reading
    try:
        stored = await inquiry.still_stored(reading.quote)
    except StoreError:
        stored = False
    return reading if stored else Reading(reading.place, "failed")


async def _together(looks: Iterable[Coroutine[Any, Any, Reading]]) -> list[Reading]:
    """Return what all find; where one is refused, the others end, too."""
    tasks = [asyncio.create_task(look) for look in looks]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
