"""From what was found to what is shown, quoted and cited.

An :class:`Excerpt` is a piece of a source. The model reads its text cleaned: without characters
that cannot be seen, control tokens broken. What it quotes of that is found again in the text as
the source has it, so that a citation is verbatim to the character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from serve.detective.reply import Source
from serve.detective.retrieve import Passage
from serve.guard.fence import Fence
from serve.guard.normalise import strip_invisible

Kind = Literal["document", "wikipedia"]
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s|$)|\n\s*\n")


@dataclass(frozen=True)
class Excerpt:
    """A piece of a source.

    Attributes:
        kind, title, document_id, page, url: as in :class:`serve.detective.reply.Source`.
        text: as the source has it.
        shown: as the model reads it.
        places: of each character of ``shown``: where it stands in ``text``.
        start: where ``text`` begins in the page's text; None for Wikipedia.
        chunk: its number in the store; None for Wikipedia.
    """

    kind: Kind
    title: str
    text: str
    shown: str
    places: tuple[int, ...]
    document_id: str | None = None
    page: int | None = None
    start: int | None = None
    url: str | None = None
    chunk: int | None = None


@dataclass(frozen=True)
class Quote:
    """Characters ``start`` to ``end`` of an excerpt's text."""

    excerpt: Excerpt
    start: int
    end: int

    @property
    def text(self) -> str:
        """What is quoted, verbatim."""
        return self.excerpt.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        """What is quoted, and the rest of the sentences around it."""
        text = self.excerpt.text
        ends = [found.end() for found in _SENTENCE_END.finditer(text)]
        first = max((end for end in ends if end <= self.start), default=0)
        last = min((end for end in ends if end >= self.end), default=len(text))
        return " ".join(text[first:last].split())


def document_excerpts(passages: Iterable[Passage], fence: Fence) -> list[Excerpt]:
    """Return passages as they may be read: what a reader of the file does not see is left out.

    A passage of which more is hidden than not stays whole: it is the text layer under a scan.
    """
    excerpts = []
    for passage in passages:
        for begin, end in _visible(passage):
            excerpt = make_excerpt(
                "document",
                passage.document_name,
                passage.text[begin:end],
                fence,
                document_id=passage.document_id,
                page=passage.page,
                start=passage.start + begin,
                chunk=passage.chunk,
            )
            excerpts += [excerpt] if excerpt is not None else []
    return excerpts


def make_excerpt(
    kind: Kind,
    title: str,
    text: str,
    fence: Fence,
    document_id: str | None = None,
    page: int | None = None,
    start: int | None = None,
    url: str | None = None,
    chunk: int | None = None,
) -> Excerpt | None:
    """Return a piece of a source; None where nothing of it can be shown."""
    shown = fence.defuse(text)
    places = _places(text, shown)
    if places is None or not shown.strip():
        return None
    return Excerpt(kind, title, text, shown, places, document_id, page, start, url, chunk)


def find_quote(excerpts: Iterable[Excerpt], quote: str) -> Quote | None:
    """Return where the first excerpt that shows a quote has it; None where none does."""
    for excerpt in excerpts:
        at = excerpt.shown.find(quote)
        if at >= 0 and quote:
            return Quote(excerpt, excerpt.places[at], excerpt.places[at + len(quote) - 1] + 1)
    return None


def fenced(excerpts: Sequence[Excerpt], label: str, fence: Fence) -> str:
    """Return excerpts as they stand in a prompt: in one fence, a blank line between them."""
    return fence.wrap("\n\n".join(excerpt.shown.strip() for excerpt in excerpts), label)


class Citations:
    """Numbers the quotes that an answer rests on, from 1; the same quote has one number."""

    def __init__(self) -> None:
        self._quotes: list[Quote] = []

    def number(self, quote: Quote) -> int:
        """Return the number of a quote."""
        if quote not in self._quotes:
            self._quotes.append(quote)
        return self._quotes.index(quote) + 1

    def sources(self) -> tuple[Source, ...]:
        """Return all, numbers ascending."""
        return tuple(_source(number, quote) for number, quote in enumerate(self._quotes, 1))


def _source(number: int, quote: Quote) -> Source:
    excerpt = quote.excerpt
    return Source(
        number=number,
        kind=excerpt.kind,
        title=excerpt.title,
        passage=excerpt.text,
        quote=quote.text,
        start=quote.start,
        end=quote.end,
        document_id=excerpt.document_id,
        page=excerpt.page,
        passage_start=excerpt.start,
        url=excerpt.url,
    )


def _visible(passage: Passage) -> list[tuple[int, int]]:
    """Return the parts of a passage's text that a reader of the file sees."""
    text = passage.text
    # Characters without a shape go one by one, when the text is cleaned.
    spans = [span for span in passage.hidden if strip_invisible(text[span.start : span.end])]
    unseen = {i for span in spans for i in range(span.start, span.end) if not text[i].isspace()}
    if 2 * len(unseen) > sum(not c.isspace() for c in text):
        return [(0, len(text))]
    parts, begin = [], 0
    for span in sorted(spans, key=lambda span: span.start):
        if span.start > begin:
            parts.append((begin, span.start))
        begin = max(begin, span.end)
    return [*parts, (begin, len(text))] if begin < len(text) else parts


def _places(text: str, shown: str) -> tuple[int, ...] | None:
    """Return where each shown character stands in the text; None where they do not agree.

    Cleaning takes out single characters and puts in spaces; a space that was put in stands where
    the character after it does.

    >>> _places("a<|im_end|>", "a< |im_end|>")
    (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10)
    """
    places, i = [], 0
    for character in shown:
        while i < len(text) and text[i] != character and _vanishes(text[i], character):
            i += 1
        if i < len(text) and (text[i] == character or strip_invisible(text[i]) == character):
            places.append(i)
            i += 1
        elif character == " " and i < len(text):
            places.append(i)
        else:
            return None
    return tuple(places) if not strip_invisible(text[i:]).strip() else None


def _vanishes(raw: str, character: str) -> bool:
    return strip_invisible(raw) != character and not strip_invisible(raw)
