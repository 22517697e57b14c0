"""What every request passes through: an id, a record of it, errors in one shape, a bounded body.

Pure ASGI classes, outermost first as :func:`serve.app.build_app` puts them: :class:`RequestId`,
:class:`AccessLog`, :class:`SecurityHeaders`, :class:`Errors`, :class:`BodyLimit`; between the last
two stands :class:`serve.origins.OriginCheck`. Each passes on what is not HTTP. What they find out
about a request lies in ``request.state``: ``request_id``, and ``error``, the kind of an error that
was answered.

Source: the ASGI specification 3.0; RFC 9110, sections 15.5.9 (408), 15.5.14 (413), 15.5.16 (415).
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.errors import ApiError
from serve.logs import bind

log = logging.getLogger(__name__)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")

SECURITY_HEADERS = {
    # Pages load their scripts and styles from this server and talk to it alone.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    # They may not make elements out of text, as innerHTML does: the browser throws.
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def error_response(error: ApiError) -> Response:
    """Return an error as it is sent."""
    body = msgspec.json.encode(error.body())
    return Response(body, error.status, error.headers, media_type="application/json")


def _with_headers(send: Send, added: Mapping[str, str]) -> Send:
    """Return a ``send`` that puts headers on the response."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(added)
        await send(message)

    return sending


# --- the request's id ----------------------------------------------------------------------------


class RequestId:
    """Names every request, in its logs and as ``x-request-id`` on its response.

    The caller's own id is kept where it is 1 to 128 letters, digits, ``.``, ``_`` and ``-``.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on under its id."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else f"req_{secrets.token_hex(16)}"
        scope.setdefault("state", {})["request_id"] = request_id
        with bind(request_id=request_id):
            await self.app(scope, receive, _with_headers(send, {"x-request-id": request_id}))


# --- the record of a request ---------------------------------------------------------------------


@dataclass(frozen=True)
class Access:
    """A request that is over.

    Attributes:
        method, path: as asked.
        route: template of the route, such as ``/traces/{id}``; None where there is none.
        status: None where the caller left before it was answered.
        sent_bytes: of the response's body.
        duration_s: from the request's head to the end of its response.
        request_id: its id.
        client: address that it came from; None for a local socket.
        error: kind of the error it was answered with, the code or else the type; None if none.
    """

    method: str
    path: str
    route: str | None
    status: int | None
    sent_bytes: int
    duration_s: float
    request_id: str
    client: str | None
    error: str | None


@dataclass
class InFlight:
    """How many requests have come and are not over."""

    count: int = 0


class AccessLog:
    """Reports every request when it is over, and counts those that are not.

    Args:
        app: what is reported on.
        record: called once a request, on the event loop.
        in_flight: kept up to date.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        app: ASGIApp,
        record: Callable[[Access], None],
        in_flight: InFlight,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.record, self.in_flight, self.clock = app, record, in_flight, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and record it, however it ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response, began = _Sent(send), self.clock()
        self.in_flight.count += 1
        try:
            await self.app(scope, receive, response.send)
        finally:
            self.in_flight.count -= 1
            self.record(_access(scope, response, self.clock() - began))


class _Sent:
    """A response under way, as far as it was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.status: int | None = None
        self.n_bytes = 0

    async def send(self, message: Message) -> None:
        """Send on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.n_bytes += len(message.get("body", b""))
        await self._send(message)


def _access(scope: Scope, response: _Sent, duration_s: float) -> Access:
    route, client, state = scope.get("route"), scope.get("client"), scope.get("state", {})
    return Access(
        method=scope["method"],
        path=scope["path"],
        route=None if route is None else route.path_format,
        status=response.status,
        sent_bytes=response.n_bytes,
        duration_s=duration_s,
        request_id=state.get("request_id", ""),
        client=client[0] if client else None,
        error=state.get("error"),
    )


# --- headers -------------------------------------------------------------------------------------


