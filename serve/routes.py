"""The routes of a loaded server, and the app around them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.routing import Route

from serve.app import Shell, build_app, why_not_ready
from serve.ask_api import AskApi
from serve.documents_api import DocumentsApi
from serve.metrics import Metrics
from serve.middleware import Access
from serve.openai_api import OpenAIApi
from serve.operations import DETECTIVE_OPERATIONS, OPERATOR_OPERATIONS, openai_operations
from serve.operator_api import OperatorApi
from serve.service import Service

log = logging.getLogger("serve")
PROBES = ("/health", "/ready", "/metrics")  # asked every few seconds


def service_app(service: Service, shell: Shell, draining: asyncio.Event) -> Starlette:
    """Return the app of a loaded service, which it closes in the end.

    Args:
        service: the parts that the routes share.
        shell: what is around the routes.
        draining: set when the server stops. It then accepts no connections, so what the engine
            still gets belongs to requests that were accepted before.
    """
    openai, operator = OpenAIApi(service), OperatorApi(service)
    ask, documents = AskApi(service), DocumentsApi(service)
    routes = [
        Route("/v1/chat/completions", openai.chat, methods=["POST"]),
        Route("/v1/embeddings", openai.embeddings, methods=["POST"]),
        Route("/v1/models", openai.models),
        Route("/v1/models/{model:path}", openai.model),
        Route("/ask", ask.ask, methods=["POST"]),
        Route("/documents", documents.list),
        Route("/documents", documents.upload, methods=["POST"]),
        Route("/documents/{id}", documents.get),
        Route("/documents/{id}", documents.delete, methods=["DELETE"]),
        Route("/documents/{id}/pages/{number}", documents.page),
        Route("/traces", operator.traces),
        Route("/traces/{id}", operator.trace),
        Route("/v1/load_lora_adapter", operator.load_adapter, methods=["POST"]),
        Route("/v1/unload_lora_adapter", operator.unload_adapter, methods=["POST"]),
    ]
    operations = (
        *openai_operations(service.model_name, service.encoder_name),
        *DETECTIVE_OPERATIONS,
        *OPERATOR_OPERATIONS,
    )

    def not_ready() -> str | None:
        return why_not_ready(service.engine.load(), service.engine.alive, draining.is_set())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    return build_app(shell, routes, operations, not_ready, lifespan)


def access_recorder(metrics: Metrics) -> Callable[[Access], None]:
    """Return what counts and logs every request when it is over."""

    def record(access: Access) -> None:
        route = access.route or "unknown"
        if access.status is not None:
            metrics.http_answered(route, access.method, access.status, access.duration_s)
        if access.error is not None:
            metrics.error(route, access.error)
        log.log(
            logging.DEBUG if route in PROBES else logging.INFO,
            "request",
            extra={
                "method": access.method,
                "path": access.path,
                "status": access.status,
                "duration_ms": round(1000 * access.duration_s, 1),
                "sent_bytes": access.sent_bytes,
                "client": access.client,
                "error": access.error,
            },
        )

    return record
