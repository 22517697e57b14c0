"""The files of the pages: read once, served under their names, and asked for again only if changed.

A request names one of the files that were there when the server started; its path is never put
together with a folder's, so it cannot lead out of it.

Source: RFC 9110, sections 8.8.3 (ETag) and 13.1.2 (If-None-Match).
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

PAGE = Path(__file__).parent / "page"
MEDIA_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}


@dataclass(frozen=True)
class PageFile:
    """A file as it is sent.

    Attributes:
        etag: changes whenever the content does.
    """

    content: bytes
    media_type: str
    etag: str


class PageFiles:
    """The files of a folder whose endings stand in :data:`MEDIA_TYPES`."""

    def __init__(self, folder: Path = PAGE) -> None:
        self._files = {
            path.name: _read(path)
            for path in folder.iterdir()
            if path.is_file() and path.suffix in MEDIA_TYPES
        }

    def route(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """Return an endpoint that answers with one file."""

        async def endpoint(request: Request) -> Response:
            return self._answer(name, request)

        return endpoint

    async def named(self, request: Request) -> Response:
        """Answer with the file that the path's last part names."""
        return self._answer(request.path_params["file"], request)

    def _answer(self, name: str, request: Request) -> Response:
        """Return a file, or 304 where the caller has it.

        Raises:
            HTTPException: 404; there is no such file.
        """
        if (file := self._files.get(name)) is None:
            raise HTTPException(404)
        headers = {"etag": file.etag, "cache-control": "no-cache"}  # keep it, but ask each time
        known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
        if "*" in known or any(tag.removeprefix("W/") == file.etag for tag in known):
            return Response(status_code=304, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)


def _read(path: Path) -> PageFile:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:32]
    return PageFile(content, MEDIA_TYPES[path.suffix], f'"{digest}"')
