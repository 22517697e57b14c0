"""The store in one SQLite file: documents, full text (FTS5, BM25), vectors.

The file is in write-ahead mode, so readers do not wait for the writer and a killed process leaves
it whole: a document is one transaction. Several processes may share the file on one machine.

Vectors are searched without an index: one product of a matrix (all chunks, D) and the question's
vector, which is exact. The matrix is kept in memory; a counter in the file tells when it is out of
date, and then only new documents are read and deleted ones dropped.

The full-text index holds words, not text (FTS5's ``content=''``): the text is in the pages alone.
To drop the words of a deleted document FTS5 merges its whole index, and each merge may add two
levels to it. An index of more than 2,000 can be read no more ("vtable constructor failed: words",
SQLite 3.40). So merges are counted in the file, and now and then the index is made anew of the
pages: 2 s for 10,000 chunks.
"""

from __future__ import annotations

import os
import re
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from itertools import accumulate
from pathlib import Path
from queue import Empty, LifoQueue

from serve.detective.documents import Page
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
from serve.detective.vector_matrix import VectorMatrix

_LAYOUT = 2  # PRAGMA user_version of the tables below; 1 did not count the merges
_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE documents (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT,
    content_hash TEXT NOT NULL UNIQUE,
    n_bytes INTEGER NOT NULL,
    n_pages INTEGER NOT NULL,
    n_chunks INTEGER NOT NULL,
    hidden_characters INTEGER NOT NULL,
    added_at REAL NOT NULL      -- seconds since 1970
);
CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL,
    text TEXT NOT NULL,
    hidden TEXT NOT NULL,       -- JSON array
    UNIQUE (document, number)
);
CREATE TABLE chunks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    page INTEGER NOT NULL,
    start INTEGER NOT NULL,     -- offsets into the page's text, in characters
    end INTEGER NOT NULL
);
CREATE INDEX chunks_by_document ON chunks (document);
CREATE TABLE vectors (
    document INTEGER PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    first_chunk INTEGER NOT NULL,  -- a document's chunks are numbered without a gap
    vectors BLOB NOT NULL          -- (n, D) float32, little-endian
);
CREATE VIRTUAL TABLE words USING fts5(
    text, content='', tokenize='porter unicode61 remove_diacritics 2'
);
"""
_COLUMNS = (
    "id, name, kind, title, content_hash, n_bytes, n_pages, n_chunks, hidden_characters, added_at"
)
_CHUNK_TEXTS = (
    "SELECT chunks.number, substr(pages.text, start + 1, end - start) AS text FROM chunks"
    " JOIN pages ON pages.document = chunks.document AND pages.number = chunks.page"
    " WHERE chunks.document = ?"
)
_EMPTY_INDEX = bytes(7)  # FTS5's own record of an index without levels: cookie and three counts
MAX_MERGES = 500  # of the full-text index before it is made anew
MAX_QUERY_WORDS = 64
MAX_SCORED = 15_000  # chunks that BM25 is computed of, at about 2 µs each
# Nearly every chunk has them: they cost time and hardly move BM25.
_LITTLE = (
    "a about an and are as at be been but by can could did do does for from had has have he her "
    "his how i if in into is it its many me much my no not of on or our she so than that the "
    "their them then there these they this those to was we were what when where which who whom "
    "whose why will with would you your"
)
STOP_WORDS = frozenset(_LITTLE.split())


class SqliteStore:
    """See :class:`serve.detective.store.DocumentStore` and the module.

    Args:
        path: of the file; made where it is missing, its folder too.
        encoder: name of the encoder of all vectors.
        n_dimensions: D.

    Raises:
        StoreError: the file cannot be made, is no store of this layout, or holds another encoder's
            vectors.
    """

    def __init__(self, path: Path | str, encoder: str, n_dimensions: int) -> None:
        self._path, self._n_dimensions = Path(path), n_dimensions
        self._lock = threading.Lock()  # of the one connection that writes
        self._readers: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._matrix_lock = threading.Lock()
        self._matrix = VectorMatrix.empty(n_dimensions)
        self._closed = False
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # users' documents
            self._writer = self._connect()
            self._prepare(encoder)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(f"{self._path} cannot hold the documents: {error}") from None

    def add(self, new: NewDocument) -> Document:
        """Store a document whole, or not at all."""
        check_new(new, self._n_dimensions)
        document = make_document(new, time.time())
        with self._writing() as writer:
            stored = _one(writer, "content_hash", new.content_hash)
            if stored is not None:
                raise DuplicateDocument(stored)
            marks = ", ".join("?" * 10)
            row = astuple(document)
            key = writer.execute(
                f"INSERT INTO documents ({_COLUMNS}) VALUES ({marks})", row
            ).lastrowid
            writer.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?)",
                ((key, page.number, page.text, hidden_json(page.hidden)) for page in new.pages),
            )
            (last,) = writer.execute(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'chunks'"
            ).fetchone()
            writer.executemany(
                "INSERT INTO chunks VALUES (?, ?, ?, ?, ?)",
                (
                    (last + i, key, chunk.page, chunk.start, chunk.end)
                    for i, chunk in enumerate(new.chunks, 1)
                ),
            )
            writer.execute(
                "INSERT INTO vectors VALUES (?, ?, ?)",
                (key, last + 1, new.vectors.astype("<f4").tobytes()),
            )
            writer.execute(f"INSERT INTO words (rowid, text) {_CHUNK_TEXTS}", (key,))
        return document

    def documents(self) -> list[Document]:
        """Return all, the newest first."""
        with self._reading() as reader:
            rows = reader.execute(f"SELECT {_COLUMNS} FROM documents ORDER BY key DESC")
            return [Document(*row) for row in rows]

    def get(self, document_id: str) -> Document | None:
        """Return a document; None where there is none."""
        with self._reading() as reader:
            return _one(reader, "id", document_id)

    def find(self, content_hash: str) -> Document | None:
        """Return the document made of this file; None where there is none."""
        with self._reading() as reader:
            return _one(reader, "content_hash", content_hash)

    def delete(self, document_id: str) -> bool:
        """Delete all of a document, its words in the index and its bytes in the file too."""
        with self._writing() as writer:
            keys = writer.execute("SELECT key FROM documents WHERE id = ?", (document_id,))
            row = keys.fetchone()
            if row is None:
                return False
            writer.execute("UPDATE meta SET value = value + 1 WHERE name = 'merges'")
            (n_merges,) = writer.execute("SELECT value FROM meta WHERE name = 'merges'").fetchone()
            if n_merges < MAX_MERGES:
                writer.execute(
                    "INSERT INTO words (words, rowid, text)"
                    f" SELECT 'delete', * FROM ({_CHUNK_TEXTS})",
                    row,
                )
                # FTS5 only marks words as deleted; merging the index into one drops them.
                writer.execute("INSERT INTO words (words) VALUES ('optimize')")
            writer.execute("DELETE FROM documents WHERE key = ?", row)
            if n_merges >= MAX_MERGES:
                _index_anew(writer)
        with self._lock:
            self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # old pages leave the log
        return True

    def page(self, document_id: str, number: int) -> Page | None:
        """Return a page; None where there is none."""
        with self._reading() as reader:
            row = reader.execute(
                "SELECT text, hidden FROM pages JOIN documents ON key = document"
                " WHERE id = ? AND number = ?",
                (document_id, number),
            ).fetchone()
        return None if row is None else Page(number, row[0], hidden_of(row[1]))

    def search_text(
        self, query: str, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k best chunks by BM25, best first: k1 = 1.2, b = 0.75, as FTS5 has them."""
        if k < 1:
            raise ValueError(f"k must be at least 1, got {k}")
        if not (words := _query_words(query)):
            return []
        with self._reading() as reader:
            if documents is None:
                match = _any_of(_rare_words(reader, words))
                rows = reader.execute(
                    "SELECT rowid, -rank FROM words WHERE words MATCH ? ORDER BY rank LIMIT ?",
                    (match, k),
                ).fetchall()
            else:
                keys, match = _keys(reader, documents), _any_of(words)
                rows = reader.execute(
                    "SELECT number, -bm25(words) AS score FROM words CROSS JOIN chunks"
                    " ON chunks.number = words.rowid WHERE words MATCH ?"
                    f" AND document IN ({_marks(keys)}) ORDER BY score DESC LIMIT ?",
                    (match, *keys, k),
                ).fetchall()
        return [Hit(number, score) for number, score in rows]

    def search_vectors(
        self, vector: Vectors, k: int, documents: Collection[str] | None = None
    ) -> list[Hit]:
        """Return the k chunks of the largest dot product, best first."""
        check_query(vector, k, self._n_dimensions)
        with self._reading() as reader:
            matrix = self._current_matrix(reader)
            keys = None if documents is None else _keys(reader, documents)
        return matrix.nearest(vector, k, keys)

    def passages(self, chunks: Sequence[int]) -> list[StoredChunk]:
        """Return chunks with their texts, in the order asked; those that are gone are left out."""
        with self._reading() as reader:
            rows = reader.execute(
                "SELECT chunks.number, id, name, page, start, end,"
                " substr(pages.text, start + 1, end - start), hidden FROM chunks"
                " JOIN documents ON key = chunks.document"
                " JOIN pages ON pages.document = key AND pages.number = page"
                f" WHERE chunks.number IN ({_marks(chunks)})",
                tuple(chunks),
            ).fetchall()
        found = {
            number: StoredChunk(
                number, id_, name, page, start, end, text, hidden_in(hidden_of(hidden), start, end)
            )
            for number, id_, name, page, start, end, text, hidden in rows
        }
        return [found[number] for number in chunks if number in found]

    def close(self) -> None:
        """Close the file; calls after this raise StoreError."""
        self._closed = True
        with self._lock:
            self._writer.close()
        while True:
            try:
                self._readers.get_nowait().close()
            except Empty:
                return

    def _current_matrix(self, reader: sqlite3.Connection) -> VectorMatrix:
        """Return the vectors as the reader sees them, reading those that are new."""
        with self._matrix_lock:
            (version,) = reader.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()
            old = self._matrix
            if version < old.version:  # another thread has seen more: what it read is as good
                return old
            if version > old.version:
                self._matrix = old.refreshed(version, reader)
            return self._matrix

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=30, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # deleted bytes are overwritten
        connection.execute("PRAGMA synchronous = FULL")  # what was taken survives a power cut
        return connection

    def _prepare(self, encoder: str) -> None:
        """Make the tables of a new file, and compare the encoder with that of an old one."""
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("BEGIN IMMEDIATE")  # two processes may start at once
        with self._writer:
            (layout,) = self._writer.execute("PRAGMA user_version").fetchone()
            (n_tables,) = self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if layout == 0 and n_tables == 0:
                for statement in _TABLES.split(";\n"):
                    self._writer.execute(statement)
                self._writer.executemany(
                    "INSERT INTO meta VALUES (?, ?)",
                    [
                        ("version", 0),
                        ("encoder", encoder),
                        ("n_dimensions", self._n_dimensions),
                        ("merges", 0),
                    ],
                )
                self._writer.execute(f"PRAGMA user_version = {_LAYOUT}")
            elif layout == 1:
                _count_merges(self._writer)
                self._writer.execute(f"PRAGMA user_version = {_LAYOUT}")
            elif layout != _LAYOUT:
                raise StoreError(f"{self._path} has the layout {layout}, not {_LAYOUT}")
            meta = dict(self._writer.execute("SELECT name, value FROM meta"))
        if (meta["encoder"], meta["n_dimensions"]) != (encoder, self._n_dimensions):
            raise StoreError(
                f"{self._path} holds vectors of the encoder {meta['encoder']} "
                f"({meta['n_dimensions']} numbers), which cannot be compared with those of "
                f"{encoder} ({self._n_dimensions})"
            )

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction of the writer, after which the matrix is out of date."""
        with self._lock, self._errors():
            self._writer.execute("BEGIN IMMEDIATE")
            with self._writer:
                yield self._writer
                self._writer.execute("UPDATE meta SET value = value + 1 WHERE name = 'version'")

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the file until it is given back."""
        with self._errors():
            try:
                reader = self._readers.get_nowait()
            except Empty:
                reader = self._connect()
            try:
                reader.execute("BEGIN")
                yield reader
            finally:
                reader.execute("ROLLBACK")
                if self._closed:
                    reader.close()
                else:
                    self._readers.put(reader)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        if self._closed:
            raise StoreError(f"{self._path} is closed")
        try:
            yield
        except sqlite3.Error as error:  # disk full, locked for long, damaged
            raise StoreError(f"{self._path} cannot be used: {error}") from error


