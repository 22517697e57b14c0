"""Sets of code points as sorted, disjoint, closed intervals.

The universe is the Unicode scalar values: every code point but the surrogates, which no JSON text
in UTF-8 can hold.

>>> invert(((0, 64), (66, 0x10FFFF)))
((65, 65),)
>>> normalize([(98, 99), (97, 97), (0xD800, 0xDFFF)])
((97, 99),)
"""

from __future__ import annotations

from collections.abc import Iterable

Intervals = tuple[tuple[int, int], ...]

MAX_CODE_POINT = 0x10FFFF
UNIVERSE: Intervals = ((0, 0xD7FF), (0xE000, MAX_CODE_POINT))

# What a reader likes best in an example word, first to last.
_PREFERRED = ((97, 122), (48, 57), (65, 90), (33, 126), (32, 32))


def normalize(pairs: Iterable[tuple[int, int]]) -> Intervals:
    """Return the set that a list of closed intervals covers, within the universe."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(pairs):
        if low > high:
            continue
        if merged and low <= merged[-1][1] + 1:
            if high > merged[-1][1]:
                merged[-1] = (merged[-1][0], high)
        else:
            merged.append((low, high))
    return intersect(tuple(merged), UNIVERSE)


def union(*sets: Intervals) -> Intervals:
    """Return the code points in any of the sets."""
    return normalize(pair for intervals in sets for pair in intervals)


def intersect(a: Intervals, b: Intervals) -> Intervals:
    """Return the code points in both sets."""
    common: list[tuple[int, int]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        low, high = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if low <= high:
            common.append((low, high))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(common)


def invert(intervals: Intervals) -> Intervals:
    """Return the code points of the universe that are not in the set."""
    gaps: list[tuple[int, int]] = []
    start = 0
    for low, high in intervals:
        if start < low:
            gaps.append((start, low - 1))
        start = high + 1
    if start <= MAX_CODE_POINT:
        gaps.append((start, MAX_CODE_POINT))
    return intersect(tuple(gaps), UNIVERSE)


def rank(code_point: int) -> tuple[int, int]:
    """Return a key by which code points are sorted from those that read best."""
    for place, (low, high) in enumerate(_PREFERRED):
        if low <= code_point <= high:
            return place, code_point
    return len(_PREFERRED), code_point


def preferred(intervals: Intervals) -> int:
    """Return the code point of a non-empty set that reads best: a letter, a digit, ... the lowest.

    Raises:
        ValueError: the set is empty.
    """
    if not intervals:
        raise ValueError("an empty set has no code point")
    for wanted in _PREFERRED:
        common = intersect(intervals, (wanted,))
        if common:
            return common[0][0]
    return intervals[0][0]
