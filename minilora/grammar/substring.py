"""All substrings of a text as an automaton: quotes that cannot be invented.

The suffix automaton of a text of n code points is the smallest deterministic automaton of its
substrings; it has at most 2n - 1 states and 3n - 4 edges and is built in linear time. A state is a
set of places, its *ends*: where in the text the substrings that lead to it end. Its suffix link
leads to the state of the longest shorter ending with more ends, so the links form a tree in which
the ends of a state are those of the states below it, and the place it was made for.

Quotes of whole words begin where a word may begin and stop where one may stop. Both places are
marked in the text,

    "<An> <owl>,"   for   "An owl,"      (and < > around the comma and the quotation marks)

and the automaton is built of the marked text. A word's beginning is the state after <, it may stop
where > may follow, and reading a code point goes through the marks before it. That stays
deterministic since what is marked between two code points depends on these two alone.

>>> quotes = Substrings("An owl, a hat", whole_words=True)
>>> [quotes.contains(quote) for quote in ("owl, a", "owl,", "wl", "a owl", " owl", "hat")]
[True, True, False, False, False, True]

Source: Blumer, Blumer, Haussler, Ehrenfeucht, Chen and Seiferas 1985, The smallest automaton
recognizing the subwords of a text, Theoretical Computer Science 40.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain

import numpy as np
from numpy.typing import NDArray

START, STOP = -1, -2  # the marks < and >

Ints = NDArray[np.int64]


@dataclass
class SuffixAutomaton:
    """The automaton of a list of symbols; state 0 is that of the empty substring.

    Attributes:
        edges: state -> symbol -> state.
        link: state -> its suffix link; -1 for state 0.
        length: state -> symbols of the longest substring that leads to it.
        first_end: state -> where the first of these stops, in symbols from the beginning.
        made_for: state -> whether its first end is the place it was made for; a copy has none.
    """

    edges: list[dict[int, int]] = field(default_factory=lambda: [{}])
    link: list[int] = field(default_factory=lambda: [-1])
    length: list[int] = field(default_factory=lambda: [0])
    first_end: list[int] = field(default_factory=lambda: [0])
    made_for: list[bool] = field(default_factory=lambda: [True])

    @classmethod
    def of(cls, symbols: Iterable[int]) -> SuffixAutomaton:
        """Return the automaton of some symbols, read one after the other."""
        automaton = cls()
        edges, link, length = automaton.edges, automaton.link, automaton.length
        last = 0
        for place, symbol in enumerate(symbols, 1):
            new = automaton._new({}, 0, place, place, True)
            state = last
            while state >= 0 and symbol not in edges[state]:
                edges[state][symbol] = new
                state = link[state]
            if state >= 0:
                after = edges[state][symbol]
                if length[after] > length[state] + 1:  # it holds longer substrings: split it
                    after = automaton._split(state, symbol, after)
                link[new] = after
            last = new
        return automaton

    def _new(
        self, edges: dict[int, int], link: int, length: int, first_end: int, made_for: bool
    ) -> int:
        self.edges.append(edges)
        self.link.append(link)
        self.length.append(length)
        self.first_end.append(first_end)
        self.made_for.append(made_for)
        return len(self.edges) - 1

    def _split(self, state: int, symbol: int, whole: int) -> int:
        """Return a copy of a state for those of its substrings that now have one end more."""
        edges, link = self.edges, self.link
        copy = self._new(
            edges[whole].copy(), link[whole], self.length[state] + 1, self.first_end[whole], False
        )
        while state >= 0 and edges[state].get(symbol) == whole:
            edges[state][symbol] = copy
            state = link[state]
        link[whole] = copy
        return copy


class Substrings:
    """The substrings of a text, the empty one among them.

    Build it once a text, and give it wherever the text itself may be given. 200,000 characters take
    about a second and, once built, 20 MB.

    Args:
        text: what is quoted.
        whole_words: whether a quote may cut no word of the text, nor begin or end with white space.
            A word is a run of letters, digits, marks and underscores.

    Attributes:
        start: the state before the first code point of a quote. From every state some quote can be
            completed.

    Raises:
        ValueError: no text.
    """

    def __init__(self, text: str, whole_words: bool = False) -> None:
        check_text(text, "the text to quote")
        self.whole_words = whole_words
        self.text = text.strip() if whole_words else text
        symbols = _marked(self.text) if whole_words else list(map(ord, self.text))
        automaton = SuffixAutomaton.of(symbols)
        self.start = automaton.edges[0].get(START, 0)
        places = np.cumsum([0, *(symbol >= 0 for symbol in symbols)])  # in the text, by symbols
        self._first_end = places[automaton.first_end]
        self._ends: _Ends | None = None
        if whole_words:
            self._ends = _Ends.of(automaton, places, symbols)
            automaton.edges = _unmarked(automaton.edges)
        # Edges as one array: those of a state stand together, by code points.
        counts = [len(edges) for edges in automaton.edges]
        codes = np.fromiter(chain.from_iterable(automaton.edges), np.int64)
        targets = np.fromiter(
            chain.from_iterable(edges.values() for edges in automaton.edges), np.int64
        )
        order = np.argsort(np.repeat(np.arange(len(counts)), counts) << 21 | codes)
        self._codes = codes[order].astype(np.int32)
        self._targets = targets[order].astype(np.int32)
        self._first_edge = np.cumsum([0, *counts])

    def __len__(self) -> int:
        """Return the number of states."""
        return len(self._first_edge) - 1

    def contains(self, quote: str) -> bool:
        """Return whether a text is one of the substrings."""
        state = self.start
        for char in quote:
            after = dict(self.edges(state)).get(ord(char))
            if after is None:
                return False
            state = after
        return self.ends(state)

    def edges(self, state: int) -> list[tuple[int, int]]:
        """Return (code point, next state), by code points."""
        first, last = self._first_edge[state], self._first_edge[state + 1]
        codes, targets = self._codes[first:last].tolist(), self._targets[first:last].tolist()
        return list(zip(codes, targets, strict=True))

    def ends(self, state: int) -> bool:
        """Return whether a quote may stop here."""
        return self.shortest(state) == 0

    def shortest(self, state: int) -> int:
        """Return the code points that are left of the shortest quote."""
        if self._ends is None or state == self.start:
            return 0
        return int(self._ends.to_stop[state])

    def longest(self, state: int) -> int:
        """Return the code points that are left of the longest quote: the rest of the text."""
        return len(self.text) - int(self._first_end[state])

    def has_length(self, state: int, low: int, high: int | None) -> bool:
        """Return whether a quote may stop ``low`` to ``high`` code points from here."""
        if high is not None and low > high:
            return False
        if low > self.longest(state):
            return False
        if low == 0 and self.ends(state):
            return True
        if self._ends is None:
            return True
        return self._stop(state, low)[1] <= (len(self.text) if high is None else high)

    def word(self, state: int, low: int, high: int | None) -> str:
        """Return one of the shortest ends of ``low`` to ``high`` code points, out of the text.

        Raises:
            ValueError: there is none.
        """
        if not self.has_length(state, low, high):
            raise ValueError(f"no quote stops {low} to {high} code points from state {state}")
        if low == 0 and self.ends(state):
            return ""
        begin, length = int(self._first_end[state]), low
        if self._ends is not None:
            begin, length = self._stop(state, low)
        return self.text[begin : begin + length]

    def _stop(self, state: int, low: int) -> tuple[int, int]:
        """Return (end, code points from there to a stop, at least ``low``) with the fewest."""
        assert self._ends is not None
        ends = self._ends.of_state(state)
        ends = ends[ends + low <= len(self.text)]
        lengths = self._ends.next_stop[ends + low] - ends
        best = int(lengths.argmin())
        return int(ends[best]), int(lengths[best])


@dataclass(frozen=True)
class _Ends:
    """Where the substrings of each state end, in the unmarked text.

    The ends of all states below one in the tree of links stand together in ``places``.

    Attributes:
        places: ends of the states that have one of their own, in the order of the tree.
        first, count: state -> which of them are its ends.
        next_stop: (n + 1,) place -> the first place from there on where a word may stop.
        to_stop: state -> the least distance from one of its ends to a stop.
    """

    places: Ints
    first: list[int]
    count: list[int]
    next_stop: Ints
    to_stop: Ints

    @classmethod
    def of(cls, automaton: SuffixAutomaton, places: Ints, symbols: list[int]) -> _Ends:
        """Gather the ends of an automaton of a marked text whose places are given by symbol."""
        n_places = int(places[-1]) + 1
        next_stop = np.full(n_places, n_places, np.int64)  # beyond the text: no stop
        stops = places[1:][np.array(symbols, np.int64) == STOP]
        next_stop[stops] = stops
        next_stop = np.minimum.accumulate(next_stop[::-1])[::-1]

        link, n = automaton.link, len(automaton.link)
        by_length = np.argsort(automaton.length, kind="stable").tolist()
        count = [int(own) for own in automaton.made_for]
        own_end = places[automaton.first_end]
        to_stop = (next_stop[own_end] - own_end).tolist()
        for state in reversed(by_length[1:]):
            above = link[state]
            count[above] += count[state]
            to_stop[above] = min(to_stop[above], to_stop[state])
        first, taken = [0] * n, [0] * n
        in_order = np.zeros(count[0], np.int64)
        for state in by_length:
            above = link[state]
            if above >= 0:
                first[state] = first[above] + taken[above]
                taken[above] += count[state]
            if automaton.made_for[state]:
                in_order[first[state]] = own_end[state]
                taken[state] = 1
        return cls(in_order, first, count, next_stop, np.array(to_stop))

    def of_state(self, state: int) -> Ints:
        """Return the ends of a state."""
        return self.places[self.first[state] : self.first[state] + self.count[state]]


def _marked(text: str) -> list[int]:
    """Return the code points of a text with START and STOP between them.

    A quote may begin before, and stop after, anything but white space, unless that would cut a word
    in two. Where it may do both, STOP stands first.
    """
    symbols: list[int] = []
    before = ""
    for char in [*text, ""]:
        inside = _is_word(before) and _is_word(char)
        if before and not before.isspace() and not inside:
            symbols.append(STOP)
        if char and not char.isspace() and not inside:
            symbols.append(START)
        if char:
            symbols.append(ord(char))
        before = char
    return symbols


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or (char > "\x7f" and unicodedata.category(char)[0] == "M")


def _unmarked(edges: list[dict[int, int]]) -> list[dict[int, int]]:
    """Return the edges by code points alone, through any marks before them."""
    direct = []
    for state in range(len(edges)):
        found: dict[int, int] = {}
        waiting = [state]
        while waiting:
            for symbol, after in edges[waiting.pop()].items():
                if symbol < 0:
                    waiting.append(after)
                else:
                    found[symbol] = after
        direct.append(found)
    return direct


def check_text(text: object, name: str) -> str:
    """Return the text if it is one that UTF-8 can hold.

    Raises:
        ValueError: it is no string, or has a lone surrogate.
    """
    if not isinstance(text, str):
        raise ValueError(f"{name} must be a string, got {type(text).__name__}")
    if not text.isascii():
        lone = next((char for char in text if "\ud800" <= char <= "\udfff"), None)
        if lone is not None:
            raise ValueError(f"{name} has the lone surrogate U+{ord(lone):04X}: no character")
    return text
