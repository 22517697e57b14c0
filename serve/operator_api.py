"""Routes for whoever runs the server: traces, and adapters loaded while it serves.

Where there are keys, they need one with ``admin``.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from serve.errors import ApiError
from serve.openai_types import Closed, Model, read
from serve.service import Service


class LoadAdapter(Closed):
    """Body of ``POST /v1/load_lora_adapter``: a folder on the server's disk, and its name."""

    lora_name: str
    lora_path: str


class UnloadAdapter(Closed):
    """Body of ``POST /v1/unload_lora_adapter``."""

    lora_name: str


class TraceList(Struct):
    """Answer of ``GET /traces``: the latest first."""

    data: list[dict[str, Any]]
    object: str = "list"


class OperatorApi:
    """The endpoints; one object per server."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def _check_operator(self, request: Request) -> None:
        identity = self.service.admission.identify(request)
        if not (identity.admin or self.service.open_to_all):
            raise ApiError(403, "this needs a key with admin = true", code="admin_only")

    async def traces(self, request: Request) -> Response:
        """``GET /traces?limit=N&before=ID``: recent traces, a line each."""
        self._check_operator(request)
        text = request.query_params.get("limit", "50")
        if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 500:
            raise ApiError(400, f"limit must be a number from 1 to 500, got {text[:20]!r}", "limit")
        before = request.query_params.get("before")
        if self.service.traces is None:
            return _json(TraceList([]))
        try:
            found = await asyncio.to_thread(self.service.traces.recent, int(text), before)
        except ValueError as error:
            raise ApiError(400, str(error), "before") from None
        return _json(TraceList(found))

    async def trace(self, request: Request) -> Response:
        """``GET /traces/{id}``: one trace as a tree."""
        self._check_operator(request)
        trace_id = request.path_params["id"]
        store = self.service.traces
        tree = None if store is None else await asyncio.to_thread(store.tree, trace_id)
        if tree is None:
            raise ApiError(404, f"no trace {trace_id[:64]!r}", "id", "not_found")
        return _json(tree)

    async def load_adapter(self, request: Request) -> Response:
        """``POST /v1/load_lora_adapter``: later requests find it under its name."""
        self._check_operator(request)
        body = read(await request.body(), LoadAdapter)
        if body.lora_name in ("", self.service.model_name):
            raise ApiError(400, f"an adapter cannot be named {body.lora_name!r}", "lora_name")
        loading = self.service.engine.load_adapter(body.lora_name, Path(body.lora_path))
        try:
            await asyncio.wrap_future(loading)
        except (ValueError, OSError) as error:
            raise ApiError(400, str(error), "lora_path") from None
        parent = self.service.model_name
        return _json(Model(body.lora_name, 0, "minilora", parent=parent))

    async def unload_adapter(self, request: Request) -> Response:
        """``POST /v1/unload_lora_adapter``: answers under way keep it."""
        self._check_operator(request)
        body = read(await request.body(), UnloadAdapter)
        try:
            await asyncio.wrap_future(self.service.engine.unload_adapter(body.lora_name))
        except ValueError as error:
            raise ApiError(404, str(error), "lora_name", "model_not_found") from None
        return _json(Model(body.lora_name, 0, "minilora", parent=self.service.model_name))


def _json(body: Any) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json")
