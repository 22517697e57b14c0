"""A share of the served answers judged, off the request's path.

An answer that is sampled goes into a bounded queue and the request ends; one worker judges what
waits there. What does not fit is dropped and counted: judging never makes a caller wait. Scores go
into the trace, into Prometheus, and to Phoenix.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import sqlite3
from collections.abc import Callable, Collection, Sequence
from typing import Literal, Protocol

from opentelemetry.context import Context
from prometheus_client import CollectorRegistry, Counter, Histogram

from serve.detective.journal import OnStep
from serve.detective.reply import Reply
from serve.judge.scorer import Scorer
from serve.judge.suite import Case, from_reply
from serve.judge.verdicts import Score
from serve.trace_store import TraceStore

MAX_WAITING = 32
LIVE = ("faithfulness", "citation_precision", "citation_recall")  # need no reference, no encoder
_log = logging.getLogger("serve.judge")

Send = Callable[[str, Sequence[Score]], None]  # trace id, scores; it may block


class LiveMetrics:
    """What Prometheus gets; all methods may be called from any thread.

    Args:
        registry: where they are collected.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._scores = Histogram(
            "minilora:judge_score",
            "Scores of sampled answers",
            ("metric",),
            buckets=[i / 10 for i in range(11)],
            registry=registry,
        )
        self._states = Counter(
            "minilora:judge_answers",
            "Sampled answers by what judging came to",
            ("metric", "state"),
            registry=registry,
        )
        self._lost = Counter(
            "minilora:judge_lost",
            "Sampled answers or their scores lost",
            ("at",),
            registry=registry,
        )

    def judged(self, score: Score) -> None:
        """Count a score."""
        self._states.labels(score.metric, score.state).inc()
        if score.value is not None:
            self._scores.labels(score.metric).observe(score.value)

    def lost(self, at: Literal["queue", "trace", "error"]) -> None:
        """Count an answer that found the queue full, a trace that was gone, or an error."""
        self._lost.labels(at).inc()


class LiveJudge:
    """Judges a share of the answers; on one event loop.

    Args:
        scorer: asked for :data:`LIVE`.
        share: of the answers, 0 to 1.
        metrics: counts scores, and what was dropped or failed.
        traces: where scores are kept beside their trace; None keeps none.
        send: called in a thread with the scores of a trace, such as to Phoenix; its errors are
            counted.
        max_waiting: answers that wait at most.
        chance: uniform from 0 to 1.
    """

    def __init__(
        self,
        scorer: Scorer,
        share: float,
        metrics: LiveMetrics,
        traces: TraceStore | None = None,
        send: Send | None = None,
        max_waiting: int = MAX_WAITING,
        chance: Callable[[], float] = random.random,
    ) -> None:
        if not 0 <= share <= 1 or max_waiting < 1:
            raise ValueError(f"needs a share from 0 to 1 and a queue, got {share}, {max_waiting}")
        self._scorer, self._share, self._metrics = scorer, share, metrics
        self._traces, self._send, self._chance = traces, send, chance
        self._waiting: asyncio.Queue[tuple[str, Reply]] = asyncio.Queue(max_waiting)
        self._worker: asyncio.Task[None] | None = None

    def offer(self, question: str, reply: Reply) -> None:
        """Take an answer, perhaps; returns at once."""
        if self._chance() >= self._share:
            return
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="judge")
        try:
            self._waiting.put_nowait((question, reply))
        except asyncio.QueueFull:
            self._metrics.lost("queue")

    async def drained(self) -> None:
        """Wait until all that was taken is judged."""
        await self._waiting.join()

    async def close(self) -> None:
        """Leave what waits unjudged."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker

    async def _work(self) -> None:
        while True:
            question, reply = await self._waiting.get()
            try:
                answered = from_reply(reply.trace_id, reply)
                scores = await self._scorer.scores(Case(reply.trace_id, question), answered)
                for score in scores:
                    self._metrics.judged(score)
                await asyncio.to_thread(self._keep, reply.trace_id, scores)
            except Exception:  # the worker outlives whatever a score runs into; it is counted
                _log.exception("an answer could not be judged")
                self._metrics.lost("error")
            finally:
                self._waiting.task_done()

    def _keep(self, trace_id: str, scores: Sequence[Score]) -> None:
        """Attach scores to their trace, here and elsewhere; it blocks."""
        if self._traces is not None:
            try:
                for score in scores:
                    if score.value is not None:
                        self._traces.add_score(trace_id, score.metric, score.value, score.note)
            except (KeyError, sqlite3.Error):  # the trace is deleted, or not written
                self._metrics.lost("trace")
        if self._send is not None:
            self._send(trace_id, scores)


class Asker(Protocol):
    """Answers questions; see :class:`serve.detective.agent.Detective`."""

    async def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        on_step: OnStep = ...,
        *,
        parent: Context | None = None,
        session: str | None = None,
        user: str | None = None,
    ) -> Reply:
        """Return the answer."""


class JudgedAsker:
    """Another asker whose answers are offered to a judge when they are given."""

    def __init__(self, asker: Asker, live: LiveJudge) -> None:
        self._asker, self._live = asker, live

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
        """Return the answer; see :meth:`serve.detective.agent.Detective.ask`."""
        reply = await self._asker.ask(
            question, documents, on_step, parent=parent, session=session, user=user
        )
        self._live.offer(question, reply)
        return reply
