"""The pages' files: right types, asked for again only if changed, and nothing beside them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from serve.page_files import PageFiles


@pytest.fixture
def pages(tmp_path: Path) -> PageFiles:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (folder / "page.js").write_text("'use strict'", encoding="utf-8")
    (folder / "mark.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "notes.md").write_text("not for callers", encoding="utf-8")
    (tmp_path / "secret.html").write_text("secret", encoding="utf-8")
    return PageFiles(folder)


def get(pages: PageFiles, file: str, known: str = "") -> Response:
    scope: dict[str, Any] = {
        "type": "http",
        "headers": [(b"if-none-match", known.encode())] if known else [],
        "path_params": {"file": file},
    }
    return asyncio.run(pages.named(Request(scope)))


@pytest.mark.parametrize(
    ("file", "content_type"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("page.js", "text/javascript; charset=utf-8"),
        ("mark.svg", "image/svg+xml"),
    ],
)
def test_each_file_has_its_type(pages: PageFiles, file: str, content_type: str) -> None:
    response = get(pages, file)
    assert response.status_code == 200
    assert response.headers["content-type"] == content_type


def test_what_the_caller_has_is_not_sent_again(pages: PageFiles) -> None:
    first = get(pages, "index.html")
    etag = first.headers["etag"]
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = get(pages, "index.html", known)
        assert (again.status_code, again.body) == (304, b"")
        assert again.headers["etag"] == etag
    assert get(pages, "index.html", '"other"').body == b"<!doctype html>"
    assert get(pages, "page.js").headers["etag"] != etag


@pytest.mark.parametrize(
    "file", ["", ".", "..", "../secret.html", "..%2fsecret.html", "notes.md", "INDEX.HTML", "\0"]
)
def test_nothing_else_is_served(pages: PageFiles, file: str) -> None:
    with pytest.raises(HTTPException) as refused:
        get(pages, file)
    assert refused.value.status_code == 404
