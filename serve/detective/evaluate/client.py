"""The server that is measured: one that runs, or one started for it, with a wiki of its own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec

from minilora.command import CommandFailed
from serve.bench.server import UNLIMITED, running
from serve.detective.local_wiki import LocalWiki, read_pages
from serve.detective.reply import Reply

ANSWER_TIMEOUT_S = 600.0  # a small machine with other work


class AskFailed(Exception):
    """A question got no reply; the message is one line."""


class Client:
    """What the measurements ask of a server.

    Args:
        http: with the server's address and the caller's key.
    """

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http
        self._pages: dict[tuple[str, int], str | None] = {}

    async def ask(self, question: str, documents: Collection[str] | None) -> tuple[Reply, float]:
        """Return the reply and the seconds that it took.

        Raises:
            AskFailed: there is none.
        """
        body: dict[str, Any] = {"question": question}
        if documents is not None:
            body["documents"] = list(documents)
        start = time.perf_counter()
        try:
            answer = await self._http.post("/ask", json=body)
            seconds = time.perf_counter() - start
            if answer.status_code != 200:
                raise AskFailed(f"HTTP {answer.status_code}: {' '.join(answer.text.split())[:200]}")
            return msgspec.json.decode(answer.content, type=Reply), seconds
        except (httpx.HTTPError, msgspec.DecodeError) as error:
            raise AskFailed(f"{type(error).__name__}: {error}") from error

    async def upload(self, name: str, data: bytes) -> str:
        """Store a file, unless it is stored already, and return the document's id.

        Raises:
            CommandFailed: the server does not take it.
        """
        try:
            answer = await self._http.post("/documents", files={"file": (name, data)})
        except httpx.HTTPError as error:
            raise CommandFailed(f"no server at {self._http.base_url}: {error}") from error
        if answer.status_code not in (200, 201):
            raise CommandFailed(f"{name} was not taken: {' '.join(answer.text.split())[:200]}")
        return str(answer.json()["id"])

    async def page_text(self, document: str, page: int) -> str | None:
        """Return the text of a page; None where there is none."""
        if (document, page) not in self._pages:
            answer = await self._http.get(f"/documents/{document}/pages/{page}")
            self._pages[document, page] = (
                answer.json()["text"] if answer.status_code == 200 else None
            )
        return self._pages[document, page]

    async def resolves(self, url: str) -> bool:
        """Return whether a page of the wiki can be had."""
        try:
            async with httpx.AsyncClient(follow_redirects=True, timeout=60) as http:
                return (await http.get(url)).status_code == 200
        except httpx.HTTPError:
            return False


@asynccontextmanager
async def connected(url: str, key: str | None = None) -> AsyncIterator[Client]:
    """Talk to a server that runs."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    timeout = httpx.Timeout(ANSWER_TIMEOUT_S, connect=10)
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout) as http:
        yield Client(http)


@asynccontextmanager
async def own_server(wiki: Path | None, flags: Sequence[str] = ()) -> AsyncIterator[Client]:
    """Start a server on an empty folder, with a MediaWiki of its own beside it.

    Args:
        wiki: folder of the wiki's pages; None: the server asks no wiki.
        flags: of ``python -m serve``, besides.

    Raises:
        CommandFailed: one of the two does not start.
    """
    with tempfile.TemporaryDirectory(prefix="evaluate") as place:
        folder = Path(place)
        if wiki is None:
            async with _server(folder, ["--no-wikipedia", *flags]) as client:
                yield client
            return
        (folder / "wiki").mkdir()
        try:
            local = await asyncio.to_thread(LocalWiki, folder / "wiki", read_pages(wiki))
        except RuntimeError as error:
            raise CommandFailed(f"{error} (--no-wiki measures without one)") from error
        with local:
            own = ["--wikipedia-url", local.url, "--wikipedia-private", *flags]
            async with _server(folder, own) as client:
                yield client


@asynccontextmanager
async def _server(folder: Path, flags: Sequence[str]) -> AsyncIterator[Client]:
    timeouts = ("--request-timeout-s", str(ANSWER_TIMEOUT_S))
    async with (
        running([*UNLIMITED, *timeouts, *flags], folder) as server,
        connected(server.url) as client,
    ):
        yield client
