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

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.expectation import bytes_expected

DEAD = -1
END = -2  # in a head's row: the head ends with this byte; END - k ends it with outcome k

Row = NDArray[np.int32]


class Split(NamedTuple):
    """A state as a head, which knows nothing of what surrounds it, and the tail that waits for it.

    The body of a free string is the same head in every schema position; what may follow its closing
    quote is the tail. What a vocabulary can do inside a head is computed once for all tails.
    """

    head: int
    tail: int


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

    def split(self, state: int) -> Split | None:
        """Return the state's head and tail, or None where it has none: the default.

        A state may only be split if every byte string that stays inside the head stays alive in the
        state as well, whatever the tail.
        """
        return None

    def head_row(self, head: int) -> Row:
        """Return for every byte the next head, DEAD, or END - k, (256,) int32.

        END - k: the byte belongs to the head and ends it, with outcome k = 0, 1, ... (most heads
        have one). Needed only where :meth:`split` gives heads.
        """
        raise TypeError(f"{type(self).__name__} splits no states")

    def resume(self, tail: int, outcome: int) -> int:
        """Return the state in which a tail goes on once its head has ended; DEAD if it cannot."""
        raise TypeError(f"{type(self).__name__} splits no states")

    def join(self, head: int, tail: int) -> int:
        """Return the state whose split is (head, tail)."""
        raise TypeError(f"{type(self).__name__} splits no states")
