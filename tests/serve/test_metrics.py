"""Metrics as Prometheus itself reads them."""

import pytest
from prometheus_client.parser import text_string_to_metric_families

from serve.generation import Finished, FinishReason, Load
from serve.metrics import Metrics, RequestTimer


def samples(metrics: Metrics) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Name and labels of each sample -> its value."""
    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def value(metrics: Metrics, name: str, **labels: str) -> float:
    return samples(metrics)[f"minilora:{name}", tuple(sorted(labels.items()))]


class Clock:
    """A clock that stands where it is put."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def finished(reason: FinishReason = "stop") -> Finished:
    return Finished(
        reason=reason,
        text="",
        prompt_tokens=30,
        completion_tokens=3,
        cached_tokens=16,
        queued_s=0.5,
        prefill_s=0.25,
        decode_s=2.0,
    )


def timed(clock: Clock) -> RequestTimer:
    """First token after 0.75 s, two more with 1 s between, read 0.25 s later."""
    timer = RequestTimer(clock)
    for now in (100.75, 101.75, 102.75):
        clock.now = now
        timer.token()
    clock.now = 103.0
    return timer


def test_a_finished_request_fills_what_vllm_dashboards_show() -> None:
    metrics = Metrics()
    metrics.request_finished(
        finished(), timed(Clock()), model="base-135m", key="ci", adapter="json"
    )
    model = {"model_name": "base-135m"}
    assert value(metrics, "prompt_tokens_total", **model) == 30
    assert value(metrics, "generation_tokens_total", **model) == 3
    assert value(metrics, "prefix_cache_queries_total", **model) == 30
    assert value(metrics, "prefix_cache_hits_total", **model) == 16
    assert value(metrics, "request_success_total", finished_reason="stop", **model) == 1
    for name, seconds, count in (
        ("time_to_first_token", 0.75, 1),
        ("inter_token_latency", 2.0, 2),
        ("e2e_request_latency", 3.0, 1),
        ("request_queue_time", 0.5, 1),
        ("request_prefill_time", 0.25, 1),
        ("request_decode_time", 2.0, 1),
    ):
        assert value(metrics, f"{name}_seconds_sum", **model) == seconds
        assert value(metrics, f"{name}_seconds_count", **model) == count
    assert value(metrics, "time_to_first_token_seconds_bucket", le="0.5", **model) == 0
    assert value(metrics, "time_to_first_token_seconds_bucket", le="1.0", **model) == 1
    assert value(metrics, "tokens_total", key="ci", adapter="json", type="prompt") == 30
    assert value(metrics, "tokens_total", key="ci", adapter="json", type="generation") == 3


@pytest.mark.parametrize(
    ("reason", "word"),
    [("stop", "stop"), ("length", "length"), ("cancelled", "abort"), ("deadline", "deadline")],
)
def test_finish_reasons_use_vllms_words(reason: FinishReason, word: str) -> None:
    metrics = Metrics()
    metrics.request_finished(finished(reason), RequestTimer(Clock()), model="m")
    assert value(metrics, "request_success_total", model_name="m", finished_reason=word) == 1


def test_a_request_dropped_before_its_first_token_has_no_time_to_it() -> None:
    metrics = Metrics()
    metrics.request_finished(finished("deadline"), RequestTimer(Clock()), model="m")
    names = {name for name, _ in samples(metrics)}
    assert "minilora:request_queue_time_seconds_count" in names
    assert "minilora:time_to_first_token_seconds_count" not in names


def test_the_load_is_read_at_each_scrape() -> None:
    metrics = Metrics()
    loads = [Load(running=3, waiting=5, max_waiting=64, used_blocks=25, n_blocks=100)]
    metrics.observe_load("m", lambda: loads[-1])
    assert value(metrics, "num_requests_running", model_name="m") == 3
    assert value(metrics, "num_requests_waiting", model_name="m") == 5
    assert value(metrics, "kv_cache_usage_perc", model_name="m") == 0.25
    loads.append(Load(running=0, waiting=0, max_waiting=64, used_blocks=0, n_blocks=100))
    assert value(metrics, "num_requests_running", model_name="m") == 0


def test_anonymous_callers_are_counted_together() -> None:
    metrics = Metrics()
    metrics.tokens_used(None, None, prompt=4, generated=0)
    metrics.tokens_used(None, None, prompt=3, generated=1)
    assert value(metrics, "tokens_total", key="anonymous", adapter="base", type="prompt") == 7


def test_labels_are_bounded() -> None:
    metrics = Metrics()
    for i in range(1500):
        metrics.error(f"/{i}", "not_found_error")
        metrics.tokens_used(f"key-{i}", None, prompt=1, generated=0)
    found = samples(metrics)
    routes = [labels for name, labels in found if name == "minilora:request_errors_total"]
    assert len(routes) == 101
    assert value(metrics, "request_errors_total", route="other", kind="not_found_error") == 1400
    assert value(metrics, "tokens_total", key="other", adapter="base", type="prompt") == 500


def test_refusals_failures_and_losses_are_counted() -> None:
    metrics = Metrics()
    metrics.rate_limited("tokens", "ci")
    metrics.limiter_failed("open")
    metrics.spans_dropped("otlp", 12)
    metrics.http_answered("/health", "GET", 200, 0.002)
    assert value(metrics, "rate_limit_refusals_total", reason="tokens", key="ci") == 1
    assert value(metrics, "limiter_backend_failures_total", policy="open") == 1
    assert value(metrics, "trace_spans_dropped_total", destination="otlp") == 12
    labels = {"route": "/health", "method": "GET", "status": "200"}
    assert value(metrics, "http_requests_total", **labels) == 1
    assert value(metrics, "http_request_duration_seconds_sum", route="/health") == 0.002


def test_two_servers_in_one_process_share_nothing() -> None:
    one, other = Metrics(), Metrics()
    one.error("/", "server_error")
    assert "minilora:request_errors_total" in {name for name, _ in samples(one)}
    assert "minilora:request_errors_total" not in {name for name, _ in samples(other)}
    assert one.content_type.startswith("text/plain")
