"""A small server of documents with a real store, honest or not: ``small_server.py HOW FLAGS``.

``honest`` does as it should. ``hasty`` acknowledges an upload and stores it later. ``undead``
brings one deleted document back when it starts. ``forgetful`` answers from a copy that still has
deleted documents.
"""

from __future__ import annotations

import argparse
import hashlib
import threading
from pathlib import Path

import numpy as np
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from serve.detective.documents import Chunk, Page
from serve.detective.store import DuplicateDocument, NewDocument
from serve.detective.store_sqlite import SqliteStore

VECTOR = np.array([[1, 0]], np.float32)


class Small:
    def __init__(self, how: str, folder: Path) -> None:
        self.how = how
        self.store = SqliteStore(folder / "documents.sqlite", "none", 2)
        self.memory = SqliteStore(folder / "old" / "memory", "none", 2)
        self.kept = folder / "kept"
        if how == "undead" and self.kept.exists():
            name, _, text = self.kept.read_text().partition("\n")
            self.add(self.store, name, text.encode())
            self.kept.unlink()

    def add(self, store: SqliteStore, name: str, data: bytes) -> str:
        text = data.decode()
        return store.add(
            NewDocument(
                name,
                "text",
                None,
                hashlib.sha256(data).hexdigest(),
                len(data),
                [Page(1, text)],
                [Chunk(1, 0, len(text))],
                VECTOR,
            )
        ).id

    async def upload(self, request: Request) -> Response:
        async with request.form() as form:
            file = form["file"]
            name, data = file.filename, await file.read()
        if self.how == "hasty":
            threading.Timer(30, self.add, (self.store, name, data)).start()
            return JSONResponse({"id": f"doc-{name}"}, 201)
        try:
            document_id = self.add(self.store, name, data)
        except DuplicateDocument as duplicate:
            return JSONResponse({"id": duplicate.document.id, "duplicate": True})
        if self.how == "forgetful":
            self.add(self.memory, document_id, data)
        return JSONResponse({"id": document_id}, 201)

    async def delete(self, request: Request) -> Response:
        document_id = request.path_params["id"]
        page = self.store.page(document_id, 1)
        if page is None:
            return Response(status_code=404)
        stored = self.store.get(document_id)
        self.store.delete(document_id)
        if self.how == "undead" and stored is not None and not self.kept.exists():
            self.kept.write_text(f"{stored.name}\n{page.text}")  # once it is gone: it may be killed
        return Response(status_code=204)

    async def list(self, request: Request) -> Response:
        rows = [{"id": d.id, "name": d.name} for d in self.store.documents()]
        return JSONResponse({"data": rows})

    async def get(self, request: Request) -> Response:
        return JSONResponse({"n_pages": 1})

    async def page(self, request: Request) -> Response:
        page = self.store.page(request.path_params["id"], int(request.path_params["n"]))
        return Response(status_code=404) if page is None else JSONResponse({"text": page.text})

    async def ask(self, request: Request) -> Response:
        store = self.memory if self.how == "forgetful" else self.store
        hits = store.search_text((await request.json())["question"], 1)
        found = store.passages([hit.chunk for hit in hits])
        ids = [p.document_name if store is self.memory else p.document_id for p in found]
        sources = [{"document_id": id} for id in ids]
        outcome = "answered" if sources else "refused"
        return JSONResponse({"sources": sources, "steps": [], "outcome": outcome})

    async def ready(self, request: Request) -> Response:
        return Response()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("how")
    parser.add_argument("--host")
    parser.add_argument("--port", type=int)
    parser.add_argument("--data-folder", type=Path)
    given, _ = parser.parse_known_args()
    small = Small(given.how, given.data_folder)
    routes = [
        Route("/documents", small.upload, methods=["POST"]),
        Route("/documents", small.list),
        Route("/documents/{id}", small.delete, methods=["DELETE"]),
        Route("/documents/{id}", small.get),
        Route("/documents/{id}/pages/{n}", small.page),
        Route("/ask", small.ask, methods=["POST"]),
        Route("/ready", small.ready),
    ]
    uvicorn.run(Starlette(routes=routes), host=given.host, port=given.port, log_level="error")


if __name__ == "__main__":
    main()
