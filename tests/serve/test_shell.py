"""The app on a real uvicorn: its routes, callers who misbehave on raw sockets, and stopping."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from serve.app import LoadingApp, Shell, build_app, why_not_ready
from serve.connection import ConnectionLimits, listen, serve_app
from serve.generation import Load
from serve.middleware import Access, BodyBounds
from serve.openapi import Operation, Text

LIMITS = ConnectionLimits(
    head_bytes=4096, head_timeout_s=0.3, idle_timeout_s=1, stalled_timeout_s=0.3, max_connections=20
)
PLAIN = Text("text/plain")


class Running:
    """A server in a thread of its own.

    Attributes:
        left: set when the endless route's caller has gone.
    """

    def __init__(self) -> None:
        self.records: list[Access] = []
        self.reason: str | None = None
        self.left = threading.Event()
        self.port = 0

    def ask(self, data: bytes, half_close: bool = False) -> tuple[int, bytes]:
        """Send bytes, then read until the server closes: status (0 if nothing came), body."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            return answered(connection)

    def record(self, request_id: str) -> Access:
        """Return the record of a request, which comes a moment after its response."""
        deadline = time.monotonic() + 10
        while not (found := [r for r in self.records if r.request_id == request_id]):
            assert time.monotonic() < deadline
            httpx.get(self.url + "/health")
        assert len(found) == 1
        return found[0]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def answered(connection: socket.socket) -> tuple[int, bytes]:
    """Read until the server closes."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:
        pass  # it closed while we were still sending; what came before counts
    if not received:
        return 0, b""
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def trickle(connection: socket.socket) -> bytes:
    """Send a byte now and then until the server closes; return what it sent."""
    deadline = time.monotonic() + 10
    connection.settimeout(0.05)
    received = b""
    while time.monotonic() < deadline:
        try:
            if not (part := connection.recv(65536)):
                return received
            received += part
        except TimeoutError:
            connection.sendall(b"a")
        except ConnectionResetError:
            return received
    raise AssertionError("the server did not close the connection")


def error_type(body: bytes) -> str:
    error = json.loads(body)["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert isinstance(error["type"], str)
    return error["type"]


def routes(running: Running) -> tuple[list[Route], list[Operation]]:
    async def echo(request: Request) -> Response:
        return Response(await request.body(), media_type="text/plain")

    async def ignore(request: Request) -> Response:
        return PlainTextResponse("not read")

    async def fail(request: Request) -> Response:
        raise RuntimeError("a secret")

    async def breaks(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            raise RuntimeError("a secret")

        return StreamingResponse(parts(), media_type="text/plain")

    async def endless(request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"x" * 65536
                    await asyncio.sleep(0)  # as any stream that waits for its next token
            finally:
                running.left.set()

        return StreamingResponse(parts(), media_type="text/plain")

    served = [
        Route("/echo", echo, methods=["POST"]),
        Route("/echo", ignore, methods=["DELETE"]),
        Route("/ignore", ignore, methods=["POST"]),
        Route("/fail", fail),
        Route("/breaks", breaks),
        Route("/endless", endless),
    ]
    described = [
        Operation(method, route.path, "a test", response=PLAIN, request=str)
        for route in served
        for method in (route.methods or set()) - {"HEAD"}
    ]
    return served, described


@contextmanager
def serving(
    make: Callable[[asyncio.Event], ASGIApp],
    running: Running,
    trusted_proxies: tuple[str, ...] = (),
) -> Iterator[asyncio.Event]:
    """Serve in a thread; stops the server in the end, within its drain time."""
    draining, loops = asyncio.Event(), []
    listener = listen("127.0.0.1", 0)  # takes connections from here on
    running.port = listener.getsockname()[1]

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        await serve_app(make(draining), listener, draining, 1, LIMITS, trusted_proxies)

    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    try:
        yield draining
    finally:
        httpx.get(running.url + "/health")  # so that it has begun
        loops[0].call_soon_threadsafe(draining.set)
        thread.join(timeout=20)
        assert not thread.is_alive()


def shell(running: Running, **changes: object) -> Shell:
    return Shell(
        metrics=lambda: b"figures 1\n",
        record=running.records.append,
        body=BodyBounds(1000, 0.3),
        **changes,  # type: ignore[arg-type]
    )


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    running = Running()
    served, described = routes(running)

    def make(draining: asyncio.Event) -> ASGIApp:
        around = shell(running, origins=("https://good.example",))
        return build_app(around, served, described, lambda: running.reason)

    with serving(make, running):
        yield running


# --- routes --------------------------------------------------------------------------------------


def test_health_says_that_the_process_answers(running: Running) -> None:
    response = httpx.get(running.url + "/health")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response.headers["x-request-id"].startswith("req_")
    assert "server" not in response.headers


def test_ready_names_the_reason(running: Running) -> None:
    assert httpx.get(running.url + "/ready").json() == {"status": "ready"}
    running.reason = "the queue is nearly full"
    response = httpx.get(running.url + "/ready")
    running.reason = None
    assert (response.status_code, response.headers["retry-after"]) == (503, "1")
    assert response.json()["error"]["message"] == "the queue is nearly full"
    assert response.json()["error"]["code"] == "not_ready"


def test_reasons_not_to_be_ready() -> None:
    def load(waiting: int, max_waiting: int = 10) -> Load:
        return Load(1, waiting, max_waiting, 0, 1)

    assert why_not_ready(load(8), alive=True, draining=False) is None
    assert why_not_ready(load(0, 0), alive=True, draining=False) is None
    assert why_not_ready(load(9), alive=True, draining=False) == (
        "the queue is nearly full: 9 of 10 wait"
    )
    assert why_not_ready(load(0), alive=False, draining=False) == "the engine has failed"
    assert why_not_ready(load(0), alive=False, draining=True) == "the server is stopping"


def test_metrics_and_pages_have_their_types(running: Running) -> None:
    for path, media_type, text in (
        ("/metrics", "text/plain", "figures 1"),
        ("/docs", "text/html", "<!doctype html>"),
        ("/docs.js", "text/javascript", '"use strict"'),
        ("/docs.css", "text/css", "body"),
    ):
        response = httpx.get(running.url + path)
        assert response.headers["content-type"].split(";")[0] == media_type
        assert text in response.text
        assert "script-src 'self'" in response.headers["content-security-policy"]


def test_the_description_lists_all_routes(running: Running) -> None:
    api = httpx.get(running.url + "/openapi.json").json()
    assert {"/health", "/echo", "/fail", "/docs"} <= set(api["paths"])
    assert set(api["paths"]["/echo"]) == {"post", "delete"}


def test_what_is_not_there_is_told_in_openais_shape(running: Running) -> None:
    missing = httpx.get(running.url + "/v1/nothing")
    assert missing.status_code == 404
    assert missing.json()["error"]["message"] == "there is no GET /v1/nothing"
    assert httpx.get(running.url + "/health/").status_code == 404
    wrong = httpx.put(running.url + "/echo")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "DELETE, POST")
    assert wrong.json()["error"]["message"] == "there is no PUT /echo, only DELETE, POST"


def test_an_unexpected_error_tells_nothing(running: Running) -> None:
    response = httpx.get(running.url + "/fail", headers={"x-request-id": "mine"})
    assert (response.status_code, response.headers["x-request-id"]) == (500, "mine")
    assert "secret" not in response.text
    record = running.record("mine")
    assert (record.route, record.status, record.error) == ("/fail", 500, "server_error")


def test_a_response_that_breaks_is_cut_off(running: Running) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(running.url + "/breaks")


def test_pages_of_other_sites_may_call_only_where_listed(running: Running) -> None:
    for origin, allowed in (("https://good.example", True), ("https://bad.example", False)):
        asked = {"origin": origin, "access-control-request-method": "POST"}
        preflight = httpx.options(running.url + "/echo", headers=asked)
        assert (preflight.headers.get("access-control-allow-origin") == origin) == allowed
        refused = httpx.get(running.url + "/nothing", headers={"origin": origin})
        assert (refused.headers.get("access-control-allow-origin") == origin) == allowed


def test_pages_of_other_sites_change_nothing(running: Running) -> None:
    for origin, status in (
        ("https://good.example", 200),
        ("https://bad.example", 403),
        (running.url, 200),
    ):
        answer = httpx.post(running.url + "/echo", headers={"origin": origin}, content=b"x")
        assert answer.status_code == status
        assert httpx.delete(running.url + "/echo", headers={"origin": origin}).is_success == (
            status == 200
        )


def test_the_callers_address_is_what_a_trusted_proxy_says() -> None:
    """The server believes the last address that no trusted proxy wrote."""

    async def who(request: Request) -> Response:
        assert request.client is not None
        return PlainTextResponse(request.client.host)

    described = [Operation("GET", "/who", "who", response=PLAIN)]
    sent = {"x-forwarded-for": "1.1.1.1, 203.0.113.7, 10.0.0.5"}
    for proxies, told in (
        (("127.0.0.0/8", "10.0.0.5"), "203.0.113.7"),
        (("127.0.0.1",), "10.0.0.5"),
        (("10.0.0.5",), "127.0.0.1"),  # the caller itself is not trusted
        ((), "127.0.0.1"),
    ):
        running = Running()

        def make(draining: asyncio.Event, running: Running = running) -> ASGIApp:
            return build_app(shell(running), [Route("/who", who)], described, lambda: None)

        with serving(make, running, proxies):
            assert httpx.get(running.url + "/who", headers=sent).text == told


# --- callers who misbehave -----------------------------------------------------------------------


def post(path: str, *headers: str, body: bytes = b"") -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: x", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


def test_a_head_that_does_not_end_is_cut(running: Running) -> None:
    assert running.ask(b"POST /echo HTTP/1.1\r\nHost: x\r\n")[0] == 408


def test_a_head_that_trickles_is_cut_in_the_same_time(running: Running) -> None:
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(b"POST /echo HTTP/1.1\r\nX: ")
        assert b" 408 " in trickle(connection)


def test_a_connection_that_says_nothing_is_cut(running: Running) -> None:
    assert running.ask(b"") == (0, b"")


def test_the_head_of_a_second_request_has_its_time_too(running: Running) -> None:
    whole = post("/echo", "Content-Length: 2", body=b"hi")
    status, rest = running.ask(whole + b"POST /echo HTT")
    assert status == 200
    assert rest.startswith(b"hi")  # cut, after at most the time between two requests
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(whole)
        assert connection.recv(65536)
        connection.sendall(b"POST /echo HTT")
        assert answered(connection)[0] == 408


def test_a_body_that_does_not_come_is_refused(running: Running) -> None:
    for framing in ("Content-Length: 10", "Transfer-Encoding: chunked"):
        status, body = running.ask(post("/echo", framing, body=b"3\r\nabc\r\n"))
        assert (status, error_type(body)) == (408, "invalid_request_error")


def test_an_oversized_body_is_refused_before_it_is_sent(running: Running) -> None:
    status, body = running.ask(post("/echo", "Content-Length: 1001"))
    assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_long")
    waits = post("/echo", "Content-Length: 99999999999999999999", "Expect: 100-continue")
    assert running.ask(waits)[0] == 413


def test_an_oversized_body_without_a_length_is_refused_while_it_is_sent(running: Running) -> None:
    chunk = b"200\r\n" + b"x" * 512 + b"\r\n"
    status, body = running.ask(post("/echo", "Transfer-Encoding: chunked", body=chunk * 2))
    assert (status, json.loads(body)["error"]["code"]) == (413, "body_too_long")


def test_a_compressed_body_is_refused(running: Running) -> None:
    head = post("/echo", "Content-Encoding: gzip", "Content-Length: 20", body=b"\x1f\x8b")
    assert running.ask(head)[0] == 415


def test_a_half_closed_connection_costs_nothing(running: Running) -> None:
    head = post("/echo", "Content-Length: 10", "x-request-id: half", body=b"abc")
    assert running.ask(head, half_close=True) == (0, b"")
    assert running.record("half").status is None


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),  # TLS
        (b"GET\r\n\r\n", 400),
        (b"GET /health HTTP/1.1\r\n\r\n", 400),  # no Host
        (b"GET /health HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n", 400),
        (b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (post("/echo", "Content-Length: -1"), 400),
        (post("/echo", "Content-Length: 1", "Content-Length: 2"), 400),
        (post("/echo", "Transfer-Encoding: gzip"), 501),
        (post("/echo", "Transfer-Encoding: chunked", body=b"zz\r\n"), 400),
        (b"GET /echo HTTP/1.1\r\nX: " + b"a" * 5000, 431),
    ],
    ids=range(10),
)
def test_malformed_http_is_refused_in_openais_shape(
    running: Running, data: bytes, status: int
) -> None:
    found, body = running.ask(data)
    assert found == status
    assert error_type(body) in ("invalid_request_error", "server_error")


def test_an_answer_before_the_bodys_end_closes_the_connection(running: Running) -> None:
    """Else whatever the caller goes on to send would be read for ever."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(post("/ignore", "Content-Length: 900", body=b"abc"))
        assert trickle(connection).endswith(b"not read")


