"""The store in Postgres with pgvector, for several servers that share their documents.

Postgres has no BM25, so the query computes it from the words that a ``tsvector`` holds, by the
formula that SQLite's FTS5 has: for each word w of the query that a chunk holds f times,

    score = sum of idf(w) * f * (k1 + 1) / (f + k1 * (1 - b + b * length / mean length)),
    idf(w) = max(1e-6, ln((N - n + 0.5) / (n + 0.5))), n of the N chunks hold w.

Vectors are compared with all others, exactly, as in SQLite. It needs the extra ``cluster``.

Source: Robertson & Zaragoza 2009, The Probabilistic Relevance Framework: BM25 and Beyond.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple
from queue import Empty, LifoQueue
from typing import Any

import psycopg
from pgvector import Vector
from pgvector.psycopg import register_vector
from psycopg.errors import UniqueViolation

from serve.detective.documents import Page, clean
from serve.detective.store import (
    Document,
    DuplicateDocument,
    Hit,
    NewDocument,
    StoredChunk,
    StoreError,
    Vectors,
    check_new,
    check_query,
    hidden_in,
    hidden_json,
    hidden_of,
    make_document,
)

_TABLES = """
CREATE EXTENSION IF NOT EXISTS vector;
CREATE TABLE IF NOT EXISTS minilora_meta (encoder text NOT NULL, n_dimensions integer NOT NULL);
CREATE TABLE IF NOT EXISTS minilora_documents (
    key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    name text NOT NULL,
    kind text NOT NULL,
    title text,
    content_hash text NOT NULL UNIQUE,
    n_bytes bigint NOT NULL,
    n_pages integer NOT NULL,
    n_chunks integer NOT NULL,
    hidden_characters integer NOT NULL,
    added_at double precision NOT NULL
);
CREATE TABLE IF NOT EXISTS minilora_pages (
    document bigint NOT NULL REFERENCES minilora_documents ON DELETE CASCADE,
    number integer NOT NULL,
    text text NOT NULL,
    hidden text NOT NULL,
    PRIMARY KEY (document, number)
);
CREATE TABLE IF NOT EXISTS minilora_chunks (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document bigint NOT NULL REFERENCES minilora_documents ON DELETE CASCADE,
    page integer NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    words tsvector NOT NULL,
    n_words integer NOT NULL,
    vector vector({n_dimensions}) NOT NULL
);
CREATE INDEX IF NOT EXISTS minilora_chunks_by_document ON minilora_chunks (document);
CREATE INDEX IF NOT EXISTS minilora_chunks_by_word ON minilora_chunks USING gin (words);
"""
_START_LOCK = 0x6D6C6F72  # "mlor": servers that start together make the tables one by one
_COLUMNS = (
    "id, name, kind, title, content_hash, n_bytes, n_pages, n_chunks, hidden_characters, added_at"
)
_INSERT_CHUNK = """
INSERT INTO minilora_chunks (document, page, start, "end", words, n_words, vector)
SELECT %(document)s, %(page)s, %(start)s, %(end)s, words,
    (SELECT coalesce(sum(cardinality(positions)), 0) FROM unnest(words)), %(vector)s
