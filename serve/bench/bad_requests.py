"""Requests that no server should answer, and how each is sent.

A request is a series of pieces, written as they come or with pauses between them.
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

CHAT = b"POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
CUT = None  # a connection that the server closes without an answer
DRIP_S = 1.0  # between two bytes of a slow request
SLOW_BYTES = 600  # more than any patience


@dataclass(frozen=True)
class BadRequest:
    """One kind of them.

    Attributes:
        name: what is wrong.
        pieces: what is sent; called anew for each connection.
        expected: statuses with which it may end, ``CUT`` among them.
        within_s: until it must be over.
        every_s: pause between pieces.
        half_close: say afterwards that nothing more will come.
    """

    name: str
    pieces: Callable[[], Iterable[bytes]]
    expected: frozenset[int | None]
    within_s: float = 10.0
    every_s: float = 0.0
    half_close: bool = False


@dataclass(frozen=True)
class Outcome:
    """How one connection ended: its status, or ``CUT``, and after how many seconds.

    ``open`` is a connection that was still open, with no answer, when its time was over.
    """

    status: int | None
    seconds: float
    open: bool = False


def _post(body: bytes, headers: bytes = b"", length: int | None = None) -> bytes:
    announced = b"Content-Length: %d\r\n" % (len(body) if length is None else length)
    return CHAT + headers + announced + b"\r\n" + body


def _chunked(chunk: bytes, n: int) -> Iterable[bytes]:
    """Return a request of ``n`` chunks that does not say how long it is."""
    head = CHAT + b"Transfer-Encoding: chunked\r\n\r\n"
    return itertools.chain([head], itertools.repeat(b"%x\r\n%s\r\n" % (len(chunk), chunk), n))


def _drip(data: bytes) -> Iterable[bytes]:
    return (bytes([byte]) for byte in itertools.islice(itertools.cycle(data), SLOW_BYTES))


def _whole(data: bytes) -> Callable[[], Iterable[bytes]]:
    return lambda: [data]


def _slow_head() -> Iterable[bytes]:
    return itertools.chain([b"GET /health HTTP/1.1\r\nX-Slow: "], _drip(b"a"))


def _slow_body() -> Iterable[bytes]:
    return itertools.chain([_post(b"", length=SLOW_BYTES)], _drip(b" "))


BOMB = gzip.compress(bytes(10 << 20))  # 10 MiB of zeros in 10 KiB
_QUOTES = b'"' + b'\\"' * 600_000  # a string without an end: a search that starts anew never ends
_LISTS = b"[" + b"[]," * 600_000 + b"[]]"  # 1.8 MB, nested no deeper than it may be
LONG_ANSWER = (
    b'{"model": "%s", "max_tokens": 256, "messages": [{"role": "user", "content": "Count."}]}'
)


def kinds(model: str) -> list[BadRequest]:
    """Return all kinds; the model's name stands in the one that is a good request but for its end.

    The server has 10 s for a head and 30 s for a body; twice that is allowed here for a machine
    that is busy.
    """
    good = _post(LONG_ANSWER % model.encode())
    return [
        BadRequest("head, a byte a second", _slow_head, frozenset({408}), 20.0, DRIP_S),
        BadRequest("body, a byte a second", _slow_body, frozenset({408}), 60.0, DRIP_S),
        BadRequest(
            "half a head, half-closed", _whole(CHAT), frozenset({CUT, 400}), half_close=True
        ),
        BadRequest(
            "half a body, half-closed",
            _whole(_post(b"{", length=100)),
            frozenset({CUT, 400}),
            half_close=True,
        ),
        BadRequest(
            "whole, then half-closed", _whole(good), frozenset({CUT, 200}), 60.0, half_close=True
        ),
        BadRequest("100 MB announced", _whole(_post(b"{", length=100_000_000)), frozenset({413})),
        BadRequest("8 MiB in chunks", lambda: _chunked(bytes(1 << 16), 128), frozenset({413, CUT})),
        BadRequest(
            "head of 64 KiB",
            _whole(b"GET /health HTTP/1.1\r\nX-Long: " + b"a" * (64 << 10)),
            frozenset({400, 431, CUT}),
        ),
        BadRequest(
            "10 MiB in 10 KiB of gzip",
            _whole(_post(BOMB, b"Content-Encoding: gzip\r\n")),
            frozenset({415}),
        ),
        BadRequest("broken JSON", _whole(_post(b'{"model": ')), frozenset({400})),
        BadRequest("not UTF-8", _whole(_post(b'{"model": "\xff"}')), frozenset({400})),
        BadRequest("100,000 brackets", _whole(_post(b"[" * 100_000)), frozenset({400})),
        BadRequest("600,000 escaped quotes", _whole(_post(_QUOTES)), frozenset({400})),
        BadRequest("600,000 lists", _whole(_post(_LISTS)), frozenset({400})),
        BadRequest(
            "two lengths",
            _whole(_post(b"{}", b"Content-Length: 7\r\n")),
            frozenset({400}),
        ),
        BadRequest(
            "not HTTP",
            _whole(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"),
            frozenset({400, CUT}),
        ),
    ]


async def send(address: tuple[str, int], request: BadRequest) -> Outcome:
    """Send one request on a connection of its own and return how it ended."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection(*address)
    writing = asyncio.create_task(_write(writer, request))
    try:
        async with asyncio.timeout(request.within_s):
            line = await reader.readline()
        status, still_open = _status(line), False
    except ConnectionError:
        status, still_open = CUT, False
    except TimeoutError:
        status, still_open = CUT, True
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        writer.transport.abort()
    return Outcome(status, time.perf_counter() - began, still_open)


async def _write(writer: asyncio.StreamWriter, request: BadRequest) -> None:
    """Write the pieces; a server that is done with us ends it with a ConnectionError."""
    for piece in request.pieces():
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(request.every_s)
    if request.half_close:
        writer.write_eof()


def _status(line: bytes) -> int | None:
    """Return the status in an answer's first line, or ``CUT`` where there is none.

    >>> _status(b"HTTP/1.1 413 Request Entity Too Large"), _status(b"")
    (413, None)
    """
    words = line.split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else CUT
