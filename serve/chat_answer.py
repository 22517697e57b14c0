"""The answer to one chat request: its account, its trace, and how it is sent.

Pieces (:mod:`serve.completions`) come from the engine in any order of choices. They are collected
for a response in one, or sent on as they come, each as a server-sent event.

Source: the OpenAI API reference, chat completions.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import msgspec
from opentelemetry.context import Context

from serve.admission import Ticket
from serve.chat import Plan
from serve.completions import Account, Piece, Wanted, answers
from serve.errors import ApiError
from serve.generation import DoesNotFit, Draining, Finished, QueueFull, Token, UnknownAdapter
from serve.metrics import RequestTimer
from serve.openai_types import (
    AnswerMessage,
    ChatChunk,
    ChatRequest,
    ChatResponse,
    Choice,
    ChunkChoice,
    Logprobs,
    PromptDetails,
    TokenLogprob,
    TopLogprob,
    Usage,
)
from serve.service import Service
from serve.span import Span

RETRY_S = 1  # what a client is told to wait where the queue is full


class ChatAnswer:
    """The answer to one chat request, sent whole or as events."""

    def __init__(
        self,
        service: Service,
        body: ChatRequest,
        ticket: Ticket,
        timers: Sequence[RequestTimer],
        adapter: str | None,
    ) -> None:
        self.service, self.body, self.ticket = service, body, ticket
        self.timers, self.adapter = timers, adapter
        self.id = f"chatcmpl-{uuid.uuid4().hex}"
        self.created = int(time.time())
        self.choices = [_Collected() for _ in range(body.n or 1)]
        self.account = Account()
        self.finished: list[Finished] = []

    async def pieces(
        self, plan: Plan, wanted: Wanted, parent: Context | None
    ) -> AsyncGenerator[Piece, None]:
        """Yield the engine's pieces; settle the account when it is over, however it ends.

        Raises:
            ApiError: the engine refuses it, failed, or the deadline left nothing worth sending.
        """
        with self.service.tracer.span("chat", "LLM", parent) as span:
            span.set_model(self.body.model, {"temperature": wanted.sampling.temperature})
            span.set_messages([msgspec.to_builtins(m) for m in self.body.messages])
            async with aclosing(self._settled(plan, wanted)) as pieces:
                try:
                    async for piece in pieces:
                        self.choices[piece.choice].add(piece)
                        yield piece
                finally:
                    self._describe(span)

    def _describe(self, span: Span) -> None:
        """Record what was answered."""
        account = self.account
        cached = max((end.cached_tokens for end in self.finished), default=0)
        span.set_token_counts(account.prompt_tokens, account.completion_tokens, cached)
        messages = [choice.message() for choice in self.choices]
        span.set_answers([msgspec.to_builtins(m) for m in messages], self.choices[0].reason or None)

    async def _settled(self, plan: Plan, wanted: Wanted) -> AsyncGenerator[Piece, None]:
        """Yield the engine's pieces, its refusals as the API's errors, and close the account."""
        service = self.service
        try:
            async with aclosing(answers(service.engine, plan, wanted, self.account)) as pieces:
                async for piece in pieces:
                    for _ in piece.tokens or filter(None, [piece.name or piece.arguments]):
                        self.timers[piece.choice].token()
                    self.finished += piece.finished
                    self._count(piece)
                    if piece.reason == "deadline":
                        piece = self._late(piece, plan)
                    yield piece
        except QueueFull as error:
            raise _unavailable(str(error), "queue_full") from None
        except Draining as error:
            raise _unavailable(str(error), "draining") from None
        except DoesNotFit as error:
            raise ApiError(400, str(error), "messages", "context_length_exceeded") from None
        except UnknownAdapter as error:
            raise ApiError(404, str(error), "model", "model_not_found") from None
        except RuntimeError as error:
            raise ApiError(500, "the model failed on this request", code="engine_failed") from error
        finally:
            await asyncio.shield(self.ticket.settle(self.account.used))
            self._count_abandoned()

    def _count(self, piece: Piece) -> None:
        """Tell the metrics of the generations that ended with a piece: the last one answered."""
        metrics, key = self.service.metrics, self.ticket.key
        for end in piece.finished[:-1]:
            metrics.tokens_used(key, self.adapter, end.prompt_tokens, end.completion_tokens)
        for end in piece.finished[-1:]:
            timer, model = self.timers[piece.choice], self.body.model
            metrics.request_finished(end, timer, model=model, key=key, adapter=self.adapter)

    def _count_abandoned(self) -> None:
        """Tell the metrics of the tokens that were made for a client that left."""
        prompt = self.account.prompt_tokens - sum(end.prompt_tokens for end in self.finished)
        given = self.account.completion_tokens
        given -= sum(end.completion_tokens for end in self.finished)
        if prompt > 0 or given > 0:
            self.service.metrics.tokens_used(
                self.ticket.key, self.adapter, max(0, prompt), max(0, given)
            )

    def _late(self, piece: Piece, plan: Plan) -> Piece:
        """Return the last piece of an answer cut by the deadline, where a cut answer is one."""
        n = sum(end.completion_tokens for end in piece.finished)
        if plan.grammar is not None or n == 0:
            raise _unavailable("the request's time was over before its answer", "deadline")
        return replace(piece, reason="length")

    async def whole(self, pieces: AsyncIterator[Piece]) -> ChatResponse:
        """Return the answer as one response."""
        async for _ in pieces:
            pass  # collected on their way
        return ChatResponse(
            self.id,
            self.created,
            self.body.model,
            [choice.result(i, bool(self.body.logprobs)) for i, choice in enumerate(self.choices)],
            self._usage(),
        )

    async def events(
        self, first: Piece, rest: AsyncGenerator[Piece, None]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the answer as server-sent events; an error becomes the last of them."""
        with_usage = self.body.stream_options is not None and self.body.stream_options.include_usage
        begun: set[int] = set()
        async with aclosing(rest):
            try:
                async for piece in _after(first, rest):
                    for choice in _deltas(piece, begun, bool(self.body.logprobs)):
                        yield self._event([choice], None if with_usage else msgspec.UNSET)
            except ApiError as error:
                yield _data(json.dumps(error.body()).encode())
                return
        if with_usage:
            yield self._event([], self._usage())
        yield _data(b"[DONE]")

    def _event(self, choices: list[ChunkChoice], usage: Usage | msgspec.UnsetType | None) -> bytes:
        chunk = ChatChunk(self.id, self.created, self.body.model, choices, usage=usage)
        return _data(msgspec.json.encode(chunk))

    def _usage(self) -> Usage:
        """Return the tokens used; the prompt that n choices share counts once."""
        prompt = max((end.prompt_tokens for end in self.finished), default=0)
        completion = sum(end.completion_tokens for end in self.finished)
        cached = max((end.cached_tokens for end in self.finished), default=0)
        return Usage(prompt, completion, prompt + completion, PromptDetails(cached))


