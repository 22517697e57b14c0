"""Wikipedia, or any MediaWiki: search it, and read a page as plain text.

The model never gives a URL: it gives words, which become parameters of one fixed API. Nothing but
:class:`WikipediaUnavailable` leaves this module, so whoever asks can always go on without the wiki.

    async with Wikipedia(WikipediaConfig(contact="you@example.org")) as wiki:
        found = await wiki.search("When was the Eiffel Tower built?")
        page = await wiki.page(found.hits[0].title)

The API answers errors with HTTP 200, and a search of titles where no one asked for it: MediaWiki's
own engines look in titles unless ``srwhat=text`` is given. Its version 1.27 or newer with the
extension TextExtracts is needed.

Source: https://www.mediawiki.org/wiki/API:Main_page; the User-Agent policy of the Wikimedia
Foundation, https://foundation.wikimedia.org/wiki/Policy:User-Agent_policy.
"""

from __future__ import annotations

import asyncio
import html
import random
import re
import time
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlencode, urlsplit

import httpx
import msgspec

from serve.detective.keywords import keywords, shrinking
from serve.detective.public_address import PublicTransport
from serve.detective.wiki_cache import Cache
from serve.detective.wiki_http import (
    Clocks,
    PassingFailure,
    Patience,
    WikiHttp,
    WikipediaUnavailable,
)
from serve.guard.normalise import strip_invisible

__all__ = [
    "Hit",
    "Page",
    "Patience",
    "SearchResult",
    "Wikipedia",
    "WikipediaConfig",
    "WikipediaUnavailable",
]

MAX_TITLE_BYTES = 255  # MediaWiki's own
_PASSING_ERRORS = ("maxlag", "ratelimited", "readonly")  # and internal_api_error_...
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True)
class WikipediaConfig:
    """Which wiki, and how it is asked.

    Attributes:
        base_url: scheme and host.
        path: below which api.php and index.php lie, with a slash at both ends.
        contact: a mail address or a URL of whoever runs this, for the User-Agent.
        allow_private: the wiki may be at a private or loopback address.
        max_bytes: of a reply.
        maxlag_s: the wiki refuses while its copies lag by more seconds (2 to 10 are usual).
    """

    base_url: str = "https://en.wikipedia.org"
    path: str = "/w/"
    contact: str = ""
    allow_private: bool = False
    max_bytes: int = 4 << 20
    maxlag_s: int = 5
    patience: Patience = field(default_factory=Patience)

    def __post_init__(self) -> None:
        """Check what would fail at every request.

        Raises:
            ValueError: with the field and its value.
        """
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"base_url must be http(s)://HOST, got {self.base_url!r}")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("base_url must hold nothing but scheme, host and port")
        if not re.fullmatch(r"/(?:[\w.\-]+/)*", self.path, re.ASCII):
            raise ValueError(f"path must begin and end with a slash, got {self.path!r}")
        if not (self.contact.isascii() and self.contact.isprintable()):
            raise ValueError(f"contact must be printable ASCII, got {self.contact!r}")
        if self.max_bytes < 1 or self.maxlag_s < 1:
            raise ValueError(
                f"max_bytes and maxlag_s must be at least 1, got {self.max_bytes}, {self.maxlag_s}"
            )


@dataclass(frozen=True)
class Hit:
    """A page that a search found.

    Attributes:
        title: by which :meth:`Wikipedia.page` reads it.
        snippet: plain text around the words; often cut, and not to be quoted.
    """

    title: str
    snippet: str


@dataclass(frozen=True)
class SearchResult:
    """What a search found.

    Attributes:
        query: the words that were asked for in the end; "" where the text has none.
        hits: the best first.
    """

    query: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Page:
    """A page as it was at one revision.

    Attributes:
        title: after redirects.
        text: plain, with newlines; headings on lines of their own. Untrusted.
        revision: its id.
        url: where a reader finds the page, on the wiki's own host.
        permanent_url: where a reader finds this revision of it.
        is_disambiguation: it only lists pages that the title may mean.
    """

    title: str
    text: str
    revision: int
    url: str
    permanent_url: str
    is_disambiguation: bool


class _Message(msgspec.Struct):
    code: str = "unknown"
    text: str = ""
    info: str = ""


class _Hit(msgspec.Struct):
    title: str
    snippet: str = ""


class _Page(msgspec.Struct):
    title: str
    missing: bool = False
    invalid: bool = False
    extract: str | None = None
    lastrevid: int = 0
    canonicalurl: str = ""
    pageprops: dict[str, str] = {}


class _Query(msgspec.Struct):
    search: list[_Hit] = []
    pages: list[_Page] = []


class _Reply(msgspec.Struct):
    query: _Query = msgspec.field(default_factory=_Query)
    errors: list[_Message] = []
    error: _Message | None = None


