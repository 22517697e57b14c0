"""Whether the databases that a killed process left are whole: looked at in a copy.

Opening a database mends it by what its log holds. The server must do that itself, so here a copy
is opened.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

# Documents of which a part is missing, or too much is there.
_HALF_STORED = """
SELECT id FROM documents WHERE
    n_chunks != (SELECT count(*) FROM chunks WHERE document = documents.key) OR
    n_pages != (SELECT count(*) FROM pages WHERE document = documents.key) OR
    1 != (SELECT count(*) FROM vectors WHERE document = documents.key)
"""
_UNINDEXED = "SELECT count(*) FROM chunks WHERE number NOT IN (SELECT rowid FROM words)"
_ORPHAN_WORDS = "SELECT count(*) FROM words WHERE rowid NOT IN (SELECT number FROM chunks)"


def check_folder(folder: Path, documents: str, keep: Path | None = None) -> list[str]:
    """Return what is wrong with the databases of a folder that no process has open.

    Args:
        folder: with ``*.sqlite`` files and their logs.
        documents: name of the one that holds the documents.
        keep: where a copy of a folder with faults is left, to be looked into.
    """
    faults: list[str] = []
    with tempfile.TemporaryDirectory() as copy:
        for file in folder.glob("*.sqlite*"):
            if not file.name.endswith("-shm"):  # an index of the log that is made anew
                shutil.copy(file, copy)
        for path in sorted(Path(copy).glob("*.sqlite")):
            with closing(sqlite3.connect(path)) as connection:
                found = _faults(connection, path.name == documents)
                faults += [f"{path.name}: {fault}" for fault in found]
        if faults and keep is not None:
            shutil.copytree(folder, keep / str(time.time_ns()))
    return faults


def _faults(connection: sqlite3.Connection, holds_documents: bool) -> Iterator[str]:
    """Yield what is wrong; an error ends the looking, and what was found before it counts."""
    try:
        yield from (row for (row,) in connection.execute("PRAGMA integrity_check") if row != "ok")
        for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
            yield f"row {row} of {table} has no {parent}"
        if holds_documents and _has_tables(connection):
            connection.execute("INSERT INTO words(words) VALUES ('integrity-check')")
            yield from (f"{row[0]} is half stored" for row in connection.execute(_HALF_STORED))
            for query, what in (
                (_UNINDEXED, "chunks without words"),
                (_ORPHAN_WORDS, "orphan words"),
            ):
                (n,) = connection.execute(query).fetchone()
                if n:
                    yield f"{n} {what}"
    except sqlite3.DatabaseError as error:
        yield f"{error} ({error.sqlite_errorname})"


def _has_tables(connection: sqlite3.Connection) -> bool:
    """Tell a store from a file that was just made."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'documents'")
    return found.fetchone() is not None
