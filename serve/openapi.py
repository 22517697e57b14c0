"""``/openapi.json``, generated from the types of the bodies: what is served is what is described.

Every route needs an :class:`Operation` and every operation a route; the server does not start
otherwise. The schemas are msgspec's own, of the very types that read the bodies.

Source: OpenAPI Specification 3.1.1; JSON Schema 2020-12.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from starlette.routing import Route

ERROR_DESCRIPTIONS = {
    400: "A value of the request is wrong; `param` names the field.",
    401: "The key is missing or wrong.",
    403: "The key does not allow this.",
    404: "There is no such model or object.",
    408: "The body did not arrive in time.",
    409: "It is there already, or in use.",
    413: "The body is too long.",
    415: "The body is compressed.",
    429: "The caller's quota is used up; `Retry-After` says for how long.",
    500: "The server failed.",
    503: "The server is loading, full or stopping; come back later.",
    504: "The answer was not ready before the request's deadline.",
}
OPENAI_STREAM = (
    'With `"stream": true` server-sent events: each `data:` line is JSON as in '
    "`x-event-schema`, the last is `[DONE]`; an error comes as an event with `error`."
)
BODY_ERRORS = (400, 408, 413, 415)
MODEL_ERRORS = (401, 403, 404, 429, 500, 503, 504)
RATE_HEADERS = tuple(
    f"x-ratelimit-{what}-{unit}"
    for unit in ("requests", "tokens")
    for what in ("limit", "remaining", "reset")
)


class ErrorDetail(msgspec.Struct):
    """What is wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class ErrorBody(msgspec.Struct):
    """Every error, on every route."""

    error: ErrorDetail


@dataclass(frozen=True)
class Text:
    """A body that is no JSON.

    Attributes:
        media_type: such as ``text/html``.
    """

    media_type: str


@dataclass(frozen=True)
class Upload:
    """A multipart form with one file.

    Attributes:
        field: of the form.
    """

    field: str


@dataclass(frozen=True)
class Nothing:
    """No body."""


@dataclass(frozen=True)
class Operation:
    """One route, described.

    Attributes:
        method: GET, POST, ...
        path: template, such as ``/v1/models/{model}``.
        summary: one line.
        response: type of the JSON body, :class:`Text` or :class:`Nothing`.
        request: type of the JSON body, or :class:`Upload`; None takes none.
        stream: type of each server-sent event, where the route streams if asked to.
        stream_told: when it does, and which events there are.
        errors: statuses that it may answer with; the body is :class:`ErrorBody`.
        status: of success.
        other_status: of success too, with the same body.
        secured: takes a key.
        limited: counts against the caller's quota and tells how much is left.
        parameters: names of the query's parameters -> their types; all may be left out.
        examples: request bodies, name -> JSON value.
        tag: heading it stands under.
    """

    method: str
    path: str
    summary: str
    response: Any
    request: Any = None
    stream: Any = None
    stream_told: str = OPENAI_STREAM
    errors: tuple[int, ...] = ()
    status: int = 200
    other_status: int | None = None
    secured: bool = False
    limited: bool = False
    parameters: dict[str, Any] = field(default_factory=dict)
    examples: dict[str, Any] = field(default_factory=dict)
    tag: str = "server"

    def __post_init__(self) -> None:
        """Check that nothing is left open.

        Raises:
            ValueError: no type for a body that is sent, or a status nobody explained.
        """
        here = f"{self.method} {self.path}"
        if self.response is None:
            raise ValueError(f"{here} has no response type")
        if self.method in ("POST", "PUT", "PATCH") and self.request is None:
            raise ValueError(f"{here} has no request type")
        if unknown := set(self.errors) - set(ERROR_DESCRIPTIONS):
            raise ValueError(f"{here} has errors without a description: {sorted(unknown)}")

    @property
    def path_parameters(self) -> list[str]:
        """Names of the parts of the path that vary."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def operation_id(self) -> str:
        """A name for programs.

        >>> Operation("GET", "/v1/models/{model}", "One model", response=dict).operation_id
        'get_v1_models_model'
        """
        return "_".join([self.method.lower(), *re.findall(r"\w+", self.path)])


def check_complete(routes: Sequence[Route], operations: Sequence[Operation]) -> None:
    """Check that routes and operations are the same.

    Raises:
        ValueError: a route without an operation, an operation without a route, or one described
            twice; the message names it.
    """
    served = {
        (method, route.path_format)
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = [(operation.method, operation.path) for operation in operations]
    for problem, names in (
        ("described twice", {name for name in described if described.count(name) > 1}),
        ("served without an operation that gives its types", served - set(described)),
        ("described and not served", set(described) - served),
    ):
        if names:
            raise ValueError(f"{problem}: {', '.join(' '.join(name) for name in sorted(names))}")


def document(
    operations: Sequence[Operation], version: str, anonymous: bool = True
) -> dict[str, Any]:
    """Return the OpenAPI document.

    Args:
        operations: all that is served.
        version: of the product.
        anonymous: a key may be left out.
    """
    schemas = _Schemas(operations)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        described = _operation(operation, schemas, anonymous)
        paths.setdefault(operation.path, {})[operation.method.lower()] = described
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "minilora",
            "version": version,
            "description": "A language model behind OpenAI's API, and a detective that answers "
            "from documents and Wikipedia. All errors have one shape.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(o.tag for o in operations)],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "headers": _headers(),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
        },
    }


class _Schemas:
    """The schema of every type that the operations name, shared ones as components."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        types: list[Any] = [ErrorBody]
        for o in operations:
            wanted = [o.request, o.response, o.stream, *o.parameters.values()]
            no_json = (Text, Upload, Nothing)
            types += [t for t in wanted if t is not None and not isinstance(t, no_json)]
        # Bodies are told apart by identity: not all types can be hashed.
        found, components = msgspec.json.schema_components(
            types, ref_template="#/components/schemas/{name}"
        )
        self._found = {id(kind): schema for kind, schema in zip(types, found, strict=True)}
        self.components = {name: _tidy(schema) for name, schema in sorted(components.items())}

    def of(self, kind: Any) -> dict[str, Any]:
        """Return the schema of a type, usually a reference."""
        return self._found[id(kind)]


