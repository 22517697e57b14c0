"""Chunks fit the encoder, cover the pages, and end where sentences do."""

from __future__ import annotations

from itertools import pairwise

import tokenizers
from hypothesis import given, settings
from hypothesis import strategies as st

from minilora.chat import tokenizer_from_file
from minilora.weights import DEFAULT_ENCODER, resolve_encoder
from serve.detective.chunks import MAX_CHARACTERS, Chunker, ChunkSizes
from serve.detective.documents import Page

TOKENIZER: tokenizers.Tokenizer = tokenizer_from_file(
    resolve_encoder(DEFAULT_ENCODER).tokenizer_path
)
TOKENIZER.no_truncation()
TOKENIZER.no_padding()
CHUNKER = Chunker(TOKENIZER, ChunkSizes(102, 20))


def texts(text: str, chunker: Chunker = CHUNKER) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in chunker.chunks([Page(1, text)])]


MARKS = ["tower", "unbelievably", ".", "! ", "\n", "\n\n", "# Head\n\n", "- item", " "]
LETTERS = ["ü", "東京", "a-b/c", "e\u0301", "\u200b", "?” ", "1.5", "🌊", "é" * 90, "x" * 1100]
WORDS = st.sampled_from(MARKS + LETTERS)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=250).map(" ".join) | st.text(max_size=300))
def test_chunks_fit_and_lose_nothing(text: str) -> None:
    covered = set()
    for chunk in CHUNKER.chunks([Page(1, text)]):
        part = text[chunk.start : chunk.end]
        assert part == part.strip() != ""
        assert len(TOKENIZER.encode(part).ids) <= 102
        assert len(part) <= MAX_CHARACTERS
        covered |= set(range(chunk.start, chunk.end))
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_chunks_end_with_sentences_and_overlap_by_whole_ones() -> None:
    sentences = [f"Sentence {i} tells of the tower and its {i} keepers." for i in range(40)]
    found = texts(" ".join(sentences))
    assert len(found) > 3
    for before, after in pairwise(found):
        assert before.endswith("keepers.")
        assert after.startswith("Sentence")
        last = before[before.rindex("Sentence") :]
        assert after.startswith(last)


def test_a_long_table_is_cut_between_its_rows() -> None:
    rows = [f"{1900 + i} | {7 * i} ships | {i}.{i} metres" for i in range(60)]
    found = texts("\n".join(rows))
    assert len(found) > 3
    assert all(line in rows for chunk in found for line in chunk.split("\n"))


def test_a_heading_begins_a_chunk() -> None:
    body = "The tower was built of granite by many masons over three summers. " * 4
    found = texts(f"# One\n\n{body}\n\n# Two\n\n{body}")
    assert [text[:5] for text in found] == ["# One", "# Two"]


def test_pages_are_not_mixed() -> None:
    chunks = CHUNKER.chunks([Page(1, "One."), Page(2, ""), Page(3, " Three. ")])
    assert [(chunk.page, chunk.start, chunk.end) for chunk in chunks] == [(1, 0, 4), (3, 1, 7)]
