"""The answers of a running service to a suite."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import msgspec

from serve.detective.reply import Reply
from serve.judge.suite import AnswerLine, Case


async def ask_service(
    cases: Sequence[Case],
    client: httpx.AsyncClient,
    concurrency: int = 2,
    on_answer: Callable[[AnswerLine], None] = lambda line: None,
) -> list[AnswerLine]:
    """Return an answer a case, by ``POST /ask``; where JSON is expected, by the chat route.

    A question that the service answers with an error has that error in place of an answer.

    Args:
        cases: asked, in this order.
        client: with the service's address and the caller's key.
        concurrency: questions at once.
        on_answer: called when an answer is there.

    Raises:
        OSError: the service cannot be reached.
    """
    places = asyncio.Semaphore(concurrency)

    async def one(case: Case) -> AnswerLine:
        async with places:
            line = await _ask(case, client)
        on_answer(line)
        return line

    try:
        (await client.get("/health")).raise_for_status()
    except httpx.HTTPError as error:
        raise OSError(f"no service at {client.base_url}: {error}") from error
    return list(await asyncio.gather(*(one(case) for case in cases)))


async def _ask(case: Case, client: httpx.AsyncClient) -> AnswerLine:
    try:
        if case.is_json:
            answer = await client.post("/v1/chat/completions", json=_chat_body(case))
            answer.raise_for_status()
            chosen = answer.json()
            output = chosen["choices"][0]["message"]["content"] or ""
            model = chosen.get("model", "")
            return AnswerLine(case.id, case.question, output=output, model=model)
        answer = await client.post("/ask", json={"question": case.question})
        answer.raise_for_status()
        reply = msgspec.json.decode(answer.content, type=Reply)
    except (httpx.HTTPError, msgspec.DecodeError, ValueError, KeyError, IndexError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        return AnswerLine(case.id, case.question, error=reason)
    return AnswerLine(case.id, case.question, reply=reply)


def _chat_body(case: Case) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": "user", "content": case.question}],
        "temperature": 0,
    }
    if case.schema is not None:
        schema = {"name": "answer", "schema": case.schema, "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body