class SecurityHeaders:
    """Puts :data:`SECURITY_HEADERS` on every response; they mean nothing where it is no page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http":
            send = _with_headers(send, SECURITY_HEADERS)
        await self.app(scope, receive, send)


# --- errors --------------------------------------------------------------------------------------


class Errors:
    """Answers what a route raises in OpenAI's shape.

    An :class:`ApiError` is told as it is; anything else is logged with its trace and told as a 500
    without internals. Once a response has begun it can only break off: the exception goes on to
    the server, which cuts the connection. A caller who left is answered nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and answer its exception."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        response = _Sent(send)
        try:
            await self.app(scope, receive, response.send)
        except ClientDisconnect:
            log.debug("the caller left before its request was read")
        except asyncio.CancelledError:  # its time to finish was over when the server stopped
            if response.status is None:
                stopped = ApiError(503, "the server stopped before the answer was ready")
                await _answer(stopped, scope, receive, response)
            raise
        except ApiError as error:
            if response.status is not None:
                log.exception("an error came after the response began: %s", error)
                raise
            await _answer(error, scope, receive, response)
        except Exception:  # the outermost place: nothing may leave without an answer
            log.exception("unexpected error in %s %s", scope["method"], scope["path"])
            if response.status is not None:
                raise
            await _answer(ApiError(500, "internal error"), scope, receive, response)


async def _answer(error: ApiError, scope: Scope, receive: Receive, response: _Sent) -> None:
    scope.setdefault("state", {})["error"] = error.code or error.type
    await error_response(error)(scope, receive, response.send)


# --- the request's body --------------------------------------------------------------------------


@dataclass(frozen=True)
class BodyBounds:
    """What a body may take.

    Attributes:
        max_bytes: of a body.
        timeout_s: from the request's head to the last byte of its body.
    """

    max_bytes: int
    timeout_s: float = 30.0


class BodyLimit:
    """Refuses a body that is too long (413), too slow (408) or compressed (415).

    Bytes are counted as they are read, so a missing or wrong Content-Length changes nothing; an
    announced length over the limit is refused before anything is read. A compressed body is refused
    since a few of its bytes can stand for any number.

    Args:
        app: what reads the bodies.
        bounds: of a body.
        paths: bounds of the bodies sent to these paths, in place of ``bounds``.
        clock: seconds, monotonic.
    """

    def __init__(
        self,
        app: ASGIApp,
        bounds: BodyBounds,
        paths: Mapping[str, BodyBounds] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.app, self.bounds, self.paths, self.clock = app, bounds, paths or {}, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its body under the limits.

        Raises:
            ApiError: 413 or 415; later, from ``receive``, 408 or 413.
        """
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        for coding in headers.getlist("content-encoding"):
            if coding.strip().lower() not in ("", "identity"):
                raise _unreadable(
                    415,
                    "the body is compressed; send it as it is",
                    "unsupported_encoding",
                    {"accept-encoding": "identity"},
                )
        bounds = self.paths.get(scope["path"], self.bounds)
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > bounds.max_bytes:
            raise _too_long(bounds)
        await self.app(scope, _Body(bounds, self.clock, receive).receive, send)


class _Body:
    """One body, counted and timed while it is read."""

    def __init__(self, bounds: BodyBounds, clock: Callable[[], float], receive: Receive) -> None:
        self._bounds, self._clock, self._receive = bounds, clock, receive
        self._deadline = clock() + bounds.timeout_s
        self._n_bytes = 0
        self._ended = False

    async def receive(self) -> Message:
        """Return the next piece; after the last one, wait for the caller to leave."""
        if self._ended:
            return await self._receive()
        left_s = self._deadline - self._clock()
        if left_s <= 0:
            raise _too_slow(self._bounds)
        try:
            async with asyncio.timeout(left_s):
                message = await self._receive()
        except TimeoutError:
            raise _too_slow(self._bounds) from None
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > self._bounds.max_bytes:
            raise _too_long(self._bounds)
        self._ended = not message.get("more_body", False)
        return message


def _too_long(bounds: BodyBounds) -> ApiError:
    message = f"the body is longer than {bounds.max_bytes} bytes"
    return _unreadable(413, message, "body_too_long")


def _too_slow(bounds: BodyBounds) -> ApiError:
    message = f"the body did not arrive within {bounds.timeout_s:g} s"
    return _unreadable(408, message, "body_too_slow")


def _unreadable(
    status: int, message: str, code: str, headers: Mapping[str, str] | None = None
) -> ApiError:
    """Return an error after which the connection is closed: the rest of the body is not read."""
    return ApiError(status, message, None, code, {"connection": "close", **(headers or {})})
