"""Faults by a transport that is passed in; a real MediaWiki is asked in test_mediawiki.py."""

from __future__ import annotations

import asyncio
import gzip
import json
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serve.detective.public_address import PublicTransport, is_public
from serve.detective.wiki_cache import SqliteCache
from serve.detective.wiki_http import Clocks, Patience
from serve.detective.wikipedia import Wikipedia, WikipediaConfig, WikipediaUnavailable

T = TypeVar("T")
Handler = Callable[[httpx.Request], httpx.Response]
PUBLIC = "93.184.215.14"
FOUND = {"query": {"search": [{"title": "Harbour Lighthouse", "snippet": "<b>Lit</b> &amp; on"}]}}
NOTHING = {"query": {"search": []}}
PAGE = {
    "query": {
        "pages": [
            {
                "title": "Harbour Lighthouse",
                "lastrevid": 12,
                "extract": "It was built in 1871.\u200b",
                "canonicalurl": "https://wiki.example/wiki/Harbour_Lighthouse",
            }
        ]
    }
}


class Pieces(httpx.AsyncByteStream):
    """A body as it comes from a network: not read yet."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.body), 1000):
            yield self.body[start : start + 1000]


def http(status: int = 200, body: Any = b"", **headers: str) -> httpx.Response:
    """Return a reply; ``Retry_After`` is the header Retry-After."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, headers=named, stream=Pieces(content))


class FakeTime:
    """Time that only passes in sleep; chance always takes the whole of a wait."""

    def __init__(self) -> None:
        self.seconds, self.slept = 1000.0, []  # type: tuple[float, list[float]]

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.seconds, lambda: self.seconds, self.sleep, lambda: 1.0)


async def resolve(host: str, port: int) -> list[str]:
    return [PUBLIC]


def ask(
    handler: Handler,
    question: Callable[[Wikipedia], Coroutine[Any, Any, T]],
    time: FakeTime | None = None,
    cache: SqliteCache | None = None,
    addresses: Callable[[str, int], Awaitable[list[str]]] = resolve,
    **config: Any,
) -> T:
    async def run() -> T:
        settings = WikipediaConfig(**{"base_url": "https://wiki.example", **config})
        transport = PublicTransport(httpx.MockTransport(handler), settings.allow_private, addresses)
        clocks = (time or FakeTime()).clocks()
        async with Wikipedia(settings, cache, transport, clocks) as wiki:
            return await question(wiki)

    return asyncio.run(run())


