"""A mind that says what a test tells it to, a wiki of a few pages, and a detective of both."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from minilora.data.detective.steps import Step
from minilora.encoder import Encoder
from serve.detective.agent import Detective
from serve.detective.chunks import Chunker
from serve.detective.documents import Hidden, make_page
from serve.detective.mind import Decision
from serve.detective.parts import DetectiveConfig, Parts
from serve.detective.reply import Usage
from serve.detective.store import Document, DocumentStore, NewDocument
from serve.detective.wikipedia import Hit, Page, SearchResult
from serve.trace import Tracer, TraceSettings
from serve.trace_store import TraceStore

T = TypeVar("T")
Said = dict[str, Any] | Exception
Says = Callable[[Step, Sequence[str]], Said | Awaitable[Said]]

REPORT = (
    "The Harbour Lighthouse of Keelhaven was built in 1875 by Ada Thorne.",
    "The lamp of the Harbour Lighthouse is lit by seven keepers, who live in the tower.",
)
WIKI = {"Keelhaven": "Keelhaven is a port.\n\nThe Harbour Lighthouse was completed in 1871."}
QUESTION = "When was the Harbour Lighthouse in Keelhaven built?"


class ScriptedMind:
    """Answers by step; what it was asked is kept."""

    model = "scripted"

    def __init__(self, **says: Says | Said) -> None:
        self._says = says
        self.asked: list[tuple[Step, tuple[str, ...]]] = []

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        self.asked.append((step, tuple(passages)))
        said = self._says[step.name]
        value = said(step, passages) if callable(said) else said
        if isinstance(value, Awaitable):
            value = await value
        if isinstance(value, Exception):
            raise value
        confidence = value.pop("confidence", {}) if "confidence" in value else {}
        return Decision(dict(value), (), Usage(1, 10, 2, 12, 0.5), confidence)

    def steps(self) -> list[str]:
        return [step.name for step, _ in self.asked]


def routes(route: str, query: str = "Harbour Lighthouse Keelhaven") -> Said:
    return {"route": route, "query": query}


def quotes(needle: str, answer: str = "In 1875", answered: bool = True, **more: Any) -> Says:
    """The sentence that holds the needle, where a passage has it; else the first words."""

    def says(step: Step, passages: Sequence[str]) -> Said:
        for passage in passages:
            if needle in passage:
                return {"quote": passage, "answered": answered, "answer": answer} | more
        return {"quote": passages[0].split()[0], "answered": False, "answer": ""} | more

    return says


def judges(needle: str, verdict: str) -> Says:
    def says(step: Step, passages: Sequence[str]) -> Said:
        assert needle in " ".join(passages), passages
        return {"quote": needle, "verdict": verdict}

    return says


class ScriptedWiki:
    """Finds every page whatever is searched for."""

    def __init__(self, pages: dict[str, str] | Exception) -> None:
        self._pages = pages
        self.queries: list[str] = []

    async def search(self, query: str, n: int = 5) -> SearchResult:
        self.queries.append(query)
        if isinstance(self._pages, Exception):
            raise self._pages
        return SearchResult(query, tuple(Hit(title, "...") for title in self._pages)[:n])

    async def page(self, title: str) -> Page | None:
        assert isinstance(self._pages, dict)
        url = "https://wiki.example/w/index.php?oldid=7"
        return Page(title, self._pages[title], 7, url, url, False)


async def at_once(work: Callable[[], T], /) -> T:
    return work()


def add(
    store: DocumentStore, encoder: Encoder, texts: Sequence[str], hidden: Sequence[Hidden] = ()
) -> Document:
    """Store a document of one page a text; ``hidden`` is of the first."""
    pages = [make_page(i, text, list(hidden) if i == 1 else []) for i, text in enumerate(texts, 1)]
    chunks = Chunker(encoder.tokenizer).chunks(pages)
    contents = [pages[c.page - 1].text[c.start : c.end] for c in chunks]
    vectors = encoder.encode(contents).numpy()
    return store.add(
        NewDocument("report.txt", "text", None, str(hash(texts)), 1, pages, chunks, vectors)
    )


def detective(
    mind: Any,
    store: DocumentStore,
    encoder: Encoder,
    wiki: Any = None,
    config: DetectiveConfig | None = None,
    clock: Callable[[], float] = time.monotonic,
    traces: TraceStore | None = None,
    scanner: Any = None,
) -> Detective:
    tracer = Tracer(TraceSettings(log_prompts=True), traces)
    return Detective(Parts(mind, store, encoder, at_once, tracer, wiki, scanner), config, clock)
