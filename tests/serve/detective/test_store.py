"""Both stores keep what the protocol promises."""

from __future__ import annotations

import dataclasses
import math
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from serve.detective import store_sqlite
from serve.detective.documents import Chunk, Hidden, Page
from serve.detective.store import (
    DocumentStore,
    DuplicateDocument,
    NewDocument,
    StoreError,
)
from serve.detective.store_sqlite import SqliteStore

from .conftest import N_DIMENSIONS, new_document, unit

Opener = Callable[..., DocumentStore]
X, Y, Z = unit(1, 0, 0, 0), unit(0, 1, 0, 0), unit(0, 0, 1, 0)


def tea() -> NewDocument:
    return new_document("tea.txt", ["Green tea grows in Asia.", "Kettles boil water."], [X, Y])


def moon() -> NewDocument:
    return new_document("moon.txt", ["The moon lifts water: tides."], [unit(1, 1, 0, 0)])


def test_a_document_comes_back_as_it_was_stored(store: DocumentStore) -> None:
    new = new_document("a.txt", ["One ünïcode 🌊 page.", ""], [X, Y], [Hidden(0, 3, "tiny text")])
    new = dataclasses.replace(new, chunks=[Chunk(1, 4, 13)], vectors=X[None], title="A")
    document = store.add(new)
    assert re.fullmatch("doc-[0-9a-f]{16}", document.id)
    assert (document.n_pages, document.n_chunks, document.hidden_characters) == (2, 1, 3)
    assert store.get(document.id) == document == store.find(new.content_hash)
    assert store.documents() == [document]
    assert store.page(document.id, 1) == new.pages[0]
    assert store.page(document.id, 2) == Page(2, "")
    assert store.page(document.id, 3) is None
    (hit,) = store.search_vectors(X, 5)
    (passage,) = store.passages([hit.chunk])
    assert passage.text == "ünïcode 🌊" == new.pages[0].text[passage.start : passage.end]
    assert (passage.document_id, passage.page, passage.hidden) == (document.id, 1, ())


def test_hidden_spans_come_with_the_passage(store: DocumentStore) -> None:
    new = new_document("a.txt", ["seen unseen"], [X], [Hidden(5, 11, "white text")])
    store.add(new)
    (hit,) = store.search_text("unseen", 1)
    assert store.passages([hit.chunk])[0].hidden == (Hidden(5, 11, "white text"),)


def test_newest_document_is_listed_first(store: DocumentStore) -> None:
    ids = [store.add(new).id for new in (tea(), moon())]
    assert [document.id for document in store.documents()] == ids[::-1]


def test_a_duplicate_is_refused_and_named(store: DocumentStore) -> None:
    first = store.add(tea())
    with pytest.raises(DuplicateDocument, match=first.id) as refused:
        store.add(dataclasses.replace(tea(), name="other.txt"))
    assert refused.value.document == first
    assert len(store.documents()) == 1


def test_vectors_are_ranked_by_their_dot_product(store: DocumentStore) -> None:
    store.add(tea())
    store.add(moon())
    question = unit(3, 1, 0, 0)
    hits = store.search_vectors(question, 10)
    texts = [passage.text for passage in store.passages([hit.chunk for hit in hits])]
    assert [text.split()[0] for text in texts] == ["Green", "The", "Kettles"]
    expected = [question @ X, question @ unit(1, 1, 0, 0), question @ Y]
    assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-6)
    assert store.search_vectors(question, 2) == hits[:2]


def test_searches_stay_within_the_documents_asked_for(store: DocumentStore) -> None:
    first, second = store.add(tea()), store.add(moon())

    def documents(hits: list) -> set[str]:
        return {passage.document_id for passage in store.passages([hit.chunk for hit in hits])}

    assert documents(store.search_vectors(Y, 9)) == {first.id, second.id}
    assert documents(store.search_text("water", 9)) == {first.id, second.id}
    assert documents(store.search_vectors(Y, 9, [second.id])) == {second.id}
    assert documents(store.search_text("water", 9, {second.id})) == {second.id}
    assert store.search_vectors(Y, 9, []) == store.search_text("water", 9, []) == []
    assert store.search_text("water", 9, ["doc-0000000000000000"]) == []


