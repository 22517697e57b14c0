"""All tokens at once inside a quote: the tree of tokens and the automaton of a text, side by side.

At the beginning of a quote nearly every character may come, and thousands of tokens occur in a text
of some length, each leading to a state of its own. Made into terms and rows of 256 bytes they would
take seconds. Here the tree of tokens is walked together with the edges of the automaton, character
by character; only what a character cannot say (half of one, an escape) goes through the rows.
"""

from __future__ import annotations

from itertools import chain
from typing import NamedTuple

from minilora.grammar.machine import Lexemes
from minilora.grammar.strings import BACKSLASH, QUOTE, spell
from minilora.grammar.substring import Substrings
from minilora.grammar.terms import bounded_quotes
from minilora.grammar.text_heads import DEAD, TextHeads
from minilora.grammar.trie import Trie

MAX_CHARACTER = 11  # bytes that one character begun may still need: of "\\ud83d\\ude00"


class Place(NamedTuple):
    """In a quote: a state of the automaton, and how many characters were read to get there."""

    state: int
    length: int


class QuoteWalk:
    """What all tokens do from a state inside a quote.

    Args:
        heads: the automaton of the strings or plain texts that the quote is read by.
        trie: the tokens.
        substrings, start: what is quoted, and the state that was reached in it.
        low, high: how many characters must and may still come; None has no end.

    Attributes:
        closed: the nodes of the tree at which the quote has just been closed.
    """

    def __init__(
        self,
        heads: TextHeads,
        trie: Trie,
        substrings: Substrings,
        start: int,
        low: int,
        high: int | None,
    ) -> None:
        self.heads, self.trie, self.substrings = heads, trie, substrings
        self.low, self.high = low, high
        self.is_json = heads.closes
        self.closed: list[int] = []
        # Tokens that end between two characters: after the quote may stop, or by where they lead.
        self._may_stop: list[int] = []
        self._stop: Place | None = None  # one of those places, the same bytes end all
        self._between: dict[Place, list[int]] = {}
        # Nodes within a character with the bytes of it that were read; tokens behind an escape.
        self._within: dict[int, tuple[Place, bytes]] = {}
        self._escaped: dict[int, list[int]] = {}  # by the state of the heads
        self._walk(Place(start, 0))

    def ids(self) -> list[int]:
        """Return the tokens after which the quote goes on."""
        within = map(self.trie.tokens_at, self._within)
        lists = (self._may_stop, *self._between.values(), *within, *self._escaped.values())
        return list(chain.from_iterable(lists))

    def tokens(self) -> dict[int, list[int]]:
        """Return state of the heads -> the tokens that lead to it.

        Of the states in which the quote may stop, one stands for all: the same bytes complete them.
        """
        tokens = {number: list(ids) for number, ids in self._escaped.items()}
        for node, (place, written) in self._within.items():
            if ids := self.trie.tokens_at(node):
                number = self._number(place)
                for byte in written:
                    number = self.heads.row(number)[byte]
                tokens.setdefault(number, []).extend(ids)
        stops = {self._stop: self._may_stop} if self._stop is not None else {}
        for place, ids in (*self._between.items(), *stops.items()):
            tokens.setdefault(self._number(place), []).extend(ids)
        return tokens

    def n_needed(self) -> int:
        """Return how many bytes are enough to complete the quote after any of the tokens."""
        inside = MAX_CHARACTER if self._within or self._escaped else 0
        rests = (self.substrings.word(place.state, *self._left(place)) for place in self._between)
        most = max((len(spell(rest)) for rest in rests), default=self.low)
        return most + inside + 1

    def _walk(self, start: Place) -> None:
        """Follow the characters that are written as themselves."""
        trie, edges, is_json = self.trie, self.substrings.edges, self.is_json
        stack = [(0, start)]
        while stack:
            node, place = stack.pop()
            stops = place.length >= self.low and self.substrings.ends(place.state)
            if (ids := trie.tokens_at(node)) and stops:
                self._may_stop += ids
                self._stop = place
            elif ids:
                self._between.setdefault(place, []).extend(ids)
            children = trie.children(node)
            if not children:
                continue
            if is_json and stops and QUOTE in children:
                self.closed.append(children[QUOTE])
            if is_json and BACKSLASH in children:
                self._by_rows(children[BACKSLASH], self._number(place), BACKSLASH)
            for code, after in edges(place.state):
                if is_json and (code < 0x20 or code in (QUOTE, BACKSLASH)):
                    continue  # it must be escaped
                written = b"" if code < 0x80 else chr(code).encode()
                if (written[0] if written else code) not in children:
                    continue
                following = Place(after, place.length + 1)
                if self._is_live(following):
                    child = self._through(node, written, place) if written else children[code]
                    if child is not None:
                        stack.append((child, following))

    def _through(self, node: int, written: bytes, place: Place) -> int | None:
        """Return the node behind a character of several bytes, if the tree goes on so far."""
        for i, byte in enumerate(written, 1):
            child = self.trie.children(node).get(byte)
            if child is None:
                return None
            node = child
            if i < len(written):
                self._within[node] = place, written[:i]
        return node

    def _by_rows(self, node: int, number: int, byte: int) -> None:
        """Follow everything from a node on, which a byte leads to, state by state."""
        stack = [(node, self.heads.row(number)[byte])]
        while stack:
            node, number = stack.pop()
            if number == DEAD:
                continue
            if number < 0:
                self.closed.append(node)
                continue
            if ids := self.trie.tokens_at(node):
                self._escaped.setdefault(number, []).extend(ids)
            row = self.heads.row(number)
            stack += [(child, row[byte]) for byte, child in self.trie.children(node).items()]

    def _left(self, place: Place) -> tuple[int, int | None]:
        """Return the characters that must and may still come after a place."""
        high = None if self.high is None else self.high - place.length
        return max(0, self.low - place.length), high

    def _is_live(self, place: Place) -> bool:
        low, high = self._left(place)
        if low == 0 and high is None:
            return True
        return self.substrings.has_length(place.state, low, high)

    def _number(self, place: Place) -> int:
        """Return the state of the heads for a place."""
        terms = self.heads.terms
        rest = terms.substring(self.substrings, place.state)
        return self.heads.start(terms.intersect(rest, terms.length(*self._left(place))))


def walk_quote(lexemes: Lexemes, state: int, trie: Trie) -> QuoteWalk | None:
    """Return the walk from a state; None where it is not between characters of one text's quote."""
    if not isinstance(lexemes, TextHeads):
        return None
    term = lexemes.term(state)
    quotes, low, high = bounded_quotes(term) if term is not None else ([], 0, None)
    if len(quotes) != 1:
        return None
    substrings, start = quotes[0]
    return QuoteWalk(lexemes, trie, substrings, start, low, high)
