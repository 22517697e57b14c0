"""Clients of the chat route: one request timed, many at once, arrivals that do not wait.

A *closed loop* sends the next request when one is answered, so its rate is the server's; an *open
loop* sends at times drawn beforehand, whatever the server does, as a crowd does.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from minilora.command import CommandFailed

Body = dict[str, Any]
CHAT = "/v1/chat/completions"
# Shorter than the server keeps an idle connection: it must not close what is being used again.
KEEPALIVE_S = 2.0


@dataclass
class Reply:
    """What came of a request.

    Attributes:
        status: HTTP status; None where the client left before there was one.
        error: code or type of an error, also of one inside a stream.
        text: of the answer, as far as it came.
        prompt_tokens, completion_tokens, cached_tokens: as the server counts them.
        streamed_tokens: that came with log-probabilities in a stream.
        finish_reason: of the first choice.
        first_s: seconds to the first text of a stream; None without one.
        total_s: seconds to the end.
        remaining_tokens: of the caller's quota, right after the request was admitted.
        left: the client went away before the end.
    """

    status: int | None = None
    error: str | None = None
    text: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cached_tokens: int = 0
    streamed_tokens: int = 0
    finish_reason: str | None = None
    first_s: float | None = None
    total_s: float = 0.0
    remaining_tokens: int | None = None
    left: bool = False
    began: float = field(default_factory=time.perf_counter, repr=False)

    @property
    def answered(self) -> bool:
        """Whether the whole answer came."""
        return self.status == 200 and self.error is None and not self.left

    @property
    def used_tokens(self) -> int:
        """Of prompt and answer."""
        return self.prompt_tokens + self.completion_tokens


class Client:
    """Asks one server.

    Args:
        url: of the server.
        key: API key; None is anonymous.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        limits = httpx.Limits(keepalive_expiry=KEEPALIVE_S)  # as many connections as requests
        self._http = httpx.AsyncClient(base_url=url, headers=headers, timeout=None, limits=limits)

    async def __aenter__(self) -> Client:
        """Return itself."""
        return self

    async def __aexit__(self, *exception: object) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def chat(self, body: Mapping[str, Any], leave_after_s: float | None = None) -> Reply:
        """Send a chat request and read its answer, as a stream where the body says so.

        Args:
            body: of the request.
            leave_after_s: close the connection then if the answer is not there; None waits.

        Raises:
            httpx.TransportError: the connection broke.
        """
        reply = Reply()
        try:
            async with asyncio.timeout(leave_after_s):
                await self._read(body, reply)
        except TimeoutError:
            reply.left = True
        reply.total_s = time.perf_counter() - reply.began
        return reply

    async def answer(self, body: Mapping[str, Any]) -> Reply:
        """Send a chat request that must be answered.

        Raises:
            CommandFailed: it was not.
        """
        reply = await self.chat(body)
        if not reply.answered:
            raise CommandFailed(f"a request was answered {reply.status}: {reply.error}")
        return reply

    async def _read(self, body: Mapping[str, Any], reply: Reply) -> None:
        async with self._http.stream("POST", CHAT, json=body) as response:
            reply.status = response.status_code
            remaining = response.headers.get("x-ratelimit-remaining-tokens")
            reply.remaining_tokens = None if remaining is None else int(remaining)
            if response.headers["content-type"].startswith("text/event-stream"):
                async for line in response.aiter_lines():
                    if line.startswith("data: ") and line != "data: [DONE]":
                        _take_event(json.loads(line.removeprefix("data: ")), reply)
            else:
                _take_whole(json.loads(await response.aread()), reply)


def _take_whole(document: Any, reply: Reply) -> None:
    if _take_error(document, reply):
        return
    choice = document["choices"][0]
    reply.text, reply.finish_reason = choice["message"]["content"], choice["finish_reason"]
    _take_usage(document["usage"], reply)


def _take_event(event: Any, reply: Reply) -> None:
    if _take_error(event, reply):
        return
    if event.get("usage") is not None:
        _take_usage(event["usage"], reply)
    for choice in event["choices"]:
        text = choice["delta"].get("content") or ""
        if text and reply.first_s is None:
            reply.first_s = time.perf_counter() - reply.began
        reply.text += text
        reply.finish_reason = choice["finish_reason"] or reply.finish_reason
        if choice.get("logprobs"):
            reply.streamed_tokens += len(choice["logprobs"]["content"])


def _take_error(document: Any, reply: Reply) -> bool:
    if "error" in document:
        error = document["error"]
        reply.error = error["code"] or error["type"]
    return "error" in document


def _take_usage(usage: Any, reply: Reply) -> None:
    reply.prompt_tokens = usage["prompt_tokens"]
    reply.completion_tokens = usage["completion_tokens"]
    reply.cached_tokens = usage["prompt_tokens_details"]["cached_tokens"]


async def closed_loop(client: Client, bodies: Sequence[Body], concurrency: int) -> list[Reply]:
    """Return the answers to all requests, in their order, ``concurrency`` of them at once.

    Raises:
        CommandFailed: one was not answered.
    """
    left = iter(enumerate(bodies))
    replies: dict[int, Reply] = {}

    async def worker() -> None:
        for place, body in left:
            replies[place] = await client.answer(body)

    workers = [asyncio.create_task(worker()) for _ in range(concurrency)]
    try:
        await asyncio.gather(*workers)
    finally:
        for task in workers:
            task.cancel()
    return [replies[place] for place in range(len(bodies))]


async def open_loop(
    rate_per_s: float,
    seconds: float,
    random_: random.Random,
    send: Callable[[], Coroutine[Any, Any, None]],
) -> float:
    """Call ``send`` at the times of a Poisson process; return the calls a second when all are over.

    A call that is late is made at once and none is left out: the rate is below ``rate_per_s`` where
    this process cannot keep up.
    """
    under_way: set[asyncio.Task[None]] = set()
    sent, begun = 0, time.monotonic()
    due, end = begun, begun + seconds
    while (due := due + random_.expovariate(rate_per_s)) < end:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        task = asyncio.create_task(send())
        under_way.add(task)
        task.add_done_callback(under_way.discard)
        sent += 1
    took_s = max(seconds, time.monotonic() - begun)
    await asyncio.gather(*under_way)
    return sent / took_s
