"""Extractive reading: the words of some passages that answer a question, and whether any do.

A cross-encoder scores each piece t of a passage as the begin and as the end of an answer, and each
passage as a whole with "none". Passages compete in one softmax with "nowhere" among them, so that
one that says nothing does not have to find anything. Over the pieces of all passages,

    P_begin(t) = exp begin(t) / (exp none + sum over u of exp begin(u)),   none = mean over passages

P_end likewise, and with s(t, u) = log P_begin(t) + log P_end(u) the best span has t <= u, both in
one passage. That an answer is there at all is

    P(answered) = sigmoid(s(best) - s(none)).

Rows of tables are read with the heads of their columns
(:mod:`minilora.data.detective.table_heads`).

Sources: Devlin et al. 2018, arXiv:1810.04805, sections 4.2 and 4.3; Clark & Gardner 2018, Simple
and effective multi-paragraph reading comprehension, arXiv:1710.10723, section 3.2.

    reader = load_reader()
    found = reader.read("When was it lit?", ["A fine day.", "It was lit in 1871."])
    found.text, found.answered
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from minilora.cross_encoder.folder import READER, load_cross_encoder
from minilora.cross_encoder.model import CrossEncoder, Pair, Pairs
from minilora.cross_encoder.read_rows import Place
from minilora.data.detective.table_heads import cell_around, with_heads
from minilora.encoder import Encoder

MAX_SPAN = 40  # word pieces of an answer
MAX_WORD = 40  # characters; what is longer is script without spaces, and stays cut
_CAPITALS = re.compile(r"(?: [A-ZÀ-ÖØ-Þ][\w'’-]*)+")
_CAPITALS_END = re.compile(r"(?:\b[A-ZÀ-ÖØ-Þ][\w'’-]*\.? )+\Z")
_WORD = re.compile(r"\w+(?:[.,:/'’-]\w+)*%?")
BEGIN, END, NONE = 0, 1, 2  # which of a token's scores


@dataclass(frozen=True)
class Found:
    """The words that a reader points at within one unit, such as a sentence.

    Attributes:
        unit: its number.
        place: of the best span in it, whole words.
        text: those words.
        margin: s(best) - s(none).
    """

    unit: int
    place: Place
    text: str
    margin: float

    @property
    def answered(self) -> float:
        """Probability that it answers the question."""
        return 1 / (1 + math.exp(-self.margin))


@dataclass(frozen=True)
class Logits:
    """Of one pair: how well an answer begins and ends at each piece of the passage, or is not here.

    Attributes:
        begin, end: (n,) float32, n pieces of the passage.
        none: () float32.
    """

    begin: Tensor
    end: Tensor
    none: Tensor


def logits_of(pair: Pair, scores: Tensor) -> Logits:
    """Return what a pair's scores (T, 3) say of its second text."""
    passage = scores[pair.start : pair.start + len(pair.offsets)]
    return Logits(passage[:, BEGIN], passage[:, END], scores[0, NONE])


