"""One polite, bounded GET to a wiki's API: size and time capped, repeated when it is worth it.

A reply is read up to a number of bytes, counted after decompression. Redirects are followed on the
same host only. What may pass (no connection, 429, 5xx, a lagging database) is tried again: the
server says when (Retry-After), or the wait is drawn from 0 to base * 2^attempt (*full jitter*). All
attempts together stay within one time limit, and after a failure the wiki is left alone for a
while, so that not every question waits for a server that is down.

Sources: https://www.mediawiki.org/wiki/API:Etiquette, https://www.mediawiki.org/wiki/Manual:Maxlag_parameter;
Brooker 2015, Exponential Backoff And Jitter, AWS Architecture Blog.
"""

from __future__ import annotations

import asyncio
import email.utils
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import httpx

from serve.detective.public_address import AddressRefused

REDIRECTS = 3
_PASSING = (429, 500, 502, 503, 504)


class WikipediaUnavailable(Exception):
    """The wiki cannot be asked, or its reply cannot be used; the answer must do without it.

    Attributes:
        retry_after_s: the wiki may be asked again then; None where waiting would not help.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class PassingFailure(Exception):
    """Worth another attempt.

    Attributes:
        wait_s: as the server wishes; None where it does not say.
    """

    def __init__(self, message: str, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Patience:
    """How long and how often.

    Attributes:
        attempt_s: seconds for one attempt.
        total_s: for all of them, with the waits between.
        attempts: at most.
        base_s: the first wait is drawn from 0 to this.
        rest_s: how long a wiki is left alone after a failure.
    """

    attempt_s: float = 5.0
    total_s: float = 12.0
    attempts: int = 3
    base_s: float = 0.5
    rest_s: float = 15.0

    def __post_init__(self) -> None:
        """Check the ranges."""
        if min(self.attempt_s, self.total_s) <= 0 or min(self.base_s, self.rest_s) < 0:
            raise ValueError(f"times cannot be negative, nor limits 0, got {self}")
        if self.attempts < 1:
            raise ValueError(f"attempts must be at least 1, got {self.attempts}")


@dataclass(frozen=True)
class Clocks:
    """Time and chance, passed in.

    Attributes:
        clock: seconds, monotonic.
        now: seconds since 1970.
        sleep: waits seconds.
        chance: uniform from 0 to 1.
    """

    clock: Callable[[], float]
    now: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    chance: Callable[[], float]


class WikiHttp:
    """Asks one URL of one host.

    Args:
        client: follows no redirects by itself.
        url: of the API.
        max_bytes: of a reply, decompressed.
        check: raises PassingFailure or WikipediaUnavailable for a body that is no good reply.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        url: httpx.URL,
        max_bytes: int,
        patience: Patience,
        clocks: Clocks,
        check: Callable[[bytes], None],
    ) -> None:
        self._client, self._url, self._max_bytes = client, url, max_bytes
        self._patience, self._clocks, self._check = patience, clocks, check
        self._resting_until = -float("inf")

    async def get(self, params: Mapping[str, str]) -> bytes:
        """Return the body of a good reply.

        Raises:
            WikipediaUnavailable: there is none within the limits.
        """
        patience, clock = self._patience, self._clocks.clock
        if (rest := self._resting_until - clock()) > 0:
            raise WikipediaUnavailable("the wiki failed a moment ago and is left alone", rest)
        deadline = clock() + patience.total_s
        attempt = 0
        while True:
            try:
                limit_s = min(patience.attempt_s, deadline - clock())
                async with asyncio.timeout(limit_s):
                    return await self._fetch(params)
            except PassingFailure as error:
                failure = error
            except TimeoutError:
                failure = PassingFailure(f"no whole reply within {limit_s:.3g} s")
            wait_s = failure.wait_s
            if wait_s is None:
                wait_s = self._clocks.chance() * patience.base_s * 2**attempt
            attempt += 1
            if attempt == patience.attempts or clock() + wait_s >= deadline:
                rest = max(patience.rest_s, failure.wait_s or 0)
                self._resting_until = clock() + rest
                raise WikipediaUnavailable(f"after {attempt} attempts: {failure}", rest)
            await self._clocks.sleep(wait_s)

    async def _fetch(self, params: Mapping[str, str]) -> bytes:
        """Return the body of one reply, following redirects on this host."""
        url = self._url.copy_merge_params(params)
        for _ in range(REDIRECTS + 1):
            try:
                async with self._client.stream("GET", url) as reply:
                    if reply.has_redirect_location:
                        url = self._same_host(url, reply.headers["Location"])
                        continue
                    if reply.status_code in _PASSING:
                        raise PassingFailure(f"HTTP {reply.status_code}", self._wait_asked(reply))
                    if reply.status_code != 200:
                        raise WikipediaUnavailable(f"HTTP {reply.status_code} from {url.host}")
                    return await self._read(reply)
            except AddressRefused as error:
                raise WikipediaUnavailable(str(error)) from error
            except httpx.HTTPError as error:
                message = str(error) or type(error).__name__
                raise PassingFailure(f"{self._url.host}: {message}") from error
        raise WikipediaUnavailable(f"more than {REDIRECTS} redirects")

    def _same_host(self, url: httpx.URL, location: str) -> httpx.URL:
        try:
            target = url.join(location)
        except httpx.InvalidURL as error:
            raise WikipediaUnavailable(f"a redirect to no URL: {error}") from error
        ours = (self._url.scheme, self._url.host, self._url.port)
        if (target.scheme, target.host, target.port) != ours:
            raise WikipediaUnavailable(f"a redirect to another host, {target.host!r}, was refused")
        return target

    def _wait_asked(self, reply: httpx.Response) -> float | None:
        """Return the seconds of Retry-After, a number or a date (RFC 9110, section 10.2.3)."""
        value = reply.headers.get("Retry-After", "").strip()
        if value.isascii() and value.isdigit():
            return float(value)
        try:
            return max(
                0.0, email.utils.parsedate_to_datetime(value).timestamp() - self._clocks.now()
            )
        except (ValueError, OverflowError):
            return None

    async def _read(self, reply: httpx.Response) -> bytes:
        """Return a good reply's body."""
        body = await self._read_bytes(reply)
        try:
            self._check(body)
        except PassingFailure as error:  # of HTTP status 200, but Retry-After stands there too
            raise PassingFailure(str(error), self._wait_asked(reply)) from error
        return body

    async def _read_bytes(self, reply: httpx.Response) -> bytes:
        """Return a body, counting its bytes while they come and while they unfold."""
        encoding = reply.headers.get("Content-Encoding", "identity").lower()
        if encoding not in ("identity", "gzip"):
            raise WikipediaUnavailable(f"a reply in the encoding {encoding!r}")
        unzip = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
        body = bytearray()
        async for chunk in reply.aiter_raw():
            room = self._max_bytes - len(body) + 1  # one more tells that it is too long
            try:
                body += chunk[:room] if unzip is None else unzip.decompress(chunk, room)
            except zlib.error as error:
                raise PassingFailure(f"a reply that is no gzip: {error}") from error
            if len(body) > self._max_bytes:
                raise WikipediaUnavailable(f"a reply of more than {self._max_bytes} bytes")
        if unzip is not None and not unzip.eof:
            raise PassingFailure("a reply that breaks off")
        return bytes(body)