TEXTS = [
    "granite tower granite rock",
    "tower keeper lamp",
    "lamp oil lamp oil lamp lens beam harbour",
    "keeper boat",
    "harbour council letters horn fog winter ice relief boat rock",
]


@pytest.mark.parametrize("query", ["lamp", "granite tower", "boat harbour rock", "lamp keeper ice"])
def test_text_scores_are_bm25(store: DocumentStore, query: str) -> None:
    store.add(new_document("a.txt", TEXTS, [X] * len(TEXTS)))
    mean = sum(len(text.split()) for text in TEXTS) / len(TEXTS)
    expected = {}
    for text in TEXTS:
        counts, score = Counter(text.split()), 0.0
        for word in query.split():
            n = sum(word in other.split() for other in TEXTS)
            idf = max(1e-6, math.log((len(TEXTS) - n + 0.5) / (n + 0.5)))
            f = counts[word]
            score += idf * f * 2.2 / (f + 1.2 * (0.25 + 0.75 * len(text.split()) / mean))
        if score:
            expected[text] = score
    hits = store.search_text(query, 10)
    found = store.passages([hit.chunk for hit in hits])
    scores = {passage.text: hit.score for passage, hit in zip(found, hits, strict=True)}
    assert scores == pytest.approx(expected)
    assert [hit.score for hit in hits] == sorted(scores.values(), reverse=True)


def test_words_are_found_in_other_forms(store: DocumentStore) -> None:
    store.add(tea())
    assert len(store.search_text("growing kettle", 5)) == 2


@pytest.mark.parametrize(
    "query", ["", "???", '"', "a OR b NOT", "NEAR(", "x'); DROP", "né\x00!", "& | !", "the of"]
)
def test_no_query_is_syntax(store: DocumentStore, query: str) -> None:
    store.add(tea())
    assert store.search_text(query, 5) == []


def test_deletion_is_complete(store: DocumentStore) -> None:
    gone, kept = store.add(tea()), store.add(moon())
    numbers = [hit.chunk for hit in store.search_vectors(X, 9)]
    assert store.delete(gone.id)
    assert not store.delete(gone.id)
    assert store.documents() == [kept]
    assert store.get(gone.id) is store.find(gone.content_hash) is store.page(gone.id, 1) is None
    assert {p.document_id for p in store.passages(numbers)} == {kept.id}
    assert len(store.search_vectors(X, 9)) == 1
    assert store.search_text("kettles tea", 9) == []


def test_ids_and_numbers_are_not_used_again(store: DocumentStore) -> None:
    first = store.add(tea())
    numbers = {hit.chunk for hit in store.search_vectors(X, 9)}
    store.delete(first.id)
    again = store.add(tea())
    assert again.id != first.id
    assert not numbers & {hit.chunk for hit in store.search_vectors(X, 9)}


def test_two_openings_see_each_other(open_again: Opener) -> None:
    one, two = open_again(), open_again()
    document = one.add(tea())
    assert len(two.search_vectors(X, 9)) == 2
    two.delete(document.id)
    assert one.search_vectors(X, 9) == []


def test_another_encoder_is_refused(open_again: Opener) -> None:
    open_again()
    with pytest.raises(StoreError, match="encoder"):
        open_again("another")
    with pytest.raises(StoreError, match="encoder"):
        open_again("test", N_DIMENSIONS + 1)


