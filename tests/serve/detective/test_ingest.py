"""Files through the whole way: read, stored, retrieved, removed; by command and after kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from minilora.encoder import Encoder
from serve.detective.__main__ import main
from serve.detective.documents import DocumentError
from serve.detective.ingest import Ingester
from serve.detective.retrieve import Passage, retrieve
from serve.detective.store import DuplicateDocument
from serve.detective.store_sqlite import SqliteStore

from .conftest import X, new_document
from .pdf_files import lines, pdf


@pytest.fixture
def store(tmp_path: Path, encoder: Encoder) -> SqliteStore:
    return SqliteStore(tmp_path / "documents.sqlite", "minilm-l6", encoder.config.d_model)


def test_the_sample_answers_questions(store: SqliteStore, encoder: Encoder) -> None:
    ingester = Ingester(store, encoder)
    sample = ingester.ingest_sample()
    assert sample is not None
    assert (sample.kind, sample.title, sample.n_pages) == ("pdf", "The Lighthouse of Vell", 9)
    assert ingester.ingest_sample() is None

    def best(question: str, **asked: object) -> Passage:
        return retrieve(store, encoder, question, **asked)[0]  # type: ignore[arg-type]

    passage = best("Who was the keeper that helped the most ships?")
    assert passage.page == 3
    assert "Maren Aske" in passage.text
    assert best("When was the lens taken ashore?").page == 6
    passage = best("Who designed the tower?")
    assert passage.page == 1
    page = store.page(sample.id, passage.page)
    assert page is not None
    assert page.text[passage.start : passage.end] == passage.text
    assert passage.score == pytest.approx(
        sum(1 / (60 + rank) for rank in (passage.dense_rank, passage.text_rank) if rank)
    )
    three = retrieve(store, encoder, "lighthouse", k=3, most_per_page=1)
    assert len({passage.page for passage in three}) == 3
    assert retrieve(store, encoder, "lighthouse", documents=[]) == []


def test_progress_is_told_and_duplicates_are_not_read(store: SqliteStore, encoder: Encoder) -> None:
    ingester = Ingester(store, encoder)
    told: list[tuple[int, int]] = []
    data = pdf(lines("The harbour is deep."), lines("The rock is high."))
    document = ingester.ingest("../x/harbour.pdf", data, lambda *step: told.append(step))
    assert (document.name, document.kind, document.n_pages) == ("harbour.pdf", "pdf", 2)
    assert told == [(0, 2), (2, 2)]
    with pytest.raises(DuplicateDocument, match=r"harbour\.pdf"):
        ingester.ingest("other.pdf", data)


def test_a_failed_file_leaves_nothing(store: SqliteStore, encoder: Encoder) -> None:
    with pytest.raises(DocumentError):
        Ingester(store, encoder).ingest("a.pdf", b"%PDF-1.4 broken")
    assert store.documents() == []


def test_deleted_text_is_not_in_the_files(tmp_path: Path, encoder: Encoder) -> None:
    store = SqliteStore(tmp_path / "d.sqlite", "test", 4)
    kept = store.add(new_document("kept.txt", ["Kept words."], [X]))
    gone = store.add(new_document("gone.txt", ["Zyxomorphic quibblewort."], [X]))
    assert store.delete(gone.id)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir()).lower()
    assert b"kept" in left
    for word in (b"zyxomorph", b"quibblewort", b"gone.txt", gone.id.encode()):
        assert word not in left
    assert store.documents() == [kept]


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from conftest import X, new_document
from serve.detective.store_sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]), "test", 4)
for i in range(10**6):
    document = store.add(new_document(f"{i}", [f"page {i} " + "word " * 500, f"b{i}"], [X, X]))
    if i % 3 == 2:
        store.delete(document.id)
    print(document.id, i % 3 == 2, flush=True)
"""


def test_a_killed_writer_loses_and_halves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "documents.sqlite"
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert writer.stdout is not None
    told = [writer.stdout.readline().split() for _ in range(20)]
    writer.send_signal(signal.SIGKILL)
    told += [line.split() for line in writer.stdout.read().splitlines(True) if line[-1] == "\n"]
    writer.wait()
    store = SqliteStore(path, "test", 4)
    there = {document.id for document in store.documents()}
    kept = {id_ for id_, deleted in told if deleted == "False"}
    assert kept <= there
    assert len(there - kept) <= 1  # stored, and killed before it was told
    assert not there & {id_ for id_, deleted in told if deleted == "True"}
    hits = store.search_vectors(X, 10**4)
    assert len(hits) == 2 * len(there) == len(store.passages([hit.chunk for hit in hits]))
    assert len(store.search_text("word", 10**4)) == len(there)
    for id_ in there:
        assert all(store.page(id_, number) is not None for number in (1, 2))
    assert store.add(new_document("after.txt", ["after"], [X])).id not in there


def test_the_command_takes_what_it_can_and_names_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n\nWords.")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "ignored.bin").write_bytes(b"x")
    where = ["--store", str(tmp_path / "d.sqlite"), "--json", str(tmp_path / "report.json")]

    def run(*arguments: str) -> object:
        with pytest.raises(SystemExit) as left:
            main([*arguments, *where])
        return left.value.code

    assert run("ingest", str(folder)) == 1
    printed = capsys.readouterr()
    assert "failed: " in printed.err
    assert "no readable PDF" in printed.err
    bad, good = json.loads((tmp_path / "report.json").read_text())
    assert (bad["status"], good["status"]) == ("failed", "stored")
    assert run("ingest", str(folder / "good.md")) == 0
    assert "duplicate" in capsys.readouterr().out
    assert run("list") == 0
    assert "good.md" in capsys.readouterr().out
    assert run("remove", "doc-0000000000000000") == 2
    assert run("remove", good["document"]["id"]) == 0
    assert run("list") == 0
    assert json.loads((tmp_path / "report.json").read_text()) == []
    assert run("ingest", str(tmp_path / "none")) == 2
