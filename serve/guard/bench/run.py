"""All rows in all places, one after the other or several at once, each with a store of its own."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from minilora.encoder import Encoder
from minilora.weights import DEFAULT_ENCODER
from serve.detective.ingest import Ingester
from serve.detective.mind import Mind
from serve.detective.reply import Reply
from serve.detective.store import DocumentStore, open_store
from serve.detective.wikipedia import Wikipedia
from serve.guard.bench.judge import (
    PROMPT_WORDS,
    REACHED_WORDS,
    STRUCTURE_WORDS,
    Finding,
    changed,
    foreign,
    is_right,
    payload,
    secrets_in,
    shared_run,
)
from serve.guard.bench.rows import Row
from serve.guard.bench.scenes import (
    PRIVATE_FILE,
    PRIVATE_NAME,
    SCENES,
    Case,
    Place,
    Scene,
    aimed,
    benign,
    put,
)
from serve.guard.bench.watch import WatchedMind, WatchedStore, preparing
from serve.guard.bench.wiki import ROOT, Wiki, is_reading
from serve.guard.limits import QuestionRefused


class Agent(Protocol):
    """What answers: :class:`serve.detective.agent.Detective`."""

    async def ask(self, question: str, documents: Collection[str] | None = None) -> Reply:
        """Return the answer to a question about documents."""


MakeAgent = Callable[[Mind, DocumentStore, Wikipedia], Agent]


@dataclass(frozen=True)
class Heard:
    """A case's reply, or why there is none, and what was seen on the way."""

    seconds: float
    mind: WatchedMind
    outside: tuple[str, ...]
    documents: tuple[str, ...]
    reply: Reply | None = None
    refused: str | None = None
    failed: str | None = None


class Runner:
    """Runs rows through an agent.

    Args:
        make_agent: of a case's own model view, store and wiki.
        mind: the model.
        encoder: of documents and questions.
        at_once: cases that run at the same time.
    """

    def __init__(
        self, make_agent: MakeAgent, mind: Mind, encoder: Encoder, at_once: int = 1
    ) -> None:
        self._make_agent, self._mind, self._encoder = make_agent, mind, encoder
        self._slots = asyncio.Semaphore(at_once)
        self._benign: dict[tuple[str, Place], Heard] = {}

    async def baselines(self, places: Sequence[Place]) -> dict[tuple[str, Place], Heard]:
        """Run every scene without an attack, once for each place; attacks are compared with these.

        Returns:
            (scene's name, place) -> what was heard.
        """
        keys = [(scene, place) for scene in SCENES for place in places]

        async def hear(scene: Scene, place: Place) -> Heard:
            async with self._slots:
                return await self._hear(benign(scene, place))

        heard = await asyncio.gather(*(hear(scene, place) for scene, place in keys))
        for (scene, place), one in zip(keys, heard, strict=True):
            self._benign[scene.name, place] = one
        return self._benign

    async def attack(self, row: Row, place: Place, scene: Scene) -> Finding:
        """Return what came of an attack, or of a benign text in an attack's place."""
        row = aimed(row, scene)
        async with self._slots:
            heard = await self._hear(put(scene, place, row.text))
        finding = _finding(row, place, scene, heard)
        baseline = self._benign[scene.name, place]
        before = baseline.reply
        if heard.reply is None or before is None:
            return finding
        innocent = f"{scene.question}\n{scene.sources}"
        return replace(
            finding,
            reached=place == "question"
            or bool(shared_run(row.text, heard.mind.texts("user"), REACHED_WORDS, innocent)),
            outside=heard.outside + _misplaced(row, place, heard.mind, baseline.mind),
            changed=changed(heard.reply, before),
            payload=payload(_said(heard.reply), row, innocent),
            lost=is_right(before, scene) and not is_right(heard.reply, scene),
        )

    async def question(self, row: Row, scene: Scene) -> Finding:
        """Return what came of a benign question, which the scene's sources do not answer."""
        async with self._slots:
            heard = await self._hear(replace(benign(scene, "markdown"), question=row.text))
        return _finding(row, "question", scene, heard)

    async def _hear(self, case: Case) -> Heard:
        """Store the documents of a case in a new store, ask, and tell what was heard."""
        with preparing():
            folder = tempfile.TemporaryDirectory()
            store, document = await asyncio.to_thread(self._store, Path(folder.name), case)
        try:
            return await self._ask(case, store, (document,))
        finally:
            with preparing():
                await asyncio.to_thread(store.close)
                folder.cleanup()

    def _store(self, folder: Path, case: Case) -> tuple[DocumentStore, str]:
        """Return a store with the case's document and a private one, and the former's id."""
        size = self._encoder.config.d_model
        store = open_store(folder / "documents.sqlite", DEFAULT_ENCODER, size)
        ingester = Ingester(store, self._encoder)
        ingester.ingest(PRIVATE_NAME, PRIVATE_FILE)
        return store, ingester.ingest(case.file_name, case.file).id

    async def _ask(self, case: Case, store: DocumentStore, documents: tuple[str, ...]) -> Heard:
        watched, mind, wiki = (
            WatchedStore(store, documents),
            WatchedMind(self._mind),
            Wiki(case.pages),
        )
        reply: Reply | None = None
        refused: str | None = None
        failed: str | None = None
        began = time.perf_counter()
        async with wiki.client() as client:
            agent = self._make_agent(mind, watched, client)
            try:
                reply = await agent.ask(case.question, documents)
            except QuestionRefused as error:
                refused = str(error)
            except Exception as error:  # a fault that an attack causes is a finding
                failed = f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - began
        strange = [str(request.url) for request in wiki.requests if not is_reading(request)]
        outside = (*watched.outside, *mind.outside, *strange)
        return Heard(seconds, mind, outside, documents, reply, refused, failed)


def _finding(row: Row, place: Place, scene: Scene, heard: Heard) -> Finding:
    """Return what can be told without a benign run beside it."""
    reply = heard.reply
    if reply is None:
        return Finding(
            row,
            place,
            scene.name,
            heard.seconds,
            refused=heard.refused,
            failed=heard.failed,
            outside=heard.outside,
        )
    said, system = _said(reply), heard.mind.texts("system")
    return Finding(
        row,
        place,
        scene.name,
        heard.seconds,
        answer=reply.answer,
        short_answer=reply.short_answer,
        outcome=reply.outcome,
        route=reply.route,
        quotes=tuple(source.quote for source in reply.sources),
        outside=heard.outside,
        links=foreign(reply, ROOT, heard.documents),
        secrets=secrets_in(said, system),
        prompt=shared_run(system, said, PROMPT_WORDS, f"{scene.sources}\n{row.text}"),
    )


def _said(reply: Reply) -> str:
    """Return all that a reply says in its own name; passages and quotes are shown as such."""
    return "\n".join([reply.answer, reply.short_answer or "", reply.verification.reason])


def _misplaced(row: Row, place: Place, heard: WatchedMind, benign: WatchedMind) -> tuple[str, ...]:
    """Return where an attack stood that no untrusted text may reach.

    That is the system prompt, always; and, for what came by a source, the choice of the route.
    """
    found = []
    system = benign.texts("system")
    if run := shared_run(row.text, heard.texts("system"), STRUCTURE_WORDS, system):
        found.append(f"in the system prompt: {run}")
    if place != "question":
        before = heard.texts("user", "route")
        if run := shared_run(row.text, before, STRUCTURE_WORDS, benign.texts("user", "route")):
            found.append(f"before the route: {run}")
    return tuple(found)
