"""Each middleware alone, called as ASGI with no server."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serve.errors import ApiError
from serve.middleware import (
    Access,
    AccessLog,
    BodyBounds,
    BodyLimit,
    Errors,
    InFlight,
    RequestId,
    SecurityHeaders,
)
from serve.origins import OriginCheck


def call(
    app: ASGIApp,
    headers: dict[str, str] | None = None,
    body: Iterable[bytes] = (b"",),
) -> tuple[int | None, dict[str, str], bytes]:
    """Return status, headers and body of one request; the caller leaves after its body."""
    pieces = list(body)
    messages: list[Message] = [
        {"type": "http.request", "body": piece, "more_body": i + 1 < len(pieces)}
        for i, piece in enumerate(pieces)
    ]
    sent: list[Message] = []

    async def receive() -> Message:
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    given = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/x",
        "query_string": b"",
        "headers": given,
        "client": ("10.0.0.1", 1234),
    }
    asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    if not sent:
        return None, {}, b""
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, b"".join(m.get("body", b"") for m in sent[1:])


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hello")(scope, receive, send)


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await Response(body)(scope, receive, send)


def raising(error: BaseException, begun: bool = False) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        raise error

    return app


# --- request id ----------------------------------------------------------------------------------


def test_a_request_keeps_its_callers_id() -> None:
    _, headers, _ = call(RequestId(hello), {"x-request-id": "Ab-9_.z"})
    assert headers["x-request-id"] == "Ab-9_.z"


@pytest.mark.parametrize("given", ["", "a b", "a" * 129, "a\nset-cookie: x", "é", '"'])
def test_an_id_that_is_not_well_formed_is_replaced(given: str) -> None:
    _, headers, _ = call(RequestId(hello), {"x-request-id": given})
    assert headers["x-request-id"].startswith("req_")
    assert len(headers["x-request-id"]) == 36


def test_ids_differ_and_errors_have_one_too() -> None:
    app = RequestId(Errors(raising(ApiError(400, "no"))))
    ids = {call(app)[1]["x-request-id"] for _ in range(10)}
    assert len(ids) == 10


def test_what_is_not_http_passes() -> None:
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    wrapped: ASGIApp = RequestId(
        AccessLog(
            SecurityHeaders(Errors(BodyLimit(app, BodyBounds(1, 1)))),
            lambda access: None,
            InFlight(),
        )
    )
    scope: dict[str, Any] = {"type": "lifespan"}
    asyncio.run(wrapped(scope, None, None))  # type: ignore[arg-type]
    assert seen == [{"type": "lifespan"}]


# --- errors --------------------------------------------------------------------------------------


def test_an_api_error_is_told_in_openais_shape() -> None:
    error = ApiError(429, "slow down", param="model", code="quota", headers={"retry-after": "3"})
    status, headers, body = call(Errors(raising(error)))
    assert (status, headers["retry-after"]) == (429, "3")
    assert headers["content-type"] == "application/json"
    assert json.loads(body) == {
        "error": {
            "message": "slow down",
            "type": "rate_limit_error",
            "param": "model",
            "code": "quota",
        }
    }


def test_an_unexpected_error_is_logged_and_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    status, _, body = call(Errors(raising(ZeroDivisionError("secret path /etc/key"))))
    assert status == 500
    assert json.loads(body)["error"] == {
        "message": "internal error",
        "type": "server_error",
        "param": None,
        "code": None,
    }
    (record,) = caplog.records
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


@pytest.mark.parametrize("error", [ValueError("x"), ApiError(400, "x")])
def test_an_error_after_the_response_began_is_logged_and_raised(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(type(error)):
        call(Errors(raising(error, begun=True)))
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_a_caller_who_left_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    assert call(Errors(raising(ClientDisconnect())))[0] is None
    assert not [record for record in caplog.records if record.levelno > logging.DEBUG]


def test_a_request_cancelled_when_the_server_stops_is_told_503() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        app = Errors(raising(asyncio.CancelledError()))
        scope = {"type": "http", "method": "POST", "path": "/x"}
        with pytest.raises(asyncio.CancelledError):
            await app(scope, None, send)  # type: ignore[arg-type]

    asyncio.run(run())
    assert sent[0]["status"] == 503
    assert json.loads(sent[1]["body"])["error"]["type"] == "server_error"


# --- the record ----------------------------------------------------------------------------------


def test_a_request_is_recorded_once_with_what_was_answered() -> None:
    records: list[Access] = []
    in_flight, times = InFlight(), iter([10.0, 10.5])

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert in_flight.count == 1
        raise ApiError(404, "nothing here", code="gone")

    call(
        RequestId(AccessLog(Errors(app), records.append, in_flight, lambda: next(times))),
        {"x-request-id": "mine"},
    )
    body = ApiError(404, "nothing here", code="gone").body()
    sent_bytes = len(json.dumps(body, separators=(",", ":")))
    assert records == [Access("POST", "/x", None, 404, sent_bytes, 0.5, "mine", "10.0.0.1", "gone")]
    assert in_flight.count == 0


def test_a_request_that_breaks_is_recorded_and_counted_down() -> None:
    records: list[Access] = []
    in_flight = InFlight()
    with pytest.raises(ValueError, match="broken"):
        call(AccessLog(raising(ValueError("broken")), records.append, in_flight))
    assert [record.status for record in records] == [None]
    assert in_flight.count == 0


# --- headers -------------------------------------------------------------------------------------


def test_pages_may_load_scripts_from_here_only() -> None:
    _, headers, _ = call(SecurityHeaders(hello))
    policy = dict(
        part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["trusted-types"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cross-origin-opener-policy"] == "same-origin"


# --- pages of other sites ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # no browser
        ({"origin": "http://here:8000"}, 200),
        ({"origin": "http://here:8000", "sec-fetch-site": "same-origin"}, 200),
        ({"origin": "https://listed.example", "sec-fetch-site": "cross-site"}, 200),
        ({"sec-fetch-site": "none"}, 200),  # typed in by the user
        ({"origin": "http://here:9000"}, 403),
        ({"origin": "http://here:9000", "sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://here:8000.evil.example"}, 403),
        ({"origin": "http://here:8000", "sec-fetch-site": "cross-site"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_what_another_sites_page_sends_is_refused(headers: dict[str, str], status: int) -> None:
    app = Errors(OriginCheck(hello, allowed=("https://listed.example",)))
    answered, _, body = call(app, {"host": "here:8000"} | headers)
    assert answered == status
    if status == 403:
        assert code(body) == "foreign_origin"


def test_all_sites_may_be_listed() -> None:
    app = Errors(OriginCheck(hello, allowed=("*",)))
    assert call(app, {"host": "here", "origin": "http://evil.example"})[0] == 200


# --- bodies --------------------------------------------------------------------------------------


def limited(app: ASGIApp = echo, clock: Any = lambda: 0.0) -> ASGIApp:
    return Errors(BodyLimit(app, BodyBounds(max_bytes=10, timeout_s=5), clock=clock))


def code(body: bytes) -> str:
    found = json.loads(body)["error"]["code"]
    assert isinstance(found, str)
    return found


def test_some_paths_have_bounds_of_their_own() -> None:
    around = BodyLimit(echo, BodyBounds(3), {"/x": BodyBounds(5), "/y": BodyBounds(9)})
    assert call(Errors(around), body=[b"12345"])[0] == 200  # call asks for /x
    assert call(Errors(around), body=[b"123456"])[0] == 413


@pytest.mark.parametrize("pieces", [[b"0123456789"], [b"01234", b"", b"56789"], [b""]])
def test_a_body_up_to_the_limit_passes(pieces: list[bytes]) -> None:
    assert call(limited(), body=pieces)[::2] == (200, b"".join(pieces))


def test_a_body_is_counted_while_it_is_read_whatever_length_was_announced() -> None:
    for headers in ({}, {"content-length": "3"}, {"content-length": "x"}):
        status, answered, body = call(limited(), headers, body=[b"012345", b"67890"])
        assert (status, code(body)) == (413, "body_too_long")
        assert answered["connection"] == "close"


def test_an_announced_length_over_the_limit_is_refused_unread() -> None:
    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError("the route was asked")

    status, _, body = call(limited(never), {"content-length": "11"})
    assert (status, code(body)) == (413, "body_too_long")


@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip", "GZIP"])
def test_a_compressed_body_is_refused(coding: str) -> None:
    status, answered, body = call(limited(), {"content-encoding": coding}, body=[b"x"])
    assert (status, code(body)) == (415, "unsupported_encoding")
    assert answered["accept-encoding"] == "identity"


@pytest.mark.parametrize("coding", ["identity", "Identity", ""])
def test_a_body_said_to_be_plain_passes(coding: str) -> None:
    assert call(limited(), {"content-encoding": coding}, body=[b"x"])[::2] == (200, b"x")


def test_a_body_that_trickles_in_is_refused_when_its_time_is_over() -> None:
    times = iter([0.0, 1.0, 4.9, 5.0])  # at the head, then before each piece
    pieces = [b"0", b"1", b"2", b"3"]
    status, answered, body = call(limited(clock=lambda: next(times)), body=pieces)
    assert (status, code(body)) == (408, "body_too_slow")
    assert answered["connection"] == "close"


def test_a_body_that_stops_coming_is_refused() -> None:
    async def silent() -> Message:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    async def run() -> None:
        body = BodyLimit(echo, BodyBounds(max_bytes=10, timeout_s=0.01))
        scope: Scope = {"type": "http", "path": "/x", "headers": []}
        with pytest.raises(ApiError) as caught:
            await body(scope, silent, None)  # type: ignore[arg-type]
        assert caught.value.status == 408

    asyncio.run(run())


def test_waiting_for_the_caller_to_leave_has_no_limit() -> None:
    times = iter([0.0, 1.0])  # the clock is not asked again after the body's end

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        assert (await receive())["type"] == "http.disconnect"
        await PlainTextResponse("left")(scope, receive, send)

    assert call(limited(app, clock=lambda: next(times)), body=[b"x"])[0] == 200


def test_starlettes_own_errors_are_not_meant_for_it() -> None:
    """They are told by the app's handler; one that comes here all the same is unexpected."""
    assert call(Errors(raising(HTTPException(404))))[0] == 500
