"""What an operator watches, for Prometheus: vLLM's metric names under the prefix ``minilora:``.

>>> metrics = Metrics()
>>> metrics.error("/v1/chat/completions", "rate_limit_error")
>>> [line for line in metrics.render().decode().splitlines() if "request_errors_total{" in line]
['minilora:request_errors_total{kind="rate_limit_error",route="/v1/chat/completions"} 1.0']

Every metric belongs to the object, none to the module. Labels take a bounded number of values:
what is over is counted under "other", so that no caller can fill the memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from serve.generation import Finished, Load

ANONYMOUS = "anonymous"
BASE = "base"  # of the label "adapter"
OTHER = "other"
# vLLM's words, so that its dashboards work; a deadline has none there.
_FINISHED = {"stop": "stop", "length": "length", "cancelled": "abort", "deadline": "deadline"}

_TTFT_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_TOKEN_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5)
_REQUEST_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300)
_HTTP_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class RequestTimer:
    """When the tokens of one request came; made when the request arrives.

    Args:
        clock: seconds, monotonic.

    Attributes:
        ttft_s: from arrival to the first token; None before it.
        gaps_s: between each token and the one before. Tokens that the engine gives out together,
            such as those a grammar forces, lie next to nothing apart.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._arrived = clock()
        self._last: float | None = None
        self.ttft_s: float | None = None
        self.gaps_s: list[float] = []

    def token(self) -> None:
        """Note that a token came now."""
        now = self._clock()
        if self._last is None:
            self.ttft_s = now - self._arrived
        else:
            self.gaps_s.append(now - self._last)
        self._last = now

    @property
    def elapsed_s(self) -> float:
        """Since the arrival."""
        return self._clock() - self._arrived


