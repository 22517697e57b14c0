"""A wiki of a few pages that answers the two queries of :mod:`serve.detective.wikipedia`.

It stands where the network would be, and writes down every request that reaches it. Like
MediaWiki's own search it finds the pages that have all the words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from serve.detective.public_address import PublicTransport
from serve.detective.wikipedia import Wikipedia, WikipediaConfig

HOST = "wiki.bench.invalid"  # a name that no resolver knows (RFC 6761)
ROOT = f"https://{HOST}/w/"
SNIPPET_CHARACTERS = 160


class Wiki(httpx.AsyncBaseTransport):
    """The pages, and what was asked.

    Attributes:
        pages: title -> plain text.
        requests: that reached it.
    """

    def __init__(self, pages: Mapping[str, str]) -> None:
        self.pages = dict(pages)
        self.requests: list[httpx.Request] = []

    def client(self) -> Wikipedia:
        """Return a client of this wiki that can reach nothing else."""

        async def resolve(host: str, port: int) -> list[str]:
            return ["127.0.0.1"] if host == HOST else []

        transport = PublicTransport(self, allow_private=True, resolve=resolve)
        config = WikipediaConfig(base_url=f"https://{HOST}", path="/w/", allow_private=True)
        return Wikipedia(config, transport=transport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a query; anything else gets a 404."""
        self.requests.append(request)
        asked = request.url.params
        if request.url.path != "/w/api.php":
            return httpx.Response(404, stream=httpx.ByteStream(b""))
        query = self._search(asked["srsearch"]) if "srsearch" in asked else self._page(asked)
        return httpx.Response(200, stream=httpx.ByteStream(msgspec.json.encode({"query": query})))

    def _search(self, words: str) -> dict[str, Any]:
        wanted = set(_words(words))
        hits = [
            {"title": title, "snippet": text[:SNIPPET_CHARACTERS]}
            for title, text in self.pages.items()
            if wanted <= set(_words(f"{title} {text}"))
        ]
        return {"search": hits}

    def _page(self, asked: httpx.QueryParams) -> dict[str, Any]:
        title = asked.get("titles", "")
        if title not in self.pages:
            return {"pages": [{"title": title, "missing": True}]}
        number = list(self.pages).index(title) + 1
        page = {"title": title, "extract": self.pages[title], "lastrevid": number}
        return {"pages": [page]}


def is_reading(request: httpx.Request) -> bool:
    """Tell whether a request only reads the wiki's API."""
    asked = request.url.params
    return (
        request.method == "GET"
        and request.headers.get("host") == HOST
        and request.url.path == "/w/api.php"
        and asked.get("action") == "query"
        and (asked.get("list") == "search" or "titles" in asked)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