class Wikipedia:
    """A client of one wiki; use it as a context manager, on one event loop.

    Args:
        config: which wiki.
        cache: None asks the wiki every time.
        transport: makes the connections; None is httpx's. Addresses are checked before it in any
            case.
        clocks: None are the system's.
    """

    def __init__(
        self,
        config: WikipediaConfig,
        cache: Cache | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clocks: Clocks | None = None,
    ) -> None:
        self.config = config
        self._cache = cache
        self._root = config.base_url.rstrip("/") + config.path
        inner = httpx.AsyncHTTPTransport() if transport is None else transport
        checked = (
            inner
            if isinstance(inner, PublicTransport)
            else PublicTransport(inner, config.allow_private)
        )
        self._client = httpx.AsyncClient(
            transport=checked,
            headers={"User-Agent": _user_agent(config.contact), "Accept-Encoding": "gzip"},
            timeout=config.patience.attempt_s,
            follow_redirects=False,
            trust_env=False,
        )
        self._http = WikiHttp(
            self._client,
            httpx.URL(self._root + "api.php"),
            config.max_bytes,
            config.patience,
            clocks or Clocks(time.monotonic, time.time, asyncio.sleep, random.random),
            check=lambda body: _check_errors(_decode(body)),
        )

    async def __aenter__(self) -> Wikipedia:
        """Return the client."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def search(self, query: str, n: int = 5) -> SearchResult:
        """Return the pages that have a question's keywords, dropping words until some do.

        Args:
            query: a question, a claim or words; its search operators are not used as such.
            n: pages at most, from 1 to 50.

        Raises:
            WikipediaUnavailable: the wiki cannot be asked.
            ValueError: n out of range.
        """
        if not 1 <= n <= 50:
            raise ValueError(f"n must be from 1 to 50, got {n}")
        words = ""
        for words in shrinking(keywords(query)):
            reply = await self._ask(
                list="search",
                srsearch=words,
                srlimit=str(n),
                srwhat="text",
                srprop="snippet",
                srnamespace="0",
            )
            if reply.query.search:
                hits = (Hit(hit.title, _plain(hit.snippet)) for hit in reply.query.search[:n])
                return SearchResult(words, tuple(hits))
        return SearchResult(words, ())

    async def page(self, title: str) -> Page | None:
        """Return a page, or the one that its title redirects to; None where there is none.

        Raises:
            WikipediaUnavailable: the wiki cannot be asked, or has no TextExtracts.
        """
        title = strip_invisible(title).strip()
        # "|" would separate several titles, and the API takes them as such.
        if not title or "|" in title or len(title.encode()) > MAX_TITLE_BYTES:
            return None
        reply = await self._ask(
            titles=title,
            redirects="1",
            prop="extracts|info|pageprops",
            explaintext="1",
            exsectionformat="plain",
            inprop="url",
            ppprop="disambiguation",
        )
        found = next(iter(reply.query.pages), None)
        if found is None or found.missing or found.invalid or not found.lastrevid:
            return None
        if found.extract is None:
            raise WikipediaUnavailable("the wiki gives no plain text: it lacks TextExtracts")
        return Page(
            title=found.title,
            text=strip_invisible(found.extract).strip(),
            revision=found.lastrevid,
            url=self._url_of(found),
            permanent_url=f"{self._root}index.php?oldid={found.lastrevid}",
            is_disambiguation="disambiguation" in found.pageprops,
        )

    async def _ask(self, **params: str) -> _Reply:
        """Return the reply to a query, from the cache where it has a fresh one."""
        fixed = {
            "action": "query",
            "format": "json",
            "formatversion": "2",
            "errorformat": "plaintext",
            "maxlag": str(self.config.maxlag_s),
        }
        key = f"{self._root}?{urlencode(sorted(params.items()))}"
        if self._cache is not None:
            body = await asyncio.to_thread(self._cache.get, key)
            if body is not None:
                return _decode(body)
        body = await self._http.get(fixed | params)
        if self._cache is not None:
            await asyncio.to_thread(self._cache.put, key, body)
        return _decode(body)

    def _url_of(self, page: _Page) -> str:
        """Return the page's canonical URL, or our own where that is on another host."""
        ours, theirs = urlsplit(self._root), urlsplit(page.canonicalurl)
        if (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc):
            return page.canonicalurl
        return f"{self._root}index.php?{urlencode({'title': page.title.replace(' ', '_')})}"


def _user_agent(contact: str) -> str:
    about = f"; {contact}" if contact else ""
    return f"minilora-detective/0.1 (MediaWiki API client{about}) httpx/{httpx.__version__}"


def _decode(body: bytes) -> _Reply:
    """Return a reply.

    Raises:
        WikipediaUnavailable: it is not of the API's form.
    """
    try:
        return msgspec.json.decode(body, type=_Reply)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WikipediaUnavailable(f"the reply is not MediaWiki's: {error}") from error


def _check_errors(reply: _Reply) -> None:
    """Refuse a reply that is an error, whatever its HTTP status said."""
    for error in [*reply.errors, *([reply.error] if reply.error else [])]:
        message = f"the wiki says {error.code}: {(error.text or error.info)[:200]}"
        if error.code in _PASSING_ERRORS or error.code.startswith("internal_api_error"):
            raise PassingFailure(message)
        raise WikipediaUnavailable(message)


def _plain(snippet: str) -> str:
    """Return the text of a snippet, which comes as HTML.

    >>> _plain("the <span class='searchmatch'>Harbour</span> &amp; light")
    'the Harbour & light'
    """
    return " ".join(strip_invisible(html.unescape(_TAG.sub("", snippet))).split())
