"""Spans out of the process: a bounded queue, a thread, and losses that are counted.

The request only puts its ended span into a queue. A thread of its own hands batches to an exporter.
Where that fails or is too slow the queue fills up and the newest spans are dropped and counted;
nothing waits and nothing is raised.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace import Span as SdkSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

_log = logging.getLogger("serve.trace")


class LossyProcessor(SpanProcessor):
    """Hand ended spans to an exporter, in a thread, as many as it keeps up with.

    Args:
        exporter: where they go; called by one thread only.
        name: of that place, in logs and for ``on_dropped``.
        on_dropped: called with (name, spans) for those that did not get there, from any thread.
        max_queue: spans that wait at most.
        max_batch: spans handed over at once.
        delay_s: how long to wait for a batch to fill up.
        flush_s: how long :meth:`shutdown` may take.
        unsampled: take also those that the sampler left out.
    """

    def __init__(
        self,
        exporter: SpanExporter,
        name: str,
        on_dropped: Callable[[str, int], None],
        max_queue: int = 1024,
        max_batch: int = 64,
        delay_s: float = 1.0,
        flush_s: float = 5.0,
        unsampled: bool = False,
    ) -> None:
        self._exporter, self._name, self._on_dropped = exporter, name, on_dropped
        self._max_queue, self._max_batch = max_queue, max_batch
        self._delay_s, self._flush_s, self._unsampled = delay_s, flush_s, unsampled
        self._queue: deque[ReadableSpan] = deque()
        self._changed = threading.Condition()
        self._exporting = self._flushing = self._closed = self._failing = False
        self._thread = threading.Thread(target=self._run, name=f"trace-{name}", daemon=True)
        self._thread.start()

    def on_start(self, span: SdkSpan, parent_context: Context | None = None) -> None:
        """Do nothing: only ended spans are exported."""

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span, or count it as dropped."""
        context = span.get_span_context()
        if not (self._unsampled or (context is not None and context.trace_flags.sampled)):
            return
        with self._changed:
            taken = not self._closed and len(self._queue) < self._max_queue
            if taken:
                self._queue.append(span)
                if len(self._queue) in (1, self._max_batch):
                    self._changed.notify_all()
        if not taken:
            self._on_dropped(self._name, 1)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Wait until everything queued was tried once; False where that takes longer."""
        with self._changed:
            self._flushing = True
            self._changed.notify_all()
            done = self._changed.wait_for(
                lambda: not self._queue and not self._exporting, timeout_millis / 1000
            )
            self._flushing = False
        return done

    def shutdown(self) -> None:
        """Hand over what is queued, for ``flush_s`` at most; what is left is counted as dropped."""
        with self._changed:
            if self._closed:
                return
            self._closed = True
            self._changed.notify_all()
        self._thread.join(self._flush_s)
        with self._changed:
            left = len(self._queue)
            self._queue.clear()
        self._exporter.shutdown()  # also ends a retry that is under way
        if left:
            self._on_dropped(self._name, left)

    def _run(self) -> None:
        while batch := self._next_batch():
            self._report(len(batch), self._export(batch))
            with self._changed:
                self._exporting = False
                self._changed.notify_all()

    def _next_batch(self) -> list[ReadableSpan]:
        """Wait for spans and take some; none when it is closed and empty."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed)
            self._changed.wait_for(
                lambda: len(self._queue) >= self._max_batch or self._flushing or self._closed,
                self._delay_s,
            )
            n_taken = min(len(self._queue), self._max_batch)
            self._exporting = n_taken > 0
            return [self._queue.popleft() for _ in range(n_taken)]

    def _export(self, batch: list[ReadableSpan]) -> bool:
        try:
            return self._exporter.export(batch) is SpanExportResult.SUCCESS
        except Exception:  # whatever an exporter does, the thread must live on
            _log.exception("traces to %s: the exporter failed", self._name)
            return False

    def _report(self, n_spans: int, exported: bool) -> None:
        """Count what was lost, and log when losing begins and when it ends."""
        if not exported:
            self._on_dropped(self._name, n_spans)
        if exported == self._failing:
            self._failing = not exported
            if exported:
                _log.info("traces to %s: exporting again", self._name)
            else:
                _log.warning("traces to %s fail; they are dropped and counted", self._name)


def otlp_exporter(endpoint: str, headers: Mapping[str, str], timeout_s: float) -> SpanExporter:
    """Return an exporter that posts protobuf to an OTLP/HTTP endpoint.

    Args:
        endpoint: the whole address, such as ``http://127.0.0.1:6006/v1/traces``.
        headers: sent along, such as ``Authorization``.
        timeout_s: for one batch, its retries included.
    """
    return OTLPSpanExporter(endpoint=endpoint, headers=dict(headers), timeout=timeout_s)


def checked_endpoint(endpoint: str) -> str:
    """Return an OTLP endpoint as it was given.

    Raises:
        ValueError: it is not an http or https address with a host.
    """
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"trace endpoint must be http://HOST/... or https://..., got {endpoint!r}")
    return endpoint
