"""A scripted server with the page's real files, headers and errors.

The test says what ``POST /ask`` streams, and when; documents and traces are plain dictionaries.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import AsyncGenerator
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from serve.connection import listen, serve_app
from serve.detective.reply import Reply, StepRecord
from serve.errors import ApiError
from serve.middleware import Errors, SecurityHeaders
from serve.openapi import document as describe
from serve.operations import (
    DETECTIVE_OPERATIONS,
    OPERATOR_OPERATIONS,
    SERVER_OPERATIONS,
    openai_operations,
)
from serve.page_files import PageFiles
from serve.sse import EventStream

from .replies import HIDDEN, PAGE_1, PAGE_2, begun, document, trace

Event = tuple[str, Any]
CUT: Event = ("cut", None)  # break the connection
END: Event = ("end", None)  # close the stream
OPERATIONS = (
    *SERVER_OPERATIONS,
    *openai_operations("small", "encoder"),
    *DETECTIVE_OPERATIONS,
    *OPERATOR_OPERATIONS,
)
API = describe(OPERATIONS, "0.1.0", True)


class Site:
    """The server, and the script it plays; made anew for each test by :meth:`reset`.

    Attributes:
        documents: id -> what is listed, the newest last.
        pages: (id, page) -> what is shown.
        traces: id -> tree.
        refusals: (method, path) -> what is raised instead of an answer.
        key: what callers must send; None asks for none.
        asked: bodies of ``POST /ask``.
        left: set when the caller of a stream has gone.
    """

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._draining = asyncio.Event()
        listener = listen("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = Starlette(
            routes=self._routes(), middleware=[Middleware(SecurityHeaders), Middleware(Errors)]
        )
        serving = serve_app(app, listener, self._draining, drain_timeout_s=0)
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(serving))
        self.reset()
        self._thread.start()

    def reset(self) -> None:
        """Forget what the last test did."""
        self.documents = {"doc-01": document()}
        self.pages = {("doc-01", 1): _page(1, PAGE_1), ("doc-01", 2): _page(2, PAGE_2)}
        whole = trace()
        self.traces = {whole["trace_id"]: whole}
        self.refusals: dict[tuple[str, str], ApiError] = {}
        self.key: str | None = None
        self.asked: list[dict[str, Any]] = []
        self.left = threading.Event()
        self.reading = threading.Event()  # cleared: uploads are not answered
        self.reading.set()
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._numbers = itertools.count(2)

    def close(self) -> None:
        """Stop the server."""
        self._loop.call_soon_threadsafe(self._draining.set)
        self._thread.join()

    # What tests say.

    def tell(self, *events: Event) -> None:
        """Let the stream of the question, now or to come, say these."""
        for event in events:
            self._loop.call_soon_threadsafe(self._events.put_nowait, event)

    def tell_answer(self, reply: Reply) -> None:
        """Let the stream say all of an answer."""
        for step in reply.steps:
            self.tell(step_event(begun(step)), step_event(step))
        self.tell(answer_event(reply), END)

    # What the page asks.

    def _routes(self) -> list[Route]:
        files = PageFiles()
        return [
            Route("/", files.route("index.html")),
            Route("/page/{file}", files.named),
            Route("/docs", files.route("docs.html")),
            Route("/docs.js", files.route("docs.js")),
            Route("/docs.css", files.route("docs.css")),
            Route("/openapi.json", self._describe),
            Route("/ask", self._ask, methods=["POST"]),
            Route("/documents", self._add, methods=["POST"]),
            Route("/documents", self._list),
            Route("/documents/{id}/pages/{number:int}", self._read_page),
            Route("/documents/{id}", self._remove, methods=["DELETE"]),
            Route("/traces", self._list_traces),
            Route("/traces/{id}", self._read_trace),
        ]

    def _check(self, request: Request) -> None:
        if self.key is not None and request.headers.get("authorization") != f"Bearer {self.key}":
            raise ApiError(401, "the key is missing or wrong")
        if (error := self.refusals.get((request.method, request.url.path))) is not None:
            raise error

    async def _describe(self, request: Request) -> Response:
        self._check(request)
        return _json(API)

    async def _ask(self, request: Request) -> Response:
        self.asked.append(await request.json())
        self._check(request)
        return EventStream(self._stream())

    async def _stream(self) -> AsyncGenerator[bytes, None]:
        ended = False
        try:
            while True:
                name, data = await self._events.get()
                if name == "end":
                    ended = True
                    return
                if name == "cut":
                    raise ConnectionResetError("as the script says")
                yield f"event: {name}\ndata: ".encode() + msgspec.json.encode(data) + b"\n\n"
        finally:
            if not ended:
                self.left.set()

    async def _add(self, request: Request) -> Response:
        self._check(request)
        async with request.form() as form:
            file = form["file"]
            assert not isinstance(file, str)
            name, content = file.filename or "", await file.read()
        await asyncio.to_thread(self.reading.wait)
        if name.endswith(".exe"):
            raise ApiError(415, f"{name}: no PDF, Markdown, text or HTML", "file")
        same = [d for d in self.documents.values() if d["name"] == name]
        if same:
            return _json({**same[0], "duplicate": True})
        stored = document(f"doc-{next(self._numbers):02d}", name, n_pages=1, n_bytes=len(content))
        self.documents[stored["id"]] = stored
        return _json(stored, 201)

    async def _list(self, request: Request) -> Response:
        self._check(request)
        return _json({"data": list(self.documents.values())[::-1]})

    async def _read_page(self, request: Request) -> Response:
        self._check(request)
        found = self.pages.get((request.path_params["id"], request.path_params["number"]))
        if found is None or request.path_params["id"] not in self.documents:
            raise ApiError(404, "there is no such document")
        return _json(found)

    async def _remove(self, request: Request) -> Response:
        self._check(request)
        if self.documents.pop(request.path_params["id"], None) is None:
            raise ApiError(404, "there is no such document")
        return Response(status_code=204)

    async def _list_traces(self, request: Request) -> Response:
        self._check(request)
        traces, before = list(self.traces.values()), request.query_params.get("before")
        if before is not None:
            traces = traces[[t["trace_id"] for t in traces].index(before) + 1 :]
        lines = [{k: v for k, v in t.items() if k != "spans"} for t in traces]
        return _json({"object": "list", "data": lines[: int(request.query_params["limit"])]})

    async def _read_trace(self, request: Request) -> Response:
        self._check(request)
        if (found := self.traces.get(request.path_params["id"])) is None:
            raise ApiError(404, "there is no such trace")
        return _json(found)


def step_event(record: StepRecord) -> Event:
    """Return the event of a step."""
    return ("step", msgspec.to_builtins(record))


def answer_event(reply: Reply) -> Event:
    """Return the event of an answer."""
    return ("answer", msgspec.to_builtins(reply))


def _page(number: int, text: str) -> dict[str, Any]:
    at = text.find(HIDDEN)
    hidden = [{"start": at, "end": at + len(HIDDEN), "reason": "white text"}] if at >= 0 else []
    return {"number": number, "text": text, "hidden": hidden}


def _json(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")
