"""What keeps documents: the protocol that the detective is written against, and its types.

Two stores have it: :class:`serve.detective.store_sqlite.SqliteStore`, one file, the default; and
:class:`serve.detective.store_postgres.PostgresStore`, for several servers. The same tests run
against both.

A document is added whole or not at all, and deleted whole. Its id is made here and never used
again; a chunk's number neither. A search looks at one state of the store, but what it found may be
deleted before it is read: :meth:`DocumentStore.passages` leaves such chunks out.

Shape letters: n chunks of a document, D of the encoder's vectors.
"""

from __future__ import annotations

import json
import math
import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from serve.detective.documents import Chunk, Hidden, Page

Vectors = NDArray[np.float32]
UNIT_TOLERANCE = 1e-3  # a vector's length may differ so much from one


class StoreError(ValueError):
    """The store cannot be used as asked; the message is one sentence."""


@dataclass(frozen=True)
class NewDocument:
    """What is stored of a document.

    Attributes:
        name: as shown to users.
        kind: "pdf", "markdown", "text" or "html".
        title: None where the file tells none.
        content_hash: SHA-256 of the file, hexadecimal; a second document with it is a duplicate.
        n_bytes: of the file.
        pages: all, in order.
        chunks: in order; spans of the pages' texts.
        vectors: (n, D) float32 of length one, in the order of the chunks.
    """

    name: str
    kind: str
    title: str | None
    content_hash: str
    n_bytes: int
    pages: Sequence[Page]
    chunks: Sequence[Chunk]
    vectors: Vectors


@dataclass(frozen=True)
class Document:
    """A stored document, without its text.

    Attributes:
        id: "doc-" and 16 hexadecimal digits.
        hidden_characters: how many a reader of the file would not see.
        added_at: seconds since 1970.
    """

    id: str
    name: str
    kind: str
    title: str | None
    content_hash: str
    n_bytes: int
    n_pages: int
    n_chunks: int
    hidden_characters: int
    added_at: float


@dataclass(frozen=True)
class Hit:
    """A chunk that a search found; of two hits of one search the larger score is the better."""

    chunk: int
    score: float


@dataclass(frozen=True)
class StoredChunk:
    """A chunk with its text and where it stands: ``page_text[start:end] == text``.

    Attributes:
        number: of the chunk, as in :class:`Hit`.
        hidden: what of it is not seen, as offsets into ``text``.
    """

    number: int
    document_id: str
    document_name: str
    page: int
    start: int
    end: int
    text: str
    hidden: tuple[Hidden, ...]


class DuplicateDocument(StoreError):
    """The same file is stored already, as ``document``."""

    def __init__(self, document: Document) -> None:
        super().__init__(f"it is stored already, as {document.name} ({document.id})")
        self.document = document


