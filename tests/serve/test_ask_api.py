"""Questions over HTTP: whole and streamed, refused, cut, charged, counted."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from serve.auth import Authenticator, hash_key, read_keys
from serve.limiter import Limits

STREAM = {"accept": "text/event-stream"}
TEXT = b"The tower of Mell is 41 metres tall and was built by Ada Brandt in 1902."


@pytest.fixture(scope="module")
def document(server: Any) -> Iterator[str]:
    """The id of the one document there is."""
    url = f"{server.url}/documents"
    stored = httpx.post(url, files={"file": ("tower.txt", TEXT)}, timeout=60).json()
    yield stored["id"]
    httpx.delete(f"{url}/{stored['id']}")


@pytest.fixture
def mind(server: Any) -> Iterator[Any]:
    """The scripted mind, which decides at once again after the test."""
    mind = server.service.detective.asker.parts.mind
    yield mind
    mind.gate, mind.route = None, "documents"


def ask(server: Any, **body: Any) -> httpx.Response:
    asked = {"question": "How tall is the tower of Mell?"} | body
    return httpx.post(f"{server.url}/ask", json=asked, timeout=60)


def events_of(text: str) -> list[tuple[str, Any]]:
    """Return name and data of each event of a stream; there is nothing else in it."""
    assert text.endswith("\n\n")
    events = []
    for block in text.removesuffix("\n\n").split("\n\n"):
        name, data = block.split("\n")
        assert name.startswith("event: ")
        assert data.startswith("data: ")
        events.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return events


def test_an_answer_quotes_its_document(server: Any, document: str) -> None:
    answer = ask(server, documents=[document], session="one")
    assert answer.status_code == 200
    reply = answer.json()
    assert (reply["outcome"], reply["route"], reply["model"]) == (
        "answered",
        "documents",
        "scripted",
    )
    (source,) = reply["sources"]
    assert (source["document_id"], source["page"], source["number"]) == (document, 1, 1)
    assert source["quote"] == source["passage"][source["start"] : source["end"]]
    assert "[1]" in reply["answer"]
    assert reply["verification"]["verdict"] == "not_checked"  # there is no wiki
    assert [step["index"] for step in reply["steps"]] == list(range(len(reply["steps"])))
    assert reply["usage"]["total_tokens"] == sum(
        step["usage"]["total_tokens"] for step in reply["steps"]
    )
    read = next(step for step in reply["steps"] if step["name"] == "read")
    assert read["tokens"][0]["forced"] is True
    assert int(answer.headers["x-ratelimit-remaining-requests"]) >= 0


def test_the_stream_tells_each_step_twice_and_ends_with_the_same_answer(
    server: Any, document: str
) -> None:
    asked = {"question": "How tall is the tower of Mell?"}
    whole = httpx.post(f"{server.url}/ask", json=asked).json()
    streamed = httpx.post(f"{server.url}/ask", json=asked, headers=STREAM)
    assert streamed.headers["content-type"].startswith("text/event-stream")
    assert streamed.headers["cache-control"] == "no-cache"
    events = events_of(streamed.text)
    assert [name for name, _ in events[:-1]] == ["step"] * (len(events) - 1)
    name, answer = events[-1]
    assert name == "answer"
    for same in ("answer", "sources", "route", "outcome", "verification", "usage"):
        assert answer[same] == whole[same]
    running: set[int] = set()
    ended = []
    for _, step in events[:-1]:
        if step["status"] == "running":
            assert step["duration_ms"] is None
            running.add(step["index"])
        else:
            running.discard(step["index"])
            ended.append(step)
    assert not running
    assert sorted(ended, key=lambda step: step["index"]) == answer["steps"]
    assert answer["steps"][0]["name"] == "route"


def test_a_question_that_nothing_answers_is_refused_politely(server: Any, mind: Any) -> None:
    mind.route = "neither"
    reply = ask(server, question="Hello there!").json()
    assert (reply["outcome"], reply["sources"], reply["short_answer"]) == ("refused", [], None)


@pytest.mark.parametrize(
    ("body", "status", "param", "code"),
    [
        ({"question": "  "}, 400, "question", "question_refused"),
        ({"question": ""}, 400, "question", "invalid_value"),
        ({"question": "x" * 2001}, 400, "question", "question_refused"),
        ({"question": "\ud800"}, 400, None, "invalid_json"),
        ({"question": 1}, 400, "question", "invalid_value"),
        ({"documents": ["doc-0"]}, 404, "documents", "not_found"),
        ({"documents": []}, 400, "documents", "invalid_value"),
        ({"documents": ["x" * 65]}, 400, "documents[0]", "invalid_value"),
        ({"session": "x" * 129}, 400, "session", "invalid_value"),
        ({"questoin": "x"}, 400, "questoin", "invalid_value"),
    ],
)
@pytest.mark.parametrize("headers", [{}, STREAM])
def test_a_wrong_question_is_told_before_any_stream(
    server: Any,
    document: str,
    body: dict[str, Any],
    status: int,
    param: str | None,
    code: str,
    headers: dict[str, str],
) -> None:
    content = json.dumps({"question": "How tall?"} | body)
    refused = httpx.post(f"{server.url}/ask", content=content, headers=headers)
    error = refused.json()["error"]
    assert (refused.status_code, error["param"], error["code"]) == (status, param, code)


def test_what_the_steps_did_not_use_is_given_back(
    server: Any, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    admitted = []
    admit = server.service.admission.admit

    async def remember(identity: Any, tokens: int) -> Any:
        admitted.append(await admit(identity, tokens))
        return admitted[-1]

    settled = []

    async def settle(self: Any, used: int) -> None:
        settled.append(used)

    monkeypatch.setattr(server.service.admission, "admit", remember)
    monkeypatch.setattr("serve.limiter.Reservation.settle", settle)
    used = ask(server).json()["usage"]["total_tokens"]
    assert admitted[0]._reservation.tokens == 900
    assert settled == [used]


def test_a_client_that_leaves_ends_the_question_and_is_charged_for_what_ran(
    server: Any, document: str, mind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second decision does not come: the first is charged, and a third of the reserve."""
    settled = []

    async def settle(self: Any, used: int) -> None:
        settled.append(used)

    monkeypatch.setattr("serve.limiter.Reservation.settle", settle)
    mind.gate = threading.Event()

    async def run(headers: dict[str, str]) -> None:
        async with httpx.AsyncClient() as client:
            asked = {"question": "How tall is the tower of Mell?"}
            task = asyncio.create_task(
                client.post(f"{server.url}/ask", json=asked, headers=headers)
            )
            while mind.waiting == 0:
                await client.get(f"{server.url}/health")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    for headers in ({}, STREAM):
        asyncio.run(run(headers))
        server.until(lambda: mind.waiting == 0)
    server.until(lambda: len(settled) == 2)
    assert settled == [300, 300]
    assert 'questions_total{outcome="left",route="none"}' in metrics(server)


