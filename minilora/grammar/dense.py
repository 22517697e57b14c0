"""All tokens at once: a walk over the tree of tokens, level by level, in numpy.

Every node of the tree gets the state that its bytes lead to:

    state[node] = table[state[parent[node]], byte[node]]

one gather for all nodes of a length. The table's rows are numbered as states are met, not by the
machine's own numbers, which may be large; a row is asked of the machine when a node first needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.machine import CLOSED, DEAD, Row
from minilora.grammar.packed import pack_bits
from minilora.grammar.quote_walk import QuoteWalk
from minilora.grammar.trie import Trie

# Cells of the table: the number of a row, or one of these.
_CLOSED, _DEAD, _UNKNOWN, _FIRST = -1, 0, 1, 2
MAX_ROWS = 16_384  # of 1 kB; then the table is started afresh
FEW_NODES = 48  # levels this small are followed node by node: a numpy call costs as much


Known = Callable[[int], QuoteWalk | None]


class DenseWalk:
    """Transitions of a machine or of lexemes as a table that grows, over one tree of tokens."""

    def __init__(self, row: Callable[[int], Row], trie: Trie, known: Known | None = None) -> None:
        """Start empty.

        Args:
            row: gives a state's row: next states, DEAD, or CLOSED.
            trie: the tokens.
            known: gives what the tokens do from a state where it is found in another way.
        """
        self.trie, self._known = trie, known
        self._row = row
        self._byte = trie.byte.astype(np.int32)
        self._clear()

    def _clear(self) -> None:
        self._table = np.zeros((64, 256), np.int32)
        self._lists: dict[int, list[int]] = {}
        self._number: dict[int, int] = {}
        self._states: list[int] = [DEAD, DEAD]  # number -> the machine's state
        self._table[_FIRST:] = _UNKNOWN

    def walk(
        self, state: int, keep: Callable[[int], bool] | None = None
    ) -> tuple[NDArray[np.int32], tuple[int, ...], list[int]]:
        """Return what all tokens do from a state.

        Args:
            state: where they begin.
            keep: of the states after a token those that count, or None for all.

        Returns:
            (ceil(V / 32),) int32, a bit for each token that stays alive and has not closed; the
            distinct states after those; and the nodes at which a lexeme closes.
        """
        walked = self._known(state) if self._known is not None else None
        if walked is not None:
            tokens = {s: ids for s, ids in walked.tokens().items() if keep is None or keep(s)}
            flags = np.zeros(len(self.trie.token_node), bool)
            flags[list(chain.from_iterable(tokens.values()))] = True
            return pack_bits(flags), tuple(tokens), walked.closed
        cells = self._cells(state)
        after = cells.take(self.trie.token_node)
        seen = np.zeros(len(self._states), bool)
        seen[np.maximum(after, 0)] = True
        numbers = (np.flatnonzero(seen[_FIRST:]) + _FIRST).tolist()
        if keep is not None:
            numbers = [i for i in numbers if keep(self._states[i])]
        kept = np.zeros(len(self._states), bool)
        kept[numbers] = True
        flags = after >= _FIRST if keep is None else kept.take(after, mode="clip")
        closed = np.flatnonzero(cells == _CLOSED).tolist()
        return pack_bits(flags), tuple(self._states[i] for i in numbers), closed

    def places(self, state: int) -> NDArray[np.bool_]:
        """Return which nodes lead back to a state that begins there, (n + 1,) bool."""
        return np.equal(self._cells(state), self._number[state])

    def _cells(self, state: int) -> NDArray[np.int32]:
        """Return the cell of every node, and of ids without bytes one more, (n + 1,) int32."""
        if len(self._states) > MAX_ROWS:
            self._clear()
        cells = np.zeros(len(self.trie) + 1, np.int32)
        cells[0] = self._numbered(state)
        self._levels(cells)
        return cells

    def _levels(self, cells: NDArray[np.int32]) -> None:
        """Fill the cell of every node from its parent's."""
        trie = self.trie
        for i in range(1, len(trie.levels) - 1):
            first, last = trie.levels[i], trie.levels[i + 1]
            if last - first < FEW_NODES:
                self._node_by_node(cells, first)
                return
            places = cells.take(trie.parent[first:last])
            places <<= 8
            places += self._byte[first:last]
            # Closed parents are negative: clipped to row 0, whose cells are all dead.
            level = self._table.ravel().take(places, mode="clip")
            while (unknown := np.flatnonzero(level == _UNKNOWN)).size:
                for number in np.unique(places[unknown] >> 8).tolist():
                    self._fill(number)
                level[unknown] = self._table.ravel().take(places[unknown])
            cells[first:last] = level
            if not level.any():
                return

    def _node_by_node(self, cells: NDArray[np.int32], first: int) -> None:
        """Do the same for the longest tokens, below the level that begins at ``first``."""
        trie = self.trie
        above = trie.levels[trie.levels.index(first) - 1]
        parents = cells[above:first]
        alive = np.flatnonzero(parents >= _FIRST)
        stack = list(zip((above + alive).tolist(), parents[alive].tolist(), strict=True))
        found: dict[int, int] = {}
        while stack:
            node, number = stack.pop()
            row = self._list(number)
            for byte, child in trie.children(node).items():
                found[child] = cell = row[byte]
                if cell >= _FIRST:
                    stack.append((child, cell))
        cells[list(found)] = list(found.values())

    def _list(self, number: int) -> list[int]:
        """Return a row of the table as a list, asked of the machine if need be."""
        row = self._lists.get(number)
        if row is None:
            if self._table[number, 0] == _UNKNOWN:  # rows are filled whole
                self._fill(number)
            row = self._lists[number] = self._table[number].tolist()
        return row

    def _numbered(self, state: int) -> int:
        """Return the number of a state's row, a new one if need be."""
        number = self._number.get(state)
        if number is None:
            number = self._number[state] = len(self._states)
            self._states.append(state)
            if number == len(self._table):
                self._table = np.concatenate([self._table, np.full_like(self._table, _UNKNOWN)])
        return number

    def _fill(self, number: int) -> None:
        """Ask the machine for a row."""
        row = self._row(self._states[number])
        distinct, which = np.unique(row, return_inverse=True)
        cells = [self._cell(value) for value in distinct.tolist()]
        self._table[number] = np.array(cells, np.int32)[which]

    def _cell(self, value: int) -> int:
        if value < 0:
            return _CLOSED if value == CLOSED else _DEAD
        return self._numbered(value)
