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

from minilora.data.detective.sentences import whole_words
from minilora.data.files import load_rows
from minilora.data.rows import DataError, Row

STEP = "read"  # the rows of this step are trained on
_USER = re.compile(
    r"<<source (?P<digits>\w+): [^>\n]*>>\n(?P<text>.*)\n<<end (?P=digits)>>\n"
    r"Question: (?P<asked>.*)",
    re.DOTALL,
)


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
    """Return the questions of the reading step in some files, named with commas.

    Raises:
        DataError: a row of that step is of another form, or there is none.
        FileNotFoundError: no such file.
    """
    rows = [row for name in files.split(",") for row in load_rows(name)]
    found = [asked(row) for row in rows if row.task == STEP]
    if not found:
        raise DataError(f"{files}: no rows of the step {STEP!r}")
    return found


def asked(row: Row) -> Asked:
    """Return what a row of the reading step asks.

    Raises:
        DataError: it is of another form, or its answer does not stand where it says.
    """
    turns = row.messages or ({"content": ""},)
    found = _USER.fullmatch(str(turns[-1]["content"]))
    if found is None or set(row.answer) != {"quote", "answered", "answer"}:
        raise DataError(f"row {row.id!r} is none of the reading step")
    passages = tuple(filter(None, (part.strip() for part in found["text"].split("\n\n"))))
    quote = _place(row.answer["quote"], passages)
    if not row.answer["answered"]:
        return Asked(found["asked"], passages, None, quote)
    words = row.answer["answer"]
    at = None
    if quote is not None:
        sentence = passages[quote.passage][quote.start : quote.end]
        at = whole_words(words).search(sentence) or re.search(re.escape(words), sentence)
    if quote is None or at is None:
        raise DataError(f"row {row.id!r}: {words!r} does not stand in its quote")
    place = Place(quote.passage, quote.start + at.start(), quote.start + at.end())
    return Asked(found["asked"], passages, place, quote)


def _place(words: str, passages: tuple[str, ...]) -> Place | None:
    """Return where the first passage with some words has them; None across two passages."""
    for number, passage in enumerate(passages):
        start = passage.find(words)
        if start >= 0:
            return Place(number, start, start + len(words))
    return None
