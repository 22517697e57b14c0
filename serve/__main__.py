"""``python -m serve``: load the model and answer by OpenAI's API until told to stop.

The server answers ``/health`` from the first moment and is ready when the model is loaded.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from starlette.applications import Starlette

from minilora.command import one_line
from serve import logs
from serve.app import LoadingApp, Shell
from serve.connection import listen, serve_app
from serve.documents_api import FORM_BYTES
from serve.metrics import Metrics
from serve.middleware import BodyBounds
from serve.origins import checked_origin
from serve.routes import access_recorder, service_app
from serve.service import load_service
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
        return service_app(service, make_shell(settings, service.metrics), draining)

    app = LoadingApp(make_shell(settings, Metrics()), make, draining)
    listener = listen(settings.host, settings.port)
    host, port = listener.getsockname()[:2]
    log.info("listening", extra={"address": f"http://{host}:{port}", "model": settings.model})
    proxies = settings.trusted_proxies
    drain_s = settings.drain_timeout_s
    await serve_app(app, listener, draining, drain_s, trusted_proxies=proxies)
    return app.failure


def make_shell(settings: Settings, metrics: Metrics) -> Shell:
    """Return what is around the routes: limits as set, requests counted and logged."""
    return Shell(
        metrics=metrics.render,
        record=access_recorder(metrics),
        body=BodyBounds(settings.max_body_bytes),
        bodies={
            "/documents": BodyBounds(
                settings.max_upload_bytes + FORM_BYTES, settings.upload_timeout_s
            )
        },
        origins=tuple(checked_origin(origin) for origin in settings.allowed_origins),
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
