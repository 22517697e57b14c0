r"""The body of a JSON string, byte by byte, for the words of a regular term.

What is read are UTF-8, as in :mod:`minilora.grammar.text_heads`, the short escapes, ``\uXXXX`` and
pairs of them. All spellings of a character are the same character; *sparing* heads take only those
that Python's json.dumps writes, so that a letter has one spelling. The states:

    Body(t)           between characters; the rest of the string is a word of t
    Escape(t)         after a backslash
    Digits(n, ...)    n more UTF-8 continuation bytes, or hexadecimal digits
    Low(k, ...)       after the first half of a surrogate pair: k of the bytes "\u" read

                 " (t nullable)
      Body(t) ------------------> CLOSED
      |  ^ |  \              u
      |  | +-------> Escape(t) ---> Digits(4) ---> Body(t') or, for D800..DBFF, Low ---> Digits(4)
      |  |  character   | "\/bfnrt
      |  +---- Body(t') <
      |          ^
      +-- lead --+-- Digits(1..3)

Only states that can reach CLOSED exist; a byte that leads to none other leads to DEAD.

>>> heads = StringHeads(Terms())
>>> heads.accepts(heads.terms.literal("A"), rb'\u0041"')
True
>>> heads.shortest(heads.start(heads.terms.length(2)))
b'aa"'

Source: RFC 8259, section 7 (strings); RFC 3629, section 4 (UTF-8).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import UNIVERSE, Intervals
from minilora.grammar.loose import Loose, loose_of
from minilora.grammar.term import as_run
from minilora.grammar.terms import Row, Term, Terms
from minilora.grammar.text_heads import (
    DEAD,
    Body,
    Digits,
    Pieces,
    TextHeads,
    blocks,
    clip,
    join,
    shift,
)

__all__ = ["BACKSLASH", "CLOSED", "DEAD", "QUOTE", "StringHeads", "Terms", "by_bytes", "spell"]

CLOSED = -2

QUOTE, BACKSLASH, _UNIT = 0x22, 0x5C, 0x75  # _UNIT: the u of an escaped UTF-16 unit
_SHORT = {0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9}
_LETTER = {code_point: chr(letter) for letter, code_point in _SHORT.items() if letter != 0x2F}
_PLAIN: Intervals = ((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7F))  # one byte, written as it is
_DUMPED: Intervals = ((0, 7), (11, 11), (14, 0x1F), (0x7F, sets.MAX_CODE_POINT))  # as a unit


@dataclass(frozen=True)
class _Escape:
    term: Term


@dataclass(frozen=True)
class _Low:
    r"""Before "\\u" of a low surrogate (``seen`` of its two bytes read), then digits to pieces."""

    seen: int
    pieces: Pieces


def by_bytes(intervals: Intervals) -> tuple[int, int]:
    """Return (bytes, code point) of a code point whose spelling is shortest."""
    for cost, among in _SPELLINGS:
        common = sets.intersect(intervals, among)
        if common:
            return cost, sets.preferred(common)
    raise ValueError("an empty set has no code point")


_SPELLINGS: tuple[tuple[int, Intervals], ...] = (
    (1, _PLAIN),
    (2, sets.normalize([(code_point, code_point) for code_point in _LETTER] + [(0x80, 0x7FF)])),
    (3, sets.normalize([(0x800, 0xFFFF)])),
    (4, ((0x10000, 0x10FFFF),)),
    (6, ((0, 0x1F),)),
)


def spell(text: str) -> bytes:
    """Return the shortest bytes of a string's body: only what must be escaped is."""
    return "".join(_spell_char(char) for char in text).encode()


def _spell_char(char: str) -> str:
    code_point = ord(char)
    if code_point in _LETTER:
        return "\\" + _LETTER[code_point]
    return f"\\u{code_point:04x}" if code_point < 0x20 else char


