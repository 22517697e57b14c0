"""The routes of a loaded server, and the app around them."""

from __future__ import annotations

import logging
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from serve.app import Shell, build_app, why_not_ready
from serve.middleware import Access
from serve.openai_api import OpenAIApi
from serve.openai_types import Model
from serve.openapi import BODY_ERRORS, Operation
from serve.operations import openai_operations
from serve.operator_api import LoadAdapter, OperatorApi, TraceList, UnloadAdapter
from serve.service import Service

log = logging.getLogger("serve.access")
_REFUSED = (401, 403)
CLIENT_GONE = 499  # nginx's status for a client that left before its answer

OPERATOR_OPERATIONS = (
    Operation(
        "GET",
        "/traces",
        "Recent traces",
        response=TraceList,
        errors=(400, *_REFUSED),
        secured=True,
        parameters={"limit": int, "before": str},
        tag="operator",
    ),
    Operation(
        "GET",
        "/traces/{id}",
        "One trace as a tree",
        response=dict[str, Any],
        errors=(404, *_REFUSED),
        secured=True,
        tag="operator",
    ),
    Operation(
        "POST",
        "/v1/load_lora_adapter",
        "Load an adapter from the server's disk",
        request=LoadAdapter,
        response=Model,
        errors=(*BODY_ERRORS, *_REFUSED),
        secured=True,
        tag="operator",
    ),
    Operation(
        "POST",
        "/v1/unload_lora_adapter",
        "Forget an adapter",
        request=UnloadAdapter,
        response=Model,
        errors=(*BODY_ERRORS, *_REFUSED, 404),
        secured=True,
        tag="operator",
    ),
)


def service_app(service: Service, max_body_bytes: int) -> Starlette:
    """Return the app of a loaded service; the service outlives it."""
    openai, operator = OpenAIApi(service), OperatorApi(service)
    routes = [
        Route("/v1/chat/completions", openai.chat, methods=["POST"]),
        Route("/v1/embeddings", openai.embeddings, methods=["POST"]),
        Route("/v1/models", openai.models, methods=["GET"]),
        Route("/v1/models/{model}", openai.model, methods=["GET"]),
        Route("/traces", operator.traces, methods=["GET"]),
        Route("/traces/{id}", operator.trace, methods=["GET"]),
        Route("/v1/load_lora_adapter", operator.load_adapter, methods=["POST"]),
        Route("/v1/unload_lora_adapter", operator.unload_adapter, methods=["POST"]),
    ]
    operations = (
        *openai_operations(service.model_name, service.encoder_name),
        *OPERATOR_OPERATIONS,
    )

    def record(access: Access) -> None:
        record_access(service, access)

    def not_ready() -> str | None:
        return why_not_ready(service.engine.load(), service.engine.alive, service.draining)

    shell = Shell(service.metrics.render, record, max_body_bytes, anonymous=service.open_to_all)
    return build_app(shell, routes, operations, not_ready)


def record_access(service: Service, access: Access) -> None:
    """Count and log a request that is over."""
    route, status = access.route or "none", access.status or CLIENT_GONE
    service.metrics.http_answered(route, access.method, status, access.duration_s)
    if access.error is not None:
        service.metrics.error(route, access.error)
    log.info(
        "request",
        extra={
            "route": route,
            "method": access.method,
            "status": status,
            "duration_ms": round(access.duration_s * 1000, 1),
            "request_id": access.request_id,
        },
    )
