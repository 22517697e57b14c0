"""Near-duplicates: whether two queries are so alike that one gives the other away.

Two texts are near when the Jaccard similarity of their sets of five-letter pieces (lower case,
signs and spaces folded) reaches `NEAR`. The index finds every near text, not only likely ones:
sorted by a fixed order, two sets of similarity t share k pieces among the first |x| - ceil(t |x|)
+ k of each (prefix filtering, Chaudhuri et al. 2006, "A primitive operator for similarity joins in
data cleaning").

>>> index = NearIndex()
>>> index.add("Wake me up at seven tomorrow, please")
>>> index.has_near("wake me up at seven tomorrow please!"), index.has_near("Wake me up at noon")
(True, False)
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cache

NEAR = 0.75
_PIECE = 5
_SHARED = 3  # k above; very short texts are compared on one shared piece
_COMMON_FIRST = " etaoinsrhldcumfpgwybvkxjqz"[::-1]  # digits are not found: -1, the rarest of all


def pieces(text: str) -> frozenset[str]:
    """Return the set of five-letter pieces of a text, its case, signs and spaces folded."""
    folded = f" {re.sub(r'[^a-z0-9]+', ' ', text.lower()).strip()} "
    return frozenset(folded[at : at + _PIECE] for at in range(max(1, len(folded) - _PIECE + 1)))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity |A ∩ B| / |A ∪ B|."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


class NearIndex:
    """Texts, and quick answers to whether another is near one of them."""

    def __init__(self, near: float = NEAR) -> None:
        self.near = near
        self._sets: list[frozenset[str]] = []
        self._by_piece: dict[str, list[int]] = defaultdict(list)

    def add(self, text: str) -> None:
        """Add a text."""
        found = pieces(text)
        for piece in self._prefix(found):
            self._by_piece[piece].append(len(self._sets))
        self._sets.append(found)

    def has_near(self, text: str) -> bool:
        """Return whether a text in the index is near this one."""
        return self.nearest(text) is not None

    def nearest(self, text: str) -> int | None:
        """Return the number (in order of adding) of some near text, None if there is none."""
        found = pieces(text)
        needed = _SHARED if len(found) >= 4 * _SHARED else 1
        shared: dict[int, int] = defaultdict(int)
        for piece in self._prefix(found):
            for number in self._by_piece.get(piece, ()):
                shared[number] += 1
                if shared[number] == needed and similarity(found, self._sets[number]) >= self.near:
                    return number
        return None

    def _prefix(self, found: frozenset[str]) -> list[str]:
        """Return the pieces of which a near text shares `_SHARED`: the rarest, by a fixed order."""
        length = len(found) - math.ceil(self.near * len(found)) + _SHARED
        return sorted(found, key=_order)[:length]


@cache
def _order(piece: str) -> tuple[int, str]:
    """Return a sort key that puts pieces of rare letters first, so that few texts share them."""
    return sum(_COMMON_FIRST.find(letter) for letter in piece), piece