class Reader:
    """Finds the words that answer a question; safe to use from several threads.

    Args:
        model: the cross-encoder.
        pairs: makes what it reads.
    """

    def __init__(self, model: CrossEncoder, pairs: Pairs) -> None:
        self.model, self.pairs = model, pairs

    def read(self, question: str, passages: Sequence[str]) -> Found | None:
        """Return the best span of some passages; None where they have no word.

        Args:
            question: any text.
            passages: any; how much is read of each, :mod:`.model` says.
        """
        whole = [Place(number, 0, len(passage)) for number, passage in enumerate(passages)]
        found = self.find(question, passages, whole)
        return max(found, key=lambda one: one.margin) if found else None

    @torch.no_grad()
    def find(self, question: str, passages: Sequence[str], units: Sequence[Place]) -> list[Found]:
        """Return the best span of each unit that has a word and was read; no span leaves its unit.

        Args:
            question: any text.
            passages: as :meth:`read`.
            units: parts of the passages, such as their sentences.
        """
        headed = [with_heads(passage) for passage in passages]
        pairs = [self.pairs.make(question, one.text) for one in headed]
        scores = [one.cpu() for one in self.model(pairs)] if pairs else []
        logits = [logits_of(*one) for one in zip(pairs, scores, strict=True)]
        if not any(pair.offsets for pair in pairs):
            return []
        begin, end = normalised(logits)
        none = float(begin[-1] + end[-1])
        before = list(itertools.accumulate((len(one.begin) for one in logits), initial=0))
        found = []
        for number, unit in enumerate(units):
            offsets, shown = pairs[unit.passage].offsets, headed[unit.passage]
            begins, ends = shown.there(unit.start, unit.end)
            inside = [i for i, (a, b) in enumerate(offsets) if begins <= a and b <= ends]
            if not inside:
                continue
            low, high = inside[0], inside[-1] + 1
            part = slice(before[unit.passage] + low, before[unit.passage] + high)
            first, last, score = best_span(begin[part], end[part])
            text = passages[unit.passage]
            start, stop = shown.back(offsets[low + first][0], offsets[low + last][1])
            if start >= stop:  # words of a column's head: its cell is meant
                start, stop = cell_around(text, start, stop)
            start, stop = whole_word_span(text, start, stop)
            start, stop = whole_name_span(text, start, stop, unit.start, unit.end)
            place = Place(unit.passage, start, stop)
            found.append(Found(number, place, text[start:stop], score - none))
        return found


def normalised(logits: Sequence[Logits]) -> tuple[Tensor, Tensor]:
    """Return log P_begin and log P_end, (n + 1,) each: all pieces in order, then "nowhere"."""
    none = torch.stack([one.none for one in logits]).mean()[None]
    begin = torch.cat([*(one.begin for one in logits), none])
    end = torch.cat([*(one.end for one in logits), none])
    return begin.log_softmax(0), end.log_softmax(0)


def best_span(begin: Tensor, end: Tensor) -> tuple[int, int, float]:
    """Return first and last piece of the best span and its score, begin + end.

    Args:
        begin: (n,) float32, n at least 1, of each piece.
        end: (n,) likewise.

    >>> best_span(torch.tensor([0.0, 3.0, 1.0]), torch.tensor([4.0, 0.0, 2.0]))
    (1, 2, 5.0)
    """
    n = len(begin)
    scores = begin[:, None] + end[None, :]  # (n, n)
    allowed = torch.ones(n, n, dtype=torch.bool).triu().tril(MAX_SPAN - 1)
    best = int(scores.masked_fill(~allowed, -torch.inf).argmax())
    first, last = divmod(best, n)
    return first, last, float(scores[first, last])


def whole_word_span(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span grown to whole words and numbers: word pieces cut "1,150,000" in five.

    >>> "1,150,000 euros"[slice(*whole_word_span("1,150,000 euros", 2, 9))]
    '1,150,000'
    """
    for word in _WORD.finditer(text, max(0, start - MAX_WORD), min(len(text), end + MAX_WORD)):
        if word.end() - word.start() <= MAX_WORD:
            if word.start() < start < word.end():
                start = word.start()
            if word.start() < end < word.end():
                end = word.end()
    return start, end


def whole_name_span(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Return a span grown to a whole name: a capital's neighbours with capitals belong to it.

    A word that begins the part of the text from ``first`` to ``last`` has its capital from there,
    and is no neighbour.

    >>> text = "The operator, Ines Vikander, left."
    >>> text[slice(*whole_name_span(text, 19, 27, 0, len(text)))]
    'Ines Vikander'
    """
    if text[start : start + 1].isupper() and (before := _CAPITALS_END.search(text[first:start])):
        begin = first + before.start()
        start = begin if begin > first else start
    words = text[start:end].split()
    if words and words[-1][:1].isupper() and (after := _CAPITALS.match(text, end, last)):
        end = after.end()
    return start, end


def load_reader(folder: Path = READER, encoder: Encoder | None = None) -> Reader:
    """Return a reader that was trained; see :func:`.folder.load_cross_encoder`."""
    return Reader(*load_cross_encoder(folder, encoder))
