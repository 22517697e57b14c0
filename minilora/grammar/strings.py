r"""The body of a JSON string, byte by byte, for the words of a regular term.

The term is over code points; what is read are bytes: UTF-8, the short escapes, ``\uXXXX`` and pairs
of them. All spellings of a character are the same character. The states:

    Body(t)           between characters; the rest of the string is a word of t
    Escape(t)         after a backslash
    Digits(n, ...)    n more UTF-8 continuation bytes, or hexadecimal digits, and then the state
                      that their number says: a list of (first number, last number, state)
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

from collections.abc import Iterable
from dataclasses import dataclass

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import Intervals
from minilora.grammar.terms import Row, Term, Terms

DEAD = -1
CLOSED = -2

QUOTE, BACKSLASH = 0x22, 0x5C
_SHORT = {0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9}
_LETTER = {code_point: chr(letter) for letter, code_point in _SHORT.items() if letter != 0x2F}
_PLAIN: Intervals = ((0x20, 0x21), (0x23, 0x5B), (0x5D, 0x7F))  # one byte, written as it is

# First byte, number of continuation bytes, least code point. Source: RFC 3629, section 3.
_LEADS = (
    *((0xC0 | i, 1, 0x80) for i in range(2, 32)),
    *((0xE0 | i, 2, 0x800) for i in range(16)),
    *((0xF0 | i, 3, 0x10000) for i in range(5)),
)

_UTF8_DIGITS = tuple((0x80 + i,) for i in range(64))
_HEX_DIGITS = tuple((ord(f"{i:x}"), ord(f"{i:X}")) for i in range(16))

Pieces = tuple[tuple[int, int, int], ...]  # (first, last, state), sorted, disjoint


@dataclass(frozen=True)
class _Body:
    term: Term


@dataclass(frozen=True)
class _Escape:
    term: Term


@dataclass(frozen=True)
class _Digits:
    """``left`` more digits of 6 bits (UTF-8) or 4 bits (hexadecimal), then the state in pieces."""

    left: int
    bits: int
    pieces: Pieces


@dataclass(frozen=True)
class _Low:
    r"""Before "\\u" of a low surrogate (``seen`` of its two bytes read), then digits to pieces."""

    seen: int
    pieces: Pieces


_State = _Body | _Escape | _Digits | _Low


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


class StringHeads:
    """The states of JSON strings for the terms of one arena, as small integers.

    States and their rows are remembered as long as the object lives; ``len(heads)`` tells how many
    states there are. A row takes 2 KiB.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._numbers: dict[_State, int] = {}
        self._states: list[_State] = []
        self._rows: list[list[int] | None] = []
        self._shortest: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return how many states there are."""
        return len(self._states)

    def start(self, term: Term) -> int:
        """Return the state after the opening quote, DEAD where the term has no word.

        Raises:
            TooComplex: whether it has one takes too much work to tell.
        """
        return DEAD if self.terms.is_empty(term) else self._number(_Body(term))

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte: a state, DEAD or CLOSED."""
        return self.row(state)[byte]

    def row(self, state: int) -> list[int]:
        """Return the state after each of the 256 bytes; the list is shared, do not change it.

        Raises:
            ValueError: no such state, DEAD and CLOSED included.
            TooComplex: which bytes are alive takes too much work to tell.
        """
        if not 0 <= state < len(self._states):
            raise ValueError(f"no state {state} of {len(self._states)}")
        row = self._rows[state]
        if row is None:
            row = self._rows[state] = self._compute_row(self._states[state])
        return row

    def term(self, state: int) -> Term | None:
        """Return what the rest of the string is a word of; None within a character."""
        found = self._states[state]
        return found.term if isinstance(found, _Body) else None

    def accepts(self, term: Term, text: bytes) -> bool:
        """Return whether bytes, the closing quote their last, are a word of the term."""
        state = self.start(term)
        for byte in text:
            if state < 0:
                return False
            state = self.step(state, byte)
        return state == CLOSED

    def _number(self, state: _State) -> int:
        number = self._numbers.get(state)
        if number is None:
            number = self._numbers[state] = len(self._states)
            self._states.append(state)
            self._rows.append(None)
        return number

    # Rows

    def _compute_row(self, state: _State) -> list[int]:
        row = [DEAD] * 256
        match state:
            case _Body(term):
                self._fill_body(row, term)
            case _Escape(term):
                for letter, code_point in _SHORT.items():
                    row[letter] = self._after(term, code_point)
                row[ord("u")] = self._digits(4, 4, self._units(self.terms.live_row(term)))
            case _Digits(left, bits, pieces):
                digits = _UTF8_DIGITS if bits == 6 else _HEX_DIGITS
                size = 1 << bits * (left - 1)
                for first, last, target in _blocks(pieces, size):
                    for digit in range(first, last + 1):
                        number = self._digits(left - 1, bits, target)
                        for byte in digits[digit]:
                            row[byte] = number
            case _Low(0, pieces):
                row[BACKSLASH] = self._number(_Low(1, pieces))
            case _Low(_, pieces):
                row[ord("u")] = self._digits(4, 4, _clip(pieces, 0, 0xFFFF))
        return row

    def _fill_body(self, row: list[int], term: Term) -> None:
        live = self.terms.live_row(term)
        pieces = self._pieces(live)
        for low, high in _PLAIN:
            for first, last, number in _clip(pieces, low, high):
                row[low + first : low + last + 1] = [number] * (last - first + 1)
        if term.nullable:
            row[QUOTE] = CLOSED
        if live:
            row[BACKSLASH] = self._number(_Escape(term))
        for lead, left, least in _LEADS:
            base = (lead & (0x3F >> left)) << 6 * left
            numbers = _clip(pieces, max(base, least), base + (1 << 6 * left) - 1)
            skipped = max(base, least) - base
            row[lead] = self._digits(left, 6, _shift(numbers, skipped))

    def _after(self, term: Term, code_point: int) -> int:
        target = self.terms.derivative(term, code_point)
        return self.start(target)

    def _pieces(self, live: Row) -> Pieces:
        return tuple((low, high, self._number(_Body(target))) for low, high, target in live)

    def _digits(self, left: int, bits: int, pieces: Pieces) -> int:
        """Return the state before ``left`` more digits, DEAD if they lead nowhere."""
        if not pieces:
            return DEAD
        return pieces[0][2] if left == 0 else self._number(_Digits(left, bits, pieces))

    def _units(self, live: Row) -> Pieces:
        """Return the states by UTF-16 unit: whole characters, and first halves of pairs."""
        pieces = self._pieces(live)
        units = list(_clip(pieces, 0, 0xFFFF))
        for first, last, block in _blocks(_clip(pieces, 0x10000, sets.MAX_CODE_POINT), 0x400):
            low = self._number(_Low(0, _shift(block, 0xDC00)))
            units.append((0xD800 + first, 0xD800 + last, low))
        return _joined(sorted(units))

    # Shortest ends

    def shortest(self, state: int) -> bytes:
        """Return the fewest bytes from a state to CLOSED, the closing quote included.

        Raises:
            ValueError: no such state.
            TooComplex: they take too much work to find.
        """
        if not 0 <= state < len(self._states):
            raise ValueError(f"no state {state} of {len(self._states)}")
        found = self._shortest.get(state)
        if found is None:
            found = self._shortest[state] = self._find_shortest(self._states[state])
        return found

    def _find_shortest(self, state: _State) -> bytes:
        match state:
            case _Body(term):
                return spell(self.terms.cheapest(term, by_bytes)[1]) + b'"'
            case _Escape():
                row = self.row(self._numbers[state])
                ends = [bytes([byte]) + self.shortest(row[byte]) for byte in (*_SHORT, ord("u"))
                        if row[byte] != DEAD]  # fmt: skip
                return min(ends, key=len)
            case _Digits(left, bits, pieces):
                first, _, target = min(pieces, key=lambda piece: len(self.shortest(piece[2])))
                digits = [first >> bits * i & (1 << bits) - 1 for i in reversed(range(left))]
                table = _UTF8_DIGITS if bits == 6 else _HEX_DIGITS
                return bytes(table[digit][0] for digit in digits) + self.shortest(target)
            case _Low(seen, pieces):
                number = self._digits(4, 4, pieces)
                return b"\\u"[seen:] + self.shortest(number)


