"""The app: routes inside the middleware, and those routes that need no model.

``GET /health`` says that the process answers, ``GET /ready`` whether it takes requests and, if it
does not, why; ``/metrics``, ``/openapi.json`` and ``/docs`` are for whoever watches or calls it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from serve.errors import ApiError
from serve.generation import Load
from serve.middleware import (
    Access,
    AccessLog,
    BodyBounds,
    BodyLimit,
    Errors,
    InFlight,
    RequestId,
    SecurityHeaders,
)
from serve.openapi import RATE_HEADERS, Operation, check_complete, document
from serve.operations import SERVER_OPERATIONS, Alive, Ready
from serve.origins import OriginCheck
from serve.page_files import PageFiles

NEARLY_FULL = 0.9  # of the queue: readiness goes before requests are refused
RETRY_AFTER_S = 1
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Shell:
    """What is around the routes.

    Attributes:
        metrics: the figures in Prometheus' text format; called in a thread.
        record: hears of every request when it is over.
        body: bounds of every request's body.
        bodies: bounds of the bodies sent to some paths, in place of these.
        origins: sites whose pages may call from a browser, such as ``https://example.com``, or
            ``*``; none by default.
        anonymous: callers need no key; for the description only.
        version: of the product, for the description.
        in_flight: counts the requests that are not over.
    """

    metrics: Callable[[], bytes]
    record: Callable[[Access], None]
    body: BodyBounds
    bodies: Mapping[str, BodyBounds] = field(default_factory=dict)
    origins: tuple[str, ...] = ()
    anonymous: bool = True
    version: str = "0.1.0"
    in_flight: InFlight = field(default_factory=InFlight)


def build_app(
    shell: Shell,
    routes: Sequence[Route],
    operations: Sequence[Operation],
    not_ready: Callable[[], str | None],
    lifespan: Lifespan | None = None,
) -> Starlette:
    """Return the app.

    Args:
        shell: what is around the routes.
        routes: to be served beside those that need no model.
        operations: what each of ``routes`` takes and gives.
        not_ready: why no request should be sent here now; None where they are welcome.
        lifespan: opened before the first request and closed after the last.

    Raises:
        ValueError: a route without an operation, or an operation without a route.
    """
    described = (*SERVER_OPERATIONS, *operations)
    served = [*_server_routes(shell, described, not_ready), *routes]
    check_complete(served, described)
    return _wrapped(shell, served, lifespan)


def _wrapped(shell: Shell, routes: Sequence[BaseRoute], lifespan: Lifespan | None) -> Starlette:
    """Return routes inside the middleware, outermost first."""
    middleware = [
        Middleware(RequestId),
        Middleware(AccessLog, record=shell.record, in_flight=shell.in_flight),
        Middleware(SecurityHeaders),
    ]
    if shell.origins:
        middleware.append(_cors(shell.origins))
    middleware += [
        Middleware(Errors),
        Middleware(OriginCheck, allowed=shell.origins),
        Middleware(BodyLimit, bounds=shell.body, paths=shell.bodies),
    ]
    app = Starlette(
        routes=routes,
        middleware=middleware,
        exception_handlers={HTTPException: _told},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # another path is another route: 404
    return app


def _cors(origins: tuple[str, ...]) -> Middleware:
    return Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["*"],
        expose_headers=["x-request-id", "retry-after", *RATE_HEADERS],
    )


async def _told(request: Request, error: Exception) -> Response:
    """Raise Starlette's own refusals in our words.

    Raises:
        ApiError: always.
    """
    assert isinstance(error, HTTPException)
    asked, headers, message = f"{request.method} {request.url.path}", error.headers, error.detail
    if error.status_code == 404:
        message = f"there is no {asked}"
    elif error.status_code == 405:
        allowed = ", ".join(sorted(_allowed(request)))
        message, headers = f"there is no {asked}, only {allowed}", {"allow": allowed}
    raise ApiError(error.status_code, message, headers=headers) from None


def _allowed(request: Request) -> set[str]:
    """Return the methods of all routes with the request's path."""
    routes: list[BaseRoute] = request.app.routes
    return {
        method
        for route in routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


# --- the routes that need no model ---------------------------------------------------------------


def _server_routes(
    shell: Shell, operations: Sequence[Operation], not_ready: Callable[[], str | None]
) -> list[Route]:
    described = msgspec.json.encode(document(operations, shell.version, shell.anonymous))
    pages = PageFiles()

    async def health(request: Request) -> Response:
        return _json(msgspec.json.encode(Alive()))

    async def ready(request: Request) -> Response:
        if (reason := not_ready()) is not None:
            raise _not_now(reason)
        return _json(msgspec.json.encode(Ready()))

    async def metrics(request: Request) -> Response:
        figures = await run_in_threadpool(shell.metrics)
        return Response(figures, headers={"content-type": CONTENT_TYPE_LATEST})

    async def openapi(request: Request) -> Response:
        return _json(described)

    return [
        Route("/health", health),
        Route("/ready", ready),
        Route("/metrics", metrics),
        Route("/openapi.json", openapi),
        Route("/", pages.route("index.html")),
        Route("/page/{file}", pages.named),
        Route("/docs", pages.route("docs.html")),
        Route("/docs.js", pages.route("docs.js")),
        Route("/docs.css", pages.route("docs.css")),
    ]


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")


def _not_now(reason: str) -> ApiError:
    return ApiError(503, reason, code="not_ready", headers={"retry-after": str(RETRY_AFTER_S)})


def why_not_ready(load: Load, alive: bool, draining: bool) -> str | None:
    """Return why no request should be sent here now, None where they are welcome.

    Args:
        load: of the engine.
        alive: its thread runs.
        draining: the server is stopping.
    """
    if draining:
        return "the server is stopping"
    if not alive:
        return "the engine has failed"
    if load.max_waiting and load.waiting >= NEARLY_FULL * load.max_waiting:
        return f"the queue is nearly full: {load.waiting} of {load.max_waiting} wait"
    return None


# --- before the model is loaded ------------------------------------------------------------------


class LoadingApp:
    """An app that answers from the first moment on, while the real one is being made.

    Until then ``/health`` answers, ``/ready`` says that the model is loading, and every other
    request is told to come back. Where making it fails, ``failure`` says how and ``draining`` is
    set, which stops the server.

    Args:
        shell: what is around the routes.
        make: makes the real app, such as :func:`build_app` after loading; its lifespan is kept.
        draining: set on failure.
    """

    def __init__(
        self, shell: Shell, make: Callable[[], Awaitable[Starlette]], draining: asyncio.Event
    ) -> None:
        self.failure: Exception | None = None
        self._make, self._draining = make, draining
        server = _server_routes(shell, SERVER_OPERATIONS, lambda: "the model is loading")
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        rest = Route("/{path:path}", _loading, methods=methods)
        self._app = _wrapped(shell, [*server, rest], self._lifespan)
        self._early = self._app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app that is there."""
        app = self._early if scope["type"] == "lifespan" else self._app
        await app(scope, receive, send)

    @asynccontextmanager
    async def _lifespan(self, early: Starlette) -> AsyncIterator[None]:
        stopping = asyncio.Event()
        task = asyncio.create_task(self._run(stopping))
        yield
        stopping.set()
        if self._app is self._early:
            task.cancel()
        await asyncio.wait([task])

    async def _run(self, stopping: asyncio.Event) -> None:
        """Make the real app and keep its lifespan open until the server stops."""
        try:
            app = await self._make()
            async with app.router.lifespan_context(app):
                self._app = app
                await stopping.wait()
        except Exception as error:  # whatever it is, the process must not go on half made
            self.failure = error
            self._draining.set()


async def _loading(request: Request) -> Response:
    raise _not_now("the model is loading")