class _Collected:
    """What the pieces of a choice add up to."""

    def __init__(self) -> None:
        self.text, self.arguments = "", ""
        self.call: tuple[str, str] | None = None
        self.tokens: list[Token] = []
        self.reason = ""

    def add(self, piece: Piece) -> None:
        """Take what a piece adds."""
        self.text += piece.text
        self.arguments += piece.arguments
        self.tokens += piece.tokens
        if piece.call_id is not None and piece.name is not None:
            self.call = piece.call_id, piece.name
        self.reason = piece.reason or self.reason

    def message(self) -> AnswerMessage:
        """Return the answer so far."""
        if self.call is None:
            return AnswerMessage("assistant", self.text)
        call_id, name = self.call
        function = {"name": name, "arguments": self.arguments}
        call = {"id": call_id, "type": "function", "function": function}
        return AnswerMessage("assistant", None, [call])

    def result(self, index: int, with_logprobs: bool) -> Choice:
        """Return the choice, now that it is over."""
        logprobs = _logprobs(self.tokens) if with_logprobs and self.call is None else None
        return Choice(index, self.message(), self.reason, logprobs)


async def _after(first: Piece, rest: AsyncIterator[Piece]) -> AsyncIterator[Piece]:
    yield first
    async for piece in rest:
        yield piece


def _deltas(piece: Piece, begun: set[int], with_logprobs: bool) -> list[ChunkChoice]:
    """Return what a stream says of a piece: first the role, then what is added, then the end."""
    index = piece.choice
    deltas: list[ChunkChoice] = []
    if index not in begun:
        begun.add(index)
        deltas.append(ChunkChoice(index, {"role": "assistant", "content": ""}))
    if piece.text or piece.tokens:
        logprobs = _logprobs(piece.tokens) if with_logprobs else None
        deltas.append(ChunkChoice(index, {"content": piece.text}, logprobs=logprobs))
    if piece.call_id is not None or piece.arguments:
        call: dict[str, Any] = {"index": 0, "function": {"arguments": piece.arguments}}
        if piece.call_id is not None:
            call |= {"id": piece.call_id, "type": "function"}
            call["function"]["name"] = piece.name
        deltas.append(ChunkChoice(index, {"tool_calls": [call]}))
    if piece.reason is not None:
        deltas.append(ChunkChoice(index, {}, finish_reason=piece.reason))
    return deltas


def _logprobs(tokens: Sequence[Token]) -> Logprobs:
    def shown(data: bytes) -> str:
        return data.decode(errors="replace")

    return Logprobs(
        [
            TokenLogprob(
                shown(token.data),
                token.logprob or 0.0,
                list(token.data),
                [TopLogprob(shown(data), value, list(data)) for data, value in token.top],
            )
            for token in tokens
        ]
    )


def _unavailable(message: str, code: str) -> ApiError:
    return ApiError(503, message, code=code, headers={"Retry-After": str(RETRY_S)})


def _data(body: bytes) -> bytes:
    return b"data: " + body + b"\n\n"
