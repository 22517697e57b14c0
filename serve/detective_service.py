"""What the routes of the detective share, and how it is loaded: store, uploads, wiki, model."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

import httpx
import msgspec
from opentelemetry.context import Context

from minilora.chat import Tokenizer
from minilora.cross_encoder.entailer import load_entailer
from minilora.cross_encoder.reader import Reader, load_reader
from minilora.data.detective.steps import Step
from minilora.encoder import Encoder
from minilora.weights import DEFAULT_ENCODER
from serve.detective.agent import Detective
from serve.detective.comparing_mind import ComparingMind, verdict_mind
from serve.detective.extract import Limits
from serve.detective.ingest import Ingester
from serve.detective.journal import OnStep
from serve.detective.local_mind import ADAPTER, InThread, LocalMind
from serve.detective.mind import Decision, Mind
from serve.detective.parts import DetectiveConfig, Parts
from serve.detective.pointing import rank
from serve.detective.pointing_mind import PointingMind
from serve.detective.remote_mind import RemoteMind
from serve.detective.reply import Reply
from serve.detective.store import DocumentStore, open_store
from serve.detective.wiki_cache import SqliteCache
from serve.detective.wiki_http import Patience
from serve.detective.wikipedia import Wikipedia, WikipediaConfig
from serve.detective_metrics import CountingTransport, DetectiveMetrics
from serve.engine import LocalEngine, use_one_core
from serve.guard.limits import RequestLimits
from serve.guard.scanner import Scanner
from serve.settings import Settings
from serve.trace import Tracer
from serve.uploads import Uploads

JUDGE = "judge"  # the adapter that compares claims with sources
WIKI_CACHE = "wikipedia.sqlite"  # in the data folder


class Asker(Protocol):
    """Answers questions; :class:`serve.detective.agent.Detective` does."""

    async def ask(
        self,
        question: str,
        documents: Collection[str] | None = None,
        on_step: OnStep = ...,
        *,
        parent: Context | None = None,
        session: str | None = None,
        user: str | None = None,
    ) -> Reply:
        """Return the answer; see :meth:`serve.detective.agent.Detective.ask`."""


@dataclass
class DetectiveService:
    """The detective's part of a server.

    Attributes:
        asker: answers.
        store: of the documents.
        uploads: the way into it.
        metrics: what is counted.
        model: which answers, for the count of its tokens.
        question_tokens: reserved for a question.
        max_questions: answered at once.
        max_upload_bytes: of a file.
        resources: closed in the end, the last first.
    """

    asker: Asker
    store: DocumentStore
    uploads: Uploads
    metrics: DetectiveMetrics
    model: str
    question_tokens: int = 8192
    max_questions: int = 32
    max_upload_bytes: int = 32 << 20
    resources: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def close(self) -> None:
        """End uploads and let go of files and connections."""
        await asyncio.to_thread(self.uploads.close)
        await self.resources.aclose()
        await asyncio.to_thread(self.store.close)


@dataclass(frozen=True)
class Prices:
    """What a million tokens cost, in any currency."""

    prompt: float
    completion: float


class PricedMind:
    """A mind whose decisions tell their cost.

    Args:
        mind: decides.
        prices: of its tokens.
    """

    def __init__(self, mind: Mind, prices: Prices) -> None:
        self._mind, self._prices = mind, prices

    @property
    def model(self) -> str:
        """The mind's."""
        return self._mind.model

    async def decide(
        self, step: Step, passages: Sequence[str] = (), seconds: float = 60.0
    ) -> Decision:
        """Return the mind's decision; see :meth:`serve.detective.mind.Mind.decide`."""
        decision = await self._mind.decide(step, passages, seconds)
        used, prices = decision.usage, self._prices
        cost = used.prompt_tokens * prices.prompt + used.completion_tokens * prices.completion
        usage = msgspec.structs.replace(used, cost=cost / 1e6)
        return dataclasses.replace(decision, usage=usage)