class DocumentStore(Protocol):
    """Documents, their text and their vectors.

    Every method may be called from any thread, and blocks. All raise :class:`StoreError` where the
    store cannot be reached or is closed.
    """

    def add(self, new: NewDocument) -> Document:
        """Store a document.

        Raises:
            DuplicateDocument: the same file is there.
            ValueError: chunks or vectors that do not fit.
        """
        ...

    def documents(self) -> list[Document]:
        """Return all, the newest first."""
        ...

    def get(self, document_id: str) -> Document | None:
        """Return a document; None where there is none."""
        ...

    def find(self, content_hash: str) -> Document | None:
        """Return the document made of this file; None where there is none."""
        ...

    def delete(self, document_id: str) -> bool:
        """Delete all that is stored of a document; False where there is none."""
        ...

    def page(self, document_id: str, number: int) -> Page | None:
        """Return a page; None where there is none."""
        ...

    def search_text(
        self, query: str, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k chunks of the best BM25 score for the words of a query, best first.

        Args:
            query: any text; words that say little ("the", "of") are left out.
            k: how many, at least 1.
            documents: ids; only their chunks. None: of all documents.
        """
        ...

    def search_vectors(
        self, vector: Vectors, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k chunks whose vectors have the largest dot product with a vector (D,)."""
        ...

    def passages(self, chunks: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their texts, in the order asked; those that are gone are left out."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


def open_store(where: str | Path, encoder: str, n_dimensions: int) -> DocumentStore:
    """Return the store at a place.

    Args:
        where: path of the SQLite file, made where it is missing; or a URL of Postgres,
            ``postgresql://...``, which needs the extra ``cluster`` and pgvector on the server.
        encoder: name of the encoder; its vectors cannot be compared with another's.
        n_dimensions: D of its vectors.

    Raises:
        StoreError: the place cannot be used, or holds another encoder's vectors.
    """
    if isinstance(where, str) and where.startswith(("postgresql://", "postgres://")):
        from serve.detective.store_postgres import PostgresStore  # needs the extra cluster

        return PostgresStore(where, encoder, n_dimensions)
    if "://" in str(where):
        scheme = str(where).partition("://")[0]
        raise StoreError(f"documents cannot be kept in {scheme}://: give a file or postgresql://")
    from serve.detective.store_sqlite import SqliteStore

    return SqliteStore(Path(where), encoder, n_dimensions)


# What both stores share.


def make_document(new: NewDocument, added_at: float) -> Document:
    """Return the document that is stored of a new one, with an id that none has had."""
    return Document(
        id=f"doc-{secrets.token_hex(8)}",
        name=new.name,
        kind=new.kind,
        title=new.title,
        content_hash=new.content_hash,
        n_bytes=new.n_bytes,
        n_pages=len(new.pages),
        n_chunks=len(new.chunks),
        hidden_characters=_hidden_characters(new.pages),
        added_at=added_at,
    )


def check_new(new: NewDocument, n_dimensions: int) -> None:
    """Refuse a document whose parts do not fit together.

    Raises:
        ValueError: one sentence with the offending numbers.
    """
    texts = {page.number: page.text for page in new.pages}
    if sorted(texts) != list(range(1, len(new.pages) + 1)):
        raise ValueError(f"pages must be numbered from 1 to {len(new.pages)}")
    for chunk in new.chunks:
        if not 0 <= chunk.start < chunk.end <= len(texts.get(chunk.page, "")):
            raise ValueError(f"{chunk} lies outside its page")
    if new.vectors.shape != (len(new.chunks), n_dimensions) or new.vectors.dtype != np.float32:
        raise ValueError(
            f"vectors must be float32 of shape ({len(new.chunks)}, {n_dimensions}), got "
            f"{new.vectors.dtype} of {new.vectors.shape}"
        )
    lengths = np.linalg.norm(new.vectors, axis=1)
    if not np.all(np.abs(lengths - 1) < UNIT_TOLERANCE):  # false for NaN too
        raise ValueError("vectors must have length one")


def check_query(vector: Vectors, k: int, n_dimensions: int) -> None:
    """Refuse a search that cannot be made.

    Raises:
        ValueError: one sentence with the offending numbers.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    if vector.shape != (n_dimensions,) or not math.isfinite(float(vector @ vector)):
        raise ValueError(f"the vector must be finite, of shape ({n_dimensions},)")


def hidden_in(page_hidden: Sequence[Hidden], start: int, end: int) -> tuple[Hidden, ...]:
    """Return the hidden spans of a page as they lie in its characters ``start`` to ``end``.

    >>> hidden_in([Hidden(0, 5, "tiny text")], 3, 9)
    (Hidden(start=0, end=2, reason='tiny text'),)
    """
    return tuple(
        Hidden(max(span.start, start) - start, min(span.end, end) - start, span.reason)
        for span in page_hidden
        if span.start < end and span.end > start
    )


def hidden_json(hidden: Sequence[Hidden]) -> str:
    """Return hidden spans as they are stored."""
    return json.dumps([asdict(span) for span in hidden])


def hidden_of(stored: str) -> tuple[Hidden, ...]:
    """Return the spans that :func:`hidden_json` wrote."""
    return tuple(Hidden(**span) for span in json.loads(stored))


def _hidden_characters(pages: Sequence[Page]) -> int:
    """Return how many characters of pages are hidden; those hidden twice count once."""
    total = 0
    for page in pages:
        seen_to = 0
        for span in page.hidden:  # in order of their start
            total += max(0, span.end - max(span.start, seen_to))
            seen_to = max(seen_to, span.end)
    return total
