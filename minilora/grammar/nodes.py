"""Places in the tree of tokens, as objects: for walks that visit few of them.

A node is a beginning of tokens: of all tokens, or of what tokens hold after something has ended
within them. Children and tokens are made when first asked for, from the arrays of
:class:`~minilora.grammar.trie.Trie`; :func:`merged` makes one node of several.

>>> root = Node.root(Trie.build([b"a", b"ab", b"cb"]))
>>> sorted(root.children), root.children[ord("a")].ids
([97, 99], [0])
>>> both = merged([root.children[ord("a")], root.children[ord("c")]])
>>> both.ids, both.children[ord("b")].ids
([0], [1, 2])
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

from minilora.grammar.trie import Trie


class Node:
    """A place in a tree of tokens.

    Attributes:
        ids: the tokens that stop here.
        kept: what walks remember of this place; it goes when the node goes.
    """

    __slots__ = ("_children", "_place", "_trie", "ids", "kept")

    def __init__(self, ids: list[int], children: dict[int, Node] | None = None) -> None:
        self.ids, self._children = ids, children
        self._trie: Trie | None = None
        self._place = 0
        self.kept: dict[Hashable, Any] = {}

    @classmethod
    def root(cls, trie: Trie) -> Node:
        """Return the place before the first byte of all tokens."""
        return cls.at(trie, 0)

    @classmethod
    def at(cls, trie: Trie, place: int) -> Node:
        """Return a node of the tree of all tokens."""
        node = cls(trie.tokens_at(place))
        node._trie, node._place = trie, place
        return node

    @property
    def children(self) -> dict[int, Node]:
        """Byte -> the place after it, for every byte that some token goes on with."""
        if self._children is None:
            trie = self._trie
            assert trie is not None
            places = trie.children(self._place).items()
            self._children = {byte: Node.at(trie, place) for byte, place in places}
        return self._children

    def all_ids(self) -> list[int]:
        """Return the tokens that stop here or later."""
        ids, todo = [], [self]
        while todo:
            node = todo.pop()
            ids += node.ids
            todo += node.children.values()
        return ids

    def __len__(self) -> int:
        """Return how many places there are from here on."""
        return 1 + sum(map(len, self.children.values()))


def merged(nodes: Iterable[Node], with_own_ids: bool = True) -> Node:
    """Return one node with the tokens and children of several.

    Args:
        nodes: the several.
        with_own_ids: whether the tokens that stop right at them count.
    """
    nodes = list(nodes)
    ids = [i for node in nodes for i in node.ids] if with_own_ids else []
    by_byte: dict[int, list[Node]] = {}
    for node in nodes:
        for byte, child in node.children.items():
            by_byte.setdefault(byte, []).append(child)
    children = {byte: same[0] if len(same) == 1 else merged(same) for byte, same in by_byte.items()}
    return Node(ids, children)