FROM to_tsvector('english', %(text)s) AS words
"""
_BM25 = """
WITH query AS (SELECT tsvector_to_array(to_tsvector('english', %(query)s)) AS words),
every AS (SELECT count(*) AS n_chunks, avg(n_words) AS mean_words FROM minilora_chunks),
found AS (
    SELECT number, document, n_words, lexeme, cardinality(positions) AS f,
        count(*) OVER (PARTITION BY lexeme) AS n
    FROM query, minilora_chunks AS chunks, unnest(chunks.words)
    WHERE lexeme = ANY (query.words) AND chunks.words @@ (
        SELECT string_agg(quote_literal(word), ' | ')::tsquery FROM unnest(query.words) AS word
    )
)
SELECT number, sum(
    greatest(1e-6, ln((n_chunks - n + 0.5) / (n + 0.5)))
    * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * n_words / mean_words))
)::double precision AS score
FROM found, every
WHERE %(documents)s::text[] IS NULL OR document IN (
    SELECT key FROM minilora_documents WHERE id = ANY (%(documents)s)
)
GROUP BY number ORDER BY score DESC, number LIMIT %(k)s
"""
_NEAREST = """
SELECT number, -(vector <#> %(vector)s) AS score FROM minilora_chunks
WHERE %(documents)s::text[] IS NULL OR document IN (
    SELECT key FROM minilora_documents WHERE id = ANY (%(documents)s)
)
ORDER BY score DESC, number LIMIT %(k)s
"""
_PASSAGES = """
SELECT chunks.number, id, name, page, start, "end",
    substr(pages.text, start + 1, "end" - start), hidden
FROM minilora_chunks AS chunks
JOIN minilora_documents ON key = chunks.document
JOIN minilora_pages AS pages ON pages.document = key AND pages.number = page
WHERE chunks.number = ANY (%s)
"""


class PostgresStore:
    """See :class:`serve.detective.store.DocumentStore` and the module.

    Args:
        url: ``postgresql://user:password@host/database``; it is in no message.
        encoder: name of the encoder of all vectors.
        n_dimensions: D.

    Raises:
        StoreError: the server cannot be reached, has no pgvector, or holds another encoder's
            vectors.
    """

    def __init__(self, url: str, encoder: str, n_dimensions: int) -> None:
        self._url, self._n_dimensions = url, n_dimensions
        self._idle: LifoQueue[psycopg.Connection[Any]] = LifoQueue()
        self._closed = False
        with self._errors(), psycopg.connect(url, connect_timeout=10) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_START_LOCK,))
            for statement in _TABLES.format(n_dimensions=int(n_dimensions)).split(";\n"):
                connection.execute(statement.encode())
            connection.execute(
                "INSERT INTO minilora_meta SELECT %s, %s"
                " WHERE NOT EXISTS (SELECT FROM minilora_meta)",
                (encoder, n_dimensions),
            )
            row = connection.execute("SELECT * FROM minilora_meta").fetchone()
        if row != (encoder, n_dimensions):
            raise StoreError(
                f"the database holds vectors of another encoder, {row}, which cannot be compared "
                f"with those of {encoder} ({n_dimensions})"
            )

    def add(self, new: NewDocument) -> Document:
        """Store a document whole, or not at all."""
        check_new(new, self._n_dimensions)
        document = make_document(new, time.time())
        texts = {page.number: page.text for page in new.pages}
        try:
            with self._transaction() as connection, connection.cursor() as cursor:
                marks = ", ".join(["%s"] * 10)
                cursor.execute(
                    f"INSERT INTO minilora_documents ({_COLUMNS}) VALUES ({marks}) RETURNING key",
                    astuple(document),
                )
                ((key,),) = cursor.fetchall()
                cursor.executemany(
                    "INSERT INTO minilora_pages VALUES (%s, %s, %s, %s)",
                    [(key, page.number, page.text, hidden_json(page.hidden)) for page in new.pages],
                )
                cursor.executemany(
                    _INSERT_CHUNK,
                    [
                        {
                            "document": key,
                            "text": texts[chunk.page][chunk.start : chunk.end],
                            "vector": Vector(vector),
                            **asdict(chunk),
                        }
                        for chunk, vector in zip(new.chunks, new.vectors, strict=True)
                    ],
                )
        except UniqueViolation:
            stored = self.find(new.content_hash)
            if stored is None:  # deleted in between
                return self.add(new)
            raise DuplicateDocument(stored) from None
        return document

    def documents(self) -> list[Document]:
        """Return all, the newest first."""
        rows = self._rows(f"SELECT {_COLUMNS} FROM minilora_documents ORDER BY key DESC")
        return [Document(*row) for row in rows]

    def get(self, document_id: str) -> Document | None:
        """Return a document; None where there is none."""
        return self._one("id", document_id)

    def find(self, content_hash: str) -> Document | None:
        """Return the document made of this file; None where there is none."""
        return self._one("content_hash", content_hash)

    def delete(self, document_id: str) -> bool:
        """Delete all that is stored of a document; False where there is none."""
        rows = self._rows(
            "DELETE FROM minilora_documents WHERE id = %s RETURNING id", (document_id,)
        )
        return bool(rows)

    def page(self, document_id: str, number: int) -> Page | None:
        """Return a page; None where there is none."""
        rows = self._rows(
            "SELECT text, hidden FROM minilora_pages JOIN minilora_documents ON key = document"
            " WHERE id = %s AND number = %s",
            (document_id, number),
        )
        return Page(number, rows[0][0], hidden_of(rows[0][1])) if rows else None

    def search_text(
        self, query: str, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k best chunks by BM25, best first."""
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        found = self._rows(_BM25, {"query": clean(query), "k": k, "documents": _ids(documents)})
        return [Hit(*row) for row in found]

    def search_vectors(
        self, vector: Vectors, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k chunks of the largest dot product, best first."""
        check_query(vector, k, self._n_dimensions)
        asked = {"vector": Vector(vector), "k": k, "documents": _ids(documents)}
        return [Hit(*row) for row in self._rows(_NEAREST, asked)]

    def passages(self, chunks: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their texts, in the order asked; those that are gone are left out."""
        found = {
            number: StoredChunk(
                number, id_, name, page, start, end, text, hidden_in(hidden_of(hidden), start, end)
            )
            for number, id_, name, page, start, end, text, hidden in self._rows(
                _PASSAGES, (list(chunks),)
            )
        }
        return [found[number] for number in chunks if number in found]

    def close(self) -> None:
        """Close the connections; calls after this raise StoreError."""
        self._closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except Empty:
                return

    def _one(self, column: str, value: str) -> Document | None:
        query = f"SELECT {_COLUMNS} FROM minilora_documents WHERE {column} = %s"
        rows = self._rows(query, (value,))
        return Document(*rows[0]) if rows else None

    def _rows(self, query: str, values: Any = ()) -> list[tuple[Any, ...]]:
        """Return the rows of one statement, in a transaction of its own."""
        with self._transaction() as connection:
            return connection.execute(query.encode(), values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[Any]]:
        """A connection, whose work is committed at the end; a broken one is not used again."""
        with self._errors():
            try:
                connection = self._idle.get_nowait()
            except Empty:
                connection = psycopg.connect(self._url, connect_timeout=10)
                register_vector(connection)
            try:
                with connection.transaction():
                    yield connection
            finally:
                if self._closed or connection.broken:
                    connection.close()
                else:
                    self._idle.put(connection)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._closed:
            raise StoreError("the store is closed")
        try:
            yield
        except UniqueViolation:
            raise
        except psycopg.Error as error:
            raise StoreError(f"Postgres cannot be used: {error}") from error


def _ids(documents: Collection[str] | None) -> list[str] | None:
    return None if documents is None else list(documents)
