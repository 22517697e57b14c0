"""Responses that notice when the client has gone: server-sent events, and waiting for an answer.

A client that closes its connection is seen by ``receive()`` alone, so somebody must always be
waiting there while an answer is being made.

Source: the HTML standard, server-sent events; the ASGI specification, HTTP disconnect.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing, suppress
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

T = TypeVar("T")


async def gone(receive: Receive) -> None:
    """Return once the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """Return the result of some work, which is cancelled if the client goes away first.

    Raises:
        ClientDisconnect: it did.
    """
    task = asyncio.ensure_future(work)
    watch = asyncio.create_task(gone(request.receive))
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ClientDisconnect
        return task.result()
    finally:
        for other in (task, watch):
            other.cancel()
        await asyncio.gather(task, watch, return_exceptions=True)


class EventStream(Response):
    """A stream of events; the generator is closed when the client goes away.

    Args:
        events: each a whole event, with its blank line.
        headers: beside those of a stream.
    """

    media_type = "text/event-stream"

    def __init__(
        self, events: AsyncGenerator[bytes, None], headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(headers={"cache-control": "no-cache", **(headers or {})})
        del self.headers["content-length"]
        self.events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        pump = asyncio.create_task(self._pump(send))
        watch = asyncio.create_task(gone(receive))
        try:
            await asyncio.wait({pump, watch}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            watch.cancel()
            if not pump.done():
                pump.cancel()
            await asyncio.gather(watch, return_exceptions=True)
        with suppress(asyncio.CancelledError):  # the client is gone
            await pump

    async def _pump(self, send: Send) -> None:
        async with aclosing(self.events) as events:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            async for event in events:
                await send({"type": "http.response.body", "body": event, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
