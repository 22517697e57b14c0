"""The automaton over the bytes of a plain text: the words of a regular term, in UTF-8.

Without JSON around it: a regular expression, one of several texts, a quote. A text may end wherever
it is a word of the term.

>>> terms = Terms()
>>> machine = TextMachine(terms, terms.literal("no"))
>>> state = machine.step(machine.start, ord("n"))
>>> machine.can_end(state), machine.shortest(state)
(False, b'o')
"""

from __future__ import annotations

import logging

import numpy as np

from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.machine import Machine, Reading, Row
from minilora.grammar.terms import Term, Terms, bounded_quotes
from minilora.grammar.text_heads import DEAD, TextHeads

logger = logging.getLogger(__name__)


class TextMachine(Machine):
    """The automaton of one term.

    Raises:
        ValueError: the term has no word.
        TooComplex: whether it has one takes too much work to tell.
    """

    def __init__(self, terms: Terms, term: Term) -> None:
        self.heads = TextHeads(terms)
        self.start = self.heads.start(term)
        if self.start == DEAD:
            raise ValueError("no text satisfies the grammar")
        self._narrow: dict[int, int] = {}  # state -> what it has been narrowed to

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, or DEAD."""
        state = self._narrow.get(state, state)
        try:
            return self.heads.step(state, byte)
        except TooComplex as error:
            return self.heads.step(self.narrowed(state, error), byte)

    @property
    def n_narrowed(self) -> int:
        """How many states take one completion alone."""
        return len(self._narrow)

    @property
    def limits(self) -> Limits:
        """The limits of its decisions."""
        return self.heads.terms.limits

    def narrowed(self, state: int, reason: TooComplex) -> int:
        """Return the state that takes one completion of a state alone, as this does from now on."""
        found = self._narrow.get(state)
        if found is None:
            if not self._narrow:
                logger.warning("a grammar is narrowed to one completion: %s", reason)
            rest = self.heads.terms.literal(self.shortest(state).decode())
            found = self._narrow[state] = self.heads.start(rest)
        return found

    def walk_exactly(self, state: int, data: bytes) -> int:
        """Return the state after some bytes, or DEAD; without limits, so it may take long."""
        with self.limits.lifted():
            for byte in data:
                state = self.heads.step(state, byte) if state != DEAD else DEAD
        return state

    def can_end(self, state: int) -> bool:
        """Return whether the bytes so far are a whole text."""
        return self.heads.can_end(state)

    def row(self, state: int) -> Row:
        """Return the next state for every byte, (256,) int32."""
        state = self._narrow.get(state, state)
        try:
            return np.array(self.heads.row(state), np.int32)
        except TooComplex as error:
            return self.row(self.narrowed(state, error))

    def parts(self, state: int) -> tuple[Reading] | None:
        """Return the whole rest as one lexeme where it is a quote; elsewhere there are no parts."""
        term = self.heads.term(self._narrow.get(state, state))
        if term is None or not bounded_quotes(term)[0]:
            return None
        return (Reading(self.heads, state, tail=0),)

    def resume(self, tail: int, content: bytes | None) -> int:
        """Return the state after a quote: nothing follows."""
        return self.heads.start(self.heads.terms.EPSILON)

    def shortest(self, state: int) -> bytes:
        """Return few bytes that complete the text; b"" where it may end."""
        state = self._narrow.get(state, state)
        with self.limits.lifted():
            return self.heads.shortest(state)
