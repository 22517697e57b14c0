"""The table of routes: what each takes and gives, from which ``/openapi.json`` is made.

What answers them is in :mod:`serve.app`, :mod:`serve.openai_api`, :mod:`serve.ask_api`,
:mod:`serve.documents_api` and :mod:`serve.operator_api`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from serve.ask_api import STREAM_TOLD, AskRequest
from serve.detective.reply import Reply, StepRecord
from serve.documents_api import FIELD, DocumentList, DocumentPage, StoredDocument
from serve.openai_types import (
    ChatChunk,
    ChatRequest,
    ChatResponse,
    EmbeddingsRequest,
    EmbeddingsResponse,
    Model,
    ModelList,
)
from serve.openapi import BODY_ERRORS, MODEL_ERRORS, Nothing, Operation, Text, Upload
from serve.operator_api import LoadAdapter, TraceList, UnloadAdapter

OPERATOR_ERRORS = (400, 401, 403)


class Alive(Struct):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Ready(Struct):
    """Requests are taken."""

    status: Literal["ready"] = "ready"


SERVER_OPERATIONS = (
    Operation("GET", "/health", "The process answers", response=Alive),
    Operation("GET", "/ready", "Requests are taken", response=Ready, errors=(503,)),
    Operation("GET", "/metrics", "Figures for Prometheus", response=Text("text/plain")),
    Operation("GET", "/openapi.json", "This description", response=dict[str, Any]),
    Operation("GET", "/", "The page", response=Text("text/html"), errors=(404,)),
    Operation("GET", "/page/{file}", "A file of it", response=Text("*/*"), errors=(404,)),
    Operation("GET", "/docs", "This description as a page", response=Text("text/html")),
    Operation("GET", "/docs.js", "Script of the page", response=Text("text/javascript")),
    Operation("GET", "/docs.css", "Style of the page", response=Text("text/css")),
)


def openai_operations(model: str, encoder: str) -> tuple[Operation, ...]:
    """Return the routes of OpenAI's API.

    Args:
        model: name of a model that is served, for the examples.
        encoder: name of the embedding model.
    """
    hello = {"model": model, "messages": [{"role": "user", "content": "Say hello."}]}
    return (
        Operation(
            "POST",
            "/v1/chat/completions",
            "Answer a chat: text, JSON of a schema, or a tool call",
            request=ChatRequest,
            response=ChatResponse,
            stream=ChatChunk,
            errors=BODY_ERRORS + MODEL_ERRORS,
            secured=True,
            limited=True,
            examples=_chat_examples(hello),
            tag="OpenAI",
        ),
        Operation(
            "POST",
            "/v1/embeddings",
            "Vectors of texts",
            request=EmbeddingsRequest,
            response=EmbeddingsResponse,
            errors=BODY_ERRORS + MODEL_ERRORS,
            secured=True,
            limited=True,
            examples={"one text": {"model": encoder, "input": "a text"}},
            tag="OpenAI",
        ),
        Operation(
            "GET",
            "/v1/models",
            "The models that are served",
            response=ModelList,
            errors=MODEL_ERRORS,
            secured=True,
            tag="OpenAI",
        ),
        Operation(
            "GET",
            "/v1/models/{model}",
            "One model",
            response=Model,
            errors=MODEL_ERRORS,
            secured=True,
            tag="OpenAI",
        ),
    )


# Documents belong to everybody with a key, or to everybody where there are no keys.
DETECTIVE_OPERATIONS = (
    Operation(
        "POST",
        "/ask",
        "Answer a question from all documents, or those named, and Wikipedia, with citations",
        request=AskRequest,
        response=Reply,
        stream=StepRecord,
        stream_told=STREAM_TOLD,
        errors=BODY_ERRORS + MODEL_ERRORS,
        secured=True,
        limited=True,
        examples={
            "all documents": {"question": "How tall is the lighthouse of Vell?"},
            "a conversation": {"question": "Who designed the tower?", "session": "one"},
        },
        tag="detective",
    ),
    Operation(
        "POST",
        "/documents",
        "Store a PDF, Markdown, text or HTML file for everybody with a key; 200 if it was there",
        request=Upload(FIELD),
        response=StoredDocument,
        status=201,
        other_status=200,
        errors=(*BODY_ERRORS, 401, 403, 429, 503),
        secured=True,
        limited=True,
        tag="detective",
    ),
    Operation(
        "GET",
        "/documents",
        "All documents, the newest first",
        response=DocumentList,
        errors=(401, 503),
        secured=True,
        tag="detective",
    ),
    Operation(
        "GET",
        "/documents/{id}",
        "One document, without its text",
        response=StoredDocument,
        errors=(401, 404, 503),
        secured=True,
        tag="detective",
    ),
    Operation(
        "GET",
        "/documents/{id}/pages/{number}",
        "The text of a page, counted from 1",
        response=DocumentPage,
        errors=(401, 404, 503),
        secured=True,
        tag="detective",
    ),
    Operation(
        "DELETE",
        "/documents/{id}",
        "Remove a document whole, for everybody",
        response=Nothing(),
        status=204,
        errors=(401, 403, 404, 503),
        secured=True,
        tag="detective",
    ),
)

OPERATOR_OPERATIONS = (
    Operation(
        "GET",
        "/traces",
        "Recent traces, the latest first",
        response=TraceList,
        errors=OPERATOR_ERRORS,
        secured=True,
        parameters={"limit": Annotated[int, Meta(ge=1, le=500)], "before": str},
        tag="operator",
    ),
    Operation(
        "GET",
        "/traces/{id}",
        "One trace as a tree",
        response=dict[str, Any],
        errors=(*OPERATOR_ERRORS, 404),
        secured=True,
        tag="operator",
    ),
    Operation(
        "POST",
        "/v1/load_lora_adapter",
        "Load an adapter from a folder of the server",
        request=LoadAdapter,
        response=Model,
        errors=(*OPERATOR_ERRORS, *BODY_ERRORS),
        secured=True,
        examples={"adapter": {"lora_name": "mine", "lora_path": "/adapters/mine"}},
        tag="operator",
    ),
    Operation(
        "POST",
        "/v1/unload_lora_adapter",
        "Unload an adapter; answers under way keep it",
        request=UnloadAdapter,
        response=Model,
        errors=(*OPERATOR_ERRORS, *BODY_ERRORS, 404),
        secured=True,
        examples={"adapter": {"lora_name": "mine"}},
        tag="operator",
    ),
)


def _chat_examples(hello: dict[str, Any]) -> dict[str, Any]:
    """Return a body of each kind."""
    city = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 40}, "days": {"type": "integer"}},
        "required": ["city", "days"],
    }
    schema = {"type": "json_schema", "json_schema": {"name": "trip", "schema": city}}
    tool = {"type": "function", "function": {"name": "plan_trip", "parameters": city}}
    return {
        "text": hello | {"max_tokens": 64},
        "stream": hello | {"max_tokens": 64, "stream": True},
        "schema": hello | {"max_tokens": 64, "response_format": schema},
        "tool": hello | {"max_tokens": 64, "tools": [tool], "tool_choice": "required"},
    }
