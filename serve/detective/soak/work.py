"""What the users do: upload, upload again, delete, ask, list; each checks what it is answered."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from serve.detective.soak.ledger import Ledger
from serve.detective.soak.texts import Text, make

BUSY = (429, 503)
TIMEOUT_S = 300.0
SHARES = {"upload": 4, "again": 1, "delete": 3, "ask": 6, "ask of a deleted": 2, "list": 2}


@dataclass
class Work:
    """Users of one server.

    Attributes:
        ledger: what was acknowledged.
        faults: what was not as it must be.
        done: how often each kind of work ended, and how.
        seconds: of each question.

    Args:
        seed: of the documents and of what is done.
        most: documents that are kept; beyond it one is deleted rather than uploaded.
    """

    seed: int
    most: int
    ledger: Ledger = field(default_factory=Ledger)
    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    deleted_texts: list[Text] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with the first document."""
        self._chance = random.Random(self.seed)
        self._made = 0
        self._claimed: set[str] = set()  # documents that somebody is busy with

    async def go_on(self, http: httpx.AsyncClient, up: asyncio.Event) -> None:
        """Do one thing after the other while the server is up.

        A connection that breaks is the kill's: what was asked for stays open in the ledger.
        """
        while up.is_set():
            kind = self._choose()
            try:
                outcome = await self._doing()[kind](http)
            except httpx.TransportError as error:
                outcome = "cut off"
                if up.is_set():
                    self.faults.append(f"{kind}: {type(error).__name__} of a living server")
            self.done[f"{kind}: {outcome}"] += 1
            await asyncio.sleep(0)  # a transport that fails at once would hold the loop

    async def settle(self, http: httpx.AsyncClient) -> None:
        """Check all documents after a restart, before the users come back."""
        self._claimed.clear()
        listed = (await http.get("/documents")).raise_for_status().json()["data"]
        before = {**self.ledger.deleting}
        self.faults += self.ledger.settle(listed)
        self.deleted_texts += [t for id, t in before.items() if id in self.ledger.deleted]
        for document_id, text in self.ledger.stored.items():
            self.faults += await self._check_pages(http, document_id, text)

    def _doing(self) -> dict[str, Callable[[httpx.AsyncClient], Awaitable[str]]]:
        return {
            "upload": self._upload,
            "again": self._upload_again,
            "delete": self._delete,
            "ask": self._ask,
            "ask of a deleted": self._ask_of_deleted,
            "list": self._list,
        }

    def _choose(self) -> str:
        """Return what to do next, that there is something to do it to."""
        free = [id for id in self.ledger.stored if id not in self._claimed]
        shares = dict(SHARES)
        if len(free) < 2:
            return "upload"
        if len(self.ledger.stored) >= self.most:
            shares["upload"] = 0
        if not self.deleted_texts:
            shares["ask of a deleted"] = 0
        return self._chance.choices(list(shares), list(shares.values()))[0]

    async def _upload(self, http: httpx.AsyncClient) -> str:
        self._made += 1
        text = make(self._made, self.seed)
        self.ledger.upload_begins(text)
        answer = await self._post(http, text)
        if answer.status_code == 201:
            self.ledger.upload_ends(text, answer.json()["id"])
            return "stored"
        self.ledger.upload_ends(text, None)
        return self._unexpected(answer)

    async def _upload_again(self, http: httpx.AsyncClient) -> str:
        document_id = self._claim()
        try:
            answer = await self._post(http, self.ledger.stored[document_id])
        finally:
            self._claimed.discard(document_id)
        if answer.status_code == 200 and answer.json()["id"] == document_id:
            return "recognised"
        return self._unexpected(answer)

    async def _delete(self, http: httpx.AsyncClient) -> str:
        document_id = self._claim()
        text = self.ledger.stored[document_id]
        self.ledger.deletion_begins(document_id)
        answer = await http.delete(f"/documents/{document_id}")
        self._claimed.discard(document_id)
        if answer.status_code == 204:
            self.ledger.deletion_ends(document_id)
            self.deleted_texts.append(text)
            return "deleted"
        self.ledger.stored[document_id] = self.ledger.deleting.pop(document_id)
        return self._unexpected(answer)

    async def _ask(self, http: httpx.AsyncClient) -> str:
        document_id = self._chance.choice(list(self.ledger.stored))
        return await self._question(http, self.ledger.stored[document_id].question, document_id)

    async def _ask_of_deleted(self, http: httpx.AsyncClient) -> str:
        text = self._chance.choice(self.deleted_texts)
        return await self._question(http, text.question, None)

    async def _question(
        self, http: httpx.AsyncClient, question: str, document_id: str | None
    ) -> str:
        """Ask; whatever is found must not have been deleted before."""
        deleted_before = frozenset(self.ledger.deleted)
        answer = await http.post("/ask", json={"question": question})
        if answer.status_code != 200:
            return self._unexpected(answer)
        reply = answer.json()
        found = found_documents(reply)
        gone = found & deleted_before
        self.faults += [f"an answer cites {id}, which was deleted before" for id in gone]
        cited = {source["document_id"] for source in reply["sources"]}
        if reply["outcome"] == "refused":
            return "refused"
        return "right document" if document_id in cited else "other document"

    async def _list(self, http: httpx.AsyncClient) -> str:
        deleted_before, stored_before = frozenset(self.ledger.deleted), {*self.ledger.stored}
        answer = await http.get("/documents")
        if answer.status_code != 200:
            return self._unexpected(answer)
        listed = {row["id"] for row in answer.json()["data"]}
        self.faults += [f"{id} is listed, deleted before" for id in listed & deleted_before]
        kept = stored_before & self.ledger.stored.keys()  # nobody began to delete them meanwhile
        self.faults += [f"{id} is stored and not listed" for id in kept - listed]
        return "listed"

    async def _check_pages(
        self, http: httpx.AsyncClient, document_id: str, text: Text
    ) -> list[str]:
        """Return what is wrong with the pages of a document: its fact must stand on the first."""
        answer = await http.get(f"/documents/{document_id}/pages/1")
        if answer.status_code == 200 and text.fact in answer.json()["text"]:
            return []
        stored = await http.get(f"/documents/{document_id}")
        n_pages = stored.json().get("n_pages", 0) if stored.status_code == 200 else 0
        for number in range(2, n_pages + 1):
            page = await http.get(f"/documents/{document_id}/pages/{number}")
            if page.status_code == 200 and text.fact in page.json()["text"]:
                return []
        return [f"{document_id} ({text.name}) has lost its text"]

    async def _post(self, http: httpx.AsyncClient, text: Text) -> httpx.Response:
        return await http.post("/documents", files={"file": (text.name, text.data)})

    def _claim(self) -> str:
        """Return a stored document that nobody is busy with, and be busy with it."""
        free = [id for id in self.ledger.stored if id not in self._claimed]
        document_id = self._chance.choice(free)
        self._claimed.add(document_id)
        return document_id

    def _unexpected(self, answer: httpx.Response) -> str:
        """Return "busy" where the server may say so; anything else is a fault."""
        if answer.status_code in BUSY:
            return "busy"
        request = f"{answer.request.method} {answer.request.url.path}"
        self.faults.append(f"{request}: HTTP {answer.status_code}: {answer.text[:200]}")
        return f"HTTP {answer.status_code}"


def found_documents(reply: dict[str, Any]) -> set[str]:
    """Return the documents that an answer cites or was made from."""
    cited = {source["document_id"] for source in reply["sources"]}
    passages = (p for step in reply["steps"] for p in step["detail"].get("passages", []))
    return {id for id in cited | {p.get("document_id") for p in passages} if id is not None}
