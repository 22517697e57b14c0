"""Traces: every request as a tree of spans, kept here and sent to Phoenix or LangSmith.

>>> tracer = Tracer(TraceSettings())
>>> with tracer.span("ask", kind="AGENT") as ask:
...     with tracer.span("search", kind="RETRIEVER") as search:
...         search.set_input("who wrote it")
>>> ask.trace_id == search.trace_id, len(ask.trace_id)
(True, 32)
>>> tracer.shutdown()

The parent of a span is the one entered around it, in the same asyncio task or one started inside
it; :func:`asyncio.to_thread` carries it along, a thread pool needs :meth:`Tracer.bind`. Everything
is recorded by the OpenTelemetry SDK and leaves the request by a bounded, lossy queue
(:mod:`serve.trace_export`). The provider belongs to the tracer: nothing global is set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from opentelemetry import context as otel_context
from opentelemetry import trace as otel
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import SpanExporter
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import Link, SpanKind, TraceState
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from serve.span import Kind, Span, TextPolicy
from serve.trace_export import LossyProcessor, checked_endpoint, otlp_exporter

P = ParamSpec("P")
R = TypeVar("R")

# A long chat has a few attributes a message; the SDK's 128 would lose its end.
_LIMITS = SpanLimits(max_span_attributes=2048, max_events=64, max_links=8)


@dataclass(frozen=True)
class TraceSettings:
    """What is recorded and where it goes.

    Attributes:
        endpoint: whole OTLP/HTTP address; None sends nothing. Phoenix: ``http://HOST:6006/v1/traces``,
            LangSmith: ``https://api.smith.langchain.com/otel/v1/traces``.
        headers: for the endpoint: ``Authorization``, or ``x-api-key`` and ``Langsmith-Project``.
        project: name of the project in Phoenix, without ``/``, ``?`` and ``#``, which its REST
            routes cannot name.
        sample_rate: share of traces that are sent, 0 to 1; the built-in store takes all of them.
            A trace that a caller began is sent where the caller's flag says so.
        log_prompts: record what users wrote and what was answered, not only how long it is.
        max_chars: characters of text that one span keeps at most.
        max_queue: spans that wait to be sent at most; more are dropped and counted.
        timeout_s: for sending one batch, its retries included.
        flush_s: how long the shutdown waits for what is queued, for each destination.
    """

    endpoint: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # they hold API keys
    project: str = "minilora"
    sample_rate: float = 1.0
    log_prompts: bool = False
    max_chars: int = 32_768
    max_queue: int = 1024
    timeout_s: float = 10.0
    flush_s: float = 5.0

    def __post_init__(self) -> None:
        """Check the address and the ranges."""
        if self.endpoint is not None:
            checked_endpoint(self.endpoint)
        if not self.project or set(self.project) & set("/?#"):
            raise ValueError(f"project must not be empty or contain / ? #, got {self.project!r}")
        if not 0 <= self.sample_rate <= 1:
            raise ValueError(f"sample_rate must be from 0 to 1, got {self.sample_rate}")
        for name in ("max_chars", "max_queue", "timeout_s", "flush_s"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")
        for name, value in self.headers.items():
            if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name) or not value.isprintable():
                raise ValueError(f"trace header {name!r} cannot be sent over HTTP")


class Tracer:
    """Makes spans and owns the way they leave the process.

    Args:
        settings: what is recorded and where it goes.
        store: an exporter for all spans beside the endpoint, such as the built-in
            :class:`serve.trace_store.TraceStore`; the tracer shuts it down.
        on_dropped: called with ("otlp" or "store", spans) for those that got lost, from any thread.
        version: of the service, shown in the traces.
    """

    def __init__(
        self,
        settings: TraceSettings,
        store: SpanExporter | None = None,
        on_dropped: Callable[[str, int], None] = lambda destination, spans: None,
        version: str = "",
    ) -> None:
        self._policy = TextPolicy(settings.log_prompts, settings.max_chars)
        resource = Resource(
            {
                "service.name": "minilora",
                "service.version": version,
                "openinference.project.name": settings.project,
            }
        )
        self._provider = TracerProvider(
            sampler=_RecordAll(settings.sample_rate),
            resource=resource,
            span_limits=_LIMITS,
            shutdown_on_exit=False,
        )
        self._processors = []
        if settings.endpoint is not None:
            exporter = otlp_exporter(settings.endpoint, settings.headers, settings.timeout_s)
            self._processors.append(
                LossyProcessor(
                    exporter,
                    "otlp",
                    on_dropped,
                    max_queue=settings.max_queue,
                    flush_s=settings.flush_s,
                )
            )
        if store is not None:
            self._processors.append(
                LossyProcessor(
                    store,
                    "store",
                    on_dropped,
                    max_queue=settings.max_queue,
                    delay_s=0.05,  # /traces shows a request soon after its end
                    flush_s=settings.flush_s,
                    unsampled=True,
                )
            )
        for processor in self._processors:
            self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("serve")

    def span(self, name: str, kind: Kind, parent: Context | None = None) -> Span:
        """Begin a span now.

        Args:
            name: of the step, such as "chat"; a fixed word, never text of the user's.
            kind: what OpenInference calls such a step.
            parent: :attr:`Span.context` of a span, or :func:`remote_parent`; None takes the span
                that is entered here, or begins a new trace.
        """
        return Span(self._tracer.start_span(name, context=parent), kind, self._policy)

    @staticmethod
    def bind(function: Callable[P, R]) -> Callable[P, R]:
        """Return a function that, called in any thread, works under the span entered here."""
        parent = otel_context.get_current()

        def bound(*args: P.args, **kwargs: P.kwargs) -> R:
            token = otel_context.attach(parent)
            try:
                return function(*args, **kwargs)
            finally:
                otel_context.detach(token)

        return bound

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until the ended spans were stored and sent, or lost; False where it takes longer."""
        done = [processor.force_flush(int(timeout_s * 1000)) for processor in self._processors]
        return all(done)

    def shutdown(self) -> None:
        """Send and store what is queued, for ``flush_s`` each at most, and end the threads."""
        self._provider.shutdown()


def remote_parent(traceparent: str | None) -> Context | None:
    """Return the span of a caller from its ``traceparent`` header; None without a valid one.

    Source: W3C Trace Context, https://www.w3.org/TR/trace-context/.
    """
    if traceparent is None:
        return None
    context = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, Context())
    return context if otel.get_current_span(context).get_span_context().is_valid else None


def current_ids() -> tuple[str, str] | None:
    """Return trace id and span id of the span entered here, in hexadecimal; None outside one."""
    context = otel.get_current_span().get_span_context()
    if not context.is_valid:
        return None
    return otel.format_trace_id(context.trace_id), otel.format_span_id(context.span_id)


class _RecordAll(Sampler):
    """Mark a share of the traces for sending and record the others too, for the built-in store."""

    def __init__(self, rate: float) -> None:
        self._chosen = ParentBased(TraceIdRatioBased(rate))

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Return what the caller's flag or the rate decides, with recording in place of nothing."""
        result = self._chosen.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )
        if result.decision is Decision.DROP:
            return SamplingResult(Decision.RECORD_ONLY, trace_state=result.trace_state)
        return result

    def get_description(self) -> str:
        """Return how it decides."""
        return "RecordAll"
