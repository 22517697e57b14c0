"""What a grammar offers to the matcher: an automaton over bytes whose every state is alive.

A state is an int. Nothing else is known about it here: it may be a row of a table, or the number of
a hash-consed stack of parser states. Two promises carry everything above:

- a state >= 0 is *alive*: some document can be completed from it. So a token may come next exactly
  if stepping through its bytes never dies, and nobody ever has to take a token back;
- a state means the same for ever: what was computed for it may be kept.

A machine subclasses :class:`Machine` and writes the first four members. The rest has defaults that
are right for every machine, and that a machine overrides to be faster.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.blanks import Blanks
from minilora.grammar.expectation import bytes_expected
from minilora.grammar.limits import Limits, TooComplex
from minilora.grammar.loose import Loose

DEAD = -1
CLOSED = -2  # in a lexeme's row: the lexeme ends with this byte

Row = NDArray[np.int32]


class Lexemes(Protocol):
    """Automata of lexemes: strings, numbers. A state is a small integer.

    Attributes:
        closes: whether a lexeme's last byte tells that it has ended, as a closing quote does. A
            number ends where the next byte does not belong to it.
    """

    closes: bool

    def row(self, state: int) -> Sequence[int]:
        """Return for every byte the next state, DEAD, or CLOSED where the lexeme ends with it."""
        ...

    def can_end(self, state: int) -> bool:
        """Return whether the lexeme may be over here; False for those that close."""
        ...

    def shortest(self, state: int) -> bytes:
        """Return few bytes that complete the lexeme."""
        ...

    def shape(self, state: int) -> Hashable | None:
        """Return what is equal for states that mean the same in any grammar, or None."""
        ...

    def step(self, state: int, byte: int) -> int:
        """Return one cell of the row."""
        ...

    def is_quick(self, state: int) -> bool:
        """Return whether single steps cost much less than a row."""
        ...

    def loose(self, state: int) -> Loose | None:
        """Return what may follow, where that is any text but for its length and a few words."""
        ...

    def any_text(self) -> int:
        """Return the state before any text. Needed only where some is loose."""
        ...


class Reading(NamedTuple):
    """A way to go on: within a lexeme, and then with what waits behind it.

    Attributes:
        lexemes, state: the automaton that reads it, and where that stands.
        tail: what waits, for :meth:`Machine.resume`.
        exact: contents (what is read of the lexeme from here on, as text) after which something
            else waits than after all others; None if each content may have a tail of its own.
        exact_tail: what waits after those.
        checked: whether tokens that begin another value behind the lexeme must be tried one by
            one, since the tails take more than they should.
    """

    lexemes: Lexemes
    state: int
    tail: int
    exact: frozenset[str] | None = frozenset()
    exact_tail: int = 0
    checked: bool = False


class Stepping(NamedTuple):
    """A way to go on: byte by byte, as the machine steps from a state.

    Attributes:
        state: where it stands.
        live: the bytes that may come, perhaps more.
        blanks: the white space that may come first; ``live`` are those after it.
    """

    state: int
    live: bytes
    blanks: Blanks | None = None


Part = Reading | Stepping


class Bare(NamedTuple):
    """A state that begins a value, apart from what stands around it.

    Attributes:
        state: the same with nothing around it.
        end: the state behind the value there.
        after: the state behind the value where something stands around it.
    """

    state: int
    end: int
    after: int


class Machine(Protocol):
    """An automaton over bytes.

    Attributes:
        start: the state before the first byte; alive.
    """

    start: int

    def step(self, state: int, byte: int) -> int:
        """Return the state after one more byte, or DEAD where no document goes on like that."""
        ...

    def can_end(self, state: int) -> bool:
        """Return whether the bytes read so far are a whole document."""
        ...

    def shortest(self, state: int) -> bytes:
        """Return a completion with the fewest bytes; b"" exactly where the document may end."""
        ...

    def row(self, state: int) -> Row:
        """Return the next state for every byte, (256,) int32, DEAD where there is none.

        The default takes 256 steps. A machine that knows classes of bytes fills a row at once.
        """
        return np.array([self.step(state, byte) for byte in range(256)], np.int32)

    def describe(self, state: int) -> str:
        """Return in words, for people, what the state expects next: by default, which bytes."""
        return bytes_expected(self, state)

    def parts(self, state: int) -> tuple[Part, ...] | None:
        """Return the ways to go on from a state; None, the default, if they are not told apart.

        A token may come next exactly if one of the parts takes it. What a vocabulary can do inside
        a lexeme is computed once for all states that read it, and for those of all grammars where
        it has a shape.
        """
        return None

    def resume(self, tail: int, content: bytes | None) -> int:
        """Return the state in which a tail goes on once its lexeme has ended; DEAD if it cannot.

        Args:
            tail: of a :class:`Reading`.
            content: what the lexeme had from the state of the reading on, without the byte that
                closed it; None stands for all contents that are not ``exact``.
        """
        raise TypeError(f"{type(self).__name__} has no lexemes")

    def costly(self, tail: int) -> Sequence[int]:
        """Return states where a tail that asks for its content may go on at the greatest length.

        So that what completes the document behind any content is no longer than behind one of
        these, or behind the shortest content.
        """
        return ()

    @property
    def n_narrowed(self) -> int:
        """How many states take one completion alone, since a decision was beyond its limit."""
        return 0

    @property
    def n_entries(self) -> int:
        """How many entries there are in the tables that grow with what documents say."""
        return 0

    @property
    def limits(self) -> Limits:
        """The limits of its decisions."""
        return Limits()

    def narrowed(self, state: int, reason: TooComplex) -> int:
        """Return the state that takes one completion of a state alone, as this does from now on."""
        raise reason

    def walk_exactly(self, state: int, data: bytes) -> int:
        """Return the state after some bytes, or DEAD; without limits, so it may take long."""
        for byte in data:
            state = self.step(state, byte) if state != DEAD else DEAD
        return state

    def bare(self, state: int) -> Bare | None:
        """Return a state that begins a value apart from what stands around it.

        So that what tokens do within the value is found once for all places where it may stand.
        None, the default, if the state begins no value, or what stands around it matters.
        """
        return None
