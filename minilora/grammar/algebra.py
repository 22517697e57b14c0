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
from itertools import count

from minilora.grammar import intervals as sets
from minilora.grammar.intervals import UNIVERSE, Intervals
from minilora.grammar.substring import Substrings
from minilora.grammar.term import Kind, Term, as_run, least

__all__ = ["Algebra", "as_run"]

MAX_WORD = 128  # code points of one WORDS; a longer literal is a chain of them
_IDS = count()  # terms of all arenas are numbered through: an arena may stand on another


class Algebra:
    """An arena of terms, and the operations that make them.

    Args:
        base: an arena whose terms belong to this one too; it may grow later.
        shared: whether other arenas will stand on this one.
    """

    def __init__(self, base: Algebra | None = None, shared: bool = False) -> None:
        self._terms: dict[tuple[object, ...], Term] = {}
        self._below = {} if base is None else base._terms
        self._shared = shared
        self.EMPTY = self._make(Kind.EMPTY)
        self.EPSILON = self._make(Kind.EPSILON)
        self.CHAR = self._make(Kind.CHARS, intervals=UNIVERSE)  # any one code point
        self.ANY = self._make(Kind.REPEAT, (self.CHAR,), low=0, high=None)  # all words
        self._concats: dict[tuple[Term, Term], Term] = {}

    def __len__(self) -> int:
        """Return how many terms the arena holds, those of the arena below left out."""
        return len(self._terms)

    def _make(
        self,
        kind: Kind,
        parts: tuple[Term, ...] = (),
        intervals: Intervals = (),
        low: int = 1,
        high: int | None = 1,
        words: tuple[str, ...] = (),
    ) -> Term:
        key = (kind, parts, intervals, low, high, words)
        term = self._terms.get(key) or self._below.get(key)
        if term is None:
            made = Term(next(_IDS), kind, parts, intervals, low, high, words, self._shared)
            term = self._terms.setdefault(key, made)  # one of two threads is the first
        return term

    def chars(self, intervals: Iterable[tuple[int, int]]) -> Term:
        """Return the words of one code point out of closed intervals; EMPTY if there is none."""
        normal = sets.normalize(intervals)
        return self._make(Kind.CHARS, intervals=normal) if normal else self.EMPTY

    def literal(self, text: str) -> Term:
        """Return the term of one word; EMPTY where the text holds a lone surrogate."""
        if not text.isascii() and any(0xD800 <= ord(char) <= 0xDFFF for char in text):
            return self.EMPTY
        if len(text) > MAX_WORD:
            pieces = [text[i : i + MAX_WORD] for i in range(0, len(text), MAX_WORD)]
            return self.concat(*map(self.literal, pieces))
        if len(text) > 1:
            return self._make(Kind.WORDS, words=(text,))
        if not text:
            return self.EPSILON
        return self._make(Kind.CHARS, intervals=((ord(text), ord(text)),))

    def any_of(self, texts: Iterable[str]) -> Term:
        """Return the term of some words; those that hold a lone surrogate are left out."""
        whole: list[str] = []
        others: list[Term] = []
        for text in texts:
            if 1 < len(text) <= MAX_WORD and text.isascii():
                whole.append(text)
            else:
                others.append(self.literal(text))
        if whole:
            others.append(self._make(Kind.WORDS, words=tuple(sorted(set(whole)))))
        return self.union(*others)

    def substring(self, substrings: Substrings, state: int | None = None) -> Term:
        """Return the quotes of a text, or what is left of them after one of its states."""
        state = substrings.start if state is None else state
        key = (Kind.SUBSTRING, substrings, state)
        term = self._terms.get(key)
        if term is None:
            if substrings.longest(state) == 0:
                return self.EPSILON
            made = Term(next(_IDS), Kind.SUBSTRING, quoted=(substrings, state), shared=self._shared)
            term = self._terms.setdefault(key, made)
        return term

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
        """Return a b as one word, or as one counted term where one repeats the other."""
        if a.kind is not Kind.REPEAT and b.kind is not Kind.REPEAT:
            left, right = _only_word(a), _only_word(b)
            fits = left and right and len(left) + len(right) <= MAX_WORD
            return self.literal(left + right) if fits else None
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
        if len(members) == 1:
            return next(iter(members))
        if self.ANY in members:
            return self.ANY
        words = self._merge_words(members)
        negated = [term.parts[0] for term in members if term.kind is Kind.COMPLEMENT]
        for inner in negated:  # x | ~x, and a | b | ~(a | b)
            parts = inner.parts if inner.kind is Kind.UNION else (inner,)
            if all(x in members or words.issuperset(x.words or ("",)) for x in parts):
                return self.ANY
        if len(negated) > 1:
            rest = [term for term in members if term.kind is not Kind.COMPLEMENT]
            return self.union(self.complement(self.intersect(*negated)), *rest)
        self._merge_runs(members)
        optional = self.EPSILON in members
        if optional:
            del members[self.EPSILON]
        return self._alternatives(sorted(members, key=lambda term: term.id), optional)

    def _merge_words(self, members: dict[Term, None]) -> set[str]:
        """Make one term of those that list words; return the words."""
        lists = [term for term in members if term.kind is Kind.WORDS]
        words = {word for term in lists for word in term.words}
        if len(lists) > 1:
            for term in lists:
                del members[term]
            members[self._make(Kind.WORDS, words=tuple(sorted(words)))] = None
        return words

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
        if any(term.kind is Kind.WORDS for term in members):
            self._intersect_words(members, negated)
            if self.EMPTY in members:
                return self.EMPTY
        for inner in negated:  # x & ~x, and a & ~(a | b)
            if any(x in members for x in (inner.parts if inner.kind is Kind.UNION else (inner,))):
                return self.EMPTY
        if len(negated) > 1:
            rest = [term for term in members if term.kind is not Kind.COMPLEMENT]
            return self.intersect(self.complement(self.union(*negated)), *rest)
        return self._conjunction(members)

    def _intersect_words(self, members: dict[Term, None], negated: list[Term]) -> None:
        """Replace the lists of words by the words in all of them and in none that is negated."""
        lists = [term for term in members if term.kind is Kind.WORDS]
        words = set(lists[0].words).intersection(*(term.words for term in lists[1:]))
        for inner in negated:
            for part in inner.parts if inner.kind is Kind.UNION else (inner,):
                words.difference_update(part.words)
        for term in lists:
            del members[term]
        whole = self._make(Kind.WORDS, words=tuple(sorted(words))) if words else self.EMPTY
        members[whole] = None

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


def _only_word(t: Term) -> str:
    """Return the word of a term that has that one and it is not empty; "" of any other term."""
    if t.kind is Kind.WORDS and len(t.words) == 1:
        return t.words[0]
    if t.kind is Kind.CHARS and len(t.intervals) == 1 and t.intervals[0][0] == t.intervals[0][1]:
        return chr(t.intervals[0][0])
    return ""
