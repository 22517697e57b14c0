r"""All tokens at once within a text, character by character.

The tokens are read once as characters, so that a walk steps over code points: what a class of them
leads to is one slice of a row, where the walk over bytes (:mod:`.dense`) asks for a row of 256
bytes at every state, those within characters included.

A token may begin or end within a character. Nodes of the tree of tokens that end within one are
alive where some character that begins so may come; tokens that begin within one cannot follow a
whole character. What follows a backslash in JSON is stepped byte by byte.

>>> tree = CharacterTree.build(Trie.build(["é".encode(), b"\xc3", b"a", b"ab"]))
>>> tree.codes, tree.levels
([97, 98, 233], (0, 1, 3, 4))
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from minilora.grammar.strings import BACKSLASH, CLOSED, QUOTE
from minilora.grammar.terms import Row, Term
from minilora.grammar.text_heads import TextHeads
from minilora.grammar.trie import Trie

# Cells of the table: 0 where no text goes on, 1 where it closes, or the number of a row.
_CLOSED, _FIRST = 1, 2
NOWHERE = 1 << 30  # beyond all code points
FEW_NODES = 48  # where fewer go on they are followed one by one
# By how many bytes follow the first of a character: its lead bits, least code point.
# Source: RFC 3629, section 3.
_LEADS = ((0x00, 0x80, 0), (0xC0, 0xE0, 0x80), (0xE0, 0xF0, 0x800), (0xF0, 0xF8, 0x10000))


@dataclass(frozen=True, eq=False)
class CharacterTree:
    """The beginnings of tokens that are whole characters, level by level.

    Attributes:
        codes: the C distinct code points, sorted.
        levels: first node of each number of characters, then n.
        place: (n,) int64, the nodes in the tree of bytes.
        parent: (n,) int64, the node one character shorter; 0 for the root itself.
        code: (n,) int64, the last character as an index into ``codes``; 0 for the root.
        first_child: (n + 1,) int64; children stand side by side.
        token_node: (V,) int64, token id -> the node that spells it; n where none does.
        within_token: (m,) int64, the tokens that end within a character, which they begin.
        within_parent: (m,) int64, the node before that character.
        within_low, within_high: (m,) int64, the code points that it may become.
        escapes: (k, 2) int64, nodes that a backslash may follow, and the place after it.
    """

    codes: list[int]
    levels: tuple[int, ...]
    place: NDArray[np.int64]
    parent: NDArray[np.int64]
    code: NDArray[np.int64]
    first_child: NDArray[np.int64]
    token_node: NDArray[np.int64]
    within_token: NDArray[np.int64]
    within_parent: NDArray[np.int64]
    within_low: NDArray[np.int64]
    within_high: NDArray[np.int64]
    escapes: NDArray[np.int64]

    @classmethod
    def build(cls, trie: Trie) -> CharacterTree:
        """Return the tree of a vocabulary."""
        n = len(trie)
        left = np.full(n, -1)  # bytes that the character begun still needs; -1: none is
        bits = np.zeros(n, np.int64)  # the character, as far as it was read
        least = np.zeros(n, np.int64)  # code point for which so many bytes are needed
        before = np.zeros(n, np.int64)  # the place before the character
        depth = np.zeros(n, np.int64)  # characters that are whole
        left[0] = 0
        for first, last in zip(trie.levels[1:], trie.levels[2:], strict=False):
            here, shorter = np.arange(first, last), trie.parent[first:last]
            byte = trie.byte[first:last].astype(np.int64)
            for more, (low, high, lowest) in enumerate(_LEADS):
                begins = (left[shorter] == 0) & (low <= byte) & (byte < high)
                at = here[begins]
                left[at], bits[at], least[at] = more, byte[begins] - low, lowest
                before[at] = shorter[begins]
            goes_on = (left[shorter] > 0) & (byte & 0xC0 == 0x80)
            at, above = here[goes_on], shorter[goes_on]
            left[at], least[at], before[at] = left[above] - 1, least[above], before[above]
            bits[at] = bits[above] << 6 | byte[goes_on] & 0x3F
            wrong = (left[here] == 0) & (bits[here] < least[here])
            left[here[wrong]] = -1
            depth[here] = depth[before[here]] + (left[here] == 0)
        depth[0] = 0
        nodes_by_level, levels = [np.zeros(1, np.int64)], [0, 1]
        node = np.zeros(n, np.int64)  # place -> its node among the whole ones
        whole = np.flatnonzero(left == 0)
        while (at := whole[depth[whole] == len(levels) - 1]).size:
            at = at[np.lexsort((bits[at], node[before[at]]))]
            node[at] = np.arange(levels[-1], levels[-1] + len(at))
            nodes_by_level.append(at)
            levels.append(levels[-1] + len(at))
        place = np.concatenate(nodes_by_level)
        parent = node[before[place]]
        codes, code = np.unique(bits[place[1:]], return_inverse=True)
        low = np.maximum(bits << 6 * np.maximum(left, 0), least)
        high = (bits + 1 << 6 * np.maximum(left, 0)) - 1
        is_within = np.append((left > 0) & (low <= high), False)
        within_token = np.flatnonzero(is_within[trie.token_node])
        within = trie.token_node[within_token]
        backslashes = np.flatnonzero(bits[place] == BACKSLASH)
        node_or_none = np.append(np.where(left == 0, node, len(place)), len(place))
        return cls(
            codes=codes.tolist(),
            levels=tuple(levels),
            place=place,
            parent=parent,
            code=np.append(0, code),
            first_child=np.searchsorted(parent[1:], np.arange(len(place) + 1)) + 1,
            token_node=node_or_none[trie.token_node],
            within_token=within_token,
            within_parent=node[before[within]],
            within_low=low[within],
            within_high=high[within],
            escapes=np.stack([parent[backslashes], place[backslashes]], axis=1),
        )


class CharacterWalk:
    """What all tokens do in the texts of one arena of terms.

    A table has a row for each term that was reached, over the code points of the tree: the number
    of the row of what may follow. Nodes get the numbers that their characters lead to:

        cell[node] = table[cell[parent[node]], code[node]]

    Args:
        heads: the texts, of JSON strings or plain.
        trie, tree: the tokens, as bytes and as characters.
    """

    MAX_CELLS = 1 << 22  # of the table, 4 bytes each; then it is started afresh

    def __init__(self, heads: TextHeads, trie: Trie, tree: CharacterTree) -> None:
        self.heads, self.trie, self.tree = heads, trie, tree
        self._clear()

    def _clear(self) -> None:
        self._table = np.zeros((16, max(1, len(self.tree.codes))), np.int32)
        self._filled = np.zeros(16, bool)
        self._filled[:_FIRST] = True
        self._numbers: dict[Term, int] = {}
        self._terms: list[Term] = []

    def walk(self, term: Term) -> tuple[NDArray[np.bool_], list[int]]:
        """Return what tokens do before a word of a term.

        Returns:
            (V,) bool, the tokens after which the text goes on; the places at which it has closed.
        """
        if self._table.size > self.MAX_CELLS:
            self._clear()
        tree = self.tree
        n_codes = self._table.shape[1]
        cells = np.zeros(len(tree.place) + 1, np.int64)
        cells[0] = self._number(term)
        alive = np.zeros(1, np.int64)
        for above, first, last in zip(tree.levels, tree.levels[1:], tree.levels[2:], strict=False):
            self._fill(cells.take(alive))
            begin, end = tree.first_child[alive], tree.first_child[alive + 1]
            if (end - begin).sum() < FEW_NODES:
                self._node_by_node(cells, alive.tolist())
                break
            whole = 2 * len(alive) > first - above  # so many go on that all may be looked at
            nodes = np.arange(first, last) if whole else _ranges(begin, end)
            at = slice(first, last) if whole else nodes
            places = cells.take(tree.parent[at]) * n_codes
            places += tree.code[at]
            cells[at] = reached = self._table.ravel().take(places)
            alive = nodes[reached >= _FIRST]
        stays = cells.take(tree.token_node) >= _FIRST
        self._within(cells, stays)
        closed = tree.place[np.flatnonzero(cells[:-1] == _CLOSED)].tolist()
        if self.heads.closes:
            closed += self._escaped(cells, stays)
        return stays, closed

    def _node_by_node(self, cells: NDArray[np.int64], alive: list[int]) -> None:
        """Do the same below a few nodes: a numpy call costs as much."""
        tree = self.tree
        while alive:
            node = alive.pop()
            number = int(cells[node])
            if not self._filled[number]:
                self._fill_row(number)
            for child in range(int(tree.first_child[node]), int(tree.first_child[node + 1])):
                cells[child] = reached = self._table[number, tree.code[child]]
                if reached >= _FIRST:
                    alive.append(child)

    def _within(self, cells: NDArray[np.int64], stays: NDArray[np.bool_]) -> None:
        """Mark the tokens that end within a character which may come."""
        tree = self.tree
        numbers = cells.take(tree.within_parent)
        alive = np.flatnonzero(numbers >= _FIRST)
        for number in set(numbers[alive].tolist()):
            at = alive[numbers[alive] == number]
            row = (*self._row(number), (NOWHERE, NOWHERE, None))
            begins, ends = (np.array([piece[i] for piece in row]) for i in (0, 1))
            # The first piece that does not end below the characters that are begun.
            piece = np.searchsorted(ends, tree.within_low[at])
            stays[tree.within_token[at[begins[piece] <= tree.within_high[at]]]] = True

    def _escaped(self, cells: NDArray[np.int64], stays: NDArray[np.bool_]) -> list[int]:
        """Follow what stands behind a backslash; return the places at which the text closes."""
        closed: list[int] = []
        heads, trie = self.heads, self.trie
        parents, places = self.tree.escapes.T
        numbers = cells.take(parents)
        at = np.flatnonzero(numbers >= _FIRST)
        for number, place in zip(numbers[at].tolist(), places[at].tolist(), strict=True):
            state = heads.start(self._terms[number - _FIRST])
            stack = [(place, heads.step(state, BACKSLASH))]
            while stack:
                node, state = stack.pop()
                if state >= 0:
                    stays[trie.tokens_at(node)] = True
                    stack += [(c, heads.step(state, b)) for b, c in trie.children(node).items()]
                elif state == CLOSED:
                    closed.append(node)
        return closed

    def _number(self, term: Term) -> int:
        """Return the number of a term's row, a new one if need be."""
        number = self._numbers.get(term)
        if number is None:
            number = self._numbers[term] = _FIRST + len(self._terms)
            self._terms.append(term)
            if number == len(self._table):
                self._table = np.concatenate([self._table, np.zeros_like(self._table)])
                self._filled = np.concatenate([self._filled, np.zeros_like(self._filled)])
        return number

    def _row(self, number: int) -> Row:
        return self.heads.terms.live_row(self._terms[number - _FIRST])

    def _fill(self, numbers: NDArray[np.int64]) -> None:
        """Fill those of some rows that are not."""
        for number in set(numbers[~self._filled[numbers]].tolist()):
            self._fill_row(number)

    def _fill_row(self, number: int) -> None:
        """Fill a row: where each character leads to."""
        term, codes = self._terms[number - _FIRST], self.tree.codes
        pieces = [
            (begin, end, self._number(after))
            for low, high, after in self._row(number)
            if (begin := bisect_left(codes, low)) < (end := bisect_right(codes, high))
        ]
        row = self._table[number]  # numbering may have made the table anew
        for begin, end, after_number in pieces:
            row[begin:end] = after_number
        if self.heads.closes:
            row[: bisect_left(codes, 0x20)] = 0
            for code, cell in ((QUOTE, _CLOSED if term.nullable else 0), (BACKSLASH, 0)):
                row[bisect_left(codes, code) : bisect_right(codes, code)] = cell
        self._filled[number] = True


def _ranges(first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the numbers from each first up to, and without, its last, one range after another.

    >>> _ranges(np.array([2, 7]), np.array([5, 9])).tolist()
    [2, 3, 4, 7, 8]
    """
    counts = last - first
    begin = np.cumsum(counts) - counts  # of each range in the result
    return np.repeat(first - begin, counts) + np.arange(counts.sum())
