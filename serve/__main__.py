"""``python -m serve``: load the model and answer by OpenAI's API until told to stop.

The server answers ``/health`` from the first moment and is ready when the model is loaded.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from starlette.applications import Starlette
from starlette.routing import Route

from minilora.command import one_line
from serve import logs
from serve.app import LoadingApp, Shell, build_app, why_not_ready
from serve.connection import listen, serve_app
from serve.metrics import Metrics
from serve.middleware import Access
from serve.openai_api import OpenAIApi
from serve.operations import OPERATOR_OPERATIONS, openai_operations
from serve.operator_api import OperatorApi
from serve.service import Service, load_service
from serve.settings import Settings

log = logging.getLogger("serve")


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until a signal; return 0, 2 for wrong settings or input, 1 where the server failed."""
    settings = Settings.from_command_line(argv)
    logs.configure(settings.log_level, settings.log_prompts)
    try:
        failure = asyncio.run(run(settings))
    except ValueError as error:
        failure = error
    if failure is None:
        return 0
    print(f"error: {one_line(failure)}", file=sys.stderr)
    return 2 if isinstance(failure, ValueError | OSError) else 1


async def run(settings: Settings) -> Exception | None:
    """Serve until a signal; return what kept the model from loading, None where nothing did.

    Raises:
        ValueError: the address cannot be listened on.
    """
    draining = asyncio.Event()

    async def make() -> Starlette:
        service = await asyncio.to_thread(load_service, settings)
        log.info("ready", extra={"model": service.model_name})
        return make_app(settings, service, draining)

    app = LoadingApp(make_shell(settings, Metrics()), make, draining)
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    log.info("listening", extra={"address": f"http://{host}:{port}", "model": settings.model})
    await serve_app(app, listener, draining, settings.drain_timeout_s)
    return app.failure


def make_app(settings: Settings, service: Service, draining: asyncio.Event) -> Starlette:
    """Return the app of a loaded service, which it closes in the end."""
    openai, operator = OpenAIApi(service), OperatorApi(service)
    routes = [
        Route("/v1/chat/completions", openai.chat, methods=["POST"]),
        Route("/v1/embeddings", openai.embeddings, methods=["POST"]),
        Route("/v1/models", openai.models),
        Route("/v1/models/{model:path}", openai.model),
        Route("/traces", operator.traces),
        Route("/traces/{id}", operator.trace),
        Route("/v1/load_lora_adapter", operator.load_adapter, methods=["POST"]),
        Route("/v1/unload_lora_adapter", operator.unload_adapter, methods=["POST"]),
    ]
    operations = (
        *openai_operations(service.model_name, service.encoder_name),
        *OPERATOR_OPERATIONS,
    )

    def not_ready() -> str | None:
        return why_not_ready(service.engine.load(), service.engine.alive, draining.is_set())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await service.close()

    shell = make_shell(settings, service.metrics)
    return build_app(shell, routes, operations, not_ready, lifespan)


def make_shell(settings: Settings, metrics: Metrics) -> Shell:
    """Return what is around the routes: limits as set, requests counted and logged."""

    def record(access: Access) -> None:
        route = access.route or "unknown"
        if access.status is not None:
            metrics.http_answered(route, access.method, access.status, access.duration_s)
        if access.error is not None:
            metrics.error(route, access.error)
        quiet = route in ("/health", "/ready", "/metrics")  # asked every few seconds
        log.log(
            logging.DEBUG if quiet else logging.INFO,
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

    return Shell(
        metrics=metrics.render,
        record=record,
        max_body_bytes=settings.max_body_bytes,
        anonymous=settings.anonymous_limits is not None,
        version=product_version(),
    )


def product_version() -> str:
    """Return the installed version; "0" where it runs from a folder that is not installed."""
    try:
        return version("minilora")
    except PackageNotFoundError:
        return "0"


if __name__ == "__main__":
    sys.exit(main())