def _tidy(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a component with its docstring's indentation taken out."""
    if "description" in schema:
        return schema | {"description": inspect.cleandoc(schema["description"])}
    return schema


def _operation(operation: Operation, schemas: _Schemas, anonymous: bool) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.operation_id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "responses": _responses(operation, schemas),
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in operation.path_parameters
    ] + [
        {"name": name, "in": "query", "required": False, "schema": schemas.of(kind)}
        for name, kind in operation.parameters.items()
    ]
    if parameters:
        described["parameters"] = parameters
    if operation.request is not None:
        described["requestBody"] = {"required": True, "content": _body(operation, schemas)}
    if operation.secured:
        described["security"] = [{"key": []}, {}] if anonymous else [{"key": []}]
    return described


def _body(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    if isinstance(operation.request, Upload):
        file = {"type": "string", "contentMediaType": "application/octet-stream"}
        field = operation.request.field
        form = {"type": "object", "properties": {field: file}, "required": [field]}
        return {"multipart/form-data": {"schema": form | {"additionalProperties": False}}}
    content: dict[str, Any] = {"schema": schemas.of(operation.request)}
    if operation.examples:
        examples = operation.examples.items()
        content["examples"] = {name: {"value": value} for name, value in examples}
    return {"application/json": content}


def _responses(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if isinstance(operation.response, Text):
        content[operation.response.media_type] = {"schema": {"type": "string"}}
    elif not isinstance(operation.response, Nothing):
        content["application/json"] = {"schema": schemas.of(operation.response)}
    description = "Success."
    if operation.stream is not None:
        description = f"Success. {operation.stream_told}"
        event = schemas.of(operation.stream)
        content["text/event-stream"] = {"schema": {"type": "string"}, "x-event-schema": event}
    headers = {"x-request-id": {"$ref": "#/components/headers/x-request-id"}}
    if operation.limited:
        headers |= {name: {"$ref": f"#/components/headers/{name}"} for name in RATE_HEADERS}
    success: dict[str, Any] = {"description": description, "headers": headers}
    if content:
        success["content"] = content
    statuses = [operation.status, operation.other_status]
    successes = {str(status): success for status in statuses if status is not None}
    failures = {str(s): _error(s, schemas) for s in sorted({*operation.errors, 500})}
    return successes | failures


def _error(status: int, schemas: _Schemas) -> dict[str, Any]:
    headers = {"x-request-id": {"$ref": "#/components/headers/x-request-id"}}
    if status in (429, 503):
        headers["retry-after"] = {"$ref": "#/components/headers/retry-after"}
    return {
        "description": ERROR_DESCRIPTIONS[status],
        "headers": headers,
        "content": {"application/json": {"schema": schemas.of(ErrorBody)}},
    }


def _headers() -> dict[str, Any]:
    text, count = {"type": "string"}, {"type": "integer", "minimum": 0}
    rates = {
        name: {
            "description": "Of the caller's quota; resets are durations such as `12ms` or `6m0s`.",
            "schema": text if "reset" in name else count,
        }
        for name in RATE_HEADERS
    }
    return {
        "x-request-id": {
            "description": "The request's name in the logs; the caller's own, if it sent one.",
            "required": True,
            "schema": text,
        },
        "retry-after": {"description": "Seconds.", "schema": count},
        **rates,
    }
