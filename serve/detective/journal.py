"""The steps of one request: each charged, timed, traced, told to whoever listens, and kept.

A step that fails is no end: it is recorded with the reason, and the request goes on with less.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from serve.detective.mind import MindFailed
from serve.detective.reply import StepName, StepRecord, StepStatus, TokenView, Usage
from serve.detective.store import StoreError
from serve.detective.wikipedia import WikipediaUnavailable
from serve.generation import Refused
from serve.guard.canary import CanaryLeaked
from serve.guard.limits import Budget, BudgetSpent, Clock
from serve.span import Kind, Span
from serve.trace import Tracer

T = TypeVar("T")

OnStep = Callable[[StepRecord], None]
# What a step may run into without ending the request.
_FAILURES = (MindFailed, WikipediaUnavailable, StoreError, CanaryLeaked, BudgetSpent)


@dataclass
class Note:
    """What a step writes about itself while it works.

    Attributes:
        summary, detail, tokens, usage: as in :class:`serve.detective.reply.StepRecord`.
        span: of the step.
    """

    span: Span
    summary: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    tokens: tuple[TokenView, ...] = ()
    usage: Usage = field(default_factory=Usage)


class Journal:
    """The steps of one request, for one event loop.

    Args:
        tracer: makes the spans.
        budget: what every step is charged to.
        clock: seconds, monotonic.
        on_step: told of each step when it begins and when it ends.
    """

    def __init__(self, tracer: Tracer, budget: Budget, clock: Clock, on_step: OnStep) -> None:
        self.budget = budget
        self._tracer, self._clock, self._on_step = tracer, clock, on_step
        self._arrived = clock()
        self._records: list[StepRecord] = []

    @property
    def records(self) -> tuple[StepRecord, ...]:
        """All steps, in the order in which they began."""
        return tuple(self._records)

    @property
    def usage(self) -> Usage:
        """Of all steps."""
        used = [record.usage for record in self._records]
        costs = [usage.cost for usage in used if usage.cost is not None]
        return Usage(
            sum(usage.model_calls for usage in used),
            sum(usage.prompt_tokens for usage in used),
            sum(usage.completion_tokens for usage in used),
            sum(usage.total_tokens for usage in used),
            sum(costs) if costs else None,
        )

    async def take(
        self,
        name: StepName,
        kind: Kind,
        work: Callable[[Note], Awaitable[T]],
        detail: dict[str, Any] | None = None,
        free: bool = False,
    ) -> T | None:
        """Return the result of a step; None where it failed or could not be paid.

        Args:
            name: of the step.
            kind: of its span.
            work: does it, and writes its note.
            detail: what can be told of it when it begins.
            free: it costs no step, and may be taken when the time is over.

        Raises:
            Refused: the engine takes up nothing more.
        """
        index, started = len(self._records), self._clock()
        first = StepRecord(index, name, "running", self._ms(started), detail=detail or {})
        self._records.append(first)

        def end(status: StepStatus, note: Note | None, error: str | None) -> None:
            ended = StepRecord(
                index,
                name,
                status,
                first.started_ms,
                (self._clock() - started) * 1000,
                note.summary if note else "",
                {**first.detail, **(note.detail if note else {})},
                note.tokens if note else (),
                note.usage if note else Usage(),
                error,
            )
            self._records[index] = ended
            self._on_step(ended)

        try:
            if not free:
                self.budget.step(name)
        except BudgetSpent as error:
            end("skipped", None, _sentence(error))
            return None
        self._on_step(first)
        with self._tracer.span(name, kind) as span:
            note = Note(span)
            try:
                async with asyncio.timeout(None if free else self.budget.seconds_left):
                    result = await work(note)
            except _FAILURES as error:
                message = _sentence(error)
            except TimeoutError:
                message = "The time of the request was over."
            except Refused as error:
                end("failed", note, _sentence(error))
                raise
            else:
                end("ok", note, None)
                return result
            span.fail(message)
            end("failed", note, message)
            return None

    def _ms(self, now: float) -> float:
        return (now - self._arrived) * 1000


def _sentence(error: Exception) -> str:
    """Return what an error says as a sentence.

    >>> _sentence(MindFailed("the model is away"))
    'The model is away.'
    """
    text = str(error) or type(error).__name__
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")