def test_a_closed_store_says_so(store: DocumentStore) -> None:
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.documents()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"vectors": np.stack([X])}, "shape"),
        ({"vectors": np.stack([X, Y]).astype(np.float64)}, "float64"),
        ({"vectors": np.stack([X, 2 * Y])}, "length one"),
        ({"vectors": np.stack([X, Y * np.float32("nan")])}, "length one"),
        ({"chunks": [Chunk(1, 0, 5), Chunk(3, 0, 5)]}, "outside"),
        ({"chunks": [Chunk(1, 0, 5), Chunk(2, 0, 500)]}, "outside"),
        ({"pages": [Page(1, "one"), Page(3, "three")]}, "numbered"),
    ],
)
def test_parts_that_do_not_fit_are_refused_whole(
    store: DocumentStore, change: dict, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        store.add(dataclasses.replace(tea(), **change))
    assert store.documents() == []


def test_a_search_for_nothing_is_refused(store: DocumentStore) -> None:
    with pytest.raises(ValueError, match="k must be"):
        store.search_vectors(X, 0)
    with pytest.raises(ValueError, match="k must be"):
        store.search_text("tea", 0)
    with pytest.raises(ValueError, match="shape"):
        store.search_vectors(X[:2], 1)


def test_threads_add_search_and_delete_at_once(store: DocumentStore) -> None:
    failures: list[BaseException] = []

    def work(worker: int) -> None:
        try:
            for i in range(5):
                document = store.add(new_document(f"{worker}", [f"word{worker} {i}"], [Z]))
                own = [document.id]
                assert len(store.search_vectors(Z, 50, own)) == 1
                assert len(store.search_text(f"word{worker}", 50, own)) == 1
                if i % 2:
                    assert store.delete(document.id)
                    assert store.search_vectors(Z, 50, own) == []
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert len(store.documents()) == len(store.search_vectors(Z, 50)) == 4 * 3


def index_levels(path: Path) -> int:
    """Return the levels of the full-text index: the second number of FTS5's record of it."""
    with closing(sqlite3.connect(path)) as connection:
        (record,) = connection.execute("SELECT block FROM words_data WHERE id = 10").fetchone()
    n = 0
    for byte in record[4:]:
        n = n << 7 | byte & 127
        if byte < 128:
            return n
    raise AssertionError(record)


def test_many_deletions_do_not_wear_the_index_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_sqlite, "MAX_MERGES", 5)
    store = SqliteStore(tmp_path / "d.sqlite", "test", N_DIMENSIONS)
    words = " ".join(f"word{i}" for i in range(3000))  # several pages of index
    kept = store.add(new_document("long.txt", [f"{words} tea"], [Y]))
    levels = []
    for i in range(12):
        store.delete(store.add(new_document(f"{i}", [f"tea number {i}"], [Z])).id)
        levels.append(index_levels(tmp_path / "d.sqlite"))
        assert len(store.search_text("tea", 5)) == 1
    assert levels[3] > levels[2] > levels[1]  # what would go on for ever
    assert levels.index(min(levels[4:])) == 4  # the fifth deletion made it anew
    assert max(levels) <= 10
    store.delete(kept.id)
    assert store.search_text("tea", 5) == []


def test_an_index_that_is_worn_out_is_made_anew(tmp_path: Path) -> None:
    """The first layout did not count the merges; after 2,000 no word could be searched."""
    path = tmp_path / "d.sqlite"
    store = SqliteStore(path, "test", N_DIMENSIONS)
    store.add(tea())
    store.add(moon())
    store.close()
    worn = bytes(4) + bytes([0x8F, 0x52]) + bytes(2 + 2 * 2002)  # 2,002 levels, all empty
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE words_data SET block = ? WHERE id = 10", (worn,))
        connection.execute("DELETE FROM meta WHERE name = 'merges'")
        connection.execute("PRAGMA user_version = 1")
    assert index_levels(path) == 2002
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT count(*) FROM words")
    store = SqliteStore(path, "test", N_DIMENSIONS)
    assert [len(store.search_text(word, 5)) for word in ("water", "moon", "absent")] == [2, 1, 0]
    assert index_levels(path) < 10
    store.close()
    assert len(SqliteStore(path, "test", N_DIMENSIONS).search_text("water", 5)) == 2


def test_words_that_many_chunks_have_are_left_out_where_rarer_ones_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = SqliteStore(tmp_path / "d.sqlite", "test", N_DIMENSIONS)
    pages = [f"common {'frequent' if i % 2 else ''} {'rare' if i == 7 else ''}" for i in range(20)]
    many = store.add(new_document("many.txt", pages, [X] * 20))
    store.add(new_document("other.txt", ["nothing of that"], [X]))

    def found(query: str, documents: list[str] | None = None) -> int:
        return len(store.search_text(query, 50, documents))

    assert found("common rare") == found("common") == 20
    monkeypatch.setattr(store_sqlite, "MAX_SCORED", 12)
    assert found("common rare") == 1
    assert found("common frequent rare") == 10  # one of them is the rare one's
    assert found("common") == 20  # the rarest there is
    assert found("common common absent rare") == 1
    assert found("common rare", [many.id]) == 20  # few chunks to score in any case
