"""Traces as a collector on the other end of the wire sees them."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from serve.span import RetrievedDocument
from serve.trace import Tracer, TraceSettings, current_ids, remote_parent


class Collector:
    """An OTLP/HTTP endpoint that decodes what it is sent."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], ExportTraceServiceRequest]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                request = ExportTraceServiceRequest.FromString(body)
                headers = {name.lower(): value for name, value in self.headers.items()}
                collector.requests.append((headers, request))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def spans(self) -> dict[str, Any]:
        """Name -> span."""
        return {
            span.name: span
            for _, request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        }


@pytest.fixture
def collector() -> Iterator[Collector]:
    running = Collector()
    yield running
    running.server.shutdown()
    running.server.server_close()


def plain(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}


class Kept(SpanExporter):
    """Keeps spans in memory."""

    def __init__(self) -> None:
        self.spans: list[ReadableSpan] = []

    def export(self, spans: Any) -> SpanExportResult:
        self.spans += spans
        return SpanExportResult.SUCCESS

    def named(self) -> dict[str, ReadableSpan]:
        return {span.name: span for span in self.spans}


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def tracer(kept: Kept) -> Iterator[Tracer]:
    made = Tracer(TraceSettings(log_prompts=True), store=kept)
    yield made
    made.shutdown()


