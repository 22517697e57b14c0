"""Regular terms of ECMA-262 patterns, as JSON Schema's ``pattern`` means them: a match anywhere.

Anchors may stand anywhere. A tree is turned into the words that it matches at a place in a text, so
the translation F(node, s, e) takes two flags: s, the match begins where the text does; e, it ends
where the text does. E(node, s, e) says whether it matches the empty word there. Then for words that
are not empty

    F(xy, s, e)     = F(x, s, 0) F(y, 0, e) | F(y, s, e) if E(x, s, 0) | F(x, s, e) if E(y, 0, e)
    F(x{m,n}, s, e) = F(x, s, e) if m <= 1 | F(x, s, 0) F(x, 0, 0){m-2,n-2} F(x, 0, e) if n >= 2

and m counts as at most 1 where x also matches the empty word at one of the two ends, for then it
may do so as often as is wanted.

A lookahead that stands in no repetition cuts the text in two: what is before it, u, and what
follows, v, which must also begin with its item, or must not. Where u is empty, v starts where the
text does, and where v is empty, u ends where the text does:

    u v is matched = v in R(s) if E(before, s, 0) | u in F(before, s, 0), v in R(0)
                     | u in F(before, s, 1) if v = "" is in R(0),   R = after & look.

>>> t = Terms()
>>> [t.contains(parse_pattern("^a|b$", t), word) for word in ("ab", "ax", "xb", "xax")]
[True, True, True, False]
"""

from __future__ import annotations

from itertools import product
from math import prod

from minilora.grammar import intervals as sets
from minilora.grammar.pattern_syntax import (
    WORD,
    Ahead,
    Assertion,
    CharSet,
    Choice,
    InvalidPattern,
    Loop,
    Node,
    Sequence,
    UnsupportedPattern,
    read_pattern,
)
from minilora.grammar.terms import Term, Terms

__all__ = ["InvalidPattern", "UnsupportedPattern", "parse_pattern", "parse_whole"]

BOUNDARIES = (Assertion.BOUNDARY, Assertion.NO_BOUNDARY)
MAX_ALTERNATIVES = 64  # that choices with lookaheads make of a pattern
AROUND = Loop(CharSet(sets.UNIVERSE), 0, None)  # a match may stand anywhere


def parse_pattern(pattern: str, terms: Terms) -> Term:
    r"""Return the words in which a pattern matches somewhere.

    Raises:
        InvalidPattern: the pattern is not a regular expression of ECMA-262.
        UnsupportedPattern: it has a lookbehind, a back-reference, an inline flag, a property that
            is not known, a lookahead, \b or \B inside a group, or nests too deep; the message says
            which.
    """
    return terms.union(
        *(_texts((AROUND, *items, AROUND), True, terms) for items in _alternatives(pattern))
    )


def parse_whole(pattern: str, terms: Terms) -> Term:
    """Return the words that a pattern matches from end to end, as if it stood in ``^(?:...)$``.

    Raises:
        InvalidPattern, UnsupportedPattern: as :func:`parse_pattern`.
    """
    return terms.union(*(_texts(items, True, terms) for items in _alternatives(pattern)))


def _alternatives(pattern: str) -> list[tuple[Node, ...]]:
    """Return the items of each alternative of a pattern; none has a choice with lookaheads."""
    found = _spread(read_pattern(pattern))
    if len(found) > MAX_ALTERNATIVES:
        raise UnsupportedPattern("lookaheads in too many choices")
    return [_flat(item) for item in found]


def _spread(node: Node) -> list[Node]:
    """Return what a tree is the choice of: x(y|z) is xy or xz where y or z has a lookahead."""
    match node:
        case Choice():
            return [part for item in node.items for part in _spread(item)]
        case Sequence() if _has_lookahead(node):
            items = [_spread(item) if _has_lookahead(item) else [item] for item in node.items]
            if prod(map(len, items)) > MAX_ALTERNATIVES:
                raise UnsupportedPattern("lookaheads in too many choices")
            return [Sequence(parts) for parts in product(*items)]
        case _:
            return [node]


def _flat(node: Node) -> tuple[Node, ...]:
    """Return the items of a sequence, those of the sequences inside it too."""
    if not isinstance(node, Sequence):
        return (node,)
    return tuple(part for item in node.items for part in _flat(item))


def _texts(items: tuple[Node, ...], start: bool, terms: Terms) -> Term:
    """Return the texts that items match from end to end, from the start of the text or later."""
    at = next((i for i, item in enumerate(items) if isinstance(item, Ahead)), None)
    if at is not None:
        return _with_lookahead(items[:at], items[at], items[at + 1 :], start, terms)
    if any(item in BOUNDARIES for item in items):
        return _with_boundaries(items, terms)
    return _Translation(terms).whole(Sequence(items), start)