class StringHeads(TextHeads):
    """The states of JSON strings for the terms of one arena, as small integers.

    A state's row has CLOSED where the closing quote may come.

    Args:
        terms: the arena.
        sparing: whether only what json.dumps escapes may be escaped (by its default everything
            beyond ASCII, with ``ensure_ascii=False`` none of it: both may be).
    """

    closes = True

    def __init__(self, terms: Terms, sparing: bool = False) -> None:
        super().__init__(terms)
        letters = {**_SHORT}
        if sparing:
            del letters[0x2F]
        self.sparing, self._letters = sparing, letters
        self._shapes: dict[int, Hashable | None] = {}
        self._loose: dict[int, Loose | None] = {}
        self._steps: dict[tuple[int, int], int] = {}

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, CLOSED or DEAD; spares most rows."""
        row = self._rows[state]
        if row is not None:
            return row[byte]
        found = self._steps.get((state, byte))
        if found is None:
            found = self._steps[state, byte] = self._new_step(state, byte)
        return found

    def _new_step(self, state: int, byte: int) -> int:
        match self._states[state]:
            case Body(term) if byte == QUOTE:
                return CLOSED if term.nullable else DEAD
            case Body(term) if 0x20 <= byte < 0x80 and byte != BACKSLASH:
                return self._after(term, byte)
            case _Escape(term) if byte != _UNIT:
                return self._after(term, self._letters[byte]) if byte in self._letters else DEAD
        return self.row(state)[byte]

    def is_quick(self, state: int) -> bool:
        """Return whether single steps cost much less than a row."""
        return isinstance(self._states[state], _Escape) or self.loose(state) is not None

    def can_end(self, state: int) -> bool:
        """Return False: no string is over without its quote."""
        return False

    def loose(self, state: int) -> Loose | None:
        """Return what may follow, where that is any text but for its length and a few words."""
        if state not in self._loose:
            term = self.term(state)
            self._loose[state] = None if term is None else loose_of(term)
        return self._loose[state]

    def shape(self, state: int) -> Hashable | None:
        """Return what is equal for states that mean the same, whatever the arena, or None.

        Texts bound in their length alone have one, and those of the arena below.
        """
        if state not in self._shapes:
            self._shapes[state] = self._find_shape(self._states[state])
        return self._shapes[state]

    def _find_shape(self, state: Any) -> Hashable | None:
        match state:
            case Body(term) | _Escape(term):
                run = as_run(term)
                if run is not None and run[0] == UNIVERSE:
                    return type(state), self.sparing, run[1:]
                return (type(state), self.sparing, term.id) if term.shared else None
            case Digits(_, _, pieces) | _Low(_, pieces):
                inner = tuple((first, last, self.shape(after)) for first, last, after in pieces)
                if any(shape is None for _, _, shape in inner):
                    return None
                more = (state.left, state.bits) if isinstance(state, Digits) else state.seen
                return type(state), more, inner
        return None

    def accepts(self, term: Term, text: bytes) -> bool:
        """Return whether bytes, the closing quote their last, are a word of the term."""
        state = self.start(term)
        for byte in text:
            if state < 0:
                return False
            state = self.step(state, byte)
        return state == CLOSED

    # Rows

    def _compute_row(self, state: Any) -> list[int]:
        row = [DEAD] * 256
        match state:
            case Body(term):
                live = self.terms.live_row(term)
                self._fill_characters(row, live, _PLAIN)
                if term.nullable:
                    row[QUOTE] = CLOSED
                if self._by_unit(live) or self._by_letter(live):
                    row[BACKSLASH] = self._number(_Escape(term))
            case _Escape(term):
                live = self.terms.live_row(term)
                for letter in self._by_letter(live):
                    row[letter] = self._after(term, self._letters[letter])
                row[_UNIT] = self._digits(4, 4, self._units(self._by_unit(live)))
            case Digits():
                self._fill_digits(row, state)
            case _Low(0, pieces):
                row[BACKSLASH] = self._number(_Low(1, pieces))
            case _Low(_, pieces):
                row[_UNIT] = self._digits(4, 4, clip(pieces, 0, 0xFFFF))
        return row

    def _by_letter(self, live: Row) -> list[int]:
        """Return the letters of the short escapes of characters in a row."""
        return [
            letter
            for letter, code_point in self._letters.items()
            if any(low <= code_point <= high for low, high, _ in live)
        ]

    def _by_unit(self, live: Row) -> Row:
        r"""Return what a row says of the characters that may be written as \uXXXX."""
        if not self.sparing:
            return live
        return tuple(
            (max(low, first), min(high, last), target)
            for low, high, target in live
            for first, last in _DUMPED
            if low <= last and high >= first
        )

    def _after(self, term: Term, code_point: int) -> int:
        return self.start(self.terms.derivative(term, code_point))

    def _units(self, live: Row) -> Pieces:
        """Return the states by UTF-16 unit: whole characters, and first halves of pairs."""
        pieces = self._pieces(live)
        units = list(clip(pieces, 0, 0xFFFF))
        for first, last, block in blocks(clip(pieces, 0x10000, sets.MAX_CODE_POINT), 0x400):
            low = self._number(_Low(0, shift(block, 0xDC00)))
            units.append((0xD800 + first, 0xD800 + last, low))
        return join(sorted(units))

    # Shortest ends, the closing quote included

    def _find_shortest(self, state: Any) -> bytes:
        match state:
            case Body(term):
                return spell(self.terms.cheapest(term, by_bytes)[1]) + b'"'
            case _Escape():
                row = self.row(self._numbers[state])
                ends = [bytes([byte]) + self.shortest(row[byte]) for byte in (*self._letters, _UNIT)
                        if row[byte] != DEAD]  # fmt: skip
                return min(ends, key=len)
            case _Low(seen, pieces):
                return b"\\u"[seen:] + self.shortest(self._digits(4, 4, pieces))
            case _:
                return self._digits_and_rest(state)