def metrics(server: Any) -> str:
    return httpx.get(f"{server.url}/metrics").text


def test_more_questions_than_are_answered_at_once_are_told_to_wait(
    server: Any, document: str, mind: Any
) -> None:
    mind.gate = threading.Event()
    answers: list[httpx.Response] = []
    threads = [threading.Thread(target=lambda: answers.append(ask(server))) for _ in range(3)]
    for thread in threads:
        thread.start()
    server.until(lambda: mind.waiting == 3)
    full = ask(server)
    assert full.status_code == 503
    assert full.json()["error"]["code"] == "queue_full"
    assert int(full.headers["retry-after"]) >= 1
    mind.gate.set()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 3


def test_a_fault_within_a_stream_comes_as_an_event(
    server: Any, document: str, mind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: Any) -> Any:
        raise KeyError("a secret")

    monkeypatch.setattr(mind, "decide", broken)
    streamed = httpx.post(f"{server.url}/ask", json={"question": "How?"}, headers=STREAM)
    assert streamed.status_code == 200
    name, error = events_of(streamed.text)[-1]
    assert name == "error"
    assert error["error"]["message"] == "internal error"
    assert "secret" not in streamed.text
    whole = ask(server)
    assert whole.status_code == 500
    assert "secret" not in whole.text


def test_a_question_whose_time_is_over_is_told(
    server: Any, document: str, mind: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serve.ask_api.GRACE_S", 0.05)
    monkeypatch.setattr(server.service, "request_timeout_s", 0)
    mind.gate = threading.Event()
    late = ask(server)
    assert (late.status_code, late.json()["error"]["code"]) == (503, "deadline")
    server.until(lambda: mind.waiting == 0)


def test_with_a_keys_file_documents_are_for_callers_with_a_key(
    server: Any, document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Callers without a key may chat, where the setting says so, but see no document."""
    keys = tmp_path / "keys.toml"
    keys.write_text(f'[keys.ada]\nsha256 = "{hash_key("mlk_ada")}"\n', encoding="utf-8")
    known = Authenticator(read_keys(keys), Limits())
    monkeypatch.setattr(server.service.admission, "_authenticator", known)
    monkeypatch.setattr(server.service, "open_to_all", False)
    for method, path in (
        ("POST", "/ask"),
        ("POST", "/documents"),
        ("GET", "/documents"),
        ("GET", f"/documents/{document}"),
        ("GET", f"/documents/{document}/pages/1"),
        ("DELETE", f"/documents/{document}"),
    ):
        refused = httpx.request(method, server.url + path)
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "invalid_api_key"
    key = {"authorization": "Bearer mlk_ada"}
    listed = httpx.get(f"{server.url}/documents", headers=key).json()["data"]
    assert [found["id"] for found in listed] == [document]
    asked = httpx.post(f"{server.url}/ask", json={"question": "How tall?"}, headers=key)
    assert asked.status_code == 200
    assert httpx.get(f"{server.url}/v1/models").status_code == 200


def test_a_trace_holds_the_question_and_its_steps(server: Any, document: str) -> None:
    parent = "0af7651916cd43dd8448eb211c80319c"
    headers = {"traceparent": f"00-{parent}-b7ad6b7169203331-01"}
    asked = {"question": "How tall is the tower of Mell?", "session": "s1"}
    reply = httpx.post(f"{server.url}/ask", json=asked, headers=headers).json()
    assert reply["trace_id"] == parent
    server.service.tracer.flush()
    tree = json.dumps(httpx.get(f"{server.url}/traces/{parent}").json())
    assert '"AGENT"' in tree
    assert '"s1"' in tree
    assert "tower of Mell" not in tree  # prompts are not recorded unless asked for


def test_questions_steps_and_tokens_are_counted(server: Any, document: str) -> None:
    ask(server)
    figures = metrics(server)
    assert 'minilora:questions_total{outcome="answered",route="documents"}' in figures
    assert 'minilora:verifications_total{verdict="not_checked"}' in figures
    assert 'minilora:step_duration_seconds_count{status="ok",step="read"}' in figures
    assert 'minilora:tokens_total{adapter="scripted",key="anonymous",type="prompt"}' in figures


def test_pages_of_other_sites_may_not_ask(server: Any) -> None:
    headers = {"origin": "https://evil.example"}
    refused = httpx.post(f"{server.url}/ask", json={"question": "How?"}, headers=headers)
    assert refused.status_code == 403
