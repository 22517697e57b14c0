"""What is asked of a regular term: its derivatives, whether it has a word, and which.

The derivative of a term by a code point c is the term of the words w such that cw is a word of it:

    d(A)      = EPSILON for c in A          d(r|s) = d(r) | d(s)
    d(rs)     = d(r) s | d(s) if r nullable d(r&s) = d(r) & d(s)
    d(r{m,n}) = d(r) r{m-1,n-1}             d(~r)  = ~d(r)
    d(state of an automaton of substrings) = the state after its edge c

It is computed for all code points at once, as a *row*: sorted disjoint intervals with the
derivative each has, EMPTY left out. A term is empty if none of its derivatives, by any word, is
nullable.

>>> t = Terms()
>>> a_or_b = t.chars(((97, 98),))
>>> both = t.intersect(t.concat(t.ANY, t.literal("ab"), t.ANY), t.length(0, 3), t.star(a_or_b))
>>> t.words(both, 10)
('ab', 'aab', 'aba', 'abb', 'bab')
>>> t.is_empty(t.intersect(both, t.length(0, 1)))
True

Source: Brzozowski 1964, Derivatives of Regular Expressions, J. ACM 11(4); Owens, Reppy and Turon
2009, Regular-expression derivatives re-examined.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Callable
from itertools import count, groupby

from minilora.grammar import intervals as sets
from minilora.grammar.algebra import Algebra
from minilora.grammar.intervals import UNIVERSE, Intervals
from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.rows import Row, combine, joined, targets_of
from minilora.grammar.term import Kind, Quoted, Term, as_run, quoted_by
from minilora.grammar.word_lengths import WordLengths, tabulate

__all__ = ["Kind", "Row", "Term", "Terms", "TooComplex", "bounded_quotes", "by_length"]

# The cheapest code point of a set, with its cost, which is one or more.
Weigh = Callable[[Intervals], tuple[int, int]]

QUICK_STEPS = 64  # derivatives looked at before word lengths are tabulated
PROFILE_STATES = 256  # derivatives of a term whose word lengths are tabulated


def by_length(intervals: Intervals) -> tuple[int, int]:
    """Return (1, the code point that reads best): the cost under which a shortest word is short."""
    return 1, sets.preferred(intervals)


class Terms(Algebra):
    """An arena of terms that answers questions about them; see the module's text.

    Every answer is remembered as long as the arena lives, so its memory grows with the terms asked
    about; ``len(terms)`` tells how many there are. Drop the arena to free it all.

    Args:
        limits: how many terms one call may look at before it gives up with :class:`TooComplex`.
        base: an arena whose terms belong to this one too, and which answers what is asked of them.
        shared: whether other arenas will stand on this one.
    """

    def __init__(
        self, limits: Limits | None = None, base: Terms | None = None, shared: bool = False
    ) -> None:
        super().__init__(base, shared)
        self.limits, self.base = limits or Limits(), base
        self._rows: dict[Term, Row] = {}
        self._live_rows: dict[Term, Row] = {}
        self._lives: dict[Term, bool] = {}
        self._profiles: dict[Term, WordLengths | None] = {}
        self._cheapest: dict[tuple[Term, Weigh], tuple[int, str]] = {}
        self._spent = 0

    def nullable(self, t: Term) -> bool:
        """Return whether the empty word belongs to a term."""
        return t.nullable

    # Derivatives

    def derivative(self, t: Term, code_point: int) -> Term:
        """Return the term of what may follow a code point; EMPTY outside of the universe."""
        row = self.row(t)
        i = bisect_right(row, code_point, key=lambda piece: piece[0]) - 1
        return row[i][2] if i >= 0 and code_point <= row[i][1] else self.EMPTY

    def row(self, t: Term) -> Row:
        """Return (first, last, derivative) for all code points whose derivative is not EMPTY."""
        row = self._rows.get(t)
        if row is None:
            below = self._owner(t)
            row = self._rows[t] = below.row(t) if below else self._compute_row(t)
        return row

    def _owner(self, t: Term) -> Terms | None:
        """Return the arena below, where a term is one of its own."""
        return self.base if t.shared else None

    def _compute_row(self, t: Term) -> Row:
        match t.kind:
            case Kind.EMPTY | Kind.EPSILON:
                return ()
            case Kind.CHARS:
                return tuple((low, high, self.EPSILON) for low, high in t.intervals)
            case Kind.WORDS:
                return self._words_row(t.words)
            case Kind.CONCAT:
                return self._concat_row(t)
            case Kind.UNION:
                return combine([self.row(part) for part in t.parts], self.union, 1)
            case Kind.INTERSECT:
                rows = [self.row(part) for part in t.parts]
                return combine(rows, self.intersect, len(rows))
            case Kind.COMPLEMENT:
                return self._complement_row(self.row(t.parts[0]))
            case Kind.SUBSTRING:
                substrings, state = quoted_by(t)
                edges = substrings.edges(state)
                return joined((code, code, self.substring(substrings, to)) for code, to in edges)
            case Kind.REPEAT:
                less = self.repeat(t.parts[0], max(t.low - 1, 0), t.high and t.high - 1)
                return self._followed(self.row(t.parts[0]), less)

    def _words_row(self, words: tuple[str, ...]) -> Row:
        pieces = []
        for first, group in groupby(words, key=lambda word: word[0]):  # they are sorted
            rest = self.any_of(word[1:] for word in group)
            pieces.append((ord(first), ord(first), rest))
        return joined(pieces)

    def _concat_row(self, t: Term) -> Row:
        """Return the row of r s t ... up to its first factor that is not nullable."""
        rows: list[Row] = []
        while t.kind is Kind.CONCAT:
            head, tail = t.parts
            rows.append(self._followed(self.row(head), tail))
            t = tail
            if not head.nullable:
                break
        else:
            rows.append(self.row(t))
        return rows[0] if len(rows) == 1 else combine(rows, self.union, 1)

    def _followed(self, row: Row, tail: Term) -> Row:
        """Return the row with ``tail`` behind each derivative."""
        targets = {target: self.concat(target, tail) for target in targets_of(row)}
        return joined((low, high, targets[target]) for low, high, target in row)

    def _complement_row(self, row: Row) -> Row:
        gaps = sets.invert(sets.normalize((low, high) for low, high, _ in row))
        pieces = [(low, high, self.ANY) for low, high in gaps]
        pieces += [(low, high, self.complement(target)) for low, high, target in row]
        return joined(sorted(pieces, key=lambda piece: piece[0]))

    def live_row(self, t: Term) -> Row:
        """Return the row without the derivatives that have no word.

        Raises:
            TooComplex: to tell them apart takes too much work.
        """
        row = self._live_rows.get(t)
        if row is None and (below := self._owner(t)):
            row = self._live_rows[t] = below.live_row(t)
        if row is None:
            live = {target: not self.is_empty(target) for target in targets_of(self.row(t))}
            row = self._live_rows[t] = tuple(piece for piece in self.row(t) if live[piece[2]])
        return row

    def transitions(self, t: Term) -> tuple[tuple[Intervals, Term], ...]:
        """Return (code points, derivative) for each derivative that has a word.

        Raises:
            TooComplex: to tell which those are takes too much work.
        """
        by_target: dict[Term, list[tuple[int, int]]] = {}
        for low, high, target in self.live_row(t):
            by_target.setdefault(target, []).append((low, high))
        return tuple((tuple(pairs), target) for target, pairs in by_target.items())

    def classes(self, t: Term) -> tuple[tuple[Intervals, int], ...]:
        """Return (code points, one of them): a partition of the universe by equal derivative."""
        by_target: dict[Term, list[tuple[int, int]]] = {}
        for low, high, target in self.row(t):
            by_target.setdefault(target, []).append((low, high))
        parts = [tuple(pairs) for pairs in by_target.values()]
        rest = sets.invert(sets.union(*parts))
        return tuple((part, sets.preferred(part)) for part in (*parts, rest) if part)

    def contains(self, t: Term, word: str) -> bool:
        """Return whether a word belongs to a term; by its form as far as that goes."""
        match t.kind:
            case Kind.UNION:
                return any(self.contains(part, word) for part in t.parts)
            case Kind.INTERSECT:
                return all(self.contains(part, word) for part in t.parts)
            case Kind.COMPLEMENT:
                return not self.contains(t.parts[0], word) and _in_universe(word)
            case Kind.WORDS:
                return word in t.words
        for char in word:
            t = self.derivative(t, ord(char))
        return t.nullable

    # Emptiness

    def is_empty(self, t: Term) -> bool:
        """Return whether a term has no word at all; exact.

        Raises:
            TooComplex: the answer takes more derivatives than the limit.
        """
        known = self._lives.get(t)
        if known is None:
            self._spent = 0
            known = self._is_live(t)
        return not known

    def _is_live(self, t: Term) -> bool:
        live = self._lives.get(t)
        if live is None and (below := self._owner(t)):
            live = self._lives[t] = not below.is_empty(t)
        if live is None:
            live = self._live_by_form(t)
            if live is None and _is_quote(t):
                return self._live_by_closure(t)
            if live is None:
                live = self._live_by_search(t, QUICK_STEPS)  # nearly always enough
            if live is None:
                live = self._live_by_length(t)
            if live is None:
                live = self._live_by_search(t, None)
            assert live is not None
            self._lives[t] = live
        return live

    def _live_by_form(self, t: Term) -> bool | None:
        """Return whether t has a word where its form tells, else None.

        It goes into the operands of concatenation, union and repetition. Those are never the term
        that a search is under way for: no derivative of a term contains the term as an operand.
        """
        if t.nullable or t.kind in (Kind.CHARS, Kind.WORDS, Kind.SUBSTRING):
            return True
        match t.kind:
            case Kind.CONCAT:
                return self._concat_is_live(t)
            case Kind.UNION:
                return any(self._is_live(part) for part in t.parts)
            case Kind.REPEAT:
                return self._is_live(t.parts[0])
            case Kind.COMPLEMENT:
                return True if t.parts[0].max_length is not None else None
            case Kind.INTERSECT:
                quotes, low, high = bounded_quotes(t)
                if quotes:
                    return any(substrings.has_length(q, low, high) for substrings, q in quotes)
                words = next((part.words for part in t.parts if part.words), None)
                if words is not None:
                    return any(all(self.contains(part, w) for part in t.parts) for w in words)
                positive = [part for part in t.parts if part.kind is not Kind.COMPLEMENT]
                return None if all(self._is_live(part) for part in positive) else False
        return False

    def _concat_is_live(self, t: Term) -> bool:
        """Return whether all factors have a word, and remember it of all suffixes of the spine."""
        suffixes = []
        while t.kind is Kind.CONCAT and t not in self._lives and self._is_live(t.parts[0]):
            suffixes.append(t)
            t = t.parts[1]
        live = self._lives.get(t, False) if t.kind is Kind.CONCAT else self._is_live(t)
        for suffix in suffixes:
            self._lives[suffix] = live
        return live

    def _live_by_length(self, t: Term) -> bool | None:
        """Return whether r & A{m,n} has a word, from the word lengths of r & A*; None: no table."""
        for part in t.parts:
            run = as_run(part)
            if t.kind is not Kind.INTERSECT or run is None or run[1:] == (0, None):
                continue
            others = [other for other in t.parts if other is not part]
            rest = self.intersect(*others, self.star(self.chars(run[0])))
            profile = self._profile(rest)
            return None if profile is None else profile.has_length(rest, run[1], run[2])
        return None

    def _profile(self, t: Term) -> WordLengths | None:
        if t not in self._profiles:
            graph = self._graph(t)
            profile = None if len(graph) > PROFILE_STATES else tabulate(graph)
            for state in graph:  # the derivatives of t share its table
                self._profiles.setdefault(state, profile)
        return self._profiles[t]

    def _graph(self, t: Term) -> dict[Term, list[Term]]:
        """Return the derivatives of t with their derivatives; cut off past PROFILE_STATES."""
        graph: dict[Term, list[Term]] = {}
        waiting = [t]
        while waiting and len(graph) <= PROFILE_STATES:
            state = waiting.pop()
            if state not in graph:
                self._spend()
                graph[state] = targets_of(self.row(state))
                waiting.extend(graph[state])
        return graph

    def _live_by_search(self, root: Term, steps: int | None) -> bool | None:
        """Return whether a derivative of the root has a word, looking at the shortest first.

        None: not found out within so many steps. Without that limit, the lengths of the words of
        the derivatives are looked at as well.
        """
        order = count()
        parents: dict[Term, Term | None] = {root: None}
        heap = [(root.min_length, 0, root)]
        while heap:
            _, _, t = heapq.heappop(heap)
            live = None if t is root else self._lives.get(t)
            if live is None and t is not root:
                live = self._live_by_form(t)
                if live is None and steps is None:
                    live = self._live_by_length(t)
            if live:
                self._mark_live(t, parents)
                return True
            if live is not None:
                self._lives[t] = False
                continue
            if steps is not None:
                steps -= 1
                if steps < 0:
                    return None
            self._spend()
            for target in targets_of(self.row(t)):
                if target not in parents:
                    parents[target] = t
                    heapq.heappush(heap, (target.min_length, -next(order), target))
        for t in parents:  # nothing that can be reached has a word
            self._lives[t] = False
        return False

    def _live_by_closure(self, root: Term) -> bool:
        """Return whether a term of quotes has a word, and settle all its derivatives.

        All at once and at the first question: from a place in a text behind which no quote can end
        any more, a search would have to go on to the text's end.
        """
        sources: dict[Term, list[Term]] = {root: []}  # a derivative -> those it is one of
        waiting, live = [root], []
        while waiting:
            t = waiting.pop()
            known = self._lives.get(t)
            if known is None and t is not root:
                known = self._live_by_form(t)
            if known is not None:
                live += [t] if known else []
                continue
            self._spend()
            for target in targets_of(self.row(t)):
                if target not in sources:
                    sources[target] = []
                    waiting.append(target)
                sources[target].append(t)
        self._lives.update(dict.fromkeys(sources, False))
        while live:
            t = live.pop()
            if not self._lives[t]:
                self._lives[t] = True
                live += sources[t]
        return self._lives[root]

    def _mark_live(self, t: Term, parents: dict[Term, Term | None]) -> None:
        node: Term | None = t
        while node is not None:
            self._lives[node] = True
            node = parents[node]

    def _spend(self) -> None:
        self._spent += 1
        self._check(self._spent)

    def _check(self, number: int) -> None:
        if number > self.limits.derivatives:
            raise TooComplex(f"more than {self.limits.derivatives} derivatives of a string pattern")

    # Words

    def shortest(self, t: Term) -> str:
        """Return a shortest word, of letters and digits where there is a choice.

        Raises:
            ValueError: the term has no word.
            TooComplex: the answer takes more derivatives than the limit.
        """
        return self.cheapest(t, by_length)[1]

    def cheapest(self, t: Term, weigh: Weigh) -> tuple[int, str]:
        """Return (cost, word) of a word whose code points cost least in sum.

        Raises:
            ValueError: the term has no word.
            TooComplex: the answer takes more derivatives than the limit.
        """
        if self.is_empty(t):
            raise ValueError("the term has no word")
        return self._find_cheapest(t, weigh)

    def _find_cheapest(self, t: Term, weigh: Weigh) -> tuple[int, str]:
        known = self._cheapest.get((t, weigh))
        if known is None:
            below = self._owner(t)
            known = below.cheapest(t, weigh) if below else self._cheapest_by_form(t, weigh)
            self._cheapest[t, weigh] = known
        return known

    def _cheapest_by_form(self, t: Term, weigh: Weigh) -> tuple[int, str]:
        if t.nullable:
            return 0, ""
        quotes, low, high = bounded_quotes(t)
        if quotes:  # one with the fewest code points, though perhaps not the cheapest of these
            ends = [s.word(q, low, high) for s, q in quotes if s.has_length(q, low, high)]
            word = min(ends, key=len)
            return _cost(word, weigh), word
        match t.kind:
            case Kind.CHARS:
                cost, code_point = weigh(t.intervals)
                return cost, chr(code_point)
            case Kind.WORDS:
                return min(((_cost(word, weigh), word) for word in t.words), key=_reading)
            case Kind.CONCAT:
                found = []
                while t.kind is Kind.CONCAT:
                    found.append(self._find_cheapest(t.parts[0], weigh))
                    t = t.parts[1]
                found.append(self._find_cheapest(t, weigh))
                return sum(cost for cost, _ in found), "".join(word for _, word in found)
            case Kind.UNION:
                live = [part for part in t.parts if self._is_live(part)]
                return min((self._find_cheapest(part, weigh) for part in live), key=_reading)
            case Kind.REPEAT:
                cost, word = self._find_cheapest(t.parts[0], weigh)
                return cost * t.low, word * t.low
        return self._cheapest_by_search(t, weigh)

    def _cheapest_by_search(self, root: Term, weigh: Weigh) -> tuple[int, str]:
        """Return the cheapest word by A*: cost so far + the least length of what follows."""
        order = count()
        best: dict[Term, int] = {root: 0}
        came: dict[Term, tuple[Term, int]] = {}
        heap: list[tuple[int, int, int, Term, bool]] = [(root.min_length, 0, 0, root, False)]
        while heap:
            total, negated_cost, _, t, is_goal = heapq.heappop(heap)
            if is_goal:
                return total, _path(t, came) + self._find_cheapest(t, weigh)[1]
            cost = -negated_cost
            if cost > best[t]:
                continue
            self._check(len(best))
            if t.nullable or t.kind not in (Kind.INTERSECT, Kind.COMPLEMENT):
                rest = self._find_cheapest(t, weigh)[0]
                heapq.heappush(heap, (cost + rest, negated_cost, -next(order), t, True))
                continue
            steps = [(*weigh(pairs), target) for pairs, target in self.transitions(t)]
            steps.sort(key=lambda step: sets.rank(step[1]), reverse=True)  # the best is pushed last
            for price, code_point, target in steps:
                if target not in best or cost + price < best[target]:
                    best[target] = cost + price
                    came[target] = t, code_point
                    bound = cost + price + target.min_length
                    entry = (bound, -cost - price, -next(order), target, False)
                    heapq.heappush(heap, entry)
        raise ValueError("the term has no word")

    def words(self, t: Term, limit: int) -> tuple[str, ...] | None:
        """Return all words, by length and then by code points, or None if above ``limit``.

        Raises:
            TooComplex: the answer takes more derivatives than the limit.
        """
        if self.count_words(t, limit) is None:
            return None
        found: list[str] = []
        level = [("", t)] if not self.is_empty(t) else []
        while level:
            found.extend(word for word, state in level if state.nullable)
            level = [
                (word + chr(code_point), target)
                for word, state in level
                for low, high, target in self.live_row(state)
                for code_point in range(low, high + 1)
            ]
        return tuple(found)

    def count_words(self, t: Term, limit: int) -> int | None:
        """Return how many words there are, or None if more than ``limit``.

        Different live prefixes of one length go on to different words, so more than ``limit`` of
        them settle it; and so does a prefix as long as there are derivatives, for it has a loop.

        Raises:
            TooComplex: the answer takes more derivatives than the limit.
        """
        found, length = 0, 0
        level = {t: 1} if not self.is_empty(t) else {}
        seen = set(level)
        while level:
            found += sum(number for state, number in level.items() if state.nullable)
            following: dict[Term, int] = {}
            for state, number in level.items():
                for low, high, target in self.live_row(state):
                    following[target] = following.get(target, 0) + number * (high - low + 1)
            seen.update(following)
            self._check(len(seen))
            length += 1
            if found + sum(following.values()) > limit or (following and length >= len(seen)):
                return None
            level = following
        return found if found <= limit else None


def _in_universe(word: str) -> bool:
    """Return whether a word is without lone surrogates, which no term has."""
    return word.isascii() or not any(0xD800 <= ord(char) <= 0xDFFF for char in word)


def _is_quote(t: Term) -> bool:
    """Return whether all words of a term are quotes."""
    if t.kind is Kind.UNION:
        return all(map(_is_quote, t.parts))
    return t.quoted is not None or (t.kind is Kind.INTERSECT and any(map(_is_quote, t.parts)))


def bounded_quotes(t: Term) -> tuple[list[Quoted], int, int | None]:
    """Return (the parts of u, m, n) where t = u & A{m,n} and u is a union of SUBSTRING; else ()."""
    parts: tuple[Term, ...] = (t,)
    low, high = 0, None
    if t.kind is Kind.INTERSECT and len(t.parts) == 2:
        run = next((run for run in map(as_run, t.parts) if run is not None), None)
        if run is not None and run[0] == UNIVERSE:
            _, low, high = run
            parts = tuple(part for part in t.parts if as_run(part) is None)
    if len(parts) == 1 and parts[0].kind is Kind.UNION:
        parts = parts[0].parts
    quotes = [part.quoted for part in parts if part.quoted is not None]
    return (quotes, low, high) if len(quotes) == len(parts) else ([], 0, None)


def _cost(word: str, weigh: Weigh) -> int:
    """Return what the code points of a word cost in sum."""
    return sum(weigh(((ord(char), ord(char)),))[0] for char in word)


def _reading(found: tuple[int, str]) -> tuple[int, list[tuple[int, int]]]:
    """Return a key by which (cost, word) pairs are sorted: the cheapest, then what reads best."""
    cost, word = found
    return cost, [sets.rank(ord(char)) for char in word]


def _path(t: Term, came: dict[Term, tuple[Term, int]]) -> str:
    """Return the word that led to a term."""
    codes = []
    while t in came:
        t, code_point = came[t]
        codes.append(chr(code_point))
    return "".join(reversed(codes))
