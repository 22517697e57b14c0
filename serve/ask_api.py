"""``POST /ask``: a question to the detective, answered whole or as a stream of its steps.

The question is admitted like a chat: tokens are reserved for all its steps, and what they did not
use is given back, however the request ends. Whoever leaves ends the work. By the header ``Accept``
the answer is one JSON document, or server-sent events: ``step`` when a step begins and again when
it ends, then ``answer``, or ``error`` in its place.

Who may ask about which documents: see :mod:`serve.documents_api`.

Source: the HTML standard, server-sent events; RFC 9110, section 12.5.1 (Accept).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from opentelemetry.context import Context
from starlette.requests import Request
from starlette.responses import Response

from serve.admission import Ticket
from serve.detective.reply import Reply, StepRecord
from serve.detective.store import StoreError
from serve.documents_api import no_document, store_unavailable
from serve.errors import ApiError
from serve.generation import Refused
from serve.guard.limits import QuestionRefused
from serve.openai_types import Closed, read
from serve.service import Service
from serve.sse import EventStream, unless_gone
from serve.trace import remote_parent

log = logging.getLogger(__name__)
RETRY_S = "1"
GRACE_S = 5.0  # the detective ends by itself when the request's time is over; this much later, we
MODEL_STEPS = ("route", "read", "verify")
STREAM_TOLD = (
    "With `Accept: text/event-stream` server-sent events: `step`, a StepRecord, when a step begins "
    "and again when it ends; `answer`, as in the whole answer; or `error` in its place."
)

DocumentId = Annotated[str, Meta(min_length=1, max_length=64)]
DocumentIds = Annotated[list[DocumentId], Meta(min_length=1, max_length=100)]
Told = AsyncGenerator[StepRecord | Reply, None]


class AskRequest(Closed):
    """Body of ``POST /ask``.

    ``documents`` are ids; null asks all documents. ``session`` groups the traces of a conversation.
    """

    question: Annotated[str, Meta(min_length=1)]
    documents: DocumentIds | None = None
    session: Annotated[str, Meta(min_length=1, max_length=128)] | None = None


class AskApi:
    """The endpoint; one object per server."""

    def __init__(self, service: Service) -> None:
        self.service, self.parts = service, service.detective
        self._under_way = 0

    async def ask(self, request: Request) -> Response:
        """``POST /ask``."""
        identity = self.service.identify_reader(request)
        body = read(await request.body(), AskRequest)
        await self._check_documents(body.documents or [])
        ticket = await self.service.admission.admit(identity, self.parts.question_tokens)
        told = self._told(body, ticket, remote_parent(request.headers.get("traceparent")))
        if not wants_stream(request.headers.get("accept", "")):
            async with aclosing(told):
                reply = await unless_gone(request, _last(told))
            content = msgspec.json.encode(reply)
            return Response(content, headers=ticket.headers, media_type="application/json")
        first = await unless_gone(request, anext(told))
        return EventStream(_events(first, told), ticket.headers)

    async def _check_documents(self, ids: list[str]) -> None:
        """Refuse ids that no document has.

        Raises:
            ApiError: 404, or 503 where the store cannot be asked.
        """
        store = self.parts.store
        try:
            missing = await asyncio.to_thread(lambda: [i for i in ids if store.get(i) is None])
        except StoreError as error:
            raise store_unavailable(error) from None
        if missing:
            raise no_document(missing[0], "documents")

    async def _told(self, body: AskRequest, ticket: Ticket, parent: Context | None) -> Told:
        """Yield steps and, last, the reply; settle the account when it is over, however it ends.

        Raises:
            ApiError: the question is refused, or cannot be answered now.
        """
        metrics, spent = self.parts.metrics, Spent()
        told: asyncio.Queue[StepRecord | Reply | Exception] = asyncio.Queue()

        def on_step(step: StepRecord) -> None:
            spent.add(step)
            if step.status != "running":
                metrics.step_ended(step)
            told.put_nowait(step)

        async def work() -> None:
            try:
                async with asyncio.timeout(self.service.request_timeout_s + GRACE_S):
                    reply = await self.parts.asker.ask(
                        body.question,
                        body.documents,
                        on_step,
                        parent=parent,
                        session=body.session,
                        user=ticket.key,
                    )
                told.put_nowait(reply)
            except Exception as error:  # raised below, where somebody reads
                told.put_nowait(error)

        outcome = "left"
        self._under_way += 1
        task: asyncio.Task[None] | None = None
        try:
            if self._under_way > self.parts.max_questions:
                raise _busy("too many questions are being answered", "queue_full")
            task = asyncio.create_task(work())
            while True:
                item = await told.get()
                if isinstance(item, Exception):
                    raise _as_told(item)
                if isinstance(item, Reply):
                    outcome = "answered"
                    metrics.answered(item)
                    yield item
                    return
                yield item
        except Exception:
            outcome = "failed"
            raise
        finally:
            self._under_way -= 1
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            if outcome != "answered":
                metrics.unanswered(outcome)
            await asyncio.shield(self._settle(ticket, spent))

    async def _settle(self, ticket: Ticket, spent: Spent) -> None:
        """Charge what was used and tell the metrics."""
        used = spent.prompt_tokens + spent.completion_tokens
        # What a step had used when it was cut is not known: it is charged its share.
        used += len(spent.computing) * self.parts.question_tokens // len(MODEL_STEPS)
        self.service.metrics.tokens_used(
            ticket.key, self.parts.model, spent.prompt_tokens, spent.completion_tokens
        )
        await ticket.settle(used)


class Spent:
    """Tokens of a question's steps so far.

    Attributes:
        prompt_tokens, completion_tokens: of the steps that ended.
        computing: indices of the steps under way that ask the model.
    """

    def __init__(self) -> None:
        self.prompt_tokens = self.completion_tokens = 0
        self.computing: set[int] = set()

    def add(self, step: StepRecord) -> None:
        """Take what a step tells."""
        if step.status != "running":
            self.computing.discard(step.index)
        elif step.name in MODEL_STEPS:
            self.computing.add(step.index)
        self.prompt_tokens += step.usage.prompt_tokens
        self.completion_tokens += step.usage.completion_tokens


def wants_stream(accept: str) -> bool:
    """Return whether an ``Accept`` header asks for events rather than one JSON document.

    >>> wants_stream("text/event-stream"), wants_stream("*/*"), wants_stream("")
    (True, False, False)
    >>> wants_stream("application/json, text/event-stream;q=0.5"), wants_stream("TEXT/event-stream")
    (False, True)
    """
    weights = {"text/event-stream": 0.0, "application/json": 0.0}
    for part in accept.lower().split(","):
        media_type, *parameters = (piece.strip() for piece in part.split(";"))
        if media_type in weights:
            weights[media_type] = _weight(parameters)
    return weights["text/event-stream"] > 0 and (
        weights["text/event-stream"] >= weights["application/json"]
    )


def _weight(parameters: list[str]) -> float:
    """Return q, 1 where it is not given or no number."""
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return float(parameter[2:])
            except ValueError:
                return 1.0
    return 1.0


async def _last(told: Told) -> Reply:
    async for item in told:
        if isinstance(item, Reply):
            return item
    raise RuntimeError("the detective ended without a reply")


async def _events(first: StepRecord | Reply, rest: Told) -> AsyncGenerator[bytes, None]:
    """Yield what is told as server-sent events; an error that comes now is one of them."""
    async with aclosing(rest):
        yield _event(first)
        try:
            async for item in rest:
                yield _event(item)
        except ApiError as error:
            yield _framed("error", error.body())
        except Exception:  # the response has begun: its reader must still hear of the end
            log.exception("unexpected error while a question was answered")
            yield _framed("error", ApiError(500, "internal error").body())


def _event(item: StepRecord | Reply) -> bytes:
    return _framed("answer" if isinstance(item, Reply) else "step", item)


def _framed(name: str, data: Any) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), msgspec.json.encode(data))


def _as_told(error: Exception) -> Exception:
    """Return what a caller is told of an error; one that is nobody's doing stays as it is."""
    if isinstance(error, QuestionRefused):
        return ApiError(400, str(error), "question", "question_refused")
    if isinstance(error, StoreError):
        return store_unavailable(error)
    if isinstance(error, Refused):
        return _busy(str(error), "queue_full")
    if isinstance(error, TimeoutError):
        return _busy("the question's time was over before its answer", "deadline")
    return error


def _busy(message: str, code: str) -> ApiError:
    return ApiError(503, message, code=code, headers={"retry-after": RETRY_S})
