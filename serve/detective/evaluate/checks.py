"""A reply against what was expected: each check is right, wrong, or does not apply (None).

    route         the route is the expected one
    page          the expected page is among the first 3 that were retrieved
    answer        the short answer contains an accepted one (:func:`.answers.contains`)
    refused       a question without an answer is refused
    quotes        every quote stands in its passage, and that in its page, word for word
    citations     every [N] is a source, every source is cited, and its page can be had
    verification  the verdict is the expected one

A reply that never came, because the server answered with an error, fails all that apply.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass

from serve.detective.evaluate.answers import contains
from serve.detective.reply import Reply, Source
from serve.judge.suite import Case

PAGES = 3  # among which the expected one must be
NAMES = ("route", "page", "answer", "refused", "quotes", "citations", "verification")
_NUMBER = re.compile(r"\[(\d+)\]")

PageText = Callable[[str, int], Awaitable[str | None]]  # document id, page -> its text
Resolves = Callable[[str], Awaitable[bool]]  # whether a URL can be had


@dataclass(frozen=True)
class Checks:
    """See the module."""

    route: bool | None
    page: bool | None
    answer: bool | None
    refused: bool | None
    quotes: bool | None
    citations: bool | None
    verification: bool | None

    @property
    def wrong(self) -> list[str]:
        """Names of what is wrong."""
        return [name for name, right in asdict(self).items() if right is False]


def failed(case: Case) -> Checks:
    """Return the checks of a question that got no reply; it quotes and cites nothing."""
    return Checks(
        route=None if case.route is None else False,
        page=None if not case.pages else False,
        answer=False if case.answers else None,
        refused=False if case.outcome == "refused" else None,
        quotes=None,
        citations=None,
        verification=None if case.verification is None else False,
    )


async def check(case: Case, reply: Reply, page_text: PageText, resolves: Resolves) -> Checks:
    """Return what is right and wrong about a reply.

    Args:
        case: what is expected; what it leaves out is not checked.
        reply: what came.
        page_text: reads a page of a document; None where there is none.
        resolves: asks for a URL.
    """
    verdict = reply.verification.verdict
    return Checks(
        route=None if case.route is None else reply.route == case.route,
        page=_page_found(case, reply) if case.pages else None,
        answer=contains(said(reply), case.answers) if case.answers else None,
        refused=reply.outcome == "refused" if case.outcome == "refused" else None,
        quotes=await _verbatim(reply, page_text) if reply.sources else None,
        citations=await _citations_resolve(reply, page_text, resolves),
        verification=None if case.verification is None else verdict == case.verification,
    )


def said(reply: Reply) -> str:
    """Return the words that answer; "" where the reply refuses."""
    return "" if reply.outcome == "refused" else reply.short_answer or reply.answer


def _page_found(case: Case, reply: Reply) -> bool:
    """Return whether an expected page is among the first; several passages may be of one page."""
    passages = next(
        (step.detail.get("passages", ()) for step in reply.steps if step.name == "retrieve"), ()
    )
    ranked = dict.fromkeys((passage["document_name"], passage["page"]) for passage in passages)
    return any(
        page in case.pages and case.document in (None, document)
        for document, page in list(ranked)[:PAGES]
    )


async def _verbatim(reply: Reply, page_text: PageText) -> bool:
    """Return whether every quote stands where its source says."""
    retrieved = {
        passage["text"]
        for step in reply.steps
        if step.name == "search"
        for passage in step.detail.get("passages", ())
    }
    for source in reply.sources:
        if not source.quote or source.passage[source.start : source.end] != source.quote:
            return False
        if source.kind == "wikipedia" and source.passage not in retrieved:
            return False
        if source.kind == "document" and not await _in_its_page(source, page_text):
            return False
    return True


async def _in_its_page(source: Source, page_text: PageText) -> bool:
    if source.document_id is None or source.page is None or source.passage_start is None:
        return False
    text = await page_text(source.document_id, source.page)
    end = source.passage_start + len(source.passage)
    return text is not None and text[source.passage_start : end] == source.passage


async def _citations_resolve(reply: Reply, page_text: PageText, resolves: Resolves) -> bool | None:
    """Return whether numbers and sources are the same, and each source is there."""
    numbers = [source.number for source in reply.sources]
    cited = {int(number) for number in _NUMBER.findall(reply.answer)}
    if not numbers and not cited:
        return None
    if sorted(cited) != numbers:
        return False
    for source in reply.sources:
        if source.kind == "document":
            there = await page_text(source.document_id or "", source.page or 0) is not None
        else:
            there = source.url is not None and await resolves(source.url)
        if not there:
            return False
    return True
