"""Verdicts kept by their content, so that a second run asks no model.

The key is a hash of all that an answer depends on: the judge's name (model, adapter, threshold,
version of its prompts), which of its methods, and the texts. What failed is not kept. Questions
asked while the same one is under way wait for its answer.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from serve.detective.reply import Usage
from serve.judge.judge import Generated, Judge, Preference
from serve.judge.verdicts import ClaimVerdict

T = TypeVar("T")
_LAYOUT = 1  # PRAGMA user_version of the table below
_TABLE = "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"


class Cache:
    """JSON documents by hash, in one SQLite file or in memory.

    A look-up takes microseconds, so it is done on the event loop.

    Args:
        path: of the file, made where it is missing; None keeps everything in memory.

    Attributes:
        hits, misses: of look-ups.

    Raises:
        ValueError: the file is no cache of this layout.
        OSError: it cannot be made.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.hits = self.misses = 0
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = sqlite3.connect(path or ":memory:", isolation_level=None)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            layout = self._database.execute("PRAGMA user_version").fetchone()[0]
            if layout not in (0, _LAYOUT):
                raise ValueError(f"{path} is a cache of layout {layout}, not {_LAYOUT}: delete it")
            self._database.execute(_TABLE)
            self._database.execute(f"PRAGMA user_version = {_LAYOUT}")
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{path} cannot be used as a cache: {error}") from None

    def get(self, key: bytes, kind: Any) -> Any:
        """Return what is kept, or None."""
        row = self._database.execute("SELECT value FROM answers WHERE key = ?", (key,)).fetchone()
        if row is None:
            self.misses += 1
            return None
        self.hits += 1
        return msgspec.json.decode(row[0], type=kind)

    def put(self, key: bytes, value: object) -> None:
        """Keep a value that JSON can hold."""
        row = key, msgspec.json.encode(value)
        self._database.execute("INSERT OR REPLACE INTO answers VALUES (?, ?)", row)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def content_key(*parts: object) -> bytes:
    """Return SHA-256 of the parts as JSON, so that ("ab", "c") differs from ("a", "bc")."""
    return hashlib.sha256(msgspec.json.encode(parts)).digest()


class CachedJudge:
    """Another judge behind a cache; see :class:`serve.judge.judge.Judge`."""

    def __init__(self, judge: Judge, cache: Cache) -> None:
        self.name, self.model = judge.name, judge.model
        self._judge, self._cache = judge, cache
        self._under_way: dict[bytes, asyncio.Task[Any]] = {}

    @property
    def usage(self) -> Usage:
        """What was asked of the model; what the cache gave is not."""
        return self._judge.usage

    async def claims(self, question: str, answer: str) -> list[str]:
        """Return the claims kept or asked for."""
        ask = self._judge.claims
        return await self._once(
            list[str], lambda: ask(question, answer), "claims", question, answer
        )

    async def verdict(self, claim: str, passages: Sequence[str]) -> ClaimVerdict:
        """Return the verdict kept or asked for."""
        ask = self._judge.verdict
        return await self._once(
            ClaimVerdict, lambda: ask(claim, passages), "verdict", claim, list(passages)
        )

    async def questions(self, answer: str, n: int) -> Generated:
        """Return the questions kept or asked for."""
        ask = self._judge.questions
        return await self._once(Generated, lambda: ask(answer, n), "questions", answer, n)

    async def compare(self, question: str, a: str, b: str) -> Preference:
        """Return the preference kept or asked for."""
        ask = self._judge.compare
        return await self._once(Preference, lambda: ask(question, a, b), "compare", question, a, b)

    async def close(self) -> None:
        """Let go of the judge."""
        await self._judge.close()

    async def _once(self, kind: Any, ask: Callable[[], Awaitable[T]], *content: object) -> T:
        key = content_key(self.name, *content)
        kept: T | None = self._cache.get(key, kind)
        if kept is not None:
            return kept
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.ensure_future(self._ask(key, ask))
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key))
        value: T = await asyncio.shield(task)  # one that gives up leaves the answer to the others
        return value

    async def _ask(self, key: bytes, ask: Callable[[], Awaitable[T]]) -> T:
        value = await ask()
        self._cache.put(key, value)
        return value
