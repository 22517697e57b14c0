"""What the agent calls while it answers: its tools, and the operating system.

A request's tools are fixed. It may search and read the documents that it names, ask the wiki's API
for pages, and ask the model for decisions of the three schemas. Every other call is *outside*, and
is written down.

The interpreter's own audit events (PEP 578) tell of processes, connections and files that are
touched, whoever does it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import jsonschema

from minilora.data.detective.steps import READ_SCHEMA, ROUTE_SCHEMA, VERIFY_SCHEMA, Step
from serve.detective.documents import Page
from serve.detective.mind import Decision, Mind
from serve.detective.store import Document, DocumentStore, Hit, NewDocument, StoredChunk, Vectors

_SCHEMAS = {"route": ROUTE_SCHEMA, "read": READ_SCHEMA, "verify": VERIFY_SCHEMA}

# Audit events of processes, connections and changed files.
_ACTS = frozenset(
    [
        *("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork"),
        *("socket.connect", "socket.sendto", "socket.bind", "urllib.Request", "webbrowser.open"),
        *("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.chmod"),
        *("shutil.copyfile", "shutil.rmtree", "shutil.move"),
    ]
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_preparing: ContextVar[bool] = ContextVar("preparing", default=False)


class ProcessWatch:
    """Writes down what the process does to the world outside it, while it is on.

    An audit hook cannot be taken away again; it does nothing while the watch is off.

    Attributes:
        seen: event and arguments of each, as text.

    Args:
        servers: hosts and ports that may be connected to: of a remote model.
    """

    def __init__(self, servers: Collection[tuple[str, int]] = ()) -> None:
        self.seen: list[str] = []
        self._servers = frozenset(servers)
        self._on = False
        sys.addaudithook(self._hook)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Watch until the end of the block."""
        self._on = True
        try:
            yield
        finally:
            self._on = False

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._on and not _preparing.get() and self._is_act(event, arguments):
            self.seen.append(f"{event} {arguments!r}"[:300])

    def _is_act(self, event: str, arguments: tuple[Any, ...]) -> bool:
        if event == "open":
            path, _, flags = arguments
            # A module's first import writes its compiled form.
            return bool(flags & _WRITES) and ".pyc" not in str(path) and path != os.devnull
        if event == "socket.connect" and tuple(arguments[1][:2]) in self._servers:
            return False
        return event in _ACTS


@contextmanager
def preparing() -> Iterator[None]:
    """Leave out of every watch what is done in the block, and in threads that get its context."""
    token = _preparing.set(True)
    try:
        yield
    finally:
        _preparing.reset(token)


class WatchedMind:
    """A model, and what was put before it.

    Attributes:
        model: its name.
        steps: that it was asked for, in order.
        outside: decisions that are not of their step's schema, and steps that are not of the three.
    """

    def __init__(self, mind: Mind) -> None:
        self.model = mind.model
        self.steps: list[Step] = []
        self.outside: list[str] = []
        self._mind = mind

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the model's decision."""
        self.steps.append(step)
        if step.schema != _SCHEMAS.get(step.name):
            self.outside.append(f"the model was asked for a step {step.name!r} of another schema")
        decision = await self._mind.decide(step, passages, seconds)
        checker = jsonschema.Draft202012Validator(step.schema)
        if (fault := next(checker.iter_errors(decision.value), None)) is not None:
            self.outside.append(f"{step.name}: {fault.message}")
        quote = decision.value.get("quote")
        if quote is not None and not any(quote in passage for passage in passages):
            self.outside.append(f"{step.name}: a quote that no passage holds: {quote!r}")
        return decision

    def texts(self, role: str, step: str | None = None) -> str:
        """Return all that was said to the model in a role, "system" or "user".

        Args:
            role: of the turns.
            step: name of the steps; None: of all.
        """
        steps = (asked for asked in self.steps if step in (None, asked.name))
        turns = (turn for asked in steps for turn in asked.messages())
        return "\n".join(turn["content"] for turn in turns if turn["role"] == role)


class WatchedStore:
    """A store, and what was asked of it beside reading the documents of the request.

    Attributes:
        outside: calls that change the store, and what was read of other documents.

    Args:
        store: what answers.
        documents: ids that the request names.
    """

    def __init__(self, store: DocumentStore, documents: Collection[str]) -> None:
        self.outside: list[str] = []
        self._store, self._documents = store, frozenset(documents)

    def search_text(
        self, query: str, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Search the request's documents."""
        self._check("search_text", documents)
        return self._store.search_text(query, k, documents)

    def search_vectors(
        self, vector: Vectors, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Search the request's documents."""
        self._check("search_vectors", documents)
        return self._store.search_vectors(vector, k, documents)

    def passages(self, chunks: Sequence[int]) -> list[StoredChunk]:
        """Read chunks of the request's documents."""
        found = self._store.passages(chunks)
        self._check("passages", {passage.document_id for passage in found})
        return found

    def page(self, document_id: str, number: int) -> Page | None:
        """Read a page of the request's documents."""
        self._check("page", {document_id})
        return self._store.page(document_id, number)

    def get(self, document_id: str) -> Document | None:
        """Look up a document; its name and size are no secret."""
        return self._store.get(document_id)

    def documents(self) -> list[Document]:
        """List the documents; their names and sizes are no secret."""
        return self._store.documents()

    def find(self, content_hash: str) -> Document | None:
        """Look up a document by its file."""
        return self._store.find(content_hash)

    def add(self, new: NewDocument) -> Document:
        """Store a document: outside."""
        self.outside.append(f"store.add({new.name!r})")
        return self._store.add(new)

    def delete(self, document_id: str) -> bool:
        """Delete a document: outside."""
        self.outside.append(f"store.delete({document_id!r})")
        return self._store.delete(document_id)

    def close(self) -> None:
        """Close the store: outside."""
        self.outside.append("store.close()")
        self._store.close()

    def _check(self, tool: str, documents: Collection[str] | None) -> None:
        if documents is None or not self._documents.issuperset(documents):
            self.outside.append(f"store.{tool} of documents {documents!r}")
