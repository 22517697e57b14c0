"""The check against Phoenix, with a stand-in for its REST answers (as Phoenix 20 gives them)."""

import copy
import json
import socket
from typing import Any

import httpx
import pytest

from minilora.command import CommandFailed
from serve import phoenix_check
from serve.phoenix import Phoenix
from serve.phoenix_check import differences, read_back
from serve.trace import TraceSettings

TRACE_ID = "a" * 32


def span(name: str, span_id: str, parent_id: str | None) -> dict[str, Any]:
    kind, attributes = phoenix_check._EXPECTED[name]
    return {
        "name": name,
        "context": {"trace_id": TRACE_ID, "span_id": span_id},
        "span_kind": kind,
        "parent_id": parent_id,
        "start_time": f"2026-01-01T00:00:00.{span_id}+00:00",
        "attributes": dict(attributes),
    }


SPANS = [span("chat", "3", "1"), span("ask", "1", None), span("search", "2", "1")]


class StandIn:
    """Answers as Phoenix does; the project appears at the second question."""

    def __init__(self, spans: list[dict[str, Any]]) -> None:
        self.questions = 0
        self.spans = spans
        self.annotations: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/span_annotations":
            self.annotations += json.loads(request.content)["data"]
            return httpx.Response(200, json={"data": []})
        if request.url.path == "/v1/projects/p/span_annotations":
            assert request.url.params.get_list("span_ids") == ["3"]
            return httpx.Response(200, json={"data": self.annotations})
        assert request.url.path == "/v1/projects/p/spans"
        self.questions += 1
        if self.questions == 1:
            return httpx.Response(404, text="no project p")
        return httpx.Response(200, json={"data": self.spans})


def ask(stand_in: StandIn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    phoenix = Phoenix("http://phoenix", transport=httpx.MockTransport(stand_in))
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return read_back(phoenix, "p", TRACE_ID, timeout_s=3, clock=lambda: now[0], sleep=sleep)


def test_a_trace_that_is_shown_as_meant_passes() -> None:
    spans, scores = ask(StandIn(copy.deepcopy(SPANS)))
    assert [each["name"] for each in spans] == ["ask", "search", "chat"]
    assert scores[0]["annotator_kind"] == "LLM"
    assert differences(spans, scores) == []


def test_every_difference_is_named() -> None:
    shown = copy.deepcopy(SPANS)
    shown[0]["attributes"]["llm.token_count.total"] = 0
    shown[2]["span_kind"] = "UNKNOWN"
    shown[2]["parent_id"] = None
    assert differences(shown, []) == [
        "search is UNKNOWN, not RETRIEVER",
        "search: its parent is None, not 1",
        "chat: llm.token_count.total is 0, not 50",
        "scores are []",
    ]
    assert "no span ask" in differences([], [])


def test_a_trace_that_never_comes_fails_in_time() -> None:
    with pytest.raises(CommandFailed, match="2 of 3 spans after 3 s"):
        ask(StandIn(copy.deepcopy(SPANS[:2])))


def test_a_trace_that_does_not_arrive_fails() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        endpoint = f"http://127.0.0.1:{unused.getsockname()[1]}/v1/traces"
        with pytest.raises(CommandFailed, match="did not take the trace"):
            phoenix_check.send_trace(TraceSettings(endpoint, timeout_s=0.2))
