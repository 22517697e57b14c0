r"""The texts of a set of numbers, byte by byte: -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?

        NEGATIVE -> ZERO ----> POINT -> FRACTION
    start --^--> INTEGER --^               |
                    `--------> mark <------'
                                `-> sign -> exponent

Every spelling of a member is accepted: 1, 1.0, 10e-1, 1e05, and -0 for 0. A state is what the text
so far has settled, and exists only if some text leads on from it to a member. The one limit: where
digits matter to the set, a text of more than ``MAX_DIGITS`` digits before the exponent, or with an
exponent beyond ``MAX_EXPONENT`` or of more than ``MAX_EXPONENT_DIGITS`` digits, may be refused. It
keeps the integers small that a state is judged by. A text that is accepted is always a member.

Source: RFC 8259, section 6.

>>> from fractions import Fraction
>>> heads = NumberHeads()
>>> percent = heads.start(Numbers(low=Fraction(0), high=Fraction(100)))
>>> [heads.accepts(percent, text) for text in (b"100", b"1e2", b"-0.0", b"101", b"1.")]
[True, True, True, False, False]
>>> heads.shortest(heads.start(Numbers(low=Fraction(95), low_open=True, multiples=(Fraction(1),))))
b'96'
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import count
from typing import NamedTuple

from minilora.grammar.number_doubles import judged_alike
from minilora.grammar.number_reach import FREE, NONE, Phase, Side, Window, positive_side
from minilora.grammar.number_shortest import complete_mantissa
from minilora.grammar.number_spelling import FREELY, MAX_EXPONENT_DIGITS, Spelling
from minilora.grammar.numbers import Numbers

DEAD = -1
NUMBER_BYTES = b"+-.0123456789Ee"  # all that a number is written with


class _Start(NamedTuple):
    """Nothing yet: the side without and the side with a minus sign."""

    above: int
    below: int


class _Mantissa(NamedTuple):
    """A text before its exponent: digits / 10^fraction, and how many digits it has used up."""

    side: int
    phase: Phase
    digits: int
    fraction: int
    used: int


class _Mark(NamedTuple):
    """A text that ends with the letter e: the exponents that may follow."""

    window: Window


class _Exponent(NamedTuple):
    """A text in its exponent: for m = 0, 1, ... the numbers that m more digits may spell.

    Neither the sign nor the digits so far are kept: 1e1 and 1e2 are one state to the integers.
    """

    ahead: tuple[Window, ...]


_Key = _Start | _Mantissa | _Mark | _Exponent


class NumberHeads:
    """The states of all number sets that were asked for; a state is a small integer.

    States are made on demand and kept, so one object belongs to one grammar.

    Args:
        doubles: whether only those texts count that readers of doubles judge alike.
    """

    closes = False

    def __init__(self, doubles: bool = False) -> None:
        self.doubles = doubles
        self._sides: list[Side] = []
        self._side_shapes: list[int] = []
        self._side_ids: dict[Side, int] = {}
        self._starts: dict[tuple[Numbers, Spelling], int] = {}
        self._keys: list[_Key] = []
        self._ids: dict[_Key, int] = {}  # DEAD for a key that leads nowhere
        self._edges: list[dict[int, int]] = []
        self._rows: dict[int, list[int]] = {}
        self._ends: dict[int, bool] = {}
        self._shortest: dict[int, bytes] = {}

    def __len__(self) -> int:
        """Return the number of states made so far."""
        return len(self._keys)

    def start(self, numbers: Numbers, spelling: Spelling = FREELY) -> int:
        """Return the state before the first byte, ``DEAD`` if no text is a member."""
        state = self._starts.get((numbers, spelling))
        if state is None:
            sides = (
                positive_side(numbers, spelling),
                positive_side(numbers.negated(), spelling),
            )
            state = self._intern(_Start(*map(self._side_id, sides)))
            self._starts[numbers, spelling] = state
        return state

    def starts(self, numbers: Numbers) -> tuple[int, ...]:
        """Return the states before the first byte, whose texts together are those of the set."""
        written = judged_alike(numbers) if self.doubles else ((numbers, FREELY),)
        states = (self.start(part, spelling) for part, spelling in written)
        return tuple(state for state in states if state != DEAD)

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, ``DEAD`` if no member's text begins so."""
        edges = self._edges[state]
        target = edges.get(byte)
        if target is None:
            key = self._follow(self._keys[state], byte)
            target = edges[byte] = DEAD if key is None else self._intern(key)
        return target

    def row(self, state: int) -> list[int]:
        """Return the next states by byte, 256 of them; the list is shared, not to be changed."""
        row = self._rows.get(state)
        if row is None:
            row = [DEAD] * 256
            for byte in NUMBER_BYTES:
                row[byte] = self.step(state, byte)
            self._rows[state] = row
        return row

    def can_end(self, state: int) -> bool:
        """Return whether the text so far is the text of a member."""
        known = self._ends.get(state)
        if known is None:
            known = self._ends[state] = self._is_member(self._keys[state])
        return known

    def is_quick(self, state: int) -> bool:
        """Return False: a row is quickly made."""
        return False

    def loose(self, state: int) -> None:
        """Return None: a number is no text."""
        return None

    def any_text(self) -> int:
        """Raise an error: a number is no text."""
        raise TypeError("a number is no text")

    def shape(self, state: int) -> Hashable:
        """Return what is equal for states that mean the same in any grammar."""
        key = self._keys[state]
        if isinstance(key, _Start):
            return key.__class__, *map(self._side_shapes.__getitem__, key)
        if isinstance(key, _Mantissa):
            return key.__class__, self._side_shapes[key.side], *key[1:]
        return key.__class__, key

    def accepts(self, state: int, text: bytes) -> bool:
        """Return whether the text leads from the state to the end of a member's text."""
        for byte in text:
            state = self.step(state, byte)
            if state == DEAD:
                return False
        return self.can_end(state)

    def shortest(self, state: int) -> bytes:
        """Return the fewest bytes that complete the text; of equally short ones, any."""
        known = self._shortest.get(state)
        if known is None:
            known = self._complete(self._keys[state])
            assert known is not None, "a state is made only if a text leads on from it"
            self._shortest[state] = known
        return known

    def _complete(self, key: _Key) -> bytes | None:
        if isinstance(key, _Mark):
            positive, negative = (_fewest_digits(_signed(key, sign)) for sign in b"+-")
            return positive if positive is not None else b"-" + (negative or b"")
        if isinstance(key, _Exponent):
            return _fewest_digits(key)
        if isinstance(key, _Mantissa):
            return self._complete_mantissa(key)
        above, below = (
            self._complete_mantissa(_Mantissa(side, Phase.NEGATIVE, 0, 0, 0)) for side in key
        )
        if below is None or (above is not None and len(above) <= len(below) + 1):
            return above
        return b"-" + below

    def _complete_mantissa(self, key: _Mantissa) -> bytes | None:
        side = self._sides[key.side]
        text = complete_mantissa(side, *key[1:])
        if text is None or side.spelling.divisor is None:
            return text
        if not text and self._is_member(key):
            return text
        if text and self._leads_to_member(key, text):
            return text
        found = [bytes((byte,)) + rest for byte, child in self._children(key)
                 if (rest := self._complete_mantissa(child)) is not None]  # fmt: skip
        return min(found, key=len, default=None)

    def _leads_to_member(self, key: _Key, text: bytes) -> bool:
        for byte in text:
            after = self._follow(key, byte)
            if after is None:
                return False
            key = after
        return self._is_member(key)

    def _children(self, key: _Mantissa) -> Iterator[tuple[int, _Mantissa]]:
        """Yield the bytes that may follow where there is no exponent, and what they lead to."""
        for byte in b".0123456789":
            child = self._follow(key, byte)
            if isinstance(child, _Mantissa) and self._intern(child) != DEAD:
                yield byte, child

    def _side_id(self, side: Side) -> int:
        found = self._side_ids.setdefault(side, len(self._sides))
        if found == len(self._sides):
            self._sides.append(side)
            self._side_shapes.append(_side_shape(side))
        return found

    def _intern(self, key: _Key) -> int:
        state = self._ids.get(key)
        if state is None:
            state = DEAD
            if self._is_live(key):
                state = len(self._keys)
                self._keys.append(key)
                self._edges.append({})
            self._ids[key] = state
        return state

    def _follow(self, key: _Key, byte: int) -> _Key | None:
        """Return what one more byte makes of a key, None where the grammar does not allow it."""
        digit = byte - 48 if 48 <= byte <= 57 else None
        if isinstance(key, _Mark):
            if byte in b"+-":
                return _signed(key, byte)
            return None if digit is None else _with_digit(_signed(key, 43), digit)
        if isinstance(key, _Exponent):
            return None if digit is None else _with_digit(key, digit)
        if isinstance(key, _Start):
            if byte == 45:  # -
                return _Mantissa(key.below, Phase.NEGATIVE, 0, 0, 0)
            return None if digit is None else self._first_digit(key.above, digit)
        if key.phase == Phase.NEGATIVE:
            return None if digit is None else self._first_digit(key.side, digit)
        if digit is not None:
            return self._more_digits(key, digit)
        places = self._sides[key.side].spelling.places
        if byte == 46 and key.phase in (Phase.ZERO, Phase.INTEGER) and places != 0:  # .
            return key._replace(phase=Phase.POINT)
        if byte in b"eE" and key.phase != Phase.POINT and places is None:
            return _Mark(self._sides[key.side].window(key.digits, key.fraction))
        return None

    def _first_digit(self, side: int, digit: int) -> _Mantissa:
        phase = Phase.INTEGER if digit else Phase.ZERO
        return _Mantissa(side, phase, *self._sides[side].reduce(digit, 0, 1))

    def _more_digits(self, key: _Mantissa, digit: int) -> _Mantissa | None:
        spelling = self._sides[key.side].spelling
        if key.phase == Phase.ZERO or key.used == spelling.digits:
            return None
        if spelling.places is not None and key.fraction == spelling.places > 0:
            return None
        phase = Phase.INTEGER if key.phase == Phase.INTEGER else Phase.FRACTION
        fraction = key.fraction + (phase == Phase.FRACTION)
        side = self._sides[key.side]
        reduced = side.reduce(10 * key.digits + digit, fraction, key.used + 1)
        return _Mantissa(key.side, phase, *reduced)

    def _is_member(self, key: _Key) -> bool:
        if isinstance(key, _Exponent):
            return bool(key.ahead[0])
        if not isinstance(key, _Mantissa) or key.phase in (Phase.NEGATIVE, Phase.POINT):
            return False
        side = self._sides[key.side]
        point = key.phase == Phase.FRACTION
        return 0 in side.window(key.digits, key.fraction) and side.spelling.divides(
            key.digits, key.fraction, point
        )

    def _is_live(self, key: _Key) -> bool:
        if isinstance(key, _Start):
            return any(self._mantissa_lives(side, Phase.NEGATIVE, 0, 0, 0) for side in key)
        if isinstance(key, _Mantissa):
            return self._mantissa_lives(*key)
        return bool(key.window) if isinstance(key, _Mark) else any(key.ahead)

    def _mantissa_lives(
        self, side_id: int, phase: Phase, digits: int, fraction: int, used: int
    ) -> bool:
        """Return whether more digits and an exponent lead to a member.

        With room for j more digits, the value ahead is k * 10^x. Digits before the point leave the
        choice of 0 to j of them behind it, so x goes from -MAX_EXPONENT - j to MAX_EXPONENT; digits
        behind the point take the choice away: x = exponent - fraction - j.
        """
        side = self._sides[side_id]
        if side.spelling.places is not None:
            return self._lives_plainly(_Mantissa(side_id, phase, digits, fraction, used))
        room, most = side.spelling.digits - used, side.spelling.exponent
        if phase == Phase.NEGATIVE:  # one digit at least stands before the point
            return side.zero or side.reaches_from_zero(room, 1 - most - room, most)
        if room == 0:
            return phase != Phase.POINT and bool(side.window(digits, fraction))
        first = -most - fraction - room
        last = most if phase == Phase.INTEGER else most - fraction - room
        if digits == 0:
            return side.zero or side.reaches_from_zero(room, first, last)
        return side.reaches(digits, room, first, last)

    def _lives_plainly(self, key: _Mantissa) -> bool:
        """Return whether digits and a point lead to a member; with a divisor, one so divided."""
        side = self._sides[key.side]
        if not side.reaches_plainly(*key[1:]) or side.spelling.divisor is None:
            return side.reaches_plainly(*key[1:])
        return self._is_member(key) or any(True for _ in self._children(key))


