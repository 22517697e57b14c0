"""The description against JSON Schema's own validator, and against what the types read."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema
import msgspec
import pytest
from jsonschema import Draft202012Validator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serve.errors import ApiError
from serve.openai_types import ChatRequest, EmbeddingsRequest, read
from serve.openapi import ErrorBody, Operation, Text, check_complete, document
from serve.operations import (
    DETECTIVE_OPERATIONS,
    OPERATOR_OPERATIONS,
    SERVER_OPERATIONS,
    openai_operations,
)
from serve.page_files import PAGE

OPERATIONS = (
    *SERVER_OPERATIONS,
    *openai_operations("base", "encoder"),
    *DETECTIVE_OPERATIONS,
    *OPERATOR_OPERATIONS,
)
CHAT = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


@pytest.fixture(scope="module")
def api() -> dict[str, Any]:
    encoded = msgspec.json.encode(document(OPERATIONS, "1.2.3"))
    decoded = json.loads(encoded)
    assert isinstance(decoded, dict)
    return decoded


def validator(api: dict[str, Any], name: str) -> Draft202012Validator:
    schema = {"$ref": f"#/components/schemas/{name}", "components": api["components"]}
    return Draft202012Validator(schema)


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        mapped = set(value.get("discriminator", {}).get("mapping", {}).values())
        return own | mapped | set().union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


def test_every_reference_leads_somewhere(api: dict[str, Any]) -> None:
    found = references(api)
    assert "#/components/schemas/ChatRequest" in found
    for reference in found:
        target: Any = api
        for part in reference.removeprefix("#/").split("/"):
            target = target[part]


def test_every_schema_is_one(api: dict[str, Any]) -> None:
    for schema in api["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_operations_have_names_of_their_own(api: dict[str, Any]) -> None:
    names = [o["operationId"] for path in api["paths"].values() for o in path.values()]
    assert len(names) == len(OPERATIONS) == len(set(names))


def test_every_part_of_a_path_is_a_parameter(api: dict[str, Any]) -> None:
    for path, methods in api["paths"].items():
        for operation in methods.values():
            given = [p["name"] for p in operation.get("parameters", []) if p["in"] == "path"]
            assert given == re.findall(r"{(\w+)}", path)


def test_examples_are_bodies_by_schema_and_by_type(api: dict[str, Any]) -> None:
    checked = 0
    for operation in OPERATIONS:
        for example in operation.examples.values():
            validator(api, operation.request.__name__).validate(example)
            read(msgspec.json.encode(example), operation.request)
            checked += 1
    assert checked >= 7


ACCEPTED: list[dict[str, Any]] = [
    CHAT,
    CHAT | {"temperature": 0, "top_p": 1, "n": 8, "stop": "x", "seed": -(2**63)},
    CHAT | {"temperature": 2.0, "stop": ["a", "b"], "max_tokens": None, "logit_bias": {}},
    CHAT | {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]},
    CHAT | {"messages": [{"role": "assistant"}, {"role": "system", "content": ""}]},
    CHAT | {"tool_choice": {"type": "function", "function": {"name": "f"}}},
    CHAT | {"tool_choice": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]},
    CHAT | {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
    CHAT | {"response_format": {"type": "text"}, "stream_options": {"include_usage": True}},
]
REFUSED: list[Any] = [
    {},
    [],
    None,
    {"model": "m"},
    {"model": 1, "messages": CHAT["messages"]},
    {"model": "m", "messages": []},
    CHAT | {"messages": "hi"},
    CHAT | {"messages": [{"role": "owner", "content": "hi"}]},
    CHAT | {"messages": [{"content": "hi"}]},
    CHAT | {"messages": [{"role": "user", "content": "hi", "extra": 1}]},
    CHAT | {"messages": [{"role": "user", "content": None}]},
    CHAT | {"messages": [{"role": "tool", "content": "hi"}]},
    CHAT | {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]},
    CHAT | {"surprise": 1},
    CHAT | {"temperature": 2.1},
    CHAT | {"temperature": "1"},
    CHAT | {"top_p": 0},
    CHAT | {"n": 0},
    CHAT | {"n": 9},
    CHAT | {"n": 1.5},
    CHAT | {"seed": 2**63},
    CHAT | {"max_tokens": 0},
    CHAT | {"max_tokens": True},
    CHAT | {"stop": ["a"] * 5},
    CHAT | {"stream": 1},
    CHAT | {"presence_penalty": 0.5},
    CHAT | {"logit_bias": {"1": 1}},
    CHAT | {"tool_choice": "always"},
    CHAT | {"tools": [{"type": "function", "function": {"name": "a b"}}]},
    CHAT | {"tools": [{"type": "web_search"}]},
    CHAT | {"tools": [{"function": {"name": "f"}}]},
    CHAT | {"tool_choice": {"function": {"name": "f"}}},
    CHAT | {"messages": [{"role": "user", "content": [{"text": "a"}]}]},
    CHAT | {"response_format": {}},
    CHAT | {"response_format": {"type": "grammar"}},
    CHAT | {"response_format": {"type": "json_schema"}},
    CHAT | {"user": "x" * 257},
]


@pytest.mark.parametrize("body", [*ACCEPTED, *REFUSED], ids=json.dumps)
def test_schema_and_type_agree_on_chat_bodies(api: dict[str, Any], body: Any) -> None:
    fits = validator(api, "ChatRequest").is_valid(body)
    assert fits == (body in ACCEPTED)
    try:
        read(json.dumps(body).encode(), ChatRequest)
    except ApiError:
        assert not fits
    else:
        assert fits


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        ({"model": "e", "input": "a"}, True),
        ({"model": "e", "input": ["a", "b"], "encoding_format": "base64"}, True),
        ({"model": "e", "input": []}, False),
        ({"model": "e", "input": [1, 2]}, False),
        ({"model": "e", "input": "a", "encoding_format": "int8"}, False),
    ],
)
def test_schema_and_type_agree_on_texts(api: dict[str, Any], body: Any, fits: bool) -> None:
    assert validator(api, "EmbeddingsRequest").is_valid(body) == fits
    if fits:
        read(json.dumps(body).encode(), EmbeddingsRequest)
    else:
        with pytest.raises(ApiError):
            read(json.dumps(body).encode(), EmbeddingsRequest)


def test_errors_fit_their_schema(api: dict[str, Any]) -> None:
    check = validator(api, ErrorBody.__name__)
    check.validate(ApiError(400, "no", param="x").body())
    with pytest.raises(jsonschema.ValidationError):
        check.validate({"error": {"message": "no"}})


def test_streams_errors_and_keys_are_described(api: dict[str, Any]) -> None:
    chat = api["paths"]["/v1/chat/completions"]["post"]
    assert set(chat["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    assert {"400", "401", "408", "413", "415", "429", "500", "503"} <= set(chat["responses"])
    assert "retry-after" in chat["responses"]["429"]["headers"]
    assert chat["security"] == [{"key": []}, {}]
    strict = document(OPERATIONS, "1", anonymous=False)["paths"]["/v1/chat/completions"]["post"]
    assert strict["security"] == [{"key": []}]
    assert "security" not in api["paths"]["/health"]["get"]


def test_uploads_removals_and_streams_of_steps_are_described(api: dict[str, Any]) -> None:
    upload = api["paths"]["/documents"]["post"]
    form = upload["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    assert {"200", "201", "413", "503"} <= set(upload["responses"])
    assert "content" not in api["paths"]["/documents/{id}"]["delete"]["responses"]["204"]
    answer = api["paths"]["/ask"]["post"]["responses"]["200"]
    assert "Accept: text/event-stream" in answer["description"]
    step = answer["content"]["text/event-stream"]["x-event-schema"]
    assert step == {"$ref": "#/components/schemas/StepRecord"}


# --- what is refused -----------------------------------------------------------------------------


async def nothing(request: Request) -> Response:
    return Response()


def test_a_route_that_nobody_described_is_refused() -> None:
    routes = [Route("/a", nothing), Route("/b/{id:path}", nothing, methods=["POST"])]
    a = Operation("GET", "/a", "a", response=Text("text/plain"))
    b = Operation("POST", "/b/{id}", "b", request=ErrorBody, response=ErrorBody)
    check_complete(routes, [a, b])
    with pytest.raises(ValueError, match=r"that gives its types: POST /b/\{id\}"):
        check_complete(routes, [a])
    with pytest.raises(ValueError, match=r"described and not served: GET /a"):
        check_complete(routes[1:], [a, b])
    with pytest.raises(ValueError, match=r"described twice: GET /a"):
        check_complete(routes, [a, a, b])


def test_an_operation_without_types_is_refused() -> None:
    with pytest.raises(ValueError, match="GET /a has no response type"):
        Operation("GET", "/a", "a", response=None)
    with pytest.raises(ValueError, match="POST /a has no request type"):
        Operation("POST", "/a", "a", response=ErrorBody)
    with pytest.raises(ValueError, match=r"errors without a description: \[418\]"):
        Operation("GET", "/a", "a", response=ErrorBody, errors=(418,))


# --- the page ------------------------------------------------------------------------------------


def test_the_page_needs_nothing_from_outside_and_never_writes_html() -> None:
    files = {path.name: path.read_text(encoding="utf-8") for path in PAGE.glob("docs.*")}
    assert set(files) == {"docs.html", "docs.js", "docs.css"}
    for text in files.values():
        assert not re.search(
            r"https?:|//\w+\.|@import|innerHTML|outerHTML|insertAdjacent|eval\(", text
        )
    html = files["docs.html"]
    assert set(re.findall(r'(?:src|href)="([^"]*)"', html)) == {
        "/",
        "/docs.css",
        "/docs.js",
        "/page/icon.svg",
        "/page/theme.css",
        "/page/theme.js",
        "/openapi.json",
    }
    assert not re.search(r"<script>|<style>|\son\w+=|style=", html)  # the policy forbids these
