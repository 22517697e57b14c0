"""The text of a key as a head of its own, which knows the class of key it has turned out to be.

Masks inside a key are computed once for all objects that offer the same keys. A state is a tuple
of (state of a string automaton, number of the class), one for each class that the text may become.
Classes have no key in common, so where the quote closes at most one of them is left.
"""

from __future__ import annotations

import numpy as np

from minilora.grammar.machine import DEAD, END, Row
from minilora.grammar.strings import CLOSED, StringHeads
from minilora.grammar.terms import Term

Choice = tuple[tuple[int, int], ...]


class KeyHeads:
    """The automaton of keys that fall into classes.

    Args:
        strings: the automaton of one class.
    """

    def __init__(self, strings: StringHeads) -> None:
        self._strings = strings
        self._choices: list[Choice] = []
        self._numbers: dict[Choice, int] = {}
        self._rows: dict[int, Row] = {}

    def start(self, terms: tuple[Term, ...]) -> int:
        """Return the state after the opening quote, for the keys of each class."""
        return self._number(tuple((self._strings.start(t), i) for i, t in enumerate(terms)))

    def row(self, state: int) -> Row:
        """Return for every byte the next state, DEAD, or END - the number of the class."""
        found = self._rows.get(state)
        if found is None:
            found = self._rows[state] = self._row(self._choices[state])
        return found

    def shortest(self, state: int) -> tuple[bytes, int]:
        """Return few bytes that complete a key, with its closing quote, and the key's class."""
        ways = [(self._strings.shortest(one), number) for one, number in self._choices[state]]
        return min(ways, key=lambda way: len(way[0]))

    def _row(self, choice: Choice) -> Row:
        after: list[list[tuple[int, int]]] = [[] for _ in range(256)]
        row = np.full(256, DEAD, np.int32)
        for state, number in choice:
            for byte, target in enumerate(self._strings.row(state)):
                if target == CLOSED:
                    row[byte] = END - number
                elif target != DEAD:
                    after[byte].append((target, number))
        for byte, left in enumerate(after):
            if left:
                row[byte] = self._number(tuple(left))
        return row

    def _number(self, choice: Choice) -> int:
        found = self._numbers.get(choice)
        if found is None:
            found = self._numbers[choice] = len(self._choices)
            self._choices.append(choice)
        return found
