"""An answer under way: its place in the engine, and its events on the way to who waits for them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import suppress

import torch

from minilora.constrain import SchemaConstraint
from serve.adapters import AdapterVersion
from serve.generation import Finished, FinishReason, Request, Token
from serve.scheduler import Sequence
from serve.text_stream import TextStream

Event = Token | Finished | Exception


class Answer:
    """A request under way; made on the event loop that waits for it.

    Only the engine's thread changes its fields; ``events`` belongs to the event loop.

    Args:
        request: what is asked.
        version: the adapter it began with; None is the base model.
        cancel: has the engine end it; called from any thread.
    """

    def __init__(
        self,
        request: Request,
        version: AdapterVersion | None,
        cancel: Callable[[Answer], None],
    ) -> None:
        self.request, self.version = request, version
        self.tokens = Sequence(
            list(request.prompt), root=None if version is None else version.number
        )
        self.constraint: SchemaConstraint | None = None
        self.stream = TextStream(request.sampling.stop)
        self.generator: torch.Generator | None = None
        self.n_answered = 0
        self.submitted = time.monotonic()
        self.began: float | None = None
        self.first_token: float | None = None
        self.over = False
        self._cancel = cancel
        self.loop = asyncio.get_running_loop()
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    async def __aiter__(self) -> AsyncIterator[Token | Finished]:
        """Yield tokens and, last, one :class:`Finished`."""
        while True:
            event = await self.events.get()
            if isinstance(event, Exception):
                raise RuntimeError(f"the engine failed: {event}") from event
            yield event
            if isinstance(event, Finished):
                return

    def finished(self, reason: FinishReason) -> Finished:
        """Return the event that ends it now."""
        now = time.monotonic()
        began = now if self.began is None else self.began
        first = now if self.first_token is None else self.first_token
        return Finished(
            reason=reason,
            text=self.stream.close(),
            prompt_tokens=0 if self.first_token is None else len(self.request.prompt),
            completion_tokens=self.n_answered,
            cached_tokens=self.tokens.cached_tokens,
            queued_s=began - self.submitted,
            prefill_s=first - began,
            decode_s=now - first,
        )

    def cancel(self) -> None:
        """End it before the engine's next step."""
        self._cancel(self)


def deliver(outbox: Iterable[tuple[Answer, Event]]) -> None:
    """Hand events to the event loops of those who wait for them; called from any thread."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Answer, Event]]] = {}
    for answer, event in outbox:
        by_loop.setdefault(answer.loop, []).append((answer, event))
    for loop, events in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_put, events)


def _put(events: list[tuple[Answer, Event]]) -> None:
    for answer, event in events:
        answer.events.put_nowait(event)