def _clip(pieces: Pieces, low: int, high: int) -> Pieces:
    """Return the pieces between two numbers, counted from the lower one."""
    return tuple(
        (max(first, low) - low, min(last, high) - low, state)
        for first, last, state in pieces
        if first <= high and last >= low
    )


def _shift(pieces: Pieces, by: int) -> Pieces:
    return tuple((first + by, last + by, state) for first, last, state in pieces)


def _joined(pieces: Iterable[tuple[int, int, int]]) -> Pieces:
    """Return sorted pieces with neighbours of one state made one."""
    joined: list[tuple[int, int, int]] = []
    for first, last, state in pieces:
        if joined and joined[-1][1] + 1 == first and joined[-1][2] == state:
            joined[-1] = joined[-1][0], last, state
        else:
            joined.append((first, last, state))
    return tuple(joined)


def _blocks(pieces: Pieces, size: int) -> list[tuple[int, int, Pieces]]:
    """Return (first block, last block, pieces in each of them) for the blocks that have any.

    A block is ``size`` numbers; blocks that one piece fills come as one.
    """
    blocks: list[tuple[int, int, Pieces]] = []
    partial: dict[int, list[tuple[int, int, int]]] = {}
    for first, last, state in pieces:
        begin, end = -(-first // size), (last + 1) // size - 1  # the blocks filled
        if begin <= end:
            blocks.append((begin, end, ((0, size - 1, state),)))
        for block in {first // size, last // size}:
            if not begin <= block <= end:
                low, high = max(first, block * size), min(last, block * size + size - 1)
                partial.setdefault(block, []).append(
                    (low - block * size, high - block * size, state)
                )
    blocks += [(block, block, tuple(sorted(found))) for block, found in partial.items()]
    return sorted(blocks)
