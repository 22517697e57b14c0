"""What the detective tells: an answer with its sources, and every step that led to it.

The same types are the body of ``POST /ask``, the events of its stream, what the page shows and
what the judge reads; :func:`msgspec.to_builtins` gives their JSON form.

>>> Verification("not_checked", "Wikipedia was not asked.").source is None
True
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from minilora.data.detective.steps import Route

StepName = Literal["route", "retrieve", "search", "read", "verify", "answer"]
StepStatus = Literal["running", "ok", "failed", "skipped"]
Outcome = Literal["answered", "refused"]
Judgement = Literal["supported", "contradicted", "not_found", "unavailable", "not_checked"]


class TokenView(msgspec.Struct, frozen=True):
    """A generated token and what the grammar made of it.

    Attributes:
        text: its bytes as UTF-8, with U+FFFD where it ends inside a character.
        forced: the grammar left no choice.
        allowed: how many tokens the grammar allowed there; None where the model is a remote one.
        probability: among the allowed tokens, 0 to 1; None where it is not known.
        others: the likeliest other tokens and their probabilities.
    """

    text: str
    forced: bool = False
    allowed: int | None = None
    probability: float | None = None
    others: tuple[tuple[str, float], ...] = ()


class Usage(msgspec.Struct, frozen=True):
    """What was asked of the model.

    Attributes:
        model_calls: how many steps asked it.
        prompt_tokens, completion_tokens, total_tokens: as OpenAI counts them.
        cost: by the prices that are set for the model, in their currency; None without prices.
    """

    model_calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    cost: float | None = None


class StepRecord(msgspec.Struct, frozen=True):
    """One step of an answer; the stream sends it when it begins and again when it ends.

    Attributes:
        index: from 0, in the order in which steps began.
        name: what was done.
        status: "running" until it ended.
        started_ms, duration_ms: since the question arrived, and how long; None while it runs.
        summary: one sentence for a reader.
        detail: what the step found, by its name:
            route: {"match", "route", "query", "confidence"};
            retrieve: {"passages": [{"document_id", "document_name", "page", "text", "start", "end",
            "score", "dense_score", "text_score"}]};
            search: {"query", "hits": [{"title", "snippet"}], "passages": [{"title", "url",
            "text"}]};
            read: {"from": "documents" or "wikipedia", "quote", "answered", "answer",
            "confidence"};
            verify: {"claim", "quote", "verdict", "confidence"};
            answer: {}.
            A confidence is as in :class:`serve.detective.mind.Decision`.
        tokens: what the model wrote in this step.
        usage: of this step.
        error: why it failed or was skipped, one sentence; None where it did not.
    """

    index: int
    name: StepName
    status: StepStatus
    started_ms: float
    duration_ms: float | None = None
    summary: str = ""
    detail: dict[str, Any] = {}
    tokens: tuple[TokenView, ...] = ()
    usage: Usage = Usage()
    error: str | None = None


class Source(msgspec.Struct, frozen=True):
    """A citation: number N of the answer's ``[N]``, its passage, and the quote in it.

    Attributes:
        number: from 1; only numbers of this list stand in the answer.
        kind: where it is from.
        title: the document's name or the wiki page's title.
        passage: the retrieved text.
        quote: what the answer rests on; ``passage[start:end]``, verbatim.
        start, end: characters.
        document_id, page, passage_start: of a document: its id, the page from 1, and where the
            passage begins in that page's text; None for Wikipedia.
        url: of a wiki page, the revision that was read; None for a document.
    """

    number: int
    kind: Literal["document", "wikipedia"]
    title: str
    passage: str
    quote: str
    start: int
    end: int
    document_id: str | None = None
    page: int | None = None
    passage_start: int | None = None
    url: str | None = None


class Verification(msgspec.Struct, frozen=True):
    """What Wikipedia says of the answer that the documents gave.

    Attributes:
        verdict: "unavailable" where Wikipedia could not be asked, "not_checked" where there was
            nothing to check.
        reason: one sentence for a reader.
        claim: what was checked.
        source: number of the Wikipedia source that the verdict rests on.
    """

    verdict: Judgement
    reason: str
    claim: str | None = None
    source: int | None = None


class Reply(msgspec.Struct, frozen=True):
    """The answer to a question.

    Attributes:
        answer: plain text with citations ``[N]``; always something a reader can use.
        outcome: "refused" where the sources do not say, or nothing can be looked up.
        route: where it was looked for.
        sources: what the answer cites, numbers ascending.
        verification: what Wikipedia says.
        steps: all of them.
        usage: of all steps.
        model: which answered.
        trace_id: of the trace; "" where none is kept.
        short_answer: the words that answer, without citations; None where it is refused.
    """

    answer: str
    outcome: Outcome
    route: Route
    sources: tuple[Source, ...]
    verification: Verification
    steps: tuple[StepRecord, ...]
    usage: Usage
    model: str
    trace_id: str = ""
    short_answer: str | None = None
