"""Pages to chunks: whole sentences, up to as many word pieces as the encoder reads.

A page is cut at headings, paragraphs and sentences; a sentence that is too long is cut between
lines, and a line that is too long between words. Neighbouring sentences are then packed greedily. A
chunk repeats the last sentences of the one before, so that what stands at a border is once whole; a
heading starts afresh.

Word pieces are counted once a page. The counts add up, because BERT cuts at white space and
punctuation first: what stands beside a word does not change its pieces.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import tokenizers

from serve.detective.documents import Chunk, Page
from serve.detective.running_lines import bodies

MARKS = 2  # word pieces around every text, [CLS] and [SEP]
MAX_CHARACTERS = 2400  # of a chunk: a word of over 100 characters is one piece, however long
SLICE_CHARACTERS = 1000  # of such a word
MOST_PIECES = 100  # of a word, or of a slice that the encoder can read again

_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*")
_SENTENCE_END = re.compile(
    r"[.!?…][\"'”’)\]]*\s+"  # behind its mark
    r"|[。！？]"
    r"|\n(?=[ \t]*(?:[-*+•|#]|\d{1,3}[.)])[ \t])"  # before the item of a list, the row of a table
)
_LINE_END = re.compile(r"\n")
_HEADING = re.compile(r"#{1,6}[ \t]\S|[^\n]{1,80}(?<![.!?:;,])\Z")


@dataclass(frozen=True)
class ChunkSizes:
    """How long chunks are, in word pieces of the encoder.

    Attributes:
        max_pieces: of a chunk, with the two marks; from 102 to what the encoder reads.
        overlap_pieces: repeated from the chunk before, at most; under half of ``max_pieces``.
    """

    max_pieces: int = 192
    overlap_pieces: int = 32

    def __post_init__(self) -> None:
        """Check the ranges."""
        least = MOST_PIECES + MARKS
        if self.max_pieces < least or not 0 <= self.overlap_pieces < self.max_pieces / 2:
            raise ValueError(
                f"max_pieces must be at least {least} and overlap_pieces under half of it, got "
                f"{self.max_pieces} and {self.overlap_pieces}"
            )


@dataclass(frozen=True)
class _Segment:
    """What is not cut any more: a sentence, or a word of one that is too long."""

    start: int
    end: int
    pieces: int
    heading: bool = False


class Chunker:
    """Cuts pages; safe to use from several threads.

    Args:
        tokenizer: the encoder's; it is copied.
        sizes: of the chunks.
    """

    def __init__(self, tokenizer: tokenizers.Tokenizer, sizes: ChunkSizes | None = None) -> None:
        self.sizes = sizes or ChunkSizes()
        self._tokenizer = tokenizers.Tokenizer.from_str(tokenizer.to_str())
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._room = self.sizes.max_pieces - MARKS

    def chunks(self, pages: Iterable[Page]) -> list[Chunk]:
        """Return the chunks of all pages in their order.

        All but white space, running heads and footers is in one at least.
        """
        pages = list(pages)
        body = bodies(pages)
        return [
            Chunk(page.number, start, end)
            for page in pages
            for start, end in self._pack(self._segments(page.text, body[page.number]))
        ]

    def _pack(self, segments: Iterable[_Segment]) -> Iterator[tuple[int, int]]:
        """Yield start and end of each chunk."""
        packed: list[_Segment] = []
        used = 0  # pieces of them
        for segment in segments:
            section_ends = segment.heading and used >= self._room // 3
            if packed and (section_ends or not self._fits(packed[0].start, used, segment)):
                yield packed[0].start, packed[-1].end
                packed = [] if section_ends else self._overlap(packed, segment)
                used = sum(part.pieces for part in packed)
            packed.append(segment)
            used += segment.pieces
        if packed:
            yield packed[0].start, packed[-1].end

    def _fits(self, start: int, used: int, segment: _Segment) -> bool:
        """Return whether a segment may follow ``used`` pieces that begin at ``start``."""
        return used + segment.pieces <= self._room and segment.end - start <= MAX_CHARACTERS

    def _overlap(self, packed: list[_Segment], following: _Segment) -> list[_Segment]:
        """Return the last segments that are repeated before the following one."""
        used = 0
        n_repeated = 0
        for segment in reversed(packed):
            used += segment.pieces
            too_many = used > self.sizes.overlap_pieces
            if too_many or not self._fits(segment.start, used, following):
                break
            n_repeated += 1
        return packed[len(packed) - n_repeated :]

    def _segments(self, text: str, body: tuple[int, int]) -> Iterator[_Segment]:
        """Yield the sentences of a page's body, and the words of those that are too long."""
        counted = _Counted(self._tokenizer.encode(text, add_special_tokens=False))
        for paragraph in _split(text, body, _PARAGRAPH_END):
            for i, sentence in enumerate(_split(text, paragraph, _SENTENCE_END)):
                start, end = sentence
                pieces = counted.pieces(start, end)
                if pieces <= self._room and end - start <= MAX_CHARACTERS:
                    heading = i == 0 and _HEADING.match(text[start:end]) is not None
                    yield _Segment(start, end, pieces, heading)
                else:  # such as a long table
                    yield from self._lines(text, sentence, counted)

    def _lines(self, text: str, span: tuple[int, int], counted: _Counted) -> Iterator[_Segment]:
        """Yield the lines of a span, and the words of those that are too long."""
        for start, end in _split(text, span, _LINE_END):
            pieces = counted.pieces(start, end)
            if pieces <= self._room and end - start <= MAX_CHARACTERS:
                yield _Segment(start, end, pieces)
            else:
                yield from counted.words(text, start, end)


class _Counted:
    """Where the word pieces and the words of a page begin."""

    def __init__(self, encoding: tokenizers.Encoding) -> None:
        self._pieces = [start for start, _ in encoding.offsets]
        words = encoding.word_ids
        firsts = (i for i in range(len(words)) if i == 0 or words[i] != words[i - 1])
        self._words = [self._pieces[i] for i in firsts]

    def pieces(self, start: int, end: int) -> int:
        """Return how many begin in a span that is cut between words."""
        return bisect_left(self._pieces, end) - bisect_left(self._pieces, start)

    def words(self, text: str, start: int, end: int) -> Iterator[_Segment]:
        """Yield the words of a span, each with what follows it; very long ones in slices."""
        inside = self._words[bisect_right(self._words, start) : bisect_left(self._words, end)]
        for word_start, word_end in pairwise([start, *inside, end]):
            long = word_end - word_start > SLICE_CHARACTERS
            pieces = MOST_PIECES if long else self.pieces(word_start, word_end)
            for at in range(word_start, word_end, SLICE_CHARACTERS):
                for part in _stripped(text, at, min(at + SLICE_CHARACTERS, word_end)):
                    yield _Segment(*part, pieces)


def _split(text: str, span: tuple[int, int], end: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a span of text, cut behind each match, without white space around them."""
    start, stop = span
    cuts = [found.end() for found in end.finditer(text, start, stop)]
    for part_start, part_end in pairwise([start, *cuts, stop]):
        yield from _stripped(text, part_start, part_end)


def _stripped(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a span without the white space at its ends, or nothing where there is nothing else."""
    part = text[start:end]
    if stripped := part.strip():
        first = start + len(part) - len(part.lstrip())
        yield first, first + len(stripped)