def replies(*parts: Any) -> tuple[Handler, list[httpx.Request]]:
    """Return a handler that gives each reply once, and the requests it got."""
    waiting, requests = list(parts), []

    def handler(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        part = waiting.pop(0)
        if isinstance(part, Exception):
            raise part
        return part if isinstance(part, httpx.Response) else http(body=part)

    return handler, requests


def refused(handler: Handler, match: str, time: FakeTime | None = None, **config: Any) -> None:
    with pytest.raises(WikipediaUnavailable, match=match):
        ask(handler, lambda wiki: wiki.page("Harbour Lighthouse"), time, **config)


def test_a_search_says_what_it_is_and_goes_to_the_checked_address() -> None:
    handler, requests = replies(FOUND)
    found = ask(handler, lambda w: w.search("Harbour Lighthouse", 3), contact="ops@example.org")
    assert (found.query, found.hits[0].title) == ("Harbour Lighthouse", "Harbour Lighthouse")
    assert found.hits[0].snippet == "Lit & on"
    (request,) = requests
    assert request.url.host == PUBLIC
    assert request.headers["Host"] == "wiki.example"
    assert request.extensions["sni_hostname"] == "wiki.example"
    assert "ops@example.org" in request.headers["User-Agent"]
    asked = dict(request.url.params)
    assert asked["maxlag"] == "5"
    assert (asked["srlimit"], asked["srwhat"]) == ("3", "text")


def test_words_are_dropped_until_something_is_found() -> None:
    handler, requests = replies(NOTHING, NOTHING, FOUND)
    found = ask(handler, lambda wiki: wiki.search("When was the Harbour Lighthouse built in 1875?"))
    assert [request.url.params["srsearch"] for request in requests] == [
        "Harbour Lighthouse built 1875",
        "Harbour Lighthouse built",
        "Harbour Lighthouse",
    ]
    assert found.query == "Harbour Lighthouse"


def test_nothing_to_search_for_asks_nothing() -> None:
    handler, requests = replies()
    assert ask(handler, lambda wiki: wiki.search("what is it?")).hits == ()
    assert requests == []


def test_a_page_is_plain_text_of_one_revision() -> None:
    handler, _ = replies(PAGE)
    page = ask(handler, lambda wiki: wiki.page("Old Light"))
    assert page is not None
    assert (page.title, page.text, page.revision) == (
        "Harbour Lighthouse",
        "It was built in 1871.",
        12,
    )
    assert page.url == "https://wiki.example/wiki/Harbour_Lighthouse"
    assert page.permanent_url == "https://wiki.example/w/index.php?oldid=12"
    assert not page.is_disambiguation


def test_a_url_on_another_host_is_not_passed_on() -> None:
    page = json.loads(json.dumps(PAGE))
    page["query"]["pages"][0]["canonicalurl"] = "https://evil.example/wiki/X"
    got = ask(replies(page)[0], lambda wiki: wiki.page("X"))
    assert got is not None
    assert got.url == "https://wiki.example/w/index.php?title=Harbour_Lighthouse"


@pytest.mark.parametrize("flag", ["missing", "invalid", "special"])
def test_no_such_page(flag: str) -> None:
    handler, _ = replies({"query": {"pages": [{"title": "X", flag: True}]}})
    assert ask(handler, lambda wiki: wiki.page("X")) is None


@pytest.mark.parametrize("title", ["", " \u200b", "A|B", "x" * 256])
def test_a_title_that_can_be_no_page_asks_nothing(title: str) -> None:
    handler, requests = replies()
    assert ask(handler, lambda wiki: wiki.page(title)) is None
    assert requests == []


LAG = http(body={"errors": [{"code": "maxlag", "text": "6 s"}]}, Retry_After="5")


@pytest.mark.parametrize(
    ("fault", "waited"),
    [
        (LAG, 5),
        (http(429, Retry_After="3"), 3),
        (http(503, Retry_After="Thu, 01 Jan 1970 00:16:44 GMT"), 4),
        (http(503, Retry_After="soon"), 0.5),
        (http(502), 0.5),
        (httpx.ConnectError("refused"), 0.5),
        (httpx.ReadTimeout("slow"), 0.5),
        (httpx.RemoteProtocolError("nonsense"), 0.5),
        (http(body={"error": {"code": "readonly", "info": "backup"}}), 0.5),
        (http(body=b"cut", Content_Encoding="gzip"), 0.5),
    ],
    ids=str,
)
def test_what_passes_is_tried_again(fault: Any, waited: float) -> None:
    time = FakeTime()
    handler, requests = replies(fault, PAGE)
    assert ask(handler, lambda wiki: wiki.page("X"), time) is not None
    assert len(requests) == 2
    assert time.slept == [waited]


def test_waits_double_and_attempts_end() -> None:
    time = FakeTime()
    handler, requests = replies(*(http(503) for _ in range(4)))
    refused(handler, "after 4 attempts: HTTP 503", time, patience=Patience(attempts=4))
    assert time.slept == [0.5, 1, 2]
    assert len(requests) == 4


def test_a_wish_beyond_the_time_limit_ends_it_at_once() -> None:
    time = FakeTime()
    handler, requests = replies(http(429, Retry_After="3600"))
    with pytest.raises(WikipediaUnavailable) as unavailable:
        ask(handler, lambda wiki: wiki.page("X"), time)
    assert unavailable.value.retry_after_s == 3600
    assert time.slept == []
    assert len(requests) == 1


def test_a_wiki_that_failed_is_left_alone_for_a_while() -> None:
    time = FakeTime()
    handler, requests = replies(*[httpx.ConnectError("down")] * 3, PAGE)

    async def ask_thrice(wiki: Wikipedia) -> None:
        with pytest.raises(WikipediaUnavailable, match="down"):
            await wiki.page("X")
        with pytest.raises(WikipediaUnavailable, match="left alone"):
            await wiki.page("X")
        time.seconds += 15
        assert await wiki.page("X") is not None

    ask(handler, ask_thrice, time)
    assert len(requests) == 4


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (http(404), "HTTP 404"),
        (http(body=b"<html>"), "not MediaWiki's"),
        (http(body={"query": {"pages": 3}}), "not MediaWiki's"),
        (http(body=b"[" * 3_500), "not MediaWiki's"),
        (http(body={"errors": [{"code": "badvalue", "text": "no"}]}), "badvalue"),
        (http(body=PAGE, Content_Encoding="br"), "encoding 'br'"),
        (http(body=b"x" * 5000), "more than 4000 bytes"),
        (http(302, Location="https://evil.example/"), "evil.example"),
        (http(302, Location="http://wiki.example/w/"), "another host"),
        (http(302, Location="//10.0.0.1/"), "another host"),
        (http(body={"query": {"pages": [{"title": "X", "lastrevid": 1}]}}), "TextE"),
    ],
    ids=str,
)
def test_what_will_not_pass_is_not_tried_again(fault: httpx.Response, problem: str) -> None:
    handler, requests = replies(fault)
    refused(handler, problem, max_bytes=4000)
    assert len(requests) == 1


