r"""Rows of the reading step as a cross-encoder is trained on them: pairs, and where the answer is.

The rows are those of ``python -m minilora.data.detective``, so the reader learns from the same
questions as the adapter that writes.

>>> from minilora.data.detective.steps import closing, fence_rule, opening, read
>>> text = f"{opening('7f', 'documents')}\nA fine day.\n\nIt was lit in 1871.\n{closing('7f')}"
>>> answer = {"quote": "It was lit in 1871.", "answered": True, "answer": "1871"}
>>> found = asked(read("When was it lit?", text, fence_rule("7f")).row("one", answer))
>>> found.passages
('A fine day.', 'It was lit in 1871.')
>>> found.answer
Place(passage=1, start=14, end=18)
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from minilora.cross_encoder.rows import rows_of, sources
from minilora.data.detective.sentences import whole_words
from minilora.data.rows import DataError, Row

STEP = "read"  # the rows of this step are trained on


@dataclass(frozen=True)
class Place:
    """Characters ``start`` to ``end`` of a passage, by its number."""

    passage: int
    start: int
    end: int


@dataclass(frozen=True)
class Asked:
    """A question on some passages.

    Attributes:
        question: as it was typed.
        passages: the blocks of the source, without the blank lines between them.
        answer: where it stands; None where the passages do not say.
        quote: the sentence that answers, or comes nearest.
    """

    question: str
    passages: tuple[str, ...]
    answer: Place | None
    quote: Place | None


def read_rows(files: str) -> list[Asked]:
    """Return the questions in some files of rows; see :func:`.rows.rows_of`."""
    return rows_of(files, STEP, asked)


def asked(row: Row) -> Asked:
    """Return what a row of the reading step asks.

    Raises:
        DataError: it is of another form, or its answer does not stand where it says.
    """
    text, question = sources(row, "Question")
    kinds = {name: type(value) for name, value in row.answer.items()}
    if kinds != {"quote": str, "answered": bool, "answer": str}:
        raise DataError(f"row {row.id!r}: its answer is none of the reading step")
    passages = tuple(filter(None, (part.strip() for part in text.split("\n\n"))))
    if not passages:
        raise DataError(f"row {row.id!r} has an empty source")
    quote = _place(row.answer["quote"], passages)
    if not row.answer["answered"]:
        return Asked(question, passages, None, quote)
    words = row.answer["answer"]
    at = None
    if quote is not None and words:
        sentence = passages[quote.passage][quote.start : quote.end]
        at = whole_words(words).search(sentence) or re.search(re.escape(words), sentence)
    if quote is None or at is None:
        raise DataError(f"row {row.id!r}: {words!r} does not stand in its quote")
    place = Place(quote.passage, quote.start + at.start(), quote.start + at.end())
    return Asked(question, passages, place, quote)


def _place(words: str, passages: tuple[str, ...]) -> Place | None:
    """Return where the first passage with some words has them; None across two passages."""
    for number, passage in enumerate(passages):
        start = passage.find(words)
        if start >= 0:
            return Place(number, start, start + len(words))
    return None