class Metrics:
    """The counters, gauges and histograms of one server process.

    All methods may be called from any thread and return at once.

    Attributes:
        content_type: of what :meth:`render` returns.
        registry: of all metrics; others may be added, such as those of
            :class:`serve.detective_metrics.DetectiveMetrics`.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # memory, processor time, open files
        self._prompt_tokens = self._counter(
            "prompt_tokens", "Prompt tokens of finished requests", "model_name"
        )
        self._generation_tokens = self._counter(
            "generation_tokens", "Generated tokens of finished requests", "model_name"
        )
        self._successes = self._counter(
            "request_success", "Answered requests", "model_name", "finished_reason"
        )
        self._prefix_queries = self._counter(
            "prefix_cache_queries", "Prompt tokens looked up in the prefix cache", "model_name"
        )
        self._prefix_hits = self._counter(
            "prefix_cache_hits", "Prompt tokens found in the prefix cache", "model_name"
        )
        self._ttft = self._histogram(
            "time_to_first_token", "From arrival to the first token", _TTFT_S
        )
        self._inter_token = self._histogram(
            "inter_token_latency", "Between a token and the one before", _TOKEN_S
        )
        self._e2e = self._histogram(
            "e2e_request_latency", "From arrival to the last token", _REQUEST_S
        )
        self._queue = self._histogram(
            "request_queue_time", "Waiting for a place in the batch", _REQUEST_S
        )
        self._prefill = self._histogram(
            "request_prefill_time", "From the place in the batch to the first token", _REQUEST_S
        )
        self._decode = self._histogram(
            "request_decode_time", "From the first token to the last", _REQUEST_S
        )
        self._tokens = self._counter(
            "tokens", "Model tokens by API key and adapter", "key", "adapter", "type"
        )
        self._errors = self._counter("request_errors", "Errors that were sent", "route", "kind")
        self._http = self._counter("http_requests", "HTTP answers", "route", "method", "status")
        self._http_time = self._histogram(
            "http_request_duration", "From the request's head to the answer's end", _HTTP_S, "route"
        )
        self._refusals = self._counter(
            "rate_limit_refusals", "Requests over a rate limit", "reason", "key"
        )
        self._limiter_failures = self._counter(
            "limiter_backend_failures", "Times the limiter's store could not be asked", "policy"
        )
        self._dropped = self._counter(
            "trace_spans_dropped", "Spans that were not exported or stored", "destination"
        )
        self._keys, self._adapters, self._models = _Bounded(1000), _Bounded(200), _Bounded(200)
        self._routes, self._words = _Bounded(100), _Bounded(200)

    def render(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def observe_load(self, model: str, load: Callable[[], Load]) -> None:
        """Ask the engine for its load at each scrape.

        Raises:
            ValueError: a load is observed already.
        """
        self.registry.register(_LoadCollector(model, load))

    def request_finished(
        self,
        finished: Finished,
        timer: RequestTimer,
        *,
        model: str,
        key: str | None = None,
        adapter: str | None = None,
    ) -> None:
        """Count one answer of the engine.

        Args:
            finished: its end.
            timer: of its tokens.
            model: name that the caller asked for.
            key: name of the API key in the keys file; None is anonymous.
            adapter: that answered; None is the base model.
        """
        name = self._models(model)
        self._successes.labels(name, _FINISHED[finished.reason]).inc()
        self._prompt_tokens.labels(name).inc(finished.prompt_tokens)
        self._generation_tokens.labels(name).inc(finished.completion_tokens)
        self._prefix_queries.labels(name).inc(finished.prompt_tokens)
        self._prefix_hits.labels(name).inc(finished.cached_tokens)
        self._e2e.labels(name).observe(timer.elapsed_s)
        self._queue.labels(name).observe(finished.queued_s)
        if timer.ttft_s is not None:  # dropped before its first token: these have no times
            self._ttft.labels(name).observe(timer.ttft_s)
            self._prefill.labels(name).observe(finished.prefill_s)
            self._decode.labels(name).observe(finished.decode_s)
        inter_token = self._inter_token.labels(name)
        for gap in timer.gaps_s:
            inter_token.observe(gap)
        self.tokens_used(key, adapter, finished.prompt_tokens, finished.completion_tokens)

    def tokens_used(
        self, key: str | None, adapter: str | None, prompt: int, generated: int
    ) -> None:
        """Count model tokens for a key; embeddings count here only."""
        labels = self._key(key), self._adapters(adapter or BASE)
        self._tokens.labels(*labels, "prompt").inc(prompt)
        self._tokens.labels(*labels, "generation").inc(generated)

    def http_answered(self, route: str, method: str, status: int, duration_s: float) -> None:
        """Count an HTTP answer; ``route`` is the template, such as ``/traces/{id}``."""
        name = self._routes(route)
        self._http.labels(name, self._words(method), str(status)).inc()
        self._http_time.labels(name).observe(duration_s)

    def error(self, route: str, kind: str) -> None:
        """Count an error that was sent; ``kind`` is its code or type, not its message."""
        self._errors.labels(self._routes(route), self._words(kind)).inc()

    def rate_limited(self, reason: str, key: str | None = None) -> None:
        """Count a refusal: ``reason`` is the bucket that was empty, "requests" or "tokens"."""
        self._refusals.labels(self._words(reason), self._key(key)).inc()

    def limiter_failed(self, policy: str) -> None:
        """Count a limiter whose store is gone; ``policy`` is what was done: "open" or "closed"."""
        self._limiter_failures.labels(self._words(policy)).inc()

    def spans_dropped(self, destination: str, spans: int) -> None:
        """Count lost spans; goes to :class:`serve.trace.Tracer` as ``on_dropped``."""
        self._dropped.labels(self._words(destination)).inc(spans)

    def _key(self, key: str | None) -> str:
        return ANONYMOUS if key is None else self._keys(key)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"minilora:{name}", text, labels, registry=self.registry)

    def _histogram(
        self, name: str, text: str, buckets: tuple[float, ...], label: str = "model_name"
    ) -> Histogram:
        return Histogram(
            f"minilora:{name}_seconds", text, (label,), buckets=buckets, registry=self.registry
        )


class _Bounded:
    """The values of a label: the first ``limit`` different ones, and "other"."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: set[str] = set()

    def __call__(self, value: str) -> str:
        if value in self._known:
            return value
        if len(self._known) >= self._limit:
            return OTHER
        self._known.add(value)
        return value


class _LoadCollector(Collector):
    """Gauges that are read when Prometheus asks, not when they change."""

    def __init__(self, model: str, load: Callable[[], Load]) -> None:
        self._model, self._load = model, load

    def collect(self) -> Iterator[Metric]:
        load = self._load()
        for name, text, value in (
            ("num_requests_running", "Requests in the batch", load.running),
            ("num_requests_waiting", "Requests waiting for a place", load.waiting),
            (
                "kv_cache_usage_perc",
                "Share of the key/value cache in use; 1 is all of it",
                load.used_blocks / load.n_blocks,
            ),
        ):
            gauge = GaugeMetricFamily(f"minilora:{name}", text, labels=["model_name"])
            gauge.add_metric([self._model], value)
            yield gauge
