"""Regular terms over Unicode: the operations that build them, simplified and hash-consed.

Two terms that the rules below find equal are one object, so equality is identity and a term is a
cheap dictionary key. The rules are those under which the derivatives of a term are finitely many
(union and intersection are associative, commutative and idempotent; EMPTY, EPSILON and ANY are
absorbed), and some that keep counted terms small: runs A{m,n} of one character set are added,
intersected and merged by their bounds instead of being unrolled.

All terms live in one :class:`Algebra`, an arena; a term belongs to the arena that made it, and the
memory of all of them goes with it. Make one per compiled grammar. :mod:`minilora.grammar.terms`
adds what is asked of a term: derivatives, emptiness, words.

>>> a = Algebra()
>>> a.union(a.literal("x"), a.literal("y")) is a.chars(((120, 121),))
True
>>> a.intersect(a.star(a.literal("x")), a.length(2, 5))
<Term x{2,5}>

Source: Brzozowski 1964, Derivatives of Regular Expressions, J. ACM 11(4), section 4 (similarity);
Owens, Reppy and Turon 2009, Regular-expression derivatives re-examined, section 4.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, auto

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import UNIVERSE, Intervals


class Kind(Enum):
    """What a term is made of."""

    EMPTY = auto()  # no word
    EPSILON = auto()  # the empty word
    CHARS = auto()  # one code point out of `intervals`
    CONCAT = auto()  # parts[0] then parts[1]; parts[0] is no concatenation itself
    UNION = auto()  # any of parts
    INTERSECT = auto()  # all of parts
    COMPLEMENT = auto()  # the words that are not in parts[0]
    REPEAT = auto()  # parts[0] from `low` to `high` times


class Term:
    """An immutable regular term; equality is identity within its arena.

    Attributes:
        id: its number in the arena, in the order of making.
        kind: what it is made of.
        parts: its operands.
        intervals: the code points of CHARS, else empty.
        low: the least number of repetitions of REPEAT, else 1.
        high: the greatest number of repetitions of REPEAT; None has no end.
        nullable: whether the empty word belongs to it.
        min_length: no word is shorter; positive where the term is not nullable.
        max_length: no word is longer; None where no bound was found.
    """

    __slots__ = (
        "high", "id", "intervals", "kind", "low", "max_length", "min_length", "nullable", "parts",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        kind: Kind,
        parts: tuple[Term, ...],
        intervals: Intervals,
        low: int,
        high: int | None,
    ) -> None:
        self.id = number
        self.kind = kind
        self.parts = parts
        self.intervals = intervals
        self.low = low
        self.high = high
        self.nullable = _is_nullable(self)
        self.min_length, self.max_length = _length_bounds(self)

    def __repr__(self) -> str:
        """Return the term as a pattern, cut off where it is long or deep."""
        text = _show(self, 6)
        return f"<Term {text if len(text) < 80 else text[:77] + '...'}>"


def _is_nullable(t: Term) -> bool:
    match t.kind:
        case Kind.EMPTY | Kind.CHARS:
            return False
        case Kind.EPSILON:
            return True
        case Kind.UNION:
            return any(part.nullable for part in t.parts)
        case Kind.COMPLEMENT:
            return not t.parts[0].nullable
        case Kind.REPEAT:
            return t.low == 0
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


def _show_chars(intervals: Intervals) -> str:
    if intervals == UNIVERSE:
        return "<any>"
    names = [
        ascii(chr(low))[1:-1] + ("" if low == high else "-" + ascii(chr(high))[1:-1])
        for low, high in intervals[:6]
    ]
    return names[0] if len(intervals) == 1 and len(names[0]) == 1 else f"[{''.join(names)}]"


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


class Algebra:
    """An arena of terms, and the operations that make them."""

    def __init__(self) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}
        self.EMPTY = self._make(Kind.EMPTY)
        self.EPSILON = self._make(Kind.EPSILON)
        self.CHAR = self._make(Kind.CHARS, intervals=UNIVERSE)  # any one code point
        self.ANY = self._make(Kind.REPEAT, (self.CHAR,), low=0, high=None)  # all words
        self._concats: dict[tuple[Term, Term], Term] = {}

    def __len__(self) -> int:
        """Return how many terms the arena holds."""
        return len(self._terms)

    def _make(
        self,
        kind: Kind,
        parts: tuple[Term, ...] = (),
        intervals: Intervals = (),
        low: int = 1,
        high: int | None = 1,
    ) -> Term:
        key = (kind, parts, intervals, low, high)
        term = self._terms.get(key)
        if term is None:
            term = self._terms[key] = Term(len(self._terms), kind, parts, intervals, low, high)
        return term

    def chars(self, intervals: Iterable[tuple[int, int]]) -> Term:
        """Return the words of one code point out of closed intervals; EMPTY if there is none."""
        if isinstance(intervals, tuple):
            known = self._terms.get((Kind.CHARS, (), intervals, 1, 1))
            if known is not None:
                return known
        normal = sets.normalize(intervals)
        return self._make(Kind.CHARS, intervals=normal) if normal else self.EMPTY

    def literal(self, text: str) -> Term:
        """Return the term of one word; EMPTY where the text holds a lone surrogate."""
        return self.concat(*(self.chars(((ord(char), ord(char)),)) for char in text))

    def length(self, low: int, high: int | None = None) -> Term:
        """Return the words of ``low`` to ``high`` code points; EMPTY where low > high."""
        return self.repeat(self.CHAR, low, high)

    def concat(self, *terms: Term) -> Term:
        """Return the words that are a word of each term in turn."""
        result = self.EPSILON
        for term in reversed(terms):
            result = self._concat(term, result)
        return result

    def _concat(self, head: Term, tail: Term) -> Term:
        """Return head tail as a spine that leans to the right."""
        if tail is self.EPSILON or head is self.EMPTY:
            return head
        spine: list[tuple[Term, Term]] = []  # (suffix of head, its first factor)
        result = self.EMPTY if tail is self.EMPTY else tail
        rest = head
        while rest.kind is Kind.CONCAT:
            known = self._concats.get((rest, tail))
            if known is not None:
                result = known
                break
            spine.append((rest, rest.parts[0]))
            rest = rest.parts[1]
        else:
            result = self._cons(rest, tail)
        for suffix, factor in reversed(spine):
            result = self._cons(factor, result)
            self._concats[suffix, tail] = result
        return result

    def _cons(self, head: Term, tail: Term) -> Term:
        """Return head tail where head is no concatenation; X{a,b} X{c,d} = X{a+c,b+d}."""
        if head is self.EMPTY or tail is self.EMPTY:
            return self.EMPTY
        if head is self.EPSILON or tail is self.EPSILON:
            return tail if head is self.EPSILON else head
        first, rest = (tail.parts[0], tail.parts[1]) if tail.kind is Kind.CONCAT else (tail, None)
        merged = self._join(head, first)
        if merged is None:
            return self._make(Kind.CONCAT, (head, tail))
        return merged if rest is None else self._cons(merged, rest)

    def _join(self, a: Term, b: Term) -> Term | None:
        """Return a b as one counted term where one of the two is a repetition of the other."""
        if a.kind is not Kind.REPEAT and b.kind is not Kind.REPEAT:
            return None
        body, low, high = (a.parts[0], a.low, a.high) if a.kind is Kind.REPEAT else (a, 1, 1)
        other, more, most = (b.parts[0], b.low, b.high) if b.kind is Kind.REPEAT else (b, 1, 1)
        if body is not other:
            return None
        return self.repeat(body, low + more, None if high is None or most is None else high + most)

    def star(self, t: Term) -> Term:
        """Return any number of words of a term, one after the other."""
        return self.repeat(t, 0, None)

    def repeat(self, t: Term, low: int, high: int | None) -> Term:
        """Return ``low`` to ``high`` words of a term in a row; EMPTY where low > high.

        Raises:
            ValueError: a negative bound.
        """
        if low < 0 or (high is not None and high < 0):
            raise ValueError(f"a repetition from {low} to {high}")
        if high is not None and low > high:
            return self.EMPTY
        if high == 0 or t is self.EPSILON:
            return self.EPSILON
        if t is self.EMPTY:
            return self.EPSILON if low == 0 else self.EMPTY
        if t.nullable:
            low = 0  # t{m,n} = t{0,n}: the missing words may be empty
        if t.kind is Kind.REPEAT and t.low <= 1 and (t.high is None or t.low == 0):
            # (u{0,n}){0,m} = u{0,nm} and (u+){l,m} = u{l,}
            low, high = low * t.low, None if t.high is None or high is None else t.high * high
            t = t.parts[0]
        if (low, high) == (1, 1):
            return t
        return self._make(Kind.REPEAT, (t,), low=low, high=high)

    def complement(self, t: Term) -> Term:
        """Return the words that are not in a term."""
        if t.kind is Kind.COMPLEMENT:
            return t.parts[0]
        if t is self.EMPTY:
            return self.ANY
        run = (UNIVERSE, 0, 0) if t is self.EPSILON else as_run(t)
        if run is not None and run[0] == UNIVERSE:  # a bound on the length and nothing else
            _, low, high = run
            below = self.EMPTY if low == 0 else self.length(0, low - 1)
            return self.union(below, self.EMPTY if high is None else self.length(high + 1))
        return self._make(Kind.COMPLEMENT, (t,))

    def union(self, *terms: Term) -> Term:
        """Return the words that are in any of the terms."""
        members: dict[Term, None] = {}
        for term in terms:
            self._add_alternatives(term, members)
        if self.ANY in members:
            return self.ANY
        negated = [term.parts[0] for term in members if term.kind is Kind.COMPLEMENT]
        for inner in negated:  # x | ~x, and a | b | ~(a | b)
            if all(x in members for x in (inner.parts if inner.kind is Kind.UNION else (inner,))):
                return self.ANY
        if len(negated) > 1:
            rest = [term for term in members if term.kind is not Kind.COMPLEMENT]
            return self.union(self.complement(self.intersect(*negated)), *rest)
        self._merge_runs(members)
        optional = self.EPSILON in members
        if optional:
            del members[self.EPSILON]
        return self._alternatives(sorted(members, key=lambda term: term.id), optional)

    def _alternatives(self, members: list[Term], optional: bool) -> Term:
        if self.ANY in members:
            return self.ANY
        if not members:
            return self.EPSILON if optional else self.EMPTY
        result = members[0] if len(members) == 1 else self._make(Kind.UNION, tuple(members))
        return self.repeat(result, 0, 1) if optional and not result.nullable else result

    def _add_alternatives(self, term: Term, members: dict[Term, None]) -> None:
        """Add the members of a union, of an optional term too: t{0,1} = EPSILON | t."""
        stack = [term]
        while stack:
            t = stack.pop()
            if t.kind is Kind.UNION:
                stack.extend(t.parts)
            elif t.kind is Kind.REPEAT and (t.low, t.high) == (0, 1):
                members[self.EPSILON] = None
                stack.append(t.parts[0])
            elif t is not self.EMPTY:
                members[t] = None

    def _merge_runs(self, members: dict[Term, None]) -> None:
        """Unite the characters, and the runs of one set whose bounds meet: A{1,3} | A{3,5}."""
        singles = [term for term in members if term.kind is Kind.CHARS]
        if len(singles) > 1:
            for term in singles:
                del members[term]
            members[self.chars(pair for term in singles for pair in term.intervals)] = None
        groups: dict[Intervals, list[tuple[int, int | None, Term]]] = {}
        for term in members:
            run = as_run(term)
            if run is not None:
                groups.setdefault(run[0], []).append((run[1], run[2], term))
        for intervals, runs in groups.items():
            if len(runs) == 1 and runs[0][0] != 1:
                continue
            bounds = [(low, high) for low, high, _ in runs]
            for _, _, term in runs:
                del members[term]
            if self.EPSILON in members:
                bounds.append((0, 0))
            for low, high in _merge_bounds(bounds):
                members[self.repeat(self.chars(intervals), low, high)] = None

    def intersect(self, *terms: Term) -> Term:
        """Return the words that are in all of the terms."""
        members: dict[Term, None] = {}
        for term in terms:
            for part in term.parts if term.kind is Kind.INTERSECT else (term,):
                members[part] = None
        members.pop(self.ANY, None)
        if self.EMPTY in members:
            return self.EMPTY
        self._intersect_runs(members)
        if self.EMPTY in members:
            return self.EMPTY
        negated = [term.parts[0] for term in members if term.kind is Kind.COMPLEMENT]
        for inner in negated:  # x & ~x, and a & ~(a | b)
            if any(x in members for x in (inner.parts if inner.kind is Kind.UNION else (inner,))):
                return self.EMPTY
        if len(negated) > 1:
            rest = [term for term in members if term.kind is not Kind.COMPLEMENT]
            return self.intersect(self.complement(self.union(*negated)), *rest)
        return self._conjunction(members)

    def _intersect_runs(self, members: dict[Term, None]) -> None:
        """Replace the runs by their intersection: A{a,b} & B{c,d} = (A & B){max(a,c),min(b,d)}."""
        runs = [(term, run) for term in members if (run := as_run(term)) is not None]
        if len(runs) < 2:
            return
        common, low, high = runs[0][1]
        for _, (intervals, more, most) in runs[1:]:
            common = sets.intersect(common, intervals)
            low, high = max(low, more), least(high, most)
        for term, _ in runs:
            del members[term]
        merged = self.repeat(self.chars(common), low, high)
        if merged is not self.ANY:
            members[merged] = None

    def _conjunction(self, members: dict[Term, None]) -> Term:
        if not members:
            return self.ANY
        low = max(term.min_length for term in members)
        high: int | None = None
        for term in members:
            high = least(high, term.max_length)
        if high is not None and low > high:
            return self.EMPTY
        if high == 0:
            return self.EPSILON if all(term.nullable for term in members) else self.EMPTY
        for term in list(members):  # a bound on the length that the others keep by themselves
            run = as_run(term)
            if run is None or run[0] != UNIVERSE or len(members) == 1:
                continue
            others = [other for other in members if other is not term]
            most: int | None = None
            for other in others:
                most = least(most, other.max_length)
            fits = run[2] is None or (most is not None and most <= run[2])
            if fits and max(other.min_length for other in others) >= run[1]:
                del members[term]
        parts = sorted(members, key=lambda term: term.id)
        return parts[0] if len(parts) == 1 else self._make(Kind.INTERSECT, tuple(parts))


def _merge_bounds(bounds: list[tuple[int, int | None]]) -> list[tuple[int, int | None]]:
    """Return the ranges of counts with those that overlap or touch made one."""
    merged: list[tuple[int, int | None]] = []
    for low, high in sorted(bounds, key=lambda bound: bound[0]):
        if merged and (merged[-1][1] is None or low <= merged[-1][1] + 1):
            before, last = merged[-1]
            merged[-1] = before, None if last is None or high is None else max(last, high)
        else:
            merged.append((low, high))
    return merged
