"""Near-duplicates: whether two queries are so alike that one gives the other away.

Two texts are near when the Jaccard similarity of their sets of five-letter pieces (lower case, signs
and spaces folded) reaches `NEAR`. The index finds every near text, not only likely ones: sorted by a
fixed order, two sets of similarity t share a piece among the first |x| - ceil(t |x|) + 1 of each
(prefix filtering, Chaudhuri et al. 2006, "A primitive operator for similarity joins in data cleaning").

>>> index = NearIndex()
>>> index.add("Wake me up at seven tomorrow, please")
>>> index.has_near("wake me up at seven tomorrow please!"), index.has_near("Wake me up at noon")
(True, False)
"""

from __future__ import annotations

import math
import re
import zlib
from collections import defaultdict

NEAR = 0.75
_PIECE = 5


def pieces(text: str) -> frozenset[str]:
    """Return the set of five-letter pieces of a text, its case, signs and spaces folded."""
    folded = f" {re.sub(r'[^a-z0-9]+', ' ', text.lower()).strip()} "
    return frozenset(folded[at : at + _PIECE] for at in range(max(1, len(folded) - _PIECE + 1)))


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Jaccard similarity |A ∩ B| / |A ∪ B|."""
    return len(one & other) / len(one | other)


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
        for piece in self._prefix(found):
            for number in self._by_piece.get(piece, ()):
                if similarity(found, self._sets[number]) >= self.near:
                    return number
        return None

    def _prefix(self, found: frozenset[str]) -> list[str]:
        """Return the pieces of which a near text must share one; the order is arbitrary but fixed."""
        length = len(found) - math.ceil(self.near * len(found)) + 1
        return sorted(found, key=_order)[:length]


def _order(piece: str) -> int:
    return zlib.crc32(piece.encode("utf-8"))
