"""A scripted mind, and agents that do with it what they should, or what they should not."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

from minilora.data.detective import steps
from minilora.data.detective.steps import Step
from minilora.encoder import Encoder
from serve.detective.mind import Decision
from serve.detective.reply import Reply, Source, Usage, Verification
from serve.detective.retrieve import retrieve
from serve.detective.store import DocumentStore
from serve.detective.wikipedia import Wikipedia
from serve.guard.fence import Fence
from serve.guard.limits import RequestLimits, check_question


class ScriptedMind:
    """Answers by the first line that has the first of some words, else the second."""

    model = "scripted"

    def __init__(self, *wanted: str) -> None:
        self.wanted = wanted

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        value: dict[str, Any] = {"route": "documents", "query": "Harn Observatory"}
        if step.name != "route":
            sentences = [s for passage in passages for s in passage.split("\n") if s.strip()]
            found = [s for word in self.wanted for s in sentences if word in s]
            quote = (found or sentences)[0].strip()[:400]
            value = {"quote": quote, "answered": bool(found), "answer": quote[:300]}
        if step.name == "verify":
            value = {"quote": value["quote"], "verdict": "not_found"}
        return Decision(value, (), Usage(1), {})


class SmallAgent:
    """Routes, retrieves and reads, as the detective does; no more."""

    def __init__(
        self, mind: Any, store: DocumentStore, wiki: Wikipedia, encoder: Encoder, special: str = ""
    ) -> None:
        self.mind, self.store, self.wiki, self.encoder = mind, store, wiki, encoder

    async def ask(self, question: str, documents: Collection[str] | None = None) -> Reply:
        question = check_question(question, RequestLimits())
        await self.mind.decide(steps.route(question, "strong"))
        found = await asyncio.to_thread(retrieve, self.store, self.encoder, question, documents)
        await self.wiki.search(question)
        fence = Fence()
        shown = [fence.defuse(passage.text) for passage in found]
        sources = fence.wrap("\n".join(shown), "documents")
        decision = await self.mind.decide(steps.read(question, sources, fence.rule), shown)
        return self.reply(decision.value, found[0].document_id, shown[0])

    def reply(self, value: dict[str, Any], document: str, passage: str) -> Reply:
        quote = value["quote"]
        start = passage.find(quote)
        sources = ()
        if start >= 0:
            end = start + len(quote)
            sources = (
                Source(1, "document", "d", passage, quote, start, end, document_id=document),
            )
        return Reply(
            answer=self.words(value["answer"]) if value["answered"] else "The sources do not say.",
            outcome="answered" if value["answered"] else "refused",
            route="documents",
            sources=sources,
            verification=Verification("not_checked", "Nothing was checked."),
            steps=(),
            usage=Usage(),
            model="scripted",
            short_answer=value["answer"] if value["answered"] else None,
        )

    def words(self, answer: str) -> str:
        return answer
