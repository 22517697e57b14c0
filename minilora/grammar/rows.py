"""Rows: what a term becomes by each code point, as sorted disjoint intervals with their terms.

Code points that lead to no word at all, those whose derivative is EMPTY, are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from minilora.grammar.term import Kind, Term

Row = tuple[tuple[int, int, Term], ...]  # (first, last, derivative), sorted, disjoint


def targets_of(row: Row) -> list[Term]:
    """Return the derivatives of a row, each once, in the order of their code points."""
    return list(dict.fromkeys(target for _, _, target in row))


def joined(pieces: Iterable[tuple[int, int, Term]]) -> Row:
    """Return a row of sorted pieces, EMPTY dropped, neighbours with one derivative made one."""
    row: list[tuple[int, int, Term]] = []
    for low, high, target in pieces:
        if target.kind is Kind.EMPTY:
            continue
        if row and row[-1][1] + 1 == low and row[-1][2] is target:
            row[-1] = (row[-1][0], high, target)
        else:
            row.append((low, high, target))
    return tuple(row)


def combine(rows: Sequence[Row], operation: Callable[..., Term], needed: int) -> Row:
    """Return the row whose derivatives are an operation on those of the rows.

    A code point counts where at least ``needed`` of the rows have a derivative for it: one for a
    union, all for an intersection.
    """
    events = []
    for index, row in enumerate(rows):
        for low, high, target in row:
            events.append((low, 1, index, target))
            events.append((high + 1, 0, index, target))
    events.sort(key=lambda event: event[:2])  # at one place, what ends before what begins
    results: dict[frozenset[Term], Term] = {}
    active: dict[int, Term] = {}
    pieces: list[tuple[int, int, Term]] = []
    position = 0
    for place, begins, index, target in events:
        if place > position:
            if active and len(active) >= needed:
                key = frozenset(active.values())
                if key not in results:
                    results[key] = operation(*active.values())
                pieces.append((position, place - 1, results[key]))
            position = place
        if begins:
            active[index] = target
        else:
            del active[index]
    return joined(pieces)