def _index_anew(writer: sqlite3.Connection) -> None:
    """Make the full-text index anew of the pages: one level, no merges."""
    writer.execute("INSERT INTO words (words) VALUES ('delete-all')")
    for (key,) in writer.execute("SELECT key FROM documents ORDER BY key").fetchall():
        writer.execute(f"INSERT INTO words (rowid, text) {_CHUNK_TEXTS}", (key,))
    writer.execute("UPDATE meta SET value = 0 WHERE name = 'merges'")


def _count_merges(writer: sqlite3.Connection) -> None:
    """Bring layout 1 up to date; its index may already have more levels than can be read."""
    writer.execute("UPDATE words_data SET block = ? WHERE id = 10", (_EMPTY_INDEX,))
    writer.execute("INSERT INTO meta VALUES ('merges', 0)")
    _index_anew(writer)


def _query_words(query: str) -> list[str]:
    """Return the words of a query that are searched for, each once.

    >>> _query_words('What is "the" AND-gate of 1969?')
    ['gate', '1969']
    >>> _query_words("Who is who?")
    ['who', 'is']
    """
    words = list(dict.fromkeys(re.findall(r"[^\W_]+", query.lower())))
    telling = [word for word in words if word not in STOP_WORDS]
    return (telling or words)[:MAX_QUERY_WORDS]


