"""Pages of a wiki to the passages that say most about a question.

A page can be long, and encoding all of it takes seconds. So its chunks are first counted by the
question's keywords in them; the best of these are encoded and ranked by both, fused like the
documents' (:mod:`serve.detective.retrieve`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from minilora.encoder import Encoder
from serve.detective import documents
from serve.detective.chunks import Chunker
from serve.detective.keywords import keywords
from serve.detective.retrieve import fuse
from serve.detective.wikipedia import Page, SearchResult, WikipediaUnavailable

MAX_CANDIDATES = 24  # chunks that are encoded
MAX_PAGE_CHARS = 200_000  # of a page; the rest is not read
_WORD = re.compile(r"\w+")


class Wiki(Protocol):
    """What is asked of a wiki; :class:`serve.detective.wikipedia.Wikipedia` has it."""

    async def search(self, query: str, n: int = 5) -> SearchResult:
        """Return the pages that have a question's keywords."""
        ...

    async def page(self, title: str) -> Page | None:
        """Return a page; None where there is none."""
        ...


@dataclass(frozen=True)
class WikiPassage:
    """A chunk of a page: ``page.text[start:end]``."""

    page: Page
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its text."""
        return self.page.text[self.start : self.end]


async def read_pages(wiki: Wiki, titles: Sequence[str]) -> list[Page]:
    """Return the pages of these titles that can be had, but no lists of meanings.

    Raises:
        WikipediaUnavailable: none can be had, and the wiki could not be asked for one at least.
    """
    found = await asyncio.gather(*map(wiki.page, titles), return_exceptions=True)
    pages: dict[int, Page] = {}
    failure: BaseException | None = None
    for page in found:
        if isinstance(page, WikipediaUnavailable):
            failure = page
        elif isinstance(page, BaseException):
            raise page
        elif page is not None and not page.is_disambiguation:
            pages.setdefault(page.revision, page)  # two titles may lead to one page
    if failure is not None and not pages:
        raise failure
    return list(pages.values())


def rank_passages(
    pages: Sequence[Page], question: str, encoder: Encoder, chunker: Chunker, k: int
) -> list[WikiPassage]:
    """Return the k passages of pages that say most about a question; it computes, and blocks."""
    passages = [
        WikiPassage(page, chunk.start, chunk.end)
        for page in pages
        for chunk in chunker.chunks([documents.Page(1, page.text[:MAX_PAGE_CHARS])])
    ]
    wanted = {word.lower() for keyword in keywords(question) for word in _WORD.findall(keyword)}
    counts = [len(wanted & set(_WORD.findall(passage.text.lower()))) for passage in passages]
    by_words = sorted(range(len(passages)), key=lambda i: -counts[i])[:MAX_CANDIDATES]
    if not by_words:
        return []
    texts = [f"{passages[i].page.title}. {passages[i].text}" for i in by_words]
    vectors = encoder.encode([question, *texts])  # (1 + n, D)
    cosines = (vectors[1:] @ vectors[0]).tolist()
    by_meaning = [by_words[i] for i in sorted(range(len(by_words)), key=lambda i: -cosines[i])]
    return [passages[i] for i, _ in fuse(by_meaning, by_words)[:k]]
