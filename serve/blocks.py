"""Blocks of the key/value cache: who holds them, and which of them a new prompt can reuse.

The cache is cut into blocks of ``block_size`` tokens; a sequence holds a table of block numbers. A
full block is known by its *content*: the tokens in it and the content of the block before it, back
to the adapter under which they were computed. A new prompt takes the known blocks it begins with
instead of computing them. A block that nobody holds stays known until its room is needed; the one
left longest ago goes first, and of one sequence the last block before the first.

>>> pool = BlockPool(n_blocks=4, block_size=2)
>>> blocks = pool.take(2)
>>> _, start = pool.find("base model", [])
>>> chain = pool.publish(blocks, start, [1, 2, 3, 4])
>>> pool.release(blocks)
>>> pool.find("base model", [1, 2, 3, 9])[0] == blocks[:1]
True
>>> pool.find("another adapter", [1, 2, 3, 9])[0]
[]

Source: Kwon et al. 2023, PagedAttention, arXiv:2309.06180.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from itertools import count

Content = tuple[Hashable, tuple[int, ...]]  # what came before, and the tokens of the block


class BlockPool:
    """The blocks of one cache.

    A block is *held* by one or more sequences, or *idle*: nobody holds it, its content may still be
    known.

    Args:
        n_blocks: how many there are.
        block_size: tokens in one.
    """

    def __init__(self, n_blocks: int, block_size: int) -> None:
        if n_blocks < 1 or block_size < 1:
            raise ValueError(f"need blocks of tokens, got {n_blocks} of {block_size}")
        self.n_blocks, self.block_size = n_blocks, block_size
        self._holders = [0] * n_blocks
        self._idle: OrderedDict[int, None] = OrderedDict.fromkeys(range(n_blocks))
        self._content: dict[int, Content] = {}  # block -> what it is known by
        self._chain: dict[int, int] = {}  # block -> its name in the content of the next
        self._known: dict[Content, int] = {}
        self._names = count()

    @property
    def n_idle(self) -> int:
        """Blocks that may be taken, those with known content among them."""
        return len(self._idle)

    @property
    def n_held(self) -> int:
        """Blocks that some sequence holds."""
        return self.n_blocks - len(self._idle)

    def find(self, root: Hashable, tokens: Sequence[int]) -> tuple[list[int], Hashable]:
        """Return the known blocks that a text begins with, and the chain they end in.

        Args:
            root: what the text is computed under: its adapter's version.
            tokens: of the text; only whole blocks are found.
        """
        blocks: list[int] = []
        chain: Hashable = ("root", root)  # no block has a name like that
        for start in range(0, len(tokens) - self.block_size + 1, self.block_size):
            block = self._known.get((chain, tuple(tokens[start : start + self.block_size])))
            if block is None:
                break
            blocks.append(block)
            chain = self._chain[block]
        return blocks, chain

    def hold(self, blocks: Sequence[int]) -> None:
        """Add a holder to blocks that :meth:`find` returned."""
        for block in blocks:
            self._holders[block] += 1
            self._idle.pop(block, None)

    def take(self, n: int) -> list[int] | None:
        """Return n blocks for new content, held once; None where there are not so many."""
        if n > len(self._idle):
            return None
        blocks = [self._idle.popitem(last=False)[0] for _ in range(n)]
        for block in blocks:
            self._forget(block)
            self._holders[block] = 1
        return blocks

    def release(self, blocks: Sequence[int]) -> None:
        """Drop a holder of each block; those without one become idle, the last first to go."""
        for block in reversed(blocks):
            self._holders[block] -= 1
            if self._holders[block] < 0:
                raise ValueError(f"block {block} is released more often than it was held")
            if self._holders[block] == 0:
                self._idle[block] = None
                if block not in self._content:  # nothing to reuse: the first to go
                    self._idle.move_to_end(block, last=False)

    def publish(self, blocks: Sequence[int], chain: Hashable, tokens: Sequence[int]) -> Hashable:
        """Make the content of full blocks known, and return the chain after them.

        Args:
            blocks: computed, in order.
            chain: what came before: of :meth:`find`, or of the last call.
            tokens: of these blocks, ``block_size`` each.
        """
        for i, block in enumerate(blocks):
            content = chain, tuple(tokens[i * self.block_size : (i + 1) * self.block_size])
            twin = self._known.setdefault(content, block)
            if twin == block:
                self._content[block] = content
                self._chain[block] = next(self._names)
            chain = self._chain[twin]
        return chain

    def _forget(self, block: int) -> None:
        """Drop what a block was known by; blocks that follow it can then be found no more."""
        content = self._content.pop(block, None)
        if content is not None:
            del self._known[content]
            del self._chain[block]