def _with_lookahead(
    before: tuple[Node, ...], look: Node, after: tuple[Node, ...], start: bool, terms: Terms
) -> Term:
    """Return the texts u v, u matched by ``before``, v by ``after`` and as the lookahead wants."""
    assert isinstance(look, Ahead)
    if any(_has(item, wrong) for item in (*before, look.item, *after) for wrong in BOUNDARIES):
        raise UnsupportedPattern("a word boundary beside a lookahead")

    def rest(start: bool) -> Term:
        """Return R(start) of the module's text."""
        ahead = _Translation(terms).whole(Sequence((look.item, AROUND)), start)
        if look.negative:
            ahead = terms.complement(ahead)
        return terms.intersect(_texts(after, start, terms), ahead)

    head, first = _Translation(terms), Sequence(before)
    something = terms.repeat(terms.chars(sets.UNIVERSE), 1, None)
    later, now = rest(False), rest(start)
    empty = [terms.EPSILON] if head.matches_empty(first, start, False) else []
    read = head.words(first, start, False)
    if later is now:
        options = [terms.concat(terms.union(read, *empty), now)]
    else:
        options = [terms.concat(terms.intersect(read, something), later), *(now for _ in empty)]
    if any(_has(item, Assertion.END) for item in before):
        if terms.nullable(later):
            options.append(terms.intersect(head.words(first, start, True), something))
        if terms.nullable(now) and head.matches_empty(first, start, True):
            options.append(terms.EPSILON)
    return terms.union(*options)


def _has(node: Node, assertion: Assertion) -> bool:
    """Return whether an assertion stands in a tree."""
    match node:
        case Assertion():
            return node is assertion
        case CharSet():
            return False
        case Loop() | Ahead():
            return _has(node.item, assertion)
        case Sequence() | Choice():
            return any(_has(item, assertion) for item in node.items)


def _has_lookahead(node: Node) -> bool:
    """Return whether a lookahead stands in a tree."""
    match node:
        case Ahead():
            return True
        case Loop():
            return _has_lookahead(node.item)
        case Sequence() | Choice():
            return any(map(_has_lookahead, node.items))
        case _:
            return False


def _with_boundaries(items: tuple[Node, ...], terms: Terms) -> Term:
    r"""Return the texts that items with \b and \B among them match from end to end.

    ``reached[x, y]`` are the beginnings of a text read so far that end with x and must go on with
    one of y, out of: "word" a word character, "other" another one, "edge" an end of the text.
    """
    reached = {("edge", frozenset(("word", "other", "edge"))): terms.EPSILON}
    for item in items:
        following: dict[tuple[str, frozenset[str]], list[Term]] = {}
        for (last, demand), before in reached.items():
            for key, term in _step(item, last, demand, terms):
                following.setdefault(key, []).append(terms.concat(before, term))
        reached = {key: terms.union(*found) for key, found in following.items()}
    return terms.union(*(term for (_, demand), term in reached.items() if "edge" in demand))


def _step(
    item: Node, last: str, demand: frozenset[str], terms: Terms
) -> list[tuple[tuple[str, frozenset[str]], Term]]:
    """Return ((x, y), words) for all that an item may read between ``last`` and ``demand``."""
    if isinstance(item, Assertion):
        boundary = frozenset(("other", "edge") if last == "word" else ("word",))
        allowed = {
            Assertion.START: demand if last == "edge" else frozenset(),
            Assertion.END: demand & {"edge"},
            Assertion.BOUNDARY: demand & boundary,
            Assertion.NO_BOUNDARY: demand - boundary,
        }[item]
        return [((last, allowed), terms.EPSILON)] if allowed else []
    if _has_assertion(item):
        raise UnsupportedPattern("a word boundary beside a group with an assertion")
    words = _Translation(terms).whole(item)
    steps = [((last, demand), terms.EPSILON)] if words.nullable else []
    kinds = {"word": terms.chars(WORD), "other": terms.chars(sets.invert(WORD))}
    firsts = [terms.concat(kinds[kind], terms.ANY) for kind in sorted(demand - {"edge"})]
    for kind, chars in kinds.items():
        read = terms.intersect(words, terms.union(*firsts), terms.concat(terms.ANY, chars))
        steps.append(((kind, frozenset(("word", "other", "edge"))), read))
    return steps


