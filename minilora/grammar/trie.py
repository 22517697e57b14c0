"""All tokens of a vocabulary as one tree over bytes, kept as flat arrays, level by level.

Node 0 is the empty string; a node's children stand side by side, in the order of their bytes, and
all nodes of one length stand together. So a whole level is one slice of each array, and a step from
level to level is one numpy gather: ``states[parent[level]]`` with ``byte[level]``.

>>> trie = Trie.build([b"a", b"ab", None, b"ab"])
>>> trie.parent.tolist(), bytes(trie.byte[1:]), trie.token_node.tolist()
([0, 0, 1], b'ab', [1, 2, 3, 2])
>>> trie.tokens_at(2), trie.children(1)
([1, 3], {98: 2})
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Trie:
    """The tree.

    Attributes:
        parent: (n,) int32, node -> node one byte shorter; 0 for the root itself.
        byte: (n,) uint8, node -> its last byte; 0 for the root.
        levels: first node of each length, then n.
        first_child: (n + 1,) int32; the children of i are ``first_child[i]`` up to, and without,
            ``first_child[i + 1]``.
        token_node: (V,) int32, token id -> node that spells it; n for an id without bytes.
        token_order: ids with bytes, ordered by their nodes.
        first_token: (n + 1,) int32; the tokens of node i in token_order, as first_child. Several
            ids may have the same bytes.
    """

    parent: NDArray[np.int32]
    byte: NDArray[np.uint8]
    levels: tuple[int, ...]
    first_child: NDArray[np.int32]
    token_node: NDArray[np.int32]
    token_order: NDArray[np.int32]
    first_token: NDArray[np.int32]
    _children: dict[int, dict[int, int]] = field(default_factory=dict, repr=False)
    _tokens: dict[int, list[int]] = field(default_factory=dict, repr=False)

    @classmethod
    def build(cls, tokens: Sequence[bytes | None]) -> Trie:
        """Return the tree of a vocabulary; ids with None or no bytes are left out.

        At each length the distinct (node so far, next byte) pairs become the nodes of the next
        level. 49,152 tokens take 0.03 s, less than reading the arrays back from a file is worth.
        """
        lengths = np.array([len(token or b"") for token in tokens], np.int64)
        text = np.frombuffer(b"".join(token or b"" for token in tokens), np.uint8)
        starts = np.cumsum(lengths) - lengths
        node = np.zeros(len(tokens), np.int64)
        parents, letters, levels = [np.zeros(1, np.int64)], [np.zeros(1, np.int64)], [0, 1]
        longer = np.flatnonzero(lengths)
        while longer.size:
            pair = node[longer] << 8 | text[starts[longer] + len(levels) - 2]
            distinct, which = np.unique(pair, return_inverse=True)
            node[longer] = levels[-1] + which
            parents.append(distinct >> 8)
            letters.append(distinct & 255)
            levels.append(levels[-1] + len(distinct))
            longer = longer[lengths[longer] > len(levels) - 2]
        parent, n = np.concatenate(parents), levels[-1]
        token_node = np.where(lengths > 0, node, n)
        order = np.argsort(token_node, kind="stable")[: np.count_nonzero(lengths)]
        return cls(
            parent=parent.astype(np.int32),
            byte=np.concatenate(letters).astype(np.uint8),
            levels=tuple(levels),
            first_child=np.searchsorted(parent[1:], np.arange(n + 1)).astype(np.int32)
            + np.int32(1),
            token_node=token_node.astype(np.int32),
            token_order=order.astype(np.int32),
            first_token=np.searchsorted(token_node[order], np.arange(n + 1)).astype(np.int32),
        )

    def __len__(self) -> int:
        """Return the number of nodes, the root among them."""
        return len(self.parent)

    def children(self, node: int) -> dict[int, int]:
        """Return byte -> child of a node; kept, since Python loops are slow on arrays."""
        found = self._children.get(node)
        if found is None:
            first, last = int(self.first_child[node]), int(self.first_child[node + 1])
            letters = self.byte[first:last].tolist()
            found = self._children[node] = dict(zip(letters, range(first, last), strict=True))
        return found

    def tokens_at(self, node: int) -> list[int]:
        """Return the ids whose bytes are exactly this node's."""
        found = self._tokens.get(node)
        if found is None:
            first, last = int(self.first_token[node]), int(self.first_token[node + 1])
            found = self._tokens[node] = self.token_order[first:last].tolist()
        return found

    def text(self, node: int) -> bytes:
        """Return the bytes that lead to a node."""
        found = bytearray()
        while node:
            found.append(int(self.byte[node]))
            node = int(self.parent[node])
        return bytes(reversed(found))

    def find(self, data: bytes) -> int | None:
        """Return the node that spells some bytes, or None."""
        node = 0
        for byte in data:
            child = self.children(node).get(byte)
            if child is None:
                return None
            node = child
        return node