def test_a_caller_who_stops_reading_is_cut(running: Running) -> None:
    running.left.clear()
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as connection:
        connection.sendall(b"GET /endless HTTP/1.1\r\nHost: x\r\n\r\n")
        assert running.left.wait(timeout=10)


def test_a_caller_who_leaves_ends_the_stream(running: Running) -> None:
    running.left.clear()
    with httpx.stream("GET", running.url + "/endless") as response:
        next(response.iter_raw())
    assert running.left.wait(timeout=10)


def test_connections_have_a_limit_and_room_again_later(running: Running) -> None:
    held = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(20)]
    status, body = running.ask(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (status, error_type(body)) == (503, "server_error")
    for connection in held:
        connection.settimeout(10)
        assert connection.recv(1) == b""  # silent ones are cut
        connection.close()
    assert httpx.get(running.url + "/health").status_code == 200


# --- loading -------------------------------------------------------------------------------------


def test_the_server_answers_while_it_loads_and_closes_what_it_loaded() -> None:
    running, loaded, closed = Running(), threading.Event(), threading.Event()
    served, described = routes(running)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        closed.set()

    async def make() -> Starlette:
        await asyncio.to_thread(loaded.wait, 20)
        return build_app(shell(running), served, described, lambda: None, lifespan)

    with serving(lambda draining: LoadingApp(shell(running), make, draining), running):
        assert httpx.get(running.url + "/health").status_code == 200
        for path in ("/ready", "/echo", "/v1/models"):
            early = httpx.get(running.url + path)
            assert (early.status_code, early.headers["retry-after"]) == (503, "1")
            assert early.json()["error"]["message"] == "the model is loading"
        loaded.set()
        deadline = time.monotonic() + 20
        while httpx.get(running.url + "/ready").status_code != 200:
            assert time.monotonic() < deadline
        assert httpx.post(running.url + "/echo", content=b"hi").text == "hi"
        assert not closed.is_set()
    assert closed.is_set()


def test_a_model_that_cannot_be_loaded_stops_the_server() -> None:
    async def make() -> Starlette:
        raise ValueError("no such model")

    async def run() -> LoadingApp:
        draining = asyncio.Event()
        app = LoadingApp(shell(Running()), make, draining)
        await asyncio.wait_for(serve_app(app, listen("127.0.0.1", 0), draining, 1), 20)
        return app

    assert str(asyncio.run(run()).failure) == "no such model"


def test_a_port_that_is_taken_is_named() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ValueError, match=f"cannot listen on 127.0.0.1:{port}: Address already"):
            listen("127.0.0.1", port)


