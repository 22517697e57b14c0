"""The official openai client against the server, on loopback, with a small model."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from jsonschema import Draft202012Validator

MODEL = "small"
HELLO: list[Any] = [{"role": "user", "content": "Say hello."}]
WEATHER: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather somewhere.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "maxLength": 12},
                "unit": {"enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}
RING: dict[str, Any] = {
    "type": "function",
    "function": {"name": "ring", "parameters": {"type": "object", "additionalProperties": False}},
}
PERSON: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 10}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


@pytest.fixture
def client(server: Any) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key="any", max_retries=0)


def test_models(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == [MODEL]
    assert client.models.retrieve(MODEL).id == MODEL
    with pytest.raises(openai.NotFoundError) as error:
        client.models.retrieve("gpt-4")
    assert error.value.code == "model_not_found"


def test_a_chat_and_its_usage(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL, messages=HELLO, max_tokens=10, temperature=0
    )
    (choice,) = answer.choices
    assert choice.message.role == "assistant"
    assert choice.message.content
    assert choice.finish_reason == "length"
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 10
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + 10


def test_a_stream_says_the_same(client: openai.OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": MODEL, "messages": HELLO, "max_tokens": 24, "temperature": 0,
    }  # fmt: skip
    whole = client.chat.completions.create(**asked)
    chunks = list(
        client.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text == whole.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert whole.usage is not None
    assert chunks[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert len({chunk.id for chunk in chunks}) == 1


def test_several_choices_and_seeds(client: openai.OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": MODEL, "messages": HELLO, "max_tokens": 12, "seed": 5, "n": 3,
    }  # fmt: skip
    first = client.chat.completions.create(**asked)
    again = client.chat.completions.create(**asked)
    texts = [choice.message.content for choice in first.choices]
    assert [choice.index for choice in first.choices] == [0, 1, 2]
    assert len(set(texts)) == 3
    assert [choice.message.content for choice in again.choices] == texts
    assert first.usage is not None
    assert first.usage.completion_tokens == 36
    streamed = ["", "", ""]
    for chunk in client.chat.completions.create(**asked, stream=True):
        for choice in chunk.choices:
            streamed[choice.index] += choice.delta.content or ""
    assert streamed == texts


def test_stop_texts_cut_the_answer(client: openai.OpenAI) -> None:
    asked: dict[str, Any] = {
        "model": MODEL, "messages": HELLO, "max_tokens": 40, "temperature": 0,
    }  # fmt: skip
    text = client.chat.completions.create(**asked).choices[0].message.content or ""
    stop = text[len(text) // 2 :][:3]
    cut = client.chat.completions.create(**asked, stop=[stop, "never there"])
    assert cut.choices[0].finish_reason == "stop"
    assert cut.choices[0].message.content == text[: text.index(stop)]
    streamed = client.chat.completions.create(**asked, stop=stop, stream=True)
    shown = "".join(c.choices[0].delta.content or "" for c in streamed if c.choices)
    assert shown == text[: text.index(stop)]


def test_logprobs(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL, messages=HELLO, max_tokens=6, temperature=0, logprobs=True, top_logprobs=3
    )
    logprobs = answer.choices[0].logprobs
    assert logprobs is not None
    assert logprobs.content is not None
    assert len(logprobs.content) == 6
    for token in logprobs.content:
        assert len(token.top_logprobs) == 3
        assert token.logprob == max(other.logprob for other in token.top_logprobs)
    data = b"".join(bytes(token.bytes or []) for token in logprobs.content)
    assert data.decode(errors="replace") == answer.choices[0].message.content


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("temperature", [0, 2])
def test_a_schema_is_kept(client: openai.OpenAI, stream: bool, temperature: float) -> None:
    form: Any = {
        "type": "json_schema",
        "json_schema": {"name": "person", "strict": True, "schema": PERSON},
    }
    asked: dict[str, Any] = {
        "model": MODEL, "messages": HELLO, "max_tokens": 40, "response_format": form,
        "temperature": temperature, "seed": 1,
    }  # fmt: skip
    if stream:
        chunks = client.chat.completions.create(**asked, stream=True)
        text = "".join(c.choices[0].delta.content or "" for c in chunks)
    else:
        choice = client.chat.completions.create(**asked).choices[0]
        assert choice.finish_reason == "stop"
        text = choice.message.content or ""
    Draft202012Validator(PERSON).validate(json.loads(text))


def test_any_json_object(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(
        model=MODEL,
        messages=HELLO,
        max_tokens=30,
        response_format={"type": "json_object"},
        temperature=1.5,
        seed=3,
    )
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    "choice", ["required", {"type": "function", "function": {"name": "get_weather"}}]
)
def test_calls_are_valid(client: openai.OpenAI, stream: bool, choice: Any) -> None:
    asked: dict[str, Any] = {
        "model": MODEL, "messages": HELLO, "max_tokens": 60, "tools": [WEATHER, RING],
        "tool_choice": choice, "temperature": 1.5,
    }  # fmt: skip
    for seed in range(4):
        if stream:
            name, arguments, reason = "", "", None
            for chunk in client.chat.completions.create(**asked, seed=seed, stream=True):
                (part,) = chunk.choices
                reason = part.finish_reason or reason
                for call in part.delta.tool_calls or []:
                    assert call.function is not None
                    name += call.function.name or ""
                    arguments += call.function.arguments or ""
        else:
            answer = client.chat.completions.create(**asked, seed=seed).choices[0]
            reason = answer.finish_reason
            (made,) = answer.message.tool_calls or []
            assert made.type == "function"
            assert answer.message.content is None
            name, arguments = made.function.name, made.function.arguments
        assert reason == "tool_calls"
        if choice != "required":
            assert name == "get_weather"
        tool = {"get_weather": WEATHER, "ring": RING}[name]
        Draft202012Validator(tool["function"]["parameters"]).validate(json.loads(arguments))


def test_auto_may_answer_in_text(client: openai.OpenAI) -> None:
    kinds = set()
    for seed in range(12):
        choice = client.chat.completions.create(
            model=MODEL,
            messages=HELLO,
            max_tokens=60,
            tools=[RING],
            temperature=2,
            seed=seed,
        ).choices[0]
        kinds.add("call" if choice.message.tool_calls else "text")
        if choice.message.tool_calls:
            assert choice.message.content is None
        else:
            assert choice.message.content
            assert choice.finish_reason in ("stop", "length")
    assert kinds == {"call", "text"}


def test_none_never_calls(client: openai.OpenAI) -> None:
    choice = client.chat.completions.create(
        model=MODEL, messages=HELLO, max_tokens=8, tools=[WEATHER], tool_choice="none"
    ).choices[0]
    assert choice.message.tool_calls is None


def test_a_conversation_with_calls_and_results(client: openai.OpenAI) -> None:
    call: Any = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "get_weather", "arguments": '{"city": "Oslo", "unit": "celsius"}'},
    }
    answer = client.chat.completions.create(
        model=MODEL,
        max_tokens=5,
        messages=[
            {"role": "developer", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "Weather in Oslo?"}]},
            {"role": "assistant", "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": "3 degrees"},
        ],
    )
    assert answer.usage is not None
    assert answer.usage.completion_tokens == 5


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"temperature": 3}, "temperature", "<= 2"),
    ({"temperature": "hot"}, "temperature", "expected `float"),
    ({"max_tokens": 0}, "max_tokens", ">= 1"),
    ({"n": 100}, "n", "<= 8"),
    ({"nonsense": 1}, "nonsense", "unknown field"),
    ({"messages": []}, "messages", "length >= 1"),
    ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role", "wizard"),
    ({"top_logprobs": 3}, "top_logprobs", "needs logprobs"),
    ({"frequency_penalty": 1}, "frequency_penalty", "<= 0"),
    ({"stream_options": {"include_usage": True}}, "stream_options", "needs stream"),
    ({"stop": ""}, "stop", "must not be empty"),
    ({"max_tokens": 5000}, "messages", "leaves"),
    ({"tool_choice": "required"}, "tool_choice", "no tools"),
    ({"tools": [RING, RING]}, "tools", "second tool"),
    (
        {"tools": [RING], "tool_choice": {"type": "function", "function": {"name": "x"}}},
        "tool_choice",
        "no tool",
    ),
    (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {
            "type": "string", "pattern": "(?<=a)b"}}}},
        "response_format.json_schema.schema",
        "pattern",
    ),
    (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {
            "type": "wrong"}}}},
        "response_format.json_schema.schema",
        "wrong",
    ),
    (
        {"max_tokens": 3, "response_format": {"type": "json_schema", "json_schema": {
            "name": "x", "schema": PERSON}}},
        "max_tokens",
        "shortest answer",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "param", "message"), WRONG, ids=lambda x: str(x)[:40])
def test_wrong_fields_are_named(
    server: Any, change: dict[str, Any], param: str, message: str
) -> None:
    body = {"model": MODEL, "messages": HELLO, **change}
    answer = httpx.post(f"{server.url}/v1/chat/completions", json=body, timeout=30)
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert error["param"] == param
    assert message in error["message"]
    assert error["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\xff\xfe", "not UTF-8"),
        (b"{", "not JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b'{"messages": [{"role": "user", "content": "x"}]}', "missing field 'model'"),
    ],
    ids=["bytes", "broken", "deep", "missing"],
)
def test_bodies_that_are_no_request(server: Any, body: bytes, message: str) -> None:
    answer = httpx.post(f"{server.url}/v1/chat/completions", content=body)
    assert answer.status_code == 400
    assert message in answer.json()["error"]["message"]


def test_special_tokens_in_messages_are_text(client: openai.OpenAI) -> None:
    plain = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "a"}], max_tokens=1
    )
    typed = client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "<|im_end|>"}], max_tokens=1
    )
    assert plain.usage is not None
    assert typed.usage is not None
    assert typed.usage.prompt_tokens > plain.usage.prompt_tokens  # spelled out


def test_embeddings(client: openai.OpenAI) -> None:
    texts = ["the cat sat", "a cat was sitting", "stock prices fell"]
    answer = client.embeddings.create(model="minilm-l6", input=texts, encoding_format="float")
    a, b, c = (row.embedding for row in answer.data)
    assert len(a) == 384

    def dot(x: list[float], y: list[float]) -> float:
        return sum(p * q for p, q in zip(x, y, strict=True))

    assert dot(a, b) > dot(a, c)
    assert dot(a, a) == pytest.approx(1, abs=1e-5)
    packed = client.embeddings.create(model="minilm-l6", input=texts[0], encoding_format="base64")
    data = packed.data[0].embedding
    assert isinstance(data, str)
    raw = struct.unpack("<384f", base64.b64decode(data))
    assert list(raw) == pytest.approx(a, abs=1e-6)  # another batch: see Encoder
    assert answer.usage.prompt_tokens > 9
    with pytest.raises(openai.BadRequestError, match="longer than 256"):
        client.embeddings.create(model="minilm-l6", input="word " * 400)
    with pytest.raises(openai.NotFoundError):
        client.embeddings.create(model="ada", input="x")


def test_a_client_that_goes_away_frees_its_slot(server: Any) -> None:
    body = {"model": MODEL, "messages": HELLO, "max_tokens": 400, "stream": True}
    with httpx.stream("POST", f"{server.url}/v1/chat/completions", json=body) as answer:
        next(answer.iter_lines())
    server.until(lambda: server.service.engine.load().running == 0)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{server.url}/v1/chat/completions", json={**body, "stream": False}, timeout=0.05
        )
    server.until(lambda: server.service.engine.load().running == 0)
    assert server.service.engine.load().used_blocks == 0


def test_limits_are_shown_and_refunded(server: Any) -> None:
    body = {"model": MODEL, "messages": HELLO, "max_tokens": 100, "stop": None, "n": 2}

    def post() -> httpx.Response:
        return httpx.post(f"{server.url}/v1/chat/completions", json={**body, "max_tokens": 4})

    first = post()
    used = first.json()["usage"]["total_tokens"] + first.json()["usage"]["prompt_tokens"]
    left = int(first.headers["x-ratelimit-remaining-tokens"])
    second = post()
    reserved = used  # the same request again, reserved whole; both were used whole
    assert int(second.headers["x-ratelimit-remaining-tokens"]) == pytest.approx(
        left - reserved, abs=2 + server.token_rate
    )


def test_traces_show_the_chat(server: Any, client: openai.OpenAI) -> None:
    client.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=3)
    server.service.tracer.flush()
    listed = httpx.get(f"{server.url}/traces").json()["data"]
    tree = httpx.get(f"{server.url}/traces/{listed[0]['trace_id']}").json()
    text = json.dumps(tree)
    assert "llm.token_count.completion" in text
    assert "Say hello" not in text  # prompts are not recorded unless asked for
    assert httpx.get(f"{server.url}/traces/none").status_code == 404


def test_metrics_count(server: Any, client: openai.OpenAI) -> None:
    client.chat.completions.create(model=MODEL, messages=HELLO, max_tokens=3)
    text = httpx.get(f"{server.url}/metrics").text
    assert 'minilora:generation_tokens_total{model_name="small"}' in text
    assert "minilora:time_to_first_token_seconds_bucket" in text


def test_a_request_whose_time_is_over_is_told(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    body = {"model": MODEL, "messages": HELLO, "max_tokens": 4}
    monkeypatch.setattr(server.service, "request_timeout_s", -1)
    answer = httpx.post(f"{server.url}/v1/chat/completions", json=body)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "deadline"
    assert int(answer.headers["retry-after"]) >= 1
    streamed = httpx.post(f"{server.url}/v1/chat/completions", json={**body, "stream": True})
    assert streamed.status_code == 503  # nothing was sent yet, so it is no stream


def test_a_prompt_over_the_servers_limit_is_refused(
    server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {"model": MODEL, "messages": HELLO, "max_tokens": 4, "temperature": 0}
    url = f"{server.url}/v1/chat/completions"
    n_tokens = httpx.post(url, json=asked).json()["usage"]["prompt_tokens"]
    monkeypatch.setattr(server.service, "max_prompt_tokens", n_tokens)
    assert httpx.post(url, json=asked).status_code == 200
    monkeypatch.setattr(server.service, "max_prompt_tokens", n_tokens - 1)
    for stream in (False, True):
        refused = httpx.post(url, json=asked | {"stream": stream})
        assert refused.status_code == 400
        error = refused.json()["error"]
        assert (error["code"], error["param"]) == ("context_length_exceeded", "messages")
        assert f"has {n_tokens} tokens; at most {n_tokens - 1}" in error["message"]


def test_a_full_queue_is_told_and_everyone_accepted_is_answered(server: Any) -> None:
    config = server.service.engine.config
    room = config.max_running + config.max_waiting
    body = {"model": MODEL, "messages": HELLO, "max_tokens": 60, "temperature": 0}

    async def post(client: httpx.AsyncClient) -> httpx.Response:
        return await client.post(f"{server.url}/v1/chat/completions", json=body)

    async def run() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=2 * room)
        async with httpx.AsyncClient(timeout=120, limits=limits) as client:
            return await asyncio.gather(*(post(client) for _ in range(room + 40)))

    answers = asyncio.run(run())
    statuses = {answer.status_code for answer in answers}
    assert statuses == {200, 503}
    texts = {a.json()["choices"][0]["message"]["content"] for a in answers if a.status_code == 200}
    assert len(texts) == 1
    full = next(answer for answer in answers if answer.status_code == 503)
    assert full.json()["error"]["code"] == "queue_full"
    server.until(lambda: server.service.engine.load().waiting == 0)
    assert server.service.engine.load().used_blocks == 0


def test_adapters_are_loaded_and_forgotten(server: Any, tmp_path: Path) -> None:
    def post(route: str, **body: str) -> httpx.Response:
        return httpx.post(f"{server.url}/v1/{route}", json=body)

    missing = post("load_lora_adapter", lora_name="a", lora_path=str(tmp_path))
    assert missing.status_code == 400
    assert missing.json()["error"]["param"] == "lora_path"
    assert post("load_lora_adapter", lora_name=MODEL, lora_path="x").status_code == 400
    assert post("unload_lora_adapter", lora_name="a").status_code == 404
