"""A regular term: what it is made of, and what is read off its form.

>>> Term(0, Kind.CHARS, intervals=((97, 99),))
<Term [a-c]>
"""

from __future__ import annotations

from enum import IntEnum, auto

from minilora.grammar.intervals import UNIVERSE, Intervals
from minilora.grammar.substring import Substrings

Quoted = tuple[Substrings, int]


class Kind(IntEnum):
    """What a term is made of."""

    EMPTY = auto()  # no word
    EPSILON = auto()  # the empty word
    CHARS = auto()  # one code point out of `intervals`
    WORDS = auto()  # one word out of `words`
    CONCAT = auto()  # parts[0] then parts[1]; parts[0] is no concatenation itself
    UNION = auto()  # any of parts
    INTERSECT = auto()  # all of parts
    COMPLEMENT = auto()  # the words that are not in parts[0]
    REPEAT = auto()  # parts[0] from `low` to `high` times
    SUBSTRING = auto()  # what may follow in quotes of a text after the state `quoted`


class Term:
    """An immutable regular term; equality is identity within its arena.

    Attributes:
        id: its number in the arena, in the order of making.
        kind: what it is made of.
        parts: its operands.
        intervals: the code points of CHARS, else empty.
        words: the words of WORDS, sorted, each of two code points or more; else empty.
        quoted: the substrings of SUBSTRING and a state of theirs; else None.
        low: the least number of repetitions of REPEAT, else 1.
        high: the greatest number of repetitions of REPEAT; None has no end.
        nullable: whether the empty word belongs to it.
        min_length: no word is shorter; positive where the term is not nullable.
        max_length: no word is longer; None where no bound was found.
        shared: whether it belongs to an arena that others stand on.
    """

    __slots__ = (
        "high", "id", "intervals", "kind", "low", "max_length", "min_length", "nullable", "parts",
        "quoted", "shared", "words",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        kind: Kind,
        parts: tuple[Term, ...] = (),
        intervals: Intervals = (),
        low: int = 1,
        high: int | None = 1,
        words: tuple[str, ...] = (),
        shared: bool = False,
        quoted: Quoted | None = None,
    ) -> None:
        self.id = number
        self.kind = kind
        self.parts = parts
        self.intervals = intervals
        self.low = low
        self.high = high
        self.words = words
        self.shared = shared
        self.quoted = quoted
        self.nullable = _is_nullable(self)
        self.min_length, self.max_length = _length_bounds(self)

    def __repr__(self) -> str:
        """Return the term as a pattern, cut off where it is long or deep."""
        text = _show(self, 6)
        return f"<Term {text if len(text) < 80 else text[:77] + '...'}>"


def _is_nullable(t: Term) -> bool:
    match t.kind:
        case Kind.EMPTY | Kind.CHARS | Kind.WORDS:
            return False
        case Kind.EPSILON:
            return True
        case Kind.UNION:
            return any(part.nullable for part in t.parts)
        case Kind.COMPLEMENT:
            return not t.parts[0].nullable
        case Kind.REPEAT:
            return t.low == 0
        case Kind.SUBSTRING:
            substrings, state = quoted_by(t)
            return substrings.ends(state)
        case Kind.CONCAT | Kind.INTERSECT:
            return all(part.nullable for part in t.parts)


def _length_bounds(t: Term) -> tuple[int, int | None]:
    """Return (least, greatest) word length, exact or beyond the exact ones; None is no bound."""
    lows = [part.min_length for part in t.parts]
    highs = [part.max_length for part in t.parts]
    finite = [high for high in highs if high is not None]
    bounded = len(finite) == len(highs)
    match t.kind:
        case Kind.EMPTY | Kind.EPSILON:
            return 0, 0
        case Kind.CHARS:
            return 1, 1
        case Kind.WORDS:
            return min(map(len, t.words)), max(map(len, t.words))
        case Kind.CONCAT:
            return sum(lows), sum(finite) if bounded else None
        case Kind.UNION:
            return min(lows), max(finite) if bounded else None
        case Kind.INTERSECT:
            return max(lows), min(finite) if finite else None
        case Kind.COMPLEMENT:
            return (0 if t.nullable else 1), None
        case Kind.REPEAT:
            return lows[0] * t.low, finite[0] * t.high if bounded and t.high is not None else None
        case Kind.SUBSTRING:
            substrings, state = quoted_by(t)
            return substrings.shortest(state), substrings.longest(state)


def _show(t: Term, depth: int) -> str:
    if depth == 0:
        return "..."
    inner = [_show(part, depth - 1) for part in t.parts[:8]]
    match t.kind:
        case Kind.EMPTY:
            return "{}"
        case Kind.EPSILON:
            return "()"
        case Kind.CHARS:
            return _show_chars(t.intervals)
        case Kind.WORDS:
            shown = "|".join(ascii(word)[1:-1] for word in t.words[:8])
            return shown if len(t.words) == 1 else f"({shown})"
        case Kind.CONCAT:
            return "".join(inner)
        case Kind.UNION:
            return f"({'|'.join(inner)})"
        case Kind.INTERSECT:
            return f"({'&'.join(inner)})"
        case Kind.COMPLEMENT:
            return f"~({inner[0]})"
        case Kind.REPEAT:
            body = inner[0] if t.parts[0].kind is Kind.CHARS else f"({inner[0]})"
            high = "" if t.high is None else t.high
            return f"{body}*" if (t.low, high) == (0, "") else f"{body}{{{t.low},{high}}}"
        case Kind.SUBSTRING:
            return f"<quote {quoted_by(t)[1]}>"


def _show_chars(intervals: Intervals) -> str:
    if intervals == UNIVERSE:
        return "<any>"
    names = [
        ascii(chr(low))[1:-1] + ("" if low == high else "-" + ascii(chr(high))[1:-1])
        for low, high in intervals[:6]
    ]
    return names[0] if len(intervals) == 1 and len(names[0]) == 1 else f"[{''.join(names)}]"


def quoted_by(t: Term) -> Quoted:
    """Return the substrings of a SUBSTRING term and the state in them."""
    assert t.quoted is not None
    return t.quoted


def as_run(t: Term) -> tuple[Intervals, int, int | None] | None:
    """Return (A, m, n) where the term is A{m,n} for one set of characters A."""
    if t.kind is Kind.CHARS:
        return t.intervals, 1, 1
    if t.kind is Kind.REPEAT and t.parts[0].kind is Kind.CHARS:
        return t.parts[0].intervals, t.low, t.high
    return None


def least(a: int | None, b: int | None) -> int | None:
    """Return the lesser of two upper bounds, None being no bound."""
    if a is None or b is None:
        return b if a is None else a
    return min(a, b)
