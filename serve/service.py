"""What the routes share, and how it is loaded: engine, encoder, limits, metrics, traces."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import torch
from starlette.requests import Request

from minilora.encoder import Encoder, load_encoder
from minilora.loading import choose_device, load
from minilora.precision import compute_dtype
from minilora.weights import DEFAULT_ENCODER
from serve.admission import Admission
from serve.auth import Authenticator, Identity, read_keys
from serve.chat import Planner
from serve.detective_metrics import DetectiveMetrics
from serve.detective_service import DetectiveService, load_detective
from serve.engine import EngineConfig, LocalEngine, use_one_core
from serve.errors import ApiError
from serve.judge.live_service import judge_answers
from serve.limiter import Limiter, MemoryLimiter
from serve.metrics import Metrics
from serve.settings import Settings
from serve.threads import WorkThread
from serve.trace import Tracer, TraceSettings
from serve.trace_store import TraceStore

T = TypeVar("T")
LANGSMITH = "https://api.smith.langchain.com/otel"


def make_encoder_thread() -> ThreadPoolExecutor:
    """Return the thread that computes with the encoder."""
    return ThreadPoolExecutor(1, "encoder", initializer=use_one_core)


@dataclass
class Service:
    """One server's parts.

    Attributes:
        model_name: of the base model; adapters have names of their own.
        encoder_name: of the embedding model.
        engine: answers.
        planner: requests to prompts and grammars; the grammar thread's.
        encoder: texts to vectors.
        admission: who may ask for how much.
        limiter: what the admission asks.
        metrics: what is counted.
        tracer: what is traced.
        detective: answers questions from documents, and what it needs.
        traces: the built-in store; None where no traces are kept.
        max_prompt_tokens: of a chat; None is as many as the model's context takes.
        default_answer_tokens: where a request does not say.
        request_timeout_s: from arrival to the last token.
        open_to_all: there are no keys, so that everyone is an operator.
        encoder_thread: computes with the encoder.
    """

    model_name: str
    encoder_name: str
    engine: LocalEngine
    planner: Planner
    encoder: Encoder
    admission: Admission
    limiter: Limiter
    metrics: Metrics
    tracer: Tracer
    detective: DetectiveService
    traces: TraceStore | None = None
    max_prompt_tokens: int | None = None
    default_answer_tokens: int = 512
    request_timeout_s: float = 120.0
    open_to_all: bool = True
    encoder_thread: ThreadPoolExecutor = field(default_factory=make_encoder_thread)

    async def in_grammar_thread(self, work: Callable[[], T]) -> T:
        """Return the result of work on grammars, which one thread does for all."""
        return await WorkThread(self.engine.grammar_thread)(work)

    async def in_encoder_thread(self, work: Callable[[], T]) -> T:
        """Return the result of work with the encoder, off the event loop."""
        return await WorkThread(self.encoder_thread)(work)

    def identify_reader(self, request: Request) -> Identity:
        """Return who asks, where documents are concerned: with a keys file, only who has a key.

        Raises:
            ApiError: 401.
        """
        identity = self.admission.identify(request)
        if identity.anonymous and not self.open_to_all:
            message = "documents are for callers with an API key: send Authorization: Bearer KEY"
            headers = {"WWW-Authenticate": "Bearer"}
            raise ApiError(401, message, code="invalid_api_key", headers=headers)
        return identity

    async def close(self) -> None:
        """End what is under way and let go of everything."""
        await self.detective.close()
        await asyncio.to_thread(self.engine.close)
        self.encoder_thread.shutdown()
        await self.limiter.close()
        await asyncio.to_thread(self.tracer.shutdown)


def load_service(settings: Settings) -> Service:
    """Return the parts of a server, loaded; takes seconds with the weights in the cache.

    Raises:
        WeightsError, ValueError, OSError: something cannot be loaded; the message says what.
    """
    threads = settings.threads or torch.get_num_threads()
    use_one_core()  # this thread loads, the engine's computes
    metrics = Metrics()
    # 16-bit sums do not depend on the batch; a CPU without them computes in float32.
    bfloat16 = choose_device(settings.device).type == "cpu" and has_bfloat16()
    dtype = torch.bfloat16 if bfloat16 else compute_dtype(choose_device(settings.device))[0]
    model, tokenizer = load(settings.model, settings.quant, None, settings.device, dtype)
    engine = LocalEngine(
        model,
        tokenizer,
        EngineConfig(
            cache_bytes=settings.cache_mb << 20,
            max_running=settings.max_running,
            max_waiting=settings.max_waiting,
            step_tokens=settings.step_tokens,
            threads=threads,
        ),
    )
    for name, folder in settings.adapter_folders.items():
        engine.load_adapter(name, folder).result()
    metrics.observe_load(settings.model, engine.load)
    keys = read_keys(settings.keys_file) if settings.keys_file is not None else ()
    limiter = make_limiter(settings, metrics)
    traces = None
    if settings.traces_kept:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        traces = TraceStore(
            settings.data_folder / "traces.sqlite",
            settings.traces_kept,
            on_dropped=metrics.spans_dropped,
        )
    encoder = load_encoder(DEFAULT_ENCODER, settings.device)
    encoder_thread = make_encoder_thread()
    tracer = Tracer(trace_settings(settings), traces, metrics.spans_dropped)
    detective = load_detective(
        settings,
        engine,
        tokenizer,
        encoder,
        WorkThread(engine.grammar_thread),
        WorkThread(encoder_thread),
        DetectiveMetrics(metrics.registry),
        tracer,
    )
    if settings.judge_share:
        judge_answers(
            detective,
            settings,
            engine,
            tokenizer,
            encoder,
            WorkThread(engine.grammar_thread),
            WorkThread(encoder_thread),
            metrics.registry,
            traces,
        )
    gc.collect()
    gc.freeze()  # what is loaded stays: a collection that went through it took 140 ms
    return Service(
        model_name=settings.model,
        encoder_name=DEFAULT_ENCODER,
        engine=engine,
        planner=Planner(tokenizer, engine.vocabulary),
        encoder=encoder,
        admission=Admission(Authenticator(keys, settings.anonymous_limits), limiter, metrics),
        limiter=limiter,
        metrics=metrics,
        tracer=tracer,
        detective=detective,
        traces=traces,
        max_prompt_tokens=settings.max_prompt_tokens,
        default_answer_tokens=settings.default_answer_tokens,
        request_timeout_s=settings.request_timeout_s,
        open_to_all=settings.keys_file is None,
        encoder_thread=encoder_thread,
    )


def has_bfloat16() -> bool:
    """Return whether this processor multiplies bfloat16 in its matrix library."""
    return bool(torch._C._has_mkldnn and torch.ops.mkldnn._is_mkldnn_bf16_supported())


def make_limiter(settings: Settings, metrics: Metrics) -> Limiter:
    """Return the limiter that the settings ask for: this process's own, or Redis's."""
    if settings.redis_url is None:
        return MemoryLimiter(time.monotonic)
    from serve.limiter_redis import RedisLimiter  # needs the extra "cluster"

    policy = settings.redis_policy
    return RedisLimiter(settings.redis_url, policy, lambda _: metrics.limiter_failed(policy))


def trace_settings(settings: Settings) -> TraceSettings:
    """Return where traces go: a collector, Phoenix or LangSmith, in this order; or nowhere."""
    endpoint: str | None = None
    headers: dict[str, str] = {}
    if settings.otlp_endpoint is not None:
        endpoint, headers = settings.otlp_endpoint, dict(settings.otlp_headers)
    elif settings.phoenix_endpoint is not None:
        endpoint, headers = settings.phoenix_endpoint, dict(settings.otlp_headers)
    elif settings.langsmith_api_key is not None:
        endpoint = LANGSMITH
        headers = {"x-api-key": settings.langsmith_api_key}
        if settings.langsmith_project is not None:
            headers["Langsmith-Project"] = settings.langsmith_project
    if endpoint is not None:
        endpoint = endpoint.rstrip("/") + "/v1/traces"
    return TraceSettings(
        endpoint=endpoint,
        headers=headers,
        project=settings.trace_project,
        log_prompts=settings.log_prompts,
    )
