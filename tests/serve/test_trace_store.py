"""The built-in store, fed by the real SDK and read back from the file."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serve import trace_store
from serve.span import RetrievedDocument
from serve.trace import Tracer, TraceSettings, remote_parent
from serve.trace_store import TraceStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "traces" / "traces.db"


@pytest.fixture
def store(path: Path) -> Iterator[TraceStore]:
    made = TraceStore(path, max_traces=5)
    yield made
    made.shutdown()


@pytest.fixture
def tracer(store: TraceStore) -> Iterator[Tracer]:
    made = Tracer(TraceSettings(log_prompts=True), store=store)
    yield made
    made.shutdown()


def ask(tracer: Tracer, name: str = "ask") -> str:
    with tracer.span(name, kind="AGENT") as span:
        span.set_user("ci")
        with tracer.span("search", kind="RETRIEVER") as search:
            search.set_documents([RetrievedDocument("d1", "Ada", 0.5)])
        with tracer.span("chat", kind="LLM") as chat:
            chat.set_token_counts(prompt=20, completion=4)
    assert tracer.flush()
    return span.trace_id


def test_a_trace_comes_back_as_a_tree(tracer: Tracer, store: TraceStore) -> None:
    trace_id = ask(tracer)
    tree = store.tree(trace_id)
    assert tree is not None
    (root,) = tree["spans"]
    assert (root["name"], root["kind"], root["status"]) == ("ask", "AGENT", "ok")
    assert [child["name"] for child in root["children"]] == ["search", "chat"]
    search, chat = root["children"]
    assert search["attributes"] == {
        "retrieval.documents.0.document.id": "d1",
        "retrieval.documents.0.document.content": "Ada",
        "retrieval.documents.0.document.score": 0.5,
    }
    assert chat["attributes"]["llm.token_count.total"] == 24
    assert not any(name.startswith("gen_ai.") for name in chat["attributes"])
    assert root["start"] <= search["start"] <= chat["start"]
    assert root["duration_ms"] >= search["duration_ms"] + chat["duration_ms"]
    summary = {name: value for name, value in tree.items() if name != "spans"}
    assert store.recent() == [summary]
    assert summary.items() >= {"tokens": 24, "n_spans": 3, "user": "ci", "status": "ok"}.items()
    assert store.tree("0" * 32) is None


def test_a_failed_step_shows_in_the_summary(tracer: Tracer, store: TraceStore) -> None:
    with pytest.raises(ValueError, match="broken"), tracer.span("ask", kind="CHAIN") as span:
        raise ValueError("broken")
    tracer.flush()
    tree = store.tree(span.trace_id)
    assert tree is not None
    assert tree["status"] == "error"
    assert tree["spans"][0]["message"] == "ValueError: broken"
    assert tree["spans"][0]["events"][0]["exception.type"] == "ValueError"


def test_the_newest_traces_are_kept_and_listed_in_pages(tracer: Tracer, store: TraceStore) -> None:
    ids = [ask(tracer) for _ in range(8)]
    newest = ids[:2:-1]
    assert [row["trace_id"] for row in store.recent()] == newest
    pages, before = [], None
    while page := store.recent(limit=2, before=before):
        pages.append([row["trace_id"] for row in page])
        before = page[-1]["trace_id"]
    assert pages == [newest[:2], newest[2:4], newest[4:]]
    assert store.tree(ids[0]) is None
    assert store.recent(before=ids[0]) == []


def test_the_file_stays_small(path: Path) -> None:
    store = TraceStore(path, max_traces=10_000, max_bytes=400_000)
    tracer = Tracer(TraceSettings(log_prompts=True), store=store)
    for _ in range(4):
        for _ in range(50):
            with tracer.span("chat", kind="LLM") as span:
                span.set_input("x" * 10_000)
        assert tracer.flush()
    assert 30 <= len(store.recent(limit=1000)) < 40
    tracer.shutdown()  # also writes the log back into the file
    assert path.stat().st_size < 2 * 400_000 + 128 * 10_000  # one batch comes before the cap


def test_one_endless_trace_does_not_push_out_the_others(path: Path) -> None:
    dropped: list[int] = []

    def count(destination: str, spans: int) -> None:
        dropped.append(spans)

    store = TraceStore(path, max_bytes=80_000, on_dropped=count)
    tracer = Tracer(TraceSettings(log_prompts=True), store=store, on_dropped=count)
    other = ask(tracer)
    parent = remote_parent(f"00-{'a' * 32}-{'b' * 16}-01")
    for _ in range(20):
        with tracer.span("ask", kind="CHAIN", parent=parent) as span:
            span.set_input("x" * 2000)
    tracer.flush()
    tree = store.tree("a" * 32)
    assert tree is not None
    assert 2 <= len(tree["spans"]) <= 5
    assert len(tree["spans"]) + sum(dropped) == 20
    assert store.tree(other) is not None
    with tracer.span("large", kind="CHAIN") as span:
        span.set_input("x" * 20_000)
    tracer.flush()
    assert {row["name"] for row in store.recent()} == {"ask"}
    tracer.shutdown()


def test_scores_are_attached_and_replaced(tracer: Tracer, store: TraceStore) -> None:
    trace_id = ask(tracer)
    store.add_score(trace_id, "faithfulness", 0.5)
    store.add_score(trace_id, "faithfulness", 0.75, "3 of 4 claims")
    store.add_score(trace_id, "relevancy", 1.0)
    scores = store.recent()[0]["scores"]
    assert [(each["name"], each["value"]) for each in scores] == [
        ("faithfulness", 0.75),
        ("relevancy", 1.0),
    ]
    assert scores[0]["explanation"] == "3 of 4 claims"
    with pytest.raises(ValueError, match="faithfulness must be finite, got nan"):
        store.add_score(trace_id, "faithfulness", float("nan"))
    with pytest.raises(KeyError, match="no trace ffff"):
        store.add_score("f" * 32, "faithfulness", 1.0)


def test_reopening_keeps_traces_and_applies_a_lower_cap(path: Path) -> None:
    tracer = Tracer(TraceSettings(), store=TraceStore(path))
    ids = [ask(tracer) for _ in range(3)]
    tracer.shutdown()
    reopened = TraceStore(path, max_traces=2)
    assert [row["trace_id"] for row in reopened.recent()] == ids[:0:-1]
    reopened.shutdown()


WRITER = """
import sys
from serve.trace import Tracer, TraceSettings
from serve.trace_store import TraceStore
tracer = Tracer(TraceSettings(), store=TraceStore(sys.argv[1]))
while True:
    tracer.span("ask", kind="CHAIN").end()
    tracer.flush()
    print("written", flush=True)
