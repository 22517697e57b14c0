"""An endpoint that answers what a test wants, by a transport that is passed in."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from minilora.data.detective.steps import Step, read, route
from serve.detective.mind import Decision, MindFailed
from serve.detective.remote_mind import RemoteConfig, RemoteMind

PASSAGES = ("It was built\nin 1871.", "The lamp is seven metres high.")
STEP = read("When?", "\n\n".join(PASSAGES), "rule")
GOOD = {"quote": "built in 1871", "answered": True, "answer": "1871"}
KEY = "sk-very-secret"
Handler = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


def said(content: Any, **more: Any) -> httpx.Response:
    text = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": text} | more}
    usage = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    return httpx.Response(200, json={"id": "x", "choices": [choice], "usage": usage})


class Endpoint:
    """Gives its answers one after the other, the last one for ever."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = list(answers)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert str(request.url) == "https://model.example/v1/chat/completions"
        self.requests.append(json.loads(request.content))
        self.keys.append(request.headers.get("Authorization"))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def decide(
    endpoint: Handler, step: Step = STEP, config: RemoteConfig | None = None, seconds: float = 60
) -> tuple[Decision, list[float]]:
    """The decision, and how long was waited between the attempts."""
    waits: list[float] = []

    async def sleep(wait_s: float) -> None:
        waits.append(wait_s)

    async def run() -> Decision:
        mind = RemoteMind(
            "https://model.example/v1/",
            "big",
            KEY,
            config,
            httpx.MockTransport(endpoint),
            sleep,
            lambda: 0.5,
        )
        try:
            return await mind.decide(step, PASSAGES, seconds)
        finally:
            await mind.aclose()

    return asyncio.run(run()), waits


def test_a_decision_is_checked_and_its_quote_verbatim() -> None:
    endpoint = Endpoint(said(GOOD))
    decision, _ = decide(endpoint)
    assert decision.value == GOOD | {"quote": "built\nin 1871"}
    assert (decision.usage.prompt_tokens, decision.usage.total_tokens) == (100, 120)
    assert decision.confidence == {}
    (body,) = endpoint.requests
    form = body["response_format"]["json_schema"]
    assert (body["model"], form["name"], form["strict"]) == ("big", "read", True)
    assert "x-substring-of" not in json.dumps(body["response_format"])
    assert form["schema"]["properties"]["quote"]["maxLength"] == 400
    assert endpoint.keys == [f"Bearer {KEY}"]


def test_a_step_without_sources() -> None:
    endpoint = Endpoint(said("```json\n" + json.dumps({"route": "both", "query": "x"}) + "\n```"))
    assert decide(endpoint, route("When?", "weak"))[0].value == {"route": "both", "query": "x"}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("Sure! It was 1871.", "not JSON"),
        ("[1]", "no JSON object"),
        (GOOD | {"quote": "built in 1872"}, "word for word"),
        (GOOD | {"quote": "1871. The lamp"}, "word for word"),
        (GOOD | {"quote": "uilt in 1871"}, "word for word"),
        (GOOD | {"quote": "buil"}, "schema"),
        (GOOD | {"answered": "yes"}, "schema"),
        (GOOD | {"tool": "rm"}, "schema"),
        ({"quote": "built"}, "schema"),
    ],
)
def test_a_wrong_answer_is_asked_for_once_more(wrong: Any, why: str) -> None:
    endpoint = Endpoint(said(wrong), said(GOOD))
    decision, _ = decide(endpoint)
    assert decision.value["answer"] == "1871"
    assert decision.usage.total_tokens == 240
    assert why in endpoint.requests[1]["messages"][-1]["content"]
    with pytest.raises(MindFailed, match=why):
        decide(endpoint := Endpoint(said(wrong)))
    assert len(endpoint.requests) == 2


def test_what_may_pass_is_tried_again() -> None:
    busy = httpx.Response(429, headers={"Retry-After": "7"})
    endpoint = Endpoint(busy, httpx.Response(503), said(GOOD))
    assert decide(endpoint)[1] == [7, 0.5 * 0.5 * 2]
    with pytest.raises(MindFailed, match="after 3 attempts: HTTP 429"):
        decide(endpoint := Endpoint(busy))
    assert len(endpoint.requests) == 3
    with pytest.raises(MindFailed, match="after 1 attempts"):
        decide(Endpoint(busy), seconds=5)  # seven seconds would be too late
    with pytest.raises(MindFailed, match="ConnectError"):
        decide(Endpoint(httpx.ConnectError("refused")))


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx.Response(401, text=f"bad key {KEY}"), "HTTP 401"),
        (httpx.Response(302, headers={"Location": "http://169.254.169.254/"}), "HTTP 302"),
        (httpx.Response(200, text="<html>"), "not answer as OpenAI's"),
        (httpx.Response(200, json={"choices": []}), "gives no answer"),
        (httpx.Response(200, content=b"x" * 2000), "more than 1000 bytes"),
        (said(None, refusal="no"), "refused"),
    ],
)
def test_what_cannot_pass_fails_at_once(
    answer: httpx.Response, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint = Endpoint(answer)
    with pytest.raises(MindFailed, match=why) as failure:
        decide(endpoint, config=RemoteConfig(max_bytes=1000))
    assert len(endpoint.requests) == 1
    assert KEY not in str(failure.value) + caplog.text


def test_a_silent_endpoint_is_given_up() -> None:
    async def silent(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    with pytest.raises(MindFailed, match=r"within 0.05 s"):
        decide(silent, seconds=0.05)


def test_what_cannot_be_asked_is_refused() -> None:
    for url in ("ftp://x/v1", "http://", "https://x/v1?key=1"):
        with pytest.raises(ValueError, match="must be http"):
            RemoteMind(url, "m")
    with pytest.raises(ValueError, match="printable ASCII") as failure:
        RemoteMind("http://x/v1", "m", "sk-\n")
    assert "sk-" not in str(failure.value)
    assert KEY not in repr(RemoteMind("http://x/v1", "m", KEY))