class _Translation:
    """F and E of the module's text, each node and pair of flags once."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._known: dict[tuple[int, bool, bool], Term] = {}
        self._empty: dict[tuple[int, bool, bool], bool] = {}
        self._asserting: dict[int, bool] = {}

    def whole(self, node: Node, start: bool = True) -> Term:
        """Return the texts that a tree matches from end to end, from the start or later."""
        words = self.words(node, start, True)
        if self.matches_empty(node, start, True):
            return self.terms.union(self.terms.EPSILON, words)
        return words

    def words(self, node: Node, start: bool, end: bool) -> Term:
        """Return F(node, start, end); it has the empty word only where E holds."""
        if not self._has_assertion(node):
            start = end = False  # the flags mean nothing to it
        key = id(node), start, end
        if key not in self._known:
            self._known[key] = self._translate(node, start, end)
        return self._known[key]

    def _translate(self, node: Node, start: bool, end: bool) -> Term:
        match node:
            case CharSet():
                return self.terms.chars(node.intervals)
            case Sequence():
                if self._has_assertion(node):
                    return self._sequence(node.items, start, end)
                return self.terms.concat(*(self.words(item, False, False) for item in node.items))
            case Choice():
                return self.terms.union(*(self.words(item, start, end) for item in node.items))
            case Loop():
                return self._loop(node, start, end)
            case Ahead():
                raise UnsupportedPattern("a lookahead inside a group")
            case Assertion():
                if node in BOUNDARIES:
                    raise UnsupportedPattern(f"{node.value} inside a group")
                return self.terms.EMPTY

    def _sequence(self, items: tuple[Node, ...], start: bool, end: bool) -> Term:
        """Return F of a sequence, from its last item to its first."""
        terms = self.terms
        # The same for the rest of the items: F and E, by whether the rest stands at the start.
        rest = dict.fromkeys((False, True), terms.EPSILON)
        void = dict.fromkeys((False, True), True)
        for item in reversed(items):
            both = {}
            for flag in {False, start}:
                inner, last = self.words(item, flag, False), self.words(item, flag, end)
                options = [terms.concat(inner, rest[False])]  # may hold one of the next two
                held = inner.nullable and rest[flag] is rest[False]
                if self.matches_empty(item, flag, False) and not held:
                    options.append(rest[flag])
                if void[False] and not (rest[False].nullable and last is inner):
                    options.append(last)
                both[flag] = terms.union(*options)
            rest = both
            void = {flag: void[flag] and self.matches_empty(item, flag, end) for flag in both}
        return rest[start]

    def _loop(self, node: Loop, start: bool, end: bool) -> Term:
        terms, item, low, high = self.terms, node.item, node.low, node.high
        if not self._has_assertion(item):
            return terms.repeat(self.words(item, False, False), low, high)
        if high == 0:
            return terms.EMPTY
        if self.matches_empty(item, start, False) or self.matches_empty(item, False, end):
            low = 1
        once = self.words(item, start, end) if low <= 1 else terms.EMPTY
        if high == 1:
            return once
        inner = terms.repeat(
            self.words(item, False, False), max(low - 2, 0), None if high is None else high - 2
        )
        first, last = self.words(item, start, False), self.words(item, False, end)
        return terms.union(once, terms.concat(first, inner, last))

    def _has_assertion(self, node: Node) -> bool:
        key = id(node)
        if key not in self._asserting:
            match node:
                case Loop():
                    found = self._has_assertion(node.item)
                case Sequence() | Choice():
                    found = any(map(self._has_assertion, node.items))
                case _:
                    found = not isinstance(node, CharSet)
            self._asserting[key] = found
        return self._asserting[key]

    def matches_empty(self, node: Node, start: bool, end: bool) -> bool:
        """Return E(node, start, end)."""
        key = id(node), start, end
        if key not in self._empty:
            self._empty[key] = self._decide_empty(node, start, end)
        return self._empty[key]

    def _decide_empty(self, node: Node, start: bool, end: bool) -> bool:
        match node:
            case CharSet():
                return False
            case Sequence():
                return all(self.matches_empty(item, start, end) for item in node.items)
            case Choice():
                return any(self.matches_empty(item, start, end) for item in node.items)
            case Loop():
                return node.low == 0 or self.matches_empty(node.item, start, end)
            case Ahead():
                raise UnsupportedPattern("a lookahead inside a group")
            case Assertion.START:
                return start
            case Assertion.END:
                return end
            case Assertion():
                raise UnsupportedPattern(f"{node.value} inside a group")


def _has_assertion(node: Node) -> bool:
    """Return whether an anchor or a boundary stands in a tree."""
    match node:
        case Assertion() | Ahead():
            return True
        case CharSet():
            return False
        case Loop():
            return _has_assertion(node.item)
        case Sequence() | Choice():
            return any(_has_assertion(item) for item in node.items)
