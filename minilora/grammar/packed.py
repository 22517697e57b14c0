"""Sets of tokens as packed bits: bit t % 32 of int32 word t // 32 is token t.

>>> pack_ids([0, 33], 40).tolist(), pack_bits(np.array([True, False, True])).tolist()
([1, 2], [5])
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Packed = NDArray[np.int32]


def pack_bits(allowed: NDArray[np.bool_]) -> Packed:
    """Return flags (V,) as packed bits, (ceil(V / 32),) int32."""
    words = np.zeros(-(-len(allowed) // 32) * 4, np.uint8)
    packed = np.packbits(allowed, bitorder="little")
    words[: len(packed)] = packed
    return words.view("<i4").astype(np.int32, copy=False)


def pack_ids(ids: Sequence[int], vocab_size: int) -> Packed:
    """Return packed bits of some ids, (ceil(V / 32),) int32."""
    words = np.zeros(-(-vocab_size // 32), np.uint32)
    set_bits(words, ids)
    return words.view(np.int32)


def set_bits(words: NDArray[np.uint32], ids: Sequence[int]) -> None:
    """Set the bits of some ids in packed words, in place."""
    some = np.array(ids, np.int64)
    np.bitwise_or.at(words, some >> 5, np.uint32(1) << (some & 31).astype(np.uint32))
