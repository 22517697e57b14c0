"""The routes of documents: upload, list, look at a page, remove.

Documents belong to everybody who may ask: without a keys file to whoever reaches the server, with
one to everybody with a key, and then not to callers without, even where these may chat. There are
no documents of one key alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from msgspec import UNSET, Struct, UnsetType
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serve.detective.documents import DocumentError
from serve.detective.store import Document, DuplicateDocument, StoreError
from serve.errors import ApiError
from serve.service import Service
from serve.uploads import UploadsUnavailable

log = logging.getLogger(__name__)
FIELD = "file"
FORM_BYTES = 64 << 10  # of an upload's body beside its file: boundaries, headers, the name
RETRY_S = "5"  # an upload takes seconds
T = TypeVar("T")


class StoredDocument(Struct):
    """A document, without its text.

    ``hidden`` counts the characters that a reader of the file would not see; ``created_at`` is in
    seconds since 1970. An upload's answer says with ``duplicate`` whether the file was there.
    """

    id: str
    name: str
    kind: str
    title: str | None
    n_pages: int
    n_chunks: int
    n_bytes: int
    created_at: int
    hidden: int
    duplicate: bool | UnsetType = UNSET
    object: str = "document"


class DocumentList(Struct):
    """All documents, the newest first."""

    data: list[StoredDocument]
    object: str = "list"


class HiddenSpan(Struct):
    """Characters ``start`` to ``end`` of a page that a reader of the file would not see."""

    start: int
    end: int
    reason: str


class DocumentPage(Struct):
    """The text of a page; passages and quotes are offsets into it, in characters."""

    number: int
    text: str
    hidden: list[HiddenSpan]


class DocumentsApi:
    """The endpoints; one object per server."""

    def __init__(self, service: Service) -> None:
        self.service, self.store = service, service.detective.store
        self.uploads = service.detective.uploads

    async def upload(self, request: Request) -> Response:
        """``POST /documents``: store the file of a multipart form."""
        identity = self.service.identify_reader(request)
        ticket = await self.service.admission.admit(identity, 0)
        try:
            with self.uploads.place():
                name, data = await self._file(request)
                document = await self.uploads.ingest(name, data)
        except UploadsUnavailable as error:
            headers = {"retry-after": RETRY_S, "connection": "close"}  # the body may not be read
            raise ApiError(503, str(error), code="uploads_full", headers=headers) from None
        except DocumentError as error:
            raise ApiError(400, f"the file: {error}", FIELD, "document_refused") from None
        except DuplicateDocument as duplicate:
            return _json(_shown(duplicate.document, True), 200, ticket.headers)
        except StoreError as error:
            raise store_unavailable(error) from None
        return _json(_shown(document, False), 201, ticket.headers)

    async def list(self, request: Request) -> Response:
        """``GET /documents``."""
        self.service.identify_reader(request)
        stored = await self._in_store(self.store.documents)
        return _json(DocumentList([_shown(document) for document in stored]))

    async def get(self, request: Request) -> Response:
        """``GET /documents/{id}``."""
        self.service.identify_reader(request)
        document_id = request.path_params["id"]
        document = await self._in_store(lambda: self.store.get(document_id))
        if document is None:
            raise no_document(document_id)
        return _json(_shown(document))

    async def page(self, request: Request) -> Response:
        """``GET /documents/{id}/pages/{number}``: a page's text, counted from 1."""
        self.service.identify_reader(request)
        document_id, text = request.path_params["id"], request.path_params["number"]
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise ApiError(404, f"no page {text[:64]!r}", "number", "not_found")
        number = int(text)
        page = await self._in_store(lambda: self.store.page(document_id, number))
        if page is None:
            if await self._in_store(lambda: self.store.get(document_id)) is None:
                raise no_document(document_id)
            raise ApiError(404, f"{document_id} has no page {number}", "number", "not_found")
        hidden = [HiddenSpan(span.start, span.end, span.reason) for span in page.hidden]
        return _json(DocumentPage(page.number, page.text, hidden))

    async def delete(self, request: Request) -> Response:
        """``DELETE /documents/{id}``: all that is stored of it."""
        self.service.identify_reader(request)
        document_id = request.path_params["id"]
        if not await self._in_store(lambda: self.store.delete(document_id)):
            raise no_document(document_id)
        return Response(status_code=204)

    async def _file(self, request: Request) -> tuple[str, bytes]:
        """Return name and content of the form's file.

        Raises:
            ApiError: 400, it is no such form; 413, the file is too long.
        """
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            message = f"send the file as multipart/form-data, in the field {FIELD!r}"
            raise ApiError(400, message, FIELD, "invalid_form")
        try:
            form = await request.form(max_files=1, max_fields=1)
        except HTTPException as error:
            raise ApiError(400, f"the form: {error.detail}", FIELD, "invalid_form") from None
        try:
            for field in form:
                if field != FIELD:
                    raise ApiError(400, f"unknown field {field[:64]!r}", field[:64], "invalid_form")
            file = form.get(FIELD)
            if not isinstance(file, UploadFile):
                message = f"the form has no file in the field {FIELD!r}"
                raise ApiError(400, message, FIELD, "invalid_form")
            most = self.service.detective.max_upload_bytes
            if (file.size or 0) > most:
                raise ApiError(413, f"the file is longer than {most} bytes", FIELD, "body_too_long")
            return file.filename or "", await file.read()
        finally:
            await form.close()

    async def _in_store(self, work: Callable[[], T]) -> T:
        """Return what the store says, off the event loop.

        Raises:
            ApiError: 503; it cannot be asked.
        """
        try:
            return await asyncio.to_thread(work)
        except StoreError as error:
            raise store_unavailable(error) from None


def no_document(document_id: str, param: str = "id") -> ApiError:
    """Return the error of an id that no document has."""
    return ApiError(404, f"no document {document_id[:64]!r}", param, "not_found")


def store_unavailable(error: StoreError) -> ApiError:
    """Return the error of a store that cannot be asked; why stands in the log, with its paths."""
    log.error("the store of documents failed: %s", error)
    message = "the documents cannot be reached now"
    return ApiError(503, message, code="store_unavailable", headers={"retry-after": RETRY_S})


def _shown(document: Document, duplicate: bool | UnsetType = UNSET) -> StoredDocument:
    return StoredDocument(
        document.id,
        document.name,
        document.kind,
        document.title,
        document.n_pages,
        document.n_chunks,
        document.n_bytes,
        int(document.added_at),
        document.hidden_characters,
        duplicate,
    )


def _json(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, media_type="application/json")
