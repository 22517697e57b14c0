"""Replies of a wiki, kept for a while in one SQLite file.

A cache is never needed: where the file fails, requests go to the wiki, and a warning is logged.

>>> now = 0.0
>>> cache = SqliteCache(":memory:", ttl_s=60, now=lambda: now)
>>> cache.put("key", b"reply")
>>> cache.get("key")
b'reply'
>>> now = 61.0
>>> cache.get("key") is None
True
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

logger = logging.getLogger(__name__)
_TABLE = """
CREATE TABLE IF NOT EXISTS wiki_reply (
    key TEXT PRIMARY KEY,
    stored_at REAL NOT NULL,  -- seconds since 1970
    body BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS wiki_reply_age ON wiki_reply (stored_at);
"""


class Cache(Protocol):
    """Where replies are kept; both methods may be called from any thread and never raise."""

    def get(self, key: str) -> bytes | None:
        """Return a reply that is still fresh."""

    def put(self, key: str, body: bytes) -> None:
        """Keep a reply."""


class SqliteCache:
    """Replies in a file of their own, shared by processes.

    Args:
        path: of the file, made where there is none; ":memory:" keeps nothing.
        ttl_s: seconds for which a reply is fresh.
        now: seconds since 1970.
        max_replies: kept at most; the oldest go first.

    Raises:
        ValueError: the file is no SQLite database, or cannot be opened; a number out of range.
    """

    def __init__(
        self,
        path: Path | str,
        ttl_s: float,
        now: Callable[[], float],
        max_replies: int = 10_000,
    ) -> None:
        if not ttl_s > 0 or max_replies < 1:
            raise ValueError(
                f"ttl_s must be above 0 and max_replies at least 1, got {ttl_s}, {max_replies}"
            )
        self._ttl_s, self._now, self._max_replies = ttl_s, now, max_replies
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, timeout=5, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.executescript(_TABLE)
        except sqlite3.Error as error:
            raise ValueError(f"{path} cannot hold the wiki cache: {error}") from error

    def get(self, key: str) -> bytes | None:
        """Return a reply that is still fresh."""
        oldest = self._now() - self._ttl_s
        try:
            with self._lock:
                row = self._connection.execute(
                    "SELECT body FROM wiki_reply WHERE key = ? AND stored_at > ?", (key, oldest)
                ).fetchone()
        except sqlite3.Error as error:
            logger.warning("the wiki cache cannot be read: %s", error)
            return None
        return None if row is None else bytes(row[0])

    def put(self, key: str, body: bytes) -> None:
        """Keep a reply, and drop what is stale or too much."""
        now = self._now()
        try:
            with self._lock, self._connection:  # one transaction
                self._connection.execute(
                    "REPLACE INTO wiki_reply VALUES (?, ?, ?)", (key, now, body)
                )
                self._connection.execute(
                    "DELETE FROM wiki_reply WHERE stored_at <= ?", (now - self._ttl_s,)
                )
                self._connection.execute(
                    "DELETE FROM wiki_reply WHERE key IN "
                    "(SELECT key FROM wiki_reply ORDER BY stored_at DESC LIMIT -1 OFFSET ?)",
                    (self._max_replies,),
                )
        except sqlite3.Error as error:
            logger.warning("the wiki cache cannot be written: %s", error)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
