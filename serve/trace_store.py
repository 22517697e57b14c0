"""The built-in trace store: recent traces in one SQLite file, the oldest deleted first.

It hangs off the OpenTelemetry SDK as an exporter, so its writing is done by one background thread
(:class:`serve.trace_export.LossyProcessor`) and what it cannot write is counted. The file is in
write-ahead mode: readers do not wait for the writer, and a killed process leaves it whole. Several
processes may share it.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

from serve.span import KIND

_LAYOUT = 1  # PRAGMA user_version of the tables below
_TABLES = """
CREATE TABLE traces (
    trace_id TEXT PRIMARY KEY,
    start_ns INTEGER NOT NULL,  -- of its first span, since 1970
    end_ns INTEGER NOT NULL,    -- of its last
    bytes INTEGER NOT NULL      -- of its spans and scores, as counted against the cap
) WITHOUT ROWID;
CREATE INDEX traces_by_start ON traces (start_ns, trace_id);
CREATE TABLE spans (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    span_id TEXT NOT NULL,
    parent_id TEXT,             -- may be a caller's span, which is not here
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER NOT NULL,
    status TEXT NOT NULL,       -- "ok" or "error"
    tokens INTEGER NOT NULL,    -- of the model, 0 where it was not asked
    user TEXT,                  -- name of the API key
    message TEXT,
    attributes TEXT NOT NULL,   -- JSON object
    events TEXT NOT NULL,       -- JSON array
    PRIMARY KEY (trace_id, span_id)
) WITHOUT ROWID;
CREATE TABLE scores (
    trace_id TEXT NOT NULL REFERENCES traces ON DELETE CASCADE,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    explanation TEXT,
    time_ns INTEGER NOT NULL,
    PRIMARY KEY (trace_id, name)
) WITHOUT ROWID;
"""
_ROW_BYTES = 200  # keys, times and the index, beside the texts
_SHARE = 8  # one trace may take an eighth of the bytes: a caller may send the same id for ever
# The same facts under names for other readers; the tree shows each once.
_REPEATED = ("gen_ai.", "langsmith.", KIND)


class TraceStore(SpanExporter):
    """Recent traces in a file.

    All methods may be called from any thread, and block: not on the event loop.

    Args:
        path: of the SQLite file; made where it is missing, its folder too.
        max_traces: traces kept.
        max_bytes: of spans kept; the file is somewhat larger. One trace may take an eighth.
        on_dropped: called with ("store", spans) for those of a trace that is larger.

    Raises:
        ValueError: the limits are below 1, or the file is not a trace store of this layout.
        OSError: the file cannot be made.
    """

    def __init__(
        self,
        path: Path | str,
        max_traces: int = 1000,
        max_bytes: int = 64 << 20,
        on_dropped: Callable[[str, int], None] = lambda destination, spans: None,
    ) -> None:
        if max_traces < 1 or max_bytes < 1:
            raise ValueError(
                f"max_traces and max_bytes must be at least 1, got {max_traces} and {max_bytes}"
            )
        self._path, self._max_traces, self._max_bytes = Path(path), max_traces, max_bytes
        self._on_dropped = on_dropped
        self._path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))  # it may hold what users wrote
        self._lock = threading.Lock()  # of the one connection that writes
        try:
            self._writer = self._connect()
            self._prepare()
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{self._path} cannot be used as a trace store: {error}") from None

    # What the tracer calls, in its thread.

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Write a batch in one transaction and delete what is over the cap."""
        try:
            with self._lock, self._writer:
                kept = [self._insert(span) for span in spans]
                self._delete_oldest()
        except sqlite3.Error:  # disk full, locked for seconds, closed
            return SpanExportResult.FAILURE
        if not all(kept):
            self._on_dropped("store", kept.count(False))
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Close the file."""
        with self._lock:
            self._writer.close()

    # What the judge calls.

    def add_score(
        self, trace_id: str, name: str, value: float, explanation: str | None = None
    ) -> None:
        """Attach a score to a trace; one of the same name is replaced.

        Raises:
            KeyError: no such trace; its spans are written a moment after they end.
            ValueError: the value is not finite.
            sqlite3.Error: the file cannot be written.
        """
        if not math.isfinite(value):
            raise ValueError(f"score {name} must be finite, got {value}")
        size = _ROW_BYTES + len(name.encode()) + len((explanation or "").encode())
        row = (trace_id, name, value, explanation, time.time_ns())
        with self._lock, self._writer:
            grown = self._writer.execute(
                "UPDATE traces SET bytes = bytes + ? WHERE trace_id = ?", (size, trace_id)
            )
            if grown.rowcount == 0:
                raise KeyError(f"no trace {trace_id}")
            self._writer.execute("INSERT OR REPLACE INTO scores VALUES (?, ?, ?, ?, ?)", row)
            self._delete_oldest()

    # What the routes call.

    def recent(self, limit: int = 50, before: str | None = None) -> list[dict[str, Any]]:
        """Return summaries of the newest traces, newest first.

        Args:
            limit: at most so many.
            before: trace id; only those older than it.
        """
        with closing(self._connect()) as reader:
            reader.execute("BEGIN")  # all that follows sees one state of the file
            found = reader.execute(
                "SELECT trace_id FROM traces WHERE :before IS NULL OR (start_ns, trace_id) <"
                " (SELECT start_ns, trace_id FROM traces WHERE trace_id = :before)"
                " ORDER BY start_ns DESC, trace_id DESC LIMIT :limit",
                {"before": before, "limit": limit},
            ).fetchall()
            # Texts stand in the last columns and are not read here.
            columns = "span_id, parent_id, name, kind, start_ns, end_ns, status, tokens, user"
            return [
                _summary(trace_id, _spans(reader, trace_id, columns))
                | {"scores": _scores(reader, trace_id)}
                for (trace_id,) in found
            ]

    def tree(self, trace_id: str) -> dict[str, Any] | None:
        """Return a trace with its spans as a tree, children in order of their start; None without.

        A trace that a caller began has several first spans when the caller asked several times.
        """
        with closing(self._connect()) as reader:
            reader.execute("BEGIN")
            rows = _spans(reader, trace_id, "*")
            if not rows:
                return None
            scores = _scores(reader, trace_id)
        return _summary(trace_id, rows) | {"scores": scores, "spans": _nested(rows)}

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=5, isolation_level="IMMEDIATE", check_same_thread=False
        )
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _prepare(self) -> None:
        """Set the modes and make the tables of a new file."""
        self._writer.execute("PRAGMA journal_mode = WAL")
        self._writer.execute("PRAGMA synchronous = NORMAL")  # in WAL mode a crash loses no file
        self._writer.execute(f"PRAGMA journal_size_limit = {4 << 20}")
        with self._writer:
            self._writer.execute("BEGIN IMMEDIATE")  # two processes may start at once
            (layout,) = self._writer.execute("PRAGMA user_version").fetchone()
            (n_tables,) = self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if layout == 0 and n_tables == 0:
                for statement in _statements(_TABLES):
                    self._writer.execute(statement)
                self._writer.execute(f"PRAGMA user_version = {_LAYOUT}")
            elif layout != _LAYOUT:
                raise sqlite3.DatabaseError(f"its layout is {layout}, not {_LAYOUT}")
            self._delete_oldest()  # the cap may be lower than it was

    def _insert(self, span: ReadableSpan) -> bool:
        """Write a span; False where its trace is as large as one may be."""
        row = _row(span)
        size = _ROW_BYTES + sum(len(text.encode()) for text in row if isinstance(text, str))
        trace_id, start_ns, end_ns = row[0], row[5], row[6]
        self._writer.execute(
            "INSERT OR IGNORE INTO traces VALUES (?, ?, ?, 0)", (trace_id, start_ns, end_ns)
        )
        grown = self._writer.execute(
            "UPDATE traces SET bytes = bytes + ?, start_ns = min(start_ns, ?), "
            "end_ns = max(end_ns, ?) WHERE trace_id = ? AND bytes + ? <= ?",
            (size, start_ns, end_ns, trace_id, size, self._max_bytes // _SHARE),
        )
        if grown.rowcount == 0:
            self._writer.execute("DELETE FROM traces WHERE trace_id = ? AND bytes = 0", (trace_id,))
            return False
        values = ", ".join("?" * len(row))
        self._writer.execute(f"INSERT OR IGNORE INTO spans VALUES ({values})", row)
        return True

    def _delete_oldest(self) -> None:
        """Delete the traces that are over the cap, counted from the newest."""
        self._writer.execute(
            "DELETE FROM traces WHERE trace_id IN (SELECT trace_id FROM ("
            "  SELECT trace_id, row_number() OVER newest AS n, sum(bytes) OVER newest AS total"
            "  FROM traces WINDOW newest AS (ORDER BY start_ns DESC, trace_id DESC)"
            ") WHERE n > ? OR total > ?)",
            (self._max_traces, self._max_bytes),
        )


def _statements(script: str) -> Iterable[str]:
    """Return the statements of a script: ``executescript`` would end the transaction."""
    return (statement for statement in script.split(";\n") if statement.strip())


def _row(span: ReadableSpan) -> tuple[Any, ...]:
    """Return the columns of an ended span."""
    attributes = dict(span.attributes or {})
    context = span.get_span_context()
    assert context is not None
    assert span.start_time is not None
    assert span.end_time is not None
    events = [
        {"name": event.name, "time": _iso(event.timestamp), **(event.attributes or {})}
        for event in span.events
    ]
    shown = {key: attributes[key] for key in attributes if not key.startswith(_REPEATED)}
    return (
        format_trace_id(context.trace_id),
        format_span_id(context.span_id),
        None if span.parent is None else format_span_id(span.parent.span_id),
        span.name,
        attributes.get(KIND, "CHAIN"),
        span.start_time,
        span.end_time,
        "error" if span.status.status_code is StatusCode.ERROR else "ok",
        attributes.get("llm.token_count.total", 0),
        attributes.get("user.id"),
        span.status.description,
        json.dumps(shown, ensure_ascii=False),
        json.dumps(events, ensure_ascii=False),
    )


def _spans(reader: sqlite3.Connection, trace_id: str, columns: str) -> list[sqlite3.Row]:
    """Return the spans of a trace in order of their start."""
    query = f"SELECT {columns} FROM spans WHERE trace_id = ? ORDER BY start_ns, span_id"
    return reader.execute(query, (trace_id,)).fetchall()


def _scores(reader: sqlite3.Connection, trace_id: str) -> list[dict[str, Any]]:
    rows = reader.execute("SELECT * FROM scores WHERE trace_id = ? ORDER BY name", (trace_id,))
    return [
        {
            "name": row["name"],
            "value": row["value"],
            "explanation": row["explanation"],
            "time": _iso(row["time_ns"]),
        }
        for row in rows
    ]


def _summary(trace_id: str, rows: Sequence[sqlite3.Row]) -> dict[str, Any]:
    """Return what a list of traces shows; named after the span that began first."""
    ids = {row["span_id"] for row in rows}
    first = next((row for row in rows if row["parent_id"] not in ids), rows[0])
    start_ns, end_ns = min(row["start_ns"] for row in rows), max(row["end_ns"] for row in rows)
    return {
        "trace_id": trace_id,
        "name": first["name"],
        "kind": first["kind"],
        "start": _iso(start_ns),
        "duration_ms": _milliseconds(start_ns, end_ns),
        "status": "error" if any(row["status"] == "error" for row in rows) else "ok",
        "user": first["user"],
        "n_spans": len(rows),
        "tokens": sum(row["tokens"] for row in rows),
    }


def _nested(rows: Sequence[sqlite3.Row]) -> list[dict[str, Any]]:
    """Return spans, each with its children; those whose parent is not here come first."""
    spans = {row["span_id"]: _shown(row) for row in rows}
    roots: list[dict[str, Any]] = []
    for row in rows:
        span = spans[row["span_id"]]
        parent = spans.get(row["parent_id"])
        (roots if parent is None else parent["children"]).append(span)
    return roots


def _shown(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "span_id": row["span_id"],
        "name": row["name"],
        "kind": row["kind"],
        "start": _iso(row["start_ns"]),
        "duration_ms": _milliseconds(row["start_ns"], row["end_ns"]),
        "status": row["status"],
        "message": row["message"],
        "attributes": json.loads(row["attributes"]),
        "events": json.loads(row["events"]),
        "children": [],
    }


def _milliseconds(start_ns: int, end_ns: int) -> float:
    return round((end_ns - start_ns) / 1e6, 3)


def _iso(time_ns: int) -> str:
    """Return a time as RFC 3339 in UTC, in microseconds.

    >>> _iso(1_700_000_000_123_456_789)
    '2023-11-14T22:13:20.123456Z'
    """
    seconds, rest_ns = divmod(time_ns, 10**9)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest_ns // 1000)
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
