"""OpenAI's routes: chat completions, embeddings and models.

A chat request goes: body -> types -> who asks -> plan (prompt and grammar) -> limits reserved ->
engine -> pieces -> one response or a stream. Whatever happens on the way, unused tokens are given
back and the client's going away ends the generation.

Source: the OpenAI API reference.
"""

from __future__ import annotations

import base64
import time
from contextlib import aclosing
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from minilora.generate import Sampling
from serve.chat import Plan
from serve.chat_answer import ChatAnswer
from serve.completions import Wanted
from serve.errors import ApiError
from serve.metrics import RequestTimer
from serve.openai_types import (
    ChatRequest,
    Embedding,
    EmbeddingsRequest,
    EmbeddingsResponse,
    EmbeddingsUsage,
    Model,
    ModelList,
    read,
)
from serve.service import Service
from serve.sse import EventStream, unless_gone
from serve.trace import remote_parent


class OpenAIApi:
    """The endpoints of ``/v1``; one object per server."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.started = int(time.time())

    # --- models ----------------------------------------------------------------------------------

    async def models(self, request: Request) -> Response:
        """``GET /v1/models``: the base model and the adapters on it."""
        self.service.admission.identify(request)
        base = self.service.model_name
        listed = [Model(base, self.started, "minilora")]
        listed += [
            Model(name, self.started, "minilora", parent=base)
            for name in self.service.engine.adapters()
        ]
        return _json(ModelList(listed))

    async def model(self, request: Request) -> Response:
        """``GET /v1/models/{model}``."""
        self.service.admission.identify(request)
        name = request.path_params["model"]
        adapter = self._adapter(name)
        parent = None if adapter is None else self.service.model_name
        return _json(Model(name, self.started, "minilora", parent=parent))

    def _adapter(self, model: str) -> str | None:
        """Return the adapter that a model's name means; None is the base model."""
        if model == self.service.model_name:
            return None
        if model in self.service.engine.adapters():
            return model
        known = ", ".join([self.service.model_name, *self.service.engine.adapters()])
        raise ApiError(404, f"no model {model!r}; there are: {known}", "model", "model_not_found")

    # --- embeddings ------------------------------------------------------------------------------

    async def embeddings(self, request: Request) -> Response:
        """``POST /v1/embeddings``."""
        service = self.service
        identity = service.admission.identify(request)
        body = read(await request.body(), EmbeddingsRequest)
        if body.model != service.encoder_name:
            message = f"no embedding model {body.model!r}; there is {service.encoder_name}"
            raise ApiError(404, message, "model", "model_not_found")
        texts = [body.input] if isinstance(body.input, str) else body.input
        size = service.encoder.config.d_model
        if body.dimensions not in (None, size):
            raise ApiError(400, f"dimensions must be {size}", "dimensions")
        at_most = sum(
            min(len(text.encode()) + 2, service.encoder.config.max_seq_len) for text in texts
        )
        ticket = await service.admission.admit(identity, at_most)
        used = 0
        try:
            encoded = await service.in_encoder_thread(lambda: service.encoder.encode_counted(texts))
            used = sum(encoded.token_counts)
            service.metrics.tokens_used(ticket.key, service.encoder_name, used, 0)
        except ValueError as error:
            raise ApiError(400, str(error), "input") from None
        finally:
            await ticket.settle(used)
        size_limit = service.encoder.config.max_seq_len
        for i, cut in enumerate(encoded.truncated):
            if cut:
                message = f"input {i} is longer than {size_limit} tokens"
                raise ApiError(400, message, "input", "context_length_exceeded")
        vectors: list[list[float] | str] = (
            [base64.b64encode(row.numpy().tobytes()).decode() for row in encoded.vectors]
            if body.encoding_format == "base64"
            else encoded.vectors.tolist()
        )
        return _json(
            EmbeddingsResponse(
                [Embedding(i, vector) for i, vector in enumerate(vectors)],
                body.model,
                EmbeddingsUsage(used, used),
            ),
            ticket.headers,
        )

    # --- chat ------------------------------------------------------------------------------------

    async def chat(self, request: Request) -> Response:
        """``POST /v1/chat/completions``."""
        deadline = time.monotonic() + self.service.request_timeout_s
        identity = self.service.admission.identify(request)
        body = read(await request.body(), ChatRequest)
        self._check(body)
        timers = [RequestTimer() for _ in range(body.n or 1)]
        adapter = self._adapter(body.model)
        plan = await self.service.in_grammar_thread(lambda: self.service.planner.plan(body))
        wanted = self._wanted(body, plan, adapter, deadline)
        prompts = len(plan.prompt) + len(plan.otherwise or ())
        reserved = (prompts + wanted.sampling.max_new_tokens) * wanted.n
        ticket = await self.service.admission.admit(identity, reserved)
        answer = ChatAnswer(self.service, body, ticket, timers, adapter)
        pieces = answer.pieces(plan, wanted, remote_parent(request.headers.get("traceparent")))
        if not body.stream:
            async with aclosing(pieces):
                response = await unless_gone(request, answer.whole(pieces))
            return _json(response, ticket.headers)
        first = await unless_gone(request, anext(pieces))
        return EventStream(answer.events(first, pieces), ticket.headers)

    def _check(self, body: ChatRequest) -> None:
        """Refuse what contradicts itself."""
        if body.max_tokens is not None and body.max_completion_tokens is not None:
            raise ApiError(
                400, "max_tokens and max_completion_tokens say the same: give one", "max_tokens"
            )
        if body.top_logprobs is not None and not body.logprobs:
            raise ApiError(400, "top_logprobs needs logprobs", "top_logprobs")
        if body.stream_options is not None and not body.stream:
            raise ApiError(400, "stream_options needs stream", "stream_options")
        stop = [body.stop] if isinstance(body.stop, str) else body.stop or []
        if any(not text for text in stop):
            raise ApiError(400, "a stop text must not be empty", "stop")

    def _wanted(
        self, body: ChatRequest, plan: Plan, adapter: str | None, deadline: float
    ) -> Wanted:
        """Return how the answers are to be drawn."""
        prompt_tokens = max(len(plan.prompt), len(plan.otherwise or ()))
        most_prompt = self.service.max_prompt_tokens
        if most_prompt is not None and prompt_tokens > most_prompt:
            raise ApiError(
                400,
                f"the prompt has {prompt_tokens} tokens; at most {most_prompt} are taken",
                "messages",
                "context_length_exceeded",
            )
        room = self.service.engine.max_seq_len - prompt_tokens
        asked = body.max_completion_tokens or body.max_tokens
        most = min(room, self.service.default_answer_tokens) if asked is None else asked
        if room < 1 or most > room:
            raise ApiError(
                400,
                f"the prompt has {len(plan.prompt)} tokens, which leaves {max(0, room)} for the "
                f"answer; {'none' if asked is None else asked} were asked for",
                "messages",
                "context_length_exceeded",
            )
        if most < plan.least_tokens:
            raise ApiError(
                400,
                f"the shortest answer that fits the schema has {plan.least_tokens} tokens, "
                f"{most} are allowed",
                "max_tokens",
            )
        stop = (body.stop,) if isinstance(body.stop, str) else tuple(body.stop or ())
        return Wanted(
            Sampling(
                temperature=1.0 if body.temperature is None else body.temperature,
                top_k=body.top_k,
                top_p=1.0 if body.top_p is None else body.top_p,
                max_new_tokens=most,
                stop=stop,
            ),
            n=body.n or 1,
            adapter=adapter,
            seed=None if body.seed is None else body.seed % 2**63,
            top_logprobs=(body.top_logprobs or 0) if body.logprobs else None,
            deadline=deadline,
        )


def _json(body: Any, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json", headers=headers)
