r"""UTF-8 text, byte by byte, for the words of a regular term.

The term is over code points; what is read are bytes. The states:

    Body(t)           between characters; the rest of the text is a word of t
    Digits(n, ...)    n more UTF-8 continuation bytes and then the state that their number says: a
                      list of (first number, last number, state)

      Body(t) -- 00..7F --> Body(t')
         +-- lead byte --> Digits(1..3) --> ... --> Body(t')

Only states from which a word can be completed exist; a byte that leads to none other leads to DEAD.
:mod:`minilora.grammar.strings` adds what a JSON string has besides: escapes and the closing quote.

>>> heads = TextHeads(Terms())
>>> heads.shortest(heads.start(heads.terms.literal("é")))
b'\xc3\xa9'

Source: RFC 3629, sections 3 and 4 (UTF-8).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import Intervals
from minilora.grammar.loose import Loose
from minilora.grammar.terms import Row, Term, Terms

DEAD = -1

ASCII: Intervals = ((0, 0x7F),)

# First byte of block 0, number of continuation bytes, least and greatest code point; the first byte
# says which block of 64 ** n code points follows. Source: RFC 3629, section 3.
LEADS = ((0xC0, 1, 0x80, 0x7FF), (0xE0, 2, 0x800, 0xFFFF), (0xF0, 3, 0x10000, sets.MAX_CODE_POINT))
DIGITS = {  # bits of a digit -> digit -> the bytes that write it
    6: tuple((0x80 + i,) for i in range(64)),
    4: tuple((ord(f"{i:x}"), ord(f"{i:X}")) for i in range(16)),
}

Pieces = tuple[tuple[int, int, int], ...]  # (first, last, state), sorted, disjoint


@dataclass(frozen=True)
class Body:
    """Between characters, before a word of the term."""

    term: Term


@dataclass(frozen=True)
class Digits:
    """``left`` more digits of 6 bits (UTF-8) or 4 bits (hexadecimal), then the state in pieces."""

    left: int
    bits: int
    pieces: Pieces


def by_utf8_bytes(intervals: Intervals) -> tuple[int, int]:
    """Return (bytes, code point) of a code point that UTF-8 writes shortest."""
    for cost, high in ((1, 0x7F), (2, 0x7FF), (3, 0xFFFF), (4, sets.MAX_CODE_POINT)):
        common = sets.intersect(intervals, ((0, high),))
        if common:
            return cost, sets.preferred(common)
    raise ValueError("an empty set has no code point")


class TextHeads:
    """The states of texts for the terms of one arena, as small integers.

    States and their rows are remembered as long as the object lives; ``len(heads)`` tells how many
    states there are. A row takes 2 KiB. They are
    :class:`~minilora.grammar.machine.Lexemes`, which a text is one of.
    """

    closes = False

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._numbers: dict[Any, int] = {}
        self._states: list[Any] = []
        self._rows: list[list[int] | None] = []
        self._shortest: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return how many states there are."""
        return len(self._states)

    def start(self, term: Term) -> int:
        """Return the state before a word of the term, DEAD where it has none.

        Raises:
            TooComplex: whether it has one takes too much work to tell.
        """
        return DEAD if self.terms.is_empty(term) else self._number(Body(term))

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, or what stands in its place, such as DEAD."""
        return self.row(state)[byte]

    def row(self, state: int) -> list[int]:
        """Return the state after each of the 256 bytes; the list is shared, do not change it.

        Raises:
            ValueError: no such state, DEAD included.
            TooComplex: which bytes are alive takes too much work to tell.
        """
        self._check(state)
        row = self._rows[state]
        if row is None:
            row = self._rows[state] = self._compute_row(self._states[state])
        return row

    def shortest(self, state: int) -> bytes:
        """Return few bytes that complete a word from a state.

        They are the fewest, save for words of a graph (a quote): there the fewest code points.

        Raises:
            ValueError: no such state.
            TooComplex: they take too much work to find.
        """
        self._check(state)
        found = self._shortest.get(state)
        if found is None:
            found = self._shortest[state] = self._find_shortest(self._states[state])
        return found

    def term(self, state: int) -> Term | None:
        """Return what the rest of the text is a word of; None within a character."""
        found = self._states[state]
        return found.term if isinstance(found, Body) else None

    def can_end(self, state: int) -> bool:
        """Return whether the text may be over here."""
        term = self.term(state)
        return term is not None and term.nullable

    def shape(self, state: int) -> Hashable | None:
        """Return None: plain texts share nothing with other grammars."""
        return None

    def is_quick(self, state: int) -> bool:
        """Return whether single steps cost much less than a row."""
        return False

    def loose(self, state: int) -> Loose | None:
        """Return None: plain texts have no way of their own."""
        return None

    def any_text(self) -> int:
        """Return the state before any text."""
        return self.start(self.terms.ANY)

    def _check(self, state: int) -> None:
        if not 0 <= state < len(self._states):
            raise ValueError(f"no state {state} of {len(self._states)}")

    def _number(self, state: Any) -> int:
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
            self._rows.append(None)
        return number

    # Rows

    def _compute_row(self, state: Any) -> list[int]:
        row = [DEAD] * 256
        if isinstance(state, Body):
            self._fill_characters(row, self.terms.live_row(state.term), ASCII)
        else:
            self._fill_digits(row, state)
        return row

    def _fill_characters(self, row: list[int], live: Row, single: Intervals) -> None:
        """Fill in the characters that UTF-8 writes, those of one byte if they are in ``single``."""
        pieces = self._pieces(live)
        for low, high in single:
            for first, last, number in clip(pieces, low, high):
                row[low + first : low + last + 1] = [number] * (last - first + 1)
        if not pieces or pieces[-1][1] < 0x80:
            return
        for first_lead, left, least, most in LEADS:
            longer = shift(clip(pieces, least, most), least)
            for first, last, inside in blocks(longer, 1 << 6 * left):
                after = self._digits(left, 6, inside)
                row[first_lead + first : first_lead + last + 1] = [after] * (last - first + 1)

    def _fill_digits(self, row: list[int], state: Digits) -> None:
        spellings = DIGITS[state.bits]
        for first, last, pieces in blocks(state.pieces, 1 << state.bits * (state.left - 1)):
            for digit in range(first, last + 1):
                number = self._digits(state.left - 1, state.bits, pieces)
                for byte in spellings[digit]:
                    row[byte] = number

    def _pieces(self, live: Row) -> Pieces:
        return tuple((low, high, self._number(Body(target))) for low, high, target in live)

    def _digits(self, left: int, bits: int, pieces: Pieces) -> int:
        """Return the state before ``left`` more digits, DEAD if they lead nowhere."""
        if not pieces:
            return DEAD
        return pieces[0][2] if left == 0 else self._number(Digits(left, bits, pieces))

    # Shortest ends

    def _find_shortest(self, state: Any) -> bytes:
        if isinstance(state, Body):
            return self.terms.cheapest(state.term, by_utf8_bytes)[1].encode()
        return self._digits_and_rest(state)

    def _digits_and_rest(self, state: Digits) -> bytes:
        first, _, target = min(state.pieces, key=lambda piece: len(self.shortest(piece[2])))
        mask = (1 << state.bits) - 1
        digits = [first >> state.bits * i & mask for i in reversed(range(state.left))]
        return bytes(DIGITS[state.bits][digit][0] for digit in digits) + self.shortest(target)


def clip(pieces: Pieces, low: int, high: int) -> Pieces:
    """Return the pieces between two numbers, counted from the lower one."""
    return tuple(
        (max(first, low) - low, min(last, high) - low, state)
        for first, last, state in pieces
        if first <= high and last >= low
    )


def shift(pieces: Pieces, by: int) -> Pieces:
    """Return the pieces with their numbers moved up."""
    return tuple((first + by, last + by, state) for first, last, state in pieces)


def join(pieces: Iterable[tuple[int, int, int]]) -> Pieces:
    """Return sorted pieces with neighbours of one state made one."""
    joined: list[tuple[int, int, int]] = []
    for first, last, state in pieces:
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == state:
            joined[-1] = joined[-1][0], last, state
        else:
            joined.append((first, last, state))
    return tuple(joined)


def blocks(pieces: Pieces, size: int) -> list[tuple[int, int, Pieces]]:
    """Return (first block, last block, pieces in each of them) for the blocks that have any.

    A block is ``size`` numbers; blocks that one piece fills come as one.
    """
    found: list[tuple[int, int, Pieces]] = []
    partial: dict[int, list[tuple[int, int, int]]] = {}
    for first, last, state in pieces:
        begin, end = -(-first // size), (last + 1) // size - 1  # the blocks filled
        if begin <= end:
            found.append((begin, end, ((0, size - 1, state),)))
        for block in {first // size, last // size}:
            if not begin <= block <= end:
                low, high = max(first, block * size), min(last, block * size + size - 1)
                partial.setdefault(block, []).append(
                    (low - block * size, high - block * size, state)
                )
    found += [(block, block, tuple(sorted(inside))) for block, inside in partial.items()]
    return sorted(found)
