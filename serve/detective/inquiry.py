"""The steps that one question may take; :mod:`serve.detective.agent` says in which order.

Every step is a method that returns what it found, or what stands for nothing where it failed: the
journal has the reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

import msgspec

from minilora.data.detective.steps import Match, Route, Step
from minilora.data.detective.steps import read as read_step
from minilora.data.detective.steps import route as route_step
from minilora.data.detective.steps import verify as verify_step
from serve.detective.chunks import Chunker
from serve.detective.compose import Place, Reading
from serve.detective.journal import Journal, Note
from serve.detective.keywords import keywords, names_shared
from serve.detective.match import match_of
from serve.detective.mind import Decision, MindFailed
from serve.detective.parts import DetectiveConfig, Parts
from serve.detective.reply import Verification
from serve.detective.retrieve import Passage, retrieve
from serve.detective.sources import (
    Excerpt,
    Quote,
    document_excerpts,
    fenced,
    find_quote,
    make_excerpt,
)
from serve.detective.wiki_passages import Wiki, rank_passages, read_pages
from serve.generation import Refused
from serve.guard.canary import Canary, CanaryLeaked
from serve.guard.fence import Fence
from serve.guard.normalise import normalise
from serve.span import RetrievedDocument

LEAST_NAMES = 0.5  # a page with no more of the question's names is about something else


class Inquiry:
    """One question under way.

    Args:
        parts: what it works with.
        config: how.
        chunker: of wiki pages.
        question: checked.
        documents: ids; None: all.
        journal: of its steps.
        fence: of its sources; its digits are the request's canary, too.

    Attributes:
        question: as it is put before the model.
    """

    def __init__(
        self,
        parts: Parts,
        config: DetectiveConfig,
        chunker: Chunker,
        question: str,
        documents: Collection[str] | None,
        journal: Journal,
        fence: Fence,
    ) -> None:
        self._parts, self._config, self._chunker = parts, config, chunker
        self._asked, self._documents = question, documents
        self._journal, self._fence = journal, fence
        self._canary = Canary(fence.digits)
        self._query = question
        self._found: list[Passage] | None = None
        self.question = fence.defuse(question)

    # --- question and route ----------------------------------------------------------------------

    async def scan(self) -> None:
        """Write into the trace what the scanner makes of the question, raw and normalised."""
        await self._scan("question", [self._asked, normalise(self._asked).text])

    async def look(self, place: Place) -> Reading:
        """Return what one place says."""
        if place == "documents":
            found = await self._documents_found()
        elif self._parts.wiki is not None:
            found = await self._wikipedia_found(self._parts.wiki, self.question)
        else:
            return Reading(place, "off")
        if found is None:
            return Reading(place, "failed")
        if not found:
            return Reading(place, "nothing")
        await self._scan(place, [text for e in found for text in (e.text, normalise(e.text).text)])
        return await self._read(place, found)

    async def route(self) -> tuple[Route, Match]:
        """Return where to look, and how well the documents match.

        Where the model gives no route, the match alone decides.
        """
        match: Match = "none"

        async def work(note: Note) -> Route:
            nonlocal match
            match = match_of(self.question, (await self._retrieved())[: self._config.n_passages])
            note.detail = {"match": match}
            decision = await self._decide(note, route_step(self.question, match), ())
            where: Route = decision.value["route"]
            self._query = decision.value["query"] if keywords(decision.value["query"]) else ""
            self._query = self._query or self.question
            note.detail |= {
                "route": where,
                "query": decision.value["query"],
                "confidence": decision.confidence,
            }
            note.summary = {
                "documents": "The documents are to be asked.",
                "wikipedia": "Wikipedia is to be asked.",
                "both": "The documents and Wikipedia are to be asked.",
                "neither": "There is nothing to look up.",
            }[where]
            return where

        chosen = await self._journal.take("route", "CHAIN", work)
        fallback: Route = "both" if match in ("fair", "strong") else "wikipedia"
        return chosen or fallback, match

    # --- what there is to read -------------------------------------------------------------------

    async def _documents_found(self) -> list[Excerpt] | None:
        """Return the best passages of the documents; None where the store cannot be asked."""

        async def work(note: Note) -> list[Excerpt]:
            found = {passage.chunk: passage for passage in await self._retrieved()}
            excerpts = await self._ranked(document_excerpts(found.values(), self._fence))
            chunks = list(dict.fromkeys(e.chunk for e in excerpts if e.chunk is not None))
            chunks = chunks[: self._config.n_passages]
            passages = [found[chunk] for chunk in chunks]
            note.span.set_input(self.question)
            note.span.set_documents(
                [RetrievedDocument(str(p.chunk), p.text, p.score) for p in passages]
            )
            note.detail = {"passages": [_shown(passage) for passage in passages]}
            note.summary = f"{len(passages)} passages of the documents were found."
            return self._within([e for e in excerpts if e.chunk in chunks])

        return await self._journal.take("retrieve", "RETRIEVER", work)

    async def _wikipedia_found(self, wiki: Wiki, about: str) -> list[Excerpt] | None:
        """Return the passages of a wiki that say most about something; None where it fails."""

        async def work(note: Note) -> list[Excerpt]:
            note.span.set_tool("wikipedia", {"query": self._query})
            found = await wiki.search(self._query)
            note.detail = {
                "query": found.query,
                "hits": [{"title": hit.title, "snippet": hit.snippet} for hit in found.hits],
                "passages": [],
            }
            titles = [hit.title for hit in found.hits[: self._config.n_pages]]
            pages = await read_pages(wiki, titles)
            nearest = await self._parts.in_encoder_thread(
                lambda: rank_passages(
                    pages, about, self._parts.encoder, self._chunker, self._n_wanted
                )
            )
            made = [
                make_excerpt(
                    "wikipedia", p.page.title, p.text, self._fence, url=p.page.permanent_url
                )
                for p in nearest
            ]
            ranked = await self._ranked([e for e in made if e is not None], about)
            excerpts = self._within(ranked[: self._config.n_passages])
            note.detail["passages"] = [
                {"title": e.title, "url": e.url, "text": e.text} for e in excerpts
            ]
            note.summary = f"{len(pages)} pages of Wikipedia were read."
            note.span.set_output(note.detail["hits"])
            return excerpts

        return await self._journal.take("search", "TOOL", work)

    # --- reading and verifying -------------------------------------------------------------------

    async def _read(self, place: Place, excerpts: Sequence[Excerpt]) -> Reading:
        """Return what the excerpts of a place say."""

        async def work(note: Note) -> Reading:
            text = self._sources(excerpts, place)
            step = read_step(self.question, text, self._fence.rule)
            decision = await self._decide(note, step, [e.shown for e in excerpts])
            value, confidence = decision.value, decision.confidence
            quote = _found(excerpts, value["quote"])
            answered = value["answered"]
            if confidence:
                answered = confidence["true"] >= self._config.answered_threshold
            note.detail |= {
                "quote": quote.text,
                "answered": answered,
                "answer": value["answer"],
                "confidence": confidence,
            }
            note.summary = "It is said there." if answered else "It is not said there."
            if answered:
                return Reading(place, "answered", quote, value["answer"])
            return Reading(place, "silent", quote)

        reading = await self._journal.take("read", "CHAIN", work, {"from": place})
        return reading or Reading(place, "failed")

    async def verify(self, quote: Quote, answer: str) -> tuple[Verification, Quote | None]:
        """Return what Wikipedia says of a quoted sentence, and the quote that shows it.

        Args:
            quote: of a document.
            answer: that rests on it, in short.
        """
        if (wiki := self._parts.wiki) is None:
            return Verification("not_checked", "Wikipedia is not asked on this server."), None
        claim = self._claim(quote)
        excerpts = await self._wikipedia_found(wiki, claim)
        if excerpts is None:
            return Verification("unavailable", "Wikipedia could not be asked.", claim), None
        if not excerpts:
            return Verification("not_found", "Wikipedia has no page on it.", claim), None

        async def work(note: Note) -> tuple[Verification, Quote | None]:
            text = self._sources(excerpts, "wikipedia")
            step = verify_step(claim, text, self._fence.rule, self.question, answer)
            try:
                decision = await self._decide(note, step, [e.shown for e in excerpts])
            except Refused as error:  # there is an answer already, if an unchecked one
                raise MindFailed(str(error)) from error
            found = _found(excerpts, decision.value["quote"])
            verdict = decision.value["verdict"]
            of_it = names_shared(self.question, f"{found.excerpt.title}\n{found.excerpt.text}")
            unsure = decision.confidence.get(verdict, 1.0) < self._config.verdict_threshold
            if unsure or of_it <= LEAST_NAMES:
                verdict = "not_found"
            note.detail |= {
                "quote": found.text,
                "verdict": verdict,
                "names": of_it,
                "confidence": decision.confidence,
            }
            reason = {
                "supported": "Wikipedia says the same.",
                "contradicted": "Wikipedia says otherwise.",
                "not_found": "The pages that were found do not say.",
            }[verdict]
            note.summary = reason
            checked_by = None if verdict == "not_found" else found
            return Verification(verdict, reason, claim), checked_by

        verified = await self._journal.take("verify", "CHAIN", work, {"claim": claim})
        if verified is not None:
            return verified
        return Verification("unavailable", "The claim could not be compared.", claim), None

    async def still_stored(self, quote: Quote) -> bool:
        """Return whether a quote's passage has not been deleted meanwhile.

        Raises:
            StoreError: the store cannot be asked.
        """
        chunk = quote.excerpt.chunk
        if chunk is None:
            return True
        return bool(await asyncio.to_thread(self._parts.store.passages, [chunk]))

    def check_secret(self, text: str) -> None:
        """Refuse a text that gives away the system prompt.

        Raises:
            CanaryLeaked: it does.
        """
        if self._canary.is_in(text):
            raise CanaryLeaked("the model's answer gives away the system prompt; it was dropped")

    # --- parts of steps --------------------------------------------------------------------------

    async def _decide(self, note: Note, step: Step, quotable: Sequence[str]) -> Decision:
        """Return the model's decision, traced; nothing of it gives away the system prompt."""
        parts, budget = self._parts, self._journal.budget
        with parts.tracer.span("decide", "LLM") as span:
            span.set_messages(step.messages())
            seconds = min(self._config.decision_s, budget.seconds_left)
            try:
                decision = await parts.mind.decide(step, quotable, seconds)
            except MindFailed as error:
                note.usage = error.usage
                span.set_model(parts.mind.model)
                raise
            note.detail["by"] = decision.model or parts.mind.model
            span.set_model(note.detail["by"])
            note.tokens, note.usage = decision.tokens, decision.usage
            content = msgspec.json.encode(decision.value).decode()
            span.set_answers([{"role": "assistant", "content": content}])
            span.set_token_counts(decision.usage.prompt_tokens, decision.usage.completion_tokens)
            for value, share in decision.confidence.items():
                span.set(f"confidence.{value}", share)
        for written in decision.value.values():
            if isinstance(written, str):
                self.check_secret(written)
        return decision

    @property
    def _n_wanted(self) -> int:
        """How many passages to look for: more where a ranker chooses among them."""
        config = self._config
        ranked = self._parts.rank is not None
        return max(config.n_passages, config.n_candidates) if ranked else config.n_passages

    async def _ranked(self, excerpts: Sequence[Excerpt], about: str | None = None) -> list[Excerpt]:
        """Return excerpts, those first that answer best; as they came where nothing ranks them."""
        parts, question = self._parts, about or self.question
        if (rank := parts.rank) is None:
            return list(excerpts)
        order = await parts.in_encoder_thread(lambda: rank(question, [e.shown for e in excerpts]))
        return [excerpts[number] for number in order]

    async def _retrieved(self) -> list[Passage]:
        """Return the passages of the documents that are wanted; they are looked up once."""
        parts = self._parts
        if self._found is None:
            self._found = await parts.in_encoder_thread(
                lambda: retrieve(
                    parts.store, parts.encoder, self.question, self._documents, self._n_wanted
                )
            )
        return self._found

    def _within(self, excerpts: Sequence[Excerpt]) -> list[Excerpt]:
        """Return the first excerpts, as many as may stand before the model."""
        kept: list[Excerpt] = []
        pieces = 0
        for excerpt in excerpts:
            pieces += len(self._parts.encoder.tokenizer.encode(excerpt.shown).ids)
            if kept and pieces > self._config.max_pieces:
                break
            kept.append(excerpt)
        return kept

    def _sources(self, excerpts: Sequence[Excerpt], place: Place) -> str:
        """Return excerpts inside the fence, charged."""
        label = {"documents": "documents", "wikipedia": "Wikipedia"}[place]
        return self._journal.budget.read(fenced(excerpts, label, self._fence))

    def _claim(self, quote: Quote) -> str:
        """Return the quoted sentence; after the question where it does not name what it is about.

        What comes from the document is cleaned as a source is.
        """
        sentence = self._fence.defuse(quote.sentence)
        wanted, said = keywords(self.question), sentence.lower()
        if any(word.lower() in said for word in wanted):
            return sentence
        return f"{self.question} {sentence}"

    async def _scan(self, name: str, texts: Sequence[str]) -> None:
        parts = self._parts
        if (scanner := parts.scanner) is None or not texts:
            return
        with parts.tracer.span("scan", "GUARDRAIL") as span:
            verdicts = await parts.in_encoder_thread(lambda: scanner.scan(texts))
            worst = max(verdicts, key=lambda verdict: verdict.score)
            span.set("scanned", name)
            span.set_score(
                "injection",
                worst.score,
                "suspicious" if worst.suspicious else "benign",
                ", ".join(worst.signs),
            )


def _found(excerpts: Sequence[Excerpt], words: str) -> Quote:
    """Return a quote's place.

    Raises:
        MindFailed: it is in no source; no mind should let that through.
    """
    quote = find_quote(excerpts, words)
    if quote is None:
        raise MindFailed("the quote is in no source")
    return quote


def _shown(passage: Passage) -> dict[str, object]:
    """Return a passage as the record of the step has it."""
    return {
        "document_id": passage.document_id,
        "document_name": passage.document_name,
        "page": passage.page,
        "text": passage.text,
        "start": passage.start,
        "end": passage.end,
        "score": passage.score,
        "dense_score": passage.dense_score,
        "text_score": passage.text_score,
    }
