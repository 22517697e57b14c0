"""Texts that are bound by little: their length, and some words that they may not be.

>>> from minilora.grammar.terms import Terms
>>> t = Terms()
>>> loose = loose_of(t.intersect(t.length(1, 5), t.complement(t.any_of(["ab", "c"]))))
>>> loose.low, loose.high, sorted(loose.left_out)
(1, 5, ['ab', 'c'])
>>> loose_of(t.star(t.literal("a"))) is None
True
"""

from __future__ import annotations

from typing import NamedTuple

from minilora.grammar.intervals import UNIVERSE
from minilora.grammar.term import Kind, Term, as_run, least

MAX_CHARS = 1000  # single characters that are left out one by one


class Loose(NamedTuple):
    """Any text that keeps to few rules.

    Attributes:
        low, high: least and greatest number of characters; None has no end.
        left_out: texts that it may not be, each shorter or longer than ``high``.
    """

    low: int
    high: int | None
    left_out: frozenset[str]


def loose_of(term: Term) -> Loose | None:
    """Return the rules of a term whose words keep to no others.

    None also where a word of full length is left out: its text cannot go on to become another.
    """
    low, high = 0, None
    left_out: set[str] = set()
    for part in term.parts if term.kind is Kind.INTERSECT else (term,):
        run = as_run(part)
        if run is not None and run[0] == UNIVERSE:
            low, high = max(low, run[1]), least(high, run[2])
        elif part.kind is Kind.COMPLEMENT and (words := few_words(part.parts[0])) is not None:
            left_out |= words
        else:
            return None
    if any(len(word) == high for word in left_out):
        return None
    return Loose(low, high, frozenset(left_out))


def few_words(term: Term) -> set[str] | None:
    """Return the words of a term that is nothing but a list of them, else None."""
    match term.kind:
        case Kind.EPSILON:
            return {""}
        case Kind.WORDS:
            return set(term.words)
        case Kind.CHARS if sum(last - first + 1 for first, last in term.intervals) <= MAX_CHARS:
            return {chr(c) for first, last in term.intervals for c in range(first, last + 1)}
        case Kind.UNION:
            lists = [few_words(part) for part in term.parts]
            found = [words for words in lists if words is not None]
            return set().union(*found) if len(found) == len(lists) else None
    return None