def test_a_collector_sees_kinds_tokens_documents_and_the_tree(collector: Collector) -> None:
    settings = TraceSettings(
        collector.url, {"authorization": "Bearer abc"}, project="detective", log_prompts=True
    )
    tracer = Tracer(settings, version="1.2")
    with tracer.span("ask", kind="AGENT") as ask:
        ask.set_input("Who wrote it?")
        ask.set_session("s1")
        with tracer.span("search", kind="RETRIEVER") as search:
            search.set_documents([RetrievedDocument("d1#3", "Ada wrote it.", 0.75, {"page": 3})])
        with tracer.span("chat", kind="LLM") as chat:
            chat.set_model("smollm2-135m", {"temperature": 0.5})
            chat.set_messages(
                [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Who?"}]
            )
            call = {"id": "c1", "function": {"name": "lookup", "arguments": '{"q": 1}'}}
            chat.set_answers([{"role": "assistant", "tool_calls": [call]}], "tool_calls")
            chat.set_token_counts(prompt=21, completion=5, cached=16)
    tracer.shutdown()

    headers, request = collector.requests[0]
    assert headers["content-type"] == "application/x-protobuf"
    assert headers["authorization"] == "Bearer abc"
    resource = plain(request.resource_spans[0].resource.attributes)
    assert resource["openinference.project.name"] == "detective"
    assert resource["service.version"] == "1.2"

    spans = collector.spans()
    attributes = {name: plain(span.attributes) for name, span in spans.items()}
    kinds = {name: each["openinference.span.kind"] for name, each in attributes.items()}
    assert kinds == {"ask": "AGENT", "search": "RETRIEVER", "chat": "LLM"}
    assert {span.trace_id.hex() for span in spans.values()} == {ask.trace_id}
    assert {span.status.code for span in spans.values()} == {Status.STATUS_CODE_OK}
    assert spans["ask"].parent_span_id == b""
    assert spans["search"].parent_span_id.hex() == ask.span_id
    assert spans["chat"].parent_span_id == spans["ask"].span_id
    assert (
        attributes["ask"].items()
        >= {
            "input.value": "Who wrote it?",
            "input.mime_type": "text/plain",
            "session.id": "s1",
        }.items()
    )
    assert (
        attributes["search"].items()
        >= {
            "retrieval.documents.0.document.id": "d1#3",
            "retrieval.documents.0.document.content": "Ada wrote it.",
            "retrieval.documents.0.document.score": 0.75,
            "retrieval.documents.0.document.metadata": '{"page": 3}',
        }.items()
    )
    answer = "llm.output_messages.0.message"
    assert (
        attributes["chat"].items()
        >= {
            "llm.model_name": "smollm2-135m",
            "llm.invocation_parameters": '{"temperature": 0.5}',
            "llm.input_messages.1.message.role": "user",
            "llm.input_messages.1.message.content": "Who?",
            f"{answer}.role": "assistant",
            f"{answer}.tool_calls.0.tool_call.function.name": "lookup",
            f"{answer}.tool_calls.0.tool_call.function.arguments": '{"q": 1}',
            "llm.finish_reason": "tool_calls",
            "llm.token_count.prompt": 21,
            "llm.token_count.completion": 5,
            "llm.token_count.total": 26,
            "llm.token_count.prompt_details.cache_read": 16,
            "langsmith.span.kind": "llm",
            "gen_ai.prompt.0.content": "Be brief.",
            "gen_ai.usage.input_tokens": 21,
        }.items()
    )


def test_without_leave_only_lengths_of_texts_are_recorded(kept: Kept) -> None:
    tracer = Tracer(TraceSettings(), store=kept)
    secret = "hunter2 is it 1"
    with tracer.span("ask", kind="CHAIN") as span:
        span.set_input(secret)
        span.set_output({"answer": secret})
        span.set_model("m", {"stop": [secret], "top_p": 0.5})
        span.set_messages([{"role": "user", "content": secret}])
        span.set_answers([{"role": "assistant", "content": secret}])
        span.set_tools([{"function": {"description": secret}}])
        span.set_tool("search", {"query": secret})
        span.set_embedded("minilm-l6", [secret])
        span.set_documents([RetrievedDocument("d1", secret, metadata={"title": secret})])
        span.set_score("faithful", 1.0, "yes", secret)
    with pytest.raises(KeyError), tracer.span("fails", kind="TOOL"):
        raise KeyError(secret)
    tracer.shutdown()
    assert len(kept.spans) == 2
    assert not any("hunter2" in span.to_json() for span in kept.spans)
    attributes = kept.named()["ask"].attributes or {}
    assert attributes["llm.input_messages.0.message.content"] == "[15 characters]"
    assert attributes["llm.invocation_parameters"] == '{"stop": "[19 characters]", "top_p": 0.5}'


def test_a_span_keeps_a_bounded_amount_of_text(kept: Kept) -> None:
    tracer = Tracer(TraceSettings(log_prompts=True, max_chars=10), store=kept)
    with tracer.span("chat", kind="LLM") as span:
        span.set_messages([{"role": "user", "content": text} for text in ("123456", "abcdefgh")])
    tracer.shutdown()
    attributes = kept.spans[0].attributes or {}
    assert attributes["llm.input_messages.0.message.content"] == "123456"
    assert attributes["llm.input_messages.1.message.content"] == "abcd[4 more characters]"


def test_long_chats_keep_their_last_message(kept: Kept, tracer: Tracer) -> None:
    with tracer.span("chat", kind="LLM") as span:
        span.set_messages([{"role": "user", "content": f"m{i}"} for i in range(200)])
    tracer.flush()
    assert (kept.spans[0].attributes or {})["llm.input_messages.199.message.content"] == "m199"


def test_odd_values_are_no_errors(collector: Collector) -> None:
    """Half a character, a cycle, an odd key: none may lose the batch or reach the request."""
    tracer = Tracer(TraceSettings(collector.url, log_prompts=True))
    cycle: list[Any] = []
    cycle.append(cycle)
    with tracer.span("odd", kind="CHAIN") as span:
        span.set_input("half \ud83d")
        span.set_output(cycle)
        span.set_tool("t\udc00", {(1, 2): 3})
        span.set("seed", 2**70)
        span.event("odd", value=float("nan"))
    tracer.shutdown()
    attributes = plain(collector.spans()["odd"].attributes)
    assert attributes["output.value"] == "[list]"
    assert attributes["tool.name"] == "t?"
    assert attributes["minilora.seed"] == str(2**70)


def test_errors_are_recorded_and_passed_on(kept: Kept, tracer: Tracer) -> None:
    with pytest.raises(ValueError, match="too long"), tracer.span("chat", kind="LLM"):
        raise ValueError("too long")
    with tracer.span("refused", kind="CHAIN") as span:
        span.fail("no such model")
    tracer.flush()
    chat, refused = kept.named()["chat"], kept.named()["refused"]
    assert chat.status.description == "ValueError: too long"
    assert (chat.events[0].attributes or {})["exception.type"] == "ValueError"
    assert "test_trace.py" in str((chat.events[0].attributes or {})["exception.stacktrace"])
    assert refused.status.description == "no such model"
    assert not refused.status.is_ok


def test_concurrent_requests_do_not_mix(kept: Kept, tracer: Tracer) -> None:
    """Tasks, to_thread and a pool with bind: each step lies under its own request."""
    pool = ThreadPoolExecutor(2)

    def step(name: str) -> None:
        with tracer.span(name, kind="TOOL"):
            pass

    async def request(i: int, barrier: asyncio.Barrier) -> None:
        with tracer.span(f"request {i}", kind="CHAIN"):
            await barrier.wait()
            await asyncio.to_thread(step, f"thread {i}")
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(pool, tracer.bind(step), f"pool {i}")
            await asyncio.create_task(asyncio.to_thread(step, f"task {i}"))

    async def run() -> None:
        barrier = asyncio.Barrier(5)
        await asyncio.gather(*(request(i, barrier) for i in range(5)))

    asyncio.run(run())
    pool.shutdown()
    tracer.flush()
    spans = kept.named()
    assert len(spans) == 20
    for i in range(5):
        root = spans[f"request {i}"]
        for name in (f"thread {i}", f"pool {i}", f"task {i}"):
            parent = spans[name].parent
            assert parent is not None
            assert root.context is not None
            assert parent.span_id == root.context.span_id
    assert current_ids() is None


def test_a_stream_left_half_way_ends_its_span_without_noise(
    kept: Kept, tracer: Tracer, caplog: pytest.LogCaptureFixture
) -> None:
    """The generator is closed by another task than the one that entered the span."""

    async def stream() -> Any:
        with tracer.span("stream", kind="LLM"):
            yield 1
            yield 2

    async def run() -> None:
        generator = stream()
        await asyncio.create_task(anext(generator))
        await asyncio.create_task(generator.aclose())

    asyncio.run(run())
    tracer.flush()
    assert [span.name for span in kept.spans] == ["stream"]
    assert [event.name for event in kept.spans[0].events] == ["cancelled"]
    assert kept.spans[0].status.is_unset
    assert not caplog.records


def test_a_span_can_outlive_its_block_and_have_children(kept: Kept, tracer: Tracer) -> None:
    span = tracer.span("stream", kind="LLM")
    assert current_ids() is None
    tracer.span("child", kind="TOOL", parent=span.context).end()
    span.end()
    span.end()
    tracer.flush()
    parent = kept.named()["child"].parent
    assert parent is not None
    assert format(parent.span_id, "016x") == span.span_id
    assert len(kept.spans) == 2


def test_a_callers_trace_goes_on(kept: Kept, tracer: Tracer) -> None:
    trace_id, span_id = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
    parent = remote_parent(f"00-{trace_id}-{span_id}-01")
    with tracer.span("ask", kind="CHAIN", parent=parent) as span:
        assert current_ids() == (trace_id, span.span_id)
    tracer.flush()
    assert span.trace_id == trace_id
    remote = kept.spans[0].parent
    assert remote is not None
    assert format(remote.span_id, "016x") == span_id


@pytest.mark.parametrize(
    "header", [None, "", "00-0-0-01", f"00-{'0' * 32}-{'1' * 16}-01", "x" * 10_000]
)
def test_a_wrong_traceparent_begins_a_new_trace(tracer: Tracer, header: str | None) -> None:
    with tracer.span("ask", kind="CHAIN", parent=remote_parent(header)) as span:
        assert int(span.trace_id, 16) != 0


def test_sampling_spares_the_collector_but_not_the_store(collector: Collector, kept: Kept) -> None:
    tracer = Tracer(TraceSettings(collector.url, sample_rate=0.0), store=kept)
    with tracer.span("unsampled", kind="CHAIN"), tracer.span("child", kind="LLM"):
        pass
    chosen = remote_parent(f"00-{'a' * 32}-{'b' * 16}-01")
    tracer.span("asked for", kind="CHAIN", parent=chosen).end()
    tracer.shutdown()
    assert set(kept.named()) == {"unsampled", "child", "asked for"}
    assert set(collector.spans()) == {"asked for"}


class Blocked(SpanExporter):
    """Stands still until it is shut down, as before a collector that never answers."""

    def __init__(self) -> None:
        self.entered, self.released = threading.Event(), threading.Event()

    def export(self, spans: Any) -> SpanExportResult:
        self.entered.set()
        self.released.wait()
        return SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self.released.set()


def test_a_stuck_exporter_costs_nothing_and_every_loss_is_counted() -> None:
    dropped: list[int] = []
    settings = TraceSettings(max_queue=10, flush_s=0.05)
    stuck = Blocked()
    tracer = Tracer(settings, store=stuck, on_dropped=lambda name, spans: dropped.append(spans))
    tracer.span("first", kind="CHAIN").end()
    assert stuck.entered.wait(5)
    for _ in range(100):  # returns although the exporter does not
        tracer.span("next", kind="CHAIN").end()
    assert sum(dropped) == 90
    tracer.shutdown()
    for thread in threading.enumerate():
        if thread.name == "trace-store":
            thread.join(5)
    assert sum(dropped) == 101


def test_a_dead_collector_is_counted_and_does_not_hold_up_the_shutdown() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        dropped: list[tuple[str, int]] = []
        settings = TraceSettings(
            f"http://127.0.0.1:{unused.getsockname()[1]}/v1/traces", timeout_s=0.2
        )
        tracer = Tracer(settings, on_dropped=lambda name, spans: dropped.append((name, spans)))
        for _ in range(3):
            with tracer.span("ask", kind="CHAIN") as span:
                span.set_input("x")
        assert tracer.flush()
        assert dropped == [("otlp", 3)]
        tracer.shutdown()


class Raises(SpanExporter):
    def __init__(self) -> None:
        self.calls = 0

    def export(self, spans: Any) -> SpanExportResult:
        self.calls += 1
        raise RuntimeError("broken")


def test_an_exporter_that_raises_does_not_end_the_thread() -> None:
    dropped: list[int] = []
    broken = Raises()
    tracer = Tracer(
        TraceSettings(), store=broken, on_dropped=lambda name, spans: dropped.append(spans)
    )
    for _ in range(2):
        tracer.span("ask", kind="CHAIN").end()
        assert tracer.flush()
    tracer.shutdown()
    assert broken.calls == 2
    assert dropped == [1, 1]


def test_spans_after_the_shutdown_are_counted_not_raised(kept: Kept) -> None:
    dropped: list[int] = []
    tracer = Tracer(
        TraceSettings(), store=kept, on_dropped=lambda name, spans: dropped.append(spans)
    )
    late = tracer.span("late", kind="CHAIN")
    tracer.shutdown()
    late.end()
    assert dropped == [1]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"endpoint": "localhost:6006"}, "trace endpoint must be http://HOST"),
        ({"endpoint": "ftp://h/v1/traces"}, "trace endpoint must be http://HOST"),
        ({"sample_rate": 1.5}, "sample_rate must be from 0 to 1, got 1.5"),
        ({"sample_rate": float("nan")}, "sample_rate must be from 0 to 1"),
        ({"project": "a/b"}, "project must not be empty or contain / [?] #, got 'a/b'"),
        ({"max_queue": 0}, "max_queue must be above 0, got 0"),
        ({"headers": {"x": "a\r\nb: c"}}, "trace header 'x' cannot be sent over HTTP"),
    ],
)
def test_wrong_settings_are_refused(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TraceSettings(**wrong)


def test_settings_do_not_show_their_keys() -> None:
    assert "hunter2" not in repr(TraceSettings("http://h/v1/traces", {"x-api-key": "hunter2"}))