"""


def test_a_killed_process_leaves_the_store_whole(path: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(6):
            assert writer.stdout.readline() == b"written\n"
        writer.kill()
    reopened = TraceStore(path)
    assert len(reopened.recent()) >= 6
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    tracer = Tracer(TraceSettings(), store=reopened)
    assert reopened.tree(ask(tracer)) is not None
    tracer.shutdown()


def test_two_processes_share_one_file(path: Path) -> None:
    """Two stores on one file are what two processes have: their writers only meet in SQLite."""
    tracers = [Tracer(TraceSettings(), store=TraceStore(path)) for _ in range(2)]
    ids = {ask(tracer) for tracer in tracers for _ in range(3)}
    reader = TraceStore(path)
    assert {row["trace_id"] for row in reader.recent()} == ids
    reader.shutdown()
    for tracer in tracers:
        tracer.shutdown()


def test_a_trace_deleted_while_it_is_read_is_still_whole(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TraceStore(path, max_traces=1)
    tracer = Tracer(TraceSettings(), store=store)
    trace_id = ask(tracer)
    read = trace_store._spans

    def read_later(*arguments: Any) -> list[sqlite3.Row]:
        ask(tracer)  # pushes the trace out, after it was found and before its spans are read
        return read(*arguments)

    monkeypatch.setattr(trace_store, "_spans", read_later)
    (row,) = store.recent()
    assert (row["trace_id"], row["n_spans"]) == (trace_id, 3)
    assert store.tree(trace_id) is None
    tracer.shutdown()


def test_only_the_owner_may_read_the_file(store: TraceStore, tracer: Tracer, path: Path) -> None:
    ask(tracer)
    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}
    assert modes.keys() >= {"traces.db", "traces.db-wal"}
    assert set(modes.values()) == {0o600}


def test_a_store_that_cannot_write_counts_its_losses(path: Path) -> None:
    dropped: list[int] = []
    store = TraceStore(path)
    tracer = Tracer(
        TraceSettings(), store=store, on_dropped=lambda name, spans: dropped.append(spans)
    )
    store.shutdown()  # as good as a full disk: every statement fails
    tracer.span("ask", kind="CHAIN").end()
    assert tracer.flush()
    assert dropped == [1]
    tracer.shutdown()


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.db"
    text.write_text("not a database " * 100)
    with pytest.raises(ValueError, match=r"notes\.db cannot be used as a trace store"):
        TraceStore(text)
    foreign = tmp_path / "foreign.db"
    with sqlite3.connect(foreign) as connection:
        connection.execute("CREATE TABLE accounts (id)")
    connection.close()
    with pytest.raises(ValueError, match="its layout is 0, not 1"):
        TraceStore(foreign)
    with pytest.raises(ValueError, match="must be at least 1, got 0 and"):
        TraceStore(tmp_path / "new.db", max_traces=0)
