"""A connection that costs little however its caller behaves, and the server that stops in order.

Uvicorn bounds the time between two requests, not that of a request's head, nor that of a response
which nobody reads. :class:`BoundedConnection` adds both, closes where a body was not read to its
end, and says what is wrong with malformed HTTP in OpenAI's shape. Bodies are bounded by
:class:`serve.middleware.BodyLimit`.

Source: RFC 9112, section 9.6 (tear-down); uvicorn's ``H11Protocol``, whose methods are extended.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any, cast

import h11
import msgspec
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from serve.errors import ApiError


@dataclass(frozen=True)
class ConnectionLimits:
    """What one connection may take.

    Attributes:
        head_bytes: of a request's line and headers together, while they are not complete.
        head_timeout_s: for these, from the connection's begin or the head's first byte.
        idle_timeout_s: between two requests.
        stalled_timeout_s: without the caller reading anything of a response that waits for it.
        max_connections: at once; one more is told 503.
    """

    head_bytes: int = 32 << 10
    head_timeout_s: float = 10.0
    idle_timeout_s: int = 5
    stalled_timeout_s: float = 30.0
    max_connections: int = 1000


class BoundedConnection(H11Protocol):
    """An HTTP/1.1 connection within :class:`ConnectionLimits`."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: ConnectionLimits,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.limits = limits
        self._head_timer: asyncio.TimerHandle | None = None
        self._stalled_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.max_connections:
            self.refuse(503, "too many connections")
        else:
            self._time_head()

    def data_received(self, data: bytes) -> None:
        """Read on; a head that is not complete now has until its timer ends."""
        super().data_received(data)
        if self.transport.is_closing() or self.conn.their_state is not h11.IDLE:
            self._stop_head_timer()
        elif self._head_timer is None:
            self._time_head()

    def on_response_complete(self) -> None:
        """Go on to the next request, or close where the rest of this one's body would come first.

        What a caller sends after its answer would else be read and thrown away for ever.
        """
        if self.conn.their_state is h11.SEND_BODY:
            self.transport.close()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Wait for a caller who reads too slowly, not for ever."""
        super().pause_writing()
        self._stalled_timer = self.loop.call_later(
            self.limits.stalled_timeout_s, self.transport.abort
        )

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._stop_stalled_timer()

    def connection_lost(self, exc: Exception | None) -> None:
        """End it."""
        self._stop_head_timer()
        self._stop_stalled_timer()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer malformed HTTP: uvicorn calls this while it handles h11's error."""
        error = sys.exception()
        status = error.error_status_hint if isinstance(error, h11.RemoteProtocolError) else 400
        self.refuse(status, f"malformed HTTP: {error}")

    def refuse(self, status: int, message: str) -> None:
        """Answer with an error, unless an answer has begun, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            body = msgspec.json.encode(ApiError(status, message).body())
            headers = [
                ("content-type", "application/json"),
                ("content-length", str(len(body))),
                ("connection", "close"),
            ]
            reason = HTTPStatus(status).phrase.encode()
            for event in (
                h11.Response(status_code=status, headers=headers, reason=reason),
                h11.Data(data=body),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event))
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # the route must not answer on top of it
            self.cycle.message_event.set()
        self.transport.close()

    def _time_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.head_timeout_s, self._head_too_slow)

    def _head_too_slow(self) -> None:
        received, _ = self.conn.trailing_data
        if received:
            timeout_s = self.limits.head_timeout_s
            self.refuse(408, f"the request's head did not arrive within {timeout_s:g} s")
        else:
            self.transport.close()

    def _stop_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _stop_stalled_timer(self) -> None:
        if self._stalled_timer is not None:
            self._stalled_timer.cancel()
            self._stalled_timer = None


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections.

    Raises:
        ValueError: the address cannot be had; the message says why.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ValueError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    # Connections inherit it: head and body of an answer are two writes, and the second would wait
    # for the caller's delayed acknowledgement of the first, 40 ms. asyncio sets it only on sockets
    # that say their protocol, which those of create_server do not.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def serve_app(
    app: ASGIApp,
    listener: socket.socket,
    draining: asyncio.Event,
    drain_timeout_s: float,
    limits: ConnectionLimits | None = None,
    trusted_proxies: tuple[str, ...] = (),
) -> None:
    """Serve until ``draining`` is set, then stop in order.

    SIGTERM and SIGINT set the event at once; whoever else sets it stops the server too. Then no
    connection is accepted any more, idle ones are closed, requests under way have
    ``drain_timeout_s`` to finish, those that have not are told 503, and the app's lifespan ends. A
    second signal ends the process at once, with code 1.

    Args:
        app: with a lifespan.
        listener: from :func:`listen`; it is closed.
        draining: set when the server stops.
        drain_timeout_s: rounded up to whole seconds.
        limits: of each connection.
        trusted_proxies: addresses whose ``X-Forwarded-For`` is believed.
    """
    limits = limits or ConnectionLimits()
    config = uvicorn.Config(
        app,
        http=cast(type[asyncio.Protocol], partial(BoundedConnection, limits=limits)),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxies),
        forwarded_allow_ips=list(trusted_proxies),  # else uvicorn reads the environment
        backlog=2048,
        timeout_keep_alive=limits.idle_timeout_s,
        timeout_graceful_shutdown=math.ceil(drain_timeout_s),
        h11_max_incomplete_event_size=limits.head_bytes,
    )
    await _Server(config, draining).serve(sockets=[listener])


class _Server(uvicorn.Server):
    """Uvicorn's server, stopped by an event."""

    def __init__(self, config: uvicorn.Config, draining: asyncio.Event) -> None:
        super().__init__(config)
        self.draining = draining

    async def on_tick(self, counter: int) -> bool:
        """Return whether to stop; asked ten times a second."""
        return await super().on_tick(counter) or self.draining.is_set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Handle signals on the event loop; uvicorn's own way ends the process by the signal."""
        if threading.current_thread() is not threading.main_thread():
            yield  # only the main thread hears of signals
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    def _stop(self) -> None:
        if self.draining.is_set():
            os._exit(1)
        self.draining.set()
