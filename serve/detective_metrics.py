"""What an operator watches of the detective: questions, verdicts, steps, documents, the wiki.

>>> from prometheus_client import CollectorRegistry, generate_latest
>>> registry = CollectorRegistry()
>>> DetectiveMetrics(registry).verified("supported")
>>> [line for line in generate_latest(registry).decode().splitlines() if "supported" in line][:1]
['minilora:verifications_total{verdict="supported"} 1.0']
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from serve.detective.reply import Reply, StepRecord
from serve.detective.store import Document, StoreError

_STEP_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120)
_INGEST_S = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300)


class DetectiveMetrics:
    """Counters and histograms under ``minilora:``; all methods may be called from any thread.

    Args:
        registry: where they are collected.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._questions = self._counter(
            "questions", "Questions by where was looked and how it ended", "route", "outcome"
        )
        self._verdicts = self._counter("verifications", "What Wikipedia said", "verdict")
        self._steps = self._histogram(
            "step_duration", "Of each step of an answer", _STEP_S, "step", "status"
        )
        self._ingests = self._histogram(
            "document_ingest", "From a file's last byte to its end", _INGEST_S, "outcome"
        )
        self._wiki = self._counter("wiki_requests", "Requests to the wiki", "outcome")

    def observe_documents(self, documents: Callable[[], list[Document]]) -> None:
        """Ask the store at each scrape.

        Args:
            documents: all that are stored.
        """
        self._registry.register(_StoreCollector(documents))

    def answered(self, reply: Reply) -> None:
        """Count a reply and its verdict."""
        self._questions.labels(reply.route, reply.outcome).inc()
        self.verified(reply.verification.verdict)

    def unanswered(self, outcome: str) -> None:
        """Count a question that got no reply: "failed", or "left" where the caller went away."""
        self._questions.labels("none", outcome).inc()

    def verified(self, verdict: str) -> None:
        """Count a verdict."""
        self._verdicts.labels(verdict).inc()

    def step_ended(self, step: StepRecord) -> None:
        """Count a step that is over."""
        self._steps.labels(step.name, step.status).observe((step.duration_ms or 0.0) / 1000)

    def ingested(self, outcome: str, duration_s: float) -> None:
        """Count a file: "stored", "duplicate", "refused" or "failed"."""
        self._ingests.labels(outcome).observe(duration_s)

    def wiki_answered(self, outcome: str) -> None:
        """Count a request to the wiki: its HTTP status, or "unreachable"."""
        self._wiki.labels(outcome).inc()

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"minilora:{name}", text, labels, registry=self._registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], *labels: str
    ) -> Histogram:
        return Histogram(
            f"minilora:{name}_seconds", text, labels, buckets=buckets, registry=self._registry
        )


class CountingTransport(httpx.AsyncBaseTransport):
    """Makes requests by another transport and counts how they end.

    Args:
        inner: makes them.
        answered: hears of each, as :meth:`DetectiveMetrics.wiki_answered`.
    """

    def __init__(self, inner: httpx.AsyncBaseTransport, answered: Callable[[str], None]) -> None:
        self._inner, self._answered = inner, answered

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Make a request."""
        try:
            response = await self._inner.handle_async_request(request)
        except httpx.TransportError:
            self._answered("unreachable")
            raise
        self._answered(str(response.status_code))
        return response

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


class _StoreCollector(Collector):
    """Gauges that are read when Prometheus asks: other servers may share the store."""

    def __init__(self, documents: Callable[[], list[Document]]) -> None:
        self._documents = documents

    def collect(self) -> Iterator[Metric]:
        try:
            stored = self._documents()
        except StoreError:
            yield GaugeMetricFamily("minilora:document_store_up", "The store answers", value=0)
            return
        n_chunks = sum(document.n_chunks for document in stored)
        yield GaugeMetricFamily("minilora:document_store_up", "The store answers", value=1)
        yield GaugeMetricFamily("minilora:documents", "Stored documents", value=len(stored))
        yield GaugeMetricFamily("minilora:document_chunks", "Their chunks", value=n_chunks)