_SIDE_SHAPES: dict[Side, int] = {}
_NEXT_SHAPE = count()
MAX_SIDE_SHAPES = 4096


def _side_shape(side: Side) -> int:
    """Return a number that equal sides have in common; after very many, new ones are given."""
    if len(_SIDE_SHAPES) >= MAX_SIDE_SHAPES:
        _SIDE_SHAPES.clear()
    if side not in _SIDE_SHAPES:
        _SIDE_SHAPES[side] = next(_NEXT_SHAPE)
    return _SIDE_SHAPES[side]


def _signed(key: _Mark, sign: int) -> _Exponent:
    """Return the state after the sign of the exponent; none is a plus sign."""
    window = key.window.mirrored() if sign == 45 else key.window
    if window.free:
        return _Exponent((NONE, FREE))
    sizes = (10**m for m in range(1, MAX_EXPONENT_DIGITS + 1))
    return _Exponent((NONE, *(window.part(0, size) for size in sizes)))


def _with_digit(key: _Exponent, digit: int) -> _Exponent:
    if key.ahead[-1].free:
        return _Exponent((FREE, FREE))
    parts = [window.part(digit * 10**m, 10**m) for m, window in enumerate(key.ahead[1:])]
    while len(parts) > 1 and not parts[-1]:
        parts.pop()  # so that 1 and 001 are one state if no further digit may come
    return _Exponent(tuple(parts) or (NONE,))


def _fewest_digits(key: _Exponent) -> bytes | None:
    for m, window in enumerate(key.ahead):
        if window:
            return f"{max(0, window.first):0{m}d}".encode() if m else b""
    return None