def load_detective(
    settings: Settings,
    engine: LocalEngine,
    tokenizer: Tokenizer,
    encoder: Encoder,
    in_grammar_thread: InThread,
    in_encoder_thread: InThread,
    metrics: DetectiveMetrics,
    tracer: Tracer,
) -> DetectiveService:
    """Return the detective's part of a server, with the sample document where there is none.

    Raises:
        ValueError: the store, the cache or a setting cannot be used; the message says why.
    """
    resources = AsyncExitStack()
    reader = load_reader(encoder=encoder)
    mind = make_mind(
        settings,
        engine,
        tokenizer,
        encoder,
        reader,
        in_grammar_thread,
        in_encoder_thread,
        resources,
    )
    store = open_store(settings.documents, DEFAULT_ENCODER, encoder.config.d_model)
    metrics.observe_documents(store.documents)
    ingester = Ingester(store, encoder, limits=Limits(max_bytes=settings.max_upload_bytes))
    if settings.sample_document:
        ingester.ingest_sample()
    parts = Parts(
        mind,
        store,
        encoder,
        in_encoder_thread,
        tracer,
        make_wiki(settings, metrics, resources),
        Scanner(encoder),
        partial(rank, reader, encoder),
    )
    return DetectiveService(
        Detective(parts, detective_config(settings)),
        store,
        Uploads(ingester, metrics, settings.max_uploads, prepare_thread=use_one_core),
        metrics,
        mind.model,
        settings.question_tokens,
        settings.max_questions,
        settings.max_upload_bytes,
        resources,
    )


def detective_config(settings: Settings) -> DetectiveConfig:
    """Return how the detective works."""
    limits = RequestLimits(
        max_question_chars=settings.detective_question_chars,
        max_steps=settings.detective_max_steps,
        max_seconds=settings.request_timeout_s,
        max_answer_chars=settings.detective_answer_chars,
    )
    return DetectiveConfig(limits, answered_threshold=settings.detective_read_confidence)


def make_wiki(
    settings: Settings, metrics: DetectiveMetrics, resources: AsyncExitStack
) -> Wikipedia | None:
    """Return the client of the wiki, its requests counted and its replies kept; None where off.

    Raises:
        ValueError: the wiki's address, or the cache's file, cannot be used.
    """
    if not settings.wikipedia:
        return None
    config = WikipediaConfig(
        settings.wikipedia_url,
        settings.wikipedia_path,
        settings.wikipedia_contact,
        settings.wikipedia_private,
        patience=Patience(settings.wikipedia_attempt_s, settings.wikipedia_timeout_s),
    )
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    cache = SqliteCache(settings.data_folder / WIKI_CACHE, settings.wikipedia_cache_s, time.time)
    resources.callback(cache.close)
    transport = CountingTransport(httpx.AsyncHTTPTransport(), metrics.wiki_answered)
    wiki = Wikipedia(config, cache, transport)
    resources.push_async_callback(wiki.aclose)
    return wiki


def make_mind(
    settings: Settings,
    engine: LocalEngine,
    tokenizer: Tokenizer,
    encoder: Encoder,
    reader: Reader,
    in_grammar_thread: InThread,
    in_encoder_thread: InThread,
    resources: AsyncExitStack,
) -> Mind:
    """Return what decides: this server's own model with its cross-encoders, or an endpoint.

    A model or adapter that is named in the settings decides all by itself.

    Raises:
        ValueError: no such adapter, or the endpoint's address cannot be used.
    """
    mind: Mind
    if settings.detective_url is not None:
        assert settings.detective_model is not None, "settings check it"
        remote = RemoteMind(
            settings.detective_url, settings.detective_model, settings.detective_api_key
        )
        resources.push_async_callback(remote.aclose)
        mind = remote
    else:
        adapter = settings.detective_model or ADAPTER
        if settings.detective_model not in (None, settings.model, *engine.adapters()):
            known = ", ".join([settings.model, *engine.adapters()])
            raise ValueError(f"detective_model: no adapter {adapter!r}; there are: {known}")
        mind = LocalMind(engine, tokenizer, in_grammar_thread, settings.model, adapter)
        if settings.detective_model is None:
            judge = LocalMind(engine, tokenizer, in_grammar_thread, settings.model, JUDGE)
            comparing = ComparingMind(load_entailer(encoder=encoder), in_encoder_thread)
            verdicts = verdict_mind(judge, comparing)
            mind = PointingMind(mind, reader, encoder, verdicts, in_encoder_thread)
    prompt, completion = settings.detective_prompt_price, settings.detective_completion_price
    if prompt is None or completion is None:
        return mind
    return PricedMind(mind, Prices(prompt, completion))