def _any_of(words: Iterable[str]) -> str:
    return " OR ".join(f'"{word}"' for word in words)


def _rare_words(reader: sqlite3.Connection, words: Sequence[str]) -> list[str]:
    """Return the rarest words: one at least, and more while MAX_SCORED chunks have them in all.

    BM25 is computed of every chunk that has a word, and a frequent one adds least to it: a word of
    more than half of the chunks adds nothing. To count a word's chunks takes a fortieth of that.
    """
    count = "SELECT count(*) FROM words WHERE words MATCH ?"
    counts = {word: reader.execute(count, (f'"{word}"',)).fetchone()[0] for word in words}
    rarest = sorted(words, key=counts.__getitem__)
    totals = accumulate(counts[word] for word in rarest)
    return [
        word
        for word, total in zip(rarest, totals, strict=True)
        if total <= MAX_SCORED or word is rarest[0]
    ]


def _one(connection: sqlite3.Connection, column: str, value: str) -> Document | None:
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE {column} = ?", (value,)
    ).fetchone()
    return None if row is None else Document(*row)


def _keys(reader: sqlite3.Connection, documents: Iterable[str]) -> list[int]:
    ids = tuple(documents)
    rows = reader.execute(f"SELECT key FROM documents WHERE id IN ({_marks(ids)})", ids)
    return [key for (key,) in rows]


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