def test_an_answer_does_not_wait_for_the_callers_acknowledgement() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


# --- signals -------------------------------------------------------------------------------------

STOPPING = """
import asyncio, sys
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from serve.connection import listen, serve_app
from serve.middleware import Errors

draining = asyncio.Event()

async def until_draining(request):
    print("asked", flush=True)
    await draining.wait()
    return PlainTextResponse("finished")

async def never(request):
    print("asked", flush=True)
    await asyncio.Event().wait()

app = Starlette(routes=[Route("/until", until_draining), Route("/never", never)])
listener = listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
asyncio.run(serve_app(Errors(app), listener, draining, drain_timeout_s=float(sys.argv[1])))
print("over", flush=True)
"""


@contextmanager
def stopping(
    path: str, drain_timeout_s: float
) -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    """A server in a process of its own, and a connection on which a request is under way."""
    command = [sys.executable, "-c", STOPPING, str(drain_timeout_s)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        port = int(process.stdout.readline())
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert process.stdout.readline() == "asked\n"
            yield process, connection
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_sigterm_lets_requests_finish_and_exits_with_0() -> None:
    with stopping("/until", drain_timeout_s=20) as (process, connection):
        process.send_signal(signal.SIGTERM)
        assert answered(connection) == (200, b"finished")
        assert process.wait(timeout=20) == 0
        assert process.stdout is not None
        assert process.stdout.read() == "over\n"


def test_sigterm_waits_no_longer_than_it_was_told() -> None:
    with stopping("/never", drain_timeout_s=0) as (process, connection):
        process.send_signal(signal.SIGTERM)
        status, body = answered(connection)
        assert (status, error_type(body)) == (503, "server_error")
        assert process.wait(timeout=20) == 0


def test_a_second_signal_ends_it_at_once() -> None:
    with stopping("/never", drain_timeout_s=1000) as (process, _):
        process.send_signal(signal.SIGINT)
        while process.poll() is None:  # the first may not have been heard yet
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
        assert process.returncode == 1