def test_redirects_on_the_host_are_followed_and_end() -> None:
    there = [http(301, Location="/w/api2.php") for _ in range(5)]
    handler, requests = replies(there[0], PAGE)
    assert ask(handler, lambda wiki: wiki.page("X")) is not None
    assert requests[1].url.path == "/w/api2.php"
    refused(replies(*there[1:])[0], "more than 3 redirects")


class Bomb(httpx.AsyncByteStream):
    """A small body that unfolds to gigabytes, and a count of what was taken of it."""

    def __init__(self) -> None:
        self.piece, self.taken = gzip.compress(b"\0" * (64 << 20)), 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            self.taken += 1
            yield self.piece


def test_a_bomb_is_not_unfolded() -> None:
    bomb = Bomb()
    refused(
        lambda _: httpx.Response(200, stream=bomb, headers={"Content-Encoding": "gzip"}),
        "more than",
    )
    assert bomb.taken == 1


class Drip(httpx.AsyncByteStream):
    """A body of which nothing more comes."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()


def test_a_body_that_stops_coming_is_given_up() -> None:
    patience = Patience(attempt_s=0.01, attempts=2)
    refused(lambda _: httpx.Response(200, stream=Drip()), "no whole reply", patience=patience)


def test_a_compressed_reply_is_read() -> None:
    body = gzip.compress(json.dumps(PAGE).encode())
    handler, _ = replies(http(body=body, Content_Encoding="gzip"))
    assert ask(handler, lambda wiki: wiki.page("X")) is not None


def test_a_private_address_is_refused_unless_allowed() -> None:
    async def inside(host: str, port: int) -> list[str]:
        return [PUBLIC, "10.0.0.7"]

    handler, requests = replies(PAGE)
    refused(handler, "10.0.0.7, which is not a public address", addresses=inside)
    assert requests == []
    page = ask(handler, lambda wiki: wiki.page("X"), addresses=inside, allow_private=True)
    assert page is not None


def test_a_second_answer_of_the_name_server_changes_nothing() -> None:
    answers = [[PUBLIC], ["127.0.0.1"]]

    async def rebinding(host: str, port: int) -> list[str]:
        return answers.pop(0)

    handler, requests = replies(http(503), PAGE)
    refused(handler, "127.0.0.1", addresses=rebinding)
    assert [request.url.host for request in requests] == [PUBLIC]


def test_a_host_of_several_addresses_is_tried_at_each() -> None:
    async def two(host: str, port: int) -> list[str]:
        return ["93.184.215.15", PUBLIC]

    handler, requests = replies(httpx.ConnectError("no route"), PAGE)
    assert ask(handler, lambda wiki: wiki.page("X"), addresses=two) is not None
    assert [request.url.host for request in requests] == ["93.184.215.15", PUBLIC]


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("0.0.0.0", "::1", "fe80::1", "fe80::1%eth0", "fc00::1"),
        *("::ffff:169.254.169.254", "64:ff9b::a00:1", "::", "2002:7f00:1::", "100.64.0.1"),
        *("224.0.0.1", "255.255.255.255", "ff02::1", "not an address"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@settings(derandomize=True, deadline=None)
@given(st.ip_addresses(v=4))
def test_an_address_cannot_hide_in_another_form(address: Any) -> None:
    assert is_public(f"::ffff:{address}") is is_public(str(address))
    assert is_public(f"64:ff9b::{address}") is is_public(str(address))


def test_public_addresses() -> None:
    assert is_public("208.80.154.224")
    assert is_public("2620:0:861:ed1a::1")


def test_a_cached_reply_is_used_while_fresh(tmp_path: Path) -> None:
    time = FakeTime()
    cache = SqliteCache(tmp_path / "wiki.sqlite", ttl_s=60, now=lambda: time.seconds)
    handler, requests = replies(PAGE, PAGE)

    async def ask_twice(wiki: Wikipedia) -> None:
        assert await wiki.page("X") == await wiki.page("X")

    ask(handler, ask_twice, time, cache)
    assert len(requests) == 1
    reopened = SqliteCache(tmp_path / "wiki.sqlite", ttl_s=60, now=lambda: time.seconds)
    ask(handler, ask_twice, time, reopened)
    assert len(requests) == 1
    time.seconds += 60
    ask(handler, ask_twice, time, reopened)
    assert len(requests) == 2


def test_failures_are_not_cached(tmp_path: Path) -> None:
    time = FakeTime()
    cache = SqliteCache(tmp_path / "wiki.sqlite", ttl_s=60, now=lambda: time.seconds)
    error = {"errors": [{"code": "badvalue"}]}
    handler, _ = replies(error, PAGE)
    with pytest.raises(WikipediaUnavailable):
        ask(handler, lambda wiki: wiki.page("X"), time, cache)
    assert ask(handler, lambda wiki: wiki.page("X"), time, cache) is not None


def test_a_full_cache_drops_the_oldest() -> None:
    now = 0.0
    cache = SqliteCache(":memory:", ttl_s=60, now=lambda: now, max_replies=2)
    for now in (1.0, 2.0, 3.0):
        cache.put(f"at {now:g}", b"reply")
    assert [cache.get(f"at {at}") for at in (1, 2, 3)] == [None, b"reply", b"reply"]


def test_a_cache_that_breaks_is_done_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    cache = SqliteCache(tmp_path / "wiki.sqlite", ttl_s=60, now=lambda: 0.0)
    with sqlite3.connect(tmp_path / "wiki.sqlite") as other:
        other.execute("DROP TABLE wiki_reply")
    assert ask(replies(PAGE)[0], lambda wiki: wiki.page("X"), cache=cache) is not None
    assert "cannot be read" in caplog.text
    assert "cannot be written" in caplog.text


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("These are notes, and not a database at all. " * 100)
    with pytest.raises(ValueError, match=r"notes\.txt cannot hold the wiki cache"):
        SqliteCache(tmp_path / "notes.txt", ttl_s=60, now=lambda: 0.0)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"base_url": "ftp://wiki.example"}, "base_url must be"),
        ({"base_url": "https://wiki.example/w"}, "base_url must be"),
        ({"base_url": "https://me:pw@wiki.example"}, "nothing but"),
        ({"path": "w"}, "path must"),
        ({"contact": "a\r\nX-Evil: 1"}, "contact must"),
        ({"max_bytes": 0}, "max_bytes"),
    ],
)
def test_settings_that_cannot_work_are_refused(config: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        WikipediaConfig(**config)
